//! Runs of token characters that are longer than any token may be: they go by in pieces, and of a token in them that is
//! too long to be read only the length is kept.

use super::run::{Open, tokens};
use super::{Hit, Scanner, in_run};
use crate::core::report::TokenLocation;
use memchr::{memchr, memchr_iter, memchr2};
use std::borrow::Cow;

/// What a long run has at the place up to which it was looked at.
#[derive(Debug)]
pub(super) enum Long {
    /// A segment or a token that may still end soon enough.
    Undecided,
    /// A segment too long to be a header.
    Segment,
    /// A token too long to be kept.
    Token {
        found: TokenLocation,
        length: usize,
        /// How many segments of it have no end yet.
        segments: usize,
    },
}

impl Scanner {
    /// Looks at what there is of a long run, and says whether that was its end.
    pub(super) fn look_at_long_run<E>(
        &mut self,
        is_end: bool,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let news = self.buffer.get(self.known..self.filled).unwrap_or_default();
        let ended = news.iter().position(|&byte| !in_run(byte)).map(|length| self.known + length);
        let end = ended.unwrap_or(self.filled);
        let is_closed = is_end || ended.is_some();
        let has_news = is_closed || memchr2(b'.', b'%', news).is_some() || end - self.done > self.longest;
        while has_news && self.done < end {
            let before = self.done;
            match self.long.take() {
                Some(Long::Token { found, length, segments }) => {
                    self.pass_token(found, length, segments, is_closed, end, sink)?;
                }
                Some(Long::Segment) => {
                    let rest = self.buffer.get(self.done..end).unwrap_or_default();
                    match memchr2(b'.', b'%', rest) {
                        Some(length) => self.done += length + 1,
                        None => {
                            self.done = end;
                            self.long = Some(Long::Segment);
                        }
                    }
                }
                Some(Long::Undecided) | None => self.decide(is_closed, end, sink)?,
            }
            self.place.pass(&self.buffer, self.base, self.done);
            if self.done == before && matches!(self.long, Some(Long::Undecided)) {
                break;
            }
        }
        if !is_closed {
            self.known = end;
            self.long.get_or_insert(Long::Undecided);
            return Ok(false);
        }
        if let Some(Long::Token { found, length, .. }) = self.long.take() {
            self.tell(found, length, sink)?;
        }
        (self.done, self.known) = (end, end);
        Ok(true)
    }

    /// Takes the run apart as far as it is there. A percent sign ends a token like any byte that belongs to none: what
    /// is this long is no URL.
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
            let found = self.place.locate(&self.buffer, self.base, self.done + offset);
            sink(Hit::new(Cow::Borrowed(token), found))?;
        }
        if is_closed || percent.is_some() {
            self.done = percent.map_or(end, |percent| self.done + percent + 1);
            return Ok(());
        }
        let (Open::Segment(start) | Open::Token { start, .. }) = tokens.open;
        self.done += start;
        let length = end - self.done;
        if length <= self.longest {
            self.long = Some(Long::Undecided);
            return Ok(());
        }
        self.long = Some(match tokens.open {
            Open::Segment(_) => Long::Segment,
            Open::Token { segments, .. } => {
                let found = self.place.locate(&self.buffer, self.base, self.done);
                Long::Token { found, length, segments }
            }
        });
        self.done = end;
        Ok(())
    }

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
                self.tell(found, length + at, sink)
            }
            (None, None) if is_closed => {
                let length = length + rest.len();
                self.done = end;
                self.tell(found, length, sink)
            }
            (None, None) => {
                let passed = memchr_iter(b'.', piece).count();
                let length = length + rest.len();
                self.done = end;
                self.long = Some(Long::Token { found, length, segments: segments - passed });
                Ok(())
            }
        }
    }

    fn tell<E>(
        &mut self,
        found: TokenLocation,
        length: usize,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.is_empty = false;
        sink(Hit { token: Cow::Borrowed(&[]), length, found, opaque: false })
    }
}
