//! Writes documents: anything that serde can serialize, as compact or indented JSON with hostile characters escaped. The
//! layout is that of `serde_json`. Its writer looks at the bytes of a string one by one; this one looks at many at once.

use crate::core::text::escape::{EscapingWriter, push_quoted};
use serde::Serialize;
use serde::ser::{
    Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct, Serializer,
};
use std::fmt::{Display, Error, Write as _};

/// Appends a document on one line, without a line break at its end.
pub(crate) fn append_compact(out: &mut Vec<u8>, document: &impl Serialize) {
    append(DocumentWriter::<false> { out, depth: 0 }, document);
}

/// Appends a document with one member per line, without a line break at its end. Every line but the first is indented by
/// `depth` steps more, for a document inside another one.
pub(crate) fn append_indented(out: &mut Vec<u8>, document: &impl Serialize, depth: usize) {
    append(DocumentWriter::<true> { out, depth }, document);
}

fn append<const INDENTED: bool>(writer: DocumentWriter<'_, INDENTED>, document: &impl Serialize) {
    // Memory takes every write, and documents have no values that the writer refuses.
    let outcome = document.serialize(writer);
    debug_assert!(outcome.is_ok(), "the document cannot be written");
}

/// A serializer that writes into memory. Bytes are JSON, written as they are: the digits of a number, or on a single line an
/// object that was received in this form. Names of fields and variants are not looked at either: they are those of the program,
/// and hold nothing to escape.
///
/// The layout is a parameter of the type, so that a document on one line costs nothing for the line breaks that it lacks. Functions
/// are inlined where the compiler then knows a name: it copies the name without a call, and does not look at its bytes.
struct DocumentWriter<'o, const INDENTED: bool> {
    out: &'o mut Vec<u8>,
    /// The number of objects and arrays around the current place.
    depth: usize,
}

impl<'o, const INDENTED: bool> DocumentWriter<'o, INDENTED> {
    #[inline]
    fn open(self, bracket: u8, close: u8) -> OpenContainer<'o, INDENTED> {
        self.out.push(bracket);
        OpenContainer { out: self.out, depth: self.depth + 1, is_empty: true, close }
    }

    #[inline]
    fn name(self, name: &'static str) {
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'"');
    }
}

/// An object or an array that is not closed yet.
struct OpenContainer<'o, const INDENTED: bool> {
    out: &'o mut Vec<u8>,
    /// The number of objects and arrays around its members.
    depth: usize,
    is_empty: bool,
    close: u8,
}

/// Starts a line, behind a comma unless the line is the `first` of its object or array.
///
/// The length of the copy is constant, and what is too much is cut off. That takes 12 instructions, and a call of the function that
/// copies any length takes 35. A token of `inspect --json` has fifty such lines.
#[inline(always)]
fn break_line(out: &mut Vec<u8>, depth: usize, first: bool) {
    const DEEPEST: usize = 15;
    const BREAK: &[u8; 3 + 2 * DEEPEST] = b",\n                               ";
    let skipped = usize::from(first);
    let end = out.len() + 2 - skipped + 2 * depth;
    match BREAK.get(skipped..).and_then(<[u8]>::first_chunk::<{ 2 + 2 * DEEPEST }>) {
        Some(text) if depth <= DEEPEST => {
            out.extend_from_slice(text);
            out.truncate(end);
        }
        _ => {
            out.extend_from_slice(if first { b"\n" } else { b",\n" });
            out.resize(end, b' ');
        }
    }
}

impl<const INDENTED: bool> OpenContainer<'_, INDENTED> {
    #[inline]
    fn separate(&mut self) {
        let first = std::mem::replace(&mut self.is_empty, false);
        if INDENTED {
            break_line(self.out, self.depth, first);
        } else if !first {
            self.out.push(b',');
        }
    }

    #[inline]
    fn writer(&mut self) -> DocumentWriter<'_, INDENTED> {
        DocumentWriter { out: self.out, depth: self.depth }
    }

    #[inline(always)]
    fn element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.separate();
        value.serialize(self.writer())
    }

    #[inline]
    fn value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.out.extend_from_slice(if INDENTED { b": " } else { b":" });
        value.serialize(self.writer())
    }

    #[inline]
    fn close(mut self) -> Result<(), Error> {
        self.depth -= 1;
        if INDENTED && !self.is_empty {
            break_line(self.out, self.depth, true);
        }
        self.out.push(self.close);
        Ok(())
    }
}

