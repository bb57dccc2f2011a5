//! Where a key comes from: a path, standard input, `FOB_KEY`; and the password of one that is encrypted.

use crate::keys::algorithms::{forms, new_key};
use crate::support::world::World;

const PASSWORD: &str = "correct-horse";

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/vectors/forms/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn fob_key_holds_a_path_or_the_text_of_a_key() {
    let jwk = new_key("ES256");
    let set = format!(r#"{{"keys":[{jwk}]}}"#);
    for value in
        ["p256.pk8.pem", &text("p256.pk8.pem"), &text("p256.chain.pem"), &jwk, &set, &format!(" \n{jwk}")]
    {
        let world = forms().env("FOB_KEY", value);
        let token = world.run("encode").result().to_owned();
        assert_eq!(world.run(format!("verify {token}")).status, 0);
    }
    // Standard input is a place like any other.
    assert_eq!(World::bare().env("FOB_KEY", "-").stdin(&jwk).run("encode").status, 0);
    let json = forms().env("FOB_KEY", &*jwk).run("verify --json x.y.z").json();
    assert_eq!(json["key"]["source"], "the variable FOB_KEY");
}

#[test]
fn treats_an_empty_variable_as_unset() {
    forms().env("FOB_KEY", "").run("encode").refused(
        2,
        "error: no secret or key was given\nhint: \
         use --secret-file PATH, --secret-env VAR or --key PATH, or set FOB_SECRET or FOB_KEY\n",
    );
    assert_eq!(forms().env("FOB_KEY", "p256.pk8.pem").env("FOB_SECRET", "").run("encode").status, 0);
}

#[test]
fn rejects_a_url_in_fob_key() {
    for command in ["encode", "verify x.y.z", "refresh x.y.z", "pair --user-id 7"] {
        World::bare().env("FOB_KEY", "https://issuer.example/keys").run(command).refused(
            2,
            "error: FOB_KEY contains a URL, but fob fetches no URL from a variable\nhint: use --key \"$FOB_KEY\"\n",
        );
    }
}

#[test]
fn fob_key_conflicts_with_fob_secret() {
    let world = forms().env("FOB_KEY", "p256.pk8.pem").env("FOB_SECRET", "hunter22");
    for command in ["encode", "verify x.y.z", "refresh x.y.z", "pair --user-id 7"] {
        world.run(command).refused(
            2,
            "error: FOB_SECRET and FOB_KEY are both set, but only one key can be used\n\
             hint: unset one of them, or choose one with --secret-env or --key\n",
        );
    }
    // The command line takes precedence.
    assert_eq!(world.run("encode --key rsa.pk8.pem").status, 0);
    assert_eq!(world.run("encode --secret-env FOB_SECRET").status, 0);
    // Nothing is judged by a key here, and nothing needs one.
    assert_eq!(world.run("decode eyJhbGciOiJub25lIn0.e30.").status, 0);
}

#[test]
fn never_repeats_the_text_of_a_key_given_as_a_path() {
    let jwk = new_key("ES256");
    for key in [&*jwk, &text("p256.pk8.pem")] {
        for command in [&["encode"][..], &["verify", "x.y.z"], &["pair", "--user-id", "7"]] {
            let words = [command, &["--key", key]].concat();
            World::bare().run_words(&words).refused(
                2,
                "error: --key takes the path of a key, not its text\n\
                 hint: write the key to a file, or set the variable FOB_KEY to its text\n",
            );
        }
    }
}

#[test]
fn key_show_never_repeats_the_text_of_a_key() {
    for key in [&*new_key("HS256"), &new_key("ES256"), &text("p256.pk8.pem")] {
        let outcome = World::bare().run_words(&["key", "show", key]);
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        let lines = key.lines().filter(|line| !line.starts_with("-----"));
        assert!(!lines.clone().any(|line| outcome.stderr.contains(line)), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("\"k\"") && !outcome.stderr.contains("\"d\""), "{}", outcome.stderr);
    }
}

#[test]
fn rejects_two_sources_of_a_key() {
    let world = forms().env("VAR", "hunter22");
    for options in
        ["--key p256.pk8.pem -s a", "--key a --key b", "--key a --secret-env VAR", "--key a --secret-file f"]
    {
        for command in ["encode", "verify x.y.z", "pair --user-id 7", "refresh x.y.z"] {
            let repeats = options == "--key a --key b";
            if command.starts_with("verify") && repeats {
                continue;
            }
            let outcome = world.run(format!("{command} {options}"));
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{command} {options}");
            // A document in JSON serialization has a signature of each key.
            let error = match command {
                "encode" if repeats => "error: the token has one signature, but --key repeats",
                _ => "error: --",
            };
            assert!(outcome.stderr.starts_with(error), "{}", outcome.stderr);
        }
    }
    let outcome = world.run("encode --key p256.pk8.pem --secret-format hex");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
}

#[test]
fn rejects_standard_input_for_two_purposes() {
    let world = World::bare().stdin(new_key("ES256"));
    for line in ["verify --key -", "verify --key - -", "encode --key - -"] {
        let outcome = world.run(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
    }
}

#[test]
fn never_signs_with_a_key_from_a_url() {
    for command in ["encode", "pair --user-id 7", "refresh x.y.z"] {
        let outcome = World::bare().run(format!("{command} --key https://issuer.example/keys"));
        outcome.refused(
            2,
            "error: a URL gives public keys, which cannot sign\nhint: use --key with the path of a private key\n",
        );
    }
    World::bare().run("key show https://issuer.example/keys").refused(
        2,
        "error: `fob key show` takes the path of a file, not a URL\nhint: pipe it in: `curl URL | fob key show -`\n",
    );
}

#[test]
fn reads_the_password_from_a_variable_a_file_or_a_hidden_prompt() {
    let world = forms().env("PASSWORD", PASSWORD).file("password", format!("{PASSWORD}\n"));
    for options in ["--key-password-env PASSWORD", "--key-password-file password"] {
        for line in ["encode --key p256.enc-sha256.pem", "key show rsa.enc.pem --thumbprint"] {
            assert_eq!(world.run(format!("{line} {options}")).status, 0, "{line} {options}");
        }
    }
    let outcome = world.clone().person(&[Some(PASSWORD)]).run("encode --key p256.enc-sha256.pem");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(outcome.questions, [("Password of p256.enc-sha256.pem".to_owned(), true)]);
    // One that needs none is not asked for.
    let outcome = world.clone().person(&[]).run("encode --key p256.pk8.pem --key-password-env GONE");
    assert_eq!((outcome.status, outcome.questions.len()), (0, 0));
    let both = "encode --key p256.enc-sha256.pem --key-password-env PASSWORD --key-password-file password";
    assert_eq!(world.run(both).status, 2);
}

#[test]
fn a_public_key_beside_an_encrypted_one_verifies_without_a_password() {
    let world = forms().file("both", format!("{}{}", text("p256.enc-sha256.pem"), text("p256.spki.pem")));
    let token = forms().run("encode --key p256.pk8.pem").result().to_owned();
    assert_eq!(world.run(format!("verify --key both {token}")).status, 0);
}

#[test]
fn rejects_a_wrong_password_without_repeating_it() {
    for name in [
        "p256.enc-sha256.pem",
        "p256.enc-sha1.pem",
        "p256.enc-scrypt.pem",
        "p256.enc-des3.pem",
        "rsa.enc.pem",
    ] {
        for password in ["hunter22", "", "correct-horse ", "Correct-horse"] {
            let outcome = forms()
                .env("PASSWORD", password)
                .run(format!("encode --key {name} --key-password-env PASSWORD"));
            outcome.refused(2, &format!("error: the password does not open the key in {name}\n"));
        }
    }
}

#[test]
fn never_waits_for_a_password_without_a_terminal() {
    let hint = "hint: use --key-password-env VAR or --key-password-file PATH\n";
    for line in [
        "encode --key p256.enc-sha256.pem",
        "key show p256.enc-sha256.pem",
        "verify --key p256.enc-sha256.pem x.y.z",
    ] {
        forms().run(line).refused(2, &format!("error: no password for the encrypted key was given\n{hint}"));
    }
    forms()
        .run("encode --key p256.enc-sha256.pem --key-password-env GONE")
        .refused(2, "error: the environment variable GONE is not set (--key-password-env)\n");
    // Any other text can be the password itself.
    for password in ["hunter2", "HUNTER2", "12345678", "Ab_c"] {
        forms()
            .run(format!("encode --key p256.enc-sha256.pem --key-password-env {password}"))
            .refused(2, "error: the environment variable named with --key-password-env is not set\n");
    }
    forms()
        .run("encode --key p256.enc-sha256.pem --key-password-file gone.txt")
        .refused(2, "error: cannot read the password from gone.txt: No such file or directory\n");
    // The user cancels the prompt.
    let outcome = forms().person(&[None]).run("encode --key p256.enc-sha256.pem");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
}

#[test]
fn names_an_unsupported_encryption_scheme() {
    let outcome =
        forms().env("PASSWORD", PASSWORD).run("encode --key p256.enc-pbes1.pem --key-password-env PASSWORD");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    let [error, hint] = outcome.stderr.lines().collect::<Vec<_>>()[..] else { panic!("{}", outcome.stderr) };
    assert!(error.starts_with("error: the key in p256.enc-pbes1.pem is encrypted with "), "{error}");
    assert!(error.ends_with(", which is not supported"), "{error}");
    assert_eq!(hint, "hint: encrypt it again with `openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW`");
}

#[test]
fn the_url_of_an_issuer_needs_https() {
    let token = crate::support::world::token(r#"{"sub":"a"}"#);
    World::bare().run_words(&["verify", &token, "--issuer-keys", "login.example.invalid"]).refused(
        2,
        "error: the URL of --issuer-keys has no https://\nhint: write --issuer-keys https://login.example.invalid\n",
    );
    World::bare().run_words(&["verify", &token, "--issuer-keys", "http://id.example"]).refused(
        2,
        "error: cannot get keys from this URL: http://id.example/ is plain http\nhint: write --issuer-keys \
         https://id.example, or pipe the keys in: curl JWKS_URI | fob verify --key - TOKEN\n",
    );
}
