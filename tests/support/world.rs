//! A world of a test's own making: a fixed clock, zeros for randomness, files in memory, a person who was
//! told what to answer. Every run in it is also searched for the secret and for raw control characters.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::key::Key;
use fob::core::key::secret::Secret;
use fob::core::text::escape::is_hostile;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;
use fob::core::token::numeric_date::NumericDate;
use fob::host::{Answer, Host, OpenFile, Person, Standing, Unanswered, Web};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, Cursor};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The clock of every test that does not set another: 2026-01-31T12:00:00Z.
pub(crate) const NOW: i64 = 1_769_860_800;

/// A secret as long as the hash of HS256, and a text that nothing else contains.
pub(crate) const SECRET: &str = "zebra-crossing-at-seven-minutes!";

/// The header that `fob encode` writes.
pub(crate) const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The words that run a program which signals end as they usually do, even where whoever runs the tests ignores them: a
/// shell does that in the background.
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

/// What a run may see. [`World::new`] has `SECRET` in `FOB_SECRET`, as most tests want it.
#[derive(Clone)]
pub(crate) struct World {
    now: String,
    stdin: Vec<u8>,
    env: BTreeMap<String, OsString>,
    files: BTreeMap<PathBuf, Vec<u8>>,
    folder: Option<PathBuf>,
    /// Files that nobody may read.
    locked: BTreeSet<PathBuf>,
    /// What every server answers.
    server: Option<Result<Answer, Unanswered>>,
    /// Whether standard input, output and error are terminals.
    terminals: [bool; 3],
    columns: Option<usize>,
    answers: Vec<Option<String>>,
    /// Whether stores can be opened, and whether chance never repeats itself, which takes both of a test on stores.
    has_stores: bool,
}

/// What a run left behind.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u8,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    /// The questions the person was asked, and whether the answer was to stay hidden.
    pub(crate) questions: Vec<(String, bool)>,
    /// What was posted.
    pub(crate) posted: Vec<Posted>,
}

/// A request that holds a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posted {
    pub(crate) url: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

impl World {
    /// A world with `SECRET` in the environment.
    pub(crate) fn new() -> Self {
        Self::bare().env("FOB_SECRET", SECRET)
    }

    /// A world with nothing in it.
    pub(crate) fn bare() -> Self {
        Self {
            now: NOW.to_string(),
            stdin: Vec::new(),
            env: BTreeMap::new(),
            files: BTreeMap::new(),
            folder: None,
            locked: BTreeSet::new(),
            server: None,
            terminals: [false; 3],
            columns: None,
            answers: Vec::new(),
            has_stores: false,
        }
    }

    /// A world with `SECRET` in the environment in which stores can be opened; no two tokens get the same ID.
    pub(crate) fn with_stores() -> Self {
        Self { has_stores: true, ..Self::new() }
    }

    /// Another clock, in seconds since 1970, perhaps with a fraction.
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
        self.files.insert(path.into(), bytes.as_ref().to_vec());
        self
    }

    /// A file that nobody may read.
    pub(crate) fn locked_file(mut self, path: &str) -> Self {
        self.locked.insert(path.into());
        self.file(path, "")
    }

    /// Paths that are not in memory lead into this real folder.
    pub(crate) fn folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.folder = Some(path.into());
        self
    }

    /// What every server answers to whatever is posted, or that it does not.
    pub(crate) fn server(mut self, answer: Result<Answer, Unanswered>) -> Self {
        self.server = Some(answer);
        self
    }

    /// The same, where the status and the body are all there is to say.
    pub(crate) fn serving(self, status: u16, body: &str) -> Self {
        self.server(Ok(Answer { status, location: None, cache_control: None, body: body.into() }))
    }

    /// Which of standard input, output and error are terminals.
    pub(crate) const fn terminals(mut self, which: [bool; 3]) -> Self {
        self.terminals = which;
        self
    }

    pub(crate) const fn columns(mut self, columns: usize) -> Self {
        self.columns = Some(columns);
        self
    }

    /// A person at the terminal, who gives these answers in turn and then no more.
    pub(crate) fn person(mut self, answers: &[Option<&str>]) -> Self {
        self.terminals = [true; 3];
        self.answers = answers.iter().map(|answer| answer.map(str::to_owned)).collect();
        self
    }

    /// Runs a command line as a shell would split it; `fob` itself is left out.
    pub(crate) fn run(&self, line: impl AsRef<str>) -> Outcome {
        self.run_words(&split(line.as_ref()))
    }

    pub(crate) fn run_words(&self, words: &[impl AsRef<str>]) -> Outcome {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let questions = RefCell::new(Vec::new());
        let posted = RefCell::new(Vec::new());
        let now = NumericDate::from_json_number(&self.now);
        let mut host = Host::fake(now, &self.stdin, &mut stdout, &mut stderr);
        let [stdin_is_terminal, stdout_is_terminal, stderr_is_terminal] = self.terminals;
        host.stdin_is_terminal = stdin_is_terminal;
        host.stdout.is_terminal = stdout_is_terminal;
        host.stderr.is_terminal = stderr_is_terminal;
        host.env = Box::new(|name| self.env.get(name).cloned());
        host.open = Box::new(|path| match (self.files.get(path), &self.folder) {
            _ if self.locked.contains(path) => Err(io::ErrorKind::PermissionDenied.into()),
            (Some(bytes), _) => Ok(OpenFile {
                stream: Box::new(Cursor::new(bytes.clone())),
                length: None,
                is_shared: false,
                is_foreign: false,
            }),
            (None, Some(folder)) => Ok(OpenFile {
                stream: Box::new(std::fs::File::open(folder.join(path))?),
                length: None,
                is_shared: false,
                is_foreign: false,
            }),
            (None, None) => Err(io::ErrorKind::NotFound.into()),
        });
        host.look = Box::new(|path| self.look(path));
        host.web = Box::new(Scripted { answer: self.server.as_ref(), posted: &posted });
        host.person =
            Box::new(Told { answers: self.answers.clone().into_iter().collect(), asked: &questions });
        host.columns = Box::new(|| self.columns);
        if self.has_stores {
            host.store = Box::new(fob::store::open);
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
        let outcome = Outcome {
            status,
            stdout,
            stderr: String::from_utf8(stderr).unwrap(),
            questions: questions.into_inner(),
            posted: posted.into_inner(),
        };
        self.search(&words, &outcome);
        outcome
    }

    /// What stands at a path, among the files in memory.
    fn look(&self, path: &Path) -> io::Result<Standing> {
        if self.files.contains_key(path) {
            return Ok(Standing::File);
        }
        let inside = self.files.keys().filter_map(|file| file.strip_prefix(path).ok());
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for file in inside {
            let mut names = file.components().filter_map(|name| match name {
                Component::Normal(name) => Some(name.to_owned()),
                _ => None,
            });
            let first = names.next().unwrap();
            let kind = if names.next().is_some() { &mut folders } else { &mut files };
            // Of a hash no order comes either.
            if !kind.contains(&first) {
                kind.insert(0, first);
            }
        }
        let is_empty = files.is_empty() && folders.is_empty();
        if is_empty { Err(io::ErrorKind::NotFound.into()) } else { Ok(Standing::Folder { files, folders }) }
    }

    /// What no run may ever print.
    fn search(&self, words: &[&str], outcome: &Outcome) {
        let stdout = String::from_utf8_lossy(&outcome.stdout).into_owned();
        for text in [&stdout, &outcome.stderr] {
            assert!(!text.contains(SECRET), "{words:?} shows the secret: {text}");
        }
        // These ask for bytes as they are, for escape sequences, or for a script.
        let raw = ["--part", "--print", "always", "completions"].iter().any(|word| words.contains(word))
            || self.env.contains_key("CLICOLOR_FORCE")
            || self.terminals != [false; 3];
        let lines = words.iter().any(|word| word.starts_with("--lines"));
        for text in [&stdout, &outcome.stderr] {
            // Lines have columns, and there is one even for what is absent.
            let is_layout = |c| c == '\n' || (lines && c == '\t');
            let found = text.chars().find(|&c| is_hostile(c) && !is_layout(c));
            assert!(raw || found.is_none(), "{words:?} lets {found:?} through: {text}");
            let one_break = text.ends_with('\n') && (lines || !text.ends_with("\n\n"));
            assert!(raw || text.is_empty() || one_break, "{text:?}");
        }
    }
}

