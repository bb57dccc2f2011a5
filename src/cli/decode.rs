//! `fob decode`

use super::decryption::{CookieArgs, DecryptionArgs};
use super::input::TokenArgs;
use super::key::PasswordArgs;
use super::lines::LinesArgs;
use super::on_demand::OnDemand;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Show the content of a token, without a key and without a verdict.
///
/// Header and payload are shown as received: all members in order, all digits, duplicates and unknown parameters
/// included. Times are shown with their date and their distance from now. The signature is not checked.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct DecodeArgs {
    /// Print only one segment, decoded, or the token itself
    #[arg(long, value_enum, conflicts_with_all = ["claim", "json"])]
    pub part: Option<SegmentName>,
    /// Print only this claim: a name, or a JSON Pointer such as /a/0
    #[arg(long, value_name = "NAME")]
    pub claim: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub decryption: OnDemand<DecryptionArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub password: OnDemand<PasswordArgs>,
    /// Decrypt a session cookie of Auth.js or NextAuth.js with the secret in this environment variable
    #[arg(long, value_name = "VAR", group = "decryption_source", help_heading = "Decryption")]
    pub secret_env: Option<String>,
    /// Decrypt a session cookie of Auth.js or NextAuth.js with the secret in this file
    #[arg(long, value_name = "PATH", group = "decryption_source", help_heading = "Decryption")]
    pub secret_file: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub cookie: OnDemand<CookieArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub lines: OnDemand<LinesArgs>,
}

/// The name of a segment of a JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SegmentName {
    /// The JOSE header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
    /// The token itself, without the text around it; it can be opaque.
    Token,
}
