//! The keys a user has, one or a set (RFC 7517 section 5), and which of them a token gets. A set is taken as sets are
//! met: keys without names, names used twice, keys of unknown types, keys for encryption. What cannot be used is no
//! hindrance unless it is the one that is wanted.

use super::{Key, KeyUse, Material};
use crate::core::json::{Member, Value};
use crate::core::reason::{Failure, KeyMismatch, Reason};
use crate::core::text::escape::excerpt;
use crate::core::token::algorithm::{AlgName, Algorithm};
use crate::core::token::claims::{ClaimsSet, locate};
use crate::core::token::header::JoseHeader;

/// A member of a set that is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableMember {
    /// Its `kid`, if it has one.
    pub kid: Option<String>,
    /// What is wrong with it.
    pub what: String,
}

/// One key, or the keys of a set.
#[derive(Clone, Debug)]
pub struct KeyRing {
    /// The keys that could be read.
    keys: Vec<Key>,
    /// What could not.
    unreadable: Vec<UnreadableMember>,
    /// Whether they came as a set.
    is_set: bool,
    /// Where they came from, in words that show no secret.
    source: String,
    /// The claim that names the key, instead of the header's `kid`.
    claim: Option<String>,
    /// Whether secrets stood beside public keys.
    is_mixed: bool,
}

/// Which key a token gets.
#[derive(Clone, Debug)]
pub struct KeyChoice<'k> {
    /// The key; nothing if there is none for it.
    pub key: Option<&'k Key>,
    /// Why there is none, or why it is not the one that is asked for.
    pub failure: Option<Failure>,
    /// Whether some key goes with the token's algorithm by its type.
    pub fits_type: bool,
    /// The source of all keys.
    pub source: &'k str,
    /// How it was chosen, where that is worth a word; not yet safe to show.
    pub how: Option<String>,
}

/// A set whose keys cannot be told apart well enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySelectionError {
    /// There is no such key; the names there are.
    None(String),
    /// There are several; their names.
    Several(String),
}

impl From<Key> for KeyRing {
    fn from(key: Key) -> Self {
        Self {
            source: key.source.clone(),
            keys: vec![key],
            unreadable: Vec::new(),
            is_set: false,
            claim: None,
            is_mixed: false,
        }
    }
}

impl KeyRing {
    /// The keys of a set.
    #[must_use]
    pub fn set(keys: Vec<Key>, unreadable: Vec<UnreadableMember>, source: String) -> Self {
        let secret = keys.iter().any(|key| matches!(key.material, Material::Hmac(_)));
        let public = keys.iter().any(|key| !key.is_private());
        Self { keys, unreadable, is_set: true, source, claim: None, is_mixed: secret && public }
    }

    /// Lets a claim of the token name the key.
    #[must_use]
    pub fn by_claim(self, claim: Option<String>) -> Self {
        Self { claim, ..self }
    }

    /// Leaves only the keys of that name in a set; gives a single key that name.
    ///
    /// # Errors
    /// [`KeySelectionError::None`] if a set has no such key.
    pub fn named(mut self, kid: &str) -> Result<Self, KeySelectionError> {
        if self.is_set {
            let names = self.names();
            self.keys.retain(|key| key.kid.as_deref() == Some(kid));
            if self.keys.is_empty() {
                return Err(KeySelectionError::None(names));
            }
        } else if let Some(key) = self.keys.first_mut() {
            key.kid = Some(kid.to_owned());
        }
        Ok(self)
    }

    /// The keys that could be read.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key, if it is no set.
    #[must_use]
    pub fn only(&self) -> Option<&Key> {
        self.keys.first().filter(|_| !self.is_set)
    }

