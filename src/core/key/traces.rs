//! Finds traces of a key anywhere in bytes: object identifiers, BEGIN lines, members of a JWK, SSH names. A trace is
//! enough, since a damaged public key is public as well. It decodes nothing; `readings.rs` does.

use super::secret::Secret;

/// A kind of key, and the bytes that no random secret contains. All are at least six bytes.
struct Marker {
    kind: &'static str,
    bytes: &'static [u8],
}

const fn marker(kind: &'static str, bytes: &'static [u8]) -> Marker {
    Marker { kind, bytes }
}

const DER: &str = "a DER key";
const OPENPGP: &str = "an OpenPGP key";
const COSE: &str = "a COSE key";
const SSH: &str = "an SSH key";
const BLOB: &str = "a key blob of Windows";

/// The binary traces. Those of DER are the object identifiers of algorithms and curves (RFC 5480, RFC 8017, RFC 8410).
const MARKERS: [Marker; 20] = [
    marker(DER, b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01"),
    marker(DER, b"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01"),
    marker(DER, b"\x06\x08\x2A\x86\x48\xCE\x3D"),
    marker(DER, b"\x06\x05\x2B\x81\x04\x00"),
    marker(DER, b"\x06\x07\x2A\x86\x48\xCE\x38\x04"),
    marker(DER, b"\x30\x05\x06\x03\x2B\x65"),
    marker(DER, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03"),
    marker(OPENPGP, b"\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01"),
    marker(OPENPGP, b"\x2B\x06\x01\x04\x01\x97\x55\x01\x05\x01"),
    // RFC 9053 section 7: curve, then `x`; RSA (RFC 8230): modulus of 256 or 512 bytes, then exponent.
    marker(COSE, b"\x20\x01\x21\x58\x20"),
    marker(COSE, b"\x20\x02\x21\x58\x30"),
    marker(COSE, b"\x20\x03\x21\x58\x42"),
    marker(COSE, b"\x20\x06\x21\x58\x20"),
    marker(COSE, b"\x20\x08\x21\x58\x20"),
    marker(COSE, b"\x21\x43\x01\x00\x01"),
    marker(SSH, b"\0\0\0\x07ssh-"),
    marker(SSH, b"\0\0\0\x0Bssh-"),
    marker(SSH, b"\0\0\0\x13ecdsa-sha2-"),
    marker(SSH, b"openssh-key-v1\0"),
    marker(BLOB, b"\0\0RSA1"),
];

/// The length of the shortest key with a binary trace: Ed25519 in a COSE key without an algorithm.
const SHORTEST_BINARY: usize = 40;

/// The length of the shortest text that is searched for words. It is the length of `BEGIN PUBLIC KEY`.
const SHORTEST_TEXT: usize = 16;

/// The words of a BEGIN line that may stand before those of [`LABELS`], of which only letters and digits are left.
const QUALIFIERS: [&[u8]; 11] = [
    b"",
    b"EC",
    b"RSA",
    b"DSA",
    b"OPENSSH",
    b"ENCRYPTED",
    b"ANY",
    b"X509",
    b"TRUSTED",
    b"SSH2",
    b"SSH2ENCRYPTED",
];

/// The words of a BEGIN line that name a key, of which only letters and digits are left.
const LABELS: [(&str, &[u8]); 6] = [
    ("a PEM key", b"PUBLICKEY"),
    ("a PEM key", b"PRIVATEKEY"),
    ("a PEM key", b"CERTIFICATE"),
    ("a PEM key", b"PKCS7"),
    (OPENPGP, b"PGPPUBLICKEY"),
    (OPENPGP, b"PGPPRIVATEKEY"),
];

/// Traces of a JWK in a text without quotes, backslashes and white space, in lower case, with colons for `=` and `=>`.
const MEMBERS: [&[u8]; 9] = [
    b"kty:rsa",
    b"kty:ec",
    b"kty:okp",
    b"kty:oct",
    b"kty:akp",
    b"crv:p-",
    b"crv:ed",
    b"crv:x25519",
    b"crv:secp256k1",
];

/// Returns the kind of key of which the bytes hold a trace.
pub(super) fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    in_bytes(bytes)
        .or_else(|| in_letters(bytes))
        .or_else(|| in_members(bytes))
        .or_else(|| in_words(bytes))
        .or_else(|| in_numbers(bytes))
}

fn in_bytes(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() < SHORTEST_BINARY {
        return None;
    }
    let at = |start: usize| {
        let rest = bytes.get(start..)?;
        match rest.first()? {
            // The first bytes of all traces. They are looked at before anything else, because most bytes are none of them.
            0x00 | 0x03 | 0x04 | 0x06 | 0x20 | 0x21 | 0x2B | 0x30 | b'o' | b'E' | b'R' => {
                let marked = MARKERS.iter().find(|marker| rest.starts_with(marker.bytes));
                marked
                    .map(|marker| marker.kind)
                    .or_else(|| is_pkcs1(rest).then_some(DER))
                    .or_else(|| is_openpgp_rsa(rest).then_some(OPENPGP))
                    .or_else(|| is_windows_blob(rest).then_some(BLOB))
            }
            _ => None,
        }
    };
    (0..bytes.len()).find_map(at).or_else(|| is_dnskey(bytes).then_some("an RSA key of DNSSEC"))
}

/// Reports whether the bytes begin with an RSA key of PKCS #1: the modulus, then a small odd exponent (RFC 8017 appendix A.1).
/// The end may be missing.
fn is_pkcs1(bytes: &[u8]) -> bool {
    let outline = || {
        let (length, start) = element(bytes, 0x30)?;
        let private = start.strip_prefix(b"\x02\x01\0");
        let (modulus, rest) = element(private.unwrap_or(start), 0x02)?;
        let (exponent, rest) = element(rest.get(modulus..)?, 0x02)?;
        let is_odd = rest.get(..exponent).and_then(<[u8]>::last).is_none_or(|last| last % 2 == 1);
        let is_whole = private.is_some() || length == start.len() - rest.len() + exponent;
        Some((64..=2049).contains(&modulus) && (1..=8).contains(&exponent) && is_odd && is_whole)
    };
    outline().unwrap_or_default()
}

/// Takes the tag and the length of a DER element off. Returns the length and what follows, which may be shorter.
fn element(bytes: &[u8], tag: u8) -> Option<(usize, &[u8])> {
    match bytes.strip_prefix(&[tag])? {
        [0x82, high, low, rest @ ..] => Some((usize::from(u16::from_be_bytes([*high, *low])), rest)),
        [0x81, length, rest @ ..] | [length @ ..=0x7F, rest @ ..] => Some((usize::from(*length), rest)),
        _ => None,
    }
}

/// Reports whether the bytes begin with the body of an OpenPGP RSA key of version 4: its modulus, then 65537 (RFC 9580 section
/// 5.5.5.1).
fn is_openpgp_rsa(bytes: &[u8]) -> bool {
    let [4, _, _, _, _, 1..=3, high, low, rest @ ..] = bytes else { return false };
    let modulus = usize::from(u16::from_be_bytes([*high, *low])).div_ceil(8);
    rest.get(modulus..).is_some_and(|rest| rest.starts_with(b"\0\x11\x01\0"))
}

/// Reports whether the bytes begin with a key blob of Windows CNG: `RSA1` and the number of bits, or a curve and the number of
/// bytes.
fn is_windows_blob(bytes: &[u8]) -> bool {
    match bytes {
        [b'R', b'S', b'A', b'1', low, high, 0, 0, ..] => {
            (512..=16384).contains(&u16::from_le_bytes([*low, *high]))
        }
        [b'E', b'C', b'S' | b'K', b'1' | b'3' | b'5', 32 | 48 | 66, 0, 0, 0, ..] => true,
        _ => false,
    }
}

/// Reports whether the bytes begin with the exponent 65537, and are long enough for a modulus (RFC 3110 section 2).
fn is_dnskey(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\x03\x01\0\x01").is_some_and(|modulus| modulus.len() >= 127)
}

/// Recognizes BEGIN lines of any spelling: other hyphens, letter case and white space, in UTF-8, UTF-16 or UTF-32.
fn in_letters(bytes: &[u8]) -> Option<&'static str> {
    const BEGIN: &[u8] = b"BEGIN";
    const XML: &[u8] = b"RSAKEYVALUEMODULUS";
    // Most secrets are too short or lack a letter of both words.
    let can_begin = |byte: &u8| byte.eq_ignore_ascii_case(&b'G') || byte.eq_ignore_ascii_case(&b'V');
    if bytes.len() < SHORTEST_TEXT || !bytes.iter().any(can_begin) {
        return None;
    }
    let exact = kept(bytes, |byte| byte.is_ascii_alphanumeric().then_some(byte));
    let folded = kept(exact.expose(), |byte| Some(byte.to_ascii_uppercase()));
    let (exact, folded) = (exact.expose(), folded.expose());
    // A passphrase may hold such words in lower case, but not with hyphens.
    let has_hyphens = || {
        let text = kept(bytes, |byte| (byte != 0).then_some(byte));
        holds(text.expose(), b"--")
            || holds(text.expose(), b"\xE2\x80\x93")
            || holds(text.expose(), b"\xE2\x80\x94")
    };
    let label = |at: usize| {
        let label = folded.get(at + BEGIN.len()..)?;
        let after = QUALIFIERS.iter().filter_map(|word| label.strip_prefix(*word));
        let (kind, words) =
            after.flat_map(|label| LABELS.iter().filter(|(_, words)| label.starts_with(words))).next()?;
        let end = at + BEGIN.len() + words.len();
        let is_upper = exact.get(at..end) == folded.get(at..end);
        (is_upper || has_hyphens()).then_some(*kind)
    };
    let found = memchr::memmem::find_iter(folded, BEGIN).find_map(label);
    found.or_else(|| holds(folded, XML).then_some("an RSA key in XML"))
}

