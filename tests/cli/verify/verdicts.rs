//! `fob verify`: the verdict, its reasons and their order, the document, and `--expect`.

use crate::support::known::{BUILDER, JOHN_DOE};
use crate::support::world::{NOW, Outcome, SECRET, World, ends, fob, signed, signed_with, token};
use fob::core::token::algorithm::Algorithm;
use serde_json::json;

/// Verifies with `--json` and compares status and reasons.
#[track_caller]
fn judged(line: &str, token: &str, status: u8, reasons: &[&str]) {
    ends(&fob(format!("verify --json {line} {token}")), status, reasons);
}

#[test]
fn returns_every_exit_status() {
    let good = token(r#"{"sub":"alice"}"#);
    judged("", &good, 0, &[]);
    judged("--sub bob", &good, 1, &["wrong_subject"]);
    assert_eq!(fob(format!("verify --no-such-option {good}")).status, 2);
    judged("", &token(r#"{"exp":1}"#), 3, &["expired"]);
    judged("", "hello", 4, &["malformed:segments"]);
}

#[test]
fn time_reasons_alone_exit_3() {
    judged("", &token(r#"{"nbf":4102444800}"#), 3, &["not_yet_valid"]);
    judged("", &token(r#"{"iat":4102444800}"#), 3, &["issued_in_future"]);
    let all = r#"{"exp":1,"nbf":4102444800,"iat":4102444800}"#;
    judged("", &token(all), 3, &["expired", "not_yet_valid", "issued_in_future"]);
    judged("--max-age 1h", &token(r#"{"iat":1}"#), 1, &["too_old"]);
    judged("--sub bob", &token(r#"{"exp":1,"sub":"alice"}"#), 1, &["expired", "wrong_subject"]);
}

#[test]
fn a_bad_signature_outranks_time_reasons() {
    let other = signed_with(
        "another secret of thirty-two bytes",
        Algorithm::Hs256,
        br#"{"alg":"HS256"}"#,
        br#"{"exp":1}"#,
    );
    judged("", &other, 1, &["bad_signature", "expired"]);
}

#[test]
fn all_failures_are_reported_in_the_order_of_the_table() {
    let header = r#"{"alg":"HS512","typ":"x","kid":"other"}"#;
    let payload = r#"{"jti":"j","sub":"s","aud":"a","iss":"i","exp":1,"nbf":4102444800,"iat":4102444800,"role":"x","token_type":"access"}"#;
    let line = "--claim role=y --token-type refresh --typ JWT --jti no --sub no --aud no --iss no --require gone \
                --alg HS256 --kid mine";
    let reasons = [
        "alg_not_allowed",
        "key_not_found",
        "claim_missing:gone",
        "expired",
        "not_yet_valid",
        "issued_in_future",
        "wrong_issuer",
        "wrong_audience",
        "wrong_subject",
        "wrong_id",
        "wrong_typ",
        "wrong_token_type",
        "wrong_claim:role",
    ];
    judged(line, &signed(header, payload), 1, &reasons);
    // With an extension that is not supported, the payload is not judged.
    let header = r#"{"alg":"HS512","typ":"x","crit":["exp"],"kid":"other"}"#;
    let reasons = ["alg_not_allowed", "key_not_found", "crit_unsupported", "wrong_typ"];
    judged(line, &signed(header, payload), 1, &reasons);
}

#[test]
fn every_reason_has_a_failed_check() {
    let outcome =
        fob(format!("verify --json --aud x --sub y --require z {}", token(r#"{"exp":1,"sub":"a"}"#)));
    ends(&outcome, 1, &["claim_missing:aud", "claim_missing:z", "expired", "wrong_subject"]);
    let json = outcome.json();
    let failed: Vec<_> = json["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["status"] == "failed")
        .map(|check| format!("{} {}", check["name"].as_str().unwrap(), check["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(
        failed,
        ["require:z claim_missing:z", "exp expired", "aud claim_missing:aud", "sub wrong_subject"]
    );
}

#[test]
fn lists_the_members_of_the_json_document() {
    let token = token(r#"{"sub":"alice","iat":1769860800}"#);
    let json = fob(format!("verify --json --sub alice --kid k1 {token}")).json();
    let names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    let mut wanted = ["verdict", "reasons", "warnings", "checks", "hints", "header", "payload", "key", "at"];
    wanted.sort_unstable();
    let mut sorted = names;
    sorted.sort_unstable();
    assert_eq!(sorted, wanted);
    assert_eq!(json["verdict"], "accepted");
    assert_eq!(json["reasons"], json!([]));
    assert_eq!(json["warnings"], json!([]));
    assert_eq!(json["hints"], json!([]));
    assert_eq!(json["header"], json!({"alg": "HS256", "typ": "JWT"}));
    assert_eq!(json["payload"], json!({"sub": "alice", "iat": NOW}));
    assert_eq!(
        json["key"],
        json!({"source": "the variable FOB_SECRET", "kty": "oct", "kid": "k1", "bits": 256})
    );
    assert_eq!(json["at"], "2026-01-31T12:00:00Z");
}

#[test]
fn every_check_in_the_json_document_has_an_outcome() {
    let json = fob(format!("verify --json {}", token(r#"{"aud":"api","iss":"me"}"#))).json();
    let checks: Vec<_> = json["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| {
            assert!(check["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{check}");
            assert_eq!(check["reason"], serde_json::Value::Null);
            format!("{} {}", check["name"].as_str().unwrap(), check["status"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        checks,
        [
            "form passed",
            "alg passed",
            "key passed",
            "signature passed",
            "exp skipped",
            "nbf skipped",
            "iat skipped",
            "iss skipped",
            "aud skipped"
        ]
    );
}

#[test]
fn a_payload_is_called_unverified_unless_the_signature_held() {
    let json = fob(format!("verify --json {JOHN_DOE}")).json();
    assert_eq!(json["verdict"], "rejected");
    assert_eq!(json.get("payload"), None);
    assert_eq!(json["unverified_payload"]["admin"], true);
    let json = World::bare().run(format!("verify --json -s secret {BUILDER}")).json();
    assert_eq!(json.get("unverified_payload"), None);
    assert_eq!(json["payload"]["sub"], "0123456789");
}

#[test]
fn text_ends_with_the_verdict_and_the_reasons() {
    let last = |outcome: &Outcome| outcome.text().lines().next_back().unwrap().to_owned();
    assert_eq!(last(&fob(format!("verify {}", token("{}")))), "accepted: HS256 JWT, never expires");
    assert_eq!(last(&fob(format!("verify -v {}", token("{}")))), "accepted: HS256 JWT, never expires");
    let world = World::bare();
    assert_eq!(
        last(&world.run(format!("verify -s secret {BUILDER}"))),
        "rejected: expired (authentic otherwise)"
    );
    assert_eq!(last(&world.run(format!("verify -s wrong {BUILDER}"))), "rejected: bad_signature, expired");
    assert_eq!(last(&fob("verify a.b")), "malformed: segments");
}

#[test]
fn header_and_payload_are_shown_only_on_request() {
    let line = format!("verify {}", token(r#"{"name":"Lindqvist"}"#));
    for option in ["", "--aud web"] {
        let brief = fob(format!("{line} {option}"));
        assert!(!brief.text().contains("Lindqvist") && !brief.stderr.contains("Lindqvist"), "{option}");
        let whole = fob(format!("{line} {option} --verbose"));
        let content = "header  27 bytes\n  alg  \"HS256\"  algorithm: HMAC with SHA-256\n  typ  \"JWT\"    type\n\n\
                       payload  20 bytes\n  name  \"Lindqvist\"\n\n";
        assert_eq!(whole.text(), format!("{content}{}", brief.text()), "{option}");
    }
}

#[test]
fn expect_decides_the_exit_status() {
    let (good, old) = (token("{}"), token(r#"{"exp":1,"aud":"x"}"#));
    for (line, token, status) in [
        ("--expect accepted", &good, 0),
        ("--expect rejected", &good, 1),
        ("--expect malformed", &good, 1),
        ("--expect expired", &good, 1),
        ("--expect accepted", &old, 1),
        ("--expect rejected", &old, 0),
        ("--expect expired", &old, 0),
        ("--expect expired,wrong_audience --aud y", &old, 0),
        ("--expect wrong_audience,expired --aud y", &old, 0),
        ("--expect expired,wrong_audience", &old, 1),
        ("--expect expired --expect wrong_audience --aud y", &old, 0),
        ("--expect claim_missing:sub --sub z", &old, 0),
        ("--expect claim_missing --sub z", &old, 0),
        ("--expect claim_missing:jti --sub z", &old, 1),
        ("--expect malformed", &"a.b".to_owned(), 0),
        ("--expect malformed:segments", &"a.b".to_owned(), 0),
        ("--expect malformed:base64", &"a.b".to_owned(), 1),
        ("--expect rejected", &"a.b".to_owned(), 1),
        ("--expect bad_signature", &JOHN_DOE.to_owned(), 0),
    ] {
        assert_eq!(fob(format!("verify -q {line} {token}")).status, status, "{line} {token}");
    }
}

#[test]
fn reports_unmet_expectations_and_rejects_unknown_ones() {
    let outcome = fob(format!("verify --expect expired {}", token("{}")));
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (1, "error: the outcome is accepted, expected expired\n")
    );
    let outcome = fob(format!("verify --expect exspired {}", token("{}")));
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.starts_with("error: invalid value 'exspired' for --expect: unknown outcome"));
}

#[test]
fn an_error_exits_2_despite_expect() {
    assert_eq!(World::bare().run(format!("verify --expect rejected {JOHN_DOE}")).status, 2);
    assert_eq!(fob("verify --expect malformed @/no/such/file").status, 2);
}

#[test]
fn quiet_prints_no_report_and_keeps_the_status() {
    for (token, status) in
        [(token("{}"), 0), (JOHN_DOE.to_owned(), 1), (token(r#"{"exp":1}"#), 3), ("x".into(), 4)]
    {
        for line in ["verify -q", "-q verify -v"] {
            fob(format!("{line} {token}")).refused(status, "");
        }
        let (quiet, loud) =
            (fob(format!("verify --quiet --json {token}")), fob(format!("verify --json {token}")));
        assert_eq!((quiet.status, quiet.text(), quiet.stderr.as_str()), (status, loud.text(), ""));
    }
}

#[test]
fn an_empty_secret_and_a_public_key_as_secret_are_reasons() {
    let world = World::bare().folder(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/keys"));
    let good = token("{}");
    ends(&world.run(format!("verify --json -s '' {good}")), 1, &["key_empty"]);
    for file in [
        "rsa2048.pub.pem",
        "rsa2048.pkcs1.pub.pem",
        "p256.pub.pem",
        "ed25519.pub.jwk.json",
        "jwks.json",
        "hs256-text.jwk.json",
    ] {
        for format in ["text", "raw"] {
            let line = format!("verify --json --secret-file {file} --secret-format {format} {good}");
            ends(&world.run(line), 1, &["key_mismatch:kty"]);
        }
    }
}

#[test]
fn rejects_an_hmac_with_the_public_key_as_secret() {
    let pem = include_str!("../../vectors/keys/rsa2048.pub.pem");
    let token = signed_with(pem, Algorithm::Hs256, br#"{"alg":"HS256"}"#, b"{}");
    let outcome = World::bare()
        .file("pub.pem", pem)
        .run(format!("verify --json --secret-format raw --secret-file pub.pem {token}"));
    ends(&outcome, 1, &["key_mismatch:kty"]);
}

#[test]
fn the_caller_may_allow_fewer_algorithms_than_the_key() {
    let token = signed_with(SECRET, Algorithm::Hs384, br#"{"alg":"HS384"}"#, b"{}");
    judged("", &token, 0, &[]);
    judged("--alg HS384", &token, 0, &[]);
    judged("--alg HS256 --alg HS384", &token, 0, &[]);
    judged("--alg HS256", &token, 1, &["alg_not_allowed"]);
    let rs256 = signed(r#"{"alg":"RS256"}"#, "{}");
    judged("", &rs256, 1, &["alg_not_allowed"]);
    judged("", &signed(r#"{"alg":"HS999"}"#, "{}"), 1, &["alg_unsupported"]);
    judged("", &signed(r#"{"alg":"hs256"}"#, "{}"), 1, &["alg_unsupported"]);
    for none in ["none", "None", "NONE", "nOnE"] {
        judged("", &signed(&format!(r#"{{"alg":"{none}"}}"#), "{}"), 1, &["alg_none"]);
    }
}

#[test]
fn gives_no_verdict_on_encrypted_tokens() {
    judged("", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn", 4, &["jwe"]);
}

#[test]
fn refuses_percent_encoding_inside_a_token() {
    let good = token("{}");
    let mut encoded: Vec<String> = (0..good.len())
        .map(|at| format!("{}%{:02X}{}", &good[..at], good.as_bytes()[at], &good[at + 1..]))
        .collect();
    encoded.push(good.replace('.', "%2E"));
    encoded.push(good.replace('.', "%252E"));
    for inner in encoded {
        for text in [
            inner.clone(),
            format!("Bearer {inner}"),
            format!("Bearer%20{inner}"),
            format!("DPoP {inner}"),
            format!("{{\"access_token\":\"{inner}\"}}"),
            format!("see {inner} there"),
            format!("see https://x.example/{inner} there"),
        ] {
            let outcome = World::new().stdin(&text).run("verify -q");
            assert!(matches!(outcome.status, 2 | 4), "{text}: {}", outcome.status);
        }
    }
    let outcome = World::new().run(format!("verify --json eyJ%68{}", &good[4..]));
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:charset".to_owned()]));
}

#[test]
fn refuses_a_token_beside_a_broken_one() {
    let good = token(r#"{"sub":"a"}"#);
    for at in 0..good.len() {
        let (head, tail) = good.split_at(at);
        for text in [
            format!("{head}!{tail} {good}"),
            format!("{good}\n{head}!{tail}"),
            format!("{good} {head}"),
            format!("{head} {good}"),
            format!("Cookie: a={good}; b={head}!{tail}"),
            format!("{{\"access_token\":\"{good}\",\"id_token\":\"{head}!{tail}\"}}"),
            format!("Cookie: a.0={}; a.1={}; b={head}!{tail}", &good[..50], &good[50..]),
        ] {
            // Less than the first characters of a header are no beginning of a token.
            let is_begun = if text.contains('!') { at > 0 } else { at >= 8 };
            let outcome = World::new().stdin(&text).run("verify -q");
            assert!(!is_begun || matches!(outcome.status, 2 | 4), "{text}: {}", outcome.status);
        }
    }
    let outcome = World::new().stdin(format!("{}!{} {good}", &good[..50], &good[50..])).run("verify --json");
    assert_eq!(outcome.status, 2);
    assert_eq!(
        outcome.stderr.lines().next(),
        Some("error: the input holds 2 tokens: 1 (line 1), 2 (line 1)"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn counts_a_whole_token_beside_cookies_in_chunks() {
    let (good, other) = (token("{}"), token(r#"{"sub":"other"}"#));
    let chunks = format!("a.0={}; a.1={}", &good[..50], &good[50..]);
    for text in [
        format!("Cookie: a={other}; {chunks}"),
        format!("Cookie: {chunks}; b={other}"),
        format!("Cookie: {chunks}; b.0={}; b.1={}", &other[..40], &other[40..]),
    ] {
        let outcome = World::new().stdin(&text).run("verify");
        assert_eq!(outcome.status, 2, "{text}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: the input holds 2 tokens: "), "{}", outcome.stderr);
        let picked = World::new().stdin(&text).run("verify --json --pick a.0");
        assert_eq!(picked.status, 0, "{text}: {}", picked.stderr);
    }
}
