//! Windows: access lists of new files, files that other users can access, and Ctrl-Break. `icacls`, a program of the system, sets
//! and reads the lists. Python sends the signal.

use crate::support::process::Process;
use crate::support::world::{SECRET, split, token};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::windows::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// All users of the system, in their language.
const ALL_USERS: &str = "*S-1-1-0";

/// Runs `icacls` on a path. Returns the entries of its access list if there are no further words.
#[track_caller]
fn icacls(path: &Path, words: &[&str]) -> Vec<String> {
    let output = Command::new("icacls").arg(path).args(words).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    // The first entry follows the path, and an empty line the last one.
    let list = text.replacen(&path.display().to_string(), "", 1);
    list.lines().map(str::trim).take_while(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Returns a folder in which other users can read and change new files.
fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    icacls(folder.path(), &["/grant", &format!("{ALL_USERS}:(OI)(CI)F")]);
    folder
}

/// Asserts that the access list of a file has one entry: all rights, not inherited, for the user who runs the test.
#[track_caller]
fn is_private(path: &Path) {
    let entries = icacls(path, &[]);
    let user = Command::new("whoami").output().unwrap().stdout;
    let user = String::from_utf8_lossy(&user).trim().to_lowercase();
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0].to_lowercase(), format!("{user}:(f)"));
}

fn run(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    Process::line(line).with_secret().folder(folder).run().parts()
}

#[test]
fn a_new_key_file_is_for_its_user_alone() {
    let folder = open_folder();
    let (status, _, stderr) = run(folder.path(), "key new --alg ES256 --out key.jwk");
    assert_eq!(status, Some(0), "{stderr}");
    is_private(&folder.path().join("key.jwk"));
    let (status, _, stderr) = run(folder.path(), "encode --key key.jwk --sub a");
    assert_eq!(status, Some(0), "{stderr}");
    assert!(!stderr.contains("other users"), "{stderr}");
    // Nothing is left of the file that was written first.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_report_is_for_its_user_alone() {
    let folder = open_folder();
    fs::write(folder.path().join("log"), token("{}")).unwrap();
    let (status, _, stderr) = run(folder.path(), "inspect log --report html=page.html");
    assert!(matches!(status, Some(0 | 1)), "{stderr}");
    is_private(&folder.path().join("page.html"));
}

#[test]
fn warns_about_a_private_key_that_others_can_read_until_the_hint_is_followed() {
    let folder = open_folder();
    let path = folder.path().join("key.jwk");
    let (_, key, _) = run(folder.path(), "key new --alg ES256 -q");
    fs::write(&path, key).unwrap();
    let encode = || {
        let (status, _, stderr) = run(folder.path(), "encode --key key.jwk --sub a");
        assert_eq!(status, Some(0), "{stderr}");
        stderr.lines().find(|line| line.contains("other users")).map(str::to_owned)
    };
    let warning = encode().unwrap();
    let expected = "warning: other users can read the private key in key.jwk; \
                    `icacls FILE /inheritance:r /grant:r *S-1-3-4:F` makes it yours alone";
    assert_eq!(warning, expected);
    icacls(&path, &["/inheritance:r", "/grant:r", "*S-1-3-4:F"]);
    assert_eq!(encode(), None);
}

#[test]
fn a_store_that_other_users_can_change_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (status, _, stderr) = run(folder.path(), "pair --user-id 7 --store s.db");
    assert_eq!(status, Some(0), "{stderr}");
    let store = folder.path().join("s.db");
    is_private(&store);
    let used = |why: &str| {
        let (status, _, stderr) = run(folder.path(), "pair --user-id 8 --store s.db");
        if why.is_empty() {
            assert_eq!(status, Some(0), "{stderr}");
        } else {
            assert_eq!(status, Some(2), "{stderr}");
            assert!(
                stderr.starts_with("error: cannot use the store s.db: ") && stderr.contains(why),
                "{stderr}"
            );
        }
    };
    used("");
    icacls(&store, &["/grant", &format!("{ALL_USERS}:M")]);
    used("the file can be changed by the users of its access control list");
    icacls(&store, &["/remove", ALL_USERS]);
    used("");
    icacls(folder.path(), &["/grant", &format!("{ALL_USERS}:(OI)(CI)M")]);
    used(
        "can be changed by the users of its access control list\nhint: keep the store in a folder that only you",
    );
}

#[test]
fn a_control_key_leaves_whole_lines_and_a_summary() {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    for line in
        ["verify --lines --threads 2", "decode --lines", "verify --lines --print accepted --threads 1"]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
        command.args(split(line)).env("FOB_SECRET", SECRET).creation_flags(CREATE_NEW_PROCESS_GROUP);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdin.write_all(format!("{0}\n{0}\n", token("{}")).as_bytes()).unwrap();
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        // An incomplete line is not judged.
        stdin.write_all(b"eyJ").unwrap();
        // Ctrl-C goes to all processes of a console, Ctrl-Break to one group.
        let script = "import os, signal, sys; os.kill(int(sys.argv[1]), signal.CTRL_BREAK_EVENT)";
        let sent = Command::new("python").args(["-c", script, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let (mut rest, mut stderr) = (String::new(), String::new());
        stdout.read_to_string(&mut rest).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{line}: {stderr}");
        assert_eq!(rest, first, "{line}");
        assert!(stderr.starts_with("2 tokens in "), "{stderr}");
    }
}
