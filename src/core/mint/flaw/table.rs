//! The table of flaws: the name of each, its description, and the reason that `verify` rejects it for. How a token gets a
//! flaw is in `builder`.

use crate::core::reason::{Malformed, Reason};
use crate::core::text::escape::Shown;
use crate::core::token::claims::REGISTERED;
use std::fmt;
use std::str::FromStr;

/// Makes the enum and its table of one list, so that no flaw can lack a row.
macro_rules! flaws {
    ($($flaw:ident, $name:literal, $description:literal, $reason:expr;)*) => {
        /// A defect of an otherwise valid token.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Flaw {
            $(#[doc = $description] $flaw,)*
            /// The claim with this name is left out.
            Missing(String),
            /// The claim with this name has another JSON type.
            WrongType(String),
        }

        /// The flaws that every token can have.
        const PLAIN: &[Flaw] = &[$(Flaw::$flaw,)*];

        impl Flaw {
            /// Returns the name, with `CLAIM` for the name of a claim, and the description.
            const fn row(&self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$flaw => ($name, $description),)*
                    Self::Missing(_) => ("missing-CLAIM", "that claim is left out"),
                    Self::WrongType(_) => ("wrong-type-CLAIM", "that claim has another JSON type"),
                }
            }

            /// Returns the reason that must be among those of `verify`. `path` is how reasons name the claim of the flaw.
            pub(super) fn promised_reason(&self, path: &str) -> Reason {
                match self {
                    $(Self::$flaw => $reason,)*
                    Self::Missing(_) => Reason::ClaimMissing(path.to_owned()),
                    Self::WrongType(claim) if is_registered(claim) => Reason::ClaimType(claim.clone()),
                    Self::WrongType(_) => Reason::WrongClaim(path.to_owned()),
                }
            }
        }
    };
}

flaws! {
    Expired, "expired", "exp was an hour ago", Reason::Expired;
    NotYetValid, "not-yet-valid", "nbf is in an hour", Reason::NotYetValid;
    IssuedInFuture, "issued-in-future", "iat is in an hour", Reason::IssuedInFuture;
    WrongKey, "wrong-key", "signed with another key of the same type", Reason::BadSignature;
    TamperedPayload, "tampered-payload", "a claim was changed after signing", Reason::BadSignature;
    TamperedHeader, "tampered-header", "a header parameter was added after signing", Reason::BadSignature;
    TruncatedSignature, "truncated-signature", "the signature lacks its last byte", Reason::BadSignature;
    EmptySignature, "empty-signature", "the signature is empty", Reason::BadSignature;
    AlgNone, "alg-none", "alg is none, and there is no signature", Reason::AlgNone;
    AlgUnknown, "alg-unknown", "alg names no known algorithm", Reason::AlgUnsupported;
    HmacWithPublicKey, "hmac-with-public-key", "alg is HS256, and the secret is the PEM of the public key",
        Reason::AlgNotAllowed;
    DuplicateMember, "duplicate-member", "a claim is present twice, with two values",
        Reason::Malformed(Malformed::DuplicateMember);
    PaddedBase64, "padded-base64", "the segments are padded with =", Reason::Malformed(Malformed::Charset);
    NonCanonicalBase64, "non-canonical-base64", "the last character of a segment has unused bits set",
        Reason::Malformed(Malformed::Base64);
    Crit, "crit", "crit names an unknown extension", Reason::CritUnsupported;
    NotJson, "not-json", "the payload is truncated JSON", Reason::Malformed(Malformed::PayloadJson);
    ArrayPayload, "array-payload", "the payload is an array", Reason::Malformed(Malformed::PayloadNotObject);
    DeepJson, "deep-json", "a claim nests 256 arrays", Reason::Malformed(Malformed::TooDeep);
    JweShaped, "jwe-shaped", "five segments, as in an encrypted token", Reason::Jwe;
    ControlCharacters, "control-characters", "a string of the payload holds a raw control character",
        Reason::Malformed(Malformed::PayloadJson);
    JweTamperedTag, "jwe-tampered-tag", "encrypted, and the authentication tag was changed", Reason::DecryptFailed;
    JweTamperedHeader, "jwe-tampered-header", "a header parameter was added after encryption", Reason::DecryptFailed;
    JweUnsigned, "jwe-unsigned", "the claims are encrypted, but not signed", Reason::NotSigned;
    JweWrongKey, "jwe-wrong-key", "encrypted for another key of the same type", Reason::DecryptFailed;
    JweZipBomb, "jwe-zip-bomb", "the encrypted content grows more than tenfold when it is decompressed",
        Reason::Malformed(Malformed::TooLarge);
    JweP2cHuge, "jwe-p2c-huge", "p2c demands two billion iterations of PBES2", Reason::Malformed(Malformed::P2c);
    JweInvalidCurve, "jwe-invalid-curve", "the ephemeral key is not a point on its curve",
        Reason::Malformed(Malformed::Epk);
}

