//! Flaws that a token can be given on purpose: their names, what each is, and the reason that `verify` has for it. The
//! tokens themselves are made in `draft` and judged in `twin`; nothing here signs or judges.

pub mod baseline;
mod builder;
mod change;

use crate::core::reason::{Malformed, Reason};
use crate::core::text::escape::Shown;
use std::fmt;
use std::str::FromStr;

/// One thing that is wrong with an otherwise good token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `exp` has passed.
    Expired,
    /// `nbf` has not come.
    NotYetValid,
    /// `iat` has not come.
    IssuedInFuture,
    /// Signed with another key of the same kind.
    WrongKey,
    /// The payload was changed behind the signature.
    TamperedPayload,
    /// The header was changed behind the signature.
    TamperedHeader,
    /// The signature lacks its last byte.
    TruncatedSignature,
    /// The signature is empty.
    EmptySignature,
    /// `alg` is `none`, and there is no signature.
    AlgNone,
    /// `alg` names nothing.
    AlgUnknown,
    /// `alg` is HS256, and the public key was the secret.
    HmacWithPublicKey,
    /// A claim is not there; its name.
    Missing(String),
    /// A claim has another JSON type; its name.
    WrongType(String),
    /// A claim stands there twice.
    DuplicateMember,
    /// The segments have the padding of ordinary Base64.
    PaddedBase64,
    /// A segment has bits set that belong to no byte.
    NonCanonicalBase64,
    /// An extension that nobody understands is critical.
    Crit,
    /// The payload is no JSON.
    NotJson,
    /// The payload is an array.
    ArrayPayload,
    /// The payload nests deeper than anybody means to.
    DeepJson,
    /// Five segments, as if it were encrypted.
    JweShaped,
    /// A string of the payload holds a raw control character.
    ControlCharacters,
}

const MISSING: &str = "missing-";
const WRONG_TYPE: &str = "wrong-type-";

/// Those that are the same for every token: the name, and what it stands for.
static PLAIN: [(Flaw, &str, &str); 20] = [
    (Flaw::Expired, "expired", "exp was an hour ago"),
    (Flaw::NotYetValid, "not-yet-valid", "nbf is in an hour"),
    (Flaw::IssuedInFuture, "issued-in-future", "iat is in an hour"),
    (Flaw::WrongKey, "wrong-key", "signed with another key of the same kind"),
    (Flaw::TamperedPayload, "tampered-payload", "a claim was changed behind the signature"),
    (Flaw::TamperedHeader, "tampered-header", "a header parameter was added behind the signature"),
    (Flaw::TruncatedSignature, "truncated-signature", "the signature lacks its last byte"),
    (Flaw::EmptySignature, "empty-signature", "the signature is empty"),
    (Flaw::AlgNone, "alg-none", "alg is none, and there is no signature"),
    (Flaw::AlgUnknown, "alg-unknown", "alg names no algorithm"),
    (
        Flaw::HmacWithPublicKey,
        "hmac-with-public-key",
        "alg is HS256, and the secret is the PEM of the public key",
    ),
    (Flaw::DuplicateMember, "duplicate-member", "a claim stands there twice, with two values"),
    (Flaw::PaddedBase64, "padded-base64", "the segments are padded with ="),
    (Flaw::NonCanonicalBase64, "non-canonical-base64", "a segment has bits set that belong to no byte"),
    (Flaw::Crit, "crit", "crit names an extension that nobody knows"),
    (Flaw::NotJson, "not-json", "the payload breaks off before its end"),
    (Flaw::ArrayPayload, "array-payload", "the payload is an array"),
    (Flaw::DeepJson, "deep-json", "a claim nests 256 arrays"),
    (Flaw::JweShaped, "jwe-shaped", "five segments, as if it were encrypted"),
    (Flaw::ControlCharacters, "control-characters", "a string of the payload holds a raw control character"),
];

/// Those that speak of a claim: as they are named in help, and what they stand for.
const OF_A_CLAIM: [(&str, &str); 2] =
    [("missing-CLAIM", "that claim is left out"), ("wrong-type-CLAIM", "that claim has another JSON type")];

