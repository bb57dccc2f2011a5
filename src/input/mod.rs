//! From an argument to bytes: files, standard input, prompts; tokens found in what people paste; keys loaded.

pub(crate) mod find;
pub(crate) mod scan;
pub(crate) mod secret;
mod shape;
pub(crate) mod source;
pub(crate) mod token;
