//! A token as received that may be encrypted, in compact or in JSON serialization, for the commands that decrypt one token.

use crate::core::encryption::JsonJwe;
use crate::core::encryption::error::JweError;
use crate::core::reason::Failure;
use crate::core::token::Token;
use crate::core::token::jws::{Compact, Padding};
use crate::core::token::serialization::{JsonContent, JsonEntry};
use crate::core::verify::{Opening, ParsedToken, Verifier};
use crate::input::token::Received;

/// A text that may be an encrypted token.
pub(super) enum EncryptedText<'t> {
    /// A text in compact serialization, encrypted or not.
    Compact(&'t [u8]),
    /// An encrypted document, or why it cannot be read.
    Document(Result<JsonJwe, JweError>),
}

impl<'t> EncryptedText<'t> {
    /// Reads a text. A document that is not encrypted is not read here.
    pub(super) fn of(received: &'t Received, max_size: usize) -> Self {
        match received.document {
            Some(JsonContent::Encrypted) => Self::document(&received.token, max_size),
            _ => Self::Compact(&received.token),
        }
    }

    /// Reads an encrypted document.
    pub(super) fn document(text: &[u8], max_size: usize) -> Self {
        Self::Document(JsonJwe::parse(text, max_size))
    }

    /// Decrypts the token, if it is encrypted and the verifier has a key for that.
    pub(super) fn open<'v>(&self, verifier: &Verifier<'v>) -> Option<Opening<'v>> {
        match self {
            Self::Compact(text) => verifier.open(text),
            Self::Document(document) => verifier.open_document(document.as_ref().ok()?),
        }
    }

    /// Parses the token, or the token inside it.
    pub(super) fn parse<'s, 'v>(
        &'s self,
        verifier: &Verifier<'v>,
        opening: Option<&'s Opening<'v>>,
    ) -> Result<ParsedToken<'s, 'v>, Failure> {
        match self {
            Self::Compact(text) => verifier.parse_opened(text, opening),
            Self::Document(Ok(_)) => match self.entry(opening) {
                Some(entry) => verifier.parse_document(entry, opening),
                None => verifier.parse(&[]),
            },
            Self::Document(Err(error)) => Err(Failure::from(error)),
        }
    }

    /// Returns the encrypted tokens around the one that is judged, the outermost first.
    pub(super) fn envelopes<'s>(
        &'s self,
        opening: Option<&'s Opening<'_>>,
        max_size: usize,
    ) -> Vec<Compact<'s>> {
        let Some(opening) = opening else { return Vec::new() };
        match self {
            Self::Compact(text) => opening.envelopes_of(Compact::parse(text, max_size).ok(), max_size),
            Self::Document(_) => {
                let outermost =
                    self.entry(Some(opening)).and_then(|entry| entry.compact(Padding::Refused).ok());
                opening.envelopes_of(outermost, max_size)
            }
        }
    }

    /// Returns the encrypted tokens of these segments.
    pub(super) fn outer<'s>(
        &'s self,
        envelopes: &'s [Compact<'s>],
        opening: Option<&Opening<'_>>,
    ) -> Vec<Token<'s>> {
        let token = |(index, envelope)| match self.entry(opening).filter(|_| index == 0) {
            Some(entry) => Token::parse_json(entry, envelope),
            None => Token::parse(envelope),
        };
        envelopes.iter().enumerate().map(token).collect()
    }

    /// Returns the recipients of a document.
    pub(super) fn recipients(&self) -> &[JsonEntry] {
        match self {
            Self::Document(Ok(document)) => &document.entries,
            Self::Document(Err(_)) | Self::Compact(_) => &[],
        }
    }

    /// Returns the recipient of a document who was chosen, or the first.
    pub(super) fn entry(&self, opening: Option<&Opening<'_>>) -> Option<&JsonEntry> {
        self.recipients().get(opening.map_or(0, Opening::recipient))
    }
}
