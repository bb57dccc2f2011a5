//! One key or a set of keys (RFC 7517 section 5), and the choice of the key for a token. Sets may hold keys without key
//! IDs, repeated key IDs, unknown types and keys for encryption: keys that cannot be used are skipped, unless the token
//! names one of them.

use super::jwk::{JwkError, thumbprint};
use super::kid_index::KidIndex;
use super::{Key, KeyUse, Material};
use crate::core::json::{Member, Value};
use crate::core::reason::{Failure, KeyMismatch, Reason};
use crate::core::text::escape::excerpt;
use crate::core::token::algorithm::{AlgName, Algorithm, KeyType};
use crate::core::token::claims::{ClaimsSet, locate};
use crate::core::token::header::JoseHeader;
use std::collections::HashMap;

/// A member of a set that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableMember {
    /// The key ID, if it has one.
    pub kid: Option<String>,
    /// The cause.
    pub error: JwkError,
}

/// One key, or the keys of a set.
#[derive(Clone, Debug)]
pub struct KeyRing {
    /// The keys that could be read.
    keys: Vec<Key>,
    /// The keys by their key IDs.
    by_kid: KidIndex,
    /// The members that could not be read.
    unreadable: Vec<UnreadableMember>,
    /// True if the keys came as a set.
    is_set: bool,
    /// A description of the source, without a secret.
    source: String,
    /// The claim that names the key, in place of the `kid` header parameter.
    claim: Option<String>,
    /// True if the set holds both secrets and public keys.
    is_mixed: bool,
    /// True if the user named several keys one by one.
    is_collection: bool,
}

/// The key chosen for a token.
#[derive(Clone, Debug)]
pub struct KeyChoice<'k> {
    /// The key, or `None` if there is none for the token.
    pub key: Option<&'k Key>,
    /// Why there is no key, or why the token asks for another key.
    pub failure: Option<Failure>,
    /// True if some key has the type that the token's algorithm needs.
    pub fits_type: bool,
    /// The source of all keys.
    pub source: &'k str,
    /// How the key was chosen, if that is not by its key ID; not yet safe to show.
    pub how: Option<String>,
}

/// A key ID that keys of two sources have. The sources and the key ID are not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatedKid {
    /// The key ID.
    pub kid: String,
    /// The sources of the two keys.
    pub sources: [String; 2],
}

/// A set without a key of the requested key ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KidNotFound {
    /// The key IDs of the set, as a list for people; not yet safe to show.
    pub names: String,
}

/// A set from which no single key can be chosen. Names in it are not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySelectionError {
    /// The claim that names the key is missing, or neither text nor a number.
    NoNamingClaim {
        /// The claim.
        claim: String,
    },
    /// No usable key has the key ID that the claim names.
    NoKeyNamed {
        /// The key ID.
        kid: String,
    },
    /// No key can sign.
    NoneCanSign {
        /// The source of the keys.
        source: String,
        /// The algorithm that was asked for.
        algorithm: Option<Algorithm>,
    },
    /// Several keys can sign.
    Several {
        /// The source of the keys.
        source: String,
        /// Their key IDs, as a list for people.
        names: String,
    },
}

impl From<Key> for KeyRing {
    fn from(key: Key) -> Self {
        Self {
            source: key.source.clone(),
            keys: vec![key],
            by_kid: KidIndex::default(),
            unreadable: Vec::new(),
            is_set: false,
            claim: None,
            is_mixed: false,
            is_collection: false,
        }
    }
}

impl KeyRing {
    /// Returns the keys of a set.
    #[must_use]
    pub fn from_set(keys: Vec<Key>, unreadable: Vec<UnreadableMember>, source: String) -> Self {
        let secret = keys.iter().any(|key| matches!(key.material, Material::Hmac(_)));
        let public = keys.iter().any(|key| !key.is_private());
        Self {
            keys,
            by_kid: KidIndex::default(),
            unreadable,
            is_set: true,
            source,
            claim: None,
            is_mixed: secret && public,
            is_collection: false,
        }
    }

