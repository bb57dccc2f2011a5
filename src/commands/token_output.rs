//! How the tokens of a server are printed, and what is said about the answer that they came in.

use crate::core::json::{Member, Value};
use crate::core::mint::pair::{PairFormat, TokenPair};
use crate::core::oauth::response::AnswerRemark;
use crate::core::text::escape::Shown;
use crate::error::document::ErrorMember;
use crate::error::{CommandError, ExitStatus, Unwritten};
use crate::host::{Host, Level};
use crate::output::{self, Syntax};

/// The choices for printing the tokens of a server.
#[derive(Clone, Copy)]
pub(crate) struct TokenOutput<'a> {
    pub(crate) format: PairFormat,
    /// The scheme that the user chose.
    pub(crate) scheme: Option<&'a str>,
    /// True if errors are JSON documents.
    pub(crate) errors_as_json: bool,
}

/// Writes tokens to standard output.
pub(crate) fn write_tokens(
    host: &mut Host<'_>,
    tokens: &TokenPair,
    format: PairFormat,
    if_closed: ExitStatus,
) -> Result<(), Unwritten> {
    let syntax = if format.is_json() { Syntax::Json } else { Syntax::Text };
    output::write_as(host, syntax, tokens.to_text(format).as_bytes(), if_closed)
}

/// Prints the tokens of an answer without a usable access token, and returns the error to report. The server has issued the
/// tokens, so they must not get lost. As JSON, tokens and error are one document.
pub(crate) fn print_arrived(
    arrived: &[(String, String)],
    error: CommandError,
    format: PairFormat,
    host: &mut Host<'_>,
) -> CommandError {
    if arrived.is_empty() {
        return error;
    }
    let is_json = format.is_json();
    let text = if is_json {
        let member =
            |(place, token): &(String, String)| Member::new(place.clone(), Value::string(token.clone()));
        let document = Value::Object(vec![
            Member::new("error", ErrorMember::from(&error).to_value()),
            Member::new("tokens", Value::Object(arrived.iter().map(member).collect())),
        ]);
        format!("{document}\n")
    } else {
        arrived.iter().map(|(place, token)| format!("{} {token}\n", Shown(place))).collect()
    };
    let syntax = if is_json { Syntax::Json } else { Syntax::Text };
    match output::write_as(host, syntax, text.as_bytes(), ExitStatus::Unjudged) {
        Ok(()) if is_json => error.documented(),
        Ok(()) => error,
        Err(unwritten) => unwritten.into(),
    }
}

/// Warns of the oddities of an answer whose tokens can be used.
pub(crate) fn warn_of_remarks(remarks: &[AnswerRemark], host: &mut Host<'_>) {
    for remark in remarks {
        host.message(Level::Warning, &remark.to_string());
        if let Some(hint) = remark.hint() {
            host.message(Level::Hint, &hint);
        }
    }
}
