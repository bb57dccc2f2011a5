//! Form: tokens that two readers read differently, or that cost a reader too much.

use super::{encoded, judged};
use crate::support::world::{HS256, World, signed, token};
use crate::verify::serialized::{flattened, general};
use serde_json::json;

/// Returns the document of a JSON serialization as a file of the world.
fn document(world: World, text: &str) -> World {
    world.file("t.json", text)
}

#[test]
fn never_reads_one_token_from_two_serializations() {
    let good = token(r#"{"sub":"alice"}"#);
    let segments: Vec<&str> = good.split('.').collect();
    let forged = encoded(r#"{"sub":"admin"}"#);
    // The name of a member is the beginning of a compact token with other claims.
    let name = format!("  {}.{forged}.", segments[0]);
    let polyglot = format!(
        r#"{{"{name}":"","protected":"{}","payload":"{}","signature":"{}"}}"#,
        segments[0], segments[1], segments[2]
    );
    for options in ["", "--signatures all", "--signatures any"] {
        let outcome = World::new().stdin(&polyglot).run(format!("verify --json {options}"));
        assert_ne!(outcome.json()["payload"]["sub"], "admin", "{}", outcome.text());
    }
    // Beside a compact token, the document is a second one, and none is taken.
    assert_eq!(World::new().stdin(format!("{good} {polyglot}")).run("verify").status, 2);
    let mixed =
        flattened(&good, &json!({"signatures": [{"protected": segments[0], "signature": segments[2]}]}));
    let outcome = document(World::new(), &mixed.to_string()).run("verify --json @t.json");
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:serialization".to_owned()]));
}

#[test]
fn demands_every_signature_of_a_document() {
    let good = token(r#"{"sub":"alice"}"#);
    let forged = format!("{}.AAAA", good.rsplit_once('.').unwrap().0);
    let none = good.replacen(&encoded(HS256), &encoded(r#"{"alg":"none"}"#), 1);
    for (tokens, reason) in [
        ([&good, &forged], "bad_signature"),
        ([&forged, &good], "bad_signature"),
        ([&good, &none], "alg_none"),
    ] {
        let world = document(World::new(), &general(&tokens.map(String::as_str)).to_string());
        let outcome = world.run("verify --json @t.json");
        assert_eq!(outcome.status, 1, "{}", outcome.text());
        assert!(outcome.text().contains(reason), "{}", outcome.text());
        assert_eq!(outcome.json()["payload"], json!(null));
    }
    let world = document(World::new(), &general(&[&forged, &forged]).to_string());
    assert_eq!(world.run("verify --json @t.json --signatures any").status, 1);
    let world = document(World::new(), &json!({"payload": "e30", "signatures": []}).to_string());
    assert_eq!(world.run("verify --json @t.json --signatures any").status, 4);
}

#[test]
fn takes_no_algorithm_from_an_unprotected_header() {
    let good = token(r#"{"sub":"alice"}"#);
    let segments: Vec<&str> = good.split('.').collect();
    let (payload, signature) = (segments[1], segments[2]);
    for (document, reason) in [
        (json!({"header": {"alg": "HS256"}, "payload": payload, "signature": signature}), "malformed:alg"),
        (json!({"header": {"alg": "none"}, "payload": payload, "signature": ""}), "malformed:alg"),
        (flattened(&good, &json!({"header": {"alg": "none"}})), "malformed:duplicate_member"),
        (flattened(&good, &json!({"header": {"crit": ["x"], "x": 1}})), "malformed:crit"),
        (flattened(&good, &json!({"header": {"b64": false}})), "malformed:b64"),
    ] {
        let world = self::document(World::new(), &document.to_string());
        for options in ["", "--signatures any"] {
            let outcome = world.run(format!("verify --json @t.json {options}"));
            assert_eq!(outcome.status, 4, "{}", outcome.text());
            assert!(outcome.text().contains(reason), "{reason}: {}", outcome.text());
        }
    }
}

#[test]
fn rejects_a_name_that_appears_twice() {
    for header in [
        r#"{"alg":"HS256","alg":"ES256"}"#,
        r#"{"alg":"HS256","\u0061lg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"a","kid":"a"}"#,
    ] {
        judged(&World::new(), "", signed(header, "{}"), 4, &["malformed:duplicate_member"]);
    }
    for payload in [
        r#"{"sub":"alice","sub":"admin"}"#,
        r#"{"sub":"alice","\u0073ub":"admin"}"#,
        r#"{"exp":4102444801,"exp":4102444800}"#,
        r#"{"realm":{"roles":[{"a":1,"a":2}]}}"#,
    ] {
        judged(&World::new(), "", token(payload), 4, &["malformed:duplicate_member"]);
    }
}

#[test]
fn rejects_a_second_spelling_of_base64() {
    let good = token(r#"{"sub":"alice?>"}"#);
    let segments: Vec<&str> = good.split('.').collect();
    let with = |index: usize, text: &str| {
        let mut segments = segments.clone();
        segments[index] = text;
        segments.join(".")
    };
    // The last character of a segment can carry bits that no byte has.
    let (signature, last) = segments[2].split_at(segments[2].len() - 1);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for other in alphabet.iter().map(|byte| char::from(*byte).to_string()).filter(|it| it != last) {
        let token = with(2, &format!("{signature}{other}"));
        let outcome = World::new().stdin(&token).run("verify --json");
        let reasons = outcome.reasons().join(" ");
        assert!(["malformed:base64", "bad_signature"].contains(&reasons.as_str()), "{other}: {reasons}");
    }
    for (index, segment) in segments.iter().enumerate() {
        judged(&World::new(), "", with(index, &format!("{segment}=")), 4, &["malformed:charset"]);
        let middle = segment.len() / 2;
        for inner in ["+", "/", "\n", " ", "\u{200b}", "%2D"] {
            let text = format!("{}{inner}{}", &segment[..middle], &segment[middle..]);
            let outcome = World::new().run_words(&["verify", "--json", &with(index, &text)]);
            assert_eq!(outcome.status, 4, "{text}: {}", outcome.text());
        }
    }
}

#[test]
fn rejects_critical_extensions_that_it_does_not_know() {
    for rest in [
        r#""crit":["x"],"x":1"#,
        r#""crit":["exp"],"exp":4102444800"#,
        r#""crit":["cnf"]"#,
        r#""crit":[]"#,
        r#""crit":["alg"]"#,
        r#""crit":["b64","x"],"b64":true,"x":1"#,
    ] {
        let header = format!(r#"{{"alg":"HS256",{rest}}}"#);
        judged(&World::new(), "", signed(&header, "{}"), 1, &["crit_unsupported"]);
    }
}

#[test]
fn rejects_an_unencoded_payload_that_crit_does_not_name() {
    for header in [
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
    ] {
        judged(&World::new(), "", signed(header, r#"{"sub":"alice"}"#), 1, &["crit_unsupported"]);
    }
}

#[test]
fn rejects_thousands_of_dots_without_splitting_them() {
    let good = token("{}");
    for text in [".".repeat(200_000), format!("{good}{}", ".".repeat(100_000)), "e30.".repeat(50_000)] {
        judged(&World::new(), "", &text, 4, &["malformed:segments"]);
    }
    judged(&World::new(), "", ".".repeat(1_100_000), 4, &["malformed:too_large"]);
}

#[test]
fn rejects_deep_nesting() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        for depth in [200, 50_000] {
            let deep = |inner: &str| format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            let deep = deep("1");
            judged(&World::new(), "", token(&format!(r#"{{"a":{deep}}}"#)), 4, &["malformed:too_deep"]);
            let header = format!(r#"{{"alg":"HS256","a":{deep}}}"#);
            judged(&World::new(), "", signed(&header, "{}"), 4, &["malformed:too_deep"]);
        }
        judged(
            &World::new(),
            "",
            token(&format!(r#"{{"a":{}"#, open.repeat(90_000))),
            4,
            &["malformed:too_deep"],
        );
    }
}

#[test]
fn reads_numbers_of_any_length_without_rounding() {
    let nines = "9".repeat(400_000);
    for number in ["+1", "NaN", "Infinity", "0x10", "01", "1.", ".1", "1e", "-", "١"] {
        judged(&World::new(), "", token(&format!(r#"{{"n":{number}}}"#)), 4, &["malformed:payload_json"]);
    }
    for number in
        [nines.clone(), format!("1e{nines}"), format!("-0.{nines}"), "10000000000000000000001".to_owned()]
    {
        let outcome = World::new().stdin(token(&format!(r#"{{"n":{number}}}"#))).run("verify --get n");
        assert_eq!(outcome.result(), number);
    }
}

#[test]
fn reads_objects_of_many_members() {
    let members: Vec<String> = (0..60_000).map(|n| format!(r#""{n}":1"#)).collect();
    let many = members.join(",");
    judged(&World::new(), "", token(&format!(r#"{{{many},"7":1}}"#)), 4, &["malformed:duplicate_member"]);
    let header = format!(r#"{{"alg":"HS256",{many}}}"#);
    assert_eq!(World::new().stdin(signed(&header, "{}")).run("verify -q").status, 0);
    // Names whose sums of bytes, lengths and ends are equal, as an attacker on a hash would choose.
    let alike: Vec<String> = (0..20_000).map(|n| format!(r#""{:016b}{:016b}":1"#, n, 0xFFFF - n)).collect();
    assert_eq!(World::new().stdin(token(&format!("{{{}}}", alike.join(",")))).run("verify -q").status, 0);
}

#[test]
fn rejects_text_that_is_not_utf_8() {
    let secret = crate::support::world::SECRET;
    let algorithm = fob::core::token::algorithm::Algorithm::Hs256;
    for bytes in [&b"\xFF"[..], b"\xC0\xAF", b"\xED\xA0\x80", b"\xF5\x80\x80\x80", b"\xE2\x82", b"\x80"] {
        let text = [br#"{"sub":"a"#, bytes, br#"","alg":"HS256"}"#].concat();
        let sign = |header: &[u8], payload: &[u8]| {
            crate::support::world::signed_with(secret, algorithm, header, payload)
        };
        judged(&World::new(), "", sign(HS256.as_bytes(), &text), 4, &["malformed:payload_utf8"]);
        judged(&World::new(), "", sign(&text, b"{}"), 4, &["malformed:header_json"]);
    }
    for escape in [r"\ud800", r"\udc00\ud800", r"\ud800x"] {
        judged(&World::new(), "", token(&format!(r#"{{"sub":"{escape}"}}"#)), 4, &["malformed:payload_json"]);
    }
}

#[test]
fn reads_no_token_beyond_the_limit() {
    let large = token(&format!(r#"{{"a":"{}"}}"#, "a".repeat(2 << 20)));
    judged(&World::new(), "", &large, 4, &["malformed:too_large"]);
    let header = format!("{}.e30.AA", encoded(format!(r#"{{"alg":"{}"}}"#, "x".repeat(2 << 20))));
    judged(&World::new(), "", header, 4, &["malformed:too_large"]);
    judged(&World::new(), "", format!("e30.e30.{}", "A".repeat(4 << 20)), 4, &["malformed:too_large"]);
    judged(&World::new(), "--max-size 8M", &large, 0, &[]);
}

#[test]
fn rejects_another_payload_than_the_one_that_was_signed() {
    let good = token(r#"{"amount":1}"#);
    let segments: Vec<&str> = good.split('.').collect();
    let detached = format!("{}..{}", segments[0], segments[2]);
    judged(&World::new(), "", &detached, 4, &["detached"]);
    let judge = |payload: &str| {
        let world = World::new().file("body", payload);
        world.stdin(&detached).run("verify --json --payload @body")
    };
    assert_eq!(judge(r#"{"amount":1}"#).reasons(), [""; 0]);
    for other in [r#"{"amount":9}"#, r#"{"amount":1} "#, "", r#"{"amount":1}{"amount":9}"#, segments[1]] {
        let outcome = judge(other);
        assert_eq!((outcome.status, outcome.reasons()[0].as_str()), (1, "bad_signature"), "{other}");
    }
    // A token that holds its payload takes no other one.
    let outcome = World::new().file("body", "{}").stdin(&good).run("verify --payload @body");
    assert_eq!((outcome.status, outcome.text()), (2, ""), "{}", outcome.stderr);
}

#[test]
fn rejects_header_parameters_of_the_wrong_type() {
    for (name, values) in [
        ("alg", &["null", "7", "[]", r#"["HS256"]"#, "{}", "true"][..]),
        ("kid", &["null", "7", r#"["a"]"#, "{}", r#"{"$ne":""}"#]),
        ("typ", &["null", "7", "[]"]),
        ("cty", &["{}", "false"]),
        ("jku", &["[]", "{}"]),
        ("jwk", &[r#""x""#, "[]", "null"]),
        ("x5u", &["1"]),
        ("x5c", &[r#""MIIB""#, "[1]", r#"["MIIB",null]"#, "[]", r#"[""]"#, r#"["MIIB",""]"#]),
        ("x5t", &["0"]),
        ("x5t#S256", &["[]"]),
        ("epk", &[r#""x""#]),
        ("p2c", &[r#""1""#, "true"]),
    ] {
        for value in values {
            let alg = if name == "alg" { "" } else { r#""alg":"HS256","# };
            let header = format!(r#"{{{alg}"{name}":{value}}}"#);
            judged(&World::new(), "", signed(&header, "{}"), 4, &[&format!("malformed:{name}")]);
        }
    }
    for header in
        [r#"{"alg":"HS256","crit":"x"}"#, r#"{"alg":"HS256","crit":[1]}"#, r#"{"alg":"HS256","crit":null}"#]
    {
        judged(&World::new(), "", signed(header, "{}"), 4, &["malformed:crit", "crit_unsupported"]);
    }
}
