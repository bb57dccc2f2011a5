//! Stores that are missing, foreign, damaged or read-only, and disks that are full. Each fault ends with its status, issues
//! no token and loses no record. A file that is not a store stays unchanged.

use crate::support::process::{Ended, Process};
use crate::support::world::split;
use rusqlite::Connection;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder in which the program runs.
struct Sandbox(tempfile::TempDir);

impl Sandbox {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn process(&self, line: &str) -> Process {
        Process::line(line).with_secret().folder(self.0.path())
    }

    #[track_caller]
    fn run(&self, line: &str) -> Ended {
        self.process(line).run()
    }

    /// Runs a command line, and returns its status.
    #[track_caller]
    fn status(&self, line: &str) -> Option<i32> {
        self.run(line).status
    }

    /// Issues a pair on the store, and writes it to the files `access` and `refresh`.
    #[track_caller]
    fn pair(&self, store: &str) {
        let ended = self.run(&format!("pair --user-id 7 --json --store {store}"));
        let tokens: serde_json::Value = serde_json::from_str(ended.success()).unwrap();
        for name in ["access", "refresh"] {
            fs::write(self.path(name), tokens[name].as_str().unwrap()).unwrap();
        }
    }

    /// Copies the program to where another user can run it. A child process makes the copy: if this process had it open
    /// for writing, a process started meanwhile would inherit that, and the copy could not be run.
    fn program(&self) -> PathBuf {
        let program = self.path("fob");
        let mut copy = Command::new("cp");
        assert!(copy.arg(env!("CARGO_BIN_EXE_fob")).arg(&program).status().unwrap().success());
        program
    }

    /// Runs a copy of the program as a user whom file modes restrict: this user, or an unprivileged one in place
    /// of root.
    #[track_caller]
    fn run_restricted(&self, program: &Path, line: &str) -> Ended {
        use std::os::unix::process::CommandExt as _;
        let mut command = Command::new(program);
        command.args(split(line));
        if nix::unistd::geteuid().is_root() {
            command.uid(65534).gid(65534);
        }
        Process::from_command(command).with_secret().folder(self.0.path()).run()
    }

    /// Returns the names of all files in the folder, in order.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Every command that opens a store.
const COMMANDS: [&str; 7] = [
    "pair --user-id 7 --store STORE",
    "refresh --rotate --store STORE @refresh",
    "verify --store STORE @access",
    "verify --once --store STORE @access",
    "revoke --store STORE @access",
    "revoke --subject 7 --store STORE",
    "revoke --list --store STORE",
];

/// Asserts that every command rejects this file for this reason, and leaves the folder unchanged.
#[track_caller]
fn refused(sandbox: &Sandbox, store: &str, why: &str) {
    let path = sandbox.path(store);
    let before = path.is_file().then(|| fs::read(&path).unwrap());
    let names = sandbox.names();
    for line in COMMANDS {
        let ended = sandbox.run(&line.replace("STORE", store));
        ended.failure(2, &format!("error: cannot use the store {store}: {why}"));
        assert!(!ended.stderr.contains("eyJ"), "{ended}");
    }
    assert_eq!(path.is_file().then(|| fs::read(&path).unwrap()), before);
    assert_eq!(sandbox.names(), names);
}

#[test]
fn rejects_other_files_and_leaves_them_unchanged() {
    let sandbox = Sandbox::new();
    sandbox.pair("good.db");
    fs::write(sandbox.path("text"), "dear diary").unwrap();
    refused(&sandbox, "text", "it is not an SQLite database");
    fs::write(sandbox.path("empty"), "").unwrap();
    refused(&sandbox, "empty", "it is empty");
    fs::write(sandbox.path("short"), "SQLite format 3\0").unwrap();
    refused(&sandbox, "short", "it is a database of another program");
    fs::create_dir(sandbox.path("folder")).unwrap();
    refused(&sandbox, "folder", "it is not a regular file");
    assert!(Command::new("mkfifo").arg(sandbox.path("pipe")).status().unwrap().success());
    refused(&sandbox, "pipe", "it is not a regular file");
    let foreign = Connection::open(sandbox.path("foreign.db")).unwrap();
    foreign.pragma_update(None, "journal_mode", "wal").unwrap();
    foreign.execute_batch("CREATE TABLE records (tag, name, text, expires)").unwrap();
    drop(foreign);
    refused(&sandbox, "foreign.db", "it is a database of another program");
}

#[test]
fn rejects_a_newer_schema_and_leaves_the_file_unchanged() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    Connection::open(sandbox.path("s.db")).unwrap().pragma_update(None, "user_version", 2).unwrap();
    refused(&sandbox, "s.db", "its schema has version 2, expected 1");
}

