//! `fob inspect --suite`: writes each token of a recording as a case of a suite, with its current verdict. Each case is
//! judged here with the settings that the suite contains, so that `verify --suite` gives the same verdict.

use super::verdicts::{CaseJudge, CaseKey, Minted, expectations};
use crate::cli::inspect::InspectArgs;
use crate::commands::key_settings;
use crate::core::encryption::Decrypter;
use crate::core::reason::{Reason, listed};
use crate::core::redact::fixture::masked_token;
use crate::core::report::TokenLocation;
use crate::core::text::layout::count;
use crate::core::token::jws::MAX_SIZE;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::policy::Policy;
use crate::error::CommandError;
use crate::error::inspect::InspectError;
use crate::host::{Host, Level};
use crate::keys::GivenKey;
use crate::keys::is_url;
use crate::output::is_stdout;
use crate::scan::Hit;
use crate::suite::destination::{check_vacant, write_suite};
use crate::suite::key;
use crate::suite::write::{NewCase, NewSuite, Setting};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// A suite of recorded tokens while it grows.
pub(super) struct Recording {
    path: PathBuf,
    keeps_claims: bool,
    judge: CaseJudge,
    /// The members of the suite that name the key, if one was given.
    key: Option<Vec<(String, Setting)>>,
    /// The members of the suite that name the decryption keys.
    decryption: Vec<(String, Setting)>,
    /// Steps for the user before the suite can be run.
    hints: Vec<String>,
    cases: Vec<NewCase>,
    /// The type of key that each case needs.
    families: Vec<Option<CaseKey>>,
    names: HashSet<String>,
    /// The number of cases that asked for a name.
    wanted: HashMap<String, usize>,
    /// The numbers of tokens that the suite keeps unchanged, mints again, and keeps masked without a signature.
    whole: usize,
    minted: usize,
    masked: usize,
    /// The number of unchanged tokens that are still valid, unless the user asked to keep claims.
    live: usize,
    opaque: usize,
    too_large: usize,
}

impl Recording {
    /// Returns an empty suite, if the user named a path for one.
    pub(super) fn begin(
        args: &InspectArgs,
        has_key: bool,
        host: &Host<'_>,
    ) -> Result<Option<Self>, CommandError> {
        let Some(path) = &args.suite else { return Ok(None) };
        // Checked before the input is read.
        check_vacant(path, host)?;
        let (key, hint) = if has_key {
            let (settings, hint) = key::settings(
                &key_settings::for_verifying(args.key.clone(), args.issuer.clone()),
                path,
                host,
            );
            (Some(settings), hint)
        } else {
            (None, None)
        };
        let decryption = key_settings::for_decrypting(args.decryption.clone(), args.key.password.clone());
        let (decryption, decryption_hint) =
            key::decryption_settings(&decryption, args.cookie.cookie.as_deref(), path, host);
        Ok(Some(Self {
            path: path.clone(),
            keeps_claims: args.keep_claims,
            judge: CaseJudge {
                policy: Policy::default(),
                at: host.now(),
                max_size: args.limit.max_size(),
                // Fetched keys are public.
                may_sign: args.issuer.issuer_keys.is_none()
                    && !args.key.key.first().and_then(|key| key.to_str()).is_some_and(is_url),
                decrypter: None,
            },
            key,
            decryption,
            hints: hint.into_iter().chain(decryption_hint).collect(),
            cases: Vec::new(),
            families: Vec::new(),
            names: HashSet::new(),
            wanted: HashMap::new(),
            whole: 0,
            minted: 0,
            masked: 0,
            live: 0,
            opaque: 0,
            too_large: 0,
        }))
    }

    /// Sets what the verdicts demand.
    pub(super) fn set_policy(&mut self, policy: Policy) {
        self.judge.policy = policy;
    }

    /// Sets the keys that decrypt tokens.
    pub(super) fn set_decrypter(&mut self, decrypter: Option<Decrypter>) {
        self.judge.decrypter = decrypter;
    }

