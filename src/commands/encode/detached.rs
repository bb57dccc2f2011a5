//! Signs the payload that `--payload` gives, unchanged. A large one that is detached is signed in pieces.

use super::EncodeSettings;
use crate::cli::detached::DetachedArgs;
use crate::core::key::KeyUse;
use crate::core::mint::detached::PayloadPlace;
use crate::core::mint::signer::PreparedSigner;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::jws::MAX_SIZE;
use crate::error::input::file_as_payload;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::payload::{OpenPayload, named_file, open};
use crate::keys::{self, KeySettings, signing};
use crate::output;
use std::ffi::OsStr;

/// The maximum size of a payload that is held in memory, in bytes.
const LARGEST: usize = 256 << 20;

pub(super) fn encode(
    settings: &EncodeSettings,
    key: &KeySettings,
    body: &OsStr,
    args: &DetachedArgs,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let given = keys::load(key, KeyUse::Sign, host)?;
    // A claim can name the key, so the claims of a small payload are known first.
    let payload = open(body, MAX_SIZE, host)?;
    let parsed = match &payload {
        OpenPayload::Held(bytes) => Payload::parse(bytes),
        OpenPayload::Large(_) => Payload::parse(b""),
    };
    let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
    let mint = &settings.mint;
    let signer = PreparedSigner::for_claims(&given.keys, mint.algorithm, claims, &mint.header)?;
    signing::warn_if_weak(&signer, host);
    if let Some(path) = named_file(body, host) {
        host.message(Level::Hint, &file_as_payload(&path));
    }
    let place = if args.detached { PayloadPlace::Detached } else { PayloadPlace::Attached };
    let text = match payload {
        OpenPayload::Held(ref bytes) => {
            let token = signer.sign_payload(bytes, place)?;
            settings.text(token, signer.header(), &parsed)
        }
        OpenPayload::Large(large) => match signer.begin_payload().filter(|_| args.detached) {
            Some(mut stream) => {
                large.read(|piece| stream.update(piece))?;
                settings.text(stream.finish()?, signer.header(), &Payload::parse(b""))
            }
            None => {
                let algorithm = signer.algorithm();
                let too_large =
                    UsageError::WholePayloadNeeded { algorithm, limit: LARGEST, may_raise: false };
                let bytes = large.held(LARGEST)?.ok_or(too_large)?;
                settings.text(signer.sign_payload(&bytes, place)?, signer.header(), &Payload::parse(&bytes))
            }
        },
    };
    if args.no_b64 && !args.detached {
        host.message(
            Level::Hint,
            "verifiers of JWTs refuse this token: a JWT must not have `b64` false (RFC 7797 section 7)",
        );
    }
    output::line_as(host, settings.syntax(), &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}
