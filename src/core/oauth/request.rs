//! Token requests (RFC 6749 sections 4.3.2, 4.4.2 and 6), in the form that a server reads. This file sends nothing.

use super::client::ClientAuthentication;
use super::cookie::{self, Cookie, is_cookie_value};
use super::message::{HeaderField, Method, RequestBody, RequestMessage, SecretText, UnsendableHeader};
use super::server::{BodyFormat, GrantTypePlace, ServerDescription, TokenPlace};
use crate::core::json::{self, InsertError, InsertErrorKind, Member, Value};
use crate::core::key::secret::Secret;
use crate::core::text::escape::Escapes;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use url::form_urlencoded;

/// The credentials that a client exchanges for tokens.
#[derive(Clone, Copy)]
pub enum Grant<'a> {
    /// A user's name and password.
    Password {
        /// The user's name.
        user: &'a str,
        /// The password.
        password: &'a str,
    },
    /// The client itself (RFC 6749 section 4.4).
    ClientCredentials,
    /// A refresh token.
    Refresh {
        /// The token.
        token: &'a str,
        /// True if it is access token and refresh token in one.
        is_shared: bool,
    },
}

/// A further value of a request, and its place.
#[derive(Clone, Debug)]
pub struct Extra {
    /// Its place.
    pub place: TokenPlace,
    /// Its value, which may be a secret.
    pub value: SecretText,
}

/// The parts of a request for tokens.
#[derive(Clone, Copy)]
pub struct GrantRequest<'a> {
    /// How the server is asked.
    pub server: &'a ServerDescription,
    /// The credentials.
    pub grant: Grant<'a>,
    /// The client, if it is named.
    pub client: Option<&'a ClientAuthentication>,
    /// The further values.
    pub extras: &'a [Extra],
    /// The cookies that the server set before. They hold the CSRF token.
    pub cookies: &'a [Cookie],
}

/// A reason why a request cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestFault {
    /// Two values have the same place.
    Duplicate {
        /// The place.
        place: String,
    },
    /// A header field or a cookie has a name or a value that cannot be sent.
    Unsendable {
        /// The name.
        name: String,
    },
    /// A header field that fob writes itself, as the body needs it.
    Reserved {
        /// The name.
        name: String,
    },
    /// A form has no members inside others.
    NestedInForm {
        /// The place.
        place: String,
    },
    /// A member has no place in the JSON body.
    Place(InsertError),
    /// The server issues no refresh tokens.
    NoRefresh,
    /// The server has no grant types, and so no grant for a client alone.
    NoGrantTypes,
    /// The description of the server has no request that ends a session.
    NoRevocation,
}

impl From<UnsendableHeader> for RequestFault {
    fn from(error: UnsendableHeader) -> Self {
        Self::Unsendable { name: error.name }
    }
}

impl GrantRequest<'_> {
    /// Returns the message of the request.
    ///
    /// # Errors
    /// [`RequestFault`] if two values have one place, or a value cannot be sent there.
    pub fn message(&self) -> Result<RequestMessage, RequestFault> {
        let server = self.server;
        let mut parts = Parts::default();
        let name = match self.grant {
            Grant::Password { .. } => "password",
            Grant::ClientCredentials => "client_credentials",
            Grant::Refresh { .. } => "refresh_token",
        };
        match server.grant_type {
            Some(GrantTypePlace::LogIn) if matches!(self.grant, Grant::Refresh { .. }) => {}
            Some(GrantTypePlace::Body | GrantTypePlace::LogIn) => parts.member("/grant_type", name),
            Some(GrantTypePlace::Query) => parts.query.push(("grant_type".to_owned(), name.to_owned())),
            None => {}
        }
        let mut format = server.body;
        match self.grant {
            Grant::Password { user, password } => {
                parts.put(&server.user, user, server)?;
                parts.put(&server.password, password, server)?;
            }
            Grant::ClientCredentials if server.grant_type.is_none() => {
                return Err(RequestFault::NoGrantTypes);
            }
            Grant::ClientCredentials => {}
            Grant::Refresh { token, is_shared } => {
                let shared = server.shared_in.as_ref().filter(|_| is_shared);
                let place = shared.or(server.refresh_in.as_ref()).ok_or(RequestFault::NoRefresh)?;
                parts.put(place, token, server)?;
                parts.prove(place, token, server, self.cookies)?;
                format = server.refresh_body.unwrap_or(server.body);
            }
        }
        parts.finish(Method::Post, format, self.client, self.extras, server)
    }
}

