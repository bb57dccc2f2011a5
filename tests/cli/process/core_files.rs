//! The memory of the program holds secrets. On Linux, neither a core file nor another process of the same user shows it.

use crate::support::world::SECRET;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A user without privileges, in place of root.
const UNPRIVILEGED: u32 = 65534;

/// Starts a program that waits for its standard input, as a user without privileges.
fn start(program: &Path, words: &[&str]) -> Child {
    let mut command = Command::new(program);
    command.args(words).env_clear().env("FOB_SECRET", SECRET);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    if nix::unistd::geteuid().is_root() {
        command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
    }
    command.spawn().unwrap()
}

/// Returns the owner of the files in `/proc` that show the memory of a process. The kernel gives them to root when the process
/// must not be dumped.
fn owner(child: &Child) -> u32 {
    fs::metadata(format!("/proc/{}/mem", child.id())).unwrap().uid()
}

#[test]
fn forbids_core_files_and_readers_of_its_memory() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let program = folder.path().join("fob");
    let mut copy = Command::new("cp");
    assert!(copy.arg(env!("CARGO_BIN_EXE_fob")).arg(&program).status().unwrap().success());
    let mut others = start(Path::new("/bin/cat"), &[]);
    let mut child = start(&program, &["verify", "-"]);
    let begun = Instant::now();
    while owner(&child) != 0 && begun.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(5));
    }
    let found = (owner(&others), owner(&child));
    for child in [&mut others, &mut child] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let user = nix::unistd::geteuid().as_raw();
    assert_eq!(found, (if user == 0 { UNPRIVILEGED } else { user }, 0));
}

#[test]
fn still_reads_the_pipes_of_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let program = folder.path().join("fob");
    let mut copy = Command::new("cp");
    assert!(copy.arg(env!("CARGO_BIN_EXE_fob")).arg(&program).status().unwrap().success());
    let script =
        "$0 encode --sub a | $0 verify -q @/dev/stdin && $0 encode --sub a | $0 verify -q @/proc/self/fd/0";
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(&program).env_clear().env("FOB_SECRET", SECRET);
    if nix::unistd::geteuid().is_root() {
        shell.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
    }
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
