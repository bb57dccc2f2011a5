//! **The tables of encryption algorithms**. Key management (`alg`): RFC 7518 section 4.1 and RFC 8037. Content encryption
//! (`enc`): RFC 7518 section 5.1. This file encrypts nothing.

use crate::core::key::Material;
use crate::core::token::algorithm::{Curve, KeyType};
use std::fmt;
use std::str::FromStr;

/// A way for the content encryption key to reach the recipient (RFC 7516 section 2). Sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyManagement {
    /// The shared key is the content encryption key.
    Direct,
    /// AES Key Wrap (RFC 3394) with a shared key of this size.
    Wrap(usize),
    /// AES GCM with a shared key of this size.
    GcmWrap(usize),
    /// RSAES-OAEP with a hash of this size.
    Oaep(usize),
    /// RSAES-PKCS1-v1_5.
    Pkcs1,
    /// An agreement, whose result is the content encryption key.
    Agreement,
    /// An agreement, whose result is a key of this size for AES Key Wrap.
    AgreementWrap(usize),
    /// PBKDF2 with a hash of the first size, and AES Key Wrap with a key of the second size.
    Password(usize, usize),
}

/// A curve for key agreement (RFC 7518 section 4.6, RFC 8037 section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementCurve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// X25519 (RFC 7748).
    X25519,
}

impl AgreementCurve {
    /// All curves of this build.
    pub const ALL: [Self; 4] = [Self::P256, Self::P384, Self::P521, Self::X25519];

    /// Returns the name of the curve, as in `crv` of a JWK.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => Curve::P256.name(),
            Self::P384 => Curve::P384.name(),
            Self::P521 => Curve::P521.name(),
            Self::X25519 => "X25519",
        }
    }

    /// Returns the curve of EC keys, or `None` for X25519.
    #[must_use]
    pub const fn ec(self) -> Option<Curve> {
        match self {
            Self::P256 => Some(Curve::P256),
            Self::P384 => Some(Curve::P384),
            Self::P521 => Some(Curve::P521),
            Self::X25519 => None,
        }
    }

    /// Returns the curve of a key, or `None` if this build does not agree on keys with it.
    #[must_use]
    pub(super) fn of(material: &Material) -> Option<Self> {
        match material {
            Material::Ec(key) => Self::ALL.into_iter().find(|curve| curve.ec() == Some(key.curve)),
            Material::X25519(_) => Some(Self::X25519),
            _ => None,
        }
    }
}

/// A way to encrypt and authenticate the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentCipher {
    /// AES in Galois/Counter Mode (RFC 7518 section 5.3).
    Gcm,
    /// AES in CBC mode with an HMAC (RFC 7518 section 5.2).
    CbcHmac,
}

