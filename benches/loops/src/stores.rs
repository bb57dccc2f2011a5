//! Stores that are asked in pages and nothing else is done: what `fob verify --lines --store` is measured against. Fills a
//! store with the records of the HS256 tokens, as `fob` writes them. Used by `../stores`.

#[expect(dead_code, reason = "`loops` uses the rest")]
mod stopwatch;
#[expect(dead_code, reason = "`loops` uses the rest")]
mod tokens;

use redis::Connection;
use rusqlite::{OpenFlags, params};
use sha2::{Digest as _, Sha256};
use std::env::args;
use std::hint::black_box;
use std::path::Path;
use stopwatch::Sample;
use tokens::scrambled;

const USAGE: &str =
    "usage: stores fill-sqlite PATH COUNT | fill-redis PORT COUNT | ask-sqlite RESULTS PATH COUNT | ask-redis RESULTS PORT COUNT";

fn main() {
    let words: Vec<String> = args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["fill-sqlite", path, count] => fill_sqlite(Path::new(path), count.parse().unwrap()),
        ["fill-redis", port, count] => fill_redis(port, count.parse().unwrap()),
        ["ask-sqlite", results, path, count] => {
            ask_sqlite(Path::new(path), count.parse().unwrap()).append(results, "ask-sqlite");
        }
        ["ask-redis", results, port, count] => {
            ask_redis(port, count.parse().unwrap()).append(results, "ask-redis");
        }
        _ => panic!("{USAGE}"),
    }
}

/// The number of tokens that a store is asked about at once.
const PAGE: usize = 256;

/// The names of the three records of a token.
struct Records {
    tag: String,
    token: String,
    family: String,
}

/// Returns the first half of a digest, as hexadecimal digits.
fn id(text: &str) -> String {
    Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

const ISSUER: &str = "https://id.example";
const ISSUED: u64 = 1_700_000_000;
const EXPIRES: i64 = 4_102_444_800;

fn token_id(jti: &str) -> String {
    id(&format!("token {} {ISSUER}{jti}", ISSUER.len()))
}

impl Records {
    /// Returns the records of a token. Its family has the name of another token, as after a login.
    fn new(number: u64) -> Self {
        let jti = format!("{:016x}", scrambled(number));
        Self {
            tag: id(&format!("subject user-{number:06}")),
            token: format!("token:{}", token_id(&jti)),
            family: format!("family:{}", token_id(&format!("r{jti}"))),
        }
    }

    /// Returns the names and texts of the records.
    fn texts(&self, number: u64) -> [(&str, String); 3] {
        let (jti, exp) = (scrambled(number), EXPIRES * 1000);
        let (sub, family) = (format!("user-{number:06}"), self.family.trim_start_matches("family:"));
        let begun = (ISSUED + number) * 1000;
        [
            (
                &self.token,
                format!(
                    r#"{{"record":"token","jti":"{jti:016x}","iss":"{ISSUER}","sub":"{sub}","role":"access","family":"{family}","exp":{exp}}}"#
                ),
            ),
            (
                &self.family,
                format!(
                    r#"{{"record":"family","id":"{family}","iss":"{ISSUER}","sub":"{sub}","epoch":0,"begun":{begun},"current":"r{jti:016x}","exp":{exp}}}"#
                ),
            ),
            (
                "subject",
                format!(r#"{{"record":"subject","sub":"{sub}","epoch":0,"revocations":[],"latest":{exp}}}"#),
            ),
        ]
    }

    /// Returns the key of a record on a server.
    fn key(&self, name: &str) -> String {
        format!("fob:{{{}}}:{name}", self.tag)
    }
}

fn all(count: u64) -> Vec<Records> {
    (0..count).map(Records::new).collect()
}

/// Adds the records of the first tokens to the SQLite file that `fob` made.
fn fill_sqlite(path: &Path, count: u64) {
    let mut connection = rusqlite::Connection::open(path).unwrap();
    let transaction = connection.transaction().unwrap();
    {
        let mut insert = transaction
            .prepare("INSERT INTO records (tag, name, text, expires) VALUES (?1, ?2, ?3, ?4)")
            .unwrap();
        for number in 0..count {
            let records = Records::new(number);
            for (name, text) in records.texts(number) {
                insert.execute(params![records.tag, name, text, EXPIRES * 1000]).unwrap();
            }
        }
    }
    transaction.commit().unwrap();
}

/// Adds the records of the first tokens to a Redis server.
fn fill_redis(port: &str, count: u64) {
    let mut connection = connect(port);
    for page in (0..count).collect::<Vec<_>>().chunks(PAGE) {
        let mut pipeline = redis::pipe();
        for number in page {
            let records = Records::new(*number);
            for (name, text) in records.texts(*number) {
                pipeline.set(records.key(name), text).ignore();
            }
        }
        pipeline.query::<()>(&mut connection).unwrap();
    }
}

fn connect(port: &str) -> Connection {
    redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap().get_connection().unwrap()
}

/// Reads the records of the first tokens, page by page: a transaction for each page, with one prepared statement.
fn ask_sqlite(path: &Path, count: u64) -> Sample {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = rusqlite::Connection::open_with_flags(path, flags).unwrap();
    let records = all(count);
    Sample::of(|| {
        for page in records.chunks(PAGE) {
            let transaction = connection.transaction().unwrap();
            let mut statement = transaction
                .prepare_cached("SELECT text FROM records WHERE tag = ?1 AND name = ?2")
                .unwrap();
            for Records { tag, token, family } in page {
                for name in [token, family, "subject"] {
                    let size = statement.query_row(params![tag, name], |row| {
                        Ok(black_box(row.get_ref(0)?.as_str()?).len())
                    });
                    assert!(size.unwrap() > 0);
                }
            }
        }
    })
}

/// Reads the records of the first tokens, page by page: the commands of a page are sent at once.
fn ask_redis(port: &str, count: u64) -> Sample {
    let mut connection = connect(port);
    let records = all(count);
    Sample::of(|| {
        for page in records.chunks(PAGE) {
            let mut pipeline = redis::pipe();
            for records in page {
                for name in [&*records.token, &*records.family, "subject"] {
                    pipeline.get(records.key(name));
                }
            }
            let texts: Vec<String> = pipeline.query(&mut connection).unwrap();
            assert_eq!(black_box(texts).len(), 3 * page.len());
        }
    })
}
