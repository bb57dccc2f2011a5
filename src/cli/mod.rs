//! The command line as clap types. There is one file for each command, and one for each group of options that commands
//! share. This module only parses arguments; `commands` acts on them.

pub mod claims;
pub mod completions;
pub mod decode;
pub mod decryption;
pub mod detached;
pub mod encode;
pub mod encrypt;
pub mod flaw;
mod foreign;
pub mod help;
pub mod input;
pub mod inspect;
pub mod key;
pub mod lines;
pub mod man;
pub(crate) mod masked;
mod misplaced;
pub mod mistake;
pub mod on_demand;
pub mod pair;
pub mod policy;
pub mod refresh;
mod refusal;
pub mod revoke;
pub mod schema;
pub mod seed;
pub mod server;
pub mod session;
pub mod store;
pub mod suite;
pub mod unparsed;
pub mod verify;

use self::misplaced::options_as_secrets;
use self::mistake::Mistake;
use self::on_demand::{OnDemand, OptionGroup};
use self::refusal::Called;
use crate::core::key::secret::Secret;
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::Instant;
use clap::builder::{PossibleValuesParser, StyledStr, TypedValueParser};
use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use std::ffi::{OsStr, OsString};

// The options that every command takes.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Global options")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct GlobalArgs {
    /// Print JSON, also for errors
    #[arg(short = 'j', long)]
    pub json: bool,
    /// Print only results, without reports, warnings and hints
    #[arg(short, long)]
    pub quiet: bool,
    /// Choose when to use colour
    #[arg(long, value_name = "WHEN", value_enum, ignore_case = true)]
    pub color: Option<ColorChoice>,
    /// Use this time instead of the clock, such as 2026-01-31 or -3d
    ///
    /// Other forms are 2026-01-31T12:00:00Z, @1700000000 (seconds since 1970) and +15m.
    #[arg(long, value_name = "TIME", value_parser = Instant::parse_clock, allow_hyphen_values = true)]
    pub at: Option<Instant>,
    /// Show dates in this zone: utc, local, +02:00
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub tz: Option<Zone>,
}

impl OptionGroup for GlobalArgs {
    const NAMES: &'static str = "json j quiet q color at tz";
    const REFERRED: &'static str = "json";
}

/// The streams that get colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// Terminals, unless the environment says otherwise.
    #[default]
    Auto,
    /// All streams.
    Always,
    /// No stream.
    Never,
}

/// A parsed command line.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The options that every command takes.
    pub global: GlobalArgs,
    /// The command and its options.
    pub action: Action,
}

/// A command and its options.
#[derive(Clone, Debug)]
pub enum Action {
    /// `fob encode`
    Encode(Box<encode::EncodeArgs>),
    /// `fob decode`
    Decode(Box<decode::DecodeArgs>),
    /// `fob verify`
    Verify(Box<verify::VerifyArgs>),
    /// `fob test`
    Test(suite::SuiteArgs),
    /// `fob pair`
    Pair(Box<pair::PairArgs>),
    /// `fob refresh`
    Refresh(Box<refresh::RefreshArgs>),
    /// `fob revoke`
    Revoke(Box<revoke::RevokeArgs>),
    /// `fob inspect`
    Inspect(Box<inspect::InspectArgs>),
    /// `fob key`
    Key(key::KeyAction),
    /// `fob schema`
    Schema(schema::SchemaArgs),
    /// `fob completions`
    Completions(completions::CompletionsArgs),
    /// `fob man`
    Man(man::ManArgs),
}

impl Action {
    fn key(&self) -> Option<&key::KeyArgs> {
        match self {
            Self::Encode(args) => Some(&args.key),
            Self::Verify(args) => Some(&args.key),
            Self::Pair(args) => Some(&args.key),
            Self::Refresh(args) => Some(&args.key),
            Self::Inspect(args) => Some(&args.key),
            _ => None,
        }
    }

    /// Returns the value of `--secret`.
    fn secret(&self) -> Option<&[u8]> {
        self.key()?.secret.as_ref().map(Secret::expose)
    }

