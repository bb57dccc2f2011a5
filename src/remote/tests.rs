//! Fetching documents from fake servers, with a fake cache folder.

use super::error::MetadataError;
use super::metadata::{Endpoint, IssuerMetadata, issuer_metadata, object};
use super::*;
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use crate::host::fake::{FakeFiles, FakeServers, RequestLog};
use crate::host::{RequestError, Response};
use std::cell::{Cell, RefCell};
use std::io;
use std::path::PathBuf;

pub(crate) const SET: &str = r#"{"keys":[]}"#;
const URL: &str = "https://a.example/jwks";

/// Servers, files and a clock.
#[derive(Default)]
pub(crate) struct World {
    servers: FakeServers,
    requests: RefCell<RequestLog>,
    files: RefCell<FakeFiles>,
    now: Cell<i64>,
}

pub(crate) fn answer(status: u16, location: Option<&str>, body: &str) -> Response {
    let location = location.map(str::to_owned);
    Response { status, location, body: body.into(), ..Response::default() }
}

impl World {
    pub(crate) fn serve(self, url: &str, body: &str) -> Self {
        self.say(url, Ok(answer(200, None, body)))
    }

    pub(crate) fn say(mut self, url: &str, answer: Result<Response, RequestError>) -> Self {
        self.servers.set(url, answer);
        self
    }

    fn controlled(self, url: &str, cache_control: &str) -> Self {
        let cache_control = Some(cache_control.to_owned());
        self.say(url, Ok(Response { cache_control, ..answer(200, None, SET) }))
    }

