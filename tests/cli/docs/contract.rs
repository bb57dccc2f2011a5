//! Tests of docs/contract.md: its marked tables are the tables of the code. `FOB_BLESS=1` writes their rows anew.
//! The last column of the reason codes is written by hand and kept.

use crate::docs::golden::compare;
use fob::core::reason::{ReasonCode, ReasonDetails};
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
    match code.details() {
        ReasonDetails::None => code.name().to_owned(),
        ReasonDetails::ClaimName => format!("{}:NAME", code.name()),
        ReasonDetails::Codes(_) => format!("{}:X", code.name()),
    }
}

/// Returns the last cell of the row of a code.
fn exact_rule<'p>(rows: &'p str, code: &str) -> &'p str {
    let row = rows.lines().find(|row| row.starts_with(&format!("| `{code}` |")));
    row.and_then(|row| row.trim_end_matches('|').rsplit_once('|')).map_or("", |(_, rule)| rule.trim())
}

/// Returns the rows of all details.
fn details() -> Vec<String> {
    let rows = |code: &ReasonCode| match code.details() {
        ReasonDetails::Codes(details) => details
            .into_iter()
            .map(|(detail, meaning)| format!("| `{}:{detail}` | {meaning} |\n", code.name()))
            .collect(),
        ReasonDetails::None | ReasonDetails::ClaimName => Vec::new(),
    };
    ReasonCode::ALL.iter().flat_map(rows).collect()
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