impl Flaw {
    /// Every name, with `CLAIM` where that of a claim belongs, and what it stands for.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        PLAIN.iter().map(|(_, name, what)| (*name, *what)).chain(OF_A_CLAIM)
    }

    /// Those that are the same for every token.
    pub fn plain() -> impl Iterator<Item = Self> {
        PLAIN.iter().map(|(flaw, ..)| flaw.clone())
    }

    fn entry(&self) -> (&'static str, &'static str) {
        let found = PLAIN.iter().find(|(flaw, ..)| flaw == self).map(|(_, name, what)| (*name, *what));
        let [missing, wrong_type] = OF_A_CLAIM;
        found.unwrap_or(if matches!(self, Self::Missing(_)) { missing } else { wrong_type })
    }

    /// Its name, that of its claim included, which is not yet safe to show.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Missing(claim) => format!("{MISSING}{claim}"),
            Self::WrongType(claim) => format!("{WRONG_TYPE}{claim}"),
            other => other.entry().0.to_owned(),
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.entry().1
    }

    /// The reason that must be among those of `verify`: what the flaw itself is refused for. `is_registered` says whether
    /// the claim it speaks of is one whose type is known.
    fn reason(&self, demanded: &str, is_registered: bool) -> Reason {
        match self {
            Self::Expired => Reason::Expired,
            Self::NotYetValid => Reason::NotYetValid,
            Self::IssuedInFuture => Reason::IssuedInFuture,
            Self::WrongKey
            | Self::TamperedPayload
            | Self::TamperedHeader
            | Self::TruncatedSignature
            | Self::EmptySignature => Reason::BadSignature,
            Self::AlgNone => Reason::AlgNone,
            Self::AlgUnknown => Reason::AlgUnsupported,
            Self::HmacWithPublicKey => Reason::AlgNotAllowed,
            Self::Missing(_) => Reason::ClaimMissing(demanded.to_owned()),
            Self::WrongType(claim) if is_registered => Reason::ClaimType(claim.clone()),
            Self::WrongType(_) => Reason::WrongClaim(demanded.to_owned()),
            Self::DuplicateMember => Reason::Malformed(Malformed::DuplicateMember),
            Self::PaddedBase64 => Reason::Malformed(Malformed::Charset),
            Self::NonCanonicalBase64 => Reason::Malformed(Malformed::Base64),
            Self::Crit => Reason::CritUnsupported,
            Self::NotJson | Self::ControlCharacters => Reason::Malformed(Malformed::PayloadJson),
            Self::ArrayPayload => Reason::Malformed(Malformed::PayloadNotObject),
            Self::DeepJson => Reason::Malformed(Malformed::TooDeep),
            Self::JweShaped => Reason::Jwe,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(&self.name()).fmt(f)
    }
}

impl FromStr for Flaw {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let claim = |start| name.strip_prefix(start).filter(|claim: &&str| !claim.is_empty());
        if let Some(claim) = claim(MISSING) {
            return Ok(Self::Missing(claim.to_owned()));
        }
        if let Some(claim) = claim(WRONG_TYPE) {
            return Ok(Self::WrongType(claim.to_owned()));
        }
        let plain = PLAIN.iter().find(|(_, known, _)| *known == name).map(|(flaw, ..)| flaw.clone());
        plain.ok_or_else(|| {
            let names: Vec<&str> = Self::names().map(|(name, _)| name).collect();
            format!("no such flaw; it is one of {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for (name, what) in Flaw::names() {
            let flaw: Flaw = name.parse().unwrap();
            assert_eq!((flaw.name().as_str(), flaw.description()), (name, what));
        }
        assert_eq!("missing-sub".parse(), Ok(Flaw::Missing("sub".into())));
        assert_eq!("wrong-type-aud".parse(), Ok(Flaw::WrongType("aud".into())));
    }

    #[test]
    fn what_is_no_flaw_is_told_which_there_are() {
        for wrong in ["", "exspired", "missing-", "wrong-type-", "missing", "Expired"] {
            let says = wrong.parse::<Flaw>().unwrap_err();
            assert!(says.starts_with("no such flaw; it is one of expired, not-yet-valid, "), "{says}");
        }
    }

    #[test]
    fn a_claim_in_a_name_cannot_smuggle_an_escape_sequence() {
        assert_eq!(Flaw::Missing("\u{1b}[31m".into()).to_string(), r"missing-\u001b[31m");
    }
}
