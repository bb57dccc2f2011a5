//! Tests of the hints on traps: the token is made as asked, and each hint works when it is followed.

use crate::support::world::{World, fob, payload};

/// Options with a trap, the hint, the option that the hint names, the other options, and the payload after the hint is
/// followed.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Traps whose hint names another option. The clock shows 1769860800.
const MENDED_BY_OPTIONS: [Row; 22] = [
    (
        "--iat @1700000000 --exp 15m",
        "the token has already expired, because --exp counts from `iat` (2023-11-14T22:13:20Z): use --exp +15m to count from now",
        "--exp +15m",
        "--iat @1700000000",
        r#"{"iat":1700000000,"exp":1769861700}"#,
    ),
    (
        r#"'{"iat":1700000000}' --exp 90m"#,
        "the token has already expired, because --exp counts from `iat` (2023-11-14T22:13:20Z): use --exp +1h30m to count from now",
        "--exp +1h30m",
        r#"'{"iat":1700000000}'"#,
        r#"{"iat":1700000000,"exp":1769866200}"#,
    ),
    (
        "-c exp:=3600",
        "`exp` 3600 is 1970-01-01T01:00:00Z, so the token has already expired: use --exp +3600s in its place",
        "--exp +3600s",
        "",
        r#"{"exp":1769864400,"iat":1769860800}"#,
    ),
    (
        r#"'{"exp":-62135596800}'"#,
        "`exp` -62135596800 is 0001-01-01T00:00:00Z, so the token has already expired: use --exp +1h in its place",
        "--exp +1h",
        "",
        r#"{"exp":1769864400,"iat":1769860800}"#,
    ),
    (
        "-c exp:=1700000000",
        "the token has already expired, 2 years ago: use --exp +1h in place of -c exp",
        "--exp +1h",
        "",
        r#"{"exp":1769864400,"iat":1769860800}"#,
    ),
    (
        "-c exp:=1795890000000",
        "`exp` counts seconds, but seems to be in milliseconds: write -c exp:=1795890000",
        "-c exp:=1795890000",
        "",
        r#"{"exp":1795890000,"iat":1769860800}"#,
    ),
    (
        "-c exp=1800000000",
        "`exp` is a string, which verify refuses: use --exp 1800000000 in place of -c exp",
        "--exp 1800000000",
        "",
        r#"{"exp":1800000000,"iat":1769860800}"#,
    ),
    (
        "-c exp=60",
        "`exp` is a string, which verify refuses: use --exp +60s in place of -c exp",
        "--exp +60s",
        "",
        r#"{"exp":1769860860,"iat":1769860800}"#,
    ),
    (
        "--exp 1h -c 'nbf=1 hour ago'",
        "`nbf` is a string, which verify refuses: use --nbf=-1h in place of -c nbf",
        "--nbf=-1h",
        "--exp 1h",
        r#"{"exp":1769864400,"nbf":1769857200,"iat":1769860800}"#,
    ),
    (
        "--exp 1h -c admin=true",
        "`admin` is text: use -c admin:=true for a boolean",
        "-c admin:=true",
        "--exp 1h",
        r#"{"exp":1769864400,"admin":true,"iat":1769860800}"#,
    ),
    (
        "--exp 1h -c manager=null -c 'big size=[1.50]'",
        "`manager`, `big size` are text: use -c manager:=null -c 'big size:=[1.50]' for other types",
        "-c manager:=null -c 'big size:=[1.50]'",
        "--exp 1h",
        r#"{"exp":1769864400,"manager":null,"big size":[1.50],"iat":1769860800}"#,
    ),
    (
        "--exp 1h -c /user/admin=True",
        "`/user/admin` is text: use -c /user/admin:=true for a boolean",
        "-c /user/admin:=true",
        "--exp 1h",
        r#"{"exp":1769864400,"user":{"admin":true},"iat":1769860800}"#,
    ),
    (
        "--exp 1h --aud web,mobile",
        "`aud` is one audience, \"web,mobile\": use --aud web --aud mobile for 2 audiences",
        "--aud web --aud mobile",
        "--exp 1h",
        r#"{"exp":1769864400,"aud":["web","mobile"],"iat":1769860800}"#,
    ),
    (
        "--exp 1h --aud 'web, my api;x'",
        "`aud` is one audience, \"web, my api;x\": use --aud web --aud 'my api' --aud x for 3 audiences",
        "--aud web --aud 'my api' --aud x",
        "--exp 1h",
        r#"{"exp":1769864400,"aud":["web","my api","x"],"iat":1769860800}"#,
    ),
    (
        "--exp 1h -c sub:=7",
        "`sub` is a number, but must be a string: write -c sub=7",
        "-c sub=7",
        "--exp 1h",
        r#"{"exp":1769864400,"sub":"7","iat":1769860800}"#,
    ),
    (
        "--exp 1h -c aud:=7",
        "`aud` is a number, but must be a string or an array of strings: use --aud TEXT in its place",
        "--aud TEXT",
        "--exp 1h",
        r#"{"exp":1769864400,"aud":"TEXT","iat":1769860800}"#,
    ),
    (
        "--exp 1h -c iat=1",
        "`iat` is a string, which verify refuses: use --iat now in place of -c iat",
        "--iat now",
        "--exp 1h",
        r#"{"exp":1769864400,"iat":1769860800}"#,
    ),
    (
        "--exp 1h -c iat=15m",
        "`iat` is a string, which verify refuses: use --iat now in place of -c iat",
        "--iat now",
        "--exp 1h",
        r#"{"exp":1769864400,"iat":1769860800}"#,
    ),
    (
        "-c /exp=5",
        "`exp` is a string, which verify refuses: use --exp +5s in place of -c exp",
        "--exp +5s",
        "",
        r#"{"exp":1769860805,"iat":1769860800}"#,
    ),
    (
        "--exp 15m --nbf 20m",
        "the token is never valid, because `nbf` is not before `exp`: use --nbf now",
        "--nbf now",
        "--exp 15m",
        r#"{"exp":1769861700,"nbf":1769860800,"iat":1769860800}"#,
    ),
    (
        "--exp 15m -c nbf:=60",
        "`nbf` 60 (1970-01-01T00:01:00Z) lies in the past, so it delays nothing: use --nbf +60s in its place",
        "--nbf +60s",
        "--exp 15m",
        r#"{"exp":1769861700,"nbf":1769860860,"iat":1769860800}"#,
    ),
    (
        "--exp 2020-01-01",
        "the token has already expired, 6 years ago: use --exp +1h",
        "--exp +1h",
        "",
        r#"{"exp":1769864400,"iat":1769860800}"#,
    ),
];