    /// Where they came from, in words that show no secret.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether they came as a set.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.is_set
    }

    /// The claim that names the key.
    #[must_use]
    pub fn claim(&self) -> Option<&str> {
        self.claim.as_deref()
    }

    /// What could not be read.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableMember] {
        &self.unreadable
    }

    /// Why the whole set is refused: who can publish one of its keys has published its secrets.
    #[must_use]
    pub fn unusable_reason(&self) -> Option<Failure> {
        self.is_mixed.then(|| {
            let detail = format!("the set from {} mixes secrets with public keys", self.source);
            Failure::new(Reason::KeyMismatch(KeyMismatch::Kty), detail)
        })
    }

    /// The key that a token with this header and these claims gets: by its name where there is one, else the only one that
    /// fits. What is unverified only selects. The claims matter only where one of them [names](Self::claim) the key.
    #[must_use]
    pub fn choose(&self, header: Option<&JoseHeader<'_>>, claims: Option<&ClaimsSet<'_>>) -> KeyChoice<'_> {
        let algorithm = match header.and_then(|header| header.alg().ok()).map(AlgName::parse) {
            Some(AlgName::Known(algorithm)) => Some(algorithm),
            _ => None,
        };
        let fits_type = algorithm.is_none_or(|algorithm| {
            self.keys.iter().any(|key| key.has_type(algorithm.kty()) || key.algorithms().is_empty())
        });
        let none = KeyChoice { key: None, failure: None, fits_type, source: &self.source, how: None };
        if let Some(unusable_reason) = self.unusable_reason() {
            return KeyChoice { failure: Some(unusable_reason), ..none };
        }
        let in_header = header.and_then(|header| header.kid().ok().flatten()).map(str::to_owned);
        let (wanted, how) = match &self.claim {
            None => (in_header, None),
            Some(claim) => match claims.and_then(|claims| name_in(claims.members(), claim)) {
                Some(name) => (Some(name), Some(format!("chosen by the unverified claim `{claim}`"))),
                None => {
                    let detail = format!("the token has no claim `{claim}` that could name a key");
                    return KeyChoice { failure: Some(Failure::new(Reason::KeyNotFound, detail)), ..none };
                }
            },
        };
        let found = if self.is_set {
            self.search(wanted.as_deref(), algorithm)
        } else {
            self.keys
                .first()
                .map(|key| (key, mistaken(key, wanted.as_deref())))
                .ok_or_else(|| "there is no key".to_owned())
        };
        match found {
            Ok((key, failure)) => KeyChoice { key: Some(key), failure, how, ..none },
            // What is wrong with the algorithm is said elsewhere.
            Err(_) if algorithm.is_none() => none,
            Err(detail) => {
                let detail = how.map_or(detail.clone(), |how| format!("{detail}; {how}"));
                KeyChoice { failure: Some(Failure::new(Reason::KeyNotFound, detail)), ..none }
            }
        }
    }

    fn search(
        &self,
        wanted: Option<&str>,
        algorithm: Option<Algorithm>,
    ) -> Result<(&Key, Option<Failure>), String> {
        // A header may name a key where the set names none; a claim that chooses may not.
        let nameless = self.claim.is_none()
            && self.keys.iter().all(|key| key.kid.is_none())
            && self.unreadable.iter().all(|member| member.kid.is_none());
        let named: Vec<&Key> = match wanted {
            Some(wanted) if !nameless => {
                self.keys.iter().filter(|key| key.kid.as_deref() == Some(wanted)).collect()
            }
            _ => self.keys.iter().collect(),
        };
        if let (Some(wanted), false) = (wanted, nameless) {
            match named.as_slice() {
                [] => return Err(self.absent(wanted)),
                [only] => return Ok((only, None)),
                _ => {}
            }
        }
        let algorithm = algorithm.ok_or("the algorithm is not known")?;
        let mut fitting: Vec<&Key> = named.iter().copied().filter(|key| fits(key, algorithm)).collect();
        leave_refused(&mut fitting);
        match (fitting.as_slice(), named.as_slice()) {
            ([only], _) => Ok((only, None)),
            // One key under one name twice is one key.
            ([first, rest @ ..], _) if rest.iter().all(|key| same(first, key)) => Ok((first, None)),
            ([], [first, ..]) if wanted.is_some() && !nameless => Ok((first, None)),
            ([], _) => Err(format!("no key of the set fits {algorithm}")),
            (several, _) => Err(match wanted.filter(|_| !nameless) {
                Some(wanted) => format!("{} keys named `{}` fit {algorithm}", several.len(), excerpt(wanted)),
                None => format!("{} keys of the set fit {algorithm}, and nothing says which", several.len()),
            }),
        }
    }

    fn absent(&self, wanted: &str) -> String {
        match self.unreadable.iter().find(|member| member.kid.as_deref() == Some(wanted)) {
            Some(member) => {
                format!("the key `{}` of the set cannot be read: {}", excerpt(wanted), member.what)
            }
            None => {
                format!("the token asks for the key `{}`, and the set has {}", excerpt(wanted), self.names())
            }
        }
    }

    /// The names of the keys, for people; not yet safe to show.
    #[must_use]
    pub fn names(&self) -> String {
        names(self.keys.iter())
    }

    /// The key to sign with: the one that the claim of the new token names, if claims name keys, else the only one that
    /// can sign (with this algorithm, if it is given).
    ///
    /// # Errors
    /// [`KeySelectionError`] if there is none or more than one.
    pub fn signing_key(
        &self,
        algorithm: Option<Algorithm>,
        claims: &[Member<'_>],
    ) -> Result<&Key, KeySelectionError> {
        let wanted = match &self.claim {
            Some(claim) => Some(name_in(claims, claim).ok_or_else(|| {
                KeySelectionError::None(format!("the token has no claim `{claim}` that could name a key"))
            })?),
            None => None,
        };
        let named = |key: &&Key| match (&wanted, &key.kid) {
            (Some(wanted), Some(kid)) => wanted == kid,
            (Some(_), None) => !self.is_set,
            (None, _) => true,
        };
        let able = |key: &&Key| {
            !self.is_set
                || (key.is_private()
                    && algorithm.or_else(|| key.algorithm()).is_some_and(|algorithm| {
                        key.has_type(algorithm.kty()) && key.mismatch(algorithm, KeyUse::Sign).is_none()
                    }))
        };
        let mut keys: Vec<&Key> = self.keys.iter().filter(named).filter(able).collect();
        leave_refused(&mut keys);
        match keys.as_slice() {
            [key] => Ok(*key),
            [] => Err(KeySelectionError::None(match wanted {
                Some(wanted) => format!("no key is named `{}`", excerpt(&wanted)),
                None => format!(
                    "no key of {} can sign{}",
                    self.source,
                    algorithm.map(|name| format!(" with {name}")).unwrap_or_default()
                ),
            })),
            several => Err(KeySelectionError::Several(names(several.iter().copied()))),
        }
    }
}

