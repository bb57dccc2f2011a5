//! The verdict on a document in JSON serialization, which may have several signatures. Each signature is judged like a token
//! in compact serialization. This file only draws the verdict on the document from theirs.

use super::hint_scope::HintScope;
use super::judge::{Judgement, Verdict};
use super::verifier::{ParsedToken, RevocationStore, SubmittedToken, Verification, Verifier};
use crate::core::text::layout::count;
use crate::core::token::detached::DetachedPayload;
use crate::core::token::numeric_date::NumericDate;

/// The signatures of a document that must be accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureDemand {
    /// Every signature. A document is then never accepted with a signature that was not verified.
    #[default]
    All,
    /// At least one signature.
    Any,
}

impl SignatureDemand {
    /// Every demand.
    pub const ALL: [Self; 2] = [Self::All, Self::Any];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
        }
    }
}

/// The verification of a document.
#[derive(Clone, Debug)]
pub struct DocumentVerification<'t> {
    /// The signatures that must be accepted.
    pub demand: SignatureDemand,
    /// The verification of each signature, in the order of the document.
    pub signatures: Vec<Verification<'t>>,
    /// The verdict on the document. Its checks are those of the claims and of the store.
    pub whole: Verification<'t>,
}

impl DocumentVerification<'_> {
    /// Returns the number of accepted signatures.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.signatures.iter().filter(|one| one.judgement.verdict() == Verdict::Accepted).count()
    }
}

/// Reads the signatures of a document, each with its payload if the segments do not hold it.
#[must_use]
pub fn read_signatures<'t, 'v>(
    parsed: &'t [ParsedToken<'_, 'v>],
    payloads: Option<&'t [DetachedPayload]>,
) -> Vec<SubmittedToken<'t, 'v>> {
    match payloads {
        Some(payloads) => {
            parsed.iter().zip(payloads).map(|(token, payload)| token.read_with(payload)).collect()
        }
        None => parsed.iter().map(ParsedToken::read).collect(),
    }
}

impl<'v> Verifier<'v> {
    /// Judges the signatures of a document, asks the store about it, and gives hints. Returns `None` if there is no signature.
    ///
    /// # Errors
    /// If the store cannot be asked.
    pub fn verify_document<'t, S: RevocationStore>(
        &self,
        tokens: &'t [SubmittedToken<'_, 'v>],
        demand: SignatureDemand,
        store: Option<&mut S>,
        scope: HintScope,
        at: NumericDate,
    ) -> Result<Option<DocumentVerification<'t>>, S::Error> {
        let signatures: Vec<_> = tokens.iter().map(|token| self.judge(token, at)).collect();
        let judgements: Vec<_> = signatures.iter().map(|one| &one.judgement).collect();
        let counted = counted(&judgements, demand);
        let Some(leading) = leading(&judgements, &counted) else { return Ok(None) };
        let (Some(verification), Some(token)) = (signatures.get(leading), tokens.get(leading)) else {
            return Ok(None);
        };
        let chosen: Vec<_> = counted.iter().filter_map(|index| judgements.get(*index).copied()).collect();
        let mut whole = Verification {
            judgement: Judgement::of_document(&chosen, &verification.judgement),
            ..verification.clone()
        };
        if let Some(store) = store {
            store.check(&mut [(&mut whole.judgement, token.token())], at)?;
        }
        let failed = counted.iter().copied().find(|index| {
            judgements.get(*index).is_some_and(|judgement| judgement.verdict() != Verdict::Accepted)
        });
        let mut document = DocumentVerification { demand, signatures, whole };
        let accepted = document.accepted();
        if demand == SignatureDemand::All && accepted > 0 && failed.is_some() {
            let verb = if accepted == 1 { "is" } else { "are" };
            document.whole.hints.push(format!(
                "{} {verb} accepted: --signatures any accepts a document with at least one",
                count(accepted, "signature")
            ));
        }
        self.add_document_hints(&mut document, tokens, failed, leading, scope, at);
        Ok(Some(document))
    }

    /// Adds the hints on the first signature that failed, or on the document if only the store rejects it.
    fn add_document_hints(
        &self,
        document: &mut DocumentVerification<'_>,
        tokens: &[SubmittedToken<'_, 'v>],
        failed: Option<usize>,
        leading: usize,
        scope: HintScope,
        at: NumericDate,
    ) {
        let Some(token) = tokens.get(failed.unwrap_or(leading)) else { return };
        let own =
            failed.filter(|_| tokens.len() > 1).and_then(|index| document.signatures.get(index)).cloned();
        match own {
            Some(mut signature) => {
                self.add_hints(&mut signature, token, scope, at);
                document.whole.hints.extend(signature.hints);
            }
            None => self.add_hints(&mut document.whole, token, scope, at),
        }
    }
}

