//! Sessions in a file: tokens that are issued together, refreshed, used, revoked and forgotten. The tests for servers are
//! in `redis.rs`.

use crate::support::client::{Client, NOTHING, Tokens};
use crate::support::world::{NOW, Outcome, SECRET, World, fob, payload, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use serde_json::{Value, json};

#[test]
fn accepts_each_refresh_token_once() {
    let session = Client::with_new_file();
    let first = session.pair("--user-id 7");
    assert_eq!(session.verify(&first.access), NOTHING);
    let second = session.refresh(&first.refresh);
    let third = session.refresh(&second.refresh);
    for access in [&first.access, &second.access, &third.access] {
        assert_eq!(session.verify(access), NOTHING);
    }
    assert_eq!(session.verify(&third.refresh), NOTHING);
    assert_eq!(session.verify(&second.refresh), ["reused"]);
}

#[test]
fn ends_the_family_on_a_second_use() {
    let session = Client::with_new_file();
    let other = session.pair("--user-id 7");
    let first = session.pair("--user-id 7");
    let second = session.refresh(&first.refresh);
    assert_eq!(session.refused(&first.refresh), ["reused"]);
    assert_eq!(session.refused(&second.refresh), ["revoked"]);
    assert_eq!(session.refused(&first.refresh), ["reused"]);
    for access in [&first.access, &second.access] {
        assert_eq!(session.verify(access), ["revoked"]);
    }
    // Another login of the same user is unaffected.
    assert_eq!(session.verify(&other.access), NOTHING);
    session.refresh(&other.refresh);
}

#[test]
fn ends_a_session_without_rotation_after_one_refresh() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    let outcome = session.run("refresh", &pair.refresh);
    assert_eq!(outcome.status, 0);
    assert_eq!(outcome.stderr, "hint: the refresh token is used up; --rotate mints the next one\n");
    assert_eq!(session.verify(outcome.text().trim()), NOTHING);
    assert_eq!(session.refused(&pair.refresh), ["reused"]);
    assert_eq!(session.verify(outcome.text().trim()), ["revoked"]);
}

#[test]
fn starts_a_family_for_a_token_issued_elsewhere() {
    let session = Client::with_new_file();
    let foreign = Tokens::from_elsewhere();
    let made = session.run("refresh --rotate --json", &foreign.refresh);
    let path = session.path().display().to_string();
    assert_eq!(
        made.stderr,
        format!(
            "warning: the store {path} did not exist, so an empty one was created: earlier uses and revocations are unknown\n"
        )
    );
    let next = Tokens::from_outcome(&made);
    session.refresh(&next.refresh);
    assert_eq!(session.refused(&foreign.refresh), ["reused"]);
    assert_eq!(session.verify(&next.access), ["revoked"]);
    // The store has no record of this token.
    assert_eq!(session.verify(&foreign.access), NOTHING);
}

#[test]
fn creates_a_denying_store_only_with_pair() {
    let session = Client::with_new_file().with("missing=deny");
    let foreign = Tokens::from_elsewhere();
    // An empty store that denies unknown tokens could only reject.
    assert_eq!(session.run("refresh", &foreign.refresh).status, 2);
    assert!(!session.path().exists());
    let own = session.pair("--user-id 7");
    assert_eq!(session.verify(&foreign.access), ["unknown_token"]);
    assert_eq!(session.refused(&foreign.refresh), ["unknown_token"]);
    assert_eq!(session.verify(&own.access), NOTHING);
    session.refresh(&own.refresh);
}

#[test]
fn prints_the_reason_and_no_token_for_a_rejected_refresh() {
    let session = Client::with_new_file();
    let first = session.pair("--user-id 7");
    session.refresh(&first.refresh);
    let outcome = session.run("refresh --rotate", &first.refresh);
    assert_eq!((outcome.status, outcome.text()), (1, ""));
    let check = "  ✗ store        used before: just now; this second use ends its family\n";
    assert!(outcome.stderr.contains("\n\nrejected: reused\nhint: "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(check), "{}", outcome.stderr);
    let later = session.later(60).run("refresh --rotate", &first.refresh);
    let check = "  ✗ store        used before: 60 seconds ago; its family has ended\n";
    assert!(later.stderr.contains(check), "{}", later.stderr);
}

#[test]
fn uses_no_token_that_another_check_rejects() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    let refused = |line: &str| session.run(line, &pair.refresh).status;
    assert_eq!(refused("refresh --rotate --iss other"), 1);
    assert_eq!(refused("refresh --rotate -s wrong"), 1);
    assert_eq!(refused("refresh --rotate --at +2d"), 3);
    let access = session.run("refresh --json", &pair.access);
    assert_eq!(access.reasons(), ["wrong_token_type"]);
    session.refresh(&pair.refresh);
}

