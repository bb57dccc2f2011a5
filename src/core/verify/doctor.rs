//! The secret doctor: if a MAC does not fit, it finds out which variant of the given secret fits. It tries common
//! mistakes with a secret that the user has, such as a wrong format. It never guesses secrets.

use crate::core::key::Key;
use crate::core::key::secret::{Secret, SecretFormat, without_line_break};
use crate::core::token::algorithm::Algorithm;
use crate::core::token::jws::signing_input;
use std::fmt;

/// A secret as the user gave it, and as it was decoded.
#[derive(Clone, Debug)]
pub struct Written {
    /// The bytes that were given.
    pub bytes: Secret,
    /// The decoded secret.
    pub taken: Secret,
    /// True if it came from a file or a stream, where an editor may have added a line break.
    pub in_file: bool,
}

/// A variant of the secret that the signature fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearMiss {
    change: Option<Change>,
    /// The algorithm of the signature, if the header names another.
    algorithm: Option<Algorithm>,
}

/// The difference between the given secret and the one that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Format(SecretFormat),
    WithoutLineBreak { in_file: bool },
    WithoutByteOrderMark,
    WithLineBreak,
    WithCrlf,
    WithoutSpace,
    WithoutQuotes,
    QuotedFormat(SecretFormat),
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signature fits this secret")?;
        match self.change {
            None => {}
            Some(Change::Format(SecretFormat::Text)) => {
                f.write_str(" taken as text: use --secret-format text")?
            }
            Some(Change::Format(SecretFormat::Raw)) => {
                f.write_str(" with its line break: use --secret-format raw")?;
            }
            Some(Change::Format(format)) => {
                write!(f, " decoded from {name}: use --secret-format {name}", name = format.name())?;
            }
            Some(Change::WithoutLineBreak { in_file: true }) => {
                f.write_str(" without its line break: use --secret-format text")?;
            }
            Some(Change::WithoutLineBreak { in_file: false }) => {
                f.write_str(" without the line break at its end")?
            }
            Some(Change::WithoutByteOrderMark) => f.write_str(" without the byte order mark before it")?,
            Some(Change::WithLineBreak) => {
                f.write_str(" with a line break after it: give it in a file, with --secret-format raw")?;
            }
            Some(Change::WithCrlf) => {
                f.write_str(" with a CRLF line break after it: give it in a file, with --secret-format raw")?;
            }
            Some(Change::WithoutSpace) => f.write_str(" without the white space around it")?,
            Some(Change::WithoutQuotes) => f.write_str(" without the quotes around it")?,
            Some(Change::QuotedFormat(format)) => {
                write!(
                    f,
                    " without its quotes and decoded from {name}: use --secret-format {name}",
                    name = format.name()
                )?;
            }
        }
        self.algorithm.map_or(Ok(()), |algorithm| {
            write!(f, "; it was made with {algorithm}, but the header names another algorithm")
        })
    }
}

/// Returns the variants of the given secret that the signature fits. Returns `None` if nothing was tried, because no
/// HMAC makes a signature of that length. `claimed` is the algorithm that the header names.
pub(super) fn near_misses(
    text: &str,
    signature: &[u8],
    claimed: Algorithm,
    written: &Written,
) -> Option<Vec<NearMiss>> {
    let mut found: Vec<NearMiss> = Vec::new();
    let mut tried: Vec<Secret> = Vec::new();
    // The length of a MAC tells its algorithm.
    let actual = Algorithm::ALL.iter().copied().find(|known| known.mac_bytes() == Some(signature.len()))?;
    let algorithm = (actual != claimed).then_some(actual);
    for (change, secret) in candidates(written) {
        let known = tried.iter().any(|earlier| earlier.expose() == secret.expose());
        let same_as_given = change.is_none() && algorithm.is_none();
        if known || secret.expose().is_empty() {
            continue;
        }
        let fits = !same_as_given && {
            let key = Key::hmac(secret.clone(), None, String::new());
            key.verifier(actual).is_ok_and(|verifier| verifier.verifies(signing_input(text), signature))
        };
        if fits {
            found.push(NearMiss { change, algorithm });
        }
        tried.push(secret);
    }
    Some(found)
}

