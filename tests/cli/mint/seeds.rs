//! Tests of `--seed`: random values are reproducible byte for byte, come with a warning, and are kept out of stores. The
//! expected bytes must never change, because fixtures of users are derived in the same way.

use crate::support::world::{Outcome, World, fob, payload};

const WARNING: &str = "warning: --seed 7 is for tests: the same number always gives the same keys and IDs\n";

/// Returns the output of a run that printed only the warning about seeds.
#[track_caller]
fn seeded(outcome: &Outcome) -> String {
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, WARNING), "{}", outcome.text());
    outcome.text().trim_end().to_owned()
}

/// Returns a new key, made in a world whose randomness is all zeros.
fn key(options: &str) -> String {
    seeded(&World::bare().run(format!("key new --seed 7 {options}")))
}

#[test]
fn a_token_is_reproducible() {
    let token = seeded(&fob("encode --sub alice --jti --seed 7"));
    assert_eq!(
        token,
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImp0aSI6Ijg1NjI2MmNlMGNlMjIwODE0MjZkNjExMjQzNzY5\
         ZDY1IiwiaWF0IjoxNzY5ODYwODAwfQ.qPKXgaTDi0augEOIGMs-1pDnuEB0L7TUoLrUTChEE-0"
    );
    assert_eq!(seeded(&fob("encode --sub alice --jti --seed 7")), token);
    let other = fob("encode --sub alice --jti --seed 8");
    assert_ne!(other.text().trim_end(), token);
    let later =
        World::new().at(1_769_860_801_i64).run("encode --sub alice --jti --seed 7 --at 2026-01-31T12:00:00Z");
    assert_eq!(seeded(&later), token);
}

#[test]
fn a_pair_is_reproducible_and_its_tokens_have_different_ids() {
    let pair = seeded(&fob("pair --user-id 7 --seed 7"));
    let ids: Vec<String> = pair
        .lines()
        .map(|line| {
            let claims: serde_json::Value =
                serde_json::from_str(&payload(line.split_whitespace().last().unwrap())).unwrap();
            claims["jti"].as_str().unwrap().to_owned()
        })
        .collect();
    // SHA-256 of fob/seed/7/pair/1/0, one half for each ID, with the six bits of a UUID set.
    assert_eq!(ids, ["4b58cc2d15014062ac4da26465e5a26e", "09d9c091bbb74a6ba6bfb6c1dfa00a3a"]);
    assert_eq!(seeded(&fob("pair --user-id 7 --seed 7")), pair);
    assert_ne!(fob("pair --user-id 7 --seed 8").text().trim_end(), pair);
}

