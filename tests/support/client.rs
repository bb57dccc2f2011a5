//! Whoever keeps a store by command lines: in this process, at a clock of the test's own, or as processes of their own.
//! It knows nothing of where the store lies.

use crate::support::world::{NOW, Outcome, SECRET, World, split};
use serde_json::Value;
use std::process::{Command, Stdio};

/// No reason against a token.
pub(crate) const NOTHING: [&str; 0] = [];

/// Runs in this process.
#[derive(Clone)]
pub(crate) struct Client {
    /// What `--store` is given.
    pub(crate) store: String,
    pub(crate) now: i64,
    world: World,
}

/// What a login or a refresh gives.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Client {
    pub(crate) fn of(store: impl Into<String>) -> Self {
        Self { store: store.into(), now: NOW, world: World::with_stores() }
    }

    pub(crate) fn env(self, name: &str, value: &str) -> Self {
        Self { world: self.world.env(name, value), ..self }
    }

    /// The same one, so many seconds later.
    pub(crate) fn later(&self, seconds: i64) -> Self {
        Self { now: self.now + seconds, ..self.clone() }
    }

    /// The same one, with options behind the question mark.
    pub(crate) fn with(&self, options: &str) -> Self {
        let mark = if self.store.contains('?') { '&' } else { '?' };
        Self { store: format!("{}{mark}{options}", self.store), ..self.clone() }
    }

    /// Runs a command line, a token on standard input, with `--store` at its end.
    pub(crate) fn run(&self, line: &str, stdin: &str) -> Outcome {
        self.world.clone().at(self.now).stdin(stdin).run(format!("{line} --store '{}'", self.store))
    }

    #[track_caller]
    pub(crate) fn pair(&self, options: &str) -> Tokens {
        Tokens::of(&self.run(&format!("pair --json {options}"), ""))
    }

    /// A refresh that is accepted.
    #[track_caller]
    pub(crate) fn refresh(&self, refresh: &str) -> Tokens {
        Tokens::of(&self.run("refresh --rotate --json", refresh))
    }

    /// The reasons why a refresh is not.
    #[track_caller]
    pub(crate) fn refused(&self, refresh: &str) -> Vec<String> {
        let outcome = self.run("refresh --rotate --json", refresh);
        assert_eq!(outcome.status, 1, "{}{}", outcome.text(), outcome.stderr);
        outcome.reasons()
    }

    /// The reasons that `verify` gives; none if it accepts.
    #[track_caller]
    pub(crate) fn verify(&self, token: &str) -> Vec<String> {
        let outcome = self.run("verify --json", token);
        assert!(outcome.status < 2, "{}{}", outcome.text(), outcome.stderr);
        assert_eq!(outcome.status, u8::from(!outcome.reasons().is_empty()), "{}", outcome.text());
        outcome.reasons()
    }

    #[track_caller]
    pub(crate) fn revoke(&self, what: &str, token: &str) -> Value {
        let outcome = self.run(&format!("revoke --json {what}"), token);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.json()
    }

    #[track_caller]
    pub(crate) fn list(&self) -> Value {
        let outcome = self.run("revoke --list --json", "");
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.json()
    }
}

impl Tokens {
    #[track_caller]
    pub(crate) fn of(outcome: &Outcome) -> Self {
        assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
        Self::read(&outcome.stdout)
    }

    #[track_caller]
    pub(crate) fn read(json: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(json).unwrap();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("access"), refresh: text("refresh") }
    }
}

/// The program under test: the one that was built for the tests, or the one `FOB_BINARY` names.
pub(crate) fn program() -> String {
    setting("FOB_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_fob").into())
}

/// The same as a process.
pub(crate) fn command(line: &str, store: &str) -> Command {
    let mut command = Command::new(program());
    command.args(split(line)).args(["--store", store]).env_clear().env("FOB_SECRET", SECRET);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How often something is done, as an environment variable has it.
pub(crate) fn times(variable: &str, usual: usize) -> usize {
    setting(variable).map_or(usual, |text| text.parse().expect("a number"))
}

#[expect(clippy::disallowed_methods, reason = "how a person asks for more than the usual")]
pub(crate) fn setting(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|text| !text.is_empty())
}

/// Prints a row of a table in tests/README.md, for whoever runs this with --nocapture.
#[expect(clippy::print_stdout, reason = "what a long run counted is read by a person")]
pub(crate) fn row(name: &str, counts: &[usize]) {
    let counts: String = counts.iter().map(|count| format!(" {count} |")).collect();
    println!("| {name} |{counts}");
}
