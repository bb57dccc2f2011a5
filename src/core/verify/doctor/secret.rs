//! Near misses of a secret: if a MAC does not fit, a variant of the given secret may. It tries common mistakes with a
//! secret that the user has, such as a wrong format. It never guesses secrets.

use crate::core::key::Key;
use crate::core::key::secret::{Secret, SecretFormat, without_line_break};
use crate::core::token::algorithm::Algorithm;
use crate::core::token::jws::signing_input;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
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
pub(in crate::core::verify) struct NearMiss {
    change: Option<Change>,
    /// The algorithm of the signature, if the header names another.
    algorithm: Option<Algorithm>,
}

/// The changes of a secret that are tried, for the closing line.
pub(in crate::core::verify) const SECRET_ATTEMPTS: &str = "line break, byte order mark, UTF-16, white space, quotes, \
    `NAME=`, base64, base64url, hex";

/// The difference between the given secret and the one that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Format(SecretFormat),
    WithoutLineBreak {
        in_file: bool,
    },
    QuotedFormat(SecretFormat),
    /// Any other change, as the end of the sentence.
    Words(&'static str),
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
            Some(Change::QuotedFormat(format)) => {
                let name = format.name();
                write!(f, " without its quotes and decoded from {name}: use --secret-format {name}")?;
            }
            Some(Change::Words(words)) => write!(f, " {words}")?,
        }
        self.algorithm.map_or(Ok(()), |algorithm| {
            write!(f, "; it was made with {algorithm}, but the header names another algorithm")
        })
    }
}

/// Returns the variants of the given secret that the signature fits. Returns `None` if nothing was tried, because no
/// HMAC makes a signature of that length. `claimed` is the algorithm that the header names.
pub(in crate::core::verify) fn near_misses(
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

/// Returns what to do about a secret that is a variable or a placeholder that was not filled in.
pub(in crate::core::verify) fn unfilled(written: &Written) -> Option<&'static str> {
    let text = written.bytes.expose().trim_ascii();
    let between = |open: &[u8], close: &[u8]| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|name| !name.is_empty())
    };
    let is_name = |name: &[u8]| is_name(name);
    let is_variable = between(b"${", b"}")
        || between(b"$(", b")")
        || text.strip_prefix(b"$").is_some_and(is_name)
        || text.strip_prefix(b"%").and_then(|rest| rest.strip_suffix(b"%")).is_some_and(is_name);
    if is_variable {
        Some(
            "the secret looks like the name of a variable that was not expanded: use --secret-env with its name",
        )
    } else if between(b"<", b">") || between(b"{{", b"}}") || between(b"[", b"]") {
        Some("the secret looks like a placeholder: replace it with the real secret")
    } else {
        None
    }
}

fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(|first| !first.is_ascii_digit())
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// Returns the words on every variant that is tried, each once.
pub(super) fn all_words() -> Vec<String> {
    // Each text has forms that others do not have.
    const SAMPLES: [&[u8]; 7] = [
        b"abcd\n",
        b"\xEF\xBB\xBFabcd",
        b"\xFF\xFEa\0",
        b"base64:aGVsbG8=",
        b" abcd ",
        b"\"abcd\"",
        b"NAME=abcd",
    ];
    let mut words = Vec::new();
    for bytes in SAMPLES.map(|bytes| Secret::new(bytes.to_vec())) {
        for in_file in [true, false] {
            let written = Written { bytes: bytes.clone(), taken: bytes.clone(), in_file };
            for (change, _) in candidates(&written).into_iter().filter(|(change, _)| change.is_some()) {
                let text = NearMiss { change, algorithm: None }.to_string();
                if !words.contains(&text) {
                    words.push(text);
                }
            }
        }
    }
    words
}

