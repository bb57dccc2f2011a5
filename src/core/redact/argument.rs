//! Tells which arguments may be a misplaced secret, and keeps them out of messages. An argument is shown if it consists of
//! familiar words, or is a plausible path; every other one is described or masked.

use super::familiar::{has_familiar_words, is_familiar, is_familiar_path};
use crate::core::text::escape::excerpt;
use std::collections::HashSet;
use std::fmt;

/// The number of characters of a secret that no message repeats.
pub(crate) const SHORTEST: usize = 8;

/// The length of the longest text that is shown whatever it says.
const TINY: usize = 3;

/// The length of the longest word or short text that is shown.
const LONGEST: usize = 24;

/// The length of the longest name of a file or a folder that is shown.
const LONGEST_NAME: usize = 64;

/// The endings of files whose path is shown, even if another part of it looks random.
const ENDINGS: &str = "txt pem jwk jwks json key pub der crt cer p8 p12 pfx secret secrets env bin hex b64 jwt db sqlite \
                       sqlite3 toml yaml yml html xml md log csv gz sarif";

/// An argument as a message may show it: in quotes, or described by its length if it may be a secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Argument<'a>(pub(crate) &'a str);

impl fmt::Display for Argument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_showable(self.0) {
            write!(f, "'{}'", excerpt(self.0))
        } else {
            write!(f, "of {} characters", self.0.chars().count())
        }
    }
}

/// Reports whether a message may show an argument: it is very short, familiar, a time in seconds or a plausible path.
#[must_use]
pub fn is_showable(text: &str) -> bool {
    text.chars().count() <= TINY
        || (is_plain(text) && is_familiar(text))
        || is_time(text)
        || is_familiar_claim(text)
        || is_plausible_path(text)
}

/// Reports whether a text is a time such as `@1700000000.5`. A number without the sign is plain.
fn is_time(text: &str) -> bool {
    text.strip_prefix('@').is_some_and(|digits| {
        digits.len() <= LONGEST && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.'))
    })
}

/// Reports whether an argument of a form that messages repeat on purpose can be no secret: it is short, plain, a time, a claim or a
/// path.
fn is_harmless(text: &str) -> bool {
    text.chars().count() < SHORTEST || is_plain(text) || is_time(text) || is_claim(text) || is_path(text)
}

/// Reports whether a text is the name of an option that may be shown, although the program has none of this name.
#[must_use]
pub fn is_showable_option(text: &str) -> bool {
    let name = text.trim_start_matches('-');
    let is_word = name.chars().count() < SHORTEST && name.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word || is_showable(name)
}

/// Names of the parameters of URLs. A message shows no other one: it may be a secret itself.
const PARAMETERS: &str = "access_token api_key apikey audience client_id client_secret code grant_type id id_token key kid lang \
                          name nonce p page policy prompt redirect_uri refresh_token resource response_type scope secret \
                          sig signature state sub tenant token type user user_id username v version";

/// Reports whether a message may show the name of a parameter of a URL.
#[must_use]
pub fn is_known_parameter(name: &str) -> bool {
    name.chars().count() <= TINY || PARAMETERS.split_whitespace().any(|known| known == name)
}

/// The schemes of URLs that a message shows.
const SCHEMES: &str = "amqp blob data file ftp ftps git gs http https imap ipfs jdbc kafka ldap ldaps mailto memcached mongodb \
                       mssql mysql nats odbc postgres postgresql redis rediss s3 sentinel sftp smb sqlite ssh tcp tls udp \
                       unix urn valkey valkeys vault ws wss";

/// Reports whether a message may show the scheme of a URL: it is known, or close to a known one.
#[must_use]
pub fn is_showable_scheme(scheme: &str) -> bool {
    let lower = scheme.to_ascii_lowercase();
    let is_near = |part: &str, known: &str| {
        part == known || (known.len() > TINY && strsim::damerau_levenshtein(part, known) <= 1)
    };
    lower.chars().count() <= TINY
        || lower.split('+').all(|part| SCHEMES.split_whitespace().any(|known| is_near(part, known)))
}

/// Reports whether a text is a short plain text, such as `HS265`, `tomorrow` or `2026-01-31 12:00:00`.
fn is_plain(text: &str) -> bool {
    let is_known = |c: char| c.is_alphanumeric() || " _.+:/=,-".contains(c);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let longest = if letters <= 3 { 2 * LONGEST } else { LONGEST };
    text.chars().count() <= longest && text.chars().all(is_known) && !words(text).any(is_random)
}

