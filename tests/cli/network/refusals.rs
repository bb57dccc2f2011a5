//! Refusals of token servers: exit statuses and hints.

use super::exchange::{OPAQUE, URL, expired, good, log_in, refresh};
use crate::support::world::{NOW, SECRET, World};
use fob::host::{RequestError, RequestStep, Response};

#[test]
fn a_rejected_login_exits_1() {
    for (status, body, said) in [
        (
            401,
            r#"{"detail":"No active account found with the given credentials"}"#,
            "401 Unauthorized: No active account found with the given credentials",
        ),
        (403, "", "403 Forbidden"),
        (
            401,
            r#"{"detail":"x","code":"y","messages":[]}"#,
            r#"401 Unauthorized: {"detail":"x","code":"y","messages":[]}"#,
        ),
        (
            400,
            r#"{"non_field_errors":["Unable to log in with provided credentials."]}"#,
            "400 Bad Request: Unable to log in with provided credentials.",
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Bad."}"#,
            "400 Bad Request: invalid_grant: Bad.",
        ),
        // A login cannot expire, so these codes do not exit with 3.
        (401, r#"{"detail":"Token is expired"}"#, "401 Unauthorized: Token is expired"),
    ] {
        let message = format!("cannot log in at {URL}: status: {said}");
        for options in ["", "-q"] {
            log_in(status, body, options).refused(1, &format!("error: {message}\n"));
        }
        let outcome = log_in(status, body, "--json");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (1, &*format!("error: {message}\n")));
        let error = &outcome.json()["error"];
        assert_eq!((&error["code"], &error["message"]), (&"server".into(), &message.into()));
    }
}

