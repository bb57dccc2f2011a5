//! Finds tokens that no description names, by the names that developers give them: at the top of the JSON, inside other
//! objects, or in cookies. This file chooses none of them.

use super::cookie::Cookie;
use super::request::is_token_text;
use super::server::{ServerDescription, TokenPlace};
use crate::core::json::{Member, Value, pointer_to, unescaped};
use crate::core::text::name::folded;

/// The role of a token in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRole {
    /// It is an access token.
    Access,
    /// It is a refresh token.
    Refresh,
}

/// A token in an answer, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The role that its name gives it.
    pub role: TokenRole,
    /// True if the name says the role, as `accessToken` does. A name such as `token` does not.
    pub is_explicit: bool,
    /// Its place.
    pub place: TokenPlace,
    /// The token.
    pub token: String,
}

/// The names of tokens, in lower case and without `_` and `-`, with their role. The last column is true if the name says it.
const NAMES: [(&str, TokenRole, bool); 9] = [
    ("accesstoken", TokenRole::Access, true),
    ("access", TokenRole::Access, true),
    ("token", TokenRole::Access, false),
    ("jwt", TokenRole::Access, false),
    ("jwttoken", TokenRole::Access, false),
    ("authtoken", TokenRole::Access, false),
    ("bearertoken", TokenRole::Access, false),
    ("refreshtoken", TokenRole::Refresh, true),
    ("refresh", TokenRole::Refresh, true),
];

/// The most objects that a member with a token lies in, such as `data` and `tokens`.
const DEEPEST: usize = 2;

impl ServerDescription {
    /// Expects the refresh token at this place of an answer, and returns it in the same way. A cookie goes back as a cookie,
    /// and a member such as `refreshToken` under the same name. Other places change nothing.
    pub fn return_refresh_to(&mut self, place: TokenPlace) {
        let back = match &place {
            TokenPlace::Cookie(_) => place.clone(),
            TokenPlace::Member(pointer) => {
                let name = unescaped(pointer.rsplit('/').next().unwrap_or_default());
                if folded(&name) != "refreshtoken" {
                    return;
                }
                TokenPlace::member(&name)
            }
            TokenPlace::Authorization | TokenPlace::Header(_) => return,
        };
        self.refresh_at = vec![place];
        self.refresh_in = Some(back);
    }
}

/// Returns every token in the body of an answer that has the name of one.
#[must_use]
pub fn in_body(value: &Value<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    search(value, "", 0, &mut found);
    found
}

fn search(value: &Value<'_>, pointer: &str, depth: usize, found: &mut Vec<Candidate>) {
    for member in value.members() {
        let pointer = format!("{pointer}{}", pointer_to(&member.name));
        let name = folded(&member.name);
        let Some(&(_, role, is_explicit)) = NAMES.iter().find(|(known, ..)| *known == name) else {
            if depth < DEEPEST {
                search(&member.value, &pointer, depth + 1, found);
            }
            continue;
        };
        let (pointer, value) = match &member.value {
            // As in `{"access": {"token": "…", "expires": "…"}}`.
            Value::Object(members) => {
                let is_token = |inner: &&Member<'_>| matches!(&*inner.name, "token" | "value" | "jwt");
                let Some(inner) = members.iter().find(is_token) else { continue };
                (format!("{pointer}{}", pointer_to(&inner.name)), &inner.value)
            }
            value => (pointer, value),
        };
        if let Some(token) = value.as_str().filter(|token| is_token_text(token)) {
            let place = TokenPlace::Member(pointer);
            found.push(Candidate { role, is_explicit, place, token: token.to_owned() });
        }
    }
}

/// Returns every cookie with the name of a token. CSRF cookies are left out.
#[must_use]
pub fn in_cookies(cookies: &[Cookie]) -> Vec<Candidate> {
    let candidate = |cookie: &Cookie| {
        let name = folded(&cookie.name);
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let role = match () {
            () if has(&["csrf", "xsrf"]) || !is_token_text(&cookie.value) => return None,
            () if has(&["refresh"]) => TokenRole::Refresh,
            () if has(&["access", "auth", "jwt", "token"]) => TokenRole::Access,
            () => return None,
        };
        let is_explicit = has(&["refresh", "access"]);
        let place = TokenPlace::Cookie(cookie.name.clone());
        Some(Candidate { role, is_explicit, place, token: cookie.value.clone() })
    };
    cookies.iter().filter_map(candidate).collect()
}

/// Reports whether a name is that of an access token or an ID token, so that no refresh token has it.
#[must_use]
pub fn is_never_of_refresh(name: &str) -> bool {
    let name = folded(name);
    !name.contains("refresh") && (name.contains("access") || name.ends_with("idtoken"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;
    use crate::core::oauth::ready::ReadyServer;

    #[test]
    fn finds_tokens_under_the_names_of_developers() {
        for (body, expected) in [
            (r#"{"accessToken":"a","refreshToken":"r"}"#, "/accessToken a, /refreshToken r"),
            (
                r#"{"success":true,"data":{"user":{"id":1},"accessToken":"a","refreshToken":"r","expiresIn":900}}"#,
                "/data/accessToken a, /data/refreshToken r",
            ),
            (
                r#"{"user":{},"tokens":{"access":{"token":"a","expires":"2026"},"refresh":{"token":"r","expires":"2026"}}}"#,
                "/tokens/access/token a, /tokens/refresh/token r",
            ),
            (r#"{"access":{"token":"a"},"refresh":{"token":"r"}}"#, "/access/token a, /refresh/token r"),
            (r#"{"token":"a","csrfToken":"c","token_type":"x"}"#, "/token a"),
            (r#"{"user":{"token":"a"}}"#, "/user/token a"),
            (r#"{"access_token":"a","access_token":"b"}"#, "/access_token a, /access_token b"),
            (r#"{"access":"","refresh":null,"token":7,"jwt":"two words"}"#, ""),
            (r#"{"a":{"b":{"c":{"token":"a"}}}}"#, ""),
        ] {
            let found = in_body(&parse(body.as_bytes()).unwrap());
            let shown: Vec<String> =
                found.iter().map(|found| format!("{} {}", found.place, found.token)).collect();
            assert_eq!(shown.join(", "), expected, "{body}");
        }
    }

    #[test]
    fn finds_tokens_in_cookies_by_their_names() {
        let cookies: Vec<Cookie> = [
            "access_token_cookie=a",
            "csrf_access_token=c",
            "my-refresh-token=r",
            "fastapiusersauth=f",
            "sessionid=s",
            "lang=de",
            "refreshToken=; Max-Age=0",
        ]
        .iter()
        .filter_map(|field| Cookie::parse(field))
        .collect();
        let found: Vec<(TokenRole, String)> =
            in_cookies(&cookies).into_iter().map(|found| (found.role, found.token)).collect();
        let of = |role, token: &str| (role, token.to_owned());
        assert_eq!(
            found,
            [of(TokenRole::Access, "a"), of(TokenRole::Refresh, "r"), of(TokenRole::Access, "f")]
        );
    }

    #[test]
    fn a_refresh_token_is_returned_as_it_came() {
        for (place, back) in [
            ("cookie:jid", "cookie:jid"),
            ("/data/refreshToken", "/refreshToken"),
            ("refresh-token", "/refresh-token"),
            ("/tokens/refresh/token", "/refresh"),
        ] {
            let mut server = ReadyServer::Simplejwt.describe();
            server.return_refresh_to(TokenPlace::parse(place).unwrap());
            assert_eq!(server.refresh_in.unwrap().to_string(), back, "{place}");
        }
    }
}
