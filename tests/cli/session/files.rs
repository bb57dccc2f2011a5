//! Session files that cannot be used, and files that are none: nothing is sent, and nothing is overwritten.

use super::Desk;
use std::os::unix::fs::{PermissionsExt as _, symlink};

/// Asserts that neither a refresh nor a login touches the file, and that nothing is sent.
#[track_caller]
fn refused(desk: &Desk, content: &[u8], error: &str) {
    std::fs::write(desk.path(), content).unwrap();
    std::fs::set_permissions(desk.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    let requests = desk.server.facts().requests;
    for ended in [desk.refresh(""), desk.log_in()] {
        assert!(
            ended.status == Some(2) && ended.stdout.is_empty() && ended.stderr.starts_with(error),
            "expected {error}, found {ended}"
        );
    }
    assert_eq!(std::fs::read(desk.path()).unwrap(), content);
    assert_eq!(desk.server.facts().requests, requests);
}

#[test]
fn a_damaged_or_foreign_file_is_never_replaced() {
    let desk = Desk::new();
    let good = std::fs::read_to_string(desk.path()).unwrap();
    let changed = |from: &str, to: &str| {
        let text = good.replace(from, to);
        assert_ne!(text, good);
        text
    };
    for (content, error) in [
        (String::new(), "error: the session in api.json cannot be used: it is not JSON at offset 0"),
        (
            good[..good.len() / 2].to_owned(),
            "error: the session in api.json cannot be used: it is not JSON at offset",
        ),
        (
            "secret=1\n".to_owned(),
            "error: the session in api.json cannot be used: it is not JSON at offset 0",
        ),
        ("{\"name\":\"app\"}".to_owned(), "error: api.json is not a session file\n"),
        ("[1]".to_owned(), "error: api.json is not a session file\n"),
        (
            changed("\"fob_session\": 1", "\"fob_session\": 7"),
            "error: the session in api.json cannot be used: it has version 7 of the format, but this release knows version 1\n",
        ),
        (
            changed("\"serial\"", "\"serious\""),
            "error: the session in api.json cannot be used: it has the unknown member `serious`\n",
        ),
        (
            changed("\"carrier\"", "\"\\u001b[2J\""),
            "error: the session in api.json cannot be used: it has the unknown member `\\u001b[2J`\n",
        ),
        (
            changed("\"serial\": 1", "\"serial\": \"access-1\""),
            "error: the session in api.json cannot be used: line 3 has a value that cannot be right\n",
        ),
        (
            changed("\"serial\": 1", "\"serial\": 1, \"serial\": 2"),
            "error: the session in api.json cannot be used: it has /serial more than once\n",
        ),
    ] {
        refused(&desk, content.as_bytes(), error);
    }
    std::fs::write(desk.path(), good).unwrap();
    desk.refresh("").expect(0, "access-1\n", "");
}

#[test]
fn a_missing_file_names_the_login() {
    let desk = Desk::empty();
    desk.refresh("").expect(
        2,
        "",
        "error: there is no session in api.json: no such file\n\
         hint: log in with `fob pair --from URL --user NAME --session api.json`\n",
    );
    assert_eq!(desk.names(), [""; 0]);
}

#[test]
fn a_folder_a_device_and_a_broken_link_are_no_sessions() {
    let desk = Desk::empty();
    std::fs::create_dir(desk.folder.path().join("folder")).unwrap();
    symlink("gone", desk.folder.path().join("link")).unwrap();
    for (path, error) in [
        ("-", "error: a session is kept in a file, not in a stream\n"),
        ("folder", "error: folder is a folder, not a session file\n"),
        ("/dev/null", "error: /dev/null is a pipe or a device, not a session file\n"),
        ("link", "error: link is a symbolic link that leads nowhere\n"),
        ("no/file", "error: cannot read the session in no/file: No such file or directory"),
    ] {
        let ended = desk.fob(&format!("refresh --session {path}"));
        assert!(ended.status == Some(2) && ended.stderr.starts_with(error), "{ended}");
    }
}

#[test]
fn a_symbolic_link_stays_and_its_target_is_replaced() {
    let desk = Desk::new();
    let link = desk.folder.path().join("link.json");
    symlink("api.json", &link).unwrap();
    desk.expire();
    desk.fob("refresh --session link.json").expect(0, "access-3\n", "");
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    desk.assert_newest();
    assert_eq!(desk.names(), [".api.json.lock", "api.json", "link.json"], "both paths share one lock");
}

#[test]
fn a_file_that_others_can_read_draws_a_warning_until_it_is_replaced() {
    let desk = Desk::new();
    std::fs::set_permissions(desk.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let warning = "warning: other users can read the tokens in api.json\nhint: run `chmod 600 api.json`\n";
    desk.refresh("").expect(0, "access-1\n", warning);
    desk.expire();
    desk.refresh("").expect(0, "access-3\n", warning);
    desk.refresh("").expect(0, "access-3\n", "");
}

#[test]
fn a_file_that_others_can_write_is_not_used() {
    let desk = Desk::new();
    std::fs::set_permissions(desk.path(), std::fs::Permissions::from_mode(0o660)).unwrap();
    desk.refresh("").expect(
        2,
        "",
        "error: the session in api.json is not used, since another user can change it\n\
         hint: log in again with --session and a new file\n",
    );
}

#[test]
fn a_stale_lock_and_unfinished_files_do_no_harm() {
    let desk = Desk::new();
    desk.expire();
    std::fs::write(desk.folder.path().join(".api.json.lock"), "4711").unwrap();
    std::fs::write(desk.folder.path().join(".api.json.next"), "{\"fob_session\":1,").unwrap();
    std::fs::write(desk.folder.path().join(".api.json.begin"), "").unwrap();
    desk.refresh("").expect(0, "access-3\n", "");
    desk.assert_newest();
    assert_eq!(desk.names(), [".api.json.lock", "api.json"]);
}

#[test]
fn tokens_that_were_written_but_not_renamed_are_found_again() {
    let desk = Desk::new();
    desk.expire();
    let mut next = desk.content();
    next["serial"] = 2.into();
    next["tokens"]["refresh"] = "newest".into();
    let path = desk.folder.path().join(".api.json.next");
    std::fs::write(&path, next.to_string()).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    desk.server.facts().refresh = Some("newest".to_owned());
    desk.refresh("").expect(0, "access-3\n", "");
    assert_eq!(desk.server.facts().refused, 0);
    desk.assert_newest();
}