/// Recognizes the members of a JWK in a text that need not be JSON: escaped, cut, or written as in another language.
fn in_members(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() < SHORTEST_TEXT || !bytes.iter().any(|byte| matches!(byte, b':' | b'=')) {
        return None;
    }
    let text = kept(bytes, |byte| match byte {
        b'=' => Some(b':'),
        b'"' | b'\'' | b'`' | b'\\' | b'>' => None,
        _ if byte.is_ascii_graphic() => Some(byte.to_ascii_lowercase()),
        _ => None,
    });
    let text = text.expose();
    let is_jwk =
        MEMBERS.iter().any(|member| holds(text, member)) || (holds(text, b"e:aqab") && has_modulus(text));
    is_jwk.then_some("a JSON Web Key")
}

/// Reports whether a text has the member `n` with the Base64 text of at least 480 bits.
fn has_modulus(text: &[u8]) -> bool {
    const SHORTEST: usize = 80;
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_+/".contains(byte);
    memchr::memmem::find_iter(text, b"n:")
        .filter_map(|at| text.get(at + 2..at + 2 + SHORTEST))
        .any(|digits| digits.iter().all(is_digit))
}

/// Recognizes the public numbers that `openssl pkey -text` and `openssl x509 -text` print: a word, perhaps a number of bits, and
/// hexadecimal digits.
fn in_numbers(bytes: &[u8]) -> Option<&'static str> {
    const WORDS: [&[u8]; 2] = [b"PUB", b"MODULUS"];
    const SHORTEST: usize = 64;
    if bytes.len() < SHORTEST || !bytes.iter().any(|byte| byte.eq_ignore_ascii_case(&b'U')) {
        return None;
    }
    let text = kept(bytes, |byte| byte.is_ascii_alphanumeric().then(|| byte.to_ascii_uppercase()));
    let text = text.expose();
    let is_number = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let digits = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        let behind_bits = rest.get(digits..).and_then(|rest| rest.strip_prefix(b"BIT"));
        let number = behind_bits.unwrap_or(rest).get(..SHORTEST);
        number.is_some_and(|number| number.iter().all(u8::is_ascii_hexdigit))
    };
    let is_found = |word: &&[u8]| memchr::memmem::find_iter(text, *word).any(|at| is_number(at + word.len()));
    WORDS.iter().any(is_found).then_some("a key printed by openssl")
}

