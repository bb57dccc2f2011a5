//! The life of a session in a store: tokens handed out together, refreshed, used up, revoked, forgotten. The store is a
//! file; what a server adds is tested where there is one.

use crate::support::world::{NOW, Outcome, SECRET, World, fob, payload, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use serde_json::{Value, json};
use std::path::Path;

/// A store in a folder of its own, and a clock.
struct Session {
    folder: tempfile::TempDir,
    now: i64,
    options: &'static str,
}

impl Session {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), now: NOW, options: "" }
    }

    fn path(&self) -> String {
        self.folder.path().join("s.db").to_str().unwrap().to_owned()
    }

    /// Runs a command line, a token on standard input, in which `STORE` stands for the store.
    fn run(&self, line: &str, stdin: &str) -> Outcome {
        let store = format!("--store sqlite:{}{}", self.path(), self.options);
        World::with_stores().at(self.now).stdin(stdin).run(line.replace("STORE", &store))
    }

    fn pair(&self, options: &str) -> Tokens {
        Tokens::of(&self.run(&format!("pair --json {options} STORE"), ""))
    }

    /// A refresh that is accepted.
    #[track_caller]
    fn refresh(&self, refresh: &str) -> Tokens {
        Tokens::of(&self.run("refresh --rotate --json STORE", refresh))
    }

    /// The reasons why a refresh is not.
    #[track_caller]
    fn refused(&self, refresh: &str) -> Vec<String> {
        let outcome = self.run("refresh --rotate --json STORE", refresh);
        assert_eq!(outcome.status, 1, "{}", outcome.text());
        outcome.reasons()
    }

    /// The reasons that `verify` gives; none if it accepts.
    #[track_caller]
    fn verify(&self, token: &str) -> Vec<String> {
        let outcome = self.run("verify --json STORE", token);
        assert_eq!(outcome.status, u8::from(!outcome.reasons().is_empty()), "{}", outcome.text());
        outcome.reasons()
    }

    #[track_caller]
    fn revoke(&self, what: &str, token: &str) -> Value {
        let outcome = self.run(&format!("revoke --json {what} STORE"), token);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        outcome.json()
    }

    fn list(&self) -> Value {
        self.run("revoke --list --json STORE", "").json()
    }

    fn later(self, seconds: i64) -> Self {
        Self { now: self.now + seconds, ..self }
    }
}

