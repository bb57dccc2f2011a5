//! The fuzz target of answers of servers: of token endpoints, with errors, with cookies, and as a session file keeps them. A
//! secret that was sent is never shown, in any encoding that an answer has.

use super::cookie::Cookie;
use super::error_response::{GrantVerdict, SentGrant, judged, shown_error};
use super::ready::ReadyServer;
use super::request::is_token_text;
use super::response::parse_token_response;
use super::server::TokenPlace;
use super::session::Session;
use crate::core::text::escape::{Quoted, Shown, is_hostile};
use crate::core::token::numeric_date::NumericDate;

/// The secret that a body repeats. It has characters that most encodings change.
const SECRET: &str = "s3cr3t/+=\"q\\ é&x<y>";

/// The byte that stands for the secret in a body.
const MARK: u8 = 0x01;

/// Reads an answer. The first line of the input is a field `Set-Cookie`, the rest is the body.
pub fn answers(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let field = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let body = parts.next().unwrap_or_default();
    let cookie = Cookie::parse(&field);
    if let Some(cookie) = &cookie {
        let again = Cookie::parse(&format!("{}={}", cookie.name, cookie.value));
        assert_eq!(again.map(|cookie| cookie.value), Some(cookie.value.clone()));
    }
    if let Ok(place) = TokenPlace::parse(&field) {
        assert_eq!(TokenPlace::parse(&place.to_string()), Ok(place));
    }
    tokens(body, cookie.as_slice());
    errors(body, &field);
    session(body);
}

fn tokens(body: &[u8], cookies: &[Cookie]) {
    let now = NumericDate::from_seconds(1_769_860_800);
    // One server for each input: the length changes with nearly every mutation.
    let Some(server) = ReadyServer::ALL.get(body.len() % ReadyServer::ALL.len()) else { return };
    match parse_token_response(&server.describe(), body, cookies.to_vec(), now) {
        Ok(answer) => {
            let tokens = &answer.tokens;
            assert!(is_token_text(&tokens.access));
            assert!(tokens.refresh.as_deref().is_none_or(is_token_text));
            answer.remarks.into_iter().for_each(|remark| drop(remark.mask(&[SECRET])));
        }
        Err(unusable) => {
            assert!(unusable.arrived.all.iter().all(|(_, token)| is_token_text(token)));
            let _ = unusable.reason.mask(&[SECRET]);
        }
    }
}

fn errors(body: &[u8], challenge: &str) {
    for sent in [SentGrant::Password, SentGrant::Refresh { is_expired: false }] {
        for status in [200, 400, 401, 403, 422, 500] {
            let (verdict, _) = judged(status, body, &[challenge.to_owned()], sent);
            assert!(verdict == GrantVerdict::Undecided || (400..500).contains(&status));
        }
    }
    let shown = Shown(&shown_error(body, &[])).to_string();
    assert_eq!(shown.chars().find(|c| is_hostile(*c)), None);
    assert!(shown_error(body, &[]).chars().count() <= 301);
    if body.contains(&MARK) {
        let json = Quoted(SECRET).to_string();
        let json = json.trim_matches('"').to_owned();
        let form: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        for written in [SECRET.to_owned(), json, form] {
            let parts: Vec<&[u8]> = body.split(|byte| *byte == MARK).collect();
            let repeated = parts.join(written.as_bytes());
            let shown = shown_error(&repeated, &[SECRET]);
            assert!(!shown.contains(SECRET) && !shown.contains(&written), "{shown}");
        }
    }
}

/// Asserts that a session is written as it was read.
fn session(body: &[u8]) {
    let Ok(session) = Session::parse(body) else { return };
    let text = session.to_text();
    let again = Session::parse(text.as_bytes());
    assert_eq!(again.map(|session| session.to_text()).ok(), Some(text));
    let _ = session.next_grant();
}
