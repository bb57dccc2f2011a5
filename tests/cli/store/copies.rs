//! Stores that SQLite copied, repaired or analysed. Those with the meaning of a store are used. The others are refused with a
//! hint that makes them stores.

use crate::store::sandbox::Sandbox;
use crate::store::trust::tamper;
use rusqlite::Connection;
use std::fs;

impl Sandbox {
    /// Returns a folder with a store in which the token of the file `access` is revoked.
    fn with_revocation() -> Self {
        let sandbox = Self::with_store();
        assert_eq!(sandbox.run("revoke --store s.db @access").status, Some(0));
        sandbox
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
    fn accepted_as_copy(&self, store: &str) {
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
    let sandbox = Sandbox::with_revocation();
    let target = sandbox.path("vacuumed.db");
    tamper(&sandbox.path("s.db"), &format!("VACUUM INTO '{}'", target.display()));
    sandbox.accepted_as_copy("vacuumed.db");
    tamper(&sandbox.path("s.db"), "ANALYZE; PRAGMA optimize; VACUUM; REINDEX");
    sandbox.accepted_as_copy("s.db");
    tamper(&sandbox.path("s.db"), "PRAGMA journal_mode = delete");
    sandbox.accepted_as_copy("s.db");
}

#[test]
fn says_how_a_copy_becomes_a_store() {
    let sandbox = Sandbox::with_revocation();
    sandbox.copy("copy.db");
    let why = "it looks like a copy of a store, but it lacks the application ID of fob\n";
    let statements = sandbox.repair("copy.db", why);
    tamper(&sandbox.path("copy.db"), &statements);
    sandbox.accepted_as_copy("copy.db");
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
    let sandbox = Sandbox::with_revocation();
    tamper(&sandbox.path("s.db"), "CREATE TABLE lost_and_found_0 (rootpgno, pgno, nfield, id, c0)");
    let statements = sandbox.repair("s.db", "its table `lost_and_found_0` is not one of fob\n");
    tamper(&sandbox.path("s.db"), &statements);
    sandbox.accepted_as_copy("s.db");
    // A name that a shell would read differently gets no command.
    tamper(&sandbox.path("s.db"), r#"CREATE TABLE "lost_and_found'; x" (a)"#);
    let ended = sandbox.run("verify --store s.db @access");
    assert!(!ended.stderr.contains("sqlite3"), "{ended}");
}
