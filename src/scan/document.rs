//! Recognizes a text that is, as a whole, a token in JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2). Such a
//! document inside another text is never taken for a token.

use super::strip::trim;
use crate::core::json::{self, Value};
use crate::core::token::serialization::JsonContent;

/// A text that is a document in JSON serialization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Document<'t> {
    /// The document, without white space around it.
    pub(crate) text: &'t str,
    /// The kind of its content.
    pub(crate) content: JsonContent,
}

impl<'t> Document<'t> {
    /// Recognizes a document by its members. Only white space and a byte order mark may be around it.
    pub(crate) fn recognize(text: &'t [u8]) -> Option<Self> {
        let text = trim(std::str::from_utf8(text).ok()?);
        if !text.starts_with('{') {
            return None;
        }
        let Ok(Value::Object(members)) = json::parse(text.as_bytes()) else { return None };
        Some(Self { text, content: JsonContent::from_members(&members)? })
    }
}
