//! HTTP requests over the network. The only file that names ureq and rustls. Redirects are returned, not followed; which
//! URLs may be requested is decided by callers. Certificates are loaded with the first request.

use crate::core::oauth::message::{Method, RequestMessage};
use crate::core::text::escape::excerpt;
use crate::host::{HttpClient, HttpRequest, RequestError, RequestStep, Response};
use rustls::CertificateError;
use rustls::crypto::aws_lc_rs;
use std::ffi::OsString;
use std::io::{self, Read as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::uri::Scheme;
use ureq::http::{self, HeaderMap, HeaderName, HeaderValue, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector, SocksConnector,
    TcpConnector, Transport,
};
use ureq::{Agent, Body, Error, Proxy};

/// The time limit of a whole request, from resolving the name to the last byte of the body.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The size limit of a body in bytes.
const MAXIMUM_BODY: u64 = 1 << 20;
/// The media types of a key set and of a discovery document.
const ACCEPT_KEYS: &str = "application/json, application/jwk-set+json";
/// The media type of a token response.
const ACCEPT_TOKENS: &str = "application/json";

type Environment = fn(&str) -> Option<OsString>;

/// The HTTP client of the real world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemHttpClient {
    environment: Environment,
}

impl SystemHttpClient {
    pub(crate) const fn new(environment: Environment) -> Self {
        Self { environment }
    }
}

impl HttpClient for SystemHttpClient {
    fn send(&mut self, request: &HttpRequest<'_>) -> Result<Response, RequestError> {
        let accept = match request.message.method {
            Method::Get => ACCEPT_KEYS,
            Method::Post | Method::Delete => ACCEPT_TOKENS,
        };
        let message = request.message.clone();
        self.ask(request.url, accept, move |agent, uri| sent(agent, uri, &message))
    }
}

/// Sends a request. Header values are marked as sensitive, so that no output for debugging repeats them.
fn sent(agent: &Agent, uri: &Uri, message: &RequestMessage) -> Result<http::Response<Body>, Error> {
    let mut headers = HeaderMap::new();
    for field in &message.headers {
        let name = HeaderName::from_bytes(field.name().as_bytes()).map_err(http::Error::from)?;
        let mut value = HeaderValue::from_bytes(field.value().expose()).map_err(http::Error::from)?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    if let Some(body) = &message.body {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(body.content_type));
    }
    let body = message.body.as_ref().map_or(&[][..], |body| body.bytes.expose());
    let method = match message.method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Delete => http::Method::DELETE,
    };
    let mut request = http::Request::builder().method(&method).uri(uri);
    if let Some(all) = request.headers_mut() {
        *all = headers;
    }
    // A POST has a length even without a body (RFC 9110 section 8.6).
    if message.body.is_some() || method == http::Method::POST {
        agent.run(request.body(body)?)
    } else {
        agent.run(request.body(())?)
    }
}

