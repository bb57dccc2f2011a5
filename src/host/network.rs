//! Words for what happens on the network, whatever was asked: the steps of a request, and the statuses of answers.

use crate::host::Step;

/// What a step of the network is called, and what helps there.
pub(crate) const fn failed_at(step: Step) -> (&'static str, Option<&'static str>) {
    match step {
        Step::Name => ("name", Some("is the name spelled right, and is there a network?")),
        Step::Connect => ("connect", None),
        Step::Tls => ("TLS", None),
        Step::Trust => (
            "TLS",
            Some(
                "trusted are the authorities of this system, or those in the file that SSL_CERT_FILE names instead",
            ),
        ),
        Step::Time => ("time", None),
        Step::Size => ("size", None),
        Step::Http => ("HTTP", None),
    }
}

/// A status with its words (RFC 9110 section 15), for those that are met.
#[must_use]
pub(crate) fn said(status: u16) -> String {
    let words = match status {
        200 => " OK",
        201 => " Created",
        204 => " No Content",
        301 => " Moved Permanently",
        302 => " Found",
        307 => " Temporary Redirect",
        308 => " Permanent Redirect",
        400 => " Bad Request",
        401 => " Unauthorized",
        403 => " Forbidden",
        404 => " Not Found",
        405 => " Method Not Allowed",
        410 => " Gone",
        415 => " Unsupported Media Type",
        422 => " Unprocessable Content",
        429 => " Too Many Requests",
        500 => " Internal Server Error",
        502 => " Bad Gateway",
        503 => " Service Unavailable",
        504 => " Gateway Timeout",
        _ => "",
    };
    format!("{status}{words}")
}
