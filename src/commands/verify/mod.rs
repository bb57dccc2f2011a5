//! `fob verify`: prints the verdict on one token, and every check. `lines` verifies many tokens, and `suite` verifies
//! suites. The verifier judges; this folder only prepares and prints.

mod detached;
mod lines;
mod serialized;
mod suite;

use self::detached::ClaimOptions;
use crate::cli::input::TokenArgs;
use crate::cli::policy::PolicyArgs;
use crate::cli::store::StoreArgs;
use crate::cli::suite::SuiteArgs;
use crate::cli::verify::{HolderArgs, VerifyArgs};
use crate::commands::decode::value_text;
use crate::commands::decrypting::{decrypter, with_cookies_of};
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::key_settings;
use crate::commands::renewing::{lacks_key, lacks_key_of_document};
use crate::commands::settings::token_request;
use crate::core::encryption::Decrypter;
use crate::core::json;
use crate::core::key::KeyUse;
use crate::core::key::ring::KeyRing;
use crate::core::reason::{Expectation, Reason, listed};
use crate::core::redact::Redaction;
use crate::core::report::Anatomy;
use crate::core::report::json::VerifyDocument;
use crate::core::report::text::{self, ReportLength};
use crate::core::sd_jwt::SdJwtText;
use crate::core::text::duration::Duration;
use crate::core::text::layout::Screen;
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, KeyType};
use crate::core::token::base64url::Base64urlError;
use crate::core::token::jws::{Compact, Padding};
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::serialization::JsonContent;
use crate::core::verify::judge::Verdict;
use crate::core::verify::policy::Policy;
use crate::core::verify::{
    MOST_HINTS, SdJwts, SubmittedToken, Verification, Verifier, padding_hint, ways_to_give_a_key,
};
use crate::error::decode::DecodeError;
use crate::error::document::FailureDocument;
use crate::error::input::{explained, file_as_payload, file_name_hint, other_kind_failure};
use crate::error::{CommandError, ExitStatus};
use crate::host::{Echo, Host, Level};
use crate::input::InputError;
use crate::input::payload::named_file;
use crate::input::token::{DocumentSource, Received, receive};
use crate::keys::{self, GivenKey, KeyLoadError};
use crate::output;
use crate::scan::damage::damage;
use crate::scan::document::Document;
use crate::scan::pick::{PickError, Preference};
use crate::store::ledger::{Ledger, TokenUse};
use crate::store::open::{self, StorePurpose};
use crate::store::verdict::LedgerCheck;
use std::ffi::OsStr;
use std::io;
use std::sync::Arc;

/// The keys and the policy of a run, for one token or many.
struct VerifierSetup {
    policy: Policy,
    given: Arc<GivenKey>,
    decrypter: Option<Decrypter>,
    max_size: usize,
    padding: Padding,
}

impl VerifierSetup {
    fn new(
        args: PolicyArgs,
        token_type: Option<String>,
        ignore_exp: bool,
        given: Arc<GivenKey>,
        max_size: usize,
    ) -> Self {
        let policy = Policy { token_type, ignore_exp, ..Policy::from(args) }
            .expecting_key_issuer(given.issuer.as_deref());
        Self { policy, given, decrypter: None, max_size, padding: Padding::Refused }
    }

    /// Sets what the holder of an SD-JWT must have signed.
    fn with_holder(mut self, args: HolderArgs) -> Self {
        self.policy.holder_nonce = args.holder_nonce;
        self.policy.holder_audiences = args.holder_aud;
        self.policy.holder_max_age = args.holder_max_age;
        self
    }

    /// Lets the secret also decrypt session cookies.
    fn open_cookies(&mut self, cookie: Option<&str>, opened: OpenedCookies) {
        let is_wanted = opened == OpenedCookies::All || self.policy.accept_shared_key || cookie.is_some();
        if is_wanted {
            self.decrypter = with_cookies_of(&self.given, self.decrypter.take(), cookie, self.max_size);
        }
    }

    /// Fetches the keys again if the token names one that the cached keys lack. It may be a token inside an encrypted one.
    fn renew_keys_for(&mut self, received: &Received, host: &mut Host<'_>) {
        let now = (host.clock)().seconds();
        if !self.given.may_be_renewed(now) {
            return;
        }
        let verifier = self.verifier();
        let lacks_key = match received.document {
            Some(JsonContent::Signed) => {
                lacks_key_of_document(&self.given, &verifier, &received.token, self.max_size, now)
            }
            _ => lacks_key(&self.given, &verifier, &EncryptedText::of(received, self.max_size), now),
        };
        if lacks_key {
            self.given = Arc::new(self.given.renewed(host));
        }
    }

