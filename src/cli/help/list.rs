//! Lists of options and arguments, laid out as clap does. clap takes 25,000 instructions for each option of a help, this file
//! 4,000. It asks for the width of the screen like clap, so it is the only file that names terminal_size.

use clap::builder::ValueRange;
use clap::{Arg, ArgAction};

/// The blanks before an option, between the columns, and behind them.
const TAB: usize = 2;

/// The place of a short name and the comma behind it.
const SHORT: usize = 4;

/// The blanks before a help that stands below its option.
const BELOW: usize = 10;

/// The width of a screen that cannot be measured.
const USUAL_WIDTH: usize = 100;

/// An option or an argument, and its help.
pub(super) struct Entry {
    /// The names and the value, with their colours.
    names: String,
    /// The width of the names and the value, with the place of a short name.
    width: usize,
    help: String,
}

impl Entry {
    /// Returns the entry of an option or an argument of a command that clap has built.
    pub(super) fn new(argument: &Arg, help: String) -> Self {
        if let (Some(long), Some(value)) = (argument.get_long(), usual_value(argument)) {
            let width = SHORT + "--".len() + long.len() + value.chars().count();
            return Self { names: names(argument.get_short(), long, &value), width, help };
        }
        let text = argument.to_string();
        let Some(long) = argument.get_long() else {
            return Self { width: text.chars().count(), names: text, help };
        };
        let (short, width) = (argument.get_short(), SHORT + text.chars().count());
        let value = text.strip_prefix("--").and_then(|text| text.strip_prefix(long)).unwrap_or_default();
        Self { names: names(short, long, value), width, help }
    }

    /// Returns the entry of a flag.
    pub(super) fn flag(short: char, long: &str, help: &str) -> Self {
        let width = SHORT + "--".len() + long.len();
        Self { names: names(Some(short), long, ""), width, help: help.to_owned() }
    }
}

/// Returns the value behind the name of an option: nothing for a flag, and a name if there is exactly one. Others are left to
/// clap, which writes the colours of each and removes them.
fn usual_value(option: &Arg) -> Option<String> {
    let count = option.get_num_args()?;
    if matches!(option.get_action(), ArgAction::Count) || option.is_require_equals_set() {
        return None;
    }
    match option.get_value_names() {
        _ if count == ValueRange::EMPTY => Some(String::new()),
        Some([name]) if count == ValueRange::SINGLE => Some([" <", name.as_str(), ">"].concat()),
        _ => None,
    }
}

/// The codes around a name, which clap calls a literal.
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// Returns the names of an option and its value, with their colours.
fn names(short: Option<char>, long: &str, value: &str) -> String {
    let mut letter = [0; 4];
    match short {
        Some(short) => {
            let short = short.encode_utf8(&mut letter);
            [BOLD, "-", short, RESET, ", ", BOLD, "--", long, RESET, value].concat()
        }
        None => ["    ", BOLD, "--", long, RESET, value].concat(),
    }
}

/// Returns the width of the screen, as clap measures it.
#[expect(clippy::disallowed_methods, reason = "clap reads this variable in the same way")]
pub(super) fn screen_width() -> usize {
    let columns = || std::env::var_os("COLUMNS")?.to_str()?.parse().ok();
    let measured = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    measured.or_else(columns).unwrap_or(USUAL_WIDTH)
}

/// Returns a list: the names on the left, and the help on the right, or below if that leaves it too little room.
pub(super) fn list(entries: &[Entry], width: usize) -> String {
    let widest = entries.iter().map(|entry| entry.width).max().unwrap_or_default().max(TAB);
    let column = widest + 2 * TAB;
    let room = width.saturating_sub(column);
    let is_narrow = width >= column && column as f32 / width as f32 > 0.40;
    let is_below = is_narrow && entries.iter().any(|entry| measured(&entry.help) > room);
    // Room for the names, and for the blanks before most lines.
    let length: usize = entries.iter().map(|entry| 2 * entry.help.len() + entry.names.len() + column).sum();
    let mut text = String::with_capacity(length);
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        blanks(&mut text, TAB);
        text.push_str(&entry.names);
        let column = if is_below {
            text.push('\n');
            blanks(&mut text, BELOW);
            BELOW
        } else {
            blanks(&mut text, widest + TAB - entry.width);
            column
        };
        wrap(&mut text, &entry.help, column, width.saturating_sub(column));
    }
    text
}

pub(super) fn blanks(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n(' ', count));
}

/// Returns the width of a help, as clap measures it: it takes a line break for the beginning of an escape sequence, which the
/// next `m` ends.
fn measured(help: &str) -> usize {
    let (mut width, mut is_control) = (0, false);
    for letter in help.chars() {
        if letter.is_ascii_control() {
            is_control = true;
        } else if is_control && letter == 'm' {
            is_control = false;
        } else if !is_control {
            width += 1;
        }
    }
    width
}

