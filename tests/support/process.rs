//! Runs of the program as a process of its own. A process starts with an empty environment and an empty standard input.
//! A failed expectation prints the command, the status and both streams.
#![cfg_attr(not(unix), allow(dead_code, reason = "most tests that run processes need Unix"))]

use crate::support::schema;
use crate::support::world::{SECRET, split};
use std::ffi::OsStr;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A process to run.
pub(crate) struct Process {
    command: Command,
    stdin: Vec<u8>,
}

/// The exit status and the output of a process.
pub(crate) struct Ended {
    /// The program and its arguments, for failed expectations.
    command: String,
    /// The exit status; `None` if a signal ended the process.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Process {
    /// Prepares the program with a command line, which is split as by a shell. `fob` itself is left out.
    pub(crate) fn line(line: &str) -> Self {
        Self::words(&split(line))
    }

    /// Prepares the program with arguments.
    pub(crate) fn words(words: &[impl AsRef<OsStr>]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
        command.args(words);
        Self::from_command(command)
    }

    /// Prepares the program with a command line and a limit on the size of each file it writes, in blocks of 512 bytes.
    pub(crate) fn with_file_limit(blocks: usize, line: &str) -> Self {
        let mut shell = Command::new("sh");
        // Without the signal, the write that reaches the limit fails with an error.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{}' {line}", env!("CARGO_BIN_EXE_fob"));
        shell.args(["-c", &script]);
        Self::from_command(shell)
    }

    /// Prepares any command, such as a copy of the program.
    pub(crate) fn from_command(mut command: Command) -> Self {
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, stdin: Vec::new() }
    }

    /// Sets `FOB_SECRET` to [`SECRET`].
    pub(crate) fn with_secret(self) -> Self {
        self.env("FOB_SECRET", SECRET)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn envs(mut self, variables: &[(&str, &str)]) -> Self {
        self.command.envs(variables.iter().copied());
        self
    }

    pub(crate) fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.command.current_dir(folder.into());
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, words: &[impl AsRef<OsStr>]) -> Self {
        self.command.args(words);
        self
    }

    /// Sets the bytes on standard input.
    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.command.stdin(Stdio::piped());
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    /// Reads standard input from a stream, for example from a pipe that stays open.
    pub(crate) fn stdin_from(mut self, stream: impl Into<Stdio>) -> Self {
        self.command.stdin(stream);
        self
    }

    /// Sends standard output elsewhere, for example to a full disk. [`Ended::stdout`] is then empty.
    pub(crate) fn stdout(mut self, stream: impl Into<Stdio>) -> Self {
        self.command.stdout(stream);
        self
    }

    /// Sends standard error elsewhere. [`Ended::stderr`] is then empty.
    pub(crate) fn stderr(mut self, stream: impl Into<Stdio>) -> Self {
        self.command.stderr(stream);
        self
    }

    /// Runs the process to its end. Neither stream may contain the secret or the message of a panic.
    #[track_caller]
    pub(crate) fn run(self) -> Ended {
        self.run_with(|_, _| {})
    }

    /// Runs the process like [`Self::run`], and fails if it takes longer than the limit. The output must fit into the
    /// pipes.
    #[track_caller]
    pub(crate) fn run_within(self, limit: Duration) -> Ended {
        self.run_with(|child, name| {
            let start = Instant::now();
            while child.try_wait().unwrap().is_none() {
                if start.elapsed() > limit {
                    child.kill().unwrap();
                    panic!("{name}\nstill running after {limit:?}");
                }
                sleep(Duration::from_millis(5));
            }
        })
    }

    #[track_caller]
    fn run_with(mut self, wait: impl FnOnce(&mut Child, &str)) -> Ended {
        let name = format!("{:?}", self.command);
        let is_program = self.command.get_program() == env!("CARGO_BIN_EXE_fob");
        let arguments: Option<Vec<String>> = is_program
            .then(|| self.command.get_args().map(|word| word.to_string_lossy().into_owned()).collect());
        let mut child = self.command.spawn().unwrap();
        // The parent must not keep the other ends of pipes that were passed to the process.
        drop(self.command);
        if let Some(mut stdin) = child.stdin.take() {
            // A process that ends early does not read its input.
            let _ = stdin.write_all(&self.stdin);
        }
        wait(&mut child, &name);
        let output = child.wait_with_output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        // A killed process can leave a part of a document.
        if let (Some(arguments), Some(_)) = (arguments, output.status.code()) {
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            schema::search(&words, stdout.as_bytes());
        }
        let ended = Ended { command: name, status: output.status.code(), stdout, stderr };
        assert!(!ended.stderr.contains("panicked"), "{ended}");
        assert!(!ended.stdout.contains(SECRET) && !ended.stderr.contains(SECRET), "{ended}");
        ended
    }
}

impl Ended {
    /// Asserts the exit status and the exact text of both streams.
    #[track_caller]
    pub(crate) fn expect(&self, status: i32, stdout: &str, stderr: &str) {
        let found = (self.status, self.stdout.as_str(), self.stderr.as_str());
        assert!(
            found == (Some(status), stdout, stderr),
            "expected status {status}:\n{stdout}\n{stderr}\nfound {self}"
        );
    }

    /// Asserts that the exit status is one of these, without a look at the streams.
    #[track_caller]
    pub(crate) fn expect_status(&self, statuses: &[i32]) {
        assert!(
            self.status.is_some_and(|status| statuses.contains(&status)),
            "expected status {statuses:?}, found {self}"
        );
    }

    /// Asserts status 0 and an empty standard error, and returns standard output.
    #[track_caller]
    pub(crate) fn success(&self) -> &str {
        assert!(self.status == Some(0) && self.stderr.is_empty(), "expected success, found {self}");
        &self.stdout
    }

    /// Asserts the exit status, an empty standard output, and how standard error begins.
    #[track_caller]
    pub(crate) fn failure(&self, status: i32, stderr: &str) {
        let found = (self.status, self.stdout.as_str());
        assert!(
            found == (Some(status), "") && self.stderr.starts_with(stderr),
            "expected status {status} and {stderr}\nfound {self}"
        );
    }

    /// Returns the status and both streams, for tests that compare them in other ways.
    pub(crate) fn parts(self) -> (Option<i32>, String, String) {
        (self.status, self.stdout, self.stderr)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, status, stdout, stderr } = self;
        write!(f, "{command}\nstatus: {status:?}\nstdout:\n{stdout}\nstderr:\n{stderr}")
    }
}

/// Runs a command line in a folder, and returns the status and both streams.
pub(crate) fn run_in(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    Process::line(line).with_secret().folder(folder).run().parts()
}
