//! `fob encode --lines`: reads one claims set from each line, and writes one token for each. An invalid line is reported
//! and skipped; it never stops the run.

use super::{EncodeSettings, SEED_PURPOSE};
use crate::batch::reader::{Block, InputLine};
use crate::batch::tally::{Tally, Words};
use crate::batch::{self, Results, Work};
use crate::cli::encode::TokenFormat;
use crate::cli::lines::LinesArgs;
use crate::commands::minting::PayloadMode;
use crate::commands::settings::batch_plan;
use crate::core::key::KeyUse;
use crate::core::key::seed::Seed;
use crate::core::mint::prepared_claims::PreparedClaims;
use crate::core::mint::serialization::Serialization;
use crate::core::mint::signer::{PreparedSigner, choose_key};
use crate::core::text::layout::Screen;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::numeric_date::{Instant, NumericDate};
use crate::error::document::FailureDocument;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Clock, Entropy, Host, Level, RandomPool};
use crate::input::lines::LineSource;
use crate::keys;
use crate::keys::{GivenKey, KeySettings};
use crate::output::{self, Syntax};
use std::ffi::OsStr;
use std::io;
use std::sync::{Mutex, PoisonError};

const WORDS: Words = Words { one: "token", many: "tokens", good: "minted", bad: "refused" };

/// The largest size of a line, in bytes. The token of such a line is about half of the size that a reader accepts.
const LONGEST: usize = 2 << 20;

struct EncodeLines<'a, 'h> {
    settings: &'a EncodeSettings,
    /// The signing key, unless the claims are encrypted without a signature.
    given: Option<&'a GivenKey>,
    /// The claims of the options, if the tokens of this run can be written without a tree of their claims.
    prepared: Option<PreparedClaims<'a>>,
    separator: u8,
    clock: Clock<'a>,
    entropy: Mutex<&'a mut Entropy<'h>>,
    /// The source of random values instead of `entropy`. Each line has its own stream, so that the number of threads does
    /// not change the tokens.
    seed: Option<Seed>,
    talk: Screen,
}

pub(super) fn encode(
    settings: &EncodeSettings,
    key: &KeySettings,
    place: &OsStr,
    args: &LinesArgs,
    seed: Option<Seed>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let given = if settings.is_unsigned { None } else { Some(keys::load(key, KeyUse::Sign, host)?) };
    // Where no claim names the key, a key that cannot sign ends the run at once instead of rejecting each line.
    if let Some(given) = given.as_ref().filter(|given| given.keys.claim().is_none()) {
        PreparedSigner::for_claims(&given.keys, settings.mint.algorithm, &[], &settings.mint.header)?;
    }
    let source = LineSource::open(place, "the claims", host)?;
    let mut plan = batch_plan(args, LONGEST, WORDS, host);
    if settings.syntax() == Syntax::Json {
        plan.json_style = host.stdout.json_style().on_one_line();
    }
    let parts = host.split();
    let work = EncodeLines {
        settings,
        given: given.as_ref(),
        prepared: settings.prepared_claims(),
        separator: plan.separator,
        clock: parts.clock,
        entropy: Mutex::new(parts.entropy),
        seed,
        talk: parts.streams.message_screen,
    };
    let status = |tally: &Tally| if tally.bad == 0 { ExitStatus::Done } else { ExitStatus::Rejected };
    Ok(batch::run(&work, source, plan, parts.streams, status, ExitStatus::Done)?)
}

impl EncodeSettings {
    /// Returns the claims of the options as text, if each result is a signed token and nothing else.
    fn prepared_claims(&self) -> Option<PreparedClaims<'_>> {
        let is_plain = self.mint.mode == PayloadMode::Claims
            && self.format == TokenFormat::Token
            && self.serialization == Serialization::Compact
            && self.recipient.is_none()
            && !self.is_unsigned;
        if is_plain { PreparedClaims::new(&self.mint.claims) } else { None }
    }
}

/// The state that a thread keeps from line to line.
struct LineState<'a> {
    /// The signers that were prepared so far, one for each key.
    signers: Vec<PreparedSigner<'a>>,
    /// The signer of every token, if no claim names its key.
    only_signer: Option<PreparedSigner<'a>>,
    random: RandomPool,
    /// The payloads of two tokens, and memory for the signer.
    payloads: [Vec<u8>; 2],
    spare: Vec<u8>,
}