    /// Returns a ring without keys, for tokens that need none.
    #[must_use]
    pub fn empty() -> Self {
        Self::from_set(Vec::new(), Vec::new(), String::new())
    }

    /// Reports whether the ring has no keys, not even unreadable ones.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.unreadable.is_empty()
    }

    /// Returns the keys of several sources that the user named one by one.
    ///
    /// # Errors
    /// [`RepeatedKid`] if keys of two sources have the same key ID.
    pub fn collect(rings: Vec<Self>) -> Result<Self, RepeatedKid> {
        let mut all = Self { is_collection: true, ..Self::from_set(Vec::new(), Vec::new(), String::new()) };
        all.source = rings.iter().map(Self::source).collect::<Vec<_>>().join(", ");
        let mut sources: HashMap<String, String> = HashMap::new();
        for ring in rings {
            // Keys without a name can have the same empty key ID.
            let named =
                |key: &Key| Some((key.kid.clone().filter(|kid| !kid.is_empty())?, key.source.clone()));
            let repeated = ring.keys.iter().filter_map(named).find_map(|(kid, source)| {
                let other = sources.get(&kid)?.clone();
                Some(RepeatedKid { kid, sources: [other, source] })
            });
            if let Some(repeated) = repeated {
                return Err(repeated);
            }
            // A set may repeat a key ID. Its first key is the one that an error names.
            for (kid, source) in ring.keys.iter().filter_map(named) {
                sources.entry(kid).or_insert(source);
            }
            all.keys.extend(ring.keys);
            all.unreadable.extend(ring.unreadable);
            all.is_mixed |= ring.is_mixed;
        }
        Ok(all)
    }

    /// Returns the keys to try on a token if the user named several and its key ID chooses none of them: all that fit the
    /// algorithm, but no key with another key ID. Returns none for a single key or a set.
    #[must_use]
    pub fn candidates(&self, header: &JoseHeader<'_>) -> Vec<&Key> {
        let algorithm = match header.alg().ok().map(AlgName::parse) {
            Some(AlgName::Known(algorithm)) if self.is_collection && self.claim.is_none() => algorithm,
            _ => return Vec::new(),
        };
        let wanted = header.kid().ok().flatten().filter(|kid| !kid.is_empty());
        let may_be_meant = |key: &&Key| match (key.kid.as_deref().filter(|kid| !kid.is_empty()), wanted) {
            (Some(kid), Some(wanted)) => kid == wanted,
            _ => true,
        };
        let mut keys: Vec<&Key> =
            self.keys.iter().filter(may_be_meant).filter(|key| can_verify(key, algorithm)).collect();
        drop_refused(&mut keys);
        keys
    }

    /// Reports whether the user named several keys one by one.
    #[must_use]
    pub const fn is_collection(&self) -> bool {
        self.is_collection
    }

    /// Returns the same keys, chosen by a claim of the token instead of its `kid`.
    #[must_use]
    pub fn by_claim(self, claim: Option<String>) -> Self {
        Self { claim, ..self }
    }

    /// Narrows a set to the keys with this key ID, or gives this key ID to a single key.
    ///
    /// # Errors
    /// [`KidNotFound`] if a set has no such key.
    pub fn named(mut self, kid: &str) -> Result<Self, KidNotFound> {
        if self.is_set {
            let names = self.names();
            self.keys.retain(|key| key.kid.as_deref() == Some(kid));
            self.by_kid = KidIndex::default();
            if self.keys.is_empty() {
                return Err(KidNotFound { names });
            }
        } else if let Some(key) = self.keys.first_mut() {
            key.kid = Some(kid.to_owned());
        }
        Ok(self)
    }

    /// Returns the keys that could be read.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Returns the key of a ring that is not a set.
    #[must_use]
    pub fn only(&self) -> Option<&Key> {
        self.keys.first().filter(|_| !self.is_set)
    }

    /// Returns a description of the source, without a secret.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Reports whether the keys came as a set.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.is_set
    }

    /// Returns the claim that names the key.
    #[must_use]
    pub fn claim(&self) -> Option<&str> {
        self.claim.as_deref()
    }

    /// Returns the members that could not be read.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableMember] {
        &self.unreadable
    }

    /// Returns why the whole set is refused: publishing its public keys would publish its secrets too.
    #[must_use]
    pub fn unusable_reason(&self) -> Option<Failure> {
        self.is_mixed.then(|| {
            let detail = format!("the set from {} mixes secrets and public keys", self.source);
            Failure::new(Reason::KeyMismatch(KeyMismatch::Kty), detail)
        })
    }

    /// Chooses the key for a token: by its key ID if there is one, else the only key that fits. The unverified header and
    /// claims only select. The claims matter only if one of them [names](Self::claim) the key.
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
        // An empty key ID names no key, unless a key has it.
        let names_key =
            |kid: &&str| !kid.is_empty() || self.keys.iter().any(|key| key.kid.as_deref() == Some(""));
        let in_header =
            header.and_then(|header| header.kid().ok().flatten()).filter(names_key).map(str::to_owned);
        let (wanted, how) = match &self.claim {
            None => (in_header, None),
            Some(claim) => match claims.and_then(|claims| name_in(claims.members(), claim)) {
                Some(name) => (Some(name), Some(format!("chosen by the unverified claim `{claim}`"))),
                None => {
                    let detail = KeySelectionError::NoNamingClaim { claim: claim.clone() }.to_string();
                    return KeyChoice { failure: Some(Failure::new(Reason::KeyNotFound, detail)), ..none };
                }
            },
        };
        let found = if self.is_set {
            self.search(wanted.as_deref(), algorithm)
        } else {
            self.keys
                .first()
                .map(|key| (key, other_kid(key, wanted.as_deref())))
                .ok_or_else(|| not_found("there is no key"))
        };
        match found {
            Ok((key, failure)) => {
                let source = if self.is_collection { &key.source } else { &self.source };
                KeyChoice { key: Some(key), failure, how, source, ..none }
            }
            // The `alg` check reports what is wrong with the algorithm.
            Err(_) if algorithm.is_none() => none,
            Err(mut failure) => {
                if let Some(how) = how {
                    failure.detail = format!("{}; {how}", failure.detail);
                }
                KeyChoice { failure: Some(failure), ..none }
            }
        }
    }

    /// Reports whether a token names a public key that this ring lacks, and no key of the ring can be meant instead. A newer
    /// version of the set may have it.
    #[must_use]
    pub fn lacks_key(&self, header: &JoseHeader<'_>, claims: Option<&ClaimsSet<'_>>) -> bool {
        let is_public = match header.alg().ok().map(AlgName::parse) {
            Some(AlgName::Known(algorithm)) => algorithm.kty() != KeyType::Oct,
            _ => false,
        };
        let wanted = match &self.claim {
            None => header.kid().ok().flatten().map(str::to_owned),
            Some(claim) => claims.and_then(|claims| name_in(claims.members(), claim)),
        };
        let Some(wanted) = wanted.filter(|kid| is_public && !kid.is_empty()) else { return false };
        let read = self.keys.iter().map(|key| key.kid.as_deref());
        let mut kids = read.chain(self.unreadable.iter().map(|member| member.kid.as_deref()));
        let is_nameless = kids.clone().all(|kid| kid.is_none_or(str::is_empty)) && !self.keys.is_empty();
        !is_nameless && kids.all(|kid| kid != Some(wanted.as_str())) && self.candidates(header).is_empty()
    }

    fn search(
        &self,
        wanted: Option<&str>,
        algorithm: Option<Algorithm>,
    ) -> Result<(&Key, Option<Failure>), Failure> {
        // A header may name a key although the set names none; a claim that chooses may not.
        let nameless = self.claim.is_none()
            && wanted != Some("")
            && self.keys.iter().all(|key| key.kid.as_deref().is_none_or(str::is_empty))
            && self.unreadable.iter().all(|member| member.kid.is_none());
        let named: Vec<&Key> = match wanted {
            Some(wanted) if !nameless => self.by_kid.find(&self.keys, wanted),
            _ => self.keys.iter().collect(),
        };
        if let (Some(wanted), false) = (wanted, nameless) {
            match named.as_slice() {
                [] => return Err(self.absent(wanted)),
                [only] => return Ok((only, None)),
                _ => {}
            }
        }
        let algorithm = algorithm.ok_or_else(|| not_found("the algorithm is not known"))?;
        let mut fitting: Vec<&Key> = named.iter().copied().filter(|key| can_verify(key, algorithm)).collect();
        drop_refused(&mut fitting);
        match (fitting.as_slice(), named.as_slice()) {
            ([only], _) => Ok((only, None)),
            // A key that the set repeats is one key.
            ([first, rest @ ..], _) if rest.iter().all(|key| is_same(first, key)) => Ok((first, None)),
            ([], [first, ..]) if wanted.is_some() && !nameless => Ok((first, None)),
            ([], _) => Err(not_found(format!("no key of the set fits {algorithm}"))),
            (several, _) => Err(not_found(match wanted.filter(|_| !nameless) {
                Some(wanted) => format!("{} keys named `{}` fit {algorithm}", several.len(), excerpt(wanted)),
                None => {
                    format!("{} keys of the set fit {algorithm}, but the token names none", several.len())
                }
            })),
        }
    }

    fn absent(&self, wanted: &str) -> Failure {
        not_found(match self.unreadable.iter().find(|member| member.kid.as_deref() == Some(wanted)) {
            Some(member) => {
                format!("the key `{}` of the set cannot be read: {}", excerpt(wanted), member.error)
            }
            None => {
                format!("the token asks for the key `{}`, but the set has {}", excerpt(wanted), self.names())
            }
        })
    }

    /// Returns the key IDs as a list for people; not yet safe to show.
    #[must_use]
    pub fn names(&self) -> String {
        names(self.keys.iter())
    }

    /// Chooses the key to sign with: the one that the claim of the new token names, if claims name keys, else the only key
    /// that can sign (with this algorithm, if it is given).
    ///
    /// # Errors
    /// [`KeySelectionError`] if there is none or more than one.
    pub fn signing_key(
        &self,
        algorithm: Option<Algorithm>,
        claims: &[Member<'_>],
    ) -> Result<&Key, KeySelectionError> {
        let wanted = match &self.claim {
            Some(claim) => Some(
                name_in(claims, claim)
                    .ok_or_else(|| KeySelectionError::NoNamingClaim { claim: claim.clone() })?,
            ),
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
        drop_refused(&mut keys);
        match keys.as_slice() {
            [key] => Ok(*key),
            [] => Err(match wanted {
                Some(kid) => KeySelectionError::NoKeyNamed { kid },
                None => KeySelectionError::NoneCanSign { source: self.source.clone(), algorithm },
            }),
            several => {
                let names = names(several.iter().copied());
                Err(KeySelectionError::Several { source: self.source.clone(), names })
            }
        }
    }
}

fn not_found(detail: impl Into<String>) -> Failure {
    Failure::new(Reason::KeyNotFound, detail)
}

/// Lists the key IDs of some keys for people; not yet safe to show.
fn names<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    const NAMED: usize = 8;
    let (mut names, mut total) = (Vec::new(), 0);
    for key in keys {
        total += 1;
        if names.len() == NAMED {
            break; // the rest is not named, however many keys there are
        }
        names.extend(
            key.kid.as_deref().filter(|kid| !kid.is_empty()).map(|kid| format!("`{}`", excerpt(kid))),
        );
    }
    if names.is_empty() {
        return "no key with a key ID".to_owned();
    }
    if total > names.len() {
        names.push("…".to_owned());
    }
    names.join(", ")
}

