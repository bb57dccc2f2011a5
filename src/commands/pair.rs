//! `fob pair`: mints an access token and a refresh token that belong together. With `--from`, a server issues them.

use crate::cli::pair::{PairArgs, pair_format};
use crate::commands::encrypting::{encrypted, recipient};
use crate::commands::key_settings;
use crate::commands::minting::{minted, warn_of_traps, with_scheme};
use crate::commands::server::{self, KeptLogin};
use crate::commands::server_settings::is_server_named;
use crate::commands::token_output::{TokenOutput, write_tokens};
use crate::core::json::Member;
use crate::core::key::KeyUse;
use crate::core::mint::assignment::{Assignment, assignment_text};
use crate::core::mint::given_claim::GivenClaim;
use crate::core::mint::header::HeaderTemplate;
use crate::core::mint::pair::{Issuance, PairClaims, PairRequest, TokenPair, TokenRoles};
use crate::core::mint::profile::Profile;
use crate::core::mint::signer::PreparedSigner;
use crate::core::mint::traps::in_pair;
use crate::core::reason::Failure;
use crate::core::text::shell::argument;
use crate::core::token::kind::mark::{Purpose, said};
use crate::core::token::numeric_date::NumericDate;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::seed::seed_entropy;
use crate::keys::{self, signing};
use crate::session::SessionFile;
use crate::store::identity::{identities, is_of_one_subject};
use crate::store::ledger::{IssuedTokens, Ledger};
use crate::store::open::{self, StorePurpose};

pub(crate) fn pair(args: PairArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let format = pair_format(args.format, json);
    if is_server_named(&args.login.server) {
        let output = TokenOutput { format, scheme: args.scheme.as_deref(), errors_as_json: json };
        let file = args.kept.session.as_deref().map(|path| SessionFile::locate(path, host)).transpose()?;
        let kept = file.as_ref().map(|file| KeptLogin {
            file,
            words: &args.words.0,
            prints: json || args.format.is_some(),
        });
        return server::log_in(&args.login, args.profile, output, kept, host);
    }
    let profile = args.profile.map_or(Ok(Profile::Simplejwt), minted)?;
    if args.user_id.is_none() && args.sub.is_none() {
        return Err(UsageError::NoUser.into());
    }
    if profile.has_one_subject() && args.user_id.is_some() && args.sub.is_some() {
        return Err(UsageError::TwoSubjects { profile }.into());
    }
    if let Some(option) = option_without_token(&args, profile) {
        return Err(UsageError::NoRefreshToken { option, profile }.into());
    }
    let refresh_mark = args.mark.refresh_mark.clone().map(named_mark).transpose()?;
    let texts = args.texts();
    let claims = |assignments: Vec<Assignment>| assignments.into_iter().map(GivenClaim::from).collect();
    let request = PairRequest {
        user_id: args.user_id,
        subject: args.sub,
        issuer: args.iss,
        audiences: args.aud,
        claims: claims(args.claim),
        access_claims: claims(args.access_claim),
        refresh_claims: claims(args.refresh_claim),
        refresh_mark,
    };
    seed_entropy(args.seed.seed, "pair", host);
    let issuance = Issuance {
        now: host.time_of_issue()?,
        lifetimes: args.lifetimes.for_profile(profile),
        random: random(host)?,
    };
    let pair = profile.claims(&request, &issuance)?;
    if args.store.store.is_some() && !is_of_one_subject(&pair) {
        return Err(UsageError::PairSubjectsDiffer.into());
    }
    let missing = profile.missing_claims(&pair);
    if !missing.is_empty() {
        let what = format!("RFC 9068 access tokens need claims that this one lacks: {}", missing.join(", "));
        host.message(Level::Warning, &what);
    }

    if profile.roles() == TokenRoles::AccessOnly {
        let what = format!("{profile} has no refresh tokens: this is the access token that a login gives");
        host.message(Level::Hint, &what);
    }
    let key = key_settings::for_signing(args.key);
    if args.encryption.is_given() && !keys::is_available(&key, host) {
        return Err(UsageError::EncryptedWithoutSigningKey { may_be_unsigned: false }.into());
    }
    let recipient = recipient(args.encryption, Vec::new(), host)?;
    let given = keys::load(&key, KeyUse::Sign, host)?;
    let ledger = args.store.store.as_deref().map(|text| open::open(text, StorePurpose::Issue, host));
    let mut ledger = ledger.transpose()?;
    let template = HeaderTemplate::default();
    let signer = PreparedSigner::for_claims(&given.keys, args.alg, &pair.access, &template)?;
    signing::warn_if_weak(&signer, host);
    let tokens = profile.sign(&pair, &issuance, &signer)?;
    let given = request.claims.iter().chain(&request.access_claims).chain(&request.refresh_claims);
    let given: Vec<_> = given.filter_map(GivenClaim::member).cloned().collect();
    warn_of_mark(&pair.access, host);
    warn_of_traps(&in_pair(&request.audiences, &given, &texts), host);
    let sent = match &recipient {
        None => None,
        Some(recipient) => Some(encrypted(&tokens, &recipient.encrypter)?),
    };
    let is_kept = ledger.is_some();
    if let Some(ledger) = &mut ledger {
        keep(ledger, &pair, &tokens, issuance.now, host)?;
    }
    let tokens = with_scheme(sent.unwrap_or(tokens), args.scheme);
    write_tokens(host, &tokens, format, ExitStatus::Done).inspect_err(|_| {
        if is_kept {
            host.important_message(
                Level::Hint,
                "the store already holds these tokens, but they are lost: mint another pair",
            );
        }
    })?;
    Ok(ExitStatus::Done)
}

