//! `inspect --oneline`: one line a token, for logs. Columns are apart by tabs in a pipe, and aligned on a terminal.

use crate::process::colour::stripped;
use crate::support::known::JOHN_DOE;
use crate::support::world::{NOW, SECRET, World, signed, token};
use serde_json::Value;

const TERMINAL: [bool; 3] = [false, true, false];

/// An encrypted token.
const ENCRYPTED: &str =
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";

/// A text that looks like a token of a server.
const OPAQUE: &str = "8xLOxBtZp8opaqueopaqueopaqueopaqueAA1";

fn alice() -> String {
    token(&format!(
        r#"{{"iss":"https://login.example/realms/shop","sub":"alice","iat":{NOW},"exp":{}}}"#,
        NOW + 3_600
    ))
}

/// Returns a log with a token of each sort on a line of its own.
fn log() -> String {
    let expired = token(&format!(r#"{{"iss":"b","sub":{{"a":1}},"iat":1,"exp":{}}}"#, NOW - 4 * 86_400));
    [
        format!("Authorization: Bearer {}", alice()),
        format!("GET /?access_token={expired}"),
        format!("session={}", token(r#"{"user_id":7,"iat":1}"#)),
        format!("at {ENCRYPTED}"),
        format!("refresh_token={OPAQUE}"),
        "cut eyJhbGciOiJIUzI1NiJ9.e30".to_owned(),
    ]
    .join("\n")
}

const LINES: &str = "\
1:23\tAuthorization header\tjwt\thttps://login.example/realms/shop\talice\t2026-01-31 13:00:00 UTC\tin 1 hour\t\t
2:20\tparameter access_token\tjwt\tb\t{\"a\":1}\t2026-01-27 12:00:00 UTC\t4 days ago\t\tclaim_type:sub,expired,long_lived
3:9\tparameter session\tjwt\t\tuser_id=7\t\tno expiry\t\tno_expiry
4:4\ttext\tjwe\t\t\t\t\t\tjwe
5:15\tparameter refresh_token\topaque\t\t\t\t\t\topaque
6:5\ttext\tunreadable\t\t\t\t\t\tmalformed:segments
";

#[test]
fn a_pipe_gets_whole_values_between_tabs() {
    let outcome = World::bare().stdin(log()).run("inspect --oneline");
    assert_eq!((outcome.status, outcome.text(), outcome.stderr.as_str()), (0, LINES, ""));
    for line in outcome.text().lines() {
        assert_eq!(line.split('\t').count(), 9, "{line}");
    }
}

#[test]
fn a_terminal_gets_columns() {
    let world = World::bare().stdin(log()).terminals(TERMINAL).env("NO_COLOR", "1");
    let wide = world.clone().columns(170).run("inspect --oneline");
    assert_eq!(
        wide.text(),
        "\
1:23  Authorization header     jwt         login.example/realms/shop  alice      2026-01-31 13:00:00 UTC, in 1 hour
2:20  parameter access_token   jwt         b                          {\"a\":1}    2026-01-27 12:00:00 UTC, 4 days ago  claim_type:sub expired long_lived
3:9   parameter session        jwt         -                          user_id=7  no expiry                            no_expiry
4:4                            jwe         -                          -          -                                    jwe
5:15  parameter refresh_token  opaque      -                          -          -                                    opaque
6:5                            unreadable  -                          -          -                                    malformed:segments
"
    );
    let narrow = world.columns(60).run("inspect --oneline");
    assert_eq!(
        narrow.text(),
        "\
1:23  jwt         alice      in 1 hour
2:20  jwt         {\"a\":1}    4 days ago  claim_type:sub exp…
3:9   jwt         user_id=7  no expiry   no_expiry
4:4   jwe         -          -           jwe
5:15  opaque      -          -           opaque
6:5   unreadable  -          -           malformed:segments
"
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let long =
        token(&format!(r#"{{"iss":"{}","sub":"{}","exp":{NOW}}}"#, "i".repeat(500), "日本".repeat(90)));
    let world = World::new().file("a/very/long/path/of/some/application/server.log", long);
    let world = world.file("b", log()).terminals(TERMINAL);
    for width in [24, 40, 55, 60, 80, 99, 100, 120, 151, 250] {
        for options in ["", "-s x", "--redact"] {
            let line =
                format!("inspect --oneline a/very/long/path/of/some/application/server.log b {options}");
            let painted = world.clone().columns(width).run(line);
            assert_eq!(painted.text().lines().count(), 7, "{}", painted.stderr);
            for line in stripped(painted.text()).lines() {
                let wide = line.chars().filter(|c| u32::from(*c) > 0x2FFF).count();
                assert!(
                    line.chars().count() + wide <= width && !line.ends_with(' '),
                    "{width}: {wide} {line:?}"
                );
            }
        }
    }
}

#[test]
fn colour_does_not_change_the_lines() {
    let world = World::bare().stdin(log()).terminals(TERMINAL).columns(100);
    let plain = world.run("inspect --oneline --color never");
    let painted = world.run("inspect --oneline");
    assert!(painted.text().contains('\u{1b}'));
    assert_eq!(stripped(painted.text()), plain.text());
    let piped = World::bare().stdin(log()).run("inspect --oneline --color always");
    assert_eq!(piped.text(), LINES);
}

#[test]
fn subjects_and_places_are_masked_in_a_redacted_report() {
    let text = format!("session={} alice@example.org={}", token(r#"{"user_id":7,"iat":1}"#), alice());
    for world in [World::bare(), World::bare().terminals(TERMINAL).columns(200)] {
        let outcome = world.stdin(&text).run("inspect --oneline --redact");
        assert!(!outcome.text().contains("alice") && !outcome.text().contains("=7"), "{}", outcome.text());
        assert!(outcome.text().contains("login.example/realms/shop"), "{}", outcome.text());
        assert_eq!(outcome.text().matches("[masked]").count(), 2, "{}", outcome.text());
    }
}

#[test]
fn hostile_text_is_escaped_and_makes_no_column() {
    let text = token("{\"iss\":\"a\\tb\\u001b[31m\",\"sub\":\"\u{202e}x\\ny\"}");
    let outcome = World::bare().stdin(&text).run("inspect --oneline");
    assert_eq!(outcome.text().lines().count(), 1);
    let fields: Vec<&str> = outcome.text().split('\t').collect();
    assert_eq!(fields.len(), 9, "{fields:?}");
    assert!(fields[3].starts_with("a\\") && fields[3].ends_with("\\u001b[31m"), "{fields:?}");
    assert!(fields[4].starts_with("\\u202ex\\"), "{fields:?}");
}

#[test]
fn a_key_adds_the_verdict() {
    let text = format!("{}\n{JOHN_DOE}\n", alice());
    let world = World::bare().stdin(text);
    let outcome = world.run(format!("inspect --oneline -s {}", SECRET.replace("zebra", "other")));
    let verdicts: Vec<&str> = outcome.text().lines().map(|line| line.split('\t').nth(7).unwrap()).collect();
    assert_eq!((outcome.status, &*verdicts), (1, &["rejected bad_signature", "rejected bad_signature"][..]));
    let good = World::new().stdin(alice()).run("inspect --oneline --secret-env FOB_SECRET");
    assert_eq!(good.text().split('\t').nth(7), Some("accepted"));
    let shown = World::new().stdin(alice()).terminals(TERMINAL).columns(100);
    let shown = shown.run("inspect --oneline --secret-env FOB_SECRET");
    assert!(stripped(shown.text()).ends_with("in 1 hour  accepted\n"), "{}", shown.text());
}

#[test]
fn requirements_decide_the_status_as_without_the_option() {
    for options in ["--valid-for 5h", "--require nope", "--valid-for 5m", "--require sub"] {
        let world = World::bare().stdin(alice());
        let report = world.run(format!("inspect {options}"));
        let outcome = world.run(format!("inspect --oneline {options}"));
        assert_eq!((outcome.status, &outcome.stderr), (report.status, &report.stderr), "{options}");
        assert_eq!(outcome.text().lines().count(), 1);
    }
}

#[test]
fn json_lines_hold_the_documents_of_the_tokens() {
    let world = World::bare().stdin(log());
    let whole = world.run("inspect --json").json();
    let outcome = world.run("inspect --oneline --json");
    let lines: Vec<Value> = outcome.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(whole["tokens"].as_array().unwrap(), &lines);
    assert_eq!(world.run("inspect --oneline -qj").text(), outcome.text());
    let terminal = world.terminals(TERMINAL).run("inspect --oneline --json");
    assert_eq!(stripped(terminal.text()), outcome.text());
    assert!(terminal.text().contains('\u{1b}'));
}

#[test]
fn a_failure_is_the_last_of_the_json_lines() {
    for (line, stdin, status, code, documents) in [
        ("inspect --oneline --json", "no token", 4, "no_token", 1),
        ("inspect --oneline --json @gone", "", 2, "unreadable", 1),
        ("inspect --oneline --json gone log", "", 2, "unreadable", 7),
        ("inspect --oneline --json log --require nope", "", 1, "claim_missing:nope", 7),
        ("inspect --oneline --json one --valid-for 5h", "", 3, "not_valid_for", 2),
    ] {
        let world = World::bare().stdin(stdin).file("log", log()).file("one", alice());
        let outcome = world.run(line);
        let lines: Vec<Value> =
            outcome.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((outcome.status, lines.len()), (status, documents), "{line}: {}", outcome.text());
        let failures = lines.iter().filter(|document| document.get("error").is_some()).count();
        assert_eq!(failures, 1, "{line}");
        let last = lines.last().unwrap();
        assert_eq!(last["error"]["code"], code, "{line}");
    }
}

#[test]
fn goes_with_files_folders_and_unique_but_not_with_other_forms() {
    let text = format!("{JOHN_DOE}\n{JOHN_DOE}\n");
    let world = World::bare().file("a.log", &text).file("b.log", &text);
    let locations = |line: &str| -> Vec<String> {
        let outcome = world.run(line);
        outcome.text().lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
    };
    assert_eq!(locations("inspect --oneline a.log"), ["1:1", "2:1"]);
    assert_eq!(
        locations("inspect --oneline a.log b.log"),
        ["a.log:1:1", "a.log:2:1", "b.log:1:1", "b.log:2:1"]
    );
    assert_eq!(locations("inspect --oneline --unique a.log b.log"), ["a.log:1:1"]);
    let quiet = world.run("inspect --oneline -q a.log");
    assert_eq!((quiet.status, quiet.text(), quiet.stderr.as_str()), (0, "", ""));
    for line in ["inspect --oneline --count a.log", "inspect --oneline --suite s.toml a.log"] {
        assert_eq!((world.run(line).status, world.run(line).text()), (2, ""), "{line}");
    }
}

#[test]
fn a_document_in_json_serialization_is_one_line() {
    let document = World::new().run("encode --iss me --sub bob --no-iat --serialization flattened").stdout;
    let outcome = World::bare().stdin(document).run("inspect --oneline");
    assert_eq!(outcome.text(), "1:1\ttext\tjwt\tme\tbob\t\tno expiry\t\tno_expiry\n");
}

#[test]
fn times_that_are_no_dates_are_said_in_words() {
    for (exp, date, distance) in [
        ("\"soon\"", "", "unreadable"),
        ("99999999999999", "", "after the year 9999"),
        ("1e400", "", "after the year 9999"),
        ("-1", "1969-12-31 23:59:59 UTC", "56 years ago"),
    ] {
        let token = signed(r#"{"alg":"HS256"}"#, &format!(r#"{{"exp":{exp}}}"#));
        let outcome = World::bare().stdin(token).run("inspect --oneline");
        let fields: Vec<&str> = outcome.text().split('\t').collect();
        assert_eq!((fields[5], fields[6]), (date, distance), "{exp}");
    }
}

#[test]
fn columns_of_a_long_log_only_grow() {
    let lines: Vec<String> = (0..4_000)
        .map(|number| token(&format!(r#"{{"sub":"user-{number}","iss":"i","iat":{NOW}}}"#)))
        .collect();
    let world = World::bare().stdin(lines.join("\n")).terminals(TERMINAL).columns(120).env("NO_COLOR", "1");
    let outcome = world.run("inspect --oneline");
    let starts: Vec<usize> = outcome.text().lines().map(|line| line.find("no expiry").unwrap()).collect();
    assert_eq!(starts.len(), 4_000);
    assert!(starts.is_sorted(), "{starts:?}");
    assert_eq!(starts.last(), Some(&"4000:1  jwt  i  user-3999  ".len()));
}
