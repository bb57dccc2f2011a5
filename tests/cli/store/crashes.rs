//! `kill -9` at random moments, for processes that issue, refresh and revoke in one store, or for its server. Acknowledged
//! changes stay in force. Other changes have happened completely or not at all.

use crate::support::client::{Client, Tokens, command, row, times};
use crate::support::redis_server::RedisServer;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// How many processes run at once.
const WORKERS: usize = 4;
/// The number of kills between two checks of the store.
const BETWEEN: usize = 10;

/// Processes on one store, and what they reported.
struct Mix {
    store: String,
    is_over: AtomicBool,
    facts: Mutex<Facts>,
    victim: Victim,
    /// The number of killed processes in this round.
    kills: AtomicUsize,
}

/// The process that a test kills.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Victim {
    /// Half of the processes.
    Processes,
    /// The server. Processes then fail because they cannot reach it.
    Server,
}

#[derive(Default)]
struct Facts {
    /// Tokens, and the reason that the store must give for each: the process succeeded.
    acknowledged: Vec<(String, &'static str)>,
    /// Tokens whose process was killed, and the reason if the change happened before that.
    open: Vec<(String, &'static str)>,
    /// Unexpected outcomes.
    wrong: Vec<String>,
}

/// The totals of all rounds.
#[derive(Default, Debug)]
struct Tally {
    kills: usize,
    acknowledged: usize,
    open: usize,
    /// How many of the open changes have happened.
    done: usize,
}

impl Mix {
    fn new(store: impl Into<String>, victim: Victim) -> Self {
        let (store, facts) = (store.into(), Mutex::default());
        Self { store, is_over: AtomicBool::new(false), facts, victim, kills: AtomicUsize::new(0) }
    }

    /// Logs in, refreshes and revokes, until the round is over.
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

    /// Runs a command. Returns its output, or `None` if it was killed or lost its server.
    fn run(&self, line: &str, token: &str) -> Option<Vec<u8>> {
        let line = format!("{line} --at @{}", crate::support::world::NOW);
        let mut child = command(&line, &self.store).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let is_doomed = self.victim == Victim::Processes && chance(2) == 0;
        match chance(3) {
            // At a random moment,
            0 if is_doomed => {
                pause(8000);
                self.kill(&mut child);
            }
            // or shortly before it writes.
            _ if is_doomed => {
                pause(8000);
                let _ = stdin.write_all(token.as_bytes());
                drop(stdin);
                pause(3000);
                self.kill(&mut child);
            }
            // A dead process does not read its input.
            _ => {
                let _ = stdin.write_all(token.as_bytes());
                drop(stdin);
            }
        }
        let output = child.wait_with_output().unwrap();
        match output.status.code() {
            Some(0) => return Some(output.stdout),
            // Nothing but the document of an error may be on standard output.
            Some(2) if self.victim == Victim::Server && !prints_a_token(&output.stdout) => {}
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

    /// Runs all workers until `disturb` returns.
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

    /// Checks the facts of this round against the store, and adds them to those of earlier rounds.
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
            assert!(
                reasons.is_empty() || reasons == [*reason],
                "{reasons:?} is neither the old nor the new state"
            );
            tally.done += usize::from(!reasons.is_empty());
            // A change that has happened stays in force.
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

/// Returns a pseudorandom number below `limit` (xorshift64).
fn chance(limit: u64) -> u64 {
    static STATE: AtomicU64 = AtomicU64::new(0x2545_F491_4F6C_DD1D);
    let mut state = STATE.load(Ordering::Relaxed);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    STATE.store(state, Ordering::Relaxed);
    state % limit
}

/// Waits for a random time, in microseconds.
fn pause(most: u64) {
    thread::sleep(Duration::from_micros(chance(most)));
}

fn say(name: &str, tally: &Tally) {
    let Tally { kills, acknowledged, open, done } = tally;
    row(name, &[*kills, *acknowledged, *open, *done]);
}

#[test]
fn keeps_acknowledged_changes_when_processes_are_killed() {
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
fn keeps_acknowledged_changes_when_the_server_is_killed() {
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

/// Reports whether standard output holds more than the document of an error.
fn prints_a_token(stdout: &[u8]) -> bool {
    !stdout.is_empty() && !stdout.starts_with(b"{\"error\":")
}
