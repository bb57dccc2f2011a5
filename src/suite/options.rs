//! Members of a suite that are options of a command, by their long names. They become words of a command line, which the
//! command's own parser reads. This module knows the options only as that parser describes them.

use super::error::{ContentError, ContentErrorKind, ExpectedType};
use super::location::SourceLocation;
use super::target::{Reached, reached};
use super::tree::{Node, NodeMember, NodeValue};
use std::ffi::OsString;
use std::path::Path;

/// The parser of a command, for the options that a suite may set.
pub(crate) trait OptionParser {
    /// The parsed options.
    type Options;

    /// Returns the options that a suite may set.
    fn specs(&self) -> &[OptionSpec];

    /// Parses the words of a command line.
    fn parse(&mut self, words: &[OsString]) -> Result<Self::Options, OptionError>;
}

/// An option that a suite may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OptionSpec {
    /// The long name, without the hyphens before it.
    pub(crate) long: String,
    pub(crate) arity: Arity,
    /// True if the option is about the key.
    pub(crate) concerns_key: bool,
}

/// The number of values that an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arity {
    /// None: the option is a flag.
    Flag,
    /// None or one.
    OptionalValue,
    /// One.
    One,
    /// One, or a list.
    Many,
}

/// An option, or a set of options, that a command does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OptionError {
    /// The long name of the option, if one is at fault.
    pub(crate) option: Option<String>,
    pub(crate) message: String,
}

/// The names that a table may have: the options of a command, and other members.
#[derive(Debug)]
pub(crate) struct Vocabulary<P> {
    parser: P,
    /// Members that are not options.
    others: &'static [&'static str],
}

/// The words of a command line that a table stands for.
#[derive(Clone, Debug, Default)]
pub(crate) struct OptionWords {
    pub(crate) words: Vec<OsString>,
    /// Those of them that are about the key.
    pub(crate) key_words: Vec<OsString>,
    locations: Vec<(String, SourceLocation)>,
}

impl OptionWords {
    /// Returns the location of the first member whose name matches.
    pub(crate) fn location_of(&self, matches: impl Fn(&str) -> bool) -> Option<SourceLocation> {
        self.locations.iter().find(|(name, _)| matches(name)).map(|(_, location)| *location)
    }
}

/// The settings of a suite for all its cases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SuiteContext<'s> {
    /// The folder that paths start from.
    pub(crate) folder: &'s Path,
    /// True if the suite itself may contain a secret.
    pub(crate) test_secrets: bool,
}

/// Returns a name with hyphens: `max_age` and `max-age` are the same member.
pub(crate) fn dashed(name: &str) -> String {
    name.replace('_', "-")
}

impl<P: OptionParser> Vocabulary<P> {
    /// Returns the names that a table may have.
    pub(crate) const fn new(parser: P, others: &'static [&'static str]) -> Self {
        Self { parser, others }
    }

    /// Checks that every member is a known option.
    pub(crate) fn check_names<'m>(
        &self,
        mut members: impl Iterator<Item = &'m NodeMember>,
    ) -> Result<(), ContentError> {
        members.try_for_each(|member| self.find(member).map(|_| ()))
    }

    /// Reports whether a member is about the key.
    pub(crate) fn concerns_key(&self, member: &NodeMember) -> bool {
        self.find(member).is_ok_and(|spec| spec.concerns_key)
    }

    /// Returns the words of these members.
    pub(crate) fn words<'m>(
        &self,
        members: impl Iterator<Item = &'m NodeMember>,
        context: SuiteContext<'_>,
    ) -> Result<OptionWords, ContentError> {
        let mut all = OptionWords::default();
        for member in members {
            let spec = self.find(member)?;
            let words = spec.words(member, context)?;
            if spec.concerns_key {
                all.key_words.extend_from_slice(&words);
            }
            all.words.extend(words);
            all.locations.push((spec.long.clone(), member.location));
        }
        Ok(all)
    }

    /// Parses the words. An error without an option is located at `otherwise`.
    pub(crate) fn parse(
        &mut self,
        words: &OptionWords,
        otherwise: SourceLocation,
    ) -> Result<P::Options, ContentError> {
        self.parser.parse(&words.words).map_err(|OptionError { option, message }| {
            let location = option.and_then(|option| words.location_of(|name| name == option));
            ContentErrorKind::InvalidOption { message }.at(location.unwrap_or(otherwise))
        })
    }

    fn find(&self, member: &NodeMember) -> Result<&OptionSpec, ContentError> {
        let name = dashed(&member.name);
        self.parser.specs().iter().find(|spec| spec.long == name).ok_or_else(|| self.unknown(member))
    }

    fn unknown(&self, member: &NodeMember) -> ContentError {
        let name = dashed(&member.name);
        let known =
            self.others.iter().copied().chain(self.parser.specs().iter().map(|spec| spec.long.as_str()));
        let ranked = known.map(|known| (strsim::jaro(&dashed(known), &name), known));
        let similar = ranked.max_by(|(one, _), (other, _)| one.total_cmp(other));
        let similar = similar.filter(|(likeness, _)| *likeness > 0.75).map(|(_, known)| known.to_owned());
        ContentErrorKind::UnknownMember { name: member.name.clone(), similar }.at(member.location)
    }
}

