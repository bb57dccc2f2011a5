//! Many processes that refresh one token at the same moment: one wins, all others are told that it was used, and since
//! a second use ends the family, what the winner got is worth nothing either.

use crate::client::{Tokens, command, times};
use crate::redis_server::RedisServer;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// How many there are.
const RACERS: usize = 64;

/// What came of all rounds.
#[derive(Default)]
struct Tally {
    rounds: usize,
    winners: usize,
    reused: usize,
    /// Which of the processes won, counted from the first that was begun.
    places: BTreeSet<usize>,
}

/// Runs a command to its end: its status, and what it printed.
#[track_caller]
fn run(line: &str, store: &str, stdin: &str) -> (Option<i32>, Value) {
    let output = begin(line, store).release(stdin);
    assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

/// A process that has its store open and waits for its token.
struct Racer(Child);

fn begin(line: &str, store: &str) -> Racer {
    Racer(command(line, store).stdin(Stdio::piped()).spawn().unwrap())
}

impl Racer {
    fn start(&mut self, token: &str) {
        self.0.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    }

    fn release(mut self, token: &str) -> std::process::Output {
        self.start(token);
        self.0.wait_with_output().unwrap()
    }
}

fn round(store: &str, tally: &mut Tally) {
    let login = command("pair --user-id 7 --json", store).output().unwrap();
    let first = Tokens::read(&login.stdout);
    let mut racers: Vec<Racer> = (0..RACERS).map(|_| begin("refresh --rotate --json", store)).collect();
    // Until they all wait.
    sleep(Duration::from_millis(50));
    for racer in &mut racers {
        racer.start(&first.refresh);
    }
    let mut winners = Vec::new();
    for (place, racer) in racers.into_iter().enumerate() {
        let output = racer.0.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => {
                winners.push(Tokens::read(&output.stdout));
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
    assert_eq!(winners.len(), 1, "one token has one successor");
    for token in [&winners[0].refresh, &winners[0].access, &first.access] {
        let (status, verdict) = run("verify --json", store, token);
        assert_eq!((status, &verdict["reasons"]), (Some(1), &json!(["revoked"])));
    }
    tally.rounds += 1;
    tally.winners += winners.len();
}

/// Races in one store, and prints a line of the table in tests/README.md.
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
    println!("| {name} | {rounds} | {RACERS} | {winners} | {reused} | {ended} | {places} |");
}

#[test]
fn one_of_64_processes_wins_and_the_family_ends_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    race("SQLite", folder.path().join("s.db").to_str().unwrap());
}

#[test]
#[ignore = "needs redis-server: cargo test --test commands -- --ignored"]
fn one_of_64_processes_wins_and_the_family_ends_on_a_server() {
    let server = RedisServer::start();
    race("Redis", &server.url());
}
