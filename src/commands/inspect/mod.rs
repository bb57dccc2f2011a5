//! `fob inspect`: finds every token in a text of any size and reports on each.

mod report;
mod requirements;
mod serialized;
mod suite;
mod verdicts;

use self::report::{InspectOutput, ReportWriter};
use self::requirements::Requirements;
use self::suite::Recording;
use crate::cli::inspect::InspectArgs;
use crate::commands::decrypting::{decrypter, with_cookies_of};
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::key_settings;
use crate::commands::renewing::lacks_key;
use crate::core::encryption::Decrypter;
use crate::core::key::KeyUse;
use crate::core::key::digest::sha256;
use crate::core::oauth::response::stated_lifetime;
use crate::core::reason::Failure;
use crate::core::redact::{Redaction, mask_words};
use crate::core::report::html::inspection::InspectionPage;
use crate::core::report::oneline::LineTable;
use crate::core::report::{Anatomy, FoundText, KnownSecrets, TokenLocation, TokenReport};
use crate::core::token::Token;
use crate::core::token::base64url::DecodeBuffer;
use crate::core::token::jws::{Compact, too_large};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::header_cache::HeaderCache;
use crate::core::verify::policy::Policy;
use crate::core::verify::{HintScope, Opening, ParsedToken, PlainToken, SdJwts, SubmittedToken, Verifier};
use crate::error::inspect::InspectError;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, IfExists, Level};
use crate::input::InputError;
use crate::input::text_source::{self, TextSource};
use crate::input::walk::{HiddenFiles, Walk};
use crate::keys::{self, GivenKey};
use crate::output::{self, JsonList, is_stdout};
use crate::scan::advice::{NotATokenBecause, is_cut_short, is_header_cut_short, other_kind_in};
use crate::scan::candidates::Candidate;
use crate::scan::damage::damage;
use crate::scan::document::Document;
use crate::scan::extract::{named_opaque, unwrapped};
use crate::scan::repair::{Deviation, is_rest_of_sd_jwt, readable, sd_jwt};
use crate::scan::shapes::{shape_of, words};
use crate::scan::unwrap::{JoinedCookie, base64, joined_cookies};
use crate::scan::{Hit, Scanner};
use crate::suite::report::request::PAGE;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::Path;

/// The size of a read in bytes: small enough for the cache of a processor.
const BLOCK: usize = 256 << 10;

