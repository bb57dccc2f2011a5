//! The command line itself: a token without a command, help, other names of commands, and short options.

use crate::support::known::JOHN_DOE;
use crate::support::world::{World, fob, payload, token};

#[test]
fn a_token_without_a_command_is_decoded() {
    let token = token(r#"{"sub":"alice"}"#);
    let world = World::bare().file("t.jwt", &token).stdin(&token);
    for line in [
        format!("{token} --claim sub"),
        format!("--claim sub {token}"),
        format!("--claim=sub -q {token}"),
        format!("--at 2026-01-31 --claim sub -- {token}"),
        format!("'Bearer {token}' --claim sub"),
        "@t.jwt --claim sub".to_owned(),
        "- --claim sub".to_owned(),
    ] {
        assert_eq!(world.run(&line).result(), "alice", "{line}");
    }
    let (bare, full) = (world.run(&token), world.run(format!("decode {token}")));
    assert_eq!((bare.status, bare.text()), (0, full.text()));
    assert_eq!(world.run(format!("{token} -j")).json()["payload"]["sub"], "alice");
}

#[test]
fn errors_never_repeat_a_token_without_a_command() {
    for line in [
        format!("{JOHN_DOE} --nope"),
        format!("{JOHN_DOE} --at x"),
        format!("{JOHN_DOE} decode"),
        format!("--nope {JOHN_DOE}"),
        format!("help {JOHN_DOE} {JOHN_DOE}"),
        format!("dec {JOHN_DOE}"),
        format!("s3cret {JOHN_DOE}"),
    ] {
        let outcome = World::bare().run(&line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
        assert!(!outcome.stderr.contains(&JOHN_DOE[..40]), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("s3cret"), "{}", outcome.stderr);
    }
}

#[test]
fn a_misspelled_command_is_not_taken_for_a_token() {
    for (line, command) in [("dec x.y.z", "decode"), ("Encode", "encode"), ("--json verfy x", "verify")] {
        let outcome = World::bare().run(line);
        assert_eq!(outcome.status, 2, "{line}");
        assert!(
            outcome.stderr.ends_with(&format!("hint: write fob {command}\n")),
            "{line}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn help_prints_the_help_of_the_program_and_of_its_commands() {
    for (line, same) in [
        ("help", "--help"),
        ("help verify", "verify --help"),
        ("help sign", "encode --help"),
        ("help key new", "key new --help"),
        ("-q help inspect", "-q inspect --help"),
    ] {
        let (help, option) = (World::bare().run(line), World::bare().run(same));
        assert_eq!((help.status, help.text()), (0, option.text()), "{line}");
        assert!(help.text().contains("\nUsage: fob"), "{line}");
    }
    let outcome = World::bare().run("help nope");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
}

#[test]
fn sign_and_mint_are_encode() {
    let encoded = fob("encode --sub alice --exp 1h").result().to_owned();
    for name in ["sign", "mint", "-q sign", "--json mint"] {
        let outcome = fob(format!("{name} --sub alice --exp 1h"));
        assert!(outcome.text().contains(&encoded), "{name}: {}{}", outcome.text(), outcome.stderr);
    }
    assert_eq!(payload(&encoded), r#"{"sub":"alice","exp":1769864400,"iat":1769860800}"#);
}

#[test]
fn test_runs_suites() {
    let suite = |name: &str, expect: &str| {
        format!(
            "[[cases]]\nname = \"{name}\"\ntoken = \"{}\"\nsecret-env = \"FOB_SECRET\"\nexpect = \"{expect}\"\n",
            token("{}")
        )
    };
    let world = World::new().file("a.toml", suite("one", "accepted")).file("b.toml", suite("two", "expired"));
    for options in ["a.toml", "a.toml b.toml", "b.toml --filter one", "a.toml -j", "a.toml --report tap=-"] {
        let long = options.split(' ').map(|word| match word {
            path if path.ends_with(".toml") => format!(" --suite {path}"),
            other => format!(" {other}"),
        });
        let long = world.run(format!("verify{}", long.collect::<String>()));
        let short = world.run(format!("test {options}"));
        let timeless = |text: &str| text.lines().filter(|line| !line.contains(" s")).collect::<String>();
        assert_eq!((short.status, timeless(short.text())), (long.status, timeless(long.text())), "{options}");
    }
    assert_eq!(world.run("test a.toml").status, 0);
    assert_eq!(world.run("test a.toml b.toml").status, 1);
    let outcome = world.run("test");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
}

#[test]
fn j_is_json_in_every_command() {
    let world = World::new().file("k.jwk", r#"{"kty":"oct","k":"c2VjcmV0"}"#);
    for line in [
        format!("decode {JOHN_DOE}"),
        format!("inspect {JOHN_DOE}"),
        format!("verify {JOHN_DOE}"),
        "encode --sub alice".to_owned(),
        "pair --user-id 7".to_owned(),
        "key show k.jwk".to_owned(),
    ] {
        let (short, long) = (world.run(format!("{line} -j")), world.run(format!("{line} --json")));
        assert_eq!((short.status, short.text()), (long.status, long.text()), "{line}");
        assert_eq!(world.run(format!("{line} -qj")).text(), long.text(), "{line}");
        assert!(long.json().is_object(), "{line}");
    }
}
