//! Reading suites. Everything that can be wrong in a file is found here, before a token is judged, and located by line
//! and column. This module judges nothing.

use super::case::{Case, CaseToken, JudgingOptions, MintOptions, Suite};
use super::error::{ContentError, ContentErrorKind, ExpectedType, SuiteError};
use super::fields::{CaseFields, SuiteFields, TokenField};
use super::files::{self, matching, suites};
use super::location::SourceLocation;
use super::options::{OptionParser, OptionWords, SuiteContext, Vocabulary, dashed};
use super::permission::Permission;
use super::reach::{Guard, SuiteTree};
use super::repository::path_in_repository;
use super::tree::{Node, NodeMember, NodeValue, parse};
use crate::core::json;
use crate::core::key::KeyUse;
use crate::host::{Host, Level};
use crate::input::source::read_file;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The members of a case that are not options.
const CASE_FIELDS: &[&str] = &["name", "token", "token_file", "mint", "expect", "at", "payload"];

/// The members of `mint` that are not options.
const MINT_FIELDS: &[&str] = &["claims"];

/// A suite with the options that the parsers `J` and `M` return.
type ParsedSuite<J, M> = Suite<<J as OptionParser>::Options, <M as OptionParser>::Options>;

/// A reader of suites, with the parsers of the options that suites may set.
pub(crate) struct SuiteReader<J, M> {
    judging: Vocabulary<J>,
    mint: Vocabulary<M>,
}

impl<J: OptionParser, M: OptionParser> SuiteReader<J, M> {
    /// Returns a reader. `judging` parses the options of a case, `mint` those of `mint`.
    pub(crate) fn new(judging: J, mint: M) -> Self {
        Self { judging: Vocabulary::new(judging, CASE_FIELDS), mint: Vocabulary::new(mint, MINT_FIELDS) }
    }

    /// Reads the suites at these paths: files, or every suite of a folder.
    ///
    /// # Errors
    /// A [`SuiteError`] if a file cannot be read or is wrong, if a folder has no suite, or if a suite needs more than is
    /// allowed.
    pub(crate) fn read(
        &mut self,
        paths: &[PathBuf],
        allowed: &[Permission],
        host: &mut Host<'_>,
    ) -> Result<Vec<ParsedSuite<J, M>>, SuiteError> {
        let mut guard = Guard::new(allowed);
        let mut suites = Vec::new();
        for path in paths {
            suites.extend(self.read_path(path, &mut guard, host)?);
        }
        guard.end()?;
        Ok(suites)
    }

    /// Reads the suites at a path.
    fn read_path(
        &mut self,
        path: &Path,
        guard: &mut Guard,
        host: &mut Host<'_>,
    ) -> Result<Vec<ParsedSuite<J, M>>, SuiteError> {
        let (files, is_folder) = suites(path, host)?;
        let mut read = Vec::new();
        for file in files {
            let shown: Arc<str> = file.display().to_string().into();
            let bytes = read_file(&file, "the suite", host)?;
            let root = parse(&bytes).map_err(|error| ContentError::from(error).in_file(&shown))?;
            if is_folder && !has_cases(&root) {
                // Keys and claims are JSON too. The warning shows a suite with a typing error.
                host.message(Level::Warning, &format!("skipped {shown}: it has no `cases`"));
                continue;
            }
            let suite = self.suite(&shown, &file, &root, guard, host);
            read.push(suite.map_err(|error| error.in_file(&shown))?);
        }
        if read.is_empty() { Err(SuiteError::NoSuite { path: path.to_owned() }) } else { Ok(read) }
    }

