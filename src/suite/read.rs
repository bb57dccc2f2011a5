//! A suite as it is read: what each case is made of, what is expected of it, and how it is judged. Everything that can be
//! wrong with the file itself is found here, before anything is judged, and named with its line and column.

use super::draft::{Draft, DraftSource, Parts, draft, parts};
use super::files::{matching, suites};
use super::options::{Said, Terms, Vocabulary, dashed};
use super::outcome::Place;
use super::tree::{Fault, Member, Node, Value, parse};
use crate::cli::encode::EncodeArgs;
use crate::cli::verify::VerifyArgs;
use crate::core::json;
use crate::core::reason::Expectation;
use crate::core::text::escape::{Shown, excerpt};
use crate::core::token::numeric_date::Instant;
use crate::error::CommandError;
use crate::host::{Host, Level};
use crate::input::source::read_file;
use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A suite.
#[derive(Debug)]
pub(crate) struct Suite {
    /// Its path, as it was given.
    pub(crate) path: Arc<str>,
    pub(crate) cases: Vec<Case>,
    /// The ways its cases are judged; most have the same.
    pub(crate) ways: Vec<Way>,
}

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) place: Place,
    pub(crate) source: Source,
    pub(crate) expect: Vec<Expectation>,
    /// The clock, if it is set.
    pub(crate) at: Option<Instant>,
    /// Which of the suite's ways it is judged in.
    pub(crate) way: usize,
}

/// Where its token comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Text(String),
    File(PathBuf),
    Mint(Box<Mint>),
}

/// A token that is minted for a case.
#[derive(Debug)]
pub(crate) struct Mint {
    pub(crate) place: Place,
    pub(crate) args: EncodeArgs,
    /// The words that name its key: its own, or those of the case.
    pub(crate) key_words: Vec<OsString>,
}

/// How a case is judged: the options of `verify`.
#[derive(Debug)]
pub(crate) struct Way {
    /// Where its key is named, or the first case that is judged like this.
    pub(crate) place: Place,
    pub(crate) args: VerifyArgs,
    /// The words that name its key.
    pub(crate) key_words: Vec<OsString>,
}

impl Suite {
    /// What to say of a fault in it.
    pub(crate) fn problem(path: &str, fault: Fault) -> CommandError {
        let Fault { place, what, hint } = fault;
        let problem = CommandError::usage(format!("{path}:{}:{}: {what}", place.line, place.column));
        match hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }
}

/// What is no option in a case.
const OF_A_CASE: &[&str] = &["name", "token", "token_file", "mint", "expect", "at"];

fn is_of_a_case(member: &Member) -> bool {
    OF_A_CASE.iter().any(|name| dashed(name) == dashed(&member.name))
}

/// What is no option in a mint.
const OF_A_MINT: &[&str] = &["claims"];
/// Options of `verify` that make no sense for one token of a suite.
const NOT_IN_A_CASE: &[&str] =
    &["token", "expect", "lines", "threads", "null", "print", "suite", "filter", "fail_fast", "report"];
/// Options of `encode` that make no sense there.
const NOT_IN_A_MINT: &[&str] =
    &["payload", "verbatim", "format", "lines", "threads", "null", "flaw", "suite", "seed"];

/// Reads the suites at a path: one file, or every suite of a folder.
pub(crate) fn read(path: &Path, host: &mut Host<'_>) -> Result<Vec<Suite>, CommandError> {
    let (files, is_folder) = suites(path, host)?;
    let mut read = Vec::new();
    let mut reader = Reader::new();
    for file in files {
        let shown = file.display().to_string();
        let bytes = read_file(&file, "the suite", host)?;
        let problem = |fault| Suite::problem(&shown, fault);
        let root = parse(&bytes).map_err(problem)?;
        if is_folder && !has_cases(&root) {
            // Keys and claims are JSON, too. That it is passed over must be seen: it may be a suite with a slip of the pen.
            host.message(Level::Warning, &format!("{shown} is no suite: it has no `cases`"));
            continue;
        }
        read.push(reader.suite(&shown, &file, &root, host)?);
    }
    if read.is_empty() {
        return Err(CommandError::usage(format!("there is no suite in {}", path.display()))
            .with_hint("a suite is a file of TOML, YAML or JSON with `cases` in it"));
    }
    Ok(read)
}

