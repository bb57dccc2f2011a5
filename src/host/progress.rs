//! The progress bar of a long run.

/// A bar on the terminal that shows how much of the input is done.
pub trait ProgressBar: Send {
    /// Adds this many bytes to what is done.
    fn advance(&mut self, bytes: u64);

    /// Hides the bar while `print` writes to the terminal.
    fn suspend(&mut self, print: &mut dyn FnMut());
}

/// A function that makes a progress bar for an input of this many bytes, if the length is known.
pub type NewProgressBar<'h> = dyn Fn(Option<u64>) -> Option<Box<dyn ProgressBar>> + 'h;
