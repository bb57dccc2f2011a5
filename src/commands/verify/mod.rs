//! `fob verify`: one token, one verdict, every check; many tokens in `lines`.

mod lines;
mod suite;

use crate::cli::input::TokenArgs;
use crate::cli::policy::PolicyArgs;
use crate::cli::store::StoreArgs;
use crate::cli::verify::VerifyArgs;
use crate::commands::key_settings;
use crate::commands::settings::token_request;
use crate::core::key::KeyUse;
use crate::core::reason::{Expectation, Failure, Reason, listed};
use crate::core::redact::Redaction;
use crate::core::report::json::VerifyDocument;
use crate::core::report::text;
use crate::core::report::{Anatomy, Verification};
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::Detail;
use crate::core::verify::header_cache::{CachedHeader, HeaderCache};
use crate::core::verify::hints;
use crate::core::verify::judge::Verdict;
use crate::core::verify::policy::Policy;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::token::receive;
use crate::keys::{self, GivenKey};
use crate::output;
use crate::scan::pick::Preference;
use crate::store::ledger::{Ledger, TokenUse};
use crate::store::open::{StorePurpose, open_ledger};
use crate::store::verdict::{advice, consult};
use std::sync::Arc;

/// What tokens are judged by, made ready once, for one token or a million.
struct Bench {
    policy: Policy,
    given: Arc<GivenKey>,
    /// The issuer whose keys they are.
    issuer: Option<String>,
}

impl Bench {
    fn new(
        args: PolicyArgs,
        token_type: Option<String>,
        ignore_exp: bool,
        issuer: Option<String>,
        given: Arc<GivenKey>,
    ) -> Self {
        let mut policy = Policy::from(args);
        policy.token_type = token_type;
        policy.ignore_exp = ignore_exp;
        // Whoever names an issuer for its keys has said whom to trust.
        if policy.strict && policy.issuers.is_empty() {
            // Discovery takes it with a slash at its end and without.
            let bare = issuer.as_deref().map(|issuer| issuer.trim_end_matches('/').to_owned());
            policy.issuers.extend(bare.into_iter().flat_map(|bare| [format!("{bare}/"), bare]));
        }
        Self { policy, given, issuer }
    }

    /// Judges a token by everything but a store, by a header met before, if it was. What to do about it is said if the
    /// checks are.
    fn judge<'t>(
        &'t self,
        token: &'t Token<'_>,
        known: Option<&'t CachedHeader<'_>>,
        at: NumericDate,
        telling: Detail,
    ) -> Verification<'t> {
        let mut verification = self.judge_bare(token, known, at, telling);
        if telling == Detail::Full {
            self.advise(&mut verification, token);
        }
        verification
    }

    /// The same without a word on what to do about it.
    fn judge_bare<'t>(
        &'t self,
        token: &'t Token<'_>,
        known: Option<&'t CachedHeader<'_>>,
        at: NumericDate,
        telling: Detail,
    ) -> Verification<'t> {
        let Self { policy, given, .. } = self;
        let mut verification = match known {
            Some(known) => Verification::behind(&known.gate, token, policy, at, telling),
            None => Verification::bare(token, &given.keys, policy, at, telling),
        };
        self.look_at_issuer(token, &mut verification);
        verification
    }

    /// Says what to do about a verdict, as far as the token and the key tell.
    fn advise(&self, verification: &mut Verification<'_>, token: &Token<'_>) {
        verification.advise(token, &self.given.keys, self.given.written.as_ref(), &self.policy);
    }

    /// A place to keep the headers that are met.
    fn headers(&self) -> HeaderCache<'_> {
        HeaderCache::new(&self.given.keys, &self.policy)
    }

    fn look_at_issuer(&self, token: &Token<'_>, verification: &mut Verification<'_>) {
        if let Some(issuer) = self.issuer.as_ref().filter(|_| self.policy.issuers.is_empty()) {
            verification.judgement.warnings.extend(other_issuer(token, issuer));
        }
    }

    /// The verdict on what is no token.
    fn unreadable(&self, failure: Failure, hint: Option<String>) -> Verification<'_> {
        Verification::unreadable(failure, hint, &self.given.keys)
    }
}

/// Adds what to do about a verdict, now that all is known.
fn advise(verification: &mut Verification<'_>, token: &Token<'_>, at: NumericDate) {
    verification.hints.extend(advice(&verification.judgement).map(str::to_owned));
    verification.hints.extend(hints::leeway(token, &verification.judgement, at));
    verification.hints.extend(hints::earlier(token, &verification.judgement));
}

