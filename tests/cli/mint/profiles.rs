//! Tests of the profiles of `fob pair` and of what `fob refresh` makes of their tokens: the exact claims of each package.

use crate::support::world::{NOW, Outcome, World, fob, payload, token};
use serde_json::Value;

/// Refreshes the tokens on standard input, a number of seconds after they were issued.
fn later(seconds: i64, stdin: &str, options: &str) -> Outcome {
    World::new().at(NOW + seconds).stdin(stdin).run(format!("refresh {options}"))
}

/// Returns the payload of a token in a JSON object.
#[track_caller]
fn claims(pair: &Value, name: &str) -> String {
    payload(pair[name].as_str().unwrap())
}

const FLASK: &str = "pair --profile flask-jwt-extended --json --sub al";

#[test]
fn flask_jwt_extended_writes_its_claims_in_its_order() {
    let pair = fob(format!("{FLASK} -c role=admin --iss me --aud api")).json();
    let middle = r#","sub":"al","nbf":1769860800,"csrf":"00000000-0000-4000-8000-000000000000","aud":"api","iss":"me","#;
    let start = r#"{"fresh":false,"iat":1769860800,"jti":"00000000-0000-4000-8000-000000000000","type":"#;
    assert_eq!(
        claims(&pair, "access"),
        format!(r#"{start}"access"{middle}"exp":1769861700,"role":"admin"}}"#)
    );
    assert_eq!(
        claims(&pair, "refresh"),
        format!(r#"{start}"refresh"{middle}"exp":1772452800,"role":"admin"}}"#)
    );
}

#[test]
fn a_login_with_flask_jwt_extended_can_be_fresh_and_a_refresh_is_not() {
    let minted = fob(format!("{FLASK} --access-claim fresh:=true -c role=Zoë"));
    let access = claims(&minted.json(), "access");
    assert!(access.starts_with(r#"{"fresh":true,"iat":"#), "{access}");
    assert_eq!(access.matches("fresh").count(), 1);
    let next = later(60, minted.result(), "--rotate --json").json();
    let start = r#"{"fresh":false,"iat":1769860860,"jti":"00000000-0000-4000-8000-000000000000","type":"#;
    let middle = r#","sub":"al","nbf":1769860860,"csrf":"00000000-0000-4000-8000-000000000000","#;
    assert_eq!(
        claims(&next, "access"),
        format!(r#"{start}"access"{middle}"exp":1769861760,"role":"Zo\u00eb"}}"#)
    );
    assert_eq!(
        claims(&next, "refresh"),
        format!(r#"{start}"refresh"{middle}"exp":1772452860,"role":"Zo\u00eb"}}"#)
    );
    let outcome = later(60, minted.result(), "--json --pick access");
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["wrong_token_type".to_owned()]));
}

#[test]
fn flask_jwt_extended_gets_no_claim_that_its_settings_left_out() {
    let old = token(r#"{"fresh":false,"iat":1,"jti":"a","type":"refresh","sub":"al","exp":4102444800}"#);
    assert_eq!(
        payload(fob(format!("refresh {old}")).result()),
        r#"{"fresh":false,"iat":1769860800,"jti":"00000000-0000-4000-8000-000000000000","type":"access","sub":"al","exp":1769861700}"#
    );
}

const SLIDING: &str = "pair --profile simplejwt-sliding --user-id 7";

#[test]
fn simplejwt_writes_a_sliding_token_and_refreshes_it_with_the_same_id() {
    let first = fob(format!("{SLIDING} -c role=admin --aud api")).result().to_owned();
    let rest = r#""jti":"00000000000040008000000000000000","refresh_exp":1769947200,"user_id":"7","role":"admin","aud":"api"}"#;
    let start = |exp: i64, iat: i64| format!(r#"{{"token_type":"sliding","exp":{exp},"iat":{iat},{rest}"#);
    assert_eq!(payload(&first), start(NOW + 300, NOW));
    assert_eq!(payload(later(60, &first, "").result()), start(NOW + 360, NOW + 60));
    let pair: Value = fob(format!("{SLIDING} --json")).json();
    assert_eq!(pair.as_object().unwrap().keys().collect::<Vec<_>>(), ["token"]);
    let outcome = later(60, &first, "--rotate");
    let warning =
        "warning: --rotate has no effect: simplejwt-sliding has one token, and every refresh replaces it\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, warning));
    let outcome = later(60, &first, "--refresh-ttl 1w");
    let warning = "warning: --refresh-ttl has no effect: a sliding token keeps its refresh_exp\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, warning));
}

#[test]
fn a_sliding_token_is_refreshed_while_neither_time_is_past() {
    let first = fob(format!("{SLIDING} --access-ttl 2h --refresh-ttl 1h")).result().to_owned();
    assert_eq!(later(3599, &first, "-q").status, 0);
    let outcome = later(3600, &first, "--json");
    assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
    assert!(later(3600, &first, "").stderr.contains("hint: the refresh token has expired: log in again\n"));
    assert_eq!(later(3629, &first, "-q --leeway 30s").status, 0);
    assert_eq!(later(3630, &first, "-q --leeway 30s").status, 3);
    let short = fob(SLIDING).result().to_owned();
    assert_eq!((later(299, &short, "-q").status, later(300, &short, "-q").status), (0, 3));
    for (claims, reasons) in [
        (r#""token_type":"sliding""#, ["claim_missing:refresh_exp"]),
        (r#""token_type":"sliding","refresh_exp":"soon""#, ["claim_type:refresh_exp"]),
        (r#""token_type":"refresh","refresh_exp":4102444800"#, ["wrong_token_type"]),
        (r#""refresh_exp":4102444800"#, ["claim_missing:token_type"]),
    ] {
        let token = token(&format!(r#"{{{claims},"exp":4102444800,"jti":"a"}}"#));
        let outcome = fob(format!("refresh --json --profile simplejwt-sliding {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (1, reasons.map(str::to_owned).to_vec()), "{claims}");
    }
}

const FASTAPI: &str = "pair --profile fastapi-users --user-id 7";

#[test]
fn fastapi_users_writes_an_access_token_and_no_other() {
    let outcome = fob(FASTAPI);
    assert_eq!(
        payload(outcome.text().trim()),
        r#"{"sub":"7","aud":["fastapi-users:auth"],"exp":1769864400}"#
    );
    let hint = "hint: fastapi-users has no refresh tokens: this is the access token that a login gives\n";
    assert_eq!(outcome.stderr, hint);
    let pair = fob(format!("{FASTAPI} -q --json --aud web --aud api -c role=x --access-ttl 1m")).json();
    assert_eq!(pair.as_object().unwrap().keys().collect::<Vec<_>>(), ["access"]);
    assert_eq!(claims(&pair, "access"), r#"{"sub":"7","aud":["web","api"],"role":"x","exp":1769860860}"#);
    assert!(fob(format!("{FASTAPI} -q --format env")).text().starts_with("FOB_ACCESS=eyJ"));
    for (option, value) in [("--refresh-claim", "a=b"), ("--refresh-mark", "a=b"), ("--refresh-ttl", "1d")] {
        let what = format!(
            "error: {option} cannot be used: the profile fastapi-users has no separate refresh token\n"
        );
        fob(format!("{FASTAPI} {option} {value}")).refused(2, &what);
    }
}

#[test]
fn fastapi_users_has_no_refresh() {
    let token = fob(format!("{FASTAPI} -q")).result().to_owned();
    let outcome = fob(format!("refresh {token}"));
    assert_eq!(outcome.status, 1);
    let hint =
        "hint: fastapi-users replaces a token by a new login: `fob pair --profile fastapi-users` mints one\n";
    assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
    assert_eq!(fob(format!("refresh --json {token}")).reasons(), ["wrong_token_type"]);
}

#[test]
fn plain_writes_the_claims_of_a_service_by_hand() {
    let pair = fob("pair --profile plain --user-id 7 -c role=é --aud api --iss me --json").json();
    let end = r#""aud":"api","iss":"me","jti":"00000000000000000000000000000000"}"#;
    assert_eq!(
        claims(&pair, "access"),
        format!(r#"{{"user_id":7,"type":"access","role":"é","iat":1769860800,"exp":1769861100,{end}"#)
    );
    assert_eq!(
        claims(&pair, "refresh"),
        format!(r#"{{"user_id":7,"type":"refresh","role":"é","iat":1769860800,"exp":1769947200,{end}"#)
    );
}

#[test]
fn rejects_a_second_value_of_a_claim_that_a_profile_places() {
    for (profile, claim) in [("drf-jwt", "username=a"), ("flask-jwt-extended", "fresh:=true")] {
        for second in ["-c", "--access-claim"] {
            let outcome = fob(format!("pair --profile {profile} --sub al -c {claim} {second} {claim}"));
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{profile} {second}");
            assert!(outcome.stderr.contains("is given twice\n"), "{}", outcome.stderr);
        }
    }
}

#[test]
fn rejects_two_subjects_where_a_token_has_one() {
    for profile in ["oauth", "flask-jwt-extended", "fastapi-users"] {
        fob(format!("pair --profile {profile} --user-id 7 --sub al")).refused(
            2,
            &format!(
                "error: a token of the profile {profile} has one subject: give --user-id or --sub, not both\n"
            ),
        );
    }
}

#[test]
fn an_opaque_refresh_token_is_not_replaced_by_the_access_token_beside_it() {
    let access = token(r#"{"sub":"a"}"#);
    let answer =
        format!(r#"{{"access_token":"{access}","refresh_token":"8xLOxBtZp8KvQ2TlKWIA-7vbc1rQx09a"}}"#);
    let outcome = World::new().stdin(&answer).run("refresh");
    assert_eq!(outcome.status, 4, "{}", outcome.text());
    assert!(outcome.stderr.contains("\nhint: this is an opaque token: only its issuer can interpret it"));
    // Without a refresh token, the only token is taken, and judged.
    let outcome = World::new().stdin(format!(r#"{{"access_token":"{access}"}}"#)).run("refresh");
    assert_eq!(outcome.status, 1);
}
