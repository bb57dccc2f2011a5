//! Tests of prompts at a pseudoterminal: the keys, the echo, and that the terminal is restored afterwards.

use crate::support::known::JOHN_DOE;
use crate::support::process::Process;
use crate::support::server::{Server, send};
use crate::support::strict_server::StrictServer;
use crate::support::world::{SECRET, World, attentive, split, token};
use nix::sys::termios::{LocalFlags, tcgetattr};
use pty_process::blocking::{Command, Pty, open};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(15);
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";

/// A program on a terminal of its own.
struct Terminal {
    pty: Pty,
    child: Child,
    output: Receiver<Vec<u8>>,
    /// The output so far.
    screen: String,
}

impl Terminal {
    /// Runs a command line of `fob`.
    fn run(line: &str) -> Self {
        let words = attentive(env!("CARGO_BIN_EXE_fob"));
        Self::start(Command::new(&words[0]).args(&words[1..]).args(split(line)))
    }

    /// Runs a script in which `fob` is the program.
    fn script(script: &str) -> Self {
        let words = attentive("/bin/sh");
        let script = script.replace("fob", env!("CARGO_BIN_EXE_fob"));
        Self::start(Command::new(&words[0]).args(&words[1..]).args(["-c", &script]))
    }

    fn start(command: Command) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(24, 200)).unwrap();
        let child = command.env_clear().env("TERM", "xterm").env("PATH", "/usr/bin:/bin").spawn(pts).unwrap();
        let mut reader = File::from(pty.as_fd().try_clone_to_owned().unwrap());
        let (sender, output) = channel();
        // The output ends when the last program leaves the terminal.
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { pty, child, output, screen: String::new() }
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    fn shows(&mut self, text: &str) {
        let end = Instant::now() + LONG;
        while !self.screen.contains(text) {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.screen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("no {text:?}: {error}: {:?}", self.screen),
            }
        }
    }

    /// Presses keys.
    fn types(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).unwrap();
    }

    /// Reports whether the terminal echoes.
    fn echoes(&self) -> bool {
        tcgetattr(&self.pty).unwrap().local_flags.contains(LocalFlags::ECHO)
    }

    /// Waits until the terminal echoes, or does not.
    #[track_caller]
    fn comes_to_echo(&self, echoes: bool) {
        let end = Instant::now() + LONG;
        while self.echoes() != echoes {
            assert!(Instant::now() < end, "echo stays {}", !echoes);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the terminal delivers single keys instead of lines.
    #[track_caller]
    fn comes_to_deliver_keys(&self) {
        let end = Instant::now() + LONG;
        while tcgetattr(&self.pty).unwrap().local_flags.contains(LocalFlags::ICANON) {
            assert!(Instant::now() < end, "the terminal still collects lines");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end. Returns the status, the screen, and whether the terminal echoes again.
    #[track_caller]
    fn ends(mut self) -> (Option<i32>, String, bool) {
        let end = Instant::now() + LONG;
        while let Ok(bytes) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.screen.push_str(&String::from_utf8_lossy(&bytes));
        }
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status.code(),
                None if Instant::now() > end => {
                    self.child.kill().unwrap();
                    panic!("it does not end: {:?}", self.screen);
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let echoes = self.echoes();
        (status, self.screen, echoes)
    }
}

#[test]
fn does_not_show_a_typed_secret() {
    let mut terminal = Terminal::run(&format!("verify {}", token("{}")));
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types(&format!("{SECRET}\r"));
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(0), true), "{screen}");
    assert!(screen.contains("accepted"), "{screen}");
    assert!(screen.contains("from the prompt"), "{screen}");
    assert!(!screen.contains(SECRET), "{screen}");
}

#[test]
fn edits_a_hidden_secret() {
    let keys = format!("wrong\u{15}{SECRET}ë\u{7f} typo\u{17}\u{7f}\r");
    let mut terminal = Terminal::run(&format!("verify {}", token("{}")));
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types(&keys);
    let (status, screen, _) = terminal.ends();
    assert_eq!(status, Some(0), "{screen}");
}

#[test]
fn refuses_a_hidden_secret_with_a_control_character() {
    let mut terminal = Terminal::run(&format!("verify {}", token("{}")));
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    // The key that moves the cursor to the left.
    terminal.types(&format!("{SECRET}\u{1b}[D\r"));
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(2), true), "{screen}");
    assert!(
        screen.contains("cannot ask for the secret: the answer holds the control character U+001B"),
        "{screen}"
    );
    assert!(!screen.contains(SECRET), "{screen}");
}

