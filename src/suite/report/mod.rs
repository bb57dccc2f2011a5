//! Reports of a run of suites, for the systems that read them. Each format has its own file; the table here is the only
//! place that lists them.

mod github;
mod html;
mod json_lines;
mod junit;
pub(crate) mod markdown;
pub(crate) mod request;
mod sarif;
mod tap;

pub(crate) use self::github::FORMAT as GITHUB;
pub(crate) use self::json_lines::FORMAT as JSON;
pub(crate) use self::markdown::FORMAT as MARKDOWN;

use super::outcome::{CaseResult, Totals};
use crate::core::report::check_text;
use crate::core::text::escape::Shown;
use crate::core::text::layout::count;
use crate::core::text::zone::Zone;
use crate::core::verify::check::Check;
use std::fmt;

/// Every format, in the order of the help.
const FORMATS: [ReportFormat; 7] = [
    junit::FORMAT,
    tap::FORMAT,
    json_lines::FORMAT,
    github::FORMAT,
    sarif::FORMAT,
    markdown::FORMAT,
    html::FORMAT,
];

/// A report format: its name on the command line, and how a report in it begins.
#[derive(Clone, Copy, Debug)]
pub struct ReportFormat {
    name: &'static str,
    begin: fn() -> Box<dyn SuiteReport>,
}

impl ReportFormat {
    /// Returns the names of all formats.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(|format| format.name)
    }

    /// Returns the format with this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        FORMATS.into_iter().find(|format| format.name == name)
    }

    /// Returns the format with this name in any letter case, or with files of this ending.
    pub(crate) fn named_like(name: &str) -> Option<Self> {
        const ENDINGS: [(&str, &str); 4] =
            [("xml", "junit"), ("htm", "html"), ("md", "markdown"), ("jsonl", "json")];
        let lower = name.to_ascii_lowercase();
        let ending = ENDINGS.iter().find(|(ending, _)| *ending == lower).map(|(_, name)| *name);
        Self::find(ending.unwrap_or(&lower))
    }

    /// Returns the name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        self.name
    }

    /// Reports whether reports in this format are JSON, of one document or of several lines.
    pub(crate) fn is_json(self) -> bool {
        [json_lines::FORMAT, sarif::FORMAT].contains(&self)
    }

    /// Begins a report.
    pub(crate) fn begin(self) -> Box<dyn SuiteReport> {
        (self.begin)()
    }
}

/// The name identifies a format.
impl PartialEq for ReportFormat {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ReportFormat {}

/// A report that grows case by case, in the order of the run.
pub(crate) trait SuiteReport: fmt::Debug {
    /// Takes the command line of the run, in which secrets and tokens are masked. Most reports leave it out.
    fn command(&mut self, _command: &str) {}

    /// Adds the outcome of a case.
    fn case(&mut self, case: &CaseResult);

    /// Returns the complete report.
    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8>;
}

/// Returns the expectation and the outcome of a case in one sentence. Nothing in it is hostile.
fn sentence(case: &CaseResult) -> String {
    let (expected, verdict) = (case.expectation(), case.verdict.name());
    if case.reasons.is_empty() {
        format!("expected {expected}; got {verdict}")
    } else {
        format!("expected {expected}; got {verdict} ({})", case.outcome())
    }
}

/// Returns a check as one line. Nothing in it is hostile.
fn check_line(check: &Check<'_>) -> String {
    let reason = check.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let (name, status) = (&check.name, check.status.name());
    Shown(&format!("{name} {status}{reason}: {}", check_text(check, Zone::Utc))).to_string()
}

/// Returns the sentence, the checks that explain it and the hints, a line each.
fn story(case: &CaseResult) -> Vec<String> {
    std::iter::once(sentence(case)).chain(explanation(case)).collect()
}

/// Returns the checks that explain the outcome of a case, the expected codes that no check finds, and the hints, a line each.
/// Nothing in them is hostile.
fn explanation(case: &CaseResult) -> impl Iterator<Item = String> {
    let unasked = |expected| format!("{expected}: no option of this case checks for it");
    let unasked = case.unasked().map(move |expected| Shown(&unasked(expected)).to_string());
    let hints = case.hints.iter().map(|hint| format!("hint: {}", Shown(hint)));
    case.differing().map(check_line).chain(unasked).chain(hints)
}

/// Returns how many cases passed, failed and were not run.
fn tally(totals: &Totals) -> String {
    let Totals { passed, failed, left, .. } = totals;
    let run = count(passed + failed, "case");
    let left = if *left > 0 { format!(", {left} not run") } else { String::new() };
    format!("{run}: {passed} passed, {failed} failed{left}")
}

/// Cases for the tests of every format.
#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::mint::header::HeaderTemplate;
    use crate::core::mint::signer::PreparedSigner;
    use crate::core::reason::Expectation;
    use crate::core::token::numeric_date::NumericDate;
    use crate::core::verify::policy::Policy;
    use crate::core::verify::{ParsedToken, Verifier};
    use crate::suite::location::SourceLocation;
    use std::time::Duration;

