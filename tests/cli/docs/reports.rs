//! Snapshots of whole reports below `snapshots/reports/`: what `verify` finds in the tokens of `vectors`, and in tokens at the
//! edge of each demand. `FOB_BLESS=1` rewrites them, for a person to read the difference.

use crate::docs::golden::compare;
use crate::support::world::{NOW, Outcome, SECRET, World, signed, signed_with, token};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use fob::core::token::algorithm::Algorithm;
use serde_json::{Value, json};
use std::fmt::Write as _;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");

/// Runs of the program, as a text.
#[derive(Default)]
struct Session(String);

impl Session {
    /// Adds a title, the output of a run and its status.
    fn add(&mut self, title: &str, outcome: &Outcome) {
        self.add_if(title, outcome, |_| true);
    }

    /// Adds a title, those lines of the report that are about these checks, the last line, the messages and the status.
    fn add_checks(&mut self, title: &str, outcome: &Outcome, checks: &[&str]) {
        self.add_if(title, outcome, |name| checks.contains(&name));
    }

    fn add_if(&mut self, title: &str, outcome: &Outcome, wanted: impl Fn(&str) -> bool) {
        let is_wanted = |line: &&str| match line.strip_prefix("  ") {
            Some(check) => check.split_whitespace().nth(1).is_some_and(&wanted),
            None => !line.is_empty(),
        };
        let _ = writeln!(self.0, "$ {title}");
        outcome.text().lines().filter(is_wanted).for_each(|line| writeln!(self.0, "{line}").unwrap());
        outcome.stderr.lines().for_each(|line| writeln!(self.0, "! {line}").unwrap());
        let _ = writeln!(self.0, "= {}\n", outcome.status);
    }

    fn compare(&self, name: &str) {
        compare(&format!("tests/cli/snapshots/reports/{name}.txt"), &self.0);
    }
}

