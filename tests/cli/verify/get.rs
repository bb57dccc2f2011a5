//! `verify --get` prints one claim of an accepted token. Of other tokens it prints no content on standard output.

use crate::support::known::JOHN_DOE;
use crate::support::world::{World, fob, token};

#[test]
fn prints_a_claim_of_an_accepted_token_and_nothing_else() {
    let token = token(r#"{"sub":"alice","n":1.0,"realm":{"roles":["ops","admin"]},"a/b":"\u001b"}"#);
    for (name, value) in [
        ("sub", "alice"),
        ("n", "1.0"),
        ("realm", r#"{"roles":["ops","admin"]}"#),
        ("/realm/roles/1", "admin"),
        ("/a~1b", r"\u001b"),
    ] {
        assert_eq!(fob(format!("verify {token} --get {name}")).result(), value);
        assert_eq!(fob(format!("verify -q --get {name} {token}")).result(), value);
    }
    assert_eq!(fob(format!("verify {token} --get sub --json")).result(), r#""alice""#);
}

#[test]
fn prints_no_claim_of_a_token_that_is_not_accepted() {
    let expired = token(r#"{"role":"chancellor","exp":1}"#);
    let other = token(r#"{"role":"chancellor","aud":"web"}"#);
    for (line, status, verdict) in [
        (format!("{expired} --get role"), 3, "rejected: expired (authentic otherwise)\n"),
        (format!("{other} --get role --aud api"), 1, "rejected: wrong_audience\n"),
        (format!("{JOHN_DOE} --get name"), 1, "rejected: bad_signature\n"),
        ("x.y --get role".to_owned(), 4, "malformed: segments\n"),
    ] {
        let outcome = fob(format!("verify {line}"));
        assert_eq!((outcome.status, outcome.text()), (status, ""), "{line}");
        assert!(outcome.stderr.contains(verdict), "{}", outcome.stderr);
        for hidden in ["chancellor", "John Doe"] {
            assert!(!outcome.stderr.contains(hidden), "{}", outcome.stderr);
        }
        fob(format!("verify -q {line}")).refused(status, "");
        let document = fob(format!("verify --json {line}"));
        assert_eq!(document.status, status);
        let error = &document.json()["error"];
        assert!(error["message"].as_str().unwrap().starts_with("the token is not accepted: "), "{error}");
        assert!(!document.text().contains("chancellor") && !document.text().contains("John Doe"));
    }
}

#[test]
fn a_claim_that_is_absent_exits_1() {
    let [token, nested] = ["{}", r#"{"a":{"b":1}}"#].map(token);
    fob(format!("verify {token} --get sub")).refused(1, "error: the token has no claim `sub`\n");
    fob(format!("verify {nested} --get a.b"))
        .refused(1, "error: the token has no claim `a.b`\nhint: write `/a/b`, which the token has\n");
    let document = fob(format!("verify {token} --get sub --json")).json();
    assert_eq!(document["error"]["code"], "claim_missing:sub");
    for option in ["--expect expired", "--lines"] {
        let outcome = World::bare().run(format!("verify --get sub {option}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{option}");
    }
}
