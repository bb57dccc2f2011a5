//! What the outside gives: the clock, randomness, streams, environment, files, and a person, if one is there.
//! One struct, so that a test can be all of them.

pub(crate) mod http;
pub(crate) mod network;
#[cfg(unix)]
pub(crate) mod signals;
pub(crate) mod system;
pub(crate) mod terminal;
pub(crate) mod url;

use crate::cli::{ColorChoice, GlobalArgs};
use crate::core::key::secret::Secret;
use crate::core::text::escape::Shown;
use crate::core::text::layout::Screen;
use crate::core::text::palette::{Palette, Role};
use crate::core::token::numeric_date::{Instant, NumericDate, Zone};
use crate::error::CommandError;
use crate::store::address::Address;
use crate::store::{Absent, Opened};
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::Path;

/// A stream that is written to, and whether a person reads it.
pub struct Output<'h> {
    /// Where bytes go.
    pub writer: Box<dyn Write + Send + 'h>,
    /// Whether it is a terminal.
    pub is_terminal: bool,
    /// Whether it is painted.
    palette: Palette,
}

impl<'h> Output<'h> {
    /// A stream.
    #[must_use]
    pub fn new(writer: Box<dyn Write + Send + 'h>, is_terminal: bool) -> Self {
        Self { writer, is_terminal, palette: Palette::default() }
    }

    /// The colours of this stream.
    #[must_use]
    pub const fn palette(&self) -> Palette {
        self.palette
    }
}

/// Somebody who can be asked.
pub trait Person {
    /// Asks for a line. `hidden` keeps what is typed off the screen. Nothing means that they would rather not.
    ///
    /// # Errors
    /// When the terminal fails.
    fn ask(&mut self, question: &str, hidden: bool) -> io::Result<Option<String>>;
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where it redirects to, as it was sent.
    pub location: Option<String>,
    /// `Cache-Control`, as it was sent.
    pub cache_control: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The step at which a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The name of the server was not found.
    Name,
    /// There is no connection to it.
    Connect,
    /// It is not who it should be, or speaks no TLS.
    Tls,
    /// No authority that is trusted here vouches for it.
    Trust,
    /// It took too long.
    Time,
    /// Its answer is too large.
    Size,
    /// It speaks no HTTP, or broke off.
    Http,
}

/// A request that got no answer. The detail may repeat text from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// Where it failed.
    pub step: Step,
    /// Why.
    pub detail: String,
}

/// The network. Nothing asks it for anything unless the user named a URL.
pub trait Web {
    /// Gets one URL, once: a redirect is an answer.
    ///
    /// # Errors
    /// If there is no whole answer.
    fn get(&mut self, url: &str) -> Result<Answer, Unanswered>;

    /// Posts a body to one URL, once: a redirect is an answer, and never followed. The body is as secret as what it holds,
    /// and no failure repeats it.
    ///
    /// # Errors
    /// If there is no whole answer.
    fn post(&mut self, url: &str, content_type: &'static str, body: &Secret) -> Result<Answer, Unanswered>;
}

/// How far a long run has come, for whoever looks at the terminal.
pub trait Gauge: Send {
    /// So many bytes more were read and done with.
    fn advance(&mut self, bytes: u64);

    /// Takes the gauge off the terminal while something is said there.
    fn aside(&mut self, talk: &mut dyn FnMut());
}

/// Somebody asked the run to end. Reading a [watched](Host::watch) input fails with it, as the cause of an error of the
/// kind [`io::ErrorKind::Interrupted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// With Ctrl-C.
    Interrupt,
    /// With the signal that asks politely.
    Terminate,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "asked to end",
        })
    }
}

impl std::error::Error for Stop {}

/// The clock itself.
pub type Clock<'h> = dyn Fn() -> NumericDate + Send + Sync + 'h;
/// Where random bytes come from.
pub type Entropy<'h> = dyn FnMut(&mut [u8]) -> io::Result<()> + Send + 'h;
/// Makes gauges.
pub type Gauges<'h> = dyn Fn(Option<u64>) -> Option<Box<dyn Gauge>> + 'h;
type Environment<'h> = dyn Fn(&str) -> Option<OsString> + 'h;
type Files<'h> = dyn Fn(&Path) -> io::Result<OpenFile> + 'h;
type Looks<'h> = dyn Fn(&Path) -> io::Result<Standing> + 'h;
type Waits<'h> = dyn Fn() -> bool + 'h;
type NewFiles<'h> = dyn Fn(&Path, &[u8], Existing) -> io::Result<()> + 'h;
type Stores<'h> = dyn Fn(&Address, Option<&Secret>, Absent) -> Result<Opened, CommandError> + 'h;
type NewFolders<'h> = dyn Fn(&Path) -> io::Result<()> + 'h;