/// Reports whether a text is a claim of familiar words.
fn is_familiar_claim(text: &str) -> bool {
    is_claim(text) && has_familiar_words(text)
}

/// Reports whether a text is a name and a plain value, such as `role: admin` or `roles:=[a,b]`.
fn is_claim(text: &str) -> bool {
    let Some((name, value)) = text.split_once(['=', ':']) else { return false };
    let value = value.strip_prefix('=').unwrap_or(value).replace(['[', ']', '{', '}', '"', '\''], "");
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        && is_plain(name)
        && !value.is_empty()
        && is_plain(&value)
        && !has_credentials(text)
}

/// Reports whether a text is plainly the path of a file, and no secret: it begins at the root, at the home or at the folder
/// of the process, or it consists of familiar words and has a folder or a usual ending.
#[must_use]
pub fn is_plausible_path(text: &str) -> bool {
    is_path(text) && (is_anchored(text) || is_familiar_path(text))
}

/// Reports whether a path begins with `./`, `../`, `~/`, `C:\` or two folders below the root. Base64 can begin with a slash, too.
fn is_anchored(text: &str) -> bool {
    let is_below = |start: &str| ["/", "\\"].iter().any(|slash| text.starts_with(&format!("{start}{slash}")));
    let is_drive = text.get(1..3) == Some(":\\");
    let has_folders = || text.starts_with('/') && text.matches('/').count() > 1;
    [".", "..", "~"].into_iter().any(is_below) || is_drive || has_folders()
}

/// Reports whether a text can be the path of a file: it has a folder or a usual ending, no part that looks random, and
/// neither the scheme nor the credentials of a URL.
fn is_path(text: &str) -> bool {
    let is_known = |c: char| c.is_alphanumeric() || " ._-/\\~+,()@%:=".contains(c);
    let has_folder = text.contains(['/', '\\']);
    let is_file = has_usual_ending(text);
    let names = || text.split(['/', '\\']);
    // Base64 has slashes too, but seldom names that a person would give.
    let is_odd =
        |name: &str| words(name).any(|word| if is_file { is_long_random(word) } else { is_random(word) });
    (has_folder || is_file)
        && text.chars().all(is_known)
        && (is_file || !text.contains(['+', '=']))
        && !has_credentials(text)
        && !text.contains("://")
        && names().all(|name| name.chars().count() <= LONGEST_NAME)
        && !names().any(is_odd)
}

fn has_usual_ending(text: &str) -> bool {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    ENDINGS.split(' ').any(|known| known.eq_ignore_ascii_case(ending))
}

/// Reports whether a text has the user and the password of a URL, in any spelling: `redis//u:pw@h`, `https:/u:pw@h`.
#[must_use]
pub fn has_credentials(text: &str) -> bool {
    !credentials(text).is_empty()
}

/// Returns the user and the password of a text such as `redis//u:pw@h`, or an empty text.
fn credentials(text: &str) -> &str {
    let Some((before, _)) = text.rsplit_once('@') else { return "" };
    if before.get(1..).is_some_and(|rest| rest.starts_with(":\\")) {
        return "";
    }
    let is_scheme =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let bare = match before
        .find("//")
        .filter(|at| is_scheme(before.get(..*at).unwrap_or_default().trim_end_matches([' ', ':'])))
    {
        Some(at) => before.get(at..).unwrap_or_default().trim_start_matches(['/', ' ']),
        None => match before.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) && (rest.contains(':') || rest.starts_with('/')) => {
                rest.trim_start_matches(['/', ' '])
            }
            Some(_) => before,
            None => return "",
        },
    };
    if text.contains("://") && bare.split_once('/').is_some_and(|(host, _)| is_host(host)) {
        return "";
    }
    // A sign of this kind in the path of a URL follows no password.
    if !bare.contains(':') && bare.contains('/') { "" } else { bare }
}

