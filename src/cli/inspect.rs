//! `fob inspect`

use super::input::LimitArgs;
use super::key::{IssuerKeyArgs, KeyArgs};
use crate::core::text::duration::Duration;
use clap::{Args, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

/// Find every token in any text and report on each.
///
/// The text may be anything: a header, the output of curl -v, a HAR file, a log. Each token is reported with the
/// place it was found, its kind, its sizes, its times and what there is to notice. With a secret it is verified too.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(after_help = "\
Examples:
  FOB_SECRET=topsecret fob pair --user-id 7 | fob inspect
  fob pair --user-id 7 -s topsecret | fob inspect -s topsecret --json
  fob encode --exp 1h -s topsecret | fob inspect --valid-for 5m
  fob encode -s topsecret > app.log; fob inspect --count app.log
  fob encode -c email=al@example.org -s topsecret | fob inspect --redact
  fob pair --user-id 7 -s topsecret | fob inspect --suite - -s topsecret")]
pub struct InspectArgs {
    /// The text itself, @PATH of a file or a folder, or - for standard input; may repeat
    ///
    /// What holds no token and is the path of a file or a folder is taken for that. A folder is looked through with all
    /// that is in it, but for links. What is compressed with gzip is read as what it was.
    #[arg(value_name = "TEXT")]
    pub texts: Vec<OsString>,
    /// Print the number of tokens only
    #[arg(long)]
    pub count: bool,
    /// Report each token once, where it was first found
    ///
    /// Tokens are the same if their texts are. This takes some tens of bytes of memory for every one that is different;
    /// nothing else grows with the text.
    #[arg(long)]
    pub unique: bool,
    /// Leave out what must not be shared: signatures, and who the token is about
    #[arg(long)]
    pub redact: bool,
    /// Fail with status 3 unless every token is valid for this long
    #[arg(long, value_name = "DURATION", help_heading = "Gates")]
    pub valid_for: Option<Duration>,
    /// Fail with status 1 unless every token has this claim; may repeat
    ///
    /// With --suite, each case demands it instead.
    #[arg(long, value_name = "NAME", help_heading = "Gates")]
    pub require: Vec<String>,
    /// Write a suite for fob verify to a new file, or - for standard output, instead of a report
    ///
    /// Each different token becomes a case, with the verdict that fob verify has of it now: by the key that is given, on
    /// the command line or in FOB_SECRET or FOB_KEY, which the suite names and does not hold; without a key as if its
    /// signature held. What --redact masks is masked: where the key can sign, what is left is minted anew when the
    /// suite is run; else the signature is gone, and the verdict is that on what is left. Opaque tokens are left out. The
    /// file is made new, readable by its owner alone.
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Suite",
        conflicts_with_all = ["json", "count", "redact", "valid_for"]
    )]
    pub suite: Option<PathBuf>,
    /// Keep tokens whole in the suite, with what they say of people and with signatures that hold
    #[arg(long, requires = "suite", help_heading = "Suite")]
    pub keep_claims: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub key: KeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub issuer: IssuerKeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub limit: LimitArgs,
}
