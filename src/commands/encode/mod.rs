//! `fob encode`: claims from the payload and the options, one token out; many tokens in `lines`,
//! tokens that are wrong on purpose in `flaws`.

mod flaws;
mod lines;

use crate::cli::encode::{EncodeArgs, TokenFormat};
use crate::cli::key::IssuerKeyArgs;
use crate::core::json::{Member, Value};
use crate::core::key::KeyUse;
use crate::core::mint::header::HeaderTemplate;
use crate::core::mint::signer::PreparedSigner;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::content::{Content, header_template};
use crate::input::seed;
use crate::input::source::read;
use crate::keys::{self, signing};
use crate::output;
use std::ffi::OsStr;

/// What a seed is asked for.
const PURPOSE: &str = "encode";

/// What goes into every token, whatever its payload.
struct Draft {
    content: Content,
    algorithm: Option<Algorithm>,
    header: HeaderTemplate,
    format: TokenFormat,
}

pub(crate) fn encode(args: EncodeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let draft = Draft {
        content: Content { options: args.claims.claims, no_iat: args.no_iat, verbatim: args.verbatim },
        algorithm: args.header.alg,
        header: header_template(&args.header),
        format: args.format.unwrap_or(if json { TokenFormat::Json } else { TokenFormat::Token }),
    };
    seed::sow(args.seed.seed, PURPOSE, host);
    if let Some(place) = &args.lines.lines {
        return lines::encode(&draft, args.key, place, &args.lines, args.seed.seed, host);
    }
    let payload = match &args.payload {
        Some(argument) => Some(read(OsStr::new(argument), "the payload", host)?),
        None => None,
    };
    if let Some(choice) = args.flaw.flaw {
        let payload = payload.as_deref().unwrap_or(b"{}");
        return flaws::encode(&draft, args.key, payload, &choice, args.flaw.suite.as_deref(), host);
    }
    let payload = payload.as_deref().unwrap_or(if draft.content.verbatim { b"" } else { b"{}" });
    let parts = host.split();
    let payload = draft.content.payload(payload, parts.clock, parts.entropy)?;
    let parsed = Payload::parse(&payload);
    // The bytes are signed as they are; that they are no claims set is worth a word.
    if let Some(flaw) = parsed.flaw() {
        host.message(Level::Warning, &format!("{}: {}", flaw.reason, flaw.detail));
    }
    let given = keys::load(args.key, IssuerKeyArgs::default(), KeyUse::Sign, host)?;
    let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
    let signer = PreparedSigner::for_claims(&given.keys, draft.algorithm, claims, &draft.header)?;
    signing::warn_if_weak(&signer, host);
    let token = signer.sign(&payload)?;
    output::line(host, &draft.text(token, signer.header(), &parsed), ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

impl Draft {
    /// A token in the form that is asked for.
    fn text(&self, token: String, header: &[Member<'_>], payload: &Payload<'_>) -> String {
        match self.format {
            TokenFormat::Token => token,
            TokenFormat::Header => format!("Authorization: Bearer {token}"),
            TokenFormat::Env => format!("FOB_TOKEN={token}"),
            TokenFormat::Json => Value::Object(document(token, header, payload)).to_string(),
        }
    }
}

/// A token and what is in it, as members of an object.
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
