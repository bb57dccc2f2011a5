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
    let stderr = "error: the text after --secret looks like an option\n\
                  hint: if a variable was empty, set it, or name it with --secret-env VAR\n\
                  hint: if it is the secret, write --secret=TEXT\n";
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
fn warns_before_signing_with_the_name_of_a_variable() {
    let warning = "warning: the secret looks like the name of a variable that was not expanded, but it is used as it is\n\
                   hint: use --secret-env with its name, or double quotes in place of single ones\n";
    for secret in ["$SECRET", "${JWT_SECRET}", "%SECRET%", "$(cat secret.txt)"] {
        for line in [&["encode", "--sub", "a", "--exp", "1h"][..], &["pair", "--user-id", "7"]] {
            let words = [line, &["-s", secret, "--alg", "HS256"]].concat();
            let outcome = World::bare().run_words(&words);
            assert_eq!(outcome.status, 0, "{}", outcome.stderr);
            assert!(outcome.stderr.starts_with(warning), "{words:?}: {}", outcome.stderr);
            let quiet = World::bare().run_words(&[&words[..], &["-q"]].concat());
            assert!(!quiet.stderr.contains("expanded"), "{}", quiet.stderr);
        }
        // A token that such a secret signed is accepted without a warning about it. Any other one gets the hint.
        let minted = World::bare().run_words(&["encode", "-q", "--sub", "a", "-s", secret]);
        let mine = minted.result().to_owned();
        let outcome = World::bare().run_words(&["verify", &mine, "-s", secret]);
        assert!(outcome.status == 0 && !outcome.stderr.contains("expanded"), "{}", outcome.stderr);
        let outcome = World::bare().run_words(&["verify", &token("{}"), "-s", secret]);
        let hint = "hint: the secret looks like the name of a variable that was not expanded: use --secret-env with its name";
        assert!(outcome.status == 1 && outcome.stderr.contains(hint), "{}", outcome.stderr);
    }
    for secret in ["pa$$word-of-thirty-two-characters", "100%", "$", "{a}"] {
        let outcome = World::bare().run_words(&["encode", "--sub", "a", "-s", secret]);
        assert!(outcome.status == 0 && !outcome.stderr.contains("expanded"), "{secret}: {}", outcome.stderr);
    }
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
    let tip = "hint: give the secret with --secret-env VAR, --secret-file PATH or --secret TEXT\n";
    for command in ["verify", "refresh"] {
        for words in
            [[command, SECRET_TEXT, &token], [command, &token, SECRET_TEXT], [command, "@t.jwt", SECRET_TEXT]]
        {
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
    for words in [["verify", &token, "public.pem"], ["verify", "@t.jwt", "public.pem"]] {
        let outcome = World::bare().run_words(&words);
        assert!(outcome.stderr.contains("hint: write --key public.pem"), "{words:?}: {}", outcome.stderr);
    }
    let outcome = World::bare().run_words(&["decode", "@a.jwt", "@b.jwt"]);
    assert!(outcome.stderr.starts_with("error: there are two tokens\n"), "{}", outcome.stderr);
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
        (&["pair", "--exp", "1h"], "write --access-ttl in place of --exp"),
        (&["pair", "--expires-in", "1h"], "write --access-ttl in place of --expires-in"),
        (&["pair", "--flaw", "expired"], "for an expired access token, use --at -2h"),
        (&["pair", "--flaw", "alg-none"], "--flaw is an option of fob encode"),
        (&["verify", &token, "--exp", "1h"], "--exp is an option of fob encode"),
        (&["encode", "--user-id", "7"], "write -c user_id=ID in place of --user-id"),
        (&["encode", "--audience", "a"], "write --aud in place of --audience"),
        (&["encode", "--private-key", "a.pem"], "write --key in place of --private-key"),
        (
            &["decode", &token, "--key", "a.pem"],
            "fob decode checks no signature: use fob verify with a secret or a key; to decrypt a token, use --decrypt-key",
        ),
        (&["verify", &token, "--decrypt", "a.pem"], "write --decrypt-key in place of --decrypt"),
        (&["verify", &token, "--body", "@a"], "write --payload in place of --body"),
        (&["encode", "--encrypt", "a.pem"], "write --encrypt-for in place of --encrypt"),
    ] {
        let outcome = World::bare().run_words(words);
        assert_eq!(outcome.status, 2, "{words:?}");
        assert_eq!(outcome.stderr.matches("hint: ").count(), 1, "{words:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(&format!("hint: {tip}\n")), "{words:?}: {}", outcome.stderr);
        assert!(
            !outcome.stderr.contains("use '--") && !outcome.stderr.contains(SECRET_TEXT),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_second_secret_names_the_way_to_try_several() {
    let tip = "hint: to learn which of several secrets fits, write each as a line NAME=SECRET to a file, and give that to \
               fob verify with --secret-file\n";
    for words in
        [&["verify", "-s", "a", "-s", "b", "x"][..], &["inspect", "--secret-file", "a", "--secret-file", "b"]]
    {
        let outcome = World::bare().run_words(words);
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.contains(tip), "{}", outcome.stderr);
    }
    refused(
        &["encode", "-s", "a", "-s", "b"],
        "error: --secret cannot be used multiple times\nhint: give --secret once\n",
    );
}

#[test]
fn the_name_of_an_algorithm_needs_its_option() {
    for words in [&["key", "new", "ES256"][..], &["key", "new", "es256"], &["encode", "{}", "es256"]] {
        refused(words, "error: the name of an algorithm needs its option\nhint: write --alg ES256\n");
    }
    assert_eq!(fob("key new --alg ES256").status, 0);
}

#[test]
fn names_a_payload_that_the_shell_has_split() {
    let stderr = "error: the shell has split the payload at a blank\n\
                  hint: put the payload in single quotes, or use -c name=text\n";
    refused(&["encode", "{\"sub\":", "\"a\"}"], stderr);
}

#[test]
fn names_what_stands_beside_a_whole_payload() {
    let stderr = "error: another value stands beside the payload\n\
                  hint: give a secret with --secret-env, --secret-file or --secret, and a key with --key\n";
    refused(&["encode", "{\"sub\":\"a\"}", "hunter2"], stderr);
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
    for (outcome, meant) in [("WRONG_AUDIENCE", "wrong_audience"), ("wrong_audiance", "wrong_audience")] {
        let refused = World::new().run_words(&["verify", "x.y", "--expect", outcome]);
        let says =
            format!("error: invalid value '{outcome}' for --expect: unknown outcome\nhint: write {meant}\n");
        assert_eq!((refused.status, refused.stderr), (2, says));
        assert_ne!(World::new().run_words(&["verify", "x.y", "--expect", meant]).status, 2);
    }
}

#[test]
fn an_expected_outcome_may_be_copied_from_a_report() {
    let world = World::new().file("s", "other");
    let (good, old) = (token(r#"{"sub":"a"}"#), token(r#"{"sub":"a","exp":1769860000}"#));
    let encrypted = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA";
    for (text, options) in [
        ("x.y", vec![]),
        (good.as_str(), vec!["--secret-file", "s"]),
        (old.as_str(), vec!["--secret-file", "s"]),
        (old.as_str(), vec![]),
        (old.as_str(), vec!["--aud", "api"]),
        (encrypted, vec![]),
    ] {
        let words = [vec!["verify", text], options].concat();
        let report = world.run_words(&words);
        let report = format!("{}{}", report.text(), report.stderr);
        let verdict =
            report.lines().find(|line| line.starts_with("rejected") || line.starts_with("malformed"));
        let verdict = verdict.unwrap_or_else(|| panic!("{report}"));
        let outcome = world.run_words(&[words, vec!["--expect", verdict]].concat());
        assert_eq!(outcome.status, 0, "{verdict}: {}", outcome.stderr);
        assert_ne!(world.run_words(&["verify", &good, "--expect", verdict]).status, 0, "{verdict}");
    }
}

/// Runs a line, which must be refused with one hint, and returns the hint.
#[track_caller]
fn hint(words: &[&str]) -> String {
    let outcome = World::new().run_words(words);
    assert_eq!((outcome.status, outcome.text()), (2, ""), "{words:?}: {}", outcome.stderr);
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("error: "), "{words:?}: {}", outcome.stderr);
    lines[1].strip_prefix("hint: ").unwrap_or_else(|| panic!("{words:?}: {}", outcome.stderr)).to_owned()
}

#[test]
fn the_options_of_jwt_cli_are_translated_in_every_command() {
    let token = token(r#"{"sub":"a"}"#);
    let commands = ["encode", "decode", "verify", "inspect", "pair", "refresh", "revoke", "test", "key new"];
    for command in commands {
        for option in ["-S", "-A", "-P", "-e", "-o", "--iso8601", "--date"] {
            let words: Vec<&str> = command.split(' ').chain([option, "x"]).collect();
            let hint = hint(&words);
            assert!(!hint.ends_with("lists its options"), "{command} {option}: {hint}");
            assert!(!hint.contains('x') || hint.contains("--exp"), "{command} {option}: {hint}");
        }
    }
    for words in [&["-S", "x", &token][..], &["decode", "-S", "x"], &["decode", &token, "--key=k.pem"]] {
        assert!(hint(words).starts_with("fob decode checks no signature: use fob verify"), "{words:?}");
    }
    for (words, expected) in [
        (&["decode", "--ignore-exp"][..], "--ignore-exp is an option of fob verify"),
        (&["decode", "--no-iat"], "--no-iat is an option of fob encode"),
        (&["encode", "--profile", "oauth"], "--profile is an option of fob pair, fob refresh and fob revoke"),
        (&["verify", "-e", "1h"], "--exp is an option of fob encode"),
        (&["encode", "-a", "x"], "write --alg or --aud in place of -a"),
        (&["decode", "--header"], "write --part header"),
        (&["decode", "--token", "x"], "give the token without --token: fob decode TOKEN"),
        (&["decode", "-f", "t.jwt"], "write fob decode @PATH to read a file"),
        (&["decode", "--pretty"], "write --json for JSON"),
        (&["decode", "--no-color"], "write --color never"),
        (&["verify", "--Key", "x"], "write --key"),
        (&["verify", "--max_age", "1h"], "write --max-age"),
        (&["verify", "--secrt", "x"], "write --secret"),
        (&["verify", "--nope"], "fob verify --help lists its options"),
        (&["-v"], "write fob --version"),
        (&["version"], "write fob --version"),
        (&["keygen"], "write fob key new"),
        (&["key", "generate"], "write fob key new"),
        (&["validate", &token], "write fob verify"),
        (&["deocde"], "write fob decode"),
        (&["help", "verfy"], "write fob verify"),
        (&["qqq"], "fob --help lists the commands"),
        (&["verify", "--aud"], "write --aud TEXT"),
        (&["completions"], "write fob completions SHELL: bash, elvish, fish, nushell, powershell, zsh"),
        (&["test"], "write fob test PATH"),
        (&["verify", &token, "--once"], "add --store URL"),
        (&["verify", &token, "--verbose=x"], "write --verbose alone"),
        (&["decode", "--part", "body"], "write one of header, payload, signature, token"),
        (&["encode", "--alg", "HS257"], "write --alg HS256"),
        (&["verify", &token, "--tz", "UTC+2"], "write +02:00"),
        (&["test", "a.toml", "--report", "HTML=x"], "write html=x"),
        (&["test", "a.toml", "--report", "x.html"], "write html=x.html"),
        (&["test", "a.toml", "--report", "junit"], "write junit=PATH"),
        (&["encode", "sub=alice"], "use -c sub=TEXT for a string, or -c sub:=JSON"),
        (&["encode", "sub=alice", "role=x"], "write -c before each claim: -c name=text"),
        (&["verify", &token, "k.pem"], "write --key k.pem"),
        (
            &["verify", &token, "https://a.example/jwks"],
            "write --key URL for a key set, or --issuer-keys URL for an issuer",
        ),
        (&["verify", &token, &token], "give one token, or many with --lines, one a line"),
    ] {
        assert_eq!(hint(words), expected, "{words:?}");
    }
}

#[test]
fn names_options_with_wrong_hyphens() {
    let token = token(r#"{"sub":"a"}"#);
    for (words, option) in [
        (&["verify", &token, "\u{2013}key", "k.pem"][..], "--key"),
        (&["verify", "\u{2014}key", "k.pem"], "--key"),
        (&["decode", "\u{2013}json"], "--json"),
        (&["verify", &token, "-key", "k.pem"], "--key"),
        (&["verify", &token, "\u{2013}k", "k.pem"], "-k"),
    ] {
        assert_eq!(hint(words), format!("write {option}"), "{words:?}");
    }
}

#[test]
fn a_guess_at_a_time_works_when_it_is_followed() {
    for (option, value, guesses) in [
        ("--exp", "1y", &["365d"][..]),
        ("--exp", "1 hour", &["1h"]),
        ("--exp", "tomorrow", &["+1d"]),
        ("--exp", "next week", &["+7d"]),
        ("--exp", "1 month", &["30d"]),
        ("--exp", "90 minutes", &["1h30m"]),
        ("--exp", "1.5h", &["1h30m"]),
        ("--exp", "2026-01-31 12:00", &["2026-01-31T12:00:00Z"]),
        ("--exp", "31.01.2026", &["2026-01-31"]),
        ("--exp", "01/31/2026", &["2026-01-31"]),
        ("--exp", "01/02/2026", &["2026-02-01", "2026-01-02"]),
        ("--exp", "12:00", &["2026-01-31T12:00:00Z"]),
        ("--exp", "3pm", &["2026-01-31T15:00:00Z"]),
        ("--exp", "5M", &["5m", "150d"]),
        ("--exp", "3600", &["3600s", "3600m"]),
        ("--exp", "1769864400000", &["@1769864400"]),
        ("--at", "tomorrow", &["+1d"]),
        ("--at", "1 hour", &["+1h"]),
    ] {
        let hint = hint(&["encode", "--sub", "a", option, value]);
        for guess in guesses {
            assert!(hint.split([' ', ',']).any(|word| word == *guess), "{value}: {hint}");
            let outcome = World::new().run_words(&["encode", "--sub", "a", option, guess]);
            assert_eq!(outcome.status, 0, "{guess}: {}", outcome.stderr);
        }
    }
    assert_eq!(hint(&["encode", "--exp", "never"]), "leave the option out");
}

#[test]
fn letter_case_of_few_values_does_not_matter() {
    let token = token(r#"{"sub":"a"}"#);
    for options in [["--color", "Auto"], ["--color", "NEVER"], ["--tz", "UTC"], ["--tz", "Local"]] {
        assert_eq!(
            World::new().run_words(&["decode", &token, options[0], options[1]]).status,
            0,
            "{options:?}"
        );
    }
    assert_eq!(World::new().run_words(&["encode", "--alg", "hs384"]).status, 0);
}

#[track_caller]
fn one_hint(words: &[&str], error: &str, hint: &str) {
    refused(words, &format!("error: {error}\nhint: {hint}\n"));
}

#[test]
fn names_the_algorithm_of_a_curve_or_a_key_type() {
    for (value, error, hint) in [
        ("P-256", "P-256 is a curve, not an algorithm", "write --alg ES256"),
        ("P256", "P-256 is a curve, not an algorithm", "write --alg ES256"),
        ("secp384r1", "P-384 is a curve, not an algorithm", "write --alg ES384"),
        ("x25519", "X25519 is a curve, not an algorithm", "write --alg ECDH-ES --crv X25519"),
        ("RSA", "RSA is a key type, not an algorithm", "write --alg RS256"),
        ("ec", "EC is a key type, not an algorithm", "write --alg ES256"),
        ("OKP", "OKP is a key type, not an algorithm", "write --alg EdDSA"),
        ("oct", "oct is a key type, not an algorithm", "write --alg HS256"),
        ("ecdsa", "ECDSA is a family of algorithms", "write --alg ES256"),
    ] {
        one_hint(&["key", "new", "--alg", value], error, hint);
        let options: Vec<&str> = hint.split(' ').skip(1).collect();
        assert_eq!(World::bare().run_words(&[&["key", "new"], &options[..]].concat()).status, 0, "{value}");
    }
    let tip = |words: &[&str]| World::bare().run_words(words).stderr;
    let no_option = |option: &str| format!("fob key new has no option {option}");
    one_hint(
        &["key", "new", "--type", "ec"],
        &no_option("--type"),
        "write --alg ES256 in place of --type ec",
    );
    one_hint(&["key", "new", "--kty=RSA"], &no_option("--kty"), "write --alg RS256 in place of --kty RSA");
    one_hint(&["key", "new", "--curve", "P-256"], &no_option("--curve"), "write --crv in place of --curve");
    one_hint(&["key", "new", "--size", "2048"], &no_option("--size"), "write --bits in place of --size");
    one_hint(
        &["encode", "--alg", "none"],
        "invalid value 'none' for --alg",
        "for a test, write --flaw alg-none",
    );
    // A token cannot be signed with X25519.
    assert!(!tip(&["encode", "--alg", "X25519"]).contains("ECDH-ES"));
}

#[test]
fn an_option_is_guessed_only_from_a_close_spelling() {
    let token = token(r#"{"sub":"a"}"#);
    let no_option = |command: &str, option: &str| format!("fob {command} has no option {option}");
    for (words, hint) in [
        (&["encode", "--no-exp"][..], "leave --no-exp out: exp is added only with --exp"),
        (&["encode", "--no-expiry"], "leave --no-expiry out: exp is added only with --exp"),
        (&["verify", "-t", &token], "give the token without -t: fob verify TOKEN"),
        (&["verify", "--token", &token], "give the token without --token: fob verify TOKEN"),
        (&["verify", "-t", "at+jwt"], "write --typ in place of -t"),
        (&["verify", "--token-file", "t.jwt"], "give the file without --token-file: fob verify @t.jwt"),
        (&["verify", "--token-file", SECRET_TEXT], "give the file without --token-file: fob verify @PATH"),
        (&["verify", "--subtle", &token], "fob verify --help lists its options"),
        (&["decode", "--get", "sub", &token], "write --claim in place of --get"),
        (&["inspect", "--insecure", "x"], "leave --insecure out: without a key, no signature is checked"),
        (&["verify", "--audd", "x"], "write --aud"),
    ] {
        one_hint(words, &no_option(words[0], words[1]), hint);
    }
}

#[test]
fn commands_of_other_tools_are_found_behind_their_group() {
    for (line, group, meant) in [
        ("jwt sign", "jwt", "encode"),
        ("crypto jwt verify", "crypto", "verify"),
        ("jws ver", "jws", "verify"),
        ("jws sig", "jws", "encode"),
        ("jwe dec", "jwe", "decode"),
        ("jwk gen", "jwk", "key new"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        one_hint(&words, &format!("fob has no command `{group}`"), &format!("write fob {meant}"));
    }
    one_hint(&["jwt"], "fob has no command `jwt`", "fob --help lists the commands");
}

#[test]
fn the_next_option_is_not_taken_for_a_value() {
    for words in [&["encode", "--kid", "--sub", "a"][..], &["verify", "x", "--kid", "--aud", "y"]] {
        one_hint(words, "the value of --kid is missing", "write --kid KID");
    }
    one_hint(&["encode", "--exp", "--sub", "a"], "the value of --exp is missing", "write --exp TIME");
    for words in [&["verify", "x", "--leeway", "-5s"][..], &["verify", "x", "--leeway=-5s"]] {
        one_hint(words, "invalid value '-5s' for --leeway: negative", "write 5s");
    }
    let secret = ["encode", "-q", "--exp", "1h", "-s", SECRET_TEXT];
    for rest in [&["--kid=--sub"][..], &["--kid", "--Xy"], &["--jti", "--sub", "a"]] {
        assert_eq!(World::bare().run_words(&[&secret, rest].concat()).status, 0, "{rest:?}");
    }
}

#[test]
fn the_right_form_of_a_time_needs_no_quotes() {
    let form = "write 2026-01-31T12:00:00Z, or an offset such as +02:00 for Z";
    for (time, fault) in [
        ("2026-01-31 12:00:00", "the time of day has no zone"),
        ("2026-01-31 12:00", "the T, the seconds and the zone are missing"),
        ("2026-01-31T12:00", "the seconds and the zone are missing"),
    ] {
        one_hint(&["verify", "x", "--at", time], &format!("invalid value '{time}' for --at: {fault}"), form);
    }
}

#[test]
fn a_claim_needs_an_equals_sign() {
    let error = |value: &str| format!("invalid value '{value}' for --claim: there is no = after the name");
    one_hint(&["encode", "-c", "role:admin"], &error("role:admin"), "write role=admin");
    let forms = "write name=text, or name:=json for a number, true, null, an array or an object";
    one_hint(&["encode", "-c", "role: admin"], &error("role: admin"), forms);
}

#[test]
fn a_number_as_a_time_needs_its_unit() {
    let error = |option: &str| format!("invalid value '60' for {option}: ambiguous");
    one_hint(&["encode", "--exp", "60"], &error("--exp"), "write 60s for seconds, 60m for minutes");
    // A clock has no time of issue to add seconds to.
    let form = "write +60s for a time from now, or @60 for seconds since 1970";
    one_hint(&["verify", "x", "--at", "60"], &error("--at"), form);
}

#[test]
fn a_list_of_texts_needs_its_quotes() {
    let error = "invalid value 'roles:=[a,b]' for --claim: the value after := is not JSON at offset 1: expected a value";
    one_hint(&["encode", "-c", "roles:=[a,b]"], error, r#"write 'roles:=["a","b"]'"#);
    let outcome = World::bare().run_words(&["encode", "-c", "roles:=[a,true]"]);
    assert!(!outcome.stderr.contains(r#"["a""#), "{}", outcome.stderr);
}
