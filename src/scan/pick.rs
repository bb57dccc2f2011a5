//! Chooses one token among the candidates in pasted text: by name, by number, or by what the command prefers.

use super::hit::Hit;
use super::pasted::{Candidate, CandidateFilter, candidates, is_blank};
use super::scanner::scan;
use super::shape::{in_token, looks_like_jwt};
use super::unwrap::is_bare;
use crate::core::reason::{Failure, Malformed};
use std::borrow::Cow;

/// The token that a command takes if the input holds several and the user does not choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preference {
    /// None: the user must choose.
    None,
    /// The refresh token, which is a JWT.
    Refresh,
    /// The refresh token of a server, which can be opaque.
    AnyRefresh,
}

impl Preference {
    const fn filter(self) -> CandidateFilter {
        match self {
            Self::None | Self::Refresh => CandidateFilter::JwtsFirst,
            Self::AnyRefresh => CandidateFilter::AnyNamed,
        }
    }
}

/// An error of choosing a token. The tokens themselves are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PickError {
    /// The text holds no token, not even an empty candidate with a name.
    Empty,
    /// The text holds several tokens, with these names, and the user chose none.
    Several(Vec<String>),
    /// The user's choice is not the name or the number of exactly one token.
    NoSuchToken {
        /// The choice of the user.
        pick: String,
        /// The names of the tokens; empty for a token without a name.
        names: Vec<String>,
    },
}

/// Returns the one token of pasted text, or the one that the user picked by name or number.
pub(crate) fn pick_token(
    pasted: &[u8],
    pick: Option<&str>,
    preference: Preference,
) -> Result<Vec<u8>, PickError> {
    let mut found = candidates(pasted, preference.filter());
    if let [whole] = &found[..]
        && preference == Preference::None
        && !is_bare(&whole.token)
        && whole.name.is_empty()
        && let Some(several) = several_in(&whole.token)
    {
        found = several;
    }
    let token = choose(found, pick, preference)?;
    if token.is_empty() { Err(PickError::Empty) } else { Ok(token) }
}

/// Returns the token of a text that is always judged. A text without a token gives a [`Failure`].
///
/// # Errors
/// Returns an error if the text holds several tokens and `pick` does not choose one.
pub(crate) fn in_text<'t>(
    text: &'t [u8],
    pick: Option<&str>,
) -> Result<Result<Cow<'t, [u8]>, Failure>, PickError> {
    match in_line(text) {
        None => Ok(Err(Failure::malformed(Malformed::Segments, "there is no token here"))),
        Some(Ok(token)) if pick.is_none() => Ok(Ok(token)),
        Some(_) => choose(candidates(text, CandidateFilter::JwtsFirst), pick, Preference::None)
            .map(|token| Ok(Cow::Owned(token))),
    }
}

/// Returns the token of one line of many, read like the same text in an argument. Returns `None` for a blank line.
///
/// # Errors
/// Returns a failure if the line holds several tokens.
pub(crate) fn in_line(line: &[u8]) -> Option<Result<Cow<'_, [u8]>, Failure>> {
    // Most lines are a token and nothing else.
    if !line.is_empty() && line.iter().all(|&byte| in_token(byte)) {
        return Some(Ok(Cow::Borrowed(line)));
    }
    if is_blank(line) {
        return None;
    }
    let mut found = candidates(line, CandidateFilter::JwtsFirst);
    Some(match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(Cow::Owned(only.token)),
        (_, others) => {
            let detail = format!("{} tokens, expected one", others + 1);
            Err(Failure::malformed(Malformed::Segments, detail))
        }
    })
}

/// Returns the tokens of a text that holds more than one, each named after its line. The parts of an SD-JWT are one token.
fn several_in(text: &[u8]) -> Option<Vec<Candidate>> {
    let mut hits = scan(text);
    hits.retain(|hit| !hit.opaque && looks_like_jwt(&hit.token));
    let several = hits.len() > 1 && !text.contains(&b'~');
    let named =
        |hit: Hit<'_>| Candidate { name: format!("line {}", hit.found.line), token: hit.token.into_owned() };
    several.then(|| hits.into_iter().map(named).collect())
}

fn choose(
    mut found: Vec<Candidate>,
    pick: Option<&str>,
    preference: Preference,
) -> Result<Vec<u8>, PickError> {
    let only = |wanted: &dyn Fn(&Candidate) -> bool| {
        let mut indices = found.iter().enumerate().filter(|(_, one)| wanted(one)).map(|(index, _)| index);
        indices.next().filter(|_| indices.next().is_none())
    };
    let chosen = match pick {
        Some(pick) => match pick.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|index| *index < found.len()),
            Err(_) => only(&|one| one.name == pick),
        },
        None if preference != Preference::None && found.len() > 1 => {
            only(&|one| one.name.to_ascii_lowercase().contains("refresh"))
        }
        None => only(&|_| true),
    };
    match chosen {
        Some(index) => Ok(found.swap_remove(index).token),
        None => {
            let names = found.into_iter().map(|candidate| candidate.name).collect();
            Err(match pick {
                Some(pick) => PickError::NoSuchToken { pick: pick.to_owned(), names },
                None => PickError::Several(names),
            })
        }
    }
}