    /// Returns the settings of a `mint` table that encrypt for the decryption key.
    fn recipient(&self) -> Vec<(String, Setting)> {
        let renamed = |(name, setting): &(String, Setting)| {
            let name = match name.as_str() {
                "decrypt-key" => "mint.encrypt-for",
                "decrypt-secret-env" => "mint.encrypt-secret-env",
                "decrypt-secret-file" => "mint.encrypt-secret-file",
                "decrypt-secret-format" => "mint.encrypt-secret-format",
                _ => return None,
            };
            matches!(setting, Setting::Text(_)).then(|| (name.to_owned(), setting.clone()))
        };
        self.decryption.iter().filter_map(renamed).collect()
    }

    /// Sets the time of the verdicts.
    pub(super) fn set_clock(&mut self, now: NumericDate) {
        // A fraction of a second decides over a token that was minted just now.
        self.judge.at = NumericDate::from_milliseconds(now.milliseconds());
    }

    /// Makes a case of a found token: its text unchanged or, if something in it is masked, the settings that mint the rest,
    /// or the masked text.
    pub(super) fn add(&mut self, hit: &Hit<'_>, found: &TokenLocation, given: Option<&GivenKey>) {
        if hit.opaque {
            self.opaque += 1;
            return;
        }
        let text = std::str::from_utf8(&hit.token).ok();
        let Some(text) = text.filter(|text| text.len() == hit.length && text.len() <= self.judge.max_size)
        else {
            self.too_large += 1;
            return;
        };
        let was = self.judge.judged(text, given);
        let masked = if self.keeps_claims { None } else { masked_token(text) };
        let place = match &found.file {
            Some(file) => format!("{file}, line {}, column {}", found.line, found.column),
            None => format!("line {}, column {}", found.line, found.column),
        };
        let mut remarks = vec![format!("{place}: {}", found.place)];
        let (token, expect, settings) = match masked {
            None => {
                self.whole += 1;
                let is_live = was.holds && !was.reasons.contains(&Reason::Expired);
                self.live += usize::from(is_live && !self.keeps_claims);
                (text.to_owned(), expectations(was.reasons), Vec::new())
            }
            Some(masked) => {
                let mint = || {
                    let inside = self.judge.minted_inside(text, given, &self.recipient());
                    inside.or_else(|| self.judge.minted(&masked, given))
                };
                let minted = if was.holds { mint() } else { None };
                let verdict = listed(&expectations(was.reasons));
                if let Some(Minted { settings, reasons }) = minted {
                    self.minted += 1;
                    remarks.push(format!("masked and minted anew; as it was found: {verdict}"));
                    (String::new(), expectations(reasons), settings)
                } else {
                    self.masked += 1;
                    remarks.push(format!("masked and without its signature; as it was found: {verdict}"));
                    let mut reasons = self.judge.judged(&masked, given).reasons;
                    if given.is_none() && was.holds {
                        reasons.push(Reason::BadSignature);
                        reasons.sort();
                    }
                    (masked, expectations(reasons), Vec::new())
                }
            }
        };
        let place = match &found.file {
            Some(file) => format!("{file}:{}", found.line),
            None => format!("line {}", found.line),
        };
        let name = self.name(format!("{}, {place}", was.kind));
        self.families.push(was.key);
        self.cases.push(NewCase { name, remarks, token, expect, settings });
    }