    /// Returns the result of a call, and the messages on standard error.
    pub(crate) fn run<T>(&self, call: impl FnOnce(&mut Host<'_>) -> T) -> (T, String) {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut host = Host::fake(NumericDate::from_seconds(self.now.get()), b"", &mut stdout, &mut stderr);
        self.servers.connect(&self.requests, &mut host);
        FakeFiles::make_writable(&self.files, &mut host);
        let result = call(&mut host);
        drop(host);
        (result, String::from_utf8(stderr).unwrap())
    }

    pub(crate) fn get(&self, url: &str) -> Result<Document<Vec<u8>>, MetadataError> {
        self.run(|host| get(url, &DocumentCache::default(), host)).0
    }

    fn cached(&self, offline: bool) -> (Result<Document<Vec<u8>>, MetadataError>, String) {
        self.run(|host| get(URL, &DocumentCache { folder: Some("kept".into()), offline }, host))
    }

    fn issuer(&self, issuer: &str) -> Result<IssuerMetadata, MetadataError> {
        self.run(|host| issuer_metadata(issuer, UrlPurpose::Keys, &DocumentCache::default(), host)).0
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.requests.take().requested
    }

    fn at(&self, now: i64) -> &Self {
        self.now.set(now);
        self
    }
}

/// Gets a key set. Any object with a member `keys` counts as one.
fn get(url: &str, cache: &DocumentCache, host: &mut Host<'_>) -> Result<Document<Vec<u8>>, MetadataError> {
    let url = ServerUrl::parse(url, UrlPurpose::Keys)?;
    let read = |_: &ServerUrl, bytes: &[u8]| match object(bytes)?.get("keys") {
        Some(_) => Ok(bytes.to_vec()),
        None => Err(AnswerError::NotAKeySet),
    };
    let request = DocumentRequest { kind: DocumentKind::KeySet, url: &url, alternatives: &[], read: &read };
    Ok(request.obtain(cache, host)?)
}

/// Returns the message of an error.
pub(crate) fn said<T: std::fmt::Debug>(result: Result<T, impl Into<CommandError>>) -> String {
    let problem: CommandError = result.unwrap_err().into();
    assert_eq!(problem.status(), crate::ExitStatus::Unjudged);
    problem.to_string()
}

#[test]
fn returns_the_bytes_as_served() {
    let world = World::default().serve(URL, " {\"keys\":[{\"kty\":\"x\"}]}\n");
    let fetched = world.get("https://A.example/jwks#fragment").unwrap();
    assert_eq!(fetched.content, b" {\"keys\":[{\"kty\":\"x\"}]}\n");
    assert_eq!((fetched.source.as_str(), world.asked()), (URL, vec![URL.to_owned()]));
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
    assert_eq!((fetched.content.as_slice(), talk.as_str()), (SET.as_bytes(), ""));
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
        world.run(|host| get(URL, &DocumentCache { folder: None, offline: true }, host)).0.unwrap_err();
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

const OAUTH_DOCUMENT: &str = "https://i.example/.well-known/oauth-authorization-server/tenant";

const LAST_DOCUMENT: &str = "https://i.example/tenant/.well-known/oauth-authorization-server";

/// Returns the URL of an endpoint.
fn url(metadata: &IssuerMetadata, endpoint: Endpoint) -> String {
    metadata.endpoint(endpoint).unwrap().to_string()
}

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
        let world = World::default().serve(DOCUMENT, &of_issuer(named, URL));
        let found = world.issuer(asked).unwrap();
        assert_eq!((url(&found, Endpoint::KeySet).as_str(), found.issuer.as_str()), (URL, named));
        assert_eq!(world.asked(), [DOCUMENT]);
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
    ] {
        let world =
            World::default().serve(DOCUMENT, &document).serve(OAUTH_DOCUMENT, &of_issuer(ISSUER, URL));
        let found = world.issuer(ISSUER).and_then(|found| Ok(found.endpoint(Endpoint::KeySet)?.clone()));
        assert_eq!(said(found), format!("{begin}{expected}"));
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
fn requests_an_address_of_metadata_unchanged() {
    for (asked, issuer) in [
        ("https://i.example/tenant/.well-known/openid-configuration", "https://i.example/tenant"),
        ("https://i.example/.well-known/oauth-authorization-server/tenant", "https://i.example/tenant"),
        ("https://i.example/.well-known/oauth-authorization-server", "https://i.example"),
        (LAST_DOCUMENT, ISSUER),
    ] {
        let world = World::default().serve(asked, &of_issuer(issuer, URL));
        assert_eq!(url(&world.issuer(asked).unwrap(), Endpoint::KeySet), URL, "{asked}");
        assert_eq!(world.asked(), [asked]);
        // The document must still be that of the issuer.
        let world = World::default().serve(asked, &of_issuer("https://evil.example", URL));
        assert!(said(world.issuer(asked)).contains("is of issuer https://evil.example"), "{asked}");
    }
}

#[test]
fn an_issuer_without_the_first_document_has_the_second() {
    for absent in [
        answer(404, None, "none"),
        answer(403, None, ""),
        answer(410, None, ""),
        answer(200, None, "<!DOCTYPE html>"),
        answer(200, None, "[]"),
    ] {
        let world = World::default().say(DOCUMENT, Ok(absent)).serve(OAUTH_DOCUMENT, &of_issuer(ISSUER, URL));
        assert_eq!(url(&world.issuer(ISSUER).unwrap(), Endpoint::KeySet), URL);
        assert_eq!(world.asked(), [DOCUMENT, OAUTH_DOCUMENT]);
    }
}

#[test]
fn an_issuer_without_both_documents_may_have_the_second_below_its_path() {
    let absent = || Ok(answer(404, None, "none"));
    let world = World::default().say(DOCUMENT, absent()).say(OAUTH_DOCUMENT, absent());
    let world = world.serve(LAST_DOCUMENT, &of_issuer(ISSUER, URL));
    assert_eq!(url(&world.issuer(ISSUER).unwrap(), Endpoint::KeySet), URL);
    assert_eq!(world.asked(), [DOCUMENT, OAUTH_DOCUMENT, LAST_DOCUMENT]);
    // It must be that of the issuer, too.
    let world = World::default().say(DOCUMENT, absent()).say(OAUTH_DOCUMENT, absent());
    let world = world.serve(LAST_DOCUMENT, &of_issuer("https://evil.example", URL));
    assert!(said(world.issuer(ISSUER)).contains("is of issuer https://evil.example"));
}

#[test]
fn a_failing_server_is_not_asked_for_the_second_document() {
    for (status, expected) in
        [(500, "500 Internal Server Error"), (429, "429 Too Many Requests"), (503, "503 Service Unavailable")]
    {
        let world = World::default()
            .say(DOCUMENT, Ok(answer(status, None, "")))
            .serve(OAUTH_DOCUMENT, &of_issuer(ISSUER, URL));
        let begin = format!("cannot get the keys from {DOCUMENT}: status: ");
        assert_eq!(said(world.issuer(ISSUER)), format!("{begin}{expected}"));
        assert_eq!(world.asked(), [DOCUMENT]);
    }
}

#[test]
fn names_all_documents_that_an_issuer_lacks() {
    let absent = || Ok(answer(404, None, ""));
    let world =
        World::default().say(DOCUMENT, absent()).say(OAUTH_DOCUMENT, absent()).say(LAST_DOCUMENT, absent());
    for (purpose, what, hint) in [
        (
            UrlPurpose::Keys,
            "keys",
            "give --issuer-keys the `iss` of the tokens, unchanged, or --key the URL of the key set",
        ),
        (
            UrlPurpose::Tokens,
            "endpoints of the issuer",
            "give --issuer the `iss` of its tokens, unchanged, or --from the URL of the token endpoint",
        ),
    ] {
        let found = world.run(|host| issuer_metadata(ISSUER, purpose, &DocumentCache::default(), host)).0;
        let error = CommandError::from(found.unwrap_err());
        assert_eq!(
            error.to_string(),
            format!(
                "cannot get the {what} from {DOCUMENT}: status: 404 Not Found; nor from {OAUTH_DOCUMENT}: status: 404 Not \
                 Found; nor from {LAST_DOCUMENT}: status: 404 Not Found"
            )
        );
        assert_eq!(error.hint().unwrap(), hint);
    }
    // The second document is there, but of another issuer.
    let world = World::default().say(DOCUMENT, absent()).serve(OAUTH_DOCUMENT, &of_issuer("https://e", URL));
    let error = CommandError::from(world.issuer(ISSUER).unwrap_err());
    assert!(error.to_string().contains("is of issuer https://e, expected"), "{error}");
    assert_eq!(error.hint().unwrap(), "give --issuer-keys the `iss` of the tokens, unchanged");
}

#[test]
fn the_second_document_is_taken_from_the_cache() {
    let world = World::default()
        .say(DOCUMENT, Ok(answer(404, None, "")))
        .serve(OAUTH_DOCUMENT, &of_issuer(ISSUER, URL));
    let get = |offline| {
        let cache = DocumentCache { folder: Some("kept".into()), offline };
        world.run(|host| issuer_metadata(ISSUER, UrlPurpose::Keys, &cache, host)).0
    };
    let nothing = CommandError::from(get(true).unwrap_err());
    assert_eq!(nothing.hint().unwrap(), "run the command once without --offline, with the same --cache");
    assert_eq!(world.asked(), [""; 0]);
    get(false).unwrap();
    assert_eq!(world.asked(), [DOCUMENT, OAUTH_DOCUMENT]);
    for offline in [false, true] {
        assert_eq!(url(&get(offline).unwrap(), Endpoint::KeySet), URL);
        assert_eq!(world.asked(), [""; 0]);
    }
}

#[test]
fn reads_the_endpoints_and_what_they_support() {
    let document = format!(
        r#"{{"issuer":"{ISSUER}","token_endpoint":"https://t.example/token","revocation_endpoint":"http://a.example/",
        "grant_types_supported":["password"],"token_endpoint_auth_methods_supported":["none",7]}}"#
    );
    let world = World::default().serve(DOCUMENT, &document);
    let (found, _) =
        world.run(|host| issuer_metadata(ISSUER, UrlPurpose::Tokens, &DocumentCache::default(), host));
    let found = found.unwrap();
    assert_eq!(url(&found, Endpoint::Token), "https://t.example/token");
    assert_eq!(found.grant_types, Some(vec!["password".to_owned()]));
    assert_eq!(found.token_endpoint_auth_methods, None);
    let refused = |endpoint| {
        let error = CommandError::from(MetadataError::from(found.endpoint(endpoint).unwrap_err()));
        (error.to_string(), error.hint().map(str::to_owned))
    };
    let begin = format!("cannot get the endpoints of the issuer from {DOCUMENT}: discovery: ");
    assert_eq!(
        refused(Endpoint::Revocation),
        (format!("{begin}revocation_endpoint: http://a.example/ is plain http"), None)
    );
    assert_eq!(
        refused(Endpoint::KeySet),
        (
            format!("{begin}the discovery document has no jwks_uri"),
            Some("give the URL of the endpoint with --from".to_owned())
        )
    );
}

