//! `fob refresh`: verifies a refresh token as `fob verify` does, and mints the next access token if it is accepted.

use crate::cli::pair::pair_format;
use crate::cli::refresh::RefreshArgs;
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::encrypting::{encrypted, recipient};
use crate::commands::key_settings;
use crate::commands::minting::{minted, with_scheme};
use crate::commands::pair::{named_mark, random};
use crate::commands::server;
use crate::commands::server_settings::is_server_named;
use crate::commands::session;
use crate::commands::settings::token_request;
use crate::commands::token_output::{TokenOutput, write_tokens};
use crate::core::key::KeyUse;
use crate::core::mint::header::HeaderTemplate;
use crate::core::mint::pair::{
    Issuance, PairFormat, RefreshIssue, Rotation, TokenIds, TokenPair, TokenRoles,
};
use crate::core::mint::profile::Profile;
use crate::core::mint::signer::PreparedSigner;
use crate::core::reason::{CheckName, Reason};
use crate::core::redact::Redaction;
use crate::core::report::Anatomy;
use crate::core::report::json::VerifyDocument;
use crate::core::report::text::{self, ReportLength};
use crate::core::sd_jwt::SdJwtText;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::token::kind::mark::RefreshMark;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::judge::Judgement;
use crate::core::verify::mark_check::near_mark;
use crate::core::verify::policy::Policy;
use crate::core::verify::{HintScope, Verification, Verifier};
use crate::error::input::explained;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::token::receive;
use crate::keys::{self, signing};
use crate::output;
use crate::scan::pick::Preference;
use crate::session::SessionFile;
use crate::store::identity::identities;
use crate::store::ledger::IssuedTokens;
use crate::store::open::{self, StorePurpose};
use crate::store::record::TokenRole;
use crate::store::verdict::{self, consult_refused, identify, role_of};

/// Gets the next tokens from a server: that of `--from`, or that of the login in a file.
fn from_server(args: &RefreshArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let format = pair_format(args.format, json);
    let output = TokenOutput { format, scheme: args.scheme.as_deref(), errors_as_json: json };
    let file = args.kept.session.as_deref().map(|path| SessionFile::locate(path, host)).transpose()?;
    match file {
        Some(file) if !is_server_named(&args.server) => {
            let given = [
                (args.token.token.is_some(), "the token"),
                (args.token.choice.pick.is_some(), "--pick"),
                (args.profile.is_some(), "--profile"),
            ];
            match given.into_iter().find(|(is_given, _)| *is_given) {
                Some((_, option)) => Err(UsageError::SaidBySession { option }.into()),
                None => session::refresh(&args.kept, &file, output, host),
            }
        }
        file => {
            let kept = file.as_ref().map(|file| (file, &args.kept, args.login.0.as_slice()));
            server::refresh(&args.server, &args.form, &args.token, args.profile, output, kept, host)
        }
    }
}

