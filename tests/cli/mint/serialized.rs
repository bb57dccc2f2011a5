//! `fob encode --serialization`: documents in JSON serialization, which `verify` accepts.

use crate::support::world::{World, fob};
use serde_json::{Value, json};

fn keys() -> World {
    let ec = World::bare().run("key new --alg ES256 --kid a").text().to_owned();
    let ed = World::bare().run("key new --alg EdDSA --kid b").text().to_owned();
    World::bare().file("a.jwk", ec).file("b.jwk", ed)
}

#[test]
fn writes_the_same_signature_in_every_serialization() {
    let encode = |form| fob(format!("encode --sub alice --no-iat --no-typ --serialization {form}"));
    let compact = encode("compact").result().to_owned();
    let segments: Vec<&str> = compact.split('.').collect();
    let flattened: Value = serde_json::from_str(encode("flattened").result()).unwrap();
    assert_eq!(
        flattened,
        json!({"protected": segments[0], "payload": segments[1], "signature": segments[2]})
    );
    let general: Value = serde_json::from_str(encode("general").result()).unwrap();
    let signature = json!({"protected": segments[0], "signature": segments[2]});
    assert_eq!(general, json!({"payload": segments[1], "signatures": [signature]}));
}

#[test]
fn writes_no_typ_unless_it_is_asked_for() {
    let header = |options: &str| {
        let report = fob(format!("encode --serialization flattened --format json {options}")).json();
        report["header"].clone()
    };
    assert_eq!(header(""), json!({"alg": "HS256"}));
    assert_eq!(header("--typ JOSE+JSON"), json!({"alg": "HS256", "typ": "JOSE+JSON"}));
}

#[test]
fn every_key_adds_a_signature_to_the_general_form() {
    let world = keys();
    let outcome = world.run("encode --sub alice --serialization general --key a.jwk --key b.jwk");
    let document = outcome.result().to_owned();
    let world = world.file("t.json", &document);
    assert_eq!(world.run("verify @t.json --key a.jwk --key b.jwk").status, 0);
    assert_eq!(world.run("verify @t.json --key a.jwk").status, 1);
    assert_eq!(world.run("verify @t.json --key a.jwk --signatures any").status, 0);
    let report =
        world.run("encode --sub alice --serialization general --key a.jwk --key b.jwk --format json").json();
    assert_eq!(report["headers"], json!([{"alg": "ES256", "kid": "a"}, {"alg": "EdDSA", "kid": "b"}]));
    assert_eq!(report["token"]["payload"], serde_json::from_str::<Value>(&document).unwrap()["payload"]);
}

#[test]
fn refuses_several_keys_for_one_signature() {
    for form in ["", "--serialization compact", "--serialization flattened"] {
        keys().run(format!("encode {form} --key a.jwk --key b.jwk")).refused(
            2,
            "error: the token has one signature, but --key repeats\n\
             hint: --serialization general makes a signature for each --key of a token that is not encrypted\n",
        );
    }
}

#[test]
fn writes_no_document_into_a_header_or_a_variable() {
    for format in ["header", "env"] {
        fob(format!("encode --serialization flattened --format {format}")).refused(
            2,
            "error: --format header and env take no token in flattened serialization\n\
             hint: use --format token or --format json\n",
        );
    }
}