#[test]
fn rejects_a_damaged_store_and_leaves_it_unchanged() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    for _ in 0..20 {
        sandbox.run("pair --user-id 7 --store s.db");
    }
    let whole = fs::read(sandbox.path("s.db")).unwrap();
    assert!(whole.len() >= 3 * 4096, "{}", whole.len());
    let mut overwritten = whole.clone();
    overwritten[4096..8192].fill(0xAA);
    fs::write(sandbox.path("overwritten.db"), overwritten).unwrap();
    refused(&sandbox, "overwritten.db", "it is damaged");
    fs::write(sandbox.path("truncated.db"), &whole[..whole.len() - 4096]).unwrap();
    refused(&sandbox, "truncated.db", "it is damaged");
    fs::write(sandbox.path("torn.db"), &whole[..whole.len() / 2 + 100]).unwrap();
    refused(&sandbox, "torn.db", "it is damaged");
    fs::write(sandbox.path("first.db"), &whole[..4096]).unwrap();
    refused(&sandbox, "first.db", "it is damaged");
}

#[test]
fn reports_an_invalid_record_without_a_verdict() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    for text in ["{}", "not json", r#"{"record":"token","jti":"x","role":"access","shape":"round"}"#] {
        let store = Connection::open(sandbox.path("s.db")).unwrap();
        store.execute("UPDATE records SET text = ?1 WHERE name LIKE 'token:%'", [text]).unwrap();
        drop(store);
        for line in
            ["verify --store s.db @access", "refresh --store s.db @refresh", "revoke --list --store s.db"]
        {
            sandbox.run(line).failure(2, "error: the store holds an invalid record: ");
        }
    }
}

#[test]
fn creates_files_that_only_the_owner_can_read() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&sandbox.path("s.db")), 0o600);
    // While the store is open, SQLite keeps files beside it.
    let open = Connection::open(sandbox.path("s.db")).unwrap();
    open.query_row("SELECT count(*) FROM records", [], |row| row.get::<_, i64>(0)).unwrap();
    sandbox.run("pair --user-id 7 --store s.db");
    let beside: Vec<String> = sandbox.names().into_iter().filter(|name| name.starts_with("s.db-")).collect();
    assert!(!beside.is_empty());
    for name in beside {
        assert_eq!(mode(&sandbox.path(&name)), 0o600, "{name}");
    }
}

#[test]
fn leaves_no_other_files_beside_the_store() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    sandbox.run("refresh --rotate --store s.db @refresh");
    sandbox.run("refresh --rotate --store s.db @refresh");
    assert_eq!(sandbox.names(), ["access", "refresh", "s.db"]);
}