    /// Returns a verifier that reports every check.
    fn verifier(&self) -> Verifier<'_> {
        Verifier::new(&self.given.keys, &self.policy)
            .with_secret(self.given.written.as_ref())
            .with_decrypter(self.decrypter.as_ref())
            .with_max_size(self.max_size)
            .with_padding(self.padding)
            .with_sd_jwts(SdJwts::Accepted)
    }
}

/// The session cookies that are decrypted with a secret for signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OpenedCookies {
    /// All, so that the report can show their content.
    All,
    /// Those that an option can make acceptable. The others are rejected in any case, and would cost time.
    Accepted,
}

/// Verifies suites.
pub(crate) fn test(args: &SuiteArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    suite::verify(args, json, host)
}

pub(crate) fn verify(args: VerifyArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    if !args.suite.suite.is_empty() {
        return test(&args.suite, json, host);
    }
    let decryption = key_settings::for_decrypting(args.decryption.into_inner(), args.key.password.clone());
    let kid_claim = args.key.kid_claim.clone();
    let settings = key_settings::for_verifying(args.key.into_inner(), args.issuer.into_inner());
    let cookie = args.cookie.cookie.as_deref();
    let max_size = args.token.limit.max_size();
    let has_lines = args.lines.lines.is_some();
    let mut given_decrypter = match decryption.is_given() || has_lines {
        true => decrypter(&decryption, cookie, max_size, host)?,
        false => None,
    };
    // A piped token is expected in compact serialization, unless an option speaks of signatures.
    let documents = match args.signatures {
        Some(_) => DocumentSource::Anywhere,
        None => DocumentSource::File,
    };
    let is_available = keys::is_available(&settings, host);
    let early = if !has_lines && !is_available { without_key(&args.token, documents, host)? } else { None };
    let mut needs_key = is_available;
    if !needs_key {
        if let Some(Ok(received)) = &early
            && given_decrypter.is_none()
            && is_encrypted(received, max_size)
        {
            given_decrypter = decrypter(&decryption, cookie, max_size, host)?;
        }
        needs_key = match (&early, &given_decrypter) {
            (Some(Ok(received)), Some(decrypter)) => needs_verification_key(received, decrypter, max_size)?,
            (None, Some(_)) => !(has_lines && args.exceptions.accept_shared_key),
            // Such a token needs a decryption key first: the verdict names it, and a secret would not help.
            (Some(Ok(received)), None) => !is_encrypted(received, max_size),
            _ => true,
        };
    }
    // A given key comes first: if it cannot be used, the user need not paste a token.
    let given = match needs_key {
        true => keys::load(&settings, KeyUse::Verify, host)?,
        false => GivenKey::none(),
    };
    let given = Arc::new(given);
    let padding = if args.exceptions.allow_padding { Padding::Allowed } else { Padding::Refused };
    let setup = VerifierSetup::new(
        args.policy.into_inner(),
        args.token_type,
        args.exceptions.ignore_exp,
        given,
        max_size,
    )
    .with_holder(args.holder.into_inner());
    let mut setup = VerifierSetup { padding, decrypter: given_decrypter, ..setup };
    setup.policy.accept_shared_key = args.exceptions.accept_shared_key;
    setup.policy.detached = args.payload.is_some();
    let store = given_store(&args.store, args.once, setup.policy.leeway, host)?;
    let claims = ClaimOptions { kid_claim: kid_claim.is_some(), get: args.get.is_some() };
    match &args.lines.lines {
        Some(place) => {
            setup.open_cookies(cookie, OpenedCookies::Accepted);
            let options = lines::LineOptions { expect: &args.expect, print: args.print, json, max_size };
            lines::verify(&mut setup, store, place, &args.lines, options, host)
        }
        None => {
            let received = early.unwrap_or_else(|| {
                receive(token_request(&args.token, Preference::None).or_document(documents), host)
            });
            if let Ok(received) = &received {
                setup.renew_keys_for(received, host);
            }
            if received.as_ref().is_ok_and(|received| is_encrypted(received, max_size)) {
                if setup.decrypter.is_none() {
                    setup.decrypter = decrypter(&decryption, cookie, max_size, host)?;
                }
                setup.open_cookies(cookie, OpenedCookies::All);
            }
            let length = if args.verbose { ReportLength::WithToken } else { ReportLength::Verdict };
            let form = match args.get {
                Some(name) => VerifyOutput::Claim { name, json },
                None if json => VerifyOutput::Document,
                None if host.is_quiet() => VerifyOutput::Nothing,
                None => VerifyOutput::Report,
            };
            let payload = args.payload.as_deref().map(|argument| (argument, claims));
            let output = Output { form, length };
            match received {
                Ok(received) if received.document == Some(JsonContent::Signed) => serialized::verify(
                    &mut setup,
                    store,
                    &received,
                    args.payload.as_deref(),
                    args.signatures.unwrap_or_default(),
                    &args.expect,
                    &output,
                    host,
                ),
                received => one(&setup, store, received, payload, &args.expect, &output, host),
            }
        }
    }
}