/// Appends a help to a text in lines of this width, with blanks before each line but the first.
fn wrap(text: &mut String, help: &str, column: usize, width: usize) {
    let start = text.len();
    for line in help.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if text.len() > start {
            blanks(text, column);
        }
        let (mut used, mut is_first) = (0, true);
        for word in words(line) {
            let letters = word.trim_ascii_end();
            let length = if letters.is_ascii() { letters.len() } else { letters.chars().count() };
            if !is_first && used + length > width {
                text.truncate(text.trim_end_matches(' ').len());
                text.push('\n');
                blanks(text, column + indent);
                used = indent;
            }
            is_first &= length == 0;
            text.push_str(word);
            used += length + word.len() - letters.len();
        }
    }
    text.truncate(text.trim_end().len().max(start));
}

/// Returns the words of a line, each with the blanks behind it. Blanks at the beginning are a word.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        // Most words are too short for `find`. This and the capacity in `list` save 94,000 instructions of `pair --help`.
        let blank = rest.bytes().position(|byte| byte == b' ').unwrap_or(rest.len());
        let behind = rest.get(blank..)?;
        let end = blank + behind.len() - behind.trim_start_matches(' ').len();
        let (word, next) = rest.split_at_checked(end)?;
        rest = next;
        Some(word).filter(|word| !word.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{ArgAction, Command};

    /// Returns the list of clap.
    fn of_clap(entries: &[(Arg, String)], width: usize) -> String {
        let template =
            if entries.iter().all(|(arg, _)| arg.is_positional()) { "{positionals}" } else { "{options}" };
        let mut command =
            Command::new("fob").disable_help_flag(true).help_template(template).term_width(width);
        for (order, (arg, help)) in entries.iter().enumerate() {
            command = command.arg(arg.clone().help(help.clone()).display_order(order));
        }
        command.render_help().ansi().to_string().trim_end().to_owned()
    }

    fn args() -> Vec<Arg> {
        let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
        vec![
            flag("all"),
            flag("quiet").short('q'),
            Arg::new("key").short('k').long("key").value_name("PATH|URL|-"),
            Arg::new("lines").long("lines").value_name("PATH").num_args(0..=1),
            Arg::new("a-long-name-of-an-option")
                .long("a-long-name-of-an-option")
                .value_name("NAME=TEXT|NAME:=JSON"),
            Arg::new("many").long("many").num_args(1..),
        ]
    }

    const HELPS: [&str; 7] = [
        "",
        "Print JSON",
        "Use this time instead of the clock, such as 2026-01-31 or -3d, in any of the forms that a long help lists",
        "One line\nAnother line, which is so long that it does not fit beside the names, and not on a second line either",
        "Values:\n- first   a value with a description that is too long for one line of the screen\n- second  another",
        "  indented by two, and long enough to be wrapped on each screen that has fewer columns than a hundred or so",
        "a_word_that_is_longer_than_the_whole_screen_of_forty_columns_and_cannot_be_wrapped — “quoted” words…",
    ];

    #[test]
    fn lays_out_like_clap() {
        let mut command = Command::new("fob").disable_help_flag(true).args(args());
        command.build();
        let args: Vec<&Arg> = command.get_arguments().collect();
        for width in [1, 20, 33, 40, 47, 60, 79, 80, 81, 99, 100, 101, 120, 400, usize::MAX] {
            for first in 0..HELPS.len() {
                for count in 1..=args.len() {
                    let helps = HELPS.iter().cycle().skip(first);
                    let entries: Vec<(Arg, String)> = args
                        .iter()
                        .take(count)
                        .zip(helps)
                        .map(|(arg, help)| ((*arg).clone(), (*help).to_owned()))
                        .collect();
                    let own: Vec<Entry> =
                        entries.iter().map(|(arg, help)| Entry::new(arg, help.clone())).collect();
                    let own = list(&own, width);
                    assert_eq!(
                        own.trim_end(),
                        of_clap(&entries, width),
                        "width {width}, help {first}, {count}"
                    );
                }
            }
        }
    }

    #[test]
    fn lays_out_arguments_like_clap() {
        let mut command = Command::new("fob").disable_help_flag(true);
        command = command.arg(Arg::new("TOKEN").required(false)).arg(Arg::new("PATH").num_args(1..));
        command.build();
        for width in [30, 80, 100] {
            let entries: Vec<(Arg, String)> = command
                .get_positionals()
                .zip(HELPS.iter().skip(2))
                .map(|(arg, help)| (arg.clone(), (*help).to_owned()))
                .collect();
            let own: Vec<Entry> = entries.iter().map(|(arg, help)| Entry::new(arg, help.clone())).collect();
            assert_eq!(list(&own, width).trim_end(), of_clap(&entries, width), "width {width}");
        }
    }

    #[test]
    fn a_flag_is_like_an_option_without_a_value() {
        let flag = Arg::new("help").short('h').long("help").action(ArgAction::SetTrue);
        let own = list(&[Entry::flag('h', "help", "Print")], 100);
        assert_eq!(own, of_clap(&[(flag, "Print".to_owned())], 100));
    }
}
