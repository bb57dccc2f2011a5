//! `fob verify --suite`: verifies every case of a suite as `fob verify` verifies a token. The printer prints the outcomes.

mod options;
mod printer;
mod summary;

use self::options::suite_reader;
use self::printer::Printer;
use super::detached::{demand_detached, read_payload};
use super::{GivenStore, OpenedCookies, VerifierSetup, given_store};
use crate::cli::encode::EncodeArgs;
use crate::cli::key::{IssuerKeyArgs, KeyArgs};
use crate::cli::suite::SuiteArgs;
use crate::cli::verify::VerifyArgs;
use crate::commands::decrypting::decrypter;
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::encrypting::recipient;
use crate::commands::key_settings;
use crate::commands::minting::MintSettings;
use crate::commands::renewing::lacks_key;
use crate::core::key::KeyUse;
use crate::core::mint::signer::{PreparedSigner, choose_key};
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::detached::DetachedPayload;
use crate::core::token::numeric_date::{Instant, NumericDate};
use crate::core::verify::check::Check;
use crate::core::verify::{HintScope, RevocationStore as _};
use crate::error::input::explained;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{ClockFn, Host};
use crate::input::source::read_file;
use crate::keys::{self, GivenKey};
use crate::scan::extract::of_text;
use crate::scan::extracted::Extracted;
use crate::store::ledger::{Ledger, TokenUse};
use crate::store::open;
use crate::store::verdict::LedgerCheck;
use crate::suite::case::{self, CaseToken, JudgingOptions, MintOptions};
use crate::suite::outcome::{CaseResult, Totals};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The number of cases that are verified at a time. Their tokens are in memory together.
const PAGE: usize = 512;

type VerifySuite = case::Suite<VerifyArgs, EncodeArgs>;
type VerifyCase = case::Case<EncodeArgs>;

/// The verifier and settings of cases with the same options.
struct CaseVerifier {
    setup: VerifierSetup,
    ledger: Option<Mutex<Ledger>>,
    how: TokenUse,
    pick: Option<String>,
}

/// A case with its token, ready to be verified.
struct ReadyCase<'s> {
    case: &'s VerifyCase,
    suite: &'s VerifySuite,
    case_verifier: &'s CaseVerifier,
    text: Cow<'s, [u8]>,
    payload: Option<Vec<u8>>,
    at: NumericDate,
}

pub(super) fn verify(args: &SuiteArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let began = (host.clock)();
    let mut reader = suite_reader();
    let mut suites = reader.read(&args.suite, &args.allow, host)?;
    let is_wanted = |case: &VerifyCase| {
        args.filter.is_empty() || args.filter.iter().any(|text| case.name.contains(text.as_str()))
    };
    for suite in &mut suites {
        suite.cases.retain(is_wanted);
    }
    let count: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    if count == 0 {
        return Err(UsageError::NoMatchingCase.into());
    }
    let mut keys = LoadedKeys::default();
    let mut verifiers = Vec::new();
    let mut created = HashSet::new();
    for suite in &mut suites {
        read_tokens(suite, host)?;
        verifiers.push(case_verifiers(suite, &mut keys, &mut created, host)?);
        // Errors in a suite are reported before the first verdict.
        mint_all(suite, &mut keys, host)?;
    }
    for (index, suite) in suites.iter().enumerate() {
        renew_keys(suite, index, &mut verifiers, host);
    }
    // A store changes with each verdict, so no case may be judged after the one that --fail-fast stops at.
    let has_store = verifiers.iter().flatten().flatten().any(|case_verifier| case_verifier.ledger.is_some());
    let size = if args.fail_fast && has_store { 1 } else { PAGE };
    let mut printer = Printer::new(args, json, suites.len() > 1, host)?;
    let mut totals = Totals { passed: 0, failed: 0, left: 0, began, took: Duration::ZERO };
    let mut cases = suites.iter().zip(&verifiers).flat_map(|(suite, verifiers)| {
        suite.cases.iter().map(move |case| (suite, verifiers.as_slice(), case))
    });
    'run: loop {
        let mut page = Vec::new();
        for (suite, verifiers, case) in cases.by_ref().take(size) {
            let ready = ready(suite, verifiers, case, host)?;
            page.extend(ready);
        }
        if page.is_empty() {
            break;
        }
        let results = judge(&page, (host.threads)(), &*host.clock);
        for ledger in verifiers.iter().flatten().flatten().filter_map(|case| case.ledger.as_ref()) {
            open::warn_if_new(&mut ledger.lock().unwrap_or_else(PoisonError::into_inner), host);
        }
        for result in results? {
            let passed = result.passed();
            if passed {
                totals.passed += 1
            } else {
                totals.failed += 1
            }
            printer.case(&result, host)?;
            if args.fail_fast && !passed {
                break 'run;
            }
        }
    }
    totals.left = count - totals.passed - totals.failed;
    totals.took = (host.clock)().time_since(began);
    printer.end(&totals, host)?;
    Ok(if totals.failed == 0 { ExitStatus::Done } else { ExitStatus::Rejected })
}

