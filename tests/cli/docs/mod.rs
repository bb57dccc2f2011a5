//! What is written about the program, compared with the program.

pub(crate) mod documents;
pub(crate) mod golden;
