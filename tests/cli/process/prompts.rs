//! Tests of prompts: the user is asked for missing values only, and without a terminal nothing waits.

use crate::support::known::JOHN_DOE;
use crate::support::world::{World, token};

const TOKEN: &str = "Token";

#[test]
fn asks_for_a_missing_secret_without_echo() {
    let outcome = World::bare().person(&[Some("secret")]).run(format!("verify -q {JOHN_DOE}"));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(outcome.questions, [("Secret".to_owned(), true)]);
}

#[test]
fn asks_for_a_missing_token_with_echo() {
    let outcome = World::bare().person(&[Some(JOHN_DOE)]).run("decode -q");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(outcome.questions, [(TOKEN.to_owned(), false)]);
}

#[test]
fn announces_and_reads_a_text_to_inspect_to_its_end() {
    let outcome =
        World::bare().person(&[]).stdin(format!("one\n{JOHN_DOE}\n")).run("inspect --color never --json");
    assert_eq!(outcome.status, 0);
    assert_eq!(outcome.json()["tokens"][0]["found"]["line"], 2);
    assert_eq!(outcome.stderr, "hint: paste the text, and end it with Ctrl-D on a line of its own\n");
}

#[test]
fn asks_for_the_token_before_the_secret() {
    let outcome = World::bare().person(&[Some(JOHN_DOE), Some("secret")]).run("verify -q");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(outcome.questions, [(TOKEN.to_owned(), false), ("Secret".to_owned(), true)]);
}

#[test]
fn does_not_ask_for_a_secret_that_cannot_help() {
    let token = "eyJhbGciOiJSUzI1NiJ9.e30.AA";
    let outcome = World::bare().person(&[Some(token)]).run("verify");
    assert_eq!((outcome.status, outcome.questions.len()), (2, 1), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("--key"), "{}", outcome.stderr);
}

#[test]
fn notices_what_is_no_secret_in_the_answer_for_the_secret() {
    let world = |answer: &str| World::bare().file("k.pem", "x").person(&[Some(answer)]);
    for answer in [JOHN_DOE.to_owned(), format!("Bearer {JOHN_DOE}"), format!(" {JOHN_DOE} ")] {
        for line in [format!("verify --color never {JOHN_DOE}"), "encode --color never".to_owned()] {
            let expected = "error: the text given as the secret is a token\n\
                            hint: give the token as an argument or as @PATH, and type the secret when you are asked for it\n";
            world(&answer).run(line).refused(2, expected);
        }
    }
    let outcome = world("").run(format!("verify {JOHN_DOE}"));
    assert_eq!(outcome.status, 1);
    let report = format!("{}{}", outcome.text(), outcome.stderr);
    assert!(report.contains("empty"), "{report}");
    let outcome = world(r#"{"kty":"oct","k":"c2VjcmV0"}"#).run(format!("verify {JOHN_DOE}"));
    assert_ne!(outcome.status, 0);
    assert!(outcome.text().contains("--key takes the path of a key"), "{}", outcome.text());
    let outcome = world("k.pem").run(format!("verify --color never {JOHN_DOE}"));
    let warning = "warning: the secret is the path of a file, but is used as it is; --secret-file takes a secret from a file, \
                   --key a key\n";
    assert!(outcome.stderr.contains(warning), "{}", outcome.stderr);
}

#[test]
fn does_not_ask_for_values_that_were_given() {
    let world = World::new().person(&[]);
    for line in [
        format!("verify -q {}", token("{}")),
        "encode -q".into(),
        "pair -q --user-id 7".into(),
        format!("decode -q {JOHN_DOE}"),
    ] {
        let outcome = world.run(&line);
        assert_eq!((outcome.status, outcome.questions), (0, vec![]), "{line}");
    }
}

#[test]
fn a_cancelled_prompt_ends_with_status_2() {
    for (command, answers, asked) in [
        ("encode", &[None][..], 1),
        ("verify x", &[None], 1),
        ("verify", &[Some(JOHN_DOE), None], 2),
        ("decode", &[None], 1),
        ("pair --user-id 7", &[None], 1),
        ("refresh", &[None], 1),
    ] {
        let outcome = World::bare().person(answers).run(command);
        assert_eq!((outcome.status, outcome.text(), outcome.questions.len()), (2, "", asked), "{command}");
        assert!(outcome.stderr.contains(" was given"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("hint:"), "{}", outcome.stderr);
    }
}

#[test]
fn asks_for_the_secret_while_the_token_comes_through_a_pipe() {
    let world = World::bare().person(&[Some("secret")]).terminals([false, true, true]).stdin(JOHN_DOE);
    let outcome = world.run("verify -q");
    assert_eq!((outcome.status, outcome.questions), (0, vec![("Secret".to_owned(), true)]));
}

#[test]
fn does_not_ask_if_standard_error_is_not_a_terminal() {
    for terminals in [[true, true, false], [false; 3]] {
        let world = World::bare().person(&[Some("secret"), Some("secret")]).terminals(terminals);
        for line in ["encode", "verify x", "pair --user-id 7"] {
            let outcome = world.run(line);
            assert_eq!((outcome.status, outcome.questions), (2, vec![]), "{terminals:?} {line}");
        }
    }
    let outcome = World::bare().person(&[Some(JOHN_DOE)]).terminals([true, true, false]).run("decode");
    assert_eq!((outcome.status, outcome.questions), (2, vec![]));
}

#[test]
fn reads_a_secret_from_a_prompt_in_its_format() {
    let outcome =
        World::bare().person(&[Some("c2VjcmV0")]).run(format!("verify -q --secret-format base64 {JOHN_DOE}"));
    assert_eq!(outcome.status, 0);
    let outcome = World::bare().person(&[Some("secret ")]).run(format!("verify -q {JOHN_DOE}"));
    assert_eq!(outcome.status, 1);
}