#[derive(Debug)]
struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    #[track_caller]
    fn of(outcome: &Outcome) -> Self {
        assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
        let json = outcome.json();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("access"), refresh: text("refresh") }
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_refresh_token_is_good_for_one_use_and_its_successor_for_the_next() {
    let session = Session::new();
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
fn a_second_use_ends_the_family_and_access_tokens_with_it() {
    let session = Session::new();
    let other = session.pair("--user-id 7");
    let first = session.pair("--user-id 7");
    let second = session.refresh(&first.refresh);
    assert_eq!(session.refused(&first.refresh), ["reused"]);
    assert_eq!(session.refused(&second.refresh), ["revoked"]);
    assert_eq!(session.refused(&first.refresh), ["reused"]);
    for access in [&first.access, &second.access] {
        assert_eq!(session.verify(access), ["revoked"]);
    }
    // Another login of the same user goes on.
    assert_eq!(session.verify(&other.access), NOTHING);
    session.refresh(&other.refresh);
}

#[test]
fn without_rotation_a_session_ends_with_its_one_refresh() {
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    let outcome = session.run("refresh STORE", &pair.refresh);
    assert_eq!(outcome.status, 0);
    assert_eq!(outcome.stderr, "hint: the refresh token is used up; with --rotate there is a next one\n");
    assert_eq!(session.verify(outcome.text().trim()), NOTHING);
    assert_eq!(session.refused(&pair.refresh), ["reused"]);
    assert_eq!(session.verify(outcome.text().trim()), ["revoked"]);
}

#[test]
fn a_token_minted_elsewhere_begins_a_family_when_it_is_first_used() {
    let session = Session::new();
    let foreign = Tokens::of(&World::with_stores().run("pair --user-id 7 --json"));
    let made = session.run("refresh --rotate --json STORE", &foreign.refresh);
    let path = session.path();
    assert_eq!(
        made.stderr,
        format!(
            "warning: there was no store {path}, so an empty one was made: it knows of nothing that was used or revoked before\n"
        )
    );
    let next = Tokens::of(&made);
    session.refresh(&next.refresh);
    assert_eq!(session.refused(&foreign.refresh), ["reused"]);
    assert_eq!(session.verify(&next.access), ["revoked"]);
    // What nobody has told the store of is out of its reach.
    assert_eq!(session.verify(&foreign.access), NOTHING);
}

#[test]
fn a_store_that_denies_what_it_does_not_know_begins_with_pair_alone() {
    let session = Session { options: "?missing=deny", ..Session::new() };
    let foreign = Tokens::of(&World::with_stores().run("pair --user-id 7 --json"));
    // There is none yet, and an empty one could only refuse.
    assert_eq!(session.run("refresh STORE", &foreign.refresh).status, 2);
    assert!(!Path::new(&session.path()).exists());
    let own = session.pair("--user-id 7");
    assert_eq!(session.verify(&foreign.access), ["unknown_token"]);
    assert_eq!(session.refused(&foreign.refresh), ["unknown_token"]);
    assert_eq!(session.verify(&own.access), NOTHING);
    session.refresh(&own.refresh);
}

#[test]
fn a_refused_refresh_prints_no_token_and_says_why() {
    let session = Session::new();
    let first = session.pair("--user-id 7");
    session.refresh(&first.refresh);
    let outcome = session.run("refresh --rotate STORE", &first.refresh);
    assert_eq!((outcome.status, outcome.text()), (1, ""));
    let check = "  ✗ store        it was used up just now; with this second use its family ends\n";
    assert!(outcome.stderr.starts_with("rejected: reused\n"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(check), "{}", outcome.stderr);
    let later = session.later(60).run("refresh --rotate STORE", &first.refresh);
    let check = "  ✗ store        it was used up 60 seconds ago; its family has ended\n";
    assert!(later.stderr.contains(check), "{}", later.stderr);
}

#[test]
fn a_token_that_is_refused_anyway_is_not_used_up() {
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    let refused = |line: &str| session.run(line, &pair.refresh).status;
    assert_eq!(refused("refresh --rotate --iss other STORE"), 1);
    assert_eq!(refused("refresh --rotate -s wrong STORE"), 1);
    assert_eq!(refused("refresh --rotate --at +2d STORE"), 3);
    let access = session.run("refresh --json STORE", &pair.access);
    assert_eq!(access.reasons(), ["wrong_token_type"]);
    session.refresh(&pair.refresh);
}

#[test]
fn an_expired_token_that_was_used_up_is_more_than_expired() {
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    session.refresh(&pair.refresh);
    let session = session.later(100_000);
    let outcome = session.run("refresh --json STORE", &pair.refresh);
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["expired".to_owned(), "reused".to_owned()]));
}

#[test]
fn families_rest_between_two_refreshes_if_they_must() {
    let session = Session::new();
    let first = session.pair("--user-id 7");
    // The login itself is no refresh.
    let second = Tokens::of(&session.run("refresh --rotate --json --min-interval 30s STORE", &first.refresh));
    let session = session.later(29);
    let early = session.run("refresh --rotate --json --min-interval 30s STORE", &second.refresh);
    assert_eq!((early.status, early.reasons()), (1, vec!["too_soon".to_owned()]));
    let check = early.json()["checks"].as_array().unwrap().last().unwrap()["detail"].clone();
    assert_eq!(check, "its family was refreshed 29 seconds ago, and 30 seconds must lie between");
    // Whoever comes twice is no less caught for being early.
    let session = session.later(1);
    let third = Tokens::of(&session.run("refresh --rotate --json --min-interval 30s STORE", &second.refresh));
    assert_eq!(
        session.run("refresh --rotate --json --min-interval 30s STORE", &second.refresh).reasons(),
        ["reused"]
    );
    assert_eq!(session.refused(&third.refresh), ["revoked"]);
}

