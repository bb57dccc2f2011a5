//! stub, replaced on merge
#![allow(dead_code)]
use crate::host::Host;
use crate::problem::Problem;
use std::path::PathBuf;
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    pub(crate) folder: Option<PathBuf>,
    pub(crate) offline: bool,
}
pub(crate) struct Fetched {
    pub(crate) bytes: Vec<u8>,
    pub(crate) source: String,
}
pub(crate) fn is_url(text: &str) -> bool {
    text.contains("://")
}
pub(crate) fn key_set(_: &str, _: &Cache, _: &mut Host<'_>) -> Result<Fetched, Problem> {
    Err(Problem::usage("stub"))
}
pub(crate) fn issuer_key_set(_: &str, _: &Cache, _: &mut Host<'_>) -> Result<Fetched, Problem> {
    Err(Problem::usage("stub"))
}
