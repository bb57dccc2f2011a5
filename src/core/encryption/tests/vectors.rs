//! The vectors of RFC 7516, RFC 7520, Project Wycheproof and another library.

use super::*;
use crate::core::encryption::JsonJwe;

#[test]
fn decrypts_the_examples_of_rfc_7516() {
    let file = document(include_str!("../../../../tests/vectors/rfc7516.json"));
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
            [$(cookbook(include_str!(concat!("../../../../tests/vectors/cookbook/", $file, ".json")))),+]
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
        document(include_str!("../../../../tests/vectors/cookbook/6.nesting_signatures_and_encryption.json"));
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
    let file = document(include_str!("../../../../tests/vectors/jwe.json"));
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
    let file = document(include_str!("../../../../tests/vectors/wycheproof/json_web_encryption.json"));
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
    let file = document(include_str!("../../../../tests/vectors/wycheproof/json_web_encryption.json"));
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
