//! One check and its outcome, and the list of them as it grows.

use crate::core::reason::{Failure, Reason};
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::NumericDate;
use std::borrow::Cow;

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
    pub(super) sentence: Cow<'static, str>,
    pub(super) date: Option<NumericDate>,
}

impl Fact {
    /// The sentence with its date in a zone; not yet safe to show.
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

impl From<&'static str> for Fact {
    fn from(sentence: &'static str) -> Self {
        Self { sentence: sentence.into(), date: None }
    }
}

/// One check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at: `form`, `alg`, `key`, `crit`, `signature`, or a claim.
    pub name: Cow<'static, str>,
    /// How it ended.
    pub status: Status,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// What was found.
    pub fact: Fact,
    /// Whether it speaks of a claim that no signature vouches for.
    pub unverified: bool,
}

/// How much is to be said of what is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every check and what it found.
    Full,
    /// The reasons alone. The checks are the same and so is the verdict, but nothing is put into words that nobody reads:
    /// among many tokens that takes longer than all else but the signature.
    ReasonsOnly,
}

/// The checks made so far.
#[derive(Clone, Debug)]
pub(super) struct Checks {
    detail: Detail,
    /// Each, in order, if they are to be told.
    pub(super) list: Vec<Check>,
    /// Why some failed, in the order they were made.
    pub(super) reasons: Vec<Reason>,
    /// What did not fail but should be known.
    pub(super) warnings: Vec<Failure>,
    /// Whether what follows is vouched for by nobody.
    pub(super) unverified: bool,
}

impl Checks {
    pub(super) const fn new(detail: Detail) -> Self {
        Self { detail, list: Vec::new(), reasons: Vec::new(), warnings: Vec::new(), unverified: false }
    }

    /// The name of a check that speaks of a claim.
    pub(super) fn name(&self, what: &str, claim: &str) -> Cow<'static, str> {
        match self.detail {
            Detail::Full => format!("{what}:{claim}").into(),
            Detail::ReasonsOnly => Cow::Borrowed(""),
        }
    }

    fn add(&mut self, name: Cow<'static, str>, status: Status, reason: Option<Reason>, fact: Fact) {
        self.list.push(Check { name, status, reason, fact, unverified: self.unverified });
    }

    /// Adds those that were made elsewhere.
    pub(super) fn append(&mut self, others: &Self) {
        self.reasons.extend_from_slice(&others.reasons);
        self.warnings.extend_from_slice(&others.warnings);
        if self.detail == Detail::Full {
            self.list.extend_from_slice(&others.list);
        }
    }

    /// One that passed; what it found is put into words only if it is to be told.
    pub(super) fn pass<F: Into<Fact>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        found: impl FnOnce() -> F,
    ) {
        if self.detail == Detail::Full {
            self.add(name.into(), Status::Passed, None, found().into());
        }
    }

    /// One that was not made, and why not.
    pub(super) fn skip<F: Into<Fact>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        found: impl FnOnce() -> F,
    ) {
        if self.detail == Detail::Full {
            self.add(name.into(), Status::Skipped, None, found().into());
        }
    }

    /// One that failed.
    pub(super) fn fail<F: Into<Fact>>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        reason: Reason,
        found: impl FnOnce() -> F,
    ) {
        self.reasons.push(reason.clone());
        if self.detail == Detail::Full {
            self.add(name.into(), Status::Failed, Some(reason), found().into());
        }
    }

    /// One that failed, with what is known of it.
    pub(super) fn refuse(&mut self, name: impl Into<Cow<'static, str>>, failure: Failure) {
        let Failure { reason, detail } = failure;
        self.fail(name, reason, || detail);
    }
}
