//! A message that is signed or verified in pieces, so that it need not be in memory. It is a MAC of one secret, or a digest
//! for a key of any other type. Algorithms that need the whole message have no such stream.

use super::digest::DigestStream;
use super::mac::MacStream;
use std::fmt;

/// A message so far, for one key and one algorithm.
pub struct MessageStream(pub(super) MessageState);

/// The state of a message: a MAC, or a digest that is signed.
pub(super) enum MessageState {
    Mac(MacStream),
    Digest(DigestStream),
}

impl MessageStream {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            MessageState::Mac(mac) => mac.update(bytes),
            MessageState::Digest(digest) => digest.update(bytes),
        }
    }
}

impl fmt::Debug for MessageStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageStream(…)")
    }
}

#[cfg(test)]
mod tests {
    use crate::core::key::{Key, Material};
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::jws::SigningInput;

    const MESSAGE: &str = "eyJhbGciOiJub25lIn0.a message that comes in pieces, or at once";

    #[test]
    fn a_message_in_pieces_has_the_signature_of_the_whole() {
        for algorithm in Algorithm::ALL {
            let key = Key::generate(*algorithm, Some(2048)).unwrap();
            let (signer, verifier) = (key.signer(*algorithm).unwrap(), key.verifier(*algorithm).unwrap());
            let Some(mut message) = signer.begin() else {
                assert!(matches!(key.material, Material::Ed25519(_) | Material::MlDsa(..)), "{algorithm}");
                assert!(verifier.begin().is_none(), "{algorithm}");
                continue;
            };
            let in_pieces = |mut message: super::MessageStream, text: &str| {
                text.as_bytes().chunks(5).for_each(|piece| message.update(piece));
                message
            };
            MESSAGE.as_bytes().chunks(9).for_each(|piece| message.update(piece));
            let signature = signer.sign_stream(message).unwrap();
            assert!(verifier.verifies(SigningInput::new(MESSAGE), &signature), "{algorithm}");
            let whole = signer.sign(SigningInput::new(MESSAGE)).unwrap();
            for signature in [signature, whole] {
                let verifies =
                    |text| verifier.verifies_stream(in_pieces(verifier.begin().unwrap(), text), &signature);
                assert!(verifies(MESSAGE), "{algorithm}");
                assert!(!verifies("eyJhbGciOiJub25lIn0.another message"), "{algorithm}");
            }
        }
    }

    #[test]
    fn debug_output_hides_the_message() {
        let key = Key::generate(Algorithm::Hs256, None).unwrap();
        let mut message = key.signer(Algorithm::Hs256).unwrap().begin().unwrap();
        message.update(MESSAGE.as_bytes());
        assert_eq!(format!("{message:?}"), "MessageStream(…)");
    }
}