    /// Reports whether the value of `--secret` looks like a token.
    #[must_use]
    pub fn has_token_as_secret(&self) -> bool {
        self.secret().is_some_and(|secret| std::str::from_utf8(secret).is_ok_and(misplaced::is_token))
    }
}

/// A command of the program.
struct CommandEntry {
    /// The name.
    name: &'static str,
    /// Other names.
    aliases: &'static [&'static str],
    /// The summary for the list of commands.
    about: &'static str,
    /// Adds the options to clap's command.
    options: fn(Command) -> Command,
    /// Reads the options from clap's matches.
    read: fn(&mut ArgMatches) -> Result<Action, clap::Error>,
}

static COMMANDS: [CommandEntry; 12] = [
    CommandEntry {
        name: "encode",
        aliases: &["sign", "mint"],
        about: "Build and sign a token",
        options: encode::options,
        read: |matches| boxed(matches).map(Action::Encode),
    },
    CommandEntry {
        name: "decode",
        aliases: &[],
        about: "Show the content of a token, without a key and without a verdict",
        options: lines::instead_of_a_token::<decode::DecodeArgs>,
        read: |matches| boxed(matches).map(Action::Decode),
    },
    CommandEntry {
        name: "verify",
        aliases: &[],
        about: "Check a token's signature and claims",
        options: verify::options,
        read: |matches| boxed(matches).map(Action::Verify),
    },
    CommandEntry {
        name: "test",
        aliases: &[],
        about: "Run suites: tokens with their expected outcomes",
        options: suite::TestArgs::options,
        read: |matches| suite::TestArgs::from_arg_matches_mut(matches).map(|args| Action::Test(args.suites)),
    },
    CommandEntry {
        name: "pair",
        aliases: &[],
        about: "Mint an access token and a refresh token that belong together",
        options: pair::options,
        read: |matches| boxed(matches).map(Action::Pair),
    },
    CommandEntry {
        name: "refresh",
        aliases: &[],
        about: "Check a refresh token and mint the next access token",
        options: refresh::options,
        read: |matches| boxed(matches).map(Action::Refresh),
    },
    CommandEntry {
        name: "inspect",
        aliases: &[],
        about: "Find every token in any text and report on each",
        options: inspect::InspectArgs::augment_args,
        read: |matches| boxed(matches).map(Action::Inspect),
    },
    CommandEntry {
        name: "revoke",
        aliases: &[],
        about: "Revoke tokens in a store or at their server, or log out of a session",
        options: revoke::options,
        read: |matches| boxed(matches).map(Action::Revoke),
    },
    CommandEntry {
        name: "key",
        aliases: &[],
        about: "Make, show, convert or identify keys",
        options: key::options,
        read: |matches| {
            key::KeyCommandArgs::from_arg_matches_mut(matches).map(|args| Action::Key(args.action))
        },
    },
    CommandEntry {
        name: "schema",
        aliases: &[],
        about: "Print the JSON Schema of a command's output",
        options: schema::SchemaArgs::augment_args,
        read: |matches| FromArgMatches::from_arg_matches_mut(matches).map(Action::Schema),
    },
    CommandEntry {
        name: "completions",
        aliases: &[],
        about: "Print the completion script of a shell",
        options: completions::CompletionsArgs::augment_args,
        read: |matches| FromArgMatches::from_arg_matches_mut(matches).map(Action::Completions),
    },
    CommandEntry {
        name: "man",
        aliases: &[],
        about: "Print a man page, or write all of them to a folder",
        options: man::ManArgs::augment_args,
        read: |matches| FromArgMatches::from_arg_matches_mut(matches).map(Action::Man),
    },
];

fn boxed<T: FromArgMatches>(matches: &mut ArgMatches) -> Result<Box<T>, clap::Error> {
    T::from_arg_matches_mut(matches).map(Box::new)
}

/// Returns the whole command line.
#[must_use]
pub fn command() -> Command {
    let command = Command::new("fob")
        .bin_name("fob")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Mint, decode, verify and explain JSON Web Tokens")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands(COMMANDS.iter().map(|entry| {
            Command::new(entry.name)
                .visible_aliases(entry.aliases.iter().copied())
                .about(entry.about)
                .defer(entry.options)
        }));
    // A command that is built alone does not need to pass global options on.
    GlobalArgs::augment_args(command).mut_args(|option| option.global(true))
}

