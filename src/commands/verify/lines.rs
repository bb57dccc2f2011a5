//! `fob verify --lines`: one token a line in, one verdict a line out. An invalid line never stops the run.

use super::{GivenStore, VerifierSetup, add_form_hints, judged_anatomy};
use crate::batch::reader::{Block, InputLine};
use crate::batch::tally::{Tally, Words};
use crate::batch::{Batch, BatchError, EarlyEnd, Results, Work};
use crate::cli::lines::LinesArgs;
use crate::cli::verify::Printed;
use crate::commands::settings::batch_plan;
use crate::core::reason::{Expectation, Failure, Reason};
use crate::core::report::json::VerifyDocument;
use crate::core::text::escape::shown_bytes;
use crate::core::text::layout::Screen;
use crate::core::text::palette::{Palette, TextRole};
use crate::core::token::base64url::DecodeBuffer;
use crate::core::token::date_text::DateText;
use crate::core::token::jws::too_large;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::{Check, Detail};
use crate::core::verify::header_cache::{CachedHeader, HeaderCache};
use crate::core::verify::judge::Verdict;
use crate::core::verify::{
    Opening, ParsedToken, PlainToken, SharedText, SubmittedToken, Verification, Verifier, padding_hint,
};
use crate::error::input::explained;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Clock, ClockFn, Host, Level};
use crate::input::lines::LineSource;
use crate::output;
use crate::scan::extract::of_line;
use crate::scan::extracted::Extracted;
use crate::store::error::StoreError;
use crate::store::ledger::{Ledger, TokenUse};
use crate::store::open;
use crate::store::verdict::LedgerCheck;
use std::ffi::OsStr;
use std::io::Write as _;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

const WORDS: Words = Words { one: "token", many: "tokens", good: "accepted", bad: "rejected" };

/// The number of tokens that a store is asked about at once.
const PAGE: usize = 256;

/// The settings of a run over lines.
pub(super) struct LineOptions<'a> {
    pub(super) expect: &'a [Expectation],
    pub(super) print: Option<Printed>,
    pub(super) json: bool,
    pub(super) max_size: usize,
}

/// The output for a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineOutput {
    Nothing,
    Verdict,
    Document,
    /// The line itself, if its token is one of these.
    Line(Printed),
}

/// An interruption of the work.
enum Interruption {
    /// A line names a key that the cached keys lack. They are fetched again, and the work goes on with the block of the line.
    UnknownKey,
    Failed(CommandError),
}

impl From<StoreError> for Interruption {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// The work that all threads share.
struct VerifyLines<'a> {
    setup: &'a VerifierSetup,
    verifier: Verifier<'a>,
    ledger: Option<&'a Mutex<Ledger>>,
    how: TokenUse,
    options: &'a LineOptions<'a>,
    output: LineOutput,
    separator: u8,
    clock: Clock<'a>,
    real_clock: &'a ClockFn<'a>,
    palette: Palette,
    /// The colours of messages.
    talk: Screen,
    /// True if a terminal reads the results.
    is_terminal: bool,
}

