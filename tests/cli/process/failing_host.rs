//! Runs in this process in which one call to the outside world fails, at every position: reads and writes, opening and replacing
//! files, requests, locks and randomness. A run whose output is not complete ends with a status other than 0. A file or a store
//! has its old content or its new one, never less. A short read or write, and one that a signal interrupts, change nothing.

use crate::support::faulty_host::{Aftermath, Call, Fault, FaultyWorld, Plan};
use crate::support::world::{SECRET, World, split, token};
use fob::host::Response;
use std::fs;
use std::path::Path;

const EINTR: i32 = 4;
const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const EPIPE: i32 = 32;

/// The faults that are tried at each position.
const FAULTS: [Fault; 5] =
    [Fault::Error(ENOSPC), Fault::Error(EIO), Fault::Error(EPIPE), Fault::Error(EINTR), Fault::Short];

/// The largest number of calls of a run.
const MOST_CALLS: usize = 2000;

/// The main forms of the commands, without stores. The token is on standard input and in the file `token`.
const LINES: &str = "\
    encode --sub a --exp 1h
    encode --sub a --exp 1h --jti --json
    encode @claims --format header
    encode --lines claims
    encode --sub a --encrypt-for p256.pem --exp 1h --json --flaw expired
    encode --flaw expired --sub a
    decode
    decode @token --json
    decode @token --claim sub
    decode @token --part payload
    decode --lines tokens
    decode --lines tokens --json
    decode x.y.z
    verify
    verify --json
    verify -v
    verify -q
    verify --get sub
    verify @token --iss other
    verify @token --secret-file secret
    verify @token -s wrong-secret-of-thirty-two-bytes --json
    verify --lines tokens
    verify --lines tokens --json
    verify --lines tokens --print accepted
    verify --lines - --json
    verify --key p256.pem @token
    verify --key https://a.example/jwks.json --cache cache @token
    verify --issuer-keys https://a.example --cache cache @token
    verify --suite suite.toml
    verify --suite suite.toml --json
    test suite.toml --report junit=junit.xml
    test suite.toml --report html=report.html --report sarif=-
    inspect
    inspect text
    inspect text --json
    inspect text --oneline
    inspect text --redact
    inspect . --oneline
    inspect @token --valid-for 5m --require sub
    inspect @token --report html=page.html
    pair --user-id 7
    pair --user-id 7 --json
    pair --user-id 7 --format env
    pair --user-id 7 --profile oauth --aud a
    pair --from https://a.example/token --user al --password-env PW --profile oauth
    pair --from https://a.example/token --user al --password-env PW --profile oauth --session new.json
    refresh @refresh
    refresh @refresh --rotate --json
    refresh @token
    refresh --from https://a.example/token @refresh --profile oauth --json
    key new --alg HS256 --seed 1
    key new --alg HS512 --seed 1 --format jwk --kid a --out new.jwk
    key new --alg Ed25519 --seed 1 --out new.pem
    key show p256.pem --json
    key show p256.pem --public --format jwk
    key show --format jwks p256.pem set.json
    key show set.json --thumbprint
    schema verify
    completions bash
    man
    help verify
    verify --nope
    verify @missing";

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys").join(name)).unwrap()
}

