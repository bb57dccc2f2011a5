//! The options of `verify` and `encode` as a suite may set them. clap reads them here as it reads a command line.

use crate::cli::GlobalArgs;
use crate::cli::encode::EncodeArgs;
use crate::cli::verify::VerifyArgs;
use crate::suite::options::{Arity, OptionError, OptionParser, OptionSpec};
use crate::suite::read::SuiteReader;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Args, Command, FromArgMatches};
use std::ffi::OsString;
use std::marker::PhantomData;

/// The heading under which a command lists the options about its key.
const KEY_HEADING: &str = "Key";

/// Options of `verify` that make no sense for one token of a suite, by the names of their fields.
const NOT_IN_A_CASE: &[&str] = &[
    "token",
    "payload",
    "expect",
    "get",
    "verbose",
    "lines",
    "threads",
    "null",
    "print",
    "suite",
    "filter",
    "fail_fast",
    "allow",
    "report",
];

/// Options of `encode` that make no sense in a `mint`.
const NOT_IN_A_MINT: &[&str] = &[
    "payload", "body", "detached", "no_b64", "verbatim", "format", "lines", "threads", "null", "flaw",
    "suite", "seed",
];

/// Returns a reader of suites that knows the options of both commands.
pub(super) fn suite_reader() -> SuiteReader<ClapParser<VerifyArgs>, ClapParser<EncodeArgs>> {
    SuiteReader::new(ClapParser::new(NOT_IN_A_CASE), ClapParser::new(NOT_IN_A_MINT))
}

/// The clap parser of a command.
pub(super) struct ClapParser<A> {
    command: Command,
    /// The options that a suite may set: not the global ones.
    specs: Vec<OptionSpec>,
    args: PhantomData<A>,
}

impl<A: Args> ClapParser<A> {
    fn new(unwanted: &'static [&'static str]) -> Self {
        let command = A::augment_args(Command::new("case").no_binary_name(true).disable_help_flag(true));
        let is_wanted = |option: &&Arg| !unwanted.contains(&option.get_id().as_str());
        let specs = command.get_arguments().filter(is_wanted).filter_map(spec).collect();
        // Some options of the command refer to global ones.
        Self { command: GlobalArgs::augment_args(command), specs, args: PhantomData }
    }
}

impl<A: Args + FromArgMatches> OptionParser for ClapParser<A> {
    type Options = A;

    fn specs(&self) -> &[OptionSpec] {
        &self.specs
    }

    fn parse(&mut self, words: &[OsString]) -> Result<A, OptionError> {
        // One command serves all cases, since building it takes longer than parsing.
        let matches = self.command.try_get_matches_from_mut(words);
        matches.and_then(|mut matches| A::from_arg_matches_mut(&mut matches)).map_err(|error| {
            let word = match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::String(text)) => Some(text),
                Some(ContextValue::Strings(texts)) => texts.first(),
                _ => None,
            };
            let option = word.and_then(|word| word.split([' ', '=']).next()?.strip_prefix("--"));
            let message = first_paragraph(&error.render().to_string());
            OptionError { option: option.map(str::to_owned), message }
        })
    }
}

/// Describes an option. One without a long name cannot be set in a suite.
fn spec(option: &Arg) -> Option<OptionSpec> {
    let arity = match option.get_action() {
        ArgAction::SetTrue => Arity::Flag,
        ArgAction::Append => Arity::Many,
        _ if option.get_num_args().is_some_and(|count| count.min_values() == 0) => Arity::OptionalValue,
        _ => Arity::One,
    };
    let concerns_key = option.get_help_heading() == Some(KEY_HEADING);
    Some(OptionSpec { long: option.get_long()?.to_owned(), arity, concerns_key })
}

