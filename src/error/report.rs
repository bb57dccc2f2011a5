//! Reports the error that ends a run: as text on standard error, and as a JSON document on standard output if the user asks
//! for JSON.

use super::document::FailureDocument;
use super::{CommandError, ErrorKind, ExitStatus, Unwritten};
use crate::cli::HelpText;
use crate::cli::mistake::Mistake;
use crate::host::{ColorMode, Host, Level};
use std::io::Write as _;

/// The form of errors on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorOutput {
    /// No output: the error is only a message on standard error.
    Nothing,
    /// A JSON document, beside the message on standard error.
    Document,
}

impl CommandError {
    /// Writes the error and its hints to standard error, a document to standard output if the user wants one, and returns
    /// the exit status.
    pub fn report(&self, output: ErrorOutput, host: &mut Host<'_>) -> ExitStatus {
        if let ErrorKind::Output { if_closed } = self.kind
            && self.source.downcast_ref::<Unwritten>().is_some_and(Unwritten::is_closed)
        {
            return if_closed;
        }
        let is_unwritten = matches!(self.kind, ErrorKind::Output { .. });
        if output == ErrorOutput::Document && !self.is_documented && !is_unwritten {
            FailureDocument::from(self).write(host);
        }
        host.important_message(Level::Error, &self.to_string());
        for hint in &self.hints {
            host.message(Level::Hint, hint);
        }
        self.status()
    }
}

/// Prints a mistake on the command line and its hints, and returns the exit status.
pub(crate) fn report_mistake(
    mistake: &Mistake,
    output: ErrorOutput,
    color: ColorMode,
    host: &mut Host<'_>,
) -> ExitStatus {
    host.set_color(color);
    if output == ErrorOutput::Document {
        FailureDocument::from(mistake).write(host);
    }
    host.important_message(Level::Error, &mistake.to_string());
    for hint in mistake.hints() {
        host.message(Level::Hint, &hint);
    }
    ExitStatus::Unjudged
}

/// Prints help or the version, which are results, and returns the exit status. Without a command, the help is a message.
pub(crate) fn report_help(
    help: &HelpText,
    output: ErrorOutput,
    color: ColorMode,
    host: &mut Host<'_>,
) -> ExitStatus {
    host.set_color(color);
    if output == ErrorOutput::Document && !help.is_asked {
        FailureDocument::from(&Mistake::NoCommand).write(host);
    }
    let stream = if help.is_asked { &mut host.stdout } else { &mut host.stderr };
    let text = &help.text;
    let text = if stream.palette().colour { text.ansi().to_string() } else { help.without_colors() };
    let written = stream.writer.write_all(text.as_bytes()).and_then(|()| stream.writer.flush());
    match written {
        _ if !help.is_asked => ExitStatus::Unjudged,
        Ok(()) => ExitStatus::Done,
        Err(error) => CommandError::from(Unwritten { error, if_closed: ExitStatus::Done })
            .report(ErrorOutput::Nothing, host),
    }
}
