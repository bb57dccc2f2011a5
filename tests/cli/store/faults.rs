//! A store that cannot be had, is not ours, is not whole, or fails midway: the right status, nothing minted, nothing lost,
//! and what is not ours left as it was.

use crate::support::world::{SECRET, split};
use rusqlite::Connection;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run left behind: status, standard output, standard error.
type Outcome = (Option<i32>, String, String);

/// A folder, and `fob` in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
        command.args(split(line)).env_clear().env("FOB_SECRET", SECRET).current_dir(self.0.path());
        command.stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Outcome {
        outcome(&mut self.command(line))
    }

    /// A pair on the store, in files `access` and `refresh`.
    fn pair(&self, store: &str) {
        let (status, stdout, stderr) = self.run(&format!("pair --user-id 7 --json --store {store}"));
        assert_eq!(status, Some(0), "{stderr}");
        let tokens: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        for name in ["access", "refresh"] {
            fs::write(self.path(name), tokens[name].as_str().unwrap()).unwrap();
        }
    }

    /// The program where somebody else reaches it. Another process copies it: while this one wrote a program, none could be
    /// run that a process begun meanwhile still has open.
    fn program(&self) -> PathBuf {
        let program = self.path("fob");
        let mut copy = Command::new("cp");
        assert!(copy.arg(env!("CARGO_BIN_EXE_fob")).arg(&program).status().unwrap().success());
        program
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!stderr.contains("panicked") && !stderr.contains(SECRET), "{stderr}");
    (output.status.code(), stdout, stderr)
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

/// No command uses this file, says why, and leaves anything behind.
#[track_caller]
fn refused(place: &Place, store: &str, why: &str) {
    let path = place.path(store);
    let before = path.is_file().then(|| fs::read(&path).unwrap());
    let names = place.names();
    for line in COMMANDS {
        let (status, stdout, stderr) = place.run(&line.replace("STORE", store));
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{line}: {stderr}");
        let wanted = format!("error: cannot use the store {store}: {why}");
        assert!(stderr.starts_with(&wanted), "{line}: {stderr}");
        assert!(!stderr.contains("eyJ"), "{stderr}");
    }
    assert_eq!(path.is_file().then(|| fs::read(&path).unwrap()), before);
    assert_eq!(place.names(), names);
}

#[test]
fn a_file_that_is_no_store_is_left_as_it_is() {
    let place = Place::new();
    place.pair("good.db");
    fs::write(place.path("text"), "dear diary").unwrap();
    refused(&place, "text", "it is no database");
    fs::write(place.path("empty"), "").unwrap();
    refused(&place, "empty", "it is empty");
    fs::write(place.path("short"), "SQLite format 3\0").unwrap();
    refused(&place, "short", "it is a database of another program");
    fs::create_dir(place.path("folder")).unwrap();
    refused(&place, "folder", "it is no file");
    assert!(Command::new("mkfifo").arg(place.path("pipe")).status().unwrap().success());
    refused(&place, "pipe", "it is no file");
    let foreign = Connection::open(place.path("foreign.db")).unwrap();
    foreign.pragma_update(None, "journal_mode", "wal").unwrap();
    foreign.execute_batch("CREATE TABLE records (tag, name, text, expires)").unwrap();
    drop(foreign);
    refused(&place, "foreign.db", "it is a database of another program");
}

#[test]
fn a_store_of_a_newer_version_is_left_as_it_is() {
    let place = Place::new();
    place.pair("s.db");
    Connection::open(place.path("s.db")).unwrap().pragma_update(None, "user_version", 2).unwrap();
    refused(&place, "s.db", "its schema has version 2, and this program knows 1");
}