pub(super) fn verify(
    setup: &mut VerifierSetup,
    store: GivenStore,
    place: &OsStr,
    args: &LinesArgs,
    options: LineOptions<'_>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let source = LineSource::open(place, "the tokens", host)?;
    let GivenStore { ledger, how } = store;
    let mut plan = batch_plan(args, options.max_size, WORDS, host);
    let output = match options.print {
        Some(which) => LineOutput::Line(which),
        None if options.json => LineOutput::Document,
        None if host.is_quiet() => LineOutput::Nothing,
        None => LineOutput::Verdict,
    };
    // Only documents show checks and hints.
    let detail = if output == LineOutput::Document { Detail::Full } else { Detail::ReasonsOnly };
    let once = how == TokenUse::Once;
    if once {
        // Of two equal tokens, the first is the one to accept.
        plan.threads = 1;
    }
    if output == LineOutput::Document {
        plan.json_style = host.stdout.json_style().on_one_line();
    }
    let expects = !options.expect.is_empty();
    let status = |tally: &Tally| match tally {
        tally if tally.lines() == 0 => ExitStatus::NoToken,
        tally if expects && tally.unmet == 0 => ExitStatus::Done,
        tally if !expects && tally.bad + tally.malformed == 0 => ExitStatus::Done,
        _ => ExitStatus::Rejected,
    };
    let ledger = ledger.map(Mutex::new);
    let mut batch = Batch::new(source, plan, &host.split().streams);
    // Verdicts that were not written are no success.
    let if_closed = ExitStatus::Unjudged;
    let ended = loop {
        let mut parts = host.split();
        let work = VerifyLines {
            setup,
            verifier: setup.verifier().with_detail(detail),
            ledger: ledger.as_ref(),
            how,
            options: &options,
            output,
            separator: plan.separator,
            clock: parts.clock,
            real_clock: parts.streams.real_clock,
            palette: parts.streams.stdout.data_palette(),
            talk: parts.streams.message_screen,
            is_terminal: parts.streams.stdout.is_terminal,
        };
        match batch.work(&work, &mut parts.streams) {
            Some(EarlyEnd::Failed(Interruption::UnknownKey)) => {
                setup.given = Arc::new(setup.given.renewed(host));
            }
            end => break batch.end(end, &mut parts.streams, status, if_closed),
        }
    };
    if let Some(mut ledger) = ledger.map(|ledger| ledger.into_inner().unwrap_or_else(PoisonError::into_inner))
    {
        open::warn_if_new(&mut ledger, host);
    }
    let ended = ended.map_err(|error| match error {
        BatchError::Work(Interruption::Failed(error)) => error,
        // Not reached: the work went on after this one.
        BatchError::Work(Interruption::UnknownKey) | BatchError::NoToken => {
            BatchError::<CommandError>::NoToken.into()
        }
        BatchError::Input(error) => BatchError::<CommandError>::Input(error).into(),
        BatchError::Output(error) => BatchError::<CommandError>::Output(error).into(),
    });
    if once
        && ended.as_ref().is_err_and(|error| matches!(error.kind(), crate::error::ErrorKind::Output { .. }))
    {
        host.important_message(
            Level::Hint,
            "accepted tokens are used up, even if their verdict was not written",
        );
    }
    ended
}

impl<'a> Work for VerifyLines<'a> {
    type Error = Interruption;
    type WorkerState = LineState<'a>;

    fn worker_state(&self) -> Self::WorkerState {
        LineState { headers: self.verifier.header_cache(), decoded: Default::default() }
    }

