//! The URLs that may be requested, for keys or for tokens, and where a redirect may lead. This file sends no requests.

use crate::core::redact::argument::is_known_parameter;
use url::{Host, Url};

/// A URL that may be requested: `https`, or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    url: Url,
}

/// The purpose of a URL. The rule is the same for all purposes; the messages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UrlPurpose {
    /// To get public keys.
    Keys,
    /// To send a password or a token, and get tokens.
    Tokens,
}

/// A reason why a URL must not be requested. No variant repeats credentials or the values of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UrlError {
    /// It is not an absolute URL.
    Unparsable(url::ParseError),
    /// It begins with the name of a server, without a scheme.
    NoScheme,
    /// It has a user name or a password.
    HasCredentials,
    /// It is `http`, and not on this machine.
    PlainHttp {
        /// The URL.
        url: String,
    },
    /// Its scheme is not `https`.
    OtherScheme {
        /// The scheme.
        scheme: String,
    },
    /// It is `http`, named by an `https` server.
    Downgrade {
        /// The URL.
        url: String,
    },
}

/// A URL from the user that must not be requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForbiddenUrl {
    /// The purpose of the URL.
    pub(crate) purpose: UrlPurpose,
    /// Why it must not be requested.
    pub(crate) error: UrlError,
}

impl ServerUrl {
    /// Parses a URL from the user. The fragment is dropped: it is never sent (RFC 3986 section 3.5).
    pub(crate) fn parse(text: &str, purpose: UrlPurpose) -> Result<Self, ForbiddenUrl> {
        let url = if lacks_scheme(text) {
            Err(UrlError::NoScheme)
        } else {
            Url::parse(text).map_err(UrlError::Unparsable).and_then(Self::checked)
        };
        url.map_err(|error| ForbiddenUrl { purpose, error })
    }

    /// Returns where a redirect leads. The location may be relative (RFC 9110 section 10.2.2). A redirect from `https`
    /// must lead to `https`.
    pub(crate) fn redirected_to(&self, location: &str) -> Result<Self, UrlError> {
        self.not_downgraded(self.url.join(location))
    }

    /// Parses an absolute URL in a document from this server. A document from `https` must name `https`.
    pub(crate) fn named(&self, url: &str) -> Result<Self, UrlError> {
        self.not_downgraded(Url::parse(url))
    }

    fn not_downgraded(&self, next: Result<Url, url::ParseError>) -> Result<Self, UrlError> {
        let next = next.map_err(UrlError::Unparsable).and_then(Self::checked)?;
        if self.is_https() && !next.is_https() {
            return Err(UrlError::Downgrade { url: next.to_string() });
        }
        Ok(next)
    }

    fn checked(mut url: Url) -> Result<Self, UrlError> {
        url.set_fragment(None);
        // Checked first, so that no other error repeats credentials.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::HasCredentials);
        }
        match url.scheme() {
            "https" => Ok(Self { url }),
            "http" if is_loopback(&url) => Ok(Self { url }),
            "http" => Err(UrlError::PlainHttp { url: Self { url }.to_string() }),
            scheme => Err(UrlError::OtherScheme { scheme: scheme.to_owned() }),
        }
    }

    /// Returns whether this is the other URL with a slash appended to its path. Django redirects to such URLs.
    pub(crate) fn is_with_slash(&self, other: &Self) -> bool {
        let mut slashed = other.url.clone();
        slashed.set_path(&format!("{}/", other.url.path()));
        self.url == slashed
    }

    /// Returns this URL with a text inserted before its path, and without a slash at the end of the path.
    pub(crate) fn with_path_after(&self, before: &str) -> Self {
        let mut url = self.url.clone();
        let path = url.path();
        let path = format!("{before}{}", path.strip_suffix('/').unwrap_or(path));
        url.set_path(&path);
        Self { url }
    }

    /// Returns the URL with parameters appended to its query. A parameter that is there already keeps its value.
    pub(crate) fn with_query(&self, parameters: &[(String, String)]) -> Self {
        let mut url = self.url.clone();
        for (name, value) in parameters {
            if url.query_pairs().all(|(known, _)| known != *name) {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Self { url }
    }

    /// Returns the host, and the port if it is not the default one.
    pub(crate) fn server(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str()
    }
}

/// Writes the URL for people. The values of its query can be secrets, so they are masked.
impl std::fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some((start, query)) = self.as_str().split_once('?') else { return f.write_str(self.as_str()) };
        f.write_str(start)?;
        query.split('&').enumerate().try_for_each(|(index, part)| {
            let name = part.split_once('=').map(|(name, _)| name).filter(|name| is_known_parameter(name));
            let name = name.map(|name| format!("{name}="));
            let mask = if part.is_empty() { "" } else { "…" };
            write!(f, "{}{}{mask}", if index == 0 { '?' } else { '&' }, name.unwrap_or_default())
        })
    }
}

