//! Groups of options that are built only if the command line names one of their options. clap takes more than 2,000
//! instructions for each option, used or not, and `verify` has 84. This saves 44,000 of 396,000 instructions of `decode`, 150,000
//! of 593,000 of `verify`, and 145,000 of 533,000 of `encode`.
//!
//! A command line that clap accepts with the named groups alone means the same with all groups. If clap refuses it, the caller
//! parses it again with all groups, so that messages and help know every option.

use clap::{Arg, ArgGroup, ArgMatches, Args, Command, FromArgMatches};
use std::ffi::OsString;
use std::ops::Deref;

/// A group of options that a command line can do without.
pub trait OptionGroup: Args + Default {
    /// The long names of the options and the letters of the short ones, with spaces between them. A name is followed by `=` and
    /// the ID of the option if that is another word.
    const NAMES: &'static str;
    /// The bits of these names and IDs. Nearly all words on a command line lack the bits of a group, and are not compared.
    const BITS: u64 = bits(Self::NAMES);
    /// The IDs in this group that `conflicts_with` and `requires` of other options name, with spaces between them.
    const REFERRED: &'static str = "";
}

/// The options of a group. They have their defaults if the group was not built.
#[derive(Clone, Debug, Default)]
pub struct OnDemand<T>(T);

impl<T> OnDemand<T> {
    /// Returns the options.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for OnDemand<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: OptionGroup> Args for OnDemand<T> {
    fn augment_args(command: Command) -> Command {
        match named_on(&command) {
            Some(named) if !named.split(' ').any(is_named::<T>) => {
                // clap refuses a reference to an unknown ID. An empty group is never present.
                command.groups(words(T::REFERRED).map(ArgGroup::new))
            }
            _ => T::augment_args(command),
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: OptionGroup> FromArgMatches for OnDemand<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        if matches.ids().any(|present| has_id::<T>(present.as_str())) {
            T::from_arg_matches_mut(matches).map(Self)
        } else {
            Ok(Self::default())
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// Lets a command build only the groups that these arguments name. Its display name carries the names of the options to the
/// groups; clap shows it only in help and versions.
pub(super) fn only_named<'a>(command: Command, arguments: impl Iterator<Item = &'a OsString>) -> Command {
    let mut named = String::new();
    for word in arguments {
        // An option that is not in UTF-8 has no name.
        let Some(word) = word.to_str().and_then(|word| word.strip_prefix('-')) else { continue };
        if let Some(long) = word.strip_prefix('-') {
            named.extend([long.split_once('=').map_or(long, |(name, _)| name), " "]);
        } else {
            // Some of these letters may be the value of an option. Building one more group does no harm.
            named.extend(word.chars().flat_map(|letter| [letter, ' ']));
        }
    }
    command.display_name(named)
}

/// Returns the names of the options on the command line, or `None` for a command with all groups.
fn named_on(command: &Command) -> Option<&str> {
    command.get_display_name()
}

/// Returns a command with an option changed, if the command has it.
pub(super) fn with_option(command: Command, id: &str, change: impl FnOnce(Arg) -> Arg) -> Command {
    if has_option(&command, id) { command.mut_arg(id, change) } else { command }
}

/// Reports whether a command has an option.
pub(super) fn has_option(command: &Command, id: &str) -> bool {
    command.get_arguments().any(|option| option.get_id() == id)
}

/// Reports whether a word names an option of a group.
fn is_named<T: OptionGroup>(word: &str) -> bool {
    T::BITS & bit(word.as_bytes()) != 0 && names::<T>().any(|(name, _)| name == word)
}

/// Reports whether an ID is that of an option of a group.
fn has_id<T: OptionGroup>(id: &str) -> bool {
    T::BITS & bit(id.as_bytes()) != 0 && names::<T>().any(|(_, name)| is_id(id, name))
}

/// Returns the bits of all words in a list, which blanks and `=` separate.
const fn bits(list: &str) -> u64 {
    let (mut bits, mut word, mut rest) = (0, list.as_bytes(), list.as_bytes());
    let mut length = 0;
    while let [byte, others @ ..] = rest {
        rest = others;
        if *byte == b' ' || *byte == b'=' {
            bits |= bit(word.split_at(length).0);
            (word, length) = (others, 0);
        } else {
            length += 1;
        }
    }
    bits | bit(word)
}

/// Returns the bit of a word. Words of another length or with another first letter mostly have another bit.
const fn bit(word: &[u8]) -> u64 {
    match word {
        [first, ..] => 1 << ((*first as usize ^ (word.len() << 3)) & 63),
        [] => 0,
    }
}

/// Returns the names of a group, each with the ID of its option.
fn names<T: OptionGroup>() -> impl Iterator<Item = (&'static str, &'static str)> {
    words(T::NAMES).map(|name| name.split_once('=').unwrap_or((name, name)))
}

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(' ').filter(|word| !word.is_empty())
}

/// Reports whether an ID is that of an option. IDs have `_` in place of `-`.
fn is_id(id: &str, name: &str) -> bool {
    let same = |(left, right): (u8, u8)| left == right || (left == b'_' && right == b'-');
    id.len() == name.len() && id.bytes().zip(name.bytes()).all(same)
}

#[cfg(test)]
mod tests;
