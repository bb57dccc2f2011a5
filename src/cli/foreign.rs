//! The options and commands of other tools, and what this program has in their place.

use super::misplaced::is_token;
use super::mistake::{NotAnAlgorithm, Remedy};
use crate::core::token::claims::REGISTERED;

/// The meaning of an option of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// One of these options, if the command has it.
    Options(&'static [&'static str]),
    /// A secret or a key.
    Secret,
    /// A key.
    Key,
    /// The claim `user_id`.
    UserId,
    /// The claims of a new token.
    Payload,
    /// The token.
    Token,
    /// A file that holds the token.
    File,
    /// A claim to print.
    Claim,
    /// A verification without a signature.
    Unverified,
    /// A file to read.
    Path,
    /// A file to write.
    Output,
    /// JSON as output.
    Json,
    /// Output without colour.
    NoColour,
    /// A segment of the token.
    Part(&'static str),
    /// Times as dates.
    Dates,
}

use Meaning::{
    Claim, Dates, File, Json, Key, NoColour, Options, Output, Part, Path, Payload, Secret, Token, Unverified,
    UserId,
};

/// Options of other tools, and what they do.
const OPTIONS: [(&str, &[Meaning]); 98] = [
    ("-S", &[Secret]),
    ("--secret", &[Secret]),
    ("-s", &[Secret]),
    ("--secret-env", &[Secret]),
    ("--secret-file", &[Secret]),
    ("--secret-key", &[Secret]),
    ("--hmac-secret", &[Secret]),
    ("--hmac", &[Secret]),
    ("--shared-secret", &[Secret]),
    ("--signing-key", &[Secret]),
    ("--password", &[Secret]),
    ("-A", &[Options(&["alg"])]),
    ("-a", &[Options(&["alg", "aud"])]),
    ("--algo", &[Options(&["alg"])]),
    ("--algorithm", &[Options(&["alg"])]),
    ("--algorithms", &[Options(&["alg"])]),
    ("-P", &[Options(&["claim"]), Part("payload")]),
    ("--payload", &[Part("payload"), Options(&["claim"])]),
    ("--claims", &[Payload, Part("payload")]),
    ("--data", &[Payload]),
    ("-d", &[Payload]),
    ("--body", &[Options(&["payload"]), Part("payload")]),
    ("--header", &[Part("header")]),
    ("-H", &[Options(&["header"]), Part("header")]),
    ("--headers", &[Options(&["header"]), Part("header")]),
    ("--signature", &[Part("signature")]),
    ("--key", &[Key]),
    ("-k", &[Key]),
    ("--decrypt", &[Options(&["decrypt-key"])]),
    ("--decryption-key", &[Options(&["decrypt-key"])]),
    ("--decrypt-secret", &[Options(&["decrypt-secret-env"])]),
    ("--encrypt", &[Options(&["encrypt-for"])]),
    ("--encrypt-key", &[Options(&["encrypt-for"])]),
    ("--encrypt-secret", &[Options(&["encrypt-secret-env"])]),
    ("--user-id", &[UserId]),
    ("--user", &[UserId]),
    ("-e", &[Options(&["exp"])]),
    ("--expires", &[Options(&["exp"])]),
    ("--expires-in", &[Options(&["exp"])]),
    ("--expiresin", &[Options(&["exp"])]),
    ("--expiry", &[Options(&["exp"])]),
    ("--expire", &[Options(&["exp"])]),
    ("--expiration", &[Options(&["exp"])]),
    ("--lifetime", &[Options(&["exp"])]),
    ("--ttl", &[Options(&["exp", "access-ttl"])]),
    ("-n", &[Options(&["nbf"])]),
    ("--not-before", &[Options(&["nbf"])]),
    ("--issued-at", &[Options(&["iat"])]),
    ("-i", &[Options(&["iss"])]),
    ("--issuer", &[Options(&["iss"])]),
    ("--subject", &[Options(&["sub"])]),
    ("--audience", &[Options(&["aud"])]),
    ("--jwt-id", &[Options(&["jti"])]),
    ("--jwtid", &[Options(&["jti"])]),
    ("--keyid", &[Options(&["kid"])]),
    ("--key-id", &[Options(&["kid"])]),
    ("--pem", &[Key]),
    ("--cert", &[Key]),
    ("--jwk", &[Key]),
    ("--jwks", &[Key]),
    ("--jwks-url", &[Key]),
    ("--public-key", &[Key]),
    ("--pubkey", &[Key]),
    ("--private-key", &[Key]),
    ("--clock-skew", &[Options(&["leeway"])]),
    ("--clock-tolerance", &[Options(&["leeway"])]),
    ("--ignore-expiration", &[Options(&["ignore-exp"])]),
    ("--now", &[Options(&["at"])]),
    ("--type", &[Options(&["typ", "alg"])]),
    ("-t", &[Options(&["typ"]), Token]),
    ("--token", &[Token]),
    ("--token-file", &[File]),
    ("--jwt-file", &[File]),
    ("--get", &[Claim]),
    ("--insecure", &[Unverified]),
    ("--unverified", &[Unverified]),
    ("--no-verify", &[Unverified]),
    ("--skip-verify", &[Unverified]),
    ("--no-signature", &[Unverified]),
    ("--kty", &[Options(&["alg"])]),
    ("--key-type", &[Options(&["alg"])]),
    ("--curve", &[Options(&["crv"])]),
    ("--size", &[Options(&["bits"])]),
    ("--jwt", &[Token]),
    ("--file", &[Path]),
    ("-f", &[Path]),
    ("--input", &[Path]),
    ("-o", &[Options(&["out"]), Output]),
    ("--out", &[Output]),
    ("--output", &[Options(&["out"]), Output]),
    ("--format", &[Json]),
    ("--pretty", &[Json]),
    ("--raw", &[Json]),
    ("--iso8601", &[Dates]),
    ("--date", &[Dates]),
    ("--dates", &[Dates]),
    ("--no-color", &[NoColour]),
    ("--no-colour", &[NoColour]),
];