pub(crate) fn inspect(
    args: InspectArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    // A report becomes a verdict only if an option names a key. A key in the environment does not.
    let settings = key_settings::for_verifying(args.key.clone(), args.issuer.clone());
    let asked = args.key.is_given() || args.issuer.issuer_keys.is_some();
    let asked = asked || (args.suite.is_some() && keys::is_available(&settings, host));
    let has_page_output = args.report.as_ref().is_some_and(|page| is_stdout(&page.path));
    if has_page_output && (json || args.count || args.oneline) {
        return Err(UsageError::SharedReportPath { path: "-".into() }.into());
    }
    let mut recording = Recording::begin(&args, asked, host)?;
    let given = if asked { Some(keys::load(&settings, KeyUse::Verify, host)?) } else { None };
    let policy = Policy { required: args.require.clone(), ..Policy::default() }
        .expecting_key_issuer(given.as_ref().and_then(|given| given.issuer.as_deref()));
    let headers = Verifier::without_key(&policy).header_cache();
    if let Some(recording) = &mut recording {
        recording.set_policy(policy.clone());
    }
    let decryption = key_settings::for_decrypting(args.decryption.clone(), args.key.password.clone());
    let cookie = args.cookie.cookie.as_deref();
    let decrypter = decrypter(&decryption, cookie, args.limit.max_size(), host)?;
    let without_secret = decrypter.clone();
    let decrypter = match &given {
        Some(given) => with_cookies_of(given, decrypter, cookie, args.limit.max_size()),
        None => decrypter,
    };
    if let Some(recording) = &mut recording {
        // A suite opens session cookies with the secret for signatures only if it names them.
        recording.set_decrypter(if cookie.is_some() { decrypter.clone() } else { without_secret });
    }
    if args.texts.is_empty() && host.stdin_is_terminal {
        host.important_message(Level::Hint, "paste the text, and end it with Ctrl-D on a line of its own");
    }
    let mut texts = TextSource::from_arguments(&args.texts, host)?;
    if texts.is_empty() {
        texts.push(TextSource::Stdin);
    }
    let form = match (recording.is_some(), args.count, json) {
        (true, ..) => InspectOutput::Nothing,
        _ if has_page_output => InspectOutput::Nothing,
        (_, true, json) => InspectOutput::Count { json, unique: args.unique },
        _ if json && args.oneline => InspectOutput::JsonLines,
        (_, _, true) => InspectOutput::Json(JsonList::new("tokens")),
        _ if host.is_quiet() => InspectOutput::Nothing,
        _ if args.oneline => InspectOutput::Lines(LineTable::default()),
        _ => InspectOutput::Text,
    };
    let renewed = OnceCell::new();
    let redaction = if args.redact || (recording.is_some() && !args.keep_claims) {
        Redaction::Mask
    } else {
        Redaction::None
    };
    let page = args.report.as_ref();
    let page = page.map(|_| InspectionPage::new(redaction, given.is_some(), host.screen().zone));
    let mut inspection = Inspection {
        given: given.as_ref(),
        renewed: &renewed,
        decrypter: decrypter.as_ref(),
        policy: &policy,
        headers,
        decoded: DecodeBuffer::default(),
        redaction,
        max_size: args.limit.max_size(),
        seen: (args.unique || recording.is_some()).then(HashSet::new),
        requirements: Requirements::new(&args.require, args.valid_for, given.is_some()),
        report: ReportWriter::new(form, page),
        page_path: args.report.as_ref().map(|page| page.path.as_os_str()),
        names_files: texts.len() > 1 || texts.iter().any(|text| matches!(text, TextSource::Folder(_))),
        recording,
        unreadable: 0,
        first_error: None,
        named: None,
        noted: false,
        key_binding: None,
    };
    for text in texts {
        inspection.search(text, host)?;
        if inspection.is_over() {
            break;
        }
    }
    inspection.end(host)
}

/// The number of tokens on which example secrets are tried.
const SECRET_TRIES: usize = 100;

/// The number of chunks of cookies that are kept until the end of a text.
const MOST_HELD: usize = 32;

/// The settings of an inspection, and its state.
struct Inspection<'r> {
    given: Option<&'r GivenKey>,
    /// The keys that were fetched again, at most once in a run.
    renewed: &'r OnceCell<GivenKey>,
    decrypter: Option<&'r Decrypter>,
    policy: &'r Policy,
    /// The headers that were read before, for reports without a verdict.
    headers: HeaderCache<'r>,
    /// The memory for the decoded bytes of a token.
    decoded: DecodeBuffer,
    redaction: Redaction,
    max_size: usize,
    /// The digests of the reported tokens, if each token is reported once.
    seen: Option<HashSet<[u8; 16]>>,
    requirements: Requirements<'r>,
    report: ReportWriter,
    /// The path of the page.
    page_path: Option<&'r OsStr>,
    /// True if locations name the file.
    names_files: bool,
    /// The suite that is recorded instead of a report.
    recording: Option<Recording>,
    /// The number of sources that could not be read.
    unreadable: usize,
    first_error: Option<CommandError>,
    /// The kind of a text without tokens, if it is recognized.
    named: Option<NotATokenBecause>,
    /// Set when a note on a wrapping was printed.
    noted: bool,
    /// The key binding JWT of the last SD-JWT. The search finds it once more, as a token of its own.
    key_binding: Option<String>,
}

