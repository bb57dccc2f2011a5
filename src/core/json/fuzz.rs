//! The fuzz target of JSON. serde_json must accept the same texts and read the same values, and each text that is written must
//! read as the value that it came from.

use super::{
    JsonLayout, JsonPainter, JsonStyle, NameSet, Slip, Value, append_compact, append_indented, copy_object,
    parse, parse_with_offsets, pointer_to,
};
use crate::core::text::escape::Escapes;
use crate::core::text::palette::Palette;
use std::collections::HashSet;

/// Parses a text, and writes it in every form.
pub fn json(bytes: &[u8]) {
    let parsed = parse(bytes);
    let other = serde_json::from_slice::<serde_json::Value>(bytes);
    let value = match (parsed, other) {
        (Err(error), other) => {
            assert!(error.offset <= bytes.len());
            assert!(other.is_err() || super::JsonErrorKind::TooDeep == error.kind, "{error:?}");
            assert_eq!(parse_with_offsets(bytes).err(), Some(error));
            let _ = Slip::find(bytes, &error);
            return;
        }
        // serde_json reads numbers as doubles, and refuses those beyond.
        (Ok(value), Err(error)) => {
            let text = error.to_string();
            assert!(text.starts_with("number out of range") || text.starts_with("recursion limit"), "{text}");
            value
        }
        (Ok(value), Ok(other)) => {
            assert_same(&value, &other);
            value
        }
    };
    assert!(value.same(&value));
    assert_eq!(value.first_duplicate().is_some(), has_duplicate(&value));
    assert_offsets(bytes, &value);
    assert_pointers(&value);
    assert_forms(&value);
    assert_copied(bytes, &value);
}

/// Asserts that serde_json read the same value. Of two members with one name, it keeps the last.
fn assert_same(value: &Value<'_>, other: &serde_json::Value) {
    match (value, other) {
        (Value::Null, serde_json::Value::Null) => {}
        (Value::Bool(a), serde_json::Value::Bool(b)) => assert_eq!(a, b),
        (Value::Number(a), serde_json::Value::Number(b)) => {
            // serde_json rounds the last digits of a double differently.
            let (ours, theirs) = (a.parse::<f64>().unwrap_or_default(), b.as_f64().unwrap_or_default());
            assert!((ours - theirs).abs() <= theirs.abs() * 1e-15, "{a} {b}");
        }
        (Value::String(a), serde_json::Value::String(b)) => assert_eq!(a, b),
        (Value::Array(a), serde_json::Value::Array(b)) => {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(a, b)| assert_same(a, b));
        }
        (Value::Object(members), serde_json::Value::Object(other)) => {
            let names: HashSet<&str> = members.iter().map(|member| &*member.name).collect();
            assert_eq!(names.len(), other.len());
            for (name, other) in other {
                let last = members.iter().rev().find(|member| member.name == *name);
                assert!(last.is_some(), "{name:?}");
                last.iter().for_each(|member| assert_same(&member.value, other));
            }
        }
        _ => assert_eq!(value.to_string(), other.to_string(), "these have different types"),
    }
}

fn has_duplicate(value: &Value<'_>) -> bool {
    let mut names = HashSet::new();
    match value {
        Value::Object(members) => {
            members.iter().any(|member| !names.insert(&*member.name) || has_duplicate(&member.value))
        }
        Value::Array(items) => items.iter().any(has_duplicate),
        _ => false,
    }
}

/// Asserts that each offset is that of a name or a value, in the order of the text.
fn assert_offsets(bytes: &[u8], value: &Value<'_>) {
    fn count(value: &Value<'_>) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
            Value::Object(members) => {
                1 + members.iter().map(|member| 1 + count(&member.value)).sum::<usize>()
            }
            _ => 1,
        }
    }
    let recorded = parse_with_offsets(bytes);
    assert_eq!(recorded.as_ref().map(|(value, _)| value), Ok(value));
    let offsets = recorded.map(|(_, offsets)| offsets).unwrap_or_default();
    assert_eq!(offsets.len(), count(value));
    assert!(offsets.is_sorted_by(|a, b| a < b));
    let begins = |offset: &usize| bytes.get(*offset).is_some_and(|byte| b"{[\"tfn-0123456789".contains(byte));
    assert!(offsets.iter().all(begins));
}

/// Asserts that a JSON Pointer to a member or an item leads to it.
fn assert_pointers(value: &Value<'_>) {
    for member in value.members() {
        assert_eq!(value.pointer(&pointer_to(&member.name)), value.get(&member.name));
    }
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            assert_eq!(value.pointer(&format!("/{index}")), Some(item));
        }
    }
    if let Some(pointer) = value.first_duplicate() {
        assert!(value.pointer(&pointer).is_some(), "{pointer}");
    }
}

/// Asserts that every written form reads as the value, and that colours and layouts change nothing else.
fn assert_forms(value: &Value<'_>) {
    let mut compact = Vec::new();
    append_compact(&mut compact, value);
    assert_eq!(compact, value.to_string().into_bytes());
    assert_eq!(parse(&compact).as_ref(), Ok(value));
    let mut indented = Vec::new();
    append_indented(&mut indented, value, 0);
    assert_eq!(parse(&indented).as_ref(), Ok(value));
    for escapes in [Escapes::Needed, Escapes::Ascii] {
        let mut text = String::new();
        assert!(value.write(&mut text, escapes).is_ok());
        assert_eq!(parse(text.as_bytes()).as_ref(), Ok(value));
    }
    for (layout, colour) in
        [(JsonLayout::AsWritten, true), (JsonLayout::Indented, false), (JsonLayout::Indented, true)]
    {
        let style = JsonStyle { layout, palette: Palette { colour } };
        let painted = style.painted(&compact);
        assert_eq!(parse(&without_colours(&painted)).as_ref(), Ok(value));
        for size in [1, 3] {
            let (mut painter, mut out) = (JsonPainter::new(style), Vec::new());
            compact.chunks(size).for_each(|piece| painter.paint(piece, &mut out));
            painter.end(&mut out);
            assert_eq!(out, painted, "{}", String::from_utf8_lossy(&compact));
        }
    }
}

/// Removes escape sequences of colours. Strings of a painted text have no raw escape character.
fn without_colours(painted: &[u8]) -> Vec<u8> {
    let mut is_escape = false;
    let keep = |byte: &u8| {
        let was_escape = is_escape;
        is_escape = if was_escape { *byte != b'm' } else { *byte == 0x1B };
        !was_escape && !is_escape
    };
    painted.iter().copied().filter(keep).collect()
}

/// Asserts that a copy without white space, where there is one, is what parsing and writing give.
fn assert_copied(bytes: &[u8], value: &Value<'_>) {
    let (mut copied, mut names, members) = (Vec::new(), NameSet::default(), value.members());
    let watched = members.last().map_or("iat", |member| &*member.name);
    if let Some(found) = copy_object(bytes, &mut copied, &mut names, watched) {
        assert!(matches!(value, Value::Object(_)) && value.first_duplicate().is_none());
        let found = found.map(|text| parse(text).ok());
        assert_eq!(found, value.get(watched).map(|value| Some(value.clone())));
        let mut written = String::new();
        assert!(value.write(&mut written, Escapes::Needed).is_ok());
        assert_eq!(String::from_utf8_lossy(&copied), written);
    }
}
