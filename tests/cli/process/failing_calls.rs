//! System calls that fail, one at a time: a full disk, a disk that cannot be read, too many open files. A command that could
//! not do its work ends with a status other than 0. A store or a file has its old content or its new one, never less.
//! `FOB_FAULTS` sets the number of positions at which each call fails.

use crate::support::client::times;
use crate::support::process::Process;
use crate::support::strace::{calls, failing, is_available};
use crate::support::world::token;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The system calls that fail, with their errors.
const FAULTS: [(&str, &[&str]); 13] = [
    ("write", &["ENOSPC", "EIO"]),
    ("pwrite64", &["ENOSPC"]),
    ("fsync", &["EIO"]),
    ("ftruncate", &["ENOSPC"]),
    ("openat", &["EMFILE"]),
    ("rename", &["EIO"]),
    ("renameat2", &["EIO"]),
    ("linkat", &["EIO"]),
    ("read", &["EIO"]),
    ("pread64", &["EIO"]),
    ("fcntl", &["EIO"]),
    ("newfstatat", &["EIO"]),
    ("statx", &["EIO"]),
];

/// A command, and what must hold after it. `is_done` is true if its status was 0.
struct Subject {
    line: &'static str,
    check: fn(folder: &Folder, output: &Output, is_done: bool),
}

/// A folder with a store, a key and tokens.
struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Returns the status of a command line without any fault.
    fn status(&self, line: &str) -> i32 {
        Process::line(line).with_secret().folder(self.0.path()).run().status.unwrap()
    }

    /// Reports whether a store knows a token and accepts it.
    #[track_caller]
    fn is_known(&self, store: &str, token: &str) -> bool {
        match self.status(&format!("verify -q --store sqlite:{store}?missing=deny {token}")) {
            0 => true,
            1 => false,
            status => panic!("{store}: {status}"),
        }
    }

    /// Asserts that the store still has everything that was in it before.
    #[track_caller]
    fn keeps_the_rest(&self) {
        assert_eq!(self.status("verify -q --store sqlite:s.db?missing=deny @kept"), 0);
        assert_eq!(self.status("verify -q --store s.db --expect revoked @revoked"), 0);
    }

    /// Copies the files of another folder.
    fn copy(from: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        Self(folder)
    }
}

/// Returns the tokens that a command printed.
fn tokens(output: &Output) -> [String; 2] {
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    ["access", "refresh"].map(|name| document[name].as_str().unwrap().to_owned())
}

/// Asserts that a new file is missing, or whole by this command line.
#[track_caller]
fn is_absent_or(folder: &Folder, name: &str, line: &str, is_done: bool) {
    let exists = folder.path(name).exists();
    assert!(exists || !is_done, "{name} is missing");
    assert!(!exists || folder.status(line) == 0, "{name} is not whole");
}

const SUBJECTS: [Subject; 13] = [
    Subject {
        line: "pair --user-id 7 --json --store s.db",
        check: |folder, output, is_done| {
            folder.keeps_the_rest();
            assert!(!is_done || tokens(output).iter().all(|token| folder.is_known("s.db", token)));
        },
    },
    Subject {
        line: "refresh --rotate --json --store s.db @refresh",
        check: |folder, output, is_done| {
            folder.keeps_the_rest();
            assert!(!is_done || tokens(output).iter().all(|token| folder.is_known("s.db", token)));
            assert!(!is_done || folder.status("verify -q --store s.db --expect reused @refresh") == 0);
        },
    },
    Subject {
        line: "revoke --store s.db @access",
        check: |folder, _, is_done| {
            folder.keeps_the_rest();
            assert!(!is_done || folder.status("verify -q --store s.db --expect revoked @access") == 0);
        },
    },
    Subject {
        line: "verify --once --store s.db @access",
        check: |folder, _, is_done| {
            folder.keeps_the_rest();
            assert!(!is_done || folder.status("verify -q --store s.db --expect reused @access") == 0);
        },
    },
    Subject {
        line: "pair --user-id 7 --json --store new.db",
        check: |folder, output, is_done| {
            assert!(!is_done || tokens(output).iter().all(|token| folder.is_known("new.db", token)));
            is_absent_or(folder, "new.db", "revoke -q --list --store new.db", is_done);
        },
    },
    // This token is revoked, so no fault may make it pass.
    Subject {
        line: "verify --store s.db @revoked",
        check: |folder, _, is_done| {
            folder.keeps_the_rest();
            assert!(!is_done, "a revoked token was accepted");
        },
    },
    Subject {
        line: "verify @forged",
        check: |_, _, is_done| assert!(!is_done, "a forged token was accepted"),
    },
    Subject {
        line: "encode --sub a",
        check: |folder, output, is_done| {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(!is_done || folder.status(&format!("verify -q {text}")) == 0);
        },
    },
    Subject {
        line: "key new --alg ES256 --out key.jwk",
        check: |folder, _, is_done| is_absent_or(folder, "key.jwk", "key show key.jwk", is_done),
    },
    Subject {
        line: "inspect @access --report html=page.html",
        check: |folder, _, is_done| {
            let page = fs::read_to_string(folder.path("page.html"));
            assert!(page.as_ref().is_ok_and(|page| page.contains("</html>")) || page.is_err() && !is_done);
        },
    },
    Subject {
        line: "verify --suite suite.toml --report junit=report.xml",
        check: |folder, _, is_done| {
            let report = fs::read_to_string(folder.path("report.xml"));
            let is_whole = report.as_ref().is_ok_and(|text| text.trim_end().ends_with("</testsuites>"));
            assert!(is_whole || report.is_err() && !is_done);
        },
    },
    Subject {
        line: "inspect @access --suite new.toml",
        check: |folder, _, is_done| is_absent_or(folder, "new.toml", "verify --suite new.toml", is_done),
    },
    Subject {
        line: "decode --lines lines",
        check: |_, output, is_done| {
            let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
            assert!(!is_done || lines == 50, "{lines} lines");
        },
    },
];

