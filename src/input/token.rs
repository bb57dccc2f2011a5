//! One token for the commands that want one: read, taken out of what came with it, chosen if there are several.

use super::find::{self, Candidate};
use super::scan::scan;
use super::shape::is_opaque;
use super::source::{ask, read, read_stdin};
use crate::cli::input::TokenArgs;
use crate::core::escape::Shown;
use crate::host::Host;
use crate::problem::Problem;

/// The ways that are left where nobody can be asked.
pub(crate) const HOW_TO_GIVE: &str = "give it as an argument, @PATH, or on standard input";

/// Which token a command takes when the input holds several and nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preference {
    /// None: the user must choose.
    None,
    /// The refresh token.
    Refresh,
}

/// A token as it came, and what else there is to know about where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// Its bytes, not yet looked at.
    pub(crate) token: Vec<u8>,
    /// What helps when it turns out to be no token.
    pub(crate) hint: Option<String>,
}

/// Gets the token the arguments speak of.
pub(crate) fn receive(
    args: &TokenArgs,
    prefer: Preference,
    host: &mut Host<'_>,
) -> Result<Received, Problem> {
    let pasted = match &args.token {
        Some(argument) => read(argument, "the token", host)?,
        None if !host.stdin_is_terminal => read_stdin("the token", host)?,
        None => ask("Token", false, "token", HOW_TO_GIVE, host)?,
    };
    let token = choose(find::candidates(&pasted), args.pick.as_deref(), prefer)?;
    if token.is_empty() {
        return Err(Problem::no_token("there is no token in the input"));
    }
    let hint = hint(&token, &pasted);
    Ok(Received { token, hint })
}

fn choose(mut found: Vec<Candidate>, pick: Option<&str>, prefer: Preference) -> Result<Vec<u8>, Problem> {
    let chosen = match pick {
        Some(pick) => match pick.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|index| *index < found.len()),
            Err(_) => found.iter().position(|candidate| candidate.name == pick),
        },
        None if found.len() == 1 => Some(0),
        None if prefer == Preference::Refresh => {
            let is_refresh = |candidate: &Candidate| candidate.name.to_ascii_lowercase().contains("refresh");
            found
                .iter()
                .position(is_refresh)
                .filter(|_| found.iter().filter(|one| is_refresh(one)).count() == 1)
        }
        None => None,
    };
    match chosen {
        Some(index) => Ok(found.swap_remove(index).token),
        None => Err(undecided(&found, pick)),
    }
}

fn undecided(found: &[Candidate], pick: Option<&str>) -> Problem {
    let names: Vec<String> = found
        .iter()
        .enumerate()
        .map(|(index, candidate)| match candidate.name.as_str() {
            "" => format!("{}", index + 1),
            name => format!("{} {}", index + 1, Shown(name)),
        })
        .collect();
    let there = format!("the input holds {}: {}", plural(found.len()), names.join(", "));
    let first =
        found.first().map_or("1", |candidate| if candidate.name.is_empty() { "1" } else { &candidate.name });
    match pick {
        Some(pick) => Problem::usage(format!("there is no token `{pick}`; {there}")),
        None => Problem::usage(there).with_hint(format!(
            "choose one with --pick {} or --pick 1; `fob inspect` shows them all",
            Shown(first)
        )),
    }
}

fn plural(number: usize) -> String {
    if number == 1 { "one token".to_owned() } else { format!("{number} tokens") }
}

/// What to say if this is no token.
fn hint(token: &[u8], pasted: &[u8]) -> Option<String> {
    if !token.contains(&b'.') && is_opaque(token) {
        return Some("this is an opaque token: only its issuer can tell what it means".to_owned());
    }
    let whole = token.len() * 2 > pasted.len() && token.iter().any(u8::is_ascii_whitespace);
    match scan(if whole { token } else { &[] }).len() {
        0 => None,
        found => Some(format!("this text holds {}; `fob inspect` finds them in any text", plural(found))),
    }
}