/// Returns a world with files for all lines.
fn world() -> FaultyWorld {
    let mut world = FaultyWorld::default();
    let token = token(r#"{"sub":"a","exp":4102444800,"jti":"j"}"#);
    let refresh = World::new().run("pair --user-id 7 --json").json()["refresh"].as_str().unwrap().to_owned();
    world.stdin = format!("{token}\n").into_bytes();
    world.variables = [("FOB_SECRET", SECRET.to_owned()), ("PW", "hunter2-and-more".to_owned())].into();
    let lines = format!("{token}\nx.y.z\n\n{token}\n");
    let suite = format!(
        "[defaults]\nsecret-env = 'FOB_SECRET'\n[[cases]]\nname = 'a'\ntoken = '{token}'\n[[cases]]\nname = 'b'\nmint = {{ sub = 'x' }}\n"
    );
    let issued = serde_json::json!({
        "access_token": token, "refresh_token": "opaque-refresh-token-of-a-server", "token_type": "Bearer", "expires_in": 300
    });
    for (name, content) in [
        ("token", token.clone().into_bytes()),
        ("refresh", refresh.into_bytes()),
        ("tokens", lines.into_bytes()),
        ("claims", b"{\"sub\":\"a\"}\n{\"sub\":\"b\"}\n".to_vec()),
        ("secret", SECRET.as_bytes().to_vec()),
        ("text", format!("Authorization: Bearer {token}\nid={token}\n").into_bytes()),
        ("p256.pem", vector("p256.pub.pem")),
        ("set.json", vector("jwks.json")),
        ("suite.toml", suite.into_bytes()),
    ] {
        world.files.add(name, content);
    }
    // The claims of a single payload are one object.
    world.files.add("claim", r#"{"sub":"a"}"#);
    let document = |body: Vec<u8>| Ok(Response { status: 200, body, ..Response::default() });
    world.servers.set("https://a.example/jwks.json", document(vector("jwks.json")));
    let metadata = r#"{"issuer":"https://a.example","jwks_uri":"https://a.example/jwks.json"}"#;
    for path in [".well-known/openid-configuration", ".well-known/oauth-authorization-server"] {
        world.servers.set(&format!("https://a.example/{path}"), document(metadata.into()));
    }
    world.servers.set_for_posts(document(issued.to_string().into_bytes()));
    world
}

/// Asserts what must hold after a fault, compared with the run without one.
#[track_caller]
fn assert_whole(
    line: &str,
    plan: &Plan,
    fault: Fault,
    before: &FaultyWorld,
    whole: &Aftermath,
    after: &Aftermath,
) {
    let call = plan.failed().unwrap();
    let about = format!(
        "{line} ({fault:?}, {call:?}): {} {}{}",
        after.status,
        String::from_utf8_lossy(&after.stdout),
        after.stderr
    );
    // To the program, an interrupted read is a signal to end: the host repeats all others.
    if fault == Fault::Error(EINTR) && call == Call::Read && after.status == 130 {
        return;
    }
    let is_stream = call != Call::Other;
    if fault == Fault::Short || (fault == Fault::Error(EINTR) && is_stream) || call == Call::WriteMessage {
        let same = (after.status, &after.stdout, &after.files) == (whole.status, &whole.stdout, &whole.files);
        assert!(same, "{about}");
        return;
    }
    let is_complete = after.stdout == whole.stdout;
    // A reader that has seen enough closes the pipe. A verdict must be read.
    let has_verdict = ["verify", "refresh", "test"].iter().any(|command| line.starts_with(command))
        // The login stays in its file.
        && !line.contains("--session");
    let is_closed = fault == Fault::Error(EPIPE) && call == Call::WriteOutput && !has_verdict;
    assert!(after.status != 0 || is_complete || is_closed, "{about}");
    assert!(after.status != 0 || whole.status == 0 || is_closed, "{about}");
    // An error document can follow the results before it.
    let is_document = |rest: &[u8]| rest.starts_with(b"{\"error\"") || rest.starts_with(b"{\"verdict\"");
    let shared = after.stdout.iter().zip(&whole.stdout).take_while(|(one, other)| one == other).count();
    let rest = &after.stdout
        [after.stdout[..shared].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)..];
    // A report can be about what was read before an error, or say that nothing was.
    let is_other =
        after.status != 0 && (call != Call::WriteOutput || is_document(rest) || line.starts_with("test"));
    assert!(shared == after.stdout.len() || is_other, "{about}");
    for (path, content) in &after.files {
        let old = before.files.files.get(path);
        let is_new = whole.files.get(path) == Some(content);
        let is_reserved = content.iter().all(|byte| *byte == b' ');
        // A report says that not everything was read.
        let is_report =
            after.status != 0 && line.contains("--report") && content.trim_ascii_end().ends_with(b">");
        assert!(old == Some(content) || is_new || is_reserved || is_report, "{}: {about}", path.display());
    }
    assert!(before.files.files.keys().all(|path| after.files.contains_key(path)), "{about}");
    assert!(!after.stderr.contains(SECRET) && !after.stderr.contains("hunter2"), "{about}");
}

/// The number of bytes after which streams fail, for one command line.
const POSITIONS: usize = 40;

/// Runs a command line once for each position of each fault.
fn try_all(line: &str, world: &FaultyWorld) {
    let words = split(line);
    let never = Plan::new(Fault::Short, usize::MAX);
    let whole = world.run(&words, &never);
    for fault in FAULTS {
        for position in 0..MOST_CALLS {
            let plan = Plan::new(fault, position);
            let after = world.run(&words, &plan);
            if plan.failed().is_none() {
                assert!(position > 0, "{line} makes no call");
                assert_eq!(after, whole, "{line}");
                break;
            }
            assert_whole(line, &plan, fault, world, &whole, &after);
        }
    }
    let longest = world.files.files.values().map(Vec::len).max().unwrap_or_default();
    for (fault, length) in [(Fault::FullDisk, whole.stdout.len()), (Fault::BrokenDisk, longest)] {
        for position in (0..length).step_by((length / POSITIONS).max(1)) {
            let plan = Plan::new(fault, position);
            let after = world.run(&words, &plan);
            match plan.failed() {
                Some(_) => assert_whole(line, &plan, fault, world, &whole, &after),
                None => assert_eq!(after, whole, "{line}"),
            }
        }
    }
}

#[test]
fn loses_nothing_when_any_call_fails() {
    let world = world();
    for line in LINES.lines().map(str::trim) {
        try_all(line, &world);
    }
}

#[test]
fn loses_no_login_when_any_call_fails() {
    let world = world();
    let never = Plan::new(Fault::Short, usize::MAX);
    let login =
        "pair --from https://a.example/token --user al --password-env PW --profile oauth --session api.json";
    let after = world.run(&split(login), &never);
    assert_eq!(after.status, 0, "{}", after.stderr);
    let mut with_login = world.clone();
    with_login.files.files = after.files;
    for line in [
        "refresh --session api.json",
        "refresh --session api.json --json",
        "refresh --session api.json --renew",
        "revoke --session api.json",
    ] {
        try_all(line, &with_login);
    }
}

#[test]
fn a_store_has_its_old_records_or_its_new_ones_when_any_call_fails() {
    let world = world();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let store = path.display();
    let never = Plan::new(Fault::Short, usize::MAX);
    let run = |line: &str| world.run(&split(line), &never);
    let records = || run(&format!("revoke --list --json --store {store}")).stdout;
    let start = |saved: &[u8]| {
        for companion in ["s.db-wal", "s.db-shm"] {
            let _ = fs::remove_file(folder.path().join(companion));
        }
        fs::write(&path, saved).unwrap();
    };
    assert_eq!(run(&format!("pair --user-id 9 --store {store}")).status, 0);
    let saved = fs::read(&path).unwrap();
    let old = records();
    for command in [
        "pair --user-id 7 --json",
        "refresh @refresh --rotate --json",
        "refresh @refresh",
        "verify --once @token",
        "verify --once --json @token",
        "verify --once --lines tokens",
        "verify @token",
        "revoke @token",
        "revoke @token --json",
        "revoke --subject 9",
        "revoke --list",
        "revoke --prune",
    ] {
        let line = format!("{command} --store {store}");
        let words = split(&line);
        start(&saved);
        let whole = world.run(&words, &never);
        assert_eq!(whole.status, u8::from(command.contains("--lines")), "{line}: {}", whole.stderr);
        let new = records();
        for fault in FAULTS {
            for position in 0..MOST_CALLS {
                start(&saved);
                let plan = Plan::new(fault, position);
                let after = world.run(&words, &plan);
                if plan.failed().is_none() {
                    break;
                }
                assert_whole(&line, &plan, fault, &world, &whole, &after);
                let found = records();
                let is_partial = command.contains("--lines");
                assert!(found == old || found == new || is_partial, "{line} ({fault:?}, {position})");
                // A success is recorded.
                assert!(
                    after.status != 0 || found == new,
                    "{line} ({fault:?}, {position}): {}",
                    after.stderr
                );
            }
        }
    }
}
