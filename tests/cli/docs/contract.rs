//! Tests of docs/contract.md: its marked tables are the tables of the code. `FOB_BLESS=1` writes their rows anew.
//! The last column of the reason codes is written by hand and kept.

use crate::docs::golden::compare;
use fob::core::reason::{
    BadDisclosure, BadKeyBinding, Expectation, KeyMismatch, KeyWeak, Malformed, ReasonCode,
};
use fob::error::ExitStatus;
use fob::error::code::ErrorCode;
use std::path::Path;

const PAGE: &str = "docs/contract.md";

/// Returns the page as it is in the repository.
fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE)).unwrap()
}

/// Splits a page into the text before the rows of a marked table, the rows, and the text after them.
fn split_at_table<'p>(page: &'p str, name: &str) -> (&'p str, &'p str, &'p str) {
    let marker = format!("<!-- table: {name} -->\n\n");
    let start =
        page.find(&marker).unwrap_or_else(|| panic!("the page has no table of {name}")) + marker.len();
    let rows = start + page[start..].split_inclusive('\n').take(2).map(str::len).sum::<usize>();
    let end = rows + page[rows..].find("\n\n").map_or(page.len() - rows, |end| end + 1);
    let end = if page[rows..].starts_with('\n') { rows } else { end };
    (&page[..rows], &page[rows..end], &page[end..])
}

/// Returns a page with other rows in a marked table.
pub(super) fn with_rows(page: &str, name: &str, rows: impl IntoIterator<Item = String>) -> String {
    let (before, _, after) = split_at_table(page, name);
    format!("{before}{}{after}", rows.into_iter().collect::<String>())
}

/// Returns a code as the page writes it, with `X` for a detail and `NAME` for a claim name.
fn with_placeholder(code: ReasonCode) -> String {
    let name = code.name();
    let claim = format!("{name}:NAME");
    match name.parse() {
        Ok(Expectation::Reason(_)) => name.to_owned(),
        _ if claim.parse::<Expectation>().is_ok() => claim,
        _ => format!("{name}:X"),
    }
}

/// Returns the last cell of the row of a code.
fn exact_rule<'p>(rows: &'p str, code: &str) -> &'p str {
    let row = rows.lines().find(|row| row.starts_with(&format!("| `{code}` |")));
    row.and_then(|row| row.trim_end_matches('|').rsplit_once('|')).map_or("", |(_, rule)| rule.trim())
}

/// Returns the rows of all details, and checks that every code with a detail has some.
fn details() -> Vec<String> {
    let row = |code: ReasonCode, detail: &str, meaning: &str| {
        format!("| `{}:{detail}` | {meaning} |\n", code.name())
    };
    let malformed = Malformed::ALL.iter().map(|it| row(ReasonCode::Malformed, it.code(), it.meaning()));
    let mismatch = KeyMismatch::ALL.iter().map(|it| row(ReasonCode::KeyMismatch, it.code(), it.meaning()));
    let weak = KeyWeak::ALL.iter().map(|it| row(ReasonCode::KeyWeak, it.code(), it.meaning()));
    let disclosure =
        BadDisclosure::ALL.iter().map(|it| row(ReasonCode::BadDisclosure, it.code(), it.meaning()));
    let binding = BadKeyBinding::ALL.iter().map(|it| row(ReasonCode::BadKeyBinding, it.code(), it.meaning()));
    let rows: Vec<String> = malformed.chain(mismatch).chain(weak).chain(disclosure).chain(binding).collect();
    for code in ReasonCode::ALL.iter().filter(|code| with_placeholder(**code).ends_with(":X")) {
        let start = format!("| `{}:", code.name());
        assert!(rows.iter().any(|row| row.starts_with(&start)), "{start} has no details");
    }
    rows
}

#[test]
fn the_tables_of_the_contract_are_those_of_the_code() {
    let page = page();
    let statuses =
        ExitStatus::ALL.iter().map(|status| format!("| {} | {} |\n", *status as u8, status.meaning()));
    let text = with_rows(&page, "exit statuses", statuses);
    let (_, reasons, _) = split_at_table(&page, "reason codes");
    let codes = ReasonCode::ALL.iter().map(|code| {
        let name = with_placeholder(*code);
        let rule = exact_rule(reasons, &name);
        format!("| `{name}` | {} | {rule} |\n", code.meaning()).replace("|  |", "| |")
    });
    let text = with_rows(&text, "reason codes", codes);
    let text = with_rows(&text, "details", details());
    let errors = ErrorCode::ALL.iter().map(|(code, meaning)| format!("| `{code}` | {meaning} |\n"));
    compare(PAGE, &with_rows(&text, "error codes", errors));
}

#[test]
fn a_missing_or_additional_row_is_noticed() {
    let page = "<!-- table: x -->\n\n| a |\n|---|\n| 1 |\n| 2 |\n\nEnd.\n";
    assert_eq!(with_rows(page, "x", ["| 1 |\n".to_owned(), "| 2 |\n".to_owned()]), page);
    assert_ne!(with_rows(page, "x", ["| 1 |\n".to_owned()]), page);
    assert_ne!(with_rows(page, "x", ["| 1 |\n", "| 2 |\n", "| 3 |\n"].map(str::to_owned)), page);
    let empty = "<!-- table: x -->\n\n| a |\n|---|\n\nEnd.\n";
    assert_eq!(
        with_rows(empty, "x", ["| 1 |\n".to_owned()]),
        "<!-- table: x -->\n\n| a |\n|---|\n| 1 |\n\nEnd.\n"
    );
}
