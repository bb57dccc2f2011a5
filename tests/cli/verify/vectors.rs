//! Tokens of real libraries, and tokens with exactly one defect, with the verdict that each must get. The tests also assert
//! how many there are.

use crate::support::world::{Outcome, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fob::core::text::escape::is_hostile;
use serde_json::Value;

fn folder() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors").to_owned()
}

/// A case in a file of vectors.
struct Case(Value);

impl Case {
    fn all(file: &str) -> Vec<Self> {
        let file: Value = serde_json::from_str(file).unwrap();
        file["cases"].as_array().unwrap().iter().cloned().map(Self).collect()
    }

    fn token(&self) -> Vec<u8> {
        match &self.0["token"] {
            Value::String(text) => text.clone().into_bytes(),
            _ => STANDARD.decode(self.0["token_b64"].as_str().unwrap()).unwrap(),
        }
    }

    fn args(&self) -> Vec<&str> {
        self.0["args"].as_array().unwrap().iter().map(|argument| argument.as_str().unwrap()).collect()
    }

    /// Runs a command with the token on standard input.
    fn run(&self, words: &[&str]) -> Outcome {
        World::bare().folder(folder()).stdin(self.token()).run_words(words)
    }

    fn verify(&self, more: &[&str]) -> Outcome {
        self.run(&[&["verify"], more, &self.args()].concat())
    }
}

#[test]
fn agrees_with_real_libraries_on_their_tokens() {
    let cases = Case::all(include_str!("../../vectors/ecosystem.json"));
    assert_eq!(cases.len(), 82);
    for case in cases {
        let outcome = case.verify(&["--json"]);
        assert_eq!(i64::from(outcome.status), case.0["status"], "{}: {}", case.0, outcome.text());
        match case.0["reason"].as_str().unwrap() {
            "ok" => assert_eq!(outcome.reasons(), [""; 0]),
            reason => {
                assert!(outcome.reasons().contains(&reason.to_owned()), "{}: {}", case.0, outcome.text())
            }
        }
    }
}

#[test]
fn rejects_tokens_with_one_defect_for_that_defect() {
    let cases = Case::all(include_str!("../../vectors/hostile.json"));
    assert_eq!(cases.len(), 128);
    for case in cases {
        let outcome = case.verify(&["--json"]);
        let allowed = case.0["status"].as_array().unwrap();
        assert!(allowed.contains(&outcome.status.into()), "{}: {}{}", case.0, outcome.text(), outcome.stderr);
        assert!(matches!(outcome.status, 0 | 1 | 3 | 4), "{}", case.0);
        if outcome.status != 0 {
            let reasons = outcome.reasons();
            let wanted = case.0["reasons"].as_array().unwrap();
            assert!(
                wanted.iter().any(|wanted| reasons.contains(&wanted.as_str().unwrap().into())),
                "{}: {reasons:?}",
                case.0
            );
        }
    }
}

#[test]
fn text_and_json_have_the_same_exit_status() {
    for case in Case::all(include_str!("../../vectors/hostile.json")) {
        assert_eq!(case.verify(&[]).status, case.verify(&["--json"]).status, "{}", case.0);
        assert_eq!(case.verify(&["-q"]).status, case.verify(&["--json"]).status, "{}", case.0);
    }
}

#[test]
fn every_command_escapes_hostile_text() {
    let cases = Case::all(include_str!("../../vectors/hostile.json"));
    let shown: Vec<_> = cases.iter().filter(|case| case.0["display"] == true).collect();
    assert_eq!(shown.len(), 33);
    for case in shown {
        for words in [
            &["decode"][..],
            &["decode", "--json"],
            &["inspect"],
            &["inspect", "--json"],
            &["inspect", "--redact"],
            &["inspect", "--redact", "--json"],
        ] {
            assert_harmless(case, words, &case.run(words));
        }
        assert_harmless(case, &["verify"], &case.verify(&[]));
        assert_harmless(case, &["verify", "--json"], &case.verify(&["--json"]));
    }
}

fn assert_harmless(case: &Case, words: &[&str], outcome: &Outcome) {
    assert_ne!(outcome.status, 2, "{words:?} {}: {}", case.0, outcome.stderr);
    for text in [outcome.text(), &outcome.stderr] {
        let found = text.chars().find(|&c| is_hostile(c) && c != '\n');
        assert_eq!(found, None, "{words:?} {}: {text}", case.0);
    }
}
