//! `fob decode --lines`: reads one token per line, and writes one line for each.

use super::decryption::DecodeKeys;
use super::{Readable, anatomy, claim_of, not_a_jwt, part_of};
use crate::batch::reader::{Block, InputLine};
use crate::batch::tally::{Tally, Words};
use crate::batch::{self, Results, Work};
use crate::cli::decode::{DecodeArgs, SegmentName};
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::settings::batch_plan;
use crate::core::json::{Member, Members};
use crate::core::reason::{Failure, Malformed, Reason};
use crate::core::report::json::{DecodeDocument, ErrorDocument};
use crate::core::report::{Anatomy, LifetimeState};
use crate::core::text::escape::{Quoted, shown_bytes};
use crate::core::text::hex::hex;
use crate::core::token::Token;
use crate::core::token::base64url::DecodeBuffer;
use crate::core::token::claims::Payload;
use crate::core::token::jws::{Compact, too_large};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::header_cache::HeaderCache;
use crate::core::verify::{Opening, ParsedToken, PlainToken};
use crate::error::decode::DecodeError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Clock, Host};
use crate::input::lines::LineSource;
use crate::output;
use crate::scan::extract::of_line;
use crate::scan::extracted::Extracted;
use crate::scan::repair::Deviation;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Write as _;

const WORDS: Words = Words { one: "token", many: "tokens", good: "shown", bad: "without the requested part" };

/// The output for a line.
enum DecodeOutput<'a> {
    Nothing,
    /// State of the lifetime, header and payload, divided by tabs.
    Columns,
    /// A JSON document.
    Document,
    Segment(SegmentName),
    Claim(&'a str),
}

/// The work of `decode --lines`.
struct Decoding<'a> {
    output: DecodeOutput<'a>,
    json: bool,
    max_size: usize,
    keys: &'a DecodeKeys,
    clock: Clock<'a>,
}

pub(super) fn decode(
    place: &OsStr,
    args: &DecodeArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let source = LineSource::open(place, "the tokens", host)?;
    let max_size = args.token.limit.max_size();
    let mut keys = DecodeKeys::load(args, host)?;
    keys.load_from_environment(host)?;
    let mut plan = batch_plan(&args.lines, max_size, WORDS, host);
    let output = match (args.part, &args.claim) {
        (Some(part), _) => DecodeOutput::Segment(part),
        (None, Some(name)) => DecodeOutput::Claim(name),
        (None, None) if json => DecodeOutput::Document,
        (None, None) if host.is_quiet() => DecodeOutput::Nothing,
        (None, None) => DecodeOutput::Columns,
    };
    if json && args.part.is_none() {
        plan.json_style = host.stdout.json_style().on_one_line();
    }
    let parts = host.split();
    let work = Decoding { output, json, max_size, keys: &keys, clock: parts.clock };
    let status = |tally: &Tally| match tally {
        tally if tally.lines() == 0 => ExitStatus::NoToken,
        tally if tally.bad + tally.malformed == 0 => ExitStatus::Done,
        _ => ExitStatus::Rejected,
    };
    Ok(batch::run(&work, source, plan, parts.streams, status, ExitStatus::Done)?)
}

/// The state that a thread keeps from line to line.
struct DecodeState<'a> {
    headers: HeaderCache<'a>,
    decoded: DecodeBuffer,
}

impl<'a> Work for Decoding<'a> {
    type Error = CommandError;
    type WorkerState = DecodeState<'a>;

    fn worker_state(&self) -> Self::WorkerState {
        DecodeState { headers: self.keys.verifier().header_cache(), decoded: DecodeBuffer::default() }
    }

    fn block(
        &self,
        state: &mut Self::WorkerState,
        block: &Block,
        results: &mut Results,
    ) -> Result<(), CommandError> {
        let at = self.clock.now();
        let DecodeState { headers, decoded } = state;
        for (_, line) in block.lines() {
            if let Some(text) = whole(line)
                && let Some(cached) = headers.lookup(text)
                && let Some(plain) = PlainToken::parse(&self.keys.verifier(), text, cached, decoded)
            {
                let is_columns = matches!(self.output, DecodeOutput::Columns);
                if is_columns && plain_columns(&mut results.out, &plain, at).is_some() {
                    results.tally.good += 1;
                    continue;
                }
                if let Ok(parsed) = plain.parsed() {
                    let (compact, submitted) = (parsed.compact(), parsed.read());
                    let outcome =
                        self.show(compact, Some(submitted.token()), &[], None, at, &mut results.out);
                    self.count(outcome, results);
                    continue;
                }
            }
            if let Some(compact) = self.parse_whole(line) {
                let outcome = self.show(&compact, None, &[], None, at, &mut results.out);
                self.count(outcome, results);
                continue;
            }
            let found = match line {
                InputLine::Bytes(line) => of_line(line.strip_suffix(b"\r").unwrap_or(line)),
                InputLine::TooLarge(size) => Some(Err(too_large(size, self.max_size))),
            };
            let outcome = match found {
                None => {
                    results.tally.empty += 1;
                    continue;
                }
                Some(Ok(found)) => self.show_found(&found, at, &mut results.out),
                Some(Err(failure)) => Err(failure),
            };
            self.count(outcome, results);
        }
        Ok(())
    }
}

