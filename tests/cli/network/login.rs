//! `pair --from` and `refresh --from`: the requests, and those that are refused before they are sent.

use super::exchange::{FORM, JSON, OPAQUE, URL, good, log_in, refresh, sent, world};
use crate::support::world::{NOW, Outcome, SECRET, World, token};

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
         lines or has other white space in it, which may be invisible: join it with --join\n"
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
            "error: the environment variable NONE is not set (--password-env)\n",
        ),
        (world.clone(), "--password-env EMPTY", "error: the password is empty\n"),
        (world.clone(), "--password-file empty", "error: the password is empty\n"),
        (world.clone(), "--password-file odd", "error: the password is not UTF-8 text\n"),
        (
            world.clone(),
            "--password-file gone.txt",
            "error: cannot read the password from gone.txt: entity not found\n",
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
    const BESIDE: [&str; 9] =
        ["profile", "scheme", "format", "pick", "max-size", "token", "help", "session", "valid-for"];
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
            let said = outcome.stderr.starts_with("error: --from cannot be used with");
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