#[test]
fn does_not_show_a_wrong_secret() {
    let mut terminal = Terminal::run(&format!("verify {}", token("{}")));
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types("swordfish-and-chips\r");
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(1), true), "{screen}");
    assert!(!screen.contains("swordfish"), "{screen}");
}

#[test]
fn does_not_show_a_typed_password() {
    let server = Server::posts(|request, out| {
        let is_right = request.body == format!(r#"{{"username":"zoë","password":"{SECRET}"}}"#);
        send(out, if is_right { 200 } else { 401 }, "", r#"{"access":"aaa"}"#)
    });
    let mut terminal = Terminal::run(&format!("pair --from http://{}/ --user zoë", server.address));
    terminal.shows(&format!("Password of zoë at {}", server.address));
    terminal.comes_to_echo(false);
    terminal.types(&format!("{SECRET}\r"));
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(0), true), "{screen}");
    assert!(screen.contains("aaa") && !screen.contains(SECRET), "{screen}");
}

#[test]
fn sends_nothing_without_a_password() {
    let server = Server::posts(|_, out| send(out, 200, "", "{}"));
    let mut terminal = Terminal::run(&format!("pair --from http://{}/ --user zoë", server.address));
    terminal.shows("Password");
    terminal.comes_to_echo(false);
    terminal.types(CTRL_C);
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes, server.count()), (Some(2), true, 0), "{screen}");
}

#[test]
fn shows_a_typed_token() {
    let mut terminal = Terminal::run("decode --claim name");
    terminal.shows("Token");
    terminal.types(&format!("Bearer {JOHN_DOE}\r"));
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(0), true), "{screen}");
    assert!(screen.contains("John Doe"), "{screen}");
}

