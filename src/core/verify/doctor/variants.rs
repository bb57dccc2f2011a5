//! The table of near misses of a secret: common mistakes in handing over a secret that the user has. A variant is made
//! of the given text alone. Nothing here compares a signature.

use super::parts::{self, Part, half_unquoted, unquoted, without_end_mark};
use crate::core::key::secret::{Secret, SecretFormat, without_line_break};
use crate::core::text::hex::hex;
use crate::core::text::space::trimmed;
use crate::core::text::utf16;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// The text of a secret as the user gave it.
#[derive(Clone, Copy)]
pub(super) struct GivenText<'s> {
    /// The bytes that were given.
    bytes: &'s [u8],
    /// The bytes without one line break at the end.
    text: &'s [u8],
    /// The text without white space at both ends.
    trimmed: &'s [u8],
    /// True if it came from a file or a stream.
    in_file: bool,
}

impl<'s> GivenText<'s> {
    pub(super) fn new(bytes: &'s [u8], in_file: bool) -> Self {
        let text = without_line_break(bytes);
        Self { bytes, text, trimmed: text.trim_ascii(), in_file }
    }
}

/// A near miss of a secret.
pub struct SecretMiss {
    /// The name of the attempt in the hint that lists what was tried. Several misses share one name.
    pub group: &'static str,
    /// How the given secret differs from the one that fits, and what to do.
    pub hint: &'static str,
    /// Makes the variants of a secret. There are none if the given text does not have the form.
    make: Make,
}