/// The keys that were loaded so far, by the words that name them and by their use.
#[derive(Default)]
struct LoadedKeys(HashMap<(Vec<OsString>, KeyUse), Arc<GivenKey>>);

impl LoadedKeys {
    fn load(
        &mut self,
        words: &[OsString],
        purpose: KeyUse,
        key: KeyArgs,
        issuer: IssuerKeyArgs,
        host: &mut Host<'_>,
    ) -> Result<Arc<GivenKey>, CommandError> {
        let name = (words.to_vec(), purpose);
        if let Some(given) = self.0.get(&name) {
            return Ok(Arc::clone(given));
        }
        let settings = key_settings::for_verifying(key, issuer);
        if !keys::is_available(&settings, host) {
            return Err(UsageError::NoSuiteKey.into());
        }
        let given = Arc::new(keys::load(&settings, purpose, host)?);
        self.0.insert(name, Arc::clone(&given));
        Ok(given)
    }
}

fn case_verifiers(
    suite: &VerifySuite,
    keys: &mut LoadedKeys,
    created: &mut HashSet<OsString>,
    host: &mut Host<'_>,
) -> Result<Vec<Option<CaseVerifier>>, CommandError> {
    let used: HashSet<usize> = suite.cases.iter().map(|case| case.judging).collect();
    let case_verifier = |(index, judging): (usize, &JudgingOptions<VerifyArgs>)| {
        if !used.contains(&index) {
            return Ok(None);
        }
        case_verifier(judging, keys, created, host)
            .map(Some)
            .map_err(|error| error.in_suite(&suite.path, judging.location))
    };
    suite.judging.iter().enumerate().map(case_verifier).collect()
}

fn case_verifier(
    judging: &JudgingOptions<VerifyArgs>,
    keys: &mut LoadedKeys,
    created: &mut HashSet<OsString>,
    host: &mut Host<'_>,
) -> Result<CaseVerifier, CommandError> {
    let args = judging.options.clone();
    let max_size = args.token.limit.max_size();
    let decryption = key_settings::for_decrypting(args.decryption.into_inner(), args.key.password.clone());
    let cookie = args.cookie.into_inner().cookie;
    let decrypter = decrypter(&decryption, cookie.as_deref(), max_size, host)?;
    let settings =
        key_settings::for_verifying(args.key.clone().into_inner(), args.issuer.clone().into_inner());
    let is_enough = decrypter.is_some() && args.exceptions.accept_shared_key;
    let given = match is_enough && !keys::is_available(&settings, host) {
        true => Arc::new(GivenKey::none()),
        false => keys.load(
            &judging.key_words,
            KeyUse::Verify,
            args.key.into_inner(),
            args.issuer.into_inner(),
            host,
        )?,
    };
    let setup = VerifierSetup::new(
        args.policy.into_inner(),
        args.token_type,
        args.exceptions.ignore_exp,
        given,
        max_size,
    )
    .with_holder(args.holder.into_inner());
    let mut setup = VerifierSetup { decrypter, ..setup };
    setup.policy.accept_shared_key = args.exceptions.accept_shared_key;
    setup.policy.detached = judging.detached;
    setup.open_cookies(cookie.as_deref(), OpenedCookies::Accepted);
    if judging.detached && args.store.store.is_some() {
        return Err(UsageError::PayloadWithStore.into());
    }
    // An earlier case can create the store that this one only reads.
    let may_create = args.once || args.store.store.as_ref().is_some_and(|store| created.contains(store));
    created.extend(args.store.store.clone().filter(|_| args.once));
    let GivenStore { ledger, .. } = given_store(&args.store, may_create, setup.policy.leeway, host)?;
    let how = if args.once { TokenUse::Once } else { TokenUse::Query };
    Ok(CaseVerifier { setup, ledger: ledger.map(Mutex::new), how, pick: args.token.choice.into_inner().pick })
}

/// Reads the token files of cases with a store, so that an unreadable one ends the run before a token is used up.
fn read_tokens(suite: &mut VerifySuite, host: &Host<'_>) -> Result<(), CommandError> {
    for case in &mut suite.cases {
        let has_store =
            suite.judging.get(case.judging).is_some_and(|judging| judging.options.store.store.is_some());
        if let CaseToken::File(path) = &case.token
            && has_store
        {
            let bytes = read_file(path, "the token", host)
                .map_err(|error| CommandError::from(error).in_suite(&suite.path, case.location))?;
            if let Ok(text) = String::from_utf8(bytes) {
                case.token = CaseToken::Text(text);
            }
        }
    }
    Ok(())
}

