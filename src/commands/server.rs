//! A client of the servers that give tokens: it posts what a front end would post, and prints the tokens that come back.
//! It verifies nothing and mints nothing. What is sent and what an answer means is for the core to say.

use crate::cli::input::TokenArgs;
use crate::cli::server::{LoginArgs, ServerArgs};
use crate::commands::settings::token_request;
use crate::core::mint::pair::{GivenTwice, PairFormat, TokenPair};
use crate::core::mint::profile::Profile;
use crate::core::oauth::refusal::{Meaning, Misfit, meaning, misfit, said};
use crate::core::oauth::request::{Body, Grant, is_sendable};
use crate::core::oauth::response::{Unusable, expiry};
use crate::core::redact::echo::mask_secrets;
use crate::core::text::escape::{Shown, beginning, excerpt};
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::error::network::{status_text, step_hint, step_name};
use crate::error::url::url_hint;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{Host, Level, RequestStep, Response};
use crate::input::token::receive;
use crate::keys::PasswordSource;
use crate::keys::password::{PasswordRequest, password};
use crate::output;
use crate::scan::pick::Preference;

/// Logs in, and prints the tokens.
pub(crate) fn log_in(
    args: &LoginArgs,
    profile: Profile,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let address = address(&args.server)?;
    let Some(user) = &args.user else {
        return Err(CommandError::usage("no user was given").with_hint("say who logs in with --user"));
    };
    let fields = fields(&args.server)?;
    let source = match (&args.password_env, &args.password_file) {
        (Some(name), _) => PasswordSource::Variable(name.clone()),
        (None, Some(path)) => PasswordSource::File(path.clone()),
        (None, None) => PasswordSource::Prompt,
    };
    let question = format!("Password of {} at {}", Shown(user), Shown(&address.server()));
    let request =
        PasswordRequest { source: &source, option: "--password", what: "password", question: &question };
    let password = password(request, host)?;
    let password = match std::str::from_utf8(password.expose()) {
        Ok("") => return Err(CommandError::usage("the password is empty")),
        Ok(text) => text,
        Err(_) => return Err(CommandError::usage("the password is not text: it is not UTF-8")),
    };
    let grant = Grant::Password { user_field: &args.user_field, user, password };
    let body = profile.body(grant, &fields).map_err(given_twice)?;
    let exchange =
        Exchange { address, profile, what: What::LogIn, secrets: confidential(password, &fields), fields };
    let tokens = exchange.tokens(&body, host)?;
    print(&tokens, format, &exchange.what, host)
}

/// Sends a refresh token, and prints what is given for it.
pub(crate) fn refresh(
    server: &ServerArgs,
    token: &TokenArgs,
    profile: Option<Profile>,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let address = address(server)?;
    let fields = fields(server)?;
    let received = receive(token_request(token, Preference::AnyRefresh), host)?;
    let problem = |what: &str| match received.hint() {
        Some(hint) => CommandError::no_token(what).with_hint(hint),
        None => CommandError::no_token(what),
    };
    if received.token.len() > token.limit.max_size {
        return Err(CommandError::no_token("the token is larger than --max-size allows"));
    }
    let text = std::str::from_utf8(&received.token).ok().filter(|text| is_sendable(text));
    let text = text.ok_or_else(|| problem("this is no token: it has characters that none has"))?;
    let look = Look::at(text);
    let guessed = profile.is_none();
    let profile = profile.unwrap_or(look.profile);
    let grant = Grant::Refresh { token: text, sliding: look.sliding };
    let body = profile.body(grant, &fields).map_err(given_twice)?;
    let is_over = expiry(text).is_some_and(|exp| exp <= host.now());
    let what = What::Refresh { is_over, guessed };
    let exchange = Exchange { address, profile, what, secrets: confidential(text, &fields), fields };
    let tokens = exchange.tokens(&body, host)?;
    print(&tokens, format, &exchange.what, host)
}

/// What a refresh token looks like from outside; nobody has vouched for it.
struct Look {
    profile: Profile,
    sliding: bool,
}

impl Look {
    fn at(text: &str) -> Self {
        let compact = Compact::parse(text.as_bytes(), text.len()).ok();
        let token = compact.as_ref().map(Token::parse);
        // What is opaque or encrypted is for its issuer alone, as OAuth wants it of every token.
        match token.as_ref().and_then(|token| Some((token, token.unverified_claims()?))) {
            None => Self { profile: Profile::Oauth, sliding: false },
            Some((token, claims)) => {
                let kind = claims.get("token_type").and_then(|kind| kind.as_str());
                Self { profile: Profile::detect(token), sliding: kind == Some("sliding") }
            }
        }
    }
}

fn address(server: &ServerArgs) -> Result<ServerUrl, CommandError> {
    Ok(ServerUrl::parse(server.from.as_deref().unwrap_or_default(), UrlPurpose::Tokens)?)
}

