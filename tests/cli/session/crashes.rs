//! `kill -9` at random moments while a session is refreshed. The newest refresh token is in the file, or reaches it when the
//! process that asked the server ends. `FOB_KILLS` sets the number of kills.

use super::Desk;
use crate::support::chance::Chance;
use crate::support::client::{program, row, times};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn no_killed_process_loses_the_newest_refresh_token() {
    let desk = Desk::new();
    desk.server.facts().delay = Duration::from_millis(5);
    let (wanted, mut kills, mut refreshed) = (times("FOB_KILLS", 25), 0, 0);
    let mut chance = Chance(7);
    // The time that an undisturbed refresh takes here.
    let start = Instant::now();
    desk.refresh("--valid-for 1h").expect_status(&[0]);
    let most = start.elapsed().as_micros() as usize * 3 / 2;
    while kills < wanted {
        let before = desk.server.facts().refreshes;
        let mut command = Command::new(program());
        command.args(["refresh", "--session", "api.json", "--valid-for", "1h"]).env_clear();
        command.current_dir(desk.folder.path()).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        sleep(Duration::from_micros(chance.below(most) as u64));
        if matches!(child.try_wait(), Ok(None)) && child.kill().is_ok() {
            kills += 1;
        }
        // The output ends with the last process that has it, which is the one that asks the server.
        let output = child.wait_with_output().unwrap();
        assert!(!String::from_utf8_lossy(&output.stderr).contains("error:"), "{output:?}");
        desk.assert_newest();
        refreshed += usize::from(desk.server.facts().refreshes > before);
    }
    assert_eq!(desk.server.facts().refused, 0);
    row("sessions", &[kills, refreshed]);
}
