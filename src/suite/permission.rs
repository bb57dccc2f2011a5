//! What a suite may do only if the command line allows it.

use std::collections::BTreeSet;

/// A permission for suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// To fetch keys, and to connect to a store on a server.
    Network,
    /// To use a store, with the password of the environment.
    Store,
    /// To read files outside of the suite's own tree.
    Paths,
}

impl Permission {
    /// All permissions, in the order of the help.
    pub const ALL: [Self; 3] = [Self::Network, Self::Store, Self::Paths];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Store => "store",
            Self::Paths => "paths",
        }
    }
}

/// Returns the option that gives these permissions.
pub(crate) fn option(permissions: &BTreeSet<Permission>) -> String {
    let names: Vec<&str> = permissions.iter().map(|permission| permission.name()).collect();
    format!("--allow {}", names.join(","))
}
