//! The text and the hints of a command line that cannot be understood.

use crate::cli::mistake::{Mistake, Neighbour, NotAnAlgorithm, Remedy};
use crate::core::redact::argument::Argument;
use crate::core::text::escape::excerpt;
use std::fmt;

const GIVE_SECRET: &str = "give the secret with --secret-env VAR, --secret-file PATH or --secret TEXT";

/// The words that introduce the right form, in the text of a value that cannot be read.
const ADVICE: [&str; 2] = ["write ", "leave "];

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCommand => f.write_str("there is no command"),
            Self::UnknownCommand { word: Some(word), parent, .. } => {
                write!(f, "{parent} has no command `{}`", excerpt(word))
            }
            Self::UnknownCommand { parent, .. } => write!(f, "the word after {parent} is not a command"),
            Self::UnknownOption { command, option: Some(option), .. } => {
                write!(f, "{command} has no option {option}")
            }
            Self::UnknownOption { command, .. } => write!(f, "an option is not one of {command}"),
            Self::Hyphens { .. } => f.write_str("an option begins with two plain hyphens"),
            Self::OptionAsSecret => f.write_str("the text after --secret looks like an option"),
            Self::BesideToken(Neighbour::Scheme) => {
                f.write_str("the word before the token is a separate value")
            }
            Self::BesideToken(Neighbour::Token) => f.write_str("there are two tokens"),
            Self::BesideToken(Neighbour::KeyFile(path)) => {
                write!(f, "the path {} beside the token needs its option", excerpt(path))
            }
            Self::BesideToken(Neighbour::Url) => f.write_str("the URL beside the token needs its option"),
            Self::BesideToken(Neighbour::Unknown { .. }) => {
                f.write_str("there is another value beside the token")
            }
            Self::Algorithm(_) => f.write_str("the name of an algorithm needs its option"),
            Self::NotAnAlgorithm(named) => write!(f, "{} is {}", named.name, named.kind),
            Self::AlgorithmNone => f.write_str("invalid value 'none' for --alg"),
            Self::SplitPayload => f.write_str("the shell has split the payload at a blank"),
            Self::BesidePayload => f.write_str("another value stands beside the payload"),
            Self::BareClaims => f.write_str("a claim in the form name=text needs its option"),
            Self::Surplus { command, takes } if takes.is_empty() => {
                write!(f, "{command} takes no argument without an option")
            }
            Self::Surplus { command, takes } => {
                write!(f, "there are more values than {command} {takes} takes")
            }
            Self::NoValue { option, .. } => write!(f, "the value of {} is missing", name(option)),
            Self::ValueOfFlag { option } => write!(f, "{} takes no value", name(option)),
            Self::UnknownValue { option, value, meant: Some(_), .. } => {
                write!(f, "invalid value '{}' for {}", excerpt(value), name(option))
            }
            Self::UnknownValue { option, value, .. } => {
                write!(f, "invalid value {} for {}", Argument(value), name(option))
            }
            Self::InvalidValue { option, value, reason } => {
                write!(f, "invalid value {} for {}", Argument(value), name(option))?;
                match without_advice(reason) {
                    "" => Ok(()),
                    fault => write!(f, ": {fault}"),
                }
            }
            Self::Missing { arguments, any: true, .. } => {
                let names: Vec<&str> = arguments.iter().map(|argument| name(argument)).collect();
                write!(f, "one of these options is missing: {}", names.join(", "))
            }
            Self::Missing { arguments, .. } => {
                let names: Vec<&str> = arguments.iter().map(|argument| name(argument)).collect();
                let verb = if names.len() == 1 { "is" } else { "are" };
                write!(f, "{} {verb} missing", names.join(" and "))
            }
            Self::Conflict { one, other } => {
                write!(f, "{} cannot be used with {}", name(one), name(other))
            }
            Self::Repeated { option } => write!(f, "{} cannot be used multiple times", name(option)),
            Self::SeveralSecrets => f.write_str("there are two secrets, but only one can be used"),
            Self::NotUtf8 => f.write_str("an argument is not UTF-8"),
            Self::Other { text } => f.write_str(text),
        }
    }
}

impl std::error::Error for Mistake {}

