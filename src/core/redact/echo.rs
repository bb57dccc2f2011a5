//! Masks known secrets in the text of a server that repeats what it was sent. The text is decoded in every way in which
//! servers encode text, also several times over. Secrets that are found are masked in the original text. A text that still
//! holds a part of one, or one in another spelling, is replaced as a whole.

use super::fragment::Fragments;
use crate::core::token::base64url;
use std::ops::Range;

/// The largest number of nested encodings, such as JSON in JSON in a URL.
const DEEPEST: usize = 3;

/// Returns a text with every secret replaced by `…`.
#[must_use]
pub fn mask_secrets(text: &str, secrets: &[&str]) -> String {
    let patterns: Vec<Vec<Piece>> = secrets.iter().map(|secret| pattern(secret)).collect();
    let mut found = Vec::new();
    search(&units(text), &patterns, DEEPEST, &mut found);
    found.sort_by_key(|range: &Range<usize>| (range.start, range.end));
    let (mut masked, mut clean) = (String::with_capacity(text.len()), 0);
    for range in found {
        // A range that begins within the previous one gets no mask of its own.
        if range.start >= clean {
            masked.push_str(text.get(clean..range.start).unwrap_or_default());
            masked.push('…');
        }
        clean = clean.max(range.end);
    }
    masked.push_str(text.get(clean..).unwrap_or_default());
    let fragments = Fragments::new(secrets);
    if holds_fragment(&units(&masked), &fragments, DEEPEST) { "…".to_owned() } else { masked }
}

/// Reports whether a text or one of its decoded forms holds a fragment of a secret.
fn holds_fragment(text: &[Unit], fragments: &Fragments, depth: usize) -> bool {
    let plain: String = text.iter().filter_map(|unit| unit.c).collect();
    fragments.are_in(&plain)
        || (depth > 0 && decodings(text).any(|decoded| holds_fragment(&decoded, fragments, depth - 1)))
}

/// Returns the text without each encoding that it has.
fn decodings(text: &[Unit]) -> impl Iterator<Item = Vec<Unit>> {
    let escaped =
        [percent, json, html, pointer, utf_8].into_iter().filter_map(|decode| decoded(text, decode));
    base64(text).into_iter().chain(escaped)
}

/// A character of a decoded text, and its range in the original text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    /// The character, or `None` for one that is not known, which matches every character: an unknown character reference, or
    /// bytes that were not UTF-8.
    c: Option<char>,
    start: usize,
    end: usize,
}

/// A part of a search pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    One(char),
    /// White space, of at most this length: servers fold white space in texts that are not JSON.
    Space(usize),
}

/// Returns the search pattern of a secret, without white space at its ends.
fn pattern(secret: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for c in secret.trim().chars() {
        match (pieces.last_mut(), c.is_whitespace()) {
            (Some(Piece::Space(most)), true) => *most += 1,
            (_, true) => pieces.push(Piece::Space(1)),
            (_, false) => pieces.push(Piece::One(c)),
        }
    }
    pieces
}

fn units(text: &str) -> Vec<Unit> {
    let known = |c: char| (c != char::REPLACEMENT_CHARACTER).then_some(c);
    let unit = |(start, c): (usize, char)| Unit { c: known(c), start, end: start + c.len_utf8() };
    text.char_indices().map(unit).collect()
}

/// Finds the patterns in a text, and in its decoded forms.
fn search(text: &[Unit], patterns: &[Vec<Piece>], depth: usize, found: &mut Vec<Range<usize>>) {
    for pattern in patterns.iter().filter(|pattern| !pattern.is_empty()) {
        let mut rest = text;
        while let Some((first, after)) = rest.split_first() {
            match length(rest, pattern).and_then(|length| rest.split_at_checked(length)) {
                Some((matched, after)) => {
                    found.push(first.start..matched.last().map_or(first.end, |last| last.end));
                    rest = after;
                }
                None => rest = after,
            }
        }
    }
    if depth == 0 {
        return;
    }
    for decoded in decodings(text) {
        search(&decoded, patterns, depth - 1, found);
    }
}

/// Returns the length of a match at the beginning of the text.
fn length(text: &[Unit], pattern: &[Piece]) -> Option<usize> {
    // Forms encode a space as a plus.
    let is_space = |unit: &&Unit| unit.c.is_none_or(|c| c.is_whitespace() || c == '+');
    for (length, piece) in pattern.iter().enumerate() {
        match piece {
            Piece::One(wanted) => {
                text.get(length).filter(|unit| unit.c.is_none_or(|c| c == *wanted))?;
            }
            Piece::Space(most) => {
                let (text, pattern) = (text.get(length..)?, pattern.get(length + 1..)?);
                let spaces = text.iter().take(*most).take_while(is_space).count();
                // The last plus may be part of the secret instead.
                return (1..=spaces).rev().find_map(|spaces| {
                    let after = self::length(text.get(spaces..)?, pattern)?;
                    Some(length + spaces + after)
                });
            }
        }
    }
    Some(pattern.len())
}

