//! The command line as types: what can be said, and nothing of what it does. One file a command, and one for each
//! group of options that commands share.

pub mod claims;
pub mod completions;
pub mod decode;
pub mod encode;
pub mod flaw;
pub mod input;
pub mod inspect;
pub mod key;
pub mod lines;
pub mod pair;
pub mod policy;
pub mod refresh;
pub mod revoke;
pub mod seed;
pub mod server;
pub mod store;
pub mod suite;
pub mod verify;

use crate::core::text::escape::Shown;
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::Instant;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use std::ffi::OsString;

// Options that every command takes.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Global options")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct GlobalArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// No reports, no warnings, no hints: only what was minted or picked out, and the exit status
    #[arg(short, long)]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", value_enum)]
    pub color: Option<ColorChoice>,
    /// Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d
    #[arg(long, value_name = "TIME", value_parser = Instant::parse_clock, allow_hyphen_values = true)]
    pub at: Option<Instant>,
    /// Show dates in this zone: utc, local, +02:00
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub tz: Option<Zone>,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On terminals, unless the environment says otherwise.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// A command line that was understood.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The options that every command takes.
    pub global: GlobalArgs,
    /// The command and its own.
    pub action: Action,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Action {
    /// `fob encode`
    Encode(Box<encode::EncodeArgs>),
    /// `fob decode`
    Decode(decode::DecodeArgs),
    /// `fob verify`
    Verify(Box<verify::VerifyArgs>),
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
    /// `fob completions`
    Completions(completions::CompletionsArgs),
}

const AFTER_HELP: &str = "\
Exit status:
  0  done; for verify and refresh: accepted
  1  rejected: a check failed
  2  nothing was judged: wrong usage, unreadable file, unusable key
  3  rejected, and time is the only fault
  4  nothing to judge: no token, malformed, or encrypted

Examples:
  fob encode --sub alice --exp 15m -s topsecret | fob decode
  fob encode --sub alice -s topsecret | fob verify -s topsecret
  FOB_SECRET=topsecret fob pair --user-id 7 | fob inspect";

/// A command: its name, what it does, its options, and how they are read.
struct Entry {
    name: &'static str,
    about: &'static str,
    options: fn(Command) -> Command,
    read: fn(&mut ArgMatches) -> Result<Action, clap::Error>,
}

const COMMANDS: [Entry; 9] = [
    Entry {
        name: "encode",
        about: "Build and sign a token",
        options: lines::instead_of_a_payload::<encode::EncodeArgs>,
        read: |matches| boxed(matches).map(Action::Encode),
    },
    Entry {
        name: "decode",
        about: "Show what a token says; needs no key, judges nothing",
        options: lines::instead_of_a_token::<decode::DecodeArgs>,
        read: |matches| FromArgMatches::from_arg_matches_mut(matches).map(Action::Decode),
    },
    Entry {
        name: "verify",
        about: "Check a token's signature and claims",
        options: verify::options,
        read: |matches| boxed(matches).map(Action::Verify),
    },
    Entry {
        name: "pair",
        about: "Mint an access and a refresh token that belong together, or get them from a server",
        options: pair::options,
        read: |matches| boxed(matches).map(Action::Pair),
    },
    Entry {
        name: "refresh",
        about: "Check a refresh token and mint the next access token, or get it from a server",
        options: refresh::options,
        read: |matches| boxed(matches).map(Action::Refresh),
    },
    Entry {
        name: "inspect",
        about: "Find every token in any text and report on each",
        options: inspect::InspectArgs::augment_args,
        read: |matches| boxed(matches).map(Action::Inspect),
    },
    Entry {
        name: "revoke",
        about: "Put a token, a family or a subject out of use in a store",
        options: revoke::RevokeArgs::augment_args,
        read: |matches| boxed(matches).map(Action::Revoke),
    },
    Entry {
        name: "key",
        about: "Make a key, or show, convert and name one",
        options: key::KeyCommandArgs::augment_args,
        read: |matches| {
            key::KeyCommandArgs::from_arg_matches_mut(matches).map(|args| Action::Key(args.action))
        },
    },
    Entry {
        name: "completions",
        about: "Print the completion script of a shell",
        options: completions::CompletionsArgs::augment_args,
        read: |matches| FromArgMatches::from_arg_matches_mut(matches).map(Action::Completions),
    },
];

fn boxed<T: FromArgMatches>(matches: &mut ArgMatches) -> Result<Box<T>, clap::Error> {
    T::from_arg_matches_mut(matches).map(Box::new)
}

/// The whole command line.
#[must_use]
pub fn command() -> Command {
    let command = Command::new("fob")
        .bin_name("fob")
        .version(env!("CARGO_PKG_VERSION"))
        .about("JSON Web Tokens on the command line: mint, take apart, verify, explain")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .after_help(AFTER_HELP)
        .subcommands(COMMANDS.map(|entry| Command::new(entry.name).about(entry.about).defer(entry.options)));
    // Global only here: a command that is built alone need not hand them on.
    GlobalArgs::augment_args(command).mut_args(|option| option.global(true))
}

