//! Signs payloads as they are, for tokens that need not hold them (RFC 7515 appendix F, RFC 7797). A large payload is signed
//! in pieces. The header and the key are those of a [`PreparedSigner`].

use super::signer::{PreparedSigner, SignError};
use crate::core::key::{MessageStream, Signer};
use crate::core::token::base64url;
use crate::core::token::detached::{PayloadEncoding, SigningInputStream};
use crate::core::token::jws::SigningInput;

/// The place of a payload: in its token, or apart from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadPlace {
    /// The payload stands between the dots.
    Attached,
    /// The payload is sent apart from the token.
    Detached,
}

/// The signature of a payload that comes in pieces.
#[derive(Debug)]
pub struct PayloadSigner<'s> {
    signer: &'s Signer,
    encoded_header: &'s str,
    input: SigningInputStream,
    message: MessageStream,
}

impl PreparedSigner<'_> {
    /// Signs the bytes of a payload unchanged, and returns the token.
    ///
    /// # Errors
    /// [`SignError::NotInToken`] if a token cannot hold the payload, [`SignError::Unusable`] if the crypto library refuses.
    pub fn sign_payload(&self, payload: &[u8], place: PayloadPlace) -> Result<String, SignError> {
        let payload = match self.payload_encoding() {
            PayloadEncoding::Base64url => base64url::encode(payload).into_bytes(),
            PayloadEncoding::Unencoded => payload.to_vec(),
        };
        let attached = match place {
            PayloadPlace::Attached => text_of(&payload)?,
            PayloadPlace::Detached => "",
        };
        let header = self.encoded_header();
        let input = [header.as_bytes(), b".", &payload].concat();
        let signature = self.prepared_key().sign(SigningInput::from_bytes(&input))?;
        Ok(format!("{header}.{attached}.{}", base64url::encode(&signature)))
    }

    /// Begins to sign a detached payload that comes in pieces. Returns `None` if the algorithm needs the whole payload.
    #[must_use]
    pub fn begin_payload(&self) -> Option<PayloadSigner<'_>> {
        let mut message = self.prepared_key().begin()?;
        let encoded_header = self.encoded_header();
        let (input, begun) = SigningInputStream::new(encoded_header, self.payload_encoding());
        message.update(&begun);
        Some(PayloadSigner { signer: self.prepared_key(), encoded_header, input, message })
    }
}

impl PayloadSigner<'_> {
    /// Takes the next bytes of the payload.
    pub fn update(&mut self, piece: &[u8]) {
        let message = &mut self.message;
        self.input.update(piece, |bytes| message.update(bytes));
    }

    /// Signs the payload, and returns the token without it.
    ///
    /// # Errors
    /// [`SignError::Unusable`] if the crypto library refuses.
    pub fn finish(self) -> Result<String, SignError> {
        let Self { signer, encoded_header, input, mut message } = self;
        input.finish(|bytes| message.update(bytes));
        let signature = signer.sign_stream(message)?;
        Ok(format!("{encoded_header}..{}", base64url::encode(&signature)))
    }
}

/// Returns a payload as it stands in a token: printable ASCII without dots (RFC 7797 section 5.2). Base64url is of that form.
fn text_of(payload: &[u8]) -> Result<&str, SignError> {
    let is_allowed = |byte: u8| byte != b'.' && (b' '..=b'~').contains(&byte);
    match payload.iter().position(|&byte| !is_allowed(byte)) {
        Some(offset) => Err(SignError::NotInToken { offset }),
        // Printable ASCII is UTF-8.
        None => std::str::from_utf8(payload).map_err(|_| SignError::NotInToken { offset: 0 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::mint::header::{HeaderTemplate, TypParameter};

    fn tokens(payload: &[u8], encoding: PayloadEncoding) -> [Result<String, SignError>; 3] {
        let key = base64url::decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        );
        let keys = KeyRing::from(Key::hmac(Secret::new(key.unwrap()), None, "a test".into()));
        let template = HeaderTemplate { typ: TypParameter::Omitted, encoding, ..HeaderTemplate::default() };
        let signer = PreparedSigner::for_claims(&keys, None, &[], &template).unwrap();
        let mut stream = signer.begin_payload().unwrap();
        payload.chunks(2).for_each(|piece| stream.update(piece));
        [
            signer.sign_payload(payload, PayloadPlace::Attached),
            signer.sign_payload(payload, PayloadPlace::Detached),
            stream.finish(),
        ]
    }

    #[test]
    fn signs_the_examples_of_rfc_7797() {
        // Section 4.1.
        let [attached, detached, streamed] = tokens(b"$.02", PayloadEncoding::Base64url);
        let expected = "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ";
        assert_eq!(attached.as_deref(), Ok(expected));
        let without = expected.replace("JC4wMg", "");
        assert_eq!((detached.as_deref(), streamed.as_deref()), (Ok(&*without), Ok(&*without)));
        // Section 4.2.
        let [attached, detached, streamed] = tokens(b"$.02", PayloadEncoding::Unencoded);
        let expected = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..\
                        A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
        assert_eq!(attached, Err(SignError::NotInToken { offset: 1 }));
        assert_eq!((detached.as_deref(), streamed.as_deref()), (Ok(expected), Ok(expected)));
    }

    #[test]
    fn a_token_holds_printable_ascii_without_dots_as_it_is() {
        for (payload, offset) in [(&b"a.b"[..], 1), (b"\n", 0), (b"ab\x7f", 2), ("é".as_bytes(), 0)] {
            let [attached, detached, _] = tokens(payload, PayloadEncoding::Unencoded);
            assert_eq!(attached, Err(SignError::NotInToken { offset }));
            assert!(detached.is_ok());
        }
        let [attached, ..] = tokens(b" {\"a\":[1]}~", PayloadEncoding::Unencoded);
        assert!(attached.unwrap().contains(". {\"a\":[1]}~."));
    }
}
