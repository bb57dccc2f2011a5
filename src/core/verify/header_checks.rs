//! The checks that a header and its key settle, whatever the payload says: `alg`, `key` and `crit`, and the key made
//! ready to verify. They are the same for every token with that header, so they can be kept. A token names an
//! algorithm and a key; it decides nothing else.

use super::check::{Checks, Detail, Status};
use super::policy::Policy;
use crate::core::json::Value;
use crate::core::key::ring::KeyChoice;
use crate::core::key::{Key, KeyError, KeyUse, MessageStream, SignatureVerifier};
use crate::core::reason::{CheckName, Failure, KeyMismatch, Reason};
use crate::core::text::escape::{excerpt, value_excerpt};
use crate::core::token::algorithm::{self, AlgName, Algorithm};
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::{KnownToken, SigningInput};

/// The checks of a header and its key.
#[derive(Debug)]
pub(super) struct HeaderChecks<'k> {
    /// The key that was chosen, and how.
    pub(super) choice: KeyChoice<'k>,
    /// The number of keys that were tried without success. Zero if the key was chosen in another way.
    pub(super) tried_in_vain: usize,
    /// True if the signature fits a message that was read in pieces. `None` if no message was.
    pub(super) streamed: Option<bool>,
    checks: Checks<'static>,
    /// The finding if the signature is valid.
    valid_signature: String,
    verifier: Result<PreparedVerifier<'k>, &'static str>,
}

/// A key ready to verify with the algorithm that a header names and the key allows.
#[derive(Debug)]
pub(super) struct PreparedVerifier<'k> {
    /// The algorithm.
    pub(super) algorithm: Algorithm,
    key: &'k Key,
    verifier: Result<SignatureVerifier, KeyError>,
}