/// The help or the version.
#[derive(Debug)]
pub struct HelpText {
    /// The text, with its colours.
    pub text: StyledStr,
    /// True if the user asks for it. Otherwise the command line lacks a command.
    pub is_asked: bool,
}

impl HelpText {
    /// Returns the text without its colours.
    #[must_use]
    pub fn without_colors(&self) -> String {
        help::without_colors(&self.text.ansi().to_string())
    }
}

/// A command line that runs no command.
#[derive(Debug)]
pub enum Unparsed {
    /// The user asks for help or the version, or names no command.
    Help(HelpText),
    /// The command line cannot be understood.
    Mistake(Box<Mistake>),
}

impl From<Mistake> for Unparsed {
    fn from(mistake: Mistake) -> Self {
        Self::Mistake(Box::new(mistake))
    }
}

/// Parses the arguments, the program's name first.
///
/// # Errors
/// Help and the version, and mistakes. They hold no secret.
pub fn parse(arguments: &[OsString]) -> Result<Invocation, Unparsed> {
    if let Some(help) = usual_help(arguments) {
        return Err(Unparsed::Help(help));
    }
    let read = read(arguments, Extent::Named).or_else(|error| match error.kind() {
        ErrorKind::DisplayVersion => Err(error),
        kind if help::is_help(kind) => Err(error),
        _ => read(arguments, Extent::All),
    });
    let invocation = read.map_err(|error| match error.kind() {
        kind if help::is_help(kind) => Unparsed::Help(shown_help(arguments, &error)),
        ErrorKind::DisplayVersion => Unparsed::Help(HelpText { text: error.render(), is_asked: true }),
        _ => Unparsed::from(refusal::mistake(&error, arguments, &called(arguments))),
    })?;
    match invocation.action.secret() {
        Some(secret) if options_as_secrets(arguments).any(|option| option.as_bytes() == secret) => {
            return Err(Mistake::OptionAsSecret.into());
        }
        _ => {}
    }
    if misplaced::options_as_values(arguments).next().is_some()
        && let Some(mistake) = refusal::option_as_value(arguments, &called(arguments))
    {
        return Err(mistake.into());
    }
    match arguments.iter().filter(|word| misplaced::has_typographic_dash(word)).find_map(|word| {
        let called = called(arguments);
        let takes = |long: &str| called.command.get_arguments().any(|option| option.get_long() == Some(long));
        misplaced::with_right_hyphens(word.to_str()?, takes)
    }) {
        Some(option) => Err(Mistake::Hyphens { option }.into()),
        None => Ok(invocation),
    }
}

/// Returns the command that the arguments name. Without a name it is `decode`.
fn called(arguments: &[OsString]) -> Called {
    let mut words = arguments.iter().skip(1);
    let named = words.find_map(|word| entry_named(word));
    let entry = named.or_else(|| entry_named(OsStr::new("decode"))).unwrap_or(&COMMANDS[0]);
    let mut command = (entry.options)(Command::new(entry.name));
    let mut name = if named.is_some() { format!("fob {}", entry.name) } else { "fob".to_owned() };
    if let Some(inner) = words.find_map(|word| command.find_subcommand(word).cloned()) {
        name = format!("{name} {}", inner.get_name());
        command = inner;
    }
    Called { name, command: GlobalArgs::augment_args(command), is_named: named.is_some() }
}

/// Returns the help if the arguments are an option for help alone, or a command and that option. Then nothing is parsed, which
/// saves 56,000 of 1,255,000 instructions in `verify`, and 360,000 of 1,802,000 in `pair`.
fn usual_help(arguments: &[OsString]) -> Option<HelpText> {
    let (words, option) = match arguments {
        [_, option] => ("", option),
        [_, word, option] => (entry_named(word)?.name, option),
        _ => return None,
    };
    if option != "-h" && option != "--help" {
        return None;
    }
    let text = help_of(words, help::Length::asked(arguments))?;
    Some(HelpText { text, is_asked: true })
}

