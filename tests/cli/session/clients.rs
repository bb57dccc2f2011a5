//! Sessions of clients that prove their identity: the file says where the secret or the key is, and each exchange reads it.

use super::Desk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[test]
fn the_secret_of_a_client_stays_in_its_variable() {
    let desk = Desk::empty();
    let url = desk.server.url();
    let login = format!(
        "pair --from {url} --profile oauth --user al --password-env PASSWORD --client web \
         --client-secret-env CLIENT_SECRET --session api.json"
    );
    desk.process(&login).env("CLIENT_SECRET", "zebra crossing").run().success_with_note();
    let text = std::fs::read_to_string(desk.path()).unwrap();
    assert!(!text.contains("zebra") && text.contains("CLIENT_SECRET"), "{text}");
    desk.expire();
    let error = "error: the session needs the environment variable CLIENT_SECRET, which is not set\n";
    desk.refresh("").expect(2, "", error);
    assert_eq!(desk.server.facts().requests, 1);
    desk.process("refresh --session api.json").env("CLIENT_SECRET", "zebra crossing").run().expect(
        0,
        "access-3\n",
        "",
    );
    let basic = format!("Basic {}", STANDARD.encode("web:zebra+crossing"));
    assert!(desk.server.facts().head.contains(&basic), "{}", desk.server.facts().head);
}

#[test]
fn relative_paths_are_kept_from_the_root() {
    let desk = Desk::empty();
    let url = desk.server.url();
    std::fs::write(desk.folder.path().join("secret.txt"), "zebra\n").unwrap();
    let login = format!(
        "pair --from {url} --profile oauth --user al --password-env PASSWORD --client web \
         --client-secret-file secret.txt --client-auth form --session api.json"
    );
    desk.fob(&login).success_with_note();
    desk.expire();
    let path = desk.path().display().to_string();
    crate::support::process::Process::line(&format!("refresh --session {path}")).folder("/").run().expect(
        0,
        "access-3\n",
        "",
    );
    assert_eq!(desk.server.facts().last["client_secret"], "zebra");
}

#[test]
fn a_client_gets_its_next_token_by_the_same_grant() {
    let desk = Desk::empty();
    let issuer = desk.server.issuer();
    let login = format!(
        "pair --issuer {issuer} --grant client-credentials --client web --client-secret-env S --field scope=read \
         --session api.json"
    );
    let run = |line: &str| desk.process(line).env("S", "zebra").run();
    run(&login).success_with_note();
    // The metadata list the body alone.
    assert_eq!(desk.server.facts().last["client_secret"], "zebra");
    run("refresh --session api.json").expect(0, "access-1\n", "");
    desk.expire();
    run("refresh --session api.json").expect(0, "access-2\n", "");
    let facts = desk.server.facts().clone();
    assert_eq!((facts.logins, facts.refreshes), (2, 0));
    let sent = |name: &str| facts.last[name].as_str();
    assert_eq!(
        (sent("grant_type"), sent("client_secret"), sent("scope")),
        ("client_credentials", "zebra", "read")
    );
    // The metadata name the endpoint that ends the session, too.
    run("revoke --session api.json -q").expect(0, "", "");
    assert_eq!(desk.server.facts().revoked, ["access-2"]);
    assert_eq!(desk.names(), [""; 0]);
}

#[test]
fn each_exchange_signs_an_assertion_of_its_own() {
    let desk = Desk::empty();
    let issuer = desk.server.issuer();
    desk.fob("key new --alg ES256 --out key.pem").expect_status(&[0]);
    let login = format!(
        "pair --issuer {issuer} --user al --password-env PASSWORD --client web --client-key key.pem --session api.json"
    );
    desk.fob(&login).success_with_note();
    let first = desk.server.facts().last["client_assertion"].clone();
    desk.expire();
    desk.refresh("").expect(0, "access-3\n", "");
    let second = desk.server.facts().last["client_assertion"].clone();
    assert_ne!(first, second);
    let claim = |token: &str, name: &str| {
        desk.process(&format!("decode --claim {name} -")).stdin(token).run().success().trim_end().to_owned()
    };
    assert_ne!(claim(&first, "jti"), claim(&second, "jti"));
    assert_eq!(claim(&second, "aud"), issuer);
    desk.fob("revoke --session api.json -q").expect(0, "", "");
    let third = desk.server.facts().last["client_assertion"].clone();
    assert_ne!(claim(&second, "jti"), claim(&third, "jti"));
}
