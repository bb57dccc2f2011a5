//! The reason codes: one for every way a check can fail, in the order in which reports list them.
//! Scripts are written against these names; they never change meaning.

use std::fmt;
use std::str::FromStr;

/// Why a check failed. The order of the variants is the order of a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The text is not a compact JWS with a claims set.
    Malformed(Malformed),
    /// Five segments: encrypted, not signed (RFC 7516).
    Jwe,
    /// `alg` is `none`, in any letter case (RFC 8725 section 3.2).
    AlgNone,
    /// `alg`, or the curve of the key, is nothing this build knows.
    AlgUnsupported,
    /// `alg` is known, but neither the key nor the caller allows it.
    AlgNotAllowed,
    /// The key does not fit the token's algorithm.
    KeyMismatch(KeyMismatch),
    /// No key, or more than one, for the token's `kid`.
    KeyNotFound,
    /// The key is too weak for its algorithm.
    KeyWeak(KeyWeak),
    /// An empty HMAC key.
    KeyEmpty,
    /// `crit` or `b64` is present, and no extension is understood (RFC 7515 section 4.1.11, RFC 7797).
    CritUnsupported,
    /// The signature does not verify.
    BadSignature,
    /// A required claim is absent; its name.
    ClaimMissing(String),
    /// A claim has the wrong JSON type; its name.
    ClaimType(String),
    /// now >= exp + leeway
    Expired,
    /// now < nbf - leeway
    NotYetValid,
    /// now < iat - leeway
    IssuedInFuture,
    /// iat + max-age + leeway <= now
    TooOld,
    /// `iss` is none of those expected.
    WrongIssuer,
    /// `aud` holds none of those expected.
    WrongAudience,
    /// `sub` is not the one expected.
    WrongSubject,
    /// `jti` is not the one expected.
    WrongId,
    /// The header's `typ` is not the one expected.
    WrongTyp,
    /// Another kind of token than expected.
    WrongTokenType,
    /// A claim the caller named has another value; its name.
    WrongClaim(String),
    /// A store says that it is out of use.
    Revoked,
    /// A store says that it was used up.
    Reused,
    /// A store says that its family was refreshed a moment ago.
    TooSoon,
    /// A store that has to know it knows nothing of it.
    UnknownToken,
}

macro_rules! details {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            const ALL: &[Self] = &[$(Self::$variant),+];

            /// The part of the code after the colon.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|detail| detail.code() == code)
            }
        }
    };
}

details! {
    /// What makes a token malformed.
    Malformed {
        /// A byte outside the Base64url alphabet and the dot.
        Charset = "charset",
        /// Not three segments.
        Segments = "segments",
        /// A segment is not canonical Base64url.
        Base64 = "base64",
        /// The header is not a JSON object.
        HeaderJson = "header_json",
        /// The payload is not JSON.
        PayloadJson = "payload_json",
        /// The payload is not UTF-8.
        PayloadUtf8 = "payload_utf8",
        /// The payload is JSON, but no object.
        PayloadNotObject = "payload_not_object",
        /// A member name appears twice in one object.
        DuplicateMember = "duplicate_member",
        /// `alg` is missing or no string.
        Alg = "alg",
        /// `kid` is no string.
        Kid = "kid",
        /// JSON nested too deep.
        TooDeep = "too_deep",
        /// Longer than the limit.
        TooLarge = "too_large",
    }
}

details! {
    /// In what the key does not fit.
    KeyMismatch {
        /// The key type.
        Kty = "kty",
        /// The algorithm the key is for.
        Alg = "alg",
        /// What the key is used for (RFC 7517 section 4.2).
        Use = "use",
        /// The operations the key is used for (RFC 7517 section 4.3).
        KeyOps = "key_ops",
        /// The curve, or the point on it.
        Crv = "crv",
    }
}

details! {
    /// In what a key is weak.
    KeyWeak {
        /// Shorter than the hash (RFC 7518 section 3.2).
        HmacTooShort = "hmac_too_short",
        /// An RSA modulus under 2048 bits (RFC 7518 section 3.3).
        RsaTooSmall = "rsa_too_small",
        /// An RSA exponent that is even, or smaller than 65537, or larger than any in use.
        RsaExponent = "rsa_exponent",
    }
}

impl Reason {
    /// The reasons without a detail.
    const PLAIN: &[Self] = &[
        Self::Jwe,
        Self::AlgNone,
        Self::AlgUnsupported,
        Self::AlgNotAllowed,
        Self::KeyNotFound,
        Self::KeyEmpty,
        Self::CritUnsupported,
        Self::BadSignature,
        Self::Expired,
        Self::NotYetValid,
        Self::IssuedInFuture,
        Self::TooOld,
        Self::WrongIssuer,
        Self::WrongAudience,
        Self::WrongSubject,
        Self::WrongId,
        Self::WrongTyp,
        Self::WrongTokenType,
        Self::Revoked,
        Self::Reused,
        Self::TooSoon,
        Self::UnknownToken,
    ];

