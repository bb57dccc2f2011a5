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
