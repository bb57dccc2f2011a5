//! Finds values in the wrong place of a command line: secrets, tokens, paths and algorithms without their option, options
//! with wrong hyphens, and options where a secret was meant.

use super::mistake::{Mistake, Neighbour};
use crate::core::json;
use crate::core::redact::argument::is_plausible_path;
use crate::core::token::algorithm::Algorithm;
use crate::scan::names;
use std::ffi::OsString;

/// The ends of the names of key files.
const KEY_FILES: [&str; 11] =
    [".pem", ".der", ".jwk", ".jwks", ".json", ".key", ".pub", ".crt", ".cer", ".p12", ".pfx"];

/// The characters that word processors and web pages put in place of hyphens.
const DASHES: [char; 6] = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'];

/// Returns the option that a word with wrong hyphens means: `–key`, `—key` or `-key`. `takes` reports whether the command
/// has an option of this name.
pub(super) fn with_right_hyphens(word: &str, takes: impl Fn(&str) -> bool) -> Option<String> {
    let text = word.trim_start_matches(|c| c == '-' || DASHES.contains(&c));
    let (name, _) = text.split_once('=').unwrap_or((text, ""));
    let is_wrong = word.starts_with(DASHES) || (word.starts_with('-') && !word.starts_with("--"));
    let is_letter = word.starts_with(DASHES) && name.len() == 1 && name.is_ascii();
    if is_wrong && is_letter {
        return Some(format!("-{name}"));
    }
    (is_wrong && name.len() > 1 && takes(name)).then(|| format!("--{name}"))
}

/// Reports whether a word begins with a dash that is no hyphen. This costs little for a word that does not.
pub(super) fn has_typographic_dash(word: &std::ffi::OsStr) -> bool {
    // All of them begin with this byte in UTF-8.
    word.as_encoded_bytes().first() == Some(&0xE2)
        && word.to_str().is_some_and(|word| word.starts_with(DASHES))
}

/// Explains more values than a command takes. `values` are the values without an option.
pub(super) fn surplus(
    values: &[&str],
    surplus: &str,
    command: (&str, &str),
    takes: impl Fn(&str) -> bool,
) -> Mistake {
    let (name, arguments) = command;
    let algorithm = Algorithm::ALL.iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(surplus));
    if let Some(algorithm) = algorithm.filter(|_| takes("alg")) {
        return Mistake::Algorithm(*algorithm);
    }
    let takes_token = arguments.contains("TOKEN");
    let is_token = |value: &&&str| is_token(value) || (takes_token && is_file(value));
    let tokens = values.iter().filter(is_token).count();
    if tokens > 0 {
        let others = || values.iter().filter(|value| !is_token(value));
        return Mistake::BesideToken(if others().any(|value| is_scheme(value)) {
            Neighbour::Scheme
        } else if tokens > 1 {
            Neighbour::Token
        } else if let Some(path) = others().find(|value| is_key_file(value)).filter(|_| takes("key")) {
            Neighbour::KeyFile((*path).to_owned())
        } else if takes("issuer-keys") && others().any(|value| value.starts_with("https://")) {
            Neighbour::Url
        } else {
            Neighbour::Unknown { takes_secret: takes("secret") }
        });
    }
    let payload = values.iter().find(|value| value.starts_with('{')).filter(|_| takes("no-iat"));
    if let Some(payload) = payload {
        match json::parse(payload.as_bytes()) {
            Ok(_) => Mistake::BesidePayload,
            Err(_) => Mistake::SplitPayload,
        }
    } else if takes("claim") && values.iter().any(|value| is_assignment(value)) {
        Mistake::BareClaims
    } else {
        Mistake::Surplus { command: name.to_owned(), takes: arguments.to_owned() }
    }
}

/// Reports whether a text is the path of a key, by the end of its name.
fn is_key_file(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/~".contains(&byte))
        && KEY_FILES.iter().any(|end| text.len() > end.len() && text.ends_with(end))
        && is_plausible_path(text)
}

/// Reports whether a text assigns a value to a name.
fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim_end_matches(':');
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte))
    })
}

/// Returns the arguments that look like options, but follow `-s` or `--secret`.
pub(super) fn options_as_secrets(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    let words = arguments.iter().map(|argument| argument.to_str().unwrap_or_default());
    let before = std::iter::once("").chain(words.clone());
    // Behind a `--` of its own there are no options.
    let pairs = before.zip(words).take_while(|(before, word)| *word != "--" || is_secret_option(before));
    pairs.filter(|(before, word)| is_secret_option(before) && is_like_an_option(word)).map(|(_, word)| word)
}

