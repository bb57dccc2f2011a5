//! `fob revoke`: revokes a token, a family or a subject in a store; also lists and prunes the store.

use crate::cli::revoke::RevokeArgs;
use crate::commands::session_end::NamedEnd;
use crate::commands::settings::token_request;
use crate::commands::{server_revoke, session_end};
use crate::core::sd_jwt::SdJwtText;
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::jws::Compact;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::token::receive;
use crate::output::{self, Syntax};
use crate::scan::pick::Preference;
use crate::store::identity::TokenIdentity;
use crate::store::ledger::Ledger;
use crate::store::listing::StoreListing;
use crate::store::open::{self, StorePurpose};
use crate::store::record::TokenRole;
use crate::store::revocation_report::{RevocationReport, RevocationTarget};
use crate::store::verdict::{marked_role_of, role_of};

pub(crate) fn revoke(args: RevokeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if let Some(path) = &args.ended.session {
        let named = NamedEnd { url: args.server.from.as_deref(), token_in: args.token_in };
        return session_end::log_out(path, named, json, host);
    }
    let Some(store) = &args.store else {
        return server_revoke::revoke(&args, json, host);
    };
    if args.subject.as_deref() == Some("") {
        return Err(UsageError::EmptySubject.into());
    }
    let purpose = if args.list || args.prune { StorePurpose::Query } else { StorePurpose::Decide };
    let mut ledger = open::open(store, purpose, host)?;
    if args.list {
        return list(&mut ledger, json, host);
    }
    if args.prune {
        return prune(&mut ledger, json, host);
    }
    let now = host.now();
    if let Some(subject) = &args.subject {
        let issuer = args.iss.as_deref();
        let outcome = ledger.revoke_subject(subject, issuer, now);
        open::warn_if_new(&mut ledger, host);
        let outcome = outcome?;
        let target = RevocationTarget::Subject(subject, issuer);
        return print_report(&RevocationReport { target, outcome, now }, json, host);
    }
    let received = receive(token_request(&args.token, Preference::None), host)?;
    // Of an SD-JWT, the issuer's token is revoked, whatever is disclosed.
    let sd_jwt = SdJwtText::split(&received.token);
    let token = sd_jwt.as_ref().map_or(&*received.token, |sd_jwt| sd_jwt.issued.as_bytes());
    let compact = Compact::parse(token, args.token.limit.max_size())
        .map_err(|failure| UsageError::MalformedToken { failure })?;
    let token = Token::parse(&compact);
    let role = if ledger.has_token_sets() { role_of(&token) } else { marked_role_of(&token) };
    let identity = identify(&token, role)?;
    let outcome = match args.family {
        true => ledger.revoke_family(&identity, now),
        false => ledger.revoke_token(&identity, now),
    };
    open::warn_if_new(&mut ledger, host);
    let outcome = outcome?;
    let target = RevocationTarget::Token(&identity);
    print_report(&RevocationReport { target, outcome, now }, json, host)
}

/// Reads the identity of a token from its unverified claims. A forged token reveals nothing and revokes only what the
/// caller, who can write the store, could revoke anyway.
fn identify(token: &Token<'_>, role: TokenRole) -> Result<TokenIdentity, UsageError> {
    if let Some(flaw) = token.flaws.first() {
        return Err(UsageError::MalformedToken { failure: flaw.clone() });
    }
    let claims = token.unverified_claims().map(ClaimsSet::members).unwrap_or_default();
    TokenIdentity::from_claims(claims, role, token.compact.text())
        .map_err(|failure| UsageError::UnidentifiedToken { failure })
}

fn print_report(
    report: &RevocationReport<'_>,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    if host.is_quiet() && !json {
        return Ok(ExitStatus::Done);
    }
    if json {
        output::write_json(host, &output::json(report), ExitStatus::Done)?;
    } else {
        output::write_report(host, report.text(host.screen()).as_bytes(), ExitStatus::Done)?;
    }
    for hint in report.hints() {
        host.message(Level::Hint, hint);
    }
    Ok(ExitStatus::Done)
}

fn list(ledger: &mut Ledger, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let records = ledger.records()?;
    let listing = StoreListing::from_records(&records, host.now());
    if json {
        output::write_json(host, &output::json(&listing), ExitStatus::Done)?;
    } else {
        output::write_report(host, listing.text(host.screen()).as_bytes(), ExitStatus::Done)?;
    }
    Ok(ExitStatus::Done)
}

fn prune(ledger: &mut Ledger, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let dropped = ledger.prune()?;
    if host.is_quiet() && !json {
        return Ok(ExitStatus::Done);
    }
    let text = match (json, dropped) {
        (true, dropped) => {
            let number = dropped.map_or_else(|| "null".to_owned(), |number| number.to_string());
            format!("{{\"dropped\": {number}}}")
        }
        (false, Some(1)) => "1 expired record deleted".to_owned(),
        (false, Some(number)) => format!("{number} expired records deleted"),
        (false, None) => "nothing to do: the server deletes expired records by itself".to_owned(),
    };
    let syntax = if json { Syntax::Json } else { Syntax::Text };
    output::line_as(host, syntax, &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}
