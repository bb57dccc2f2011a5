//! Servers that fail in the middle of an exchange, and disks that have no room.

use super::Desk;
use crate::support::strict_server::Answers;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

#[test]
fn a_refused_refresh_token_names_the_login_and_the_file_stays() {
    let desk = Desk::new();
    desk.expire();
    desk.server.facts().refresh = Some("another".to_owned());
    let before = desk.content();
    let url = desk.server.url();
    desk.refresh("").expect(
        1,
        "",
        &format!(
            "error: cannot refresh at {url}: status: 400 Bad Request: invalid_grant\n\
             hint: log in again: `fob pair --from {url} --user al --password-env PASSWORD --profile oauth --session api.json`\n"
        ),
    );
    assert_eq!(desk.content(), before);
}

#[test]
fn a_lost_answer_is_remembered_until_the_next_success() {
    for (answers, error) in [
        (Answers::Dying, "HTTP: "),
        (Answers::Garbage, "JSON: the answer is not JSON at offset 0: expected a value\n"),
    ] {
        let desk = Desk::new();
        desk.expire();
        desk.server.facts().answers = answers;
        let lost = desk.refresh("");
        let url = desk.server.url();
        assert!(
            lost.status == Some(2)
                && lost.stderr.starts_with(&format!("error: cannot refresh at {url}: {error}")),
            "{lost}"
        );
        assert!(desk.content()["begun"].is_u64(), "{}", desk.content());
        desk.server.facts().answers = Answers::Rotating;
        let refused = desk.refresh("");
        assert!(
            refused.status == Some(1)
                && refused.stderr.contains(
                    "hint: an earlier exchange was cut short: the server may have used up the refresh token then\n\
                     hint: log in again: `fob pair "
                ),
            "{refused}"
        );
        desk.log_in().success_with_note();
        assert!(desk.content()["begun"].is_null());
        assert_eq!(desk.names(), [".api.json.lock", "api.json"]);
    }
}

#[test]
fn a_server_that_is_down_has_used_up_nothing_that_is_lost() {
    let desk = Desk::new();
    desk.expire();
    desk.server.facts().answers = Answers::Down;
    desk.refresh("").expect_status(&[2]);
    desk.server.facts().answers = Answers::Rotating;
    desk.refresh("").expect(0, "access-3\n", "");
    assert!(desk.content()["begun"].is_null());
}

#[test]
fn a_refresh_token_that_arrives_alone_is_kept() {
    let desk = Desk::new();
    desk.expire();
    desk.server.facts().answers = Answers::RefreshAlone;
    desk.refresh("").expect_status(&[2]);
    desk.assert_newest();
    assert_eq!(desk.refresh("").stdout, "", "the refresh token stays in the file");
    desk.server.facts().answers = Answers::Rotating;
    desk.refresh("").expect(0, "access-7\n", "");
    assert_eq!(desk.server.facts().refused, 0);
}

#[test]
fn nothing_is_sent_if_the_folder_cannot_be_written() {
    let desk = Desk::new();
    desk.expire();
    // Root may write to folders without permission, but not to one where the names are taken by folders.
    std::fs::create_dir(desk.folder.path().join(".api.json.next")).unwrap();
    desk.refresh("").failure(2, "error: nothing was sent, since api.json cannot be written: ");
    assert_eq!(desk.server.facts().requests, 1);
    std::fs::remove_dir(desk.folder.path().join(".api.json.next")).unwrap();
    std::fs::remove_file(desk.folder.path().join(".api.json.lock")).unwrap();
    std::fs::create_dir(desk.folder.path().join(".api.json.lock")).unwrap();
    desk.refresh("").failure(2, "error: cannot lock the session in api.json: ");
    assert_eq!(desk.server.facts().requests, 1);
}

#[test]
fn signals_wait_until_the_tokens_are_in_the_file() {
    for (signal, status) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let desk = Desk::new();
        desk.expire();
        desk.server.facts().delay = Duration::from_millis(1000);
        let words = crate::support::world::attentive(env!("CARGO_BIN_EXE_fob"));
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["refresh", "--session", "api.json"]);
        command.env_clear().current_dir(desk.folder.path()).stdin(Stdio::null());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        desk.server.comes_to(2);
        kill(Pid::from_raw(child.id() as i32), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        desk.assert_newest();
        assert_eq!(desk.server.facts().refreshes, 1);
    }
}

#[test]
fn tokens_that_cannot_be_written_are_printed() {
    let desk = Desk::new();
    desk.expire();
    desk.server.facts().delay = Duration::from_millis(1000);
    let (folder, server) = (desk.folder.path().to_owned(), desk.server.clone());
    let thief = std::thread::spawn(move || {
        server.comes_to(2);
        // Another program removes the reserved file, and takes the name of the session.
        std::fs::remove_file(folder.join(".api.json.next")).unwrap();
        std::fs::remove_file(folder.join("api.json")).unwrap();
        std::fs::create_dir(folder.join("api.json")).unwrap();
        std::fs::write(folder.join("api.json/file"), "").unwrap();
    });
    let ended = desk.refresh("--format header");
    thief.join().unwrap();
    assert_eq!(ended.status, Some(2), "{ended}");
    assert!(
        ended.stdout.starts_with("{\"access_token\":\"access-3\",") && ended.stdout.contains("\"refresh-4\""),
        "{ended}"
    );
    assert!(
        ended
            .stderr
            .starts_with("error: the server has issued tokens, but they cannot be written to api.json: ")
            && ended.stderr.ends_with(
                "\nhint: keep the tokens on standard output: the refresh token in the file may be used up\n"
            ),
        "{ended}"
    );
}

#[test]
fn the_lock_of_a_process_that_hangs_does_not_block_good_tokens() {
    let desk = Desk::new();
    let lock = std::fs::File::open(desk.folder.path().join(".api.json.lock")).unwrap();
    lock.lock().unwrap();
    desk.refresh("").expect(0, "access-1\n", "");
    desk.expire();
    let waiting = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| desk.refresh(""));
        sleep(Duration::from_millis(4000));
        lock.unlock().unwrap();
        waiting.join().unwrap()
    });
    waiting.expect(0, "access-3\n", "note: waiting for another process that uses the session in api.json\n");
}

#[test]
fn an_exchange_without_a_parent_takes_the_lock_itself() {
    let desk = Desk::new();
    desk.expire();
    let lock = std::fs::File::open(desk.folder.path().join(".api.json.lock")).unwrap();
    lock.lock().unwrap();
    let alone = std::thread::scope(|scope| {
        let process = desk.process("refresh --session api.json").env("FOB_SESSION_STEP", "next");
        let alone = scope.spawn(move || process.run());
        sleep(Duration::from_millis(200));
        assert_eq!(desk.server.facts().refreshes, 0);
        lock.unlock().unwrap();
        alone.join().unwrap()
    });
    alone.expect(0, "access-3\n", "");
    desk.assert_newest();
}
