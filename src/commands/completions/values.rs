//! The values that completion scripts offer beyond those that clap knows. They are added only when a script is
//! generated, so that no other run builds them.

use crate::core::reason::Expectation;
use crate::core::token::claims::REGISTERED;
use crate::suite::report::ReportFormat;
use crate::suite::report::request::PAGE;
use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, ValueHint};

/// Times that are often meant, in the accepted forms.
const TIMES: &str = "now +15m +1h +1d -1h 15m 1h 1d";

/// Durations that are often meant.
const DURATIONS: &str = "30s 1m 5m 15m 1h 1d 14d";

/// Zones: both words, and the offsets of many people.
const ZONES: &str = "utc local +00:00 +01:00 +02:00 +03:00 +05:30 +08:00 +09:00 -03:00 -05:00 -08:00";

/// A function that returns the values of an option.
type Values = fn() -> Vec<String>;

/// Values of options, by the ID of the option.
const BY_ID: [(&str, Values); 7] = [
    ("expect", Expectation::names),
    ("report", report_formats),
    ("tz", || words(ZONES)),
    ("get", || owned(&REGISTERED)),
    ("require", || owned(&REGISTERED)),
    ("pick", || owned(&["access", "refresh", "id"])),
    ("token_type", || owned(&["access", "refresh"])),
];

/// Values of options, by the name of the value in the help.
const BY_VALUE_NAME: [(&str, Values); 2] = [("TIME", || words(TIMES)), ("DURATION", || words(DURATIONS))];

/// Returns the words of a text.
fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Returns the beginnings of `--report`, such as `junit=`.
pub(super) fn report_formats() -> Vec<String> {
    ReportFormat::names().map(|name| format!("{name}=")).collect()
}

/// Returns the beginning of `inspect --report`.
pub(super) fn page_request() -> String {
    format!("{PAGE}=")
}

/// Adds the values to all commands, and the command `help`, which is no command for clap.
pub(super) fn added_to(mut command: Command) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .flat_map(|command| std::iter::once(command.get_name()).chain(command.get_visible_aliases()))
        .map(str::to_owned)
        .collect();
    let names = Arg::new("command").value_name("COMMAND").value_parser(one_of(names));
    command = command.subcommand(Command::new("help").about("Print the help of a command").arg(names));
    // The options of a command exist only after this.
    command.build();
    with_values(command)
}

/// Returns a parser that knows these values. clap keeps them for the rest of the process, which makes one script.
fn one_of(values: Vec<String>) -> PossibleValuesParser {
    PossibleValuesParser::new(values.into_iter().map(|value| &*Box::leak(value.into_boxed_str())))
}

fn with_values(command: Command) -> Command {
    // A page is the only report of `inspect`.
    let page = command.get_name() == "inspect";
    let command = command.mut_args(with_value);
    let command = if page {
        command.mut_arg("report", |report| report.value_parser(one_of(vec![page_request()])))
    } else {
        command
    };
    command.mut_subcommands(with_values)
}

fn with_value(arg: Arg) -> Arg {
    let id = arg.get_id().as_str();
    let name =
        arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str()).to_owned();
    let by_id = BY_ID.iter().find(|(known, _)| *known == id);
    let by_name = BY_VALUE_NAME.iter().find(|(known, _)| *known == name);
    if let Some((_, values)) = by_id.or(by_name) {
        return arg.value_parser(one_of(values()));
    }
    match path_hint(&name) {
        Some(hint) if arg.get_action().takes_values() => arg.value_hint(hint),
        _ => arg,
    }
}

/// Returns the hint for an option whose value is the path of a file or a folder.
fn path_hint(value_name: &str) -> Option<ValueHint> {
    // A path after `@` is completed for every option and argument.
    if value_name.contains('@') || value_name.contains('=') {
        return None;
    }
    let mut words = value_name.split('|');
    words.find_map(|word| match word {
        "PATH" | "FILE" => Some(ValueHint::FilePath),
        "DIR" => Some(ValueHint::DirPath),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::duration::Duration;
    use crate::core::text::zone::Zone;
    use crate::core::token::numeric_date::Instant;

    #[test]
    fn every_value_can_be_parsed() {
        assert!(TIMES.split(' ').all(|text| text.parse::<Instant>().is_ok()));
        assert!(DURATIONS.split(' ').all(|text| text.parse::<Duration>().is_ok()));
        assert!(ZONES.split(' ').all(|text| text.parse::<Zone>().is_ok()));
        for name in Expectation::names() {
            assert!(name.parse::<Expectation>().is_ok(), "{name}");
        }
    }

    #[test]
    fn every_row_is_of_an_option() {
        let mut command = crate::cli::command();
        command.build();
        let all: Vec<&Arg> = command.get_subcommands().flat_map(Command::get_arguments).collect();
        for (id, _) in BY_ID {
            assert!(all.iter().any(|arg| arg.get_id() == id), "{id}");
        }
        for (name, _) in BY_VALUE_NAME {
            let has = |arg: &&&Arg| {
                arg.get_value_names().is_some_and(|names| names.iter().any(|known| known == name))
            };
            assert!(all.iter().any(|arg| has(&arg)), "{name}");
        }
    }
}
