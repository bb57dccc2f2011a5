//! Wrapped keys are read in the same way from a file, from standard input and from `FOB_KEY`.

use crate::keys::algorithms::{forms, new_key, shown};
use crate::support::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/vectors/forms/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Returns the members of a JWK as bytes.
fn member(jwk: &str, name: &str) -> Vec<u8> {
    let jwk: Value = serde_json::from_str(jwk).unwrap();
    URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap()
}

/// Returns private keys in every wrapping, as text.
fn wrapped_keys() -> Vec<(&'static str, String)> {
    let pem = text("ed25519.pk8.pem");
    let jwk = new_key("EdDSA");
    let quoted = Value::String(pem.clone());
    let p256 = new_key("ES256");
    let point = [vec![4], member(&p256, "x"), member(&p256, "y")].concat();
    let ed25519 = [member(&jwk, "d"), member(&jwk, "x")].concat();
    vec![
        ("a PEM", pem.clone()),
        ("Base64 of a PEM", STANDARD.encode(&pem)),
        ("Base64 of Base64", STANDARD.encode(STANDARD.encode(&pem))),
        ("`\\n`", pem.replace('\n', "\\n")),
        ("`\\r\\n`", pem.replace('\n', "\\r\\n")),
        ("`\\\\n`", pem.replace('\n', "\\\\n")),
        ("`/n`", pem.replace('\n', "/n")),
        ("blanks", pem.replace('\n', " ")),
        ("quotes", format!("\"{}\"", pem.trim_end())),
        ("a byte order mark", format!("\u{feff}{pem}")),
        ("a JSON string", quoted.to_string()),
        ("a service account", json!({"type": "service_account", "private_key_id": "k", "private_key": pem}).to_string()),
        ("a member", json!({ "key": pem }).to_string()),
        ("a JWK in a member", json!({ "jwk": serde_json::from_str::<Value>(&jwk).unwrap() }).to_string()),
        ("a map", json!({ "a1": pem }).to_string()),
        ("an array", format!("[{jwk}]")),
        ("Hasura's secret", r#"{"type":"HS256","key":"zebra-crossing-at-eleven-minutes"}"#.to_owned()),
        ("a VAPID pair", json!({"publicKey": URL_SAFE_NO_PAD.encode(point), "privateKey": URL_SAFE_NO_PAD.encode(member(&p256, "d"))}).to_string()),
        ("a raw Ed25519 key", STANDARD.encode(ed25519)),
        ("an OpenSSH key", text("ed25519.openssh")),
    ]
}

#[test]
fn every_key_that_the_key_option_takes_is_refused_as_an_hmac_secret() {
    let is_key = |(form, _): &(&str, String)| *form != "Hasura's secret";
    for (form, key) in wrapped_keys().into_iter().filter(is_key) {
        let encoded = STANDARD.encode(&key);
        let utf_16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let world = World::bare().file("plain", &key).file("encoded", &encoded).file("utf-16", &utf_16);
        for (file, format) in [
            ("plain", "raw"),
            ("plain", "text"),
            ("encoded", "base64"),
            ("encoded", "raw"),
            ("utf-16", "raw"),
        ] {
            let line = format!("encode --secret-file {file} --secret-format {format}");
            let outcome = world.run(&line);
            assert_eq!(outcome.status, 2, "{form}, {file}, {format}: {}", outcome.stderr);
            assert!(outcome.stderr.starts_with("error: key_mismatch:kty: "), "{form}: {}", outcome.stderr);
        }
    }
}

#[test]
fn a_public_point_is_refused_as_an_hmac_secret_before_and_after_decoding() {
    let p256 = new_key("ES256");
    let point = URL_SAFE_NO_PAD.encode([vec![4], member(&p256, "x"), member(&p256, "y")].concat());
    for format in ["text", "raw", "base64", "base64url"] {
        let outcome = World::bare()
            .file("key", &point)
            .run(format!("encode --secret-file key --secret-format {format}"));
        assert_eq!(outcome.status, 2, "{format}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: key_mismatch:kty: "), "{format}: {}", outcome.stderr);
    }
}

#[test]
fn a_file_and_the_variable_and_standard_input_take_the_same_forms() {
    for (form, key) in wrapped_keys() {
        let by_file = World::bare().file("key", &key);
        let by_variable = World::bare().env("FOB_KEY", &key);
        let token = by_file.run("encode --key key --sub alice").result().to_owned();
        assert!(!token.is_empty(), "{form}");
        for (world, option) in
            [(&by_file, "--key key"), (&by_variable, ""), (&by_file.clone().stdin(&key), "--key -")]
        {
            assert_eq!(world.run(format!("encode {option} --sub alice")).status, 0, "{form} {option}");
            let mut json = world.run(format!("verify --json {option} {token}")).json();
            assert_eq!(json["verdict"], "accepted", "{form} {option}: {json}");
            json["key"]["source"].take();
            let mut other = by_file.run(format!("verify --json --key key {token}")).json();
            other["key"]["source"].take();
            assert_eq!(json["key"], other["key"], "{form} {option}");
        }
    }
}

