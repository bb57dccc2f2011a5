//! Issuers that rotate their keys: a cached set that lacks the key of a token is fetched once more.

use crate::keys::algorithms::{new_key, shown};
use crate::support::process::{Ended, Process};
use crate::support::server::{Server, send};
use crate::support::world::World;
use serde_json::Value;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

/// The keys of an issuer: the old one, and the one that it adds.
static KEYS: LazyLock<[String; 2]> = LazyLock::new(|| [new_key("EdDSA"), new_key("EdDSA")]);

/// Returns the set with the first of these keys.
fn set(number: usize) -> String {
    let key = |(index, key): (usize, &String)| {
        let public = shown(key, "--public");
        public.trim_end().replacen('{', &format!(r#"{{"kid":"k{index}","#), 1)
    };
    let keys: Vec<String> = KEYS.iter().take(number).enumerate().map(key).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

/// Returns a token of a key, that names a key.
fn token(key: usize, kid: &str, claims: &str) -> String {
    let world = World::bare().file("key", &*KEYS[key]);
    world.run_words(&["encode", "--key", "key", "--no-iat", "--kid", kid, claims]).result().to_owned()
}

/// An issuer, and a folder for its keys.
struct Issuer {
    server: Server,
    /// The number of keys in the set.
    keys: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
    /// True if each answer takes some time.
    is_slow: Arc<AtomicBool>,
    folder: tempfile::TempDir,
}

impl Issuer {
    fn new() -> Self {
        let (keys, fails) = (Arc::new(AtomicUsize::new(1)), Arc::new(AtomicBool::new(false)));
        let (number, fault) = (Arc::clone(&keys), Arc::clone(&fails));
        let is_slow = Arc::new(AtomicBool::new(false));
        let delay = Arc::clone(&is_slow);
        let server =
            Server::plain(move |path, out| match path.strip_suffix("/.well-known/openid-configuration") {
                _ if fault.load(Ordering::SeqCst) => send(out, 500, "", "no"),
                Some(host) => {
                    let body = format!(r#"{{"issuer":"http:/{host}{host}","jwks_uri":"http:/{host}/set"}}"#);
                    send(out, 200, "Cache-Control: max-age=3600\r\n", &body)
                }
                None => {
                    if delay.load(Ordering::SeqCst) {
                        std::thread::sleep(std::time::Duration::from_millis(300));
                    }
                    send(out, 200, "Cache-Control: max-age=3600\r\n", &set(number.load(Ordering::SeqCst)))
                }
            });
        Self { server, keys, fails, is_slow, folder: tempfile::tempdir().unwrap() }
    }

    fn address(&self) -> SocketAddr {
        self.server.address
    }

    fn url(&self) -> String {
        format!("http://{}/set", self.address())
    }

    /// The issuer adds a key.
    fn rotate(&self) {
        self.keys.store(2, Ordering::SeqCst);
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Makes all entries of the cache older.
    fn age(&self, seconds: i64) {
        for entry in fs::read_dir(self.path("cache")).unwrap() {
            let path = entry.unwrap().path();
            let mut entry: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            for name in ["fetched", "tried"] {
                if let Some(at) = entry[name].as_i64() {
                    entry[name] = (at - seconds).into();
                }
            }
            fs::write(&path, entry.to_string()).unwrap();
        }
    }

    /// Runs a command with the cache, and returns its result and the number of requests.
    fn run(&self, words: &[&str], stdin: &str) -> (Ended, usize) {
        let before = self.server.count();
        let cache = self.path("cache");
        let words = [words, &["--cache", &cache]].concat();
        let ended = Process::words(&words).stdin(stdin).run();
        (ended, self.server.count() - before)
    }

    /// Verifies a token, and returns the status and the number of requests.
    fn verify(&self, token: &str, more: &[&str]) -> (Option<i32>, usize) {
        let url = self.url();
        let (ended, requests) = self.run(&[&["verify", "-q", "--key", &url, token], more].concat(), "");
        (ended.status, requests)
    }
}

#[test]
fn an_unknown_key_id_fetches_the_set_once_more() {
    let issuer = Issuer::new();
    let (old, new, never) = (token(0, "k0", "{}"), token(1, "k1", "{}"), token(1, "k9", "{}"));
    assert_eq!(issuer.verify(&old, &[]), (Some(0), 1));
    issuer.rotate();
    assert_eq!(issuer.verify(&old, &[]), (Some(0), 0), "the key fits");
    assert_eq!(issuer.verify(&new, &["--offline"]), (Some(1), 0));
    assert_eq!(issuer.verify(&new, &[]), (Some(0), 1));
    assert_eq!(issuer.verify(&new, &[]), (Some(0), 0));
    // A key that the issuer does not have is asked for every 30 seconds.
    assert_eq!(issuer.verify(&never, &[]), (Some(1), 0));
    issuer.age(15);
    assert_eq!(issuer.verify(&never, &[]), (Some(1), 0));
    issuer.age(15);
    assert_eq!(issuer.verify(&never, &[]), (Some(1), 1));
    assert_eq!(issuer.verify(&never, &[]), (Some(1), 0));
}

#[test]
fn many_processes_with_an_unknown_key_id_fetch_the_set_once() {
    const PROCESSES: usize = 16;
    let issuer = Issuer::new();
    assert_eq!(issuer.verify(&token(0, "k0", "{}"), &[]), (Some(0), 1));
    issuer.rotate();
    issuer.is_slow.store(true, Ordering::SeqCst);
    for (kid, status) in [("k1", Some(0)), ("k9", Some(1))] {
        let (token, before) = (token(1, kid, "{}"), issuer.server.count());
        std::thread::scope(|scope| {
            let run = |_| scope.spawn(|| issuer.verify(&token, &[]).0);
            let threads: Vec<_> = (0..PROCESSES).map(run).collect();
            threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), status, "{kid}"));
        });
        assert_eq!(issuer.server.count() - before, 1, "{kid}");
        issuer.age(60);
    }
    assert_eq!(fs::read_dir(issuer.path("cache")).unwrap().count(), 1, "no lock stays behind");
}

#[test]
fn only_a_key_id_that_a_public_key_can_have_fetches_the_set() {
    let issuer = Issuer::new();
    issuer.verify(&token(0, "k0", "{}"), &[]);
    issuer.age(60);
    let without =
        World::bare().file("key", &*KEYS[0]).run_words(&["encode", "--key", "key", "{}"]).result().to_owned();
    let hmac = World::with_stores().run("encode --kid k9 {}").result().to_owned();
    let unsigned = "eyJhbGciOiJub25lIiwia2lkIjoiazkifQ.e30.";
    for (token, status) in [(without.as_str(), 0), (hmac.as_str(), 1), (unsigned, 1), ("x.y.z", 4)] {
        assert_eq!(issuer.verify(token, &[]), (Some(status), 0), "{token}");
    }
}

#[test]
fn without_a_cache_the_set_is_fetched_once_in_a_run() {
    let issuer = Issuer::new();
    let url = issuer.url();
    let lines = format!("{}\n{}\n", token(1, "k1", "{}"), token(1, "k8", "{}"));
    for words in [
        &["verify", "--key", &url, "--lines", "-"][..],
        &["verify", "-q", "--key", &url, lines.lines().next().unwrap()],
    ] {
        let before = issuer.server.count();
        assert_eq!(Process::words(words).stdin(&lines).run().status, Some(1));
        assert_eq!(issuer.server.count() - before, 1);
    }
}

#[test]
fn the_keys_of_an_issuer_are_fetched_again_but_not_its_metadata() {
    let issuer = Issuer::new();
    let name = format!("http://{0}/{0}", issuer.address());
    let of = |key: usize, kid: &str| token(key, kid, &format!(r#"{{"iss":"{name}"}}"#));
    let run = |token: &str| {
        let (ended, requests) = issuer.run(&["verify", "-q", "--issuer-keys", &name, token], "");
        (ended.status, requests)
    };
    assert_eq!(run(&of(0, "k0")), (Some(0), 2));
    issuer.rotate();
    issuer.age(60);
    assert_eq!(run(&of(1, "k1")), (Some(0), 1));
    assert_eq!(run(&token(1, "k1", r#"{"iss":"https://other.example"}"#)), (Some(1), 0));
}

#[test]
fn a_key_that_the_user_names_is_fetched_too() {
    let issuer = Issuer::new();
    let new = token(1, "k1", "{}");
    issuer.verify(&token(0, "k0", "{}"), &[]);
    assert_eq!(issuer.verify(&new, &["--kid", "k1"]), (Some(2), 1));
    issuer.rotate();
    assert_eq!(issuer.verify(&new, &["--kid", "k1"]), (Some(2), 0));
    issuer.age(60);
    assert_eq!(issuer.verify(&new, &["--kid", "k1"]), (Some(0), 1));
    // A claim can name the key, too.
    let named = token(1, "x", r#"{"key":"k2"}"#);
    issuer.age(60);
    assert_eq!(issuer.verify(&named, &["--kid-claim", "key"]), (Some(1), 1));
}

#[test]
fn a_failing_server_leaves_the_cached_keys() {
    let issuer = Issuer::new();
    let (old, new) = (token(0, "k0", "{}"), token(1, "k1", "{}"));
    issuer.verify(&old, &[]);
    issuer.age(60);
    issuer.fails.store(true, Ordering::SeqCst);
    let url = issuer.url();
    let (ended, requests) = issuer.run(&["verify", "--key", &url, &new], "");
    assert_eq!((ended.status, requests), (Some(1), 1));
    let warning = format!(
        "warning: the cached keys are used: cannot get the keys from {url}: status: 500 Internal Server Error\n"
    );
    assert!(ended.stderr.starts_with(&warning), "{}", ended.stderr);
    assert!(ended.stdout.ends_with("rejected: key_not_found\n"), "{}", ended.stdout);
    // The failure counts for 30 seconds, and the old keys stay good.
    assert_eq!(issuer.verify(&new, &[]), (Some(1), 0));
    assert_eq!(issuer.verify(&old, &[]), (Some(0), 0));
}

#[test]
fn many_lines_fetch_the_set_once() {
    let issuer = Issuer::new();
    let url = issuer.url();
    let (old, new, never) = (token(0, "k0", "{}"), token(1, "k1", "{}"), token(1, "k9", "{}"));
    issuer.verify(&old, &[]);
    issuer.rotate();
    issuer.age(60);
    // More than one block of lines for each thread.
    let (mut lines, mut verdicts) = (String::new(), String::new());
    for number in 0..6000 {
        let (token, verdict) = match number {
            3000 | 5999 => (&new, "accepted"),
            4000 | 4001 => (&never, "rejected\tkey_not_found"),
            _ => (&old, "accepted"),
        };
        lines.push_str(&format!("{token}\n"));
        verdicts.push_str(&format!("{verdict}\n"));
    }
    fs::write(issuer.path("lines"), &lines).unwrap();
    for threads in ["1", "4"] {
        issuer.keys.store(1, Ordering::SeqCst);
        fs::remove_dir_all(issuer.path("cache")).unwrap();
        issuer.verify(&old, &[]);
        issuer.rotate();
        issuer.age(60);
        let (ended, requests) = issuer
            .run(&["verify", "--key", &url, "--lines", &issuer.path("lines"), "--threads", threads], "");
        assert_eq!((ended.status, requests), (Some(1), 1), "{}", ended.stderr);
        assert!(ended.stdout == verdicts, "other verdicts");
        assert!(ended.stderr.contains("5,998 accepted, 2 rejected"), "{}", ended.stderr);
    }
    // No request while all keys fit.
    issuer.age(60);
    let fitting = format!("{old}\n{new}\n");
    let (ended, requests) = issuer.run(&["verify", "--key", &url, "--lines", "-"], &fitting);
    assert_eq!((ended.stdout.as_str(), requests), ("accepted\naccepted\n", 0));
    // A token is used once, although its line stands in the block that was begun again.
    issuer.age(60);
    let store = issuer.path("s.db");
    let link = |key: usize, kid: &str, id: &str| token(key, kid, &format!(r#"{{"jti":"{id}"}}"#));
    let links = format!("{}\n{}\n", link(0, "k0", "a"), link(1, "k9", "b"));
    let words = ["verify", "--key", &url, "--lines", "-", "--once", "--store", &store];
    let (ended, requests) = issuer.run(&words, &links);
    assert_eq!((ended.stdout.as_str(), requests), ("accepted\nrejected\tkey_not_found\n", 1));
}

#[test]
fn suites_and_inspections_fetch_the_set_once() {
    let issuer = Issuer::new();
    let url = issuer.url();
    let (old, new, never) = (token(0, "k0", "{}"), token(1, "k1", "{}"), token(1, "k9", "{}"));
    let reset = || {
        issuer.keys.store(1, Ordering::SeqCst);
        let _ = fs::remove_dir_all(issuer.path("cache"));
        issuer.verify(&old, &[]);
        issuer.rotate();
        issuer.age(60);
    };
    reset();
    let cache = issuer.path("cache");
    fs::write(issuer.path("new.txt"), &new).unwrap();
    let suite = format!(
        "[defaults]\nkey = '{url}'\ncache = '{cache}'\n[[cases]]\nname = 'a'\ntoken = '{old}'\nexpect = 'accepted'\n\
         [[cases]]\nname = 'b'\ntoken_file = 'new.txt'\nexpect = 'accepted'\n\
         [[cases]]\nname = 'c'\ntoken = '{never}'\nexpect = 'key_not_found'\n"
    );
    fs::write(issuer.path("suite.toml"), suite).unwrap();
    let before = issuer.server.count();
    let ended = Process::words(&["test", &issuer.path("suite.toml"), "--allow", "network"]).run();
    assert_eq!(
        (ended.status, issuer.server.count() - before),
        (Some(0), 1),
        "{}{}",
        ended.stdout,
        ended.stderr
    );
    reset();
    let text = format!("{old} then {new} then {never}");
    let (ended, requests) = issuer.run(&["inspect", "--json", "--key", &url], &text);
    let json: Value = serde_json::from_str(&ended.stdout).unwrap();
    let verdicts: Vec<_> = json["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token["verification"]["verdict"].clone())
        .collect();
    assert_eq!(
        (verdicts, requests),
        (vec!["accepted".into(), "accepted".into(), Value::from("rejected")], 1)
    );
    assert!(Path::new(&cache).is_dir());
}

#[test]
fn a_secret_in_the_newer_set_is_refused() {
    let issuer = Issuer::new();
    issuer.verify(&token(0, "k0", "{}"), &[]);
    issuer.age(60);
    let cached = fs::read_dir(issuer.path("cache")).unwrap().next().unwrap().unwrap().path();
    let mut entry: Value = serde_json::from_str(&fs::read_to_string(&cached).unwrap()).unwrap();
    let secret = r#"{"keys":[{"kty":"oct","kid":"k9","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}"#;
    entry["body"] = secret.into();
    fs::write(&cached, entry.to_string()).unwrap();
    let url = issuer.url();
    let (ended, requests) = issuer.run(&["verify", "--key", &url, &token(1, "k9", "{}")], "");
    assert_eq!((ended.status, requests), (Some(2), 0));
    assert!(ended.stderr.contains("serves a key of type `oct`"), "{}", ended.stderr);
}
