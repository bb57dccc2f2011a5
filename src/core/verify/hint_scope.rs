//! The commands that give hints. A hint names only options of its command.

/// The situation that hints are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintScope {
    /// The user looks at tokens: hints about the key, the signature and the policy.
    Inspect,
    /// The user refreshes a token: also hints about the store and the clock.
    Refresh,
    /// The user verifies a token: also a hint on how to judge it as of an earlier time.
    Verify,
    /// A case of a suite has another outcome: the hints of `Verify`, in the members of the case.
    Suite,
}
