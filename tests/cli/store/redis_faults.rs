//! Servers that are unreachable, reject the login, cannot write, hang, or speak another protocol. Each fault ends with status
//! 2 and a reason, prints no result, writes no partial update and shows no password.

use crate::support::client::{Client, NOTHING, Tokens, command};
use crate::support::process::{Ended, Process};
use crate::support::redis_server::{RedisServer, write};
use crate::support::server::{Authority, Server, drip};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

const PASSWORD: &str = "sesame-open-7";

/// Returns all commands that use a store, with their standard input.
fn commands(tokens: &Tokens) -> [(&'static str, &str); 7] {
    [
        ("pair --user-id 7", ""),
        ("refresh --rotate", &tokens.refresh),
        ("verify --once", &tokens.access),
        ("revoke", &tokens.access),
        ("revoke --family", &tokens.access),
        ("revoke --subject 7", ""),
        ("verify", &tokens.access),
    ]
}

/// Asserts that these command lines fail for this reason.
#[track_caller]
fn refused(client: &Client, lines: &[(&str, &str)], store: &str, why: &str) {
    for (line, token) in lines {
        let outcome = client.run(line, token);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}: {}", outcome.stderr);
        let said = outcome.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
        let is_it =
            said.starts_with("error: cannot ") && said.contains(&format!(" the store {store}: {why}"));
        assert!(is_it, "{line}: {}", outcome.stderr);
        for secret in [PASSWORD, "eyJ"] {
            assert!(!outcome.stderr.contains(secret), "{line}: {}", outcome.stderr);
        }
    }
}

#[test]
fn reports_an_unreachable_server() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let store = format!("redis://127.0.0.1:{port}/0");
    let client = Client::new(format!("redis://me:{PASSWORD}@127.0.0.1:{port}"));
    refused(&client, &commands(&Tokens::from_elsewhere()), &store, "Connection refused (os error 111)");
    let nowhere = Client::new("redis://no-such-host.invalid");
    let store = "redis://no-such-host.invalid:6379/0";
    refused(
        &nowhere,
        &commands(&Tokens::from_elsewhere())[..1],
        store,
        "failed to lookup address information",
    );
}

