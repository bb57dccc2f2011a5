//! What the host does for a step that must not be cut short: signals wait, and a process of its own survives a killed one.

use super::locked_files::FileLock;
use super::streams::StopSignal;
use std::ffi::OsString;
use std::io;

/// The operations of the host that protect a step that must not be cut short.
pub trait Processes {
    /// Prepares this process to run in a process group of its own: it must not stop when it writes to the terminal.
    fn leave_foreground(&self);

    /// Makes SIGINT and SIGTERM wait until [`release_signals`](Self::release_signals).
    fn hold_signals(&self, patience: SignalPatience);

    /// Ends the wait of signals, and returns the first one that arrived.
    fn release_signals(&self) -> Option<StopSignal>;

    /// Runs this program once more with these arguments and one more environment variable, in a process group of its own,
    /// and waits for its end. The new process takes over the lock, so that the lock outlives this process. It shares
    /// standard output and error.
    ///
    /// Returns `None` where this is impossible. The lock then stays with the caller.
    fn run_again(
        &self,
        arguments: &[OsString],
        variable: (&str, &str),
        lock: &mut FileLock,
    ) -> Option<io::Result<ProcessEnd>>;
}

/// The number of signals that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalPatience {
    /// All: the step happens in this process.
    All,
    /// The first: the step goes on without this process.
    First,
}

/// The way in which a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessEnd {
    /// With this exit status.
    Exited(i32),
    /// By a signal with this number.
    Killed(i32),
}