/// Returns the help that the arguments ask for. Only this help is laid out: it takes a million instructions and more.
fn shown_help(arguments: &[OsString], error: &clap::Error) -> HelpText {
    // In place of its help, each command has its words.
    let text = error.render();
    let text = help_of(text.to_string().trim(), help::Length::asked(arguments)).unwrap_or(text);
    HelpText { text, is_asked: !error.use_stderr() }
}

/// Returns the help of a command, by its words after the name of the program.
fn help_of(words: &str, length: help::Length) -> Option<StyledStr> {
    if words.is_empty() {
        return Some(help::text(&mut command(), length));
    }
    let mut words = words.split(' ');
    let entry = entry_named(OsStr::new(words.next()?))?;
    let mut command = with_options(entry, named(entry), std::iter::empty(), Extent::All);
    let text = match words.next() {
        None => Some(help::text(&mut command, length)),
        Some(inner) => {
            command.build();
            command.find_subcommand_mut(inner).map(|inner| help::text(inner, length))
        }
    };
    keep(command);
    text
}

/// Leaves the memory of a command to the end of the process, which parses one command line. Freeing that of each option takes
/// 48,000 instructions in `verify`. A fuzz target parses many command lines in one process, so it frees the memory.
fn keep(command: Command) {
    if cfg!(fuzzing) {
        drop(command);
    } else {
        std::mem::forget(command);
    }
}

/// The part of a command that is built to parse the arguments.
#[derive(Clone, Copy)]
enum Extent {
    /// The options that the arguments name, and those beside them.
    Named,
    /// All options.
    All,
}

/// Reads the arguments.
fn read(arguments: &[OsString], extent: Extent) -> Result<Invocation, clap::Error> {
    // If the command comes first, only its own options are built. That saves a third of the instructions of a short
    // run.
    if let Some(entry) = arguments.get(1).and_then(|word| entry_named(word)) {
        return read_with(entry, arguments.iter().skip(1), extent);
    }
    // A token without a command is decoded.
    if let Some(decode) = entry_named(OsStr::new("decode")) {
        let options = with_options(decode, Command::new(decode.name), arguments.iter(), Extent::Named);
        let word = unparsed::first_word(arguments, &options);
        if word.is_some_and(|word| word == "help") {
            return read(&unparsed::with_help_option(arguments), extent);
        }
        if word.is_some_and(|word| entry_named(word).is_none() && !unparsed::is_like_a_command(word)) {
            let name = OsString::from(decode.name);
            let words = std::iter::once(&name).chain(arguments.iter().skip(1));
            return read_with(decode, words, extent);
        }
    }
    let mut command = command().override_help("").mut_subcommands(with_words_as_help);
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    let global = GlobalArgs::from_arg_matches_mut(&mut matches)?;
    let chosen =
        matches.remove_subcommand().and_then(|(name, matches)| Some((entry_named(name.as_ref())?, matches)));
    // clap has already refused every other command line.
    let (entry, mut matches) =
        chosen.ok_or_else(|| command.error(ErrorKind::InvalidSubcommand, "no such command"))?;
    Ok(Invocation { global, action: (entry.read)(&mut matches)? })
}

/// Returns the command with this name or alias.
fn entry_named(name: &OsStr) -> Option<&'static CommandEntry> {
    COMMANDS.iter().find(|entry| entry.name == name || entry.aliases.iter().any(|alias| *alias == name))
}

/// Parses the arguments of one command, its name first.
fn read_with<'a>(
    entry: &CommandEntry,
    arguments: impl Iterator<Item = &'a OsString> + Clone,
    extent: Extent,
) -> Result<Invocation, clap::Error> {
    let mut command = with_words_as_help(with_options(entry, named(entry), arguments.clone(), extent));
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    keep(command);
    let global = OnDemand::<GlobalArgs>::from_arg_matches_mut(&mut matches)?.into_inner();
    Ok(Invocation { global, action: (entry.read)(&mut matches)? })
}

