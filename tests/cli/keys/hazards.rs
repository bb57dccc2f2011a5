//! Mistakes and attacks with keys: texts given where paths belong, encoded keys used as secrets, hostile names.

use crate::keys::algorithms::{forms, new_key};
use crate::support::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

#[test]
fn a_key_given_as_a_path_is_not_repeated() {
    let jwk = new_key("ES256");
    let words = |words: &[&str]| forms().run_words(words);
    let at = format!("@{jwk}");
    for line in [
        &["encode", "--secret-file", &jwk][..],
        &["encode", "--key-password-file", &jwk, "--key", "p256.enc-sha256.pem"],
        &["verify", "-s", "x", &at],
        &["key", "show", &jwk],
        &["encode", "--key", &jwk],
    ] {
        let outcome = words(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line:?}");
        assert!(!outcome.stderr.contains("\"d\""), "{}", outcome.stderr);
    }
    let text = std::fs::read_to_string("tests/vectors/forms/p256.pk8.pem").unwrap();
    for line in [&["encode", &text][..], &["key", "show", &text], &["decode", "x", &text]] {
        let outcome = words(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line:?}");
        assert!(!outcome.stderr.contains("MIGH"), "{}", outcome.stderr);
    }
}

#[test]
fn the_value_of_a_variable_is_not_repeated() {
    for value in ["hunter22-hunter22", "c2VjcmV0LXNlY3JldA=="] {
        let outcome = World::bare().env("FOB_KEY", value).run("encode");
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        assert!(!outcome.stderr.contains(value), "{}", outcome.stderr);
        assert!(
            outcome.stderr.starts_with("error: FOB_KEY contains neither a key nor the path"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn reads_a_pem_on_one_line() {
    let text = std::fs::read_to_string("tests/vectors/forms/p256.pk8.pem").unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    for value in [text.replace('\n', "\\n"), body] {
        assert_eq!(World::bare().env("FOB_KEY", &*value).run("encode").status, 0, "{value}");
    }
}

#[test]
fn an_encoded_key_used_as_hmac_secret_is_refused() {
    let text = std::fs::read_to_string("tests/vectors/forms/p256.spki.pem").unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let hex: String = STANDARD.decode(body).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let jwk = forms().run("key show --public p256.spki.pem").result().to_owned();
    for secret in [STANDARD.encode(&text), hex, STANDARD.encode(&jwk), format!("'{jwk}'")] {
        let outcome = World::bare().env("FOB_SECRET", &*secret).run("encode");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{secret}");
        assert!(
            outcome.stderr.starts_with("error: key_mismatch:kty: the secret contains "),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn encoded_secrets_may_be_broken_into_lines() {
    let wrapped = "bXkgc2VjcmV0IGlzIGxvbmcg\nZW5vdWdoIGZvciBIUzI1Ng==\n";
    let world = World::bare().file("wrapped", wrapped).file("whole", "my secret is long enough for HS256");
    let token = world.run("encode --secret-file wrapped --secret-format base64").result().to_owned();
    assert_eq!(world.run(format!("verify --secret-file whole {token}")).status, 0);
}

/// `World` checks the output of every run for control characters.
#[test]
fn names_in_keys_are_hostile_text() {
    let evil = "\\u001b[31mred\\u202e\\u200b\\n\\r\\u009b";
    let named = |members: &str| members.replace("EVIL", evil);
    for key in [
        r#"{"kty":"EVIL"}"#,
        r#"{"kty":"EC","crv":"EVIL"}"#,
        r#"{"kty":"OKP","crv":"EVIL"}"#,
        r#"{"kty":"AKP","alg":"EVIL","pub":"AA"}"#,
        r#"{"kty":"oct","k":"AAAA","kid":"EVIL","alg":"EVIL","use":"EVIL","key_ops":["EVIL"]}"#,
        r#"{"kty":"oct","k":"AAAA","EVIL":1,"EVIL":2}"#,
    ] {
        let key = named(key);
        for text in [key.clone(), format!(r#"{{"keys":[{key}]}}"#)] {
            let world = World::bare().file("key", text);
            for line in ["key show key", "key show --json key", "key show --public key", "encode --key key"] {
                world.run(line);
            }
            world.run("verify --key key eyJhbGciOiJIUzI1NiJ9.e30.AA");
            world.run("verify --json --key key eyJhbGciOiJIUzI1NiJ9.e30.AA");
        }
    }
}

#[test]
fn a_key_without_allowed_algorithms_says_why() {
    let key = r#"{"kty":"oct","k":"AAAA","use":"enc"}"#;
    let json = World::bare().file("key", key).run("key show --json key").json();
    assert_eq!(
        (&json["keys"][0]["reason"], &json["keys"][0]["algorithms"]),
        (&json!("key_mismatch:use"), &json!([]))
    );
    // Its digest would give so short a secret away.
    assert_eq!(json["keys"][0]["thumbprint"], json!(null));
}

#[test]
fn invalid_encryption_parameters_are_refused_before_the_password_is_asked() {
    let outcome = forms().person(&[]).run("encode --key p256.enc-scrypt-n0.der");
    assert_eq!((outcome.status, outcome.text(), outcome.questions.len()), (2, "", 0));
    assert!(
        outcome.stderr.contains("a key derivation function with invalid parameters"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_unreadable_key_is_not_replaced_by_a_key_without_key_id() {
    let key = new_key("HS256");
    let set = format!(r#"{{"keys":[{{"kty":"oct","kid":"a"}},{key}]}}"#);
    let world = World::bare().file("key", &key).file("set", set);
    let token = world.run("encode --key key --kid a").result().to_owned();
    assert_eq!(world.run(format!("verify --json --key set {token}")).reasons(), ["key_not_found"]);
}

#[test]
fn the_public_half_has_the_matching_operations() {
    let private = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\
                   \"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"key_ops\":OPS}";
    for (given, wanted) in [
        (json!(["sign"]), json!(["verify"])),
        (json!(["decrypt"]), json!(["encrypt"])),
        (json!(["deriveKey"]), json!([])),
        (json!([]), json!([])),
    ] {
        let world = World::bare().stdin(private.replace("OPS", &given.to_string()));
        assert_eq!(world.run("key show -q --public -").json()["key_ops"], wanted, "{given}");
    }
}