/// A function that makes variants.
enum Make {
    /// Makes them of the whole text.
    Whole(fn(GivenText<'_>) -> Vec<Secret>),
    /// Makes them of each value that has a name in the text.
    Named(fn(&[u8]) -> Vec<Secret>),
    /// Makes them of each line of a text of several lines.
    Line(fn(&[u8]) -> Vec<Secret>),
}

/// A variant of a secret, and the part of the given text that it is made of, if the text has several parts.
pub(super) struct Variant {
    pub(super) secret: Secret,
    pub(super) part: Option<Part>,
}

impl SecretMiss {
    /// Makes the variants of a secret. There are none if the given text does not have the form.
    pub(super) fn variants(&self, given: GivenText<'_>) -> Vec<Variant> {
        let (parts, make) = match self.make {
            Make::Whole(make) => {
                return make(given).into_iter().map(|secret| Variant { secret, part: None }).collect();
            }
            Make::Named(make) => (parts::named(given.text), make),
            Make::Line(make) => (parts::lines(given.text), make),
        };
        let is_one = parts.len() == 1;
        let variants = parts.into_iter().flat_map(|(part, readings)| {
            let part = Some(part).filter(|_| !is_one);
            let secrets = readings.into_iter().flat_map(|reading| make(reading.expose()));
            secrets.map(move |secret| Variant { secret, part: part.clone() })
        });
        variants.collect()
    }
}

const fn miss(
    group: &'static str,
    hint: &'static str,
    variants: fn(GivenText<'_>) -> Vec<Secret>,
) -> SecretMiss {
    SecretMiss { group, hint, make: Make::Whole(variants) }
}

const fn named(hint: &'static str, variants: fn(&[u8]) -> Vec<Secret>) -> SecretMiss {
    SecretMiss { group: NAMES, hint, make: Make::Named(variants) }
}

const fn line(hint: &'static str, variants: fn(&[u8]) -> Vec<Secret>) -> SecretMiss {
    SecretMiss { group: LINES, hint, make: Make::Line(variants) }
}

const LINE_BREAKS: &str = "line breaks";
const MARKS: &str = "byte order marks";
const UTF_16: &str = "UTF-16";
const SPACE: &str = "white space";
const QUOTES: &str = "quotes";
const NAMES: &str = "`NAME=` and `NAME:`";
const LINES: &str = "single lines";
const LARAVEL: &str = "`base64:`";
const TEXT: &str = "the text as it is";
const DECODED: &str = "decoded base64";
const DECODED_HEX: &str = "decoded hex";
const ENCODED: &str = "encoded base64, base64url and hex";
const END_MARKS: &str = "`;` and `,`";
const STANDARD_WEBHOOKS: &str = "`whsec_`";
const NUMBERS: &str = "numbers of bytes";
const LENIENT: &str = "lenient base64";

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The near misses, in the order in which they are tried.
pub const SECRET_MISSES: [SecretMiss; 54] = [
    miss(LINE_BREAKS, "without its line break: use --secret-format text", |given| {
        if given.in_file { shorter(given.text, given.bytes) } else { Vec::new() }
    }),
    miss(LINE_BREAKS, "without the line break at its end: remove that line break", |given| {
        if given.in_file { Vec::new() } else { shorter(given.text, given.bytes) }
    }),
    miss(MARKS, "without the byte order mark before it: save the file as UTF-8 without one", |given| {
        given.bytes.strip_prefix(BYTE_ORDER_MARK).map(without_line_break).into_iter().map(plain).collect()
    }),
    miss(UTF_16, "read as UTF-16: save the file as UTF-8", |given| {
        utf16::decoded(given.bytes)
            .map(|text| Secret::new(text.into_bytes()))
            .into_iter()
            .flat_map(|text| [plain(without_line_break(text.expose())), plain(text.expose().trim_ascii())])
            .collect()
    }),
    // Laravel writes this prefix, and `--secret-format base64` drops it.
    miss(
        LARAVEL,
        "without its prefix `base64:` and decoded from base64: use --secret-format base64",
        |given| laravel(given).and_then(|rest| SecretFormat::Base64.read(rest).ok()).into_iter().collect(),
    ),
    miss(LARAVEL, "without its prefix `base64:`, taken as text: remove the prefix", |given| {
        laravel(given).into_iter().map(plain).collect()
    }),
    miss(TEXT, "taken as text: use --secret-format text", |given| read(SecretFormat::Text, given.bytes)),
    miss(LINE_BREAKS, "with its line break: use --secret-format raw", |given| {
        read(SecretFormat::Raw, given.bytes)
    }),
    miss(DECODED, "decoded from base64: use --secret-format base64", |given| {
        read(SecretFormat::Base64, given.bytes)
    }),
    miss(DECODED_HEX, "decoded from hex: use --secret-format hex", |given| {
        read(SecretFormat::Hex, given.bytes)
    }),
    miss(SPACE, "without the white space around it: remove that white space", |given| {
        vec![plain(given.trimmed)]
    }),
    miss(SPACE, "without the white space and the invisible characters around it: remove them", |given| {
        shorter(trimmed(given.trimmed), given.trimmed)
    }),
    miss(QUOTES, "without the quotes around it: remove the quotes", |given| {
        unquoted(given.trimmed).into_iter().map(plain).collect()
    }),
    miss(
        QUOTES,
        "without its quotes and decoded from base64: remove the quotes, and use --secret-format base64",
        |given| unquoted(given.trimmed).map(|text| read(SecretFormat::Base64, text)).unwrap_or_default(),
    ),
    miss(
        QUOTES,
        "without its quotes and decoded from hex: remove the quotes, and use --secret-format hex",
        |given| unquoted(given.trimmed).map(|text| read(SecretFormat::Hex, text)).unwrap_or_default(),
    ),
    miss(QUOTES, "without both pairs of quotes around it: remove both pairs", |given| {
        unquoted(given.trimmed).and_then(unquoted).into_iter().map(plain).collect()
    }),
    miss(QUOTES, "without the quote at one of its ends: remove that quote", |given| {
        half_unquoted(given.trimmed).into_iter().map(plain).collect()
    }),
    miss(
        QUOTES,
        "without the quotes around it and the mark behind them: remove the quotes and the mark",
        |given| without_end_mark(given.trimmed).and_then(unquoted).into_iter().map(plain).collect(),
    ),
    miss(QUOTES, "without the `b` and the quotes of a Python bytes literal: remove them", |given| {
        given.trimmed.strip_prefix(b"b").and_then(unquoted).into_iter().map(plain).collect()
    }),
    miss(END_MARKS, "without the `;` or `,` at its end: remove that mark", |given| {
        without_end_mark(given.trimmed).into_iter().map(plain).collect()
    }),
    miss(
        STANDARD_WEBHOOKS,
        "without its prefix `whsec_` and decoded from base64: remove the prefix, and use --secret-format base64",
        |given| {
            let encoded = given.trimmed.strip_prefix(b"whsec_");
            encoded.map(|encoded| read(SecretFormat::Base64, encoded)).unwrap_or_default()
        },
    ),
    miss(
        NUMBERS,
        "read as the numbers of its bytes: write these bytes to a file, and use --secret-format raw",
        |given| numbers(given.trimmed).into_iter().collect(),
    ),
    miss(
        DECODED_HEX,
        "decoded from hex, without its prefix `0x`: remove the prefix, and use --secret-format hex",
        |given| {
            let digits = given.trimmed.strip_prefix(b"0x").or_else(|| given.trimmed.strip_prefix(b"0X"));
            digits.map(|digits| read(SecretFormat::Hex, digits)).unwrap_or_default()
        },
    ),
    miss(
        DECODED_HEX,
        "decoded from hex, without the marks between its digits: remove them, and use --secret-format hex",
        |given| {
            separated_hex(given.trimmed)
                .map(|digits| read(SecretFormat::Hex, digits.expose()))
                .unwrap_or_default()
        },
    ),
    named("without the name before it, as in a .env file: give the value alone", |value| vec![plain(value)]),
    named(
        "without the name before it, as in a .env file: give the value alone, with --secret-format base64",
        |value| read(SecretFormat::Base64, value),
    ),
    named(
        "without the name before it, as in a .env file: give the value alone, with --secret-format hex",
        |value| read(SecretFormat::Hex, value),
    ),
    line("without the other lines: give that line alone", |line| vec![plain(line)]),
    line("without the other lines: give that line alone, with --secret-format base64", |line| {
        read(SecretFormat::Base64, line)
    }),
    line("without the other lines: give that line alone, with --secret-format hex", |line| {
        read(SecretFormat::Hex, line)
    }),
    miss(QUOTES, "in double quotes: give the quotes as a part of it", |given| {
        vec![joined(&[b"\"", given.text, b"\""])]
    }),
    miss(QUOTES, "in single quotes: give the quotes as a part of it", |given| {
        vec![joined(&[b"'", given.text, b"'"])]
    }),
    miss(ENCODED, "encoded in base64: give the base64 text of it as the secret", |given| {
        vec![plain(STANDARD.encode(given.text).as_bytes())]
    }),
    miss(ENCODED, "encoded in base64 without padding: give that text as the secret", |given| {
        vec![plain(STANDARD_NO_PAD.encode(given.text).as_bytes())]
    }),
    miss(ENCODED, "encoded in base64url with padding: give that text as the secret", |given| {
        vec![plain(URL_SAFE.encode(given.text).as_bytes())]
    }),
    miss(ENCODED, "encoded in base64url: give that text as the secret", |given| {
        vec![plain(URL_SAFE_NO_PAD.encode(given.text).as_bytes())]
    }),
    miss(
        ENCODED,
        "encoded in base64 together with a line break: give the base64 text of both as the secret",
        |given| vec![plain(STANDARD.encode(joined(&[given.text, b"\n"]).expose()).as_bytes())],
    ),
    miss(LARAVEL, "with the prefix `base64:` before it: give the prefix as a part of it", |given| {
        vec![joined(&[b"base64:", given.text])]
    }),
    miss(
        LARAVEL,
        "encoded in base64 with the prefix `base64:` before it: give that text as the secret",
        |given| vec![joined(&[b"base64:", STANDARD.encode(given.text).as_bytes()])],
    ),
    miss(ENCODED, "encoded in hex: give its hex digits as the secret", |given| {
        vec![plain(hex(given.text).as_bytes())]
    }),
    miss(ENCODED, "encoded in upper-case hex: give its hex digits as the secret", |given| {
        vec![plain(hex(given.text).to_ascii_uppercase().as_bytes())]
    }),
    miss(
        DECODED,
        "decoded from base64, without the line break that was encoded too: encode it without one, and use --secret-format base64",
        |given| {
            let decoded = SecretFormat::Base64.read(given.bytes).ok();
            decoded
                .into_iter()
                .flat_map(|text| shorter(without_line_break(text.expose()), text.expose()))
                .collect()
        },
    ),
    miss(DECODED, "decoded from base64 twice: decode it once, and use --secret-format base64", |given| {
        let decoded = SecretFormat::Base64.read(given.bytes).ok();
        decoded.into_iter().flat_map(|text| read(SecretFormat::Base64, text.expose())).collect()
    }),
    miss(
        LENIENT,
        "decoded from base64 by a lenient decoder that skips other characters (jjwt, Node, PHP): write its bytes to a \
         file, and use --secret-format raw",
        |given| {
            [(false, false), (false, true), (true, false), (true, true)]
                .map(|(url, partial)| leniently(given.text, url, partial))
                .into()
        },
    ),
    miss(LINE_BREAKS, "with a line break after it: give it in a file, with --secret-format raw", |given| {
        vec![joined(&[given.text, b"\n"])]
    }),
    miss(
        LINE_BREAKS,
        "with a CRLF line break after it: give it in a file, with --secret-format raw",
        |given| vec![joined(&[given.text, b"\r\n"])],
    ),
    miss(
        LINE_BREAKS,
        "with a carriage return after it: give it in a file, with --secret-format raw",
        |given| vec![joined(&[given.text, b"\r"])],
    ),
    miss(
        LINE_BREAKS,
        "with a line break for each written-out `\\n`: give it in a file, with --secret-format raw",
        |given| replaced(given.text, "\\n", "\n"),
    ),
    miss(LINE_BREAKS, "with `\\n` written out for each line break: give that text as the secret", |given| {
        replaced(given.text, "\n", "\\n")
    }),
    miss(MARKS, "with a byte order mark before it: give it in a file that begins with one", |given| {
        vec![joined(&[BYTE_ORDER_MARK, given.text])]
    }),
    miss(
        UTF_16,
        "encoded in UTF-16 (little endian): give a file in that encoding (`iconv -t UTF-16LE`), with --secret-format raw",
        |given| to_utf_16(given.text, u16::to_le_bytes, false),
    ),
    miss(
        UTF_16,
        "encoded in UTF-16 (big endian): give a file in that encoding (`iconv -t UTF-16BE`), with --secret-format raw",
        |given| to_utf_16(given.text, u16::to_be_bytes, false),
    ),
    miss(
        UTF_16,
        "encoded in UTF-16 (little endian) with a byte order mark: give a file in that encoding, with --secret-format raw",
        |given| to_utf_16(given.text, u16::to_le_bytes, true),
    ),
    miss(
        UTF_16,
        "encoded in UTF-16 (big endian) with a byte order mark: give a file in that encoding, with --secret-format raw",
        |given| to_utf_16(given.text, u16::to_be_bytes, true),
    ),
];

fn plain(bytes: &[u8]) -> Secret {
    Secret::new(bytes.to_vec())
}

fn joined(parts: &[&[u8]]) -> Secret {
    Secret::new(parts.concat())
}

fn read(format: SecretFormat, text: &[u8]) -> Vec<Secret> {
    format.read(text).into_iter().collect()
}

/// Returns the part if it is shorter than the whole.
fn shorter(part: &[u8], whole: &[u8]) -> Vec<Secret> {
    if part.len() < whole.len() { vec![plain(part)] } else { Vec::new() }
}

fn laravel<'s>(given: GivenText<'s>) -> Option<&'s [u8]> {
    given.trimmed.strip_prefix(b"base64:")
}

fn replaced(text: &[u8], from: &str, to: &str) -> Vec<Secret> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.contains(from));
    text.map(|text| Secret::new(text.replace(from, to).into_bytes())).into_iter().collect()
}

