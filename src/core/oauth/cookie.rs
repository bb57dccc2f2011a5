//! Cookies: the header field `Set-Cookie` of an answer (RFC 6265 section 4.1) and `Cookie` of a request. All text in an
//! answer is hostile.

use super::message::is_http_token;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A cookie that a server set. Its value may be a token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cookie {
    /// The name.
    pub name: String,
    /// The value. It is empty if the server deleted the cookie.
    pub value: String,
    /// The lifetime in seconds, if the server named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Cookie {
    /// Parses a field `Set-Cookie`. Returns `None` if it sets nothing that could be sent back.
    #[must_use]
    pub fn parse(field: &str) -> Option<Self> {
        let mut parts = field.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        let seconds = parts.find_map(|attribute| {
            let (name, seconds) = attribute.split_once('=')?;
            name.eq_ignore_ascii_case("max-age").then(|| seconds.parse::<i64>().ok())?
        });
        if !is_http_token(name) || !is_cookie_value(value) {
            return None;
        }
        let value = if seconds.is_some_and(|seconds| seconds <= 0) { "" } else { value };
        let max_age = seconds.and_then(|seconds| u64::try_from(seconds).ok());
        Some(Self { name: name.to_owned(), value: value.to_owned(), max_age })
    }
}

/// Returns the value of a cookie in the list, unless the server deleted it. The last of several counts.
#[must_use]
pub fn find<'c>(cookies: &'c [Cookie], name: &str) -> Option<&'c Cookie> {
    cookies.iter().rev().find(|cookie| cookie.name == name).filter(|cookie| !cookie.value.is_empty())
}

/// Reports whether a text can be the value of a cookie (RFC 6265 section 4.1.1).
#[must_use]
pub fn is_cookie_value(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_fields_of_servers() {
        let parse = |field| Cookie::parse(field).map(|cookie| (cookie.name, cookie.value, cookie.max_age));
        let of = |name: &str, value: &str, age| Some((name.to_owned(), value.to_owned(), age));
        assert_eq!(
            parse("refresh_token_cookie=a.b.c; HttpOnly; Path=/token/refresh"),
            of("refresh_token_cookie", "a.b.c", None)
        );
        assert_eq!(
            parse("fastapiusersauth=x; HttpOnly; Max-Age=3600; Path=/"),
            of("fastapiusersauth", "x", Some(3600))
        );
        assert_eq!(parse("a=\"q\"; max-age=5"), of("a", "q", Some(5)));
        assert_eq!(parse("a=b=c"), of("a", "b=c", None));
        assert_eq!(parse("gone=x; Max-Age=0"), of("gone", "", Some(0)));
        for field in ["", "a", "=b", "a b=c", "a=\u{1b}[2J", "a=b\r\nX: y"] {
            assert_eq!(parse(field), None, "{field:?}");
        }
    }

    #[test]
    fn the_last_cookie_of_a_name_counts_and_debug_output_hides_its_value() {
        let cookies: Vec<Cookie> =
            ["a=1", "b=2", "a=3", "b=; Max-Age=0"].iter().filter_map(|field| Cookie::parse(field)).collect();
        assert_eq!(find(&cookies, "a").map(|cookie| cookie.value.as_str()), Some("3"));
        assert_eq!(find(&cookies, "b"), None);
        assert_eq!(format!("{:?}", cookies[0]), r#"Cookie { name: "a", .. }"#);
    }
}