#[test]
fn many_tokens_are_reproducible_with_any_number_of_threads() {
    let lines: String = (0..3000).map(|number| format!("{{\"n\":{number}}}\n")).collect();
    let run = |line: &str| {
        let outcome = World::new().stdin(&lines).run(line);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        assert!(outcome.stderr.starts_with(WARNING), "{}", outcome.stderr);
        outcome.stdout
    };
    let one = run("encode --lines --jti --seed 7 --threads 1");
    assert_eq!(run("encode --lines --jti --seed 7 --threads 4"), one);
    let tokens: Vec<&str> = std::str::from_utf8(&one).unwrap().lines().collect();
    let ids: std::collections::HashSet<String> = tokens
        .iter()
        .map(|token| {
            let claims: serde_json::Value = serde_json::from_str(&payload(token)).unwrap();
            claims["jti"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(ids.len(), 3000);
    // The first line gives the same token as its text on the command line.
    assert_eq!(seeded(&fob("encode '{\"n\":0}' --jti --seed 7")), tokens[0]);
}

#[test]
fn a_key_is_reproducible() {
    // SHA-256 of fob/seed/7/HS256/1/0 and so on. The public halves were computed with Python's cryptography package.
    for (algorithm, jwk) in [
        (
            "HS256",
            r#"{"kty":"oct","k":"dD9RAzoK77PGCwpqsTszLs3EtQ-nDzgkYengursARuY","alg":"HS256","use":"sig"}"#,
        ),
        (
            "ES256",
            r#"{"kty":"EC","crv":"P-256","x":"9lR8Qa1lEve9QrZ4aVcWiMc0-9X5Vc_vXor2RuagkPY","y":"8hD4n0MH1c9D9Yx4uvyCbiOuPWmVsPfxryvM_Q1XfUM","d":"p2NvhObVQ4AiUBZK3RrY-YhwdyNy3eqrlR63ZD5BfAk","alg":"ES256","use":"sig"}"#,
        ),
        (
            "ES384",
            r#"{"kty":"EC","crv":"P-384","x":"evhe8tObhbGGO_RkNQ42bIVqIUn2suCnfXOqL4mEnAIIe4E9EmmPB7J2ansC-ZF-","y":"anU0QoX0Ep_FRIoczleuAbPvP4xIsw7WVt7X2Dxx17HB5l-6omOOpNQCu4LOfYfs","d":"bkARo2yQ68YdDvNW7NhEC8nwcGa7rhw29rpc2N7AoE75nzvUop-LQny4feybFu0h","alg":"ES384","use":"sig"}"#,
        ),
        (
            "ES512",
            r#"{"kty":"EC","crv":"P-521","x":"ACDC6Vmlra0LBO0XNxeTemVlWmley5MUKNCR4CdzFPxJC2UF7Ht29OV8ID5DHxoA6pUeZJCAu8cmyy0_bYm-KTx3","y":"AEmuRNL0p7c0NdWfMAvzJb4pBjVKzYucKVPFIaj0WrqoGXhA4TrtyMLRV11LjngY2OldTvdDZWi4X7hFSb_qqCZy","d":"AYAwACvw1x3btPraUbGhao756hiKscmr-m38OvhJq_XG-9Gdc5qvh7zDGg3miaG4uGKtZF9toVpLrBSaxzriSUIX","alg":"ES512","use":"sig"}"#,
        ),
        (
            "ES256K",
            r#"{"kty":"EC","crv":"secp256k1","x":"Tq4ysMMw0pJpzsD3C6fcFN_DgYAJt9IltkOpUPrbf5Y","y":"8UR51AXqtM1kDG7clJijtAT58fVlCWElwpvlekpaczY","d":"bDIetuM-cXs7dmb1W6vUDlS5JUlDVWCOJVzIaGE3gMs","alg":"ES256K","use":"sig"}"#,
        ),
        (
            "EdDSA",
            r#"{"kty":"OKP","crv":"Ed25519","x":"Sa20q8Ap7rI1GaJHV6HS4re50xOE-wDsnKd0zDFxi6I","d":"mEGXZYv__E71lzySbAKwM6C4mVDJl4wrQyuomxqAwSg","alg":"EdDSA","use":"sig"}"#,
        ),
    ] {
        assert_eq!(key(&format!("--alg {algorithm}")), jwk);
        assert_ne!(World::bare().run(format!("key new --alg {algorithm} --seed 8")).text().trim_end(), jwk);
    }
    for options in [
        "--alg ML-DSA-44",
        "--alg ES256 --kid thumbprint",
        "--alg Ed25519 --format pem",
        "--alg HS512 --format secret",
    ] {
        assert_eq!(key(options), key(options), "{options}");
    }
    assert!(
        key("--alg ES256 --kid thumbprint")
            .contains(r#""kid":"c2CDgIBRcE_0nLd9x2Yq04IsLgc58qIsuKv-Fn2bnAw""#)
    );
    assert_eq!(key("--alg HS256 --format secret"), "dD9RAzoK77PGCwpqsTszLs3EtQ-nDzgkYengursARuY");
    assert!(key("--alg ML-DSA-44").contains(r#""priv":"uPqqLxM9SVRFhg5JC-l-S_GNBynKjzDyJNEGqmUCcAI""#));
}

#[test]
fn tokens_of_a_seeded_key_are_reproducible_if_signing_is() {
    for (algorithm, repeats) in [("EdDSA", true), ("HS384", true), ("ES256", false), ("ML-DSA-44", false)] {
        let world = World::bare().file("key", key(&format!("--alg {algorithm}")));
        let make = || seeded(&world.run("encode --sub alice --jti --seed 7 --key key"));
        let (one, other) = (make(), make());
        assert_eq!(one == other, repeats, "{algorithm}");
        let signed = |token: &str| token.rsplit_once('.').unwrap().0.to_owned();
        assert_eq!(signed(&one), signed(&other), "{algorithm}");
    }
}

#[test]
fn a_flawed_token_is_reproducible() {
    for (algorithm, flaw) in [
        ("HS256", "wrong-key"),
        ("EdDSA", "wrong-key"),
        ("EdDSA", "jwe-shaped"),
        ("EdDSA", "truncated-signature"),
    ] {
        let world = World::bare().file("key", key(&format!("--alg {algorithm}")));
        let make = |seed: u8| {
            world.run(format!("encode --jti --seed {seed} --key key --flaw {flaw} -q")).result().to_owned()
        };
        assert_eq!(make(7), make(7), "{algorithm} {flaw}");
        assert_ne!(make(7), make(8), "{algorithm} {flaw}");
    }
}

#[test]
fn rejects_a_seed_for_rsa_keys() {
    for algorithm in ["RS256", "PS512"] {
        World::bare().run(format!("key new --alg {algorithm} --seed 7")).refused(
            2,
            &format!(
                "error: cannot make a key for {algorithm} from a seed\n\
                 hint: keep the RSA key in a file, or use HS*, ES*, EdDSA or ML-DSA\n"
            ),
        );
    }
}

#[test]
fn quiet_omits_only_the_warning() {
    for line in ["encode --jti --seed 7", "pair --user-id 7 --seed 7", "key new --alg ES256 --seed 7"] {
        let loud = seeded(&fob(line));
        assert_eq!(fob(format!("{line} -q")).result(), loud, "{line}");
    }
}

#[test]
fn a_seed_does_not_replace_the_secret() {
    let world = World::bare().person(&[Some("a secret of the user")]);
    let outcome = world.run("encode --jti --seed 7");
    assert_eq!(outcome.questions, [("Secret".to_owned(), true)]);
    assert!(outcome.stderr.contains("--seed 7 is for tests"), "{}", outcome.stderr);
}

#[test]
fn rejects_a_seed_with_a_store_or_a_server() {
    for (line, message) in [
        ("pair --user-id 7 --seed 7 --store sessions.db", "error: --seed cannot be used with --store"),
        (
            "pair --from https://shop.test/login --user al --seed 7",
            "error: --from cannot be used with --seed",
        ),
    ] {
        let outcome = World::with_stores().run(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
        assert_eq!(outcome.stderr.lines().next(), Some(message), "{line}");
    }
}

#[test]
fn rejects_a_seed_that_is_not_a_number() {
    for seed in ["x", "01", "18446744073709551616"] {
        let outcome = fob(format!("encode --seed {seed}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        assert_eq!(
            outcome.stderr,
            format!(
                "error: invalid value '{seed}' for --seed\nhint: write a whole number from 0 to 18446744073709551615\n"
            )
        );
    }
}

#[test]
fn the_wrong_key_of_a_flawed_token_is_reproducible() {
    let good = fob("key new --alg EdDSA").text().to_owned();
    for (key, line) in
        [("", "encode --sub alice --flaw wrong-key"), (&*good, "encode --sub alice --flaw wrong-key -k -")]
    {
        let world = if key.is_empty() { World::new() } else { World::bare().stdin(key) };
        let made = |seed| world.run(format!("{line} --seed {seed}")).text().to_owned();
        assert!(made(7).contains('.') && made(7) == made(7) && made(7) != made(8), "{line}");
    }
}
