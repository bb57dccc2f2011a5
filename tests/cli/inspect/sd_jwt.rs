//! Tests of SD-JWTs (RFC 9901) in `decode`: the issuer's token, the disclosures with their digests, and the key binding JWT.

use crate::support::sd_jwt::Holder;
use crate::support::world::{SECRET, World, fob, signed};
use serde_json::json;

/// The disclosures of RFC 9901 section 4.2, and one whose digest is not in the payload.
const FAMILY_NAME: &str = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
const FRANCE: &str = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";
const UNSIGNED: &str = "WyJzYWx0IiwgImFkbWluIiwgdHJ1ZV0";

const PAYLOAD: &str = r#"{"iss":"https://issuer.example","exp":4102444800,"_sd_alg":"sha-256",
    "_sd":["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0","decoy"],
    "nationalities":[{"...":"w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"}]}"#;

fn issued() -> String {
    signed(r#"{"alg":"HS256","typ":"dc+sd-jwt"}"#, PAYLOAD)
}

fn key_binding() -> String {
    signed(r#"{"alg":"HS256","typ":"kb+jwt"}"#, r#"{"iat":1769860800,"aud":"v","nonce":"n","sd_hash":"x"}"#)
}

#[test]
fn shows_each_disclosure_and_the_place_of_its_digest() {
    let outcome = fob(format!("decode {}~{FAMILY_NAME}~{FRANCE}~{UNSIGNED}~", issued()));
    assert_eq!(outcome.status, 0);
    let (_, report) = outcome.text().split_once("disclosures  3\n").unwrap();
    assert_eq!(
        report,
        "  family_name      \"Möbius\"  digest X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0, in the payload\n  \
           (array element)  \"FR\"      digest w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs, in the payload\n  \
           admin            true      digest wK6edg3vAH1yTa5EdGW6UtVEbHmEn8Fv7HTXmxp7Yxk, not in the payload: \
           the issuer did not sign it\n  \
           1 more digest: a claim that is not disclosed, or a decoy\n  \
           bad_disclosure:unreferenced: disclosure 3 (admin) has no digest in the token\n\n\
         key binding  none\n\n\
         signature: not checked\n"
    );
    assert_eq!(
        outcome.stderr,
        "warning: SD-JWT: this is the issuer's token; 3 disclosures after it, and no key binding\n"
    );
}

#[test]
fn shows_the_key_binding_without_a_verdict() {
    let sd_jwt = format!("{}~{FRANCE}~{}", issued(), key_binding());
    let outcome = World::new().file("sd-jwt", &sd_jwt).run("decode @sd-jwt");
    let (_, report) = outcome.text().split_once("key binding  not checked\n").unwrap();
    assert!(report.contains("  typ  \"kb+jwt\"  type\n") && report.contains("  nonce    \"n\""), "{report}");
    let document = fob(format!("decode --json {sd_jwt}")).json();
    assert_eq!(
        document["sd_jwt"],
        json!({
            "digest_algorithm": "sha-256",
            "disclosures": [{
                "name": null,
                "value": "FR",
                "digest": "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs",
                "digest_in": "payload",
            }],
            "other_digests": 2,
            "key_binding": {
                "header": {"alg": "HS256", "typ": "kb+jwt"},
                "payload": {"iat": 1_769_860_800, "aud": "v", "nonce": "n", "sd_hash": "x"},
                "verified": false,
            },
            "processed_payload": {
                "iss": "https://issuer.example",
                "exp": 4_102_444_800_u64,
                "nationalities": ["FR"],
            },
            "faults": [],
        })
    );
}

#[test]
fn an_unreadable_disclosure_does_not_hide_the_others() {
    let report = fob(format!("decode {}~e30~{FRANCE}~", issued()));
    assert_eq!(report.status, 0);
    assert!(report.text().contains("not a JSON array"), "{}", report.text());
    assert!(report.text().contains("\"FR\""), "{}", report.text());
}

#[test]
fn inspect_shows_the_disclosures_in_any_text() {
    let sd_jwt = format!("{}~{FAMILY_NAME}~{FRANCE}~{}", issued(), key_binding());
    for text in [sd_jwt.clone(), format!("presented: {sd_jwt}\n"), format!("{{\"vp_token\":\"{sd_jwt}\"}}")] {
        let outcome = World::new().stdin(&text).run("inspect --json -");
        let document = outcome.json();
        let disclosures = document["tokens"][0]["sd_jwt"]["disclosures"].as_array().unwrap();
        assert_eq!(disclosures.len(), 2, "{text}");
        assert!(disclosures.iter().all(|one| one["digest_in"] == "payload"), "{text}");
        assert_eq!(document["tokens"][1]["kind"], "key_binding", "{text}");
        assert_eq!(outcome.stderr, "", "{text}");
    }
    let masked = World::new().stdin(&sd_jwt).run("inspect --redact -");
    assert!(!masked.text().contains("Möbius") && masked.text().contains("family_name"), "{}", masked.text());
}

#[test]
fn a_tilde_alone_is_no_disclosure() {
    for rest in ["~", "~/home", "~x~y", "~~"] {
        let document = World::new().stdin(format!("{}{rest} x", issued())).run("inspect --json -").json();
        assert_eq!(document["tokens"][0]["kind"], "sd_jwt", "{rest}");
        assert!(document["tokens"][0].get("sd_jwt").is_none(), "{rest}");
    }
}

#[test]
fn inspect_with_a_key_verifies_the_issued_token() {
    let world = World::new().env("FOB_SECRET", SECRET);
    let outcome = world.run(format!("inspect --json --secret-env FOB_SECRET {}~{FRANCE}~", issued()));
    assert_eq!(outcome.json()["tokens"][0]["verification"]["verdict"], "accepted", "{}", outcome.text());
}

#[test]
fn inspect_with_a_key_verifies_all_parts() {
    let world = World::new();
    let inspect = |text: &str| {
        let outcome = world.clone().stdin(text).run("inspect --json --secret-env FOB_SECRET");
        outcome.json()["tokens"][0].clone()
    };
    let good = inspect(&format!("presented: {}~{FAMILY_NAME}~\n", issued()));
    assert_eq!((&good["verified"], &good["verification"]["verdict"]), (&json!(true), &json!("accepted")));
    assert_eq!(good["sd_jwt"]["processed_payload"]["family_name"], "Möbius");
    // The payload of the issuer is shown as it was signed.
    assert!(good["payload"]["_sd"].is_array() && good["payload"]["family_name"].is_null());
    let bad = inspect(&format!("{}~{FAMILY_NAME}~{UNSIGNED}~", issued()));
    assert_eq!(bad["verification"]["reasons"], json!(["bad_disclosure:unreferenced"]));
    assert_eq!(bad["sd_jwt"]["faults"], json!(["bad_disclosure:unreferenced"]));
    let bound = inspect(&format!("{}~{FAMILY_NAME}~{}", issued(), key_binding()));
    assert_eq!(bound["verification"]["reasons"], json!(["bad_key_binding:cnf", "bad_key_binding:sd_hash"]));
    let outcome = world.stdin(format!("{}~{FAMILY_NAME}~", issued())).run("inspect --require family_name");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
}

#[test]
fn the_key_of_the_issuer_is_not_tried_on_the_key_binding_jwt() {
    let holder = Holder::es256();
    let sd_jwt = format!(
        "{}~",
        signed(r#"{"alg":"HS256","typ":"dc+sd-jwt"}"#, &json!({"cnf": holder.cnf()}).to_string())
    );
    let world = World::new().stdin(holder.present(&sd_jwt));
    let outcome = world.run("inspect --json --secret-env FOB_SECRET");
    let document = outcome.json();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", outcome.text());
    assert_eq!(document["tokens"][0]["verification"]["verdict"], "accepted");
    assert_eq!(document["tokens"][0]["sd_jwt"]["key_binding"]["verified"], true);
    assert_eq!(document["tokens"][1]["kind"], "key_binding");
    assert!(document["tokens"][1].get("verification").is_none());
    assert_eq!(world.run("inspect --require cnf").status, 0);
    // A key binding JWT that stands alone is a token like others.
    let alone = holder.sign(&holder.header(), &json!({"iat": 1}));
    assert_eq!(World::new().stdin(alone).run("inspect --secret-env FOB_SECRET").status, 1);
}

#[test]
fn a_redacted_report_shows_no_disclosed_value() {
    let sd_jwt = format!("{}~{FAMILY_NAME}~{FRANCE}~{}", issued(), key_binding());
    for line in ["inspect --redact", "inspect --redact --json", "inspect --redact --secret-env FOB_SECRET"] {
        let outcome = World::new().stdin(&sd_jwt).run(line);
        assert!(
            !outcome.text().contains("Möbius") && !outcome.text().contains("\"FR\""),
            "{}",
            outcome.text()
        );
    }
    let document = World::new().stdin(&sd_jwt).run("inspect --redact --json").json();
    let sd_jwt = &document["tokens"][0]["sd_jwt"];
    assert_eq!(sd_jwt["disclosures"][0]["value"], "[masked]");
    assert!(sd_jwt["processed_payload"].is_null() && sd_jwt["key_binding"].is_null());
}

#[test]
fn decode_finds_a_disclosed_claim_and_its_expiry() {
    let exp = "WyJzIiwgImV4cCIsIDE3MDAwMDAwMDBd";
    let payload = json!({"_sd": [fob::core::sd_jwt::DigestAlgorithm::Sha256.digest(exp)]});
    let token = signed(r#"{"alg":"HS256","typ":"dc+sd-jwt"}"#, &payload.to_string());
    let document = fob(format!("decode --json {token}~{exp}~")).json();
    assert_eq!(
        (&document["status"], &document["times"]["exp"]["value"]),
        (&json!("expired"), &json!(1_700_000_000))
    );
    assert_eq!(fob(format!("decode --claim exp {token}~{exp}~")).text(), "1700000000\n");
    assert_eq!(fob(format!("decode --claim exp {token}~")).status, 1);
}