const MISSING: &str = "missing-";
const WRONG_TYPE: &str = "wrong-type-";

/// Reports whether RFC 7519 defines the type of a claim.
pub(super) fn is_registered(claim: &str) -> bool {
    REGISTERED.contains(&claim)
}

/// A name that no flaw has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFlaw;

impl Flaw {
    /// Returns every name, with `CLAIM` for the name of a claim, and its description.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        let of_claims = [Self::Missing(String::new()), Self::WrongType(String::new())];
        PLAIN.iter().map(Self::row).chain(of_claims.map(|flaw| flaw.row()))
    }

    /// Returns the flaws that every token can have.
    pub fn plain() -> impl Iterator<Item = Self> {
        PLAIN.iter().cloned()
    }

    /// Reports whether only an encrypted token can have the flaw.
    #[must_use]
    pub const fn is_of_encryption(&self) -> bool {
        matches!(
            self,
            Self::JweTamperedTag
                | Self::JweTamperedHeader
                | Self::JweUnsigned
                | Self::JweWrongKey
                | Self::JweZipBomb
                | Self::JweP2cHuge
                | Self::JweInvalidCurve
        )
    }

    /// Returns the name, with the name of the claim unescaped.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Missing(claim) => format!("{MISSING}{claim}"),
            Self::WrongType(claim) => format!("{WRONG_TYPE}{claim}"),
            other => other.row().0.to_owned(),
        }
    }

    /// Returns the description.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.row().1
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(&self.name()).fmt(f)
    }
}

impl FromStr for Flaw {
    type Err = UnknownFlaw;

    fn from_str(name: &str) -> Result<Self, UnknownFlaw> {
        let claim = |start| name.strip_prefix(start).filter(|claim: &&str| !claim.is_empty());
        if let Some(claim) = claim(MISSING) {
            return Ok(Self::Missing(claim.to_owned()));
        }
        if let Some(claim) = claim(WRONG_TYPE) {
            return Ok(Self::WrongType(claim.to_owned()));
        }
        PLAIN.iter().find(|flaw| flaw.row().0 == name).cloned().ok_or(UnknownFlaw)
    }
}

/// The name that stands for all flaws.
const ALL: &str = "all";

/// One flaw, or all flaws that a token can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawChoice {
    /// One flaw.
    One(Flaw),
    /// All flaws.
    All,
}

impl FlawChoice {
    /// Returns every name and its description.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        Flaw::names().chain([(ALL, "all flaws that the token can have, with --suite")])
    }
}

impl FromStr for FlawChoice {
    type Err = UnknownFlaw;

    fn from_str(name: &str) -> Result<Self, UnknownFlaw> {
        if name == ALL { Ok(Self::All) } else { name.parse().map(Self::One) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_every_name() {
        for (name, description) in Flaw::names() {
            let flaw: Flaw = name.parse().unwrap();
            assert_eq!((flaw.name().as_str(), flaw.description()), (name, description));
        }
        assert_eq!("missing-sub".parse(), Ok(Flaw::Missing("sub".into())));
        assert_eq!("wrong-type-aud".parse(), Ok(Flaw::WrongType("aud".into())));
    }

    #[test]
    fn rejects_unknown_names() {
        for wrong in ["", "exspired", "missing-", "wrong-type-", "missing", "Expired"] {
            assert_eq!(wrong.parse::<Flaw>(), Err(UnknownFlaw), "{wrong}");
        }
    }

    #[test]
    fn escapes_the_name_of_a_claim() {
        assert_eq!(Flaw::Missing("\u{1b}[31m".into()).to_string(), r"missing-\u001b[31m");
    }
}
