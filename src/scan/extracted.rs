//! A token as it was taken out of a text, with the wrappings that were around it.

use std::borrow::Cow;

/// The name of the text before and after a token, as a wrapping.
pub(super) const TEXT_AROUND: &str = "text around it";

/// The name of the encoding Base64, as a wrapping.
pub(super) const BASE64: &str = "Base64";

/// A token, and the wrappings that were removed around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extracted<'t> {
    /// The bytes of the token.
    pub(crate) token: Cow<'t, [u8]>,
    /// The names of the wrappings, the outermost first.
    pub(crate) wrappings: Vec<&'static str>,
    /// The name under which the text has the token; empty if it has none.
    pub(crate) name: String,
}

impl<'t> Extracted<'t> {
    /// Returns a token without wrappings that need a note.
    pub(super) const fn plain(token: Cow<'t, [u8]>) -> Self {
        Self { token, wrappings: Vec::new(), name: String::new() }
    }

    /// Returns the token with bytes of its own.
    pub(super) fn into_owned(self) -> Extracted<'static> {
        Extracted { token: Cow::Owned(self.token.into_owned()), wrappings: self.wrappings, name: self.name }
    }

    /// Returns the names of the wrappings as one text, or `None` if there were none.
    pub(crate) fn wrapping(&self) -> Option<String> {
        (!self.wrappings.is_empty()).then(|| self.wrappings.join(", "))
    }
}