/// A file that was opened to read.
pub struct OpenFile {
    /// Its bytes.
    pub stream: Box<dyn Read + Send>,
    /// Its length in bytes, where it has one.
    pub length: Option<u64>,
    /// Whether others than its owner may read it; `false` where a system knows no such thing.
    pub is_shared: bool,
    /// Whether somebody else may have written it: its owner, if that is not us, or anybody by its mode. `false` where a
    /// system knows no such thing.
    pub is_foreign: bool,
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something that can be read.
    File,
    /// A folder: the names of the files and of the folders in it, and of nothing else. A link is neither.
    Folder {
        /// Its files.
        files: Vec<OsString>,
        /// The folders in it.
        folders: Vec<OsString>,
    },
}

/// What becomes of a file that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays as it is, and writing fails with [`io::ErrorKind::AlreadyExists`].
    Kept,
    /// It is replaced in one step.
    Replaced,
    /// The same, but a link stays and what it leads to is replaced; a pipe or a device is written to, for to take its place
    /// would be to take it from everybody.
    Followed,
}

/// Everything a run may see of the world.
pub struct Host<'h> {
    /// The clock.
    pub clock: Box<Clock<'h>>,
    /// Random bytes.
    pub entropy: Box<Entropy<'h>>,
    /// Standard input until something takes it.
    pub stdin: Option<Box<dyn Read + Send + 'h>>,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Waits a moment for standard input, and says whether nothing came, not even its end.
    pub stdin_is_idle: Box<Waits<'h>>,
    /// Results.
    pub stdout: Output<'h>,
    /// Talk.
    pub stderr: Output<'h>,
    /// The environment.
    pub env: Box<Environment<'h>>,
    /// Opens a file to read.
    pub open: Box<Files<'h>>,
    /// Says what stands at a path.
    pub look: Box<Looks<'h>>,
    /// Writes a file whole or not at all, for its owner's eyes only.
    pub write: Box<NewFiles<'h>>,
    /// Makes a folder and those above it, for their owner's eyes only; one that is there stays as it is.
    pub create_folder: Box<NewFolders<'h>>,
    /// Whoever sits at the terminal.
    pub person: Box<dyn Person + 'h>,
    /// The network.
    pub web: Box<dyn Web + 'h>,
    /// Opens a store, with a password for it where its address has none.
    pub store: Box<Stores<'h>>,
    /// Columns of the terminal.
    pub columns: Box<dyn Fn() -> Option<usize> + 'h>,
    /// The length of what is left of standard input, where it has one.
    pub stdin_length: Box<dyn Fn() -> Option<u64> + 'h>,
    /// How many threads can be at work at the same time.
    pub threads: Box<dyn Fn() -> usize + 'h>,
    /// From now on reading standard input and files ends with [`Stop`] when somebody asks for that, instead of the
    /// whole process.
    pub watch: Box<dyn Fn() + 'h>,
    /// Shows on the terminal how far a run has come that reads so many bytes, if that is known.
    pub gauge: Box<Gauges<'h>>,
    /// What this run makes of it; a new host begins with the default.
    pub run: Run,
}

/// What the global options ask for, and what has happened so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    at: Option<Instant>,
    zone: Zone,
    quiet: bool,
    /// What took standard input.
    stdin_taken_for: Option<&'static str>,
}