/// Returns the secret as it was decoded, then every variant to try.
fn candidates(written: &Written) -> Vec<(Option<Change>, Secret)> {
    let bytes = written.bytes.expose();
    let in_file = written.in_file;
    let text = without_line_break(bytes);
    let trimmed = text.trim_ascii();
    let mut list: Vec<(Option<Change>, Secret)> = Vec::new();
    let mut add = |change, secret: Option<Secret>| list.extend(secret.map(|secret| (change, secret)));
    let plain = |bytes: &[u8]| Some(Secret::new(bytes.to_vec()));
    let words = |words| Some(Change::Words(words));

    add(None, Some(written.taken.clone()));
    if text.len() < bytes.len() {
        add(Some(Change::WithoutLineBreak { in_file }), plain(text));
    }
    add(
        words("without the byte order mark before it"),
        bytes.strip_prefix(b"\xEF\xBB\xBF").map(without_line_break).and_then(plain),
    );
    add(
        words("read as UTF-16: save the file as UTF-8"),
        utf_16(bytes).and_then(|text| plain(without_line_break(text.expose()))),
    );
    // Laravel writes this prefix, and `--secret-format base64` drops it.
    add(
        words("without its prefix `base64:` and decoded from base64: use --secret-format base64"),
        trimmed.strip_prefix(b"base64:").and_then(|rest| SecretFormat::Base64.read(rest).ok()),
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
    add(words("without the white space around it"), plain(trimmed));
    if let Some(unquoted) = unquoted(trimmed) {
        add(words("without the quotes around it"), plain(unquoted));
        for format in [SecretFormat::Base64, SecretFormat::Hex] {
            add(Some(Change::QuotedFormat(format)), format.read(unquoted).ok());
        }
    }
    for value in text.split(|byte| *byte == b'\n').take(100).filter_map(assigned) {
        add(words("without the name before it, as in a .env file: give the value alone"), plain(value));
        let decoded = SecretFormat::Base64.read(value).ok();
        add(
            words(
                "without the name before it, as in a .env file: give the value alone, with --secret-format base64",
            ),
            decoded,
        );
    }
    for quote in [b"\"", b"'"] {
        let quoted = [quote, text, quote].concat();
        add(words("in quotes: give the quotes as a part of it"), plain(&quoted));
    }
    for (engine, what) in [
        (&STANDARD, "encoded in base64: give the base64 text of it as the secret"),
        (&STANDARD_NO_PAD, "encoded in base64 without padding: give that text as the secret"),
        (&URL_SAFE, "encoded in base64url with padding: give that text as the secret"),
        (&URL_SAFE_NO_PAD, "encoded in base64url: give that text as the secret"),
    ] {
        add(words(what), plain(engine.encode(text).as_bytes()));
    }
    let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    add(words("encoded in hex: give its hex digits as the secret"), plain(hex.as_bytes()));
    add(
        words("encoded in upper-case hex: give its hex digits as the secret"),
        plain(hex.to_ascii_uppercase().as_bytes()),
    );
    for (url, partial) in [(false, false), (false, true), (true, false), (true, true)] {
        add(
            words(
                "decoded from base64 by a lenient decoder that skips other characters (jjwt, Node, PHP): write its \
                 bytes to a file, and use --secret-format raw",
            ),
            Some(leniently(text, url, partial)),
        );
    }
    let give = [
        (&b"\n"[..], "with a line break after it: give it in a file, with --secret-format raw"),
        (b"\r\n", "with a CRLF line break after it: give it in a file, with --secret-format raw"),
    ];
    for (end, what) in give {
        add(words(what), plain(&[text, end].concat()));
    }
    list
}

/// Returns the text between a pair of quotes.
fn unquoted(text: &[u8]) -> Option<&[u8]> {
    [b'"', b'\'', b'`'].iter().find_map(|quote| text.strip_prefix(&[*quote])?.strip_suffix(&[*quote]))
}

/// Returns the value of a line `NAME=value`, as in a `.env` file or a shell script.
fn assigned(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii();
    let line = line.strip_prefix(b"export ").unwrap_or(line).trim_ascii();
    let at = line.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (line.get(..at)?, line.get(at + 1..)?.trim_ascii());
    is_name(name.trim_ascii()).then(|| unquoted(value).unwrap_or(value))
}

/// Converts UTF-16 with a byte order mark to UTF-8.
fn utf_16(bytes: &[u8]) -> Option<Secret> {
    let (mark, rest) = bytes.split_first_chunk::<2>()?;
    let (pairs, _) = rest.as_chunks::<2>();
    let units: Vec<u16> = match mark {
        [0xFF, 0xFE] => pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect(),
        [0xFE, 0xFF] => pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect(),
        _ => return None,
    };
    String::from_utf16(&units).ok().map(|text| Secret::new(text.into_bytes()))
}

/// Decodes Base64 and skips every other character. `url` takes `-` and `_` too; `partial` keeps the bytes of a last
/// group of fewer than four characters.
fn leniently(text: &[u8], url: bool, partial: bool) -> Secret {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        b'-' if url => Some(62),
        b'_' if url => Some(63),
        _ => None,
    };
    let text = text.split(|byte| *byte == b'=').next().unwrap_or_default();
    let values: Vec<u32> = text.iter().filter_map(|byte| value(*byte)).map(u32::from).collect();
    let mut decoded = Vec::new();
    for group in values.chunks(4) {
        if group.len() < 4 && !partial {
            break;
        }
        let bits = (0..4).fold(0, |bits, index| bits << 6 | group.get(index).copied().unwrap_or_default());
        let [_, bytes @ ..] = bits.to_be_bytes();
        decoded.extend(bytes.iter().take(group.len().saturating_sub(1)));
    }
    Secret::new(decoded)
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
