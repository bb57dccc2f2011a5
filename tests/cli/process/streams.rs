//! Tests of `--lines` as a process: results while the input is still open, early ends, and memory use.

use crate::support::client::program;
use crate::support::world::{SECRET, attentive, split, token};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The memory that a process may use, in KiB.
const MOST: u64 = 64 << 10;

fn start(line: &str) -> Child {
    let words = attentive(&program());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args(split(line)).env_clear().env("FOB_SECRET", SECRET);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Returns the peak memory of a process, in KiB.
fn peak(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Waits for the end. Returns the status and standard error.
fn ended(mut child: Child) -> (Option<i32>, String) {
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (child.wait().unwrap().code(), stderr)
}

/// Feeds a process and reads its lines meanwhile. Returns its peak memory before the end of the input, the number of
/// lines, the status and standard error.
fn feed(line: &str, write: impl FnOnce(&mut dyn Write) + Send) -> (u64, u64, Option<i32>, String) {
    let mut child = start(line);
    let mut stdin = child.stdin.take().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    std::thread::scope(|scope| {
        let child = &child;
        let writer = scope.spawn(move || {
            write(&mut stdin);
            // The process has read all except what fits into the pipe.
            peak(child)
        });
        let lines = stdout.lines().map_while(Result::ok).count() as u64;
        (writer.join().unwrap(), lines)
    })
    .pipe(|(peak, lines)| {
        let (status, stderr) = ended(child);
        (peak, lines, status, stderr)
    })
}

trait Pipe: Sized {
    fn pipe<T>(self, then: impl FnOnce(Self) -> T) -> T {
        then(self)
    }
}

impl<T> Pipe for T {}

fn many(out: &mut dyn Write, line: &str, number: usize) {
    let page = format!("{line}\n").repeat(1000);
    (0..number / 1000).for_each(|_| out.write_all(page.as_bytes()).unwrap());
}

#[test]
fn writes_each_verdict_while_the_input_is_still_open() {
    for options in ["--threads 1", "--threads 2", "--json"] {
        let mut child = start(&format!("verify --lines {options}"));
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let good = token("{}");
        let mut slowest = Duration::ZERO;
        for round in 0..20 {
            let asked = Instant::now();
            stdin.write_all(format!("{good}\n").as_bytes()).unwrap();
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            assert!(line.contains("accepted"), "{line}");
            if round > 0 {
                slowest = slowest.max(asked.elapsed());
            }
        }
        assert!(slowest < Duration::from_millis(100), "{options}: {slowest:?}");
        // The last line needs no line break.
        stdin.write_all(b"nonsense").unwrap();
        drop(stdin);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("malformed:segments"), "{rest}");
        assert_eq!(ended(child).0, Some(1));
    }
}

#[test]
fn a_signal_leaves_whole_lines_and_a_summary() {
    for (signal, status) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        for line in
            ["verify --lines --threads 2", "decode --lines", "verify --lines --print accepted --threads 1"]
        {
            let mut child = start(line);
            let mut stdin = child.stdin.take().unwrap();
            let mut stdout = BufReader::new(child.stdout.take().unwrap());
            stdin.write_all(format!("{0}\n{0}\n", token("{}")).as_bytes()).unwrap();
            let mut first = String::new();
            stdout.read_line(&mut first).unwrap();
            // An incomplete line is not judged.
            stdin.write_all(b"eyJ").unwrap();
            kill(Pid::from_raw(child.id() as i32), signal).unwrap();
            let mut rest = String::new();
            stdout.read_to_string(&mut rest).unwrap();
            assert_eq!(rest, first, "{line}");
            let (code, stderr) = ended(child);
            assert_eq!(code, Some(status), "{line}: {stderr}");
            assert!(stderr.starts_with("2 tokens in "), "{stderr}");
        }
    }
}

#[test]
fn ignores_a_signal_that_its_parent_ignores() {
    let mut command = Command::new("sh");
    command.args(["-c", r#"trap "" INT; exec "$0" "$@""#]).arg(program()).args(split("verify --lines"));
    command.env("FOB_SECRET", SECRET).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..2 {
        stdin.write_all(format!("{}\n", token("{}")).as_bytes()).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "accepted\n");
        kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    }
    drop(stdin);
    let (status, stderr) = ended(child);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.starts_with("2 tokens in "), "{stderr}");
}

#[test]
fn a_signal_during_heavy_output_leaves_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens");
    let page = format!("{}\n", token("{}")).repeat(200_000);
    std::fs::write(&path, page).unwrap();
    let mut child = start(&format!("verify --lines {} --print accepted --threads 2", path.display()));
    let mut stdout = child.stdout.take().unwrap();
    let mut bytes = vec![0; 100_000];
    stdout.read_exact(&mut bytes).unwrap();
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    stdout.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.last(), Some(&b'\n'));
    assert_eq!(bytes.len() % (token("{}").len() + 1), 0);
    let (status, stderr) = ended(child);
    assert_eq!(status, Some(130));
    let counted: String = stderr.split(' ').next().unwrap().replace(',', "");
    assert_eq!(counted.parse::<usize>().unwrap(), bytes.len() / (token("{}").len() + 1));
}

