//! `fob decode --lines`: a token a line in, what it says a line out.

use super::{Unknown, claim_of, part_of};
use crate::batch::reader::{Block, InputLine};
use crate::batch::tally::{Tally, Words};
use crate::batch::{self, Results, Work};
use crate::cli::decode::{DecodeArgs, SegmentName};
use crate::commands::settings::batch_plan;
use crate::core::json::{Member, Members};
use crate::core::reason::{Failure, Malformed, Reason};
use crate::core::redact::Redaction;
use crate::core::report::Anatomy;
use crate::core::report::json::{DecodeDocument, ErrorDocument};
use crate::core::text::escape::{Quoted, shown_bytes};
use crate::core::token::Token;
use crate::core::token::claims::Payload;
use crate::core::token::jws::{Compact, too_large};
use crate::core::token::numeric_date::NumericDate;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Clock, Host};
use crate::input::lines::LineSource;
use crate::output;
use crate::scan::pick::in_line;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Write as _;

const WORDS: Words = Words { one: "token", many: "tokens", good: "shown", bad: "without what was asked for" };

/// What a line leaves behind.
enum Form<'a> {
    Nothing,
    Columns,
    Document,
    Part(SegmentName),
    Claim(&'a str),
}

struct Decoding<'a> {
    form: Form<'a>,
    json: bool,
    max_size: usize,
    clock: Clock<'a>,
}

pub(super) fn decode(
    place: &OsStr,
    args: &DecodeArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let source = LineSource::open(place, "the tokens", host)?;
    let max_size = args.token.limit.max_size;
    let plan = batch_plan(&args.lines, max_size, WORDS, host);
    let form = match (args.part, &args.claim) {
        (Some(part), _) => Form::Part(part),
        (None, Some(name)) => Form::Claim(name),
        (None, None) if host.is_quiet() => Form::Nothing,
        (None, None) if json => Form::Document,
        (None, None) => Form::Columns,
    };
    let parts = host.split();
    let work = Decoding { form, json, max_size, clock: parts.clock };
    let status = |tally: &Tally| match tally {
        tally if tally.lines() == 0 => ExitStatus::NoToken,
        tally if tally.bad + tally.malformed == 0 => ExitStatus::Done,
        _ => ExitStatus::Rejected,
    };
    Ok(batch::run(&work, source, plan, parts.streams, status, ExitStatus::Done)?)
}

impl Work for Decoding<'_> {
    type Error = CommandError;
    type WorkerState = ();

    fn worker_state(&self) -> Self::WorkerState {}

    fn block(&self, (): &mut (), block: &Block, results: &mut Results) -> Result<(), CommandError> {
        let at = self.clock.now();
        for (_, line) in block.lines() {
            let found = match line {
                InputLine::Bytes(line) => in_line(line.strip_suffix(b"\r").unwrap_or(line)),
                InputLine::TooLarge(size) => Some(Err(too_large(size, self.max_size))),
            };
            let outcome = match found {
                None => {
                    results.tally.empty += 1;
                    continue;
                }
                Some(Ok(token)) => match Compact::parse(&token, self.max_size) {
                    Ok(compact) => self.show(&compact, at, &mut results.out),
                    Err(failure) => Err(failure),
                },
                Some(Err(failure)) => Err(failure),
            };
            self.count(outcome, results);
        }
        Ok(())
    }
}

impl Decoding<'_> {
    /// Writes what is to be seen of a token. Nothing is written with an error.
    fn show(&self, compact: &Compact<'_>, at: NumericDate, out: &mut Vec<u8>) -> Result<(), Failure> {
        if let Form::Part(part) = self.form {
            let bytes = part_of(compact, part)?;
            let text = match part {
                SegmentName::Signature => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
                SegmentName::Header | SegmentName::Payload => shown_bytes(bytes),
            };
            out.extend_from_slice(text.as_bytes());
            out.push(b'\n');
            return Ok(());
        }
        let token = Token::parse(compact);
        if let Err(failure) = &token.header {
            return Err(failure.clone());
        }
        let payload = match compact {
            Compact::Jws { payload, .. } => payload.decoded.as_ref().map(|_| ()),
            Compact::Jwe { .. } => Ok(()),
        };
        // It is counted as one that could not be shown, as a single one ends with that status.
        let undecoded = payload.map_err(|_| {
            let flaw = token.flaws.iter().find(|flaw| flaw.reason == Reason::Malformed(Malformed::Base64));
            flaw.cloned().unwrap_or_else(|| Failure::malformed(Malformed::Base64, "the payload"))
        });
        match &self.form {
            Form::Claim(name) => {
                let text = claim_of(&token, name, self.json).map_err(|unknown| match unknown {
                    Unknown::Absent => Failure::new(Reason::ClaimMissing((*name).to_owned()), "it is absent"),
                    Unknown::Ambiguous(failure) | Unknown::NoClaims(Some(failure)) => failure,
                    Unknown::NoClaims(None) => Failure::new(Reason::Jwe, "encrypted"),
                })?;
                out.extend_from_slice(text.as_bytes());
                out.push(b'\n');
            }
            Form::Columns => {
                undecoded?;
                columns(out, &Anatomy::new(&token, at, Redaction::None));
            }
            Form::Document => {
                output::json_line(out, &DecodeDocument(&Anatomy::new(&token, at, Redaction::None)));
                // The document is there; the count says the rest.
                return undecoded.map_err(|failure| Failure::new(failure.reason, String::new()));
            }
            Form::Nothing | Form::Part(_) => undecoded?,
        }
        Ok(())
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
        match self.form {
            Form::Nothing => {}
            // There is a line for every line, and a document where those are asked for.
            Form::Claim(_) if self.json => output::json_line(out, &ErrorDocument(&failure)),
            Form::Part(_) | Form::Claim(_) => out.push(b'\n'),
            Form::Document if failure.detail.is_empty() => {}
            Form::Document => output::json_line(out, &ErrorDocument(&failure)),
            // A Vec takes every write.
            Form::Columns => _ = writeln!(out, "malformed\t{}", failure.reason),
        }
    }
}

/// Where in its life it is, its header and its payload.
fn columns(out: &mut Vec<u8>, anatomy: &Anatomy<'_>) {
    let object = |out: &mut Vec<u8>, members: Option<Cow<'_, [Member<'_>]>>| match members {
        Some(members) => write!(out, "{}", Members(&members)),
        None => write!(out, "null"),
    };
    // A Vec takes every write.
    let _ = write!(out, "{}\t", anatomy.lifetime().name());
    let _ = object(out, anatomy.parameters());
    out.push(b'\t');
    let _ = match &anatomy.token.payload {
        Some(Payload::Claims(_)) => object(out, anatomy.claims()),
        Some(Payload::Json(value)) => write!(out, "{value}"),
        Some(Payload::Text(text, _)) => write!(out, "{}", Quoted(text)),
        Some(Payload::Bytes(..)) | None => write!(out, "null"),
    };
    out.push(b'\n');
}
