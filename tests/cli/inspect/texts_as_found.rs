//! Tests of texts as users paste them: wrapped, cut short and detached tokens, and texts of other kinds.

use crate::support::known::JOHN_DOE;
use crate::support::world::{World, fob, signed, signed_with, token};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::GzEncoder;
use fob::core::token::algorithm::Algorithm;
use serde_json::json;
use std::io::Write as _;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn names_the_wrapping_in_a_note_and_in_json() {
    let good = token("{}");
    for (text, name) in [
        (format!("b'{good}'"), "Python bytes literal"),
        (format!("<{good}>"), "brackets"),
        (format!("{good},"), "comma at the end"),
        (format!("Bearer%20{good}"), "percent-encoding"),
        (format!("ghs_17_{good}"), "GitHub prefix of the app ID"),
        (format!("X-Token: {good}"), "scheme"),
        (STANDARD.encode(&good), "Base64"),
        (good.bytes().map(|byte| format!("{byte:02x}")).collect(), "hexadecimal"),
        (STANDARD.encode(gzip(&good)), "gzip in Base64"),
        (format!("https://a.example/?token=3D{good}"), "quoted-printable"),
        (format!("a.1={}; a.0={}", &good[40..], &good[..40]), "cookie in chunks"),
        (format!("2026-01-31 INFO jwt=\"{good}\" ok"), "text around it"),
    ] {
        let world = World::new().stdin(&text);
        for line in ["decode --json", "verify --json"] {
            let outcome = world.run(line);
            assert_eq!(outcome.status, 0, "{line} {text}: {}", outcome.stderr);
            assert_eq!(outcome.json()["found"]["wrapping"], name, "{line} {text}");
            assert_eq!(outcome.stderr.lines().next(), Some(&*format!("note: unwrapped: {name}")), "{text}");
        }
        let lines = world.run("verify --lines --json");
        assert_eq!(lines.json()["found"]["wrapping"], name, "{text}");
        assert!(!lines.stderr.contains("unwrapped"), "{}", lines.stderr);
    }
    let plain = World::new().stdin(&good).run("verify --json");
    assert_eq!((&plain.json()["found"], &*plain.stderr), (&serde_json::Value::Null, ""));
}

#[test]
fn a_detached_payload_never_blames_the_secret() {
    let good = token(r#"{"sub":"a"}"#);
    let parts: Vec<&str> = good.split('.').collect();
    let detached = format!("{}..{}", parts[0], parts[2]);
    let outcome = World::new().run(format!("verify --json {detached}"));
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["detached".to_owned()]));
    let hints = outcome.json()["hints"].to_string();
    assert!(!hints.contains("secret"), "{hints}");
    let shown = fob(format!("decode {detached}"));
    assert_eq!(shown.status, 0);
    assert!(shown.text().starts_with("HS256 JWT, detached payload\n"), "{}", shown.text());
    assert!(!shown.text().contains("payload_json"), "{}", shown.text());
}