/// Returns the first paragraph of clap's message as one line.
fn first_paragraph(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::location::SourceLocation;
    use crate::suite::options::{SuiteContext, Vocabulary};
    use crate::suite::target;
    use crate::suite::tree::{NodeValue, parse};
    use std::path::Path;

    fn words(text: &str, test_secrets: bool) -> Result<Vec<String>, String> {
        let parser = ClapParser::<VerifyArgs>::new(&["token", "lines", "expect"]);
        let mut vocabulary = Vocabulary::new(parser, &["name"]);
        let NodeValue::Table(members) = parse(text.as_bytes()).unwrap().value else { panic!() };
        let location = SourceLocation { line: 9, column: 9 };
        let context = SuiteContext { folder: Path::new("suites"), test_secrets };
        let words = vocabulary.words(members.iter(), context);
        match words.and_then(|words| vocabulary.parse(&words, location).map(|_| words)) {
            Ok(words) => Ok(words.words.iter().map(|word| word.to_str().unwrap().to_owned()).collect()),
            Err(error) => Err(format!("{}: {}", error.location, error.kind)),
        }
    }

    #[test]
    fn every_option_with_a_path_or_a_url_has_its_target() {
        fn places<A: Args>(unwanted: &'static [&'static str]) -> Vec<String> {
            let parser = ClapParser::<A>::new(unwanted);
            let is_place = |option: &&Arg| {
                let names = option.get_value_names().unwrap_or_default();
                names
                    .iter()
                    .any(|name| ["PATH", "URL", "DIR", "FILE"].iter().any(|place| name.contains(place)))
            };
            let places = parser.command.get_arguments().filter(is_place).filter_map(Arg::get_long);
            places
                .filter(|long| parser.specs.iter().any(|spec| spec.long == *long))
                .map(str::to_owned)
                .collect()
        }
        let mut all = places::<VerifyArgs>(NOT_IN_A_CASE);
        all.extend(places::<EncodeArgs>(NOT_IN_A_MINT));
        all.sort();
        all.dedup();
        let mut known: Vec<&str> = target::names().collect();
        known.sort_unstable();
        assert_eq!(all, known);
    }

    #[test]
    fn members_are_options_by_their_long_names() {
        let text = "iss = ['a', 'b']\nmax-age = '5m'\nleeway='3s'\nstrict = true\nignore_exp = false\nkey = 'k.pem'\nclaim = { n = 5, s = 'x' }";
        let expected = [
            "--iss=a",
            "--iss=b",
            "--max-age=5m",
            "--leeway=3s",
            "--strict",
            "--key=suites/k.pem",
            "--claim=n:=5",
            "--claim=s:=\"x\"",
        ];
        assert_eq!(words(text, false).unwrap(), expected);
        assert_eq!(words("key = 'https://a.example/k'", false).unwrap(), ["--key=https://a.example/k"]);
        assert_eq!(
            words("key = '/k.pem'\nstore = 'a.db'", false).unwrap(),
            ["--key=/k.pem", "--store=sqlite:suites/a.db"]
        );
    }

    #[test]
    fn rejects_a_secret_in_a_suite_without_test_secrets() {
        assert_eq!(words("secret = 's'", true).unwrap(), ["--secret=s"]);
        assert_eq!(words("secret = 's'", false).unwrap_err(), "1:10: a suite must not contain a secret");
        assert_eq!(words("\nsecret = '-'", true).unwrap_err(), "2:10: a suite cannot read standard input");
    }

    #[test]
    fn rejects_a_number_that_would_change_when_parsed() {
        let expected = ["--max-size=4096", "--sub=-1.50", "--iss=007"];
        assert_eq!(words("max-size: 4096\nsub: -1.50\niss: '007'", false).unwrap(), expected);
        for (text, location) in [
            ("secret: 007", "1:9"),
            ("iss: [1, 0x10]", "1:10"),
            ("kid = 1_000", "1:7"),
            ("sub = +1.0", "1:7"),
        ] {
            let error = words(text, true).unwrap_err();
            assert_eq!(error, format!("{location}: this number would change when parsed"), "{text}");
        }
    }

    #[test]
    fn an_error_is_located_at_its_member() {
        assert_eq!(words("sub = 'a'\nisss = 'b'", false).unwrap_err(), "2:1: unknown member `isss`");
        assert_eq!(words("sub = 'a'\nlines = 'b'", false).unwrap_err(), "2:1: unknown member `lines`");
        assert_eq!(
            words("strict = 'yes'", false).unwrap_err(),
            "1:10: `strict` must be true or false, not text"
        );
        assert_eq!(words("sub = ['a']", false).unwrap_err(), "1:7: `sub` must be text, not a list");
        assert_eq!(
            words("aud = ['a', true]", false).unwrap_err(),
            "1:13: `aud` must be text or a list of texts, not true or false"
        );
        let leeway = words("sub = 'a'\nleeway = 'soon'", false).unwrap_err();
        assert!(leeway.starts_with("2:1: invalid value 'soon' for '--leeway <DURATION>'"), "{leeway}");
        let once = words("once = true", false).unwrap_err();
        assert!(
            once.starts_with("9:9: the following required arguments were not provided: --store"),
            "{once}"
        );
        let both = words("key = 'a'\nsecret-env = 'B'", false).unwrap_err();
        assert!(both.contains("cannot be used with"), "{both}");
    }
}
