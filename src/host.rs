//! What the outside gives: the clock, randomness, streams, environment, files, and a person, if one is there.
//! One struct, so that a test can be all of them.

use crate::cli::{ColorChoice, GlobalArgs};
use crate::core::escape::Shown;
use crate::core::numeric_date::{Instant, NumericDate, Zone};
use crate::core::page::Screen;
use crate::core::palette::{Palette, Role};
use crate::core::secret::Secret;
use crate::problem::Problem;
use crate::store::address::Address;
use crate::store::{Absent, Opened};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;

/// A stream that is written to, and whether a person reads it.
pub struct Output<'h> {
    /// Where bytes go.
    pub writer: Box<dyn Write + 'h>,
    /// Whether it is a terminal.
    pub is_terminal: bool,
    /// Whether it is painted.
    palette: Palette,
}

impl<'h> Output<'h> {
    /// A stream.
    #[must_use]
    pub fn new(writer: Box<dyn Write + 'h>, is_terminal: bool) -> Self {
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

type Clock<'h> = dyn Fn() -> NumericDate + 'h;
type Entropy<'h> = dyn FnMut(&mut [u8]) -> io::Result<()> + 'h;
type Environment<'h> = dyn Fn(&str) -> Option<OsString> + 'h;
type Files<'h> = dyn Fn(&Path) -> io::Result<OpenFile> + 'h;
type Looks<'h> = dyn Fn(&Path) -> io::Result<Standing> + 'h;
type Waits<'h> = dyn Fn() -> bool + 'h;
type NewFiles<'h> = dyn Fn(&Path, &[u8], Existing) -> io::Result<()> + 'h;
type Stores<'h> = dyn Fn(&Address, Option<&Secret>, Absent) -> Result<Opened, Problem> + 'h;
type NewFolders<'h> = dyn Fn(&Path) -> io::Result<()> + 'h;

/// A file that was opened to read.
pub struct OpenFile {
    /// Its bytes.
    pub stream: Box<dyn Read>,
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
}

/// Everything a run may see of the world.
pub struct Host<'h> {
    /// The clock.
    pub clock: Box<Clock<'h>>,
    /// Random bytes.
    pub entropy: Box<Entropy<'h>>,
    /// Standard input until something takes it.
    pub stdin: Option<Box<dyn Read + 'h>>,
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
            store: Box::new(|_, _, _| Err(Problem::usage("there is no store here"))),
            columns: Box::new(|| None),
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
        let now = (self.clock)();
        self.run.at.map_or(now, |at| at.resolve(now, now))
    }

    /// The instant tokens are issued at: [now](Self::now), which must be one that a token can name.
    ///
    /// # Errors
    /// If it lies before 1970.
    pub fn time_of_issue(&self) -> Result<NumericDate, Problem> {
        let now = self.now();
        if now.is_negative() { Err(Problem::usage("no token can be issued before 1970")) } else { Ok(now) }
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
    pub fn take_stdin(&mut self, purpose: &'static str) -> Result<Box<dyn Read + 'h>, Problem> {
        let taken = self.run.stdin_taken_for.replace(purpose).unwrap_or("something else");
        self.stdin.take().ok_or_else(|| {
            Problem::usage(format!("standard input already gives {taken}, it cannot give {purpose} too"))
                .with_hint("give one of them as an argument or in a file")
        })
    }

    /// So many random bytes.
    ///
    /// # Errors
    /// If the system has none.
    pub fn random<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes)
            .map_err(|error| Problem::usage(format!("the system gives no randomness: {error}")))?;
        Ok(bytes)
    }

    /// Says something beside the results; nothing when quiet. A remark that cannot be written is lost.
    pub fn remark(&mut self, kind: Remark, text: &str) {
        if !self.run.quiet {
            self.say(kind, text);
        }
    }

    /// One line on standard error, in the form that clap gives its own. What it quotes is made safe here.
    pub fn say(&mut self, kind: Remark, text: &str) {
        let (role, label) = match kind {
            Remark::Error => (Role::Bad, "error:"),
            Remark::Warning => (Role::Warning, "warning:"),
            Remark::Hint => (Role::Good, "hint:"),
        };
        let label = self.stderr.palette.paint(role, label);
        // Nobody is left to tell when standard error fails.
        // In one write: standard error is not buffered.
        let _ = self.stderr.writer.write_all(format!("{label} {}\n", Shown(text)).as_bytes());
        let _ = self.stderr.writer.flush();
    }

    /// Whether reports and remarks are unwanted.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.run.quiet
    }
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
