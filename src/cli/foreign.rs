//! The options and commands of other tools, and what this program has in their place.

use super::misplaced::is_token;
use super::mistake::{NotAnAlgorithm, Remedy};
use crate::core::token::algorithm::Curve;
use crate::core::token::claims::REGISTERED;

/// The meaning of an option of another tool.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    /// One of these options, if the command has it.
    Options(Vec<&'static str>),
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

// The tables of this file are texts: each reference in a table of data would cost every run of the program some
// instructions, because a position-independent program adjusts all of them when it starts.

/// Options of other tools, after what they do: options of this program that take the same, in lower case, or a word of
/// `meanings`.
const OPTIONS: &str = "\
SECRET = -S --secret -s --secret-env --secret-file --secret-key --hmac-secret --hmac --shared-secret
SECRET = --signing-key --password
key-password-env key-password-file = --passphrase --pass --passin
alg = -A --algo --algorithm --algorithms --kty --key-type
alg aud = -a
claim, --part payload = -P
--part payload, claim = --payload
PAYLOAD, --part payload = --claims
PAYLOAD = --data -d
payload, --part payload = --body
--part header = --header
header, --part header = -H --headers
--part signature = --signature
KEY = --key -k --pem --cert --jwk --jwks --jwks-url --public-key --pubkey --private-key
decrypt-key = --decrypt --decryption-key
decrypt-secret-env = --decrypt-secret
encrypt-for = --encrypt --encrypt-key
encrypt-secret-env = --encrypt-secret
USER = --user-id --user
exp access-ttl = -e --expires --expires-in --expiresin --expiry --expire --expiration --lifetime --ttl
access-ttl = --exp
nbf = -n --not-before
iat = --issued-at
iss = -i --issuer
sub = --subject
aud = --audience
jti = --jwt-id --jwtid
kid = --keyid --key-id
leeway = --clock-skew --clock-tolerance
ignore-exp = --ignore-expiration
at = --now
typ alg = --type
typ, TOKEN = -t
TOKEN = --token --jwt
FILE = --token-file --jwt-file
CLAIM = --get
UNVERIFIED = --insecure --unverified --no-verify --skip-verify --no-signature
crv = --curve
bits = --size
PATH = --file -f --input
out, OUTPUT = -o --output
OUTPUT = --out
JSON = --format --pretty --raw
DATES = --iso8601 --date --dates
COLOUR = --no-color --no-colour";

/// Returns the row of a table that has this name: its meaning and all its names.
fn row(table: &'static str, is_named: impl Fn(&str) -> bool) -> Option<(&'static str, &'static str)> {
    let mut rows = table.lines().filter_map(|row| row.split_once(" = "));
    rows.find(|(_, names)| names.split(' ').any(&is_named))
}

/// Returns what an option of another tool does. A command may lack the first of its meanings.
fn meanings(option: &str) -> Option<Vec<Meaning>> {
    let meaning = |text: &'static str| match text {
        "SECRET" => Secret,
        "KEY" => Key,
        "USER" => UserId,
        "PAYLOAD" => Payload,
        "TOKEN" => Token,
        "FILE" => File,
        "CLAIM" => Claim,
        "UNVERIFIED" => Unverified,
        "PATH" => Path,
        "OUTPUT" => Output,
        "JSON" => Json,
        "COLOUR" => NoColour,
        "DATES" => Dates,
        _ => match text.strip_prefix("--part ") {
            Some(segment) => Part(segment),
            None => Options(text.split(' ').collect()),
        },
    };
    row(OPTIONS, |name| name == option).map(|(all, _)| all.split(", ").map(meaning).collect())
}

/// Returns what to write instead of an option of another tool, given with this value. `takes` reports whether the command
/// has an option.
pub(super) fn remedy(option: &str, value: Option<&str>, takes: impl Fn(&str) -> bool) -> Option<Remedy> {
    let Some(meanings) = meanings(option) else {
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
            Some(Remedy::Options(if all { names.clone() } else { names.get(first..=first)?.to_vec() }))
        }
        Secret if takes("secret") => Some(Remedy::Secret),
        Key if takes("key") => Some(Remedy::Options(vec!["key"])),
        Secret | Key => judges_nothing().then_some(Remedy::NoSignature),
        UserId => (takes("claim") && takes("no-iat")).then_some(Remedy::UserId),
        Payload => takes("no-iat").then_some(Remedy::Payload),
        Token => takes("pick").then_some(Remedy::Token),
        File => takes("pick").then(|| Remedy::File(plain_path(value))),
        Claim => (judges_nothing() && takes("claim")).then_some(Remedy::Options(vec!["claim"])),
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
    let claim = if REGISTERED.contains(&word) { word } else { name(&format!("--{word}"))? };
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

/// A curve for key agreement, key types and families: the algorithm that is meant, and its curve if it needs one, before their
/// names. The first name is the registered one.
const AGREEMENT_CURVE: &str = "ECDH-ES X25519 = X25519";
const KEY_TYPES: &str = "\
RS256 = RSA
ES256 = EC
EdDSA = OKP
HS256 = oct";
const FAMILIES: &str = "\
ES256 = ECDSA
HS256 = HMAC
PS256 = RSA-PSS RSAPSS";

/// The length of the longest path that a hint repeats.
const LONGEST_PATH: usize = 80;

/// Returns what a name is that stands in place of an algorithm. `takes` reports whether the command has an option.
pub(super) fn not_an_algorithm(word: &str, takes: impl Fn(&str) -> bool) -> Option<NotAnAlgorithm> {
    let is_named = |name: &str| name.eq_ignore_ascii_case(word);
    const CURVE: &str = "a curve, not an algorithm";
    if let Some(curve) = Curve::ALL.into_iter().find(|curve| curve.has_name(is_named)) {
        let (name, algorithm) = (curve.name(), curve.algorithm().name());
        return Some(NotAnAlgorithm { name, kind: CURVE, algorithm, crv: None });
    }
    let kinds = [
        (AGREEMENT_CURVE, CURVE),
        (KEY_TYPES, "a key type, not an algorithm"),
        (FAMILIES, "a family of algorithms"),
    ];
    let (kind, meaning, names) = kinds
        .into_iter()
        .find_map(|(table, kind)| row(table, is_named).map(|(meaning, names)| (kind, meaning, names)))?;
    let (algorithm, crv) = meaning.split_once(' ').map_or((meaning, None), |(alg, crv)| (alg, Some(crv)));
    let named = NotAnAlgorithm { name: names.split(' ').next()?, kind, algorithm, crv };
    (crv.is_none() || takes("crv")).then_some(named)
}

/// Returns the name here of an option of another tool, in whichever command.
pub(super) fn name(option: &str) -> Option<&'static str> {
    meanings(option)?.into_iter().find_map(|meaning| match meaning {
        Options(names) => names.first().copied(),
        Secret => Some("secret"),
        Key => Some("key"),
        _ => None,
    })
}

