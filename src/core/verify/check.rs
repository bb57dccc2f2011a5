//! One check and its outcome, and the list of checks as it grows. Nothing here decides how a check ends.

use crate::core::reason::{CheckName, Failure, Reason};
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::NumericDate;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The token is as demanded.
    Passed,
    /// The token is not as demanded.
    Failed,
    /// The check was not demanded, or was not possible.
    Skipped,
}

impl Status {
    /// Every way in which a check ends.
    pub const ALL: [Self; 3] = [Self::Passed, Self::Failed, Self::Skipped];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit_variant("Status", 0, self.name())
    }
}

/// The finding of a check: a sentence, and the date that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub(super) sentence: Cow<'static, str>,
    pub(super) date: Option<NumericDate>,
}

impl Fact {
    /// Reports whether the text has a date.
    #[must_use]
    pub const fn has_date(&self) -> bool {
        self.date.is_some()
    }

    /// Returns the sentence with its date in a time zone, not escaped yet.
    #[must_use]
    pub fn text(&self, zone: Zone) -> Cow<'_, str> {
        match self.date.map(|date| date.to_text(zone)) {
            None => Cow::Borrowed(&self.sentence),
            Some(Some(date)) => format!("{} ({date})", self.sentence).into(),
            Some(None) => format!("{} (date out of range)", self.sentence).into(),
        }
    }
}

impl From<String> for Fact {
    fn from(sentence: String) -> Self {
        Self { sentence: sentence.into(), date: None }
    }
}

impl From<Cow<'static, str>> for Fact {
    fn from(sentence: Cow<'static, str>) -> Self {
        Self { sentence, date: None }
    }
}

impl From<&'static str> for Fact {
    fn from(sentence: &'static str) -> Self {
        Self { sentence: sentence.into(), date: None }
    }
}

/// One check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The name of the check.
    pub name: CheckName<'static>,
    /// How it ended.
    pub status: Status,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// The finding.
    pub fact: Fact,
    /// True if the check is about a claim that no verified signature covers.
    pub unverified: bool,
}

/// How much a judgement reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every check and what it found.
    Full,
    /// The reasons alone. The verdict is the same, but no check is described: for many tokens, the descriptions
    /// take longer than everything but the signature.
    ReasonsOnly,
}

/// The checks made so far.
#[derive(Clone, Debug)]
pub(super) struct Checks {
    detail: Detail,
    /// The checks, in order; empty if only reasons are reported.
    pub(super) list: Vec<Check>,
    /// Why checks failed, in the order of the checks.
    pub(super) reasons: Vec<Reason>,
    /// Findings that did not fail a check.
    pub(super) warnings: Vec<Failure>,
    /// True if the next checks are about claims that no verified signature covers.
    pub(super) unverified: bool,
}

impl Checks {
    pub(super) const fn new(detail: Detail) -> Self {
        Self { detail, list: Vec::new(), reasons: Vec::new(), warnings: Vec::new(), unverified: false }
    }

    fn add(&mut self, name: CheckName<'_>, status: Status, reason: Option<Reason>, fact: Fact) {
        let name = name.into_owned();
        self.list.push(Check { name, status, reason, fact, unverified: self.unverified });
    }

    /// Adds the checks of a header.
    pub(super) fn append(&mut self, others: &Self) {
        self.reasons.extend_from_slice(&others.reasons);
        self.warnings.extend_from_slice(&others.warnings);
        if self.detail == Detail::Full {
            self.list.extend_from_slice(&others.list);
        }
    }

    /// Adds the checks of a list that failed, with the reasons and the warnings.
    pub(super) fn append_failed(&mut self, others: Self) {
        self.reasons.extend(others.reasons);
        self.warnings.extend(others.warnings);
        self.list.extend(others.list.into_iter().filter(|check| check.status == Status::Failed));
    }

    /// Returns an empty list that reports as much as this one.
    pub(super) fn empty(&self) -> Self {
        Self { unverified: self.unverified, ..Self::new(self.detail) }
    }

    /// Turns a check that passed into one that failed.
    pub(super) fn revise(&mut self, name: &CheckName<'_>, failure: Failure) {
        if let Some(check) = self.list.iter_mut().find(|check| check.name == *name) {
            check.status = Status::Failed;
            check.reason = Some(failure.reason.clone());
            check.fact = failure.detail.into();
        }
        self.reasons.push(failure.reason);
    }

    /// Adds a check that passed. Describes it only if checks are reported.
    pub(super) fn pass<F: Into<Fact>>(&mut self, name: CheckName<'_>, found: impl FnOnce() -> F) {
        if self.detail == Detail::Full {
            self.add(name, Status::Passed, None, found().into());
        }
    }

    /// Adds a check that was not made. Says why only if checks are reported.
    pub(super) fn skip<F: Into<Fact>>(&mut self, name: CheckName<'_>, found: impl FnOnce() -> F) {
        if self.detail == Detail::Full {
            self.add(name, Status::Skipped, None, found().into());
        }
    }

    /// Adds a check that failed. Describes it only if checks are reported.
    pub(super) fn fail<F: Into<Fact>>(
        &mut self,
        name: CheckName<'_>,
        reason: Reason,
        found: impl FnOnce() -> F,
    ) {
        if self.detail == Detail::Full {
            self.add(name, Status::Failed, Some(reason.clone()), found().into());
        }
        self.reasons.push(reason);
    }

    /// Adds a check that failed, with facts that are known already.
    pub(super) fn reject(&mut self, name: CheckName<'_>, failure: Failure) {
        let Failure { reason, detail } = failure;
        self.fail(name, reason, || detail);
    }

    /// Adds a check that failed because the token lacks a claim.
    pub(super) fn reject_missing(&mut self, name: CheckName<'_>, claim: &str) {
        self.fail(name, Reason::ClaimMissing(claim.to_owned()), || format!("the token has no `{claim}`"));
    }
}
