//! Hints about the signature, the algorithm and the choice of the key. Each tries the token with keys that the user gave,
//! and claims only what was tried.

use super::doctor::{TokenExamination, Unfilled, Written, examine_secret, examine_token, unfilled};
use super::policy::Policy;
use crate::core::key::ring::KeyRing;
use crate::core::key::{Key, Material};
use crate::core::text::escape::excerpt;
use crate::core::text::layout::count;
use crate::core::text::shell::argument;
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, Algorithm, KeyType};
use crate::core::token::jws::Compact;

/// Returns the algorithm that the header names.
fn claimed(token: &Token<'_>) -> Option<Algorithm> {
    match AlgName::parse(token.header.as_ref().ok()?.alg().ok()?) {
        AlgName::Known(algorithm) => Some(algorithm),
        _ => None,
    }
}

/// Reports whether a signature fits a key that is not refused.
fn fits(token: &Token<'_>, key: &Key, algorithm: Algorithm) -> bool {
    let Compact::Jws { signature, .. } = token.compact else { return false };
    let (Ok(signature), Some(input)) = (&signature.decoded, token.signing_input()) else { return false };
    key.unusable_reason().is_none()
        && key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(input, signature))
}

/// Adds hints on a signature that the chosen key does not verify: what verifies it instead, or else what was tried.
pub(super) fn about_signature(
    token: &Token<'_>,
    keys: Option<&KeyRing>,
    key: &Key,
    secret: Option<&Written>,
    hints: &mut Vec<String>,
) {
    // Of a payload that was read in pieces, nothing else can be tried.
    let Some(claimed) = claimed(token).filter(|_| token.signing_input().is_some()) else { return };
    match (secret, &key.material) {
        (Some(secret), _) => about_secret(token, key, secret, claimed, hints),
        (None, Material::Hmac(bytes)) => {
            if let Some(other) = about_other_key(token, keys, key, claimed) {
                hints.push(other);
            } else {
                let given = Written { bytes: bytes.clone(), taken: bytes.clone(), in_file: false };
                about_secret(token, key, &given, claimed, hints);
            }
        }
        (None, _) => about_public_key(token, keys, key, claimed, hints),
    }
}

/// Adds the near misses of the secret and of the token that verify, or else a list of what was tried.
fn about_secret(token: &Token<'_>, key: &Key, secret: &Written, claimed: Algorithm, hints: &mut Vec<String>) {
    const MOST: usize = 2;
    let Compact::Jws { signature, .. } = token.compact else { return };
    let (Ok(signature), Some(input)) = (&signature.decoded, token.signing_input()) else { return };
    let TokenExamination { fitting, tried: of_token } = examine_token(token, key, claimed);
    if let Some(what) = fitting {
        hints.push(what.to_owned());
        return;
    }
    let Some(examined) = examine_secret(input, signature, claimed, secret) else { return };
    if examined.fitting.is_empty() {
        let tried = || {
            format!(
                "no variant of the secret or the token fits (tried: {}; {})",
                examined.tried.join(", "),
                of_token.join(", ")
            )
        };
        hints.push(match unfilled(secret) {
            Some(Unfilled { what, remedy }) => format!("{what}: {remedy}"),
            None => tried(),
        });
    }
    hints.extend(examined.fitting.iter().take(MOST).map(ToString::to_string));
}