/// Returns the secret as it was decoded, then every variant to try.
fn candidates(written: &Written) -> Vec<(Option<Change>, Secret)> {
    let bytes = written.bytes.expose();
    let in_file = written.in_file;
    let text = without_line_break(bytes);
    let trimmed = text.trim_ascii();
    let unquoted = unquoted(trimmed);
    let mut list: Vec<(Option<Change>, Secret)> = Vec::new();
    let mut add = |change, secret: Option<Secret>| list.extend(secret.map(|secret| (change, secret)));
    let plain = |bytes: &[u8]| Some(Secret::new(bytes.to_vec()));

    add(None, Some(written.taken.clone()));
    if text.len() < bytes.len() {
        add(Some(Change::WithoutLineBreak { in_file }), plain(text));
    }
    add(
        Some(Change::WithoutByteOrderMark),
        bytes.strip_prefix(b"\xEF\xBB\xBF").map(without_line_break).and_then(plain),
    );
    for format in [
        SecretFormat::Text,
        SecretFormat::Raw,
        SecretFormat::Base64,
        SecretFormat::Base64url,
        SecretFormat::Hex,
    ] {
        add(Some(Change::Format(format)), format.read(bytes).ok());
    }
    add(Some(Change::WithoutSpace), plain(trimmed));
    if let Some(unquoted) = unquoted {
        add(Some(Change::WithoutQuotes), plain(unquoted));
        for format in [SecretFormat::Base64, SecretFormat::Hex] {
            add(Some(Change::QuotedFormat(format)), format.read(unquoted).ok());
        }
    }
    add(Some(Change::WithLineBreak), plain(&[text, b"\n"].concat()));
    add(Some(Change::WithCrlf), plain(&[text, b"\r\n"].concat()));
    list
}

/// Returns the text between a pair of quotes.
fn unquoted(text: &[u8]) -> Option<&[u8]> {
    [b'"', b'\'', b'`'].iter().find_map(|quote| text.strip_prefix(&[*quote])?.strip_suffix(&[*quote]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the hints for the secret `given` if the token was signed with `real`.
    fn advice(real: &[u8], signed_with: Algorithm, given: &[u8], format: SecretFormat) -> Vec<String> {
        let text = "eyJhbGciOiJIUzI1NiJ9.e30.x";
        let key = Key::hmac(Secret::new(real.to_vec()), None, String::new());
        let signature = key.signer(signed_with).unwrap().sign(signing_input(text)).unwrap();
        let taken = format.read(given).unwrap();
        let written = Written { bytes: Secret::new(given.to_vec()), taken, in_file: true };
        let misses = near_misses(text, &signature, Algorithm::Hs256, &written).unwrap();
        misses.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn finds_every_variant_and_names_the_option() {
        use Algorithm::Hs256;
        use SecretFormat::{Base64, Raw, Text};
        for (real, given, format, words) in [
            (&b"hello"[..], &b"aGVsbG8="[..], Text, "decoded from base64: use --secret-format base64"),
            (b"\xFB\xFF", b"-_8", Text, "--secret-format base64"),
            (b"hello", b"68656c6c6f\n", Text, "decoded from hex: use --secret-format hex"),
            (b"hello\n", b"hello\n", Text, "with its line break: use --secret-format raw"),
            (b"hello", b"hello\n", Raw, "without its line break: use --secret-format text"),
            (b"hello\n", b"hello", Text, "with a line break after it"),
            (b"hello\r\n", b"hello", Text, "with a CRLF line break after it"),
            (b"hello", b"\"hello\"", Text, "without the quotes around it"),
            (b"hello", b"'aGVsbG8='", Text, "without its quotes and decoded from base64"),
            (b"hello", b"\xEF\xBB\xBFhello\n", Text, "without the byte order mark before it"),
            (b"hello", b"  hello ", Text, "without the white space around it"),
            (b"aGVsbG8=", b"aGVsbG8=", Base64, "taken as text: use --secret-format text"),
        ] {
            let advice = advice(real, Hs256, given, format);
            assert_eq!(advice.len(), 1, "{words}: {advice:?}");
            assert!(advice[0].contains(words), "{words}: {advice:?}");
        }
    }

    #[test]
    fn blames_no_format_for_a_line_break_in_a_variable() {
        let text = "eyJhbGciOiJIUzI1NiJ9.e30.x";
        let key = Key::hmac(Secret::new(b"hello".to_vec()), None, String::new());
        let signature = key.signer(Algorithm::Hs256).unwrap().sign(signing_input(text)).unwrap();
        let bytes = Secret::new(b"hello\n".to_vec());
        let written = Written { taken: bytes.clone(), bytes, in_file: false };
        let misses = near_misses(text, &signature, Algorithm::Hs256, &written).unwrap();
        let advice: Vec<_> = misses.iter().map(ToString::to_string).collect();
        assert_eq!(advice, ["the signature fits this secret without the line break at its end"]);
    }

    #[test]
    fn recognizes_another_hmac_by_its_length() {
        let advice = advice(b"hello", Algorithm::Hs512, b"hello", SecretFormat::Text);
        assert_eq!(
            advice,
            [
                "the signature fits this secret; it was made with HS512, but the header names another algorithm"
            ]
        );
    }

    #[test]
    fn finds_nothing_for_another_secret() {
        assert_eq!(advice(b"another", Algorithm::Hs256, b"hello", SecretFormat::Text), [""; 0]);
    }

    #[test]
    fn never_repeats_the_secret() {
        for advice in advice(b"hunter2", Algorithm::Hs256, b"hunter2\n", SecretFormat::Raw) {
            assert!(!advice.contains("hunter2"));
        }
    }
}
