//! Bytes as tools print and store them: texts of openssl, hexadecimal dumps, wide characters, Latin-1 in UTF-8, compression.
//! It reads those back for `readings.rs`, and decides nothing about keys.

use super::secret::Secret;
use crate::core::text::hex::from_hex;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// The length of the shortest dump that is read. It is the length of the shortest key in `traces.rs`.
const SHORTEST_DUMP: usize = 40;

/// The most bytes that are decompressed. No key file is longer.
const MAX_DECOMPRESSED: usize = 1 << 16;

/// Reads characters of two or four bytes, of which one byte is used: ASCII and Latin-1 in UTF-16 and UTF-32.
pub(super) fn wide(
    bytes: &[u8],
    inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>,
) -> Option<&'static str> {
    const FORMS: [(usize, usize); 4] = [(2, 0), (2, 1), (4, 0), (4, 3)];
    const MARKS: [&[u8]; 4] = [b"\xFF\xFE\0\0", b"\0\0\xFE\xFF", b"\xFF\xFE", b"\xFE\xFF"];
    if !bytes.contains(&0) {
        return None;
    }
    FORMS.iter().find_map(|(width, used)| {
        let mark = MARKS.iter().find(|mark| mark.len() == *width && bytes.starts_with(mark));
        let bytes = bytes.get(mark.map_or(0, |mark| mark.len())..)?;
        let is_wide =
            |character: &[u8]| character.iter().enumerate().all(|(index, byte)| index == *used || *byte == 0);
        bytes.chunks_exact(*width).all(is_wide).then_some(())?;
        let mut read = Vec::with_capacity(bytes.len() / width);
        read.extend(bytes.chunks_exact(*width).filter_map(|character| character.get(*used)));
        inner(Secret::new(read).expose())
    })
}

/// Reads UTF-8 as the Latin-1 characters that bytes were once taken for.
pub(super) fn latin_1(
    bytes: &[u8],
    inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>,
) -> Option<&'static str> {
    if !bytes.iter().any(|byte| matches!(byte, 0xC2 | 0xC3)) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut read = Vec::with_capacity(bytes.len());
    for character in text.chars() {
        read.push(u8::try_from(u32::from(character)).ok()?);
    }
    inner(Secret::new(read).expose())
}

/// Decompresses gzip (RFC 1952) and zlib (RFC 1950), also if the end is missing.
pub(super) fn compressed(
    bytes: &[u8],
    inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>,
) -> Option<&'static str> {
    let mut stream: Box<dyn Read + '_> = match bytes {
        [0x1F, 0x8B, 8, ..] => Box::new(MultiGzDecoder::new(bytes)),
        [first @ 0x78, second, ..] if u16::from_be_bytes([*first, *second]) % 31 == 0 => {
            Box::new(ZlibDecoder::new(bytes))
        }
        _ => return None,
    };
    let mut read = vec![0; MAX_DECOMPRESSED];
    let mut length = 0;
    while let Some(rest) = read.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest) {
            Ok(0) | Err(_) => break,
            Ok(more) => length += more,
        }
    }
    read.truncate(length);
    inner(Secret::new(read).expose())
}

/// Reads the bytes of a dump, as `xxd`, `hexdump -C` and `od` write it: lines of an offset, hexadecimal digits, and perhaps the
/// same bytes as characters.
pub(super) fn dump(
    bytes: &[u8],
    inner: &mut dyn FnMut(&[u8]) -> Option<&'static str>,
) -> Option<&'static str> {
    let mut read = Vec::with_capacity(bytes.len() / 2);
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = line.split(|byte| *byte == b'|').next().unwrap_or_default();
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let offset = words.next().map(|word| word.strip_suffix(b":").unwrap_or(word));
        if !offset.is_some_and(|offset| (6..=16).contains(&offset.len()) && is_hex(offset)) {
            continue;
        }
        for word in words.take_while(|word| word.len() % 2 == 0 && word.len() <= 16 && is_hex(word)) {
            let (pairs, _) = word.as_chunks::<2>();
            read.extend(pairs.iter().filter_map(|[high, low]| from_hex(*high, *low)));
        }
    }
    let read = Secret::new(read);
    (read.expose().len() >= SHORTEST_DUMP).then(|| inner(read.expose())).flatten()
}

