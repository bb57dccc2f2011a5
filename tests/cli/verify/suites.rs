//! `fob verify --suite`: what a suite can contain, the outcomes of its cases, and the errors in a suite.

use crate::support::world::{NOW, Outcome, SECRET, World, signed_with, token};
use fob::core::token::algorithm::Algorithm;
use serde_json::Value;

/// Returns a world with this suite in `s.toml`, and tokens beside it.
fn suite(text: &str) -> World {
    World::new()
        .file("s.toml", text)
        .file("tokens/good.jwt", token(r#"{"sub":"alice"}"#))
        .file("tokens/old.jwt", format!("Bearer {}\n", token(r#"{"exp":1}"#)))
        .file("tokens/notes.txt", "no token")
}

/// Verifies the cases of this suite.
fn verify_suite(text: &str) -> Outcome {
    suite(text).run("verify --suite s.toml")
}

/// Asserts that a suite with this one case passes.
#[track_caller]
fn passes(case: &str) {
    let outcome = verify_suite(&format!("[[cases]]\nname = 'it'\n{case}"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{case}\n{}", outcome.text());
    assert!(outcome.text().ends_with("\n1 passed in 0.00 s\n"), "{}", outcome.text());
}

#[test]
fn prints_a_line_a_case_and_the_checks_that_explain_a_failure() {
    let good = token(r#"{"sub":"alice"}"#);
    let outcome = verify_suite(&format!(
        "[[cases]]\nname = 'a good one'\ntoken = '{good}'\nexpect = 'accepted'\n\n\
         [[cases]]\nname = 'for bob'\ntoken = '{good}'\nsub = 'bob'\nexpect = 'accepted'\n\n\
         [[cases]]\nname = 'for me'\ntoken = '{good}'\nexpect = ['wrong_audience', 'rejected']\n"
    ));
    let expected = "\
ok    a good one                                        accepted
FAIL  for bob                                           wrong_subject, expected accepted
      s.toml:6
      sub failed: \"alice\", expected \"bob\"
FAIL  for me                                            accepted, expected wrong_audience, rejected
      s.toml:12
      aud skipped: absent, not required

1 passed, 2 failed in 0.00 s
";
    assert_eq!((outcome.status, outcome.text()), (1, expected));
}

#[test]
fn a_token_comes_from_the_suite_a_file_or_a_mint() {
    passes(&format!("token = ' \"{}\" '\nexpect = 'accepted'", token("{}")));
    passes("token = 'hello'\nexpect = 'malformed:segments'");
    passes("token = ''\nexpect = ['malformed']");
    let two = format!("{{\"access\":\"{}\",\"refresh\":\"{}\"}}", token("{}"), token(r#"{"exp":1}"#));
    passes(&format!("token = '{two}'\npick = 'refresh'\nexpect = 'expired'"));
    passes("token_file = 'tokens/good.jwt'\nexpect = 'accepted'");
    passes("token-file = 'tokens/old.jwt'\nexpect = 'expired'");
    passes("mint = {}\nexpect = 'accepted'");
    passes("mint = { jti = true }\nrequire = 'jti'\nexpect = 'accepted'");
    passes("mint = { jti = 'a' }\njti = 'a'\nexpect = 'accepted'");
    passes("mint = { jti = false }\nrequire = 'jti'\nexpect = 'claim_missing:jti'");
    passes(
        "mint = { claims = { sub = 'alice', n = 1 }, exp = '15m', iss = 'me' }\niss = 'me'\nclaim = { n = 1 }\nexpect = 'accepted'",
    );
    passes(
        "mint = { exp = '-1s', alg = 'HS512' }\nexpect = ['expired', 'key_weak']\nstrict = true\nmax-age = '1h'",
    );
}

#[test]
fn options_are_those_of_verify_by_their_long_names() {
    let mint = |claims: &str| format!("mint = {{ claims = {claims} }}\n");
    passes(&(mint("{ aud = 'api' }") + "aud = ['web', 'api']\nexpect = 'accepted'"));
    passes(&(mint("{ aud = 'api' }") + "aud = 'web'\nexpect = 'wrong_audience'"));
    passes(&(mint("{ token_type = 'access' }") + "token_type = 'refresh'\nexpect = 'wrong_token_type'"));
    passes(&(mint("{ exp = 1 }") + "ignore_exp = true\nexpect = 'accepted'"));
    passes(&(mint("{}") + "require = ['sub', 'jti']\nexpect = ['claim_missing:sub', 'claim_missing:jti']"));
    passes(&(mint("{}") + "require = ['sub', 'jti']\nexpect = 'claim_missing'"));
    passes(&(mint("{ role = 'x' }") + "claim = ['role=x']\nexpect = 'accepted'"));
    passes("mint = { alg = 'HS512' }\nalg = ['HS256', 'HS384']\nexpect = 'alg_not_allowed'");
    passes("mint = {}\nmax_size = '20'\nexpect = 'malformed:too_large'");
}

#[test]
fn at_sets_the_clock_for_judging_and_minting() {
    passes(
        "mint = { exp = '15m' }\nat = '@1000000000'\nexpect = 'accepted'\nclaim = { iat = 1000000000, exp = 1000000900 }",
    );
    passes("mint = { exp = '@1000000000' }\nat = 2001-09-09T01:46:40Z\nexpect = 'expired'");
    passes("mint = { exp = '@1000000000' }\nat = '2001-09-09T01:46:39Z'\nexpect = 'accepted'");
    let minted = |line: &str| {
        let outcome = suite("cases:\n- {name: it, mint: {exp: 1h}, expect: accepted}\n").run(line);
        let case: Value = serde_json::from_slice(&outcome.stdout).unwrap_or_default();
        (outcome.status, case["at"].clone())
    };
    assert_eq!(minted("verify --suite s.toml --at 2020-01-01").0, 0);
    assert_eq!(minted("verify --suite s.toml").0, 0);
}

#[test]
fn defaults_apply_unless_a_case_overrides_them() {
    let outcome = verify_suite(
        "[defaults]\nat = '@1000000000'\niss = 'me'\nexpect = 'accepted'\n\n\
         [[cases]]\nname = 'as all'\nmint = { iss = 'me', exp = '1h' }\n\n\
         [[cases]]\nname = 'another issuer'\nmint = { iss = 'you' }\niss = 'you'\n\n\
         [[cases]]\nname = 'no issuer'\nmint = {}\niss = []\n\n\
         [[cases]]\nname = 'another time'\nmint = { exp = '@1000000001', iss = 'me' }\nat = '@1000000001'\nexpect = 'expired'\n",
    );
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", outcome.text());
}

#[test]
fn a_case_with_its_own_key_inherits_no_key_options() {
    let other = "another secret of thirty-two bytes";
    let signed = signed_with(other, Algorithm::Hs256, br#"{"alg":"HS256"}"#, b"{}");
    let text = format!(
        "[defaults]\nsecret-env = 'MINE'\nsecret-format = 'hex'\n\n\
         [[cases]]\nname = 'mine'\nmint = {{}}\nexpect = 'accepted'\n\n\
         [[cases]]\nname = 'theirs'\ntoken = '{signed}'\nsecret-file = 'keys/theirs'\nexpect = 'accepted'\n\n\
         [[cases]]\nname = 'theirs by mine'\ntoken = '{signed}'\nexpect = 'bad_signature'\n"
    );
    let world = World::bare()
        .env("MINE", "00".repeat(32))
        .file("suites/s.toml", text)
        .file("suites/keys/theirs", other);
    let outcome = world.run("verify --suite suites/s.toml");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", outcome.text());
}

#[test]
fn mint_signs_with_its_own_key_or_that_of_its_case() {
    let text = "defaults: {secret-env: MINE}\n\
                cases:\n- {name: it, mint: {kid: k1}, expect: accepted}\n\
                - {name: said twice, mint: {secret-format: text}, expect: accepted}\n\
                - {name: theirs, mint: {secret-env: FOB_SECRET}, expect: bad_signature}\n\
                - {name: a, key: set, kid-claim: user, mint: {claims: {user: a}}, expect: accepted}\n\
                - {name: b, key: set, kid-claim: user, mint: {kid: b, claims: {user: a}}, expect: bad_signature}\n";
    let key = |kid: &str| format!("{{\"kty\":\"oct\",\"kid\":\"{kid}\",\"k\":\"{}A\"}}", kid.repeat(42));
    let world = World::new()
        .env("MINE", "a secret of thirty-two bytes, ours")
        .file("set", format!("{{\"keys\":[{},{}]}}", key("a"), key("b")))
        .file("s.yaml", text);
    let outcome = world.run("verify --suite s.yaml");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", outcome.text());
}

#[test]
fn rejects_a_secret_in_a_suite_without_test_secrets() {
    let case = "[[cases]]\nname = 'it'\nmint = {}\nexpect = 'accepted'\nsecret = 'for the tests alone, 32 bytes of it'\n";
    let outcome = verify_suite(case);
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.starts_with("error: s.toml:5:10: a suite must not contain a secret\nhint: "),
        "{}",
        outcome.stderr
    );
    assert_eq!(verify_suite(&format!("test_secrets = true\n{case}")).status, 0);
}

#[test]
fn a_pattern_makes_each_file_a_case() {
    let outcome = verify_suite("[[cases]]\nname = 'all'\ntoken_file = 'tokens/*.jwt'\nexpect = 'accepted'\n");
    assert_eq!(outcome.status, 1);
    assert!(outcome.text().contains("ok    all [tokens/good.jwt] "), "{}", outcome.text());
    assert!(outcome.text().contains("FAIL  all [tokens/old.jwt] "), "{}", outcome.text());
    assert!(!outcome.text().contains("notes"));
}

#[test]
fn toml_yaml_and_json_give_the_same_suite() {
    let toml =
        "[[cases]]\nname = 'a'\nmint = { claims = { n = 1 } }\nexpect = ['accepted']\nclaim = { n = 1 }\n";
    let yaml = "# a comment\ncases:\n  - name: a\n    mint: {claims: {n: 1}}\n    expect: accepted\n    claim: {n: 1}\n";
    let json = r#"{"cases":[{"name":"a","mint":{"claims":{"n":1}},"expect":"accepted","claim":{"n":1}}]}"#;
    for text in [toml, yaml, json] {
        let outcome = verify_suite(text);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{text}");
    }
}

#[test]
fn a_folder_stands_for_every_suite_in_it() {
    let case = |name: &str| format!("cases:\n- {{name: {name}, mint: {{}}, expect: accepted}}\n");
    let world = World::new()
        .file("all/b.yaml", case("two"))
        .file("all/a/one.toml", case("one"))
        .file("all/keys.json", r#"{"keys":[]}"#)
        .file("all/a/list.json", "[{\"sub\": \"alice\"}]")
        .file("all/readme.md", "cases: none");
    let outcome = world.run("verify --suite all");
    let expected = "\
all/a/one.toml
ok    one                                               accepted

all/b.yaml
ok    two                                               accepted

2 passed in 0.00 s
";
    assert_eq!((outcome.status, outcome.text()), (0, expected));
    let passed_over = |name: &str| format!("warning: skipped {name}: it has no `cases`\n");
    assert_eq!(outcome.stderr, passed_over("all/a/list.json") + &passed_over("all/keys.json"));
    let named = world.run("verify --suite all/b.yaml --suite all/a/one.toml -q");
    assert_eq!((named.status, named.text(), named.stderr.as_str()), (0, "", ""));
    assert_eq!(world.run("verify --suite all/a --suite none").status, 2);
}

#[test]
fn filter_selects_cases_and_fail_fast_stops() {
    let text = "cases:\n- {name: one, mint: {}, expect: expired}\n- {name: two, mint: {}, expect: accepted}\n\
                - {name: three, mint: {}, expect: expired}\n";
    let outcome = suite(text).run("verify --suite s.toml --filter two");
    assert_eq!((outcome.status, outcome.text().lines().count()), (0, 3));
    let outcome = suite(text).run("verify --suite s.toml --filter three --filter two");
    assert!(outcome.text().ends_with("\n1 passed, 1 failed in 0.00 s\n"), "{}", outcome.text());
    let outcome = suite(text).run("verify --suite s.toml --fail-fast");
    assert!(outcome.text().ends_with("\n0 passed, 1 failed, 2 not run in 0.00 s\n"), "{}", outcome.text());
    let outcome = suite(text).run("verify --suite s.toml --filter four");
    assert_eq!(outcome.status, 2);
}

#[test]
fn a_case_that_is_not_run_uses_up_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db");
    let text = format!(
        "cases:\n- {{name: first, mint: {{}}, expect: expired}}\n\
         - {{name: second, mint: {{jti: a, exp: 1h}}, store: '{}', once: true, expect: accepted}}\n",
        store.display()
    );
    let world = World::with_stores().file("s.yaml", text);
    let outcome = world.run("verify --suite s.yaml --fail-fast --allow store,paths");
    assert!(outcome.text().ends_with("\n0 passed, 1 failed, 1 not run in 0.00 s\n"), "{}", outcome.text());
    let outcome = world.run("verify --suite s.yaml --filter second --allow store,paths");
    assert_eq!(outcome.status, 0, "{}", outcome.text());
}

#[test]
fn an_error_in_a_suite_has_its_location() {
    let case = "[[cases]]\nname = 'it'\nmint = {}\nexpect = 'accepted'\n";
    for (text, said) in [
        ("cases = [\n  1,\n  = 2\n]", "s.toml:3:3: not TOML: "),
        ("{\"cases\": [1,]}", "s.toml:1:14: not JSON: expected a value"),
        ("cases:\n  - a: [\n  b\n", "s.toml:3:3: not YAML: "),
        ("", "s.toml:1:1: this suite has no cases"),
        ("- a\n- b\n", "s.toml:1:1: a suite must be a table, not a list"),
        ("[1]", "s.toml:1:1: a suite must be a table, not a list"),
        ("cases = []", "s.toml:1:1: this suite has no cases"),
        ("[[case]]\nname = 'it'", "s.toml:1:3: unknown member `case` of a suite"),
        ("cases = [5]", "s.toml:1:10: a case must be a table, not a number"),
        ("[[cases]]\nmint = {}", "s.toml:1:1: this case has no `name`"),
        ("[[cases]]\nname = ' '", "s.toml:2:8: `name` must be text, and not empty"),
        ("[[cases]]\nname = 'it'\nexpect = 'accepted'", "s.toml:1:1: this case has no token"),
        ("[[cases]]\nname = 'it'\ntoken = 'a'", "s.toml:1:1: this case has no `expect`"),
        ("[[cases]]\nname = 'it'\ntoken = 5", "s.toml:3:9: `token` must be text, not a number"),
        (&format!("{case}token = 'x'"), "s.toml:3:1: a case has one token: `token`, `token_file` or `mint`"),
        (&case.replace("mint", "mimt"), "s.toml:3:1: unknown member `mimt`\nhint: did you mean `mint`?"),
        (&case.replace("name", "nmae"), "s.toml:2:1: unknown member `nmae`\nhint: did you mean `name`?"),
        (&format!("{case}isss = 'x'"), "s.toml:5:1: unknown member `isss`"),
        (&format!("{case}lines = 'x'"), "s.toml:5:1: unknown member `lines`"),
        (&format!("{case}leeway = 'soon'"), "s.toml:5:1: invalid value 'soon' for '--leeway <DURATION>'"),
        (
            &format!("{case}once = true"),
            "s.toml:1:1: the following required arguments were not provided: --store",
        ),
        (&format!("{case}at = 'soon'"), "s.toml:5:6: `at` must be a time: "),
        (&format!("{case}\n{case}"), "s.toml:6:1: duplicate case name `it`, first in line 1"),
        (&case.replace("accepted", "exspired"), "s.toml:4:10: "),
        (&case.replace("'accepted'", "['accepted', 'bad signature']"), "s.toml:4:23: "),
        (
            &case.replace("'accepted'", "['expired', 'accepted']"),
            "s.toml:4:10: `accepted` cannot be expected with other outcomes",
        ),
        (
            &case.replace(
                "mint = {}",
                &format!("token = '{{\"access\":\"{0}\",\"refresh\":\"{0}\"}}'", token("{}")),
            ),
            "s.toml:1:1: the input holds 2 tokens: 1 (access), 2 (refresh)",
        ),
        (&case.replace("{}", "{ claims = 5 }"), "s.toml:3:19: `claims` must be a table, not a number"),
        (&case.replace("{}", "{ epx = '5m' }"), "s.toml:3:10: unknown member `epx`"),
        (&case.replace("mint = {}", "token_file = 'none.jwt'"), "s.toml:3:14: no file none.jwt"),
        (&case.replace("mint = {}", "token_file = 'tokens/*.jwe'"), "s.toml:3:14: no file tokens/*.jwe"),
        (&case.replace("mint = {}", "token_file = 'tokens'"), "s.toml:3:14: tokens is a folder"),
        (&format!("{case}key = 'none.pem'"), "s.toml:5:1: cannot read the key from none.pem"),
        (&format!("{case}secret-env = 'NONE'"), "s.toml:5:1: the environment variable NONE is not set"),
        (
            &format!("[defaults]\nname = 'all'\n{case}"),
            "s.toml:2:1: `name` belongs to one case and cannot be a default",
        ),
        (&format!("[defaults]\nsu = 'x'\n{case}"), "s.toml:2:1: unknown member `su`"),
    ] {
        let outcome = verify_suite(text);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{text}");
        assert!(outcome.stderr.starts_with(&format!("error: {said}")), "{text}\n{}", outcome.stderr);
    }
    let outcome = verify_suite(&format!("{case}secret-env = 'NONE'"));
    let hint = "hint: set it with `export NONE=…`, or write secret-file = \"PATH\" in the suite\n";
    assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
    let expired = case.replace("{}", "{ exp = '-1h' }");
    let outcome = World::new().file("s.toml", expired).run("test s.toml --at 2026-01-31T12:00:00Z");
    let hint =
        "hint: to judge the token as of an earlier time, write at = \"2026-01-31T10:59:59Z\" in the case";
    assert!(outcome.text().contains(hint), "{}", outcome.text());
    let outcome = World::bare().file("s.toml", case).run("verify --suite s.toml");
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.starts_with("error: s.toml:1:1: no key was given\nhint: "), "{}", outcome.stderr);
    assert_eq!(World::new().run("verify --suite none.toml").status, 2);
    assert_eq!(World::new().locked_file("s.toml").run("verify --suite s.toml").status, 2);
}

#[test]
fn a_public_key_cannot_mint() {
    let made = World::new().run("key new --alg ES256");
    let private = made.text().to_owned();
    let public = World::new().stdin(&private).run("key show - --public").text().to_owned();
    let world = |text: &str| {
        World::bare().file("s.yaml", text).file("private.jwk", &private).file("public.jwk", &public)
    };
    let refused = world("cases:\n- name: it\n  key: public.jwk\n  mint: {exp: 1h}\n  expect: accepted\n")
        .run("verify --suite s.yaml");
    assert_eq!(refused.status, 2);
    assert!(
        refused.stderr.starts_with("error: s.yaml:4:3: the key from public.jwk is public"),
        "{}",
        refused.stderr
    );
    let text =
        "cases:\n- name: it\n  key: public.jwk\n  mint: {exp: 1h, key: private.jwk}\n  expect: accepted\n";
    assert_eq!(world(text).run("verify --suite s.yaml").status, 0);
}

#[test]
fn many_cases_keep_their_order() {
    let mut text = String::from("cases:\n");
    for number in 0..1500 {
        let expect = if number % 7 == 0 { "expired" } else { "accepted" };
        text.push_str(&format!("- {{name: case {number}, mint: {{claims: {{n: {number}}}}}, claim: {{n: {number}}}, expect: {expect}}}\n"));
    }
    let outcome = suite(&text).run("verify --suite s.toml");
    let names: Vec<&str> = outcome
        .text()
        .lines()
        .filter(|line| line.starts_with("ok") || line.starts_with("FAIL"))
        .filter_map(|line| line[6..].split("  ").next())
        .collect();
    assert_eq!(names, (0..1500).map(|number| format!("case {number}")).collect::<Vec<_>>());
    assert!(outcome.text().ends_with("\n1285 passed, 215 failed in 0.00 s\n"));
}

#[test]
fn escapes_workflow_commands_in_tokens_and_paths() {
    let case = "cases:\n- {name: '##[stop-commands]x', mint: {iss: '##[set-output name=k]v'}, iss: me, expect: accepted}\n";
    let world = World::new().file("::s.yaml", case).env("GITHUB_ACTIONS", "true");
    let outcome = world.run("verify --suite ::s.yaml");
    let expected = "\
FAIL  #\\u0023[stop-commands]x                                wrong_issuer, expected accepted
\\u003a:s.yaml:2
      iss failed: \"#\\u0023[set-output name=k]v\", expected \"me\"
::error file=%3A%3As.yaml,line=2,col=3,title=##[stop-commands]x::expected accepted; got rejected (wrong_issuer)%0Aiss failed (wrong_issuer): \"##[set-output name=k]v\", expected \"me\"
::notice title=fob::1 case: 0 passed, 1 failed

0 passed, 1 failed in 0.00 s
";
    assert_eq!((outcome.status, outcome.text()), (1, expected));
    for format in ["junit", "tap", "json", "sarif", "markdown", "html"] {
        let report = world.run(format!("verify --suite ::s.yaml --report {format}=-"));
        let lines: Vec<&str> = report.text().lines().map(str::trim_start).collect();
        assert!(
            !lines.iter().any(|line| line.starts_with("::") || line.contains("##[")),
            "{}",
            report.text()
        );
    }
    let asked = world.run("verify --suite ::s.yaml --report github=here");
    assert!(!asked.text().contains("::error"), "{}", asked.text());
}

#[test]
fn reports_an_error_in_the_last_case_before_judging_the_first() {
    let mut text = String::from("cases:\n");
    (0..600).for_each(|number| {
        text.push_str(&format!("- {{name: it {number}, mint: {{sub: a}}, expect: accepted}}\n"));
    });
    let last = text.len();
    for (fault, said) in
        [("alg: RS256", "RS256 does not work with"), ("claims: {sub: b}", "the claim `sub` is given twice")]
    {
        text.truncate(last);
        text.push_str(&format!("- {{name: last, mint: {{sub: a, {fault}}}, expect: accepted}}\n"));
        let outcome = suite(&text).run("verify --suite s.toml");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{fault}");
        assert!(outcome.stderr.starts_with(&format!("error: s.toml:602:16: {said}")), "{}", outcome.stderr);
    }
}

#[test]
fn suite_conflicts_with_the_options_of_its_cases() {
    let world = suite("cases:\n- {name: it, mint: {}, expect: accepted}\n");
    for line in ["-s x", "--iss me", "--lines", "x.y.z", "--expect expired", "--leeway 5s", "--once"] {
        let outcome = world.run(format!("verify --suite s.toml {line}"));
        assert_eq!(outcome.status, 2, "{line}");
        assert!(outcome.stderr.contains("cannot be used with"), "{line}: {}", outcome.stderr);
    }
    assert_eq!(world.run("verify --filter x").status, 2);
    assert_eq!(world.run("verify --suite s.toml --report xml=x").status, 2);
    assert_eq!(world.run("verify --suite s.toml --report tap=- --report json=-").status, 2);
    assert_eq!(world.run("verify --suite s.toml --report tap=r --report json=r").status, 2);
}

#[test]
fn writes_reports_even_if_standard_output_fails() {
    let folder = tempfile::tempdir().unwrap();
    let suite = "cases:\n- {name: it, mint: {}, expect: accepted}\n";
    std::fs::write(folder.path().join("s.yaml"), suite).unwrap();
    for (to, status) in [("> /dev/full", 2), ("> /dev/null", 0), ("--report tap=- > /dev/full", 2)] {
        let line = format!("fob verify --suite s.yaml --report json=out.json {to}");
        let output = crate::docs::documents::shell(
            folder.path(),
            &format!("export FOB_SECRET={}\n{line}", SECRET.replace('!', "x")),
        );
        assert_eq!(output.status.code(), Some(status), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let report = folder.path().join("out.json");
        assert!(std::fs::read_to_string(&report).unwrap().contains("\"passed\":true"), "{line}");
        std::fs::remove_file(report).unwrap();
    }
    let line = "fob verify --suite s.yaml --report json=none/out.json --report tap=out.tap";
    let output = crate::docs::documents::shell(
        folder.path(),
        &format!("export FOB_SECRET={}\n{line}", SECRET.replace('!', "x")),
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .starts_with("error: cannot write the json report to none/out.json: ")
    );
    assert!(folder.path().join("out.tap").exists());
}

#[test]
fn prints_annotations_under_github_actions() {
    let case = "cases:\n- {name: it, mint: {}, expect: expired}\n";
    let world = suite(case).env("GITHUB_ACTIONS", "true");
    let outcome = world.run("verify --suite s.toml");
    assert!(outcome.text().contains("\n::error file=s.toml,line=2,col=3,title=it::"), "{}", outcome.text());
    let asked = world.run("verify --suite s.toml --report github=- --json");
    assert_eq!(asked.status, 2);
    assert!(!suite(case).run("verify --suite s.toml").text().contains("::error"));
    assert!(!world.run("verify --suite s.toml -q").text().contains("::error"));
    let aside = world.run("verify --suite s.toml --json");
    assert!(aside.stderr.contains("\n::error file=") && !aside.text().contains("::error"));
}

#[test]
fn no_secret_appears_in_the_output() {
    let case = "[[cases]]\nname = 'it'\nmint = {}\nexpect = 'expired'\nsecret = 'hunter2hunter2hunter2hunter2hunter2'\n";
    let outcome = verify_suite(&format!("test_secrets = true\n{case}key = 'x'\n"));
    assert_eq!(outcome.status, 2);
    let wrong = verify_suite(&format!("test_secrets = true\n{case}"));
    assert_eq!(wrong.status, 1);
    for outcome in [outcome, wrong] {
        assert!(
            !outcome.stderr.contains("hunter2")
                && !outcome.text().contains("hunter2")
                && !outcome.text().contains(SECRET)
        );
    }
    assert_eq!(NOW, 1_769_860_800);
}