    fn block(
        &self,
        state: &mut Self::WorkerState,
        block: &Block,
        results: &mut Results,
    ) -> Result<(), Interruption> {
        // Before the first verdict, since a verdict of a store cannot be repeated.
        if self.lacks_key(state, block) {
            return Err(Interruption::UnknownKey);
        }
        let now = Now::new(self.clock.now());
        let now = &now;
        match self.ledger {
            Some(ledger) if self.how == TokenUse::Query => {
                let mut lines = block.lines().peekable();
                while lines.peek().is_some() {
                    let page: Vec<_> = lines.by_ref().take(PAGE).collect();
                    self.page(&mut state.headers, &page, ledger, now, results)?;
                }
                Ok(())
            }
            _ => {
                let mut lines = block.lines();
                while let Some(first) = lines.next() {
                    match lines.next() {
                        Some(second) => self.two_lines(state, first, second, now, results)?,
                        None => self.line(state, first, now, results)?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// The instant of the verdicts on the lines of a block.
struct Now {
    at: NumericDate,
    /// The instant as text. A text for each document takes 250 instructions.
    text: Option<DateText>,
}

impl Now {
    fn new(at: NumericDate) -> Self {
        Self { at, text: at.rfc3339() }
    }
}

/// The state that a thread keeps from line to line.
struct LineState<'a> {
    headers: HeaderCache<'a>,
    decoded: [DecodeBuffer; 2],
}

/// The content of a line.
enum LineToken<'l> {
    /// A token and nothing else.
    Whole,
    /// A token among other text.
    Found(Extracted<'l>),
    /// No token, or several.
    Invalid(Failure),
    /// Nothing.
    Empty,
}

impl LineToken<'_> {
    /// Returns the names of the wrappings that were removed around the token.
    fn wrapping(&self) -> Option<String> {
        match self {
            Self::Found(found) => found.wrapping(),
            Self::Whole | Self::Invalid(_) | Self::Empty => None,
        }
    }
}

/// Returns a line without its carriage return; empty if it was too long to keep.
fn trimmed(line: InputLine<'_>) -> &[u8] {
    match line {
        InputLine::Bytes(line) => line.strip_suffix(b"\r").unwrap_or(line),
        InputLine::TooLarge(_) => &[],
    }
}

/// Returns the text of a line that may be a token and nothing else. Other first characters may be those of a wrapping.
fn whole(line: InputLine<'_>) -> Option<&[u8]> {
    Some(trimmed(line)).filter(|text| text.first() == Some(&b'e'))
}

impl<'a> VerifyLines<'a> {
    /// Reports whether a line of a block names a key that the keys lack and that may be fetched now.
    fn lacks_key(&self, state: &mut LineState<'a>, block: &Block) -> bool {
        let given = &self.setup.given;
        if !given.may_be_renewed((self.real_clock)().seconds()) {
            return false;
        }
        block.lines().any(|(_, line)| {
            let cached = state.headers.lookup(trimmed(line)).map(Rc::as_ref);
            if let Some(parsed) = self.parse_whole(line, cached) {
                return given.lacks_key(parsed.read().token());
            }
            let found = self.find(line);
            let opening = self.open(&found);
            let parsed = self.parse_found(&found, opening.as_ref());
            parsed.is_some_and(|parsed| parsed.is_ok_and(|parsed| given.lacks_key(parsed.read().token())))
        })
    }

    /// Verifies the tokens of two lines. The signatures of two plain tokens with the same header are checked together, which
    /// saves 30 of 600 ns a token.
    fn two_lines(
        &self,
        state: &mut LineState<'a>,
        first: (u64, InputLine<'_>),
        second: (u64, InputLine<'_>),
        now: &Now,
        results: &mut Results,
    ) -> Result<(), Interruption> {
        let LineState { headers, decoded: [decoded, other] } = state;
        let texts = whole(first.1).zip(whole(second.1));
        let cached = texts.and_then(|(text, _)| headers.lookup(text)).map(Rc::as_ref);
        if let (Some((text, other_text)), Some(cached)) = (texts, cached)
            && cached.begins(other_text)
        {
            // Both stay where they are.
            let mut plain = PlainToken::parse(&self.verifier, text, cached, decoded);
            let mut other_plain = PlainToken::parse(&self.verifier, other_text, cached, other);
            if let (Some(plain), Some(other_plain)) = (&mut plain, &mut other_plain) {
                PlainToken::verify_two([plain, other_plain]);
                self.judge_plain(first, plain, now, results)?;
                return self.judge_plain(second, other_plain, now, results);
            }
        }
        self.line(state, first, now, results)?;
        self.line(state, second, now, results)
    }

    /// Verifies the token of one line.
    fn line(
        &self,
        state: &mut LineState<'a>,
        (number, line): (u64, InputLine<'_>),
        now: &Now,
        results: &mut Results,
    ) -> Result<(), Interruption> {
        let LineState { headers, decoded: [decoded, _] } = state;
        let cached = headers.lookup(trimmed(line)).map(Rc::as_ref);
        let plain = whole(line).zip(cached);
        if let Some(plain) =
            plain.and_then(|(text, cached)| PlainToken::parse(&self.verifier, text, cached, decoded))
        {
            return self.judge_plain((number, line), &plain, now, results);
        }
        if let Some(parsed) = self.parse_whole(line, cached) {
            return self.judge((number, line), &parsed, None, now, results);
        }
        let found = self.find(line);
        let opening = self.open(&found);
        match self.parse_found(&found, opening.as_ref()) {
            Some(Ok(parsed)) => self.judge((number, line), &parsed, found.wrapping(), now, results),
            unparsed => {
                let failure = unparsed.and_then(Result::err);
                self.conclude_unparsed(number, line, &found, failure, now, results);
                Ok(())
            }
        }
    }

    /// Judges a plain token of one line. Most are accepted the quick way, unless more than the verdict is wanted.
    fn judge_plain(
        &self,
        (number, line): (u64, InputLine<'_>),
        plain: &PlainToken<'_, 'a>,
        now: &Now,
        results: &mut Results,
    ) -> Result<(), Interruption> {
        if self.ledger.is_none() && self.options.expect.is_empty() {
            if self.output == LineOutput::Document {
                if self.write_plain(plain, now, results).is_some() {
                    return Ok(());
                }
            } else if plain.is_accepted(now.at) {
                results.tally.good += 1;
                plain.warnings().iter().for_each(|warning| results.tally.warning(&warning.reason));
                self.write_line(number, line, Verdict::Accepted, &[], results);
                return Ok(());
            }
        }
        match plain.parsed() {
            Ok(parsed) => self.judge((number, line), &parsed, None, now, results),
            Err(failure) => {
                self.conclude_unparsed(number, line, &LineToken::Invalid(failure), None, now, results);
                Ok(())
            }
        }
    }

    /// Writes the document about an accepted token, around the text that its header settles. Returns `None` if it must be written
    /// as usual.
    fn write_plain(&self, plain: &PlainToken<'_, 'a>, now: &Now, results: &mut Results) -> Option<()> {
        let kept = plain.shared_text().get();
        // Hints explain warnings. The character DEL is written as an escape.
        if !plain.warnings().is_empty()
            || kept.is_some_and(Option::is_none)
            || memchr::memchr(0x7F, plain.payload()).is_some()
        {
            return None;
        }
        let claims = plain.claims()?;
        let checks = plain.accepted_checks(&claims, now.at)?;
        let shared =
            kept.unwrap_or_else(|| plain.shared_text().get_or_init(|| self.shared_text(plain, &checks, now)));
        shared.as_ref()?.append(&mut results.out, &checks, plain.payload(), now.text.as_ref()?);
        results.tally.good += 1;
        Some(())
    }

    /// Returns the text that documents about tokens with the header of this one share. `checks` are those of its claims.
    fn shared_text(&self, plain: &PlainToken<'_, 'a>, checks: &[Check<'_>], now: &Now) -> Option<SharedText> {
        let parsed = plain.parsed().ok()?;
        let token = parsed.read();
        let mut verification = self.verifier.judge(&token, now.at);
        let settled = verification.judgement.checks.strip_suffix(checks)?.len();
        verification.judgement.checks.truncate(settled);
        let anatomy = judged_anatomy(&token, now.at);
        let anatomy = Some(&anatomy);
        let document = VerifyDocument { verification: &verification, anatomy, at: now.text, wrapping: None };
        SharedText::cut(&document, token.token().compact_header()?, plain.payload())
    }

    /// Judges the token of one line.
    fn judge(
        &self,
        line: (u64, InputLine<'_>),
        parsed: &ParsedToken<'_, 'a>,
        wrapping: Option<String>,
        now: &Now,
        results: &mut Results,
    ) -> Result<(), Interruption> {
        let mut token = parsed.read();
        let mut ledger = self.ledger.map(|ledger| ledger.lock().unwrap_or_else(PoisonError::into_inner));
        let mut store = ledger.as_deref_mut().map(|ledger| LedgerCheck::new(ledger, self.how));
        let mut verification = self.verifier.verify(&token, store.as_mut(), now.at)?;
        self.conclude(line, &mut verification, &token, wrapping, now, results);
        drop(verification);
        token.clear();
        Ok(())
    }

    /// Verifies the tokens of some lines, and asks the store about all of them at once.
    fn page(
        &self,
        headers: &mut HeaderCache<'a>,
        lines: &[(u64, InputLine<'_>)],
        ledger: &Mutex<Ledger>,
        now: &Now,
        results: &mut Results,
    ) -> Result<(), Interruption> {
        let cached: Vec<Option<Rc<CachedHeader<'a>>>> =
            lines.iter().map(|(_, line)| headers.lookup(trimmed(*line)).cloned()).collect();
        let whole: Vec<Option<ParsedToken<'_, 'a>>> = lines
            .iter()
            .zip(&cached)
            .map(|((_, line), cached)| self.parse_whole(*line, cached.as_deref()))
            .collect();
        let found: Vec<LineToken<'_>> = lines
            .iter()
            .zip(&whole)
            .map(|((_, line), whole)| if whole.is_some() { LineToken::Whole } else { self.find(*line) })
            .collect();
        let openings: Vec<Option<Opening<'a>>> = found.iter().map(|found| self.open(found)).collect();
        let parsed: Vec<Option<Result<ParsedToken<'_, 'a>, Failure>>> = whole
            .into_iter()
            .zip(found.iter().zip(&openings))
            .map(|(whole, (found, opening))| {
                whole.map(Ok).or_else(|| self.parse_found(found, opening.as_ref()))
            })
            .collect();
        let tokens: Vec<Option<SubmittedToken<'_, 'a>>> =
            parsed.iter().map(|parsed| Some(parsed.as_ref()?.as_ref().ok()?.read())).collect();
        let mut verifications = {
            let mut ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
            let mut store = LedgerCheck::new(&mut ledger, self.how);
            self.verifier.verify_all(tokens.iter().flatten(), &mut store, now.at)?.into_iter()
        };
        for ((((number, line), found), parsed), token) in lines.iter().zip(&found).zip(&parsed).zip(&tokens) {
            let Some(token) = token else {
                let failure = parsed.as_ref().and_then(|parsed| parsed.as_ref().err().cloned());
                self.conclude_unparsed(*number, *line, found, failure, now, results);
                continue;
            };
            if let Some(mut verification) = verifications.next() {
                let wrapping = found.wrapping();
                self.conclude((*number, *line), &mut verification, token, wrapping, now, results);
            }
        }
        Ok(())
    }

    /// Parses a line that is a token and nothing else. Only a line without three segments of Base64url is searched.
    fn parse_whole<'l>(
        &self,
        line: InputLine<'l>,
        cached: Option<&'l CachedHeader<'a>>,
    ) -> Option<ParsedToken<'l, 'a>> {
        let parsed = self.verifier.parse_cached(whole(line)?, cached).ok()?;
        parsed.compact().is_decoded().then_some(parsed)
    }

    /// Searches a line for its token.
    fn find<'l>(&self, line: InputLine<'l>) -> LineToken<'l> {
        match line {
            InputLine::TooLarge(size) => LineToken::Invalid(too_large(size, self.options.max_size)),
            InputLine::Bytes(_) => match of_line(trimmed(line)) {
                None => LineToken::Empty,
                Some(Ok(found)) => LineToken::Found(found),
                Some(Err(failure)) => LineToken::Invalid(failure),
            },
        }
    }

    /// Decrypts the token that was found in a line, if it is encrypted and there is a key.
    fn open(&self, found: &LineToken<'_>) -> Option<Opening<'a>> {
        match found {
            LineToken::Found(found) => self.verifier.open(&found.token),
            LineToken::Whole | LineToken::Invalid(_) | LineToken::Empty => None,
        }
    }

    /// Parses the token that was found in a line, or the token inside it.
    fn parse_found<'l>(
        &self,
        found: &'l LineToken<'_>,
        opening: Option<&'l Opening<'a>>,
    ) -> Option<Result<ParsedToken<'l, 'a>, Failure>> {
        match found {
            LineToken::Found(found) => Some(self.verifier.parse_opened(&found.token, opening)),
            LineToken::Whole | LineToken::Invalid(_) | LineToken::Empty => None,
        }
    }

    fn conclude(
        &self,
        (number, line): (u64, InputLine<'_>),
        verification: &mut Verification<'_>,
        token: &SubmittedToken<'_, '_>,
        wrapping: Option<String>,
        now: &Now,
        results: &mut Results,
    ) {
        let anatomy = (self.output == LineOutput::Document).then(|| judged_anatomy(token, now.at));
        if anatomy.is_some() {
            add_form_hints(verification, token.token());
        }
        let (anatomy, wrapping) = (anatomy.as_ref(), wrapping.as_deref());
        self.write(number, line, &VerifyDocument { verification, anatomy, at: now.text, wrapping }, results);
    }

    /// Concludes a line without a token, or with one that cannot be parsed.
    fn conclude_unparsed(
        &self,
        number: u64,
        line: InputLine<'_>,
        found: &LineToken<'_>,
        failure: Option<Failure>,
        now: &Now,
        results: &mut Results,
    ) {
        let (failure, hint) = match (found, failure) {
            (LineToken::Found(found), Some(failure)) => match line {
                InputLine::Bytes(line) if self.output == LineOutput::Document => {
                    let (failure, hint) = explained(failure, &found.token, line);
                    let padding = padding_hint(&self.verifier, &found.token, now.at).map(str::to_owned);
                    (failure, padding.or(hint))
                }
                _ => (failure, None),
            },
            (LineToken::Invalid(failure), _) => (failure.clone(), None),
            _ => {
                results.tally.empty += 1;
                return;
            }
        };
        let (verification, wrapping) = (self.verifier.unreadable(failure, hint), found.wrapping());
        let document = VerifyDocument {
            verification: &verification,
            anatomy: None,
            at: now.text,
            wrapping: wrapping.as_deref(),
        };
        self.write(number, line, &document, results);
    }

    /// Counts a verdict, and writes the output for its line.
    fn write(&self, number: u64, line: InputLine<'_>, document: &VerifyDocument<'_>, results: &mut Results) {
        let tally = &mut results.tally;
        let judgement = &document.verification.judgement;
        let verdict = judgement.verdict();
        match verdict {
            Verdict::Accepted => tally.good += 1,
            Verdict::Rejected => tally.bad += 1,
            Verdict::Malformed => tally.malformed += 1,
        }
        judgement.reasons.iter().for_each(|reason| tally.reason(reason));
        judgement.warnings.iter().for_each(|warning| tally.warning(&warning.reason));
        let met = self.options.expect.iter().all(|expected| judgement.meets(expected));
        tally.unmet += u64::from(!met);
        match self.output {
            LineOutput::Document => output::json_line(&mut results.out, document),
            _ => self.write_line(number, line, verdict, &judgement.reasons, results),
        }
    }

    /// Writes the output for a line, if it is no document.
    fn write_line(
        &self,
        number: u64,
        line: InputLine<'_>,
        verdict: Verdict,
        reasons: &[Reason],
        results: &mut Results,
    ) {
        let Results { out, talk, .. } = results;
        match self.output {
            LineOutput::Nothing | LineOutput::Document => {}
            // Nearly all lines of most runs.
            LineOutput::Verdict if verdict == Verdict::Accepted && !self.palette.colour => {
                out.extend_from_slice(b"accepted\n");
            }
            LineOutput::Verdict => {
                let role = if verdict == Verdict::Accepted { TextRole::Good } else { TextRole::Bad };
                // A Vec takes every write.
                let _ = if self.palette.colour {
                    write!(out, "{}", self.palette.paint(role, verdict.name()))
                } else {
                    out.write_all(verdict.name().as_bytes())
                };
                for (index, reason) in reasons.iter().enumerate() {
                    let _ = write!(out, "{}{reason}", if index == 0 { '\t' } else { ',' });
                }
                out.push(b'\n');
            }
            LineOutput::Line(which) => {
                if (verdict == Verdict::Accepted) != (which == Printed::Accepted) {
                    return;
                }
                match line {
                    InputLine::Bytes(line) if self.is_terminal => out.extend(shown_bytes(line).as_bytes()),
                    InputLine::Bytes(line) => out.extend(line),
                    InputLine::TooLarge(size) => {
                        let what =
                            format!("line {number} is not printed: it has {size} bytes, too many to keep");
                        // Missing output is reported even by a quiet run.
                        talk.push_str(&Level::Error.line(&what, self.talk));
                        return;
                    }
                }
                out.push(self.separator);
            }
        }
    }
}