/// Returns the hexadecimal digits of bytes with the same mark between them, as in `68:65:6c`.
fn separated_hex(text: &[u8]) -> Option<Secret> {
    let mark = text.get(2).filter(|mark| b": -".contains(mark))?;
    let bytes: Vec<&[u8]> = text.split(|byte| byte == mark).collect();
    bytes.iter().all(|digits| digits.len() == 2).then(|| joined(&bytes))
}

/// Returns the bytes of a list of numbers in brackets, such as `[104, 101]`.
fn numbers(text: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(text).ok()?;
    let list = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let list = list.or_else(|| text.strip_prefix('{')?.strip_suffix('}'))?;
    let bytes: Option<Vec<u8>> = list.split(',').map(|number| number.trim().parse().ok()).collect();
    bytes.map(Secret::new)
}

/// Converts UTF-8 to UTF-16.
fn to_utf_16(text: &[u8], bytes: fn(u16) -> [u8; 2], mark: bool) -> Vec<Secret> {
    let Ok(text) = std::str::from_utf8(text) else { return Vec::new() };
    let mark = mark.then_some(0xFEFF);
    vec![Secret::new(mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect())]
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

    fn leniently_decoded(text: &str, url: bool, partial: bool) -> String {
        String::from_utf8_lossy(leniently(text.as_bytes(), url, partial).expose()).into_owned()
    }

    #[test]
    fn decodes_every_symbol_of_base64_leniently() {
        let symbols = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let decoded = STANDARD.decode(symbols).unwrap();
        for (url, partial) in [(false, false), (false, true), (true, false), (true, true)] {
            assert_eq!(leniently(symbols, url, partial).expose(), decoded);
        }
        let by_url = symbols.map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            byte => byte,
        });
        assert_eq!(leniently(&by_url, true, false).expose(), decoded);
        assert_eq!(leniently(&by_url, false, false).expose(), &decoded[..45], "the last group is cut short");
    }

    #[test]
    fn skips_other_characters_and_stops_at_padding() {
        for (text, url, partial, expected) in [
            ("aGVs bG8h", false, false, "hello!"),
            ("a!G.V*s", false, false, "hel"),
            ("a-GVs", false, false, "hel"),
            ("a_GVs", false, false, "hel"),
            ("aGVsbG8", false, false, "hel"),
            ("aGVsbG8", false, true, "hello"),
            ("aGVsbA", false, true, "hell"),
            ("aGVsb", false, true, "hel"),
            ("aGVs", true, false, "hel"),
            ("aGk=aGVs", false, true, "hi"),
            ("aGk=aGVs", false, false, ""),
            ("", true, true, ""),
        ] {
            assert_eq!(leniently_decoded(text, url, partial), expected, "{text} {url} {partial}");
        }
    }

    #[test]
    fn joins_the_digits_of_separated_hex() {
        for (text, digits) in [
            ("68:65:6c", Some("68656c")),
            ("68-65", Some("6865")),
            ("68 65", Some("6865")),
            ("68:65-6c", None),
            ("68:656c", None),
            ("68:6", None),
            ("68.65", None),
            ("6865", None),
            ("68", None),
        ] {
            let found = separated_hex(text.as_bytes()).map(|digits| digits.expose().to_vec());
            assert_eq!(found.as_deref(), digits.map(str::as_bytes), "{text}");
        }
    }

    /// Returns the variants whose hint begins with some words, each with the name of its part.
    fn made(words: &str, bytes: &[u8], in_file: bool) -> Vec<(Vec<u8>, bool)> {
        let miss = SECRET_MISSES.iter().find(|miss| miss.hint.starts_with(words)).unwrap();
        let variants = miss.variants(GivenText::new(bytes, in_file));
        variants.into_iter().map(|it| (it.secret.expose().to_vec(), it.part.is_some())).collect()
    }

    #[test]
    fn names_the_part_only_if_there_are_several() {
        let named = "without the name before it, as in a .env file: give the value alone";
        let whole = |text: &str, has_part| (text.as_bytes().to_vec(), has_part);
        assert_eq!(made(named, b"JWT_SECRET=hello", false), [whole("hello", false)]);
        assert_eq!(
            made(named, b"A_KEY=hello\nB_KEY=there", true),
            [whole("hello", true), whole("there", true)]
        );
        assert_eq!(made(named, b"hello", false), []);
        assert_eq!(made("with `\\n` written", b"a\nb", true), [whole("a\\nb", false)]);
        assert_eq!(made("with `\\n` written", b"ab", true), []);
    }

    #[test]
    fn takes_only_the_prefix_of_laravel_off() {
        let words = "without its prefix `base64:`, taken as text";
        assert_eq!(made(words, b" base64:aGk=\n", true), [(b"aGk=".to_vec(), false)]);
        assert_eq!(made(words, b"Base64:aGk=", true), []);
        assert_eq!(made(words, b"aGk=", true), []);
    }

    #[test]
    fn drops_a_line_break_by_where_the_secret_came_from() {
        let (in_file, given) = ("without its line break", "without the line break at its end");
        assert_eq!(made(in_file, b"hello\n", true), [(b"hello".to_vec(), false)]);
        assert_eq!(made(in_file, b"hello\n", false), []);
        assert_eq!(made(given, b"hello\n", false), [(b"hello".to_vec(), false)]);
        assert_eq!(made(given, b"hello\n", true), []);
        assert_eq!(made(in_file, b"hello", true), []);
        let marked = "in UTF-16 (little endian) with a byte order mark";
        assert_eq!(made(&format!("encoded {marked}"), b"hi", true), [(b"\xFF\xFEh\0i\0".to_vec(), false)]);
    }
}