    pub(crate) const AT: i64 = 1_800_000_000;

    /// Returns a case whose token has these claims and a valid signature.
    pub(crate) fn case(name: &str, claims: &str, expect: &str, line: usize) -> CaseResult {
        let keys = KeyRing::from(Key::hmac(Secret::new(vec![b'k'; 32]), None, "a test".into()));
        let signer = PreparedSigner::for_claims(&keys, None, &[], &HeaderTemplate::default()).unwrap();
        of_token(name, &signer.sign(claims.as_bytes()).unwrap(), expect, line)
    }

    /// Returns a case whose token is this text.
    pub(crate) fn of_token(name: &str, text: &str, expect: &str, line: usize) -> CaseResult {
        let keys = KeyRing::from(Key::hmac(Secret::new(vec![b'k'; 32]), None, "a test".into()));
        let at = NumericDate::from_seconds(AT);
        let policy = Policy::default();
        let verifier = Verifier::new(&keys, &policy);
        let parsed = verifier.parse(text.as_bytes());
        let token = parsed.as_ref().map(ParsedToken::read);
        let verification = match &token {
            Ok(token) => verifier.judge(token, at),
            Err(failure) => verifier.unreadable((*failure).clone(), None),
        };
        let expected: Vec<Expectation> = expect.split(',').map(|code| code.parse().unwrap()).collect();
        let judgement = verification.judgement;
        CaseResult {
            suite: "suites/api.toml".into(),
            in_repository: None,
            name: name.to_owned(),
            location: SourceLocation { line, column: 1 },
            unmet: expected.iter().filter(|one| !judgement.meets(one)).cloned().collect(),
            expected,
            verdict: judgement.verdict(),
            reasons: judgement.reasons.clone(),
            checks: judgement.checks.into_iter().map(Check::into_owned).collect(),
            envelopes: Vec::new(),
            hints: Vec::new(),
            token: text.to_owned(),
            at,
            took: Duration::from_micros(250),
        }
    }

    /// Returns a run of three: a case that passes, one that fails, and one with a hostile name and no token.
    pub(crate) fn run() -> (Vec<CaseResult>, Totals) {
        let cases = vec![
            case("a good token", r#"{"sub":"alice","exp":1800000600}"#, "accepted", 5),
            case("an old one", r#"{"sub":"alice","exp":1799999999}"#, "accepted", 10),
            of_token("no token <script>\u{202e}&\u{1b}[31m", "nothing", "malformed:segments", 15),
        ];
        let began = NumericDate::from_seconds(AT);
        (cases, Totals { passed: 2, failed: 1, left: 0, began, took: Duration::from_millis(12) })
    }

    /// Returns the report on these cases.
    pub(crate) fn report(format: ReportFormat, cases: &[CaseResult], totals: &Totals) -> String {
        let mut report = format.begin();
        cases.iter().for_each(|case| report.case(case));
        String::from_utf8(report.end(totals)).unwrap()
    }

    /// Returns the totals of a run without a case.
    pub(crate) fn nothing() -> Totals {
        let began = NumericDate::from_seconds(AT);
        Totals { passed: 0, failed: 0, left: 0, began, took: Duration::ZERO }
    }
}