/// Makes the folder that every run starts with. The last revocation is only in the log beside the store.
fn template() -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    let run = |line: &str| Process::line(line).with_secret().folder(folder.0.path()).run();
    let pair = |access: &str, refresh: &str| {
        let ended = run("pair --user-id 7 --json --store s.db");
        let document: serde_json::Value = serde_json::from_str(ended.success()).unwrap();
        fs::write(folder.path(access), document["access"].as_str().unwrap()).unwrap();
        fs::write(folder.path(refresh), document["refresh"].as_str().unwrap()).unwrap();
    };
    pair("access", "refresh");
    pair("kept", "other");
    pair("revoked", "third");
    fs::write(folder.path("forged"), token(r#"{"sub":"a"}"#).replace(".ey", ".ez")).unwrap();
    fs::write(folder.path("lines"), format!("{}\n", token(r#"{"sub":"a"}"#)).repeat(50)).unwrap();
    let case =
        format!("[[cases]]\nname = \"a\"\ntoken = \"{}\"\nexpect = \"accepted\"\n", token(r#"{"sub":"a"}"#));
    fs::write(folder.path("suite.toml"), case).unwrap();
    let open = Connection::open(folder.path("s.db")).unwrap();
    open.query_row("SELECT count(*) FROM records", [], |row| row.get::<_, i64>(0)).unwrap();
    run("revoke -q --store s.db @revoked").success();
    let copy = Folder::copy(folder.0.path());
    // Another process would make it anew.
    let _ = fs::remove_file(copy.path("s.db-shm"));
    assert!(fs::metadata(copy.path("s.db-wal")).unwrap().len() > 0);
    drop(open);
    copy
}

/// Returns how often a run makes each call.
fn counts(template: &Folder, line: &str) -> BTreeMap<String, usize> {
    let folder = Folder::copy(template.0.path());
    let (_, calls) = calls(folder.0.path(), line);
    let mut counts = BTreeMap::new();
    for call in calls {
        *counts.entry(call.name).or_default() += 1;
    }
    counts
}

/// Returns at most `most` numbers from 1 to `count`, the last ones included: programs start with the same calls.
fn positions(count: usize, most: usize) -> Vec<usize> {
    let most = most.min(count);
    (0..most).map(|index| count - index * count / most).collect()
}

#[test]
fn no_failing_call_ends_in_success_or_loses_anything() {
    if !is_available() {
        return;
    }
    let (template, most) = (template(), times("FOB_FAULTS", 3));
    let (mut failed, mut harmless) = (0, 0);
    for Subject { line, check } in &SUBJECTS {
        let counts = counts(&template, line);
        for (call, errors) in FAULTS {
            let count = counts.get(call).copied().unwrap_or_default();
            for (error, number) in errors
                .iter()
                .flat_map(|error| positions(count, most).into_iter().map(move |number| (error, number)))
            {
                let folder = Folder::copy(template.0.path());
                let output = failing(folder.0.path(), line, call, error, number);
                let stderr = String::from_utf8_lossy(&output.stderr);
                let what = format!("{line}: {call} {number} of {count} fails with {error}: {stderr}");
                assert!(!stderr.contains("panicked"), "{what}");
                let status = output.status.code().unwrap_or_else(|| panic!("{what}: {}", output.status));
                if status == 0 {
                    harmless += 1
                } else {
                    failed += 1
                }
                let checked = std::panic::catch_unwind(|| check(&folder, &output, status == 0));
                assert!(checked.is_ok(), "{what}: status {status}");
            }
        }
    }
    assert!(failed > 100 && harmless > 10, "{failed} {harmless}");
}

#[test]
fn repeats_calls_that_a_signal_interrupts() {
    if !is_available() {
        return;
    }
    let template = template();
    // The clock is set, because the words for a lifetime have several lengths.
    for line in [
        "encode --sub a",
        "decode --lines lines",
        "decode @access --at 1700000000",
        "key new --alg ES256 --out key.jwk",
    ] {
        let folder = Folder::copy(template.0.path());
        let (expected, _) = calls(folder.0.path(), line);
        assert!(expected.status.success(), "{line}: {expected:?}");
        let counts = counts(&template, line);
        for call in ["write", "read", "openat", "fsync"] {
            // The loader of the system, which comes first, repeats nothing.
            let count = counts.get(call).copied().unwrap_or_default();
            for number in positions(count, if call == "write" || call == "fsync" { count } else { 1 }) {
                let folder = Folder::copy(template.0.path());
                let output = failing(folder.0.path(), line, call, "EINTR", number);
                let what = format!("{line}: {call} {number} of {count}: {output:?}");
                assert_eq!(output.status.code(), Some(0), "{what}");
                assert_eq!(output.stdout.len(), expected.stdout.len(), "{what}");
            }
        }
    }
}