    fn suite(
        &mut self,
        shown: &Arc<str>,
        file: &Path,
        root: &Node,
        guard: &mut Guard,
        host: &Host<'_>,
    ) -> Result<ParsedSuite<J, M>, ContentError> {
        let SuiteFields { test_secrets, defaults, cases } = SuiteFields::parse(root)?;
        guard.begin_suite();
        let tree = SuiteTree::new(file, host);
        let here = (shown, &tree);
        let context = SuiteContext { folder: &tree.folder, test_secrets };
        let only_for_cases =
            |name: &str| matches!(name, "name" | "token" | "token-file" | "mint" | "payload");
        if let Some(member) = defaults.iter().find(|member| only_for_cases(&dashed(&member.name))) {
            return Err(ContentErrorKind::NotADefault { name: member.name.clone() }.at(member.location));
        }
        // An error in the defaults is located there, not in the first case.
        self.judging.words(defaults.iter().filter(is_option), context)?;

        let mut suite = Suite {
            path: Arc::clone(shown),
            in_repository: path_in_repository(file, host).map(Into::into),
            cases: Vec::new(),
            judging: Vec::new(),
        };
        let mut known = HashMap::new();
        let mut names: HashMap<&str, usize> = HashMap::new();
        for node in cases {
            // First, since a field that seems to be missing may be there under a misspelled name.
            if let NodeValue::Table(members) = &node.value {
                self.judging.check_names(members.iter().filter(is_option))?;
            }
            let fields = CaseFields::parse(node, defaults)?;
            if let Some(first_line) = names.insert(fields.name, node.location.line) {
                let name = fields.name.to_owned();
                return Err(ContentErrorKind::DuplicateName { name, first_line }.at(node.location));
            }
            let options = self.options(&fields, defaults);
            let words = self.judging.words(options.iter().copied(), context)?;
            let detached = fields.payload.is_some();
            let judging = match known.get(&(words.words.clone(), detached)) {
                Some(index) => *index,
                None => {
                    guard.check_options(&options, KeyUse::Verify, here, host);
                    let options = self.judging.parse(&words, node.location)?;
                    let location = words.location_of(is_key_source).unwrap_or(node.location);
                    let OptionWords { words, key_words, .. } = words;
                    known.insert((words, detached), suite.judging.len());
                    suite.judging.push(JudgingOptions { location, options, detached, key_words });
                    suite.judging.len() - 1
                }
            };
            let CaseFields { name, expect, at, token, token_member, payload, .. } = fields;
            let payload = match payload {
                Some((path, location)) => {
                    let file = context.folder.join(path);
                    if guard.check_path("payload", path, &file, location, here, host) {
                        files::exists(&file, path, "the payload", host).map_err(|kind| kind.at(location))?;
                    }
                    Some(file)
                }
                None => None,
            };
            let mut add = |name: String, token| {
                let (location, expect, payload) = (node.location, expect.clone(), payload.clone());
                suite.cases.push(Case { name, location, token, payload, expect, at, judging });
            };
            match token {
                TokenField::Text(text) => add(name.to_owned(), CaseToken::Text(text.to_owned())),
                TokenField::Mint(members) => {
                    let (words, mint) = self.mint(token_member, members, &options, context)?;
                    guard.check_options(&words, KeyUse::Sign, here, host);
                    add(name.to_owned(), CaseToken::Mint(Box::new(mint)));
                }
                TokenField::Files(patterns) => {
                    let is_one = matches!(token_member.node.value, NodeValue::Text(_));
                    let is_readable = |(pattern, location): &&(&str, SourceLocation)| {
                        files::touched(context.folder, pattern)
                            .iter()
                            .all(|path| guard.check_path("token_file", pattern, path, *location, here, host))
                    };
                    let readable: Vec<_> = patterns.iter().filter(is_readable).copied().collect();
                    for (file, inside) in token_files(context.folder, &readable, host)? {
                        // A single named file keeps the name of the case; of several files each is a case.
                        let is_named = is_one && patterns.iter().all(|(pattern, _)| *pattern == inside);
                        let name = if is_named { name.to_owned() } else { format!("{name} [{inside}]") };
                        add(name, CaseToken::File(file));
                    }
                }
            }
        }
        Ok(suite)
    }

    /// Returns the options of a case: its own, and the defaults that it does not set itself.
    fn options<'m>(&self, fields: &CaseFields<'m>, defaults: &'m [NodeMember]) -> Vec<&'m NodeMember> {
        let own = fields.members.iter().filter(is_option).collect();
        with_inherited(own, defaults.iter().filter(is_option), &self.judging)
    }