#[test]
fn a_clock_that_jumps_back_loses_nothing() {
    let session = Session::new();
    let (first, revoked) = (session.pair("--user-id 7"), session.pair("--user-id 7"));
    let second = session.refresh(&first.refresh);
    session.revoke("", &revoked.access);
    session.revoke("--subject 8", "");
    let session = session.later(-3600);
    let reasons = |token: &str| session.run("verify --json --leeway 2h STORE", token).reasons();
    assert_eq!(reasons(&first.refresh), ["reused"]);
    assert_eq!(reasons(&revoked.access), ["revoked"]);
    assert_eq!(reasons(&second.access), NOTHING);
    let early = "refresh --rotate --json --leeway 2h --min-interval 30s STORE";
    assert_eq!(session.run(early, &second.refresh).reasons(), ["too_soon"]);
    // A login after the revocation is one, whatever its clock says.
    let login = session.pair("--user-id 8");
    assert_eq!(session.verify(&login.access), NOTHING);
}

#[test]
fn a_later_revocation_by_a_slower_clock_takes_nothing_back() {
    let session = Session::new();
    let foreign = token(&format!(r#"{{"jti":"x","user_id":7,"iat":{},"exp":4102444800}}"#, NOW - 60));
    session.revoke("--subject 7 --iss a", "");
    session.revoke("--subject 7", "");
    let session = session.later(-3600);
    session.revoke("--subject 7", "");
    let session = session.later(3700);
    assert_eq!(session.verify(&foreign), ["revoked"]);
}

#[test]
fn a_clock_set_ahead_for_one_run_clears_nothing_for_the_others() {
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    session.refresh(&pair.refresh);
    session.run("pair --user-id 9 --at 2036-01-01 STORE", "");
    assert_eq!(session.refused(&pair.refresh), ["reused"]);
}

#[test]
fn what_has_long_expired_goes_away_with_the_next_writing() {
    let session = Session::new();
    session.pair("--user-id 7");
    let session = session.later(86_400 + 3600);
    let states = |list: &Value| {
        list["families"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(states(&session.list()), ["expired"]);
    session.pair("--user-id 8");
    assert_eq!(session.list()["tokens"].as_array().unwrap().len(), 3, "the access token was over for a day");
    let session = session.later(86_400);
    session.pair("--user-id 8");
    assert_eq!(states(&session.list()), ["active", "expired"]);
}

#[test]
fn prune_drops_what_has_expired_and_says_how_much() {
    let session = Session::new();
    let pair = session.pair("--user-id 7 --refresh-ttl 1h");
    assert_eq!(session.run("revoke --prune STORE", "").result(), "0 records dropped");
    let session = session.later(300);
    assert_eq!(session.run("revoke --prune STORE", "").result(), "1 record dropped");
    assert_eq!(session.verify(&pair.refresh), NOTHING);
    let session = session.later(3600);
    assert_eq!(session.run("revoke --prune --json STORE", "").json(), json!({ "dropped": 3 }));
    assert_eq!(session.run("revoke --list STORE", "").result(), "the store holds nothing");
}

#[test]
fn a_token_is_accepted_once_and_no_verdict_but_acceptance_uses_it_up() {
    let session = Session::new();
    let link = fob("encode --jti mail-1 --exp 1h").result().to_owned();
    let once = |options: &str| session.run(&format!("verify --json --once {options} STORE"), &link).reasons();
    assert_eq!(once("--aud me"), ["claim_missing:aud"]);
    assert_eq!(once("-s wrong"), ["bad_signature"]);
    assert_eq!(session.verify(&link), NOTHING);
    assert_eq!(once(""), NOTHING);
    assert_eq!(once(""), ["reused"]);
    assert_eq!(session.verify(&link), ["reused"]);
    assert_eq!(once("--at +2h"), ["expired", "reused"]);
}

/// The check of the store in a document that `verify --json` wrote: how it ended, and the sentence.
fn check(outcome: &Outcome) -> (String, String) {
    let json = outcome.json();
    let check = json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "store").unwrap();
    let text = |name: &str| check[name].as_str().unwrap().to_owned();
    (text("status"), text("detail"))
}

#[test]
fn a_token_that_is_over_and_that_the_store_does_not_know_is_refused() {
    let session = Session::new();
    let known = session.pair("--user-id 7 --access-ttl 1h --refresh-ttl 1h");
    let foreign = Tokens::of(&World::with_stores().run("pair --user-id 7 --json --refresh-ttl 1h"));
    let link = fob("encode --jti mail-1 --exp 1h").result().to_owned();
    let why = "it has expired, and the store does not know it: what it knew may have gone with it";
    for (line, token) in [
        ("verify --json --at +61m --leeway 5m STORE", &link),
        ("verify --json --at +61m --ignore-exp STORE", &link),
        ("verify --json --once --at +61m --leeway 5m STORE", &link),
        ("refresh --json --rotate --at +61m --leeway 5m STORE", &foreign.refresh),
    ] {
        let outcome = session.run(line, token);
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["unknown_token".to_owned()]), "{line}");
        assert_eq!(check(&outcome), ("failed".to_owned(), why.to_owned()), "{line}");
    }
    // None of it used anything up.
    assert_eq!(session.run("verify --json --once STORE", &link).reasons(), NOTHING);
    Tokens::of(&session.run("refresh --rotate --json STORE", &foreign.refresh));
    // What the store still knows is as good as the leeway has it, for one use.
    let leeway = "--at +61m --leeway 5m STORE";
    assert_eq!(session.run(&format!("verify --json {leeway}"), &known.access).reasons(), NOTHING);
    Tokens::of(&session.run(&format!("refresh --rotate --json {leeway}"), &known.refresh));
    let second = session.run(&format!("refresh --rotate --json {leeway}"), &known.refresh);
    assert_eq!(second.reasons(), ["reused"]);
}

#[test]
fn an_expired_token_that_the_store_has_forgotten_is_expired_and_no_more() {
    let session = Session { options: "?missing=deny", ..Session::new() };
    let pair = session.pair("--user-id 7 --refresh-ttl 1h");
    let session = session.later(7200);
    session.run("revoke --prune STORE", "");
    for (line, token) in [
        ("verify --json STORE", &pair.access),
        ("verify --json --once STORE", &pair.access),
        ("refresh --json STORE", &pair.refresh),
    ] {
        let outcome = session.run(line, token);
        assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]), "{line}");
        let why = "not judged: the token has expired, and a store forgets what has expired";
        assert_eq!(check(&outcome), ("skipped".to_owned(), why.to_owned()), "{line}");
    }
}

