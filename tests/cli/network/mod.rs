//! Requests to servers on this machine.

pub(crate) mod login;
pub(crate) mod peers;
#[cfg(unix)]
pub(crate) mod post;
#[cfg(unix)]
pub(crate) mod rotation;
#[cfg(unix)]
pub(crate) mod web;
