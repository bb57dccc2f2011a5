//! Text for people: escaping what is hostile, colours, columns, durations.

pub mod duration;
pub mod escape;
pub mod layout;
pub mod palette;
