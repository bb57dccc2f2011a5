//! `fob decode`

use super::input::TokenArgs;
use super::lines::LinesArgs;
use clap::{Args, ValueEnum};

/// Show what a token says; needs no key, judges nothing.
///
/// Header and payload are shown as received: every member in its order, every digit, duplicates and unknown
/// parameters too. Times get their date and distance. Nothing shown is vouched for by anybody.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(after_help = "\
Examples:
  fob encode --sub alice --exp 15m -s topsecret | fob decode
  fob encode --sub alice -s topsecret | fob decode --claim sub
  fob decode --json eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.
  fob decode --part payload eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.
  fob encode --sub alice -s topsecret | fob decode --lines --claim sub")]
pub struct DecodeArgs {
    /// Print one segment, decoded, and nothing else
    #[arg(long, value_enum, conflicts_with_all = ["claim", "json"])]
    pub part: Option<SegmentName>,
    /// Print one claim: a name, or a JSON Pointer starting with /
    #[arg(long, value_name = "NAME")]
    pub claim: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub lines: LinesArgs,
}

/// The segments of a JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SegmentName {
    /// The JOSE Header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
}