#[test]
fn a_document_is_fetched_again_on_request_every_30_seconds() {
    const NEWER: &str = r#"{"keys":[],"n":2}"#;
    let cache = DocumentCache { folder: Some("kept".into()), offline: false };
    let renewed = |world: &World, held: DocumentAge, cache: &DocumentCache| {
        let url = ServerUrl::parse(URL, UrlPurpose::Keys).unwrap();
        let read = |_: &ServerUrl, bytes: &[u8]| Ok(bytes.to_vec());
        let request =
            DocumentRequest { kind: DocumentKind::KeySet, url: &url, alternatives: &[], read: &read };
        world.run(|host| request.renewed(held, cache, host)).0
    };
    let own = DocumentAge::new;
    let world = World::default().controlled(URL, "max-age=3600");
    let first = world.at(1000).cached(false).0.unwrap();
    assert_eq!((first.age.fetched, world.asked().len()), (1000, 1));
    let world = world.serve(URL, NEWER);
    // A process that fetched it waits. One that found it in the cache does not.
    for now in [1000, 1029] {
        assert_eq!(renewed(world.at(now), own(1000), &cache), Ok(None));
    }
    // Without a cache, and offline, nothing is fetched.
    for cache in [DocumentCache::default(), DocumentCache { offline: true, ..cache.clone() }] {
        assert_eq!(renewed(world.at(1030), own(1000), &cache), Ok(None));
    }
    assert_eq!(world.asked(), [""; 0]);
    let found = renewed(world.at(1030), own(1000), &cache).unwrap().unwrap();
    assert_eq!(
        (found.content.as_slice(), found.source.as_str(), found.age.fetched),
        (NEWER.as_bytes(), URL, 1030)
    );
    assert_eq!(world.asked(), [URL]);
    // Another process with the older document takes the newer one, and the same process waits.
    let found = renewed(world.at(1031), own(1000), &cache).unwrap().unwrap();
    assert_eq!((found.source, found.age.fetched), (format!("{URL}, cached"), 1030));
    assert_eq!(renewed(world.at(1059), own(1030), &cache), Ok(None));
    assert_eq!(world.asked(), [""; 0]);
    // The older document can be of the same second.
    let older = DocumentAge { fetched: 1030, asked: None };
    assert_eq!(renewed(world.at(1031), older, &cache).unwrap().unwrap().content, NEWER.as_bytes());
    // A failure counts as an attempt, for all processes. The cached document stays.
    let world = world.say(URL, Ok(answer(500, None, "")));
    assert!(renewed(world.at(1060), own(1030), &cache).is_err());
    assert_eq!(world.asked(), [URL]);
    assert_eq!(renewed(world.at(1089), own(1030), &cache), Ok(None));
    assert_eq!(world.at(1089).cached(false).0.unwrap().content, NEWER.as_bytes());
    assert_eq!(world.asked(), [""; 0]);
    assert!(renewed(world.at(1090), own(1030), &cache).is_err());
    assert_eq!(world.asked(), [URL]);
    // So does an answer that must not be cached.
    let world = world.controlled(URL, "no-store");
    assert_eq!(renewed(world.at(1120), own(1030), &cache).unwrap().unwrap().content, SET.as_bytes());
    assert_eq!(renewed(world.at(1149), own(1030), &cache), Ok(None));
    assert_eq!(world.asked(), [URL]);
}
