//! Makes logs of a web server to scan: one without tokens, and one with a token in every line.

use crate::tokens::scrambled;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// Makes the logs of this size that are missing, from the tokens in another folder.
pub fn make(dir: &Path, mib: u64, tokens: &Path) {
    let stamp = dir.join("logs-made-by");
    let generator = include_str!("logs.rs");
    if fs::read_to_string(&stamp).is_ok_and(|made_by| made_by == generator) {
        return;
    }
    fs::create_dir_all(dir).unwrap();
    let tokens = fs::read_to_string(tokens.join("HS256")).unwrap();
    fill(&dir.join("without-tokens.log"), mib, |number| request(number) + "\n");
    let mut tokens = tokens.lines().cycle();
    fill(&dir.join("with-tokens.log"), mib, |number| {
        format!("{} auth=\"Bearer {}\"\n", request(number), tokens.next().unwrap())
    });
    fs::write(stamp, generator).unwrap();
}

fn fill(path: &Path, mib: u64, mut line: impl FnMut(u64) -> String) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut written = 0;
    for number in 0.. {
        let line = line(number);
        file.write_all(line.as_bytes()).unwrap();
        written += line.len() as u64;
        if written >= mib << 20 {
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
