//! Turns an error of clap into the facts of a mistake. clap quotes arguments, which can be hostile text or a secret: only
//! words that look like options or commands are kept.

use super::misplaced;
use super::mistake::{Mistake, Remedy};
use super::unparsed::{self, is_like_a_command};
use super::{COMMANDS, foreign};
use crate::core::redact::argument::{is_showable, is_showable_option};
use crate::core::text::duration::{Duration, DurationError};
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::ffi::{OsStr, OsString};

/// The subcommands of `key`.
const KEY_COMMANDS: [&str; 2] = ["new", "show"];

/// The largest number of letters by which a misspelled option differs.
const FARTHEST: usize = 3;

/// The length of the longest word that is compared with names.
const LONGEST_WORD: usize = 40;

/// The command that was called.
pub(super) struct Called {
    /// Its name, such as `fob key new`.
    pub(super) name: String,
    /// Its options.
    pub(super) command: Command,
    /// True if the command line names it. Otherwise, it is `decode`.
    pub(super) is_named: bool,
}

impl Called {
    fn takes(&self, long: &str) -> bool {
        self.command.get_arguments().any(|option| option.get_long() == Some(long))
    }

    /// Returns the option of this name, such as `--exp`.
    fn option(&self, name: &str) -> Option<&clap::Arg> {
        let long = name.strip_prefix("--")?;
        self.command.get_arguments().find(|option| option.get_long() == Some(long))
    }

    /// Returns the arguments without an option, as the usage writes them.
    fn arguments(&self) -> String {
        let texts: Vec<String> = self.command.get_positionals().map(ToString::to_string).collect();
        texts.join(" ")
    }

    /// Returns the possible values of an option or an argument.
    fn values(&self, argument: &str) -> Vec<String> {
        let name = argument.split(' ').next().unwrap_or(argument);
        let found = self.command.get_arguments().find(|option| match name.strip_prefix("--") {
            Some(long) => option.get_long() == Some(long),
            None => {
                option.get_long().is_none()
                    && option.get_value_names().is_some_and(|names| names.iter().any(|known| known == name))
            }
        });
        let values = found.map(clap::Arg::get_possible_values).unwrap_or_default();
        values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name().to_owned()).collect()
    }
}

/// Returns what is wrong with a command line that clap refuses.
pub(super) fn mistake(error: &clap::Error, arguments: &[OsString], called: &Called) -> Mistake {
    if misplaced::options_as_secrets(arguments).next().is_some() {
        return Mistake::OptionAsSecret;
    }
    if let Some(mistake) = option_as_value(arguments, called) {
        return mistake;
    }
    let invalid = texts(error, ContextKind::InvalidArg);
    let first = invalid.first().map(String::as_str).unwrap_or_default();
    let value = || texts(error, ContextKind::InvalidValue).into_iter().next().unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => unknown_argument(first, arguments, called),
        ErrorKind::InvalidSubcommand => unknown_command(error, arguments, called),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation
            if value().is_empty() || value().strip_prefix("--").is_some_and(|name| called.takes(name)) =>
        {
            Mistake::NoValue { values: called.values(&written(first)), option: written(first) }
        }
        ErrorKind::InvalidValue => {
            let values = called.values(&written(first));
            let takes = |long: &str| called.takes(long);
            let text = value();
            let is_algorithm = written(first).split(' ').next() == Some("--alg");
            if let Some(named) = foreign::not_an_algorithm(&text, takes).filter(|_| is_algorithm) {
                return Mistake::NotAnAlgorithm(named);
            }
            if is_algorithm && text.eq_ignore_ascii_case("none") && called.takes("flaw") {
                return Mistake::AlgorithmNone;
            }
            Mistake::UnknownValue {
                meant: nearest_value(&value(), &values),
                option: written(first),
                value: value(),
                values,
            }
        }
        ErrorKind::ValueValidation => match nearest_value(&value(), &called.values(&written(first))) {
            Some(meant) => Mistake::UnknownValue {
                option: written(first),
                value: value(),
                meant: Some(meant),
                values: Vec::new(),
            },
            None => Mistake::InvalidValue {
                option: written(first),
                value: value(),
                reason: error.source().map(ToString::to_string).unwrap_or_default(),
            },
        },
        ErrorKind::TooManyValues => Mistake::ValueOfFlag { option: written(first) },
        ErrorKind::MissingRequiredArgument => missing(&invalid, called),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Mistake::NoCommand
        }
        ErrorKind::ArgumentConflict => conflict(first, &texts(error, ContextKind::PriorArg), called),
        ErrorKind::InvalidUtf8 => Mistake::NotUtf8,
        _ => {
            let text = error.to_string();
            let first = text.split("\n\n").next().unwrap_or_default();
            let words: Vec<&str> = first.trim_start_matches("error:").split_whitespace().collect();
            Mistake::Other { text: words.join(" ") }
        }
    }
}

