//! Suites as they are written: TOML with a comment where a reader needs one. What is written here is read by `verify
//! --suite` as it was meant, whatever text is in it.

use crate::core::reason::{Expectation, Reason};
use crate::core::text::escape::is_hostile;
use std::fmt::Write as _;

/// A suite to be written.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewSuite {
    /// What a reader should know first; a line each.
    pub(crate) remarks: Vec<String>,
    /// What holds for every case: names of members, and their values.
    pub(crate) defaults: Vec<(String, Setting)>,
    pub(crate) cases: Vec<NewCase>,
}

/// One case of it. Where the settings say how its token is minted (`mint.claim` and the like), it has no text.
#[derive(Clone, Debug)]
pub(crate) struct NewCase {
    pub(crate) name: String,
    /// What a reader should know of it; a line each.
    pub(crate) remarks: Vec<String>,
    pub(crate) token: String,
    pub(crate) expect: Vec<Expectation>,
    /// What else is set: options of `verify` by their long names, `at`.
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
    /// The suite as TOML.
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
        // Nothing but a line break can end a comment, and TOML takes no other control character in one.
        let line: String = line.chars().map(|c| if is_hostile(c) { '\u{fffd}' } else { c }).collect();
        // A String takes every write.
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
        // A dot leads into a table.
        let is_bare = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let name = if name.split('.').all(is_bare) { name.clone() } else { quoted(name) };
        let _ = writeln!(text, "{name} = {value}");
    }
}

/// An expectation as it is read back: with the very name of its claim, which is made safe where it is quoted.
fn code(expectation: &Expectation) -> String {
    match expectation {
        Expectation::Reason(
            reason @ (Reason::ClaimMissing(claim) | Reason::ClaimType(claim) | Reason::WrongClaim(claim)),
        ) => format!("{}:{claim}", reason.family()),
        other => other.to_string(),
    }
}

/// A string of TOML, safe to look at in a terminal: as it is where that is easier to read, else with escapes.
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
