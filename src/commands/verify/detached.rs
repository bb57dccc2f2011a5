//! Reads the detached payload that `--payload` gives. A payload larger than `--max-size` is read in pieces. This file
//! leaves the verdict to the verifier.

use super::VerifierSetup;
use crate::core::token::detached::DetachedPayload;
use crate::core::token::jws::Compact;
use crate::core::verify::policy::Policy;
use crate::core::verify::{ParsedToken, StreamedSignature, Verifier, WholePayloadNeeded};
use crate::error::CommandError;
use crate::error::usage::UsageError;
use crate::host::{Host, Level};
use crate::input::payload::{LargePayload, OpenPayload, open, open_path};
use std::ffi::OsStr;
use std::path::Path;

/// A payload that was read, and the outcome of its signature if it was read in pieces.
pub(super) struct ReadPayload<'v> {
    pub(super) payload: DetachedPayload,
    pub(super) signature: Option<StreamedSignature<'v>>,
}

/// The options of a run that need claims.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ClaimOptions {
    /// True if `--kid-claim` is given.
    pub(super) kid_claim: bool,
    /// True if `--get` is given.
    pub(super) get: bool,
}

/// Reads the payload of a token.
pub(super) fn read<'v>(
    argument: &OsStr,
    token: &ParsedToken<'_, '_>,
    setup: &VerifierSetup,
    verifier: &Verifier<'v>,
    options: ClaimOptions,
    host: &mut Host<'_>,
) -> Result<ReadPayload<'v>, CommandError> {
    demand_detached(token)?;
    let compact = token.compact();
    match open(argument, setup.max_size, host)? {
        OpenPayload::Held(bytes) => {
            Ok(ReadPayload { payload: DetachedPayload::held(compact, bytes), signature: None })
        }
        OpenPayload::Large(large) => {
            let limit = setup.max_size;
            if let Some(option) = claim_option(&setup.policy, options) {
                return Err(UsageError::LargePayload { option, limit }.into());
            }
            read_in_pieces(large, compact, verifier, limit, host)
        }
    }
}

fn read_in_pieces<'v>(
    large: LargePayload<'_>,
    compact: &Compact<'_>,
    verifier: &Verifier<'v>,
    limit: usize,
    host: &mut Host<'_>,
) -> Result<ReadPayload<'v>, CommandError> {
    let whole =
        |WholePayloadNeeded(algorithm)| UsageError::WholePayloadNeeded { algorithm, limit, may_raise: true };
    let mut stream = verifier.begin_payload(compact).map_err(whole)?;
    if large.is_like_json() {
        let warning = "the payload begins like a JSON object, but is larger than --max-size: no claims, such as `exp`, are judged";
        host.message(Level::Warning, warning);
    }
    large.read(|piece| stream.update(piece))?;
    let signature = stream.finish(compact);
    Ok(ReadPayload { payload: DetachedPayload::streamed(signature.length), signature: Some(signature) })
}

/// Reads the payload of a case, whose claims are judged. It must not be larger than `limit` bytes.
pub(super) fn read_payload(path: &Path, limit: usize, host: &Host<'_>) -> Result<Vec<u8>, CommandError> {
    match open_path(path, limit, host)? {
        OpenPayload::Held(bytes) => Ok(bytes),
        OpenPayload::Large(_) => Err(UsageError::PayloadTooLarge { limit, hint: "raise max-size" }.into()),
    }
}

/// Refuses a token that holds its payload itself, or that is encrypted, and an SD-JWT.
pub(super) fn demand_detached(token: &ParsedToken<'_, '_>) -> Result<(), UsageError> {
    match token.compact() {
        _ if token.is_opened() => Err(UsageError::PayloadOfEncrypted),
        _ if token.is_sd_jwt() => Err(UsageError::PayloadOfSdJwt),
        Compact::Jws { payload, .. } if payload.encoded.is_empty() => Ok(()),
        Compact::Jws { .. } => Err(UsageError::PayloadNotDetached),
        Compact::Jwe { .. } => Err(UsageError::PayloadOfEncrypted),
    }
}

/// Returns an option that was given and needs claims.
fn claim_option(policy: &Policy, options: ClaimOptions) -> Option<&'static str> {
    [
        (options.kid_claim, "--kid-claim"),
        (options.get, "--get"),
        (policy.strict, "--strict"),
        (!policy.issuers.is_empty(), "--iss"),
        (!policy.audiences.is_empty(), "--aud"),
        (policy.subject.is_some(), "--sub"),
        (policy.id.is_some(), "--jti"),
        (policy.token_type.is_some(), "--token-type"),
        (!policy.claims.is_empty(), "--claim"),
        (!policy.required.is_empty(), "--require"),
        (policy.max_age.is_some(), "--max-age"),
    ]
    .into_iter()
    .find_map(|(is_given, option)| is_given.then_some(option))
}
