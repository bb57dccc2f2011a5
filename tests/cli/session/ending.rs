//! The end of a session: first the server, then the file.

use super::Desk;
use crate::support::strict_server::Answers;

const HINTS: &str = "hint: a server answers the same if it does not know the token (RFC 7009 section 2.2)\n";

impl Desk {
    fn log_out(&self) -> crate::support::process::Ended {
        self.fob(&format!("revoke --session api.json --from {}", self.server.revocation_url()))
    }

    /// Lets the access token expire without a refresh.
    fn forget_lifetime(&self) {
        self.edit(|content| drop(content["tokens"].as_object_mut().unwrap().remove("expires")));
    }
}

#[test]
fn a_log_out_revokes_the_refresh_token_and_removes_the_file() {
    let desk = Desk::new();
    let ended = desk.log_out();
    assert!(
        ended.status == Some(0)
            && ended.stdout == "logged out: the server accepted the request (200 OK); api.json is removed\n"
            && ended.stderr.starts_with(
                "hint: services that do not ask the server can accept the access token until it expires in "
            )
            && ended.stderr.ends_with(HINTS),
        "{ended}"
    );
    assert_eq!(desk.names(), [""; 0]);
    let facts = desk.server.facts().clone();
    assert_eq!((facts.revoked.as_slice(), &facts.refresh), (&["refresh-2".to_owned()][..], &None));
    assert_eq!(facts.last["token_type_hint"], "refresh_token");
    desk.log_out().failure(2, "error: there is no session in api.json: no such file\n");
}

#[test]
fn a_log_out_can_be_read_by_scripts() {
    let desk = Desk::new();
    desk.forget_lifetime();
    let url = desk.server.revocation_url();
    let ended = desk.fob(&format!("revoke --session api.json --from {url} --json"));
    let document =
        format!("{{\"server\":\"{url}\",\"status\":200,\"accepted\":true,\"removed\":\"api.json\"}}\n");
    ended.expect(0, &document, HINTS);
    desk.log_in().success_with_note();
    desk.fob(&format!("revoke --session api.json --from {url} -q")).expect(0, "", "");
}

#[test]
fn a_session_without_the_url_that_ends_it_stays() {
    let desk = Desk::new();
    desk.fob("revoke --session api.json").expect(
        2,
        "",
        "error: the session does not know the URL where its server ends sessions\n\
         hint: name its revocation endpoint: `fob revoke --session api.json --from URL`\n",
    );
    desk.refresh("").expect(0, "access-1\n", "");
}

#[test]
fn the_file_stays_while_the_server_cannot_end_the_session() {
    let desk = Desk::new();
    desk.server.facts().revocation_status = 503;
    desk.log_out().failure(2, "error: ");
    desk.fob("revoke --session api.json --from http://127.0.0.1:9/revoke").failure(2, "error: ");
    desk.assert_newest();
    desk.server.facts().revocation_status = 200;
    desk.log_out().expect_status(&[0]);
    assert_eq!(desk.names(), [""; 0]);
}

#[test]
fn a_session_that_the_server_refuses_is_over() {
    let desk = Desk::new();
    desk.forget_lifetime();
    desk.server.facts().revocation_status = 401;
    let ended = desk.log_out();
    assert!(
        ended.status == Some(0)
            && ended.stdout == "api.json is removed\n"
            && ended.stderr.starts_with("warning: the server no longer accepts the session: "),
        "{ended}"
    );
    assert_eq!(desk.names(), [""; 0]);
}

#[test]
fn a_session_stays_if_its_log_out_is_forbidden_for_another_reason() {
    let desk = Desk::new();
    desk.server.facts().revocation_status = 403;
    desk.log_out().failure(2, "error: ");
    desk.assert_newest();
}

#[test]
fn a_server_without_such_a_request_is_not_asked() {
    let desk = Desk::new();
    desk.edit(|content| drop(content["server"].as_object_mut().unwrap().remove("revocation")));
    desk.fob("revoke --session api.json").expect(
        0,
        "api.json is removed\n",
        "warning: this server has no request that ends a session: only the file is removed\n",
    );
    assert_eq!(desk.names(), [""; 0]);
    assert_eq!(desk.server.facts().requests, 1);
}

#[test]
fn a_log_out_with_the_access_token_refreshes_it_first() {
    let desk = Desk::new();
    desk.edit(|content| {
        content["server"]["revocation"]["token"] = "access".into();
        content["urls"]["revocation"] = desk.server.revocation_url().into();
    });
    desk.expire();
    desk.fob("revoke --session api.json").expect(
        0,
        "logged out: the server accepted the request (200 OK); api.json is removed\n",
        HINTS,
    );
    assert_eq!(desk.server.facts().revoked, ["access-3"]);
}

#[test]
fn a_log_out_with_the_access_token_needs_a_server_that_answers() {
    let desk = Desk::new();
    desk.edit(|content| {
        content["server"]["revocation"]["token"] = "access".into();
        content["urls"]["revocation"] = desk.server.revocation_url().into();
    });
    desk.expire();
    desk.server.facts().answers = Answers::Down;
    desk.fob("revoke --session api.json").failure(2, "error: cannot refresh at ");
    desk.assert_newest();
}

#[test]
fn options_of_stores_and_tokens_do_not_mix_with_a_session() {
    let desk = Desk::new();
    for options in ["--store s.db", "--family", "x.y.z", "--profile oauth", "--client web"] {
        desk.fob(&format!("revoke --session api.json {options}")).expect_status(&[2]);
    }
    desk.assert_newest();
}