/// Returns what to write instead of an option of another tool, given with this value. `takes` reports whether the command
/// has an option.
pub(super) fn remedy(option: &str, value: Option<&str>, takes: impl Fn(&str) -> bool) -> Option<Remedy> {
    let Some((_, meanings)) = OPTIONS.iter().find(|(name, _)| *name == option) else {
        return negation(option, takes);
    };
    let judges_nothing = || takes("decrypt-key") && !takes("secret");
    let is_for = |long: &str| {
        meanings.iter().any(|meaning| matches!(meaning, Options(names) if names.contains(&long)))
    };
    let value = value.unwrap_or_default();
    if is_for("alg")
        && takes("alg")
        && let Some(named) = not_an_algorithm(value, &takes)
    {
        return Some(Remedy::Algorithm { named, value: value.to_owned() });
    }
    // A token or a file with one cannot be the value of another option.
    if meanings.contains(&Token) && takes("pick") && (is_token(value) || value.starts_with('@')) {
        return Some(Remedy::Token);
    }
    meanings.iter().find_map(|meaning| match meaning {
        Options(names) => {
            let first = names.iter().position(|name| takes(name))?;
            let all = names.iter().all(|name| takes(name));
            Some(Remedy::Options(if all { names } else { names.get(first..=first)? }))
        }
        Secret if takes("secret") => Some(Remedy::Secret),
        Key if takes("key") => Some(Remedy::Options(&["key"])),
        Secret | Key => judges_nothing().then_some(Remedy::NoSignature),
        UserId => (takes("claim") && takes("no-iat")).then_some(Remedy::UserId),
        Payload => takes("no-iat").then_some(Remedy::Payload),
        Token => takes("pick").then_some(Remedy::Token),
        File => takes("pick").then(|| Remedy::File(plain_path(value))),
        Claim => (judges_nothing() && takes("claim")).then_some(Remedy::Options(&["claim"])),
        Unverified if judges_nothing() => {
            Some(Remedy::LeaveOut("no signature is checked without a key".to_owned()))
        }
        Unverified => {
            takes("redact").then(|| Remedy::LeaveOut("without a key, no signature is checked".to_owned()))
        }
        Path => (takes("pick") || takes("no-iat")).then_some(Remedy::Path),
        Output => Some(Remedy::Redirection),
        Json => Some(Remedy::Json),
        NoColour => Some(Remedy::NoColour),
        Part(name) => takes("part").then_some(Remedy::Part(name)),
        Dates => Some(Remedy::Dates),
    })
}

