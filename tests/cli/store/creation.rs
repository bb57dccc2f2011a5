//! Stores that do not exist yet. The first record creates the file: a token that is refused, and input that cannot be used,
//! leave none behind.

use crate::store::sandbox::Sandbox;
use crate::support::world::signed;
use std::fs;
use std::thread;

impl Sandbox {
    /// Asserts that a command line ends with this status, and creates no store.
    #[track_caller]
    fn creates_nothing(&self, line: &str, status: i32) {
        let ended = self.run(line);
        assert!(ended.status == Some(status) && !self.path("new.db").exists(), "{ended}");
        assert!(!ended.stderr.contains("was created"), "{ended}");
    }
}

#[test]
fn creates_no_store_for_a_token_that_cannot_be_read() {
    let sandbox = Sandbox::without_store();
    fs::write(sandbox.path("text"), "dear diary").unwrap();
    fs::write(sandbox.path("number"), "eyJhbGciOiJIUzI1NiJ9.NQ.AAAA").unwrap();
    for command in
        ["revoke", "revoke --family", "verify --once", "verify --once --json", "refresh", "refresh --rotate"]
    {
        for token in ["@missing", "@.", "@text", "@number", "''"] {
            let ended = sandbox.run(&format!("{command} --store new.db {token}"));
            assert!(ended.status.is_some_and(|status| status > 0), "{ended}");
            assert!(!sandbox.path("new.db").exists(), "{ended}");
        }
    }
    for line in [
        "verify --once --lines missing --store new.db",
        "pair --user-id 7 --alg ES256 --store new.db",
        "pair --user-id 7 --key missing --store new.db",
        "revoke --subject '' --store new.db",
    ] {
        sandbox.creates_nothing(line, 2);
    }
}

#[test]
fn creates_no_store_for_a_token_that_is_refused() {
    let sandbox = Sandbox::without_store();
    fs::write(sandbox.path("other"), signed(r#"{"alg":"HS256"}"#, r#"{"token_type":"refresh","exp":1}"#))
        .unwrap();
    fs::write(sandbox.path("lines"), format!("{}\nx\n", fs::read_to_string(sandbox.path("access")).unwrap()))
        .unwrap();
    let wrong = "-s another-secret-of-thirty-two-bytes";
    for command in ["refresh", "refresh --rotate", "refresh --json", "verify --once", "verify --once --json"]
    {
        sandbox.creates_nothing(&format!("{command} --store new.db @refresh {wrong}"), 1);
        sandbox.creates_nothing(&format!("{command} --store new.db @refresh --iss me"), 1);
        sandbox.creates_nothing(&format!("{command} --store new.db @refresh --at +9999d"), 3);
    }
    sandbox.creates_nothing("refresh --store new.db @access", 1);
    sandbox.creates_nothing("refresh --store new.db @other", 3);
    sandbox.creates_nothing("refresh --store new.db @refresh --claim a=b", 1);
    sandbox.creates_nothing(&format!("verify --once --lines lines --store new.db {wrong}"), 1);
    sandbox.creates_nothing(&format!("verify --once --lines lines --store new.db {wrong} --json"), 1);
    // Without the claim that names its user, a pair cannot be kept in a store.
    sandbox.creates_nothing("pair --user-id 7 --store new.db --access-claim user_id=8", 2);
    sandbox.creates_nothing("refresh --store new.db @refresh --min-interval x", 2);
}

#[test]
fn creates_no_store_for_the_cases_of_a_suite_that_are_refused() {
    let sandbox = Sandbox::without_store();
    let access = fs::read_to_string(sandbox.path("access")).unwrap();
    let suite = |case: &str| {
        format!(
            "[defaults]\nsecret-env = 'FOB_SECRET'\nstore = 'new.db'\n[[cases]]\nname = 'a'\n{case}\ntoken = '{access}'\n"
        )
    };
    fs::write(sandbox.path("refused.toml"), suite("once = true\niss = 'me'\nexpect = 'claim_missing:iss'"))
        .unwrap();
    sandbox.creates_nothing("test refused.toml --allow store", 0);
    // The case that only reads the store comes after the one that creates it.
    let read = format!("[[cases]]\nname = 'b'\nexpect = 'reused'\ntoken = '{access}'\n");
    fs::write(sandbox.path("both.toml"), suite("once = true\nexpect = 'accepted'") + &read).unwrap();
    let ended = sandbox.run("test both.toml --allow store");
    assert_eq!(ended.status, Some(0), "{ended}");
    assert_eq!(ended.stderr.matches("was created").count(), 1, "{ended}");
}

#[test]
fn creates_a_store_with_its_first_record() {
    for (line, warned) in [
        ("pair -q --user-id 7 --store new.db", false),
        ("refresh -q --store new.db @refresh", true),
        ("verify -q --once --store new.db @access", true),
        ("verify -q --once --lines access --store new.db", true),
        ("revoke -q --store new.db @access", true),
        ("revoke -q --family --store new.db @access", true),
        ("revoke -q --subject 7 --store new.db", true),
    ] {
        let sandbox = Sandbox::without_store();
        let ended = sandbox.run(line);
        assert_eq!((ended.status, sandbox.path("new.db").exists()), (Some(0), true), "{ended}");
        let warning = "warning: the store new.db did not exist, so an empty one was created: ";
        assert_eq!(ended.stderr.contains(warning), warned, "{ended}");
        assert_eq!(sandbox.run("revoke --list --store new.db").status, Some(0));
    }
}

#[test]
fn one_of_several_processes_uses_a_token_in_a_store_that_all_create() {
    let sandbox = Sandbox::without_store();
    let winners = thread::scope(|scope| {
        let uses: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| sandbox.run("verify --once --store new.db @access").status))
            .collect();
        let statuses: Vec<_> = uses.into_iter().map(|one| one.join().unwrap()).collect();
        assert!(statuses.iter().all(|status| matches!(status, Some(0 | 1))), "{statuses:?}");
        statuses.iter().filter(|status| **status == Some(0)).count()
    });
    assert_eq!(winners, 1);
}
