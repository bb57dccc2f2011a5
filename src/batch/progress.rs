//! A bar on the terminal for long runs. The only file that names indicatif.

use crate::host::Gauge;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Bytes done, how fast, and how long it still takes where that can be known.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar on standard error for an input of so many bytes.
    pub(crate) fn new(length: Option<u64>) -> Self {
        let form = match length {
            Some(_) => "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} to go",
            None => "{spinner} {bytes}, {bytes_per_sec}, {elapsed}",
        };
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        Self(match ProgressStyle::with_template(form) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }
}

impl Gauge for Bar {
    fn advance(&mut self, bytes: u64) {
        self.0.inc(bytes);
    }

    fn aside(&mut self, talk: &mut dyn FnMut()) {
        self.0.suspend(talk);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
