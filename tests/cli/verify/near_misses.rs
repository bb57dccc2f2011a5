//! Follows the hint on each near miss of a secret or a token, and tests that the token then verifies.

use crate::support::world::{Outcome, World, signed_with};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::key::Key;
use fob::core::key::secret::Secret;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;
use fob::core::verify::doctor::{SECRET_MISSES, TOKEN_MISSES};

const FITS: &str = "the signature fits this secret";

/// A secret that misses narrowly.
struct Sample {
    /// The start of the hint, after the words that all hints share.
    hint: &'static str,
    /// The secret of the signer.
    real: &'static [u8],
    /// The secret of the user, and how it is given.
    given: (&'static [u8], &'static str),
    /// The secret that the hint tells the user to give, or `None` if the hint names only an option.
    followed: Option<&'static [u8]>,
}

const FILE: &str = "--secret-file key";

const fn sample(
    hint: &'static str,
    real: &'static [u8],
    given: &'static [u8],
    followed: Option<&'static [u8]>,
) -> Sample {
    Sample { hint, real, given: (given, FILE), followed }
}

const fn given_by(
    how: &'static str,
    hint: &'static str,
    real: &'static [u8],
    given: &'static [u8],
    followed: Option<&'static [u8]>,
) -> Sample {
    Sample { hint, real, given: (given, how), followed }
}