/// Makes an enum of names and its table of one list, so that no algorithm can lack a property.
macro_rules! algorithms {
    (
        $(#[doc = $about:literal])+ $table:ident, $property:ident: $kind:ty;
        $($(#[doc = $doc:literal])+ $algorithm:ident = $name:literal, $value:expr, $description:literal;)+
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $table {
            $($(#[doc = $doc])+ $algorithm,)+
        }

        impl $table {
            /// All algorithms of this build.
            pub const ALL: &[Self] = &[$(Self::$algorithm),+];

            /// Returns the registered name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$algorithm => $name,)+ }
            }

            /// Returns the algorithm in words.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$algorithm => $description,)+ }
            }

            /// Returns how the algorithm works.
            #[must_use]
            pub const fn $property(self) -> $kind {
                match self { $(Self::$algorithm => $value,)+ }
            }
        }

        impl FromStr for $table {
            type Err = UnknownEncryption;

            fn from_str(name: &str) -> Result<Self, UnknownEncryption> {
                Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name).ok_or(UnknownEncryption)
            }
        }

        impl fmt::Display for $table {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

/// A name that is not an encryption algorithm of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownEncryption;

algorithms! {
    /// A key management algorithm, the `alg` of an encrypted token.
    KeyAlgorithm, management: KeyManagement;
    /// Direct use of a shared key.
    Dir = "dir", KeyManagement::Direct, "the shared key encrypts the content itself";
    /// AES Key Wrap with 128 bits.
    A128Kw = "A128KW", KeyManagement::Wrap(16), "AES Key Wrap with a shared key of 128 bits";
    /// AES Key Wrap with 192 bits.
    A192Kw = "A192KW", KeyManagement::Wrap(24), "AES Key Wrap with a shared key of 192 bits";
    /// AES Key Wrap with 256 bits.
    A256Kw = "A256KW", KeyManagement::Wrap(32), "AES Key Wrap with a shared key of 256 bits";
    /// AES GCM with 128 bits.
    A128GcmKw = "A128GCMKW", KeyManagement::GcmWrap(16), "key encryption by AES GCM with a shared key of 128 bits";
    /// AES GCM with 192 bits.
    A192GcmKw = "A192GCMKW", KeyManagement::GcmWrap(24), "key encryption by AES GCM with a shared key of 192 bits";
    /// AES GCM with 256 bits.
    A256GcmKw = "A256GCMKW", KeyManagement::GcmWrap(32), "key encryption by AES GCM with a shared key of 256 bits";
    /// RSAES-OAEP with SHA-1.
    RsaOaep = "RSA-OAEP", KeyManagement::Oaep(20), "RSA (OAEP) with SHA-1";
    /// RSAES-OAEP with SHA-256.
    RsaOaep256 = "RSA-OAEP-256", KeyManagement::Oaep(32), "RSA (OAEP) with SHA-256";
    /// RSAES-OAEP with SHA-384.
    RsaOaep384 = "RSA-OAEP-384", KeyManagement::Oaep(48), "RSA (OAEP) with SHA-384";
    /// RSAES-OAEP with SHA-512.
    RsaOaep512 = "RSA-OAEP-512", KeyManagement::Oaep(64), "RSA (OAEP) with SHA-512";
    /// RSAES-PKCS1-v1_5.
    Rsa1_5 = "RSA1_5", KeyManagement::Pkcs1, "RSA (PKCS #1 v1.5)";
    /// An agreement on the content encryption key.
    EcdhEs = "ECDH-ES", KeyManagement::Agreement, "Diffie-Hellman with an ephemeral key";
    /// An agreement on a key for AES Key Wrap with 128 bits.
    EcdhEsA128Kw = "ECDH-ES+A128KW", KeyManagement::AgreementWrap(16), "Diffie-Hellman and AES Key Wrap with 128 bits";
    /// An agreement on a key for AES Key Wrap with 192 bits.
    EcdhEsA192Kw = "ECDH-ES+A192KW", KeyManagement::AgreementWrap(24), "Diffie-Hellman and AES Key Wrap with 192 bits";
    /// An agreement on a key for AES Key Wrap with 256 bits.
    EcdhEsA256Kw = "ECDH-ES+A256KW", KeyManagement::AgreementWrap(32), "Diffie-Hellman and AES Key Wrap with 256 bits";
    /// A password, PBKDF2 with SHA-256, and AES Key Wrap with 128 bits.
    Pbes2A128Kw = "PBES2-HS256+A128KW", KeyManagement::Password(32, 16), "a password, PBKDF2 and AES Key Wrap with 128 bits";
    /// A password, PBKDF2 with SHA-384, and AES Key Wrap with 192 bits.
    Pbes2A192Kw = "PBES2-HS384+A192KW", KeyManagement::Password(48, 24), "a password, PBKDF2 and AES Key Wrap with 192 bits";
    /// A password, PBKDF2 with SHA-512, and AES Key Wrap with 256 bits.
    Pbes2A256Kw = "PBES2-HS512+A256KW", KeyManagement::Password(64, 32), "a password, PBKDF2 and AES Key Wrap with 256 bits";
}

algorithms! {
    /// A content encryption algorithm, the `enc` of an encrypted token.
    ContentAlgorithm, cipher: ContentCipher;
    /// AES-128 in CBC mode with HMAC SHA-256.
    A128CbcHs256 = "A128CBC-HS256", ContentCipher::CbcHmac, "AES-128 (CBC) with HMAC SHA-256";
    /// AES-192 in CBC mode with HMAC SHA-384.
    A192CbcHs384 = "A192CBC-HS384", ContentCipher::CbcHmac, "AES-192 (CBC) with HMAC SHA-384";
    /// AES-256 in CBC mode with HMAC SHA-512.
    A256CbcHs512 = "A256CBC-HS512", ContentCipher::CbcHmac, "AES-256 (CBC) with HMAC SHA-512";
    /// AES-128 in Galois/Counter Mode.
    A128Gcm = "A128GCM", ContentCipher::Gcm, "AES-128 (GCM)";
    /// AES-192 in Galois/Counter Mode.
    A192Gcm = "A192GCM", ContentCipher::Gcm, "AES-192 (GCM)";
    /// AES-256 in Galois/Counter Mode.
    A256Gcm = "A256GCM", ContentCipher::Gcm, "AES-256 (GCM)";
}

/// The key types that a key management algorithm can use.
const AGREEMENT_KEYS: &[KeyType] = &[KeyType::Ec, KeyType::Okp];

impl KeyAlgorithm {
    /// Returns the types of key that the algorithm needs.
    #[must_use]
    pub const fn key_types(self) -> &'static [KeyType] {
        match self.management() {
            KeyManagement::Oaep(_) | KeyManagement::Pkcs1 => &[KeyType::Rsa],
            KeyManagement::Agreement | KeyManagement::AgreementWrap(_) => AGREEMENT_KEYS,
            _ => &[KeyType::Oct],
        }
    }

    /// Reports whether the caller must name the algorithm before it is used (RFC 8725 section 3.2): `RSA1_5`, whose
    /// padding invites oracles, and PBES2, which lets the sender of a token choose the cost of decryption.
    #[must_use]
    pub const fn must_be_named(self) -> bool {
        matches!(self.management(), KeyManagement::Pkcs1 | KeyManagement::Password(..))
    }

    /// Reports whether the token holds no encrypted key (RFC 7516 section 5.2, step 10).
    #[must_use]
    pub const fn has_no_encrypted_key(self) -> bool {
        matches!(self.management(), KeyManagement::Direct | KeyManagement::Agreement)
    }

    /// Returns the size of the secret in bytes, or `None` if the algorithm takes no secret of a fixed size.
    #[must_use]
    pub const fn secret_bytes(self, content: ContentAlgorithm) -> Option<usize> {
        match self.management() {
            KeyManagement::Direct => Some(content.key_bytes()),
            KeyManagement::Wrap(bytes) | KeyManagement::GcmWrap(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl ContentAlgorithm {
    /// Returns the size of the content encryption key in bytes. The key of an HMAC has the same size as that of AES.
    #[must_use]
    pub const fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A192Gcm => 24,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
            Self::A192CbcHs384 => 48,
            Self::A256CbcHs512 => 64,
        }
    }

    /// Returns the size of the initialization vector in bytes.
    #[must_use]
    pub const fn iv_bytes(self) -> usize {
        match self.cipher() {
            ContentCipher::Gcm => 12,
            ContentCipher::CbcHmac => 16,
        }
    }

    /// Returns the size of the authentication tag in bytes: half of the HMAC, or 128 bits.
    #[must_use]
    pub const fn tag_bytes(self) -> usize {
        match self.cipher() {
            ContentCipher::Gcm => 16,
            ContentCipher::CbcHmac => self.key_bytes() / 2,
        }
    }

    /// Returns the algorithm that a secret of this size can be used with directly. Each size but one has exactly one;
    /// for 256 bits it is `A256GCM`.
    #[must_use]
    pub fn for_secret_of(bytes: usize) -> Option<Self> {
        Self::ALL.iter().copied().rev().find(|content| content.key_bytes() == bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_parses_to_its_algorithm() {
        for algorithm in KeyAlgorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(*algorithm));
        }
        for content in ContentAlgorithm::ALL {
            assert_eq!(content.name().parse(), Ok(*content));
        }
        assert_eq!("a128kw".parse::<KeyAlgorithm>(), Err(UnknownEncryption));
        assert_eq!("A128GCM ".parse::<ContentAlgorithm>(), Err(UnknownEncryption));
    }

    #[test]
    fn only_rsa1_5_and_passwords_must_be_named() {
        let named: Vec<_> = KeyAlgorithm::ALL.iter().filter(|algorithm| algorithm.must_be_named()).collect();
        let names: Vec<_> = named.iter().map(|algorithm| algorithm.name()).collect();
        assert_eq!(names, ["RSA1_5", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"]);
    }

    #[test]
    fn a_secret_of_each_size_has_one_content_algorithm() {
        let of = |bytes| ContentAlgorithm::for_secret_of(bytes).map(ContentAlgorithm::name);
        assert_eq!(
            [16, 24, 32, 48, 64, 31].map(of),
            [
                Some("A128GCM"),
                Some("A192GCM"),
                Some("A256GCM"),
                Some("A192CBC-HS384"),
                Some("A256CBC-HS512"),
                None
            ]
        );
    }
}