fn is_hex(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::super::lookalike::key_in;
    use super::super::secret::SecretFormat;
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use std::fmt::Write as _;
    use std::io::Write as _;

    const P256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==";

    fn der() -> Vec<u8> {
        SecretFormat::Base64.read(P256.as_bytes()).unwrap().expose().to_vec()
    }

    /// Returns the key as a tool prints it, with this many bytes in a group.
    fn dumped(bytes: &[u8], colon: &str, group: usize, bar: &str) -> Vec<u8> {
        let mut text = String::new();
        for (index, line) in bytes.chunks(16).enumerate() {
            write!(text, "{:08x}{colon} ", 16 * index).unwrap();
            for (at, byte) in line.iter().enumerate() {
                write!(text, "{}{byte:02x}", if at % group == 0 { " " } else { "" }).unwrap();
            }
            let shown: String = line
                .iter()
                .map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' })
                .collect();
            writeln!(text, "  {bar}{shown}{bar}").unwrap();
        }
        text.into()
    }

    fn utf_16(bytes: &[u8]) -> Vec<u8> {
        bytes.iter().flat_map(|byte| [*byte, 0]).collect()
    }

    fn utf_32(bytes: &[u8]) -> Vec<u8> {
        [0, 0, 0xFE, 0xFF].into_iter().chain(bytes.iter().flat_map(|byte| [0, 0, 0, *byte])).collect()
    }

    #[test]
    fn refuses_keys_as_tools_write_them() {
        let der = der();
        let pkcs1 =
            [b"\x30\x82\x01\x0A\x02\x82\x01\x01\0", &*vec![0xC5; 256], b"\x02\x03\x01\0\x01"].concat();
        let ssh = [b"\0\0\0\x0Bssh-ed25519\0\0\0\x20", &der[30..62]].concat();
        let jwk = br#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#;
        let escaped = |prefix: &str| -> Vec<u8> {
            jwk.iter().map(|byte| format!("{prefix}{byte:02x}")).collect::<String>().into()
        };
        let colons = |bytes: &[u8]| {
            let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            pairs.chunks(15).map(|line| format!("    {}", line.join(":"))).collect::<Vec<_>>().join(":\n")
        };
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&der).unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&der).unwrap();
        let utf_16_be: Vec<u8> = pkcs1.iter().flat_map(|byte| [0, *byte]).collect();
        let utf_32_le: Vec<u8> = pkcs1.iter().flat_map(|byte| [*byte, 0, 0, 0]).collect();
        let samples: [(&str, Vec<u8>); 20] = [
            ("xxd", dumped(&der, ":", 2, "")),
            ("hexdump -C", dumped(&der, "", 1, "|")),
            ("Latin-1 in UTF-8", der.iter().map(|byte| char::from(*byte)).collect::<String>().into()),
            ("gzip", gzip.finish().unwrap()),
            ("zlib", zlib.finish().unwrap()),
            ("PKCS #1 in UTF-16", utf_16(&pkcs1)),
            ("PKCS #1 in UTF-32", utf_32(&pkcs1)),
            ("PKCS #1 in UTF-16 with a mark", [b"\xFF\xFE", &*utf_16(&pkcs1)].concat()),
            ("PKCS #1 in UTF-16, big end first", [b"\xFE\xFF", &*utf_16_be].concat()),
            ("PKCS #1 in UTF-32, little end first", [b"\xFF\xFE\0\0", &*utf_32_le].concat()),
            ("SSH in UTF-16", utf_16(&ssh)),
            ("SSH in UTF-32", utf_32(&ssh)),
            ("\\x in UTF-16", utf_16(&escaped("\\x"))),
            ("\\x in UTF-32", utf_32(&escaped("\\x"))),
            ("\\u in UTF-16", utf_16(&escaped("\\u00"))),
            ("\\u in UTF-32", utf_32(&escaped("\\u00"))),
            (
                "openssl pkey -text, EC",
                format!("Public-Key: (256 bit)\npub:\n{}\nASN1 OID: prime256v1\n", colons(&der[26..])).into(),
            ),
            (
                "openssl pkey -text, Ed25519",
                format!("ED25519 Public-Key:\npub:\n{}\n", colons(&der[30..62])).into(),
            ),
            (
                "openssl pkey -text, RSA",
                format!(
                    "Public-Key: (2048 bit)\nModulus:\n{}\nExponent: 65537 (0x10001)\n",
                    colons(&pkcs1[8..265])
                )
                .into(),
            ),
            (
                "openssl rsa -modulus",
                format!("Modulus={}", colons(&pkcs1[9..265]).replace([':', ' ', '\n'], "").to_uppercase())
                    .into(),
            ),
        ];
        for (form, secret) in samples {
            assert!(key_in(&secret).is_some(), "{form}");
            let trimmed = secret.strip_suffix(b"\n").unwrap_or(&secret);
            assert!(key_in(trimmed).is_some(), "{form}, without a line break");
        }
    }

    #[test]
    fn accepts_secrets_that_only_look_alike() {
        for secret in [
            "-----BEGIN OPENVPN STATIC KEY V1-----\n5a3f\n-----END OPENVPN STATIC KEY V1-----\n",
            "-----BEGIN SECRET-----\nzebra crossing\n-----END SECRET-----\n",
            r#"{"keys":["zebra-crossing-at-eleven","minutes"]}"#,
            r#"{"keys":{"2026-01":"zebra-crossing-at-eleven-minutes"}}"#,
            r#"{"keys":[{"id":"a","secret":"zebra-crossing-at-eleven-minutes"}]}"#,
            r#"{"kty":"of my cat","k":"zebra-crossing-at-eleven-minutes"}"#,
            r#"{"kty":7}"#,
            r#"{"n":1234567890123,"x":1,"y":2,"e":"AQAB"}"#,
            r#"{"type":"aqab-zebra-crossing-at-eleven-minutes"}"#,
            "pub: 0badcafe at the corner, open from eleven to eleven",
            "caf\u{e9} cr\u{e8}me, s'il vous pla\u{ee}t, dans le jardin \u{e0} onze heures",
        ] {
            assert_eq!(key_in(secret.as_bytes()), None, "{secret}");
        }
    }

    /// The lines of a dump of 48 bytes, and those bytes.
    fn whole_lines() -> (String, Vec<u8>) {
        let bytes: Vec<u8> = (0..48).collect();
        (String::from_utf8(dumped(&bytes, ":", 2, "")).unwrap(), bytes)
    }

    /// Returns the bytes of a dump.
    fn read_back(text: &str) -> Vec<u8> {
        let mut read = Vec::new();
        super::dump(text.as_bytes(), &mut |bytes| {
            read = bytes.to_vec();
            None
        });
        read
    }

    #[test]
    fn reads_only_lines_of_a_dump_that_begin_with_an_offset() {
        let (lines, bytes) = whole_lines();
        for (offset, is_offset) in [
            ("000030", true),
            ("0123456789ABCDEF", true),
            ("00030", false),
            ("0123456789ABCDEF0", false),
            ("secret", false),
            ("00003g", false),
        ] {
            let more: &[u8] = if is_offset { &[0xFA] } else { &[] };
            assert_eq!(read_back(&format!("{lines}{offset}: fa\n")), [&bytes, more].concat(), "{offset}");
        }
    }

    #[test]
    fn reads_a_line_of_a_dump_up_to_its_first_other_word() {
        let (lines, bytes) = whole_lines();
        for (words, more) in [
            ("fa fbfc", &[0xFA, 0xFB, 0xFC][..]),
            ("fa 0011223344556677 fb", &[0xFA, 0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0xFB]),
            ("fa 001122334455667788 fb", &[0xFA]),
            ("fa xyz! fb", &[0xFA]),
            ("fa fb0 fc", &[0xFA]),
        ] {
            assert_eq!(read_back(&format!("{lines}000030: {words}\n")), [&bytes, more].concat(), "{words}");
        }
    }
}
