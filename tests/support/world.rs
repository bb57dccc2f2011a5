//! A fake world for runs in this process: a fixed clock, zeros for randomness, files in memory, scripted prompts. The output
//! of every run is searched for the secret and for raw control characters, and its JSON is validated.

use crate::support::schema;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::key::Key;
use fob::core::key::secret::Secret;
use fob::core::text::escape::is_hostile;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;
use fob::core::token::numeric_date::NumericDate;
use fob::host::fake::{FakeFiles, FakeServers, PostedRequest, RequestLog, ScriptedPrompter};
use fob::host::{Echo, Host, RequestError, Response};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// The default clock of all tests: 2026-01-31T12:00:00Z.
pub(crate) const NOW: i64 = 1_769_860_800;

/// A secret as long as the hash of HS256. No other text contains it.
pub(crate) const SECRET: &str = "zebra-crossing-at-seven-minutes!";

/// The header that `fob encode` writes.
pub(crate) const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Returns a command line that runs a program with default signal handling. A shell that runs the tests in the background
/// ignores SIGINT, and processes inherit that.
#[cfg(unix)]
pub(crate) fn attentive(program: &str) -> Vec<String> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default();
    let ignored = u64::from_str_radix(mask.trim(), 16).unwrap_or_default();
    let ends = |signal: nix::sys::signal::Signal| ignored & 1 << (signal as u32 - 1) == 0;
    let mut words = Vec::new();
    if !ends(nix::sys::signal::Signal::SIGINT) || !ends(nix::sys::signal::Signal::SIGTERM) {
        words.extend(["/usr/bin/env", "--default-signal=INT,TERM"].map(str::to_owned));
    }
    words.push(program.to_owned());
    words
}

/// The world of a run. [`World::new`] has `SECRET` in `FOB_SECRET`, as most tests need it.
#[derive(Clone)]
pub(crate) struct World {
    now: String,
    stdin: Vec<u8>,
    env: BTreeMap<String, OsString>,
    files: FakeFiles,
    servers: FakeServers,
    /// Tells which of standard input, output and error are terminals.
    terminals: [bool; 3],
    columns: Option<usize>,
    answers: Vec<Option<String>>,
    /// Makes random bytes differ each time, as tests with stores need it.
    has_stores: bool,
}

/// The exit status and the output of a run.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u8,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    /// The prompts, and whether each hid its answer.
    pub(crate) questions: Vec<(String, bool)>,
    /// The POST requests.
    pub(crate) posted: Vec<PostedRequest>,
    /// The URLs of the GET requests.
    pub(crate) requested: Vec<String>,
}

impl World {
    /// Returns a world with `SECRET` in the environment.
    pub(crate) fn new() -> Self {
        Self::bare().env("FOB_SECRET", SECRET)
    }

    /// Returns an empty world.
    pub(crate) fn bare() -> Self {
        Self {
            now: NOW.to_string(),
            stdin: Vec::new(),
            env: BTreeMap::new(),
            files: FakeFiles::default(),
            servers: FakeServers::default(),
            terminals: [false; 3],
            columns: None,
            answers: Vec::new(),
            has_stores: false,
        }
    }

    /// Returns a world for stores, with `SECRET` in the environment. No two tokens get the same ID.
    pub(crate) fn with_stores() -> Self {
        Self { has_stores: true, ..Self::new() }
    }

    /// Sets the clock, in seconds since 1970, with or without a fraction.
    pub(crate) fn at(mut self, seconds: impl ToString) -> Self {
        self.now = seconds.to_string();
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn file(mut self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.add(path, bytes);
        self
    }

    /// Adds a file that cannot be opened.
    pub(crate) fn locked_file(mut self, path: &str) -> Self {
        self.files.unreadable.insert(path.into());
        self.file(path, "")
    }

    /// Looks for files that are not in memory in this real folder.
    pub(crate) fn folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.real_folder = Some(path.into());
        self
    }

    /// Sets the response of every server to every POST request.
    pub(crate) fn server(mut self, response: Result<Response, RequestError>) -> Self {
        self.servers.set_for_posts(response);
        self
    }

    /// Sets the document at a URL.
    pub(crate) fn document(mut self, url: &str, body: impl Into<Vec<u8>>) -> Self {
        self.servers.set(url, Ok(Response { status: 200, body: body.into(), ..Response::default() }));
        self
    }

    /// Sets the response to a GET request.
    pub(crate) fn answering(mut self, url: &str, response: Response) -> Self {
        self.servers.set(url, Ok(response));
        self
    }

    /// Sets a response with this status and body.
    pub(crate) fn serving(self, status: u16, body: &str) -> Self {
        self.server(Ok(Response { status, body: body.into(), ..Response::default() }))
    }

    /// Sets which of standard input, output and error are terminals.
    pub(crate) const fn terminals(mut self, which: [bool; 3]) -> Self {
        self.terminals = which;
        self
    }

    pub(crate) const fn columns(mut self, columns: usize) -> Self {
        self.columns = Some(columns);
        self
    }

    /// Scripts the answers to prompts. Further prompts are cancelled.
    pub(crate) fn person(mut self, answers: &[Option<&str>]) -> Self {
        self.terminals = [true; 3];
        self.answers = answers.iter().map(|answer| answer.map(str::to_owned)).collect();
        self
    }

    /// Runs a command line, which is split as by a shell. `fob` itself is left out.
    pub(crate) fn run(&self, line: impl AsRef<str>) -> Outcome {
        self.run_words(&split(line.as_ref()))
    }

