//! Recognizes values in the wrong place of a command line, and options of other tools. The messages never repeat a
//! value, since it can be a secret or a token.

use crate::core::token::algorithm::Algorithm;
use crate::scan::names;
use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;
use std::fmt;

/// A value in the wrong place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// An option where `--secret` needs its value, usually because a variable was empty.
    OptionAsSecret,
    /// A second value beside the token.
    BesideToken {
        /// True if the command takes a secret.
        takes_secret: bool,
    },
    /// A scheme such as `Bearer` and its token as two values.
    SchemeBesideToken,
    /// The name of an algorithm without its option.
    Algorithm(Algorithm),
    /// A payload that the shell has split at a blank.
    SplitPayload,
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OptionAsSecret => f.write_str(
                "the text after --secret looks like an option\n\n  \
                 tip: if a variable was empty, set it, or name it with --secret-env VAR\n  \
                 tip: if it is the secret, write --secret=TEXT",
            ),
            Self::BesideToken { takes_secret: true } => f.write_str(
                "there is another value beside the token\n\n  \
                 tip: give a secret with --secret-env VAR, --secret-file PATH or --secret TEXT\n  \
                 tip: if it is part of the token, put the whole in quotes",
            ),
            Self::BesideToken { takes_secret: false } => f.write_str(
                "there is another value beside the token\n\n  \
                 tip: this command takes no secret; fob verify checks a signature, with --secret-env VAR or --secret TEXT\n  \
                 tip: if it is part of the token, put the whole in quotes",
            ),
            Self::SchemeBesideToken => f.write_str(
                "the word before the token is a separate value\n\n  \
                 tip: leave it out, or put both in quotes: 'Bearer TOKEN'",
            ),
            Self::Algorithm(algorithm) => {
                write!(f, "the name of an algorithm needs its option\n\n  tip: write --alg {algorithm}")
            }
            Self::SplitPayload => f.write_str(
                "the shell has split the payload at a blank\n\n  \
                 tip: put the payload in single quotes, or use -c name=text",
            ),
        }
    }
}

impl From<Misplaced> for clap::Error {
    fn from(misplaced: Misplaced) -> Self {
        let kind = match misplaced {
            Misplaced::OptionAsSecret => ErrorKind::ValueValidation,
            _ => ErrorKind::UnknownArgument,
        };
        Self::raw(kind, format!("{misplaced}\n"))
    }
}

/// Options of other tools, and the option of this program.
const FOREIGN: [(&str, &str); 51] = [
    ("-S", "secret"),
    ("--secret-key", "secret"),
    ("--hmac-secret", "secret"),
    ("--hmac", "secret"),
    ("--shared-secret", "secret"),
    ("--signing-key", "secret"),
    ("-A", "alg"),
    ("-a", "alg"),
    ("--algo", "alg"),
    ("--algorithm", "alg"),
    ("--algorithms", "alg"),
    ("-P", "claim"),
    ("--payload", "claim"),
    ("--body", "payload"),
    ("--key", "decrypt-key"),
    ("-k", "decrypt-key"),
    ("--decrypt", "decrypt-key"),
    ("--decryption-key", "decrypt-key"),
    ("--decrypt-secret", "decrypt-secret-env"),
    ("--encrypt", "encrypt-for"),
    ("--encrypt-key", "encrypt-for"),
    ("--encrypt-secret", "encrypt-secret-env"),
    ("--user-id", "claim"),
    ("-e", "exp"),
    ("--expires", "exp"),
    ("--expires-in", "exp"),
    ("--expiry", "exp"),
    ("--expiration", "exp"),
    ("--ttl", "exp"),
    ("-n", "nbf"),
    ("--not-before", "nbf"),
    ("-i", "iss"),
    ("--issuer", "iss"),
    ("--subject", "sub"),
    ("--audience", "aud"),
    ("--jwt-id", "jti"),
    ("--jwtid", "jti"),
    ("--keyid", "kid"),
    ("--key-id", "kid"),
    ("--pem", "key"),
    ("--cert", "key"),
    ("--jwk", "key"),
    ("--jwks", "key"),
    ("--jwks-url", "key"),
    ("--public-key", "key"),
    ("--pubkey", "key"),
    ("--private-key", "key"),
    ("--clock-skew", "leeway"),
    ("--clock-tolerance", "leeway"),
    ("--ignore-expiration", "ignore-exp"),
    ("--now", "at"),
];

