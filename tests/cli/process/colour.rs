//! Tests of colour: each stream gets it or not, by terminal, environment and `--color`. Colour never changes the text.

use crate::support::known::JOHN_DOE;
use crate::support::world::{World, token};

/// Returns the text without escape sequences for colour.
pub(crate) fn stripped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once("\u{1b}[") {
        plain.push_str(head);
        let (code, tail) = tail.split_once('m').expect("a sequence that ends");
        assert!(code.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{code:?}");
        rest = tail;
    }
    plain + rest
}

/// Reports whether standard output and standard error have colour, in a run that writes to both.
fn coloured(world: &World, options: &str) -> (bool, bool) {
    let outcome = world.run(format!("verify {options} -s wrong {JOHN_DOE}"));
    assert_eq!(outcome.status, 1);
    (outcome.text().contains('\u{1b}'), outcome.stderr.contains('\u{1b}'))
}

const NONE: [bool; 3] = [false; 3];
const OUT: [bool; 3] = [false, true, false];
const ERR: [bool; 3] = [false, false, true];
const BOTH: [bool; 3] = [false, true, true];

#[test]
fn colours_each_stream_that_is_a_terminal() {
    for (terminals, wanted) in
        [(NONE, (false, false)), (OUT, (true, false)), (ERR, (false, true)), (BOTH, (true, true))]
    {
        assert_eq!(coloured(&World::bare().terminals(terminals), ""), wanted, "{terminals:?}");
    }
}

#[test]
fn follows_the_environment() {
    for (name, value, wanted) in [
        ("NO_COLOR", "1", (false, false)),
        ("NO_COLOR", "0", (false, false)),
        ("NO_COLOR", "", (true, false)),
        ("TERM", "dumb", (false, false)),
        ("TERM", "xterm", (true, false)),
        ("CLICOLOR_FORCE", "1", (true, true)),
        ("CLICOLOR_FORCE", "0", (true, false)),
        ("CLICOLOR_FORCE", "", (true, false)),
        ("FORCE_COLOR", "1", (true, true)),
        ("FORCE_COLOR", "3", (true, true)),
        ("FORCE_COLOR", "true", (true, true)),
        ("FORCE_COLOR", "0", (false, false)),
        ("FORCE_COLOR", "false", (false, false)),
        ("FORCE_COLOR", "", (true, false)),
    ] {
        assert_eq!(coloured(&World::bare().terminals(OUT).env(name, value), ""), wanted, "{name}={value}");
    }
    let forced = World::bare().terminals(OUT).env("FORCE_COLOR", "1");
    assert_eq!(coloured(&forced.clone().env("TERM", "dumb"), ""), (true, true));
    assert_eq!(coloured(&forced.clone().env("CLICOLOR_FORCE", "0"), ""), (true, true));
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
        let both = World::bare().terminals(OUT).env("NO_COLOR", "1").env(name, "1");
        assert_eq!(coloured(&both, ""), (false, false), "{name}");
    }
    let torn = World::bare().terminals(OUT).env("FORCE_COLOR", "0").env("CLICOLOR_FORCE", "1");
    assert_eq!(coloured(&torn, ""), (false, false));
}

#[test]
fn no_variable_colours_lines_of_verdicts_in_a_pipe() {
    let world = World::new().stdin(format!("{JOHN_DOE}\nx\n"));
    let line = "verify --lines -s your-256-bit-secret";
    let piped = world.run(line).text().to_owned();
    assert!(piped.contains("rejected\t") && !piped.contains('\u{1b}'), "{piped:?}");
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
        let forced = world.clone().env(name, "1");
        assert_eq!(forced.run(line).text(), piped, "{name}");
        assert!(forced.terminals(OUT).run(line).text().contains('\u{1b}'), "{name}");
    }
    let always = world.run(format!("{line} --color always"));
    assert!(always.text().contains('\u{1b}'), "{}", always.text());
    assert_eq!(stripped(always.text()), piped);
}

#[test]
fn the_option_overrides_the_environment() {
    for terminals in [NONE, OUT, ERR, BOTH] {
        for env in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "X"] {
            let world = World::bare().terminals(terminals).env(env, "1");
            assert_eq!(coloured(&world, "--color always"), (true, true), "{terminals:?} {env}");
            assert_eq!(coloured(&world, "--color never"), (false, false), "{terminals:?} {env}");
        }
    }
    assert_eq!(World::bare().run("decode --color sometimes x").status, 2);
}

#[test]
fn colour_does_not_change_the_text() {
    let claims = r#"{"sub":"a\u001b[31m","exp":1,"nbf":4102444800,"iat":1769860800000,"roles":["a","b"],"email":"a@b.example"}"#;
    let cases = [JOHN_DOE.to_owned(), token(claims), "a.b".to_owned(), "eyJhbGciOiJub25lIn0.e30.".to_owned()];
    for case in &cases {
        for command in [
            "decode",
            "verify",
            "verify --aud x --strict",
            "inspect",
            "inspect --redact",
            "refresh",
            "encode",
        ] {
            let line = |color: &str| {
                let outcome = World::new().stdin(case).run(format!("{command} --color {color}"));
                (outcome.status, outcome.text().to_owned(), outcome.stderr)
            };
            let (status, stdout, stderr) = line("always");
            assert_eq!((status, stripped(&stdout), stripped(&stderr)), line("never"), "{command} {case}");
        }
    }
}

