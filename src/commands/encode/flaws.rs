//! `fob encode --flaw`: one token that is wrong on purpose, or a suite of them.

use super::{Draft, document};
use crate::cli::encode::TokenFormat;
use crate::cli::flaw::Choice;
use crate::cli::key::{IssuerKeyArgs, KeyArgs};
use crate::core::json::{Member, Value};
use crate::core::key::{Key, KeyUse};
use crate::core::mint::flaw::Flaw;
use crate::core::mint::flaw::baseline::{Demand, Good, Impossible, Twin};
use crate::core::mint::signer::PreparedSigner;
use crate::core::reason::Expectation;
use crate::core::text::escape::Shown;
use crate::core::text::layout::count;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::claims::Payload;
use crate::core::token::numeric_date::NumericDate;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::keys::GivenKey;
use crate::keys::{self, signing};
use crate::output;
use crate::suite::key as suite_key;
use crate::suite::place;
use crate::suite::write::{NewCase, NewSuite, Setting};
use std::ffi::OsStr;
use std::path::Path;

pub(super) fn encode(
    draft: &Draft,
    key: KeyArgs,
    payload: &[u8],
    choice: &Choice,
    suite: Option<&OsStr>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    if *choice == Choice::All && suite.is_none() {
        return Err(CommandError::usage("--flaw all makes many tokens, and they need a suite to stand in")
            .with_hint("add --suite PATH"));
    }
    if let Some(path) = suite {
        place::vacant(Path::new(path), host)?;
    }
    let parts = host.split();
    let claims = draft.content.claims(payload, parts.clock, parts.entropy)?;
    let claims: Vec<_> = claims.into_iter().map(Member::into_owned).collect();
    let given = keys::load(key.clone(), IssuerKeyArgs::default(), KeyUse::Sign, host)?;
    let signer = PreparedSigner::for_claims(&given.keys, draft.algorithm, &claims, &draft.header)?;
    signing::warn_if_weak(&signer, host);
    // Read after the claims, so that none of them lies in the future; in whole seconds, as they are.
    let now = NumericDate::from_seconds(host.time_of_issue()?.seconds());
    let chance = host.random()?;
    let algorithms =
        if suite.is_some() { narrowed(&given, signer.key(), draft.algorithm) } else { Vec::new() };
    let good = Good {
        claims: &claims,
        keys: &given.keys,
        signer: &signer,
        algorithms: &algorithms,
        now,
        chance: &chance,
    };
    match (suite, choice) {
        (None, Choice::One(flaw)) => {
            let twin = good.twin(flaw).map_err(|why| cannot(flaw, why))?;
            output::line(host, &text(draft, flaw, twin, now), ExitStatus::Done)?;
        }
        (Some(path), choice) => write(&good, choice, Path::new(path), &key, host)?,
        (None, Choice::All) => {}
    }
    Ok(ExitStatus::Done)
}

fn cannot(flaw: &Flaw, Impossible(why): Impossible) -> CommandError {
    CommandError::usage(format!("no token can be made with the flaw {flaw}: {why}"))
}

/// The algorithm that was asked for, where the key by itself allows more.
fn narrowed(given: &GivenKey, key: &Key, asked: Option<Algorithm>) -> Vec<Algorithm> {
    let allows_more = given.keys.is_set() || key.allowed(KeyUse::Verify).len() > 1;
    asked.filter(|_| allows_more).into_iter().collect()
}

/// A flawed token in the form that is asked for.
fn text(draft: &Draft, flaw: &Flaw, twin: Twin, at: NumericDate) -> String {
    let payload = match flaw {
        Flaw::JweShaped => Payload::Json(Value::Null),
        _ => Payload::parse(&twin.payload),
    };
    if draft.format != TokenFormat::Json {
        return draft.text(twin.token, &twin.header, &payload);
    }
    let reasons = twin.reasons.iter().map(|reason| Value::string(reason.to_string())).collect();
    let expect = vec![
        Member::new("verdict", Value::string(twin.verdict.name())),
        Member::new("reasons", Value::Array(reasons)),
    ];
    let mut options = vec![Member::new("at", Value::string(frozen(at)))];
    options.extend(
        twin.demands
            .into_iter()
            .map(|Demand { option, value }| Member::new(option, Value::Array(vec![Value::string(value)]))),
    );
    let mut members = document(twin.token, &twin.header, &payload);
    members.extend([
        Member::new("flaw", Value::string(flaw.name())),
        Member::new("expect", Value::Object(expect)),
        Member::new("verify", Value::Object(options)),
    ]);
    Value::Object(members).to_string()
}

/// An instant as `--at` takes it.
fn frozen(at: NumericDate) -> String {
    format!("@{}", at.to_json_number())
}

/// Writes the suite, and says so.
fn write(
    good: &Good<'_>,
    choice: &Choice,
    path: &Path,
    key: &KeyArgs,
    host: &mut Host<'_>,
) -> Result<(), CommandError> {
    let (mut defaults, hint) = suite_key::settings(key, &IssuerKeyArgs::default(), path, host);
    defaults.insert(0, ("at".to_owned(), Setting::Text(frozen(good.now))));
    if let Some(algorithm) = good.algorithms.first() {
        defaults.push(("alg".to_owned(), Setting::Text(algorithm.name().to_owned())));
    }
    let suite = NewSuite { defaults, ..suite(good, choice)? };
    place::put(&suite, path, host)?;
    if !output::is_stdout(path) {
        host.note(&format!("{} written to {}", count(suite.cases.len(), "case"), path.display()));
    }
    if let Some(hint) = hint {
        host.message(Level::Hint, &hint);
    }
    Ok(())
}

/// The good token and its twins; of all of them, those that can be had, and a word on those that cannot.
fn suite(good: &Good<'_>, choice: &Choice) -> Result<NewSuite, CommandError> {
    let token = good
        .token()
        .map_err(|Impossible(why)| CommandError::usage(format!("no suite of flaws can be made: {why}")))?;
    let mut remarks = vec![
        "A good token, and its twins that have one flaw each: who accepts one of them has to know why."
            .to_owned(),
        "For tests alone: they are signed with the key of the good one.".to_owned(),
    ];
    let mut cases = vec![NewCase {
        name: "good".to_owned(),
        remarks: vec!["nothing is wrong with it".to_owned()],
        token: token.token,
        expect: vec![Expectation::Accepted],
        settings: Vec::new(),
    }];
    match choice {
        Choice::One(flaw) => cases.push(case(flaw, good.twin(flaw).map_err(|why| cannot(flaw, why))?)),
        Choice::All => {
            for flaw in good.flaws() {
                match good.twin(&flaw) {
                    Ok(twin) => cases.push(case(&flaw, twin)),
                    Err(Impossible(why)) => remarks.push(format!("Without {flaw}: {}.", Shown(&why))),
                }
            }
        }
    }
    Ok(NewSuite { remarks, defaults: Vec::new(), cases })
}

fn case(flaw: &Flaw, twin: Twin) -> NewCase {
    let setting = |Demand { option, value }| (option.to_owned(), Setting::Texts(vec![value]));
    NewCase {
        name: flaw.name(),
        remarks: vec![flaw.description().to_owned()],
        token: twin.token,
        expect: twin.reasons.into_iter().map(Expectation::Reason).collect(),
        settings: twin.demands.into_iter().map(setting).collect(),
    }
}
