//! One token for the commands that want one: read, taken out of what came with it, chosen if there are several.

use super::source::{ask, read, read_stdin};
use crate::cli::input::TokenArgs;
use crate::core::reason::{Failure, Malformed};
use crate::core::text::escape::Shown;
use crate::error::CommandError;
use crate::host::{Echo, Host};
use crate::scan::find::{self, Candidate, Kind, is_blank};
use crate::scan::scan;
use crate::scan::shape::{in_token, is_header, is_opaque, looks_like_jwt};
use std::borrow::Cow;

/// The ways that are left where nobody can be asked.
const HOW_TO_GIVE: &str = "give it as an argument, @PATH, or on standard input";

/// Which token a command takes when the input holds several and nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preference {
    /// None: the user must choose.
    None,
    /// The refresh token.
    Refresh,
    /// The refresh token, whatever kind of token that is.
    AnyRefresh,
}

impl Preference {
    const fn kind(self) -> Kind {
        match self {
            Self::None | Self::Refresh => Kind::Jwt,
            Self::AnyRefresh => Kind::Any,
        }
    }
}

/// A token as it came, and what else there is to know about where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// Its bytes, not yet looked at.
    pub(crate) token: Vec<u8>,
    /// What it was taken out of.
    pasted: Vec<u8>,
}

impl Received {
    /// What helps when it turns out to be no token.
    pub(crate) fn hint(&self) -> Option<String> {
        hint(&self.token, &self.pasted)
    }
}

/// Gets the token the arguments speak of.
pub(crate) fn receive(
    args: &TokenArgs,
    prefer: Preference,
    host: &mut Host<'_>,
) -> Result<Received, CommandError> {
    let pasted = match &args.token {
        Some(argument) => read(argument, "the token", host)?,
        None if !host.stdin_is_terminal => read_stdin("the token", host)?,
        None => ask("Token", Echo::Shown, "token", HOW_TO_GIVE, host)?,
    };
    let token = choose(find::candidates(&pasted, prefer.kind()), args.pick.as_deref(), prefer)?;
    if token.is_empty() {
        return Err(CommandError::no_token("there is no token in the input"));
    }
    Ok(Received { token, pasted })
}

/// The token of a text that is judged whatever it holds; why there is none, if nothing is in it.
///
/// # Errors
/// If several are in it and no `pick` says which.
pub(crate) fn in_text<'t>(
    text: &'t [u8],
    pick: Option<&str>,
) -> Result<Result<Cow<'t, [u8]>, Failure>, CommandError> {
    match in_line(text) {
        None => Ok(Err(Failure::malformed(Malformed::Segments, "there is no token here"))),
        Some(Ok(token)) if pick.is_none() => Ok(Ok(token)),
        Some(_) => choose(find::candidates(text, Kind::Jwt), pick, Preference::None)
            .map(|token| Ok(Cow::Owned(token))),
    }
}

/// The token of one line among many, which is treated as the same text in an argument is; nothing if there is nothing in
/// the line.
///
/// # Errors
/// If it holds several.
pub(crate) fn in_line(line: &[u8]) -> Option<Result<Cow<'_, [u8]>, Failure>> {
    // What most lines are has nothing around it.
    if !line.is_empty() && line.iter().all(|&byte| in_token(byte)) {
        return Some(Ok(Cow::Borrowed(line)));
    }
    if is_blank(line) {
        return None;
    }
    let mut found = find::candidates(line, Kind::Jwt);
    Some(match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(Cow::Owned(only.token)),
        (_, others) => {
            let detail = format!("{}, and one is expected", plural(others + 1));
            Err(Failure::malformed(Malformed::Segments, detail))
        }
    })
}

fn choose(
    mut found: Vec<Candidate>,
    pick: Option<&str>,
    prefer: Preference,
) -> Result<Vec<u8>, CommandError> {
    let only = |wanted: &dyn Fn(&Candidate) -> bool| {
        let mut places = found.iter().enumerate().filter(|(_, one)| wanted(one)).map(|(index, _)| index);
        places.next().filter(|_| places.next().is_none())
    };
    let chosen = match pick {
        Some(pick) => match pick.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|index| *index < found.len()),
            Err(_) => only(&|one| one.name == pick),
        },
        None if prefer != Preference::None && found.len() > 1 => {
            only(&|one| one.name.to_ascii_lowercase().contains("refresh"))
        }
        None => only(&|_| true),
    };
    match chosen {
        Some(index) => Ok(found.swap_remove(index).token),
        None => Err(undecided(&found, pick)),
    }
}

fn undecided(found: &[Candidate], pick: Option<&str>) -> CommandError {
    const NAMED: usize = 10;
    let mut names: Vec<String> = found
        .iter()
        .enumerate()
        .take(NAMED)
        .map(|(index, candidate)| match candidate.name.as_str() {
            "" => format!("{}", index + 1),
            name => format!("{} {}", index + 1, Shown(name)),
        })
        .collect();
    if found.len() > NAMED {
        names.push("…".to_owned());
    }
    let there = format!("the input holds {}: {}", plural(found.len()), names.join(", "));
    match pick {
        Some(pick) => {
            CommandError::usage(format!("`{pick}` is not the name or the number of one token; {there}"))
        }
        None => CommandError::usage(there)
            .with_hint("choose one with --pick and its name or its number; `fob inspect` shows them all"),
    }
}

fn plural(number: usize) -> String {
    if number == 1 { "one token".to_owned() } else { format!("{number} tokens") }
}

/// What to say if this is no token, and what it was taken out of.
pub(crate) fn hint(token: &[u8], pasted: &[u8]) -> Option<String> {
    let joined: Vec<u8> = token.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if is_opaque(token) && !token.contains(&b'.') {
        Some("this is an opaque token: only its issuer can tell what it means".to_owned())
    } else if is_header(token) {
        Some("this is only the header of a token: the rest was not copied".to_owned())
    } else if joined.len() < token.len()
        && looks_like_jwt(&joined)
        && joined.iter().all(|&byte| in_token(byte))
    {
        Some("the token is broken by white space: join its parts".to_owned())
    } else {
        // The text itself, if it begins like a token, is no find.
        match scan(pasted).iter().filter(|hit| *hit.token != *token).count() {
            0 => None,
            found => Some(format!("this text holds {}; `fob inspect` finds them in any text", plural(found))),
        }
    }
}
