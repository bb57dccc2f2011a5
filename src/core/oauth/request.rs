//! Token requests (RFC 6749 sections 4.3.2 and 6), in the form that each profile's server reads. This file sends nothing.

use crate::core::json::{self, Member, Value};
use crate::core::key::secret::Secret;
use crate::core::mint::profile::Profile;
use crate::core::text::escape::Escapes;
use url::form_urlencoded;

/// The credentials that a client exchanges for tokens.
#[derive(Clone, Copy)]
pub enum Grant<'a> {
    /// A user's name and password.
    Password {
        /// The name of the member with the user's name.
        user_field: &'a str,
        /// The user's name.
        user: &'a str,
        /// The password.
        password: &'a str,
    },
    /// A refresh token.
    Refresh {
        /// The token.
        token: &'a str,
        /// True if it is a sliding token of simplejwt: access and refresh token in one.
        sliding: bool,
    },
}

/// A request for tokens. Its body is secret.
#[derive(Clone, Debug)]
pub struct GrantRequest {
    /// The media type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: Secret,
}

/// Two members of a request have the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateMember(pub String);

impl GrantRequest {
    /// Returns the request for a grant, with the caller's extra members at the end.
    ///
    /// # Errors
    /// [`DuplicateMember`] if two members have the same name.
    pub fn new(profile: Profile, grant: Grant<'_>, extra: &[(&str, &str)]) -> Result<Self, DuplicateMember> {
        let mut members = grant_members(profile, grant);
        members.extend_from_slice(extra);
        for (index, (name, _)) in members.iter().enumerate() {
            if members.iter().take(index).any(|(other, _)| other == name) {
                return Err(DuplicateMember((*name).to_owned()));
            }
        }
        Ok(match profile {
            Profile::Simplejwt | Profile::DrfJwt => {
                Self { content_type: "application/json", body: to_json(&members) }
            }
            Profile::Oauth => {
                Self { content_type: "application/x-www-form-urlencoded", body: to_form(&members) }
            }
        })
    }
}

fn grant_members<'a>(profile: Profile, grant: Grant<'a>) -> Vec<(&'a str, &'a str)> {
    let mut members = match (profile, grant) {
        (Profile::Oauth, Grant::Password { .. }) => vec![("grant_type", "password")],
        (Profile::Oauth, Grant::Refresh { .. }) => vec![("grant_type", "refresh_token")],
        _ => Vec::new(),
    };
    match (profile, grant) {
        (_, Grant::Password { user_field, user, password }) => {
            members.extend([(user_field, user), ("password", password)]);
        }
        (Profile::Oauth, Grant::Refresh { token, .. }) => members.push(("refresh_token", token)),
        (Profile::DrfJwt, Grant::Refresh { token, .. })
        | (Profile::Simplejwt, Grant::Refresh { token, sliding: true }) => members.push(("token", token)),
        (Profile::Simplejwt, Grant::Refresh { token, sliding: false }) => members.push(("refresh", token)),
    }
    members
}

/// Returns a string with room for every escape. A string that grew would leave copies of a secret in memory.
fn with_room(members: &[(&str, &str)], longest_escape: &str) -> String {
    let length: usize = members.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    String::with_capacity(length * longest_escape.len() + 64)
}

fn to_json(members: &[(&str, &str)]) -> Secret {
    let mut text = with_room(members, "\\u0000");
    let members: Vec<_> =
        members.iter().map(|(name, value)| Member::new(*name, Value::string(*value))).collect();
    // Writing to a String never fails.
    let _ = json::write_object(&mut text, &members, Escapes::Needed);
    Secret::new(text.into_bytes())
}

/// Encodes members as HTML forms do (RFC 6749 appendix B).
fn to_form(members: &[(&str, &str)]) -> Secret {
    let mut text = with_room(members, "%00");
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        text.extend(form_urlencoded::byte_serialize(name.as_bytes()));
        text.push('=');
        text.extend(form_urlencoded::byte_serialize(value.as_bytes()));
    }
    Secret::new(text.into_bytes())
}