/// Returns a case with its token. A token in a file is read here.
fn ready<'s>(
    suite: &'s VerifySuite,
    verifiers: &'s [Option<CaseVerifier>],
    case: &'s VerifyCase,
    host: &Host<'_>,
) -> Result<Option<ReadyCase<'s>>, CommandError> {
    let Some(case_verifier) = verifiers.get(case.judging).and_then(Option::as_ref) else { return Ok(None) };
    let at = host.shared_clock().set(case.at).now();
    let text = match &case.token {
        CaseToken::Text(text) => Cow::Borrowed(text.as_bytes()),
        CaseToken::File(path) => Cow::Owned(
            read_file(path, "the token", host)
                .map_err(|error| CommandError::from(error).in_suite(&suite.path, case.location))?,
        ),
        // Not reached: `mint_all` has replaced these.
        CaseToken::Mint(_) => return Ok(None),
    };
    let payload = match &case.payload {
        Some(path) => Some(
            read_payload(path, case_verifier.setup.max_size, host)
                .map_err(|error| error.in_suite(&suite.path, case.location))?,
        ),
        None => None,
    };
    Ok(Some(ReadyCase { case, suite, case_verifier, text, payload, at }))
}

/// Fetches the keys of cases again if a token names one that the cached keys lack. A file that cannot be read is reported
/// when its case is judged.
fn renew_keys(
    suite: &VerifySuite,
    index: usize,
    verifiers: &mut [Vec<Option<CaseVerifier>>],
    host: &mut Host<'_>,
) {
    for case in &suite.cases {
        let Some(Some(of_case)) = verifiers.get(index).and_then(|own| own.get(case.judging)) else {
            continue;
        };
        let (given, now) = (Arc::clone(&of_case.setup.given), (host.clock)().seconds());
        if !given.may_be_renewed(now) {
            continue;
        }
        let text = match &case.token {
            CaseToken::Text(text) => Cow::Borrowed(text.as_bytes()),
            CaseToken::File(path) => Cow::Owned(read_file(path, "the token", host).unwrap_or_default()),
            CaseToken::Mint(_) => continue,
        };
        let found = of_text(&text, of_case.pick.as_deref());
        let Ok(Ok(Extracted { token, .. })) = &found else { continue };
        if lacks_key(&given, &of_case.setup.verifier(), &EncryptedText::Compact(token), now) {
            let renewed = Arc::new(given.renewed(host));
            for other in verifiers.iter_mut().flatten().flatten() {
                if Arc::ptr_eq(&other.setup.given, &given) {
                    other.setup.given = Arc::clone(&renewed);
                }
            }
        }
    }
}

/// Mints the tokens of the cases that have `mint`, each once.
fn mint_all(suite: &mut VerifySuite, keys: &mut LoadedKeys, host: &mut Host<'_>) -> Result<(), CommandError> {
    for case in &mut suite.cases {
        if let CaseToken::Mint(mint) = &case.token {
            let token = minted(mint, case.at, keys, host);
            case.token = CaseToken::Text(token.map_err(|error| error.in_suite(&suite.path, mint.location))?);
        }
    }
    Ok(())
}

/// Mints the token of a case, issued at the time of the case.
fn minted(
    mint: &MintOptions<EncodeArgs>,
    at: Option<Instant>,
    keys: &mut LoadedKeys,
    host: &mut Host<'_>,
) -> Result<String, CommandError> {
    let args = mint.options.clone();
    let settings = MintSettings::from_args(&mint.options);
    let others = if args.unsigned { settings.header.without_signature() } else { Vec::new() };
    let recipient = recipient(args.encryption.into_inner(), others, host)?;
    let given = match args.unsigned {
        true => None,
        false => Some(keys.load(
            &mint.key_words,
            KeyUse::Sign,
            args.key.into_inner(),
            IssuerKeyArgs::default(),
            host,
        )?),
    };
    let parts = host.split();
    let payload = mint.claims.as_deref().unwrap_or("{}");
    let payload = settings.payload(payload.as_bytes(), parts.clock.set(at), parts.entropy)?;
    let signed = given.map(|given| signed(&payload, &given, &settings)).transpose()?;
    Ok(match (recipient.map(|recipient| recipient.encrypter), signed) {
        (Some(encrypter), Some(signed)) => encrypter.encrypt_token(&signed)?,
        (Some(encrypter), None) => encrypter.encrypt(&payload)?,
        (None, Some(signed)) => signed,
        (None, None) => return Err(UsageError::NoSigningKey.into()),
    })
}