#[test]
fn reports_a_server_with_another_protocol() {
    let tokens = Tokens::from_elsewhere();
    let noise: [(&'static [u8], &str); 5] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the server does not speak the Redis protocol"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "the server does not speak the Redis protocol"),
        (b"-ERR \x1b[31mgo away\r\n", ""),
        (b"*99999999\r\n", ""),
        (b"", ""),
    ];
    for (bytes, why) in noise {
        let server = Server::raw(move |mut stream| {
            // If the server closed the connection before reading, its response would be lost.
            let _ = stream.read(&mut [0; 65536])?;
            stream.write_all(bytes)
        });
        let store = format!("redis://{}", server.address);
        // The world searches the message for raw control characters.
        refused(&Client::new(store.as_str()), &commands(&tokens), &format!("{store}/0"), why);
    }
}

#[test]
fn gives_up_on_a_silent_server_after_five_seconds() {
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let store = format!("redis://{}", mute.local_addr().unwrap());
    let start = Instant::now();
    let tokens = Tokens::from_elsewhere();
    thread::scope(|scope| {
        for one in commands(&tokens) {
            let (client, shown) = (Client::new(store.as_str()), format!("{store}/0"));
            scope.spawn(move || refused(&client, &[one], &shown, "no response within 5 seconds"));
        }
    });
    assert!((5..8).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[test]
fn gives_up_on_a_dripping_server_after_five_seconds() {
    let tokens = Tokens::from_elsewhere();
    // The beginning of each response never ends: of a login, of a line, of a text, of an error, and of a TLS record.
    let cases: [(&str, &str, &'static [u8]); 5] = [
        ("redis", "me:sesame@", b"+"),
        ("redis", "", b"+"),
        ("redis", "", b"$60000\r\n"),
        ("redis", "", b"-ERR "),
        ("rediss", "", b"\x16\x03\x03\x3f\xff"),
    ];
    thread::scope(|scope| {
        for (scheme, login, beginning) in cases {
            let server = Server::raw(move |mut stream| {
                stream.write_all(beginning)?;
                drip(&mut stream)
            });
            for one in commands(&tokens) {
                let client = Client::new(format!("{scheme}://{login}{}", server.address));
                let shown = format!("{scheme}://{}/0", server.address);
                scope.spawn(move || refused(&client, &[one], &shown, "no response within 5 seconds"));
            }
        }
    });
}

#[test]
fn gives_up_on_a_server_that_drips_its_list() {
    let server = Server::raw(|mut stream| {
        let mut request = [0; 65536];
        loop {
            let length = stream.read(&mut request)?;
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            match text.contains("SCAN") {
                true => stream
                    .write_all(b"*2\r\n$1\r\n0\r\n*2\r\n$9\r\n{x}:other\r\n$900\r\n")
                    .and_then(|()| drip(&mut stream))?,
                false if length == 0 => return Ok(()),
                false => stream.write_all(b"-ERR this instance has cluster support disabled\r\n")?,
            }
        }
    });
    let store = format!("redis://{}", server.address);
    let line = [("revoke --list", "")];
    refused(&Client::new(store.as_str()), &line, &format!("{store}/0"), "no response within 5 seconds");
}

#[test]
fn gives_up_on_a_server_that_never_comes_to_the_end_of_its_list() {
    let server = always(|request| {
        if request.contains("SCAN") {
            thread::sleep(Duration::from_secs(3));
            return b"*2\r\n$1\r\n7\r\n*0\r\n";
        }
        b"-ERR This instance has cluster support disabled\r\n"
    });
    let store = format!("redis://{}", server.address);
    let why = "the server is too slow: its list was not complete after ";
    refused(&Client::new(store.as_str()), &[("revoke --list", "")], &format!("{store}/0"), why);
}

/// Starts a server with a response to each request.
fn always(respond: impl Fn(&str) -> &'static [u8] + Send + Sync + 'static) -> Server {
    Server::raw(move |mut stream| {
        let mut request = [0; 65536];
        loop {
            let length = stream.read(&mut request)?;
            if length == 0 {
                return Ok(());
            }
            stream.write_all(respond(&String::from_utf8_lossy(&request[..length])))?;
        }
    })
}

#[test]
fn shows_what_a_server_says_to_a_login() {
    const NOW: &str = "hint: try again later: the server cannot serve requests now\n";
    let answers: [(&'static [u8], &str, &str); 12] = [
        (
            b"-LOADING Redis is loading the dataset in memory\r\n",
            "the server responds with LOADING: Redis is loading the dataset in memory",
            NOW,
        ),
        (
            b"-BUSY Redis is busy running a script.\r\n",
            "the server responds with BUSY: Redis is busy running a script.",
            NOW,
        ),
        (b"-MOVED 1 10.0.0.1:6379\r\n", "the server responds with MOVED: 1 10.0.0.1:6379", ""),
        (
            b"-CLUSTERDOWN The cluster is down\r\n",
            "the server responds with CLUSTERDOWN: The cluster is down",
            NOW,
        ),
        (
            b"-MASTERDOWN Link with MASTER is down\r\n",
            "the server responds with MASTERDOWN: Link with MASTER is down",
            NOW,
        ),
        (b"-READONLY You can't write\r\n", "the server is a read-only replica", ""),
        (b"-ERR max number of clients\r\n", "the server responds with ERR: max number of clients", ""),
        (
            b"-ERR unknown command 'AUTH', with args beginning with: 'sesame-open-7'\r\n",
            "the server responds with",
            "",
        ),
        (b"-DENIED\r\n", "the server responds with DENIED", ""),
        (b"-WRONGPASS invalid username-password pair\r\n", "the server rejects the password", ""),
        (b"-ERR invalid password\r\n", "the server rejects the password", ""),
        (
            b"-ERR Client sent AUTH, but no password is set\r\n",
            "the server needs no password, but one is given",
            "",
        ),
    ];
    let tokens = Tokens::from_elsewhere();
    for (answer, why, hint) in answers {
        let server = always(move |_| answer);
        let shown = format!("redis://{}", server.address);
        let logins = [format!("redis://:{PASSWORD}@{}", server.address), format!("{shown}/3")];
        for (url, database) in logins.iter().zip([0, 3]) {
            // A password that was not given cannot be known.
            if database == 3 && answer.ends_with(b"7'\r\n") {
                continue;
            }
            let client = Client::new(url.as_str());
            refused(&client, &commands(&tokens), &format!("{shown}/{database}"), why);
            let stderr = client.run("verify", &tokens.access).stderr;
            assert!(stderr.ends_with(hint), "{stderr}");
            let is_password = why.contains("password");
            assert!(is_password || !stderr.contains("rejects the password"), "{stderr}");
        }
    }
}

#[test]
fn takes_no_confirmation_for_an_answer() {
    let tokens = Tokens::from_elsewhere();
    let answers: [&'static [u8]; 11] = [
        b"+OK\r\n",
        b"+QUEUED\r\n",
        b":0\r\n",
        b":1\r\n",
        b"$-1\r\n",
        b"$2\r\nOK\r\n",
        b"*0\r\n",
        b"*-1\r\n",
        b"*2\r\n+OK\r\n+OK\r\n",
        b"*5\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n",
        b"*5\r\n:0\r\n:0\r\n:0\r\n:0\r\n:0\r\n",
    ];
    for answer in answers {
        let server = always(move |_| answer);
        for url in [format!("redis://{}", server.address), format!("redis://:{PASSWORD}@{}", server.address)]
        {
            let client = Client::new(url.as_str());
            for (line, token) in
                commands(&tokens).into_iter().chain([("revoke --list", ""), ("revoke --list --json", "")])
            {
                let outcome = client.run(line, token);
                let said = String::from_utf8_lossy(answer);
                let is_document = line.contains("--json") && outcome.text().starts_with("{\"error\"");
                assert!(
                    outcome.status == 2 && (is_document || outcome.text().is_empty()),
                    "{said} {line}: {} {}",
                    outcome.text(),
                    outcome.stderr
                );
            }
        }
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn gives_up_on_a_stopped_server_after_five_seconds() {
    let server = RedisServer::start();
    let client = server.client();
    let tokens = client.pair("--user-id 7");
    server.signal("STOP");
    let start = Instant::now();
    thread::scope(|scope| {
        for one in commands(&tokens) {
            let (client, shown) = (client.clone(), format!("{}/0", server.url()));
            scope.spawn(move || refused(&client, &[one], &shown, "no response within 5 seconds"));
        }
    });
    assert!((5..8).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    server.signal("CONT");
    // No command reached its decision, so the server executes none later.
    assert_eq!(client.verify(&tokens.access), NOTHING);
    client.refresh(&tokens.refresh);
}

#[test]
fn explains_that_an_interrupted_write_may_have_taken_effect() {
    let server = Server::raw(|mut stream| {
        let mut request = [0; 65536];
        loop {
            let length = stream.read(&mut request)?;
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            if text.contains("INFO") {
                stream.write_all(b"-ERR unknown command\r\n")?;
            } else if text.contains("PEXPIRE") || length == 0 {
                return Ok(());
            } else {
                // There are no records and no token set.
                stream.write_all(b"*5\r\n$-1\r\n$-1\r\n$-1\r\n:0\r\n:0\r\n")?;
            }
        }
    });
    let store = format!("redis://{}", server.address);
    let client = Client::new(store.as_str());
    let tokens = Tokens::from_elsewhere();
    assert_eq!(client.verify(&tokens.access), NOTHING);
    for (line, token) in &commands(&tokens)[..6] {
        let outcome = client.run(line, token);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
        let wanted = format!("error: cannot write the store {store}/0: ");
        let hint = "hint: the write may have taken effect, but no token was printed\n";
        assert!(outcome.stderr.starts_with(&wanted) && outcome.stderr.ends_with(hint), "{}", outcome.stderr);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn uses_no_token_when_the_server_dies_before_the_decision() {
    let mut server = RedisServer::start();
    let tokens = server.client().pair("--user-id 7");
    let mut child = command("refresh --rotate", &server.url()).stdin(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_millis(300));
    server.kill();
    child.stdin.take().unwrap().write_all(tokens.refresh.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
    server.restart();
    server.client().refresh(&tokens.refresh);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn logs_in_with_a_password_and_never_prints_it() {
    let server = RedisServer::with(&["--requirepass", PASSWORD]);
    let shown = format!("{}/0", server.url());
    let tokens = Tokens::from_elsewhere();
    let why = "the server rejects the password";
    refused(&server.client(), &commands(&tokens), &shown, why);
    refused(&server.client().env("FOB_STORE_PASSWORD", "wrong"), &commands(&tokens), &shown, why);
    let wrong = Client::new(format!("redis://:wrong@127.0.0.1:{}", server.port));
    refused(&wrong, &commands(&tokens), &shown, why);
    // The URL takes precedence over the environment.
    refused(&wrong.env("FOB_STORE_PASSWORD", PASSWORD), &commands(&tokens), &shown, why);
    for client in [
        Client::new(format!("redis://:{PASSWORD}@127.0.0.1:{}", server.port)),
        Client::new(format!("redis://default:{PASSWORD}@127.0.0.1:{}", server.port)),
        server.client().env("FOB_STORE_PASSWORD", PASSWORD),
    ] {
        for (line, token) in commands(&tokens) {
            let outcome = client.run(line, token);
            for text in [outcome.text(), &outcome.stderr] {
                assert!(!text.contains(PASSWORD), "{line}: {text}");
            }
            assert_ne!(outcome.status, 2, "{}", outcome.stderr);
        }
        client.list();
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn reports_a_needless_password() {
    let server = RedisServer::start();
    let (tokens, shown) = (Tokens::from_elsewhere(), format!("{}/0", server.url()));
    let client = Client::new(format!("redis://:{PASSWORD}@127.0.0.1:{}", server.port));
    for client in [client, server.client().env("FOB_STORE_PASSWORD", PASSWORD)] {
        refused(&client, &commands(&tokens), &shown, "the server needs no password, but one is given");
        let outcome = client.run("pair --user-id 7", "");
        let hint = "hint: remove the password from the URL, and unset the variable FOB_STORE_PASSWORD\n";
        assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn needs_only_the_permissions_of_the_hint() {
    let server = RedisServer::start();
    let rules = ["~fob:*", "-@all", "+eval", "+evalsha", "+script|load", "+get"];
    let secret = format!(">{PASSWORD}");
    server.cli(&[&["ACL", "SETUSER", "reader", "on", secret.as_str()], &rules[..]].concat());
    let pair = server.client().pair("--user-id 7");
    let reader = Client::new(format!("redis://reader:{PASSWORD}@127.0.0.1:{}", server.port));
    assert_eq!(reader.verify(&pair.access), NOTHING);
    let before = server.keys();
    let shown = format!("{}/0", server.url());
    refused(&reader, &commands(&pair)[..6], &shown, "the user lacks a permission on the server");
    assert_eq!(server.keys(), before);
    // Writing needs no permissions beyond those in the hint.
    let rules = ["+set", "+pttl", "+pexpire", "+persist", "+scan"];
    server.cli(&[&["ACL", "SETUSER", "reader"], &rules[..]].concat());
    let own = reader.pair("--user-id 7");
    reader.refresh(&own.refresh);
    reader.revoke("--subject 7", "");
    reader.list();
    // The user has no access to other keys.
    let elsewhere = reader.with("prefix=other:");
    refused(&elsewhere, &commands(&pair), &shown, "the user lacks a permission on the server");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn reports_a_missing_database() {
    let server = RedisServer::start();
    let client = Client::new(format!("{}/9999", server.url()));
    refused(&client, &commands(&Tokens::from_elsewhere()), &format!("{}/9999", server.url()), "");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn reads_from_a_replica_and_reports_failed_writes() {
    let server = RedisServer::start();
    let pair = server.client().pair("--user-id 7");
    let first = server.client().pair("--user-id 7");
    server.client().revoke("", &pair.access);
    let replica = RedisServer::with(&["--replicaof", "127.0.0.1", &server.port.to_string()]);
    let start = Instant::now();
    while replica.keys() != server.keys() {
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", replica.keys());
        thread::sleep(Duration::from_millis(50));
    }
    let client = replica.client();
    assert_eq!(client.verify(&pair.access), ["revoked"]);
    assert_eq!(client.verify(&first.access), NOTHING);
    client.list();
    let shown = format!("{}/0", replica.url());
    refused(&client, &commands(&first)[..6], &shown, "the server is a read-only replica");
    let outcome = client.run("refresh --rotate", &first.refresh);
    let hint = "hint: give the address of the primary; a replica serves `fob verify` without --once\n";
    assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
    // The failed refresh used no token.
    server.client().refresh(&first.refresh);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn reads_from_a_full_server_and_reports_failed_writes() {
    let server = RedisServer::start();
    let client = server.client();
    let (pair, other) = (client.pair("--user-id 7"), client.pair("--user-id 7"));
    client.revoke("", &other.access);
    let dump = || server.keys().iter().map(|key| server.cli(&["GET", key])).collect::<Vec<_>>();
    let before = dump();
    server.cli(&["CONFIG", "SET", "maxmemory", "1mb"]);
    refused(
        &client,
        &commands(&pair)[..6],
        &format!("{}/0", server.url()),
        "the memory of the server is full",
    );
    assert_eq!(dump(), before);
    assert_eq!(client.verify(&pair.access), NOTHING);
    assert_eq!(client.verify(&other.access), ["revoked"]);
    server.cli(&["CONFIG", "SET", "maxmemory", "64mb"]);
    client.refresh(&pair.refresh);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn reports_a_server_that_cannot_persist_writes() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7");
    // The server rejects writes, as after a failed write of its log.
    server.cli(&["CONFIG", "SET", "min-replicas-to-write", "1"]);
    refused(&client, &commands(&pair)[..6], &format!("{}/0", server.url()), "");
    assert_eq!(client.verify(&pair.access), NOTHING);
    server.cli(&["CONFIG", "SET", "min-replicas-to-write", "0"]);
    client.refresh(&pair.refresh);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn warns_about_eviction_before_writing() {
    let server = RedisServer::with(&["--maxmemory-policy", "allkeys-lru"]);
    let client = server.client();
    let warning = format!(
        "warning: {}/0 deletes keys when its memory is full (maxmemory-policy allkeys-lru), so revoked tokens may become \
         valid again; set noeviction\n",
        server.url()
    );
    let outcome = client.run("pair --user-id 7 --json", "");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, warning.as_str()));
    let pair = Tokens::from_outcome(&outcome);
    for (line, token) in &commands(&pair)[1..6] {
        let outcome = client.run(line, token);
        assert!(outcome.stderr.starts_with(&warning), "{line}: {}", outcome.stderr);
    }
    let outcome = client.run("verify", &pair.access);
    assert!(!outcome.stderr.contains("warning: redis"), "{}", outcome.stderr);
    // Without a memory limit no key is evicted.
    server.cli(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(client.run("pair --user-id 7", "").stderr, "");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn leaves_keys_with_other_values_unchanged() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7");
    let shown = format!("{}/0", server.url());
    let subject = server.keys().into_iter().find(|key| key.ends_with("}:subject")).unwrap();
    server.cli(&["DEL", &subject]);
    server.cli(&["RPUSH", &subject, "a", "b"]);
    let before = server.keys();
    refused(&client, &commands(&pair), &shown, "a key holds a value of another type");
    assert_eq!(server.keys(), before);
    assert_eq!(server.cli(&["LRANGE", &subject, "0", "-1"]), "a\nb");
    let invalid = "error: the store holds an invalid record: ";
    let wrong_kind = "error: the store holds a record of a token, expected one of a subject\n";
    for (text, error) in [
        ("not json", invalid),
        ("{}", invalid),
        ("7", invalid),
        ("[]", invalid),
        (r#"{"record":"token","jti":"x","role":"access"}"#, wrong_kind),
        ("", invalid),
    ] {
        server.cli(&["SET", &subject, text]);
        for (line, token) in commands(&pair) {
            let outcome = client.run(line, token);
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{line} {text}: {}", outcome.stderr);
            assert!(outcome.stderr.starts_with(error), "{}", outcome.stderr);
        }
        assert_eq!((server.keys(), server.cli(&["GET", &subject])), (before.clone(), text.to_owned()));
    }
    // A key of a token set that holds a string.
    let sets = client.with("layout=user-token-set");
    server.cli(&["SET", "user:7:token", "x"]);
    refused(&sets, &commands(&pair), &shown, "a key holds a value of another type");
    assert_eq!(server.cli(&["GET", "user:7:token"]), "x");
}

/// Starts a server that only speaks TLS, with a certificate for 127.0.0.1. Its authority is in `ca.pem`.
fn secure() -> RedisServer {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("fob test");
    let (certificate, key) = authority.certificate(&["127.0.0.1"]);
    let ca = write(folder.path(), "ca.pem", &authority.pem());
    let certificate = write(folder.path(), "server.pem", &certificate);
    let key = write(folder.path(), "server.key", &key);
    RedisServer::tls(folder, [&ca, &certificate, &key])
}

/// Runs a process that trusts the certificates in this file.
#[track_caller]
fn trusting(line: &str, store: &str, file: &Path, token: &str) -> Ended {
    Process::line(&format!("{line} --store {store}"))
        .with_secret()
        .env("SSL_CERT_FILE", file)
        .stdin(token)
        .run()
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn trusts_a_server_over_tls_by_its_certificate() {
    let server = secure();
    let store = format!("rediss://127.0.0.1:{}", server.port);
    let run = |line: &str, token: &str| trusting(line, &store, &server.path("ca.pem"), token);
    let tokens = Tokens::from_json(run("pair --user-id 7 --json", "").success().as_bytes());
    assert_eq!(run("verify -q", &tokens.access).status, Some(0));
    assert_eq!(run("refresh -q --rotate", &tokens.refresh).status, Some(0));
    assert_eq!(run("refresh -q --rotate", &tokens.refresh).status, Some(1));
    assert_eq!(run("verify -q --expect revoked", &tokens.access).status, Some(0));
    let other = write(&server.path(""), "other.pem", &Authority::new("another").pem());
    for (line, token) in commands(&tokens) {
        let ended = trusting(line, &store, other.as_ref(), token);
        let why = format!(" the store {store}/0: invalid peer certificate: UnknownIssuer\n");
        ended.failure(2, "error: cannot ");
        assert!(ended.stderr.contains(&why), "{ended}");
    }
    // The certificate has one name, and the server does not respond without TLS.
    let named = format!("rediss://localhost:{}", server.port);
    assert_eq!(trusting("verify", &named, &server.path("ca.pem"), &tokens.access).status, Some(2));
    let plain = format!("redis://127.0.0.1:{}", server.port);
    assert_eq!(trusting("verify", &plain, &server.path("ca.pem"), &tokens.access).status, Some(2));
}
