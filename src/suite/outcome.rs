//! What came of a case, and of all of them.

use crate::core::check::{Check, Status};
use crate::core::judge::Verdict;
use crate::core::numeric_date::NumericDate;
use crate::core::reason::{Expectation, Reason};
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

    /// What came of it, in the words of an expectation: the reasons, or the verdict where there is none.
    pub(crate) fn outcome(&self) -> String {
        let reasons: Vec<String> = self.reasons.iter().map(ToString::to_string).collect();
        if reasons.is_empty() { self.verdict.name().to_owned() } else { reasons.join(", ") }
    }

    /// What was to come of it.
    pub(crate) fn expectation(&self) -> String {
        let expected: Vec<String> = self.expected.iter().map(ToString::to_string).collect();
        expected.join(", ")
    }

    /// The checks that tell why a case did not come out as expected: those that failed, or all of them where none did.
    pub(crate) fn telling_checks(&self) -> impl Iterator<Item = &Check> {
        let has_failed = self.checks.iter().any(|check| check.status == Status::Failed);
        let is_told = move |check: &&Check| !has_failed || check.status == Status::Failed;
        self.checks.iter().filter(|_| !self.passed()).filter(is_told)
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