#[test]
fn each_hint_on_options_works_when_followed() {
    for (trapped, hint, used, around, expected) in MENDED_BY_OPTIONS {
        let outcome = fob(format!("encode {trapped}"));
        assert_eq!((outcome.status, outcome.stderr), (0, format!("hint: {hint}\n")), "{trapped}");
        assert!(hint.contains(used), "{trapped}");
        assert_eq!(payload(fob(format!("encode {around} {used}")).result()), expected, "{trapped}");
    }
}

#[test]
fn each_hint_on_a_payload_works_when_followed() {
    for (trapped, hint, written) in [
        (
            r#"{"exp":"1800000000"}"#,
            "`exp` is a string, which verify refuses: write \"exp\":1800000000 without quotes",
            r#""exp":1800000000"#,
        ),
        (
            r#"{"exp":1795890000000}"#,
            "`exp` counts seconds, but seems to be in milliseconds: write \"exp\":1795890000",
            r#""exp":1795890000"#,
        ),
        (
            r#"{"exp":1795890000,"sub":7}"#,
            "`sub` is a number, but must be a string: write \"sub\":\"7\"",
            r#""sub":"7""#,
        ),
        (
            r#"{"exp":1795890000,"aud":"a,b"}"#,
            "`aud` is one audience, \"a,b\": write \"aud\":[\"a\",\"b\"] for several",
            r#""aud":["a","b"]"#,
        ),
    ] {
        let outcome = World::new().run_words(&["encode", trapped]);
        assert_eq!((outcome.status, outcome.stderr), (0, format!("hint: {hint}\n")), "{trapped}");
        assert!(hint.contains(written), "{trapped}");
        let exp = if written.contains("exp") { "" } else { "\"exp\":1795890000," };
        let mended = format!("{{{exp}{written}}}");
        let outcome = World::new().run_words(&["encode", "--no-iat", &mended]);
        assert_eq!(payload(outcome.result()), mended);
    }
}

