//! Test tokens: a baseline, or a baseline with one flaw, with the verdict of the verifier and the options it needs.

use super::baseline::{Baseline, NotApplicable};
use super::builder::{FlawBuilder, UnjudgedToken};
use super::table::{Flaw, is_registered};
use crate::core::json::{self, Member};
use crate::core::reason::Reason;
use crate::core::text::escape::Escapes;
use crate::core::verify::Verifier;
use crate::core::verify::check::Detail;
use crate::core::verify::judge::{Judgement, Verdict};
use crate::core::verify::policy::Policy;

/// A token to test verifiers with, valid or with one flaw.
#[derive(Clone, Debug)]
pub struct TestToken {
    /// The compact serialization.
    pub token: String,
    /// The header.
    pub header: Vec<Member<'static>>,
    /// The bytes of the payload; empty if the token looks encrypted.
    pub payload: Vec<u8>,
    /// The options that `verify` needs to detect the flaw.
    pub verify_options: Vec<VerifyOption>,
    /// The verdict of `verify` at the time of issue.
    pub verdict: Verdict,
    /// All reasons for the verdict.
    pub reasons: Vec<Reason>,
}

/// An option of `verify` with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyOption {
    /// The long name of the option.
    pub name: &'static str,
    /// The value as it is written on a command line.
    pub value: String,
}

/// The demands with which a verifier detects a flaw: as options, and as a policy.
#[derive(Default)]
struct Requirement {
    policy: Policy,
    options: Vec<VerifyOption>,
    /// The claim of the flaw, as reasons name it: by name, or as a JSON Pointer.
    path: String,
}

