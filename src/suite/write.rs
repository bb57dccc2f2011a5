//! Writing suites, as TOML with comments. `verify --suite` reads back the same cases, for any text in them.

use crate::core::reason::{Expectation, Reason};
use crate::core::text::escape::is_hostile;
use std::fmt::Write as _;

/// A suite to write.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewSuite {
    /// Comments at the top, a line each.
    pub(crate) remarks: Vec<String>,
    /// The members that hold for every case.
    pub(crate) defaults: Vec<(String, Setting)>,
    pub(crate) cases: Vec<NewCase>,
}

/// A case of a suite to write. If its settings mint the token (`mint.claim` and so on), `token` is not written.
#[derive(Clone, Debug)]
pub(crate) struct NewCase {
    pub(crate) name: String,
    /// Comments on the case, a line each.
    pub(crate) remarks: Vec<String>,
    pub(crate) token: String,
    pub(crate) expect: Vec<Expectation>,
    /// Other members: `at`, and options of `verify` by their long names.
    pub(crate) settings: Vec<(String, Setting)>,
}

/// The value of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Text(String),
    Texts(Vec<String>),
    Flag(bool),
}

impl NewSuite {
    /// Returns the suite as TOML.
    pub(crate) fn to_toml(&self) -> String {
        let mut text = String::new();
        remarks(&mut text, &self.remarks);
        if !self.defaults.is_empty() {
            text.push_str("\n[defaults]\n");
            settings(&mut text, &self.defaults);
        }
        for case in &self.cases {
            text.push('\n');
            remarks(&mut text, &case.remarks);
            text.push_str("[[cases]]\n");
            let expect: Vec<String> = case.expect.iter().map(code).collect();
            let expect = match <[String; 1]>::try_from(expect) {
                Ok([only]) => Setting::Text(only),
                Err(several) => Setting::Texts(several),
            };
            let is_minted = case.settings.iter().any(|(name, _)| name.starts_with("mint."));
            let token = (!is_minted).then(|| ("token".to_owned(), Setting::Text(case.token.clone())));
            let mut own = vec![("name".to_owned(), Setting::Text(case.name.clone()))];
            own.extend(token);
            own.push(("expect".to_owned(), expect));
            settings(&mut text, &own);
            settings(&mut text, &case.settings);
        }
        text
    }
}

fn remarks(text: &mut String, remarks: &[String]) {
    for line in remarks.iter().flat_map(|remark| remark.lines()) {
        // TOML allows no control characters in a comment.
        let line: String = line.chars().map(|c| if is_hostile(c) { '\u{fffd}' } else { c }).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# {line}");
    }
}

fn settings(text: &mut String, settings: &[(String, Setting)]) {
    for (name, value) in settings {
        let value = match value {
            Setting::Text(value) => quoted(value),
            Setting::Texts(values) => {
                let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                format!("[{}]", values.join(", "))
            }
            Setting::Flag(value) => value.to_string(),
        };
        // A dotted name is a path into tables.
        let is_bare = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let name = if name.split('.').all(is_bare) { name.clone() } else { quoted(name) };
        let _ = writeln!(text, "{name} = {value}");
    }
}

/// Returns an expectation that parses back to the same one. Its Display escapes the name of a claim, and quoting does
/// that here.
fn code(expectation: &Expectation) -> String {
    match expectation {
        Expectation::Reason(
            reason @ (Reason::ClaimMissing(claim) | Reason::ClaimType(claim) | Reason::WrongClaim(claim)),
        ) => format!("{}:{claim}", reason.code().name()),
        other => other.to_string(),
    }
}

/// Returns a TOML string that is safe to show in a terminal, with as few escapes as possible.
fn quoted(value: &str) -> String {
    if value.contains(['"', '\\']) && !value.contains(|c| c == '\'' || is_hostile(c)) {
        return format!("'{value}'");
    }
    let mut text = String::from('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c if is_hostile(c) => _ = write!(text, "\\U{:08X}", u32::from(c)),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
