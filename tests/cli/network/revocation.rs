//! `revoke --from`: the requests that end a session at a server, and what is said about the answers.

use super::exchange::{FORM, JSON, OPAQUE, URL, good, world};
use crate::support::world::{NOW, Outcome, SECRET, World, token};
use fob::core::oauth::message::Method;
use fob::host::Response;

fn revoke(status: u16, body: &str, options: &str) -> Outcome {
    world(status, body).run(format!("revoke --from {URL} {options}"))
}

const ACCEPTED: &str = "the server accepted the request: 200 OK\n";

#[test]
fn each_profile_ends_a_session_in_its_way() {
    for (options, method, head, body) in [
        ("--profile oauth", Method::Post, FORM.to_owned(), format!("token={OPAQUE}")),
        ("--profile simplejwt", Method::Post, JSON.to_owned(), format!(r#"{{"refresh":"{OPAQUE}"}}"#)),
        ("--profile express", Method::Post, JSON.to_owned(), format!(r#"{{"refreshToken":"{OPAQUE}"}}"#)),
        (
            "--profile flask-jwt-extended",
            Method::Delete,
            format!(" Authorization: Bearer {OPAQUE}"),
            String::new(),
        ),
        ("--profile supabase", Method::Post, format!(" Authorization: Bearer {OPAQUE}"), String::new()),
        (
            "--profile fastapi-users-cookie",
            Method::Post,
            format!(" Cookie: fastapiusersauth={OPAQUE}"),
            String::new(),
        ),
        (
            "--profile dj-rest-auth --token-in cookie:my-refresh",
            Method::Post,
            format!(" Cookie: my-refresh={OPAQUE}"),
            String::new(),
        ),
    ] {
        let outcome = revoke(200, "", &format!("{options} {OPAQUE}"));
        assert_eq!((outcome.status, outcome.text()), (0, ACCEPTED), "{options} {}", outcome.stderr);
        let [posted] = outcome.posted.as_slice() else { panic!("{:?}", outcome.posted) };
        let sent = format!("{} {}", posted.content_type, posted.headers.join(", "));
        assert_eq!(
            (posted.method, sent.trim_end(), &posted.body),
            (method, head.as_str(), &body),
            "{options}"
        );
    }
}

#[test]
fn claims_no_more_than_the_server_said() {
    let unknown = "hint: the server answers the same if it does not know the token\n";
    let outcome = revoke(200, "", &format!("{OPAQUE} --profile oauth"));
    assert_eq!((outcome.status, outcome.text(), outcome.stderr.as_str()), (0, ACCEPTED, unknown));
    let json = revoke(200, "", &format!("{OPAQUE} --profile oauth --json"));
    let expected = serde_json::json!({"server": URL, "status": 200, "accepted": true});
    assert_eq!((json.json(), json.stderr.as_str()), (expected, unknown));
    let quiet = revoke(200, "", &format!("{OPAQUE} --profile oauth -q"));
    assert_eq!((quiet.text(), quiet.stderr.as_str()), ("", ""));
    // allauth answers 401 once the user is logged out.
    let allauth = revoke(401, r#"{"status":401}"#, &format!("{OPAQUE} --profile allauth"));
    let text = "the server accepted the request: 401 Unauthorized\n";
    assert_eq!((allauth.status, allauth.text(), allauth.stderr.as_str()), (0, text, unknown));
    // With an expired token it would answer so, too, and end nothing.
    let old = token(&format!(r#"{{"exp":{NOW},"token_use":"access"}}"#));
    let expired = revoke(401, "", &format!("{old} --profile allauth"));
    expired.refused(2, "error: the access token has expired, so the server could not tell which session it ends\nhint: refresh the session, and revoke the new access token\n");
    assert_eq!(expired.posted, []);
    let over = revoke(410, r#"{"status":410}"#, &format!("{OPAQUE} --profile allauth-session"));
    assert_eq!(over.status, 2);
    assert!(over.stderr.ends_with("\nhint: the session is already over\n"), "{}", over.stderr);
}

#[test]
fn a_failed_revocation_says_why() {
    let failed = |said: &str| format!("error: cannot revoke the token at {URL}: status: {said}\n");
    for (status, body, ends, said) in [
        (
            401,
            r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#,
            1,
            "401 Unauthorized: Token is blacklisted (token_not_valid)",
        ),
        (401, r#"{"detail":"Token is expired"}"#, 3, "401 Unauthorized: Token is expired"),
        (500, "", 2, "500 Internal Server Error"),
    ] {
        revoke(status, body, &good()).refused(ends, &failed(said));
    }
    let client = revoke(401, r#"{"error":"invalid_client"}"#, &format!("{OPAQUE} --client web"));
    assert_eq!(client.status, 2);
    let answer = Response { status: 503, retry_after: Some("120".to_owned()), ..Response::default() };
    let busy = World::bare().server(Ok(answer)).run(format!("revoke --from {URL} {OPAQUE}"));
    busy.refused(2, &format!("{}hint: wait 2 minutes, then try again\n", failed("503 Service Unavailable")));
    let credentials = r#"{"detail":"Authentication credentials were not provided."}"#;
    let missing = revoke(401, credentials, &good());
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.ends_with("send it there with --token-in header\n"), "{}", missing.stderr);
}

#[test]
fn takes_the_token_that_ends_the_session_from_an_answer() {
    let answer = r#"{"access_token":"aaa","refresh_token":"rrr","token_type":"Bearer"}"#;
    let sent = |options: &str| {
        let outcome = world(200, "").stdin(answer).run(format!("revoke --from {URL} {options}"));
        let [posted] = outcome.posted.as_slice() else { panic!("{}", outcome.stderr) };
        format!("{}{}", posted.headers.join(", "), posted.body)
    };
    assert_eq!(sent("--profile oauth"), "token=rrr");
    assert_eq!(sent("--profile oauth --pick access_token"), "token=aaa&token_type_hint=access_token");
    assert_eq!(sent("--profile supabase"), "Authorization: Bearer aaa");
}

#[test]
fn a_store_and_a_server_are_apart() {
    for options in ["--store s.db", "--family", "--subject 7", "--list", "--prune"] {
        let outcome = revoke(200, "", &format!("{OPAQUE} {options}"));
        assert_eq!((outcome.status, outcome.posted.len()), (2, 0), "{options}");
        assert!(outcome.stderr.contains("cannot be used with"), "{}", outcome.stderr);
    }
    for options in ["--client web", "--token-in header", "--field a=b", "--profile oauth"] {
        let outcome = World::bare().run(format!("revoke {OPAQUE} --store s.db {options}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{options}");
    }
    let none = World::bare().run(format!("revoke {OPAQUE}"));
    assert_eq!(none.status, 2);
    assert!(none.stderr.contains("--store"), "{}", none.stderr);
}

#[test]
fn masks_the_token_that_a_server_repeats() {
    let outcome =
        world(500, &format!("no {SECRET}")).run(format!("revoke --from {URL} {OPAQUE} --field a={SECRET}"));
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
}
