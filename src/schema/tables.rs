//! The names that schemas allow, from the tables of the program. A name that is added to a table is allowed at once.

use super::shape::Name;
use crate::core::mint::flaw::Flaw;
use crate::core::reason::{CheckName, ReasonCode, ReasonDetails};
use crate::core::report::LifetimeState;
use crate::core::report::finding::{CodeDetail, FindingCode, Severity};
use crate::core::sd_jwt::DigestPlace;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::kind::{TokenKind, style_names};
use crate::core::token::numeric_date::MISTAKEN_UNITS;
use crate::core::token::serialization::JsonForm;
use crate::core::verify::SignatureDemand;
use crate::core::verify::check::Status;
use crate::core::verify::judge::Verdict;
use crate::error::code::ErrorCode;
use crate::store::listing::FamilyState;
use crate::store::record::TokenRole;

/// Returns the names of values that say what they mean.
fn plain<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<Name> {
    all.iter().map(|value| Name::plain(name(*value))).collect()
}

/// Returns a code with its possible details.
fn with_details(code: &'static str, meaning: &'static str, details: ReasonDetails) -> Vec<Name> {
    match details {
        ReasonDetails::None => vec![Name::new(code, meaning)],
        ReasonDetails::ClaimName => vec![Name::prefix(format!("{code}:"), meaning)],
        ReasonDetails::Codes(details) => details
            .into_iter()
            .map(|(detail, meaning)| Name::new(format!("{code}:{detail}"), meaning))
            .collect(),
    }
}

pub(super) fn reasons() -> Vec<Name> {
    let codes = ReasonCode::ALL.iter();
    codes.flat_map(|code| with_details(code.name(), code.meaning(), code.details())).collect()
}

pub(super) fn error_codes() -> Vec<Name> {
    ErrorCode::ALL.iter().map(|(code, meaning)| Name::new(*code, *meaning)).collect()
}

pub(super) fn finding_codes() -> Vec<Name> {
    let details = |code: &FindingCode| match code.detail() {
        CodeDetail::None => ReasonDetails::None,
        CodeDetail::ClaimName => ReasonDetails::ClaimName,
        CodeDetail::OfReason => {
            let reason = ReasonCode::ALL.iter().find(|reason| reason.name() == code.name());
            reason.map_or(ReasonDetails::None, |reason| reason.details())
        }
    };
    let codes = FindingCode::ALL.iter();
    codes.flat_map(|code| with_details(code.name(), code.meaning(), details(code))).collect()
}

pub(super) fn checks() -> Vec<Name> {
    let row = |(name, meaning, has_claim): &(&'static str, &'static str, bool)| match has_claim {
        true => Name::prefix(format!("{name}:"), *meaning),
        false => Name::new(*name, *meaning),
    };
    CheckName::ALL.iter().map(row).collect()
}

pub(super) fn kinds() -> Vec<Name> {
    TokenKind::ALL.iter().map(|kind| Name::new(kind.name(), kind.description())).collect()
}

/// Returns the kinds of texts that are not readable JWTs.
pub(super) fn text_kinds() -> Vec<Name> {
    vec![
        Name::new("opaque", "text that only its issuer can interpret"),
        Name::new("unreadable", "text that begins like a token but does not parse"),
    ]
}

pub(super) fn issuers() -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for name in style_names() {
        let name = Name::plain(name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

pub(super) fn flaws() -> Vec<Name> {
    let row = |(name, description): (&'static str, &'static str)| match name.strip_suffix("CLAIM") {
        Some(start) => Name::prefix(start, description),
        None => Name::new(name, description),
    };
    Flaw::names().map(row).collect()
}

pub(super) fn verdicts() -> Vec<Name> {
    plain(&Verdict::ALL, Verdict::name)
}

/// Returns the outcomes that a suite can expect, apart from reasons.
pub(super) fn expectations() -> Vec<Name> {
    let families = ReasonCode::ALL.iter().filter(|code| code.details() != ReasonDetails::None);
    verdicts().into_iter().chain(families.map(|code| Name::plain(code.name()))).collect()
}

pub(super) fn check_statuses() -> Vec<Name> {
    plain(&Status::ALL, Status::name)
}

pub(super) fn lifetimes() -> Vec<Name> {
    plain(&LifetimeState::ALL, LifetimeState::name)
}

pub(super) fn severities() -> Vec<Name> {
    plain(&Severity::ALL, Severity::name)
}

pub(super) fn algorithms() -> Vec<Name> {
    plain(Algorithm::ALL, Algorithm::name)
}

pub(super) fn serializations() -> Vec<Name> {
    plain(&JsonForm::ALL, JsonForm::name)
}

pub(super) fn signature_demands() -> Vec<Name> {
    plain(&SignatureDemand::ALL, SignatureDemand::name)
}

pub(super) fn digest_places() -> Vec<Name> {
    DigestPlace::ALL.iter().filter_map(|place| place.name()).map(Name::plain).collect()
}

pub(super) fn mistaken_units() -> Vec<Name> {
    MISTAKEN_UNITS.iter().map(|(unit, _)| Name::plain(*unit)).collect()
}

pub(super) fn token_roles() -> Vec<Name> {
    plain(&TokenRole::ALL, TokenRole::name)
}

pub(super) fn family_states() -> Vec<Name> {
    plain(&FamilyState::ALL, FamilyState::name)
}
