//! The requirements of `--valid-for` and `--require`, and the exit status that all tokens together lead to.

use crate::core::report::{FoundText, TokenLocation, TokenReport};
use crate::core::text::duration::Duration;
use crate::core::verify::judge::Verdict;
use crate::error::ExitStatus;
use crate::error::inspect::{UnmetRequirement, UnmetRequirements};

/// The requirements for each token, and the outcome so far.
#[derive(Debug)]
pub(super) struct Requirements<'g> {
    claims: &'g [String],
    valid_for: Option<Duration>,
    /// The `expires_in` of the answer that the tokens are in.
    stated: Option<Duration>,
    /// True if a key was given, so that each token must be accepted.
    has_key: bool,
    worst: ExitStatus,
    tokens: usize,
    /// The first token that does not meet a requirement, and the number of these tokens.
    unmet: Option<(String, UnmetRequirement, usize)>,
}

impl<'g> Requirements<'g> {
    pub(super) const fn new(claims: &'g [String], valid_for: Option<Duration>, has_key: bool) -> Self {
        Self { claims, valid_for, stated: None, has_key, worst: ExitStatus::Done, tokens: 0, unmet: None }
    }

    /// Reports whether there is nothing to check.
    pub(super) const fn are_empty(&self) -> bool {
        self.claims.is_empty() && self.valid_for.is_none() && !self.has_key
    }

    /// Reports whether the lifetime of each token is wanted.
    pub(super) const fn wants_lifetime(&self) -> bool {
        self.valid_for.is_some()
    }

    /// Takes the lifetime that an answer states for its access token, if `--valid-for` asks for one. Returns whether it does.
    pub(super) fn take_stated(&mut self, lifetime: Option<Duration>) -> bool {
        self.stated = lifetime.filter(|_| self.valid_for.is_some());
        self.stated.is_some()
    }

    /// Checks one more token. Returns the message on the requirement that it does not meet, unless the verdict on the token
    /// says it already.
    pub(super) fn check(&mut self, report: &TokenReport<'_>) -> Option<String> {
        let (status, unmet) = self.check_token(report);
        self.tokens += 1;
        self.worst = match (self.worst, status) {
            (worst, ExitStatus::Done) => worst,
            (ExitStatus::Done, status) => status,
            (worst, status) if worst == status => worst,
            _ => ExitStatus::Rejected,
        };
        let unmet = unmet?;
        let location = location_text(&report.location);
        let message = format!("{location}: {unmet}");
        match &mut self.unmet {
            Some((.., tokens)) => *tokens += 1,
            None => self.unmet = Some((location, unmet, 1)),
        }
        Some(message)
    }

    /// Returns the requirements that tokens did not meet, for the document of the run.
    pub(super) fn unmet(&self) -> Option<UnmetRequirements> {
        let (location, first, tokens) = self.unmet.clone()?;
        Some(UnmetRequirements { location, first, tokens, status: self.status() })
    }

    /// Returns the status of all tokens: done if each meets the requirements and, with a key, is accepted.
    pub(super) fn status(&self) -> ExitStatus {
        // The statuses 3 and 4 speak of a single token. For several tokens the status is 1.
        let mixed = self.has_key && self.tokens > 1 && self.worst != ExitStatus::Done;
        if mixed { ExitStatus::Rejected } else { self.worst }
    }

    /// Returns the status of one token, and the requirement that it does not meet.
    fn check_token(&self, report: &TokenReport<'_>) -> (ExitStatus, Option<UnmetRequirement>) {
        if let Some(verification) = &report.verification
            && verification.judgement.verdict() != Verdict::Accepted
        {
            return (ExitStatus::from_judgement(&verification.judgement), None);
        }
        if self.has_key && report.verification.is_none() {
            return (ExitStatus::NoToken, Some(UnmetRequirement::Opaque));
        }
        if self.claims.is_empty() && self.valid_for.is_none() {
            return (ExitStatus::Done, None);
        }
        let rejected = |unmet| (ExitStatus::Rejected, Some(unmet));
        // `expires_in` is about the access token (RFC 6749 section 5.1). Nothing is known about the refresh token beside it.
        if let (FoundText::Opaque { .. }, Some(valid_for), Some(lifetime), []) =
            (&report.content, self.valid_for, self.stated, self.claims)
        {
            let is_refresh = report.location.place.to_ascii_lowercase().contains("refresh");
            return if is_refresh || lifetime > valid_for {
                (ExitStatus::Done, None)
            } else {
                (ExitStatus::TimeOnly, Some(UnmetRequirement::NotValidFor(valid_for)))
            };
        }
        let found = match &report.content {
            FoundText::Token(anatomy) => anatomy.all_claims().zip(Some(anatomy.at)),
            FoundText::Document(report) => {
                report.first().and_then(|first| first.token.unverified_claims().zip(Some(first.at)))
            }
            FoundText::Opaque { .. } | FoundText::Unreadable { .. } => None,
        };
        let Some((claims, at)) = found else { return rejected(UnmetRequirement::NoClaims) };
        if let Some(name) = self.claims.iter().find(|name| !claims.has(name)) {
            return rejected(UnmetRequirement::NoClaim { name: name.clone() });
        }
        let Some(valid_for) = self.valid_for else { return (ExitStatus::Done, None) };
        match (claims.numeric_date("exp"), claims.numeric_date("nbf")) {
            (Err(failure), _) | (_, Err(failure)) => rejected(UnmetRequirement::TimeType(failure)),
            (Ok(exp), Ok(nbf)) => {
                let ends = exp.is_some_and(|exp| exp <= at.plus(valid_for));
                if ends || nbf.is_some_and(|nbf| at < nbf) {
                    (ExitStatus::TimeOnly, Some(UnmetRequirement::NotValidFor(valid_for)))
                } else {
                    (ExitStatus::Done, None)
                }
            }
        }
    }
}

/// Returns the location of a token for a message.
fn location_text(location: &TokenLocation) -> String {
    let TokenLocation { line, file, .. } = location;
    file.as_ref().map_or_else(|| format!("line {line}"), |file| format!("{file}:{line}"))
}
