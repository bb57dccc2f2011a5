//! The members of a suite that are options of a command, by their long names. What they mean is clap's to say: they become
//! the words of a command line, and are read as one.

use super::outcome::Place;
use super::tree::{Fault, Member, Node, Value};
use crate::cli::GlobalArgs;
use crate::core::text::escape::Shown;
use clap::error::{ContextKind, ContextValue};
use clap::{ArgAction, Args, Command, FromArgMatches};
use std::ffi::OsString;
use std::path::Path;

/// The heading under which a command lists what concerns its key.
const KEY_HEADING: &str = "Key";

/// What can be said in a table, and what stands beside it there.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    command: Command,
    /// Members that are no options.
    others: &'static [&'static str],
    known: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    long: String,
    takes: Takes,
    is_about_key: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// It is there or not.
    Nothing,
    /// It is there, or has a value.
    AtMostOne,
    One,
    /// One, or a list.
    Many,
}

/// What a table says: the words of a command line, and where they come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) words: Vec<OsString>,
    /// Those of them that are about the key.
    pub(crate) key_words: Vec<OsString>,
    places: Vec<(String, Place)>,
}

impl Said {
    /// Where the first member of such a name stands.
    pub(crate) fn place_of(&self, is_wanted: impl Fn(&str) -> bool) -> Option<Place> {
        self.places.iter().find(|(name, _)| is_wanted(name)).map(|(_, place)| *place)
    }
}

/// What a suite allows its cases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'s> {
    /// The folder that paths start from.
    pub(crate) folder: &'s Path,
    /// Whether a secret may stand in the suite itself.
    pub(crate) test_secrets: bool,
}

/// A name as clap writes it: what TOML and Python write with `_` is the same.
pub(crate) fn dashed(name: &str) -> String {
    name.replace('_', "-")
}

impl Vocabulary {
    /// The options of a command but for some, by the names of their fields, and other members beside them.
    pub(crate) fn of<A: Args>(unwanted: &[&str], others: &'static [&'static str]) -> Self {
        let command = A::augment_args(Command::new("case").no_binary_name(true).disable_help_flag(true));
        let wanted = command.get_arguments().filter(|option| !unwanted.contains(&option.get_id().as_str()));
        let known = wanted.filter_map(|option| {
            Some(Known {
                long: option.get_long()?.to_owned(),
                takes: match option.get_action() {
                    ArgAction::SetTrue => Takes::Nothing,
                    ArgAction::Append => Takes::Many,
                    _ if option.get_num_args().is_some_and(|count| count.min_values() == 0) => {
                        Takes::AtMostOne
                    }
                    _ => Takes::One,
                },
                is_about_key: option.get_help_heading() == Some(KEY_HEADING),
            })
        });
        let known = known.collect();
        // Some options speak of those that every command has.
        Self { command: GlobalArgs::augment_args(command), others, known }
    }

    fn find(&self, member: &Member) -> Result<&Known, Fault> {
        let name = dashed(&member.name);
        self.known.iter().find(|known| known.long == name).ok_or_else(|| self.unknown(member))
    }

    /// Refuses a member that nobody knows.
    pub(crate) fn know<'m>(&self, mut members: impl Iterator<Item = &'m Member>) -> Result<(), Fault> {
        members.try_for_each(|member| self.find(member).map(|_| ()))
    }

    /// Whether a member is about the key.
    pub(crate) fn is_about_key(&self, member: &Member) -> bool {
        self.find(member).is_ok_and(|known| known.is_about_key)
    }

    fn unknown(&self, member: &Member) -> Fault {
        let fault = Fault::new(member.place, format!("there is no member `{}` here", Shown(&member.name)));
        let name = dashed(&member.name);
        let names = self.others.iter().copied().chain(self.known.iter().map(|known| known.long.as_str()));
        let near = names.map(|known| (strsim::jaro(&dashed(known), &name), known));
        match near.max_by(|(one, _), (other, _)| one.total_cmp(other)) {
            Some((likeness, known)) if likeness > 0.75 => fault.with_hint(format!("is it `{known}`?")),
            _ => fault.with_hint(
                "a case has what it is made of and the options of the command, by their long names",
            ),
        }
    }

    /// The words of these members.
    pub(crate) fn say<'m>(
        &self,
        members: impl Iterator<Item = &'m Member>,
        terms: Terms<'_>,
    ) -> Result<Said, Fault> {
        let mut said = Said::default();
        for member in members {
            let known = self.find(member)?;
            let words = known.words(member, terms)?;
            if known.is_about_key {
                said.key_words.extend_from_slice(&words);
            }
            said.words.extend(words);
            said.places.push((known.long.clone(), member.place));
        }
        Ok(said)
    }

    /// What the words mean to the command. `place` is where the fault is if no member is at fault.
    pub(crate) fn read<A: FromArgMatches>(&mut self, said: &Said, place: Place) -> Result<A, Fault> {
        // What was built for one case serves for the next.
        let matches = self.command.try_get_matches_from_mut(&said.words);
        matches.and_then(|mut matches| A::from_arg_matches_mut(&mut matches)).map_err(|error| {
            let option = match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::String(text)) => text.split([' ', '=']).next(),
                Some(ContextValue::Strings(texts)) => {
                    texts.first().and_then(|text| text.split([' ', '=']).next())
                }
                _ => None,
            };
            let long = option.and_then(|option| option.strip_prefix("--")).unwrap_or_default();
            let at = said.places.iter().find(|(name, _)| name == long).map_or(place, |(_, place)| *place);
            Fault::new(at, first_paragraph(&error.render().to_string()))
        })
    }
}

