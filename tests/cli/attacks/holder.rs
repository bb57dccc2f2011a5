//! SD-JWTs and key binding: disclosures that change a token, and presentations by another than the holder.

use super::judged;
use crate::support::sd_jwt::{Holder, binding, digest, disclosure, issued};
use crate::support::world::World;
use fob::core::token::algorithm::Algorithm;
use serde_json::{Value, json};

const DEMANDS: &str = "--holder-nonce n-1 --holder-aud https://verifier.example";

/// Returns an SD-JWT without key binding: a payload with the digests of some disclosures, and these disclosures.
fn sd_jwt(mut payload: Value, disclosures: &[&str]) -> String {
    payload["_sd"] = disclosures.iter().map(|it| json!(digest(it))).collect();
    let all: String = disclosures.iter().map(|it| format!("{it}~")).collect();
    format!("{}~{all}", issued(&payload))
}

fn claim(name: &str, value: &str) -> String {
    disclosure(&json!(["salt", name, value]))
}

/// Returns an SD-JWT whose issuer names the key of this holder.
fn bound_to(holder: &Holder) -> String {
    sd_jwt(json!({"cnf": holder.cnf()}), &[&claim("given_name", "Ilse")])
}

#[test]
fn rejects_disclosures_that_replace_a_claim() {
    let sub = claim("sub", "admin");
    let text = sd_jwt(json!({"sub": "alice"}), &[&sub]);
    judged(&World::new(), "", text, 1, &["bad_disclosure:claim_exists"]);
    let text = sd_jwt(json!({}), &[&claim("role", "user"), &claim("role", "admin")]);
    judged(&World::new(), "", text, 1, &["bad_disclosure:claim_exists"]);
    for name in ["_sd", "...", "_sd_alg"] {
        judged(&World::new(), "", sd_jwt(json!({}), &[&claim(name, "x")]), 1, &["bad_disclosure:name"]);
    }
}

#[test]
fn rejects_disclosures_that_repeat_or_belong_to_nothing() {
    let name = claim("given_name", "Ilse");
    let once = sd_jwt(json!({}), &[&name]);
    judged(&World::new(), "", &once, 0, &[]);
    judged(&World::new(), "", format!("{once}{name}~"), 1, &["bad_disclosure:repeated"]);
    let twice = issued(&json!({"_sd": [digest(&name)], "a": {"_sd": [digest(&name)]}}));
    judged(&World::new(), "", format!("{twice}~{name}~"), 1, &["bad_disclosure:repeated"]);
    let added = format!("{once}{}~", claim("role", "admin"));
    judged(&World::new(), "", added, 1, &["bad_disclosure:unreferenced"]);
    let changed = once.replace(&name, &claim("given_name", "Mallory"));
    judged(&World::new(), "", changed, 1, &["bad_disclosure:unreferenced"]);
}

#[test]
fn rejects_a_replayed_key_binding() {
    let holder = Holder::es256();
    let presented = holder.present(&bound_to(&holder));
    judged(&World::new(), DEMANDS, &presented, 0, &[]);
    for (options, reason) in [
        ("--holder-nonce n-2", "bad_key_binding:nonce"),
        ("--holder-nonce N-1", "bad_key_binding:nonce"),
        ("--holder-nonce ''", "bad_key_binding:nonce"),
        ("--holder-aud https://other.example", "bad_key_binding:aud"),
        ("--holder-aud https://verifier.example/", "bad_key_binding:aud"),
        ("--holder-max-age 30s", "bad_key_binding:time"),
    ] {
        judged(&World::new(), options, &presented, 1, &[reason]);
    }
}

#[test]
fn rejects_a_key_binding_over_other_disclosures() {
    let holder = Holder::es256();
    let (name, role) = (claim("given_name", "Ilse"), claim("role", "user"));
    let both = sd_jwt(json!({"cnf": holder.cnf()}), &[&name, &role]);
    let kb = holder.sign(&holder.header(), &binding(&both));
    judged(&World::new(), DEMANDS, format!("{both}{kb}"), 0, &[]);
    for shown in [
        both.replace(&format!("{role}~"), ""),
        both.replace(&format!("{name}~{role}"), &format!("{role}~{name}")),
    ] {
        judged(&World::new(), DEMANDS, format!("{shown}{kb}"), 1, &["bad_key_binding:sd_hash"]);
    }
}

#[test]
fn rejects_a_removed_or_foreign_key_binding() {
    let (holder, thief) = (Holder::es256(), Holder::new(Algorithm::Es256, 2));
    let text = bound_to(&holder);
    judged(&World::new(), DEMANDS, &text, 1, &["bad_key_binding:missing"]);
    judged(&World::new(), DEMANDS, thief.present(&text), 1, &["bad_key_binding:signature"]);
    let none = json!({"alg": "none", "typ": "kb+jwt"});
    let unsigned = format!("{text}{}", thief.sign(&none, &binding(&text)));
    judged(&World::new(), DEMANDS, unsigned, 1, &["bad_key_binding:alg"]);
    let plain = json!({"alg": "ES256", "typ": "JWT"});
    let other_type = format!("{text}{}", holder.sign(&plain, &binding(&text)));
    judged(&World::new(), DEMANDS, other_type, 1, &["bad_key_binding:typ"]);
    // Another token of the same holder.
    let second = sd_jwt(json!({"cnf": holder.cnf(), "jti": "2"}), &[]);
    let moved = format!("{second}{}", holder.sign(&holder.header(), &binding(&text)));
    judged(&World::new(), DEMANDS, moved, 1, &["bad_key_binding:sd_hash"]);
}
