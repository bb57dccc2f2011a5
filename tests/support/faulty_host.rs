//! A host of a run in this process, in which one call fails: a read, a write, the opening of a file, a request, randomness, a
//! lock. Its files are in memory.

use crate::support::world::NOW;
use fob::Host;
use fob::core::token::numeric_date::NumericDate;
use fob::host::fake::{FakeFiles, FakeServers, RequestLog};
use fob::host::{
    FileLock, HttpClient, HttpRequest, LockedFiles, OpenFile, RequestError, RequestStep, ResolvedFile,
    ResolvedKind, Response,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Cursor, Read, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The call fails with this number of an error.
    Error(i32),
    /// A read or a write moves one byte only. Other calls succeed.
    Short,
    /// Standard output has room for as many bytes as the position says, then the disk is full.
    FullDisk,
    /// Standard input and files can be read for as many bytes as the position says, then the disk fails.
    BrokenDisk,
}

/// A call that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Read,
    WriteOutput,
    WriteMessage,
    /// Opening, looking up, or replacing a file; a request; a lock; randomness.
    Other,
}

/// Counts the calls of a run, and decides which one fails.
#[derive(Clone)]
pub(crate) struct Plan {
    fault: Fault,
    state: Arc<Mutex<PlanState>>,
}

struct PlanState {
    /// The calls before the one that fails.
    left: usize,
    failed: Option<Call>,
}

impl Plan {
    pub(crate) fn new(fault: Fault, position: usize) -> Self {
        Self { fault, state: Arc::new(Mutex::new(PlanState { left: position, failed: None })) }
    }

    /// Returns the call that failed, if the run came so far.
    pub(crate) fn failed(&self) -> Option<Call> {
        self.state.lock().unwrap().failed
    }

    /// Returns how many bytes of a stream can still be moved, up to this length, if its faults are counted in bytes.
    fn room(&self, call: Call, length: usize) -> Option<io::Result<usize>> {
        let (fault, error) = match self.fault {
            Fault::FullDisk => (Call::WriteOutput, io::Error::from_raw_os_error(28)),
            Fault::BrokenDisk => (Call::Read, io::Error::from_raw_os_error(5)),
            Fault::Error(_) | Fault::Short => return None,
        };
        if fault != call || length == 0 {
            return None;
        }
        let mut state = self.state.lock().unwrap();
        if state.left > 0 {
            return Some(Ok(length.min(state.left)));
        }
        state.failed = Some(call);
        Some(Err(error))
    }

    /// Counts bytes that were moved.
    fn moved(&self, length: usize) {
        self.state.lock().unwrap().left -= length;
    }

    /// Returns the fault of the next call, if it is the one that fails.
    fn next(&self, call: Call) -> Option<Fault> {
        if matches!(self.fault, Fault::FullDisk | Fault::BrokenDisk) {
            return None;
        }
        let mut state = self.state.lock().unwrap();
        if state.failed.is_some() {
            return None;
        }
        if state.left == 0 {
            state.failed = Some(call);
            return Some(self.fault);
        }
        state.left -= 1;
        None
    }

    fn check(&self) -> io::Result<()> {
        match self.next(Call::Other) {
            Some(Fault::Error(number)) => Err(io::Error::from_raw_os_error(number)),
            _ => Ok(()),
        }
    }
}

/// A stream with calls that can fail.
struct FaultyStream<S> {
    stream: S,
    plan: Plan,
    call: Call,
}

impl<S: Read> Read for FaultyStream<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(room) = self.plan.room(self.call, buffer.len()) {
            let room = room?;
            let length = self.stream.read(&mut buffer[..room])?;
            self.plan.moved(length);
            return Ok(length);
        }
        match self.plan.next(self.call) {
            Some(Fault::Error(number)) => Err(io::Error::from_raw_os_error(number)),
            Some(_) => {
                let length = buffer.len().min(1);
                self.stream.read(&mut buffer[..length])
            }
            None => self.stream.read(buffer),
        }
    }
}

impl Write for FaultyStream<Arc<Mutex<Vec<u8>>>> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = match (self.plan.room(self.call, bytes.len()), self.plan.next(self.call)) {
            (Some(room), _) => {
                let room = room?;
                self.plan.moved(room);
                room
            }
            (None, Some(Fault::Error(number))) => return Err(io::Error::from_raw_os_error(number)),
            (None, Some(_)) => bytes.len().min(1),
            (None, None) => bytes.len(),
        };
        self.stream.lock().unwrap().extend(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        // The streams of the library repeat an interrupted flush by themselves.
        if self.plan.fault == Fault::Error(4) {
            return Ok(());
        }
        match self.plan.next(self.call) {
            Some(Fault::Error(number)) => Err(io::Error::from_raw_os_error(number)),
            _ => Ok(()),
        }
    }
}

/// Servers whose requests can fail.
struct FaultyClient<'w> {
    client: Box<dyn HttpClient + 'w>,
    plan: Plan,
}

impl HttpClient for FaultyClient<'_> {
    fn send(&mut self, request: &HttpRequest<'_>) -> Result<Response, RequestError> {
        let failed = |error: io::Error| RequestError { step: RequestStep::Http, detail: error.to_string() };
        self.plan.check().map_err(failed)?;
        self.client.send(request)
    }
}