const SAMPLES: [Sample; 81] = [
    given_by("--secret-file key --secret-format raw", "without its line break", b"hello", b"hello\n", None),
    given_by("--secret-file key --secret-format raw", "without its line break", b"hello", b"hello\r\n", None),
    given_by("--secret-env KEY", "without the line break at its end", b"hello", b"hello\n", Some(b"hello")),
    sample("without the byte order mark", b"hello", b"\xEF\xBB\xBFhello\n", Some(b"hello")),
    sample("read as UTF-16", b"hello", b"\xFF\xFEh\0e\0l\0l\0o\0\r\0\n\0", Some(b"hello")),
    sample("read as UTF-16", b"hello", b"\xFE\xFF\0h\0e\0l\0l\0o", Some(b"hello")),
    sample("read as UTF-16", b"hello", b"h\0e\0l\0l\0o\0", Some(b"hello")),
    sample("without its prefix `base64:` and decoded", b"hello", b"base64:aGVsbG8=", None),
    sample("without its prefix `base64:`, taken", b"aGVsbG8=", b"base64:aGVsbG8=", Some(b"aGVsbG8=")),
    given_by("--secret-file key --secret-format base64", "taken as text", b"aGVsbG8=", b"aGVsbG8=", None),
    given_by("--secret-file key --secret-format hex", "taken as text", b"68656c", b"68656c", None),
    sample("with its line break", b"hello\n", b"hello\n", None),
    sample("decoded from base64: use", b"hello", b"aGVsbG8=", None),
    sample("decoded from base64: use", b"hello", b"aGVsbG8", None),
    sample("decoded from base64: use", b"\xFB\xFF", b"-_8", None),
    sample("decoded from hex", b"hello", b"68656c6c6f", None),
    sample("decoded from hex", b"hello", b"68656C6C6F\n", None),
    sample("without the white space", b"hello", b" hello \n", Some(b"hello")),
    sample("without the quotes", b"hello", b"\"hello\"", Some(b"hello")),
    sample("without the quotes", b"hello", b"'hello'\n", Some(b"hello")),
    sample("without its quotes and decoded from base64", b"hello", b"'aGVsbG8='", Some(b"aGVsbG8=")),
    sample("without its quotes and decoded from hex", b"hello", b"\"68656c6c6f\"", Some(b"68656c6c6f")),
    sample("without the quotes", b"hello", "\u{201c}hello\u{201d}".as_bytes(), Some(b"hello")),
    sample("without the quotes", b"hello", "\u{201e}hello\u{201c}".as_bytes(), Some(b"hello")),
    sample("without the quotes", b"hello", br#"\"hello\""#, Some(b"hello")),
    sample("without both pairs of quotes", b"hello", b"'\"hello\"'", Some(b"hello")),
    sample("without the quote at one of its ends", b"hello", b"\"hello", Some(b"hello")),
    sample("without the quote at one of its ends", b"hello", "hello\u{201d}\n".as_bytes(), Some(b"hello")),
    sample("decoded from hex, without its prefix `0x`", b"hello", b"0x68656c6c6f", Some(b"68656c6c6f")),
    sample("decoded from hex, without the marks", b"hello", b"68:65:6C:6C:6F\n", Some(b"68656C6C6F")),
    given_by("--secret-env KEY", "without the white space", b"hello", b"hello\r", Some(b"hello")),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"$env:KEY = \"hello\"\r\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"export KEY='hello'",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"KEY=\"hello\"\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"A=b\nexport KEY=hello\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone, with --secret-format base64",
        b"hello",
        b"KEY=aGVsbG8=",
        Some(b"aGVsbG8="),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone, with --secret-format hex",
        b"hello",
        b"KEY=68656c6c6f",
        Some(b"68656c6c6f"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"data:\n  a: b\n  key: hello\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        br#"{"a":"b","key":"hello"}"#,
        Some(b"hello"),
    ),
    sample("without the other lines: give that line alone", b"hello", b"a\nhello\n", Some(b"hello")),
    sample(
        "without the other lines: give that line alone, with --secret-format base64",
        b"hello",
        b"!\naGVsbG8=\n",
        Some(b"aGVsbG8="),
    ),
    sample(
        "without the other lines: give that line alone, with --secret-format hex",
        b"hello",
        b"!\n68656c6c6f\n",
        Some(b"68656c6c6f"),
    ),
    sample(
        "without the white space and the invisible characters",
        b"hello",
        "hello\u{a0}\n".as_bytes(),
        Some(b"hello"),
    ),
    sample(
        "without the white space and the invisible characters",
        b"hello",
        "hello\u{200b}".as_bytes(),
        Some(b"hello"),
    ),
    sample("without the quotes around it and the mark", b"hello", b"\"hello\";\n", Some(b"hello")),
    sample("without the `b` and the quotes", b"hello", b"b'hello'", Some(b"hello")),
    sample("without the `;` or `,` at its end", b"hello", b"hello;", Some(b"hello")),
    sample("without the `;` or `,` at its end", b"hello", b"hello,\n", Some(b"hello")),
    sample("without its prefix `whsec_`", b"hello", b"whsec_aGVsbG8=", Some(b"aGVsbG8=")),
    given_by(
        "--secret-file key --secret-format text",
        "read as the numbers",
        b"hello",
        b"[104, 101,108,108,111]",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"jwt.secret=hello\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"KEY=hello # prod\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"key: hello  # prod\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"environment:\n  - KEY=hello\n",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"'key' => 'hello',",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"KEY=hello;",
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        "KEY=hello\u{a0}\n".as_bytes(),
        Some(b"hello"),
    ),
    sample(
        "without the name before it, as in a .env file: give the value alone",
        b"hello",
        b"<add key=\"key\" value=\"hello\"/>",
        Some(b"hello"),
    ),
    sample("in double quotes", b"\"hello\"", b"hello", Some(b"\"hello\"")),
    sample("in single quotes", b"'hello'", b"hello", Some(b"'hello'")),
    sample("encoded in base64: ", b"aGVsbG8=", b"hello", Some(b"aGVsbG8=")),
    sample("encoded in base64 without padding", b"aGVsbG8", b"hello", Some(b"aGVsbG8")),
    sample("encoded in base64url with padding", b"Pj4-Pw==", b">>>?", Some(b"Pj4-Pw==")),
    sample("encoded in base64url: ", b"Pj4-Pw", b">>>?", Some(b"Pj4-Pw")),
    sample("encoded in base64 together", b"aGVsbG8K", b"hello", Some(b"aGVsbG8K")),
    sample("with the prefix `base64:`", b"base64:hello", b"hello", Some(b"base64:hello")),
    sample("encoded in base64 with the prefix", b"base64:aGVsbG8=", b"hello", Some(b"base64:aGVsbG8=")),
    sample("encoded in hex", b"68656c6c6f", b"hello", Some(b"68656c6c6f")),
    sample("encoded in upper-case hex", b"68656C6C6F", b"hello", Some(b"68656C6C6F")),
    sample("decoded from base64, without", b"hello", b"aGVsbG8K", Some(b"aGVsbG8=")),
    sample("decoded from base64 twice", b"hello", b"YUdWc2JHOD0=", Some(b"aGVsbG8=")),
    sample("decoded from base64 by a lenient decoder", b"iii", b"a!W*lp", Some(b"iii")),
    sample("with a line break after it", b"hello\n", b"hello", Some(b"hello\n")),
    sample("with a CRLF line break after it", b"hello\r\n", b"hello", Some(b"hello\r\n")),
    sample("with a carriage return", b"hello\r", b"hello", Some(b"hello\r")),
    sample("with a line break for each", b"a\nb", b"a\\nb", Some(b"a\nb")),
    sample("with `\\n` written out", b"a\\nb", b"a\nb", Some(b"a\\nb")),
    sample("with a byte order mark", b"\xEF\xBB\xBFhello", b"hello", Some(b"\xEF\xBB\xBFhello")),
    sample("encoded in UTF-16 (little endian): ", b"h\0i\0", b"hi", Some(b"h\0i\0")),
    sample("encoded in UTF-16 (big endian): ", b"\0h\0i", b"hi", Some(b"\0h\0i")),
    sample("encoded in UTF-16 (little endian) with", b"\xFF\xFEh\0i\0", b"hi", Some(b"\xFF\xFEh\0i\0")),
];

const BIG_ENDIAN_WITH_MARK: Sample =
    sample("encoded in UTF-16 (big endian) with", b"\xFE\xFF\0h\0i", b"hi", Some(b"\xFE\xFF\0h\0i"));

/// Signs an empty claims set with a secret that need not be text.
fn signed(secret: &[u8]) -> String {
    let input = format!("{}.e30", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#));
    let key = Key::hmac(Secret::new(secret.to_vec()), None, String::new());
    let mac = key.signer(Algorithm::Hs256).unwrap().sign(SigningInput::new(&input)).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(mac))
}

fn world(secret: &[u8]) -> World {
    World::bare().file("key", secret).env("KEY", String::from_utf8_lossy(secret).into_owned())
}

fn hints(outcome: &Outcome) -> Vec<String> {
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["bad_signature".to_owned()]));
    outcome.json()["hints"].as_array().unwrap().iter().map(|hint| hint.as_str().unwrap().to_owned()).collect()
}