/// What clap says in its first lines, as one.
fn first_paragraph(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    lines.join(" ")
}

/// A text, or a number in the digits that stand there: `007` in the file is 7 to its language, and may be meant otherwise.
/// The number is not repeated, for it may be a secret.
fn plain(node: &Node, otherwise: impl FnOnce() -> Fault) -> Result<&str, Fault> {
    match &node.value {
        Value::Text(text) | Value::Number { digits: text, as_written: true } => Ok(text),
        Value::Number { .. } => Err(Fault::new(node.place, "this number has other digits when it is read")
            .with_hint("write it in quotes, or as JSON would have it")),
        _ => Err(otherwise()),
    }
}

impl Known {
    fn words(&self, member: &Member, terms: Terms<'_>) -> Result<Vec<OsString>, Fault> {
        let fault = |what: &str| Fault::new(member.node.place, format!("`{}` is {what}", self.long));
        let option = |text: &str| self.word(text, member, terms);
        match (self.takes, &member.node.value) {
            (Takes::Nothing | Takes::AtMostOne, Value::Flag(true)) => {
                Ok(vec![format!("--{}", self.long).into()])
            }
            (Takes::Nothing | Takes::AtMostOne, Value::Flag(false)) => Ok(Vec::new()),
            (Takes::Nothing, _) => Err(fault("true or false")),
            (Takes::Many, Value::List(nodes)) => nodes
                .iter()
                .map(|node| {
                    let what = || format!("`{}` is a text or a list of texts", self.long);
                    option(plain(node, || Fault::new(node.place, what()))?)
                })
                .collect(),
            // Claims as they are written everywhere else.
            (Takes::Many, Value::Table(claims)) if matches!(&*self.long, "claim" | "header") => claims
                .iter()
                .map(|claim| {
                    if claim.name.is_empty() || claim.name.contains('=') {
                        return Err(Fault::new(claim.place, "no claim with this name can be named here"));
                    }
                    option(&format!("{}:={}", claim.name, claim.node.value.to_json()))
                })
                .collect(),
            (Takes::Many, _) => {
                Ok(vec![option(plain(&member.node, || fault("a text or a list of texts"))?)?])
            }
            (Takes::AtMostOne, _) => Ok(vec![option(plain(&member.node, || fault("true or a text"))?)?]),
            (Takes::One, _) => Ok(vec![option(plain(&member.node, || fault("a text"))?)?]),
        }
    }

