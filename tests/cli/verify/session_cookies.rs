//! Session cookies of Auth.js and NextAuth.js in `verify` and `inspect`: encrypted tokens with a shared key, which is derived
//! from the secret of the application.

use crate::support::world::{World, ends, token};
use serde_json::{Value, json};

/// Cookies of both packages: the session of Auth.js is the first, and that of NextAuth.js the fourth.
const COOKIES: &str = include_str!("../../vectors/session_cookies.json");

/// Returns a world with the secret of the session cookies and another one, and the cookies.
fn cookies() -> (World, Vec<String>) {
    let file: Value = serde_json::from_str(COOKIES).unwrap();
    let token = |cookie: &Value| cookie["token"].as_str().unwrap().to_owned();
    let tokens = file["cookies"].as_array().unwrap().iter().map(token).collect();
    let world = World::bare().at(1_800_000_000);
    let world = world.env("AUTH_SECRET", file["secret"].as_str().unwrap()).env("OTHER", "another");
    (world, tokens)
}

#[test]
fn judges_a_session_cookie_as_claims_of_a_shared_key() {
    let (world, tokens) = cookies();
    assert_eq!(tokens.len(), 5);
    for token in &tokens {
        for secret in ["--secret-env AUTH_SECRET", "--decrypt-secret-env AUTH_SECRET"] {
            ends(&world.run(format!("verify --json {secret} {token}")), 1, &["not_signed"]);
            let outcome = world.run(format!("verify --json --accept-shared-key {secret} {token}"));
            ends(&outcome, 0, &[]);
            let document = outcome.json();
            assert_eq!((&document["signed"], &document["payload"]["sub"]), (&json!(false), &json!("alice")));
            ends(
                &world.run(format!("verify --json --accept-shared-key --sub bob {secret} {token}")),
                1,
                &["wrong_subject"],
            );
        }
    }
    let outcome = world.run(format!("verify --secret-env AUTH_SECRET {}", tokens[0]));
    let key = "  ✓ key        derived from the variable AUTH_SECRET for the Auth.js cookie `authjs.session-token`, \
               as `kid` says";
    assert_eq!(outcome.text().lines().nth(3), Some(key));
    assert_eq!(
        outcome.stderr,
        "hint: --accept-shared-key accepts claims that any holder of the shared key can write\n"
    );
}

#[test]
fn judges_session_cookies_in_chunks_in_lines_and_in_suites() {
    let (world, tokens) = cookies();
    let (first, second) = tokens[0].split_at(200);
    let cookie = format!("Cookie: authjs.session-token.1={second}; authjs.session-token.0={first}");
    let line = "verify --json --accept-shared-key --secret-env AUTH_SECRET";
    ends(&world.run(format!("{line} '{cookie}'")), 0, &[]);
    let lines = world.clone().stdin(format!("{}\n{}\n", tokens[0], tokens[3]));
    let outcome = lines.run("verify --lines --accept-shared-key --secret-env AUTH_SECRET");
    assert_eq!((outcome.status, outcome.text()), (0, "accepted\naccepted\n"));
    let suite = format!(
        "[defaults]\nsecret-env = 'AUTH_SECRET'\naccept-shared-key = true\n[[cases]]\nname = 'a cookie'\n\
         token = '{}'\nexpect = 'accepted'\n[[cases]]\nname = 'another cookie'\ncookie = 'x'\ntoken = '{}'\n\
         expect = 'key_not_found'\n",
        tokens[3], tokens[0]
    );
    let outcome = world.file("suite.toml", suite).run("test suite.toml");
    assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
}

#[test]
fn says_that_the_secret_or_the_name_of_a_cookie_is_another() {
    let (world, tokens) = cookies();
    // A secret for signatures is no decryption key, so there is none.
    let outcome = world.run(format!("verify --json --secret-env OTHER {}", tokens[0]));
    ends(&outcome, 4, &["jwe"]);
    let hint = "the `kid` does not fit the secret from the variable OTHER and a usual name of an Auth.js cookie: give the \
                secret of the application or, if the cookie has a name of its own, --cookie NAME";
    assert_eq!(outcome.json()["hints"], json!([hint]));
    let outcome = world.run(format!("verify --json --decrypt-secret-env OTHER {}", tokens[0]));
    ends(&outcome, 1, &["key_not_found"]);
    for option in ["--secret-env", "--decrypt-secret-env"] {
        let outcome = world.run(format!("verify --json {option} AUTH_SECRET --cookie shop {}", tokens[0]));
        ends(&outcome, 1, &["key_not_found"]);
        let detail = "the `kid` of the token does not fit this secret and the cookie name `shop`";
        assert_eq!(outcome.json()["checks"][3]["detail"], detail);
        let name = "authjs.session-token";
        let outcome = world.run(format!("verify --json {option} AUTH_SECRET --cookie {name} {}", tokens[0]));
        ends(&outcome, 1, &["not_signed"]);
    }
    // NextAuth.js 4 writes no `kid`.
    ends(&world.run(format!("verify --json --secret-env OTHER {}", tokens[3])), 4, &["jwe"]);
    let outcome = world.run(format!("verify --json --secret-env OTHER --cookie x {}", tokens[3]));
    ends(&outcome, 1, &["decrypt_failed"]);
}

#[test]
fn reports_on_session_cookies_in_any_text() {
    let (world, tokens) = cookies();
    let (first, second) = tokens[0].split_at(200);
    for text in [
        format!("GET / HTTP/1.1\nCookie: theme=dark; authjs.session-token={}", tokens[0]),
        format!("Cookie: authjs.session-token.1={second}; authjs.session-token.0={first}"),
    ] {
        for option in ["--secret-env AUTH_SECRET", "--decrypt-secret-env AUTH_SECRET"] {
            let report = world.clone().stdin(&text).run(format!("inspect --json {option}")).json();
            assert_eq!(report["tokens"].as_array().unwrap().len(), 1, "{report}");
            assert_eq!(report["tokens"][0]["payload"]["sub"], "alice", "{report}");
        }
        let outcome = world.clone().stdin(&text).run("inspect --secret-env AUTH_SECRET");
        let hint = "hint: `fob verify --accept-shared-key` accepts claims that any holder of the shared key can write\n";
        assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
        let outcome = world.clone().stdin(&text).run("inspect --redact --secret-env AUTH_SECRET");
        assert!(!outcome.text().contains("Alice"), "{}", outcome.text());
    }
    // A first chunk without the others is reported as it is.
    let text = format!("Cookie: authjs.session-token.0={first}");
    let report = world.stdin(&text).run("inspect --json").json();
    assert_eq!(report["tokens"][0]["kind"], "unreadable");
}

#[test]
fn verifies_signed_tokens_with_a_secret_that_opens_session_cookies() {
    let world = World::new();
    let token = token(r#"{"sub":"alice"}"#);
    ends(&world.run(format!("verify --json --accept-shared-key --cookie x {token}")), 0, &[]);
    let decrypted = world.run(format!("verify --json --decrypt-secret-env FOB_SECRET {token}"));
    ends(&decrypted, 0, &[]);
}
