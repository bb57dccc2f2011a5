//! What commands reach: they write the files that were named, and connect to the URLs that were named. Nothing else, for every
//! command.

use crate::support::process::Process;
use crate::support::server::{Server, send};
use crate::support::strace::{SystemCall, calls, is_available};
use crate::support::world::token;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Command lines, and the files that each may change. `*` stands for the files that SQLite keeps beside a store.
const LINES: [(&str, &[&str]); 36] = [
    ("decode @token", &[]),
    ("decode --json @token", &[]),
    ("decode --lines lines", &[]),
    ("verify @token", &[]),
    ("verify --json -v @token", &[]),
    ("verify --lines lines", &[]),
    ("verify --key public.jwk @signed", &[]),
    ("verify --store s.db @token", &["s.db*"]),
    ("verify --once --store new.db @token", &["new.db*"]),
    ("verify --suite suite.toml", &[]),
    ("verify --suite suite.toml --report junit=report.xml", &["report.xml"]),
    ("verify --suite hostile.toml", &[]),
    ("inspect lines", &[]),
    ("inspect .", &[]),
    ("inspect --redact @token", &[]),
    ("inspect @token --report html=page.html", &["page.html"]),
    ("inspect @token --suite new.toml", &["new.toml"]),
    ("inspect @remote", &[]),
    ("verify @remote", &[]),
    ("encode --sub a", &[]),
    ("encode --sub a --json", &[]),
    ("encode --sub a --key private.jwk", &[]),
    ("encode --sub a --flaw all", &[]),
    ("pair --user-id 7", &[]),
    ("pair --user-id 7 --store s.db", &["s.db*"]),
    ("refresh @refresh", &[]),
    ("refresh --rotate --store s.db @refresh", &["s.db*"]),
    ("revoke --store s.db @token", &["s.db*"]),
    ("revoke --list --store s.db", &["s.db*"]),
    ("revoke --prune --store s.db", &["s.db*"]),
    ("key new", &[]),
    ("key new --alg ES256 --out key.jwk", &["key.jwk"]),
    ("key show private.jwk", &[]),
    ("completions bash", &[]),
    ("man --out pages", &["pages"]),
    ("schema verify", &[]),
];

/// Calls that change names or modes.
const CHANGES: [&str; 17] = [
    "creat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "truncate",
    "chmod",
    "fchmodat",
    "mknodat",
];

/// Returns the paths that a call writes, as the program named them.
fn written(call: &SystemCall) -> Vec<String> {
    let opens = ["open", "openat", "openat2"].contains(&call.name.as_str());
    let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"];
    let is_write = opens && writes.iter().any(|flag| call.arguments.contains(flag));
    if !is_write && !CHANGES.contains(&call.name.as_str()) {
        return Vec::new();
    }
    call.arguments.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Reports whether a path, as seen from the folder, is one that the command line names. A file gets its content under a
/// temporary name in the same folder.
fn is_named(path: &str, folder: &Path, named: &[&str]) -> bool {
    let Ok(inside) = folder.join(path).strip_prefix(folder).map(Path::to_owned) else { return false };
    let inside = inside.to_string_lossy().trim_start_matches("./").to_owned();
    let is_temporary = inside.starts_with(".fob-") && !inside.contains('/') && !named.is_empty();
    is_temporary
        || named.iter().any(|name| match name.strip_suffix('*') {
            Some(store) => {
                ["", "-wal", "-shm", "-journal"].iter().any(|end| inside == format!("{store}{end}"))
            }
            None => inside == *name || inside.starts_with(&format!("{name}/")),
        })
}

/// Returns the connections of a run, by the arguments of their calls.
fn connections(calls: &[SystemCall]) -> BTreeSet<String> {
    let names = ["socket", "connect", "bind", "sendto", "sendmsg"];
    let of_network = calls.iter().filter(|call| names.contains(&call.name.as_str()));
    of_network.map(|call| format!("{}({}", call.name, call.arguments)).collect()
}

/// Fills a folder with the files that the command lines read.
fn fill(folder: &Path, url: &str) {
    let run = |line: &str| Process::line(line).with_secret().folder(folder).run();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let pair: serde_json::Value =
        serde_json::from_str(run("pair --user-id 7 --json --store s.db").success()).unwrap();
    write("token", pair["access"].as_str().unwrap());
    write("refresh", pair["refresh"].as_str().unwrap());
    run("key new --alg ES256 -q --out private.jwk");
    write("public.jwk", &run("key show -q --public --format jwk private.jwk").stdout);
    write("signed", run("encode --sub a --key private.jwk").success());
    write("lines", &format!("{}\n", token(r#"{"sub":"a"}"#)).repeat(3));
    write(
        "suite.toml",
        &format!("[[cases]]\nname = \"a\"\ntoken = \"{}\"\nexpect = \"accepted\"\n", token(r#"{"sub":"a"}"#)),
    );
    let hostile = format!(
        "key = \"{url}/jwks\"\nstore = \"new.db\"\n[[cases]]\nname = \"a\"\ntoken_file = \"/etc/passwd\"\nexpect = \"accepted\"\n"
    );
    write("hostile.toml", &hostile);
    // A token that names places on the network.
    let header = format!(r#"{{"alg":"HS256","jku":"{url}/jwks","x5u":"{url}/x5u","kid":"{url}/kid"}}"#);
    let remote = crate::support::world::signed(&header, &format!(r#"{{"iss":"{url}"}}"#));
    write("remote", &remote);
}

#[test]
fn writes_only_named_files_and_connects_to_nothing() {
    if !is_available() {
        return;
    }
    let server = Server::plain(|_, out| send(out, 200, "", "{}"));
    let url = format!("http://{}", server.address);
    let template = tempfile::tempdir().unwrap();
    fill(template.path(), &url);
    for (line, named) in LINES {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(template.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        fs::create_dir(folder.path().join("pages")).unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        let (output, calls) = calls(&root, line);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            calls.len() > 10 && output.status.code().is_some_and(|status| status < 5),
            "{line}: {stderr}"
        );
        let foreign: Vec<String> = calls
            .iter()
            .flat_map(written)
            .filter(|path| {
                !["/dev/null", "/dev/tty"].contains(&path.as_str()) && !is_named(path, &root, named)
            })
            .collect();
        assert!(foreign.is_empty(), "{line} writes {foreign:?}");
        assert_eq!(connections(&calls), BTreeSet::new(), "{line}");
        let is_expected = |name: &str| fs::exists(root.join(name.trim_end_matches('*'))).unwrap();
        assert!(named.iter().all(|name| is_expected(name)), "{line} writes nothing: {stderr}");
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn connects_to_the_named_url_alone() {
    if !is_available() {
        return;
    }
    let server = Server::plain(|_, out| send(out, 200, "", r#"{"keys":[]}"#));
    let port = server.address.port();
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), "http://127.0.0.1:9");
    for line in [
        format!("verify --key http://127.0.0.1:{port}/jwks @remote"),
        format!("verify --store redis://127.0.0.1:{port} @token"),
        format!("revoke --list --store redis://127.0.0.1:{port}"),
        format!("pair --from http://127.0.0.1:{port} --user a --password-env FOB_SECRET"),
    ] {
        let (output, calls) = calls(folder.path(), &line);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let connects: Vec<&SystemCall> = calls.iter().filter(|call| call.name == "connect").collect();
        assert!(!connects.is_empty(), "{line}: {stderr}");
        for call in connects {
            assert!(call.arguments.contains(&format!("htons({port})")), "{line}: {}", call.arguments);
        }
    }
}