#[test]
fn creates_a_missing_store_only_for_commands_that_decide() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    sandbox.run("refresh --rotate --store s.db @refresh");
    fs::remove_file(sandbox.path("s.db")).unwrap();
    for line in ["verify --store s.db @access", "revoke --list --store s.db", "revoke --prune --store s.db"] {
        assert_eq!(sandbox.status(line), Some(2), "{line}");
    }
    for line in [
        "verify --once --store sqlite:s.db?missing=deny @access",
        "refresh --store sqlite:s.db?missing=deny @refresh",
    ] {
        assert_eq!(sandbox.status(line), Some(2), "{line}");
    }
    assert_eq!(sandbox.names(), ["access", "refresh"]);
    // A command that records a decision creates an empty store, with a warning.
    let ended = sandbox.run("refresh --rotate --store s.db @refresh");
    assert_eq!(ended.status, Some(0), "{ended}");
    let warning = "warning: the store s.db did not exist, so an empty one was created: ";
    assert!(ended.stderr.starts_with(warning), "{ended}");
}

#[test]
fn rejects_a_store_in_a_missing_folder() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    for line in COMMANDS {
        sandbox.run(&line.replace("STORE", "gone/s.db")).failure(2, "error: cannot ");
    }
    assert_eq!(sandbox.status("verify -q --store s.db @access"), Some(0));
}

const NEEDS_WRITE: &str = " the store s.db: SQLite cannot write to the file or to its folder\n";
const LET_IT_WRITE: &str =
    "hint: allow this user to write both: even a query writes a log (WAL) beside the file\n";

#[test]
fn reads_a_read_only_store_and_explains_a_failed_write() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    let program = sandbox.program();
    if nix::unistd::geteuid().is_root() {
        std::os::unix::fs::chown(sandbox.0.path(), Some(65534), Some(65534)).unwrap();
    }
    fs::set_permissions(sandbox.0.path(), PermissionsExt::from_mode(0o755)).unwrap();
    fs::set_permissions(sandbox.path("s.db"), PermissionsExt::from_mode(0o444)).unwrap();
    for (line, status) in [
        ("verify -q --store s.db @access", 0),
        ("revoke --store s.db @access", 2),
        ("refresh --rotate --store s.db @refresh", 2),
    ] {
        let ended = sandbox.run_restricted(&program, line);
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(status), ""), "{ended}");
        let is_explained = ended.stderr.contains(NEEDS_WRITE) && ended.stderr.ends_with(LET_IT_WRITE);
        assert_eq!(is_explained, status == 2, "{ended}");
    }
}

#[test]
fn rejects_a_broken_link_without_creating_its_target() {
    let sandbox = Sandbox::new();
    sandbox.pair("good.db");
    std::os::unix::fs::symlink("gone.db", sandbox.path("s.db")).unwrap();
    refused(&sandbox, "s.db", "it is a symbolic link to gone.db, which does not exist");
    std::os::unix::fs::symlink("good.db", sandbox.path("link.db")).unwrap();
    assert_eq!(sandbox.status("verify -q --store link.db @access"), Some(0));
}

#[test]
fn issues_nothing_if_the_folder_is_read_only() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    let program = sandbox.program();
    if nix::unistd::geteuid().is_root() {
        for name in ["s.db", "access", "refresh"] {
            std::os::unix::fs::chown(sandbox.path(name), Some(65534), Some(65534)).unwrap();
        }
    }
    let set_mode = |mode| fs::set_permissions(sandbox.0.path(), PermissionsExt::from_mode(mode)).unwrap();
    let before = fs::read(sandbox.path("s.db")).unwrap();
    set_mode(0o555);
    for (line, store) in COMMANDS.iter().flat_map(|line| [(line, "s.db"), (line, "new.db")]) {
        let ended = sandbox.run_restricted(&program, &line.replace("STORE", store));
        ended.failure(2, "error: cannot ");
        if store == "s.db" {
            assert!(ended.stderr.contains(NEEDS_WRITE) && ended.stderr.ends_with(LET_IT_WRITE), "{ended}");
        }
    }
    set_mode(0o755);
    assert_eq!(fs::read(sandbox.path("s.db")).unwrap(), before);
    assert!(!sandbox.path("new.db").exists());
}