#[test]
fn reads_a_token_longer_than_the_line_buffer_of_the_terminal() {
    let long = token(&format!(r#"{{"sub":"alice","pad":"{}"}}"#, "x".repeat(3_000)));
    let mut terminal = Terminal::run("decode --claim sub");
    terminal.shows("Token");
    terminal.types(&format!("{long}\r"));
    let (status, screen, _) = terminal.ends();
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.trim_end().ends_with("alice"), "{screen}");
}

#[test]
fn reads_lines_longer_than_the_line_buffer_of_the_terminal_in_every_command() {
    let long = token(&format!(r#"{{"sub":"alice","pad":"{}"}}"#, "x".repeat(9_000)));
    for (line, shown) in [
        ("decode --claim sub -", "alice"),
        ("decode --lines --claim sub", "alice"),
        ("inspect --json --color never", "\"sub\": \"alice\""),
        ("verify --lines -s secret", "bad_signature"),
    ] {
        let mut terminal = Terminal::run(line);
        terminal.comes_to_deliver_keys();
        terminal.types(&format!("{long}\r{CTRL_D}"));
        let (status, screen, echoes) = terminal.ends();
        assert!(
            status == Some(i32::from(line.starts_with("verify"))) && echoes,
            "{line}: {status:?} {screen}"
        );
        assert!(screen.contains(shown), "{line}: {screen}");
    }
}

#[test]
fn reads_a_hidden_secret_longer_than_the_line_buffer_of_the_terminal() {
    let secret = "s".repeat(6_000);
    let mut terminal = Terminal::run("encode --no-iat -c a=b");
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types(&format!("{secret}\r"));
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(0), true), "{screen}");
    let given = World::bare().run(format!("encode --no-iat -c a=b -s {secret}"));
    assert!(screen.contains(given.result()), "{screen}");
}

#[test]
fn edits_typed_input_and_restores_the_terminal() {
    let mut terminal = Terminal::run("decode --claim name -");
    terminal.comes_to_deliver_keys();
    terminal.types(&format!("{JOHN_DOE}x\u{7f}\r{CTRL_D}"));
    let (status, screen, _) = terminal.ends();
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains("John Doe"), "{screen}");
    let mut terminal = Terminal::run("inspect");
    terminal.comes_to_deliver_keys();
    terminal.types(CTRL_C);
    let collects =
        |terminal: &Terminal| tcgetattr(&terminal.pty).unwrap().local_flags.contains(LocalFlags::ICANON);
    let end = Instant::now() + LONG;
    while !collects(&terminal) {
        assert!(Instant::now() < end, "the terminal still delivers keys");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(terminal.ends().0, Some(130));
}

#[test]
fn ctrl_c_and_ctrl_d_at_the_secret_cancel_and_restore_the_echo() {
    for key in [CTRL_C, CTRL_D] {
        let mut terminal = Terminal::run("encode --sub alice");
        terminal.shows("Secret");
        terminal.comes_to_echo(false);
        terminal.types(key);
        let (status, screen, echoes) = terminal.ends();
        assert_eq!((status, echoes), (Some(2), true), "{key:?} {screen}");
        assert!(!screen.contains("eyJ"), "{screen}");
    }
}

#[test]
fn ctrl_c_and_ctrl_d_after_half_a_secret_cancel_too() {
    for keys in ["half\u{3}", "half\u{4}\u{4}"] {
        let mut terminal = Terminal::run("encode --sub alice");
        terminal.shows("Secret");
        terminal.comes_to_echo(false);
        terminal.types(keys);
        let (status, screen, echoes) = terminal.ends();
        assert!(echoes, "{screen}");
        assert!(!screen.contains("half"), "{screen}");
        if keys.ends_with(CTRL_C) {
            assert_eq!(status, Some(2), "{screen}");
        }
    }
}

/// Presses a key at the prompt for the token, once immediately and once after a pause.
#[track_caller]
fn cancels_at_the_token(key: &str) {
    for wait in [0, 300] {
        let mut terminal = Terminal::run("decode");
        terminal.shows("Token");
        std::thread::sleep(Duration::from_millis(wait));
        terminal.types(key);
        let (status, screen, echoes) = terminal.ends();
        assert_eq!((status, echoes), (Some(2), true), "after {wait} ms: {screen}");
    }
}

#[test]
fn ctrl_c_at_the_token_cancels() {
    cancels_at_the_token(CTRL_C);
}

#[test]
fn ctrl_d_at_the_token_cancels() {
    cancels_at_the_token(CTRL_D);
}

#[test]
fn an_empty_answer_cancels() {
    for line in ["encode", "decode"] {
        let mut terminal = Terminal::run(line);
        if line == "encode" {
            terminal.comes_to_echo(false);
        } else {
            terminal.shows("Token");
        }
        terminal.types("\r");
        let (status, screen, echoes) = terminal.ends();
        assert_eq!((status, echoes), (Some(2), true), "{line} {screen}");
    }
}

#[test]
fn a_signal_at_the_secret_restores_the_echo() {
    let mut terminal = Terminal::run("encode --sub alice");
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    let id = terminal.child.id().to_string();
    assert!(std::process::Command::new("sh").args(["-c", &format!("kill {id}")]).status().unwrap().success());
    let (status, screen, echoes) = terminal.ends();
    assert_ne!(status, Some(0), "{screen}");
    assert!(echoes, "{screen}");
}

#[test]
fn asks_for_the_secret_while_the_token_comes_through_a_pipe() {
    let mut terminal = Terminal::script(&format!("echo {} | fob verify -q && echo well", token("{}")));
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types(&format!("{SECRET}\r"));
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(0), true), "{screen}");
    assert!(screen.contains("well") && !screen.contains(SECRET), "{screen}");
}

#[test]
fn asks_while_standard_output_is_redirected() {
    let mut terminal = Terminal::script("fob encode --no-iat -c a=b > /dev/null && echo well");
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types(&format!("{SECRET}\r"));
    let (status, screen, _) = terminal.ends();
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains("well") && !screen.contains("eyJ"), "{screen}");
}

#[test]
fn does_not_ask_if_standard_error_is_redirected() {
    let (status, screen, echoes) = Terminal::script("fob encode 2> /dev/null").ends();
    assert_eq!((status, screen.as_str(), echoes), (Some(2), "", true));
}

