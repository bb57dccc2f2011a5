//! Finds parts of secrets in a text, in any letter case, backwards, in hexadecimal and in Base64.

use super::argument::SHORTEST;
use crate::core::token::base64url;
use std::collections::HashSet;
use std::fmt::Write as _;

/// The length of the shortest secret that is searched. Parts of shorter ones occur in any text.
const SHORTEST_SECRET: usize = 5;

/// The number of characters of Base64 that encode any 8 bytes.
const IN_BASE64: usize = 9;

/// The parts of secrets, by their length.
pub(super) struct Fragments {
    sets: Vec<(usize, HashSet<Vec<char>>)>,
}

impl Fragments {
    /// Collects the parts of all secrets.
    pub(super) fn new(secrets: &[&str]) -> Self {
        let mut fragments = Self { sets: Vec::new() };
        for secret in secrets.iter().map(|secret| secret.trim()) {
            let length = secret.chars().count().min(SHORTEST);
            if length < SHORTEST_SECRET {
                continue;
            }
            let lower = folded(secret);
            let backwards: Vec<char> = lower.iter().rev().copied().collect();
            fragments.add(&lower, length);
            fragments.add(&backwards, length);
            fragments.add(&hexadecimal(secret), 2 * length);
            for start in 0..3 {
                let rest = secret.as_bytes().get(start..).unwrap_or_default();
                let whole = rest.get(..rest.len() / 3 * 3).unwrap_or_default();
                fragments.add(&folded(&base64url::encode(whole)), IN_BASE64);
            }
        }
        fragments
    }

    fn add(&mut self, text: &[char], length: usize) {
        let parts = text.windows(length).map(<[char]>::to_vec);
        match self.sets.iter_mut().find(|(known, _)| *known == length) {
            Some((_, set)) => set.extend(parts),
            None => self.sets.push((length, parts.collect())),
        }
    }

    /// Reports whether a text holds a part of a secret.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let lower = folded(text);
        // Bytes in hexadecimal can be separated.
        let joined: Vec<char> = lower.iter().copied().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let is_in = |text: &[char]| {
            self.sets.iter().any(|(length, set)| text.windows(*length).any(|part| set.contains(part)))
        };
        is_in(&lower) || is_in(&joined)
    }
}

/// Returns a text in lower case, in the alphabet of Base64url.
fn folded(text: &str) -> Vec<char> {
    let same = |c| match c {
        '+' => '-',
        '/' => '_',
        c => c,
    };
    text.chars().flat_map(char::to_lowercase).map(same).collect()
}

fn hexadecimal(text: &str) -> Vec<char> {
    let mut hex = String::with_capacity(2 * text.len());
    for byte in text.bytes() {
        // A String takes every write.
        let _ = write!(hex, "{byte:02x}");
    }
    hex.chars().collect()
}
