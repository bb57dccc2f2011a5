//! The report of `inspect`, written while the search goes on. Its memory is bounded, whatever the size of the text.

use crate::core::json::{JsonPainter, Member, Value};
use crate::core::report::TokenReport;
use crate::core::report::html::inspection::{InspectionPage, Run};
use crate::core::report::oneline::{LineTable, TokenLine, write_tab_separated};
use crate::core::report::text;
use crate::core::text::layout::Screen;
use crate::error::document::{ErrorMember, FailureDocument};
use crate::error::{CommandError, ExitStatus, Unwritten};
use crate::host::{Host, Level};
use crate::output::{self, JsonList};
use std::collections::BTreeSet;
use std::io;

/// The size in bytes of the text that waits for the total of tokens, and of the text that is written at once.
const BUFFER: usize = 256 << 10;

/// The limit of different hints at the end.
const HINTS: usize = 32;

/// The format of the report.
#[derive(Debug)]
pub(super) enum InspectOutput {
    /// Text.
    Text,
    /// One JSON document.
    Json(JsonList),
    /// One line a token, aligned on a terminal.
    Lines(LineTable),
    /// One JSON document a token, each on its line.
    JsonLines,
    /// The number of tokens.
    Count {
        /// True if the number is written as a JSON document.
        json: bool,
        /// True if each token counts once. A document then also has the number of locations.
        unique: bool,
    },
    /// No output.
    Nothing,
}

/// A writer of the report, which holds what cannot be written yet.
#[derive(Debug)]
pub(super) struct ReportWriter {
    form: InspectOutput,
    /// The page so far, if one is wanted.
    page: Option<InspectionPage>,
    /// The number of tokens, each counted once with `--unique`.
    pub(super) tokens: usize,
    /// The number of locations.
    pub(super) locations: usize,
    /// The texts that wait for their titles, which name the total. `None` once the total is given up.
    held: Option<Vec<String>>,
    /// The size of the texts or lines that wait.
    held_size: usize,
    /// The number of titles so far.
    titles: usize,
    pending: Vec<u8>,
    /// Paints the document piece by piece, if standard output shows it otherwise than it is written.
    painter: Option<JsonPainter>,
    /// The space for a line that is written at once.
    line: String,
    /// The lines that wait for the widths of the columns.
    lines: Vec<TokenLine>,
    /// The messages to print once the text before them is written.
    remarks: Vec<String>,
    hints: BTreeSet<String>,
    /// Why standard output is closed, if it is.
    closed: Option<io::Error>,
}

impl ReportWriter {
    pub(super) fn new(form: InspectOutput, page: Option<InspectionPage>) -> Self {
        Self {
            page,
            held: matches!(form, InspectOutput::Text).then(Vec::new),
            form,
            tokens: 0,
            locations: 0,
            held_size: 0,
            titles: 0,
            pending: Vec::new(),
            painter: None,
            line: String::new(),
            lines: Vec::new(),
            remarks: Vec::new(),
            hints: BTreeSet::new(),
            closed: None,
        }
    }

    /// Reports whether the output or the page shows tokens, and not only their number.
    pub(super) const fn shows_tokens(&self) -> bool {
        self.prints_tokens() || self.page.is_some()
    }

    /// Reports whether the output shows tokens, and not only their number.
    const fn prints_tokens(&self) -> bool {
        !matches!(self.form, InspectOutput::Count { .. } | InspectOutput::Nothing) && !self.is_closed()
    }

    const fn is_json(&self) -> bool {
        matches!(
            self.form,
            InspectOutput::Json(_) | InspectOutput::JsonLines | InspectOutput::Count { json: true, .. }
        )
    }

    /// Reports whether no further token can change the output or the page.
    pub(super) const fn is_complete(&self) -> bool {
        self.is_closed() && self.page.is_none()
    }

    /// Returns the page on the tokens, if one is wanted. `unreadable` is the number of texts that could not be read. A page
    /// without tokens would be false if a text could not be read.
    pub(super) fn end_page(&mut self, unreadable: usize, host: &Host<'_>) -> Option<Vec<u8>> {
        let page = self.page.take().filter(|_| self.tokens > 0 || unreadable == 0)?;
        Some(page.end(&Run { at: host.now(), locations: self.locations, unreadable }))
    }

    /// Reports whether standard output is closed.
    const fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Adds one token, and the message on the requirement that it does not meet.
    pub(super) fn add(
        &mut self,
        entry: &TokenReport<'_>,
        remark: Option<String>,
        host: &mut Host<'_>,
    ) -> Result<(), Unwritten> {
        self.remarks.extend(remark);
        if let Some(page) = &mut self.page {
            page.add(entry);
        }
        if !self.prints_tokens() {
            return Ok(());
        }
        match &mut self.form {
            InspectOutput::Json(list) => list.entry(&mut self.pending, entry),
            InspectOutput::JsonLines => output::json_line(&mut self.pending, entry),
            InspectOutput::Lines(_) => {
                self.take_hints(entry);
                self.add_line(entry, host);
            }
            InspectOutput::Text => {
                self.take_hints(entry);
                self.add_text(text::token_report(entry, host.screen()), host.screen());
            }
            InspectOutput::Count { .. } | InspectOutput::Nothing => {}
        }
        if self.pending.len() > BUFFER { self.flush(false, host) } else { Ok(()) }
    }

    fn take_hints(&mut self, entry: &TokenReport<'_>) {
        let hints = entry.verification.iter().flat_map(|verification| &verification.hints);
        self.hints.extend(hints.take(HINTS.saturating_sub(self.hints.len())).cloned());
    }

