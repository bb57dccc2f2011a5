//! A strict OAuth server on this machine: each refresh token works once, a reuse ends the session, and every request is
//! counted. Its faults are scripted. This file knows nothing about the program under test.

use crate::support::server::{Request, Server, send};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::sleep;
use std::time::Duration;

/// The server, and what it knows.
#[derive(Clone)]
pub(crate) struct StrictServer {
    server: Server,
    facts: Arc<Mutex<Facts>>,
}

/// The knowledge of the server, and its behaviour.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The refresh token that works. `None` after a reuse or a revocation.
    pub(crate) refresh: Option<String>,
    /// The newest access token.
    pub(crate) access: String,
    /// The number of tokens so far.
    issued: usize,
    /// The number of log-ins, also with the client's own identity.
    pub(crate) logins: usize,
    /// The number of refreshes that succeeded.
    pub(crate) refreshes: usize,
    /// The number of refresh tokens that were refused.
    pub(crate) refused: usize,
    /// The tokens that were revoked.
    pub(crate) revoked: Vec<String>,
    /// The number of requests that have arrived.
    pub(crate) requests: usize,
    /// The members of the last request.
    pub(crate) last: BTreeMap<String, String>,
    /// The request line and the headers of the last request.
    pub(crate) head: String,
    /// The status of answers to revocations.
    pub(crate) revocation_status: u16,
    /// `expires_in` of the next answers.
    pub(crate) expires_in: Option<u64>,
    /// The answers to refreshes.
    pub(crate) answers: Answers,
    /// How long each answer takes.
    pub(crate) delay: Duration,
}

/// How a server answers a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// With new tokens, each of which works once.
    Rotating,
    /// With a new access token alone. The refresh token works again.
    Keeping,
    /// With the same refresh token, spelled out again.
    Repeating,
    /// With new tokens that never arrive: the connection ends.
    Dying,
    /// With new tokens in a text that is not JSON.
    Garbage,
    /// With a new refresh token, but without the access token.
    RefreshAlone,
    /// With a failure before it looks at the token.
    Down,
}

impl StrictServer {
    pub(crate) fn new() -> Self {
        let facts = Arc::new(Mutex::new(Facts {
            refresh: None,
            access: String::new(),
            issued: 0,
            logins: 0,
            refreshes: 0,
            refused: 0,
            revoked: Vec::new(),
            requests: 0,
            last: BTreeMap::new(),
            head: String::new(),
            revocation_status: 200,
            expires_in: Some(300),
            answers: Answers::Rotating,
            delay: Duration::ZERO,
        }));
        let known = facts.clone();
        let server = Server::posts(move |request, out| answer(&known, request, out));
        Self { server, facts }
    }

    /// Returns the URL of the token endpoint.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/token", self.server.address)
    }

    /// Returns the identifier of the server as an issuer.
    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Returns the URL of the revocation endpoint.
    pub(crate) fn revocation_url(&self) -> String {
        format!("http://{}/revoke", self.server.address)
    }

    /// Returns the knowledge of the server, to read or to change.
    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap()
    }

    /// Waits until this many requests have arrived.
    pub(crate) fn comes_to(&self, requests: usize) {
        while self.facts().requests < requests {
            sleep(Duration::from_millis(5));
        }
    }

    /// Issues a refresh token to another program.
    pub(crate) fn issue(&self) -> String {
        let mut facts = self.facts();
        let token = facts.next("refresh");
        facts.refresh = Some(token.clone());
        token
    }
}

impl Facts {
    fn next(&mut self, kind: &str) -> String {
        self.issued += 1;
        format!("{kind}-{}", self.issued)
    }

    /// Returns the answer with new tokens.
    fn tokens(&mut self, has_refresh: bool) -> String {
        self.access = self.next("access");
        let mut members =
            vec![format!("\"access_token\":\"{}\"", self.access), "\"token_type\":\"Bearer\"".to_owned()];
        members.extend(self.expires_in.map(|seconds| format!("\"expires_in\":{seconds}")));
        if has_refresh {
            let token = self.next("refresh");
            members.push(format!("\"refresh_token\":\"{token}\""));
            self.refresh = Some(token);
        }
        format!("{{{}}}", members.join(","))
    }
}

fn answer(facts: &Mutex<Facts>, request: &Request, out: &mut dyn Write) -> io::Result<()> {
    if request.path.starts_with("/.well-known/") {
        return send(out, 200, "Content-Type: application/json\r\n", &metadata(&request.head));
    }
    let members: BTreeMap<String, String> =
        url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    let of = |name: &str| members.get(name).cloned().unwrap_or_default();
    let delay = {
        let mut facts = facts.lock().unwrap();
        facts.requests += 1;
        facts.last = members.clone();
        facts.head = request.head.clone();
        facts.delay
    };
    sleep(delay);
    let mut facts = facts.lock().unwrap();
    if request.path == "/revoke" {
        let token = of("token");
        if facts.refresh.as_ref() == Some(&token) && facts.revocation_status == 200 {
            facts.refresh = None;
        }
        facts.revoked.push(token);
        return send(out, facts.revocation_status, "", "");
    }
    match of("grant_type").as_str() {
        _ if facts.answers == Answers::Down => send(out, 503, "Retry-After: 5\r\n", "down"),
        "password" if of("password") != "hunter2" => refused(out),
        "password" => {
            facts.logins += 1;
            let text = facts.tokens(true);
            send(out, 200, "", &text)
        }
        "client_credentials" => {
            facts.logins += 1;
            let text = facts.tokens(false);
            send(out, 200, "", &text)
        }
        "refresh_token" if facts.refresh != Some(of("refresh_token")) => {
            // A token that was used before ends the session (RFC 9700 section 4.14.2).
            facts.refresh = None;
            facts.refused += 1;
            refused(out)
        }
        "refresh_token" => {
            facts.refreshes += 1;
            let has_refresh = !matches!(facts.answers, Answers::Keeping | Answers::Repeating);
            let text = facts.tokens(has_refresh);
            match facts.answers {
                Answers::Dying => Ok(()),
                Answers::RefreshAlone => {
                    let text = format!(
                        "{{\"tokens\":{{\"refreshToken\":\"{}\"}}}}",
                        facts.refresh.as_deref().unwrap()
                    );
                    send(out, 200, "", &text)
                }
                Answers::Garbage => send(out, 200, "", "<html>tokens</html>"),
                Answers::Repeating => {
                    let same = format!(",\"refresh_token\":\"{}\"}}", of("refresh_token"));
                    send(out, 200, "", &text.replace('}', &same))
                }
                Answers::Rotating | Answers::Keeping | Answers::Down => send(out, 200, "", &text),
            }
        }
        _ => send(out, 400, "", r#"{"error":"unsupported_grant_type"}"#),
    }
}

/// Returns the metadata of the issuer (RFC 8414) at the address that was asked.
fn metadata(head: &str) -> String {
    let host = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("host").then_some(value)
    });
    let issuer = format!("http://{}", host.unwrap());
    format!(
        "{{\"issuer\":\"{issuer}\",\"token_endpoint\":\"{issuer}/token\",\
         \"revocation_endpoint\":\"{issuer}/revoke\",\"jwks_uri\":\"{issuer}/jwks\",\
         \"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"private_key_jwt\"]}}"
    )
}

fn refused(out: &mut dyn Write) -> io::Result<()> {
    send(out, 400, "", r#"{"error":"invalid_grant"}"#)
}
