//! Chooses one token among several candidates: by name, by number, or by what the command prefers.

use super::candidates::{Candidate, CandidateFilter};
use crate::core::text::name::folded;

/// The token that a command takes if the input holds several and the user does not choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preference {
    /// None: the user must choose.
    None,
    /// The refresh token, which is a JWT.
    Refresh,
    /// None: the user must choose, also among opaque tokens.
    AnyNamed,
    /// The refresh token of a server, which can be opaque.
    AnyRefresh,
    /// The access token of a server, which can be opaque.
    AnyAccess,
}

impl Preference {
    /// Returns the values that count as candidates.
    pub(super) const fn filter(self) -> CandidateFilter {
        match self {
            Self::None => CandidateFilter::JwtsFirst,
            Self::Refresh => CandidateFilter::JwtsAndRefresh,
            Self::AnyNamed | Self::AnyRefresh | Self::AnyAccess => CandidateFilter::AnyNamed,
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

/// Returns the candidate that the user picked, the one that the command prefers, or the only one.
pub(super) fn choose(
    mut found: Vec<Candidate>,
    pick: Option<&str>,
    preference: Preference,
) -> Result<Candidate, PickError> {
    let only = |wanted: &dyn Fn(&Candidate) -> bool| {
        let mut indices = found.iter().enumerate().filter(|(_, one)| wanted(one)).map(|(index, _)| index);
        indices.next().filter(|_| indices.next().is_none())
    };
    let chosen = match pick {
        Some(pick) => match pick.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|index| *index < found.len()),
            Err(_) => only(&|one| one.name == pick).or_else(|| only(&|one| is_meant(&one.name, pick))),
        },
        None if !matches!(preference, Preference::None | Preference::AnyNamed) && found.len() > 1 => {
            let role = if preference == Preference::AnyAccess { "access" } else { "refresh" };
            only(&|one| one.name.to_ascii_lowercase().contains(role))
        }
        None => only(&|_| true),
    };
    match chosen {
        Some(index) => Ok(found.swap_remove(index)),
        None => {
            let names = found.into_iter().map(|candidate| candidate.name).collect();
            Err(match pick {
                Some(pick) => PickError::NoSuchToken { pick: pick.to_owned(), names },
                None => PickError::Several(names),
            })
        }
    }
}

/// Reports whether a user means this name: `access`, `accessToken` and `ACCESS_TOKEN` all mean `access_token`.
fn is_meant(name: &str, pick: &str) -> bool {
    let meant = |text: &str| {
        let text = folded(text);
        match text.strip_suffix("token") {
            Some(role) if !role.is_empty() => role.to_owned(),
            _ => text,
        }
    };
    meant(name) == meant(pick)
}
