//! Tests of payloads that are signed as they are, in a token or apart from it.

#[cfg(target_os = "linux")]
use crate::support::world::{SECRET, split};
use crate::support::world::{World, fob, payload, segment};
#[cfg(target_os = "linux")]
use std::process::{Command, Stdio};

/// The form of the header that `--no-b64` makes.
const UNENCODED: &str = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;

#[test]
fn signs_any_bytes_unchanged() {
    let world = World::new().file("bytes", b"\xff\x00\r\n").stdin("from stdin\n");
    for (line, expected) in [
        ("--payload body", &b"body"[..]),
        ("--payload @bytes", b"\xff\x00\r\n"),
        ("--payload -", b"from stdin\n"),
        ("--payload '{\"a\": 1}'", b"{\"a\": 1}"),
        ("--payload ''", b""),
    ] {
        let token = world.run(format!("encode {line}")).result().to_owned();
        assert_eq!(segment(&token, 0), r#"{"alg":"HS256"}"#, "{line}");
        let shown = World::new().run(format!("decode {token} --part payload"));
        assert_eq!(shown.stdout, expected, "{line}");
        // No claim is added, and the token without its payload has the same signature.
        let detached = world.run(format!("encode --detached {line}")).result().to_owned();
        let (header, rest) = token.split_once('.').unwrap();
        assert_eq!(detached, format!("{header}..{}", rest.split_once('.').unwrap().1), "{line}");
    }
}

#[test]
fn says_in_the_header_that_the_payload_is_not_encoded() {
    let token = fob("encode --detached --no-b64 --payload a.b").result().to_owned();
    assert_eq!((segment(&token, 0).as_str(), payload(&token).as_str()), (UNENCODED, ""));
    let more = fob("encode --detached --no-b64 --payload a --typ JOSE --header x:=1").result().to_owned();
    assert_eq!(segment(&more, 0), r#"{"alg":"HS256","typ":"JOSE","b64":false,"crit":["b64"],"x":1}"#);
    let typed = fob("encode --detached --payload a --header typ=JOSE").result().to_owned();
    assert_eq!(segment(&typed, 0), r#"{"alg":"HS256","typ":"JOSE"}"#);
    for parameter in ["crit:=[\"b64\"]", "b64:=false"] {
        assert_eq!(fob(format!("encode --detached --payload a --header '{parameter}'")).status, 2);
    }
}

#[test]
fn a_token_holds_an_unencoded_payload_only_if_it_can() {
    let hint =
        "hint: verifiers of JWTs refuse this token: a JWT must not have `b64` false (RFC 7797 section 7)\n";
    let outcome = fob("encode --no-b64 --payload 'a payload, as it is'");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, hint));
    let token = outcome.text().trim_end().to_owned();
    assert_eq!(token.split('.').nth(1), Some("a payload, as it is"));
    let shown = fob(format!("decode '{token}'"));
    assert!(shown.text().contains("\n  a payload, as it is\n"), "{}", shown.text());
    let verdict = fob(format!("verify --json '{token}'"));
    assert_eq!((verdict.status, verdict.reasons()), (4, vec!["malformed:charset".to_owned()]));
    for (payload, offset) in [("a.b", 1), ("$.02", 1), ("a\u{7f}", 1), ("é", 0)] {
        let error = format!(
            "error: an unencoded payload cannot be in a token: the byte at offset {offset} is a dot or not printable \
             ASCII (RFC 7797 section 5.2)\nhint: add --detached, or leave out --no-b64\n"
        );
        fob(format!("encode --no-b64 --payload '{payload}'")).refused(2, &error);
        assert_eq!(fob(format!("encode --no-b64 --detached --payload '{payload}'")).status, 0);
        assert_eq!(fob(format!("encode --payload '{payload}'")).status, 0);
    }
}

#[test]
fn a_payload_of_any_bytes_has_no_claims_to_add() {
    for option in [
        "'{}'",
        "--sub a",
        "-c a=b",
        "--exp 1h",
        "--jti",
        "--no-iat",
        "--lines",
        "--flaw alg-none",
        "--unsigned --encrypt-for key",
        "--encrypt-for key",
    ] {
        let outcome = fob(format!("encode --payload body {option}"));
        assert_eq!(outcome.status, 2, "{option}: {}", outcome.text());
        assert!(outcome.stderr.contains("cannot be used with"), "{option}: {}", outcome.stderr);
    }
    for option in ["--detached", "--no-b64"] {
        let outcome = fob(format!("encode {option}"));
        assert_eq!(outcome.status, 2, "{option}");
        assert!(outcome.stderr.contains("add --payload @PATH|-|TEXT\n"), "{option}: {}", outcome.stderr);
        for with in ["'{}'", "--sub a", "--serialization flattened", "--lines"] {
            let outcome = fob(format!("encode {option} {with}"));
            assert_eq!(outcome.status, 2, "{option} {with}: {}", outcome.text());
            assert!(outcome.stderr.contains("cannot be used with"), "{option} {with}: {}", outcome.stderr);
        }
    }
}

#[test]
fn prints_a_detached_token_in_every_format() {
    let token = fob("encode --detached --payload body").result().to_owned();
    let line = |format: &str| fob(format!("encode --detached --payload body --format {format}"));
    assert_eq!(line("header").result(), format!("Authorization: Bearer {token}"));
    assert_eq!(line("env").result(), format!("FOB_TOKEN={token}"));
    let document = line("json").json();
    assert_eq!((&document["token"], &document["payload"]), (&token.into(), &"body".into()));
}

#[test]
fn signs_a_large_payload_in_pieces_as_it_signs_a_small_one() {
    // Larger than the part that is held in memory.
    let body = "0123456789abcdef".repeat(100_000);
    let world = World::new().file("body", &body);
    for option in ["", "--no-b64"] {
        let token = world.run(format!("encode --detached {option} --payload @body")).result().to_owned();
        for limit in ["1M", "2M"] {
            let verdict = world.run(format!("verify {token} --payload @body --max-size {limit}"));
            assert_eq!(verdict.status, 0, "{option} {limit}: {}", verdict.text());
        }
    }
    let attached = world.run("encode --payload @body").result().to_owned();
    let detached = world.run("encode --detached --payload @body").result().to_owned();
    assert_eq!(attached.rsplit_once('.').map(|(_, end)| end), detached.rsplit_once('.').map(|(_, end)| end));
}

/// Runs the program with at most `kilobytes` of memory, and feeds it zeros. Returns standard output.
#[cfg(target_os = "linux")]
fn with_memory(kilobytes: usize, zeros: usize, line: &str) -> String {
    let program = env!("CARGO_BIN_EXE_fob");
    let words: Vec<String> = split(line).iter().map(|word| format!("'{word}'")).collect();
    let words = words.join(" ");
    let script = format!("head -c {zeros} /dev/zero | (ulimit -v {kilobytes}; exec '{program}' {words})");
    let command =
        Command::new("sh").args(["-c", &script]).env("FOB_SECRET", SECRET).stdin(Stdio::null()).output();
    let output = command.unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{line}: {out}{err}");
    out.trim_end().to_owned()
}

#[cfg(target_os = "linux")]
fn a_payload_in_constant_memory(zeros: usize, options: &[&str]) {
    // The program alone takes half of it, and a payload that is held takes its size twice.
    const MOST: usize = 56 << 10;
    for option in options {
        let token = with_memory(MOST, zeros, &format!("encode --detached {option} --payload -"));
        let verdict = with_memory(MOST, zeros, &format!("verify {token} --payload -"));
        assert!(verdict.ends_with(&format!("({zeros} bytes), no claims were judged")), "{verdict}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_payload_from_a_pipe_is_not_held() {
    a_payload_in_constant_memory(24 << 20, &["--no-b64"]);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "200 megabytes take their time: cargo test --test cli -- --ignored mint::detached"]
fn a_payload_of_200_megabytes_is_not_held() {
    a_payload_in_constant_memory(200 << 20, &["", "--no-b64"]);
}
