//! Writes results to standard output and to new files. What a result says is decided elsewhere.

use crate::core::text::escape::SafeJson;
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

/// Writes a new file, whole or not at all. `what` is the content in words.
pub(crate) fn new_file(path: &Path, bytes: &[u8], what: &str, host: &Host<'_>) -> Result<(), NewFileError> {
    (host.write)(path, bytes, IfExists::Fail).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => NewFileError::Exists { path: path.to_owned() },
        _ => NewFileError::NotWritten { what: what.to_owned(), path: path.to_owned(), error },
    })
}

/// Reports whether a path stands for standard output.
pub(crate) fn is_stdout(path: impl AsRef<OsStr>) -> bool {
    path.as_ref() == "-"
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
    // Writing to a Vec cannot fail, and every report can be serialized.
    let _ = document.serialize(&mut serde_json::Serializer::with_formatter(&mut text, SafeJson::pretty()));
    text.push(b'\n');
    text
}

/// Appends a document as one line of JSON.
pub(crate) fn json_line(text: &mut Vec<u8>, document: &impl Serialize) {
    let _ = document.serialize(&mut serde_json::Serializer::with_formatter(&mut *text, SafeJson::compact()));
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

    /// Returns the text of the next entry, with the separator before it.
    pub(crate) fn entry(&mut self, entry: &impl Serialize) -> String {
        let text = String::from_utf8_lossy(&json(entry)).into_owned();
        // Line breaks in strings are escaped, so these are all of the layout.
        let text = text.trim_end().replace('\n', "\n    ");
        let begun = std::mem::replace(&mut self.is_begun, true);
        if begun { format!(",\n    {text}") } else { format!("{{\n  \"{}\": [\n    {text}", self.name) }
    }

    /// Returns the end of the document, with the failure of the run if there is one.
    pub(crate) fn end(&self, failure: Option<&impl Serialize>) -> String {
        let list = if self.is_begun { "\n  ]".to_owned() } else { format!("{{\n  \"{}\": []", self.name) };
        let failure = failure.map(|failure| {
            let text = String::from_utf8_lossy(&json(failure)).trim_end().replace('\n', "\n  ");
            format!(",\n  \"error\": {text}")
        });
        format!("{list}{}\n}}\n", failure.unwrap_or_default())
    }
}