fn fields(server: &ServerArgs) -> Result<Vec<(&str, &str)>, CommandError> {
    let fields: Option<Vec<_>> = server.field.iter().map(|field| field.parts()).collect();
    // What was given is not repeated: it may be a secret without its name.
    fields.ok_or_else(|| {
        CommandError::usage("--field takes a name and a text").with_hint("write --field NAME=TEXT")
    })
}

fn given_twice(GivenTwice(name): GivenTwice) -> CommandError {
    CommandError::usage(format!("the member `{name}` would be sent twice"))
        .with_hint("--field adds to what --profile sends by itself")
}

/// What must not be repeated, whoever repeats it: the password or the token, and what goes with it, which may be a
/// client's secret. No secret is shorter than a word, and a mask for `1` would leave little to read.
fn confidential<'a>(first: &'a str, fields: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    const PUBLIC: [&str; 2] = ["client_id", "scope"];
    const SHORTEST: usize = 4;
    let is_secret = |name: &str, value: &str| !PUBLIC.contains(&name) && value.len() >= SHORTEST;
    let fields = fields.iter().filter(|(name, value)| is_secret(name, value)).map(|(_, value)| *value);
    std::iter::once(first).chain(fields).collect()
}

/// What is wanted of a server.
#[derive(Clone, Copy)]
enum What {
    LogIn,
    Refresh {
        /// Whether the refresh token says that its time is over.
        is_over: bool,
        /// Whether the profile is only what the token looks like.
        guessed: bool,
    },
}

impl What {
    const fn is_refresh(&self) -> bool {
        matches!(self, Self::Refresh { .. })
    }
}

/// One request to one server.
struct Exchange<'a> {
    address: ServerUrl,
    profile: Profile,
    what: What,
    secrets: Vec<&'a str>,
    fields: Vec<(&'a str, &'a str)>,
}

/// What is repeated of an answer, in characters, at the most.
const LONGEST: usize = 400;

const USED_UP: &str = "the server may have used up the refresh token: if it is refused now, log in again";

const CLIENT: &str = "--field client_id=…, and --field client_secret=… if it has one";

