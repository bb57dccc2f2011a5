//! Reads the one token that a command works on, from an argument, standard input or a prompt. `scan` takes it out of
//! the text.

use super::source::{ask, read, read_stdin};
use super::{InputError, PromptedValue};
use crate::core::token::serialization::JsonContent;
use crate::host::{Echo, Host, Level, PathKind};
use crate::scan::document::Document;
use crate::scan::extract::extract;
use crate::scan::extracted::Extracted;
use crate::scan::join::joined;
use crate::scan::pick::Preference;
use crate::scan::shape::looks_like_jwt;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The token that a command asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenRequest<'a> {
    /// The argument, if there is one.
    pub(crate) argument: Option<&'a OsStr>,
    /// The user's choice among several tokens: a name or a number.
    pub(crate) pick: Option<&'a str>,
    /// The command's choice among several tokens.
    pub(crate) preference: Preference,
    /// Removes white space and invisible characters inside the token.
    pub(crate) join: bool,
    /// Where a text that is a token in JSON serialization as a whole is taken for one.
    pub(crate) documents: DocumentSource,
}

/// The places from which a token in JSON serialization is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentSource {
    /// No place.
    Nowhere,
    /// A file that the argument names with `@`.
    File,
    /// A file, the argument itself and standard input.
    Anywhere,
}

impl TokenRequest<'_> {
    /// Returns the request of a command that also takes a token in JSON serialization.
    pub(crate) fn or_document(self, documents: DocumentSource) -> Self {
        Self { documents, ..self }
    }
}

/// A token as received, and the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// The bytes of the token, not yet parsed.
    pub(crate) token: Vec<u8>,
    /// The name under which the text has the token; empty if it has none.
    pub(crate) name: String,
    /// The names of the wrappings that were removed.
    pub(crate) wrapping: Option<String>,
    /// The text from which the token was taken.
    pub(crate) pasted: Vec<u8>,
    /// The file that the argument names, if it holds no token itself.
    pub(crate) file: Option<PathBuf>,
    /// The content of the token, if it is in JSON serialization.
    pub(crate) document: Option<JsonContent>,
}

impl Received {
    /// Returns an empty token, for an input without one.
    pub(crate) const fn empty() -> Self {
        Self {
            token: Vec::new(),
            name: String::new(),
            wrapping: None,
            pasted: Vec::new(),
            file: None,
            document: None,
        }
    }
}

/// Reads the token that a command asks for, and prints a note on the wrappings that were removed.
pub(crate) fn receive(request: TokenRequest<'_>, host: &mut Host<'_>) -> Result<Received, InputError> {
    let pasted = match request.argument {
        Some(argument) => read(argument, "the token", host)?,
        None if !host.stdin_is_terminal => read_stdin("the token", host)?,
        None => ask("Token", Echo::Shown, PromptedValue::Token, host)?,
    };
    // A user who picks a token by its name means one inside the text.
    let is_file = request.argument.is_some_and(|argument| argument.as_encoded_bytes().starts_with(b"@"));
    let takes_document = match request.documents {
        DocumentSource::Nowhere => false,
        DocumentSource::File => is_file,
        DocumentSource::Anywhere => true,
    };
    if takes_document
        && request.pick.is_none()
        && let Some(Document { text, content }) = Document::recognize(&pasted)
    {
        let token = text.as_bytes().to_vec();
        let name = String::new();
        return Ok(Received { token, name, wrapping: None, pasted, file: None, document: Some(content) });
    }
    let searched = if request.join { Cow::Owned(joined(&pasted)) } else { Cow::Borrowed(&*pasted) };
    let found = extract(&searched, request.pick, request.preference)?;
    let wrapping = found.wrapping();
    if let Some(wrapping) = &wrapping {
        host.message(Level::Note, &format!("unwrapped: {wrapping}"));
    }
    let Extracted { token, name, .. } = found;
    let token = token.into_owned();
    let file = request.argument.filter(|_| !looks_like_jwt(&token)).and_then(|name| named_file(name, host));
    Ok(Received { token, name, wrapping, pasted, file, document: None })
}

/// Returns the file that an argument names. A user may have forgotten the `@` before it.
fn named_file(argument: &OsStr, host: &Host<'_>) -> Option<PathBuf> {
    let is_path = argument != "-" && !argument.as_encoded_bytes().starts_with(b"@");
    let path = Path::new(argument);
    (is_path && matches!((host.path_kind)(path), Ok(PathKind::File))).then(|| path.to_owned())
}
