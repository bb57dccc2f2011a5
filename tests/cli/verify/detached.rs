//! Tests of tokens whose payload is given apart from them (RFC 7515 appendix F), encoded or not (RFC 7797).

use crate::support::world::{Outcome, SECRET, World, fob, signed, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::key::Key;
use fob::core::key::jwk::{self, Half};
use fob::core::key::secret::Secret;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;
use fob::core::verify::doctor::PAYLOAD_MISSES;
use serde_json::{Value, json};

const UNENCODED: &str = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;
const ENCODED: &str = r#"{"alg":"HS256"}"#;

/// Signs a payload with `SECRET`, and returns the token without the payload.
fn detached(header: &str, encoding: &str, payload: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(header);
    let input = match encoding {
        "encoded" => [header.as_bytes(), b".", URL_SAFE_NO_PAD.encode(payload).as_bytes()].concat(),
        _ => [header.as_bytes(), b".", payload].concat(),
    };
    let key = Key::hmac(Secret::new(SECRET.into()), None, String::new());
    let signature = key.signer(Algorithm::Hs256).unwrap().sign(SigningInput::from_bytes(&input)).unwrap();
    format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature))
}

fn encoded(payload: impl AsRef<[u8]>) -> String {
    detached(ENCODED, "encoded", payload.as_ref())
}

fn unencoded(payload: impl AsRef<[u8]>) -> String {
    detached(UNENCODED, "as it is", payload.as_ref())
}

/// Verifies a token with the payload in a file.
fn verify(token: &str, payload: impl AsRef<[u8]>, options: &str) -> Outcome {
    World::new().file("body", payload).run(format!("verify --json {token} --payload @body {options}"))
}

#[track_caller]
fn check<'o>(document: &'o Value, name: &str) -> &'o Value {
    let checks = document["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no check {name}: {document}"))
}

#[test]
fn verifies_the_examples_of_rfc_7797() {
    let key = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
    let world = World::bare().file("key", key).file("body", "$.02").stdin("$.02");
    for token in [
        // Section 4.1, with the payload left out.
        "eyJhbGciOiJIUzI1NiJ9..5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ",
        // Section 4.2.
        "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
    ] {
        for payload in ["@body", "-", "$.02"] {
            let outcome = world.run(format!("verify --key key {token} --payload {payload}"));
            assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", outcome.text());
        }
        let outcome = world.run(format!("verify --key key {token} --payload $.03"));
        assert_eq!(outcome.status, 1, "{}", outcome.text());
    }
}

#[test]
fn verifies_the_detached_examples_of_the_cookbook() {
    let file = include_str!("../../vectors/cookbook/jws/4_5.signature_with_detached_content.json");
    let vector: Value = serde_json::from_str(file).unwrap();
    let output = &vector["output"];
    let world = World::bare()
        .file("key", vector["input"]["key"].to_string())
        .file("body", vector["input"]["payload"].as_str().unwrap())
        .file("other", "It’s a safe business");
    for text in [
        output["compact"].as_str().unwrap().to_owned(),
        output["json"].to_string(),
        output["json_flat"].to_string(),
    ] {
        let run = |payload: &str| {
            world.clone().file("token", &text).run(format!("verify --key key @token {payload}"))
        };
        assert_eq!(run("--payload @body").status, 0, "{text}: {}", run("--payload @body").text());
        assert_eq!(run("--payload @other").status, 1, "{text}");
        assert_eq!(run("").status, 4, "{text}");
    }
    // The payload between the dots is not encoded. Such a token is no JWT (RFC 7797 section 7).
    let file = include_str!("../../vectors/cookbook/rfc7797/hmac-sha2_b64_false.json");
    let vector: Value = serde_json::from_str(file).unwrap();
    let token = vector["output"]["compact"].as_str().unwrap();
    let world = World::bare().file("key", vector["input"]["key"].to_string()).file("token", token);
    let outcome = world.run("verify --json --key key @token");
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:charset".to_owned()]));
    assert_eq!(world.run("decode @token --part payload").status, 0);
    assert!(world.run("decode @token").text().contains("\n  This is the payload string!\n"));
}

