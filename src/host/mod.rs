//! The port to the outside world: clock, randomness, streams, environment, files, terminal and network.
//! [`Host`] is one struct, so that a test can replace all of it. `system` is the real world, [`fake`] the one of tests.
//! This module knows nothing of tokens, keys or command lines.

mod clock;
mod error;
pub mod fake;
mod files;
mod locked_files;
mod network;
mod processes;
mod progress;
mod prompter;
mod random_pool;
pub(crate) mod server_url;
mod streams;
mod system;

pub use self::clock::{Clock, ClockFn};
pub use self::error::HostError;
pub use self::files::{IfExists, OpenFile, PathKind};
pub use self::locked_files::{FileLock, LockedFiles, ResolvedFile, ResolvedKind};
pub use self::network::{HttpClient, HttpRequest, RequestError, RequestStep, Response};
pub use self::processes::{ProcessEnd, Processes, SignalPatience};
pub use self::progress::{NewProgressBar, ProgressBar};
pub use self::prompter::{Echo, Prompter};
pub use self::random_pool::RandomPool;
pub use self::streams::{ColorMode, Level, OutputStream, StopSignal};
#[cfg(windows)]
pub(crate) use self::system::windows_files;
pub(crate) use self::system::{CANCELLED, private_temporary_path};

use crate::core::key::secret::Secret;
use crate::core::redact::argument::Misplaced;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Screen, TextLayout};
use crate::core::text::palette::{Palette, TextRole};
use crate::core::text::workflow::escape_workflow_commands;
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::{Instant, NumericDate};
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A function that fills a buffer with random bytes.
pub type Entropy<'h> = dyn FnMut(&mut [u8]) -> io::Result<()> + Send + 'h;
type EnvironmentFn<'h> = dyn Fn(&str) -> Option<OsString> + 'h;
type OpenFn<'h> = dyn Fn(&Path) -> io::Result<OpenFile> + 'h;
type PathKindFn<'h> = dyn Fn(&Path) -> io::Result<PathKind> + 'h;
type WriteFn<'h> = dyn Fn(&Path, &[u8], IfExists) -> io::Result<()> + 'h;
type AbsoluteFn<'h> = dyn Fn(&Path) -> io::Result<PathBuf> + 'h;
type CreateFolderFn<'h> = dyn Fn(&Path) -> io::Result<()> + 'h;

/// The outside world as a run sees it.
pub struct Host<'h> {
    /// Reads the clock.
    pub clock: Box<ClockFn<'h>>,
    /// The source of random bytes.
    pub entropy: Box<Entropy<'h>>,
    /// Standard input, until [`take_stdin`](Self::take_stdin) takes it.
    pub stdin: Option<Box<dyn Read + Send + 'h>>,
    /// True if standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Waits briefly for standard input. Returns `true` if neither data nor its end arrived.
    pub stdin_is_idle: Box<dyn Fn() -> bool + 'h>,
    /// Standard output, for results.
    pub stdout: OutputStream<'h>,
    /// Standard error, for messages.
    pub stderr: OutputStream<'h>,
    /// Reads an environment variable.
    pub env: Box<EnvironmentFn<'h>>,
    /// Opens a file for reading.
    pub open: Box<OpenFn<'h>>,
    /// Returns what a path leads to. Links are followed.
    pub path_kind: Box<PathKindFn<'h>>,
    /// Writes a whole file in one step, readable by its owner alone, or appends to a file.
    pub write: Box<WriteFn<'h>>,
    /// Creates a folder and its parents, open to their owner alone. An existing folder stays as it is.
    pub create_folder: Box<CreateFolderFn<'h>>,
    /// Returns a path from the root. Links stay as they are.
    pub absolute: Box<AbsoluteFn<'h>>,
    /// Locks and replaces files that several processes share.
    pub locked_files: Box<dyn LockedFiles + 'h>,
    /// Protects steps that must not be cut short.
    pub processes: Box<dyn Processes + 'h>,
    /// Asks the user at the terminal.
    pub prompter: Box<dyn Prompter + 'h>,
    /// Sends requests to servers.
    pub http: Box<dyn HttpClient + 'h>,
    /// Returns the width of the terminal in columns.
    pub columns: Box<dyn Fn() -> Option<usize> + 'h>,
    /// Returns the remaining length of standard input in bytes, if it is a file.
    pub stdin_length: Box<dyn Fn() -> Option<u64> + 'h>,
    /// Returns how many threads can run at the same time.
    pub threads: Box<dyn Fn() -> usize + 'h>,
    /// Makes Ctrl-C and SIGTERM end reads with a [`StopSignal`] from now on, instead of ending the process.
    pub catch_signals: Box<dyn Fn() + 'h>,
    /// Shows a progress bar for an input of this many bytes, if the length is known.
    pub progress_bar: Box<NewProgressBar<'h>>,
    settings: HostSettings,
    /// The command line, with the name of the program first.
    command_line: Vec<OsString>,
    /// True if the user must not be asked, although there may be a terminal.
    prompts_forbidden: bool,
    /// The purpose that standard input was read for.
    stdin_taken_by: Option<&'static str>,
}

