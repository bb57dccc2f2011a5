//! JSON Pointers (RFC 6901): the way from a value to one inside it.

use super::{Value, find};

impl Value<'_> {
    /// Returns the value at a JSON Pointer (RFC 6901), which is empty or starts with `/`.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(self) };
        rest.split('/').try_fold(self, |value, token| {
            let name = unescaped(token);
            match value {
                Self::Object(members) => find(members, &name),
                // An index has no leading zero (RFC 6901 section 4).
                Self::Array(items) if name == "0" || !name.starts_with(['0', '+']) => {
                    items.get(name.parse::<usize>().ok()?)
                }
                _ => None,
            }
        })
    }
}

/// Resolves the escapes `~0` and `~1` in one token of a JSON Pointer (RFC 6901 section 4).
#[must_use]
pub fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Returns the JSON Pointer to a member of the outermost object, with `~` and `/` in its name escaped.
#[must_use]
pub fn pointer_to(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use crate::core::json::{Value, parse};

    #[test]
    fn follows_a_pointer() {
        let value = parse(br#"{"a":[{"b~/c":"d"}],"":1}"#).unwrap();
        assert_eq!(value.pointer("/a/0/b~0~1c"), Some(&Value::string("d")));
        assert_eq!(value.pointer("/"), Some(&Value::integer(1)));
        assert_eq!(value.pointer("/a/00"), None);
        assert_eq!(value.pointer("/a/1"), None);
    }
}