impl Inspection<'_> {
    /// Searches one source.
    fn search(&mut self, text: TextSource, host: &mut Host<'_>) -> Result<(), CommandError> {
        match text {
            TextSource::Literal(text) => self.scan(&mut &*text, None, false, host),
            TextSource::Stdin => self.open(None, host),
            TextSource::File(path) => self.open(Some(&path), host),
            TextSource::Neither(path) => {
                self.miss(InputError::NeitherTokenNorFile(path).into(), host);
                Ok(())
            }
            TextSource::Folder(path) => {
                let mut walk = Walk::new(path, text_source::PURPOSE, HiddenFiles::Visited);
                while !self.is_over()
                    && let Some(path) = walk.next(host)
                {
                    match path {
                        Ok(path) => self.open(Some(&path), host)?,
                        Err(error) => self.miss(error.into(), host),
                    }
                }
                Ok(())
            }
        }
    }

    /// Opens a file or standard input, and searches it.
    fn open(&mut self, path: Option<&Path>, host: &mut Host<'_>) -> Result<(), CommandError> {
        match text_source::open(path, host) {
            Ok(mut stream) => self.scan(&mut *stream, path, path.is_none(), host),
            Err(error) => {
                self.miss(error.into(), host);
                Ok(())
            }
        }
    }

    /// Counts a source that could not be read. Warns at once if there are other sources.
    fn miss(&mut self, error: CommandError, host: &mut Host<'_>) {
        self.unreadable += 1;
        if self.names_files {
            host.message(Level::Warning, &error.to_string());
        }
        self.first_error.get_or_insert(error);
    }

    /// Searches a stream block by block.
    fn scan(
        &mut self,
        stream: &mut dyn Read,
        path: Option<&Path>,
        is_stdin: bool,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let file = path
            .filter(|_| self.names_files || self.recording.is_some())
            .map(|path| path.to_string_lossy().into_owned());
        // A percent-encoded token takes three times its length, and its surroundings are read too.
        let longest = self.max_size.saturating_mul(3).saturating_add(BLOCK);
        let scanner = Scanner::new(BLOCK, longest);
        // A location that is not shown is not computed, which saves half of the time of a token.
        let mut scanner = if self.only_counts() { scanner.without_locations() } else { scanner };
        let mut held = Vec::new();
        let outcome = loop {
            self.report.flush(is_stdin, host)?;
            if self.is_over() {
                return Ok(());
            }
            match stream.read(scanner.read_buffer()) {
                Ok(0) => break Ok(()),
                Ok(bytes) => scanner
                    .advance(bytes, &mut |hit| self.find_or_hold(hit, &mut held, file.as_deref(), host))?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        // Tokens before a read error are reported too.
        scanner.finish(&mut |hit| self.find_or_hold(hit, &mut held, file.as_deref(), host))?;
        if held.iter().any(|hit| hit.opaque) {
            self.take_stated(scanner.whole_text(), host);
        }
        self.find_chunks(&held, scanner.whole_text(), file.as_deref(), host)?;
        if let Some(text) = scanner.text_without_tokens() {
            self.search_wrapped(text, file.as_deref(), host)?;
        }
        if let Err(error) = outcome {
            self.report.flush(false, host)?;
            self.miss(text_source::read_error(path, error).into(), host);
        }
        Ok(())
    }

    /// Takes the lifetime that an answer states for its opaque access token.
    fn take_stated(&mut self, text: Option<&[u8]>, host: &mut Host<'_>) {
        if self.requirements.take_stated(text.and_then(stated_lifetime)) {
            let what = "expires_in is counted from now: the answer does not say when it was made";
            host.message(Level::Warning, what);
        }
    }

    /// Reports one found token. Holds the first chunk of a cookie back until the end of the text, which has the others, and an
    /// opaque token if its lifetime is wanted.
    fn find_or_hold(
        &mut self,
        hit: Hit<'_>,
        held: &mut Vec<Hit<'static>>,
        file: Option<&str>,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let is_first = hit.found.place.starts_with("parameter ") && hit.found.place.ends_with(".0");
        // The lifetime of an opaque token can stand behind it.
        let waits = hit.opaque && self.requirements.wants_lifetime();
        let is_chunk = is_first && Compact::parse(&hit.token, self.max_size).is_err();
        if held.len() < MOST_HELD && (waits || is_chunk) {
            held.push(hit.into_owned());
            return Ok(());
        }
        self.find(&hit, file, host)
    }

    /// Reports the cookies whose first chunks were held back, or the chunks themselves if no others belong to them.
    fn find_chunks(
        &mut self,
        held: &[Hit<'static>],
        text: Option<&[u8]>,
        file: Option<&str>,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let joined = text.filter(|_| !held.is_empty()).map(joined_cookies).unwrap_or_default();
        for hit in held {
            let is_of = |cookie: &&JoinedCookie<'_>| {
                cookie.chunks.first().is_some_and(|chunk| chunk.as_bytes() == &*hit.token)
            };
            let Some(JoinedCookie { found, .. }) = joined.iter().find(is_of) else {
                self.find(hit, file, host)?;
                continue;
            };
            let location = TokenLocation { wrapping: found.wrapping(), ..hit.found.clone() };
            self.find(&Hit::new(found.token.clone(), location), file, host)?;
        }
        Ok(())
    }

    /// Searches a text without tokens for a wrapped or a deviating token, and recognizes texts of other kinds.
    fn search_wrapped(
        &mut self,
        text: &[u8],
        file: Option<&str>,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let location = |at: usize, wrapping: Option<String>| {
            let before = text.get(..at).unwrap_or_default();
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
            let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1;
            TokenLocation { line, column, place: "text".into(), file: None, wrapping }
        };
        // A suite holds tokens in compact serialization alone.
        if self.recording.is_none()
            && let Some(Document { text: document, content }) = Document::recognize(text)
        {
            let at = memchr::memmem::find(text, document.as_bytes()).unwrap_or_default();
            let hit = Hit::new(document.as_bytes().into(), location(at, None));
            return self.find_document(&hit, content, file, host);
        }
        if let Some(found) = unwrapped(text) {
            let location = location(0, found.wrapping());
            return self.find(&Hit::new(found.token, location), file, host);
        }
        let mut from = 0;
        for word in words(text) {
            let at =
                memchr::memmem::find(text.get(from..).unwrap_or_default(), word).map_or(from, |at| from + at);
            from = at + word.len();
            let hit = Hit::new(word.into(), location(at, None));
            self.find_deviating(&hit, file, host)?;
        }
        if self.report.tokens == 0 {
            let opaque = named_opaque(text);
            if !opaque.is_empty() {
                self.take_stated(Some(text), host);
            }
            for Candidate { name, token, .. } in opaque {
                let at = memchr::memmem::find(text, &token).unwrap_or_default();
                let location = TokenLocation { place: format!("member {name}").into(), ..location(at, None) };
                let hit = Hit { opaque: true, ..Hit::new(token.into(), location) };
                self.find(&hit, file, host)?;
            }
        }
        if self.report.tokens == 0 {
            self.named = self.named.take().or_else(|| other_kind_in(text));
        }
        Ok(())
    }

    /// Reports a token that deviates from the compact serialization, and returns whether the text is one.
    fn find_deviating(
        &mut self,
        hit: &Hit<'_>,
        file: Option<&str>,
        host: &mut Host<'_>,
    ) -> Result<bool, CommandError> {
        let Some((token, deviations)) = readable(&hit.token) else { return Ok(false) };
        let sd_jwt = sd_jwt(&deviations);
        for note in deviations.iter().filter(|_| sd_jwt.is_none()).flat_map(Deviation::notes) {
            host.message(Level::Warning, &note);
        }
        let shown = Hit::new(token.into(), hit.found.clone());
        self.add(&shown, Some(&*hit.token), sd_jwt, file, host)?;
        self.key_binding = sd_jwt.and_then(|(_, key_binding)| key_binding).map(str::to_owned);
        Ok(true)
    }

    /// Reports one found token.
    fn find(&mut self, hit: &Hit<'_>, file: Option<&str>, host: &mut Host<'_>) -> Result<(), CommandError> {
        // The report names the wrapping of each token, so one note is enough.
        if let Some(names) = hit.found.wrapping.as_ref().filter(|_| !std::mem::replace(&mut self.noted, true))
        {
            host.message(Level::Note, &format!("unwrapped: {names}"));
        }
        // The scanner ends a token at `+`, `/` and `=`, which standard Base64 may contain.
        if !hit.tail.is_empty() && (hit.tail.first() != Some(&b'~') || is_rest_of_sd_jwt(&hit.tail)) {
            let is_whole =
                Compact::parse(&hit.token, self.max_size).is_ok_and(|compact| compact.is_decoded());
            let whole = Hit::new([&*hit.token, &*hit.tail].concat().into(), hit.found.clone());
            if !(is_whole && hit.tail.starts_with(b"/")) && self.find_deviating(&whole, file, host)? {
                return Ok(());
            }
        }
        // A word that looks opaque can be the Base64 of a token.
        if hit.opaque
            && let Some(found) = base64(&hit.token)
        {
            let location = TokenLocation { wrapping: found.wrapping(), ..hit.found.clone() };
            return self.find(&Hit::new(found.token, location), file, host);
        }
        self.add(hit, None, None, file, host)
    }

    /// Adds a token to the report or the suite. `received` is the text of a token that is shown in another form, and
    /// `sd_jwt` the disclosures and the key binding JWT after it.
    fn add(
        &mut self,
        hit: &Hit<'_>,
        received: Option<&[u8]>,
        sd_jwt: Option<(&[String], Option<&str>)>,
        file: Option<&str>,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let is_binding = self.key_binding.take_if(|jwt| jwt.as_bytes() == &*hit.token).is_some();
        self.report.locations += 1;
        // The scanner does not keep a text that is too long, so it cannot be compared.
        if let Some(seen) = self.seen.as_mut().filter(|_| !hit.token.is_empty())
            && let Some((digest, _)) = sha256(&hit.token).split_first_chunk()
            && !seen.insert(*digest)
        {
            return Ok(());
        }
        self.report.tokens += 1;
        if self.only_counts() {
            return Ok(());
        }
        self.renew_keys_for(&EncryptedText::Compact(&hit.token), host);
        let location = self.location(hit, file);
        if self.recording.is_some() {
            // A recorded suite has no disclosures, which would show what `--redact` masks.
            self.record(hit, received.filter(|_| sd_jwt.is_none()), &location, host);
            return Ok(());
        }
        let verifier = match self.given {
            Some(given) => Verifier::new(&given.keys, self.policy).with_secret(given.written.as_ref()),
            None => Verifier::without_key(self.policy),
        };
        let verifier = verifier.with_max_size(self.max_size).with_decrypter(self.decrypter);
        let verifier = verifier.with_sd_jwts(SdJwts::Accepted);
        let is_whole = hit.token.len() >= hit.length;
        let opening = if is_whole { verifier.open(&hit.token) } else { None };
        // Most tokens of a log have one of few headers. To read none of them again saves 1,500 instructions a token.
        let is_cached = self.given.is_none() && opening.is_none();
        let cached = if is_cached { self.headers.lookup(&hit.token).cloned() } else { None };
        let text = EncryptedText::Compact(&hit.token);
        let envelopes = text.envelopes(opening.as_ref(), self.max_size);
        let outer = text.outer(&envelopes, opening.as_ref());
        let mut decoded = std::mem::take(&mut self.decoded);
        let parsed = if is_whole {
            // The report shows all parts of an SD-JWT, even if they do not fit together.
            let whole = received.filter(|_| sd_jwt.is_some()).and_then(|whole| verifier.parse(whole).ok());
            match (whole, cached.as_deref()) {
                (Some(whole), _) => Ok(whole),
                // To decode into memory that is kept saves 700 instructions a token.
                (None, Some(cached)) => {
                    match PlainToken::parse(&verifier, &hit.token, cached, &mut decoded) {
                        Some(plain) => plain.parsed(),
                        None => verifier.parse_cached(&hit.token, Some(cached)),
                    }
                }
                (None, None) => verifier.parse_opened(&hit.token, opening.as_ref()),
            }
        } else {
            Err(too_large(hit.length as u64, self.max_size))
        };
        let mut read = parsed.as_ref().map(ParsedToken::read);
        let token = read.as_ref().map_err(|failure| *failure);
        // The verdict on the SD-JWT covers its key binding JWT, which the issuer's key does not verify.
        let verifier = self.given.filter(|_| !is_binding).map(|_| &verifier);
        // Each try costs a MAC for each known secret, so a long log gets a bounded number of tries.
        let known_secrets = match self.report.tokens {
            ..=SECRET_TRIES => KnownSecrets::Tried,
            _ => KnownSecrets::NotTried,
        };
        let description = Description {
            redaction: self.redaction,
            known_secrets,
            at: host.now(),
            outer: &outer,
            opening: opening.as_ref(),
        };
        let mut report = token_report(hit, location, token, verifier, description);
        if let FoundText::Token(anatomy) = &mut report.content {
            match (sd_jwt, token) {
                (Some((disclosures, key_binding)), _) => anatomy.read_sd_jwt(disclosures, key_binding),
                (None, Ok(token)) => anatomy.sd_jwt = token.sd_jwt().cloned(),
                (None, Err(_)) => {}
            }
        }
        // The verdict is that of `verify` on the text as received.
        if let (Some(received), Some(verifier)) = (received, verifier)
            && let Err(failure) = verifier.parse(received)
        {
            report.verification = Some(verifier.unreadable(failure, None));
        }
        let message = if is_binding { None } else { self.requirements.check(&report) };
        self.report.add(&report, message, host)?;
        drop(report);
        if let Ok(token) = &mut read {
            token.clear();
        }
        drop(read);
        drop(parsed);
        self.decoded = decoded;
        Ok(())
    }

    /// Fetches the keys again if a token names one that the cached keys lack.
    fn renew_keys_for(&mut self, text: &EncryptedText<'_>, host: &mut Host<'_>) {
        let Some(given) = self.given.filter(|_| self.renewed.get().is_none()) else { return };
        let verifier = Verifier::new(&given.keys, self.policy).with_max_size(self.max_size);
        if lacks_key(given, &verifier.with_decrypter(self.decrypter), text, (host.clock)().seconds()) {
            self.given = Some(self.renewed.get_or_init(|| given.renewed(host)));
        }
    }

    /// Adds a token to the suite, as the text that was received.
    fn record(
        &mut self,
        hit: &Hit<'_>,
        received: Option<&[u8]>,
        location: &TokenLocation,
        host: &mut Host<'_>,
    ) {
        let Some(recording) = &mut self.recording else { return };
        // A process that writes to this pipe may still be minting, so the clock is read at the first token.
        if self.report.tokens == 1 {
            recording.set_clock(host.now());
        }
        match received {
            None => recording.add(hit, location, self.given),
            Some(received) => {
                recording.add(&Hit::new(received.into(), hit.found.clone()), location, self.given);
            }
        }
    }

    /// Returns the location of a token, masked if the report is redacted.
    fn location(&self, hit: &Hit<'_>, file: Option<&str>) -> TokenLocation {
        let mut location = TokenLocation { file: file.map(str::to_owned), ..hit.found.clone() };
        if self.redaction == Redaction::Mask {
            location.place = mask_words(&location.place).into_owned().into();
            location.file = location.file.map(|file| mask_words(&file).into_owned());
        }
        location
    }

    /// Reports whether the number of tokens is all that matters.
    const fn only_counts(&self) -> bool {
        self.recording.is_none() && self.requirements.are_empty() && !self.report.shows_tokens()
    }

    /// Reports whether no further token can change the output or the status.
    fn is_over(&self) -> bool {
        self.report.is_complete() && self.requirements.are_empty()
    }

    /// Writes the page, if one is wanted. A failed write does not keep the report from being written.
    fn page(&mut self, status: ExitStatus, host: &mut Host<'_>) -> Result<(), CommandError> {
        let Some(path) = self.page_path else { return Ok(()) };
        let Some(page) = self.report.end_page(self.unreadable, host) else { return Ok(()) };
        if is_stdout(path) {
            return Ok(output::write(host, &page, status)?);
        }
        (host.write)(Path::new(path), &page, IfExists::ReplaceTarget)
            .map_err(|error| UsageError::ReportNotWritten { format: PAGE, path: path.into(), error }.into())
    }

    /// Ends the report or the suite, and returns the status.
    fn end(mut self, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
        let recording = self.recording.take();
        let is_empty = match &recording {
            Some(recording) => recording.is_empty(),
            None => self.report.tokens == 0,
        };
        let status = match (self.unreadable, is_empty) {
            (0, true) => ExitStatus::NoToken,
            (0, false) => self.requirements.status(),
            _ => ExitStatus::Unjudged,
        };
        let failure: Option<CommandError> = match (self.first_error.take(), is_empty) {
            (Some(error), _) if !self.names_files => Some(error),
            (Some(_), _) => Some(InspectError::Unreadable { sources: self.unreadable }.into()),
            (None, true) => Some(InspectError::NoToken(self.named.take()).into()),
            (None, false) => None,
        };
        let page = self.page(status, host);
        let is_documented = match recording {
            // An empty suite would be false if a text could not be read.
            Some(_) if is_empty && self.unreadable > 0 => false,
            Some(recording) => {
                recording.end(host)?;
                false
            }
            None => {
                let unmet = self.requirements.unmet().map(CommandError::from);
                let documented = failure.as_ref().or(unmet.as_ref());
                self.report.end(self.unreadable == 0, status, documented, host)?
            }
        };
        page?;
        match failure {
            Some(failure) if is_documented => Err(failure.documented()),
            Some(failure) => Err(failure),
            None => Ok(status),
        }
    }
}

/// The facts of a report on a token that its content does not tell.
struct Description<'t, 'v> {
    redaction: Redaction,
    known_secrets: KnownSecrets,
    at: NumericDate,
    /// The encrypted tokens around it, the outermost first.
    outer: &'t [Token<'t>],
    /// The outcome of the decryption.
    opening: Option<&'t Opening<'v>>,
}

