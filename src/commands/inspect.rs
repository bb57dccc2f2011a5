//! `fob inspect`: every token in a text, with all there is to say about it.

use crate::cli::inspect::InspectArgs;
use crate::core::document::InspectDocument;
use crate::core::duration::Duration;
use crate::core::judge::Verdict;
use crate::core::jws::Compact;
use crate::core::key::Purpose;
use crate::core::numeric_date::NumericDate;
use crate::core::policy::Policy;
use crate::core::reason::Failure;
use crate::core::redact::scrub;
use crate::core::render;
use crate::core::report::{Anatomy, Entry, Subject, Verification};
use crate::core::token::Token;
use crate::host::{Host, Remark};
use crate::input::key::{self, GivenKey};
use crate::input::scan::{Hit, scan};
use crate::input::source::{read, read_stdin};
use crate::output;
use crate::problem::{ExitStatus, Problem};
use std::collections::BTreeSet;

pub(crate) fn inspect(args: InspectArgs, json: bool, host: &mut Host<'_>) -> anyhow::Result<ExitStatus> {
    // A key in the environment does not make a report a verdict; only one that is named does.
    let asked = args.key.is_given() || args.issuer.issuer_keys.is_some();
    let given = if asked { Some(key::load(args.key, args.issuer, Purpose::Verify, host)?) } else { None };
    let text = match &args.text {
        Some(argument) => read(argument, "the text", host)?,
        None if !host.stdin_is_terminal => read_stdin("the text", host)?,
        None => {
            host.say(Remark::Hint, "paste the text, and end it with Ctrl-D on a line of its own");
            read_stdin("the text", host)?
        }
    };
    let hits = scan(&text);
    let compacts: Vec<_> = hits.iter().map(|hit| Compact::parse(&hit.token, args.limit.max_size)).collect();
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
    let judging = given.is_some();
    let gates = Gates { required: &args.require, valid_for: args.valid_for, judging, at };
    let (status, remarks) = gates.status(&entries);
    let status = if entries.is_empty() { ExitStatus::NoToken } else { status };
    if !host.is_quiet() {
        print(&entries, json, status, host)?;
    }
    if entries.is_empty() {
        return Err(Problem::no_token("there is no token in this text").into());
    }
    for remark in remarks {
        host.remark(Remark::Error, &remark);
    }
    Ok(status)
}

fn entry<'t>(
    hit: &Hit<'_>,
    token: Result<&'t Token<'t>, &Failure>,
    given: Option<&'t GivenKey>,
    policy: &Policy,
    redact: bool,
    at: NumericDate,
) -> Entry<'t> {
    let mut found = hit.found.clone();
    if redact {
        found.place = scrub(&found.place).into_owned();
    }
    let length = hit.token.len();
    match token {
        Ok(token) => Entry {
            found,
            subject: Subject::Token(Box::new(Anatomy::of(token, at, redact))),
            verification: given
                .map(|given| Verification::of(token, &given.keys, given.written.as_ref(), policy, at)),
        },
        Err(_) if hit.opaque => Entry { found, subject: Subject::Opaque { length }, verification: None },
        Err(failure) => {
            let failure = failure.clone();
            let verification =
                given.map(|given| Verification::unreadable(failure.clone(), None, &given.keys));
            Entry { found, subject: Subject::Unreadable { length, failure }, verification }
        }
    }
}

fn print(entries: &[Entry<'_>], json: bool, status: ExitStatus, host: &mut Host<'_>) -> anyhow::Result<()> {
    let mut text = Vec::new();
    if json {
        text = output::json(&InspectDocument(entries));
    } else {
        render::inspect(&mut text, entries, host.screen())?;
    }
    output::write(host, &text, status)?;
    if !json {
        // What is true of many tokens is said once.
        let verifications = entries.iter().filter_map(|entry| entry.verification.as_ref());
        let hints: BTreeSet<&String> = verifications.flat_map(|verification| &verification.hints).collect();
        for hint in hints {
            host.remark(Remark::Hint, hint);
        }
    }
    Ok(())
}

/// What every token must pass where it is asked for.
struct Gates<'g> {
    required: &'g [String],
    valid_for: Option<Duration>,
    /// Whether a key was given to judge by.
    judging: bool,
    at: NumericDate,
}

impl Gates<'_> {
    /// Done, unless some token does not pass a gate, or a key was given and some token is not accepted; and why.
    fn status(&self, entries: &[Entry<'_>]) -> (ExitStatus, Vec<String>) {
        let mut worst = ExitStatus::Done;
        let mut remarks = Vec::new();
        for entry in entries {
            let (status, remark) = self.entry_status(entry);
            remarks.extend(remark.map(|remark| format!("line {}: {remark}", entry.found.line)));
            worst = match (worst, status) {
                (worst, ExitStatus::Done) => worst,
                (ExitStatus::Done, status) => status,
                (worst, status) if worst == status => worst,
                _ => ExitStatus::Rejected,
            };
        }
        // With many tokens a verdict is all or nothing.
        let mixed = self.judging && entries.len() > 1 && worst != ExitStatus::Done;
        (if mixed { ExitStatus::Rejected } else { worst }, remarks)
    }

    fn entry_status(&self, entry: &Entry<'_>) -> (ExitStatus, Option<String>) {
        if let Some(verification) = &entry.verification
            && verification.judgement.verdict() != Verdict::Accepted
        {
            return (ExitStatus::of(&verification.judgement), None);
        }
        if self.judging && entry.verification.is_none() {
            return (ExitStatus::NoToken, Some("an opaque token cannot be judged".to_owned()));
        }
        if self.required.is_empty() && self.valid_for.is_none() {
            return (ExitStatus::Done, None);
        }
        let rejected = |remark: String| (ExitStatus::Rejected, Some(remark));
        let claims = match &entry.subject {
            Subject::Token(anatomy) => anatomy.token.unverified_claims(),
            Subject::Opaque { .. } | Subject::Unreadable { .. } => None,
        };
        let Some(claims) = claims else { return rejected("there are no claims to look at".to_owned()) };
        if let Some(name) = self.required.iter().find(|name| !claims.has(name)) {
            return rejected(format!("the token has no claim `{name}`"));
        }
        let Some(valid_for) = self.valid_for else { return (ExitStatus::Done, None) };
        match (claims.numeric_date("exp"), claims.numeric_date("nbf")) {
            (Err(failure), _) | (_, Err(failure)) => rejected(failure.detail),
            (Ok(exp), Ok(nbf)) => {
                let ends = exp.is_some_and(|exp| exp <= self.at.plus(valid_for));
                if ends || nbf.is_some_and(|nbf| self.at < nbf) {
                    let remark = format!("the token is not valid for another {valid_for}");
                    (ExitStatus::TimeOnly, Some(remark))
                } else {
                    (ExitStatus::Done, None)
                }
            }
        }
    }
}
