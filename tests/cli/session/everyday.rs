//! The everyday line: log in once, then take an access token from the file in each command.

use super::Desk;
use crate::support::process::Process;
use crate::support::strict_server::Answers;
use std::thread;
use std::time::Duration;

/// Asserts that a token which is good for five minutes is printed with a warning if it should be good for ten.
#[track_caller]
fn expires_too_early(desk: &Desk, token: &str) {
    let ended = desk.refresh("--valid-for 10m");
    assert!(
        (ended.status, ended.stdout.as_str()) == (Some(0), token)
            && ended.stderr.starts_with("warning: the access token expires in "),
        "{ended}"
    );
}

#[test]
fn a_login_prints_no_token_and_the_file_belongs_to_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    assert_eq!(std::fs::metadata(desk.path()).unwrap().permissions().mode() & 0o777, 0o600);
    let content = desk.content();
    assert_eq!(content["fob_session"], 1);
    assert_eq!(content["tokens"]["access"], "access-1");
    assert_eq!(content["tokens"]["refresh"], "refresh-2");
    let text = std::fs::read_to_string(desk.path()).unwrap();
    assert!(!text.contains("hunter2"), "the password is in {text}");
    assert_eq!(desk.names(), [".api.json.lock", "api.json"]);
}

#[test]
fn a_login_prints_the_access_token_in_the_format_that_was_asked_for() {
    let desk = Desk::empty();
    let url = desk.server.url();
    let login =
        format!("pair --from {url} --profile oauth --user al --password-env PASSWORD --session api.json");
    desk.fob(&format!("{login} --format header")).expect(0, "Authorization: Bearer access-1\n", "");
    let text = desk.fob(&format!("{login} --json")).success().to_owned();
    assert_eq!(text, "{\"access\":\"access-3\",\"token_type\":\"Bearer\",\"expires_in\":300}\n");
    desk.assert_newest();
}

#[test]
fn a_good_access_token_is_printed_without_a_request() {
    let desk = Desk::new();
    for (options, text) in [
        ("", "access-1\n"),
        ("--format header", "Authorization: Bearer access-1\n"),
        ("--format header --scheme DPoP", "Authorization: DPoP access-1\n"),
        ("--valid-for 4m", "access-1\n"),
        // The clock of a session is the real one.
        ("--at 2099-01-01", "access-1\n"),
    ] {
        desk.refresh(options).expect(0, text, "");
    }
    let env = desk.refresh("--format env").success().to_owned();
    assert!(env.starts_with("FOB_ACCESS=access-1\nFOB_TOKEN_TYPE=Bearer\nFOB_EXPIRES_IN="), "{env}");
    for format in ["env", "json", "oauth", "text"] {
        assert!(!desk.refresh(&format!("--format {format}")).success().contains("refresh"), "{format}");
    }
    assert_eq!(desk.server.facts().requests, 1);
}

#[test]
fn an_access_token_that_is_not_good_for_long_enough_is_refreshed_first() {
    let desk = Desk::new();
    expires_too_early(&desk, "access-3\n");
    desk.assert_newest();
    desk.expire();
    desk.refresh("--format header").expect(0, "Authorization: Bearer access-5\n", "");
    desk.assert_newest();
    assert_eq!(desk.server.facts().refreshes, 2);
    assert_eq!(desk.names(), [".api.json.lock", "api.json"]);
}

#[test]
fn a_refresh_token_that_the_answer_does_not_replace_stays() {
    for answers in [Answers::Keeping, Answers::Repeating] {
        let desk = Desk::new();
        desk.server.facts().answers = answers;
        for access in ["access-3\n", "access-4\n"] {
            desk.expire();
            desk.refresh("").expect(0, access, "");
        }
        assert_eq!(desk.content()["tokens"]["refresh"], "refresh-2");
        assert_eq!(desk.server.facts().refused, 0);
    }
}

