//! Tests of `fob pair`: the exact claims of each profile, and the formats of a pair.

use crate::support::world::{World, fob, payload, segment};
use serde_json::{Value, json};

/// Returns the payloads of the access token and of the refresh token.
#[track_caller]
fn payloads(options: &str) -> (String, String) {
    let pair: Value = serde_json::from_str(fob(format!("pair --json {options}")).result()).unwrap();
    assert_eq!(pair.as_object().unwrap().len(), 2);
    (payload(pair["access"].as_str().unwrap()), payload(pair["refresh"].as_str().unwrap()))
}

/// Returns the payload of the one token of drf-jwt.
#[track_caller]
fn drf_jwt(options: &str) -> String {
    payload(fob(format!("pair --profile drf-jwt {options}")).result())
}

#[test]
fn simplejwt_writes_its_claims_in_its_order() {
    let (access, refresh) = payloads("--user-id 7");
    assert_eq!(
        access,
        r#"{"token_type":"access","exp":1769861100,"iat":1769860800,"jti":"00000000000040008000000000000000","user_id":"7"}"#
    );
    assert_eq!(
        refresh,
        r#"{"token_type":"refresh","exp":1769947200,"iat":1769860800,"jti":"00000000000040008000000000000000","user_id":"7"}"#
    );
}

#[test]
fn simplejwt_puts_claims_after_the_user_and_audience_and_issuer_last() {
    let (access, refresh) = payloads(
        "--user-id 7 --iss me --aud api --aud web -c role=admin -c n:=1 --access-claim a=x --refresh-claim r=y \
         --access-ttl 15m --refresh-ttl 14d",
    );
    assert_eq!(
        access,
        r#"{"token_type":"access","exp":1769861700,"iat":1769860800,"jti":"00000000000040008000000000000000","user_id":"7","role":"admin","n":1,"a":"x","aud":["api","web"],"iss":"me"}"#
    );
    assert_eq!(
        refresh,
        r#"{"token_type":"refresh","exp":1771070400,"iat":1769860800,"jti":"00000000000040008000000000000000","user_id":"7","role":"admin","n":1,"r":"y","aud":["api","web"],"iss":"me"}"#
    );
}

