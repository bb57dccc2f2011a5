//! Passwords, client secrets and tokens for servers, and passwords of stores, URLs and proxies. The servers repeat what they get.

use super::{Bench, Channel, TEXT, form};
use crate::support::server::{Request, Server, send};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};

/// A refresh token without any form.
const OPAQUE: &str = "Rf8xLOxBtZp8-Quince-harvest-0417-yY";

/// The bytes that a server has received.
type Received = Arc<Mutex<Vec<u8>>>;

/// Starts a token server. The path of a request says how it answers, and each bad answer repeats the request.
fn token_server() -> (String, Received) {
    let received = Received::default();
    let log = received.clone();
    let server = Server::posts(move |request: &Request, out| {
        let basic = request.head.split("Basic ").nth(1).and_then(|text| text.split_whitespace().next());
        let credentials = basic.and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
        let sent = format!("{}\n{}\n{}", request.head, request.body, String::from_utf8_lossy(&credentials));
        log.lock().unwrap().extend(sent.as_bytes());
        let json = |description: &str| {
            serde_json::json!({"error": "invalid_grant", "error_description": description}).to_string()
        };
        let hex: String = sent.bytes().map(|byte| format!("{byte:02x}")).collect();
        match request.path.as_str() {
            "/good" => send(
                out,
                200,
                "",
                r#"{"access_token":"access-1","refresh_token":"refresh-1","token_type":"Bearer","expires_in":300}"#,
            ),
            "/marked" => send(
                out,
                200,
                "",
                &format!(
                    r#"{{"access_token":"access-1","refresh_token":"{OPAQUE}","token_type":"Bearer","expires_in":0}}"#
                ),
            ),
            "/form" => send(out, 400, "", &json(&request.body)),
            "/plain" => send(out, 401, "", &sent),
            "/base64" => send(out, 400, "", &json(&STANDARD.encode(&sent))),
            "/hex" => send(out, 500, "", &hex),
            "/upper" => send(out, 403, "", &json(&sent.to_uppercase())),
            "/moved" => send(out, 302, &format!("Location: https://other.example/?{}\r\n", request.body), ""),
            _ => send(out, 200, "", &json(&sent)),
        }
    });
    (format!("http://{}", server.address), received)
}

const PATHS: [&str; 8] = ["good", "form", "plain", "base64", "hex", "upper", "moved", "odd"];

