//! What is sent to a server to get tokens from it: the members and the form of the body that each profile's views read.
//! It sends nothing.

use crate::core::json::{self, Member, Value};
use crate::core::key::secret::Secret;
use crate::core::mint::pair::GivenTwice;
use crate::core::mint::profile::Profile;
use crate::core::text::escape::Escapes;

/// What is given for tokens.
#[derive(Clone, Copy)]
pub enum Grant<'a> {
    /// A user's name and password.
    Password {
        /// What the server calls the name.
        user_field: &'a str,
        /// The name.
        user: &'a str,
        /// The password.
        password: &'a str,
    },
    /// A refresh token.
    Refresh {
        /// The token.
        token: &'a str,
        /// Whether it says that it is both an access and a refresh token.
        sliding: bool,
    },
}

/// The body of a request. It is as secret as what it holds.
#[derive(Clone, Debug)]
pub struct Body {
    /// What it is written in.
    pub content_type: &'static str,
    /// Its bytes.
    pub content: Secret,
}

impl Profile {
    /// The body that asks for tokens; the members that the caller adds stand at its end.
    ///
    /// # Errors
    /// [`GivenTwice`] if two members have one name.
    pub fn body(self, grant: Grant<'_>, added: &[(&str, &str)]) -> Result<Body, GivenTwice> {
        let mut members = self.grant_members(grant);
        members.extend_from_slice(added);
        for (index, (name, _)) in members.iter().enumerate() {
            if members.iter().take(index).any(|(other, _)| other == name) {
                return Err(GivenTwice((*name).to_owned()));
            }
        }
        Ok(match self {
            Self::Simplejwt | Self::DrfJwt => {
                Body { content_type: "application/json", content: as_json(&members) }
            }
            // RFC 6749 sections 4.3.2 and 6.
            Self::Oauth => {
                Body { content_type: "application/x-www-form-urlencoded", content: as_form(&members) }
            }
        })
    }

    fn grant_members<'a>(self, grant: Grant<'a>) -> Vec<(&'a str, &'a str)> {
        let mut members = match (self, grant) {
            (Self::Oauth, Grant::Password { .. }) => vec![("grant_type", "password")],
            (Self::Oauth, Grant::Refresh { .. }) => vec![("grant_type", "refresh_token")],
            _ => Vec::new(),
        };
        match (self, grant) {
            (_, Grant::Password { user_field, user, password }) => {
                members.extend([(user_field, user), ("password", password)]);
            }
            (Self::Oauth, Grant::Refresh { token, .. }) => members.push(("refresh_token", token)),
            (Self::DrfJwt, Grant::Refresh { token, .. })
            | (Self::Simplejwt, Grant::Refresh { token, sliding: true }) => members.push(("token", token)),
            (Self::Simplejwt, Grant::Refresh { token, sliding: false }) => members.push(("refresh", token)),
        }
        members
    }
}

/// Room for every escape, so that what grows leaves no copies of a secret behind.
fn room(members: &[(&str, &str)], worst: usize) -> String {
    let length: usize = members.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    String::with_capacity(length * worst + 64)
}

fn as_json(members: &[(&str, &str)]) -> Secret {
    let mut text = room(members, "\\u0000".len());
    let members: Vec<_> =
        members.iter().map(|(name, value)| Member::new(*name, Value::string(*value))).collect();
    // A String takes every write.
    let _ = json::write_object(&mut text, &members, Escapes::Needed);
    Secret::new(text.into_bytes())
}

/// As HTML forms are written (RFC 6749 appendix B).
fn as_form(members: &[(&str, &str)]) -> Secret {
    let mut text = room(members, "%00".len());
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        write_form_encoded(&mut text, name);
        text.push('=');
        write_form_encoded(&mut text, value);
    }
    Secret::new(text.into_bytes())
}

/// A text as a form holds it.
#[must_use]
pub fn form_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    write_form_encoded(&mut encoded, text);
    encoded
}

