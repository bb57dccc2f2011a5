//! Tests of the rules of decryption: which key, which algorithm, which limits.

use super::*;
use crate::core::encryption::error::{KeyUnfit, NoDecryptionKey, ParameterFault};
use crate::core::encryption::session_cookie::{CookieSecret, SecretUse};
use crate::core::encryption::{CompressionError, Encrypter, JsonJwe};
use crate::core::json::{Member, Value};
use crate::core::key::Material;
use crate::core::key::jwk::Half;
use crate::core::key::ring::UnreadableMember;
use crate::core::reason::{Malformed, Reason};

#[test]
fn opens_rsa1_5_and_passwords_only_if_the_caller_names_them() {
    let file = document(include_str!("../../../../tests/vectors/rfc7516.json"));
    let (key, token) = (&file["vectors"][1]["key"], file["vectors"][1]["token"].as_str().unwrap());
    let key = read_key(&key.to_string());
    let refused = |algorithm, named: &[KeyAlgorithm]| {
        Refusal::Decryption(DecryptionError::NotAllowed { algorithm, named: named.to_vec() })
    };
    let error = open(token, &decrypter(key.clone())).unwrap_err();
    assert_eq!(error, refused(KeyAlgorithm::Rsa1_5, &[]));
    let named = [KeyAlgorithm::Rsa1_5];
    assert!(open(token, &decrypter(key).naming(named.to_vec())).is_ok());

    for algorithm in KeyAlgorithm::ALL.iter().copied().filter(|known| known.name().starts_with("PBES2")) {
        let key = secret(b"password");
        let settings = settings(algorithm, ContentAlgorithm::A128Gcm);
        let token = Encrypter::new(&key, settings).unwrap().encrypt(b"{}").unwrap();
        let error = open(&token, &decrypter(key.clone())).unwrap_err();
        assert_eq!(error, refused(algorithm, &[]));
        assert!(open(&token, &decrypter(key.clone()).naming(vec![algorithm])).is_ok());
        // Naming one algorithm excludes the others.
        assert_eq!(
            open(&token, &decrypter(key).naming(named.to_vec())).unwrap_err(),
            refused(algorithm, &named)
        );
    }
}

/// Returns a set of keys.
fn set(keys: Vec<Key>) -> Decrypter {
    Decrypter::new(KeyRing::from_set(keys, Vec::new(), "a set".to_owned()), MAX_SIZE)
}

fn named(mut key: Key, kid: &str) -> Key {
    key.kid = Some(kid.to_owned());
    key
}

#[test]
fn chooses_the_key_by_its_id_or_by_what_fits() {
    let token = |kid: Option<&str>| {
        let settings = EncryptionSettings { kid: kid.map(str::to_owned), ..EncryptionSettings::default() };
        Encrypter::new(&secret(&[1; 32]), settings).unwrap().encrypt(b"{}").unwrap()
    };
    let error = |token: &str, keys: Vec<Key>| match open(token, &set(keys)).unwrap_err() {
        Refusal::Decryption(error) => error,
        other => panic!("{other:?}"),
    };
    let (right, wrong, short) = (secret(&[1; 32]), secret(&[2; 32]), secret(&[1; 16]));
    let none = token(None);
    let a = token(Some("a"));
    let several = |wanted| {
        let algorithm = KeyAlgorithm::Dir;
        DecryptionError::NoKey(NoDecryptionKey::Several { count: 2, algorithm, wanted })
    };
    // By its ID.
    assert!(open(&a, &set(vec![named(wrong.clone(), "b"), named(right.clone(), "a")])).is_ok());
    assert_eq!(
        error(&a, vec![named(right.clone(), "b"), named(right.clone(), "c")]),
        DecryptionError::NoKey(NoDecryptionKey::Named { wanted: "a".into(), known: "`b`, `c`".into() })
    );
    assert_eq!(
        error(&a, vec![named(short.clone(), "a"), named(right.clone(), "c")]),
        DecryptionError::Key(KeyUnfit::SecretLength { algorithm: "A256GCM", length: 16, expected: 32 })
    );
    assert_eq!(
        error(&a, vec![named(wrong.clone(), "a"), named(right.clone(), "c")]),
        DecryptionError::DecryptFailed
    );
    // By what fits.
    assert!(open(&none, &set(vec![rsa(), short.clone(), named(right.clone(), "x")])).is_ok());
    assert!(open(&a, &set(vec![short.clone(), right.clone()])).is_ok());
    assert!(open(&none, &set(vec![right.clone(), right.clone()])).is_ok());
    assert_eq!(
        error(&none, vec![rsa(), short.clone()]),
        DecryptionError::NoKey(NoDecryptionKey::NoneFits(KeyAlgorithm::Dir))
    );
    assert_eq!(error(&none, vec![right.clone(), wrong]), several(None));
    assert_eq!(
        error(&a, vec![named(right.clone(), "a"), named(secret(&[3; 32]), "a")]),
        several(Some("a".to_owned()))
    );
    // If no key of that ID fits, the first one says why.
    assert_eq!(
        error(&a, vec![named(short.clone(), "a"), named(rsa(), "a"), named(right.clone(), "c")]),
        DecryptionError::Key(KeyUnfit::SecretLength { algorithm: "A256GCM", length: 16, expected: 32 })
    );
    // A single key.
    let single = |key| open(&a, &decrypter(key));
    assert!(single(right.clone()).is_ok() && single(named(right.clone(), "a")).is_ok());
    assert_eq!(
        single(named(right, "b")).unwrap_err(),
        Refusal::Decryption(DecryptionError::NoKey(NoDecryptionKey::OtherKid {
            wanted: "a".into(),
            key: "b".into()
        }))
    );
    // A member that cannot be read.
    let error = jwk::JwkError::Missing("k");
    let unreadable = vec![UnreadableMember { kid: Some("a".into()), error: error.clone() }];
    let ring = KeyRing::from_set(vec![named(short, "b")], unreadable, "a set".to_owned());
    assert_eq!(
        open(&a, &Decrypter::new(ring, MAX_SIZE)).unwrap_err(),
        Refusal::Decryption(DecryptionError::NoKey(NoDecryptionKey::Unreadable {
            wanted: "a".into(),
            error
        }))
    );
}

