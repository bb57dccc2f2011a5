//! Tells whether a text consists of familiar words: those of times, of key files and of the values of options. A password
//! consists of other words, so a message may quote a familiar text and a mistyped one, but no other.

use std::ops::ControlFlow;

/// The words of times, algorithms, formats and values.
const VALUES: &str = "\
    now today tomorrow yesterday next last ago in from at to the utc gmt cet est pst local midnight noon am pm never forever \
    second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months year years \
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february march april may \
    june july august september october november december jan feb mar apr jun jul aug sep oct nov dec soon later \
    hs rs ps es ed ec eddsa ecdsa hmac rsa rsassa okp oct ecdh oaep pbes kw gcm cbc aes dir none sha md ml dsa \
    ed25519 ed448 x25519 x448 secp256k1 secp256r1 prime256v1 p256 p384 p521 curve algorithm alg \
    text base base64 base64url base32 hex raw utf json jsonl yaml yml toml xml html markdown junit sarif tap csv github \
    pem der jwk jwks jwt jws jwe pkcs pkcs1 pkcs8 sec1 spki x509 p12 pfx header env oauth bearer plain compact \
    always auto never true false yes no on off colour color null all any each both \
    accepted rejected malformed expired wrong audience issuer subject missing reused revoked signature invalid bad \
    payload part name value claim claims type kind size limit number count string bool object array \
    es256k a128cbc a192cbc a256cbc a128gcm a192gcm a256gcm a128kw a192kw a256kw";

/// The words of the names of files, folders and claims.
const FILES: &str = "\
    key keys keyset keypair keystore private priv public pub secret secrets token tokens password passphrase credential \
    cert certs certificate certificates chain ca root intermediate leaf crt csr sign signed signer signing verify verifier \
    encrypt encrypted encryption decrypt decryption enc sig auth jwtrs rsakey eckey idp oidc saml sso login session sessions \
    access refresh id config conf settings etc home opt var usr tmp temp run mnt srv root dev prod production staging stage \
    test tests testing fixture fixtures example examples sample samples data dist build out output input report reports \
    suite suites case cases spec specs store stores cache db database log logs file files folder dir backup old new copy \
    main app apps api apis web server service services client clients gateway proxy backend frontend worker mobile ssh ssl \
    tls openssl ssh gone missing my our other first second one two three current previous empty large small good alice bob role roles \
    admin user users scope";

/// The length of the longest word that no message hides, if a text has one at all: too short for a secret.
const SHORT: usize = 4;

/// The largest number of digits in a row: those of the largest integer of 64 bits.
const MOST_DIGITS: usize = 20;

/// The length of the longest path whose words are looked up.
const LONGEST_PATH: usize = 512;

/// The length of the longest word that is looked up.
const LONGEST_WORD: usize = 40;

/// Reports whether every word of a value is that of a time, an algorithm, a format or another value, or a number.
pub(super) fn is_familiar(text: &str) -> bool {
    unknown_words(text, &[VALUES]).next().is_none()
}

/// Reports whether every word of a text is in any of the lists, or a number.
pub(super) fn has_familiar_words(text: &str) -> bool {
    unknown_words(text, &[VALUES, FILES]).next().is_none()
}

/// Reports whether the words of a path are familiar. One of them may be any short word.
pub(super) fn is_familiar_path(text: &str) -> bool {
    if text.len() > LONGEST_PATH {
        return false;
    }
    let mut unknown = unknown_words(text, &[VALUES, FILES]);
    let is_short = |word: &str| word.len() <= SHORT && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    unknown.next().is_none_or(is_short) && unknown.next().is_none()
}

type WordLists<'l> = &'l [&'static str];

fn unknown_words<'t>(text: &'t str, lists: WordLists<'t>) -> impl Iterator<Item = &'t str> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(move |word| !is_known(word, lists))
}

/// Reports whether a word is a number, a time, a duration, one or two letters, or made of words of the lists.
fn is_known(word: &str, lists: WordLists<'_>) -> bool {
    if word.len() > LONGEST_WORD {
        return false;
    }
    let letters = word.chars().filter(|c| !c.is_ascii_digit()).count();
    let is_short = letters == word.chars().count() && letters <= 2;
    let is_number = letters == 0 && word.len() <= MOST_DIGITS;
    is_short || is_number || is_time(word) || is_listed(word, lists) || parts_are_listed(word, lists)
}

