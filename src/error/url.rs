//! Text and hints of the errors of URLs.

use super::{CommandError, ErrorKind};
use crate::core::redact::argument::is_showable_scheme;
use crate::core::text::escape::excerpt;
use crate::host::server_url::{ForbiddenUrl, UrlError, UrlPurpose};
use std::fmt;

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unparsable(error) => write!(f, "it is not a URL ({error})"),
            Self::NoScheme => f.write_str("it begins without `https://`"),
            Self::HasCredentials => f.write_str("it contains credentials"),
            Self::PlainHttp { url } => write!(f, "{} is plain http", excerpt(url)),
            Self::OtherScheme { scheme } if !is_showable_scheme(scheme) => {
                f.write_str("its scheme is not https")
            }
            Self::OtherScheme { scheme } => write!(f, "its scheme is {}, not https", excerpt(scheme)),
            Self::Downgrade { url } => write!(f, "it leads from https to http: {}", excerpt(url)),
        }
    }
}

impl std::error::Error for UrlError {}

impl fmt::Display for ForbiddenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = match self.purpose {
            UrlPurpose::Keys => "cannot get keys from this URL",
            UrlPurpose::Tokens => "cannot send anything to this URL",
        };
        write!(f, "{action}: {}", self.error)
    }
}

impl std::error::Error for ForbiddenUrl {}

impl From<ForbiddenUrl> for CommandError {
    fn from(error: ForbiddenUrl) -> Self {
        let hint = url_hint(&error.error, error.purpose);
        Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
    }
}

/// Returns what to do about a URL that must not be requested.
pub(super) const fn url_hint(error: &UrlError, purpose: UrlPurpose) -> Option<&'static str> {
    Some(match (error, purpose) {
        (UrlError::Unparsable(_) | UrlError::Downgrade { .. }, _) => return None,
        (UrlError::NoScheme, _) => "write `https://` before the name of the server",
        (UrlError::HasCredentials, UrlPurpose::Keys) => {
            "fob sends no credentials to get keys: download the set, and give its path to --key"
        }
        (UrlError::HasCredentials, UrlPurpose::Tokens) => {
            "give the password with --password-env or --password-file: URLs end up in logs and shell histories"
        }
        (UrlError::PlainHttp { .. }, UrlPurpose::Keys) => {
            "use https, or fetch the keys yourself and pipe them in: `curl URL | fob verify --key - TOKEN`; http is allowed only \
             for 127.0.0.1, [::1] and localhost, since others could replace the keys"
        }
        (UrlError::PlainHttp { .. }, UrlPurpose::Tokens) => {
            "use https; http is allowed only for 127.0.0.1, [::1] and localhost, since others could read what is sent"
        }
        (UrlError::OtherScheme { .. }, UrlPurpose::Keys) => {
            "use an https URL, the path of a file, or - for standard input"
        }
        (UrlError::OtherScheme { .. }, UrlPurpose::Tokens) => "use https, or http on this machine",
    })
}
