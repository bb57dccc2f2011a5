//! Searches the readings of bytes for a key: Base64, hexadecimal digits, numbers and escapes, wherever they stand in a text
//! and several deep. `traces.rs` decides what a key is.

use super::secret::Secret;
use super::traces;
use super::transcripts;
use crate::core::text::hex::from_hex;
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The most readings inside each other.
const MAX_LAYERS: usize = 4;

/// The length of the shortest run of Base64 characters that is decoded. Ed25519 and P-256 keys need more in every form. The
/// text of 32 random bytes is shorter, so that such a secret costs next to nothing.
const SHORTEST_BASE64: usize = 50;

/// The length of the shortest run of hexadecimal digits that is decoded.
const SHORTEST_HEX: usize = 80;

/// The length of the shortest run of decimal numbers that is read as bytes.
const SHORTEST_NUMBERS: usize = 40;

/// A function that calls another with each reading of a kind, until that returns a kind of key.
type Read = fn(&[u8], &mut dyn FnMut(&[u8]) -> Option<&'static str>) -> Option<&'static str>;

/// Each kind of reading.
const READINGS: [Read; 8] = [
    transcripts::wide,
    transcripts::latin_1,
    transcripts::compressed,
    unescaped,
    base64,
    hex,
    transcripts::dump,
    numbers,
];

/// Returns the kind of key in the bytes, or in a reading of them.
pub(super) fn key_in(bytes: &[u8]) -> Option<&'static str> {
    traces::kind_of(bytes).or_else(|| encoded_key_in(bytes, MAX_LAYERS))
}

fn encoded_key_in(bytes: &[u8], layers: usize) -> Option<&'static str> {
    let layers = layers.checked_sub(1).filter(|_| bytes.len() >= SHORTEST_BASE64)?;
    let mut inner = |bytes: &[u8]| traces::kind_of(bytes).or_else(|| encoded_key_in(bytes, layers));
    READINGS.iter().find_map(|read| read(bytes, &mut inner))
}

/// Removes zero bytes, as in UTF-16, and resolves the escapes of JSON and of URLs.
fn unescaped(bytes: &[u8], inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>) -> Option<&'static str> {
    if !bytes.iter().any(|byte| matches!(byte, 0 | b'\\' | b'%')) {
        return None;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = match (first, after) {
            (0, _) => (None, after),
            (b'%', [high, low, after @ ..]) if let Some(byte) = from_hex(*high, *low) => (Some(byte), after),
            (b'\\', [b'u', b'0', b'0', high, low, after @ ..] | [b'x', high, low, after @ ..])
                if let Some(byte) = from_hex(*high, *low) =>
            {
                (Some(byte), after)
            }
            (b'\\', [b'n' | b'r' | b't', after @ ..]) => (Some(b'\n'), after),
            (b'\\', _) => (None, after),
            _ => (Some(*first), after),
        };
        plain.extend(byte);
        rest = after;
    }
    inner(Secret::new(plain).expose())
}

/// Decodes each run of Base64 characters in either alphabet. White space and the quotes of lines do not end a run. A run can begin with characters
/// that belong to a word before it, so it is decoded from each of its first four characters.
fn base64(bytes: &[u8], inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>) -> Option<&'static str> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&URL_SAFE, config);
    let digit = |byte: u8| match byte {
        b'+' => Some(b'-'),
        b'/' => Some(b'_'),
        _ => (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).then_some(byte),
    };
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || b">\"',;*#|".contains(byte);
    runs(bytes, SHORTEST_BASE64, digit, is_separator, &mut |digits| {
        (0..4).find_map(|start| {
            let digits = digits.get(start..)?;
            // A single last character encodes nothing.
            let whole = digits.len() - usize::from(digits.len() % 4 == 1);
            inner(Secret::new(engine.decode(digits.get(..whole)?).ok()?).expose())
        })
    })
}

/// Decodes each run of hexadecimal digits. `0x`, `\x`, colons, commas, hyphens, quotes and white space do not end a run.
fn hex(bytes: &[u8], inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>) -> Option<&'static str> {
    let digit = |byte: u8| byte.is_ascii_hexdigit().then_some(byte);
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || b":,;-.'\"\\xX".contains(byte);
    let is_prefix = |pair: &[u8]| pair == b"0x" || pair == b"0X";
    // The zero of each `0x` is no digit of its own.
    let without_prefixes = bytes.windows(2).any(is_prefix).then(|| {
        let is_kept = |at: &usize| !bytes.get(*at..*at + 2).is_some_and(is_prefix);
        let mut kept = Vec::with_capacity(bytes.len());
        kept.extend((0..bytes.len()).filter(is_kept).filter_map(|at| bytes.get(at)));
        Secret::new(kept)
    });
    let bytes = without_prefixes.as_ref().map_or(bytes, Secret::expose);
    runs(bytes, SHORTEST_HEX, digit, is_separator, &mut |digits| {
        (0..2).find_map(|start| {
            let (pairs, _) = digits.get(start..)?.as_chunks::<2>();
            let mut decoded = Vec::with_capacity(pairs.len());
            decoded.extend(pairs.iter().filter_map(|[high, low]| from_hex(*high, *low)));
            inner(Secret::new(decoded).expose())
        })
    })
}

