//! From an argument to bytes: files, standard input, prompts; tokens found in what people paste; keys loaded.

pub(crate) mod address;
pub(crate) mod content;
pub(crate) mod find;
mod gzip;
pub(crate) mod key;
pub(crate) mod lines;
pub(crate) mod network;
pub(crate) mod password;
pub(crate) mod remote;
pub(crate) mod scan;
mod secret;
pub(crate) mod seed;
mod shape;
pub(crate) mod signing;
pub(crate) mod source;
pub(crate) mod store;
pub(crate) mod texts;
pub(crate) mod token;
pub(crate) mod walk;