/// Recognizes the name of an SSH key with its Base64 text behind it.
fn in_words(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() < SHORTEST_BINARY || !bytes.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let text = kept(bytes, |byte| (byte != 0).then_some(byte));
    let names = [&b"ssh-"[..], b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"];
    let is_key = |name: &[u8]| {
        memchr::memmem::find_iter(text.expose(), name).any(|at| {
            let mut words = text.expose().get(at..).unwrap_or_default().split(u8::is_ascii_whitespace);
            words.next().is_some() && words.next().is_some_and(|word| word.starts_with(b"AAAA"))
        })
    };
    names.into_iter().any(is_key).then_some(SSH)
}

/// Returns what a function keeps of each byte.
fn kept(bytes: &[u8], keep: impl Fn(u8) -> Option<u8>) -> Secret {
    // All memory is taken at once, so that no copy of the secret is left behind.
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend(bytes.iter().filter_map(|byte| keep(*byte)));
    Secret::new(kept)
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a DER element.
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = match content.len() {
            short @ ..=0x7F => vec![short as u8],
            byte @ ..=0xFF => vec![0x81, byte as u8],
            long => vec![0x82, (long >> 8) as u8, long as u8],
        };
        [&[tag], &length[..], content].concat()
    }

    /// Returns an RSA key of PKCS #1 with a modulus of so many bytes.
    fn pkcs1(version: &[u8], modulus: usize, exponent: &[u8], end: &[u8]) -> Vec<u8> {
        let numbers = [der(0x02, &vec![0x55; modulus]), der(0x02, exponent)].concat();
        der(0x30, &[version, &numbers, end].concat())
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn finds_each_binary_trace_in_forty_bytes() {
        for Marker { kind, bytes } in MARKERS {
            let before = 20;
            let mut around = vec![b'x'; SHORTEST_BINARY];
            around[before..before + bytes.len()].copy_from_slice(bytes);
            assert_eq!(in_bytes(&around), Some(kind), "{bytes:?}");
            assert_eq!(kind_of(&around), Some(kind), "{bytes:?}");
            assert_eq!(in_bytes(&around[1..]), None, "{bytes:?}");
            let at_end = [&vec![b'x'; SHORTEST_BINARY - bytes.len()][..], bytes].concat();
            assert_eq!(in_bytes(&at_end), Some(kind), "{bytes:?}");
            around[before + bytes.len() - 1] ^= 1;
            let is_shorter_marker = MARKERS.iter().any(|other| holds(&around, other.bytes));
            assert_eq!(in_bytes(&around).is_some(), is_shorter_marker, "{bytes:?}");
        }
        assert_eq!(in_bytes(&[b'x'; 100]), None);
    }

    #[test]
    fn finds_keys_without_an_identifier_anywhere() {
        let behind = |key: &[u8]| in_bytes(&[&[b'x'; SHORTEST_BINARY][..], key].concat());
        assert_eq!(behind(&pkcs1(b"", 64, &[3], b"")), Some(DER));
        assert_eq!(behind(b"\x04time\x01\0\x11\x01\x01\x01\0\x11\x01\0\x01"), Some(OPENPGP));
        assert_eq!(behind(b"RSA1\0\x08\0\0"), Some(BLOB));
        assert_eq!(behind(b"ECS1\x20\0\0\0"), Some(BLOB));
        let dnskey = [b"\x03\x01\0\x01", &[0x55; 127][..]].concat();
        assert_eq!(in_bytes(&dnskey), Some("an RSA key of DNSSEC"));
        assert_eq!(in_bytes(&dnskey[..130]), None);
        assert_eq!(behind(&dnskey), None);
    }

    #[test]
    fn reads_the_outline_of_a_pkcs1_key() {
        let version = b"\x02\x01\0";
        for (key, is_key) in [
            (pkcs1(b"", 64, &[3], b""), true),
            (pkcs1(b"", 63, &[3], b""), false),
            (pkcs1(b"", 2049, &[1, 0, 1], b""), true),
            (pkcs1(b"", 2050, &[1, 0, 1], b""), false),
            (pkcs1(b"", 129, &[1, 0, 0, 0, 0, 0, 0, 1], b""), true),
            (pkcs1(b"", 129, &[1, 0, 0, 0, 0, 0, 0, 0, 1], b""), false),
            (pkcs1(b"", 129, &[], b""), false),
            (pkcs1(b"", 129, &[1, 0, 0], b""), false),
            // A public key ends behind the exponent; other numbers follow in a private one.
            (pkcs1(b"", 129, &[1, 0, 1], b"\x02\x01\x01"), false),
            (pkcs1(version, 129, &[1, 0, 1], b"\x02\x01\x01"), true),
            (pkcs1(version, 129, &[1, 0, 2], b"\x02\x01\x01"), false),
        ] {
            assert_eq!(is_pkcs1(&key), is_key, "{key:?}");
        }
        // The end of a damaged key may be missing, but not its exponent's length.
        let whole = pkcs1(version, 129, &[1, 0, 1], b"");
        assert!(is_pkcs1(&whole[..whole.len() - 1]));
        assert!(is_pkcs1(&whole[..whole.len() - 3]));
        assert!(!is_pkcs1(&whole[..whole.len() - 4]));
        let public = pkcs1(b"", 129, &[1, 0, 1], b"");
        assert!(is_pkcs1(&public[..public.len() - 3]));
        assert!(is_pkcs1(&[&public[..], b"more"].concat()[..public.len()]));
    }

    #[test]
    fn reads_the_length_of_an_element() {
        for (bytes, expected) in [
            (&[0x30, 0, 9][..], Some((0, &[9][..]))),
            (&[0x30, 0x7F, 9], Some((127, &[9]))),
            (&[0x30, 0x80, 9], None),
            (&[0x30, 0x81, 200, 9], Some((200, &[9]))),
            (&[0x30, 0x81], None),
            (&[0x30, 0x82, 1, 2, 9], Some((258, &[9]))),
            (&[0x30, 0x82, 1], None),
            (&[0x30, 0x83, 0, 0, 1, 9], None),
            (&[0x31, 0, 9], None),
            (&[0x30], None),
        ] {
            assert_eq!(element(bytes, 0x30), expected, "{bytes:?}");
        }
    }

    #[test]
    fn reads_the_body_of_an_openpgp_key() {
        // The modulus has 17 bits, so it takes three bytes.
        let body = |version, algorithm, tail: &[u8]| {
            is_openpgp_rsa(&[&[version, 1, 2, 3, 4, algorithm, 0, 17, 1, 1, 1], tail].concat())
        };
        for (algorithm, is_key) in [(0, false), (1, true), (2, true), (3, true), (4, false)] {
            assert_eq!(body(4, algorithm, b"\0\x11\x01\0\x01"), is_key, "{algorithm}");
        }
        assert!(!body(3, 1, b"\0\x11\x01\0\x01"));
        assert!(!body(4, 1, b"\0\0\x11\x01\0\x01"));
        assert!(!body(4, 1, b"\0\x11\x01"));
        assert!(!is_openpgp_rsa(b"\x04\x01\x02\x03\x04\x01\0"));
    }

    #[test]
    fn reads_the_head_of_a_windows_blob() {
        for (bits, is_key) in [(511_u16, false), (512, true), (2048, true), (16384, true), (16385, false)] {
            let [low, high] = bits.to_le_bytes();
            assert_eq!(is_windows_blob(&[b'R', b'S', b'A', b'1', low, high, 0, 0]), is_key, "{bits}");
        }
        assert!(!is_windows_blob(b"RSA1\0\x08\0\x01"));
        for (head, is_key) in [
            (b"ECS1\x20\0\0\0", true),
            (b"ECK1\x20\0\0\0", true),
            (b"ECS3\x30\0\0\0", true),
            (b"ECK5\x42\0\0\0", true),
            (b"ECS2\x20\0\0\0", false),
            (b"ECX1\x20\0\0\0", false),
            (b"ECS1\x21\0\0\0", false),
            (b"ECS1\x20\0\0\x01", false),
        ] {
            assert_eq!(is_windows_blob(head), is_key, "{head:?}");
        }
    }

    #[test]
    fn finds_each_begin_line_in_capital_letters() {
        for qualifier in QUALIFIERS {
            for (kind, label) in LABELS {
                let line = [b"BEGIN ", qualifier, b" ", label, b" of a test"].concat();
                assert_eq!(in_letters(&line), Some(kind), "{qualifier:?} {label:?}");
                assert_eq!(in_letters(&[b"abc ", &line[..]].concat()), Some(kind), "{qualifier:?} {label:?}");
            }
        }
        assert_eq!(in_letters(b"BEGIN PUBLIC KEY"), Some("a PEM key"));
        assert_eq!(in_letters(b"BEGINPUBLIC KEY"), None, "shorter than every BEGIN line");
        assert_eq!(in_letters(b"BEGIN SESSION WITH PUBLIC KEY"), None);
        assert_eq!(in_letters(b"BEGIN SESSION; BEGIN PUBLIC KEY"), Some("a PEM key"));
    }

    #[test]
    fn finds_a_begin_line_in_lower_case_only_with_hyphens() {
        for (text, kind) in [
            ("begin public key", None),
            ("abc BEGIN public key", None),
            ("abc begin PUBLIC KEY", None),
            ("-begin public key-", None),
            ("--begin public key", Some("a PEM key")),
            ("\u{2013}begin public key", Some("a PEM key")),
            ("\u{2014}Begin PGP public key", Some(OPENPGP)),
            ("\u{2012}begin public key", None),
        ] {
            assert_eq!(in_letters(text.as_bytes()), kind, "{text}");
        }
        assert_eq!(in_letters(&utf16("--begin public key")), Some("a PEM key"));
        assert_eq!(in_letters(&utf16("-begin public key-")), None);
    }

    #[test]
    fn finds_a_key_in_xml() {
        assert_eq!(in_letters(b"<RSAKeyValue><Modulus>"), Some("an RSA key in XML"));
        assert_eq!(in_letters(b"<RSAKeyValue><Exponent>"), None);
    }

    #[test]
    fn finds_each_member_of_a_jwk() {
        for member in MEMBERS {
            let text = [&b"{\"a\" => 1, "[..], member].concat();
            assert_eq!(in_members(&text), Some("a JSON Web Key"), "{member:?}");
            assert_eq!(kind_of(&text), Some("a JSON Web Key"), "{member:?}");
        }
        for text in [
            r#"{"kty": "RSA",   "#,
            r#"\"kty\":\"RSA\" "#,
            "'kty' => 'RSA'   ",
            "KTY='rsa'        ",
            "kty:`rsa`       ",
        ] {
            assert_eq!(in_members(text.as_bytes()), Some("a JSON Web Key"), "{text}");
        }
        assert_eq!(in_members(b"{  'kty':'RSA' }"), Some("a JSON Web Key"));
        assert_eq!(in_members(b"{ 'kty':'RSA' }"), None, "shorter than every key");
        assert_eq!(in_members(b"the kty is an rsa key"), None);
        assert_eq!(in_members(b"kty!rsa         :"), None);
    }

    #[test]
    fn finds_the_modulus_beside_its_exponent() {
        let jwk = |n: &str| in_members(format!(r#"{{"n":1,"e":"AQAB","n":"{n}"}}"#).as_bytes());
        assert_eq!(jwk(&"aZ0-_+/9".repeat(10)), Some("a JSON Web Key"));
        assert_eq!(jwk(&"x".repeat(79)), None);
        assert_eq!(jwk(&format!(".{}", "x".repeat(100))), None);
        assert_eq!(jwk(&"aZ0-_+/.".repeat(10)), None);
        let without_exponent = format!(r#"{{"e":"AAAB","n":"{}"}}"#, "x".repeat(80));
        assert_eq!(in_members(without_exponent.as_bytes()), None);
    }

    #[test]
    fn finds_the_numbers_that_openssl_prints() {
        let found = Some("a key printed by openssl");
        let digits = "0aB9:".repeat(16);
        for (text, expected) in [
            (format!("pub:\n  {digits}"), found),
            (format!("xy pub:\n  {digits}"), found),
            (format!("Modulus={digits}"), found),
            (format!("Modulus (2048 bit):\n {digits}"), found),
            (format!("Public, pub: {digits}"), found),
            (format!("pub:\n  {}", digits.trim_start_matches('0')), None),
            (format!("Modulus (2048 bits):\n {digits}"), None),
            (format!("priv:\n  {digits}"), None),
            (format!("pub: g{digits}"), None),
        ] {
            assert_eq!(in_numbers(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(kind_of(format!("pub:\n  {digits}").as_bytes()), found);
    }

    #[test]
    fn finds_the_name_of_an_ssh_key_before_its_text() {
        for (text, expected) in [
            ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCx1", Some(SSH)),
            ("ecdsa-sha2-nistp256\tAAAAE2VjZHNhLXNoYTItb", Some(SSH)),
            ("sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1", Some(SSH)),
            ("from x: sk-ecdsa-sha2-nistp256@openssh.com AAAAI", Some(SSH)),
            ("ssh-keys, then ssh-rsa AAAAB3NzaC1yc2EAAAA", Some(SSH)),
            ("ssh-rsa BAAAB3NzaC1yc2EAAAADAQABAAABAQCx1", None),
            ("ssh-rsa-AAAAB3NzaC1yc2EAAAADAQABAAABAQCx1 x", None),
            ("my keys are ssh-rsa keys of 4096 bits, I think", None),
            ("rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCx1xxxxx", None),
        ] {
            assert_eq!(in_words(text.as_bytes()), expected, "{text}");
        }
        let forty = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCx";
        assert_eq!((forty.len(), in_words(forty.as_bytes())), (SHORTEST_BINARY, Some(SSH)));
        assert_eq!(in_words(&forty.as_bytes()[..39]), None);
        assert_eq!(in_words(&utf16("ssh-rsa AAAAB3NzaC1yc2E")), Some(SSH));
    }
}