/// A function that decodes the beginning of a text. It returns the characters, and the number of units that encode them.
type Decode = fn(&[Unit]) -> Option<(Vec<Option<char>>, usize)>;

/// Returns the text with one encoding removed, or `None` if nothing was encoded.
fn decoded(text: &[Unit], decode: Decode) -> Option<Vec<Unit>> {
    let mut decoded = Vec::new();
    let (mut rest, mut is_changed) = (text, false);
    while let Some((first, after)) = rest.split_first() {
        let read = decode(rest).and_then(|(is, length)| Some((is, rest.split_at_checked(length)?)));
        match read {
            Some((is, (encoded, after))) => {
                let end = encoded.last().map_or(first.end, |last| last.end);
                // All characters of one encoded group share its range.
                decoded.extend(is.into_iter().map(|c| Unit { c, start: first.start, end }));
                (rest, is_changed) = (after, true);
            }
            None => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    is_changed.then_some(decoded)
}

/// Decodes the words of a text that are Base64 of readable text, such as the value of a header field `Authorization` with the
/// scheme Basic. All characters of a word share its range. Returns `None` if there is no such word.
fn base64(text: &[Unit]) -> Option<Vec<Unit>> {
    let digit = |unit: &Unit| match unit.c? {
        '+' => Some('-'),
        '/' => Some('_'),
        c => (c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).then_some(c),
    };
    let mut decoded = Vec::new();
    let (mut rest, mut is_changed) = (text, false);
    while let Some((first, after)) = rest.split_first() {
        let word: String = rest.iter().map_while(digit).collect();
        let (read, unread) = rest.split_at_checked(word.len().max(1)).unwrap_or((rest, &[]));
        let end = read.last().map_or(first.end, |last| last.end);
        match readable(&word) {
            Some(plain) => {
                decoded.extend(plain.chars().map(|c| Unit { c: Some(c), start: first.start, end }));
                is_changed = true;
            }
            None => decoded.extend_from_slice(read),
        }
        rest = if read.is_empty() { after } else { unread };
    }
    is_changed.then_some(decoded)
}

/// Decodes Base64 if it is readable text.
fn readable(word: &str) -> Option<String> {
    const SHORTEST: usize = 6;
    let bytes = (word.len() >= SHORTEST).then(|| base64url::decode(word).ok())??;
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        // A server can have read the secret as Latin-1.
        error.into_bytes().into_iter().map(char::from).collect()
    });
    (!text.contains(char::is_control)).then_some(text)
}

/// Decodes UTF-8 that a server has read as Latin-1: `Ã©` is `é`.
fn utf_8(text: &[Unit]) -> Option<(Vec<Option<char>>, usize)> {
    const LONGEST: usize = 4;
    let byte = |unit: &Unit| u8::try_from(unit.c?).ok().filter(|byte| !byte.is_ascii());
    let bytes: Vec<u8> = text.iter().take(LONGEST).map_while(byte).collect();
    let length = (2..=bytes.len()).find(|length| bytes.get(..*length).is_some_and(is_utf_8))?;
    let c = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next();
    Some((vec![c], length))
}

fn is_utf_8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

fn is(text: &[Unit], at: usize, wanted: char) -> bool {
    text.get(at).is_some_and(|unit| unit.c == Some(wanted))
}

/// Parses a number of `length` digits.
fn number(text: &[Unit], from: usize, length: usize, base: u32) -> Option<u32> {
    let digits = text.get(from..from.checked_add(length)?)?;
    let digit = |number: u32, unit: &Unit| number.checked_mul(base)?.checked_add(unit.c?.to_digit(base)?);
    digits.iter().try_fold(0, digit)
}

/// Decodes `%2F`, in either case (RFC 3986 section 2.1). Bytes that are not UTF-8 are read as Latin-1.
/// `percent-encoding` does not serve here: it loses where each character stood in the text.
fn percent(text: &[Unit]) -> Option<(Vec<Option<char>>, usize)> {
    let byte = |at: usize| {
        let number = is(text, at, '%').then(|| number(text, at + 1, 2, 16))??;
        u8::try_from(number).ok()
    };
    let first = byte(0)?;
    let mut bytes = Vec::new();
    while let Some(byte) = (bytes.len() < 4).then(|| byte(3 * bytes.len())).flatten() {
        bytes.push(byte);
        if let Some(c) = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            return Some((vec![Some(c)], 3 * bytes.len()));
        }
    }
    Some((vec![Some(char::from(first))], 3))
}

