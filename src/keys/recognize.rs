//! Tells the text of a key, a URL and a path apart.

use crate::core::key::lookalike::is_key_body;
use crate::core::token::segment_shape::looks_like_jwt;
use std::ffi::OsStr;
use std::path::Path;

/// The endings of files that hold keys, secrets or passwords.
const FILE_ENDINGS: &str =
    "txt pem jwk jwks json key pub der crt cer p8 p12 pfx secret secrets env bin hex b64 jwt";

/// Reports whether an argument that names no file plainly looks like a path: it has the ending of a file of keys, or a
/// folder. Base64 has slashes too, so a text with other characters of Base64, or with a long random part, is no path.
pub(crate) fn is_plainly_a_path(argument: &OsStr) -> bool {
    let Some(text) = argument.to_str() else { return false };
    let ending = Path::new(text).extension().and_then(OsStr::to_str).unwrap_or_default();
    let has_ending = FILE_ENDINGS.split(' ').any(|known| known.eq_ignore_ascii_case(ending));
    let has_folder =
        text.contains(['/', '\\']) && !text.contains(['+', '=']) && !text.split(['/', '\\']).any(is_random);
    !is_token(argument) && (has_ending || has_folder)
}

/// Reports whether a name is a long mix of digits and letters of both cases, as random values are.
fn is_random(name: &str) -> bool {
    const SHORTEST: usize = 16;
    let has = |is: fn(&u8) -> bool| name.as_bytes().iter().any(is);
    name.len() >= SHORTEST
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
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

    #[test]
    fn a_plain_path_has_a_folder_or_a_known_ending() {
        for text in
            ["gone.txt", "a b.pem", "./gone", "keys/gone", "/home/me/gone", "C:\\keys\\gone", "GONE.PEM"]
        {
            assert!(is_plainly_a_path(OsStr::new(text)), "{text}");
        }
        for text in [
            "",
            "gone",
            "hunter2",
            "s3cr3t.value",
            "3q2+/w==",
            "pL7/Zx9aQw2ErT5yUi8oPa/b",
            "eyJhbGciOiJIUzI1NiJ9.e30.pem",
        ] {
            assert!(!is_plainly_a_path(OsStr::new(text)), "{text}");
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
