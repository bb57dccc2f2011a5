//! The clock, and the time that `--at` sets instead.

use super::HostError;
use crate::core::token::numeric_date::{Instant, NumericDate};

/// A function that reads the real clock.
pub type ClockFn<'h> = dyn Fn() -> NumericDate + Send + Sync + 'h;

/// A clock that shows the real time, unless another time is set.
#[derive(Clone, Copy)]
pub struct Clock<'c> {
    real: &'c (dyn Fn() -> NumericDate + Send + Sync + 'c),
    at: Option<Instant>,
}

impl<'c> Clock<'c> {
    /// Returns a clock that shows `at`, if given.
    pub(super) fn new(real: &'c (dyn Fn() -> NumericDate + Send + Sync + 'c), at: Option<Instant>) -> Self {
        Self { real, at }
    }

    /// Returns this clock set to another time, if one is given.
    #[must_use]
    pub fn set(self, at: Option<Instant>) -> Self {
        Self { real: self.real, at: at.or(self.at) }
    }

    /// Returns the time that the clock shows.
    #[must_use]
    pub fn now(&self) -> NumericDate {
        let now = (self.real)();
        self.at.map_or(now, |at| at.resolve(now, now))
    }

    /// Returns [`now`](Self::now) as the time of issue of a token.
    ///
    /// # Errors
    /// [`HostError::IssuedBefore1970`].
    pub fn time_of_issue(&self) -> Result<NumericDate, HostError> {
        let now = self.now();
        if now.is_negative() { Err(HostError::IssuedBefore1970) } else { Ok(now) }
    }
}