/// Returns the signatures that the verdict depends on.
fn counted(judgements: &[&Judgement<'_>], demand: SignatureDemand) -> Vec<usize> {
    let those = |test: &dyn Fn(&Judgement<'_>) -> bool| -> Vec<usize> {
        let all = judgements.iter().enumerate();
        all.filter(|(_, judgement)| test(judgement)).map(|(index, _)| index).collect()
    };
    let all = || those(&|_| true);
    if demand == SignatureDemand::All {
        return all();
    }
    // Of several signatures, a valid one comes closest to a document that is accepted.
    [those(&|one| one.verdict() == Verdict::Accepted), those(&|one| one.is_authentic())]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_else(all)
}

/// Returns the signature whose checks of claims are reported. A signature that is not valid comes first, so that claims
/// count as verified only if every signature that counts is valid.
fn leading(judgements: &[&Judgement<'_>], counted: &[usize]) -> Option<usize> {
    let is_invalid =
        |index: &&usize| judgements.get(**index).is_some_and(|judgement| !judgement.is_authentic());
    counted.iter().find(is_invalid).or_else(|| counted.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::super::policy::Policy;
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::reason::{CheckName, Failure, Reason};
    use crate::core::token::Token;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::base64url;
    use crate::core::token::jws::{MAX_SIZE, Padding, SigningInput};
    use crate::core::token::serialization::JsonJws;
    use std::convert::Infallible;

    const NOW: NumericDate = NumericDate::from_seconds(1_750_000_000);

    /// A store in which every token is revoked.
    struct AllRevoked;

    impl RevocationStore for AllRevoked {
        type Error = Infallible;

        fn check<'t>(
            &mut self,
            tokens: &mut [(&mut Judgement<'t>, &Token<'t>)],
            _: NumericDate,
        ) -> Result<(), Infallible> {
            for (judgement, _) in tokens {
                judgement.reject(CheckName::Store, Failure::new(Reason::Revoked, "revoked"));
            }
            Ok(())
        }
    }

    fn key(byte: u8) -> Key {
        Key::hmac(Secret::new(vec![byte; 32]), None, format!("key {byte}"))
    }

    /// Calls a function with the verification of a document that these keys sign. Only the signature of the key 1 is valid.
    fn verified<T>(
        payload: &str,
        signers: &[u8],
        store: Option<&mut AllRevoked>,
        ask: impl FnOnce(&Verification<'_>) -> T,
    ) -> T {
        let [header, payload] =
            [r#"{"alg":"HS256"}"#, payload].map(|part| base64url::encode(part.as_bytes()));
        let input = format!("{header}.{payload}");
        let sign = |byte: &u8| {
            let signature =
                key(*byte).signer(Algorithm::Hs256).unwrap().sign(SigningInput::new(&input)).unwrap();
            format!(r#"{{"protected":"{header}","signature":"{}"}}"#, base64url::encode(&signature))
        };
        let signatures: Vec<_> = signers.iter().map(sign).collect();
        let text = format!(r#"{{"payload":"{payload}","signatures":[{}]}}"#, signatures.join(","));
        let document = JsonJws::parse(text.as_bytes(), MAX_SIZE, Padding::Refused).unwrap();
        let (ring, policy) = (KeyRing::from(key(1)), Policy::default());
        let verifier = Verifier::new(&ring, &policy);
        let parsed = verifier.parse_signatures(&document).unwrap();
        let tokens = read_signatures(&parsed, None);
        let found = verifier.verify_document(&tokens, SignatureDemand::All, store, HintScope::Verify, NOW);
        ask(&found.unwrap().unwrap().whole)
    }

    fn hints(payload: &str, signers: &[u8], store: Option<&mut AllRevoked>) -> Vec<String> {
        verified(payload, signers, store, |whole| whole.hints.clone())
    }

    #[test]
    fn counts_the_accepted_signatures_only_if_there_are_some() {
        for (signers, hint) in [
            (
                &[1, 2][..],
                Some("1 signature is accepted: --signatures any accepts a document with at least one"),
            ),
            (
                &[1, 2, 1],
                Some("2 signatures are accepted: --signatures any accepts a document with at least one"),
            ),
            (&[2, 3], None),
            (&[1, 1], None),
        ] {
            let hints = hints("{}", signers, None);
            assert_eq!(
                hints.iter().find(|hint| hint.contains("--signatures")).map(|hint| &**hint),
                hint,
                "{signers:?}"
            );
        }
    }

    #[test]
    fn explains_the_first_signature_that_failed() {
        let expired = "to judge the token as of an earlier time, use --at 1970-01-01T00:00:00Z";
        assert_eq!(hints(r#"{"exp":1}"#, &[1, 2], None), [expired]);
        assert_eq!(hints(r#"{"exp":1}"#, &[1], None), [expired]);
        assert_eq!(hints("{}", &[1, 1], None), [""; 0]);
    }

    #[test]
    fn explains_what_the_store_says_about_the_document() {
        let revoked = "a used or revoked token stays invalid: get a new one, for example by logging in again";
        for (payload, signers) in [("{}", &[1][..]), ("{}", &[1, 1]), (r#"{"exp":1}"#, &[1])] {
            assert_eq!(hints(payload, signers, Some(&mut AllRevoked)), [revoked], "{payload} {signers:?}");
        }
    }

    #[test]
    fn takes_claims_for_verified_only_if_every_signature_is_valid() {
        for (signers, is_authentic) in [(&[1, 1][..], true), (&[1, 2], false), (&[2, 1], false)] {
            verified("{}", signers, None, |whole| {
                assert_eq!(whole.judgement.is_authentic(), is_authentic, "{signers:?}");
                assert!(!whole.judgement.checks.is_empty());
                assert!(
                    whole.judgement.checks.iter().all(|check| check.unverified != is_authentic),
                    "{signers:?}"
                );
            });
        }
    }
}