#[test]
fn ctrl_d_ends_a_text_pasted_to_inspect() {
    let mut terminal = Terminal::run("inspect --json --color never");
    terminal.shows("Ctrl-D");
    terminal.types(&format!("one\rsession={JOHN_DOE}\r{CTRL_D}"));
    let (status, screen, _) = terminal.ends();
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains(r#""where": "parameter session""#), "{screen}");
}

#[test]
fn colours_output_at_a_terminal() {
    let (status, screen, _) = Terminal::run(&format!("decode {JOHN_DOE}")).ends();
    assert_eq!(status, Some(0));
    assert!(screen.contains("\u{1b}["), "{screen}");
    let (_, screen, _) = Terminal::run(&format!("decode --color never {JOHN_DOE}")).ends();
    assert!(!screen.contains('\u{1b}'), "{screen}");
}

#[test]
fn verifies_typed_tokens_one_by_one_until_ctrl_c() {
    let mut terminal = Terminal::run("verify --lines");
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types(&format!("{SECRET}\r"));
    terminal.shows("enter one per line, and press Ctrl-D on an empty line to finish");
    terminal.types(&format!("{}\r", token("{}")));
    terminal.shows("accepted");
    terminal.types("nonsense\r");
    terminal.shows("malformed:segments");
    terminal.types(CTRL_C);
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(130), true), "{screen}");
    assert!(screen.contains("2 tokens in "), "{screen}");
}

#[test]
fn ctrl_c_at_the_secret_cancels_a_run_of_many_tokens() {
    let mut terminal = Terminal::run("verify --lines");
    terminal.shows("Secret");
    terminal.comes_to_echo(false);
    terminal.types(CTRL_C);
    let (status, screen, echoes) = terminal.ends();
    assert_eq!((status, echoes), (Some(2), true), "{screen}");
    assert!(screen.contains("error: cancelled"), "{screen}");
}

#[test]
fn shows_a_progress_bar_if_the_results_are_redirected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens");
    std::fs::write(&path, format!("{}\n", token("{}")).repeat(5_000)).unwrap();
    let path = path.display();
    for (line, seen) in [
        (format!("FOB_SECRET={SECRET} fob verify --lines {path} > {path}.out"), " of "),
        (format!("FOB_SECRET={SECRET} fob verify --lines < {path} > {path}.out"), " of "),
        (format!("cat {path} | FOB_SECRET={SECRET} fob verify --lines > {path}.out"), "/s, "),
    ] {
        let (status, screen, _) = Terminal::script(&line).ends();
        assert_eq!(status, Some(0), "{line}: {screen}");
        let (bar, summary) = screen.split_once("5,000 tokens in ").expect("a summary");
        assert!(bar.contains(seen), "{line}: {screen:?}");
        assert!(summary.contains(": 5,000 accepted"), "{summary}");
    }
    for line in [
        format!("FOB_SECRET={SECRET} fob verify --lines {path} -q > {path}.out"),
        format!("FOB_SECRET={SECRET} fob verify --lines {path} 2> {path}.err | tail -n 1"),
    ] {
        let (_, screen, _) = Terminal::script(&line).ends();
        assert!(!screen.contains('\u{1b}') && !screen.contains("/s"), "{line}: {screen:?}");
    }
}

/// Logs in at a strict server, and returns the folder with the session in `api.json`.
fn logged_in(server: &StrictServer) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let url = server.url();
    let login =
        format!("pair -q --from {url} --profile oauth --user al --password-env PASSWORD --session api.json");
    Process::line(&login).folder(folder.path()).env("PASSWORD", "hunter2").run().success();
    folder
}

#[test]
fn refreshes_a_session_at_a_terminal_that_stops_output_from_the_background() {
    let server = StrictServer::new();
    let folder = logged_in(&server);
    let path = folder.path().display();
    let terminal =
        Terminal::script(&format!("stty tostop; cd {path}; fob refresh --session api.json --valid-for 4m"));
    assert_eq!(terminal.ends().0, Some(0));
    let terminal =
        Terminal::script(&format!("stty tostop; cd {path}; fob refresh --session api.json --valid-for 1h"));
    let (status, screen, _) = terminal.ends();
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains("access-3"), "{screen}");
}

#[test]
fn ctrl_c_does_not_cut_an_exchange_short() {
    let server = StrictServer::new();
    let folder = logged_in(&server);
    server.facts().delay = Duration::from_millis(1000);
    let line = format!("refresh --valid-for 1h --session {}", folder.path().join("api.json").display());
    let mut terminal = Terminal::run(&line);
    server.comes_to(2);
    terminal.types(CTRL_C);
    let (status, screen, _) = terminal.ends();
    assert_eq!(status, Some(130), "{screen}");
    let content = std::fs::read_to_string(folder.path().join("api.json")).unwrap();
    assert!(content.contains(&server.facts().refresh.clone().unwrap()), "{content}");
    assert_eq!(server.facts().refreshes, 1);
}
