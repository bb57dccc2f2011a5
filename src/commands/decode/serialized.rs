//! `fob decode` on a signed token in JSON serialization: shows its signatures with both headers of each, and its payload.

use super::{print_bytes, print_claim, print_part};
use crate::cli::decode::{DecodeArgs, SegmentName};
use crate::core::redact::Redaction;
use crate::core::report::document::{self, DocumentReport};
use crate::core::report::json::DecodeJsonDocument;
use crate::core::report::{Anatomy, KnownSecrets};
use crate::core::token::Token;
use crate::core::token::jws::{Compact, Padding};
use crate::core::token::serialization::JsonJws;
use crate::error::decode::DecodeError;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::input::token::Received;
use crate::output;

pub(super) fn decode(
    received: &Received,
    args: &DecodeArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let malformed = |failure| DecodeError::Malformed { failure, hint: None };
    let jws =
        JsonJws::parse(&received.token, args.token.limit.max_size(), Padding::Refused).map_err(malformed)?;
    let parsed = jws.signatures.iter().map(|signature| signature.compact(Padding::Refused));
    let parsed: Vec<Compact<'_>> = parsed.collect::<Result<_, _>>().map_err(malformed)?;
    let payloads = jws.unencoded_payloads(&parsed);
    let entries = jws.signatures.iter().zip(&parsed);
    let tokens: Vec<Token<'_>> = match &payloads {
        Some(payloads) => entries
            .zip(payloads)
            .map(|((signature, compact), payload)| Token::parse_detached(Some(signature), compact, payload))
            .collect(),
        None => entries.map(|(signature, compact)| Token::parse_json(signature, compact)).collect(),
    };
    let (Some(compact), Some(first)) = (parsed.first(), tokens.first()) else {
        return Ok(ExitStatus::NoToken);
    };
    if let Some(part) = args.part {
        if part != SegmentName::Payload && tokens.len() > 1 {
            return Err(UsageError::SeveralSignatures { count: tokens.len() }.into());
        }
        if let Some(text) = jws.unencoded.as_ref().filter(|_| part == SegmentName::Payload) {
            return print_bytes(text.as_bytes(), part, host);
        }
        return print_part(compact, part, host);
    }
    if let Some(name) = &args.claim {
        return print_claim(&Anatomy::new(first, host.now(), Redaction::None), name, json, host);
    }
    if json || !host.is_quiet() {
        let at = host.now();
        let described =
            |token| Anatomy::new(token, at, Redaction::None).with_known_secrets(KnownSecrets::Tried);
        let report = DocumentReport {
            form: jws.form,
            size: received.token.len(),
            signatures: tokens.iter().map(described).collect(),
            verification: None,
        };
        if json {
            output::write_json(host, &output::json(&DecodeJsonDocument(&report)), ExitStatus::Done)?;
        } else {
            let text = output::rendered(|text| document::write_decoded(text, &report, host.screen()));
            output::write_report(host, &text, ExitStatus::Done)?;
        }
    }
    // A payload that is not Base64url cannot be shown.
    let is_shown = first.payload.is_some();
    Ok(if is_shown { ExitStatus::Done } else { ExitStatus::NoToken })
}
