//! `fob refresh`: which tokens it checks and rejects, and which claims it copies.

use crate::support::client::{Client, NOTHING};
use crate::support::world::{NOW, Outcome, World, fob, payload, signed, token};
use serde_json::Value;

const DAY: i64 = 86_400;

/// Issues a pair with `fob pair --json`.
fn pair(options: &str) -> String {
    fob(format!("pair -q --json {options}")).result().to_owned()
}

/// Refreshes the token on standard input, a number of seconds after it was issued.
fn later(seconds: i64, stdin: &str, options: &str) -> Outcome {
    World::new().at(NOW + seconds).stdin(stdin).run(format!("refresh {options}"))
}

#[track_caller]
fn refused(outcome: &Outcome, status: u8, reasons: &[&str]) {
    assert_eq!(outcome.status, status, "{}", outcome.stderr);
    let document = outcome.json();
    assert_eq!(document["reasons"], serde_json::json!(reasons));
    assert_ne!(document["verdict"], "accepted");
}

#[test]
fn copies_all_claims_but_type_exp_iat_and_jti_in_simplejwt() {
    let pair = pair("--user-id 7 -c role=admin -c n:=1.10 --iss me --aud api --refresh-claim device=phone");
    let outcome = later(3600, &pair, "");
    assert_eq!(
        payload(outcome.result()),
        r#"{"token_type":"access","exp":1769864700,"iat":1769864400,"jti":"00000000000040008000000000000000","user_id":"7","role":"admin","n":1.10,"device":"phone","aud":"api","iss":"me"}"#
    );
}

#[test]
fn rotates_simplejwt_tokens_with_the_same_claims_and_new_times() {
    let pair = pair("--user-id 7 -c role=admin");
    let next = later(3600, &pair, "--rotate --json --access-ttl 10m --refresh-ttl 2d").json();
    assert_eq!(
        payload(next["access"].as_str().unwrap()),
        r#"{"token_type":"access","exp":1769865000,"iat":1769864400,"jti":"00000000000040008000000000000000","user_id":"7","role":"admin"}"#
    );
    assert_eq!(
        payload(next["refresh"].as_str().unwrap()),
        r#"{"token_type":"refresh","exp":1770037200,"iat":1769864400,"jti":"00000000000040008000000000000000","user_id":"7","role":"admin"}"#
    );
    let only = later(3600, &pair, "--json").json();
    assert_eq!(only.as_object().unwrap().keys().collect::<Vec<_>>(), ["access"]);
}

#[test]
fn rotates_a_pair_many_times() {
    let mut current = pair("--user-id 7");
    for round in 1..20 {
        current = later(round * 3600, &current, "--rotate --json").result().to_owned();
    }
    let access = serde_json::from_str::<Value>(&current).unwrap()["access"].as_str().unwrap().to_owned();
    assert_eq!(fob(format!("verify -q --token-type access --at @{} {access}", NOW + 19 * 3600)).status, 0);
}

#[test]
fn finds_the_refresh_token_in_every_format_of_a_pair() {
    for format in ["text", "json", "env", "oauth"] {
        let pair = fob(format!("pair --user-id 7 --format {format}")).text().to_owned();
        assert_eq!(later(60, &pair, "").status, 0, "{format}");
    }
    let pair: Value = serde_json::from_str(&pair("--user-id 7")).unwrap();
    assert_eq!(later(60, pair["refresh"].as_str().unwrap(), "").status, 0);
    let line = format!("refresh_token={}&grant_type=refresh_token", pair["refresh"].as_str().unwrap());
    assert_eq!(later(60, &line, "").status, 0);
}

