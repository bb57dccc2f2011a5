//! `fob inspect`

use super::decryption::{CookieArgs, DecryptionArgs};
use super::input::LimitArgs;
use super::key::{IssuerKeyArgs, KeyArgs};
use crate::core::text::duration::Duration;
use crate::suite::report::request::PageRequest;
use clap::{Args, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

/// Find every token in any text and report on each.
///
/// The text may be anything: a header, the output of curl -v, a HAR file, a log. The report on a token shows its
/// location, kind, sizes, times and findings. With a secret or a key, each token is verified too.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct InspectArgs {
    /// The text itself, a file or a folder, or - for standard input; may repeat
    ///
    /// An argument that contains no token but names an existing file or folder is read from there. @PATH is always read as a
    /// path. A folder is searched
    /// with all its subfolders, but symbolic links are not followed. Files compressed with gzip are decompressed.
    #[arg(value_name = "TEXT")]
    pub texts: Vec<OsString>,
    /// Print the number of tokens only
    #[arg(long)]
    pub count: bool,
    /// Print one line a token: where, kind, issuer, subject, expiry, findings
    ///
    /// On a terminal the columns are aligned, and values that are too long are cut. Elsewhere the whole values stand between
    /// tabs: location, surrounding syntax, kind, issuer, subject, date and distance of the expiry, verdict if a key was given,
    /// and codes of findings. With --json each line is the document of a token.
    #[arg(long, conflicts_with_all = ["count", "suite"])]
    pub oneline: bool,
    /// Report each token once, at its first location
    ///
    /// Two tokens are the same if their texts are equal. Each different token takes some tens of bytes of memory. Without
    /// --report, no other use of memory grows with the text.
    #[arg(long)]
    pub unique: bool,
    /// Mask personal values and leave out signatures, for sharing
    #[arg(long)]
    pub redact: bool,
    /// Write a page on all tokens for a browser: html=PATH
    ///
    /// With html=-, it goes to standard output instead of the text. The page shows each token whole: location, header, payload, lifetime and findings, and with a key the checks. It needs
    /// no network. With --redact it masks what the text masks. Only the owner can read the file.
    #[arg(long, value_name = "FORMAT=PATH")]
    pub report: Option<PageRequest>,
    /// Fail with status 3 unless every token stays valid for this long
    #[arg(long, value_name = "DURATION", help_heading = "Requirements")]
    pub valid_for: Option<Duration>,
    /// Fail with status 1 unless every token has this claim; may repeat
    ///
    /// With --suite, each case requires the claim instead.
    #[arg(long, value_name = "NAME", help_heading = "Requirements")]
    pub require: Vec<String>,
    /// Write a suite for `fob test` instead of a report
    ///
    /// PATH is a new file, or - for standard output. Each different token becomes a case that expects the verdict of
    /// fob verify now. The key comes from the options, or from FOB_SECRET or FOB_KEY. The suite names the key but does
    /// not contain it. Without a key, the signature counts as valid. Values that --redact masks are masked. If the key
    /// can sign, the suite mints the masked token anew when it runs. Otherwise the signature is removed, and the case
    /// expects the verdict on the rest. Opaque tokens are left out. Only the owner can read the new file.
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Suites",
        conflicts_with_all = ["json", "count", "redact", "valid_for", "report"]
    )]
    pub suite: Option<PathBuf>,
    /// Keep tokens unmasked in the suite, with personal values and valid signatures
    #[arg(long, requires = "suite", help_heading = "Suites")]
    pub keep_claims: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub key: KeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub issuer: IssuerKeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub decryption: DecryptionArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub cookie: CookieArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub limit: LimitArgs,
}