#[test]
fn reports_an_expired_used_token_as_reused_too() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    session.refresh(&pair.refresh);
    let session = session.later(100_000);
    let outcome = session.run("refresh --json", &pair.refresh);
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["expired".to_owned(), "reused".to_owned()]));
}

#[test]
fn enforces_min_interval_between_refreshes() {
    let session = Client::with_new_file();
    let first = session.pair("--user-id 7");
    // The login itself does not count as a refresh.
    let second =
        Tokens::from_outcome(&session.run("refresh --rotate --json --min-interval 30s", &first.refresh));
    let session = session.later(29);
    let early = session.run("refresh --rotate --json --min-interval 30s", &second.refresh);
    assert_eq!((early.status, early.reasons()), (1, vec!["too_soon".to_owned()]));
    let check = early.json()["checks"].as_array().unwrap().last().unwrap()["detail"].clone();
    assert_eq!(check, "its family was refreshed 29 seconds ago, but the minimum interval is 30 seconds");
    // A second use is detected within the interval too.
    let session = session.later(1);
    let third =
        Tokens::from_outcome(&session.run("refresh --rotate --json --min-interval 30s", &second.refresh));
    assert_eq!(
        session.run("refresh --rotate --json --min-interval 30s", &second.refresh).reasons(),
        ["reused"]
    );
    assert_eq!(session.refused(&third.refresh), ["revoked"]);
}

#[test]
fn keeps_all_decisions_when_the_clock_goes_backwards() {
    let session = Client::with_new_file();
    let (first, revoked) = (session.pair("--user-id 7"), session.pair("--user-id 7"));
    let second = session.refresh(&first.refresh);
    session.revoke("", &revoked.access);
    session.revoke("--subject 8", "");
    let session = session.later(-3600);
    let reasons = |token: &str| session.run("verify --json --leeway 2h", token).reasons();
    assert_eq!(reasons(&first.refresh), ["reused"]);
    assert_eq!(reasons(&revoked.access), ["revoked"]);
    assert_eq!(reasons(&second.access), NOTHING);
    let early = "refresh --rotate --json --leeway 2h --min-interval 30s";
    assert_eq!(session.run(early, &second.refresh).reasons(), ["too_soon"]);
    // A login after the revocation is valid, even if its clock is earlier.
    let login = session.pair("--user-id 8");
    assert_eq!(session.verify(&login.access), NOTHING);
}

