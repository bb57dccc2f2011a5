//! The same key gives the same verdict and status in each of its forms: private, public, JWK, PEM, and wrapped.

use crate::keys::algorithms::{ALGORITHMS, new_key, shown};
use crate::keys::policy::changed;
use crate::support::world::{World, segment};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

/// Returns every form of a key that has no restrictions.
fn forms_of(algorithm: &str) -> Vec<(&'static str, String)> {
    let jwk = new_key(algorithm);
    // The `alg` of ML-DSA keys is a part of the key.
    let bare = match algorithm.starts_with("ML") {
        true => changed(&jwk, &json!({"use": null})),
        false => changed(&jwk, &json!({"use": null, "alg": null})),
    };
    let [public, private_pem, public_pem] =
        ["--public", "--private --format pem", "--public --format pem"].map(|options| shown(&bare, options));
    vec![
        ("a private JWK", bare.clone()),
        ("a public JWK", public.clone()),
        ("a private PEM", private_pem.clone()),
        ("a public PEM", public_pem.clone()),
        ("a set", format!("{{\"keys\":[{public}]}}")),
        ("an array", format!("[{public}]")),
        ("Base64 of a private PEM", STANDARD.encode(&private_pem)),
        ("Base64 of a public JWK", STANDARD.encode(&public)),
        ("a PEM with written-out line breaks", public_pem.replace('\n', "\\n")),
        ("a JSON string", serde_json::Value::String(private_pem.clone()).to_string()),
        ("a member of an object", json!({ "privateKey": private_pem }).to_string()),
    ]
}

#[test]
fn every_form_of_a_key_gives_the_same_verdict() {
    for algorithm in ALGORITHMS.into_iter().filter(|name| !name.starts_with("HS")) {
        let forms = forms_of(algorithm);
        let signer = World::bare().file("key", &forms[0].1);
        let good = signer.run(format!("encode --key key --alg {algorithm}")).result().to_owned();
        let (input, signature) = good.rsplit_once('.').unwrap();
        let payload = segment(&good, 1);
        let with_header = |header: &str| {
            format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(&payload))
        };
        let mut changed_signature = signature.to_owned();
        changed_signature.replace_range(10..11, if &signature[10..11] == "A" { "B" } else { "A" });
        for (what, token) in [
            ("sound", good.clone()),
            ("changed", format!("{input}.{changed_signature}")),
            ("of another type of key", with_header(r#"{"alg":"HS256"}"#)),
            ("of another curve", with_header(r#"{"alg":"ES512"}"#)),
            ("of another RSA algorithm", with_header(r#"{"alg":"PS512"}"#)),
            ("unsigned", with_header(r#"{"alg":"none"}"#)),
            ("of no known algorithm", with_header(r#"{"alg":"XS256"}"#)),
        ] {
            let outcomes: Vec<_> = forms
                .iter()
                .map(|(form, text)| {
                    let world = World::bare().file("key", text);
                    let outcome = world.run(format!("verify --json --key key {token}"));
                    (*form, outcome.status, outcome.reasons())
                })
                .collect();
            let (_, status, reasons) = &outcomes[0];
            assert_eq!(*status == 0, what == "sound", "{algorithm} {what}: {reasons:?}");
            for (form, other_status, other_reasons) in &outcomes {
                let is_set = matches!(*form, "a set" | "an array");
                // A set reports that none of its keys fits, where a single key reports its mismatch.
                let same = (other_status, other_reasons) == (status, reasons)
                    || (is_set
                        && other_status == status
                        && other_reasons.iter().any(|it| it == "key_not_found"));
                assert!(same, "{algorithm} {what} {form}: {other_status} {other_reasons:?}, not {reasons:?}");
            }
        }
    }
}
