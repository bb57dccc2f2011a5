//! POST requests of the program to servers on this machine: the bytes that arrive, that no other server gets them, and
//! how each failure is reported.

use crate::support::process::{Ended, Process};
use crate::support::server::{Authority, Request, Server, mute, send, send_endless, send_fault};
use crate::support::world::SECRET;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

const TOKENS: &str = r#"{"access":"aaa","refresh":"rrr","token_type":"Bearer","access_token":"aaa"}"#;
const OPAQUE: &str = "8xLOxBtZp8";

/// Prepares `fob` with the password in a variable, and with these environment variables.
fn process(words: &[&str], env: &[(&str, &str)]) -> Process {
    Process::words(words).env("PW", SECRET).envs(env)
}

fn log_in(url: &str, env: &[(&str, &str)]) -> Ended {
    process(&["pair", "--from", url, "--user", "zoë", "--password-env", "PW"], env).run()
}

/// Asserts that the tokens arrived.
#[track_caller]
fn given(outcome: &Ended) {
    assert_eq!(outcome.success(), "access     aaa\nrefresh    rrr\ntoken_type Bearer\n");
}

/// Asserts that no tokens arrived, for this reason.
#[track_caller]
fn failed(outcome: &Ended, doing: &str, url: &str, why: &str) {
    outcome.failure(2, &format!("error: cannot {doing} at {url}: {why}"));
}

/// The heads and bodies of received requests.
type Kept = Arc<Mutex<Vec<(String, String)>>>;

/// Starts a server that records each request and answers with tokens.
fn keeper() -> (Server, Kept) {
    let kept = Kept::default();
    let keep = kept.clone();
    let server = Server::posts(move |request, out| {
        keep.lock().unwrap().push((request.head.clone(), request.body.clone()));
        send(out, 200, "Content-Type: application/json\r\n", TOKENS)
    });
    (server, kept)
}