#[test]
fn a_pair_has_hints_on_its_options() {
    for (options, hint) in [
        ("-c admin=true", "`admin` is text: use -c admin:=true for a boolean"),
        ("--access-claim n=true", "`n` is text: use --access-claim n:=true for a boolean"),
        ("--refresh-claim nbf=1800000000", "`nbf` is text: use --refresh-claim nbf:=1800000000 for a number"),
        ("--aud a,b", "`aud` is one audience, \"a,b\": use --aud a --aud b for 2 audiences"),
        ("-c sub:=7", "`sub` is a number, but must be a string: write -c sub=7"),
    ] {
        let outcome = fob(format!("pair --user-id 7 {options}"));
        assert_eq!((outcome.status, outcome.stderr), (0, format!("hint: {hint}\n")), "{options}");
    }
}

#[test]
fn a_sound_token_has_no_hint() {
    for line in [
        r#"'{"sub":"a","iat":1769860800,"exp":1769947200}'"#,
        "--exp 1h -c role=admin -c user=7 -c zip=01234 -c jti=7 -c sub=true",
        "--exp 1h -c 'x:=\"true\"' --aud a --aud b",
        "--exp 1h --aud 'https://a.test/?x=1,2'",
        "--exp=-1h",
        "--sub a",
    ] {
        let outcome = fob(format!("encode {line}"));
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{line}");
    }
}

#[test]
fn a_time_that_lies_ahead_of_the_clock_has_not_passed() {
    World::new().at(900_000_000).run("encode -c exp:=900003600").result();
    let hint = "hint: `exp` 900003600 is 1998-07-09T17:00:00Z, so the token has already expired: use --exp +1h in its place\n";
    assert_eq!(World::new().at(900_003_600).run("encode -c exp:=900003600").stderr, hint);
}

#[test]
fn says_at_a_terminal_that_a_token_never_expires() {
    let at = |stdout_is_terminal| World::new().terminals([false, stdout_is_terminal, false]);
    let hint = "hint: the token never expires: add --exp 1h for an hour\n";
    assert_eq!(at(true).run("encode --sub a").stderr, hint);
    for quiet in
        [at(false).run("encode --sub a"), at(true).run("encode --sub a -q"), at(true).run("encode --exp 1h")]
    {
        assert_eq!((quiet.status, quiet.stderr.as_str()), (0, ""));
    }
}

#[test]
fn many_tokens_have_hints_on_the_options_once() {
    let world = World::new().stdin("{\"exp\":60}\n{\"exp\":60}\n");
    let outcome = world.run("encode --lines -c admin=true");
    assert_eq!(outcome.status, 0);
    let hint = "hint: `admin` is text: use -c admin:=true for a boolean\n";
    let summary = outcome.stderr.strip_prefix(hint).unwrap();
    assert!(summary.starts_with("2 tokens in ") && summary.ends_with(": 2 minted\n"), "{summary}");
}

#[test]
fn a_hint_shows_no_raw_control_character() {
    let outcome =
        World::new().run_words(&["encode", "-c", "a\u{202e}=true", "--aud", "x\u{1b}[1m,y", "--exp", "1h"]);
    let hints = "hint: `aud` is one audience, \"x\\u001b[1m,y\": repeat --aud for several\n\
                 hint: `a\\u202e` is text: use -c NAME:=JSON for a boolean\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, hints));
}

#[test]
fn a_time_in_place_of_json_gets_the_option_for_times() {
    for (claim, time) in [("exp", "15m"), ("nbf", "now"), ("iat", "2026-01-31")] {
        let outcome = World::new().run(format!("encode -c {claim}:={time}"));
        assert_eq!(outcome.status, 2);
        let hint = format!("\nhint: write fob encode --{claim} {time} for a time\n");
        assert!(outcome.stderr.ends_with(&hint), "{}", outcome.stderr);
    }
    let outcome = World::new().run("encode -c exp:=soon");
    assert!(outcome.stderr.ends_with("hint: write exp=soon for text\n"), "{}", outcome.stderr);
}

#[test]
fn a_time_in_milliseconds_is_shown_with_its_seconds() {
    for time in ["1769947200000", "@1769947200000"] {
        let outcome = World::new().run(format!("encode --exp {time}"));
        let expected = format!(
            "error: invalid value '{time}' for --exp: after the year 9999, as milliseconds are\n\
             hint: write @1769947200 for the seconds\n"
        );
        assert_eq!((outcome.status, outcome.stderr), (2, expected));
    }
}
