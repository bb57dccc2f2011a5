//! Scans runs of token characters that are longer than any allowed token. They are read in pieces. For a token that is
//! too long, only the length is kept.

use super::hit::Hit;
use super::run::{OpenEnd, tokens};
use super::shape::{SegmentShape, in_run};
use super::text_window::TextWindow;
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

/// The scan of an oversized run.
pub(super) struct OversizedScan<'s> {
    pub(super) window: &'s mut TextWindow,
    /// Where the scan stopped; `None` outside an oversized run.
    pub(super) run: &'s mut Option<OversizedRun>,
}

impl OversizedScan<'_> {
    /// Scans the part of the run that is in the window, and reports whether the run has ended.
    pub(super) fn scan<E>(
        &mut self,
        is_end: bool,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let new = self.window.buffer.get(self.window.known..self.window.filled).unwrap_or_default();
        let ended = new.iter().position(|&byte| !in_run(byte)).map(|length| self.window.known + length);
        let end = ended.unwrap_or(self.window.filled);
        let is_closed = is_end || ended.is_some();
        let has_new =
            is_closed || memchr2(b'.', b'%', new).is_some() || end - self.window.done > self.window.longest;
        while has_new && self.window.done < end {
            let before = self.window.done;
            match self.run.take() {
                Some(OversizedRun::Token { found, length, segments }) => {
                    self.pass_token(found, length, segments, is_closed, end, sink)?;
                }
                Some(OversizedRun::Segment) => {
                    let rest = self.window.buffer.get(self.window.done..end).unwrap_or_default();
                    match memchr2(b'.', b'%', rest) {
                        Some(length) => self.window.done += length + 1,
                        None => {
                            self.window.done = end;
                            *self.run = Some(OversizedRun::Segment);
                        }
                    }
                }
                Some(OversizedRun::Undecided) | None => self.decide(is_closed, end, sink)?,
            }
            self.window.lines.pass(&self.window.buffer, self.window.base, self.window.done);
            if self.window.done == before && matches!(self.run, Some(OversizedRun::Undecided)) {
                break;
            }
        }
        if !is_closed {
            self.window.known = end;
            self.run.get_or_insert(OversizedRun::Undecided);
            return Ok(false);
        }
        if let Some(OversizedRun::Token { found, length, .. }) = self.run.take() {
            self.report_length(found, length, sink)?;
        }
        (self.window.done, self.window.known) = (end, end);
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
        let rest = self.window.buffer.get(self.window.done..end).unwrap_or_default();
        let (piece, percent) = before_percent(rest);
        let mut tokens = tokens(piece, is_closed || percent.is_some(), SegmentShape::from_header);
        for (offset, token) in tokens.by_ref() {
            self.window.is_empty = false;
            let found =
                self.window.lines.locate(&self.window.buffer, self.window.base, self.window.done + offset);
            sink(Hit::new(Cow::Borrowed(token), found))?;
        }
        if is_closed || percent.is_some() {
            self.window.done = percent.map_or(end, |percent| self.window.done + percent + 1);
            return Ok(());
        }
        let (OpenEnd::Segment(start) | OpenEnd::Token { start, .. }) = tokens.open();
        self.window.done += start;
        let length = end - self.window.done;
        if length <= self.window.longest {
            *self.run = Some(OversizedRun::Undecided);
            return Ok(());
        }
        *self.run = Some(match tokens.open() {
            OpenEnd::Segment(_) => OversizedRun::Segment,
            OpenEnd::Token { segments, .. } => {
                let found = self.window.lines.locate(&self.window.buffer, self.window.base, self.window.done);
                OversizedRun::Token { found, length, segments }
            }
        });
        self.window.done = end;
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
        let rest = self.window.buffer.get(self.window.done..end).unwrap_or_default();
        let (piece, percent) = before_percent(rest);
        let mut dots = memchr_iter(b'.', piece);
        match (dots.nth(segments.saturating_sub(1)), percent) {
            (Some(at), _) | (None, Some(at)) => {
                self.window.done += at + 1;
                self.report_length(found, length + at, sink)
            }
            (None, None) if is_closed => {
                let length = length + rest.len();
                self.window.done = end;
                self.report_length(found, length, sink)
            }
            (None, None) => {
                let passed = memchr_iter(b'.', piece).count();
                let length = length + rest.len();
                self.window.done = end;
                *self.run = Some(OversizedRun::Token { found, length, segments: segments - passed });
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
        self.window.is_empty = false;
        sink(Hit { length, ..Hit::new(Cow::Borrowed(&[]), found) })
    }
}

/// Returns the bytes before the first percent sign, and its position if there is one.
fn before_percent(bytes: &[u8]) -> (&[u8], Option<usize>) {
    let percent = memchr(b'%', bytes);
    (bytes.get(..percent.unwrap_or(bytes.len())).unwrap_or_default(), percent)
}