/// The settings of a run that concern the world around it.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostSettings {
    /// The time to use instead of the clock.
    pub at: Option<Instant>,
    /// The time zone of dates in reports.
    pub zone: Zone,
    /// True if reports and messages are switched off.
    pub quiet: bool,
    /// When to use colour.
    pub color: ColorMode,
}

/// Reports whether a path is on another machine. It is not looked up: that would open a connection.
fn is_remote(path: &str) -> bool {
    path.starts_with("\\\\") || path.starts_with("//")
}

/// The variables whose values may be secrets in a wrong place.
const VARIABLES: [&str; 4] = ["FOB_KEY", "FOB_DECRYPT_KEY", "FOB_STORE", "FOB_SECRET"];

/// The variable that GitHub Actions sets.
const GITHUB: &str = "GITHUB_ACTIONS";

/// The variables of systems that run commands in a log: GitHub Actions, Azure Pipelines, TeamCity.
const LOG_READERS: [&str; 3] = [GITHUB, "TF_BUILD", "TEAMCITY_VERSION"];

impl<'h> Host<'h> {
    /// Applies the settings of a run.
    pub fn configure(&mut self, settings: HostSettings) {
        self.settings = settings;
        self.set_color(settings.color);
    }

    /// Keeps the command line, for reports that show it.
    pub fn set_command_line(&mut self, command_line: Vec<OsString>) {
        self.command_line = command_line;
    }

    /// Returns the command line, with the name of the program first. It can hold secrets.
    #[must_use]
    pub fn command_line(&self) -> &[OsString] {
        &self.command_line
    }

    /// Decides for each output stream whether it gets colour.
    pub fn set_color(&mut self, mode: ColorMode) {
        let decided = match mode {
            ColorMode::Always => Some(true),
            ColorMode::Never => Some(false),
            ColorMode::Auto => self.colour_of_environment(),
        };
        let is_dumb = || (self.env)("TERM").is_some_and(|term| term == "dumb");
        let palette = |is_terminal| Palette { colour: decided.unwrap_or_else(|| is_terminal && !is_dumb()) };
        let (stdout, stderr) = (palette(self.stdout.is_terminal), palette(self.stderr.is_terminal));
        self.stdout.set_palette(stdout, mode);
        self.stderr.set_palette(stderr, mode);
    }

    /// Returns whether the environment demands or forbids colour, on terminals and elsewhere.
    fn colour_of_environment(&self) -> Option<bool> {
        let value = |name| (self.env)(name).filter(|value| !value.is_empty());
        if value("NO_COLOR").is_some() {
            return Some(false);
        }
        if let Some(forced) = value("FORCE_COLOR") {
            return Some(forced != "0" && !forced.eq_ignore_ascii_case("false"));
        }
        value("CLICOLOR_FORCE").filter(|forced| forced != "0").map(|_| true)
    }

    /// Returns the time at which tokens are judged and minted: the clock, unless `--at` sets another time.
    #[must_use]
    pub fn now(&self) -> NumericDate {
        self.shared_clock().now()
    }