impl<const INDENTED: bool> SerializeSeq for OpenContainer<'_, INDENTED> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl<const INDENTED: bool> SerializeTuple for OpenContainer<'_, INDENTED> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl<const INDENTED: bool> SerializeMap for OpenContainer<'_, INDENTED> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_key<T: ?Sized + Serialize>(&mut self, name: &T) -> Result<(), Error> {
        self.element(name)
    }

    #[inline]
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    // A document of `verify` has twenty entries. Known names save 60 instructions for each.
    #[inline(always)]
    fn serialize_entry<K: ?Sized + Serialize, V: ?Sized + Serialize>(
        &mut self,
        name: &K,
        value: &V,
    ) -> Result<(), Error> {
        self.element(name)?;
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

/// Pieces of JSON, written one after the other with nothing between them. In an indented document they have no line breaks.
struct Pieces<'o, const INDENTED: bool>(&'o mut Vec<u8>);

impl<const INDENTED: bool> SerializeTupleStruct for Pieces<'_, INDENTED> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: ?Sized + Serialize>(&mut self, piece: &T) -> Result<(), Error> {
        piece.serialize(DocumentWriter::<INDENTED> { out: self.0, depth: 0 })
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

impl<const INDENTED: bool> SerializeStruct for OpenContainer<'_, INDENTED> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.separate();
        self.writer().name(name);
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

macro_rules! numbers {
    ($($name:ident($type:ty)),+ $(,)?) => {$(
        fn $name(self, value: $type) -> Result<(), Error> {
            self.serialize_i64(value.into())
        }
    )+};
}

