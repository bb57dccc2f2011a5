//! Turns the options of `encode` and of the `mint` tables of suites into settings of the core. This file uses no keys.

use crate::cli::detached::DetachedArgs;
use crate::cli::encode::{EncodeArgs, HeaderArgs};
use crate::core::json::{self, Member};
use crate::core::mint::assignment::Assignment;
use crate::core::mint::claims::{ClaimsTemplate, IssuedAt};
use crate::core::mint::encoding::to_json;
use crate::core::mint::header::{HeaderTemplate, TypParameter};
use crate::core::mint::pair::{AccessCarrier, TokenPair};
use crate::core::mint::profile::Profile;
use crate::core::mint::traps::{GivenText, Requests, Trap};
use crate::core::oauth::framework::Framework;
use crate::core::text::escape::Escapes;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::detached::PayloadEncoding;
use crate::error::CommandError;
use crate::error::usage::UsageError;
use crate::host::{Clock, Entropy, Host, Level, random};
use std::borrow::Cow;

/// The way in which the bytes that the user gave become the payload of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PayloadMode {
    /// The bytes are a JSON object, to which claims are added.
    Claims,
    /// The bytes are signed unchanged.
    Verbatim,
}

/// The parts of every token of a command that do not depend on its payload.
#[derive(Debug)]
pub(super) struct MintSettings {
    pub(super) mode: PayloadMode,
    pub(super) claims: ClaimsTemplate,
    /// The algorithm that the user asked for.
    pub(super) algorithm: Option<Algorithm>,
    pub(super) header: HeaderTemplate,
    /// The claims that the user gave as text, for hints.
    texts: Vec<GivenText>,
}

impl MintSettings {
    pub(super) fn from_args(args: &EncodeArgs) -> Self {
        Self {
            mode: if args.claims_form.verbatim { PayloadMode::Verbatim } else { PayloadMode::Claims },
            claims: ClaimsTemplate {
                claims: args.claims.claims.clone(),
                issued_at: if args.claims_form.no_iat { IssuedAt::Omitted } else { IssuedAt::Added },
            },
            algorithm: args.header.alg,
            header: header_template(&args.header, &args.body),
            texts: args.claims.texts.clone(),
        }
    }

    /// Returns the requests that hints are about.
    pub(super) fn requests(&self) -> Requests<'_> {
        Requests { template: &self.claims, texts: &self.texts }
    }

    /// Returns the payload of a token.
    pub(super) fn payload<'p>(
        &self,
        given: &'p [u8],
        clock: Clock<'_>,
        entropy: &mut Entropy<'_>,
    ) -> Result<Cow<'p, [u8]>, CommandError> {
        if self.mode == PayloadMode::Verbatim {
            return Ok(Cow::Borrowed(given));
        }
        let members = self.claims(given, clock, entropy)?;
        Ok(Cow::Owned(to_json(&members, Escapes::Needed).into_bytes()))
    }

    /// Returns the claims set of a token.
    pub(super) fn claims<'p>(
        &self,
        payload: &'p [u8],
        clock: Clock<'_>,
        entropy: &mut Entropy<'_>,
    ) -> Result<Vec<Member<'p>>, CommandError> {
        self.claims.claims(payload, clock.time_of_issue()?, || Ok(random(entropy)?))
    }
}

/// Prints the hints on traps. The hint that a token never expires is printed at a terminal alone.
pub(super) fn warn_of_traps(traps: &[Trap], host: &mut Host<'_>) {
    for trap in traps {
        if *trap != Trap::NoExpiry || host.stdout.is_terminal {
            host.message(Level::Hint, &trap.to_string());
        }
    }
}

fn header_template(args: &HeaderArgs, body: &DetachedArgs) -> HeaderTemplate {
    let others: Vec<_> = args.header.iter().map(|Assignment { member, .. }| member.clone()).collect();
    let typ = match (&args.typ, args.no_typ) {
        (_, true) => TypParameter::Omitted,
        (Some(typ), false) => TypParameter::Named(typ.clone()),
        // A payload of any bytes is not a JWT.
        (None, false) if body.body.is_some() && json::find(&others, "typ").is_none() => TypParameter::Omitted,
        (None, false) => TypParameter::Default,
    };
    let encoding = if body.no_b64 { PayloadEncoding::Unencoded } else { PayloadEncoding::Base64url };
    HeaderTemplate { kid: None, typ, others, encoding }
}

/// Returns the profile that mints the tokens of a framework.
pub(super) fn minted(framework: Framework) -> Result<Profile, UsageError> {
    framework.profile.ok_or(UsageError::NoTokensOfProfile { name: framework.name() })
}

/// Returns the tokens with the scheme that the user chose for the `Authorization` header.
pub(super) fn with_scheme(tokens: TokenPair, scheme: Option<String>) -> TokenPair {
    match scheme {
        Some(scheme) => TokenPair { carrier: AccessCarrier::Scheme(scheme), ..tokens },
        None => tokens,
    }
}