    /// Returns the clock in a form that threads can share.
    #[must_use]
    pub fn shared_clock(&self) -> Clock<'_> {
        Clock::new(&*self.clock, self.settings.at)
    }

    /// Returns [`now`](Self::now) as the time of issue of a token.
    ///
    /// # Errors
    /// [`HostError::IssuedBefore1970`].
    pub fn time_of_issue(&self) -> Result<NumericDate, HostError> {
        self.shared_clock().time_of_issue()
    }

    /// Splits the host into parts that can be used at the same time.
    pub fn split(&mut self) -> HostParts<'_, 'h> {
        let message_screen = self.message_screen();
        HostParts {
            clock: Clock::new(&*self.clock, self.settings.at),
            entropy: &mut *self.entropy,
            streams: LongRun {
                stdout: &mut self.stdout,
                stderr: &mut self.stderr,
                message_screen,
                real_clock: &*self.clock,
                quiet: self.settings.quiet,
                catch_signals: &*self.catch_signals,
                progress_bar: &*self.progress_bar,
            },
        }
    }

    /// Reports whether standard output and standard error are a log in which a system looks for commands.
    #[must_use]
    pub fn is_in_workflow(&self) -> bool {
        LOG_READERS.iter().any(|name| self.is_on(name))
    }

    /// Reports whether a GitHub workflow runs, which shows annotations.
    #[must_use]
    pub fn is_on_github(&self) -> bool {
        self.is_on(GITHUB)
    }

    fn is_on(&self, variable: &str) -> bool {
        (self.env)(variable).is_some_and(|value| !value.is_empty() && !value.eq_ignore_ascii_case("false"))
    }

    /// Returns colours, width and time zone for reports on standard output.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.screen_of(&self.stdout)
    }

    /// Returns colours, width and time zone for messages and reports on standard error.
    #[must_use]
    pub fn message_screen(&self) -> Screen {
        Screen { is_in_workflow: self.is_in_workflow(), ..self.screen_of(&self.stderr) }
    }

    fn screen_of(&self, stream: &OutputStream<'_>) -> Screen {
        let width = if stream.is_terminal { (self.columns)() } else { None };
        Screen { palette: stream.palette(), width, zone: self.settings.zone, is_in_workflow: false }
    }

    /// Returns whether the user can be asked. A hidden answer is read from the terminal itself, so a token can be
    /// piped in at the same time.
    #[must_use]
    pub const fn can_prompt(&self, echo: Echo) -> bool {
        !self.prompts_forbidden
            && self.stderr.is_terminal
            && (matches!(echo, Echo::Hidden) || self.stdin_is_terminal)
    }

    /// Makes prompts impossible from now on: this process is not in the foreground of the terminal.
    pub const fn forbid_prompts(&mut self) {
        self.prompts_forbidden = true;
    }

    /// Takes standard input. It can be taken once.
    ///
    /// # Errors
    /// [`HostError::StdinTaken`] if it was taken before.
    pub fn take_stdin(&mut self, purpose: &'static str) -> Result<Box<dyn Read + Send + 'h>, HostError> {
        let taken_by = self.stdin_taken_by.replace(purpose).unwrap_or("something else");
        self.stdin.take().ok_or(HostError::StdinTaken { by: taken_by, wanted: purpose })
    }

    /// Returns the value of an environment variable as a secret.
    #[must_use]
    pub fn secret_variable(&self, name: &str) -> Option<Secret> {
        (self.env)(name).map(|value| Secret::new(value.into_encoded_bytes()))
    }

    /// Returns random bytes.
    ///
    /// # Errors
    /// [`HostError::NoRandomness`].
    pub fn random<const N: usize>(&mut self) -> Result<[u8; N], HostError> {
        random(&mut *self.entropy)
    }

    /// Writes a message to standard error, unless `--quiet` is given.
    pub fn message(&mut self, level: Level, text: &str) {
        if !self.settings.quiet {
            self.important_message(level, text);
        }
    }

    /// Returns a text without the arguments and the values of variables that may be misplaced secrets.
    #[must_use]
    pub fn without_secrets(&self, text: &str) -> String {
        let variables = VARIABLES.iter().filter_map(|name| (self.env)(name));
        let variables: Vec<OsString> = variables.collect();
        let words = self.command_line.iter().skip(1).chain(&variables);
        let is_file = |path: &str| !is_remote(path) && (self.path_kind)(Path::new(path)).is_ok();
        Misplaced::new(words.filter_map(|word| word.to_str()), |path| self.has_folder(path), is_file)
            .mask(text)
    }

    /// Reports whether a path names its folder, and the file or the folder exists. The name of a file alone says little: a secret
    /// given as the path of a new file is such a name, too.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        let is_there = |path: &Path| (self.path_kind)(path).is_ok();
        let is_in_folder = |path: &Path| {
            path.parent().is_some_and(|folder| folder.components().count() > 1 && is_there(folder))
        };
        let has_place = path.contains(['/', '\\']);
        has_place && !is_remote(path) && (is_there(Path::new(path)) || is_in_folder(Path::new(path)))
    }

    /// Writes a message to standard error, even with `--quiet`. Hostile characters in the text are escaped.
    pub fn important_message(&mut self, level: Level, text: &str) {
        let line = level.line(&self.without_secrets(text), self.message_screen());
        self.stderr.write_message(&line);
    }

    /// Locks a file against all other processes. Notes that it waits if that takes long. Returns `None` if the file is not
    /// free within the limit.
    ///
    /// # Errors
    /// If the file cannot be created or locked.
    pub fn lock_file(
        &mut self,
        path: &Path,
        limit: std::time::Duration,
        waiting: &str,
    ) -> io::Result<Option<FileLock>> {
        let (quiet, screen, stderr) = (self.settings.quiet, self.message_screen(), &mut self.stderr);
        self.locked_files.lock(path, limit, &mut || {
            if !quiet {
                let line = Level::Note.line(waiting, screen);
                stderr.write_message(&line);
            }
        })
    }

    /// Writes a line without a label to standard error, unless `--quiet` is given. Hostile characters in the text are
    /// escaped.
    pub fn note(&mut self, text: &str) {
        if !self.settings.quiet {
            let mut page = TextLayout::new(self.message_screen());
            page.line(TextRole::Plain, &Shown(&self.without_secrets(text)).to_string());
            self.report_as_message(&page.text);
        }
    }

    /// Writes the text of a report to standard error.
    pub fn report_as_message(&mut self, text: &str) {
        if self.is_in_workflow() {
            self.stderr.write_message(&escape_workflow_commands(text));
        } else {
            self.stderr.write_message(text);
        }
    }

    /// Returns when streams get colour.
    #[must_use]
    pub const fn color(&self) -> ColorMode {
        self.settings.color
    }

    /// Returns whether reports and messages are switched off.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.settings.quiet
    }
}