/// Returns the first option that is about a refresh token, if the profile has none.
fn option_without_token(args: &PairArgs, profile: Profile) -> Option<&'static str> {
    let roles = profile.roles();
    let options = [
        ("--refresh-claim", !args.refresh_claim.is_empty()),
        ("--refresh-mark", args.mark.refresh_mark.is_some()),
        ("--refresh-ttl", roles == TokenRoles::AccessOnly && args.lifetimes.refresh_ttl.is_some()),
    ];
    let given = options.into_iter().find(|(_, is_given)| *is_given).map(|(option, _)| option);
    given.filter(|_| roles != TokenRoles::Separate)
}

/// Hints at a claim that the user gave to both tokens, but that marks refresh tokens.
fn warn_of_mark(access: &[Member<'_>], host: &mut Host<'_>) {
    let is_mark = |member: &&Member<'_>| said(&member.name, &member.value) == Some(Purpose::Refresh);
    if let Some(mark) = access.iter().find(is_mark)
        && let Some(option) = assignment_text(mark).as_deref().and_then(argument)
    {
        let what = "the access token is marked as a refresh token; to mark the refresh token alone, use";
        host.message(Level::Hint, &format!("{what} --refresh-mark {option}"));
    }
}

/// Returns the claim that marks refresh tokens.
pub(crate) fn named_mark(assignment: Assignment) -> Result<Member<'static>, UsageError> {
    match GivenClaim::from(assignment) {
        GivenClaim::Named(member) => Ok(member),
        GivenClaim::Placed { pointer, .. } => Err(UsageError::MarkInside { pointer }),
    }
}

/// Returns the random bytes of a pair.
pub(crate) fn random(host: &mut Host<'_>) -> Result<[[u8; 16]; 4], CommandError> {
    Ok([host.random()?, host.random()?, host.random()?, host.random()?])
}

/// Records the tokens in the store before they are printed.
fn keep(
    ledger: &mut Ledger,
    pair: &PairClaims,
    tokens: &TokenPair,
    now: NumericDate,
    host: &mut Host<'_>,
) -> Result<(), CommandError> {
    let unfit = |failure: Failure| UsageError::NotStorable { failure };
    let (access, refresh) = identities(pair, tokens).map_err(unfit)?;
    ledger.fits(&access).map_err(unfit)?;
    let set_began = ledger.begin(IssuedTokens { access: &access, refresh: refresh.as_ref() }, now)?;
    if set_began {
        let what = "this user had no token set, so one was created: tokens outside of it are now rejected";
        host.message(Level::Warning, what);
    }
    Ok(())
}
