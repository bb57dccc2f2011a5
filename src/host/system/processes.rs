//! Signals that wait, and this program as a process of its own.

use super::signals;
use crate::host::{FileLock, ProcessEnd, Processes, SignalPatience, StopSignal};
use std::ffi::OsString;
use std::io;

/// The processes of this system.
pub(super) struct SystemProcesses {
    /// True if this process is the program itself, which can be started once more. Another program that calls the library
    /// must not be.
    #[cfg_attr(windows, expect(dead_code, reason = "only on Unix a new process can take over a lock"))]
    pub(super) is_program: bool,
}

/// Keeps the memory of this process, which holds secrets, out of core files. On Linux, other processes of the user cannot
/// read it any more. A system that refuses this is no reason to fail.
#[cfg(any(target_os = "android", target_os = "linux"))]
pub(super) fn forbid_core_files() {
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// Keeps the memory of this process, which holds secrets, out of core files. A system that refuses this is no reason to fail.
#[cfg(all(unix, not(any(target_os = "android", target_os = "linux"))))]
pub(super) fn forbid_core_files() {
    use nix::sys::resource::{Resource, setrlimit};
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
}

/// Does nothing: this system writes no core files by itself.
#[cfg(not(unix))]
pub(super) const fn forbid_core_files() {}

impl Processes for SystemProcesses {
    fn leave_foreground(&self) {
        #[cfg(unix)]
        signals::leave_foreground();
    }

    fn hold_signals(&self, patience: SignalPatience) {
        signals::hold(patience);
    }

    fn release_signals(&self) -> Option<StopSignal> {
        signals::release()
    }

    #[cfg(unix)]
    fn run_again(
        &self,
        arguments: &[OsString],
        (name, value): (&str, &str),
        lock: &mut FileLock,
    ) -> Option<io::Result<ProcessEnd>> {
        use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
        if !self.is_program {
            return None;
        }
        let program = std::env::current_exe().ok()?;
        // A lock belongs to the open file, not to a process. Standard input is the one descriptor that a new process gets.
        let stdin = lock.file.as_ref()?.try_clone().ok()?;
        let mut command = std::process::Command::new(program);
        let mut child =
            command.args(arguments).env(name, value).stdin(stdin).process_group(0).spawn().ok()?;
        // From now on, the lock ends with the child alone.
        drop(command);
        lock.file = None;
        Some(child.wait().map(|status| match (status.code(), status.signal()) {
            (Some(code), _) => ProcessEnd::Exited(code),
            (None, signal) => ProcessEnd::Killed(signal.unwrap_or_default()),
        }))
    }

    #[cfg(not(unix))]
    fn run_again(&self, _: &[OsString], _: (&str, &str), _: &mut FileLock) -> Option<io::Result<ProcessEnd>> {
        None
    }
}
