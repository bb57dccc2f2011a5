//! Commands on one store, run in this process with a clock of the test's own, or as processes. This file does not
//! depend on where the store is.

use crate::support::world::{NOW, Outcome, World};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

/// The reasons of an accepted token.
pub(crate) const NOTHING: [&str; 0] = [];

/// Commands on one store, run in this process.
#[derive(Clone)]
pub(crate) struct Client {
    /// The argument of `--store`.
    pub(crate) store: String,
    pub(crate) now: i64,
    world: World,
    /// The folder of a store in a file, which is deleted with the last client.
    folder: Option<Arc<tempfile::TempDir>>,
}

/// The tokens of a login or of a refresh.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Client {
    /// Returns a client of the store at this address.
    pub(crate) fn new(store: impl Into<String>) -> Self {
        Self { store: store.into(), now: NOW, world: World::with_stores(), folder: None }
    }

    /// Returns a client of a store in a file that does not exist yet, in a folder of its own.
    pub(crate) fn with_new_file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", folder.path().join("s.db").display());
        Self { folder: Some(Arc::new(folder)), ..Self::new(store) }
    }

    /// Returns the path of a store in a file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.as_ref().expect("a store in a file").path().join("s.db")
    }

    pub(crate) fn env(self, name: &str, value: &str) -> Self {
        Self { world: self.world.env(name, value), ..self }
    }

    /// Returns a client with a later clock.
    pub(crate) fn later(&self, seconds: i64) -> Self {
        Self { now: self.now + seconds, ..self.clone() }
    }

    /// Returns a client with more options in the address.
    pub(crate) fn with(&self, options: &str) -> Self {
        let mark = if self.store.contains('?') { '&' } else { '?' };
        Self { store: format!("{}{mark}{options}", self.store), ..self.clone() }
    }

    /// Runs a command line with `--store` at its end and a token on standard input.
    pub(crate) fn run(&self, line: &str, stdin: &str) -> Outcome {
        self.world.clone().at(self.now).stdin(stdin).run(format!("{line} --store '{}'", self.store))
    }

    /// Runs a command with `--store` at its end.
    pub(crate) fn run_words(&self, words: &[&str]) -> Outcome {
        self.world.clone().at(self.now).run_words(&[words, &["--store", &self.store]].concat())
    }

    /// Logs in.
    #[track_caller]
    pub(crate) fn pair(&self, options: &str) -> Tokens {
        Tokens::from_outcome(&self.run(&format!("pair --json {options}"), ""))
    }

    /// Refreshes, and asserts that the token is accepted.
    #[track_caller]
    pub(crate) fn refresh(&self, refresh: &str) -> Tokens {
        Tokens::from_outcome(&self.run("refresh --rotate --json", refresh))
    }

    /// Asserts that a refresh is rejected, and returns the reasons.
    #[track_caller]
    pub(crate) fn refused(&self, refresh: &str) -> Vec<String> {
        let outcome = self.run("refresh --rotate --json", refresh);
        assert_eq!(outcome.status, 1, "{}{}", outcome.text(), outcome.stderr);
        outcome.reasons()
    }

    /// Verifies a token, and returns the reasons against it.
    #[track_caller]
    pub(crate) fn verify(&self, token: &str) -> Vec<String> {
        let outcome = self.run("verify --json", token);
        assert!(outcome.status < 2, "{}{}", outcome.text(), outcome.stderr);
        assert_eq!(outcome.status, u8::from(!outcome.reasons().is_empty()), "{}", outcome.text());
        outcome.reasons()
    }

    /// Revokes, and returns the report.
    #[track_caller]
    pub(crate) fn revoke(&self, options: &str, token: &str) -> Value {
        let outcome = self.run(&format!("revoke --json {options}"), token);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.json()
    }

    /// Lists the content of the store.
    #[track_caller]
    pub(crate) fn list(&self) -> Value {
        let outcome = self.run("revoke --list --json", "");
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.json()
    }
}

impl Tokens {
    /// Issues tokens that no store has.
    pub(crate) fn from_elsewhere() -> Self {
        Self::from_outcome(&World::with_stores().run("pair --user-id 7 --json"))
    }

    /// Reads the tokens of a run that succeeded.
    #[track_caller]
    pub(crate) fn from_outcome(outcome: &Outcome) -> Self {
        assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
        Self::from_json(&outcome.stdout)
    }

    #[track_caller]
    pub(crate) fn from_json(json: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(json).unwrap();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("access"), refresh: text("refresh") }
    }
}

/// Returns how often a test repeats something: the value of an environment variable, or the default.
pub(crate) fn times(variable: &str, default: usize) -> usize {
    setting(variable).map_or(default, |text| text.parse().expect("a number"))
}

#[expect(clippy::disallowed_methods, reason = "the person who runs the tests sets these variables")]
pub(crate) fn setting(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|text| !text.is_empty())
}

#[cfg(unix)]
pub(crate) use processes::{command, program, row};

/// Many processes on one store, and the environment variables that control such tests.
#[cfg(unix)]
mod processes {
    use super::setting;
    use crate::support::world::{SECRET, split};
    use std::process::{Command, Stdio};

    /// Returns the program under test: the debug build, or the one that `FOB_BINARY` names.
    pub(crate) fn program() -> String {
        setting("FOB_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_fob").into())
    }

    /// Prepares a command line with `--store` at its end as a process.
    pub(crate) fn command(line: &str, store: &str) -> Command {
        let mut command = Command::new(program());
        command.args(split(line)).args(["--store", store]).env_clear().env("FOB_SECRET", SECRET);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Prints a row of a table in tests/README.md. It is visible with --nocapture.
    #[expect(clippy::print_stdout, reason = "a person reads the counts of a long run")]
    pub(crate) fn row(name: &str, counts: &[usize]) {
        let counts: String = counts.iter().map(|count| format!(" {count} |")).collect();
        println!("| {name} |{counts}");
    }
}
