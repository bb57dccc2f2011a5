//! `fob decode`: shows what a token says, with no key and no verdict; many tokens in `lines`.

mod lines;

use crate::cli::decode::{DecodeArgs, SegmentName};
use crate::commands::settings::token_request;
use crate::core::json::{self, Value};
use crate::core::reason::{Failure, Malformed, Reason};
use crate::core::redact::Redaction;
use crate::core::report::Anatomy;
use crate::core::report::json::DecodeDocument;
use crate::core::report::text;
use crate::core::text::escape::{Shown, excerpt, shown_bytes};
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::jws::{Compact, Segment};
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::input::token::receive;
use crate::output;
use crate::scan::pick::Preference;

pub(crate) fn decode(args: &DecodeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if let Some(place) = &args.lines.lines {
        return lines::decode(place, args, json, host);
    }
    let received = receive(token_request(&args.token, Preference::None), host)?;
    let malformed = |failure: &Failure| {
        let problem = CommandError::no_token(format!("{}: {}", failure.reason, failure.detail));
        match received.hint() {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    };
    let compact =
        Compact::parse(&received.token, args.token.limit.max_size).map_err(|failure| malformed(&failure))?;
    let token = Token::parse(&compact);
    if let Some(part) = args.part {
        return print_part(&compact, part, host);
    }
    if let Err(failure) = &token.header {
        return Err(malformed(failure));
    }
    if let Some(name) = &args.claim {
        return print_claim(&token, name, json, host);
    }
    if !host.is_quiet() {
        let anatomy = Anatomy::new(&token, host.now(), Redaction::None);
        let mut text = Vec::new();
        if json {
            text = output::json(&DecodeDocument(&anatomy));
        } else {
            text::write_decoded(&mut text, &anatomy, host.screen())?;
        }
        output::write(host, &text, ExitStatus::Done)?;
    }
    // A payload that is no Base64url could not be shown.
    let shown = match &compact {
        Compact::Jws { payload, .. } => payload.decoded.is_ok(),
        Compact::Jwe { .. } => true,
    };
    Ok(if shown { ExitStatus::Done } else { ExitStatus::NoToken })
}

/// That something cannot be shown.
fn unshown(failure: &Failure) -> CommandError {
    CommandError::no_token(format!("{}: {}", failure.reason, failure.detail))
}

/// The bytes of one segment.
fn part_of<'c>(compact: &'c Compact<'_>, part: SegmentName) -> Result<&'c [u8], Failure> {
    let segment: &Segment<'_> = match (compact, part) {
        (_, SegmentName::Header) => compact.header(),
        (Compact::Jws { payload, .. }, SegmentName::Payload) => payload,
        (Compact::Jws { signature, .. }, SegmentName::Signature) => signature,
        (Compact::Jwe { .. }, _) => {
            return Err(Failure::new(Reason::Jwe, "encrypted, only the header can be read"));
        }
    };
    segment.decoded.as_deref().map_err(|fault| {
        Failure::malformed(Malformed::Base64, format!("the segment is not Base64url: {fault}"))
    })
}

/// One segment: its very bytes, but on a terminal nothing that could harm it.
fn print_part(
    compact: &Compact<'_>,
    part: SegmentName,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let bytes = part_of(compact, part).map_err(|failure| unshown(&failure))?;
    if host.stdout.is_terminal {
        let text = match part {
            SegmentName::Signature => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            SegmentName::Header | SegmentName::Payload => shown_bytes(bytes),
        };
        output::line(host, &text, ExitStatus::Done)?;
    } else {
        output::write(host, bytes, ExitStatus::Done)?;
    }
    Ok(ExitStatus::Done)
}

/// One claim: a string bare, anything else as compact JSON.
fn print_claim(
    token: &Token<'_>,
    name: &str,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let text = claim_of(token, name, json).map_err(|unknown| match unknown {
        Unknown::Absent => CommandError::absent(format!("the token has no claim `{name}`")),
        Unknown::Ambiguous(failure) => unshown(&failure).with_hint("`fob decode` shows them all"),
        Unknown::NoClaims(Some(failure)) => unshown(&failure),
        Unknown::NoClaims(None) => CommandError::no_token("the token has no claims"),
    })?;
    output::line(host, &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

/// Why a claim has no value.
enum Unknown {
    Absent,
    Ambiguous(Failure),
    /// Perhaps because of this.
    NoClaims(Option<Failure>),
}

fn claim_of(token: &Token<'_>, name: &str, json: bool) -> Result<String, Unknown> {
    let Some(Payload::Claims(claims)) = &token.payload else {
        let flaw = token.payload.as_ref().and_then(Payload::flaw).or_else(|| token.flaws.first().cloned());
        return Err(Unknown::NoClaims(flaw));
    };
    if let Some(place) = ambiguity(claims, name) {
        let what = format!("the payload has {place} more than once");
        return Err(Unknown::Ambiguous(Failure::malformed(Malformed::DuplicateMember, what)));
    }
    Ok(match claims.locate(name).ok_or(Unknown::Absent)? {
        Value::String(text) if !json => Shown(text).to_string(),
        other => other.to_string(),
    })
}

/// Where a claim has more than one value, so that no script can be told which is meant.
fn ambiguity(claims: &ClaimsSet<'_>, path: &str) -> Option<String> {
    let first = match path.strip_prefix('/') {
        Some(rest) => json::unescaped(rest.split('/').next().unwrap_or_default()),
        None => path.to_owned(),
    };
    let meant: Vec<_> = claims.members().iter().filter(|member| member.name == first).cloned().collect();
    json::first_duplicate(&meant).map(|place| excerpt(&place))
}
