//! What a caller expects of a verdict, and how that is written.

use super::{
    BadDisclosure, BadKeyBinding, KeyMismatch, KeyWeak, Malformed, Reason, ReasonCode, ReasonDetails,
};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOutcome {
    /// The outcome that was probably meant.
    pub meant: Option<String>,
}

impl FromStr for Expectation {
    type Err = UnknownOutcome;

    /// Reads an outcome, also as reports print it: `malformed: segments`, `rejected: expired (authentic otherwise)`.
    fn from_str(text: &str) -> Result<Self, UnknownOutcome> {
        let plain = as_printed(text);
        Self::parse(plain)
            .or_else(|| Self::parse(&without_blank(plain)?))
            .ok_or_else(|| UnknownOutcome { meant: meant(plain) })
    }
}

/// Returns the reason in a verdict as reports print it.
fn as_printed(text: &str) -> &str {
    let text = text.trim();
    let reason = match text.strip_prefix("malformed:").map(str::trim_start) {
        // An encrypted token is malformed only in the sense of the exit status.
        Some(reason) if reason == ReasonCode::Jwe.name() => reason,
        _ => text.strip_prefix("rejected:").map_or(text, str::trim_start),
    };
    // A report says more in brackets after the reason, such as `(authentic otherwise)`.
    match reason.strip_suffix(')').and_then(|reason| reason.split_once(" (")) {
        Some((reason, _)) => reason.trim_end(),
        None => reason,
    }
}

/// Returns a reason without the blank between its code and its detail, or `None` if it has none.
fn without_blank(text: &str) -> Option<String> {
    let (code, detail) = text.split_once(": ")?;
    Some(format!("{code}:{}", detail.trim_start()))
}

impl Expectation {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "accepted" => return Some(Self::Accepted),
            "rejected" => return Some(Self::Rejected),
            "malformed" => return Some(Self::Malformed),
            _ => {}
        }
        let (name, detail) = text.split_once(':').map_or((text, None), |(name, detail)| (name, Some(detail)));
        let code = ReasonCode::ALL.iter().copied().find(|code| code.name() == name)?;
        let Some(detail) = detail else {
            return Some(code.without_detail().map_or(Self::Family(code), Self::Reason));
        };
        let reason = match code {
            ReasonCode::Malformed => Malformed::from_code(detail).map(Reason::Malformed),
            ReasonCode::KeyMismatch => KeyMismatch::from_code(detail).map(Reason::KeyMismatch),
            ReasonCode::KeyWeak => KeyWeak::from_code(detail).map(Reason::KeyWeak),
            ReasonCode::BadDisclosure => BadDisclosure::from_code(detail).map(Reason::BadDisclosure),
            ReasonCode::BadKeyBinding => BadKeyBinding::from_code(detail).map(Reason::BadKeyBinding),
            ReasonCode::ClaimMissing => Some(Reason::ClaimMissing(detail.to_owned())),
            ReasonCode::ClaimType => Some(Reason::ClaimType(detail.to_owned())),
            ReasonCode::ImplausibleTime => Some(Reason::ImplausibleTime(detail.to_owned())),
            ReasonCode::WrongClaim => Some(Reason::WrongClaim(detail.to_owned())),
            _ => None,
        };
        reason.map(Self::Reason)
    }
}

/// Returns the outcome that a text probably means: in another spelling, or with a typing error.
fn meant(text: &str) -> Option<String> {
    // Longer texts are not compared.
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return None;
    }
    let (code, detail) = text.split_once(':').map_or((text, None), |(code, detail)| (code, Some(detail)));
    let plain = |text: &str| text.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    let respelled = [detail.map(|detail| detail.trim().to_owned()), detail.map(plain)]
        .into_iter()
        .map(|detail| detail.map_or_else(|| plain(code), |detail| format!("{}:{detail}", plain(code))))
        .find(|outcome| Expectation::parse(outcome).is_some());
    respelled.or_else(|| {
        let wanted =
            detail.map_or_else(|| plain(code), |detail| format!("{}:{}", plain(code), plain(detail)));
        let distances =
            outcomes().into_iter().map(|outcome| (strsim::levenshtein(&wanted, &outcome), outcome));
        // A third of the letters may differ, but never more than three.
        let farthest = (wanted.len() / 3).min(3);
        distances.filter(|(distance, _)| *distance <= farthest).min().map(|(_, outcome)| outcome)
    })
}

impl Expectation {
    /// Returns the names of all outcomes, without those that name a claim.
    #[must_use]
    pub fn names() -> Vec<String> {
        outcomes()
    }
}

/// Returns all outcomes without the names of claims.
fn outcomes() -> Vec<String> {
    let verdicts = ["accepted", "rejected"].into_iter().map(str::to_owned);
    let codes = ReasonCode::ALL.iter().map(|code| code.name().to_owned());
    let details = ReasonCode::ALL.iter().flat_map(|code| match code.details() {
        ReasonDetails::Codes(details) => {
            details.into_iter().map(|(detail, _)| format!("{}:{detail}", code.name())).collect()
        }
        ReasonDetails::None | ReasonDetails::ClaimName => Vec::new(),
    });
    verdicts.chain(codes).chain(details).collect()
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
            assert!(text.parse::<Expectation>().is_err(), "{text}");
        }
    }

    #[test]
    fn reads_outcomes_as_reports_print_them() {
        for (text, plain) in [
            ("malformed: segments", "malformed:segments"),
            ("malformed: jwe", "jwe"),
            ("rejected: bad_signature", "bad_signature"),
            (" expired (authentic otherwise)", "expired"),
            ("rejected: expired (authentic otherwise)", "expired"),
        ] {
            assert_eq!(text.parse::<Expectation>(), plain.parse(), "{text}");
        }
    }

    #[test]
    fn names_the_outcome_that_was_meant() {
        for (text, meant) in [
            ("WRONG_AUDIENCE", "wrong_audience"),
            ("wrong-audience", "wrong_audience"),
            ("wrong audience", "wrong_audience"),
            ("Claim_Missing: userId", "claim_missing:userId"),
            (" Expired", "expired"),
            ("wrong_audiance", "wrong_audience"),
            ("exspired", "expired"),
            ("acepted", "accepted"),
            ("malformed:segment", "malformed:segments"),
            ("bad_signatur", "bad_signature"),
        ] {
            let error = text.parse::<Expectation>().unwrap_err();
            assert_eq!(error.meant.as_deref(), Some(meant), "{text}");
        }
        for text in ["", ":", "x", "ok", "valid", "malformed:nothing", &"expired".repeat(20)] {
            assert_eq!(text.parse::<Expectation>().unwrap_err().meant, None, "{text}");
        }
    }
}