#[test]
fn a_record_is_kept_for_the_leeway_of_whoever_wrote_it() {
    let session = Session::new();
    let pair = session.pair("--user-id 7 --refresh-ttl 1h");
    let link = fob("encode --jti mail-1 --exp 1h").result().to_owned();
    session.run("refresh --rotate --json --leeway 3d STORE", &pair.refresh);
    session.run("verify --once --json --leeway 3d STORE", &link);
    let session = session.later(2 * 86_400);
    session.pair("--user-id 8");
    session.run("revoke --prune STORE", "");
    let leeway = "--json --leeway 3d STORE";
    assert_eq!(session.run(&format!("verify --once {leeway}"), &link).reasons(), ["reused"]);
    assert_eq!(session.run(&format!("refresh --rotate {leeway}"), &pair.refresh).reasons(), ["reused"]);
}

#[test]
fn a_second_use_ends_the_family_whatever_else_is_wrong_with_the_token() {
    for (options, reasons) in [
        ("--aud zz", vec!["claim_missing:aud", "reused"]),
        ("--at +2h", vec!["expired", "reused"]),
        ("--max-age 0s --at +1s --sub other", vec!["too_old", "claim_missing:sub", "reused"]),
    ] {
        let session = Session::new();
        let first = session.pair("--user-id 7 --refresh-ttl 1h");
        let second = session.refresh(&first.refresh);
        // Nobody vouches for it, or nobody uses it.
        let forged = session.run("refresh --json -s wrong STORE", &first.refresh);
        assert_eq!(forged.reasons(), ["bad_signature"]);
        assert_eq!(session.verify(&first.refresh), ["reused"]);
        assert_eq!(session.verify(&second.access), NOTHING);
        let outcome = session.run(&format!("refresh --rotate --json {options} STORE"), &first.refresh);
        let mut found = outcome.reasons();
        found.sort();
        let mut wanted: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        wanted.sort();
        assert_eq!((outcome.status, found), (1, wanted), "{options}");
        let (_, why) = check(&outcome);
        assert!(why.ends_with("; with this second use its family ends"), "{why}");
        assert_eq!(session.verify(&second.access), ["revoked"], "{options}");
        assert_eq!(session.refused(&second.refresh), ["revoked"], "{options}");
    }
    // An access token that was spent is no refresh token, and ends nothing.
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    session.run("verify --once STORE", &pair.access);
    let wrong = session.run("refresh --json STORE", &pair.access);
    assert_eq!(wrong.reasons(), ["wrong_token_type", "reused"]);
    session.refresh(&pair.refresh);
}