/// Reports whether a text is the name of a server, with or without a port.
fn is_host(text: &str) -> bool {
    let (name, port) = text.rsplit_once(':').unwrap_or((text, ""));
    name.contains('.') && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the words of a text: its longest parts of letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Reports whether a long word looks random, for names in paths that end like a file.
fn is_long_random(word: &str) -> bool {
    word.len() >= 2 * SHORTEST && is_random(word)
}

/// Reports whether a word looks random: it changes between letters and digits, or between cases, too often for a name.
fn is_random(word: &str) -> bool {
    const LONGEST_WORD: usize = 20;
    const MOST_CHANGES: usize = 3;
    let pairs = || word.chars().zip(word.chars().skip(1));
    let changes = pairs().filter(|(one, next)| one.is_ascii_digit() != next.is_ascii_digit()).count();
    let humps = pairs().filter(|(one, next)| one.is_lowercase() && next.is_uppercase()).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    word.chars().count() > LONGEST_WORD
        || (changes > MOST_CHANGES && !is_duration(word))
        || (humps >= 2 && (digits > 0 || humps > MOST_CHANGES))
}

/// Reports whether a word is a duration such as `1d12h30m15s`.
fn is_duration(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word
            .split(|c: char| c.is_ascii_digit())
            .all(|unit| unit.is_empty() || (unit.len() == 1 && "wdhms".contains(unit)))
}

/// The number of characters of an argument that are searched. Messages quote only the beginning of a long text.
const SEARCHED: usize = 4096;

/// The parts of a command line that may be secrets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Misplaced {
    /// Passwords and values of queries, by their parts of 8 characters.
    certain: HashSet<Vec<char>>,
    /// Values of options that name a secret or its file, of fewer than 8 characters.
    short: Vec<Vec<char>>,
    /// Whole arguments of a suspicious form.
    suspects: Vec<Vec<char>>,
}

/// Options whose values messages repeat on purpose, although they can look random: key IDs and expected values.
const NAMED: [&str; 12] = [
    "--kid",
    "--encrypt-kid",
    "--kid-claim",
    "--aud",
    "--iss",
    "--sub",
    "--jti",
    "--typ",
    "--filter",
    "--header",
    "--expect",
    "--holder-nonce",
];

/// Reports whether the value of an option names a secret, a key or its form: a misplaced secret often stands there.
fn is_for_secrets(option: &str) -> bool {
    const WORDS: [&str; 3] = ["secret", "password", "key"];
    let name =
        option.strip_prefix("--").filter(|name| *name != "accept-shared-key" && !name.ends_with("-env"));
    matches!(option, "-s" | "-k")
        || name.is_some_and(|name| name.split('-').any(|word| WORDS.contains(&word)))
}

