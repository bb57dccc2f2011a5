//! Keys from a URL that the user typed: fetched, or taken from where they were kept. It looks at what came just
//! enough to know a set from an error page; which keys are in it is for whoever reads it. No URL in a token gets here.

mod cache;
mod fetch;

use self::fetch::{Fault, fetch};
use crate::core::json::{self, Value};
use crate::core::text::escape::excerpt;
use crate::error::CommandError;
use crate::host::server_url::{Refused, ServerUrl, UrlPurpose};
use crate::host::{Host, Level};
use std::path::PathBuf;

/// Where fetched sets are kept, and whether only there is looked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    /// The folder; nothing is kept without one.
    pub(crate) folder: Option<PathBuf>,
    /// Whether the network is left alone.
    pub(crate) offline: bool,
}

/// A JWK Set, or a single JWK, as it was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fetched {
    pub(crate) bytes: Vec<u8>,
    /// Where it came from. It may repeat hostile text, but no credentials.
    pub(crate) source: String,
}

/// Whether a text is a URL and no path. Those that cannot be fetched are URLs too: they are refused, and not opened.
pub(crate) fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

/// The set that a URL leads to.
///
/// # Errors
/// If it cannot be had, and at which step that failed.
pub(crate) fn key_set(url: &str, cache: &Cache, host: &mut Host<'_>) -> Result<Fetched, CommandError> {
    obtain(&ServerUrl::of(url, UrlPurpose::Keys)?, &is_set, cache, host)
}

/// The set of an issuer (OpenID Connect Discovery 1.0 section 4).
///
/// # Errors
/// If the issuer's document or its set cannot be had, and at which step that failed.
pub(crate) fn issuer_key_set(
    issuer: &str,
    cache: &Cache,
    host: &mut Host<'_>,
) -> Result<Fetched, CommandError> {
    let base = ServerUrl::of(issuer, UrlPurpose::Keys)?;
    if issuer.contains(['?', '#']) {
        let what =
            "an issuer's URL has neither a query nor a fragment (OpenID Connect Discovery 1.0 section 2)";
        return Err(CommandError::usage(what).with_hint("the URL of a set itself is given with --key"));
    }
    let well_known = format!("{}/.well-known/openid-configuration", without_slash(base.as_str()));
    let document = ServerUrl::of(&well_known, UrlPurpose::Keys)?;
    let fetched = obtain(&document, &|bytes| described(bytes, issuer).map(|_| ()), cache, host)?;
    let set = described(&fetched.bytes, issuer)
        .and_then(|set| {
            let refused = |refused: Refused| discovery(format!("jwks_uri: {}", refused.why));
            base.absolutely(&set).map_err(refused)
        })
        .map_err(|fault| fault.at(&document))?;
    obtain(&set, &is_set, cache, host)
}

/// One trailing slash is taken off before the well-known path is put on (OpenID Connect Discovery 1.0 section 4.1).
fn without_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

type Check<'c> = dyn Fn(&[u8]) -> Result<(), Fault> + 'c;

/// What a URL leads to, if it passes the check: from the cache while it is fresh, else from the network. Nothing that
/// fails the check is kept.
fn obtain(
    address: &ServerUrl,
    check: &Check<'_>,
    cache: &Cache,
    host: &mut Host<'_>,
) -> Result<Fetched, CommandError> {
    let mut stale = false;
    if let Some(folder) = &cache.folder
        && let Some(entry) = cache::read(folder, address, host)
    {
        let is_fresh = entry.is_fresh(cache::now(host));
        match check(&entry.body) {
            Err(fault) => {
                cache::ignored(&cache::path(folder, address), &fault.detail, host);
            }
            Ok(()) if is_fresh || cache.offline => {
                if !is_fresh {
                    let what = format!("what was kept from {address} is out of date, and may lack new keys");
                    host.message(Level::Warning, &what);
                }
                return Ok(Fetched { bytes: entry.body, source: format!("{address}, cached") });
            }
            Ok(()) => stale = true,
        }
    }
    if cache.offline {
        let what = format!(
            "cannot get the keys from {address}: nothing was kept, and the network is not to be used"
        );
        let hint = if cache.folder.is_some() {
            "run it once without --offline, with the same --cache"
        } else {
            "--cache names the folder where fetched sets are kept"
        };
        return Err(CommandError::usage(what).with_hint(hint));
    }
    let got = fetch(address, host).and_then(|got| check(&got.body).map(|()| got));
    let got = got.map_err(|fault| {
        let fault =
            if stale { fault.with_hint("--offline takes the set that was kept earlier") } else { fault };
        fault.at(address)
    })?;
    if let Some(folder) = &cache.folder {
        cache::keep(folder, address, &got.body, got.cache_control.as_deref(), host);
    }
    Ok(Fetched { bytes: got.body, source: address.to_string() })
}