#[test]
fn the_variable_says_why_its_text_is_not_a_key() {
    for (value, why) in [
        ("<html><body>Sign in</body></html>", "it is a web page (HTML)"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@host", "it is an SSH public key"),
        ("----BEGIN PUBLIC KEY----\nMCow\n----END PUBLIC KEY----", "need five hyphens"),
        ("[]", "neither a JWK"),
    ] {
        let outcome = World::bare().env("FOB_KEY", value).run("encode");
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        assert!(outcome.stderr.contains(why), "{value}: {}", outcome.stderr);
    }
    // A text that may be a path is used as a path.
    let neither = "error: FOB_KEY contains neither a key nor the path of a readable file: entity not found\n";
    for (value, hint) in [
        ("hunter2", "hint: for an HMAC secret, set FOB_SECRET in place of FOB_KEY\n"),
        (
            "3EK6FD+o0/c7tzBNVfjpMkNDi2yARAAK",
            "hint: for an HMAC secret, set FOB_SECRET in place of FOB_KEY\n",
        ),
        ("/keys/signer", ""),
        ("signer.pem", ""),
    ] {
        World::bare().env("FOB_KEY", value).run("encode").refused(2, &format!("{neither}{hint}"));
    }
    // The hint is followed.
    assert_eq!(World::bare().env("FOB_SECRET", "hunter2").run("encode").status, 0);
}

#[test]
fn does_not_read_the_text_of_a_wrapped_key_as_a_path() {
    for (form, key) in wrapped_keys() {
        // Text with a byte order mark or a raw value is recognized by its content alone.
        let outcome = World::bare().run_words(&["encode", "--key", &key]);
        assert_eq!(outcome.status, 2, "{form}");
        assert!(
            outcome.stderr.starts_with("error: --key takes the path of a key, not its text\n"),
            "{form}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn the_dates_of_a_certificate_are_judged_in_every_wrapping() {
    let certificate = text("p256.cert.pem");
    let token =
        forms().run("encode --key p256.pk8.pem --no-iat --kid a1 --exp 2040-01-01").result().to_owned();
    let body: String = certificate.lines().filter(|line| !line.starts_with("-----")).collect();
    let x5c = json!({"kty": "EC", "crv": "P-256", "x5c": [body]}).to_string();
    let mut both: Value = serde_json::from_str(&shown(&text("p256.spki.pem"), "--public")).unwrap();
    both["x5c"] = json!([body]);
    for (form, key) in [
        ("a PEM", certificate.clone()),
        ("Base64", STANDARD.encode(&certificate)),
        ("a map", json!({ "a1": certificate }).to_string()),
        ("a JWK with x5c alone", x5c),
        ("a JWK with its numbers and x5c", both.to_string()),
    ] {
        let world = World::bare().file("key", key);
        for (at, code) in [
            ("2024-06-01", Some("key_weak:certificate_not_yet_valid")),
            ("2030-06-01", None),
            ("2035-06-01", Some("key_weak:certificate_expired")),
        ] {
            let run =
                |options: &str| world.run(format!("verify --json --key key --at {at} {options} {token}"));
            let outcome = run("");
            assert_eq!(outcome.status, 0, "{form} {at}: {}", outcome.text());
            assert_eq!(
                outcome.json()["warnings"],
                json!(code.into_iter().collect::<Vec<_>>()),
                "{form} {at}"
            );
            let strict = run("--strict");
            assert_eq!(
                strict.reasons(),
                code.into_iter().map(str::to_owned).collect::<Vec<_>>(),
                "{form} {at}"
            );
            assert_eq!(strict.status, u8::from(code.is_some()), "{form} {at}");
        }
    }
}

#[test]
fn names_cut_zeros_only_if_they_are_the_cause() {
    // The x of this point begins with a zero byte.
    let jwk = loop {
        let jwk = new_key("ES256");
        if member(&jwk, "x")[0] == 0 {
            break jwk;
        }
    };
    let public: Value = serde_json::from_str(&shown(&jwk, "--public")).unwrap();
    let token = World::bare().stdin(&jwk).run("encode --key -").result().to_owned();
    let detail = |x: &[u8]| {
        let mut key = public.clone();
        key["x"] = json!(URL_SAFE_NO_PAD.encode(x));
        let outcome =
            World::bare().file("key", key.to_string()).run(format!("verify --json --key key {token}"));
        assert_eq!(outcome.reasons(), ["key_mismatch:crv"]);
        let checks = outcome.json()["checks"].clone();
        let check = checks.as_array().unwrap().iter().find(|check| check["name"] == "key").unwrap();
        check["detail"].as_str().unwrap().to_owned()
    };
    let x = member(&jwk, "x");
    assert_eq!(detail(&x[1..]), "its `x` has 31 bytes, but P-256 needs 32: its leading zeros were cut off");
    assert_eq!(detail(&x[..31]), "its `x` has 31 bytes, but P-256 needs 32");
}
