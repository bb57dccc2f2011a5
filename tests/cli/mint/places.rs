//! Tests of claims at JSON Pointers, and of the errors in payloads and values.

use crate::support::world::{World, fob, payload};
use serde_json::Value;

#[track_caller]
fn claims(line: &str) -> String {
    payload(fob(format!("encode --no-iat {line}")).result())
}

#[test]
fn writes_a_claim_at_its_pointer() {
    for (line, expected) in [
        ("-c '/realm_access/roles:=[\"ops\"]'", r#"{"realm_access":{"roles":["ops"]}}"#),
        ("-c /a/b/c=x -c /a/b/d=y", r#"{"a":{"b":{"c":"x","d":"y"}}}"#),
        (r#"'{"a":{"b":1}}' -c /a/c=x"#, r#"{"a":{"b":1,"c":"x"}}"#),
        (r#"'{"roles":["a"]}' -c /roles/1=b -c /roles/-=c"#, r#"{"roles":["a","b","c"]}"#),
        ("-c /roles/0=a -c /roles/1=b", r#"{"roles":["a","b"]}"#),
        ("-c a~1b=x -c /c~1d=y -c /e/~0~1=z", r#"{"a~1b":"x","c/d":"y","e":{"~/":"z"}}"#),
        ("-c https://a.test/b=x", r#"{"https://a.test/b":"x"}"#),
        ("-c /sub=x --exp @1800000000", r#"{"sub":"x","exp":1800000000}"#),
        ("--header /x/y=z -c /x/y=z", r#"{"x":{"y":"z"}}"#),
    ] {
        assert_eq!(claims(line), expected, "{line}");
    }
    assert_eq!(payload(fob("encode -c /iat:=5 --exp @1800000000").result()), r#"{"iat":5,"exp":1800000000}"#);
}

#[test]
fn verify_and_decode_read_a_claim_where_encode_wrote_it() {
    for assignment in ["/a/b:=1", "/a/0/b=x", "/a~1b=x", "/a/b~0c:=[1]"] {
        let outcome = fob(format!("encode --exp 1h -c {assignment}"));
        let token = outcome.result();
        assert_eq!(fob(format!("verify -q {token} -c {assignment}")).status, 0, "{assignment}");
        let name = assignment.split([':', '=']).next().unwrap();
        assert_eq!(fob(format!("decode {token} --claim {name}")).status, 0, "{assignment}");
    }
}

#[test]
fn says_where_a_claim_collides() {
    let twice = "hint: each claim has one value; leave one of them out\n";
    for (line, stderr) in [
        ("-c /a/b=1 -c /a/b=2", format!("error: the claim `/a/b` is given twice\n{twice}")),
        ("-c /a/b=1 -c a=2", format!("error: the claim `a` is given twice\n{twice}")),
        ("--sub x -c /sub=y", format!("error: the claim `sub` is given twice\n{twice}")),
        (
            "--sub x -c /sub/a=y",
            "error: /sub is a string, so nothing can be written inside it\n\
             hint: leave /sub out where it is given first, or choose another place\n"
                .to_owned(),
        ),
        (
            r#"'{"a":{"b":[1]}}' -c /a/b/3=x"#,
            "error: /a/b/3 is beyond the end of the array, which has 1 item\n\
             hint: append to the array with - as the last part, as in -c /roles/-=admin\n"
                .to_owned(),
        ),
        (
            r#"'{"a":[1]}' -c /a/x=y"#,
            "error: /a/x names an item of an array, but its last part is not an index\n\
             hint: append to the array with - as the last part, as in -c /roles/-=admin\n"
                .to_owned(),
        ),
        (
            "-c /a~2=x",
            "error: /a~2 is not a JSON Pointer: ~ must be followed by 0 or 1\n\
             hint: write ~0 for ~ and ~1 for / inside a name\n"
                .to_owned(),
        ),
    ] {
        fob(format!("encode -q {line}")).refused(2, stderr.split("hint").next().unwrap());
        fob(format!("encode {line}")).refused(2, &stderr);
    }
}

#[test]
fn a_pair_writes_claims_at_their_pointers() {
    let options = "-c /user/name=al --access-claim /user/role=ops --refresh-claim /user/kind=web";
    for (profile, separate) in [("simplejwt", true), ("oauth", true), ("drf-jwt", false)] {
        let options = if separate { options } else { "-c /user/name=al --access-claim /user/role=ops" };
        let outcome = fob(format!("pair -q --json --user-id 7 --profile {profile} {options}"));
        let pair: Value = serde_json::from_str(outcome.result()).unwrap();
        let token = |names: &[&str]| names.iter().find_map(|name| pair[name].as_str()).unwrap();
        let access = payload(token(&["access", "token"]));
        assert!(access.contains(r#""user":{"name":"al","role":"ops"}"#), "{access}");
        if separate {
            let refresh = payload(token(&["refresh"]));
            assert!(refresh.contains(r#""user":{"name":"al","kind":"web"}"#), "{refresh}");
        }
    }
    let outcome = fob("pair --user-id 7 -c /user_id/x=y");
    let hint = "hint: leave /user_id out where it is given first, or choose another place\n";
    outcome.refused(2, &format!("error: /user_id is a string, so nothing can be written inside it\n{hint}"));
    let hint =
        "hint: the profile writes some claims itself: set their values with options, or leave them out\n";
    let outcome = fob("pair --user-id 7 -c /a/b=x --access-claim /a/b=y");
    outcome.refused(2, &format!("error: the claim `/a/b` is given twice\n{hint}"));
}

#[test]
fn names_the_cause_of_a_payload_that_is_not_json() {
    for (payload, hint) in [
        ("{'sub': 'a'}", "write double quotes (\") in place of single quotes (')"),
        ("{\"sub\":\"a\",}", "remove the comma before the closing bracket"),
        ("{\"a\":[1,2,]}", "remove the comma before the closing bracket"),
        ("{\"a\":True}", "write true in place of True"),
        ("{\"a\":None}", "write null in place of None"),
        ("{\"a\":NaN}", "JSON has no NaN: write a number or null"),
        ("{sub:alice}", "write the name `sub` in double quotes (\"), and texts too"),
        ("{\"sub\":alice}", "write text such as `alice` in double quotes (\")"),
        ("{\\\"sub\\\":1}", "remove the backslashes before the double quotes (\")"),
        ("{\"a\":1 \"b\":2}", "write a comma between two members or items"),
        ("{\"a\":1 // one\n}", "remove the comment: JSON has none"),
        ("{\"a\":", "the JSON is cut short: write its end, or put it in quotes for the shell"),
        ("admin=true", "use -c admin:=true"),
        ("x:=NULL", "use -c x:=null"),
        ("hello=1", "use -c hello=TEXT for a string, or -c hello:=JSON"),
        ("aGVsbG8=", "write an object such as '{\"sub\":\"alice\"}', @PATH, or use -c name=text"),
    ] {
        let outcome = World::new().run_words(&["encode", payload]);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{payload}");
        let (error, rest) = outcome.stderr.split_once('\n').unwrap();
        assert!(error.starts_with("error: the payload is not JSON at offset "), "{payload}: {error}");
        assert_eq!(rest, format!("hint: {hint}\n"), "{payload}");
    }
}

#[test]
fn names_the_file_that_is_given_as_a_payload() {
    let world = World::new().file("claims.json", "{}");
    let error = "error: the payload `claims.json` is not JSON, but the name of a file\n";
    world.run("encode claims.json").refused(2, &format!("{error}hint: write @claims.json to read it\n"));
    assert_eq!(world.run("encode @claims.json").status, 0);
    let hint = "hint: write an object such as '{\"sub\":\"alice\"}', @PATH, or use -c name=text\n";
    let error = "error: the payload is not JSON at offset 0: expected a value\n";
    world.run("encode /a/other.json").refused(2, &format!("{error}{hint}"));
}

#[test]
fn names_the_form_of_a_value_that_is_not_json() {
    for (assignment, says) in [
        ("role:=admin", "expected a value\nhint: write role=admin for text\n"),
        ("role:=", "expected a value\nhint: write role= for text\n"),
        ("a:=True", "expected a value\nhint: write a:=true\n"),
        ("a:=01", "expected the end of the text\nhint: write a=01 for text\n"),
        ("a:={'b':1}", "write double quotes (\") in place of single quotes (')\n"),
    ] {
        let outcome = World::new().run_words(&["encode", "-c", assignment]);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{assignment}");
        assert!(outcome.stderr.contains(says), "{assignment}: {}", outcome.stderr);
    }
}

#[test]
fn names_the_accepted_form_of_a_time() {
    for (time, form) in [
        ("1 hour", "1h"),
        ("1y", "365d"),
        ("tomorrow", "+1d"),
        ("31.01.2026", "2026-01-31"),
        ("PT15M", "15m"),
    ] {
        let outcome = World::new().run_words(&["encode", "--exp", time]);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{time}");
        assert!(
            outcome.stderr.contains(&format!("not a time in this form\nhint: write {form}\n")),
            "{}",
            outcome.stderr
        );
        assert_eq!(World::new().run_words(&["encode", "-q", "--exp", form]).status, 0, "{form}");
    }
    for (options, says) in [
        (["--at", "1 hour"], "write +1h or -1h for a time from now"),
        (["--at", "2026-01-31 12:00"], "write 2026-01-31T12:00:00Z"),
        (["--exp", "2026-01-31T12:00:00"], "write 2026-01-31T12:00:00Z, or an offset such as +02:00 for Z"),
    ] {
        let outcome = World::new().run_words(&["encode", options[0], options[1]]);
        assert!(outcome.stderr.contains(says), "{}", outcome.stderr);
    }
    let outcome = World::new().run_words(&["pair", "--user-id", "7", "--access-ttl", "5 minutes"]);
    assert!(outcome.stderr.contains("not a duration in this form\nhint: write 5m\n"), "{}", outcome.stderr);
}

#[test]
fn takes_the_name_of_an_algorithm_in_any_letter_case() {
    let header = |line: &str| fob(format!("{line} --json -q")).json()["header"]["alg"].clone();
    assert_eq!(header("encode --alg hs256"), "HS256");
    assert_eq!(header("encode --alg Hs512"), "HS512");
    let token = fob("encode --exp 1h").result().to_owned();
    assert_eq!(fob(format!("verify -q {token} --alg hs256")).status, 0);
    assert_eq!(fob(format!("verify -q {token} --alg hs384")).status, 1);
    assert_eq!(fob("pair -q --user-id 7 --alg hs384").status, 0);
    let key = |alg: &str| fob(format!("key new --alg {alg} --seed 1")).json();
    assert_eq!(key("EDDSA"), key("EdDSA"));
    assert_eq!(key("ml-dsa-44")["alg"], "ML-DSA-44");
    let suite =
        format!("[defaults]\nalg = 'hs256'\n[[cases]]\nname = 'a'\ntoken = '{token}'\nexpect = 'accepted'\n");
    assert_eq!(World::new().file("s.toml", suite).run("verify -q --suite s.toml").status, 0);
}
