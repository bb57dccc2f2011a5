//! Tests of values in the wrong place of a command line. No message repeats them.

use crate::support::world::{World, fob, token};

const SECRET_TEXT: &str = "orchard-lantern-quartz-0417-violin-ok";

#[track_caller]
fn refused(words: &[&str], stderr: &str) {
    let outcome = World::bare().run_words(words);
    assert_eq!((outcome.status, outcome.text(), outcome.stderr.as_str()), (2, "", stderr), "{words:?}");
}

#[test]
fn an_option_is_not_taken_for_the_secret() {
    let stderr = "error: the text after --secret looks like an option\n\n  \
                  tip: if a variable was empty, set it, or name it with --secret-env VAR\n  \
                  tip: if it is the secret, write --secret=TEXT\n";
    for line in [
        &["encode", "--sub", "a", "-s", "--no-iat"][..],
        &["encode", "--secret", "--exp", "1h"],
        &["verify", "x", "-s", "--aud", "api"],
        &["verify", "-qs", "-v"],
        &["pair", "--user-id", "7", "-s", "--json"],
        &["inspect", "-s", "--redact"],
        &["refresh", "x", "-s", "--"],
        &["--json", "encode", "-s", "--alg=HS256"],
    ] {
        let outcome = World::bare().run_words(line);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (2, stderr), "{line:?}");
    }
    let secret = "--violin-quartz-lantern-orchard-0417-x";
    let outcome = World::bare().run_words(&["encode", "--exp", "1h", &format!("--secret={secret}")]);
    let token = outcome.result().to_owned();
    let outcome = World::bare().run_words(&["verify", "-q", &token, &format!("-s{secret}")]);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    // A hyphen alone does not make an option.
    let outcome = World::bare().run_words(&["encode", "-q", "--exp", "1h", "-s", "-Xk3_9lantern"]);
    assert_eq!(outcome.status, 0);
}

