//! Tests of the program as a process: broken and full streams, arguments that are not UTF-8, missing input, and too
//! much input.

use crate::support::process::Process;
use crate::support::world::{fob, token};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The time limit of a run, with room for a debug build on a busy machine.
const LONG: Duration = Duration::from_secs(30);

/// Prepares a command line with `SECRET` in the environment.
fn process(line: &str) -> Process {
    Process::line(line).with_secret()
}

/// Returns an accepted token, a rejected one, an expired one, and a refresh token.
fn tokens() -> [String; 4] {
    let refresh = r#"{"token_type":"refresh","jti":"x","exp":4102444800}"#;
    [token("{}"), token(r#"{"sub":7}"#), token(r#"{"exp":1}"#), token(refresh)]
}

#[test]
fn a_closed_pipe_ends_a_run_quietly_but_keeps_the_verdict() {
    let [good, bad, old, refresh] = tokens();
    for (line, status) in [
        (format!("decode {good}"), 0),
        (format!("decode --json {good}"), 0),
        (format!("decode --part payload {good}"), 0),
        (format!("decode --claim sub {bad}"), 0),
        (format!("inspect {good}"), 0),
        ("encode".to_owned(), 0),
        ("pair --user-id 7".to_owned(), 0),
        ("completions bash".to_owned(), 0),
        ("--help".to_owned(), 0),
        ("verify --help".to_owned(), 0),
        (format!("verify {good}"), 2),
        (format!("verify --json {good}"), 2),
        (format!("verify --expect accepted {good}"), 2),
        (format!("verify {bad}"), 1),
        (format!("verify {old}"), 3),
        (format!("verify -q {good}"), 0),
        (format!("refresh {refresh}"), 2),
        (format!("refresh --json {refresh}"), 2),
        (format!("refresh --json {good}"), 1),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        process(&line).stdout(writer).run_within(LONG).expect(status, "", "");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let [good, bad, old, refresh] = tokens();
    for line in [
        format!("verify {good}"),
        format!("verify --json {good}"),
        format!("verify {bad}"),
        format!("verify {old}"),
        format!("refresh {refresh}"),
        format!("refresh --rotate --json {refresh}"),
        format!("decode {good}"),
        format!("inspect {good}"),
        "encode".to_owned(),
        "pair --user-id 7".to_owned(),
        "completions zsh".to_owned(),
        "--help".to_owned(),
    ] {
        let ended = process(&line).stdout(full.try_clone().unwrap()).run_within(LONG);
        ended.expect_status(&[2]);
        let wanted = "error: cannot write to standard output: No space left on device (os error 28)\n";
        assert!(ended.stderr.contains(wanted), "{ended}");
    }
}

/// Returns a suite of passing cases, in a new folder.
fn suite(cases: usize) -> (tempfile::TempDir, Process) {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("cases:\n");
    (0..cases).for_each(|n| text.push_str(&format!("- {{name: c{n}, mint: {{}}, expect: accepted}}\n")));
    std::fs::write(folder.path().join("s.yaml"), text).unwrap();
    let process = process("verify --suite s.yaml").folder(folder.path());
    (folder, process)
}

#[test]
fn writes_a_report_even_if_standard_output_is_closed() {
    let (folder, process) = suite(3);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    // The verdicts on standard output were lost, so the run is not a success.
    process.args(&["--report", "json=whole"]).stdout(writer).run_within(LONG).expect(2, "", "");
    assert_eq!(std::fs::read_to_string(folder.path().join("whole")).unwrap().lines().count(), 3);
}

#[test]
fn a_report_never_replaces_a_pipe_or_a_link() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    let (folder, process) = suite(2);
    let at = |name: &str| folder.path().join(name);
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    // Both ends are open, so that neither blocks.
    let mut pipe = File::options().read(true).write(true).open(at("pipe")).unwrap();
    std::fs::write(at("old"), "old").unwrap();
    symlink("old", at("link")).unwrap();
    let reports = ["-q", "--report", "tap=pipe", "--report", "json=link", "--report", "sarif=new"];
    process.args(&reports).run_within(LONG).expect(0, "", "");
    assert!(std::fs::metadata(at("pipe")).unwrap().file_type().is_fifo());
    let mut begin = [0; 14];
    pipe.read_exact(&mut begin).unwrap();
    assert_eq!(&begin, b"TAP version 14");
    assert!(at("link").is_symlink());
    assert_eq!(std::fs::read_to_string(at("old")).unwrap().lines().count(), 2);
    assert!(at("new").is_file());
}

#[test]
fn a_closed_standard_error_does_not_change_the_status() {
    let [good, bad, old, _] = tokens();
    for (line, status) in [
        (format!("verify {good}"), 0),
        (format!("verify -s wrong {bad}"), 1),
        (format!("verify {old}"), 3),
        ("encode -s x".into(), 0),
        ("encode --nonsense".into(), 2),
        ("decode x".into(), 4),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        process(&line).stderr(writer).run_within(LONG).expect_status(&[status]);
    }
}

#[test]
fn a_closed_stream_does_not_crash_the_program() {
    for redirection in [">&-", "2>&-", "<&-", ">&- 2>&- <&-"] {
        for line in ["encode", "decode x", "verify x", "inspect", "--help", "decode eyJhbGciOiJub25lIn0.e30."]
        {
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("'{}' {line} {redirection}", env!("CARGO_BIN_EXE_fob"))]);
            Process::from_command(shell).with_secret().run_within(LONG).expect_status(&[0, 1, 2, 4]);
        }
    }
}