pub(crate) fn refresh(
    args: RefreshArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    if is_server_named(&args.server) || args.kept.session.is_some() {
        return from_server(&args, json, host);
    }
    let profile = args.profile.map(minted).transpose()?;
    let mark = match args.mark.refresh_mark {
        None => RefreshMark::Known,
        Some(assignment) => RefreshMark::Claim(named_mark(assignment)?),
    };
    let form = match (json, args.verbose) {
        (true, _) => RejectionForm::Document,
        (false, true) => RejectionForm::Report(ReportLength::WithContent),
        (false, false) => RejectionForm::Report(ReportLength::Verdict),
    };
    let decryption = key_settings::for_decrypting(args.decryption, args.key.password.clone());
    let max_size = args.token.limit.max_size();
    let mut decrypter = match decryption.is_given() {
        true => keys::load_decrypter(&decryption, max_size, host)?,
        false => None,
    };
    let recipient = recipient(args.encryption, Vec::new(), host)?;
    let given = keys::load(&key_settings::for_signing(args.key), KeyUse::Sign, host)?;
    let purpose = StorePurpose::Decide;
    let mut ledger = args.store.store.as_deref().map(|text| open::open(text, purpose, host)).transpose()?;
    let received = receive(token_request(&args.token, Preference::Refresh), host)?;
    if decrypter.is_none() && matches!(Compact::parse(&received.token, max_size), Ok(Compact::Jwe { .. })) {
        decrypter = keys::load_decrypter(&decryption, max_size, host)?;
    }
    let at = host.time_of_issue()?;

    // The profile, which adds to the policy, can depend on the token.
    let no_policy = Policy::default();
    let parser =
        Verifier::new(&given.keys, &no_policy).with_max_size(max_size).with_decrypter(decrypter.as_ref());
    let opening = parser.open(&received.token);
    let text = EncryptedText::Compact(&received.token);
    let envelopes = text.envelopes(opening.as_ref(), max_size);
    let outer = text.outer(&envelopes, opening.as_ref());
    let parsed = match parser.parse_opened(&received.token, opening.as_ref()) {
        Ok(parsed) => parsed,
        Err(failure) if !outer.is_empty() => {
            let verification = parser.unreadable_inside(failure, opening.as_ref());
            return reject(&verification, None, at, form, host);
        }
        Err(failure) => {
            let (failure, hint) = explained(failure, &received.token, &received.pasted);
            let sd_jwt = SdJwtText::split(&received.token)
                .map(|_| "`fob refresh` takes no SD-JWT; `fob verify` judges it".to_owned());
            let verification = parser.unreadable(failure, sd_jwt.or(hint));
            return reject(&verification, None, at, form, host);
        }
    };
    let submitted = parsed.read();
    let token = submitted.token();
    let profile = profile.unwrap_or_else(|| Profile::detect(token, &mark));
    if mark.name().is_some() && profile.roles() != TokenRoles::Separate {
        return Err(UsageError::NoRefreshToken { option: "--refresh-mark", profile }.into());
    }
    if profile.roles() == TokenRoles::Shared && args.rotate {
        let what = format!("--rotate has no effect: {profile} has one token, and every refresh replaces it");
        host.message(Level::Warning, &what);
    }
    if profile == Profile::SimplejwtSliding && args.lifetimes.refresh_ttl.is_some() {
        host.message(Level::Warning, "--refresh-ttl has no effect: a sliding token keeps its refresh_exp");
    }
    if let Some(ledger) = &mut ledger {
        ledger.keep_longer(args.policy.leeway.unwrap_or_default());
    }
    let policy = refresh_policy(args.policy.into(), profile, &mark, args.store.store.is_some());
    let issuance =
        Issuance { now: at, lifetimes: args.lifetimes.for_profile(profile), random: random(host)? };
    let verifier = Verifier::new(&given.keys, &policy).with_secret(given.written.as_ref());
    let mut verification = verifier.judge(&submitted, at);
    if let Some(failure) = profile.refresh_failure(token, &issuance, policy.leeway) {
        verification.judgement.reject(CheckName::Refreshable, failure);
    }
    let Some(claims) = verification.judgement.accepted_claims() else {
        if let Some(ledger) = &mut ledger {
            let judgement = &mut verification.judgement;
            let role = if has_no_mark(judgement) { role_of(token) } else { refreshed_role(profile) };
            consult_refused(judgement, token, role, ledger, at)?;
        }
        verifier.add_hints(&mut verification, &submitted, HintScope::Refresh, at);
        verification.hints.extend(hint(&verification.judgement, token, profile));
        let anatomy = Anatomy::new(token, at, Redaction::None).with_envelopes(&outer);
        return reject(&verification, Some(&anatomy), at, form, host);
    };

    // The key that verified the old token signs the new ones, with the same algorithm.
    let Some(key) = verification.key else {
        return Err(UsageError::NoSigningKey.into());
    };
    let header = token.header.as_ref().ok();
    let algorithm = header.and_then(|header| header.alg().ok()?.parse().ok());
    let kid = header.and_then(|header| header.kid().ok().flatten()).map(str::to_owned);
    let template = HeaderTemplate { kid, ..HeaderTemplate::default() };
    let signer = PreparedSigner::new(&given.keys, key, algorithm, &template)?;
    signing::warn_if_weak(&signer, host);
    let rotation = if args.rotate { Rotation::Both } else { Rotation::AccessOnly };
    let ids = if ledger.is_some() { TokenIds::New } else { TokenIds::OfProfile };
    let pair = profile.refreshed_claims(claims, &issuance, &RefreshIssue { rotation, mark, ids });
    let tokens = profile.sign(&pair, &issuance, &signer)?;
    let sent = match &recipient {
        None => None,
        Some(recipient) => Some(encrypted(&tokens, &recipient.encrypter)?),
    };
    let is_kept = ledger.is_some();
    if let Some(ledger) = &mut ledger {
        let judgement = &mut verification.judgement;
        let role = refreshed_role(profile);
        if let Some(old) = identify(judgement, claims, role, parsed.compact().text(), ledger) {
            let (access, next) =
                identities(&pair, &tokens).map_err(|failure| UsageError::NotStorable { failure })?;
            let issued = IssuedTokens { access: &access, refresh: next.as_ref() };
            let outcome = ledger.rotate(&old, issued, args.min_interval, at);
            open::warn_if_new(ledger, host);
            let outcome = outcome?;
            verdict::refreshed(judgement, outcome, args.min_interval.unwrap_or_default(), at);
        }
        if judgement.accepted_claims().is_none() {
            verifier.add_hints(&mut verification, &submitted, HintScope::Refresh, at);
            let anatomy = Anatomy::new(token, at, Redaction::None).with_envelopes(&outer);
            return reject(&verification, Some(&anatomy), at, form, host);
        }
    }
    if !outer.is_empty() && sent.is_none() {
        host.message(Level::Warning, "the refresh token was encrypted, but the new tokens are only signed");
        host.message(Level::Hint, "--encrypt-for PATH encrypts the new tokens, too");
    }
    let tokens = with_scheme(sent.unwrap_or(tokens), args.scheme);
    print_tokens(&tokens, pair_format(args.format, json), is_kept, host)
}

