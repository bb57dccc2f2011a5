//! Paints finished JSON for a terminal: colours, and one member per line. Digits, the order of members and the spelling of
//! strings stay as they are.

use crate::core::text::palette::{Palette, TextRole};
use std::io::{self, Write};

/// The places of line breaks in JSON that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsonLayout {
    /// The places that the writer of the text chose.
    #[default]
    AsWritten,
    /// One member or element per line.
    Indented,
}

/// The layout and the colours of JSON on a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonStyle {
    /// The layout.
    pub layout: JsonLayout,
    /// The colours.
    pub palette: Palette,
}

impl JsonStyle {
    /// Returns the style for JSON Lines: each document stays on its line.
    #[must_use]
    pub const fn on_one_line(self) -> Self {
        Self { layout: JsonLayout::AsWritten, ..self }
    }

    /// Reports whether the style changes nothing.
    #[must_use]
    pub const fn is_plain(self) -> bool {
        !self.palette.colour && matches!(self.layout, JsonLayout::AsWritten)
    }

    /// Returns a whole text in this style.
    #[must_use]
    pub fn painted(self, text: &[u8]) -> Vec<u8> {
        let mut painter = JsonPainter::new(self);
        let mut out = Vec::with_capacity(text.len() * 2);
        painter.paint(text, &mut out);
        painter.end(&mut out);
        out
    }
}

/// A painter of JSON that arrives in pieces: one document, or several on lines of their own.
#[derive(Debug)]
pub struct JsonPainter {
    style: JsonStyle,
    /// The closing brackets of the objects and arrays around the current place.
    open: Vec<u8>,
    /// True right after an opening bracket.
    is_empty: bool,
    /// True if the next string is the name of a member.
    expects_name: bool,
    lexeme: Lexeme,
    /// The string, the number or the word that has not ended yet.
    text: Vec<u8>,
}

/// The part of a JSON text that the next byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lexeme {
    /// White space and punctuation.
    Between,
    /// A string. `is_escaped` is true after a backslash.
    String { is_escaped: bool },
    /// A number, or `true`, `false` or `null`.
    Word,
}

impl JsonPainter {
    /// Returns a painter at the beginning of a text.
    #[must_use]
    pub const fn new(style: JsonStyle) -> Self {
        Self {
            style,
            open: Vec::new(),
            is_empty: false,
            expects_name: false,
            lexeme: Lexeme::Between,
            text: Vec::new(),
        }
    }

    /// Appends the next piece of a text to `out`. A string or a number at its end waits for the rest.
    pub fn paint(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        if self.style.is_plain() {
            out.extend_from_slice(piece);
            return;
        }
        for byte in piece {
            self.take(*byte, out);
        }
    }