#[test]
fn handles_arguments_that_are_not_utf_8() {
    let odd = OsStr::from_bytes(b"ey\xff\xfe.\x80.x");
    for (line, status) in [
        ("decode", 4),
        ("verify", 4),
        ("inspect", 4),
        ("refresh", 4),
        ("encode", 2),
        ("encode -c", 2),
        ("encode --sub", 2),
        ("encode --exp", 2),
        ("verify --aud", 2),
        ("", 4),
    ] {
        let ended = process(line).args(&[odd]).run_within(LONG);
        ended.expect_status(&[status]);
        assert!(!ended.stderr.is_empty() || !ended.stdout.is_empty(), "{ended}");
    }
}

#[test]
fn accepts_secrets_and_paths_that_are_not_utf_8() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(OsStr::from_bytes(b"k\xff"));
    if std::fs::write(&path, b"\xff\xfe\x80").is_err() {
        return;
    }
    let by_file = process("encode -q --no-iat --secret-file").args(&[&path]).run_within(LONG);
    let secret = OsString::from_vec(b"\xff\xfe\x80".to_vec());
    let by_variable = Process::line("encode -q --no-iat").env("FOB_SECRET", secret).run_within(LONG);
    by_file.expect_status(&[0]);
    assert_eq!(by_file.parts(), by_variable.parts());
}

#[test]
fn an_unreadable_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    for line in [
        format!("decode @{path}"),
        format!("verify @{path}"),
        format!("inspect @{path}/gone"),
        format!("encode @{path}"),
        format!("encode --secret-file {path}"),
        format!("refresh @{path}/gone"),
    ] {
        process(&line).run_within(LONG).failure(2, "error: cannot read the ");
    }
    process("decode").stdin_from(File::open(path).unwrap()).run_within(LONG).expect_status(&[2]);
}

