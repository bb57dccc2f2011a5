//! A fake world for tests: fixed clock, files in memory, scripted answers and responses. `fob` itself never uses it,
//! so the linker leaves it out of the program.

use super::{
    Echo, FileLock, Host, HostSettings, HttpClient, HttpRequest, LockedFiles, OpenFile, OutputStream,
    PathKind, ProcessEnd, Processes, Prompter, RequestError, RequestStep, ResolvedFile, Response,
    SignalPatience, StopSignal,
};
use crate::core::oauth::message::{Method, RequestMessage};
use crate::core::token::numeric_date::NumericDate;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};

impl<'h> Host<'h> {
    /// Returns a world with a fixed clock, zeros as random bytes, text on standard input, and neither environment,
    /// files, network nor terminal.
    #[must_use]
    pub fn fake(now: NumericDate, stdin: &'h [u8], stdout: &'h mut Vec<u8>, stderr: &'h mut Vec<u8>) -> Self {
        Self {
            clock: Box::new(move || now),
            entropy: Box::new(|bytes| {
                bytes.fill(0);
                Ok(())
            }),
            stdin: Some(Box::new(stdin)),
            stdin_is_terminal: false,
            stdin_is_idle: Box::new(|| false),
            stdout: OutputStream::new(Box::new(stdout), false),
            stderr: OutputStream::new(Box::new(stderr), false),
            env: Box::new(|_| None),
            open: Box::new(|_| Err(io::ErrorKind::NotFound.into())),
            path_kind: Box::new(|_| Err(io::ErrorKind::NotFound.into())),
            write: Box::new(|_, _, _| Err(io::ErrorKind::PermissionDenied.into())),
            create_folder: Box::new(|_| Err(io::ErrorKind::PermissionDenied.into())),
            absolute: Box::new(|path| Ok(Path::new("/").join(path))),
            locked_files: Box::new(NoLockedFiles),
            processes: Box::new(OneProcess),
            prompter: Box::new(NoTerminal),
            http: Box::new(NoNetwork),
            columns: Box::new(|| None),
            stdin_length: Box::new(|| None),
            threads: Box::new(|| 1),
            catch_signals: Box::new(|| ()),
            progress_bar: Box::new(|_| None),
            settings: HostSettings::default(),
            command_line: Vec::new(),
            prompts_forbidden: false,
            stdin_taken_by: None,
        }
    }
}

/// A stand-in for files that cannot be locked.
#[derive(Clone, Copy, Debug)]
pub struct NoLockedFiles;

impl LockedFiles for NoLockedFiles {
    fn resolve(&self, _: &Path) -> io::Result<ResolvedFile> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn lock(&self, _: &Path, _: std::time::Duration, _: &mut dyn FnMut()) -> io::Result<Option<FileLock>> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn reserve(&self, _: &Path, _: usize) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn replace(&self, _: &Path, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// A stand-in for signals and other processes: there are none.
#[derive(Clone, Copy, Debug)]
pub struct OneProcess;

impl Processes for OneProcess {
    fn leave_foreground(&self) {}

    fn hold_signals(&self, _: SignalPatience) {}

    fn release_signals(&self) -> Option<StopSignal> {
        None
    }

    fn run_again(&self, _: &[OsString], _: (&str, &str), _: &mut FileLock) -> Option<io::Result<ProcessEnd>> {
        None
    }
}

/// A stand-in for a missing terminal: every prompt is cancelled.
#[derive(Clone, Copy, Debug)]
pub struct NoTerminal;

impl Prompter for NoTerminal {
    fn ask(&mut self, _: &str, _: Echo) -> io::Result<Option<String>> {
        Ok(None)
    }
}

/// A prompter that gives scripted answers in turn, then cancels.
#[derive(Debug)]
pub struct ScriptedPrompter<'w> {
    answers: VecDeque<Option<String>>,
    questions: &'w RefCell<Vec<(String, Echo)>>,
}

impl<'w> ScriptedPrompter<'w> {
    /// Returns a prompter that records its questions.
    #[must_use]
    pub fn new(answers: &[Option<String>], questions: &'w RefCell<Vec<(String, Echo)>>) -> Self {
        Self { answers: answers.iter().cloned().collect(), questions }
    }
}

impl Prompter for ScriptedPrompter<'_> {
    fn ask(&mut self, question: &str, echo: Echo) -> io::Result<Option<String>> {
        self.questions.borrow_mut().push((question.to_owned(), echo));
        Ok(self.answers.pop_front().flatten())
    }
}

/// A stand-in for a missing network: every connection fails.
#[derive(Clone, Copy, Debug)]
pub struct NoNetwork;

impl HttpClient for NoNetwork {
    fn send(&mut self, _: &HttpRequest<'_>) -> Result<Response, RequestError> {
        Err(RequestError { step: RequestStep::Connect, detail: "there is no network here".to_owned() })
    }
}

/// Servers with scripted responses.
#[derive(Clone, Debug, Default)]
pub struct FakeServers {
    by_url: BTreeMap<String, Result<Response, RequestError>>,
    posts_by_url: BTreeMap<String, Result<Response, RequestError>>,
    to_any_post: Option<Result<Response, RequestError>>,
}

/// The requests of a run.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    /// The URLs of the GET requests.
    pub requested: Vec<String>,
    /// The other requests.
    pub posted: Vec<PostedRequest>,
}