#[test]
fn says_that_a_token_was_encrypted_for_an_rsa_key_of_another_size() {
    let token = Encrypter::new(&rsa(), EncryptionSettings::default()).unwrap().encrypt(b"{}").unwrap();
    let other = Key::generate(Algorithm::Rs256, Some(3072)).unwrap();
    let other = Key::new(other.material, String::new(), "new");
    assert_eq!(
        open(&token, &decrypter(other)).unwrap_err(),
        Refusal::Decryption(DecryptionError::OtherRsaSize { key: 3072, token: 2048 })
    );
}

#[test]
fn refuses_public_keys_and_foreign_private_halves() {
    let key = ec(Algorithm::Es256);
    let token = Encrypter::new(&key, EncryptionSettings::default()).unwrap().encrypt(b"{}").unwrap();
    let error = |key| open(&token, &decrypter(key)).unwrap_err();
    let unfit = |unfit| Refusal::Decryption(DecryptionError::Key(unfit));
    assert_eq!(error(key.public().unwrap()), unfit(KeyUnfit::NoPrivateHalf));
    let (Material::Ec(own), Material::Ec(other)) = (&key.material, ec(Algorithm::Es256).material) else {
        panic!("EC keys")
    };
    let mut mixed = own.clone();
    mixed.private = other.private;
    let mixed = Key::new(Material::Ec(mixed), String::new(), "test");
    assert_eq!(error(mixed), unfit(KeyUnfit::HalvesDiffer));
    let curve = KeyUnfit::Curve { key: "P-384", token: "P-256" };
    assert_eq!(error(ec(Algorithm::Es384)), unfit(curve));
    let curve = KeyUnfit::Curve { key: "X25519", token: "P-256" };
    assert_eq!(error(x25519()), unfit(curve));
    assert_eq!(error(ec(Algorithm::Es256)), Refusal::Decryption(DecryptionError::DecryptFailed));
    let ed25519 = KeyUnfit::Type { found: "an Ed25519 key".into(), algorithm: KeyAlgorithm::EcdhEsA256Kw };
    assert_eq!(error(ec(Algorithm::EdDsa)), unfit(ed25519));
}

#[test]
fn bounds_decompression_by_the_size_and_by_the_length_of_the_token() {
    let key = secret(&[1; 32]);
    let settings = EncryptionSettings { compresses: true, ..EncryptionSettings::default() };
    let encrypter = Encrypter::new(&key, settings).unwrap();
    let error = |token: &str, max_size| {
        let decrypter = Decrypter::new(KeyRing::from(key.clone()), max_size);
        match open(token, &decrypter) {
            Err(Refusal::Decryption(DecryptionError::Compression(error))) => Some(error),
            Err(other) => panic!("{other:?}"),
            Ok(_) => None,
        }
    };
    let bomb = encrypter.encrypt(&vec![b' '; 1 << 20]).unwrap();
    let limit = bomb.len() * 10;
    assert!(limit < 1 << 20);
    assert_eq!(error(&bomb, usize::MAX), Some(CompressionError::TooLarge { limit }));
    let small = encrypter.encrypt(&[b' '; 300]).unwrap();
    assert_eq!(error(&small, 300), None);
    assert_eq!(error(&small, 299), Some(CompressionError::TooLarge { limit: 299 }));
}

