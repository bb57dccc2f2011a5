//! With `--json` every failure is a document on standard output. The status and standard error are as without `--json`.

use crate::support::known::JOHN_DOE;
use crate::support::world::{NOW, World, token};
use fob::error::code::ErrorCode;

/// Returns the document of a failure, whose message also stands on standard error.
#[track_caller]
fn failure(world: &World, line: &str, status: u8) -> (String, String, Option<String>) {
    let plain = world.run(line);
    for option in ["--json", "-j", "-q --json"] {
        let outcome = world.run(format!("{line} {option}"));
        assert_eq!(outcome.status, status, "{line} {option}: {}{}", outcome.text(), outcome.stderr);
        if option != "-q --json" {
            // The usage of clap repeats the options that were given.
            let first = |text: &str| text.split("\n\n").next().unwrap_or_default().to_owned();
            assert_eq!(first(&outcome.stderr), first(&plain.stderr), "{line}");
        }
    }
    assert_eq!((plain.status, plain.text()), (status, ""), "{line}");
    let document = world.run(format!("{line} --json")).json();
    let members = document.as_object().unwrap();
    assert_eq!(members.keys().collect::<Vec<_>>(), ["error"], "{line}");
    let text = |name: &str| document["error"][name].as_str().map(str::to_owned);
    (text("code").unwrap(), text("message").unwrap(), text("hint"))
}

#[test]
fn every_command_prints_its_failure_as_a_document() {
    let world = World::bare().file("two", format!("{} {JOHN_DOE}", token("{}"))).file("bad.toml", "x = 1");
    for (line, status, code, says) in [
        ("decode x.y", 4, "malformed:segments", "2 segments"),
        ("decode undefined", 4, "malformed:segments", "undefined"),
        (&*format!("decode {JOHN_DOE} --claim nope"), 1, "claim_missing:nope", "no claim `nope`"),
        ("decode @gone", 2, "unreadable", "gone"),
        ("decode @two", 2, "several_tokens", "2 tokens"),
        ("decode @two --pick nope", 2, "no_such_token", "`nope`"),
        ("decode ''", 4, "no_token", "no token"),
        ("encode --sub alice", 2, "not_given", "no secret or key was given"),
        ("encode -s x --exp 2h -c exp=1", 2, "claims", "exp"),
        ("encode --alg HS256 --key gone.pem", 2, "unreadable", "gone.pem"),
        ("encode -s ''", 2, "key_empty", "empty"),
        (&*format!("verify {JOHN_DOE}"), 2, "not_given", "no secret or key was given"),
        (&*format!("verify {JOHN_DOE} --key gone.pem"), 2, "unreadable", "gone.pem"),
        (&*format!("verify {JOHN_DOE} --key two"), 2, "key", "two"),
        (&*format!("verify {JOHN_DOE} -s x --store http://x"), 2, "store", "http"),
        (&*format!("verify {JOHN_DOE} --key https://127.0.0.1:9/"), 2, "fetch", "127.0.0.1:9"),
        ("verify --suite gone", 2, "unreadable", "gone"),
        ("test bad.toml", 2, "suite", "bad.toml:1:1"),
        ("pair -s x", 2, "usage", "no user was given"),
        ("refresh x.y.z --from https://127.0.0.1:9/", 2, "server", "127.0.0.1:9"),
        ("revoke --list --store /gone/s.db", 2, "store", "/gone/s.db"),
        ("key show gone.pem", 2, "unreadable", "gone.pem"),
        ("key show two", 2, "key", "two"),
        ("key new --alg HS256 --format pem", 2, "usage", "PEM"),
        ("inspect @gone", 2, "unreadable", "gone"),
    ] {
        let (got, message, _) = failure(&world, line, status);
        assert_eq!(got, code, "{line}: {message}");
        assert!(message.contains(says), "{line}: {message}");
        let is_known = ErrorCode::ALL.iter().any(|(known, _)| *known == got);
        assert!(is_known || got.parse::<fob::core::reason::Expectation>().is_ok(), "{got}");
    }
}

#[test]
fn usage_errors_are_documents_too() {
    let world = World::bare();
    for (line, says, hint) in [
        (
            "verify x.y.z -s x --leeway 60",
            "invalid value '60' for --leeway: the unit is missing",
            Some("60s"),
        ),
        ("encode --sub", "the value of --sub is missing", Some("write --sub TEXT")),
        ("key show", "PATH is missing", Some("write fob key show PATH")),
        ("encode -s x --secrt y", "fob encode has no option --secrt", Some("write --secret")),
        ("verfy x", "fob has no command `verfy`", Some("write fob verify")),
    ] {
        let (code, message, tip) = failure(&world, line, 2);
        assert_eq!(code, "usage");
        assert!(message.contains(says) && !message.contains('\n'), "{line}: {message}");
        assert!(!message.starts_with("error") && !message.contains("Usage:"), "{line}: {message}");
        match hint {
            Some(part) => assert!(tip.as_deref().is_some_and(|tip| tip.contains(part)), "{line}: {tip:?}"),
            None => assert_eq!(tip, None, "{line}"),
        }
    }
    assert_eq!(world.run("--json").json()["error"]["code"], "usage");
    assert!(world.run("verify --help --json").text().starts_with("Check a token"));
}

