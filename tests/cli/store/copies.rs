//! Stores that SQLite copied, repaired or analysed. Those with the meaning of a store are used. The others are refused with a
//! hint that makes them stores.

use crate::store::trust::tamper;
use crate::support::process::{Ended, Process};
use rusqlite::Connection;
use std::fs;
use std::path::PathBuf;

/// A folder with a store `s.db` in which the token of the file `access` is revoked.
struct Sandbox(tempfile::TempDir);

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        let pair = sandbox.run("pair --user-id 7 --json --store s.db");
        let tokens: serde_json::Value = serde_json::from_str(pair.success()).unwrap();
        fs::write(sandbox.path("access"), tokens["access"].as_str().unwrap()).unwrap();
        assert_eq!(sandbox.run("revoke --store s.db @access").status, Some(0));
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    #[track_caller]
    fn run(&self, line: &str) -> Ended {
        Process::line(line).with_secret().folder(self.0.path()).run()
    }

    /// Copies the tables and the records, as `.dump` and `.clone` of the SQLite shell do.
    fn copy(&self, name: &str) {
        let path = self.path(name);
        let copy = Connection::open(&path).unwrap();
        copy.execute("ATTACH ? AS s", [self.path("s.db").to_str().unwrap()]).unwrap();
        let statements: Vec<String> = copy
            .prepare("SELECT sql FROM s.sqlite_schema")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        copy.execute_batch(&statements.join(";")).unwrap();
        copy.execute_batch("INSERT INTO records SELECT * FROM s.records").unwrap();
    }

    /// Asserts that the store knows the revocation, and takes another record.
    #[track_caller]
    fn accepted(&self, store: &str) {
        let ended = self.run(&format!("verify --expect revoked -q --store {store} @access"));
        assert_eq!(ended.status, Some(0), "{ended}");
        assert_eq!(self.run(&format!("pair -q --user-id 8 --store {store}")).status, Some(0));
    }

    /// Asserts that the store is refused with a hint, and returns the statements that it names.
    #[track_caller]
    fn repair(&self, store: &str, why: &str) -> String {
        let before = fs::read(self.path(store)).unwrap();
        let ended = self.run(&format!("verify --store {store} @access"));
        ended.failure(2, &format!("error: cannot use the store {store}: {why}"));
        assert_eq!(fs::read(self.path(store)).unwrap(), before);
        let (_, command) = ended.stderr.split_once(&format!("`sqlite3 {store} '")).unwrap();
        command.split_once("'`").unwrap().0.to_owned()
    }
}

#[test]
fn uses_a_store_that_was_vacuumed_analysed_or_backed_up() {
    let sandbox = Sandbox::new();
    let target = sandbox.path("vacuumed.db");
    tamper(&sandbox.path("s.db"), &format!("VACUUM INTO '{}'", target.display()));
    sandbox.accepted("vacuumed.db");
    tamper(&sandbox.path("s.db"), "ANALYZE; PRAGMA optimize; VACUUM; REINDEX");
    sandbox.accepted("s.db");
    tamper(&sandbox.path("s.db"), "PRAGMA journal_mode = delete");
    sandbox.accepted("s.db");
}

#[test]
fn says_how_a_copy_becomes_a_store() {
    let sandbox = Sandbox::new();
    sandbox.copy("copy.db");
    let why = "it looks like a copy of a store, but it lacks the application ID of fob\n";
    let statements = sandbox.repair("copy.db", why);
    tamper(&sandbox.path("copy.db"), &statements);
    sandbox.accepted("copy.db");
    // The mark does not make the database of another program a store.
    sandbox.copy("changed.db");
    tamper(&sandbox.path("changed.db"), "CREATE TABLE more (x)");
    let statements = sandbox.repair("changed.db", why);
    tamper(&sandbox.path("changed.db"), &statements);
    sandbox
        .run("verify --store changed.db @access")
        .failure(2, "error: cannot use the store changed.db: its table `more`");
}

#[test]
fn says_what_to_do_with_what_a_recovery_found() {
    let sandbox = Sandbox::new();
    tamper(&sandbox.path("s.db"), "CREATE TABLE lost_and_found_0 (rootpgno, pgno, nfield, id, c0)");
    let statements = sandbox.repair("s.db", "its table `lost_and_found_0` is not one of fob\n");
    tamper(&sandbox.path("s.db"), &statements);
    sandbox.accepted("s.db");
    // A name that a shell would read differently gets no command.
    tamper(&sandbox.path("s.db"), r#"CREATE TABLE "lost_and_found'; x" (a)"#);
    let ended = sandbox.run("verify --store s.db @access");
    assert!(!ended.stderr.contains("sqlite3"), "{ended}");
}