/// Returns whether a text can be sent in a header field: whether it is a `b64token` (RFC 6750 section 2.1).
#[must_use]
pub fn is_b64token(token: &str) -> bool {
    let bare = token.trim_end_matches('=');
    let fits =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
    !bare.is_empty() && bare.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: Grant<'_> =
        Grant::Password { user_field: "username", user: "zoë@example.org", password: "a \"b\"&c=+%\n" };

    fn body(profile: Profile, grant: Grant<'_>, added: &[(&str, &str)]) -> (&'static str, String) {
        let request = GrantRequest::new(profile, grant, added).unwrap();
        (request.content_type, String::from_utf8(request.body.expose().to_vec()).unwrap())
    }

    #[test]
    fn django_servers_get_json() {
        let wanted = r#"{"username":"zoë@example.org","password":"a \"b\"&c=+%\n"}"#;
        for profile in [Profile::Simplejwt, Profile::DrfJwt] {
            assert_eq!(body(profile, LOGIN, &[]), ("application/json", wanted.to_owned()));
        }
    }

    #[test]
    fn oauth_servers_get_a_form() {
        let (content_type, text) = body(Profile::Oauth, LOGIN, &[("client_id", "web"), ("scope", "a b")]);
        assert_eq!(content_type, "application/x-www-form-urlencoded");
        assert_eq!(
            text,
            "grant_type=password&username=zo%C3%AB%40example.org&password=a+%22b%22%26c%3D%2B%25%0A&client_id=web&scope=a+b"
        );
        let parsed: Vec<_> = form_urlencoded::parse(text.as_bytes()).collect();
        assert_eq!(parsed[2], ("password".into(), "a \"b\"&c=+%\n".into()));
    }

    #[test]
    fn the_name_of_the_refresh_token_depends_on_the_profile() {
        let refresh = |profile, sliding| body(profile, Grant::Refresh { token: "x.y", sliding }, &[]).1;
        assert_eq!(refresh(Profile::Simplejwt, false), r#"{"refresh":"x.y"}"#);
        assert_eq!(refresh(Profile::Simplejwt, true), r#"{"token":"x.y"}"#);
        assert_eq!(refresh(Profile::DrfJwt, false), r#"{"token":"x.y"}"#);
        assert_eq!(refresh(Profile::Oauth, true), "grant_type=refresh_token&refresh_token=x.y");
    }

    #[test]
    fn the_name_of_the_user_can_be_set() {
        let grant = Grant::Password { user_field: "email", user: "a", password: "b" };
        assert_eq!(
            body(Profile::Simplejwt, grant, &[("otp", "1")]).1,
            r#"{"email":"a","password":"b","otp":"1"}"#
        );
    }

    #[test]
    fn rejects_duplicate_members() {
        for (profile, added, name) in [
            (Profile::Simplejwt, &[("a", "1"), ("a", "1")][..], "a"),
            (Profile::DrfJwt, &[("password", "x")], "password"),
            (Profile::Oauth, &[("b", "x"), ("grant_type", "x")], "grant_type"),
        ] {
            assert_eq!(
                GrantRequest::new(profile, LOGIN, added).unwrap_err(),
                DuplicateMember(name.to_owned())
            );
        }
        let own = Grant::Password { user_field: "password", user: "a", password: "b" };
        assert_eq!(
            GrantRequest::new(Profile::Oauth, own, &[]).unwrap_err(),
            DuplicateMember("password".to_owned())
        );
    }

    #[test]
    fn debug_output_hides_the_body() {
        let request = GrantRequest::new(Profile::Simplejwt, LOGIN, &[]).unwrap();
        let expected = r#"GrantRequest { content_type: "application/json", body: Secret(…) }"#;
        assert_eq!(format!("{request:?}"), expected);
    }

    #[test]
    fn recognizes_b64tokens() {
        for token in ["a", "eyJ.eyJ.x-_", "a+/~==", "854234bfefcf"] {
            assert!(is_b64token(token), "{token}");
        }
        for token in ["", "=", "a=b", "a b", "a\n", "a\"", "ä", "a,b", "\u{1b}[31m", "{}"] {
            assert!(!is_b64token(token), "{token:?}");
        }
    }
}
