//! The help of the commands: `-h` is a summary, and `--help` is complete. Both have one form: usage, arguments, examples,
//! options, exit statuses. A run without help pays for none of this.

mod fragment;
mod list;
pub mod page;

use self::fragment::Fragment;
pub(crate) use self::fragment::{details, values};
pub use self::page::HelpPage;
use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use std::ffi::OsString;

/// A heading of options, and what is said beneath it.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// The text of the heading.
    pub title: &'static str,
    /// A sentence on all its options.
    pub note: Option<&'static str>,
}

/// The headings of options, the most used first. Every command shows its options in this order.
pub const HEADINGS: &[Heading] = &[
    heading("Options"),
    heading("Claims"),
    heading("Lifetimes"),
    heading("Checks"),
    heading("Requirements"),
    heading("Key"),
    heading("Output"),
    heading("Token"),
    heading("Header"),
    heading("Payload"),
    heading("Many tokens"),
    heading("Suites"),
    heading("Store"),
    heading("Session"),
    noted("Server", "The other options of this section need --from or --issuer."),
    noted("Client", "These options need --from or --issuer."),
    noted("Servers of other kinds", "These options need --from or --issuer, and change what --profile says."),
    heading("Encryption"),
    heading("Decryption"),
    heading("Tests"),
];

const fn heading(title: &'static str) -> Heading {
    Heading { title, note: None }
}

const fn noted(title: &'static str, note: &'static str) -> Heading {
    Heading { title, note: Some(note) }
}

/// The heading of the options that every command takes. It comes last.
pub const GLOBAL: &str = "Global options";

/// More bytes than the help of most commands has. A text that grows is copied again and again.
const USUAL_LENGTH: usize = 1 << 15;

/// The number of examples in a summary.
const EXAMPLES: usize = 4;

/// The parts that the help shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// The options that most users need, each without its details.
    Summary,
    /// All options with their details.
    Complete,
}

impl Length {
    /// Returns the length that a command line asks for: that of its first option for help, or complete for the word `help`.
    /// A command line that lacks a command gets the summary.
    pub(super) fn asked(arguments: &[OsString]) -> Self {
        let words = arguments.iter().skip(1).map(|word| word.to_str().unwrap_or_default());
        let is_short = |word: &str| {
            word.strip_prefix('-').is_some_and(|letters| {
                letters.ends_with('h') && letters.bytes().all(|letter| letter.is_ascii_alphabetic())
            })
        };
        let mut asked = words.filter(|word| matches!(*word, "--help" | "help") || is_short(word));
        asked.next().map_or(Self::Summary, |word| if is_short(word) { Self::Summary } else { Self::Complete })
    }
}

/// Reports whether an error of clap is the help.
pub(super) fn is_help(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
}

/// Returns the words of a command after the name of the program, such as `key new`.
#[must_use]
pub fn words_of(command: &Command) -> &str {
    let name = command.get_bin_name().unwrap_or_default();
    name.strip_prefix("fob").unwrap_or(name).trim_start()
}

/// Returns the options under each heading, in the order of the headings. Under a heading, those of the summary come first.
/// Hidden options are left out.
#[must_use]
pub fn options_by_heading(command: &Command) -> Vec<(Heading, Vec<&Arg>)> {
    let is_under = |option: &Arg, title: &str| option.get_help_heading().unwrap_or("Options") == title;
    let mut options: Vec<&Arg> = command.get_opts_and_flags().collect();
    let summary: Vec<&str> = HelpPage::of(words_of(command)).summary.split(' ').collect();
    let place = |option: &Arg| summary.iter().position(|name| option.get_long() == Some(*name));
    options.sort_by_cached_key(|option| (place(option).unwrap_or(summary.len()), option.get_display_order()));
    let under = |heading: Heading| {
        let here: Vec<&Arg> =
            options.iter().copied().filter(|option| is_under(option, heading.title)).collect();
        (heading, here)
    };
    HEADINGS
        .iter()
        .copied()
        .chain([heading(GLOBAL)])
        .map(under)
        .filter(|(_, options)| !options.is_empty())
        .collect()
}

/// The options of a command and its flags, apart from help and version.
trait Options {
    fn get_opts_and_flags(&self) -> impl Iterator<Item = &Arg>;
}

impl Options for Command {
    fn get_opts_and_flags(&self) -> impl Iterator<Item = &Arg> {
        self.get_arguments().filter(|option| {
            let is_help = matches!(option.get_action(), ArgAction::Help | ArgAction::Version);
            !option.is_positional() && !option.is_hide_set() && !is_help
        })
    }
}

/// Returns a text of this program without its colours. It has no other escape sequences. clap searches for all kinds of them.
/// This function and `usual_value` in `list` save some 400,000 instructions of `verify --help`.
pub(super) fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split('\u{1b}');
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

/// Returns the help of a command.
pub(super) fn text(command: &mut Command, length: Length) -> StyledStr {
    let usage = command.render_usage().ansi().to_string();
    let command = &*command;
    let words = words_of(command);
    let page = HelpPage::of(words);
    let mut text = String::with_capacity(USUAL_LENGTH);
    text.extend([&fragment::about(command, length), "\n\n", usage.trim_end()]);
    if words.is_empty() {
        text.push_str("\n       fob [OPTIONS] <TOKEN>    the same as fob decode");
    }
    let width = list::screen_width();
    let header = command.get_styles().get_header();
    let (header, plain) = (header.render().to_string(), header.render_reset().to_string());
    let mut section = |heading: &str, content: &str| {
        let content = content.trim_end();
        if !content.is_empty() {
            text.extend(["\n\n", &header, heading, ":", &plain, "\n", content]);
        }
    };
    section("Commands", &fragment::subcommands(command));
    section("Arguments", &Fragment::new(command, length, &page, width).positionals());
    let examples = page.examples.lines().take(match length {
        Length::Summary => EXAMPLES,
        Length::Complete => usize::MAX,
    });
    section("Examples", &examples.map(|example| format!("  {example}\n")).collect::<String>());
    match length {
        Length::Summary => {
            let find =
                |name: &str| command.get_opts_and_flags().find(|option| option.get_long() == Some(name));
            let chosen: Vec<&Arg> = page.summary.split(' ').filter_map(find).collect();
            let all = command.get_opts_and_flags().count();
            let more = if chosen.len() == all {
                "Print this summary; --help says more".to_owned()
            } else {
                format!("Print this summary; --help describes all {all} options")
            };
            section("Options", &Fragment::new(command, length, &page, width).help(more).options(&chosen));
        }
        Length::Complete => {
            for (heading, options) in options_by_heading(command) {
                // Details that another command has are not repeated.
                let other = page.other(heading.title);
                let length = if other.is_some() { Length::Summary } else { length };
                let fragment = Fragment::new(command, length, &page, width);
                let is_last = heading.title == GLOBAL;
                let more = "Print a summary with -h, or this text with --help".to_owned();
                let fragment = if is_last { fragment.help(more) } else { fragment };
                let other = other.map(|command| format!("`fob {command} --help` has the details."));
                let notes = heading.note.map(str::to_owned).into_iter().chain(other);
                let notes: String = notes.map(|note| format!("  {note}\n")).collect();
                section(heading.title, &(notes + &fragment.options(&options)));
            }
        }
    }
    section("Exit status", &page.statuses(length));
    text.push('\n');
    StyledStr::from(text)
}
