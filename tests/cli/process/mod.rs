//! Tests of the program as a process and at a terminal.

pub(crate) mod colour;
pub(crate) mod command_line;
#[cfg(unix)]
pub(crate) mod completions;
#[cfg(target_os = "linux")]
pub(crate) mod core_files;
pub(crate) mod error_documents;
#[cfg(target_os = "linux")]
pub(crate) mod failing_calls;
#[cfg(unix)]
pub(crate) mod failing_host;
pub(crate) mod hostile;
pub(crate) mod json_on_a_terminal;
pub(crate) mod memory;
pub(crate) mod misplaced;
pub(crate) mod misplaced_secrets;
#[cfg(unix)]
pub(crate) mod no_secret_appears;
pub(crate) mod prompts;
#[cfg(unix)]
pub(crate) mod pseudoterminal;
#[cfg(target_os = "linux")]
pub(crate) mod reach;
#[cfg(unix)]
pub(crate) mod streams;
#[cfg(unix)]
pub(crate) mod streams_and_arguments;
#[cfg(windows)]
pub(crate) mod windows;
pub(crate) mod workflow_log;