    /// Appends what waits for the rest of the text.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        if self.lexeme != Lexeme::Between {
            self.end_lexeme(out);
        }
    }

    fn take(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.lexeme {
            Lexeme::String { is_escaped } => {
                self.text.push(byte);
                if byte == b'"' && !is_escaped {
                    self.end_lexeme(out);
                } else {
                    self.lexeme = Lexeme::String { is_escaped: byte == b'\\' && !is_escaped };
                }
                return;
            }
            Lexeme::Word if is_in_word(byte) => return self.text.push(byte),
            Lexeme::Word => self.end_lexeme(out),
            Lexeme::Between => {}
        }
        match byte {
            b'"' => self.begin(byte, Lexeme::String { is_escaped: false }, out),
            b'{' | b'[' => {
                self.break_after_bracket(out);
                self.punctuation(byte, out);
                self.open.push(if byte == b'{' { b'}' } else { b']' });
                (self.is_empty, self.expects_name) = (true, byte == b'{');
            }
            b'}' | b']' => {
                self.open.pop();
                if !std::mem::take(&mut self.is_empty) {
                    self.break_line(out);
                }
                self.punctuation(byte, out);
            }
            b',' => {
                self.punctuation(byte, out);
                self.break_line(out);
                self.expects_name = self.open.last() == Some(&b'}');
            }
            b':' => {
                self.punctuation(byte, out);
                self.expects_name = false;
                if self.style.layout == JsonLayout::Indented {
                    out.push(b' ');
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                let is_end_of_document = self.open.is_empty() && byte == b'\n';
                if is_end_of_document || self.style.layout == JsonLayout::AsWritten {
                    out.push(byte);
                }
            }
            _ => self.begin(byte, Lexeme::Word, out),
        }
    }

    fn begin(&mut self, byte: u8, lexeme: Lexeme, out: &mut Vec<u8>) {
        self.break_after_bracket(out);
        self.text.push(byte);
        self.lexeme = lexeme;
    }

    /// Appends the string, the number or the word that has ended.
    fn end_lexeme(&mut self, out: &mut Vec<u8>) {
        let role = match (self.lexeme, self.text.as_slice()) {
            (Lexeme::String { .. }, _) if self.expects_name => TextRole::MemberName,
            (Lexeme::String { .. }, _) => TextRole::Text,
            (_, b"null") => TextRole::Null,
            _ => TextRole::Number,
        };
        self.lexeme = Lexeme::Between;
        let text = std::mem::take(&mut self.text);
        self.push(role, &text, out);
        // The memory is kept for the next one.
        self.text = text;
        self.text.clear();
    }

    fn punctuation(&self, byte: u8, out: &mut Vec<u8>) {
        self.push(TextRole::Strong, &[byte], out);
    }

    fn push(&self, role: TextRole, text: &[u8], out: &mut Vec<u8>) {
        match std::str::from_utf8(text) {
            // Memory takes every write.
            Ok(text) if self.style.palette.colour => {
                let _ = write!(out, "{}", self.style.palette.paint(role, text));
            }
            _ => out.extend_from_slice(text),
        }
    }

    fn break_after_bracket(&mut self, out: &mut Vec<u8>) {
        if std::mem::take(&mut self.is_empty) {
            self.break_line(out);
        }
    }

    fn break_line(&self, out: &mut Vec<u8>) {
        if self.style.layout == JsonLayout::Indented {
            out.push(b'\n');
            self.open.iter().for_each(|_| out.extend_from_slice(b"  "));
        }
    }
}

const fn is_in_word(byte: u8) -> bool {
    !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"')
}

/// A writer that paints the JSON that passes through it. It holds back no text that ends with a line break.
#[derive(Debug)]
pub struct PaintingWriter<W> {
    inner: W,
    painter: JsonPainter,
    painted: Vec<u8>,
}

impl<W: Write> PaintingWriter<W> {
    /// Returns a writer at the beginning of a text.
    #[must_use]
    pub const fn new(inner: W, style: JsonStyle) -> Self {
        Self { inner, painter: JsonPainter::new(style), painted: Vec::new() }
    }
}