    /// Reports whether there is no case.
    pub(super) const fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Returns a name that no other case has.
    fn name(&mut self, wanted: String) -> String {
        let count = self.wanted.entry(wanted.clone()).or_default();
        loop {
            *count += 1;
            let name = if *count == 1 { wanted.clone() } else { format!("{wanted} ({count})") };
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }

    /// Writes the suite to its path, and reports that.
    pub(super) fn end(mut self, host: &mut Host<'_>) -> Result<(), CommandError> {
        let left_out = self.left_out();
        if self.cases.is_empty() {
            return Err(match left_out {
                Some(left_out) => InspectError::NoCase { left_out },
                None => InspectError::NoToken(None),
            }
            .into());
        }
        let number = count(self.cases.len(), "case");
        let remarks = self.remarks();
        let suite = NewSuite { remarks, defaults: self.defaults(), cases: self.cases };
        let needed = write_suite(&suite, &self.path, host)?;
        let place = if is_stdout(&self.path) {
            "standard output".to_owned()
        } else {
            self.path.display().to_string()
        };
        let left_out = left_out.map(|left_out| format!(" ({left_out})")).unwrap_or_default();
        host.note(&format!("{number} written to {place}{left_out}"));
        if self.live > 0 {
            let tokens = match self.live {
                1 => "1 token that is still valid".to_owned(),
                number => format!("{number} tokens that are still valid"),
            };
            let what = format!("the suite contains {tokens}, unmasked: do not share it");
            host.message(Level::Warning, &what);
        }
        for hint in self.hints.iter().chain(&needed) {
            host.message(Level::Hint, hint);
        }
        Ok(())
    }

    /// Describes the tokens that became no case.
    fn left_out(&self) -> Option<String> {
        let opaque = (self.opaque > 0).then(|| count(self.opaque, "opaque token"));
        let too_large = (self.too_large > 0).then(|| format!("{} too large", self.too_large));
        let counts: Vec<String> = opaque.into_iter().chain(too_large).collect();
        (!counts.is_empty()).then(|| format!("{} left out", counts.join(" and ")))
    }

    /// Returns the time of the verdicts in a form that suites read.
    fn clock(&self) -> String {
        self.judge.at.to_rfc3339().unwrap_or_else(|| format!("@{}", self.judge.at.seconds()))
    }

    /// Returns the defaults of all cases. Without a key they name a place for one.
    fn defaults(&mut self) -> Vec<(String, Setting)> {
        let mut defaults = vec![("at".to_owned(), Setting::Text(self.clock()))];
        if !self.judge.policy.required.is_empty() {
            defaults.push(("require".to_owned(), Setting::Texts(self.judge.policy.required.clone())));
        }
        if self.judge.max_size != MAX_SIZE {
            defaults.push(("max-size".to_owned(), Setting::Text(self.judge.max_size.to_string())));
        }
        defaults.append(&mut self.decryption);
        if let Some(key) = self.key.take() {
            defaults.extend(key);
            return defaults;
        }
        let wants = |family| self.families.contains(&Some(family));
        let (secret, key) = (wants(CaseKey::Secret), wants(CaseKey::KeyFile));
        if secret || !key {
            self.hints.push(format!("set {} to the secret before you run the suite", key::VARIABLE));
        }
        if key {
            self.hints.push(format!("write the key to {}, in the folder of the suite", key::FILE));
        }
        if secret && key {
            for (case, family) in self.cases.iter_mut().zip(&self.families) {
                case.settings.push(family.unwrap_or(CaseKey::Secret).setting());
            }
        } else {
            defaults.push(if key { CaseKey::KeyFile } else { CaseKey::Secret }.setting());
        }
        defaults
    }

    /// Returns the comments at the start of the suite: what its reader should know.
    fn remarks(&self) -> Vec<String> {
        let mut remarks =
            vec![format!("Tokens of a recording, and the verdict on each at {}.", self.clock())];
        if self.key.is_none() {
            remarks.push(
                "No key was given, so each case expects the verdict of a token with a valid signature."
                    .to_owned(),
            );
            remarks.push("Name the key below. Cases with an invalid signature will then fail.".to_owned());
        }
        let count = |number: usize, one: &str, many: &str| {
            if number == 1 { format!("1 token {one}") } else { format!("{number} tokens {many}") }
        };
        if self.minted > 0 {
            let what = count(self.minted, "is masked and minted", "are masked and minted");
            remarks.push(format!("{what} again with the key in each run."));
        }
        if self.masked > 0 {
            let what = count(self.masked, "is masked and has lost its", "are masked and have lost their");
            remarks.push(format!("{what} signature: the expected verdict is that on the masked text."));
        }
        remarks.push(if self.whole == 0 {
            "No token is complete, so a reader of this file cannot use one.".to_owned()
        } else {
            let what = count(self.whole, "is complete", "are complete");
            format!("{what}: a reader of this file can use those that are still valid. Do not share it.")
        });
        remarks
    }
}
