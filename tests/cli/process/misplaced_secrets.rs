//! Secrets in wrong places of a command line. No stream repeats 8 characters of one; plain words and paths are still quoted.

use crate::support::world::{World, token};

/// The number of characters that no stream may repeat.
const SHORTEST: usize = 8;

const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3vQ9mR7tX2kL5pW8nB4cD6fG0h\n-----END PRIVATE KEY-----";

/// Secrets as they are given, each with the part that must not be shown.
const SECRETS: [(&str, &str); 24] = [
    ("kX9vQ2mL7pR4tY8wZ1nB6cD3fG5hJ0sA", ""),
    ("kxqvzmlwprtygwbnbhcdafgihjksouei", ""),
    ("q83v/EiRNnwK/9sT2l7/pLxTa/0bW4Zc", ""),
    ("q83vEiRNnwK9+sT2l7pLxT/0bW4Zc9A=", ""),
    ("9f86d081884c7d659a2feaa0c55ad015", ""),
    ("9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08", ""),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", ""),
    (PEM, "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3vQ9mR7tX2kL5pW8nB4cD6fG0h"),
    (r#"{"kty":"oct","k":"kX9vQ2mL7pR4tY8wZ1nB6cD3fG5hJ0sA"}"#, "kX9vQ2mL7pR4tY8wZ1nB6cD3fG5hJ0sA"),
    ("c0rrect-H0rse!battery#9", ""),
    ("Tr0ub4dor&3~xyz", ""),
    ("orchard-lantern-quartz-0417-violin-ok", ""),
    ("redis//user:Quartz0417@h", "Quartz0417"),
    ("redis ://user:Quartz0417@h", "Quartz0417"),
    ("redis:user:Quartz0417@h", "Quartz0417"),
    ("rediss:/user:Quartz0417@h", "Quartz0417"),
    ("redis:///user:Quartz0417@h", "Quartz0417"),
    ("REDIS:/user:Quartz0417@h", "Quartz0417"),
    ("sqlite://user:Quartz0417@h", "Quartz0417"),
    ("https:/user:Quartz0417@h/a", "Quartz0417"),
    ("HTTPS//user:Quartz0417@h/a", "Quartz0417"),
    ("user:Quartz0417@h", "Quartz0417"),
    ("http://h.example/a?client_secret=Quartz0417", "Quartz0417"),
    ("http://h.example/a?v=1&sig=Quartz0417#x", "Quartz0417"),
];

/// Command lines with the secret in place of `@`; `=@` joins it to its option.
const LINES: &str = "\
    verify x.y.z --secret-file @
    verify x.y.z --secret-file=@
    verify x.y.z --key @
    verify x.y.z -k @
    encode --key @
    encode --key=@
    verify x.y.z --key k.pem --key-password-file @
    verify x.y.z --key k.pem --key-password-env @
    encode --secret-env @
    verify x.y.z --secret-env @
    decode x.y.z --decrypt-key @
    encode --alg @
    verify x.y.z --alg=@
    key new --alg @
    encode --secret-format @
    verify x.y.z -s a --store @
    revoke x.y.z --store @
    pair --user-id 1 -s a --store=@
    verify x.y.z --key https://a.example/ --cache @
    encode --out @
    key new --out @
    refresh --session @
    refresh --from @ x.y.z
    refresh --from=@ x.y.z
    verify x.y.z --issuer-keys @
    pair --profile @
    revoke x.y.z --profile=@
    verify x.y.z --at @
    encode --at=@
    encode --exp @
    encode --exp=@
    decode x.y.z --color @
    decode x.y.z --tz @
    test a.toml --report @
    verify --suite a.toml --report=html=@
    verify --suite @
    test @
    key show @
    decode @
    verify @ -s a
    verify x.y.z @
    decode x.y.z @ @
    encode @ @
    refresh @
    revoke @
    inspect @@
    @ x.y.z
    verify --@
    verify x.y.z --secret@
    encode --claim @
    encode --payload @
    encode --leeway @
    encode --flaw @
    decode --part @
    completions @
    help @";

#[track_caller]
fn assert_hidden(world: &World, words: &[String], secret: &str) {
    let outcome = world.run_words(words);
    let shown = format!("{}\n{}", outcome.text(), outcome.stderr);
    let shown = shown.replace("-----BEGIN PRIVATE KEY-----", "").replace("-----END PRIVATE KEY-----", "");
    let secret: Vec<char> = secret.chars().collect();
    for part in secret.windows(SHORTEST) {
        let part: String = part.iter().collect();
        assert!(!shown.contains(&part), "{words:?} shows `{part}`: {shown}");
    }
}

#[test]
fn no_stream_repeats_a_misplaced_secret() {
    let world = World::bare();
    let mut failures = Vec::new();
    for line in LINES.lines().map(str::trim) {
        for (given, hidden) in SECRETS {
            let hidden = if hidden.is_empty() { given } else { hidden };
            for json in [false, true] {
                // A token as the token of a command, and a JSON payload, are where they belong.
                let belongs = (line.ends_with(" @") || line.ends_with("@@")) && !line.contains(" --");
                let is_path = line.contains("--store") && given.starts_with("orchard");
                if is_path {
                    continue;
                }
                if belongs && given.starts_with(['e', '{']) {
                    continue;
                }
                // Any name can be that of a new store, so this one lacks its folder.
                let is_name = line.contains("--store") && !given.contains("@h") && !given.contains("//");
                let given = if is_name { format!("gone/{given}") } else { given.to_owned() };
                let mut words: Vec<String> =
                    line.split(' ').map(|word| word.replacen('@', &given, 1)).collect();
                words.extend(json.then(|| "--json".to_owned()));
                let run = std::panic::AssertUnwindSafe(|| assert_hidden(&world, &words, hidden));
                if std::panic::catch_unwind(run).is_err() {
                    failures.push(words);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} lines: {failures:#?}", failures.len());
}

/// Passwords that look like words or like the names of files.
const PASSWORDS: [&str; 9] = [
    "hunter2.key",
    "purple-monkey",
    "purple-monkey.pem",
    "keys/hunter2-x",
    "correct horse battery",
    "iloveyou.txt",
    "dragonrider",
    "qwerty123456",
    "p4ss-w0rd.secret",
];

/// Command lines in which a password is misplaced, though no file can be meant.
const WITHOUT_FILES: &str = "\
    verify x.y.z --secret-file @
    verify x.y.z --secret-file=@
    verify x.y.z --key @
    verify x.y.z -k @
    encode --key=@
    inspect x.y.z --key @
    pair --user-id 1 --key @
    refresh x.y.z --secret-file @
    verify x.y.z --key k.pem --key-password-file @
    verify x.y.z --key k.pem --key-password-env @
    verify x.y.z --secret-env @
    decode x.y.z --decrypt-key @
    decode x.y.z --decrypt-secret-file @
    encode --encrypt-for @
    encode --encrypt-secret-file @
    encode --alg @
    verify x.y.z --alg=@
    key new --alg @
    key show @
    encode --secret-format @
    verify x.y.z --at @
    encode --exp @
    encode --exp=@
    encode --nbf @
    verify x.y.z --leeway @
    verify x.y.z --max-age @
    verify x.y.z --max-size @
    verify --lines x --threads @
    pair --user-id 1 --access-ttl @
    pair --user-id 1 --profile @
    refresh x.y.z --min-interval @
    key new --alg RS256 --bits @
    encode --seed @
    encode --flaw @
    encode --format @
    decode x.y.z --color @
    decode x.y.z --tz @
    decode x.y.z --part @
    verify x.y.z --signatures @
    verify x.y.z --print @
    verify x.y.z --key https://a.example/?@=1
    completions @
    schema @
    man @
    help @
    verify x.y.z @
    decode x.y.z @ @
    @ x.y.z
    verify --@";

#[test]
fn no_stream_repeats_a_misplaced_password() {
    let world = World::bare();
    let mut failures = Vec::new();
    for line in WITHOUT_FILES.lines().map(str::trim) {
        for password in PASSWORDS {
            for json in [false, true] {
                let mut words: Vec<String> =
                    line.split(' ').map(|word| word.replacen('@', password, 1)).collect();
                words.extend(json.then(|| "--json".to_owned()));
                let run = std::panic::AssertUnwindSafe(|| assert_hidden(&world, &words, password));
                if std::panic::catch_unwind(run).is_err() {
                    failures.push(words);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} lines: {failures:#?}", failures.len());
}

#[test]
fn no_stream_repeats_a_misplaced_secret_in_a_variable() {
    for (given, hidden) in SECRETS {
        let hidden = if hidden.is_empty() { given } else { hidden };
        for (variable, line) in [
            ("FOB_STORE", "verify x.y.z -s a"),
            ("FOB_STORE", "revoke x.y.z"),
            ("FOB_KEY", "verify x.y.z"),
            ("FOB_KEY", "encode"),
            ("FOB_DECRYPT_KEY", "decode x.y.z"),
            ("FOB_SECRET", "verify x.y.z --key k.pem"),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_hidden(&World::bare().env(variable, given), &words, hidden);
        }
    }
}

#[test]
fn plain_words_and_paths_are_still_quoted() {
    let token = token("{}");
    for (words, quoted) in [
        (&["encode", "--alg", "HS265"][..], "'HS265'"),
        (&["decode", &token, "--part", "paylod"], "'paylod'"),
        (&["encode", "--exp", "next week"], "'next week'"),
        (&["verify", "x", "--key", "keys/gone.pem"], "keys/gone.pem"),
        (&["verify", "x", "--key", "/home/me/gone"], "/home/me/gone"),
        (&["verify", "x", "--secret-file", "tokn.jwt"], "tokn.jwt"),
        (&["encode", "-c", "role:admin"], "'role:admin'"),
        (&["verify", "--suite", "tests/api.toml"], "tests/api.toml"),
        (&["verify", "--nope"], "--nope"),
    ] {
        let stderr = World::bare().run_words(words).stderr;
        assert!(stderr.contains(quoted), "{words:?}: {stderr}");
    }
    let stderr = World::bare().run_words(&["encode", "--alg", SECRETS[0].0]).stderr;
    assert!(stderr.starts_with("error: invalid value of 32 characters for --alg\n"), "{stderr}");
}
