//! URIs of suites in SARIF.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that a URI path cannot contain (RFC 3986 section 3.3), and those that are encoded to be safe.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Returns the URI of a path. A relative path stays relative, so that viewers resolve it against the sources.
pub(super) fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let is_absolute = path.starts_with('/') || (cfg!(windows) && path.get(1..3) == Some(":/"));
    let mut uri = String::from(match (is_absolute, path.starts_with('/')) {
        (true, true) => "file://",
        (true, false) => "file:///",
        _ => "",
    });
    uri.extend(utf8_percent_encode(path.trim_start_matches("./"), ENCODED));
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri_reference() {
        assert_eq!(uri("./suites/a b.toml"), "suites/a%20b.toml");
        assert_eq!(uri("javascript:x"), "javascript%3Ax");
        assert_eq!(uri("a/ü#?%\u{202e}.toml"), "a/%C3%BC%23%3F%25%E2%80%AE.toml");
        assert_eq!(uri("../a.toml"), "../a.toml");
        assert_eq!(uri("/srv/a.toml"), "file:///srv/a.toml");
        assert_eq!(uri(".//evil/a.toml"), "/evil/a.toml");
    }
}