/// Returns the `--secret-format` that a hint names, with its value.
fn named_format(hint: &str) -> Option<String> {
    let (_, rest) = hint.split_once("--secret-format ")?;
    Some(format!("--secret-format {}", rest.split(' ').next().unwrap()))
}

/// Returns the part of a hint that the table has. The part before it can name one of several secrets.
fn miss_of(said: &str) -> Option<&str> {
    let rest = said.strip_prefix("the signature fits ")?;
    if let Some((name, miss)) = rest.strip_prefix("the secret named `").and_then(|rest| rest.split_once("` "))
    {
        return ["KEY", "key"].contains(&name).then_some(miss);
    }
    rest.strip_prefix("line 2 of this secret ").or_else(|| rest.strip_prefix("this secret "))
}

#[test]
fn every_hint_about_a_secret_verifies_when_followed() {
    let mut seen = Vec::new();
    for Sample { hint, real, given: (given, how), followed } in SAMPLES.iter().chain([&BIG_ENDIAN_WITH_MARK])
    {
        let token = signed(real);
        let said = hints(&world(given).run(format!("verify --json {how} {token}")));
        let [said] = said.as_slice() else { panic!("{hint}: {said:?}") };
        let miss = miss_of(said).unwrap_or_else(|| panic!("{hint}: {said}"));
        assert!(miss.starts_with(hint), "{hint}: {said}");
        seen.push(miss.to_owned());
        // The option that the hint names replaces the one of the user.
        let source = how.split(" --secret-format").next().unwrap();
        let format = named_format(said).unwrap_or_default();
        assert!(followed.is_some() || !format.is_empty(), "{said}: nothing to follow");
        let line = format!("verify -q {source} {format} {token}");
        assert_eq!(world(followed.unwrap_or(given)).run(&line).status, 0, "{said}: {line}");
    }
    for miss in &SECRET_MISSES {
        assert!(seen.iter().any(|hint| hint == miss.hint), "no sample for: {}", miss.hint);
    }
}

