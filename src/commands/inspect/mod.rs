//! `fob inspect`: every token in any amount of text, with all there is to say about it.

mod gates;
mod report;
mod suite;
mod verdicts;

use self::gates::Gates;
use self::report::{Form, Report};
use self::suite::Recording;
use crate::cli::inspect::InspectArgs;
use crate::commands::key_settings;
use crate::core::key::KeyUse;
use crate::core::key::digest::sha256;
use crate::core::reason::{Failure, Malformed};
use crate::core::redact::{Redaction, mask_words};
use crate::core::report::{Anatomy, FoundText, TokenLocation, TokenReport, Verification};
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::policy::Policy;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::input::InputError;
use crate::input::text_source::{self, TextSource};
use crate::input::walk::{HiddenFiles, Walk};
use crate::keys::{self, GivenKey};
use crate::output::JsonList;
use crate::scan::{Hit, Scanner};
use std::collections::HashSet;
use std::io::{self, Read};
use std::path::Path;

/// How much is read at once: as much as stays near a processor.
const BLOCK: usize = 256 << 10;

pub(crate) fn inspect(
    args: InspectArgs,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    // A key in the environment does not make a report a verdict; only one that is named does.
    let settings = key_settings::for_verifying(args.key.clone(), args.issuer.clone());
    let asked = args.key.is_given() || args.issuer.issuer_keys.is_some();
    let asked = asked || (args.suite.is_some() && keys::is_available(&settings, host));
    let recording = Recording::begin(&args, asked, host)?;
    let given = if asked { Some(keys::load(&settings, KeyUse::Verify, host)?) } else { None };
    if args.texts.is_empty() && host.stdin_is_terminal {
        host.important_message(Level::Hint, "paste the text, and end it with Ctrl-D on a line of its own");
    }
    let mut texts = TextSource::from_arguments(&args.texts, host)?;
    if texts.is_empty() {
        texts.push(TextSource::Stdin);
    }
    let form = match (host.is_quiet() || recording.is_some(), args.count, json) {
        (true, ..) => Form::Nothing,
        (_, true, json) => Form::Count { json, unique: args.unique },
        (_, _, true) => Form::Json(JsonList::new("tokens")),
        _ => Form::Text,
    };
    let mut inspection = Inspection {
        given: given.as_ref(),
        policy: Policy { required: args.require.clone(), ..Policy::default() },
        redaction: if args.redact || (recording.is_some() && !args.keep_claims) {
            Redaction::Mask
        } else {
            Redaction::None
        },
        max_size: args.limit.max_size,
        seen: (args.unique || recording.is_some()).then(HashSet::new),
        gates: Gates::new(&args.require, args.valid_for, given.is_some()),
        report: Report::new(form),
        says_files: texts.len() > 1 || texts.iter().any(|text| matches!(text, TextSource::Folder(_))),
        recording,
        problems: 0,
        first_problem: None,
    };
    for text in texts {
        inspection.look_through(text, host)?;
        if inspection.is_over() {
            break;
        }
    }
    inspection.end(host)
}

/// What tokens are looked at with, and what came of it so far.
struct Inspection<'r> {
    given: Option<&'r GivenKey>,
    policy: Policy,
    redaction: Redaction,
    max_size: usize,
    /// Digests of the tokens that were reported, where each is reported once.
    seen: Option<HashSet<[u8; 16]>>,
    gates: Gates<'r>,
    report: Report,
    /// Whether a place is told with the file it is in.
    says_files: bool,
    /// The cases of a suite, if one is made instead of a report.
    recording: Option<Recording>,
    /// How much could not be read.
    problems: usize,
    first_problem: Option<CommandError>,
}