fn object(bytes: &[u8]) -> Result<Value<'_>, Fault> {
    match json::parse(bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(value) => Err(Fault::new("JSON", format!("the answer is {}, not an object", value.type_name()))),
        Err(fault) => Err(Fault::new("JSON", format!("the answer is {fault}"))
            .with_hint("the URL has to lead to the set itself, not to a page about it")),
    }
}

/// Whether it is a JWK Set (RFC 7517 section 5) or a JWK (section 4).
fn is_set(bytes: &[u8]) -> Result<(), Fault> {
    let value = object(bytes)?;
    match (value.get("keys"), value.get("kty")) {
        (Some(Value::Array(_)), _) | (None, Some(Value::String(_))) => Ok(()),
        (Some(other), _) => Err(Fault::new(
            "no key",
            format!("keys is {}, not an array (RFC 7517 section 5)", other.type_name()),
        )),
        (None, _) if value.get("jwks_uri").is_some() => {
            Err(Fault::new("no key", "this is the discovery document of an issuer, not a set")
                .with_hint("--issuer-keys takes the URL of the issuer and finds the set"))
        }
        (None, _) => Err(Fault::new("no key", "the answer is neither a JWK Set nor a JWK (RFC 7517)")),
    }
}

fn discovery(detail: impl Into<String>) -> Fault {
    Fault::new("discovery", detail)
}

