//! Keys from a URL, fetched by the program from servers on this machine: the accepted answers, the reported failures, and
//! the URLs that are never requested.

use crate::keys::algorithms::{new_key, shown};
use crate::support::process::{Ended, Process};
use crate::support::server::{Authority, Server, drip, mute, send, send_fault};
use crate::support::world::{SECRET, World, signed};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;
use std::time::Instant;

impl Ended {
    #[track_caller]
    fn accepted(&self) {
        self.success();
    }

    /// Asserts that the run ended without a verdict, for this reason.
    #[track_caller]
    fn failed(&self, url: &str, why: &str) {
        self.failure(2, &format!("error: cannot get the keys from {url}: {why}"));
    }
}

/// The private key of the tokens of these tests.
static KEY: LazyLock<String> = LazyLock::new(|| new_key("EdDSA"));

/// A set with the public half of [`KEY`].
static SET: LazyLock<String> =
    LazyLock::new(|| format!(r#"{{"keys":[{}]}}"#, shown(&KEY, "--public").trim_end()));

fn set() -> String {
    SET.clone()
}

/// Returns a token of [`KEY`] with these claims.
fn token(claims: &str) -> String {
    let world = World::bare().file("key", &*KEY);
    world.run_words(&["encode", "--key", "key", "--no-iat", claims]).result().to_owned()
}

/// Serves the pages of these tests.
fn pages(path: &str, out: &mut dyn Write) -> io::Result<()> {
    if let Some(sent) = send_fault(path, &set(), out) {
        return sent;
    }
    match path {
        "/set" => send(out, 200, "Content-Type: application/json\r\n", &set()),
        "/no-store" => send(out, 200, "Cache-Control: no-store\r\n", &set()),
        "/empty" => send(out, 200, "", "{}"),
        "/html" => send(out, 200, "", "<!DOCTYPE html>\u{1b}[31m"),
        "/500" => send(out, 500, "", "no"),
        "/nowhere" => send(out, 302, "", ""),
        "/chunked" => {
            write!(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            (0..100).try_for_each(|_| write!(out, "186a0\r\n{}\r\n", " ".repeat(100_000)))
        }
        "/header" => {
            write!(out, "HTTP/1.1 200 OK\r\n")?;
            (0..20).try_for_each(|n| write!(out, "X-{n}: {}\r\n", "x".repeat(10_000)))?;
            write!(out, "\r\n{}", set())
        }
        path => match path.strip_prefix("/to/") {
            Some("self") => send(out, 302, "Location: /to/self\r\n", ""),
            Some(there) if there.starts_with(|c: char| c.is_ascii_digit()) => {
                let left: u32 = there.parse().unwrap();
                let there = if left == 0 { "/set".to_owned() } else { format!("/to/{}", left - 1) };
                send(out, 307, &format!("Location: {there}\r\n"), "")
            }
            Some(there) => send(out, 301, &format!("Location: {there}\r\n"), "moved"),
            None => send(out, 404, "", "no such page"),
        },
    }
}

/// Verifies a valid token with the keys from this URL.
fn verify(url: &str, env: &[(&str, &str)]) -> Ended {
    Process::words(&["verify", "--key", url, &token("{}")]).envs(env).run()
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn verifies_with_a_fetched_key_set() {
    let server = Server::plain(pages);
    let base = format!("http://{}", server.address);
    for page in ["/set", "/set#fragment", "/exact", "/to//set", "/to/4"] {
        verify(&format!("{base}{page}"), &[]).accepted();
    }
    let port = server.address.port();
    verify(&format!("http://LOCALHOST:{port}/set"), &[]).accepted();
    let other =
        Process::words(&["verify", "--key", &format!("{base}/set"), "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"]).run();
    other.expect_status(&[1]);
}

#[test]
fn names_the_failed_step() {
    let server = Server::plain(pages);
    let base = format!("http://{}", server.address);
    let host = server.address;
    for (page, why) in [
        ("/missing", "status: 404 Not Found\nhint: "),
        ("/500", "status: 500 Internal Server Error\n"),
        ("/nowhere", "redirect: the response has status 302 but no Location\n"),
        ("/to/self", &format!("redirect: loop, back to {base}/to/self\n")),
        ("/to/9", &format!("redirect: more than 5 redirects, the last to {base}/to/3\n")),
        ("/to/http://a.example/", "redirect: http://a.example/ is plain http\nhint: "),
        ("/to/https://me:hunter2@a.example/", "redirect: it contains credentials\nhint: "),
        ("/to/file:///etc/passwd", "redirect: its scheme is file, not https\nhint: "),
        ("/large", "size: the answer is larger than 1 MiB\n"),
        ("/endless", "size: the answer is larger than 1 MiB\n"),
        ("/chunked", "size: the answer is larger than 1 MiB\n"),
        ("/header", "size: the header of the answer is larger than 64 KiB\n"),
        ("/cut", &format!("HTTP: {host} closed the connection before its answer was complete\n")),
        ("/close", &format!("HTTP: {host} closed the connection before its answer was complete\n")),
        ("/noise", &format!("HTTP: {host} does not speak HTTP: ")),
        ("/html", "JSON: the answer is not JSON at offset 0: expected a value\nhint: "),
        ("/empty", "no key: the answer is neither a JWK Set nor a JWK (RFC 7517)\n"),
    ] {
        let url = format!("{base}{page}");
        let outcome = verify(&url, &[]);
        assert!(!outcome.stderr.replace(&url, "").contains("hunter2"), "{}", outcome.stderr);
        outcome.failed(&url, why);
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    verify(&format!("http://{closed}/"), &[]).failed(
        &format!("http://{closed}/"),
        &format!("connect: no connection to {closed}: Connection refused"),
    );
}

#[test]
fn gives_up_on_a_slow_server_after_ten_seconds() {
    let server = Server::plain(pages);
    let silent = mute();
    // A record of TLS that is never whole.
    let dripping = Server::raw(|mut stream| {
        stream.write_all(b"\x16\x03\x03\x40\x00")?;
        drip(&mut stream)
    });
    let proxy = Server::plain(|_, out| pages("/slow-header", out));
    let port = silent.address.port();
    let folder = tempfile::tempdir().unwrap();
    let authority = write(folder.path(), "ca.pem", &Authority::new("a").pem());
    let [http, mute, drip] = [server.address, silent.address, dripping.address];
    let through = format!("http://{}", proxy.address);
    let cases = [
        (
            format!("http://{http}/slow-body"),
            format!("time: the answer of {http} was not complete within 10 "),
        ),
        (
            format!("http://{http}/slow-header"),
            format!("time: the answer of {http} was not complete within 10 "),
        ),
        (format!("http://{mute}/"), format!("time: the answer of {mute} was not complete within 10 ")),
        (
            format!("https://localhost:{port}/"),
            format!("time: the TLS handshake with localhost:{port} was not done within 10 "),
        ),
        (format!("https://{drip}/"), format!("time: the TLS handshake with {drip} was not done within 10 ")),
        (
            "https://keys.example/".to_owned(),
            format!("time: the answer of {} was not complete within 10 ", proxy.address),
        ),
    ];
    thread::scope(|scope| {
        for (url, why) in &cases {
            let env = [
                ("SSL_CERT_FILE", authority.as_str()),
                ("HTTPS_PROXY", through.as_str()),
                ("NO_PROXY", "localhost,127.0.0.1"),
            ];
            scope.spawn(move || {
                let start = Instant::now();
                verify(url, &env).failed(url, why);
                let elapsed = start.elapsed().as_secs();
                assert!((9..15).contains(&elapsed), "{url}: {elapsed} s");
            });
        }
    });
}

#[test]
fn trusts_the_certificates_of_the_system() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, stranger, impostor) = (Authority::new("a"), Authority::new("b"), Authority::new("a"));
    let trusting = write(folder.path(), "ca.pem", &authority.pem());
    let trusting = [("SSL_CERT_FILE", trusting.as_str())];
    let strange = write(folder.path(), "stranger.pem", &stranger.pem());
    let empty = write(folder.path(), "empty.pem", "");

    let server = Server::tls(&authority, &["localhost"], pages);
    let port = server.address.port();
    let url = format!("https://localhost:{port}/set");
    verify(&url, &trusting).accepted();
    // As openssl does, it takes the folder in place of the file.
    let only = folder.path().join("only");
    std::fs::create_dir(&only).unwrap();
    write(&only, "ca.pem", &authority.pem());
    verify(&url, &[("SSL_CERT_DIR", only.to_str().unwrap())]).accepted();

    let at = format!("localhost:{port}");
    let untrusted =
        format!("TLS: the certificate of {at} is from an authority that is not trusted here\nhint: ");
    verify(&url, &[("SSL_CERT_FILE", &strange)]).failed(&url, &untrusted);
    let impostor = write(folder.path(), "impostor.pem", &impostor.pem());
    let forged = format!("TLS: the certificate of {at} is not signed by the authority that it names\nhint: ");
    verify(&url, &[("SSL_CERT_FILE", &impostor)]).failed(&url, &forged);
    for file in [empty.as_str(), "/no/such/file"] {
        let none = "TLS: this system has no certificates of trusted authorities";
        verify(&url, &[("SSL_CERT_FILE", file)]).failed(&url, none);
    }
    let own = Server::self_signed(&authority, pages);
    let own_url = format!("https://{}/set", own.address);
    let of_authority =
        format!("TLS: the certificate of {} belongs to an authority; a server needs ", own.address);
    verify(&own_url, &trusting).failed(&own_url, &of_authority);
    let by_address = format!("https://127.0.0.1:{port}/set");
    let misnamed = format!("TLS: the certificate of 127.0.0.1:{port} is for another name\n");
    verify(&by_address, &trusting).failed(&by_address, &misnamed);

    let plain = Server::plain(pages);
    let talkative = Server::raw(|mut stream| stream.write_all(b"220 mail.example ESMTP\r\n"));
    let no_tls = format!("TLS: {} does not speak TLS\n", talkative.address);
    let url_of_talk = format!("https://{}/set", talkative.address);
    verify(&url_of_talk, &trusting).failed(&url_of_talk, &no_tls);
    let mute = Server::raw(|_| Ok(()));
    let mute_url = format!("https://{}/set", mute.address);
    let broke_off = format!("TLS: {} closed the connection during the TLS handshake\n", mute.address);
    verify(&mute_url, &trusting).failed(&mute_url, &broke_off);

    let downward = format!("https://localhost:{port}/to/http://{}/set", plain.address);
    let before = plain.count();
    verify(&downward, &trusting)
        .failed(&downward, &format!("redirect: it leads from https to http: http://{}/set\n", plain.address));
    assert_eq!(plain.count(), before);
    let upward = format!("http://{}/to/{url}", plain.address);
    verify(&upward, &trusting).accepted();
    let distrusted = format!("TLS: after a redirect to {url}: the certificate of {at} is from");
    verify(&upward, &[("SSL_CERT_FILE", &strange)]).failed(&upward, &distrusted);
}

#[test]
fn reports_an_unknown_host_name() {
    // Too long a label for any server of names to be asked.
    let name = format!("{}.example", "x".repeat(64));
    let url = format!("https://{name}/");
    let folder = tempfile::tempdir().unwrap();
    let authority = write(folder.path(), "ca.pem", &Authority::new("a").pem());
    verify(&url, &[("SSL_CERT_FILE", &authority)])
        .failed(&url, &format!("name: the address of {name} was not found: "));
}

#[test]
fn uses_a_proxy_for_https_but_never_for_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("a");
    let file = write(folder.path(), "ca.pem", &authority.pem());
    let server = Server::tls(&authority, &["keys.example"], pages);
    let proxy = Server::proxy(server.address);
    let through = format!("http://me:hunter2@{}", proxy.address);
    // Only the proxy can resolve this name.
    let url = "https://keys.example/set";
    for (at, name) in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].into_iter().enumerate() {
        verify(url, &[("SSL_CERT_FILE", &file), (name, &through)]).accepted();
        assert_eq!((proxy.count(), server.count()), (at + 1, at + 1));
    }

    let plain = Server::plain(pages);
    for host in [plain.address.to_string(), format!("localhost:{}", plain.address.port())] {
        let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"];
        verify(&format!("http://{host}/set"), &names.map(|name| (name, through.as_str()))).accepted();
    }
    let local = Server::tls(&authority, &["localhost"], pages);
    let excepted = format!("https://localhost:{}/set", local.address.port());
    let env =
        [("SSL_CERT_FILE", file.as_str()), ("HTTPS_PROXY", &through), ("NO_PROXY", "a.example,localhost")];
    verify(&excepted, &env).accepted();
    assert_eq!(proxy.count(), 4);

    let refusing = format!("http://me:hunter2@{}", plain.address);
    let outcome = verify(url, &[("SSL_CERT_FILE", &file), ("HTTPS_PROXY", &refusing)]);
    outcome.failed(url, "connect: the proxy cannot connect to the server: ");
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    let gone = "http://me:hunter2@127.0.0.1:1";
    let outcome = verify(url, &[("SSL_CERT_FILE", &file), ("HTTPS_PROXY", gone)]);
    outcome.failed(url, "connect: no connection to 127.0.0.1:1: Connection refused");
}

#[test]
fn never_requests_urls_from_a_token() {
    let server = Server::plain(pages);
    let url = format!("http://{}/set", server.address);
    let header = format!(r#"{{"alg":"HS256","jku":"{url}","x5u":"{url}","kid":"{url}"}}"#);
    let token = signed(&header, &format!(r#"{{"iss":"http://{}"}}"#, server.address));
    let env = [("FOB_SECRET", SECRET)];
    for command in ["verify", "decode", "inspect", "refresh"] {
        Process::words(&[command, &token]).envs(&env).run();
    }
    assert_eq!(server.count(), 0);
    let jwks = Server::plain(pages);
    Process::words(&["verify", "--key", &format!("http://{}/set", jwks.address), &token]).run();
    assert_eq!((server.count(), jwks.count()), (0, 1));
}

#[test]
fn rejects_forbidden_urls() {
    let server = Server::plain(pages);
    for (url, why) in [
        ("http://keys.example/set".to_owned(), "http://keys.example/set is plain http"),
        ("HTTP://128.0.0.1/set".to_owned(), "http://128.0.0.1/set is plain http"),
        ("ftp://keys.example/set".to_owned(), "its scheme is ftp, not https"),
        ("file:///etc/passwd".to_owned(), "its scheme is file, not https"),
        (format!("http://me:hunter2@{}/set", server.address), "it contains credentials"),
        ("https://[::1/set".to_owned(), "it is not a URL (invalid IPv6 address)"),
    ] {
        for option in ["--key", "--issuer-keys"] {
            let outcome = Process::words(&["verify", option, &url, &token("{}")]).run();
            let wanted = format!("error: cannot get keys from this URL: {why}\n");
            assert!(outcome.stderr.starts_with(&wanted), "{}", outcome.stderr);
            assert!(!outcome.stderr.contains("hunter2"));
            assert_eq!(outcome.status, Some(2));
        }
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn caches_a_key_set_for_offline_use() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("a/b");
    let kept_text = kept.to_str().unwrap();
    let server = Server::plain(pages);
    let url = format!("http://{}/set", server.address);
    let token = token("{}");
    let cached = |more: &[&str]| {
        let words = ["verify", "--key", &url, "--cache", kept_text, &token];
        Process::words(&[&words, more].concat()).run()
    };
    let none = cached(&["--offline"]);
    none.failed(&url, "they are not in the cache, and --offline forbids fetching\nhint: ");
    for _ in 0..3 {
        cached(&[]).accepted();
    }
    cached(&["--offline"]).accepted();
    assert_eq!(server.count(), 1);

    let files: Vec<_> = std::fs::read_dir(&kept).unwrap().map(|file| file.unwrap().path()).collect();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let modes = [mode(&folder.path().join("a")), mode(&kept), mode(&files[0])];
    assert_eq!((files.len(), modes), (1, [0o700, 0o700, 0o600]));

    std::fs::write(&files[0], "{").unwrap();
    let outcome = cached(&[]);
    assert!(outcome.stderr.starts_with("warning: ignoring "), "{}", outcome.stderr);
    assert_eq!((outcome.status, server.count()), (Some(0), 2));
    cached(&[]).accepted();
    assert_eq!(server.count(), 2);

    let unkept = format!("http://{}/no-store", server.address);
    Process::words(&["verify", "--key", &unkept, "--cache", kept_text, &token]).run().accepted();
    assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 1);
    let nowhere = Process::words(&["verify", "--key", &url, "--cache", "/dev/null/x", &token]).run();
    assert!(nowhere.stderr.starts_with("warning: "), "{}", nowhere.stderr);
    assert_eq!(nowhere.status, Some(0));
}

#[test]
fn discovers_the_key_set_of_an_issuer() {
    // Its own address is known only once it runs, so it stands in the path too: `/HOST:PORT`, and `/liar/HOST:PORT` says
    // that it is the other.
    let server = Server::plain(|path, out| match path.strip_suffix("/.well-known/openid-configuration") {
        Some(issuer) => {
            let host = issuer.strip_prefix("/liar").unwrap_or(issuer);
            send(out, 200, "", &format!(r#"{{"issuer":"http:/{host}{host}","jwks_uri":"http:/{host}/set"}}"#))
        }
        None => pages(path, out),
    });
    let host = server.address;
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().to_str().unwrap();
    let issuer = format!("http://{host}/{host}");
    let token = token(&format!(r#"{{"iss":"{issuer}"}}"#));
    let verify = |issuer: &str, more: &[&str]| {
        Process::words(&[&["verify", "--issuer-keys", issuer, "--cache", kept, &token], more].concat()).run()
    };
    verify(&issuer, &[]).accepted();
    verify(&format!("{issuer}/"), &["--offline"]).accepted();
    assert_eq!(server.count(), 2);

    let liar = format!("http://{host}/liar/{host}");
    let document = |issuer: &str| format!("{issuer}/.well-known/openid-configuration");
    verify(&liar, &[]).failed(
        &document(&liar),
        &format!("discovery: the discovery document is of issuer {issuer}, expected {liar}\nhint: "),
    );
    let none = format!("http://{}", Server::plain(pages).address);
    verify(&none, &[]).failed(
        &document(&none),
        &format!(
            "status: 404 Not Found; nor from {none}/.well-known/oauth-authorization-server: status: 404 Not Found\nhint: give \
             --issuer-keys the `iss` of the tokens, unchanged, or --key the URL of the key set\n"
        ),
    );
}

#[test]
fn discovers_the_key_set_of_an_issuer_without_openid_metadata() {
    let server =
        Server::plain(|path, out| match path.strip_prefix("/.well-known/oauth-authorization-server") {
            Some(host) => send(
                out,
                200,
                "",
                &format!(r#"{{"issuer":"http:/{host}{host}","jwks_uri":"http:/{host}/set"}}"#),
            ),
            None => pages(path, out),
        });
    let host = server.address;
    let issuer = format!("http://{host}/{host}");
    let token = token(&format!(r#"{{"iss":"{issuer}"}}"#));
    Process::words(&["verify", "--issuer-keys", &issuer, &token]).run().accepted();
    // The OpenID document, the other document, and the set.
    assert_eq!(server.count(), 3);
}

#[test]
fn says_that_the_metadata_names_a_key_set_that_is_not_there() {
    let server = Server::plain(|path, out| match path.strip_suffix("/.well-known/openid-configuration") {
        Some(host) => send(
            out,
            200,
            "",
            &format!(r#"{{"issuer":"http:/{host}{host}","jwks_uri":"http:/{host}/missing"}}"#),
        ),
        None => pages(path, out),
    });
    let host = server.address;
    let issuer = format!("http://{host}/{host}");
    Process::words(&["verify", "--issuer-keys", &issuer, &token("{}")]).run().failed(
        &format!("http://{host}/missing"),
        "status: 404 Not Found\nhint: the metadata of the issuer names this URL: give --key the URL or the path of the right \
         key set\n",
    );
}

#[test]
fn demands_the_issuer_whose_keys_it_discovered() {
    let server = Server::plain(|path, out| match path.strip_suffix("/.well-known/openid-configuration") {
        Some(host) => send(
            out,
            200,
            "",
            &format!(r#"{{"issuer":"http:/{host}{host}/","jwks_uri":"http:/{host}/set"}}"#),
        ),
        None => pages(path, out),
    });
    let host = server.address;
    // The metadata have a slash at the end of the issuer, and the user does not write it.
    let (written, issuer) = (format!("http://{host}/{host}"), format!("http://{host}/{host}/"));
    let run = |command: &str, token: &str, more: &[&str]| {
        let outcome =
            Process::words(&[&[command, "--json", "--issuer-keys", &written, token], more].concat()).run();
        (outcome.status, serde_json::from_str::<Value>(&outcome.stdout).unwrap())
    };
    let judge = |claims: &str, more: &[&str]| {
        let (status, json) = run("verify", &token(claims), more);
        assert_eq!(json["warnings"], json!([]), "{claims}");
        (status, json["reasons"].clone())
    };
    let own = format!(r#"{{"iss":"{issuer}","exp":4102444800}}"#);
    let foreign = r#"{"iss":"https://other.example","exp":4102444800}"#;
    for more in [&[][..], &["--strict"]] {
        assert_eq!(judge(&own, more), (Some(0), json!([])));
        assert_eq!(judge(foreign, more), (Some(1), json!(["wrong_issuer"])));
        assert_eq!(judge(&format!(r#"{{"iss":"{written}","exp":4102444800}}"#), more).0, Some(1));
        assert_eq!(judge(r#"{"exp":4102444800}"#, more), (Some(1), json!(["claim_missing:iss"])));
    }
    let (_, json) = run("verify", &token(foreign), &[]);
    assert_eq!(json["hints"], json!(["--issuer-keys also expects its issuer: --iss names another one"]));
    // The hint is followed.
    assert_eq!(judge(foreign, &["--iss", "https://other.example"]), (Some(0), json!([])));
    assert_eq!(judge(&own, &["--iss", "https://other.example"]), (Some(1), json!(["wrong_issuer"])));
    // `inspect` judges by the same rule.
    let reasons =
        |claims: &str| run("inspect", &token(claims), &[]).1["tokens"][0]["verification"]["reasons"].clone();
    assert_eq!((reasons(&own), reasons(foreign)), (json!([]), json!(["wrong_issuer"])));
}

#[test]
fn refuses_secrets_from_a_url() {
    let oct = r#"{"kty":"oct","alg":"HS256","kid":"s","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}"#;
    let public = set().replace(r#"{"keys":["#, "").replace("]}", "");
    let answers = [
        ("/alone", oct.to_owned()),
        ("/secrets", format!(r#"{{"keys":[{oct}]}}"#)),
        ("/mixed", format!(r#"{{"keys":[{public},{oct}]}}"#)),
    ];
    let server = Server::plain(move |path, out| match answers.iter().find(|(page, _)| *page == path) {
        Some((_, body)) => send(out, 200, "", body),
        None => {
            let host = path.trim_end_matches("/.well-known/openid-configuration");
            send(
                out,
                200,
                "",
                &format!(r#"{{"issuer":"http:/{host}{host}","jwks_uri":"http:/{host}/alone"}}"#),
            )
        }
    });
    let host = server.address;
    let hs256 = signed(r#"{"alg":"HS256"}"#, "{}");
    for page in ["/alone", "/secrets", "/mixed"] {
        for token in [&hs256, &token("{}")] {
            let url = format!("http://{host}{page}");
            Process::words(&["verify", "--key", &url, token]).run().failure(
                2,
                &format!(
                    "error: {url} serves a key of type `oct`, which is an HMAC secret, but a URL must serve only public \
                     keys\nhint: give an HMAC secret with --secret-file or --secret-env\n"
                ),
            );
        }
    }
    let issuer = format!("http://{host}/{host}");
    let outcome = Process::words(&["verify", "--issuer-keys", &issuer, &hs256]).run();
    outcome.failure(2, &format!("error: http://{host}/alone serves a key of type `oct`"));
}
