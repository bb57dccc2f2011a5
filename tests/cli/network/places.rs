//! Where values go in a request, and where tokens are in an answer: the profiles of servers, and the options for others.

use super::exchange::{FORM, JSON, OPAQUE, URL, good, log_in, sent, world};
use crate::support::world::{NOW, Outcome, SECRET, World, token};
use fob::host::Response;

/// Returns the request: the type of its body, its header fields and its body, with `*` for the password.
fn request(outcome: &Outcome) -> (String, String) {
    let [posted] = outcome.posted.as_slice() else { panic!("{:?} {}", outcome.posted, outcome.stderr) };
    let encoded = "zebra-crossing-at-seven-minutes%21";
    let body = posted.body.replace(SECRET, "*").replace(encoded, "*");
    (format!("{} {}", posted.content_type, posted.headers.join(", ")).trim().to_owned(), body)
}

fn of(head: &str, body: &str) -> (String, String) {
    (head.to_owned(), body.to_owned())
}

#[test]
fn a_profile_says_how_its_server_is_asked() {
    for (profile, head, body) in [
        ("dj-rest-auth", JSON, r#"{"username":"zoë","password":"*"}"#),
        ("allauth", JSON, r#"{"username":"zoë","password":"*"}"#),
        ("flask-jwt-extended", JSON, r#"{"username":"zoë","password":"*"}"#),
        ("fastapi", FORM, "grant_type=password&username=zo%C3%AB&password=*"),
        ("fastapi-users", FORM, "grant_type=password&username=zo%C3%AB&password=*"),
        ("express", JSON, r#"{"email":"zoë","password":"*"}"#),
        ("supabase", JSON, r#"{"email":"zoë","password":"*"}"#),
        ("keycloak", FORM, "grant_type=password&username=zo%C3%AB&password=*"),
    ] {
        let outcome = log_in(500, "", &format!("--profile {profile}"));
        assert_eq!(request(&outcome), of(head, body), "{profile}");
        let query = if profile == "supabase" { "?grant_type=password" } else { "" };
        assert_eq!(outcome.posted[0].url, format!("{URL}{query}"), "{profile}");
    }
    let header = format!("Authorization: Bearer {OPAQUE}");
    for (profile, head, body) in [
        ("dj-rest-auth", JSON, format!(r#"{{"refresh":"{OPAQUE}"}}"#)),
        ("allauth", JSON, format!(r#"{{"refresh_token":"{OPAQUE}"}}"#)),
        ("flask-jwt-extended", header.as_str(), String::new()),
        ("flask-jwt-extended-cookie", &format!("Cookie: refresh_token_cookie={OPAQUE}"), String::new()),
        ("fastapi", JSON, format!(r#"{{"refresh_token":"{OPAQUE}"}}"#)),
        ("express", JSON, format!(r#"{{"refreshToken":"{OPAQUE}"}}"#)),
        ("supabase", JSON, format!(r#"{{"refresh_token":"{OPAQUE}"}}"#)),
        ("keycloak", FORM, format!("grant_type=refresh_token&refresh_token={OPAQUE}")),
    ] {
        let outcome = world(500, "").run(format!("refresh --from {URL} {OPAQUE} --profile {profile}"));
        assert_eq!(request(&outcome), of(head, &body), "{profile}");
    }
}

#[test]
fn a_cookie_is_sent_with_its_csrf_token() {
    let csrf = token(r#"{"csrf":"proof"}"#);
    let line = format!("refresh --from {URL} --profile flask-jwt-extended-cookie {csrf}");
    let outcome = world(500, "").run(line);
    let expected = format!("X-CSRF-TOKEN: proof, Cookie: refresh_token_cookie={csrf}");
    assert_eq!(request(&outcome), of(&expected, ""));
}

#[test]
fn options_describe_a_server_without_a_profile() {
    for (options, head, body) in [
        ("--body form", FORM, "username=zo%C3%AB&password=*"),
        (
            "--user-field /user/email --password-field /user/password",
            JSON,
            r#"{"user":{"email":"zoë","password":"*"}}"#,
        ),
        (
            "--field header:apikey=k --field cookie:lang=de",
            "application/json apikey: k, Cookie: lang=de",
            r#"{"username":"zoë","password":"*"}"#,
        ),
    ] {
        assert_eq!(request(&log_in(500, "", options)), of(head, body), "{options}");
    }
    let refresh = |options: &str| world(500, "").run(format!("refresh --from {URL} {OPAQUE} {options}"));
    for (options, head, body) in [
        ("--refresh-in refreshToken", JSON, format!(r#"{{"refreshToken":"{OPAQUE}"}}"#)),
        ("--refresh-in /data/token", JSON, format!(r#"{{"data":{{"token":"{OPAQUE}"}}}}"#)),
        ("--refresh-in cookie:jid", &format!("Cookie: jid={OPAQUE}"), String::new()),
        ("--refresh-at cookie:jid --profile express", &format!("Cookie: jid={OPAQUE}"), String::new()),
        ("--refresh-in header", &format!("Authorization: Bearer {OPAQUE}"), String::new()),
        ("--refresh-in header --scheme JWT", &format!("Authorization: JWT {OPAQUE}"), String::new()),
        ("--refresh-in header:X-Refresh", &format!("X-Refresh: {OPAQUE}"), String::new()),
        ("--refresh-in t --body form", FORM, format!("t={OPAQUE}")),
    ] {
        assert_eq!(request(&refresh(options)), of(head, &body), "{options}");
    }
    for (options, said) in [
        (
            "--refresh-in /data/token --body form",
            "error: a form has no member inside others, so /data/token cannot be sent\nhint: send JSON with --body json\n",
        ),
        (
            "--profile fastapi-users",
            "error: servers of this profile issue no refresh tokens\nhint: log in again with `fob pair --from`, or say where the token goes with --refresh-in\n",
        ),
        (
            "--refresh-in header --field header:authorization=x",
            "error: the member `header:authorization` would be sent twice\nhint: give --field only names that --profile does not send itself\n",
        ),
    ] {
        let outcome = refresh(options);
        outcome.refused(2, said);
        assert_eq!(outcome.posted, [], "{options}");
    }
}

#[test]
fn a_value_from_a_variable_stays_out_of_the_command_line() {
    let line = format!("pair --from {URL} --user a --password-env PW --profile supabase");
    let outcome = world(500, "").env("KEY", "anon").run(format!("{line} --field-env header:apikey=KEY"));
    assert_eq!(outcome.posted[0].headers, ["apikey: anon"]);
    let missing = world(500, "").run(format!("{line} --field-env header:apikey={SECRET}"));
    missing
        .refused(2, "error: the environment variable that --field-env names for header:apikey is not set\n");
    // A line break would begin another header field.
    let broken = world(500, "").env("KEY", "a\r\nX: y").run(format!("{line} --field-env header:apikey=KEY"));
    assert_eq!((broken.status, broken.posted.len()), (2, 0));
    assert!(broken.stderr.starts_with("error: the value for `apikey` cannot be sent"), "{}", broken.stderr);
    for name in ["Content-Length", "transfer-encoding", "Content-Type"] {
        let reserved = world(500, "").run(format!("{line} --field header:{name}=1"));
        reserved.refused(2, &format!("error: fob writes the header field {name} itself\n"));
        assert_eq!(reserved.posted, []);
    }
    // So would one in a token, but the token is refused before.
    let token = world(500, "").stdin("a\r\nX: y").run(format!("refresh --from {URL} --refresh-in header"));
    assert_eq!((token.status, token.posted.len()), (4, 0));
}

/// Returns a world whose server answers with these cookies.
fn cookies(fields: &[&str], body: &str) -> World {
    let set_cookie = fields.iter().map(|field| (*field).to_owned()).collect();
    let answer = Response { status: 200, set_cookie, body: body.into(), ..Response::default() };
    World::bare().env("PW", SECRET).server(Ok(answer))
}

#[test]
fn tokens_in_cookies_are_printed_and_presented_as_cookies() {
    let line = format!("pair --from {URL} --user a --password-env PW");
    let flask = cookies(
        &[
            "access_token_cookie=aaa; HttpOnly; Path=/",
            "csrf_access_token=c1",
            "refresh_token_cookie=rrr; HttpOnly",
            "csrf_refresh_token=c2",
        ],
        r#"{"msg":"login successful"}"#,
    );
    let profile = "--profile flask-jwt-extended-cookie";
    assert_eq!(flask.run(format!("{line} {profile}")).result(), "access  aaa\nrefresh rrr");
    let header = flask.run(format!("{line} {profile} --format header"));
    assert_eq!(header.result(), "Cookie: access_token_cookie=aaa");
    let users = cookies(&["fastapiusersauth=aaa; HttpOnly; Max-Age=3600"], "");
    let header = users.run(format!("{line} --profile fastapi-users-cookie --format header"));
    assert_eq!(header.result(), "Cookie: fastapiusersauth=aaa");
    let oauth = users.run(format!("{line} --profile fastapi-users-cookie --format oauth"));
    assert_eq!(oauth.json()["expires_in"], 3600);
    let allauth = world(200, r#"{"status":200,"meta":{"is_authenticated":true,"session_token":"sss"}}"#);
    let header = allauth.run(format!("{line} --profile allauth-session --format header"));
    assert_eq!(header.result(), "X-Session-Token: sss");
}

#[test]
fn explains_an_empty_refresh_token_beside_a_cookie() {
    let server = cookies(
        &["my-app-auth=aaa; HttpOnly; Max-Age=300", "my-refresh-token=rrr; HttpOnly; Max-Age=86400"],
        r#"{"access":"aaa","refresh":"","user":{"pk":1}}"#,
    );
    let line = format!("pair --from {URL} --user a --password-env PW --profile dj-rest-auth");
    let outcome = server.run(&line);
    assert_eq!((outcome.status, outcome.text()), (0, "access  aaa\nrefresh rrr\n"));
    assert_eq!(
        outcome.stderr,
        "warning: the refresh token came in the cookie my-refresh-token\nhint: to refresh, send it back in the cookie with --refresh-in cookie:my-refresh-token\n"
    );
    // The option of the hint works, and with it there is nothing to say.
    let named = server.run(format!("{line} --refresh-at cookie:my-refresh-token"));
    assert_eq!(named.result(), "access  aaa\nrefresh rrr");
    let refreshed = server.run(format!("refresh --from {URL} rrr --refresh-in cookie:my-refresh-token"));
    assert_eq!(refreshed.posted[0].headers, ["Cookie: my-refresh-token=rrr"]);
    let none = world(200, r#"{"access":"aaa","refresh":""}"#).run(&line);
    assert_eq!(none.stderr, "warning: the refresh token of the answer is empty, and no cookie has one\n");
}

#[test]
fn a_token_goes_under_the_scheme_that_the_service_wants() {
    let body = r#"{"access_token":"aaa","token_type":"bearer"}"#;
    let header = |options: &str| log_in(200, body, &format!("--format header {options}")).result().to_owned();
    assert_eq!(header("--profile oauth"), "Authorization: Bearer aaa");
    for scheme in ["JWT", "jwt", "Token", "DPoP"] {
        assert_eq!(header(&format!("--scheme {scheme}")), format!("Authorization: {scheme} aaa"));
    }
    let dpop =
        log_in(200, r#"{"access_token":"aaa","token_type":"dpop"}"#, "--profile oauth --format header");
    assert_eq!(dpop.result(), "Authorization: DPoP aaa");
    let minted = World::new().run("pair --user-id 7 --profile drf-jwt --format header --scheme JWT -q");
    assert!(minted.result().starts_with("Authorization: JWT eyJ"), "{}", minted.text());
    let two_words = log_in(200, body, "--scheme 'a b'");
    assert_eq!((two_words.status, two_words.posted.len()), (2, 0));
}

#[test]
fn takes_what_other_tools_print() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: refreshToken=rrr; HttpOnly; Path=/\r\n\r\n";
    let json = r#"{"access_token":"aaa","refresh_token":"rrr"}"#;
    for (text, options, expected) in [
        (
            r#"{"data":{"accessToken":"aaa","refreshToken":"rrr"}}"#.to_owned(),
            "--refresh-in refreshToken",
            r#"{"refreshToken":"rrr"}"#,
        ),
        (
            r#"{"tokens":{"access":{"token":"aaa"},"refresh":{"token":"rrr"}}}"#.to_owned(),
            "--profile express",
            r#"{"refreshToken":"rrr"}"#,
        ),
        (
            "export ACCESS_TOKEN=aaa\nexport REFRESH_TOKEN='rrr'\n".to_owned(),
            "--profile oauth",
            "grant_type=refresh_token&refresh_token=rrr",
        ),
        (format!("{head}{{\"accessToken\":\"aaa\"}}"), "--profile express", r#"{"refreshToken":"rrr"}"#),
        (
            format!("{head}{{\"accessToken\":\"aaa\",\"refreshToken\":\"\"}}"),
            "--profile express",
            r#"{"refreshToken":"rrr"}"#,
        ),
        (
            format!("INFO please refresh now: {json} (200)\nrefresh soon\n"),
            "--profile oauth",
            "grant_type=refresh_token&refresh_token=rrr",
        ),
        (
            "access_token: aaa1\nrefresh_token: rrr1\n".to_owned(),
            "--profile oauth",
            "grant_type=refresh_token&refresh_token=rrr1",
        ),
    ] {
        let outcome = world(500, "").stdin(&text).run(format!("refresh --from {URL} {options}"));
        assert_eq!(sent(&outcome).1, expected, "{text}");
    }
}

#[test]
fn sends_no_word_of_a_sentence() {
    for text in
        ["please refresh the page", "refresh now: it has expired", "the refresh token, and the access token"]
    {
        let outcome = world(500, "").stdin(text).run(format!("refresh --from {URL} --profile oauth"));
        assert_eq!((outcome.status, outcome.posted.len()), (4, 0), "{text}: {}", outcome.stderr);
    }
}

#[test]
fn sends_no_access_token_for_the_refresh_token_unless_it_is_picked() {
    for (text, name) in [
        (r#"{"access":"aaaaaaaa","refresh":""}"#, "access"),
        (r#"{"accessToken":"aaaaaaaa"}"#, "accessToken"),
        ("FOB_ACCESS=aaaaaaaa", "FOB_ACCESS"),
        (r#"{"id_token":"aaaaaaaa"}"#, "id_token"),
    ] {
        let line = format!("refresh --from {URL} --profile oauth");
        let outcome = world(500, "").stdin(text).run(&line);
        assert_eq!((outcome.status, outcome.posted.len()), (4, 0), "{text}");
        assert_eq!(
            outcome.stderr,
            format!(
                "error: the input has no refresh token, only `{name}`\nhint: if the refresh token came in a cookie, give the head of \
                 the answer, too: `curl -i` prints it; --pick {name} sends this token\n"
            )
        );
        let picked = world(500, "").stdin(text).run(format!("{line} --pick {name}"));
        assert_eq!(sent(&picked).1, "grant_type=refresh_token&refresh_token=aaaaaaaa");
    }
    // A token of both roles is the refresh token, too.
    let sliding = token(r#"{"token_type":"sliding"}"#);
    let drf_jwt = token(&format!(r#"{{"orig_iat":{NOW},"exp":{NOW}}}"#));
    for token in [sliding, drf_jwt] {
        let text = format!(r#"{{"access_token":"{token}"}}"#);
        let outcome = world(500, "").stdin(text).run(format!("refresh --from {URL}"));
        assert_eq!(sent(&outcome).1, format!(r#"{{"token":"{token}"}}"#));
    }
}

#[test]
fn a_name_of_a_server_alone_mints_no_tokens() {
    let outcome = World::new().run("pair --user-id 7 --profile express");
    outcome.refused(
        2,
        "error: the profile express mints no tokens\nhint: with --from URL, this profile asks a server; --help lists the profiles that mint tokens\n",
    );
    let outcome = World::new().run(format!("refresh {} --profile express", good()));
    assert_eq!((outcome.status, outcome.text()), (2, ""), "{}", outcome.stderr);
}

#[test]
fn says_how_a_token_that_did_not_arrive_is_sent() {
    let line = format!("refresh --from {URL} {OPAQUE}");
    for (body, options, hint) in [
        (
            r#"{"msg":"Missing Authorization Header"}"#,
            "",
            "the server found no token in the Authorization header: send it there with --refresh-in header",
        ),
        (
            r#"{"msg":"Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'"}"#,
            "--refresh-in header --scheme JWT",
            "the server found no token in the Authorization header: name the scheme that it expects with --scheme",
        ),
        (
            r#"{"msg":"Missing cookie \"refresh_token_cookie\""}"#,
            "",
            "the server found no token in that cookie: send it there with --refresh-in cookie:refresh_token_cookie",
        ),
        (
            r#"{"msg":"Missing CSRF token"}"#,
            "--refresh-in cookie:refresh_token_cookie",
            "send the CSRF token with --csrf COOKIE=HEADER, such as --csrf csrf_refresh_token=X-CSRF-TOKEN",
        ),
        (
            r#"{"detail":"No valid refresh token found.","code":"token_not_valid"}"#,
            "",
            "the server found no token where it looks: name the place with --refresh-in, such as --refresh-in header or --refresh-in cookie:NAME",
        ),
        (
            r#"{"message":"No API key found in request"}"#,
            "--profile supabase",
            "send the key of the project with --field-env header:apikey=VAR",
        ),
    ] {
        let outcome = world(401, body).run(format!("{line} {options}"));
        // Nothing was judged: the user need not log in again.
        assert_eq!(outcome.status, 2, "{}", outcome.stderr);
        assert!(outcome.stderr.ends_with(&format!("\nhint: {hint}\n")), "{}", outcome.stderr);
    }
}

#[test]
fn a_member_that_was_sent_but_not_read_is_about_the_format() {
    let body =
        r#"{"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required","input":null}]}"#;
    for (options, hint) in [
        ("", "the server did not read the JSON that was sent: send a form with --body form"),
        ("--body form", "the server did not read the form that was sent: send JSON with --body json"),
        (
            "--user-field email",
            "fob sent a log-in in the form of profile simplejwt: change it with --profile, --body, --user-field and --field",
        ),
    ] {
        let outcome = log_in(422, body, options);
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.ends_with(&format!("\nhint: {hint}\n")), "{}", outcome.stderr);
    }
}
