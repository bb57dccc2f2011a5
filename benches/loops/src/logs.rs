//! Makes logs of a web server to scan: one without tokens, and one with a token in every line.

use crate::tokens::scrambled;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

const SIZE: u64 = 1 << 30;

/// Makes the missing logs, from the tokens that exist.
pub fn make(dir: &Path) {
    let stamp = dir.join("logs-made-by");
    let generator = include_str!("logs.rs");
    if fs::read_to_string(&stamp).is_ok_and(|made_by| made_by == generator) {
        return;
    }
    let tokens = fs::read_to_string(dir.join("HS256")).unwrap();
    fill(&dir.join("without-tokens.log"), |number| request(number) + "\n");
    let mut tokens = tokens.lines().cycle();
    fill(&dir.join("with-tokens.log"), |number| {
        format!("{} auth=\"Bearer {}\"\n", request(number), tokens.next().unwrap())
    });
    fs::write(stamp, generator).unwrap();
}

fn fill(path: &Path, mut line: impl FnMut(u64) -> String) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut written = 0;
    for number in 0.. {
        let line = line(number);
        file.write_all(line.as_bytes()).unwrap();
        written += line.len() as u64;
        if written >= SIZE {
            break;
        }
    }
    file.flush().unwrap();
}

/// Returns a line in the combined log format, about 220 bytes, with the number of the request in hexadecimal.
fn request(number: u64) -> String {
    let random = scrambled(number);
    let (minute, second) = (number / 60 % 60, number % 60);
    let method = ["GET", "GET", "GET", "POST", "PUT"][(random % 5) as usize];
    let status = [200, 200, 200, 204, 304, 404][(random % 6) as usize];
    format!(
        "203.0.113.{} - - [14/Nov/2023:22:{minute:02}:{second:02} +0000] \"{method} /v1/orders/{}?page={} HTTP/1.1\" {status} {} \"https://shop.example/cart\" \"Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0\" request={random:016x}",
        random % 256,
        random % 1_000_000,
        random % 40,
        random % 20_000,
    )
}
