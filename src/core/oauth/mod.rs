//! Requests to token servers and their answers, as data. Nothing here sends a request.

pub mod error_response;
pub mod ready;
pub mod request;
pub mod response;
pub mod server;
