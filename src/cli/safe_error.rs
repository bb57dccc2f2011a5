//! Makes clap's error messages safe to show. clap quotes arguments, which can be hostile text or a secret.

use super::unparsed::is_like_a_command;
use crate::core::text::escape::Shown;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsStr;

/// Escapes the values that an error quotes, and removes surplus arguments from it.
///
/// An unquoted token with a space in it becomes a surplus argument. Some other tools take the secret as the second
/// argument, so a surplus argument can be a secret, and must not end up in a log.
pub(super) fn made_safe(mut error: clap::Error) -> clap::Error {
    let shown = |text: &String| Shown(text).to_string();
    let escaped: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(shown(text)))),
            ContextValue::Strings(texts) => {
                Some((kind, ContextValue::Strings(texts.iter().map(shown).collect())))
            }
            _ => None,
        })
        .collect();
    let was_hostile = escaped.iter().any(|(kind, value)| error.get(*kind) != Some(value));
    for (kind, value) in escaped {
        error.insert(kind, value);
    }
    let is_surplus = error.kind() == ErrorKind::UnknownArgument
        && matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(text)) if !is_option(text));
    if is_surplus {
        error.insert(ContextKind::InvalidArg, ContextValue::String("…".to_owned()));
    }
    // A word that cannot be a misspelled command may be a secret.
    if matches!(error.get(ContextKind::InvalidSubcommand), Some(ContextValue::String(text)) if !is_like_a_command(OsStr::new(text)))
    {
        error.insert(ContextKind::InvalidSubcommand, ContextValue::String("…".to_owned()));
    }
    // A suggestion repeats the argument that it was made from.
    if is_surplus || was_hostile {
        error.remove(ContextKind::Suggested);
    }
    error
}

/// Reports whether a word looks like an option. The text of a PEM also begins with hyphens, but is not one.
fn is_option(text: &str) -> bool {
    let is_name = |text: &str| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    match text.strip_prefix("--") {
        Some(name) => is_name(name) && !name.starts_with('-'),
        None => text.starts_with('-') && text.len() == 2,
    }
}