#[test]
fn never_waits_for_input_that_is_not_needed() {
    let [good, .., refresh] = tokens();
    for (line, secret, status) in [
        ("encode".to_owned(), true, 0),
        ("encode {}".to_owned(), true, 0),
        ("encode".to_owned(), false, 2),
        ("pair --user-id 7".to_owned(), false, 2),
        ("pair --from https://a.example/ --user a".to_owned(), false, 2),
        ("verify".to_owned(), false, 2),
        ("refresh".to_owned(), false, 2),
        (format!("verify {good}"), true, 0),
        (format!("decode {good}"), false, 0),
        (format!("inspect {good}"), false, 0),
        (format!("refresh {refresh}"), true, 0),
        ("completions fish".to_owned(), false, 0),
        ("decode --help".to_owned(), false, 0),
        ("--version".to_owned(), false, 0),
        ("".to_owned(), false, 2),
        ("decode @/no/such/file".to_owned(), false, 2),
    ] {
        // The other end stays open and never writes.
        let (reader, writer) = std::io::pipe().unwrap();
        let process = if secret { process(&line) } else { Process::line(&line) };
        process.stdin_from(reader).stdout(Stdio::null()).run_within(LONG).expect_status(&[status]);
        drop(writer);
    }
}

/// Returns the time that a command takes to refuse a text on standard input.
fn time(line: &str, text: &str) -> Duration {
    let start = Instant::now();
    let process = process(line).stdin(text).stdout(Stdio::null()).stderr(Stdio::null());
    process.run_within(LONG).expect_status(&[0, 4]);
    start.elapsed()
}

#[test]
fn rejects_ten_megabytes_of_nonsense_quickly() {
    for unit in ["eyJ", "."] {
        let text = unit.repeat(10_000_000 / unit.len());
        for line in ["decode --max-size 64M", "verify", "inspect"] {
            let time = time(line, &text);
            assert!(time < Duration::from_secs(25), "{line} {unit}: {time:?}");
        }
    }
}

#[test]
fn rejects_nonsense_in_linear_time() {
    for unit in [
        "eyJ.",
        "{\"a\":",
        "[",
        "\"",
        "'",
        "x",
        " ",
        "=",
        "a=",
        "%41",
        "&token=",
        "Bearer ",
        "Authorization:",
        "\\",
        "{\"",
        "é",
        "\0",
        "eyJhbGciOiJub25lIn0.\n",
        "eyJhbGciOiJub25lIn0.",
        "\u{200b}",
        "\",",
        "`;",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        for line in ["decode", "inspect -q"] {
            let time = time(line, &text);
            // More than linear time would take minutes.
            assert!(time < Duration::from_secs(20), "{line} {unit:?}: {time:?}");
        }
    }
}

#[test]
fn rejects_invalid_rsa_keys_quickly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set");
    let number = |byte: u8, length| fob::core::token::base64url::encode(&vec![byte; length]);
    for (n, e, d) in [(256, 3, 256), (1024, 3, 1024), (8192, 3, 8192), (256, 100_000, 256), (256, 3, 100_000)]
    {
        // A key set with an invalid private exponent.
        let (n, e, d) = (number(0xA7, n), number(0x5B, e), number(0x5B, d));
        let key = format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}","d":"{d}"}}"#);
        std::fs::write(&path, format!(r#"{{"keys":[{key}]}}"#)).unwrap();
        let line = format!("verify -q x.y.z --key {}", path.display());
        process(&line).run_within(Duration::from_secs(10)).expect_status(&[2, 4]);
    }
}

#[test]
fn the_process_and_the_library_print_the_same() {
    let line = "pair --user-id 7 --profile oauth --at 2026-01-31 --nonsense";
    let (status, stdout, stderr) = process(line).run_within(LONG).parts();
    let outcome = fob(line);
    assert_eq!(
        (status, stdout.as_str(), stderr),
        (Some(i32::from(outcome.status)), outcome.text(), outcome.stderr.clone())
    );
    let line = format!("verify --at 2026-01-31T12:00:00Z {}", tokens()[1]);
    let (status, stdout, stderr) = process(&line).run_within(LONG).parts();
    let outcome = fob(&line);
    assert_eq!((status, stdout.as_str(), stderr), (Some(1), outcome.text(), outcome.stderr.clone()));
}

#[test]
fn uses_the_real_clock_by_default() {
    let minted = process("encode --exp 1h").run_within(LONG);
    minted.expect_status(&[0]);
    process(&format!("verify --max-age 1m {}", minted.stdout)).run_within(LONG).expect_status(&[0]);
}