/// Finds an option whose value is missing, because the next word is itself an option.
pub(super) fn option_as_value(arguments: &[OsString], called: &Called) -> Option<Mistake> {
    let is_option = |word: &str| {
        let name = word.strip_prefix("--").unwrap_or_default();
        called.takes(name.split_once('=').map_or(name, |(name, _)| name))
    };
    let (option, _) = misplaced::options_as_values(arguments).find(|(_, word)| is_option(word))?;
    let option = called.option(option).filter(|option| option.is_allow_hyphen_values_set())?;
    Some(Mistake::NoValue { option: with_value_name(option), values: Vec::new() })
}

/// Finds an option for a duration before a negative one, which clap takes for an option.
fn negative_duration(words: &[&str], called: &Called) -> Option<Mistake> {
    words.windows(2).find_map(|pair| {
        let &[before, value] = pair else { return None };
        let option = called.option(before)?;
        let is_duration = option.get_value_parser().type_id() == std::any::TypeId::of::<Duration>();
        match value.parse::<Duration>() {
            Err(error @ DurationError::Negative { .. }) if is_duration => Some(Mistake::InvalidValue {
                option: with_value_name(option),
                value: value.to_owned(),
                reason: error.to_string(),
            }),
            _ => None,
        }
    })
}

/// Returns the texts of clap about one thing.
fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

/// Returns an option or an argument without the brackets of clap: `--exp TIME`, `TOKEN`.
fn written(argument: &str) -> String {
    argument.chars().filter(|c| !"<>[]".contains(*c)).collect::<String>().trim_end_matches("...").to_owned()
}

/// Returns an option with the name of its value, such as `--exp TIME`. clap shows only options of a command that it has
/// built.
fn with_value_name(option: &clap::Arg) -> String {
    let names = option.get_value_names().unwrap_or_default();
    let words = names.iter().map(|name| name.as_str());
    let long = format!("--{}", option.get_long().unwrap_or_default());
    std::iter::once(long.as_str()).chain(words).collect::<Vec<_>>().join(" ")
}

fn unknown_argument(invalid: &str, arguments: &[OsString], called: &Called) -> Mistake {
    let takes = |long: &str| called.takes(long);
    let words: Vec<&str> = arguments.iter().skip(1).filter_map(|word| word.to_str()).collect();
    if let Some(option) = words.iter().find_map(|word| misplaced::with_right_hyphens(word, takes)) {
        return Mistake::Hyphens { option };
    }
    if let Some(mistake) = negative_duration(&words, called) {
        return mistake;
    }
    if !invalid.starts_with('-') {
        let values = unparsed::values(arguments, &called.command);
        return misplaced::surplus(&values, invalid, (&called.name, &called.arguments()), takes);
    }
    let remedy = if is_flaw_expired(invalid, &words) && takes("access-ttl") {
        Some(Remedy::Past)
    } else {
        remedy(invalid, value_of(invalid, &words), called)
    };
    let is_known = remedy.is_some();
    let is_shown = (is_option(invalid)
        && (is_known || (is_showable_option(invalid) && !holds_value(invalid))))
        || matches!(remedy, Some(Remedy::Spelling(_)));
    Mistake::UnknownOption {
        command: called.name.clone(),
        option: is_shown.then(|| invalid.to_owned()),
        remedy: remedy.filter(|_| is_shown),
    }
}

/// Reports whether the unknown option asks for an expired token, as `encode --flaw expired` does.
fn is_flaw_expired(option: &str, words: &[&str]) -> bool {
    option == "--flaw"
        && (words.contains(&"--flaw=expired") || words.windows(2).any(|pair| pair == ["--flaw", "expired"]))
}

