//! Stores that another user can change, and stores with the schema of another program. Every command refuses them, says what
//! is wrong and leaves them unchanged.

use crate::store::sandbox::Sandbox;
use rusqlite::Connection;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

/// A user that no test runs as.
const STRANGER: u32 = 65534;

impl Sandbox {
    fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), PermissionsExt::from_mode(mode)).unwrap();
    }

    /// Asserts that every command refuses the store with this message, and leaves its bytes alone.
    #[track_caller]
    fn refused(&self, store: &str, message: &str) {
        let before = fs::read(self.path(store)).ok();
        for line in COMMANDS {
            let ended = self.run(&line.replace("STORE", store));
            ended.expect(2, "", message);
        }
        assert_eq!(fs::read(self.path(store)).ok(), before);
    }

    /// Asserts that the store can be used.
    #[track_caller]
    fn accepted(&self, store: &str) {
        self.run(&format!("verify -q --store {store} @access")).expect(0, "", "");
    }

    fn folder(&self) -> String {
        fs::canonicalize(self.0.path()).unwrap().display().to_string()
    }
}

/// Every command that opens a store.
const COMMANDS: [&str; 8] = [
    "pair --user-id 7 --store STORE",
    "refresh --rotate --store STORE @refresh",
    "verify --store STORE @access",
    "verify --once --store STORE @access",
    "verify --lines access --store STORE",
    "revoke --store STORE @access",
    "revoke --subject 7 --store STORE",
    "revoke --list --store STORE",
];

/// Returns the message about an exposed part, with the hint.
fn message(store: &str, what: &str, hint: &str) -> String {
    format!("error: cannot use the store {store}: {what}\nhint: {hint}\n")
}

#[test]
fn refuses_a_file_that_other_users_can_write() {
    let sandbox = Sandbox::with_store();
    let path = fs::canonicalize(sandbox.path("s.db")).unwrap();
    let hint = format!("run `chmod go-w {}`", path.display());
    for mode in [0o602, 0o606, 0o622, 0o646, 0o666, 0o777] {
        sandbox.set_mode("s.db", mode);
        sandbox.refused("s.db", &message("s.db", "the file can be changed by all users", &hint));
    }
    // The hint helps.
    sandbox.set_mode("s.db", 0o755);
    sandbox.accepted("s.db");
}

#[test]
fn refuses_a_folder_that_other_users_can_write() {
    let sandbox = Sandbox::with_store();
    let folder = sandbox.folder();
    let what = format!("its folder {folder} can be changed by all users");
    for mode in [0o777, 0o703, 0o757] {
        sandbox.set_mode(".", mode);
        let hint = format!("run `chmod go-w {folder}`");
        sandbox.refused("s.db", &message("s.db", &what, &hint));
        sandbox.run("pair --user-id 7 --store new.db").expect(2, "", &message("new.db", &what, &hint));
        assert!(!sandbox.path("new.db").exists());
    }
    // In a sticky folder, other users can still put a log beside the store.
    sandbox.set_mode(".", 0o1777);
    let hint = "keep the store in a folder of your own, such as one that `mkdir -m 700 STORES` makes";
    sandbox.refused("s.db", &message("s.db", &what, hint));
    sandbox.set_mode(".", 0o755);
    sandbox.accepted("s.db");
    fs::create_dir(sandbox.path("STORES")).unwrap();
    sandbox.set_mode("STORES", 0o700);
    sandbox.run("pair -q --user-id 7 --store STORES/s.db").success();
}

#[test]
fn refuses_a_store_of_another_user() {
    // Only root can give a file away.
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let sandbox = Sandbox::with_store();
    let name =
        nix::unistd::User::from_uid(STRANGER.into()).unwrap().map_or(STRANGER.to_string(), |user| user.name);
    let foreign = |what: &str| format!("{what} belongs to another user ({name})");
    chown(sandbox.path("s.db"), Some(STRANGER), None).unwrap();
    let hint =
        "run fob as that user, or use a store of your own; users who share a store need a Redis server";
    sandbox.refused("s.db", &message("s.db", &foreign("the file"), hint));
    chown(sandbox.path("s.db"), Some(0), None).unwrap();
    chown(sandbox.0.path(), Some(STRANGER), None).unwrap();
    let hint = "keep the store in a folder of your own, such as one that `mkdir -m 700 STORES` makes";
    let what = foreign(&format!("its folder {}", sandbox.folder()));
    sandbox.refused("s.db", &message("s.db", &what, hint));
    chown(sandbox.0.path(), Some(0), None).unwrap();
    // A group that others are members of.
    chown(sandbox.path("s.db"), None, Some(STRANGER)).unwrap();
    sandbox.set_mode("s.db", 0o660);
    let ended = sandbox.run("verify --store s.db @access");
    ended
        .failure(2, "error: cannot use the store s.db: the file can be changed by all members of the group ");
    chown(sandbox.path("s.db"), None, Some(0)).unwrap();
    sandbox.accepted("s.db");
}

