//! Reads the one token that a command works on, from an argument, standard input or a prompt. `scan` takes it out of
//! the text.

use super::source::{ask, read, read_stdin};
use super::{InputError, PromptedValue};
use crate::core::reason::{Failure, Malformed, Reason};
use crate::host::{Echo, Host, Level};
use crate::scan::advice::{NotATokenBecause, not_a_token_because, other_kind};
use crate::scan::pick::{Preference, pick_token};
use crate::scan::unwrap::{is_bare, unwrap};
use std::ffi::OsStr;

/// The token that a command asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenRequest<'a> {
    /// The argument, if there is one.
    pub(crate) argument: Option<&'a OsStr>,
    /// The user's choice among several tokens: a name or a number.
    pub(crate) pick: Option<&'a str>,
    /// The command's choice among several tokens.
    pub(crate) preference: Preference,
    /// Removes white space inside the token.
    pub(crate) join: bool,
}

/// A token as received, and the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// The bytes of the token, not yet parsed.
    pub(crate) token: Vec<u8>,
    /// The names of the wrappings that were removed.
    pub(crate) wrapping: Option<String>,
    /// The text from which the token was taken.
    pasted: Vec<u8>,
}

impl Received {
    /// Returns what is received if there is no token.
    pub(crate) const fn empty() -> Self {
        Self { token: Vec::new(), wrapping: None, pasted: Vec::new() }
    }

    /// Returns the failure and a hint for the case that the bytes turn out not to be a token.
    pub(crate) fn explain(&self, failure: Failure) -> (Failure, Option<String>) {
        if failure.reason == Reason::Malformed(Malformed::TooLarge) {
            return (failure, None);
        }
        match not_a_token_because(&self.token, &self.pasted) {
            None => (failure, None),
            Some(because) => match because.other_kind() {
                Some(detail) => (Failure { detail, ..failure }, None),
                None => (failure, because.hint()),
            },
        }
    }

    /// Returns a hint for the case that the bytes turn out not to be a token.
    pub(crate) fn hint(&self) -> Option<String> {
        not_a_token_because(&self.token, &self.pasted).and_then(NotATokenBecause::hint)
    }

    /// Returns the failure of a text that has three segments, but whose look is that of another kind.
    pub(crate) fn other_kind(&self) -> Option<Failure> {
        let detail = other_kind(&self.token)?.other_kind()?;
        Some(Failure::malformed(Malformed::Segments, detail))
    }
}

/// Reads the token that a command asks for. Says what was removed around it.
pub(crate) fn receive(request: TokenRequest<'_>, host: &mut Host<'_>) -> Result<Received, InputError> {
    let pasted = match request.argument {
        Some(argument) => read(argument, "the token", host)?,
        None if !host.stdin_is_terminal => read_stdin("the token", host)?,
        None => ask("Token", Echo::Shown, PromptedValue::Token, host)?,
    };
    let picked = pick_token(&pasted, request.pick, request.preference);
    let picked = match picked {
        Ok(token) if request.join => token.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect(),
        Ok(token) => token,
        Err(error) => return Err(error.into()),
    };
    let wrapped = request.preference == Preference::None && !is_bare(&picked);
    match if wrapped { unwrap(&picked).or_else(|| unwrap(&pasted)) } else { None } {
        Some(found) => {
            let wrapping = found.names();
            host.message(Level::Note, &format!("unwrapped: {wrapping}"));
            Ok(Received { token: found.token, wrapping: Some(wrapping), pasted })
        }
        None => {
            if is_in_sentence(&picked, &pasted) {
                host.message(Level::Note, "unwrapped: text around it");
            }
            Ok(Received { token: picked, wrapping: None, pasted })
        }
    }
}

/// Reports whether a token was taken out of a sentence or a log line. URLs, headers and JSON speak for themselves.
fn is_in_sentence(token: &[u8], pasted: &[u8]) -> bool {
    let text = pasted.trim_ascii();
    let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    let first = text.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
    let structured = first.ends_with(b":")
        || matches!(first, b"export" | b"curl")
        || text.starts_with(b"{")
        || text.starts_with(b"[");
    words > 2 && token.len() < text.len() && !structured && !text.contains(&b'\n')
}