/// Returns a clearer error, if a value is in the wrong place or an option is that of another tool. `command` has the
/// options of the command that was called.
pub(super) fn explained(
    mut error: clap::Error,
    arguments: &[OsString],
    command: Option<&Command>,
) -> clap::Error {
    if options_as_secrets(arguments).next().is_some() {
        return Misplaced::OptionAsSecret.into();
    }
    let takes = |long: &str| {
        command.is_some_and(|command| command.get_arguments().any(|option| option.get_long() == Some(long)))
    };
    if is_repeated_secret(&error) && takes("issuer-keys") {
        let tip = "to learn which of several secrets fits, write each as a line NAME=SECRET to a file, and give that to \
                   fob verify with --secret-file";
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
        return error;
    }
    let invalid = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(invalid))) => invalid.clone(),
        _ => return error,
    };
    let foreign = FOREIGN.iter().find(|(foreign, ours)| *foreign == invalid && takes(ours));
    if let Some((foreign, ours)) = foreign {
        let tip = match *ours {
            "secret" => format!(
                "give the secret with --secret-env VAR, --secret-file PATH or --secret TEXT, not {foreign}"
            ),
            "claim" if *foreign == "--user-id" => format!("write -c user_id=ID in place of {foreign}"),
            "decrypt-key" if matches!(*foreign, "--key" | "-k") => {
                "decode verifies no signature, so it takes no --key; to decrypt a token, use --decrypt-key"
                    .to_owned()
            }
            ours => format!("write --{ours} in place of {foreign}"),
        };
        // clap's own guess compares letters alone. Its usage line names the guess, too.
        let guess = error.remove(ContextKind::SuggestedArg);
        let is_ours = matches!(guess, Some(ContextValue::String(guess)) if guess == format!("--{ours}"));
        if !is_ours {
            error.remove(ContextKind::Usage);
        }
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
        return error;
    }
    if invalid.starts_with('-') {
        return error;
    }
    let words = || arguments.iter().skip(1).filter_map(|word| word.to_str());
    let algorithm = Algorithm::ALL.iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(&invalid));
    if let Some(algorithm) = algorithm.filter(|_| takes("alg") || words().take(2).eq(["key", "new"])) {
        Misplaced::Algorithm(*algorithm).into()
    } else if words().any(is_token) && words().any(is_scheme) {
        Misplaced::SchemeBesideToken.into()
    } else if words().any(is_token) {
        Misplaced::BesideToken { takes_secret: takes("secret") }.into()
    } else if takes("no-iat") && words().any(|word| word.starts_with('{')) {
        Misplaced::SplitPayload.into()
    } else {
        error
    }
}

/// Reports whether two secrets were given.
fn is_repeated_secret(error: &clap::Error) -> bool {
    let is_secret = |kind| match error.get(kind) {
        Some(ContextValue::String(option)) => option.starts_with("--secret"),
        Some(ContextValue::Strings(options)) => options.iter().any(|option| option.starts_with("--secret")),
        _ => false,
    };
    error.kind() == ErrorKind::ArgumentConflict
        && is_secret(ContextKind::InvalidArg)
        && is_secret(ContextKind::PriorArg)
}

/// Returns the arguments that look like options, but follow `-s` or `--secret`.
pub(super) fn options_as_secrets(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    let words = arguments.iter().map(|argument| argument.to_str().unwrap_or_default());
    let before = std::iter::once("").chain(words.clone());
    // Behind a `--` of its own there are no options.
    let pairs = before.zip(words).take_while(|(before, word)| *word != "--" || is_secret_option(before));
    pairs.filter(|(before, word)| is_secret_option(before) && is_like_an_option(word)).map(|(_, word)| word)
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
    fn lists_each_foreign_option_once_and_with_another_name() {
        for (index, (foreign, ours)) in FOREIGN.iter().enumerate() {
            assert!(FOREIGN[..index].iter().all(|(other, _)| other != foreign), "{foreign}");
            assert_ne!(foreign.trim_start_matches('-'), *ours);
        }
    }
}