#[test]
fn never_colours_values_and_tokens() {
    for command in ["decode --claim sub", "verify --get sub -s your-256-bit-secret"] {
        let outcome = World::new().terminals(BOTH).stdin(JOHN_DOE).run(format!("{command} --color always"));
        assert!(!outcome.text().contains('\u{1b}'), "{command}: {}", outcome.text());
    }
    let outcome = World::new().run("encode --color always");
    assert!(outcome.text().starts_with("eyJ"));
    let outcome = World::new().run("pair --user-id 7 --color always");
    assert!(!outcome.text().contains('\u{1b}'));
}

#[test]
fn colours_help_and_usage_errors_by_the_same_rules() {
    let stderr = |world: World, line: &str| world.run(line).stderr.contains('\u{1b}');
    assert!(!stderr(World::bare(), "encode --nonsense"));
    assert!(stderr(World::bare().terminals(ERR), "encode --nonsense"));
    assert!(!stderr(World::bare().terminals(ERR).env("NO_COLOR", "1"), "encode --nonsense"));
    assert!(!World::bare().run("encode --help").text().contains('\u{1b}'));
    assert!(
        !World::bare().terminals(OUT).env("NO_COLOR", "1").run("encode --help").text().contains('\u{1b}')
    );
}

#[test]
fn wraps_long_lines_at_the_width_of_the_terminal() {
    let token = token(r#"{"iss":"https://issuer.example/path","aud":["one","two","three"]}"#);
    let wide = World::new().run(format!("verify --color never {token}"));
    let narrow = World::new().terminals(OUT).columns(60).run(format!("verify --color never {token}"));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(narrow.text()), words(wide.text()));
    let longest = narrow.text().lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 60, "{longest}: {}", narrow.text());
    assert_eq!(
        World::new().columns(20).run(format!("verify {token}")).text(),
        wide.text(),
        "no terminal, no end of line"
    );
}

#[test]
fn wraps_messages_on_a_terminal_only() {
    let line = "verify a.b.c --key ./keys/of/a/service/in/a/folder/which/does/not/exist/public.pem";
    let wide = World::bare().columns(40).run(line).stderr;
    assert_eq!(wide.lines().count(), 1, "{wide}");
    let narrow = World::bare().terminals(ERR).env("NO_COLOR", "1").columns(40).run(line).stderr;
    let joined: String = narrow.lines().map(|line| line.trim_start().to_owned() + " ").collect();
    assert!(narrow.lines().count() > 2 && narrow.lines().all(|line| line.len() <= 40), "{narrow}");
    assert!(narrow.lines().skip(1).all(|line| line.starts_with("       ")), "{narrow}");
    assert_eq!(joined.replace(' ', ""), wide.trim_end().replace(' ', ""));
}

#[test]
fn the_token_stands_above_its_report_on_a_terminal() {
    let [header, payload, signature] = JOHN_DOE.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let screen = World::new().terminals(OUT).columns(200);
    let above = format!(
        "\u{1b}[36m{header}\u{1b}[0m.\u{1b}[35m{payload}\u{1b}[0m.\u{1b}[34m{signature}\u{1b}[0m\n\n"
    );
    for command in ["decode", "verify -v"] {
        let outcome = screen.run(format!("{command} {JOHN_DOE} --color always"));
        assert!(outcome.text().starts_with(&above), "{command}: {}", outcome.text());
    }
    for command in ["verify", "inspect", "inspect --redact", "refresh -v"] {
        let outcome = screen.clone().stdin(JOHN_DOE).run(format!("{command} --color never"));
        let shown = format!("{}{}", outcome.text(), outcome.stderr);
        assert!(!shown.contains(payload), "{command}: {shown}");
    }
    let piped = World::new().run(format!("decode --color always {JOHN_DOE}"));
    assert!(!piped.text().contains(payload), "{}", piped.text());
}

#[test]
fn a_long_token_takes_four_lines() {
    let token = token(&format!(r#"{{"blob":"{}"}}"#, "A".repeat(6000)));
    let [header, _, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let outcome = World::new().terminals(OUT).columns(80).run(format!("decode --color never {token}"));
    let (text, report) = outcome.text().split_once("\n\n").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    let shown = lines[..3].concat();
    assert!(shown.starts_with(header) && shown.ends_with(signature), "{text}");
    let left_out = token.len() - (shown.chars().count() - 1);
    assert_eq!(lines[3], format!("({left_out} of {} characters left out)", token.len()));
    assert!(report.starts_with("HS256 JWT"), "{report}");
}