#[test]
fn rejects_the_token_at_the_second_of_its_expiry() {
    let pair = pair("--user-id 7");
    assert_eq!(later(DAY - 1, &pair, "-q").status, 0);
    later(DAY, &pair, "-q").refused(3, "");
    assert_eq!(later(DAY + 29, &pair, "-q --leeway 30s").status, 0);
    assert_eq!(later(DAY + 30, &pair, "-q --leeway 30s").status, 3);
    refused(&later(DAY, &pair, "--json"), 3, &["expired"]);
    let outcome = later(DAY, &pair, "");
    assert_eq!((outcome.status, outcome.text()), (3, ""));
    let last = "\n\nrejected: expired (authentic otherwise)\nhint: ";
    assert!(outcome.stderr.contains(last), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("\npayload  "), "{}", outcome.stderr);
    assert!(later(DAY, &pair, "-v").stderr.contains("\n\npayload  "));
    assert!(outcome.stderr.contains("\nhint: the refresh token has expired: log in again\n"));
}

#[test]
fn rejects_access_tokens() {
    let pair = pair("--user-id 7");
    refused(&later(60, &pair, "--json --pick access"), 1, &["wrong_token_type"]);
    let outcome = later(60, &pair, "--pick access");
    assert_eq!((outcome.status, outcome.text()), (1, ""));
    assert!(outcome.stderr.contains("\nhint: give a refresh token: no other kind can be refreshed\n"));
    refused(&later(DAY, &pair, "--json --pick access"), 1, &["expired", "wrong_token_type"]);
}