/// Returns the command of a row of the table, without its options.
fn named(entry: &CommandEntry) -> Command {
    Command::new(entry.name).bin_name(format!("fob {}", entry.name)).about(entry.about)
}

/// Puts the words of a command in place of its help, so that clap lays out none.
fn with_words_as_help(command: Command) -> Command {
    let words = command.get_name().to_owned();
    command.override_help(words)
}

/// Adds the options of a command, and the global options.
fn with_options<'a>(
    entry: &CommandEntry,
    command: Command,
    arguments: impl Iterator<Item = &'a OsString>,
    extent: Extent,
) -> Command {
    let command = match extent {
        Extent::Named => on_demand::only_named(command, arguments),
        Extent::All => command,
    };
    let command = (entry.options)(command);
    if command.has_subcommands() {
        return GlobalArgs::augment_args(command).mut_args(|option| option.global(true));
    }
    OnDemand::<GlobalArgs>::augment_args(command)
}

/// Returns a parser for one of a few values, by its name.
fn one_of<T>(all: &'static [T], name: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(move |value| name(*value))).try_map(move |word| {
        // clap has already compared the word with the names, and knows for which options letter case matters.
        all.iter().copied().find(|value| name(*value).eq_ignore_ascii_case(&word)).ok_or("no such value")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::input::LimitArgs;
    use crate::core::key::secret::SecretFormat;
    use crate::core::mint::serialization::Serialization;
    use crate::core::text::duration::Duration;
    use crate::core::text::size::parse_size;

    #[test]
    fn clap_accepts_the_command_line() {
        command().debug_assert();
    }

    #[test]
    fn the_list_of_commands_says_what_their_help_says() {
        let mut all = command();
        all.build();
        for entry in &COMMANDS {
            let about = all.find_subcommand(entry.name).and_then(Command::get_about).unwrap().to_string();
            assert_eq!(about, entry.about);
        }
    }

    #[test]
    fn the_help_names_the_defaults_that_apply() {
        let default = |name: &str| {
            let options = [encode::options, verify::options].map(|add| add(Command::new("fob")));
            let mut all = options.iter().flat_map(Command::get_arguments);
            let help =
                all.find(|option| option.get_id() == name).and_then(clap::Arg::get_help).unwrap().to_string();
            help.split_once("[default: ").unwrap().1.trim_end_matches(']').to_owned()
        };
        for name in ["secret_format", "encrypt_secret_format", "decrypt_secret_format"] {
            assert_eq!(default(name), SecretFormat::default().name());
        }
        assert_eq!(default("serialization"), Serialization::default().name());
        assert_eq!(default("leeway").parse(), Ok(Duration::default()));
        assert_eq!(parse_size(&default("max_size")), Ok(LimitArgs { max_size: None }.max_size()));
    }

    #[test]
    fn a_usual_help_is_that_of_the_parsed_command_line_and_loses_its_colors_as_in_clap() {
        let names = COMMANDS.iter().flat_map(|entry| entry.aliases.iter().chain([&entry.name]));
        for name in names.map(|name| Some(*name)).chain([None]) {
            for option in ["-h", "--help"] {
                let arguments: Vec<OsString> =
                    ["fob"].into_iter().chain(name).chain([option]).map(OsString::from).collect();
                let usual = usual_help(&arguments).unwrap();
                let parsed = shown_help(&arguments, &read(&arguments, Extent::Named).unwrap_err());
                assert_eq!(usual.text.ansi().to_string(), parsed.text.ansi().to_string(), "{arguments:?}");
                assert_eq!(usual.is_asked, parsed.is_asked, "{arguments:?}");
                assert_eq!(usual.without_colors(), usual.text.to_string(), "{arguments:?}");
            }
        }
    }

    #[test]
    fn accepts_global_options_before_and_after_the_command() {
        let read = |line: &str| {
            let arguments: Vec<_> = line.split(' ').map(OsString::from).collect();
            parse(&arguments).map(|invocation| invocation.global.json)
        };
        assert!(read("fob --json decode x").unwrap());
        assert!(read("fob decode x --json").unwrap());
    }
}
