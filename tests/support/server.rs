//! Servers on this machine, each on a port of its own: scripted HTTP with and without TLS, raw TCP, and a proxy. Servers
//! count their connections. This file knows nothing about the program under test.

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Writes whole responses to a stream, for the path of a request.
pub(crate) type Script = dyn Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync;

/// A request with its body.
pub(crate) struct Request {
    pub(crate) path: String,
    /// The request line and the headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A server that runs until the tests end.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    count: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server for plain HTTP.
    pub(crate) fn plain(
        script: impl Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::run(move |mut stream| respond(&mut stream, &script))
    }

    /// Starts a server for plain HTTP that reads the body of each request.
    pub(crate) fn posts(
        script: impl Fn(&Request, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::run(move |mut stream| {
            let request = request(&mut stream)?;
            script(&request, &mut stream)
        })
    }

    /// Starts a server for HTTPS that reads the body of each request, with a certificate for these names.
    pub(crate) fn tls_posts(
        authority: &Authority,
        names: &[&str],
        script: impl Fn(&Request, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let config = authority.server(names);
        Self::run(move |stream| {
            let connection = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(connection, stream);
            let request = request(&mut stream)?;
            script(&request, &mut stream)?;
            stream.conn.send_close_notify();
            stream.flush()
        })
    }

    /// Starts a server for HTTPS, with a certificate for these names.
    pub(crate) fn tls(
        authority: &Authority,
        names: &[&str],
        script: impl Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::with(authority.server(names), script)
    }

    /// Starts a server for HTTPS that uses the certificate of the authority itself.
    pub(crate) fn self_signed(
        authority: &Authority,
        script: impl Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::with(config(authority.0.der().clone(), authority.0.key()), script)
    }

    fn with(
        config: Arc<ServerConfig>,
        script: impl Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::run(move |stream| {
            let connection = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(connection, stream);
            let result = respond(&mut stream, &script);
            stream.conn.send_close_notify();
            let _ = stream.flush();
            result
        })
    }

    /// Starts a server that handles each connection by itself.
    pub(crate) fn raw(handle: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self::run(handle)
    }

    /// Starts a CONNECT proxy (RFC 9110 section 9.3.6) that forwards every connection to one server.
    pub(crate) fn proxy(target: SocketAddr) -> Self {
        Self::run(move |mut stream| {
            let head = head(&mut stream)?;
            if !head.starts_with("CONNECT ") {
                return stream.write_all(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
            }
            let server = TcpStream::connect(target)?;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            let (mut from, mut to) = (stream.try_clone()?, server.try_clone()?);
            thread::spawn(move || {
                let _ = io::copy(&mut from, &mut to);
            });
            let (mut from, mut to) = (server, stream);
            io::copy(&mut from, &mut to).map(|_| ())
        })
    }

    /// Returns the number of connections so far.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    fn run(handle: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let count = Arc::new(AtomicUsize::new(0));
        let (counter, handle) = (count.clone(), Arc::new(handle));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counter.fetch_add(1, Ordering::SeqCst);
                let handle = handle.clone();
                // An error means that the client closed the connection early, which some tests expect.
                thread::spawn(move || handle(stream));
            }
        });
        Self { address, count }
    }
}

fn respond(stream: &mut (impl Read + Write), script: &Script) -> io::Result<()> {
    let head = head(stream)?;
    script(head.split(' ').nth(1).unwrap_or_default(), stream)?;
    stream.flush()
}

/// Reads a request with its body.
fn request(stream: &mut impl Read) -> io::Result<Request> {
    let head = head(stream)?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("Content-Length").then(|| value.parse::<usize>().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body)?;
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    Ok(Request { path, head, body: String::from_utf8(body).unwrap() })
}

/// Reads the request line and the headers.
fn head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Writes a whole response.
pub(crate) fn send(out: &mut dyn Write, status: u16, headers: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    write!(out, "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}")
}

/// The size of a response that is larger than any limit, in bytes.
const LARGE: usize = 10_000_000;

/// Writes a faulty response around a valid body, by path. Returns `None` for other paths.
pub(crate) fn send_fault(path: &str, body: &str, out: &mut dyn Write) -> Option<io::Result<()>> {
    Some(match path {
        "/large" => write!(out, "HTTP/1.1 200 OK\r\nContent-Length: {LARGE}\r\n\r\n")
            .and_then(|()| out.write_all(&vec![b' '; LARGE])),
        "/endless" => send_endless(200, out),
        "/exact" => send(out, 200, "", &format!("{body}{}", " ".repeat((1 << 20) - body.len()))),
        "/cut" => write!(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{body}"),
        "/close" => Ok(()),
        "/noise" => out.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n"),
        "/slow-body" => {
            write!(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n").and_then(|()| drip(out))
        }
        "/slow-header" => write!(out, "HTTP/1.1 200 OK\r\nX: ").and_then(|()| drip(out)),
        _ => return None,
    })
}

/// Writes a response without a length whose body never fits.
pub(crate) fn send_endless(status: u16, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "HTTP/1.1 {status} X\r\n\r\n")?;
    out.write_all(&vec![b' '; LARGE])
}

/// Writes a byte a second for a minute, which is longer than any time limit.
pub(crate) fn drip(out: &mut dyn Write) -> io::Result<()> {
    for _ in 0..60 {
        out.write_all(b" ")?;
        out.flush()?;
        thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}

/// Never responds.
pub(crate) fn mute() -> Server {
    Server::raw(|_stream| {
        thread::sleep(Duration::from_secs(60));
        Ok(())
    })
}

/// A certificate authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Returns the certificate of the authority as PEM.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    fn server(&self, names: &[&str]) -> Arc<ServerConfig> {
        let (certificate, key) = self.signed(names);
        config(certificate.der().clone(), &key)
    }

    /// Returns a certificate for these names and its key, as PEM.
    pub(crate) fn certificate(&self, names: &[&str]) -> (String, String) {
        let (certificate, key) = self.signed(names);
        (certificate.pem(), key.serialize_pem())
    }

    fn signed(&self, names: &[&str]) -> (Certificate, KeyPair) {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let key = KeyPair::generate().unwrap();
        (CertificateParams::new(names).unwrap().signed_by(&key, &self.0).unwrap(), key)
    }
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    Arc::new(config)
}