impl<'o, const INDENTED: bool> Serializer for DocumentWriter<'o, INDENTED> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = OpenContainer<'o, INDENTED>;
    type SerializeTuple = OpenContainer<'o, INDENTED>;
    type SerializeTupleStruct = Pieces<'o, INDENTED>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = OpenContainer<'o, INDENTED>;
    type SerializeStruct = OpenContainer<'o, INDENTED>;
    type SerializeStructVariant = Impossible<(), Error>;

    /// Reports whether the document is indented. If not, it may hold objects as bytes.
    fn is_human_readable(&self) -> bool {
        INDENTED
    }

    numbers!(
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
    );

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        if value < 0 {
            self.out.push(b'-');
        }
        self.serialize_u64(value.unsigned_abs())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    // Documents hold no fractions but those of tokens, which are kept as digits.
    fn serialize_f32(self, _: f32) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline(always)]
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        push_quoted(self.out, value);
        Ok(())
    }

    fn collect_str<T: ?Sized + Display>(self, value: &T) -> Result<(), Error> {
        self.out.push(b'"');
        write!(EscapingWriter(self.out), "{value}")?;
        self.out.push(b'"');
        Ok(())
    }

    #[inline]
    fn serialize_bytes(self, json: &[u8]) -> Result<(), Error> {
        self.out.extend_from_slice(json);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.name(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    // Documents have no variants with content.
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        Ok(Pieces(self.out))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;
    use std::collections::BTreeMap;

    /// Members of every type that documents hold.
    #[derive(Serialize)]
    struct Sample<'a> {
        texts: Vec<&'a str>,
        optional: [Option<i64>; 2],
        pair: (bool, char),
        none: Vec<u8>,
        map: BTreeMap<&'a str, BTreeMap<&'a str, u64>>,
        empty: BTreeMap<&'a str, u64>,
        unit: (),
    }

    fn sample<'a>(texts: &[&'a str]) -> Sample<'a> {
        let inner = BTreeMap::from([("x", u64::MAX), ("y", 0)]);
        Sample {
            texts: texts.to_vec(),
            optional: [None, Some(i64::MIN)],
            pair: (true, 'é'),
            none: Vec::new(),
            map: BTreeMap::from([("inner", inner), ("none", BTreeMap::new())]),
            empty: BTreeMap::new(),
            unit: (),
        }
    }

    fn compact(document: &impl Serialize) -> String {
        let mut out = Vec::new();
        append_compact(&mut out, document);
        String::from_utf8(out).unwrap()
    }

    fn indented(document: &impl Serialize, depth: usize) -> String {
        let mut out = Vec::new();
        append_indented(&mut out, document, depth);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_the_layout_of_serde_json() {
        let sample = sample(&["", "plain", "a \"quoted\" text of many letters \\ é 🚀"]);
        assert_eq!(compact(&sample), serde_json::to_string(&sample).unwrap());
        let pretty = serde_json::to_string_pretty(&sample).unwrap();
        assert_eq!(indented(&sample, 0), pretty);
        assert_eq!(indented(&sample, 2), pretty.replace('\n', "\n    "));
    }

    #[test]
    fn breaks_lines_at_any_depth() {
        for depth in 0..40 {
            for (first, comma) in [(true, ""), (false, ",")] {
                let mut out = b"x".to_vec();
                break_line(&mut out, depth, first);
                assert_eq!(String::from_utf8(out).unwrap(), format!("x{comma}\n{}", "  ".repeat(depth)));
            }
        }
    }

    #[test]
    fn escapes_hostile_characters_at_any_place() {
        let hostile = ["\u{9b}31m", "\u{7f}", "\n", "\u{2066}", "\0", "\u{1f}"];
        for (before, hostile) in (0..18).flat_map(|before| hostile.map(|hostile| (before, hostile))) {
            let text = format!("{}{hostile}{}\"é", "a".repeat(before), "b".repeat(9));
            let written = compact(&text.as_str());
            assert!(written.bytes().all(|byte| byte != 0x7f && byte >= b' '), "{written}");
            assert!(!written.contains(['\u{9b}', '\u{2066}']), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
        assert_eq!(indented(&["a\u{9b}31m\u{7f}\n\u{2066}"], 0), "[\n  \"a\\u009b31m\\u007f\\n\\u2066\"\n]");
        assert_eq!(compact(&Some('\u{7f}')), r#""\u007f""#);
    }

    #[test]
    fn keeps_every_digit() {
        let text = r#"{"n":123456789012345678901234567890,"n":1.10,"m":[-0,1E+3]}"#;
        assert_eq!(compact(&parse(text.as_bytes()).unwrap()), text);
    }

    /// An object whose names and values come one by one, around a wrapped value.
    struct InSteps;

    #[derive(Serialize)]
    struct Wrapped(u8);

    #[derive(Serialize)]
    struct Empty;

    #[derive(Serialize)]
    enum Variant {
        Newtype(u8),
        Tuple(u8, u8),
        Struct { a: u8 },
    }

    impl Serialize for InSteps {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            for name in ["a", "b"] {
                map.serialize_key(name)?;
                map.serialize_value(&Wrapped(7))?;
            }
            map.end()
        }
    }

    #[test]
    fn writes_an_empty_struct_as_null() {
        assert_eq!(compact(&Empty), "null");
    }

    #[test]
    fn refuses_fractions_and_variants_with_content() {
        fn is_refused(value: &impl Serialize) -> bool {
            let mut out = Vec::new();
            value.serialize(DocumentWriter::<false> { out: &mut out, depth: 0 }).is_err() && out.is_empty()
        }
        assert!(is_refused(&1.5_f32) && is_refused(&1.5_f64));
        for variant in [Variant::Newtype(1), Variant::Tuple(1, 2), Variant::Struct { a: 1 }] {
            assert!(is_refused(&variant));
        }
        assert!(!is_refused(&1));
    }

    #[test]
    fn writes_names_and_values_that_come_one_by_one() {
        assert_eq!(compact(&InSteps), r#"{"a":7,"b":7}"#);
        assert_eq!(indented(&InSteps, 0), serde_json::to_string_pretty(&InSteps).unwrap());
    }
}
