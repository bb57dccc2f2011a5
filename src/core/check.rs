//! One check and its outcome, and the list of them as it grows.

use super::numeric_date::{NumericDate, Zone};
use super::reason::{Failure, Reason};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As demanded.
    Passed,
    /// Not as demanded.
    Failed,
    /// Nobody asked, or it could not be done.
    Skipped,
}

impl Status {
    /// The name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// What a check found: a sentence, and the date it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub(super) sentence: String,
    pub(super) date: Option<NumericDate>,
}

impl Fact {
    /// The sentence with its date in a zone; not yet safe to show.
    #[must_use]
    pub fn text(&self, zone: Zone) -> String {
        match self.date.map(|date| date.to_text(zone)) {
            None => self.sentence.clone(),
            Some(Some(date)) => format!("{} ({date})", self.sentence),
            Some(None) => format!("{} (beyond every calendar)", self.sentence),
        }
    }
}

impl From<String> for Fact {
    fn from(sentence: String) -> Self {
        Self { sentence, date: None }
    }
}

impl From<&str> for Fact {
    fn from(sentence: &str) -> Self {
        sentence.to_owned().into()
    }
}

/// One check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at: `form`, `alg`, `key`, `crit`, `signature`, or a claim.
    pub name: String,
    /// How it ended.
    pub status: Status,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// What was found.
    pub fact: Fact,
    /// Whether it speaks of a claim that no signature vouches for.
    pub unverified: bool,
}

/// The checks made so far.
#[derive(Default)]
pub(super) struct Checks {
    /// Each, in order.
    pub(super) list: Vec<Check>,
    /// What did not fail but should be known.
    pub(super) warnings: Vec<Failure>,
    /// Whether what follows is vouched for by nobody.
    pub(super) unverified: bool,
}

impl Checks {
    pub(super) fn add(&mut self, name: &str, status: Status, reason: Option<Reason>, fact: Fact) {
        self.list.push(Check { name: name.to_owned(), status, reason, fact, unverified: self.unverified });
    }

    pub(super) fn pass(&mut self, name: &str, fact: impl Into<Fact>) {
        self.add(name, Status::Passed, None, fact.into());
    }

    pub(super) fn skip(&mut self, name: &str, fact: impl Into<Fact>) {
        self.add(name, Status::Skipped, None, fact.into());
    }

    pub(super) fn fail(&mut self, name: &str, failure: Failure) {
        self.add(name, Status::Failed, Some(failure.reason), failure.detail.into());
    }

    /// Passes unless something is wrong.
    pub(super) fn check(&mut self, name: &str, outcome: Result<Fact, Failure>) {
        match outcome {
            Ok(fact) => self.pass(name, fact),
            Err(failure) => self.fail(name, failure),
        }
    }
}