/// Adds what else verifies: another algorithm of the key, another reading, or another key of the set. If nothing does, adds
/// a list of what was tried.
fn about_public_key(
    token: &Token<'_>,
    keys: Option<&KeyRing>,
    key: &Key,
    claimed: Algorithm,
    hints: &mut Vec<String>,
) {
    let before = hints.len();
    let siblings = || key.algorithms().iter().copied().filter(|sibling| !sibling.same_signature(claimed));
    hints.extend(siblings().filter(|sibling| fits(token, key, *sibling)).map(|sibling| {
        format!("the signature fits this key with {sibling}, but the header says {claimed}: the signer must write `{sibling}`")
    }));
    if hints.len() == before {
        hints.extend(about_salt(token, key, claimed));
    }
    let TokenExamination { fitting, mut tried } = examine_token(token, key, claimed);
    hints.extend(fitting.map(str::to_owned));
    hints.extend(about_other_key(token, keys, key, claimed));
    if hints.len() > before {
        return;
    }
    if let Some(short) = about_length(token, key, claimed) {
        // For algorithms whose signatures have one size, the token itself gets the hint.
        hints.extend(Some(short).filter(|_| claimed.signature_bytes().is_none()));
        return;
    }
    if siblings().next().is_some() {
        tried.insert(0, "other algorithms of the key");
    }
    if key.has_type(KeyType::Rsa) {
        tried.push("PSS salts");
    }
    if keys.is_some_and(|keys| keys.keys().len() > 1) {
        tried.push("other keys of the set");
    }
    hints.push(format!(
        "compare the key with the signer's, by the thumbprint that `fob key show --thumbprint PATH` prints; nothing else \
         fits (tried: {})",
        tried.join(", ")
    ));
}

/// Returns a hint on a signature that is shorter than those of the algorithm and the key. A length that another algorithm or
/// another key makes is no sign of a cut.
fn about_length(token: &Token<'_>, key: &Key, claimed: Algorithm) -> Option<String> {
    // The sizes of RSA keys in use are multiples of 512 bits.
    const RSA_STEP: usize = 64;
    let Compact::Jws { signature, .. } = token.compact else { return None };
    let length = signature.decoded.as_ref().ok()?.len();
    let (whole, maker) = match claimed.signature_bytes() {
        Some(whole) => (whole, ""),
        None => (key.bits().div_ceil(8), " with this key"),
    };
    let is_of_another = if claimed.kty() == KeyType::Rsa {
        length > 0 && length.is_multiple_of(RSA_STEP)
    } else {
        Algorithm::ALL
            .iter()
            .any(|other| other.kty() == claimed.kty() && other.signature_bytes() == Some(length))
    };
    (length < whole && !is_of_another).then(|| {
        format!(
            "the signature has {}, but {claimed}{maker} makes {whole}: the token may be cut short",
            count(length, "byte")
        )
    })
}

/// Returns the other key of the set that the signature fits.
fn about_other_key(
    token: &Token<'_>,
    keys: Option<&KeyRing>,
    key: &Key,
    claimed: Algorithm,
) -> Option<String> {
    let keys = keys?;
    let mut others = keys.keys().iter().filter(|other| !std::ptr::eq(*other, key));
    let other = others.find(|other| fits(token, other, claimed))?;
    Some(match other.kid.as_deref().filter(|kid| !kid.is_empty()) {
        Some(kid) => {
            let name = names_key(keys, kid);
            format!("the signature fits the key `{}` of the set: {name}", excerpt(kid))
        }
        None => "the signature fits another key of the set".to_owned(),
    })
}

/// Returns a hint if the signature is RSASSA-PSS with a salt that RFC 7518 section 3.5 does not allow.
fn about_salt(token: &Token<'_>, key: &Key, claimed: Algorithm) -> Option<String> {
    let Compact::Jws { signature, .. } = token.compact else { return None };
    let signature = signature.decoded.as_ref().ok().filter(|_| key.unusable_reason().is_none())?;
    let (algorithm, length) = key.pss_salt(token.signing_input()?, signature)?;
    let wanted = match algorithm {
        Algorithm::Ps384 => 48,
        Algorithm::Ps512 => 64,
        _ => 32,
    };
    let called =
        if algorithm == claimed { String::new() } else { format!(", although the header says {claimed}") };
    Some(format!(
        "the signature is {algorithm} (RSASSA-PSS) with a salt of {length} bytes{called}: sign with {algorithm} and a salt \
         of {wanted} bytes (openssl: rsa_pss_saltlen:digest)"
    ))
}

/// Returns the option that takes the kind of key that the token's algorithm needs.
pub(super) fn about_key_type(token: &Token<'_>, key: &Key) -> Option<String> {
    let claimed = claimed(token)?;
    let needs_secret = claimed.kty() == KeyType::Oct;
    if needs_secret == key.has_type(KeyType::Oct) {
        return None;
    }
    Some(if needs_secret {
        format!("{claimed} needs a secret: use --secret-file PATH or --secret-env VAR")
    } else {
        format!("{claimed} needs a public key: use {}", ways_to_give_a_key(token))
    })
}

