//! Keys in DER: PKCS #8, encrypted or not, PKCS #1, SEC 1, SPKI and X.509. The structure of the bytes decides what they
//! are, never a PEM label or a file name. This folder alone names the ASN.1 libraries.

mod distinguished_name;
mod ec;
pub(super) mod encode;
mod error;
mod oid;
mod pkcs8;
pub(super) mod rsa;
pub(super) mod shape;
mod signature;
mod spki;
mod x509;

pub use self::error::{DerError, DerStructure};
pub use self::pkcs8::{EncryptedKey, UnlockError, UnsupportedScheme};
pub use self::signature::plain_ecdsa;
pub use self::x509::Certificate;
use super::material::Material;
use super::secret::Secret;
use der::{Tag, Tagged as _};

/// A key found in DER.
#[derive(Clone, Debug)]
pub enum KeyDocument {
    /// A key.
    Key(Box<ParsedKey>),
    /// A private key encrypted with a password.
    Encrypted(EncryptedKey),
}

/// A key, and the form it was written in.
#[derive(Clone, Debug)]
pub struct ParsedKey {
    /// The key.
    pub material: Material,
    /// The name of the form, such as `PKCS #8`.
    pub form: &'static str,
    /// The certificate around the key.
    pub certificate: Option<Box<Certificate>>,
}

/// Parses a key, or a certificate, that the tags of its elements identify.
///
/// # Errors
/// [`DerError`], which repeats none of the bytes.
pub fn read(bytes: &[u8]) -> Result<KeyDocument, DerError> {
    let elements = shape::elements(bytes).ok_or(DerError::NotDer)?;
    let tags: Vec<Tag> = elements.iter().map(|element| element.tag()).collect();
    let (material, form, certificate) = match *tags.as_slice() {
        [Tag::Sequence, Tag::BitString] => (spki::parse(bytes)?, "SPKI", None),
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => {
            let (material, certificate) = x509::parse(bytes)?;
            (material, "X.509", Some(Box::new(certificate)))
        }
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => (pkcs8::private_key(bytes)?, "PKCS #8", None),
        [Tag::Sequence, Tag::OctetString] => {
            return Ok(KeyDocument::Encrypted(EncryptedKey::new(Secret::new(bytes.to_vec()))));
        }
        [Tag::Integer, Tag::OctetString, ..] => (ec::private(bytes, None)?, "SEC 1", None),
        [Tag::Integer, Tag::Integer] => (rsa::public(bytes, None)?, "PKCS #1", None),
        [Tag::Integer, Tag::Integer, ..] => (rsa::private(bytes, None)?, "PKCS #1", None),
        [Tag::Integer, Tag::Sequence, Tag::Sequence] => return Err(DerError::Pkcs12),
        _ => return Err(DerError::NotAKey),
    };
    Ok(KeyDocument::Key(Box::new(ParsedKey { material, form, certificate })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_a_structure_without_a_key_is() {
        for (bytes, error) in [
            (&b"\x30\x07\x02\x01\x03\x30\x00\x30\x00"[..], DerError::Pkcs12),
            (b"\x30\x05\x02\x01\x03\x30\x00", DerError::NotAKey),
            (b"\x30\x00", DerError::NotAKey),
            (b"\x02\x01\x03", DerError::NotDer),
            (b"", DerError::NotDer),
        ] {
            assert_eq!(read(bytes).unwrap_err(), error, "{bytes:?}");
        }
    }
}