/// Decodes an escape of JSON (RFC 8259 section 7), or one of the similar escapes of programming languages.
fn json(text: &[Unit]) -> Option<(Vec<Option<char>>, usize)> {
    if !is(text, 0, '\\') {
        return None;
    }
    let one = |c: char| Some((vec![Some(c)], 2));
    match text.get(1)?.c? {
        c @ ('"' | '\'' | '\\' | '/') => one(c),
        'b' => one('\u{8}'),
        'f' => one('\u{c}'),
        'n' => one('\n'),
        'r' => one('\r'),
        't' => one('\t'),
        'x' => Some((vec![char::from_u32(number(text, 2, 2, 16)?)], 4)),
        'u' => {
            let high = number(text, 2, 4, 16)?;
            let low = (is(text, 6, '\\') && is(text, 7, 'u')).then(|| number(text, 8, 4, 16)).flatten();
            match (high, low) {
                (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                    let c = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    Some((vec![char::from_u32(c)], 12))
                }
                _ => Some((vec![char::from_u32(high)], 6)),
            }
        }
        _ => None,
    }
}

/// Decodes a character reference of HTML. An unknown name is returned as a character that matches every other.
fn html(text: &[Unit]) -> Option<(Vec<Option<char>>, usize)> {
    const LONGEST: usize = 32;
    if !is(text, 0, '&') {
        return None;
    }
    let count = |from: usize, base: u32| {
        let digits = text.iter().skip(from).take(LONGEST);
        digits.take_while(|unit| unit.c.is_some_and(|c| c.is_digit(base))).count()
    };
    if is(text, 1, '#') {
        let (from, base) = if is(text, 2, 'x') || is(text, 2, 'X') { (3, 16) } else { (2, 10) };
        let digits = Some(count(from, base)).filter(|digits| *digits > 0)?;
        let c = number(text, from, digits, base).and_then(char::from_u32);
        // Browsers accept a reference without its semicolon.
        return Some((vec![c], from + digits + usize::from(is(text, from + digits, ';'))));
    }
    let letters = count(1, 36);
    if letters == 0 || !is(text, 1 + letters, ';') {
        return None;
    }
    let name: String = text.iter().skip(1).take(letters).filter_map(|unit| unit.c).collect();
    let c = match name.to_ascii_lowercase().as_str() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => None,
    };
    Some((vec![c], letters + 2))
}

