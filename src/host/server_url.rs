//! Which URLs are asked, for keys or for tokens, and where a redirect from one of them may lead. It asks none of them.

use crate::core::text::escape::excerpt;
use crate::error::CommandError;
use url::{Host, Url};

/// What is asked: `https`, or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    url: Url,
    purpose: UrlPurpose,
}

/// What somebody wants there. The rule is the same for all, the words are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UrlPurpose {
    /// To get keys that are public.
    Keys,
    /// To send a password or a token, and get tokens.
    Tokens,
}

/// Why a URL is not asked; the text is safe to repeat, the URL itself may not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) why: String,
    pub(crate) hint: Option<&'static str>,
}

impl UrlPurpose {
    const fn refused(self) -> &'static str {
        match self {
            Self::Keys => "cannot get keys from this URL",
            Self::Tokens => "nothing is sent to this URL",
        }
    }

    const fn if_plain(self) -> &'static str {
        match self {
            Self::Keys => {
                "plain http is for this machine alone (127.0.0.1, [::1], localhost): on the way anybody could change the keys"
            }
            Self::Tokens => {
                "plain http is for this machine alone (127.0.0.1, [::1], localhost): on the way anybody could read what is sent"
            }
        }
    }

    const fn if_credentials(self) -> &'static str {
        match self {
            Self::Keys => {
                "nothing is asked with a name and a password: download the set, and give its file to --key"
            }
            Self::Tokens => "credentials do not belong in a URL: it ends up in logs and histories",
        }
    }

    const fn if_strange(self) -> &'static str {
        match self {
            Self::Keys => "keys come from https, from a file, or from standard input with -",
            Self::Tokens => "tokens come from https, or from http on this machine",
        }
    }
}

impl ServerUrl {
    /// Reads what the user typed. The fragment goes: it is never sent (RFC 3986 section 3.5).
    pub(crate) fn of(text: &str, purpose: UrlPurpose) -> Result<Self, CommandError> {
        Url::parse(text).map_err(unreadable).and_then(|url| Self::checked(url, purpose)).map_err(|refused| {
            let problem = CommandError::usage(format!("{}: {}", purpose.refused(), refused.why));
            match refused.hint {
                Some(hint) => problem.with_hint(hint),
                None => problem,
            }
        })
    }

    /// Where a redirect from here leads, which may be relative (RFC 9110 section 10.2.2). From https only to https.
    pub(crate) fn leading_to(&self, location: &str) -> Result<Self, Refused> {
        self.guarded(self.url.join(location))
    }

    /// Where a URL in a document from here leads, by the same rule; but it has to be a whole one.
    pub(crate) fn absolutely(&self, url: &str) -> Result<Self, Refused> {
        self.guarded(Url::parse(url))
    }

    fn guarded(&self, next: Result<Url, url::ParseError>) -> Result<Self, Refused> {
        let next = next.map_err(unreadable).and_then(|url| Self::checked(url, self.purpose))?;
        if self.is_https() && !next.is_https() {
            return Err(Refused {
                why: format!("it leads from https to plain http: {}", excerpt(next.as_str())),
                hint: None,
            });
        }
        Ok(next)
    }

    fn checked(mut url: Url, purpose: UrlPurpose) -> Result<Self, Refused> {
        url.set_fragment(None);
        // First, so that nothing below repeats them.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused {
                why: "it holds credentials".to_owned(),
                hint: Some(purpose.if_credentials()),
            });
        }
        match url.scheme() {
            "https" => Ok(Self { url, purpose }),
            "http" if is_loopback(&url) => Ok(Self { url, purpose }),
            "http" => Err(Refused {
                why: format!("{} is plain http", excerpt(url.as_str())),
                hint: Some(purpose.if_plain()),
            }),
            scheme => {
                let why = format!("its scheme is {}, not https", excerpt(scheme));
                Err(Refused { why, hint: Some(purpose.if_strange()) })
            }
        }
    }

    /// Whether this is where the other leads with a slash at the end of its path: what Django wants of nearly every URL.
    pub(crate) fn is_with_slash(&self, other: &Self) -> bool {
        let mut slashed = other.url.clone();
        slashed.set_path(&format!("{}/", other.url.path()));
        self.url == slashed
    }

    /// The host and the port, if it is not the usual one.
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

impl std::fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

fn unreadable(error: url::ParseError) -> Refused {
    Refused { why: format!("it cannot be read ({error})"), hint: None }
}

