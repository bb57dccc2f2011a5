//! The options and commands of other tools, and what this program has in their place.

use super::mistake::Remedy;

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

use Meaning::{Dates, Json, Key, NoColour, Options, Output, Part, Path, Payload, Secret, Token, UserId};

/// Options of other tools, and what they do.
const OPTIONS: [(&str, &[Meaning]); 86] = [
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

/// Returns what to write instead of an option of another tool. `takes` reports whether the command has an option.
pub(super) fn remedy(option: &str, takes: impl Fn(&str) -> bool) -> Option<Remedy> {
    let (_, meanings) = OPTIONS.iter().find(|(name, _)| *name == option)?;
    let judges_nothing = || takes("decrypt-key") && !takes("secret");
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
        Path => (takes("pick") || takes("no-iat")).then_some(Remedy::Path),
        Output => Some(Remedy::Redirection),
        Json => Some(Remedy::Json),
        NoColour => Some(Remedy::NoColour),
        Part(name) => takes("part").then_some(Remedy::Part(name)),
        Dates => Some(Remedy::Dates),
    })
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

/// Names of commands of other tools, and the command of this program.
const COMMANDS: [(&str, &str); 28] = [
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
const KEY_COMMANDS: [(&str, &str); 14] = [
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
        assert_eq!(remedy("-S", signs), Some(Remedy::Secret));
        assert_eq!(remedy("-S", decodes), Some(Remedy::NoSignature));
        assert_eq!(remedy("-a", signs), Some(Remedy::Options(&["alg", "aud"])));
        assert_eq!(remedy("-e", decodes), None);
        assert_eq!(remedy("--header", decodes), Some(Remedy::Part("header")));
    }
}
