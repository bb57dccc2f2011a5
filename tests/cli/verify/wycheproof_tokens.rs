//! The tokens of Project Wycheproof: JWS, JWE and keys, each with one defect or none, given to `verify` with the key
//! of their group. Where this program judges otherwise, it says so here, and why.

use crate::support::world::{Outcome, World};
use serde_json::Value;

/// A token, the key to check it with, and what Wycheproof says of it.
struct Vector {
    name: String,
    token: String,
    key: Value,
    result: String,
}

/// Every vector, with the private key of its group and with the public one, as far as there are such.
fn vectors(set: &str) -> Vec<Vector> {
    let file: Value = serde_json::from_str(set).unwrap();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut vectors = Vec::new();
    for group in file["testGroups"].as_array().unwrap() {
        for half in ["private", "public"] {
            let Some(key) = group.get(half) else { continue };
            for test in group["tests"].as_array().unwrap() {
                vectors.push(Vector {
                    name: format!(
                        "{} {half} {} {}",
                        text(&group["comment"]),
                        test["tcId"],
                        text(&test["comment"])
                    ),
                    token: text(test.get("jws").or(test.get("jwe")).unwrap()),
                    key: key.clone(),
                    result: text(&test["result"]),
                });
            }
        }
    }
    vectors
}

impl Vector {
    fn verify(&self) -> Outcome {
        World::bare().file("key", self.key.to_string()).stdin(&self.token).run("verify --json --key key")
    }

    /// Returns the difference from the result of Wycheproof, if any. The payloads are not claims sets, which is a reason too.
    fn disagreement(&self) -> Option<String> {
        let outcome = self.verify();
        if outcome.status == 2 {
            let refused = outcome.stderr.lines().next().unwrap().to_owned();
            return (self.result != "invalid").then(|| format!("{}: {refused}", self.name));
        }
        assert!(matches!(outcome.status, 1 | 4), "{}: {}", self.name, outcome.stderr);
        if self.token.is_empty() {
            assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:segments".to_owned()]));
            return (self.result != "invalid").then(|| self.name.clone());
        }
        let json = outcome.json();
        let signature = json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "signature");
        let holds = signature.is_some_and(|check| check["status"] == "passed");
        let reasons: Vec<_> = outcome
            .reasons()
            .into_iter()
            .filter(|reason| !reason.starts_with("malformed:payload_"))
            .collect();
        let accepted = holds && reasons.is_empty();
        ((self.result == "valid") != accepted)
            .then(|| format!("{} is {}, and here: {}", self.name, self.result, reasons.join(", ")))
    }
}

/// Everything that is judged otherwise.
fn disagreements(set: &str) -> (usize, Vec<String>) {
    let vectors = vectors(set);
    (vectors.len(), vectors.iter().filter_map(Vector::disagreement).collect())
}

#[test]
fn agrees_with_wycheproof_on_signed_tokens() {
    let (count, found) = disagreements(include_str!("../../vectors/wycheproof/json_web_signature.json"));
    assert_eq!(count, 762);
    assert_eq!(
        found,
        [
            // The key is for another algorithm (RFC 7517 section 4.4), or for one that does not exist.
            "rfc7520 private 346 Figure20 is valid, and here: key_mismatch:alg",
            "rfc7520 public 346 Figure20 is valid, and here: key_mismatch:alg",
            "rfc7520 private 347 Figure27 is valid, and here: key_mismatch:alg",
            "rfc7520 public 347 Figure27 is valid, and here: key_mismatch:alg",
            // Its `key_ops` are one operation named `sign, verify`.
            "rfc7520WithKeyOps private 349 Figure13 is valid, and here: key_mismatch:key_ops",
            "rfc7520WithKeyOps private 350 Figure20 is valid, and here: key_mismatch:alg",
            "rfc7520WithKeyOps public 350 Figure20 is valid, and here: key_mismatch:alg",
            "rfc7520WithKeyOps private 351 Figure27 is valid, and here: key_mismatch:alg",
            "rfc7520WithKeyOps public 351 Figure27 is valid, and here: key_mismatch:alg",
            // The padding that was to be wrong is not in the file: byte for byte it is the good token.
            "base64 private 367 invalidBase64Padding is invalid, and here: ",
            "base64 private 370 invalidBase64PaddingInPayload is invalid, and here: ",
            // A question mark inside a segment, which RFC 7515 section 2 has no place for.
            "base64 private 372 InvalidCharacterInsertedInHeader is valid, and here: malformed:charset",
            "base64 private 373 InvalidCharacterInsertedInPayload is valid, and here: malformed:charset",
        ]
    );
}

#[test]
fn agrees_with_wycheproof_on_keys() {
    let (count, found) = disagreements(include_str!("../../vectors/wycheproof/json_web_key.json"));
    assert_eq!(count, 37);
    assert_eq!(
        found,
        [
            // The second key of that name is no Base64url, so it is no key: the name means one thing.
            "jws_duplicate_kid private 4 rejectsDuplicateKid is invalid, and here: ",
            // Keys of one faulty chip card are not told from others.
            "jws_rsa_roca_key private 7 rejectsKeyWithRocaVulnerability is invalid, and here: ",
            "jws_rsa_roca_key public 7 rejectsKeyWithRocaVulnerability is invalid, and here: ",
            // A short secret is a warning, and a failure under --strict.
            "HS256 private 10 key_too_short is invalid, and here: ",
            "HS384 private 11 key_too_short is invalid, and here: ",
            "HS512 private 12 key_too_short is invalid, and here: ",
        ]
    );
    let short: Vec<_> = vectors(include_str!("../../vectors/wycheproof/json_web_key.json"))
        .into_iter()
        .filter(|vector| vector.name.contains("key_too_short"))
        .collect();
    assert_eq!(short.len(), 3);
    for vector in short {
        assert_eq!(vector.verify().json()["warnings"], serde_json::json!(["key_weak:hmac_too_short"]));
        let world = World::bare().file("key", vector.key.to_string()).stdin(&vector.token);
        let reasons = world.run("verify --json --strict --key key").reasons();
        assert!(reasons.contains(&"key_weak:hmac_too_short".to_owned()), "{}: {reasons:?}", vector.name);
    }
}

#[test]
fn agrees_with_wycheproof_on_the_mixed_file() {
    let (count, found) = disagreements(include_str!("../../vectors/wycheproof/json_web_crypto.json"));
    assert_eq!(count, 112);
    assert_eq!(
        found,
        [
            "jws_rsa_roca_key private 46 rejectsKeyWithRocaVulnerability is invalid, and here: ",
            "jws_rsa_roca_key public 46 rejectsKeyWithRocaVulnerability is invalid, and here: ",
            // An encrypted token is none to judge.
            "jwe_aes private 50 acceptsValid is valid, and here: jwe",
            "jwe_ec private 67 acceptsValid is valid, and here: jwe",
        ]
    );
}

#[test]
fn names_encrypted_tokens_without_a_verdict() {
    let vectors = vectors(include_str!("../../vectors/wycheproof/json_web_encryption.json"));
    assert_eq!(vectors.len(), 185);
    for vector in vectors {
        let outcome = vector.verify();
        assert_eq!(outcome.status, 4, "{}", vector.name);
        let reasons = outcome.reasons();
        assert!(
            reasons.iter().all(|reason| reason == "jwe" || reason.starts_with("malformed:")),
            "{}: {reasons:?}",
            vector.name
        );
    }
}