    pub(crate) fn run_words(&self, words: &[impl AsRef<str>]) -> Outcome {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let questions = RefCell::new(Vec::new());
        let requests = RefCell::new(RequestLog::default());
        let now = NumericDate::from_json_number(&self.now);
        let mut host = Host::fake(now, &self.stdin, &mut stdout, &mut stderr);
        let [stdin_is_terminal, stdout_is_terminal, stderr_is_terminal] = self.terminals;
        host.stdin_is_terminal = stdin_is_terminal;
        host.stdout.is_terminal = stdout_is_terminal;
        host.stderr.is_terminal = stderr_is_terminal;
        host.env = Box::new(|name| self.env.get(name).cloned());
        self.files.make_readable(&mut host);
        self.servers.connect(&requests, &mut host);
        host.prompter = Box::new(ScriptedPrompter::new(&self.answers, &questions));
        host.columns = Box::new(|| self.columns);
        if self.has_stores {
            host.entropy = Box::new(|bytes| {
                static COUNT: AtomicU64 = AtomicU64::new(1);
                let count = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                bytes.iter_mut().rev().zip(count.iter().rev()).for_each(|(to, from)| *to = *from);
                Ok(())
            });
        }
        let arguments = ["fob"].iter().chain(&words).map(OsString::from);
        let status = fob::run(arguments, &mut host) as u8;
        drop(host);
        let RequestLog { requested, posted } = requests.into_inner();
        let outcome = Outcome {
            status,
            stdout,
            stderr: String::from_utf8(stderr).unwrap(),
            questions: questions
                .into_inner()
                .into_iter()
                .map(|(question, echo)| (question, echo == Echo::Hidden))
                .collect(),
            posted,
            requested,
        };
        self.search(&words, &outcome);
        outcome
    }

    /// Asserts that no output contains the secret or a raw control character.
    fn search(&self, words: &[&str], outcome: &Outcome) {
        let stdout = String::from_utf8_lossy(&outcome.stdout).into_owned();
        for text in [&stdout, &outcome.stderr] {
            assert!(!text.contains(SECRET), "{words:?} shows the secret: {text}");
        }
        // These options print raw bytes, escape sequences, or a script.
        let raw = ["--part", "--print", "always", "completions"].iter().any(|word| words.contains(word))
            || self.env.contains_key("CLICOLOR_FORCE")
            || self.env.contains_key("FORCE_COLOR")
            || self.terminals != [false; 3];
        if !raw {
            schema::search(words, &outcome.stdout);
        }
        let lines = words.iter().any(|word| word.starts_with("--lines") || word.starts_with("--oneline"));
        for text in [&stdout, &outcome.stderr] {
            // Lines have columns, and absent values leave an empty one.
            let is_layout = |c| c == '\n' || (lines && c == '\t');
            let found = text.chars().find(|&c| is_hostile(c) && !is_layout(c));
            assert!(raw || found.is_none(), "{words:?} lets {found:?} through: {text}");
            let one_break = text.ends_with('\n') && (lines || !text.ends_with("\n\n"));
            assert!(raw || text.is_empty() || one_break, "{text:?}");
        }
    }
}

impl Outcome {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// Asserts success without messages, and returns the result without its line break.
    #[track_caller]
    pub(crate) fn result(&self) -> &str {
        assert_eq!((self.status, self.stderr.as_str()), (0, ""), "{}", self.text());
        self.text().strip_suffix('\n').expect("a line break at the end")
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.text(), self.stderr))
    }

    /// Returns the reasons in a report of `verify --json`, in order.
    #[track_caller]
    pub(crate) fn reasons(&self) -> Vec<String> {
        let reasons = &self.json()["reasons"];
        reasons.as_array().unwrap().iter().map(|reason| reason.as_str().unwrap().to_owned()).collect()
    }

    /// Asserts the status, no result, and the exact messages.
    #[track_caller]
    pub(crate) fn refused(&self, status: u8, stderr: &str) {
        assert_eq!((self.status, self.text(), self.stderr.as_str()), (status, "", stderr));
    }
}

/// Runs a command line with `SECRET` in the environment.
pub(crate) fn fob(line: impl AsRef<str>) -> Outcome {
    World::new().run(line)
}

/// Signs any header and payload with `SECRET`.
pub(crate) fn signed(header: &str, payload: &str) -> String {
    signed_with(SECRET, Algorithm::Hs256, header.as_bytes(), payload.as_bytes())
}

/// Signs a token with these claims and the default header.
pub(crate) fn token(payload: &str) -> String {
    signed(HS256, payload)
}

pub(crate) fn signed_with(secret: &str, algorithm: Algorithm, header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let key = Key::hmac(Secret::new(secret.into()), None, String::new());
    let signature = key.signer(algorithm).unwrap().sign(SigningInput::new(&input)).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Decodes a segment.
#[track_caller]
pub(crate) fn segment(token: &str, index: usize) -> String {
    let segment = token.split('.').nth(index).expect("a segment");
    String::from_utf8(URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}

/// Decodes the payload.
#[track_caller]
pub(crate) fn payload(token: &str) -> String {
    segment(token, 1)
}

/// Splits at white space outside of single quotes.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut quoted, mut inside) = (false, false);
    for c in line.chars() {
        match c {
            '\'' => {
                (quoted, inside) = (
                    !quoted,
                    inside || {
                        words.push(String::new());
                        true
                    },
                )
            }
            c if c.is_ascii_whitespace() && !quoted => inside = false,
            c => {
                if !inside {
                    words.push(String::new());
                }
                inside = true;
                words.last_mut().unwrap().push(c);
            }
        }
    }
    words
}

/// Compares the exit status and the reasons of a verdict in JSON.
#[track_caller]
pub(crate) fn ends(outcome: &Outcome, status: u8, reasons: &[&str]) {
    assert_eq!(
        (outcome.status, outcome.reasons()),
        (status, reasons.iter().map(ToString::to_string).collect()),
        "{}",
        outcome.text()
    );
}