/// The names of some keys, for people; not yet safe to show.
fn names<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    const NAMED: usize = 8;
    let (mut names, mut total) = (Vec::new(), 0);
    for key in keys {
        total += 1;
        names.extend(
            key.kid.as_deref().filter(|_| names.len() < NAMED).map(|kid| format!("`{}`", excerpt(kid))),
        );
    }
    if names.is_empty() {
        return "no key with a name".to_owned();
    }
    if total > names.len() {
        names.push("…".to_owned());
    }
    names.join(", ")
}

/// A key that is refused anyway stands in the way of no other.
fn leave_refused(keys: &mut Vec<&Key>) {
    // To find out can take longer than to sign.
    if keys.len() > 1 && keys.iter().any(|key| key.unusable_reason().is_none()) {
        keys.retain(|key| key.unusable_reason().is_none());
    }
}

/// Whether a single key goes by another name than the one that is asked for.
fn mistaken(key: &Key, wanted: Option<&str>) -> Option<Failure> {
    let (ours, theirs) = (key.kid.as_deref()?, wanted?);
    (ours != theirs).then(|| {
        let (theirs, ours) = (excerpt(theirs), excerpt(ours));
        let detail = format!("the token asks for the key `{theirs}`, and this one is `{ours}`");
        Failure::new(Reason::KeyNotFound, detail)
    })
}

fn fits(key: &Key, algorithm: Algorithm) -> bool {
    key.has_type(algorithm.kty()) && key.mismatch(algorithm, KeyUse::Verify).is_none()
}

fn same(a: &Key, b: &Key) -> bool {
    super::jwk::thumbprint(a).is_some_and(|print| super::jwk::thumbprint(b) == Some(print))
}

/// The name that a claim gives a key: its text, or the digits of a number.
fn name_in(claims: &[Member<'_>], claim: &str) -> Option<String> {
    match locate(claims, claim)? {
        Value::String(text) => Some(text.to_string()),
        Value::Number(digits) => Some(digits.to_string()),
        _ => None,
    }
}
