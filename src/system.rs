//! The machine this runs on, as a [`Host`]: the one place where the real clock, environment, files and streams are
//! named.

use crate::core::numeric_date::NumericDate;
use crate::host::{Host, Output, Run};
use crate::terminal;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

impl Host<'static> {
    /// The machine this runs on.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "here, and only here, the outside is looked at")]
    pub fn system() -> Self {
        Self {
            clock: Box::new(|| {
                let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                // Finer than tokens ever are, and short enough to read.
                let elapsed = Duration::from_millis(elapsed.unwrap_or_default().as_millis() as u64);
                NumericDate::since_epoch(elapsed)
            }),
            entropy: Box::new(|bytes| getrandom::fill(bytes).map_err(io::Error::other)),
            stdin: Some(Box::new(io::stdin())),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout: Output::new(Box::new(io::stdout()), io::stdout().is_terminal()),
            stderr: Output::new(Box::new(io::stderr()), io::stderr().is_terminal()),
            env: Box::new(|name| std::env::var_os(name)),
            open: Box::new(|path| Ok(Box::new(std::fs::File::open(path)?))),
            person: Box::new(terminal::Keyboard),
            columns: Box::new(terminal::columns),
            run: Run::default(),
        }
    }
}
