//! What a header and the key chosen for it settle, whatever the payload says: the checks `alg`, `key` and `crit`, and
//! what the signature is verified with. It is the same for every token with that header, so it can be kept. The token
//! has no say beyond naming an algorithm and a key.

use super::check::{Checks, Detail};
use super::policy::Policy;
use crate::core::key::ring::KeyChoice;
use crate::core::key::{Key, KeyError, KeyUse, SignatureVerifier};
use crate::core::reason::{Failure, KeyMismatch, Reason};
use crate::core::token::algorithm::{self, AlgName, Algorithm};
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::SigningInput;

/// What a header and a key settle.
#[derive(Debug)]
pub struct HeaderChecks<'k> {
    /// The key that was chosen, and how.
    pub choice: KeyChoice<'k>,
    checks: Checks,
    verifier: Result<Prepared<'k>, &'static str>,
}

/// A key ready to verify with the algorithm that a header names, which it allows.
#[derive(Debug)]
pub struct Prepared<'k> {
    /// The algorithm.
    pub algorithm: Algorithm,
    key: &'k Key,
    verifier: Result<SignatureVerifier, KeyError>,
}

impl Prepared<'_> {
    /// Whether a signature is that of the signing input.
    #[must_use]
    pub fn verifies(&self, input: SigningInput<'_>, signature: &[u8]) -> bool {
        self.verifier.as_ref().is_ok_and(|verifier| verifier.verifies(input, signature))
    }

    /// How long a signature is. One of RSA is as long as the modulus.
    #[must_use]
    pub fn signature_bytes(&self) -> usize {
        self.algorithm.signature_bytes().unwrap_or_else(|| self.key.bits().div_ceil(8))
    }
}

impl<'k> HeaderChecks<'k> {
    /// Makes the checks that a header alone allows.
    #[must_use]
    pub fn new(header: &JoseHeader<'_>, choice: KeyChoice<'k>, policy: &Policy) -> Self {
        let mut checks = Checks::new(Detail::Full);
        let algorithm = check_algorithm(&mut checks, header, &choice, policy);
        let key = check_key(&mut checks, &choice, algorithm, policy);
        check_crit(&mut checks, header);
        let verifier = match (algorithm, key) {
            (None, _) => Err("not checked: the algorithm is not allowed"),
            (_, None) => Err("not checked: the key is not usable"),
            _ if header.get("b64").is_some() => {
                Err("not checked: what `b64` makes of the signing input is not understood")
            }
            _ if header.duplicate().is_some() => Err("not checked: the header can be read in two ways"),
            (Some(algorithm), Some(key)) => {
                Ok(Prepared { algorithm, key, verifier: key.verifier(algorithm) })
            }
        };
        Self { choice, checks, verifier }
    }

    /// Adds what was found to the checks of a token.
    pub(super) fn tell(&self, checks: &mut Checks) {
        checks.append(&self.checks);
    }

    /// What the signature is verified with, or why it is not.
    pub(super) const fn verifier(&self) -> Result<&Prepared<'k>, &'static str> {
        match &self.verifier {
            Ok(prepared) => Ok(prepared),
            Err(obstacle) => Err(obstacle),
        }
    }
}

/// The algorithm, if the caller allows it and the key is of its type.
fn check_algorithm(
    checks: &mut Checks,
    header: &JoseHeader<'_>,
    choice: &KeyChoice<'_>,
    policy: &Policy,
) -> Option<Algorithm> {
    let name = header.alg().ok()?;
    let asked = !policy.algorithms.is_empty();
    // A key that nothing works with is refused as such.
    let of_type = |known: Algorithm| match choice.key {
        Some(key) => key.has_type(known.kty()) || key.algorithms().is_empty(),
        None => choice.fits_type,
    };
    let (reason, detail) = match AlgName::parse(name) {
        AlgName::None => (Reason::AlgNone, format!("`{name}`: the token is not signed")),
        AlgName::Unknown => (Reason::AlgUnsupported, format!("unknown algorithm `{name}`")),
        AlgName::Known(known) if asked && !policy.algorithms.contains(&known) => (
            Reason::AlgNotAllowed,
            format!("{known}, and only {} is allowed", algorithm::list(&policy.algorithms)),
        ),
        AlgName::Known(known) if !of_type(known) => {
            let kind = choice.key.map_or_else(|| "any key of the set".to_owned(), Key::kind);
            let reason = if asked { Reason::KeyMismatch(KeyMismatch::Kty) } else { Reason::AlgNotAllowed };
            (reason, format!("{known} does not work with {kind}"))
        }
        AlgName::Known(known) => {
            let by_key = choice.key.is_some_and(|key| key.algorithms().contains(&known));
            let allowed_by = if asked { "the caller" } else { "the key" };
            checks.pass("alg", || {
                if asked || by_key { format!("{known}, allowed by {allowed_by}") } else { known.to_string() }
            });
            return Some(known);
        }
    };
    checks.refuse("alg", Failure::new(reason, detail));
    None
}

/// The key, if it may be used at all, for this token and this algorithm.
fn check_key<'k>(
    checks: &mut Checks,
    choice: &KeyChoice<'k>,
    algorithm: Option<Algorithm>,
    policy: &Policy,
) -> Option<&'k Key> {
    let failure = choice.key.and_then(Key::unusable_reason).or_else(|| choice.failure.clone());
    let mismatch = || choice.key?.mismatch(algorithm?, KeyUse::Verify);
    if let Some(failure) = failure.or_else(mismatch) {
        checks.refuse("key", failure);
        return None;
    }
    let Some(key) = choice.key else {
        checks.skip("key", || "none was chosen: the algorithm is not known");
        return None;
    };
    match algorithm.and_then(|algorithm| key.weakness(algorithm)) {
        Some(weakness) if policy.strict => checks.refuse("key", weakness),
        weakness => {
            checks.warnings.extend(weakness);
            checks.pass("key", || {
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

fn check_crit(checks: &mut Checks, header: &JoseHeader<'_>) {
    for name in ["crit", "b64"] {
        if let Some(value) = header.get(name) {
            checks.fail("crit", Reason::CritUnsupported, || {
                format!("`{name}` is {value}: no extension is understood, so none may be critical")
            });
        }
    }
}