/// Explains an option such as `--no-exp` to a command that adds the claim only on request.
fn negation(option: &str, takes: impl Fn(&str) -> bool) -> Option<Remedy> {
    let word = option.strip_prefix("--no-")?;
    let claim = name(&format!("--{word}")).unwrap_or(word);
    let is_claim = REGISTERED.contains(&claim) && takes("no-iat") && takes(claim);
    is_claim.then(|| Remedy::LeaveOut(format!("{claim} is added only with --{claim}")))
}

/// Returns a value that is the path of a file, and neither a token nor in need of quotes.
fn plain_path(value: &str) -> Option<String> {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte));
    let has_ending = value.rsplit_once('.').is_some_and(|(_, ending)| (1..=4).contains(&ending.len()));
    (is_plain && has_ending && value.len() <= LONGEST_PATH && !value.starts_with('-') && !is_token(value))
        .then(|| value.to_owned())
}

/// Curves, key types and families, with the algorithm that is meant. The first name is the registered one.
const NOT_ALGORITHMS: [(&[&str], &str, &str, Option<&str>); 12] = [
    (&["P-256", "P256", "secp256r1", "prime256v1"], CURVE, "ES256", None),
    (&["P-384", "P384", "secp384r1"], CURVE, "ES384", None),
    (&["P-521", "P521", "secp521r1"], CURVE, "ES512", None),
    (&["secp256k1"], CURVE, "ES256K", None),
    (&["X25519"], CURVE, "ECDH-ES", Some("X25519")),
    (&["RSA"], KEY_TYPE, "RS256", None),
    (&["EC"], KEY_TYPE, "ES256", None),
    (&["OKP"], KEY_TYPE, "EdDSA", None),
    (&["oct"], KEY_TYPE, "HS256", None),
    (&["ECDSA"], FAMILY, "ES256", None),
    (&["HMAC"], FAMILY, "HS256", None),
    (&["RSA-PSS", "RSAPSS"], FAMILY, "PS256", None),
];

const CURVE: &str = "a curve, not an algorithm";
const KEY_TYPE: &str = "a key type, not an algorithm";
const FAMILY: &str = "a family of algorithms";

/// The length of the longest path that a hint repeats.
const LONGEST_PATH: usize = 80;

/// Returns what a name is that stands in place of an algorithm. `takes` reports whether the command has an option.
pub(super) fn not_an_algorithm(word: &str, takes: impl Fn(&str) -> bool) -> Option<NotAnAlgorithm> {
    let is_named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    let &(names, kind, algorithm, crv) = NOT_ALGORITHMS.iter().find(|(names, ..)| is_named(names))?;
    let named = NotAnAlgorithm { name: names.first().copied()?, kind, algorithm, crv };
    (crv.is_none() || takes("crv")).then_some(named)
}

/// Returns the name here of an option of another tool, in whichever command.
pub(super) fn name(option: &str) -> Option<&'static str> {
    let (_, meanings) = OPTIONS.iter().find(|(name, _)| *name == option)?;
    meanings.iter().find_map(|meaning| match meaning {
        Options(names) => names.first().copied(),
        Secret => Some("secret"),
        Key => Some("key"),
        _ => None,
    })
}

