//! The names of the checks, as reports print them. The checks themselves are in `verify`.

use std::borrow::Cow;
use std::fmt;

/// The name of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckName<'n> {
    /// The form of the token: segments, Base64url, JSON.
    Form,
    /// The algorithm.
    Alg,
    /// The key.
    Key,
    /// Critical extensions.
    Crit,
    /// The content encryption algorithm.
    Enc,
    /// The decryption.
    Decrypt,
    /// The signature.
    Signature,
    /// The digest algorithm of the disclosures.
    SdAlg,
    /// The digests in the payload of an SD-JWT.
    Digests,
    /// The disclosures, and the places of their claims.
    Disclosures,
    /// The key binding JWT, its key and its signature.
    KeyBinding,
    /// The digest of what the holder presents.
    SdHash,
    /// The times of the key binding JWT.
    HolderIat,
    /// The nonce of the key binding JWT.
    HolderNonce,
    /// The audience of the key binding JWT.
    HolderAud,
    /// The header's media type.
    Typ,
    /// The claims as a whole: skipped if the payload is not a claims set.
    Claims,
    /// The presence of the named claim.
    Require(Cow<'n, str>),
    /// The expiration time.
    Exp,
    /// The start of validity.
    Nbf,
    /// The time of issue.
    Iat,
    /// The age.
    MaxAge,
    /// The issuer.
    Iss,
    /// The audience.
    Aud,
    /// The subject.
    Sub,
    /// The token ID.
    Jti,
    /// The kind of token.
    TokenType,
    /// The value of the named claim.
    Claim(Cow<'n, str>),
    /// The store's record of the token.
    Store,
    /// The profile's rule for refreshing the token.
    Refreshable,
}

impl<'n> CheckName<'n> {
    /// Returns the name of the check that a claim is present.
    #[must_use]
    pub const fn require(claim: &'n str) -> Self {
        Self::Require(Cow::Borrowed(claim))
    }

    /// Returns the name of the check that a claim has a value.
    #[must_use]
    pub const fn claim(claim: &'n str) -> Self {
        Self::Claim(Cow::Borrowed(claim))
    }

    /// Returns the part of the name that is the same for every claim.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Alg => "alg",
            Self::Key => "key",
            Self::Crit => "crit",
            Self::Enc => "enc",
            Self::Decrypt => "decrypt",
            Self::Signature => "signature",
            Self::SdAlg => "sd_alg",
            Self::Digests => "digests",
            Self::Disclosures => "disclosures",
            Self::KeyBinding => "key_binding",
            Self::SdHash => "sd_hash",
            Self::HolderIat => "holder_iat",
            Self::HolderNonce => "holder_nonce",
            Self::HolderAud => "holder_aud",
            Self::Typ => "typ",
            Self::Claims => "claims",
            Self::Require(_) => "require",
            Self::Exp => "exp",
            Self::Nbf => "nbf",
            Self::Iat => "iat",
            Self::MaxAge => "max_age",
            Self::Iss => "iss",
            Self::Aud => "aud",
            Self::Sub => "sub",
            Self::Jti => "jti",
            Self::TokenType => "token_type",
            Self::Claim(_) => "claim",
            Self::Store => "store",
            Self::Refreshable => "refreshable",
        }
    }

    /// Reports whether this check depends on one signature and its header, and not on the claims alone.
    #[must_use]
    pub const fn is_about_signature(&self) -> bool {
        matches!(
            self,
            Self::Form | Self::Alg | Self::Key | Self::Crit | Self::Signature | Self::Typ | Self::TokenType
        )
    }

    /// Reports whether this check looks at a registered claim of that name.
    #[must_use]
    pub fn is_about(&self, claim: &str) -> bool {
        match self {
            Self::Exp | Self::Nbf | Self::Iat | Self::Iss | Self::Aud | Self::Sub | Self::Jti => {
                self.prefix() == claim
            }
            Self::TokenType => claim == "token_type",
            _ => false,
        }
    }

    /// Returns the name with a claim name of its own.
    #[must_use]
    pub fn into_owned(self) -> CheckName<'static> {
        match self {
            Self::Form => CheckName::Form,
            Self::Alg => CheckName::Alg,
            Self::Key => CheckName::Key,
            Self::Crit => CheckName::Crit,
            Self::Enc => CheckName::Enc,
            Self::Decrypt => CheckName::Decrypt,
            Self::Signature => CheckName::Signature,
            Self::SdAlg => CheckName::SdAlg,
            Self::Digests => CheckName::Digests,
            Self::Disclosures => CheckName::Disclosures,
            Self::KeyBinding => CheckName::KeyBinding,
            Self::SdHash => CheckName::SdHash,
            Self::HolderIat => CheckName::HolderIat,
            Self::HolderNonce => CheckName::HolderNonce,
            Self::HolderAud => CheckName::HolderAud,
            Self::Typ => CheckName::Typ,
            Self::Claims => CheckName::Claims,
            Self::Require(claim) => CheckName::Require(Cow::Owned(claim.into_owned())),
            Self::Exp => CheckName::Exp,
            Self::Nbf => CheckName::Nbf,
            Self::Iat => CheckName::Iat,
            Self::MaxAge => CheckName::MaxAge,
            Self::Iss => CheckName::Iss,
            Self::Aud => CheckName::Aud,
            Self::Sub => CheckName::Sub,
            Self::Jti => CheckName::Jti,
            Self::TokenType => CheckName::TokenType,
            Self::Claim(claim) => CheckName::Claim(Cow::Owned(claim.into_owned())),
            Self::Store => CheckName::Store,
            Self::Refreshable => CheckName::Refreshable,
        }
    }
}

/// Writes the name as reports print it. A claim name comes from the user and is not escaped here.
impl fmt::Display for CheckName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())?;
        match self {
            Self::Require(claim) | Self::Claim(claim) => write!(f, ":{claim}"),
            _ => Ok(()),
        }
    }
}

impl serde::Serialize for CheckName<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Require(_) | Self::Claim(_) => serializer.collect_str(self),
            // Formatting is slow, and most names need none.
            _ => serializer.serialize_unit_variant("CheckName", 0, self.prefix()),
        }
    }
}
