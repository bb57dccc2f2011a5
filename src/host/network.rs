//! Requests over HTTP, and what comes back. Only URLs that the user named are ever requested.

use crate::core::key::secret::Secret;

/// Sends single requests.
pub trait HttpClient {
    /// Sends a GET request. Redirects are returned, not followed.
    ///
    /// # Errors
    /// If no complete response arrives.
    fn get(&mut self, url: &str) -> Result<Response, RequestError>;

    /// Sends a POST request. Redirects are returned, never followed. The body is secret, and errors do not repeat it.
    ///
    /// # Errors
    /// If no complete response arrives.
    fn post(
        &mut self,
        url: &str,
        content_type: &'static str,
        body: &Secret,
    ) -> Result<Response, RequestError>;
}

/// The response of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// The header field `Location`, as received.
    pub location: Option<String>,
    /// The header field `Cache-Control`, as received.
    pub cache_control: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request without a complete response. The detail may repeat text from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// The step that failed.
    pub step: RequestStep,
    /// Why it failed.
    pub detail: String,
}

/// A step of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStep {
    /// Resolving the name of the server.
    Name,
    /// Connecting to the server.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Verifying that a trusted authority signed the server's certificate.
    Trust,
    /// Finishing within the time limit.
    Time,
    /// Staying within the size limit of a response.
    Size,
    /// Exchanging HTTP messages.
    Http,
}
