//! A finding: its code, its severity and its message. **The table of codes** is here, with a line for each.

use crate::core::reason::{Failure, Reason};
use std::borrow::Cow;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No verifier should accept the token.
    Error,
    /// Probably a mistake of the issuer.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// The part of a code after the colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeDetail {
    /// The code has no such part.
    None,
    /// The name of a claim.
    ClaimName,
    /// The detail of the reason code with the same name.
    OfReason,
}

macro_rules! finding_codes {
    ($($variant:ident = $code:literal, $detail:ident, $severity:ident, $meaning:literal;)+) => {
        /// The code of a finding. Where a reason code says the same, the finding has that code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FindingCode {
            $(#[doc = $meaning] $variant,)+
        }

        impl FindingCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the code without the part after the colon.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Returns the part after the colon.
            #[must_use]
            pub const fn detail(self) -> CodeDetail {
                match self { $(Self::$variant => CodeDetail::$detail,)+ }
            }

            /// Returns the severity.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// Returns what the code says about a token, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

finding_codes! {
    Malformed = "malformed", OfReason, Error, "The text is not a signed token";
    AlgNone = "alg_none", None, Error, "The token says that it is not signed";
    SignatureEmpty = "signature_empty", None, Error, "The header names an algorithm, but the signature is empty";
    SignatureSize = "signature_size", None, Error, "The signature has another size than the algorithm makes";
    KnownSecret = "known_secret", None, Error, "The token is signed with an example secret that documentation prints";
    ClaimType = "claim_type", ClaimName, Error, "A claim has the wrong JSON type";
    AlgUnsupported = "alg_unsupported", None, Warning, "The algorithm is not known";
    CritUnsupported = "crit_unsupported", None, Warning, "The token demands an extension that is not understood";
    KeyInHeader = "key_in_header", None, Warning, "The header carries or points to a key that the sender chose";
    KidSuspicious = "kid_suspicious", None, Warning, "The key ID looks like a path, a query or a command";
    TypNotString = "typ_not_string", None, Warning, "`typ` is not a string";
    WrongUnit = "wrong_unit", None, Warning, "A time counts milliseconds or another unit instead of seconds";
    ImplausibleTime = "implausible_time", ClaimName, Warning, "A time is outside the years 0 to 9999, or is so close to 0 that a double becomes 0";
    Expired = "expired", None, Warning, "The token has expired";
    NotYetValid = "not_yet_valid", None, Warning, "The token is not valid yet";
    IssuedInFuture = "issued_in_future", None, Warning, "The token was issued in the future";
    NoExpiry = "no_expiry", None, Warning, "There is no `exp`, and tokens of this kind should have one";
    NeverValid = "never_valid", None, Warning, "The token expires before it becomes valid";
    HiddenText = "hidden_text", None, Warning, "A text contains control or invisible characters";
    PasswordHash = "password_hash", None, Warning, "A claim holds a password hash";
    SecretInPayload = "secret_in_payload", None, Warning, "A claim is a secret by its name, or holds a private key";
    ServiceRole = "service_role", None, Warning, "A Supabase key bypasses Row Level Security";
    Jwe = "jwe", None, Info, "The token is encrypted, not signed";
    NotDecrypted = "not_decrypted", None, Info, "The keys that were given do not decrypt the token";
    Detached = "detached", None, Info, "The payload is detached: the token does not hold it";
    Opaque = "opaque", None, Info, "The text looks like a token but is not a JWT";
    ZipInJws = "zip_in_jws", None, Info, "`zip` has no meaning in a signed token";
    LongLived = "long_lived", None, Info, "The lifetime is long for this kind of token";
    Nested = "nested", None, Info, "The payload is itself a token";
    PersonalData = "personal_data", None, Info, "Claims hold personal data";
}

/// A remark about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A reason code if one fits, else a code of its own.
    pub code: Cow<'static, str>,
    /// The severity.
    pub severity: Severity,
    /// The facts in words. The text is not escaped yet. It is empty if [`Messages`] are left out.
    pub message: String,
}

/// The choice whether findings have messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Messages {
    /// Each finding has its message.
    Written,
    /// No finding has one: the reader needs the codes alone.
    LeftOut,
}

impl Finding {
    /// Returns a finding with a code of the table.
    pub fn new(code: FindingCode, message: impl Into<String>) -> Self {
        Self { code: code.name().into(), severity: code.severity(), message: message.into() }
    }

    /// Returns a finding about a claim.
    pub fn about_claim(code: FindingCode, claim: &str, message: impl Into<String>) -> Self {
        Self {
            code: format!("{}:{claim}", code.name()).into(),
            severity: code.severity(),
            message: message.into(),
        }
    }

    /// Returns a failed check as a finding.
    #[must_use]
    pub fn from_failure(failure: Failure) -> Self {
        let code = match failure.reason {
            Reason::Jwe => FindingCode::Jwe,
            Reason::Detached => FindingCode::Detached,
            Reason::ClaimType(_) => FindingCode::ClaimType,
            _ => FindingCode::Malformed,
        };
        Self { code: failure.reason.to_string().into(), severity: code.severity(), message: failure.detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::reason::ReasonCode;

    #[test]
    fn names_each_code_once() {
        for (index, code) in FindingCode::ALL.iter().enumerate() {
            assert!(!FindingCode::ALL[..index].iter().any(|other| other.name() == code.name()), "{code:?}");
        }
    }

    #[test]
    fn takes_details_from_reason_codes() {
        for code in FindingCode::ALL.iter().filter(|code| code.detail() == CodeDetail::OfReason) {
            assert!(ReasonCode::ALL.iter().any(|reason| reason.name() == code.name()), "{code:?}");
        }
    }
}
