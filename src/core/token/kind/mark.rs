//! Marks: claims by which issuers say whether a token is an access token or a refresh token. One table, with a line for
//! each name. `refresh`, stores and reports read them; the verdicts of `verify` rest on `declared_types` alone.

use super::TokenKind;
use crate::core::json::{Member, Value};
use crate::core::text::name::{is_same_name, name_bit};
use crate::core::token::Token;

/// The purpose that a mark gives to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is a refresh token.
    Refresh,
    /// It is an access token.
    Access,
    /// It is not a refresh token.
    NotRefresh,
}

/// The form of the values of a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MarkForm {
    /// A word for the purpose.
    Word,
    /// True in refresh tokens.
    Flag,
}

/// The names. Letter case, `_` and `-` do not matter: issuers write `token_type` and `tokenType`.
const MARKS: &[(&str, MarkForm)] = &[
    ("token_type", MarkForm::Word),
    ("token_use", MarkForm::Word),
    ("token_kind", MarkForm::Word),
    ("token_purpose", MarkForm::Word),
    ("type", MarkForm::Word),
    ("typ", MarkForm::Word),
    ("kind", MarkForm::Word),
    ("use", MarkForm::Word),
    ("usage", MarkForm::Word),
    ("purpose", MarkForm::Word),
    ("refresh", MarkForm::Flag),
    ("is_refresh", MarkForm::Flag),
    ("refresh_token", MarkForm::Flag),
    ("is_refresh_token", MarkForm::Flag),
];

/// The words for a refresh token and for an access token. Letter case, `_` and `-` do not matter.
const WORDS: &[(&str, &str)] =
    &[("refresh", "access"), ("refresh_token", "access_token"), ("rt", "at"), ("rt+jwt", "at+jwt")];

/// Claims about a later refresh that are no marks: only a refresh token has them.
const REFRESH_ONLY: &[&str] = &["refresh_exp"];

/// Returns every line of the table: the claim, its values in refresh tokens, and its values in access tokens. A claim
/// without words is true or false.
pub fn marks() -> impl Iterator<Item = (&'static str, Vec<&'static str>, Vec<&'static str>)> {
    MARKS.iter().map(|(name, form)| match form {
        MarkForm::Word => {
            (*name, WORDS.iter().map(|word| word.0).collect(), WORDS.iter().map(|word| word.1).collect())
        }
        MarkForm::Flag => (*name, vec!["true"], vec!["false"]),
    })
}

/// Returns the purpose that the claims of a token name. Returns `None` if no claim names one, or if they differ.
#[must_use]
pub fn purpose(token: &Token<'_>) -> Option<Purpose> {
    let claims = token.unverified_claims()?;
    let mut found = claims.members().iter().filter_map(|member| said(&member.name, &member.value));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// Returns the first claim that marks a token as another one than a refresh token.
#[must_use]
pub fn other_mark<'t, 'a>(token: &'t Token<'a>, beside: Option<&str>) -> Option<&'t Member<'a>> {
    let is_other = |member: &&Member<'_>| {
        beside != Some(&member.name)
            && matches!(said(&member.name, &member.value), Some(Purpose::Access | Purpose::NotRefresh))
    };
    token.unverified_claims()?.members().iter().find(is_other)
}

/// Reports whether a claim of the token names a purpose.
#[must_use]
pub fn is_marked(token: &Token<'_>) -> bool {
    let claims = token.unverified_claims();
    claims.is_some_and(|claims| {
        claims.members().iter().any(|member| said(&member.name, &member.value).is_some())
    })
}

/// Returns what one claim says about the purpose of its token.
#[must_use]
pub fn said(name: &str, value: &Value<'_>) -> Option<Purpose> {
    match (form(name)?, value) {
        (MarkForm::Flag, Value::Bool(true)) => Some(Purpose::Refresh),
        (MarkForm::Flag, Value::Bool(false)) => Some(Purpose::NotRefresh),
        (MarkForm::Flag, Value::String(text)) if text.eq_ignore_ascii_case("true") => Some(Purpose::Refresh),
        (MarkForm::Flag, Value::String(text)) if text.eq_ignore_ascii_case("false") => {
            Some(Purpose::NotRefresh)
        }
        (MarkForm::Word, Value::String(text)) => word(name, text),
        _ => None,
    }
}