#[test]
fn a_second_signal_ends_the_process_at_once() {
    // The output is not read, so the process blocks and cannot end by itself.
    let mut child = start("verify --lines --print accepted");
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let page = format!("{}\n", token("{}")).repeat(10_000);
        while stdin.write_all(page.as_bytes()).is_ok() {}
    });
    std::thread::sleep(Duration::from_millis(500));
    let end = Instant::now() + Duration::from_secs(10);
    let status = loop {
        let _ = kill(Pid::from_raw(child.id() as i32), Signal::SIGINT);
        std::thread::sleep(Duration::from_millis(50));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < end, "it does not end");
    };
    assert_eq!(status.code(), Some(130));
    writer.join().unwrap();
}

#[test]
fn a_reader_that_closes_the_pipe_ends_the_run_quietly() {
    let good = token("{}");
    for (line, input, statuses) in [
        ("decode --lines", good.as_str(), [0, 0]),
        ("decode --lines --threads 4", &good, [0, 0]),
        ("encode --lines", "{}", [0, 0]),
        ("verify --lines", &good, [2, 2]),
        ("verify --lines --expect accepted", &good, [2, 2]),
        ("verify --lines", "nonsense", [1, 2]),
    ] {
        let mut child = start(line);
        let mut stdin = child.stdin.take().unwrap();
        let page = format!("{input}\n").repeat(1000);
        let writer = std::thread::spawn(move || while stdin.write_all(page.as_bytes()).is_ok() {});
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        let (status, stderr) = ended(child);
        assert!(statuses.map(Some).contains(&status), "{line}: {status:?}");
        assert_eq!(stderr, "", "{line}");
        writer.join().unwrap();
    }
}

#[test]
fn a_full_disk_ends_the_run_with_an_error() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    for (line, input) in [
        ("verify --lines", token("{}")),
        ("decode --lines", token("{}")),
        ("encode --lines", "{}".to_owned()),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
        command.args(split(line)).env_clear().env("FOB_SECRET", SECRET).stdin(Stdio::piped());
        let mut child = command.stdout(full.try_clone().unwrap()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let (status, stderr) = ended(child);
        assert_eq!(status, Some(2), "{line}: {stderr}");
        assert!(
            stderr
                .ends_with("error: cannot write to standard output: No space left on device (os error 28)\n")
        );
    }
}

#[cfg(target_os = "linux")]
fn a_long_line(size: usize) {
    for line in ["verify --lines --threads 2", "decode --lines --threads 2"] {
        let (peak, lines, status, stderr) = feed(line, |out| {
            let good = format!("{}\n", token("{}"));
            out.write_all(good.as_bytes()).unwrap();
            let piece = vec![b'x'; 1 << 20];
            (0..size >> 20).for_each(|_| out.write_all(&piece).unwrap());
            out.write_all(b"\n").unwrap();
            out.write_all(good.as_bytes()).unwrap();
        });
        assert_eq!((lines, status), (3, Some(1)), "{stderr}");
        assert!(stderr.contains("  1  malformed:too_large\n"), "{stderr}");
        assert!(peak < MOST, "{line}: {peak} KiB");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn never_holds_a_line_of_64_megabytes() {
    a_long_line(64 << 20);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "two gigabytes take their time: cargo test --test cli -- --ignored streams::"]
fn never_holds_a_line_of_two_gigabytes() {
    a_long_line(2 << 30);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_over_many_tokens() {
    let (peak, lines, status, stderr) =
        feed("verify --lines --threads 2", |out| many(out, &token(r#"{"exp":4102444800}"#), 20_000));
    assert_eq!((lines, status), (20_000, Some(0)), "{stderr}");
    assert!(stderr.starts_with("20,000 tokens in "), "{stderr}");
    assert!(peak < MOST, "{peak} KiB");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_if_the_output_is_much_larger_than_the_input() {
    let (peak, lines, status, stderr) =
        feed("verify --lines --json --threads 2", |out| many(out, "x", 100_000));
    assert_eq!((lines, status), (100_000, Some(1)), "{stderr}");
    assert!(peak < MOST, "{peak} KiB");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "ten million tokens take a release build: FOB_BINARY=target/release/fob cargo test --test cli -- --ignored streams::"]
fn memory_stays_flat_over_ten_million_tokens() {
    let (peak, lines, status, _) =
        feed("verify --lines --threads 2", |out| many(out, &token(r#"{"exp":4102444800}"#), 10_000_000));
    assert_eq!((lines, status), (10_000_000, Some(0)));
    assert!(peak < MOST, "{peak} KiB");
}
