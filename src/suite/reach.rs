//! Keeps suites in their own tree: the folder of a suite and everything below. Only the command line allows more. Nothing is
//! opened here.

use super::error::{ContentErrorKind, Outside, SuiteError};
use super::location::SourceLocation;
use super::options::dashed;
use super::permission::Permission;
use super::real_path::real_path;
use super::target::{Reached, reached};
use super::tree::{Node, NodeMember, NodeValue};
use super::write::Setting;
use crate::core::key::KeyUse;
use crate::host::Host;
use crate::store::location::StoreAddress;
use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf, Prefix};
use std::sync::Arc;

/// The folder of a suite and everything below.
pub(super) struct SuiteTree {
    pub(super) folder: PathBuf,
    /// Its folder without links. If the suite itself is a link, the folder of its target, too.
    roots: Vec<PathBuf>,
}

impl SuiteTree {
    /// Finds the tree of a suite at a path, which need not exist.
    pub(super) fn new(suite: &Path, host: &Host<'_>) -> Self {
        let folder = suite.parent().unwrap_or(Path::new(""));
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let target = real_path(suite, host).and_then(|suite| suite.parent().map(Path::to_owned));
        Self { folder: folder.to_owned(), roots: real_path(here, host).into_iter().chain(target).collect() }
    }

    fn holds(&self, path: &Path, host: &Host<'_>) -> bool {
        // To resolve a path on another server would open a connection.
        let is_elsewhere =
            share(path).is_some_and(|share| self.roots.iter().all(|root| self::share(root) != Some(share)));
        !is_elsewhere
            && real_path(path, host).is_some_and(|path| self.roots.iter().any(|root| path.starts_with(root)))
    }
}

/// Returns the server and the share of a network path of Windows, or an empty pair for a device. No other system has such
/// paths.
fn share(path: &Path) -> Option<(&OsStr, &OsStr)> {
    let Some(Component::Prefix(prefix)) = path.components().next() else { return None };
    match prefix.kind() {
        Prefix::UNC(server, share) | Prefix::VerbatimUNC(server, share) => Some((server, share)),
        Prefix::DeviceNS(_) | Prefix::Verbatim(_) => Some((OsStr::new(""), OsStr::new(""))),
        Prefix::Disk(_) | Prefix::VerbatimDisk(_) => None,
    }
}

/// A guard that decides what suites may reach, and remembers what they lack.
pub(super) struct Guard {
    allowed: BTreeSet<Permission>,
    missing: BTreeSet<Permission>,
    /// The first member that needs more than was allowed.
    first: Option<(Arc<str>, SourceLocation, Outside)>,
    /// The paths that were looked at, and whether they are in the tree of the suite.
    known: HashMap<PathBuf, bool>,
}

impl Guard {
    pub(super) fn new(allowed: &[Permission]) -> Self {
        Self {
            allowed: allowed.iter().copied().collect(),
            missing: BTreeSet::new(),
            first: None,
            known: HashMap::new(),
        }
    }

    /// Begins with another suite.
    pub(super) fn begin_suite(&mut self) {
        self.known.clear();
    }

    /// Checks what the options of a case or a `mint` reach, for this use of its key.
    pub(super) fn check_options(
        &mut self,
        members: &[&NodeMember],
        purpose: KeyUse,
        (suite, tree): (&Arc<str>, &SuiteTree),
        host: &Host<'_>,
    ) {
        let is_offline = members.iter().any(|member| {
            dashed(&member.name) == "offline" && matches!(member.node.value, NodeValue::Flag(true))
        });
        for member in members {
            let name = dashed(&member.name);
            let url = || Outside::Url { member: name.clone() };
            for (value, location) in values(&member.node) {
                match reached(&name, value, &tree.folder) {
                    Reached::Nothing => {}
                    Reached::Url(for_use) => {
                        if for_use.is_none_or(|for_use| for_use == purpose) && !is_offline {
                            self.demand(Permission::Network, suite, location, url());
                        }
                    }
                    Reached::File(path) => {
                        self.check_path(&name, value, &path, location, (suite, tree), host);
                    }
                    Reached::Store(address) => {
                        let store = Outside::Store { member: name.clone() };
                        self.demand(Permission::Store, suite, location, store);
                        // A wrong address is reported when the store is opened.
                        let Ok(address) = StoreAddress::parse(&address) else { continue };
                        match address.location.file() {
                            Some(path) => {
                                self.check_path(&name, value, path, location, (suite, tree), host);
                            }
                            None => self.demand(Permission::Network, suite, location, url()),
                        }
                    }
                }
            }
        }
    }

    /// Checks whether a suite may read a path, which a member gives in this form.
    pub(super) fn check_path(
        &mut self,
        member: &str,
        value: &str,
        path: &Path,
        location: SourceLocation,
        (suite, tree): (&Arc<str>, &SuiteTree),
        host: &Host<'_>,
    ) -> bool {
        if self.allowed.contains(&Permission::Paths) {
            return true;
        }
        let is_inside = match self.known.get(path) {
            Some(is_inside) => *is_inside,
            None => {
                let is_inside = tree.holds(path, host);
                self.known.insert(path.to_owned(), is_inside);
                is_inside
            }
        };
        if !is_inside {
            let outside = Outside::Path { member: member.to_owned(), path: value.to_owned() };
            self.demand(Permission::Paths, suite, location, outside);
        }
        is_inside
    }

    fn demand(&mut self, needed: Permission, suite: &Arc<str>, location: SourceLocation, outside: Outside) {
        if !self.allowed.contains(&needed) {
            self.missing.insert(needed);
            self.first.get_or_insert_with(|| (Arc::clone(suite), location, outside));
        }
    }

    /// Fails if a suite needs more than was allowed. The error names every permission that the suites lack.
    pub(super) fn end(self) -> Result<(), SuiteError> {
        let Some((suite, location, outside)) = self.first else { return Ok(()) };
        Err(ContentErrorKind::NotAllowed { outside, missing: self.missing }.at(location).in_file(&suite))
    }
}

/// Returns the texts of a member, with their locations. Other types were refused before.
fn values(node: &Node) -> Vec<(&str, SourceLocation)> {
    match &node.value {
        NodeValue::Text(text) | NodeValue::Number { digits: text, .. } => vec![(text, node.location)],
        NodeValue::List(nodes) => nodes.iter().flat_map(values).collect(),
        _ => Vec::new(),
    }
}

/// Returns what a new suite at this path needs, if its settings reach something outside of it.
pub(super) fn needed<'s>(
    settings: impl Iterator<Item = &'s (String, Setting)>,
    suite: &Path,
    host: &Host<'_>,
) -> BTreeSet<Permission> {
    let tree = SuiteTree::new(suite, host);
    let mut needed = BTreeSet::new();
    let mut is_offline = false;
    for (name, setting) in settings {
        let texts = match setting {
            Setting::Text(text) => std::slice::from_ref(text),
            Setting::Texts(texts) => texts,
            Setting::Flag(flag) => {
                is_offline |= name == "offline" && *flag;
                continue;
            }
        };
        for text in texts {
            match reached(name.strip_prefix("mint.").unwrap_or(name), text, &tree.folder) {
                Reached::Url(_) => _ = needed.insert(Permission::Network),
                Reached::File(path) if !tree.holds(&path, host) => _ = needed.insert(Permission::Paths),
                // No new suite names a store.
                Reached::File(_) | Reached::Store(_) | Reached::Nothing => {}
            }
        }
    }
    if is_offline {
        needed.remove(&Permission::Network);
    }
    needed
}