#[test]
fn a_signed_empty_payload_is_not_detached() {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
    let empty = signed(r#"{"alg":"HS256"}"#, "");
    assert!(empty.starts_with(&format!("{header}..")), "{empty}");
    let outcome = World::new().run(format!("verify --json {empty}"));
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:payload_json".to_owned()]));
}

#[test]
fn names_texts_of_other_kinds() {
    for (text, says) in [
        (
            "eyJ1c2VyX2lkIjoxNywidGhlbWUiOiJkYXJrIn0.aX3tlA.O4KOoiQTCRiBliBkSVdkDT1BOCs",
            "not a JWT: it has the form of a value signed by Flask or itsdangerous, with the payload \
             {\"user_id\":17,\"theme\":\"dark\"}, issued 2026-01-31T11:55:00Z",
        ),
        (
            // {"iv":"AA","value":"AA","mac":"ab"}, as cookies have it.
            "eyJpdiI6IkFBIiwidmFsdWUiOiJBQSIsIm1hYyI6ImFiIn0%3D",
            "not a JWT: it has the form of a value encrypted by Laravel (only the application with its APP_KEY can \
             read it)",
        ),
        (
            "Fe26.2*1*aa*bb*cc*1769860800000*dd*ee~2",
            "not a JWT: it has the form of a value sealed by iron-session or @hapi/iron (only the application with its \
             password can read it)",
        ),
        (
            "17|EXAMPLE0aBEXAMPLE0aBEXAMPLE0aBEXAMPLE0aB",
            "not a JWT: it has the form of an API token of Laravel Sanctum",
        ),
        (
            "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
            "not a JWT: it has the form of a Discord bot token",
        ),
        ("glpat-EXAMPLE0EXAMPLE0EXAM", "not a JWT: it has the form of a GitLab personal access token"),
        ("undefined", "the word `undefined` instead of a token: programs write it for a missing value"),
        (
            "{\"active\":false}",
            "the answer of a token introspection (RFC 7662), not a token: the server says that the token is not \
             active",
        ),
    ] {
        let outcome = World::bare().stdin(text).run("decode");
        outcome.refused(4, &format!("error: malformed:segments: {says}\n"));
        // API keys are listed as opaque tokens.
        if !text.starts_with("glpat-") {
            let says = match says.strip_prefix("not a JWT: it has the form of ") {
                Some(kind) => format!("error: no JWT in this text, but a text with the form of {kind}\n"),
                None => format!("error: no JWT in this text: {says}\n"),
            };
            World::bare().stdin(text).run("inspect").refused(4, &says);
        }
    }
}

#[test]
fn names_binary_input() {
    let outcome = World::bare().stdin(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").run("decode");
    outcome.refused(4, "error: malformed:segments: binary data, not text: it begins like a PNG picture\n");
}

#[test]
fn names_keys_in_place_of_tokens() {
    let pem = |label: &str| format!("-----BEGIN {label}-----\nMFkwEwYHKoZIzj0CAQYI\n-----END {label}-----\n");
    for (text, kind) in [
        (pem("PUBLIC KEY"), "a public key in PEM"),
        (pem("RSA PUBLIC KEY"), "a public key in PEM"),
        (pem("ENCRYPTED PRIVATE KEY"), "a private key in PEM"),
        (pem("CERTIFICATE"), "a certificate in PEM"),
        (r#"{"kty":"oct","k":"c2VjcmV0"}"#.to_owned(), "a private or symmetric key in JWK form"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":"AQ"}"#.to_owned(), "a public key in JWK form"),
        (r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#.to_owned(), "a JWK Set"),
    ] {
        let says = format!("{kind}, not a token: `fob key show` shows it\n");
        let world = World::bare().stdin(&text);
        world.run("decode").refused(4, &format!("error: malformed:segments: {says}"));
        world.run("inspect").refused(4, &format!("error: no JWT in this text: {says}"));
        let verified = world.run("verify -s secret");
        assert_eq!(verified.status, 4, "{text}");
        assert!(verified.text().contains(kind), "{text}: {}", verified.text());
    }
}

#[test]
fn explains_a_path_that_no_shell_or_system_understands() {
    for (line, hint) in [
        ("decode @~/t.jwt", r#"hint: a shell does not replace a ~ behind the @: write @"$HOME"/t.jwt"#),
        ("decode @file:///tmp/none.jwt", "hint: a path has no scheme: write @/tmp/none.jwt"),
    ] {
        let outcome = fob(line);
        assert_eq!(outcome.status, 2, "{line}: {}", outcome.stderr);
        assert!(outcome.stderr.ends_with(&format!("{hint}\n")), "{line}: {}", outcome.stderr);
    }
}

#[test]
fn the_hint_to_join_a_broken_token_leads_to_acceptance() {
    const HINT: &str = "hint: the token is broken over several lines or has other white space in it, which may be invisible: \
                        join it with --join\n";
    let signed = token(r#"{"sub":"a"}"#);
    let encrypted = World::new()
        .file("key", World::bare().run("key new --alg ECDH-ES+A256KW").result())
        .run("encode --sub a --encrypt-for key")
        .result()
        .to_owned();
    for good in [signed, encrypted] {
        let (head, tail) = good.split_at(50);
        for text in [
            format!("{head}\n{tail}\n"),
            format!("token: {head}\n{tail}\n"),
            format!("{{\"access_token\":\"{head}\n{tail}\"}}"),
            format!("access_token : {head}\n               {tail}\nexpires_in   : 3600\n"),
            format!("{head}\u{a0}{tail}"),
            format!("Bearer {head}\u{200b}{tail}"),
        ] {
            let world = World::new().stdin(&text);
            let refused = world.run("decode");
            assert_eq!((refused.status, refused.text()), (4, ""), "{text}");
            assert!(refused.stderr.ends_with(HINT), "{text}: {}", refused.stderr);
            let joined = world.run("decode --join --part token");
            assert_eq!((joined.status, joined.text().trim_end()), (0, &*good), "{text}: {}", joined.stderr);
        }
    }
}

#[test]
fn a_text_of_three_parts_without_a_json_header_is_not_a_jwt() {
    let outcome = fob("decode bm8.e30.AQ");
    assert_eq!((outcome.status, outcome.text()), (4, ""));
    assert!(outcome.stderr.starts_with("error: malformed:header_json: not a JWT: "), "{}", outcome.stderr);
}

#[test]
fn names_the_file_behind_an_argument_without_its_at_sign() {
    let world = World::new().file("t.jwt", JOHN_DOE);
    for line in ["decode t.jwt", "verify t.jwt"] {
        let outcome = world.run(line);
        assert_eq!(outcome.status, 4, "{line}");
        let hint = "hint: `t.jwt` is the name of a file: write @t.jwt to read it\n";
        assert!(outcome.stderr.ends_with(hint), "{line}: {}", outcome.stderr);
    }
    assert_eq!(world.run("decode --claim name @t.jwt").result(), "John Doe");
}

#[test]
fn inspect_shows_the_alphabet_of_standard_base64_and_never_accepts_it() {
    let good = token(r#"{"sub":"a","x":"?>?>?>~~~"}"#);
    let standard = good.replace('-', "+").replace('_', "/");
    assert_ne!(standard, good);
    let outcome = World::new().stdin(format!("token: {standard}=\n")).run("inspect --json -s secret");
    assert_eq!(outcome.status, 4, "{}", outcome.stderr);
    let found = &outcome.json()["tokens"][0];
    assert_eq!(found["payload"]["sub"].as_str().or(found["unverified_payload"]["sub"].as_str()), Some("a"));
    assert!(!outcome.text().contains("accepted"), "{}", outcome.text());
}

#[test]
fn finds_a_short_opaque_token_under_its_name() {
    let outcome =
        World::bare().stdin(r#"{"access_token":"Qm7xT-2LkW9aZ_4r","expires_in":86400}"#).run("inspect");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.text().contains("opaque"), "{}", outcome.text());
}

#[test]
fn join_removes_line_breaks_inside_a_token_but_not_with_lines() {
    let (one, two) = JOHN_DOE.split_at(60);
    let world = World::bare().stdin(format!("Bearer {one}\n  {two}\n"));
    assert_eq!(world.run("decode --claim name --join").result(), "John Doe");
    let refused = world.run("decode");
    assert_eq!(refused.status, 4);
    assert!(refused.stderr.contains("--join"), "{}", refused.stderr);
    assert_eq!(world.run("decode --join --lines -").status, 2);
}

#[test]
fn says_nothing_of_a_cut_token_where_none_was_cut() {
    let good = token(r#"{"sub":"a"}"#);
    let parts: Vec<&str> = good.split('.').collect();
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    for text in [
        "foo.bar.baz".to_owned(),
        "1.2.3".to_owned(),
        "www.example.com".to_owned(),
        format!("{}.{}{}", parts[0], parts[1], parts[2]),
        format!("{unsigned}.{}", parts[1]),
    ] {
        for line in ["verify", "decode"] {
            let outcome = World::new().stdin(&text).run(line);
            assert_eq!(outcome.status, 4, "{line} {text}");
            let said = format!("{}{}", outcome.stderr, String::from_utf8_lossy(&outcome.stdout));
            assert!(!said.contains("cut short") && !said.contains("is missing or"), "{line} {text}: {said}");
        }
    }
    let cut = World::new().run(format!("verify {}.{}", parts[0], &parts[1][..8]));
    assert!(cut.stderr.contains("cut short"), "{}", cut.stderr);
}

#[test]
fn names_what_is_wrong_with_texts_that_are_nearly_tokens() {
    let good = token(r#"{"sub":"a"}"#);
    let no_alg = format!("{0}.{0}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"user":1}"#));
    for (line, text, said) in [
        ("decode", format!("{good}/"), "a stray `/` stands beside the token"),
        ("decode", no_alg, "not a JWT: the header has no `alg`"),
        ("verify", format!("{good}\nhello"), "`fob inspect` finds them"),
    ] {
        let outcome = World::new().stdin(&text).run(line);
        let all = format!("{}{}", outcome.stderr, String::from_utf8_lossy(&outcome.stdout));
        assert!(
            all.contains(said) && !all.contains("--join") && !all.contains("JWE"),
            "{line} {text}: {all}"
        );
    }
}

#[test]
fn names_the_word_for_a_missing_token_in_its_wrappings() {
    for text in [
        "Bearer undefined",
        "Bearer%20undefined",
        "bearer:null",
        "null,",
        "<nil>",
        "(null)",
        "b'None'",
        "UNDEFINED",
        "[object%20Object]",
        "${TOKEN}",
        "{{token}}",
        "Bearer ${TOKEN}",
    ] {
        let outcome = World::new().stdin(text).run("verify");
        assert_eq!(outcome.status, 4, "{text}");
        let all = format!("{}{}", outcome.stderr, String::from_utf8_lossy(&outcome.stdout));
        assert!(all.contains("instead of a token"), "{text}: {all}");
    }
}

/// Returns tokens of Alice and Bob.
fn two_tokens() -> (String, String) {
    (token(r#"{"sub":"alice"}"#), token(r#"{"sub":"bob"}"#))
}

#[test]
fn lists_every_token_of_a_text_where_one_is_wanted() {
    let (alice, bob) = two_tokens();
    let har = format!(
        r#"{{"headers":[{{"name":"x","value":"{alice}"}}],"url":"https://x.example/?id={bob}","text":"{}"}}"#,
        STANDARD.encode(format!(r#"{{"access_token":"{}"}}"#, token("{}")))
    );
    for (text, number) in [
        (format!("Bearer {bob}\nGET /?token={alice}\n"), 2),
        (format!("[INFO] GET /?token={alice}\nBearer {bob} sent\n"), 2),
        (har, 3),
    ] {
        let world = World::new().stdin(&text);
        for command in ["decode", "verify"] {
            let outcome = world.run(command);
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{text}");
            let error = format!("error: the input holds {number} tokens: ");
            assert!(outcome.stderr.starts_with(&error), "{text}: {}", outcome.stderr);
        }
        assert_eq!(world.run("inspect -q --count").result(), number.to_string(), "{text}");
        let picked: Vec<_> = (1..=2)
            .map(|at| world.run(format!("decode --claim sub --pick {at}")).result().to_owned())
            .collect();
        assert!(
            picked.contains(&"alice".to_owned()) && picked.contains(&"bob".to_owned()),
            "{text}: {picked:?}"
        );
    }
    let twice = format!("Authorization: Bearer {alice}\nGET /?token={alice}\n");
    assert_eq!(World::new().stdin(twice).run("verify --get sub").result(), "alice");
}

#[test]
fn inspect_finds_base64_of_tokens_beside_other_tokens() {
    let (alice, bob) = two_tokens();
    let (first, second) = (STANDARD.encode(&alice), STANDARD.encode(&bob));
    let secret = format!("data:\n  gateway.jwt: {first}\n  partner.jwt: {second}\n");
    let outcome = World::new().stdin(&secret).run("inspect --json");
    let found = &outcome.json()["tokens"];
    assert_eq!((&found[0]["payload"]["sub"], &found[1]["payload"]["sub"]), (&"alice".into(), &"bob".into()));
    assert_eq!((&found[1]["found"]["line"], &found[1]["found"]["wrapping"]), (&3.into(), &"Base64".into()));
    assert_eq!(outcome.stderr, "note: unwrapped: Base64\n");
    let mixed = format!("Bearer {bob}\ngateway.jwt: {first}\n");
    assert_eq!(World::new().stdin(&mixed).run("inspect -q --count").result(), "2");
    assert_eq!(World::new().stdin(&mixed).run("verify").status, 2);
    let picked = World::new().stdin(&mixed).run("verify --get sub --pick 2");
    assert_eq!((picked.text(), &*picked.stderr), ("alice\n", "note: unwrapped: text around it, Base64\n"));
    let session = STANDARD.encode(format!(r#"{{"access":"{alice}"}}"#));
    assert_eq!(World::new().stdin(session).run("inspect -q --count").result(), "1");
}

#[test]
fn names_inspect_only_if_it_finds_a_sound_token() {
    let (one, two) = JOHN_DOE.split_at(60);
    let padded: String = JOHN_DOE.split('.').map(|part| format!("{part}%3D")).collect::<Vec<_>>().join(".");
    for text in [format!("> {one}\n> {two}\n"), format!("{one}\\\n{two}\n"), padded] {
        let outcome = World::new().stdin(&text).run("verify");
        assert_eq!(outcome.status, 4, "{text}");
        assert!(!outcome.stderr.contains("fob inspect"), "{text}: {}", outcome.stderr);
    }
    let outcome = World::new().stdin(format!("x={JOHN_DOE}~")).run("verify");
    assert!(outcome.status == 4 && !outcome.stderr.is_empty(), "{}", outcome.stderr);
}

#[test]
fn calls_a_token_cut_short_wherever_it_ends() {
    for text in [
        format!("{}...", &JOHN_DOE[..50]),
        format!("{}...{}", &JOHN_DOE[..50], &JOHN_DOE[JOHN_DOE.len() - 6..]),
        format!("{JOHN_DOE}..."),
        JOHN_DOE[..30].to_owned(),
        format!("Bearer {}", &JOHN_DOE[..30]),
        JOHN_DOE[..60].to_owned(),
    ] {
        let hint = "hint: the token is cut short: copy it whole\n";
        for command in ["decode", "verify"] {
            let outcome = World::new().stdin(&text).run(command);
            assert_eq!(outcome.status, 4, "{command} {text}");
            assert!(outcome.stderr.ends_with(hint), "{command} {text}: {}", outcome.stderr);
            assert!(!outcome.text().contains("JWE"), "{command} {text}: {}", outcome.text());
        }
        let shown = World::new().stdin(&text).run("inspect");
        assert!(shown.text().contains("the token is cut short"), "{text}: {}", shown.text());
        assert!(!shown.text().contains("opaque"), "{text}: {}", shown.text());
    }
}

#[test]
fn never_names_a_token_by_a_part_of_another() {
    let good = token(r#"{"sub":"a"}"#);
    for text in [format!("{good}= {good}"), format!("{good}:{good}")] {
        let outcome = World::new().stdin(&text).run("decode");
        let tail = good.split('.').next_back().unwrap();
        assert!(!outcome.stderr.contains(tail), "{}", outcome.stderr);
    }
}

#[test]
fn a_signature_with_too_few_bytes_may_be_cut_short() {
    let good = token(r#"{"exp":1900000000}"#);
    let short = &good[..good.len() - 3];
    let says = "the signature has 30 bytes, but HS256 makes 32: the token may be cut short\n";
    let decoded = World::new().run(format!("decode {short}"));
    assert_eq!((decoded.status, &*decoded.stderr), (0, &*format!("warning: {says}")));
    let verified = World::new().run(format!("verify {short}"));
    assert_eq!(verified.status, 1);
    assert!(verified.stderr.starts_with(&format!("hint: {says}")), "{}", verified.stderr);
    assert_eq!(World::new().run(format!("decode {good}")).stderr, "");
}

#[test]
fn inspect_names_a_missing_file() {
    for name in ["typo.log", "./typo", "logs/typo.har"] {
        let message = format!("error: `{name}` contains no token and is not the path of a file\n");
        World::bare().run(format!("inspect -q {name}")).refused(2, &message);
    }
    World::bare().run("inspect word").refused(4, "error: there is no token in this text\n");
}

/// Inserts dots after these characters of a text, counted from 1.
fn with_dots(text: &str, places: &[usize]) -> String {
    let mut mended = String::new();
    for (index, c) in text.chars().enumerate() {
        mended.push(c);
        if places.contains(&(index + 1)) {
            mended.push('.');
        }
    }
    mended
}

#[test]
fn says_where_a_missing_dot_belongs_and_the_token_then_verifies() {
    for claims in [r#"{"sub":"a"}"#, r#"{"sub":"ab"}"#, r#"{"sub":"abc"}"#] {
        let good = token(claims);
        let parts: Vec<&str> = good.split('.').collect();
        let [header, payload, signature] = parts[..] else { panic!("{good}") };
        for broken in [
            format!("{header}{payload}.{signature}"),
            format!("{header}.{payload}{signature}"),
            format!("{header}{payload}{signature}"),
        ] {
            let outcome = fob(format!("verify --json {broken}"));
            assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:segments".to_owned()]));
            let hint = outcome.json()["hints"][0].as_str().unwrap().to_owned();
            assert!(hint.contains("missing: write"), "{hint}");
            assert!(fob(format!("decode {broken}")).stderr.contains(&hint), "{hint}");
            let shown = fob(format!("inspect {broken}"));
            assert!(format!("{}{}", shown.text(), shown.stderr).contains("missing: write"), "{broken}");
            assert!(!format!("{}{}", shown.text(), shown.stderr).contains("opaque"), "{broken}");
            let places: Vec<usize> = hint.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
            assert_eq!(with_dots(&broken, &places), good);
        }
    }
}

#[test]
fn a_token_that_is_cut_at_its_front_is_named_where_the_rest_shows_it() {
    let good = token(r#"{"sub":"a"}"#);
    let payload = good.split_once('.').unwrap().1;
    let hint = "the token is cut short at its front: copy it whole";
    for cut in [1, 2, 3, 4, 7, 10] {
        for text in [good[cut..].to_owned(), format!("...{}", &good[cut..]), payload.to_owned()] {
            let outcome = fob(format!("verify --json {text}"));
            assert_eq!((outcome.status, &outcome.json()["hints"][0]), (4, &json!(hint)), "{text}");
            assert!(fob(format!("decode {text}")).stderr.ends_with(&format!("hint: {hint}\n")), "{text}");
            let outcome = fob(format!("inspect {text}"));
            assert_eq!(outcome.stderr, format!("error: there is no whole token in this text: {hint}\n"));
        }
    }
}

#[test]
fn a_good_token_does_not_hide_one_whose_front_is_broken() {
    let good = token("{}");
    let other = signed_with("hello", Algorithm::Hs256, br#"{"alg":"HS256","typ":"JWT"}"#, b"hello");
    for at in 1..8 {
        let (head, tail) = other.split_at(at);
        for broken in [tail.to_owned(), format!("{head}!{tail}"), format!("{head} {tail}")] {
            for text in [format!("{good}\n{broken}"), format!("see {broken} and {good} ok")] {
                let outcome = World::new().stdin(&text).run("verify");
                assert_eq!(outcome.status, 2, "{text}: {}", outcome.text());
                assert!(outcome.stderr.starts_with("error: the input holds 2 tokens"), "{}", outcome.stderr);
            }
        }
    }
}

#[test]
fn an_encrypted_token_with_too_few_segments_is_cut_short_not_detached() {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A128GCM"}"#);
    for (rest, hint) in [("..aXY", false), (".AAAA.aXY", false), ("..aXY.Y3Q", true), (".AAAA", true)] {
        let outcome = fob(format!("verify --json {header}{rest}"));
        assert_eq!(outcome.status, 4, "{rest}");
        let reasons = outcome.reasons();
        assert!(reasons.contains(&"malformed:segments".to_owned()), "{rest}: {reasons:?}");
        assert!(!reasons.contains(&"detached".to_owned()), "{rest}: {reasons:?}");
        let json = outcome.json();
        let said = if hint { &json["hints"][0] } else { &json["checks"][0]["detail"] };
        assert!(said.as_str().unwrap().contains("cut short"), "{rest}: {json}");
    }
    // A signed token may have a parameter of this name.
    let signed = signed_with("hello", Algorithm::Hs256, br#"{"alg":"HS256","enc":"A128GCM"}"#, b"{}");
    assert_eq!(World::bare().run(format!("verify -q -s hello {signed}")).status, 0);
}

#[test]
fn names_the_word_for_a_missing_token_wherever_it_stands() {
    for (text, word) in [
        (r#"{"access_token":null}"#, "null"),
        (r#"{"data":{"accessToken":null},"error":null}"#, "null"),
        (r#"{"tokens":[{"id_token":"undefined"}]}"#, "undefined"),
        ("undefined.undefined.undefined", "undefined"),
        ("null.null.null", "null"),
        ("X-Auth-Token: undefined", "undefined"),
        ("export SESSION=null", "null"),
    ] {
        let wanted = format!("the word `{word}` instead of a token: programs write it for a missing value");
        let decoded = World::new().stdin(text).run("decode");
        assert_eq!(
            (decoded.status, &*decoded.stderr),
            (4, &*format!("error: malformed:segments: {wanted}\n"))
        );
        let verified = World::new().stdin(text).run("verify");
        assert_eq!(verified.status, 4, "{text}");
        assert!(
            format!("{}{}", verified.text(), verified.stderr).contains(&wanted),
            "{text}: {}",
            verified.text()
        );
        let inspected = World::new().stdin(text).run("inspect");
        assert_eq!(inspected.stderr, format!("error: no JWT in this text: {wanted}\n"));
    }
    assert!(!World::new().stdin(r#"{"error":null}"#).run("decode").stderr.contains("the word"));
}

#[test]
fn names_the_kind_of_a_text_behind_a_name() {
    let key = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    let kind = "the form of a GitHub personal access token";
    for text in [
        format!("Authorization: Bearer {key}"),
        format!("X-Api-Key: {key}"),
        format!("export GITHUB_TOKEN={key}"),
        format!("export GITHUB_TOKEN='{key}'"),
        format!("GITHUB_TOKEN={key}"),
        format!("$env:GITHUB_TOKEN = \"{key}\""),
        format!("\"github\": \"{key}\","),
    ] {
        for line in ["decode", "verify", "inspect"] {
            let outcome = World::new().stdin(&text).run(line);
            assert!(
                format!("{}{}", outcome.text(), outcome.stderr).contains(kind),
                "{line} {text}: {}",
                outcome.stderr
            );
        }
    }
}

#[test]
fn names_answers_without_a_token() {
    for (text, says) in [
        ("{\"error\":\"invalid_client\"}", "the error `invalid_client` of a server, not a token"),
        ("<!DOCTYPE html><title>Login</title>", "a web page (HTML), not a token"),
        ("\n<HTML>", "a web page (HTML), not a token"),
        ("HTTP/1.1 401 Unauthorized\r\n\r\n", "an HTTP answer with the status 401, not a token"),
        ("HTTP/2 204", "an HTTP answer with the status 204, not a token"),
        ("curl: (7) Failed to connect", "an error message of curl, not a token"),
        ("{\"detail\":\"no\"}", "JSON without a token"),
        ("[1,2]", "JSON without a token"),
    ] {
        let outcome = World::bare().stdin(text).run("decode");
        outcome.refused(4, &format!("error: malformed:segments: {says}\n"));
    }
    let token = signed(r#"{"alg":"HS256"}"#, r#"{"sub":"a"}"#);
    let page = format!("<html><a href=\"https://app.test/?token={token}&x=1\">in</a> <b>{token}</b></html>");
    let outcome = World::bare().stdin(page).run("decode");
    assert!(!outcome.stderr.contains("web page"), "{}", outcome.stderr);
}

#[test]
fn says_how_a_text_without_encryption_got_five_segments() {
    let token = signed(r#"{"alg":"HS256"}"#, r#"{"sub":"a"}"#);
    for (text, hint) in [
        (
            format!("{token}{token}"),
            "the header of a second token (`eyJ`) is inside the third segment: give one token",
        ),
        (token.replace('.', ".."), "each dot is doubled: write one dot between segments"),
    ] {
        let outcome = World::new().stdin(&text).run("verify");
        assert_eq!(outcome.status, 4);
        assert!(outcome.text().contains("but its header is that of a signed token\n"), "{}", outcome.text());
        assert_eq!(outcome.stderr, format!("hint: {hint}\n"));
    }
    for header in [r#"{"alg":"dir"}"#, r#"{"alg":"HS256","enc":"A128GCM"}"#] {
        let text = format!("{}..aXY.Y3Q.dGFn", URL_SAFE_NO_PAD.encode(header));
        let outcome = World::new().stdin(&text).run("verify");
        let says = "five segments: encrypted (JWE, RFC 7516), not signed\n";
        assert!(outcome.text().contains(says), "{}", outcome.text());
    }
}
