//! Tests of hostile input outside of tokens: names, arguments, paths, file contents, sizes, and text that moves the
//! cursor or is invisible.

use crate::support::world::{World, fob, signed, token};
use fob::core::text::escape::is_hostile;

/// Texts that must never be printed raw, one of each kind.
const NASTY: [&str; 14] = [
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{7f}",
    "\u{9b}31m",
    "\u{85}",
    "\r",
    "\u{8}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{200d}",
    "\u{2028}",
    "\u{feff}",
    "\u{e0041}",
];

#[test]
fn escapes_quoted_arguments() {
    for nasty in NASTY {
        for words in [
            vec!["decode", "--claim", nasty, "eyJhbGciOiJub25lIn0.e30."],
            vec!["decode", "eyJhbGciOiJub25lIn0.e30.", nasty],
            vec!["decode", "--pick", nasty, "eyJhbGciOiJub25lIn0.e30."],
            vec!["decode", nasty],
            vec!["verify", nasty],
            vec!["verify", "--sub", nasty, "eyJhbGciOiJub25lIn0.e30."],
            vec!["verify", "--json", "--sub", nasty, "eyJhbGciOiJub25lIn0.e30."],
            vec!["verify", "--require", nasty, "eyJhbGciOiJub25lIn0.e30."],
            vec!["verify", "--kid", nasty, "eyJhbGciOiJub25lIn0.e30."],
            vec!["verify", "--expect", nasty, "x"],
            vec!["encode", "--alg", nasty],
            vec!["encode", "--exp", nasty],
            vec!["encode", "--secret-env", nasty],
            vec!["encode", "--secret-file", nasty],
            vec!["encode", "-c", nasty],
            vec!["encode", nasty],
            vec!["encode", "--header", nasty],
            vec!["decode", "--tz", nasty, "x"],
            vec!["decode", "--at", nasty, "x"],
            vec!["pair", "--profile", nasty, "--user-id", "7"],
            vec!["inspect", nasty],
            vec!["inspect", "--require", nasty, "eyJhbGciOiJub25lIn0.e30."],
            vec![nasty],
            vec!["decode", "--max-size", nasty],
        ] {
            // Each run checks its output for raw control characters.
            let outcome = World::new().run_words(&words);
            assert_ne!((outcome.status, outcome.stdout.len() + outcome.stderr.len()), (0, 0), "{words:?}");
        }
        let at_file = format!("@{nasty}");
        assert_eq!(World::new().run_words(&["decode", &at_file]).status, 2);
    }
}

