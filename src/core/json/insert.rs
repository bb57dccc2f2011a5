//! Writes a value into an object at a JSON Pointer (RFC 6901). Existing values are never changed.

use super::{MAX_DEPTH, Member, Value, unescaped};

/// A value that cannot be written at its pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertError {
    /// The part of the pointer that leads to the obstacle.
    pub pointer: String,
    /// The obstacle.
    pub kind: InsertErrorKind,
}

/// The obstacle to writing a value at a JSON Pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertErrorKind {
    /// A value is there already.
    Taken,
    /// The value there has no members and no items.
    NotAContainer {
        /// The type of that value, with its article.
        type_name: &'static str,
    },
    /// The name of a member where an array needs an index.
    NotAnIndex,
    /// An index that leaves a gap after the last item.
    BeyondEnd {
        /// The number of items.
        length: usize,
    },
    /// A `~` that begins no escape (RFC 6901 section 3).
    Escape,
    /// More levels than a JSON text may have.
    TooDeep,
}

/// Writes a value at a JSON Pointer, which must start with `/`. Missing objects and arrays on the way are made: an array
/// where the pointer continues with `0` or `-`, else an object. In an array, `-` and the length append.
///
/// # Errors
/// [`InsertError`] if the place is taken, or cannot be reached.
pub fn insert<'a>(members: &mut Vec<Member<'a>>, pointer: &str, value: Value<'a>) -> Result<(), InsertError> {
    let path = Path { pointer, tokens: pointer.split('/').skip(1).map(unescaped).collect() };
    if !has_sound_escapes(pointer) {
        return Err(path.error(path.tokens.len(), InsertErrorKind::Escape));
    }
    if path.tokens.len() >= MAX_DEPTH {
        return Err(path.error(path.tokens.len(), InsertErrorKind::TooDeep));
    }
    into_object(members, &path, 0, value)
}

/// Reports whether every `~` begins one of the escapes `~0` and `~1`.
#[must_use]
pub fn has_sound_escapes(pointer: &str) -> bool {
    pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

/// A pointer and its tokens, unescaped.
struct Path<'p> {
    pointer: &'p str,
    tokens: Vec<String>,
}

impl Path<'_> {
    fn token(&self, level: usize) -> &str {
        self.tokens.get(level).map_or("", String::as_str)
    }

    fn is_last(&self, level: usize) -> bool {
        level + 1 >= self.tokens.len()
    }

    /// Returns the error of an obstacle behind the first tokens.
    fn error(&self, tokens: usize, kind: InsertErrorKind) -> InsertError {
        let end = self.pointer.match_indices('/').nth(tokens).map_or(self.pointer.len(), |(end, _)| end);
        InsertError { pointer: self.pointer.get(..end).unwrap_or_default().to_owned(), kind }
    }

    /// Returns the value wrapped in the objects and arrays that the tokens from a level on name.
    fn wrapped<'a>(&self, level: usize, value: Value<'a>) -> Value<'a> {
        let tokens = self.tokens.get(level..).unwrap_or_default();
        tokens.iter().rev().fold(value, |value, token| match token.as_str() {
            "0" | "-" => Value::Array(vec![value]),
            name => Value::Object(vec![Member::new(name.to_owned(), value)]),
        })
    }
}

fn into_object<'a>(
    members: &mut Vec<Member<'a>>,
    path: &Path<'_>,
    level: usize,
    value: Value<'a>,
) -> Result<(), InsertError> {
    let name = path.token(level);
    match members.iter_mut().find(|member| member.name == name) {
        None => members.push(Member::new(name.to_owned(), path.wrapped(level + 1, value))),
        Some(_) if path.is_last(level) => return Err(path.error(level + 1, InsertErrorKind::Taken)),
        Some(member) => return into(&mut member.value, path, level + 1, value),
    }
    Ok(())
}

