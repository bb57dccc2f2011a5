//! Tries the [variants](super::variants) of the given secret after its MAC did not fit. It never guesses other secrets.

use super::parts::{Part, is_name};
use super::variants::{GivenText, SECRET_MISSES, Variant};
use crate::core::key::Key;
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::jws::SigningInput;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::core::verify) struct NearMiss {
    /// The part of the given text that fits, if the text has several.
    part: Option<Part>,
    /// The difference to the given secret, or `None` for the secret as it is.
    change: Option<&'static str>,
    /// The algorithm of the signature, if the header names another.
    algorithm: Option<Algorithm>,
}

/// The variants of a secret that were tried.
#[derive(Debug)]
pub(in crate::core::verify) struct SecretExamination {
    /// The variants that the signature fits.
    pub(in crate::core::verify) fitting: Vec<NearMiss>,
    /// The groups of variants that were tried, each once.
    pub(in crate::core::verify) tried: Vec<&'static str>,
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Some(part) => write!(f, "the signature fits {part}")?,
            None => f.write_str("the signature fits this secret")?,
        }
        if let Some(change) = self.change {
            write!(f, " {change}")?;
        }
        self.algorithm.map_or(Ok(()), |algorithm| {
            write!(
                f,
                "; it was made with {algorithm}, but the header names another algorithm: the signer must write \
                 `{algorithm}` in the header"
            )
        })
    }
}

/// Tries the variants of the given secret. Returns `None` if nothing was tried, because no HMAC makes a signature of that
/// length. `claimed` is the algorithm that the header names.
pub(in crate::core::verify) fn examine_secret(
    input: SigningInput<'_>,
    signature: &[u8],
    claimed: Algorithm,
    written: &Written,
) -> Option<SecretExamination> {
    // The length of a MAC tells its algorithm.
    let actual = Algorithm::ALL.iter().copied().find(|known| known.mac_bytes() == Some(signature.len()))?;
    let algorithm = (actual != claimed).then_some(actual);
    let fits = |secret: &Secret| {
        let key = Key::hmac(secret.clone(), None, String::new());
        key.verifier(actual).is_ok_and(|verifier| verifier.verifies(input, signature))
    };
    let mut found = SecretExamination { fitting: Vec::new(), tried: Vec::new() };
    // With the algorithm of the header, the unchanged secret was already tried.
    if algorithm.is_some() {
        found.tried.push("another HMAC");
        found.fitting.extend(fits(&written.taken).then_some(NearMiss {
            part: None,
            change: None,
            algorithm,
        }));
    }
    let mut seen: Vec<Secret> = vec![written.taken.clone()];
    let given = GivenText::new(written.bytes.expose(), written.in_file);
    for miss in &SECRET_MISSES {
        for Variant { secret, part } in miss.variants(given) {
            let is_known = seen.iter().any(|earlier| earlier.expose() == secret.expose());
            if is_known || secret.expose().is_empty() {
                continue;
            }
            if !found.tried.contains(&miss.group) {
                found.tried.push(miss.group);
            }
            if fits(&secret) {
                found.fitting.push(NearMiss { part, change: Some(miss.hint), algorithm });
            }
            seen.push(secret);
        }
    }
    Some(found)
}

/// A secret that stands for another one, which a shell or a person should have put in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfilled {
    /// The look of the secret.
    pub what: &'static str,
    /// The remedy, as an imperative.
    pub remedy: &'static str,
}

