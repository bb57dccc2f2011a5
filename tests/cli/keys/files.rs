//! Key files on a real disk: made new, for their owner alone, whole or not at all; and a word when others can read one.

use crate::keys::algorithms::new_key;
use crate::support::process::{Process, run_in as run};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

const NOTHING: &str = "";

#[test]
fn creates_files_for_the_owner_only_with_any_umask() {
    let folder = tempfile::tempdir().unwrap();
    for (umask, line) in [
        ("000", "--alg ES256 --out a"),
        ("022", "--alg RS256 --bits 2048 --format pem --out b"),
        ("077", "--alg HS256 --format secret --out c"),
    ] {
        let script = format!("umask {umask}; exec '{}' key new {line}", env!("CARGO_BIN_EXE_fob"));
        let output = Command::new("sh").args(["-c", &script]).current_dir(&folder).output().unwrap();
        assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    }
    assert_eq!(files(folder.path()), ["a", "b", "c"]);
    for name in ["a", "b", "c"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
        assert!(fs::read_to_string(folder.path().join(name)).unwrap().ends_with('\n'));
    }
    let (status, token, stderr) = run(folder.path(), "encode --key b");
    assert_eq!((status, stderr.as_str()), (Some(0), NOTHING));
    assert_eq!(run(folder.path(), &format!("verify --key b {token}")).0, Some(0));
}

#[test]
fn never_overwrites_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("old"), "precious").unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::create_dir(at("folder")).unwrap();
    symlink("old", at("link")).unwrap();
    symlink("nowhere", at("dangling")).unwrap();
    let before = files(folder.path());
    for name in ["old", "empty", "folder", "link", "dangling", "./old"] {
        let wanted = format!(
            "error: {name} already exists, and is not overwritten\n\
             hint: choose another path, or move the old file away\n"
        );
        let outcome = run(folder.path(), &format!("key new --alg ES256 --out {name}"));
        assert_eq!(outcome, (Some(2), String::new(), wanted));
    }
    assert_eq!(files(folder.path()), before);
    assert_eq!(fs::read_to_string(at("old")).unwrap(), "precious");
    assert_eq!(fs::read_to_string(at("empty")).unwrap(), "");
}

#[test]
fn one_of_many_concurrent_writers_creates_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..8)
        .map(|_| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
            command.args(["key", "new", "--alg", "ES256", "--out", "key"]).current_dir(&folder);
            command.stderr(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    let statuses = children.into_iter().map(|mut child| child.wait().unwrap().code().unwrap());
    assert_eq!(statuses.filter(|status| *status == 0).count(), 1);
    assert_eq!(files(folder.path()), ["key"]);
    assert_eq!(run(folder.path(), "encode --key key").0, Some(0));
}

#[test]
fn a_failed_write_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), "key new --alg ES256 --out gone/key");
    let (status, stdout, stderr) = outcome;
    assert_eq!((status, stdout.as_str()), (Some(2), NOTHING));
    assert!(stderr.starts_with("error: cannot write the ES256 key to gone/key: No such file"), "{stderr}");
    // A disk that takes not one byte more.
    let too_large = "error: cannot write the ES256 key to key: File too large";
    Process::with_file_limit(0, "key new --alg ES256 --out key")
        .folder(folder.path())
        .run()
        .failure(2, too_large);
    assert_eq!(files(folder.path()), [NOTHING; 0]);
}

#[test]
fn a_full_standard_output_is_an_error() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else { return };
    let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
    let output = command.args(["key", "new", "--alg", "ES256"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn warns_about_a_private_key_that_others_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let forms = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms"));
    fs::write(at("jwk"), new_key("ES256")).unwrap();
    fs::write(at("set"), format!(r#"{{"keys":[{}]}}"#, new_key("ES256"))).unwrap();
    fs::write(at("secret"), new_key("HS256")).unwrap();
    fs::copy(forms.join("p256.pk8.pem"), at("pem")).unwrap();
    fs::copy(forms.join("p256.chain.pem"), at("chain")).unwrap();
    let warning = |name: &str| {
        let what = if name == "secret" { "secret" } else { "private key" };
        format!("warning: other users can read the {what} in {name}; `chmod 600` makes it yours alone\n")
    };
    for name in ["jwk", "set", "secret", "pem", "chain"] {
        for (bits, warns) in [(0o600, false), (0o640, true), (0o604, true)] {
            fs::set_permissions(at(name), Permissions::from_mode(bits)).unwrap();
            for line in ["encode --key", "key show --thumbprint"] {
                let (status, _, stderr) = run(folder.path(), &format!("{line} {name}"));
                assert_eq!(status, Some(0), "{line} {name}: {stderr}");
                assert_eq!(stderr.contains(&warning(name)), warns, "{line} {name} {bits:o}: {stderr}");
            }
        }
    }
    // Verifying with the private half is no reason to leave it open.
    let (_, token, _) = run(folder.path(), "encode --key jwk");
    let (status, _, stderr) = run(folder.path(), &format!("verify --key jwk {token}"));
    assert_eq!((status, stderr), (Some(0), warning("jwk")));
}

#[test]
fn warns_about_an_unsupported_private_key_too() {
    let folder = tempfile::tempdir().unwrap();
    let forms = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms"));
    for name in ["ed448.pk8.pem", "x25519.pk8.pem", "dsa.pk8.pem"] {
        let path = folder.path().join(name);
        fs::copy(forms.join(name), &path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let (_, _, stderr) = run(folder.path(), &format!("key show {name}"));
        assert!(stderr.contains("other users can read the private key"), "{name}: {stderr:?}");
    }
}

#[test]
fn does_not_warn_about_a_readable_public_key() {
    let folder = tempfile::tempdir().unwrap();
    let forms = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms"));
    for name in ["p256.spki.pem", "p256.cert.pem", "rsa.pub.pkcs1.pem"] {
        let path = folder.path().join(name);
        fs::copy(forms.join(name), &path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let (status, _, stderr) = run(folder.path(), &format!("key show {name}"));
        assert_eq!((status, stderr.as_str()), (Some(0), NOTHING));
    }
}

#[test]
fn a_new_key_in_a_file_says_how_to_use_and_share_it() {
    for (options, what, hint) in [
        ("", "the private ES256", "share only its public half: fob key show my-key --public"),
        (
            "--alg RSA-OAEP-256 --bits 2048",
            "the private RSA-OAEP-256",
            "share only its public half: fob key show my-key --public",
        ),
        ("--alg HS256", "the shared HS256", "sign and verify with --key my-key"),
        ("--format secret", "the shared HS256", "sign and verify with --secret-file my-key"),
        (
            "--alg A256GCM",
            "the shared A256GCM",
            "encrypt with --encrypt-for my-key, and decrypt with --decrypt-key my-key",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let new = |more: &str| run(folder.path(), &format!("key new {options} {more}"));
        let expected = format!("note: wrote {what} key to my-key\nhint: {hint}\n");
        assert_eq!(new("--out my-key"), (Some(0), String::new(), expected), "{options}");
        assert_eq!(new("-q --out other"), (Some(0), String::new(), String::new()), "{options}");
        // Without --out, standard output has the key alone.
        let (_, stdout, stderr) = new("");
        assert!(!stdout.is_empty() && stderr.is_empty(), "{options}");
    }
}
