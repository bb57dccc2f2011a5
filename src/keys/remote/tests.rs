//! Fetching keys from fake servers, with a fake cache folder.

use super::*;
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use crate::host::fake::{FakeFiles, FakeServers, RequestLog};
use crate::host::{RequestError, Response};
use std::cell::{Cell, RefCell};
use std::io;
use std::path::PathBuf;

pub(super) const SET: &str = r#"{"keys":[]}"#;
const URL: &str = "https://a.example/jwks";

/// Servers, files and a clock.
#[derive(Default)]
pub(super) struct World {
    servers: FakeServers,
    requests: RefCell<RequestLog>,
    files: RefCell<FakeFiles>,
    now: Cell<i64>,
}

pub(super) fn answer(status: u16, location: Option<&str>, body: &str) -> Response {
    let location = location.map(str::to_owned);
    Response { status, location, cache_control: None, body: body.into() }
}

impl World {
    pub(super) fn serve(self, url: &str, body: &str) -> Self {
        self.say(url, Ok(answer(200, None, body)))
    }

    pub(super) fn say(mut self, url: &str, answer: Result<Response, RequestError>) -> Self {
        self.servers.set(url, answer);
        self
    }

    fn controlled(self, url: &str, cache_control: &str) -> Self {
        let cache_control = Some(cache_control.to_owned());
        self.say(url, Ok(Response { cache_control, ..answer(200, None, SET) }))
    }

