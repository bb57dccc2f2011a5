//! White space, and the characters that web pages and word processors add and no one sees.

/// Reports whether a character is white space, or is not visible: a soft hyphen, a character of no width, or a mark of the
/// byte order or of the direction of a text.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Returns a text without white space and invisible characters at both ends. Bytes that are not UTF-8 lose ASCII white space
/// alone.
pub(crate) fn trimmed(text: &[u8]) -> &[u8] {
    std::str::from_utf8(text)
        .map_or_else(|_| text.trim_ascii(), |text| text.trim_matches(is_space).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_what_is_not_visible_and_nothing_else() {
        for space in [" ", "\r\n", "\u{a0}", "\u{ad}", "\u{200b}", "\u{202f}", "\u{2060}", "\u{feff}"] {
            let text = format!("{space}a{space}b{space}");
            assert_eq!(trimmed(text.as_bytes()), format!("a{space}b").as_bytes(), "{space:?}");
        }
        assert_eq!(trimmed(b" \xff "), b"\xff");
    }
}
