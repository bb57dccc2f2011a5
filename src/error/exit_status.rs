//! The exit statuses: one table with the number and the meaning of every way in which a run ends.

use crate::core::verify::judge::{Judgement, Verdict};
use crate::host::StopSignal;
use std::process::ExitCode;

macro_rules! exit_statuses {
    ($($variant:ident = $number:literal, $meaning:literal;)+) => {
        /// The outcome of a run, as its exit status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum ExitStatus {
            $(#[doc = $meaning] $variant = $number,)+
        }

        impl ExitStatus {
            /// Every exit status, in ascending order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns what the status says about a run.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

exit_statuses! {
    Done = 0, "Done; for `verify` and `refresh`: accepted";
    Rejected = 1, "Rejected: a check failed";
    Unjudged = 2, "Nothing was judged: wrong usage, an unreadable file, a missing or unusable key, a store or server out of reach, a failed write";
    TimeOnly = 3, "Rejected, and time is the only fault (`expired`, `not_yet_valid`, `issued_in_future`)";
    NoToken = 4, "Nothing to judge: no token in the input, malformed, or encrypted";
    Interrupted = 130, "Ctrl-C ended the run early";
    Terminated = 143, "SIGTERM ended the run early";
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

impl From<StopSignal> for ExitStatus {
    fn from(signal: StopSignal) -> Self {
        match signal {
            StopSignal::Interrupt => Self::Interrupted,
            StopSignal::Terminate => Self::Terminated,
        }
    }
}

impl ExitStatus {
    /// Returns the status of a verdict.
    #[must_use]
    pub fn from_judgement(judgement: &Judgement<'_>) -> Self {
        match judgement.verdict() {
            Verdict::Accepted => Self::Done,
            Verdict::Rejected if judgement.only_time() => Self::TimeOnly,
            Verdict::Rejected => Self::Rejected,
            Verdict::Malformed => Self::NoToken,
        }
    }
}
