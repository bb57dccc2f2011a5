//! The report of a revocation, as text for people and as JSON. This file only renders an outcome.

use super::identity::TokenIdentity;
use super::record::{TokenRole, date};
use super::revocation::{RevocationOutcome, SetEffect};
use super::token_state::RevocationScope;
use crate::core::text::duration::relative;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Row, Screen, TextLayout};
use crate::core::text::palette;
use crate::core::token::numeric_date::NumericDate;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A revocation that succeeded.
#[derive(Debug)]
pub struct RevocationReport<'r> {
    /// The request of the user.
    pub target: RevocationTarget<'r>,
    /// Its outcome.
    pub outcome: RevocationOutcome,
    /// When it happened.
    pub now: NumericDate,
}

/// A user's request to revoke something.
#[derive(Debug)]
pub enum RevocationTarget<'r> {
    /// A token, or its family.
    Token(&'r TokenIdentity),
    /// A subject, limited to one issuer if there is a second text.
    Subject(&'r str, Option<&'r str>),
}

impl RevocationReport<'_> {
    /// Renders the report for people.
    #[must_use]
    pub fn text(&self, screen: Screen) -> String {
        let mut page = TextLayout { text: String::new(), screen };
        let (title, rest) = match (&self.target, self.outcome.scope) {
            (RevocationTarget::Subject(subject, _), _) => {
                ("revoked", format!("  everything issued to {} so far", Shown(subject)))
            }
            (RevocationTarget::Token(_), RevocationScope::Family(_)) => {
                ("revoked", "  a family: all tokens of one login".to_owned())
            }
            (RevocationTarget::Token(identity), _) => {
                let kind = match identity.role {
                    TokenRole::Access => "an access token",
                    TokenRole::Refresh => "a refresh token",
                    TokenRole::Both | TokenRole::Other => "a token",
                };
                ("revoked", format!("  {kind}"))
            }
        };
        page.heading(palette::TextRole::Good, title, &rest);
        page.rows(palette::TextRole::Quiet, self.rows(screen));
        page.text
    }

    /// Renders the rows of details.
    fn rows(&self, screen: Screen) -> Vec<Row> {
        let quiet = |text: &str| Some((palette::TextRole::Quiet, text.to_owned()));
        let mut rows = Vec::new();
        let mut add = |name: &str, value: &str, note| {
            let value = vec![Shown(value).to_string()];
            rows.push(Row { name: name.to_owned(), value, is_json: false, note });
        };
        let known = |known: bool, what: &str| if known { None } else { quiet(what) };
        match &self.target {
            RevocationTarget::Token(identity) => {
                let name = if identity.jti.is_some() { "jti" } else { "digest" };
                add(name, &identity.label(), known(self.outcome.known, "new to the store"));
                if let Some(issuer) = &identity.issuer {
                    add("issuer", issuer, None);
                }
                if let Some(subject) = identity.owner() {
                    add("subject", subject, None);
                }
                if identity.is_expired(self.now) {
                    add("expired", "already", quiet("verifiers reject it anyway"));
                }
            }
            RevocationTarget::Subject(subject, issuer) => {
                if !self.outcome.known {
                    add("subject", subject, quiet("new to the store"));
                }
                if let Some(issuer) = issuer {
                    add("issuer", issuer, None);
                }
            }
        }
        if let Some(family) =
            self.outcome.family.as_ref().filter(|_| self.outcome.scope != RevocationScope::Token)
        {
            add("family", family.as_str(), None);
        }
        if let Some(before) = self.outcome.before {
            add("before", &relative(date(before).seconds_since(self.now)), quiet("already revoked"));
        }
        match self.outcome.kept.map(|kept| date(kept).to_text(screen.zone)) {
            None => add("kept", "forever", quiet("one of its tokens never expires")),
            Some(Some(text)) => add("kept until", &text, None),
            Some(None) => add("kept until", "an unknown time", None),
        }
        rows
    }

    /// Returns hints about effects that the user may not expect.
    #[must_use]
    pub fn hints(&self) -> Vec<&'static str> {
        let mut hints = Vec::new();
        match self.outcome.set {
            SetEffect::Kept => {}
            SetEffect::Began => {
                hints.push(
                    "this user had no token set, so one was created: tokens outside of it are now rejected",
                );
            }
            SetEffect::Cleared => {
                hints.push("a token set does not tell logins apart, so everything of this user is revoked");
            }
            SetEffect::Absent => {
                hints.push("this user has no token set, so services that only check the set still accept this token; --subject revokes everything of the user");
            }
        }
        let is_family = matches!(self.outcome.scope, RevocationScope::Family(_));
        if is_family && !self.outcome.known && self.outcome.set == SetEffect::Kept {
            hints.push(match &self.target {
                RevocationTarget::Token(TokenIdentity { origin: Some(_), .. }) => "the store knows no other token of this family: only tokens with this `orig_jti`, and the token with that `jti`, are revoked",
                RevocationTarget::Token(TokenIdentity { jti: None, .. }) => "the store knows no other token of this family, and none can name this one, which has no `jti`: only this token is revoked",
                _ => "the store knows no other token of this family: only this token and tokens whose `orig_jti` is its `jti` are revoked",
            });
        }
        if self.outcome.scope == RevocationScope::Token && self.outcome.family.is_some() {
            hints.push("the other tokens of its family are still valid; --family revokes them too");
        }
        hints
    }
}

impl Serialize for RevocationReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let instant = |at| date(at).to_rfc3339();
        let mut map = serializer.serialize_map(None)?;
        let target = match (&self.target, self.outcome.scope) {
            (RevocationTarget::Subject(..), _) => "subject",
            (RevocationTarget::Token(_), RevocationScope::Family(_)) => "family",
            (RevocationTarget::Token(_), _) => "token",
        };
        map.serialize_entry("revoked", target)?;
        match &self.target {
            RevocationTarget::Token(identity) => {
                map.serialize_entry("jti", &identity.label())?;
                map.serialize_entry("iss", &identity.issuer)?;
                map.serialize_entry("subject", &identity.owner())?;
                map.serialize_entry("expired", &identity.is_expired(self.now))?;
            }
            RevocationTarget::Subject(subject, issuer) => {
                map.serialize_entry("iss", issuer)?;
                map.serialize_entry("subject", subject)?;
            }
        }
        map.serialize_entry("family", &self.outcome.family)?;
        map.serialize_entry("known", &self.outcome.known)?;
        map.serialize_entry("revoked_before", &self.outcome.before.and_then(instant))?;
        map.serialize_entry("kept_until", &self.outcome.kept.and_then(instant))?;
        map.serialize_entry("at", &self.now.to_rfc3339())?;
        map.end()
    }
}
