//! `fob verify --lines`: a token a line in, a verdict a line out.

use super::{Bench, advise};
use crate::batch::reader::{Block, InputLine};
use crate::batch::tally::{Tally, Words};
use crate::batch::{self, Results, Work};
use crate::cli::lines::LinesArgs;
use crate::cli::verify::Printed;
use crate::commands::settings::batch_plan;
use crate::core::reason::{Expectation, Failure};
use crate::core::redact::Redaction;
use crate::core::report::json::VerifyDocument;
use crate::core::report::{Anatomy, Verification};
use crate::core::text::escape::shown_bytes;
use crate::core::text::palette::{Palette, TextRole};
use crate::core::token::Token;
use crate::core::token::jws::{Compact, too_large};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::Detail;
use crate::core::verify::header_cache::{CachedHeader, HeaderCache};
use crate::core::verify::judge::Verdict;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Clock, Host, Level};
use crate::input::lines::LineSource;
use crate::output;
use crate::scan::advice::{NotATokenBecause, not_a_token_because};
use crate::scan::pick::in_line;
use crate::store::ledger::{Ledger, TokenUse};
use crate::store::verdict::{consult, consult_all};
use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

const WORDS: Words = Words { one: "token", many: "tokens", good: "accepted", bad: "rejected" };

/// How many tokens a store is asked about at once.
const ASKED_AT_ONCE: usize = 256;

/// What is wanted of every line.
pub(super) struct Wanted<'a> {
    pub(super) expect: &'a [Expectation],
    pub(super) how: TokenUse,
    pub(super) print: Option<Printed>,
    pub(super) json: bool,
    pub(super) max_size: usize,
}

/// What a line leaves behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Nothing,
    Verdict,
    Document,
    /// The line itself, if it is one of these.
    Itself(Printed),
}

/// What all threads work with.
struct Verifying<'a> {
    bench: &'a Bench,
    ledger: Option<Mutex<Ledger>>,
    wanted: Wanted<'a>,
    form: Form,
    separator: u8,
    clock: Clock<'a>,
    palette: Palette,
    /// The colours of what is said.
    talk: Palette,
    /// Whether a terminal reads the results.
    is_terminal: bool,
}

pub(super) fn verify(
    bench: &Bench,
    ledger: Option<Ledger>,
    place: &OsStr,
    args: &LinesArgs,
    wanted: Wanted<'_>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let source = LineSource::open(place, "the tokens", host)?;
    let mut plan = batch_plan(args, wanted.max_size, WORDS, host);
    let form = match wanted.print {
        Some(which) => Form::Itself(which),
        None if host.is_quiet() => Form::Nothing,
        None if wanted.json => Form::Document,
        None => Form::Verdict,
    };
    let once = wanted.how == TokenUse::Once;
    if once {
        // Of two that are the same the first is the one that is accepted.
        plan.threads = 1;
    }
    let expects = !wanted.expect.is_empty();
    let parts = host.split();
    let work = Verifying {
        bench,
        ledger: ledger.map(Mutex::new),
        wanted,
        form,
        separator: plan.separator,
        clock: parts.clock,
        palette: parts.streams.stdout.palette(),
        talk: parts.streams.stderr.palette(),
        is_terminal: parts.streams.stdout.is_terminal,
    };
    let status = |tally: &Tally| match tally {
        tally if tally.lines() == 0 => ExitStatus::NoToken,
        tally if expects && tally.unmet == 0 => ExitStatus::Done,
        tally if !expects && tally.bad + tally.malformed == 0 => ExitStatus::Done,
        _ => ExitStatus::Rejected,
    };
    // Verdicts that nobody could read are no success.
    let ended = batch::run(&work, source, plan, parts.streams, status, ExitStatus::Unjudged)
        .map_err(CommandError::from);
    if once
        && ended.as_ref().is_err_and(|error| matches!(error.kind(), crate::error::ErrorKind::Output { .. }))
    {
        host.important_message(Level::Hint, "what was accepted and not written is used up all the same");
    }
    ended
}

impl<'a> Work for Verifying<'a> {
    type Error = CommandError;
    type WorkerState = HeaderCache<'a>;

    fn worker_state(&self) -> Self::WorkerState {
        self.bench.headers()
    }