#[test]
fn reports_a_store_without_read_permission() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    let program = sandbox.program();
    fs::set_permissions(sandbox.0.path(), PermissionsExt::from_mode(0o755)).unwrap();
    fs::set_permissions(sandbox.path("s.db"), PermissionsExt::from_mode(0o000)).unwrap();
    sandbox.run_restricted(&program, "verify --store s.db @access").expect(
        2,
        "",
        "error: cannot use the store s.db: Permission denied (os error 13)\n",
    );
}

/// Runs the program with a limit on the size of each file, in blocks of 512 bytes.
#[track_caller]
fn limited(sandbox: &Sandbox, blocks: usize, line: &str) -> Ended {
    Process::with_file_limit(blocks, line).with_secret().folder(sandbox.0.path()).run()
}

#[test]
fn issues_and_loses_nothing_on_a_full_disk() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    let blocks = fs::metadata(sandbox.path("s.db")).unwrap().len() as usize / 512;
    let before = fs::read(sandbox.path("s.db")).unwrap();
    for line in [
        "pair --user-id 7 --store s.db",
        "refresh --rotate --store s.db @refresh",
        "verify --once --store s.db @access",
        "revoke --store s.db @access",
        "revoke --subject 7 --store s.db",
    ] {
        // The log beside the file cannot hold the first page.
        limited(&sandbox, 4, line).failure(2, "error: cannot ");
    }
    limited(&sandbox, 4, "pair --user-id 7 --store new.db").failure(2, "error: cannot ");
    assert!(!sandbox.path("new.db").exists() && blocks > 4);
    assert_eq!(fs::read(sandbox.path("s.db")).unwrap(), before);
    // The refresh token is still valid, for one use.
    assert_eq!(sandbox.status("verify -q --store s.db @access"), Some(0));
    assert_eq!(sandbox.status("refresh -q --rotate --store s.db @refresh"), Some(0));
    assert_eq!(sandbox.status("refresh -q --rotate --store s.db @refresh"), Some(1));
}

#[test]
fn explains_that_unprinted_tokens_are_recorded() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    let run = |line: &str, is_full: bool| {
        let (reader, closed) = std::io::pipe().unwrap();
        drop(reader);
        let stream = if is_full { Stdio::from(full.try_clone().unwrap()) } else { Stdio::from(closed) };
        sandbox.process(line).stdout(stream).run()
    };
    let lost = "hint: the refresh token is used up, and the new tokens were not written: log in again\n";
    let full_disk = "error: cannot write to standard output: No space left on device (os error 28)\n";
    run("refresh -q --rotate --store s.db @refresh", true).expect(2, "", &format!("{lost}{full_disk}"));
    assert_eq!(sandbox.status("refresh --json --store s.db @refresh"), Some(1));
    sandbox.pair("s.db");
    run("refresh -q --rotate --store s.db @refresh", false).expect(2, "", lost);
    sandbox.pair("s.db");
    let used = "hint: the token was accepted and is used up: get a new one\n";
    run("verify --once --store s.db @access", false).expect(2, "", used);
    let recorded = "hint: the store already holds these tokens, but they are lost";
    run("pair --user-id 7 --store s.db", true).failure(2, recorded);
}

#[test]
fn gives_up_on_a_locked_store_after_ten_seconds() {
    let sandbox = Sandbox::new();
    sandbox.pair("s.db");
    let keeper = Connection::open(sandbox.path("s.db")).unwrap();
    keeper.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Reading does not wait.
    assert_eq!(sandbox.status("verify -q --store s.db @access"), Some(0));
    let start = std::time::Instant::now();
    let locked = "error: cannot write the store s.db: it was still locked after 10 seconds\n";
    sandbox.run("refresh --rotate --store s.db @refresh").expect(2, "", locked);
    assert!(start.elapsed().as_secs() >= 9);
    keeper.execute_batch("ROLLBACK").unwrap();
    assert_eq!(sandbox.status("refresh -q --rotate --store s.db @refresh"), Some(0));
}
