//! Tests of `fob decode`: it shows the content of a token as received, without a key and without a verdict.

use crate::support::known::{BUILDER, JOHN_DOE};
use crate::support::world::{World, fob, segment, signed, token};
use serde_json::json;

const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";

#[test]
fn document_has_these_members() {
    let token = token(r#"{"sub":"alice","exp":1769861700,"iat":1769860800}"#);
    let document = fob(format!("decode --json {token}")).json();
    let mut expected = json!({
        "header": {"alg": "HS256", "typ": "JWT"},
        "payload": {"sub": "alice", "exp": 1_769_861_700, "iat": 1_769_860_800},
        "signature": token.rsplit_once('.').unwrap().1,
        "verified": false,
        "status": "active",
        "times": {
            "exp": {"value": 1_769_861_700, "utc": "2026-01-31T12:15:00Z", "seconds_from_now": 900},
            "iat": {"value": 1_769_860_800, "utc": "2026-01-31T12:00:00Z", "seconds_from_now": 0},
        },
        "at": "2026-01-31T12:00:00Z",
    });
    expected["findings"] = document["findings"].clone();
    assert_eq!(document, expected);
}

#[test]
fn part_token_prints_the_picked_token_opaque_or_not() {
    const OPAQUE: &str = "v7Kq2mZr8vTn4xWb1sYc6pLf3hJg9aQe";
    let id_token = token("{}");
    let answer = format!(r#"{{"access_token":"{OPAQUE}","id_token":"{id_token}"}}"#);
    let world = World::new().stdin(&answer);
    let pick = |name: &str| world.run(format!("decode --pick {name} --part token")).result().to_owned();
    for name in ["access_token", "access", "accessToken", "ACCESS-TOKEN"] {
        assert_eq!(pick(name), OPAQUE, "{name}");
    }
    assert_eq!(pick("id_token"), id_token);
    assert_eq!(fob(format!("decode --part token 'Bearer {OPAQUE}'")).result(), OPAQUE);
    assert_eq!(world.run("decode --part token").status, 2);
    assert_eq!(world.run("decode --pick token --part token").status, 2);
    assert_eq!(fob(format!("decode --pick token --part token 'Bearer {OPAQUE}'")).status, 2);
    let hostile = World::new().stdin(r#"{"access_token":"a\u001b[31mbcdefgh"}"#);
    hostile
        .run("decode --pick access_token --part token")
        .refused(4, "error: not a token: it has characters that no token has\n");
}

#[test]
fn status_is_the_stage_of_the_lifetime() {
    for (claims, status) in [
        (r#"{"exp":1769860801}"#, "active"),
        (r#"{"exp":1769860800}"#, "expired"),
        (r#"{"nbf":1769860801,"exp":4102444800}"#, "not_yet_valid"),
        (r#"{"nbf":1769860800,"exp":4102444800}"#, "active"),
        ("{}", "no_expiry"),
    ] {
        assert_eq!(fob(format!("decode --json {}", token(claims))).json()["status"], status, "{claims}");
    }
}

#[test]
fn keeps_order_digits_and_duplicates() {
    let payload = r#"{"z":1.10,"a":123456789012345678901234567890,"m":-0.0,"e":1E+2,"a":"again"}"#;
    let header = r#"{"typ":"JWT","x":{"b":1,"a":2},"alg":"HS256"}"#;
    let token = signed(header, payload);
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let outcome = fob(format!("decode --json {token}"));
    assert_eq!(outcome.status, 0);
    assert!(
        squeezed(outcome.text()).contains(&format!("\"header\":{header},\"payload\":{payload},")),
        "{}",
        outcome.text()
    );
    let outcome = fob(format!("decode {token}"));
    assert_eq!(outcome.status, 0);
    let names: Vec<_> = outcome
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    assert_eq!(names, ["typ", "x", "alg", "z", "a", "m", "e", "a"]);
    let again = outcome.text().lines().find(|line| line.contains("again")).unwrap();
    assert!(again.starts_with("  a  \"again\"") && again.ends_with("  duplicate"), "{again:?}");
    assert!(outcome.text().contains("malformed:duplicate_member: the payload has /a more than once\n"));
}

#[test]
fn last_line_says_that_the_signature_is_not_checked() {
    for token in [JOHN_DOE, BUILDER, "eyJhbGciOiJub25lIn0.e30."] {
        assert!(fob(format!("decode {token}")).text().ends_with("\n\nsignature: not checked\n"));
        assert_eq!(fob(format!("decode --json {token}")).json()["verified"], false);
    }
}

#[test]
fn part_prints_one_segment_decoded() {
    let token = signed("{\"alg\":\"HS256\"} ", "{\"a\":\t1}\n");
    assert_eq!(fob(format!("decode --part header {token}")).stdout, b"{\"alg\":\"HS256\"} ");
    assert_eq!(fob(format!("decode --part payload {token}")).stdout, b"{\"a\":\t1}\n");
    let signature = fob(format!("decode --part signature {token}"));
    assert_eq!((signature.status, signature.stdout.len()), (0, 32));
    for part in ["payload", "signature"] {
        let outcome = fob(format!("decode --part {part} {JWE}"));
        outcome.refused(4, "error: jwe: encrypted: only the header can be read\n");
    }
    assert_eq!(fob(format!("decode --part header {JWE}")).stdout, br#"{"alg":"dir","enc":"A128GCM"}"#);
    assert_eq!(fob(format!("decode --part header --json {JWE}")).status, 2);
    assert_eq!(fob(format!("decode --part header --claim a {JWE}")).status, 2);
}

#[test]
fn part_is_escaped_on_a_terminal() {
    let token = signed(r#"{"alg":"HS256"}"#, "\u{1b}]0;owned\u{7}");
    let outcome = World::new().terminals([false, true, false]).run(format!("decode --part payload {token}"));
    assert_eq!(outcome.text(), "\\u001b]0;owned\\u0007\n");
    let outcome =
        World::new().terminals([false, true, false]).run(format!("decode --part signature {JOHN_DOE}"));
    assert_eq!(outcome.text(), "4c9540f793ab33b13670169bdf444c1eb1c37047f18e861981e14e34587b1e04\n");
}

#[test]
fn claim_prints_a_bare_string_or_compact_json() {
    let token = token(
        r#"{"s":"a b","n":1.10,"t":true,"z":null,"l":[1, {"k": "v"}],"r":{"roles":["dev","ops"]},"a/b":"x","":"e"}"#,
    );
    for (name, value) in [
        ("s", "a b"),
        ("n", "1.10"),
        ("t", "true"),
        ("z", "null"),
        ("l", r#"[1,{"k":"v"}]"#),
        ("/r/roles/1", "ops"),
        ("/r/roles", r#"["dev","ops"]"#),
        ("/l/1/k", "v"),
        ("a/b", "x"),
        ("/a~1b", "x"),
    ] {
        assert_eq!(fob(format!("decode --claim {name} {token}")).result(), value, "{name}");
    }
    assert_eq!(fob(format!("decode --json --claim s {token}")).result(), r#""a b""#);
}

#[test]
fn absent_claim_exits_1() {
    let token = token(r#"{"r":["a"]}"#);
    for name in ["sub", "/r/1", "/r/a", "/r/01", "/r/-1", "/r/0/x", "/q", "r/0"] {
        let outcome = fob(format!("decode --claim {name} {token}"));
        outcome.refused(1, &format!("error: the token has no claim `{name}`\n"));
    }
    for (name, meant) in [("R", "r"), ("$.r", "r"), ("r.0", "/r/0"), ("$.r.0", "/r/0")] {
        let outcome = World::new().run_words(&["decode", "--claim", name, &token]);
        outcome.refused(
            1,
            &format!("error: the token has no claim `{name}`\nhint: write `{meant}`, which the token has\n"),
        );
    }
}

#[test]
fn rejects_a_repeated_claim() {
    let token = signed(r#"{"alg":"HS256"}"#, r#"{"a":1,"a":2,"b":{"x":1,"x":2},"c":3}"#);
    for (name, place) in [("a", "/a"), ("/a", "/a"), ("b", "/b/x"), ("/b", "/b/x"), ("/b/x", "/b/x")] {
        let what = format!("error: malformed:duplicate_member: the payload has {place} more than once\n");
        let outcome = fob(format!("decode --claim {name} {token}"));
        outcome.refused(4, &format!("{what}hint: run `fob decode` without --claim to see all values\n"));
    }
    assert_eq!(fob(format!("decode --claim c {token}")).result(), "3");
}

#[test]
fn shows_tokens_of_all_kinds() {
    for (header, payload) in [
        (r#"{"alg":"none"}"#, "{}"),
        (r#"{"alg":"XS999"}"#, "{}"),
        (r#"{"alg":"","typ":"JWT"}"#, "{}"),
        (r#"{"alg":7}"#, "{}"),
        (r#"{"alg":"HS256"}"#, "hello"),
        (r#"{"alg":"HS256"}"#, ""),
        (r#"{"alg":"HS256"}"#, "[1,2]"),
        (r#"{"alg":"HS256","crit":["x"],"b64":false,"jku":"http://evil.example"}"#, "{}"),
    ] {
        let token = signed(header, payload);
        for options in ["", "--json"] {
            let outcome = fob(format!("decode {options} {token}"));
            assert_eq!(outcome.status, 0, "{header} {payload}: {}", outcome.stderr);
        }
        assert_eq!(segment(&token, 0), header);
    }
    let outcome = fob(format!("decode --json {JWE}"));
    assert_eq!((outcome.status, outcome.json()["header"]["enc"].as_str()), (0, Some("A128GCM")));
    assert_eq!(fob("decode --json eyJhbGciOiJIUzI1NiJ9._w.").json()["payload"], serde_json::Value::Null);
}

#[test]
fn unreadable_input_exits_4() {
    for (token, says) in [
        ("a.b.c", "malformed:"),
        ("bm8.e30.", "malformed:header_json"),
        ("W10.e30.", "malformed:header_json"),
        ("e30", "malformed:segments"),
        ("e30.e30", "malformed:segments"),
        ("e30.e30.e30.e30", "malformed:segments"),
        ("e30=.e30.", "malformed:charset"),
        ("e31.e30.", "malformed:"),
    ] {
        let outcome = fob(format!("decode {token}"));
        assert_eq!((outcome.status, outcome.text()), (4, ""), "{token}");
        assert!(outcome.stderr.starts_with(&format!("error: {says}")), "{token}: {}", outcome.stderr);
    }
}

#[test]
fn shows_a_defect_below_the_token() {
    let outcome = fob("decode eyJhbGciOiJIUzI1NiJ9.aGVsbG8.");
    assert_eq!(outcome.status, 0);
    assert!(outcome.text().contains("\n  hello\n"), "{}", outcome.text());
    assert!(outcome.text().contains("\nmalformed:payload_json: the payload is "), "{}", outcome.text());
}

#[test]
fn quiet_prints_only_the_requested_part() {
    fob(format!("decode -q {JOHN_DOE}")).refused(0, "");
    assert_eq!(fob(format!("decode -q --json {JOHN_DOE}")).json()["payload"]["name"], "John Doe");
    assert_eq!(fob(format!("decode -q --claim name {JOHN_DOE}")).result(), "John Doe");
}

#[test]
fn escapes_hostile_text_of_a_bare_claim() {
    let token = token(r#"{"a":"x\u001b[31m\n\u202e\u200b\u007f\u009b","b":["\u0000"]}"#);
    assert_eq!(fob(format!("decode --claim a {token}")).result(), r"x\u001b[31m\n\u202e\u200b\u007f\u009b");
    assert_eq!(fob(format!("decode --claim b {token}")).result(), r#"["\u0000"]"#);
}

#[test]
fn recognizes_milliseconds() {
    let json = fob(format!("decode --json {}", token(r#"{"exp":1769861700000}"#))).json();
    assert_eq!(json["times"]["exp"]["mistaken_for"], "milliseconds");
    assert_eq!(json["times"]["exp"]["meant"], "2026-01-31T12:15:00Z");
    assert_eq!(json["times"]["exp"]["value"], 1_769_861_700_000_i64);
}

#[test]
fn rejects_a_repeated_claim_by_name_and_by_pointer() {
    let token = token(r#"{"a/b":1,"a/b":2,"c":{"d":1,"d":2},"e":3}"#);
    for name in ["a/b", "/a~1b", "/c/d", "c"] {
        let outcome = fob(format!("decode --claim {name} {token}"));
        assert_eq!((outcome.status, outcome.text()), (4, ""), "{name}");
    }
    assert_eq!(fob(format!("decode --claim e {token}")).result(), "3");
}