    fn block(
        &self,
        headers: &mut Self::WorkerState,
        block: &Block,
        results: &mut Results,
    ) -> Result<(), CommandError> {
        let at = self.clock.now();
        match &self.ledger {
            Some(ledger) if self.wanted.how == TokenUse::Query => {
                let mut lines = block.lines().peekable();
                while lines.peek().is_some() {
                    let page: Vec<_> = lines.by_ref().take(ASKED_AT_ONCE).collect();
                    self.page(&page, ledger, at, results)?;
                }
                Ok(())
            }
            _ => block.lines().try_for_each(|(number, line)| self.line(headers, number, line, at, results)),
        }
    }
}

impl Verifying<'_> {
    /// Judges one line, and uses its token up if that is what is wanted.
    fn line(
        &self,
        headers: &mut HeaderCache<'_>,
        number: u64,
        line: InputLine<'_>,
        at: NumericDate,
        results: &mut Results,
    ) -> Result<(), CommandError> {
        // A line that comes apart into three segments that decode is a token and nothing beside it: only in others is one
        // looked for.
        let plain = match line {
            InputLine::Bytes(line) => line.strip_suffix(b"\r").unwrap_or(line),
            InputLine::TooLarge(_) => &[],
        };
        let met = headers.lookup(plain);
        let found;
        let (known, compact) =
            match Compact::parse_with_header(met.map(CachedHeader::segment), plain, self.wanted.max_size) {
                Ok(compact) if compact.is_decoded() => (met, compact),
                _ => {
                    found = match self.token_of(line) {
                        Some(Ok(token)) => token,
                        Some(Err(failure)) => {
                            return self.unreadable(number, line, failure, &[], at, results);
                        }
                        None => {
                            results.tally.empty += 1;
                            return Ok(());
                        }
                    };
                    match Compact::parse(&found, self.wanted.max_size) {
                        Ok(compact) => (None, compact),
                        Err(failure) => return self.unreadable(number, line, failure, &found, at, results),
                    }
                }
            };
        let token = Token::parse_with_header(known.map(|known| &known.header), &compact);
        let mut verification = self.bench.judge(&token, known, at, self.telling());
        if let Some(ledger) = &self.ledger {
            let mut ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
            consult(&mut verification.judgement, &token, &mut ledger, self.wanted.how, at)?;
        }
        self.conclude(number, line, verification, &token, at, results);
        Ok(())
    }

    /// Judges some lines, and asks the store about all of them at once.
    fn page(
        &self,
        lines: &[(u64, InputLine<'_>)],
        ledger: &Mutex<Ledger>,
        at: NumericDate,
        results: &mut Results,
    ) -> Result<(), CommandError> {
        let found: Vec<_> = lines.iter().map(|(_, line)| self.token_of(*line)).collect();
        let compacts: Vec<_> = found
            .iter()
            .map(|token| {
                let Some(Ok(token)) = token else { return None };
                Some(Compact::parse(token, self.wanted.max_size))
            })
            .collect();
        let tokens: Vec<Option<Token<'_>>> =
            compacts.iter().map(|compact| Some(Token::parse(compact.as_ref()?.as_ref().ok()?))).collect();
        let mut verifications: Vec<Option<Verification<'_>>> = tokens
            .iter()
            .map(|token| token.as_ref().map(|token| self.bench.judge(token, None, at, self.telling())))
            .collect();
        let judged = verifications.iter_mut().zip(&tokens).filter_map(|(verification, token)| {
            Some((&mut verification.as_mut()?.judgement, token.as_ref()?))
        });
        consult_all(judged, &mut ledger.lock().unwrap_or_else(PoisonError::into_inner), at)?;
        let judged = verifications.into_iter().zip(&tokens);
        for ((((number, line), found), compact), (verification, token)) in
            lines.iter().zip(&found).zip(&compacts).zip(judged)
        {
            match (found, compact, verification, token) {
                (_, _, Some(verification), Some(token)) => {
                    self.conclude(*number, *line, verification, token, at, results);
                }
                (Some(Ok(token)), Some(Err(failure)), ..) => {
                    self.unreadable(*number, *line, failure.clone(), token, at, results)?;
                }
                (Some(Err(failure)), ..) => {
                    self.unreadable(*number, *line, failure.clone(), &[], at, results)?;
                }
                _ => results.tally.empty += 1,
            }
        }
        Ok(())
    }

    /// The token of a line, or why it has none; nothing if there is nothing in it.
    fn token_of<'l>(&self, line: InputLine<'l>) -> Option<Result<Cow<'l, [u8]>, Failure>> {
        match line {
            InputLine::Bytes(line) => in_line(line.strip_suffix(b"\r").unwrap_or(line)),
            InputLine::TooLarge(size) => Some(Err(too_large(size, self.wanted.max_size))),
        }
    }

    /// Whether anybody gets to see what to do about a verdict.
    fn with_hints(&self) -> bool {
        self.form == Form::Document
    }

    fn telling(&self) -> Detail {
        if self.form == Form::Document { Detail::Full } else { Detail::ReasonsOnly }
    }

    fn conclude(
        &self,
        number: u64,
        line: InputLine<'_>,
        mut verification: Verification<'_>,
        token: &Token<'_>,
        at: NumericDate,
        results: &mut Results,
    ) {
        if self.form == Form::Document {
            advise(&mut verification, token, at);
            let anatomy = Anatomy::new(token, at, Redaction::None);
            self.tell(number, line, &verification, Some(&anatomy), at, results);
        } else {
            self.tell(number, line, &verification, None, at, results);
        }
    }

    fn unreadable(
        &self,
        number: u64,
        line: InputLine<'_>,
        failure: Failure,
        token: &[u8],
        at: NumericDate,
        results: &mut Results,
    ) -> Result<(), CommandError> {
        let hint = match line {
            InputLine::Bytes(line) if self.with_hints() && !token.is_empty() => {
                not_a_token_because(token, line).map(NotATokenBecause::hint)
            }
            _ => None,
        };
        let verification = self.bench.unreadable(failure, hint);
        self.tell(number, line, &verification, None, at, results);
        Ok(())
    }

    /// Counts a verdict, and writes what is wanted of it.
    fn tell(
        &self,
        number: u64,
        line: InputLine<'_>,
        verification: &Verification<'_>,
        anatomy: Option<&Anatomy<'_>>,
        at: NumericDate,
        results: &mut Results,
    ) {
        let Results { out, talk, tally } = results;
        let judgement = &verification.judgement;
        let verdict = judgement.verdict();
        match verdict {
            Verdict::Accepted => tally.good += 1,
            Verdict::Rejected => tally.bad += 1,
            Verdict::Malformed => tally.malformed += 1,
        }
        judgement.reasons.iter().for_each(|reason| tally.reason(reason));
        judgement.warnings.iter().for_each(|warning| tally.warning(&warning.reason));
        let met = self.wanted.expect.iter().all(|expected| judgement.meets(expected));
        tally.unmet += u64::from(!met);
        match self.form {
            Form::Nothing => {}
            Form::Document => output::json_line(out, &VerifyDocument { verification, anatomy, at }),
            Form::Verdict => {
                let role = if verdict == Verdict::Accepted { TextRole::Good } else { TextRole::Bad };
                // A Vec takes every write.
                let _ = if self.palette.colour {
                    write!(out, "{}", self.palette.paint(role, verdict.name()))
                } else {
                    out.write_all(verdict.name().as_bytes())
                };
                for (index, reason) in judgement.reasons.iter().enumerate() {
                    let _ = write!(out, "{}{reason}", if index == 0 { '\t' } else { ',' });
                }
                out.push(b'\n');
            }
            Form::Itself(which) => {
                if (verdict == Verdict::Accepted) != (which == Printed::Accepted) {
                    return;
                }
                match line {
                    InputLine::Bytes(line) if self.is_terminal => out.extend(shown_bytes(line).as_bytes()),
                    InputLine::Bytes(line) => out.extend(line),
                    InputLine::TooLarge(size) => {
                        let what = format!("line {number} is not printed: its {size} bytes were not kept");
                        // What is missing is said however quiet a run is.
                        talk.push_str(&Level::Error.line(&what, self.talk));
                        return;
                    }
                }
                out.push(self.separator);
            }
        }
    }
}