#[test]
fn judges_the_claims_of_a_json_object() {
    let claims = r#"{"aud":"api","exp":1769860800}"#;
    for token in [encoded(claims), unencoded(claims)] {
        let outcome = verify(&token, claims, "");
        assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
        assert_eq!(outcome.json()["payload"]["aud"], "api");
        assert_eq!(outcome.json()["detached"], json!({"bytes": 30, "claims": true}));
        assert_eq!(verify(&token, claims, "--ignore-exp --aud api").status, 0);
        assert_eq!(verify(&token, claims, "--ignore-exp --aud web").reasons(), ["wrong_audience"]);
        assert_eq!(verify(&token, claims, "--ignore-exp --get aud").text(), "\"api\"\n");
        // Another spelling of the same claims has another signature.
        assert_eq!(verify(&token, claims.replace(':', ": "), "--ignore-exp").reasons(), ["bad_signature"]);
    }
    let twice = r#"{"sub":"a","sub":"b"}"#;
    assert_eq!(verify(&encoded(twice), twice, "").reasons(), ["malformed:duplicate_member"]);
}

#[test]
fn says_that_no_claims_were_judged_of_any_other_payload() {
    for (payload, why) in [
        (&b"body"[..], "the payload is not JSON at offset 0: expected a value"),
        (b"[1]", "the payload is an array, not an object"),
        (b"", "the payload is not JSON at offset 0: expected a value"),
        (b"\xff\x00", "the payload is not UTF-8 at offset 0"),
        (b"{\"exp\":1}x", "the payload is not JSON at offset 9: there is more text after the value"),
    ] {
        for token in [encoded(payload), unencoded(payload)] {
            let outcome = verify(&token, payload, "");
            assert_eq!((outcome.status, outcome.reasons()), (0, vec![]), "{}", outcome.text());
            let document = outcome.json();
            assert_eq!(document["detached"], json!({"bytes": payload.len(), "claims": false}));
            let claims = check(&document, "claims");
            assert_eq!(claims["status"], "skipped");
            let detail = claims["detail"].as_str().unwrap();
            assert!(detail.starts_with("no claims were judged: "), "{detail}");
            assert!(detail.contains(why.split(" at ").next().unwrap()), "{detail}");
        }
    }
    let text = World::new().run(format!("verify {} --payload hi", encoded("hi")));
    let verdict = text.text().lines().last().unwrap();
    assert_eq!(verdict, "accepted: HS256 signature of a detached payload (2 bytes), no claims were judged");
    let bytes = verify(&encoded(b"\xff\x00"), b"\xff\x00", "").json();
    assert_eq!((&bytes["payload"], &bytes["payload_base64url"]), (&Value::Null, &json!("_wA")));
}

#[test]
fn an_option_that_needs_claims_rejects_a_payload_without_them() {
    let token = encoded("body");
    for (option, reasons) in [
        ("--aud api", &["claim_missing:aud"][..]),
        ("--iss me", &["claim_missing:iss"]),
        ("--sub a", &["claim_missing:sub"]),
        ("--jti 1", &["claim_missing:jti"]),
        ("--claim a=b", &["claim_missing:a"]),
        ("--require a", &["claim_missing:a"]),
        ("--max-age 1h", &["claim_missing:iat"]),
        ("--token-type access", &["claim_missing:token_type"]),
        ("--strict --aud api", &["claim_missing:aud", "claim_missing:exp"]),
    ] {
        let outcome = verify(&token, "body", option);
        assert_eq!(
            (outcome.status, outcome.reasons()),
            (1, reasons.iter().map(ToString::to_string).collect()),
            "{option}"
        );
        // The signature does not suffer from it.
        assert_eq!(check(&outcome.json(), "signature")["status"], "passed", "{option}");
    }
    let got = World::new().run(format!("verify {token} --payload body --get sub"));
    got.refused(1, "error: the token has no claim `sub`\n");
}