/// Reads the arguments, the program's name first.
///
/// # Errors
/// What clap has to say: wrong usage, but also help and the version. What it quotes is safe to show.
pub fn parse(arguments: &[OsString]) -> Result<Invocation, clap::Error> {
    read(arguments).map_err(made_safe)
}

/// An unquoted token with a space in it is an argument too many, and clap repeats it: its values are escaped as all
/// text from outside is.
fn made_safe(mut error: clap::Error) -> clap::Error {
    let shown = |text: &String| Shown(text).to_string();
    let escaped: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(shown(text)))),
            ContextValue::Strings(texts) => {
                Some((kind, ContextValue::Strings(texts.iter().map(shown).collect())))
            }
            _ => None,
        })
        .collect();
    let was_hostile = escaped.iter().any(|(kind, value)| error.get(*kind) != Some(value));
    for (kind, value) in escaped {
        error.insert(kind, value);
    }
    // Other tools take the secret as a second argument: whoever tries that here must not find it in a log.
    let is_name = |text: &str| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let is_option = |text: &str| match text.strip_prefix("--") {
        // The text of a PEM begins with hyphens, too.
        Some(name) => is_name(name) && !name.starts_with('-'),
        None => text.starts_with('-') && text.len() == 2,
    };
    let surplus = |text: &String| error.kind() == ErrorKind::UnknownArgument && !is_option(text);
    let is_surplus =
        matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(text)) if surplus(text));
    if is_surplus {
        error.insert(ContextKind::InvalidArg, ContextValue::String("…".to_owned()));
    }
    // A suggestion repeats what it was made of.
    if is_surplus || was_hostile {
        error.remove(ContextKind::Suggested);
    }
    error
}

/// What `--color` says on a command line that was not understood.
#[must_use]
pub fn color_of(arguments: &[OsString]) -> ColorChoice {
    let named = |text: &str| ColorChoice::from_str(text, false).ok();
    let words: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect();
    let joined = words.iter().find_map(|word| named(word.strip_prefix("--color=")?));
    let apart = || {
        words.windows(2).find_map(|pair| match pair {
            ["--color", choice] => named(choice),
            _ => None,
        })
    };
    joined.or_else(apart).unwrap_or_default()
}

fn read(arguments: &[OsString]) -> Result<Invocation, clap::Error> {
    let named = |name: &OsString| COMMANDS.iter().find(|entry| entry.name == name);
    // Where the command comes first, as it nearly always does, only its own options are built: a third of the
    // instructions of a whole run are saved.
    if let Some(entry) = arguments.get(1).and_then(named) {
        let command = Command::new(entry.name).bin_name(format!("fob {}", entry.name)).about(entry.about);
        let mut command = GlobalArgs::augment_args((entry.options)(command));
        if command.has_subcommands() {
            command = command.mut_args(|option| option.global(true));
        }
        let mut matches = command.try_get_matches_from_mut(arguments.iter().skip(1))?;
        let global = GlobalArgs::from_arg_matches_mut(&mut matches)?;
        return Ok(Invocation { global, action: (entry.read)(&mut matches)? });
    }
    let mut command = command();
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    let global = GlobalArgs::from_arg_matches_mut(&mut matches)?;
    let chosen =
        matches.remove_subcommand().and_then(|(name, matches)| Some((named(&name.into())?, matches)));
    // clap has refused any other command line before it comes to this.
    let (entry, mut matches) =
        chosen.ok_or_else(|| command.error(ErrorKind::InvalidSubcommand, "no such command"))?;
    Ok(Invocation { global, action: (entry.read)(&mut matches)? })
}

/// One of a few values, by its name.
fn one_of<T>(all: &'static [T], name: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(move |value| name(*value))).try_map(move |word| {
        // clap has compared the word with the names already.
        all.iter().copied().find(|value| name(*value) == word).ok_or("no such value")
    })
}

/// Reads a size in bytes: `65536`, `64K`, `2M`.
fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match text.get(digits.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err("write a size such as 65536, 64K or 2M".to_owned()),
    };
    let number: usize = match digits.parse() {
        Ok(number) if !digits.starts_with('+') => number,
        _ => return Err("write a size such as 65536, 64K or 2M".to_owned()),
    };
    number.checked_mul(factor).filter(|size| *size > 0).ok_or_else(|| "that is no size".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("64K"), Ok(65_536));
        assert_eq!(size("2MiB"), Ok(2 << 20));
        assert!(size("").is_err());
        assert!(size("0").is_err());
        assert!(size("2 parsecs").is_err());
    }

    #[test]
    fn a_token_may_be_as_long_as_everybody_takes_it_to_be() {
        let invocation = parse(&["fob", "decode", "x"].map(OsString::from)).unwrap();
        let Action::Decode(args) = invocation.action else { panic!() };
        assert_eq!(args.token.limit.max_size, crate::core::token::jws::MAX_SIZE);
    }

    #[test]
    fn global_options_stand_before_or_behind_the_command() {
        let read = |line: &str| {
            let arguments: Vec<_> = line.split(' ').map(OsString::from).collect();
            parse(&arguments).map(|invocation| invocation.global.json)
        };
        assert!(read("fob --json decode x").unwrap());
        assert!(read("fob decode x --json").unwrap());
    }
}