fn word(name: &str, text: &str) -> Option<Purpose> {
    if name == "typ" {
        match keycloak(text) {
            Some(TokenKind::Refresh) => return Some(Purpose::Refresh),
            Some(TokenKind::Access) => return Some(Purpose::Access),
            _ => {}
        }
    }
    WORDS.iter().find_map(|(refresh, access)| {
        let refresh = is_spelling(text, refresh).then_some(Purpose::Refresh);
        refresh.or_else(|| is_spelling(text, access).then_some(Purpose::Access))
    })
}

/// Returns the kind that Keycloak names by this `typ` claim.
fn keycloak(text: &str) -> Option<TokenKind> {
    TokenKind::ALL.iter().copied().find(|kind| kind.names().keycloak.contains(&text))
}

/// The bits of the names. Reports classify many tokens, and most claims have another bit: this saves 1,900 of 2,300
/// instructions a token.
const NAMES: u64 = {
    let (mut bits, mut marks) = (0, MARKS);
    while let [(name, _), others @ ..] = marks {
        (bits, marks) = (bits | name_bit(name), others);
    }
    bits
};

/// The first and the last letters of the names, as bits, and those of `_` and `-`, which do not matter.
const ENDS: (u32, u32) = {
    let both = letter_bit(b'_') | letter_bit(b'-');
    let (mut firsts, mut lasts, mut marks) = (both, both, MARKS);
    while let [(name, _), others @ ..] = marks {
        if let [first, .., last] = name.as_bytes() {
            (firsts, lasts) = (firsts | letter_bit(*first), lasts | letter_bit(*last));
        }
        marks = others;
    }
    (firsts, lasts)
};

/// Returns the bit of a letter, in any letter case. Other characters share these bits.
const fn letter_bit(byte: u8) -> u32 {
    1 << (byte & 31)
}

/// Reports whether a name may be that of a mark. Most claims begin or end with another letter: this saves 200 more instructions.
fn may_be_mark(name: &str) -> bool {
    let [first, .., last] = name.as_bytes() else { return false };
    ENDS.0 & letter_bit(*first) != 0 && ENDS.1 & letter_bit(*last) != 0 && NAMES & name_bit(name) != 0
}

fn form(name: &str) -> Option<MarkForm> {
    if !may_be_mark(name) {
        return None;
    }
    MARKS.iter().find(|(known, _)| is_spelling(name, known)).map(|(_, form)| *form)
}

/// Compares without regard to letter case, `_` and `-`.
fn is_spelling(text: &str, known: &str) -> bool {
    // Other texts are seldom as short as the known ones.
    if text.len() > 2 * known.len() {
        return false;
    }
    is_same_name(text, known)
}

/// The way in which refresh tokens are marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RefreshMark {
    /// By a claim of the table, or by the header's `typ`.
    #[default]
    Known,
    /// By a claim that the user names.
    Claim(Member<'static>),
}

impl RefreshMark {
    /// Returns the name of the claim that the user names.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Known => None,
            Self::Claim(member) => Some(&member.name),
        }
    }

    /// Returns a claim of a refresh token as the access token has it. A mark becomes the word for access tokens, or is left
    /// out if there is none. Any other claim stays.
    #[must_use]
    pub fn in_access_token<'m>(&self, member: &Member<'m>) -> Option<Member<'m>> {
        let is_mark =
            self.name() == Some(&member.name) || said(&member.name, &member.value) == Some(Purpose::Refresh);
        if is_mark {
            return counterpart(member);
        }
        let is_refresh_only = REFRESH_ONLY.iter().any(|known| is_spelling(&member.name, known));
        (!is_refresh_only && !may_mark(member)).then(|| member.clone())
    }
}

/// Reports whether a service could read a claim as the mark of a refresh token, although its value has no form of the table:
/// `refresh: 1`, or `type: ["refresh"]`.
fn may_mark(member: &Member<'_>) -> bool {
    match (form(&member.name), &member.value) {
        (Some(MarkForm::Flag), value) => match value {
            Value::Null | Value::Bool(false) => false,
            Value::Number(digits) => digits.bytes().any(|digit| matches!(digit, b'1'..=b'9')),
            Value::String(text) => !text.is_empty() && text != "0" && !text.eq_ignore_ascii_case("false"),
            Value::Bool(true) | Value::Array(_) | Value::Object(_) => true,
        },
        (Some(MarkForm::Word), Value::Array(items)) => {
            items.iter().any(|item| said(&member.name, item) == Some(Purpose::Refresh))
        }
        _ => false,
    }
}

