//! Requests to servers on this machine.

pub(crate) mod answers;
pub(crate) mod clients;
mod exchange;
pub(crate) mod hostile_answers;
pub(crate) mod login;
pub(crate) mod peers;
pub(crate) mod places;
#[cfg(unix)]
pub(crate) mod post;
pub(crate) mod refusals;
pub(crate) mod revocation;
#[cfg(unix)]
pub(crate) mod rotation;
#[cfg(unix)]
pub(crate) mod web;