impl SystemHttpClient {
    /// Sends a request within the limits of time and size.
    fn ask(
        self,
        url: &str,
        accept: &'static str,
        send: impl FnOnce(&Agent, &Uri) -> Result<http::Response<Body>, Error> + Send + 'static,
    ) -> Result<Response, RequestError> {
        let unusable = |_| unanswered(RequestStep::Http, "the URL cannot be requested".to_owned());
        let uri: Uri = url.parse().map_err(unusable)?;
        let is_https = uri.scheme() == Some(&Scheme::HTTPS);
        // Plain http is only used on this machine, which needs no proxy.
        let proxy = if is_https { self.proxy(uri.host().unwrap_or_default())? } else { None };
        let tls = if is_https { trusted()? } else { TlsConfig::default() };
        let config = Agent::config_builder()
            .timeout_global(Some(TIME_LIMIT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .tls_config(tls)
            .user_agent(concat!("fob/", env!("CARGO_PKG_VERSION")))
            .accept(accept)
            .build();
        let progress = Progress::default();
        let marked = |step| Marked { step, progress: progress.clone() };
        let connector =
            ().chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(marked(RequestStep::Tls))
                .chain(RustlsConnector::default())
                .chain(marked(RequestStep::Http));
        let names = Names { system: DefaultResolver::default(), progress: progress.clone() };
        let agent = Agent::with_parts(config, connector, names);
        in_time(move || answer(send(&agent, &uri)?)).map_err(|error| progress.failure(error))
    }
}

/// Ends a request at the time limit. The limit of ureq holds for each single read from a proxy, so a slow proxy could
/// last forever. A late request keeps its thread, since the process ends soon after.
fn in_time(request: impl FnOnce() -> Result<Response, Error> + Send + 'static) -> Result<Response, Error> {
    let (sender, receiver) = mpsc::sync_channel(1);
    // Once the time is over, no receiver is left.
    thread::Builder::new().spawn(move || drop(sender.send(request())))?;
    receiver.recv_timeout(TIME_LIMIT).unwrap_or(Err(Error::Timeout(ureq::Timeout::Global)))
}

fn answer(response: http::Response<Body>) -> Result<Response, Error> {
    let (head, body) = response.into_parts();
    // Both the announced length and the received one are checked.
    if body.content_length().is_some_and(|length| length > MAXIMUM_BODY) {
        return Err(Error::BodyExceedsLimit(MAXIMUM_BODY));
    }
    let mut bytes = Vec::new();
    body.into_reader().take(MAXIMUM_BODY + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAXIMUM_BODY {
        return Err(Error::BodyExceedsLimit(MAXIMUM_BODY));
    }
    Ok(Response {
        status: head.status.as_u16(),
        location: values(&head.headers, &header::LOCATION).next(),
        set_cookie: values(&head.headers, &header::SET_COOKIE).collect(),
        www_authenticate: values(&head.headers, &header::WWW_AUTHENTICATE).collect(),
        retry_after: values(&head.headers, &header::RETRY_AFTER).next(),
        // Several fields form one list (RFC 9110 section 5.3).
        cache_control: values(&head.headers, &header::CACHE_CONTROL).reduce(|list, more| list + ", " + &more),
        body: bytes,
    })
}

fn values(headers: &HeaderMap, name: &HeaderName) -> impl Iterator<Item = String> {
    headers.get_all(name).into_iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Returns a TLS configuration with the authorities that this system trusts, or those that `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` name instead.
fn trusted() -> Result<TlsConfig, RequestError> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        let detail = format!("this system has no certificates of trusted authorities{why}");
        return Err(unanswered(RequestStep::Trust, detail));
    }
    let roots = RootCerts::from(found.certs.iter().map(|root| Certificate::from_der(root).to_owned()));
    let provider = Arc::new(aws_lc_rs::default_provider());
    Ok(TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build())
}

impl SystemHttpClient {
    /// Returns the proxy for a host by the rules of curl: `https_proxy` before `all_proxy`, lower case before upper
    /// case, and no proxy for hosts in `no_proxy`.
    fn proxy(self, host: &str) -> Result<Option<Proxy>, RequestError> {
        let variable = |names: &[&'static str]| {
            names.iter().find_map(|&name| Some((name, (self.environment)(name)?))).map(|(name, value)| {
                let text = value.to_string_lossy().into_owned();
                (name, text)
            })
        };
        let wanted = variable(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]);
        let Some((name, address)) = wanted.filter(|(_, address)| !address.is_empty()) else {
            return Ok(None);
        };
        if variable(&["no_proxy", "NO_PROXY"]).is_some_and(|(_, list)| is_excepted(host, &list)) {
            return Ok(None);
        }
        // The value may contain a password, so it is not repeated.
        let unusable =
            |_| unanswered(RequestStep::Connect, format!("the variable {name} is not the URL of a proxy"));
        Proxy::new(&address).map(Some).map_err(unusable)
    }
}

/// Returns whether a `no_proxy` list contains the host, or a domain that it belongs to.
fn is_excepted(host: &str, list: &str) -> bool {
    let bare = |name: &str| name.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    let host = bare(host);
    list.split([',', ' ']).filter(|entry| !entry.is_empty()).any(|entry| {
        let entry = bare(entry.trim_start_matches("*.").trim_start_matches('.'));
        let parent = host.strip_suffix(&entry).is_some_and(|rest| rest.ends_with('.'));
        entry == "*" || !entry.is_empty() && (host == entry || parent)
    })
}

/// The step that a request has reached. The errors of ureq alone do not tell an unknown name from a broken connection.
#[derive(Clone, Debug)]
struct Progress(Arc<Mutex<(RequestStep, String)>>);

impl Default for Progress {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((RequestStep::Name, String::new()))))
    }
}

