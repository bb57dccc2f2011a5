//! The reason codes: one table with the code, the meaning and the check of every way in which a check can fail.
//! Scripts are written against the codes; they never change meaning. Nothing here judges.

mod check_name;
mod expectation;

pub use self::check_name::CheckName;
pub use self::expectation::{Expectation, UnknownOutcome};

use self::FoundBy::{Check, DisclosureRule, KeyBindingRule, NamedClaim, Presence, RegisteredClaim};
use std::fmt;

/// The check that finds a reason.
#[derive(Clone, Debug)]
enum FoundBy {
    /// The check of this name.
    Check(CheckName<'static>),
    /// The check of the registered claim that the reason names.
    RegisteredClaim,
    /// Found by the check of the claim, or by the check that the claim is present.
    Presence,
    /// The check that the claim has a value.
    NamedClaim,
    /// The check of the rule that a [`BadDisclosure`] breaks.
    DisclosureRule,
    /// The check of the rule that a [`BadKeyBinding`] breaks.
    KeyBindingRule,
}

/// The parts after the colon that a reason code can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonDetails {
    /// The code has no such part.
    None,
    /// The name of any claim.
    ClaimName,
    /// One of these codes, each with its meaning.
    Codes(Vec<(&'static str, &'static str)>),
}

/// The type of the part of a reason after the colon.
trait Detail {
    /// Returns every value.
    fn all() -> ReasonDetails;
}

impl Detail for String {
    fn all() -> ReasonDetails {
        ReasonDetails::ClaimName
    }
}

