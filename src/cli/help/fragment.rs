//! Parts of a help text: lists of arguments, options and commands, and what a command does. `list` lays out the first two. clap
//! renders the others, each as the help of a command of its own, so that the parts can stand in any order.

use super::list::{Entry, blanks, list};
use super::{HelpPage, Length};
use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, Command};
use std::fmt::Write as _;

/// The longest list of values that stands behind the help of an option, in characters.
const LONGEST_VALUES: usize = 44;

/// The arguments or the options of a command, to be laid out.
pub(super) struct Fragment<'a> {
    command: &'a Command,
    length: Length,
    page: &'a HelpPage,
    /// The width of the screen.
    width: usize,
    /// The text of the option for help, if it belongs to this part.
    help: Option<String>,
}

impl<'a> Fragment<'a> {
    pub(super) const fn new(command: &'a Command, length: Length, page: &'a HelpPage, width: usize) -> Self {
        Self { command, length, page, width, help: None }
    }

    /// Adds the options for help, and for the version if the command has one.
    pub(super) fn help(self, text: String) -> Self {
        Self { help: Some(text), ..self }
    }

    /// Returns the list of the positional arguments.
    pub(super) fn positionals(&self) -> String {
        let shown = self.command.get_positionals().filter(|argument| !argument.is_hide_set());
        self.list(shown.map(|argument| self.entry(argument)).collect())
    }

    /// Returns the list of these options, in this order.
    pub(super) fn options(&self, options: &[&Arg]) -> String {
        let mut entries: Vec<Entry> = options.iter().map(|option| self.entry(option)).collect();
        if let Some(text) = &self.help {
            entries.push(Entry::flag('h', "help", text));
            if self.command.get_version().is_some() {
                entries.push(Entry::flag('V', "version", "Print the version"));
            }
        }
        self.list(entries)
    }

    fn entry(&self, argument: &Arg) -> Entry {
        Entry::new(argument, self.help_text(argument))
    }

    fn list(&self, entries: Vec<Entry>) -> String {
        list(&entries, self.width).trim_end().to_owned()
    }

    /// Returns the help of an argument: its summary, and its details and values if the help is complete.
    fn help_text(&self, argument: &Arg) -> String {
        let mut text = argument.get_help().map(plain).unwrap_or_default();
        let defaults = argument.get_default_values();
        if let ([default], true) = (defaults, argument.get_action().takes_values()) {
            let _ = write!(text, " [default: {}]", default.to_string_lossy());
        }
        let values = values(argument);
        let names = values.iter().map(PossibleValue::get_name).collect::<Vec<_>>().join(", ");
        let is_described = values.iter().any(|value| value.get_help().is_some());
        let other = argument.get_long().and_then(|name| self.page.other(name));
        match (self.length, other) {
            (Length::Summary, _) if !names.is_empty() && names.len() <= LONGEST_VALUES => {
                let _ = write!(text, ": {names}");
            }
            (Length::Summary, _) => {}
            (Length::Complete, Some(command)) => {
                let _ = write!(text, "\n`fob {command} --help` has the details.");
                if !names.is_empty() {
                    let _ = write!(text, "\nValues: {names}");
                }
            }
            (Length::Complete, None) => {
                if let Some(details) = details(argument) {
                    text.extend(["\n", &details]);
                }
                if is_described {
                    text.extend(["\n", &described(&values)]);
                } else if !names.is_empty() {
                    let _ = write!(text, "\nValues: {names}");
                }
            }
        }
        text
    }
}

/// Returns the values of an argument that has only a few, except those that are hidden.
pub(crate) fn values(argument: &Arg) -> Vec<PossibleValue> {
    let takes_values = argument.get_action().takes_values();
    let all = if takes_values { argument.get_possible_values() } else { Vec::new() };
    all.into_iter().filter(|value| !value.is_hide_set()).collect()
}

/// Returns a help text. It has no colours, and to remove them would take as long as to lay it out.
fn plain(text: &StyledStr) -> String {
    text.ansi().to_string()
}

/// Returns a line for each value, with its description: in columns, unless a line is too long for that.
fn described(values: &[PossibleValue]) -> String {
    const LONGEST: usize = 64;
    let widest = values.iter().map(|value| value.get_name().len()).max().unwrap_or_default();
    let description = |value: &PossibleValue| value.get_help().map(plain).unwrap_or_default();
    let in_columns = |value: &PossibleValue| {
        let name = value.get_name();
        let mut line = ["- ", name].concat();
        blanks(&mut line, (widest + 2).saturating_sub(name.chars().count()));
        line.push_str(&description(value));
        line.truncate(line.trim_end().len());
        line
    };
    let lines: Vec<String> = values.iter().map(in_columns).collect();
    if lines.iter().all(|line| line.len() <= LONGEST) {
        return lines.join("\n");
    }
    let in_words = |value: &PossibleValue| format!("- {}: {}", value.get_name(), description(value));
    values.iter().map(in_words).collect::<Vec<_>>().join("\n")
}

/// Returns what the doc comment of an argument says after its first paragraph.
pub(crate) fn details(argument: &Arg) -> Option<String> {
    let text = plain(argument.get_long_help()?);
    text.split_once("\n\n").map(|(_, details)| details.trim_end().to_owned())
}

/// Returns the list of the subcommands.
pub(super) fn subcommands(command: &Command) -> String {
    let shown = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    let list: Vec<Command> = shown.cloned().collect();
    if list.is_empty() {
        return String::new();
    }
    rendered(blank("{subcommands}").subcommands(list))
}

/// Returns what the command does.
pub(super) fn about(command: &Command, length: Length) -> String {
    let about = match length {
        Length::Summary => command.get_about(),
        Length::Complete => command.get_long_about().or_else(|| command.get_about()),
    };
    let about: StyledStr = about.cloned().unwrap_or_default();
    rendered(blank("{about}").about(about))
}

fn blank(template: &'static str) -> Command {
    Command::new("fob")
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .help_template(template)
}

fn rendered(mut command: Command) -> String {
    let text = command.render_help().ansi().to_string();
    text.trim_end().to_owned()
}