impl<'h> Host<'h> {
    /// A world of a test's own making: a fixed clock, zeros for randomness, text on standard input, no environment,
    /// no files, nobody at the terminal.
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
            stdout: Output::new(Box::new(stdout), false),
            stderr: Output::new(Box::new(stderr), false),
            env: Box::new(|_| None),
            open: Box::new(|_| Err(io::ErrorKind::NotFound.into())),
            look: Box::new(|_| Err(io::ErrorKind::NotFound.into())),
            write: Box::new(|_, _, _| Err(io::ErrorKind::PermissionDenied.into())),
            create_folder: Box::new(|_| Err(io::ErrorKind::PermissionDenied.into())),
            person: Box::new(Nobody),
            web: Box::new(Nobody),
            store: Box::new(|_, _, _| Err(CommandError::usage("there is no store here"))),
            columns: Box::new(|| None),
            stdin_length: Box::new(|| None),
            threads: Box::new(|| 1),
            watch: Box::new(|| ()),
            gauge: Box::new(|_| None),
            run: Run::default(),
        }
    }

    /// Takes over what the global options say about the clock and the streams.
    pub fn configure(&mut self, global: &GlobalArgs) {
        self.run.at = global.at;
        self.run.zone = global.tz.unwrap_or_default();
        self.run.quiet = global.quiet;
        self.paint(global.color.unwrap_or_default());
    }

    /// Decides the colours of each stream by itself.
    pub fn paint(&mut self, choice: ColorChoice) {
        let set = |name| (self.env)(name).is_some_and(|value| !value.is_empty());
        let forced = (self.env)("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
        let plain = set("NO_COLOR") || (self.env)("TERM").is_some_and(|term| term == "dumb");
        let colour = |is_terminal| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if forced && !set("NO_COLOR") => true,
            ColorChoice::Auto => is_terminal && !plain,
        };
        self.stdout.palette = Palette { colour: colour(self.stdout.is_terminal) };
        self.stderr.palette = Palette { colour: colour(self.stderr.is_terminal) };
    }

    /// The instant everything is judged and minted at: the clock, unless `--at` set another.
    #[must_use]
    pub fn now(&self) -> NumericDate {
        self.watch_on_clock().now()
    }

    /// The clock as many threads can look at it.
    #[must_use]
    pub fn watch_on_clock(&self) -> Watch<'_> {
        Watch { clock: &*self.clock, at: self.run.at }
    }

    /// The instant tokens are issued at: [now](Self::now), which must be one that a token can name.
    ///
    /// # Errors
    /// If it lies before 1970.
    pub fn time_of_issue(&self) -> Result<NumericDate, CommandError> {
        self.watch_on_clock().time_of_issue()
    }

    /// The parts of this host that can be at work at the same time.
    pub fn apart(&mut self) -> Parts<'_, 'h> {
        Parts {
            watch: Watch { clock: &*self.clock, at: self.run.at },
            entropy: &mut *self.entropy,
            streams: Streams {
                stdout: &mut self.stdout,
                stderr: &mut self.stderr,
                clock: &*self.clock,
                quiet: self.run.quiet,
                watch: &*self.watch,
                gauge: &*self.gauge,
            },
        }
    }

    /// How results are laid out for whoever reads them.
    #[must_use]
    pub fn screen(&self) -> Screen {
        let width = if self.stdout.is_terminal { (self.columns)() } else { None };
        Screen { palette: self.stdout.palette, width, zone: self.run.zone }
    }

    /// Whether a person is there to be asked. A hidden answer is typed at the terminal itself, so that a token can be
    /// piped in meanwhile.
    #[must_use]
    pub const fn has_person(&self, hidden: bool) -> bool {
        self.stderr.is_terminal && (hidden || self.stdin_is_terminal)
    }

    /// Takes standard input, for one purpose only.
    ///
    /// # Errors
    /// If something else took it before.
    pub fn take_stdin(&mut self, purpose: &'static str) -> Result<Box<dyn Read + Send + 'h>, CommandError> {
        let taken = self.run.stdin_taken_for.replace(purpose).unwrap_or("something else");
        self.stdin.take().ok_or_else(|| {
            CommandError::usage(format!("standard input already gives {taken}, it cannot give {purpose} too"))
                .with_hint("give one of them as an argument or in a file")
        })
    }

    /// So many random bytes.
    ///
    /// # Errors
    /// If the system has none.
    pub fn random<const N: usize>(&mut self) -> Result<[u8; N], CommandError> {
        random(&mut *self.entropy)
    }

    /// Says something beside the results; nothing when quiet. A remark that cannot be written is lost.
    pub fn remark(&mut self, kind: Remark, text: &str) {
        if !self.run.quiet {
            self.say(kind, text);
        }
    }

    /// One line on standard error, in the form that clap gives its own. What it quotes is made safe here.
    pub fn say(&mut self, kind: Remark, text: &str) {
        let line = kind.line(text, self.stderr.palette);
        // Nobody is left to tell when standard error fails.
        // In one write: standard error is not buffered.
        let _ = self.stderr.writer.write_all(line.as_bytes());
        let _ = self.stderr.writer.flush();
    }

    /// Says what was done, in a line on standard error without a label; nothing when quiet. What it quotes is made safe
    /// here.
    pub fn note(&mut self, text: &str) {
        if !self.run.quiet {
            // Nobody is left to tell when standard error fails.
            let _ = self.stderr.writer.write_all(format!("{}\n", Shown(text)).as_bytes());
            let _ = self.stderr.writer.flush();
        }
    }

    /// Whether reports and remarks are unwanted.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.run.quiet
    }
}

