use super::super::{Extent, read};
use super::*;
use crate::cli;
use crate::cli::GlobalArgs;
use crate::cli::decryption::{CookieArgs, DecryptionArgs};
use crate::cli::detached::DetachedArgs;
use crate::cli::encode::{ClaimsFormArgs, HeaderArgs};
use crate::cli::encrypt::EncryptArgs;
use crate::cli::flaw::FlawArgs;
use crate::cli::input::{ChoiceArgs, LimitArgs};
use crate::cli::key::{IssuerKeyArgs, KeyArgs, PasswordArgs};
use crate::cli::lines::LinesArgs;
use crate::cli::policy::PolicyArgs;
use crate::cli::seed::SeedArgs;
use crate::cli::store::StoreArgs;
use crate::cli::suite::SuiteArgs;
use crate::cli::verify::{ExceptionArgs, HolderArgs};
use std::collections::BTreeSet;

/// Calls a function with the name and the facts of each group.
fn for_each_group(mut check: impl FnMut(&'static str, GroupFacts)) {
    macro_rules! check_all {
        ($($group:ty),+) => { $(check(stringify!($group), GroupFacts::of::<$group>());)+ };
    }
    check_all!(
        GlobalArgs,
        PolicyArgs,
        StoreArgs,
        ExceptionArgs,
        HolderArgs,
        ChoiceArgs,
        LimitArgs,
        KeyArgs,
        PasswordArgs,
        IssuerKeyArgs,
        DecryptionArgs,
        CookieArgs,
        LinesArgs,
        SuiteArgs,
        EncryptArgs,
        DetachedArgs,
        ClaimsFormArgs,
        HeaderArgs,
        FlawArgs,
        SeedArgs
    );
}

/// The facts of a group.
struct GroupFacts {
    /// A command with the options of the group.
    command: Command,
    names: Vec<(&'static str, &'static str)>,
    referred: Vec<&'static str>,
    /// The default values, and those that clap reads from an empty command line.
    defaults: String,
    read: String,
}

impl GroupFacts {
    fn of<T: OptionGroup + std::fmt::Debug>() -> Self {
        let mut command = T::augment_args(Command::new("fob"));
        for id in ids_of_all_commands() {
            if id != "help" && !has_option(&command, id.as_str()) {
                command = command.group(ArgGroup::new(id));
            }
        }
        let mut matches = command.try_get_matches_from_mut(["fob"]).unwrap();
        let read = T::from_arg_matches_mut(&mut matches).unwrap();
        Self {
            command,
            names: names::<T>().collect(),
            referred: words(T::REFERRED).collect(),
            defaults: format!("{:?}", T::default()),
            read: format!("{read:?}"),
        }
    }
}

/// Returns the IDs of the options of all commands and of their groups.
fn ids_of_all_commands() -> BTreeSet<clap::Id> {
    let mut all = cli::command();
    all.build();
    let of = |command: &Command| -> Vec<clap::Id> {
        let options = command.get_arguments().map(|option| option.get_id().clone());
        options.chain(command.get_groups().map(|group| group.get_id().clone())).collect()
    };
    all.get_subcommands().flat_map(of).collect()
}

#[test]
fn each_group_names_its_options() {
    for_each_group(|group, facts| {
        let mut expected = BTreeSet::new();
        for option in facts.command.get_arguments().filter(|option| option.get_id() != "help") {
            let id = option.get_id().as_str();
            if let Some(long) = option.get_long() {
                let own = if is_id(id, long) { long } else { id };
                expected.insert((long.to_owned(), own.to_owned()));
            }
            if let Some(short) = option.get_short() {
                expected.insert((short.to_string(), short.to_string()));
            }
        }
        let named = facts.names.iter().map(|(name, id)| ((*name).to_owned(), (*id).to_owned()));
        assert_eq!(named.collect::<BTreeSet<_>>(), expected, "{group}");
    });
}

#[test]
fn each_reference_to_a_group_exists() {
    for_each_group(|group, facts| {
        for id in facts.referred {
            let is_group = |known: &ArgGroup| known.get_id() == id && known.get_args().next().is_some();
            let exists = facts.command.get_groups().any(is_group) || has_option(&facts.command, id);
            assert!(exists, "{group}: {id}");
        }
    });
}

#[test]
fn a_group_that_is_not_named_has_the_values_that_clap_reads() {
    for_each_group(|group, facts| assert_eq!(facts.read, facts.defaults, "{group}"));
}

#[test]
fn each_command_accepts_any_choice_of_groups() {
    for entry in &cli::COMMANDS {
        let built = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let mut command = only_named(Command::new(entry.name), words.iter());
            command = OnDemand::<GlobalArgs>::augment_args((entry.options)(command));
            // clap asserts that every ID which an option names exists.
            command.build();
            command
        };
        built(&[]);
        let nothing: [OsString; 0] = [];
        let mut all = cli::with_options(entry, Command::new(entry.name), nothing.iter(), Extent::All);
        all.build();
        for option in all.get_arguments().filter_map(Arg::get_long) {
            built(&[&format!("--{option}")]);
        }
    }
}