#[test]
fn a_pair_of_two_subjects_is_kept_by_no_store() {
    let session = Session::new();
    for options in [
        "--user-id 7 --access-claim sub=alice",
        "--user-id 7 --refresh-claim sub=alice",
        "--sub alice --access-claim user_id=7",
        "--sub alice --refresh-claim user_id:=7",
        "--profile oauth --sub alice --refresh-claim user_id=7",
    ] {
        let outcome = session.run(&format!("pair {options} STORE"), "");
        outcome.refused(
            2,
            "error: the access token and the refresh token have different subjects, so a store could not revoke both\n\
             hint: give `sub` and `user_id` to both, with --sub, --user-id or --claim\n",
        );
        assert!(!Path::new(&session.path()).exists(), "{options}");
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
fn a_clock_set_ahead_prunes_nothing_that_is_alive() {
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    session.refresh(&pair.refresh);
    assert_eq!(session.run("--at 2099-01-01 revoke --prune STORE", "").result(), "0 records dropped");
    assert_eq!(session.refused(&pair.refresh), ["reused"]);
    // One that is set back drops what had expired by then.
    let session = session.later(7 * 86_400);
    assert_eq!(session.run("--at -7d revoke --prune STORE", "").result(), "0 records dropped");
    assert_ne!(session.run("revoke --prune STORE", "").result(), "0 records dropped");
}

#[test]
fn a_store_that_had_to_be_made_is_told_of_however_quiet_it_is() {
    let warning = "so an empty one was made: it knows of nothing that was used or revoked before\n";
    let tokens = Tokens::of(&World::with_stores().run("pair --user-id 7 --json"));
    for (line, token) in [
        ("refresh -q --rotate STORE", &tokens.refresh),
        ("verify -q --once STORE", &tokens.access),
        ("revoke -q STORE", &tokens.access),
    ] {
        let session = Session::new();
        let outcome = session.run(line, token);
        assert!(outcome.stderr.ends_with(warning), "{line}: {}", outcome.stderr);
        assert_eq!(session.run("revoke -q --subject 8 STORE", "").stderr, "", "{line}");
    }
}

#[test]
fn a_subject_that_the_store_did_not_know_is_revoked_and_said_to_be_unknown() {
    let session = Session::new();
    session.pair("--user-id 7");
    let known = session.run("revoke --subject 7 STORE", "");
    assert_eq!(
        known.result(),
        "revoked  everything issued to 7 so far\n  kept until  2027-02-01 12:00:00 UTC"
    );
    let unknown = session.run("revoke --subject 77 STORE", "");
    assert_eq!(
        unknown.result(),
        "revoked  everything issued to 77 so far\n  subject     77  not known to the store before\n  kept until  2027-02-01 12:00:00 UTC"
    );
    let words = ["revoke", "--store", &session.path(), "--subject", ""];
    session.run_words(&words).refused(
        2,
        "error: the subject is empty\nhint: --subject takes the `sub` of the tokens, or their `user_id`\n",
    );
}

#[test]
fn one_id_from_two_issuers_is_two_tokens() {
    let session = Session::new();
    let token = |issuer: &str| fob(format!("encode --jti same --iss {issuer} --exp 1h")).result().to_owned();
    let (one, other) = (token("a"), token("b"));
    session.revoke("", &one);
    assert_eq!(session.verify(&one), ["revoked"]);
    assert_eq!(session.verify(&other), NOTHING);
    assert_eq!(session.verify(fob("encode --jti same --exp 1h").result()), NOTHING);
}

#[test]
fn a_token_without_an_id_is_refused_with_a_way_out() {
    let session = Session::new();
    session.pair("--user-id 7");
    let bare = token(r#"{"sub":"7","token_type":"refresh","exp":4102444800}"#);
    let outcome = session.run("verify --json STORE", &bare);
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["claim_missing:jti".to_owned()]));
    let hint = "a token gets an ID with `fob encode --jti`, or from `fob pair`";
    assert_eq!(outcome.json()["hints"], json!([hint]));
    let outcome = session.run("refresh --json --profile oauth STORE", &bare);
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["claim_missing:jti".to_owned()]));
    session.run("revoke STORE", &bare).refused(
        2,
        "error: claim_missing:jti: the token has no `jti`, and a store knows it by nothing else\n\
         hint: --subject puts everything out of use that was issued to somebody, whatever its IDs\n",
    );
}

