//! Sessions on real Redis or Valkey servers: the same rules as in a file, plus the names and lifetimes of keys, the number
//! of requests, and clusters.

use crate::support::client::{Client, NOTHING, Tokens};
use crate::support::redis_server::{Cluster, RedisServer};
use crate::support::world::{NOW, World, fob, token};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// Asserts a lifetime, except for the time that has passed since it was set.
#[track_caller]
fn about(ttl: Option<i64>, wanted: i64) {
    let ttl = ttl.expect("an end");
    assert!((wanted - 10_000..=wanted + 1000).contains(&ttl), "{ttl}, not {wanted}");
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn refreshes_and_ends_sessions_as_in_a_file() {
    let server = RedisServer::start();
    let client = server.client();
    let other = client.pair("--user-id 7");
    let first = client.pair("--user-id 7");
    assert_eq!(client.verify(&first.access), NOTHING);
    let second = client.refresh(&first.refresh);
    let third = client.refresh(&second.refresh);
    assert_eq!(client.verify(&third.access), NOTHING);
    // A second use ends the family and nothing else.
    assert_eq!(client.refused(&first.refresh), ["reused"]);
    for token in [&first.access, &second.access, &third.access, &third.refresh] {
        assert_eq!(client.verify(token), ["revoked"]);
    }
    assert_eq!(client.refused(&third.refresh), ["revoked"]);
    client.refresh(&other.refresh);
}

/// Asserts that `verify --lines` gives tokens of every state the verdicts that they get one by one.
fn looks_up_a_page_as_single_tokens(client: &Client) {
    let first = client.pair("--user-id 7");
    let second = client.refresh(&first.refresh);
    let ended = client.pair("--user-id 8");
    let heir = client.refresh(&ended.refresh);
    client.refused(&ended.refresh);
    let revoked = client.pair("--user-id 9");
    client.revoke("", &revoked.access);
    let gone = client.pair("--user-id 10");
    client.revoke("--subject 10", "");
    let back = client.pair("--user-id 10");
    let foreign = Tokens::from_outcome(&World::with_stores().run("pair --user-id 11 --json"));
    let all = [first, second, ended, heir, revoked, gone, back, foreign];
    let tokens: Vec<&str> = all.iter().flat_map(|pair| [&*pair.access, &*pair.refresh]).collect();
    for client in [client.clone(), client.with("missing=deny")] {
        let each: String = tokens
            .iter()
            .map(|token| match client.verify(token).as_slice() {
                [] => "accepted\n".to_owned(),
                reasons => format!("rejected\t{}\n", reasons.join(",")),
            })
            .collect();
        for state in ["accepted", "reused", "revoked"] {
            assert!(each.contains(state), "{each}");
        }
        assert_eq!(client.run("verify --lines -", &tokens.join("\n")).text(), each);
    }
}

#[test]
fn a_file_is_asked_about_a_page_as_about_single_tokens() {
    looks_up_a_page_as_single_tokens(&Client::with_new_file());
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn a_server_is_asked_about_a_page_as_about_single_tokens() {
    let server = RedisServer::start();
    let client = server.client();
    looks_up_a_page_as_single_tokens(&client);
    // A fault of one record ends the run without a verdict.
    let (one, other) = (client.pair("--user-id 1"), client.pair("--user-id 2"));
    let both = [&*one.access, &*other.access].join("\n");
    for key in server.keys() {
        server.cli(&["DEL", &key]);
        server.cli(&["RPUSH", &key, "x"]);
    }
    let outcome = client.run("verify --lines -", &both);
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    assert!(outcome.stderr.contains("a key holds a value of another type"), "{}", outcome.stderr);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn applies_once_and_min_interval() {
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
fn keeps_revocations_of_tokens_families_and_subjects() {
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
    // Tokens that the server has no record of.
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
fn lists_records_and_leaves_pruning_to_the_server() {
    let server = RedisServer::start();
    let client = server.client();
    assert_eq!(client.run("revoke --list", "").result(), "the store is empty");
    let first = client.pair("--user-id 7");
    client.refresh(&first.refresh);
    client.refused(&first.refresh);
    client.revoke("", &client.pair("--user-id 8").access);
    client.revoke("--subject 9", "");
    // Keys of other programs are not listed.
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
    assert_eq!(pruned.result(), "nothing to do: the server deletes expired records by itself");
    assert_eq!(client.run("revoke --prune --json", "").json(), json!({ "dropped": null }));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn separates_stores_by_prefix_and_database() {
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
fn gives_each_key_the_lifetime_of_its_token() {
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
        // Records of one decision share a hash tag.
        assert_eq!(key.split('}').next(), Some(tag));
        assert!(!server.cli(&["GET", key]).contains("eyJ"), "a record holds no token");
    }
    assert_eq!((access, refresh), (1, 3), "the refresh token, its family and its subject");
    // Later writes never shorten a lifetime.
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
fn keeps_keys_for_a_minute_a_year_or_forever_at_least() {
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
    // A login with an earlier expiry does not shorten that.
    client.pair("--user-id 7");
    let subject = server.keys().into_iter().find(|key| key.ends_with("}:subject")).unwrap();
    about(server.ttl(&subject), 366 * DAY);
    server.cli(&["FLUSHALL"]);
    client.revoke("--family", fob("encode --jti one --exp 1h").result());
    about(only(), 366 * DAY);
    server.cli(&["FLUSHALL"]);
    // A lifetime has an upper limit, the expiry of a token has none.
    client.revoke("", &token(r#"{"jti":"far","exp":9007199254740992}"#));
    about(only(), 1000 * 366 * DAY);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn shortens_no_lifetime_with_a_clock_set_ahead() {
    let server = RedisServer::start();
    let client = server.client();
    let link = fob("encode --jti mail-1 --exp 1d").result().to_owned();
    client.run("revoke --at 2036-01-01", &link);
    about(server.ttl(&server.keys()[0]), DAY);
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn rejects_tokens_that_the_server_has_forgotten() {
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
    // Without leeway the only reason is the expiry.
    let outcome = client.with("missing=deny").run("verify --json", &link);
    assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn keeps_keys_for_the_leeway_of_the_writer() {
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
fn accepts_an_expired_recorded_token_once_within_the_leeway() {
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
fn sends_one_script_per_verdict_and_two_per_decision() {
    let server = RedisServer::start();
    let client = server.client();
    let pair = client.pair("--user-id 7");
    let asked = |run: &dyn Fn()| {
        server.calls();
        run();
        let calls = server.calls();
        let count = |name: &str| calls.iter().find(|(call, _)| call == name).map_or(0, |(_, count)| *count);
        // Each script reads three records; each record it writes takes three more calls.
        let (evals, written) = (count("eval"), count("set"));
        assert_eq!(count("get"), 3 * evals);
        assert_eq!((count("pttl"), count("pexpire")), (written, written));
        let known = ["eval", "get", "set", "pttl", "pexpire", "info", "config|resetstat"];
        assert!(calls.iter().all(|(name, _)| known.contains(&name.as_str())), "{calls:?}");
        (evals, count("info"), written)
    };
    assert_eq!(asked(&|| assert_eq!(client.verify(&pair.access), NOTHING)), (1, 0, 0));
    // Commands that write first ask for the eviction policy.
    assert_eq!(asked(&|| drop(client.refresh(&pair.refresh))), (2, 1, 4));
    assert_eq!(asked(&|| drop(client.pair("--user-id 7"))), (2, 1, 3));
    assert_eq!(asked(&|| drop(client.revoke("--subject 7", ""))), (2, 1, 1));
    assert_eq!(asked(&|| drop(client.refused(&pair.refresh))), (2, 1, 1));
    assert_eq!(asked(&|| drop(client.refused(&pair.refresh))), (1, 1, 0));
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn works_through_any_node_of_a_cluster() {
    let cluster = Cluster::with_three_nodes();
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
    assert!(shares.iter().all(|&share| share > 0), "each node holds some keys: {shares:?}");
    // Each node lists the records of all.
    for client in &clients {
        let list = client.list();
        assert_eq!(list["families"].as_array().unwrap().len(), 9);
        assert_eq!(list["subjects"].as_array().unwrap().len(), 9);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --test cli -- --ignored --skip peers"]
fn keeps_token_sets_on_a_cluster_unless_user_ids_have_braces() {
    let cluster = Cluster::with_three_nodes();
    let client = cluster.0[0].client().with("layout=user-token-set");
    for user in ["7", "8", "9", "a:b"] {
        let pair = client.pair(&format!("--user-id {user}"));
        assert_eq!(client.verify(&pair.access), NOTHING, "{user}");
        client.refresh(&pair.refresh);
        client.revoke("", &pair.access);
        assert_eq!(client.verify(&pair.access), ["revoked"], "{user}");
    }
    // Braces in a user ID would select another node for the set than for the records.
    for user in ["{7}", "{}x"] {
        let outcome = client.run(&format!("pair --user-id {user}"), "");
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        let why = "a cluster cannot keep a token set for a user ID with { or }";
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
fn keeps_acknowledged_records_when_the_server_restarts() {
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