#[test]
fn the_last_hint_names_only_what_was_tried() {
    let said = |given: &[u8]| {
        let said = hints(&world(given).run(format!("verify --json {FILE} {}", signed(b"something else"))));
        let [said] = said.as_slice() else { panic!("{said:?}") };
        said.clone()
    };
    let plain = said(b"hello!");
    assert_eq!(
        plain,
        "no variant of the secret or the token fits (tried: quotes, encoded base64, base64url and hex, `base64:`, lenient \
         base64, line breaks, byte order marks, UTF-16; a newline in the signed text, padding in the signed text)"
    );
    assert!(!plain.contains("white space") && !plain.contains("NAME="), "{plain}");
    assert!(said(b" hello! ").contains("white space"));
    assert!(said(b"NAME=hello!").contains("`NAME=` and `NAME:`"));
    for (given, group) in [(b"aGVsbG8=", "decoded base64"), (b"68656c6c", "decoded hex")] {
        assert!(said(given).contains(group) && !plain.contains(group), "{group}");
    }
}

/// Returns the DER encoding of an ECDSA signature.
fn der(signature: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap();
        let sign: &[u8] = if bytes[start] >= 0x80 { &[0] } else { &[] };
        let body = [sign, &bytes[start..]].concat();
        [&[2, u8::try_from(body.len()).unwrap()], body.as_slice()].concat()
    };
    let (r, s) = signature.split_at(signature.len() / 2);
    let body = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], body.as_slice()].concat()
}

/// Signs one text and returns a token of another.
fn token_of(
    key: &Key,
    algorithm: Algorithm,
    signed: &str,
    shown: &str,
    encode: impl Fn(&[u8]) -> String,
) -> String {
    let signature = key.signer(algorithm).unwrap().sign(SigningInput::new(signed)).unwrap();
    format!("{shown}.{}", encode(&signature))
}