/// Reports whether a text is an encrypted token, by its segments or its members.
fn is_encrypted(received: &Received, max_size: usize) -> bool {
    received.document == Some(JsonContent::Encrypted)
        || matches!(Compact::parse(&received.token, max_size), Ok(Compact::Jwe { .. }))
}

/// Reports whether a key is needed to verify the signature of a token, or of the token inside it.
///
/// # Errors
/// [`KeyLoadError::PublicKeyNotGiven`] if the token inside needs a public key.
fn needs_verification_key(
    received: &Received,
    decrypter: &Decrypter,
    max_size: usize,
) -> Result<bool, KeyLoadError> {
    let (keys, policy) = (KeyRing::empty(), Policy::default());
    let verifier = Verifier::new(&keys, &policy).with_decrypter(Some(decrypter)).with_max_size(max_size);
    let Some(opening) = EncryptedText::of(received, max_size).open(&verifier) else { return Ok(true) };
    let Some(signed) = opening.signed() else { return Ok(false) };
    check_public_key_given(signed, max_size)?;
    Ok(true)
}

/// Receives the token of a run without a key. At a terminal, the user is asked for the token first, and for the secret then.
///
/// # Errors
/// [`KeyLoadError::PublicKeyNotGiven`] if the token needs a public key. The user is then not asked for a secret.
fn without_key(
    args: &TokenArgs,
    documents: DocumentSource,
    host: &mut Host<'_>,
) -> Result<Option<Result<Received, InputError>>, KeyLoadError> {
    // A run without a key must fail at once, not wait for a token.
    let from_stdin = args.token.as_ref().is_none_or(|token| token == "-");
    let may_ask = host.stdin_is_terminal && host.can_prompt(Echo::Shown);
    if from_stdin && !may_ask && (host.stdin_is_terminal || (host.stdin_is_idle)()) {
        return Ok(None);
    }
    let received = receive(token_request(args, Preference::None).or_document(documents), host);
    if let Ok(received) = &received {
        let max_size = args.limit.max_size();
        match received.document {
            Some(JsonContent::Signed) => serialized::check_public_key_given(&received.token, max_size)?,
            Some(JsonContent::Encrypted) => {}
            None => check_public_key_given(&received.token, max_size)?,
        }
    }
    Ok(Some(received))
}

/// Fails if a token needs a public key, for a run without a key.
///
/// # Errors
/// [`KeyLoadError::PublicKeyNotGiven`].
fn check_public_key_given(token: &[u8], max_size: usize) -> Result<(), KeyLoadError> {
    // Of an SD-JWT, the issuer's token needs the key.
    let sd_jwt = SdJwtText::split(token);
    let issued = sd_jwt.as_ref().map_or(token, |sd_jwt| sd_jwt.issued.as_bytes());
    let Ok(compact) = Compact::parse(issued, max_size) else { return Ok(()) };
    check_key_type(&Token::parse(&compact))
}

fn check_key_type(token: &Token<'_>) -> Result<(), KeyLoadError> {
    let name = token.header.as_ref().ok().and_then(|header| header.alg().ok()).map(AlgName::parse);
    match name {
        Some(AlgName::Known(algorithm)) if algorithm.kty() != KeyType::Oct => {
            Err(KeyLoadError::PublicKeyNotGiven { algorithm, ways: ways_to_give_a_key(token) })
        }
        _ => Ok(()),
    }
}