impl Baseline<'_> {
    /// Makes the token without a flaw.
    ///
    /// # Errors
    /// [`NotApplicable`] if its own key rejects it at the time of issue. Then no flaw can be shown with it.
    pub fn valid_token(&self) -> Result<TestToken, NotApplicable> {
        let valid = self.judged(FlawBuilder(self).valid()?, Requirement::default());
        match valid.verdict {
            Verdict::Accepted => Ok(valid),
            _ => Err(NotApplicable::BaselineRejected { reasons: valid.reasons }),
        }
    }

    /// Makes the token with one flaw.
    ///
    /// # Errors
    /// [`NotApplicable`] if it cannot have the flaw, or would be rejected without it.
    pub fn flawed_token(&self, flaw: &Flaw) -> Result<TestToken, NotApplicable> {
        let valid = self.valid_token()?;
        let requirement = self.requirement(flaw)?;
        // The valid token must meet the requirement, or the rejection does not show the flaw.
        if !requirement.options.is_empty() {
            let (verdict, reasons) = self.verdict(&valid.token, &requirement.policy);
            if verdict != Verdict::Accepted {
                return Err(NotApplicable::BaselineRejected { reasons });
            }
        }
        let expected = flaw.promised_reason(&requirement.path);
        let flawed = self.judged(FlawBuilder(self).flawed(flaw)?, requirement);
        if flawed.reasons.contains(&expected) {
            Ok(flawed)
        } else {
            Err(NotApplicable::NotDetected { found: flawed.reasons, expected })
        }
    }

    /// Returns every flaw that a token with these claims can have. The types of claims that are not registered are known
    /// to their issuer alone, so those flaws are left out.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let names = || self.claims.iter().map(|member| member.name.to_string());
        let registered = names().filter(|name| is_registered(name));
        let plain = Flaw::plain().filter(|flaw| self.encryption.is_some() || !flaw.is_of_encryption());
        plain.chain(names().map(Flaw::Missing)).chain(registered.map(Flaw::WrongType)).collect()
    }

    /// Returns what the verifier must require to detect the flaw.
    fn requirement(&self, flaw: &Flaw) -> Result<Requirement, NotApplicable> {
        let mut requirement = Requirement::default();
        let (Flaw::Missing(claim) | Flaw::WrongType(claim)) = flaw else { return Ok(requirement) };
        let Some(value) = json::find(self.claims, claim) else {
            return Err(NotApplicable::NoSuchClaim { claim: claim.clone() });
        };
        // `verify` would read a name that starts with a slash as a JSON Pointer (RFC 6901).
        let path = match claim.starts_with('/') {
            true => json::pointer_to(claim),
            false => claim.clone(),
        };
        requirement.path.clone_from(&path);
        match flaw {
            Flaw::Missing(_) => {
                requirement.policy.required.push(path.clone());
                requirement.options.push(VerifyOption { name: "require", value: path });
            }
            _ if is_registered(claim) => {}
            _ if claim.contains('=') => return Err(NotApplicable::NotNameable { claim: claim.clone() }),
            _ => {
                let mut text = String::new();
                // Writing to a String cannot fail.
                let _ = value.write(&mut text, Escapes::Needed);
                requirement.options.push(VerifyOption { name: "claim", value: format!("{path}:={text}") });
                requirement.policy.claims.push((path, value.clone()));
            }
        }
        Ok(requirement)
    }

    fn judged(&self, built: UnjudgedToken, requirement: Requirement) -> TestToken {
        let (verdict, reasons) = self.verdict(&built.token, &requirement.policy);
        let UnjudgedToken { header, payload, token } = built;
        TestToken { token, header, payload, verify_options: requirement.options, verdict, reasons }
    }

    /// Returns the verdict of `verify` on a token, and its reasons.
    fn verdict(&self, token: &str, policy: &Policy) -> (Verdict, Vec<Reason>) {
        let policy = Policy { algorithms: self.algorithms.to_vec(), ..policy.clone() };
        let result = |judgement: &Judgement<'_>| (judgement.verdict(), judgement.reasons.clone());
        let verifier = Verifier::new(self.keys, &policy).with_detail(Detail::ReasonsOnly);
        let verifier = verifier.with_decrypter(self.encryption.map(|encryption| encryption.decrypter));
        let opening = verifier.open(token.as_bytes());
        match verifier.parse_opened(token.as_bytes(), opening.as_ref()) {
            Ok(parsed) => result(&verifier.judge(&parsed.read(), self.now).judgement),
            Err(failure) if opening.as_ref().is_some_and(|opening| opening.nested().is_some()) => {
                result(&verifier.unreadable_inside(failure, opening.as_ref()).judgement)
            }
            Err(failure) => result(&verifier.unreadable(failure, None).judgement),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::mint::header::HeaderTemplate;
    use crate::core::mint::signer::PreparedSigner;
    use crate::core::reason::listed;
    use crate::core::token::algorithm::{Algorithm, KeyType};
    use crate::core::token::jws::MAX_SIZE;
    use crate::core::token::numeric_date::NumericDate;

    /// The parts of a baseline.
    struct Parts {
        claims: Vec<Member<'static>>,
        keys: KeyRing,
        algorithm: Algorithm,
    }

    impl Parts {
        fn new(key: Key, algorithm: Algorithm, claims: &str) -> Self {
            let claims = json::parse(claims.as_bytes()).unwrap().into_owned();
            Self { claims: claims.members().to_vec(), keys: key.into(), algorithm }
        }

        fn with<T>(&self, work: impl FnOnce(&Baseline<'_>) -> T) -> T {
            let key = self.keys.keys().first().unwrap();
            let random = std::array::from_fn(|index| index as u8);
            let template = HeaderTemplate::default();
            let signer = PreparedSigner::new(&self.keys, key, Some(self.algorithm), &template).unwrap();
            work(&Baseline {
                claims: &self.claims,
                keys: &self.keys,
                signer: &signer,
                algorithms: &[],
                encryption: None,
                now: NumericDate::from_json_number("1800000000.25"),
                random: &random,
            })
        }

        fn flawed(&self, name: &str) -> Result<TestToken, String> {
            let flaw = name.parse().unwrap();
            self.with(|baseline| baseline.flawed_token(&flaw).map_err(|why| why.to_string()))
        }

        fn payload(&self, name: &str) -> String {
            String::from_utf8(self.flawed(name).unwrap().payload).unwrap()
        }
    }

    const CLAIMS: &str = r#"{"iss":"https://i","sub":"alice","aud":["api"],"exp":1800000900,"nbf":1800000000,"iat":1800000000,"jti":"7","role":"user"}"#;

    fn secret() -> Key {
        Key::hmac(Secret::new(vec![b'k'; 32]), None, "a test".into())
    }

    fn hs256(claims: &str) -> Parts {
        Parts::new(secret(), Algorithm::Hs256, claims)
    }

    /// Every flaw and the only reason it is rejected for.
    const PROMISED: [(&str, &str); 36] = [
        ("expired", "expired"),
        ("not-yet-valid", "not_yet_valid"),
        ("issued-in-future", "issued_in_future"),
        ("wrong-key", "bad_signature"),
        ("tampered-payload", "bad_signature"),
        ("tampered-header", "bad_signature"),
        ("truncated-signature", "bad_signature"),
        ("empty-signature", "bad_signature"),
        ("alg-none", "alg_none"),
        ("alg-unknown", "alg_unsupported"),
        ("hmac-with-public-key", "alg_not_allowed"),
        ("duplicate-member", "malformed:duplicate_member"),
        ("padded-base64", "malformed:charset"),
        ("non-canonical-base64", "malformed:base64"),
        ("crit", "crit_unsupported"),
        ("not-json", "malformed:payload_json"),
        ("array-payload", "malformed:payload_not_object"),
        ("deep-json", "malformed:too_deep"),
        ("jwe-shaped", "jwe"),
        ("control-characters", "malformed:payload_json"),
        ("missing-iss", "claim_missing:iss"),
        ("missing-sub", "claim_missing:sub"),
        ("missing-aud", "claim_missing:aud"),
        ("missing-exp", "claim_missing:exp"),
        ("missing-nbf", "claim_missing:nbf"),
        ("missing-iat", "claim_missing:iat"),
        ("missing-jti", "claim_missing:jti"),
        ("missing-role", "claim_missing:role"),
        ("wrong-type-iss", "claim_type:iss"),
        ("wrong-type-sub", "claim_type:sub"),
        ("wrong-type-aud", "claim_type:aud"),
        ("wrong-type-exp", "claim_type:exp"),
        ("wrong-type-nbf", "claim_type:nbf"),
        ("wrong-type-iat", "claim_type:iat"),
        ("wrong-type-jti", "claim_type:jti"),
        ("wrong-type-role", "wrong_claim:role"),
    ];

    #[test]
    fn every_flaw_is_the_only_reason_with_every_type_of_key() {
        // RSA keys are slow to generate, and all RSA algorithms make signatures of the same length.
        let costly = Algorithm::RSA.iter().skip(1).copied().collect::<Vec<_>>();
        for algorithm in Algorithm::ALL.iter().filter(|algorithm| !costly.contains(algorithm)) {
            let key = Key::generate(*algorithm, Some(2048)).unwrap();
            let is_secret = key.has_type(KeyType::Oct);
            let parts = Parts::new(key, *algorithm, CLAIMS);
            for (name, reason) in &PROMISED {
                let token = parts.flawed(name);
                if is_secret && *name == "hmac-with-public-key" {
                    assert_eq!(token.unwrap_err(), "an HMAC secret has no public half");
                    continue;
                }
                let token = token.unwrap_or_else(|why| panic!("{algorithm} {name}: {why}"));
                assert_eq!(listed(&token.reasons), *reason, "{algorithm} {name}: {}", token.token);
            }
        }
    }

    #[test]
    fn lists_the_flaws_of_the_present_claims() {
        let names = |claims: &str| -> Vec<String> {
            hs256(claims).with(|baseline| baseline.flaws().iter().map(Flaw::name).skip(20).collect())
        };
        assert_eq!(names(r#"{"role":"x"}"#), ["missing-role"]);
        assert_eq!(
            names(r#"{"sub":"a","role":"x","exp":1}"#),
            ["missing-sub", "missing-role", "missing-exp", "wrong-type-sub", "wrong-type-exp"]
        );
        assert_eq!(hs256("{}").with(|baseline| baseline.flaws().len()), 20);
    }

    #[test]
    fn names_the_options_that_verify_needs() {
        let options = |claims: &str, name: &str| -> Vec<(&str, String)> {
            let token = hs256(claims).flawed(name).unwrap();
            token.verify_options.into_iter().map(|option| (option.name, option.value)).collect()
        };
        assert_eq!(options(CLAIMS, "expired"), []);
        assert_eq!(options(CLAIMS, "wrong-type-sub"), []);
        assert_eq!(options(CLAIMS, "missing-sub"), [("require", "sub".to_owned())]);
        assert_eq!(options(CLAIMS, "wrong-type-role"), [("claim", r#"role:="user""#.to_owned())]);
        // A name that `verify` would read as a JSON Pointer is written as one.
        assert_eq!(options(r#"{"/~x":1}"#, "missing-/~x"), [("require", "/~1~0x".to_owned())]);
        assert_eq!(options(r#"{"/~x":1}"#, "wrong-type-/~x"), [("claim", "/~1~0x:=1".to_owned())]);
    }

    #[test]
    fn says_why_a_flaw_does_not_apply() {
        let why = |claims: &str, name: &str| hs256(claims).flawed(name).unwrap_err();
        assert_eq!(why("{}", "missing-sub"), "the token has no claim `sub`");
        assert_eq!(
            why(r#"{"exp":1}"#, "alg-none"),
            "verify rejects the token even without the flaw: expired"
        );
        assert_eq!(
            why(r#"{"a":null}"#, "missing-a"),
            "verify rejects the token even without the flaw: claim_missing:a"
        );
        assert_eq!(why(r#"{"a=b":1}"#, "wrong-type-a=b"), "verify --claim cannot name the claim `a=b`");
    }

    #[test]
    fn rejects_a_baseline_over_the_size_limit() {
        let claims = format!(r#"{{"x":"{}"}}"#, "a".repeat(MAX_SIZE));
        for name in ["crit", "missing-x"] {
            let why = hs256(&claims).flawed(name).map(|token| token.reasons).unwrap_err();
            assert_eq!(why, "verify rejects the token even without the flaw: malformed:too_large");
        }
    }

    #[test]
    fn every_plain_flaw_applies_without_claims() {
        for flaw in Flaw::plain().filter(|flaw| *flaw != Flaw::HmacWithPublicKey) {
            let made = hs256("{}").flawed(&flaw.name());
            assert_eq!(made.is_err(), flaw.is_of_encryption(), "{flaw}: {made:?}");
        }
    }

    #[test]
    fn changes_the_payload_as_described() {
        let parts = hs256(r#"{"sub":"alice"}"#);
        for (name, payload) in [
            ("tampered-payload", r#"{"sub":"mallory"}"#),
            ("duplicate-member", r#"{"sub":"alice","sub":"mallory"}"#),
            ("not-json", r#"{"sub":"alice""#),
            ("array-payload", r#"[{"sub":"alice"}]"#),
            ("control-characters", "{\"sub\":\"alice\",\"note\":\"\u{1b}[31m\"}"),
            ("expired", r#"{"sub":"alice","exp":1799996400}"#),
        ] {
            assert_eq!(parts.payload(name), payload, "{name}");
        }
        assert_eq!(hs256("{}").payload("duplicate-member"), r#"{"admin":false,"admin":true}"#);
    }

    #[test]
    fn tampering_keeps_the_claim_that_names_the_key() {
        let mut parts = hs256(r#"{"sub":"alice"}"#);
        let mut named = secret();
        named.kid = Some("alice".into());
        parts.keys = KeyRing::from_set(vec![named], Vec::new(), "a test".into()).by_claim(Some("sub".into()));
        assert_eq!(listed(&parts.flawed("tampered-payload").unwrap().reasons), "bad_signature");
        assert_eq!(listed(&parts.flawed("missing-sub").unwrap().reasons), "key_not_found, claim_missing:sub");
    }

    #[test]
    fn handles_unusual_claims() {
        for claims in [
            r#"{"exp":1e400,"nbf":0,"iat":0.000001}"#,
            r#"{"exp":18000000009e-1,"iat":1799999999.999999999}"#,
            r#"{"":"","tampered":1,"note":2,"deep":3,"admin":true,"crit":4,"alg":"none"}"#,
            r#"{"sub":"","aud":[],"a":[[[{}]]],"b":{"c":null}}"#,
        ] {
            let parts = hs256(claims);
            parts.with(|baseline| {
                for flaw in baseline.flaws().iter().filter(|flaw| **flaw != Flaw::HmacWithPublicKey) {
                    let token =
                        baseline.flawed_token(flaw).unwrap_or_else(|why| panic!("{claims} {flaw}: {why}"));
                    assert_eq!(token.reasons.len(), 1, "{claims} {flaw}: {}", listed(&token.reasons));
                }
            });
        }
    }

    #[test]
    fn rejects_the_forged_mac_as_wrong_if_the_set_has_a_secret() {
        let mut parts =
            Parts::new(Key::generate(Algorithm::EdDsa, None).unwrap(), Algorithm::EdDsa, r#"{"sub":"a"}"#);
        let signer = parts.keys.keys().first().unwrap().clone();
        parts.keys = KeyRing::from_set(vec![signer, secret()], Vec::new(), "a test".into());
        assert_eq!(
            parts.flawed("hmac-with-public-key").unwrap_err(),
            "verify rejects the flawed token with bad_signature, not with alg_not_allowed"
        );
        assert_eq!(listed(&parts.flawed("alg-none").unwrap().reasons), "alg_none");
    }

    #[test]
    fn nothing_can_be_postponed_at_the_largest_time() {
        let parts = hs256("{}");
        let why = parts.with(|baseline| {
            let now = NumericDate::from_seconds(i64::MAX);
            Baseline { now, ..*baseline }.flawed_token(&Flaw::NotYetValid).unwrap_err().to_string()
        });
        assert_eq!(why, "verify accepts the flawed token, but not_yet_valid was expected");
    }
}