macro_rules! reasons {
    (@plain $variant:ident) => { Some(Reason::$variant) };
    (@plain $variant:ident ($payload:ty)) => { None };
    (@details) => { ReasonDetails::None };
    (@details $payload:ty) => { <$payload as Detail>::all() };
    ($(
        $(#[$rule:meta])*
        $variant:ident $(($payload:ty))? = $code:literal, $found_by:expr, $meaning:literal;
    )+) => {
        /// A reason why a check failed. The order of the variants is the order of a report.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Reason {
            $(#[doc = $meaning] $(#[$rule])* $variant $(($payload))?,)+
        }

        /// A reason without its detail: a row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ReasonCode {
            $(#[doc = $meaning] $variant,)+
        }

        impl Reason {
            /// Returns the row of the table.
            #[must_use]
            pub const fn code(&self) -> ReasonCode {
                match self { $(Self::$variant { .. } => ReasonCode::$variant,)+ }
            }
        }

        impl ReasonCode {
            /// Every code, in the order of a report.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the part of the code before the colon.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Returns what the code says about a token, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// Returns the parts after the colon that the code can have.
            #[must_use]
            pub fn details(self) -> ReasonDetails {
                match self { $(Self::$variant => reasons!(@details $($payload)?),)+ }
            }

            const fn found_by(self) -> FoundBy {
                match self { $(Self::$variant => $found_by,)+ }
            }

            /// Returns the reason, or `None` if it needs a detail.
            const fn without_detail(self) -> Option<Reason> {
                match self { $(Self::$variant => reasons!(@plain $variant $(($payload))?),)+ }
            }
        }
    };
}

reasons! {
    Malformed(Malformed) = "malformed", Check(CheckName::Form),
        "The text is not a signed token";
    /// RFC 7516.
    Jwe = "jwe", Check(CheckName::Form),
        "The token is encrypted, not signed";
    /// RFC 7515 appendix F.
    Detached = "detached", Check(CheckName::Form),
        "The payload is detached: the token does not hold it";
    /// In any letter case (RFC 8725 section 3.2).
    AlgNone = "alg_none", Check(CheckName::Alg),
        "The token says that it is not signed";
    AlgUnsupported = "alg_unsupported", Check(CheckName::Alg),
        "The algorithm or the curve is not known";
    AlgNotAllowed = "alg_not_allowed", Check(CheckName::Alg),
        "The algorithm is not allowed by the caller or the key";
    KeyMismatch(KeyMismatch) = "key_mismatch", Check(CheckName::Key),
        "The key does not fit the token";
    KeyNotFound = "key_not_found", Check(CheckName::Key),
        "No key, or more than one, fits the token's key ID";
    KeyWeak(KeyWeak) = "key_weak", Check(CheckName::Key),
        "The key is too weak";
    KeyEmpty = "key_empty", Check(CheckName::Key),
        "The key is empty";
    /// `crit` (RFC 7515 section 4.1.11) or `b64` (RFC 7797).
    CritUnsupported = "crit_unsupported", Check(CheckName::Crit),
        "The token demands an extension that is not understood";
    /// RFC 7516 section 11.5.
    DecryptFailed = "decrypt_failed", Check(CheckName::Decrypt),
        "The token does not decrypt";
    NotSigned = "not_signed", Check(CheckName::Signature),
        "The claims are encrypted, but not signed";
    BadSignature = "bad_signature", Check(CheckName::Signature),
        "The signature does not verify";
    /// RFC 9901 section 4.1.1.
    SdAlgUnsupported = "sd_alg_unsupported", Check(CheckName::SdAlg),
        "The digest algorithm of the disclosures is not known";
    /// RFC 9901 section 7.1.
    BadDisclosure(BadDisclosure) = "bad_disclosure", DisclosureRule,
        "The disclosures do not fit the issuer's token";
    /// RFC 9901 section 7.3.
    BadKeyBinding(BadKeyBinding) = "bad_key_binding", KeyBindingRule,
        "The key binding does not prove that the holder presents the token";
    ClaimMissing(String) = "claim_missing", Presence,
        "A required claim is absent";
    ClaimType(String) = "claim_type", RegisteredClaim,
        "A claim has the wrong JSON type";
    /// Outside the calendar, for example because it counts milliseconds, or beyond doubles.
    ImplausibleTime(String) = "implausible_time", RegisteredClaim,
        "A time is outside the years 0 to 9999, or is so close to 0 that a double becomes 0";
    /// now >= exp + leeway
    Expired = "expired", Check(CheckName::Exp),
        "The token has expired";
    /// now < nbf - leeway
    NotYetValid = "not_yet_valid", Check(CheckName::Nbf),
        "The token is not valid yet";
    /// now < iat - leeway
    IssuedInFuture = "issued_in_future", Check(CheckName::Iat),
        "The token was issued in the future";
    /// iat + max-age + leeway <= now
    TooOld = "too_old", Check(CheckName::MaxAge),
        "The token was issued too long ago";
    WrongIssuer = "wrong_issuer", Check(CheckName::Iss),
        "The issuer is not an expected one";
    WrongAudience = "wrong_audience", Check(CheckName::Aud),
        "The audience is not an expected one";
    WrongSubject = "wrong_subject", Check(CheckName::Sub),
        "The subject is not the expected one";
    WrongId = "wrong_id", Check(CheckName::Jti),
        "The token ID is not the expected one";
    WrongTyp = "wrong_typ", Check(CheckName::Typ),
        "The header's typ is not the expected one";
    WrongTokenType = "wrong_token_type", Check(CheckName::TokenType),
        "The token is of another kind";
    WrongClaim(String) = "wrong_claim", NamedClaim,
        "A claim does not have the expected value";
    Revoked = "revoked", Check(CheckName::Store),
        "The token was revoked";
    Reused = "reused", Check(CheckName::Store),
        "The token was used before";
    TooSoon = "too_soon", Check(CheckName::Store),
        "The family of the token was refreshed a moment ago";
    UnknownToken = "unknown_token", Check(CheckName::Store),
        "The store does not know the token";
}

macro_rules! details {
    ($(#[$doc:meta])* $name:ident { $($(#[$rule:meta])* $variant:ident = $code:literal, $meaning:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $(#[doc = $meaning] $(#[$rule])* $variant,)+ }

        impl $name {
            /// Every detail.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the part of the code after the colon.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Returns what the detail says about a token or a key.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// Returns the detail with that code.
            fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|detail| detail.code() == code)
            }
        }

        impl Detail for $name {
            fn all() -> ReasonDetails {
                ReasonDetails::Codes(Self::ALL.iter().map(|detail| (detail.code(), detail.meaning())).collect())
            }
        }
    };
}