/// Returns what is missing from a secret that is the name of a variable, or a placeholder.
#[must_use]
pub fn unfilled(written: &Written) -> Option<Unfilled> {
    let text = written.bytes.expose().trim_ascii();
    let inside = |open: &[u8], close: &[u8]| {
        text.strip_prefix(open)?.strip_suffix(close).filter(|name| !name.is_empty())
    };
    let between = |open: &[u8], close: &[u8]| inside(open, close).is_some();
    let holds_words = |open: &[u8], close: &[u8]| inside(open, close).is_some_and(are_words);
    let is_variable = between(b"${", b"}")
        || between(b"$(", b")")
        || text.strip_prefix(b"$").is_some_and(is_name)
        || text.strip_prefix(b"%").and_then(|rest| rest.strip_suffix(b"%")).is_some_and(is_name);
    if is_variable {
        Some(Unfilled {
            what: "the secret looks like the name of a variable that was not expanded",
            remedy: "use --secret-env with its name, or double quotes in place of single ones",
        })
    } else if holds_words(b"<", b">") || between(b"{{", b"}}") || holds_words(b"[", b"]") {
        Some(Unfilled {
            what: "the secret looks like a placeholder",
            remedy: "replace it with the real secret",
        })
    } else {
        None
    }
}

/// Reports whether a text is words, such as `your-256-bit secret`. Markup and lists are not.
fn are_words(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_alphabetic)
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b" _-.:!?'".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::secret::SecretFormat;

    /// Returns the hints for the secret `given` if the token was signed with `real`.
    fn advice(real: &[u8], signed_with: Algorithm, given: &[u8], format: SecretFormat) -> Vec<String> {
        let input = SigningInput::new("eyJhbGciOiJIUzI1NiJ9.e30");
        let key = Key::hmac(Secret::new(real.to_vec()), None, String::new());
        let signature = key.signer(signed_with).unwrap().sign(input).unwrap();
        let taken = format.read(given).unwrap();
        let written = Written { bytes: Secret::new(given.to_vec()), taken, in_file: true };
        let examined = examine_secret(input, &signature, Algorithm::Hs256, &written).unwrap();
        examined.fitting.iter().map(ToString::to_string).collect()
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
        let input = SigningInput::new("eyJhbGciOiJIUzI1NiJ9.e30");
        let key = Key::hmac(Secret::new(b"hello".to_vec()), None, String::new());
        let signature = key.signer(Algorithm::Hs256).unwrap().sign(input).unwrap();
        let bytes = Secret::new(b"hello\n".to_vec());
        let written = Written { taken: bytes.clone(), bytes, in_file: false };
        let examined = examine_secret(input, &signature, Algorithm::Hs256, &written).unwrap();
        let advice: Vec<_> = examined.fitting.iter().map(ToString::to_string).collect();
        assert_eq!(
            advice,
            ["the signature fits this secret without the line break at its end: remove that line break"]
        );
    }

    #[test]
    fn recognizes_another_hmac_by_its_length() {
        let advice = advice(b"hello", Algorithm::Hs512, b"hello", SecretFormat::Text);
        assert_eq!(
            advice,
            [
                "the signature fits this secret; it was made with HS512, but the header names another algorithm: the \
                 signer must write `HS512` in the header"
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

    #[test]
    fn recognizes_a_variable_or_a_placeholder_in_place_of_a_secret() {
        let (variable, placeholder) = (
            "the secret looks like the name of a variable that was not expanded",
            "the secret looks like a placeholder",
        );
        for (text, what) in [
            ("${JWT_SECRET}", Some(variable)),
            ("$(JWT_SECRET)", Some(variable)),
            ("$JWT_SECRET", Some(variable)),
            ("%JWT_SECRET%", Some(variable)),
            ("<your secret>", Some(placeholder)),
            ("{{ secret }}", Some(placeholder)),
            ("[secret]\n", Some(placeholder)),
            ("hunter2", None),
            ("${}", None),
            ("<>", None),
            ("<secret", None),
            ("<add key=\"JwtSecret\" value=\"hello\"/>", None),
            ("[104,101,108]", None),
            ("[\"hello\"]", None),
            ("<CHANGE_ME!>", Some(placeholder)),
            ("secret]", None),
        ] {
            let bytes = Secret::new(text.as_bytes().to_vec());
            let written = Written { taken: bytes.clone(), bytes, in_file: false };
            assert_eq!(unfilled(&written).map(|unfilled| unfilled.what), what, "{text}");
        }
    }
}