impl Progress {
    /// Records the step, and the server it concerns.
    fn reach(&self, step: RequestStep, uri: &Uri) {
        if let Ok(mut reached) = self.0.lock() {
            *reached = (step, uri.authority().map(ToString::to_string).unwrap_or_default());
        }
    }

    fn failure(&self, error: Error) -> RequestError {
        let (step, server) =
            self.0.lock().map_or((RequestStep::Http, String::new()), |reached| reached.clone());
        // The URL of a proxy may contain a password before the @.
        let server = &excerpt(server.rsplit('@').next().unwrap_or_default());
        match error {
            Error::Timeout(_) => unanswered(RequestStep::Time, late(step, server)),
            Error::BodyExceedsLimit(limit) => {
                unanswered(RequestStep::Size, format!("the answer is larger than {} MiB", limit >> 20))
            }
            Error::LargeResponseHeader(_, limit) => unanswered(
                RequestStep::Size,
                format!("the header of the answer is larger than {} KiB", limit >> 10),
            ),
            Error::ConnectProxyFailed(why) => {
                unanswered(RequestStep::Connect, format!("the proxy cannot connect to the server: {why}"))
            }
            Error::Rustls(error) => tls(&error, server),
            Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(inner) => tls(inner, server),
                None => unanswered(step, broken(step, &error, server)),
            },
            Error::HostNotFound => unanswered(RequestStep::Name, format!("{server} has no address")),
            Error::ConnectionFailed => unanswered(RequestStep::Connect, format!("no connection to {server}")),
            Error::Tls(why) => unanswered(RequestStep::Tls, why.to_owned()),
            Error::Protocol(why) => {
                unanswered(RequestStep::Http, format!("{server} does not speak HTTP: {why}"))
            }
            error => unanswered(RequestStep::Http, error.to_string()),
        }
    }
}

const fn unanswered(step: RequestStep, detail: String) -> RequestError {
    RequestError { step, detail }
}

fn late(step: RequestStep, server: &str) -> String {
    let what = match step {
        RequestStep::Name => format!("the address of {server} was not found"),
        RequestStep::Connect => format!("there was no connection to {server}"),
        RequestStep::Tls => format!("the TLS handshake with {server} was not done"),
        _ => format!("the answer of {server} was not complete"),
    };
    format!("{what} within {} seconds", TIME_LIMIT.as_secs())
}

fn broken(step: RequestStep, error: &io::Error, server: &str) -> String {
    let closed = matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
    );
    match step {
        RequestStep::Name => {
            let text = error.to_string();
            // The prefix of std repeats what this message says already.
            let why = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
            format!("the address of {server} was not found: {why}")
        }
        RequestStep::Connect => format!("no connection to {server}: {error}"),
        RequestStep::Tls if closed => format!("{server} closed the connection during the TLS handshake"),
        RequestStep::Tls => format!("the TLS handshake with {server} failed: {error}"),
        _ if closed => format!("{server} closed the connection before its answer was complete"),
        _ => error.to_string(),
    }
}

fn tls(error: &rustls::Error, server: &str) -> RequestError {
    use CertificateError as E;
    let certificate = |step, fault: &str| unanswered(step, format!("the certificate of {server} {fault}"));
    match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            E::UnknownIssuer => {
                certificate(RequestStep::Trust, "is from an authority that is not trusted here")
            }
            E::BadSignature => {
                certificate(RequestStep::Trust, "is not signed by the authority that it names")
            }
            E::NotValidForName | E::NotValidForNameContext { .. } => {
                certificate(RequestStep::Tls, "is for another name")
            }
            E::Expired | E::ExpiredContext { .. } => certificate(RequestStep::Tls, "has expired"),
            E::NotValidYet | E::NotValidYetContext { .. } => {
                certificate(RequestStep::Tls, "is not valid yet")
            }
            // A common mistake with self-made certificates: openssl accepts them, webpki does not.
            E::Other(other) if other.to_string() == "CaUsedAsEndEntity" => certificate(
                RequestStep::Tls,
                "belongs to an authority; a server needs one that an authority signed for it",
            ),
            fault => certificate(RequestStep::Tls, &format!("is not valid: {fault}")),
        },
        rustls::Error::InvalidMessage(_) => {
            unanswered(RequestStep::Tls, format!("{server} does not speak TLS"))
        }
        error => unanswered(RequestStep::Tls, format!("the TLS handshake with {server} failed: {error}")),
    }
}