/// The store of a run, if one is named, and whether it uses tokens up.
struct GivenStore {
    ledger: Option<Ledger>,
    how: TokenUse,
}

impl GivenStore {
    /// Returns the check of the store, if there is one.
    fn check(&mut self) -> Option<LedgerCheck<'_>> {
        self.ledger.as_mut().map(|ledger| LedgerCheck::new(ledger, self.how))
    }

    /// Warns if a verdict has created the store.
    fn warn_if_new(&mut self, host: &mut Host<'_>) {
        if let Some(ledger) = &mut self.ledger {
            open::warn_if_new(ledger, host);
        }
    }
}

/// Opens the store, if one is named.
fn given_store(
    args: &StoreArgs,
    once: bool,
    leeway: Duration,
    host: &mut Host<'_>,
) -> Result<GivenStore, CommandError> {
    let (purpose, how) =
        if once { (StorePurpose::Decide, TokenUse::Once) } else { (StorePurpose::Query, TokenUse::Query) };
    let mut ledger = args.store.as_deref().map(|text| open::open(text, purpose, host)).transpose()?;
    if let Some(ledger) = &mut ledger {
        ledger.keep_longer(leeway);
    }
    Ok(GivenStore { ledger, how })
}

/// The output about one token.
struct Output {
    form: VerifyOutput,
    length: ReportLength,
}

/// A form of the output.
enum VerifyOutput {
    /// No output.
    Nothing,
    /// A report for people.
    Report,
    /// The JSON document.
    Document,
    /// One claim of an accepted token. The report on any other token goes to standard error.
    Claim { name: String, json: bool },
}

impl Output {
    /// Reports whether the output is JSON.
    const fn is_json(&self) -> bool {
        matches!(self.form, VerifyOutput::Document | VerifyOutput::Claim { json: true, .. })
    }
}

fn one(
    setup: &VerifierSetup,
    mut store: GivenStore,
    received: Result<Received, InputError>,
    payload: Option<(&OsStr, ClaimOptions)>,
    expect: &[Expectation],
    output: &Output,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let received = match received {
        Err(InputError::Pick(PickError::Empty)) if output.is_json() => Received::empty(),
        received => received?,
    };
    let at = host.now();

    let verifier = setup.verifier();
    let encrypted = EncryptedText::of(&received, setup.max_size);
    let opening = encrypted.open(&verifier);
    let parsed = encrypted.parse(&verifier, opening.as_ref());
    let given = match (&parsed, payload) {
        (Ok(parsed), Some((argument, options))) => {
            Some(detached::read(argument, parsed, setup, &verifier, options, host)?)
        }
        _ => None,
    };
    let token = parsed.as_ref().map(|parsed| match &given {
        Some(given) => parsed.read_with(&given.payload),
        None => parsed.read(),
    });
    let mut used_up = false;
    let verification = match &token {
        Ok(token) => {
            let streamed = given.as_ref().and_then(|given| given.signature.as_ref());
            let mut verification = match streamed {
                Some(signature) => verifier.judge_streamed(token, signature, at),
                None => {
                    let mut check = store.check();
                    let verification = verifier.verify(token, check.as_mut(), at);
                    used_up = check.as_ref().is_some_and(LedgerCheck::used_up);
                    store.warn_if_new(host);
                    verification?
                }
            };
            add_form_hints(&mut verification, token.token());
            add_payload_hint(&mut verification, payload.map(|(argument, _)| argument), host);
            verification.hints.truncate(MOST_HINTS);
            verification
        }
        Err(failure) if opening.as_ref().is_some_and(|opening| opening.nested().is_some()) => {
            verifier.unreadable_inside((*failure).clone(), opening.as_ref())
        }
        Err(failure) if received.document.is_some() => verifier.unreadable((*failure).clone(), None),
        Err(failure) => {
            let (failure, hint) = explained((*failure).clone(), &received.token, &received.pasted);
            let padding = || padding_hint(&verifier, &received.token, at).map(str::to_owned);
            let document = || Document::recognize(&received.pasted).map(|_| DOCUMENT_HINT.to_owned());
            let file = received.file.as_deref().map(file_name_hint);
            verifier.unreadable(failure, file.or_else(document).or_else(padding).or(hint))
        }
    };
    let envelopes = encrypted.envelopes(opening.as_ref(), setup.max_size);
    let outer = encrypted.outer(&envelopes, opening.as_ref());
    let anatomy = token.as_ref().ok().map(|token| {
        judged_anatomy(token, at)
            .with_envelopes(&outer)
            .with_document(encrypted.recipients(), received.token.len())
    });
    let document = VerifyDocument {
        verification: &verification,
        anatomy: anatomy.as_ref(),
        at: at.rfc3339(),
        wrapping: received.wrapping.as_deref(),
    };
    let report = |out: &mut Vec<u8>, screen| {
        text::write_verified(out, &verification, anatomy.as_ref(), output.length, screen)
    };
    let outcome = Outcome {
        verification: &verification,
        report: &report,
        document: &|| output::json(&document),
        used_up,
    };
    conclude(&outcome, expect, &output.form, host)
}

