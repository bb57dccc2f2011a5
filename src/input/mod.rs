//! From an argument to bytes: files, standard input, prompts; tokens found in what people paste; keys loaded.

pub(crate) mod find;
pub(crate) mod key;
mod password;
pub(crate) mod remote;
pub(crate) mod scan;
mod secret;
mod shape;
pub(crate) mod signing;
pub(crate) mod source;
pub(crate) mod store;
pub(crate) mod token;