fn has_cases(root: &Node) -> bool {
    matches!(&root.value, Value::Table(members) if members.iter().any(|member| member.name == "cases"))
}

struct Reader {
    of_case: Vocabulary,
    of_mint: Vocabulary,
}

impl Reader {
    fn new() -> Self {
        Self {
            of_case: Vocabulary::of::<VerifyArgs>(NOT_IN_A_CASE, OF_A_CASE),
            of_mint: Vocabulary::of::<EncodeArgs>(NOT_IN_A_MINT, OF_A_MINT),
        }
    }

    fn suite(
        &mut self,
        shown: &str,
        file: &Path,
        root: &Node,
        host: &Host<'_>,
    ) -> Result<Suite, CommandError> {
        let problem = |fault| Suite::problem(shown, fault);
        let Parts { test_secrets, defaults, cases } = parts(root).map_err(problem)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let terms = Terms { folder, test_secrets };
        if let Some(stray) = defaults
            .iter()
            .find(|member| matches!(&*dashed(&member.name), "name" | "token" | "token-file" | "mint"))
        {
            let what = format!("`{}` is of one case, and no default", stray.name);
            return Err(problem(Fault::new(stray.place, what)));
        }
        // What is wrong with them is wrong where they stand, and not in the first case.
        let options = defaults.iter().filter(|member| !is_of_a_case(member));
        self.of_case.say(options, terms).map_err(problem)?;

        let mut suite = Suite { path: shown.into(), cases: Vec::new(), ways: Vec::new() };
        let mut ways = HashMap::new();
        let mut names: HashMap<&str, usize> = HashMap::new();
        for node in cases {
            // First: what seems to be missing may be there under a name that nobody knows.
            if let Value::Table(members) = &node.value {
                let options = members.iter().filter(|member| !is_of_a_case(member));
                self.of_case.know(options).map_err(problem)?;
            }
            let draft = draft(node, defaults).map_err(problem)?;
            if let Some(line) = names.insert(draft.name, node.place.line) {
                let name = excerpt(draft.name);
                let what = format!("there is a case `{}` already, in line {line}", Shown(&name));
                return Err(problem(Fault::new(node.place, what)));
            }
            let options = self.options(&draft, defaults);
            let said = self.of_case.say(options.iter().copied(), terms).map_err(problem)?;
            let way = match ways.get(&said.words) {
                Some(way) => *way,
                None => {
                    let args = self.of_case.read(&said, node.place).map_err(problem)?;
                    let place = said.place_of(is_key_source).unwrap_or(node.place);
                    let Said { words, key_words, .. } = said;
                    ways.insert(words, suite.ways.len());
                    suite.ways.push(Way { place, args, key_words });
                    suite.ways.len() - 1
                }
            };
            let Draft { name, expect, at, source, .. } = draft;
            let mut add = |name: String, source| {
                let (place, expect) = (node.place, expect.clone());
                suite.cases.push(Case { name, place, source, expect, at, way });
            };
            match source {
                (_, DraftSource::Text(text)) => add(name.to_owned(), Source::Text(text.to_owned())),
                (member, DraftSource::Mint(members)) => {
                    let mint = self.mint(member, members, &options, terms).map_err(problem)?;
                    add(name.to_owned(), Source::Mint(Box::new(mint)));
                }
                (member, DraftSource::Files(patterns)) => {
                    let is_one = matches!(member.node.value, Value::Text(_));
                    for (file, inside) in files(folder, &patterns, host).map_err(problem)? {
                        // One that is named is the case; of several each is one.
                        let is_it = is_one && patterns.iter().all(|(pattern, _)| *pattern == inside);
                        let name = if is_it { name.to_owned() } else { format!("{name} [{inside}]") };
                        add(name, Source::File(file));
                    }
                }
            }
        }
        Ok(suite)
    }