#[test]
fn sends_the_exact_body_and_few_headers() {
    let (server, kept) = keeper();
    let base = format!("http://{}", server.address);
    given(&log_in(&format!("{base}/api/token/?a=b#c"), &[]));
    let line = ["refresh", "--from", &base, "--format", "header", "a+/=", "--field", "client_id=web"];
    assert_eq!(process(&line, &[]).run().stdout, "Authorization: Bearer aaa\n");
    let kept = kept.lock().unwrap();
    let [(login, login_body), (refresh, refresh_body)] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!(*login_body, format!(r#"{{"username":"zoë","password":"{SECRET}"}}"#));
    assert_eq!(refresh_body, "grant_type=refresh_token&refresh_token=a%2B%2F%3D&client_id=web");
    assert!(login.starts_with("POST /api/token/?a=b HTTP/1.1\r\n"), "{login}");
    assert!(refresh.starts_with("POST / HTTP/1.1\r\n"), "{refresh}");
    for (head, content_type, body) in [
        (login, "application/json", login_body),
        (refresh, "application/x-www-form-urlencoded", refresh_body),
    ] {
        let mut headers: Vec<String> = head.lines().skip(1).map(str::to_ascii_lowercase).collect();
        headers.retain(|line| !line.is_empty());
        headers.sort();
        // No other header describes the client.
        let expected = [
            "accept: application/json".to_owned(),
            format!("content-length: {}", body.len()),
            format!("content-type: {content_type}"),
            format!("host: {}", server.address),
            concat!("user-agent: fob/", env!("CARGO_PKG_VERSION")).to_owned(),
        ];
        assert_eq!(headers, expected);
    }
}

/// Serves a different failure under each path.
fn pages(request: &Request, out: &mut dyn Write) -> io::Result<()> {
    match request.path.as_str() {
        "/endless" => send_endless(401, out),
        path => match path.strip_prefix("/to/") {
            Some(place) => {
                let (status, place) = place.split_once('/').unwrap();
                send(out, status.parse().unwrap(), &format!("Location: {place}\r\n"), "moved")
            }
            None => send_fault(path, TOKENS, out).unwrap_or_else(|| send(out, 404, "", "no such page")),
        },
    }
}

#[test]
fn names_the_failed_step() {
    let server = Server::posts(pages);
    let (host, base) = (server.address, format!("http://{}", server.address));
    given(&log_in(&format!("{base}/exact"), &[]));
    let closed = format!("HTTP: {host} closed the connection before its answer was complete\n");
    for (page, why) in [
        ("/large", "size: the answer is larger than 1 MiB\n"),
        ("/endless", "size: the answer is larger than 1 MiB\n"),
        ("/cut", &closed),
        ("/close", &closed),
        ("/noise", &format!("HTTP: {host} does not speak HTTP: ")),
        ("/missing", "status: 404 Not Found: no such page\nhint: "),
    ] {
        let url = format!("{base}{page}");
        failed(&log_in(&url, &[]), "log in", &url, why);
        let outcome = process(&["refresh", "--from", &url, OPAQUE], &[]).run();
        assert_eq!(outcome.stderr.contains("may have used up"), page != "/missing", "{}", outcome.stderr);
        failed(&outcome, "refresh", &url, why);
    }
    let closed_port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed_port}/");
    let why = format!("connect: no connection to {closed_port}: Connection refused");
    failed(&log_in(&url, &[]), "log in", &url, &why);
}

#[test]
fn never_follows_a_redirect_with_a_password() {
    let (other, kept) = keeper();
    let server = Server::posts(pages);
    for status in ["301", "302", "303", "307", "308"] {
        let there = format!("http://{}/", other.address);
        let url = format!("http://{}/to/{status}/{there}", server.address);
        let outcome = log_in(&url, &[]);
        assert!(
            outcome.stderr.contains(&format!(" leads to {there}, but a POST is not redirected\nhint: ")),
            "{}",
            outcome.stderr
        );
        failed(&outcome, "log in", &url, &format!("redirect: {status}"));
    }
    assert_eq!((server.count(), other.count(), kept.lock().unwrap().len()), (5, 0, 0));
}

#[test]
fn gives_up_on_a_slow_server_after_ten_seconds() {
    let server = Server::posts(pages);
    let mute = mute();
    let cases = [("slow-body", server.address), ("slow-header", server.address), ("mute", mute.address)];
    thread::scope(|scope| {
        for (page, host) in cases {
            scope.spawn(move || {
                let start = Instant::now();
                let url = format!("http://{host}/{page}");
                let why = format!("time: the answer of {host} was not complete within 10 seconds\n");
                failed(&log_in(&url, &[]), "log in", &url, &why);
                let elapsed = start.elapsed().as_secs();
                assert!((9..15).contains(&elapsed), "{url}: {elapsed} s");
            });
        }
    });
}

#[test]
fn trusts_the_same_certificates_as_for_keys() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (authority, stranger) = (Authority::new("a"), Authority::new("b"));
    let trusting = write("ca.pem", &authority.pem());
    let distrusting = write("stranger.pem", &stranger.pem());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let keep = bodies.clone();
    let server = Server::tls_posts(&authority, &["localhost", "login.example"], move |request, out| {
        keep.lock().unwrap().push(request.body.clone());
        send(out, 200, "", TOKENS)
    });
    let port = server.address.port();
    let url = format!("https://localhost:{port}/token");
    given(&log_in(&url, &[("SSL_CERT_FILE", &trusting)]));
    assert_eq!(*bodies.lock().unwrap(), [format!(r#"{{"username":"zoë","password":"{SECRET}"}}"#)]);
    let why = format!(
        "TLS: the certificate of localhost:{port} is from an authority that is not trusted here\nhint: "
    );
    failed(&log_in(&url, &[("SSL_CERT_FILE", &distrusting)]), "log in", &url, &why);
    let misnamed = format!("https://127.0.0.1:{port}/token");
    let why = format!("TLS: the certificate of 127.0.0.1:{port} is for another name\n");
    failed(&log_in(&misnamed, &[("SSL_CERT_FILE", &trusting)]), "log in", &misnamed, &why);
    // A server without a trusted certificate received no byte of the body.
    assert_eq!(bodies.lock().unwrap().len(), 1);

    let talkative = Server::raw(|mut stream| stream.write_all(b"220 mail.example ESMTP\r\n"));
    let url = format!("https://{}/", talkative.address);
    let why = format!("TLS: {} does not speak TLS\n", talkative.address);
    failed(&log_in(&url, &[("SSL_CERT_FILE", &trusting)]), "log in", &url, &why);

    let proxy = Server::proxy(server.address);
    let through = format!("http://{}", proxy.address);
    let env =
        [("SSL_CERT_FILE", trusting.as_str()), ("HTTPS_PROXY", through.as_str()), ("HTTP_PROXY", &through)];
    given(&log_in("https://login.example/token", &env));
    assert_eq!(proxy.count(), 1);
    given(&log_in(&format!("http://{}/", keeper().0.address), &env));
    assert_eq!(proxy.count(), 1);
}

#[test]
fn sends_nothing_to_a_forbidden_url() {
    let server = Server::posts(pages);
    let port = server.address.port();
    for url in [format!("http://me:hunter2@{}/", server.address), format!("http://0.0.0.0:{port}/")] {
        let outcome = log_in(&url, &[]);
        outcome.failure(2, "error: cannot send anything to this URL: ");
        assert!(!outcome.stderr.contains("hunter2"), "{outcome}");
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn explains_that_unprinted_tokens_were_issued() {
    let (server, kept) = keeper();
    let url = format!("http://{}/", server.address);
    let login = ["pair", "--from", &url, "--user", "a", "--password-env", "PW"];
    let refresh = ["refresh", "--from", &url, "--profile", "simplejwt", OPAQUE];
    let lost = "hint: the server has issued these tokens, but they are lost: log in again\n";
    let used_up =
        "hint: the server has issued these tokens, and may have used up the refresh token: log in again\n";
    // A closed pipe causes no error message of its own. A refresh whose tokens were lost is not a success.
    for (words, status, hint) in [(&login[..], 0, lost), (&refresh[..], 2, used_up)] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        process(words, &[]).stdout(writer).run().expect(status, "", hint);
        if let Ok(full) = File::options().write(true).open("/dev/full") {
            let error = "error: cannot write to standard output: No space left on device (os error 28)\n";
            process(words, &[]).stdout(full).run().expect(2, "", &format!("{error}{hint}"));
        }
    }
    assert!(kept.lock().unwrap().len() >= 2);
}