/// Whether it is this machine, by its form alone: no name is looked up.
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

    fn of(text: &str) -> Result<ServerUrl, CommandError> {
        ServerUrl::of(text, UrlPurpose::Keys)
    }

    fn refused(text: &str) -> String {
        of(text).unwrap_err().to_string()
    }

    #[test]
    fn https_is_asked_and_http_on_this_machine() {
        for (text, url) in [
            ("https://a.example/jwks#kid", "https://a.example/jwks"),
            ("HTTPS://A.example", "https://a.example/"),
            ("http://127.0.0.1:8080/k?a=b", "http://127.0.0.1:8080/k?a=b"),
            ("http://127.1.2.3/", "http://127.1.2.3/"),
            ("http://2130706433/", "http://127.0.0.1/"),
            ("http://[::1]:1/", "http://[::1]:1/"),
            ("http://LOCALHOST/", "http://localhost/"),
        ] {
            assert_eq!(of(text).unwrap().as_str(), url);
        }
    }

    #[test]
    fn anything_else_is_refused() {
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
        assert_eq!(refused("https://"), "cannot get keys from this URL: it cannot be read (empty host)");
    }

    #[test]
    fn credentials_are_refused_and_not_repeated() {
        for text in [
            "https://me:hunter2@a.example/",
            "http://hunter2@127.0.0.1/",
            "ftp://:hunter2@a/",
            "https://hunter2@",
        ] {
            let problem = of(text).unwrap_err();
            assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
        }
        assert_eq!(refused("https://me@a.example/"), "cannot get keys from this URL: it holds credentials");
    }

    #[test]
    fn a_redirect_never_leaves_https() {
        let to = |from: &str, location: &str| {
            let next = of(from).unwrap().leading_to(location);
            next.map(|next| next.to_string()).map_err(|refused| refused.why)
        };
        assert_eq!(to("https://a/b/c?d", "e").unwrap(), "https://a/b/e");
        assert_eq!(to("https://a/b/c?d", "/e").unwrap(), "https://a/e");
        assert_eq!(to("https://a/b", "//c/d").unwrap(), "https://c/d");
        assert_eq!(to("http://localhost:1/b", "https://c/d").unwrap(), "https://c/d");
        assert_eq!(to("http://localhost:1/b", "http://127.0.0.1/d").unwrap(), "http://127.0.0.1/d");
        assert_eq!(
            to("https://a/b", "http://127.0.0.1/d").unwrap_err(),
            "it leads from https to plain http: http://127.0.0.1/d"
        );
        assert_eq!(to("https://a/b", "http://c/d").unwrap_err(), "http://c/d is plain http");
        assert_eq!(to("http://127.0.0.1/", "http://c/").unwrap_err(), "http://c/ is plain http");
        assert_eq!(to("https://a/b", "https://x:hunter2@c/").unwrap_err(), "it holds credentials");
        assert_eq!(to("https://a/b", "file:///etc/passwd").unwrap_err(), "its scheme is file, not https");
        assert_eq!(to("https://a/b", "https://").unwrap_err(), "it cannot be read (empty host)");
    }

    #[test]
    fn the_rule_is_the_same_whatever_is_wanted_there() {
        for text in ["http://a.example/", "https://me:hunter2@a.example/", "ftp://a/", "https://"] {
            let [keys, tokens] = [UrlPurpose::Keys, UrlPurpose::Tokens]
                .map(|purpose| ServerUrl::of(text, purpose).unwrap_err());
            let why = |problem: &CommandError| problem.to_string().split_once(": ").unwrap().1.to_owned();
            assert_eq!(why(&keys), why(&tokens));
            assert!(tokens.to_string().starts_with("nothing is sent to this URL: "), "{tokens}");
            assert!(!format!("{tokens:?}").contains("hunter2"), "{tokens:?}");
            // What is not to be read on the way is another thing than what is not to be changed.
            assert!(text == "https://" || keys.hint() != tokens.hint(), "{text}");
        }
    }

    #[test]
    fn knows_a_slash_that_was_left_out() {
        let is = |from: &str, to: &str| of(to).unwrap().is_with_slash(&of(from).unwrap());
        assert!(is("https://a/b", "https://a/b/") && is("https://a/b?c", "https://a/b/?c"));
        for to in ["https://a/b", "https://a/c/", "https://b/b/", "https://a/b//", "https://a/b/?c"] {
            assert!(!is("https://a/b", to), "{to}");
        }
    }

    #[test]
    fn names_the_server() {
        for (text, server) in
            [("https://a/b?c", "a"), ("http://[::1]:80/", "[::1]"), ("https://a:8443/", "a:8443")]
        {
            assert_eq!(of(text).unwrap().server(), server);
        }
    }
}
