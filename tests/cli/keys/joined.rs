//! `fob key show --format jwks`: several key files and text secrets become one set, with one secret per user.

use crate::keys::algorithms::{new_key, shown};
use crate::support::world::{World, payload};
use serde_json::{Value, json};

const ALICE: &str = "alice-3f9c1e7a5b2d4860";
const BOB: &str = "bob-77d0a4c2e9b14f35";

/// A world with the secrets of two users, and keys in other forms.
fn world() -> World {
    World::bare()
        .file("alice.txt", format!("{ALICE}\n"))
        .file("bob.txt", BOB)
        .file("es.jwk", new_key("ES256"))
        .file("named.jwk", crate::keys::sets::named("HS256", "carol"))
}

/// Returns the IDs of the keys in a set, and their types.
fn ids(set: &Value) -> Vec<(Value, Value)> {
    let keys = set["keys"].as_array().unwrap().iter();
    keys.map(|key| (key["kid"].clone(), key["kty"].clone())).collect()
}

#[test]
fn makes_a_set_of_the_secrets_of_users_that_verifies_their_tokens() {
    let world = world();
    let made = world.run("key show --format jwks --private --kid alice alice.txt --kid bob bob.txt");
    assert_eq!(made.stderr, "");
    assert_eq!(
        made.json(),
        json!({"keys": [
            {"kty": "oct", "k": "YWxpY2UtM2Y5YzFlN2E1YjJkNDg2MA", "kid": "alice"},
            {"kty": "oct", "k": "Ym9iLTc3ZDBhNGMyZTliMTRmMzU", "kid": "bob"},
        ]})
    );
    let world = world.file("set.json", made.text());
    let verify = |user: &str, secret: &str| {
        let token = world.run(format!("encode -q -c user_id={user} --secret-file {secret}"));
        let outcome =
            world.run(format!("verify --json --kid-claim user_id --key set.json {}", token.text().trim()));
        (outcome.status, outcome.reasons())
    };
    assert_eq!(verify("alice", "alice.txt"), (0, Vec::new()));
    assert_eq!(verify("bob", "bob.txt"), (0, Vec::new()));
    assert_eq!(verify("alice", "bob.txt"), (1, vec!["bad_signature".to_owned()]));
    assert_eq!(verify("carol", "bob.txt"), (1, vec!["key_not_found".to_owned()]));
    // The set mints and refreshes the tokens of each user, too.
    let pair = world.run("pair -q --json --key set.json --kid-claim user_id --user-id bob").json();
    let refresh = pair["refresh"].as_str().unwrap();
    let access = world.run(format!("refresh -q --key set.json --kid-claim user_id {refresh}"));
    let outcome = world.run(format!("verify -q --secret-file bob.txt {}", access.result()));
    assert_eq!(outcome.status, 0);
    assert!(payload(access.result()).contains(r#""user_id":"bob""#));
}

#[test]
fn pairs_ids_and_files_in_their_order() {
    let world = world();
    for line in [
        "--kid alice alice.txt --kid bob bob.txt",
        "--kid alice --kid bob alice.txt bob.txt",
        "alice.txt bob.txt --kid alice --kid bob",
        "alice.txt --kid alice bob.txt --kid bob",
    ] {
        let set = world.run(format!("key show --format jwks --private {line}")).json();
        assert_eq!(set["keys"][0]["k"], "YWxpY2UtM2Y5YzFlN2E1YjJkNDg2MA", "{line}");
        assert_eq!(ids(&set), [(json!("alice"), json!("oct")), (json!("bob"), json!("oct"))], "{line}");
    }
}

#[test]
fn takes_keys_of_every_form_and_keeps_their_ids() {
    let world = world();
    let public = world.run("key show -q --format jwks es.jwk --kid second es.jwk").json();
    assert_eq!(ids(&public), [(Value::Null, json!("EC")), (json!("second"), json!("EC"))]);
    assert!(public["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none()));
    let line = "key show -q --format jwks --private named.jwk --kid e es.jwk --kid alice alice.txt";
    let whole = world.run(line);
    let expected =
        [("carol", "oct"), ("e", "EC"), ("alice", "oct")].map(|(kid, kty)| (json!(kid), json!(kty)));
    assert_eq!(ids(&whole.json()), expected);
    assert!(whole.json()["keys"][1]["d"].is_string());
    // A set is taken apart: all of its keys, or the one that is named.
    let world = world.file("set.json", whole.text());
    let line = "key show -q --format jwks --private set.json --kid bob bob.txt";
    assert_eq!(world.run(line).json()["keys"].as_array().unwrap().len(), 4);
    let one = world.run("key show -q --format jwks --private --kid alice set.json").json();
    assert_eq!(ids(&one), [(json!("alice"), json!("oct"))]);
    let pem = shown(&new_key("ES256"), "--private --format pem");
    let set = world.file("key.pem", pem).run("key show -q --format jwks --kid p key.pem").json();
    assert_eq!(ids(&set), [(json!("p"), json!("EC"))]);
}

#[test]
fn refuses_the_same_id_twice() {
    let world =
        world().file("two.json", format!(r#"{{"keys":[{}]}}"#, crate::keys::sets::named("HS256", "bob")));
    for (line, kid, first, second) in [
        ("--kid alice alice.txt --kid alice bob.txt", "alice", "alice.txt", "bob.txt"),
        ("--kid carol alice.txt named.jwk", "carol", "alice.txt", "named.jwk"),
        ("two.json --kid bob bob.txt", "bob", "two.json", "bob.txt"),
    ] {
        world.run(format!("key show --format jwks --private {line}")).refused(
            2,
            &format!(
                "error: two keys have the ID `{kid}`: one from {first}, one from {second}\n\
                 hint: give each key an ID of its own: --kid KID before its file\n"
            ),
        );
    }
}

#[test]
fn never_prints_a_secret_without_private() {
    let world = world();
    for options in ["", "--public"] {
        world
            .run(format!("key show --format jwks {options} --kid alice alice.txt --kid bob bob.txt"))
            .refused(
                2,
                "error: alice.txt contains a secret, which has no public half\n\
             hint: print the secret itself with --private\n",
            );
    }
}

#[test]
fn refuses_what_is_no_key_and_no_secret() {
    let world = world()
        .file("empty.txt", "\n")
        .file("env.txt", "JWT_SECRET=hunter2\n")
        .file("lines.txt", "first line\nsecond line\n")
        .file("page.txt", "<html></html>")
        .file("pem.txt", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    for name in ["empty.txt", "env.txt", "lines.txt", "page.txt", "pem.txt"] {
        let outcome = world.run(format!("key show --format jwks --private --kid a {name}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{name}");
        assert!(
            outcome.stderr.starts_with(&format!("error: the key from {name} cannot be used")),
            "{}",
            outcome.stderr
        );
    }
    world.run("key show --format jwks --private alice.txt --kid bob bob.txt").refused(
        2,
        "error: alice.txt contains no key; if it is a secret, it needs a key ID\n\
         hint: give the ID before the file: --kid KID PATH\n",
    );
    world
        .run("key show --format jwks --private --kid other named.jwk")
        .refused(2, "error: named.jwk contains no key with ID `other`\n");
    for line in ["es.jwk alice.txt --kid alice", "--kid a --kid b --kid c es.jwk"] {
        let outcome = world.run(format!("key show --format jwks --private {line}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
        let hint = "\nhint: give each --kid before the file of its key\n";
        assert!(
            outcome.stderr.starts_with("error: no file follows --kid ") && outcome.stderr.ends_with(hint)
        );
    }
    for line in ["--public es.jwk named.jwk", "--format jwk es.jwk named.jwk", "--private es.jwk named.jwk"] {
        let what = "error: several key files were given\nhint: make one set of them with --format jwks\n";
        world.run(format!("key show {line}")).refused(2, what);
    }
}