/// Returns what the signer must write so that a token names this key.
fn names_key(keys: &KeyRing, kid: &str) -> String {
    match keys.claim() {
        None => "the signer must write that key ID".to_owned(),
        Some(claim) => {
            format!("the claim `{claim}` must be `{}`, or the signer used a wrong key", excerpt(kid))
        }
    }
}

/// Returns the options that give the key of a token with a public key. An issuer is named if its keys can be fetched.
#[must_use]
pub fn ways_to_give_a_key(token: &Token<'_>) -> String {
    match issuer_of_keys(token) {
        Some(issuer) => format!("--key PATH or --issuer-keys {issuer}"),
        None => "--key PATH".to_owned(),
    }
}

/// Returns the issuer that a token names, as an argument, if it is an https URL without a query.
fn issuer_of_keys(token: &Token<'_>) -> Option<String> {
    let issuer = token.unverified_claims()?.get("iss")?.as_str()?;
    let is_url =
        issuer.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    (is_url && !issuer.contains(['?', '#', '@'])).then(|| argument(issuer)).flatten()
}

/// Returns a hint on an algorithm that the header names in another letter case.
pub(super) fn about_algorithm_name(token: &Token<'_>) -> Option<String> {
    let name = token.header.as_ref().ok()?.alg().ok()?;
    let is_meant = |known: &&Algorithm| known.name() != name && known.name().eq_ignore_ascii_case(name);
    let meant = Algorithm::ALL.iter().find(is_meant)?;
    Some(format!(
        "the header must name the algorithm `{meant}`, since letter case matters (RFC 7515 section 4.1.1): the signer must \
         write `{meant}`"
    ))
}

/// Returns a hint on a token whose key ID the set lacks, or the single key does not have: which key verifies it.
pub(super) fn about_key_id(token: &Token<'_>, keys: Option<&KeyRing>, key: Option<&Key>) -> Option<String> {
    let claimed = claimed(token)?;
    if let Some(key) = key.filter(|_| keys.is_some_and(|keys| !keys.is_set())) {
        let kid = token.header.as_ref().ok()?.kid().ok()??;
        return Some(match (fits(token, key, claimed), argument(kid)) {
            (true, Some(kid)) => format!("this key verifies the signature: --kid {kid} gives it that key ID"),
            (true, None) => "this key verifies the signature, but has another key ID".to_owned(),
            (false, _) => {
                "this key does not verify the signature either: get the key that the token names".to_owned()
            }
        });
    }
    let keys = keys.filter(|keys| keys.is_set() && keys.unusable_reason().is_none())?;
    let can_verify = |key: &&Key| key.unusable_reason().is_none() && key.verifier(claimed).is_ok();
    let candidates: Vec<&Key> = keys.keys().iter().filter(can_verify).collect();
    if candidates.is_empty() {
        return None;
    }
    let fitting = candidates.iter().find(|key| fits(token, key, claimed));
    Some(match fitting.map(|key| key.kid.as_deref().filter(|kid| !kid.is_empty())) {
        Some(Some(kid)) => {
            let name = names_key(keys, kid);
            format!("the key `{}` of the set verifies the signature: {name}", excerpt(kid))
        }
        Some(None) => "a key without a key ID in the set verifies the signature".to_owned(),
        None => format!(
            "{} tried, and the signature fits none: get the current set of the issuer",
            count(candidates.len(), "key")
        ),
    })
}