/// Options whose values may begin with a hyphen.
const HYPHEN_VALUES: [&str; 6] =
    ["--kid", "--key", "--holder-nonce", "--encrypt-for", "--encrypt-kid", "--decrypt-key"];

/// Returns the options whose value is missing, because the next word is itself an option, each with that word. This costs
/// little for words that are no options.
pub(super) fn options_as_values(arguments: &[OsString]) -> impl Iterator<Item = (&str, &str)> {
    let is_long = |word: &OsString| word.as_encoded_bytes().starts_with(b"--");
    let pairs = arguments.windows(2).take_while(|pair| !matches!(pair, [before, _] if before == "--"));
    pairs
        .filter_map(move |pair| match pair {
            [before, word] if is_long(before) && is_long(word) => Some((before.to_str()?, word.to_str()?)),
            _ => None,
        })
        .filter(|(before, _)| HYPHEN_VALUES.contains(before))
}

/// Reports whether a word is `--secret` or `-s`, alone or behind other short options without a value.
pub(super) fn is_secret_option(word: &str) -> bool {
    let is_flag = |c: char| "qjvhV".contains(c);
    word == "--secret"
        || word
            .strip_prefix('-')
            .and_then(|word| word.strip_suffix('s'))
            .is_some_and(|flags| flags.chars().all(is_flag))
}

/// Reports whether a text looks like an option: `--name`, `--name=value`, or up to three letters after a hyphen.
fn is_like_an_option(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match (text.strip_prefix("--"), text.strip_prefix('-')) {
        (Some(long), _) => {
            let name = long.split_once('=').map_or(long, |(name, _)| name);
            name.chars().all(is_name) && !name.starts_with('-')
        }
        (None, Some(short)) => {
            (1..=3).contains(&short.len()) && short.chars().all(|c| c.is_ascii_alphabetic())
        }
        (None, None) => false,
    }
}

/// Reports whether a text has the look of a token: segments of Base64url, of which the first begins with `{"`.
pub(super) fn is_token(text: &str) -> bool {
    let is_base64url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let segments: Vec<&str> = text.split('.').collect();
    text.starts_with("eyJ")
        && matches!(segments.len(), 3 | 5)
        && segments.iter().all(|segment| segment.chars().all(is_base64url))
}

/// Reports whether an argument stands for the content of a file.
fn is_file(argument: &str) -> bool {
    argument.len() > 1 && argument.starts_with('@')
}

/// Reports whether a word stands before tokens in headers, such as `Bearer`.
fn is_scheme(word: &str) -> bool {
    let word = word.trim_end_matches(':');
    names::is_scheme(word) || names::CREDENTIAL_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swallowed(line: &str) -> Vec<String> {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        options_as_secrets(&arguments).map(str::to_owned).collect()
    }

    #[test]
    fn finds_options_that_were_taken_for_a_secret() {
        for (line, option) in [
            ("fob encode -s --no-iat", "--no-iat"),
            ("fob encode --secret --exp=1h", "--exp=1h"),
            ("fob encode -qs -j", "-j"),
            ("fob verify -s -- x", "--"),
            ("fob verify x --secret -q", "-q"),
        ] {
            assert_eq!(swallowed(line), [option], "{line}");
        }
        for line in [
            "fob encode -s -",
            "fob encode --secret=--no-iat",
            "fob encode -s --Xk3_9",
            "fob encode -s -Xk39",
            "fob encode -s -----BEGIN",
            "fob encode -- -s --no-iat",
            "fob encode -cs --no-iat",
            "fob encode --secrets --no-iat",
        ] {
            assert_eq!(swallowed(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn finds_wrong_hyphens() {
        let takes = |name: &str| ["key", "json"].contains(&name);
        for (word, option) in [
            ("\u{2013}key", "--key"),
            ("\u{2014}json", "--json"),
            ("-\u{2013}key=a.pem", "--key"),
            ("-key", "--key"),
            ("\u{2013}k", "-k"),
        ] {
            assert_eq!(with_right_hyphens(word, takes).as_deref(), Some(option), "{word}");
        }
        for word in ["--key", "-k", "key", "-keys", "\u{2013}nope", "-"] {
            assert_eq!(with_right_hyphens(word, takes), None, "{word}");
        }
    }
}
