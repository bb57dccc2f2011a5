//! `--kid-claim`: a claim of the token, still unverified, selects the key of a set, as where every user has a secret.
//! What it selects is then the only key the token is checked with.

use crate::keys::sets::{named, set};
use crate::support::world::{Outcome, World, segment};
use serde_json::{Value, json};

/// A world with a set of one secret for each of three users.
fn world() -> World {
    World::bare().file("set", set(&[&named("HS256", "alice"), &named("HS256", "bob"), &named("HS256", "7")]))
}

fn encode(world: &World, claims: &str) -> String {
    world.run(format!("encode -q --no-iat --key set {claims}")).result().to_owned()
}

fn verify(world: &World, claim: &str, token: &str) -> Outcome {
    world.run(format!("verify --json --key set --kid-claim {claim} {token}"))
}

fn key_check(json: &Value) -> Value {
    json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "key").unwrap().clone()
}

#[test]
fn a_claim_selects_the_secret_of_its_user() {
    let world = world();
    for (claim, claims, kid) in [
        ("user", "-c user=alice", "alice"),
        ("user", "-c user=bob", "bob"),
        ("user", "-c user:=7", "7"),
        ("user", "-c user=7", "7"),
        ("sub", "--sub alice", "alice"),
        ("/ctx/user", "-c ctx:={\"user\":\"bob\"}", "bob"),
        ("/ctx/users/1", "-c ctx:={\"users\":[1,\"bob\"]}", "bob"),
    ] {
        let token = encode(&world, &format!("--kid-claim {claim} {claims}"));
        // The claim says which, so the header need not.
        assert_eq!(segment(&token, 0), r#"{"alg":"HS256","typ":"JWT"}"#);
        let outcome = verify(&world, claim, &token);
        let json = outcome.json();
        assert_eq!(
            (outcome.status, &json["verdict"], &json["key"]["kid"]),
            (0, &json!("accepted"), &json!(kid))
        );
        let detail = format!("an HMAC secret, 256 bits, from set, chosen by the unverified claim `{claim}`");
        assert_eq!(key_check(&json)["detail"], detail);
    }
}

#[test]
fn the_verdict_calls_the_claim_unverified() {
    let world = world();
    let token = encode(&world, "--kid-claim user -c user=alice");
    let outcome = world.run(format!("verify --key set --kid-claim user {token}"));
    assert_eq!(outcome.status, 0);
    assert!(outcome.text().contains("chosen by the unverified claim `user`"), "{}", outcome.text());
}

#[test]
fn rejects_a_signature_with_the_secret_of_another_user() {
    let world = world();
    // Bob says that he is Alice: he signs with his own secret.
    let token = encode(&world, "--kid bob -c user=alice");
    let outcome = verify(&world, "user", &token);
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["bad_signature".to_owned()]));
    assert_eq!(outcome.json().get("payload"), None);
}

