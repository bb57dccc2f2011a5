//! Where the tokens of a session go: back to where they came from, or where the user says.

use super::Desk;
use crate::support::process::Ended;
use crate::support::server::{Request, Server, send};
use std::sync::{Arc, Mutex};

/// A server whose tokens last for 20 seconds, and the requests that it got.
struct Site {
    server: Server,
    asked: Arc<Mutex<Vec<String>>>,
    desk: Desk,
}

impl Site {
    /// Starts a server that answers with these header fields and this body, except below `/lost`.
    fn new(fields: &'static str, body: &'static str) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let known = asked.clone();
        let server = Server::posts(move |request: &Request, out| {
            let cookie = request.head.lines().find(|line| line.to_ascii_lowercase().starts_with("cookie:"));
            let entry = format!("{} {}{}", request.path, cookie.unwrap_or_default(), request.body);
            known.lock().unwrap().push(entry);
            let status = if request.path.starts_with("/lost") { 404 } else { 200 };
            send(out, status, fields, body)
        });
        Self { server, asked, desk: Desk::empty() }
    }

    /// Logs in with these options.
    fn log_in(&self, options: &str) -> Ended {
        let url = format!("http://{}/login", self.server.address);
        self.desk
            .fob(&format!("pair --from {url} --user al --password-env PASSWORD --session api.json {options}"))
    }

    /// Returns the last request.
    fn last(&self) -> String {
        self.asked.lock().unwrap().last().unwrap().clone()
    }
}

#[test]
fn a_refresh_token_goes_back_to_where_it_came_from() {
    const COOKIE: &str = "Set-Cookie: refreshToken=refresh-1; HttpOnly\r\n";
    for (fields, body, options, refresh, end) in [
        (
            COOKIE,
            r#"{"accessToken":"a","expiresIn":20}"#,
            "--profile express",
            "cookie: refreshToken=refresh-1",
            "/logout",
        ),
        (
            "",
            r#"{"data":{"accessToken":"a","refreshToken":"refresh-1","expiresIn":20}}"#,
            "",
            r#"{"refreshToken":"refresh-1"}"#,
            "/blacklist/",
        ),
        // The user knows better.
        (
            COOKIE,
            r#"{"accessToken":"a","expiresIn":20}"#,
            "--refresh-in t",
            r#"{"t":"refresh-1"}"#,
            "/blacklist/",
        ),
    ] {
        let site = Site::new(fields, body);
        site.log_in(options).success_with_note();
        site.desk.refresh("-q").expect(0, "a\n", "");
        assert!(site.last().ends_with(refresh), "{}", site.last());
        site.desk.fob("revoke --session api.json -q").expect(0, "", "");
        let last = site.last();
        assert!(last.starts_with(end) && last.ends_with(refresh), "{last}");
    }
}

#[test]
fn the_hint_about_a_wrong_url_works_when_it_is_followed() {
    let site = Site::new("", r#"{"access":"a","refresh":"refresh-1","expires_in":20}"#);
    site.log_in("--refresh-url /lost/refresh/").success_with_note();
    let url = format!("http://{}", site.server.address);
    site.desk.refresh("").expect(
        2,
        "",
        &format!(
            "error: cannot refresh at {url}/lost/refresh/: status: 404 Not Found: {{\"access\":\"a\",\"refresh\":\"…\",\"expires_in\":20}}\n\
             hint: use --refresh-url with the whole URL of the endpoint, such as https://…/api/token/refresh/\n\
             hint: add the option to the command that began the session: `fob pair --from {url}/login \
             --refresh-url /lost/refresh/ --user al --password-env PASSWORD --session api.json`\n"
        ),
    );
    site.log_in(&format!("--refresh-url {url}/other")).success_with_note();
    site.desk.refresh("-q").expect(0, "a\n", "");
    assert_eq!(site.last(), r#"/other {"refresh":"refresh-1"}"#);
}

#[test]
fn the_user_can_name_url_and_place_of_a_log_out() {
    let site = Site::new("", r#"{"access":"a","refresh":"refresh-1","expires_in":20}"#);
    site.log_in("--revoke-url /lost/logout").success_with_note();
    let lost = site.desk.fob("revoke --session api.json");
    assert!(
        lost.status == Some(2)
            && lost.stderr.ends_with(
                "hint: use --from with the whole URL of the endpoint, such as https://…/api/token/blacklist/\n"
            ),
        "{lost}"
    );
    let url = format!("http://{}/logout", site.server.address);
    site.desk
        .fob(&format!("revoke --session api.json --from {url} --token-in cookie:jid -q"))
        .expect(0, "", "");
    assert!(site.last().ends_with("cookie: jid=refresh-1"), "{}", site.last());
}
