//! Runs of `pair --from`, `refresh --from` and `revoke --from` with one scripted answer. The password is always `SECRET`, which
//! no run may print.

use crate::support::world::{NOW, Outcome, SECRET, World, token};

pub(super) const URL: &str = "https://a.example/token/";
pub(super) const OPAQUE: &str = "8xLOxBtZp8";

pub(super) const JSON: &str = "application/json";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Returns a world with one answer of the server, and with the password in a variable.
pub(super) fn world(status: u16, body: &str) -> World {
    World::bare().env("PW", SECRET).serving(status, body)
}

pub(super) fn log_in(status: u16, body: &str, options: &str) -> Outcome {
    world(status, body).run(format!("pair --from {URL} --user zoë --password-env PW {options}"))
}

pub(super) fn refresh(status: u16, body: &str, options: &str) -> Outcome {
    world(status, body).run(format!("refresh --from {URL} {options}"))
}

/// Returns a refresh token of simplejwt that is valid for a minute.
pub(super) fn good() -> String {
    token(&format!(r#"{{"token_type":"refresh","exp":{},"jti":"x"}}"#, NOW + 60))
}

pub(super) fn expired() -> String {
    token(&format!(r#"{{"token_type":"refresh","exp":{NOW},"jti":"x"}}"#))
}

#[track_caller]
pub(super) fn sent(outcome: &Outcome) -> (&'static str, &str) {
    let [posted] = outcome.posted.as_slice() else { panic!("{:?} {}", outcome.posted, outcome.stderr) };
    assert_eq!(posted.url, URL);
    (posted.content_type, &posted.body)
}
