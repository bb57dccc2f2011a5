//! Tests of the schemas that `fob schema` prints. Every other test validates the documents that it sees against them.

use crate::support::schema::{names, schema, search, validate};
use crate::support::world::{World, fob, token};
use fob::core::json;
use fob::core::mint::flaw::Flaw;
use fob::core::reason::{CheckName, ReasonCode, ReasonDetails};
use fob::core::report::finding::{CodeDetail, FindingCode};
use fob::core::token::kind::{TokenKind, styles};
use fob::error::code::ErrorCode;
use jsonschema::Validator;
use serde_json::{Value, json};

/// The commands whose output is described.
const NAMES: [&str; 12] = [
    "encode", "decode", "verify", "test", "pair", "refresh", "inspect", "revoke", "key new", "key show",
    "schema", "error",
];

#[test]
fn lists_the_schemas() {
    assert_eq!(names(), NAMES);
    let list = World::bare().run("schema --json");
    assert_eq!(list.json()["schemas"][8]["command"], "key new");
    let every: Vec<String> =
        fob::cli::command().get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for command in every.iter().filter(|name| !matches!(name.as_str(), "completions" | "man")) {
        assert!(NAMES.iter().any(|name| name.split(' ').next() == Some(command)), "no schema of {command}");
    }
}

#[test]
fn takes_the_names_of_the_command_line() {
    assert_eq!(fob("schema sign").result(), fob("schema encode").result());
    let misspelled = fob("schema verfiy");
    assert_eq!((misspelled.status, misspelled.text()), (2, ""));
    assert!(misspelled.stderr.ends_with("hint: write verify\n"), "{}", misspelled.stderr);
    for (line, name) in [("schema key", "key"), ("schema verify new", "verify new")] {
        let expected = format!("error: there is no schema `{name}`\nhint: `fob schema` lists the schemas\n");
        fob(line).refused(2, &expected);
    }
}

/// Calls a function for each schema inside a schema.
fn walk(value: &Value, visit: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(members) => {
            visit(value);
            members.values().for_each(|inner| walk(inner, visit));
        }
        Value::Array(items) => items.iter().for_each(|inner| walk(inner, visit)),
        _ => {}
    }
}

#[test]
fn each_schema_is_valid_and_self_contained() {
    for name in names() {
        let text = World::bare().run(format!("schema {name}"));
        let parsed = json::parse(text.result().as_bytes()).unwrap();
        assert_eq!(json::first_duplicate(parsed.members()), None, "{name}");
        let schema = schema(&name);
        jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        walk(&schema, &mut |inner| {
            if let Some(Value::String(reference)) = inner.get("$ref") {
                let path = reference.strip_prefix('#').unwrap_or_else(|| panic!("{name}: {reference}"));
                assert!(schema.pointer(path).is_some(), "{name}: {reference}");
            }
        });
    }
}

/// Asserts that a text is made of sentences of at most 25 words.
fn assert_plain(place: &str, text: &Value) {
    let text = text.as_str().unwrap_or_else(|| panic!("{place} has no description"));
    assert!(text.ends_with('.'), "{place}: {text}");
    for sentence in text.split(". ") {
        assert!(sentence.split_whitespace().count() <= 25, "{place}: {sentence}");
    }
}

#[test]
fn describes_every_member_and_allows_no_others() {
    let mut members = 0;
    for name in names() {
        let schema = schema(&name);
        assert_plain(&name, &schema["description"]);
        for (definition, content) in schema["$defs"].as_object().unwrap() {
            assert_plain(&format!("{name}: {definition}"), &content["description"]);
        }
        walk(&schema, &mut |inner| {
            let (Some(Value::Object(properties)), Some(_)) = (inner.get("properties"), inner.get("type"))
            else {
                return;
            };
            assert!(inner.get("additionalProperties").is_some(), "{name}: {inner}");
            for (member, content) in properties {
                assert_plain(&format!("{name}: {member}"), &content["description"]);
                members += 1;
            }
        });
    }
    assert!(members >= 200, "only {members} members were found");
}

/// Returns the validator of one rule of a schema.
fn rule(name: &str, pointer: &str) -> Validator {
    let whole = schema(name);
    let mut rule = whole.pointer(pointer).unwrap_or_else(|| panic!("{name} has no {pointer}")).clone();
    rule["$defs"] = whole["$defs"].clone();
    jsonschema::draft202012::new(&rule).unwrap()
}

/// Returns all spellings of a code, with a claim name where one follows.
fn spellings(code: &str, details: ReasonDetails) -> Vec<String> {
    match details {
        ReasonDetails::None => vec![code.to_owned()],
        ReasonDetails::ClaimName => vec![format!("{code}:exp"), format!("{code}:/a b/ü")],
        ReasonDetails::Codes(details) => {
            details.iter().map(|(detail, _)| format!("{code}:{detail}")).collect()
        }
    }
}