    /// The part of the code before the colon.
    #[must_use]
    pub const fn family(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Jwe => "jwe",
            Self::AlgNone => "alg_none",
            Self::AlgUnsupported => "alg_unsupported",
            Self::AlgNotAllowed => "alg_not_allowed",
            Self::KeyMismatch(_) => "key_mismatch",
            Self::KeyNotFound => "key_not_found",
            Self::KeyWeak(_) => "key_weak",
            Self::KeyEmpty => "key_empty",
            Self::CritUnsupported => "crit_unsupported",
            Self::BadSignature => "bad_signature",
            Self::ClaimMissing(_) => "claim_missing",
            Self::ClaimType(_) => "claim_type",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::IssuedInFuture => "issued_in_future",
            Self::TooOld => "too_old",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::WrongSubject => "wrong_subject",
            Self::WrongId => "wrong_id",
            Self::WrongTyp => "wrong_typ",
            Self::WrongTokenType => "wrong_token_type",
            Self::WrongClaim(_) => "wrong_claim",
            Self::Revoked => "revoked",
            Self::Reused => "reused",
            Self::TooSoon => "too_soon",
            Self::UnknownToken => "unknown_token",
        }
    }

    /// The part of the code after the colon; for claims, text from outside that is not yet safe to show.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Malformed(detail) => Some(detail.code()),
            Self::KeyMismatch(detail) => Some(detail.code()),
            Self::KeyWeak(detail) => Some(detail.code()),
            Self::ClaimMissing(name) | Self::ClaimType(name) | Self::WrongClaim(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it leaves nothing to judge: exit status 4.
    #[must_use]
    pub const fn is_malformed(&self) -> bool {
        matches!(self, Self::Malformed(_) | Self::Jwe)
    }

    /// Whether only the clock is at fault: exit status 3 when nothing else is.
    #[must_use]
    pub const fn is_time(&self) -> bool {
        matches!(self, Self::Expired | Self::NotYetValid | Self::IssuedInFuture)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.family())?;
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
    /// The facts, in words; not yet safe to show.
    pub detail: String,
}

impl Failure {
    /// A reason and its facts.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// A malformed token, and how.
    pub fn malformed(malformed: Malformed, detail: impl fmt::Display) -> Self {
        Self::new(Reason::Malformed(malformed), detail.to_string())
    }
}

/// What a caller expects of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Every check passed.
    Accepted,
    /// Some check failed, on a token that is well-formed.
    Rejected,
    /// Nothing to judge: any `malformed` reason, or `jwe`.
    Malformed,
    /// This reason is among those given.
    Reason(Reason),
    /// Some reason of this family is among those given (`claim_missing` for any claim).
    Family(&'static str),
}

impl FromStr for Expectation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "accepted" => return Ok(Self::Accepted),
            "rejected" => return Ok(Self::Rejected),
            "malformed" => return Ok(Self::Malformed),
            _ => {}
        }
        if let Some(plain) = Reason::PLAIN.iter().find(|reason| reason.family() == text) {
            return Ok(Self::Reason(plain.clone()));
        }
        let (family, detail) =
            text.split_once(':').map_or((text, None), |(family, detail)| (family, Some(detail)));
        let reason = match (family, detail) {
            ("key_mismatch", None) => return Ok(Self::Family("key_mismatch")),
            ("key_weak", None) => return Ok(Self::Family("key_weak")),
            ("claim_missing", None) => return Ok(Self::Family("claim_missing")),
            ("claim_type", None) => return Ok(Self::Family("claim_type")),
            ("wrong_claim", None) => return Ok(Self::Family("wrong_claim")),
            ("malformed", Some(detail)) => Malformed::from_code(detail).map(Reason::Malformed),
            ("key_mismatch", Some(detail)) => KeyMismatch::from_code(detail).map(Reason::KeyMismatch),
            ("key_weak", Some(detail)) => KeyWeak::from_code(detail).map(Reason::KeyWeak),
            ("claim_missing", Some(name)) => Some(Reason::ClaimMissing(name.to_owned())),
            ("claim_type", Some(name)) => Some(Reason::ClaimType(name.to_owned())),
            ("wrong_claim", Some(name)) => Some(Reason::WrongClaim(name.to_owned())),
            _ => None,
        };
        reason.map(Self::Reason).ok_or_else(|| {
            "no such outcome; it is accepted, rejected, malformed or a reason code such as expired".to_owned()
        })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Rejected => f.write_str("rejected"),
            Self::Malformed => f.write_str("malformed"),
            Self::Reason(reason) => reason.fmt(f),
            Self::Family(family) => f.write_str(family),
        }
    }
}

/// Codes as a sentence names them, one after the other.
#[must_use]
pub fn listed(codes: &[impl fmt::Display]) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        let mut codes: Vec<String> = Reason::PLAIN.iter().map(ToString::to_string).collect();
        codes.extend(Malformed::ALL.iter().map(|detail| Reason::Malformed(*detail).to_string()));
        codes.extend(["key_weak:hmac_too_short", "key_mismatch:kty", "claim_missing:exp"].map(str::to_owned));
        for code in codes {
            assert!(
                matches!(code.parse(), Ok(Expectation::Reason(reason)) if reason.to_string() == code),
                "{code}"
            );
        }
        assert!("exspired".parse::<Expectation>().is_err());
        assert!("malformed:nothing".parse::<Expectation>().is_err());
    }

    #[test]
    fn reports_list_reasons_in_the_order_of_the_table() {
        let mut reasons =
            [Reason::WrongIssuer, Reason::Expired, Reason::ClaimType("exp".into()), Reason::BadSignature];
        reasons.sort();
        let codes: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        assert_eq!(codes, ["bad_signature", "claim_type:exp", "expired", "wrong_issuer"]);
    }

    #[test]
    fn a_claim_name_cannot_smuggle_an_escape_sequence_into_a_code() {
        assert_eq!(Reason::ClaimType("\u{1b}[31m".into()).to_string(), r"claim_type:\u001b[31m");
    }
}