    /// Adds a line. On a terminal it waits for lines after it, which have the same columns.
    fn add_line(&mut self, entry: &TokenReport<'_>, host: &Host<'_>) {
        let zone = host.screen().zone;
        if !host.stdout.is_terminal {
            // A line that is written at once needs no columns of its own: this saves 2,000 instructions a token.
            self.line.clear();
            write_tab_separated(&mut self.line, entry, zone);
            self.pending.extend_from_slice(self.line.as_bytes());
            return;
        }
        let line = TokenLine::new(entry, zone);
        self.held_size += line.size();
        self.lines.push(line);
        if self.held_size > BUFFER {
            self.release_lines(host.screen());
        }
    }

    /// Aligns the lines that wait.
    fn release_lines(&mut self, screen: Screen) {
        if let InspectOutput::Lines(table) = &mut self.form {
            let text = table.aligned(&std::mem::take(&mut self.lines), screen);
            self.pending.extend_from_slice(text.as_bytes());
            self.held_size = 0;
        }
    }

    fn add_text(&mut self, text: String, screen: Screen) {
        self.held_size += text.len();
        match &mut self.held {
            Some(held) => {
                held.push(text);
                if self.held_size > BUFFER {
                    self.release(None, screen);
                }
            }
            None => self.title(&text, None, screen),
        }
    }

    /// Adds the titles to the texts that wait for them.
    fn release(&mut self, total: Option<usize>, screen: Screen) {
        for text in self.held.take().unwrap_or_default() {
            self.title(&text, total, screen);
        }
    }

    fn title(&mut self, text: &str, total: Option<usize>, screen: Screen) {
        self.titles += 1;
        let title = text::token_title(self.titles, total, screen);
        self.pending.extend_from_slice(title.as_bytes());
        self.pending.extend_from_slice(text.as_bytes());
    }

    /// Writes what can be written already. `may_wait` tells that the next input may take long.
    pub(super) fn flush(&mut self, may_wait: bool, host: &mut Host<'_>) -> Result<(), Unwritten> {
        if self.held.as_ref().is_some_and(|held| !held.is_empty()) || !self.lines.is_empty() {
            if !may_wait || !(host.stdin_is_idle)() {
                return Ok(());
            }
            // A user who follows a log needs the tokens now, more than their total or the widths of later ones.
            self.release(None, host.screen());
            self.release_lines(host.screen());
        }
        self.write(host)?;
        self.say(host);
        Ok(())
    }

    /// Ends the report, and returns true if its document holds the failure. `is_whole` is true if all texts could be read.
    /// `failure` is the
    /// error for the document: the one that the run ends with, or a requirement that tokens do not meet.
    pub(super) fn end(
        mut self,
        is_whole: bool,
        status: ExitStatus,
        failure: Option<&CommandError>,
        host: &mut Host<'_>,
    ) -> Result<bool, Unwritten> {
        let mut is_documented = false;
        self.release(Some(self.tokens), host.screen());
        self.release_lines(host.screen());
        match &self.form {
            // A report of zero tokens would be false if a text could not be read.
            InspectOutput::Json(_) | InspectOutput::Count { .. } if self.tokens == 0 && !is_whole => {}
            InspectOutput::Json(list) => {
                list.end(&mut self.pending, failure.map(ErrorMember::from).as_ref());
                is_documented = true;
            }
            InspectOutput::Count { json: false, .. } => {
                self.pending = format!("{}\n", self.tokens).into_bytes()
            }
            InspectOutput::Count { unique, .. } => {
                let number = |number: usize| Value::Number(number.to_string().into());
                is_documented = true;
                let mut members = vec![Member::new("count", number(self.tokens))];
                members.extend(unique.then(|| Member::new("found", number(self.locations))));
                members
                    .extend(failure.map(|error| Member::new("error", ErrorMember::from(error).to_value())));
                self.pending = output::json(&Value::Object(members));
            }
            // A line of its own follows the lines of the tokens.
            InspectOutput::JsonLines => {
                if let Some(failure) = failure {
                    output::json_line(&mut self.pending, &FailureDocument::from(failure));
                    is_documented = true;
                }
            }
            InspectOutput::Text | InspectOutput::Lines(_) | InspectOutput::Nothing => {}
        }
        self.write(host)?;
        if let Some(error) = self.closed {
            return Err(Unwritten { error, if_closed: status });
        }
        // A hint that fits many tokens is printed once.
        for hint in &self.hints {
            host.message(Level::Hint, hint);
        }
        self.say(host);
        Ok(is_documented)
    }

    fn write(&mut self, host: &mut Host<'_>) -> Result<(), Unwritten> {
        let mut text = std::mem::take(&mut self.pending);
        if text.is_empty() || self.is_closed() {
            return Ok(());
        }
        let style = match self.form {
            InspectOutput::JsonLines => host.stdout.json_style().on_one_line(),
            _ => host.stdout.json_style(),
        };
        if self.is_json() && !style.is_plain() {
            let painter = self.painter.get_or_insert(JsonPainter::new(style));
            let written = std::mem::take(&mut text);
            painter.paint(&written, &mut text);
        }
        let write = if self.is_json() { output::write } else { output::write_report };
        let outcome = write(host, &text, ExitStatus::Done);
        // The memory is kept for the next tokens.
        text.clear();
        self.pending = text;
        match outcome {
            Err(unwritten) if unwritten.error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = Some(unwritten.error);
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn say(&mut self, host: &mut Host<'_>) {
        for remark in std::mem::take(&mut self.remarks).iter().filter(|_| self.closed.is_none()) {
            host.message(Level::Error, remark);
        }
    }
}
