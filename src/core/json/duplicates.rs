//! Names that appear more than once in one object. The parser keeps them, so that they can be shown; here they are
//! found, so that they can be refused (RFC 7515 section 4, RFC 7519 section 4).

use super::{Member, Value};
use std::collections::HashSet;
use std::fmt::Write as _;

/// For each member in order, whether its name stood earlier in the same object.
pub fn repeated<'m>(members: &'m [Member<'_>]) -> impl Iterator<Item = bool> + 'm {
    // A few names are compared faster than hashed; many are not, and a hostile token may hold a hundred thousand.
    const FEW: usize = 16;
    let mut seen = HashSet::new();
    members.iter().enumerate().map(move |(index, member)| {
        if members.len() <= FEW {
            members.iter().take(index).any(|earlier| earlier.name == member.name)
        } else {
            !seen.insert(&*member.name)
        }
    })
}

/// The first member whose name stood earlier in the same object.
#[must_use]
pub fn first_repeated<'m, 'a>(members: &'m [Member<'a>]) -> Option<&'m Member<'a>> {
    members.iter().zip(repeated(members)).find_map(|(member, repeated)| repeated.then_some(member))
}

/// A step from a value to one inside it.
#[derive(Clone, Copy)]
enum Step<'s> {
    Name(&'s str),
    Index(usize),
}

/// The first place where a name appears more than once, among these members or at any depth below them, as a JSON
/// Pointer.
#[must_use]
pub fn first_duplicate(members: &[Member<'_>]) -> Option<String> {
    in_members(members, &mut Vec::new())
}

impl Value<'_> {
    /// The first place where a name appears more than once in one object, at any depth, as a JSON Pointer.
    #[must_use]
    pub fn first_duplicate(&self) -> Option<String> {
        in_value(self, &mut Vec::new())
    }
}

fn in_value<'v>(value: &'v Value<'_>, path: &mut Vec<Step<'v>>) -> Option<String> {
    match value {
        Value::Object(members) => in_members(members, path),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            path.push(Step::Index(index));
            let found = in_value(item, path);
            path.pop();
            found
        }),
        _ => None,
    }
}

fn in_members<'v>(members: &'v [Member<'_>], path: &mut Vec<Step<'v>>) -> Option<String> {
    // Nearly every object has a few names that differ, and nothing below it.
    if are_flat(members) && are_distinct(members) {
        return None;
    }
    members.iter().zip(repeated(members)).find_map(|(member, repeated)| {
        path.push(Step::Name(&member.name));
        let found = if repeated { Some(pointer(path)) } else { in_value(&member.value, path) };
        path.pop();
        found
    })
}

/// Whether no member holds an object.
fn are_flat(members: &[Member<'_>]) -> bool {
    let is_plain = |value: &Value<'_>| !matches!(value, Value::Object(_) | Value::Array(_));
    members.iter().all(|member| match &member.value {
        Value::Array(items) => items.iter().all(is_plain),
        value => is_plain(value),
    })
}

/// Whether a few names surely differ, by a look at their lengths and ends: names that agree in these may differ still.
/// Comparing all of them letter by letter takes longer than the rest of reading a claims set.
fn are_distinct(members: &[Member<'_>]) -> bool {
    const FEW: usize = 16;
    let mut looks = [0_u32; FEW];
    if members.len() > FEW {
        return false;
    }
    for (look, member) in looks.iter_mut().zip(members) {
        let name = member.name.as_bytes();
        let letter = |byte: Option<&u8>| u32::from(byte.copied().unwrap_or_default());
        *look = (name.len() as u32) << 24
            | letter(name.first()) << 16
            | letter(name.get(1)) << 8
            | letter(name.last());
    }
    let mut rest = looks.get(..members.len()).unwrap_or_default();
    while let Some((look, others)) = rest.split_first() {
        if others.contains(look) {
            return false;
        }
        rest = others;
    }
    true
}

/// Only the place that is found is written out: names can be as long as a token.
fn pointer(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        // A String takes every write.
        let _ = match step {
            Step::Name(name) => write!(text, "/{}", name.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => write!(text, "/{index}"),
        };
    }
    text
}
