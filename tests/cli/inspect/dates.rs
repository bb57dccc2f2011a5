//! Tests of dates outside the calendar and of dates that are not numbers: in text, in JSON documents, in suites, and in
//! verdicts.

use crate::support::world::{World, fob, signed, token};
use serde_json::{Value, json};

/// The claims, the first line of `decode`, the note beside `exp`, the status, the seconds until `exp`, and the findings.
type Row = (&'static str, &'static str, &'static str, &'static str, Value, &'static [&'static str]);

fn rows() -> [Row; 9] {
    [
        (
            r#"{"exp":-1}"#,
            "HS256 JWT, expired 56 years ago",
            "expires 1969-12-31 23:59:59 UTC, expired 56 years ago",
            "expired",
            json!(-1_769_860_801),
            &["expired"],
        ),
        (
            r#"{"exp":-62135596800}"#,
            "HS256 JWT, expired 2025 years ago",
            "expires 0001-01-01 00:00:00 UTC, expired 2025 years ago",
            "expired",
            json!(-63_905_457_600_i64),
            &["expired"],
        ),
        (
            r#"{"exp":1e3}"#,
            "HS256 JWT, expired 56 years ago",
            "expires 1970-01-01 00:16:40 UTC, expired 56 years ago",
            "expired",
            json!(-1_769_859_800),
            &["expired"],
        ),
        (
            r#"{"exp":1769860800.5}"#,
            "HS256 JWT, expires now",
            "expires 2026-01-31 12:00:00.500 UTC, now",
            "active",
            json!(0),
            &[],
        ),
        (
            r#"{"exp":-1e300}"#,
            "HS256 JWT, expired before the year 0",
            "expired before the year 0",
            "expired",
            Value::Null,
            &["implausible_time:exp", "expired"],
        ),
        (
            r#"{"exp":1e300}"#,
            "HS256 JWT, expires after the year 9999",
            "expires after the year 9999",
            "active",
            Value::Null,
            &["implausible_time:exp"],
        ),
        (
            r#"{"exp":253402300800}"#,
            "HS256 JWT, expires after the year 9999",
            "expires after the year 9999",
            "active",
            json!(251_632_440_000_i64),
            &["implausible_time:exp"],
        ),
        (
            r#"{"exp":"1769861700"}"#,
            "HS256 JWT, expiry unreadable: `exp` is a string, not a number",
            "expiration time: unreadable, not a number",
            "invalid",
            Value::Null,
            &["claim_type:exp"],
        ),
        (
            r#"{"exp":null}"#,
            "HS256 JWT, expiry unreadable: `exp` is null, not a number",
            "expiration time: unreadable, not a number",
            "invalid",
            Value::Null,
            &["claim_type:exp"],
        ),
    ]
}

#[test]
fn decode_and_inspect_read_every_number_as_a_date() {
    for (claims, headline, note, status, seconds, findings) in rows() {
        let token = token(claims);
        for command in ["decode", "inspect"] {
            let outcome = fob(format!("{command} {token}"));
            assert!(outcome.text().lines().any(|line| line == headline), "{claims}: {}", outcome.text());
            assert!(outcome.text().contains(&format!("  {note}\n")), "{claims}: {}", outcome.text());
            assert!(!outcome.text().contains("never expires"), "{claims}: {}", outcome.text());
        }
        let document = fob(format!("decode --json {token}")).json();
        assert_eq!(document["status"], status, "{claims}");
        assert_eq!(document["times"]["exp"]["seconds_from_now"], seconds, "{claims}");
        let codes: Vec<_> = document["findings"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
        assert_eq!(codes, findings, "{claims}");
    }
}

#[test]
fn verify_judges_every_number_as_a_date() {
    for (claims, verdict, strict) in [
        (r#"{"exp":-1}"#, "expired", "expired"),
        (r#"{"exp":-62135596800}"#, "expired", "expired"),
        (r#"{"exp":-1e300}"#, "expired", "expired"),
        (r#"{"exp":1e3}"#, "expired", "expired"),
        (r#"{"exp":1e300}"#, "accepted", "implausible_time:exp"),
        (r#"{"exp":253402300800}"#, "accepted", "implausible_time:exp"),
        (r#"{"exp":4102444800,"nbf":-5}"#, "accepted", "accepted"),
        (r#"{"exp":4102444800,"iat":-62135596800}"#, "accepted", "accepted"),
        (r#"{"exp":"1769861700"}"#, "claim_type:exp", "claim_type:exp"),
        (r#"{"exp":true}"#, "claim_type:exp", "claim_type:exp"),
    ] {
        let token = token(claims);
        for (option, expected) in [("", verdict), ("--strict", strict)] {
            let outcome = fob(format!("verify {token} {option} --expect {expected}"));
            assert_eq!(outcome.status, 0, "{claims} {option}: {}", outcome.text());
        }
    }
}

#[test]
fn a_suite_names_the_reason_of_a_date() {
    let case = |claims: &str, expect: &str| {
        format!("[[cases]]\nname = '{expect}'\ntoken = '{}'\nexpect = '{expect}'\n", token(claims))
    };
    let suite = [
        case(r#"{"exp":-1}"#, "expired"),
        case(r#"{"exp":"soon"}"#, "claim_type:exp"),
        case(r#"{"exp":1e30}"#, "accepted"),
        format!("{}strict = true\n", case(r#"{"exp":1e30}"#, "implausible_time:exp")),
    ]
    .concat();
    let world = World::new().file("suite.toml", suite);
    let outcome = world.run("verify --suite suite.toml");
    assert_eq!(outcome.status, 0, "{}", outcome.text());
    let page = world.run("verify --suite suite.toml --report html=-");
    assert!(page.text().contains("expiry unreadable: `exp` is a string, not a number"), "{}", page.text());
    assert!(!page.text().contains("never expires"), "{}", page.text());
}

#[test]
fn does_not_judge_the_payload_behind_an_unknown_extension() {
    for header in [
        r#"{"alg":"HS256","crit":["x"],"x":1}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","b64":false}"#,
    ] {
        for payload in [r#"{"exp":1,"nbf":"x"}"#, "not JSON", "[1]"] {
            let outcome = fob(format!("verify --json {}", signed(header, payload)));
            assert_eq!((outcome.status, outcome.reasons()), (1, vec!["crit_unsupported".into()]), "{header}");
            let text = fob(format!("verify {}", signed(header, payload)));
            assert!(text.text().ends_with("\n\nrejected: crit_unsupported\n"), "{}", text.text());
        }
    }
}
