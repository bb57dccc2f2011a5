//! Snapshots of terminal sessions under `snapshots/`: each command line, then standard output, then standard error behind
//! `! `, then the exit status. `FOB_BLESS=1` rewrites them.

use crate::support::known::{BUILDER, DJANGO_LINE, JOHN_DOE};
use crate::support::world::{World, fob, signed, token};
use std::fmt::Write as _;
use std::path::Path;

/// Returns a world with the files that the sessions use.
fn world() -> World {
    let ugly = signed(
        r#"{"alg":"HS256","kid":"../../dev/null","jku":"https://evil.example/keys","x":"\u001b[31m"}"#,
        r#"{"sub":"a\u202eb","exp":1769860800000,"roles":["dev","ops"],"sub":"c","id":12345678901234567890123456789}"#,
    );
    let profile = token(
        r#"{"iss":"https://login.example/realms/main","aud":["api","web"],"exp":1769864400,"nbf":1769860800,"iat":1769860800,"auth_time":1769860740,"email":"alice@example.org","email_verified":true,"realm_access":{"roles":["admin","offline_access","uma_authorization"]},"address":{"street":"Main Street 1","country":"NZ"}}"#,
    );
    let pair = fob("pair --user-id 7 -c role=admin --json").text().to_owned();
    let curl = format!(
        "> GET /me HTTP/2\n> Authorization: Bearer {JOHN_DOE}\n>\n< HTTP/2 200\n< set-cookie: sid={BUILDER}; HttpOnly\n<\n\
         {{\"access_token\":\"854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877\"}}\n"
    );
    World::new()
        .env("SECRET", "secret")
        .env("ENCODED", "c2VjcmV0")
        .file("john-doe", JOHN_DOE)
        .file("builder", BUILDER)
        .file("header-line", DJANGO_LINE)
        .file("ugly", ugly)
        .file("profile", profile)
        .file("no-claims", signed(r#"{"alg":"HS256"}"#, "just text"))
        .file("unsigned", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.")
        .file("encrypted", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn")
        .file("two-segments", "eyJhbGciOiJub25lIn0.e30")
        .file("pair.json", pair)
        .file("curl.log", curl)
}

/// The command lines of a session.
const DECODE: &[&str] = &[
    "decode @john-doe",
    "decode @builder --tz +08:00",
    "decode @header-line",
    "decode @profile",
    "decode @ugly",
    "decode @no-claims",
    "decode @unsigned",
    "decode @encrypted",
    "decode @two-segments",
    "decode @profile --claim /realm_access/roles",
    "decode @profile --json",
];

/// The command lines of a session.
const VERIFY: &[&str] = &[
    "verify @john-doe --secret-env SECRET",
    "verify @profile --iss https://login.example/realms/main --aud api --require email --strict",
    "verify @profile --aud mobile --max-age 10s --claim email_verified:=false --at 2026-01-31T12:00:30Z",
    "verify @profile --at 2026-01-31T13:00:05Z",
    "verify @profile --at 2026-01-31T13:00:05Z --leeway 30s",
    "verify @profile --at 2026-01-31T11:59:55Z",
    "verify @builder --secret-env SECRET",
    "verify @john-doe --secret-env ENCODED",
    "verify @john-doe",
    "verify @ugly",
    "verify @no-claims",
    "verify @unsigned",
    "verify @encrypted",
    "verify @two-segments",
    "verify @john-doe --secret-env SECRET --expect bad_signature",
    "verify @builder --secret-env SECRET --json",
];

/// The command lines of a session.
const INSPECT: &[&str] = &[
    "inspect @curl.log",
    "inspect @pair.json --at 2026-01-31T12:02:00Z",
    "inspect @pair.json --at 2026-01-31T12:02:00Z --redact --valid-for 5m",
    "inspect @profile --redact",
    "inspect @ugly",
    "inspect @john-doe --secret-env SECRET",
    "inspect @encrypted --json",
];

/// The command lines of a session.
const MINT: &[&str] = &[
    "encode --sub alice -c level:=3 --exp 15m --json",
    "encode --sub alice --exp 3600",
    "encode --sub alice -c sub=bob",
    "encode --sub alice --secret-env SECRET --no-iat",
    "pair --user-id 7",
    "pair --profile oauth --user-id 7 --format oauth",
    "refresh @pair.json --at 2026-01-31T18:00:00Z",
    "refresh @pair.json --at 2026-02-01T12:00:00Z",
    "refresh @pair.json --pick access",
    "refresh @john-doe --json",
];

/// Runs a session and compares it with its snapshot.
fn session(name: &str, lines: &[&str]) {
    let world = world();
    let mut text = String::new();
    for line in lines {
        let outcome = world.run(line);
        let _ = write!(text, "$ fob {line}\n{}", outcome.text());
        outcome.stderr.lines().for_each(|line| writeln!(text, "! {line}").unwrap());
        let _ = writeln!(text, "= {}\n", outcome.status);
    }
    compare(&format!("tests/cli/snapshots/{name}.txt"), &text);
}

/// Compares a text with a file of this crate, or writes the file under `FOB_BLESS=1`.
#[expect(clippy::disallowed_methods, reason = "the user sets this variable to rewrite the files")]
pub(crate) fn compare(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("FOB_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{path}: {error}: run with FOB_BLESS=1 to write it"));
    for (number, (kept, got)) in kept.lines().zip(text.lines()).enumerate() {
        assert_eq!(got, kept, "{path}, line {}: run with FOB_BLESS=1 to accept the new text", number + 1);
    }
    assert_eq!(text, kept, "{path} has another length: run with FOB_BLESS=1 to accept the new text");
}

#[test]
fn decode_matches_its_snapshot() {
    session("decode", DECODE);
}

#[test]
fn verify_matches_its_snapshot() {
    session("verify", VERIFY);
}

#[test]
fn inspect_matches_its_snapshot() {
    session("inspect", INSPECT);
}

#[test]
fn minting_matches_its_snapshot() {
    session("mint", MINT);
}

/// Returns the width of a line in cells, without colour codes.
fn cells(line: &str) -> usize {
    use unicode_width::UnicodeWidthChar as _;
    let mut is_code = false;
    let mut width = 0;
    for c in line.chars() {
        match c {
            '\u{1b}' => is_code = true,
            'm' if is_code => is_code = false,
            _ if is_code => {}
            c => width += c.width().unwrap_or(0),
        }
    }
    width
}

/// Returns a world with tokens and files whose texts are long or wide.
fn wide_world() -> World {
    let path = "https://app.example/callback/".to_owned() + &"0123456789abcdef".repeat(40) + "?a=1&b=2";
    let scopes: Vec<String> = (0..60).map(|number| format!("scope{number}:read")).collect();
    let claims = format!(
        r#"{{"iss":"山田太郎・東京都千代田区丸の内一丁目九番地一号システム開発部","url":"{path}","scope":"{}",
            "🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀🦀":{{"e\u0301":["\u202e\u0007\n","{path}",{{"a":{{"b":{{"c":[1,[2,["x y z"]]]}}}}}}]}},
            "{path}":null,"exp":1769864400,"iat":1569860800,"aud":["one","two","three"]}}"#,
        scopes.join(" ")
    );
    let suite = format!(
        "[defaults]\nsecret-env = \"FOB_SECRET\"\n[[cases]]\nname = \"{path}\"\ntoken = \"{0}\"\nexpect = \"expired\"\n\
         [[cases]]\nname = \"山田太郎・東京都千代田区丸の内一丁目\"\ntoken = \"{0}\"\nexpect = \"accepted\"\n",
        token(&claims)
    );
    world()
        .file("wide", token(&claims))
        .file("long", token(&format!(r#"{{"blob":"{}"}}"#, "A".repeat(6000))))
        .file("log.txt", format!("Authorization: Bearer {}\n{JOHN_DOE}\n", token(&claims)))
        .file("suite.toml", suite)
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let more = [
        "decode @wide",
        "decode @long",
        "verify -v @wide --aud x --iss y --require nothing --max-age 5m",
        "inspect log.txt",
        "inspect log.txt --secret-env SECRET --redact",
        "key show @john-doe",
        "test suite.toml",
        "decode no-such-file-in-this-folder/and-a-long-path-to-it/which-goes-on-and-on.jwt",
        "verify @wide --no-such-option-of-a-name-that-is-very-long",
        "encode --exp '1 hour'",
        "encode -c admin=true --exp 2020-01-01",
    ];
    let results = ["--json", "--claim"];
    for width in [20, 21, 30, 40, 41, 47, 55, 60, 66, 80, 99, 120, 200] {
        for color in ["always", "never"] {
            let world = wide_world().terminals([true; 3]).columns(width);
            for line in [DECODE, VERIFY, INSPECT, MINT, &more].into_iter().flatten() {
                let outcome = world.run(format!("{line} --color {color}"));
                // Tokens, documents and claims are results that programs read.
                let is_result = results.iter().any(|option| line.contains(option))
                    || ["encode", "pair", "refresh"].iter().any(|command| line.starts_with(command));
                let report = if is_result { "" } else { outcome.text() };
                for text in report.lines().chain(outcome.stderr.lines()) {
                    assert!(cells(text) <= width, "{width} {line}: {text:?}");
                }
            }
        }
    }
}
