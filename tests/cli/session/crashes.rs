//! `kill -9` at random moments while a session is refreshed. The newest refresh token is in the file, or reaches it when the
//! process that asked the server ends. `FOB_KILLS` sets the number of kills.

use super::Desk;
use crate::support::chance::Chance;
use crate::support::client::{program, row, times};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
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

#[test]
fn the_file_remembers_an_exchange_whose_own_process_was_killed() {
    let desk = Desk::new();
    desk.expire();
    desk.server.facts().delay = Duration::from_millis(1000);
    let mut command = Command::new(program());
    command.args(["refresh", "--session", "api.json"]).env_clear().current_dir(desk.folder.path());
    let parent = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    desk.server.comes_to(2);
    let list = format!("/proc/{0}/task/{0}/children", parent.id());
    // Systems without this list cannot run the test.
    let Ok(children) = std::fs::read_to_string(list) else {
        let _ = parent.wait_with_output();
        return;
    };
    let child: i32 = children.trim().parse().expect("one process that asks the server");
    kill(Pid::from_raw(child), Signal::SIGKILL).unwrap();
    let output = parent.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: the process that asked the server was ended by signal 9\nhint: run the command again\n"
    );
    assert!(desk.content()["begun"].is_u64());
    // The server has answered, but no process got the answer.
    while desk.server.facts().refreshes == 0 {
        sleep(Duration::from_millis(10));
    }
    let refused = desk.refresh("");
    assert!(
        refused.status == Some(1) && refused.stderr.contains("hint: an earlier exchange was cut short: "),
        "{refused}"
    );
    desk.log_in().success_with_note();
    desk.assert_newest();
}
