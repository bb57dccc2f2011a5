//! Tests of `fob encode --flaw`: tokens with one defect, and suites of them. New suites differ from those in
//! `tests/vectors/flaws` only in signatures.

use crate::docs::golden::compare;
use crate::support::process::{Process, run_in};
use crate::support::world::{Outcome, SECRET, World, fob, payload, segment};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The options for the claims of the suites.
const CLAIMS: &str =
    "--iss https://issuer.example --sub alice --aud api --exp 15m --nbf now --jti 7 -c role=user";

/// The names of the suites, and the options for their keys, relative to the folder of the suites.
const KEYS: [(&str, &str); 3] = [
    ("hs256", "--secret-file ../keys/hs256-long.secret"),
    ("rs256", "--key ../forms/rsa.pk8.pem --alg RS256"),
    ("es256", "--key ../forms/p256.pk8.pem"),
];

/// The flaws of every token, and the reasons that it is rejected for.
const PLAIN: [(&str, &str); 20] = [
    ("expired", "expired"),
    ("not-yet-valid", "not_yet_valid"),
    ("issued-in-future", "issued_in_future"),
    ("wrong-key", "bad_signature"),
    ("tampered-payload", "bad_signature"),
    ("tampered-header", "bad_signature"),
    ("truncated-signature", "bad_signature"),
    ("empty-signature", "bad_signature"),
    ("alg-none", "alg_none"),
    ("alg-unknown", "alg_unsupported"),
    ("hmac-with-public-key", "alg_not_allowed"),
    ("duplicate-member", "malformed:duplicate_member"),
    ("padded-base64", "malformed:charset"),
    ("non-canonical-base64", "malformed:base64"),
    ("crit", "crit_unsupported"),
    ("not-json", "malformed:payload_json"),
    ("array-payload", "malformed:payload_not_object"),
    ("deep-json", "malformed:too_deep"),
    ("jwe-shaped", "jwe"),
    ("control-characters", "malformed:payload_json"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/flaws")
}

/// Returns a world that works in the folder of the suites.
fn world() -> World {
    World::bare().folder(folder())
}

fn suite(key: &str) -> Outcome {
    world().run(format!("encode {CLAIMS} --flaw all --suite - {key}"))
}

/// A case of a suite: its name, its token, its expectations, and the options of `verify`.
struct Case {
    name: String,
    token: String,
    expect: Vec<String>,
    options: Vec<String>,
}

/// Converts TOML to JSON. Only the types in suites of flaws are supported.
fn json_of(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => json!(text),
        DeValue::Array(items) => items.iter().map(|item| json_of(item.get_ref())).collect(),
        DeValue::Table(table) => {
            table.iter().map(|(name, value)| (name.get_ref().to_string(), json_of(value.get_ref()))).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.as_str().unwrap().to_owned()],
    }
}

/// Returns the members of a table as options of `verify`, without those of the case itself.
fn options(members: &Value) -> Vec<String> {
    let members = members.as_object().unwrap().iter();
    let options = members.filter(|(name, _)| !["name", "token", "expect"].contains(&name.as_str()));
    let spelled = |(name, value): (&String, &Value)| -> Vec<String> {
        texts(value).into_iter().flat_map(|text| [format!("--{name}"), text]).collect()
    };
    options.flat_map(spelled).collect()
}

/// Returns the cases of a suite, with the defaults applied.
fn cases(text: &str) -> Vec<Case> {
    let suite = json_of(&DeValue::Table(DeTable::parse(text).unwrap().into_inner()));
    let read = |case: &Value| Case {
        name: case["name"].as_str().unwrap().to_owned(),
        token: case["token"].as_str().unwrap().to_owned(),
        expect: texts(&case["expect"]),
        options: [options(&suite["defaults"]), options(case)].concat(),
    };
    suite["cases"].as_array().unwrap().iter().map(read).collect()
}

