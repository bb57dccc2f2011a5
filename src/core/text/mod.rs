//! Text for people: escaping, colours, columns, durations. It knows nothing of tokens.

pub mod duration;
pub mod escape;
pub mod layout;
pub mod palette;
pub mod size;
pub mod zone;
