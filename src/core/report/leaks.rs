//! Finds secrets and password hashes in a payload, which is readable without a key. It looks at names and at the beginnings
//! of values.

use crate::core::json::{self, Member, Value};
use crate::core::key::jwk::PRIVATE_MEMBERS;
use memchr::memchr;

/// A claim that should not be in a token. The path names it, such as `user.password`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leak {
    /// The value is a stored password hash.
    PasswordHash { path: String, method: &'static str },
    /// The value is a private key.
    PrivateKey { path: String },
    /// The name says that the value is a secret.
    Secret { path: String },
}

/// The number of leaks that are reported of one token.
const MAXIMUM: usize = 10;

/// Returns the leaks in members, at any depth.
pub(super) fn leaks(members: &[Member<'_>]) -> Vec<Leak> {
    let mut found = Vec::new();
    in_members(members, "", &mut found);
    found
}

fn in_members(members: &[Member<'_>], prefix: &str, found: &mut Vec<Leak>) {
    for member in members {
        if found.len() == MAXIMUM {
            return;
        }
        let path = || format!("{prefix}{}", member.name);
        if let Some(method) = member.value.as_str().and_then(password_hash) {
            found.push(Leak::PasswordHash { path: path(), method });
            continue;
        }
        let items = if let Value::Array(items) = &member.value { items.as_slice() } else { &[] };
        match &member.value {
            value if is_private_key(value) || items.iter().any(is_private_key) => {
                found.push(Leak::PrivateKey { path: path() });
            }
            _ if holds_secret(member) => found.push(Leak::Secret { path: path() }),
            Value::Object(inner) => in_members(inner, &format!("{prefix}{}.", member.name), found),
            Value::Array(items) => {
                let inner = format!("{prefix}{}.", member.name);
                items.iter().for_each(|item| in_members(item.members(), &inner, found));
            }
            _ => {}
        }
    }
}

/// Reports whether a value is a private key: a PEM, or a JWK with a private member, also as text.
fn is_private_key(value: &Value<'_>) -> bool {
    let is_jwk = |value: &Value<'_>| {
        let has = |name| value.get(name).and_then(Value::as_str).is_some();
        has("kty") && PRIVATE_MEMBERS.into_iter().any(has)
    };
    match value {
        // Shorter texts hold no marker of a PEM. Most values are shorter, or have no hyphen.
        Value::String(text)
            if text.len() >= 18 && memchr(b'-', text.as_bytes()).is_some() && text.contains("-BEGIN ") =>
        {
            text.contains("PRIVATE KEY-")
        }
        Value::String(text) if text.starts_with('{') => {
            json::parse(text.as_bytes()).is_ok_and(|value| is_jwk(&value))
        }
        value => is_jwk(value),
    }
}

/// The beginnings of stored password hashes, and the methods that write them.
const PASSWORD_HASHES: &[(&str, &str)] = &[
    ("$2a$", "bcrypt"),
    ("$2b$", "bcrypt"),
    ("$2y$", "bcrypt"),
    ("$argon2", "Argon2"),
    ("argon2$", "Argon2"),
    ("bcrypt_sha256$", "bcrypt"),
    ("$scrypt$", "scrypt"),
    ("scrypt:", "scrypt"),
    ("scrypt$", "scrypt"),
    ("$pbkdf2", "PBKDF2"),
    ("pbkdf2_sha256$", "PBKDF2"),
    ("pbkdf2_sha1$", "PBKDF2"),
    ("pbkdf2:", "PBKDF2"),
    ("$5$", "SHA-256 crypt"),
    ("$6$", "SHA-512 crypt"),
    ("$1$", "MD5 crypt"),
    ("$apr1$", "MD5 crypt"),
    ("$y$", "yescrypt"),
    ("{SSHA", "salted SHA"),
    ("{bcrypt}", "bcrypt"),
    ("{argon2", "Argon2"),
    ("{pbkdf2", "PBKDF2"),
    ("{PBKDF2", "PBKDF2"),
    ("{scrypt}", "scrypt"),
    ("bcrypt$", "bcrypt"),
    ("sha1$", "salted SHA-1"),
    ("md5$", "salted MD5"),
];

/// The first characters of the table, as bits.
const FIRST_OF_HASHES: u128 = {
    let (mut bits, mut rows) = (0, PASSWORD_HASHES);
    while let [(prefix, _), others @ ..] = rows {
        if let [first @ 0..=127, ..] = prefix.as_bytes() {
            bits |= 1 << *first;
        }
        rows = others;
    }
    bits
};

/// Returns the method of a password hash.
fn password_hash(value: &str) -> Option<&'static str> {
    // Most values begin otherwise: this saves 700 instructions a token.
    let first = value.bytes().next()?;
    if FIRST_OF_HASHES.checked_shr(first.into()).unwrap_or_default() & 1 == 0 {
        return None;
    }
    PASSWORD_HASHES.iter().find(|(prefix, _)| value.starts_with(prefix)).map(|(_, method)| *method)
}

