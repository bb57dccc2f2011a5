//! The check that a token is a refresh token. It reads every known mark, since a token that could be another one must not be
//! refreshed (RFC 8725 section 3.12). Only `refresh` asks for it.

use super::check::Checks;
use super::policy::Policy;
use crate::core::json::{self, Member, Value};
use crate::core::reason::{CheckName, Failure, Reason};
use crate::core::text::escape::{Shown, excerpt, text_excerpt, value_excerpt};
use crate::core::text::shell::argument;
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, REGISTERED};
use crate::core::token::kind::mark::{Purpose, RefreshMark, other_mark, said};
use crate::core::token::kind::{TokenKind, declared_types_beside};

/// Checks that a token is marked as a refresh token, if the policy asks for it.
pub(super) fn check_refresh_mark(checks: &mut Checks<'_>, token: &Token<'_>, policy: &Policy) {
    let Some(wanted) = &policy.refresh_mark else { return };
    match found(token, wanted) {
        Ok(detail) => checks.pass(CheckName::TokenType, || detail),
        Err(failure) => checks.reject(CheckName::TokenType, failure),
    }
}

/// Returns the mark of a refresh token, for the detail of the check. Returns `None` for a token with the mark of another kind.
fn found(token: &Token<'_>, wanted: &RefreshMark) -> Result<String, Failure> {
    let wrong = |detail| Failure::new(Reason::WrongTokenType, detail);
    let declared = declared_types_beside(token, wanted.name()).map_err(|name| {
        Failure::new(Reason::ClaimType(name.to_owned()), format!("`{name}` is not a string"))
    })?;
    let refresh = TokenKind::Refresh.name();
    if let Some(kind) = declared.iter().find(|kind| *kind != refresh) {
        return Err(wrong(format!("{}, expected {}", text_excerpt(kind), text_excerpt(refresh))));
    }
    let members = token.unverified_claims().map_or(&[][..], ClaimsSet::members);
    if let Some(member) = other_mark(token, wanted.name()) {
        return Err(wrong(format!("{}, expected a refresh token", shown(member))));
    }
    let mark = members.iter().find(|member| said(&member.name, &member.value) == Some(Purpose::Refresh));
    match (wanted, mark) {
        (RefreshMark::Claim(expected), _) => {
            let value = value_excerpt(&expected.value);
            match json::find(members, &expected.name) {
                Some(found) if found.same(&expected.value) => Ok(shown(expected)),
                Some(found) => {
                    let found = Member::new(&*expected.name, found.clone());
                    Err(wrong(format!("{}, expected {value}", shown(&found))))
                }
                None => Err(wrong(format!("no {}, expected {value}", name(expected)))),
            }
        }
        (RefreshMark::Known, _) if !declared.is_empty() => Ok(text_excerpt(refresh)),
        (RefreshMark::Known, Some(mark)) => Ok(shown(mark)),
        (RefreshMark::Known, None) => {
            let missing = Reason::ClaimMissing("token_type".to_owned());
            Err(Failure::new(missing, "the token has no `token_type`"))
        }
    }
}

/// Returns the value of `--refresh-mark` with which a token counts as a refresh token: a claim that speaks of refreshing, but
/// is no known mark.
#[must_use]
pub fn near_mark(token: &Token<'_>) -> Option<String> {
    let speaks = |text: &str| text.to_ascii_lowercase().contains("refresh");
    let fits = |member: &&Member<'_>| {
        let is_near = match &member.value {
            Value::String(text) => text.len() <= 40 && speaks(text),
            Value::Bool(true) => speaks(&member.name),
            Value::Number(digits) => speaks(&member.name) && digits == "1",
            _ => false,
        };
        let mark = || RefreshMark::Claim((*member).clone().into_owned());
        is_near && !REGISTERED.contains(&&*member.name) && found(token, &mark()).is_ok()
    };
    let member = token.unverified_claims()?.members().iter().find(fits)?;
    if member.name.starts_with(['/', '-']) || member.name.contains('=') || member.name.ends_with(':') {
        return None;
    }
    argument(&match member.value.as_str() {
        Some(text) => format!("{}={text}", member.name),
        None => format!("{}:={}", member.name, member.value),
    })
}

/// Returns why a token that is access and refresh token in one cannot be refreshed: it has the mark of another token.
#[must_use]
pub fn other_purpose(token: &Token<'_>) -> Option<Failure> {
    let detail = format!("{}, expected a token that can be refreshed", shown(other_mark(token, None)?));
    Some(Failure::new(Reason::WrongTokenType, detail))
}

/// Returns a claim with its value, for the detail of a check.
fn shown(member: &Member<'_>) -> String {
    format!("{} is {}", name(member), value_excerpt(&member.value))
}

/// Returns the name of a claim, for the detail of a check.
fn name(member: &Member<'_>) -> String {
    format!("`{}`", Shown(&excerpt(&member.name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;
    use crate::core::token::jws::Compact;

    /// Calls a function with a token that has this payload.
    fn with<T>(payload: &str, ask: impl FnOnce(&Token<'_>) -> T) -> T {
        let [header, payload] =
            [r#"{"alg":"HS256"}"#, payload].map(|part| base64url::encode(part.as_bytes()));
        let text = format!("{header}.{payload}.AA");
        let compact = Compact::parse(text.as_bytes(), 1000).unwrap();
        ask(&Token::parse(&compact))
    }

    #[test]
    fn names_the_claim_that_decides() {
        let known = RefreshMark::Known;
        let named = RefreshMark::Claim(Member::new("grant", Value::string("offline")));
        for (payload, wanted, expected) in [
            (r#"{"token_type":"refresh"}"#, &known, Ok("\"refresh\"")),
            (r#"{"is_refresh":true}"#, &known, Ok("`is_refresh` is true")),
            (r#"{"is_refresh":false}"#, &known, Err("`is_refresh` is false, expected a refresh token")),
            ("{}", &known, Err("the token has no `token_type`")),
            (r#"{"grant":"offline"}"#, &named, Ok("`grant` is \"offline\"")),
            (r#"{"grant":"online"}"#, &named, Err("`grant` is \"online\", expected \"offline\"")),
            ("{}", &named, Err("no `grant`, expected \"offline\"")),
        ] {
            let found = with(payload, |token| found(token, wanted)).map_err(|failure| failure.detail);
            assert_eq!(found.as_deref().map_err(|detail| &**detail), expected, "{payload}");
        }
        let failure = with(r#"{"token_use":"access"}"#, other_purpose).unwrap();
        assert_eq!(failure.detail, "`token_use` is \"access\", expected a token that can be refreshed");
    }

    #[test]
    fn offers_a_claim_as_a_mark_only_if_the_option_can_name_it() {
        for (payload, mark) in [
            (r#"{"refreshable":true}"#, Some("refreshable:=true")),
            (r#"{"refreshable":1}"#, Some("refreshable:=1")),
            (r#"{"grant":"refreshing"}"#, Some("grant=refreshing")),
            (r#"{"refreshable":false}"#, None),
            (r#"{"/refreshable":true}"#, None),
            (r#"{"-refreshable":true}"#, None),
            (r#"{"=refreshable":true}"#, None),
            (r#"{"refreshable:":true}"#, None),
        ] {
            assert_eq!(with(payload, near_mark).as_deref(), mark, "{payload}");
        }
    }
}
