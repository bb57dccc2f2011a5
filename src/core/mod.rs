//! The pure core: bytes in, facts out. It takes tokens apart, judges them, mints them and says what it found.
//! It knows no command line, no files, no environment and no clock, and prints only to writers it is handed; but for
//! `numeric_date`, which asks the system for its zone where dates are to be shown in it.

pub mod encryption;
pub mod json;
pub mod key;
pub mod mint;
pub mod oauth;
pub mod reason;
pub mod redact;
pub mod report;
pub mod sd_jwt;
pub mod text;
pub mod token;
pub mod verify;