#[test]
fn enforces_the_rules_of_the_json_serialization() {
    let file = document(include_str!("../../../../tests/vectors/rfc7516.json"));
    let flat = &file["vectors"][5]["json"];
    let error = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json = flat.clone();
        change(&mut json);
        match JsonJwe::parse(json.to_string().as_bytes(), MAX_SIZE) {
            Ok(parsed) => parsed.recipients.into_iter().find_map(Result::err),
            Err(error) => Some(error),
        }
    };
    assert_eq!(error(&|_| {}), None);
    let member = |name, found| Some(JweError::Member { name, found });
    assert_eq!(error(&|json| json["iv"] = 7.into()), member("iv", Some("a number")));
    assert_eq!(error(&|json| json["header"] = "x".into()), member("header", Some("a string")));
    assert_eq!(
        error(&|json| drop(json.as_object_mut().unwrap().remove("ciphertext"))),
        member("ciphertext", None)
    );
    assert_eq!(error(&|json| json["recipients"] = "x".into()), member("recipients", Some("a string")));
    assert_eq!(
        error(&|json| json["recipients"] = serde_json::json!([{}])),
        member("recipients", Some("an array beside `header`"))
    );
    let recipients = |items: serde_json::Value| {
        error(&move |json: &mut serde_json::Value| {
            json.as_object_mut().unwrap().remove("header");
            json.as_object_mut().unwrap().remove("encrypted_key");
            json["recipients"] = items.clone();
        })
    };
    assert_eq!(recipients(serde_json::json!([])), member("recipients", Some("an empty array")));
    assert_eq!(recipients(serde_json::json!([7])), member("recipients", Some("a number")));
    assert_eq!(
        recipients(serde_json::json!(vec![serde_json::json!({}); 33])),
        Some(JweError::TooManyRecipients { count: 33, maximum: 32 })
    );
    assert!(matches!(error(&|json| json["protected"] = "".into()), Some(JweError::Form(_))));
    // No name may stand in two headers.
    assert_eq!(
        error(&|json| json["unprotected"]["enc"] = "A128GCM".into()),
        Some(JweError::DuplicateMember("/enc".into()))
    );
    let unprotected = |name| Some(JweError::Parameter { name, fault: ParameterFault::Unprotected });
    assert_eq!(error(&|json| json["unprotected"]["zip"] = "DEF".into()), unprotected("zip"));
    assert_eq!(error(&|json| json["header"]["crit"] = serde_json::json!(["x"])), unprotected("crit"));
    // The compact reader does not accept it.
    assert!(matches!(Jwe::parse(flat.to_string().as_bytes(), MAX_SIZE).unwrap_err(), JweError::Form(_)));
}

#[test]
fn additional_data_and_the_protected_header_are_authenticated() {
    let file = document(include_str!(
        "../../../../tests/vectors/cookbook/jwe/5_10.including_additional_authentication_data.json"
    ));
    let decrypter = decrypter(read_key(&file["input"]["key"].to_string()));
    let opened = |json: &serde_json::Value| {
        let parsed = JsonJwe::parse(json.to_string().as_bytes(), MAX_SIZE).unwrap();
        decrypter.decrypt(parsed.recipients[0].as_ref().unwrap()).map(drop)
    };
    let mut json = file["output"]["json_flat"].clone();
    assert_eq!(opened(&json), Ok(()));
    json["aad"] = "AAAA".into();
    assert_eq!(opened(&json), Err(DecryptionError::DecryptFailed));
    json.as_object_mut().unwrap().remove("aad");
    assert_eq!(opened(&json), Err(DecryptionError::DecryptFailed));
}

#[test]
fn debug_output_hides_secrets_and_plaintext() {
    let key = secret(b"hunter2hunter2hunter2hunter2hunt");
    let encrypter = Encrypter::new(&key, EncryptionSettings::default()).unwrap();
    let token = encrypter.encrypt(b"plaintext").unwrap();
    let decrypter = decrypter(key);
    let opened = open(&token, &decrypter).unwrap();
    let debug = format!("{encrypter:?} {decrypter:?} {opened:?}");
    assert!(!debug.contains("hunter2") && !debug.contains("plaintext\""), "{debug}");
    assert!(debug.contains("RsaDecrypter(…)"), "{debug}");
}

#[test]
fn reads_x25519_keys_from_jwk_and_der() {
    let key = x25519();
    assert_eq!((key.kind(), key.bits(), key.is_private()), ("an X25519 key".to_owned(), 256, true));
    let pkcs8 = key.to_pkcs8().unwrap();
    let spki = key.to_spki().unwrap();
    for (der, half) in [(pkcs8.expose(), Half::Private), (&*spki, Half::Public)] {
        let Ok(crate::core::key::der::KeyDocument::Key(parsed)) = crate::core::key::der::read(der) else {
            panic!("a key")
        };
        let parsed = Key::new(parsed.material, String::new(), parsed.form);
        let [ours, theirs] =
            [&key, &parsed].map(|key| Value::Object(jwk::write(key, half).unwrap()).to_string());
        assert_eq!(ours, theirs);
    }
    // It signs nothing.
    assert_eq!(key.algorithms(), []);
    assert_eq!(key.unusable_reason().unwrap().reason.to_string(), "key_mismatch:crv");
}

