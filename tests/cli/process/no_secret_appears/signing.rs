//! Secrets and private keys that sign and verify, in each form and from each source.

use super::{Bench, Channel, TEXT, form, new_key};
use crate::support::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// The commands, with `{k}` for the options that give the secret. `good.jwt` is a token of its key.
const COMMANDS: [&str; 36] = [
    "verify {k} @good.jwt",
    "verify {k} -v @good.jwt",
    "verify {k} --json @good.jwt",
    "verify {k} --get sub @good.jwt",
    "verify {k} --strict -v @good.jwt",
    "verify {k} --aud other --json @good.jwt",
    "verify {k} --at +1d -v @good.jwt",
    "verify {k} --alg HS512 --json @good.jwt",
    "verify {k} --alg ES512 @good.jwt",
    "verify {k} -v @forged.jwt",
    "verify {k} --json @forged.jwt",
    "verify {k} nonsense",
    "verify {k} --json @gone.jwt",
    "verify {k} --lines lines.txt",
    "verify {k} --json --lines lines.txt",
    "verify {k} --once --store once.db @good.jwt",
    "verify {k} --once --store nowhere/once.db @good.jwt",
    "verify {k} --decrypt-key broken.pem @good.jwt",
    "verify {k} --kid other @good.jwt",
    "verify {k} --kid-claim tid --json @good.jwt",
    "verify {k} --at nonsense @good.jwt",
    "inspect {k} @log.txt",
    "inspect {k} --json @log.txt",
    "inspect {k} --redact @log.txt",
    "inspect {k} --oneline @log.txt",
    "inspect {k} --report html=page.html @log.txt",
    "inspect {k} --suite recorded.toml @log.txt",
    "encode {k} --json --sub a",
    "encode {k} --format env --sub a",
    "encode {k} --header alg=none",
    "encode {k} --exp 3600",
    "encode {k} '{'",
    "encode {k} --exp 15m --flaw all --suite flaws.toml",
    "pair {k} --user-id 7 --json",
    "pair {k} --user-id 7 -c exp:=1",
    "refresh {k} --json @good.jwt",
];

/// Returns every source of the text secret.
fn text_channels(bench: &mut Bench) -> Vec<Channel> {
    bench.file("secret.txt", format!("{TEXT}\n"));
    bench.file("secret.b64", STANDARD.encode(TEXT));
    let hex: String = TEXT.bytes().map(|byte| format!("{byte:02X}")).collect();
    let jwk = format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(TEXT));
    bench.file("oct.jwk", &jwk);
    vec![
        Channel::new("--secret", &["--secret", TEXT]),
        Channel::new("--secret=", &[&format!("--secret={TEXT}")]),
        Channel::new("--secret-env", &["--secret-env", "VAR"]).env("VAR", TEXT),
        Channel::new("--secret-file", &["--secret-file", "secret.txt"]),
        Channel::new("standard input", &["-s", "-"]).stdin(TEXT),
        Channel::new("FOB_SECRET", &[]).env("FOB_SECRET", TEXT),
        Channel::new("hexadecimal", &["--secret-env", "VAR", "--secret-format", "hex"]).env("VAR", hex),
        Channel::new("Base64", &["--secret-file", "secret.b64", "--secret-format", "base64"]),
        Channel::new("a JWK as file", &["--key", "oct.jwk"]),
        Channel::new("a JWK in FOB_KEY", &[]).env("FOB_KEY", jwk),
    ]
}