    fn word(&self, text: &str, member: &Member, terms: Terms<'_>) -> Result<OsString, Fault> {
        let fault = |what: &str| Fault::new(member.node.place, what);
        let mut word = OsString::from(format!("--{}=", self.long));
        match &*self.long {
            "secret" if !terms.test_secrets => {
                return Err(fault("a secret does not stand in a suite").with_hint(
                    "name a variable with `secret-env` or a file with `secret-file`; if it protects nothing, say `test_secrets = true` in the first line",
                ));
            }
            "secret" | "key" if text == "-" => {
                return Err(
                    fault("a suite does not read standard input").with_hint("name a file or a variable")
                );
            }
            "key" | "secret-file" | "key-password-file" | "cache" if !text.contains("://") => {
                word.push(terms.folder.join(text));
            }
            "store" if !text.contains("://") => {
                let path = text.strip_prefix("sqlite:").unwrap_or(text);
                word.push("sqlite:");
                word.push(terms.folder.join(path));
            }
            _ => word.push(text),
        }
        Ok(word)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;
    use crate::cli::verify::VerifyArgs;

    fn say(text: &str, test_secrets: bool) -> Result<Vec<String>, String> {
        let mut vocabulary = Vocabulary::of::<VerifyArgs>(&["token", "lines", "expect"], &["name"]);
        let Value::Table(members) = parse(text.as_bytes()).unwrap().value else { panic!() };
        let place = Place { line: 9, column: 9 };
        let terms = Terms { folder: Path::new("suites"), test_secrets };
        let said = vocabulary.say(members.iter(), terms);
        let read = said.and_then(|said| vocabulary.read::<VerifyArgs>(&said, place).map(|_| said));
        match read {
            Ok(said) => Ok(said.words.iter().map(|word| word.to_str().unwrap().to_owned()).collect()),
            Err(fault) => Err(format!("{}:{}: {}", fault.place.line, fault.place.column, fault.what)),
        }
    }

    #[test]
    fn members_are_options_by_their_long_names() {
        let text = "iss = ['a', 'b']\nmax-age = '5m'\nleeway='3s'\nstrict = true\nignore_exp = false\nkey = 'k.pem'\nclaim = { n = 5, s = 'x' }";
        let words = [
            "--iss=a",
            "--iss=b",
            "--max-age=5m",
            "--leeway=3s",
            "--strict",
            "--key=suites/k.pem",
            "--claim=n:=5",
            "--claim=s:=\"x\"",
        ];
        assert_eq!(say(text, false).unwrap(), words);
        assert_eq!(say("key = 'https://a.example/k'", false).unwrap(), ["--key=https://a.example/k"]);
        assert_eq!(
            say("key = '/k.pem'\nstore = 'a.db'", false).unwrap(),
            ["--key=/k.pem", "--store=sqlite:suites/a.db"]
        );
    }

    #[test]
    fn a_secret_stands_in_a_suite_only_if_it_says_so() {
        assert_eq!(say("secret = 's'", true).unwrap(), ["--secret=s"]);
        assert_eq!(say("secret = 's'", false).unwrap_err(), "1:10: a secret does not stand in a suite");
        assert_eq!(say("\nsecret = '-'", true).unwrap_err(), "2:10: a suite does not read standard input");
    }

    #[test]
    fn a_number_is_a_text_only_in_the_digits_that_stand_there() {
        let words = ["--max-size=4096", "--sub=-1.50", "--iss=007"];
        assert_eq!(say("max-size: 4096\nsub: -1.50\niss: '007'", false).unwrap(), words);
        for (text, place) in [
            ("secret: 007", "1:9"),
            ("iss: [1, 0x10]", "1:10"),
            ("kid = 1_000", "1:7"),
            ("sub = +1.0", "1:7"),
        ] {
            let fault = say(text, true).unwrap_err();
            assert_eq!(fault, format!("{place}: this number has other digits when it is read"), "{text}");
        }
    }

    #[test]
    fn a_fault_is_where_its_member_is() {
        assert_eq!(say("sub = 'a'\nisss = 'b'", false).unwrap_err(), "2:1: there is no member `isss` here");
        assert_eq!(say("sub = 'a'\nlines = 'b'", false).unwrap_err(), "2:1: there is no member `lines` here");
        assert_eq!(say("strict = 'yes'", false).unwrap_err(), "1:10: `strict` is true or false");
        assert_eq!(say("sub = ['a']", false).unwrap_err(), "1:7: `sub` is a text");
        assert_eq!(say("aud = ['a', true]", false).unwrap_err(), "1:13: `aud` is a text or a list of texts");
        let leeway = say("sub = 'a'\nleeway = 'soon'", false).unwrap_err();
        assert!(leeway.starts_with("2:1: invalid value 'soon' for '--leeway <DURATION>'"), "{leeway}");
        let once = say("once = true", false).unwrap_err();
        assert!(
            once.starts_with("9:9: the following required arguments were not provided: --store"),
            "{once}"
        );
        let both = say("key = 'a'\nsecret-env = 'B'", false).unwrap_err();
        assert!(both.contains("cannot be used with"), "{both}");
    }
}
