//! Tests of docs/tables.md and of the guide to token servers: their marked tables are the tables of the code. `FOB_BLESS=1` writes their rows anew.

use crate::docs::contract::with_rows;
use crate::docs::golden::compare;
use fob::core::oauth::message::Method;
use fob::core::oauth::ready::ReadyServer;
use fob::core::oauth::server::{RevokedToken, TokenPlace};
use fob::core::report::finding::{CodeDetail, FindingCode};
use fob::core::token::kind::{Style, TokenKind, legend, mark, styles};
use fob::core::verify::{ISSUER_HINTS, NEAR_VALUE_RULES, doctor};
use std::path::Path;

const PAGE: &str = "docs/tables.md";

/// Returns a row of a table.
fn row<const N: usize>(cells: [&str; N]) -> String {
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")).replace("|  |", "| |")
}

/// Returns names in code font, with commas between them.
fn code_list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn kind(kind: &TokenKind) -> String {
    let expiry = if kind.does_without_exp() { "optional" } else { "expected" };
    let usual = match kind.usual_days() {
        Some(1) => "a day",
        Some(31) => "a month",
        Some(_) => "a year",
        None => "any",
    };
    let name = format!("`{}`", kind.name());
    row([&name, kind.description(), &code_list(kind.media_types()), expiry, usual])
}

fn style(style: &Style) -> String {
    let alternatives = style
        .alternatives
        .iter()
        .map(|signs| signs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "));
    row([style.name, &alternatives.collect::<Vec<_>>().join("; or ")])
}

fn finding(code: &FindingCode) -> String {
    let detail = match code.detail() {
        CodeDetail::None => "",
        CodeDetail::ClaimName => ":NAME",
        CodeDetail::OfReason => ":X",
    };
    row([&format!("`{}{detail}`", code.name()), code.severity().name(), code.meaning()])
}

/// Returns the row of a token server: what is sent to it, and where.
fn server(ready: &ReadyServer) -> String {
    let server = ready.describe();
    let body = server.body.name();
    let places = |places: &[TokenPlace]| {
        let shown: Vec<String> = places.iter().map(|place| format!("`{}`", place.shown())).collect();
        shown.join(" or ")
    };
    let refresh = server.refresh_in.as_ref().map(|place| {
        let body = match place {
            TokenPlace::Member(_) => format!(" in {}", server.refresh_body.unwrap_or(server.body).name()),
            _ => String::new(),
        };
        let url = server.refresh_url.as_deref().map_or("the same URL".to_owned(), |url| format!("`{url}`"));
        format!("{url}: `{}`{body}", place.shown())
    });
    let end = server.revocation.as_ref().map(|rule| {
        let method = if rule.method == Method::Delete { "DELETE " } else { "" };
        let url =
            rule.url.as_ref().map_or("a URL that you name".to_owned(), |url| format!("`{method}{url}`"));
        let token = match rule.token {
            RevokedToken::Refresh => "refresh token",
            RevokedToken::Access => "access token",
            RevokedToken::Each => "both tokens",
        };
        format!("{url}: {token}")
    });
    row([
        &format!("`{}`", ready.name()),
        ready.about(),
        &format!("{body}: `{}`, `{}`", server.user.shown(), server.password.shown()),
        &places(&server.access_at),
        &refresh.unwrap_or_default(),
        &end.unwrap_or_default(),
    ])
}

/// Returns a row for each documentation, with the number of its secrets.
fn known_secrets() -> Vec<String> {
    let mut sources: Vec<(&str, usize)> = Vec::new();
    for source in fob::core::report::known_secret_sources() {
        match sources.iter_mut().find(|(known, _)| *known == source) {
            Some((_, secrets)) => *secrets += 1,
            None => sources.push((source, 1)),
        }
    }
    sources.iter().map(|(source, secrets)| row([source, &secrets.to_string()])).collect()
}

#[test]
fn the_tables_of_the_page_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let mut page = std::fs::read_to_string(path).unwrap();
    let names = |names: &mut dyn Iterator<Item = &'static str>| names.map(|name| row([name])).collect();
    let tables: [(&str, Vec<String>); 14] = [
        ("wrappings of tokens", names(&mut fob::scan::wrapping_names())),
        ("wrappings of keys", names(&mut fob::core::key::wrapping_names())),
        ("other texts", names(&mut fob::scan::shape_names())),
        ("kinds", TokenKind::ALL.iter().map(kind).collect()),
        (
            "marks",
            mark::marks()
                .map(|(claim, refresh, access)| {
                    row([&format!("`{claim}`"), &code_list(&refresh), &code_list(&access)])
                })
                .collect(),
        ),
        ("styles", styles().iter().map(style).collect()),
        (
            "claims",
            legend::legend()
                .map(|(style, claim, meaning)| row([style, &format!("`{claim}`"), meaning]))
                .collect(),
        ),
        ("findings", FindingCode::ALL.iter().map(finding).collect()),
        ("known secrets", known_secrets()),
        (
            "near misses of a secret",
            doctor::SECRET_MISSES.iter().map(|miss| row([miss.group, miss.hint])).collect(),
        ),
        (
            "near misses of a token",
            doctor::TOKEN_MISSES.iter().map(|miss| row([miss.group, miss.hint])).collect(),
        ),
        (
            "near misses of a detached payload",
            doctor::PAYLOAD_MISSES.iter().map(|miss| row([miss.group, miss.hint])).collect(),
        ),
        ("near values", names(&mut NEAR_VALUE_RULES.iter().map(|(difference, _)| *difference))),
        ("issuer hints", ISSUER_HINTS.iter().map(|entry| row([entry.issuer, entry.hint])).collect()),
    ];
    for (name, rows) in tables {
        assert!(!rows.is_empty(), "{name}");
        page = with_rows(&page, name, rows);
    }
    compare(PAGE, &page);
}

#[test]
fn the_servers_of_the_guide_are_those_of_the_code() {
    const GUIDE: &str = "docs/guides/servers.md";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE);
    let guide = std::fs::read_to_string(path).unwrap();
    compare(GUIDE, &with_rows(&guide, "token servers", ReadyServer::ALL.iter().map(server)));
}