/// Returns the words of the lists.
fn listed<'l>(lists: WordLists<'l>) -> impl Iterator<Item = &'static str> + 'l {
    lists.iter().flat_map(|list| list.split_whitespace())
}

/// Reports whether a word is a part of an RFC 3339 time (`31T12`, `00Z`) or a duration (`1d12h30m15s`, `90min`).
fn is_time(word: &str) -> bool {
    const UNITS: [&str; 13] = ["w", "d", "h", "m", "s", "ms", "y", "t", "z", "min", "sec", "hr", "mo"];
    let lower = word.to_ascii_lowercase();
    let units = lower.split(|c: char| c.is_ascii_digit()).filter(|unit| !unit.is_empty());
    lower.starts_with(|c: char| c.is_ascii_digit())
        && lower.len() <= MOST_DIGITS
        && units.clone().all(|unit| UNITS.contains(&unit))
        // Few people write more units than these.
        && units.count() <= 5
}

/// Reports whether a word is in a list, or differs from a longer one in a single place.
fn is_listed(word: &str, lists: WordLists<'_>) -> bool {
    let lower = word.to_lowercase();
    let is_near = |known: &str| {
        known == lower
            || (known.len() > SHORT
                && known.len().abs_diff(lower.len()) <= 1
                && strsim::damerau_levenshtein(known, &lower) <= 1)
    };
    listed(lists).any(is_near)
}

/// Reports whether each part of a word is in a list: `jwtRS256`, `privateKey2`, `pubkey`.
fn parts_are_listed(word: &str, lists: WordLists<'_>) -> bool {
    let mut start = 0;
    let mut parts = Vec::new();
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    for pair in chars.windows(2) {
        let [(_, one), (at, next)] = pair else { continue };
        let is_hump = one.is_lowercase() && next.is_uppercase();
        if is_hump || one.is_ascii_digit() != next.is_ascii_digit() {
            parts.push(word.get(start..*at).unwrap_or_default());
            start = *at;
        }
    }
    parts.push(word.get(start..).unwrap_or_default());
    let is_number = |part: &str| part.len() <= SHORT && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.iter().all(|part| is_number(part) || is_listed(part, lists) || is_compound(part, lists))
}

/// Reports whether a word is two words of the lists in one.
fn is_compound(word: &str, lists: WordLists<'_>) -> bool {
    let is_whole = |part: &str| part.len() >= 2 && listed(lists).any(|known| known == part);
    let lower = word.to_lowercase();
    let found = (2..lower.len()).try_for_each(|at| match lower.split_at_checked(at) {
        Some((one, two)) if is_whole(one) && is_whole(two) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_times_algorithms_and_key_files() {
        for text in [
            "next week",
            "tomorow",
            "2026-01-31T12:00:00+02:00",
            "1d12h30m15s",
            "UTC+2",
            "HS265",
            "ES256K",
            "ed25519",
            "A128CBC-HS256",
            "1769864400000",
            "wrong_audiance",
            "colour",
        ] {
            assert!(is_familiar(text), "{text}");
        }
        assert!(has_familiar_words("role:admin"));
        for text in [
            "private.pem",
            "jwtRS256.key",
            "rsa_private_key2.pem",
            "pubkey.pem",
            "keys/gone",
            "tokn.jwt",
            "certs/ca.crt",
            "a b.pem",
            "id_rsa",
            "server.key",
        ] {
            assert!(is_familiar_path(text), "{text}");
        }
    }

    #[test]
    fn knows_no_passwords() {
        for text in [
            "hunter2",
            "hunter2.key",
            "purple-monkey",
            "purple-monkey.pem",
            "swordfish",
            "letmein",
            "p4ss-w0rd.key",
            "correct horse battery staple",
            "qwer-asdf-zxcv.key",
            "a1b2c3d4e5",
            "qwerty123",
            "Tr0ub4dor",
            "iloveyou.txt",
            "dragon.secret",
            "changeme",
            "123456789012345678901",
            "hunter/monkey.key",
            "S3CR3T",
        ] {
            assert!(!is_familiar(text), "{text}");
            assert!(!is_familiar_path(text), "{text}");
        }
    }
}
