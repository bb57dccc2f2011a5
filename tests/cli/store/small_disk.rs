//! A disk that is full at each possible moment. Failed commands change nothing; acknowledged changes are kept. The disk is a
//! small tmpfs in a mount namespace of its own. Systems that do not allow this skip the tests.

use crate::support::client::{Tokens, command};
use crate::support::disk::Disk;

/// Runs a command on the store of the disk.
fn fob(disk: &Disk, line: &str, stdin: &str) -> (Option<i32>, String, String) {
    let store = disk.folder.path().join("s.db");
    let output = disk.inside(&command(line, store.to_str().unwrap()), stdin);
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!stderr.contains("panicked"), "{stderr}");
    (output.status.code(), stdout, stderr)
}

#[test]
fn changes_nothing_when_the_disk_is_full_at_any_moment() {
    let Some(disk) = Disk::new() else { return };
    let login = |line: &str| {
        let (status, stdout, stderr) = fob(&disk, line, "");
        assert_eq!(status, Some(0), "{stderr}");
        Tokens::from_json(stdout.as_bytes())
    };
    let first = login("pair --user-id 7 --json");
    let (mut failed, mut done) = (0, 0);
    // From no free page at all, to enough pages for the whole write.
    for pages in 0..24 {
        let pair = login("pair --user-id 7 --json");
        disk.fill(pages);
        let rotated = fob(&disk, "refresh --rotate --json", &pair.refresh);
        let revoked = fob(&disk, "revoke -q", &pair.access);
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
        let reused = fob(&disk, "verify -q --expect reused", &pair.refresh).0 == Some(0);
        assert_eq!(reused, rotated.0 == Some(0), "{pages}: {}", rotated.2);
        let is_revoked = fob(&disk, "verify -q --expect revoked", &pair.access).0 == Some(0);
        assert_eq!(is_revoked, revoked.0 == Some(0), "{pages}: {}", revoked.2);
        assert_eq!(fob(&disk, "revoke --list --json", "").0, Some(0));
    }
    assert!(failed > 4 && done > 4, "{failed} {done}");
    assert_eq!(
        fob(&disk, "refresh -q --rotate", &first.refresh).0,
        Some(0),
        "the first token is still valid"
    );
}

#[test]
fn keeps_all_records_when_the_disk_fills_up() {
    let Some(disk) = Disk::new() else { return };
    let mut logins = Vec::new();
    disk.fill(40);
    let refusal = loop {
        let (status, stdout, stderr) = fob(&disk, "pair --user-id 7 --json", "");
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
        assert_eq!(fob(&disk, "refresh -q --rotate", &login.refresh).0, Some(0));
    }
}