/// Returns private keys in every form, and every source of a key and of its password.
fn key_channels(bench: &mut Bench) -> Vec<Channel> {
    let mut channels = Vec::new();
    for name in
        ["p256.pk8.pem", "p256.sec1.pem", "p521.pk8.pem", "rsa.pkcs1.pem", "rsa.pk8.pem", "ed25519.openssh"]
    {
        bench.key(name, form(name), None);
        channels.push(Channel::new(name, &["--key", name]));
    }
    for algorithm in ["ES256", "EdDSA", "ML-DSA-44"] {
        let name = format!("{algorithm}.jwk");
        bench.key(&name, new_key(&format!("--alg {algorithm}")), None);
        channels.push(Channel::new(&name, &["--key", &name]));
    }
    let set = format!(r#"{{"keys":[{}]}}"#, new_key("--alg ES384"));
    bench.key("set.jwks", set, None);
    channels.push(Channel::new("set.jwks", &["--key", "set.jwks"]));
    let password = "correct-horse";
    bench.marks.add(password.as_bytes());
    for name in ["p256.enc-sha256.pem", "p256.enc-scrypt.pem"] {
        bench.key(name, form(name), Some(password));
        // The encrypted key is no secret without its password, but it does not belong into a message either.
        let text = form(name);
        bench.marks.add(text.lines().rfind(|line| line.len() == 64).unwrap().as_bytes());
    }
    bench.file("password.txt", password);
    let encrypted = ["--key", "p256.enc-sha256.pem"];
    channels.extend([
        Channel::new("--key-password-env", &[&encrypted[..], &["--key-password-env", "PW"]].concat())
            .env("PW", password),
        Channel::new(
            "--key-password-file",
            &[&encrypted[..], &["--key-password-file", "password.txt"]].concat(),
        ),
        Channel::new("scrypt", &["--key", "p256.enc-scrypt.pem", "--key-password-env", "PW"])
            .env("PW", password),
        Channel::new("a path in FOB_KEY", &[]).env("FOB_KEY", "p256.pk8.pem"),
        Channel::new("a PEM in FOB_KEY", &[]).env("FOB_KEY", form("rsa.pk8.pem")),
        Channel::new("a key on standard input", &["--key", "-"]).stdin(form("p256.pk8.pem")),
    ]);
    channels
}

/// Runs every command with every second channel, the first command with all, and a suite with a report in every format.
fn cross(bench: &mut Bench, channels: &[Channel]) {
    bench.file("broken.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    for (position, channel) in channels.iter().enumerate() {
        // The secret is really used: it makes the token that the same secret accepts.
        let minted = bench.run(channel, "encode -q {k} --sub alice --exp 1h --iss me");
        assert_eq!(minted.status, Some(0), "{}: {minted}", channel.name);
        let token = minted.stdout.trim_end();
        bench.file("good.jwt", token);
        let (input, signature) = token.rsplit_once('.').unwrap();
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{input}.{first}{}", &signature[1..]);
        bench.file("forged.jwt", &forged);
        bench.file("lines.txt", format!("{token}\n{forged}\nnonsense\n"));
        bench.file("log.txt", format!("GET / Authorization: Bearer {token}\nand {forged}\n"));
        for (index, line) in COMMANDS.iter().enumerate() {
            if index > 0 && (index + position) % 2 == 0 {
                continue;
            }
            let ended = bench.run(channel, line);
            assert!(index != 0 || ended.status == Some(0), "{}: {line}: {ended}", channel.name);
        }
        suite(bench, channel, token);
    }
}

/// Runs a suite with a case that holds and one that does not, if a suite can name the secret.
fn suite(bench: &mut Bench, channel: &Channel, token: &str) {
    let words: Vec<&str> = channel.words.iter().map(String::as_str).collect();
    let key = match words.as_slice() {
        [option @ ("--secret-env" | "--secret-file" | "--key"), value] if *value != "-" => {
            format!("{} = '{value}'\n", option.trim_start_matches("--"))
        }
        [] => String::new(),
        _ => return,
    };
    let case = |name: &str, expect: &str| {
        format!("[[cases]]\nname = '{name}'\n{key}token = '{token}'\nexpect = '{expect}'\n")
    };
    bench.file("suite.toml", case("right", "accepted") + &case("wrong", "expired"));
    for format in ["junit", "tap", "json", "github", "sarif", "markdown", "html"] {
        let ended = bench.run(channel, &format!("test suite.toml --report {format}=report"));
        assert_eq!(ended.status, Some(1), "{}: {ended}", channel.name);
    }
}

#[test]
fn no_secret_that_signs_appears() {
    let mut bench = Bench::new();
    let channels = text_channels(&mut bench);
    cross(&mut bench, &channels);
    bench.assert_silent(200, &[0, 1, 2, 4]);
}

#[test]
fn no_private_key_appears() {
    let mut bench = Bench::new();
    let channels = key_channels(&mut bench);
    cross(&mut bench, &channels);
    for channel in channels.iter().filter(|channel| channel.words.first().is_some_and(|word| word == "--key"))
    {
        for options in
            ["", "--json", "--public", "--public --format pem", "--thumbprint", "--format jwks --public"]
        {
            let mut channel = channel.clone();
            channel.words.remove(0);
            bench.run(&channel, &format!("key show {{k}} {options}"));
        }
    }
    // A wrong password is not shown either.
    for line in ["verify e30.e30.AA", "key show p256.enc-sha256.pem", "encode --json", "pair --user-id 7"] {
        let channel = Channel::new("a wrong password", &["--key-password-env", "PW"]).env("PW", TEXT);
        let key = if line.starts_with("key") { "" } else { "--key p256.enc-sha256.pem" };
        assert_eq!(bench.run(&channel, &format!("{line} {key} {{k}}")).status, Some(2), "{line}");
    }
    bench.assert_silent(320, &[0, 1, 2, 4]);
}

#[test]
fn no_secret_of_a_prompt_appears() {
    let mut bench = Bench::new();
    let token = World::bare().env("FOB_SECRET", TEXT).run("encode --sub alice").text().to_owned();
    bench.file("good.jwt", token.trim_end());
    bench.file("log.txt", &token);
    bench.key("p256.pem", form("p256.enc-sha256.pem"), Some("correct-horse"));
    bench.marks.add(b"correct-horse");
    let mut runs = 0;
    for (answer, key) in [(TEXT, ""), (TEXT, "--key p256.pem"), ("correct-horse", "--key p256.pem")] {
        // Stores are real files, also in this fake world.
        let asks = |line: &&&str| !line.starts_with("inspect") && !line.contains("--store");
        for line in COMMANDS.iter().filter(asks) {
            let line = line.replace("{k}", key);
            let world = World::bare().folder(bench.folder.path()).person(&[Some(answer), Some(answer)]);
            let outcome = world.run(&line);
            let questions: String = outcome.questions.iter().map(|(question, _)| question.as_str()).collect();
            for text in [&outcome.stdout[..], outcome.stderr.as_bytes(), questions.as_bytes()] {
                bench.search(&line, text);
            }
            // Whatever is asked for here is hidden.
            assert!(outcome.questions.iter().all(|(_, is_hidden)| *is_hidden), "{line}");
            runs += usize::from(!outcome.questions.is_empty());
        }
    }
    assert!(runs >= 40, "{runs} runs asked");
}