/// A verdict with the ways to print it.
struct Outcome<'r> {
    verification: &'r Verification<'r>,
    /// Writes the report for people.
    report: &'r dyn Fn(&mut Vec<u8>, Screen) -> io::Result<()>,
    /// Returns the JSON document.
    document: &'r dyn Fn() -> Vec<u8>,
    /// True if the token was used up by this run.
    used_up: bool,
}

/// Prints a verdict, compares it with the expected ones, and returns the status.
fn conclude(
    outcome: &Outcome<'_>,
    expect: &[Expectation],
    form: &VerifyOutput,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let verification = outcome.verification;
    let met = expect.iter().all(|expected| verification.judgement.meets(expected));
    let status = match (expect.is_empty(), met) {
        (true, _) => ExitStatus::from_judgement(&verification.judgement),
        (false, true) => ExitStatus::Done,
        (false, false) => ExitStatus::Rejected,
    };
    let printed = match form {
        VerifyOutput::Claim { name, json } => print_claim(outcome, name, *json, host),
        form => print(outcome, form, status, host).map(|()| status),
    };
    let status = printed.inspect_err(|_| {
        if outcome.used_up {
            host.important_message(Level::Hint, "the token was accepted and is used up: get a new one");
        }
    })?;
    if !met {
        let outcome = listed_outcome(verification);
        host.message(Level::Error, &format!("the outcome is {outcome}, expected {}", listed(expect)));
    } else if status != ExitStatus::from_judgement(&verification.judgement) {
        // Without this, a report on a rejected token beside status 0 looks like a contradiction.
        host.message(Level::Note, &format!("expected: {}, so the status is 0", listed(expect)));
    }
    Ok(status)
}

/// Returns the description of a token that was judged.
fn judged_anatomy<'t>(token: &'t SubmittedToken<'t, '_>, at: NumericDate) -> Anatomy<'t> {
    Anatomy::new(token.token(), at, Redaction::None).judged(token.sd_jwt())
}

/// The hint on a document in JSON serialization where a token in compact serialization is expected.
const DOCUMENT_HINT: &str = "if a document in JSON serialization is expected here, add --signatures all";

/// Adds hints about the form of a token before the others: another kind of text, a signature that is cut short,
/// compression.
fn add_form_hints(verification: &mut Verification<'_>, token: &Token<'_>) {
    let is_accepted = verification.judgement.verdict() == Verdict::Accepted;
    // Such a token is whole: its signature is valid, and its payload is read.
    if is_accepted && token.unverified_claims().is_some() {
        return;
    }
    let has_alg = token.header.as_ref().is_ok_and(|header| header.alg().is_ok());
    let is_other = !has_alg && verification.judgement.verdict() == Verdict::Malformed;
    let text = token.compact.text().as_bytes();
    let other = if is_other { other_kind_failure(text).map(|failure| failure.detail) } else { None };
    let damage = || damage(text).map(|damage| damage.to_string());
    let other = if is_other { other.or_else(damage) } else { None };
    let hints: Vec<String> = other.into_iter().chain(shape_hint(token)).collect();
    if !hints.is_empty() {
        verification.hints.splice(..0, hints);
    }
}

/// Adds a hint on a payload that is the name of a file, if the signature does not fit that name.
fn add_payload_hint(verification: &mut Verification<'_>, payload: Option<&OsStr>, host: &Host<'_>) {
    if verification.judgement.reasons.contains(&Reason::BadSignature)
        && let Some(path) = payload.and_then(|payload| named_file(payload, host))
    {
        verification.hints.insert(0, file_as_payload(&path));
    }
}

