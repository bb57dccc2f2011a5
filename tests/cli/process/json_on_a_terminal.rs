//! JSON on a terminal is indented and coloured. In a pipe it keeps its bytes, whatever the environment says about colour.

use super::colour::stripped;
use crate::support::known::JOHN_DOE;
use crate::support::world::{NOW, World, signed, token};
use serde_json::Value;

const TERMINAL: [bool; 3] = [false, true, false];
const URL: &str = "https://a.example/token/";

/// How a command lays its JSON out on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// One member per line.
    Indented,
    /// Each document on its line.
    Lines,
}

fn claims() -> String {
    format!(
        r#"{{"sub":"alice","n":12345678901234567890.10,"roles":["a","b"],"exp":{},"o":{{"x":null}}}}"#,
        NOW + 600
    )
}

/// Returns every command that prints JSON, with its input.
fn commands() -> Vec<(String, String, Shown)> {
    let good = token(&claims());
    let refresh = token(&format!(r#"{{"token_type":"refresh","exp":{},"jti":"x"}}"#, NOW + 60));
    let two = format!("{good}\nnope\n");
    let sets = "{\"sub\":\"a\"}\n[\n".to_owned();
    let document = World::new().stdin(claims()).run("encode - --serialization flattened").result().to_owned();
    let of = |stdin: &str, shown, lines: &[&str]| -> Vec<(String, String, Shown)> {
        lines.iter().map(|line| ((*line).to_owned(), stdin.to_owned(), shown)).collect()
    };
    let tokens = of(
        &good,
        Shown::Indented,
        &[
            "decode --json",
            "decode -j",
            "decode --part header",
            "decode --part payload",
            "decode --claim roles",
            "decode --claim o",
            "decode --claim n",
            "decode --claim sub --json",
            "verify --json",
            "verify --json -s wrong",
            "verify --get roles",
            "verify --get n",
            "verify --get sub --json",
            "verify --get sub --json -s wrong",
            "inspect --json",
            "inspect --count --json",
            "inspect --count --unique --json",
            "inspect --redact --json",
            "refresh --json",
            "decode --claim nope --json",
        ],
    );
    let others = of(
        "",
        Shown::Indented,
        &[
            "encode --sub a --json",
            "encode --sub a --format json",
            "encode --sub a --serialization flattened",
            "encode --sub a --serialization general --json",
            "encode --payload text --json",
            "encode --sub a --flaw expired --json",
            "pair --user-id 7 --json",
            "pair --user-id 7 --format json",
            "pair --user-id 7 --format oauth",
            "key new --alg ES256 --seed 1",
            "key new --alg HS256 --seed 1",
            "key show k.jwk --json",
            "key show k.jwk --public",
            "key show k.jwk --private",
            "key show k.jwk --format jwks",
            "schema verify",
            "schema --json",
            "test suite.toml --report sarif=-",
            &format!("pair --from {URL} --user a --password-env PW --json"),
            &format!("pair --from {URL} --user a --password-env PW --format oauth"),
            &format!("revoke --from {URL} opaque-token --json"),
            "key show gone --json",
            "encode --nonsense --json",
            "--json",
            "verify --json --leeway 60 x.y.z",
            "decode x.y --json",
        ],
    );
    let many = of(&two, Shown::Lines, &["decode --lines --json", "verify --lines --json"]);
    let claims = of(&sets, Shown::Lines, &["encode --lines --json"]);
    let suites = of(
        "",
        Shown::Lines,
        &[
            "test suite.toml --json",
            "test suite.toml --report json=-",
            "key show k.jwk --thumbprint --json",
            &format!("inspect --oneline --json {good}"),
        ],
    );
    let refreshed = of(&refresh, Shown::Indented, &["refresh --json", "refresh --format oauth"]);
    let documents =
        of(&document, Shown::Indented, &["decode --json", "inspect --json", "decode --part payload"]);
    [tokens, others, many, claims, suites, refreshed, documents].concat()
}

fn world(stdin: &str) -> World {
    let key = World::bare().run("key new --alg ES256 --seed 1").stdout;
    let suite = format!(
        "[[cases]]\nname = \"c\"\ntoken = \"{JOHN_DOE}\"\nexpect = \"accepted\"\nsecret-env = \"FOB_SECRET\"\n"
    );
    World::new()
        .env("PW", "pw")
        .serving(200, r#"{"access":"a.b.c","refresh":"r"}"#)
        .file("k.jwk", key)
        .file("suite.toml", suite)
        .stdin(stdin)
}

#[test]
fn a_terminal_shows_the_json_of_every_command_indented_and_in_colour() {
    for (line, stdin, shown) in commands() {
        let world = world(&stdin);
        let terminal = world.clone().terminals(TERMINAL);
        let piped = world.run(&line);
        let plain = terminal.run(format!("{line} --color never"));
        let painted = terminal.run(&line);
        assert!(piped.text().starts_with(['{', '[', '"', '1']), "{line}: {}{}", piped.text(), piped.stderr);
        assert_eq!(plain.text(), stripped(painted.text()), "{line}");
        assert_eq!((plain.status, painted.status), (piped.status, piped.status), "{line}");
        let is_number = piped.text().trim_end().parse::<f64>().is_ok();
        assert_eq!(painted.text().contains('\u{1b}'), !is_number, "{line}: {}", painted.text());
        assert!(plain.text().ends_with('\n') && !plain.text().ends_with("\n\n"), "{line}: {}", plain.text());
        if shown == Shown::Lines {
            assert_eq!(plain.text(), piped.text(), "{line}");
            continue;
        }
        let document: Value = plain.json();
        assert_eq!(document, piped.json(), "{line}");
        if document.is_object() {
            assert!(plain.text().starts_with("{\n  \""), "{line}: {}", plain.text());
        }
        let joined = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(joined(plain.text()), joined(piped.text()), "{line}: other bytes than white space");
    }
}

#[test]
fn only_the_option_colours_json_in_a_pipe() {
    for (line, stdin, _) in commands() {
        let world = world(&stdin);
        let piped = world.run(&line);
        for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
            let forced = world.clone().env(name, "1").run(&line);
            assert_eq!(forced.text(), piped.text(), "{line} with {name}");
        }
        let always = world.run(format!("{line} --color always"));
        assert_eq!(stripped(always.text()), piped.text(), "{line}");
        let exact = line.contains("--part") || piped.text().trim_end().parse::<f64>().is_ok();
        assert_eq!(always.text().contains('\u{1b}'), !exact, "{line}: {}", always.text());
    }
}

#[test]
fn stores_list_their_records_indented_and_in_colour() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db");
    let store = store.to_str().unwrap();
    let world = World::with_stores();
    world.run(format!("pair --user-id 7 --store {store}"));
    for line in ["--subject 7 --json", "--list --json", "--prune --json"] {
        let line = format!("revoke --store {store} {line}");
        let piped = world.run(&line);
        let painted = world.clone().terminals(TERMINAL).run(&line);
        assert!(painted.text().contains('\u{1b}') && !piped.text().contains('\u{1b}'), "{line}");
        let shown = stripped(painted.text());
        assert!(shown.starts_with("{\n  \""), "{line}: {shown}");
        serde_json::from_str::<Value>(&shown).unwrap();
    }
}

#[test]
fn hostile_text_in_a_shown_part_is_escaped_and_stays_json() {
    let payload = "{\n\t\"a\": \"\u{202e}x\u{7f}\u{9b}é\u{e0041}\",\r\n\"b\":1.10}";
    let token = signed("{\"alg\":\"HS256\"}", payload);
    let piped = World::bare().run(format!("decode --part payload {token}"));
    assert_eq!(piped.text(), payload);
    let terminal = World::bare().terminals(TERMINAL).env("NO_COLOR", "1");
    let shown = terminal.run(format!("decode --part payload {token}"));
    assert_eq!(shown.result(), "{\n  \"a\": \"\\u202ex\\u007f\\u009bé\\udb40\\udc41\",\n  \"b\": 1.10\n}");
    assert_eq!(shown.json(), piped.json());
}

#[test]
fn a_part_that_is_not_json_is_escaped_as_text() {
    let terminal = World::bare().terminals(TERMINAL);
    for payload in ["{\"a\":1", "plain \u{1b}[31m", "{\"a\":1}{"] {
        let token = signed("{\"alg\":\"HS256\"}", payload);
        let shown = terminal.run(format!("decode --part payload {token}"));
        assert_eq!(shown.result(), payload.replace('\u{1b}', "\\u001b"));
    }
}

#[test]
fn text_results_get_no_colour_from_json() {
    let terminal = World::new().terminals(TERMINAL).stdin(token(&claims()));
    for line in
        ["decode --claim sub", "verify --get sub", "encode --sub a", "pair --user-id 7", "inspect --count"]
    {
        let text = terminal.run(line).text().to_owned();
        assert!(!text.contains('\u{1b}'), "{line}: {text}");
    }
}
