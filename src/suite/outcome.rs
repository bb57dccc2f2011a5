//! What came of a case, and of all of them.

use crate::core::reason::{Expectation, Reason, listed};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::Check;
use crate::core::verify::judge::Verdict;
use std::sync::Arc;
use std::time::Duration;

/// Where something stands in a suite. Lines and columns count from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// One case that was run. Its texts come from outside: whoever shows them makes them safe.
#[derive(Clone, Debug)]
pub(crate) struct CaseResult {
    /// The path of the suite, as it was given.
    pub(crate) suite: Arc<str>,
    /// The name of the case.
    pub(crate) name: String,
    /// Where the case begins in the suite.
    pub(crate) place: Place,
    /// What was to come of it: everything in this list.
    pub(crate) expected: Vec<Expectation>,
    /// What of that did not; nothing if the case passed.
    pub(crate) unmet: Vec<Expectation>,
    pub(crate) verdict: Verdict,
    /// Every reason, in the order of reports.
    pub(crate) reasons: Vec<Reason>,
    /// Every check.
    pub(crate) checks: Vec<Check>,
    /// What to do about a case that failed.
    pub(crate) hints: Vec<String>,
    /// The token as it was judged, whatever it is made of.
    pub(crate) token: String,
    /// The instant it was judged at.
    pub(crate) at: NumericDate,
    /// How long that took.
    pub(crate) took: Duration,
}

impl CaseResult {
    /// Whether it came out as expected.
    pub(crate) const fn passed(&self) -> bool {
        self.unmet.is_empty()
    }

    /// The checks that make the difference: those that failed and should not have, and those that did not fail and should
    /// have.
    pub(crate) fn differing(&self) -> impl Iterator<Item = &Check> {
        let unexpected = |reason: &Reason| {
            !self.expected.iter().any(|expected| match expected {
                Expectation::Reason(expected) => expected == reason,
                Expectation::Family(family) => reason.family() == *family,
                // The whole verdict was to be this one, whatever the reasons.
                Expectation::Rejected | Expectation::Malformed => !self.unmet.contains(expected),
                Expectation::Accepted => false,
            })
        };
        self.checks.iter().filter(move |check| match &check.reason {
            Some(reason) => !self.passed() && unexpected(reason),
            None => self.unmet.iter().any(|expected| concerns(expected, &check.name)),
        })
    }

    /// What was to be found, and no check was asked to look for.
    pub(crate) fn unasked(&self) -> impl Iterator<Item = &Expectation> {
        let is_code =
            |expected: &&Expectation| matches!(expected, Expectation::Reason(_) | Expectation::Family(_));
        let asked = |expected: &&Expectation| self.checks.iter().any(|check| concerns(expected, &check.name));
        self.unmet.iter().filter(is_code).filter(move |expected| !asked(expected))
    }

    /// What came of it, in the words of an expectation: the reasons, or the verdict where there is none.
    pub(crate) fn outcome(&self) -> String {
        if self.reasons.is_empty() { self.verdict.name().to_owned() } else { listed(&self.reasons) }
    }

    /// What was to come of it.
    pub(crate) fn expectation(&self) -> String {
        listed(&self.expected)
    }
}

/// Whether a check of this name is the one that finds what is expected.
fn concerns(expected: &Expectation, name: &str) -> bool {
    let of_claim = |prefix: &str, claim: &str| name.strip_prefix(prefix) == Some(claim);
    match expected {
        Expectation::Accepted | Expectation::Rejected => false,
        Expectation::Malformed => name == "form",
        Expectation::Family(family) => match *family {
            "key_mismatch" | "key_weak" => name == "key",
            "claim_missing" => name.starts_with("require:"),
            _ => name.starts_with("claim:"),
        },
        Expectation::Reason(reason) => match reason {
            Reason::Malformed(_) | Reason::Jwe => name == "form",
            Reason::AlgNone | Reason::AlgUnsupported | Reason::AlgNotAllowed => name == "alg",
            Reason::KeyMismatch(_) | Reason::KeyNotFound | Reason::KeyWeak(_) | Reason::KeyEmpty => {
                name == "key"
            }
            Reason::CritUnsupported => name == "crit",
            Reason::BadSignature => name == "signature",
            Reason::ClaimMissing(claim) => name == claim || of_claim("require:", claim),
            Reason::ClaimType(claim) => name == claim,
            Reason::WrongClaim(claim) => of_claim("claim:", claim),
            Reason::Expired => name == "exp",
            Reason::NotYetValid => name == "nbf",
            Reason::IssuedInFuture => name == "iat",
            Reason::TooOld => name == "max_age",
            Reason::WrongIssuer => name == "iss",
            Reason::WrongAudience => name == "aud",
            Reason::WrongSubject => name == "sub",
            Reason::WrongId => name == "jti",
            Reason::WrongTyp => name == "typ",
            Reason::WrongTokenType => name == "token_type",
            Reason::Revoked | Reason::Reused | Reason::TooSoon | Reason::UnknownToken => name == "store",
        },
    }
}

/// What all of them came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// How many were not run, because another failed first.
    pub(crate) left: usize,
    /// When the run began, by the clock itself.
    pub(crate) began: NumericDate,
    pub(crate) took: Duration,
}
