//! Keys of issuers that rotate them: if a token names a key that the cached sets lack, the sets are fetched once more. Which
//! processes may do so, and when, is decided in `remote`.

use super::error::KeyLoadError;
use super::settings::{KeySettings, KeySource};
use super::{GivenKey, from_url, key_set, narrowed};
use crate::core::key::KeyUse;
use crate::core::key::ring::KeyRing;
use crate::core::token::Token;
use crate::host::server_url::ServerUrl;
use crate::host::{Host, Level};
use crate::remote::DocumentAge;

/// The keys of one source.
#[derive(Clone, Debug)]
pub(super) struct LoadedKeys {
    pub(super) keys: KeyRing,
    /// The URL that they come from, and when they were fetched.
    pub(super) fetched: Option<(ServerUrl, DocumentAge)>,
}

impl From<KeyRing> for LoadedKeys {
    fn from(keys: KeyRing) -> Self {
        Self { keys, fetched: None }
    }
}

/// The keys of all sources, and how they are fetched again.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    parts: Vec<LoadedKeys>,
    settings: KeySettings,
    purpose: KeyUse,
}

impl Renewal {
    pub(super) fn new(parts: Vec<LoadedKeys>, settings: &KeySettings, purpose: KeyUse) -> Self {
        Self { parts, settings: settings.clone(), purpose }
    }

    /// Returns the keys that the settings choose. If `--kid` names none of them, they are fetched once more. Keys without a
    /// cache are never fetched again.
    pub(super) fn into_keys(mut self, host: &mut Host<'_>) -> Result<(KeyRing, Option<Self>), KeyLoadError> {
        let cache = &self.settings.cache;
        let is_fetched = self.parts.iter().any(|part| part.fetched.is_some());
        let may_fetch = cache.folder.is_some() && !cache.offline && is_fetched;
        let keys = match self.keys() {
            Err(KeyLoadError::NoSuchKid { .. }) if may_fetch && self.renew(host) => self.keys()?,
            keys => keys?,
        };
        Ok((keys, may_fetch.then_some(self)))
    }

    /// Returns the keys that the settings choose.
    fn keys(&self) -> Result<KeyRing, KeyLoadError> {
        let rings = self.parts.iter().map(|part| part.keys.clone());
        let keys = match &self.settings.source {
            KeySource::Keys(_) => KeyRing::collect(rings.collect()).map_err(KeyLoadError::RepeatedKid)?,
            _ => rings.into_iter().next().unwrap_or_else(KeyRing::empty),
        };
        narrowed(keys, &self.settings)
    }

    /// Fetches the keys from URLs again, and reports whether some are newer. A failure is a warning: the keys stay.
    fn renew(&mut self, host: &mut Host<'_>) -> bool {
        let Self { parts, settings, purpose } = self;
        let mut is_newer = false;
        for part in parts {
            let Some((url, age)) = &mut part.fetched else { continue };
            let now = (host.clock)().seconds();
            let is_held = !age.may_renew(now);
            let found = key_set::renewed(url, *age, &settings.cache, host).and_then(|found| {
                found.map(|found| from_url(&found, *purpose, &settings.password, host)).transpose()
            });
            match found {
                Ok(Some(renewed)) => {
                    *part = renewed;
                    is_newer = true;
                }
                Ok(None) if is_held => {}
                // Another process has tried, or this one has failed.
                Ok(None) => age.asked = Some(now),
                Err(error) => {
                    age.asked = Some(now);
                    host.message(Level::Warning, &format!("the cached keys are used: {error}"));
                }
            }
        }
        is_newer
    }
}

impl GivenKey {
    /// Reports whether a token names a key that these keys lack.
    pub(crate) fn lacks_key(&self, token: &Token<'_>) -> bool {
        let header = token.header.as_ref();
        header.is_ok_and(|header| self.keys.lacks_key(header, token.unverified_claims()))
    }

    /// Reports whether some keys may be fetched again at this time.
    pub(crate) fn may_be_renewed(&self, now: i64) -> bool {
        self.renewal.as_ref().is_some_and(|renewal| {
            renewal.parts.iter().filter_map(|part| part.fetched.as_ref()).any(|(_, age)| age.may_renew(now))
        })
    }

    /// Returns these keys, fetched again as far as possible.
    pub(crate) fn renewed(&self, host: &mut Host<'_>) -> Self {
        let mut renewed = self.clone();
        if let Some(renewal) = &mut renewed.renewal
            && renewal.renew(host)
        {
            match renewal.keys() {
                Ok(keys) => renewed.keys = keys,
                Err(error) => host.message(Level::Warning, &format!("the cached keys are used: {error}")),
            }
        }
        renewed
    }
}