#[test]
fn every_hint_about_a_token_verifies_when_followed() {
    let base64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let input =
        |header: &str| format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(r#"{"a":1}"#));
    let secret = Key::hmac(Secret::new(b"hello".to_vec()), None, String::new());
    let hs256 = input(r#"{"alg":"HS256"}"#);
    let hmac = |signed: &str, encode: &dyn Fn(&[u8]) -> String| {
        token_of(&secret, Algorithm::Hs256, signed, &hs256, encode)
    };
    let padded = {
        let pad = |part: &str| format!("{part}{}", "=".repeat((4 - part.len() % 4) % 4));
        hs256.split('.').map(pad).collect::<Vec<_>>().join(".")
    };
    assert_ne!(padded, hs256);
    let digest = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";
    let graph = token_of(
        &secret,
        Algorithm::Hs256,
        &input(&format!(r#"{{"alg":"HS256","nonce":"{digest}"}}"#)),
        &input(r#"{"alg":"HS256","nonce":"test"}"#),
        base64,
    );
    let p256 = World::bare().run("key new --alg ES256").result().to_owned();
    let value = fob::core::json::parse(p256.as_bytes()).unwrap();
    let ecdsa = fob::core::key::jwk::read(&value, "a test", fob::core::key::jwk::JwkOrigin::Alone).unwrap();
    let es256 = input(r#"{"alg":"ES256"}"#);
    let in_der = token_of(&ecdsa, Algorithm::Es256, &es256, &es256, |bytes| base64(&der(bytes)));
    // Each hint asks the signer for one of these. Only Graph can follow the last hint.
    let good = hmac(&hs256, &base64);
    let good_ecdsa = token_of(&ecdsa, Algorithm::Es256, &es256, &es256, base64);
    let standard = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    for (miss, token, followed) in [
        (
            "the hex digits of the signature were encoded",
            hmac(&hs256, &|mac| base64(hex(mac).as_bytes())),
            Some(&good),
        ),
        ("written in hex digits", hmac(&hs256, &hex), Some(&good)),
        ("Base64 twice", hmac(&hs256, &|mac| base64(standard(mac).as_bytes())), Some(&good)),
        ("DER-encoded", in_der, Some(&good_ecdsa)),
        ("a line break was signed", hmac(&format!("{hs256}\n"), &base64), Some(&good)),
        ("a CRLF line break", hmac(&format!("{hs256}\r\n"), &base64), Some(&good)),
        ("the padded text", hmac(&padded, &base64), Some(&good)),
        ("signed without its padding", format!("{padded}.{}", good.rsplit_once('.').unwrap().1), Some(&good)),
        ("`nonce`", graph, None),
    ] {
        let wanted = TOKEN_MISSES.iter().find(|entry| entry.hint.contains(miss)).unwrap();
        let is_ecdsa = followed == Some(&good_ecdsa);
        let world = World::bare().file("key", if is_ecdsa { p256.as_bytes() } else { b"hello" });
        let option = if is_ecdsa { "--key key" } else { FILE };
        let said = hints(&world.run(format!("verify --json --allow-padding {option} {token}")));
        assert_eq!(said, [wanted.hint], "{miss}");
        if let Some(followed) = followed {
            assert_eq!(world.run(format!("verify -q {option} {followed}")).status, 0, "{miss}");
        }
    }
    assert_eq!(TOKEN_MISSES.len(), 9, "a sample for each");
}

#[test]
fn a_key_of_type_oct_gets_the_same_hints_as_a_secret() {
    let token = signed_with("aGVsbG8", Algorithm::Hs256, br#"{"alg":"HS256"}"#, b"{}");
    let world = World::bare().file("key", r#"{"kty":"oct","k":"aGVsbG8"}"#);
    let said = hints(&world.run(format!("verify --json --key key {token}")));
    assert!(said[0].starts_with(&format!("{FITS} encoded in base64 without padding")), "{said:?}");
}

#[test]
fn a_key_with_another_key_id_says_whether_it_fits() {
    let key = World::bare().run("key new --alg ES256 --kid a").result().to_owned();
    let other = World::bare().run("key new --alg ES256 --kid a").result().to_owned();
    let world = World::bare().file("key", &key).file("other", &other);
    let token = world.run("encode --key key --kid b").result().to_owned();
    let said =
        |file: &str| world.run(format!("verify --json --key {file} {token}")).json()["hints"][0].clone();
    assert_eq!(said("key"), "this key verifies the signature: --kid b gives it that key ID");
    assert_eq!(world.run(format!("verify -q --key key --kid b {token}")).status, 0);
    assert_eq!(
        said("other"),
        "this key does not verify the signature either: get the key that the token names"
    );
}

#[test]
fn names_the_right_spelling_of_an_algorithm() {
    for (name, meant) in [("hs256", "HS256"), ("Hs512", "HS512"), ("rs256", "RS256"), ("eddsa", "EdDSA")] {
        let header = format!(r#"{{"alg":"{name}"}}"#);
        let token = signed_with("hello", Algorithm::Hs256, header.as_bytes(), b"{}");
        let outcome = World::bare().run(format!("verify --json -s hello {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["alg_unsupported".to_owned()]), "{name}");
        let hint = format!(
            "the header must name the algorithm `{meant}`, since letter case matters (RFC 7515 section 4.1.1): the signer \
             must write `{meant}`"
        );
        assert_eq!(outcome.json()["hints"], serde_json::json!([hint]));
    }
    let token = signed_with("hello", Algorithm::Hs256, br#"{"alg":"HS257"}"#, b"{}");
    assert_eq!(
        World::bare().run(format!("verify --json -s hello {token}")).json()["hints"],
        serde_json::json!([])
    );
}
