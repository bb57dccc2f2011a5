//! The layout in which a server holds a set of good tokens for each user, as other programs keep it: what they wrote is
//! read as they meant it, and what is written here they read so, too.

use crate::store::sessions::twin;
use crate::support::client::{Client, NOTHING, Tokens};
use crate::support::redis_server::RedisServer;
use crate::support::world::{NOW, World, token};

const SET: &str = "user:7:token";

fn client(server: &RedisServer) -> Client {
    server.client().with("layout=user-token-set")
}

/// An access token of user 7, as another program mints it.
fn access(jti: &str, exp: i64) -> String {
    token(&format!(r#"{{"token_type":"access","jti":"{jti}","user_id":7,"iat":{},"exp":{exp}}}"#, NOW - 60))
}

/// Whether there is a record, and whether the token is or was in it; the token; the status and the reasons, and the
/// reasons where no record means no.
type Row<'r> = (bool, bool, &'r str, u8, &'r [&'r str], &'r [&'r str]);

/// With another signature, which is somebody else's.
fn forged(token: &str) -> String {
    let (input, _) = token.rsplit_once('.').unwrap();
    let other = access("other", NOW);
    format!("{input}.{}", other.rsplit_once('.').unwrap().1)
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn every_row_of_the_table_of_access_tokens() {
    let server = RedisServer::start();
    let (open, closed) = (client(&server), client(&server).with("missing=deny"));
    let valid = access("a", NOW + 7200);
    let expired = access("b", NOW - 1);
    let bad = forged(&valid);
    let malformed = format!("{}x", valid.split_once('.').unwrap().0);
    // 401 there is every reason but `revoked` here, and 403 is `revoked`.
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
        // No token at all is no question.
        assert_eq!(open.run("verify --json", "").status, 4);
        // Whoever only asks changes nothing.
        assert_eq!(server.keys(), if record { vec![SET] } else { vec![] });
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn every_row_of_the_table_of_refresh_tokens() {
    for (record, is_expired) in [(false, false), (true, false), (false, true), (true, true)] {
        let server = RedisServer::start();
        let refresh = Tokens::from_elsewhere().refresh;
        if record {
            server.cli(&["SADD", SET, "another.to.ken"]);
        }
        let later = if is_expired { 100_000 } else { 0 };
        // A set is of access tokens, and says nothing of refresh tokens.
        let denied = client(&server).with("missing=deny").later(later).run("refresh --json", &refresh);
        let (status, wanted) = if is_expired { (3, "expired") } else { (1, "unknown_token") };
        assert_eq!((denied.status, denied.reasons()), (status, vec![wanted.to_owned()]));
        let outcome = client(&server).later(later).run("refresh --json", &refresh);
        if is_expired {
            assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
            continue;
        }
        let next = Tokens::from_outcome(&outcome);
        assert_eq!(client(&server).verify(&next.access), NOTHING);
        assert_eq!(server.cli(&["SISMEMBER", SET, &next.access]), "1");
        assert_eq!(client(&server).refused(&refresh), ["reused"]);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn tokens_that_another_program_put_there_are_good_until_it_takes_them_out() {
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
    let check = "  ✗ store      it is not in the set of its user's good tokens\n";
    assert!(outcome.text().contains(check), "{}", outcome.text());
    // And what is minted here, the other program finds.
    let own = client.pair("--user-id 7 --access-ttl 2h");
    assert_eq!(server.cli(&["SISMEMBER", SET, &own.access]), "1");
    assert_eq!(server.cli(&["SISMEMBER", SET, &own.refresh]), "0");
    assert_eq!(client.verify(&desk), NOTHING);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_set_is_kept_as_long_as_its_longest_token_and_never_shorter() {
    let server = RedisServer::start();
    let client = client(&server);
    let about = |wanted: i64| {
        let ttl = server.ttl(SET).unwrap();
        assert!((wanted - 10_000..=wanted + 1000).contains(&ttl), "{ttl}, not {wanted}");
    };
    let warned = client.run("pair --user-id 7 --json --access-ttl 5m", "");
    assert_eq!(
        warned.stderr,
        "warning: this user had no set of valid tokens: from now on, only the tokens in the set are valid\n"
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
fn revoking_the_last_token_leaves_a_record() {
    let server = RedisServer::start();
    let client = client(&server);
    let pair = client.pair("--user-id 7");
    client.revoke("", &pair.access);
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    assert_eq!(client.verify(&pair.access), ["revoked"]);
    assert_eq!(client.verify(&Tokens::from_elsewhere().access), ["revoked"]);
    // A refresh token is in no set, and revoking it leaves the access tokens.
    let next = client.pair("--user-id 7");
    client.revoke("", &next.refresh);
    assert_eq!(client.verify(&next.access), NOTHING);
    assert_eq!(client.refused(&next.refresh), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn revoking_a_token_of_a_user_who_has_no_set_begins_none() {
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
    // A refresh token is in no set, so there is nothing to say of one.
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
fn a_mail_link_is_spent_whatever_is_in_the_set() {
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
fn logging_out_everywhere_leaves_a_record_that_refuses() {
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
fn a_second_use_of_a_refresh_token_logs_its_user_out() {
    let server = RedisServer::start();
    let client = client(&server);
    let (first, other) = (client.pair("--user-id 7"), client.pair("--user-id 7"));
    let second = client.refresh(&first.refresh);
    assert_eq!(client.verify(&second.access), NOTHING);
    assert_eq!(client.refused(&first.refresh), ["reused"]);
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    // The set cannot tell one login from another.
    for tokens in [&first, &second, &other] {
        assert_eq!(client.verify(&tokens.access), ["revoked"]);
    }
    assert_eq!(client.refused(&second.refresh), ["revoked"]);
    assert_eq!(client.refused(&other.refresh), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn the_second_spelling_of_a_signature_takes_the_first_out() {
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
    // It is not the text that was put there.
    assert_eq!(run("verify --json -k k.jwk", &other).reasons(), ["revoked"]);
    assert_eq!(run("revoke -q", &other).status, 0);
    assert_eq!(server.cli(&["SMEMBERS", SET]), "-");
    assert_eq!(run("verify --json -k k.jwk", &pair.access).reasons(), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_token_that_names_no_user_has_no_set() {
    let server = RedisServer::start();
    let client = client(&server);
    let nobody = token(r#"{"jti":"a","exp":4102444800}"#);
    assert_eq!(client.verify(&nobody), ["claim_missing:user_id"]);
    let outcome = client.run("revoke", &nobody);
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    let named = token(r#"{"jti":"a","sub":"7","exp":4102444800}"#);
    server.cli(&["SADD", SET, &named]);
    assert_eq!(client.verify(&named), NOTHING);
    server.cli(&["SREM", SET, &named]);
    assert_eq!(client.verify(&named), NOTHING, "no set is left");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_prefix_stands_before_the_sets_too() {
    let server = RedisServer::start();
    let client = client(&server).with("prefix=app:");
    let pair = client.pair("--user-id 7");
    assert_eq!(server.cli(&["SMEMBERS", "app:user:7:token"]), pair.access);
    assert_eq!(server.keys().iter().filter(|key| !key.starts_with("app:")).count(), 0);
    assert_eq!(client.list()["families"][0]["state"], "active");
}
