//! Escaping of hostile text. All text from tokens and from error messages of libraries passes through here.
//! A character that can move the cursor, reorder a line or hide in it becomes a JSON escape: `\n` and the other short ones, else
//! `\uXXXX`.

use std::fmt::{self, Write as _};

/// Reports whether a character must be escaped before it is shown. These are C0, DEL and C1 controls, bidirectional and
/// other format characters, zero-width and tag characters, line and paragraph separators, and noncharacters.
#[must_use]
pub const fn is_hostile(c: char) -> bool {
    matches!(c as u32,
        0x00..=0x1F | 0x7F..=0x9F                    // controls
        | 0xAD | 0x34F | 0x61C | 0x180B..=0x180F     // soft hyphen, grapheme joiner, Arabic mark, Mongolian
        | 0x600..=0x605 | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2
        | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x3164 | 0xFFA0 // fillers without a glyph
        | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F // zero width, separators, bidi
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF0..=0xFFFB // variation selectors, BOM, interlinear
        | 0xFDD0..=0xFDEF                            // noncharacters
        | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
        | 0xE0000..=0xE0FFF                          // tags and variation selectors
    ) || (c as u32) & 0xFFFE == 0xFFFE
}

/// The characters of a JSON string that are written as escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// Those that RFC 8259 section 7 requires. For the bytes of a token.
    Needed,
    /// Also those outside ASCII, as in Python's `json.dumps`. For the bytes of a token.
    Ascii,
    /// Those that are [hostile](is_hostile). For reports.
    Hostile,
}

impl Escapes {
    const fn covers(self, c: char) -> bool {
        match self {
            Self::Needed => (c as u32) < 0x20,
            Self::Ascii => (c as u32) < 0x20 || (c as u32) > 0x7E,
            Self::Hostile => is_hostile(c),
        }
    }
}

/// Returns the short escape of a control character (RFC 8259 section 7), if it has one.
const fn short_escape(c: char) -> Option<&'static str> {
    match c {
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        '\u{8}' => Some("\\b"),
        '\u{c}' => Some("\\f"),
        _ => None,
    }
}

/// Writes a character as its short escape, as `\uXXXX`, or as a surrogate pair if it is above U+FFFF.
fn write_escape(out: &mut impl fmt::Write, c: char) -> fmt::Result {
    if let Some(short) = short_escape(c) {
        return out.write_str(short);
    }
    c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))
}

/// Reports whether every byte of a text passes a test. Sixteen bytes are tested without an early exit, so that the
/// compiler can vectorize the loop.
fn is_all(text: &str, wanted: impl Fn(u8) -> bool) -> bool {
    let (chunks, rest) = text.as_bytes().as_chunks::<16>();
    chunks.iter().all(|chunk| chunk.iter().fold(true, |all, byte| all & wanted(*byte)))
        && rest.iter().all(|byte| wanted(*byte))
}

/// Reports whether a byte is a printable ASCII character.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Reports whether a JSON string holds a byte as it is.
const fn is_verbatim(byte: u8) -> bool {
    is_plain(byte) && byte != b'"' && byte != b'\\'
}

/// Reports whether a text holds a character that must be escaped before it is shown.
#[must_use]
pub fn holds_hostile(text: &str) -> bool {
    !is_verbatim_text(text.as_bytes()) && !is_all(text, is_plain) && text.chars().any(is_hostile)
}

/// Writes `text` as a JSON string, quotes included.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_json_string(out: &mut impl fmt::Write, text: &str, escapes: Escapes) -> fmt::Result {
    out.write_str("\"")?;
    if is_verbatim_text(text.as_bytes()) {
        out.write_str(text)?;
        return out.write_str("\"");
    }
    for c in text.chars() {
        match c {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            c if escapes.covers(c) => write_escape(out, c)?,
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}

/// A text whose `Display` escapes hostile characters and changes nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a str);

impl Shown<'_> {
    /// Appends the text. Nearly all texts are plain, and a formatter takes 100 instructions.
    pub(crate) fn push_to(self, out: &mut String) {
        if is_verbatim_text(self.0.as_bytes()) {
            return out.push_str(self.0);
        }
        // A String takes every write.
        let _ = write!(out, "{self}");
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_all(self.0, is_plain) {
            return f.write_str(self.0);
        }
        let mut clean = 0;
        for (at, c) in self.0.char_indices().filter(|&(_, c)| is_hostile(c)) {
            f.write_str(self.0.get(clean..at).unwrap_or_default())?;
            write_escape(f, c)?;
            clean = at + c.len_utf8();
        }
        f.write_str(self.0.get(clean..).unwrap_or_default())
    }
}

/// Returns the beginning of a text, short enough to quote in a sentence.
#[must_use]
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 120;
    beginning(text, LONGEST)
}

