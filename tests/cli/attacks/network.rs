//! Network: addresses that lead elsewhere, answers that never end, and files that open connections.

use super::judged;
use crate::keys::algorithms::{new_key, shown};
use crate::keys::policy::changed;
use crate::keys::sets::{named, set};
use crate::support::world::{SECRET, World, token};
use fob::host::Response;
use serde_json::json;

const URL: &str = "https://keys.example/jwks";

/// Returns a redirect.
fn redirect(status: u16, location: &str) -> Response {
    Response { status, location: Some(location.to_owned()), ..Response::default() }
}

#[test]
fn follows_no_redirect_away_from_https() {
    let keys = set(&[&shown(&new_key("ES256"), "--public")]);
    for to in [
        "http://keys.example/jwks",
        "http://127.0.0.1/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "file:///etc/passwd",
        "ftp://keys.example/jwks",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "data:application/json,{}",
        "//me:pw@keys.example/jwks",
    ] {
        for status in [301, 302, 303, 307, 308] {
            let world = World::bare().answering(URL, redirect(status, to)).document(to, &*keys);
            let outcome = world.stdin(token("{}")).run(format!("verify --key {URL}"));
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{to}");
            assert_eq!(outcome.requested, [URL], "{to}");
            assert!(!outcome.stderr.contains("me:pw"), "{}", outcome.stderr);
        }
    }
}

#[test]
fn sends_no_password_and_no_token_along_a_redirect() {
    let refresh = token(r#"{"token_type":"refresh","jti":"x","exp":4102444800}"#);
    for to in ["https://evil.example/", "/other", "http://127.0.0.1/", "https://a.example.evil.example/"] {
        for status in [301, 302, 303, 307, 308] {
            let world = World::bare().env("PW", SECRET).server(Ok(redirect(status, to)));
            for line in [
                "pair --from https://a.example/token --user a --password-env PW".to_owned(),
                format!("refresh --from https://a.example/token {refresh}"),
                format!("revoke --from https://a.example/revoke --profile oauth {refresh}"),
            ] {
                let outcome = world.run(&line);
                assert_eq!((outcome.status, outcome.posted.len()), (2, 1), "{line}: {}", outcome.stderr);
                assert_eq!(outcome.requested, [""; 0], "{line}");
            }
        }
    }
}

#[test]
fn requests_no_keys_by_plain_http_or_another_scheme() {
    let key = new_key("ES256");
    for url in [
        "http://keys.example/jwks",
        "http://localhost.evil.example/jwks",
        "http://127.0.0.1.evil.example/jwks",
        "http://0.0.0.0/jwks",
        "ftp://keys.example/jwks",
        "https://keys.example@evil.example/jwks",
        "https://me:pw@keys.example/jwks",
    ] {
        let world = World::bare().document(url, set(&[&shown(&key, "--public")])).stdin(token("{}"));
        for option in ["--key", "--issuer-keys"] {
            let outcome = world.run(format!("verify {option} {url}"));
            assert_eq!((outcome.status, outcome.requested.len()), (2, 0), "{url}: {}", outcome.text());
            assert!(!outcome.stderr.contains("me:pw"), "{}", outcome.stderr);
        }
    }
}

#[test]
fn follows_no_address_of_metadata_away_from_https() {
    for uri in ["http://keys.example/jwks", "file:///etc/passwd", "http://127.0.0.1/", "jwks", ""] {
        let metadata = format!(r#"{{"issuer":"https://id.example","jwks_uri":"{uri}"}}"#);
        let world = World::bare().document("https://id.example/.well-known/openid-configuration", metadata);
        let outcome = world.stdin(token("{}")).run("verify --issuer-keys https://id.example");
        assert_eq!((outcome.status, outcome.requested.len()), (2, 1), "{uri}: {}", outcome.stderr);
    }
}

#[cfg(unix)]
#[test]
fn stops_reading_an_answer_that_never_ends() {
    use crate::support::process::Process;
    use crate::support::server::{Server, send_fault};
    let body = set(&[&shown(&new_key("ES256"), "--public")]);
    let server = Server::plain(move |path, out| send_fault(path, &body, out).unwrap());
    for path in ["endless", "large"] {
        let url = format!("http://{}/{path}", server.address);
        let ended = Process::words(&["verify", "--key", &url, &token("{}")]).run();
        let why = "size: the answer is larger than 1 MiB\n";
        ended.failure(2, &format!("error: cannot get the keys from {url}: {why}"));
    }
}

#[test]
fn finds_one_key_in_a_huge_set() {
    let key = named("ES256", "last");
    let other = shown(&new_key("ES256"), "--public");
    let mut keys = vec![other.as_str(); 5000];
    let public = shown(&key, "--public");
    keys.push(&public);
    let nameless = changed(&key, &json!({"kid": null}));
    let world = World::bare().file("key", &key).file("nameless", nameless).document(URL, set(&keys));
    let mint = |options: &str| world.run(format!("encode {options}")).result().to_owned();
    let options = format!("--key {URL}");
    judged(&world, &options, mint("--key key"), 0, &[]);
    judged(&world, &options, mint("--key key --kid other"), 1, &["key_not_found"]);
    // Without a key ID, a token does not make the verifier try every key.
    judged(&world, &options, mint("--key nameless"), 1, &["key_not_found"]);
}

#[test]
fn fetches_a_set_once_for_many_unknown_key_ids() {
    let (known, attacker) = (named("ES256", "a"), new_key("ES256"));
    let world = World::bare().file("attacker", attacker);
    let tokens: Vec<String> = (0..40)
        .map(|number| world.run(format!("encode --key attacker --kid {number}")).result().to_owned())
        .collect();
    let world = world.document(URL, set(&[&shown(&known, "--public")])).stdin(tokens.join("\n"));
    let outcome = world.run(format!("verify --lines --key {URL}"));
    assert_eq!(outcome.text(), "rejected\tkey_not_found\n".repeat(40));
    assert!(outcome.requested.len() <= 2, "{:?}", outcome.requested);
}

#[test]
fn expands_no_aliases_without_end() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(", ")));
    }
    text.push_str("cases: []\n");
    let outcome = World::new().file("s.yaml", text).run("test s.yaml");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    assert!(outcome.stderr.contains("values"), "{}", outcome.stderr);
    let outcome = World::new().file("s.yaml", "cases: &a [*a]\n").run("test s.yaml");
    assert_eq!((outcome.status, outcome.text()), (2, ""), "{}", outcome.stderr);
}