/// Returns the text of a line that may be a token and nothing else. Other first characters may be those of a wrapping.
fn whole(line: InputLine<'_>) -> Option<&[u8]> {
    let InputLine::Bytes(line) = line else { return None };
    Some(line.strip_suffix(b"\r").unwrap_or(line)).filter(|text| text.starts_with(b"e"))
}

impl Decoding<'_> {
    /// Parses a line that is a token and nothing else. Only a line without three segments of Base64url is searched, which
    /// takes 6,500 instructions.
    fn parse_whole<'l>(&self, line: InputLine<'l>) -> Option<Compact<'l>> {
        Compact::parse(whole(line)?, self.max_size).ok().filter(Compact::is_decoded)
    }

    /// Writes the line of a token that was found in a line. Writes nothing if it returns an error.
    fn show_found(&self, found: &Extracted<'_>, at: NumericDate, out: &mut Vec<u8>) -> Result<(), Failure> {
        let readable = Readable::new(&found.token, self.max_size);
        let received = Compact::parse_to_show(&readable.bytes, self.max_size)?;
        self.show(&received, None, &readable.deviations, found.wrapping().as_deref(), at, out)
    }

    /// Writes the line of a token. Writes nothing if it returns an error. `read` is the token with its header and its claims, if
    /// they were read already.
    fn show(
        &self,
        received: &Compact<'_>,
        read: Option<&Token<'_>>,
        deviations: &[Deviation],
        wrapping: Option<&str>,
        at: NumericDate,
        out: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let shows_header = !matches!(self.output, DecodeOutput::Claim(_) | DecodeOutput::Segment(_));
        let text = EncryptedText::Compact(received.text().as_bytes());
        let verifier = self.keys.verifier();
        let opening = match received {
            Compact::Jwe { .. } => text.open(&verifier),
            Compact::Jws { .. } => None,
        };
        let opening = opening.as_ref();
        let not_decrypted = opening.and_then(Opening::obstacle).map(|(failure, _)| failure);
        let not_decrypted = match not_decrypted {
            Some(failure) if !shows_header => return Err(failure),
            not_decrypted => not_decrypted,
        };
        let parsed = opening.map(|opening| text.parse(&verifier, Some(opening))).transpose()?;
        let submitted = parsed.as_ref().map(ParsedToken::read);
        let envelopes = text.envelopes(opening, self.max_size);
        let outer = text.outer(&envelopes, opening);
        let compact = parsed.as_ref().map_or(received, ParsedToken::compact);
        if let (Some(text), DecodeOutput::Segment(SegmentName::Payload)) =
            (opening.and_then(Opening::plain), &self.output)
        {
            out.extend_from_slice(shown_bytes(text).as_bytes());
            out.push(b'\n');
            return Ok(());
        }
        if let DecodeOutput::Segment(part) = self.output {
            let bytes = part_of(compact, part)?;
            let text = match part {
                SegmentName::Signature => hex(bytes),
                SegmentName::Header | SegmentName::Payload | SegmentName::Token => shown_bytes(bytes),
            };
            out.extend_from_slice(text.as_bytes());
            out.push(b'\n');
            return Ok(());
        }
        let owned;
        let token = match (&submitted, read) {
            (Some(submitted), _) => submitted.token(),
            (None, Some(token)) => token,
            (None, None) => {
                owned = Token::parse(compact);
                &owned
            }
        };
        if let Some(failure) = not_a_jwt(token) {
            return Err(failure);
        }
        if let Err(failure) = &token.header {
            return Err(failure.clone());
        }
        let payload = match compact {
            Compact::Jws { payload, .. } => payload.decoded.as_ref().map(|_| ()),
            Compact::Jwe { .. } => Ok(()),
        };
        // Such a token counts as malformed: for a single token, `decode` ends with that status.
        let undecoded = payload.map_err(|_| {
            let flaw = token.flaws.iter().find(|flaw| flaw.reason == Reason::Malformed(Malformed::Base64));
            flaw.cloned().unwrap_or_else(|| Failure::malformed(Malformed::Base64, "the payload"))
        });
        let described = || anatomy(token, deviations, at);
        match &self.output {
            DecodeOutput::Claim(name) => {
                let (_, text) = claim_of(&described(), name, self.json).map_err(|error| match error {
                    DecodeError::NoSuchClaim { name, .. } => {
                        Failure::new(Reason::ClaimMissing(name), "absent")
                    }
                    DecodeError::AmbiguousClaim(failure)
                    | DecodeError::Malformed { failure, .. }
                    | DecodeError::NotDecrypted { failure, .. }
                    | DecodeError::NoClaims(Some(failure)) => failure,
                    DecodeError::NoClaims(None) => Failure::new(Reason::Jwe, "encrypted"),
                })?;
                out.extend_from_slice(text.as_bytes());
                out.push(b'\n');
            }
            DecodeOutput::Columns => {
                undecoded?;
                columns(out, &described(), deviations.is_empty());
            }
            DecodeOutput::Document => {
                let anatomy = described().with_envelopes(&outer);
                output::json_line(out, &DecodeDocument(&anatomy, wrapping));
                // The document is written already, so the failure only counts.
                undecoded.map_err(|failure| Failure::new(failure.reason, String::new()))?;
            }
            DecodeOutput::Nothing | DecodeOutput::Segment(_) => undecoded?,
        }
        match not_decrypted {
            // The header is written already, so the failure only counts.
            Some(failure) => Err(Failure::new(failure.reason, String::new())),
            None => Ok(()),
        }
    }

    fn count(&self, outcome: Result<(), Failure>, results: &mut Results) {
        let Results { out, tally, .. } = results;
        let Err(failure) = outcome else {
            tally.good += 1;
            return;
        };
        tally.reason(&failure.reason);
        if failure.reason.is_malformed() {
            tally.malformed += 1;
        } else {
            tally.bad += 1;
        }
        match self.output {
            DecodeOutput::Nothing => {}
            // Each input line has its output line, so a failure writes an empty line or a document.
            DecodeOutput::Claim(_) if self.json => output::json_line(out, &ErrorDocument(&failure)),
            DecodeOutput::Segment(_) | DecodeOutput::Claim(_) => out.push(b'\n'),
            DecodeOutput::Document | DecodeOutput::Columns if failure.detail.is_empty() => {}
            DecodeOutput::Document => output::json_line(out, &ErrorDocument(&failure)),
            // Writing to a Vec cannot fail.
            DecodeOutput::Columns => _ = writeln!(out, "malformed\t{}", failure.reason),
        }
    }
}