/// A host in parts.
pub struct Parts<'p, 'h> {
    /// The clock.
    pub watch: Watch<'p>,
    /// Random bytes.
    pub entropy: &'p mut Entropy<'h>,
    /// Where a long run writes.
    pub streams: Streams<'p, 'h>,
}

/// What a long run writes to, and what it is shown and ended by.
pub struct Streams<'p, 'h> {
    /// Results.
    pub stdout: &'p mut Output<'h>,
    /// Talk.
    pub stderr: &'p mut Output<'h>,
    /// The clock itself, whatever `--at` says.
    pub clock: &'p Clock<'h>,
    /// Whether reports and remarks are unwanted.
    pub quiet: bool,
    /// See [`Host::watch`].
    pub watch: &'p (dyn Fn() + 'h),
    /// See [`Host::gauge`].
    pub gauge: &'p Gauges<'h>,
}

/// The clock, unless `--at` set another.
#[derive(Clone, Copy)]
pub struct Watch<'w> {
    clock: &'w (dyn Fn() -> NumericDate + Send + Sync + 'w),
    at: Option<Instant>,
}

impl Watch<'_> {
    /// The same, set to another time if that is one.
    #[must_use]
    pub fn set(self, at: Option<Instant>) -> Self {
        Self { clock: self.clock, at: at.or(self.at) }
    }

    /// The instant it shows.
    #[must_use]
    pub fn now(&self) -> NumericDate {
        let now = (self.clock)();
        self.at.map_or(now, |at| at.resolve(now, now))
    }

    /// The same, as the time of issue of a token.
    ///
    /// # Errors
    /// If it lies before 1970.
    pub fn time_of_issue(&self) -> Result<NumericDate, CommandError> {
        let now = self.now();
        if now.is_negative() {
            Err(CommandError::usage("no token can be issued before 1970"))
        } else {
            Ok(now)
        }
    }
}

/// So many random bytes from there.
///
/// # Errors
/// If it has none.
pub fn random<const N: usize>(entropy: &mut Entropy<'_>) -> Result<[u8; N], CommandError> {
    let mut bytes = [0; N];
    entropy(&mut bytes)
        .map_err(|error| CommandError::usage(format!("the system gives no randomness: {error}")))?;
    Ok(bytes)
}

/// The kinds of talk on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// It could not be done.
    Error,
    /// It was done, but.
    Warning,
    /// What to do about it.
    Hint,
}

impl Remark {
    /// The remark as a line, its break included. What it quotes is made safe here.
    #[must_use]
    pub fn line(self, text: &str, palette: Palette) -> String {
        let (role, label) = match self {
            Self::Error => (Role::Bad, "error:"),
            Self::Warning => (Role::Warning, "warning:"),
            Self::Hint => (Role::Good, "hint:"),
        };
        format!("{} {}\n", palette.paint(role, label), Shown(text))
    }
}

/// An empty chair.
#[derive(Clone, Copy, Debug)]
struct Nobody;

impl Person for Nobody {
    fn ask(&mut self, _: &str, _: bool) -> io::Result<Option<String>> {
        Ok(None)
    }
}

impl Web for Nobody {
    fn get(&mut self, _: &str) -> Result<Answer, Unanswered> {
        Err(Unanswered { step: Step::Connect, detail: "there is no network here".to_owned() })
    }

    fn post(&mut self, url: &str, _: &'static str, _: &Secret) -> Result<Answer, Unanswered> {
        self.get(url)
    }
}