/// Returns the text of a node: a text, or a number whose digits do not change when it is parsed.
///
/// YAML reads `007` as 7, and the user may mean the text.
fn plain(node: &Node, otherwise: impl FnOnce() -> ContentError) -> Result<&str, ContentError> {
    match &node.value {
        NodeValue::Text(text) | NodeValue::Number { digits: text, as_written: true } => Ok(text),
        NodeValue::Number { .. } => Err(ContentErrorKind::RewrittenNumber.at(node.location)),
        _ => Err(otherwise()),
    }
}

impl OptionSpec {
    /// Returns the words of a member that sets this option.
    fn words(&self, member: &NodeMember, context: SuiteContext<'_>) -> Result<Vec<OsString>, ContentError> {
        let wrong = |expected, node: &Node| {
            ContentErrorKind::wrong_type(&self.long, expected, node.value.node_type()).at(node.location)
        };
        let node = &member.node;
        let option = |text: &str| self.word(text, member, context);
        let one = |expected| Ok(vec![option(plain(node, || wrong(expected, node))?)?]);
        match (self.arity, &node.value) {
            (Arity::Flag | Arity::OptionalValue, NodeValue::Flag(true)) => {
                Ok(vec![format!("--{}", self.long).into()])
            }
            (Arity::Flag | Arity::OptionalValue, NodeValue::Flag(false)) => Ok(Vec::new()),
            (Arity::Flag, _) => Err(wrong(ExpectedType::Flag, node)),
            (Arity::Many, NodeValue::List(nodes)) => {
                nodes.iter().map(|node| option(plain(node, || wrong(ExpectedType::Texts, node))?)).collect()
            }
            // Claims can also be a table, as everywhere else.
            (Arity::Many, NodeValue::Table(claims)) if matches!(&*self.long, "claim" | "header") => claims
                .iter()
                .map(|claim| {
                    if claim.name.is_empty() || claim.name.contains('=') {
                        return Err(ContentErrorKind::UnnameableClaim.at(claim.location));
                    }
                    option(&format!("{}:={}", claim.name, claim.node.value.to_json()))
                })
                .collect(),
            (Arity::Many, _) => one(ExpectedType::Texts),
            (Arity::OptionalValue, _) => one(ExpectedType::FlagOrText),
            (Arity::One, _) => one(ExpectedType::Text),
        }
    }

    /// Returns the word of one value. Paths start from the folder of the suite.
    fn word(
        &self,
        text: &str,
        member: &NodeMember,
        context: SuiteContext<'_>,
    ) -> Result<OsString, ContentError> {
        let mut word = OsString::from(format!("--{}=", self.long));
        match &*self.long {
            "secret" if !context.test_secrets => {
                return Err(ContentErrorKind::SecretInSuite.at(member.node.location));
            }
            "secret" | "key" | "decrypt-key" | "encrypt-for" if text == "-" => {
                return Err(ContentErrorKind::StandardInput.at(member.node.location));
            }
            option => match reached(option, text, context.folder) {
                Reached::File(path) => word.push(path),
                Reached::Store(address) => word.push(address),
                Reached::Url(_) | Reached::Nothing => word.push(text),
            },
        }
        Ok(word)
    }
}
