//! The outcome of a case, and the totals of a run. The verdict comes from `verify`; here it is only compared with the
//! expectation.

use super::location::SourceLocation;
use crate::core::reason::{Expectation, Reason, listed};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::Check;
use crate::core::verify::judge::Verdict;
use std::sync::Arc;
use std::time::Duration;

/// The outcome of one case. Its texts come from outside, so renderers must escape them.
#[derive(Clone, Debug)]
pub(crate) struct CaseResult {
    /// The path of the suite, as the user gave it.
    pub(crate) suite: Arc<str>,
    /// The path of the suite from the root of its repository, with slashes. `None` outside of a repository.
    pub(crate) in_repository: Option<Arc<str>>,
    /// The name of the case.
    pub(crate) name: String,
    /// Where the case begins in the suite.
    pub(crate) location: SourceLocation,
    /// The expected outcome: all of these.
    pub(crate) expected: Vec<Expectation>,
    /// The expectations that were not met; empty if the case passed.
    pub(crate) unmet: Vec<Expectation>,
    pub(crate) verdict: Verdict,
    /// Every reason, in the order of reports.
    pub(crate) reasons: Vec<Reason>,
    /// Every check, those of the outer tokens first.
    pub(crate) checks: Vec<Check<'static>>,
    /// The number of checks of each outer token, the outermost first.
    pub(crate) envelopes: Vec<usize>,
    /// Hints for a case that failed.
    pub(crate) hints: Vec<String>,
    /// The text that was judged, which need not be a token.
    pub(crate) token: String,
    /// The time of the verdict.
    pub(crate) at: NumericDate,
    /// How long judging took.
    pub(crate) took: Duration,
}

impl CaseResult {
    /// Reports whether the outcome is the expected one.
    pub(crate) const fn passed(&self) -> bool {
        self.unmet.is_empty()
    }

    /// Returns the path of the suite for a system that knows the repository: from its root, else as the user gave it.
    pub(crate) fn file(&self) -> &str {
        self.in_repository.as_deref().unwrap_or(&self.suite)
    }

    /// Returns the checks that explain a failed case: unexpected failures, and expected failures that did not happen.
    pub(crate) fn differing(&self) -> impl Iterator<Item = &Check<'static>> {
        let unexpected = |reason: &Reason| {
            !self.expected.iter().any(|expected| match expected {
                Expectation::Reason(expected) => expected == reason,
                Expectation::Family(code) => reason.code() == *code,
                // The verdict was expected as a whole, so each of its reasons was.
                Expectation::Rejected | Expectation::Malformed => !self.unmet.contains(expected),
                Expectation::Accepted => false,
            })
        };
        self.checks.iter().filter(move |check| match &check.reason {
            Some(reason) => !self.passed() && unexpected(reason),
            None => self.unmet.iter().any(|expected| expected.is_found_by(&check.name)),
        })
    }

    /// Returns the expected reason codes that no check of this run can find. A malformed token says nothing about them, because
    /// most checks were not made.
    pub(crate) fn unasked(&self) -> impl Iterator<Item = &Expectation> {
        let is_code =
            |expected: &&Expectation| matches!(expected, Expectation::Reason(_) | Expectation::Family(_));
        let asked =
            |expected: &&Expectation| self.checks.iter().any(|check| expected.is_found_by(&check.name));
        let unmet = self.unmet.iter().filter(|_| self.verdict != Verdict::Malformed);
        unmet.filter(is_code).filter(move |expected| !asked(expected))
    }

    /// Returns the outcome in the form of an expectation: the reasons, or the verdict if there are none.
    pub(crate) fn outcome(&self) -> String {
        if self.reasons.is_empty() { self.verdict.name().to_owned() } else { listed(&self.reasons) }
    }

    /// Returns the expected outcome.
    pub(crate) fn expectation(&self) -> String {
        listed(&self.expected)
    }
}

/// The totals of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// How many were not run, because an earlier case failed.
    pub(crate) left: usize,
    /// When the run began, by the real clock.
    pub(crate) began: NumericDate,
    pub(crate) took: Duration,
}
