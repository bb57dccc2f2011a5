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
    session(
        "decode",
        &[
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
        ],
    );
}

#[test]
fn verify_matches_its_snapshot() {
    session(
        "verify",
        &[
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
        ],
    );
}

#[test]
fn inspect_matches_its_snapshot() {
    session(
        "inspect",
        &[
            "inspect @curl.log",
            "inspect @pair.json --at 2026-01-31T12:02:00Z",
            "inspect @pair.json --at 2026-01-31T12:02:00Z --redact --valid-for 5m",
            "inspect @profile --redact",
            "inspect @ugly",
            "inspect @john-doe --secret-env SECRET",
            "inspect @encrypted --json",
        ],
    );
}

#[test]
fn minting_matches_its_snapshot() {
    session(
        "mint",
        &[
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
        ],
    );
}