/// A connector that only records the step that a connection has reached.
#[derive(Debug)]
struct Marked {
    step: RequestStep,
    progress: Progress,
}

impl<T: Transport> Connector<T> for Marked {
    type Out = T;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<T>) -> Result<Option<T>, Error> {
        self.progress.reach(self.step, details.uri);
        Ok(chained)
    }
}

/// A resolver of names like that of the system, except that `localhost` is always this machine (RFC 6761 section 6.3).
#[derive(Debug)]
struct Names {
    system: DefaultResolver,
    progress: Progress,
}

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.progress.reach(RequestStep::Name, uri);
        let is_local = uri.host().is_some_and(|host| host.eq_ignore_ascii_case("localhost"));
        let found = if is_local {
            let usual = if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
            let port = uri.port_u16().unwrap_or(usual);
            let mut both = self.empty();
            both.push(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
            both.push(SocketAddr::from((Ipv6Addr::LOCALHOST, port)));
            both
        } else {
            self.system.resolve(uri, config, timeout)?
        };
        self.progress.reach(RequestStep::Connect, uri);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_proxy_matches_hosts_and_their_domains() {
        for (host, list) in [
            ("a.example", "a.example"),
            ("A.example", "b, a.EXAMPLE."),
            ("x.a.example", "a.example"),
            ("x.a.example", ".a.example"),
            ("x.a.example", "*.a.example"),
            ("anything", "*"),
            ("127.0.0.1", "localhost,127.0.0.1"),
            ("[::1]", "::1"),
        ] {
            assert!(is_excepted(host, list), "{host} {list}");
        }
        for (host, list) in
            [("xa.example", "a.example"), ("example", "a.example"), ("a", ""), ("a", ",. ,"), ("a", "b")]
        {
            assert!(!is_excepted(host, list), "{host} {list}");
        }
    }

    fn proxy_in(environment: Environment) -> Result<Option<String>, RequestError> {
        let proxy = SystemHttpClient::new(environment).proxy("a.example")?;
        Ok(proxy.map(|proxy| proxy.uri().authority().map(ToString::to_string).unwrap_or_default()))
    }

    #[test]
    fn chooses_the_proxy_as_curl_does() {
        const ALL: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        fn given(names: &[&str], name: &str) -> Option<OsString> {
            names.contains(&name).then(|| format!("http://{}:1", name.replace('_', "-")).into())
        }
        let taken = |environment| proxy_in(environment).unwrap();
        assert_eq!(taken(|name| given(&ALL, name)).as_deref(), Some("https-proxy:1"));
        assert_eq!(taken(|name| given(&ALL[1..], name)).as_deref(), Some("HTTPS-PROXY:1"));
        assert_eq!(taken(|name| given(&ALL[2..], name)).as_deref(), Some("all-proxy:1"));
        assert_eq!(taken(|name| given(&["http_proxy", "HTTP_PROXY"], name)), None);
        assert_eq!(
            taken(|name| if name == "NO_PROXY" { Some("example".into()) } else { given(&ALL, name) }),
            None
        );
        assert_eq!(taken(|name| ALL.contains(&name).then(OsString::new)), None);
    }

    #[test]
    fn an_invalid_proxy_is_an_error() {
        let failure =
            proxy_in(|name| (name == "ALL_PROXY").then(|| "ftp://me:hunter2@p".into())).unwrap_err();
        let detail = "the variable ALL_PROXY is not the URL of a proxy".to_owned();
        assert_eq!(failure, RequestError { step: RequestStep::Connect, detail });
    }
}
