//! Tests of `fob inspect` on files, folders and gzip, of `--count` and of `--unique`.

use crate::support::world::{Outcome, World, token};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write as _;

fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn tokens(outcome: &Outcome) -> Vec<Value> {
    outcome.json()["tokens"].as_array().unwrap().clone()
}

/// Returns file and line of each token.
#[track_caller]
fn files(outcome: &Outcome) -> Vec<(String, u64)> {
    let found = |token: &Value| {
        let found = &token["found"];
        (found["file"].as_str().unwrap_or("-").to_owned(), found["line"].as_u64().unwrap())
    };
    tokens(outcome).iter().map(found).collect()
}

fn named(names: &[(&str, u64)]) -> Vec<(String, u64)> {
    names.iter().map(|(name, line)| ((*name).to_owned(), *line)).collect()
}

fn logs() -> World {
    let token = token("{}");
    World::bare()
        .file("app.log", format!("x\n{token}\n"))
        .file("logs/b.log", format!("{token}\n\n{token}"))
        .file("logs/a/z.log", &token)
        .file("logs/a/empty", "")
        .file("logs/c.log.gz", gzip(format!("\n\n\n{token}")))
        .stdin(&token)
}

#[test]
fn accepts_a_path_without_the_at_sign() {
    for (line, wanted) in [
        ("app.log", &[("-", 2)][..]),
        ("@app.log", &[("-", 2)]),
        ("logs/", &[("logs/a/z.log", 1), ("logs/b.log", 1), ("logs/b.log", 3), ("logs/c.log.gz", 4)]),
        ("@logs/a", &[("logs/a/z.log", 1)]),
        ("app.log logs/a", &[("app.log", 2), ("logs/a/z.log", 1)]),
        ("app.log - @app.log", &[("app.log", 2), ("-", 1), ("app.log", 2)]),
        ("-", &[("-", 1)]),
    ] {
        let outcome = logs().run(format!("inspect --json {line}"));
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{line}");
        assert_eq!(files(&outcome), named(wanted), "{line}");
    }
}

#[test]
fn treats_an_argument_with_a_token_as_text() {
    let token = token("{}");
    let world = World::bare().file(&token, "nothing");
    assert_eq!(tokens(&world.run(format!("inspect --json {token}"))).len(), 1);
    assert_eq!(tokens(&world.run(format!("inspect --json x={token} {token}"))).len(), 2);
}

#[test]
fn text_report_names_file_line_and_column() {
    let outcome = logs().run("inspect app.log logs/a");
    let text = outcome.text();
    assert!(text.starts_with("token 1 of 2  app.log:2:1, text\n"), "{text}");
    assert!(text.contains("\n\ntoken 2 of 2  logs/a/z.log:1:1, text\n"), "{text}");
}

#[test]
fn escapes_file_names() {
    let world =
        World::bare().file("l/\u{1b}[31m\u{202e}a\n.log", token("{}")).file("l/al@example.org", token("{}"));
    let outcome = world.run("inspect l");
    assert!(outcome.text().contains(r"token 2 of 2  l/al@example.org:1:1, text"), "{}", outcome.text());
    assert!(outcome.text().contains(r"token 1 of 2  l/\u001b[31m\u202ea\n.log:1:1, text"));
    let document = world.run("inspect l --json");
    assert_eq!(tokens(&document)[0]["found"]["file"], "l/\u{1b}[31m\u{202e}a\n.log");
    let redacted = world.run("inspect l --redact");
    assert!(redacted.text().contains("l/[masked]:1:1") && !redacted.text().contains("al@example.org"));
    let required = world.run("inspect -q --require sub l");
    assert_eq!(required.stderr, "");
    let required = world.run("inspect --json --require sub l");
    let wanted = "error: l/al@example.org:1: the token has no claim `sub`\n";
    assert!(required.status == 1 && required.stderr.ends_with(wanted), "{}", required.stderr);
}

