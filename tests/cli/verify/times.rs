//! Times: how they are written, and where exactly they end.

use crate::support::world::{NOW, World, fob, payload, token};

#[test]
fn parses_durations_and_instants() {
    for (text, seconds) in [
        ("90s", NOW + 90),
        ("15m", NOW + 900),
        ("2h", NOW + 7_200),
        ("14d", NOW + 1_209_600),
        ("1w", NOW + 604_800),
        ("1h30m", NOW + 5_400),
        ("now", NOW),
        ("+15m", NOW + 900),
        ("-3d", NOW - 259_200),
        ("2026-01-31", 1_769_817_600),
        ("2026-01-31T12:00:00Z", NOW),
        ("2026-01-31T14:00:00+02:00", NOW),
        ("@1700000000", 1_700_000_000),
        ("@7", 7),
        ("@0", 0),
        ("1700000000", 1_700_000_000),
        ("99999999999", 99_999_999_999),
    ] {
        let outcome = fob(format!("encode -q --no-iat --exp {text}"));
        assert_eq!(payload(outcome.result()), format!(r#"{{"exp":{seconds}}}"#), "{text}");
    }
}

#[test]
fn a_bare_duration_counts_from_the_issue_time_and_a_signed_one_from_now() {
    let claims = |line: &str| payload(fob(format!("encode -q {line}")).result());
    assert_eq!(claims("--iat @1000000000 --exp 15m"), r#"{"iat":1000000000,"exp":1000000900}"#);
    assert_eq!(claims("--exp 15m --iat @1000000000"), r#"{"exp":1000000900,"iat":1000000000}"#);
    assert_eq!(claims("--iat @1000000000 --exp +15m"), r#"{"iat":1000000000,"exp":1769861700}"#);
    assert_eq!(claims("-c iat:=1000000000 --exp 1h"), r#"{"iat":1000000000,"exp":1000003600}"#);
    assert_eq!(claims(r#"'{"iat":1000000000}' --nbf 1m"#), r#"{"iat":1000000000,"nbf":1000000060}"#);
    assert_eq!(claims("--exp 15m"), r#"{"exp":1769861700,"iat":1769860800}"#);
}

#[test]
fn rejects_bare_numbers_under_ten_digits_with_a_hint() {
    for text in ["3600", "0", "123456789"] {
        for option in ["--exp", "--nbf", "--iat", "--at"] {
            let outcome = fob(format!("encode {option} {text}"));
            assert_eq!(outcome.status, 2, "{option} {text}");
            assert!(outcome.stderr.contains("ambiguous"), "{}", outcome.stderr);
            let written =
                if option == "--at" { format!("@{text}") } else { format!("write {text}s for seconds") };
            assert!(outcome.stderr.contains(&written), "{}", outcome.stderr);
        }
    }
    for option in ["--leeway", "--max-age"] {
        let outcome = fob(format!("verify {option} 30 x"));
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.contains("the unit is missing\nhint: write 30s"), "{}", outcome.stderr);
    }
}

#[test]
fn rejects_text_that_is_not_a_time() {
    for text in [
        "tomorrow",
        "''",
        "15",
        "1.5h",
        "30m1h",
        "1h1h",
        "5 m",
        "2026-13-01",
        "2026-02-30",
        "2026-01-31T12:00:00",
        "@",
        "@-5",
        "@1e9",
        "1700000000000000000000",
        "5M",
        "9999999w",
        "+",
        "-",
        "é",
    ] {
        let outcome = fob(format!("encode --exp '{}'", text.trim_matches('\'')));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{text}");
        assert!(outcome.stderr.starts_with("error: "), "{text}: {}", outcome.stderr);
    }
}

#[test]
fn at_sets_the_clock_for_minting_and_verifying() {
    let minted = fob("encode --exp 1h --at 2020-02-29").result().to_owned();
    assert_eq!(payload(&minted), r#"{"exp":1582938000,"iat":1582934400}"#);
    assert_eq!(minted, World::new().at(1).run("encode --exp 1h --at 2020-02-29").result());
    assert_eq!(fob(format!("verify -q {minted}")).status, 3);
    for (at, status) in [
        ("2020-02-29", 0),
        ("2020-02-29T00:59:59Z", 0),
        ("@1582937999.999", 0),
        ("@1582938000", 3),
        ("2020-02-28T23:59:59Z", 3),
        ("+1s", 3),
        ("-5w", 3),
        ("now", 3),
    ] {
        assert_eq!(fob(format!("verify -q --at {at} {minted}")).status, status, "{at}");
    }
    assert_eq!(fob(format!("verify --json --at 2020-02-29 {minted}")).json()["at"], "2020-02-29T00:00:00Z");
    assert_eq!(fob(format!("verify --at 15m {minted}")).status, 2);
}

/// The status of a well-signed token at an instant.
fn status(at: impl ToString, options: &str, claims: &str) -> u8 {
    World::new().at(at).run(format!("verify -q {options} {}", token(claims))).status
}

#[test]
fn expires_at_the_exact_second() {
    let claims = r#"{"exp":1000}"#;
    for (at, result) in [("999", 0), ("999.999999999", 0), ("1000", 3), ("1000.000000001", 3), ("1001", 3)] {
        assert_eq!(status(at, "", claims), result, "{at}");
    }
    for (at, result) in [("1029.999999999", 0), ("1030", 3), ("1031", 3)] {
        assert_eq!(status(at, "--leeway 30s", claims), result, "{at}");
    }
}

#[test]
fn begins_at_the_exact_second() {
    for claims in [r#"{"nbf":1000}"#, r#"{"iat":1000}"#] {
        for (at, options, result) in [
            ("999.999999999", "", 3),
            ("1000", "", 0),
            ("1001", "", 0),
            ("969.999999999", "--leeway 30s", 3),
            ("970", "--leeway 30s", 0),
        ] {
            assert_eq!(status(at, options, claims), result, "{claims} {at} {options}");
        }
    }
}

#[test]
fn is_too_old_at_the_exact_second() {
    let claims = r#"{"iat":1000}"#;
    for (at, options, result) in [
        ("1059.999999999", "--max-age 1m", 0),
        ("1060", "--max-age 1m", 1),
        ("1069", "--max-age 1m --leeway 10s", 0),
        ("1070", "--max-age 1m --leeway 10s", 1),
        ("1000", "--max-age 0", 1),
    ] {
        assert_eq!(status(at, options, claims), result, "{at} {options}");
    }
    assert_eq!(status("1", "--max-age 1m", "{}"), 1);
    let outcome = fob(format!("verify --json --max-age 1m {}", token("{}")));
    assert_eq!(outcome.reasons(), ["claim_missing:iat"]);
}

#[test]
fn compares_fractions_of_seconds() {
    for claims in [r#"{"exp":1000.5}"#, r#"{"exp":1.0005e3}"#, r#"{"exp":10005e-1}"#, r#"{"exp":1000.50}"#] {
        assert_eq!(status("1000.4", "", claims), 0, "{claims}");
        assert_eq!(status("1000.5", "", claims), 3, "{claims}");
    }
    assert_eq!(status("1000.4", "", r#"{"nbf":1000.5}"#), 3);
    assert_eq!(status("1000.5", "", r#"{"nbf":1000.5}"#), 0);
    assert_eq!(payload(fob("encode -q --exp @1700000000.25 --no-iat").result()), r#"{"exp":1700000000.25}"#);
}

#[test]
fn mints_times_in_whole_seconds() {
    let outcome = World::new().at("1000.75").run("encode --exp 1m");
    assert_eq!(payload(outcome.result()), r#"{"exp":1060,"iat":1000}"#);
}

#[test]
fn numbers_beyond_the_calendar_do_not_wrap() {
    for claims in [r#"{"exp":1e300}"#, r#"{"exp":99999999999999999999999999}"#, r#"{"exp":1e99999999999}"#] {
        assert_eq!(status(NOW, "", claims), 0, "{claims}");
        assert_eq!(status(NOW, "--leeway 52000w", claims), 0, "{claims}");
    }
    for claims in [r#"{"nbf":1e300}"#, r#"{"iat":18446744073709551616}"#] {
        assert_eq!(status(NOW, "", claims), 3, "{claims}");
    }
    assert_eq!(status(NOW, "--leeway 52000w", r#"{"exp":0,"nbf":0}"#), 0);
    assert_eq!(status(0, "--leeway 52000w", r#"{"iat":1}"#), 0);
}

#[test]
fn ignore_exp_skips_only_the_comparison_with_the_clock() {
    assert_eq!(status(NOW, "--ignore-exp", r#"{"exp":1}"#), 0);
    assert_eq!(status(NOW, "--ignore-exp", r#"{"exp":"1"}"#), 1);
    assert_eq!(status(NOW, "--ignore-exp", r#"{"exp":1,"nbf":4102444800}"#), 3);
    assert_eq!(status(NOW, "--ignore-exp --strict", "{}"), 1);
}

#[test]
fn rejects_minted_times_before_1970() {
    for line in
        ["encode --at -60y", "encode --at 1969-12-31", "encode --exp 1969-12-31", "encode --nbf -3000w"]
    {
        let outcome = fob(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
    }
}

#[test]
fn shows_dates_in_the_chosen_zone() {
    let shown = |zone: &str| {
        let outcome = fob(format!("decode --tz {zone} {}", token(r#"{"exp":1769860800}"#)));
        outcome.text().lines().find(|line| line.contains("exp  ")).unwrap().trim().to_owned()
    };
    assert_eq!(shown("utc"), "exp  1769860800  expires 2026-01-31 12:00:00 UTC, expired now");
    assert_eq!(shown("+05:30"), "exp  1769860800  expires 2026-01-31 17:30:00 +05:30, expired now");
    assert_eq!(shown("-03:00"), "exp  1769860800  expires 2026-01-31 09:00:00 -03:00, expired now");
    for zone in ["CET", "+2", "+25:00", "''"] {
        assert_eq!(fob(format!("decode --tz {zone} x")).status, 2, "{zone}");
    }
}