/// Signs the payload of a case.
fn signed(payload: &[u8], given: &GivenKey, settings: &MintSettings) -> Result<String, CommandError> {
    let parsed = Payload::parse(payload);
    let claims = parsed.claims().map(ClaimsSet::members).unwrap_or_default();
    let (keys, algorithm) = (&given.keys, settings.algorithm);
    let key = choose_key(keys, algorithm, claims)?;
    let signer = PreparedSigner::new(keys, key, algorithm, &settings.header);
    let signer = signer.map_err(|error| {
        let error = CommandError::from(error);
        if key.is_private() { error } else { error.with_hint("give `mint` a key of its own that can sign") }
    })?;
    Ok(signer.sign(payload)?)
}

/// Judges cases with several threads, and returns the results in the order of the cases.
fn judge(
    page: &[ReadyCase<'_>],
    threads: usize,
    clock: &ClockFn<'_>,
) -> Result<Vec<CaseResult>, CommandError> {
    // The verdict of a store depends on the tokens before, so their order must not change.
    let threads =
        if page.iter().any(|ready| ready.case_verifier.ledger.is_some()) { 1 } else { threads.max(1) };
    let share = page.len().div_ceil(threads).max(1);
    let mut shares = page.chunks(share);
    let first = shares.next().unwrap_or_default();
    std::thread::scope(|scope| {
        let others: Vec<_> = shares
            .map(|share| {
                scope.spawn(|| share.iter().map(|ready| ready.judge(clock)).collect::<Result<Vec<_>, _>>())
            })
            .collect();
        let mut results = first.iter().map(|ready| ready.judge(clock)).collect::<Result<Vec<_>, _>>()?;
        for other in others {
            results.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(results)
    })
}

impl ReadyCase<'_> {
    fn judge(&self, clock: &ClockFn<'_>) -> Result<CaseResult, CommandError> {
        let Self { case, suite, case_verifier, text, payload, at } = self;
        let began = clock();
        let verifier = case_verifier.setup.verifier();
        let found = of_text(text, case_verifier.pick.as_deref())
            .map_err(|error| CommandError::from(error).in_suite(&suite.path, case.location))?
            .map(|Extracted { token, .. }| token);
        let opening = found.as_ref().ok().and_then(|token| verifier.open(token));
        let parsed = found
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|token| verifier.parse_opened(token, opening.as_ref()));
        let detached = match (&parsed, payload) {
            (Ok(parsed), Some(bytes)) => {
                let refused = demand_detached(parsed);
                refused.map_err(|error| CommandError::from(error).in_suite(&suite.path, case.location))?;
                Some(DetachedPayload::held(parsed.compact(), bytes.clone()))
            }
            _ => None,
        };
        let token = parsed.as_ref().map(|parsed| match &detached {
            Some(payload) => parsed.read_with(payload),
            None => parsed.read(),
        });
        let mut verification = match &token {
            Ok(token) => verifier.judge(token, *at),
            Err(failure) if opening.as_ref().is_some_and(|opening| opening.nested().is_some()) => {
                verifier.unreadable_inside((*failure).clone(), opening.as_ref())
            }
            Err(failure) => {
                let shown = found.as_deref().unwrap_or(text);
                let (failure, hint) = explained((*failure).clone(), shown, text);
                verifier.unreadable(failure, hint)
            }
        };
        if let (Ok(token), Some(ledger)) = (&token, &case_verifier.ledger) {
            let mut ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
            LedgerCheck::new(&mut ledger, case_verifier.how)
                .check(&mut [(&mut verification.judgement, token.token())], *at)
                .map_err(|error| CommandError::from(error).in_suite(&suite.path, case.location))?;
        }
        let unmet: Vec<_> =
            case.expect.iter().filter(|expected| !verification.judgement.meets(expected)).cloned().collect();
        // Hints can take longer than all checks, so only failed cases get them.
        if let (Ok(token), false) = (&token, unmet.is_empty()) {
            verifier.add_hints(&mut verification, token, HintScope::Suite, *at);
        }
        let envelopes = verification.envelopes.iter().map(|envelope| envelope.checks.len()).collect();
        let outer = verification.envelopes.into_iter().flat_map(|envelope| envelope.checks);
        let judgement = verification.judgement;
        Ok(CaseResult {
            suite: Arc::clone(&suite.path),
            in_repository: suite.in_repository.clone(),
            name: case.name.clone(),
            location: case.location,
            expected: case.expect.clone(),
            unmet,
            verdict: judgement.verdict(),
            reasons: judgement.reasons,
            checks: outer.chain(judgement.checks.into_iter().map(Check::into_owned)).collect(),
            envelopes,
            hints: verification.hints,
            token: String::from_utf8_lossy(found.as_deref().unwrap_or(text)).into_owned(),
            at: *at,
            took: clock().time_since(began),
        })
    }
}