    /// Returns the result of a call, and the messages on standard error.
    fn run<T>(&self, call: impl FnOnce(&mut Host<'_>) -> T) -> (T, String) {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut host = Host::fake(NumericDate::from_seconds(self.now.get()), b"", &mut stdout, &mut stderr);
        self.servers.connect(&self.requests, &mut host);
        FakeFiles::make_writable(&self.files, &mut host);
        let result = call(&mut host);
        drop(host);
        (result, String::from_utf8(stderr).unwrap())
    }

    pub(super) fn get(&self, url: &str) -> Result<FetchedKeys, KeyLoadError> {
        self.run(|host| key_set(url, &KeyCache::default(), host)).0
    }

    fn cached(&self, offline: bool) -> (Result<FetchedKeys, KeyLoadError>, String) {
        self.run(|host| key_set(URL, &KeyCache { folder: Some("kept".into()), offline }, host))
    }

    fn issuer(&self, issuer: &str) -> Result<IssuerKeys, KeyLoadError> {
        self.run(|host| issuer_key_set(issuer, &KeyCache::default(), host)).0
    }

    pub(super) fn asked(&self) -> Vec<String> {
        self.requests.take().requested
    }

    fn at(&self, now: i64) -> &Self {
        self.now.set(now);
        self
    }
}

pub(super) fn said<T: std::fmt::Debug>(result: Result<T, KeyLoadError>) -> String {
    let problem = CommandError::from(result.unwrap_err());
    assert_eq!(problem.status(), crate::ExitStatus::Unjudged);
    problem.to_string()
}

fn set(bytes: &str) -> String {
    said(World::default().serve(URL, bytes).get(URL))
}

#[test]
fn returns_the_bytes_as_served() {
    let world = World::default().serve(URL, " {\"keys\":[{\"kty\":\"x\"}]}\n");
    let fetched = world.get("https://A.example/jwks#fragment").unwrap();
    assert_eq!(fetched.bytes, b" {\"keys\":[{\"kty\":\"x\"}]}\n");
    assert_eq!((fetched.source.as_str(), world.asked()), (URL, vec![URL.to_owned()]));
    assert!(World::default().serve(URL, r#"{"kty":"oct","k":"AA"}"#).get(URL).is_ok());
}

#[test]
fn rejects_answers_that_are_not_key_sets() {
    let begin = format!("cannot get the keys from {URL}: ");
    for (body, expected) in [
        ("<html>", "JSON: the answer is not JSON at offset 0: expected a value"),
        ("", "JSON: the answer is not JSON at offset 0: expected a value"),
        ("[]", "JSON: the answer is an array, not an object"),
        ("{}", "no key: the answer is neither a JWK Set nor a JWK (RFC 7517)"),
        (r#"{"kty":7}"#, "no key: the answer is neither a JWK Set nor a JWK (RFC 7517)"),
        (r#"{"keys":{}}"#, "no key: keys is an object, not an array (RFC 7517 section 5)"),
        (
            r#"{"issuer":"x","jwks_uri":"y"}"#,
            "no key: the answer is the discovery document of an issuer, not a key set",
        ),
    ] {
        assert_eq!(set(body), format!("{begin}{expected}"));
    }
}

#[test]
fn forbidden_urls_are_not_requested() {
    let world = World::default();
    assert!(world.get("http://a.example/jwks").is_err() && world.get("https://me@a.example/").is_err());
    assert!(world.issuer("http://a.example").is_err());
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn a_fresh_entry_replaces_requests_until_it_expires() {
    let world = World::default().controlled(URL, "max-age=60");
    assert_eq!(world.at(1000).cached(false).0.unwrap().source, URL);
    assert_eq!(
        (world.asked().len(), world.files.borrow().created_folders.clone()),
        (1, vec![PathBuf::from("kept")])
    );
    let (fetched, talk) = world.at(1059).cached(false);
    let fetched = fetched.unwrap();
    assert_eq!((fetched.bytes.as_slice(), talk.as_str()), (SET.as_bytes(), ""));
    assert_eq!(fetched.source, format!("{URL}, cached"));
    assert_eq!(world.asked().len(), 0);
    assert_eq!(world.at(1060).cached(false).0.unwrap().source, URL);
    assert_eq!(world.asked().len(), 1);
}

#[test]
fn an_entry_names_its_url_and_times() {
    let world = World::default().serve(URL, SET);
    world.at(1000).cached(false).0.unwrap();
    let files = world.files.borrow().files.clone();
    let (path, bytes) = files.first_key_value().unwrap();
    assert_eq!(
        path.to_str().unwrap(),
        "kept/d5cc9bd98ea070f2ab1a79f78c22355b26ccb15f8738d0fcd0998b414022ca94.json"
    );
    assert_eq!(
        std::str::from_utf8(bytes).unwrap(),
        "{\"url\":\"https://a.example/jwks\",\"fetched\":1000,\"expires\":1300,\"body\":\"{\\\"keys\\\":[]}\"}\n"
    );
}

#[test]
fn no_store_is_not_cached_and_no_cache_is_for_offline_only() {
    let world = World::default().controlled(URL, "no-store");
    world.cached(false).0.unwrap();
    assert!(world.files.borrow().files.is_empty());
    let world = World::default().controlled(URL, "no-cache");
    world.cached(false).0.unwrap();
    world.cached(false).0.unwrap();
    assert_eq!(world.asked().len(), 2);
    assert!(world.cached(true).0.is_ok());
    assert_eq!(world.asked().len(), 0);
}

#[test]
fn offline_uses_an_expired_entry_with_a_warning() {
    let world = World::default().serve(URL, SET);
    world.at(1000).cached(false).0.unwrap();
    assert_eq!(world.at(1001).cached(true).1, "");
    let (fetched, talk) = world.at(9_000_000).cached(true);
    assert_eq!(fetched.unwrap().source, format!("{URL}, cached"));
    assert_eq!(talk, format!("warning: the cached answer of {URL} has expired and may lack new keys\n"));
    assert_eq!(world.asked().len(), 1);
}

#[test]
fn offline_sends_no_requests() {
    let world = World::default().serve(URL, SET);
    let problem = CommandError::from(world.cached(true).0.unwrap_err());
    let what = "they are not in the cache, and --offline forbids fetching";
    assert_eq!(problem.to_string(), format!("cannot get the keys from {URL}: {what}"));
    assert_eq!(problem.hint().unwrap(), "run the command once without --offline, with the same --cache");
    let without =
        world.run(|host| key_set(URL, &KeyCache { folder: None, offline: true }, host)).0.unwrap_err();
    assert_eq!(CommandError::from(without).hint().unwrap(), "name the folder of fetched keys with --cache");
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn an_expired_entry_does_not_hide_a_failing_server() {
    let world = World::default().serve(URL, SET);
    world.at(1000).cached(false).0.unwrap();
    let world = world.say(URL, Ok(answer(503, None, "")));
    let problem = CommandError::from(world.at(2000).cached(false).0.unwrap_err());
    assert_eq!(problem.hint().unwrap(), "use the cached keys with --offline");
}

#[test]
fn only_key_sets_are_cached() {
    let world = World::default().serve(URL, "{}");
    assert!(world.cached(false).0.is_err() && world.files.borrow().files.is_empty());
}

#[test]
fn ignores_a_damaged_or_foreign_entry_with_a_warning() {
    let good = |url: &str, body: &str| {
        format!(r#"{{"url":"{url}","fetched":0,"expires":9999999999,"body":"{body}"}}"#)
    };
    for (entry, why) in [
        (String::new(), "it is not the cache entry of this URL"),
        ("{}".to_owned(), "it is not the cache entry of this URL"),
        (good("https://b.example/", r#"{\"keys\":[]}"#), "it is not the cache entry of this URL"),
        (good(URL, "{}"), "the answer is neither a JWK Set nor a JWK (RFC 7517)"),
        ("x".repeat(9 << 20), "it is too large"),
    ] {
        let world = World::default().serve(URL, SET);
        let path = cache::path("kept".as_ref(), &ServerUrl::parse(URL, UrlPurpose::Keys).unwrap());
        world.files.borrow_mut().add(path.clone(), entry);
        let (fetched, talk) = world.cached(false);
        assert_eq!(fetched.unwrap().source, URL);
        assert_eq!(talk, format!("warning: ignoring {} in the cache: {why}\n", path.display()));
        assert_eq!(world.cached(false).1, "");
    }
}

#[test]
fn ignores_an_entry_that_others_may_read() {
    let world = World::default().serve(URL, SET);
    world.cached(false).0.unwrap();
    world.files.borrow_mut().is_shared = true;
    let (fetched, talk) = world.cached(false);
    assert_eq!(fetched.unwrap().source, URL);
    assert!(talk.contains("so fob did not write it"), "{talk}");
}

#[test]
fn an_entry_from_the_future_is_not_fresh() {
    let world = World::default().serve(URL, SET);
    world.at(1000).cached(false).0.unwrap();
    world.at(999).cached(false).0.unwrap();
    assert_eq!(world.asked().len(), 2);
}

#[test]
fn an_unwritable_cache_is_a_warning() {
    let world = World::default().serve(URL, SET);
    world.files.borrow_mut().write_error = Some(io::ErrorKind::StorageFull);
    let (fetched, talk) = world.cached(false);
    assert!(fetched.is_ok());
    assert_eq!(talk, format!("warning: cannot cache the answer of {URL} in kept: no storage space\n"));
}

const ISSUER: &str = "https://i.example/tenant";
const DOCUMENT: &str = "https://i.example/tenant/.well-known/openid-configuration";

fn of_issuer(issuer: &str, set: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{set}"}}"#)
}

#[test]
fn discovers_an_issuer_with_or_without_a_trailing_slash() {
    for (asked, named) in [
        (ISSUER, "https://i.example/tenant"),
        (ISSUER, "https://i.example/tenant/"),
        ("https://i.example/tenant/", "https://i.example/tenant"),
    ] {
        let world = World::default().serve(DOCUMENT, &of_issuer(named, URL)).serve(URL, SET);
        let found = world.issuer(asked).unwrap();
        assert_eq!((found.keys.source.as_str(), found.issuer.as_str()), (URL, named));
        assert_eq!(world.asked(), [DOCUMENT, URL]);
    }
}

#[test]
fn rejects_invalid_discovery_documents() {
    let begin = format!("cannot get the keys from {DOCUMENT}: ");
    for (document, expected) in [
        (
            of_issuer("https://evil.example", URL),
            "discovery: the discovery document is of issuer https://evil.example, expected https://i.example/tenant",
        ),
        (
            of_issuer("https://i.example/tenant//", URL),
            "discovery: the discovery document is of issuer https://i.example/tenant//, expected https://i.example/tenant",
        ),
        (format!(r#"{{"jwks_uri":"{URL}"}}"#), "discovery: the discovery document has no issuer"),
        (format!(r#"{{"issuer":7,"jwks_uri":"{URL}"}}"#), "discovery: issuer is a number, not a string"),
        (format!(r#"{{"issuer":"{ISSUER}"}}"#), "discovery: the discovery document has no jwks_uri"),
        (
            format!(r#"{{"issuer":"{ISSUER}","jwks_uri":[]}}"#),
            "discovery: jwks_uri is an array, not a string",
        ),
        (
            format!(r#"{{"issuer":"https://e","issuer":"{ISSUER}","jwks_uri":"{URL}"}}"#),
            "discovery: the discovery document has /issuer more than once",
        ),
        (of_issuer(ISSUER, "/jwks"), "discovery: jwks_uri: it is not a URL (relative URL without a base)"),
        (
            of_issuer(ISSUER, "http://127.0.0.1/jwks"),
            "discovery: jwks_uri: it leads from https to http: http://127.0.0.1/jwks",
        ),
        (of_issuer(ISSUER, "file:///etc/jwks"), "discovery: jwks_uri: its scheme is file, not https"),
        (of_issuer(ISSUER, "https://x:hunter2@b/"), "discovery: jwks_uri: it contains credentials"),
        ("[]".to_owned(), "JSON: the answer is an array, not an object"),
    ] {
        let world = World::default().serve(DOCUMENT, &document).serve(URL, SET);
        assert_eq!(said(world.issuer(ISSUER)), format!("{begin}{expected}"));
        assert_eq!(world.asked(), [DOCUMENT]);
    }
}

#[test]
fn rejects_an_issuer_with_query_or_fragment() {
    let world = World::default();
    assert!(said(world.issuer("https://i.example/?a=b")).starts_with("the URL of an issuer has neither"));
    assert!(said(world.issuer("https://i.example/#a")).starts_with("the URL of an issuer has neither"));
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn an_issuer_works_offline_once_both_answers_are_cached() {
    let world = World::default().serve(DOCUMENT, &of_issuer(ISSUER, URL)).serve(URL, SET);
    let get = |offline| {
        let cache = KeyCache { folder: Some("kept".into()), offline };
        world.run(|host| issuer_key_set(ISSUER, &cache, host)).0
    };
    assert!(get(true).is_err());
    assert_eq!(get(false).unwrap().keys.source, URL);
    assert_eq!(world.asked().len(), 2);
    assert_eq!(get(true).unwrap().keys.source, format!("{URL}, cached"));
    assert_eq!(world.asked().len(), 0);
}

#[test]
fn requests_an_address_of_metadata_unchanged() {
    for (asked, issuer) in [
        ("https://i.example/tenant/.well-known/openid-configuration", "https://i.example/tenant"),
        ("https://i.example/.well-known/oauth-authorization-server/tenant", "https://i.example/tenant"),
        ("https://i.example/.well-known/oauth-authorization-server", "https://i.example"),
    ] {
        let world = World::default().serve(asked, &of_issuer(issuer, URL)).serve(URL, SET);
        assert_eq!(world.issuer(asked).unwrap().keys.source, URL, "{asked}");
        assert_eq!(world.asked(), [asked, URL]);
        // The document must still be that of the issuer.
        let world = World::default().serve(asked, &of_issuer("https://evil.example", URL));
        assert!(said(world.issuer(asked)).contains("is of issuer https://evil.example"), "{asked}");
    }
}

#[test]
fn accepts_a_map_of_key_ids_to_certificates() {
    let certificate = "-----BEGIN CERTIFICATE-----\\nAA\\n-----END CERTIFICATE-----\\n";
    let map = format!(r#"{{"a1":"{certificate}","b2":"{certificate}"}}"#);
    assert!(World::default().serve(URL, &map).get(URL).is_ok());
    let mixed = format!(r#"{{"a1":"{certificate}","error":"none"}}"#);
    assert!(set(&mixed).contains("neither a JWK Set nor a JWK"));
}
