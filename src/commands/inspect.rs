//! `fob inspect`: every token in a text, with all there is to say about it.

use crate::cli::inspect::InspectArgs;
use crate::core::document::InspectDocument;
use crate::core::duration::Duration;
use crate::core::judge::Verdict;
use crate::core::jws::Compact;
use crate::core::numeric_date::NumericDate;
use crate::core::policy::Policy;
use crate::core::reason::Failure;
use crate::core::render;
use crate::core::report::{Anatomy, Entry, Subject, Verification};
use crate::core::token::Token;
use crate::host::{Host, Remark};
use crate::input::scan::{Hit, scan};
use crate::input::secret::{self, GivenKey};
use crate::input::source::{ask, read, read_stdin};
use crate::input::token::HOW_TO_GIVE;
use crate::output;
use crate::problem::{ExitStatus, Problem};

pub(crate) fn inspect(args: InspectArgs, json: bool, host: &mut Host<'_>) -> anyhow::Result<ExitStatus> {
    // A secret in the environment does not make a report a verdict; only one that is named does.
    let given = if secret::is_given(&args.secret) { Some(secret::load(args.secret, host)?) } else { None };
    let text = match &args.text {
        Some(argument) => read(argument, "the text", host)?,
        None if !host.stdin_is_terminal => read_stdin("the text", host)?,
        None => ask("Text", false, "text", HOW_TO_GIVE, host)?,
    };
    let hits = scan(&text);
    let compacts: Vec<_> = hits.iter().map(|hit| Compact::parse(hit.token, args.limit.max_size)).collect();
    let tokens: Vec<_> = compacts.iter().map(|compact| compact.as_ref().map(Token::read)).collect();
    let policy = Policy { required: args.require.clone(), ..Policy::default() };
    let at = host.now();
    let entries: Vec<Entry<'_>> = hits
        .iter()
        .zip(&tokens)
        .map(|(hit, token)| {
            entry(hit, token.as_ref().map_err(|failure| *failure), given.as_ref(), &policy, args.redact, at)
        })
        .collect();
    if !host.is_quiet() {
        print(&entries, json, host)?;
    }
    if entries.is_empty() {
        return Err(Problem::no_token("there is no token in this text").into());
    }
    Ok(status(&entries, &args.require, args.valid_for, at, host))
}

fn entry<'t>(
    hit: &Hit<'_>,
    token: Result<&'t Token<'t>, &Failure>,
    given: Option<&GivenKey>,
    policy: &Policy,
    redact: bool,
    at: NumericDate,
) -> Entry<'t> {
    let found = hit.found.clone();
    let length = hit.token.len();
    match token {
        Ok(token) => Entry {
            found,
            subject: Subject::Token(Box::new(Anatomy::of(token, at, redact))),
            verification: given.map(|given| Verification::of(token, &given.key, &given.written, policy, at)),
        },
        Err(_) if hit.opaque => Entry { found, subject: Subject::Opaque { length }, verification: None },
        Err(failure) => {
            let failure = failure.clone();
            let verification = given.map(|_| Verification::unreadable(failure.clone(), None));
            Entry { found, subject: Subject::Unreadable { length, failure }, verification }
        }
    }
}

fn print(entries: &[Entry<'_>], json: bool, host: &mut Host<'_>) -> anyhow::Result<()> {
    let mut text = Vec::new();
    if json {
        text = output::json(&InspectDocument(entries));
    } else {
        render::inspect(&mut text, entries, host.screen())?;
    }
    output::write(host, &text, ExitStatus::Done)?;
    if !json {
        for entry in entries {
            for hint in entry.verification.iter().flat_map(|verification| &verification.hints) {
                host.remark(Remark::Hint, hint);
            }
        }
    }
    Ok(())
}

/// Done, unless a gate was asked for and some token does not pass it, or a key and some token is not accepted.
fn status(
    entries: &[Entry<'_>],
    required: &[String],
    valid_for: Option<Duration>,
    at: NumericDate,
    host: &mut Host<'_>,
) -> ExitStatus {
    let mut worst = ExitStatus::Done;
    for entry in entries {
        let status = entry_status(entry, required, valid_for, at, host);
        worst = match (worst, status) {
            (worst, ExitStatus::Done) => worst,
            (ExitStatus::Done, status) => status,
            (worst, status) if worst == status => worst,
            _ => ExitStatus::Rejected,
        };
    }
    let judged = entries.iter().any(|entry| entry.verification.is_some());
    // With many tokens a verdict is all or nothing.
    if judged && entries.len() > 1 && worst != ExitStatus::Done { ExitStatus::Rejected } else { worst }
}

fn entry_status(
    entry: &Entry<'_>,
    required: &[String],
    valid_for: Option<Duration>,
    at: NumericDate,
    host: &mut Host<'_>,
) -> ExitStatus {
    let claims = match &entry.subject {
        Subject::Token(anatomy) => anatomy.token.unverified_claims(),
        Subject::Opaque { .. } | Subject::Unreadable { .. } => None,
    };
    let gated = !required.is_empty() || valid_for.is_some();
    let Some(claims) = claims else {
        return match &entry.verification {
            Some(verification) => ExitStatus::of(&verification.judgement),
            None if gated => {
                host.remark(Remark::Error, &format!("line {}: no claims to look at", entry.found.line));
                ExitStatus::Rejected
            }
            None => ExitStatus::Done,
        };
    };
    if let Some(verification) = &entry.verification
        && verification.judgement.verdict != Verdict::Accepted
    {
        return ExitStatus::of(&verification.judgement);
    }
    if let Some(name) = required.iter().find(|name| claims.locate(name).is_none()) {
        host.remark(Remark::Error, &format!("line {}: the token has no claim `{name}`", entry.found.line));
        return ExitStatus::Rejected;
    }
    let Some(valid_for) = valid_for else { return ExitStatus::Done };
    match (claims.numeric_date("exp"), claims.numeric_date("nbf")) {
        (Ok(exp), Ok(nbf)) => {
            let ends = exp.is_some_and(|exp| exp <= at.plus(valid_for));
            if ends || nbf.is_some_and(|nbf| at < nbf) {
                let what =
                    format!("line {}: the token is not valid for another {valid_for}", entry.found.line);
                host.remark(Remark::Error, &what);
                ExitStatus::TimeOnly
            } else {
                ExitStatus::Done
            }
        }
        (Err(failure), _) | (_, Err(failure)) => {
            host.remark(Remark::Error, &format!("line {}: {}", entry.found.line, failure.detail));
            ExitStatus::Rejected
        }
    }
}
