//! The fuzz targets that run whole command lines in a fake world: any arguments, suites, and many tokens beside one token. The
//! world has a few files in memory, and neither network nor terminal. Stores are real, so no run opens one.

use crate::core::text::escape::is_hostile;
use crate::core::token::base64url;
use crate::core::token::numeric_date::NumericDate;
use crate::error::ExitStatus;
use crate::host::Host;
use crate::host::fake::FakeFiles;
use aws_lc_rs::hmac;
use std::ffi::OsString;

/// The secret of all runs. No output may show it.
const SECRET: &str = "zebra-crossing-at-seven-minutes!";

/// 2026-01-31T12:00:00Z.
const NOW: i64 = 1_769_860_800;

const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMH0.";

/// The outcome of a run.
struct Outcome {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// Runs a command line, with the input also as the file `in`.
fn run(arguments: &[&str], input: &[u8]) -> Outcome {
    let mut files = FakeFiles::default();
    files.add("in", input);
    files.add("secret", SECRET);
    files.add("token", TOKEN);
    files.add("p256.pem", include_bytes!("../../tests/vectors/keys/p256.pub.pem"));
    files.add("keys.json", include_bytes!("../../tests/vectors/keys/jwks.json"));
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut host = Host::fake(NumericDate::from_seconds(NOW), input, &mut stdout, &mut stderr);
    host.env = Box::new(|name| (name == "FOB_SECRET").then(|| SECRET.into()));
    files.make_readable(&mut host);
    let words = std::iter::once("fob").chain(arguments.iter().copied()).map(OsString::from);
    let status = crate::run(words, &mut host);
    drop(host);
    Outcome { status, stdout, stderr }
}

/// Runs a command line: one argument a line, and the standard input after an empty line.
pub fn command_line(bytes: &[u8]) {
    let (head, input) = match bytes.windows(2).position(|pair| pair == b"\n\n") {
        Some(end) => (bytes.get(..end), bytes.get(end + 2..).unwrap_or_default()),
        None => (Some(bytes), &[][..]),
    };
    let Ok(head) = str::from_utf8(head.unwrap_or_default()) else { return };
    let words: Vec<&str> = head.split('\n').collect();
    // A store is a real file or a real connection. A program never gets a NUL.
    if words.iter().any(|word| word.contains("--st") || word.starts_with("--allow") || word.contains('\0')) {
        return;
    }
    let outcome = run(&words, input);
    let all = [&*outcome.stdout, &outcome.stderr].concat();
    // The secret may be a part of the input, and these options print what they are given.
    if !contains(bytes, SECRET.as_bytes()) {
        assert!(!contains(&all, SECRET.as_bytes()), "{words:?} shows the secret");
    }
    if !words.iter().any(|word| prints_raw(word)) {
        let lines = words.iter().any(|word| word.starts_with("--lines") || word.starts_with("--oneline"));
        assert_shown(&words, &all, lines);
        let json =
            words.iter().take_while(|word| **word != "--").any(|word| matches!(*word, "--json" | "-j"));
        if json && outcome.status == ExitStatus::Unjudged && !outcome.stdout.is_empty() {
            let document = outcome.stdout.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let begins = document.starts_with(b"{") || document.starts_with(b"[");
            assert!(begins, "{words:?} {}", String::from_utf8_lossy(&outcome.stdout));
        }
    }
}

/// Reports whether a word can make a run print bytes as they are, colours, or a page in another language.
fn prints_raw(word: &str) -> bool {
    ["--pa", "--pr", "--co", "always", "completions", "man", "-0", "--nu", "--format", "--report", "--tab"]
        .iter()
        .any(|raw| word.starts_with(raw))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// Asserts that an output has no hostile character but those of its layout.
fn assert_shown(words: &[&str], output: &[u8], lines: bool) {
    let text = String::from_utf8_lossy(output);
    let found = text.chars().find(|c| is_hostile(*c) && *c != '\n' && !(lines && *c == '\t'));
    assert_eq!(found, None, "{words:?} {text}");
}

/// Runs the suite that the input is, with each kind of report.
pub fn suite_run(bytes: &[u8]) {
    let text = run(&["verify", "--suite", "in"], bytes);
    assert_shown(&["--suite"], &[text.stdout, text.stderr].concat(), false);
    let json = run(&["verify", "--suite", "in", "--json"], bytes);
    assert_eq!(json.status, text.status);
    let is_document = |line: &[u8]| serde_json::from_slice::<serde_json::Value>(line).is_ok();
    let lines = json.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let is_whole = serde_json::from_slice::<serde_json::Value>(&json.stdout).is_ok();
    assert!(is_whole || lines.into_iter().all(is_document), "{}", String::from_utf8_lossy(&json.stdout));
    for report in ["--report=junit", "--report=github", "--report=sarif"] {
        let outcome = run(&["verify", "--suite", "in", report], bytes);
        assert_eq!(outcome.status, text.status, "{report} {}", String::from_utf8_lossy(&outcome.stderr));
    }
}

/// Verifies each line alone and among the others. A line of a header in JSON, a tab and a payload is signed first.
pub fn verify_lines(bytes: &[u8]) {
    let lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').take(8).map(signed).collect();
    let together = run(&["verify", "--lines", "--json", "--threads=1"], &lines.join(&b'\n'));
    let documents: Vec<serde_json::Value> = together
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap_or_default())
        .filter(|document: &serde_json::Value| document.get("error").is_none())
        .collect();
    let plain = run(&["verify", "--lines", "--threads=2"], &lines.join(&b'\n'));
    assert_eq!(plain.status, together.status);
    let verdicts: Vec<String> = documents.iter().map(verdict_line).collect();
    let printed = String::from_utf8_lossy(&plain.stdout);
    if documents.iter().all(|document| !document.is_null()) {
        assert_eq!(printed.lines().collect::<Vec<_>>(), verdicts);
    }
    let is_empty = |line: &&Vec<u8>| line.iter().all(u8::is_ascii_whitespace);
    let filled: Vec<&Vec<u8>> = lines.iter().filter(|line| !is_empty(line)).collect();
    if filled.len() != documents.len() {
        return;
    }
    for (line, document) in filled.into_iter().zip(&documents) {
        let alone = run(&["verify", "--json"], line);
        let alone: serde_json::Value = serde_json::from_slice(&alone.stdout).unwrap_or_default();
        if alone.get("verdict").is_some() && !document.is_null() {
            for member in ["verdict", "reasons", "warnings", "payload", "unverified_payload", "header"] {
                let text = String::from_utf8_lossy(line);
                assert_eq!(document.get(member), alone.get(member), "{member} of {text}");
            }
        }
    }
}

/// Returns the line of `verify --lines` for a document of `verify --lines --json`.
fn verdict_line(document: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let verdict = document.get("verdict").map(text).unwrap_or_default();
    let reasons = document.get("reasons").and_then(serde_json::Value::as_array);
    let reasons: Vec<String> = reasons.into_iter().flatten().map(text).collect();
    if reasons.is_empty() { verdict } else { format!("{verdict}\t{}", reasons.join(",")) }
}

/// Signs a line of a header, a tab and a payload. Returns any other line as it is.
fn signed(line: &[u8]) -> Vec<u8> {
    let mut parts = line.splitn(2, |byte| *byte == b'\t');
    match (parts.next(), parts.next()) {
        (Some(header), Some(payload)) if header.starts_with(b"{") => {
            let input = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), input.as_bytes());
            format!("{input}.{}", base64url::encode(tag.as_ref())).into_bytes()
        }
        _ => line.to_vec(),
    }
}