/// Returns the report on one found token, with its verdict if a key was given.
fn token_report<'t>(
    hit: &Hit<'_>,
    location: TokenLocation,
    token: Result<&'t SubmittedToken<'t, 't>, &Failure>,
    verifier: Option<&Verifier<'t>>,
    description: Description<'t, 't>,
) -> TokenReport<'t> {
    let Description { redaction, known_secrets, at, outer, opening } = description;
    let length = hit.length;
    match token {
        Ok(token) => TokenReport {
            location,
            content: FoundText::Token(Box::new(
                Anatomy::new(token.token(), at, redaction)
                    .with_known_secrets(known_secrets)
                    .with_envelopes(outer)
                    .with_failed_opening(opening.and_then(Opening::failure)),
            )),
            verification: verifier.map(|verifier| {
                let mut verification = verifier.judge(token, at);
                verifier.add_hints(&mut verification, token, HintScope::Inspect, at);
                verification
            }),
        },
        Err(_) if hit.opaque && !is_header_cut_short(&hit.token) && damage(&hit.token).is_none() => {
            let kind = shape_of(&hit.token).map(|shape| shape.name);
            TokenReport { location, content: FoundText::Opaque { length, kind }, verification: None }
        }
        Err(failure) => {
            let mut failure = failure.clone();
            if let Some(damage) = damage(&hit.token) {
                let _ = write!(failure.detail, ": {damage}");
            } else if is_cut_short(&hit.token) {
                failure.detail.push_str(": the token is cut short");
            }
            let verification = verifier.map(|verifier| verifier.unreadable(failure.clone(), None));
            TokenReport { location, content: FoundText::Unreadable { length, failure }, verification }
        }
    }
}
