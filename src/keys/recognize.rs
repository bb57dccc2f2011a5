//! Tells the text of a key, a URL and a path apart.

use crate::core::key::lookalike::is_key_body;
use crate::core::redact::argument::is_plausible_path;
use crate::core::token::segment_shape::looks_like_jwt;
use crate::host::Host;
use std::ffi::OsStr;

/// Reports whether an argument that names no file is plainly a path and no secret: by its words, or because its folder exists.
pub(crate) fn is_plainly_a_path(argument: &OsStr, host: &Host<'_>) -> bool {
    argument.to_str().is_some_and(|text| is_plausible_path(text) || host.has_folder(text))
        && !is_token(argument)
}

/// Reports whether an argument is a token where a path belongs.
pub(crate) fn is_token(argument: &OsStr) -> bool {
    looks_like_jwt(argument.as_encoded_bytes())
}

/// Returns whether a text is a key, not the path of one.
pub(crate) fn is_key(text: &str) -> bool {
    is_pem_or_json(text) || is_key_body(text)
}

/// Reports whether a text begins like a PEM or JSON key. Paths are not expected to begin with such a bracket.
pub(super) fn is_pem_or_json(text: &str) -> bool {
    let blank = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'');
    text.contains("-----BEGIN ") || text.trim_start_matches(blank).starts_with(['{', '['])
}

/// Returns whether a text is a URL, not a path. URLs that cannot be fetched count too: they are rejected, not opened.
pub(crate) fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::numeric_date::NumericDate;

    #[test]
    fn a_plain_path_has_a_folder_or_a_known_ending() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let host = Host::fake(NumericDate::from_seconds(0), b"", &mut out, &mut err);
        let is_plainly_a_path = |text: &str| is_plainly_a_path(OsStr::new(text), &host);
        for text in [
            "gone.txt",
            "a b.pem",
            "./hunter2",
            "keys/gone",
            "/home/me/hunter2",
            "C:\\keys\\gone",
            "GONE.PEM",
        ] {
            assert!(is_plainly_a_path(text), "{text}");
        }
        for text in [
            "",
            "gone",
            "hunter2",
            "hunter2.key",
            "purple-monkey.pem",
            "keys/hunter2",
            "s3cr3t.value",
            "3q2+/w==",
            "pL7/Zx9aQw2ErT5yUi8oPa/b",
            "eyJhbGciOiJIUzI1NiJ9.e30.pem",
            "redis//u:hunter2@h",
            "https:/u:hunter2@h/k.pem",
            "//u:hunter2@h/k",
        ] {
            assert!(!is_plainly_a_path(text), "{text}");
        }
    }

    #[test]
    fn a_url_is_not_a_path() {
        for text in ["https://a", "HTTP://a", "ftp://a", "file:///k", "redis+tls://a", "x://"] {
            assert!(is_url(text), "{text}");
        }
        for text in ["", "-", "k.pem", "./https://a", "://a", "1a://b", "C:\\k", "https:/a", "a b://c"] {
            assert!(!is_url(text), "{text}");
        }
    }
}