#[test]
fn allows_the_codes_of_the_tables_and_no_others() {
    let details = |name| ReasonCode::ALL.iter().find(|code| code.name() == name).unwrap().details();
    let reasons: Vec<String> =
        ReasonCode::ALL.iter().flat_map(|code| spellings(code.name(), code.details())).collect();
    let findings = FindingCode::ALL.iter().flat_map(|code| {
        let details = match code.detail() {
            CodeDetail::None => ReasonDetails::None,
            CodeDetail::ClaimName => ReasonDetails::ClaimName,
            CodeDetail::OfReason => details(code.name()),
        };
        spellings(code.name(), details)
    });
    let errors = ErrorCode::ALL.iter().map(|(code, _)| (*code).to_owned()).chain(reasons.iter().cloned());
    let flaws = Flaw::names().map(|(name, _)| name.to_owned());
    let checks = CheckName::ALL
        .iter()
        .map(|(name, _, has_claim)| if *has_claim { format!("{name}:exp") } else { (*name).to_owned() });
    for (name, pointer, codes) in [
        ("verify", "/$defs/reason", reasons.clone()),
        ("inspect", "/$defs/finding/properties/code", findings.collect()),
        ("inspect", "/$defs/kind", TokenKind::ALL.iter().map(|kind| kind.name().to_owned()).collect()),
        ("inspect", "/$defs/style", styles().iter().map(|style| style.name.to_owned()).collect()),
        ("encode", "/$defs/flawed_token/properties/flaw", flaws.collect()),
        ("verify", "/$defs/check/properties/name", checks.collect()),
        ("error", "/$defs/error_code", errors.collect()),
    ] {
        let rule = rule(name, pointer);
        for code in codes {
            assert!(rule.is_valid(&json!(code)), "{name}: {code}");
        }
        for wrong in ["", "expire", "expired:x", "malformed", "malformed:x", "claim_type", "xclaim_type:exp"]
        {
            assert!(!rule.is_valid(&json!(wrong)), "{name}: {wrong}");
        }
    }
}

#[test]
fn a_document_that_differs_from_its_schema_is_noticed() {
    let document = fob(format!("verify --json {}", token(r#"{"sub":"a"}"#))).json();
    assert_eq!(validate("verify", &document), Ok(()));
    let change = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let mut changed = document.clone();
        change(changed.as_object_mut().unwrap());
        validate("verify", &changed)
    };
    for (wrong, cause) in [
        (change(&|it| drop(it.insert("new".into(), json!(1)))), "'new' was unexpected"),
        (change(&|it| drop(it.remove("hints"))), "\"hints\" is a required property"),
        (change(&|it| it["at"] = json!("yesterday")), "\"yesterday\" is not a \"date-time\""),
        (change(&|it| it["reasons"] = json!(["late"])), "\"late\""),
        (change(&|it| it["checks"][0]["status"] = json!("ok")), "\"ok\" is not one of"),
        (change(&|it| it["key"]["bits"] = json!(-1)), "-1"),
        (change(&|it| drop(it.insert("unverified_payload".into(), json!({})))), "oneOf"),
    ] {
        let causes = wrong.expect_err(cause);
        assert!(causes.contains(cause), "{cause}: {causes}");
    }
}

#[test]
fn finds_the_documents_on_standard_output() {
    let good = br#"{"error":{"code":"usage","message":"m","hint":null}}"#;
    let bad = br#"{"error":{"code":"usage","message":"m"}}"#;
    let two = [good.as_slice(), b"\n", bad].concat();
    for (line, stdout) in [
        ("verify x --json", bad.as_slice()),
        ("-qj x", bad),
        ("verify --lines - -j", &two),
        ("verify --report=json=- --suite x", &two),
        ("test x --report json=-", &two),
        ("test x -j", &two),
        ("pair --format oauth", bad),
        ("sign --format=json", bad),
        ("key new", bad),
        ("key show x --public", bad),
        ("key show x --format jwks", bad),
        ("inspect x -j --suite -", bad),
        ("decode x --json", b"{"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        search(&words, b"");
        let outcome = std::panic::catch_unwind(|| search(&words, stdout));
        assert!(outcome.is_err(), "{line}");
    }
    for line in
        ["verify x", "decode x -j --claim sub", "key show x", "key new --format pem", "schema verify -j"]
    {
        search(&line.split(' ').collect::<Vec<_>>(), bad);
    }
    search(&["verify", "x", "-j"], good);
    search(&["completions", "bash", "-j"], b"complete");
}

#[test]
fn documents_with_rare_members_are_allowed() {
    let world = World::new().env("SHARED", "0123456789abcdef0123456789abcdef");
    let encrypt = "encode --json --sub a --encrypt-secret-env SHARED --encrypt-alg A256KW --serialization";
    let general = world.run(format!("{encrypt} general")).json();
    assert!(general["token"]["recipients"][0]["encrypted_key"].is_string(), "{general}");
    let flattened = world.run(format!("{encrypt} flattened")).json();
    assert!(flattened["token"]["ciphertext"].is_string(), "{flattened}");

    let milliseconds = token(r#"{"exp":1800000000000}"#);
    let inspected = fob(format!("inspect --json {milliseconds}")).json();
    assert_eq!(inspected["tokens"][0]["times"]["exp"]["mistaken_for"], "milliseconds");

    let sd_jwt = token(r#"{"_sd_alg":"sha-256","_sd":[]}"#);
    let decoded = fob(format!("decode --json {sd_jwt}~bm8~")).json();
    assert!(decoded["sd_jwt"]["disclosures"][0]["error"].is_string(), "{decoded}");

    let answer = r#"{"access_token":"a","token_type":"Bearer","expires_in":60,"id_token":"i","scope":"a b"}"#;
    let server = World::bare().env("PW", "pw").serving(200, answer);
    let line = "pair --json --from https://api.example/token --user al --password-env PW --profile oauth";
    let pair = server.run(line).json();
    assert_eq!((&pair["id_token"], &pair["scope"]), (&json!("i"), &json!("a b")), "{pair}");
}