/// Words before the commands of other tools.
const GROUPS: &str = "jwt jws jwe jwk jose crypto token key";

/// Returns the command behind words such as `jwt` or `crypto jwt`, and whether it is one of `key`.
pub(super) fn grouped<'w>(words: &[&'w str]) -> Option<(&'w str, bool)> {
    let is_group = |word: &&&str| GROUPS.split(' ').any(|group| group.eq_ignore_ascii_case(word));
    let groups = words.iter().take_while(is_group).count();
    let last = words.get(groups.checked_sub(1)?)?;
    let is_key = ["jwk", "key"].iter().any(|group| group.eq_ignore_ascii_case(last));
    words.get(groups).map(|word| (*word, is_key))
}

/// Names of commands of other tools, and the command of this program.
const COMMANDS: &str = "\
--version = version
verify = check validate valid
decode = show parse print view
inspect = debug scan find lint
encode = create sig issue make generate gen new
key new = keygen genkey keypair
key = jwk
test = suite run
pair --from URL = login
revoke = logout
completions = completion autocomplete";

/// Names of subcommands of `key` in other tools, and those of this program.
const KEY_COMMANDS: &str = "\
new = generate gen create make add
show = list ls info inspect print convert export
show --public = public pub
show --thumbprint = thp thumbprint";

/// Returns the command for a word of other tools. `is_key` is true after `key`.
pub(super) fn command(word: &str, is_key: bool) -> Option<&'static str> {
    row(if is_key { KEY_COMMANDS } else { COMMANDS }, |name| name.eq_ignore_ascii_case(word))
        .map(|(command, _)| command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_each_word_once() {
        for table in [OPTIONS, COMMANDS, KEY_COMMANDS, AGREEMENT_CURVE, KEY_TYPES, FAMILIES] {
            let rows = table.lines().map(|row| row.split_once(" = ").unwrap().1);
            let words: Vec<&str> = rows.flat_map(|words| words.split(' ')).collect();
            for (index, word) in words.iter().enumerate() {
                assert!(!word.is_empty() && !words[..index].contains(word), "{word}");
            }
        }
        for command in COMMANDS.lines().map(|row| row.split(' ').next().unwrap()) {
            let is_known = super::super::COMMANDS.iter().any(|entry| entry.name == command);
            assert!(command == "--version" || is_known, "{command}");
        }
    }

    #[test]
    fn every_row_means_options_of_this_program() {
        let whole = super::super::command();
        let takes = |long: &str| {
            let mut built: Vec<_> = super::super::COMMANDS
                .iter()
                .map(|entry| (entry.options)(clap::Command::new(entry.name)))
                .collect();
            built.extend(
                built
                    .clone()
                    .iter()
                    .flat_map(|command| command.get_subcommands().cloned().collect::<Vec<_>>()),
            );
            built.push(whole.clone());
            built.iter().any(|command| command.get_arguments().any(|option| option.get_long() == Some(long)))
        };
        for row in OPTIONS.lines() {
            let option = row.split_once(" = ").unwrap().1.split(' ').next().unwrap();
            for meaning in meanings(option).unwrap() {
                if let Options(names) = meaning {
                    assert!(names.iter().all(|name| takes(name)), "{row}");
                }
            }
        }
    }

    #[test]
    fn names_an_option_that_the_command_has() {
        let signs = |name: &str| ["secret", "key", "alg", "aud", "no-iat", "claim"].contains(&name);
        let decodes = |name: &str| ["decrypt-key", "part", "pick"].contains(&name);
        let remedy = |option: &str, takes: fn(&str) -> bool| remedy(option, None, takes);
        assert_eq!(remedy("-S", signs), Some(Remedy::Secret));
        assert_eq!(remedy("-S", decodes), Some(Remedy::NoSignature));
        assert_eq!(remedy("-a", signs), Some(Remedy::Options(vec!["alg", "aud"])));
        assert_eq!(remedy("-e", decodes), None);
        assert_eq!(remedy("--header", decodes), Some(Remedy::Part("header")));
    }
}