#[test]
fn simplejwt_writes_a_subject() {
    let (access, _) = payloads("--sub alice");
    assert!(access.ends_with(r#","sub":"alice"}"#), "{access}");
}

#[test]
fn the_django_profiles_escape_text_outside_ascii() {
    let (access, _) = payloads("--user-id 7 -c 'name=Zoë 🦓'");
    assert!(access.ends_with(r#","name":"Zo\u00eb \ud83e\udd93"}"#), "{access}");
    assert!(drf_jwt("--user-id 7 -c username=Zoë").starts_with(r#"{"username":"Zo\u00eb","#));
    let (access, _) = payloads("-q --profile oauth --sub Zoë");
    assert!(access.starts_with(r#"{"sub":"Zoë","#), "{access}");
}

#[test]
fn drf_jwt_writes_one_token() {
    assert_eq!(
        drf_jwt("--user-id 7 -c username=alice"),
        r#"{"username":"alice","iat":1769860800,"exp":1769861100,"jti":"00000000-0000-4000-8000-000000000000","user_id":7,"orig_iat":1769860800}"#
    );
    assert_eq!(
        drf_jwt("--user-id a7 --iss me --aud api -c x=y --access-ttl 1h"),
        r#"{"iat":1769860800,"exp":1769864400,"jti":"00000000-0000-4000-8000-000000000000","user_id":"a7","x":"y","orig_iat":1769860800,"aud":"api","iss":"me"}"#
    );
    let pair: Value = fob("pair --profile drf-jwt --user-id 7 --json").json();
    assert_eq!(pair.as_object().unwrap().keys().collect::<Vec<_>>(), ["token"]);
}

#[test]
fn oauth_writes_an_rfc_9068_access_token_and_a_refresh_token_of_another_type() {
    let line = "pair --profile oauth --sub alice --iss https://as --aud api -c client_id=web --json";
    let pair: Value = serde_json::from_str(fob(line).result()).unwrap();
    let (access, refresh) = (pair["access"].as_str().unwrap(), pair["refresh"].as_str().unwrap());
    assert_eq!(segment(access, 0), r#"{"alg":"HS256","typ":"at+jwt"}"#);
    assert_eq!(segment(refresh, 0), r#"{"alg":"HS256","typ":"rt+jwt"}"#);
    assert_eq!(
        payload(access),
        r#"{"iss":"https://as","sub":"alice","aud":"api","client_id":"web","exp":1769861100,"iat":1769860800,"jti":"00000000000000000000000000000000"}"#
    );
    assert_eq!(
        payload(refresh),
        r#"{"iss":"https://as","sub":"alice","aud":"api","client_id":"web","exp":1769947200,"iat":1769860800,"jti":"00000000000000000000000000000000"}"#
    );
    let outcome = fob("pair --profile oauth --user-id 7");
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (0, "warning: RFC 9068 access tokens need claims that this one lacks: iss, aud, client_id\n")
    );
}

#[test]
fn the_header_holds_the_algorithm_and_the_key_id() {
    let outcome =
        World::bare().env("FOB_SECRET", "x".repeat(64)).run("pair --user-id 7 --alg HS512 --kid k1 --json");
    let pair = outcome.json();
    for name in ["access", "refresh"] {
        assert_eq!(segment(pair[name].as_str().unwrap(), 0), r#"{"alg":"HS512","kid":"k1","typ":"JWT"}"#);
    }
}

#[test]
fn every_format_holds_the_same_pair() {
    let pair = fob("pair --user-id 7 --json").json();
    let (access, refresh) = (pair["access"].as_str().unwrap(), pair["refresh"].as_str().unwrap());
    let formatted = |format: &str| fob(format!("pair --user-id 7 --format {format}")).result().to_owned();
    assert_eq!(formatted("text"), format!("access  {access}\nrefresh {refresh}"));
    assert_eq!(formatted("text"), fob("pair --user-id 7").result());
    assert_eq!(formatted("json"), format!(r#"{{"access":"{access}","refresh":"{refresh}"}}"#));
    assert_eq!(formatted("env"), format!("FOB_ACCESS={access}\nFOB_REFRESH={refresh}"));
    assert_eq!(formatted("header"), format!("Authorization: Bearer {access}"));
    assert_eq!(
        serde_json::from_str::<Value>(&formatted("oauth")).unwrap(),
        json!({"access_token": access, "token_type": "Bearer", "expires_in": 300, "refresh_token": refresh})
    );
}

#[test]
fn the_oauth_response_names_the_scope() {
    let line = "pair -q --profile oauth --sub a -c 'scope=read write' --access-ttl 1h --format oauth";
    let response = fob(line).json();
    assert_eq!(response["scope"], "read write");
    assert_eq!(response["expires_in"], 3600);
}

#[test]
fn rejects_a_claim_that_the_profile_writes() {
    for options in [
        "-c exp:=1",
        "-c jti=x",
        "--access-claim iat:=1",
        "--refresh-claim token_type=access",
        "-c user_id=8",
        "-c a=1 -c a=2",
        "-c a=1 --access-claim a=2",
        "--iss me -c iss=you",
    ] {
        let outcome = fob(format!("pair --user-id 7 {options}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{options}");
        assert!(outcome.stderr.contains("is given twice\n"), "{}", outcome.stderr);
    }
}

#[test]
fn rejects_a_pair_without_a_user() {
    fob("pair").refused(2, "error: no user was given\nhint: name the user with --user-id or --sub\n");
}

#[test]
fn both_tokens_verify_until_their_lifetime_ends() {
    let pair = fob("pair --user-id 7 --json").json();
    for (name, end) in [("access", 1_769_861_100), ("refresh", 1_769_947_200)] {
        let token = pair[name].as_str().unwrap();
        let at = |second: i64| fob(format!("verify -q --token-type {name} --at @{second} {token}")).status;
        assert_eq!((at(end - 1), at(end)), (0, 3), "{name}");
    }
}

#[test]
fn random_ids_differ_with_the_real_system() {
    let ids = || {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_fob"))
            .args(["pair", "--user-id", "7", "--json", "-q", "-s", "x"])
            .output()
            .unwrap();
        let pair: Value = serde_json::from_slice(&output.stdout).unwrap();
        ["access", "refresh"].map(|name| {
            let claims: Value = serde_json::from_str(&payload(pair[name].as_str().unwrap())).unwrap();
            claims["jti"].as_str().unwrap().to_owned()
        })
    };
    let mut all = [ids(), ids()].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|id| id.len() == 32 && &id[12..13] == "4" && "89ab".contains(&id[16..17])));
}
