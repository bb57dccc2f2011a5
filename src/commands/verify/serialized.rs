//! `fob verify` on a document in JSON serialization: judges each signature, and the document by `--signatures`.

use super::detached::demand_detached;
use super::{GivenStore, Outcome, Output, VerifierSetup, check_key_type, conclude};
use crate::core::reason::Expectation;
use crate::core::redact::Redaction;
use crate::core::report::Anatomy;
use crate::core::report::document::{self, DocumentReport};
use crate::core::report::json::{VerifyDocument, VerifyJsonDocument};
use crate::core::report::text;
use crate::core::token::Token;
use crate::core::token::detached::DetachedPayload;
use crate::core::token::jws::Padding;
use crate::core::token::serialization::JsonJws;
use crate::core::verify::{HintScope, MOST_HINTS, ParsedToken, SignatureDemand, read_signatures};
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::input::payload::{OpenPayload, open};
use crate::input::token::Received;
use crate::keys::KeyLoadError;
use crate::output;
use crate::store::verdict::LedgerCheck;
use std::ffi::OsStr;

#[allow(clippy::too_many_arguments, reason = "the settings of one run, used once")]
pub(super) fn verify(
    setup: &mut VerifierSetup,
    mut store: GivenStore,
    received: &Received,
    payload: Option<&OsStr>,
    demand: SignatureDemand,
    expect: &[Expectation],
    output: &Output,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let at = host.now();
    let jws = JsonJws::parse(&received.token, setup.max_size, setup.padding);
    // A payload that is not encoded is judged like one that is given apart from the token.
    setup.policy.detached |= jws.as_ref().is_ok_and(|jws| jws.unencoded.is_some());
    let verifier = setup.verifier();
    let parsed = jws.as_ref().map_err(Clone::clone).and_then(|jws| verifier.parse_signatures(jws));
    let signatures = parsed.as_deref().unwrap_or_default();
    let compacts = signatures.iter().map(ParsedToken::compact);
    let unencoded = jws.as_ref().ok().and_then(|jws| jws.unencoded_payloads(compacts));
    let payloads = match (payload, unencoded) {
        (Some(_), Some(_)) => return Err(UsageError::PayloadNotDetached.into()),
        (Some(argument), None) => Some(read_payloads(argument, signatures, setup.max_size, host)?),
        (None, unencoded) => unencoded,
    };
    let tokens = read_signatures(signatures, payloads.as_deref());
    let mut check = store.check();
    let judged = verifier.verify_document(&tokens, demand, check.as_mut(), HintScope::Verify, at);
    let used_up = check.as_ref().is_some_and(LedgerCheck::used_up);
    store.warn_if_new(host);
    let judged = judged?;
    let (Some(mut judged), Ok(jws)) = (judged, &jws) else {
        let Some(failure) = parsed.err() else { return Ok(ExitStatus::NoToken) };
        let verification = verifier.unreadable(failure, None);
        let report =
            |out: &mut Vec<u8>, screen| text::write_verified(out, &verification, None, output.length, screen);
        let at = at.rfc3339();
        let document = VerifyDocument { verification: &verification, anatomy: None, at, wrapping: None };
        let outcome = Outcome {
            verification: &verification,
            report: &report,
            document: &|| output::json(&document),
            used_up,
        };
        return conclude(&outcome, expect, &output.form, host);
    };
    judged.whole.hints.truncate(MOST_HINTS);
    let whole = judged.whole.clone();
    let report = DocumentReport {
        form: jws.form,
        size: received.token.len(),
        signatures: tokens.iter().map(|token| Anatomy::new(token.token(), at, Redaction::None)).collect(),
        verification: Some(judged),
    };
    let text = |out: &mut Vec<u8>, screen| document::write_verified(out, &report, output.length, screen);
    let document = VerifyJsonDocument { report: &report, verification: &whole, at };
    let outcome =
        Outcome { verification: &whole, report: &text, document: &|| output::json(&document), used_up };
    conclude(&outcome, expect, &output.form, host)
}

/// Reads the payload of a document that does not hold it, for each of its signatures.
fn read_payloads(
    argument: &OsStr,
    signatures: &[ParsedToken<'_, '_>],
    limit: usize,
    host: &mut Host<'_>,
) -> Result<Vec<DetachedPayload>, CommandError> {
    let OpenPayload::Held(bytes) = open(argument, limit, host)? else {
        return Err(UsageError::PayloadTooLarge { limit, hint: "raise --max-size" }.into());
    };
    let payload = |token: &ParsedToken<'_, '_>| {
        demand_detached(token)?;
        Ok(DetachedPayload::held(token.compact(), bytes.clone()))
    };
    signatures.iter().map(payload).collect()
}

/// Fails if a signature needs a public key, for a run without a key.
///
/// # Errors
/// [`KeyLoadError::PublicKeyNotGiven`].
pub(super) fn check_public_key_given(text: &[u8], max_size: usize) -> Result<(), KeyLoadError> {
    let Ok(jws) = JsonJws::parse(text, max_size, Padding::Allowed) else { return Ok(()) };
    jws.signatures.iter().try_for_each(|signature| match signature.compact(Padding::Allowed) {
        Ok(compact) => check_key_type(&Token::parse_json(signature, &compact)),
        Err(_) => Ok(()),
    })
}
