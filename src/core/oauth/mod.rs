//! Requests to token servers and their answers, as data. Nothing here sends a request.

pub mod error_response;
pub mod request;
pub mod response;