impl Exchange<'_> {
    fn tokens(&self, body: &Body, host: &mut Host<'_>) -> Result<TokenPair, CommandError> {
        let asked = host.http.post(self.address.as_str(), body.content_type, &body.content);
        let answer = asked.map_err(|failed| {
            let (step, hint) = (step_name(failed.step), step_hint(failed.step));
            let may_have_come =
                matches!(failed.step, RequestStep::Time | RequestStep::Size | RequestStep::Http);
            let hint = hint.or_else(|| (may_have_come && self.what.is_refresh()).then_some(USED_UP));
            hinted(self.problem(step, &failed.detail), hint)
        })?;
        match answer.status {
            200..=299 => {
                self.profile.tokens(&answer.body, host.now()).map_err(|unusable| self.unusable(&unusable))
            }
            301 | 302 | 303 | 307 | 308 => Err(self.redirected(&answer)),
            _ => Err(self.refused(&answer)),
        }
    }

    fn problem(&self, step: &str, detail: &str) -> CommandError {
        let doing = if self.what.is_refresh() { "refresh" } else { "log in" };
        // Masked before it is cut: half of a secret would be left.
        let detail = beginning(&mask_secrets(detail, &self.secrets), LONGEST);
        CommandError::usage(format!("cannot {doing} at {}: {step}: {detail}", self.address))
    }

    fn unusable(&self, unusable: &Unusable) -> CommandError {
        let step = match unusable {
            Unusable::Json(_) | Unusable::NotAnObject(_) | Unusable::Duplicate(_) => "JSON",
            _ => "no token",
        };
        let other = match unusable {
            Unusable::NoToken { looks_like: Some(other), .. } => {
                Some(format!("this is the answer of another kind of server: --profile {other}"))
            }
            _ => None,
        };
        let used_up = self.what.is_refresh().then(|| USED_UP.to_owned());
        let hints: Vec<String> = other.into_iter().chain(used_up).collect();
        hinted(self.problem(step, &unusable.to_string()), (!hints.is_empty()).then(|| hints.join("; ")))
    }

    /// What holds a password or a token is not sent on: who knows where that leads.
    fn redirected(&self, answer: &Response) -> CommandError {
        let status = status_text(answer.status);
        let Some(location) = &answer.location else {
            return self.problem("redirect", &format!("the status is {status}, but it leads nowhere"));
        };
        // Masked before it is read, which may spell it anew. What is in the query and the fragment of where it leads is
        // between that server and the next: it may be a ticket, or what was sent.
        let location = mask_secrets(location, &self.secrets);
        let bare = location.split(['?', '#']).next().unwrap_or_default();
        match (self.address.redirected_to(bare), self.address.redirected_to(&location)) {
            (Err(refused), _) | (_, Err(refused)) => hinted(
                self.problem("redirect", &format!("{status}: {}", refused)),
                url_hint(&refused, UrlPurpose::Tokens),
            ),
            (Ok(shown), Ok(next)) => {
                let there = excerpt(&mask_secrets(shown.as_str(), &self.secrets));
                let problem = self
                    .problem("redirect", &format!("{status} leads to {there}, and a POST is not sent on"));
                if next.is_with_slash(&self.address) {
                    problem.with_hint("the URL needs a slash at its end")
                } else {
                    problem.with_hint("give that URL to --from if it is the right one")
                }
            }
        }
    }

    fn refused(&self, answer: &Response) -> CommandError {
        let what = said(&answer.body, &self.secrets);
        let what = if what.is_empty() { String::new() } else { format!(": {what}") };
        let problem = self.problem("status", &format!("{}{what}", status_text(answer.status)));
        let is_over = match self.what {
            What::LogIn => None,
            What::Refresh { is_over, .. } => Some(is_over),
        };
        match meaning(answer.status, &answer.body, is_over) {
            Meaning::Expired => {
                problem.of_kind(ErrorKind::TimeOnly).with_hint("the refresh token has expired: log in again")
            }
            Meaning::Refused if misfit(&answer.body).is_some() => {
                hinted(problem.of_kind(ErrorKind::Rejected), self.remedy(answer))
            }
            Meaning::Refused if self.what.is_refresh() => problem
                .of_kind(ErrorKind::Rejected)
                .with_hint("a refresh token that was used up or revoked stays refused: log in again"),
            Meaning::Refused => problem.of_kind(ErrorKind::Rejected),
            Meaning::Unjudged => hinted(problem, self.remedy(answer)),
        }
    }

    /// What to look at when nobody has judged what was sent.
    fn remedy(&self, answer: &Response) -> Option<String> {
        // What Django says of it in its debug mode, with status 500.
        if String::from_utf8_lossy(&answer.body).contains("end in a slash") {
            return Some("the URL needs a slash at its end".to_owned());
        }
        match misfit(&answer.body).filter(|_| matches!(answer.status, 400 | 401 | 403)) {
            Some(Misfit::Client) if self.names_client() => {
                return Some(
                    "it is the client that was refused: is what --field says of it right?".to_owned(),
                );
            }
            Some(Misfit::Client) => {
                return Some(format!("it is the client that was refused: {CLIENT}, say which it is"));
            }
            Some(Misfit::Request) if self.profile == Profile::Oauth && !self.names_client() => {
                return Some(format!("{}; a client is named with {CLIENT}", self.sent()));
            }
            Some(Misfit::Request) => return Some(self.sent()),
            None => {}
        }
        match answer.status {
            400 | 415 | 422 => Some(self.sent()),
            404 | 405 | 410 => {
                let usual = if self.what.is_refresh() { "/api/token/refresh/" } else { "/api/token/" };
                Some(format!(
                    "--from takes the whole URL of the view that gives tokens, such as https://…{usual}"
                ))
            }
            429 => Some("wait, and try again".to_owned()),
            _ => None,
        }
    }

    /// Whether the server was told which client asks.
    fn names_client(&self) -> bool {
        self.fields.iter().any(|(name, _)| *name == "client_id")
    }

    /// The names of what was sent, and how to send something else.
    fn sent(&self) -> String {
        let added: String = self.fields.iter().map(|(name, _)| format!(", {name}")).collect();
        let (what, options) = match self.what {
            What::LogIn => ("a log-in", "--profile, --user-field and --field change that"),
            What::Refresh { guessed: true, .. } => {
                ("a refresh", "the token looks like that, and --profile says otherwise")
            }
            What::Refresh { guessed: false, .. } => ("a refresh", "--profile and --field change that"),
        };
        let added = if added.is_empty() { added } else { format!(" with{}", added.trim_start_matches(',')) };
        format!("what was sent is {what} as {} takes it{added}: {options}", self.profile)
    }
}

fn hinted(problem: CommandError, hint: Option<impl Into<String>>) -> CommandError {
    match hint {
        Some(hint) => problem.with_hint(hint),
        None => problem,
    }
}

/// Prints the tokens. If nobody gets them, they are out in the world all the same.
fn print(
    tokens: &TokenPair,
    format: PairFormat,
    what: &What,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let if_closed = if what.is_refresh() { ExitStatus::Unjudged } else { ExitStatus::Done };
    let text = tokens.to_text(format);
    let Err(unwritten) = output::write(host, text.as_bytes(), if_closed) else { return Ok(ExitStatus::Done) };
    let status = CommandError::from(unwritten).report(host);
    let lost = if what.is_refresh() {
        "the server has issued these tokens, and may have used up the refresh token: log in again"
    } else {
        "the server has issued these tokens, and they are lost: log in again"
    };
    host.message(Level::Hint, lost);
    Ok(status)
}
