//! Many processes refresh one token at the same moment. One wins; the others are rejected as `reused`. Their second use
//! ends the family, so the tokens of the winner are revoked too.

use crate::support::client::{Client, Tokens, command, row, times};
use crate::support::redis_server::RedisServer;
use crate::support::world::fob;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Child, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// The number of processes.
const RACERS: usize = 64;

/// The totals of all rounds.
#[derive(Default)]
struct Tally {
    rounds: usize,
    winners: usize,
    reused: usize,
    /// The start positions of the winners.
    places: BTreeSet<usize>,
}

/// Runs a command, and returns its status and its report.
#[track_caller]
fn run(line: &str, store: &str, stdin: &str) -> (Option<i32>, Value) {
    let output = begin(line, store).release(stdin);
    assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

/// A process that has opened its store and waits for a token.
struct Racer(Child);

fn begin(line: &str, store: &str) -> Racer {
    Racer(command(line, store).stdin(Stdio::piped()).spawn().unwrap())
}

impl Racer {
    /// Reports whether the process sleeps, or returns `None` on systems without /proc.
    fn sleeps(&self) -> Option<bool> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).ok()?;
        Some(stat.rsplit_once(") ")?.1.starts_with('S'))
    }

    fn start(&mut self, token: &str) {
        self.0.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    }

    fn release(mut self, token: &str) -> Output {
        self.start(token);
        self.0.wait_with_output().unwrap()
    }
}

/// Starts a process for each line, and returns when all have opened their store and wait for a token.
fn ready(store: &str, lines: &[(&str, &str)]) -> Vec<Racer> {
    let racers: Vec<Racer> = lines.iter().map(|(line, _)| begin(line, store)).collect();
    let mut looks = 0;
    while looks < 3 {
        sleep(Duration::from_millis(2));
        match racers.iter().map(Racer::sleeps).collect::<Option<Vec<bool>>>() {
            Some(asleep) if asleep.iter().all(|&asleep| asleep) => looks += 1,
            Some(_) => looks = 0,
            None => {
                sleep(Duration::from_millis(500));
                looks = 3;
            }
        }
    }
    racers
}

/// Gives all processes their tokens at the same moment, and waits for their ends.
fn at_once(store: &str, lines: &[(&str, &str)]) -> Vec<Output> {
    let mut racers = ready(store, lines);
    for (racer, (_, token)) in racers.iter_mut().zip(lines) {
        racer.start(token);
    }
    racers.into_iter().map(|racer| racer.0.wait_with_output().unwrap()).collect()
}

fn round(store: &str, tally: &mut Tally) {
    let login = command("pair --user-id 7 --json", store).output().unwrap();
    let first = Tokens::from_json(&login.stdout);
    let outputs = at_once(store, &[("refresh --rotate --json", first.refresh.as_str()); RACERS]);
    let mut winners = Vec::new();
    for (place, output) in outputs.into_iter().enumerate() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => {
                winners.push(Tokens::from_json(&output.stdout));
                tally.places.insert(place);
            }
            Some(1) => {
                let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
                assert_eq!(verdict["reasons"], json!(["reused"]), "{verdict}{stderr}");
                tally.reused += 1;
            }
            status => panic!("{status:?}: {stderr}"),
        }
    }
    assert_eq!(winners.len(), 1, "one token is exchanged once");
    for token in [&winners[0].refresh, &winners[0].access, &first.access] {
        let (status, verdict) = run("verify --json", store, token);
        assert_eq!((status, &verdict["reasons"]), (Some(1), &json!(["revoked"])));
    }
    tally.rounds += 1;
    tally.winners += winners.len();
}

