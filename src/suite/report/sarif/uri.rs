//! URIs of suites in SARIF.

/// Returns the URI of a path. A relative path stays relative, so that viewers resolve it against the sources.
pub(super) fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let is_absolute = path.starts_with('/') || (cfg!(windows) && path.get(1..3) == Some(":/"));
    let mut uri = String::from(match (is_absolute, path.starts_with('/')) {
        (true, true) => "file://",
        (true, false) => "file:///",
        _ => "",
    });
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
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
