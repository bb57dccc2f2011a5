//! The JOSE Header of a new token: what the caller may set, what the signer sets, and in which order they are written.
//! Nothing is signed here.

use crate::core::json::{self, Member, Value};
use crate::core::token::algorithm::Algorithm;
use crate::core::token::detached::PayloadEncoding;

/// The header parameters that no caller may set. The signer sets `alg`, and supports no extension in `crit`. `zip` and
/// `enc` would say that a payload is compressed or encrypted (RFC 7516 sections 4.1.2 and 4.1.3).
pub const RESERVED: [&str; 5] = ["alg", "crit", "b64", "zip", "enc"];

/// The `typ` of a new token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TypParameter {
    /// `JWT`, unless the other parameters hold a `typ`.
    #[default]
    Default,
    /// This type.
    Named(String),
    /// No `typ` at all.
    Omitted,
}

/// The caller's settings for the headers of new tokens.
#[derive(Clone, Debug, Default)]
pub struct HeaderTemplate {
    /// The key ID to write instead of the key's own.
    pub kid: Option<String>,
    /// The type of the token.
    pub typ: TypParameter,
    /// Further parameters, in order.
    pub others: Vec<Member<'static>>,
    /// The encoding of the payload. If it is not encoded, the header gets `b64` and `crit` (RFC 7797 section 6).
    pub encoding: PayloadEncoding,
}

/// A header that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// The caller set a parameter that no caller may set.
    Reserved {
        /// The name of the parameter.
        name: String,
    },
    /// A parameter has two values.
    Repeated {
        /// The name of the parameter.
        name: String,
    },
}

impl HeaderTemplate {
    /// Returns the header of a token that a key with this ID signs with this algorithm.
    ///
    /// # Errors
    /// [`HeaderError`] if the caller set a reserved parameter, or one parameter twice.
    pub fn header(
        &self,
        algorithm: Algorithm,
        key_kid: Option<&str>,
    ) -> Result<Vec<Member<'static>>, HeaderError> {
        let others = &self.others;
        // JOSE names are case-sensitive, but another letter case of a reserved name is a mistake.
        let is_reserved =
            |member: &&Member<'_>| RESERVED.iter().any(|name| member.name.eq_ignore_ascii_case(name));
        if let Some(member) = others.iter().find(is_reserved) {
            return Err(HeaderError::Reserved { name: member.name.to_string() });
        }
        let kid = self.kid.as_deref().or(key_kid);
        let typ_is_set = self.typ != TypParameter::Default;
        let repeated = [("typ", typ_is_set), ("kid", kid.is_some())]
            .into_iter()
            .find_map(|(name, is_set)| (is_set && json::find(others, name).is_some()).then_some(name))
            .or_else(|| json::first_repeated(others).map(|member| &*member.name));
        if let Some(name) = repeated {
            return Err(HeaderError::Repeated { name: name.to_owned() });
        }
        let others = self.extension().into_iter().chain(others.iter().cloned()).collect();
        Ok(header(algorithm, kid, self.typ_text(), others))
    }

    /// Returns the parameters that say how the payload is written.
    fn extension(&self) -> Vec<Member<'static>> {
        match self.encoding {
            PayloadEncoding::Base64url => Vec::new(),
            PayloadEncoding::Unencoded => vec![
                Member::new("b64", Value::Bool(false)),
                Member::new("crit", Value::Array(vec![Value::string("b64")])),
            ],
        }
    }

    /// Returns the parameters of an encrypted token that has no signature: `typ`, then the others.
    #[must_use]
    pub fn without_signature(&self) -> Vec<Member<'static>> {
        let is_default = self.typ == TypParameter::Default;
        let typ = self.typ_text().filter(|_| !is_default || json::find(&self.others, "typ").is_none());
        let typ = typ.map(|typ| Member::new("typ", Value::string(typ.to_owned())));
        typ.into_iter().chain(self.others.iter().cloned()).collect()
    }

    fn typ_text(&self) -> Option<&str> {
        match &self.typ {
            TypParameter::Default => Some("JWT"),
            TypParameter::Named(typ) => Some(typ.as_str()),
            TypParameter::Omitted => None,
        }
    }
}

/// Returns a header with `alg`, `kid` and `typ` in the order in which PyJWT writes them, then the other parameters. A
/// `kid` or `typ` among the others replaces the one given by name.
#[must_use]
pub fn header(
    algorithm: Algorithm,
    kid: Option<&str>,
    typ: Option<&str>,
    others: Vec<Member<'static>>,
) -> Vec<Member<'static>> {
    let mut members = vec![Member::new("alg", Value::string(algorithm.name()))];
    for (name, value) in [("kid", kid), ("typ", typ)] {
        if let Some(value) = value.filter(|_| json::find(&others, name).is_none()) {
            members.push(Member::new(name, Value::string(value.to_owned())));
        }
    }
    members.extend(others);
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(template: &HeaderTemplate, kid: Option<&str>) -> Result<String, HeaderError> {
        template.header(Algorithm::Hs256, kid).map(|members| Value::Object(members).to_string())
    }

    fn with_others(names: &[&'static str]) -> HeaderTemplate {
        let others = names.iter().map(|name| Member::new(*name, Value::string("x"))).collect();
        HeaderTemplate { others, ..HeaderTemplate::default() }
    }

    #[test]
    fn writes_alg_kid_and_typ_before_the_others() {
        assert_eq!(
            built(&with_others(&["y"]), Some("k")),
            Ok(r#"{"alg":"HS256","kid":"k","typ":"JWT","y":"x"}"#.to_owned())
        );
    }

    #[test]
    fn replaces_the_default_typ_by_a_given_one() {
        assert_eq!(
            built(&with_others(&["typ"]), Some("k")),
            Ok(r#"{"alg":"HS256","kid":"k","typ":"x"}"#.to_owned())
        );
    }

    #[test]
    fn prefers_the_callers_kid_to_that_of_the_key() {
        let template = HeaderTemplate {
            kid: Some("old".into()),
            typ: TypParameter::Omitted,
            ..HeaderTemplate::default()
        };
        assert_eq!(built(&template, Some("k")), Ok(r#"{"alg":"HS256","kid":"old"}"#.to_owned()));
    }

    #[test]
    fn rejects_reserved_and_repeated_parameters() {
        for name in RESERVED {
            let error = HeaderError::Reserved { name: name.to_owned() };
            assert_eq!(built(&with_others(&[name]), None), Err(error));
        }
        for name in ["ZIP", "Enc", "Alg"] {
            let error = HeaderError::Reserved { name: name.to_owned() };
            assert_eq!(built(&with_others(&[name]), None), Err(error));
        }
        let repeated = |name: &str| Err(HeaderError::Repeated { name: name.to_owned() });
        assert_eq!(built(&with_others(&["x", "x"]), None), repeated("x"));
        assert_eq!(built(&with_others(&["kid"]), Some("k")), repeated("kid"));
        let typed = HeaderTemplate { typ: TypParameter::Named("a".into()), ..with_others(&["typ"]) };
        assert_eq!(built(&typed, None), repeated("typ"));
    }
}