#[test]
fn recognizes_nested_tokens() {
    let key = secret(&[1; 32]);
    let nested = |content: &str, cty: Option<&str>| {
        let others = cty.map(|cty| Member::new("cty", Value::string(cty.to_owned())));
        let settings =
            EncryptionSettings { others: others.into_iter().collect(), ..EncryptionSettings::default() };
        let token = Encrypter::new(&key, settings).unwrap().encrypt(content.as_bytes()).unwrap();
        open(&token, &decrypter(key.clone())).unwrap().is_nested()
    };
    assert!(nested("e30.e30.AQ", None) && nested("e30.a.b.c.d", None));
    assert!(nested("{}", Some("JWT")) && nested("{}", Some("application/jwt")));
    assert!(!nested("{}", None) && !nested("{}", Some("json")) && !nested("a b.c.d", None));
}

#[test]
fn keeps_the_first_secret_for_session_cookies() {
    let application = |source: &str| {
        let key = Key::hmac(Secret::new(b"of an application".to_vec()), None, source.to_owned());
        let name = Some("session".to_owned());
        CookieSecret::of_ring(&KeyRing::from(key), name, SecretUse::AlsoSignatures).unwrap()
    };
    let token =
        Encrypter::new(&secret(&[1; 32]), EncryptionSettings::default()).unwrap().encrypt(b"{}").unwrap();
    let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).unwrap();
    let source = |decrypter: &Decrypter| decrypter.cookie_secret(&jwe).map(|found| found.source().to_owned());
    let none = decrypter(secret(&[2; 32]));
    assert_eq!(source(&none), None);
    let one = none.or_cookies(application("one"));
    assert_eq!(source(&one).as_deref(), Some("one"));
    assert_eq!(source(&one.or_cookies(application("two"))).as_deref(), Some("one"));
}

#[test]
fn says_that_a_json_serialization_is_nested_too_deeply() {
    let reason = |text: &str| match JsonJwe::parse(text.as_bytes(), MAX_SIZE) {
        Err(JweError::Form(failure)) => failure.reason,
        other => panic!("{other:?}"),
    };
    let nested = format!(r#"{{"ciphertext":{}{}}}"#, "[".repeat(1000), "]".repeat(1000));
    assert_eq!(reason(&nested), Reason::Malformed(Malformed::TooDeep));
    assert_eq!(reason(r#"{"ciphertext":}"#), Reason::Malformed(Malformed::PayloadJson));
}

#[test]
fn limits_the_copies_of_the_ciphertext_for_all_recipients() {
    let parse = |recipients: usize, ciphertext: usize| {
        let items = vec![serde_json::json!({}); recipients];
        let json =
            serde_json::json!({ "ciphertext": "A".repeat(ciphertext), "recipients": items }).to_string();
        match JsonJwe::parse(json.as_bytes(), json.len()) {
            Ok(parsed) => Ok(parsed.recipients.len()),
            Err(JweError::TooManyRecipients { count, maximum }) => Err((count, maximum)),
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(parse(32, 4), Ok(32));
    assert_eq!(parse(33, 4), Err((33, 32)));
    // Four times the limit for a token has room for four copies of a ciphertext that is nearly as long.
    assert_eq!(parse(4, 4000), Ok(4));
    assert_eq!(parse(5, 4000), Err((5, 4)));
}

#[test]
fn limits_the_iterations_of_all_passwords_together() {
    let parse = |counts: [u32; 2]| {
        let recipient = |count: u32| {
            serde_json::json!({
                "header": { "alg": "PBES2-HS256+A128KW", "p2s": "A".repeat(11), "p2c": count },
                "encrypted_key": "A".repeat(32),
            })
        };
        let json = serde_json::json!({
            "unprotected": { "enc": "A128GCM" },
            "iv": "A".repeat(16),
            "ciphertext": "AAAA",
            "tag": "A".repeat(22),
            "recipients": counts.map(recipient),
        });
        let parsed = JsonJwe::parse(json.to_string().as_bytes(), MAX_SIZE)?;
        parsed.recipients.into_iter().collect::<Result<Vec<_>, _>>().map(|recipients| recipients.len())
    };
    assert_eq!(parse([600_000, 400_000]), Ok(2));
    let fault = ParameterFault::Total { sum: 1_000_001, maximum: 1_000_000 };
    assert_eq!(parse([600_000, 400_001]), Err(JweError::Parameter { name: "p2c", fault }));
}
