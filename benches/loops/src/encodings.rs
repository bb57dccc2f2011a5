//! Compares Base64url packages on segments of usual lengths: time of `base64` and `data-encoding`, divided by that of
//! `base64-simd`. Each figure is the median of several rounds in one run.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::BASE64URL_NOPAD;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The lengths, in bytes: the header of a token, a signature, a payload, a large payload.
const LENGTHS: [usize; 4] = [27, 75, 375, 3000];
const ROUNDS: usize = 9;

/// Prints the table of ratios.
pub fn compare() {
    println!("| bytes | decode: base64 | decode: data-encoding | encode: base64 | encode: data-encoding |");
    println!("|---:|---:|---:|---:|---:|");
    for length in LENGTHS {
        let bytes: Vec<u8> = (0..length).map(|n| (n * 37 + 11) as u8).collect();
        let text = URL_SAFE_NO_PAD.encode(&bytes);
        let text = text.as_str();
        let repeat = 40_000_000 / (length + 100);
        let decode = [
            median(repeat, || base64_simd::URL_SAFE_NO_PAD.decode_to_vec(black_box(text)).unwrap()),
            median(repeat, || URL_SAFE_NO_PAD.decode(black_box(text)).unwrap()),
            median(repeat, || BASE64URL_NOPAD.decode(black_box(text.as_bytes())).unwrap()),
        ];
        let bytes = bytes.as_slice();
        let encode = [
            median(repeat, || base64_simd::URL_SAFE_NO_PAD.encode_to_string(black_box(bytes))),
            median(repeat, || URL_SAFE_NO_PAD.encode(black_box(bytes))),
            median(repeat, || BASE64URL_NOPAD.encode(black_box(bytes))),
        ];
        let ratio = |times: &[Duration; 3], index: usize| times[index].as_secs_f64() / times[0].as_secs_f64();
        println!(
            "| {length} | {:.1} | {:.1} | {:.1} | {:.1} |",
            ratio(&decode, 1),
            ratio(&decode, 2),
            ratio(&encode, 1),
            ratio(&encode, 2)
        );
    }
}

/// Returns the median time of some repetitions of a piece of work.
fn median<T>(repeat: usize, work: impl Fn() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..repeat {
                black_box(work());
            }
            start.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}
