//! Secrets that no output may hold. A search finds each of them in plain text, Base64, Base64url, hexadecimal, decimal,
//! percent-encoded or escaped as in JSON, in letters of either case, and also if only a part of it is there.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::collections::HashSet;

/// How many characters of a secret are enough to call it found.
const WINDOW: usize = 10;

/// The pieces of all secrets, in every spelling, in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(HashSet<[u8; WINDOW]>);

impl Marks {
    /// Adds a secret.
    pub(crate) fn add(&mut self, secret: &[u8]) {
        assert!(secret.len() >= WINDOW, "{secret:?} is too short to be found");
        self.insert(secret);
        for spelling in spellings(secret) {
            self.insert(spelling.as_bytes());
        }
    }

    fn insert(&mut self, text: &[u8]) {
        let text = text.to_ascii_lowercase();
        self.0.extend(text.windows(WINDOW).map(|piece| <[u8; WINDOW]>::try_from(piece).unwrap()));
    }

    /// Returns the first piece of a secret in a text.
    pub(crate) fn find(&self, text: &[u8]) -> Option<String> {
        let plain = text.to_ascii_lowercase();
        let decoded: Vec<u8> = percent_encoding::percent_decode(&plain).collect();
        let found =
            plain.windows(WINDOW).chain(decoded.windows(WINDOW)).find(|piece| self.0.contains(*piece));
        found.map(|piece| String::from_utf8_lossy(piece).into_owned())
    }
}

fn spellings(secret: &[u8]) -> Vec<String> {
    let each = |spell: fn(&u8) -> String| secret.iter().map(spell).collect::<Vec<_>>();
    let mut all = vec![
        each(|byte| format!("{byte:02x}")).concat(),
        each(|byte| format!("{byte:02x}")).join(":"),
        each(|byte| byte.to_string()).join(", "),
        each(|byte| byte.to_string()).join(","),
        each(|byte| format!("%{byte:02x}")).concat(),
        each(|byte| format!("\\u{byte:04x}")).concat(),
        each(|byte| format!("\\x{byte:02x}")).concat(),
    ];
    // The secret can begin at any of three places of a group of four characters.
    for before in 0..3 {
        let bytes = [&vec![0; before], secret].concat();
        for engine in [&STANDARD, &URL_SAFE] {
            let text = engine.encode(&bytes);
            let text = text.trim_end_matches('=');
            let (start, end) = ((before * 8).div_ceil(6), text.len() - usize::from(bytes.len() % 3 != 0));
            all.push(text[start..end].to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_secret_in_every_spelling() {
        let secret = "violet-kettle-31?~ÿ";
        let mut marks = Marks::default();
        marks.add(secret.as_bytes());
        for text in spellings(secret.as_bytes()) {
            assert!(
                marks.find(format!("error: {} is wrong", text.to_uppercase()).as_bytes()).is_some(),
                "{text}"
            );
        }
        for before in ["", "a", "ab", "abc"] {
            let text = STANDARD.encode(format!("{before}{secret}{before}"));
            assert!(marks.find(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["VIOLET-KETTLE", "viOLET-Kettle-", "violet%2Dkettle", "xx-kettle-31?yy"] {
            assert!(marks.find(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["violet-ke", "kettle of violets", ""] {
            assert_eq!(marks.find(text.as_bytes()), None);
        }
    }
}
