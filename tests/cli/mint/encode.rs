//! Tests of `fob encode`: which claims and headers are signed, in which order, and which requests are rejected.

use crate::support::world::{HS256, Outcome, World, fob, payload, segment};
use serde_json::json;

/// Returns the payload that a line of options makes.
#[track_caller]
fn claims(line: &str) -> String {
    payload(fob(format!("encode {line}")).result())
}

/// Returns the header that a line of options makes.
#[track_caller]
fn header(line: &str) -> String {
    segment(fob(format!("encode {line}")).result(), 0)
}

#[track_caller]
fn refused(line: &str, says: &str) {
    let outcome = fob(format!("encode {line}"));
    assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
    assert!(outcome.stderr.contains(says), "{line}: {}", outcome.stderr);
}

#[test]
fn text_is_a_string_and_json_keeps_its_type() {
    assert_eq!(
        claims("-q --no-iat -c a=1 -c b:=1 -c c=true -c d:=true"),
        r#"{"a":"1","b":1,"c":"true","d":true}"#
    );
    assert_eq!(
        claims("--no-iat -c a= -c b:=null -c 'c:=[1, {\"x\": 2}]'"),
        r#"{"a":"","b":null,"c":[1,{"x":2}]}"#
    );
    assert_eq!(claims("--no-iat -c a=b=c -c url=https://x/?y=z"), r#"{"a":"b=c","url":"https://x/?y=z"}"#);
    assert_eq!(claims("--no-iat -c a:b=c"), r#"{"a:b":"c"}"#);
    assert_eq!(claims("--no-iat -c 'a=\"quoted\\'"), r#"{"a":"\"quoted\\"}"#);
    for wrong in ["a", "=a", ":=1", "a:=", "a:=nope", "a:=01", "'a:={\"b\":1,\"b\":2}'", "a:='[1'"] {
        refused(&format!("-c {wrong}"), "error: invalid value");
    }
}

#[test]
fn numbers_keep_every_digit() {
    let digits = "{\"a\":1.10,\"b\":123456789012345678901234567890,\"c\":-0.0,\"d\":1E+2}";
    assert_eq!(
        claims("--no-iat -c a:=1.10 -c b:=123456789012345678901234567890 -c c:=-0.0 -c d:=1E+2"),
        digits
    );
    assert_eq!(claims(&format!("--no-iat '{digits}'")), digits);
}

#[test]
fn claims_keep_the_order_of_the_command_line_and_iat_comes_last() {
    assert_eq!(
        claims("-c z=p --sub s --aud a --exp 1h -c y=q --iss i --jti j --nbf now"),
        r#"{"z":"p","sub":"s","aud":"a","exp":1769864400,"y":"q","iss":"i","jti":"j","nbf":1769860800,"iat":1769860800}"#
    );
    assert_eq!(
        claims(r#"--sub s '{"z":1,"a":{"c":1,"b":2}}' -c b=q"#),
        r#"{"z":1,"a":{"c":1,"b":2},"sub":"s","b":"q","iat":1769860800}"#
    );
}

#[test]
fn one_audience_is_a_string_and_several_are_an_array() {
    assert_eq!(claims("--no-iat --aud a"), r#"{"aud":"a"}"#);
    assert_eq!(claims("--no-iat --aud a --sub s --aud b"), r#"{"aud":["a","b"],"sub":"s"}"#);
}

#[test]
fn adds_iat_unless_it_is_given_or_omitted() {
    assert_eq!(claims(""), r#"{"iat":1769860800}"#);
    assert_eq!(claims("--no-iat"), "{}");
    assert_eq!(claims("--iat @5"), r#"{"iat":5}"#);
    assert_eq!(claims("-c iat:=5"), r#"{"iat":5}"#);
    assert_eq!(claims(r#"'{"iat":5}'"#), r#"{"iat":5}"#);
    refused("--no-iat --iat @5", "cannot be used with");
    refused("--iat 15m", "--iat is the time of issue");
}

#[test]
fn a_random_id_has_128_bits_in_hex() {
    assert_eq!(claims("--no-iat --jti"), r#"{"jti":"00000000000000000000000000000000"}"#);
    assert_eq!(claims("--no-iat --jti mine"), r#"{"jti":"mine"}"#);
}

#[test]
fn rejects_a_claim_given_twice() {
    for (line, name) in [
        ("-c a=1 -c a=2", "a"),
        ("--sub a -c sub=b", "sub"),
        (r#"'{"sub":"a"}' --sub b"#, "sub"),
        (r#"'{"iat":1}' --iat @2"#, "iat"),
        ("-c exp:=1 --exp 1h", "exp"),
    ] {
        let hint = "hint: each claim has one value; leave one of them out\n";
        fob(format!("encode {line}"))
            .refused(2, &format!("error: the claim `{name}` is given twice\n{hint}"));
    }
    refused(r#"'{"a":1,"a":2}'"#, "error: the payload has /");
    refused(r#"'{"x":{"a":1,"a":2}}'"#, "error: the payload has /");
    for option in ["--sub", "--iss", "--exp", "--jti", "--alg", "--typ"] {
        let value = if option == "--exp" {
            "1h"
        } else if option == "--alg" {
            "HS256"
        } else {
            "x"
        };
        refused(&format!("{option} {value} {option} {value}"), " cannot be used multiple times");
    }
}

#[test]
fn reads_the_payload_from_text_a_file_or_standard_input() {
    let json = "{ \"sub\" : \"alice\" }\n";
    let world = World::new().file("claims.json", json).stdin(json);
    for argument in ["'{\"sub\":\"alice\"}'", "@claims.json", "-"] {
        let outcome = world.run(format!("encode --no-iat {argument}"));
        assert_eq!(payload(outcome.result()), r#"{"sub":"alice"}"#, "{argument}");
    }
    assert_eq!(claims("--no-iat"), "{}", "standard input is not read unless it is asked for");
    world.run("encode @gone").refused(2, "error: cannot read the payload from gone: entity not found\n");
    for (text, says) in [
        ("[]", "the payload is not a JSON object"),
        ("1", "the payload is not a JSON object"),
        ("hello", "error: the payload is "),
        ("'{\"a\":1,}'", "error: the payload is "),
        ("'{\"a\":1} x'", "error: the payload is "),
        ("''", "error: the payload is "),
        ("'{\"a\":NaN}'", "error: the payload is "),
        ("'{a:1}'", "error: the payload is "),
    ] {
        refused(text, says);
    }
}

#[test]
fn verbatim_signs_the_bytes_unchanged() {
    for bytes in ["{ \"b\" : 1,\r\n \"a\":1.0 }\n", "{}", "{\"a\":1,\"a\":2}"] {
        let outcome = World::new().file("p", bytes).run("encode -q --verbatim @p");
        assert_eq!(payload(outcome.result()), bytes);
    }
    let outcome = World::new().run("encode --verbatim hello");
    assert_eq!(payload(outcome.text().trim_end()), "hello");
    assert!(outcome.stderr.starts_with("warning: malformed:payload_json: "), "{}", outcome.stderr);
    for option in ["-c a=b", "--sub a", "--exp 1h", "--iss a", "--aud a", "--jti", "--nbf now", "--iat now"] {
        refused(&format!("--verbatim '{{}}' {option}"), "cannot be used with");
    }
    refused("--verbatim", "add one of PAYLOAD, --lines PATH|-\n");
}

#[test]
fn writes_alg_kid_and_typ_before_other_parameters() {
    assert_eq!(header(""), HS256);
    assert_eq!(header("--no-typ"), r#"{"alg":"HS256"}"#);
    assert_eq!(header("--typ at+jwt"), r#"{"alg":"HS256","typ":"at+jwt"}"#);
    assert_eq!(header("--kid k1"), r#"{"alg":"HS256","kid":"k1","typ":"JWT"}"#);
    assert_eq!(
        header("--header x=1 --header y:=[2] --kid k"),
        r#"{"alg":"HS256","kid":"k","typ":"JWT","x":"1","y":[2]}"#
    );
    assert_eq!(header("-q --alg HS512"), r#"{"alg":"HS512","typ":"JWT"}"#);
    refused("--no-typ --typ x", "cannot be used with");
    refused("--header x=1 --header x=2", "the header parameter `x` is given twice");
    refused("--kid a --header kid=b", "the header parameter `kid` is given twice");
}

#[test]
fn rejects_reserved_header_parameters() {
    for parameter in
        ["alg=none", "alg:=null", "crit=x", "crit:=[]", "b64:=false", "zip=DEF", "zip:=null", "enc=A256GCM"]
    {
        refused(&format!("--header {parameter}"), "error: --header cannot set `");
    }
    for alg in ["none", "None", "RS257", "hs 256", "Hſ256"] {
        refused(&format!("--alg {alg}"), "error: invalid value");
    }
}

#[test]
fn every_hmac_signs_and_verifies() {
    let world = World::bare().env("FOB_SECRET", "x".repeat(64));
    for alg in ["HS256", "HS384", "HS512"] {
        let token = world.run(format!("encode --alg {alg} --sub a")).result().to_owned();
        assert_eq!(world.run(format!("verify -q --alg {alg} --sub a {token}")).status, 0);
        assert_eq!(World::new().run(format!("verify -q {token}")).status, 1);
    }
}

#[test]
fn every_format_holds_the_same_token() {
    let token = fob("encode --sub a").result().to_owned();
    let formatted = |options: &str| fob(format!("encode --sub a {options}")).result().to_owned();
    assert_eq!(formatted("--format token"), token);
    assert_eq!(formatted("--format header"), format!("Authorization: Bearer {token}"));
    assert_eq!(formatted("--format env"), format!("FOB_TOKEN={token}"));
    let document = json!({
        "token": token,
        "header": {"alg": "HS256", "typ": "JWT"},
        "payload": {"sub": "a", "iat": 1_769_860_800},
    });
    for options in ["--format json", "--json"] {
        assert_eq!(serde_json::from_str::<serde_json::Value>(&formatted(options)).unwrap(), document);
    }
    refused("--format yaml", "error: invalid value");
}

#[test]
fn standard_output_carries_the_token_and_one_line_break() {
    let outcome: Outcome = World::bare().run("encode -s short");
    assert_eq!(outcome.text().matches('\n').count(), 1);
    assert!(outcome.text().ends_with('\n'));
    assert_eq!(
        outcome.stderr,
        "warning: key_weak:hmac_too_short: the secret has 40 bits, but HS256 needs 256 (RFC 7518 section 3.2)\n"
    );
    assert_eq!(World::bare().run("encode -q -s short").stderr, "");
}

#[test]
fn the_same_options_give_the_same_token() {
    let line = "encode --sub a --exp 1h --jti --at 2026-01-31";
    assert_eq!(fob(line).result(), World::new().at(5).run(line).result());
}

#[test]
fn signs_text_outside_ascii_as_utf_8() {
    assert_eq!(claims("--no-iat -c 'name=Zoë 🦓'"), r#"{"name":"Zoë 🦓"}"#);
    let outcome = fob("encode --no-iat -c 'a=\u{202e}\u{7f}' --format json");
    assert!(outcome.result().contains(r#"\u202e\u007f"#), "{}", outcome.text());
}
