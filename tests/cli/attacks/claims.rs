//! Claims: sound tokens that say less, or something else, than a careless reader takes from them.

use super::judged;
use crate::keys::algorithms::{new_key, shown};
use crate::keys::sets::set;
use crate::support::world::{World, signed, token};
use serde_json::json;

/// Asserts the status and the reasons for claims that are signed.
#[track_caller]
fn claims(options: &str, payload: &str, status: u8, reasons: &[&str]) {
    judged(&World::new(), options, token(payload), status, reasons);
}

#[test]
fn rejects_times_of_the_wrong_type() {
    for name in ["exp", "nbf", "iat"] {
        let reason = format!("claim_type:{name}");
        for value in [r#""4102444800""#, r#""2100-01-01""#, "true", "null", "[4102444800]", "{}", r#""""#] {
            claims("", &format!(r#"{{"{name}":{value}}}"#), 1, &[&reason]);
        }
    }
    claims("--ignore-exp", r#"{"exp":"never"}"#, 1, &["claim_type:exp"]);
}

#[test]
fn demands_an_expiry_when_asked() {
    claims("--require exp", "{}", 1, &["claim_missing:exp"]);
    claims("--require exp", r#"{"Exp":4102444800,"expires":4102444800}"#, 1, &["claim_missing:exp"]);
    claims("--strict", "{}", 1, &["claim_missing:exp"]);
    claims("--max-age 1h", "{}", 1, &["claim_missing:iat"]);
    let outcome = judged(&World::new(), "", token("{}"), 0, &[]);
    assert!(outcome.text().contains("absent: this token never expires"), "{}", outcome.text());
}

#[test]
fn compares_times_beyond_doubles_exactly() {
    let expect = |reason: &str, payload: String| {
        let outcome = World::new().stdin(token(&payload)).run(format!("verify --expect {reason}"));
        assert_eq!(outcome.status, 0, "{reason}: {}", outcome.text());
    };
    for exp in [
        "1769860800",
        "1769860800.0",
        "17698608e2",
        "0",
        "-0",
        "-1",
        "1e-400",
        "-1e400",
        "-9223372036854775809",
    ] {
        expect("expired", format!(r#"{{"exp":{exp}}}"#));
    }
    for nbf in ["1769860800.0000000001", "1e400", "18446744073709551616", &"9".repeat(100_000)] {
        expect("not_yet_valid", format!(r#"{{"nbf":{nbf}}}"#));
    }
    // Leeway does not wrap around.
    claims("--leeway 300000d", r#"{"exp":-9223372036854775807}"#, 3, &["expired"]);
}

#[test]
fn compares_the_whole_issuer() {
    let options = "--iss https://id.example";
    for iss in [
        "https://id.example/",
        "https://id.example.evil.example",
        "https://id.exampl",
        "https://id",
        "HTTPS://ID.EXAMPLE",
        "https://id.example\u{200b}",
        "https://id.example:443",
        "",
    ] {
        claims(options, &serde_json::json!({"iss": iss}).to_string(), 1, &["wrong_issuer"]);
    }
    claims(options, r#"{"iss":["https://id.example"]}"#, 1, &["claim_type:iss"]);
    claims(options, r#"{"iss":null}"#, 1, &["claim_type:iss"]);
    claims(options, "{}", 1, &["claim_missing:iss"]);
    claims(options, r#"{"iss":"https://id.example"}"#, 0, &[]);
}

#[test]
fn compares_claims_as_text_and_never_as_a_pattern() {
    let long = "a".repeat(50_000);
    for (expected, found) in [
        ("a.c", "abc"),
        ("(a+)+$", long.as_str()),
        ("^api$", "api"),
        ("api|web", "web"),
        ("*", "api"),
        ("ap%", "api"),
    ] {
        let text = json!({"iss": found, "aud": found, "sub": found}).to_string();
        let options = format!("--iss '{expected}' --aud '{expected}' --sub '{expected}'");
        judged(
            &World::new(),
            &options,
            token(&text),
            1,
            &["wrong_issuer", "wrong_audience", "wrong_subject"],
        );
    }
}

#[test]
fn judges_no_token_by_the_verdict_on_another() {
    let claims = |sub: &str| json!({"iss": "i", "aud": "api", "sub": sub}).to_string();
    let (alice, bob) = (token(&claims("alice")), token(&claims("bob")));
    let forged = format!("{}.{}", bob.rsplit_once('.').unwrap().0, alice.rsplit_once('.').unwrap().1);
    let lines = [&alice, &forged, &bob, &forged, &alice, &alice, &forged].map(String::as_str).join("\n");
    let outcome = World::new().stdin(&lines).run("verify --lines --json --iss i --aud api");
    let found: Vec<(bool, String)> = outcome
        .text()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|document| {
            let payload = if document["payload"].is_null() { "unverified_payload" } else { "payload" };
            (document["verdict"] == "accepted", document[payload]["sub"].as_str().unwrap().to_owned())
        })
        .collect();
    let wanted = [
        (true, "alice"),
        (false, "bob"),
        (true, "bob"),
        (false, "bob"),
        (true, "alice"),
        (true, "alice"),
        (false, "bob"),
    ];
    assert_eq!(found, wanted.map(|(is_good, sub)| (is_good, sub.to_owned())));
}

#[test]
fn demands_the_audience_in_every_form_of_aud() {
    for aud in [r#""""#, "[]", r#"[""]"#, r#"["web","ap","api2"]"#, r#""api web""#, r#""API""#] {
        claims("--aud api", &format!(r#"{{"aud":{aud}}}"#), 1, &["wrong_audience"]);
    }
    for aud in ["null", "7", "true", r#"{"api":1}"#, r#"["api",7]"#, r#"[["api"]]"#] {
        claims("--aud api", &format!(r#"{{"aud":{aud}}}"#), 1, &["claim_type:aud"]);
    }
    claims("--aud api", "{}", 1, &["claim_missing:aud"]);
    claims("--strict", r#"{"aud":"api","exp":4102444800}"#, 1, &["wrong_audience"]);
}

#[test]
fn rejects_tokens_from_the_future() {
    claims("", r#"{"nbf":1769860801}"#, 3, &["not_yet_valid"]);
    claims("", r#"{"iat":1769860801}"#, 3, &["issued_in_future"]);
    claims("--max-age 1h", r#"{"iat":4102444800}"#, 3, &["issued_in_future"]);
    claims("--max-age 1h", r#"{"iat":1769857200}"#, 1, &["too_old"]);
    claims("--ignore-exp", r#"{"nbf":1769860801,"exp":1}"#, 3, &["not_yet_valid"]);
}

#[test]
fn keeps_access_and_refresh_tokens_apart() {
    for profile in ["simplejwt", "drf-jwt", "oauth", "flask-jwt-extended"] {
        let world = World::with_stores();
        let pair = world.run(format!("pair --user-id 7 --json --profile {profile}"));
        assert_eq!(pair.status, 0, "{profile}: {}", pair.stderr);
        let pair = pair.json();
        let access =
            ["access", "access_token", "token"].iter().find_map(|name| pair[*name].as_str()).unwrap();
        let outcome = world.clone().stdin(access).run(format!("refresh --profile {profile} --json"));
        if profile != "drf-jwt" {
            assert_eq!(outcome.status, 1, "{profile}: {}", outcome.text());
            assert_eq!(outcome.reasons()[0].split(':').next().unwrap(), "wrong_token_type", "{profile}");
        }
    }
    claims("--token-type access", r#"{"token_type":"refresh"}"#, 1, &["wrong_token_type"]);
    claims("--token-type access", r#"{"token_type":["access"]}"#, 1, &["claim_type:token_type"]);
    claims("--token-type access", "{}", 1, &["claim_missing:token_type"]);
}

#[test]
fn keeps_tokens_of_other_types_apart() {
    for typ in ["JWT", "logout+jwt", "dpop+jwt", "kb+jwt", "at+jwtx", "at", "application/json"] {
        let token = signed(&format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#), "{}");
        judged(&World::new(), "--typ at+jwt", token, 1, &["wrong_typ"]);
    }
    judged(&World::new(), "--typ at+jwt", signed(r#"{"alg":"HS256"}"#, "{}"), 1, &["wrong_typ"]);
    judged(&World::new(), "--typ at+jwt", signed(r#"{"alg":"HS256","typ":"AT+JWT"}"#, "{}"), 0, &[]);
}

#[test]
fn trusts_an_issuer_only_with_its_own_metadata() {
    let key = new_key("ES256");
    let keys = set(&[&shown(&key, "--public")]);
    let issuer = "https://id.example";
    let serve = |named: &str| {
        World::bare()
            .file("key", &key)
            .document(
                "https://id.example/.well-known/openid-configuration",
                format!(r#"{{"issuer":"{named}","jwks_uri":"https://id.example/jwks"}}"#),
            )
            .document("https://id.example/jwks", &*keys)
    };
    let options = format!("--issuer-keys {issuer}");
    let mint = |iss: &str| serve(issuer).run(format!("encode --key key --iss {iss}")).result().to_owned();
    judged(&serve(issuer), &options, mint(issuer), 0, &[]);
    judged(&serve(issuer), &options, mint("https://evil.example"), 1, &["wrong_issuer"]);
    for other in ["https://evil.example", "https://id.example.evil.example", "http://id.example", ""] {
        let outcome = serve(other).stdin(mint(issuer)).run(format!("verify --json {options}"));
        assert_eq!((outcome.status, outcome.requested.len()), (2, 1), "{other}: {}", outcome.text());
    }
}

#[test]
fn rejects_registered_claims_of_the_wrong_type() {
    for (payload, name) in [
        (r#"{"sub":7}"#, "sub"),
        (r#"{"sub":{"$ne":null}}"#, "sub"),
        (r#"{"sub":["alice"]}"#, "sub"),
        (r#"{"iss":true}"#, "iss"),
        (r#"{"jti":["a"]}"#, "jti"),
        (r#"{"jti":{}}"#, "jti"),
    ] {
        claims("", payload, 1, &[&format!("claim_type:{name}")]);
    }
    for payload in ["[]", "7", r#""sub""#, "null", "true"] {
        claims("", payload, 4, &["malformed:payload_not_object"]);
    }
    claims("--sub alice", r#"{"sub":"Alice"}"#, 1, &["wrong_subject"]);
    claims("-c admin:=true", r#"{"admin":"true"}"#, 1, &["wrong_claim:admin"]);
    claims("-c admin:=true", r#"{"admin":1}"#, 1, &["wrong_claim:admin"]);
}

#[test]
fn warns_of_times_outside_the_calendar() {
    for (payload, reason) in [
        (r#"{"exp":253402300800}"#, "implausible_time:exp"),
        (r#"{"exp":1769860800000}"#, "implausible_time:exp"),
        (r#"{"exp":99999999999999999999}"#, "implausible_time:exp"),
        (r#"{"iat":-1e-400}"#, "implausible_time:iat"),
    ] {
        let outcome = judged(&World::new(), "", token(payload), 0, &[]);
        assert_eq!(outcome.json()["warnings"], serde_json::json!([reason]), "{payload}");
        let strict = World::new().stdin(token(payload)).run("verify --json --strict");
        assert_eq!(strict.status, 1, "{payload}");
        assert!(strict.reasons().contains(&reason.to_owned()), "{payload}: {}", strict.text());
    }
}
