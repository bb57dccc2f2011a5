//! What a revocation did, as text for people and as JSON.

use super::identity::Identity;
use super::record::{Role, date};
use super::revocation::{Revoked, SetFate};
use crate::core::text::duration::relative;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Row, Screen, TextLayout};
use crate::core::text::palette;
use crate::core::token::numeric_date::NumericDate;
use crate::store::token_state::Scope;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A revocation that was done.
#[derive(Debug)]
pub struct Receipt<'r> {
    /// What was named.
    pub what: What<'r>,
    /// What the store made of it.
    pub revoked: Revoked,
    /// When.
    pub now: NumericDate,
}

/// What a user asked to be revoked.
#[derive(Debug)]
pub enum What<'r> {
    /// A token, or its family.
    Token(&'r Identity),
    /// A subject, perhaps as one issuer knows it.
    Subject(&'r str, Option<&'r str>),
}

impl Receipt<'_> {
    /// For a screen.
    #[must_use]
    pub fn text(&self, screen: Screen) -> String {
        let mut page = TextLayout { text: String::new(), screen };
        let (title, rest) = match (&self.what, self.revoked.scope) {
            (What::Subject(subject, _), _) => {
                ("revoked", format!("  everything issued to {} so far", Shown(subject)))
            }
            (What::Token(_), Scope::Family(_)) => {
                ("revoked", "  a family: every token of one login".to_owned())
            }
            (What::Token(identity), _) => {
                let kind = match identity.role {
                    Role::Access => "an access token",
                    Role::Refresh => "a refresh token",
                    Role::Both | Role::Other => "a token",
                };
                ("revoked", format!("  {kind}"))
            }
        };
        page.heading(palette::TextRole::Good, title, &rest);
        page.rows(palette::TextRole::Quiet, self.rows(screen));
        page.text
    }

    fn rows(&self, screen: Screen) -> Vec<Row> {
        let quiet = |text: &str| Some((palette::TextRole::Quiet, text.to_owned()));
        let mut rows = Vec::new();
        let mut add = |name: &str, value: &str, note| {
            rows.push(Row { name: name.to_owned(), value: vec![Shown(value).to_string()], note });
        };
        let known = |known: bool, what: &str| if known { None } else { quiet(what) };
        match &self.what {
            What::Token(identity) => {
                add("jti", &identity.jti, known(self.revoked.known, "not known to the store before"));
                if let Some(issuer) = &identity.issuer {
                    add("issuer", issuer, None);
                }
                if let Some(subject) = identity.whose() {
                    add("subject", subject, None);
                }
                if identity.is_over(self.now) {
                    add("expired", "already", quiet("it was not good anyway"));
                }
            }
            What::Subject(subject, issuer) => {
                if !self.revoked.known {
                    add("subject", subject, quiet("not known to the store before"));
                }
                if let Some(issuer) = issuer {
                    add("issuer", issuer, None);
                }
            }
        }
        if let Some(family) = self.revoked.family.as_ref().filter(|_| self.revoked.scope != Scope::Token) {
            add("family", family.as_str(), None);
        }
        if let Some(before) = self.revoked.before {
            add(
                "before",
                &relative(date(before).seconds_since(self.now)),
                quiet("it had been revoked already"),
            );
        }
        match self.revoked.kept.map(|kept| date(kept).to_text(screen.zone)) {
            None => add("kept", "for ever", quiet("a token of it never expires")),
            Some(Some(text)) => add("kept until", &text, None),
            Some(None) => add("kept until", "beyond every calendar", None),
        }
        rows
    }

    /// What its user should know beside it.
    #[must_use]
    pub fn hints(&self) -> Vec<&'static str> {
        let mut hints = Vec::new();
        match self.revoked.set {
            SetFate::Kept => {}
            SetFate::Began => {
                hints.push("there was no set of good tokens for this user; now there is one, and what is not in it is refused");
            }
            SetFate::Missing => {
                hints.push("this user has no set of good tokens: services that look only at the set still take this one, and --subject ends all that the user has");
            }
        }
        let is_family = matches!(self.revoked.scope, Scope::Family(_));
        if is_family && !self.revoked.known {
            hints.push("the store knows no other token of this family: only this one, and those that name it in `orig_jti`, are out of use");
        }
        if self.revoked.scope == Scope::Token && self.revoked.family.is_some() {
            hints.push("the other tokens of its family are as good as before; --family ends them, too");
        }
        hints
    }
}

impl Serialize for Receipt<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let instant = |at| date(at).to_rfc3339();
        let mut map = serializer.serialize_map(None)?;
        let what = match (&self.what, self.revoked.scope) {
            (What::Subject(..), _) => "subject",
            (What::Token(_), Scope::Family(_)) => "family",
            (What::Token(_), _) => "token",
        };
        map.serialize_entry("revoked", what)?;
        match &self.what {
            What::Token(identity) => {
                map.serialize_entry("jti", &identity.jti)?;
                map.serialize_entry("iss", &identity.issuer)?;
                map.serialize_entry("subject", &identity.whose())?;
                map.serialize_entry("expired", &identity.is_over(self.now))?;
            }
            What::Subject(subject, issuer) => {
                map.serialize_entry("iss", issuer)?;
                map.serialize_entry("subject", subject)?;
            }
        }
        map.serialize_entry("family", &self.revoked.family)?;
        map.serialize_entry("known", &self.revoked.known)?;
        map.serialize_entry("revoked_before", &self.revoked.before.and_then(instant))?;
        map.serialize_entry("kept_until", &self.revoked.kept.and_then(instant))?;
        map.serialize_entry("at", &self.now.to_rfc3339())?;
        map.end()
    }
}