/// Values for options. The first that an option accepts is used.
const VALUES: [&str; 10] =
    ["1", "15m", "a=b", "HS256", "accepted", "junit=-", "html=page.html", "2026-01-31", "utc", "alg-none"];

/// Returns a use of each option of a command that it accepts for itself, or with the option that it requires.
fn uses(command: &Command) -> Vec<Vec<String>> {
    let mut uses = Vec::new();
    for option in command.get_arguments() {
        let names = option.get_long().map(|name| format!("--{name}"));
        for name in names.into_iter().chain(option.get_short().map(|name| format!("-{name}"))) {
            if !option.get_action().takes_values() {
                uses.push(vec![name]);
                continue;
            }
            let possible = option.get_possible_values();
            let possible: Vec<&str> = possible.iter().map(|value| value.get_name()).collect();
            let accepts = |value: &&str| {
                let parser = option.get_value_parser().clone();
                let alone = Arg::new("x").long("x").value_parser(parser).allow_hyphen_values(true);
                let line = ["fob".to_owned(), format!("--x={value}")];
                Command::new("fob").arg(alone).try_get_matches_from(line).is_ok()
            };
            let value = possible.into_iter().chain(VALUES).find(accepts);
            let value = value.unwrap_or_else(|| panic!("no value for {name}"));
            uses.push(vec![name, value.to_owned()]);
        }
    }
    uses
}

/// Compares the two ways to read a line.
fn compare(line: &[&str]) {
    let arguments: Vec<OsString> = line.iter().map(OsString::from).collect();
    let Ok(named) = read(&arguments, Extent::Named) else { return };
    let all = read(&arguments, Extent::All);
    let all = all.unwrap_or_else(|error| panic!("{line:?} must be refused: {error}"));
    assert_eq!(format!("{named:?}"), format!("{all:?}"), "{line:?}");
}

#[test]
fn a_line_means_the_same_with_the_named_options_alone() {
    for name in ["decode", "verify", "encode", "inspect"] {
        let mut command = cli::command();
        command.build();
        let command = command.find_subcommand(name).unwrap();
        let uses = uses(command);
        assert!(uses.len() > 20, "{name}");
        for (index, first) in uses.iter().enumerate() {
            let first: Vec<&str> = first.iter().map(String::as_str).collect();
            compare(&[&["fob", name], &*first].concat());
            compare(&[&["fob", name], &*first, &["token"]].concat());
            // A few of the pairs, others for each option.
            for second in uses.iter().skip(index % 9).step_by(9) {
                let second: Vec<&str> = second.iter().map(String::as_str).collect();
                compare(&[&["fob", name], &*first, &*second, &["token"]].concat());
            }
        }
    }
}

#[test]
fn an_option_that_requires_a_group_is_refused_without_it() {
    for line in [
        "fob verify token --once",
        "fob verify token --print accepted",
        "fob verify token --threads 2",
        "fob encode {} --unsigned",
        "fob encode {} --enc A256GCM",
    ] {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        assert!(read(&arguments, Extent::Named).is_err(), "{line}");
        assert!(read(&arguments, Extent::All).is_err(), "{line}");
    }
}

#[test]
fn builds_only_the_groups_that_a_line_names() {
    let built = |line: &str| {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let command = cli::verify::options(only_named(Command::new("verify"), words.iter()));
        ["alg", "store", "secret", "decrypt_key", "lines"].map(|id| has_option(&command, id))
    };
    assert_eq!(built("verify x"), [false; 5]);
    assert_eq!(built("verify x --secret=s"), [false, false, true, false, false]);
    assert_eq!(built("verify x -s y --lines"), [false, false, true, false, true]);
    assert_eq!(built("verify --iss i x --store=s"), [true, true, false, false, false]);
    assert_eq!(built("verify x -jc a=b"), [true, false, false, false, false]);
}