#[test]
fn escapes_names_and_values_of_claims_and_parameters() {
    for nasty in NASTY {
        let json = serde_json::to_string(nasty).unwrap();
        let header = format!(r#"{{"alg":"HS256",{json}:{json},"typ":{json},"kid":{json}}}"#);
        let payload = format!(
            r#"{{{json}:{json},"a":[{json},{{{json}:1}}],"iss":{json},"aud":[{json}],"token_type":{json},{json}:1}}"#
        );
        for token in [
            signed(&header, &payload),
            signed(&header, nasty),
            signed(nasty, &payload),
            signed(&format!(r#"{{"alg":{json}}}"#), "{}"),
        ] {
            for command in [
                "decode",
                "decode --json",
                "inspect",
                "inspect --json",
                "inspect --redact",
                "verify",
                "verify --json",
                "verify --iss x --aud y --token-type z --typ t --kid k -c a=b",
                "refresh",
                "refresh --json",
                "inspect --json -s x",
                "decode --claim a",
                "decode --json --claim a",
            ] {
                let outcome = World::new().stdin(&token).run(command);
                assert_ne!(outcome.status, 2, "{command} {nasty:?}: {}", outcome.stderr);
            }
        }
    }
}

#[test]
fn escapes_the_names_of_headers_cookies_and_members() {
    let token = token("{}");
    for nasty in NASTY {
        for text in [
            format!("{nasty}={token}"),
            format!("x{nasty}y={token}"),
            format!("Cookie: {nasty}={token}"),
            format!("{{\"{nasty}\":\"{token}\"}}"),
        ] {
            for command in ["inspect", "inspect --json", "decode", "decode --pick x", "verify"] {
                World::new().stdin(&text).run(command);
            }
        }
    }
}

#[test]
fn shows_bytes_that_are_not_utf_8_safely() {
    for bytes in [&b"\xff\xfe"[..], b"\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", &[0; 64]] {
        for command in ["decode", "verify", "inspect", "verify --json", "inspect --json", "refresh"] {
            assert_eq!(World::new().stdin(bytes).run(command).status, 4, "{command} {bytes:?}");
        }
    }
}

#[test]
fn treats_every_unicode_control_and_format_character_as_hostile() {
    let ranges = [
        (0x00, 0x1f),
        (0x7f, 0x9f),
        (0xad, 0xad),
        (0x61c, 0x61c),
        (0x180e, 0x180e),
        (0x200b, 0x200f),
        (0x2028, 0x202e),
        (0x2060, 0x206f),
        (0xfe00, 0xfe0f),
        (0xfeff, 0xfeff),
        (0xfff9, 0xfffb),
        (0xe0000, 0xe007f),
        (0xe0100, 0xe01ef),
    ];
    for c in ranges.into_iter().flat_map(|(first, last)| first..=last).filter_map(char::from_u32) {
        assert!(is_hostile(c), "{:x}", c as u32);
    }
    for c in "azAZ09 éß漢字🦓✓–…\"\\".chars() {
        assert!(!is_hostile(c), "{c}");
    }
}

#[test]
fn rejects_deep_nesting_without_a_crash() {
    for depth in [200, 10_000, 200_000] {
        for payload in [
            format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth)),
            "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth),
            "[".repeat(depth),
        ] {
            let outcome = World::new().stdin(token(&payload)).run("verify --json --max-size 9M");
            assert_eq!(
                (outcome.status, outcome.reasons()),
                (4, vec!["malformed:too_deep".to_owned()]),
                "{depth}"
            );
            assert_eq!(World::new().stdin(token(&payload)).run("decode --max-size 9M").status, 0);
        }
        let header = format!("{{\"alg\":\"HS256\",\"x\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let outcome = World::new().stdin(signed(&header, "{}")).run("verify --json --max-size 9M");
        assert_eq!(
            (outcome.status, outcome.reasons()),
            (4, vec!["malformed:too_deep".to_owned()]),
            "{depth}"
        );
        let outcome = World::new().file("deep", "[".repeat(depth)).run("encode @deep");
        assert_eq!(outcome.status, 2);
    }
}

#[test]
fn reads_many_members_and_long_names_quickly() {
    let members: Vec<String> = (0..20_000).map(|index| format!("\"claim{index}\":{index}")).collect();
    let wide = token(&format!("{{{}}}", members.join(",")));
    assert_eq!(World::new().stdin(&wide).run("verify -q").status, 0);
    assert_eq!(World::new().stdin(&wide).run("decode --claim claim19999").result(), "19999");
    let long = token(&format!("{{\"{}\":1}}", "x".repeat(500_000)));
    assert_eq!(World::new().stdin(&long).run("decode").status, 0);
    assert_eq!(World::new().stdin(&long).run("inspect").status, 0);
}

#[test]
fn rejects_duplicate_members_at_any_depth() {
    for payload in [
        r#"{"sub":"a","sub":"b"}"#,
        r#"{"x":{"a":1,"a":1}}"#,
        r#"{"x":[{"a":1,"a":1}]}"#,
        r#"{"sub":"a","\u0073ub":"b"}"#,
    ] {
        let outcome = fob(format!("verify --json {}", token(payload)));
        assert_eq!(
            (outcome.status, outcome.reasons()),
            (4, vec!["malformed:duplicate_member".to_owned()]),
            "{payload}"
        );
    }
    let outcome = fob(format!("verify --json {}", signed(r#"{"alg":"HS256","alg":"none"}"#, "{}")));
    assert_eq!(outcome.status, 4);
    assert!(outcome.reasons().contains(&"malformed:duplicate_member".to_owned()));
}

#[test]
fn never_uses_keys_from_a_token() {
    let jwk = r#"{"kty":"oct","k":"c2VjcmV0"}"#;
    let header = format!(
        r#"{{"alg":"HS256","jwk":{jwk},"jku":"http://127.0.0.1:1/","x5u":"file:///etc/passwd","x5c":["AA"],"kid":"../../dev/null"}}"#
    );
    let token = fob::core::token::algorithm::Algorithm::Hs256;
    let token = crate::support::world::signed_with("secret", token, header.as_bytes(), b"{}");
    assert_eq!(fob(format!("verify -q {token}")).status, 1);
    let json = fob(format!("inspect --json {token}")).json();
    let codes: Vec<_> = json["tokens"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes.iter().filter(|code| **code == "key_in_header").count(), 4);
    assert!(codes.contains(&"kid_suspicious"));
    assert_eq!(json["tokens"][0]["header"]["jwk"]["kty"], "oct");
}

#[test]
fn rejects_invalid_json() {
    for payload in [
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":1} {}",
        "\u{feff}{}",
        "{\"a\":1}//",
        "{\"a\":tru}",
    ] {
        let outcome = fob(format!("verify --json {}", token(payload)));
        assert_eq!(
            (outcome.status, outcome.reasons()),
            (4, vec!["malformed:payload_json".to_owned()]),
            "{payload}"
        );
    }
}

#[test]
fn details_and_errors_quote_only_the_beginning_of_a_long_value() {
    const LONGEST: usize = 1000;
    let long = "a".repeat(20_000);
    let mut tokens: Vec<String> = ["iss", "sub", "aud", "jti", "exp", "token_type", "scope"]
        .iter()
        .map(|claim| token(&format!(r#"{{"{claim}":"{long}"}}"#)))
        .collect();
    tokens.push(token(&format!(r#"{{"aud":["{long}","{long}"]}}"#)));
    tokens.push(token(&format!(r#"{{"{long}":1,"{long}":2}}"#)));
    for parameter in ["alg", "kid", "typ", "crit", "b64"] {
        let alg = if parameter == "alg" { "" } else { r#""alg":"HS256","# };
        tokens.push(signed(&format!(r#"{{{alg}"{parameter}":"{long}"}}"#), "{}"));
    }
    tokens.extend([long.clone(), format!("{long} {long}")]);
    let expectations = "--iss x --sub x --aud x --jti x --typ x --token-type x -c scope=x -c n:=1";
    for token in &tokens {
        let begin = &token[..20];
        for command in ["verify", &format!("verify {expectations}"), "decode", "inspect", "refresh"] {
            let outcome = fob(format!("{command} --json -- '{token}'"));
            assert!(outcome.stderr.len() < 4 * LONGEST, "{command} {begin}: {}", outcome.stderr.len());
            let json = outcome.json();
            let shown = [&json, &json["tokens"][0]];
            for (list, text) in [("checks", "detail"), ("findings", "message"), ("hints", "")] {
                for item in shown.iter().filter_map(|json| json[list].as_array()).flatten() {
                    let text = if text.is_empty() { item } else { &item[text] };
                    let length = text.as_str().unwrap().len();
                    assert!(length < LONGEST, "{command} {begin}: {item:.200?}");
                }
            }
            let message = json["error"]["message"].as_str().unwrap_or_default();
            assert!(message.len() < LONGEST, "{command} {begin}: {}", message.len());
        }
    }
}