#[test]
fn hints_are_part_of_the_document() {
    let (_, _, hint) = failure(&World::bare(), "encode --sub alice", 2);
    assert!(hint.unwrap().contains("--secret-file PATH"));
    let quiet = World::bare().run("encode --sub alice -q --json");
    assert_eq!(quiet.stderr, "error: no secret or key was given\n");
    assert!(quiet.json()["error"]["hint"].is_string());
}

#[test]
fn hostile_text_and_secrets_in_documents_are_escaped_or_left_out() {
    let outcome =
        World::new().run_words(&["decode", "--json", "--pick", "\u{1b}[31m\u{202e}", "a.b.c d.e.f"]);
    assert!(outcome.json()["error"]["message"].is_string());
    let outcome = World::new().run_words(&["verify", "--json", "x.y.z", "zebra\u{1b}", "-s", "a"]);
    assert!(!outcome.text().contains("zebra"), "{}", outcome.text());
}

#[test]
fn a_line_that_fails_is_a_document_in_its_place() {
    let world = World::new().stdin("{\"sub\":\"a\"}\n[\n{\"sub\":\"b\"}\n");
    let outcome = world.run("encode --lines --json");
    let lines: Vec<serde_json::Value> =
        outcome.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((outcome.status, lines.len()), (1, 3));
    assert_eq!(lines[1]["error"]["code"], "claims");
    assert!(lines[2]["token"].is_string());
    let outcome = World::new().stdin("x\n").run("decode --lines --json -q");
    assert_eq!(outcome.json()["error"]["code"], "malformed:segments");
}

#[test]
fn the_document_of_inspect_names_the_requirement_that_a_token_does_not_meet() {
    let good = token(&format!(r#"{{"sub":"a","exp":{}}}"#, NOW + 60));
    let world = World::bare().file("one", &good).file("two", format!("{good}\n{JOHN_DOE}\n{good}\n"));
    for (line, status, code, message) in [
        ("one --require nope", 1, "claim_missing:nope", "line 1: the token has no claim `nope`"),
        ("one --valid-for 5m", 3, "not_valid_for", "line 1: the token does not stay valid for 5 minutes"),
        (
            "two --require name",
            1,
            "claim_missing:name",
            "2 tokens do not meet a requirement; the first: line 1: the token has no claim `name`",
        ),
    ] {
        for (options, member) in [("--json", "tokens"), ("--count --json", "count"), ("--json -q", "tokens")]
        {
            let outcome = world.run(format!("inspect {line} {options}"));
            let document = outcome.json();
            assert_eq!(outcome.status, status, "{line} {options}");
            assert!(document[member].is_array() || document[member].is_number(), "{document}");
            let error = serde_json::json!({"code": code, "message": message, "hint": null});
            assert_eq!(document["error"], error, "{line} {options}");
        }
    }
    let met = world.run("inspect one --require sub --valid-for 30s --json");
    assert_eq!((met.status, met.json().get("error")), (0, None));
    let rejected = world.run("inspect one -s other-secret --json");
    assert_eq!((rejected.status, rejected.json().get("error")), (1, None), "the verdict says it");
    let opaque = "access_token=8xLOxBtZp8opaqueopaqueopaqueopaqueAA1";
    let outcome = world.run(format!("inspect {opaque} -s other-secret --json"));
    assert_eq!((outcome.status, outcome.json()["error"]["code"].as_str()), (4, Some("opaque")));
}

#[test]
fn thumbprints_are_json_strings_on_lines_of_their_own() {
    let key = World::bare().run("key new --alg ES256 --seed 1").stdout;
    let world = World::bare().file("k.jwk", key);
    let plain = world.run("key show --thumbprint k.jwk").text().trim_end().to_owned();
    assert_eq!(world.run("key show --thumbprint k.jwk --json").text(), format!("\"{plain}\"\n"));
}

#[test]
fn errors_do_not_show_the_values_of_the_query_of_a_url() {
    let token = token("{}");
    for (url, shown) in [
        ("http://keys.example/k?token=hunter2&v=1", "http://keys.example/k?token=…&v=… is plain http"),
        ("https://keys.example/k?token=hunter2", "https://keys.example/k?token=…: "),
    ] {
        for line in ["verify --json --key", "inspect --json --key", "verify --key"] {
            let outcome = World::bare().run(format!("{line} '{url}' {token}"));
            assert!(outcome.stderr.contains(shown), "{line} {url}: {}", outcome.stderr);
            assert!(!outcome.stderr.contains("hunter2"), "{line}: {}", outcome.stderr);
            assert!(!outcome.text().contains("hunter2"), "{line}: {}", outcome.text());
            assert_eq!(outcome.text().contains(shown), line.contains("--json"), "{line}: {}", outcome.text());
        }
    }
}
