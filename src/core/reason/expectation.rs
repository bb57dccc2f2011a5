//! What a caller expects of a verdict, and how that is written.

use super::{KeyMismatch, KeyWeak, Malformed, Reason, ReasonCode};
use crate::core::reason::check_name::CheckName;
use std::fmt;
use std::str::FromStr;

/// A caller's expectation of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Every check passes.
    Accepted,
    /// Some check fails, and the token is well-formed.
    Rejected,
    /// The token is malformed or encrypted: any `malformed` reason, or `jwe`.
    Malformed,
    /// This reason is among those given.
    Reason(Reason),
    /// Some reason with this code is among those given, such as `claim_missing` for any claim.
    Family(ReasonCode),
}

impl Expectation {
    /// Reports whether a check of this name can find what is expected.
    #[must_use]
    pub fn is_found_by(&self, check: &CheckName<'_>) -> bool {
        match self {
            Self::Accepted | Self::Rejected => false,
            Self::Malformed => *check == CheckName::Form,
            Self::Reason(reason) => reason.is_found_by(check),
            Self::Family(code) => code.is_found_by(check),
        }
    }
}

/// A text that names neither a verdict nor a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownOutcome;

impl FromStr for Expectation {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, UnknownOutcome> {
        match text {
            "accepted" => return Ok(Self::Accepted),
            "rejected" => return Ok(Self::Rejected),
            "malformed" => return Ok(Self::Malformed),
            _ => {}
        }
        let (name, detail) = text.split_once(':').map_or((text, None), |(name, detail)| (name, Some(detail)));
        let code = ReasonCode::ALL.iter().copied().find(|code| code.name() == name).ok_or(UnknownOutcome)?;
        let Some(detail) = detail else {
            return Ok(code.without_detail().map_or(Self::Family(code), Self::Reason));
        };
        let reason = match code {
            ReasonCode::Malformed => Malformed::from_code(detail).map(Reason::Malformed),
            ReasonCode::KeyMismatch => KeyMismatch::from_code(detail).map(Reason::KeyMismatch),
            ReasonCode::KeyWeak => KeyWeak::from_code(detail).map(Reason::KeyWeak),
            ReasonCode::ClaimMissing => Some(Reason::ClaimMissing(detail.to_owned())),
            ReasonCode::ClaimType => Some(Reason::ClaimType(detail.to_owned())),
            ReasonCode::ImplausibleTime => Some(Reason::ImplausibleTime(detail.to_owned())),
            ReasonCode::WrongClaim => Some(Reason::WrongClaim(detail.to_owned())),
            _ => None,
        };
        reason.map(Self::Reason).ok_or(UnknownOutcome)
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Rejected => f.write_str("rejected"),
            Self::Malformed => f.write_str("malformed"),
            Self::Reason(reason) => reason.fmt(f),
            Self::Family(code) => f.write_str(code.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_code_it_writes() {
        let mut codes: Vec<String> = ReasonCode::ALL
            .iter()
            .filter_map(|code| code.without_detail())
            .map(|reason| reason.to_string())
            .collect();
        codes.extend(Malformed::ALL.iter().map(|detail| Reason::Malformed(*detail).to_string()));
        codes.extend(KeyMismatch::ALL.iter().map(|detail| Reason::KeyMismatch(*detail).to_string()));
        codes.extend(KeyWeak::ALL.iter().map(|detail| Reason::KeyWeak(*detail).to_string()));
        codes.extend(
            ["claim_missing:exp", "claim_type:exp", "implausible_time:exp", "wrong_claim:role"]
                .map(str::to_owned),
        );
        for code in codes {
            assert!(
                matches!(code.parse(), Ok(Expectation::Reason(reason)) if reason.to_string() == code),
                "{code}"
            );
        }
    }

    #[test]
    fn reads_a_code_without_its_detail_as_any_such_reason() {
        for code in ReasonCode::ALL {
            let read = code.name().parse::<Expectation>();
            let expected = match (code, code.without_detail()) {
                (ReasonCode::Malformed, _) => Expectation::Malformed,
                (_, Some(reason)) => Expectation::Reason(reason),
                (code, None) => Expectation::Family(*code),
            };
            assert_eq!(read, Ok(expected));
        }
    }

    #[test]
    fn rejects_unknown_codes() {
        for text in ["exspired", "malformed:nothing", "expired:exp", "", ":"] {
            assert_eq!(text.parse::<Expectation>(), Err(UnknownOutcome), "{text}");
        }
    }
}
