//! JSON values as they were received. This file knows what a value is, and not how it is read or written.

use super::Decimal;
use std::borrow::Cow;

/// A JSON value as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, digit for digit.
    Number(Cow<'a, str>),
    /// A string, its escapes resolved.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object: its members in order, duplicates kept.
    Object(Vec<Member<'a>>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// The name, its escapes resolved.
    pub name: Cow<'a, str>,
    /// The value.
    pub value: Value<'a>,
}

impl<'a> Value<'a> {
    /// Returns a string value.
    pub fn string(text: impl Into<Cow<'a, str>>) -> Self {
        Self::String(text.into())
    }

    /// Returns a whole number as a value.
    #[must_use]
    pub fn integer(number: i64) -> Self {
        Self::Number(Cow::Owned(number.to_string()))
    }

    /// Returns the text of a string, or `None` for any other type.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the JSON type with its article, for messages.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Returns the members of an object, or an empty slice for any other type.
    #[must_use]
    pub fn members(&self) -> &[Member<'a>] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// Returns the value of the first member with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        find(self.members(), name)
    }

    /// Reports whether two values mean the same: numbers by value (`1` is `1.0`), members in any order.
    #[must_use]
    pub fn same(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(a), Value::Bool(b)) => a == b,
            (Self::String(a), Value::String(b)) => a == b,
            (Self::Number(a), Value::Number(b)) => a == b || Decimal::parse(a) == Decimal::parse(b),
            (Self::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Self::Object(a), Value::Object(b)) => same_members(a, b),
            _ => false,
        }
    }

    /// Returns a copy that does not borrow the bytes it was read from.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(digits) => Value::Number(Cow::Owned(digits.into_owned())),
            Self::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Self::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Self::Object(members) => Value::Object(members.into_iter().map(Member::into_owned).collect()),
        }
    }
}

impl<'a> Member<'a> {
    /// Returns a member with this name and value.
    pub fn new(name: impl Into<Cow<'a, str>>, value: Value<'a>) -> Self {
        Self { name: name.into(), value }
    }

    /// Reports whether the member owns no memory.
    #[must_use]
    #[inline]
    pub const fn is_borrowed(&self) -> bool {
        matches!(self.name, Cow::Borrowed(_))
            && matches!(
                self.value,
                Value::Null
                    | Value::Bool(_)
                    | Value::Number(Cow::Borrowed(_))
                    | Value::String(Cow::Borrowed(_))
            )
    }

    /// Returns a copy that does not borrow the bytes it was read from.
    #[must_use]
    pub fn into_owned(self) -> Member<'static> {
        Member { name: Cow::Owned(self.name.into_owned()), value: self.value.into_owned() }
    }
}

/// Returns the value of the first member with this name.
#[must_use]
pub fn find<'m, 'a>(members: &'m [Member<'a>], name: &str) -> Option<&'m Value<'a>> {
    members.iter().find(|member| member.name == name).map(|member| &member.value)
}

/// Reports whether two objects have the same members, in any order. Members of one name are compared in their order, so that
/// an object with a duplicate name is the same as itself.
fn same_members(a: &[Member<'_>], b: &[Member<'_>]) -> bool {
    fn sorted<'m, 'a>(members: &'m [Member<'a>]) -> Vec<&'m Member<'a>> {
        let mut sorted: Vec<_> = members.iter().collect();
        // The sort keeps the order of equal names.
        sorted.sort_by(|one, other| one.name.cmp(&other.name));
        sorted
    }
    let is_same = |(a, b): (&Member<'_>, &Member<'_>)| a.name == b.name && a.value.same(&b.value);
    if a.len() != b.len() {
        return false;
    }
    // Values are compared once only: a second comparison at each level would double the time with each level.
    if a.iter().zip(b).all(|(a, b)| a.name == b.name) {
        return a.iter().zip(b).all(is_same);
    }
    sorted(a).into_iter().zip(sorted(b)).all(is_same)
}

#[cfg(test)]
mod tests {
    use crate::core::json::parse;

    #[test]
    fn a_member_is_borrowed_unless_a_part_of_it_owns_memory() {
        let is_borrowed = |json: &str| parse(json.as_bytes()).unwrap().members()[0].is_borrowed();
        for json in [r#"{"a":1}"#, r#"{"a":"x"}"#, r#"{"a":true}"#, r#"{"a":null}"#] {
            assert!(is_borrowed(json), "{json}");
        }
        for json in [r#"{"\u0061":1}"#, r#"{"a":"\n"}"#, r#"{"a":[]}"#, r#"{"a":{"b":1}}"#] {
            assert!(!is_borrowed(json), "{json}");
        }
    }

    #[test]
    fn compares_numbers_by_value() {
        for (a, b) in [("1", "1.0"), ("1e3", "1000"), ("0", "-0.0"), ("12.50", "1.25e1")] {
            assert!(parse(a.as_bytes()).unwrap().same(&parse(b.as_bytes()).unwrap()), "{a} {b}");
        }
        for (a, b) in [("1", "-1"), ("1", "\"1\""), ("9007199254740993", "9007199254740992")] {
            assert!(!parse(a.as_bytes()).unwrap().same(&parse(b.as_bytes()).unwrap()), "{a} {b}");
        }
    }

    #[test]
    fn an_object_is_the_same_as_itself() {
        for object in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"b":2,"a":{"c":1,"c":2}}"#,
            r#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"a":10}"#,
        ] {
            let value = parse(object.as_bytes()).unwrap();
            assert!(value.same(&value), "{object}");
        }
    }

    #[test]
    fn compares_objects_in_any_order() {
        let same = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| parse(text.as_bytes()).unwrap());
            assert_eq!(a.same(&b), b.same(&a));
            a.same(&b)
        };
        assert!(same(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#));
        assert!(same(r#"{"a":1,"b":2,"a":3}"#, r#"{"b":2,"a":1,"a":3}"#));
        assert!(!same(r#"{"a":1,"a":2}"#, r#"{"a":2,"a":1}"#));
        assert!(!same(r#"{"a":1,"a":1}"#, r#"{"a":1,"b":1}"#));
        assert!(!same(r#"{"a":1}"#, r#"{"a":1,"b":1}"#));
        let many = |names: &mut dyn Iterator<Item = usize>| {
            let members: Vec<String> = names.map(|name| format!("\"{name}\":{name}")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(same(&many(&mut (0..99)), &many(&mut (0..99).rev())));
        assert!(!same(&many(&mut (0..99)), &many(&mut (1..100).rev())));
    }
}
