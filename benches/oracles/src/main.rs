//! Measures the time to refuse encrypted tokens with different faults, in random order, and compares the times of each fault
//! with those of a changed tag. The argument is the number of measurements of each fault.

mod faults;
mod random;
mod statistics;

use crate::faults::{MAX_SIZE, Subject};
use crate::random::Random;
use crate::statistics::{Difference, Times, quantile};
use fob::core::encryption::Jwe;
use fob::core::encryption::error::DecryptionError;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

/// The largest difference that is taken for noise, in standard errors. By chance alone, one in 100,000 comparisons of equal
/// times exceeds it.
const THRESHOLD: f64 = 4.5;

/// The share of measurements that count. Other processes interrupt the rest.
const KEPT: f64 = 0.9;

/// The additional time of the control, as a share of the whole.
const CONTROL: f64 = 0.01;

/// The shortest additional time of the control, in nanoseconds. A shorter one is not much longer than reading the clock.
const SHORTEST: f64 = 100.0;

fn main() -> ExitCode {
    let count = std::env::args().nth(1).map_or(10_000, |text| text.parse().unwrap());
    let mut is_constant = true;
    for subject in [faults::rsa1_5(), faults::cbc()] {
        is_constant &= measured(&subject, count);
    }
    if is_constant { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures the faults of a subject, and reports whether their times agree, and whether the measurement would show a
/// difference.
fn measured(subject: &Subject, count: usize) -> bool {
    let valid = Jwe::parse(subject.valid.as_bytes(), MAX_SIZE).unwrap();
    assert!(subject.decrypter.decrypt(&valid).is_ok(), "{}: the valid token must open", subject.name);
    let mut random = Random::new();
    // The last set is a control: tokens like those of the first, with more time.
    let control = subject.faults.len();
    let mut sets = vec![Times::default(); control + 1];
    let extra = (first_time(subject, &mut random) * CONTROL).max(SHORTEST);
    let mut order: Vec<usize> = (0..=control).collect();
    for _ in 0..count {
        let tokens: Vec<String> = order
            .iter()
            .map(|set| (subject.make)(if *set == control { 0 } else { *set }, &mut random))
            .collect();
        let mut tokens: Vec<(usize, &String)> = order.iter().copied().zip(&tokens).collect();
        random.shuffle(&mut tokens);
        for (set, token) in tokens {
            let delay = if set == control { extra } else { 0.0 };
            sets[set].0.push(time(subject, token, delay));
        }
        random.shuffle(&mut order);
    }
    let limit = quantile(&sets, KEPT);
    println!("{}: {count} measurements of each fault, compared with {}", subject.name, subject.faults[0]);
    let mut is_constant = true;
    for (index, set) in sets.iter().enumerate().skip(1) {
        let difference = set.compared(&sets[0], limit);
        let is_noise = difference.t.abs() < THRESHOLD;
        let (name, is_right) = match subject.faults.get(index) {
            Some(name) => (*name, is_noise),
            None => ("control: a little more time", !is_noise),
        };
        let verdict = match (is_noise, is_right) {
            (true, true) => "noise",
            (false, true) => "found",
            (false, false) => "DIFFERENT",
            (true, false) => "NOT FOUND: the machine is too busy for this test",
        };
        let Difference { nanoseconds, ratio, t } = difference;
        println!("  {name:<38} ratio {ratio:.5}  {nanoseconds:>+9.1} ns  t = {t:>+6.2}  {verdict}");
        is_constant &= is_right;
    }
    is_constant
}

/// Returns the median time of the first fault.
fn first_time(subject: &Subject, random: &mut Random) -> f64 {
    let times = (0..500).map(|_| time(subject, &(subject.make)(0, random), 0.0)).collect();
    quantile(&[Times(times)], 0.5)
}

/// Returns the time to refuse a token, in nanoseconds, after a delay that counts.
fn time(subject: &Subject, token: &str, delay: f64) -> f64 {
    let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).unwrap();
    let start = Instant::now();
    while (start.elapsed().as_nanos() as f64) < delay {}
    let refused = black_box(subject.decrypter.decrypt(black_box(&jwe)));
    let time = start.elapsed().as_nanos() as f64;
    assert!(matches!(refused, Err(DecryptionError::DecryptFailed)), "a token with a fault must be refused");
    time
}
