//! An HTTP request as data: its method, its header fields and its body. Values are secret, and errors name fields alone.
//! This file sends nothing.

use crate::core::key::secret::Secret;
use serde::{Deserialize, Serialize};

/// A request without its URL.
#[derive(Clone, Debug)]
pub struct RequestMessage {
    /// The method.
    pub method: Method,
    /// Parameters that are appended to the query of the URL. They are not secret.
    pub query: Vec<(String, String)>,
    /// The header fields, except those that the HTTP client writes itself.
    pub headers: Vec<HeaderField>,
    /// The body.
    pub body: Option<RequestBody>,
}

/// The method of a request (RFC 9110 section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// DELETE.
    Delete,
}

/// The body of a request, which is secret, and its media type.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// The media type.
    pub content_type: &'static str,
    /// The bytes.
    pub bytes: Secret,
}

/// A header field whose name and value can be sent.
#[derive(Clone, Debug)]
pub struct HeaderField {
    name: String,
    value: Secret,
}

/// A header field that cannot be sent. The value is not repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsendableHeader {
    /// The name of the field.
    pub name: String,
}

impl HeaderField {
    /// Returns a header field. Its value must have no control characters, which could begin another field
    /// (RFC 9110 section 5.5).
    ///
    /// # Errors
    /// [`UnsendableHeader`] if the name or the value cannot be sent.
    pub fn new(name: &str, value: Vec<u8>) -> Result<Self, UnsendableHeader> {
        let is_sound = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7F);
        let value = Secret::new(value);
        if !is_http_token(name) || !value.expose().iter().all(is_sound) {
            return Err(UnsendableHeader { name: name.to_owned() });
        }
        Ok(Self { name: name.to_owned(), value })
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value.
    #[must_use]
    pub const fn value(&self) -> &Secret {
        &self.value
    }
}

/// A secret that is UTF-8 text, such as the secret of a client.
#[derive(Clone, Debug)]
pub struct SecretText(Secret);

/// A secret that is not UTF-8 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8;

impl SecretText {
    /// Returns the secret.
    ///
    /// # Errors
    /// [`NotUtf8`] if it is no text.
    pub fn new(secret: Secret) -> Result<Self, NotUtf8> {
        if std::str::from_utf8(secret.expose()).is_ok() { Ok(Self(secret)) } else { Err(NotUtf8) }
    }

    /// Returns the text. Search for this name to find every place that reads it.
    #[must_use]
    pub fn expose(&self) -> &str {
        std::str::from_utf8(self.0.expose()).unwrap_or_default()
    }
}

/// Reports whether a text is a `token` of HTTP (RFC 9110 section 5.6.2), as names of header fields and cookies are.
#[must_use]
pub fn is_http_token(text: &str) -> bool {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_field_ends_where_its_value_ends() {
        for (name, value) in
            [("Cookie", "a=b\r\nX: y"), ("X", "a\nb"), ("X", "\0"), ("X", "\x7f"), ("A B", "x")]
        {
            let error = HeaderField::new(name, value.into()).unwrap_err();
            assert_eq!(error, UnsendableHeader { name: name.to_owned() });
        }
        let field = HeaderField::new("X-Key", "zoë\t1".into()).unwrap();
        assert_eq!((field.name(), field.value().expose()), ("X-Key", "zoë\t1".as_bytes()));
        assert_eq!(format!("{field:?}"), r#"HeaderField { name: "X-Key", value: Secret(…) }"#);
    }
}
