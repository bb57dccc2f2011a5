//! Tests of the reports of `fob inspect`: locations, findings, documents, `--valid-for` and `--require`.

use crate::support::world::{NOW, Outcome, World, fob, signed, token};
use serde_json::{Value, json};

const OPAQUE: &str = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";
const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";

fn inspect(text: &str, options: &str) -> Outcome {
    World::bare().stdin(text).run(format!("inspect {options}"))
}

/// Returns the tokens of the document.
#[track_caller]
fn tokens(text: &str) -> Vec<Value> {
    let outcome = inspect(text, "--json");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    outcome.json()["tokens"].as_array().unwrap().clone()
}

/// Returns line, column and surrounding syntax of each token.
#[track_caller]
fn places(text: &str) -> Vec<(u64, u64, String)> {
    tokens(text)
        .iter()
        .map(|token| {
            let found = &token["found"];
            let number = |name: &str| found[name].as_u64().unwrap();
            (number("line"), number("column"), found["where"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn codes(token: &Value) -> Vec<String> {
    let findings = token["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            assert!(finding["message"].as_str().is_some_and(|message| !message.is_empty()));
            format!("{} {}", finding["severity"].as_str().unwrap(), finding["code"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn finds_tokens_in_the_output_of_curl() {
    let a = token(r#"{"sub":"a","exp":1769861100}"#);
    let text = format!(
        "*   Trying 127.0.0.1:443...\n> GET /me?access_token={a} HTTP/2\r\n> Host: x.example\r\n\
         > Authorization: Bearer {a}\r\n> Cookie: theme=dark; sid={a}\r\n>\n< HTTP/2 200\r\n\
         < set-cookie: refresh={a}; Path=/; HttpOnly\r\n<\n{{\"access\":\"{a}\",\"n\":1}}\n"
    );
    assert_eq!(
        places(&text),
        [
            (2, 24, "parameter access_token".to_owned()),
            (4, 25, "Authorization header".to_owned()),
            (5, 27, "cookie sid".to_owned()),
            (8, 23, "cookie refresh".to_owned()),
            (10, 12, "member access".to_owned()),
        ]
    );
}

#[test]
fn finds_tokens_in_a_har_file() {
    let a = token(r#"{"sub":"a","exp":1769861100}"#);
    let har = json!({"log": {"version": "1.2", "entries": [{
        "request": {
            "url": format!("https://x.example/?id_token={a}"),
            "headers": [{"name": "Authorization", "value": format!("Bearer {a}")}],
            "cookies": [{"name": "sid", "value": a}],
        },
        "response": {"content": {"text": format!("{{\"refresh_token\":\"{a}\"}}")}},
    }]}});
    let text = serde_json::to_string_pretty(&har).unwrap();
    let mut found: Vec<_> = places(&text).into_iter().map(|(_, _, place)| place).collect();
    found.sort();
    assert_eq!(found, ["Authorization header", "member refresh_token", "member sid", "parameter id_token"]);
    assert_eq!(tokens(&har.to_string()).len(), 4);
}

#[test]
fn finds_forty_tokens_in_a_log_in_order() {
    let subjects: Vec<String> = (0..40).map(|index| format!("user{index}")).collect();
    let log: String = subjects
        .iter()
        .map(|subject| format!("12:00:00 INFO session={} ok\n", token(&format!(r#"{{"sub":"{subject}"}}"#))))
        .collect();
    let found = tokens(&log);
    let names: Vec<_> = found.iter().map(|token| token["payload"]["sub"].as_str().unwrap()).collect();
    assert_eq!(names, subjects);
    for (index, token) in found.iter().enumerate() {
        assert_eq!(token["found"], json!({"line": index + 1, "column": 23, "where": "parameter session"}));
    }
    let text = inspect(&log, "");
    assert!(
        text.text().starts_with("token 1 of 40  line 1, column 23, parameter session\n"),
        "{}",
        text.text()
    );
    assert!(text.text().contains("\n\ntoken 40 of 40  line 40, column 23, parameter session\n"));
}

#[test]
fn document_of_a_token_has_these_members() {
    let token = token(r#"{"sub":"alice","exp":1769861100,"iat":1769860800}"#);
    let document = inspect(&token, "--json").json();
    assert_eq!(document.as_object().unwrap().keys().collect::<Vec<_>>(), ["tokens"]);
    let expected = json!({
        "found": {"line": 1, "column": 1, "where": "text"},
        "kind": "jwt",
        "style": null,
        "sizes": {"token": token.len(), "header": 27, "payload": 49, "signature": 32},
        "findings": [],
        "header": {"alg": "HS256", "typ": "JWT"},
        "payload": {"sub": "alice", "exp": 1_769_861_100, "iat": NOW},
        "signature": token.rsplit_once('.').unwrap().1,
        "verified": false,
        "status": "active",
        "times": {
            "exp": {"value": 1_769_861_100, "utc": "2026-01-31T12:05:00Z", "seconds_from_now": 300},
            "iat": {"value": NOW, "utc": "2026-01-31T12:00:00Z", "seconds_from_now": 0},
        },
        "at": "2026-01-31T12:00:00Z",
    });
    assert_eq!(document["tokens"][0], expected);
}

#[test]
fn names_kinds_and_issuers() {
    for (header, payload, kind, style) in [
        (
            "{\"alg\":\"HS256\"}",
            r#"{"token_type":"access","jti":"x","exp":1}"#,
            "access",
            json!("djangorestframework-simplejwt"),
        ),
        (
            "{\"alg\":\"HS256\"}",
            r#"{"token_type":"refresh","jti":"x","exp":1}"#,
            "refresh",
            json!("djangorestframework-simplejwt"),
        ),
        ("{\"alg\":\"HS256\"}", r#"{"username":"a","orig_iat":1}"#, "jwt", json!("drf-jwt")),
        (r#"{"alg":"HS256","typ":"at+jwt"}"#, "{}", "access", json!("OAuth 2 (RFC 9068)")),
        (
            "{\"alg\":\"RS256\"}",
            r#"{"iss":"https://accounts.google.com","nonce":"x"}"#,
            "id",
            json!("Google"),
        ),
        ("{\"alg\":\"RS256\"}", r#"{"iss":"https://t.eu.auth0.com/","scope":"x"}"#, "access", json!("Auth0")),
        ("{\"alg\":\"RS256\"}", r#"{"iss":"https://evilauth0.com/"}"#, "jwt", Value::Null),
        ("{\"alg\":\"HS256\"}", "{}", "jwt", Value::Null),
    ] {
        let token = &tokens(&signed(header, payload))[0];
        assert_eq!((&token["kind"], &token["style"]), (&json!(kind), &style), "{header} {payload}");
    }
    let jwe = &tokens(JWE)[0];
    assert_eq!((&jwe["kind"], &jwe["header"]["enc"]), (&json!("jwe"), &json!("A128GCM")));
    let opaque = &tokens(&format!("Authorization: Token {OPAQUE}"))[0];
    assert_eq!((&opaque["kind"], &opaque["sizes"]), (&json!("opaque"), &json!({"token": 40})));
    assert_eq!(codes(opaque), ["info opaque"]);
}

#[test]
fn findings_have_a_code_and_a_severity() {
    let long = r#"{"exp":4102444800,"iat":1769860800,"password":"x","email":"a@b.example"}"#;
    for (header, payload, wanted) in [
        (r#"{"alg":"HS256"}"#, r#"{"exp":1}"#, &["warning expired"][..]),
        (r#"{"alg":"HS256"}"#, "{}", &["warning no_expiry"]),
        (r#"{"alg":"none"}"#, r#"{"exp":1769861100}"#, &["error alg_none"]),
        (r#"{"alg":"HS512"}"#, r#"{"exp":1769861100}"#, &["error signature_size"]),
        (r#"{"alg":"HS256"}"#, r#"{"exp":"1"}"#, &["error claim_type:exp"]),
        (
            r#"{"alg":"HS256"}"#,
            r#"{"exp":1769861100,"exp":1769861100}"#,
            &["error malformed:duplicate_member"],
        ),
        (r#"{"alg":"HS256"}"#, long, &["warning secret_in_payload", "info long_lived", "info personal_data"]),
    ] {
        assert_eq!(codes(&tokens(&signed(header, payload))[0]), wanted, "{header} {payload}");
    }
}

#[test]
fn the_document_of_a_text_without_a_token_has_an_error() {
    for text in ["", "hello", "www.example.com", &format!("commit {OPAQUE} by me")] {
        inspect(text, "").refused(4, "error: there is no token in this text\n");
        let outcome = inspect(text, "--json");
        let error = json!({"code": "no_token", "message": "there is no token in this text", "hint": null});
        assert_eq!((outcome.status, outcome.json()), (4, json!({"tokens": [], "error": error})));
    }
}

#[test]
fn reports_a_text_that_only_looks_like_a_token() {
    let cut = token("{}").rsplit_once('.').unwrap().0.to_owned();
    for text in [cut, format!("{}.*", token("{}").rsplit_once('.').unwrap().0)] {
        let outcome = inspect(&text, "--json");
        assert!(matches!(outcome.status, 0 | 4), "{text}");
    }
}

#[test]
fn reports_a_token_over_the_limit_without_its_content() {
    let found = &inspect(&token("{}"), "--json --max-size 10").json()["tokens"][0];
    assert_eq!(
        (&found["kind"], codes(found)),
        (&json!("unreadable"), vec!["error malformed:too_large".to_owned()])
    );
    assert_eq!(found.get("payload"), None);
}

#[test]
fn only_a_secret_in_options_makes_a_verdict() {
    let (good, old, bad) =
        (token(r#"{"exp":4102444800}"#), token(r#"{"exp":1}"#), signed("{\"alg\":\"none\"}", "{}"));
    let world = |text: &str| World::new().env("VAR", crate::support::world::SECRET).stdin(text);
    for (text, status) in [
        (good.clone(), 0),
        (old.clone(), 3),
        (bad.clone(), 1),
        (JWE.to_owned(), 4),
        (format!("{good}\n{good}\n"), 0),
        (format!("{good}\n{old}\n"), 1),
        (format!("{old}\n{old}\n"), 1),
        (format!("{good}\n{bad}\n"), 1),
    ] {
        assert_eq!(world(&text).run("inspect -q").status, 0, "{text}");
        assert_eq!(world(&text).run("inspect -q --secret-env VAR").status, status, "{text}");
        assert_eq!(world(&text).run("inspect --json --secret-env VAR").status, status, "{text}");
    }
    let document = world(&good).run("inspect --json --secret-env VAR").json();
    assert_eq!(document["tokens"][0]["verified"], true);
    assert_eq!(document["tokens"][0]["verification"]["verdict"], "accepted");
    assert_eq!(world(&good).run("inspect --json").json()["tokens"][0].get("verification"), None);
}

#[test]
fn valid_for_works_without_a_key() {
    let token = token(r#"{"exp":1769861100}"#);
    for (duration, status) in [("4m59s", 0), ("5m", 3), ("5m1s", 3), ("0s", 0), ("1w", 3)] {
        assert_eq!(inspect(&token, &format!("-q --valid-for {duration}")).status, status, "{duration}");
    }
    let outcome = inspect(&token, "--valid-for 5m --json");
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (3, "error: line 1: the token does not stay valid for 5 minutes\n")
    );
    for (claims, status) in
        [("{}", 0), (r#"{"nbf":4102444800}"#, 3), (r#"{"exp":"x"}"#, 1), (r#"{"exp":1}"#, 3)]
    {
        assert_eq!(
            inspect(&crate::support::world::token(claims), "-q --valid-for 1s").status,
            status,
            "{claims}"
        );
    }
    let two = format!("{token}\n{}", crate::support::world::token("{}"));
    assert_eq!(inspect(&two, "-q --valid-for 1h").status, 3);
    assert_eq!(inspect(OPAQUE, "-q --valid-for 1s").status, 1);
}

#[test]
fn require_works_without_a_key() {
    let token = token(r#"{"sub":"a","r":{"x":[1]}}"#);
    assert_eq!(inspect(&token, "-q --require sub --require /r/x/0").status, 0);
    let outcome = inspect(&token, "--json --require sub --require aud");
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (1, "error: line 1: the token has no claim `aud`\n")
    );
    assert_eq!(inspect(JWE, "-q --require sub").status, 1);
    assert_eq!(inspect("hello", "-q --require sub").status, 4);
}

#[test]
fn quiet_prints_no_report_but_the_document_and_the_number() {
    inspect(&token("{}"), "-q").refused(0, "");
    let outcome = inspect(&token("{}"), "-q --json --require x");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (1, ""));
    assert_eq!(outcome.json()["tokens"][0]["kind"], "jwt");
    assert_eq!(inspect(&token("{}"), "-q --count").result(), "1");
}

#[test]
fn reads_an_argument_a_file_or_standard_input() {
    let token = token("{}");
    let world = World::bare().file("app.log", format!("x\n{token}\n")).stdin(&token);
    let line = |argument: &str| {
        world.run(format!("inspect --json {argument}")).json()["tokens"][0]["found"]["line"].clone()
    };
    assert_eq!(
        (line("@app.log"), line("-"), line(""), line(&token)),
        (json!(2), json!(1), json!(1), json!(1))
    );
    assert_eq!(fob("inspect @gone").status, 2);
}

#[test]
fn opaque_token_is_not_accepted_with_a_key() {
    let good = token("{}");
    let world =
        |text: String| World::new().stdin(text).run("inspect -q -s 0123456789abcdef0123456789abcdef").status;
    assert_eq!(world(format!("Authorization: Token {OPAQUE}")), 4);
    assert_eq!(world(format!("Bearer {good}\nToken {OPAQUE}")), 1);
    assert_eq!(World::bare().stdin(OPAQUE).run("inspect -q").status, 0);
}

#[test]
fn required_claim_that_is_null_counts_as_absent() {
    let token = token(r#"{"x":null}"#);
    assert_eq!(fob(format!("inspect -q --require x {token}")).status, 1);
    assert_eq!(fob(format!("verify -q --require x {token}")).status, 1);
}

#[test]
fn an_opaque_access_token_lives_as_long_as_its_answer_says() {
    let (access, refresh) =
        ("8xLOxBtZp8gDq3vLhWmKzQeRtYuIoPaSdFgHjKlZx", "7yMPyCuAq9hEr4wMiXnLaRfSuZvJpQbTeGhIkLmAy");
    let tokens = format!(r#""access_token":"{access}","refresh_token":"{refresh}""#);
    let run = |body: &str, options: &str| World::new().stdin(body).run(format!("inspect {options}"));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    for body in [
        format!(r#"{{{tokens},"expires_in":3600}}"#),
        format!(r#"{{"expiresIn":"1h",{tokens}}}"#),
        format!(r#"{{"data":{{{tokens},"expires_in":"3600"}}}}"#),
        format!("{head}{{{tokens},\"expires_in\":3600}}"),
    ] {
        for (valid_for, status) in [("59m", 0), ("1h", 3), ("2h", 3)] {
            let outcome = run(&body, &format!("-q --valid-for {valid_for}"));
            assert_eq!(outcome.status, status, "{body} {valid_for} {}", outcome.stderr);
        }
        let said = run(&body, "--valid-for 5m").stderr;
        let warning = "warning: expires_in is counted from now: the answer does not say when it was made\n";
        assert_eq!(said, warning, "{body}");
        assert_eq!(run(&body, "").stderr, "", "{body}");
    }
    // Without a stated lifetime, or with a claim to check, nothing about an opaque token can be met.
    for (body, options) in [
        (format!("{{{tokens}}}"), ""),
        (format!(r#"{{{tokens},"expires_in":"soon"}}"#), ""),
        (format!(r#"{{{tokens},"expires_in":3600}}"#), "--require sub"),
    ] {
        assert_eq!(run(&body, &format!("-q --valid-for 5m {options}")).status, 1, "{body} {options}");
    }
}
