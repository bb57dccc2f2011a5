//! `fob decode`: shows the content of a token, without a key and without a verdict. `lines` decodes many tokens.

mod decryption;
mod lines;
mod serialized;

use self::decryption::DecodeKeys;
use crate::cli::decode::{DecodeArgs, SegmentName};
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::settings::token_request;
use crate::core::json::{self, Value};
use crate::core::oauth::request::is_token_text;
use crate::core::reason::{Failure, Malformed, Reason};
use crate::core::redact::Redaction;
use crate::core::report::json::DecodeDocument;
use crate::core::report::text;
use crate::core::report::{Anatomy, KnownSecrets};
use crate::core::text::escape::{Shown, excerpt, shown_bytes};
use crate::core::text::hex::hex;
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::detached::PayloadEncoding;
use crate::core::token::jws::{Compact, Padding, Segment};
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::serialization::JsonContent;
use crate::core::verify::{Opening, ParsedToken, about_encrypted, about_encryption};
use crate::error::decode::DecodeError;
use crate::error::input::{explained, file_name_hint, other_kind_failure, token_hint};
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::token::{DocumentSource, Received, receive};
use crate::output::{self, Syntax};
use crate::scan::pick::Preference;
use crate::scan::repair::{Deviation, readable, sd_jwt};
use std::borrow::Cow;

pub(crate) fn decode(args: &DecodeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if let Some(place) = &args.lines.lines {
        return lines::decode(place, args, json, host);
    }
    if args.part == Some(SegmentName::Token) {
        return print_token(args, host);
    }
    let mut keys = DecodeKeys::load(args, host)?;
    let received =
        receive(token_request(&args.token, Preference::None).or_document(DocumentSource::Anywhere), host)?;
    match received.document {
        Some(JsonContent::Signed) => serialized::decode(&received, args, json, host),
        Some(JsonContent::Encrypted) => decode_document(&received, &mut keys, args, json, host),
        None => decode_compact(&received, &mut keys, args, json, host),
    }
}

/// Prints the token that the user picked, as it stands in the text. It need not be a JWT.
fn print_token(args: &DecodeArgs, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let received = receive(token_request(&args.token, Preference::AnyNamed), host)?;
    match std::str::from_utf8(&received.token).ok().filter(|text| is_token_text(text)) {
        Some(text) => output::line(host, text, ExitStatus::Done)?,
        None => {
            let hint = token_hint(&received.token, &received.pasted);
            return Err(UsageError::NotAB64Token { hint }.into());
        }
    }
    Ok(ExitStatus::Done)
}

/// Shows a token in compact serialization.
fn decode_compact(
    received: &Received,
    keys: &mut DecodeKeys,
    args: &DecodeArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let max_size = args.token.limit.max_size();
    let Readable { bytes, deviations } = Readable::new(&received.token, max_size);
    let compact = Compact::parse_to_show(&bytes, max_size).map_err(|failure| malformed(failure, received))?;
    for note in deviations.iter().flat_map(Deviation::notes) {
        host.message(Level::Warning, &note);
    }
    if matches!(compact, Compact::Jwe { .. }) {
        keys.load_from_environment(host)?;
    }
    let text = EncryptedText::Compact(&bytes);
    let opening = text.open(&keys.verifier());
    let token = Token::parse(&compact);
    let outer = Outer { token, text: &text, compact: &compact, opening, deviations: &deviations };
    show(outer, keys, received, args, json, host)
}

/// Shows an encrypted document in JSON serialization.
fn decode_document(
    received: &Received,
    keys: &mut DecodeKeys,
    args: &DecodeArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let text = EncryptedText::document(&received.token, args.token.limit.max_size());
    if let EncryptedText::Document(Err(error)) = &text {
        return Err(DecodeError::Malformed { failure: Failure::from(error), hint: None }.into());
    }
    keys.load_from_environment(host)?;
    let opening = text.open(&keys.verifier());
    let Some(entry) = text.entry(opening.as_ref()) else { return Ok(ExitStatus::NoToken) };
    let malformed = |failure| DecodeError::Malformed { failure, hint: None };
    let compact = entry.compact(Padding::Refused).map_err(malformed)?;
    let token = Token::parse_json(entry, &compact);
    let outer = Outer { token, text: &text, compact: &compact, opening, deviations: &[] };
    show(outer, keys, received, args, json, host)
}

