//! Tests of `decode` and `inspect`, which show tokens without a verdict.

pub(crate) mod dates;
pub(crate) mod decode;
pub(crate) mod encrypted;
#[cfg(unix)]
pub(crate) mod flow;
pub(crate) mod kinds;
pub(crate) mod known_secrets;
pub(crate) mod oneline;
pub(crate) mod page;
pub(crate) mod recordings;
pub(crate) mod redact;
pub(crate) mod reports;
mod scan;
pub(crate) mod sd_jwt;
pub(crate) mod serialized;
pub(crate) mod sources;
pub(crate) mod texts;
pub(crate) mod texts_as_found;
