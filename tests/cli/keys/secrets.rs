//! Where a secret comes from, and how it is written. `process/no_secret_appears` shows that it never comes out again.

use crate::support::known::JOHN_DOE;
use crate::support::world::{HS256, Outcome, World, signed_with};
use fob::core::token::algorithm::Algorithm;

/// Mints the same claims with whatever secret the options give.
fn minted(world: &World, options: &str) -> Outcome {
    world.run(format!("encode -q --no-iat -c a=b {options}"))
}

/// The token that those claims and the bytes of this text give, signed without the help of any option.
fn with_secret(secret: &str) -> String {
    signed_with(secret, Algorithm::Hs256, HS256.as_bytes(), br#"{"a":"b"}"#)
}

#[test]
fn reads_a_secret_from_six_sources() {
    let wanted = with_secret("hunter22");
    let world = World::bare().file("key.txt", "hunter22\n").env("VAR", "hunter22").stdin("hunter22\n");
    for options in
        ["--secret-env VAR", "--secret-file key.txt", "--secret -", "--secret hunter22", "-s hunter22", "-s-"]
    {
        assert_eq!(minted(&world, options).result(), wanted, "{options}");
    }
    let world = World::bare().env("FOB_SECRET", "hunter22");
    assert_eq!(minted(&world, "").result(), wanted);
    let world = World::bare().env("FOB_SECRET", "another").env("VAR", "hunter22");
    assert_eq!(minted(&world, "--secret-env VAR").result(), wanted);
}

#[test]
fn a_secret_may_begin_with_a_hyphen() {
    let wanted = with_secret("-hunter22");
    assert_eq!(minted(&World::bare(), "--secret=-hunter22").result(), wanted);
    assert_eq!(minted(&World::bare(), "-s -hunter22").result(), wanted);
}

#[test]
fn rejects_two_sources_of_a_secret() {
    let world = World::bare().env("VAR", "x").file("f", "x").stdin("x");
    for options in [
        "-s a --secret-env VAR",
        "-s a --secret-file f",
        "--secret-env VAR --secret-file f",
        "-s a -s b",
        "-s - --secret-env VAR",
    ] {
        for command in ["encode", "verify x", "pair --user-id 7", "refresh x", "inspect x"] {
            let outcome = world.run(format!("{command} {options}"));
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{command} {options}");
            // A command that judges says how to try several secrets.
            let judges = command.starts_with("verify") || command.starts_with("inspect");
            let error = if judges { "error: there are two secrets" } else { "error: --secret" };
            assert!(outcome.stderr.starts_with(error), "{}", outcome.stderr);
        }
    }
}

#[test]
fn reports_a_missing_secret_with_a_hint() {
    for command in ["encode", "verify x", "pair --user-id 7", "refresh x"] {
        World::bare().run(command).refused(
            2,
            "error: no secret or key was given\n\
             hint: use --secret-file PATH, --secret-env VAR or --key PATH, or set FOB_SECRET or FOB_KEY\n",
        );
    }
    World::bare().run("encode --secret-env GONE").refused(
        2,
        "error: the environment variable GONE is not set\n\
         hint: set it with `export GONE=…`, or use --secret-file\n",
    );
    World::bare()
        .run("encode --secret-file gone.txt")
        .refused(2, "error: cannot read the secret from gone.txt: entity not found\n");
}

#[test]
fn never_mints_with_an_empty_secret() {
    let world = World::bare().env("FOB_SECRET", "").file("empty", "").file("break", "\n");
    for (options, source) in [
        ("", "the variable FOB_SECRET"),
        ("-s ''", "--secret"),
        ("--secret-file empty", "empty"),
        ("--secret-file break", "break"),
        ("-s '' --secret-format hex", "--secret"),
        ("-s '' --secret-format base64", "--secret"),
        ("-s -", "standard input"),
    ] {
        for command in ["encode", "pair --user-id 7"] {
            let wanted = format!("error: key_empty: the secret from {source} is empty\n");
            world.run(format!("{command} {options}")).refused(2, &wanted);
        }
    }
}

#[test]
fn never_mints_with_the_text_of_a_key_as_secret() {
    let world = World::bare().folder(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/keys"));
    for (file, what) in [
        ("rsa2048.pub.pem", "a PEM key"),
        ("rsa2048.pkcs1.pub.pem", "a PEM key"),
        ("p256.pub.pem", "a PEM key"),
        ("ed25519.pub.jwk.json", "a JSON Web Key"),
        ("jwks.json", "a JSON Web Key"),
    ] {
        let wanted = format!(
            "error: key_mismatch:kty: the secret contains {what}, not an HMAC secret; --key takes the path of a key\n"
        );
        world.run(format!("encode --secret-file {file}")).refused(2, &wanted);
        world.run(format!("pair --user-id 7 --secret-file {file} --secret-format raw")).refused(2, &wanted);
    }
}

#[test]
fn every_format_gives_the_same_secret() {
    let bytes = "h\u{fb}nt\u{3f}er>22?~";
    let wanted = with_secret(bytes);
    let hex: String = bytes.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (format, written) in [
        ("text", bytes.to_owned()),
        ("hex", hex.to_uppercase()),
        ("hex", hex),
        ("base64", "aMO7bnQ/ZXI+MjI/fg==".to_owned()),
        ("base64", "aMO7bnQ/ZXI+MjI/fg".to_owned()),
        ("base64", "aMO7bnQ_ZXI-MjI_fg".to_owned()),
        ("base64", "aMO7bnQ_ZXI-MjI_fg==".to_owned()),
        ("base64url", "aMO7bnQ_ZXI-MjI_fg".to_owned()),
        ("raw", bytes.to_owned()),
    ] {
        let world = World::bare().file("key", &written);
        let argument = minted(&world, &format!("--secret '{written}' --secret-format {format}"));
        assert_eq!(argument.result(), wanted, "{format} {written}");
        let file = minted(&world, &format!("--secret-file key --secret-format {format}"));
        assert_eq!(file.result(), wanted, "{format} {written}");
    }
}

#[test]
fn rejects_an_invalid_secret_without_repeating_it() {
    for (format, written) in [
        ("hex", "hunter22"),
        ("hex", "abc"),
        ("hex", "0xabcd"),
        ("base64", "hunter22!"),
        ("base64", "abcde"),
        ("base64", "a+b_"),
        ("base64url", "a+/b"),
    ] {
        let outcome = World::bare().run(format!("encode --secret-format {format} -s {written}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{format} {written}");
        assert!(outcome.stderr.starts_with("error: the secret is not "), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("\nhint: set the encoding of the secret with --secret-format"));
        assert!(!outcome.stderr.contains(written), "{}", outcome.stderr);
    }
    let outcome = World::bare().run("encode --secret-format base32 -s x");
    assert_eq!(outcome.status, 2);
}

#[test]
fn a_text_file_loses_exactly_one_line_break() {
    for (written, secret) in [
        ("hunter22", "hunter22"),
        ("hunter22\n", "hunter22"),
        ("hunter22\r\n", "hunter22"),
        ("hunter22\n\n", "hunter22\n"),
        ("hunter22\r\n\r\n", "hunter22\r\n"),
        ("hunter22\r", "hunter22\r"),
        ("hunter22\n\r", "hunter22\n\r"),
        (" hunter22 \n", " hunter22 "),
        ("\nhunter22", "\nhunter22"),
        ("hun\nter22", "hun\nter22"),
        ("\u{feff}hunter22\n", "\u{feff}hunter22"),
    ] {
        let world = World::bare().file("key", written).stdin(written);
        for options in ["--secret-file key", "-s -"] {
            assert_eq!(minted(&world, options).result(), with_secret(secret), "{options} {written:?}");
        }
    }
}

#[test]
fn raw_files_and_variables_keep_their_line_break() {
    for secret in ["hunter22\n", "hunter22\r\n", "\n", "hunter22 ", "hun\0ter"] {
        let world = World::bare().file("key", secret).stdin(secret).env("VAR", secret);
        let wanted = with_secret(secret);
        for options in
            ["--secret-file key --secret-format raw", "-s - --secret-format raw", "--secret-env VAR"]
        {
            assert_eq!(minted(&world, options).result(), wanted, "{options} {secret:?}");
        }
    }
}

#[test]
fn rejects_a_file_too_large_for_a_secret() {
    let world = World::bare().file("key", vec![b'x'; (64 << 10) + 1]);
    world
        .run("encode --secret-file key")
        .refused(2, "error: the secret from key is larger than 64 KiB\nhint: check the path: real secrets are much shorter\n");
}

#[test]
fn debug_text_shows_no_secret() {
    use fob::core::key::Key;
    use fob::core::key::secret::Secret;
    let secret = Secret::new(b"swordfish".to_vec());
    let key = Key::hmac(secret.clone(), None, "a test".to_owned());
    let arguments = ["fob", "encode", "-s", "swordfish"].map(std::ffi::OsString::from);
    let parsed = fob::cli::parse(&arguments).unwrap();
    for text in [
        format!("{secret:?}"),
        format!("{key:?}"),
        format!("{parsed:?}"),
        format!("{:?}", key.signer(Algorithm::Hs256)),
    ] {
        assert!(!text.contains("swordfish"), "{text}");
        assert!(!text.contains("115, 119"), "{text}");
    }
}

#[test]
fn the_help_warns_about_secrets_on_the_command_line() {
    for command in ["encode", "verify", "pair", "refresh", "inspect"] {
        let help = World::bare().run(format!("{command} --help"));
        let words = help.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(
            "Other users of this machine can read it in `ps`, and your shell keeps it in its history"
        ));
    }
}

#[test]
fn names_the_source_of_the_secret() {
    let world = World::bare()
        .file("k.txt", "secret")
        .env("VAR", "secret")
        .stdin("secret")
        .env("FOB_SECRET", "secret");
    for (options, source) in [
        ("-s secret", "--secret"),
        ("-s -", "standard input"),
        ("--secret-file k.txt", "k.txt"),
        ("--secret-env VAR", "the variable VAR"),
        ("", "the variable FOB_SECRET"),
    ] {
        let outcome = world.run(format!("verify --json {options} {JOHN_DOE}"));
        assert_eq!((outcome.status, outcome.json()["key"]["source"].as_str()), (0, Some(source)));
    }
}

#[test]
fn never_repeats_a_secret_given_to_another_option() {
    for line in ["encode --secret-env hunter2", "decode x hunter2", "decode x -- -hunter2"] {
        let outcome = World::bare().run(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
        assert!(!outcome.stderr.contains("hunter2"), "{line}: {}", outcome.stderr);
    }
}