/// Every way to give a secret for a server, with the command that needs it.
fn channels(bench: &mut Bench) -> Vec<(Channel, &'static str)> {
    bench.marks.add(OPAQUE.as_bytes());
    bench.file("password.txt", format!("{TEXT}\n"));
    bench.file("refresh.txt", OPAQUE);
    bench.file("refresh.json", format!(r#"{{"access_token":"a","refresh_token":"{OPAQUE}"}}"#));
    bench.key("client.pem", form("p256.pk8.pem"), None);
    let log_in = "pair --from {u} --profile oauth --user al {k}";
    let client = "pair --from {u} --profile oauth --grant client-credentials --client web {k}";
    let refresh = "refresh --from {u} --profile oauth {k}";
    let revoke = "revoke --from {u} --profile oauth {k}";
    let password = |words: &[&str]| Channel::new("a password", words).env("PW", TEXT).env("NONE", "x");
    vec![
        (password(&["--password-env", "PW"]), log_in),
        (password(&["--password-file", "password.txt"]), log_in),
        (password(&["--password-env", "PW", "--body", "json"]), log_in),
        (password(&["--password-env", "NONE", "--field-env", "otp=PW"]), log_in),
        (password(&["--password-env", "NONE", "--field-env", "header:apikey=PW"]), log_in),
        (password(&["--client-secret-env", "PW"]), client),
        (password(&["--client-secret-file", "password.txt"]), client),
        (password(&["--client-secret-env", "PW", "--client-auth", "form"]), client),
        (password(&[OPAQUE]), refresh),
        (password(&["@refresh.txt"]), refresh),
        (password(&["@refresh.json"]), refresh),
        (password(&["-"]).stdin(OPAQUE), refresh),
        (password(&["@refresh.txt", "--refresh-in", "cookie:r"]), refresh),
        (password(&["@refresh.txt", "--client", "web", "--client-secret-env", "PW"]), refresh),
        (password(&["@refresh.txt"]), revoke),
        (password(&["@refresh.txt", "--client", "web", "--client-secret-env", "PW"]), revoke),
    ]
}

#[test]
fn no_secret_for_a_token_server_appears() {
    let mut bench = Bench::new();
    let channels = channels(&mut bench);
    let (url, received) = token_server();
    for (channel, line) in &channels {
        for path in PATHS {
            let line = line.replace("{u}", &format!("{url}/{path}"));
            received.lock().unwrap().clear();
            for options in ["", " --json"] {
                let ended = bench.run(channel, &format!("{line}{options}"));
                // A server can answer a revocation as it likes (RFC 7009 section 2.2).
                let succeeds = path == "good" || (path == "odd" && line.starts_with("revoke"));
                assert_eq!(ended.status == Some(0), succeeds, "{line}: {ended}");
            }
            // The secret is really used: the server has it.
            assert!(bench.marks.find(&received.lock().unwrap()).is_some(), "{:?} {line}", channel.words);
        }
        if line.starts_with("pair") {
            // A session file holds the tokens of the server, and says where the secret is.
            let line = line.replace("{u}", &format!("{url}/good"));
            let ended = bench.run(channel, &format!("{line} --session s.json"));
            assert_eq!(ended.status, Some(0), "{line}: {ended}");
        }
    }
    // The key of a client signs an assertion.
    let channel = Channel::new("--client-key", &["--client-key", "client.pem"]);
    for path in PATHS {
        let line = "pair --profile oauth --grant client-credentials --client web {k}";
        bench.run(&channel, &format!("{line} --from {url}/{path} --json"));
    }
    bench.assert_silent(16 * 10, &[0, 1, 2]);
}

#[test]
fn no_token_of_a_session_file_appears() {
    let mut bench = Bench::new();
    bench.marks.add(OPAQUE.as_bytes());
    let (url, received) = token_server();
    let channel = Channel::new("a session", &[]).env("PW", TEXT);
    let login = format!(
        "pair --from {url}/marked --profile oauth --user al --password-env PW \
         --revoke-url {url}/marked --session s.json"
    );
    // The file exists to keep the token, so it is not searched.
    let path = bench.folder.path().join("s.json");
    bench.inputs.insert(path.clone());
    let lock = bench.folder.path().join("s.json.lock");
    bench.inputs.insert(lock);
    assert_eq!(bench.run(&channel, &login).status, Some(0));
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept.contains(OPAQUE), "{kept}");
    for place in PATHS.iter().filter(|place| **place != "good") {
        for line in ["refresh --session s.json", "refresh --session s.json --json", "revoke --session s.json"]
        {
            bench.file("s.json", kept.replace("/marked", &format!("/{place}")));
            received.lock().unwrap().clear();
            bench.run(&channel, line);
            assert!(bench.marks.find(&received.lock().unwrap()).is_some(), "{line}");
        }
    }
    // Damaged files, and commands that expect another file.
    let (half, _) = kept.split_at(kept.find("refresh").unwrap() + 45);
    for content in
        [half, &kept.replace(':', ""), &kept.replace("\"tokens\"", "\"tokenz\""), &format!("[{kept}]")]
    {
        bench.file("s.json", content);
        for line in ["refresh --session s.json", "refresh --session s.json --json", "revoke --session s.json"]
        {
            assert_ne!(bench.run(&channel, line).status, Some(0), "{line}");
        }
    }
    bench.file("s.json", &kept);
    for line in [
        "verify --key s.json e30.e30.AA",
        "encode --key s.json",
        "test s.json",
        "key show s.json",
        "encode -s x --exp s.json",
    ] {
        assert_ne!(bench.run(&channel, line).status, Some(0), "{line}");
    }
    bench.assert_silent(24, &[1, 2]);
}

/// Starts a server that repeats what it gets in an error of Redis.
fn redis() -> (String, Received) {
    let received = Received::default();
    let log = received.clone();
    let server = Server::raw(move |mut stream| {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut bytes) {
            log.lock().unwrap().extend(&bytes[..length]);
            let text = String::from_utf8_lossy(&bytes[..length]).replace("\r\n", " ");
            write!(stream, "-WRONGPASS invalid: {text} {}\r\n", STANDARD.encode(&text))?;
        }
        Ok(())
    });
    (server.address.to_string(), received)
}

