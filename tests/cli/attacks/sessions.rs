//! Sessions and stores: tokens that are used twice, or after their end, and stores that are changed or do not answer.

#[cfg(unix)]
use crate::support::client::Tokens;
use crate::support::client::{Client, NOTHING};
#[cfg(unix)]
use crate::support::server::Server;
use crate::support::world::{NOW, token};
use serde_json::json;
#[cfg(unix)]
use std::io::{Read as _, Write as _};
#[cfg(unix)]
use std::sync::{Arc, Mutex};

#[test]
fn lets_one_of_many_refreshes_win() {
    let client = Client::with_new_file();
    for _ in 0..3 {
        let pair = client.pair("--user-id 7");
        let statuses: Vec<u8> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| client.run("refresh --rotate --json", &pair.refresh).status))
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 0).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| *status < 2), "{statuses:?}");
    }
}

#[test]
fn ends_the_session_when_a_refresh_token_is_used_again() {
    let client = Client::with_new_file();
    let (other, first) = (client.pair("--user-id 7"), client.pair("--user-id 7"));
    let second = client.refresh(&first.refresh);
    // The thief comes second, or the owner does: neither keeps the session.
    assert_eq!(client.refused(&first.refresh), ["reused"]);
    for ended in [&first.access, &second.access, &second.refresh] {
        assert_eq!(client.verify(ended), ["revoked"]);
    }
    assert_eq!(client.refused(&second.refresh), ["revoked"]);
    assert_eq!(client.verify(&other.access), NOTHING);
}

#[test]
fn accepts_no_token_after_it_was_revoked() {
    let client = Client::with_new_file();
    let [one, family, subject] = [7, 7, 8].map(|user| client.pair(&format!("--user-id {user}")));
    client.revoke("", &one.access);
    assert_eq!(
        (client.verify(&one.access), client.verify(&one.refresh)),
        (vec!["revoked".to_owned()], vec![])
    );
    client.revoke("--family", &family.access);
    client.revoke("--subject 8", "");
    for token in [&family.access, &family.refresh, &subject.access, &subject.refresh] {
        assert_eq!(client.verify(token), ["revoked"]);
    }
    for token in [&family.refresh, &subject.refresh] {
        assert_eq!(client.refused(token), ["revoked"]);
    }
}

#[test]
fn keeps_its_decisions_when_the_clock_is_set_back() {
    let client = Client::with_new_file();
    let (used, revoked) = (client.pair("--user-id 7"), client.pair("--user-id 7"));
    client.refresh(&used.refresh);
    client.revoke("", &revoked.access);
    for seconds in [-1, -3600, -86_400] {
        let earlier = client.later(seconds);
        let reasons = |token: &str| earlier.run("verify --json --leeway 2d", token).reasons();
        assert_eq!(reasons(&used.refresh), ["reused"]);
        assert_eq!(reasons(&revoked.access), ["revoked"]);
    }
    // A time that the user sets makes it forget nothing that is still valid.
    client.run("pair --user-id 9 --at 2036-01-01", "");
    client.run("revoke --prune --at 2036-01-01", "");
    assert_eq!(client.verify(&revoked.access), ["revoked"]);
}

#[test]
fn reads_hostile_ids_and_subjects_as_text() {
    let client = Client::with_new_file();
    let kept = client.pair("--user-id 7");
    let hostile = [
        "x'); DROP TABLE records; --",
        "x' OR '1'='1",
        "%",
        "_",
        "*",
        "a\u{0}b",
        "a\r\nFLUSHALL\r\n",
        "a:b",
        "..\\..\\x",
        "\u{1f511}\u{202e}",
    ];
    for text in hostile {
        let token = token(&json!({"jti": text, "sub": text, "iat": NOW, "exp": NOW + 600}).to_string());
        assert_eq!(client.verify(&token), NOTHING);
        assert_eq!(client.run("verify --once --json", &token).reasons(), [""; 0]);
        assert_eq!(client.run("verify --once --json", &token).reasons(), ["reused"], "{text:?}");
        // It matches itself alone.
        for other in hostile.iter().filter(|other| **other != text) {
            let other = crate::support::world::token(&json!({"jti": format!("{other}2")}).to_string());
            assert_eq!(client.verify(&other), NOTHING);
        }
        if !text.contains('\u{0}') {
            let outcome = client.run_words(&["revoke", "--subject", text]);
            assert_eq!(outcome.status, 0, "{text:?}: {}", outcome.stderr);
        }
    }
    assert_eq!(client.verify(&kept.access), NOTHING);
}