/// Reports whether the name of a claim says that its value is a secret. A fact about a secret, such as `secret_id`, is not
/// one.
fn holds_secret(member: &Member<'_>) -> bool {
    const SECRETS: [&str; 7] =
        ["password", "passwd", "secret", "private_key", "api_key", "apikey", "credit_card"];
    if matches!(member.value, Value::Bool(_) | Value::Null) {
        return false;
    }
    // An object of facts alone, such as the name of a Kubernetes Secret, holds no secret.
    let facts = member.value.members();
    if !facts.is_empty() && facts.iter().all(|fact| is_about_secrets(&fact.name)) {
        return false;
    }
    // Each of the words holds one of these, and most names hold none.
    if !holds_any(&member.name, &["passw", "secret", "key", "card"]) {
        return false;
    }
    let mut words = String::new();
    for letter in member.name.chars() {
        // `secretName` has the words of `secret_name`.
        if letter.is_ascii_uppercase() && words.ends_with(|last: char| last.is_ascii_lowercase()) {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    let last = words.rsplit(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
    let lower = member.name.to_ascii_lowercase();
    SECRETS.iter().any(|word| lower.contains(word) || words.contains(word)) && !is_about_secrets(last)
}

/// Reports whether a word names a fact about a secret.
fn is_about_secrets(word: &str) -> bool {
    // A pattern, not a table: each reference in a table costs every run of the program 11 instructions.
    matches!(
        word,
        "name"
            | "id"
            | "uid"
            | "at"
            | "on"
            | "in"
            | "exp"
            | "expiry"
            | "expires"
            | "expiration"
            | "expired"
            | "age"
            | "changed"
            | "updated"
            | "last"
            | "set"
            | "type"
            | "kind"
            | "version"
            | "hint"
            | "required"
            | "reset"
            | "policy"
            | "strength"
            | "prefix"
            | "length"
            | "algorithm"
            | "alg"
            | "arn"
            | "ref"
            | "path"
            | "url"
            | "uri"
            | "link"
            | "count"
            | "attempts"
            | "status"
            | "method"
            | "flow"
    )
}

/// Reports whether a name holds one of these words, in any letter case.
fn holds_any(name: &str, words: &[&str]) -> bool {
    let bytes = name.as_bytes();
    // Most names lack a letter of each word: this saves 700 instructions a token.
    let letters = letters_of(bytes);
    words
        .iter()
        .filter(|word| letters_of(word.as_bytes()) & !letters == 0)
        .any(|word| bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

/// Returns a bit for each letter of a name, in any letter case. Other characters share these bits.
fn letters_of(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |letters, byte| letters | 1 << (byte & 31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn paths(payload: &str) -> Vec<String> {
        let value = parse(payload.as_bytes()).unwrap();
        let path = |leak| match leak {
            Leak::PasswordHash { path, method } => format!("{path}: {method}"),
            Leak::PrivateKey { path } | Leak::Secret { path } => path,
        };
        leaks(value.members()).into_iter().map(path).collect()
    }

    #[test]
    fn finds_secrets_and_hashes_at_any_depth() {
        for (payload, found) in [
            (r#"{"user":{"id":1,"password":"$2b$10$x"}}"#, "user.password: bcrypt"),
            (r#"{"data":[{"hash":"pbkdf2_sha256$1$a$b"}]}"#, "data.hash: PBKDF2"),
            (r#"{"password_fgpt":"$argon2id$v=19$x"}"#, "password_fgpt: Argon2"),
            (r#"{"oldHash":"sha1$salt$x"}"#, "oldHash: salted SHA-1"),
            (r#"{"config":{"clientSecret":"x"}}"#, "config.clientSecret"),
            (r#"{"password":{"value":"x"}}"#, "password"),
        ] {
            assert_eq!(paths(payload), [found], "{payload}");
        }
    }

    #[test]
    fn finds_the_hashes_of_each_method() {
        for (prefix, method) in PASSWORD_HASHES {
            assert_eq!(paths(&format!(r#"{{"a":"{prefix}x","b":"x{prefix}"}}"#)), [format!("a: {method}")]);
        }
        assert_eq!(paths(r#"{"a":"","b":"é","c":"\u0080"}"#), [""; 0]);
    }

    #[test]
    fn does_not_take_facts_about_a_secret_for_one() {
        for name in [
            "secretName",
            "secret_id",
            "passwordChangedAt",
            "password_expires_in",
            "password_last_set",
            "passwordStrength",
            "client_secret_expires_at",
            "secret.ref",
            "api_key_prefix",
            "password_reset",
            "password_url",
            "secretArn",
        ] {
            assert_eq!(paths(&format!(r#"{{"{name}":"x"}}"#)), [""; 0], "{name}");
        }
        assert_eq!(paths(r#"{"hash":"$5 a month","note":"md5"}"#), [""; 0]);
    }

    #[test]
    fn reports_at_most_ten_leaks() {
        let many: Vec<String> = (0..50).map(|number| format!(r#""password{number}":"x""#)).collect();
        assert_eq!(paths(&format!("{{{}}}", many.join(","))).len(), MAXIMUM);
    }
}