/// Judges every case with `verify`. Asserts that the reasons are exactly the expected ones, and counts the cases.
#[track_caller]
fn judge(world: &World, text: &str) -> usize {
    let cases = cases(text);
    for Case { name, token, expect, options } in &cases {
        let mut words = vec!["verify".to_owned(), token.clone(), "--json".to_owned()];
        words.extend(options.clone());
        let outcome = world.run_words(&words);
        let found = match outcome.json()["verdict"].as_str().unwrap() {
            "accepted" => vec!["accepted".to_owned()],
            _ => outcome.reasons(),
        };
        assert_eq!(&found, expect, "{name}: {token}");
    }
    cases.len()
}

/// Returns a suite without signatures, which may be randomized.
fn unsigned(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix("token = ").and_then(|token| token.rsplit_once('.')) {
        Some((input, _)) => format!("token = {input}\n"),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn the_suites_of_the_project_meet_their_expectations() {
    for ((name, key), count) in KEYS.iter().zip([35, 36, 36]) {
        let kept = std::fs::read_to_string(folder().join(format!("{name}.toml")))
            .unwrap_or_else(|error| panic!("{name}.toml: {error}; FOB_BLESS=1 writes it"));
        assert_eq!(judge(&world(), &kept), count, "{name} {key}");
    }
}

#[test]
fn the_suites_of_the_project_are_up_to_date() {
    for (name, key) in KEYS {
        let made = suite(key);
        let made = made.text();
        let path = format!("tests/vectors/flaws/{name}.toml");
        let kept = std::fs::read_to_string(folder().join(format!("{name}.toml"))).unwrap_or_default();
        // Randomized signatures are left out of the comparison, and such a suite is kept if nothing else changed.
        if name == "hs256" || unsigned(made) != unsigned(&kept) {
            compare(&path, made);
        }
    }
}

#[test]
fn suites_for_other_keys_meet_their_expectations() {
    for (key, count) in [
        ("--key ../forms/ed25519.pk8.pem", 36),
        ("--key ../forms/p384.pk8.pem", 36),
        ("--key ../forms/p521.pk8.pem", 36),
        ("--key ../forms/secp256k1.pk8.pem", 36),
        ("--key ../forms/pss.pk8.pem", 36),
        ("--secret-file ../keys/hs256-long.secret --alg HS384", 35),
        ("--secret-file ../keys/hs256-long.secret --alg HS512 --kid main", 35),
    ] {
        let made = suite(key);
        assert_eq!((made.status, made.stderr.as_str()), (0, ""), "{key}");
        assert_eq!(judge(&world(), made.text()), count, "{key}");
    }
}

#[test]
fn every_flaw_has_its_reason_with_every_type_of_key() {
    let keys =
        KEYS.map(|(_, key)| key).into_iter().chain(["--key ../forms/ed25519.pk8.pem"]).map(str::to_owned);
    for key in keys {
        for (flaw, reason) in PLAIN {
            let outcome = world().run(format!("encode --sub alice --flaw {flaw} --json {key}"));
            if flaw == "hmac-with-public-key" && key.contains("secret") {
                let message = "no token can be made with the flaw hmac-with-public-key: an HMAC secret has no public half";
                assert_eq!((outcome.status, outcome.stderr.as_str()), (2, &*format!("error: {message}\n")));
                assert_eq!(outcome.json()["error"]["message"], message);
                continue;
            }
            assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{flaw} {key}");
            let document = outcome.json();
            assert_eq!(document["flaw"], flaw);
            assert_eq!(document["expect"]["reasons"], json!([reason]));
            assert_eq!(document["verify"], json!({"at": "@1769860800"}));
            let token = document["token"].as_str().unwrap();
            let key = key.replace("--alg RS256", "");
            let judged = world().run(format!("verify {token} --json {key}"));
            assert_eq!(judged.reasons(), [reason], "{flaw} {key}");
            assert_eq!(judged.json()["verdict"], document["expect"]["verdict"], "{flaw}");
        }
    }
}

#[test]
fn the_document_names_the_options_that_verify_needs() {
    let verify = |line: &str| -> Value {
        let outcome = fob(format!("encode --sub alice -c role=user -c n:=1.50 --json --flaw {line}"));
        outcome.json()["verify"].clone()
    };
    assert_eq!(verify("missing-sub"), json!({"at": "@1769860800", "require": ["sub"]}));
    assert_eq!(verify("missing-iat"), json!({"at": "@1769860800", "require": ["iat"]}));
    assert_eq!(verify("wrong-type-sub"), json!({"at": "@1769860800"}));
    assert_eq!(verify("wrong-type-n"), json!({"at": "@1769860800", "claim": ["n:=1.50"]}));
    let outcome = fob("encode -c role=user --flaw wrong-type-role --json");
    assert_eq!(outcome.json()["expect"], json!({"verdict": "rejected", "reasons": ["wrong_claim:role"]}));
    assert_eq!(outcome.json()["payload"]["role"], json!(["user"]));
}

#[test]
fn prints_a_flawed_token_in_every_format() {
    let token = fob("encode --sub alice --flaw alg-none").result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"none","typ":"JWT"}"#);
    assert_eq!(payload(&token), r#"{"sub":"alice","iat":1769860800}"#);
    assert!(token.ends_with('.'));
    let form = |format: &str| {
        fob(format!("encode --sub alice --flaw alg-none --format {format}")).result().to_owned()
    };
    assert_eq!(form("header"), format!("Authorization: Bearer {token}"));
    assert_eq!(form("env"), format!("FOB_TOKEN={token}"));
    assert_eq!(
        form("json"),
        format!(
            r#"{{"token":"{token}","header":{{"alg":"none","typ":"JWT"}},"payload":{{"sub":"alice","iat":1769860800}},"flaw":"alg-none","expect":{{"verdict":"rejected","reasons":["alg_none"]}},"verify":{{"at":"@1769860800"}}}}"#
        )
    );
}

#[test]
fn keeps_the_options_of_the_user_beside_the_flaw() {
    let world = World::new();
    let header = |flaw: &str| {
        let line = format!("encode --sub alice --kid k1 --typ at+jwt --header x:=1 --flaw {flaw}");
        segment(world.run(line).result(), 0)
    };
    assert_eq!(header("expired"), r#"{"alg":"HS256","kid":"k1","typ":"at+jwt","x":1}"#);
    assert_eq!(header("alg-unknown"), r#"{"alg":"XS256","kid":"k1","typ":"at+jwt","x":1}"#);
    assert_eq!(
        header("tampered-header"),
        r#"{"alg":"HS256","kid":"k1","typ":"at+jwt","x":1,"tampered":true}"#
    );
    let claims = |flaw: &str| payload(fob(format!("encode '{{\"b\":1.10,\"a\":2}}' --flaw {flaw}")).result());
    assert_eq!(claims("missing-a"), r#"{"b":1.10,"iat":1769860800}"#);
    assert_eq!(claims("expired"), r#"{"b":1.10,"a":2,"iat":1769853600,"exp":1769857200}"#);
    assert_eq!(claims("not-yet-valid"), r#"{"b":1.10,"a":2,"iat":1769860800,"nbf":1769864400}"#);
    assert_eq!(claims("array-payload"), r#"[{"b":1.10,"a":2,"iat":1769860800}]"#);
    let bare = fob("encode --no-iat --flaw wrong-key");
    assert_eq!(payload(bare.result()), "{}");
}

#[test]
fn rejects_unknown_and_inapplicable_flaws() {
    for (line, says) in [
        ("--flaw exspired", "write --flaw expired\n"),
        ("--flaw missing-", "missing-CLAIM, wrong-type-CLAIM, all\n"),
        ("--flaw all", "--flaw all mints many tokens, which can only be written to a suite"),
        ("--suite x.toml", "add --flaw NAME\n"),
        ("--flaw crit --lines", "cannot be used with --lines"),
        ("{} --flaw crit --verbatim", "cannot be used with --verbatim"),
        ("--flaw crit --suite x.toml --format env", "cannot be used with"),
        ("--flaw crit --suite x.toml --json", "cannot be used with"),
        (
            "--flaw missing-role",
            "no token can be made with the flaw missing-role: the token has no claim `role`",
        ),
        ("--flaw 'missing-\u{1b}[31m'", r"the flaw missing-\u001b[31m: the token has no claim `\u001b[31m`"),
        (
            "--exp -1s --flaw crit",
            "no token can be made with the flaw crit: verify rejects the token even without the flaw: expired",
        ),
        (
            "--exp -1s --flaw all --suite -",
            "no suite of flaws can be made: verify rejects the token even without the flaw: expired",
        ),
        ("[] --flaw crit", "the payload is not a JSON object"),
    ] {
        let outcome = fob(format!("encode {line}"));
        assert_eq!(outcome.status, 2, "{line}");
        assert!(outcome.text().is_empty() || line.ends_with("--json"), "{line}");
        assert!(outcome.stderr.contains(says), "{line}: {}", outcome.stderr);
    }
}

#[test]
fn rejects_an_existing_suite_file_before_reading_the_key() {
    let world = World::bare().file("s.toml", "").locked_file("key.pem");
    world.run("encode --flaw all --suite s.toml --key key.pem").refused(
        2,
        "error: s.toml already exists, and is not overwritten\nhint: choose another path, or move the old file away\n",
    );
}

#[test]
fn a_suite_of_one_flaw_begins_with_the_valid_token() {
    let outcome = fob("encode --sub alice --flaw missing-sub --suite -");
    let good = fob("encode --sub alice").result().to_owned();
    let flawed = fob("encode --sub alice --flaw missing-sub").result().to_owned();
    assert_eq!(
        outcome.result(),
        format!(
            r##"# A valid token, and tokens with one flaw each. A verifier must reject every flawed token.
# For tests only: all tokens are signed with the key of the valid one.

[defaults]
at = "@1769860800"
secret-env = "FOB_SECRET"

# the valid token
[[cases]]
name = "good"
token = "{good}"
expect = "accepted"

# that claim is left out
[[cases]]
name = "missing-sub"
token = "{flawed}"
expect = "claim_missing:sub"
require = ["sub"]"##
        )
    );
}

#[test]
fn a_suite_never_holds_the_secret() {
    let outcome = World::bare().run_words(&["encode", "--flaw", "all", "--suite", "-", "-s", SECRET]);
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (0, "hint: the suite holds no secret: set FOB_SECRET where you run the suite\n")
    );
    assert!(outcome.text().contains("\nsecret-env = \"FOB_SECRET\"\n"));
    assert!(!outcome.text().contains(SECRET));
}

#[test]
fn a_suite_uses_a_key_in_the_environment() {
    let key = fob("key new --alg EdDSA --kid k1").text().to_owned();
    let world = World::bare().env("FOB_KEY", key);
    let made = world.run("encode --sub alice --flaw crit --suite -");
    assert_eq!((made.status, made.stderr.as_str()), (0, ""));
    let outcome = world.file("s.toml", made.text()).run("verify --suite s.toml -q");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let outcome = World::bare().file("s.toml", made.text()).run("verify --suite s.toml -q");
    outcome.refused(2, "error: s.toml:8:1: no key was given\n");
}

#[test]
fn hostile_claim_names_survive_a_suite() {
    let outcome = World::new().run_words(&[
        "encode",
        "-c",
        "a\u{202e}\"\\=x",
        "-c",
        "/~1slash~0=y",
        "--flaw",
        "all",
        "--suite",
        "-",
    ]);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let cases = cases(outcome.text());
    let case = |name: &str| cases.iter().find(|case| case.name == name).unwrap();
    let hostile = case("missing-a\u{202e}\"\\");
    assert_eq!(hostile.expect, ["claim_missing:a\u{202e}\"\\"]);
    assert_eq!(hostile.options[4..], ["--require", "a\u{202e}\"\\"]);
    let slash = case("missing-/slash~");
    assert_eq!(slash.expect, ["claim_missing:/~1slash~0"]);
    for Case { token, expect, options, .. } in [hostile, slash] {
        let words = ["verify", token, "--expect", &expect[0]].map(str::to_owned);
        let outcome = World::new().run_words(&[&words[..], options].concat());
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    }
}

/// Runs a suite, or a folder of them, and returns how many cases passed. No case may fail.
#[track_caller]
fn passed(folder: &Path, suite: &str) -> usize {
    let words = ["verify", "--suite", suite, "--allow", "paths"];
    let ended = Process::words(&words).with_secret().folder(folder).run();
    // Standard error may warn about the mode of a key file of the checkout.
    ended.expect_status(&[0]);
    let stdout = &ended.stdout;
    let sum = stdout.lines().last().unwrap();
    let (count, rest) = sum.split_once(' ').unwrap();
    assert!(rest.starts_with("passed in "), "{sum}");
    assert_eq!(stdout.lines().filter(|line| line.starts_with("ok ")).count().to_string(), count);
    count.parse().unwrap()
}

#[test]
fn the_suites_of_the_project_pass() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(passed(root, "tests/vectors/flaws/hs256.toml"), 35);
    assert_eq!(passed(root, "tests/vectors/flaws/rs256.toml"), 36);
    assert_eq!(passed(root, "tests/vectors/flaws/es256.toml"), 36);
    assert_eq!(passed(root, "tests/vectors/flaws"), 107);
}

#[test]
fn new_suites_pass() {
    let folder = tempfile::tempdir().unwrap();
    let vectors = self::folder();
    let ed25519 = ("ed25519", "--key ../forms/ed25519.pk8.pem");
    for (name, key) in KEYS.into_iter().chain([ed25519]) {
        let suite = format!("{name}.toml");
        let mut words =
            crate::support::world::split(&format!("encode {CLAIMS} --flaw all --suite {suite} {key}"));
        // The suite is in another folder, so the path of the key must be absolute.
        for word in words.iter_mut().filter(|word| word.starts_with("../")) {
            *word = vectors.join(&*word).to_str().unwrap().to_owned();
        }
        let ended = Process::words(&words).with_secret().folder(folder.path()).run();
        let count = if name == "hs256" { 35 } else { 36 };
        ended.expect_status(&[0]);
        let hint = "hint: run the suite with --allow paths: its keys are outside of its folder";
        let summary = format!("{count} cases written to {suite}\n{hint}\n");
        assert!(ended.stdout.is_empty() && ended.stderr.ends_with(&summary), "{ended}");
        assert_eq!(passed(folder.path(), &suite), count);
    }
}

#[test]
fn a_suite_is_written_once_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let (status, stdout, stderr) = run_in(folder.path(), line);
        assert_eq!(stdout, "", "{line}");
        (status, stderr)
    };
    let line = "encode --sub alice --exp 1h --flaw all --suite flaws.toml";
    assert_eq!(run(line), (Some(0), "26 cases written to flaws.toml\n".to_owned()));
    let kept = std::fs::read_to_string(folder.path().join("flaws.toml")).unwrap();
    assert_eq!(passed(folder.path(), "flaws.toml"), 26);
    assert_eq!(
        run(line),
        (
            Some(2),
            "error: flaws.toml already exists, and is not overwritten\n\
             hint: choose another path, or move the old file away\n"
                .to_owned()
        )
    );
    assert_eq!(std::fs::read_to_string(folder.path().join("flaws.toml")).unwrap(), kept);
    assert_eq!(run("encode --flaw crit --suite one.toml --quiet"), (Some(0), String::new()));
    let (status, said) = run("encode --flaw crit --suite nowhere/one.toml");
    assert_eq!(status, Some(2));
    assert!(said.starts_with("error: cannot write the suite to nowhere/one.toml: "), "{said}");
}