/// The parts of a host that can be used at the same time.
pub struct HostParts<'p, 'h> {
    /// The clock.
    pub clock: Clock<'p>,
    /// The source of random bytes.
    pub entropy: &'p mut Entropy<'h>,
    /// Returns the parts of the host that a long run needs.
    pub streams: LongRun<'p, 'h>,
}

/// The parts of a host that a run over many tokens needs.
pub struct LongRun<'p, 'h> {
    /// Standard output, for results.
    pub stdout: &'p mut OutputStream<'h>,
    /// Standard error, for messages.
    pub stderr: &'p mut OutputStream<'h>,
    /// Colours and width for messages on standard error.
    pub message_screen: Screen,
    /// The clock, whatever `--at` says.
    pub real_clock: &'p ClockFn<'h>,
    /// True if reports and messages are switched off.
    pub quiet: bool,
    /// See [`Host::catch_signals`].
    pub catch_signals: &'p (dyn Fn() + 'h),
    /// See [`Host::progress_bar`].
    pub progress_bar: &'p NewProgressBar<'h>,
}

/// Returns random bytes from this source.
///
/// # Errors
/// [`HostError::NoRandomness`].
pub fn random<const N: usize>(entropy: &mut Entropy<'_>) -> Result<[u8; N], HostError> {
    let mut bytes = [0; N];
    entropy(&mut bytes).map_err(HostError::NoRandomness)?;
    Ok(bytes)
}