/// Somebody who was told what to answer.
struct Told<'w> {
    answers: std::collections::VecDeque<Option<String>>,
    asked: &'w RefCell<Vec<(String, bool)>>,
}

impl Person for Told<'_> {
    fn ask(&mut self, question: &str, hidden: bool) -> io::Result<Option<String>> {
        self.asked.borrow_mut().push((question.to_owned(), hidden));
        Ok(self.answers.pop_front().flatten())
    }
}

/// Servers that all say the same, to posts alone.
struct Scripted<'w> {
    answer: Option<&'w Result<Answer, Unanswered>>,
    posted: &'w RefCell<Vec<Posted>>,
}

impl Web for Scripted<'_> {
    fn get(&mut self, url: &str) -> Result<Answer, Unanswered> {
        panic!("nobody asks {url} in a world of one's own")
    }

    fn post(&mut self, url: &str, content_type: &'static str, body: &Secret) -> Result<Answer, Unanswered> {
        let body = String::from_utf8(body.expose().to_vec()).unwrap();
        self.posted.borrow_mut().push(Posted { url: url.to_owned(), content_type, body });
        self.answer.expect("a server").clone()
    }
}

impl Outcome {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// The result of a run that went well and said nothing beside it, without its line break.
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

    /// The reasons of a document that `verify --json` wrote, in its order.
    #[track_caller]
    pub(crate) fn reasons(&self) -> Vec<String> {
        let reasons = &self.json()["reasons"];
        reasons.as_array().unwrap().iter().map(|reason| reason.as_str().unwrap().to_owned()).collect()
    }

    /// Asserts that it ended with this status, printed no result, and said exactly this.
    #[track_caller]
    pub(crate) fn refused(&self, status: u8, stderr: &str) {
        assert_eq!((self.status, self.text(), self.stderr.as_str()), (status, "", stderr));
    }
}

/// Runs a command line in a world with `SECRET` in it.
pub(crate) fn fob(line: impl AsRef<str>) -> Outcome {
    World::new().run(line)
}

/// Signs a header and a payload, whatever they are, with `SECRET`.
pub(crate) fn signed(header: &str, payload: &str) -> String {
    signed_with(SECRET, Algorithm::Hs256, header.as_bytes(), payload.as_bytes())
}

/// A token with these claims under the usual header.
pub(crate) fn token(payload: &str) -> String {
    signed(HS256, payload)
}

pub(crate) fn signed_with(secret: &str, algorithm: Algorithm, header: &[u8], payload: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let key = Key::hmac(Secret::new(secret.into()), None, String::new());
    let signature = key.signer(algorithm).unwrap().sign(SigningInput::new(&input)).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The decoded text of a segment.
#[track_caller]
pub(crate) fn segment(token: &str, index: usize) -> String {
    let segment = token.split('.').nth(index).expect("a segment");
    String::from_utf8(URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}

/// The decoded payload.
#[track_caller]
pub(crate) fn payload(token: &str) -> String {
    segment(token, 1)
}

/// Splits at white space that does not stand between single quotes.
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