    /// Reads a `mint`, with what its case says about the key. Returns its options, too.
    fn mint<'m>(
        &mut self,
        member: &NodeMember,
        members: &'m [NodeMember],
        of_case: &[&'m NodeMember],
        context: SuiteContext<'_>,
    ) -> Result<(Vec<&'m NodeMember>, MintOptions<M::Options>), ContentError> {
        let own = members.iter().filter(|member| member.name != "claims").collect();
        // Claims without a signature need no key that signs.
        let is_unsigned = members.iter().any(|member| dashed(&member.name) == "unsigned");
        let about_key =
            of_case.iter().copied().filter(|member| !is_unsigned && self.mint.concerns_key(member));
        let members_used = with_inherited(own, about_key, &self.mint);
        let words = self.mint.words(members_used.iter().copied(), context)?;
        let options = self.mint.parse(&words, member.location)?;
        let claims = members.iter().find(|member| member.name == "claims").map(claims).transpose()?;
        let mint = MintOptions { location: member.location, options, claims, key_words: words.key_words };
        Ok((members_used, mint))
    }
}

fn has_cases(root: &Node) -> bool {
    matches!(&root.value, NodeValue::Table(members) if members.iter().any(|member| member.name == "cases"))
}

/// Reports whether a member of a case is an option, not one of its fields.
fn is_option(member: &&NodeMember) -> bool {
    !CASE_FIELDS.iter().any(|name| dashed(name) == dashed(&member.name))
}

/// Returns the claims of a `mint` as a JSON object.
fn claims(member: &NodeMember) -> Result<String, ContentError> {
    let node = &member.node;
    if !matches!(node.value, NodeValue::Table(_)) {
        let found = node.value.node_type();
        return Err(ContentErrorKind::wrong_type("claims", ExpectedType::Table, found).at(node.location));
    }
    let payload = node.value.to_json();
    match json::parse(payload.as_bytes()) {
        Ok(_) => Ok(payload),
        Err(error) => Err(ContentErrorKind::InvalidClaims(error).at(node.location)),
    }
}

/// Returns the files that patterns match, each once, by name, with their paths from the folder of the suite.
fn token_files(
    folder: &Path,
    patterns: &[(&str, SourceLocation)],
    host: &Host<'_>,
) -> Result<impl Iterator<Item = (PathBuf, String)>, ContentError> {
    let mut files = BTreeSet::new();
    for (pattern, location) in patterns {
        files.extend(matching(folder, pattern, host).map_err(|kind| kind.at(*location))?);
    }
    let folder = folder.to_owned();
    Ok(files.into_iter().map(move |file| {
        let inside = file.strip_prefix(&folder).unwrap_or(&file).display().to_string();
        (file, inside)
    }))
}

/// Returns the inherited members that a table does not set itself, then its own.
///
/// A table that names the source of its key inherits nothing about keys.
fn with_inherited<'m, P: OptionParser>(
    own: Vec<&'m NodeMember>,
    others: impl Iterator<Item = &'m NodeMember>,
    vocabulary: &Vocabulary<P>,
) -> Vec<&'m NodeMember> {
    let names_key = own.iter().any(|member| is_key_source(&member.name));
    let set: HashSet<String> = own.iter().map(|member| setting(&member.name)).collect();
    let inherited = others.filter(|other| {
        !(set.contains(&setting(&other.name)) || names_key && vocabulary.concerns_key(other))
    });
    inherited.chain(own.iter().copied()).collect()
}

/// Returns the setting that a member decides. Two options that exclude each other decide the same one.
fn setting(name: &str) -> String {
    match dashed(name).as_str() {
        "kid-claim" => "kid".to_owned(),
        "key-password-file" => "key-password-env".to_owned(),
        name => name.to_owned(),
    }
}

fn is_key_source(name: &str) -> bool {
    matches!(&*dashed(name), "secret" | "secret-env" | "secret-file" | "key" | "issuer-keys")
}
