//! `fob pair --from` and `fob refresh --from`: the requests, the printed answers, and the errors. The password is always
//! `SECRET`, which no run may print.

use crate::support::world::{NOW, Outcome, SECRET, World, token};
use fob::host::{RequestError, RequestStep, Response};
use serde_json::json;

const URL: &str = "https://a.example/token/";
const OPAQUE: &str = "8xLOxBtZp8";

/// Returns a world with one answer of the server, and with the password in a variable.
fn world(status: u16, body: &str) -> World {
    World::bare().env("PW", SECRET).serving(status, body)
}

fn log_in(status: u16, body: &str, options: &str) -> Outcome {
    world(status, body).run(format!("pair --from {URL} --user zoë --password-env PW {options}"))
}

fn refresh(status: u16, body: &str, options: &str) -> Outcome {
    world(status, body).run(format!("refresh --from {URL} {options}"))
}

/// Returns a refresh token of simplejwt that is valid for a minute.
fn good() -> String {
    token(&format!(r#"{{"token_type":"refresh","exp":{},"jti":"x"}}"#, NOW + 60))
}

fn expired() -> String {
    token(&format!(r#"{{"token_type":"refresh","exp":{NOW},"jti":"x"}}"#))
}

#[track_caller]
fn sent(outcome: &Outcome) -> (&'static str, &str) {
    let [posted] = outcome.posted.as_slice() else { panic!("{:?} {}", outcome.posted, outcome.stderr) };
    assert_eq!(posted.url, URL);
    (posted.content_type, &posted.body)
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn sends_a_login_in_the_form_of_its_profile() {
    let body = |options: &str| {
        let outcome = log_in(500, "", options);
        let (content_type, body) = sent(&outcome);
        (content_type, body.replace(SECRET, "*"))
    };
    let django = (JSON, r#"{"username":"zoë","password":"*"}"#.to_owned());
    assert_eq!(body(""), django);
    assert_eq!(body("--profile simplejwt"), django);
    assert_eq!(body("--profile drf-jwt"), django);
    assert_eq!(
        body("--user-field email --field otp=123 --field 'note=a=b \"c\"'"),
        (JSON, r#"{"email":"zoë","password":"*","otp":"123","note":"a=b \"c\""}"#.to_owned())
    );
    let form = "grant_type=password&username=zo%C3%AB&password=zebra-crossing-at-seven-minutes%21";
    assert_eq!(body("--profile oauth"), (FORM, form.to_owned()));
    assert_eq!(
        body("--profile oauth --field client_id=web --field 'scope=a b'"),
        (FORM, format!("{form}&client_id=web&scope=a+b"))
    );
}

#[test]
fn sends_a_refresh_in_the_form_that_fits_the_token() {
    let body = |token: &str, options: &str| {
        let outcome = refresh(500, "", &format!("{token} {options}"));
        let (content_type, body) = sent(&outcome);
        (content_type, body.replace(token, "*"))
    };
    let of = |content_type, text: &str| (content_type, text.to_owned());
    let simplejwt = good();
    let drf_jwt = token(&format!(r#"{{"orig_iat":{NOW},"exp":{NOW}}}"#));
    let oauth = World::new().run("pair --profile oauth --sub a --json -q").json()["refresh"].clone();
    let oauth = oauth.as_str().unwrap();
    let sliding = token(r#"{"token_type":"sliding"}"#);
    let encrypted = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";
    assert_eq!(body(&simplejwt, ""), of(JSON, r#"{"refresh":"*"}"#));
    assert_eq!(body(&sliding, ""), of(JSON, r#"{"token":"*"}"#));
    assert_eq!(body(&drf_jwt, ""), of(JSON, r#"{"token":"*"}"#));
    for token in [oauth, OPAQUE, encrypted] {
        assert_eq!(body(token, ""), of(FORM, "grant_type=refresh_token&refresh_token=*"), "{token}");
    }
    assert_eq!(body(&simplejwt, "--profile drf-jwt"), of(JSON, r#"{"token":"*"}"#));
    assert_eq!(body(&drf_jwt, "--profile simplejwt"), of(JSON, r#"{"refresh":"*"}"#));
    assert_eq!(body(OPAQUE, "--profile simplejwt"), of(JSON, r#"{"refresh":"*"}"#));
    assert_eq!(
        body(OPAQUE, "--field client_id=web"),
        of(FORM, "grant_type=refresh_token&refresh_token=*&client_id=web")
    );
    let padded = refresh(500, "", "a+b/c==");
    assert_eq!(sent(&padded).1, "grant_type=refresh_token&refresh_token=a%2Bb%2Fc%3D%3D");
}

#[test]
fn prints_tokens_in_every_format() {
    let both = r#"{"refresh":"rrr","access":"aaa"}"#;
    for (options, text) in [
        ("", "access  aaa\nrefresh rrr"),
        ("--format text --json", "access  aaa\nrefresh rrr"),
        ("--json", r#"{"access":"aaa","refresh":"rrr"}"#),
        ("--format env", "FOB_ACCESS=aaa\nFOB_REFRESH=rrr"),
        ("--format header", "Authorization: Bearer aaa"),
        ("--format oauth", r#"{"access_token":"aaa","token_type":"Bearer","refresh_token":"rrr"}"#),
        ("-q", "access  aaa\nrefresh rrr"),
    ] {
        assert_eq!(log_in(200, both, options).result(), text, "{options}");
        assert_eq!(refresh(200, both, &format!("{options} {}", good())).result(), text, "{options}");
    }
    assert_eq!(refresh(200, r#"{"access":"aaa"}"#, &good()).result(), "aaa");
    for (options, text) in [
        ("", "ttt"),
        ("--json", r#"{"token":"ttt"}"#),
        ("--format env", "FOB_TOKEN=ttt"),
        ("--format header", "Authorization: Bearer ttt"),
    ] {
        // drf-jwt with its status, and a sliding token of simplejwt.
        assert_eq!(
            log_in(201, r#"{"pk":7,"token":"ttt"}"#, &format!("--profile drf-jwt {options}")).result(),
            text
        );
        assert_eq!(log_in(200, r#"{"token":"ttt"}"#, options).result(), text);
    }
}

#[test]
fn an_oauth_response_keeps_scope_and_lifetime() {
    let oauth = |body: &str, options: &str| {
        log_in(200, body, &format!("--profile oauth --format oauth {options}")).json()
    };
    let answer = r#"{"access_token":"aaa","token_type":"bearer","expires_in":3599,"refresh_token":"rrr","scope":"a b","id_token":"x"}"#;
    assert_eq!(
        oauth(answer, ""),
        json!({"access_token":"aaa","token_type":"bearer","expires_in":3599,"refresh_token":"rrr","id_token":"x","scope":"a b"})
    );
    let jwt = token(&format!(r#"{{"exp":{}}}"#, NOW + 300));
    let plain = format!(r#"{{"access_token":"{jwt}","token_type":"Bearer"}}"#);
    assert_eq!(oauth(&plain, "")["expires_in"], 300);
    assert_eq!(oauth(&plain, &format!("--at @{}", NOW + 100))["expires_in"], 200);
    let opaque = oauth(r#"{"access_token":"aaa","token_type":"Bearer"}"#, "");
    assert_eq!(opaque, json!({"access_token":"aaa","token_type":"Bearer"}));
    // The lifetime is read from `exp` in any profile.
    let simplejwt = log_in(200, &format!(r#"{{"access":"{jwt}"}}"#), "--format oauth").json();
    assert_eq!(simplejwt["expires_in"], 300);
}

#[test]
fn refresh_accepts_every_output_format_of_pair() {
    // Most OAuth servers issue a JWT as access token and an opaque refresh token.
    let jwt = good();
    let answer = format!(
        r#"{{"access_token":"{jwt}","token_type":"Bearer","expires_in":60,"refresh_token":"a+b/c~d=="}}"#
    );
    for format in ["text", "json", "env", "oauth"] {
        let printed = log_in(200, &answer, &format!("--profile oauth --format {format}"));
        let world = world(200, &answer).stdin(printed.text());
        let outcome = world.run(format!("refresh --from {URL}"));
        assert_eq!(outcome.status, 0, "{format}: {}", outcome.stderr);
        assert_eq!(
            sent(&outcome),
            (FORM, "grant_type=refresh_token&refresh_token=a%2Bb%2Fc%7Ed%3D%3D"),
            "{format}"
        );
    }
    let picked = world(500, "").stdin(&answer).run(format!("refresh --from {URL} --pick access_token"));
    assert_eq!(sent(&picked), (JSON, format!(r#"{{"refresh":"{jwt}"}}"#).as_str()));
    let file = world(500, "").file("t", format!("Bearer {OPAQUE}\n")).run(format!("refresh --from {URL} @t"));
    assert_eq!(sent(&file).1, format!("grant_type=refresh_token&refresh_token={OPAQUE}"));
    let asked = world(500, "").person(&[Some(OPAQUE)]).run(format!("refresh --color never --from {URL}"));
    assert_eq!((asked.questions.as_slice(), asked.posted.len()), (&[("Token".to_owned(), false)][..], 1));
}

#[test]
fn rejects_text_that_is_not_a_b64token() {
    let long = "x".repeat(2000);
    for (text, options) in [
        ("two words", ""),
        ("", ""),
        ("{}", ""),
        ("é", ""),
        ("a\u{1b}[31m", ""),
        ("=", ""),
        (&long, "--max-size 1K"),
    ] {
        let outcome = world(200, "{}").stdin(text).run(format!("refresh --from {URL} {options}"));
        assert_eq!((outcome.status, outcome.text(), outcome.posted.len()), (4, "", 0), "{text}");
        assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
    }
    let broken = world(200, "{}").stdin(good().replace('.', ".\n ")).run(format!("refresh --from {URL}"));
    assert_eq!(
        broken.stderr,
        "error: not a token: it has characters that no token has\nhint: the token is broken over several \
         lines or has other white space in it: join it with --join\n"
    );
}

#[test]
fn reads_the_password_from_a_variable_a_file_or_the_terminal() {
    let line = format!("pair --from {URL} --user zoë");
    let password = |outcome: &Outcome| {
        let sent: serde_json::Value = serde_json::from_str(sent(outcome).1).unwrap();
        sent["password"].as_str().unwrap().to_owned()
    };
    let world = World::bare().serving(200, r#"{"access":"a"}"#);
    for (bytes, expected) in [
        ("pw", "pw"),
        ("pw\n", "pw"),
        ("pw\r\n", "pw"),
        ("pw\n\n", "pw\n"),
        (" pw ", " pw "),
        ("\u{feff}p", "\u{feff}p"),
    ] {
        let outcome = world.clone().file("pw", bytes).run(format!("{line} --password-file pw"));
        assert_eq!((outcome.status, password(&outcome).as_str()), (0, expected));
    }
    let outcome = world.clone().env("PW", "pw\n").run(format!("{line} --password-env PW"));
    assert_eq!(password(&outcome), "pw\n");
    let outcome = world.clone().person(&[Some("pw")]).run(&line);
    assert_eq!(password(&outcome), "pw");
    assert_eq!(outcome.questions, [("Password of zoë at a.example".to_owned(), true)]);
    // The prompt does not read standard input, so it works while standard input is a pipe.
    let piped = world.clone().person(&[Some("pw")]).terminals([false, true, true]).stdin("x").run(&line);
    assert_eq!(password(&piped), "pw");
}

#[test]
fn sends_nothing_without_a_password() {
    let line = format!("pair --from {URL} --user zoë");
    let world = World::bare()
        .serving(200, r#"{"access":"a"}"#)
        .env("EMPTY", "")
        .file("odd", b"\xff")
        .file("empty", "\n");
    let none = "error: no password was given\nhint: use --password-env VAR or --password-file PATH\n";
    for (world, options, said) in [
        (world.clone(), "", none),
        (world.clone().stdin("pw"), "", none),
        (
            world.clone(),
            "--password-env NONE",
            "error: the environment variable named with --password-env is not set\n",
        ),
        (world.clone(), "--password-env EMPTY", "error: the password is empty\n"),
        (world.clone(), "--password-file empty", "error: the password is empty\n"),
        (world.clone(), "--password-file odd", "error: the password is not UTF-8 text\n"),
        (
            world.clone(),
            "--password-file gone",
            "error: cannot read the password from gone: entity not found\n",
        ),
    ] {
        let outcome = world.run(format!("{line} {options}"));
        outcome.refused(2, said);
        assert_eq!(outcome.posted, []);
    }
    let cancelled = world.clone().person(&[None]).run(&line);
    assert_eq!((cancelled.status, cancelled.posted.len()), (2, 0));
    // No option takes a password, and the error does not repeat it.
    for option in ["--password", "--password=", "--pass"] {
        let outcome = world.run(format!("{line} {option} {SECRET}"));
        assert_eq!((outcome.status, outcome.text(), outcome.posted.len()), (2, "", 0));
    }
    let no_user = world.run(format!("pair --from {URL} --password-env PW"));
    no_user.refused(2, "error: no user was given\nhint: name the user with --user\n");
}

#[test]
fn rejects_unnamed_and_duplicate_fields() {
    for (field, said) in [
        (SECRET.to_owned(), "error: a --field has no name\nhint: write --field NAME=TEXT\n".to_owned()),
        (format!("={SECRET}"), "error: a --field has no name\nhint: write --field NAME=TEXT\n".to_owned()),
        (format!("password={SECRET}"), twice("password")),
        ("username=x".to_owned(), twice("username")),
        ("a=1 --field a=2".to_owned(), twice("a")),
        ("grant_type=x --profile oauth".to_owned(), twice("grant_type")),
        ("email=x --user-field email".to_owned(), twice("email")),
    ] {
        let outcome = log_in(200, r#"{"access":"a"}"#, &format!("--field {field}"));
        outcome.refused(2, &said);
        assert_eq!(outcome.posted, []);
    }
    refresh(200, "{}", &format!("--field refresh=x {}", good())).refused(2, &twice("refresh"));
}

fn twice(name: &str) -> String {
    format!(
        "error: the member `{name}` would be sent twice\nhint: give --field only names that --profile does not send itself\n"
    )
}

#[test]
fn from_conflicts_with_options_that_mint_or_verify() {
    const BESIDE: [&str; 7] = ["profile", "scheme", "format", "pick", "max-size", "token", "help"];
    const HEADINGS: [&str; 4] = ["Server", "Client", "Servers of other kinds", "Session"];
    let whole = fob::cli::command();
    let globals: Vec<_> = whole.get_arguments().map(|option| option.get_id().clone()).collect();
    let mut tried = 0;
    for (name, rest) in [("pair", "--user zoë --password-env PW"), ("refresh", OPAQUE)] {
        let mut command = whole.find_subcommand(name).unwrap().clone();
        command.build();
        for option in command.get_arguments().filter(|option| !globals.contains(option.get_id())) {
            let is_beside = option.get_help_heading().is_some_and(|heading| HEADINGS.contains(&heading));
            let long = option.get_long().filter(|long| !is_beside && !BESIDE.contains(long));
            let Some(long) = long else { continue };
            let value = match long {
                "access-ttl" | "refresh-ttl" | "max-age" | "leeway" | "min-interval" => " 5m",
                "claim" | "access-claim" | "refresh-claim" | "refresh-mark" => " a=b",
                "alg" => " HS256",
                "decrypt-alg" | "encrypt-alg" => " dir",
                "enc" => " A256GCM",
                "secret-format" | "decrypt-secret-format" | "encrypt-secret-format" => " text",
                "seed" => " 7",
                _ if option.get_action().takes_values() => " x",
                _ => "",
            };
            let outcome =
                world(200, r#"{"access":"a"}"#).run(format!("{name} --from {URL} {rest} --{long}{value}"));
            assert_eq!((outcome.status, outcome.text(), outcome.posted.len()), (2, "", 0), "{name} --{long}");
            let said = outcome.stderr.starts_with("error: the argument '--from <URL>' cannot be used with");
            assert!(said && outcome.stderr.contains(&format!("--{long}")), "{}", outcome.stderr);
            tried += 1;
        }
    }
    assert!(tried >= 30, "only {tried} were found");
}

#[test]
fn options_for_servers_require_from() {
    for line in [
        "pair --user-id 7 --user a",
        "pair --user-id 7 --user-field a",
        "pair --user-id 7 --password-env A",
        "pair --user-id 7 --password-file A",
        "pair --user-id 7 --field a=b",
        "refresh x --field a=b",
        "pair --from https://a/ --user a --password-env A --password-file B",
        "refresh --from https://a/ x --user a",
    ] {
        let outcome = World::new().run(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
        assert!(outcome.stderr.starts_with("error: "), "{line}: {}", outcome.stderr);
    }
}

#[test]
fn rejects_forbidden_urls() {
    for (url, why) in [
        (
            "http://a.example/",
            "http://a.example/ is plain http\nhint: use https; http is allowed only for 127.0.0.1, [::1] and localhost, since others could read what is sent\n",
        ),
        (
            "https://me:hunter2@a.example/",
            "it contains credentials\nhint: give the password with --password-env or --password-file: URLs end up in logs and shell histories\n",
        ),
        ("ftp://a/", "its scheme is ftp, not https\nhint: use https, or http on this machine\n"),
        (
            "a.example/token",
            "it begins without `https://`\nhint: write `https://` before the name of the server\n",
        ),
    ] {
        for line in [format!("pair --user a --from {url}"), format!("refresh {OPAQUE} --from {url}")] {
            // The URL is checked before the password prompt.
            let outcome = World::bare().person(&[]).run(format!("{line} --color never"));
            outcome.refused(2, &format!("error: cannot send anything to this URL: {why}"));
            assert_eq!((outcome.posted.len(), outcome.questions.len()), (0, 0));
        }
    }
    let local = World::bare().env("PW", SECRET).serving(200, r#"{"access":"a"}"#);
    let outcome = local.run("pair --from http://127.0.0.1:8000/t?a=b#c --user a --password-env PW");
    assert_eq!((outcome.result(), outcome.posted[0].url.as_str()), ("a", "http://127.0.0.1:8000/t?a=b"));
}

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
            hint,
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
            "fob sent a log-in in the form of profile simplejwt with otp: change it with --profile, --user-field and --field",
        ),
        (
            400,
            r#"{"error":"invalid_request"}"#,
            "400 Bad Request: invalid_request",
            "fob sent a log-in in the form of profile simplejwt with otp: change it with --profile, --user-field and --field",
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
fn a_rejected_client_says_nothing_about_the_grant() {
    let rejected = "hint: the server rejected the client: ";
    let unnamed =
        format!("{rejected}name it with --client ID (and --client-secret-env VAR if it has a secret)\n");
    let optional = "hint: if the server wants a client, name it with --client ID (and --client-secret-env VAR if it has a secret)\n";
    let world = |status, body: &str| world(status, body).env("CS", SECRET).file("cs", SECRET);
    for (error, is_client) in [
        ("invalid_client", true),
        ("unauthorized_client", true),
        ("invalid_request", false),
        ("unsupported_grant_type", false),
    ] {
        let body = format!(r#"{{"error":"{error}"}}"#);
        for status in [400, 401, 403] {
            for token in [good(), expired(), OPAQUE.to_owned()] {
                let line = format!("refresh --from {URL} {token} --profile oauth");
                let outcome = world(status, &body).run(&line);
                assert_eq!((outcome.status, outcome.text()), (2, ""), "{status} {error}");
                let hint = if is_client { &unnamed } else { optional };
                assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
                for (options, check) in [
                    ("--field client_id=web", "check its --field options, or name it with --client ID\n"),
                    (
                        "--client web",
                        "check --client; if it has a secret, give that with --client-secret-env VAR\n",
                    ),
                    (
                        "--client web --client-secret-env CS",
                        "check --client and its secret; --client-auth form sends the secret in the form instead\n",
                    ),
                    (
                        "--client web --client-secret-file cs --client-auth form",
                        "check --client and its secret; --client-auth basic sends the secret in a header instead\n",
                    ),
                ] {
                    let named = world(status, &body).run(format!("{line} {options}"));
                    assert_eq!(named.status, 2);
                    let expected = format!("{rejected}{check}");
                    assert_eq!(named.stderr.ends_with(&expected), is_client, "{}", named.stderr);
                    assert!(!named.stderr.ends_with(optional), "{}", named.stderr);
                }
            }
            assert_eq!(log_in(status, &body, "--profile oauth").status, 2, "{status} {error}");
        }
    }
    // Hints for servers without OAuth do not mention clients.
    let other = log_in(400, r#"{"error":"invalid_request"}"#, "");
    assert!(!other.stderr.contains("client"), "{}", other.stderr);
}

#[test]
fn masks_a_password_in_every_encoding() {
    let password = "S3cret%26pa&ss/w~ord é\"'<";
    let run = |status, body: &str, location: Option<&str>| {
        let (location, body) = (location.map(str::to_owned), body.as_bytes().to_vec());
        let answer = Response { status, location, body, ..Response::default() };
        let world = World::bare().env("PW", password).server(Ok(answer));
        let outcome = world.run(format!("pair --from {URL} --user a --password-env PW"));
        for piece in ["S3cret", "S3", "w~ord", "ord", "pa&", "pa%"] {
            assert!(!outcome.stderr.contains(piece), "{}", outcome.stderr);
        }
        outcome
    };
    for spelling in [
        // encodeURIComponent, lower-case hexadecimal, Python's quote and quote_plus.
        "S3cret%2526pa%26ss%2Fw~ord%20%C3%A9%22'%3C",
        "S3cret%2526pa%26ss%2fw~ord%20%c3%a9%22%27%3c",
        "S3cret%2526pa%26ss/w~ord%20%C3%A9%22%27%3C",
        "S3cret%2526pa%26ss%2Fw~ord+%C3%A9%22%27%3C",
        "%53%33%63%72%65%74%2526pa%26ss/w~ord%20%C3%A9%22%27%3C",
        // HTML entities, named and numbered, and JSON over them.
        "S3cret%26pa&amp;ss/w~ord &eacute;&quot;&#39;&lt;",
        "S3cret%26pa&#38;ss&#x2F;w~ord &#xE9;&#34;&apos;&lt;",
        r#"S3cret%26pa\u0026amp;ss\/w~ord \u00e9\u0026quot;\u0026#39;\u0026lt;"#,
        // JSON in JSON, and percent over JSON.
        r#"S3cret%26pa&ss\\\/w~ord \\u00e9\\\"'\\u003c"#,
        "S3cret%2526pa%26ss%5C%2Fw~ord%20%5Cu00e9%5C%22'%5Cu003c",
    ] {
        for status in [400, 401, 500] {
            run(status, &format!("you sent {spelling}!"), None);
            run(status, &format!("<a href=\"/?p={spelling}&x=1\">"), None);
        }
        for location in [
            format!("/{spelling}"),
            format!("/login?p={spelling}"),
            format!("/login#{spelling}"),
            format!("https://b.example/{spelling}/x"),
        ] {
            run(302, "", Some(&location));
        }
    }
    // The query and the fragment of a redirect are not shown.
    let moved = run(302, "", Some("/login?next=/token&session=abc#top"));
    assert!(moved.stderr.contains(" leads to https://a.example/login, "), "{}", moved.stderr);
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
fn reports_an_answer_without_tokens() {
    let name = "hint: name the place of the access token with --access-at\n".to_owned();
    for (options, body, said, hint) in [
        ("", "", "JSON: the answer is not JSON at offset 0: expected a value", String::new()),
        ("", "<html>ok</html>", "JSON: the answer is not JSON at offset 0: expected a value", String::new()),
        ("", "[]", "JSON: the answer is an array, not an object", String::new()),
        ("", "{}", "no token: the answer has no access: it is an empty object", String::new()),
        (
            "",
            r#"{"key":"a","token_type":"Bearer"}"#,
            "no token: the answer has no access, only key, token_type",
            name.clone(),
        ),
        (
            "--profile oauth",
            r#"{"access_token":["a"]}"#,
            "no token: access_token is an array, not a string",
            name.clone(),
        ),
        ("", r#"{"\u001b[2J\u202e":"a"}"#, r"no token: the answer has no access, only \u001b[2J\u202e", name),
    ] {
        log_in(200, body, options).refused(2, &format!("error: cannot log in at {URL}: {said}\n{hint}"));
    }
    let used_up =
        "hint: the server may have used up the refresh token: if it is rejected from now on, log in again\n";
    refresh(200, "{}", &good()).refused(
        2,
        &format!(
            "error: cannot refresh at {URL}: no token: the answer has no access: it is an empty object\n{used_up}"
        ),
    );
}

#[test]
fn prints_the_tokens_of_an_answer_that_cannot_be_used() {
    for (body, options, printed, said) in [
        (
            r#"{"access":"\u001b[31mred","refresh":"r"}"#,
            "",
            "/refresh r\n",
            "no token: access is not a token (RFC 6750 section 2.1)\n",
        ),
        (
            r#"{"refresh":"r"}"#,
            "--json",
            "{\"/refresh\":\"r\"}\n",
            "no token: the answer has no access, only refresh\nhint: name the place of the access token with --access-at\n",
        ),
        (
            r#"{"access":"a","access":"b"}"#,
            "",
            "/access a\n/access b\n",
            "JSON: the answer has /access more than once\n",
        ),
        (
            r#"{"data":{"accessToken":"a"},"old":{"accessToken":"b"}}"#,
            "--format env",
            "/data/accessToken a\n/old/accessToken b\n",
            "no token: the answer has several access tokens: /data/accessToken, /old/accessToken\nhint: choose one, such as --access-at /data/accessToken\n",
        ),
    ] {
        let outcome = log_in(200, body, options);
        let error = format!("error: cannot log in at {URL}: {said}");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (2, error.as_str()), "{body}");
        assert!(outcome.text().starts_with(printed), "{}", outcome.text());
    }
}

#[test]
fn warns_of_oddities_beside_the_tokens() {
    for (options, body, printed, said) in [
        (
            "--profile oauth",
            r#"{"access_token":"a","token_type":"MAC"}"#,
            "a",
            "warning: the tokens have type MAC, expected Bearer\nhint: if the service wants another scheme, name it with --scheme\n",
        ),
        (
            "",
            r#"{"access":"a","refresh":"r\nerror: "}"#,
            "a",
            "warning: refresh of the answer is a text of another form, so it is left out\n",
        ),
        ("", r#"{"access":"a","x":1,"x":2}"#, "a", "warning: the answer has /x more than once\n"),
    ] {
        let outcome = log_in(200, body, options);
        assert_eq!((outcome.status, outcome.text().trim_end(), outcome.stderr.as_str()), (0, printed, said));
    }
}

#[test]
fn escapes_the_answer_of_the_server() {
    let hostile = "\u{1b}]0;x\u{7}\r\nerror: all is well\u{202e}\u{200b}";
    let outcome = log_in(401, &format!("<p>{hostile}"), "");
    outcome.refused(1, &format!("error: cannot log in at {URL}: status: 401 Unauthorized: <p>\\u001b]0;x\\u0007 error: all is well\\u202e\\u200b\n"));
    let detail = json!({"detail": hostile}).to_string();
    let outcome = log_in(401, &detail, "");
    outcome.refused(1, &format!("error: cannot log in at {URL}: status: 401 Unauthorized: \\u001b]0;x\\u0007\\u000d\\u000aerror: all is well\\u202e\\u200b\n"));
    let outcome = log_in(500, &"\u{1b}".repeat(1_000_000), "");
    assert!(outcome.stderr.len() < 2500 && outcome.stderr.ends_with("…\n"), "{}", outcome.stderr.len());
    let outcome = log_in(500, &json!({"a": "x".repeat(1_000_000)}).to_string(), "");
    assert!(outcome.stderr.len() < 500 && outcome.stderr.ends_with("x…\n"), "{}", outcome.stderr);
}

#[test]
fn masks_secrets_that_the_server_repeats() {
    for body in [
        format!("you sent {SECRET}"),
        json!({"password": [format!("{SECRET} is wrong")]}).to_string(),
        json!({"detail": SECRET, "code": SECRET}).to_string(),
        json!({ SECRET: 1 }).to_string(),
        format!("{}{SECRET}", "x".repeat(290)),
    ] {
        // The world looks for the secret in every stream.
        for status in [200, 400, 401, 500] {
            let outcome = log_in(status, &body, "");
            assert!(outcome.status == 1 || outcome.status == 2, "{}", outcome.stderr);
            assert!(!outcome.stderr.contains("zebra"), "{}", outcome.stderr);
        }
    }
    // Shortening the shown text must not leave a part of the secret.
    for length in (80..125).chain(260..400) {
        let long = format!("{}{SECRET}", "x".repeat(length));
        for (status, body) in [
            (200, json!({ &long: 1 }).to_string()),
            (200, format!(r#"{{"{long}":1,"{long}":2}}"#)),
            (200, json!({"access_token": "a", "token_type": long}).to_string()),
            (500, long.clone()),
            (500, json!([long]).to_string()),
        ] {
            let outcome = log_in(status, &body, "--profile oauth");
            assert!(!outcome.stderr.contains("ze") && outcome.stderr.len() < 600, "{}", outcome.stderr);
        }
        for location in [format!("/{long}"), format!("http://a.example/{long}"), format!("https://{long}/")] {
            let answer = Response { status: 302, location: Some(location), ..Response::default() };
            let world = World::bare().env("PW", SECRET).server(Ok(answer));
            let outcome = world.run(format!("pair --from {URL} --user a --password-env PW"));
            assert!(!outcome.stderr.contains("ze") && outcome.status == 2, "{}", outcome.stderr);
        }
    }
    let refused = refresh(
        401,
        &format!("no {OPAQUE} here"),
        &format!("{OPAQUE} --field client_secret={SECRET} --field client_id=web"),
    );
    assert!(refused.stderr.contains(": no … here\n"), "{}", refused.stderr);
    let client = refresh(
        401,
        &format!("web has {SECRET}"),
        &format!("{OPAQUE} --field client_secret={SECRET} --field client_id=web"),
    );
    assert!(client.stderr.contains(": web has …\n"), "{}", client.stderr);
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
