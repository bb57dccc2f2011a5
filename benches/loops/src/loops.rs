//! The loops. Each does one thing to every token of a file, on one thread, with the tokens in memory and a prepared key.

use crate::stopwatch::Sample;
use crate::tokens::SECRET;
use aws_lc_rs::signature::{self, ParsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use memchr::{memchr, memchr_iter, memrchr};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;
use std::fs;
use std::hint::black_box;
use std::path::Path;

/// Runs one loop once.
pub fn run(name: &str, dir: &Path) -> Sample {
    let alg = name.strip_prefix("bare-").unwrap_or("HS256");
    let path = dir.join(alg);
    let text = fs::read(&path).unwrap();
    match name {
        "hmac" => {
            let key = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
            Signed::new(&text).verify(|input, mac| key.clone().chain_update(input).verify_slice(mac).is_ok())
        }
        "hmac-ring" => {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET);
            Signed::new(&text).verify(|input, mac| ring::hmac::verify(&key, input, mac).is_ok())
        }
        "hmac-aws-lc" => {
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET);
            Signed::new(&text).verify(|input, mac| aws_lc_rs::hmac::verify(&key, input, mac).is_ok())
        }
        _ if name.starts_with("bare-") => {
            let key = public_key(dir, alg);
            Signed::new(&text).verify(|input, signature| key.verify_sig(input, signature).is_ok())
        }
        "jsonwebtoken" => {
            let key = DecodingKey::from_secret(SECRET);
            let mut validation = Validation::new(Algorithm::HS256);
            validation.validate_aud = false; // fob runs without --aud, too
            all(&lines(&text), |token| jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok())
        }
        "jsonwebtoken-encode" => {
            let claims = fs::read(dir.join("claims")).unwrap();
            let (header, key) = (Header::new(Algorithm::HS256), EncodingKey::from_secret(SECRET));
            all(&lines(&claims), |claims| {
                let claims: Value = serde_json::from_slice(claims).unwrap();
                black_box(jsonwebtoken::encode(&header, &claims, &key)).is_ok()
            })
        }
        "read" => Sample::of(|| drop(black_box(fs::read(&path).unwrap()))),
        "lines" => Sample::of(|| {
            black_box(each_line(&text).map(<[u8]>::len).max());
        }),
        "segments" => Sample::of(|| {
            black_box(each_line(&text).map(|token| segments(token).map(<[u8]>::len)).max());
        }),
        "base64" => all(&each_segments(&text), |token| {
            let mut bytes = [0; 512];
            token.iter().all(|text| black_box(URL_SAFE_NO_PAD.decode_slice(text, &mut bytes)).is_ok())
        }),
        "base64-simd" => all(&each_segments(&text), |token| {
            let mut bytes = [0; 512];
            let engine = base64_simd::URL_SAFE_NO_PAD;
            token
                .iter()
                .all(|text| black_box(engine.decode(text, base64_simd::Out::from_slice(&mut bytes))).is_ok())
        }),
        "json-typed" => {
            let payloads = payloads(&text);
            all(&lines(&payloads), |json| black_box(serde_json::from_slice::<Claims>(json)).is_ok())
        }
        "json-value" => {
            let payloads = payloads(&text);
            all(&lines(&payloads), |json| black_box(serde_json::from_slice::<Value>(json)).is_ok())
        }
        _ => panic!("there is no loop {name}"),
    }
}

/// Times a test of every item. Every item must pass.
fn all<T>(items: &[T], passes: impl Fn(&T) -> bool) -> Sample {
    Sample::of(|| assert!(items.iter().all(passes), "a token was refused"))
}

/// Returns the signing inputs, and their decoded signatures in one buffer.
struct Signed<'a> {
    inputs: Vec<&'a [u8]>,
    signatures: Vec<u8>,
}

impl<'a> Signed<'a> {
    fn new(text: &'a [u8]) -> Self {
        let mut signatures = Vec::with_capacity(text.len() / 2);
        let inputs = each_line(text)
            .map(|token| {
                let dot = memrchr(b'.', token).unwrap();
                URL_SAFE_NO_PAD.decode_vec(&token[dot + 1..], &mut signatures).unwrap();
                &token[..dot]
            })
            .collect();
        Self { inputs, signatures }
    }

    fn verify(&self, holds: impl Fn(&[u8], &[u8]) -> bool) -> Sample {
        let size = self.signatures.len() / self.inputs.len();
        Sample::of(|| {
            let mut pairs = self.inputs.iter().zip(self.signatures.chunks_exact(size));
            assert!(pairs.all(|(input, signature)| holds(input, signature)), "a signature was refused");
        })
    }
}

fn public_key(dir: &Path, alg: &str) -> ParsedPublicKey {
    let pem = fs::read(dir.join(format!("{alg}.public.pem"))).unwrap();
    let spki = pem::parse(pem).unwrap().into_contents();
    match alg {
        "RS256" => ParsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, spki),
        "ES256" => ParsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, spki),
        "ES384" => ParsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, spki),
        "ML-DSA-65" => ParsedPublicKey::new(&signature::ML_DSA_65, spki),
        _ => ParsedPublicKey::new(&signature::ED25519, spki),
    }
    .unwrap()
}

/// The claims of a token, borrowed from its text.
#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed for the sake of parsing")]
struct Claims<'a> {
    sub: &'a str,
    iss: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    jti: &'a str,
    role: &'a str,
}

fn each_line(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr_iter(b'\n', text).map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    each_line(text).collect()
}

fn segments(token: &[u8]) -> [&[u8]; 3] {
    let first = memchr(b'.', token).unwrap();
    let last = memrchr(b'.', token).unwrap();
    [&token[..first], &token[first + 1..last], &token[last + 1..]]
}

fn each_segments(text: &[u8]) -> Vec<[&[u8]; 3]> {
    each_line(text).map(segments).collect()
}

fn payloads(text: &[u8]) -> Vec<u8> {
    let mut payloads = Vec::with_capacity(text.len());
    for [_, payload, _] in each_line(text).map(segments) {
        URL_SAFE_NO_PAD.decode_vec(payload, &mut payloads).unwrap();
        payloads.push(b'\n');
    }
    payloads
}