impl Mistake {
    /// Returns what to do about it.
    pub(crate) fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::NoCommand => one("fob --help lists the commands"),
            Self::UnknownCommand { meant: Some(meant), .. } => vec![format!("write {meant}")],
            Self::UnknownCommand { parent, .. } => vec![format!("{parent} --help lists the commands")],
            Self::UnknownOption { command, option, remedy: Some(remedy) } => {
                vec![instead(remedy, command, option.as_deref())]
            }
            Self::UnknownOption { command, .. } => vec![format!("{command} --help lists its options")],
            Self::Hyphens { option } => vec![format!("write {option}")],
            Self::OptionAsSecret => vec![
                "if a variable was empty, set it, or name it with --secret-env VAR".to_owned(),
                "if it is the secret, write --secret=TEXT".to_owned(),
            ],
            Self::BesideToken(neighbour) => beside(neighbour),
            Self::Algorithm(algorithm) => vec![format!("write --alg {algorithm}")],
            Self::NotAnAlgorithm(named) => vec![format!("write {}", with_algorithm(named))],
            Self::AlgorithmNone => one("for a test, write --flaw alg-none"),
            Self::SplitPayload => one("put the payload in single quotes, or use -c name=text"),
            Self::BesidePayload => {
                one("give a secret with --secret-env, --secret-file or --secret, and a key with --key")
            }
            Self::BareClaims => one("write -c before each claim: -c name=text"),
            Self::Surplus { command, .. } => {
                vec![format!("put a value with blanks in quotes; {command} --help shows the form")]
            }
            Self::NoValue { option, values } if values.is_empty() => vec![format!("write {option}")],
            Self::NoValue { option, values } => {
                vec![format!("write {} and one of {}", name(option), values.join(", "))]
            }
            Self::ValueOfFlag { option } => vec![format!("write {} alone", name(option))],
            Self::UnknownValue { option, meant: Some(meant), .. } => {
                vec![format!("write {}", with(option, meant))]
            }
            Self::UnknownValue { values, .. } if !values.is_empty() => {
                vec![format!("write one of {}", values.join(", "))]
            }
            Self::InvalidValue { reason, .. } => advice(reason).map(str::to_owned).into_iter().collect(),
            Self::Missing { arguments, any: true, .. } => {
                vec![format!("add one of {}", arguments.join(", "))]
            }
            Self::Missing { command, arguments, values, .. } => {
                let written = match arguments.first() {
                    Some(argument) if !argument.starts_with('-') => {
                        format!("write {command} {}", arguments.join(" "))
                    }
                    _ => format!("add {}", arguments.join(" ")),
                };
                let choice =
                    if values.is_empty() { String::new() } else { format!(": {}", values.join(", ")) };
                vec![format!("{written}{choice}")]
            }
            Self::Conflict { .. } => one("leave out one of them"),
            Self::Repeated { option } => vec![format!("give {} once", name(option))],
            Self::SeveralSecrets => one(
                "to learn which of several secrets fits, write each as a line NAME=SECRET to a file, and give that to \
                 fob verify with --secret-file",
            ),
            Self::NotUtf8 => one("read the value from a file, with @PATH or an option such as --secret-file"),
            Self::UnknownValue { .. } | Self::Other { .. } => Vec::new(),
        }
    }
}

fn beside(neighbour: &Neighbour) -> Vec<String> {
    let quotes = "if it is part of the token, put the whole in quotes".to_owned();
    match neighbour {
        Neighbour::Scheme => vec!["leave it out, or put both in quotes: 'Bearer TOKEN'".to_owned()],
        Neighbour::Token => vec!["give one token, or many with --lines, one a line".to_owned()],
        Neighbour::KeyFile(path) => vec![format!("write --key {}", excerpt(path))],
        Neighbour::Url => vec!["write --key URL for a key set, or --issuer-keys URL for an issuer".to_owned()],
        Neighbour::Unknown { takes_secret: true } => vec![GIVE_SECRET.to_owned(), quotes],
        Neighbour::Unknown { takes_secret: false } => vec![
            "this command takes no secret; fob verify checks a signature, with --secret-env VAR or --secret TEXT"
                .to_owned(),
            quotes,
        ],
    }
}