/// Decodes an escape of a JSON Pointer (RFC 6901 section 3).
fn pointer(text: &[Unit]) -> Option<(Vec<Option<char>>, usize)> {
    let c = match text.get(1)?.c {
        _ if !is(text, 0, '~') => return None,
        Some('0') => '~',
        Some('1') => '/',
        _ => return None,
    };
    Some((vec![Some(c)], 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_secret_in_single_and_nested_encodings() {
        let secret = "S3cret%26pa&ss/w~ord +é\u{1F980}\"'<\\n";
        for spelling in [
            secret,
            // encodeURIComponent, lower-case hexadecimal, Python's quote and quote_plus, everything, Latin-1.
            "S3cret%2526pa%26ss%2Fw~ord%20%2B%C3%A9%F0%9F%A6%80%22'%3C%5Cn",
            "S3cret%2526pa%26ss%2fw~ord%20%2b%c3%a9%f0%9f%a6%80%22%27%3c%5cn",
            "S3cret%2526pa%26ss/w~ord%20%2B%C3%A9%F0%9F%A6%80%22%27%3C%5Cn",
            "S3cret%2526pa%26ss%2Fw~ord+%2B%C3%A9%F0%9F%A6%80%22%27%3C%5Cn",
            "%53%33cret%2526pa%26ss%2Fw%7Eord+%2B%C3%A9%F0%9F%A6%80%22%27%3C%5Cn",
            "S3cret%2526pa%26ss/w~ord%20%2B%E9%F0%9F%A6%80%22%27%3C%5Cn",
            // JSON as written by Python, by PHP and by writers that escape HTML; Python's repr.
            r#"S3cret%26pa&ss/w~ord +\u00e9\ud83e\udd80\"'<\\n"#,
            r#"S3cret%26pa&ss\/w~ord +\u00e9\ud83e\udd80\"'<\\n"#,
            "S3cret%26pa\\u0026ss/w~ord +é\u{1F980}\\\"\\u0027\\u003c\\\\n",
            "S3cret%26pa&ss/w~ord +\\xe9\u{1F980}\"\\'<\\\\n",
            // HTML references: named, numbered, without semicolon and with unknown names.
            "S3cret%26pa&amp;ss/w~ord +é\u{1F980}&quot;&#x27;&lt;\\n",
            "S3cret%26pa&#38;ss&#47;w~ord&#32;+&#xE9;&#x1F980;&#34;&#39;&#60;\\n",
            "S3cret%26pa&#38ss&sol;w~ord &plus;&eacute;&#x1f980;&quot;&apos;&LT;\\n",
            // A JSON Pointer.
            "S3cret%26pa&ss~1w~0ord +é\u{1F980}\"'<\\n",
            // Nested encodings.
            r#"S3cret%26pa&ss\\/w~ord +\\u00e9\\ud83e\\udd80\\\"'<\\\\n"#,
            r#"S3cret%26pa\u0026amp;ss\/w~ord +\u00e9\ud83e\udd80\u0026quot;\u0026#x27;\u0026lt;\\n"#,
            "S3cret%2526pa%26ss%5C%2Fw~ord+%2B%5Cu00e9%5Cud83e%5Cudd80%5C%22%27%3C%5C%5Cn",
            "S3cret%252526pa%2526ss%252Fw~ord%2520%252B%25C3%25A9%25F0%259F%25A6%2580%2522%2527%253C%255Cn",
        ] {
            let found = mask_secrets(&format!("<{spelling}>"), &[secret]);
            assert_eq!(found, "<…>", "{spelling}");
        }
    }

    #[test]
    fn finds_a_secret_in_base64_and_in_another_character_set() {
        let secret = "hünter <2>&é";
        for spelling in [
            // Base64 of UTF-8, with padding and in both alphabets, and of Latin-1.
            "aMO8bnRlciA8Mj4mw6k=",
            "aMO8bnRlciA8Mj4mw6k",
            "aPxudGVyIDwyPibp",
            // The credentials web:hünter <2>&é as RFC 6749 section 2.3.1 encodes them.
            "d2ViOmglQzMlQkNudGVyKyUzQzIlM0UlMjYlQzMlQTk=",
            // UTF-8 that was read as Latin-1, and Latin-1 that was read as UTF-8.
            "hÃ¼nter <2>&Ã©",
            r"h\u00c3\u00bcnter <2>&\u00c3\u00a9",
            "h\u{FFFD}nter <2>&\u{FFFD}",
        ] {
            let found = mask_secrets(&format!("<{spelling}>"), &[secret]);
            assert!(matches!(found.as_str(), "<…>" | "<…=>"), "{spelling}: {found}");
        }
        let text = "internationalization AAAAAAAAAAAA Ã¼ is not the secret";
        assert_eq!(mask_secrets(text, &[secret]), text);
    }

    #[test]
    fn a_text_with_a_fragment_of_a_secret_is_not_shown() {
        let secret = "Orchard/Lantern+Quartz";
        for spelling in [
            "4f7263686172642f4c616e7465726e2b51756172747a",
            "4F 72 63 68 61 72 64 2F 4C 61 6E 74 65 72 6E 2B",
            "4f:72:63:68:61:72:64:2f:4c",
            "ORCHARD/LANTERN+QUARTZ",
            "orchard%2flantern",
            "ztrauQ+nretnaL/drahcrO",
            "Orchard/…",
            "Lantern+…",
            // Base64 of a part, of the whole behind other bytes, and in other letters.
            "T3JjaGFyZC9MYW50ZXJu",
            "AE9yY2hhcmQvTGFudGVybitRdWFydHo",
            "t3jjagfyzc9myw50zxju",
        ] {
            let found = mask_secrets(&format!("bad request: {spelling}"), &[secret]);
            assert_eq!(found, "…", "{spelling}");
        }
        assert_eq!(mask_secrets("bad Orchard", &[secret]), "bad Orchard");
        assert_eq!(mask_secrets("HUNTER2 2retnuh", &["hunter2"]), "…");
    }

    #[test]
    fn matches_folded_white_space() {
        assert_eq!(mask_secrets("x a b y", &[" a\n\tb "]), "x … y");
        assert_eq!(mask_secrets("x a%0A%09b y", &["a\n\tb"]), "x … y");
        assert_eq!(mask_secrets("ab", &["a b", " ", ""]), "ab");
    }

    #[test]
    fn leaves_other_text_unchanged() {
        for text in ["", "100%", "%zz%4", "\\", "\\u12", "\\ud83e", "&;&#;&#x;&amp", "~2~", "a&b;c", "é%C3"]
        {
            assert_eq!(mask_secrets(text, &["hunter2"]), text);
        }
        assert_eq!(mask_secrets("a%20b hunter%32 c&lt;d", &["hunter2"]), "a%20b … c&lt;d");
    }

    #[test]
    fn masks_nested_and_overlapping_secrets() {
        assert_eq!(mask_secrets("abc bc", &["bc", "abc"]), "… …");
        assert_eq!(mask_secrets("abcd", &["abc", "bcd"]), "…");
        assert_eq!(mask_secrets("aaaa", &["aa"]), "……");
        assert_eq!(mask_secrets("&amp;lt;x", &["&l", "<x"]), "…");
    }
}
