//! Finding duplicate names. The parser keeps them, so that reports can show them; callers reject them here
//! (RFC 7515 section 4, RFC 7519 section 4).

use super::{Member, Value, pointer_to};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The number of names up to which comparing them is faster than hashing. A hostile token may hold a hundred thousand.
const FEW: usize = 16;

/// Reports for each member in order whether an earlier member has the same name.
pub fn repeated<'m>(members: &'m [Member<'_>]) -> impl Iterator<Item = bool> + 'm {
    let mut seen = HashSet::new();
    members.iter().enumerate().map(move |(index, member)| {
        if members.len() <= FEW {
            members.iter().take(index).any(|earlier| earlier.name == member.name)
        } else {
            !seen.insert(&*member.name)
        }
    })
}

/// Returns the first member whose name an earlier member has.
#[must_use]
pub fn first_repeated<'m, 'a>(members: &'m [Member<'a>]) -> Option<&'m Member<'a>> {
    members.iter().zip(repeated(members)).find_map(|(member, repeated)| repeated.then_some(member))
}

/// A step from a value to one inside it.
#[derive(Clone, Copy)]
enum PathStep<'s> {
    Name(&'s str),
    Index(usize),
}

/// Returns the first duplicate name among these members, or at any depth below them, as a JSON Pointer.
#[must_use]
pub fn first_duplicate(members: &[Member<'_>]) -> Option<String> {
    in_members(members, &mut Vec::new())
}

impl Value<'_> {
    /// Returns the first duplicate name in one object, at any depth, as a JSON Pointer.
    #[must_use]
    pub fn first_duplicate(&self) -> Option<String> {
        in_value(self, &mut Vec::new())
    }
}

fn in_value<'v>(value: &'v Value<'_>, path: &mut Vec<PathStep<'v>>) -> Option<String> {
    match value {
        Value::Object(members) => in_members(members, path),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            path.push(PathStep::Index(index));
            let found = in_value(item, path);
            path.pop();
            found
        }),
        _ => None,
    }
}

#[inline]
fn in_members<'v>(members: &'v [Member<'_>], path: &mut Vec<PathStep<'v>>) -> Option<String> {
    if are_few_and_distinct(members) && members.iter().all(|member| is_flat(&member.value)) {
        return None;
    }
    walk(members, path)
}

/// Looks at each member and at what it contains.
#[inline(never)]
fn walk<'v>(members: &'v [Member<'_>], path: &mut Vec<PathStep<'v>>) -> Option<String> {
    members.iter().zip(repeated(members)).find_map(|(member, repeated)| {
        path.push(PathStep::Name(&member.name));
        let found = if repeated { Some(pointer(path)) } else { in_value(&member.value, path) };
        path.pop();
        found
    })
}

/// Reports whether a value contains no object and no nested array.
#[must_use]
#[inline]
pub fn is_flat(value: &Value<'_>) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(items) => !items.iter().any(|item| matches!(item, Value::Object(_) | Value::Array(_))),
        _ => true,
    }
}

