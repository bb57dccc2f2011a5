//! Reports of a run of suites, for the systems that read them: each format has its file.

mod github;
mod html;
mod json_lines;
mod junit;
mod sarif;
mod tap;

pub(crate) use self::github::inert;

use super::outcome::{CaseResult, Totals};
use crate::cli::suite::Format;
use crate::core::report::check_text;
use crate::core::text::escape::Shown;
use crate::core::text::layout::count;
use crate::core::text::zone::Zone;
use crate::core::verify::check::Check;
use std::fmt;

/// A new report in a format.
pub(crate) fn begin(format: Format) -> Box<dyn Report> {
    match format {
        Format::Junit => Box::new(junit::Junit::default()),
        Format::Tap => Box::new(tap::Tap::default()),
        Format::Json => Box::new(json_lines::JsonLines::default()),
        Format::Github => Box::new(github::Annotations::default()),
        Format::Sarif => Box::new(sarif::Sarif::default()),
        Format::Html => Box::new(html::Page::default()),
    }
}

/// A report as it grows, case by case, in the order of the run.
pub(crate) trait Report: fmt::Debug {
    /// Takes down what came of a case.
    fn case(&mut self, case: &CaseResult);

    /// The whole report, ready to be written.
    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8>;
}

/// What was expected of a case and what came of it, in a sentence that is safe to show.
fn sentence(case: &CaseResult) -> String {
    let (expected, verdict) = (case.expectation(), case.verdict.name());
    if case.reasons.is_empty() {
        format!("expected {expected}; came out {verdict}")
    } else {
        format!("expected {expected}; came out {verdict} ({})", case.outcome())
    }
}

/// A check in one line that is safe to show.
fn check_line(check: &Check) -> String {
    let reason = check.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let (name, status) = (&check.name, check.status.name());
    Shown(&format!("{name} {status}{reason}: {}", check_text(check, Zone::Utc))).to_string()
}

/// The sentence, the checks that go with it and what to do, a line each.
fn story(case: &CaseResult) -> Vec<String> {
    let hints = case.hints.iter().map(|hint| format!("hint: {}", Shown(hint)));
    std::iter::once(sentence(case)).chain(case.differing().map(check_line)).chain(hints).collect()
}

/// How many passed, failed and were left.
fn tally(totals: &Totals) -> String {
    let Totals { passed, failed, left, .. } = totals;
    let run = count(passed + failed, "case");
    let left = if *left > 0 { format!(", {left} not run") } else { String::new() };
    format!("{run}: {passed} passed, {failed} failed{left}")
}

/// Cases as the tests of every format need them.
#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::mint::header::HeaderTemplate;
    use crate::core::mint::signer::PreparedSigner;
    use crate::core::reason::Expectation;
    use crate::core::report::Verification;
    use crate::core::token::Token;
    use crate::core::token::jws::Compact;
    use crate::core::token::numeric_date::NumericDate;
    use crate::core::verify::policy::Policy;
    use crate::suite::outcome::Place;
    use std::time::Duration;

    pub(crate) const AT: i64 = 1_800_000_000;

    /// A case with a token of these claims, signed by the key it is judged with.
    pub(crate) fn case(name: &str, claims: &str, expect: &str, line: usize) -> CaseResult {
        let keys = KeyRing::from(Key::hmac(Secret::new(vec![b'k'; 32]), None, "a test".into()));
        let signer = PreparedSigner::for_claims(&keys, None, &[], &HeaderTemplate::default()).unwrap();
        of_token(name, &signer.sign(claims.as_bytes()).unwrap(), expect, line)
    }

    /// A case with this text for a token.
    pub(crate) fn of_token(name: &str, text: &str, expect: &str, line: usize) -> CaseResult {
        let keys = KeyRing::from(Key::hmac(Secret::new(vec![b'k'; 32]), None, "a test".into()));
        let at = NumericDate::from_seconds(AT);
        let compact = Compact::parse(text.as_bytes(), 1 << 20);
        let token = compact.as_ref().map(Token::parse);
        let verification = match &token {
            Ok(token) => Verification::of(token, &keys, None, &Policy::default(), at),
            Err(failure) => Verification::unreadable((*failure).clone(), None, &keys),
        };
        let expected: Vec<Expectation> = expect.split(',').map(|code| code.parse().unwrap()).collect();
        let judgement = verification.judgement;
        CaseResult {
            suite: "suites/api.toml".into(),
            name: name.to_owned(),
            place: Place { line, column: 1 },
            unmet: expected.iter().filter(|one| !judgement.meets(one)).cloned().collect(),
            expected,
            verdict: judgement.verdict(),
            reasons: judgement.reasons.clone(),
            checks: judgement.checks.clone(),
            hints: Vec::new(),
            token: text.to_owned(),
            at,
            took: Duration::from_micros(250),
        }
    }

    /// A run of three: one that passes, one that does not, one that is no token and has a hostile name.
    pub(crate) fn run() -> (Vec<CaseResult>, Totals) {
        let cases = vec![
            case("a good token", r#"{"sub":"alice","exp":1800000600}"#, "accepted", 5),
            case("an old one", r#"{"sub":"alice","exp":1799999999}"#, "accepted", 10),
            of_token("no token <script>\u{202e}&\u{1b}[31m", "nothing", "malformed:segments", 15),
        ];
        let began = NumericDate::from_seconds(AT);
        (cases, Totals { passed: 2, failed: 1, left: 0, began, took: Duration::from_millis(12) })
    }

    /// The report on these cases.
    pub(crate) fn report(format: Format, cases: &[CaseResult], totals: &Totals) -> String {
        let mut report = begin(format);
        cases.iter().for_each(|case| report.case(case));
        String::from_utf8(report.end(totals)).unwrap()
    }

    /// What a run comes to in which no case was run.
    pub(crate) fn nothing() -> Totals {
        let began = NumericDate::from_seconds(AT);
        Totals { passed: 0, failed: 0, left: 0, began, took: Duration::ZERO }
    }
}
