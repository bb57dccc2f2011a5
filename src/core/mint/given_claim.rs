//! A claim that the user gave with its value: by its name, or at a JSON Pointer (RFC 6901).

use super::assignment::Assignment;
use crate::core::json::{self, InsertError, Member, Value};

/// A claim with its value, and the place where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenClaim {
    /// A member of the claims set.
    Named(Member<'static>),
    /// A value further inside.
    Placed {
        /// The place, as a JSON Pointer.
        pointer: String,
        /// The value.
        value: Value<'static>,
    },
}

impl GivenClaim {
    /// Adds the claim at the end of the claims, or at its place.
    ///
    /// # Errors
    /// [`InsertError`] if the place is taken, or cannot be reached. A second claim of one name is not an error here.
    pub fn add_to(&self, claims: &mut Vec<Member<'_>>) -> Result<(), InsertError> {
        match self {
            Self::Named(member) => {
                claims.push(member.clone());
                Ok(())
            }
            Self::Placed { pointer, value } => json::insert(claims, pointer, value.clone()),
        }
    }

    /// Returns the member, if the claim is given by its name.
    #[must_use]
    pub const fn member(&self) -> Option<&Member<'static>> {
        match self {
            Self::Named(member) => Some(member),
            Self::Placed { .. } => None,
        }
    }
}

impl From<Member<'static>> for GivenClaim {
    fn from(member: Member<'static>) -> Self {
        Self::Named(member)
    }
}

/// Reads a name that starts with `/` as a JSON Pointer, as `verify` and `decode` do.
impl From<Assignment> for GivenClaim {
    fn from(Assignment { member, .. }: Assignment) -> Self {
        match member.name.strip_prefix('/') {
            None => Self::Named(member),
            // A pointer to a claim itself is another way to write its name.
            Some(name) if !name.contains('/') && json::has_sound_escapes(name) => {
                Self::Named(Member::new(json::unescaped(name), member.value))
            }
            Some(_) => Self::Placed { pointer: member.name.into_owned(), value: member.value },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_name_with_a_slash_as_a_pointer() {
        let claim = |text: &str| GivenClaim::from(text.parse::<Assignment>().unwrap());
        let named = |name: &'static str| GivenClaim::Named(Member::new(name, Value::string("x")));
        let placed =
            |pointer: &str| GivenClaim::Placed { pointer: pointer.to_owned(), value: Value::string("x") };
        assert_eq!(claim("https://a.test/b=x"), named("https://a.test/b"));
        assert_eq!(claim("/iat=x"), named("iat"));
        assert_eq!(claim("/~1a=x"), named("/a"));
        assert_eq!(claim("/=x"), named(""));
        assert_eq!(claim("/a/b=x"), placed("/a/b"));
        assert_eq!(claim("/a~=x"), placed("/a~"));
    }
}