#[cfg(unix)]
#[test]
fn follows_no_link_out_of_the_folder_of_a_suite() {
    use crate::support::process::Process;
    let folder = tempfile::tempdir().unwrap();
    let suites = folder.path().join("suites");
    std::fs::create_dir(&suites).unwrap();
    std::fs::write(folder.path().join("secret"), SECRET).unwrap();
    std::os::unix::fs::symlink("../secret", suites.join("link")).unwrap();
    std::os::unix::fs::symlink("..", suites.join("up")).unwrap();
    for path in ["link", "up/secret", "../secret", "/etc/hostname", "up/../../etc/hostname"] {
        let suite = format!("cases:\n- {{name: a, mint: {{}}, secret-file: {path}, expect: accepted}}\n");
        std::fs::write(suites.join("s.yaml"), suite).unwrap();
        let ended = Process::line("test suites/s.yaml").folder(folder.path()).run();
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""), "{path}: {}", ended.stderr);
        assert!(ended.stderr.contains("--allow paths"), "{path}: {}", ended.stderr);
    }
}

#[test]
fn opens_no_connection_that_a_suite_names() {
    let served = set(&[&shown(&new_key("ES256"), "--public")]);
    for member in [
        "key: https://keys.example/jwks",
        "issuer-keys: https://keys.example",
        "store: redis://evil.example",
        "store: rediss://evil.example/0?layout=user-token-set",
        "store: sqlite:new.db",
        "mint: {encrypt-for: 'https://keys.example/jwks'}",
    ] {
        let base = if member.starts_with("mint") { "" } else { "  token: a.b.c\n" };
        let suite = format!("cases:\n- name: a\n{base}  {member}\n  expect: malformed\n");
        let world =
            World::new().env("FOB_STORE_PASSWORD", SECRET).document(URL, &*served).file("s.yaml", suite);
        let outcome = world.run("test s.yaml");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{member}");
        assert_eq!((outcome.requested.len(), outcome.posted.len()), (0, 0), "{member}");
        assert!(outcome.stderr.contains("--allow "), "{member}: {}", outcome.stderr);
    }
}

#[cfg(unix)]
#[test]
fn trusts_no_server_by_a_foreign_certificate() {
    use crate::support::process::Process;
    use crate::support::server::{Authority, Server, send};
    let body = set(&[&shown(&new_key("ES256"), "--public")]);
    let [trusted, stranger] = ["a", "a"].map(Authority::new);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, trusted.pem()).unwrap();
    let pages = move |_: &str, out: &mut dyn std::io::Write| send(out, 200, "", &body);
    for server in [
        Server::tls(&stranger, &["localhost"], pages.clone()),
        Server::tls(&trusted, &["keys.example"], pages.clone()),
        Server::self_signed(&stranger, pages.clone()),
    ] {
        let url = format!("https://localhost:{}/jwks", server.address.port());
        let run = Process::words(&["verify", "--key", &url, &token("{}")]);
        let ended = run.env("SSL_CERT_FILE", &file).run();
        ended.failure(2, &format!("error: cannot get the keys from {url}: TLS: "));
    }
}

#[test]
fn sends_no_line_break_in_a_request() {
    let url = "https://a.example/token";
    for text in ["a\r\nX-Admin: 1", "a\nb", "a b", "a;b=c", "a\u{0}b", "é"] {
        for options in ["", "--profile oauth", "--refresh-in cookie:refresh", "--refresh-in header:X-Token"] {
            let world = World::bare().serving(200, "{}").stdin(text);
            let outcome = world.run(format!("refresh --from {url} {options}"));
            assert_ne!(outcome.status, 0, "{text:?} {options}");
            assert_eq!(outcome.posted, [], "{text:?} {options}");
        }
        let world = World::bare().serving(200, "{}").env("PW", SECRET);
        let field = format!("header:X-Tenant={text}");
        let words = ["pair", "--from", url, "--user", "a", "--password-env", "PW", "--field", &field];
        for request in world.run_words(&words).posted {
            assert!(
                !request.headers.iter().any(|field| field.contains(['\r', '\n'])),
                "{:?}",
                request.headers
            );
        }
    }
}
