//! The real world as a [`Host`]. Only this folder names the real clock, environment, files, network and streams.

#[cfg(any(windows, test))]
mod access_list;
#[cfg(any(windows, test))]
mod console_keys;
mod entropy;
mod files;
mod http;
mod locked_files;
mod processes;
mod progress;
mod signals;
mod terminal;
mod terminal_state;
#[cfg(unix)]
mod typed_input;
mod typed_line;
#[cfg(windows)]
pub(crate) mod windows_files;

#[cfg(unix)]
use self::files::Interruptible;
pub(crate) use self::files::private_temporary_path;
use crate::core::token::numeric_date::NumericDate;
use crate::host::{Host, HostSettings, OutputStream};
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
#[cfg(unix)]
use std::os::fd::AsFd as _;
#[cfg(windows)]
use std::os::windows::io::AsHandle as _;
use std::time::Duration;

/// The exit status when a signal cancels a prompt. It is that of any command that judged nothing.
pub(crate) const CANCELLED: i32 = 2;

impl Host<'static> {
    /// Returns the real world.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the real clock and environment")]
    pub fn system() -> Self {
        Self {
            clock: Box::new(|| {
                let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                // Milliseconds are finer than tokens need, and short enough to read.
                let elapsed = Duration::from_millis(elapsed.unwrap_or_default().as_millis() as u64);
                NumericDate::since_epoch(elapsed)
            }),
            entropy: Box::new(entropy::fill),
            stdin: Some(stdin()),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdin_is_idle: Box::new(files::stdin_is_idle),
            stdout: OutputStream::new(Box::new(io::stdout()), io::stdout().is_terminal()),
            stderr: OutputStream::new(Box::new(io::stderr()), io::stderr().is_terminal()),
            env: Box::new(|name| std::env::var_os(name)),
            open: Box::new(files::open),
            path_kind: Box::new(files::path_kind),
            write: Box::new(files::write),
            create_folder: Box::new(files::create_folder),
            absolute: Box::new(locked_files::absolute),
            locked_files: Box::new(locked_files::SystemLockedFiles),
            processes: Box::new(processes::SystemProcesses { is_program: false }),
            prompter: Box::<terminal::TerminalPrompter>::default(),
            http: Box::new(http::SystemHttpClient::new(|name| std::env::var_os(name))),
            columns: Box::new(terminal::columns),
            stdin_length: Box::new(files::stdin_length),
            threads: Box::new(|| std::thread::available_parallelism().map_or(1, usize::from)),
            catch_signals: Box::new(signals::end_reading),
            progress_bar: Box::new(|length| Some(Box::new(progress::TerminalProgressBar::new(length)))),
            settings: HostSettings::default(),
            command_line: Vec::new(),
            prompts_forbidden: false,
            stdin_taken_by: None,
        }
    }

    /// Allows the program to start itself once more, and keeps its memory out of core files. Only its own `main` may say so.
    #[must_use]
    pub fn of_program(mut self) -> Self {
        processes::forbid_core_files();
        self.processes = Box::new(processes::SystemProcesses { is_program: true });
        self
    }
}

/// Returns standard input. A terminal delivers its keys, so that a pasted line may have any length.
#[cfg(unix)]
fn stdin() -> Box<dyn Read + Send> {
    if io::stdin().is_terminal() {
        return Box::new(typed_input::TypedInput::new(Interruptible(io::stdin())));
    }
    // The library reads ahead into a buffer that lives on, and a secret would stay there.
    match io::stdin().as_fd().try_clone_to_owned() {
        Ok(unbuffered) => Box::new(Interruptible(File::from(unbuffered))),
        Err(_) => Box::new(Interruptible(io::stdin())),
    }
}

/// Returns standard input. The library turns the text of a console into UTF-8.
#[cfg(windows)]
fn stdin() -> Box<dyn Read + Send> {
    // The library reads ahead into a buffer that lives on, and a secret would stay there.
    match io::stdin().as_handle().try_clone_to_owned() {
        Ok(unbuffered) if !io::stdin().is_terminal() => {
            Box::new(signals::WakingReader::new(File::from(unbuffered)))
        }
        _ => Box::new(signals::WakingReader::new(io::stdin())),
    }
}