#[test]
fn issues_nothing_for_other_tokens() {
    for (claims, reasons) in [
        ("{}", &["claim_missing:exp", "claim_missing:jti", "claim_missing:token_type"][..]),
        (r#"{"token_type":"refresh","exp":4102444800}"#, &["claim_missing:jti"]),
        (r#"{"token_type":"refresh","jti":"x"}"#, &["claim_missing:exp"]),
        (r#"{"exp":4102444800,"jti":"x"}"#, &["claim_missing:token_type"]),
        (r#"{"token_type":"Refresh","exp":4102444800,"jti":"x"}"#, &["wrong_token_type"]),
        (r#"{"token_type":"refresh","exp":4102444800,"jti":7}"#, &["claim_type:jti"]),
        (r#"{"token_type":"refresh","exp":4102444800,"jti":"x","nbf":4102444000}"#, &["not_yet_valid"]),
    ] {
        let outcome = later(0, &token(claims), "--json");
        let status = if reasons == ["not_yet_valid"] { 3 } else { 1 };
        refused(&outcome, status, reasons);
    }
    refused(&later(0, "a.b", "--json"), 4, &["malformed:segments"]);
    let unsigned = signed(r#"{"alg":"none"}"#, r#"{"token_type":"refresh","exp":4102444800,"jti":"x"}"#);
    refused(&later(0, &unsigned, "--json"), 1, &["alg_none"]);
}

#[test]
fn applies_the_checks_of_verify() {
    let pair = pair("--user-id 7 --iss me --aud api");
    refused(&later(60, &pair, "--json --iss you"), 1, &["wrong_issuer"]);
    refused(&later(60, &pair, "--json --aud web"), 1, &["wrong_audience"]);
    refused(&later(60, &pair, "--json --require role"), 1, &["claim_missing:role"]);
    refused(&later(60, &pair, "--json -c user_id=8"), 1, &["wrong_claim:user_id"]);
    refused(&later(60, &pair, "--json --max-age 30s"), 1, &["too_old"]);
    refused(&later(60, &pair, "--json --alg HS512"), 1, &["alg_not_allowed"]);
    refused(&later(60, &pair, "--json --strict"), 1, &["wrong_issuer", "wrong_audience"]);
    assert_eq!(later(60, &pair, "-q --strict --iss me --aud api --max-age 1h").status, 0);
    let outcome = World::bare().at(NOW + 60).stdin(&pair).run("refresh -q -s wrong");
    outcome.refused(1, "");
}

#[test]
fn renews_a_drf_jwt_token() {
    let token =
        fob("pair --profile drf-jwt --user-id 7 -c username=alice --access-ttl 1h").result().to_owned();
    let next = later(600, &token, "--access-ttl 1h").result().to_owned();
    assert_eq!(
        payload(&next),
        r#"{"username":"alice","iat":1769861400,"exp":1769865000,"jti":"00000000-0000-4000-8000-000000000000","user_id":7,"orig_iat":1769860800,"orig_jti":"00000000-0000-4000-8000-000000000000"}"#
    );
    let third = later(1200, &next, "--json").json();
    let third = payload(third["token"].as_str().unwrap());
    assert_eq!(third.matches("orig_jti").count(), 1, "{third}");
    assert!(third.contains(r#""orig_iat":1769860800"#), "{third}");
}

#[test]
fn refreshes_drf_jwt_tokens_while_valid_and_within_the_window() {
    let first = format!(r#"{{"username":"alice","exp":4102444800,"jti":"x","user_id":7,"orig_iat":{NOW}}}"#);
    let first = token(&first);
    assert_eq!(later(7 * DAY, &first, "-q").status, 0);
    assert_eq!(later(7 * DAY + 1, &first, "-q").status, 3);
    refused(&later(7 * DAY + 1, &first, "--json"), 3, &["expired"]);
    assert_eq!(later(3600, &first, "-q --refresh-ttl 1h").status, 0);
    assert_eq!(later(3601, &first, "-q --refresh-ttl 1h").status, 3);
    let minted = fob("pair --profile drf-jwt --user-id 7").result().to_owned();
    assert_eq!(later(299, &minted, "-q").status, 0);
    assert_eq!(later(300, &minted, "-q").status, 3);
    let without = token(r#"{"username":"alice","exp":4102444800,"jti":"x","user_id":7}"#);
    refused(&later(0, &without, "--json --profile drf-jwt"), 1, &["claim_missing:orig_iat"]);
}

#[test]
fn refreshes_only_rt_jwt_tokens_in_oauth() {
    let pair = pair("--profile oauth --sub alice --iss https://as --aud api -c client_id=web");
    let next = later(3600, &pair, "--rotate --format oauth").json();
    assert_eq!(next["token_type"], "Bearer");
    assert_eq!(next["expires_in"], 300);
    let access = next["access_token"].as_str().unwrap();
    assert_eq!(crate::support::world::segment(access, 0), r#"{"alg":"HS256","typ":"at+jwt"}"#);
    assert_eq!(
        payload(access),
        r#"{"iss":"https://as","sub":"alice","aud":"api","client_id":"web","exp":1769864700,"iat":1769864400,"jti":"00000000000000000000000000000000"}"#
    );
    let refresh = next["refresh_token"].as_str().unwrap();
    assert_eq!(crate::support::world::segment(refresh, 0), r#"{"alg":"HS256","typ":"rt+jwt"}"#);
    refused(&later(60, &pair, "--json --pick access"), 1, &["wrong_token_type"]);
}

#[test]
fn keeps_the_algorithm_and_the_key_id() {
    let world = World::bare().env("FOB_SECRET", "x".repeat(64));
    let pair = world.run("pair --user-id 7 --alg HS384 --kid k1 --json").result().to_owned();
    let next = world.stdin(&pair).run("refresh").result().to_owned();
    assert_eq!(crate::support::world::segment(&next, 0), r#"{"alg":"HS384","kid":"k1","typ":"JWT"}"#);
}

#[test]
fn issues_nothing_with_an_empty_secret() {
    let pair = pair("--user-id 7");
    let outcome = World::bare().stdin(&pair).run("refresh --json -s ''");
    assert!(outcome.status == 1 || outcome.status == 2, "{}", outcome.status);
    assert!(!outcome.text().contains("eyJ"), "{}", outcome.text());
}

#[test]
fn rejects_access_tokens_for_drf_jwt() {
    for claims in [r#""token_use":"access""#, r#""typ":"Bearer""#, r#""token_type":"access""#] {
        let token =
            token(&format!(r#"{{{claims},"orig_iat":{NOW},"iat":{NOW},"exp":{},"jti":"a"}}"#, NOW + 300));
        refused(&fob(format!("refresh --json {token}")), 1, &["wrong_token_type"]);
        refused(&fob(format!("refresh --json --profile drf-jwt {token}")), 1, &["wrong_token_type"]);
    }
}

#[test]
fn writes_the_key_id_of_the_key() {
    let pair = pair("--user-id 7");
    let access = later(60, &pair, "--kid k1").result().to_owned();
    assert_eq!(crate::support::world::segment(&access, 0), r#"{"alg":"HS256","kid":"k1","typ":"JWT"}"#);
}

#[test]
fn refreshes_a_token_that_was_encrypted() {
    let world =
        World::new().file("shared.jwk", r#"{"kty":"oct","k":"QS1zaGFyZWQta2V5LW9mLXRoZXNlLTMyLWJ5dGVzISE"}"#);
    let pair = "pair --user-id 7 --profile simplejwt --encrypt-for shared.jwk --format json";
    let refresh = world.run(pair).json()["refresh"].as_str().unwrap().to_owned();
    assert_eq!(refresh.split('.').count(), 5);
    let outcome = world.run(format!("refresh --decrypt-key shared.jwk {refresh}"));
    let warning = "warning: the refresh token was encrypted, but the new tokens are only signed\n\
                   hint: --encrypt-for PATH encrypts the new tokens, too\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, warning));
    assert_eq!(world.run(format!("verify --get user_id {}", outcome.text().trim())).text(), "7\n");
    // Claims without a signature are never refreshed.
    let line =
        "encode --unsigned --encrypt-for shared.jwk -c token_type=refresh --jti 1 -c user_id=7 --exp 1h";
    let unsigned = world.run(line).text().trim().to_owned();
    let outcome = world.run(format!("refresh --json --decrypt-key shared.jwk {unsigned}"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["not_signed".to_owned()]));
    let hints = outcome.json()["hints"].to_string();
    assert!(!hints.contains("--accept-shared-key"), "{hints}");
}

#[test]
fn encrypts_the_tokens_that_it_mints() {
    let world =
        World::new().file("shared.jwk", r#"{"kty":"oct","k":"QS1zaGFyZWQta2V5LW9mLXRoZXNlLTMyLWJ5dGVzISE"}"#);
    let pair = "pair --user-id 7 --profile simplejwt --encrypt-for shared.jwk --format json";
    let refresh = world.run(pair).json()["refresh"].as_str().unwrap().to_owned();
    let line =
        "refresh --rotate --format json --decrypt-key shared.jwk --encrypt-for shared.jwk --enc A256GCM";
    let outcome = world.run(format!("{line} {refresh}"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let minted = outcome.json();
    for name in ["access", "refresh"] {
        let token = minted[name].as_str().unwrap();
        assert_eq!(token.split('.').count(), 5, "{name}");
        let outcome = world.run(format!("verify --get user_id --decrypt-key shared.jwk {token}"));
        assert_eq!(outcome.text(), "7\n", "{name}");
    }
    // A key that cannot encrypt mints nothing.
    let world = world.file("small.jwk", r#"{"kty":"oct","k":"AQID"}"#);
    let outcome = world.run(format!("refresh --decrypt-key shared.jwk --encrypt-for small.jwk {refresh}"));
    assert_eq!((outcome.status, outcome.text()), (2, ""));
}

#[test]
fn a_store_gives_each_sliding_token_one_use() {
    let session = Client::with_new_file();
    let first = session.run("pair --profile simplejwt-sliding --user-id 7", "").text().trim().to_owned();
    assert_eq!(session.verify(&first), NOTHING);
    let outcome = session.run("refresh", &first);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let next = outcome.text().trim();
    let claims = |token: &str| serde_json::from_str::<Value>(&payload(token)).unwrap();
    // simplejwt keeps the ID, but a store could not tell the tokens apart.
    assert_ne!(claims(next)["jti"], claims(&first)["jti"]);
    assert_eq!(claims(next)["refresh_exp"], claims(&first)["refresh_exp"]);
    assert_eq!(session.verify(next), NOTHING);
    assert_eq!(session.refused(&first), ["reused"]);
    assert_eq!(session.verify(next), ["revoked"]);
}