details! {
    /// The fault that makes a token malformed.
    Malformed {
        Charset = "charset", "A byte is outside the Base64url alphabet and is not a dot";
        Segments = "segments", "The token does not have three segments";
        Base64 = "base64", "A segment is not canonical Base64url";
        HeaderJson = "header_json", "The header is not a JSON object";
        PayloadJson = "payload_json", "The payload is not JSON";
        PayloadUtf8 = "payload_utf8", "The payload is not UTF-8";
        PayloadNotObject = "payload_not_object", "The payload is JSON, but not an object";
        Serialization = "serialization", "The JSON serialization lacks a member, or has one of the wrong type";
        DuplicateMember = "duplicate_member", "A member name appears twice in one object, or in both headers";
        Alg = "alg", "`alg` is missing, not a string, or not protected";
        Kid = "kid", "`kid` is not a string";
        Enc = "enc", "`enc` is missing or not a string";
        Zip = "zip", "`zip` is not a string";
        Typ = "typ", "`typ` is not a string";
        Cty = "cty", "`cty` is not a string";
        Jku = "jku", "`jku` is not a string";
        Jwk = "jwk", "`jwk` is not an object";
        X5u = "x5u", "`x5u` is not a string";
        X5c = "x5c", "`x5c` is not an array of one or more certificates";
        X5t = "x5t", "`x5t` is not a string";
        X5tS256 = "x5t#S256", "`x5t#S256` is not a string";
        Epk = "epk", "`epk` is missing or not a public key for key agreement";
        Apu = "apu", "`apu` is not Base64url text";
        Apv = "apv", "`apv` is not Base64url text";
        P2s = "p2s", "`p2s` is missing, not Base64url text, or too short";
        P2c = "p2c", "`p2c` is missing or out of range";
        Iv = "iv", "`iv` is missing or not Base64url text";
        Tag = "tag", "`tag` is missing or not Base64url text";
        Crit = "crit", "`crit` is not protected, or not an array of strings";
        B64 = "b64", "`b64` is not a boolean, not protected, or not the same for all signatures";
        TooDeep = "too_deep", "The JSON is nested too deeply";
        TooLarge = "too_large", "The token is longer than the limit";
    }
}

details! {
    /// The property of a key that does not fit.
    KeyMismatch {
        Kty = "kty", "The key type does not fit";
        Alg = "alg", "The key is for another algorithm";
        /// RFC 7517 section 4.2.
        Use = "use", "The `use` of the key does not allow this";
        /// RFC 7517 section 4.3.
        KeyOps = "key_ops", "The operations of the key do not include the one needed";
        Crv = "crv", "The curve does not fit, or the point is not on it";
    }
}

details! {
    /// The weakness of a key.
    KeyWeak {
        /// RFC 7518 section 3.2.
        HmacTooShort = "hmac_too_short", "The secret is shorter than the hash";
        /// RFC 7518 section 3.3.
        RsaTooSmall = "rsa_too_small", "The RSA modulus has fewer than 2048 bits";
        RsaExponent = "rsa_exponent", "The RSA exponent is even, under 65537, or larger than any in use";
        CertificateExpired = "certificate_expired", "The certificate around the key has expired";
        CertificateNotYetValid = "certificate_not_yet_valid", "The certificate around the key is not valid yet";
    }
}

impl Malformed {
    /// Returns the fault of a header parameter of an encrypted token.
    #[must_use]
    pub fn of_parameter(name: &str) -> Self {
        Self::from_code(name).unwrap_or(Self::HeaderJson)
    }
}

details! {
    /// The rule that the disclosures of an SD-JWT break (RFC 9901 section 7.1).
    BadDisclosure {
        Form = "form", "A disclosure is not an array of a salt, a name and a value, or does not fit its place";
        Name = "name", "A claim has a reserved name: `_sd`, `_sd_alg` or `...`";
        ClaimExists = "claim_exists", "A disclosure would overwrite a claim";
        Digests = "digests", "`_sd` or `...` is not used as RFC 9901 demands";
        Repeated = "repeated", "A digest or a disclosure appears more than once";
        Unreferenced = "unreferenced", "No digest of the token belongs to a disclosure";
        TooMany = "too_many", "There are too many disclosures";
        TooDeep = "too_deep", "Disclosures nest too deeply";
    }
}

details! {
    /// The rule that the key binding of an SD-JWT breaks (RFC 9901 section 7.3).
    BadKeyBinding {
        Missing = "missing", "Key binding is required, but there is none";
        Form = "form", "The key binding JWT is malformed";
        Typ = "typ", "The `typ` of the key binding JWT is not `kb+jwt`";
        Cnf = "cnf", "The token names no usable key of its holder in `cnf`";
        Alg = "alg", "The algorithm of the key binding JWT is not allowed by the key in `cnf`";
        Signature = "signature", "The signature of the key binding JWT does not verify";
        SdHash = "sd_hash", "`sd_hash` is not the digest of the issuer's token and the disclosures";
        Time = "time", "The key binding JWT is not valid at this time";
        Nonce = "nonce", "The nonce is not the expected one";
        Aud = "aud", "The audience is not the expected one";
    }
}

impl BadDisclosure {
    /// Returns the name of the check that finds the fault.
    #[must_use]
    pub const fn check(self) -> CheckName<'static> {
        match self {
            Self::Digests | Self::Repeated => CheckName::Digests,
            _ => CheckName::Disclosures,
        }
    }
}

