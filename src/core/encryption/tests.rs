//! Tests of the whole folder: the vectors of RFC 7516, RFC 7520 and Project Wycheproof, round trips of every algorithm,
//! and mutations of tokens.

use super::algorithm::{ContentAlgorithm, KeyAlgorithm, KeyManagement};
use super::error::{DecryptionError, EncryptionError, JweError, KeyUnfit, NoDecryptionKey};
use super::{CompressionError, Decrypted, Decrypter, Encrypter, EncryptionSettings, JsonJwe, Jwe};
use crate::core::json::{Member, Value, parse};
use crate::core::key::jwk::{self, Half, JwkOrigin};
use crate::core::key::ring::{KeyRing, UnreadableMember};
use crate::core::key::secret::Secret;
use crate::core::key::{Key, Material};
use crate::core::token::algorithm::Algorithm;
use crate::core::token::base64url;

const MAX_SIZE: usize = 1 << 20;

fn read_key(jwk: &str) -> Key {
    jwk::read(&parse(jwk.as_bytes()).unwrap(), "a test", JwkOrigin::Alone).unwrap()
}

fn secret(bytes: &[u8]) -> Key {
    Key::hmac(Secret::new(bytes.to_vec()), None, "a test".to_owned())
}

fn decrypter(key: Key) -> Decrypter {
    Decrypter::new(KeyRing::from(key), MAX_SIZE)
}

/// Returns a decrypter that allows every algorithm.
fn permissive(key: Key) -> Decrypter {
    decrypter(key).naming(KeyAlgorithm::ALL.to_vec())
}

/// Why a token is refused, in parsing or in decryption.
#[derive(Debug, PartialEq)]
enum Refusal {
    Token(JweError),
    Decryption(DecryptionError),
}

fn open(token: &str, decrypter: &Decrypter) -> Result<Decrypted, Refusal> {
    let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).map_err(Refusal::Token)?;
    decrypter.decrypt(&jwe).map_err(Refusal::Decryption)
}

fn text(opened: &Decrypted) -> &str {
    std::str::from_utf8(opened.plaintext.expose()).unwrap()
}

/// A JSON document of vectors.
fn document(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn decrypts_the_examples_of_rfc_7516() {
    let file = document(include_str!("../../../tests/vectors/rfc7516.json"));
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 6);
    for vector in vectors {
        let decrypter = permissive(read_key(&vector["key"].to_string()));
        let opened = match vector["token"].as_str() {
            Some(token) => open(token, &decrypter).unwrap(),
            None => {
                let recipients =
                    JsonJwe::parse(vector["json"].to_string().as_bytes(), MAX_SIZE).unwrap().recipients;
                let index = usize::try_from(vector["recipient"].as_u64().unwrap()).unwrap();
                let jwe = recipients[index].as_ref().unwrap();
                assert!(!jwe.is_alg_protected());
                decrypter.decrypt(jwe).unwrap()
            }
        };
        assert_eq!(text(&opened), vector["plaintext"].as_str().unwrap(), "{}", vector["name"]);
    }
}

/// Decrypts every form of an example of RFC 7520 section 5, and returns the number of forms.
fn cookbook(example: &str) -> usize {
    let example = document(example);
    let (input, output) = (&example["input"], &example["output"]);
    let plaintext = input["plaintext"].as_str().unwrap();
    let keys: Vec<Key> = match &input["key"] {
        serde_json::Value::Array(keys) => keys.iter().map(|key| read_key(&key.to_string())).collect(),
        serde_json::Value::Null => vec![secret(input["pwd"].as_str().unwrap().as_bytes())],
        key => vec![read_key(&key.to_string())],
    };
    let mut forms = 0;
    if let Some(token) = output["compact"].as_str() {
        assert_eq!(text(&open(token, &permissive(keys[0].clone())).unwrap()), plaintext);
        forms += 1;
    }
    for name in ["json", "json_flat"] {
        let Some(json) = output.get(name) else { continue };
        let parsed = JsonJwe::parse(json.to_string().as_bytes(), MAX_SIZE).unwrap();
        assert_eq!(parsed.recipients.len(), keys.len());
        for (key, jwe) in keys.iter().zip(parsed.recipients) {
            let opened = permissive(key.clone()).decrypt(&jwe.unwrap()).unwrap();
            assert_eq!(text(&opened), plaintext, "{name}");
        }
        forms += 1;
    }
    forms
}