impl Inspection<'_> {
    fn look_through(&mut self, text: TextSource, host: &mut Host<'_>) -> Result<(), CommandError> {
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

    fn open(&mut self, path: Option<&Path>, host: &mut Host<'_>) -> Result<(), CommandError> {
        match text_source::open(path, host) {
            Ok(mut stream) => self.scan(&mut *stream, path, path.is_none(), host),
            Err(error) => {
                self.miss(error.into(), host);
                Ok(())
            }
        }
    }

    /// Keeps what could not be read. Where it is not all there is, it is told at once.
    fn miss(&mut self, problem: CommandError, host: &mut Host<'_>) {
        self.problems += 1;
        if self.says_files {
            host.message(Level::Warning, &problem.to_string());
        }
        self.first_problem.get_or_insert(problem);
    }

    fn scan(
        &mut self,
        stream: &mut dyn Read,
        path: Option<&Path>,
        is_stdin: bool,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let file = path
            .filter(|_| self.says_files || self.recording.is_some())
            .map(|path| path.to_string_lossy().into_owned());
        // A percent-encoded token takes three times its length, and something may stand around it.
        let longest = self.max_size.saturating_mul(3).saturating_add(BLOCK);
        let mut scanner = Scanner::new(BLOCK, longest);
        let outcome = loop {
            self.report.rest(is_stdin, host)?;
            if self.is_over() {
                return Ok(());
            }
            match stream.read(scanner.read_buffer()) {
                Ok(0) => break Ok(()),
                Ok(bytes) => scanner.advance(bytes, &mut |hit| self.find(&hit, file.as_deref(), host))?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        // What came before a fault was found all the same.
        scanner.finish(&mut |hit| self.find(&hit, file.as_deref(), host))?;
        if let Err(error) = outcome {
            self.report.rest(false, host)?;
            self.miss(text_source::read_error(path, error).into(), host);
        }
        Ok(())
    }

    fn find(&mut self, hit: &Hit<'_>, file: Option<&str>, host: &mut Host<'_>) -> Result<(), CommandError> {
        self.report.places += 1;
        // What is too long to be kept cannot be compared.
        if let Some(seen) = self.seen.as_mut().filter(|_| !hit.token.is_empty())
            && let Some((digest, _)) = sha256(&hit.token).split_first_chunk()
            && !seen.insert(*digest)
        {
            return Ok(());
        }
        self.report.tokens += 1;
        let found = self.place(hit, file);
        if let Some(recording) = &mut self.recording {
            // Whoever is piped in here may mint them while this waits: the clock is looked at when a token is there.
            if self.report.tokens == 1 {
                recording.set_clock(host.now());
            }
            recording.add(hit, &found, self.given);
            return Ok(());
        }
        if self.gates.are_open() && !self.report.shows_tokens() {
            return Ok(());
        }
        let compact = if hit.token.len() < hit.length {
            let detail = format!("{} bytes, and {} are allowed", hit.length, self.max_size);
            Err(Failure::malformed(Malformed::TooLarge, detail))
        } else {
            Compact::parse(&hit.token, self.max_size)
        };
        let token = compact.as_ref().map(Token::parse);
        let token = token.as_ref().map_err(|failure| *failure);
        let entry = entry(hit, found, token, self.given, &self.policy, self.redaction, host.now());
        let remark = self.gates.pass(&entry).map(|remark| {
            let TokenLocation { line, file, .. } = &entry.location;
            file.as_ref()
                .map_or_else(|| format!("line {line}: {remark}"), |file| format!("{file}:{line}: {remark}"))
        });
        self.report.add(&entry, remark, host)?;
        Ok(())
    }

    fn place(&self, hit: &Hit<'_>, file: Option<&str>) -> TokenLocation {
        let mut found = TokenLocation { file: file.map(str::to_owned), ..hit.found.clone() };
        if self.redaction == Redaction::Mask {
            found.place = mask_words(&found.place).into_owned();
            found.file = found.file.map(|file| mask_words(&file).into_owned());
        }
        found
    }

    /// Whether nobody waits for anything that is still to come.
    fn is_over(&self) -> bool {
        self.report.is_closed() && self.gates.are_open()
    }

    fn end(mut self, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
        let recording = self.recording.take();
        let is_empty = match &recording {
            Some(recording) => recording.is_empty(),
            None => self.report.tokens == 0,
        };
        let status = match (self.problems, is_empty) {
            (0, true) => ExitStatus::NoToken,
            (0, false) => self.gates.status(),
            _ => ExitStatus::Unjudged,
        };
        match recording {
            // Of what could not be read, it is not said that there is nothing in it.
            Some(recording) if is_empty && self.problems > 0 => drop(recording),
            Some(recording) => recording.end(host)?,
            None => self.report.end(self.problems == 0, status, host)?,
        }
        match (self.first_problem, is_empty) {
            (Some(problem), _) if !self.says_files => Err(problem),
            (Some(_), _) => {
                let what = if self.problems == 1 { "one of them" } else { "some of them" };
                Err(CommandError::usage(format!("{what} could not be read")))
            }
            (None, true) => Err(CommandError::no_token("there is no token in this text")),
            (None, false) => Ok(status),
        }
    }
}

/// All about one find.
fn entry<'t>(
    hit: &Hit<'_>,
    found: TokenLocation,
    token: Result<&'t Token<'t>, &Failure>,
    given: Option<&'t GivenKey>,
    policy: &Policy,
    redaction: Redaction,
    at: NumericDate,
) -> TokenReport<'t> {
    let length = hit.length;
    match token {
        Ok(token) => TokenReport {
            location: found,
            content: FoundText::Token(Box::new(Anatomy::new(token, at, redaction))),
            verification: given
                .map(|given| Verification::of(token, &given.keys, given.written.as_ref(), policy, at)),
        },
        Err(_) if hit.opaque => {
            TokenReport { location: found, content: FoundText::Opaque { length }, verification: None }
        }
        Err(failure) => {
            let failure = failure.clone();
            let verification =
                given.map(|given| Verification::unreadable(failure.clone(), None, &given.keys));
            TokenReport { location: found, content: FoundText::Unreadable { length, failure }, verification }
        }
    }
}
