//! Verdicts on SD-JWTs (RFC 9901): the examples of the specification, the rules for disclosures, and the claims that they
//! disclose. `key_binding` tests what the holder signs.

use crate::support::sd_jwt::{SD_JWT, digest, disclosure, issued};
use crate::support::world::{NOW, Outcome, SECRET, World, fob, signed, token};
use fob::core::sd_jwt::DigestAlgorithm;
use serde_json::{Value, json};

fn verify(sd_jwt: &str) -> Outcome {
    World::new().stdin(sd_jwt).run("verify --json")
}

fn given_name() -> String {
    disclosure(&json!(["salt-1", "given_name", "Ilse"]))
}

/// Returns an SD-JWT with the disclosed claim `given_name` and one digest that stays undisclosed.
fn sound() -> String {
    let payload = json!({"iss": "https://issuer.example", "exp": 4_102_444_800_u64, "_sd": [digest(&given_name()), "other"]});
    format!("{}~{}~", issued(&payload), given_name())
}

#[test]
fn accepts_the_examples_of_the_specification() {
    let vectors: Value = serde_json::from_str(include_str!("../../vectors/rfc9901.json")).unwrap();
    let world = World::bare().file("issuer.jwk", vectors["issuer"].to_string());
    let examples = vectors["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 6);
    for example in examples {
        let is_bound = example["key_binding"] == true;
        let line = if is_bound {
            "verify --json --key issuer.jwk --holder-nonce 1234567890 --holder-aud https://verifier.example.org"
        } else {
            "verify --json --key issuer.jwk"
        };
        let text = example["sd_jwt"].as_str().unwrap();
        let outcome = world.clone().stdin(text).run(line);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", example["section"]);
        let document = outcome.json();
        assert_eq!(document["payload"], example["payload"], "{}", example["section"]);
        assert_eq!(document["sd_jwt"]["processed_payload"], example["payload"]);
        assert_eq!(document["sd_jwt"]["key_binding"].is_object(), is_bound, "{}", example["section"]);
        assert_eq!(document["sd_jwt"]["key_binding"]["verified"] == true, is_bound);
        let decoded = World::bare().stdin(text).run("decode --json").json();
        assert_eq!(decoded["sd_jwt"]["processed_payload"], example["payload"], "{}", example["section"]);
        assert_eq!(decoded["sd_jwt"]["faults"], json!([]), "{}", example["section"]);
        // The key of a holder is not that of the issuer.
        let holder = example["payload"]["cnf"]["jwk"].clone();
        if holder.is_object() {
            let other = World::bare().file("issuer.jwk", holder.to_string()).stdin(text);
            assert_eq!(other.run("verify --json --key issuer.jwk").reasons(), ["bad_signature"]);
        }
    }
}

#[test]
fn reports_each_rule_as_a_check() {
    let outcome = World::new().stdin(sound()).run("verify");
    assert_eq!(
        outcome.result(),
        "  ✓ form         SD-JWT: three segments, strict Base64url and JSON; 1 disclosure and no key binding JWT\n  \
         ✓ alg          HS256, allowed by the key\n  \
         ✓ key          an HMAC secret, 256 bits, from the variable FOB_SECRET\n  \
         ✓ signature    HS256 over the bytes received\n  \
         ✓ sd_alg       sha-256\n  \
         ✓ digests      2 digests, each once; 1 without a disclosure (undisclosed claims, or decoys)\n  \
         ✓ disclosures  1, and one digest leads to it\n  \
         – key_binding  absent, not required (no --holder-nonce or --holder-aud given)\n  \
         ✓ exp          expires in 73 years (2100-01-01 00:00:00 UTC)\n  \
         – nbf          absent\n  \
         – iat          absent\n  \
         – iss          \"https://issuer.example\" (not checked: no --iss given)\n  \
         – aud          absent, not required\n\n\
         accepted: HS256 SD-JWT credential, expires in 73 years"
    );
}

#[test]
fn judges_the_claims_in_their_places() {
    let exp = disclosure(&json!(["s", "exp", 1_700_000_000]));
    let aud = disclosure(&json!(["s", "aud", ["api", "web"]]));
    let street = disclosure(&json!(["s", "street", "Schulstr. 12"]));
    let address = disclosure(&json!(["s", "address", {"_sd": [digest(&street)], "country": "DE"}]));
    let first = disclosure(&json!(["s", "admin"]));
    let payload = json!({
        "_sd": [digest(&exp), digest(&aud), digest(&address)],
        "roles": [{"...": digest(&first)}, "user", {"...": "undisclosed"}],
    });
    let present = |disclosures: &[&String]| {
        let texts: String = disclosures.iter().map(|text| format!("{text}~")).collect();
        World::new().stdin(format!("{}~{texts}", issued(&payload)))
    };
    let all = present(&[&aud, &address, &street, &first]);
    assert_eq!(all.run("verify --aud web --get /address/street").result(), "Schulstr. 12");
    assert_eq!(all.run("verify --get roles").result(), r#"["admin","user"]"#);
    assert_eq!(all.run("decode --claim /address/street").text(), "Schulstr. 12\n");
    assert_eq!(all.run("verify --claim /roles/0=admin --require address --json").status, 0);
    assert_eq!(all.run("verify --json --aud other").reasons(), ["wrong_audience"]);
    // A claim that is not disclosed is absent.
    let few = present(&[&address]);
    assert_eq!(few.run("verify --json --aud web").reasons(), ["claim_missing:aud"]);
    assert_eq!(
        few.run("verify --json --require /address/street").reasons(),
        ["claim_missing:/address/street"]
    );
    assert_eq!(few.run("verify --get roles").result(), r#"["user"]"#);
    let outcome = present(&[&exp]).run("verify --json");
    assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
    // Digests are not claims.
    assert_eq!(few.run("verify --json --require _sd").reasons(), ["claim_missing:_sd"]);
}

#[test]
fn refuses_disclosures_that_break_a_rule() {
    let name = given_name();
    let element = disclosure(&json!(["s", "Ilse"]));
    let other = disclosure(&json!(["s2", "given_name", "Mallory"]));
    let reserved = disclosure(&json!(["s", "_sd", [digest(&name)]]));
    let dots = disclosure(&json!(["s", "...", 1]));
    let broken = disclosure(&json!({"s": 1}));
    let with = |payload: Value, disclosures: &[&String]| {
        let texts: String = disclosures.iter().map(|text| format!("{text}~")).collect();
        let outcome = verify(&format!("{}~{texts}", issued(&payload)));
        let document = outcome.json();
        assert_eq!((outcome.status, &document["verdict"]), (1, &json!("rejected")), "{payload}");
        assert!(document["sd_jwt"]["processed_payload"].is_null(), "{payload}");
        // The payload stays as the issuer signed it.
        assert_eq!(document["payload"], payload);
        outcome.reasons().join(" ")
    };
    for (payload, disclosures, reasons) in [
        (json!({}), vec![&name], "bad_disclosure:unreferenced"),
        (json!({"_sd": ["x"]}), vec![&name], "bad_disclosure:unreferenced"),
        (json!({"_sd": [digest(&name)]}), vec![&name, &name], "bad_disclosure:repeated"),
        (json!({"_sd": [digest(&name), digest(&name)]}), vec![&name], "bad_disclosure:repeated"),
        (json!({"_sd": ["decoy", "decoy"]}), vec![], "bad_disclosure:repeated"),
        (json!({"_sd": [digest(&name)], "given_name": "x"}), vec![&name], "bad_disclosure:claim_exists"),
        (json!({"_sd": [digest(&name), digest(&other)]}), vec![&name, &other], "bad_disclosure:claim_exists"),
        (json!({"_sd": [digest(&reserved)]}), vec![&reserved], "bad_disclosure:name"),
        (
            json!({"_sd": [digest(&reserved)]}),
            vec![&reserved, &name],
            "bad_disclosure:name bad_disclosure:unreferenced",
        ),
        (json!({"_sd": [digest(&dots)]}), vec![&dots], "bad_disclosure:name"),
        (json!({"_sd": [digest(&element)]}), vec![&element], "bad_disclosure:form"),
        (json!({"a": [{"...": digest(&name)}]}), vec![&name], "bad_disclosure:form"),
        (json!({"_sd": [digest(&broken)]}), vec![&broken], "bad_disclosure:form"),
        (json!({"_sd": "x"}), vec![], "bad_disclosure:digests"),
        (json!({"a": [{"...": "x", "b": 1}]}), vec![], "bad_disclosure:digests"),
        (json!({"_sd_alg": "sha-1", "_sd": []}), vec![], "sd_alg_unsupported"),
        (json!({"_sd_alg": "sha-1"}), vec![&name], "sd_alg_unsupported"),
        (json!({"_sd_alg": 256, "_sd": []}), vec![&name], "sd_alg_unsupported"),
    ] {
        assert_eq!(with(payload.clone(), &disclosures), reasons, "{payload}");
    }
}

#[test]
fn takes_the_digest_algorithm_from_the_token() {
    for algorithm in DigestAlgorithm::ALL {
        let payload = json!({"_sd_alg": algorithm.name(), "_sd": [algorithm.digest(&given_name())]});
        let sd_jwt = format!("{}~{}~", issued(&payload), given_name());
        assert_eq!(World::new().stdin(&sd_jwt).run("verify --get given_name").result(), "Ilse");
    }
}

#[test]
fn nothing_disclosed_counts_without_the_signature_of_the_issuer() {
    let wrong = World::bare().env("FOB_SECRET", SECRET.to_uppercase()).stdin(sound());
    let document = wrong.run("verify --json").json();
    assert_eq!(document["reasons"], json!(["bad_signature"]));
    assert!(document["payload"].is_null());
    assert_eq!(document["unverified_payload"]["given_name"], "Ilse");
    let outcome = wrong.run("verify --get given_name");
    assert_eq!((outcome.status, outcome.text()), (1, ""));
    let none =
        signed(r#"{"alg":"none","typ":"dc+sd-jwt"}"#, &json!({"_sd": [digest(&given_name())]}).to_string());
    assert_eq!(verify(&format!("{none}~{}~", given_name())).reasons(), ["alg_none"]);
}

#[test]
fn a_plain_token_is_not_mistaken_for_an_sd_jwt() {
    let plain = token(r#"{"sub":"alice"}"#);
    for rest in ["~", "~~", "~ ", "~x", "~x~y", "~x.y.z~", "~x+~", "~x=~", "~WyJhIl0~~"] {
        let outcome = verify(&format!("{plain}{rest}"));
        assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:charset".to_owned()]), "{rest}");
    }
    let outcome = fob(format!("verify {plain}~"));
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (4, "hint: a `~` at the end belongs to SD-JWTs only: remove it\n")
    );
    assert_eq!(verify(&format!("{plain}~{}~", given_name())).reasons(), ["bad_disclosure:unreferenced"]);
    // A token that says what it is may disclose nothing.
    assert_eq!(verify(&format!("{}~", signed(SD_JWT, r#"{"sub":"alice"}"#))).status, 0);
    let outcome = World::new().stdin(plain).run("verify --json");
    assert!(outcome.json().get("sd_jwt").is_none());
    // Only `verify` and the commands that show a token take an SD-JWT.
    let refused = World::new().stdin(sound()).run("refresh");
    assert_eq!(refused.status, 4);
    assert!(
        refused.stderr.ends_with("hint: `fob refresh` takes no SD-JWT; `fob verify` judges it\n"),
        "{}",
        refused.stderr
    );
}

#[test]
fn takes_an_sd_jwt_out_of_the_text_around_it() {
    let sound = sound();
    for text in [
        format!("Authorization: Bearer {sound}"),
        format!("{{\"vp_token\":\"{sound}\",\"state\":\"x\"}}"),
        format!("https://verifier.example/?vp_token={sound}&state=x"),
        format!("the holder sent {sound} today"),
        format!("vp: \"{sound}\"\n"),
    ] {
        let outcome = World::new().stdin(&text).run("verify --get given_name");
        assert_eq!((outcome.status, outcome.text()), (0, "Ilse\n"), "{text}: {}", outcome.stderr);
    }
}

#[test]
fn names_the_option_for_the_key_of_the_issuer() {
    let token = signed(r#"{"alg":"ES256","typ":"dc+sd-jwt"}"#, "{}");
    let outcome = World::bare().run(format!("verify {token}~"));
    assert_eq!(outcome.status, 2);
    let expected = "error: no key was given, but the token is signed with ES256, which needs a public key\n";
    assert!(outcome.stderr.starts_with(expected), "{}", outcome.stderr);
}

#[test]
fn extensions_stop_the_disclosures_from_being_read() {
    let header = r#"{"alg":"HS256","typ":"dc+sd-jwt","crit":["x"],"x":1}"#;
    let sd_jwt = format!("{}~{}~", signed(header, r#"{"_sd":["x"]}"#), given_name());
    assert_eq!(verify(&sd_jwt).reasons(), ["crit_unsupported"]);
}

#[test]
fn bounds_the_number_of_disclosures() {
    let texts: String =
        (0..10_001).map(|number| format!("{}~", disclosure(&json!([number.to_string(), 1])))).collect();
    let outcome = verify(&format!("{}~{texts}", issued(&json!({}))));
    assert_eq!(outcome.reasons(), ["bad_disclosure:too_many"]);
}

#[test]
fn lines_and_suites_take_sd_jwts() {
    let bad = format!("{}~{}~", issued(&json!({"_sd": []})), given_name());
    let lines = format!("{}\n{bad}\n{}\n", sound(), token("{}"));
    let outcome = World::new().stdin(&lines).run("verify --lines");
    assert_eq!(outcome.text(), "accepted\nrejected\tbad_disclosure:unreferenced\naccepted\n");
    let outcome = World::new().stdin(&lines).run("verify --lines --json");
    let first: Value = serde_json::from_str(outcome.text().lines().next().unwrap()).unwrap();
    assert_eq!(first["payload"]["given_name"], "Ilse");
    let outcome = World::new().stdin(format!("{}\n", sound())).run("decode --lines --claim given_name");
    assert_eq!(outcome.text(), "Ilse\n");
    let suite = json!({"test_secrets": true, "defaults": {"secret": SECRET}, "cases": [
        {"name": "sound", "token": sound(), "expect": "accepted", "claim": {"given_name": "Ilse"}},
        {"name": "unreferenced", "token": bad, "expect": "bad_disclosure:unreferenced"},
        {"name": "any fault", "token": bad, "expect": "bad_disclosure"},
        {"name": "no binding", "token": sound(), "holder-nonce": "n", "expect": "bad_key_binding:missing"},
    ]});
    let outcome = World::new().file("suite.json", suite.to_string()).run("verify --suite suite.json");
    assert_eq!(outcome.status, 0, "{}", outcome.text());
}

#[test]
fn a_store_knows_an_sd_jwt_whatever_it_discloses() {
    let jti = disclosure(&json!(["s", "jti", "one"]));
    let issued = issued(&json!({"_sd": [digest(&jti)], "exp": 4_102_444_800_u64}));
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let once = |sd_jwt: &str| {
        let line = format!("verify --json --once --store {}", store.display());
        World::with_stores().stdin(sd_jwt).run(line).reasons()
    };
    assert_eq!(once(&format!("{issued}~{jti}~")), [""; 0]);
    assert_eq!(once(&format!("{issued}~{jti}~")), ["reused"]);
    assert_eq!(once(&format!("{issued}~")), ["reused"]);
}

#[test]
fn revokes_the_token_of_the_issuer() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let outcome = World::with_stores().run(format!("revoke -q --store {} {}", store.display(), sound()));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let line = format!("verify --json --store {}", store.display());
    assert_eq!(World::with_stores().stdin(sound()).run(line).reasons(), ["revoked"]);
}

#[test]
fn no_disclosure_chooses_the_record_of_a_token() {
    let claims = [json!(["s", "sub", "al"]), json!(["s", "user_id", "7"]), json!(["s", "iss", "https://i"])];
    for (claim, jti) in claims.iter().flat_map(|claim| [(claim, None), (claim, Some("one"))]) {
        let shown = disclosure(claim);
        let mut payload = json!({"_sd": [digest(&shown)], "iat": NOW - 60, "exp": 4_102_444_800_u64});
        if let Some(jti) = jti {
            payload["jti"] = jti.into();
        }
        let issued = issued(&payload);
        let (with, without) = (format!("{issued}~{shown}~"), format!("{issued}~"));
        for (first, second) in [(&with, &without), (&without, &with)] {
            let folder = tempfile::tempdir().unwrap();
            let [used, revoked] = ["used.db", "revoked.db"].map(|name| folder.path().join(name));
            let judge = |text: &str, line: String| World::with_stores().stdin(text).run(line).reasons();
            let once = format!("verify --json --once --store {}", used.display());
            assert_eq!(judge(first, once.clone()), [""; 0], "{claim}");
            assert_eq!(judge(second, once), ["reused"], "{claim}");
            let line = format!("revoke -q --store {} {first}", revoked.display());
            assert_eq!(World::with_stores().run(line).status, 0);
            for text in [&with, &without] {
                let query = format!("verify --json --store {}", revoked.display());
                assert_eq!(judge(text, query.clone()), ["revoked"], "{claim}");
                assert_eq!(judge(text, format!("{query} --once")), ["revoked"], "{claim}");
            }
        }
    }
}

#[test]
fn a_revoked_subject_counts_if_it_is_disclosed() {
    let sub = disclosure(&json!(["s", "sub", "al"]));
    let text = format!("{}~{sub}~", issued(&json!({"_sd": [digest(&sub)], "iat": NOW - 60, "jti": "one"})));
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let revoked = World::with_stores().run(format!("revoke -q --store {} --subject al", store.display()));
    assert_eq!(revoked.status, 0, "{}", revoked.stderr);
    for option in ["", "--once"] {
        let line = format!("verify --json --store {} {option}", store.display());
        assert_eq!(World::with_stores().stdin(&text).run(line).reasons(), ["revoked"]);
    }
    let lines = format!("verify --store {} --lines", store.display());
    let outcome = World::with_stores().stdin(format!("{text}\n{}\n", sound())).run(lines);
    assert_eq!(outcome.text(), "rejected\trevoked\naccepted\n");
}

#[test]
fn rejects_every_changed_byte() {
    let sound = sound().into_bytes();
    for at in 0..sound.len() {
        for byte in [b'A', b'~', b'.', b'"', sound[at] ^ 1] {
            let mut bytes = sound.clone();
            bytes[at] = byte;
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            let outcome = World::new().stdin(&bytes).run("verify --json");
            assert!(bytes == sound || matches!(outcome.status, 1 | 4), "{shown}");
            if at % 10 == 0 {
                for line in ["decode", "inspect"] {
                    assert!(matches!(World::bare().stdin(&bytes).run(line).status, 0 | 4), "{line} {shown}");
                }
            }
        }
    }
}
