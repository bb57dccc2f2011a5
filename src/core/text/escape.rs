//! Escaping of hostile text. All text from tokens and from error messages of libraries passes through here.
//! A character that can move the cursor, reorder a line or hide in it becomes a JSON `\uXXXX` escape.

use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::fmt;
use std::io;

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

/// Which characters of a JSON string are written as escapes.
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

/// Writes a character as `\uXXXX`, or as a surrogate pair if it is above U+FFFF.
fn write_escape(out: &mut impl fmt::Write, c: char) -> fmt::Result {
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

/// Writes `text` as a JSON string, quotes included.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_json_string(out: &mut impl fmt::Write, text: &str, escapes: Escapes) -> fmt::Result {
    out.write_char('"')?;
    if is_all(text, |byte| is_plain(byte) && byte != b'"' && byte != b'\\') {
        out.write_str(text)?;
        return out.write_char('"');
    }
    for c in text.chars() {
        match c {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            // Token bytes use the short escapes, as other JSON writers do. Reports use `\uXXXX` alone.
            '\n' if escapes != Escapes::Hostile => out.write_str("\\n")?,
            '\r' if escapes != Escapes::Hostile => out.write_str("\\r")?,
            '\t' if escapes != Escapes::Hostile => out.write_str("\\t")?,
            '\u{8}' if escapes != Escapes::Hostile => out.write_str("\\b")?,
            '\u{c}' if escapes != Escapes::Hostile => out.write_str("\\f")?,
            c if escapes.covers(c) => write_escape(out, c)?,
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}

/// A text whose `Display` escapes hostile characters and changes nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a str);

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
    beginning(&value.to_string(), LONGEST_VALUE)
}

/// Returns the beginning of a text as a JSON string, as the detail of a check shows it.
#[must_use]
pub fn text_excerpt(text: &str) -> String {
    Quoted(&beginning(text, LONGEST_VALUE)).to_string()
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

/// A `serde_json` formatter that keeps the layout of another formatter and escapes hostile characters.
#[derive(Debug)]
pub struct SafeJson<F>(F);

impl SafeJson<PrettyFormatter<'static>> {
    /// Returns a formatter that writes one member per line.
    #[must_use]
    pub fn pretty() -> Self {
        Self(PrettyFormatter::new())
    }
}

impl SafeJson<CompactFormatter> {
    /// Returns a formatter that writes a document on one line.
    #[must_use]
    pub const fn compact() -> Self {
        Self(CompactFormatter)
    }
}

macro_rules! layout {
    ($($name:ident($($argument:ident)?)),+ $(,)?) => {$(
        fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $argument: bool)?) -> io::Result<()> {
            self.0.$name(writer $(, $argument)?)
        }
    )+};
}

impl<F: Formatter> Formatter for SafeJson<F> {
    layout!(
        begin_array(),
        end_array(),
        begin_array_value(first),
        end_array_value(),
        begin_object(),
        end_object(),
        begin_object_key(first),
        end_object_key(),
        begin_object_value(),
        end_object_value(),
    );

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if is_all(fragment, is_plain) {
            return writer.write_all(fragment.as_bytes());
        }
        write!(writer, "{}", Shown(fragment))
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: serde_json::ser::CharEscape,
    ) -> io::Result<()> {
        use serde_json::ser::CharEscape as E;
        let code = match escape {
            E::Quote => return writer.write_all(b"\\\""),
            E::ReverseSolidus => return writer.write_all(b"\\\\"),
            E::Solidus => b'/',
            E::Backspace => 0x08,
            E::FormFeed => 0x0C,
            E::LineFeed => b'\n',
            E::CarriageReturn => b'\r',
            E::Tab => b'\t',
            E::AsciiControl(byte) => byte,
        };
        write!(writer, "\\u{code:04x}")
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
        assert_eq!(Quoted("x\n\nVERIFIED\r").to_string(), r#""x\u000a\u000aVERIFIED\u000d""#);
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
    fn json_documents_escape_hostile_characters() {
        let mut out = Vec::new();
        let mut json = serde_json::Serializer::with_formatter(&mut out, SafeJson::pretty());
        serde::Serialize::serialize(&vec!["a\u{9b}31m\u{7f}\n\u{2066}"], &mut json).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "[\n  \"a\\u009b31m\\u007f\\u000a\\u2066\"\n]");
    }
}
