//! The pure core: bytes in, facts out. It takes tokens apart, judges them, mints them and says what it found.
//! It knows no command line, no files, no environment and no clock, and prints only to writers that the caller gives. There is
//! one exception: `numeric_date` asks the system for the local time zone.

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
