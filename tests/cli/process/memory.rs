//! Secrets in the memory of a process. What is no longer needed is wiped: the types of secrets do it when they are dropped, and
//! no other type holds one. Root can look into a real process.

use fob::core::key::secret::{Secret, SecretBuffer, SecretVariable};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use zeroize::ZeroizeOnDrop;

/// Compiles only for types that wipe themselves.
const fn wipes_itself<T: ZeroizeOnDrop>() {}

#[test]
fn the_types_of_secrets_wipe_themselves() {
    wipes_itself::<Secret>();
    wipes_itself::<SecretBuffer>();
    wipes_itself::<SecretVariable>();
    // Clones share the bytes, so that fewer copies are there to wipe.
    let secret = Secret::new(b"zebra".to_vec());
    assert!(std::ptr::eq(secret.expose(), secret.clone().expose()));
}

/// Words in the names of fields that hold secrets.
const WORDS: [&str; 6] = ["secret", "password", "passphrase", "private", "seed", "plaintext"];

/// Types that leave their bytes in memory.
const LEAVING: [&str; 6] = ["String", "Vec<u8>", "OsString", "Box<[u8]>", "Box<str>", "Cow<"];

/// The fields with such a name and such a type that hold no secret: names of variables.
const NAMES: [&str; 6] = [
    "client_secret_env",
    "decrypt_secret_env",
    "encrypt_secret_env",
    "key_password_env",
    "password_env",
    "secret_env",
];

#[test]
fn no_field_for_a_secret_has_a_type_that_leaves_it_in_memory() {
    let mut found = BTreeSet::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let Some((name, kind)) = line.trim().trim_end_matches(',').split_once(": ") else { continue };
            let name = name.rsplit(' ').next().unwrap();
            let kind = kind.strip_prefix("Option<").unwrap_or(kind);
            let is_field = line.starts_with(' ') && line.trim_end().ends_with(',') && !line.contains('"');
            let is_secret = WORDS.iter().any(|word| name.contains(word));
            if is_field && is_secret && LEAVING.iter().any(|leaving| kind.starts_with(leaving)) {
                found.insert(name.to_owned());
            }
        }
    }
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), NAMES);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[cfg(target_os = "linux")]
mod of_a_process {
    use crate::support::world::World;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use std::fs::{self, File};
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::os::unix::fs::FileExt as _;
    use std::process::{Command, Stdio};

    const TEXT: &str = "Umbrella-Kettle-violet-31-orchard-xq7-ok";

    /// Counts how often each of these bytes is in the memory of a process. The stack is left out: a build without optimization
    /// leaves pieces there.
    fn count(process: u32, wanted: &[&[u8]]) -> Vec<usize> {
        let memory = File::open(format!("/proc/{process}/mem")).unwrap();
        let mut counts = vec![0; wanted.len()];
        for line in fs::read_to_string(format!("/proc/{process}/maps")).unwrap().lines() {
            let mut columns = line.split_whitespace();
            let (range, rights) = (columns.next().unwrap(), columns.next().unwrap());
            if !rights.starts_with("rw") || line.ends_with("[stack]") {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).unwrap());
            let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
            let length = memory.read_at(&mut bytes, start).unwrap_or_default();
            for (count, wanted) in counts.iter_mut().zip(wanted) {
                *count += memchr::memmem::find_iter(&bytes[..length], wanted).count();
            }
        }
        counts
    }

    /// Runs `fob verify --lines` with a key until it has judged one token, deletes the file of the key, and counts.
    fn copies(options: &[&str], content: &[u8], wanted: &[&[u8]]) -> Vec<usize> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, content).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_fob"));
        command
            .args(["verify", "--lines", "-"])
            .args(options)
            .arg("key")
            .current_dir(folder.path())
            .env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        child.stdin.as_mut().unwrap().write_all(b"e30.e30.AA\n").unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        fs::remove_file(&path).unwrap();
        let counts = count(child.id(), wanted);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!line.is_empty());
        counts
    }

    #[test]
    fn holds_no_more_copies_of_a_secret_than_it_needs() {
        if !nix::unistd::geteuid().is_root() {
            // Root alone can read the memory of the process.
            return;
        }
        let text = TEXT.as_bytes();
        // One copy is the key. The other is the text as it was written, which tells hints what is wrong with it.
        assert_eq!(copies(&["--secret-file"], format!("{TEXT}\n").as_bytes(), &[text]), [2]);
        // It makes no difference how long it is.
        let long = TEXT.repeat(300);
        assert_eq!(copies(&["--secret-file"], format!("{long}\n").as_bytes(), &[long.as_bytes()]), [2]);
        assert_eq!(copies(&["--secret-file"], format!("{long}\n").as_bytes(), &[text]), [600]);
        let base64 = STANDARD.encode(TEXT);
        let options = ["--secret-format", "base64", "--secret-file"];
        assert_eq!(copies(&options, base64.as_bytes(), &[text, base64.as_bytes()]), [1, 1]);
        // The text of a JWK is not kept.
        let k = URL_SAFE_NO_PAD.encode(TEXT);
        let jwk = format!(r#"{{"kty":"oct","k":"{k}"}}"#);
        assert_eq!(copies(&["--key"], jwk.as_bytes(), &[text, k.as_bytes()]), [1, 0]);
    }

    #[test]
    fn holds_one_copy_of_a_private_key() {
        if !nix::unistd::geteuid().is_root() {
            // Root alone can read the memory of the process.
            return;
        }
        let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms");
        for name in [
            "p256.pk8.pem",
            "p256.sec1.pem",
            "p521.pk8.pem",
            "rsa.pk8.pem",
            "rsa.pkcs1.pem",
            "ed25519.pk8.pem",
            "ed25519.openssh",
        ] {
            let shown = World::bare().folder(vectors).run(format!("key show {name} --private -q"));
            let jwk = shown.json();
            let part =
                |member: &str| URL_SAFE_NO_PAD.decode(jwk[member].as_str().unwrap_or_default()).unwrap();
            let parts: Vec<Vec<u8>> = ["d", "p", "q", "dp", "dq", "qi"]
                .map(part)
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            let wanted: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            let content = fs::read(format!("{vectors}/{name}")).unwrap();
            assert_eq!(copies(&["--key"], &content, &wanted), vec![1; wanted.len()], "{name}");
            // As a JWK, it has the same parts.
            assert_eq!(copies(&["--key"], &shown.stdout, &wanted), vec![1; wanted.len()], "{name} as a JWK");
        }
    }
}