/// Reports whether these are a few members with different names.
fn are_few_and_distinct(members: &[Member<'_>]) -> bool {
    let mut names = NameBits::default();
    let mut each = members.iter().enumerate();
    members.len() <= FEW && !each.any(|(index, member)| names.repeats(&member.name, members, index))
}

/// The names of a few members, as one bit for the hash of each name.
///
/// Only a name whose bit is there already is compared with those before it. For seven claims this takes 130 instructions;
/// comparing all names took 360.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameBits(u64);

impl NameBits {
    /// Adds the name of the member at `index`, and reports whether a member before it has the same name. The caller adds the
    /// members in order.
    #[inline]
    pub fn repeats(&mut self, name: &str, members: &[Member<'_>], index: usize) -> bool {
        let bit = 1 << (hash(name.as_bytes()) % 64);
        let is_there = self.0 & bit != 0;
        self.0 |= bit;
        is_there && is_among(name, members.get(..index).unwrap_or_default())
    }
}

/// Reports whether a member has this name. It is rarely asked, and must not slow down its caller.
#[cold]
#[inline(never)]
fn is_among(name: &str, members: &[Member<'_>]) -> bool {
    members.iter().any(|member| member.name == name)
}

/// Returns a number that is the same for equal names, and differs for most others.
fn hash(name: &[u8]) -> u32 {
    let (first, last) = (name.first().copied().unwrap_or_default(), name.last().copied().unwrap_or_default());
    (17 * u32::from(first)) ^ u32::from(last) ^ name.len() as u32
}

/// Writes a path as a JSON Pointer. Only the path of a duplicate is written, since names can be as long as a token.
fn pointer(path: &[PathStep<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        // Writing to a String cannot fail.
        let _ = match step {
            PathStep::Name(name) => text.write_str(&pointer_to(name)),
            PathStep::Index(index) => write!(text, "/{index}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    #[test]
    fn finds_duplicates_at_any_depth_and_in_any_spelling() {
        let first = |json: &str| parse(json.as_bytes()).unwrap().first_duplicate();
        assert_eq!(first(r#"{"role":1,"\u0072ole":2}"#).unwrap(), "/role");
        assert_eq!(first(r#"{"a":[0,{"x/y":1,"x/y":2}]}"#).unwrap(), "/a/1/x~1y");
        assert_eq!(first(r#"{"a":{"b":1},"b":[{"b":1},{"b":1}]}"#), None);
    }

    #[test]
    fn distinguishes_names_with_equal_lengths_and_ends() {
        let first = |names: &[String]| {
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":0")).collect();
            let text = format!("{{{}}}", members.join(","));
            parse(text.as_bytes()).unwrap().first_duplicate()
        };
        let mut seed = 3_u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        let (mut with, mut without) = (0, 0);
        for _ in 0..3_000 {
            // Names that often agree in length, in the first two letters and in the last one.
            let names: Vec<String> = (0..1 + next(12))
                .map(|_| format!("ab{}{}z", char::from(b'a' + next(4) as u8), "x".repeat(next(6) as usize)))
                .collect();
            let mut seen = HashSet::new();
            let expected = names.iter().find(|name| !seen.insert(*name)).map(|name| format!("/{name}"));
            *(if expected.is_some() { &mut with } else { &mut without }) += 1;
            assert_eq!(first(&names), expected, "{names:?}");
        }
        assert!(with > 300 && without > 300, "{with} {without}");
        assert_eq!(first(&["a".repeat(256), String::new()]), None);
        assert_eq!(first(&[String::new(), String::new()]), Some("/".to_owned()));
    }

    #[test]
    fn finds_one_duplicate_among_many_names() {
        let many: Vec<String> = (0..1000).map(|n| format!("\"{n}\":0")).collect();
        let text = format!("{{{},\"7\":1}}", many.join(","));
        assert_eq!(parse(text.as_bytes()).unwrap().first_duplicate().unwrap(), "/7");
    }

    #[test]
    fn finds_duplicates_in_linear_time() {
        let long = "x".repeat(300_000);
        let many = |item: &str| vec![item; 70_000].join(",");
        let duplicates = format!("{{\"{long}\":{{{}}}}}", many("\"a\":1"));
        assert!(parse(duplicates.as_bytes()).unwrap().first_duplicate().is_some());
        let containers = format!("{{\"{long}\":[{}]}}", many("{}"));
        assert_eq!(parse(containers.as_bytes()).unwrap().first_duplicate(), None);
    }

    #[test]
    fn tells_few_names_apart_by_their_bits_and_then_by_their_text() {
        let named = |names: &[&str]| -> Vec<Member<'static>> {
            names.iter().map(|name| Member { name: (*name).to_owned().into(), value: Value::Null }).collect()
        };
        for (names, repeats) in [
            (&["a", "b", "a"][..], [false, false, true]),
            (&["", "a", ""], [false, false, true]),
            // These two have the same length and the same ends.
            (&["axb", "ayb", "axb"], [false, false, true]),
            (&["a", "b", "c"], [false; 3]),
        ] {
            let members = named(names);
            let mut bits = NameBits::default();
            let found: Vec<bool> =
                names.iter().enumerate().map(|(index, name)| bits.repeats(name, &members, index)).collect();
            assert_eq!(found, repeats, "{names:?}");
            assert_eq!(are_few_and_distinct(&members), !repeats[2], "{names:?}");
        }
        let many: Vec<String> = (0..=FEW).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(are_few_and_distinct(&named(&many[1..])));
        assert!(!are_few_and_distinct(&named(&many)));
    }

    #[test]
    fn knows_which_values_hold_no_other_object() {
        for (json, expected) in [
            ("1", true),
            ("\"x\"", true),
            ("[]", true),
            ("[1,\"x\",null]", true),
            ("[1,[]]", false),
            ("[1,{}]", false),
            ("{}", false),
        ] {
            assert_eq!(is_flat(&parse(json.as_bytes()).unwrap()), expected, "{json}");
        }
    }
}