#[test]
fn never_narrows_a_revocation_by_a_slower_clock() {
    let session = Client::with_new_file();
    let foreign = token(&format!(r#"{{"jti":"x","user_id":7,"iat":{},"exp":4102444800}}"#, NOW - 60));
    session.revoke("--subject 7 --iss a", "");
    session.revoke("--subject 7", "");
    let session = session.later(-3600);
    session.revoke("--subject 7", "");
    let session = session.later(3700);
    assert_eq!(session.verify(&foreign), ["revoked"]);
}

#[test]
fn deletes_no_record_because_of_a_clock_set_ahead() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    session.refresh(&pair.refresh);
    session.run("pair --user-id 9 --at 2036-01-01", "");
    assert_eq!(session.refused(&pair.refresh), ["reused"]);
}

#[test]
fn deletes_long_expired_records_with_the_next_write() {
    let session = Client::with_new_file();
    session.pair("--user-id 7");
    let session = session.later(86_400 + 3600);
    let states = |list: &Value| {
        list["families"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(states(&session.list()), ["expired"]);
    session.pair("--user-id 8");
    assert_eq!(
        session.list()["tokens"].as_array().unwrap().len(),
        3,
        "the access token expired more than a day ago"
    );
    let session = session.later(86_400);
    session.pair("--user-id 8");
    assert_eq!(states(&session.list()), ["active", "expired"]);
}

#[test]
fn prunes_expired_records_and_counts_them() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7 --refresh-ttl 1h");
    assert_eq!(session.run("revoke --prune", "").result(), "0 expired records deleted");
    let session = session.later(300);
    assert_eq!(session.run("revoke --prune", "").result(), "1 expired record deleted");
    assert_eq!(session.verify(&pair.refresh), NOTHING);
    let session = session.later(3600);
    assert_eq!(session.run("revoke --prune --json", "").json(), json!({ "dropped": 3 }));
    assert_eq!(session.run("revoke --list", "").result(), "the store is empty");
}

#[test]
fn uses_a_token_for_one_use_only_when_it_is_accepted() {
    let session = Client::with_new_file();
    session.pair("--user-id 7");
    let link = fob("encode --jti mail-1 --exp 1h").result().to_owned();
    let once = |options: &str| session.run(&format!("verify --json --once {options}"), &link).reasons();
    assert_eq!(once("--aud me"), ["claim_missing:aud"]);
    assert_eq!(once("-s wrong"), ["bad_signature"]);
    assert_eq!(session.verify(&link), NOTHING);
    assert_eq!(once(""), NOTHING);
    assert_eq!(once(""), ["reused"]);
    assert_eq!(session.verify(&link), ["reused"]);
    assert_eq!(once("--at +2h"), ["expired", "reused"]);
}

/// Returns the status and the detail of the store check in a report of `verify --json`.
fn check(outcome: &Outcome) -> (String, String) {
    let json = outcome.json();
    let check = json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "store").unwrap();
    let text = |name: &str| check[name].as_str().unwrap().to_owned();
    (text("status"), text("detail"))
}

#[test]
fn rejects_expired_tokens_without_a_record_within_the_leeway() {
    let session = Client::with_new_file();
    let known = session.pair("--user-id 7 --access-ttl 1h --refresh-ttl 1h");
    let foreign = Tokens::from_outcome(&World::with_stores().run("pair --user-id 7 --json --refresh-ttl 1h"));
    let link = fob("encode --jti mail-1 --exp 1h").result().to_owned();
    let why = "expired and not known to the store, whose record may have been removed";
    for (line, token) in [
        ("verify --json --at +61m --leeway 5m", &link),
        ("verify --json --at +61m --ignore-exp", &link),
        ("verify --json --once --at +61m --leeway 5m", &link),
        ("refresh --json --rotate --at +61m --leeway 5m", &foreign.refresh),
    ] {
        let outcome = session.run(line, token);
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["unknown_token".to_owned()]), "{line}");
        assert_eq!(check(&outcome), ("failed".to_owned(), why.to_owned()), "{line}");
    }
    // No token was used.
    assert_eq!(session.run("verify --json --once", &link).reasons(), NOTHING);
    Tokens::from_outcome(&session.run("refresh --rotate --json", &foreign.refresh));
    // Tokens with a record are accepted within the leeway, for one use.
    let leeway = "--at +61m --leeway 5m";
    assert_eq!(session.run(&format!("verify --json {leeway}"), &known.access).reasons(), NOTHING);
    Tokens::from_outcome(&session.run(&format!("refresh --rotate --json {leeway}"), &known.refresh));
    let second = session.run(&format!("refresh --rotate --json {leeway}"), &known.refresh);
    assert_eq!(second.reasons(), ["reused"]);
}

#[test]
fn reports_a_forgotten_expired_token_as_expired_only() {
    let session = Client::with_new_file().with("missing=deny");
    let pair = session.pair("--user-id 7 --refresh-ttl 1h");
    let session = session.later(7200);
    session.run("revoke --prune", "");
    for (line, token) in [
        ("verify --json", &pair.access),
        ("verify --json --once", &pair.access),
        ("refresh --json", &pair.refresh),
    ] {
        let outcome = session.run(line, token);
        assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]), "{line}");
        let why = "not checked: the token has expired, and the store removes records of expired tokens";
        assert_eq!(check(&outcome), ("skipped".to_owned(), why.to_owned()), "{line}");
    }
}