/// A token as received, before what is inside it.
struct Outer<'t> {
    token: Token<'t>,
    text: &'t EncryptedText<'t>,
    compact: &'t Compact<'t>,
    /// The outcome of the decryption, if the token is encrypted and there is a key.
    opening: Option<Opening<'t>>,
    deviations: &'t [Deviation],
}

/// Shows a token, or the token inside it if it was decrypted.
fn show(
    outer: Outer<'_>,
    keys: &DecodeKeys,
    received: &Received,
    args: &DecodeArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let malformed = |failure: Failure| malformed(failure, received);
    let max_size = args.token.limit.max_size();
    let Outer { token, text, compact, opening, deviations } = outer;
    let verifier = keys.verifier();
    let opening = opening.as_ref();
    let parsed = opening.map(|opening| text.parse(&verifier, Some(opening))).transpose().map_err(inside)?;
    let submitted = parsed.as_ref().map(ParsedToken::read);
    let token = submitted.as_ref().map_or(token, |submitted| submitted.token().clone());
    let envelopes = text.envelopes(opening, max_size);
    let outer = text.outer(&envelopes, opening);
    let described = |at| {
        anatomy(&token, deviations, at)
            .with_known_secrets(KnownSecrets::Tried)
            .with_envelopes(&outer)
            .with_document(text.recipients(), received.token.len())
    };
    if token.json.is_none()
        && let Some(failure) = not_a_jwt(&token)
    {
        return Err(malformed(failure).into());
    }
    if let Some((failure, hint)) = opening.and_then(Opening::obstacle) {
        // The header is shown all the same.
        if args.claim.is_none() && args.part.is_none() && !json && !host.is_quiet() {
            let anatomy = described(host.now());
            let text = output::rendered(|text| text::write_decoded(text, &anatomy, host.screen()));
            output::write_report(host, &text, ExitStatus::NoToken)?;
        }
        return Err(DecodeError::NotDecrypted { failure, hint }.into());
    }
    if let (Some(text), Some(SegmentName::Payload)) = (opening.and_then(Opening::plain), args.part) {
        return print_bytes(text, SegmentName::Payload, host);
    }
    let compact = parsed.as_ref().map_or(compact, ParsedToken::compact);
    if let Some(part) = args.part {
        return print_part(compact, part, host);
    }
    if let Err(failure) = &token.header {
        // The payload is shown even if the header is unreadable.
        if args.claim.is_none() && !json && !host.is_quiet() {
            let anatomy = described(host.now());
            let text = output::rendered(|text| text::write_decoded(text, &anatomy, host.screen()));
            output::write_report(host, &text, ExitStatus::NoToken)?;
            if let Some(hint) = curly_quote(compact.header().bytes()) {
                return Err(DecodeError::Malformed { failure: failure.clone(), hint: Some(hint) }.into());
            }
        }
        return Err(malformed(failure.clone()).into());
    }
    if let Some(name) = &args.claim {
        return print_claim(&described(host.now()), name, json, host);
    }
    if json || !host.is_quiet() {
        let anatomy = described(host.now());
        if json {
            let text = output::json(&DecodeDocument(&anatomy, received.wrapping.as_deref()));
            output::write_json(host, &text, ExitStatus::Done)?;
        } else {
            let text = output::rendered(|text| text::write_decoded(text, &anatomy, host.screen()));
            output::write_report(host, &text, ExitStatus::Done)?;
        }
    }
    if let Some(short) = token.short_signature() {
        host.message(Level::Warning, &format!("{short}: the token may be cut short"));
    }
    if opening.is_none() {
        let hint = about_encrypted(&token).map(str::to_owned).or_else(|| about_encryption(&token));
        if let Some(hint) = hint {
            host.message(Level::Hint, &hint);
        }
    }
    // A payload that is not Base64url cannot be shown.
    let shown = match compact {
        Compact::Jws { payload, .. } => payload.decoded.is_ok(),
        Compact::Jwe { .. } => true,
    };
    Ok(if shown { ExitStatus::Done } else { ExitStatus::NoToken })
}

