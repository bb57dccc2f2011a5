//! The progress bar on standard error. The only file that names indicatif.

use crate::host::ProgressBar;
use indicatif::{ProgressDrawTarget, ProgressStyle};

/// A bar with the bytes done, the speed, and the time left if the length of the input is known.
pub(super) struct TerminalProgressBar(indicatif::ProgressBar);

impl TerminalProgressBar {
    /// Returns a bar for an input of this many bytes.
    pub(super) fn new(length: Option<u64>) -> Self {
        let template = match length {
            Some(_) => "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} to go",
            None => "{spinner} {bytes}, {bytes_per_sec}, {elapsed}",
        };
        let bar = indicatif::ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        Self(match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }
}

impl ProgressBar for TerminalProgressBar {
    fn advance(&mut self, bytes: u64) {
        self.0.inc(bytes);
    }

    fn suspend(&mut self, print: &mut dyn FnMut()) {
        self.0.suspend(print);
    }
}

impl Drop for TerminalProgressBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