#[test]
fn decrypts_the_examples_of_rfc_7520() {
    macro_rules! forms {
        ($($file:literal)+) => {
            [$(cookbook(include_str!(concat!("../../../tests/vectors/cookbook/", $file, ".json")))),+]
        };
    }
    let forms = forms![
        "jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2"
        "jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm"
        "jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2"
        "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm"
        "jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2"
        "jwe/5_6.direct_encryption_using_aes-gcm"
        "jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2"
        "jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm"
        "jwe/5_9.compressed_content"
        "jwe/5_10.including_additional_authentication_data"
        "jwe/5_11.protecting_specific_header_fields"
        "jwe/5_12.protecting_content_only"
        "jwe/5_13.encrypting_to_multiple_recipients"
        "curve25519/ecdh-es"
    ];
    assert_eq!(forms, [3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 1, 3]);
}

#[test]
fn decrypts_the_nested_token_of_rfc_7520() {
    let file =
        document(include_str!("../../../tests/vectors/cookbook/6.nesting_signatures_and_encryption.json"));
    let encrypt = &file["encrypt"];
    let decrypter = decrypter(read_key(&encrypt["input"]["key"].to_string()));
    let opened = open(encrypt["output"]["compact"].as_str().unwrap(), &decrypter).unwrap();
    assert_eq!(text(&opened), file["sign"]["output"]["compact"].as_str().unwrap());
    assert!(opened.is_nested());
}

/// Each algorithm and each curve, as another library encrypts: a round trip alone would not find a mistake that both
/// directions share.
#[test]
fn decrypts_the_tokens_of_another_library() {
    let file = document(include_str!("../../../tests/vectors/jwe.json"));
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 1 + 6 + 4 + 4 * 4 + 3);
    for vector in vectors {
        let decrypter = permissive(read_key(&vector["key"].to_string()));
        let opened = open(vector["token"].as_str().unwrap(), &decrypter).unwrap();
        assert_eq!(text(&opened), file["plaintext"].as_str().unwrap(), "{} {}", vector["alg"], vector["enc"]);
    }
}

/// Every token of Project Wycheproof, with the private key of its group. The caller names every algorithm.
#[test]
fn agrees_with_wycheproof_on_encrypted_tokens() {
    let file = document(include_str!("../../../tests/vectors/wycheproof/json_web_encryption.json"));
    let (mut valid, mut invalid) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let decrypter = permissive(read_key(&group["private"].to_string()));
        for test in group["tests"].as_array().unwrap() {
            let name = format!("{} {}", test["tcId"], test["comment"]);
            let token = test["jwe"].as_str().map_or_else(|| test["jwe"].to_string(), str::to_owned);
            let opened = open(&token, &decrypter);
            if test["result"] == "valid" {
                let hex: String =
                    opened.unwrap().plaintext.expose().iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(test["pt"], hex, "{name}");
                valid += 1;
            } else {
                assert!(opened.is_err(), "{name}");
                invalid += 1;
            }
        }
    }
    assert_eq!((valid, invalid), (65, 74));
}

