//! `fob encode --flaw`: mints one token with a defect, or a suite of a valid token and such tokens.

use super::{EncodeSettings, document};
use crate::cli::encode::TokenFormat;
use crate::cli::encrypt::EncryptArgs;
use crate::commands::encrypting::Recipient;
use crate::core::encryption::Decrypter;
use crate::core::json::{Member, Value};
use crate::core::key::secret::SecretFormat;
use crate::core::key::{Key, KeyUse};
use crate::core::mint::flaw::{
    Baseline, EncryptionBaseline, Flaw, FlawChoice, NotApplicable, TestToken, VerifyOption,
};
use crate::core::mint::signer::PreparedSigner;
use crate::core::reason::Expectation;
use crate::core::text::escape::Shown;
use crate::core::text::layout::count;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::claims::Payload;
use crate::core::token::jws::MAX_SIZE;
use crate::core::token::numeric_date::NumericDate;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::keys::{self, signing};
use crate::keys::{GivenKey, KeySettings};
use crate::output;
use crate::suite::destination::{check_vacant, write_suite};
use crate::suite::key as suite_key;
use crate::suite::write::{NewCase, NewSuite, Setting};
use std::ffi::OsStr;
use std::path::Path;

/// The settings for the keys that sign and encrypt flawed tokens.
#[derive(Clone, Copy)]
pub(super) struct FlawKeys<'a> {
    pub(super) signing: &'a KeySettings,
    pub(super) encryption: &'a EncryptArgs,
}

pub(super) fn encode(
    settings: &EncodeSettings,
    keys: FlawKeys<'_>,
    payload: &[u8],
    choice: &FlawChoice,
    suite: Option<&OsStr>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    if *choice == FlawChoice::All && suite.is_none() {
        return Err(UsageError::AllFlawsWithoutSuite.into());
    }
    if let Some(path) = suite {
        check_vacant(Path::new(path), host)?;
    }
    let mint = &settings.mint;
    let parts = host.split();
    let claims = mint.claims(payload, parts.clock, parts.entropy)?;
    let claims: Vec<_> = claims.into_iter().map(Member::into_owned).collect();
    let given = keys::load(keys.signing, KeyUse::Sign, host)?;
    let signer = PreparedSigner::for_claims(&given.keys, mint.algorithm, &claims, &mint.header)?;
    signing::warn_if_weak(&signer, host);
    // Read after the claims were made, so that none of their times lies in the future; in whole seconds, as they are.
    let now = NumericDate::from_seconds(host.time_of_issue()?.seconds());
    let random = host.random()?;
    let algorithms = match suite {
        Some(_) => restricting_algorithm(&given, signer.key(), mint.algorithm),
        None => Vec::new(),
    };
    let decrypter = settings.recipient.as_ref().map(decrypter).transpose()?;
    let encryption = settings.recipient.as_ref().zip(decrypter.as_ref());
    let baseline = Baseline {
        claims: &claims,
        keys: &given.keys,
        signer: &signer,
        algorithms: &algorithms,
        encryption: encryption
            .map(|(recipient, decrypter)| EncryptionBaseline { encrypter: &recipient.encrypter, decrypter }),
        now,
        random: &random,
    };
    match (suite, choice) {
        (None, FlawChoice::One(flaw)) => {
            let token = flawed_token(&baseline, flaw)?;
            output::line_as(host, settings.syntax(), &text(settings, flaw, token, now), ExitStatus::Done)?;
        }
        (Some(path), choice) => write(&baseline, choice, Path::new(path), keys, host)?,
        (None, FlawChoice::All) => {}
    }
    Ok(ExitStatus::Done)
}

/// Returns the decrypter for the tokens of a recipient, whose key must be private.
fn decrypter(recipient: &Recipient) -> Result<Decrypter, UsageError> {
    let Recipient { encrypter, keys } = recipient;
    if !encrypter.key().is_private() {
        return Err(UsageError::PublicKeyForFlaw { source: encrypter.key().source.clone() });
    }
    let named = Some(encrypter.algorithm()).filter(|algorithm| algorithm.must_be_named());
    Ok(Decrypter::new(keys.clone(), MAX_SIZE).naming(named.into_iter().collect()))
}

/// The file that a suite names if the key of the recipient came from standard input.
const RECIPIENT_FILE: &str = "RECIPIENT.jwk";

/// Returns the settings of a suite that name the key of the recipient.
fn decryption_settings(
    args: &EncryptArgs,
    baseline: &Baseline<'_>,
    suite: &Path,
    host: &Host<'_>,
) -> Vec<(String, Setting)> {
    let mut settings = Vec::new();
    let mut set = |name: &str, value: String| settings.push((name.to_owned(), Setting::Text(value)));
    let format = args.encrypt_secret_format.unwrap_or_default();
    if let Some(place) = args.encrypt_for.as_deref() {
        let path = || suite_key::from_folder_of(suite, Path::new(place), host);
        set("decrypt-key", if place == "-" { RECIPIENT_FILE.to_owned() } else { path() });
    }
    if let Some(name) = &args.encrypt_secret_env {
        set("decrypt-secret-env", name.clone());
    }
    if let Some(path) = &args.encrypt_secret_file {
        set("decrypt-secret-file", suite_key::from_folder_of(suite, path, host));
    }
    if args.encrypt_for.is_none() && args.is_given() && format != SecretFormat::Text {
        set("decrypt-secret-format", format.name().to_owned());
    }
    let algorithm = baseline.encryption.map(|encryption| encryption.encrypter.algorithm());
    if let Some(algorithm) = algorithm.filter(|algorithm| algorithm.must_be_named()) {
        set("decrypt-alg", algorithm.name().to_owned());
    }
    settings
}