/// Returns what to write instead of an unknown option.
fn remedy(option: &str, value: Option<&str>, called: &Called) -> Option<Remedy> {
    if option == "-v" && !called.is_named {
        return Some(Remedy::Version);
    }
    let lower = option.to_ascii_lowercase();
    let name = lower.strip_prefix("--").unwrap_or_default();
    // A capital letter or an underscore is only another spelling.
    if called.takes(&name.replace('_', "-")) {
        return Some(Remedy::Spelling(format!("--{}", name.replace('_', "-"))));
    }
    let takes = |long: &str| called.takes(long);
    foreign::remedy(option, value, takes)
        .or_else(|| foreign::remedy(&lower, value, takes).filter(|_| !name.is_empty()))
        .or_else(|| elsewhere(option))
        .or_else(|| elsewhere(&format!("--{}", foreign::name(option)?)))
        .or_else(|| nearest_option(name, called))
}

/// Returns the value that follows an option, or that is joined to it by `=`.
fn value_of<'w>(option: &str, words: &[&'w str]) -> Option<&'w str> {
    let joined = |word: &&'w str| word.strip_prefix(option)?.strip_prefix('=');
    let position = words.iter().position(|word| *word == option);
    match position {
        Some(position) => words.get(position + 1).copied(),
        None => words.iter().find_map(joined),
    }
}

/// Returns the commands that have an option.
fn elsewhere(option: &str) -> Option<Remedy> {
    let long = option.strip_prefix("--")?;
    let has = |command: &Command| command.get_arguments().any(|option| option.get_long() == Some(long));
    let is_in = |entry: &&super::CommandEntry| has(&(entry.options)(Command::new(entry.name)));
    let mut commands: Vec<&'static str> = COMMANDS.iter().filter(is_in).map(|entry| entry.name).collect();
    let key = super::entry_named(OsStr::new("key")).map(|entry| (entry.options)(Command::new(entry.name)));
    for (name, full) in KEY_COMMANDS.into_iter().zip(["key new", "key show"]) {
        if key.as_ref().and_then(|key| key.find_subcommand(name)).is_some_and(has) {
            commands.push(full);
        }
    }
    (!commands.is_empty()).then(|| Remedy::Elsewhere { option: option.to_owned(), commands })
}

/// Returns the option of the command that a misspelled one means.
fn nearest_option(name: &str, called: &Called) -> Option<Remedy> {
    let is_shown = |option: &&clap::Arg| !option.is_hide_set();
    let names: Vec<&str> =
        called.command.get_arguments().filter(is_shown).filter_map(clap::Arg::get_long).collect();
    let begins = |known: &&&str| name.len() > 2 && known.starts_with(name);
    let prefixed = names.iter().find(begins).copied();
    let nearest = prefixed.or_else(|| nearest(name, names.iter().copied()))?;
    Some(Remedy::Spelling(format!("--{nearest}")))
}

/// Returns the name that differs in the fewest letters, if these are few.
fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let farthest = match word.len() {
        ..3 => 0,
        3..8 => 1,
        length => (length / 4).min(FARTHEST),
    };
    let distances = names.map(|name| (strsim::damerau_levenshtein(word, name), name));
    distances
        .filter(|(distance, _)| *distance <= farthest)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Returns the possible value that a text means.
fn nearest_value(text: &str, values: &[String]) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let same = values.iter().find(|value| value.eq_ignore_ascii_case(text));
    let near = || {
        let name = nearest(&lower, values.iter().map(|value| value.as_str()))?;
        values.iter().find(|value| *value == name)
    };
    let upper = text.to_ascii_uppercase();
    let near_in_capitals = || {
        let name = nearest(&upper, values.iter().map(String::as_str))?;
        values.iter().find(|value| *value == name)
    };
    same.or_else(near).or_else(near_in_capitals).cloned()
}

