//! `fob encode`: signs the claims from the payload and the options. `lines` mints many tokens, and `flaws` mints invalid
//! tokens for tests.

mod flaws;
mod lines;

use crate::cli::encode::{EncodeArgs, TokenFormat};
use crate::commands::key_settings;
use crate::commands::minting::{MintSettings, PayloadMode, warn_of_traps};
use crate::core::json::{Member, Value};
use crate::core::key::KeyUse;
use crate::core::mint::signer::PreparedSigner;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level, PathKind};
use crate::input::seed::seed_entropy;
use crate::input::source::read;
use crate::keys::{self, signing};
use crate::output;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The purpose of random bytes that are derived from a seed.
const SEED_PURPOSE: &str = "encode";

/// Settings shared by every token of one run.
struct EncodeSettings {
    mint: MintSettings,
    format: TokenFormat,
}

pub(crate) fn encode(args: EncodeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let settings = EncodeSettings {
        mint: MintSettings::from_args(&args),
        format: args.format.unwrap_or(if json { TokenFormat::Json } else { TokenFormat::Token }),
    };
    seed_entropy(args.seed.seed, SEED_PURPOSE, host);
    if args.lines.lines.is_some() || args.flaw.flaw.is_some() {
        let now = host.time_of_issue()?;
        warn_of_traps(&settings.mint.requests().in_options(now), host);
    }
    if let Some(place) = &args.lines.lines {
        return lines::encode(&settings, args.key, place, &args.lines, args.seed.seed, host);
    }
    let payload = match &args.payload {
        Some(argument) => Some(read(OsStr::new(argument), "the payload", host)?),
        None => None,
    };
    if let Some(choice) = args.flaw.flaw {
        let payload = payload.as_deref().unwrap_or(b"{}");
        return flaws::encode(&settings, args.key, payload, &choice, args.flaw.suite.as_deref(), host);
    }
    let default: &[u8] = match settings.mint.mode {
        PayloadMode::Claims => b"{}",
        PayloadMode::Verbatim => b"",
    };
    let parts = host.split();
    let payload = settings.mint.payload(payload.as_deref().unwrap_or(default), parts.clock, parts.entropy);
    let payload =
        payload.map_err(|error| match args.payload.as_deref().and_then(|text| file_named(text, host)) {
            Some(path) => UsageError::PathAsPayload { path }.into(),
            None => error,
        })?;
    let parsed = Payload::parse(&payload);
    // --verbatim may sign bytes that are not a claims set, with a warning.
    if let Some(flaw) = parsed.flaw() {
        host.message(Level::Warning, &format!("{}: {}", flaw.reason, flaw.detail));
    }
    let given = keys::load(&key_settings::for_signing(args.key), KeyUse::Sign, host)?;
    let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
    let mint = &settings.mint;
    let signer = PreparedSigner::for_claims(&given.keys, mint.algorithm, claims, &mint.header)?;
    signing::warn_if_weak(&signer, host);
    let token = signer.sign(&payload)?;
    if mint.mode == PayloadMode::Claims {
        let now = host.time_of_issue()?;
        warn_of_traps(&mint.requests().in_token(claims, now), host);
    }
    output::line(host, &settings.text(token, signer.header(), &parsed), ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

/// Returns the path of the file that a payload names, if it is not JSON.
fn file_named(payload: &str, host: &Host<'_>) -> Option<PathBuf> {
    let may_be_path = !payload.is_empty() && payload != "-" && !payload.starts_with(['@', '{', '[']);
    let is_file = may_be_path && matches!((host.path_kind)(Path::new(payload)), Ok(PathKind::File));
    is_file.then(|| PathBuf::from(payload))
}

impl EncodeSettings {
    /// Returns a token in the format of the run.
    fn text(&self, token: String, header: &[Member<'_>], payload: &Payload<'_>) -> String {
        match self.format {
            TokenFormat::Token => token,
            TokenFormat::Header => format!("Authorization: Bearer {token}"),
            TokenFormat::Env => format!("FOB_TOKEN={token}"),
            TokenFormat::Json => Value::Object(document(token, header, payload)).to_string(),
        }
    }
}

/// Returns a token, its header and its payload as the members of a JSON object.
fn document<'t>(token: String, header: &[Member<'t>], payload: &Payload<'t>) -> Vec<Member<'t>> {
    let payload = match payload {
        Payload::Claims(claims) => Value::Object(claims.members().to_vec()),
        Payload::Json(value) => value.clone(),
        Payload::Text(text, _) => Value::string(*text),
        Payload::Bytes(..) => Value::Null,
    };
    vec![
        Member::new("token", Value::string(token)),
        Member::new("header", Value::Object(header.to_vec())),
        Member::new("payload", payload),
    ]
}
