//! Chooses one token among several candidates: by name, by number, or by what the command prefers.

use super::candidates::{Candidate, CandidateFilter};
use std::collections::HashSet;

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
    /// Returns the values that count as candidates.
    pub(super) const fn filter(self) -> CandidateFilter {
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

/// Returns the candidate that the user picked, the one that the command prefers, or the only one. Equal tokens are one,
/// with the first of their names in a list.
pub(super) fn choose(
    mut found: Vec<Candidate>,
    pick: Option<&str>,
    preference: Preference,
) -> Result<Candidate, PickError> {
    let distinct = distinct(&found);
    let only = |wanted: &dyn Fn(&Candidate) -> bool| {
        let mut matches = found.iter().enumerate().filter(|(_, one)| wanted(one));
        let (index, first) = matches.next()?;
        matches.all(|(_, other)| other.token == first.token).then_some(index)
    };
    let chosen = match pick {
        Some(pick) => match pick.parse::<usize>() {
            Ok(number) => number.checked_sub(1).and_then(|index| distinct.get(index).copied()),
            Err(_) => only(&|one| one.name == pick),
        },
        None if preference != Preference::None && distinct.len() > 1 => {
            only(&|one| one.name.to_ascii_lowercase().contains("refresh"))
        }
        None => only(&|_| true),
    };
    match chosen {
        Some(index) => Ok(found.swap_remove(index)),
        None => {
            let names =
                distinct.into_iter().filter_map(|index| Some(found.get(index)?.name.clone())).collect();
            Err(match pick {
                Some(pick) => PickError::NoSuchToken { pick: pick.to_owned(), names },
                None => PickError::Several(names),
            })
        }
    }
}

/// Returns the indices of the candidates without those that repeat an earlier token.
pub(super) fn distinct(found: &[Candidate]) -> Vec<usize> {
    let mut seen = HashSet::new();
    let indices = found.iter().enumerate().filter(|(_, one)| seen.insert(&*one.token));
    indices.map(|(index, _)| index).collect()
}
