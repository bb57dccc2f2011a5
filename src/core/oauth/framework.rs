//! The frameworks that `--profile` names: fob mints tokens in their format, or asks their servers, or both. A name means
//! the same framework in both tables.

use super::ready::ReadyServer;
use crate::core::mint::profile::Profile;

/// A framework, by what fob knows of it. At least one of the two is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framework {
    /// The format of its tokens.
    pub profile: Option<Profile>,
    /// Its server.
    pub server: Option<ReadyServer>,
}

impl Framework {
    /// Returns every framework: first those whose tokens can be minted.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let servers = ReadyServer::ALL.iter().copied();
        let minted = Profile::ALL.iter().copied().map(Self::from);
        let asked =
            servers.filter(|server| Profile::ALL.iter().all(|profile| profile.name() != server.name()));
        minted.chain(asked.map(|server| Self { profile: None, server: Some(server) })).collect()
    }

    /// Returns the name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.profile.map(Profile::name).or(self.server.map(ReadyServer::name)).unwrap_or_default()
    }

    /// Returns what the framework is, for help texts.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.profile.map(Profile::about).or(self.server.map(ReadyServer::about)).unwrap_or_default()
    }
}

impl From<Profile> for Framework {
    fn from(profile: Profile) -> Self {
        let name = match profile {
            // The server of simplejwt issues its sliding tokens.
            Profile::SimplejwtSliding => ReadyServer::Simplejwt.name(),
            profile => profile.name(),
        };
        let server = ReadyServer::ALL.iter().copied().find(|server| server.name() == name);
        Self { profile: Some(profile), server }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_there_once_and_each_server_of_a_profile_is_known() {
        let mut names: Vec<&str> = Framework::all().into_iter().map(Framework::name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for server in ReadyServer::ALL {
            assert!(Framework::all().iter().any(|framework| framework.server == Some(*server)), "{server:?}");
        }
    }
}