#[test]
fn keeps_records_for_the_leeway_of_the_writer() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7 --refresh-ttl 1h");
    let link = fob("encode --jti mail-1 --exp 1h").result().to_owned();
    session.run("refresh --rotate --json --leeway 3d", &pair.refresh);
    session.run("verify --once --json --leeway 3d", &link);
    let session = session.later(2 * 86_400);
    session.pair("--user-id 8");
    session.run("revoke --prune", "");
    let leeway = "--json --leeway 3d";
    assert_eq!(session.run(&format!("verify --once {leeway}"), &link).reasons(), ["reused"]);
    assert_eq!(session.run(&format!("refresh --rotate {leeway}"), &pair.refresh).reasons(), ["reused"]);
}

#[test]
fn ends_the_family_on_a_second_use_despite_other_reasons() {
    for (options, reasons) in [
        ("--aud zz", vec!["claim_missing:aud", "reused"]),
        ("--at +2h", vec!["expired", "reused"]),
        ("--max-age 0s --at +1s --sub other", vec!["too_old", "claim_missing:sub", "reused"]),
    ] {
        let session = Client::with_new_file();
        let first = session.pair("--user-id 7 --refresh-ttl 1h");
        let second = session.refresh(&first.refresh);
        // A forged token and a lookup end no family.
        let forged = session.run("refresh --json -s wrong", &first.refresh);
        assert_eq!(forged.reasons(), ["bad_signature"]);
        assert_eq!(session.verify(&first.refresh), ["reused"]);
        assert_eq!(session.verify(&second.access), NOTHING);
        let outcome = session.run(&format!("refresh --rotate --json {options}"), &first.refresh);
        let mut found = outcome.reasons();
        found.sort();
        let mut wanted: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        wanted.sort();
        assert_eq!((outcome.status, found), (1, wanted), "{options}");
        let (_, why) = check(&outcome);
        assert!(why.ends_with("; this second use ends its family"), "{why}");
        assert_eq!(session.verify(&second.access), ["revoked"], "{options}");
        assert_eq!(session.refused(&second.refresh), ["revoked"], "{options}");
    }
    // A used access token ends no family.
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    session.run("verify --once", &pair.access);
    let wrong = session.run("refresh --json", &pair.access);
    assert_eq!(wrong.reasons(), ["wrong_token_type", "reused"]);
    session.refresh(&pair.refresh);
}

#[test]
fn rejects_pairs_with_two_subjects() {
    let session = Client::with_new_file();
    for options in [
        "--user-id 7 --access-claim sub=alice",
        "--user-id 7 --refresh-claim sub=alice",
        "--sub alice --access-claim user_id=7",
        "--sub alice --refresh-claim user_id:=7",
        "--profile oauth --sub alice --refresh-claim user_id=7",
    ] {
        let outcome = session.run(&format!("pair {options}"), "");
        outcome.refused(
            2,
            "error: the access token and the refresh token have different subjects, so a store could not revoke both\n\
             hint: give `sub` and `user_id` to both, with --sub, --user-id or --claim\n",
        );
        assert!(!session.path().exists(), "{options}");
        assert_eq!(World::with_stores().run(format!("pair {options} -q")).status, 0, "{options}");
    }
    let same = session.pair("--user-id 7 --access-claim sub=alice --refresh-claim sub=alice");
    session.revoke("--subject alice", "");
    assert_eq!(
        (session.verify(&same.access), session.verify(&same.refresh)),
        (vec!["revoked".into()], vec!["revoked".into()])
    );
}

#[test]
fn prunes_no_valid_record_with_a_clock_set_ahead() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    session.refresh(&pair.refresh);
    assert_eq!(session.run("--at 2099-01-01 revoke --prune", "").result(), "0 expired records deleted");
    assert_eq!(session.refused(&pair.refresh), ["reused"]);
    // A clock set back prunes what had expired by then.
    let session = session.later(7 * 86_400);
    assert_eq!(session.run("--at -7d revoke --prune", "").result(), "0 expired records deleted");
    assert_ne!(session.run("revoke --prune", "").result(), "0 expired records deleted");
}

#[test]
fn warns_about_a_created_store_even_with_quiet() {
    let warning = "so an empty one was created: earlier uses and revocations are unknown\n";
    let tokens = Tokens::from_elsewhere();
    for (line, token) in [
        ("refresh -q --rotate", &tokens.refresh),
        ("verify -q --once", &tokens.access),
        ("revoke -q", &tokens.access),
    ] {
        let session = Client::with_new_file();
        let outcome = session.run(line, token);
        assert!(outcome.stderr.ends_with(warning), "{line}: {}", outcome.stderr);
        assert_eq!(session.run("revoke -q --subject 8", "").stderr, "", "{line}");
    }
}