#[test]
fn only_crit_with_b64_alone_leaves_the_payload_unencoded() {
    let verdict = |header: &str, encoding| {
        let outcome = verify(&detached(header, encoding, b"body"), "body", "");
        let signature = check(&outcome.json(), "signature")["status"].as_str().unwrap().to_owned();
        (outcome.status, outcome.reasons().join(" "), signature)
    };
    let accepted = (0, String::new(), "passed".to_owned());
    assert_eq!(verdict(UNENCODED, "as it is"), accepted);
    assert_eq!(verdict(r#"{"alg":"HS256","b64":true}"#, "encoded"), accepted);
    assert_eq!(verdict(r#"{"alg":"HS256","b64":true,"crit":["b64"]}"#, "encoded"), accepted);
    // The signature fits another encoding.
    for (header, encoding) in
        [(UNENCODED, "encoded"), (ENCODED, "as it is"), (r#"{"alg":"HS256","b64":true}"#, "as it is")]
    {
        assert_eq!(
            verdict(header, encoding),
            (1, "bad_signature".to_owned(), "failed".to_owned()),
            "{header}"
        );
    }
    for parameters in [
        r#""b64":false"#,
        r#""b64":false,"crit":[]"#,
        r#""b64":false,"crit":["b64","b64"]"#,
        r#""b64":false,"crit":["b64","exp"],"exp":1"#,
        r#""b64":false,"crit":["B64"]"#,
        r#""b64":false,"crit":["x"],"x":1"#,
    ] {
        let header = format!(r#"{{"alg":"HS256",{parameters}}}"#);
        for encoding in ["encoded", "as it is"] {
            let verdict = verdict(&header, encoding);
            assert_eq!(verdict, (1, "crit_unsupported".to_owned(), "skipped".to_owned()), "{header}");
        }
    }
    for (name, parameters) in [
        ("crit", r#""b64":false,"crit":"b64""#),
        ("b64", r#""b64":"false","crit":["b64"]"#),
        ("b64", r#""b64":0,"crit":["b64"]"#),
        ("b64", r#""b64":null,"crit":["b64"]"#),
        ("b64", r#""b64":null"#),
    ] {
        let header = format!(r#"{{"alg":"HS256",{parameters}}}"#);
        for encoding in ["encoded", "as it is"] {
            let reasons = format!("malformed:{name} crit_unsupported");
            assert_eq!(verdict(&header, encoding), (4, reasons, "skipped".to_owned()), "{header}");
        }
    }
    for parameters in [r#""crit":["b64"]"#, r#""crit":["x"],"x":1"#, r#""crit":[]"#] {
        let header = format!(r#"{{"alg":"HS256",{parameters}}}"#);
        assert_eq!(verdict(&header, "encoded").1, "crit_unsupported", "{header}");
    }
    let twice = r#"{"alg":"HS256","b64":true,"b64":false,"crit":["b64"]}"#;
    assert!(verdict(twice, "as it is").1.contains("malformed:duplicate_member"));
}

#[test]
fn without_its_payload_a_token_is_detached_and_no_key_is_blamed() {
    let hint = "`fob verify` takes the payload with --payload @PATH, byte for byte as it was sent";
    for (token, status, reason) in
        [(encoded("body"), 4, "detached"), (unencoded("body"), 1, "crit_unsupported")]
    {
        let outcome = fob(format!("verify --json {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (status, vec![reason.to_owned()]));
        assert_eq!(outcome.json()["hints"], json!([hint]));
        let shown = fob(format!("decode {token}"));
        assert!(shown.text().starts_with("HS256 JWT, detached payload\n"), "{}", shown.text());
        assert!(shown.text().contains("\n  detached: the token does not hold it\n"), "{}", shown.text());
        let found = fob(format!("inspect --json 'x-jws-signature: {token}'"));
        assert_eq!(found.json()["tokens"].as_array().unwrap().len(), 1, "{}", found.text());
    }
    let named = World::new().run(format!("verify -q 'X-JWS-Signature: {}' --payload body", encoded("body")));
    assert_eq!(named.status, 0, "{}", named.stderr);
}

#[test]
fn refuses_a_payload_that_no_token_lacks() {
    let whole = token(r#"{"sub":"a"}"#);
    let holds = "error: the token holds its payload, but --payload is for a token without its payload\n\
                 hint: leave out --payload\n";
    fob(format!("verify {whole} --payload body")).refused(2, holds);
    let json = r#"{"payload":"e30","protected":"eyJhbGciOiJIUzI1NiJ9","signature":"AA"}"#;
    fob(format!("verify '{json}' --payload body --signatures all")).refused(2, holds);
    let outcome = fob(format!("verify --json {}~ --payload body", encoded("body")));
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:charset".to_owned()]));
    let encrypted =
        "error: the token is encrypted, but --payload is for a signed token without its payload\n";
    fob("verify eyJhbGciOiJkaXIifQ..aXY.Y3Q.dGFn --payload body").refused(2, encrypted);
    let world = World::new().stdin("body");
    for option in ["--lines", "--suite s.toml", "--store s.db", "--once --store s.db"] {
        let outcome = world.run(format!("verify --payload body {option}"));
        assert_eq!(outcome.status, 2, "{option}");
        assert!(outcome.stderr.contains("cannot be used with"), "{option}: {}", outcome.stderr);
    }
    let outcome = world.clone().stdin(encoded("body")).run("verify --payload -");
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("standard input"), "{}", outcome.stderr);
    let outcome = world.run(format!("verify {} --payload @missing", encoded("body")));
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.starts_with("error: cannot read the payload from missing: "),
        "{}",
        outcome.stderr
    );
    let outcome = fob(format!("verify --json {} --payload body", "a.b"));
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:segments".to_owned()]));
}

#[test]
fn the_key_decides_for_a_detached_payload_too() {
    let none = format!("{}..", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
    assert_eq!(verify(&none, "", "").reasons(), ["alg_none"]);
    assert_eq!(verify(&encoded("body"), "body", "--alg HS512").reasons(), ["alg_not_allowed"]);
    let empty = encoded("body").rsplit_once('.').map(|(start, _)| format!("{start}.")).unwrap();
    assert_eq!(verify(&empty, "body", "").reasons(), ["bad_signature"]);
    assert_eq!(verify(&encoded("body"), "", "").reasons(), ["bad_signature"]);
    // The signature of a token that holds its payload covers the same bytes.
    let whole = signed(ENCODED, "body");
    let without = whole.replace(&URL_SAFE_NO_PAD.encode("body"), "");
    assert_eq!(verify(&without, "body", "").status, 0);
}

/// A payload that misses narrowly: the payload that was signed, the one that is given, and the token.
fn misses() -> [(&'static [u8], &'static [u8], String); 10] {
    [
        (b"body", b"body\n", encoded("body")),
        (b"body", b"body\r\n", unencoded("body")),
        (b"body\n", b"body", encoded("body\n")),
        (b"a\nb", b"a\r\nb", encoded("a\nb")),
        (b"a\r\nb", b"a\nb", unencoded("a\r\nb")),
        (b"body", b"\xef\xbb\xbfbody", encoded("body")),
        (br#"{"a":[1,2]}"#, b"{\n  \"a\": [1, 2]\n}", unencoded(r#"{"a":[1,2]}"#)),
        (br#"{"a":[1,2]}"#, b"{\n  \"a\": [1, 2]\n}", encoded(r#"{"a":[1,2]}"#)),
        (b"body", b"body", detached(ENCODED, "as it is", b"body")),
        (b"body", b"body", detached(UNENCODED, "encoded", b"body")),
    ]
}

#[test]
fn every_hint_about_a_payload_verifies_when_followed() {
    let mut seen: Vec<String> = Vec::new();
    for (right, given, token) in misses() {
        let outcome = verify(&token, given, "");
        assert_eq!(outcome.reasons(), ["bad_signature"], "{given:?}");
        let hint = outcome.json()["hints"][0].as_str().unwrap().to_owned();
        assert!(PAYLOAD_MISSES.iter().any(|miss| miss.hint == hint), "{given:?}: {hint}");
        if right != given {
            assert_eq!(verify(&token, right, "").status, 0, "{given:?}: {hint}");
        }
        seen.push(hint);
    }
    for miss in &PAYLOAD_MISSES {
        assert!(seen.iter().any(|hint| hint == miss.hint), "no sample for: {}", miss.hint);
    }
    let tried = verify(&encoded("body"), "other", "").json()["hints"].to_string();
    for group in ["line breaks of the payload", "the encoding of the payload"] {
        assert!(tried.contains(group), "{tried}");
    }
    assert!(!tried.contains("byte order mark of the payload"), "{tried}");
}

#[test]
fn names_the_file_that_was_given_without_an_at_sign() {
    let world = World::new().file("body.json", "body");
    let outcome = world.run(format!("verify --json {} --payload body.json", encoded("body")));
    assert_eq!(outcome.status, 1);
    let hint = "`body.json` is the name of a file: write --payload @body.json to read it";
    assert_eq!(outcome.json()["hints"][0], hint);
    assert_eq!(world.run(format!("verify {} --payload @body.json", encoded("body"))).status, 0);
    let signs = world.run("encode --detached --payload body.json");
    assert_eq!((signs.status, signs.stderr.as_str()), (0, &*format!("hint: {hint}\n")));
}

/// The algorithms with a key for each, and whether they sign digests.
fn keys() -> Vec<(Algorithm, Key)> {
    let key = |algorithm: &Algorithm| Key::generate(*algorithm, Some(2048)).unwrap();
    Algorithm::ALL.iter().map(|algorithm| (*algorithm, key(algorithm))).collect()
}

#[test]
fn reads_a_payload_larger_than_max_size_in_pieces() {
    let payload = "0123456789".repeat(1000);
    for (algorithm, key) in keys() {
        let jwk = fob::core::json::Value::Object(jwk::write(&key, Half::Private).unwrap()).to_string();
        let world =
            World::bare().file("key", jwk).file("body", &payload).file("other", payload.replace('5', "6"));
        for option in ["", "--no-b64"] {
            let made =
                world.run(format!("encode --detached {option} --alg {algorithm} --key key --payload @body"));
            let token = made.text().trim_end().to_owned();
            let held = world.run(format!("verify --key key {token} --payload @body"));
            assert_eq!(held.status, 0, "{algorithm}: {}", held.text());
            let outcome =
                world.run(format!("verify --json --key key {token} --payload @body --max-size 8000"));
            if algorithm.digest_bytes().is_none() {
                assert_eq!(outcome.status, 2, "{algorithm}");
                let error = format!(
                    "error: {algorithm} needs the whole payload in memory, but it is larger than 8000 bytes\n\
                     hint: raise --max-size\n"
                );
                assert_eq!(outcome.stderr, error);
                continue;
            }
            assert_eq!((outcome.status, outcome.reasons()), (0, vec![]), "{algorithm}: {}", outcome.text());
            assert_eq!(outcome.json()["detached"], json!({"bytes": 10_000, "claims": false}));
            let detail = "no claims were judged: the payload is larger than --max-size";
            assert_eq!(check(&outcome.json(), "claims")["detail"], detail);
            let outcome =
                world.run(format!("verify --json --key key {token} --payload @other --max-size 8000"));
            assert_eq!(outcome.reasons(), ["bad_signature"], "{algorithm}");
            assert_eq!(outcome.json()["hints"], json!([]), "nothing else was tried");
        }
    }
}

#[test]
fn an_option_that_needs_claims_refuses_a_payload_that_is_read_in_pieces() {
    let payload = format!(r#"{{"aud":"api","exp":1,"x":"{}"}}"#, "x".repeat(500));
    let token = encoded(&payload);
    let world = World::new().file("body", &payload);
    for option in [
        "--aud api",
        "--iss me",
        "--sub a",
        "--jti 1",
        "--claim a=b",
        "--require a",
        "--max-age 1h",
        "--strict",
        "--token-type access",
        "--get aud",
    ] {
        let outcome = world.run(format!("verify {token} --payload @body --max-size 200 {option}"));
        let name = option.split(' ').next().unwrap();
        outcome.refused(
            2,
            &format!(
                "error: {name} needs claims, but the payload is larger than 200 bytes, so no claims are judged\n\
                 hint: raise --max-size to hold the payload in memory\n"
            ),
        );
    }
    let outcome = world.run(format!("verify {token} --payload @body --max-size 200"));
    assert_eq!(outcome.status, 0, "{}", outcome.text());
    assert!(
        outcome.stderr.starts_with("warning: the payload begins like a JSON object"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.text().ends_with("(528 bytes), no claims were judged\n"), "{}", outcome.text());
    let held = world.run(format!("verify --json {token} --payload @body --aud api"));
    assert_eq!((held.status, held.reasons()), (3, vec!["expired".to_owned()]));
}

#[test]
fn tries_several_keys_on_a_payload_that_is_read_in_pieces() {
    let payload = "x".repeat(500);
    let jwk = |secret: &str| format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(secret));
    let world = World::bare()
        .file("one", jwk("another-secret-that-has-32-bytes"))
        .file("two", jwk(SECRET))
        .file("three", jwk("one-more-secret-of-thirty-two-b!"))
        .file("body", &payload);
    let verify = |keys: &str| {
        world.run(format!("verify --json {} --payload @body --max-size 200 {keys}", encoded(&payload)))
    };
    assert_eq!(verify("--key one --key two").status, 0);
    assert_eq!(verify("--key two --key three").status, 0);
    let none = verify("--key one --key three");
    assert_eq!((none.status, none.reasons()), (1, vec!["bad_signature".to_owned()]));
    let detail = "not the HS256 signature of this token by any of the 2 keys that fit";
    assert_eq!(check(&none.json(), "signature")["detail"], detail);
    let refused = verify("--key two --alg HS512");
    assert_eq!(refused.reasons(), ["alg_not_allowed"]);
}

#[test]
fn a_suite_names_the_payload_of_a_case() {
    let world =
        World::new().file("s/bodies/one.json", "body").file("s/two", r#"{"aud":"api"}"#).file("out", "body");
    let suite = |case: &str| {
        let (one, two) = (encoded("body"), unencoded(r#"{"aud":"api"}"#));
        let case = case.replace("ONE", &one).replace("TWO", &two).replace("WHOLE", &token("{}"));
        world
            .clone()
            .file("s/suite.toml", format!("[[cases]]\nname = 'c'\n{case}"))
            .run("verify --suite s/suite.toml --allow store")
    };
    for case in [
        "token = 'ONE'\npayload = 'bodies/one.json'\nexpect = 'accepted'",
        "token = 'ONE'\npayload = './bodies/one.json'\naud = 'api'\nexpect = 'claim_missing:aud'",
        "token = 'TWO'\npayload = 'two'\naud = 'api'\nexpect = 'accepted'",
        "token = 'TWO'\npayload = 'bodies/one.json'\nexpect = 'bad_signature'",
        "token = 'ONE'\nexpect = 'detached'",
        "token = 'TWO'\nexpect = 'crit_unsupported'",
    ] {
        let outcome = suite(case);
        assert_eq!(outcome.status, 0, "{case}: {}{}", outcome.text(), outcome.stderr);
    }
    for (case, error) in [
        (
            "token = 'ONE'\npayload = '../out'",
            "5:11: `payload` names ../out, which is not in the folder of the suite",
        ),
        (
            "token = 'ONE'\npayload = '/out'",
            "5:11: `payload` names /out, which is not in the folder of the suite",
        ),
        ("token = 'ONE'\npayload = 'none'", "5:11: no file none"),
        ("token = 'ONE'\npayload = 7", "5:11: `payload` must be a path, not a number"),
        (
            "token = 'WHOLE'\npayload = 'two'",
            "1:1: the token holds its payload, but --payload is for a token without its payload",
        ),
        (
            "token = 'ONE'\npayload = 'two'\nstore = 'a.db'",
            "1:1: a store takes no tokens with a detached payload",
        ),
        ("token = 'ONE'\npayload = 'two'\nmax-size = 12", "1:1: the payload is larger than 12 bytes"),
    ] {
        let case = case.replace("\npayload", "\nexpect = 'accepted'\npayload");
        let outcome = suite(&case);
        assert_eq!(outcome.status, 2, "{case}: {}", outcome.text());
        let start = format!("error: s/suite.toml:{error}");
        assert!(outcome.stderr.starts_with(&start), "{case}: {}", outcome.stderr);
    }
}

/// Returns a document whose signatures are those of these tokens.
fn document_of(tokens: &[String]) -> Value {
    let signature = |token: &String| {
        let (header, signature) = token.split_once("..").unwrap();
        json!({"protected": header, "signature": signature})
    };
    json!({"signatures": tokens.iter().map(signature).collect::<Vec<_>>()})
}

#[test]
fn all_signatures_of_a_document_cover_the_same_encoding() {
    let run = |tokens: &[String], options: &str| {
        let world = World::new().file("t.json", document_of(tokens).to_string()).file("body", "{}");
        world.run(format!("verify --json @t.json --payload @body {options}"))
    };
    for tokens in [[encoded("{}"), encoded("{}")], [unencoded("{}"), unencoded("{}")]] {
        assert_eq!(run(&tokens, "").reasons(), [""; 0]);
    }
    for tokens in [[encoded("{}"), unencoded("{}")], [unencoded("{}"), encoded("{}")]] {
        for options in ["", "--signatures any"] {
            let outcome = run(&tokens, options);
            assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:b64".to_owned()]));
        }
    }
    // The option that the hint names takes such a payload.
    let run = |options: &str| {
        let world = World::new().file("t.json", document_of(&[encoded([b'x'; 3000])]).to_string());
        world.file("body", [b'x'; 3000]).run(format!("verify @t.json --payload @body {options}"))
    };
    let outcome = run("--max-size 2000");
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.ends_with("hint: raise --max-size\n"), "{}", outcome.stderr);
    assert_eq!(run("--max-size 4000").status, 0);
}

#[test]
fn a_store_knows_an_unencoded_payload_by_its_jti() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!(
        "verify --json --once --store {} --signatures all -",
        folder.path().join("store.db").display()
    );
    let once = |payload: &str| {
        let token = unencoded(payload);
        let (header, signature) = token.split_once("..").unwrap();
        let document = json!({"protected": header, "payload": payload, "signature": signature});
        World::with_stores().stdin(document.to_string()).run(&line).reasons().join(" ")
    };
    assert_eq!(once(r#"{"sub":"alice"}"#), "claim_missing:jti");
    for payload in [r#"{"jti":"1"}"#, r#"{"jti":"2"}"#] {
        assert_eq!(once(payload), "");
        assert_eq!(once(payload), "reused");
    }
}
