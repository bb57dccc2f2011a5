//! Makes what grows: sets of more and more keys with tokens that name them, and larger and larger tokens.

use crate::tokens::{SECRET, claims, scrambled};
use aws_lc_rs::encoding::{AsBigEndian as _, EcPublicKeyUncompressedBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// The numbers of P-256 keys in a set, and the number of tokens for each set.
const KEYS: [u64; 5] = [10, 100, 1_000, 10_000, 100_000];
const TOKENS: u64 = 20_000;

/// The lengths of tokens, and the bytes of all tokens of a length.
const LENGTHS: [usize; 7] = [200, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20];
const BYTES: usize = 32 << 20;

/// Makes `COUNT.jwks` and `COUNT.tokens` for each number of keys. The tokens name all keys in a random order.
pub fn make_sets(dir: &Path) {
    make_once(dir, || {
        let random = SystemRandom::new();
        for count in KEYS {
            let pairs: Vec<_> = (0..count)
                .map(|_| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
                .collect();
            let members: Vec<_> = pairs.iter().enumerate().map(|(number, pair)| jwk(number, pair)).collect();
            fs::write(
                dir.join(format!("{count}.jwks")),
                format!("{{\"keys\":[\n{}\n]}}\n", members.join(",\n")),
            )
            .unwrap();
            let mut file = BufWriter::new(File::create(dir.join(format!("{count}.tokens"))).unwrap());
            for number in 0..TOKENS {
                let key = (scrambled(number) % count) as usize;
                let header = format!(r#"{{"alg":"ES256","typ":"JWT","kid":"key-{key:06}"}}"#);
                let input = signing_input(&header, &claims(number));
                let signature = pairs[key].sign(&random, input.as_bytes()).unwrap();
                writeln!(file, "{input}.{}", URL_SAFE_NO_PAD.encode(signature)).unwrap();
            }
            file.flush().unwrap();
        }
    });
}

/// Makes a file of tokens for each length, named after it.
pub fn make_sizes(dir: &Path) {
    make_once(dir, || {
        let key = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
        for length in LENGTHS {
            let mut file = BufWriter::new(File::create(dir.join(length.to_string())).unwrap());
            for number in 0..BYTES / length {
                let input = signing_input(r#"{"alg":"HS256","typ":"JWT"}"#, &padded(number as u64, length));
                let mac = key.clone().chain_update(&input).finalize().into_bytes();
                writeln!(file, "{input}.{}", URL_SAFE_NO_PAD.encode(mac)).unwrap();
            }
            file.flush().unwrap();
        }
    });
}

/// Runs `work` if the folder was not made by this code, and leaves a stamp there.
fn make_once(dir: &Path, work: impl FnOnce()) {
    let stamp = dir.join("made-by");
    let generator = include_str!("growth.rs");
    if fs::read_to_string(&stamp).is_ok_and(|made_by| made_by == generator) {
        return;
    }
    fs::create_dir_all(dir).unwrap();
    work();
    fs::write(stamp, generator).unwrap();
}

fn signing_input(header: &str, payload: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
}

/// Returns the public half as a JWK.
fn jwk(number: usize, pair: &EcdsaKeyPair) -> String {
    let point: EcPublicKeyUncompressedBin<'_> = pair.public_key().as_be_bytes().unwrap();
    let (x, y) = point.as_ref()[1..].split_at(32);
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    format!(
        r#"{{"kty":"EC","crv":"P-256","kid":"key-{number:06}","alg":"ES256","use":"sig","x":"{x}","y":"{y}"}}"#
    )
}

/// Returns claims with a text that makes the token nearly as long as `length`, and never longer.
fn padded(number: u64, length: usize) -> String {
    let around = format!(r#"{{"sub":"user-{number:06}","exp":4102444800,"text":""}}"#);
    // The header, the MAC and two dots are 81 characters. Three bytes of the payload are four characters.
    let room = (length - 81) / 4 * 3 - around.len();
    let mut text = String::with_capacity(room + 16);
    for part in 0.. {
        if text.len() >= room {
            break;
        }
        text.push_str(&format!("{:016x}", scrambled(number * 65_536 + part)));
    }
    text.truncate(room);
    around.replace(r#""text":"""#, &format!(r#""text":"{text}""#))
}
