//! The scanner against a simple scan of the same text, and both readers of tokens against one table of names.

mod names;
mod plain;
mod streaming;