fn flawed_token(baseline: &Baseline<'_>, flaw: &Flaw) -> Result<TestToken, UsageError> {
    baseline.flawed_token(flaw).map_err(|reason| UsageError::FlawNotApplicable { flaw: flaw.clone(), reason })
}

/// Returns the algorithm that the user asked for, if the keys would allow others, too.
fn restricting_algorithm(given: &GivenKey, key: &Key, asked: Option<Algorithm>) -> Vec<Algorithm> {
    let allows_others = given.keys.is_set() || key.allowed(KeyUse::Verify).len() > 1;
    asked.filter(|_| allows_others).into_iter().collect()
}

/// Returns a flawed token in the format of the run.
fn text(settings: &EncodeSettings, flaw: &Flaw, token: TestToken, at: NumericDate) -> String {
    let payload = match flaw {
        Flaw::JweShaped => Payload::Json(Value::Null),
        _ => Payload::parse(&token.payload),
    };
    if settings.format != TokenFormat::Json {
        return settings.text(token.token, &token.header, &payload);
    }
    let reasons = token.reasons.iter().map(|reason| Value::string(reason.to_string())).collect();
    let expect = vec![
        Member::new("verdict", Value::string(token.verdict.name())),
        Member::new("reasons", Value::Array(reasons)),
    ];
    let mut options = vec![Member::new("at", Value::string(clock_option(at)))];
    options.extend(
        token
            .verify_options
            .into_iter()
            .map(|VerifyOption { name, value }| Member::new(name, Value::Array(vec![Value::string(value)]))),
    );
    let mut members = document(token.token, &token.header, &payload);
    members.extend([
        Member::new("flaw", Value::string(flaw.name())),
        Member::new("expect", Value::Object(expect)),
        Member::new("verify", Value::Object(options)),
    ]);
    Value::Object(members).to_string()
}

/// Returns a time in the form of `--at`.
fn clock_option(at: NumericDate) -> String {
    format!("@{}", at.to_json_number())
}

/// Writes the suite to a file, and reports that.
fn write(
    baseline: &Baseline<'_>,
    choice: &FlawChoice,
    path: &Path,
    keys: FlawKeys<'_>,
    host: &mut Host<'_>,
) -> Result<(), CommandError> {
    let (mut defaults, hint) = suite_key::settings(keys.signing, path, host);
    defaults.insert(0, ("at".to_owned(), Setting::Text(clock_option(baseline.now))));
    if let Some(algorithm) = baseline.algorithms.first() {
        defaults.push(("alg".to_owned(), Setting::Text(algorithm.name().to_owned())));
    }
    defaults.extend(decryption_settings(keys.encryption, baseline, path, host));
    let suite = NewSuite { defaults, ..suite(baseline, choice)? };
    let needed = write_suite(&suite, path, host)?;
    if !output::is_stdout(path) {
        host.note(&format!("{} written to {}", count(suite.cases.len(), "case"), path.display()));
    }
    if let Some(hint) = hint {
        host.message(Level::Hint, &hint);
    }
    if keys.encryption.encrypt_for.as_deref().is_some_and(|place| place == "-") {
        let what = "put the key of the recipient into that file, beside the suite";
        host.message(Level::Hint, &format!("the suite names {RECIPIENT_FILE}: {what}"));
    }
    if let Some(hint) = needed {
        host.message(Level::Hint, &hint);
    }
    Ok(())
}

/// Makes a suite of the valid token and the chosen flawed ones. Of all flaws, those that do not apply become remarks.
fn suite(baseline: &Baseline<'_>, choice: &FlawChoice) -> Result<NewSuite, UsageError> {
    let valid = baseline.valid_token().map_err(|reason| UsageError::NoFlawSuite { reason })?;
    let mut remarks = vec![
        "A valid token, and tokens with one flaw each. A verifier must reject every flawed token.".to_owned(),
        "For tests only: all tokens are signed with the key of the valid one.".to_owned(),
    ];
    let mut cases = vec![NewCase {
        name: "good".to_owned(),
        remarks: vec!["the valid token".to_owned()],
        token: valid.token,
        expect: vec![Expectation::Accepted],
        settings: Vec::new(),
    }];
    match choice {
        FlawChoice::One(flaw) => cases.push(case(flaw, flawed_token(baseline, flaw)?)),
        FlawChoice::All => {
            for flaw in baseline.flaws() {
                match baseline.flawed_token(&flaw) {
                    Ok(token) => cases.push(case(&flaw, token)),
                    Err(reason) => remarks.push(without(&flaw, &reason)),
                }
            }
        }
    }
    Ok(NewSuite { remarks, defaults: Vec::new(), cases })
}

/// Says why a suite lacks a flaw.
fn without(flaw: &Flaw, reason: &NotApplicable) -> String {
    format!("Without {flaw}: {}.", Shown(&reason.to_string()))
}

fn case(flaw: &Flaw, token: TestToken) -> NewCase {
    let setting = |VerifyOption { name, value }| (name.to_owned(), Setting::Texts(vec![value]));
    NewCase {
        name: flaw.name(),
        remarks: vec![flaw.description().to_owned()],
        token: token.token,
        expect: token.reasons.into_iter().map(Expectation::Reason).collect(),
        settings: token.verify_options.into_iter().map(setting).collect(),
    }
}
