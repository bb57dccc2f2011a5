//! A man page: the help of a command as roff, with the examples of the guides. clap_mangen writes the first sections. The rest
//! follows the help: its order of options and its examples.

use super::guides::blocks;
use super::surroundings::{Surrounding, files, variables};
use crate::cli::help::{HelpPage, details, options_by_heading, values, words_of};
use clap::builder::PossibleValue;
use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use std::fmt::Write as _;

/// Tells where the files of the examples come from.
const GUIDES: &str = "The blocks with titles come from the guides (docs/guides), which make the files and variables used here.";

/// Returns the name of the page of a command, such as `fob-key-new`.
pub(super) fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// Returns the man page of a command. `names` are the names of all pages.
pub(super) fn page(command: &Command, names: &[&str]) -> String {
    let words = words_of(command);
    let help = HelpPage::of(words);
    let mut rest = Roff::new();
    section(
        &mut rest,
        "COMMANDS",
        command.get_subcommands().filter(|inner| !inner.is_hide_set()),
        |roff, inner| {
            let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
            entry(roff, vec![bold(name(inner)), roman("(1)")], &[about]);
        },
    );
    let positionals = command.get_positionals().filter(|argument| !argument.is_hide_set());
    section(&mut rest, "ARGUMENTS", positionals, argument);
    section(&mut rest, "OPTIONS", options_by_heading(command), |roff, (heading, options)| {
        if heading.title != "Options" {
            roff.control("SS", [heading.title]);
        }
        if let Some(note) = heading.note {
            roff.text([roman(note)]);
        }
        options.into_iter().for_each(|option| argument(roff, option));
    });
    section(&mut rest, "EXIT STATUS", help.all_statuses(), |roff, (number, meaning)| {
        entry(roff, vec![bold(number.to_string())], &[meaning]);
    });
    let row =
        |roff: &mut Roff, row: Surrounding| entry(roff, vec![bold(row.name)], &[row.purpose.to_owned()]);
    section(&mut rest, "ENVIRONMENT", variables(words), row);
    section(&mut rest, "FILES", files(words), row);
    rest.control("SH", ["EXAMPLES"]);
    code(&mut rest, help.examples);
    let mut last = String::new();
    let blocks = if words.is_empty() { Vec::new() } else { blocks(words) };
    if !blocks.is_empty() {
        rest.control("PP", []);
        rest.text([roman(filled(GUIDES))]);
    }
    for block in blocks {
        if block.heading == last {
            rest.control("PP", []);
        } else {
            rest.control("SS", [block.heading.as_str()]);
        }
        code(&mut rest, block.text);
        last = block.heading;
    }
    rest.control("SH", ["SEE ALSO"]);
    let others: Vec<&&str> = names.iter().filter(|other| **other != name(command)).collect();
    for (index, other) in others.iter().enumerate() {
        let end = if index + 1 == others.len() { "(1)" } else { "(1)," };
        rest.text([bold(**other), roman(end)]);
    }
    plain(&(beginning(command) + &rest.render()))
}

/// Returns the title, the name, the synopsis and the description.
fn beginning(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).trim_end().to_owned();
    // Pages without a date are the same in every build. clap_mangen does not quote an empty argument.
    let page = Man::new(command.clone().override_usage(usage))
        .date("\"\"")
        .source(concat!("fob ", env!("CARGO_PKG_VERSION")))
        .manual("fob manual");
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = page.render_title(&mut text);
    // A hyphen at the end of a line would look like a part of an option or a claim.
    text.extend_from_slice(b".nh\n");
    let _ = page.render_name_section(&mut text);
    let _ = page.render_synopsis_section(&mut text);
    let _ = page.render_description_section(&mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Adds a section with something for each item, unless there are no items.
fn section<T>(
    roff: &mut Roff,
    title: &str,
    items: impl IntoIterator<Item = T>,
    mut add: impl FnMut(&mut Roff, T),
) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_some() {
        roff.control("SH", [title]);
        items.for_each(|item| add(roff, item));
    }
}

/// Adds an argument or an option with all that is said about it.
fn argument(roff: &mut Roff, argument: &Arg) {
    let mut title = Vec::new();
    let names = [
        argument.get_short().map(|short| format!("-{short}")),
        argument.get_long().map(|long| format!("--{long}")),
    ];
    for name in names.into_iter().flatten() {
        if !title.is_empty() {
            title.push(roman(", "));
        }
        title.push(bold(name));
    }
    if argument.get_action().takes_values() {
        let name = argument.get_value_names().map(|names| names.join(" "));
        let name = name.unwrap_or_else(|| argument.get_id().as_str().to_uppercase());
        let is_optional = argument.get_num_args().is_some_and(|count| count.min_values() == 0);
        if !title.is_empty() {
            title.push(roman(" "));
        }
        title.push(if is_optional { italic(format!("[{name}]")) } else { italic(name) });
    }
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let mut paragraphs: Vec<String> = vec![help];
    let details = details(argument).unwrap_or_default();
    paragraphs.extend(details.split("\n\n").filter(|text| !text.is_empty()).map(str::to_owned));
    let values = values(argument);
    let is_described = values.iter().any(|value| value.get_help().is_some());
    if !values.is_empty() && !is_described {
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        paragraphs.push(format!("Values: {}", names.join(", ")));
    }
    entry(roff, title, &paragraphs);
    if is_described {
        roff.control("RS", []);
        for value in values {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            entry(roff, vec![bold(value.get_name())], &[help]);
        }
        roff.control("RE", []);
    }
}

/// Adds a title with paragraphs under it.
fn entry<T: AsRef<str>>(roff: &mut Roff, title: Vec<Inline>, paragraphs: &[T]) {
    roff.control("TP", []);
    roff.text(title);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 {
            roff.control("IP", []);
        }
        roff.text(inlines(&filled(paragraph.as_ref())));
    }
}

/// Returns a text in lines of at most 78 characters, if its words allow.
fn filled(text: &str) -> String {
    const WIDTH: usize = 78;
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 {
            let is_full = width + 1 + length > WIDTH;
            lines.push(if is_full { '\n' } else { ' ' });
            width = if is_full { 0 } else { width + 1 };
        }
        lines.push_str(word);
        width += length;
    }
    lines
}

/// Returns a text with the words in backticks in bold.
fn inlines(text: &str) -> Vec<Inline> {
    let part = |(index, part): (usize, &str)| if index % 2 == 0 { roman(part) } else { bold(part) };
    text.split('`').enumerate().filter(|(_, part)| !part.is_empty()).map(part).collect()
}

/// Adds lines as they are.
fn code(roff: &mut Roff, text: &str) {
    roff.control("EX", []);
    for line in text.lines() {
        roff.text([roman(without_tabs(line))]);
    }
    roff.control("EE", []);
}

/// Returns a line with spaces in place of tabs, which roff would measure from the margin.
fn without_tabs(line: &str) -> String {
    const STOP: usize = 8;
    let mut text = String::new();
    for (index, part) in line.split('\t').enumerate() {
        if index > 0 {
            let width = text.chars().count();
            text.push_str(&" ".repeat(STOP - width % STOP));
        }
        text.push_str(part);
    }
    text
}

/// Returns a page in ASCII. Characters that roff would print as others are named, so that copied commands work.
fn plain(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    for letter in page.chars() {
        let _ = match letter {
            '^' => text.write_str("\\(ha"),
            '~' => text.write_str("\\(ti"),
            '`' => text.write_str("\\(ga"),
            letter if letter.is_ascii() => text.write_char(letter),
            letter => write!(text, "\\[u{:04X}]", u32::from(letter)),
        };
    }
    text
}
