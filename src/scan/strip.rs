//! Removes the usual surroundings of a token, without a note: white space, quotes, a byte order mark, the name of a header,
//! and a scheme such as `Bearer`.

use super::names::{CREDENTIAL_HEADERS, SCHEMES};
use crate::core::text::space::{is_space, trimmed};

/// Removes a byte order mark, white space, quotes, the header name and the scheme around a token.
pub(super) fn strip(pasted: &[u8]) -> &[u8] {
    match std::str::from_utf8(pasted) {
        Ok(text) => strip_text(text).as_bytes(),
        Err(_) => pasted.trim_ascii(),
    }
}

/// Removes layer after layer. The time for a layer does not depend on the length of the rest, so hostile nesting stays
/// cheap.
pub(super) fn strip_text(pasted: &str) -> &str {
    let mut text = trim(pasted);
    loop {
        let before = text.len();
        text = strip_quotes(text);
        for header in CREDENTIAL_HEADERS {
            text = strip_word(text, header)
                .and_then(|rest| rest.strip_prefix(':'))
                .map_or(text, str::trim_start);
        }
        for scheme in SCHEMES {
            text = strip_word(text, scheme).filter(|rest| is_word_end(rest)).map_or(text, str::trim_start);
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Reports whether a text is empty, apart from white space and invisible characters.
pub(crate) fn is_blank(pasted: &[u8]) -> bool {
    trimmed(pasted).is_empty()
}

/// Removes white space, invisible characters that web pages and word processors add, and a byte order mark.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Removes a pair of quotes, and a comma or a semicolon after it.
fn strip_quotes(text: &str) -> &str {
    const PAIRS: [(char, char); 5] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];
    let closed = text.strip_suffix([',', ';']).unwrap_or(text);
    let inner = PAIRS.iter().find_map(|(open, close)| closed.strip_prefix(*open)?.strip_suffix(*close));
    inner.map_or(text, trim)
}

/// Returns the text after a word at the start, which is compared in any letter case.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then_some(rest)
}

/// Reports whether white space or the end of the text follows a word.
fn is_word_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}
