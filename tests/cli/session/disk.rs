//! A disk that is full or read-only at each possible moment. The newest refresh token is in the file, or on standard output.

use crate::support::disk::Disk;
use crate::support::strict_server::StrictServer;
use std::process::Command;

/// Runs a command in the folder of the disk. Returns its status and both streams.
fn fob(disk: &Disk, line: &str) -> (Option<i32>, String, String) {
    let folder = disk.folder.path().display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
    command.args(line.replace("FILE", &format!("{folder}/api.json")).split(' ')).env("PASSWORD", "hunter2");
    let output = disk.inside(&command, "");
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!stderr.contains("panicked"), "{stderr}");
    (output.status.code(), stdout, stderr)
}

/// Returns the refresh token in the file.
fn kept(disk: &Disk) -> String {
    let mut command = Command::new("cat");
    command.arg(disk.folder.path().join("api.json"));
    let content: serde_json::Value = serde_json::from_slice(&disk.inside(&command, "").stdout).unwrap();
    content["tokens"]["refresh"].as_str().unwrap().to_owned()
}

#[test]
fn a_full_disk_loses_no_refresh_token_at_any_moment() {
    let Some(disk) = Disk::new() else { return };
    let server = StrictServer::new();
    let url = server.url();
    let login = format!("pair --from {url} --profile oauth --user al --password-env PASSWORD --session FILE");
    assert_eq!(fob(&disk, &login).0, Some(0));
    let (mut failed, mut done) = (0, 0);
    for pages in 0..30 {
        let before = server.facts().requests;
        disk.fill(pages);
        let (status, stdout, stderr) = fob(&disk, "refresh --session FILE --valid-for 1h");
        disk.free();
        let requests = server.facts().requests - before;
        match status {
            Some(0) => {
                done += 1;
                assert_eq!((requests, stdout.as_str()), (1, format!("{}\n", server.facts().access).as_str()));
            }
            Some(2) => {
                failed += 1;
                // The lock file needs room, too.
                let expected = ["error: nothing was sent, since ", "error: cannot lock the session in "];
                assert!(expected.iter().any(|text| stderr.starts_with(text)), "{pages}: {stderr}");
                assert_eq!((requests, stdout.as_str()), (0, ""), "{pages}: {stderr}");
            }
            _ => panic!("{pages} {status:?}: {stderr}"),
        }
        assert_eq!(Some(kept(&disk)), server.facts().refresh, "{pages}: {stderr}");
    }
    assert!(failed > 4 && done > 4, "{failed} {done}");
    assert_eq!(server.facts().refused, 0);
}

#[test]
fn a_read_only_disk_fails_before_the_server_is_asked() {
    let Some(disk) = Disk::new() else { return };
    let server = StrictServer::new();
    let url = server.url();
    let login = format!("pair --from {url} --profile oauth --user al --password-env PASSWORD --session FILE");
    assert_eq!(fob(&disk, &login).0, Some(0));
    disk.shell("mount -o remount,ro $0");
    let (status, stdout, stderr) = fob(&disk, "refresh --session FILE --valid-for 1h");
    assert_eq!((status, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.starts_with("error: cannot lock the session in "), "{stderr}");
    assert_eq!(fob(&disk, "refresh --session FILE").0, Some(0), "a good token needs no room");
    assert_eq!(server.facts().requests, 1);
}
