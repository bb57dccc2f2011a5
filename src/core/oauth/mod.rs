//! Requests to token servers and their answers, as data.

pub mod refusal;
pub mod request;
pub mod response;
