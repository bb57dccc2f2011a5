//! The pure core: bytes in, facts out. It takes tokens apart, judges them, mints them and says what it found.
//! It knows no command line, no files, no environment and no clock, and prints only to writers it is handed; but for
//! `numeric_date`, which asks the system for its zone where dates are to be shown in it.

pub mod algorithm;
pub mod base64url;
pub mod check;
pub mod claims;
pub mod digest;
pub mod disarm;
pub mod disguise;
pub mod doctor;
pub mod document;
pub mod duration;
pub mod escape;
pub mod findings;
pub mod flaw;
pub mod gate;
pub mod header;
pub mod hints;
pub mod issue;
pub mod json;
pub mod judge;
pub mod jws;
pub mod key;
pub mod key_report;
pub mod kind;
pub mod known;
pub mod mask;
pub mod numeric_date;
pub mod page;
pub mod palette;
pub mod policy;
pub mod profile;
pub mod reason;
pub mod redact;
pub mod render;
pub mod report;
pub mod secret;
pub mod seed;
pub mod token;
pub mod token_refusal;
pub mod token_request;
pub mod token_response;
