//! One check and its outcome, and the list of checks as it grows. Nothing here decides how a check ends.

use super::fact::Fact;
use crate::core::reason::{CheckName, Failure, Reason};
use serde::{Serialize, Serializer};

/// The outcome of a check.
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

/// One check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check<'a> {
    /// The name of the check.
    pub name: CheckName<'static>,
    /// How it ended.
    pub status: Status,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// The finding.
    pub fact: Fact<'a>,
    /// True if the check is about a claim that no verified signature covers.
    pub unverified: bool,
}

impl Check<'_> {
    /// Returns the check without the lifetime of its token.
    #[must_use]
    pub fn into_owned(self) -> Check<'static> {
        let Self { name, status, reason, fact, unverified } = self;
        Check { name, status, reason, fact: fact.into_owned(), unverified }
    }

    /// Returns a copy that borrows the text of this check.
    fn borrowed(&self) -> Check<'_> {
        let Self { name, status, reason, fact, unverified } = self;
        let (name, reason) = (name.clone(), reason.clone());
        Check { name, status: *status, reason, fact: fact.borrowed(), unverified: *unverified }
    }
}

/// The amount of detail in a judgement.
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
pub(super) struct Checks<'a> {
    detail: Detail,
    /// The checks, in order; empty if only reasons are reported.
    pub(super) list: Vec<Check<'a>>,
    /// Why checks failed, in the order of the checks.
    pub(super) reasons: Vec<Reason>,
    /// Findings that did not fail a check.
    pub(super) warnings: Vec<Failure>,
    /// True if the next checks are about claims that no verified signature covers.
    pub(super) unverified: bool,
}

impl<'a> Checks<'a> {
    /// The number of checks of most tokens, so that the list is allocated once.
    const USUAL: usize = 14;

    pub(super) fn new(detail: Detail) -> Self {
        Self::with_room(detail, Self::USUAL)
    }

    /// Returns an empty list for the checks of the registered claims. The allocator hands its memory out again at once. That of a
    /// list for all checks takes 400 instructions more.
    pub(super) fn of_claims(detail: Detail) -> Self {
        Self::with_room(detail, 7)
    }

    fn with_room(detail: Detail, room: usize) -> Self {
        let list = if detail == Detail::Full { Vec::with_capacity(room) } else { Vec::new() };
        Self { detail, list, reasons: Vec::new(), warnings: Vec::new(), unverified: false }
    }

    fn add(&mut self, name: CheckName<'_>, status: Status, reason: Option<Reason>, fact: Fact<'a>) {
        let name = name.into_owned();
        self.list.push(Check { name, status, reason, fact, unverified: self.unverified });
    }

    /// Adds the checks of a header that is kept.
    pub(super) fn append(&mut self, others: &'a Checks<'static>) {
        self.append_outcomes(others);
        if self.detail == Detail::Full {
            self.list.extend(others.list.iter().map(Check::borrowed));
        }
    }

    /// Adds the checks of a header that is not kept.
    pub(super) fn append_copies(&mut self, others: &Checks<'static>) {
        self.append_outcomes(others);
        if self.detail == Detail::Full {
            self.list.extend_from_slice(&others.list);
        }
    }

    fn append_outcomes(&mut self, others: &Checks<'_>) {
        self.reasons.extend_from_slice(&others.reasons);
        self.warnings.extend_from_slice(&others.warnings);
    }

    /// Adds the checks of a list that failed, with the reasons and the warnings.
    pub(super) fn append_failed(&mut self, others: Checks<'_>) {
        self.reasons.extend(others.reasons);
        self.warnings.extend(others.warnings);
        let failed = others.list.into_iter().filter(|check| check.status == Status::Failed);
        self.list.extend(failed.map(|check| -> Check<'a> { check.into_owned() }));
    }

    /// Returns an empty list that reports as much as this one.
    pub(super) fn empty<'b>(&self) -> Checks<'b> {
        Checks { unverified: self.unverified, ..Checks::new(self.detail) }
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
    #[inline]
    pub(super) fn pass<F: Into<Fact<'a>>>(&mut self, name: CheckName<'_>, found: impl FnOnce() -> F) {
        if self.detail == Detail::Full {
            self.add(name, Status::Passed, None, found().into());
        }
    }

    /// Adds a check that was not made. Says why only if checks are reported.
    #[inline]
    pub(super) fn skip<F: Into<Fact<'a>>>(&mut self, name: CheckName<'_>, found: impl FnOnce() -> F) {
        if self.detail == Detail::Full {
            self.add(name, Status::Skipped, None, found().into());
        }
    }

    /// Adds a check that failed. Describes it only if checks are reported.
    pub(super) fn fail<F: Into<Fact<'a>>>(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::reason::KeyWeak;

    #[test]
    fn revises_the_named_check_alone() {
        let mut checks = Checks::new(Detail::Full);
        checks.pass(CheckName::Alg, || "RS256");
        checks.pass(CheckName::Key, || "an RSA key");
        let expired = Reason::KeyWeak(KeyWeak::CertificateExpired);
        checks.revise(&CheckName::Key, Failure::new(expired.clone(), "the certificate has expired"));
        let found = checks
            .list
            .iter()
            .map(|check| format!("{} {}: {}", check.name, check.status.name(), check.fact.sentence()));
        assert_eq!(
            found.collect::<Vec<_>>(),
            ["alg passed: RS256", "key failed: the certificate has expired"]
        );
        assert_eq!(
            checks.list.iter().map(|check| check.reason.clone()).collect::<Vec<_>>(),
            [None, Some(expired.clone())]
        );
        assert_eq!(checks.reasons, [expired]);
    }
}
