//! What is written about the program, compared with the program.

mod contract;
pub(crate) mod documents;
pub(crate) mod golden;
mod help;
