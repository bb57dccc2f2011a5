//! Text: tokens whose text acts on the terminal, the log, the page or the reader.

use crate::support::world::{SECRET, World, signed, token};
use serde_json::json;
use std::collections::BTreeSet;

/// The commands that print text of a token for a person.
const COMMANDS: [&str; 9] = [
    "decode",
    "inspect",
    "inspect --oneline",
    "inspect --redact",
    "verify",
    "verify -v --iss x --aud y --sub z --typ t",
    "verify --iss x --get sub",
    "refresh",
    "revoke --store /nowhere/s.db",
];

/// A secret in the place of another value.
const MISPLACED: &str = "orchard!lantern#quartz-0417";

/// All commands with options.
const ALL_COMMANDS: [&str; 9] =
    ["encode", "decode", "verify", "test", "inspect", "pair", "refresh", "revoke", "key new"];

/// Returns a token with a text in its header, its claims, and the name of a claim.
fn token_with(text: &str) -> String {
    let header = json!({"alg": "HS256", "kid": text, "typ": text, text: text});
    let payload =
        json!({"iss": text, "sub": text, "aud": [text], "jti": text, "a": [{text: text}], text: text});
    signed(&header.to_string(), &payload.to_string())
}

/// Asserts that no command prints a text raw, on a terminal and in a pipe.
#[track_caller]
fn never_raw(text: &str) {
    let token = token_with(text);
    for command in COMMANDS {
        for is_terminal in [false, true] {
            let world = World::new().terminals([false, is_terminal, is_terminal]).columns(80).stdin(&token);
            let outcome = world.run(command);
            let printed = format!("{}{}", outcome.text(), outcome.stderr);
            assert!(!printed.contains(text), "{command}: {printed}");
        }
    }
}

/// Asserts that a report shows a text as this escape.
#[track_caller]
fn shown(text: &str, escape: &str) {
    let outcome = World::new().stdin(token_with(text)).run("decode");
    assert!(outcome.text().contains(escape), "{escape}: {}", outcome.text());
}

#[test]
fn prints_no_terminal_sequence_of_a_token() {
    for text in [
        "\u{1b}]0;title\u{7}",
        "\u{1b}[31mred",
        "\u{1b}[2J\u{1b}[H",
        "\u{1b}]8;;https://evil.example\u{1b}\\link",
        "\u{1b}]52;c;cm0gLXJmIC8=\u{7}",
        "\u{1b}[6n",
        "\u{9b}31m",
        "\u{9d}0;x\u{9c}",
        "\u{8}\u{8}\u{8}",
        "\r\u{1b}[K",
        "\u{7f}",
        "\u{e}",
    ] {
        never_raw(text);
    }
    shown("\u{1b}]0;x\u{7}", r"\u001b]0;x\u0007");
    shown("\u{9b}31m", r"\u009b31m");
}

#[test]
fn prints_no_text_in_another_order() {
    for mark in
        "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}"
            .chars()
    {
        never_raw(&mark.to_string());
    }
    shown("user\u{202e}nimda", r"user\u202enimda");
}

#[test]
fn prints_no_invisible_text() {
    // Tag characters and variation selectors spell instructions that only a language model reads.
    for mark in ["\u{200b}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}", "\u{115f}", "\u{3164}", "\u{fe0f}"]
    {
        never_raw(mark);
    }
    let hidden = |first: u32| {
        let text: Vec<char> =
            "obey".bytes().map(|byte| char::from_u32(first + u32::from(byte)).unwrap()).collect();
        String::from_iter(text)
    };
    never_raw(&hidden(0xE0000));
    never_raw(&hidden(0xE0100));
    shown(&hidden(0xE0000), r"\udb40\udc6f");
}

#[test]
fn writes_no_line_of_a_token_into_a_log() {
    for text in ["a\nerror: all is well", "a\r\naccepted", "a\u{85}b", "a\u{2028}b", "a\u{b}b", "a\tb"] {
        never_raw(text);
        let token = token_with(text);
        for (command, lines) in
            [("inspect --oneline", 1), ("verify --lines", 1), ("decode --lines --claim sub", 1)]
        {
            let outcome = World::new().stdin(&token).run(command);
            assert_eq!(outcome.text().lines().count(), lines, "{command}: {}", outcome.text());
        }
    }
}

#[test]
fn writes_no_command_of_a_token_into_the_log_of_a_build() {
    let commands =
        ["##[set-output name=k]v", "##vso[task.setvariable variable=PATH]x", "##teamcity[buildStop]"];
    let variables = [("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True"), ("TEAMCITY_VERSION", "2025.3")];
    for (text, (variable, value)) in
        commands.iter().flat_map(|text| variables.map(|variable| (*text, variable)))
    {
        let world = World::new().env(variable, value).stdin(token_with(text));
        for command in COMMANDS {
            let outcome = world.run(command);
            let printed = format!("{}{}", outcome.text(), outcome.stderr);
            assert!(!printed.contains(text), "{variable} {command}: {printed}");
        }
        let suite =
            format!("cases:\n- {{name: '{text}', mint: {{iss: '{text}'}}, iss: me, expect: accepted}}\n");
        for report in ["", "--report junit=-", "--report tap=-", "--report markdown=-", "--report html=-"] {
            let outcome = world.clone().file("s.yaml", &suite).run(format!("test s.yaml {report}"));
            let annotations = |line: &&str| !line.starts_with("::error ");
            let printed: Vec<&str> = outcome.text().lines().filter(annotations).collect();
            assert!(!printed.concat().contains(text), "{variable} {report}: {}", outcome.text());
        }
    }
    // `::set-env` needs the start of a line, which only a name or a path could be at.
    let world = World::new().env("GITHUB_ACTIONS", "true").file("::set-env name=PATH::x.yaml", "cases: 7");
    let outcome = world.run("test '::set-env name=PATH::x.yaml'");
    assert!(
        !outcome.stderr.lines().any(|line| line.trim_start().starts_with("::set-env")),
        "{}",
        outcome.stderr
    );
}

