//! Suites: tokens with what is expected of each, kept in a file. Here they are read and written, and what came of their
//! cases is reported; the judging is that of `verify`, and nothing here has a verdict of its own.

mod draft;
mod files;
pub(crate) mod key;
pub(crate) mod lines;
pub(crate) mod mint;
mod options;
pub(crate) mod outcome;
pub(crate) mod place;
pub(crate) mod read;
pub(crate) mod report;
pub(crate) mod tree;
pub(crate) mod write;