/// Returns the cases of a file.
fn cases(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn verify_case(case: &Value, more: &[&str]) -> Outcome {
    let bytes = match &case["token"] {
        Value::String(text) => text.clone().into_bytes(),
        _ => STANDARD.decode(case["token_b64"].as_str().unwrap()).unwrap(),
    };
    let args = case["args"].as_array().unwrap().iter().map(|argument| argument.as_str().unwrap());
    let words: Vec<&str> = more.iter().copied().chain(args).collect();
    World::bare().folder(VECTORS).stdin(bytes).run_words(&words)
}

/// Compares the reports on a part of the cases.
fn verify_cases(file: &str, part: usize, of: usize, name: &str) {
    let cases = cases(file);
    let size = cases.len().div_ceil(of);
    let mut session = Session::default();
    for case in cases.chunks(size).nth(part).unwrap() {
        session.add(case["id"].as_str().unwrap(), &verify_case(case, &["verify"]));
    }
    session.compare(&format!("{name}-{part}"));
}

#[test]
fn tokens_of_libraries_get_the_reports_of_the_snapshot_1() {
    verify_cases(include_str!("../../vectors/ecosystem.json"), 0, 2, "ecosystem");
}

#[test]
fn tokens_of_libraries_get_the_reports_of_the_snapshot_2() {
    verify_cases(include_str!("../../vectors/ecosystem.json"), 1, 2, "ecosystem");
}

#[test]
fn tokens_with_a_defect_get_the_reports_of_the_snapshot_1() {
    verify_cases(include_str!("../../vectors/hostile.json"), 0, 3, "hostile");
}

#[test]
fn tokens_with_a_defect_get_the_reports_of_the_snapshot_2() {
    verify_cases(include_str!("../../vectors/hostile.json"), 1, 3, "hostile");
}

#[test]
fn tokens_with_a_defect_get_the_reports_of_the_snapshot_3() {
    verify_cases(include_str!("../../vectors/hostile.json"), 2, 3, "hostile");
}

#[test]
fn tokens_of_libraries_are_explained_as_in_the_snapshot() {
    let mut session = Session::default();
    for case in cases(include_str!("../../vectors/ecosystem.json")) {
        let token = case["token"].as_str().unwrap();
        let outcome = World::bare().stdin(token).run("inspect");
        session.add(case["id"].as_str().unwrap(), &outcome);
    }
    session.compare("inspected");
}

/// Returns claims with one value, at this distance from now in seconds.
fn at(claim: &str, distance: f64) -> String {
    format!(r#"{{"{claim}":{}}}"#, NOW as f64 + distance)
}

#[test]
fn times_get_the_reports_of_the_snapshot() {
    let mut session = Session::default();
    let world = World::new();
    let distances = [-86_400.0, -61.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 61.0, 86_400.0];
    for claim in ["exp", "nbf", "iat"] {
        for options in ["", "--leeway 1s", "--ignore-exp", "--strict"] {
            for distance in distances {
                let token = token(&at(claim, distance));
                let outcome = world.run(format!("verify {options} {token}"));
                session.add_checks(&format!("{options} {claim} {distance}"), &outcome, &[claim]);
            }
        }
    }
    session.compare("times");
}

#[test]
fn ages_get_the_reports_of_the_snapshot() {
    let mut session = Session::default();
    let world = World::new();
    for options in ["--max-age 10s", "--max-age 10s --leeway 2s", "--max-age 0s", "--max-age 1d --strict"] {
        for distance in [-13.0, -12.0, -11.5, -11.0, -10.0, -9.5, -9.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0] {
            let outcome = world.run(format!("verify {options} {}", token(&at("iat", distance))));
            session.add_checks(&format!("{options} iat {distance}"), &outcome, &["max_age", "iat"]);
        }
        for claims in ["{}", r#"{"iat":null}"#, r#"{"iat":"1"}"#, r#"{"iat":1e400}"#, r#"{"iat":-1}"#] {
            let outcome = world.run(format!("verify {options} {}", token(claims)));
            session.add_checks(&format!("{options} {claims}"), &outcome, &["max_age", "iat"]);
        }
    }
    session.compare("ages");
}

#[test]
fn numbers_of_times_get_the_reports_of_the_snapshot() {
    let mut session = Session::default();
    let world = World::new();
    let numbers = [
        "0",
        "-0",
        "-1",
        "-0.000000001",
        "1e-400",
        "-1e-400",
        "1769860800.000000001",
        "1769860799.9999999999",
        "17698608e2",
        "1769860800000",
        "1769860800000000",
        "1769860800000000000",
        "253402300799",
        "253402300799.9",
        "253402300800",
        "9007199254740991",
        "9007199254740993",
        "99999999999999999999",
        "1e30",
        "1e400",
        "-1e400",
        "-62135596800",
        "-62135596801",
        "-62167219201",
    ];
    for claim in ["exp", "nbf", "iat", "auth_time", "updated_at"] {
        for number in numbers {
            for options in ["", "--strict"] {
                let claims = format!(r#"{{"{claim}":{number}}}"#);
                let outcome = world.run(format!("verify {options} {}", token(&claims)));
                let check = format!("claim:{claim}");
                session.add_checks(&format!("{options} {claims}"), &outcome, &[claim, &check]);
            }
        }
    }
    session.compare("numbers");
}

#[test]
fn parties_get_the_reports_of_the_snapshot() {
    let mut session = Session::default();
    let world = World::new();
    let values = [
        "",
        "\"a\"",
        "\"b\"",
        "\"\"",
        "[]",
        "[\"b\",\"a\"]",
        "[\"b\"]",
        "[\"a\",1]",
        "[null]",
        "1",
        "null",
        "{}",
    ];
    for claim in ["iss", "aud", "sub", "jti"] {
        let mut options = vec![String::new(), format!("--{claim} a"), "--strict".to_owned()];
        if ["iss", "aud"].contains(&claim) {
            options.push(format!("--{claim} a --{claim} c"));
            options.push(format!("--strict --{claim} a"));
        }
        for options in options {
            for value in values {
                let claims =
                    if value.is_empty() { "{}".to_owned() } else { format!(r#"{{"{claim}":{value}}}"#) };
                let outcome = world.run(format!("verify {options} {}", token(&claims)));
                session.add_checks(&format!("{options} {claims}"), &outcome, &[claim]);
            }
        }
    }
    session.compare("parties");
}

#[test]
fn demands_on_claims_get_the_reports_of_the_snapshot() {
    let mut session = Session::default();
    let world = World::new();
    let all = [
        "{}",
        r#"{"a":null}"#,
        r#"{"a":"x"}"#,
        r#"{"a":"X"}"#,
        r#"{"a":1}"#,
        r#"{"a":1.0}"#,
        r#"{"a":true}"#,
        r#"{"a":["x","y"]}"#,
        r#"{"a":{"b":"x"}}"#,
        r#"{"token_type":"access"}"#,
        r#"{"token_type":"refresh"}"#,
        r#"{"token_use":"access","token_type":"refresh"}"#,
        r#"{"token_type":7}"#,
        r#"{"typ":"Refresh"}"#,
        r#"{"type":"refresh","refresh":true}"#,
    ];
    for options in [
        "--require a",
        "--require /a/b",
        "--require /a/0",
        "--claim a=x",
        "--claim a:=1",
        "--claim a:=null",
        "--claim /a/b=x",
        "--claim /a/1=y",
        "--token-type access",
        "--token-type refresh",
        "--typ JWT",
        "--typ at+jwt",
    ] {
        let checks = ["require:a", "require:/a/b", "require:/a/0", "claim:a", "claim:/a/b", "claim:/a/1"];
        for claims in all {
            let outcome = world.run(format!("verify {options} {}", token(claims)));
            let more = ["token_type", "typ", "form"];
            session.add_checks(&format!("{options} {claims}"), &outcome, &[&checks[..], &more].concat());
        }
    }
    session.compare("demands");
}

#[test]
fn headers_get_the_reports_of_the_snapshot() {
    let mut session = Session::default();
    let world = World::new();
    let headers = [
        "{}",
        r#"{"alg":null}"#,
        r#"{"alg":1}"#,
        r#"{"alg":""}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"NONE"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"ES256"}"#,
        r#"{"alg":"EdDSA"}"#,
        r#"{"alg":"dir"}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"k"}"#,
        r#"{"alg":"HS256","kid":""}"#,
        r#"{"alg":"HS256","kid":1}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":1}"#,
        r#"{"alg":"HS256","cty":"JWT"}"#,
        r#"{"alg":"HS256","cty":1}"#,
        r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":"b64"}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","jku":"https://a.test"}"#,
        r#"{"alg":"HS256","jku":1}"#,
        r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}"#,
        r#"{"alg":"HS256","jwk":1}"#,
        r#"{"alg":"HS256","x5c":["AA"]}"#,
        r#"{"alg":"HS256","x5c":"AA"}"#,
        r#"{"alg":"HS256","x5t":"AA"}"#,
        r#"{"alg":"HS256","zip":"DEF"}"#,
        r#"{"alg":"HS256","enc":"A128GCM"}"#,
        "[]",
        "1",
        "{",
        "",
    ];
    for header in headers {
        for options in ["", "--alg HS256", "--alg HS384 --alg HS512", "--kid k", "--strict", "--typ at+jwt"] {
            let outcome = world.run(format!("verify {options} {}", signed(header, "{}")));
            session.add_checks(
                &format!("{options} {header}"),
                &outcome,
                &["form", "alg", "key", "crit", "signature", "typ"],
            );
        }
    }
    session.compare("headers");
}

/// Returns a symmetric JWK whose secret follows from a letter, with these members.
fn jwk(letter: char, members: &Value) -> Value {
    let k = URL_SAFE_NO_PAD.encode(secret(letter));
    let mut jwk = json!({"kty": "oct", "k": k});
    jwk.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    jwk
}

fn secret(letter: char) -> String {
    format!("{letter}{SECRET}{SECRET}")
}

#[test]
fn choices_of_a_key_get_the_reports_of_the_snapshot() {
    let bare = json!({});
    let elliptic: Value =
        serde_json::from_str(include_str!("../../vectors/keys/ed25519.pub.jwk.json")).unwrap();
    let rsa: Value = serde_json::from_str(include_str!("../../vectors/keys/rsa2048.pub.jwk.json")).unwrap();
    let key = |letter: char, members: Value| jwk(letter, &members);
    let sets = [
        ("no key", vec![]),
        ("a", vec![key('a', json!({"kid": "a"}))]),
        ("a, b", vec![key('a', json!({"kid": "a"})), key('b', json!({"kid": "b"}))]),
        ("nameless", vec![jwk('a', &bare)]),
        ("two nameless", vec![jwk('a', &bare), jwk('b', &bare)]),
        ("nameless twice", vec![jwk('a', &bare), jwk('a', &bare)]),
        ("nameless and b", vec![jwk('a', &bare), key('b', json!({"kid": "b"}))]),
        ("two a", vec![key('a', json!({"kid": "a"})), key('b', json!({"kid": "a"}))]),
        ("a twice", vec![key('a', json!({"kid": "a"})), key('a', json!({"kid": "a"}))]),
        (
            "two a, by algorithm",
            vec![
                key('a', json!({"kid": "a", "alg": "HS256"})),
                key('b', json!({"kid": "a", "alg": "HS512"})),
            ],
        ),
        ("by algorithm", vec![key('a', json!({"alg": "HS256"})), key('b', json!({"alg": "HS384"}))]),
        ("by use", vec![key('a', json!({"use": "sig"})), key('b', json!({"use": "enc"}))]),
        (
            "by key_ops",
            vec![key('a', json!({"key_ops": ["verify"]})), key('b', json!({"key_ops": ["encrypt"]}))],
        ),
        ("an empty name", vec![key('a', json!({"kid": ""})), key('b', json!({"kid": "b"}))]),
        ("unreadable", vec![json!({"kty": "oct", "kid": "a"}), key('b', json!({"kid": "b"}))]),
        ("unknown type", vec![json!({"kty": "new", "kid": "a"}), key('b', json!({"kid": "b"}))]),
        ("a name that is a number", vec![json!({"kty": "oct", "k": "AA", "kid": 1}), jwk('a', &bare)]),
        ("short", vec![json!({"kty": "oct", "k": "AA", "kid": "a"}), key('b', json!({"kid": "b"}))]),
        ("short and long", vec![json!({"kty": "oct", "k": ""}), jwk('a', &bare)]),
        ("public keys", vec![elliptic.clone(), rsa]),
        ("mixed", vec![jwk('a', &bare), elliptic]),
    ];
    let tokens = [
        ("HS256 a", Algorithm::Hs256, json!({"alg": "HS256"})),
        ("HS256 a, kid a", Algorithm::Hs256, json!({"alg": "HS256", "kid": "a"})),
        ("HS256 a, kid b", Algorithm::Hs256, json!({"alg": "HS256", "kid": "b"})),
        ("HS256 a, kid 1", Algorithm::Hs256, json!({"alg": "HS256", "kid": "1"})),
        ("HS256 a, no name", Algorithm::Hs256, json!({"alg": "HS256", "kid": ""})),
        ("HS512 a", Algorithm::Hs512, json!({"alg": "HS512"})),
        ("RS256 a", Algorithm::Hs512, json!({"alg": "RS256"})),
        ("unknown a", Algorithm::Hs512, json!({"alg": "X"})),
    ];
    let mut session = Session::default();
    for (name, keys) in sets {
        let world = World::bare().file("set", json!({"keys": keys}).to_string());
        for (title, algorithm, header) in &tokens {
            let payload = br#"{"tenant":"b","number":1}"#;
            let token = signed_with(&secret('a'), *algorithm, header.to_string().as_bytes(), payload);
            let all = ["", "--kid a", "--kid-claim tenant", "--kid-claim number", "--kid-claim gone"];
            let names_b = title.ends_with("kid b");
            for options in all.into_iter().take(if names_b { all.len() } else { 1 }) {
                let outcome = world.run(format!("verify --key set {options} {token}"));
                let checks = ["alg", "key", "signature"];
                session.add_checks(&format!("{name}: {title} {options}"), &outcome, &checks);
            }
        }
    }
    session.compare("choices");
}

#[test]
fn claims_are_explained_as_in_the_snapshot() {
    let names = [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "auth_time",
        "updated_at",
        "orig_iat",
        "orig_jti",
        "refresh_exp",
        "toe",
        "azp",
        "client_id",
        "scope",
        "scp",
        "nonce",
        "acr",
        "amr",
        "at_hash",
        "c_hash",
        "sid",
        "cnf",
        "act",
        "may_act",
        "events",
        "token_type",
        "token_use",
        "user_id",
        "created_at",
        "createdOn",
        "lastLogin",
        "validUntil",
        "since",
        "birthdate",
        "expires",
        "sessionExp",
        "issuedAt",
        "xExpirIat",
        "count_ts",
        "other",
    ];
    let mut session = Session::default();
    let values = [
        "1769860800",
        "1769860800000",
        "1769860800.5",
        "-1",
        "3",
        "1e300",
        "\"a\"",
        "[\"a\",1]",
        "{\"a\":true}",
        "null",
    ];
    for value in values {
        let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":{value}")).collect();
        let token = token(&format!("{{{}}}", members.join(",")));
        for command in ["decode", "inspect"] {
            session.add(&format!("{command} {value}"), &World::new().run(format!("{command} {token}")));
        }
    }
    session.compare("claims");
}

/// Returns a segment with other bits in its first byte, or a first byte if it has none.
fn changed(token: &str, index: usize) -> String {
    let mut segments: Vec<String> = token.split('.').map(str::to_owned).collect();
    let segment = &mut segments[index];
    let first = if segment.starts_with('A') { "B" } else { "A" };
    segment.replace_range(..segment.len().min(1), first);
    segments.join(".")
}

#[test]
fn encrypted_tokens_get_the_reports_of_the_snapshot() {
    let mut session = Session::default();
    let vectors = crate::verify::encrypted::vectors();
    for (number, vector) in vectors.iter().enumerate() {
        let (alg, token) = (vector["alg"].as_str().unwrap(), vector["token"].as_str().unwrap());
        let other = &vectors[(number + 1) % vectors.len()]["key"];
        let world =
            World::new().file("key", vector["key"].to_string()).file("other", other.to_string()).at(NOW);
        let mut add = |title: &str, line: String| {
            session.add(&format!("{alg} {} {title}", vector["enc"]), &world.run(line));
        };
        add("decoded", format!("decode {token}"));
        add("without a key", format!("verify {token}"));
        for options in ["", "--accept-shared-key", "--decrypt-alg A128KW", &format!("--decrypt-alg {alg}")] {
            add(options, format!("verify --decrypt-key key {options} {token}"));
        }
        add("another key", format!("verify --decrypt-key other --decrypt-alg {alg} {token}"));
        for index in if number % 3 == 0 { 1..5 } else { 4..5 } {
            let token = changed(token, index);
            let line = format!("verify --decrypt-key key --decrypt-alg {alg} {token}");
            add(&format!("segment {index} changed"), line);
        }
    }
    session.compare("encrypted");
}

#[test]
fn tokens_with_disclosures_get_the_reports_of_the_snapshot() {
    let vectors: Value = serde_json::from_str(include_str!("../../vectors/rfc9901.json")).unwrap();
    let world = World::bare().file("issuer", vectors["issuer"].to_string());
    let mut session = Session::default();
    for example in vectors["examples"].as_array().unwrap() {
        let text = example["sd_jwt"].as_str().unwrap();
        let mut parts: Vec<&str> = text.split('~').collect();
        parts.remove(1);
        let fewer = parts.join("~");
        let twice = text.replacen('~', &format!("~{}~", text.split('~').nth(1).unwrap()), 1);
        for (title, text) in [("", text), ("one fewer", &fewer), ("one twice", &twice)] {
            let world = world.clone().stdin(text);
            for options in [
                "",
                "--holder-nonce 1234567890 --holder-aud https://verifier.example.org",
                "--holder-nonce 1 --holder-aud b --holder-aud c",
                "--holder-max-age 10s",
            ] {
                let outcome = world.run(format!("verify --key issuer {options}"));
                session.add(&format!("{} {title} {options}", example["section"]), &outcome);
            }
            session.add(&format!("{} {title} decoded", example["section"]), &world.run("decode"));
        }
    }
    session.compare("disclosed");
}
