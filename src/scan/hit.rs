//! A token that was found in a text. What it says is not judged here.

use crate::core::report::TokenLocation;
use std::borrow::Cow;

/// A token that was found in a text.
#[derive(Clone, Debug)]
pub struct Hit<'t> {
    /// The bytes of the token; empty if the token is too long to be kept.
    pub token: Cow<'t, [u8]>,
    /// The length of the token in bytes.
    pub length: usize,
    /// The location of the token in the text.
    pub found: TokenLocation,
    /// Set if characters of the token were percent-encoded in the text.
    pub encoded: bool,
    /// Set for an opaque token, which only its issuer understands.
    pub opaque: bool,
    /// The characters of standard Base64 that follow the token, up to a limit. They may belong to it.
    pub tail: Cow<'t, [u8]>,
}

/// Compares all fields except the tail, of which only a part may be known.
impl PartialEq for Hit<'_> {
    fn eq(&self, other: &Self) -> bool {
        let Self { token, length, found, encoded, opaque, tail: _ } = self;
        (token, *length, found, *encoded, *opaque)
            == (&other.token, other.length, &other.found, other.encoded, other.opaque)
    }
}

impl Eq for Hit<'_> {}

impl<'t> Hit<'t> {
    /// Returns a hit that is not opaque.
    #[must_use]
    pub fn new(token: Cow<'t, [u8]>, found: TokenLocation) -> Self {
        Self { length: token.len(), token, found, encoded: false, opaque: false, tail: Cow::Borrowed(b"") }
    }

    /// Copies the bytes of the token, so that the hit outlives the text.
    #[must_use]
    pub fn into_owned(self) -> Hit<'static> {
        Hit { token: Cow::Owned(self.token.into_owned()), tail: Cow::Owned(self.tail.into_owned()), ..self }
    }
}