impl PreparedVerifier<'_> {
    /// Reports whether a signature is valid for the signing input.
    pub(super) fn verifies(&self, input: SigningInput<'_>, signature: &[u8]) -> bool {
        self.verifier.as_ref().is_ok_and(|verifier| verifier.verifies(input, signature))
    }

    /// Reports for two signing inputs, each with a signature, whether they belong together. Returns `None` if the key cannot be
    /// used.
    fn verify_two(&self, pairs: [(SigningInput<'_>, &[u8]); 2]) -> Option<[bool; 2]> {
        self.verifier.as_ref().ok().map(|verifier| verifier.verify_two(pairs))
    }

    /// Begins a message that is read in pieces. Returns `None` if the algorithm needs the whole message.
    pub(super) fn begin(&self) -> Option<MessageStream> {
        self.verifier.as_ref().ok()?.begin()
    }

    /// Reports whether a signature is valid for a message that was read in pieces.
    pub(super) fn verifies_stream(&self, message: MessageStream, signature: &[u8]) -> bool {
        self.verifier.as_ref().is_ok_and(|verifier| verifier.verifies_stream(message, signature))
    }

    /// Returns the length of a signature. An RSA signature is as long as the modulus.
    pub(super) fn signature_bytes(&self) -> usize {
        self.algorithm.signature_bytes().unwrap_or_else(|| self.key.bits().div_ceil(8))
    }
}

impl<'k> HeaderChecks<'k> {
    /// Makes the checks that need only the header and the key.
    pub(super) fn new(header: &JoseHeader<'_>, choice: KeyChoice<'k>, policy: &Policy) -> Self {
        let mut checks = Checks::new(Detail::Full);
        let algorithm = check_algorithm(&mut checks, header, &choice, policy);
        let key = check_key(&mut checks, &choice, algorithm, policy);
        let is_understood = if policy.detached {
            check_detached_crit(&mut checks, header)
        } else {
            check_crit(&mut checks, header);
            header.get("b64").is_none()
        };
        let verifier = match (algorithm, key) {
            (None, _) => Err("not checked: the algorithm is not allowed"),
            (_, None) => Err("not checked: the key is not usable"),
            _ if !is_understood => {
                Err("not checked: the header has `b64`, which can change the signing input (RFC 7797)")
            }
            _ if header.duplicate().is_some() => Err("not checked: the header has a duplicate parameter"),
            (Some(algorithm), Some(key)) => {
                Ok(PreparedVerifier { algorithm, key, verifier: key.verifier(algorithm) })
            }
        };
        let valid_signature = algorithm.map(|algorithm| format!("{algorithm} over the bytes received"));
        let valid_signature = valid_signature.unwrap_or_default();
        Self { choice, tried_in_vain: 0, streamed: None, checks, valid_signature, verifier }
    }

    /// Adds these checks to those of a token, which borrows their text.
    pub(super) fn append_to<'a>(&'a self, checks: &mut Checks<'a>) {
        checks.append(&self.checks);
    }

    /// Adds copies of these checks to those of a token.
    pub(super) fn append_copies_to(&self, checks: &mut Checks<'_>) {
        checks.append_copies(&self.checks);
    }

    /// Returns the finding if the signature is valid. A document of `--lines` takes 450 instructions less than with a text of
    /// its own.
    pub(super) fn valid_signature(&self) -> &str {
        &self.valid_signature
    }

    /// Returns the checks that failed, each with what it found.
    pub(super) fn failures(&self) -> impl Iterator<Item = (CheckName<'static>, String)> {
        let failed = self.checks.list.iter().filter(|check| check.status == Status::Failed);
        failed.map(|check| (check.name.clone(), check.fact.sentence().into_owned()))
    }

    /// Reports for two tokens with this header whether their signatures are valid. Returns `None` if they cannot be checked.
    pub(super) fn verify_two(&self, tokens: [&KnownToken<'_>; 2]) -> Option<[bool; 2]> {
        self.verifier().ok()?.verify_two(tokens.map(|token| (token.signing_input(), token.signature())))
    }

    /// Reports whether every check passed, and the key needs none with the clock. There may be warnings.
    pub(super) fn are_settled(&self) -> bool {
        let certificate = self.choice.key.and_then(|key| key.certificate.as_ref());
        self.checks.reasons.is_empty() && self.verifier.is_ok() && certificate.is_none()
    }

    /// Returns the findings that failed no check.
    pub(super) fn warnings(&self) -> &[Failure] {
        &self.checks.warnings
    }

    /// Returns the key made ready, or why the signature is not checked.
    pub(super) const fn verifier(&self) -> Result<&PreparedVerifier<'k>, &'static str> {
        match &self.verifier {
            Ok(prepared) => Ok(prepared),
            Err(obstacle) => Err(obstacle),
        }
    }
}

/// Returns the algorithm, if the caller allows it and the key has its type.
fn check_algorithm(
    checks: &mut Checks<'_>,
    header: &JoseHeader<'_>,
    choice: &KeyChoice<'_>,
    policy: &Policy,
) -> Option<Algorithm> {
    let name = header.alg().ok()?;
    let asked = !policy.algorithms.is_empty();
    // A key that supports no algorithm fails the `key` check instead.
    let of_type = |known: Algorithm| match choice.key {
        Some(key) => key.has_type(known.kty()) || key.algorithms().is_empty(),
        None => choice.fits_type,
    };
    let (reason, detail) = match AlgName::parse(name) {
        AlgName::None => (Reason::AlgNone, format!("`{name}`: the token is not signed")),
        AlgName::Unknown => (Reason::AlgUnsupported, format!("unknown algorithm `{}`", excerpt(name))),
        AlgName::Known(known) if asked && !policy.algorithms.contains(&known) => (
            Reason::AlgNotAllowed,
            format!("{known}, but only {} is allowed", algorithm::list(&policy.algorithms)),
        ),
        AlgName::Known(known) if !of_type(known) => {
            let kind = choice.key.map_or_else(|| "any key of the set".to_owned(), Key::kind);
            let reason = if asked { Reason::KeyMismatch(KeyMismatch::Kty) } else { Reason::AlgNotAllowed };
            (reason, format!("{known} does not work with {kind}"))
        }
        AlgName::Known(known) => {
            let by_key = choice.key.is_some_and(|key| key.algorithms().contains(&known));
            let allowed_by = if asked { "--alg" } else { "the key" };
            checks.pass(CheckName::Alg, || {
                if asked || by_key { format!("{known}, allowed by {allowed_by}") } else { known.to_string() }
            });
            return Some(known);
        }
    };
    checks.reject(CheckName::Alg, Failure::new(reason, detail));
    None
}

/// Returns the key, if it is usable for this token and this algorithm.
fn check_key<'k>(
    checks: &mut Checks<'_>,
    choice: &KeyChoice<'k>,
    algorithm: Option<Algorithm>,
    policy: &Policy,
) -> Option<&'k Key> {
    let failure = choice.key.and_then(Key::unusable_reason).or_else(|| choice.failure.clone());
    let mismatch = || choice.key?.mismatch(algorithm?, KeyUse::Verify);
    if let Some(failure) = failure.or_else(mismatch) {
        checks.reject(CheckName::Key, failure);
        return None;
    }
    let Some(key) = choice.key else {
        checks.skip(CheckName::Key, || "no key was chosen: the algorithm is not known");
        return None;
    };
    match algorithm.and_then(|algorithm| key.weakness(algorithm)) {
        Some(weakness) if policy.strict => checks.reject(CheckName::Key, weakness),
        weakness => {
            checks.warnings.extend(weakness);
            checks.pass(CheckName::Key, || {
                let mut fact = format!("{}, {} bits, from {}", key.kind(), key.bits(), key.source);
                if let Some(how) = &choice.how {
                    fact.push_str(", ");
                    fact.push_str(how);
                }
                fact
            });
        }
    }
    Some(key)
}

