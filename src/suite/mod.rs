//! Suites: tokens with the outcome that is expected of each, kept in a file. This module reads and writes suites, and
//! reports outcomes. It judges nothing and knows no command: `commands` supply the options and the verdicts.

pub(crate) mod case;
pub(crate) mod destination;
pub(crate) mod error;
mod fields;
mod files;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
pub(crate) mod key;
pub(crate) mod lines;
pub(crate) mod location;
pub(crate) mod mint;
pub(crate) mod options;
pub(crate) mod outcome;
pub(crate) mod permission;
pub(crate) mod reach;
pub(crate) mod read;
mod real_path;
pub(crate) mod report;
mod repository;
pub(crate) mod target;
pub(crate) mod tree;
pub(crate) mod write;