impl Misplaced {
    /// Collects the parts of a command line that may be secrets. `exists` reports whether a path names its folder and leads to a
    /// file or a folder, `is_file` whether any path leads there.
    pub(crate) fn new<'a>(
        words: impl Iterator<Item = &'a str>,
        exists: impl Fn(&str) -> bool,
        is_file: impl Fn(&str) -> bool,
    ) -> Self {
        let mut found = Self::default();
        let (mut is_named, mut is_for_secret) = (false, false);
        for word in words {
            let word = word.char_indices().nth(SEARCHED).and_then(|(end, _)| word.get(..end)).unwrap_or(word);
            let (option, value) = match word.split_once('=') {
                Some((option, value)) if option.starts_with('-') && is_plain(option) => (option, value),
                _ => ("", word),
            };
            if std::mem::replace(&mut is_for_secret, is_for_secrets(word)) || is_for_secrets(option) {
                found.add_misplaced(value, &is_file);
            }
            if !std::mem::replace(&mut is_named, NAMED.contains(&word)) && !NAMED.contains(&option) {
                found.collect(value, &exists);
            } else if value.contains("//") {
                found.add_certain(credentials(value));
            }
        }
        found
    }

    /// Collects the parts of one argument that may be secrets.
    fn collect(&mut self, text: &str, exists: impl Fn(&str) -> bool) {
        let user = credentials(text);
        if !user.is_empty() && !exists(text) {
            self.add_certain(user);
        }
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        if address.contains("://") {
            for part in query.split(['&', ';', '#']) {
                match part.split_once('=') {
                    Some((name, value)) if is_known_parameter(name) => self.add_certain(value),
                    _ => self.add_certain(part),
                }
            }
        } else if user.is_empty() && text.contains(|c: char| c.is_whitespace() || c == '"') {
            // A sentence, a PEM or JSON: its words are judged one by one.
            let is_word =
                |word: &&str| !is_harmless(word) && !word.contains("-----") && !word.contains("://");
            let words = text.split(|c: char| c.is_whitespace() || "\"',{}[]".contains(c));
            self.suspects.extend(words.filter(is_word).map(|word| word.chars().collect()));
        } else if user.is_empty() && !is_harmless(text) && !exists(text.trim_start_matches('@')) {
            self.suspects.push(text.chars().collect());
        }
    }

    /// Collects the value of an option for secrets, unless it is plainly what belongs there.
    fn add_misplaced(&mut self, text: &str, is_file: impl Fn(&str) -> bool) {
        if text.contains("://") || is_showable(text) || has_familiar_words(text) || is_file(text) {
            return;
        }
        let chars: Vec<char> = text.chars().collect();
        if chars.len() < SHORTEST { self.short.push(chars) } else { self.suspects.push(chars) }
    }

    fn add_certain(&mut self, text: &str) {
        let text: Vec<char> = text.chars().collect();
        self.certain.extend(text.windows(SHORTEST).map(<[char]>::to_vec));
    }

    /// Returns a message with every part of a secret, of 8 characters or more, replaced by `…`. Plain words that a message shares
    /// with a suspicious argument stay, since they are seldom from it.
    pub(crate) fn mask(&self, message: &str) -> String {
        if self.certain.is_empty() && self.short.is_empty() && self.suspects.is_empty() {
            return message.to_owned();
        }
        let text: Vec<char> = message.chars().collect();
        let mut hidden = found_in(&text, &self.certain);
        for part in &self.short {
            let starts =
                text.windows(part.len()).enumerate().filter(|(_, window)| *window == part.as_slice());
            for (start, _) in starts {
                let end = start + part.len();
                // The words of a reason are joined by `_`.
                let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
                let is_letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(is_word);
                if !is_letter(start.checked_sub(1)) && !is_letter(Some(end)) {
                    hidden.iter_mut().take(end).skip(start).for_each(|is_hidden| *is_hidden = true);
                }
            }
        }
        let suspicious =
            self.suspects.iter().flat_map(|part| part.windows(SHORTEST).map(<[char]>::to_vec)).collect();
        let suspected = found_in(&text, &suspicious);
        let mut start = 0;
        for run in suspected.chunk_by(|one, next| one == next) {
            let shared = text.get(start..start + run.len()).unwrap_or_default();
            let is_whole = || self.suspects.iter().any(|part| part.as_slice() == shared);
            if run.first() == Some(&true) && (!is_plain(&shared.iter().collect::<String>()) || is_whole()) {
                hidden.iter_mut().skip(start).take(run.len()).for_each(|is_hidden| *is_hidden = true);
            }
            start += run.len();
        }
        let mut masked = String::with_capacity(message.len());
        let mut was_hidden = false;
        for (c, is_hidden) in text.into_iter().zip(hidden) {
            match (is_hidden, was_hidden) {
                (true, false) => masked.push('…'),
                (true, true) => {}
                (false, _) => masked.push(c),
            }
            was_hidden = is_hidden;
        }
        masked
    }
}