/// Rejects every critical extension of a JWT (RFC 7515 section 4.1.11), and `b64` (RFC 7797 section 7).
fn check_crit(checks: &mut Checks<'_>, header: &JoseHeader<'_>) {
    for name in ["crit", "b64"] {
        if let Some(value) = header.get(name) {
            checks.fail(CheckName::Crit, Reason::CritUnsupported, || {
                let rule = if name == "b64" { " (RFC 7797 section 7)" } else { "" };
                format!("`{name}` is {}, but no extension is supported in a JWT{rule}", value_excerpt(value))
            });
        }
    }
}

/// Checks the extensions of a token whose payload is detached. Of these, `b64` is supported (RFC 7797 section 3), alone and
/// as `crit` demands it (section 6). Returns `false` if the signing input is unknown.
fn check_detached_crit(checks: &mut Checks<'_>, header: &JoseHeader<'_>) -> bool {
    let (crit, b64) = (header.get("crit"), header.get("b64"));
    let names_b64 = crit.is_some_and(|crit| *crit == Value::Array(vec![Value::string("b64")]));
    let failure = match (crit, b64) {
        (None, None) => return true,
        (_, Some(value)) if !matches!(value, Value::Bool(_)) => {
            format!("`b64` is {}, not true or false", value_excerpt(value))
        }
        (None, Some(Value::Bool(true))) => {
            checks.pass(CheckName::Crit, || "`b64` is true: the payload is encoded");
            return true;
        }
        (None, Some(_)) => "`b64` is false, but no `crit` demands it (RFC 7797 section 6)".to_owned(),
        (Some(_), Some(value)) if names_b64 => {
            let how = if header.is_unencoded() { "not encoded" } else { "encoded" };
            checks.pass(CheckName::Crit, || format!("`b64` is {value}: the payload is {how}"));
            return true;
        }
        (Some(_), None) if names_b64 => "`crit` names `b64`, but the header has no `b64`".to_owned(),
        (Some(value), _) => format!("`crit` is {}, but only `b64` is supported", value_excerpt(value)),
    };
    checks.fail(CheckName::Crit, Reason::CritUnsupported, || failure);
    b64.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::secret::Secret;

    fn hmac(bytes: usize) -> Key {
        Key::hmac(Secret::new(vec![7; bytes]), None, "a test".to_owned())
    }

    fn choice(key: Option<&Key>, fits_type: bool) -> KeyChoice<'_> {
        KeyChoice { key, failure: None, fits_type, source: "a test", how: None }
    }

    fn header(json: &str) -> JoseHeader<'_> {
        JoseHeader::parse(json.as_bytes()).unwrap()
    }

    fn lines(checks: &HeaderChecks<'_>, name: &CheckName<'_>) -> Vec<String> {
        let found = checks.checks.list.iter().filter(|check| check.name == *name);
        found
            .map(|check| {
                let reason = check.reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
                format!("{}{reason}: {}", check.status.name(), check.fact.sentence())
            })
            .collect()
    }

    #[test]
    fn allows_the_algorithms_of_the_caller_or_of_the_key() {
        let key = hmac(64);
        let kind = key.kind();
        let only = |algorithm| Policy { algorithms: vec![algorithm], ..Policy::default() };
        let any = Policy::default();
        for (alg, key, fits_type, policy, line) in [
            ("HS256", Some(&key), true, &any, "passed: HS256, allowed by the key".to_owned()),
            (
                "HS256",
                Some(&key),
                true,
                &only(Algorithm::Hs256),
                "passed: HS256, allowed by --alg".to_owned(),
            ),
            (
                "HS256",
                Some(&key),
                true,
                &only(Algorithm::Hs512),
                "failed alg_not_allowed: HS256, but only HS512 is allowed".to_owned(),
            ),
            (
                "RS256",
                Some(&key),
                true,
                &any,
                format!("failed alg_not_allowed: RS256 does not work with {kind}"),
            ),
            (
                "RS256",
                Some(&key),
                true,
                &only(Algorithm::Rs256),
                format!("failed key_mismatch:kty: RS256 does not work with {kind}"),
            ),
            ("HS256", None, true, &any, "passed: HS256".to_owned()),
            ("HS256", None, true, &only(Algorithm::Hs256), "passed: HS256, allowed by --alg".to_owned()),
            (
                "HS256",
                None,
                false,
                &any,
                "failed alg_not_allowed: HS256 does not work with any key of the set".to_owned(),
            ),
            ("none", Some(&key), true, &any, "failed alg_none: `none`: the token is not signed".to_owned()),
            ("X", Some(&key), true, &any, "failed alg_unsupported: unknown algorithm `X`".to_owned()),
        ] {
            let json = format!(r#"{{"alg":"{alg}"}}"#);
            let header = header(&json);
            let checks = HeaderChecks::new(&header, choice(key, fits_type), policy);
            let passed = line.starts_with("passed");
            assert_eq!(lines(&checks, &CheckName::Alg), [line], "{alg}");
            assert_eq!(checks.verifier().is_ok(), passed && key.is_some(), "{alg}");
            assert_eq!(checks.are_settled(), passed && key.is_some(), "{alg}");
            assert_eq!(checks.valid_signature(), if passed { "HS256 over the bytes received" } else { "" });
        }
    }

    #[test]
    fn rejects_a_weak_key_only_strictly() {
        let strict = Policy { strict: true, ..Policy::default() };
        let usual = Policy::default();
        let header = header(r#"{"alg":"HS256"}"#);
        for (bytes, policy, status, warnings) in [
            (32, &strict, "passed", 0),
            (31, &strict, "failed key_weak:hmac_too_short", 0),
            (31, &usual, "passed", 1),
        ] {
            let key = hmac(bytes);
            let checks = HeaderChecks::new(&header, choice(Some(&key), true), policy);
            let line = lines(&checks, &CheckName::Key).remove(0);
            assert!(line.starts_with(&format!("{status}: ")), "{bytes} {line}");
            assert_eq!(checks.warnings().len(), warnings);
            assert_eq!(checks.failures().count(), usize::from(status != "passed"));
            assert!(checks.verifier().is_ok(), "a weak key still verifies");
        }
        let none = hmac(0);
        let checks = HeaderChecks::new(&header, choice(Some(&none), true), &usual);
        assert_eq!(checks.verifier().err(), Some("not checked: the key is not usable"));
        let failure = Failure::new(Reason::KeyNotFound, "there is no key");
        let missing = KeyChoice { failure: Some(failure), ..choice(None, true) };
        let checks = HeaderChecks::new(&header, missing, &usual);
        assert_eq!(lines(&checks, &CheckName::Key), ["failed key_not_found: there is no key"]);
    }

    #[test]
    fn supports_no_extension_of_a_jwt() {
        let key = hmac(32);
        let none = "but no extension is supported in a JWT";
        for (json, expected, obstacle) in [
            (r#"{"alg":"HS256"}"#, vec![], None),
            (
                r#"{"alg":"HS256","crit":["x"]}"#,
                vec![format!("failed crit_unsupported: `crit` is [\"x\"], {none}")],
                None,
            ),
            (
                r#"{"alg":"HS256","b64":true}"#,
                vec![format!("failed crit_unsupported: `b64` is true, {none} (RFC 7797 section 7)")],
                Some("not checked: the header has `b64`, which can change the signing input (RFC 7797)"),
            ),
            (
                r#"{"alg":"HS256","x":1,"x":2}"#,
                vec![],
                Some("not checked: the header has a duplicate parameter"),
            ),
        ] {
            let header = header(json);
            let checks = HeaderChecks::new(&header, choice(Some(&key), true), &Policy::default());
            assert_eq!(lines(&checks, &CheckName::Crit), expected, "{json}");
            assert_eq!(checks.verifier().err(), obstacle, "{json}");
        }
    }

    #[test]
    fn supports_the_encoding_of_a_detached_payload() {
        let key = hmac(32);
        let policy = Policy { detached: true, ..Policy::default() };
        for (members, line, is_understood) in [
            ("", "", true),
            (r#","b64":1"#, "failed crit_unsupported: `b64` is 1, not true or false", false),
            (r#","b64":true"#, "passed: `b64` is true: the payload is encoded", true),
            (
                r#","b64":false"#,
                "failed crit_unsupported: `b64` is false, but no `crit` demands it (RFC 7797 section 6)",
                false,
            ),
            (r#","b64":true,"crit":["b64"]"#, "passed: `b64` is true: the payload is encoded", true),
            (r#","b64":false,"crit":["b64"]"#, "passed: `b64` is false: the payload is not encoded", true),
            (
                r#","crit":["b64"]"#,
                "failed crit_unsupported: `crit` names `b64`, but the header has no `b64`",
                true,
            ),
            (
                r#","crit":["x"]"#,
                "failed crit_unsupported: `crit` is [\"x\"], but only `b64` is supported",
                true,
            ),
            (
                r#","b64":false,"crit":["b64","x"]"#,
                "failed crit_unsupported: `crit` is [\"b64\",\"x\"], but only `b64` is supported",
                false,
            ),
        ] {
            let json = format!(r#"{{"alg":"HS256"{members}}}"#);
            let header = header(&json);
            let checks = HeaderChecks::new(&header, choice(Some(&key), true), &policy);
            assert_eq!(lines(&checks, &CheckName::Crit).join("\n"), line, "{json}");
            assert_eq!(checks.verifier().is_ok(), is_understood, "{json}");
        }
    }

    #[test]
    fn verifies_two_tokens_with_one_key() {
        let key = hmac(32);
        let [one, two] = ["one", "two"].map(SigningInput::new);
        let signer = key.signer(Algorithm::Hs256).unwrap();
        let [first, second] = [one, two].map(|input| signer.sign(input).unwrap());
        let header = header(r#"{"alg":"HS256"}"#);
        let checks = HeaderChecks::new(&header, choice(Some(&key), true), &Policy::default());
        let verifier = checks.verifier().unwrap();
        assert_eq!(verifier.verify_two([(one, &first), (two, &second)]), Some([true, true]));
        assert_eq!(verifier.verify_two([(one, &first), (two, &first)]), Some([true, false]));
        assert_eq!(verifier.signature_bytes(), 32);
    }
}