/// A line with its number.
type NumberedLine<'l> = (u64, InputLine<'l>);

/// The time of the lines of a block. To read the clock for each takes 40 ns.
struct Now<'c> {
    clock: Clock<'c>,
    /// The time of issue.
    issued: Option<NumericDate>,
}

impl<'a> Work for EncodeLines<'a, '_> {
    type Error = CommandError;
    type WorkerState = LineState<'a>;

    fn worker_state(&self) -> Self::WorkerState {
        let mint = &self.settings.mint;
        let keys = self.given.map(|given| &given.keys).filter(|keys| keys.claim().is_none());
        let signer = |keys| PreparedSigner::for_claims(keys, mint.algorithm, &[], &mint.header).ok();
        LineState {
            signers: Vec::new(),
            only_signer: keys.and_then(signer),
            random: RandomPool::default(),
            payloads: Default::default(),
            spare: Vec::new(),
        }
    }

    fn block(
        &self,
        state: &mut Self::WorkerState,
        block: &Block,
        results: &mut Results,
    ) -> Result<(), CommandError> {
        let clock = self.clock.set(Some(Instant::At(self.clock.now())));
        let now = Now { clock, issued: clock.time_of_issue().ok() };
        let mut lines = block.lines();
        while let Some(first) = lines.next() {
            match lines.next() {
                Some(second) if self.mint_two([first, second], &now, state, results).is_some() => {}
                second => {
                    for line in [first].into_iter().chain(second) {
                        self.line(line, &now, state, results);
                    }
                }
            }
        }
        Ok(())
    }
}

fn too_long(bytes: u64) -> CommandError {
    UsageError::ClaimsLineTooLong { bytes, maximum: LONGEST }.into()
}