/// A recorded request that is not GET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedRequest {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// The header fields, as `name: value`.
    pub headers: Vec<String>,
    /// The type of the body, or nothing if there is no body.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

impl FakeServers {
    /// Sets the response to a GET request.
    pub fn set(&mut self, url: &str, response: Result<Response, RequestError>) {
        self.by_url.insert(url.to_owned(), response);
    }

    /// Sets the response to the other requests to a URL.
    pub fn set_for_posts_to(&mut self, url: &str, response: Result<Response, RequestError>) {
        self.posts_by_url.insert(url.to_owned(), response);
    }

    /// Sets the response to all other requests.
    pub fn set_for_posts(&mut self, response: Result<Response, RequestError>) {
        self.to_any_post = Some(response);
    }

    /// Connects a host to these servers, and records its requests.
    pub fn connect<'h>(&'h self, log: &'h RefCell<RequestLog>, host: &mut Host<'h>) {
        host.http = Box::new(FakeHttpClient { servers: self, log });
    }
}

struct FakeHttpClient<'w> {
    servers: &'w FakeServers,
    log: &'w RefCell<RequestLog>,
}

impl HttpClient for FakeHttpClient<'_> {
    fn send(&mut self, request: &HttpRequest<'_>) -> Result<Response, RequestError> {
        let HttpRequest { url, message: RequestMessage { method, headers, body, .. } } = *request;
        if *method == Method::Get {
            self.log.borrow_mut().requested.push(url.to_owned());
            return self.servers.by_url.get(url).cloned().unwrap_or_else(unknown_server);
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.log.borrow_mut().posted.push(PostedRequest {
            method: *method,
            url: url.to_owned(),
            headers: headers
                .iter()
                .map(|field| format!("{}: {}", field.name(), text(field.value().expose())))
                .collect(),
            content_type: body.as_ref().map_or("", |body| body.content_type),
            body: body.as_ref().map(|body| text(body.bytes.expose())).unwrap_or_default(),
        });
        let known = self.servers.posts_by_url.get(url).or(self.servers.to_any_post.as_ref());
        known.cloned().unwrap_or_else(unknown_server)
    }
}

fn unknown_server() -> Result<Response, RequestError> {
    Err(RequestError { step: RequestStep::Name, detail: "there is no such server".to_owned() })
}

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct FakeFiles {
    /// The files by path.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// The files that cannot be opened.
    pub unreadable: BTreeSet<PathBuf>,
    /// A real folder in which missing files are looked up.
    pub real_folder: Option<PathBuf>,
    /// The folders that were created.
    pub created_folders: Vec<PathBuf>,
    /// The error of every write, if writes fail.
    pub write_error: Option<io::ErrorKind>,
    /// True if other users may read the files.
    pub is_shared: bool,
}

impl FakeFiles {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<PathBuf>, bytes: impl AsRef<[u8]>) {
        self.files.insert(path.into(), bytes.as_ref().to_vec());
    }

    /// Lets a host read these files.
    pub fn make_readable<'h>(&'h self, host: &mut Host<'h>) {
        host.open = Box::new(|path| self.open(path));
        host.path_kind = Box::new(|path| self.path_kind(path));
    }

    /// Lets a host read and write these files.
    pub fn make_writable<'h>(files: &'h RefCell<Self>, host: &mut Host<'h>) {
        host.open = Box::new(|path| files.borrow().open(path));
        host.path_kind = Box::new(|path| files.borrow().path_kind(path));
        host.write = Box::new(|path, bytes, _| {
            let mut files = files.borrow_mut();
            if let Some(error) = files.write_error {
                return Err(error.into());
            }
            files.add(path, bytes);
            Ok(())
        });
        host.create_folder = Box::new(|path| {
            files.borrow_mut().created_folders.push(path.to_owned());
            Ok(())
        });
    }

    fn open(&self, path: &Path) -> io::Result<OpenFile> {
        let stream: Box<dyn Read + Send> = match (self.files.get(path), &self.real_folder) {
            _ if self.unreadable.contains(path) => return Err(io::ErrorKind::PermissionDenied.into()),
            (Some(bytes), _) => Box::new(Cursor::new(bytes.clone())),
            (None, Some(folder)) => Box::new(File::open(folder.join(path))?),
            (None, None) => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(OpenFile { stream, length: None, is_shared: self.is_shared, is_foreign: false })
    }

    /// Returns what a path leads to, among the files in memory. Names are not sorted, as in real folders.
    fn path_kind(&self, path: &Path) -> io::Result<PathKind> {
        let is_real = || self.real_folder.as_ref().is_some_and(|folder| folder.join(path).is_file());
        if self.files.contains_key(path) || is_real() {
            return Ok(PathKind::File);
        }
        let (mut files, mut folders): (Vec<OsString>, Vec<OsString>) = (Vec::new(), Vec::new());
        for inside in self.files.keys().filter_map(|file| file.strip_prefix(path).ok()) {
            let mut names = inside.components().filter_map(|name| match name {
                Component::Normal(name) => Some(name.to_owned()),
                _ => None,
            });
            let Some(first) = names.next() else { continue };
            let kind = if names.next().is_some() { &mut folders } else { &mut files };
            if !kind.contains(&first) {
                kind.insert(0, first);
            }
        }
        let is_empty = files.is_empty() && folders.is_empty();
        if is_empty { Err(io::ErrorKind::NotFound.into()) } else { Ok(PathKind::Folder { files, folders }) }
    }
}