#[test]
fn warns_of_unreadable_files_and_reports_the_rest() {
    let world = logs().locked_file("logs/b.log").file("logs/d.gz", &gzip(token("{}"))[..30]);
    let outcome = world.run("inspect --json logs app.log");
    assert_eq!(files(&outcome), named(&[("logs/a/z.log", 1), ("logs/c.log.gz", 4), ("app.log", 2)]));
    assert_eq!(outcome.status, 2);
    assert_eq!(
        outcome.stderr,
        "warning: cannot read the text from logs/b.log: permission denied\n\
         warning: cannot read the text from logs/d.gz: the gzip stream ends too soon\n\
         error: 2 of the texts could not be read\n"
    );
    world.run("inspect -q logs").refused(2, "error: 2 of the texts could not be read\n");
    let outcome = logs().run("inspect --json app.log gone");
    assert_eq!((files(&outcome), outcome.status), (named(&[("app.log", 2)]), 2));
    assert_eq!(
        outcome.stderr,
        "warning: `gone` contains no token and is not the path of a file\nerror: one of the texts could not be read\n"
    );
    let counted = logs().run("inspect --count --json app.log gone").json();
    assert_eq!((&counted["count"], &counted["error"]["code"]), (&json!(1), &json!("unreadable")));
    let message = "cannot read the text from gone: entity not found";
    for line in ["inspect @gone", "inspect --count @gone"] {
        world.run(line).refused(2, &format!("error: {message}\n"));
    }
    let document = world.run("inspect --json @gone").json();
    assert_eq!(document, json!({"error": {"code": "unreadable", "message": message, "hint": null}}));
    world
        .run("inspect logs/b.log")
        .refused(2, "error: cannot read the text from logs/b.log: permission denied\n");
    world.run("inspect logs/a/empty").refused(4, "error: there is no token in this text\n");
}

#[test]
fn recognizes_gzip_by_content_with_several_members() {
    let token = token("{}");
    let text = format!("a\n{token}\nb");
    let (head, tail) = text.as_bytes().split_at(40);
    // A token may span two members.
    let members = [gzip(head), gzip(""), gzip(tail)].concat();
    let world = World::bare().file("x", &members).stdin(&members);
    for line in ["inspect --json x", "inspect --json", "inspect --json -"] {
        let outcome = world.run(line);
        assert_eq!((outcome.status, files(&outcome)), (0, named(&[("-", 2)])), "{line}");
        assert_eq!(tokens(&outcome)[0]["sizes"]["token"], token.len());
    }
    assert_eq!(World::bare().stdin([0x1F]).run("inspect").status, 4);
}

#[test]
fn reports_tokens_before_the_damage_of_a_gzip_file() {
    let token = token("{}");
    let noise: String = (0..200_000_u32).map(|n| format!("{:x} ", n.wrapping_mul(2_654_435_761))).collect();
    let whole = gzip(format!("{token}\n{noise}"));
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let mut sum = whole.clone();
    let last = sum.len() - 6;
    sum[last] ^= 1;
    let trailed = [&whole[..], b"garbage"].concat();
    for broken in [&whole[..whole.len() / 2], &whole[..whole.len() - 3], &flipped, &sum, &trailed] {
        let outcome = World::bare().stdin(broken).run("inspect --json");
        assert_eq!((outcome.status, files(&outcome)), (2, named(&[("-", 1)])));
        let told =
            outcome.stderr.strip_prefix("error: cannot read the text from standard input: the gzip stream ");
        assert!(told.is_some(), "{}", outcome.stderr);
    }
    for nothing in [&[0x1F, 0x8B][..], &[0x1F, 0x8B, 8, 0], b"\x1F\x8Btext"] {
        let outcome = World::bare().stdin(nothing).run("inspect --json");
        assert_eq!(outcome.status, 2, "{nothing:?}");
        assert_eq!(outcome.json()["error"]["code"], "unreadable", "{nothing:?}");
    }
}