#[test]
fn tells_no_faults_of_rsa1_5_padding_apart() {
    let file = document(include_str!("../../../tests/vectors/wycheproof/json_web_encryption.json"));
    let mut tried = 0;
    for group in file["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            if test["flags"].as_array().unwrap().iter().any(|flag| flag == "ModifiedPkcs15Padding") {
                let decrypter = permissive(read_key(&group["private"].to_string()));
                let refusal = open(test["jwe"].as_str().unwrap(), &decrypter).unwrap_err();
                assert_eq!(refusal, Refusal::Decryption(DecryptionError::DecryptFailed), "{test}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 8);
}

/// The private keys of the tests, one for each type and curve.
fn rsa() -> Key {
    let file = document(include_str!("../../../tests/vectors/rfc7516.json"));
    read_key(&file["vectors"][0]["key"].to_string())
}

fn ec(algorithm: Algorithm) -> Key {
    let key = Key::generate(algorithm, None).unwrap();
    Key::new(key.material, "a test".to_owned(), "new")
}

fn x25519() -> Key {
    // RFC 7748 section 6.1, Alice.
    read_key(
        r#"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo","d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"}"#,
    )
}

/// Returns the keys that an algorithm can be used with.
fn keys(algorithm: KeyAlgorithm, content: ContentAlgorithm) -> Vec<Key> {
    match algorithm.management() {
        KeyManagement::Oaep(_) | KeyManagement::Pkcs1 => vec![rsa()],
        KeyManagement::Agreement | KeyManagement::AgreementWrap(_) => {
            vec![ec(Algorithm::Es256), ec(Algorithm::Es384), ec(Algorithm::Es512), x25519()]
        }
        KeyManagement::Password(..) => vec![secret(b"correct horse battery staple")],
        _ => vec![secret(&vec![7; algorithm.secret_bytes(content).unwrap()])],
    }
}

fn settings(algorithm: KeyAlgorithm, content: ContentAlgorithm) -> EncryptionSettings {
    EncryptionSettings {
        algorithm: Some(algorithm),
        content: Some(content),
        iterations: Some(1_000),
        ..EncryptionSettings::default()
    }
}

/// Returns the public half of a key pair, and a secret as it is.
fn public(key: &Key) -> Key {
    key.public().unwrap_or_else(|| key.clone())
}

#[test]
fn every_algorithm_opens_what_it_seals() {
    let mut count = 0;
    for algorithm in KeyAlgorithm::ALL.iter().copied().filter(|known| *known != KeyAlgorithm::Rsa1_5) {
        for content in ContentAlgorithm::ALL.iter().copied() {
            for key in keys(algorithm, content) {
                let encrypter = Encrypter::new(&public(&key), settings(algorithm, content)).unwrap();
                let decrypter = permissive(key.clone());
                for plaintext in ["", "{}", "a text that is longer than two blocks of AES"] {
                    let token = encrypter.encrypt(plaintext.as_bytes()).unwrap();
                    let opened = open(&token, &decrypter).unwrap();
                    assert_eq!(text(&opened), plaintext, "{algorithm} {content} {}", key.kind());
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, (7 + 4 + 4 * 4 + 3) * 6 * 3);
}

#[test]
fn two_tokens_of_one_content_share_no_random_value() {
    for algorithm in KeyAlgorithm::ALL.iter().copied().filter(|known| *known != KeyAlgorithm::Rsa1_5) {
        let content = ContentAlgorithm::A256Gcm;
        let key = keys(algorithm, content).remove(0);
        let encrypter = Encrypter::new(&key, settings(algorithm, content)).unwrap();
        let [first, second] = [(), ()].map(|()| encrypter.encrypt(b"{}").unwrap());
        for (part, (a, b)) in first.split('.').zip(second.split('.')).enumerate().skip(1) {
            assert!(a.is_empty() || a != b, "{algorithm} {part}");
        }
    }
}

#[test]
fn writes_the_header_in_a_fixed_order() {
    let key = Key { kid: Some("k".to_owned()), ..x25519() };
    let settings = EncryptionSettings {
        producer: b"Alice".to_vec(),
        recipient: b"Bob".to_vec(),
        compresses: true,
        others: vec![Member::new("iss", Value::string("joe"))],
        ..EncryptionSettings::default()
    };
    let token = Encrypter::new(&public(&key), settings).unwrap().encrypt_token("a.b.c").unwrap();
    let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).unwrap();
    let names: Vec<&str> = jwe.header().members().iter().map(|member| &*member.name).collect();
    assert_eq!(names, ["alg", "enc", "kid", "cty", "epk", "apu", "apv", "zip", "iss"]);
    assert_eq!((jwe.cty(), jwe.kid()), (Some("JWT"), Some("k")));
    let opened = decrypter(key).decrypt(&jwe).unwrap();
    assert_eq!((text(&opened), opened.is_nested()), ("a.b.c", true));
}

#[test]
fn chooses_algorithms_by_the_key() {
    let of = |key: &Key| match Encrypter::new(key, EncryptionSettings::default()) {
        Ok(encrypter) => format!("{} {}", encrypter.algorithm(), encrypter.content()),
        Err(error) => format!("{error:?}"),
    };
    assert_eq!(of(&rsa()), "RSA-OAEP-256 A256GCM");
    assert_eq!(of(&ec(Algorithm::Es384)), "ECDH-ES+A256KW A256GCM");
    assert_eq!(of(&x25519().public().unwrap()), "ECDH-ES+A256KW A256GCM");
    for (bytes, expected) in [
        (16, "dir A128GCM"),
        (24, "dir A192GCM"),
        (32, "dir A256GCM"),
        (48, "dir A192CBC-HS384"),
        (64, "dir A256CBC-HS512"),
    ] {
        assert_eq!(of(&secret(&vec![1; bytes])), expected);
    }
    assert_eq!(
        Encrypter::new(&secret(b"password"), EncryptionSettings::default()).unwrap_err(),
        EncryptionError::NoDefault { key: "a secret".to_owned(), secret: Some(8) }
    );
    let named = |alg: &str| {
        let mut key = secret(&[1; 32]);
        key.restrictions.alg = Some(alg.to_owned());
        of(&key)
    };
    assert_eq!(named("A256KW"), "A256KW A256GCM");
    assert_eq!(named("A128CBC-HS256"), "dir A128CBC-HS256");
    let mut key = rsa();
    key.restrictions.alg = Some("RSA1_5".to_owned());
    assert_eq!(of(&key), "NeverMade(Rsa1_5)");
}

#[test]
fn refuses_settings_that_would_break_a_token() {
    let error = |settings| Encrypter::new(&secret(&[1; 32]), settings).unwrap_err();
    let other = |name: &'static str| vec![Member::new(name, Value::string("x"))];
    for name in ["alg", "enc", "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "crit", "b64"] {
        let settings = EncryptionSettings { others: other(name), ..EncryptionSettings::default() };
        assert_eq!(error(settings), EncryptionError::Reserved(name.to_owned()));
    }
    let twice = [other("typ"), other("typ")].concat();
    let settings = EncryptionSettings { others: twice, ..EncryptionSettings::default() };
    assert_eq!(error(settings), EncryptionError::Repeated("typ".to_owned()));
    let kid = Some("k".to_owned());
    let settings = EncryptionSettings { kid, others: other("kid"), ..EncryptionSettings::default() };
    assert_eq!(error(settings), EncryptionError::Repeated("kid".to_owned()));
    let (minimum, maximum) = (1_000, 1_000_000);
    for count in [0, 999, 1_000_001] {
        let settings = EncryptionSettings { iterations: Some(count), ..EncryptionSettings::default() };
        assert_eq!(error(settings), EncryptionError::Iterations { count, minimum, maximum });
    }
    let settings =
        EncryptionSettings { content: Some(ContentAlgorithm::A128Gcm), ..EncryptionSettings::default() };
    let unfit = KeyUnfit::SecretLength { algorithm: "A128GCM", length: 32, expected: 16 };
    assert_eq!(error(settings), EncryptionError::Key(unfit));
}

#[test]
fn opens_rsa1_5_and_passwords_only_if_the_caller_names_them() {
    let file = document(include_str!("../../../tests/vectors/rfc7516.json"));
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

fn named(key: Key, kid: &str) -> Key {
    Key { kid: Some(kid.to_owned()), ..key }
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
    assert_eq!(
        error(&none, vec![right.clone(), wrong]),
        DecryptionError::NoKey(NoDecryptionKey::Several { count: 2, algorithm: KeyAlgorithm::Dir })
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
    let mixed = Key { material: Material::Ec(mixed), ..key.clone() };
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
    let file = document(include_str!("../../../tests/vectors/rfc7516.json"));
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
    // No name may stand in two headers.
    assert_eq!(
        error(&|json| json["unprotected"]["enc"] = "A128GCM".into()),
        Some(JweError::DuplicateMember("/enc".into()))
    );
    let unprotected =
        |name| Some(JweError::Parameter { name, fault: super::error::ParameterFault::Unprotected });
    assert_eq!(error(&|json| json["unprotected"]["zip"] = "DEF".into()), unprotected("zip"));
    assert_eq!(error(&|json| json["header"]["crit"] = serde_json::json!(["x"])), unprotected("crit"));
    // The compact reader does not accept it.
    assert!(matches!(Jwe::parse(flat.to_string().as_bytes(), MAX_SIZE).unwrap_err(), JweError::Form(_)));
}

#[test]
fn additional_data_and_the_protected_header_are_authenticated() {
    let file = document(include_str!(
        "../../../tests/vectors/cookbook/jwe/5_10.including_additional_authentication_data.json"
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

/// Numbers for mutations: the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Returns a token that differs from the given one.
fn mutated(token: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    const SYMBOLS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    let mut changed = token.to_vec();
    loop {
        let at = numbers.below(changed.len());
        match numbers.below(10) {
            0 => changed[at] = u8::try_from(numbers.below(256)).unwrap(),
            1 => drop(changed.remove(at)),
            2 => changed.insert(at, SYMBOLS[numbers.below(SYMBOLS.len())]),
            3 => {
                let other = numbers.below(changed.len());
                changed.swap(at, other);
            }
            // Most mutations keep the form, so that they reach the cryptography.
            _ if changed[at] != b'.' => changed[at] = SYMBOLS[numbers.below(SYMBOLS.len() - 1)],
            _ => {}
        }
        if changed != token && numbers.below(4) != 0 {
            return changed;
        }
    }
}

/// Mutates a token of an algorithm 20,000 times. Nothing panics, and nothing is accepted.
fn mutate(algorithm: KeyAlgorithm, content: ContentAlgorithm) {
    let key = keys(algorithm, content).remove(0);
    let token = match algorithm {
        KeyAlgorithm::Rsa1_5 => rsa1_5_token(),
        _ => {
            let encrypter = Encrypter::new(&public(&key), settings(algorithm, content)).unwrap();
            encrypter.encrypt(br#"{"sub":"alice"}"#).unwrap()
        }
    };
    let key = if algorithm == KeyAlgorithm::Rsa1_5 { rsa1_5_key() } else { key };
    let decrypter = permissive(key);
    assert!(open(&token, &decrypter).is_ok(), "{algorithm} {content}");
    let mut numbers = Numbers(7);
    let mut failed = 0;
    for _ in 0..20_000 {
        let changed = mutated(token.as_bytes(), &mut numbers);
        let Ok(jwe) = Jwe::parse(&changed, MAX_SIZE) else { continue };
        match decrypter.decrypt(&jwe) {
            Ok(_) => panic!("{algorithm} {content}: {}", String::from_utf8_lossy(&changed)),
            Err(DecryptionError::DecryptFailed) => failed += 1,
            Err(_) => {}
        }
    }
    assert!(failed > 2_000, "{algorithm} {content}: {failed} reach the cryptography");
}

fn rsa1_5_key() -> Key {
    let file = document(include_str!("../../../tests/vectors/rfc7516.json"));
    read_key(&file["vectors"][1]["key"].to_string())
}

fn rsa1_5_token() -> String {
    let file = document(include_str!("../../../tests/vectors/rfc7516.json"));
    file["vectors"][1]["token"].as_str().unwrap().to_owned()
}

#[test]
fn accepts_no_mutation_with_direct_encryption() {
    for content in ContentAlgorithm::ALL.iter().copied() {
        mutate(KeyAlgorithm::Dir, content);
    }
}

#[test]
fn accepts_no_mutation_of_a_wrapped_key() {
    for (algorithm, content) in [
        (KeyAlgorithm::A128Kw, ContentAlgorithm::A128CbcHs256),
        (KeyAlgorithm::A192Kw, ContentAlgorithm::A192Gcm),
        (KeyAlgorithm::A256Kw, ContentAlgorithm::A256CbcHs512),
        (KeyAlgorithm::A256GcmKw, ContentAlgorithm::A256Gcm),
        (KeyAlgorithm::Pbes2A128Kw, ContentAlgorithm::A128Gcm),
    ] {
        mutate(algorithm, content);
    }
}

#[test]
fn accepts_no_mutation_of_an_agreement() {
    mutate(KeyAlgorithm::EcdhEs, ContentAlgorithm::A128Gcm);
    mutate(KeyAlgorithm::EcdhEsA256Kw, ContentAlgorithm::A256CbcHs512);
}

#[test]
fn accepts_no_mutation_of_an_rsa_encrypted_key() {
    mutate(KeyAlgorithm::RsaOaep256, ContentAlgorithm::A256Gcm);
}

#[test]
fn accepts_no_mutation_of_rsa1_5() {
    mutate(KeyAlgorithm::Rsa1_5, ContentAlgorithm::A128CbcHs256);
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
    assert_eq!(base64url::encode(b"{}"), "e30");
}
