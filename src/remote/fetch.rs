//! Requests a URL and follows redirects. Callers check the content of the answer.

use super::error::{FetchFailure, Hop};
use crate::host::Host;
use crate::host::server_url::ServerUrl;

/// How many redirects are followed.
const MAXIMUM_REDIRECTS: usize = 5;

/// A successful answer.
pub(super) struct FetchedBody {
    pub(super) body: Vec<u8>,
    pub(super) cache_control: Option<String>,
}

/// Requests a URL, and follows redirects.
pub(super) fn fetch(start: &ServerUrl, host: &mut Host<'_>) -> Result<FetchedBody, FetchFailure> {
    let mut visited: Vec<ServerUrl> = Vec::new();
    let mut url = start.clone();
    loop {
        let hop = || Hop((!visited.is_empty()).then(|| url.clone()));
        let response =
            host.http.get(url.as_str()).map_err(|error| FetchFailure::Unreachable { hop: hop(), error })?;
        let location = match (response.status, response.location) {
            (200..=299, _) => {
                return Ok(FetchedBody { body: response.body, cache_control: response.cache_control });
            }
            (301 | 302 | 303 | 307 | 308, Some(location)) => location,
            (status @ (301 | 302 | 303 | 307 | 308), None) => {
                return Err(FetchFailure::NoLocation { hop: hop(), status });
            }
            (status, _) => return Err(FetchFailure::Status { hop: hop(), status }),
        };
        let next =
            url.redirected_to(&location).map_err(|error| FetchFailure::Redirect { hop: hop(), error })?;
        visited.push(url);
        if visited.contains(&next) {
            return Err(FetchFailure::RedirectLoop { to: next });
        }
        if visited.len() > MAXIMUM_REDIRECTS {
            return Err(FetchFailure::TooManyRedirects { maximum: MAXIMUM_REDIRECTS, last: next });
        }
        url = next;
    }
}

#[cfg(test)]
mod tests {
    use crate::host::{RequestError, RequestStep};
    use crate::remote::tests::{SET, World, answer, said};

    const URL: &str = "https://a.example/jwks";

    fn redirect(world: World, from: &str, to: &str) -> World {
        world.say(from, Ok(answer(302, Some(to), "moved")))
    }

    #[test]
    fn follows_redirects_absolute_and_relative() {
        let world = redirect(World::default(), URL, "/b").serve("https://c.example/d", SET);
        let world = redirect(world, "https://a.example/b", "https://c.example/d#x");
        assert_eq!(world.get(URL).unwrap().source, URL);
        assert_eq!(world.asked(), [URL, "https://a.example/b", "https://c.example/d"]);
    }

    #[test]
    fn follows_at_most_five_redirects() {
        let chain = |length: usize| {
            let url = |at: usize| format!("https://a.example/{at}");
            let world =
                (0..length).fold(World::default(), |world, at| redirect(world, &url(at), &url(at + 1)));
            world.serve(&url(length), SET).get(&url(0))
        };
        assert!(chain(5).is_ok());
        assert_eq!(
            said(chain(6)),
            "cannot get the keys from https://a.example/0: redirect: more than 5 redirects, the last to https://a.example/6"
        );
    }

    #[test]
    fn a_redirect_loop_is_an_error() {
        let world = redirect(redirect(World::default(), URL, "/b"), "https://a.example/b", "/jwks");
        assert_eq!(
            said(world.get(URL)),
            format!("cannot get the keys from {URL}: redirect: loop, back to {URL}")
        );
        assert_eq!(world.asked().len(), 2);
    }

    #[test]
    fn never_follows_a_redirect_to_a_forbidden_url() {
        for to in [
            "http://127.0.0.1/",
            "http://a.example/jwks",
            "file:///etc/passwd",
            "https://x:hunter2@b/",
            "https://",
        ] {
            let world = redirect(World::default(), URL, to);
            let said = said(world.get(URL));
            assert!(
                said.starts_with("cannot get the keys from https://a.example/jwks: redirect: "),
                "{said}"
            );
            assert!(!said.contains("hunter2"));
            assert_eq!(world.asked(), [URL]);
        }
    }

    #[test]
    fn a_redirect_from_https_back_to_http_is_an_error() {
        let start = "http://localhost:1/";
        let world = redirect(World::default(), start, URL);
        let world = redirect(world, URL, "http://localhost:1/jwks").serve("http://localhost:1/jwks", SET);
        assert_eq!(
            said(world.get(start)),
            "cannot get the keys from http://localhost:1/: redirect: after a redirect to https://a.example/jwks: it leads from https to http: http://localhost:1/jwks"
        );
    }

    #[test]
    fn a_redirect_without_location_is_an_error() {
        let world = World::default().say(URL, Ok(answer(307, None, "")));
        assert_eq!(
            said(world.get(URL)),
            format!("cannot get the keys from {URL}: redirect: the response has status 307 but no Location")
        );
    }

    #[test]
    fn an_error_status_is_named_with_its_reason_phrase() {
        for (status, expected) in [
            (404, "404 Not Found"),
            (500, "500 Internal Server Error"),
            (401, "401 Unauthorized"),
            (304, "304 Not Modified"),
            (300, "300 Multiple Choices"),
            (418, "418 I'm a teapot"),
            (999, "999"),
        ] {
            let world = World::default().say(URL, Ok(answer(status, Some("/b"), SET)));
            assert_eq!(said(world.get(URL)), format!("cannot get the keys from {URL}: status: {expected}"));
        }
    }

    #[test]
    fn names_the_failed_step() {
        for (step, word) in [
            (RequestStep::Name, "name"),
            (RequestStep::Connect, "connect"),
            (RequestStep::Tls, "TLS"),
            (RequestStep::Trust, "TLS"),
            (RequestStep::Time, "time"),
            (RequestStep::Size, "size"),
            (RequestStep::Http, "HTTP"),
        ] {
            let failed = RequestError { step, detail: "so it is".to_owned() };
            let world = World::default().say(URL, Err(failed.clone())).say("https://b/", Err(failed));
            assert_eq!(said(world.get(URL)), format!("cannot get the keys from {URL}: {word}: so it is"));
            let world = redirect(world, URL, "https://b/");
            let detail = "after a redirect to https://b/: so it is";
            assert_eq!(said(world.get(URL)), format!("cannot get the keys from {URL}: {word}: {detail}"));
        }
    }
}
