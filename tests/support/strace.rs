//! Runs of the program under strace, which lists its system calls and lets one of them fail.

use crate::support::world::{SECRET, split};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A system call, with its arguments as strace prints them.
#[derive(Clone, Debug)]
pub(crate) struct SystemCall {
    pub(crate) name: String,
    pub(crate) arguments: String,
}

/// Reports whether strace can trace a process here. Says so if it cannot.
#[expect(clippy::print_stderr, reason = "a person must know which tests did not run")]
pub(crate) fn is_available() -> bool {
    let mut command = Command::new("strace");
    command.args(["-qq", "-o", "/dev/null", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    let is_available = command.status().is_ok_and(|status| status.success());
    if !is_available {
        eprintln!("NOT CHECKED: strace cannot trace a process here");
    }
    is_available
}

fn traced(options: &[&str], folder: &Path, line: &str) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq"]).args(options).arg(env!("CARGO_BIN_EXE_fob")).args(split(line));
    command.current_dir(folder).env_clear().env("FOB_SECRET", SECRET).env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command line in a folder, and returns its output and its system calls.
pub(crate) fn calls(folder: &Path, line: &str) -> (Output, Vec<SystemCall>) {
    let log = tempfile::tempdir().unwrap();
    let path: PathBuf = log.path().join("log");
    let output = traced(&["-s", "4096", "-o", path.to_str().unwrap()], folder, line).output().unwrap();
    let text = fs::read(&path).unwrap();
    let calls = String::from_utf8_lossy(&text).lines().filter_map(parsed).collect();
    (output, calls)
}

/// Parses a line such as `4711 openat(AT_FDCWD, "a", O_RDONLY) = 3`. Returns `None` for signals, exits and the ends of calls
/// that another thread interrupted.
fn parsed(line: &str) -> Option<SystemCall> {
    let call = line.split_once(' ')?.1.trim_start();
    let (name, arguments) = call.split_once('(')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| SystemCall { name: name.to_owned(), arguments: arguments.to_owned() })
}

/// Runs a command line in a folder. Its `number`th system call of this name fails with this error, and does nothing.
pub(crate) fn failing(folder: &Path, line: &str, call: &str, error: &str, number: usize) -> Output {
    let injected = format!("inject={call}:error={error}:when={number}");
    let trace = format!("trace={call}");
    traced(&["-o", "/dev/null", "-e", &trace, "-e", &injected], folder, line).output().unwrap()
}