#[test]
fn refuses_companions_that_another_user_can_change() {
    let sandbox = Sandbox::with_store();
    let real = fs::canonicalize(sandbox.path("s.db")).unwrap();
    for ending in ["-wal", "-shm", "-journal"] {
        let name = format!("s.db{ending}");
        let beside = format!("{}{ending}, which SQLite keeps beside it,", real.display());
        fs::write(sandbox.path(&name), "").unwrap();
        sandbox.set_mode(&name, 0o666);
        let hint = format!("run `chmod go-w {}{ending}`", real.display());
        sandbox.refused("s.db", &message("s.db", &format!("{beside} can be changed by all users"), &hint));
        sandbox.set_mode(&name, 0o600);
        if nix::unistd::geteuid().is_root() {
            chown(sandbox.path(&name), Some(STRANGER), None).unwrap();
            let ended = sandbox.run("verify --store s.db @access");
            let foreign = format!("error: cannot use the store s.db: {beside} belongs to another user (");
            ended.failure(2, &foreign);
        }
        fs::remove_file(sandbox.path(&name)).unwrap();
        // SQLite would open what a link leads to.
        symlink("access", sandbox.path(&name)).unwrap();
        let what = format!("{beside} is not a regular file");
        let hint = format!("remove {}{ending}, or give --store another path", real.display());
        sandbox.refused("s.db", &message("s.db", &what, &hint));
        fs::remove_file(sandbox.path(&name)).unwrap();
    }
    sandbox.accepted("s.db");
}

#[test]
fn checks_what_a_link_leads_to() {
    let sandbox = Sandbox::with_store();
    fs::create_dir(sandbox.path("open")).unwrap();
    fs::create_dir(sandbox.path("closed")).unwrap();
    sandbox.set_mode("open", 0o777);
    symlink("../s.db", sandbox.path("closed/link.db")).unwrap();
    sandbox.accepted("closed/link.db");
    // Another user could make this link lead elsewhere.
    symlink("../s.db", sandbox.path("open/link.db")).unwrap();
    let folder = format!("{}/open", sandbox.folder());
    let what = format!("its folder {folder} can be changed by all users");
    let hint = format!("run `chmod go-w {folder}`");
    sandbox.refused("open/link.db", &message("open/link.db", &what, &hint));
    // A link to an exposed folder, and to an exposed file.
    fs::copy(sandbox.path("s.db"), sandbox.path("open/s.db")).unwrap();
    symlink("../open/s.db", sandbox.path("closed/other.db")).unwrap();
    sandbox.refused("closed/other.db", &message("closed/other.db", &what, &hint));
    sandbox.set_mode("s.db", 0o666);
    let hint = format!("run `chmod go-w {}/s.db`", sandbox.folder());
    let what = "the file can be changed by all users";
    sandbox.refused("closed/link.db", &message("closed/link.db", what, &hint));
}

/// Runs statements on a store as another program would.
pub(crate) fn tamper(path: &Path, statements: &str) {
    Connection::open(path).unwrap().execute_batch(statements).unwrap();
}

#[test]
fn refuses_the_schema_of_another_program() {
    let hint = "another program changed the file, so do not trust its records: give --store another path";
    for (statements, what) in [
        (
            "CREATE TRIGGER undo AFTER INSERT ON records BEGIN DELETE FROM records WHERE name = new.name; END",
            "its trigger `undo` is not one of fob",
        ),
        (
            "CREATE TRIGGER hang AFTER INSERT ON records BEGIN INSERT INTO records WITH RECURSIVE n (i) AS
             (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'x', i, '', 0 FROM n; END",
            "its trigger `hang` is not one of fob",
        ),
        ("CREATE VIEW \"a\u{1b}[31m\" AS SELECT 1", "its view `a\\u001b[31m` is not one of fob"),
        ("CREATE TABLE more (x)", "its table `more` is not one of fob"),
        ("CREATE INDEX more ON records (text)", "its index `more` is not one of fob"),
        ("DROP INDEX by_expiry", "it lacks the index `by_expiry`"),
        (
            "ALTER TABLE records ADD COLUMN more TEXT GENERATED ALWAYS AS (upper(text)) VIRTUAL",
            "its table `records` differs from that of fob",
        ),
        (
            "ALTER TABLE records RENAME TO real; CREATE VIEW records AS SELECT * FROM real WHERE 0",
            "its table `real` is not one of fob",
        ),
    ] {
        let sandbox = Sandbox::with_store();
        tamper(&sandbox.path("s.db"), statements);
        sandbox.refused("s.db", &message("s.db", what, hint));
    }
}
