//! Results on standard output, in the form that was asked for.

use crate::cli::pair::PairFormat;
use crate::core::json::{Member, Value};
use crate::core::mint::profile::Tokens;
use crate::core::text::duration::Duration;
use crate::core::text::escape::SafeJson;
use crate::error::{CommandError, ExitStatus, Unwritten};
use crate::host::{Host, IfExists};
use serde::Serialize;
use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a result whole. `status` is that of the run: a reader who went away does not change it, unless it says
/// that a verdict was accepted which nobody could read.
pub(crate) fn write(host: &mut Host<'_>, bytes: &[u8], if_closed: ExitStatus) -> Result<(), Unwritten> {
    let stream = &mut host.stdout.writer;
    stream.write_all(bytes).and_then(|()| stream.flush()).map_err(|error| Unwritten { error, if_closed })
}

/// Writes a file that was not there before, whole or not at all.
pub(crate) fn new_file(path: &Path, bytes: &[u8], what: &str, host: &Host<'_>) -> Result<(), CommandError> {
    (host.write)(path, bytes, IfExists::Fail).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => taken(path),
        _ => CommandError::usage(format!("cannot write {what} to {}: {error}", path.display())),
    })
}

/// What to say where a new file cannot be, because there is one.
pub(crate) fn taken(path: &Path) -> CommandError {
    CommandError::usage(format!("{} is already there, and nothing is overwritten", path.display()))
        .with_hint("choose another path, or move the old file away")
}

/// Whether a path stands for standard output.
pub(crate) fn is_stdout(path: impl AsRef<OsStr>) -> bool {
    path.as_ref() == "-"
}

/// Writes one line.
pub(crate) fn line(host: &mut Host<'_>, text: &str, if_closed: ExitStatus) -> Result<(), Unwritten> {
    write(host, format!("{text}\n").as_bytes(), if_closed)
}

/// A document as JSON text with nothing hostile in it, and a line break.
pub(crate) fn json(document: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::new();
    // A Vec takes every write, and every report can be serialized.
    let _ = document.serialize(&mut serde_json::Serializer::with_formatter(&mut text, SafeJson::pretty()));
    text.push(b'\n');
    text
}

/// The same document on one line, behind what is there already.
pub(crate) fn json_line(text: &mut Vec<u8>, document: &impl Serialize) {
    let _ = document.serialize(&mut serde_json::Serializer::with_formatter(&mut *text, SafeJson::compact()));
    text.push(b'\n');
}

/// A document with nothing but one list in it, entry by entry: as if [`json`] had written it at once.
#[derive(Debug)]
pub(crate) struct JsonList {
    name: &'static str,
    is_begun: bool,
}

impl JsonList {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, is_begun: false }
    }

    /// The next entry, and what stands before it.
    pub(crate) fn entry(&mut self, entry: &impl Serialize) -> String {
        let text = String::from_utf8_lossy(&json(entry)).into_owned();
        // No string holds a line break that is not escaped.
        let text = text.trim_end().replace('\n', "\n    ");
        let begun = std::mem::replace(&mut self.is_begun, true);
        if begun { format!(",\n    {text}") } else { format!("{{\n  \"{}\": [\n    {text}", self.name) }
    }

    /// The end of the document.
    pub(crate) fn end(&self) -> String {
        if self.is_begun { "\n  ]\n}\n".to_owned() } else { format!("{{\n  \"{}\": []\n}}\n", self.name) }
    }
}

/// The tokens of a pair in one of the forms, each line ended.
pub(crate) fn pair(tokens: &Tokens, format: PairFormat) -> String {
    // Where one token is both, neither name fits.
    let (member, variable) = if tokens.single { ("token", "FOB_TOKEN") } else { ("access", "FOB_ACCESS") };
    let access = &tokens.access;
    let string = |text: &'_ str| Value::string(text.to_owned());
    match (format, &tokens.refresh) {
        (PairFormat::Text, Some(refresh)) => format!("access  {access}\nrefresh {refresh}\n"),
        (PairFormat::Text, None) => format!("{access}\n"),
        (PairFormat::Header, _) => format!("Authorization: Bearer {access}\n"),
        (PairFormat::Env, Some(refresh)) => format!("{variable}={access}\nFOB_REFRESH={refresh}\n"),
        (PairFormat::Env, None) => format!("{variable}={access}\n"),
        (PairFormat::Json, refresh) => {
            let mut members = vec![Member::new(member, string(access))];
            members.extend(refresh.as_deref().map(|refresh| Member::new("refresh", string(refresh))));
            format!("{}\n", Value::Object(members))
        }
        (PairFormat::Oauth, refresh) => {
            let mut members = vec![
                Member::new("access_token", string(access)),
                Member::new("token_type", string("Bearer")),
            ];
            let number = |lifetime: Duration| Value::Number(lifetime.as_seconds().to_string().into());
            members.extend(tokens.lifetime.map(|lifetime| Member::new("expires_in", number(lifetime))));
            members.extend(refresh.as_deref().map(|refresh| Member::new("refresh_token", string(refresh))));
            members.extend(tokens.scope.as_deref().map(|scope| Member::new("scope", string(scope))));
            format!("{}\n", Value::Object(members))
        }
    }
}

/// The form asked for: by name, else JSON if `--json` asks for it.
pub(crate) fn pair_format(asked: Option<PairFormat>, json: bool) -> PairFormat {
    asked.unwrap_or(if json { PairFormat::Json } else { PairFormat::Text })
}