#[test]
fn a_rejected_refresh_exits_1_and_an_expired_one_exits_3() {
    let hint = "hint: a used or revoked refresh token stays rejected: log in again";
    let again = "hint: the refresh token has expired: log in again";
    let (good, old) = (good(), expired());
    for (token, status, body, said, ends, hint) in [
        (
            &good,
            401,
            r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#,
            "401 Unauthorized: Token is blacklisted (token_not_valid)",
            1,
            hint,
        ),
        (
            &good,
            401,
            r#"{"detail":"Token has wrong type"}"#,
            "401 Unauthorized: Token has wrong type",
            1,
            "hint: the server wants a token of another role: choose it with --pick, or give the other token",
        ),
        (&good, 400, r#"{"error":"invalid_grant"}"#, "400 Bad Request: invalid_grant", 1, hint),
        (
            &good,
            401,
            r#"{"detail":"Token is expired","code":"token_not_valid"}"#,
            "401 Unauthorized: Token is expired (token_not_valid)",
            3,
            again,
        ),
        (
            &good,
            401,
            r#"{"detail":"Token is invalid or expired"}"#,
            "401 Unauthorized: Token is invalid or expired",
            3,
            again,
        ),
        (
            &good,
            400,
            r#"{"non_field_errors":["Refresh has expired."]}"#,
            "400 Bad Request: Refresh has expired.",
            3,
            again,
        ),
        (&old, 401, r#"{"detail":"Le jeton a expiré"}"#, "401 Unauthorized: Le jeton a expiré", 3, again),
        (&old, 400, r#"{"error":"invalid_grant"}"#, "400 Bad Request: invalid_grant", 3, again),
        (&old, 403, "", "403 Forbidden", 3, again),
    ] {
        let expected = format!("error: cannot refresh at {URL}: status: {said}\n");
        refresh(status, body, token).refused(ends, &format!("{expected}{hint}\n"));
        let outcome = refresh(status, body, &format!("--json {token}"));
        assert_eq!((outcome.status, outcome.stderr.as_str()), (ends, &*format!("{expected}{hint}\n")));
        assert_eq!(format!("error: {}\n", outcome.json()["error"]["message"].as_str().unwrap()), expected);
        refresh(status, body, &format!("-q {token}")).refused(ends, &expected);
    }
    // An error that names no token says nothing about expiry.
    for body in ["", "{}", r#"{"refresh":["This field is required."]}"#, r#"{"error":"invalid_scope"}"#] {
        assert_eq!(refresh(400, body, &old).status, 2, "{body}");
    }
    let told = r#"{"detail":"Le jeton a expiré","code":"token_not_valid"}"#;
    assert_eq!((refresh(400, told, &old).status, refresh(400, told, &good).status), (3, 1));
    // The clock may be set, and an opaque token has no time of its own.
    assert_eq!(refresh(401, "", &format!("{old} --at @{}", NOW - 1)).status, 1);
    assert_eq!(refresh(401, "", &format!("{good} --at @{}", NOW + 60)).status, 3);
    assert_eq!(refresh(401, "", OPAQUE).status, 1);
    for status in [404, 429, 500] {
        assert_eq!(refresh(status, "", &old).status, 2);
    }
}

#[test]
fn other_error_statuses_exit_2_with_a_hint() {
    let view = |path: &str| format!("use --from with the whole URL of the endpoint, such as https://…{path}");
    for (status, body, said, hint) in [
        (
            400,
            r#"{"email":["This field is required."]}"#,
            r#"400 Bad Request: {"email":["This field is required."]}"#,
            "fob sent a log-in in the form of profile simplejwt with otp: change it with --profile, --body, --user-field and --field",
        ),
        (
            400,
            r#"{"error":"invalid_request"}"#,
            "400 Bad Request: invalid_request",
            "fob sent a log-in in the form of profile simplejwt with otp: change it with --profile, --body, --user-field and --field",
        ),
        (404, "<h1>Not\n  Found</h1>", "404 Not Found: <h1>Not Found</h1>", &view("/api/token/")),
        (
            405,
            r#"{"detail":"Method \"POST\" not allowed."}"#,
            "405 Method Not Allowed: Method \"POST\" not allowed.",
            &view("/api/token/"),
        ),
        (
            429,
            r#"{"detail":"Request was throttled."}"#,
            "429 Too Many Requests: Request was throttled.",
            "wait, then try again",
        ),
        (500, "", "500 Internal Server Error", ""),
        (
            500,
            "RuntimeError: the URL doesn&#x27;t end in a slash",
            "500 Internal Server Error: RuntimeError: the URL doesn&#x27;t end in a slash",
            "append a slash to the path of the --from URL",
        ),
        (418, "", "418 I'm a teapot", ""),
        (304, "", "304 Not Modified", ""),
    ] {
        let hint = if hint.is_empty() { String::new() } else { format!("hint: {hint}\n") };
        log_in(status, body, "--field otp=1")
            .refused(2, &format!("error: cannot log in at {URL}: status: {said}\n{hint}"));
    }
    let outcome = refresh(400, "{}", &good());
    outcome.refused(2, &format!("error: cannot refresh at {URL}: status: 400 Bad Request: {{}}\nhint: fob sent a refresh in the form of profile simplejwt: the token looks like one of that profile; choose another with --profile\n"));
    let outcome = refresh(404, "", &good());
    assert!(
        outcome.stderr.ends_with(&format!("hint: {}\n", view("/api/token/refresh/"))),
        "{}",
        outcome.stderr
    );
}

#[test]
fn never_follows_a_redirect() {
    let redirect = |status, location: Option<&str>| {
        let location = location.map(str::to_owned);
        let answer = Response { status, location, body: b"moved".to_vec(), ..Response::default() };
        let outcome = World::bare()
            .env("PW", SECRET)
            .server(Ok(answer))
            .run("pair --from https://a.example/token --user a --password-env PW");
        assert_eq!((outcome.status, outcome.text(), outcome.posted.len()), (2, "", 1));
        outcome.stderr
    };
    let begin = "error: cannot log in at https://a.example/token: redirect: ";
    let slash = "hint: append a slash to the path of the --from URL\n";
    let other = "hint: if that is the right server, use --from with its URL\n";
    let (moved, found) = ("301 Moved Permanently", "302 Found");
    let on = "but a POST is not redirected";
    for (status, location, said) in [
        (301, "/token/", format!("{moved} leads to https://a.example/token/, {on}\n{slash}")),
        (
            308,
            "https://a.example/token/",
            format!("308 Permanent Redirect leads to https://a.example/token/, {on}\n{slash}"),
        ),
        (302, "/login?next=/token", format!("{found} leads to https://a.example/login, {on}\n{other}")),
        (
            307,
            "https://b.example/",
            format!("307 Temporary Redirect leads to https://b.example/, {on}\n{other}"),
        ),
        (303, "/x", format!("303 See Other leads to https://a.example/x, {on}\n{other}")),
        (302, "http://a.example/token/", format!("{found}: http://a.example/token/ is plain http\n")),
        (302, "http://127.0.0.1/", format!("{found}: it leads from https to http: http://127.0.0.1/\n")),
        (302, "https://me:hunter2@a.example/", format!("{found}: it contains credentials\n")),
        (302, &format!("/?password={SECRET}"), format!("{found} leads to https://a.example/, {on}\n{other}")),
    ] {
        let stderr = redirect(status, Some(location));
        assert!(stderr.starts_with(&format!("{begin}{said}")), "{stderr}");
        assert!(!stderr.contains("hunter2"));
    }
    assert_eq!(redirect(302, None), format!("{begin}the response has status 302 Found but no Location\n"));
}

#[test]
fn names_the_failed_step_of_a_request() {
    for (step, word, hint, of_refresh) in [
        (
            RequestStep::Name,
            "name",
            "hint: check the spelling of the name and the network connection\n",
            false,
        ),
        (RequestStep::Connect, "connect", "", false),
        (RequestStep::Tls, "TLS", "", false),
        (
            RequestStep::Trust,
            "TLS",
            "hint: set SSL_CERT_FILE to a file with the certificate of that authority; it replaces the authorities of this system\n",
            false,
        ),
        (RequestStep::Time, "time", "", true),
        (RequestStep::Size, "size", "", true),
        (RequestStep::Http, "HTTP", "", true),
    ] {
        let failed = RequestError { step, detail: format!("so it is\u{1b}, {SECRET}") };
        let world = World::bare().env("PW", SECRET).server(Err(failed));
        world
            .run(format!("pair --from {URL} --user a --password-env PW"))
            .refused(2, &format!("error: cannot log in at {URL}: {word}: so it is\\u001b, …\n{hint}"));
        let outcome = world.run(format!("refresh --from {URL} {OPAQUE} --field a={SECRET}"));
        let used_up = outcome.stderr.contains("\nhint: the server may have used up the refresh token");
        assert_eq!((outcome.status, used_up), (2, of_refresh), "{}", outcome.stderr);
    }
}
