//! The JSON document of a failure: `{"error":{"code","message","hint"}}`.

use super::CommandError;
use super::code::ErrorCode;
use crate::cli::mistake::Mistake;
use crate::core::json::{Member, Value, append_compact};
use crate::core::reason::Reason;
use crate::host::Host;
use serde::Serialize;
use std::io::Write as _;

/// A failure, for scripts.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ErrorMember {
    code: String,
    message: String,
    hint: Option<String>,
}

impl ErrorMember {
    /// Returns the failure with these hints. Several hints become one text.
    pub(super) fn new(code: &ErrorCode, message: String, hints: &[String]) -> Self {
        let hint = (!hints.is_empty()).then(|| hints.join("; "));
        Self { code: code.name(), message, hint }
    }

    /// Returns the failure as a JSON value, for documents that are built member by member.
    pub(crate) fn to_value(&self) -> Value<'static> {
        let text = |text: &str| Value::string(text.to_owned());
        Value::Object(vec![
            Member::new("code", text(&self.code)),
            Member::new("message", text(&self.message)),
            Member::new("hint", self.hint.as_deref().map_or(Value::Null, text)),
        ])
    }
}

impl From<&Mistake> for ErrorMember {
    fn from(mistake: &Mistake) -> Self {
        Self::new(&ErrorCode::Usage, mistake.to_string(), &mistake.hints())
    }
}

/// A whole document of a failure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FailureDocument {
    error: ErrorMember,
}

impl FailureDocument {
    /// Returns the document of a token that is not accepted.
    pub(crate) fn of_verdict(reason: Option<Reason>, message: String, hints: &[String]) -> Self {
        let code = reason.map_or(ErrorCode::NoToken, ErrorCode::from);
        Self { error: ErrorMember::new(&code, message, hints) }
    }

    /// Writes the document to standard output, in one line unless it is a terminal. A failure to write it is not reported: the
    /// message on standard error and the exit status say the same.
    pub(crate) fn write(&self, host: &mut Host<'_>) {
        let ErrorMember { code, message, hint } = &self.error;
        let shown = |text: &String| host.without_secrets(text);
        let error =
            ErrorMember { code: code.clone(), message: shown(message), hint: hint.as_ref().map(shown) };
        let mut text = Vec::new();
        append_compact(&mut text, &Self { error });
        text.push(b'\n');
        let text = host.stdout.json_style().painted(&text);
        let stream = &mut host.stdout.writer;
        let _ = stream.write_all(&text).and_then(|()| stream.flush());
    }
}

impl<T: Into<ErrorMember>> From<T> for FailureDocument {
    fn from(error: T) -> Self {
        Self { error: error.into() }
    }
}

impl From<&CommandError> for ErrorMember {
    fn from(error: &CommandError) -> Self {
        Self::new(&error.code(), error.to_string(), &error.hints)
    }
}