/// Marks the characters of a text that belong to one of these parts.
fn found_in(text: &[char], parts: &HashSet<Vec<char>>) -> Vec<bool> {
    let mut found = vec![false; text.len()];
    for (start, window) in text.windows(SHORTEST).enumerate() {
        if parts.contains(window) {
            found.iter_mut().skip(start).take(SHORTEST).for_each(|is_found| *is_found = true);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of the kinds that people give in the wrong place.
    const SECRETS: [&str; 16] = [
        "kX9vQ2mL7pR4tY8wZ1nB6cD3fG5hJ0sA",
        "q83v/EiRNnwK/9sT2l7/pLxTa/0bW4",
        "q83vEiRNnwK9+sT2l7pLxTa0bW4=",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "c0rrect-H0rse!battery#9",
        "Tr0ub4dor&3xyz",
        "redis//u:hunter2x@h",
        "sqlite://u:hunter2x@h",
        "https:/u:hunter2x@h",
        "rediss:/u:hunter2x@h",
        "redis:u:hunter2x@h",
        "redis ://u:hunter2x@h",
        "redis:///u:hunter2x@h",
        "REDIS://u:hunter2x@h",
        "orchard-lantern-quartz-0417-violin-ok",
    ];

    #[test]
    fn shows_words_times_claims_and_paths() {
        for text in [
            "HS265",
            "tokn.jwt",
            "colour",
            "ES256K",
            "X25519",
            "secp256k1",
            "A128CBC-HS256",
            "UTC+2",
            "1d12h30m15s",
            "2026-01-31 12:00:00",
            "2026-01-31T12:00:00+02:00",
            "1769864400000",
            "@1769864400000",
            "@1769864400.25",
            "@123456789012345678901234",
            "next week",
            "role: admin",
            "roles:=[a,b]",
            "role:admin",
            "keys/gone.pem",
            "/home/me/gone",
            "./gone",
            "C:\\keys\\gone",
            "a b.pem",
            "tests/api.toml",
            "/tmp/tmp.aB3dE5gH7j/k.pem",
            "/tmp/.tmpAb3dE5/store.db",
            "wrong_audiance",
        ] {
            assert!(is_showable(text), "{text}");
        }
    }

    #[test]
    fn shows_nothing_that_may_be_a_secret() {
        for text in SECRETS {
            assert!(!is_showable(text), "{text}");
        }
        for text in ["hunter2", "hunter2.key", "purple-monkey", "purple-monkey.pem", "keys/hunter2"] {
            assert!(!is_showable(text), "{text}");
        }
        for text in ["@176986440x", "@1234567890123456789012345"] {
            assert!(!is_showable(text), "{text}");
        }
        assert_eq!(Argument(SECRETS[0]).to_string(), "of 32 characters");
        assert_eq!(Argument("HS265").to_string(), "'HS265'");
    }

    #[test]
    fn keeps_a_time_in_a_message() {
        let said = "invalid value '@1769947200000' for --exp: write @1769947200";
        let found = Misplaced::new(["fob", "--exp", "@1769947200000"].into_iter(), |_| false, |_| false);
        assert_eq!(found.mask(said), said);
    }

    #[test]
    fn masks_every_part_of_a_secret_in_a_message() {
        for text in SECRETS {
            let found = Misplaced::new(["fob", "--out", text].into_iter(), |_| false, |_| false);
            let said = found.mask(&format!("cannot write to {text}: {text}"));
            let kept = if text.contains("hunter2x") { "hunter2x" } else { text };
            let kept: Vec<char> = kept.chars().collect();
            assert!(
                kept.windows(SHORTEST).all(|part| !said.contains(&part.iter().collect::<String>())),
                "{text}: {said}"
            );
        }
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v\n-----END PRIVATE KEY-----";
        let jwk = r#"{"kty":"oct","k":"kX9vQ2mL7pR4tY8wZ1nB6cD3fG5hJ0sA"}"#;
        let found = Misplaced::new([pem, jwk].into_iter(), |_| false, |_| false);
        assert_eq!(found.mask("x MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v y"), "x … y");
        assert_eq!(found.mask("k is kX9vQ2mL7pR4tY8wZ1nB…"), "k is ……");
        assert_eq!(found.mask("-----BEGIN PRIVATE KEY-----"), "-----BEGIN PRIVATE KEY-----");
    }

    #[test]
    fn keeps_key_ids_urls_and_existing_paths() {
        let id = "kX9vQ2mL7pR4tY8wZ1nB6cD3fG5hJ0sA";
        for words in [
            &["--kid", id][..],
            &["--kid=kX9vQ2mL7pR4tY8wZ1nB6cD3fG5hJ0sA"],
            &["https://a.example/kX9vQ2mL7pR4tY8wZ1nB"],
        ] {
            let message = format!("no key {}", words.concat());
            assert_eq!(Misplaced::new(words.iter().copied(), |_| false, |_| false).mask(&message), message);
        }
        assert_eq!(Misplaced::new([id].into_iter(), |_| true, |_| true).mask(id), id);
        for (url, shown) in [
            ("https://a.example/b?client_secret=kX9vQ2mL7pR4tY8w", "https://a.example/b?client_secret=…"),
            ("https://a.example/b?purple-monkey=kX9vQ2mL7pR4tY8w", "https://a.example/b?…"),
        ] {
            assert_eq!(Misplaced::new([url].into_iter(), |_| false, |_| false).mask(url), shown);
        }
    }

    #[test]
    fn masks_a_password_in_place_of_a_key_file() {
        for (option, value) in
            [("--key", "hunter2.key"), ("-k", "hunter2"), ("--secret-file", "purple-monkey")]
        {
            let message = format!("cannot read {value}: no such file {value}");
            let masked = "cannot read …: no such file …";
            for words in [
                vec!["fob".to_owned(), option.to_owned(), value.to_owned()],
                vec![format!("{option}={value}")],
            ] {
                let found = Misplaced::new(words.iter().map(String::as_str), |_| false, |_| false);
                assert_eq!(found.mask(&message), masked);
            }
        }
        let found = Misplaced::new(["--key", "private.pem"].into_iter(), |_| false, |_| false);
        assert_eq!(found.mask("cannot read private.pem"), "cannot read private.pem");
        assert_eq!(
            Misplaced::new(["-k", "gate"].into_iter(), |_| false, |_| false).mask("a gate, a gateway"),
            "a …, a gateway"
        );
    }
}