/// Returns at most `longest` characters of a text, followed by `…` if it is longer.
#[must_use]
pub fn beginning(text: &str, longest: usize) -> String {
    // Most texts have no more bytes, so their characters need no count.
    if text.len() <= longest {
        return text.to_owned();
    }
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The length of the longest value in a detail, in characters.
const LONGEST_VALUE: usize = 200;

/// Returns the beginning of a value, as the detail of a check shows it. The whole value is in the payload or the header.
#[must_use]
pub fn value_excerpt(value: &impl fmt::Display) -> String {
    let text = value.to_string();
    if text.len() <= LONGEST_VALUE { text } else { beginning(&text, LONGEST_VALUE) }
}

/// Returns the beginning of a text as a JSON string, as the detail of a check shows it.
#[must_use]
pub fn text_excerpt(text: &str) -> String {
    if text.len() <= LONGEST_VALUE {
        return Quoted(text).to_string();
    }
    Quoted(&beginning(text, LONGEST_VALUE)).to_string()
}

/// Writes the text of [`text_excerpt`].
///
/// # Errors
/// Only those of `out`.
pub(crate) fn write_text_excerpt(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    if text.len() > LONGEST_VALUE {
        return out.write_str(&text_excerpt(text));
    }
    write_json_string(out, text, Escapes::Hostile)
}

/// Writes the text of [`value_excerpt`] for a string.
///
/// # Errors
/// Only those of `out`.
pub(crate) fn write_string_excerpt(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    /// The longest text that is short enough even if all of it is escaped: a byte becomes six at most.
    const SHORT: usize = (LONGEST_VALUE - 2) / 6;
    if text.len() > SHORT && (text.len() > LONGEST_VALUE - 2 || !is_verbatim_text(text.as_bytes())) {
        return out.write_str(&value_excerpt(&Quoted(text)));
    }
    write_json_string(out, text, Escapes::Hostile)
}

/// A text whose `Display` is a JSON string: quoted, with hostile characters escaped.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_json_string(f, self.0, Escapes::Hostile)
    }
}

/// Returns bytes of unknown encoding as safe text. Invalid UTF-8 becomes U+FFFD.
#[must_use]
pub fn shown_bytes(bytes: &[u8]) -> String {
    Shown(&String::from_utf8_lossy(bytes)).to_string()
}

/// Appends a text as a JSON string, with hostile characters escaped: the bytes of [`Quoted`], without its formatter.
#[inline(always)]
pub(crate) fn push_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    push_escaped(out, text);
    out.push(b'"');
}

/// A writer that appends text to the inside of a JSON string.
pub(crate) struct EscapingWriter<'o>(pub(crate) &'o mut Vec<u8>);

impl fmt::Write for EscapingWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        push_escaped(self.0, text);
        Ok(())
    }
}

/// Appends a text, with what a JSON string needs escaped and hostile characters escaped.
#[inline(always)]
fn push_escaped(out: &mut Vec<u8>, text: &str) {
    if is_verbatim_text(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        push_with_escapes(out, text);
    }
}

fn push_with_escapes(out: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    // The prefix is ASCII, so it ends before a character.
    while let Some((plain, behind)) = rest.split_at_checked(verbatim_prefix(rest.as_bytes())) {
        out.extend_from_slice(plain.as_bytes());
        let mut characters = behind.chars();
        match characters.next() {
            None => return,
            Some(c @ ('"' | '\\')) => out.extend_from_slice(&[b'\\', c as u8]),
            Some(c) if is_hostile(c) => match short_escape(c) {
                Some(short) => out.extend_from_slice(short.as_bytes()),
                None => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| push_unit(out, *unit)),
            },
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = characters.as_str();
    }
}

/// Appends a UTF-16 code unit as `\uXXXX`.
fn push_unit(out: &mut Vec<u8>, unit: u16) {
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        let digit = char::from_digit(u32::from(unit >> shift) & 0xF, 16).unwrap_or('0');
        out.push(digit as u8);
    }
}

/// Returns the length of the beginning that a JSON string holds as it is: printable ASCII without quotes and backslashes.
fn verbatim_prefix(text: &[u8]) -> usize {
    let (words, tail) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let length = verbatim_in(u64::from_le_bytes(*word));
        if length < 8 {
            return index * 8 + length;
        }
    }
    // Blanks fill the last word.
    let last = tail.iter().rev().fold(ONES * 0x20, |word, byte| word << 8 | u64::from(*byte));
    text.len() - tail.len() + verbatim_in(last).min(tail.len())
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// Counts how many of eight bytes, from the lowest, come before the first one that a JSON string cannot hold as it is.
const fn verbatim_in(word: u64) -> usize {
    specials(word).trailing_zeros() as usize / 8
}

/// Returns a word with the highest bit of a byte set for the first of eight bytes that a JSON string cannot hold as it is.
/// Higher bytes may be marked wrongly. No bit is set if there is no such byte.
const fn specials(word: u64) -> u64 {
    // The change of one bit moves the quote beside the control characters, so that one comparison finds both. The
    // subtractions borrow from higher bytes only, so the first match is always right.
    let low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    let delete = (word ^ (ONES * 0x7F)).wrapping_sub(ONES);
    (low | backslash | delete | word) & (ONES << 7)
}