fn unknown_command(error: &clap::Error, arguments: &[OsString], called: &Called) -> Mistake {
    let word = texts(error, ContextKind::InvalidSubcommand).into_iter().next().unwrap_or_default();
    let words: Vec<&str> = arguments.iter().skip(1).filter_map(|word| word.to_str()).collect();
    if words.first() == Some(&word.as_str())
        && let Some((inner, is_key)) = foreign::grouped(&words)
        && let Some(meant) = meant_command(inner, is_key)
    {
        return Mistake::UnknownCommand { word: Some(word), parent: "fob".to_owned(), meant: Some(meant) };
    }
    let is_key = called.name == "fob key" && called.is_named;
    let parent = if is_key { "fob key" } else { "fob" };
    let meant = meant_command(&word, is_key);
    Mistake::UnknownCommand {
        word: (is_like_a_command(OsStr::new(&word)) && (meant.is_some() || is_showable(&word)))
            .then_some(word),
        parent: parent.to_owned(),
        meant,
    }
}

/// Returns the whole command that a word means, after `key` if `is_key` is true.
fn meant_command(word: &str, is_key: bool) -> Option<String> {
    let parent = if is_key { "fob key" } else { "fob" };
    let names: Vec<&str> = if is_key {
        KEY_COMMANDS.to_vec()
    } else {
        COMMANDS
            .iter()
            .flat_map(|entry| std::iter::once(entry.name).chain(entry.aliases.iter().copied()))
            .collect()
    };
    let lower = word.to_ascii_lowercase();
    let prefix = names.iter().find(|name| lower.len() > 2 && name.starts_with(&lower)).copied();
    let meant =
        foreign::command(word, is_key).or(prefix).or_else(|| nearest(&lower, names.iter().copied()))?;
    // The name of an entry says more than its alias.
    let entry = COMMANDS.iter().find(|entry| !is_key && entry.aliases.contains(&meant));
    Some(format!("{parent} {}", entry.map_or(meant, |entry| entry.name)))
}

/// Reads `<--store <URL>|--from <URL>>` or a list of arguments.
fn missing(arguments: &[String], called: &Called) -> Mistake {
    // More values do not fit into a message.
    const MOST_VALUES: usize = 12;
    let parts: Vec<Vec<String>> = arguments.iter().map(|argument| alternatives(argument)).collect();
    let any = matches!(parts.as_slice(), [alternatives] if alternatives.len() > 1);
    let arguments = parts.concat();
    let values = match arguments.as_slice() {
        [one] => called.values(one),
        _ => Vec::new(),
    };
    let values = if values.len() > MOST_VALUES { Vec::new() } else { values };
    Mistake::Missing { command: called.name.clone(), arguments, any, values }
}

/// Returns the arguments of a group such as `<--store <URL>|--from <URL>>`, or the only one.
fn alternatives(argument: &str) -> Vec<String> {
    let group =
        argument.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).filter(|rest| rest.contains("--"));
    let Some(group) = group else { return vec![written(argument)] };
    let mut depth = 0;
    let parts = group.split(|c| {
        depth += match c {
            '<' | '[' => 1,
            '>' | ']' => -1,
            _ => 0,
        };
        c == '|' && depth == 0
    });
    parts.map(written).collect()
}

fn conflict(one: &str, others: &[String], called: &Called) -> Mistake {
    let other = others.first().map(String::as_str).unwrap_or_default();
    let are_secrets = [one, other].iter().all(|option| option.starts_with("--secret"));
    if are_secrets && called.takes("issuer-keys") {
        Mistake::SeveralSecrets
    } else if one == other || other.is_empty() {
        Mistake::Repeated { option: written(one) }
    } else {
        Mistake::Conflict { one: written(one), other: written(other) }
    }
}

/// Reports whether an unknown option can be one that takes a secret, with the secret joined to it.
fn holds_value(option: &str) -> bool {
    ["--secret", "--password", "--key", "--token"]
        .iter()
        .filter_map(|known| option.strip_prefix(known))
        .any(|rest| !rest.is_empty() && !rest.starts_with('-'))
}

/// Reports whether a word looks like an option. The text of a PEM also begins with hyphens, but is not one.
fn is_option(text: &str) -> bool {
    let is_name = |text: &str| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    match text.strip_prefix("--") {
        Some(name) => is_name(name) && !name.starts_with('-'),
        None => text.starts_with('-') && text.chars().count() == 2,
    }
}