#[test]
fn revokes_a_subject_that_is_new_to_the_store() {
    let session = Client::with_new_file();
    session.pair("--user-id 7");
    let known = session.run("revoke --subject 7", "");
    assert_eq!(
        known.result(),
        "revoked  everything issued to 7 so far\n  kept until  2027-02-01 12:00:00 UTC"
    );
    let unknown = session.run("revoke --subject 77", "");
    assert_eq!(
        unknown.result(),
        "revoked  everything issued to 77 so far\n  subject     77  new to the store\n  kept until  2027-02-01 12:00:00 UTC"
    );
    session.run_words(&["revoke", "--subject", ""]).refused(
        2,
        "error: the subject is empty\nhint: give --subject the `sub` of the tokens, or their `user_id`\n",
    );
}

#[test]
fn tells_tokens_of_two_issuers_with_one_jti_apart() {
    let session = Client::with_new_file();
    let token = |issuer: &str| fob(format!("encode --jti same --iss {issuer} --exp 1h")).result().to_owned();
    let (one, other) = (token("a"), token("b"));
    session.revoke("", &one);
    assert_eq!(session.verify(&one), ["revoked"]);
    assert_eq!(session.verify(&other), NOTHING);
    assert_eq!(session.verify(fob("encode --jti same --exp 1h").result()), NOTHING);
}