/// Returns a hint on an algorithm that is not allowed: whether its signature fits this key.
pub(super) fn about_algorithm(token: &Token<'_>, key: &Key, policy: &Policy) -> Option<String> {
    let Compact::Jws { signature, .. } = token.compact else { return None };
    let input = token.signing_input()?;
    let algorithm = claimed(token)
        .filter(|claimed| !policy.algorithms.contains(claimed) && key.has_type(claimed.kty()))?;
    let signature = signature.decoded.as_ref().ok().filter(|_| key.unusable_reason().is_none())?;
    let fits = key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(input, signature));
    Some(if fits {
        format!("the {algorithm} signature fits this key: --alg {algorithm} allows it")
    } else {
        format!("the {algorithm} signature does not fit this key either")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::RsaKey;
    use crate::core::key::file::{KeyFileContent, read};
    use crate::core::key::secret::Secret;
    use crate::core::token::base64url;
    use crate::core::token::jws::SigningInput;

    fn secret(byte: u8, kid: Option<&str>) -> Key {
        let mut key = Key::hmac(Secret::new(vec![byte; 64]), None, format!("key {byte}"));
        key.kid = kid.map(str::to_owned);
        key
    }

    fn rsa() -> Key {
        let jwk = include_bytes!("../../../tests/vectors/keys/rsa2048.pub.jwk.json");
        let KeyFileContent::Ring(ring) = read(jwk, "file").unwrap() else { panic!("a JWK") };
        ring.keys()[0].clone()
    }

    /// Calls a function with a token that has this signature.
    fn with<T>(header: &str, payload: &str, signature: &[u8], ask: impl FnOnce(&Token<'_>) -> T) -> T {
        let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
        let text = format!("{header}.{payload}.{}", base64url::encode(signature));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        ask(&Token::parse(&compact))
    }

    /// Calls a function with a token that a key signed.
    fn signed<T>(key: &Key, header: &str, ask: impl FnOnce(&Token<'_>) -> T) -> T {
        let input = format!("{}.e30", base64url::encode(header.as_bytes()));
        let signer = key.signer(Algorithm::Hs256).unwrap();
        with(header, "{}", &signer.sign(SigningInput::new(&input)).unwrap(), ask)
    }

    #[test]
    fn takes_a_short_signature_for_a_cut_one_if_no_other_key_makes_it() {
        let key = secret(1, None);
        let es384 = Key::generate(Algorithm::Es384, None).unwrap();
        let (rsa, eddsa) = (rsa(), Key::generate(Algorithm::Ed25519, None).unwrap());
        for (key, algorithm, length, is_cut) in [
            (&key, Algorithm::Hs256, 0, true),
            (&key, Algorithm::Hs256, 31, true),
            (&key, Algorithm::Hs256, 32, false),
            (&key, Algorithm::Hs256, 33, false),
            (&key, Algorithm::Hs512, 32, false),
            (&key, Algorithm::Hs512, 48, false),
            (&key, Algorithm::Hs512, 63, true),
            (&key, Algorithm::Hs512, 64, false),
            (&es384, Algorithm::Es384, 95, true),
            (&es384, Algorithm::Es384, 64, false),
            (&es384, Algorithm::Es384, 48, true),
            (&es384, Algorithm::Es384, 96, false),
            (&eddsa, Algorithm::Ed25519, 63, true),
            (&eddsa, Algorithm::Ed25519, 32, true),
            (&rsa, Algorithm::Rs256, 255, true),
            (&rsa, Algorithm::Rs256, 256, false),
            (&rsa, Algorithm::Rs256, 192, false),
            (&rsa, Algorithm::Rs256, 128, false),
            (&rsa, Algorithm::Rs256, 1, true),
            (&rsa, Algorithm::Rs256, 0, true),
            (&rsa, Algorithm::Rs256, 257, false),
        ] {
            let found = with("{}", "{}", &vec![7; length], |token| about_length(token, key, algorithm));
            let (maker, whole) = match algorithm.signature_bytes() {
                Some(whole) => ("", whole),
                None => (" with this key", 256),
            };
            let plural = if length == 1 { "" } else { "s" };
            let hint = format!(
                "the signature has {length} byte{plural}, but {algorithm}{maker} makes {whole}: the token may be cut short"
            );
            assert_eq!(found, is_cut.then_some(hint), "{algorithm} {length}");
        }
    }

    #[test]
    fn names_an_issuer_whose_keys_can_be_fetched() {
        for (payload, expected) in [
            (r#"{"iss":"https://a.test"}"#, Some("https://a.test")),
            (r#"{"iss":"https://a.test/x"}"#, Some("https://a.test/x")),
            (r#"{"iss":"http://a.test"}"#, None),
            (r#"{"iss":"https://"}"#, None),
            (r#"{"iss":"https:///x"}"#, None),
            (r#"{"iss":"https://a.test?x"}"#, None),
            (r#"{"iss":"https://a.test#x"}"#, None),
            (r#"{"iss":"https://x@a.test"}"#, None),
            (r#"{"iss":"https://it's.test"}"#, None),
            (r#"{"iss":1}"#, None),
            ("{}", None),
        ] {
            assert_eq!(with("{}", payload, b"x", issuer_of_keys).as_deref(), expected, "{payload}");
            let ways = with("{}", payload, b"x", ways_to_give_a_key);
            let named = expected.map(|issuer| format!("--key PATH or --issuer-keys {issuer}"));
            assert_eq!(ways, named.unwrap_or_else(|| "--key PATH".to_owned()), "{payload}");
        }
    }

    #[test]
    fn names_the_option_for_a_key_of_the_other_kind() {
        for (alg, key, hint) in [
            ("HS256", rsa(), Some("HS256 needs a secret: use --secret-file PATH or --secret-env VAR")),
            ("HS256", secret(1, None), None),
            ("RS256", rsa(), None),
            ("RS256", secret(1, None), Some("RS256 needs a public key: use --key PATH")),
            ("X", rsa(), None),
        ] {
            let header = format!(r#"{{"alg":"{alg}"}}"#);
            let found = with(&header, "{}", b"x", |token| about_key_type(token, &key));
            assert_eq!(found.as_deref(), hint, "{alg}");
        }
    }

    #[test]
    fn says_whether_the_signature_of_a_refused_algorithm_fits() {
        let (one, two) = (secret(1, None), secret(2, None));
        let refusing = Policy { algorithms: vec![Algorithm::Hs512], ..Policy::default() };
        let allowing = Policy { algorithms: vec![Algorithm::Hs256], ..Policy::default() };
        let header = r#"{"alg":"HS256"}"#;
        let about =
            |key: &Key, policy: &Policy| signed(&one, header, |token| about_algorithm(token, key, policy));
        assert_eq!(
            about(&one, &refusing).as_deref(),
            Some("the HS256 signature fits this key: --alg HS256 allows it")
        );
        assert_eq!(
            about(&two, &refusing).as_deref(),
            Some("the HS256 signature does not fit this key either")
        );
        assert_eq!(about(&one, &allowing), None);
        assert_eq!(about(&rsa(), &refusing), None);
        let named = with(r#"{"alg":"hs256"}"#, "{}", b"x", about_algorithm_name).unwrap();
        assert!(named.starts_with("the header must name the algorithm `HS256`, "), "{named}");
        assert_eq!(with(r#"{"alg":"HS"}"#, "{}", b"x", about_algorithm_name), None);
    }

    #[test]
    fn finds_the_key_that_verifies_in_place_of_the_named_one() {
        let (one, two) = (secret(1, Some("a")), secret(2, Some("b")));
        let about = |keys: &KeyRing, header: &str, key: Option<&Key>| {
            signed(&one, header, |token| about_key_id(token, Some(keys), key)).unwrap_or_default()
        };
        let header = r#"{"alg":"HS256","kid":"c"}"#;
        let single = KeyRing::from(one.clone());
        assert_eq!(
            about(&single, header, single.only()),
            "this key verifies the signature: --kid c gives it that key ID"
        );
        assert_eq!(
            about(&single, r#"{"alg":"HS256","kid":"é"}"#, single.only()),
            "this key verifies the signature, but has another key ID"
        );
        let other = KeyRing::from(two.clone());
        assert_eq!(
            about(&other, header, other.only()),
            "this key does not verify the signature either: get the key that the token names"
        );
        let set = |keys: Vec<Key>| KeyRing::from_set(keys, Vec::new(), "a set".to_owned());
        assert_eq!(
            about(&set(vec![two.clone(), one.clone()]), header, None),
            "the key `a` of the set verifies the signature: the signer must write that key ID"
        );
        assert_eq!(
            about(&set(vec![two.clone(), one.clone()]).by_claim(Some("t".to_owned())), header, None),
            "the key `a` of the set verifies the signature: the claim `t` must be `a`, or the signer used a wrong key"
        );
        assert_eq!(
            about(&set(vec![secret(1, None)]), header, None),
            "a key without a key ID in the set verifies the signature"
        );
        assert_eq!(
            about(&set(vec![two.clone(), secret(3, None)]), header, None),
            "2 keys tried, and the signature fits none: get the current set of the issuer"
        );
        assert_eq!(about(&set(vec![rsa()]), header, None), "");
        let others = |keys: &KeyRing, key: &Key| {
            signed(&one, header, |token| about_other_key(token, Some(keys), key, Algorithm::Hs256))
        };
        let both = set(vec![two, one.clone()]);
        assert_eq!(
            others(&both, &both.keys()[0]).as_deref(),
            Some("the signature fits the key `a` of the set: the signer must write that key ID")
        );
        assert_eq!(others(&both, &both.keys()[1]), None, "that key itself");
    }

    #[test]
    fn takes_no_whole_signature_of_an_rsa_key_of_an_unusual_size_for_a_cut_one() {
        let material = RsaKey { n: vec![0x81; 257], e: vec![1, 0, 1], private: None, pss: None };
        let key = Key::new(Material::Rsa(material), "a test".to_owned(), "JWK");
        let about =
            |length: usize| with("{}", "{}", &vec![7; length], |it| about_length(it, &key, Algorithm::Rs256));
        assert_eq!(about(257), None);
        let hint =
            "the signature has 255 bytes, but RS256 with this key makes 257: the token may be cut short";
        assert_eq!(about(255).as_deref(), Some(hint));
    }

    /// The modulus of an RSA key, and its RSASSA-PSS signatures of tokens with the payload `{}`. Their salts have 222, 32 and
    /// 20 bytes.
    const N: &str = "x58TrIXjmc115LC56vUZszWqm8OHgCyFWEYkfyQI3IZhM_gAq_55Em7xXIGW_Z8IW3c5CnvVzIp8K9T9E2y65PGROrpNMB2xmYnaA7wP4WNA\
        MmR0fPqEFR0D1zoQj_EneyFGdUgQaDKsUi-wo73gct6njrmQJamGVCZkL-5yaSl4EXt80nmaN4DH0Jh7vYTOGbdAv5YmnPpcF7wCfFRrM5Yr\
        8OpJ3DXfBXVMqYvZ2cwXv4rBg4wJUM2O921JI8x8fIWovchNqHd6MnHzzRqElcgpU0GDlNMcxilXqfZyJtQ9WXDzmC-XU4WdU9vX6M5ukt1R\
        DzWgPO7k9D2-VIPH2w";
    const PS256: &str = "JJZr-BNAiAFWaQkS_MHcdO_-xJD1trvodqoANDem9inZs9BXNSOpUmwI5A8HmxxWid0WL8KEHnOYDLB6qEDYRCjr3_82ns0WQan6IqazOrhQ\
        SOUc46zj3nHbbzxG-hC2teQUQdoXLbZQKt58C7_CkeHa-whq3rpsT8_uOlE04xGh0yxgu1rHsyQBfy8iFtvSz0JmyjrM0q82aOT9KgfSIAfR\
        bTnbt1xXB7covZcTOUWw7L30JNda36qRCYcE99qxA4LUCpLOBbaO3TjAYtx0QtnpC5XdgXOF9wo5cL6gUZCv_QuUzNSad45M7KX_SzQXESaO\
        nerVymWVVuer_So7xA";
    const PS384: &str = "Z1z1PDgqi1YOfG7-OeQxGBjVStEr8iZrwFNK9eYHBoJLLd0Ger94eKZbyXBijOv91TZ_EnOjO7dfSQH_QprUUAef-fAzbAeBs5hyI9WFlJsT\
        GYaPucnZFeI7_1gdmil_o8zGIc4GuUdFSZQMjg5bf057SbuuEHkabObL0lRoq6TohcRZZISzmb2fdzk0vEL-qXyx9sCjE8ss19LMwBKkaHdw\
        t2bnOHWX_CXFFmL4LB4nbYt1DX4_7LUtMoXEQn7lL0lDW3hr_GhoY28tdKNON17CVxBZ7eXh9zGd9TOiuAQ2RORbMwLSpNSecA-7xD51KJMT\
        4dFU_3kdrGTR9tPjYg";
    const PS512: &str = "xzxhunqLzF2pHgCm2vKb2L0DUg4lwLEB2XnnlPnyxBgETQ74eu1MyUo6Hvf4iyO0oTUay_CkQLqtBQ4T5BFPfa9fpKv8sUqC9YemVgCrLEVi\
        Ha2v032owsBbeQAdfY2FOvsOVjgm7krE0dss0WIBH2PyIM-R3gl13RTdbtnuYBShHg4W0uoWDxQbGsFGSvt6Lpxip65CXnD1po2jOZjd83ho\
        yUQ7GYwnMEwnwMmwF46PretRbY8vPoiBcM4qsYG9zhjCHFtXY0_IanD7OhJDZgzF_CZU5GhUUxrSpEnBWCrE5gE44ZVrgd7K4-ks-IftuhjK\
        BMmFcCP7LlYjZ4FVpA";

    #[test]
    fn names_the_salt_that_the_algorithm_of_a_signature_demands() {
        let decoded = |text: &str| base64url::decode(text).unwrap();
        let material = RsaKey { n: decoded(N), e: vec![1, 0, 1], private: None, pss: None };
        let key = Key::new(Material::Rsa(material), "a test".to_owned(), "JWK");
        for (header, signature, hint) in [
            (
                r#"{"alg":"RS256"}"#,
                PS256,
                "the signature is PS256 (RSASSA-PSS) with a salt of 222 bytes, although the header says RS256: sign with \
                 PS256 and a salt of 32 bytes (openssl: rsa_pss_saltlen:digest)",
            ),
            (
                r#"{"alg":"PS384"}"#,
                PS384,
                "the signature is PS384 (RSASSA-PSS) with a salt of 32 bytes: sign with PS384 and a salt of 48 bytes \
                 (openssl: rsa_pss_saltlen:digest)",
            ),
            (
                r#"{"alg":"PS512"}"#,
                PS512,
                "the signature is PS512 (RSASSA-PSS) with a salt of 20 bytes: sign with PS512 and a salt of 64 bytes \
                 (openssl: rsa_pss_saltlen:digest)",
            ),
        ] {
            let mut hints = Vec::new();
            with(header, "{}", &decoded(signature), |token| {
                about_signature(token, None, &key, None, &mut hints)
            });
            assert_eq!(hints, [hint]);
        }
    }

    #[test]
    fn recommends_no_key_of_a_set_that_is_refused() {
        let one = secret(1, Some("a"));
        let set = KeyRing::from_set(vec![one.clone(), rsa()], Vec::new(), "a set".to_owned());
        let header = r#"{"alg":"HS256","kid":"c"}"#;
        assert_eq!(signed(&one, header, |token| about_key_id(token, Some(&set), None)), None);
    }

    #[test]
    fn says_what_was_tried_with_a_secret_only_if_nothing_fits() {
        let (one, encoded) = (secret(1, None), base64url::encode(&[1; 64]));
        for (given, words) in [
            ("another secret", "no variant of the secret or the token fits (tried: "),
            ("$JWT_SECRET", "the secret looks like the name of a variable that was not expanded: "),
            (&encoded, "the signature fits this secret decoded from base64: "),
        ] {
            let key = Key::hmac(Secret::new(given.as_bytes().to_vec()), None, "a test".to_owned());
            let mut hints = Vec::new();
            signed(&one, r#"{"alg":"HS256"}"#, |token| about_signature(token, None, &key, None, &mut hints));
            assert_eq!(hints.len(), 1, "{hints:?}");
            assert!(hints[0].starts_with(words), "{hints:?}");
        }
    }
}
