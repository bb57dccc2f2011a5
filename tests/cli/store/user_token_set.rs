//! The layout with a token set per user, which other programs share: each side understands what the other wrote.

use crate::store::sessions::twin;
use crate::support::client::{Client, NOTHING, Tokens};
use crate::support::redis_server::RedisServer;
use crate::support::world::{NOW, World, token};

const SET: &str = "user:7:token";

fn client(server: &RedisServer) -> Client {
    server.client().with("layout=user-token-set")
}

/// Issues an access token of user 7, like another program.
fn access(jti: &str, exp: i64) -> String {
    token(&format!(r#"{{"token_type":"access","jti":"{jti}","user_id":7,"iat":{},"exp":{exp}}}"#, NOW - 60))
}

/// Issues an access token of user 7, like a program that writes the scheme by hand: with nothing of fob.
fn bare(exp: i64) -> String {
    token(&format!(r#"{{"user_id":7,"exp":{exp}}}"#))
}

/// One verification: is there a set, is the token a member, the token, the status, the reasons, and the reasons with
/// `missing=deny`.
type Row<'r> = (bool, bool, &'r str, u8, &'r [&'r str], &'r [&'r str]);

/// Replaces the signature by that of another token.
fn forged(token: &str) -> String {
    let (input, _) = token.rsplit_once('.').unwrap();
    let other = access("other", NOW);
    format!("{input}.{}", other.rsplit_once('.').unwrap().1)
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn looks_up_access_tokens_in_the_set() {
    looks_up_in_the_set(access("a", NOW + 7200), access("b", NOW - 1));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn looks_up_access_tokens_without_jti_in_the_set() {
    looks_up_in_the_set(bare(NOW + 7200), bare(NOW - 1));
}

fn looks_up_in_the_set(valid: String, expired: String) {
    let server = RedisServer::start();
    let (open, closed) = (client(&server), client(&server).with("missing=deny"));
    let bad = forged(&valid);
    let malformed = format!("{}x", valid.split_once('.').unwrap().0);
    // The other program answers `revoked` with 403 and every other reason with 401.
    let rows: [Row; 16] = [
        (false, false, &valid, 0, &[], &["unknown_token"]),
        (false, true, &valid, 0, &[], &["unknown_token"]),
        (true, false, &valid, 1, &["revoked"], &["revoked"]),
        (true, true, &valid, 0, &[], &[]),
        (false, false, &expired, 3, &["expired"], &["expired"]),
        (false, true, &expired, 3, &["expired"], &["expired"]),
        (true, false, &expired, 1, &["expired", "revoked"], &["expired", "revoked"]),
        (true, true, &expired, 3, &["expired"], &["expired"]),
        (false, false, &bad, 1, &["bad_signature"], &["bad_signature"]),
        (false, true, &bad, 1, &["bad_signature"], &["bad_signature"]),
        (true, false, &bad, 1, &["bad_signature"], &["bad_signature"]),
        (true, true, &bad, 1, &["bad_signature"], &["bad_signature"]),
        (false, false, &malformed, 4, &["malformed"], &["malformed"]),
        (false, true, &malformed, 4, &["malformed"], &["malformed"]),
        (true, false, &malformed, 4, &["malformed"], &["malformed"]),
        (true, true, &malformed, 4, &["malformed"], &["malformed"]),
    ];
    for (record, member, token, status, reasons, denied) in rows {
        server.cli(&["FLUSHALL"]);
        let one = if member { token } else { "another.to.ken" };
        server.cli(&["SADD", SET, one]);
        server.cli(&["EXPIRE", SET, "7200"]);
        if !record {
            server.cli(&["DEL", SET]);
        }
        let is = |client: &Client| {
            let outcome = client.run("verify --json", token);
            let reasons =
                if outcome.text().is_empty() { vec!["malformed".into()] } else { outcome.reasons() };
            (outcome.status, reasons)
        };
        let row = format!("record {record}, member {member}, {token}");
        let (got, said) = is(&open);
        assert_eq!(got, status, "{row}");
        if status == 4 {
            assert!(said[0].starts_with("malformed"), "{said:?}");
        } else {
            assert_eq!(said, reasons, "{row}");
            let (got, said) = is(&closed);
            let wanted = if denied == reasons { status } else { 1 };
            assert_eq!((got, said), (wanted, denied.iter().map(ToString::to_string).collect()), "{row}");
        }
        // Without a token there is nothing to judge.
        assert_eq!(open.run("verify --json", "").status, 4);
        // A lookup changes nothing.
        assert_eq!(server.keys(), if record { vec![SET] } else { vec![] });
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn ignores_the_set_for_refresh_tokens() {
    ignores_the_set(&Tokens::from_elsewhere().refresh);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn ignores_the_set_for_refresh_tokens_without_jti() {
    let claims = format!(r#"{{"token_type":"refresh","user_id":7,"exp":{}}}"#, NOW + 86_400);
    ignores_the_set(&token(&claims));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn ignores_the_set_for_refresh_tokens_with_a_mark_by_hand() {
    let marked = token(&format!(r#"{{"user_id":7,"refresh":true,"exp":{}}}"#, NOW + 86_400));
    ignores_the_set(&marked);
    // A service that takes access tokens must not accept it, so `verify` demands membership as before.
    let server = RedisServer::start();
    server.cli(&["SADD", SET, "another.to.ken"]);
    assert_eq!(client(&server).verify(&marked), ["revoked"]);
    // Another program that keeps it in the set must find that it is revoked.
    server.cli(&["SADD", SET, &marked]);
    client(&server).revoke("", &marked);
    assert_eq!(server.cli(&["SISMEMBER", SET, &marked]), "0");
}

fn ignores_the_set(refresh: &str) {
    for (record, is_expired) in [(false, false), (true, false), (false, true), (true, true)] {
        let server = RedisServer::start();
        if record {
            server.cli(&["SADD", SET, "another.to.ken"]);
        }
        let later = if is_expired { 100_000 } else { 0 };
        // A set holds access tokens only.
        let denied = client(&server).with("missing=deny").later(later).run("refresh --json", refresh);
        let (status, wanted) = if is_expired { (3, "expired") } else { (1, "unknown_token") };
        assert_eq!((denied.status, denied.reasons()), (status, vec![wanted.to_owned()]));
        let outcome = client(&server).later(later).run("refresh --json", refresh);
        if is_expired {
            assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
            continue;
        }
        let next = Tokens::from_outcome(&outcome);
        assert_eq!(client(&server).verify(&next.access), NOTHING);
        assert_eq!(server.cli(&["SISMEMBER", SET, &next.access]), "1");
        assert_eq!(client(&server).refused(refresh), ["reused"]);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn accepts_tokens_while_another_program_keeps_them_in_the_set() {
    let server = RedisServer::start();
    let client = client(&server);
    let (phone, desk) = (access("phone", NOW + 7200), access("desk", NOW + 7200));
    for one in [&phone, &desk] {
        server.cli(&["SADD", SET, one]);
        server.cli(&["EXPIRE", SET, "7200"]);
    }
    assert_eq!((client.verify(&phone), client.verify(&desk)), (vec![], vec![]));
    server.cli(&["SREM", SET, &phone]);
    assert_eq!(client.verify(&phone), ["revoked"]);
    let outcome = client.run("verify", &phone);
    let check = "  ✗ store      not in the set of its user's valid tokens\n";
    assert!(outcome.text().contains(check), "{}", outcome.text());
    // The other program finds the tokens that fob issues.
    let own = client.pair("--user-id 7 --access-ttl 2h");
    assert_eq!(server.cli(&["SISMEMBER", SET, &own.access]), "1");
    assert_eq!(server.cli(&["SISMEMBER", SET, &own.refresh]), "0");
    assert_eq!(client.verify(&desk), NOTHING);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn keeps_a_set_as_long_as_its_longest_token() {
    let server = RedisServer::start();
    let client = client(&server);
    let about = |wanted: i64| {
        let ttl = server.ttl(SET).unwrap();
        assert!((wanted - 10_000..=wanted + 1000).contains(&ttl), "{ttl}, not {wanted}");
    };
    let warned = client.run("pair --user-id 7 --json --access-ttl 5m", "");
    assert_eq!(
        warned.stderr,
        "warning: this user had no token set, so one was created: tokens outside of it are now rejected\n"
    );
    about(300_000);
    let first = client.pair("--user-id 7 --access-ttl 2h");
    about(7_200_000);
    client.pair("--user-id 7 --access-ttl 5m");
    about(7_200_000);
    client.revoke("", &Tokens::from_outcome(&warned).access);
    about(7_200_000);
    server.cli(&["PERSIST", SET]);
    client.pair("--user-id 7 --access-ttl 5m");
    client.revoke("", &first.access);
    assert_eq!(server.ttl(SET), None);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn keeps_the_set_when_its_last_token_is_revoked() {
    let server = RedisServer::start();
    let client = client(&server);
    let pair = client.pair("--user-id 7");
    client.revoke("", &pair.access);
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    assert_eq!(client.verify(&pair.access), ["revoked"]);
    assert_eq!(client.verify(&Tokens::from_elsewhere().access), ["revoked"]);
    // Revoking a refresh token leaves the access tokens valid.
    let next = client.pair("--user-id 7");
    client.revoke("", &next.refresh);
    assert_eq!(client.verify(&next.access), NOTHING);
    assert_eq!(client.refused(&next.refresh), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn creates_no_set_when_a_token_is_revoked() {
    let server = RedisServer::start();
    let client = client(&server);
    let (one, other) = (Tokens::from_elsewhere(), Tokens::from_elsewhere());
    let outcome = client.run("revoke", &one.access);
    let hint = "hint: this user has no token set, so services that only check the set still accept this token; \
                --subject revokes everything of the user\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, hint));
    assert_eq!(server.cli(&["EXISTS", SET]), "0");
    assert_eq!(client.verify(&one.access), ["revoked"]);
    assert_eq!(client.verify(&other.access), NOTHING);
    // A refresh token is never in a set, so there is no hint.
    let outcome = client.run("revoke", &other.refresh);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert_eq!(client.refused(&other.refresh), ["revoked"]);
    assert_eq!(server.cli(&["EXISTS", SET]), "0");
    let next = client.pair("--user-id 7");
    assert_eq!(server.cli(&["SMEMBERS", SET]), next.access);
    client.revoke("", &next.refresh);
    assert_eq!(server.cli(&["SMEMBERS", SET]), next.access);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn uses_a_token_for_one_use_despite_the_set() {
    let server = RedisServer::start();
    let client = client(&server);
    let link = token(&format!(r#"{{"jti":"mail","user_id":7,"exp":{}}}"#, NOW + 3600));
    let pair = client.pair("--user-id 7");
    assert_eq!(client.run("verify --once --json", &link).reasons(), NOTHING);
    assert_eq!(client.run("verify --once --json", &link).reasons(), ["reused"]);
    assert_eq!(client.run("verify --once --json --aud me", &link).reasons(), ["claim_missing:aud", "reused"]);
    let other = token(&format!(r#"{{"jti":"other","user_id":7,"exp":{}}}"#, NOW + 3600));
    assert_eq!(client.run("verify --once --json --aud me", &other).reasons(), ["claim_missing:aud"]);
    assert_eq!(client.run("verify --once --json", &pair.access).reasons(), NOTHING);
    server.cli(&["SREM", SET, &pair.access]);
    server.cli(&["SADD", SET, "another.to.ken"]);
    let gone = Tokens::from_elsewhere().access;
    assert_eq!(client.run("verify --once --json", &gone).reasons(), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn rejects_all_tokens_of_a_revoked_user() {
    let server = RedisServer::start();
    let client = client(&server);
    let (one, other) = (client.pair("--user-id 7"), client.pair("--user-id 7"));
    let neighbour = client.pair("--user-id 8");
    client.revoke("--subject 7", "");
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    assert!(server.ttl(SET).unwrap() > 365 * 86_400_000);
    for tokens in [&one, &other] {
        assert_eq!(client.verify(&tokens.access), ["revoked"]);
        assert_eq!(client.refused(&tokens.refresh), ["revoked"]);
    }
    assert_eq!(client.verify(&neighbour.access), NOTHING);
    let new = client.pair("--user-id 7");
    assert_eq!(client.verify(&new.access), NOTHING);
    client.refresh(&new.refresh);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn revokes_everything_of_the_user_on_a_second_use() {
    let server = RedisServer::start();
    let client = client(&server);
    let (first, other) = (client.pair("--user-id 7"), client.pair("--user-id 7"));
    let second = client.refresh(&first.refresh);
    assert_eq!(client.verify(&second.access), NOTHING);
    assert_eq!(client.refused(&first.refresh), ["reused"]);
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    // The set does not tell logins apart.
    for tokens in [&first, &second, &other] {
        assert_eq!(client.verify(&tokens.access), ["revoked"]);
    }
    assert_eq!(client.refused(&second.refresh), ["revoked"]);
    assert_eq!(client.refused(&other.refresh), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn removes_a_token_by_the_other_spelling_of_its_signature() {
    let server = RedisServer::start();
    let world = World::with_stores();
    let key = world.run("key new --alg ES256").text().to_owned();
    let world = world.file("k.jwk", &key);
    let store = client(&server).store;
    let run = |line: &str, token: &str| world.clone().stdin(token).run(format!("{line} --store '{store}'"));
    let pair = Tokens::from_outcome(&run("pair --user-id 7 --json -k k.jwk", ""));
    let other = twin(&pair.access);
    assert_ne!(other, pair.access);
    assert_eq!(run("verify --json -k k.jwk", &pair.access).reasons(), NOTHING);
    // The set holds the other text.
    assert_eq!(run("verify --json -k k.jwk", &other).reasons(), ["revoked"]);
    assert_eq!(run("revoke -q", &other).status, 0);
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    assert_eq!(run("verify --json -k k.jwk", &pair.access).reasons(), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_token_without_jti_is_known_by_its_membership() {
    let server = RedisServer::start();
    let client = client(&server);
    let bare = token(r#"{"token_type":"access","user_id":7,"exp":4102444800}"#);
    assert_eq!(client.verify(&bare), NOTHING);
    server.cli(&["SADD", SET, "another.to.ken"]);
    assert_eq!(client.verify(&bare), ["revoked"]);
    server.cli(&["SADD", SET, &bare]);
    assert_eq!(client.verify(&bare), NOTHING);
    client.revoke("", &bare);
    assert_eq!(client.verify(&bare), ["revoked"]);
    assert_eq!(server.cli(&["SISMEMBER", SET, &bare]), "0");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_token_that_another_program_adds_after_a_revocation_is_good() {
    for revocation in ["--subject 7", "--family", ""] {
        let server = RedisServer::start();
        let client = client(&server);
        let (old, new) = (bare(NOW + 7200), bare(NOW + 7201));
        server.cli(&["SADD", SET, &old]);
        client.revoke(revocation, if revocation.contains("subject") { "" } else { &old });
        assert_eq!(client.verify(&old), ["revoked"], "{revocation}");
        assert_eq!(client.verify(&new), ["revoked"], "{revocation}");
        // Another program logs the user in again. Its token says nothing about its age.
        server.cli(&["SADD", SET, &new]);
        let outcome = client.run("verify", &new);
        assert!(
            outcome.text().contains("  ✓ store      in the set of its user's valid tokens\n"),
            "{}",
            outcome.text()
        );
        assert_eq!(client.with("missing=deny").verify(&new), NOTHING, "{revocation}");
        assert_eq!(client.verify(&old), ["revoked"], "{revocation}");
        // In the same second, a program without `jti` issues the same token again.
        server.cli(&["SADD", SET, &old]);
        assert_eq!(client.verify(&old), NOTHING, "{revocation}");
        let again =
            client.later(60).revoke(revocation, if revocation.contains("subject") { "" } else { &old });
        assert_eq!(again["revoked_before"], serde_json::Value::Null, "{revocation}");
        assert_eq!(client.verify(&old), ["revoked"], "{revocation}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_deleted_set_makes_good_what_fob_has_not_revoked() {
    let server = RedisServer::start();
    let client = client(&server);
    let (phone, desk) = (bare(NOW + 7200), bare(NOW + 7201));
    server.cli(&["SADD", SET, &phone, &desk]);
    client.revoke("", &phone);
    assert_eq!(server.cli(&["SISMEMBER", SET, &phone]), "0");
    server.cli(&["DEL", SET]);
    assert_eq!((client.verify(&phone), client.verify(&desk)), (vec!["revoked".to_owned()], vec![]));
    // Everything of the user is revoked, and then the set is lost. Only `iat` can show that a token is newer.
    client.revoke("--subject 7", "");
    server.cli(&["DEL", SET]);
    assert_eq!(client.verify(&desk), ["revoked"]);
    let outcome = client.later(60).run("verify", &bare(NOW + 7300));
    let detail = "and the token has no `iat` that shows that it is newer\n";
    assert!(outcome.text().contains(detail), "{}", outcome.text());
    let dated = token(&format!(r#"{{"user_id":7,"iat":{},"exp":{}}}"#, NOW + 30, NOW + 7300));
    assert_eq!(client.later(60).verify(&dated), NOTHING);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_token_without_jti_is_refreshed_and_revoked_once() {
    let server = RedisServer::start();
    let client = client(&server);
    let refresh = token(r#"{"token_type":"refresh","user_id":7,"exp":4102444800}"#);
    let access = bare(NOW + 7200);
    server.cli(&["SADD", SET, &access]);
    let next = client.refresh(&refresh);
    for (token, member) in [(&access, "1"), (&next.access, "1"), (&next.refresh, "0")] {
        assert_eq!(server.cli(&["SISMEMBER", SET, token]), member);
    }
    assert_eq!(client.refused(&refresh), ["reused"]);
    // The second use ends every login of the user: the set does not tell them apart.
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    assert_eq!(
        (client.verify(&access), client.verify(&next.access)),
        (vec!["revoked".to_owned()], vec!["revoked".to_owned()])
    );
    let lines = client.run("verify --lines -", &format!("{access}\n{}\n", bare(NOW + 7201)));
    assert_eq!(lines.text(), "rejected\trevoked\nrejected\trevoked\n");
    // The marker is no token.
    assert_eq!(client.run("verify", "-").status, 4);
    let report = client.run("revoke --family", &access);
    let hint = "hint: a token set does not tell logins apart, so everything of this user is revoked\n";
    assert!(report.stderr.ends_with(hint), "{}", report.stderr);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn raises_the_lifetime_that_another_program_gave_the_set() {
    let server = RedisServer::start();
    let client = client(&server);
    client.revoke("--subject 7", "");
    // The other program sets its own lifetime at each login.
    server.cli(&["SADD", SET, &bare(NOW + 600)]);
    server.cli(&["EXPIRE", SET, "600"]);
    client.pair("--user-id 7 --access-ttl 2h");
    let ttl = server.ttl(SET).unwrap();
    assert!((7_190_000..=7_201_000).contains(&ttl), "{ttl}");
    // A token that never expires keeps the set for ever.
    server.cli(&["SADD", SET, &token(r#"{"user_id":7}"#)]);
    client.revoke("", &token(r#"{"user_id":7}"#));
    assert_eq!(server.ttl(SET), None);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn rejects_tokens_without_a_user() {
    let server = RedisServer::start();
    let client = client(&server);
    let anonymous = token(r#"{"jti":"a","exp":4102444800}"#);
    assert_eq!(client.verify(&anonymous), ["claim_missing:user_id"]);
    let outcome = client.run("revoke", &anonymous);
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    let named = token(r#"{"jti":"a","sub":"7","exp":4102444800}"#);
    server.cli(&["SADD", SET, &named]);
    assert_eq!(client.verify(&named), NOTHING);
    server.cli(&["SREM", SET, &named]);
    assert_eq!(client.verify(&named), NOTHING, "no set is left");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn writes_the_prefix_before_the_keys_of_sets_too() {
    let server = RedisServer::start();
    let client = client(&server).with("prefix=app:");
    let pair = client.pair("--user-id 7");
    assert_eq!(server.cli(&["SMEMBERS", "app:user:7:token"]), pair.access);
    assert_eq!(server.keys().iter().filter(|key| !key.starts_with("app:")).count(), 0);
    assert_eq!(client.list()["families"][0]["state"], "active");
}
