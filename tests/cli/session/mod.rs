//! Logins that a file keeps, as processes that talk to a strict server: each refresh token works once.

mod clients;
mod crashes;
mod disk;
mod ending;
mod everyday;
mod faults;
mod files;
mod places;

use crate::support::process::{Ended, Process};
use crate::support::strict_server::StrictServer;
use serde_json::Value;
use std::path::PathBuf;

/// A session file in a folder of its own, and its server.
struct Desk {
    server: StrictServer,
    folder: tempfile::TempDir,
}

impl Desk {
    /// Returns a desk without a session.
    fn empty() -> Self {
        Self { server: StrictServer::new(), folder: tempfile::tempdir().unwrap() }
    }

    /// Returns a desk whose user has logged in.
    fn new() -> Self {
        let desk = Self::empty();
        desk.log_in().success_with_note();
        desk
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("api.json")
    }

    /// Prepares a command in the folder of the session.
    fn process(&self, line: &str) -> Process {
        Process::line(line).folder(self.folder.path()).env("PASSWORD", "hunter2")
    }

    fn fob(&self, line: &str) -> Ended {
        self.process(line).run()
    }

    fn log_in(&self) -> Ended {
        let url = self.server.url();
        self.fob(&format!(
            "pair --from {url} --profile oauth --user al --password-env PASSWORD --session api.json"
        ))
    }

    fn refresh(&self, options: &str) -> Ended {
        self.fob(&format!("refresh --session api.json {options}"))
    }

    /// Returns the content of the session file.
    fn content(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.path()).unwrap()).unwrap()
    }

    /// Changes the session file.
    fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut content = self.content();
        change(&mut content);
        std::fs::write(self.path(), content.to_string()).unwrap();
    }

    /// Lets the access token expire: it arrived and expired in the past.
    fn expire(&self) {
        self.edit(|content| {
            content["tokens"]["arrived"] = 1_000_000_000.into();
            content["tokens"]["expires"] = 1_000_000_300.into();
        });
    }

    /// Returns the names of the files in the folder.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Asserts that the file has the refresh token that the server accepts.
    #[track_caller]
    fn assert_newest(&self) {
        let newest = self.server.facts().refresh.clone();
        assert_eq!(self.content()["tokens"]["refresh"].as_str(), newest.as_deref());
    }
}

impl Ended {
    /// Asserts success without a result, and the note of a login.
    #[track_caller]
    fn success_with_note(&self) {
        self.expect(0, "", "logged in: `fob refresh --session api.json` prints the access token\n");
    }
}
