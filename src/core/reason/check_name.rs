//! The names of the checks, as reports print them. The checks themselves are in `verify`.

use std::borrow::Cow;
use std::fmt;

macro_rules! check_names {
    ($life:lifetime; $($variant:ident $(($claim:ident: $type:ty))? = $name:literal, $meaning:literal;)+) => {
        /// The name of a check.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum CheckName<$life> {
            $(#[doc = concat!($meaning, ".")] $variant $(($type))?,)+
        }

        impl<$life> CheckName<$life> {
            /// Every name: the part that is the same for every claim, its meaning, and true if the name of a claim follows.
            pub const ALL: &'static [(&'static str, &'static str, bool)] =
                &[$(($name, $meaning, check_names!(@names_claim $($claim)?)),)+];

            /// Returns the part of the name that is the same for every claim.
            #[must_use]
            pub const fn prefix(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $name,)+ }
            }

            /// Returns the name with a claim name of its own.
            #[must_use]
            pub fn into_owned(self) -> CheckName<'static> {
                match self {
                    $(Self::$variant $(($claim))? => {
                        CheckName::$variant $((Cow::Owned($claim.into_owned())))?
                    })+
                }
            }
        }
    };
    (@names_claim) => { false };
    (@names_claim $claim:ident) => { true };
}

check_names! {
    'n;
    Form = "form", "The form of the token: segments, Base64url, JSON";
    Alg = "alg", "The algorithm";
    Key = "key", "The key";
    Crit = "crit", "Critical extensions";
    Enc = "enc", "The content encryption algorithm";
    Decrypt = "decrypt", "The decryption";
    Signature = "signature", "The signature";
    SdAlg = "sd_alg", "The digest algorithm of the disclosures";
    Digests = "digests", "The digests in the payload of an SD-JWT";
    Disclosures = "disclosures", "The disclosures, and the places of their claims";
    KeyBinding = "key_binding", "The key binding JWT, its key and its signature";
    SdHash = "sd_hash", "The digest of what the holder presents";
    HolderIat = "holder_iat", "The times of the key binding JWT";
    HolderNonce = "holder_nonce", "The nonce of the key binding JWT";
    HolderAud = "holder_aud", "The audience of the key binding JWT";
    Typ = "typ", "The header's media type";
    Claims = "claims", "The claims as a whole: skipped if the payload is not a claims set";
    Require(claim: Cow<'n, str>) = "require", "The presence of the named claim";
    Exp = "exp", "The expiration time";
    Nbf = "nbf", "The start of validity";
    Iat = "iat", "The time of issue";
    MaxAge = "max_age", "The age";
    Iss = "iss", "The issuer";
    Aud = "aud", "The audience";
    Sub = "sub", "The subject";
    Jti = "jti", "The token ID";
    TokenType = "token_type", "The kind of token";
    Claim(claim: Cow<'n, str>) = "claim", "The value of the named claim";
    Store = "store", "The store's record of the token";
    Refreshable = "refreshable", "The profile's rule for refreshing the token";
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