#[test]
fn a_token_without_a_known_lifetime_is_refreshed_each_time() {
    let desk = Desk::empty();
    desk.server.facts().expires_in = None;
    desk.log_in().success_with_note();
    desk.refresh("").expect(0, "access-3\n", "");
    desk.refresh("").expect(0, "access-5\n", "");
    desk.assert_newest();
}

#[test]
fn a_token_without_a_refresh_token_is_printed_until_it_expires() {
    let desk = Desk::new();
    desk.edit(|content| drop(content["tokens"].as_object_mut().unwrap().remove("refresh")));
    expires_too_early(&desk, "access-1\n");
    desk.expire();
    let url = desk.server.url();
    desk.refresh("").expect(
        3,
        "",
        &format!(
            "error: the access token has expired, and the server gave no refresh token\n\
             hint: log in again: `fob pair --from {url} --user al --password-env PASSWORD --profile oauth --session api.json`\n"
        ),
    );
}

#[test]
fn a_token_from_the_future_is_refreshed() {
    let desk = Desk::new();
    desk.edit(|content| {
        content["tokens"]["arrived"] = 4_000_000_000_u64.into();
        content["tokens"]["expires"] = 4_000_000_300_u64.into();
    });
    desk.refresh("").expect(0, "access-3\n", "");
}

#[test]
fn many_processes_share_one_refresh() {
    const PROCESSES: usize = 64;
    let desk = Desk::new();
    desk.expire();
    desk.server.facts().delay = Duration::from_millis(300);
    // Quiet: a process that waits for long says so.
    let outputs: Vec<String> = thread::scope(|scope| {
        let run = |_| scope.spawn(|| desk.refresh("-q --format header").success().to_owned());
        let threads: Vec<_> = (0..PROCESSES).map(run).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outputs, vec!["Authorization: Bearer access-3\n"; PROCESSES]);
    let facts = desk.server.facts().clone();
    assert_eq!((facts.refreshes, facts.refused, facts.requests), (1, 0, 2));
    desk.assert_newest();
}

#[test]
fn processes_that_wait_share_a_token_without_a_known_lifetime() {
    let desk = Desk::empty();
    desk.server.facts().expires_in = None;
    desk.log_in().success_with_note();
    desk.server.facts().delay = Duration::from_millis(3000);
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| desk.refresh("-q").success().to_owned())).collect();
        threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), "access-3\n"));
    });
    assert_eq!(desk.server.facts().refreshes, 1);
}

#[test]
fn processes_that_wait_share_a_token_that_has_expired_on_arrival() {
    let desk = Desk::empty();
    desk.server.facts().expires_in = Some(0);
    desk.log_in().success_with_note();
    desk.expire();
    desk.server.facts().delay = Duration::from_millis(1500);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| desk.refresh(""))).collect();
        for ended in threads.into_iter().map(|thread| thread.join().unwrap()) {
            let is_told = ended.stderr.starts_with("warning: the access token expires ");
            assert!(ended.status == Some(0) && ended.stdout == "access-3\n" && is_told, "{ended}");
        }
    });
    assert_eq!(desk.server.facts().refreshes, 1);
}

#[test]
fn a_name_with_spaces_can_be_pasted_from_each_hint() {
    let desk = Desk::empty();
    let url = desk.server.url();
    let named =
        |name: &str, words: &[&str]| desk.process("").args(words).args(&[format!("--session={name}")]).run();
    let login = ["pair", "--from", &url, "--profile", "oauth", "--user", "al", "--password-env", "PASSWORD"];
    for (name, option) in [("my api.json", "--session 'my api.json'"), ("-api.json", "--session=-api.json")] {
        named(name, &["refresh"]).expect(
            2,
            "",
            &format!(
                "error: there is no session in {name}: no such file\n\
                 hint: log in with `fob pair --from URL --user NAME {option}`\n"
            ),
        );
        named(name, &login).expect(
            0,
            "",
            &format!("logged in: `fob refresh {option}` prints the access token\n"),
        );
        named(name, &["revoke"]).expect(
            2,
            "",
            &format!(
                "error: the session does not know the URL where its server ends sessions\n\
                 hint: name its revocation endpoint: `fob revoke {option} --from URL`\n"
            ),
        );
    }
}