/// Files in memory that processes lock and replace.
struct FaultyFiles<'w> {
    files: &'w RefCell<FakeFiles>,
    plan: Plan,
}

impl FaultyFiles<'_> {
    fn take(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.borrow_mut().files.remove(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl LockedFiles for FaultyFiles<'_> {
    fn resolve(&self, path: &Path) -> io::Result<ResolvedFile> {
        self.plan.check()?;
        let is_there = self.files.borrow().files.contains_key(path);
        let kind = if is_there { ResolvedKind::Regular } else { ResolvedKind::Missing };
        Ok(ResolvedFile { path: path.to_owned(), kind })
    }

    fn lock(&self, _: &Path, _: Duration, _: &mut dyn FnMut()) -> io::Result<Option<FileLock>> {
        self.plan.check().map(|()| Some(FileLock::default()))
    }

    fn reserve(&self, path: &Path, size: usize) -> io::Result<()> {
        self.plan.check()?;
        self.files.borrow_mut().add(path, vec![b' '; size]);
        Ok(())
    }

    fn replace(&self, target: &Path, reserved: &Path, content: &[u8]) -> io::Result<()> {
        self.plan.check()?;
        self.take(reserved)?;
        self.files.borrow_mut().add(target, content);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.plan.check()?;
        let bytes = self.take(from)?;
        self.files.borrow_mut().add(to, bytes);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.plan.check()?;
        self.take(path).map(drop)
    }
}

/// The world before a run.
#[derive(Clone, Default)]
pub(crate) struct FaultyWorld {
    pub(crate) stdin: Vec<u8>,
    pub(crate) files: FakeFiles,
    pub(crate) servers: FakeServers,
    pub(crate) variables: BTreeMap<&'static str, String>,
}

/// The world after a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aftermath {
    pub(crate) status: u8,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
}

impl FaultyWorld {
    /// Runs a command line in which one call fails as planned.
    pub(crate) fn run(&self, words: &[String], plan: &Plan) -> Aftermath {
        let files = RefCell::new(self.files.clone());
        let [stdout, stderr] = [(); 2].map(|()| Arc::new(Mutex::new(Vec::new())));
        let log = RefCell::new(RequestLog::default());
        let (mut unused, mut unused_too) = (Vec::new(), Vec::new());
        let mut host = Host::fake(NumericDate::from_seconds(NOW), &[], &mut unused, &mut unused_too);
        let stream = |bytes: Vec<u8>, plan: &Plan| FaultyStream {
            stream: Cursor::new(bytes),
            plan: plan.clone(),
            call: Call::Read,
        };
        host.stdin = Some(Box::new(stream(self.stdin.clone(), plan)));
        let writer =
            |stream: &Arc<_>, call| FaultyStream { stream: Arc::clone(stream), plan: plan.clone(), call };
        host.stdout.writer = Box::new(writer(&stdout, Call::WriteOutput));
        host.stderr.writer = Box::new(writer(&stderr, Call::WriteMessage));
        host.env = Box::new(|name| self.variables.get(name).map(OsString::from));
        FakeFiles::make_writable(&files, &mut host);
        let open = mem::replace(&mut host.open, Box::new(|_| Err(io::ErrorKind::NotFound.into())));
        host.open = Box::new(move |path| {
            plan.check()?;
            let mut file = open(path)?;
            let mut bytes = Vec::new();
            file.stream.read_to_end(&mut bytes)?;
            Ok(OpenFile { stream: Box::new(stream(bytes, plan)), ..file })
        });
        let kind = mem::replace(&mut host.path_kind, Box::new(|_| Err(io::ErrorKind::NotFound.into())));
        host.path_kind = Box::new(move |path| plan.check().and_then(|()| kind(path)));
        let write = mem::replace(&mut host.write, Box::new(|_, _, _| Ok(())));
        host.write = Box::new(move |path, bytes, rule| plan.check().and_then(|()| write(path, bytes, rule)));
        let folder = mem::replace(&mut host.create_folder, Box::new(|_| Ok(())));
        host.create_folder = Box::new(move |path| plan.check().and_then(|()| folder(path)));
        host.absolute = Box::new(|path| plan.check().map(|()| Path::new("/").join(path)));
        let mut count = 0_u8;
        host.entropy = Box::new(move |bytes| {
            plan.check()?;
            for byte in bytes {
                count = count.wrapping_add(1);
                *byte = count;
            }
            Ok(())
        });
        host.locked_files = Box::new(FaultyFiles { files: &files, plan: plan.clone() });
        self.servers.connect(&log, &mut host);
        let client = mem::replace(&mut host.http, Box::new(fob::host::fake::NoNetwork));
        host.http = Box::new(FaultyClient { client, plan: plan.clone() });
        let arguments = std::iter::once("fob").chain(words.iter().map(String::as_str)).map(OsString::from);
        let status = fob::run(arguments, &mut host) as u8;
        drop(host);
        let bytes = |stream: &Arc<Mutex<Vec<u8>>>| stream.lock().unwrap().clone();
        Aftermath {
            status,
            stdout: bytes(&stdout),
            stderr: String::from_utf8(bytes(&stderr)).unwrap(),
            files: files.into_inner().files,
        }
    }
}
