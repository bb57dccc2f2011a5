//! Several `--key` options count as one set. The key that fits is used, and a key ID chooses among them.

use crate::keys::algorithms::{forms, new_key};
use crate::support::world::{World, signed};

fn with_kid(key: &str, kid: &str) -> String {
    key.trim_end().replacen('{', &format!("{{\"kid\":\"{kid}\","), 1)
}

fn mint(world: &World, options: &str) -> String {
    world.run(format!("encode --sub alice {options}")).result().to_owned()
}

/// Returns a world with two EC keys, an Ed25519 key and a secret.
fn world() -> World {
    World::bare()
        .file("old", new_key("ES256"))
        .file("new", new_key("ES256"))
        .file("other", new_key("ES256"))
        .file("ed", new_key("EdDSA"))
        .file("a", with_kid(&new_key("ES256"), "a"))
        .file("b", with_kid(&new_key("ES256"), "b"))
        .file("a2", with_kid(&new_key("ES256"), "a"))
}

#[test]
fn uses_the_key_that_verifies_the_signature() {
    let world = world();
    for signer in ["old", "new", "ed"] {
        let token = mint(&world, &format!("--key {signer}"));
        let outcome = world.run(format!("verify --json {token} --key old --key new -k ed"));
        assert_eq!((outcome.status, outcome.reasons()), (0, Vec::new()), "{signer}");
        assert_eq!(outcome.json()["key"]["source"], signer);
        assert_eq!(world.run(format!("verify -q {token} --key {signer} --key a")).status, 0);
    }
    let token = mint(&world, "--key new");
    let text = world.run(format!("verify {token} --key old --key new"));
    assert!(
        text.text().contains("from new, the first of 2 keys that verifies the signature"),
        "{}",
        text.text()
    );
}

#[test]
fn rejects_a_token_that_no_key_verifies() {
    let world = world();
    let token = mint(&world, "--key other");
    let outcome = world.run(format!("verify --json {token} --key old --key new --key ed"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["bad_signature".to_owned()]));
    let key = &outcome.json()["key"];
    assert_eq!((&key["source"], &key["kty"]), (&"old, new, ed".into(), &serde_json::Value::Null));
    let text = world.run(format!("verify {token} --key old --key new"));
    let detail = "not the ES256 signature of this token by any of the 2 keys that fit";
    assert!(text.text().contains(detail), "{}", text.text());
    let unsigned = signed(r#"{"alg":"none"}"#, "{}");
    assert_eq!(world.run(format!("verify -q {unsigned} --key old --key new")).status, 1);
    let hmac = signed(r#"{"alg":"HS256"}"#, "{}");
    let outcome = world.run(format!("verify --json {hmac} --key old --key new"));
    assert!(outcome.reasons().contains(&"alg_not_allowed".to_owned()), "{:?}", outcome.reasons());
}

#[test]
fn a_key_id_chooses_as_in_a_set() {
    let world = world();
    let token = mint(&world, "--key b");
    assert_eq!(world.run(format!("verify -q {token} --key a --key b")).status, 0);
    // The key ID names another key, so the right key is not tried.
    let renamed = mint(&world, "--key other --kid a");
    let outcome = world.run(format!("verify --json {renamed} --key a --key b --key other"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["bad_signature".to_owned()]));
    // Keys without a key ID are tried on a token whose key ID no key has.
    let foreign = mint(&world, "--key other --kid z");
    assert_eq!(world.run(format!("verify -q {foreign} --key a --key other --key old")).status, 0);
    let outcome = world.run(format!("verify --json {foreign} --key a --key b"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_not_found".to_owned()]));
}

#[test]
fn the_same_key_id_twice_is_an_error() {
    world().run("verify x.y.z --key a --key a2").refused(
        2,
        "error: two keys have the ID `a`: one from a, one from a2\nhint: leave out one of the --key options\n",
    );
}

#[test]
fn each_line_is_tried_with_every_key() {
    let world = world();
    let tokens = ["old", "new", "other"].map(|key| mint(&world, &format!("--key {key}")));
    let outcome = world.stdin(tokens.join("\n")).run("verify --lines --key old --key new");
    assert_eq!(outcome.text(), "accepted\naccepted\nrejected\tbad_signature\n");
}

#[test]
fn other_commands_take_one_key() {
    let outcome = forms().run("encode --key p256.pk8.pem --key p384.pk8.pem");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    assert!(outcome.stderr.contains("the token has one signature, but --key repeats"), "{}", outcome.stderr);
    for command in ["pair --user-id 7", "refresh x.y.z", "inspect x"] {
        let outcome = forms().run(format!("{command} --key p256.pk8.pem --key p384.pk8.pem"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{command}");
        assert!(outcome.stderr.contains("cannot be used multiple times"), "{}", outcome.stderr);
    }
}
