//! `fob encode`: signs the claims from the payload and the options. `lines` mints many tokens, and `flaws` mints invalid
//! tokens for tests.

mod detached;
mod flaws;
mod lines;
mod serialized;

use crate::cli::encode::{EncodeArgs, TokenFormat};
use crate::commands::encrypting::{Recipient, header_of, recipient};
use crate::commands::key_settings;
use crate::commands::minting::{MintSettings, PayloadMode, warn_of_traps};
use crate::core::json::{Member, Value};
use crate::core::key::KeyUse;
use crate::core::mint::header::TypParameter;
use crate::core::mint::serialization::Serialization;
use crate::core::mint::signer::PreparedSigner;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level, PathKind};
use crate::input::seed::seed_entropy;
use crate::input::source::read;
use crate::keys::{self, signing};
use crate::output::{self, Syntax};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The purpose of random bytes that are derived from a seed.
const SEED_PURPOSE: &str = "encode";

/// Settings shared by every token of one run.
struct EncodeSettings {
    mint: MintSettings,
    format: TokenFormat,
    serialization: Serialization,
    /// Encrypts the tokens, if the user named a key for that.
    recipient: Option<Recipient>,
    /// True if the claims are encrypted without a signature.
    is_unsigned: bool,
}

pub(crate) fn encode(args: EncodeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let mut mint = MintSettings::from_args(&args);
    let serialization = args.serialization.unwrap_or_default();
    if args.key.key.len() > 1 && (serialization != Serialization::General || args.encryption.is_given()) {
        return Err(UsageError::SeveralSigningKeys.into());
    }
    if serialization != Serialization::Compact {
        if matches!(args.format, Some(TokenFormat::Header | TokenFormat::Env)) {
            return Err(UsageError::DocumentInFormat { serialization }.into());
        }
        // A JWT is in compact serialization (RFC 7519 section 3). The token inside an encrypted one still is.
        if mint.header.typ == TypParameter::Default && !args.encryption.is_given() {
            mint.header.typ = TypParameter::Omitted;
        }
    }
    let key = key_settings::for_signing(args.key.into_inner());
    // No question is asked for a signing key, since the answer could be meant for the encryption.
    if args.encryption.is_given() && !args.unsigned && !keys::is_available(&key, host) {
        return Err(UsageError::EncryptedWithoutSigningKey { may_be_unsigned: true }.into());
    }
    let parameters = if args.unsigned { mint.header.without_signature() } else { Vec::new() };
    let settings = EncodeSettings {
        mint,
        format: args.format.unwrap_or(if json { TokenFormat::Json } else { TokenFormat::Token }),
        serialization,
        recipient: recipient(args.encryption.clone().into_inner(), parameters, host)?,
        is_unsigned: args.unsigned,
    };
    seed_entropy(args.seed.seed, SEED_PURPOSE, host);
    if let Some(body) = &args.body.body {
        return detached::encode(&settings, &key, body, &args.body, host);
    }
    if args.lines.lines.is_some() || args.flaw.flaw.is_some() {
        let now = host.time_of_issue()?;
        warn_of_traps(&settings.mint.requests().in_options(now), host);
    }
    if let Some(place) = &args.lines.lines {
        return lines::encode(&settings, &key, place, &args.lines, args.seed.seed, host);
    }
    let payload = match &args.payload {
        Some(argument) => Some(read(OsStr::new(argument), "the payload", host)?),
        None => None,
    };
    if let Some(choice) = &args.flaw.flaw {
        let payload = payload.as_deref().unwrap_or(b"{}");
        let keys = flaws::FlawKeys { signing: &key, encryption: &args.encryption };
        return flaws::encode(&settings, keys, payload, choice, args.flaw.suite.as_deref(), host);
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
    let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
    let mint = &settings.mint;
    let text = if settings.is_unsigned {
        settings.unsigned(&payload, &parsed)?
    } else {
        let given = keys::load(&key, KeyUse::Sign, host)?;
        if given.keys.is_collection() {
            settings.signed_by_each(&given.keys, &payload, &parsed, host)?
        } else {
            let signer = PreparedSigner::for_claims(&given.keys, mint.algorithm, claims, &mint.header)?;
            signing::warn_if_weak(&signer, host);
            settings.signed(&signer, &payload, &parsed)?
        }
    };
    if mint.mode == PayloadMode::Claims {
        let now = host.time_of_issue()?;
        warn_of_traps(&mint.requests().in_token(claims, now), host);
    }
    output::line_as(host, settings.syntax(), &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

/// Returns the path of the file that a payload names, if it is not JSON.
fn file_named(payload: &str, host: &Host<'_>) -> Option<PathBuf> {
    let may_be_path = !payload.is_empty() && payload != "-" && !payload.starts_with(['@', '{', '[']);
    let is_file = may_be_path && matches!((host.path_kind)(Path::new(payload)), Ok(PathKind::File));
    is_file.then(|| PathBuf::from(payload))
}

impl EncodeSettings {
    /// Returns the syntax of the results.
    fn syntax(&self) -> Syntax {
        match self.format {
            TokenFormat::Token if self.serialization == Serialization::Compact => Syntax::Text,
            TokenFormat::Header | TokenFormat::Env => Syntax::Text,
            TokenFormat::Token | TokenFormat::Json => Syntax::Json,
        }
    }

    /// Signs a payload, encrypts the token if that was asked for, and returns it in the format of the run.
    fn signed(
        &self,
        signer: &PreparedSigner<'_>,
        payload: &[u8],
        parsed: &Payload<'_>,
    ) -> Result<String, CommandError> {
        let token = signer.sign(payload)?;
        match &self.recipient {
            None if self.serialization != Serialization::Compact => {
                let header = Value::Object(signer.header().to_vec());
                Ok(self.document(self.serialization.signed(&[token]), vec![header], parsed))
            }
            None => Ok(self.text(token, signer.header(), parsed)),
            Some(recipient) => Ok(self.encrypted(recipient.encrypter.encrypt_token(&token)?, parsed)),
        }
    }

    /// Encrypts a payload without a signature, and returns the token in the format of the run.
    fn unsigned(&self, payload: &[u8], parsed: &Payload<'_>) -> Result<String, CommandError> {
        let recipient = self.recipient.as_ref().ok_or(UsageError::NoSigningKey)?;
        Ok(self.encrypted(recipient.encrypter.encrypt(payload)?, parsed))
    }

    /// Returns an encrypted token in the format of the run.
    fn encrypted(&self, token: String, payload: &Payload<'_>) -> String {
        let header = if self.format == TokenFormat::Json { header_of(&token) } else { Vec::new() };
        if self.serialization != Serialization::Compact {
            return self.document(self.serialization.encrypted(&token), vec![Value::Object(header)], payload);
        }
        self.text(token, &header, payload)
    }

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
    vec![
        Member::new("token", Value::string(token)),
        Member::new("header", Value::Object(header.to_vec())),
        Member::new("payload", payload_value(payload)),
    ]
}

/// Returns a payload as a JSON value; null if it is not text.
fn payload_value<'t>(payload: &Payload<'t>) -> Value<'t> {
    match payload {
        Payload::Claims(claims) => Value::Object(claims.members().to_vec()),
        Payload::Json(value) => value.clone(),
        Payload::Text(text, _) => Value::string(*text),
        Payload::Bytes(..) => Value::Null,
    }
}