/// Runs all rounds in one store, and prints a row of the table in tests/README.md.
fn race(name: &str, store: &str) {
    let mut tally = Tally::default();
    for _ in 0..times("FOB_ROUNDS", 3) {
        round(store, &mut tally);
    }
    let (status, list) = run("revoke --list --json", store, "");
    let families = list["families"].as_array().unwrap();
    let ended = families.iter().filter(|family| family["state"] == "reused").count();
    assert_eq!((status, families.len(), ended), (Some(0), tally.rounds, tally.rounds));
    let Tally { rounds, winners, reused, places } = tally;
    assert_eq!((winners, reused), (rounds, rounds * (RACERS - 1)));
    let places = places.len();
    row(name, &[rounds, RACERS, winners, reused, ended, places]);
}

/// Many processes verify one token that is valid for one use.
fn once(store: &str) {
    for round in 0..times("FOB_ROUNDS", 3).div_ceil(10) {
        let link = fob(format!("encode --jti mail-{round} --exp 2100-01-01")).result().to_owned();
        let outputs = at_once(store, &[("verify --once --json", link.as_str()); RACERS]);
        let accepted = outputs.iter().filter(|output| output.status.code() == Some(0)).count();
        let refused = outputs.iter().filter(|output| {
            let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
            output.status.code() == Some(1) && verdict["reasons"] == json!(["reused"])
        });
        assert_eq!((accepted, refused.count()), (1, RACERS - 1));
    }
}

/// Many sessions of one subject are refreshed while the subject is revoked.
fn revoked_meanwhile(store: &str) {
    const SESSIONS: usize = 24;
    for _ in 0..times("FOB_ROUNDS", 3).div_ceil(10) {
        let login = || Tokens::from_json(&command("pair --user-id 7 --json", store).output().unwrap().stdout);
        let logins: Vec<Tokens> = (0..SESSIONS).map(|_| login()).collect();
        // Each session lives longer than the ones before, so each refresh also writes the record of the subject.
        let refresh = |days| format!("refresh --rotate --json --refresh-ttl {days}d");
        let refreshes: Vec<String> = (2..).map(refresh).take(SESSIONS).collect();
        let lines: Vec<(&str, &str)> =
            refreshes.iter().zip(&logins).map(|(line, login)| (&**line, &*login.refresh)).collect();
        let mut racers = ready(store, &lines);
        for (place, (racer, (_, token))) in racers.iter_mut().zip(&lines).enumerate() {
            racer.start(token);
            // In this process, because starting another takes too long.
            if place == SESSIONS / 2 {
                Client::new(store).revoke("--subject 7", "");
            }
        }
        let mut issued = logins.clone();
        for racer in racers {
            let output = racer.0.wait_with_output().unwrap();
            match output.status.code() {
                Some(0) => issued.push(Tokens::from_json(&output.stdout)),
                status => {
                    let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
                    assert_eq!((status, &verdict["reasons"]), (Some(1), &json!(["revoked"])));
                }
            }
        }
        for tokens in issued {
            let (status, verdict) = run("verify --json", store, &tokens.access);
            assert_eq!(
                (status, &verdict["reasons"]),
                (Some(1), &json!(["revoked"])),
                "a token survived the revocation"
            );
        }
    }
}

#[test]
fn accepts_a_token_for_one_use_in_one_of_64_processes() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db").to_str().unwrap().to_owned();
    Client::new(store.as_str()).pair("--user-id 7");
    once(&store);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn accepts_a_token_for_one_use_in_one_of_64_processes_on_a_server() {
    once(&RedisServer::start().url());
}

#[test]
fn revokes_concurrent_refreshes_with_their_subject() {
    let folder = tempfile::tempdir().unwrap();
    revoked_meanwhile(folder.path().join("s.db").to_str().unwrap());
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn revokes_concurrent_refreshes_with_their_subject_on_a_server() {
    revoked_meanwhile(&RedisServer::start().url());
}

#[test]
fn lets_one_of_64_processes_refresh_a_token_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    race("SQLite", folder.path().join("s.db").to_str().unwrap());
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn lets_one_of_64_processes_refresh_a_token_on_a_server() {
    let server = RedisServer::start();
    race(&RedisServer::name(), &server.url());
}