#[test]
fn a_damaged_store_is_left_as_it_is() {
    let place = Place::new();
    place.pair("s.db");
    for _ in 0..20 {
        place.run("pair --user-id 7 --store s.db");
    }
    let whole = fs::read(place.path("s.db")).unwrap();
    assert!(whole.len() >= 3 * 4096, "{}", whole.len());
    let mut overwritten = whole.clone();
    overwritten[4096..8192].fill(0xAA);
    fs::write(place.path("overwritten.db"), overwritten).unwrap();
    refused(&place, "overwritten.db", "it is damaged");
    fs::write(place.path("truncated.db"), &whole[..whole.len() - 4096]).unwrap();
    refused(&place, "truncated.db", "it is damaged");
    fs::write(place.path("torn.db"), &whole[..whole.len() / 2 + 100]).unwrap();
    refused(&place, "torn.db", "it is damaged");
    fs::write(place.path("first.db"), &whole[..4096]).unwrap();
    refused(&place, "first.db", "it is damaged");
}

#[test]
fn a_record_that_cannot_be_read_is_no_verdict() {
    let place = Place::new();
    place.pair("s.db");
    for text in ["{}", "not json", r#"{"record":"token","jti":"x","role":"access","shape":"round"}"#] {
        let store = Connection::open(place.path("s.db")).unwrap();
        store.execute("UPDATE records SET text = ?1 WHERE name LIKE 'token:%'", [text]).unwrap();
        drop(store);
        for line in
            ["verify --store s.db @access", "refresh --store s.db @refresh", "revoke --list --store s.db"]
        {
            let (status, stdout, stderr) = place.run(line);
            assert_eq!((status, stdout.as_str()), (Some(2), ""), "{line}");
            assert!(stderr.starts_with("error: the store holds a record that cannot be read"), "{stderr}");
        }
    }
}

#[test]
fn a_store_is_for_its_owner_alone() {
    let place = Place::new();
    place.pair("s.db");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place.path("s.db")), 0o600);
    // While it is open there are files beside it.
    let open = Connection::open(place.path("s.db")).unwrap();
    open.query_row("SELECT count(*) FROM records", [], |row| row.get::<_, i64>(0)).unwrap();
    place.run("pair --user-id 7 --store s.db");
    let beside: Vec<String> = place.names().into_iter().filter(|name| name.starts_with("s.db-")).collect();
    assert!(!beside.is_empty());
    for name in beside {
        assert_eq!(mode(&place.path(&name)), 0o600, "{name}");
    }
}

#[test]
fn nothing_is_left_behind_but_the_store() {
    let place = Place::new();
    place.pair("s.db");
    place.run("refresh --rotate --store s.db @refresh");
    place.run("refresh --rotate --store s.db @refresh");
    assert_eq!(place.names(), ["access", "refresh", "s.db"]);
}

#[test]
fn a_store_that_vanishes_is_missed_by_those_who_only_ask() {
    let place = Place::new();
    place.pair("s.db");
    place.run("refresh --rotate --store s.db @refresh");
    fs::remove_file(place.path("s.db")).unwrap();
    for line in ["verify --store s.db @access", "revoke --list --store s.db", "revoke --prune --store s.db"] {
        assert_eq!(place.run(line).0, Some(2), "{line}");
    }
    for line in [
        "verify --once --store sqlite:s.db?missing=deny @access",
        "refresh --store sqlite:s.db?missing=deny @refresh",
    ] {
        assert_eq!(place.run(line).0, Some(2), "{line}");
    }
    assert_eq!(place.names(), ["access", "refresh"]);
    // Whoever decides by it gets an empty one, and is told so.
    let (status, _, stderr) = place.run("refresh --rotate --store s.db @refresh");
    assert_eq!(status, Some(0));
    assert!(stderr.starts_with("warning: there was no store s.db, so an empty one was made"), "{stderr}");
}

#[test]
fn a_folder_that_vanishes_takes_nothing_with_it() {
    let place = Place::new();
    place.pair("s.db");
    for line in COMMANDS {
        let (status, stdout, _) = place.run(&line.replace("STORE", "gone/s.db"));
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{line}");
    }
    assert_eq!(place.run("verify -q --store s.db @access").0, Some(0));
}

/// Runs as somebody who is held back by the modes of files, if we are not.
fn as_nobody(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    if nix::unistd::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
}

