//! `fob revoke`: a token, a family or a subject, put out of use in a store; and what the store holds.

use crate::cli::revoke::RevokeArgs;
use crate::commands::settings::token_request;
use crate::core::reason::Failure;
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::jws::Compact;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::store::{self, Purpose};
use crate::input::token::receive;
use crate::output;
use crate::scan::pick::Preference;
use crate::store::identity::Identity;
use crate::store::ledger::Ledger;
use crate::store::listing::Listing;
use crate::store::revocation_report::{Receipt, What};
use crate::store::verdict::role_of;

pub(crate) fn revoke(args: RevokeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if args.subject.as_deref() == Some("") {
        return Err(CommandError::usage("the subject is empty")
            .with_hint("--subject takes the `sub` of the tokens, or their `user_id`"));
    }
    let purpose = if args.list || args.prune { Purpose::Look } else { Purpose::Decide };
    let mut ledger = store::open(&args.store, purpose, host)?;
    if args.list {
        return list(&mut ledger, json, host);
    }
    if args.prune {
        return prune(&mut ledger, json, host);
    }
    let now = host.now();
    let receipt = match &args.subject {
        Some(subject) => {
            let revoked = ledger.revoke_subject(subject, args.iss.as_deref(), now)?;
            Receipt { what: What::Subject(subject, args.iss.as_deref()), revoked, now }
        }
        None => {
            let received = receive(token_request(&args.token, Preference::None), host)?;
            let compact = Compact::parse(&received.token, args.token.limit.max_size).map_err(no_token)?;
            let identity = identity(&Token::parse(&compact))?;
            let revoked = if args.family {
                ledger.revoke_family(&identity, now)?
            } else {
                ledger.revoke_token(&identity, now)?
            };
            return tell(&Receipt { what: What::Token(&identity), revoked, now }, json, host);
        }
    };
    tell(&receipt, json, host)
}

/// What the token says it is. Nobody need vouch for that: to say something untrue takes nothing away that the caller
/// could not take away.
fn identity(token: &Token<'_>) -> Result<Identity, CommandError> {
    if let Some(flaw) = token.flaws.first() {
        return Err(no_token(flaw.clone()));
    }
    let claims = token.unverified_claims().map(ClaimsSet::members).unwrap_or_default();
    Identity::of(claims, role_of(token), token.compact.text()).map_err(|failure| {
        CommandError::usage(format!("{}: {}", failure.reason, failure.detail))
            .with_hint("--subject puts everything out of use that was issued to somebody, whatever its IDs")
    })
}

fn no_token(failure: Failure) -> CommandError {
    CommandError::no_token(format!("{}: {}", failure.reason, failure.detail))
}

fn tell(receipt: &Receipt<'_>, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if host.is_quiet() {
        return Ok(ExitStatus::Done);
    }
    let text = if json { output::json(receipt) } else { receipt.text(host.screen()).into_bytes() };
    output::write(host, &text, ExitStatus::Done)?;
    for hint in receipt.hints() {
        host.message(Level::Hint, hint);
    }
    Ok(ExitStatus::Done)
}

fn list(ledger: &mut Ledger, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let records = ledger.records()?;
    let listing = Listing::of(&records, host.now());
    let text = if json { output::json(&listing) } else { listing.text(host.screen()).into_bytes() };
    output::write(host, &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

fn prune(ledger: &mut Ledger, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let dropped = ledger.prune()?;
    if host.is_quiet() {
        return Ok(ExitStatus::Done);
    }
    let text = match (json, dropped) {
        (true, dropped) => {
            let number = dropped.map_or_else(|| "null".to_owned(), |number| number.to_string());
            format!("{{\"dropped\": {number}}}")
        }
        (false, Some(1)) => "1 record dropped".to_owned(),
        (false, Some(number)) => format!("{number} records dropped"),
        (false, None) => "nothing to do: on a server each record goes when its token expires".to_owned(),
    };
    output::line(host, &text, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}