/// Reports whether every byte of a text of at least sixteen bytes passes a test. The last sixteen bytes overlap those before.
fn is_all_overlapping(text: &[u8], wanted: impl Fn(u8) -> bool) -> bool {
    let is_all = |chunk: &[u8; 16]| chunk.iter().fold(true, |all, byte| all & wanted(*byte));
    let (chunks, rest) = text.as_chunks();
    chunks.iter().all(is_all) && (rest.is_empty() || text.last_chunk().is_some_and(is_all))
}

fn is_long_verbatim_text(text: &[u8]) -> bool {
    is_all_overlapping(text, is_verbatim)
}

/// Reports whether JSON is compact and needs no change to be shown: it has no blank, no escape, and only printable ASCII.
/// A text with a blank in a string is not recognized.
pub(crate) fn is_compact_json(json: &[u8]) -> bool {
    json.len() >= 16 && is_all_overlapping(json, |byte| matches!(byte, b'!'..=b'~') && byte != b'\\')
}

/// Reports whether a JSON string holds a whole text as it is. Most strings are short, so the words at both ends overlap in place
/// of a loop over the last bytes.
#[inline(always)]
pub(crate) fn is_verbatim_text(text: &[u8]) -> bool {
    let special_at_ends = |text: &[u8]| match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            specials(u64::from_le_bytes(*first)) | specials(u64::from_le_bytes(*last)) != 0
        }
        _ => false,
    };
    match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        _ if text.len() > 16 => is_long_verbatim_text(text),
        _ if text.len() >= 8 => !special_at_ends(text),
        (Some([a, b, c, d]), Some([e, f, g, h])) => {
            specials(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h])) == 0
        }
        _ => text.iter().all(|byte| is_verbatim(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_terminal_control_sequences() {
        assert_eq!(Shown("\u{1b}]0;pwned\u{7}").to_string(), r"\u001b]0;pwned\u0007");
    }

    #[test]
    fn escapes_bidirectional_and_invisible_characters() {
        assert_eq!(Shown("user\u{202e}gnp.exe").to_string(), r"user\u202egnp.exe");
        assert_eq!(Shown("a\u{200b}b\u{feff}c").to_string(), r"a\u200bb\ufeffc");
        assert_eq!(Shown("a\u{e0041}b").to_string(), r"a\udb40\udc41b");
    }

    #[test]
    fn escapes_line_breaks() {
        assert_eq!(Quoted("x\n\nVERIFIED\r").to_string(), r#""x\n\nVERIFIED\r""#);
        assert_eq!(Shown("a\tb\u{8}\u{c}").to_string(), r"a\tb\b\f");
    }

    #[test]
    fn keeps_ordinary_text_unchanged() {
        for text in ["Ünïcödé", "日本語", "ελληνικά", "🦀", "a b\\c/\"d"] {
            assert_eq!(Shown(text).to_string(), text);
        }
    }

    #[test]
    fn every_escape_parses_back_to_its_character() {
        for c in (0..=0x10FFFF).filter_map(char::from_u32).filter(|c| is_hostile(*c)) {
            let text = format!("<{c}>");
            let json = Quoted(&text).to_string();
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn finds_every_byte_that_needs_an_escape() {
        for (length, at) in (0..70).flat_map(|length| (0..length).map(move |at| (length, at))) {
            let mut text = vec![b'x'; length];
            assert!(is_verbatim_text(&text));
            for byte in 0..=u8::MAX {
                text[at] = byte;
                assert_eq!(is_verbatim_text(&text), is_verbatim(byte), "{byte:#x} at {at} of {length}");
            }
        }
    }

    #[test]
    fn recognizes_compact_json() {
        for json in [r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"n":[1.50,-0],"t":true,"s":"<&>'/~!"}"#] {
            assert!(is_compact_json(json.as_bytes()), "{json}");
            for at in 0..json.len() {
                for other in [' ', '\n', '\t', '\\', '\u{7f}', 'é', '\u{202e}', '\0'] {
                    let mut changed = json.to_owned();
                    changed.insert(at, other);
                    assert!(!is_compact_json(changed.as_bytes()), "{changed:?}");
                }
            }
        }
    }

    #[test]
    fn appends_what_quoted_displays() {
        let pieces = [
            "",
            "a",
            "\"",
            "\\",
            "\u{1f}",
            "\n",
            "\t",
            "\u{7f}",
            "~",
            " ",
            "!",
            "#",
            "\u{80}",
            "é",
            "\u{202e}",
            "🚀",
            "\u{e0041}",
        ];
        for before in 0..18 {
            for (one, other) in pieces.iter().flat_map(|one| pieces.map(|other| (one, other))) {
                let text = format!("{}{one}{other}{}{one}", "x".repeat(before), "y".repeat(9));
                let mut out = Vec::new();
                push_quoted(&mut out, &text);
                assert_eq!(String::from_utf8(out).unwrap(), Quoted(&text).to_string());
            }
        }
    }
}