/// Writes what [`columns`] writes for a token whose parts a report writes as they are, without a tree of its claims. Returns `None`,
/// with nothing written, for every other token.
fn plain_columns(out: &mut Vec<u8>, plain: &PlainToken<'_, '_>, at: NumericDate) -> Option<()> {
    let (header, payload, claims) = plain.compact_parts()?;
    let state = LifetimeState::of_registered(&claims.registered(), at)?;
    for (text, end) in [(state.name().as_bytes(), b'\t'), (header, b'\t'), (payload, b'\n')] {
        out.extend_from_slice(text);
        out.push(end);
    }
    Some(())
}

/// Writes the stage of the lifetime, the header and the payload, divided by tabs. `is_whole` says that the token has no
/// disclosures. Copying both as received saves 4,500 of 12,000 instructions a token.
fn columns(out: &mut Vec<u8>, anatomy: &Anatomy<'_>, is_whole: bool) {
    let object =
        |out: &mut Vec<u8>, received: Option<&[u8]>, members: Option<Cow<'_, [Member<'_>]>>| match members {
            Some(members) => match received.filter(|_| is_whole) {
                Some(received) => out.write_all(received),
                None => write!(out, "{}", Members(&members)),
            },
            None => write!(out, "null"),
        };
    let token = anatomy.token;
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{}\t", anatomy.lifetime().name());
    let _ = object(out, token.compact_header(), anatomy.parameters());
    out.push(b'\t');
    let _ = match &token.payload {
        Some(Payload::Claims(_)) => object(out, token.compact_claims(), anatomy.claims()),
        Some(Payload::Json(value)) => write!(out, "{value}"),
        Some(Payload::Text(text, _)) => write!(out, "{}", Quoted(text)),
        Some(Payload::Bytes(..)) | None => write!(out, "null"),
    };
    out.push(b'\n');
}
