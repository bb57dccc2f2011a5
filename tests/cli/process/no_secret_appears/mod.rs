//! No secret, password, private key or plaintext appears in any output, in any written file or in the process list. Each file
//! crosses channels of secrets with commands, and searches whatever they print and write. A command that exists to print a
//! secret is the proof that the search finds it.

mod decryption;
mod network;
mod signing;
mod wrong_place;

use crate::support::marks::Marks;
use crate::support::process::{Ended, Process};
use crate::support::world::{World, split};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The text secret of these tests.
const TEXT: &str = "Umbrella-Kettle-violet-31-orchard-xq7-ok";

/// The members of a JWK that are private (RFC 7518 section 6, RFC 8037, RFC 9964).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "k", "priv"];

/// One way to give a secret to the program.
#[derive(Clone, Default)]
struct Channel {
    name: String,
    /// The words of the command line, in place of `{k}`.
    words: Vec<String>,
    env: Vec<(&'static str, String)>,
    stdin: String,
}

impl Channel {
    fn new(name: impl Into<String>, words: &[&str]) -> Self {
        let words = words.iter().map(ToString::to_string).collect();
        Self { name: name.into(), words, ..Self::default() }
    }

    fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    fn stdin(mut self, text: impl Into<String>) -> Self {
        self.stdin = text.into();
        self
    }

    /// Returns the words of a command line with those of the channel in their place.
    fn words(&self, line: &str) -> Vec<String> {
        let words = split(line);
        words
            .into_iter()
            .flat_map(|word| if word == "{k}" { self.words.clone() } else { vec![word] })
            .collect()
    }
}

/// A folder for real processes, the secrets that they get, and the number of runs.
struct Bench {
    folder: tempfile::TempDir,
    marks: Marks,
    /// The files that the test itself wrote.
    inputs: BTreeSet<PathBuf>,
    /// How often each exit status came.
    statuses: BTreeMap<i32, usize>,
    /// The outputs that showed a secret.
    leaks: Vec<String>,
}

impl Bench {
    fn new() -> Self {
        let mut marks = Marks::default();
        marks.add(TEXT.as_bytes());
        let folder = tempfile::tempdir().unwrap();
        Self { folder, marks, inputs: BTreeSet::new(), statuses: BTreeMap::new(), leaks: Vec::new() }
    }

    /// Writes an input file that only the owner can read.
    fn file(&mut self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        self.inputs.insert(path);
    }

    /// Writes a private key as a file, and adds its private parts to the secrets. Proves that the search finds them.
    fn key(&mut self, name: &str, bytes: impl AsRef<[u8]>, password: Option<&str>) {
        self.file(name, bytes);
        let variable = if password.is_some() { "--key-password-env PASSWORD" } else { "" };
        let world = World::bare().folder(self.folder.path()).env("PASSWORD", password.unwrap_or_default());
        let shown = world.run(format!("key show {name} --private -q {variable}"));
        assert_eq!(shown.status, 0, "{}", shown.stderr);
        let shown_keys = shown.json();
        let only = std::slice::from_ref(&shown_keys);
        for key in shown_keys["keys"].as_array().map_or(only, Vec::as_slice) {
            for text in PRIVATE.iter().filter_map(|member| key[member].as_str()) {
                self.marks.add(&URL_SAFE_NO_PAD.decode(text).unwrap());
            }
        }
        assert!(self.marks.find(&shown.stdout).is_some(), "{name} has no private part");
    }

    /// Runs a command line with the secret of a channel. Searches both streams and every file that appears.
    #[track_caller]
    fn run(&mut self, channel: &Channel, line: &str) -> Ended {
        let words = channel.words(line);
        let mut process = Process::words(&words).folder(self.folder.path());
        for (name, value) in &channel.env {
            process = process.env(name, value);
        }
        if !channel.stdin.is_empty() {
            process = process.stdin(&channel.stdin);
        }
        let ended = process.run();
        let what = format!("{}: {line}", channel.name);
        for text in [&ended.stdout, &ended.stderr] {
            self.search(&what, text.as_bytes());
        }
        for path in files(self.folder.path()) {
            if !self.inputs.contains(&path) {
                self.search(&format!("{what} in {}", path.display()), &fs::read(&path).unwrap());
                fs::remove_file(path).unwrap();
            }
        }
        *self.statuses.entry(ended.status.unwrap()).or_default() += 1;
        ended
    }

    /// Notes a text that holds a secret.
    fn search(&mut self, what: &str, text: &[u8]) {
        if let Some(found) = self.marks.find(text) {
            let text: String = String::from_utf8_lossy(text).chars().take(1000).collect();
            self.leaks.push(format!("{what} shows {found:?}:\n{text}"));
        }
    }

    /// Fails if an output showed a secret, if fewer command lines ran, or if a status never came.
    #[track_caller]
    fn assert_silent(&self, at_least: usize, statuses: &[i32]) {
        assert!(self.leaks.is_empty(), "{} leaks\n{}", self.leaks.len(), self.leaks.join("\n"));
        let runs: usize = self.statuses.values().sum();
        assert!(runs >= at_least, "{runs} runs");
        for status in statuses {
            assert!(self.statuses.contains_key(status), "{status}: {:?}", self.statuses);
        }
    }
}

/// Returns all files in a folder and its subfolders.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Returns the bytes of a key that another tool wrote.
fn form(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms/");
    fs::read_to_string(format!("{folder}{name}")).unwrap()
}

/// Returns new keys of `fob key new`.
fn new_key(options: &str) -> String {
    World::with_stores().run(format!("key new -q {options}")).result().to_owned()
}

/// The process list shows the words of a command line. Secrets in the environment, in files and on standard input are not there.
#[cfg(target_os = "linux")]
#[test]
fn the_process_list_shows_no_secret() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut bench = Bench::new();
    bench.file("secret.txt", TEXT);
    bench.key("p256.pem", form("p256.enc-sha256.pem"), Some("correct-horse"));
    bench.marks.add(b"correct-horse");
    for (words, env, stdin) in [
        (&["verify", "--lines", "-", "--secret-env", "VAR"][..], ("VAR", TEXT), ""),
        (&["verify", "--lines", "-"], ("FOB_SECRET", TEXT), ""),
        (&["verify", "--lines", "-", "--secret-file", "secret.txt"], ("A", "b"), ""),
        (&["verify", "-", "--key", "p256.pem", "--key-password-env", "PW"], ("PW", "correct-horse"), ""),
        (&["verify", "e30.e30.AA", "--secret", "-"], ("A", "b"), TEXT),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
        command.args(words).env_clear().env(env.0, env.1).current_dir(bench.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        // Standard input stays open, so that the process runs on.
        child.stdin.as_mut().unwrap().write_all(stdin.as_bytes()).unwrap();
        // The kernel fills the list shortly after the start.
        let path = format!("/proc/{}/cmdline", child.id());
        let mut listed = Vec::new();
        while listed.is_empty() && child.try_wait().unwrap().is_none() {
            listed = fs::read(&path).unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        bench.assert_silent(0, &[]);
        assert!(listed.windows(6).any(|word| word == b"verify"), "{listed:?}");
        bench.search(&format!("{words:?}"), &listed);
    }
    // A secret on the command line is there, which the help says.
    assert!(bench.marks.find(format!("fob\0verify\0-s\0{TEXT}\0").as_bytes()).is_some());
}
