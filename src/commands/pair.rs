//! `fob pair`: an access and a refresh token that belong together.

use crate::cli::claims::Assignment;
use crate::cli::key::IssuerKeyArgs;
use crate::cli::pair::PairArgs;
use crate::commands::server;
use crate::core::key::KeyUse;
use crate::core::mint::header::HeaderTemplate;
use crate::core::mint::profile::{GivenTwice, Pair, Profile, Request, Tokens, missing_for_oauth};
use crate::core::mint::signer::PreparedSigner;
use crate::core::reason::Failure;
use crate::core::token::numeric_date::NumericDate;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::{seed, store};
use crate::keys::{self, signing};
use crate::output::{self, pair_format};
use crate::store::identity::{identities, is_of_one_subject};
use crate::store::ledger::{Issued, Ledger};

pub(crate) fn pair(args: PairArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let profile = args.profile;
    if args.login.server.from.is_some() {
        return server::log_in(&args.login, profile, pair_format(args.format, json), host);
    }
    if args.user_id.is_none() && args.sub.is_none() {
        return Err(
            CommandError::usage("no user was given").with_hint("say who it is with --user-id or --sub")
        );
    }
    if profile == Profile::Oauth && args.user_id.is_some() && args.sub.is_some() {
        return Err(CommandError::usage("an oauth token has one subject: give --user-id or --sub, not both"));
    }
    if profile == Profile::DrfJwt && !args.refresh_claim.is_empty() {
        return Err(CommandError::usage("drf-jwt has one token, so no claim is for the refresh token alone"));
    }
    let members =
        |assignments: Vec<Assignment>| assignments.into_iter().map(|Assignment(member)| member).collect();
    let request = Request {
        user_id: args.user_id,
        subject: args.sub,
        issuer: args.iss,
        audiences: args.aud,
        claims: members(args.claim),
        access_claims: members(args.access_claim),
        refresh_claims: members(args.refresh_claim),
    };
    seed::sow(args.seed.seed, "pair", host);
    let terms = args.terms.of(profile, host.time_of_issue()?, [host.random()?, host.random()?]);
    let pair = profile.pair(&request, &terms).map_err(|GivenTwice(name)| {
        CommandError::usage(format!("the claim `{name}` is given twice")).with_hint(format!(
            "the profile {profile} writes some claims itself; their values come from options"
        ))
    })?;
    if args.store.store.is_some() && !is_of_one_subject(&pair) {
        let what =
            "the access token and the refresh token are of two subjects, and a store could not revoke both";
        return Err(CommandError::usage(what)
            .with_hint("give `sub` and `user_id` to both, with --sub, --user-id or --claim"));
    }
    if profile == Profile::Oauth {
        let missing = missing_for_oauth(&pair.access);
        if !missing.is_empty() {
            let what = format!("an RFC 9068 access token also has: {}", missing.join(", "));
            host.message(Level::Warning, &what);
        }
    }

    let given = keys::load(args.key, IssuerKeyArgs::default(), KeyUse::Sign, host)?;
    let ledger = args.store.store.as_deref().map(|text| store::open(text, store::Purpose::Begin, host));
    let ledger = ledger.transpose()?;
    let signer = PreparedSigner::for_claims(&given.keys, args.alg, &pair.access, &HeaderTemplate::default())?;
    signing::warn_if_weak(&signer, host);
    let tokens = profile.sign(&pair, &terms, &signer)?;
    let is_kept = ledger.is_some();
    if let Some(mut ledger) = ledger {
        keep(&mut ledger, &pair, &tokens, terms.now, host)?;
    }
    let text = output::pair(&tokens, pair_format(args.format, json));
    output::write(host, text.as_bytes(), ExitStatus::Done).inspect_err(|_| {
        if is_kept {
            host.important_message(
                Level::Hint,
                "the store knows these tokens, and nobody has them: mint another pair",
            );
        }
    })?;
    Ok(ExitStatus::Done)
}

/// Records the tokens before anybody has them.
fn keep(
    ledger: &mut Ledger,
    pair: &Pair,
    tokens: &Tokens,
    now: NumericDate,
    host: &mut Host<'_>,
) -> Result<(), CommandError> {
    let unfit = |failure: Failure| CommandError::usage(failure.detail);
    let (access, refresh) = identities(pair, tokens).map_err(unfit)?;
    ledger.fits(&access).map_err(unfit)?;
    let set_began = ledger.begin(Issued { access: &access, refresh: refresh.as_ref() }, now)?;
    if set_began {
        let what = "there was no set of good tokens for this user: from now on only those in it are good";
        host.message(Level::Warning, what);
    }
    Ok(())
}