/// Reads each run of decimal numbers from 0 to 255 as bytes, as JavaScript and Java write them. Java's are negative from 128.
fn numbers(bytes: &[u8], inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>) -> Option<&'static str> {
    // The last number has no separator behind it.
    if bytes.iter().filter(|byte| matches!(byte, b',' | b' ')).count() + 1 < SHORTEST_NUMBERS {
        return None;
    }
    let mut read = Vec::with_capacity(bytes.len() / 2);
    for word in bytes.split(|byte| !matches!(byte, b'0'..=b'9' | b'-')).filter(|word| !word.is_empty()) {
        let number = std::str::from_utf8(word).ok().and_then(|word| word.parse::<i16>().ok());
        read.extend(
            number.and_then(|number| {
                u8::try_from(number & 0xFF).ok().filter(|_| (-128..256).contains(&number))
            }),
        );
    }
    let read = Secret::new(read);
    (read.expose().len() >= SHORTEST_NUMBERS).then(|| inner(read.expose())).flatten()
}

/// Calls a function with the digits of each run of at least `shortest`, until it returns a kind of key.
fn runs(
    bytes: &[u8],
    shortest: usize,
    digit: impl Fn(u8) -> Option<u8>,
    is_separator: impl Fn(&u8) -> bool,
    inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>,
) -> Option<&'static str> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let is_inside = |byte: &u8| digit(*byte).is_some() || is_separator(byte);
        let length = rest.iter().position(|byte| !is_inside(byte)).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(length)?;
        if run.len() >= shortest {
            let mut digits = Vec::with_capacity(run.len());
            digits.extend(run.iter().filter_map(|byte| digit(*byte)));
            let digits = Secret::new(digits);
            let found = (digits.expose().len() >= shortest).then(|| inner(digits.expose())).flatten();
            if found.is_some() {
                return found;
            }
        }
        rest = after.get(1..).unwrap_or_default();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::seed::Seed;
    use crate::core::text::hex::hex as hex_digits;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    const ED25519: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    fn random(purpose: &'static str, number: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        Seed::from(19).stream(purpose, number).fill(&mut bytes);
        bytes
    }

    /// Returns public keys in binary form. Nothing but their outline is sound.
    fn keys() -> Vec<(&'static str, Vec<u8>)> {
        let mut modulus = random("modulus", 0, 256);
        modulus[0] |= 0x80;
        let pkcs1 = [b"\x30\x82\x01\x0A\x02\x82\x01\x01\0", &*modulus, b"\x02\x03\x01\0\x01"].concat();
        let rsa_name = b"\x30\x82\x01\x22\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01\x05\0";
        let point = random("point", 0, 64);
        let p256 = b"\x30\x59\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07\x03\x42\0\x04";
        let ssh_rsa = b"\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01\0\0\x01\x01\0";
        vec![
            ("SPKI, Ed25519", STANDARD.decode(ED25519).unwrap()),
            ("PKCS #1", pkcs1.clone()),
            ("SPKI, RSA", [&rsa_name[..], b"\x03\x82\x01\x0F\0", &pkcs1].concat()),
            ("SPKI, P-256", [&p256[..], &point].concat()),
            ("SSH, RSA", [&ssh_rsa[..], &modulus].concat()),
            ("SSH, Ed25519", [b"\0\0\0\x0Bssh-ed25519\0\0\0\x20", &point[..32]].concat()),
            ("OpenPGP", [b"\x99\x01\x0D\x04\x5F\0\0\0\x01\x08\0", &*modulus, b"\0\x11\x01\0\x01"].concat()),
            ("COSE", [b"\xA4\x01\x01\x03\x27\x20\x06\x21\x58\x20", &point[..32]].concat()),
            ("DNSSEC", [b"\x03\x01\0\x01", &*modulus].concat()),
            ("Windows", [b"RSA1\0\x08\0\0\x03\0\0\0\0\x01\0\0", &*modulus].concat()),
        ]
    }

    /// Returns public keys as text.
    fn texts() -> Vec<(&'static str, String)> {
        let body = ED25519;
        let n = URL_SAFE_NO_PAD.encode(random("modulus", 1, 256));
        let ssh = STANDARD.encode(&keys()[5].1);
        vec![
            ("PEM", format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")),
            ("certificate", format!("-----BEGIN CERTIFICATE-----\n{n}\n-----END CERTIFICATE-----\n")),
            ("JWK", format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB"}}"#)),
            ("JWK without kty", format!(r#"{{"e":"AQAB","n":"{n}"}}"#)),
            ("Python", format!("{{'kty': 'RSA', 'n': '{n}', 'e': 'AQAB'}}")),
            ("set", format!(r#"{{"keys":[{{"kty":"RSA","n":"{n}","e":"AQAB"}}]}}"#)),
            ("array", format!(r#"[{{"kty":"RSA","n":"{n}","e":"AQAB"}}]"#)),
            ("SSH", format!("restrict ssh-ed25519 {ssh} me@host\n")),
            ("SSH without its first word", ssh.clone()),
            (
                "SSH2",
                format!(
                    "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"a\"\n{ssh}\n---- END SSH2 PUBLIC KEY ----"
                ),
            ),
            (
                "OpenPGP",
                format!(
                    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{n}\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----"
                ),
            ),
            (".NET", format!("<RSAKeyValue><Modulus>{n}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>")),
            ("DKIM", format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(&keys()[2].1))),
        ]
    }

    fn lines(text: &str, width: usize) -> String {
        let lines: Vec<&str> =
            text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
        lines.join("\n")
    }

    fn joined(bytes: &[u8], before: &str, separator: &str) -> String {
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("{before}{byte:02x}")).collect();
        bytes.join(separator)
    }

    /// A way to write bytes.
    type Spelling = (&'static str, fn(&[u8]) -> Vec<u8>);

    const SPELLINGS: [Spelling; 25] = [
        ("as they are", <[u8]>::to_vec),
        ("without the last byte", |bytes| bytes[..bytes.len() - 1].to_vec()),
        ("line break behind", |bytes| [bytes, b"\n"].concat()),
        ("bytes before", |bytes| [b"\x01\xFF\n", bytes].concat()),
        ("bytes behind", |bytes| [bytes, b"\0\xFF\xFF"].concat()),
        ("hexadecimal", |bytes| hex_digits(bytes).into()),
        ("upper case", |bytes| hex_digits(bytes).to_uppercase().into()),
        ("hexadecimal after a word", |bytes| format!("key={}", hex_digits(bytes)).into()),
        ("hexadecimal with colons", |bytes| joined(bytes, "", ":").into()),
        ("hexadecimal with blanks", |bytes| joined(bytes, "", " ").into()),
        ("hexadecimal with 0x", |bytes| format!("0x{}", hex_digits(bytes)).into()),
        ("hexadecimal as in C", |bytes| joined(bytes, "0x", ", ").into()),
        ("hexadecimal as in Python", |bytes| joined(bytes, "\\x", "").into()),
        ("numbers", |bytes| format!("{bytes:?}").into()),
        ("signed numbers", |bytes| {
            format!("{:?}", bytes.iter().map(|byte| byte.cast_signed()).collect::<Vec<_>>()).into()
        }),
        ("Base64", |bytes| STANDARD.encode(bytes).into()),
        ("Base64url", |bytes| URL_SAFE_NO_PAD.encode(bytes).into()),
        ("Base64 after a word", |bytes| format!("secret{}", STANDARD.encode(bytes)).into()),
        ("Base64 in lines", |bytes| lines(&STANDARD.encode(bytes), 64).into()),
        ("Base64 in quoted lines", |bytes| {
            format!("> {}", lines(&STANDARD.encode(bytes), 64).replace('\n', "\n> ")).into()
        }),
        ("Base64 in escaped lines", |bytes| lines(&STANDARD.encode(bytes), 64).replace('\n', "\\n").into()),
        ("Base64 twice", |bytes| STANDARD.encode(STANDARD.encode(bytes)).into()),
        ("Base64 in Base64 lines", |bytes| STANDARD.encode(lines(&STANDARD.encode(bytes), 76)).into()),
        ("Base64 in UTF-16", |bytes| {
            STANDARD.encode(bytes).encode_utf16().flat_map(u16::to_le_bytes).collect()
        }),
        ("Base64 in a URL", |bytes| {
            STANDARD.encode(bytes).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D").into()
        }),
    ];

    /// A way to write a text.
    type Disguise = (&'static str, fn(&str) -> Vec<u8>);

    const DISGUISES: [Disguise; 14] = [
        ("UTF-16, little end first", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16, big end first", |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("UTF-16 with a mark", |text| {
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()
        }),
        ("UTF-32, little end first", |text| text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
        ("UTF-32, big end first", |text| text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
        ("UTF-32 with a mark", |text| {
            format!("\u{feff}{text}").chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()
        }),
        ("UTF-8 with a mark", |text| format!("\u{feff}{text}").into()),
        ("a JSON string", |text| serde_json::to_string(text).unwrap().into()),
        ("a JSON string, escaped twice", |text| {
            serde_json::to_string(&serde_json::to_string(text).unwrap()).unwrap().into()
        }),
        ("a JSON string without its quotes", |text| {
            serde_json::to_string(text).unwrap().trim_matches('"').into()
        }),
        ("a JSON array", |text| serde_json::to_string(&[[text]]).unwrap().into()),
        ("JSON escapes", |text| {
            text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect::<String>().into()
        }),
        ("text around", |text| format!("my key:\n{text}\nend").into()),
        ("a URL", |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>().into()),
    ];

    #[test]
    fn finds_a_binary_key_in_every_spelling() {
        for (key, bytes) in keys() {
            for (spelling, write) in SPELLINGS {
                // Four bytes are not enough for a search in the middle.
                if key == "DNSSEC" && (spelling == "bytes before" || spelling == "Base64 after a word") {
                    continue;
                }
                assert!(key_in(&write(&bytes)).is_some(), "{key}: {spelling}");
            }
        }
    }

    #[test]
    fn finds_a_key_text_in_every_disguise_and_spelling() {
        for (key, text) in texts() {
            for (spelling, write) in SPELLINGS {
                assert!(key_in(&write(text.as_bytes())).is_some(), "{key}: {spelling}");
            }
            for (disguise, write) in DISGUISES {
                assert!(key_in(&write(&text)).is_some(), "{key}: {disguise}");
                assert!(
                    key_in(STANDARD.encode(write(&text)).as_bytes()).is_some(),
                    "{key}: {disguise}, Base64"
                );
            }
        }
    }

    #[test]
    fn finds_damaged_begin_lines() {
        let pem = &texts()[0].1;
        for text in [
            pem.to_lowercase(),
            pem.replace("-----", "----"),
            pem.replace('\n', ""),
            pem.replace('\n', "\\n"),
            pem.replace('\n', " "),
            pem.replace("-----", "\u{2014}"),
            pem.replace("-----", ""),
            pem.replace("BEGIN PUBLIC KEY", "Begin Public Key"),
            pem.replace(' ', "%20"),
            pem.replace(' ', "_"),
            pem.lines().next().unwrap().to_owned(),
        ] {
            assert!(key_in(text.as_bytes()).is_some(), "{text}");
        }
    }

    #[test]
    fn passphrases_are_no_keys() {
        for text in [
            "begin public key rotation at dawn",
            "my certificate begins in May, my private key is at home",
            "correct horse battery staple: e=mc2, kty is a word, ssh-rsa too",
            "ssh-rsa is an algorithm of the past, and so is DSA in our house",
            "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20",
            "30:82:01:22 is how many keys begin, but this one does not go on",
            "https://example.com/callback?a=1&b=%20%20&c=0x00,0x01",
        ] {
            assert_eq!(key_in(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn random_secrets_are_no_keys() {
        const SECRETS: usize = 100_000;
        const LENGTHS: [usize; 8] = [16, 24, 32, 32, 32, 48, 64, 64];
        let pool = random("secrets", 0, 8 * SECRETS + 128);
        for number in 0..SECRETS {
            let bytes = &pool[8 * number..][..LENGTHS[number % 8]];
            let (spelling, write) = SPELLINGS[number / 8 % SPELLINGS.len()];
            assert_eq!(key_in(&write(bytes)), None, "{spelling}: {bytes:?}");
        }
    }

    #[test]
    fn finds_a_key_in_utf_16_beside_letters_of_two_bytes() {
        let text = format!("cl\u{e9} \u{2014} {}", hex_digits(&keys()[3].1));
        for write in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(write).collect();
            assert!(key_in(&bytes).is_some());
        }
    }

    #[test]
    fn finds_a_key_in_lines_that_end_with_a_backslash() {
        for (key, bytes) in keys() {
            let text = lines(&STANDARD.encode(bytes), 40).replace('\n', "\\\n");
            assert!(key_in(text.as_bytes()).is_some(), "{key}");
        }
    }

    #[test]
    fn finds_a_key_in_base64_that_is_cut_anywhere() {
        let text = STANDARD.encode(&keys()[3].1);
        for length in 60..=text.len() {
            assert!(key_in(&text.as_bytes()[..length]).is_some(), "{length}");
        }
    }

    #[test]
    fn finds_the_shortest_key_as_numbers_with_commas_alone() {
        let ssh = &keys()[5].1;
        let written =
            |length: usize| ssh[..length].iter().map(|byte| byte.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(key_in(written(39).as_bytes()), None);
        for length in [40, 41, 42] {
            assert!(key_in(written(length).as_bytes()).is_some(), "{length}");
        }
    }
}