/// The URL of the set, from a document that speaks for the issuer who was asked for (OpenID Connect Discovery 1.0
/// section 4.3). People drop a trailing slash or add one, so that may differ.
fn described(bytes: &[u8], asked: &str) -> Result<String, Fault> {
    let value = object(bytes)?;
    if let Some(name) = value.first_duplicate() {
        return Err(discovery(format!("the document has {} twice", excerpt(&name))));
    }
    let text = |name| match value.get(name) {
        Some(Value::String(text)) => Ok(text.as_ref().to_owned()),
        Some(other) => Err(discovery(format!("{name} is {}, not a string", other.type_name()))),
        None => Err(discovery(format!("the document has no {name}"))),
    };
    let issuer = text("issuer")?;
    if without_slash(&issuer) != without_slash(asked) {
        return Err(discovery(format!(
            "the document is that of the issuer {}, not of {asked}",
            excerpt(&issuer)
        ))
        .with_hint("give the issuer as its tokens name it in iss"));
    }
    text("jwks_uri")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::numeric_date::NumericDate;
    use crate::host::fake::{FakeFiles, FakeServers, RequestLog};
    use crate::host::{RequestError, Response};
    use std::cell::{Cell, RefCell};
    use std::io;

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
            let mut host =
                Host::fake(NumericDate::from_seconds(self.now.get()), b"", &mut stdout, &mut stderr);
            self.servers.connect(&self.requests, &mut host);
            FakeFiles::make_writable(&self.files, &mut host);
            let result = call(&mut host);
            drop(host);
            (result, String::from_utf8(stderr).unwrap())
        }

        pub(super) fn get(&self, url: &str) -> Result<Fetched, CommandError> {
            self.run(|host| key_set(url, &Cache::default(), host)).0
        }

        fn cached(&self, offline: bool) -> (Result<Fetched, CommandError>, String) {
            self.run(|host| key_set(URL, &Cache { folder: Some("kept".into()), offline }, host))
        }

        fn issuer(&self, issuer: &str) -> Result<Fetched, CommandError> {
            self.run(|host| issuer_key_set(issuer, &Cache::default(), host)).0
        }

        pub(super) fn asked(&self) -> Vec<String> {
            self.requests.take().requested
        }

        fn at(&self, now: i64) -> &Self {
            self.now.set(now);
            self
        }
    }

    pub(super) fn said<T: std::fmt::Debug>(result: Result<T, CommandError>) -> String {
        let problem = result.unwrap_err();
        assert_eq!(problem.status(), crate::ExitStatus::Unjudged);
        problem.to_string()
    }

    fn set(bytes: &str) -> String {
        said(World::default().serve(URL, bytes).get(URL))
    }

    #[test]
    fn a_url_is_no_path() {
        for text in ["https://a", "HTTP://a", "ftp://a", "file:///k", "redis+tls://a", "x://"] {
            assert!(is_url(text), "{text}");
        }
        for text in ["", "-", "k.pem", "./https://a", "://a", "1a://b", "C:\\k", "https:/a", "a b://c"] {
            assert!(!is_url(text), "{text}");
        }
    }

    #[test]
    fn gives_the_bytes_as_they_were_served() {
        let world = World::default().serve(URL, " {\"keys\":[{\"kty\":\"x\"}]}\n");
        let fetched = world.get("https://A.example/jwks#fragment").unwrap();
        assert_eq!(fetched.bytes, b" {\"keys\":[{\"kty\":\"x\"}]}\n");
        assert_eq!((fetched.source.as_str(), world.asked()), (URL, vec![URL.to_owned()]));
        assert!(World::default().serve(URL, r#"{"kty":"oct","k":"AA"}"#).get(URL).is_ok());
    }

    #[test]
    fn what_is_no_set_is_refused() {
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
                "no key: this is the discovery document of an issuer, not a set",
            ),
        ] {
            assert_eq!(set(body), format!("{begin}{expected}"));
        }
    }

    #[test]
    fn refuses_without_asking() {
        let world = World::default();
        assert!(world.get("http://a.example/jwks").is_err() && world.get("https://me@a.example/").is_err());
        assert!(world.issuer("http://a.example").is_err());
        assert_eq!(world.asked(), [""; 0]);
    }

    #[test]
    fn a_fresh_entry_spares_the_network_until_the_second_it_expires() {
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
    fn an_entry_says_what_it_is() {
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
    fn no_store_is_not_kept_and_no_cache_is_kept_for_offline_alone() {
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
    fn offline_takes_an_entry_of_any_age_and_says_so() {
        let world = World::default().serve(URL, SET);
        world.at(1000).cached(false).0.unwrap();
        assert_eq!(world.at(1001).cached(true).1, "");
        let (fetched, talk) = world.at(9_000_000).cached(true);
        assert_eq!(fetched.unwrap().source, format!("{URL}, cached"));
        assert_eq!(
            talk,
            format!("warning: what was kept from {URL} is out of date, and may lack new keys\n")
        );
        assert_eq!(world.asked().len(), 1);
    }

    #[test]
    fn offline_never_asks() {
        let world = World::default().serve(URL, SET);
        let problem = world.cached(true).0.unwrap_err();
        let what = "nothing was kept, and the network is not to be used";
        assert_eq!(problem.to_string(), format!("cannot get the keys from {URL}: {what}"));
        assert_eq!(problem.hint().unwrap(), "run it once without --offline, with the same --cache");
        let without =
            world.run(|host| key_set(URL, &Cache { folder: None, offline: true }, host)).0.unwrap_err();
        assert_eq!(without.hint().unwrap(), "--cache names the folder where fetched sets are kept");
        assert_eq!(world.asked(), [""; 0]);
    }

    #[test]
    fn a_server_that_fails_is_not_covered_up_by_what_is_out_of_date() {
        let world = World::default().serve(URL, SET);
        world.at(1000).cached(false).0.unwrap();
        let world = world.say(URL, Ok(answer(503, None, "")));
        let problem = world.at(2000).cached(false).0.unwrap_err();
        assert_eq!(problem.hint().unwrap(), "--offline takes the set that was kept earlier");
    }

    #[test]
    fn nothing_that_is_no_set_is_kept() {
        let world = World::default().serve(URL, "{}");
        assert!(world.cached(false).0.is_err() && world.files.borrow().files.is_empty());
    }

    #[test]
    fn a_damaged_or_foreign_entry_is_ignored_with_a_warning() {
        let good = |url: &str, body: &str| {
            format!(r#"{{"url":"{url}","fetched":0,"expires":9999999999,"body":"{body}"}}"#)
        };
        for (entry, why) in [
            (String::new(), "it is not one that was kept for this URL"),
            ("{}".to_owned(), "it is not one that was kept for this URL"),
            (good("https://b.example/", r#"{\"keys\":[]}"#), "it is not one that was kept for this URL"),
            (good(URL, "{}"), "the answer is neither a JWK Set nor a JWK (RFC 7517)"),
            ("x".repeat(9 << 20), "it is too large"),
        ] {
            let world = World::default().serve(URL, SET);
            let path = cache::path("kept".as_ref(), &ServerUrl::of(URL, UrlPurpose::Keys).unwrap());
            world.files.borrow_mut().add(path.clone(), entry);
            let (fetched, talk) = world.cached(false);
            assert_eq!(fetched.unwrap().source, URL);
            assert_eq!(talk, format!("warning: ignoring {} in the cache: {why}\n", path.display()));
            assert_eq!(world.cached(false).1, "");
        }
    }

    #[test]
    fn an_entry_that_others_may_read_is_not_ours() {
        let world = World::default().serve(URL, SET);
        world.cached(false).0.unwrap();
        world.files.borrow_mut().is_shared = true;
        let (fetched, talk) = world.cached(false);
        assert_eq!(fetched.unwrap().source, URL);
        assert!(talk.contains("so it was not written by fob"), "{talk}");
    }

    #[test]
    fn an_entry_from_the_future_is_not_fresh() {
        let world = World::default().serve(URL, SET);
        world.at(1000).cached(false).0.unwrap();
        world.at(999).cached(false).0.unwrap();
        assert_eq!(world.asked().len(), 2);
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_a_warning() {
        let world = World::default().serve(URL, SET);
        world.files.borrow_mut().write_error = Some(io::ErrorKind::StorageFull);
        let (fetched, talk) = world.cached(false);
        assert!(fetched.is_ok());
        assert_eq!(talk, format!("warning: cannot keep what came from {URL} in kept: no storage space\n"));
    }

    const ISSUER: &str = "https://i.example/tenant";
    const DOCUMENT: &str = "https://i.example/tenant/.well-known/openid-configuration";

    fn of_issuer(issuer: &str, set: &str) -> String {
        format!(r#"{{"issuer":"{issuer}","jwks_uri":"{set}"}}"#)
    }

    #[test]
    fn finds_the_set_of_an_issuer_with_and_without_a_trailing_slash() {
        for (asked, named) in [
            (ISSUER, "https://i.example/tenant"),
            (ISSUER, "https://i.example/tenant/"),
            ("https://i.example/tenant/", "https://i.example/tenant"),
        ] {
            let world = World::default().serve(DOCUMENT, &of_issuer(named, URL)).serve(URL, SET);
            assert_eq!(world.issuer(asked).unwrap().source, URL);
            assert_eq!(world.asked(), [DOCUMENT, URL]);
        }
    }

    #[test]
    fn a_document_that_speaks_for_another_is_refused() {
        let begin = format!("cannot get the keys from {DOCUMENT}: ");
        for (document, expected) in [
            (
                of_issuer("https://evil.example", URL),
                "discovery: the document is that of the issuer https://evil.example, not of https://i.example/tenant",
            ),
            (
                of_issuer("https://i.example/tenant//", URL),
                "discovery: the document is that of the issuer https://i.example/tenant//, not of https://i.example/tenant",
            ),
            (format!(r#"{{"jwks_uri":"{URL}"}}"#), "discovery: the document has no issuer"),
            (format!(r#"{{"issuer":7,"jwks_uri":"{URL}"}}"#), "discovery: issuer is a number, not a string"),
            (format!(r#"{{"issuer":"{ISSUER}"}}"#), "discovery: the document has no jwks_uri"),
            (
                format!(r#"{{"issuer":"{ISSUER}","jwks_uri":[]}}"#),
                "discovery: jwks_uri is an array, not a string",
            ),
            (
                format!(r#"{{"issuer":"https://e","issuer":"{ISSUER}","jwks_uri":"{URL}"}}"#),
                "discovery: the document has /issuer twice",
            ),
            (
                of_issuer(ISSUER, "/jwks"),
                "discovery: jwks_uri: it cannot be read (relative URL without a base)",
            ),
            (
                of_issuer(ISSUER, "http://127.0.0.1/jwks"),
                "discovery: jwks_uri: it leads from https to plain http: http://127.0.0.1/jwks",
            ),
            (of_issuer(ISSUER, "file:///etc/jwks"), "discovery: jwks_uri: its scheme is file, not https"),
            (of_issuer(ISSUER, "https://x:hunter2@b/"), "discovery: jwks_uri: it holds credentials"),
            ("[]".to_owned(), "JSON: the answer is an array, not an object"),
        ] {
            let world = World::default().serve(DOCUMENT, &document).serve(URL, SET);
            assert_eq!(said(world.issuer(ISSUER)), format!("{begin}{expected}"));
            assert_eq!(world.asked(), [DOCUMENT]);
        }
    }

    #[test]
    fn an_issuer_has_neither_query_nor_fragment() {
        let world = World::default();
        assert!(said(world.issuer("https://i.example/?a=b")).starts_with("an issuer's URL has neither"));
        assert!(said(world.issuer("https://i.example/#a")).starts_with("an issuer's URL has neither"));
        assert_eq!(world.asked(), [""; 0]);
    }

    #[test]
    fn an_issuer_works_offline_once_both_answers_are_kept() {
        let world = World::default().serve(DOCUMENT, &of_issuer(ISSUER, URL)).serve(URL, SET);
        let get = |offline| {
            let cache = Cache { folder: Some("kept".into()), offline };
            world.run(|host| issuer_key_set(ISSUER, &cache, host)).0
        };
        assert!(get(true).is_err());
        assert_eq!(get(false).unwrap().source, URL);
        assert_eq!(world.asked().len(), 2);
        assert_eq!(get(true).unwrap().source, format!("{URL}, cached"));
        assert_eq!(world.asked().len(), 0);
    }
}