#[test]
fn no_password_of_a_store_appears() {
    let mut bench = Bench::new();
    let (address, received) = redis();
    let in_url = |user: &str| format!("redis://{user}:{TEXT}@{address}/0");
    for (name, url, reaches) in [
        ("a password in the URL", in_url(""), true),
        ("a user and a password in the URL", in_url("app"), true),
        ("FOB_STORE_PASSWORD", format!("redis://{address}/0"), true),
        ("a user in the URL", format!("redis://app@{address}/0"), true),
        ("a closed port", format!("redis://app:{TEXT}@127.0.0.1:1/0"), false),
        ("TLS", format!("rediss://app:{TEXT}@{address}/0"), false),
        ("no slash", format!("redis:/app:{TEXT}@{address}"), false),
        ("no colon", format!("redis//app:{TEXT}@{address}"), false),
        ("SQLite", format!("sqlite://app:{TEXT}@{address}/0"), false),
        ("another scheme", format!("postgres://app:{TEXT}@{address}"), false),
        ("an unknown parameter", format!("redis://{address}?password={TEXT}"), false),
        ("a bad port", format!("redis://app:{TEXT}@{address}9999/0"), false),
    ] {
        let channel =
            Channel::new(name, &["--store", &url]).env("FOB_SECRET", "s").env("FOB_STORE_PASSWORD", TEXT);
        received.lock().unwrap().clear();
        for line in [
            "verify --once {k} e30.e30.AA",
            "verify --once --json {k} eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.AA",
            "revoke --list {k}",
            "revoke --prune --json {k}",
            "revoke --subject 7 {k}",
            "pair --user-id 7 {k}",
        ] {
            let ended = bench.run(&channel, line);
            assert_ne!(ended.status, Some(0), "{name}: {ended}");
        }
        assert_eq!(bench.marks.find(&received.lock().unwrap()).is_some(), reaches, "{name}");
    }
    bench.assert_silent(10 * 6, &[2]);
}

#[test]
fn no_password_of_a_url_appears() {
    let mut bench = Bench::new();
    let (url, received) = token_server();
    let address = url.trim_start_matches("http://");
    for place in [
        format!("http://al:{TEXT}@{address}/plain"),
        format!("https://al:{TEXT}@{address}/plain"),
        format!("https:/al:{TEXT}@{address}/plain"),
        format!("http:al:{TEXT}@{address}"),
        format!("ftp://al:{TEXT}@{address}"),
        format!("http://{address}/plain?client_secret={TEXT}"),
        format!("http://{address}/plain?access_token={TEXT}&a=b"),
        format!("http://{address}/plain#{TEXT}"),
    ] {
        let channel = Channel::new(&place, &[&place]).env("FOB_SECRET", "s").env("PW", "x");
        for line in [
            "verify e30.e30.AA --key {k}",
            "verify e30.e30.AA --json --key {k} --cache cache",
            "verify e30.e30.AA --issuer-keys {k}",
            "inspect e30.e30.AA --key {k}",
            "pair --user al --password-env PW --from {k}",
            "pair --user al --password-env PW --json --issuer {k}",
            "refresh token --from {k}",
            "revoke token --from {k}",
            "encode --encrypt-for {k}",
            "key show {k}",
        ] {
            let ended = bench.run(&channel, line);
            assert_ne!(ended.status, Some(0), "{place}: {ended}");
        }
    }
    // A proxy gets its password, and says it again.
    received.lock().unwrap().clear();
    for path in PATHS {
        let channel =
            Channel::new("a proxy", &[]).env("https_proxy", format!("http://al:{TEXT}@{address}/{path}"));
        for options in ["", "--json", "-q"] {
            let ended =
                bench.run(&channel, &format!("verify e30.e30.AA --key https://a.example/{path} {options}"));
            assert_ne!(ended.status, Some(0), "{ended}");
        }
    }
    assert!(bench.marks.find(&received.lock().unwrap()).is_some());
    bench.assert_silent(7 * 10 + 15, &[2]);
}