const NEEDS_WRITE: &str = " the store s.db: SQLite has to write to the file and to its folder, and may not\n";
const LET_IT_WRITE: &str =
    "hint: even for a question its log (WAL) is written beside the file: let whoever runs this write both\n";

#[test]
fn a_store_that_can_only_be_read_answers_and_says_what_it_takes_to_write() {
    let place = Place::new();
    place.pair("s.db");
    let program = place.program();
    fs::set_permissions(place.0.path(), PermissionsExt::from_mode(0o777)).unwrap();
    fs::set_permissions(place.path("s.db"), PermissionsExt::from_mode(0o444)).unwrap();
    for (line, status) in [
        ("verify -q --store s.db @access", 0),
        ("revoke --store s.db @access", 2),
        ("refresh --rotate --store s.db @refresh", 2),
    ] {
        let mut command = Command::new(&program);
        command.args(split(line)).env_clear().env("FOB_SECRET", SECRET).current_dir(place.0.path());
        as_nobody(&mut command);
        let (ended, stdout, stderr) = outcome(&mut command);
        assert_eq!((ended, stdout.as_str()), (Some(status), ""), "{line}: {stderr}");
        let is_told = stderr.contains(NEEDS_WRITE) && stderr.ends_with(LET_IT_WRITE);
        assert_eq!(is_told, status == 2, "{line}: {stderr}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_no_store_and_none_is_made() {
    let place = Place::new();
    place.pair("good.db");
    std::os::unix::fs::symlink("gone.db", place.path("s.db")).unwrap();
    refused(&place, "s.db", "it is a link to gone.db, which is not there");
    std::os::unix::fs::symlink("good.db", place.path("link.db")).unwrap();
    assert_eq!(place.run("verify -q --store link.db @access").0, Some(0));
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_mints_nothing() {
    let place = Place::new();
    place.pair("s.db");
    // Whoever runs as root runs these as nobody, who has to reach the program.
    let program = place.program();
    if nix::unistd::geteuid().is_root() {
        for name in ["s.db", "access", "refresh"] {
            std::os::unix::fs::chown(place.path(name), Some(65534), Some(65534)).unwrap();
        }
    }
    let set_mode = |mode| fs::set_permissions(place.0.path(), PermissionsExt::from_mode(mode)).unwrap();
    let before = fs::read(place.path("s.db")).unwrap();
    set_mode(0o555);
    for (line, store) in COMMANDS.iter().flat_map(|line| [(line, "s.db"), (line, "new.db")]) {
        let mut command = Command::new(&program);
        command.args(split(&line.replace("STORE", store))).env_clear().env("FOB_SECRET", SECRET);
        command.current_dir(place.0.path()).stdin(Stdio::null());
        as_nobody(&mut command);
        let (status, stdout, stderr) = outcome(&mut command);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{line}: {stderr}");
        assert!(stderr.starts_with("error: cannot "), "{line}: {stderr}");
        if store == "s.db" {
            assert!(stderr.contains(NEEDS_WRITE), "{line}: {stderr}");
            assert!(stderr.ends_with(LET_IT_WRITE), "{line}: {stderr}");
        }
    }
    set_mode(0o755);
    assert_eq!(fs::read(place.path("s.db")).unwrap(), before);
    assert!(!place.path("new.db").exists());
}

#[test]
fn a_store_that_may_not_be_read_is_an_error() {
    let place = Place::new();
    place.pair("s.db");
    let program = place.program();
    fs::set_permissions(place.0.path(), PermissionsExt::from_mode(0o755)).unwrap();
    fs::set_permissions(place.path("s.db"), PermissionsExt::from_mode(0o000)).unwrap();
    let mut command = Command::new(&program);
    command.args(["verify", "--store", "s.db", "@access"]).env_clear().env("FOB_SECRET", SECRET);
    command.current_dir(place.0.path());
    as_nobody(&mut command);
    let (status, stdout, stderr) = outcome(&mut command);
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert_eq!(stderr, "error: cannot use the store s.db: Permission denied (os error 13)\n");
}

/// Runs `fob` where no file may grow beyond so many blocks of 512 bytes.
fn limited(place: &Place, blocks: usize, line: &str) -> Outcome {
    let mut shell = Command::new("sh");
    // A limit that is reached is an error of the write, not a signal that kills.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{}' {line}", env!("CARGO_BIN_EXE_fob"));
    shell.args(["-c", &script]).env_clear().env("FOB_SECRET", SECRET).current_dir(place.0.path());
    outcome(shell.stdin(Stdio::null()))
}

#[test]
fn a_full_disk_mints_nothing_and_loses_nothing() {
    let place = Place::new();
    place.pair("s.db");
    let blocks = fs::metadata(place.path("s.db")).unwrap().len() as usize / 512;
    let before = fs::read(place.path("s.db")).unwrap();
    for line in [
        "pair --user-id 7 --store s.db",
        "refresh --rotate --store s.db @refresh",
        "verify --once --store s.db @access",
        "revoke --store s.db @access",
        "revoke --subject 7 --store s.db",
    ] {
        // The log beside the file cannot hold the first page.
        let (status, stdout, stderr) = limited(&place, 4, line);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{line}: {stderr}");
        assert!(stderr.starts_with("error: cannot "), "{line}: {stderr}");
    }
    assert_eq!(limited(&place, 4, "pair --user-id 7 --store new.db").0, Some(2));
    assert!(!place.path("new.db").exists() && blocks > 4);
    assert_eq!(fs::read(place.path("s.db")).unwrap(), before);
    // As if nothing had happened: the token is good, and good for one use.
    assert_eq!(place.run("verify -q --store s.db @access").0, Some(0));
    assert_eq!(place.run("refresh -q --rotate --store s.db @refresh").0, Some(0));
    assert_eq!(place.run("refresh -q --rotate --store s.db @refresh").0, Some(1));
}

#[test]
fn tokens_that_cannot_be_printed_are_not_lost_silently() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let place = Place::new();
    place.pair("s.db");
    let run = |line: &str, is_full: bool| {
        let mut command = place.command(line);
        let (reader, closed) = std::io::pipe().unwrap();
        drop(reader);
        let stream = if is_full { Stdio::from(full.try_clone().unwrap()) } else { Stdio::from(closed) };
        let output = command.stdout(stream).stderr(Stdio::piped()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let lost = "hint: the refresh token is used up, and what was minted for it is lost: log in again\n";
    let (status, stderr) = run("refresh -q --rotate --store s.db @refresh", true);
    assert_eq!(status, Some(2));
    assert_eq!(
        stderr,
        format!("{lost}error: cannot write to standard output: No space left on device (os error 28)\n")
    );
    assert_eq!(place.run("refresh --json --store s.db @refresh").0, Some(1));
    place.pair("s.db");
    assert_eq!(run("refresh -q --rotate --store s.db @refresh", false), (Some(2), lost.to_owned()));
    place.pair("s.db");
    let used = "hint: the token is used up all the same: it was good, and is good no longer\n";
    assert_eq!(run("verify --once --store s.db @access", false), (Some(2), used.to_owned()));
    let (status, stderr) = run("pair --user-id 7 --store s.db", true);
    assert_eq!(status, Some(2));
    assert!(stderr.starts_with("hint: the store already holds these tokens, but they are lost"), "{stderr}");
}

#[test]
fn a_store_that_somebody_keeps_is_waited_for_and_then_given_up() {
    let place = Place::new();
    place.pair("s.db");
    let keeper = Connection::open(place.path("s.db")).unwrap();
    keeper.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Whoever only reads need not wait.
    assert_eq!(place.run("verify -q --store s.db @access").0, Some(0));
    let start = std::time::Instant::now();
    let (status, stdout, stderr) = place.run("refresh --rotate --store s.db @refresh");
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert_eq!(stderr, "error: cannot write the store s.db: another process has kept it for 10 seconds\n");
    assert!(start.elapsed().as_secs() >= 9);
    keeper.execute_batch("ROLLBACK").unwrap();
    assert_eq!(place.run("refresh -q --rotate --store s.db @refresh").0, Some(0));
}