#[test]
fn a_store_is_not_asked_about_what_nobody_vouches_for() {
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    session.revoke("", &pair.access);
    let outcome = session.run("verify --json -s wrong STORE", &pair.access);
    assert_eq!(outcome.reasons(), ["bad_signature"]);
    let check = outcome.json()["checks"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(check["status"], "skipped");
    assert_eq!(check["detail"], "not asked: nobody vouches for what the token says it is");
}

#[test]
fn revoking_a_token_leaves_the_others_of_its_family() {
    let session = Session::new();
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
fn revoking_a_family_ends_whatever_descends_from_the_login() {
    let session = Session::new();
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
fn revoking_a_subject_ends_what_it_has_and_nothing_that_comes_later() {
    let session = Session::new();
    let (old, other) = (session.pair("--user-id 7"), session.pair("--user-id 8"));
    let foreign =
        |at: i64| token(&format!(r#"{{"jti":"x{at}","user_id":7,"iat":{},"exp":4102444800}}"#, NOW + at));
    session.revoke("--subject 7", "");
    // In the very same second: the store knows which came first.
    let new = session.pair("--user-id 7");
    assert_eq!(session.verify(&old.access), ["revoked"]);
    assert_eq!(session.refused(&old.refresh), ["revoked"]);
    assert_eq!(session.verify(&new.access), NOTHING);
    assert_eq!(session.verify(&other.access), NOTHING);
    let session = session.later(10);
    // Of what was minted elsewhere only the token's own clock is known.
    assert_eq!(session.verify(&foreign(-1)), ["revoked"]);
    assert_eq!(session.verify(&foreign(0)), ["revoked"]);
    assert_eq!(session.verify(&foreign(1)), NOTHING);
    let ageless = token(r#"{"jti":"y","user_id":7,"exp":4102444800}"#);
    assert_eq!(session.verify(&ageless), ["revoked"]);
    let next = session.refresh(&new.refresh);
    assert_eq!(session.verify(&next.access), NOTHING);
}

#[test]
fn a_subject_can_be_revoked_as_one_issuer_knows_it() {
    let session = Session::new();
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
fn what_is_unknown_or_expired_is_revoked_just_the_same() {
    let session = Session::new();
    let link = fob("encode --jti mail-1 --sub al --exp 1h").result().to_owned();
    let receipt = session.revoke("", &link);
    assert_eq!((&receipt["known"], &receipt["expired"]), (&json!(false), &json!(false)));
    assert_eq!(session.verify(&link), ["revoked"]);
    let old = fob("encode --jti mail-0 --exp -1h").result().to_owned();
    let outcome = session.run("revoke STORE", &old);
    assert_eq!(outcome.status, 0);
    assert_eq!(
        outcome.text(),
        "revoked  a token\n  jti         mail-0   not known to the store before\n  expired     already  it was not good anyway\n  kept until  2026-01-31 11:00:00 UTC\n"
    );
    let outcome = session.run("verify --json --ignore-exp STORE", &old);
    assert_eq!(outcome.reasons(), ["revoked"]);
    let endless = fob("encode --jti for-ever").result().to_owned();
    assert_eq!(session.revoke("", &endless)["kept_until"], Value::Null);
    let session = session.later(100 * 366 * 86_400);
    session.pair("--user-id 8");
    assert_eq!(session.verify(&endless), ["revoked"]);
}

#[test]
fn text_that_is_no_token_revokes_nothing() {
    let session = Session::new();
    session.pair("--user-id 7");
    for text in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJub25lIn0.bm90IGpzb24.", "not a token at all"] {
        let outcome = session.run("revoke STORE", text);
        assert_eq!((outcome.status, outcome.text()), (4, ""), "{text}");
    }
    assert_eq!(session.list()["tokens"].as_array().unwrap().len(), 2);
}

#[test]
fn drf_jwt_has_one_token_which_is_refreshed_once() {
    let session = Session::new();
    let single = |outcome: Outcome| outcome.json()["token"].as_str().unwrap().to_owned();
    let first = single(session.run("pair --profile drf-jwt --user-id 7 -c username=al --json STORE", ""));
    let session = session.later(60);
    let second = single(session.run("refresh --json STORE", &first));
    assert!(payload(&second).contains(r#""orig_jti":"#));
    let third = single(session.run("refresh --json STORE", &second));
    assert_eq!(session.verify(&third), NOTHING);
    assert_eq!(session.run("refresh --json STORE", &first).reasons(), ["reused"]);
    assert_eq!(session.verify(&third), ["revoked"]);
}

#[test]
fn a_family_that_drf_jwt_itself_refreshed_is_known_by_its_first_token() {
    let session = Session::new();
    let claims = |jti: &str, origin: &str| {
        token(&format!(
            r#"{{"username":"al","iat":{NOW},"exp":{},"jti":"{jti}","user_id":7,"orig_iat":{NOW}{origin}}}"#,
            NOW + 300
        ))
    };
    let (first, next) = (claims("a", ""), claims("b", r#","orig_jti":"a""#));
    session.revoke("--family", &first);
    assert_eq!(session.verify(&next), ["revoked"]);
    assert_eq!(session.run("refresh --json STORE", &next).reasons(), ["revoked"]);
    assert_eq!(session.verify(&claims("c", "")), NOTHING);
}

#[test]
fn the_second_spelling_of_a_signature_is_the_same_token() {
    let session = Session::new();
    let world = World::with_stores();
    let key = world.run("key new --alg ES256").text().to_owned();
    let world = world.file("k.jwk", &key);
    let store = format!("--store {}", session.path());
    let token = world.run("encode --jti once --exp 1h -k k.jwk").text().trim().to_owned();
    let twin = twin(&token);
    assert_ne!(token, twin);
    let run = |line: &str, token: &str| world.clone().stdin(token).run(format!("{line} -k k.jwk {store}"));
    assert_eq!(run("verify --once -q", &token).status, 0);
    assert_eq!(run("verify --once --json", &twin).reasons(), ["reused"]);
    world.clone().stdin(&twin).run(format!("revoke {store}"));
    assert_eq!(run("verify --json", &token).reasons(), ["reused"]);
}

/// The other signature of ES256 that holds for the same token: (r, n-s) for (r, s).
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
fn a_store_holds_no_token_and_no_secret() {
    let session = Session::new();
    let first = session.pair("--user-id 7");
    let second = session.refresh(&first.refresh);
    session.revoke("", &second.access);
    for file in std::fs::read_dir(session.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in [SECRET, &first.refresh, &second.refresh, &second.access, "eyJ"] {
            assert!(!text.contains(secret));
        }
    }
}

#[test]
fn what_is_in_a_store_is_hostile_until_it_is_shown() {
    let session = Session::new();
    let evil =
        token(r#"{"jti":"a\u001b[31m\u202e","iss":"\u0007","sub":"\u001b]0;x\u0007","exp":4102444800}"#);
    // The world itself looks at every output for raw control characters.
    for line in ["revoke STORE", "revoke --family STORE", "revoke --family --json STORE"] {
        assert_eq!(session.run(line, &evil).status, 0);
    }
    session.run_words(&["revoke", "--subject", "\u{1b}[31m", "--store", &session.path()]);
    for line in ["revoke --list STORE", "revoke --list --json STORE", "verify STORE", "verify --json STORE"] {
        session.run(line, &evil);
    }
}

impl Session {
    fn run_words(&self, words: &[&str]) -> Outcome {
        World::with_stores().at(self.now).run_words(words)
    }
}

#[test]
fn the_listing_tells_the_life_of_every_session() {
    let session = Session::new();
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
    session.run("refresh STORE", &used.refresh);
    session.run("verify --once STORE", fob("encode --jti mail --sub al --exp 1h").result());
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
    let text = session.run("revoke --list STORE", "");
    let text = text.result();
    for line in [
        "5 families",
        "  1  active, refreshed 2 minutes ago, expires in 23 hours 58 minutes",
        "  2  ended 2 minutes ago: a refresh token was used twice",
        "  3  revoked 2 minutes ago",
        "  4  revoked with all that its subject had",
        "  5  used up 2 minutes ago",
        "1 token out of use",
        "  mail  al  used up 2 minutes ago",
        "1 subject revoked",
        "  4  everything  issued before 2026-01-31T12:01:00Z",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn options_that_need_a_store_are_wrong_usage_without_one() {
    let pair = Tokens::of(&World::with_stores().run("pair --user-id 7 --json"));
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
fn expectations_take_the_reasons_of_a_store() {
    let session = Session::new();
    let pair = session.pair("--user-id 7");
    session.revoke("", &pair.access);
    assert_eq!(session.run("verify --expect revoked STORE", &pair.access).status, 0);
    assert_eq!(session.run("verify --expect revoked STORE", &pair.refresh).status, 1);
    for code in ["reused", "too_soon", "unknown_token"] {
        assert_eq!(session.run(&format!("verify --expect {code} STORE"), &pair.access).status, 1);
    }
}

#[test]
fn a_store_that_cannot_be_had_is_found_out_before_anybody_pastes_a_token() {
    let gone = World::with_stores();
    for line in ["verify --store /nowhere/s.db", "revoke --list --store /nowhere/s.db"] {
        gone.run(line).refused(
            2,
            "error: cannot use the store /nowhere/s.db: there is no such file\n\
             hint: `fob pair --store` and `fob revoke --store` make one\n",
        );
    }
    let outcome = gone.run("pair --user-id 7 --store /nowhere/s.db");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    assert_eq!(
        outcome.stderr,
        "error: cannot make the store /nowhere/s.db: No such file or directory (os error 2)\n"
    );
}