#[test]
fn names_a_token_given_as_the_secret() {
    let token = token(r#"{"sub":"a"}"#);
    let hint = "hint: the value of --secret is itself a token: give the secret before it, with --secret-env VAR or --secret TEXT\n";
    for command in ["verify", "inspect", "refresh"] {
        let outcome = World::bare().run_words(&[command, "-s", &token]);
        assert_eq!(outcome.status, 4, "{command}");
        assert!(outcome.stderr.ends_with(hint), "{command}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains(&token), "{command}");
    }
    // With a token to judge, even such a secret is used.
    let outcome = World::bare().run_words(&["verify", &token, "-s", &token]);
    assert_eq!(outcome.status, 1);
    assert!(!outcome.stderr.contains(hint), "{}", outcome.stderr);
}

#[test]
fn a_second_value_beside_the_token_is_not_repeated() {
    let token = token(r#"{"sub":"a"}"#);
    let tip = "tip: give a secret with --secret-env VAR, --secret-file PATH or --secret TEXT\n";
    for command in ["verify", "refresh"] {
        for words in [[command, SECRET_TEXT, &token], [command, &token, SECRET_TEXT]] {
            let outcome = World::bare().run_words(&words);
            assert_eq!(outcome.status, 2, "{words:?}");
            assert!(
                outcome.stderr.starts_with("error: there is another value beside the token\n"),
                "{}",
                outcome.stderr
            );
            assert!(outcome.stderr.contains(tip), "{}", outcome.stderr);
            assert!(
                !outcome.stderr.contains(SECRET_TEXT) && !outcome.stderr.contains(&token),
                "{}",
                outcome.stderr
            );
        }
    }
    let outcome = World::bare().run_words(&["decode", &token, SECRET_TEXT]);
    assert!(outcome.stderr.contains("this command takes no secret"), "{}", outcome.stderr);
    let outcome = World::bare().run_words(&["decode", "Bearer", &token]);
    assert!(outcome.stderr.contains("put both in quotes: 'Bearer TOKEN'"), "{}", outcome.stderr);
    assert_eq!(World::bare().run_words(&["decode", &format!("Bearer {token}")]).status, 0);
}

#[test]
fn options_of_other_tools_are_translated() {
    let token = token(r#"{"sub":"a"}"#);
    for (words, tip) in [
        (
            &["verify", &token, "-S", SECRET_TEXT][..],
            "give the secret with --secret-env VAR, --secret-file PATH or --secret TEXT, not -S",
        ),
        (&["verify", &token, "--algorithm", "HS256"], "write --alg in place of --algorithm"),
        (&["verify", &token, "--clock-skew", "1m"], "write --leeway in place of --clock-skew"),
        (&["encode", "--expires-in", "1h"], "write --exp in place of --expires-in"),
        (&["encode", "--expires", "1h"], "write --exp in place of --expires"),
        (&["encode", "--user-id", "7"], "write -c user_id=ID in place of --user-id"),
        (&["encode", "--audience", "a"], "write --aud in place of --audience"),
        (&["encode", "--private-key", "a.pem"], "write --key in place of --private-key"),
        (
            &["decode", &token, "--key", "a.pem"],
            "decode verifies no signature, so it takes no --key; to decrypt a token, use --decrypt-key",
        ),
        (&["verify", &token, "--decrypt", "a.pem"], "write --decrypt-key in place of --decrypt"),
        (&["verify", &token, "--body", "@a"], "write --payload in place of --body"),
        (&["encode", "--encrypt", "a.pem"], "write --encrypt-for in place of --encrypt"),
    ] {
        let outcome = World::bare().run_words(words);
        assert_eq!(outcome.status, 2, "{words:?}");
        assert_eq!(outcome.stderr.matches("  tip: ").count(), 1, "{words:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(&format!("  tip: {tip}\n")), "{words:?}: {}", outcome.stderr);
        assert!(
            !outcome.stderr.contains("use '--") && !outcome.stderr.contains(SECRET_TEXT),
            "{}",
            outcome.stderr
        );
    }
    // A command without such an option gets no such tip.
    let outcome = World::bare().run_words(&["decode", &token, "-S", SECRET_TEXT]);
    assert!(!outcome.stderr.contains("--secret"), "{}", outcome.stderr);
}

#[test]
fn a_second_secret_names_the_way_to_try_several() {
    let tip = "  tip: to learn which of several secrets fits, write each as a line NAME=SECRET to a file, and give that to \
               fob verify with --secret-file\n";
    for words in
        [&["verify", "-s", "a", "-s", "b", "x"][..], &["inspect", "--secret-file", "a", "--secret-file", "b"]]
    {
        let outcome = World::bare().run_words(words);
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.contains(tip), "{}", outcome.stderr);
    }
    let outcome = World::bare().run_words(&["encode", "-s", "a", "-s", "b"]);
    assert!(!outcome.stderr.contains("tip:"), "{}", outcome.stderr);
}

#[test]
fn the_name_of_an_algorithm_needs_its_option() {
    for words in [&["key", "new", "ES256"][..], &["key", "new", "es256"], &["encode", "{}", "es256"]] {
        refused(words, "error: the name of an algorithm needs its option\n\n  tip: write --alg ES256\n");
    }
    assert_eq!(fob("key new --alg ES256").status, 0);
}

#[test]
fn names_a_payload_that_the_shell_has_split() {
    let stderr = "error: the shell has split the payload at a blank\n\n  \
                  tip: put the payload in single quotes, or use -c name=text\n";
    refused(&["encode", "{\"sub\":", "\"a\"}"], stderr);
}

#[test]
fn names_the_option_for_a_suite_given_as_a_token() {
    let suite = "[[cases]]\nname = 'a'\ntoken = 'x'\nexpect = 'malformed'\n";
    for path in ["suite.toml", "tests/api.toml"] {
        let world = World::new().file(path, suite);
        let outcome = world.run(format!("verify {path}"));
        assert_eq!(outcome.status, 4);
        let hint = format!(
            "hint: `{path}` is the name of a file: run a suite with verify --suite {path}, or read a token with @{path}\n"
        );
        assert!(outcome.stderr.ends_with(&hint), "{}", outcome.stderr);
        assert_eq!(world.run(format!("verify -q --suite {path}")).status, 0);
    }
}

#[test]
fn an_expected_outcome_in_another_spelling_is_named() {
    for (outcome, meant) in [
        ("malformed: segments", "malformed:segments"),
        ("WRONG_AUDIENCE", "wrong_audience"),
        ("wrong_audiance", "wrong_audience"),
    ] {
        let refused = World::new().run_words(&["verify", "x.y", "--expect", outcome]);
        let says = format!("unknown outcome: write {meant}\n");
        assert!(refused.status == 2 && refused.stderr.contains(&says), "{}", refused.stderr);
        assert_ne!(World::new().run_words(&["verify", "x.y", "--expect", meant]).status, 2);
    }
}