#[cfg(unix)]
#[test]
fn sends_no_line_of_a_token_as_a_command_to_redis() {
    let received = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&received);
    // Answers nothing but an error, and keeps what was sent.
    let server = Server::raw(move |mut stream| {
        let mut buffer = [0; 65536];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            log.lock().unwrap().extend_from_slice(&buffer[..length]);
            stream.write_all(b"+OK\r\n+OK\r\n+OK\r\n-ERR no\r\n")?;
        }
        Ok(())
    });
    let evil = "a\r\nFLUSHALL\r\n*1\r\n$8\r\nFLUSHALL\r\n";
    let client = Client::new(format!("redis://{}", server.address));
    let token = token(&json!({"jti": evil, "sub": evil, "iss": evil}).to_string());
    for line in ["verify --json", "verify --once --json", "revoke"] {
        assert_eq!(client.run(line, &token).status, 2, "{line}");
    }
    assert_eq!(client.run_words(&["revoke", "--subject", evil]).status, 2);
    // Every text is sent with its length, and every line in it belongs to that length.
    let mut rest = &received.lock().unwrap()[..];
    let line = |rest: &mut &[u8]| {
        let end = rest.windows(2).position(|pair| pair == b"\r\n").unwrap();
        let line = String::from_utf8(rest[..end].to_vec()).unwrap();
        *rest = &rest[end + 2..];
        line
    };
    let mut commands = Vec::new();
    while !rest.is_empty() {
        let count: usize = line(&mut rest).strip_prefix('*').unwrap().parse().unwrap();
        for index in 0..count {
            let length: usize = line(&mut rest).strip_prefix('$').unwrap().parse().unwrap();
            if index == 0 {
                commands.push(String::from_utf8_lossy(&rest[..length]).into_owned());
            }
            rest = &rest[length + 2..];
        }
    }
    assert!(!commands.is_empty() && !commands.iter().any(|it| it == "FLUSHALL"), "{commands:?}");
}

#[cfg(unix)]
#[test]
fn accepts_nothing_if_the_store_cannot_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("text"), "dear diary").unwrap();
    std::fs::write(path("empty"), "").unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hangup = Server::raw(|_| Ok(()));
    let tokens = Tokens::from_elsewhere();
    for store in [
        path("text"),
        path("empty"),
        path("no/such/folder/s.db"),
        format!("redis://{closed}"),
        format!("redis://{}", hangup.address),
        format!("rediss://{}", hangup.address),
    ] {
        let client = Client::new(&*store);
        for (line, token) in [
            ("verify", &tokens.access),
            ("verify --json", &tokens.access),
            ("verify --once", &tokens.access),
            ("verify --get user_id", &tokens.access),
            ("refresh", &tokens.refresh),
            ("refresh --rotate", &tokens.refresh),
        ] {
            let outcome = client.run(line, token);
            assert_eq!(outcome.status, 2, "{store} {line}: {}", outcome.text());
            assert!(
                !outcome.text().contains("accepted") && !outcome.text().contains("eyJ"),
                "{}",
                outcome.text()
            );
        }
        let lines = client.run("verify --lines", &tokens.access);
        assert_eq!((lines.status, lines.text()), (2, ""), "{store}: {}", lines.stderr);
    }
}

#[test]
fn keeps_the_ids_of_two_issuers_apart() {
    let client = Client::with_new_file();
    let [one, other] = ["a", "b"].map(|iss| token(&json!({"iss": iss, "jti": "1", "sub": "7"}).to_string()));
    assert_eq!(client.run("verify --once --json", &one).reasons(), [""; 0]);
    // Another issuer can neither use up nor revoke it by choosing the same ID.
    assert_eq!(client.run("verify --once --json", &other).reasons(), [""; 0]);
    assert_eq!(client.run("verify --once --json", &one).reasons(), ["reused"]);
    let joined = token(&json!({"iss": "a\u{1f}1", "jti": ""}).to_string());
    assert_eq!(client.verify(&joined), NOTHING);
}

#[cfg(unix)]
#[test]
fn refuses_a_store_that_another_user_can_change() {
    use std::os::unix::fs::PermissionsExt;
    for (name, mode) in [
        ("s.db", 0o666),
        ("s.db", 0o602),
        (".", 0o777),
        (".", 0o1777),
        ("s.db-wal", 0o666),
        ("s.db-journal", 0o622),
        ("s.db-shm", 0o606),
    ] {
        let client = Client::with_new_file();
        let pair = client.pair("--user-id 7");
        client.revoke("", &pair.access);
        let path = client.path().with_file_name(name);
        if !path.exists() {
            std::fs::write(&path, "").unwrap();
        }
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        refused(&client, &pair, "can be changed by all users");
    }
    // SQLite would follow this link to a log elsewhere.
    let client = Client::with_new_file();
    let pair = client.pair("--user-id 7");
    std::os::unix::fs::symlink("elsewhere", client.path().with_file_name("s.db-wal")).unwrap();
    refused(&client, &pair, "is not a regular file");
}

#[cfg(unix)]
#[test]
fn refuses_a_store_whose_schema_acts() {
    for (statement, what) in [
        ("CREATE TRIGGER undo AFTER INSERT ON records BEGIN DELETE FROM records; END", "trigger `undo`"),
        ("CREATE TRIGGER keep BEFORE UPDATE ON records BEGIN SELECT RAISE(IGNORE); END", "trigger `keep`"),
        ("ALTER TABLE records RENAME TO real; CREATE VIEW records AS SELECT * FROM real", "table `real`"),
    ] {
        let client = Client::with_new_file();
        let pair = client.pair("--user-id 7");
        crate::store::trust::tamper(&client.path(), statement);
        refused(&client, &pair, what);
    }
}

/// Asserts that no command uses a store, for this reason.
#[cfg(unix)]
#[track_caller]
fn refused(client: &Client, pair: &Tokens, why: &str) {
    for (line, token) in [
        ("verify", &pair.access),
        ("verify --once", &pair.access),
        ("verify --lines", &pair.access),
        ("refresh --rotate", &pair.refresh),
        ("revoke", &pair.access),
        ("pair --user-id 8", &String::new()),
    ] {
        let outcome = client.run(line, token);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(why), "{line}: {}", outcome.stderr);
    }
}
