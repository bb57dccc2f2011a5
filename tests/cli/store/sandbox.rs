//! A folder for runs with a store, and the tokens of a pair.

use crate::support::process::{Ended, Process};
use std::fs;
use std::path::PathBuf;

/// A folder with the files `access` and `refresh`, the tokens of a pair.
pub(crate) struct Sandbox(pub(crate) tempfile::TempDir);

impl Sandbox {
    /// Returns a folder without a store.
    pub(crate) fn without_store() -> Self {
        Self::of_pair("pair --user-id 7 --json")
    }

    /// Returns a folder with the store `s.db`, which knows the tokens.
    #[cfg(unix)]
    pub(crate) fn with_store() -> Self {
        Self::of_pair("pair --user-id 7 --json --store s.db")
    }

    fn of_pair(line: &str) -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        let ended = sandbox.run(line);
        let tokens: serde_json::Value = serde_json::from_str(ended.success()).unwrap();
        for name in ["access", "refresh"] {
            fs::write(sandbox.path(name), tokens[name].as_str().unwrap()).unwrap();
        }
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Ended {
        Process::line(line).with_secret().folder(self.0.path()).run()
    }
}