/// Reports whether a text begins with the name of a server, such as `login.example.com/a` or `localhost:8080`.
fn lacks_scheme(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "0"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let is_host = name.contains('.') || name == "localhost";
    is_host && name.chars().all(is_name) && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the URL is on this machine, by its form alone: no name is resolved.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::CommandError;

    fn parse(text: &str) -> Result<ServerUrl, ForbiddenUrl> {
        ServerUrl::parse(text, UrlPurpose::Keys)
    }

    fn refused(text: &str) -> String {
        CommandError::from(parse(text).unwrap_err()).to_string()
    }

    #[test]
    fn allows_https_and_http_on_this_machine() {
        for (text, url) in [
            ("https://a.example/jwks#kid", "https://a.example/jwks"),
            ("HTTPS://A.example", "https://a.example/"),
            ("http://127.0.0.1:8080/k?a=b", "http://127.0.0.1:8080/k?a=b"),
            ("http://127.1.2.3/", "http://127.1.2.3/"),
            ("http://2130706433/", "http://127.0.0.1/"),
            ("http://[::1]:1/", "http://[::1]:1/"),
            ("http://LOCALHOST/", "http://localhost/"),
        ] {
            assert_eq!(parse(text).unwrap().as_str(), url);
        }
    }

    #[test]
    fn rejects_all_other_urls() {
        for text in [
            "http://a.example/",
            "http://localhost.a.example/",
            "http://localhost./",
            "http://0.0.0.0/",
            "http://128.0.0.1/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://127.0.0.1.nip.io/",
        ] {
            assert!(refused(text).ends_with(" is plain http"), "{text}: {}", refused(text));
        }
        assert_eq!(refused("ftp://a/k"), "cannot get keys from this URL: its scheme is ftp, not https");
        assert_eq!(refused("file:///k"), "cannot get keys from this URL: its scheme is file, not https");
        assert_eq!(refused("https://"), "cannot get keys from this URL: it is not a URL (empty host)");
    }

    #[test]
    fn names_the_missing_scheme() {
        for text in ["a.example", "a.example/b", "a.example:8443/b", "localhost:8080", "localhost/b?c"] {
            let error = CommandError::from(parse(text).unwrap_err());
            assert_eq!(error.to_string(), "cannot get keys from this URL: it begins without `https://`");
            assert!(error.hint().is_some_and(|hint| hint.contains("https://")), "{text}");
        }
        for text in ["mailto:me@a.example", "a", "ftp://a.example", "C:/key"] {
            assert!(!refused(text).contains("begins without"), "{text}");
        }
    }

    #[test]
    fn rejects_credentials_without_repeating_them() {
        for text in [
            "https://me:hunter2@a.example/",
            "http://hunter2@127.0.0.1/",
            "ftp://:hunter2@a/",
            "https://hunter2@",
        ] {
            let error = CommandError::from(parse(text).unwrap_err());
            assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
        }
        assert_eq!(
            refused("https://me@a.example/"),
            "cannot get keys from this URL: it contains credentials"
        );
    }

    #[test]
    fn a_redirect_must_not_leave_https() {
        let to = |from: &str, location: &str| {
            let next = parse(from).unwrap().redirected_to(location);
            next.map(|next| next.to_string()).map_err(|error| error.to_string())
        };
        assert_eq!(to("https://a/b/c?d", "e").unwrap(), "https://a/b/e");
        assert_eq!(to("https://a/b/c?d", "/e").unwrap(), "https://a/e");
        assert_eq!(to("https://a/b", "//c/d").unwrap(), "https://c/d");
        assert_eq!(to("http://localhost:1/b", "https://c/d").unwrap(), "https://c/d");
        assert_eq!(to("http://localhost:1/b", "http://127.0.0.1/d").unwrap(), "http://127.0.0.1/d");
        assert_eq!(
            to("https://a/b", "http://127.0.0.1/d").unwrap_err(),
            "it leads from https to http: http://127.0.0.1/d"
        );
        assert_eq!(to("https://a/b", "http://c/d").unwrap_err(), "http://c/d is plain http");
        assert_eq!(to("http://127.0.0.1/", "http://c/").unwrap_err(), "http://c/ is plain http");
        assert_eq!(to("https://a/b", "https://x:hunter2@c/").unwrap_err(), "it contains credentials");
        assert_eq!(to("https://a/b", "file:///etc/passwd").unwrap_err(), "its scheme is file, not https");
        assert_eq!(to("https://a/b", "https://").unwrap_err(), "it is not a URL (empty host)");
    }

    #[test]
    fn messages_depend_on_the_purpose_but_the_rule_does_not() {
        for text in ["http://a.example/", "https://me:hunter2@a.example/", "ftp://a/", "https://"] {
            let [keys, tokens] = [UrlPurpose::Keys, UrlPurpose::Tokens]
                .map(|purpose| ServerUrl::parse(text, purpose).unwrap_err());
            assert_eq!(keys.error, tokens.error);
            let [keys, tokens] = [keys, tokens].map(CommandError::from);
            assert!(tokens.to_string().starts_with("cannot send anything to this URL: "), "{tokens}");
            assert!(!format!("{tokens:?}").contains("hunter2"), "{tokens:?}");
            assert!(text == "https://" || keys.hint() != tokens.hint(), "{text}");
        }
    }

    #[test]
    fn masks_the_values_of_a_query() {
        for (url, shown) in [
            ("https://a/b?token=hunter2", "https://a/b?token=…"),
            ("https://a/b?v=1&token=a=b&&hunter2#c", "https://a/b?v=…&token=…&&…"),
            ("https://a/b?kX9vQ2mL7pR4tY8wZ1nB6cD3=", "https://a/b?…"),
            ("https://a/b?", "https://a/b?"),
            ("https://a/b", "https://a/b"),
        ] {
            assert_eq!(parse(url).unwrap().to_string(), shown);
        }
        assert_eq!(parse("https://a/b?token=hunter2").unwrap().as_str(), "https://a/b?token=hunter2");
        assert!(
            refused("http://a.example/b?token=hunter2")
                .ends_with(": http://a.example/b?token=… is plain http")
        );
        let url = parse("https://a/").unwrap();
        let downgraded = url.redirected_to("http://127.0.0.1/?t=hunter2").unwrap_err().to_string();
        assert_eq!(downgraded, "it leads from https to http: http://127.0.0.1/?t=…");
    }

    #[test]
    fn recognizes_a_missing_slash() {
        let is = |from: &str, to: &str| parse(to).unwrap().is_with_slash(&parse(from).unwrap());
        assert!(is("https://a/b", "https://a/b/") && is("https://a/b?c", "https://a/b/?c"));
        for to in ["https://a/b", "https://a/c/", "https://b/b/", "https://a/b//", "https://a/b/?c"] {
            assert!(!is("https://a/b", to), "{to}");
        }
    }

    #[test]
    fn shows_host_and_port() {
        for (text, server) in
            [("https://a/b?c", "a"), ("http://[::1]:80/", "[::1]"), ("https://a:8443/", "a:8443")]
        {
            assert_eq!(parse(text).unwrap().server(), server);
        }
    }
}
