//! Reads parts of a command line without clap: the command of a bare token, and the form of an error message.

use super::ColorChoice;
use clap::{Command, ValueEnum as _};
use std::ffi::{OsStr, OsString};

/// The length of the longest word that is taken for a misspelled command.
const LONGEST_COMMAND: usize = 20;

/// Returns the value of `--color` on a command line that could not be parsed.
#[must_use]
pub fn color(arguments: &[OsString]) -> ColorChoice {
    let named = |text: &str| ColorChoice::from_str(text, true).ok();
    let words: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect();
    let joined = words.iter().find_map(|word| named(word.strip_prefix("--color=")?));
    let apart = || {
        words.windows(2).find_map(|pair| match pair {
            ["--color", choice] => named(choice),
            _ => None,
        })
    };
    joined.or_else(apart).unwrap_or_default()
}

/// Reports whether a command line that could not be parsed asks for JSON.
#[must_use]
pub fn wants_json(arguments: &[OsString]) -> bool {
    let words = arguments.iter().skip(1).map(|argument| argument.to_str().unwrap_or_default());
    words
        .take_while(|word| *word != "--")
        .any(|word| word == "--json" || word.starts_with("--json=") || has_short_json(word))
}

/// Reports whether a word is a group of short options with `-j` in it. An option that takes a value ends the group.
fn has_short_json(word: &str) -> bool {
    let Some(letters) = word.strip_prefix('-') else { return false };
    letters.split_once('j').is_some_and(|(before, _)| before.chars().all(|letter| "qvhV".contains(letter)))
}

/// Returns the first word of a command line that is neither an option of this command nor the value of one.
pub(super) fn first_word<'a>(arguments: &'a [OsString], command: &Command) -> Option<&'a OsStr> {
    let takes_value = |name: &str| {
        command
            .get_arguments()
            .find(|option| option.get_long() == Some(name))
            .is_some_and(|option| option.get_action().takes_values())
    };
    let mut words = arguments.iter().skip(1);
    while let Some(word) = words.next() {
        let text = word.to_str().unwrap_or_default();
        match text.strip_prefix("--") {
            Some("") => return words.next().map(OsString::as_os_str),
            Some(option) => {
                if takes_value(option) {
                    words.next();
                }
            }
            None if text.len() > 1 && text.starts_with('-') => {}
            None => return Some(word),
        }
    }
    None
}

/// Returns the values of a command line that belong to no option, without the name of the command.
pub(super) fn values<'a>(arguments: &'a [OsString], command: &Command) -> Vec<&'a str> {
    let takes_value = |word: &str| {
        let option = command.get_arguments().find(|option| match word.strip_prefix("--") {
            Some(long) => option.get_long() == Some(long),
            None => word.len() == 2 && option.get_short().is_some_and(|short| word.ends_with(short)),
        });
        option.is_some_and(|option| option.get_action().takes_values())
    };
    let mut values = Vec::new();
    let mut words = arguments.iter().skip(1).map(|word| word.to_str().unwrap_or_default());
    while let Some(word) = words.next() {
        if !word.starts_with('-') || word == "-" {
            values.push(word);
        } else if takes_value(word) {
            words.next();
        }
    }
    values
}

/// Returns the command line with `--help` at its end instead of the word `help`.
pub(super) fn with_help_option(arguments: &[OsString]) -> Vec<OsString> {
    let mut words = arguments.to_vec();
    if let Some(index) = words.iter().position(|word| word == "help") {
        words.remove(index);
    }
    words.push("--help".into());
    words
}

/// Reports whether a word can be a misspelled command: a few letters and hyphens. All other words are taken for a token.
pub(super) fn is_like_a_command(word: &OsStr) -> bool {
    word.to_str().is_some_and(|text| {
        !text.is_empty()
            && text.len() <= LONGEST_COMMAND
            && text.bytes().all(|byte| byte.is_ascii_alphabetic() || (byte == b'-' && text != "-"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn finds_the_option_json_on_a_line_that_cannot_be_parsed() {
        for line in ["fob --json", "fob verify -j x", "fob x -qj", "fob -vjq x", "fob x --json=true"] {
            assert!(wants_json(&words(line)), "{line}");
        }
        for line in ["fob x", "fob -- --json", "fob encode -sj", "fob -k j", "fob --jso", "--json x"] {
            assert!(!wants_json(&words(line)), "{line}");
        }
    }

    #[test]
    fn words_of_a_few_letters_can_be_misspelled_commands() {
        for word in ["dec", "Decode", "key-new", "completions"] {
            assert!(is_like_a_command(OsStr::new(word)), "{word}");
        }
        for word in ["", "-", "eyJhbGciOiJub25lIn0.e30.", "@t.jwt", "s3cret", "a b", "abcdefghijklmnopqrstu"]
        {
            assert!(!is_like_a_command(OsStr::new(word)), "{word}");
        }
    }
}
