//! Tests of `fob inspect --suite`: the tokens of logs and HAR files become the cases of a suite. The suite runs as it is,
//! contains no personal values unless requested, and never a secret.

use crate::docs::golden::compare;
use crate::keys::algorithms::new_key;
use crate::support::world::{NOW, Outcome, SECRET, World, fob, signed, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ALICE: &str = r#"{"token_type":"access","exp":1769864400,"iat":1769860800,"jti":"93ab","user_id":7,"email":"alice@example.org"}"#;

/// Returns the suite of a world, as written to standard output.
#[track_caller]
fn suite(world: &World, options: &str) -> String {
    let outcome = world.run(format!("inspect --suite - {options}"));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome.text().to_owned()
}

/// Runs a suite, asserts that every case passes, and returns their number.
#[track_caller]
fn passes(world: &World, suite: &str) -> usize {
    let outcome = world.clone().file("s.toml", suite).run("verify --suite s.toml");
    assert_eq!(outcome.status, 0, "{}{}\n{suite}", outcome.text(), outcome.stderr);
    let cases = suite.lines().filter(|line| *line == "[[cases]]").count();
    assert!(outcome.text().contains(&format!("{cases} passed")), "{}", outcome.text());
    cases
}

/// Returns the text of a suite with its tokens decoded.
fn said(suite: &str) -> String {
    let mut said = suite.to_owned();
    let words = suite.split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c));
    for bytes in words.filter_map(|word| URL_SAFE_NO_PAD.decode(word).ok()) {
        said.push_str(&String::from_utf8_lossy(&bytes));
    }
    said
}

fn har(header: &str, body: &str) -> String {
    let entry = serde_json::json!({
        "request": {"method": "GET", "url": "https://shop.test/me", "headers": [{"name": "Authorization", "value": header}]},
        "response": {"status": 200, "content": {"text": body}},
    });
    serde_json::to_string_pretty(&serde_json::json!({"log": {"entries": [entry]}})).unwrap()
}