impl<'a> EncodeLines<'a, '_> {
    /// Reports whether a line holds no payload. White space is a payload if bytes are signed verbatim.
    fn is_empty(&self, line: &[u8]) -> bool {
        match self.settings.mint.mode {
            PayloadMode::Verbatim => line.is_empty(),
            PayloadMode::Claims => line.trim_ascii().is_empty(),
        }
    }

    /// Returns the source of random values for a line.
    fn random<'r>(
        &'r self,
        number: u64,
        pool: &'r mut RandomPool,
    ) -> impl FnMut(&mut [u8]) -> io::Result<()> + 'r {
        let mut stream = self.seed.map(|seed| seed.stream(SEED_PURPOSE, number));
        move |bytes| {
            if let Some(stream) = &mut stream {
                stream.fill(bytes);
                return Ok(());
            }
            pool.fill(bytes, |block| self.entropy.lock().unwrap_or_else(PoisonError::into_inner)(block))
        }
    }

    /// Returns the claims of a line. Returns `None` for one that is empty or too long.
    fn claims<'l>(&self, line: InputLine<'l>) -> Option<&'l [u8]> {
        let InputLine::Bytes(line) = line else { return None };
        // Where NUL ends a line, a carriage return is part of it.
        let line = if self.separator == 0 { line } else { line.strip_suffix(b"\r").unwrap_or(line) };
        (line.len() <= LONGEST && !self.is_empty(line)).then_some(line)
    }

    /// Mints the token of one line, and writes what comes of it.
    fn line(&self, line: NumberedLine<'_>, now: &Now<'_>, state: &mut LineState<'a>, results: &mut Results) {
        let (number, content) = line;
        let minted = match (self.claims(content), content) {
            (Some(claims), _) => match self.mint_plain(claims, number, now, state, results) {
                Some(()) => return,
                None => self.mint(claims, number, now.clock, state, &mut results.tally),
            },
            (None, InputLine::TooLarge(size)) => Err(too_long(size)),
            (None, InputLine::Bytes(line)) if line.len() > LONGEST => Err(too_long(line.len() as u64)),
            (None, InputLine::Bytes(_)) => {
                results.tally.empty += 1;
                return;
            }
        };
        match minted {
            Ok(text) => {
                results.tally.good += 1;
                results.out.extend_from_slice(text.as_bytes());
                results.out.push(b'\n');
            }
            Err(error) => {
                results.tally.bad += 1;
                if self.settings.format == TokenFormat::Json {
                    output::json_line(&mut results.out, &FailureDocument::from(&error));
                }
                let what = format!("line {number}: {error}");
                results.talk.push_str(&Level::Error.line(&what, self.talk));
            }
        }
    }

    /// Writes the claims set of a usual line to `payload`. Returns `None` for every other line.
    fn write_payload(
        &self,
        claims: &[u8],
        number: u64,
        now: &Now<'_>,
        pool: &mut RandomPool,
        payload: &mut Vec<u8>,
    ) -> Option<()> {
        let mut random = self.random(number, pool);
        let id = || {
            let mut bytes = [0; 16];
            random(&mut bytes).ok().map(|()| bytes)
        };
        payload.clear();
        self.prepared.as_ref()?.write(claims, now.issued?, id, payload)
    }

    /// Mints the tokens of two usual lines straight into the results, with both signatures at once. Returns `None`, with unchanged
    /// results, if a line needs more, or if this saves no time.
    fn mint_two(
        &self,
        lines: [NumberedLine<'_>; 2],
        now: &Now<'_>,
        state: &mut LineState<'a>,
        results: &mut Results,
    ) -> Option<()> {
        let LineState { only_signer, random, payloads, spare, .. } = state;
        let signer = only_signer.as_ref().filter(|signer| signer.signs_pairs())?;
        for ((number, line), payload) in lines.into_iter().zip(payloads.iter_mut()) {
            self.write_payload(self.claims(line)?, number, now, random, payload)?;
        }
        let [first, second] = payloads;
        signer.sign_two_into([first, second], spare, &mut results.out)?;
        self.count(2, signer, results);
        Some(())
    }

    /// Mints the token of a usual line straight into the results. Returns `None`, with unchanged results, if the line needs the
    /// whole way of [`mint`](Self::mint), which gives the same token and every error.
    fn mint_plain(
        &self,
        claims: &[u8],
        number: u64,
        now: &Now<'_>,
        state: &mut LineState<'a>,
        results: &mut Results,
    ) -> Option<()> {
        let LineState { only_signer, random, payloads: [payload, _], .. } = state;
        let signer = only_signer.as_ref()?;
        self.write_payload(claims, number, now, random, payload)?;
        signer.sign_into(payload, &mut results.out).ok()?;
        results.out.push(b'\n');
        self.count(1, signer, results);
        Some(())
    }

    /// Counts minted tokens, with the warning about their key.
    fn count(&self, tokens: u64, signer: &PreparedSigner<'_>, results: &mut Results) {
        results.tally.good += tokens;
        if let Some(weakness) = signer.weakness() {
            (0..tokens).for_each(|_| results.tally.warning(&weakness.reason));
        }
    }

    /// Mints the token of a line.
    fn mint(
        &self,
        line: &[u8],
        number: u64,
        clock: Clock<'_>,
        state: &mut LineState<'a>,
        tally: &mut Tally,
    ) -> Result<String, CommandError> {
        /// How many signers a worker keeps: more would take longer to search than to prepare again.
        const KEPT: usize = 64;
        let LineState { signers, random, .. } = state;
        let mint = &self.settings.mint;
        let payload = mint.payload(line, clock, &mut self.random(number, random))?;
        let parsed = Payload::parse(&payload);
        let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
        if let Some(flaw) = parsed.flaw() {
            tally.warning(&flaw.reason);
        }
        let Some(given) = self.given else { return self.settings.unsigned(&payload, &parsed) };
        let keys = &given.keys;
        let key = choose_key(keys, mint.algorithm, claims)?;
        let index = match signers.iter().position(|signer| std::ptr::eq(signer.key(), key)) {
            Some(index) => index,
            None => {
                signers.truncate(KEPT);
                signers.insert(0, PreparedSigner::new(keys, key, mint.algorithm, &mint.header)?);
                0
            }
        };
        let Some(signer) = signers.get(index) else { return Err(UsageError::NoSigningKey.into()) };
        if let Some(weakness) = signer.weakness() {
            tally.warning(&weakness.reason);
        }
        self.settings.signed(signer, &payload, &parsed)
    }
}
