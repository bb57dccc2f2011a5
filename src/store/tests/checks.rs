//! Tests of the check of a verdict that asks a store.

use super::memory::Memory;
use crate::core::json;
use crate::core::key::Key;
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::Secret;
use crate::core::sd_jwt::DigestAlgorithm;
use crate::core::token::Token;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::base64url::encode;
use crate::core::token::jws::{Compact, Padding, signing_input};
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::serialization::JsonJws;
use crate::core::verify::policy::Policy;
use crate::core::verify::{SdJwts, Verifier};
use crate::store::identity::TokenIdentity;
use crate::store::ledger::{Ledger, TokenUse};
use crate::store::location::{MissingRecord, StoreLayout};
use crate::store::record::TokenRole;
use crate::store::verdict::{LedgerCheck, role_of};

const NOW: NumericDate = NumericDate::from_seconds(1_000_000);

fn key() -> Key {
    Key::hmac(Secret::new(vec![7; 32]), None, "a test".to_owned())
}

/// Returns a signed token with these claims.
fn signed(claims: &str) -> String {
    let input = format!("{}.{}.", encode(br#"{"alg":"HS256"}"#), encode(claims.as_bytes()));
    let signature = key().signer(Algorithm::Hs256).unwrap().sign(signing_input(&input)).unwrap();
    input + &encode(&signature)
}

/// Returns an SD-JWT that discloses one claim.
fn disclosing(name: &str, value: &str) -> String {
    let disclosure = encode(format!(r#"["salt","{name}","{value}"]"#).as_bytes());
    let digest = DigestAlgorithm::Sha256.digest(&disclosure);
    format!("{}~{disclosure}~", signed(&format!(r#"{{"iss":"me","iat":1000000,"_sd":["{digest}"]}}"#)))
}

/// Returns the identity of a token with these claims, as a store records it.
fn identity(claims: &str) -> TokenIdentity {
    let claims = json::parse(claims.as_bytes()).unwrap();
    TokenIdentity::from_claims(claims.members(), TokenRole::Other, "a.b.c").unwrap()
}

fn ledger() -> Ledger {
    Memory::default().ledger(StoreLayout::Own, MissingRecord::Allow, NOW.seconds())
}

/// Verifies a token, and returns the codes of the reasons against it.
fn verify(text: &str, check: &mut LedgerCheck<'_>) -> String {
    let (keys, policy) = (KeyRing::from(key()), Policy::default());
    let verifier = Verifier::new(&keys, &policy).with_sd_jwts(SdJwts::Accepted);
    let parsed = verifier.parse(text.as_bytes()).unwrap();
    let token = parsed.read();
    let judgement = verifier.verify(&token, Some(check), NOW).unwrap().judgement;
    judgement.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn tells_whether_a_token_was_used_up() {
    let mut ledger = ledger();
    let text = signed(r#"{"jti":"a"}"#);
    let mut check = LedgerCheck::new(&mut ledger, TokenUse::Query);
    assert_eq!((verify(&text, &mut check).as_str(), check.used_up()), ("", false));
    let mut check = LedgerCheck::new(&mut ledger, TokenUse::Once);
    assert_eq!(
        (verify(&signed(r#"{"jti":"b","exp":1}"#), &mut check).as_str(), check.used_up()),
        ("expired", false)
    );
    assert_eq!((verify(&text, &mut check).as_str(), check.used_up()), ("", true));
    // The first use stays a use.
    assert_eq!((verify(&text, &mut check).as_str(), check.used_up()), ("reused", true));
    let mut check = LedgerCheck::new(&mut ledger, TokenUse::Once);
    assert_eq!((verify(&text, &mut check).as_str(), check.used_up()), ("reused", false));
}

#[test]
fn a_document_with_several_signatures_needs_a_jti() {
    let (keys, policy) = (KeyRing::from(key()), Policy::default());
    let verifier = Verifier::new(&keys, &policy);
    let reasons = |claims: &str, count: usize| {
        let text = signed(claims);
        let parts: Vec<&str> = text.split('.').collect();
        let signature = format!(r#"{{"protected":"{}","signature":"{}"}}"#, parts[0], parts[2]);
        let signatures = vec![signature; count].join(",");
        let text = format!(r#"{{"payload":"{}","signatures":[{signatures}]}}"#, parts[1]);
        let document = JsonJws::parse(text.as_bytes(), 1 << 20, Padding::Refused).unwrap();
        let parsed = verifier.parse_signatures(&document).unwrap();
        let token = parsed[0].read();
        let mut ledger = ledger();
        let mut check = LedgerCheck::new(&mut ledger, TokenUse::Once);
        let judgement = verifier.verify(&token, Some(&mut check), NOW).unwrap().judgement;
        judgement.reasons.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(reasons(r#"{"sub":"al"}"#, 1), [""; 0]);
    assert_eq!(reasons(r#"{"sub":"al"}"#, 2), ["claim_missing:jti"]);
    assert_eq!(reasons(r#"{"sub":"al","jti":"a"}"#, 2), [""; 0]);
}

#[test]
fn a_disclosed_claim_names_no_other_record() {
    let mut ledger = ledger();
    ledger.spend(&identity(r#"{"iss":"me","jti":"used"}"#), NOW).unwrap();
    ledger.revoke_family(&identity(r#"{"iss":"me","jti":"ended"}"#), NOW).unwrap();
    ledger.revoke_subject("al", None, NOW).unwrap();
    for how in [TokenUse::Query, TokenUse::Once] {
        let mut reasons = |text: &str| verify(text, &mut LedgerCheck::new(&mut ledger, how));
        assert_eq!(reasons(&signed(r#"{"iss":"me","jti":"used"}"#)), "reused");
        assert_eq!(reasons(&signed(r#"{"iss":"me","jti":"x","orig_jti":"ended"}"#)), "revoked");
        assert_eq!(reasons(&disclosing("jti", "used")), "");
        assert_eq!(reasons(&disclosing("orig_jti", "ended")), "");
        // But it shows whose token it is.
        assert_eq!(reasons(&disclosing("sub", "al")), "revoked");
    }
}

#[test]
fn reads_the_role_that_a_token_declares() {
    for (claims, role) in [
        (r#"{"token_type":"refresh"}"#, TokenRole::Refresh),
        (r#"{"token_type":"access"}"#, TokenRole::Access),
        (r#"{"token_type":"id"}"#, TokenRole::Other),
        ("{}", TokenRole::Other),
    ] {
        let text = signed(claims);
        let compact = Compact::parse(text.as_bytes(), 1000).unwrap();
        assert_eq!(role_of(&Token::parse(&compact)), role, "{claims}");
    }
}
