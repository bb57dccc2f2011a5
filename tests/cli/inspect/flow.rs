//! Tests of `fob inspect` as a process in a pipe: its input may never end and need not fit into memory.

use crate::support::world::{split, token};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

fn start(line: &str, folder: Option<&Path>) -> (Child, ChildStdin) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
    command.args(split(line)).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    folder.map(|folder| command.current_dir(folder));
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take().unwrap();
    (child, stdin)
}

#[test]
fn reports_each_token_of_a_followed_log_at_once() {
    for (line, first) in [
        ("inspect", "token 1  line 1, column 7, text"),
        ("inspect --json", "{"),
        ("inspect --oneline", "1:7\ttext\tjwt\t\t\t\tno expiry\t\tno_expiry"),
    ] {
        let (mut child, mut stdin) = start(line, None);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let log = format!("12:00 {}\n", token("{}"));
        stdin.write_all(log.as_bytes()).unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), first, "{line}");
        stdin.write_all(log.as_bytes()).unwrap();
        assert!(lines.by_ref().any(|line| {
            let line = line.unwrap();
            line.starts_with("token 2  line 2,")
                || line == "        \"line\": 2,"
                || line.starts_with("2:7\t")
        }));
        drop(stdin);
        let rest = if line == "inspect --oneline" { 0 } else { 4 };
        assert_eq!((child.wait().unwrap().code(), lines.count() >= rest), (Some(0), true));
    }
}

#[test]
fn closed_standard_output_ends_an_endless_input() {
    for (line, status) in [("inspect", 0), ("inspect --json", 0)] {
        let (mut child, mut stdin) = start(line, None);
        drop(child.stdout.take());
        let log = format!("{}\n", token("{}")).repeat(1000);
        // Writing fails once the process has closed its input.
        while stdin.write_all(log.as_bytes()).is_ok() {}
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(status), ""), "{line}");
    }
}

#[test]
fn checks_requirements_after_standard_output_is_closed() {
    let (mut child, mut stdin) = start("inspect --require sub", None);
    drop(child.stdout.take());
    let log = format!("{}\n", token(r#"{"sub":"a"}"#)).repeat(500);
    stdin.write_all(log.as_bytes()).unwrap();
    stdin.write_all(token("{}").as_bytes()).unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn searches_a_folder_without_following_links_or_waiting_for_pipes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("a/b/c")).unwrap();
    std::fs::write(at("a/b/c/app.log"), token("{}")).unwrap();
    std::fs::write(at("a/z.log"), token("{}")).unwrap();
    symlink(folder.path(), at("a/b/up")).unwrap();
    symlink("z.log", at("a/link.log")).unwrap();
    symlink("gone", at("a/dangling")).unwrap();
    assert!(Command::new("mkfifo").arg(at("a/pipe")).status().unwrap().success());
    symlink("a", at("logs")).unwrap();
    for (line, found) in [
        ("inspect a --count", "2\n"),
        // A path argument may be a link.
        ("inspect logs --count", "2\n"),
        ("inspect a/link.log --count", "1\n"),
        ("inspect . --count", "2\n"),
    ] {
        let (child, stdin) = start(line, Some(folder.path()));
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), found.to_owned()), "{line}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_text() {
    let line =
        "2026-01-31 12:00:00.123 INFO  [worker-17] c.example.app.Session: request done in 12 ms status=200\n";
    let log = format!("{}{}\n", line.repeat(4000), token("{}"));
    let one_line = log.replace('\n', " ");
    for (options, text, megabytes) in
        [("inspect --json", &log, 64), ("inspect", &one_line, 24), ("inspect --unique", &log, 24)]
    {
        let (mut child, mut stdin) = start(options, None);
        let mut stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
        for _ in 0..megabytes * 1_000_000 / text.len() {
            stdin.write_all(text.as_bytes()).unwrap();
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kilobytes: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kilobytes < 40_000, "{options}: {peak}");
        drop(stdin);
        assert_eq!(child.wait().unwrap().code(), Some(0));
        assert!(reader.join().unwrap() > 100);
    }
}