#[test]
fn ignores_the_kid_of_the_header() {
    let world = world();
    let token = encode(&world, "--kid-claim user -c user=alice --header kid=bob");
    assert_eq!(segment(&token, 0), r#"{"alg":"HS256","typ":"JWT","kid":"bob"}"#);
    assert_eq!(verify(&world, "user", &token).status, 0);
    assert_eq!(world.run(format!("verify --json --key set {token}")).reasons(), ["bad_signature"]);
}

#[test]
fn rejects_a_claim_that_names_no_key() {
    let world = world();
    for (claims, detail) in [
        ("-c other=alice", "the token has no claim `user` that could name a key"),
        ("-c user:=null", "the token has no claim `user` that could name a key"),
        ("-c user:=true", "the token has no claim `user` that could name a key"),
        ("-c user:=[\"alice\"]", "the token has no claim `user` that could name a key"),
        (
            "-c user=carol",
            "the token asks for the key `carol`, but the set has `alice`, `bob`, `7`; chosen by the unverified claim `user`",
        ),
        (
            "-c user=Alice",
            "the token asks for the key `Alice`, but the set has `alice`, `bob`, `7`; chosen by the unverified claim `user`",
        ),
        (
            "-c user:=7.0",
            "the token asks for the key `7.0`, but the set has `alice`, `bob`, `7`; chosen by the unverified claim `user`",
        ),
    ] {
        let token = encode(&world, &format!("--kid alice {claims}"));
        let outcome = verify(&world, "user", &token);
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_not_found".to_owned()]), "{claims}");
        assert_eq!(key_check(&outcome.json())["detail"], detail);
    }
}

#[test]
fn a_claim_that_names_another_key_than_the_signer_used_is_in_the_hint() {
    let world = world();
    let token = world.run("encode --key set --kid alice -c user=bob").result().to_owned();
    let outcome = verify(&world, "user", &token);
    assert_eq!(outcome.reasons(), ["bad_signature"]);
    let hint = "the signature fits the key `alice` of the set: the claim `user` must be `alice`, or the signer used a wrong key";
    assert_eq!(outcome.json()["hints"][0], hint);
}

#[test]
fn rejects_minting_if_the_claim_names_no_key() {
    let world = world();
    world
        .run("encode --key set --kid-claim user -c user=carol")
        .refused(2, "error: no key is named `carol`\n");
    for claims in ["", "-c user:=true", "-c user:=null"] {
        world
            .run(format!("encode --key set --kid-claim user {claims}"))
            .refused(2, "error: the token has no claim `user` that could name a key\n");
    }
}

#[test]
fn kid_claim_conflicts_with_kid_and_needs_key_ids() {
    let outcome = world().run("encode --key set --kid-claim user --kid alice -c user=alice");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    World::new().run("encode --kid-claim user -c user=alice").refused(
        2,
        "error: --kid-claim chooses among the keys of a set, but a secret is a single key\n\
         hint: use --key with a JWK Set that has a secret for each user; `fob key show --format jwks` makes one\n",
    );
    let key = crate::keys::algorithms::new_key("HS256");
    for text in [key.clone(), format!(r#"{{"keys":[{key}]}}"#)] {
        World::bare().file("key", text).run("encode --key key --kid-claim user -c user=alice").refused(
            2,
            "error: --kid-claim chooses among keys with IDs, but no key has an ID\n\
             hint: use a JWK Set in which every key has a `kid`\n",
        );
    }
}

#[test]
fn accepts_a_single_key_with_a_kid_as_a_set() {
    let world = World::bare().file("set", named("ES256", "alice"));
    let token = encode(&world, "--kid-claim user -c user=alice");
    assert_eq!(verify(&world, "user", &token).status, 0);
    let token = encode(&world, "-c user=bob");
    assert_eq!(verify(&world, "user", &token).reasons(), ["key_not_found"]);
}

#[test]
fn pair_and_refresh_use_the_secret_of_the_user() {
    let world = world();
    let pair = world.run("pair --json --key set --kid-claim user_id --user-id alice").json();
    let (access, refresh) = (pair["access"].as_str().unwrap(), pair["refresh"].as_str().unwrap());
    assert_eq!(verify(&world, "user_id", access).json()["key"]["kid"], "alice");
    let next = world.run(format!("refresh --key set --kid-claim user_id {refresh}")).result().to_owned();
    assert_eq!(verify(&world, "user_id", &next).json()["key"]["kid"], "alice");
    let rotated =
        world.run(format!("refresh --json --rotate --key set --kid-claim user_id {refresh}")).json();
    assert_eq!(verify(&world, "user_id", rotated["refresh"].as_str().unwrap()).status, 0);
    // A refresh token of a user who has no secret is not found, and nothing is minted.
    let stranger = world.run("pair --json --key set --kid alice --user-id carol").json();
    let outcome = world.run(format!(
        "refresh --json --key set --kid-claim user_id {}",
        stranger["refresh"].as_str().unwrap()
    ));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_not_found".to_owned()]));
}
