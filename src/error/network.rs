//! Words for what happens on the network: the steps of a request, and the status codes of responses.

use crate::host::RequestStep;
use http::StatusCode;

/// Returns the short name of a step, as errors begin with it.
pub(super) const fn step_name(step: RequestStep) -> &'static str {
    match step {
        RequestStep::Name => "name",
        RequestStep::Connect => "connect",
        RequestStep::Tls | RequestStep::Trust => "TLS",
        RequestStep::Time => "time",
        RequestStep::Size => "size",
        RequestStep::Http => "HTTP",
    }
}

/// Returns what to do if a step failed.
pub(super) const fn step_hint(step: RequestStep) -> Option<&'static str> {
    match step {
        RequestStep::Name => Some("check the spelling of the name and the network connection"),
        RequestStep::Trust => Some(
            "set SSL_CERT_FILE to a file with the certificate of that authority; it replaces the authorities of this system",
        ),
        RequestStep::Connect
        | RequestStep::Tls
        | RequestStep::Time
        | RequestStep::Size
        | RequestStep::Http => None,
    }
}

/// Returns a status code with its reason phrase (RFC 9110 section 15), if it has one.
pub(crate) fn status_text(status: u16) -> String {
    match StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()) {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}
