//! Successful answers of token servers: how their tokens are printed, and what is said about odd ones.

use super::exchange::{FORM, JSON, OPAQUE, URL, good, log_in, refresh, sent, world};
use crate::support::world::{NOW, token};
use serde_json::json;

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
            "{\"error\":{\"code\":\"",
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
        if options == "--json" {
            assert_eq!(outcome.json()["tokens"], json!({ "/refresh": "r" }));
        }
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