/// The header fields that say where the body of a request ends, and what it is.
const RESERVED: &[&str] = &["Connection", "Content-Length", "Content-Type", "Expect", "Transfer-Encoding"];

/// The parts of a request, as far as they are known.
#[derive(Default)]
pub(super) struct Parts<'a> {
    /// The members of the body, by JSON Pointer.
    members: Vec<(String, &'a str)>,
    query: Vec<(String, String)>,
    cookies: Vec<(String, &'a str)>,
    headers: Vec<HeaderField>,
}

impl<'a> Parts<'a> {
    pub(super) fn member(&mut self, pointer: &str, value: &'a str) {
        self.members.push((pointer.to_owned(), value));
    }

    /// Writes a value to its place.
    pub(super) fn put(
        &mut self,
        place: &TokenPlace,
        value: &'a str,
        server: &ServerDescription,
    ) -> Result<(), RequestFault> {
        match place {
            TokenPlace::Member(pointer) => self.member(pointer, value),
            TokenPlace::Cookie(name) if !is_cookie_value(value) => {
                return Err(RequestFault::Unsendable { name: name.clone() });
            }
            TokenPlace::Cookie(name) => self.cookies.push((name.clone(), value)),
            TokenPlace::Authorization => {
                let value = format!("{} {value}", server.scheme.as_deref().unwrap_or("Bearer"));
                self.headers.push(HeaderField::new("Authorization", value.into_bytes())?);
            }
            TokenPlace::Header(name) if RESERVED.iter().any(|known| name.eq_ignore_ascii_case(known)) => {
                return Err(RequestFault::Reserved { name: name.clone() });
            }
            TokenPlace::Header(name) => self.headers.push(HeaderField::new(name, value.as_bytes().to_vec())?),
        }
        Ok(())
    }

    /// Adds the header field that proves that a request with a token in a cookie was intended. Its value comes from the
    /// cookie of the rule, or else from the claim `csrf` of the token, which Flask-JWT-Extended compares it with.
    pub(super) fn prove(
        &mut self,
        place: &TokenPlace,
        token: &str,
        server: &ServerDescription,
        cookies: &'a [Cookie],
    ) -> Result<(), RequestFault> {
        let (TokenPlace::Cookie(_), Some(rule)) = (place, &server.csrf) else { return Ok(()) };
        let claimed = unverified_csrf(token);
        let kept = cookie::find(cookies, &rule.cookie);
        // The claim comes first: it belongs to this token, and a cookie may be left from an older one.
        let proof = claimed.or_else(|| kept.map(|cookie| cookie.value.clone()));
        if let Some(proof) = proof {
            self.headers.push(HeaderField::new(&rule.header, proof.into_bytes())?);
        }
        if let Some(cookie) = kept {
            self.cookies.push((cookie.name.clone(), &cookie.value));
        }
        Ok(())
    }

    /// Adds the client and the further values, and returns the message.
    pub(super) fn finish(
        mut self,
        method: Method,
        format: BodyFormat,
        client: Option<&'a ClientAuthentication>,
        extras: &'a [Extra],
        server: &ServerDescription,
    ) -> Result<RequestMessage, RequestFault> {
        if let Some(client) = client {
            for (name, value) in client.members() {
                self.members.push((json::pointer_to(name), value));
            }
            self.headers.extend(client.header()?);
        }
        for extra in extras {
            self.put(&extra.place, extra.value.expose(), server)?;
        }
        self.check_duplicates()?;
        let has_members = !self.members.is_empty();
        let body = match format {
            _ if !has_members => None,
            BodyFormat::Json => {
                Some(RequestBody { content_type: "application/json", bytes: to_json(&self.members)? })
            }
            BodyFormat::Form => Some(RequestBody {
                content_type: "application/x-www-form-urlencoded",
                bytes: to_form(&self.members)?,
            }),
        };
        if !self.cookies.is_empty() {
            let list: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            self.headers.push(HeaderField::new("Cookie", list.join("; ").into_bytes())?);
        }
        Ok(RequestMessage { method, query: self.query, headers: self.headers, body })
    }

    /// Refuses two values at one place.
    fn check_duplicates(&self) -> Result<(), RequestFault> {
        let members = self.members.iter().map(|(pointer, _)| TokenPlace::Member(pointer.clone()));
        let cookies = self.cookies.iter().map(|(name, _)| TokenPlace::Cookie(name.clone()));
        let headers = self.headers.iter().map(|field| TokenPlace::Header(field.name().to_ascii_lowercase()));
        let places: Vec<TokenPlace> = members.chain(cookies).chain(headers).collect();
        let repeated = places
            .iter()
            .enumerate()
            .find(|(index, place)| places.iter().take(*index).any(|other| other == *place));
        match repeated {
            Some((_, place)) => Err(RequestFault::Duplicate { place: place.shown() }),
            None => Ok(()),
        }
    }
}

/// Returns the claim `csrf` of a JWT, which is not verified.
fn unverified_csrf(token: &str) -> Option<String> {
    let compact = Compact::parse(token.as_bytes(), token.len()).ok()?;
    let token = Token::parse(&compact);
    token.unverified_claims()?.get("csrf")?.as_str().map(str::to_owned)
}

/// Returns a string with room for every escape. A string that grew would leave copies of a secret in memory.
fn with_room(members: &[(String, &str)], longest_escape: &str) -> String {
    let length: usize = members.iter().map(|(name, value)| 2 * name.len() + value.len() + 4).sum();
    String::with_capacity(length * longest_escape.len() + 64)
}

fn to_json(members: &[(String, &str)]) -> Result<Secret, RequestFault> {
    let mut text = with_room(members, "\\u0000");
    let mut object: Vec<Member<'_>> = Vec::new();
    for (pointer, value) in members {
        json::insert(&mut object, pointer, Value::string(*value)).map_err(|error| match error.kind {
            InsertErrorKind::Taken => {
                RequestFault::Duplicate { place: TokenPlace::Member(error.pointer).shown() }
            }
            _ => RequestFault::Place(error),
        })?;
    }
    // Writing to a String never fails.
    let _ = json::write_object(&mut text, &object, Escapes::Needed);
    Ok(Secret::new(text.into_bytes()))
}

/// Encodes members as HTML forms do (RFC 6749 appendix B).
fn to_form(members: &[(String, &str)]) -> Result<Secret, RequestFault> {
    let mut text = with_room(members, "%00");
    for (index, (pointer, value)) in members.iter().enumerate() {
        let place = TokenPlace::Member(pointer.clone());
        let name = place.top_member().ok_or_else(|| RequestFault::NestedInForm { place: pointer.clone() })?;
        if index > 0 {
            text.push('&');
        }
        text.extend(form_urlencoded::byte_serialize(name.as_bytes()));
        text.push('=');
        text.extend(form_urlencoded::byte_serialize(value.as_bytes()));
    }
    Ok(Secret::new(text.into_bytes()))
}

/// Returns whether a text can be a token: visible ASCII characters without those that end a value in JSON, in a header
/// field or in a cookie. RFC 6750 section 2.1 allows fewer, but servers such as Laravel also use `|`.
#[must_use]
pub fn is_token_text(token: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_graphic() && !b"\"\\,;<>{}()[]".contains(&byte);
    token.bytes().any(|byte| byte.is_ascii_alphanumeric()) && token.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::oauth::ready::ReadyServer::{self, DrfJwt, Oauth, Simplejwt};
    use crate::core::oauth::server::CsrfRule;
    use crate::core::token::base64url;

    const LOGIN: Grant<'_> = Grant::Password { user: "zoë@example.org", password: "a \"b\"&c=+%\n" };

    fn built(
        server: &ServerDescription,
        grant: Grant<'_>,
        added: &[(&str, &'static str)],
    ) -> Result<RequestMessage, RequestFault> {
        let extras: Vec<Extra> = added
            .iter()
            .map(|(place, value)| Extra {
                place: TokenPlace::parse(place).unwrap(),
                value: SecretText::new(Secret::new(value.as_bytes().to_vec())).unwrap(),
            })
            .collect();
        GrantRequest { server, grant, client: None, extras: &extras, cookies: &[] }.message()
    }

    fn text(message: &RequestMessage) -> (&'static str, String) {
        let body = message.body.as_ref().unwrap();
        (body.content_type, String::from_utf8(body.bytes.expose().to_vec()).unwrap())
    }

    fn body(server: ReadyServer, grant: Grant<'_>, added: &[(&str, &'static str)]) -> (&'static str, String) {
        text(&built(&server.describe(), grant, added).unwrap())
    }

    fn headers(message: &RequestMessage) -> Vec<String> {
        let shown = |field: &HeaderField| {
            format!("{}: {}", field.name(), String::from_utf8_lossy(field.value().expose()))
        };
        message.headers.iter().map(shown).collect()
    }

    #[test]
    fn django_servers_get_json() {
        let wanted = r#"{"username":"zoë@example.org","password":"a \"b\"&c=+%\n"}"#;
        for server in [Simplejwt, DrfJwt] {
            assert_eq!(body(server, LOGIN, &[]), ("application/json", wanted.to_owned()));
        }
    }

    #[test]
    fn oauth_servers_get_a_form() {
        let (content_type, text) = body(Oauth, LOGIN, &[("client_id", "web"), ("scope", "a b")]);
        assert_eq!(content_type, "application/x-www-form-urlencoded");
        assert_eq!(
            text,
            "grant_type=password&username=zo%C3%AB%40example.org&password=a+%22b%22%26c%3D%2B%25%0A&client_id=web&scope=a+b"
        );
        let parsed: Vec<_> = form_urlencoded::parse(text.as_bytes()).collect();
        assert_eq!(parsed[2], ("password".into(), "a \"b\"&c=+%\n".into()));
        assert_eq!(
            body(Oauth, Grant::ClientCredentials, &[("scope", "a")]).1,
            "grant_type=client_credentials&scope=a"
        );
    }

    #[test]
    fn the_name_of_the_refresh_token_depends_on_the_server() {
        let refresh = |server, is_shared| body(server, Grant::Refresh { token: "x.y", is_shared }, &[]).1;
        assert_eq!(refresh(Simplejwt, false), r#"{"refresh":"x.y"}"#);
        assert_eq!(refresh(Simplejwt, true), r#"{"token":"x.y"}"#);
        assert_eq!(refresh(DrfJwt, false), r#"{"token":"x.y"}"#);
        assert_eq!(refresh(Oauth, true), "grant_type=refresh_token&refresh_token=x.y");
    }

    #[test]
    fn a_description_says_where_each_value_goes() {
        let nested = ServerDescription {
            user: TokenPlace::parse("/user/email").unwrap(),
            password: TokenPlace::parse("/user/password").unwrap(),
            grant_type: Some(GrantTypePlace::Query),
            ..Simplejwt.describe()
        };
        let grant = Grant::Password { user: "a", password: "b" };
        let message = built(&nested, grant, &[("otp", "1"), ("header:apikey", "k")]).unwrap();
        assert_eq!(text(&message).1, r#"{"user":{"email":"a","password":"b"},"otp":"1"}"#);
        assert_eq!(message.query, [("grant_type".to_owned(), "password".to_owned())]);
        assert_eq!(headers(&message), ["apikey: k"]);
        let form = ServerDescription { body: BodyFormat::Form, ..nested };
        let fault = RequestFault::NestedInForm { place: "/user/email".to_owned() };
        assert_eq!(built(&form, grant, &[]).unwrap_err(), fault);
    }

    #[test]
    fn a_refresh_token_can_be_sent_in_a_header_or_a_cookie() {
        let claims = base64url::encode(br#"{"csrf":"proof"}"#);
        let token = format!("{}.{claims}.AA", base64url::encode(br#"{"alg":"HS256"}"#));
        let refresh = Grant::Refresh { token: &token, is_shared: false };
        let server = |place: &str| ServerDescription {
            refresh_in: Some(TokenPlace::parse(place).unwrap()),
            csrf: Some(CsrfRule { cookie: "c".to_owned(), header: "X-CSRF-TOKEN".to_owned() }),
            ..Simplejwt.describe()
        };
        let message = built(&server("header"), refresh, &[]).unwrap();
        assert_eq!(headers(&message), [format!("Authorization: Bearer {token}")]);
        assert!(message.body.is_none());
        let message = built(&server("cookie:r"), refresh, &[("cookie:lang", "de")]).unwrap();
        assert_eq!(
            headers(&message),
            ["X-CSRF-TOKEN: proof".to_owned(), format!("Cookie: r={token}; lang=de")]
        );
        let cookies = [Cookie { name: "c".to_owned(), value: "kept".to_owned(), max_age: None }];
        let opaque = Grant::Refresh { token: "opaque", is_shared: false };
        let server = server("cookie:r");
        let request =
            GrantRequest { server: &server, grant: opaque, client: None, extras: &[], cookies: &cookies };
        let expected = ["X-CSRF-TOKEN: kept", "Cookie: r=opaque; c=kept"];
        assert_eq!(headers(&request.message().unwrap()), expected);
        for token in ["a;b", "a\r\nX: y", "a b"] {
            let grant = Grant::Refresh { token, is_shared: false };
            let fault = RequestFault::Unsendable { name: "r".to_owned() };
            assert_eq!(built(&server, grant, &[]).unwrap_err(), fault);
        }
        let none = ServerDescription { refresh_in: None, ..Simplejwt.describe() };
        assert_eq!(built(&none, opaque, &[]).unwrap_err(), RequestFault::NoRefresh);
    }

    #[test]
    fn rejects_two_values_at_one_place() {
        for (server, added, place) in [
            (Simplejwt, &[("a", "1"), ("/a", "1")][..], "a"),
            (DrfJwt, &[("password", "x")], "password"),
            (Oauth, &[("b", "x"), ("grant_type", "x")], "grant_type"),
            (Oauth, &[("header:X-A", "x"), ("header:x-a", "x")], "header:x-a"),
            (Simplejwt, &[("/a/b", "x"), ("/a/b", "x")], "/a/b"),
        ] {
            let fault = RequestFault::Duplicate { place: place.to_owned() };
            assert_eq!(built(&server.describe(), LOGIN, added).unwrap_err(), fault);
        }
    }

    #[test]
    fn debug_output_hides_what_is_sent() {
        let message = built(&Simplejwt.describe(), LOGIN, &[("header:X", "hunter2")]).unwrap();
        let text = format!("{message:?}");
        assert!(!text.contains("zoë") && !text.contains("hunter2"), "{text}");
    }

    #[test]
    fn recognizes_the_text_of_a_token() {
        for token in ["a", "eyJ.eyJ.x-_", "a+/~==", "854234bfefcf", "1|sanctum", "a=b"] {
            assert!(is_token_text(token), "{token}");
        }
        for token in ["", "=", "||", "a b", "a\n", "a\"", "ä", "a,b", "a;b", "<p>", "\u{1b}[31m", "{}"] {
            assert!(!is_token_text(token), "{token:?}");
        }
    }
}