/// Returns a hint for a signature that has lost characters, or for a payload that is compressed.
fn shape_hint(token: &Token<'_>) -> Option<String> {
    let Compact::Jws { signature, .. } = token.compact else { return None };
    // Only a text with the header of a JWT is a token that may be cut.
    token.header.as_ref().ok().filter(|header| header.alg().is_ok())?;
    if let Err(Base64urlError::Length { .. } | Base64urlError::TrailingBits { .. }) = signature.decoded {
        return Some("the end of the signature is missing or changed: the token may be cut short".to_owned());
    }
    // A signature with the size of another hash was hardly cut: the doctor names that hash if the key fits.
    if let Some(short) = token.short_signature().filter(|short| !matches!(short.bytes, 32 | 48)) {
        return Some(format!("{short}: the token may be cut short"));
    }
    let is_binary = token.payload.as_ref().is_some_and(|payload| payload.claims().is_none());
    let header = token.header.as_ref().ok().filter(|_| is_binary)?;
    let has_zip = json::find(header.members(), "zip").is_some();
    has_zip.then(|| {
        "the header has `zip`: compressed payloads are allowed only in encrypted tokens (JWE)".to_owned()
    })
}

/// Returns the reasons, or the verdict if there are none.
fn listed_outcome(verification: &Verification<'_>) -> String {
    let judgement = &verification.judgement;
    if judgement.reasons.is_empty() {
        judgement.verdict().name().to_owned()
    } else {
        listed(&judgement.reasons)
    }
}

fn print(
    outcome: &Outcome<'_>,
    form: &VerifyOutput,
    status: ExitStatus,
    host: &mut Host<'_>,
) -> Result<(), CommandError> {
    // A verdict that was not written is no success.
    let if_closed = if status == ExitStatus::Done { ExitStatus::Unjudged } else { status };
    match form {
        VerifyOutput::Document => {
            output::write_json(host, &(outcome.document)(), if_closed)?;
        }
        VerifyOutput::Report => {
            let screen = host.screen();
            let text = output::rendered(|text| (outcome.report)(text, screen));
            output::write_report(host, &text, if_closed)?;
            // A rejection that was expected needs no hint.
            let expected =
                status == ExitStatus::Done && outcome.verification.judgement.verdict() != Verdict::Accepted;
            explain(outcome.verification, expected, host);
        }
        VerifyOutput::Claim { .. } | VerifyOutput::Nothing => {}
    }
    Ok(())
}

/// Prints the warnings, and the hints unless the outcome was expected.
fn explain(verification: &Verification<'_>, expected: bool, host: &mut Host<'_>) {
    for warning in &verification.judgement.warnings {
        host.message(Level::Warning, &format!("{}: {}", warning.reason, warning.detail));
    }
    for hint in verification.hints.iter().filter(|_| !expected) {
        host.message(Level::Hint, hint);
    }
}

/// Prints one claim of an accepted token. Of any other token no content is printed on standard output.
fn print_claim(
    outcome: &Outcome<'_>,
    name: &str,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let verification = outcome.verification;
    let judgement = &verification.judgement;
    let Some(claims) = judgement.accepted_claims() else {
        if judgement.verdict() == Verdict::Accepted {
            return Err(DecodeError::no_such_claim(name, None).into());
        }
        if json {
            let reason = judgement.reasons.first().cloned();
            let message = format!("the token is not accepted: {}", listed(&judgement.reasons));
            FailureDocument::of_verdict(reason, message, &verification.hints).write(host);
        }
        if !host.is_quiet() {
            let screen = host.message_screen();
            let text = output::rendered(|text| (outcome.report)(text, screen));
            host.report_as_message(&String::from_utf8_lossy(&text));
        }
        explain(verification, false, host);
        return Ok(ExitStatus::from_judgement(judgement));
    };
    let value =
        claims.get().locate(name).ok_or_else(|| DecodeError::no_such_claim(name, Some(claims.get())))?;
    let (syntax, text) = value_text(value, json);
    output::line_as(host, syntax, &text, ExitStatus::Unjudged)?;
    explain(verification, false, host);
    Ok(ExitStatus::Done)
}