pub(crate) fn verify(args: VerifyArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if !args.suite.suite.is_empty() {
        return suite::verify(&args.suite, json, host);
    }
    let issuer = args.issuer.issuer_keys.clone();
    // The key first: if it cannot be had, nobody need paste a token.
    let given =
        Arc::new(keys::load(&key_settings::for_verifying(args.key, args.issuer), KeyUse::Verify, host)?);
    let bench = Bench::new(args.policy, args.token_type, args.ignore_exp, issuer, given);
    let (ledger, how) = open_store(&args.store, args.once, bench.policy.leeway, host)?;
    match &args.lines.lines {
        Some(place) => {
            let max_size = args.token.limit.max_size;
            let wanted = lines::Wanted { expect: &args.expect, how, print: args.print, json, max_size };
            lines::verify(&bench, ledger, place, &args.lines, wanted, host)
        }
        None => one(&bench, ledger, &args.token, &args.expect, how, json, host),
    }
}

/// Opens the store that is asked, if there is one, and says whether it uses tokens up.
fn open_store(
    args: &StoreArgs,
    once: bool,
    leeway: Duration,
    host: &mut Host<'_>,
) -> Result<(Option<Ledger>, TokenUse), CommandError> {
    let (purpose, how) =
        if once { (StorePurpose::Decide, TokenUse::Once) } else { (StorePurpose::Query, TokenUse::Query) };
    let mut ledger = args.store.as_deref().map(|text| open_ledger(text, purpose, host)).transpose()?;
    if let Some(ledger) = &mut ledger {
        ledger.keep_longer(leeway);
    }
    Ok((ledger, how))
}

fn one(
    bench: &Bench,
    mut ledger: Option<Ledger>,
    args: &TokenArgs,
    expect: &[Expectation],
    how: TokenUse,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let received = receive(token_request(args, Preference::None), host)?;
    let at = host.now();

    let compact = Compact::parse(&received.token, args.limit.max_size);
    let token = compact.as_ref().map(Token::parse);
    let mut used_up = false;
    let verification = match &token {
        Ok(token) => {
            let mut verification = bench.judge(token, None, at, Detail::Full);
            if let Some(ledger) = &mut ledger {
                used_up = consult(&mut verification.judgement, token, ledger, how, at)?;
            }
            advise(&mut verification, token, at);
            verification
        }
        Err(failure) => bench.unreadable((*failure).clone(), received.hint()),
    };
    let anatomy = token.as_ref().ok().map(|token| Anatomy::new(token, at, Redaction::None));
    let met = expect.iter().all(|expected| verification.judgement.meets(expected));
    let status = match (expect.is_empty(), met) {
        (true, _) => ExitStatus::from_judgement(&verification.judgement),
        (false, true) => ExitStatus::Done,
        (false, false) => ExitStatus::Rejected,
    };
    print(&verification, anatomy.as_ref(), at, json, status, host).inspect_err(|_| {
        if used_up {
            host.important_message(
                Level::Hint,
                "the token is used up all the same: it was good, and is good no longer",
            );
        }
    })?;
    if !met {
        host.message(Level::Error, &format!("the outcome is not the expected one: {}", listed(expect)));
    }
    Ok(status)
}

/// That a token names another issuer than the one whose keys vouch for it (RFC 8725 section 3.8).
fn other_issuer(token: &Token<'_>, issuer: &str) -> Option<Failure> {
    let iss = token.unverified_claims()?.get("iss")?;
    let bare = |url: &str| url.trim_end_matches('/').to_owned();
    let same = iss.as_str().is_some_and(|iss| bare(iss) == bare(issuer));
    (!same).then(|| {
        let detail = format!("`iss` is {iss}, and the keys are those of {issuer}; --iss compares it");
        Failure::new(Reason::WrongIssuer, detail)
    })
}

fn print(
    verification: &Verification<'_>,
    anatomy: Option<&Anatomy<'_>>,
    at: NumericDate,
    json: bool,
    status: ExitStatus,
    host: &mut Host<'_>,
) -> Result<(), CommandError> {
    if host.is_quiet() {
        return Ok(());
    }
    // A verdict that nobody could read is no success.
    let if_closed = if status == ExitStatus::Done { ExitStatus::Unjudged } else { status };
    if json {
        let document = VerifyDocument { verification, anatomy, at };
        output::write(host, &output::json(&document), if_closed)?;
        return Ok(());
    }
    let mut text = Vec::new();
    text::write_verified(&mut text, verification, anatomy, host.screen())?;
    output::write(host, &text, if_closed)?;
    for warning in &verification.judgement.warnings {
        host.message(Level::Warning, &format!("{}: {}", warning.reason, warning.detail));
    }
    // Where it ended as expected there is nothing to do about it.
    let expected = status == ExitStatus::Done && verification.judgement.verdict() != Verdict::Accepted;
    for hint in verification.hints.iter().filter(|_| !expected) {
        host.message(Level::Hint, hint);
    }
    Ok(())
}