/// Returns the description of a token, with the disclosures after it.
fn anatomy<'t>(token: &'t Token<'t>, deviations: &[Deviation], at: NumericDate) -> Anatomy<'t> {
    let anatomy = Anatomy::new(token, at, Redaction::None);
    match sd_jwt(deviations) {
        Some((disclosures, key_binding)) => anatomy.with_sd_jwt(disclosures, key_binding),
        None => anatomy,
    }
}

/// Returns the error of a text that is not a token, with its likely cause.
fn malformed(failure: Failure, received: &Received) -> DecodeError {
    let (mut shown, hint) = explained(failure.clone(), &received.token, &received.pasted);
    if shown.detail != failure.detail && hint.is_none() {
        // A text of another kind is not a faulty token, so no fault of a token is named.
        shown.reason = Reason::Malformed(Malformed::Segments);
    }
    let hint = received.file.as_deref().map(file_name_hint).or(hint);
    DecodeError::Malformed { failure: shown, hint }
}

/// Returns the error of a decrypted text that is not a token, although it should be one.
const fn inside(failure: Failure) -> DecodeError {
    DecodeError::Malformed { failure, hint: None }
}

/// A text in the form in which it can be shown, and how it deviates from the compact serialization.
struct Readable<'t> {
    bytes: Cow<'t, [u8]>,
    deviations: Vec<Deviation>,
}

impl<'t> Readable<'t> {
    /// Returns a token unchanged if it parses, or else in the form that [`readable`] gives it.
    fn new(token: &'t [u8], max_size: usize) -> Self {
        let as_received = Self { bytes: Cow::Borrowed(token), deviations: Vec::new() };
        match Compact::parse_to_show(token, max_size) {
            Err(failure) if failure.reason != Reason::Malformed(Malformed::TooLarge) => {
                let form = |(bytes, deviations)| Self { bytes: Cow::Owned(bytes), deviations };
                readable(token).map_or(as_received, form)
            }
            _ => as_received,
        }
    }
}

/// Returns the failure of a text of several segments that is not a JWT. Its first segment is not JSON, or has no `alg` and
/// the text has the form of another kind.
fn not_a_jwt(token: &Token<'_>) -> Option<Failure> {
    match &token.header {
        Ok(header) if header.alg().is_ok() => None,
        Ok(header) => other_kind_failure(token.compact.text().as_bytes()).or_else(|| {
            let detail = "not a JWT: the header has no `alg`";
            header.get("alg").is_none().then(|| Failure::malformed(Malformed::Alg, detail))
        }),
        Err(failure) => {
            let other = other_kind_failure(token.compact.text().as_bytes());
            let is_begun = token.compact.header().bytes().trim_ascii_start().starts_with(b"{");
            other.or_else(|| {
                let detail = format!("not a JWT: {}", failure.detail);
                (!is_begun).then(|| Failure { detail, ..failure.clone() })
            })
        }
    }
}

/// Returns a hint for a header with a typographic quotation mark.
fn curly_quote(header: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(header).ok()?;
    let mark = text.chars().find(|mark| matches!(mark, '\u{2018}'..='\u{201f}'))?;
    let code = u32::from(mark);
    Some(format!("the header holds the typographic quotation mark U+{code:04X}: write a plain `\"`"))
}

/// Returns the bytes of one segment.
fn part_of<'c>(compact: &'c Compact<'_>, part: SegmentName) -> Result<&'c [u8], Failure> {
    let segment: &Segment<'_> = match (compact, part) {
        (Compact::Jws { payload, .. }, SegmentName::Payload)
            if PayloadEncoding::of(compact) == PayloadEncoding::Unencoded =>
        {
            return Ok(payload.encoded.as_bytes());
        }
        (_, SegmentName::Token) => return Ok(compact.text().as_bytes()),
        (_, SegmentName::Header) => compact.header(),
        (Compact::Jws { payload, .. }, SegmentName::Payload) => payload,
        (Compact::Jws { signature, .. }, SegmentName::Signature) => signature,
        (Compact::Jwe { .. }, _) => {
            return Err(Failure::new(Reason::Jwe, "encrypted: only the header can be read"));
        }
    };
    segment.decoded.as_deref().map_err(|error| {
        Failure::malformed(Malformed::Base64, format!("the segment is not Base64url: {error}"))
    })
}

