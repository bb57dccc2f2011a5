//! Answers of token servers that repeat secrets, or hold control characters.

use super::exchange::{OPAQUE, URL, log_in, refresh};
use crate::support::world::{SECRET, World};
use fob::host::Response;
use serde_json::json;

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
fn escapes_the_answer_of_the_server() {
    let hostile = "\u{1b}]0;x\u{7}\r\nerror: all is well\u{202e}\u{200b}";
    let outcome = log_in(401, &format!("<p>{hostile}"), "");
    outcome.refused(1, &format!("error: cannot log in at {URL}: status: 401 Unauthorized: <p>\\u001b]0;x\\u0007 error: all is well\\u202e\\u200b\n"));
    let detail = json!({"detail": hostile}).to_string();
    let outcome = log_in(401, &detail, "");
    outcome.refused(1, &format!("error: cannot log in at {URL}: status: 401 Unauthorized: \\u001b]0;x\\u0007\\r\\nerror: all is well\\u202e\\u200b\n"));
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
