//! Text for people: escaping, colours, columns, durations, encodings. It knows nothing of tokens.

pub(crate) mod cells;
pub mod duration;
pub mod duration_guess;
pub mod escape;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
pub mod hex;
pub mod layout;
pub mod name;
pub mod palette;
pub mod shell;
pub mod size;
pub(crate) mod space;
pub(crate) mod styled;
pub mod utf16;
pub(crate) mod utf8;
pub(crate) mod workflow;
pub(crate) mod wrap;
pub mod zone;
