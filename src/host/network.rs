//! Requests over HTTP, and what comes back. Only URLs that the user named are ever requested.

use crate::core::oauth::message::{Method, RequestMessage};

/// A client that sends single requests.
pub trait HttpClient {
    /// Sends a request. Redirects are returned, never followed. Header fields and bodies are secret, and errors do not
    /// repeat them.
    ///
    /// # Errors
    /// If no complete response arrives.
    fn send(&mut self, request: &HttpRequest<'_>) -> Result<Response, RequestError>;

    /// Sends a GET request for a public document. Redirects are returned, not followed.
    ///
    /// # Errors
    /// If no complete response arrives.
    fn get(&mut self, url: &str) -> Result<Response, RequestError> {
        let message =
            RequestMessage { method: Method::Get, query: Vec::new(), headers: Vec::new(), body: None };
        self.send(&HttpRequest { url, message: &message })
    }
}

/// A request, and the URL that it is sent to. The query of the message is already part of the URL.
#[derive(Clone, Copy, Debug)]
pub struct HttpRequest<'r> {
    /// The URL.
    pub url: &'r str,
    /// The method, the header fields and the body.
    pub message: &'r RequestMessage,
}

/// The response of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// The header field `Location`, as received.
    pub location: Option<String>,
    /// The header field `Cache-Control`, as received.
    pub cache_control: Option<String>,
    /// Every header field `Set-Cookie`, as received.
    pub set_cookie: Vec<String>,
    /// Every header field `WWW-Authenticate`, as received.
    pub www_authenticate: Vec<String>,
    /// The header field `Retry-After`, as received.
    pub retry_after: Option<String>,
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
