//! Scans runs of token characters that are longer than any allowed token. They are read in pieces. For a token that is
//! too long, only the length is kept.

use super::run::{OpenEnd, tokens};
use super::scanner::{Hit, Scanner, in_run};
use crate::core::report::TokenLocation;
use memchr::{memchr, memchr_iter, memchr2};
use std::borrow::Cow;

/// The part of a run at which the scan stopped.
#[derive(Debug)]
pub(super) enum OversizedRun {
    /// A segment or a token that can still turn out short enough.
    Undecided,
    /// A segment too long to be a header.
    Segment,
    /// A token too long to be kept.
    Token {
        found: TokenLocation,
        /// The number of bytes so far.
        length: usize,
        /// The number of segments that have no end yet.
        segments: usize,
    },
}

impl Scanner {
    /// Scans the part of an oversized run that is in the buffer, and reports whether the run has ended.
    pub(super) fn scan_oversized<E>(
        &mut self,
        is_end: bool,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let new = self.buffer.get(self.known..self.filled).unwrap_or_default();
        let ended = new.iter().position(|&byte| !in_run(byte)).map(|length| self.known + length);
        let end = ended.unwrap_or(self.filled);
        let is_closed = is_end || ended.is_some();
        let has_new = is_closed || memchr2(b'.', b'%', new).is_some() || end - self.done > self.longest;
        while has_new && self.done < end {
            let before = self.done;
            match self.oversized.take() {
                Some(OversizedRun::Token { found, length, segments }) => {
                    self.pass_token(found, length, segments, is_closed, end, sink)?;
                }
                Some(OversizedRun::Segment) => {
                    let rest = self.buffer.get(self.done..end).unwrap_or_default();
                    match memchr2(b'.', b'%', rest) {
                        Some(length) => self.done += length + 1,
                        None => {
                            self.done = end;
                            self.oversized = Some(OversizedRun::Segment);
                        }
                    }
                }
                Some(OversizedRun::Undecided) | None => self.decide(is_closed, end, sink)?,
            }
            self.lines.pass(&self.buffer, self.base, self.done);
            if self.done == before && matches!(self.oversized, Some(OversizedRun::Undecided)) {
                break;
            }
        }
        if !is_closed {
            self.known = end;
            self.oversized.get_or_insert(OversizedRun::Undecided);
            return Ok(false);
        }
        if let Some(OversizedRun::Token { found, length, .. }) = self.oversized.take() {
            self.report_length(found, length, sink)?;
        }
        (self.done, self.known) = (end, end);
        Ok(true)
    }

    /// Finds the tokens in the known part of the run. A percent sign ends a token here: text of this length is not a
    /// URL.
    fn decide<E>(
        &mut self,
        is_closed: bool,
        end: usize,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let rest = self.buffer.get(self.done..end).unwrap_or_default();
        let percent = memchr(b'%', rest);
        let piece = rest.get(..percent.unwrap_or(rest.len())).unwrap_or_default();
        let tokens = tokens(piece, is_closed || percent.is_some());
        for (offset, token) in tokens.found {
            self.is_empty = false;
            let found = self.lines.locate(&self.buffer, self.base, self.done + offset);
            sink(Hit::new(Cow::Borrowed(token), found))?;
        }
        if is_closed || percent.is_some() {
            self.done = percent.map_or(end, |percent| self.done + percent + 1);
            return Ok(());
        }
        let (OpenEnd::Segment(start) | OpenEnd::Token { start, .. }) = tokens.open;
        self.done += start;
        let length = end - self.done;
        if length <= self.longest {
            self.oversized = Some(OversizedRun::Undecided);
            return Ok(());
        }
        self.oversized = Some(match tokens.open {
            OpenEnd::Segment(_) => OversizedRun::Segment,
            OpenEnd::Token { segments, .. } => {
                let found = self.lines.locate(&self.buffer, self.base, self.done);
                OversizedRun::Token { found, length, segments }
            }
        });
        self.done = end;
        Ok(())
    }

    /// Passes over the bytes of a token that is too long, and reports its length at its end.
    fn pass_token<E>(
        &mut self,
        found: TokenLocation,
        length: usize,
        segments: usize,
        is_closed: bool,
        end: usize,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let rest = self.buffer.get(self.done..end).unwrap_or_default();
        let percent = memchr(b'%', rest);
        let piece = rest.get(..percent.unwrap_or(rest.len())).unwrap_or_default();
        let mut dots = memchr_iter(b'.', piece);
        match (dots.nth(segments.saturating_sub(1)), percent) {
            (Some(at), _) | (None, Some(at)) => {
                self.done += at + 1;
                self.report_length(found, length + at, sink)
            }
            (None, None) if is_closed => {
                let length = length + rest.len();
                self.done = end;
                self.report_length(found, length, sink)
            }
            (None, None) => {
                let passed = memchr_iter(b'.', piece).count();
                let length = length + rest.len();
                self.done = end;
                self.oversized = Some(OversizedRun::Token { found, length, segments: segments - passed });
                Ok(())
            }
        }
    }

    /// Reports a token by its length alone.
    fn report_length<E>(
        &mut self,
        found: TokenLocation,
        length: usize,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.is_empty = false;
        sink(Hit { token: Cow::Borrowed(&[]), length, found, opaque: false })
    }
}
