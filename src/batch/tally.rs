//! Counts the results of many lines, and writes the summary.

use crate::core::reason::Reason;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The words of a command for its results.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// The singular of the things that are counted.
    pub(crate) one: &'static str,
    /// The plural.
    pub(crate) many: &'static str,
    /// The word for a good result.
    pub(crate) good: &'static str,
    /// The word for a bad result.
    pub(crate) bad: &'static str,
}

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Lines with a good result.
    pub(crate) good: u64,
    /// Lines with a bad result.
    pub(crate) bad: u64,
    /// Lines without a token.
    pub(crate) malformed: u64,
    /// Lines whose result is not the expected one.
    pub(crate) unmet: u64,
    /// Empty lines.
    pub(crate) empty: u64,
    reasons: BTreeMap<Reason, u64>,
    warnings: BTreeMap<Reason, u64>,
}

impl Tally {
    /// Returns the number of lines that were not empty.
    pub(crate) const fn lines(&self) -> u64 {
        self.good + self.bad + self.malformed
    }

    /// Counts a reason for a bad result.
    pub(crate) fn reason(&mut self, reason: &Reason) {
        count(&mut self.reasons, reason, 1);
    }

    /// Counts a warning.
    pub(crate) fn warning(&mut self, reason: &Reason) {
        count(&mut self.warnings, reason, 1);
    }

    /// Adds the counts of another tally.
    pub(crate) fn add(&mut self, other: &Self) {
        self.good += other.good;
        self.bad += other.bad;
        self.malformed += other.malformed;
        self.unmet += other.unmet;
        self.empty += other.empty;
        other.reasons.iter().for_each(|(reason, number)| count(&mut self.reasons, reason, *number));
        other.warnings.iter().for_each(|(reason, number)| count(&mut self.warnings, reason, *number));
    }

    /// Resets all counts.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns the summary, in lines. `elapsed` is in milliseconds.
    pub(crate) fn summary(&self, words: &Words, elapsed: i64) -> String {
        let lines = self.lines();
        let noun = if lines == 1 { words.one } else { words.many };
        let seconds = elapsed.max(0) as f64 / 1000.0;
        let mut text = format!("{} {noun} in {seconds:.2} s", grouped(lines));
        // Writing to a String does not fail.
        if elapsed > 0 && lines > 0 {
            let _ = write!(text, " ({}/s)", short(lines as f64 / seconds));
        }
        let counts = [(self.good, words.good), (self.bad, words.bad), (self.malformed, "malformed")];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{} {word}", grouped(number)))
            .collect();
        if !counts.is_empty() {
            let _ = write!(text, ": {}", counts.join(", "));
        }
        text.push('\n');
        let rows = self.reasons.iter().map(|(reason, number)| (reason.to_string(), *number));
        let warnings =
            self.warnings.iter().map(|(reason, number)| (format!("{reason} (a warning)"), *number));
        let empty = (self.empty > 0).then(|| ("empty lines, skipped".to_owned(), self.empty));
        let unmet = (self.unmet > 0).then(|| ("not as expected".to_owned(), self.unmet));
        let rows: Vec<(String, String)> = rows
            .chain(warnings)
            .chain(unmet)
            .chain(empty)
            .map(|(what, number)| (what, grouped(number)))
            .collect();
        let width = rows.iter().map(|(_, number)| number.len()).max().unwrap_or_default();
        for (what, number) in rows {
            let _ = writeln!(text, "  {number:>width$}  {what}");
        }
        text
    }
}

fn count(counts: &mut BTreeMap<Reason, u64>, reason: &Reason, number: u64) {
    match counts.get_mut(reason) {
        Some(so_far) => *so_far += number,
        None => _ = counts.insert(reason.clone(), number),
    }
}

/// Returns a whole number with a comma at every third digit.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a number with two or three significant digits.
fn short(number: f64) -> String {
    let (scaled, unit) = match number {
        n if n >= 1e6 => (n / 1e6, " M"),
        n if n >= 1e3 => (n / 1e3, " k"),
        n => (n, ""),
    };
    if scaled < 10.0 { format!("{scaled:.1}{unit}") } else { format!("{scaled:.0}{unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = Words { one: "token", many: "tokens", good: "accepted", bad: "rejected" };

    #[test]
    fn summarizes_counts_and_reasons() {
        let mut tally = Tally { good: 999_998, bad: 2, empty: 1, ..Tally::default() };
        tally.reason(&Reason::Expired);
        tally.reason(&Reason::BadSignature);
        tally.reason(&Reason::BadSignature);
        assert_eq!(
            tally.summary(&WORDS, 420),
            "1,000,000 tokens in 0.42 s (2.4 M/s): 999,998 accepted, 2 rejected\n  \
             2  bad_signature\n  1  expired\n  1  empty lines, skipped\n"
        );
    }

    #[test]
    fn a_small_run_has_a_short_summary() {
        assert_eq!(Tally::default().summary(&WORDS, 0), "0 tokens in 0.00 s\n");
        let one = Tally { good: 1, ..Tally::default() };
        assert_eq!(one.summary(&WORDS, 1), "1 token in 0.00 s (1.0 k/s): 1 accepted\n");
        assert_eq!(one.summary(&WORDS, -5), "1 token in 0.00 s: 1 accepted\n");
    }
}
