//! One URL asked, and the URLs it redirects to; and what is said when that fails. What an answer must hold is for its
//! callers.

use crate::core::text::escape::excerpt;
use crate::error::CommandError;
use crate::error::network::{status_text, step_hint, step_name};
use crate::host::Host;
use crate::host::server_url::ServerUrl;

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// What failed, at a step that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    step: &'static str,
    pub(super) detail: String,
    hint: Option<&'static str>,
}

impl Fault {
    pub(super) fn new(step: &'static str, detail: impl Into<String>) -> Self {
        Self { step, detail: detail.into(), hint: None }
    }

    pub(super) const fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    pub(super) fn at(self, address: &ServerUrl) -> CommandError {
        let Self { step, detail, hint } = self;
        let problem = CommandError::usage(format!("cannot get the keys from {address}: {step}: {detail}"));
        match hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }
}

/// A good answer.
pub(super) struct Got {
    pub(super) body: Vec<u8>,
    pub(super) cache_control: Option<String>,
}

/// Asks, and asks again where a redirect leads.
pub(super) fn fetch(start: &ServerUrl, host: &mut Host<'_>) -> Result<Got, Fault> {
    let mut visited = vec![start.clone()];
    loop {
        let Some(address) = visited.last() else { return Err(Fault::new("redirect", "it leads nowhere")) };
        let elsewhere = |detail: String| match visited.len() {
            1 => detail,
            _ => format!("after a redirect to {}: {detail}", excerpt(address.as_str())),
        };
        let answer = host.http.get(address.as_str()).map_err(|failed| {
            let (step, hint) = (step_name(failed.step), step_hint(failed.step));
            Fault { step, detail: elsewhere(failed.detail), hint }
        })?;
        let location = match (answer.status, answer.location) {
            (200..=299, _) => return Ok(Got { body: answer.body, cache_control: answer.cache_control }),
            (301 | 302 | 303 | 307 | 308, Some(location)) => location,
            (status @ (301 | 302 | 303 | 307 | 308), None) => {
                return Err(Fault::new(
                    "redirect",
                    elsewhere(format!("the status is {status}, but it leads nowhere")),
                ));
            }
            (status, _) => return Err(refusal(status, elsewhere(status_text(status)))),
        };
        let next = address.leading_to(&location).map_err(|refused| Fault {
            step: "redirect",
            detail: elsewhere(refused.why),
            hint: refused.hint,
        })?;
        let shown = excerpt(next.as_str());
        if visited.contains(&next) {
            return Err(Fault::new("redirect", format!("it goes round in a circle, back to {shown}")));
        }
        if visited.len() > MOST_REDIRECTS {
            return Err(Fault::new(
                "redirect",
                format!("there are more than {MOST_REDIRECTS}, the last to {shown}"),
            ));
        }
        visited.push(next);
    }
}

fn refusal(status: u16, detail: String) -> Fault {
    let fault = Fault::new("status", detail);
    match status {
        401 | 403 => {
            fault.with_hint("nothing is asked with credentials: download the set, and give its file to --key")
        }
        404 | 410 => {
            fault.with_hint("an issuer says where its set is: --issuer-keys takes the URL of the issuer")
        }
        _ => fault,
    }
}

#[cfg(test)]
mod tests {
    use crate::host::{RequestError, RequestStep};
    use crate::keys::remote::tests::{SET, World, answer, said};

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
    fn follows_five_redirects_and_no_more() {
        let chain = |length: usize| {
            let url = |at: usize| format!("https://a.example/{at}");
            let world =
                (0..length).fold(World::default(), |world, at| redirect(world, &url(at), &url(at + 1)));
            world.serve(&url(length), SET).get(&url(0))
        };
        assert!(chain(5).is_ok());
        assert_eq!(
            said(chain(6)),
            "cannot get the keys from https://a.example/0: redirect: there are more than 5, the last to https://a.example/6"
        );
    }

    #[test]
    fn a_circle_is_an_error() {
        let world = redirect(redirect(World::default(), URL, "/b"), "https://a.example/b", "/jwks");
        assert_eq!(
            said(world.get(URL)),
            format!("cannot get the keys from {URL}: redirect: it goes round in a circle, back to {URL}")
        );
        assert_eq!(world.asked().len(), 2);
    }

    #[test]
    fn a_redirect_to_plain_http_is_never_asked() {
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
    fn once_on_https_there_is_no_way_back() {
        let start = "http://localhost:1/";
        let world = redirect(World::default(), start, URL);
        let world = redirect(world, URL, "http://localhost:1/jwks").serve("http://localhost:1/jwks", SET);
        assert_eq!(
            said(world.get(start)),
            "cannot get the keys from http://localhost:1/: redirect: after a redirect to https://a.example/jwks: it leads from https to plain http: http://localhost:1/jwks"
        );
    }

    #[test]
    fn a_redirect_that_leads_nowhere_is_an_error() {
        let world = World::default().say(URL, Ok(answer(307, None, "")));
        assert_eq!(
            said(world.get(URL)),
            format!("cannot get the keys from {URL}: redirect: the status is 307, but it leads nowhere")
        );
    }

    #[test]
    fn any_status_but_success_is_an_error_with_its_number() {
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
    fn a_step_that_failed_is_named() {
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
