//! The key that signs a new token: chosen, judged fit, and made ready.

use crate::core::json::Member;
use crate::core::key::ring::Undecided;
use crate::core::key::{Key, Purpose, Signer};
use crate::core::reason::Failure;
use crate::core::token::algorithm::{Algorithm, list};
use crate::error::CommandError;
use crate::host::{Host, Remark};
use crate::keys::GivenKey;

/// A key that is ready to sign, and what a new token says of it.
pub(crate) struct Minting<'k> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<&'k str>,
    pub(crate) signer: Signer,
}

/// Makes ready the key that signs a token with these claims: the only one that can, or the one the claims name.
pub(crate) fn ready_to_sign<'k>(
    given: &'k GivenKey,
    algorithm: Option<Algorithm>,
    claims: &[Member<'_>],
    host: &mut Host<'_>,
) -> Result<Minting<'k>, CommandError> {
    let key = choose(given, algorithm, claims)?;
    let (algorithm, signer) = fit_to_sign(key, algorithm, host)?;
    Ok(Minting { algorithm, kid: kid_of(given, key), signer })
}

/// The key that signs a token with these claims.
pub(crate) fn choose<'k>(
    given: &'k GivenKey,
    algorithm: Option<Algorithm>,
    claims: &[Member<'_>],
) -> Result<&'k Key, CommandError> {
    let keys = &given.keys;
    let key = keys.signing_key(algorithm, claims).map_err(|undecided| match undecided {
        Undecided::None(what) => CommandError::usage(what),
        Undecided::Several(names) => {
            CommandError::usage(format!("several keys of {} could sign: {names}", keys.source()))
                .with_hint("choose one with --kid")
        }
    })?;
    match keys.refusal() {
        Some(refusal) => Err(CommandError::usage(format!("{}: {}", refusal.reason, refusal.detail))),
        None => Ok(key),
    }
}

/// What a new token says of its key.
pub(crate) fn kid_of<'k>(given: &GivenKey, key: &'k Key) -> Option<&'k str> {
    // A key that a claim names is found by that claim again.
    key.kid.as_deref().filter(|_| given.keys.claim().is_none())
}

/// Refuses to mint with a key that no verifier should take, and warns of a weak one.
pub(crate) fn fit_to_sign(
    key: &Key,
    algorithm: Option<Algorithm>,
    host: &mut Host<'_>,
) -> Result<(Algorithm, Signer), CommandError> {
    let algorithm = fit(key, algorithm)?;
    if let Some(weakness) = key.weakness(algorithm) {
        host.remark(Remark::Warning, &format!("{}: {}", weakness.reason, weakness.detail));
    }
    Ok((algorithm, signer(key, algorithm)?))
}

/// The algorithm that a key signs with, if it may.
pub(crate) fn fit(key: &Key, algorithm: Option<Algorithm>) -> Result<Algorithm, CommandError> {
    let refused = |failure: Failure| CommandError::usage(format!("{}: {}", failure.reason, failure.detail));
    if let Some(refusal) = key.refusal() {
        return Err(refused(refusal));
    }
    let algorithm = algorithm.or_else(|| key.algorithm()).ok_or_else(|| {
        CommandError::usage(format!("no algorithm of this build signs with {}", key.kind()))
    })?;
    if algorithm.kty() != key.kty() {
        let fitting = list(key.algorithms());
        return Err(CommandError::usage(format!(
            "{algorithm} does not work with {} from {}",
            key.kind(),
            key.source
        ))
        .with_hint(format!("it signs with {fitting}")));
    }
    if !key.is_private() {
        return Err(CommandError::usage(format!(
            "the key from {} is public: it can verify, and only its private half can sign",
            key.source
        )));
    }
    match key.misfit(algorithm, Purpose::Sign) {
        Some(misfit) => Err(refused(misfit)),
        None => Ok(algorithm),
    }
}

/// What signs with a key that fits.
pub(crate) fn signer(key: &Key, algorithm: Algorithm) -> Result<Signer, CommandError> {
    key.signer(algorithm).map_err(|_| {
        CommandError::usage(format!("the halves of the key from {} do not belong together", key.source))
    })
}
