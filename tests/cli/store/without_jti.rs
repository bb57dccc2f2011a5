//! Tokens without `jti`: a store knows them by a digest of their signing input.

use crate::store::sessions::twin;
use crate::support::client::{Client, NOTHING};
use crate::support::world::{NOW, World, token};
use fob::core::token::numeric_date::NumericDate;
use fob::store::backend::IfMissing;
use fob::store::identity::TokenIdentity;
use fob::store::ledger::{IssuedTokens, Ledger, RefreshOutcome, TokenUse};
use fob::store::location::StoreAddress;
use fob::store::record::TokenRole;
use fob::store::token_state::TokenState;
use serde_json::json;

/// Returns a token as a program without `jti` issues it.
fn bare(user: u32, seconds: i64) -> String {
    token(&format!(r#"{{"user_id":{user},"exp":{}}}"#, NOW + seconds))
}

#[test]
fn the_other_spelling_of_an_ecdsa_signature_is_the_same_token() {
    let session = Client::with_new_file();
    let world = World::with_stores();
    let key = world.run("key new --alg ES256").text().to_owned();
    let world = world.file("k.jwk", &key);
    let run = |line: &str, token: &str| {
        world.clone().stdin(token).run(format!("{line} -k k.jwk --store '{}'", session.store))
    };
    let token = world.run("encode --exp 1h --sub al -k k.jwk").text().trim().to_owned();
    assert_ne!(token, twin(&token));
    assert_eq!(run("verify --once -q", &token).status, 0);
    assert_eq!(run("verify --once --json", &twin(&token)).reasons(), ["reused"]);
    let other = world.run("encode --exp 2h --sub al -k k.jwk").text().trim().to_owned();
    assert_eq!(session.run("revoke -q", &twin(&other)).status, 0);
    assert_eq!(run("verify --json", &other).reasons(), ["revoked"]);
}

#[test]
fn an_encrypted_token_is_known_by_the_token_inside() {
    let session = Client::with_new_file();
    let world = World::with_stores();
    let key = world.run("key new --alg A256GCMKW").text().to_owned();
    let world = world.file("enc.jwk", &key);
    let inner = bare(7, 3600);
    let encrypted = || {
        let line = format!("encode --exp @{} --no-iat --encrypt-for enc.jwk", NOW + 3600);
        world.clone().run(format!(r#"{line} '{{"user_id":7}}'"#)).text().trim().to_owned()
    };
    let run = |line: &str, token: &str| {
        let line = format!("{line} --decrypt-key enc.jwk --store '{}'", session.store);
        world.clone().stdin(token).run(line)
    };
    let (one, other) = (encrypted(), encrypted());
    assert_ne!(one, other);
    assert_eq!(run("verify --json --once", &one).reasons(), NOTHING);
    assert_eq!(run("verify --json --once", &other).reasons(), ["reused"]);
    assert_eq!(session.verify(&inner), ["reused"]);
}

#[test]
fn each_line_and_each_case_is_looked_up() {
    let session = Client::with_new_file();
    let (one, other) = (bare(7, 3600), bare(8, 3600));
    session.revoke("", &one);
    let lines = session.run("verify --lines -", &format!("{one}\n{other}\n{one}\n"));
    assert_eq!(lines.text(), "rejected\trevoked\naccepted\nrejected\trevoked\n");
    let suite = json!({"cases": [
        {"name": "one", "token": one, "store": session.store, "expect": "revoked"},
        {"name": "other", "token": other, "store": session.store, "expect": "accepted"},
    ]});
    let world = World::with_stores().at(NOW).file("suite.json", suite.to_string());
    let outcome = world.run("verify --suite suite.json --allow store,paths");
    assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
    // Each use of `--once` counts, within one run too.
    let used = session.run("verify --once --lines -", &format!("{other}\n{other}\n"));
    assert_eq!(used.text(), "accepted\nrejected\treused\n");
}

#[test]
fn a_revoked_subject_has_no_token_without_iat() {
    let session = Client::with_new_file();
    let dated = |at: i64| token(&format!(r#"{{"user_id":7,"iat":{},"exp":4102444800}}"#, NOW + at));
    assert_eq!(session.revoke("--subject 7", "")["known"], json!(false));
    assert_eq!(session.verify(&dated(-60)), ["revoked"]);
    assert_eq!(session.later(60).verify(&dated(1)), NOTHING);
    assert_eq!(session.later(60).verify(&bare(8, 3600)), NOTHING);
    // The store cannot tell when it was issued.
    let outcome = session.later(60).run("verify", &bare(7, 3600));
    assert_eq!(outcome.status, 1);
    let detail = "all tokens of its subject were revoked 60 seconds ago, and the token has no `iat` that shows that it is newer";
    assert!(outcome.text().contains(detail), "{}", outcome.text());
}

#[test]
fn a_family_is_the_token_alone() {
    let session = Client::with_new_file();
    let (one, other) = (bare(7, 3600), bare(7, 3601));
    let outcome = session.run("revoke --family", &one);
    assert_eq!(
        outcome.stderr.lines().last().unwrap(),
        "hint: the store knows no other token of this family, and none can name this one, which has no `jti`: only this \
         token is revoked"
    );
    assert_eq!((session.verify(&one), session.verify(&other)), (vec!["revoked".to_owned()], vec![]));
    // `orig_jti` names the family.
    let next = |exp: i64| token(&format!(r#"{{"user_id":7,"orig_jti":"a","exp":{}}}"#, NOW + exp));
    let outcome = session.run("revoke --family", &next(60));
    let hint = "only tokens with this `orig_jti`, and the token with that `jti`, are revoked\n";
    assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
    assert_eq!(session.verify(&next(61)), ["revoked"]);
}

#[test]
fn lists_them_by_their_digests() {
    let session = Client::with_new_file();
    let (used, refresh) = (bare(7, 3600), token(r#"{"token_type":"refresh","user_id":8,"exp":4102444800}"#));
    session.run("verify --once", &used);
    let next = session.refresh(&refresh);
    let list = session.list();
    let names: Vec<&str> =
        list["tokens"].as_array().unwrap().iter().map(|token| token["jti"].as_str().unwrap()).collect();
    assert_eq!(names.iter().filter(|name| name.starts_with("sha256:")).count(), 2, "{names:?}");
    let text = session.run("revoke --list", "");
    assert!(text.text().contains("1 token revoked or used\n  sha256:"), "{}", text.text());
    // A refresh token works once. Its second use ends the family, which the successor belongs to.
    assert_eq!(session.refused(&refresh), ["reused"]);
    assert_eq!(session.refused(&next.refresh), ["revoked"]);
}

/// Returns the identity of a token without `jti`.
fn unnamed(role: TokenRole, text: &str) -> TokenIdentity {
    TokenIdentity {
        jti: None,
        issuer: None,
        origin: None,
        subject: Some("7".to_owned()),
        user: None,
        issued: None,
        expires: Some(NumericDate::from_seconds(NOW + 3600)),
        role,
        text: text.to_owned(),
    }
}

#[test]
fn records_no_token_twice() {
    let session = Client::with_new_file();
    let now = NumericDate::from_seconds(NOW);
    let address = StoreAddress::parse(session.store.as_ref()).unwrap();
    let open = address.location.open(None, IfMissing::Create).unwrap();
    let mut ledger = Ledger::new(open.backend, &address, now);
    let (access, refresh) = (unnamed(TokenRole::Access, "a.b.c"), unnamed(TokenRole::Refresh, "a.r.c"));
    let both = IssuedTokens { access: &access, refresh: Some(&refresh) };
    ledger.begin(both, now).unwrap();
    ledger.revoke_token(&access, now).unwrap();

    // A second login in the same second, with another refresh token and with the same.
    let other = unnamed(TokenRole::Refresh, "a.s.c");
    for refresh in [&refresh, &other] {
        let again = IssuedTokens { access: &access, refresh: Some(refresh) };
        let error = fob::CommandError::from(ledger.begin(again, now).unwrap_err());
        assert!(error.to_string().contains("tokens with the same claims are one token"), "{error}");
        assert!(error.hint().unwrap().contains("a second later"), "{error:?}");
    }
    // A refresh that would make the revoked token anew, and one that would make the refresh token anew.
    let new = unnamed(TokenRole::Access, "a.n.c");
    for issued in [
        IssuedTokens { access: &access, refresh: None },
        IssuedTokens { access: &new, refresh: Some(&refresh) },
    ] {
        assert!(ledger.rotate(&refresh, issued, None, now).is_err());
    }
    let states = ledger.look_up(&[&access, &refresh], TokenUse::Query, now).unwrap();
    assert!(
        matches!(states[..], [TokenState::Revoked { .. }, TokenState::Good { known: true }]),
        "{states:?}"
    );
    let issued = IssuedTokens { access: &new, refresh: Some(&other) };
    assert_eq!(ledger.rotate(&refresh, issued, None, now).unwrap(), RefreshOutcome::Rotated);
    // A second use is reported as one, whatever the tokens are that it would make.
    let refused = ledger.rotate(&refresh, issued, None, now).unwrap();
    assert!(matches!(refused, RefreshOutcome::Refused(TokenState::Used { .. })), "{refused:?}");
}