#[test]
fn a_token_without_jti_is_used_once() {
    let session = Client::with_new_file();
    session.pair("--user-id 7");
    let (bare, other) = (token(r#"{"sub":"7","exp":4102444800}"#), token(r#"{"sub":"7","exp":4102444801}"#));
    assert_eq!(session.verify(&bare), NOTHING);
    assert_eq!(session.run("verify -q --once", &bare).status, 0);
    let again = session.run("verify --json --once", &bare);
    assert_eq!((again.status, again.reasons()), (1, vec!["reused".to_owned()]));
    assert_eq!(session.verify(&bare), ["reused"]);
    assert_eq!(session.verify(&other), NOTHING);
    // A `jti` with the name of the record belongs to another token.
    let label = session.run("revoke --json", &other).json()["jti"].as_str().unwrap().to_owned();
    assert!(label.starts_with("sha256:") && label.len() == 71, "{label}");
    assert_eq!(session.verify(fob(format!("encode --jti {label} --exp 1h --sub 7")).result()), NOTHING);
    assert_eq!(session.verify(&other), ["revoked"]);
}

#[test]
fn another_spelling_of_the_signature_is_the_same_token() {
    let session = Client::with_new_file();
    let bare = token(r#"{"sub":"7","exp":4102444800}"#);
    let (input, _) = bare.rsplit_once('.').unwrap();
    session.revoke("", &format!("{input}.AAAA"));
    assert_eq!(session.verify(&bare), ["revoked"]);
}

#[test]
fn a_refresh_token_without_jti_is_refreshed_once() {
    let session = Client::with_new_file();
    let claims = format!(r#"{{"token_type":"refresh","user_id":7,"exp":{}}}"#, NOW + 3600);
    let bare = token(&claims);
    let outcome = session.run("refresh --rotate", &bare);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let next = outcome.text().lines().last().unwrap().trim().to_owned();
    let again = session.run("refresh --json", &bare);
    assert_eq!((again.status, again.reasons()), (1, vec!["reused".to_owned()]));
    assert!(!next.is_empty());
    let asked = session.run("refresh --json --require jti", &bare);
    assert!(asked.reasons().contains(&"claim_missing:jti".to_owned()), "{:?}", asked.reasons());
    // Without a store, the profile still demands the ID.
    let alone = fob(format!("refresh --json {bare}"));
    assert_eq!((alone.status, alone.reasons()), (1, vec!["claim_missing:jti".to_owned()]));
}

#[test]
fn skips_the_store_for_unverified_claims() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    session.revoke("", &pair.access);
    let outcome = session.run("verify --json -s wrong", &pair.access);
    assert_eq!(outcome.reasons(), ["bad_signature"]);
    let check = outcome.json()["checks"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(check["status"], "skipped");
    assert_eq!(check["detail"], "not checked: the signature is not verified");
}

#[test]
fn revokes_one_token_of_a_family() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    let receipt = session.revoke("", &pair.access);
    assert_eq!(receipt["revoked"], "token");
    assert_eq!((&receipt["known"], &receipt["revoked_before"]), (&json!(true), &Value::Null));
    assert_eq!(session.verify(&pair.access), ["revoked"]);
    assert_eq!(session.verify(&pair.refresh), NOTHING);
    let again = session.later(60).revoke("", &pair.access);
    assert_eq!(again["revoked_before"], "2026-01-31T12:00:00Z");
}

#[test]
fn revokes_all_tokens_of_a_family() {
    let session = Client::with_new_file();
    let (other, first) = (session.pair("--user-id 7"), session.pair("--user-id 7"));
    let second = session.refresh(&first.refresh);
    assert_eq!(session.revoke("--family", &first.access)["revoked"], "family");
    for token in [&first.access, &second.access, &second.refresh] {
        assert_eq!(session.verify(token), ["revoked"]);
    }
    assert_eq!(session.verify(&first.refresh), ["reused"]);
    assert_eq!(session.verify(&other.refresh), NOTHING);
}

#[test]
fn revokes_earlier_but_not_later_tokens_of_a_subject() {
    let session = Client::with_new_file();
    let (old, other) = (session.pair("--user-id 7"), session.pair("--user-id 8"));
    let foreign =
        |at: i64| token(&format!(r#"{{"jti":"x{at}","user_id":7,"iat":{},"exp":4102444800}}"#, NOW + at));
    session.revoke("--subject 7", "");
    // In the same second: the store knows the order.
    let new = session.pair("--user-id 7");
    assert_eq!(session.verify(&old.access), ["revoked"]);
    assert_eq!(session.refused(&old.refresh), ["revoked"]);
    assert_eq!(session.verify(&new.access), NOTHING);
    assert_eq!(session.verify(&other.access), NOTHING);
    let session = session.later(10);
    // For tokens from elsewhere, `iat` decides.
    assert_eq!(session.verify(&foreign(-1)), ["revoked"]);
    assert_eq!(session.verify(&foreign(0)), ["revoked"]);
    assert_eq!(session.verify(&foreign(1)), NOTHING);
    let ageless = token(r#"{"jti":"y","user_id":7,"exp":4102444800}"#);
    assert_eq!(session.verify(&ageless), ["revoked"]);
    let next = session.refresh(&new.refresh);
    assert_eq!(session.verify(&next.access), NOTHING);
}

#[test]
fn revokes_a_subject_for_one_issuer() {
    let session = Client::with_new_file();
    let (a, b) = (session.pair("--user-id 7 --iss a"), session.pair("--user-id 7 --iss b"));
    session.revoke("--subject 7 --iss a", "");
    assert_eq!(session.verify(&a.access), ["revoked"]);
    assert_eq!(session.verify(&b.access), NOTHING);
    let a = session.pair("--user-id 7 --iss a");
    session.revoke("--subject 7 --iss b", "");
    assert_eq!(session.verify(&a.access), NOTHING);
    assert_eq!(session.verify(&b.access), ["revoked"]);
    session.revoke("--subject 7", "");
    assert_eq!(session.verify(&a.access), ["revoked"]);
}

#[test]
fn revokes_unknown_and_expired_tokens() {
    let session = Client::with_new_file();
    let link = fob("encode --jti mail-1 --sub al --exp 1h").result().to_owned();
    let receipt = session.revoke("", &link);
    assert_eq!((&receipt["known"], &receipt["expired"]), (&json!(false), &json!(false)));
    assert_eq!(session.verify(&link), ["revoked"]);
    let old = fob("encode --jti mail-0 --exp -1h").result().to_owned();
    let outcome = session.run("revoke", &old);
    assert_eq!(outcome.status, 0);
    assert_eq!(
        outcome.text(),
        "revoked  a token\n  jti         mail-0   new to the store\n  expired     already  verifiers reject it anyway\n  kept until  2026-01-31 11:00:00 UTC\n"
    );
    let outcome = session.run("verify --json --ignore-exp", &old);
    assert_eq!(outcome.reasons(), ["revoked"]);
    let endless = fob("encode --jti for-ever").result().to_owned();
    assert_eq!(session.revoke("", &endless)["kept_until"], Value::Null);
    let session = session.later(100 * 366 * 86_400);
    session.pair("--user-id 8");
    assert_eq!(session.verify(&endless), ["revoked"]);
}

#[test]
fn revokes_nothing_for_text_without_a_token() {
    let session = Client::with_new_file();
    session.pair("--user-id 7");
    for text in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJub25lIn0.bm90IGpzb24.", "not a token at all"] {
        let outcome = session.run("revoke", text);
        assert_eq!((outcome.status, outcome.text()), (4, ""), "{text}");
    }
    assert_eq!(session.list()["tokens"].as_array().unwrap().len(), 2);
}

#[test]
fn refreshes_a_drf_jwt_token_once() {
    let session = Client::with_new_file();
    let single = |outcome: Outcome| outcome.json()["token"].as_str().unwrap().to_owned();
    let first = single(session.run("pair --profile drf-jwt --user-id 7 -c username=al --json", ""));
    let session = session.later(60);
    let second = single(session.run("refresh --json", &first));
    assert!(payload(&second).contains(r#""orig_jti":"#));
    let third = single(session.run("refresh --json", &second));
    assert_eq!(session.verify(&third), NOTHING);
    assert_eq!(session.run("refresh --json", &first).reasons(), ["reused"]);
    assert_eq!(session.verify(&third), ["revoked"]);
}

#[test]
fn finds_the_family_of_drf_jwt_tokens_by_orig_jti() {
    let session = Client::with_new_file();
    let claims = |jti: &str, origin: &str| {
        token(&format!(
            r#"{{"username":"al","iat":{NOW},"exp":{},"jti":"{jti}","user_id":7,"orig_iat":{NOW}{origin}}}"#,
            NOW + 300
        ))
    };
    let (first, next) = (claims("a", ""), claims("b", r#","orig_jti":"a""#));
    session.revoke("--family", &first);
    assert_eq!(session.verify(&next), ["revoked"]);
    assert_eq!(session.run("refresh --json", &next).reasons(), ["revoked"]);
    assert_eq!(session.verify(&claims("c", "")), NOTHING);
}

#[test]
fn treats_both_spellings_of_an_ecdsa_signature_as_one_token() {
    let session = Client::with_new_file();
    let world = World::with_stores();
    let key = world.run("key new --alg ES256").text().to_owned();
    let world = world.file("k.jwk", &key);
    let store = format!("--store {}", session.path().display());
    let token = world.run("encode --jti once --exp 1h -k k.jwk").text().trim().to_owned();
    let twin = twin(&token);
    assert_ne!(token, twin);
    let run = |line: &str, token: &str| world.clone().stdin(token).run(format!("{line} -k k.jwk {store}"));
    assert_eq!(run("verify --once -q", &token).status, 0);
    assert_eq!(run("verify --once --json", &twin).reasons(), ["reused"]);
    world.clone().stdin(&twin).run(format!("revoke {store}"));
    assert_eq!(run("verify --json", &token).reasons(), ["reused"]);
}

/// Returns the token with the other valid ES256 signature: (r, n-s) for (r, s).
pub(crate) fn twin(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let order = b"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    let order = BigUint::parse_bytes(order, 16).unwrap();
    let s = (order - BigUint::from_bytes_be(&signature[32..])).to_bytes_be();
    let s = [vec![0; 32 - s.len()], s].concat();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode([&signature[..32], &s].concat()))
}

#[test]
fn writes_no_token_and_no_secret() {
    let session = Client::with_new_file();
    let first = session.pair("--user-id 7");
    let second = session.refresh(&first.refresh);
    session.revoke("", &second.access);
    for file in std::fs::read_dir(session.path().parent().unwrap()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in [SECRET, &first.refresh, &second.refresh, &second.access, "eyJ"] {
            assert!(!text.contains(secret));
        }
    }
}

#[test]
fn escapes_hostile_text_in_records() {
    let session = Client::with_new_file();
    let evil =
        token(r#"{"jti":"a\u001b[31m\u202e","iss":"\u0007","sub":"\u001b]0;x\u0007","exp":4102444800}"#);
    // The world searches every output for raw control characters.
    for line in ["revoke", "revoke --family", "revoke --family --json"] {
        assert_eq!(session.run(line, &evil).status, 0);
    }
    session.run_words(&["revoke", "--subject", "\u{1b}[31m"]);
    for line in ["revoke --list", "revoke --list --json", "verify", "verify --json"] {
        session.run(line, &evil);
    }
}

#[test]
fn lists_the_state_of_every_family() {
    let session = Client::with_new_file();
    let active = session.pair("--user-id 1");
    let reused = session.pair("--user-id 2");
    let revoked = session.pair("--user-id 3");
    session.pair("--user-id 4");
    let used = session.pair("--user-id 5");
    let session = session.later(60);
    session.refresh(&active.refresh);
    session.refresh(&reused.refresh);
    session.refused(&reused.refresh);
    session.revoke("--family", &revoked.access);
    session.revoke("--subject 4", "");
    session.run("refresh", &used.refresh);
    session.run("verify --once", fob("encode --jti mail --sub al --exp 1h").result());
    let session = session.later(120);
    let list = session.list();
    let mut states: Vec<(&str, &str)> = list["families"]
        .as_array()
        .unwrap()
        .iter()
        .map(|family| (family["subject"].as_str().unwrap(), family["state"].as_str().unwrap()))
        .collect();
    states.sort_unstable();
    assert_eq!(
        states,
        [("1", "active"), ("2", "reused"), ("3", "revoked"), ("4", "subject_revoked"), ("5", "used_up")]
    );
    let text = session.run("revoke --list", "");
    let text = text.result();
    for line in [
        "5 families",
        "  1  active, refreshed 2 minutes ago, expires in 23 hours 58 minutes",
        "  2  ended 2 minutes ago: a refresh token was used twice",
        "  3  revoked 2 minutes ago",
        "  4  revoked with its subject",
        "  5  used 2 minutes ago",
        "1 token revoked or used",
        "  mail  al  used 2 minutes ago",
        "1 subject revoked",
        "  4  everything  issued before 2026-01-31T12:01:00Z",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn rejects_options_that_need_a_store_without_one() {
    let pair = Tokens::from_elsewhere();
    for line in [
        format!("verify --once {}", pair.access),
        format!("refresh --min-interval 30s {}", pair.refresh),
        format!("revoke {}", pair.access),
        "revoke --list".to_owned(),
        "revoke --store s.db --list --prune".to_owned(),
        "revoke --store s.db --list --subject 7".to_owned(),
        "revoke --store s.db --subject 7 --family".to_owned(),
        "revoke --store s.db --iss a --list".to_owned(),
        "verify --store postgres://h/db x".to_owned(),
        "verify --store redis://h/x x".to_owned(),
        "verify --store sqlite: x".to_owned(),
    ] {
        let outcome = World::with_stores().run(&line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
    }
}

#[test]
fn an_issuer_narrows_no_list_of_a_store_that_exists() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    session.revoke("", &pair.access);
    for option in ["--list", "--prune"] {
        assert_eq!(session.run(&format!("revoke --iss a {option}"), "").status, 2, "{option}");
    }
}

#[test]
fn accepts_reasons_of_the_store_in_expectations() {
    let session = Client::with_new_file();
    let pair = session.pair("--user-id 7");
    session.revoke("", &pair.access);
    assert_eq!(session.run("verify --expect revoked", &pair.access).status, 0);
    assert_eq!(session.run("verify --expect revoked", &pair.refresh).status, 1);
    for code in ["reused", "too_soon", "unknown_token"] {
        assert_eq!(session.run(&format!("verify --expect {code}"), &pair.access).status, 1);
    }
}

#[test]
fn reports_a_missing_store_before_reading_the_token() {
    let gone = World::with_stores();
    for line in ["verify --store /nowhere/s.db", "revoke --list --store /nowhere/s.db"] {
        gone.run(line).refused(
            2,
            "error: cannot use the store /nowhere/s.db: the file does not exist\n\
             hint: create one with `fob pair --store` or `fob revoke --store`\n",
        );
    }
    let outcome = gone.run("pair --user-id 7 --store /nowhere/s.db");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    assert_eq!(
        outcome.stderr,
        "error: cannot create the store /nowhere/s.db: No such file or directory (os error 2)\n"
    );
}
