//! `fob encode --lines`: a claims set a line in, a token a line out.

use super::{Draft, PURPOSE};
use crate::batch::reader::{Block, Line};
use crate::batch::tally::{Tally, Words};
use crate::batch::{self, Results, Work};
use crate::cli::key::{IssuerKeyArgs, KeyArgs};
use crate::cli::lines::LinesArgs;
use crate::commands::settings::batch_plan;
use crate::core::key::KeyUse;
use crate::core::key::seed::Seed;
use crate::core::mint::signer::{PreparedSigner, choose_key};
use crate::core::text::palette::Palette;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::error::{CommandError, ExitStatus};
use crate::host::{Clock, Entropy, Host, Level};
use crate::input::lines::LineSource;
use crate::keys;
use crate::keys::GivenKey;
use std::ffi::OsStr;
use std::sync::{Mutex, PoisonError};

const WORDS: Words = Words { one: "token", many: "tokens", good: "minted", bad: "refused" };

/// The longest line. Twice this is what a token may be that anybody reads.
const LONGEST: usize = 2 << 20;

struct Encoding<'a, 'h> {
    draft: &'a Draft,
    given: &'a GivenKey,
    separator: u8,
    clock: Clock<'a>,
    entropy: Mutex<&'a mut Entropy<'h>>,
    /// What chance follows from instead: each line by itself, so that it does not matter who works on which.
    seed: Option<Seed>,
    talk: Palette,
}

pub(super) fn encode(
    draft: &Draft,
    key: KeyArgs,
    place: &OsStr,
    args: &LinesArgs,
    seed: Option<Seed>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let given = keys::load(key, IssuerKeyArgs::default(), KeyUse::Sign, host)?;
    // Where no line has a say in it, a key that cannot sign is the end, and not the end of each line.
    if given.keys.claim().is_none() {
        PreparedSigner::for_claims(&given.keys, draft.algorithm, &[], &draft.header)?;
    }
    let source = LineSource::open(place, "the claims", host)?;
    let plan = batch_plan(args, LONGEST, WORDS, host);
    let parts = host.split();
    let work = Encoding {
        draft,
        given: &given,
        separator: plan.separator,
        clock: parts.clock,
        entropy: Mutex::new(parts.entropy),
        seed,
        talk: parts.streams.stderr.palette(),
    };
    let status = |tally: &Tally| if tally.bad == 0 { ExitStatus::Done } else { ExitStatus::Rejected };
    Ok(batch::run(&work, source, plan, parts.streams, status, ExitStatus::Done)?)
}

impl<'a> Work for Encoding<'a, '_> {
    type Error = CommandError;
    /// The keys that have signed so far.
    type WorkerState = Vec<PreparedSigner<'a>>;

    fn worker_state(&self) -> Self::WorkerState {
        Vec::new()
    }

    fn block(
        &self,
        signers: &mut Self::WorkerState,
        block: &Block,
        results: &mut Results,
    ) -> Result<(), CommandError> {
        for (number, line) in block.lines() {
            let minted = match line {
                Line::Bytes(line) => {
                    // Behind a NUL byte nothing belongs to a line break.
                    let line =
                        if self.separator == 0 { line } else { line.strip_suffix(b"\r").unwrap_or(line) };
                    // White space is a payload to whoever signs bytes as they are.
                    if if self.draft.content.verbatim {
                        line.is_empty()
                    } else {
                        line.trim_ascii().is_empty()
                    } {
                        results.tally.empty += 1;
                        continue;
                    }
                    if line.len() > LONGEST {
                        Err(too_long(line.len() as u64))
                    } else {
                        self.mint(line, number, signers, &mut results.tally)
                    }
                }
                Line::TooLarge(size) => Err(too_long(size)),
            };
            match minted {
                Ok(text) => {
                    results.tally.good += 1;
                    results.out.extend_from_slice(text.as_bytes());
                    results.out.push(b'\n');
                }
                Err(problem) => {
                    results.tally.bad += 1;
                    let what = format!("line {number}: {problem}");
                    results.talk.push_str(&Level::Error.line(&what, self.talk));
                }
            }
        }
        Ok(())
    }
}

fn too_long(size: u64) -> CommandError {
    CommandError::usage(format!(
        "{size} bytes, and a line may have {LONGEST}; one by one there is no such limit"
    ))
}

impl<'a> Encoding<'a, '_> {
    fn mint(
        &self,
        line: &[u8],
        number: u64,
        signers: &mut Vec<PreparedSigner<'a>>,
        tally: &mut Tally,
    ) -> Result<String, CommandError> {
        /// More keys than are worth looking through.
        const KEPT: usize = 64;
        let mut stream = self.seed.map(|seed| seed.stream(PURPOSE, number));
        let mut random = |bytes: &mut [u8]| {
            if let Some(stream) = &mut stream {
                stream.fill(bytes);
                return Ok(());
            }
            let mut entropy = self.entropy.lock().unwrap_or_else(PoisonError::into_inner);
            entropy(bytes)
        };
        let payload = self.draft.content.payload(line, self.clock, &mut random)?;
        let parsed = Payload::parse(&payload);
        let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
        let keys = &self.given.keys;
        let key = choose_key(keys, self.draft.algorithm, claims)?;
        let prepared = signers.iter().position(|signer| std::ptr::eq(signer.key(), key));
        if prepared.is_none() {
            let signer = PreparedSigner::new(keys, key, self.draft.algorithm, &self.draft.header)?;
            signers.truncate(KEPT);
            signers.insert(0, signer);
        }
        let signer = signers
            .get(prepared.unwrap_or_default())
            .ok_or_else(|| CommandError::usage("there is no key"))?;
        if let Some(flaw) = parsed.flaw() {
            tally.warning(&flaw.reason);
        }
        if let Some(weakness) = signer.weakness() {
            tally.warning(&weakness.reason);
        }
        let token = signer.sign(&payload)?;
        Ok(self.draft.text(token, signer.header(), &parsed))
    }
}