#[test]
fn count_prints_only_a_number() {
    let (a, b) = (token("{}"), token(r#"{"sub":"b"}"#));
    let text = format!("{a}\n{b}\n{a} {a}\n");
    let run = |options: &str| World::bare().stdin(&text).run(format!("inspect --count {options}"));
    assert_eq!(run("").result(), "4");
    assert_eq!(run("--unique").result(), "2");
    assert_eq!(run("--json").json(), json!({"count": 4}));
    assert_eq!(run("--json --unique").json(), json!({"count": 2, "found": 4}));
    let gated = run("--require sub");
    assert_eq!((gated.status, gated.text()), (1, "4\n"));
    assert_eq!(gated.stderr.lines().count(), 3);
    let none = World::bare().stdin("nothing").run("inspect --count");
    assert_eq!((none.status, none.text()), (4, "0\n"));
    assert_eq!(none.stderr, "error: there is no token in this text\n");
}

#[test]
fn unique_reports_a_token_at_its_first_location() {
    let (a, b) = (token("{}"), token(r#"{"sub":"b"}"#));
    let opaque = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";
    let world = World::bare()
        .file("1", format!("{b}\n{a}"))
        .file("2", format!("{a}\n{b} {b}\ntoken={opaque}\ntoken={opaque}"));
    let outcome = world.run("inspect --json --unique @1 @2");
    assert_eq!((outcome.status, files(&outcome)), (0, named(&[("1", 1), ("1", 2), ("2", 3)])));
    assert!(world.run("inspect --unique @1 @2").text().contains("\ntoken 3 of 3  2:3:7, parameter token\n"));
    assert_eq!(world.run("inspect --unique --count --max-size 10 @1 @2").result(), "3");
}

#[test]
fn document_of_many_tokens_is_valid() {
    let log: String = (0..700).map(|n| format!("id={}\n", token(&format!(r#"{{"n":{n}}}"#)))).collect();
    let outcome = World::bare().stdin(&log).run("inspect --json");
    let found = tokens(&outcome);
    assert_eq!((outcome.status, found.len()), (0, 700));
    for (n, token) in found.iter().enumerate() {
        assert_eq!((&token["payload"]["n"], &token["found"]["line"]), (&json!(n), &json!(n + 1)));
    }
    // Incremental writing gives the same bytes as writing at once.
    let whole = serde_json::to_string_pretty(&outcome.json()).unwrap();
    assert_eq!(whole.lines().count(), outcome.text().lines().count());
    // So many tokens are written before their total is known.
    let text = World::bare().stdin(log.repeat(2)).run("inspect");
    assert!(text.text().starts_with("token 1  line 1, column 4, parameter id\n"));
    assert!(text.text().contains("\n\ntoken 1400  line 1400, column 4, parameter id\n"));
}

#[test]
fn columns_count_characters_on_a_huge_line() {
    let token = token("{}");
    let text = format!("{{\"a\":\"{}\",\"jwt\":\"{token}\"}}", "é".repeat(200_000));
    let found = &tokens(&World::bare().stdin(&text).run("inspect --json"))[0]["found"];
    assert_eq!(found, &json!({"line": 1, "column": 200_016, "where": "member jwt"}));
}

#[test]
fn finds_a_token_of_the_maximum_size() {
    let large = token(&format!(r#"{{"x":"{}"}}"#, "y".repeat(700_000)));
    let text = format!("{}{large}\n{}", "noise\n".repeat(50_000), token("{}"));
    for (line, kinds) in [
        ("inspect --json", ["jwt", "jwt"]),
        ("inspect --json --max-size 100K", ["unreadable", "jwt"]),
        ("inspect --json --max-size 300", ["unreadable", "jwt"]),
    ] {
        let found = tokens(&World::bare().stdin(&text).run(line));
        let kind: Vec<_> = found.iter().map(|token| token["kind"].as_str().unwrap()).collect();
        assert_eq!(kind, kinds, "{line}");
        assert_eq!(found[0]["sizes"]["token"], large.len());
    }
}