/// Drops the keys that are refused anyway, if another key remains.
fn drop_refused(keys: &mut Vec<&Key>) {
    // The check can take longer than signing, so a single key is not checked here.
    if keys.len() > 1 && keys.iter().any(|key| key.unusable_reason().is_none()) {
        keys.retain(|key| key.unusable_reason().is_none());
    }
}

/// Returns a failure if a single key has another key ID than the one that the token asks for.
fn other_kid(key: &Key, wanted: Option<&str>) -> Option<Failure> {
    let (ours, theirs) = (key.kid.as_deref()?, wanted?);
    (ours != theirs).then(|| {
        let (theirs, ours) = (excerpt(theirs), excerpt(ours));
        not_found(format!("the token asks for the key `{theirs}`, but this one is `{ours}`"))
    })
}

fn can_verify(key: &Key, algorithm: Algorithm) -> bool {
    key.has_type(algorithm.kty()) && key.mismatch(algorithm, KeyUse::Verify).is_none()
}

fn is_same(a: &Key, b: &Key) -> bool {
    thumbprint(a).is_some_and(|print| thumbprint(b) == Some(print))
}

/// Returns the key ID that a claim names: its text, or the digits of a number.
fn name_in(claims: &[Member<'_>], claim: &str) -> Option<String> {
    match locate(claims, claim)? {
        Value::String(text) => Some(text.to_string()),
        Value::Number(digits) => Some(digits.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::file::{KeyFileContent, read};
    use crate::core::key::secret::Secret;

    /// Returns a secret key of 64 bytes, which its source tells apart from others.
    fn secret(kid: Option<&str>, source: &str) -> Key {
        let key = Key::hmac(Secret::new(vec![7; 64]), None, source.to_owned());
        Key { kid: kid.map(str::to_owned), ..key }
    }

    /// Returns the public key of a JWK.
    fn public(jwk: &[u8], kid: Option<&str>) -> Key {
        let KeyFileContent::Ring(ring) = read(jwk, "file").unwrap() else { panic!("a JWK") };
        Key { kid: kid.map(str::to_owned), ..ring.keys()[0].clone() }
    }

    fn ed25519(kid: Option<&str>) -> Key {
        public(include_bytes!("../../../tests/vectors/keys/ed25519.pub.jwk.json"), kid)
    }

    fn rsa(kid: Option<&str>) -> Key {
        public(include_bytes!("../../../tests/vectors/keys/rsa2048.pub.jwk.json"), kid)
    }

    fn set(keys: Vec<Key>) -> KeyRing {
        KeyRing::from_set(keys, Vec::new(), "a set".to_owned())
    }

    fn unreadable(kid: Option<&str>) -> UnreadableMember {
        UnreadableMember { kid: kid.map(str::to_owned), error: JwkError::Missing("x") }
    }

    fn header(json: &str) -> JoseHeader<'_> {
        JoseHeader::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn lacks_a_key_only_if_no_other_key_may_be_meant() {
        let lacks = |ring: &KeyRing, json: &str| ring.lacks_key(&header(json), None);
        let named = set(vec![ed25519(Some("a")), rsa(Some("b"))]);
        assert!(lacks(&named, r#"{"alg":"EdDSA","kid":"c"}"#));
        assert!(!lacks(&named, r#"{"alg":"EdDSA","kid":"a"}"#));
        assert!(!lacks(&named, r#"{"alg":"EdDSA","kid":"b"}"#));
        assert!(!lacks(&named, r#"{"alg":"EdDSA","kid":""}"#));
        assert!(!lacks(&named, r#"{"alg":"EdDSA"}"#));
        assert!(!lacks(&named, r#"{"alg":"HS256","kid":"c"}"#));
        assert!(!lacks(&named, r#"{"alg":"none","kid":"c"}"#));
        // A set without key IDs may mean its key, whatever the header calls it. An empty set means none.
        assert!(!lacks(&set(vec![ed25519(None)]), r#"{"alg":"EdDSA","kid":"c"}"#));
        assert!(lacks(&set(vec![ed25519(None), rsa(Some("b"))]), r#"{"alg":"EdDSA","kid":"c"}"#));
        assert!(lacks(&set(Vec::new()), r#"{"alg":"EdDSA","kid":"c"}"#));
        // A member that cannot be read is there, too.
        let ring = KeyRing::from_set(vec![ed25519(None)], vec![unreadable(Some("c"))], String::new());
        assert!(!lacks(&ring, r#"{"alg":"EdDSA","kid":"c"}"#));
        assert!(lacks(&ring, r#"{"alg":"EdDSA","kid":"d"}"#));
        let ring = KeyRing::from_set(vec![ed25519(None)], vec![unreadable(None)], String::new());
        assert!(!lacks(&ring, r#"{"alg":"EdDSA","kid":"d"}"#));
        // Keys that the user named one by one are tried if they have no key ID.
        let some = KeyRing::collect(vec![ed25519(None).into(), rsa(Some("b")).into()]).unwrap();
        assert!(!lacks(&some, r#"{"alg":"EdDSA","kid":"c"}"#));
        assert!(lacks(&some, r#"{"alg":"RS256","kid":"c"}"#));
        // A claim in place of the header names the key.
        let claims = [Member { name: "tenant".into(), value: Value::string("c") }];
        let claims = ClaimsSet::from_members(claims.to_vec());
        let by_claim = |claim: &str| named.clone().by_claim(Some(claim.to_owned()));
        assert!(by_claim("tenant").lacks_key(&header(r#"{"alg":"EdDSA","kid":"a"}"#), Some(&claims)));
        assert!(!by_claim("gone").lacks_key(&header(r#"{"alg":"EdDSA","kid":"c"}"#), Some(&claims)));
    }

    #[test]
    fn tries_the_keys_that_fit_and_have_no_other_name() {
        let keys = [ed25519(Some("a")), ed25519(None), rsa(None), secret(None, "x"), ed25519(Some("b"))];
        let rings: Vec<KeyRing> = keys.iter().cloned().map(KeyRing::from).collect();
        let ring = KeyRing::collect(rings).unwrap();
        let kids = |ring: &KeyRing, json: &str| -> Vec<Option<String>> {
            ring.candidates(&header(json)).iter().map(|key| key.kid.clone()).collect()
        };
        let (a, b) = (Some("a".to_owned()), Some("b".to_owned()));
        assert_eq!(kids(&ring, r#"{"alg":"EdDSA"}"#), [a.clone(), None, b.clone()]);
        assert_eq!(kids(&ring, r#"{"alg":"EdDSA","kid":""}"#), [a.clone(), None, b]);
        assert_eq!(kids(&ring, r#"{"alg":"EdDSA","kid":"a"}"#), [a, None]);
        assert_eq!(kids(&ring, r#"{"alg":"EdDSA","kid":"c"}"#), [None]);
        assert_eq!(kids(&ring, r#"{"alg":"ES256"}"#), []);
        assert_eq!(kids(&ring, r#"{"alg":"none"}"#), []);
        assert_eq!(kids(&ring.clone().by_claim(Some("x".to_owned())), r#"{"alg":"EdDSA"}"#), []);
        assert_eq!(kids(&set(keys.to_vec()), r#"{"alg":"EdDSA"}"#), []);
        assert!(ring.is_collection() && ring.is_set());
        assert_eq!(ring.source(), "file, file, file, x, file");
    }

    #[test]
    fn refuses_a_collection_with_secrets_and_public_keys_in_one_set() {
        let mixed = set(vec![secret(None, "x"), ed25519(None)]);
        let why = "the set from a set mixes secrets and public keys";
        assert_eq!(mixed.unusable_reason().unwrap().detail, why);
        assert!(set(vec![secret(None, "x")]).unusable_reason().is_none());
        assert!(set(vec![ed25519(None)]).unusable_reason().is_none());
        // Keys of separate files may be of both kinds.
        let apart = KeyRing::collect(vec![secret(None, "x").into(), ed25519(None).into()]).unwrap();
        assert!(apart.unusable_reason().is_none());
        for rings in [vec![mixed.clone(), rsa(None).into()], vec![rsa(None).into(), mixed]] {
            assert!(KeyRing::collect(rings).unwrap().unusable_reason().is_some());
        }
    }

    #[test]
    fn names_the_sources_of_a_repeated_key_id() {
        let rings =
            vec![set(vec![secret(Some("a"), "x"), secret(Some("a"), "y")]), secret(Some("a"), "z").into()];
        let repeated = KeyRing::collect(rings).unwrap_err();
        assert_eq!(repeated, RepeatedKid { kid: "a".to_owned(), sources: ["x".to_owned(), "z".to_owned()] });
        let rings =
            vec![secret(Some("a"), "x").into(), secret(Some("b"), "y").into(), secret(None, "z").into()];
        assert_eq!(KeyRing::collect(rings).unwrap().keys().len(), 3);
    }

    #[test]
    fn leaves_out_refused_keys_only_if_another_key_remains() {
        let short = Key::hmac(Secret::new(Vec::new()), None, "short".to_owned());
        assert!(short.unusable_reason().is_some());
        let left = |keys: &[&Key]| {
            let mut keys = keys.to_vec();
            drop_refused(&mut keys);
            keys.iter().map(|key| key.source.clone()).collect::<Vec<_>>()
        };
        let good = secret(None, "good");
        assert_eq!(left(&[&short]), ["short"]);
        assert_eq!(left(&[&short, &short]), ["short", "short"]);
        assert_eq!(left(&[&short, &good]), ["good"]);
        assert_eq!(left(&[&good, &good]), ["good", "good"]);
    }

    #[test]
    fn signs_with_the_named_key_or_the_only_one() {
        let key = |keys: Vec<Key>, claim: Option<&str>, name: &str| {
            let ring = set(keys).by_claim(claim.map(str::to_owned));
            let claims = [Member { name: "tenant".into(), value: Value::string(name) }];
            ring.signing_key(Some(Algorithm::Hs256), &claims).map(|key| key.source.clone())
        };
        let both = || vec![secret(Some("a"), "x"), secret(Some("b"), "y")];
        assert_eq!(key(both(), Some("tenant"), "a").unwrap(), "x");
        assert_eq!(key(both(), Some("tenant"), "b").unwrap(), "y");
        let none = KeySelectionError::NoKeyNamed { kid: "c".to_owned() };
        assert_eq!(key(both(), Some("tenant"), "c").unwrap_err(), none);
        let gone = KeySelectionError::NoNamingClaim { claim: "gone".to_owned() };
        assert_eq!(key(both(), Some("gone"), "a").unwrap_err(), gone);
        let several = KeySelectionError::Several { source: "a set".to_owned(), names: "`a`, `b`".to_owned() };
        assert_eq!(key(both(), None, "a").unwrap_err(), several);
        assert_eq!(key(vec![secret(None, "x")], Some("tenant"), "a").unwrap_err(), {
            KeySelectionError::NoKeyNamed { kid: "a".to_owned() }
        });
        // A public key cannot sign, and neither can a key of another type.
        assert_eq!(key(vec![secret(None, "x"), secret(None, "y")], None, "a").unwrap_err(), {
            KeySelectionError::Several {
                source: "a set".to_owned(),
                names: "no key with a key ID".to_owned(),
            }
        });
        let source = "a set".to_owned();
        let none = KeySelectionError::NoneCanSign { source, algorithm: Some(Algorithm::Hs256) };
        assert_eq!(key(vec![ed25519(None)], None, "a").unwrap_err(), none);
        let mut encrypts = secret(Some("c"), "z");
        encrypts.restrictions.usage = Some("enc".to_owned());
        assert_eq!(key(vec![encrypts.clone()], None, "a").unwrap_err(), none);
        assert_eq!(key(vec![encrypts, secret(Some("a"), "x")], None, "a").unwrap(), "x");
        let nameless = KeyRing::from(secret(None, "x")).by_claim(Some("tenant".to_owned()));
        let claims = [Member { name: "tenant".into(), value: Value::Number("7".into()) }];
        assert_eq!(nameless.signing_key(Some(Algorithm::Hs256), &claims).unwrap().source, "x");
    }

    #[test]
    fn chooses_the_key_and_says_how() {
        let chosen = |ring: &KeyRing, json: &str| {
            let claims =
                ClaimsSet::from_members(vec![Member { name: "tenant".into(), value: Value::string("b") }]);
            let header = header(json);
            let choice = ring.choose(Some(&header), Some(&claims));
            let key = choice.key.and_then(|key| key.kid.clone()).unwrap_or_default();
            let failure = choice.failure.map(|failure| failure.detail).unwrap_or_default();
            (key, failure, choice.source.to_owned(), choice.how.unwrap_or_default())
        };
        let expected = |key: &str, failure: &str, source: &str, how: &str| {
            (key.to_owned(), failure.to_owned(), source.to_owned(), how.to_owned())
        };
        let single = KeyRing::from(secret(Some("a"), "x"));
        assert_eq!(chosen(&single, r#"{"alg":"HS256"}"#), expected("a", "", "x", ""));
        assert_eq!(chosen(&single, r#"{"alg":"HS256","kid":"a"}"#), expected("a", "", "x", ""));
        let other = "the token asks for the key `b`, but this one is `a`";
        assert_eq!(chosen(&single, r#"{"alg":"HS256","kid":"b"}"#), expected("a", other, "x", ""));
        let keys = || vec![secret(Some("a"), "x"), secret(Some("b"), "y")];
        let both = set(keys());
        assert_eq!(chosen(&both, r#"{"alg":"HS256","kid":"b"}"#), expected("b", "", "a set", ""));
        assert_eq!(chosen(&both, r#"{"alg":"RS256","kid":"b"}"#), expected("b", "", "a set", ""));
        assert_eq!(
            chosen(&both, r#"{"alg":"HS256","kid":"c"}"#),
            expected("", "the token asks for the key `c`, but the set has `a`, `b`", "a set", "")
        );
        assert_eq!(
            chosen(&both.clone().by_claim(Some("tenant".to_owned())), r#"{"alg":"HS256","kid":"a"}"#),
            expected("b", "", "a set", "chosen by the unverified claim `tenant`")
        );
        let rings = keys().into_iter().map(KeyRing::from).collect();
        let some = KeyRing::collect(rings).unwrap();
        assert_eq!(chosen(&some, r#"{"alg":"HS256","kid":"b"}"#), expected("b", "", "y", ""));
        // The key ID chooses the key, even if the algorithm is unknown.
        assert_eq!(chosen(&both, r#"{"alg":"X","kid":"b"}"#), expected("b", "", "a set", ""));
        assert_eq!(chosen(&both, r#"{"alg":"X"}"#), expected("", "", "a set", ""));
        // Of several keys with the name, the first says why none fits.
        let twins = set(vec![secret(Some("a"), "x"), rsa(Some("a")), secret(Some("b"), "y")]);
        assert!(twins.search(Some("a"), Some(Algorithm::Es256)).unwrap().0.source == "x");
        let nameless = set(vec![secret(None, "x")]);
        assert!(nameless.search(Some("a"), Some(Algorithm::Es256)).is_err());
        assert!(nameless.search(Some("a"), Some(Algorithm::Hs256)).is_ok());
    }
}