impl<W: Write> Write for PaintingWriter<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.painted.clear();
        self.painter.paint(text, &mut self.painted);
        self.inner.write_all(&self.painted)?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::{append_compact, append_indented, parse};

    const SAMPLES: [&str; 8] = [
        r#"{"b":1.10,"a":123456789012345678901234567890,"b":1e3,"c":[-0.0,1E+300]}"#,
        r#"{"empty":{},"none":[],"nested":[[],[{}],{"x":[1,[2,3]]}]}"#,
        r#"["a\"b","\\","{\"not\":[1,2]}","é🚀,:[]{}"]"#,
        r#"{"true":true,"false":false,"null":null,"":""}"#,
        r#""a string, alone""#,
        "42",
        "null",
        "[]",
    ];

    fn style(layout: JsonLayout, colour: bool) -> JsonStyle {
        JsonStyle { layout, palette: Palette { colour } }
    }

    fn painted(style: JsonStyle, text: &str) -> String {
        String::from_utf8(style.painted(text.as_bytes())).unwrap()
    }

    fn without_codes(text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once("\u{1b}[") {
            plain.push_str(head);
            rest = tail.split_once('m').unwrap().1;
        }
        plain + rest
    }

    #[test]
    fn indents_as_documents_are_indented() {
        for text in SAMPLES {
            let mut wanted = Vec::new();
            append_indented(&mut wanted, &parse(text.as_bytes()).unwrap(), 0);
            let wanted = String::from_utf8(wanted).unwrap();
            let indented = style(JsonLayout::Indented, false);
            for text in [text, &wanted, &format!(" {text} ")] {
                assert_eq!(painted(indented, text), wanted);
                assert_eq!(without_codes(&painted(style(JsonLayout::Indented, true), text)), wanted);
            }
        }
    }

    #[test]
    fn colour_changes_no_other_byte() {
        for text in SAMPLES {
            let (mut compact, mut indented) = (Vec::new(), Vec::new());
            append_compact(&mut compact, &parse(text.as_bytes()).unwrap());
            append_indented(&mut indented, &parse(text.as_bytes()).unwrap(), 0);
            for text in [compact, indented] {
                let text = String::from_utf8(text).unwrap() + "\n";
                assert_eq!(without_codes(&painted(style(JsonLayout::AsWritten, true), &text)), text);
                assert_eq!(painted(style(JsonLayout::AsWritten, false), &text), text);
            }
        }
    }

    #[test]
    fn pieces_of_any_size_give_the_same_text() {
        for text in SAMPLES {
            for style in [style(JsonLayout::Indented, true), style(JsonLayout::AsWritten, true)] {
                for size in 1..9 {
                    let (mut painter, mut out) = (JsonPainter::new(style), Vec::new());
                    text.as_bytes().chunks(size).for_each(|piece| painter.paint(piece, &mut out));
                    painter.end(&mut out);
                    assert_eq!(out, style.painted(text.as_bytes()), "{text} in pieces of {size}");
                }
            }
        }
    }

    #[test]
    fn a_painting_writer_flushes_the_writer_inside() {
        let sink = io::BufWriter::with_capacity(100, Vec::new());
        let mut writer = PaintingWriter::new(sink, style(JsonLayout::Indented, false));
        writer.write_all(b"[1]\n").unwrap();
        assert!(writer.inner.get_ref().is_empty());
        writer.flush().unwrap();
        assert_eq!(writer.inner.get_ref(), b"[\n  1\n]\n");
    }

    #[test]
    fn colours_names_texts_numbers_and_null_apart() {
        let palette = Palette { colour: true };
        let paint = |role, text| palette.paint(role, text).to_string();
        let wanted = [
            paint(TextRole::Strong, "{"),
            paint(TextRole::MemberName, "\"a\""),
            paint(TextRole::Strong, ":"),
            paint(TextRole::Strong, "["),
            paint(TextRole::Text, "\"b\""),
            paint(TextRole::Strong, ","),
            paint(TextRole::Number, "1"),
            paint(TextRole::Strong, ","),
            paint(TextRole::Null, "null"),
            paint(TextRole::Strong, ","),
            paint(TextRole::Number, "true"),
            paint(TextRole::Strong, "]"),
            paint(TextRole::Strong, "}"),
        ];
        let text = r#"{"a":["b",1,null,true]}"#;
        assert_eq!(painted(style(JsonLayout::AsWritten, true), text), wanted.concat());
    }

    #[test]
    fn each_document_ends_its_line() {
        let indented = style(JsonLayout::Indented, false);
        assert_eq!(painted(indented, "{\"a\":1}\n[2]\n"), "{\n  \"a\": 1\n}\n[\n  2\n]\n");
        assert_eq!(painted(indented.on_one_line(), "{\"a\":1}\n[2]\n"), "{\"a\":1}\n[2]\n");
    }

    #[test]
    fn gives_names_another_colour_than_strings_at_any_depth() {
        let text = r#"{"n1":"s1","n2":["s2",{"n3":"s3","n4":0},"s4"],"n5":"s5"}"#;
        let painted = painted(style(JsonLayout::Indented, true), text);
        let code = |word: &str| {
            let before = painted.split(&format!("\"{word}\"")).next().unwrap();
            before.rsplit_once('\u{1b}').unwrap().1.to_owned()
        };
        let (name, string) = (code("n1"), code("s1"));
        assert_ne!(name, string);
        for word in ["n2", "n3", "n4", "n5"] {
            assert_eq!(code(word), name, "{word}");
        }
        for word in ["s2", "s3", "s4", "s5"] {
            assert_eq!(code(word), string, "{word}");
        }
    }
}
