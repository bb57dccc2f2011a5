//! Tells the text of a key, a URL and a path apart.

use crate::core::key::lookalike::is_key_body;

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
    fn a_url_is_not_a_path() {
        for text in ["https://a", "HTTP://a", "ftp://a", "file:///k", "redis+tls://a", "x://"] {
            assert!(is_url(text), "{text}");
        }
        for text in ["", "-", "k.pem", "./https://a", "://a", "1a://b", "C:\\k", "https:/a", "a b://c"] {
            assert!(!is_url(text), "{text}");
        }
    }
}
