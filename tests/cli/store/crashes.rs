//! `kill -9` at any moment, over processes that mint, refresh and revoke in one store, or over the server that keeps it:
//! what was acknowledged stays in force, and whatever else was begun has happened whole or not at all.

use crate::support::client::{Client, Tokens, command, row, times};
use crate::support::redis_server::RedisServer;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// How many processes run at a time.
const WORKERS: usize = 4;
/// After how many kills the store is looked at.
const BETWEEN: usize = 10;

/// Processes over one store, and what came of them.
struct Mix {
    store: String,
    is_over: AtomicBool,
    facts: Mutex<Facts>,
    victim: Victim,
    /// How many processes were killed in this round.
    kills: AtomicUsize,
}

/// Who is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Victim {
    /// Every other process that keeps the store.
    Processes,
    /// The server, so that a process may find nobody to ask.
    Server,
}

#[derive(Default)]
struct Facts {
    /// Tokens, and what the store must say of each: some process ended well and told so.
    acknowledged: Vec<(String, &'static str)>,
    /// Tokens whose process was killed, and what the store says if that was too late.
    open: Vec<(String, &'static str)>,
    /// What must not be.
    wrong: Vec<String>,
}

/// What all rounds had.
#[derive(Default, Debug)]
struct Tally {
    kills: usize,
    acknowledged: usize,
    open: usize,
    /// How many of the open ones had taken effect.
    done: usize,
}

impl Mix {
    fn new(store: impl Into<String>, victim: Victim) -> Self {
        let (store, facts) = (store.into(), Mutex::default());
        Self { store, is_over: AtomicBool::new(false), facts, victim, kills: AtomicUsize::new(0) }
    }

    /// Logs in, refreshes and revokes, until it is over.
    fn work(&self, place: usize) {
        let mut turn = 0;
        while !self.is_over.load(Ordering::SeqCst) {
            let Some(login) = self.run(&format!("pair --user-id {place} --json"), "") else { continue };
            let mut tokens = Tokens::from_json(&login);
            let mut is_lost = false;
            for _ in 0..3 {
                let next = self.run("refresh --rotate --json", &tokens.refresh);
                let old = std::mem::take(&mut tokens.refresh);
                self.note(next.is_some(), old, "reused");
                match next {
                    Some(next) => tokens = Tokens::from_json(&next),
                    None => is_lost = true,
                }
                if is_lost {
                    break;
                }
            }
            turn += 1;
            let (what, spoken, token) = match turn % 3 {
                _ if is_lost => continue,
                0 => ("", vec![&tokens.access], &tokens.access),
                1 => ("", vec![&tokens.refresh], &tokens.refresh),
                _ => ("--family", vec![&tokens.access, &tokens.refresh], &tokens.access),
            };
            let done = self.run(&format!("revoke -q {what}"), token).is_some();
            for token in spoken {
                self.note(done, token.clone(), "revoked");
            }
        }
    }

    fn note(&self, is_acknowledged: bool, token: String, reason: &'static str) {
        let mut facts = self.facts.lock().unwrap();
        if is_acknowledged { &mut facts.acknowledged } else { &mut facts.open }.push((token, reason));
    }

    /// Runs a command; what it printed if it ended well, nothing if it was killed.
    fn run(&self, line: &str, token: &str) -> Option<Vec<u8>> {
        let line = format!("{line} --at @{}", crate::support::world::NOW);
        let mut child = command(&line, &self.store).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let is_doomed = self.victim == Victim::Processes && chance(2) == 0;
        match chance(3) {
            // At any moment of its life,
            0 if is_doomed => {
                pause(8000);
                self.kill(&mut child);
            }
            // or when its store is open and it is about to write.
            _ if is_doomed => {
                pause(8000);
                let _ = stdin.write_all(token.as_bytes());
                drop(stdin);
                pause(3000);
                self.kill(&mut child);
            }
            // Whoever is dead reads nothing.
            _ => {
                let _ = stdin.write_all(token.as_bytes());
                drop(stdin);
            }
        }
        let output = child.wait_with_output().unwrap();
        match output.status.code() {
            Some(0) => return Some(output.stdout),
            Some(2) if self.victim == Victim::Server && output.stdout.is_empty() => {}
            None => {}
            status => {
                let said = String::from_utf8_lossy(&output.stderr);
                self.facts.lock().unwrap().wrong.push(format!("{line}: {status:?} {said}"));
            }
        }
        None
    }

    fn kill(&self, child: &mut Child) {
        if matches!(child.try_wait(), Ok(None)) && child.kill().is_ok() {
            self.kills.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Lets them work while `disturb` does what it does.
    fn disturbed(&self, disturb: impl FnOnce()) {
        self.is_over.store(false, Ordering::SeqCst);
        thread::scope(|scope| {
            for place in 0..WORKERS {
                scope.spawn(move || self.work(place));
            }
            disturb();
            self.is_over.store(true, Ordering::SeqCst);
        });
    }

    /// What the store must say now. `all` are the facts of earlier rounds.
    fn check(&self, all: &mut Vec<(String, &'static str)>, tally: &mut Tally) {
        let client = Client::new(self.store.as_str());
        client.list();
        let facts = std::mem::take(&mut *self.facts.lock().unwrap());
        assert_eq!(facts.wrong, Vec::<String>::new());
        for (token, reason) in &facts.acknowledged {
            assert_eq!(client.verify(token), [*reason], "it was acknowledged");
        }
        for (token, reason) in &facts.open {
            let reasons = client.verify(token);
            assert!(reasons.is_empty() || reasons == [*reason], "{reasons:?} is neither before nor after");
            tally.done += usize::from(!reasons.is_empty());
            // Whatever the store says of it, it goes on saying.
            if !reasons.is_empty() {
                all.push((token.clone(), reason));
            }
        }
        tally.acknowledged += facts.acknowledged.len();
        tally.open += facts.open.len();
        all.extend(facts.acknowledged);
    }

    fn check_all(&self, all: &[(String, &'static str)]) {
        let client = Client::new(self.store.as_str());
        for (token, reason) in all {
            assert_eq!(client.verify(token), [*reason], "it was acknowledged");
        }
    }
}

/// A number below `limit` that is hard to foretell (xorshift64).
fn chance(limit: u64) -> u64 {
    static STATE: AtomicU64 = AtomicU64::new(0x2545_F491_4F6C_DD1D);
    let mut state = STATE.load(Ordering::Relaxed);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    STATE.store(state, Ordering::Relaxed);
    state % limit
}

/// Waits for up to so many microseconds.
fn pause(most: u64) {
    thread::sleep(Duration::from_micros(chance(most)));
}

fn say(name: &str, tally: &Tally) {
    let Tally { kills, acknowledged, open, done } = tally;
    row(name, &[*kills, *acknowledged, *open, *done]);
}

#[test]
fn what_a_process_acknowledged_outlives_the_death_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let mix = Mix::new(folder.path().join("s.db").to_str().unwrap(), Victim::Processes);
    let (mut all, mut tally) = (Vec::new(), Tally::default());
    Client::new(mix.store.as_str()).pair("--user-id 0");
    let kills = times("FOB_KILLS", 20);
    while tally.kills < kills {
        mix.disturbed(|| {
            while mix.kills.load(Ordering::SeqCst) < BETWEEN {
                thread::sleep(Duration::from_millis(1));
            }
        });
        tally.kills += mix.kills.swap(0, Ordering::SeqCst);
        mix.check(&mut all, &mut tally);
    }
    mix.check_all(&all);
    say("processes on SQLite", &tally);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn what_a_server_acknowledged_outlives_its_own_death() {
    let mut server = RedisServer::start();
    let mix = Mix::new(server.url(), Victim::Server);
    let (mut all, mut tally) = (Vec::new(), Tally::default());
    let kills = times("FOB_KILLS", 20).div_ceil(20);
    while tally.kills < kills {
        mix.disturbed(|| {
            thread::sleep(Duration::from_millis(50));
            pause(150_000);
            server.kill();
        });
        tally.kills += 1;
        server.restart();
        mix.check(&mut all, &mut tally);
    }
    mix.check_all(&all);
    say(&RedisServer::name(), &tally);
}