#[test]
fn writes_no_markup_of_a_token_into_a_report() {
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</script><script>alert(1)//",
        "<!--",
        "]]><x>",
        "</dd></dl><h1>accepted</h1>",
    ] {
        let page = World::new().stdin(token_with(text)).run("inspect --report html=- --iss x");
        assert!(!page.text().contains(text), "{text}: {}", page.text());
        let quoted = json!(text);
        let suite =
            format!("cases:\n- {{name: {quoted}, mint: {{iss: {quoted}}}, iss: me, expect: accepted}}\n");
        for format in ["html", "junit"] {
            let report =
                World::new().file("s.yaml", &suite).run(format!("test s.yaml -q --report {format}=-"));
            assert!(!report.text().contains(text), "{format} {text}: {}", report.text());
        }
    }
    let page = World::new().stdin(token("{}")).run("inspect --report html=-");
    assert!(page.text().contains("default-src 'none'"), "{}", page.text());
}

#[test]
fn writes_no_result_of_a_name_into_a_report() {
    let name = json!("a\nok 2 - forged\n# </testsuite>\n::error::x\n```\n### ✗ forged");
    let suite = format!("cases:\n- {{name: {name}, mint: {{}}, expect: expired}}\n");
    for format in ["tap", "junit", "json", "sarif", "markdown", "github"] {
        let report = World::new().file("s.yaml", &suite).run(format!("test s.yaml -q --report {format}=-"));
        let forged = |line: &str| {
            let line = line.trim_start();
            ["ok 2", "# <", "::error::x", "### ✗ forged"].iter().any(|start| line.starts_with(start))
        };
        assert!(!report.text().lines().any(forged), "{format}: {}", report.text());
    }
}

#[test]
fn repeats_no_secret_in_an_error() {
    // The world searches every output for the secret.
    let jwk = json!({"kty": "oct", "k": "emVicmEtY3Jvc3NpbmctYXQtc2V2ZW4tbWludXRlcyE"}).to_string();
    for words in [
        &["verify", "--secret-env", SECRET, "x"][..],
        &["verify", "x", "y", "-s", SECRET],
        &["decode", SECRET],
        &["verify", "--alg", SECRET, "x"],
        &["encode", "--exp", SECRET, "-s", SECRET],
        &["verify", "--key", &jwk],
        &["key", "show", &jwk],
    ] {
        let outcome = World::bare().run_words(words);
        let printed = format!("{}{}", outcome.text(), outcome.stderr);
        assert!(!printed.contains(SECRET) && !printed.contains("emVicmEt"), "{words:?}: {printed}");
        assert_ne!(outcome.status, 0, "{words:?}");
    }
    // Every option of every command that takes a value.
    for command in ALL_COMMANDS {
        let help = World::bare().run(format!("{command} --help"));
        let words = help.text().split_whitespace();
        let options: BTreeSet<&str> = words
            .filter_map(|word| word.strip_prefix("--")?.split(['=', '[', ',', '.', '<', '`', ')']).next())
            .filter(|name| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            })
            .collect();
        assert!(options.len() > 5, "{command}: {options:?}");
        for option in options {
            let joined = format!("--{option}={MISPLACED}");
            for words in [vec![format!("--{option}"), MISPLACED.to_owned()], vec![joined]] {
                let words: Vec<String> = command.split(' ').map(str::to_owned).chain(words).collect();
                let outcome = World::bare().run_words(&words);
                let printed = format!("{}{}", outcome.text(), outcome.stderr);
                // A key ID that is accepted is a part of the new key.
                assert!(outcome.status == 0 || !printed.contains("lantern"), "{words:?}: {printed}");
            }
        }
    }
}

#[test]
fn repeats_no_secret_that_a_server_repeats() {
    let url = "https://a.example/token/";
    for body in [
        format!("you sent {SECRET}"),
        json!({"error": "invalid_client", "error_description": format!("{SECRET} is wrong")}).to_string(),
        json!({ SECRET: SECRET }).to_string(),
        format!("<a href=\"/?password={}\">", SECRET.replace('!', "%21")),
    ] {
        for status in [200, 400, 401, 500] {
            let world = World::bare().env("PW", SECRET).serving(status, &body);
            let outcome = world.run(format!("pair --from {url} --user a --password-env PW --profile oauth"));
            assert!(outcome.status == 1 || outcome.status == 2, "{}", outcome.stderr);
            assert!(!outcome.stderr.contains("zebra-crossing"), "{}", outcome.stderr);
        }
    }
}
