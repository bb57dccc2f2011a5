//! Keys that decrypt, and the plaintext of tokens that do not decrypt.

use super::{Bench, Channel, form, new_key};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A shared key of 32 bytes.
const SHARED: &str = "Lantern-otter-52-velvet-harborqz";

/// A text that only the plaintext of an encrypted token holds.
const PLAIN: &str = "Walnut-ferry-of-eleven-herons-77";

/// The commands, with `{k}` for the options that give the key. The content of `good.jwe` is no secret.
const OPENING: [&str; 9] = [
    "decode {k} --claim sub @good.jwe",
    "decode {k} --json @good.jwe",
    "decode {k} --lines good.jwe",
    "verify {k} --accept-shared-key -v @good.jwe",
    "verify {k} --accept-shared-key --json @good.jwe",
    "verify {k} --strict @good.jwe",
    "inspect {k} @good.jwe",
    "inspect {k} --redact --json @good.jwe",
    "inspect {k} --report html=page.html @good.jwe",
];

/// The commands on a token that does not decrypt, in place of `{t}`.
const CLOSED: [&str; 16] = [
    "decode {k} @{t}",
    "decode {k} --json @{t}",
    "decode {k} --claim sub @{t}",
    "decode {k} --part payload @{t}",
    "decode {k} --lines --json {t}",
    "verify {k} --accept-shared-key -v @{t}",
    "verify {k} --accept-shared-key --json @{t}",
    "verify {k} --get sub @{t}",
    "verify {k} --lines {t}",
    "inspect {k} @{t}",
    "inspect {k} --json @{t}",
    "inspect {k} --redact @{t}",
    "inspect {k} --report html=page.html @{t}",
    "inspect {k} --suite recorded.toml @{t}",
    "refresh {k} --json @{t}",
    "decode {k} --decrypt-alg dir @{t}",
];

/// A way to give the key, and the options with which a token is encrypted for it.
fn channels(bench: &mut Bench) -> Vec<(Channel, &'static str)> {
    bench.marks.add(SHARED.as_bytes());
    bench.marks.add(PLAIN.as_bytes());
    bench.marks.add(b"correct-horse");
    let jwk = format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(SHARED));
    bench.key("shared.jwk", &jwk, None);
    bench.file("shared.txt", SHARED);
    for name in ["rsa.pk8.pem", "p256.pk8.pem", "x25519.pk8.pem"] {
        bench.key(name, form(name), None);
    }
    bench.key("p256.enc.pem", form("p256.enc-sha256.pem"), Some("correct-horse"));
    let shared = "--encrypt-for shared.jwk";
    let of_text = "--encrypt-secret-file shared.txt";
    let password = "--encrypt-secret-file shared.txt --encrypt-alg PBES2-HS256+A128KW";
    let opens = ["--decrypt-secret-env", "VAR", "--decrypt-alg", "PBES2-HS256+A128KW"];
    let locked = ["--decrypt-key", "p256.enc.pem", "--key-password-env", "PW"];
    vec![
        (Channel::new("a shared key in a file", &["--decrypt-key", "shared.jwk"]), shared),
        (Channel::new("FOB_DECRYPT_KEY", &[]).env("FOB_DECRYPT_KEY", &jwk), shared),
        (Channel::new("a path in FOB_DECRYPT_KEY", &[]).env("FOB_DECRYPT_KEY", "shared.jwk"), shared),
        (Channel::new("standard input", &["--decrypt-key", "-"]).stdin(&jwk), shared),
        (Channel::new("--decrypt-secret-env", &["--decrypt-secret-env", "VAR"]).env("VAR", SHARED), of_text),
        (Channel::new("--decrypt-secret-file", &["--decrypt-secret-file", "shared.txt"]), of_text),
        (Channel::new("a password", &opens).env("VAR", SHARED), password),
        (Channel::new("RSA", &["--decrypt-key", "rsa.pk8.pem"]), "--encrypt-for rsa.pk8.pem"),
        (Channel::new("EC", &["--decrypt-key", "p256.pk8.pem"]), "--encrypt-for p256.pk8.pem"),
        (Channel::new("X25519", &["--decrypt-key", "x25519.pk8.pem"]), "--encrypt-for x25519.pk8.pem"),
        (Channel::new("an encrypted key", &locked).env("PW", "correct-horse"), "--encrypt-for p256.pk8.pem"),
    ]
}

#[test]
fn no_plaintext_and_no_key_that_decrypts_appears() {
    let mut bench = Bench::new();
    let channels = channels(&mut bench);
    bench.file("other.jwk", new_key("--alg A256KW"));
    let nothing = Channel::new("no key", &[]);
    for (channel, recipient) in &channels {
        let sealed = |bench: &mut Bench, claim: &str, recipient: &str| {
            let ended = bench.run(&nothing, &format!("encode -q --unsigned -c sub={claim} {recipient}"));
            assert_eq!(ended.status, Some(0), "{}: {ended}", channel.name);
            ended.stdout.trim_end().to_owned()
        };
        let good = sealed(&mut bench, "alice", recipient);
        bench.file("good.jwe", good);
        // The plaintext of these tokens is a secret: one has a wrong tag, the other is for another key.
        let secret = sealed(&mut bench, PLAIN, recipient);
        let (start, tag) = secret.rsplit_once('.').unwrap();
        let first = if tag.starts_with('A') { 'B' } else { 'A' };
        bench.file("changed.jwe", format!("{start}.{first}{}", &tag[1..]));
        let other = sealed(&mut bench, PLAIN, "--encrypt-for other.jwk");
        bench.file("other.jwe", other);
        for (index, line) in OPENING.iter().enumerate() {
            let ended = bench.run(channel, line);
            // The key is really used: the token opens.
            assert!(index != 0 || ended.stdout == "alice\n", "{}: {ended}", channel.name);
        }
        for token in ["changed.jwe", "other.jwe"] {
            for line in CLOSED {
                let line = line.replace("{t}", token);
                let ended = bench.run(channel, &line);
                assert!(ended.status != Some(0) || line.starts_with("inspect"), "{}: {ended}", channel.name);
            }
        }
    }
    bench.assert_silent(11 * 44, &[0, 1, 2]);
}
