//! Sessions on real servers of Redis or Valkey: the life of a session as in a file, what its keys are called and how
//! long they live, how often the server is asked, and a cluster.

use crate::support::client::{Client, NOTHING, Tokens};
use crate::support::redis_server::{Cluster, RedisServer};
use crate::support::world::{NOW, World, fob, token};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// Asserts that a time to live is this one, but for the time that went by since it was set.
#[track_caller]
fn about(ttl: Option<i64>, wanted: i64) {
    let ttl = ttl.expect("an end");
    assert!((wanted - 10_000..=wanted + 1000).contains(&ttl), "{ttl}, not {wanted}");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_session_on_a_server_lives_and_ends_as_in_a_file() {
    let server = RedisServer::start();
    let client = server.client();
    let other = client.pair("--user-id 7");
    let first = client.pair("--user-id 7");
    assert_eq!(client.verify(&first.access), NOTHING);
    let second = client.refresh(&first.refresh);
    let third = client.refresh(&second.refresh);
    assert_eq!(client.verify(&third.access), NOTHING);
    // A second use ends all that came of the login, and nothing else.
    assert_eq!(client.refused(&first.refresh), ["reused"]);
    for token in [&first.access, &second.access, &third.access, &third.refresh] {
        assert_eq!(client.verify(token), ["revoked"]);
    }
    assert_eq!(client.refused(&third.refresh), ["revoked"]);
    client.refresh(&other.refresh);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_token_is_accepted_once_and_a_family_rests_between_two_refreshes() {
    let server = RedisServer::start();
    let client = server.client();
    let link = fob("encode --jti mail-1 --exp 1h").result().to_owned();
    assert_eq!(client.run("verify --once --json", &link).reasons(), NOTHING);
    assert_eq!(client.run("verify --once --json", &link).reasons(), ["reused"]);
    let rotate = "refresh --rotate --json --min-interval 30s";
    let first = client.pair("--user-id 7");
    let second = Tokens::from_outcome(&client.run(rotate, &first.refresh));
    let early = client.later(29).run(rotate, &second.refresh);
    assert_eq!((early.status, early.reasons()), (1, vec!["too_soon".to_owned()]));
    Tokens::from_outcome(&client.later(30).run(rotate, &second.refresh));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_server_keeps_revocations_of_tokens_families_and_subjects() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7");
    assert_eq!(client.revoke("", &pair.access)["known"], true);
    assert_eq!((client.verify(&pair.access), client.verify(&pair.refresh)), (vec!["revoked".into()], vec![]));
    assert_eq!(client.later(60).revoke("", &pair.access)["revoked_before"], "2026-01-31T12:00:00Z");
    client.revoke("--family", &pair.access);
    assert_eq!(client.refused(&pair.refresh), ["revoked"]);
    let (old, other) = (client.pair("--user-id 7"), client.pair("--user-id 8"));
    client.revoke("--subject 7", "");
    let new = client.pair("--user-id 7");
    assert_eq!(client.refused(&old.refresh), ["revoked"]);
    assert_eq!(client.verify(&new.access), NOTHING);
    assert_eq!(client.verify(&other.access), NOTHING);
    client.refresh(&new.refresh);
    // What the server was never told of.
    let foreign = Tokens::from_outcome(&World::with_stores().run("pair --user-id 9 --json"));
    assert_eq!(client.revoke("", &foreign.access)["known"], false);
    assert_eq!(client.verify(&foreign.access), ["revoked"]);
    assert_eq!(client.with("missing=deny").verify(&foreign.refresh), ["unknown_token"]);
    assert_eq!(client.with("missing=deny").refused(&foreign.refresh), ["unknown_token"]);
    assert_eq!(client.with("missing=deny").verify(&new.access), NOTHING);
    let expired = fob("encode --jti old --exp -1h").result().to_owned();
    assert_eq!(client.revoke("", &expired)["expired"], true);
    assert_eq!(client.run("verify --json --ignore-exp", &expired).reasons(), ["revoked"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_server_lists_what_it_holds_and_prunes_by_itself() {
    let server = RedisServer::start();
    let client = server.client();
    assert_eq!(client.run("revoke --list", "").result(), "the store is empty");
    let first = client.pair("--user-id 7");
    client.refresh(&first.refresh);
    client.refused(&first.refresh);
    client.revoke("", &client.pair("--user-id 8").access);
    client.revoke("--subject 9", "");
    // Keys of others are nobody's business here.
    server.cli(&["SET", "fob:other", "x"]);
    server.cli(&["SET", "user:7", "x"]);
    let list = client.list();
    let states: Vec<&Value> = list["families"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&&json!("reused")) && states.contains(&&json!("active")), "{list}");
    assert_eq!(list["tokens"].as_array().unwrap().len(), 6);
    assert_eq!(list["subjects"][0]["subject"], "9");
    let table = client.run("revoke --list", "");
    for line in
        ["2 families", "a refresh token was used twice", "1 token revoked or used", "1 subject revoked"]
    {
        assert!(table.result().contains(line), "{}", table.text());
    }
    let pruned = client.run("revoke --prune", "");
    assert_eq!(pruned.result(), "nothing to do: on a server each record goes when its token expires");
    assert_eq!(client.run("revoke --prune --json", "").json(), json!({ "dropped": null }));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn prefixes_and_databases_keep_stores_apart() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7");
    client.revoke("", &pair.access);
    let fourth = Client::new(format!("{}/3", server.url()));
    for other in [client.with("prefix=staging:"), client.with("prefix=f*b:"), fourth] {
        assert_eq!(other.verify(&pair.access), NOTHING, "{}", other.store);
        let own = other.pair("--user-id 7");
        other.revoke("--family", &own.access);
        assert_eq!(other.list()["families"].as_array().unwrap().len(), 1, "{}", other.store);
    }
    assert_eq!(client.list()["families"].as_array().unwrap().len(), 1);
    for key in server.keys() {
        assert!(["fob:{", "staging:{", "f*b:{"].iter().any(|prefix| key.starts_with(prefix)), "{key}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_key_lives_as_long_as_the_token_it_speaks_of_and_no_longer() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7 --access-ttl 2m --refresh-ttl 2d");
    let keys = server.keys();
    assert_eq!(keys.len(), 4, "{keys:?}");
    let tag = keys[0].split('}').next().unwrap();
    let (mut access, mut refresh) = (0, 0);
    for key in &keys {
        let ttl = server.ttl(key);
        if key.contains("}:token:") && server.cli(&["GET", key]).contains(r#""role":"access""#) {
            about(ttl, 2 * MINUTE);
            access += 1;
        } else {
            about(ttl, 2 * DAY);
            refresh += 1;
        }
        // What is decided together lies together, on a cluster too.
        assert_eq!(key.split('}').next(), Some(tag));
        assert!(!server.cli(&["GET", key]).contains("eyJ"), "a record holds no token");
    }
    assert_eq!((access, refresh), (1, 3), "the refresh token, its family and its subject");
    // Whatever is written later, nothing goes sooner.
    client.later(60).run("refresh --json --refresh-ttl 1m --access-ttl 1s", &pair.refresh);
    client.revoke("", &pair.access);
    for key in &keys {
        assert!(server.ttl(key).unwrap() > MINUTE, "{key}");
    }
    let family = keys.iter().find(|key| key.contains("}:family:")).unwrap();
    about(server.ttl(family), 2 * DAY);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_key_lives_a_minute_at_least_a_year_for_a_subject_and_for_ever_for_a_token_without_end() {
    let server = RedisServer::start();
    let client = server.client();
    let only = || match server.keys().as_slice() {
        [key] => server.ttl(key),
        keys => panic!("{keys:?}"),
    };
    client.revoke("", fob("encode --jti old --exp -1h").result());
    about(only(), MINUTE);
    server.cli(&["FLUSHALL"]);
    client.revoke("", fob("encode --jti endless").result());
    assert_eq!(only(), None);
    server.cli(&["FLUSHALL"]);
    client.revoke("--subject 7", "");
    about(only(), 366 * DAY);
    // A login that ends sooner does not shorten that.
    client.pair("--user-id 7");
    let subject = server.keys().into_iter().find(|key| key.ends_with("}:subject")).unwrap();
    about(server.ttl(&subject), 366 * DAY);
    server.cli(&["FLUSHALL"]);
    client.revoke("--family", fob("encode --jti one --exp 1h").result());
    about(only(), 366 * DAY);
    server.cli(&["FLUSHALL"]);
    // A time to live has its bounds, a token's expiry has none.
    client.revoke("", &token(r#"{"jti":"far","exp":9007199254740992}"#));
    about(only(), 1000 * 366 * DAY);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_clock_set_ahead_for_one_run_shortens_no_key() {
    let server = RedisServer::start();
    let client = server.client();
    let link = fob("encode --jti mail-1 --exp 1d").result().to_owned();
    client.run("revoke --at 2036-01-01", &link);
    about(server.ttl(&server.keys()[0]), DAY);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_server_forgets_a_token_when_it_expires() {
    let server = RedisServer::start();
    let client = server.client();
    let link = fob("encode --jti mail-1 --exp -1h").result().to_owned();
    client.revoke("", &link);
    server.cli(&["PEXPIRE", &server.keys()[0], "1"]);
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(server.keys(), Vec::<String>::new());
    for line in
        ["verify --json --ignore-exp", "verify --json --leeway 2h", "verify --json --once --leeway 2h"]
    {
        assert_eq!(client.run(line, &link).reasons(), ["unknown_token"], "{line}");
    }
    assert_eq!(server.keys(), Vec::<String>::new());
    // Nothing but its time is held against a token that is not even good for that.
    let outcome = client.with("missing=deny").run("verify --json", &link);
    assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_key_lives_for_the_leeway_of_whoever_wrote_it() {
    let server = RedisServer::start();
    let client = server.client();
    client.run("verify --once --leeway 10m", fob("encode --jti mail-1 --exp 1h").result());
    about(server.ttl(&server.keys()[0]), 70 * MINUTE);
    server.cli(&["FLUSHALL"]);
    let pair = client.pair("--user-id 7 --refresh-ttl 1h");
    client.run("refresh --json --leeway 10m", &pair.refresh);
    let used = |key: &String| server.cli(&["GET", key]).contains(r#""used":"#);
    about(server.ttl(server.keys().iter().find(|key| used(key)).unwrap()), 70 * MINUTE);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_token_that_is_over_and_known_has_one_winner() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7 --refresh-ttl 1s");
    let (client, refresh) = (client.later(10), pair.refresh.as_str());
    let statuses: Vec<u8> = std::thread::scope(|scope| {
        let run = || client.run("refresh --rotate --json --leeway 1h", refresh).status;
        let racers: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|&&status| status == 0).count(), 1, "{statuses:?}");
    assert_eq!(client.run("refresh --json --leeway 1h", refresh).reasons(), ["reused"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_verdict_takes_one_question_and_a_decision_two() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7");
    let asked = |run: &dyn Fn()| {
        server.calls();
        run();
        let calls = server.calls();
        let count = |name: &str| calls.iter().find(|(call, _)| call == name).map_or(0, |(_, count)| *count);
        // Within a script three records are read, to see or to compare them; each that is written is three calls more.
        let (evals, written) = (count("eval"), count("set"));
        assert_eq!(count("get"), 3 * evals);
        assert_eq!((count("pttl"), count("pexpire")), (written, written));
        let known = ["eval", "get", "set", "pttl", "pexpire", "info", "config|resetstat"];
        assert!(calls.iter().all(|(name, _)| known.contains(&name.as_str())), "{calls:?}");
        (evals, count("info"), written)
    };
    assert_eq!(asked(&|| assert_eq!(client.verify(&pair.access), NOTHING)), (1, 0, 0));
    // Whoever writes asks first what becomes of keys when the memory is full.
    assert_eq!(asked(&|| drop(client.refresh(&pair.refresh))), (2, 1, 4));
    assert_eq!(asked(&|| drop(client.pair("--user-id 7"))), (2, 1, 3));
    assert_eq!(asked(&|| drop(client.revoke("--subject 7", ""))), (2, 1, 1));
    assert_eq!(asked(&|| drop(client.refused(&pair.refresh))), (2, 1, 1));
    assert_eq!(asked(&|| drop(client.refused(&pair.refresh))), (1, 1, 0));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_cluster_is_asked_at_whichever_node() {
    let cluster = Cluster::of_three();
    let clients: Vec<Client> = cluster.0.iter().map(RedisServer::client).collect();
    for (user, first) in (0..9).zip(clients.iter().cycle()) {
        let pair = first.pair(&format!("--user-id {user}"));
        let next = clients[user % 2].refresh(&pair.refresh);
        for client in &clients {
            assert_eq!(client.verify(&next.access), NOTHING);
            assert_eq!(client.verify(&pair.refresh), ["reused"]);
        }
        clients[(user + 1) % 3].revoke("", &next.access);
        clients[(user + 2) % 3].revoke(&format!("--subject {user}"), "");
        for client in &clients {
            assert_eq!(client.verify(&next.access), ["revoked"]);
            assert_eq!(client.refused(&next.refresh), ["revoked"]);
        }
    }
    let shares: Vec<usize> = cluster.0.iter().map(|node| node.keys().len()).collect();
    assert!(shares.iter().all(|&share| share > 0), "every node has had some: {shares:?}");
    // And each lists what all of them hold.
    for client in &clients {
        let list = client.list();
        assert_eq!(list["families"].as_array().unwrap().len(), 9);
        assert_eq!(list["subjects"].as_array().unwrap().len(), 9);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_cluster_keeps_the_sets_of_users_unless_their_names_have_braces() {
    let cluster = Cluster::of_three();
    let client = cluster.0[0].client().with("layout=user-token-set");
    for user in ["7", "8", "9", "a:b"] {
        let pair = client.pair(&format!("--user-id {user}"));
        assert_eq!(client.verify(&pair.access), NOTHING, "{user}");
        client.refresh(&pair.refresh);
        client.revoke("", &pair.access);
        assert_eq!(client.verify(&pair.access), ["revoked"], "{user}");
    }
    // Braces say which part of a name decides on which node it lies, and one set cannot have two of them.
    for user in ["{7}", "{}x"] {
        let outcome = client.run(&format!("pair --user-id {user}"), "");
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        let why = "on a cluster no user whose name has { or } can have a set";
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
    let server = RedisServer::start();
    let client = server.client().with("layout=user-token-set");
    for user in ["{7}", "{}x", "a}{b", "{user:7:token}"] {
        let (pair, other) = (client.pair(&format!("--user-id {user}")), client.pair("--user-id 7"));
        client.revoke(&format!("--subject {user}"), "");
        assert_eq!(client.verify(&pair.access), ["revoked"], "{user}");
        assert_eq!(client.verify(&other.access), NOTHING, "{user}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn what_is_acknowledged_is_there_when_the_server_begins_again() {
    let mut server = RedisServer::start();
    let first = server.client().pair("--user-id 7");
    let second = server.client().refresh(&first.refresh);
    server.client().revoke("", &second.access);
    server.kill();
    server.restart();
    assert_eq!(server.client().verify(&first.refresh), ["reused"]);
    assert_eq!(server.client().verify(&second.access), ["revoked"]);
    assert_eq!(server.client().with("missing=deny").verify(&second.refresh), NOTHING);
    assert_eq!(server.client().now, NOW);
}