#[test]
fn a_refresh_token_of_another_program_begins_a_session() {
    let desk = Desk::empty();
    let (url, token) = (desk.server.url(), desk.server.issue());
    let answer = format!("{{\"access_token\":\"old\",\"refresh_token\":\"{token}\",\"expires_in\":60}}");
    let run = |text: &str| {
        desk.process(&format!("refresh --from {url} --profile oauth --session api.json -")).stdin(text).run()
    };
    run(&answer).expect(0, "access-2\n", "");
    desk.assert_newest();
    assert_eq!(desk.names(), [".api.json.lock", "api.json"]);
    desk.refresh("").expect(0, "access-2\n", "");
    // A token that is refused changes nothing.
    let before = desk.content();
    let refused = run("other");
    assert!(refused.stderr.starts_with("error: cannot refresh at "), "{refused}");
    assert!(
        refused.stderr.ends_with(&format!(
            "hint: log in again with the other program, and give its new refresh token to \
             `fob refresh --from {url} --profile oauth --session api.json`\n"
        )),
        "{refused}"
    );
    assert_eq!((refused.status, before), (Some(1), desk.content()));
    assert_eq!(desk.names(), [".api.json.lock", "api.json"]);
}

#[test]
fn values_that_may_be_secret_are_not_kept() {
    let desk = Desk::empty();
    let url = desk.server.url();
    let login = format!(
        "pair --from {url} --profile oauth --user al --password-env PASSWORD --session api.json --field scope=a \
         --field otp=123456 --field-env header:apikey=API_KEY"
    );
    desk.process(&login).env("API_KEY", "k-e-y").run().expect(
        0,
        "",
        "warning: --field otp is not kept in the session, since it may be a secret\n\
         hint: if each refresh needs it, use --field-env\n\
         logged in: `fob refresh --session api.json` prints the access token\n",
    );
    let text = std::fs::read_to_string(desk.path()).unwrap();
    assert!(!text.contains("123456") && !text.contains("k-e-y") && text.contains("API_KEY"), "{text}");
    desk.expire();
    desk.refresh("").expect(
        2,
        "",
        "error: the session needs the environment variable API_KEY, which is not set\n",
    );
    assert_eq!(desk.server.facts().requests, 1);
    desk.process("refresh --session api.json").env("API_KEY", "k-e-y").run().expect(0, "access-3\n", "");
    assert_eq!(desk.server.facts().last["scope"], "a");
}

#[test]
fn a_session_says_all_that_the_server_needs() {
    let desk = Desk::new();
    for (option, name) in
        [("x.y.z", "the token"), ("--pick access", "--pick"), ("--profile oauth", "--profile")]
    {
        desk.refresh(option).expect(
            2,
            "",
            &format!(
                "error: {name} cannot be used: the session file already has this value\n\
                 hint: leave it out, or begin another session with --from\n"
            ),
        );
    }
    Process::line("refresh --valid-for 1m").run().expect_status(&[2]);
    Process::line("pair --user-id 7 --session api.json").run().expect_status(&[2]);
}

#[test]
fn a_failed_login_leaves_nothing_behind() {
    let desk = Desk::empty();
    let url = desk.server.url();
    let login =
        format!("pair --from {url} --profile oauth --user al --password-env PASSWORD --session api.json");
    desk.process(&login).env("PASSWORD", "wrong").run().expect_status(&[1]);
    assert_eq!(desk.names(), [""; 0]);
    let begin = format!("refresh --from {url} --profile oauth --session api.json wrong");
    desk.fob(&begin).expect_status(&[1]);
    assert_eq!(desk.names(), [""; 0]);
    // A login that fails leaves an older session as it was.
    desk.log_in().success_with_note();
    let before = desk.content();
    desk.process(&login).env("PASSWORD", "wrong").run().expect_status(&[1]);
    assert_eq!(desk.content(), before);
    assert_eq!(desk.names(), [".api.json.lock", "api.json"]);
}
