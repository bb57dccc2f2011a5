//! What every token must pass where it is asked for, and what all of them together come to.

use crate::core::report::{FoundText, TokenReport};
use crate::core::text::duration::Duration;
use crate::core::verify::judge::Verdict;
use crate::error::ExitStatus;

/// The gates, and the outcome so far.
#[derive(Debug)]
pub(super) struct Gates<'g> {
    pub(super) required: &'g [String],
    pub(super) valid_for: Option<Duration>,
    /// Whether a key was given to judge by.
    pub(super) judging: bool,
    worst: ExitStatus,
    entries: usize,
}

impl<'g> Gates<'g> {
    pub(super) const fn new(required: &'g [String], valid_for: Option<Duration>, judging: bool) -> Self {
        Self { required, valid_for, judging, worst: ExitStatus::Done, entries: 0 }
    }

    /// Whether every token passes unseen.
    pub(super) const fn are_open(&self) -> bool {
        self.required.is_empty() && self.valid_for.is_none() && !self.judging
    }

    /// Takes one more token in, and says why it does not pass, if that is not in its verdict.
    pub(super) fn pass(&mut self, entry: &TokenReport<'_>) -> Option<String> {
        let (status, remark) = self.entry_status(entry);
        self.entries += 1;
        self.worst = match (self.worst, status) {
            (worst, ExitStatus::Done) => worst,
            (ExitStatus::Done, status) => status,
            (worst, status) if worst == status => worst,
            _ => ExitStatus::Rejected,
        };
        remark
    }

    /// Done, unless some token did not pass a gate, or a key was given and some token was not accepted.
    pub(super) fn status(&self) -> ExitStatus {
        // With many tokens a verdict is all or nothing.
        let mixed = self.judging && self.entries > 1 && self.worst != ExitStatus::Done;
        if mixed { ExitStatus::Rejected } else { self.worst }
    }

    fn entry_status(&self, entry: &TokenReport<'_>) -> (ExitStatus, Option<String>) {
        if let Some(verification) = &entry.verification
            && verification.judgement.verdict() != Verdict::Accepted
        {
            return (ExitStatus::from_judgement(&verification.judgement), None);
        }
        if self.judging && entry.verification.is_none() {
            return (ExitStatus::NoToken, Some("an opaque token cannot be judged".to_owned()));
        }
        if self.required.is_empty() && self.valid_for.is_none() {
            return (ExitStatus::Done, None);
        }
        let rejected = |remark: String| (ExitStatus::Rejected, Some(remark));
        let found = match &entry.content {
            FoundText::Token(anatomy) => anatomy.token.unverified_claims().zip(Some(anatomy.at)),
            FoundText::Opaque { .. } | FoundText::Unreadable { .. } => None,
        };
        let Some((claims, at)) = found else { return rejected("there are no claims to look at".to_owned()) };
        if let Some(name) = self.required.iter().find(|name| !claims.has(name)) {
            return rejected(format!("the token has no claim `{name}`"));
        }
        let Some(valid_for) = self.valid_for else { return (ExitStatus::Done, None) };
        match (claims.numeric_date("exp"), claims.numeric_date("nbf")) {
            (Err(failure), _) | (_, Err(failure)) => rejected(failure.detail),
            (Ok(exp), Ok(nbf)) => {
                let ends = exp.is_some_and(|exp| exp <= at.plus(valid_for));
                if ends || nbf.is_some_and(|nbf| at < nbf) {
                    let remark = format!("the token is not valid for another {valid_for}");
                    (ExitStatus::TimeOnly, Some(remark))
                } else {
                    (ExitStatus::Done, None)
                }
            }
        }
    }
}