/// Prints one segment: its exact bytes, but for people if standard output is a terminal.
fn print_part(
    compact: &Compact<'_>,
    part: SegmentName,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let bytes = part_of(compact, part).map_err(|failure| DecodeError::Malformed { failure, hint: None })?;
    print_bytes(bytes, part, host)
}

/// Prints the bytes of a segment as they are. A terminal gets JSON in colours, and all else escaped.
fn print_bytes(bytes: &[u8], part: SegmentName, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if !host.stdout.is_terminal {
        output::write(host, bytes, ExitStatus::Done)?;
        return Ok(ExitStatus::Done);
    }
    match part {
        SegmentName::Signature => output::line(host, &hex(bytes), ExitStatus::Done)?,
        SegmentName::Header | SegmentName::Payload | SegmentName::Token => match shown_json(bytes) {
            Some(text) => output::write_json(host, format!("{text}\n").as_bytes(), ExitStatus::Done)?,
            None => output::line(host, &shown_bytes(bytes), ExitStatus::Done)?,
        },
    }
    Ok(ExitStatus::Done)
}

/// Returns JSON as safe text, with its white space between the values. Returns `None` if the bytes are not JSON.
fn shown_json(bytes: &[u8]) -> Option<String> {
    json::parse(bytes).ok()?;
    let text = std::str::from_utf8(bytes).ok()?;
    // A string holds no white space but blanks, so only hostile characters inside of strings are escaped.
    let pieces = text.split_inclusive(['\t', '\n', '\r']).map(|piece| {
        let end = piece.len() - usize::from(piece.ends_with(['\t', '\n', '\r']));
        let (words, blank) = piece.split_at(end);
        format!("{}{blank}", Shown(words))
    });
    Some(pieces.collect())
}

/// Prints one claim: a string without quotes, any other value as compact JSON.
fn print_claim(
    anatomy: &Anatomy<'_>,
    name: &str,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let (syntax, text) = claim_of(anatomy, name, json)?;
    output::line_as(host, syntax, &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

/// Returns the text of a claim. It may be a disclosed one.
fn claim_of(anatomy: &Anatomy<'_>, name: &str, json: bool) -> Result<(Syntax, String), DecodeError> {
    let token = anatomy.token;
    let Some(claims) = anatomy.all_claims() else {
        let flaw = token.payload.as_ref().and_then(Payload::flaw).or_else(|| token.flaws.first().cloned());
        return Err(DecodeError::NoClaims(flaw));
    };
    if let Some(path) = ambiguity(claims, name) {
        let what = format!("the payload has {path} more than once");
        return Err(DecodeError::AmbiguousClaim(Failure::malformed(Malformed::DuplicateMember, what)));
    }
    let value = claims.locate(name).ok_or_else(|| DecodeError::no_such_claim(name, Some(claims)))?;
    Ok(value_text(value, json))
}

/// Returns the text of a value: a string without quotes unless JSON is wanted, any other value as compact JSON.
pub(super) fn value_text(value: &Value<'_>, json: bool) -> (Syntax, String) {
    match value {
        Value::String(text) if !json => (Syntax::Text, Shown(text).to_string()),
        other => (Syntax::Json, other.to_string()),
    }
}

/// Returns the path of a repeated name that makes a claim ambiguous: a script must not get one value of several.
fn ambiguity(claims: &ClaimsSet<'_>, path: &str) -> Option<String> {
    let first = match path.strip_prefix('/') {
        Some(rest) => json::unescaped(rest.split('/').next().unwrap_or_default()),
        None => path.to_owned(),
    };
    let named: Vec<_> = claims.members().iter().filter(|member| member.name == first).cloned().collect();
    json::first_duplicate(&named).map(|path| excerpt(&path))
}
