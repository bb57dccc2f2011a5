//! Reads the one token that a command works on, from an argument, standard input or a prompt. `scan` takes it out of
//! the text.

use super::source::{ask, read, read_stdin};
use super::{InputError, PromptedValue};
use crate::host::{Echo, Host};
use crate::scan::advice::{NotATokenBecause, not_a_token_because};
use crate::scan::pick::{Preference, pick_token};
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
}

/// A token as received, and the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// The bytes of the token, not yet parsed.
    pub(crate) token: Vec<u8>,
    /// The text from which the token was taken.
    pasted: Vec<u8>,
}

impl Received {
    /// Returns a hint for the case that the bytes turn out not to be a token.
    pub(crate) fn hint(&self) -> Option<String> {
        not_a_token_because(&self.token, &self.pasted).map(NotATokenBecause::hint)
    }
}

/// Reads the token that a command asks for.
pub(crate) fn receive(request: TokenRequest<'_>, host: &mut Host<'_>) -> Result<Received, InputError> {
    let pasted = match request.argument {
        Some(argument) => read(argument, "the token", host)?,
        None if !host.stdin_is_terminal => read_stdin("the token", host)?,
        None => ask("Token", Echo::Shown, PromptedValue::Token, host)?,
    };
    let token = pick_token(&pasted, request.pick, request.preference)?;
    Ok(Received { token, pasted })
}
