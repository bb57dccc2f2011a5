//! Requests to token servers and their answers, as data. Nothing here sends a request.

pub mod client;
pub mod cookie;
pub mod error_response;
pub mod framework;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
pub mod message;
pub mod ready;
pub mod recognized;
pub mod request;
pub mod response;
pub mod revocation;
pub mod server;
pub mod session;
pub mod session_tokens;
