//! Writes results to standard output and to new files. What a result says is decided elsewhere. JSON is painted here, so that
//! every command shows it alike.

use crate::core::json::{append_compact, append_indented};
use crate::core::key::secret::Secret;
use crate::core::text::workflow::escape_workflow_commands;
use crate::error::output::NewFileError;
use crate::error::{ExitStatus, Unwritten};
use crate::host::{Host, IfExists};
use serde::Serialize;
use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a whole result to standard output. `if_closed` is the exit status if the reader has closed its end: the status of
/// the run, unless that would claim that an accepted verdict was read.
pub(crate) fn write(host: &mut Host<'_>, bytes: &[u8], if_closed: ExitStatus) -> Result<(), Unwritten> {
    let stream = &mut host.stdout.writer;
    stream.write_all(bytes).and_then(|()| stream.flush()).map_err(|error| Unwritten { error, if_closed })
}

/// Writes the text of a report to standard output. If a build system reads the log for
/// commands, the commands in the text are escaped.
pub(crate) fn write_report(host: &mut Host<'_>, text: &[u8], if_closed: ExitStatus) -> Result<(), Unwritten> {
    if host.is_in_workflow() {
        let escaped = escape_workflow_commands(&String::from_utf8_lossy(text));
        return write(host, escaped.as_bytes(), if_closed);
    }
    write(host, text, if_closed)
}

/// Writes finished JSON with its line break to standard output. A terminal shows it in colours, with one member per line.
pub(crate) fn write_json(host: &mut Host<'_>, text: &[u8], if_closed: ExitStatus) -> Result<(), Unwritten> {
    let style = host.stdout.json_style();
    if style.is_plain() { write(host, text, if_closed) } else { write(host, &style.painted(text), if_closed) }
}

/// Writes JSON Lines to standard output. A terminal shows them in colours, each on its line.
pub(crate) fn write_json_lines(
    host: &mut Host<'_>,
    text: &[u8],
    if_closed: ExitStatus,
) -> Result<(), Unwritten> {
    let style = host.stdout.json_style().on_one_line();
    write(host, &style.painted(text), if_closed)
}

/// Writes finished JSON that holds a secret.
pub(crate) fn write_secret_json(
    host: &mut Host<'_>,
    text: &Secret,
    if_closed: ExitStatus,
) -> Result<(), Unwritten> {
    let painted = Secret::new(host.stdout.json_style().painted(text.expose()));
    write(host, painted.expose(), if_closed)
}

/// The syntax of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Text, or a token.
    Text,
    /// One JSON document or value.
    Json,
}

/// Writes a result of this syntax to standard output.
pub(crate) fn write_as(
    host: &mut Host<'_>,
    syntax: Syntax,
    text: &[u8],
    if_closed: ExitStatus,
) -> Result<(), Unwritten> {
    match syntax {
        Syntax::Text => write(host, text, if_closed),
        Syntax::Json => write_json(host, text, if_closed),
    }
}

/// Writes a new file, whole or not at all. `what` is the content in words.
pub(crate) fn new_file(path: &Path, bytes: &[u8], what: &str, host: &Host<'_>) -> Result<(), NewFileError> {
    created(path, bytes, what, IfExists::Fail, host)
}

/// Writes a new file that other users can read, whole or not at all. `what` is the content in words.
pub(crate) fn new_public_file(
    path: &Path,
    bytes: &[u8],
    what: &str,
    host: &Host<'_>,
) -> Result<(), NewFileError> {
    created(path, bytes, what, IfExists::FailPublic, host)
}

fn created(
    path: &Path,
    bytes: &[u8],
    what: &str,
    rule: IfExists,
    host: &Host<'_>,
) -> Result<(), NewFileError> {
    (host.write)(path, bytes, rule).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => NewFileError::Exists { path: path.to_owned() },
        _ => NewFileError::NotWritten { what: what.to_owned(), path: path.to_owned(), error },
    })
}

/// Reports whether a path stands for standard output.
pub(crate) fn is_stdout(path: impl AsRef<OsStr>) -> bool {
    path.as_ref() == "-"
}

/// Writes one line of this syntax to standard output. A terminal may show JSON as several lines.
pub(crate) fn line_as(
    host: &mut Host<'_>,
    syntax: Syntax,
    text: &str,
    if_closed: ExitStatus,
) -> Result<(), Unwritten> {
    write_as(host, syntax, format!("{text}\n").as_bytes(), if_closed)
}

/// Writes one line to standard output.
pub(crate) fn line(host: &mut Host<'_>, text: &str, if_closed: ExitStatus) -> Result<(), Unwritten> {
    write(host, format!("{text}\n").as_bytes(), if_closed)
}

/// Returns the text that a renderer writes. It is rendered into memory, where writing cannot fail.
pub(crate) fn rendered(render: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<u8> {
    let mut text = Vec::new();
    let _ = render(&mut text);
    text
}

/// Returns a document as indented JSON with a line break. Hostile characters are escaped.
pub(crate) fn json(document: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::new();
    append_indented(&mut text, document, 0);
    text.push(b'\n');
    text
}

/// Appends a document as one line of JSON.
pub(crate) fn json_line(text: &mut Vec<u8>, document: &impl Serialize) {
    append_compact(text, document);
    text.push(b'\n');
}

/// A JSON document with one list, written entry by entry. The text is the same as that of [`json`].
#[derive(Debug)]
pub(crate) struct JsonList {
    name: &'static str,
    is_begun: bool,
}

impl JsonList {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, is_begun: false }
    }

    /// Appends the next entry, with the separator before it.
    pub(crate) fn entry(&mut self, text: &mut Vec<u8>, entry: &impl Serialize) {
        if std::mem::replace(&mut self.is_begun, true) {
            text.extend_from_slice(b",\n    ");
        } else {
            self.begin(text);
            text.extend_from_slice(b"\n    ");
        }
        // An entry is inside the list, and that inside the document.
        append_indented(text, entry, 2);
    }

    /// Appends the end of the document, with the failure of the run if there is one.
    pub(crate) fn end(&self, text: &mut Vec<u8>, failure: Option<&impl Serialize>) {
        if self.is_begun {
            text.extend_from_slice(b"\n  ]");
        } else {
            self.begin(text);
            text.push(b']');
        }
        if let Some(failure) = failure {
            text.extend_from_slice(b",\n  \"error\": ");
            append_indented(text, failure, 1);
        }
        text.extend_from_slice(b"\n}\n");
    }

    fn begin(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(format!("{{\n  \"{}\": [", self.name).as_bytes());
    }
}
