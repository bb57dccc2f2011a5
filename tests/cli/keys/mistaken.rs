//! Keys and secrets that are mixed up or missing: the message names the option that is meant.

use crate::keys::algorithms::{forms, new_key};
use crate::support::world::{World, token};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const PEM: &str = include_str!("../../vectors/forms/p256.spki.pem");

#[test]
fn a_token_with_a_public_key_asks_for_a_key() {
    for (algorithm, claims, ways) in [
        (
            "ES256",
            r#"{"iss":"https://login.example/a"}"#,
            "--key PATH or --issuer-keys https://login.example/a",
        ),
        ("EdDSA", "{}", "--key PATH"),
        ("RS256", r#"{"iss":"http://login.example/a"}"#, "--key PATH"),
        ("PS256", r#"{"iss":"https://login.example/\u202e"}"#, "--key PATH"),
        ("ML-DSA-44", r#"{"iss":"https://login.example/?a"}"#, "--key PATH"),
        ("ES384", r#"{"iss":["https://login.example"]}"#, "--key PATH"),
        (
            "ES512",
            r#"{"iss":"https://login.example/$(id)"}"#,
            "--key PATH or --issuer-keys 'https://login.example/$(id)'",
        ),
        ("ES256K", r#"{"iss":"https://login.example/'x"}"#, "--key PATH"),
    ] {
        let token = World::bare()
            .stdin(new_key(algorithm))
            .run_words(&["encode", "--key", "-", "--no-iat", claims])
            .text()
            .trim_end()
            .to_owned();
        let wanted = format!(
            "error: no key was given, but the token is signed with {algorithm}, which needs a public key\nhint: use {ways}, or the \
             variable FOB_KEY\n"
        );
        let world = World::bare().file("token", &token);
        world.run(format!("verify {token}")).refused(2, &wanted);
        world.run("verify @token").refused(2, &wanted);
        world.clone().stdin(&token).run("verify").refused(2, &wanted);
        // The user is not asked for a secret either.
        let outcome = world.person(&[Some("hunter2")]).run_words(&["verify", &token]);
        assert_eq!((outcome.status, outcome.questions.len()), (2, 0), "{}", outcome.stderr);
    }
}

#[test]
fn a_token_with_a_secret_asks_for_a_secret() {
    let token = token("{}");
    let wanted = "error: no secret or key was given\nhint: \
                  use --secret-file PATH, --secret-env VAR or --key PATH, or set FOB_SECRET or FOB_KEY\n";
    World::bare().run(format!("verify {token}")).refused(2, wanted);
    World::bare().run("verify x.y.z").refused(2, wanted);
    World::bare().run("verify").refused(2, wanted);
    let outcome = World::bare().person(&[Some("hunter2")]).run_words(&["verify", &token]);
    assert_eq!(outcome.questions, [("Secret".to_owned(), true)]);
}

#[test]
fn the_hint_on_the_missing_key_works_when_followed() {
    let token = forms().run("encode --key p256.pk8.pem").result().to_owned();
    let stderr = forms().run(format!("verify {token}")).stderr;
    assert!(stderr.contains("--key PATH"), "{stderr}");
    assert_eq!(forms().run(format!("verify --key p256.spki.pem {token}")).status, 0);
}

#[test]
fn a_key_given_as_a_secret_names_the_option_for_keys() {
    let token = token("{}");
    let world = World::bare().file("pem", PEM).env("PEM", PEM);
    for options in [
        &["--secret-file", "pem"][..],
        &["--secret-env", "PEM"],
        &["-s", PEM],
        &["--secret-file", "pem", "--secret-format", "raw"],
    ] {
        for command in [&["verify", &token][..], &["encode"]] {
            let outcome = world.run_words(&[command, options].concat());
            let said = format!("{}{}", outcome.text(), outcome.stderr);
            assert!(matches!(outcome.status, 1 | 2), "{options:?}: {said}");
            assert!(said.contains("--key takes the path of a key"), "{options:?}: {said}");
            assert!(!said.contains("looks like a path"), "{options:?}: {said}");
        }
    }
}

#[test]
fn a_secret_given_as_a_key_names_the_option_for_secrets() {
    let world = World::bare()
        .file("word", "hunter2")
        .file("base64", "c2VjcmV0LXNlY3JldC1zZWNyZXQ=\n")
        .file("page", "<!DOCTYPE html><html></html>")
        .file("config", r#"{"issuer":"https://a.test","jwks_uri":"https://a.test/keys"}"#)
        .file("binary", [0xFF; 40]);
    let said = |file: &str| {
        let outcome = world.run(format!("encode --key {file}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{file}");
        outcome.stderr
    };
    for file in ["word", "base64", "gone"] {
        assert!(said(file).contains("--secret-file"), "{file}: {}", said(file));
    }
    for file in ["page", "config", "binary", "gone.pem", "keys/gone"] {
        assert!(!said(file).contains("--secret-file"), "{file}: {}", said(file));
    }
}

#[test]
fn a_path_given_as_the_secret_draws_a_warning() {
    let world = World::bare().file("secret.txt", "hunter2").file("./a/b", "hunter2").file("word", "hunter2");
    let warning = "warning: the secret is the path of a file, but is used as it is; --secret-file takes a secret from a file, --key \
                   a key\n";
    for (secret, warns) in
        [("secret.txt", true), ("./a/b", true), ("word", false), ("gone.txt", false), ("a/b.c", false)]
    {
        let stderr = world.run(format!("encode -s {secret}")).stderr;
        assert_eq!(stderr.contains(warning), warns, "{secret}: {stderr}");
        assert!(!stderr.contains(secret), "{stderr}");
    }
}

#[test]
fn a_token_that_needs_the_other_kind_of_key_names_its_option() {
    let rs256 = forms().run("encode --key rsa.pk8.pem --iss https://login.example/a").result().to_owned();
    let hints = |line: String| forms().env("SECRET", "hunter2").run(line).json()["hints"].to_string();
    let said = hints(format!("verify --json --secret-env SECRET {rs256}"));
    assert!(said.contains("use --key PATH or --issuer-keys https://login.example/a"), "{said}");
    let said = hints(format!("verify --json --key rsa.spki.pem {}", token("{}")));
    assert!(said.contains("use --secret-file PATH or --secret-env VAR"), "{said}");
}

#[test]
fn names_the_option_for_secrets_only_for_a_text_that_could_be_one() {
    const BODY: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
    let hex: String = STANDARD.decode(BODY).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let unknown = "it is not PEM, DER, a JWK or a JWK Set";
    let alone = "hint: give the value alone, without the name and the `=` before it\n";
    for (content, wanted) in [
        (
            "hunter2".to_owned(),
            format!("{unknown}\nhint: give an HMAC secret with --secret-file, --secret-env or --secret\n"),
        ),
        (
            hex.clone(),
            "it is a key in hexadecimal digits\nhint: `xxd -r -p OLD NEW` writes its bytes\n".to_owned(),
        ),
        (format!("KEY={BODY}"), format!("{unknown}: a name stands before its value\n{alone}")),
        ("export KEY=hunter2".to_owned(), format!("{unknown}: a name stands before its value\n{alone}")),
        (token("{}"), "it is a token, not a key\n".to_owned()),
    ] {
        let outcome = World::bare().file("key", &content).run("encode --key key");
        outcome.refused(2, &format!("error: the key from key cannot be used: {wanted}"));
        // A text in place of a path is not named, but gets the hint by the same rule.
        let outcome = World::bare().run_words(&["encode", "--key", &content]);
        assert_eq!(outcome.stderr.contains("--secret-file"), content == "hunter2", "{}", outcome.stderr);
    }
    // The hints are followed.
    let world = World::bare().file("key", BODY).file("bytes", STANDARD.decode(BODY).unwrap());
    for file in ["key", "bytes"] {
        assert_eq!(world.run(format!("key show --public {file}")).status, 0, "{file}");
    }
}

#[test]
fn an_argument_that_names_no_file_is_reported_with_its_own_option() {
    let jwe = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";
    for (line, option, other) in [
        ("encode --key hunter2".to_owned(), "--key", "--secret-file"),
        (format!("decode --decrypt-key hunter2 {jwe}"), "--decrypt-key", "--decrypt-secret-file"),
        ("encode --unsigned --encrypt-for hunter2".to_owned(), "--encrypt-for", "--encrypt-secret-file"),
    ] {
        let outcome = World::bare().run(&line);
        assert_eq!(outcome.status, 2, "{line}: {}", outcome.stderr);
        let error =
            format!("error: {option} names no file (its argument is not shown, since it may be a secret)\n");
        assert!(outcome.stderr.starts_with(&error), "{line}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(other) && !outcome.stderr.contains("hunter2"),
            "{line}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_password_for_an_encrypted_openssh_key_says_how_to_remove_it() {
    // Only the name of the cipher is read.
    let content = [b"openssh-key-v1\0".as_slice(), &[0, 0, 0, 10], b"aes256-ctr", &[0; 40]].concat();
    let body = STANDARD.encode(content);
    let key = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n");
    let world = World::bare().file("key", key).file("password", "hunter2").env("PASSWORD", "hunter2");
    let hint =
        "hint: copy the file, and remove the password of the copy with `ssh-keygen -p -N '' -f COPY`\n";
    let encrypted =
        "error: the key from key cannot be used: it is an OpenSSH private key encrypted with a password";
    world.run("encode --key key").refused(2, &format!("{encrypted}\n{hint}"));
    for option in ["--key-password-env PASSWORD", "--key-password-file password"] {
        world.run(format!("encode --key key {option}")).refused(
            2,
            &format!("{encrypted}, and the options for passwords open only PKCS #8 keys\n{hint}"),
        );
    }
}

#[test]
fn a_secret_or_a_token_in_place_of_a_path_is_not_shown() {
    let token = token(r#"{"sub":"a"}"#);
    let world = World::bare().file("t.jwt", &*token);
    let secret = "orchard-lantern-0417";
    let in_secret = "names no file (its argument is not shown, since it may be a secret)";
    let is_token = "takes the path of a key, but its argument is a token (not shown)";
    for (words, says, hint) in [
        (
            &["verify", "@t.jwt", "--secret-file", secret][..],
            format!("--secret-file {in_secret}"),
            "--secret-file takes the path of a file; to give the secret itself, use --secret; --secret - reads it from standard input",
        ),
        (
            &["decode", "@t.jwt", "--decrypt-secret-file", secret],
            format!("--decrypt-secret-file {in_secret}"),
            "--decrypt-secret-file takes the path of a file",
        ),
        (
            &["encode", "--unsigned", "--encrypt-secret-file", secret],
            format!("--encrypt-secret-file {in_secret}"),
            "--encrypt-secret-file takes the path of a file",
        ),
        (&["key", "show", secret], format!("`fob key show` {in_secret}"), "write fob key show PATH"),
        (&["verify", "--key", &token], format!("--key {is_token}"), "write fob verify TOKEN --key PATH"),
        (&["key", "show", &token], format!("`fob key show` {is_token}"), "write fob decode TOKEN"),
        (
            &["decode", &format!("@{token}")],
            "cannot read the token from the given path".to_owned(),
            "leave out the @ before the token",
        ),
        (
            &["test", &token],
            "cannot read the suite from the given path".to_owned(),
            "a suite is a file; to check a token, write fob verify TOKEN",
        ),
    ] {
        for json in [&[][..], &["--json"]] {
            let outcome = world.run_words(&[words, json].concat());
            assert_eq!(outcome.status, 2, "{words:?}: {}", outcome.stderr);
            assert!(outcome.stderr.starts_with(&format!("error: {says}")), "{words:?}: {}", outcome.stderr);
            assert!(outcome.stderr.contains(&format!("hint: {hint}")), "{words:?}: {}", outcome.stderr);
            let all = format!("{}{}", outcome.text(), outcome.stderr);
            assert!(!all.contains(secret) && !all.contains(&token), "{words:?}: {all}");
        }
    }
    // The user needs to see a path that is wrong.
    for (line, path) in [
        ("verify @t.jwt --secret-file gone.txt", "gone.txt"),
        ("verify @t.jwt --secret-file keys/gone", "keys/gone"),
        ("key show gone.pem", "gone.pem"),
    ] {
        let outcome = world.run(line);
        assert!(outcome.stderr.contains(&format!(" from {path}: ")), "{line}: {}", outcome.stderr);
    }
}

#[test]
fn a_file_that_holds_no_key_gets_a_hint_in_the_options_of_its_command() {
    let jwe = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";
    let world = World::bare()
        .file("secret", "hunter2-hunter2-hunter2-hunter2-hunter2")
        .file("several", "one=hunter2-hunter2-hunter2\ntwo=hunter2-hunter2-hunter2\n")
        .file("metadata", r#"{"issuer":"https://id.example","jwks_uri":"https://id.example/keys"}"#);
    let show = "write fob key show --format jwks --private --kid KID PATH";
    for (line, hint) in [
        ("key show secret", format!("if it is a secret, {show}")),
        ("key show several", format!("copy one secret to a file, and {show}")),
        ("key show --kid a several", format!("copy one secret to a file, and {show}")),
        ("key show metadata", "pipe the keys in: `curl URL | fob key show -`".to_owned()),
        ("encode --key metadata", "use --key with the path of a private key".to_owned()),
        (
            "encode --unsigned --encrypt-for secret",
            "for a shared key as text, use --encrypt-secret-file or --encrypt-secret-env".to_owned(),
        ),
        ("encode --unsigned --encrypt-for metadata", "use --encrypt-for with its `jwks_uri`".to_owned()),
        (
            "decode --decrypt-key secret JWE",
            "for a shared key as text, use --decrypt-secret-file or --decrypt-secret-env".to_owned(),
        ),
        ("decode --decrypt-key metadata JWE", "use --decrypt-key with the path of a private key".to_owned()),
    ] {
        let outcome = world.run(line.replace("JWE", jwe));
        assert_eq!(outcome.status, 2, "{line}");
        assert!(outcome.stderr.ends_with(&format!("\nhint: {hint}\n")), "{line}: {}", outcome.stderr);
    }
    // The hint is followed.
    let shown = world.run("key show --format jwks --private --kid a secret");
    assert_eq!(shown.status, 0, "{}", shown.stderr);
}

#[test]
fn names_an_ssh_public_key_of_rfc_4716() {
    let key =
        "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2EAAAADAQABAAABAQ\n---- END SSH2 PUBLIC KEY ----\n";
    let outcome = World::bare().file("key", key).run("verify x.y.z --key key");
    outcome.refused(
        2,
        "error: the key from key cannot be used: it is an SSH public key in the form of RFC 4716\n\
         hint: `ssh-keygen -i -f OLD >NEW.pub`, then `ssh-keygen -e -m PKCS8 -f NEW.pub` writes it as PEM\n",
    );
}