/// Returns the mark of an access token that belongs to a mark of a refresh token, if there is one by nature.
#[must_use]
pub fn counterpart(mark: &Member<'_>) -> Option<Member<'static>> {
    let text = mark.value.as_str().filter(|_| form(&mark.name) == Some(MarkForm::Word))?;
    if word(&mark.name, text) != Some(Purpose::Refresh) {
        return None;
    }
    let text = if mark.name == "typ" && keycloak(text) == Some(TokenKind::Refresh) {
        "Bearer".to_owned()
    } else {
        access_word(text)?
    };
    Some(Member::new(mark.name.clone().into_owned(), Value::string(text)))
}

/// Returns the word for access tokens, in the spelling of the word for refresh tokens.
fn access_word(text: &str) -> Option<String> {
    const WORD: &str = "refresh";
    let Some(at) = text.to_ascii_lowercase().find(WORD) else {
        return Some(text.replacen('r', "a", 1).replacen('R', "A", 1));
    };
    let (before, rest) = text.split_at_checked(at)?;
    let (word, after) = rest.split_at_checked(WORD.len())?;
    let is_upper = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
    let access = match word.get(..1) {
        _ if is_upper(word) => "ACCESS",
        Some(first) if is_upper(first) => "Access",
        _ => "access",
    };
    Some(format!("{before}{access}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json;

    /// Returns a member that is written as on the command line.
    fn member(text: &str) -> Member<'static> {
        match text.split_once(":=") {
            Some((name, json)) => {
                Member::new(name.to_owned(), json::parse(json.as_bytes()).unwrap().into_owned())
            }
            None => {
                let (name, text) = text.split_once('=').unwrap();
                Member::new(name.to_owned(), Value::string(text.to_owned()))
            }
        }
    }

    #[test]
    fn an_access_token_has_no_claim_that_a_service_could_read_as_a_mark() {
        for (claim, stays) in [
            ("refresh:=1", false),
            ("refresh=1", false),
            ("refresh=yes", false),
            ("isRefresh:=[true]", false),
            ("refresh_token=opaque", false),
            ("type:=[\"refresh\"]", false),
            ("refresh_exp:=1", false),
            ("refresh:=0", true),
            ("refresh:=null", true),
            ("refresh=False", true),
            ("refresh:=false", true),
            ("type:=[\"card\"]", true),
            ("scope=refresh", true),
            ("kind=card", true),
        ] {
            let member = member(claim);
            let kept = RefreshMark::Known.in_access_token(&member);
            assert_eq!(kept, stays.then_some(member), "{claim}");
        }
    }

    #[test]
    fn every_spelling_of_a_name_may_be_a_mark() {
        for (name, _) in MARKS {
            for name in [
                (*name).to_owned(),
                name.to_uppercase(),
                name.replace('_', ""),
                format!("-{name}_"),
                format!("_{name}-"),
            ] {
                assert!(form(&name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn the_usual_claims_are_not_searched_among_the_marks() {
        for name in ["", "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp", "scope", "email", "role"] {
            assert!(!may_be_mark(name), "{name}");
        }
        // Each of these has the bit of a mark, but not its first or its last letter.
        for name in ["level", "ipaddr", "actor_id", "app_displayname"] {
            assert!(NAMES & name_bit(name) != 0 && !may_be_mark(name), "{name}");
        }
    }

    #[test]
    fn reads_the_spellings_of_marks() {
        for (claim, purpose) in [
            ("type=refresh", Some(Purpose::Refresh)),
            ("typ=refresh", Some(Purpose::Refresh)),
            ("typ=Offline", Some(Purpose::Refresh)),
            ("typ=Bearer", Some(Purpose::Access)),
            ("tokenType=REFRESH", Some(Purpose::Refresh)),
            ("token-use=refresh_token", Some(Purpose::Refresh)),
            ("token_kind=accessToken", Some(Purpose::Access)),
            ("use=RT", Some(Purpose::Refresh)),
            ("refresh:=true", Some(Purpose::Refresh)),
            ("refresh=true", Some(Purpose::Refresh)),
            ("isRefreshToken:=true", Some(Purpose::Refresh)),
            ("is_refresh:=false", Some(Purpose::NotRefresh)),
            ("refresh:=1", None),
            ("refresh=eyJhbGciOiJIUzI1NiJ9", None),
            ("type=renewal", None),
            ("type=Offline", None),
            ("typ=JWT", None),
            ("scope=refresh", None),
            ("r=refresh", None),
            ("_type=refresh", Some(Purpose::Refresh)),
            ("Type=refresh", Some(Purpose::Refresh)),
            ("2type=refresh", None),
        ] {
            let member = member(claim);
            assert_eq!(said(&member.name, &member.value), purpose, "{claim}");
        }
    }

    #[test]
    fn gives_an_access_token_the_word_in_the_same_spelling_or_nothing() {
        for (mark, access) in [
            ("type=refresh", Some("type=access")),
            ("typ=Refresh", Some("typ=Bearer")),
            ("typ=Offline", Some("typ=Bearer")),
            ("typ=refresh", Some("typ=access")),
            ("tokenType=REFRESH_TOKEN", Some("tokenType=ACCESS_TOKEN")),
            ("type=refreshToken", Some("type=accessToken")),
            ("type=RefreshToken", Some("type=AccessToken")),
            ("kind=refresh-token", Some("kind=access-token")),
            ("use=rt", Some("use=at")),
            ("use=RT", Some("use=AT")),
            ("refresh:=true", None),
            ("scope=refresh", None),
            ("type=renewal", None),
        ] {
            assert_eq!(counterpart(&member(mark)), access.map(member), "{mark}");
        }
    }

    #[test]
    fn compares_spellings_of_at_most_twice_the_length() {
        for (text, known, is_same) in [
            ("rt", "rt", true),
            ("R_T-", "rt", true),
            ("_r_t_", "rt", false),
            ("r-e-f-r-e-s-h", "refresh", true),
            ("r-e-f-r-e-s-h-", "refresh", true),
            ("r-e-f-r-e-s-h--", "refresh", false),
            ("refreshed", "refresh", false),
            ("at", "rt", false),
        ] {
            assert_eq!(is_spelling(text, known), is_same, "{text}");
        }
    }

    #[test]
    fn names_a_purpose_only_if_all_marks_agree() {
        for (payload, expected, marked) in [
            (r#"{"token_type":"refresh"}"#, Some(Purpose::Refresh), true),
            (r#"{"token_type":"refresh","kind":"rt"}"#, Some(Purpose::Refresh), true),
            (r#"{"token_type":"access","x":1,"use":"at"}"#, Some(Purpose::Access), true),
            (r#"{"token_type":"refresh","kind":"access"}"#, None, true),
            (r#"{"token_type":"x","kind":"access"}"#, Some(Purpose::Access), true),
            (r#"{"refresh":false}"#, Some(Purpose::NotRefresh), true),
            (r#"{"kind":"x"}"#, None, false),
            ("{}", None, false),
        ] {
            let text = format!("e30.{}.AA", crate::core::token::base64url::encode(payload.as_bytes()));
            let compact = crate::core::token::jws::Compact::parse(text.as_bytes(), 1000).unwrap();
            let token = Token::parse(&compact);
            assert_eq!((purpose(&token), is_marked(&token)), (expected, marked), "{payload}");
        }
    }

    #[test]
    fn reads_values_that_a_service_could_take_for_a_mark() {
        let value = |text: &'static str| json::parse(text.as_bytes()).unwrap();
        for (name, json, expected) in [
            ("refresh", "null", false),
            ("refresh", "false", false),
            ("refresh", "true", true),
            ("refresh", "0", false),
            ("refresh", "0.0", false),
            ("refresh", "1", true),
            ("refresh", "0.9", true),
            ("refresh", "\"\"", false),
            ("refresh", "\"0\"", false),
            ("refresh", "\"False\"", false),
            ("refresh", "\"yes\"", true),
            ("refresh", "[]", true),
            ("refresh", "{}", true),
            ("type", "[\"refresh\"]", true),
            ("type", "[\"x\",\"refresh\"]", true),
            ("type", "[\"access\"]", false),
            ("type", "1", false),
            ("x", "true", false),
        ] {
            assert_eq!(may_mark(&Member::new(name, value(json))), expected, "{name} {json}");
        }
    }

    #[test]
    fn spells_the_word_for_access_tokens_as_the_other_word() {
        for (refresh, access) in [
            ("refresh", "access"),
            ("Refresh", "Access"),
            ("REFRESH", "ACCESS"),
            ("refresh_token", "access_token"),
            ("x-REFRESH-y", "x-ACCESS-y"),
            ("rt", "at"),
            ("RT", "AT"),
            ("rt+jwt", "at+jwt"),
        ] {
            assert_eq!(access_word(refresh).as_deref(), Some(access), "{refresh}");
        }
    }
}
