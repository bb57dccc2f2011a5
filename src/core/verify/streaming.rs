//! Judging a token whose detached payload is read in pieces, so that it need not be in memory. The key is chosen before the
//! payload is read, and the claims of such a payload are not judged.

use super::Verifier;
use super::header_checks::HeaderChecks;
use super::judge::{SettledHeader, judge};
use super::verifier::{SubmittedToken, Verification};
use crate::core::key::MessageStream;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::detached::{PayloadEncoding, SigningInputStream};
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;

/// A detached payload that is read in pieces, with each key that may verify its signature.
#[derive(Debug)]
pub struct PayloadStream<'v> {
    input: SigningInputStream,
    messages: Vec<(HeaderChecks<'v>, MessageStream)>,
    /// The checks of a header that no key fits. No signature is verified then.
    unverifiable: Option<HeaderChecks<'v>>,
}

/// The outcome of a payload that was read to its end.
#[derive(Debug)]
pub struct StreamedSignature<'v> {
    checks: Option<HeaderChecks<'v>>,
    /// The length of the payload in bytes.
    pub length: u64,
}

/// An algorithm that needs the whole payload at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholePayloadNeeded(pub Algorithm);

impl<'v> Verifier<'v> {
    /// Begins to read the payload of a token in pieces.
    ///
    /// # Errors
    /// [`WholePayloadNeeded`] if the algorithm of the token signs no digest.
    pub fn begin_payload(&self, compact: &Compact<'_>) -> Result<PayloadStream<'v>, WholePayloadNeeded> {
        let segment = compact.header();
        let (input, begun) = SigningInputStream::new(segment.encoded, PayloadEncoding::of(compact));
        let mut stream = PayloadStream { input, messages: Vec::new(), unverifiable: None };
        let Ok(header) = JoseHeader::parse(segment.bytes()) else { return Ok(stream) };
        for checks in self.candidate_checks(&header) {
            let Ok(verifier) = checks.verifier() else {
                stream.unverifiable.get_or_insert(checks);
                continue;
            };
            let mut message = verifier.begin().ok_or(WholePayloadNeeded(verifier.algorithm))?;
            message.update(&begun);
            stream.messages.push((checks, message));
        }
        Ok(stream)
    }

    /// Judges a token whose payload was read in pieces. Gives no hints: nothing else can be tried.
    #[must_use]
    pub fn judge_streamed<'t>(
        &self,
        token: &'t SubmittedToken<'_, 'v>,
        signature: &StreamedSignature<'v>,
        at: NumericDate,
    ) -> Verification<'t>
    where
        'v: 't,
    {
        let checks = signature.checks.as_ref();
        Verification {
            judgement: judge(
                token.token(),
                None,
                checks.map(SettledHeader::Made),
                None,
                self.policy(),
                at,
                self.detail(),
            ),
            hints: Vec::new(),
            key: checks.and_then(|checks| checks.choice.key.filter(|_| checks.tried_in_vain == 0)),
            source: checks.map(|checks| checks.choice.source).unwrap_or_default(),
            envelopes: Vec::new(),
        }
    }
}

impl<'v> PayloadStream<'v> {
    /// Takes the next bytes of the payload.
    pub fn update(&mut self, piece: &[u8]) {
        let messages = &mut self.messages;
        self.input.update(piece, |bytes| messages.iter_mut().for_each(|(_, message)| message.update(bytes)));
    }

    /// Ends the payload, and compares the signature of the token with it. The first key that fits is the one that counts.
    #[must_use]
    pub fn finish(self, compact: &Compact<'_>) -> StreamedSignature<'v> {
        let Self { input, mut messages, unverifiable } = self;
        let length = input.finish(|bytes| messages.iter_mut().for_each(|(_, message)| message.update(bytes)));
        let signature = match compact {
            Compact::Jws { signature, .. } => signature.bytes(),
            Compact::Jwe { .. } => &[],
        };
        let count = messages.len();
        let mut first = None;
        for (mut checks, message) in messages {
            let fits = checks.verifier().is_ok_and(|verifier| verifier.verifies_stream(message, signature));
            checks.streamed = Some(fits);
            if fits {
                return StreamedSignature { checks: Some(checks), length };
            }
            first.get_or_insert(checks);
        }
        if let Some(checks) = first.as_mut().filter(|_| count > 1) {
            checks.tried_in_vain = count;
        }
        StreamedSignature { checks: first.or(unverifiable), length }
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::Policy;
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::reason::CheckName;
    use crate::core::token::base64url;
    use crate::core::token::detached::DetachedPayload;
    use crate::core::token::jws::SigningInput;

    fn key(byte: u8) -> Key {
        Key::hmac(Secret::new(vec![byte; 32]), None, format!("key {byte}"))
    }

    /// Judges a token that the key 1 signed, with a payload in two pieces. Returns the source of the key that counts, and what
    /// the check of the signature found.
    fn judged(ring: &KeyRing) -> (Option<String>, String) {
        let [header, payload] = [r#"{"alg":"HS256"}"#, "ab"].map(|part| base64url::encode(part.as_bytes()));
        let signer = key(1).signer(Algorithm::Hs256).unwrap();
        let signature = signer.sign(SigningInput::new(&format!("{header}.{payload}"))).unwrap();
        let text = format!("{header}..{}", base64url::encode(&signature));
        let policy = Policy { detached: true, ..Policy::default() };
        let verifier = Verifier::new(ring, &policy);
        let parsed = verifier.parse(text.as_bytes()).unwrap();
        let mut stream = verifier.begin_payload(parsed.compact()).unwrap();
        stream.update(b"a");
        stream.update(b"b");
        let signature = stream.finish(parsed.compact());
        let payload = DetachedPayload::streamed(signature.length);
        let token = parsed.read_with(&payload);
        let verification =
            verifier.judge_streamed(&token, &signature, NumericDate::from_seconds(1_750_000_000));
        let checks = &verification.judgement.checks;
        let check = checks.iter().find(|check| check.name == CheckName::Signature).unwrap();
        (verification.key.map(|key| key.source.clone()), check.fact.sentence().into_owned())
    }

    #[test]
    fn names_the_only_key_or_the_one_that_verifies() {
        let collected = |keys: &[u8]| {
            KeyRing::collect(keys.iter().map(|byte| KeyRing::from(key(*byte))).collect()).unwrap()
        };
        let valid = "HS256 over the bytes received";
        let invalid = "not the HS256 signature of this token by this key";
        let tried = "not the HS256 signature of this token by any of the 2 keys that fit";
        for (ring, source, fact) in [
            (KeyRing::from(key(1)), Some("key 1"), valid),
            (KeyRing::from(key(2)), Some("key 2"), invalid),
            (collected(&[2, 1]), Some("key 1"), valid),
            (collected(&[2, 3]), None, tried),
        ] {
            assert_eq!(judged(&ring), (source.map(str::to_owned), fact.to_owned()));
        }
    }
}
