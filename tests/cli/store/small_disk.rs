//! A disk that is full at each possible moment. Failed commands change nothing; acknowledged changes are kept. The disk is a
//! small tmpfs in a mount namespace of its own. Systems that do not allow this skip the tests.

use crate::support::client::{Tokens, command};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Output, Stdio};

/// A folder on a disk of its own, which exists as long as the process that mounted it.
struct Disk {
    folder: tempfile::TempDir,
    keeper: Child,
}

impl Disk {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let script = r#"mount -t tmpfs -o size=400k tmpfs "$0" && echo mounted && exec cat"#;
        let mut keeper = Command::new("unshare");
        keeper.args(["--map-root-user", "--mount", "sh", "-c", script]).arg(folder.path());
        let keeper =
            keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut disk = Self { folder, keeper };
        let mut line = String::new();
        BufReader::new(disk.keeper.stdout.take()?).read_line(&mut line).ok()?;
        (line == "mounted\n").then_some(disk)
    }

    /// Runs a command in the namespace of the disk.
    fn inside(&self, inner: &Command, stdin: &str) -> Output {
        let mut command = Command::new("nsenter");
        command.args(["--user", "--mount", "--preserve-credentials", "--target"]);
        command.arg(self.keeper.id().to_string()).arg(inner.get_program()).args(inner.get_args());
        for (name, value) in inner.get_envs() {
            command.envs(value.map(|value| (name, value)));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn fob(&self, line: &str, stdin: &str) -> (Option<i32>, String, String) {
        let store = self.folder.path().join("s.db");
        let output = self.inside(&command(line, store.to_str().unwrap()), stdin);
        let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(!stderr.contains("panicked"), "{stderr}");
        (output.status.code(), stdout, stderr)
    }

    fn shell(&self, script: &str) {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(self.folder.path());
        let output = self.inside(&shell, "");
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Fills the disk except for a number of pages of 4 KiB.
    fn fill(&self, pages: usize) {
        self.shell(&format!(
            "cd $0; dd if=/dev/zero of=fill bs=4096 2>/dev/null; truncate -c -s -{}K fill",
            4 * pages
        ));
    }

    fn free(&self) {
        self.shell("rm $0/fill");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

#[test]
fn changes_nothing_when_the_disk_is_full_at_any_moment() {
    let Some(disk) = Disk::new() else { return };
    let login = |line: &str| {
        let (status, stdout, stderr) = disk.fob(line, "");
        assert_eq!(status, Some(0), "{stderr}");
        Tokens::from_json(stdout.as_bytes())
    };
    let first = login("pair --user-id 7 --json");
    let (mut failed, mut done) = (0, 0);
    // From no free page at all, to enough pages for the whole write.
    for pages in 0..24 {
        let pair = login("pair --user-id 7 --json");
        disk.fill(pages);
        let rotated = disk.fob("refresh --rotate --json", &pair.refresh);
        let revoked = disk.fob("revoke -q", &pair.access);
        disk.free();
        for (status, stdout, stderr) in [&rotated, &revoked] {
            match status {
                Some(0) => done += 1,
                Some(2) => {
                    failed += 1;
                    assert!(
                        stdout.is_empty() || stdout.starts_with("{\"error\":{\"code\":\"store\","),
                        "{stdout}"
                    );
                    assert!(stderr.starts_with("error: cannot "), "{pages}: {stderr}");
                }
                _ => panic!("{pages} {status:?}: {stderr}"),
            }
        }
        let reused = disk.fob("verify -q --expect reused", &pair.refresh).0 == Some(0);
        assert_eq!(reused, rotated.0 == Some(0), "{pages}: {}", rotated.2);
        let is_revoked = disk.fob("verify -q --expect revoked", &pair.access).0 == Some(0);
        assert_eq!(is_revoked, revoked.0 == Some(0), "{pages}: {}", revoked.2);
        assert_eq!(disk.fob("revoke --list --json", "").0, Some(0));
    }
    assert!(failed > 4 && done > 4, "{failed} {done}");
    assert_eq!(disk.fob("refresh -q --rotate", &first.refresh).0, Some(0), "the first token is still valid");
}

#[test]
fn keeps_all_records_when_the_disk_fills_up() {
    let Some(disk) = Disk::new() else { return };
    let mut logins = Vec::new();
    disk.fill(40);
    let refusal = loop {
        let (status, stdout, stderr) = disk.fob("pair --user-id 7 --json", "");
        if status != Some(0) {
            assert_eq!(status, Some(2));
            assert!(stdout.starts_with("{\"error\":{\"code\":\"store\","), "{stdout}");
            break stderr;
        }
        logins.push(Tokens::from_json(stdout.as_bytes()));
        assert!(logins.len() < 500, "the disk never fills up");
    };
    assert!(refusal.contains("full") || refusal.contains("No space"), "{refusal}");
    disk.free();
    assert!(logins.len() > 20, "{}", logins.len());
    for login in &logins {
        assert_eq!(disk.fob("refresh -q --rotate", &login.refresh).0, Some(0));
    }
}
