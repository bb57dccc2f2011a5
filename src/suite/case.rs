//! A suite as it was read: its cases, their tokens, and the options they are judged with. The options are those of the
//! commands, which this module does not know: `J` is how a case is judged, `M` is how its token is minted.

use super::location::SourceLocation;
use crate::core::reason::Expectation;
use crate::core::token::numeric_date::Instant;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// A suite.
#[derive(Debug)]
pub(crate) struct Suite<J, M> {
    /// The path as the user gave it.
    pub(crate) path: Arc<str>,
    /// The path from the root of its repository, with slashes. `None` outside of a repository.
    pub(crate) in_repository: Option<Arc<str>>,
    pub(crate) cases: Vec<Case<M>>,
    /// The different ways in which the cases are judged; most cases share one.
    pub(crate) judging: Vec<JudgingOptions<J>>,
}

/// A case.
#[derive(Debug)]
pub(crate) struct Case<M> {
    pub(crate) name: String,
    /// Where the case begins.
    pub(crate) location: SourceLocation,
    pub(crate) token: CaseToken<M>,
    /// The file with the payload, if the token does not hold it.
    pub(crate) payload: Option<PathBuf>,
    pub(crate) expect: Vec<Expectation>,
    /// The time that the case sets the clock to.
    pub(crate) at: Option<Instant>,
    /// The index of the options in [`Suite::judging`].
    pub(crate) judging: usize,
}

/// The token of a case, or where it comes from.
#[derive(Debug)]
pub(crate) enum CaseToken<M> {
    Text(String),
    File(PathBuf),
    Mint(Box<MintOptions<M>>),
}

/// The options with which the token of a case is minted.
#[derive(Debug)]
pub(crate) struct MintOptions<M> {
    pub(crate) location: SourceLocation,
    pub(crate) options: M,
    /// The claims as a JSON object, if `claims` gives them.
    pub(crate) claims: Option<String>,
    /// The words that name the key: those of `mint`, or else those of the case.
    pub(crate) key_words: Vec<OsString>,
}

/// The options with which a case is judged.
#[derive(Debug)]
pub(crate) struct JudgingOptions<J> {
    /// Where the key is named, or the first case with these options.
    pub(crate) location: SourceLocation,
    pub(crate) options: J,
    /// True if the payload is given apart from the token.
    pub(crate) detached: bool,
    /// The words that name the key.
    pub(crate) key_words: Vec<OsString>,
}
