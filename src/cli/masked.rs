//! The command line as a reader of a report may see it: as the user gave it, with secrets and tokens masked.

use super::misplaced::is_secret_option;
use crate::core::redact::{MASK, mask_words};
use crate::core::text::shell;
use std::ffi::OsString;

/// Returns a command line as words of a shell. The program is `fob`, whatever its path.
#[must_use]
pub(crate) fn command_line(arguments: &[OsString]) -> String {
    let mut line = "fob".to_owned();
    let (mut follows_secret, mut has_options) = (false, true);
    for argument in arguments.iter().skip(1) {
        let word = argument.to_string_lossy();
        let hidden = std::mem::replace(&mut follows_secret, has_options && is_secret_option(&word));
        let attached = secret_prefix(&word).filter(|_| has_options);
        line.push(' ');
        match attached {
            _ if hidden => line.push_str(MASK),
            Some(option) => {
                line.push_str(option);
                line.push_str(MASK);
            }
            None => line.push_str(&shell::word(&mask_words(&word))),
        }
        // The word after `-s` is its value, even if it looks like an option.
        if hidden {
            follows_secret = false;
        } else if word == "--" {
            has_options = false;
        }
    }
    line
}

/// Returns the part of a word before the secret in it: `--secret=`, or a group of short options that ends with `s`.
fn secret_prefix(word: &str) -> Option<&str> {
    let end = match word.strip_prefix("--secret=") {
        Some(_) => "--secret=".len(),
        None => word.find('s').filter(|_| word.starts_with('-'))? + 1,
    };
    let prefix = word.get(..end).filter(|prefix| prefix.len() < word.len())?;
    (prefix.ends_with('=') || is_secret_option(prefix)).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &[&str]) -> String {
        command_line(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn secrets_are_masked_in_every_spelling() {
        for (words, line) in [
            (&["/opt/fob", "verify", "-s", "hunter2"][..], "fob verify -s [masked]"),
            (&["fob", "-qs", "hunter2", "x"], "fob -qs [masked] x"),
            (&["fob", "-shunter2"], "fob -s[masked]"),
            (&["fob", "-qs=hunter2"], "fob -qs[masked]"),
            (&["fob", "--secret", "--", "--json"], "fob --secret [masked] --json"),
            (&["fob", "--secret", "-s", "a"], "fob --secret [masked] a"),
            (&["fob", "--secret=hunter2"], "fob --secret=[masked]"),
            (&["fob", "--secret-env", "VAR", "--suite", "s"], "fob --secret-env VAR --suite s"),
            (&["fob", "--", "-shunter2"], "fob -- -shunter2"),
        ] {
            assert_eq!(shown(words), line);
        }
    }

    #[test]
    fn tokens_are_masked_and_paths_are_quoted() {
        let token = "eyJhbGciOiJub25lIn0.e30.AA";
        assert_eq!(
            shown(&["fob", "test", "my suite.toml", "--filter", token, &format!("--filter={token}")]),
            "fob test 'my suite.toml' --filter '[masked]' '--filter=[masked]'"
        );
    }
}