/// Words before the commands of other tools.
const GROUPS: [&str; 8] = ["jwt", "jws", "jwe", "jwk", "jose", "crypto", "token", "key"];

/// Returns the command behind words such as `jwt` or `crypto jwt`, and whether it is one of `key`.
pub(super) fn grouped<'w>(words: &[&'w str]) -> Option<(&'w str, bool)> {
    let is_group = |word: &&&str| GROUPS.iter().any(|group| group.eq_ignore_ascii_case(word));
    let groups = words.iter().take_while(is_group).count();
    let last = words.get(groups.checked_sub(1)?)?;
    let is_key = ["jwk", "key"].iter().any(|group| group.eq_ignore_ascii_case(last));
    words.get(groups).map(|word| (*word, is_key))
}

/// Names of commands of other tools, and the command of this program.
const COMMANDS: [(&str, &str); 29] = [
    ("version", "--version"),
    ("check", "verify"),
    ("validate", "verify"),
    ("valid", "verify"),
    ("show", "decode"),
    ("parse", "decode"),
    ("print", "decode"),
    ("view", "decode"),
    ("debug", "inspect"),
    ("scan", "inspect"),
    ("find", "inspect"),
    ("lint", "inspect"),
    ("create", "encode"),
    ("sig", "encode"),
    ("issue", "encode"),
    ("make", "encode"),
    ("generate", "encode"),
    ("gen", "encode"),
    ("new", "encode"),
    ("keygen", "key new"),
    ("genkey", "key new"),
    ("keypair", "key new"),
    ("jwk", "key"),
    ("suite", "test"),
    ("run", "test"),
    ("login", "pair --from URL"),
    ("logout", "revoke"),
    ("completion", "completions"),
    ("autocomplete", "completions"),
];

/// Names of subcommands of `key` in other tools, and those of this program.
const KEY_COMMANDS: [(&str, &str); 16] = [
    ("generate", "new"),
    ("gen", "new"),
    ("create", "new"),
    ("make", "new"),
    ("add", "new"),
    ("list", "show"),
    ("ls", "show"),
    ("info", "show"),
    ("inspect", "show"),
    ("print", "show"),
    ("convert", "show"),
    ("export", "show"),
    ("public", "show --public"),
    ("pub", "show --public"),
    ("thp", "show --thumbprint"),
    ("thumbprint", "show --thumbprint"),
];

/// Returns the command for a word of other tools. `is_key` is true after `key`.
pub(super) fn command(word: &str, is_key: bool) -> Option<&'static str> {
    let table: &[(&str, &str)] = if is_key { &KEY_COMMANDS } else { &COMMANDS };
    table.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, command)| *command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_each_word_once() {
        for (index, (option, meanings)) in OPTIONS.iter().enumerate() {
            assert!(OPTIONS[..index].iter().all(|(other, _)| other != option), "{option}");
            assert!(!meanings.is_empty(), "{option}");
        }
        for (index, (word, command)) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS[..index].iter().all(|(other, _)| other != word), "{word}");
            let name = command.split(' ').next().unwrap();
            assert!(name == "--version" || super::super::COMMANDS.iter().any(|entry| entry.name == name));
        }
    }

    #[test]
    fn names_an_option_that_the_command_has() {
        let signs = |name: &str| ["secret", "key", "alg", "aud", "no-iat", "claim"].contains(&name);
        let decodes = |name: &str| ["decrypt-key", "part", "pick"].contains(&name);
        let remedy = |option: &str, takes: fn(&str) -> bool| remedy(option, None, takes);
        assert_eq!(remedy("-S", signs), Some(Remedy::Secret));
        assert_eq!(remedy("-S", decodes), Some(Remedy::NoSignature));
        assert_eq!(remedy("-a", signs), Some(Remedy::Options(&["alg", "aud"])));
        assert_eq!(remedy("-e", decodes), None);
        assert_eq!(remedy("--header", decodes), Some(Remedy::Part("header")));
    }
}