impl BadKeyBinding {
    /// Returns the name of the check that finds the fault.
    #[must_use]
    pub const fn check(self) -> CheckName<'static> {
        match self {
            Self::SdHash => CheckName::SdHash,
            Self::Time => CheckName::HolderIat,
            Self::Nonce => CheckName::HolderNonce,
            Self::Aud => CheckName::HolderAud,
            _ => CheckName::KeyBinding,
        }
    }
}

impl ReasonCode {
    /// Reports whether a check of this name can find some reason with this code.
    fn is_found_by(self, check: &CheckName<'_>) -> bool {
        match self.found_by() {
            Check(name) => name == *check,
            Presence => matches!(check, CheckName::Require(_)),
            RegisteredClaim | NamedClaim => matches!(check, CheckName::Claim(_)),
            DisclosureRule => BadDisclosure::ALL.iter().any(|fault| fault.check() == *check),
            KeyBindingRule => BadKeyBinding::ALL.iter().any(|fault| fault.check() == *check),
        }
    }
}

impl Reason {
    /// Returns the part of the code after the colon. A claim name comes from outside and is not escaped here.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Malformed(detail) => Some(detail.code()),
            Self::KeyMismatch(detail) => Some(detail.code()),
            Self::KeyWeak(detail) => Some(detail.code()),
            Self::BadDisclosure(detail) => Some(detail.code()),
            Self::BadKeyBinding(detail) => Some(detail.code()),
            Self::ClaimMissing(name)
            | Self::ClaimType(name)
            | Self::ImplausibleTime(name)
            | Self::WrongClaim(name) => Some(name),
            _ => None,
        }
    }

    /// Reports whether the token cannot be judged because of this reason: exit status 4.
    #[must_use]
    pub const fn is_malformed(&self) -> bool {
        matches!(self, Self::Malformed(_) | Self::Jwe | Self::Detached)
    }

    /// Reports whether the reason depends on the clock alone: exit status 3 if no other reason is given.
    #[must_use]
    pub const fn is_time(&self) -> bool {
        matches!(self, Self::Expired | Self::NotYetValid | Self::IssuedInFuture)
    }

    /// Reports whether a check of this name can find this reason.
    fn is_found_by(&self, check: &CheckName<'_>) -> bool {
        let claim = self.detail().unwrap_or_default();
        match self.code().found_by() {
            Check(name) => name == *check,
            RegisteredClaim => {
                check.is_about(claim) || matches!(check, CheckName::Claim(name) if name == claim)
            }
            Presence => check.is_about(claim) || matches!(check, CheckName::Require(name) if name == claim),
            NamedClaim => matches!(check, CheckName::Claim(name) if name == claim),
            DisclosureRule => matches!(self, Self::BadDisclosure(fault) if fault.check() == *check),
            KeyBindingRule => matches!(self, Self::BadKeyBinding(fault) if fault.check() == *check),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().name())?;
        self.detail().map_or(Ok(()), |detail| write!(f, ":{}", crate::core::text::escape::Shown(detail)))
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A reason with the facts behind it: both sides of the comparison that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code.
    pub reason: Reason,
    /// The facts, in words, not escaped yet.
    pub detail: String,
}

impl Failure {
    /// Returns a reason with its facts.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// Returns the failure of a malformed token with its facts.
    pub fn malformed(malformed: Malformed, detail: impl fmt::Display) -> Self {
        Self::new(Reason::Malformed(malformed), detail.to_string())
    }
}

/// Joins codes with commas.
#[must_use]
pub fn listed(codes: &[impl fmt::Display]) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_reasons_in_the_order_of_the_table() {
        let mut reasons =
            [Reason::WrongIssuer, Reason::Expired, Reason::ClaimType("exp".into()), Reason::BadSignature];
        reasons.sort();
        let codes: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        assert_eq!(codes, ["bad_signature", "claim_type:exp", "expired", "wrong_issuer"]);
    }

    #[test]
    fn escapes_claim_names_in_codes() {
        assert_eq!(Reason::ClaimType("\u{1b}[31m".into()).to_string(), r"claim_type:\u001b[31m");
    }

    #[test]
    fn names_the_checks_that_find_a_reason() {
        let exp = Reason::ClaimMissing("exp".to_owned());
        assert!(exp.is_found_by(&CheckName::Exp) && exp.is_found_by(&CheckName::require("exp")));
        assert!(!exp.is_found_by(&CheckName::claim("exp")) && !exp.is_found_by(&CheckName::Nbf));
        let role = Reason::WrongClaim("role".to_owned());
        assert!(role.is_found_by(&CheckName::claim("role")) && !role.is_found_by(&CheckName::claim("x")));
        assert!(Reason::Revoked.is_found_by(&CheckName::Store));
        assert!(ReasonCode::ClaimMissing.is_found_by(&CheckName::require("x")));
    }
}