/// Returns what to write instead of an option.
fn instead(remedy: &Remedy, command: &str, option: Option<&str>) -> String {
    let option = option.unwrap_or("this option");
    match remedy {
        Remedy::Spelling(spelling) => format!("write {spelling}"),
        Remedy::Options(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("--{name}")).collect();
            format!("write {} in place of {option}", names.join(" or "))
        }
        Remedy::Secret => format!("{GIVE_SECRET}, not {option}"),
        Remedy::Elsewhere { option, commands } => {
            let commands: Vec<String> = commands.iter().map(|command| format!("fob {command}")).collect();
            match commands.split_last() {
                Some((last, [])) => format!("{option} is an option of {last}"),
                Some((last, rest)) => format!("{option} is an option of {} and {last}", rest.join(", ")),
                None => format!("{command} --help lists its options"),
            }
        }
        Remedy::NoSignature => "fob decode checks no signature: use fob verify with a secret or a key; to decrypt a token, use --decrypt-key".to_owned(),
        Remedy::Past => "for an expired access token, use --at -2h".to_owned(),
        Remedy::UserId => format!("write -c user_id=ID in place of {option}"),
        Remedy::Payload => format!(
            "give the claims without {option}, as a JSON object, @PATH or -: {command} '{{\"sub\":\"alice\"}}'"
        ),
        Remedy::Token => format!("give the token without {option}: {command} TOKEN"),
        Remedy::File(path) => {
            let path = path.as_deref().unwrap_or("PATH");
            format!("give the file without {option}: {command} @{path}")
        }
        Remedy::LeaveOut(reason) => format!("leave {option} out: {reason}"),
        Remedy::Algorithm { named, value } => {
            format!("write {} in place of {option} {}", with_algorithm(named), excerpt(value))
        }
        Remedy::Path => format!("write {command} @PATH to read a file"),
        Remedy::Redirection => {
            "the result goes to standard output: add > PATH for a file, or --json for JSON".to_owned()
        }
        Remedy::Json => "write --json for JSON".to_owned(),
        Remedy::NoColour => "write --color never".to_owned(),
        Remedy::Part(part) => format!("write --part {part}"),
        Remedy::Dates => format!("leave {option} out: times are shown as dates, in the zone of --tz"),
        Remedy::Version => "write fob --version".to_owned(),
    }
}

/// Returns the options for the algorithm that is meant.
fn with_algorithm(named: &NotAnAlgorithm) -> String {
    let crv = named.crv.map(|crv| format!(" --crv {crv}")).unwrap_or_default();
    format!("--alg {}{crv}", named.algorithm)
}

/// Returns an option without the name of its value.
fn name(option: &str) -> &str {
    option.split(' ').next().unwrap_or(option)
}

/// Returns an option or an argument with a value in place of its name.
fn with(option: &str, value: &str) -> String {
    if option.starts_with('-') { format!("{} {value}", name(option)) } else { value.to_owned() }
}

/// Returns how to write a value, from a text such as `not a zone: write utc`.
fn advice(reason: &str) -> Option<&str> {
    if ADVICE.iter().any(|word| reason.starts_with(word)) {
        return Some(reason);
    }
    let start = ADVICE.iter().find_map(|word| reason.find(&format!(": {word}")))?;
    reason.get(start + 2..)
}

/// Returns what is wrong with a value, without how to write it.
fn without_advice(reason: &str) -> &str {
    match advice(reason) {
        Some(advice) => reason.strip_suffix(advice).unwrap_or(reason).trim_end_matches(": "),
        None => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_form_of_a_value_is_a_hint() {
        let mistake = |reason: &str| Mistake::InvalidValue {
            option: "--exp TIME".to_owned(),
            value: "x".to_owned(),
            reason: reason.to_owned(),
        };
        for (reason, text, hint) in [
            ("not a time: write now", "invalid value 'x' for --exp: not a time", Some("write now")),
            ("write now: or +1d", "invalid value 'x' for --exp", Some("write now: or +1d")),
            ("too far", "invalid value 'x' for --exp: too far", None),
        ] {
            let mistake = mistake(reason);
            assert_eq!(mistake.to_string(), text);
            assert_eq!(mistake.hints().first().map(String::as_str), hint);
        }
    }
}