/// Returns the policy for a refresh token: the demands of the user and of the profile.
fn refresh_policy(mut policy: Policy, profile: Profile, mark: &RefreshMark, has_store: bool) -> Policy {
    let asks_for_id = policy.required.iter().any(|name| name == "jti");
    profile.require_refreshable(&mut policy, mark);
    if has_store && !asks_for_id {
        // A server needs the ID to take a token back. A store knows a token without one by its digest.
        policy.required.retain(|name| name != "jti");
    }
    policy
}

/// Prints the new tokens. `is_used_up` is true if a store has taken the refresh token back.
fn print_tokens(
    tokens: &TokenPair,
    format: PairFormat,
    is_used_up: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    // A token that was not written is no success.
    write_tokens(host, tokens, format, ExitStatus::Unjudged).inspect_err(|_| {
        if is_used_up {
            let what = "the refresh token is used up, and the new tokens were not written: log in again";
            host.important_message(Level::Hint, what);
        }
    })?;
    if is_used_up && tokens.refresh.is_none() && tokens.roles == TokenRoles::Separate {
        host.message(Level::Hint, "the refresh token is used up; --rotate mints the next one");
    }
    Ok(ExitStatus::Done)
}

/// Returns the role of a token that a profile refreshes.
fn refreshed_role(profile: Profile) -> TokenRole {
    if profile.roles() == TokenRoles::Shared { TokenRole::Both } else { TokenRole::Refresh }
}

/// Reports whether a token lacks the mark of a refresh token.
fn has_no_mark(judgement: &Judgement<'_>) -> bool {
    judgement.reasons.contains(&Reason::ClaimMissing("token_type".to_owned()))
}

/// Returns what a client does about a refresh token that is not accepted.
fn hint(judgement: &Judgement<'_>, token: &Token<'_>, profile: Profile) -> Option<String> {
    let has = |reason: &Reason| judgement.reasons.contains(reason);
    if judgement.only_time() && has(&Reason::Expired) {
        Some("the refresh token has expired: log in again".to_owned())
    } else if profile.roles() == TokenRoles::AccessOnly {
        Some(format!("{profile} replaces a token by a new login: `fob pair --profile {profile}` mints one"))
    } else if !has(&Reason::WrongTokenType) && !has_no_mark(judgement) {
        None
    } else if let Some(mark) = near_mark(token) {
        Some(format!("if this is a refresh token, name its mark: --refresh-mark {mark}"))
    } else {
        has(&Reason::WrongTokenType)
            .then(|| "give a refresh token: no other kind can be refreshed".to_owned())
    }
}

/// The form of the report on a token that is not accepted.
#[derive(Clone, Copy)]
enum RejectionForm {
    Document,
    Report(ReportLength),
}

/// Reports why nothing was minted: as JSON, or on standard error, since standard output is for tokens.
fn reject(
    verification: &Verification<'_>,
    anatomy: Option<&Anatomy<'_>>,
    at: NumericDate,
    form: RejectionForm,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let status = ExitStatus::from_judgement(&verification.judgement);
    let RejectionForm::Report(length) = form else {
        let document = VerifyDocument { verification, anatomy, at: at.rfc3339(), wrapping: None };
        output::write_json(host, &output::json(&document), status)?;
        return Ok(status);
    };
    if !host.is_quiet() {
        let screen = host.message_screen();
        let text = output::rendered(|text| text::write_verified(text, verification, anatomy, length, screen));
        host.report_as_message(&String::from_utf8_lossy(&text));
    }
    for hint in &verification.hints {
        host.message(Level::Hint, hint);
    }
    Ok(status)
}
