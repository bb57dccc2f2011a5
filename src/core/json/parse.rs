//! Reading strict JSON: the grammar of RFC 8259 and nothing beside it, with the place of what breaks it.

use super::{Member, Value};
use std::borrow::Cow;
use std::fmt;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 128;

/// What is wrong with a text that is not strict JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes are not UTF-8.
    Utf8,
    /// The text breaks the grammar; what was expected instead.
    Syntax(&'static str),
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
}

/// Why a text is not JSON, and where: `offset` counts bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where, in bytes.
    pub offset: usize,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::Utf8 => write!(f, "not UTF-8 at offset {}", self.offset),
            FaultKind::Syntax(expected) => write!(f, "not JSON at offset {}: {expected}", self.offset),
            FaultKind::TooDeep => {
                write!(f, "nested deeper than {MAX_DEPTH} levels at offset {}", self.offset)
            }
        }
    }
}

/// Parses one JSON text; nothing but white space may follow it.
///
/// # Errors
/// A [`Fault`] that names the place. Duplicate names are no fault here: see [`Value::first_duplicate`].
pub fn parse(bytes: &[u8]) -> Result<Value<'_>, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault { kind: FaultKind::Utf8, offset: error.valid_up_to() })?;
    let mut parser = Parser { text, at: 0, depth: 0 };
    parser.skip_white_space();
    let value = parser.value()?;
    parser.skip_white_space();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.expected("the end of the text was expected")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    /// The bytes from here on.
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) -> usize {
        let skipped = self.rest().iter().take_while(|byte| accept(**byte)).count();
        self.at += skipped;
        skipped
    }

    /// Skips what stands in a string for itself, eight bytes at a time.
    fn skip_plain(&mut self) {
        let mut skipped = 0;
        let (words, _) = self.rest().as_chunks::<8>();
        for word in words {
            let special = first_special(u64::from_le_bytes(*word));
            skipped += special;
            if special < 8 {
                self.at += skipped;
                return;
            }
        }
        self.at += skipped;
        self.skip_while(is_plain);
    }

    fn skip_white_space(&mut self) {
        // Nearly always there is none.
        if self.peek().is_some_and(|byte| byte > b' ') {
            return;
        }
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// The text from `from` to here. Only ASCII bounds are ever asked for.
    fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    const fn expected(&self, what: &'static str) -> Fault {
        Fault { kind: FaultKind::Syntax(what), offset: self.at }
    }

    fn value(&mut self) -> Result<Value<'a>, Fault> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.expected("a value was expected")),
        }
    }

    fn word(&mut self, word: &'static str, value: Value<'a>) -> Result<Value<'a>, Fault> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.expected("a value was expected"))
        }
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Result<Value<'a>, Fault>) -> Result<Value<'a>, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(Fault { kind: FaultKind::TooDeep, offset: self.at });
        }
        self.depth += 1;
        self.at += 1;
        self.skip_white_space();
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<Value<'a>, Fault> {
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.skip_white_space();
            items.push(self.value()?);
            self.skip_white_space();
            if self.eat(b']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `]` was expected"));
            }
        }
    }

    fn object(&mut self) -> Result<Value<'a>, Fault> {
        if self.eat(b'}') {
            return Ok(Value::Object(Vec::new()));
        }
        // A claims set has about so many; the objects inside it, of which there may be very many, grow by themselves.
        let mut members = Vec::with_capacity(if self.depth == 1 { 8 } else { 1 });
        loop {
            self.skip_white_space();
            if self.peek() != Some(b'"') {
                return Err(self.expected("a member name in quotes was expected"));
            }
            let name = self.string()?;
            self.skip_white_space();
            if !self.eat(b':') {
                return Err(self.expected("`:` was expected"));
            }
            self.skip_white_space();
            members.push(Member { name, value: self.value()? });
            self.skip_white_space();
            if self.eat(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `}` was expected"));
            }
        }
    }

    fn number(&mut self) -> Result<Value<'a>, Fault> {
        let from = self.at;
        self.eat(b'-');
        if !self.eat(b'0') && self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
            return Err(self.expected("a digit was expected"));
        }
        if self.eat(b'.') && self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
            return Err(self.expected("a digit was expected after the point"));
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            if self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
                return Err(self.expected("a digit was expected in the exponent"));
            }
        }
        Ok(Value::Number(Cow::Borrowed(self.since(from))))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let from = self.at;
        self.skip_plain();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(self.text.get(from..self.at - 1).unwrap_or_default()));
        }
        let mut text = self.since(from).to_owned();
        loop {
            let from = self.at;
            self.skip_plain();
            text.push_str(self.since(from));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.expected("a control character must be escaped in a string")),
                None => return Err(self.expected("the string does not end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.at += 2;
        Ok(match self.text.as_bytes().get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => return Err(Fault { kind: FaultKind::Syntax("no such escape"), offset: start }),
        })
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Fault> {
        let lone =
            Fault { kind: FaultKind::Syntax("half of a surrogate pair is no character"), offset: start };
        let first = self.hex4()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return Err(lone);
                }
                match self.hex4()? {
                    second @ 0xDC00..=0xDFFF => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => return Err(lone),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or(lone)
    }

    fn hex4(&mut self) -> Result<u32, Fault> {
        let from = self.at;
        let digits = self.skip_while(|byte| byte.is_ascii_hexdigit()).min(4);
        self.at = from + digits;
        match u32::from_str_radix(self.since(from), 16) {
            Ok(code) if digits == 4 => Ok(code),
            _ => Err(self.expected("four hexadecimal digits were expected")),
        }
    }
}

/// How many of eight bytes, the lowest first, stand for themselves before the first that does not: a control character, a
/// quote or a backslash. A byte of zero after the subtraction borrows from its neighbours above, never from those below,
/// so that the first one found is right.
const fn first_special(word: u64) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let special = (quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | control;
    (special & HIGH).trailing_zeros() as usize / 8
}

const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}