fn write_form_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            byte => {
                let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
                out.push('%');
                out.extend([byte >> 4, byte & 0x0F].map(|nibble| digit(nibble).to_ascii_uppercase()));
            }
        }
    }
}

/// Whether a text can be sent and printed as a token: the `b64token` of RFC 6750 section 2.1.
#[must_use]
pub fn is_sendable(token: &str) -> bool {
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
        let body = profile.body(grant, added).unwrap();
        (body.content_type, String::from_utf8(body.content.expose().to_vec()).unwrap())
    }

    #[test]
    fn the_django_views_read_json() {
        let wanted = r#"{"username":"zoë@example.org","password":"a \"b\"&c=+%\n"}"#;
        for profile in [Profile::Simplejwt, Profile::DrfJwt] {
            assert_eq!(body(profile, LOGIN, &[]), ("application/json", wanted.to_owned()));
        }
    }

    #[test]
    fn oauth_reads_a_form() {
        let (content_type, text) = body(Profile::Oauth, LOGIN, &[("client_id", "web"), ("scope", "a b")]);
        assert_eq!(content_type, "application/x-www-form-urlencoded");
        assert_eq!(
            text,
            "grant_type=password&username=zo%C3%AB%40example.org&password=a+%22b%22%26c%3D%2B%25%0A&client_id=web&scope=a+b"
        );
        // Another hand's encoding says the same.
        let parsed: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).collect();
        assert_eq!(parsed[2], ("password".into(), "a \"b\"&c=+%\n".into()));
        let every: String = (0..=0xFF_u32).filter_map(char::from_u32).collect();
        let others: String = url::form_urlencoded::byte_serialize(every.as_bytes()).collect();
        assert_eq!(form_encoded(&every), others);
    }

    #[test]
    fn a_refresh_token_is_called_what_each_server_calls_it() {
        let refresh = |profile, sliding| body(profile, Grant::Refresh { token: "x.y", sliding }, &[]).1;
        assert_eq!(refresh(Profile::Simplejwt, false), r#"{"refresh":"x.y"}"#);
        assert_eq!(refresh(Profile::Simplejwt, true), r#"{"token":"x.y"}"#);
        assert_eq!(refresh(Profile::DrfJwt, false), r#"{"token":"x.y"}"#);
        assert_eq!(refresh(Profile::Oauth, true), "grant_type=refresh_token&refresh_token=x.y");
    }

    #[test]
    fn a_user_may_be_called_something_else() {
        let grant = Grant::Password { user_field: "email", user: "a", password: "b" };
        assert_eq!(
            body(Profile::Simplejwt, grant, &[("otp", "1")]).1,
            r#"{"email":"a","password":"b","otp":"1"}"#
        );
    }

    #[test]
    fn no_member_is_given_twice() {
        for (profile, added, name) in [
            (Profile::Simplejwt, &[("a", "1"), ("a", "1")][..], "a"),
            (Profile::DrfJwt, &[("password", "x")], "password"),
            (Profile::Oauth, &[("b", "x"), ("grant_type", "x")], "grant_type"),
        ] {
            assert_eq!(profile.body(LOGIN, added).unwrap_err(), GivenTwice(name.to_owned()));
        }
        let own = Grant::Password { user_field: "password", user: "a", password: "b" };
        assert_eq!(Profile::Oauth.body(own, &[]).unwrap_err(), GivenTwice("password".to_owned()));
    }

    #[test]
    fn a_body_never_shows_itself() {
        let body = Profile::Simplejwt.body(LOGIN, &[]).unwrap();
        assert_eq!(format!("{body:?}"), r#"Body { content_type: "application/json", content: Secret(…) }"#);
    }

    #[test]
    fn a_token_is_sendable_if_a_header_could_carry_it() {
        for token in ["a", "eyJ.eyJ.x-_", "a+/~==", "854234bfefcf"] {
            assert!(is_sendable(token), "{token}");
        }
        for token in ["", "=", "a=b", "a b", "a\n", "a\"", "ä", "a,b", "\u{1b}[31m", "{}"] {
            assert!(!is_sendable(token), "{token:?}");
        }
    }
}