    /// The options of a case: its own, and those of the defaults that it does not set itself.
    fn options<'m>(&self, draft: &Draft<'m>, defaults: &'m [Member]) -> Vec<&'m Member> {
        let is_option = |member: &&Member| !is_of_a_case(member);
        let own = draft.members.iter().filter(is_option).collect();
        with_inherited(own, defaults.iter().filter(is_option), &self.of_case)
    }

    /// A mint, with what its case says of the key.
    fn mint(
        &mut self,
        member: &Member,
        members: &[Member],
        of_case: &[&Member],
        terms: Terms<'_>,
    ) -> Result<Mint, Fault> {
        let own = members.iter().filter(|member| member.name != "claims").collect();
        let about_key = of_case.iter().copied().filter(|member| self.of_mint.is_about_key(member));
        let options = with_inherited(own, about_key, &self.of_mint);
        let said = self.of_mint.say(options.into_iter(), terms)?;
        let mut args: EncodeArgs = self.of_mint.read(&said, member.place)?;
        if let Some(claims) = members.iter().find(|member| member.name == "claims") {
            if !matches!(claims.node.value, Value::Table(_)) {
                return Err(Fault::new(
                    claims.node.place,
                    format!("`claims` is a table, and this is {}", claims.node.value.kind()),
                ));
            }
            let payload = claims.node.value.to_json();
            if let Err(fault) = json::parse(payload.as_bytes()) {
                return Err(Fault::new(claims.node.place, format!("these claims are {fault}")));
            }
            args.payload = Some(payload);
        }
        Ok(Mint { place: member.place, args, key_words: said.key_words })
    }
}

/// The files that patterns name, each once, by name, with their paths from the folder of the suite.
fn files(
    folder: &Path,
    patterns: &[(&str, Place)],
    host: &Host<'_>,
) -> Result<impl Iterator<Item = (PathBuf, String)>, Fault> {
    let mut files = BTreeSet::new();
    for (pattern, place) in patterns {
        let found =
            matching(folder, pattern, host).map_err(|problem| Fault::new(*place, problem.to_string()))?;
        files.extend(found.ok_or_else(|| Fault::new(*place, format!("there is no file {pattern}")))?);
    }
    let folder = folder.to_owned();
    Ok(files.into_iter().map(move |file| {
        let inside = file.strip_prefix(&folder).unwrap_or(&file).display().to_string();
        (file, inside)
    }))
}

/// What a table says itself, behind what it takes from another where it says nothing. One that says where its key comes from
/// takes nothing about keys.
fn with_inherited<'m>(
    own: Vec<&'m Member>,
    others: impl Iterator<Item = &'m Member>,
    vocabulary: &Vocabulary,
) -> Vec<&'m Member> {
    let names_key = own.iter().any(|member| is_key_source(&member.name));
    let inherited = others.filter(|other| {
        let is_set = own.iter().any(|member| question(&member.name) == question(&other.name));
        !(is_set || names_key && vocabulary.is_about_key(other))
    });
    inherited.chain(own.iter().copied()).collect()
}

/// What a member answers: where there are two ways to, an answer in one of them is one in the other.
fn question(name: &str) -> String {
    match dashed(name).as_str() {
        "kid-claim" => "kid".to_owned(),
        "key-password-file" => "key-password-env".to_owned(),
        name => name.to_owned(),
    }
}

fn is_key_source(name: &str) -> bool {
    matches!(&*dashed(name), "secret" | "secret-env" | "secret-file" | "key" | "issuer-keys")
}
