//! Secrets and keys where something else belongs: other options, other files, other types.

use super::{Bench, Channel, TEXT, form, new_key};
use crate::support::world::token;

/// Options and arguments that take no secret, with `{k}` for the secret.
const PLACES: [&str; 40] = [
    "verify @good.jwt --secret-file {k}",
    "verify @good.jwt --secret-env {k}",
    "verify @good.jwt --key {k}",
    "verify @good.jwt --alg {k}",
    "verify @good.jwt -s x --secret-format {k}",
    "verify @good.jwt --decrypt-secret-format {k}",
    "encode --alg {k} -s x",
    "key new --alg {k}",
    "verify @good.jwt --key p256.enc.pem --key-password-file {k}",
    "verify @good.jwt --key p256.enc.pem --key-password-env {k}",
    "verify @good.jwt --decrypt-key {k}",
    "verify @good.jwt --decrypt-secret-file {k}",
    "verify @good.jwt --decrypt-secret-env {k}",
    "verify @good.jwt --issuer-keys {k}",
    "verify @good.jwt {k}",
    "verify {k} @good.jwt",
    "verify {k}",
    "verify -S {k} @good.jwt",
    "verify --password {k} @good.jwt",
    "decode @good.jwt {k}",
    "decode {k}",
    "decode @good.jwt --secret {k}",
    "encode --secret-file {k}",
    "encode --key {k}",
    "encode -s x --encrypt-for {k}",
    "encode -s x --encrypt-secret-file {k}",
    "encode -s x --encrypt-secret-env {k}",
    "encode -s x {k}",
    "pair --user-id 7 --secret-file {k}",
    "pair --user-id 7 --key {k}",
    "pair --from http://127.0.0.1:1 --user al --password-env {k}",
    "pair --from http://127.0.0.1:1 --user al --password-file {k}",
    "pair --from http://127.0.0.1:1 --client a --client-secret-env {k}",
    "pair --from http://127.0.0.1:1 --client a --client-secret-file {k}",
    "pair --from http://127.0.0.1:1 --client a --client-key {k}",
    "pair --from http://127.0.0.1:1 --user al --password {k}",
    "refresh @good.jwt {k}",
    "refresh @good.jwt --key {k}",
    "key show {k}",
    "{k}",
];

#[test]
fn no_secret_in_a_wrong_place_appears() {
    let mut bench = Bench::new();
    bench.file("good.jwt", token("{}"));
    bench.key("p256.enc.pem", form("p256.enc-sha256.pem"), Some("correct-horse"));
    let key = form("p256.pk8.pem");
    let jwk = new_key("--alg ES256");
    bench.key("p256.pem", &key, None);
    bench.key("p256.jwk", &jwk, None);
    for secret in [TEXT, &key, &jwk] {
        for line in PLACES {
            for options in ["", " --json"] {
                // A JWK is valid as claims, and the token then holds it.
                if secret == jwk && line == "encode -s x {k}" {
                    continue;
                }
                let ended = bench.run(&Channel::new(secret, &[secret]), &format!("{line}{options}"));
                assert_ne!(ended.status, Some(0), "{ended}");
            }
        }
        for name in ["FOB_KEY", "FOB_SECRET", "FOB_DECRYPT_KEY", "FOB_STORE_PASSWORD", "NO_COLOR"] {
            for line in [
                "verify @good.jwt",
                "verify @good.jwt --json",
                "decode @good.jwt",
                "verify @good.jwt --key https://a.example",
            ] {
                bench.run(&Channel::new(name, &[]).env(name, secret), line);
            }
        }
    }
    bench.assert_silent(3 * 70, &[2, 4]);
}

/// Commands that read another kind of file than a key, with `{f}` for the file.
const READERS: [&str; 26] = [
    "verify -s x @{f}",
    "verify -s x --json @{f}",
    "verify -s x --lines {f}",
    "verify -s x --lines --json {f}",
    "verify --secret-file {f} @good.jwt",
    "verify --secret-file {f} --secret-format raw @good.jwt",
    "verify --secret-file {f} --secret-format base64 @good.jwt",
    "verify --secret-file {f} --secret-format hex @good.jwt",
    "verify --suite {f}",
    "test {f} --json",
    "test {f} --report junit=-",
    "decode @{f}",
    "decode @{f} --json",
    "decode --lines {f}",
    "inspect @{f}",
    "inspect @{f} --json",
    "encode -s x --header @{f}",
    "encode -s x --exp @{f}",
    "refresh -s x @{f}",
    "refresh --session {f}",
    "revoke @{f} --store s.db",
    "revoke --session {f}",
    "revoke --list --store {f}",
    "verify --key p256.enc.pem --key-password-file {f} @good.jwt",
    "pair --from http://127.0.0.1:1 --user al --password-file {f}",
    "verify -s x --payload @{f} @good.jwt",
];

#[test]
fn no_key_in_a_wrong_file_appears() {
    let mut bench = Bench::new();
    bench.file("good.jwt", token("{}"));
    bench.key("p256.enc.pem", form("p256.enc-sha256.pem"), Some("correct-horse"));
    bench.file("secret.txt", TEXT);
    for name in ["p256.pk8.pem", "rsa.pkcs1.pem", "ed25519.openssh"] {
        bench.key(name, form(name), None);
    }
    bench.key("p256.jwk", new_key("--alg ES256"), None);
    bench.key("oct.jwk", new_key("--alg HS256"), None);
    // Files that are cut or damaged, so that no reader understands them.
    let halves = |text: &str| text[..text.len() * 2 / 3].to_owned();
    bench.file("half.pem", halves(&form("rsa.pkcs1.pem")));
    let jwk = std::fs::read_to_string(bench.folder.path().join("p256.jwk")).unwrap();
    bench.file("half.jwk", halves(&jwk));
    bench.file("twice.jwk", jwk.replacen('{', r#"{"d":"AA","#, 1));
    bench.file("odd.jwk", jwk.replace("\"P-256\"", "\"P-255\""));
    for file in [
        "secret.txt",
        "p256.pk8.pem",
        "rsa.pkcs1.pem",
        "ed25519.openssh",
        "p256.jwk",
        "oct.jwk",
        "half.pem",
        "half.jwk",
        "twice.jwk",
        "odd.jwk",
    ] {
        for line in READERS {
            bench.run(&Channel::new(file, &[]), &line.replace("{f}", file));
        }
        for line in [
            "key show {f}",
            "key show --json {f}",
            "key show --public --format pem {f}",
            "encode --key {f} --json",
            "verify @good.jwt --key {f}",
        ] {
            bench.run(&Channel::new(file, &[]), &line.replace("{f}", file));
        }
    }
    bench.assert_silent(10 * 31, &[0, 1, 2, 4]);
}
