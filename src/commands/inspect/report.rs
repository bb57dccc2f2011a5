//! What was found, written while more is looked for. It holds a bounded part of it, whatever the text holds.

use crate::core::json::{Member, Value};
use crate::core::report::TokenReport;
use crate::core::report::text;
use crate::core::text::layout::Screen;
use crate::error::{ExitStatus, Unwritten};
use crate::host::{Host, Level};
use crate::output::{self, JsonList};
use std::collections::BTreeSet;
use std::io;

/// How much text waits for the number of all tokens, and how much is written at once, in bytes.
const ENOUGH: usize = 256 << 10;

/// How many different hints are given at the end.
const HINTS: usize = 32;

/// The form of a report.
#[derive(Debug)]
pub(super) enum Form {
    /// For people.
    Text,
    /// One document.
    Json(JsonList),
    /// Numbers alone.
    Count {
        /// As a document.
        json: bool,
        /// Each token was counted once; a document says how often they were found, too.
        unique: bool,
    },
    /// None.
    Nothing,
}

/// A report as far as it has come.
#[derive(Debug)]
pub(super) struct Report {
    form: Form,
    /// Tokens, each once if each is reported once.
    pub(super) tokens: usize,
    /// The places where they were found.
    pub(super) places: usize,
    /// Tokens without their titles, for as long as these can say how many there are; nothing once they cannot.
    held: Option<Vec<String>>,
    held_size: usize,
    /// How many titles there are so far.
    titles: usize,
    pending: String,
    /// What is to be said once everything before it is written.
    remarks: Vec<String>,
    hints: BTreeSet<String>,
    /// Why nobody reads on.
    closed: Option<io::Error>,
}

impl Report {
    pub(super) fn new(form: Form) -> Self {
        Self {
            held: matches!(form, Form::Text).then(Vec::new),
            form,
            tokens: 0,
            places: 0,
            held_size: 0,
            titles: 0,
            pending: String::new(),
            remarks: Vec::new(),
            hints: BTreeSet::new(),
            closed: None,
        }
    }

    /// Whether it says more of a token than that it is there.
    pub(super) const fn shows_tokens(&self) -> bool {
        matches!(self.form, Form::Text | Form::Json(_)) && !self.is_closed()
    }

    /// Whether nobody reads on.
    pub(super) const fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Shows one more token, with what is to be said beside it.
    pub(super) fn add(
        &mut self,
        entry: &TokenReport<'_>,
        remark: Option<String>,
        host: &mut Host<'_>,
    ) -> Result<(), Unwritten> {
        self.remarks.extend(remark);
        if !self.shows_tokens() {
            return Ok(());
        }
        if let Form::Json(list) = &mut self.form {
            self.pending.push_str(&list.entry(entry));
        } else {
            let hints = entry.verification.iter().flat_map(|verification| &verification.hints);
            self.hints.extend(hints.take(HINTS.saturating_sub(self.hints.len())).cloned());
            self.add_text(text::token_report(entry, host.screen()), host.screen());
        }
        if self.pending.len() > ENOUGH { self.rest(false, host) } else { Ok(()) }
    }

    fn add_text(&mut self, text: String, screen: Screen) {
        self.held_size += text.len();
        match &mut self.held {
            Some(held) => {
                held.push(text);
                if self.held_size > ENOUGH {
                    self.release(None, screen);
                }
            }
            None => self.title(&text, None, screen),
        }
    }

    /// Gives what was held its titles.
    fn release(&mut self, total: Option<usize>, screen: Screen) {
        for text in self.held.take().unwrap_or_default() {
            self.title(&text, total, screen);
        }
    }

    fn title(&mut self, text: &str, total: Option<usize>, screen: Screen) {
        self.titles += 1;
        self.pending.push_str(&text::token_title(self.titles, total, screen));
        self.pending.push_str(text);
    }

    /// Leaves nothing unsaid that can be said already: `may_wait` says that it may take long until there is more.
    pub(super) fn rest(&mut self, may_wait: bool, host: &mut Host<'_>) -> Result<(), Unwritten> {
        if self.held.as_ref().is_some_and(|held| !held.is_empty()) {
            if !may_wait || !(host.stdin_is_idle)() {
                return Ok(());
            }
            // Whoever follows a log wants to see now what is in it, and not how much will be.
            self.release(None, host.screen());
        }
        self.write(host)?;
        self.say(host);
        Ok(())
    }

    /// Ends the report. `is_whole` says that everything could be read; `status` is that of the run.
    pub(super) fn end(
        mut self,
        is_whole: bool,
        status: ExitStatus,
        host: &mut Host<'_>,
    ) -> Result<(), Unwritten> {
        self.release(Some(self.tokens), host.screen());
        match &self.form {
            // Of what could not be read, it is not said that there is nothing in it.
            Form::Json(_) | Form::Count { .. } if self.tokens == 0 && !is_whole => {}
            Form::Json(list) => self.pending.push_str(&list.end()),
            Form::Count { json: false, .. } => self.pending = format!("{}\n", self.tokens),
            Form::Count { unique, .. } => {
                let number = |number: usize| Value::Number(number.to_string().into());
                let mut members = vec![Member::new("count", number(self.tokens))];
                members.extend(unique.then(|| Member::new("found", number(self.places))));
                self.pending = String::from_utf8_lossy(&output::json(&Value::Object(members))).into_owned();
            }
            Form::Text | Form::Nothing => {}
        }
        self.write(host)?;
        if let Some(error) = self.closed {
            return Err(Unwritten { error, if_closed: status });
        }
        // What is true of many tokens is said once.
        for hint in &self.hints {
            host.message(Level::Hint, hint);
        }
        self.say(host);
        Ok(())
    }

    fn write(&mut self, host: &mut Host<'_>) -> Result<(), Unwritten> {
        let text = std::mem::take(&mut self.pending);
        if text.is_empty() || self.is_closed() {
            return Ok(());
        }
        match output::write(host, text.as_bytes(), ExitStatus::Done) {
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