/// Returns a world with a typical log and HAR file.
fn recording() -> World {
    let service = token(r#"{"iss":"billing","scope":"read","exp":1769860700,"iat":1769860100}"#);
    let log = [
        format!("12:00:01 GET /me Authorization: Bearer {}", token(ALICE)),
        format!("12:00:02 GET /me Authorization: Bearer {}", token(ALICE)),
        format!("12:00:03 GET /bill Authorization: Bearer {service}"),
        "12:00:04 GET / Authorization: Bearer 0123456789abcdef0123456789abcdef01234567".to_owned(),
        "12:00:05 GET / Authorization: Bearer eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn"
            .to_owned(),
        "12:00:06 GET / Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.".to_owned(),
        "12:00:07 GET / Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9".to_owned(),
    ];
    let forged = token(r#"{"sub":"bob"}"#).replace(".BvWe", ".CvWe");
    World::new()
        .file("logs/app.log", log.join("\n"))
        .file("logs/shop.har", har(&format!("Bearer {forged}"), fob("pair --user-id 7 --json").text()))
}

#[test]
fn matches_the_snapshots() {
    let world = recording();
    let outcome = world.run("inspect --suite - logs");
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (0, "8 cases written to standard output (1 opaque token left out)\n")
    );
    compare("tests/cli/snapshots/recording.toml", outcome.text());
    assert_eq!(passes(&world, outcome.text()), 8);
    let whole = suite(&world, "--keep-claims logs");
    compare("tests/cli/snapshots/recording-whole.toml", &whole);
    assert_eq!(passes(&world, &whole), 8);
}

#[test]
fn masks_tokens_unless_keep_claims_is_given() {
    let world = recording();
    let masked = said(&suite(&world, "logs"));
    for word in ["alice", "bob", "93ab", "\"user_id\":7"] {
        assert!(!masked.contains(word), "{word}: {masked}");
    }
    let whole = said(&suite(&world, "--keep-claims logs"));
    for word in ["alice@example.org", "bob", "93ab", "\"user_id\":7"] {
        assert!(whole.contains(word), "{word}: {whole}");
    }
    // The name of a file is kept, unless it is a personal value.
    let world = World::new().file("al@example.org/log", token("{}")).file("other", token("{}"));
    let masked = suite(&world, "al@example.org/log");
    assert!(masked.contains("name = \"JWT, [masked]/log:1\"") && !masked.contains("al@"), "{masked}");
}

#[test]
fn warns_of_usable_tokens_unless_keep_claims_is_given() {
    let service = |exp: i64| token(&format!(r#"{{"iss":"billing","scope":"admin","exp":{exp}}}"#));
    let warned = |log: String, options: &str| {
        let outcome = World::new().stdin(log).run(format!("inspect --suite - {options}"));
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.stderr.lines().filter(|line| line.starts_with("warning")).collect::<Vec<_>>().join("\n")
    };
    let one = "warning: the suite contains 1 token that is still valid, unmasked: do not share it";
    assert_eq!(warned(service(NOW + 60), ""), one);
    let two = "warning: the suite contains 2 tokens that are still valid, unmasked: do not share it";
    assert_eq!(warned(format!("{} {}", service(NOW + 60), service(NOW + 61)), ""), two);
    assert_eq!(warned(service(NOW + 60), "--keep-claims"), "");
    assert_eq!(warned(service(NOW), ""), "");
    assert_eq!(warned(token(ALICE), ""), "");
}

/// Returns tokens with all sorts of defects, under a header with this `alg`.
fn odd(sign: &dyn Fn(&str, &str) -> String, alg: &str) -> String {
    let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
    let mut tokens = Vec::new();
    for payload in [
        ALICE,
        "{}",
        r#"{"exp":1769860800}"#,
        r#"{"exp":"soon","sub":"al"}"#,
        r#"{"nbf":1769899999,"iat":1769899999,"exp":1}"#,
        r#"{"sub":7,"aud":[1],"iss":true}"#,
        r#"{"sub":"a\u001b\u202e\"'\\\n","x\u0000":null,"deep":{"a":[{"b":"c"}]}}"#,
        r#"{"n":123456789012345678901234567890.10,"e":1e400,"sub":"al"}"#,
        r#"{"a=b":"c","":"d"}"#,
        r#"{"a:":"c","d:":1,"-e":"f","@g":"h"}"#,
        r#"{"sub":"al","sub":"bo"}"#,
        r#"["al"]"#,
        r#""al""#,
        "al",
        "",
        r#"{"iat":-1,"sub":"al"}"#,
        r#"{"exp":1769860800.5,"sub":"al"}"#,
        r#"{"roles":["a","b"],"email_verified":true}"#,
    ] {
        tokens.push(sign(&header, payload));
    }
    for header in [
        format!(r#"{{"alg":"{alg}"}}"#),
        format!(r#"{{"alg":"{alg}","typ":7,"x":{{"y":null}}}}"#),
        format!(r#"{{"typ":"at+jwt","alg":"{alg}"}}"#),
        format!(r#"{{"alg":"{alg}","kid":"k-1"}}"#),
        format!(r#"{{"alg":"{alg}","kid":"al@example.org"}}"#),
        format!(r#"{{"alg":"{alg}","kid":7}}"#),
        format!(r#"{{"alg":"{alg}","crit":["b64"],"b64":false}}"#),
        format!(r#"{{"alg":"{alg}","alg":"none"}}"#),
        r#"{"alg":"none"}"#.to_owned(),
        r#"{"alg":"HS1"}"#.to_owned(),
        r#"{"alg":7}"#.to_owned(),
        r#"{"alg":"HS512"}"#.to_owned(),
        r#"{"alg":"RS256"}"#.to_owned(),
        "{}".to_owned(),
    ] {
        tokens.push(sign(&header, r#"{"iss":"i"}"#));
        tokens.push(sign(&header, ALICE));
    }
    let good = sign(&header, ALICE);
    let (input, signature) = good.rsplit_once('.').unwrap();
    tokens.extend([
        format!("{input}."),
        format!("{input}.{}", signature.split_at(8).0),
        format!("{input}.{signature}="),
        format!("{input}.{}B", signature.split_at(signature.len() - 1).0),
        format!("{good}.{signature}"),
        input.to_owned(),
        format!("{input}.{signature}.{signature}.{signature}.{signature}"),
        input.split_at(60).0.to_owned(),
        good.replace('.', ".."),
    ]);
    tokens.join("\n\n")
}

#[test]
fn every_case_passes_with_its_key() {
    let hmac = |header: &str, payload: &str| signed(header, payload);
    let world = World::bare().file("secret", SECRET).file("log", odd(&hmac, "HS256"));
    let world = world
        .file("oct.jwk", format!(r#"{{"kty":"oct","kid":"k-1","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(SECRET)));
    let set = format!(
        r#"{{"keys":[{{"kty":"oct","kid":"k-1","k":"{}"}},{}]}}"#,
        URL_SAFE_NO_PAD.encode(SECRET),
        new_key("HS384")
    );
    let verifying =
        format!(r#"{{"kty":"oct","key_ops":["verify"],"k":"{}"}}"#, URL_SAFE_NO_PAD.encode(SECRET));
    let world = world.file("set.jwk", set).file("verifying.jwk", verifying);
    for (key, env) in [
        ("--secret-file secret", None),
        ("--secret-env MINE", Some(("MINE", SECRET))),
        ("", Some(("FOB_SECRET", SECRET))),
        ("", Some(("FOB_KEY", "oct.jwk"))),
        ("", Some(("FOB_KEY", r#"{"kty":"oct","k":"emVicmEtY3Jvc3NpbmctYXQtc2V2ZW4tbWludXRlcyE"}"#))),
        ("--key oct.jwk", None),
        ("--key set.jwk", None),
        ("--key set.jwk --kid k-1", None),
        ("--key set.jwk --kid-claim user_id", None),
        ("--key verifying.jwk", None),
        ("--secret-file secret --require email --require sub", None),
        ("--secret-file secret --max-size 2M", None),
        ("--secret-file log", None),
    ] {
        let world = match env {
            Some((name, value)) => world.clone().env(name, value),
            None => world.clone(),
        };
        for keep in ["", "--keep-claims"] {
            let suite = suite(&world, &format!("log {key} {keep}"));
            assert!(!suite.contains(SECRET), "{suite}");
            let cases = passes(&world, &suite);
            assert!(cases > 40, "{key}: {cases}");
        }
    }
}

#[test]
fn every_case_passes_with_a_key_pair_and_with_its_public_key() {
    for algorithm in ["ES256", "EdDSA", "RS256"] {
        let world = World::bare().file("private.jwk", new_key(algorithm));
        let public = world.run("key show private.jwk --public -q").result().to_owned();
        let world = world.file("public.jwk", public);
        let sign = |header: &str, payload: &str| {
            // `encode` writes no such headers; only the payload matters here.
            let world = world.clone().file("payload", payload);
            let token = world.run("encode @payload --verbatim --key private.jwk -q").result().to_owned();
            let [own, rest] = token.split_once('.').map(|(own, rest)| [own, rest]).unwrap();
            let wanted = URL_SAFE_NO_PAD.encode(header);
            if header.contains("\"typ\":\"JWT\"") {
                format!("{own}.{rest}")
            } else {
                format!("{wanted}.{rest}")
            }
        };
        let world = world.clone().file("log", odd(&sign, algorithm));
        for key in ["private.jwk", "public.jwk"] {
            for keep in ["", "--keep-claims"] {
                let suite = suite(&world, &format!("log --key {key} {keep}"));
                passes(&world, &suite);
                let is_minted = suite.contains("mint.claim");
                assert_eq!(is_minted, key == "private.jwk" && keep.is_empty(), "{suite}");
            }
        }
    }
}

#[test]
fn private_key_mints_masked_tokens_anew_but_public_key_cannot() {
    let world = World::bare().file("private.jwk", new_key("EdDSA"));
    let world = world.clone().file("public.jwk", world.run("key show private.jwk --public -q").result());
    let token = world.run("encode --sub alice --key private.jwk").result().to_owned();
    let world = world.file("log", token);
    let minted = suite(&world, "log --key private.jwk");
    assert_eq!(
        minted,
        "# Tokens of a recording, and the verdict on each at 2026-01-31T12:00:00Z.\n\
         # 1 token is masked and minted again with the key in each run.\n\
         # No token is complete, so a reader of this file cannot use one.\n\
         \n\
         [defaults]\n\
         at = \"2026-01-31T12:00:00Z\"\n\
         key = \"private.jwk\"\n\
         \n\
         # log, line 1, column 1: text\n\
         # masked and minted anew; as it was found: accepted\n\
         [[cases]]\n\
         name = \"JWT, log:1\"\n\
         expect = \"accepted\"\n\
         mint.claim = [\"sub=[masked]\", \"iat:=1769860800\"]\n\
         mint.alg = \"EdDSA\"\n"
    );
    let left = suite(&world, "log --key public.jwk");
    assert!(
        left.contains(
            "# 1 token is masked and has lost its signature: the expected verdict is that on the masked text.\n"
        ),
        "{left}"
    );
    assert!(left.contains("# masked and without its signature; as it was found: accepted\n"), "{left}");
    assert!(left.ends_with("\nexpect = \"bad_signature\"\n"), "{left}");
}

#[test]
fn masking_keeps_a_wrong_type() {
    for (claims, reason) in [
        (r#"{"sub":7}"#, "claim_type:sub"),
        (r#"{"sub":"al","jti":true}"#, "claim_type:jti"),
        (r#"{"sub":["al"]}"#, "claim_type:sub"),
    ] {
        for key in [World::new(), World::bare()] {
            let suite = suite(&key.stdin(token(claims)), "");
            assert!(suite.contains(&format!("\nexpect = \"{reason}\"\nmint.claim")), "{suite}");
            passes(&World::new(), &suite);
        }
    }
}

#[test]
fn without_a_key_the_suite_says_what_to_fill_in() {
    let hs = token(ALICE);
    let service = token(r#"{"iss":"billing","exp":1}"#);
    let key = new_key("ES256");
    let world = World::bare().file("key", &key);
    let es = world.run("encode --sub alice --key key").result().to_owned();
    let es_service = world.run("encode --iss billing --no-iat --exp @1 --key key -q").result().to_owned();

    let world = World::bare().file("log", format!("{hs}\n{service}\n"));
    let outcome = world.run("inspect log --suite -");
    assert_eq!(
        outcome.stderr,
        "2 cases written to standard output\nhint: set FOB_SECRET to the secret before you run the suite\n"
    );
    assert!(outcome.text().contains("secret-env = \"FOB_SECRET\"\n\n"), "{}", outcome.text());
    passes(&world.clone().env("FOB_SECRET", SECRET), outcome.text());
    let other =
        world.clone().env("FOB_SECRET", "another secret of the same length").file("s.toml", outcome.text());
    let outcome = other.run("verify --suite s.toml");
    assert_eq!(outcome.status, 0, "minted by that one, and expired anyhow: {}", outcome.text());

    let world = World::bare().file("log", format!("{es}\n{es_service}"));
    let outcome = world.run("inspect log --suite -");
    assert_eq!(
        outcome.stderr,
        "2 cases written to standard output\nhint: write the key to KEY.pem, in the folder of the suite\n"
    );
    assert!(outcome.text().contains("key = \"KEY.pem\"\n\n"), "{}", outcome.text());
    passes(&world.file("KEY.pem", &key), outcome.text());

    let world = World::bare().file("log", format!("{hs}\n{es}\n{es_service}\n{service}"));
    let outcome = world.run("inspect log --suite -");
    assert_eq!(
        outcome.stderr,
        "4 cases written to standard output\nhint: set FOB_SECRET to the secret before you run the suite\n\
         hint: write the key to KEY.pem, in the folder of the suite\n"
    );
    passes(&world.env("FOB_SECRET", SECRET).file("KEY.pem", &key), outcome.text());
}

#[test]
fn without_a_key_cases_expect_what_the_claims_say() {
    let world =
        World::bare().file("log", odd(&|header: &str, payload: &str| signed(header, payload), "HS256"));
    for keep in ["", "--keep-claims"] {
        let suite = suite(&world, &format!("log {keep}"));
        let world = world.clone().env("FOB_SECRET", SECRET).file("KEY.pem", new_key("ES256"));
        let outcome = world.file("s.toml", &suite).run("verify --suite s.toml");
        assert!(outcome.status < 2, "{}", outcome.stderr);
        // The key matters only if a signature is unreadable, or belongs to an empty payload.
        for line in outcome.text().lines().filter(|line| line.starts_with("FAIL")) {
            assert!(
                ["bad_signature", "key_", "alg_", "detached"].iter().any(|reason| line.contains(reason)),
                "{line}"
            );
        }
    }
}

#[test]
fn each_text_becomes_one_case_with_a_unique_name() {
    let one_line = [token("{}"), token(r#"{"exp":1}"#), token("{}"), token(r#"{"exp":2}"#)].join(" ");
    let world = World::new().stdin(&one_line);
    let suite = suite(&world, "");
    let names: Vec<&str> = suite.lines().filter(|line| line.starts_with("name")).collect();
    assert_eq!(
        names,
        [r#"name = "JWT, line 1""#, r#"name = "JWT, line 1 (2)""#, r#"name = "JWT, line 1 (3)""#]
    );
}

#[test]
fn writes_nothing_without_a_token() {
    let none = "error: there is no token in this text\n";
    World::new().stdin("nothing here").run("inspect --suite s.toml").refused(4, none);
    let opaque = "Bearer 0123456789abcdef0123456789abcdef01234567";
    World::new()
        .stdin(opaque)
        .run("inspect --suite s.toml")
        .refused(4, "error: there is no token to make a case of: 1 opaque token left out\n");
    let large = format!("{} {}", token(&format!(r#"{{"x":"{}"}}"#, "a".repeat(4000))), opaque);
    World::new()
        .stdin(large)
        .run("inspect --suite s.toml --max-size 1K")
        .refused(4, "error: there is no token to make a case of: 1 opaque token and 1 too large left out\n");
}

#[test]
fn rejects_an_existing_file_before_reading() {
    let world = World::new().file("s.toml", "").locked_file("log");
    for path in ["s.toml", "."] {
        let world = world.clone().file("./x", "");
        world.run(format!("inspect log --suite {path}")).refused(
            2,
            &format!(
                "error: {path} already exists, and is not overwritten\nhint: choose another path, or move the old file away\n"
            ),
        );
    }
}

#[test]
fn warns_of_unreadable_files_and_writes_the_rest() {
    let world = World::new().file("a.log", token(r#"{"exp":1}"#)).locked_file("b.log");
    let outcome = world.run("inspect a.log b.log --suite -");
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (
            2,
            "warning: cannot read the text from b.log: permission denied\n1 case written to standard output\n\
             error: one of the texts could not be read\n"
        )
    );
    passes(&world, outcome.text());
}

#[test]
fn rejects_conflicting_options() {
    for option in ["--count", "--redact", "--json", "--valid-for 5m"] {
        let outcome = fob(format!("inspect x --suite s.toml {option}"));
        assert_eq!(outcome.status, 2, "{option}");
        assert!(outcome.stderr.contains("cannot be used with"), "{}", outcome.stderr);
    }
    assert_eq!(fob("inspect x --keep-claims").status, 2);
}

#[test]
fn quiet_prints_nothing_but_writes_the_suite() {
    let outcome: Outcome = World::bare().stdin(token("{}")).run("inspect --suite - -q");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.text().contains("[[cases]]"));
}

#[test]
fn escapes_hostile_text() {
    let hostile = signed(
        r#"{"alg":"HS256","kid":"\"\n[[cases]]\n#\u001b[31m"}"#,
        r#"{"sub":"\"\"\"\n[defaults]\nkey = \"x\"","\u202e\n[[cases]]":1}"#,
    );
    let world = World::new().file("a\u{1b}[31m\n[[cases]].log", &hostile).file("b", token("{}"));
    for keep in ["", "--keep-claims"] {
        let suite = suite(&world, &format!("'a\u{1b}[31m\n[[cases]].log' b {keep}"));
        assert_eq!(passes(&world, &suite), 2, "{suite}");
    }
}

#[test]
fn suite_records_the_time_of_the_first_token() {
    // One second earlier or later, the verdicts differ.
    for claims in [r#"{"exp":1769860801}"#, r#"{"iat":1769860800.5}"#] {
        let world = World::new().at(format!("{NOW}.75")).stdin(token(claims));
        let suite = suite(&world, "");
        assert!(
            suite.contains("at = \"2026-01-31T12:00:00.750Z\"\n")
                && suite.contains("expect = \"accepted\"\n"),
            "{suite}"
        );
        passes(&World::new().at(NOW + 1_000_000), &suite);
    }
}

#[cfg(unix)]
mod on_disk {
    use super::{SECRET, token};
    use crate::support::process::run_in as run;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn suite_file_is_private_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir_all(path.join("tests/keys")).unwrap();
        fs::write(path.join("app.log"), format!("{}\n", token(r#"{"sub":"alice","exp":1}"#))).unwrap();
        fs::write(path.join("tests/keys/secret"), SECRET).unwrap();
        let line = "inspect app.log --suite tests/suite.toml --secret-file tests/keys/secret";
        assert_eq!(
            run(path, line),
            (Some(0), String::new(), "1 case written to tests/suite.toml\n".to_owned())
        );
        let file = path.join("tests/suite.toml");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("secret-file = \"keys/secret\"\n"), "{text}");
        assert_eq!(run(path, "verify --suite tests/suite.toml -q").0, Some(0));
        assert_eq!(run(&path.join("tests"), "verify --suite suite.toml -q").0, Some(0));

        let there = "error: tests/suite.toml already exists, and is not overwritten\n\
                     hint: choose another path, or move the old file away\n";
        assert_eq!(run(path, line), (Some(2), String::new(), there.to_owned()));
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }

    #[test]
    fn suite_in_a_linked_folder_names_a_key_outside_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir_all(path.join("elsewhere/tests")).unwrap();
        symlink("elsewhere/tests", path.join("tests")).unwrap();
        fs::write(path.join("secret"), SECRET).unwrap();
        fs::write(path.join("elsewhere/secret"), "another secret of the same length").unwrap();
        fs::write(path.join("app.log"), token(r#"{"sub":"alice","exp":1}"#)).unwrap();
        for line in [
            "inspect app.log --suite tests/s.toml --secret-file secret",
            "encode --sub alice --flaw all --suite tests/s.toml --secret-file secret",
        ] {
            assert_eq!(run(path, line).0, Some(0), "{line}");
            for from in [path, &*path.join("elsewhere")] {
                assert_eq!(run(from, "verify --suite tests/s.toml -q").0, Some(2), "{line}");
                assert_eq!(run(from, "verify --suite tests/s.toml -q --allow paths").0, Some(0), "{line}");
            }
            fs::remove_file(path.join("tests/s.toml")).unwrap();
        }
    }

    #[test]
    fn missing_folder_is_an_error_and_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("app.log"), token("{}")).unwrap();
        let (status, stdout, stderr) = run(folder.path(), "inspect app.log --suite tests/suite.toml");
        assert_eq!((status, stdout.as_str()), (Some(2), ""));
        assert!(
            stderr.starts_with("error: cannot write the suite to tests/suite.toml: No such file"),
            "{stderr}"
        );
        assert_eq!(run(folder.path(), "inspect app.log -q --suite x.toml").0, Some(0));
        assert_eq!(run(folder.path(), "inspect nothing --suite y.toml").0, Some(4));
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["app.log", "x.toml"]);
    }
}