fn into_array<'a>(
    items: &mut Vec<Value<'a>>,
    path: &Path<'_>,
    level: usize,
    value: Value<'a>,
) -> Result<(), InsertError> {
    let length = items.len();
    let index = match path.token(level) {
        "-" => length,
        token => index(token).ok_or_else(|| path.error(level + 1, InsertErrorKind::NotAnIndex))?,
    };
    match items.get_mut(index) {
        Some(_) if path.is_last(level) => Err(path.error(level + 1, InsertErrorKind::Taken)),
        Some(item) => into(item, path, level + 1, value),
        None if index == length => {
            items.push(path.wrapped(level + 1, value));
            Ok(())
        }
        None => Err(path.error(level + 1, InsertErrorKind::BeyondEnd { length })),
    }
}

fn into<'a>(
    place: &mut Value<'a>,
    path: &Path<'_>,
    level: usize,
    value: Value<'a>,
) -> Result<(), InsertError> {
    match place {
        Value::Object(members) => into_object(members, path, level, value),
        Value::Array(items) => into_array(items, path, level, value),
        other => Err(path.error(level, InsertErrorKind::NotAContainer { type_name: other.type_name() })),
    }
}

/// Parses an index: digits without a leading zero (RFC 6901 section 4).
fn index(token: &str) -> Option<usize> {
    let is_index = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| is_index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn inserted(object: &str, pointer: &str) -> Result<String, (String, InsertErrorKind)> {
        let Value::Object(mut members) = parse(object.as_bytes()).unwrap() else { panic!() };
        insert(&mut members, pointer, Value::integer(7)).map_err(|error| (error.pointer, error.kind))?;
        Ok(Value::Object(members).to_string())
    }

    #[test]
    fn creates_missing_objects_and_arrays() {
        for (object, pointer, result) in [
            ("{}", "/a", r#"{"a":7}"#),
            ("{}", "/a/b/c", r#"{"a":{"b":{"c":7}}}"#),
            ("{}", "/a/0", r#"{"a":[7]}"#),
            ("{}", "/a/-/b", r#"{"a":[{"b":7}]}"#),
            ("{}", "/a/2026", r#"{"a":{"2026":7}}"#),
            ("{}", "/", r#"{"":7}"#),
            ("{}", "/a~1b/c~0d", r#"{"a/b":{"c~d":7}}"#),
            (r#"{"a":{"b":1}}"#, "/a/c", r#"{"a":{"b":1,"c":7}}"#),
            (r#"{"a":[1]}"#, "/a/1", r#"{"a":[1,7]}"#),
            (r#"{"a":[1]}"#, "/a/-", r#"{"a":[1,7]}"#),
            (r#"{"a":[{"b":1}]}"#, "/a/0/c", r#"{"a":[{"b":1,"c":7}]}"#),
            (r#"{"a":{"b":1}}"#, "/a/0", r#"{"a":{"b":1,"0":7}}"#),
        ] {
            assert_eq!(inserted(object, pointer), Ok(result.to_owned()), "{object} {pointer}");
        }
    }

    #[test]
    fn says_where_a_value_cannot_be_written() {
        let string = InsertErrorKind::NotAContainer { type_name: "a string" };
        for (object, pointer, place, kind) in [
            (r#"{"a":1}"#, "/a", "/a", InsertErrorKind::Taken),
            (r#"{"a":{"b":null}}"#, "/a/b", "/a/b", InsertErrorKind::Taken),
            (r#"{"a":[1]}"#, "/a/0", "/a/0", InsertErrorKind::Taken),
            (r#"{"a":{"b":"x"}}"#, "/a/b/c/d", "/a/b", string),
            (r#"{"a":[]}"#, "/a/b/c", "/a/b", InsertErrorKind::NotAnIndex),
            (r#"{"a":[]}"#, "/a/00", "/a/00", InsertErrorKind::NotAnIndex),
            (r#"{"a":[1]}"#, "/a/3/x", "/a/3", InsertErrorKind::BeyondEnd { length: 1 }),
            ("{}", "/a~2/b", "/a~2/b", InsertErrorKind::Escape),
            ("{}", "/a~", "/a~", InsertErrorKind::Escape),
        ] {
            assert_eq!(inserted(object, pointer), Err((place.to_owned(), kind)), "{object} {pointer}");
        }
        let deep = "/a".repeat(MAX_DEPTH);
        assert_eq!(inserted("{}", &deep), Err((deep.clone(), InsertErrorKind::TooDeep)));
    }
}
