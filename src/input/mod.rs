//! From an argument to bytes: files, standard input, prompts; tokens found in what people paste; keys loaded.

pub(crate) mod content;
mod gzip;
pub(crate) mod lines;
pub(crate) mod seed;
pub(crate) mod source;
pub(crate) mod store;
pub(crate) mod texts;
pub(crate) mod token;
pub(crate) mod walk;
