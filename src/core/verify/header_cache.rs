//! Headers that were met before, with what they settled. Among many tokens nearly every header is one of a few, byte for
//! byte: what it says is read once, its key is chosen once and made ready once.

use super::policy::Policy;
use crate::core::key::ring::KeyRing;
use crate::core::token::base64url;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::DecodedSegment;
use crate::core::verify::header_checks::HeaderChecks;
use std::collections::HashMap;

/// A header that was met before.
#[derive(Debug)]
pub struct CachedHeader<'k> {
    encoded: Box<str>,
    bytes: Box<[u8]>,
    /// What it says.
    pub header: JoseHeader<'static>,
    /// What it settles.
    pub gate: HeaderChecks<'k>,
}

impl CachedHeader<'_> {
    /// The segment it was read from.
    #[must_use]
    pub fn segment(&self) -> DecodedSegment<'_> {
        DecodedSegment { encoded: &self.encoded, bytes: &self.bytes }
    }
}

/// The headers met so far, by the bytes of their segment; a bounded number of them, and none that is long, for a hostile
/// input may hold as many as it has lines.
#[derive(Debug)]
pub struct HeaderCache<'k> {
    keys: &'k KeyRing,
    policy: &'k Policy,
    known: Vec<CachedHeader<'k>>,
    places: HashMap<Box<str>, usize>,
    /// The place of the one met last.
    last: usize,
}

impl<'k> HeaderCache<'k> {
    /// How many are kept; then all are forgotten.
    const MOST: usize = 256;
    /// The longest segment that is kept, in bytes.
    const LONGEST: usize = 2048;

    /// None yet, to be judged by these keys and this policy.
    #[must_use]
    pub fn new(keys: &'k KeyRing, policy: &'k Policy) -> Self {
        Self { keys, policy, known: Vec::new(), places: HashMap::new(), last: 0 }
    }

    /// The header of this token, which is remembered from now on. Nothing if it cannot be read, is too long to be kept, or
    /// does not settle by itself which key is used: the token is then to be read as if it were the only one.
    pub fn lookup(&mut self, token: &[u8]) -> Option<&CachedHeader<'k>> {
        let same = |known: &&CachedHeader<'_>| {
            token.strip_prefix(known.encoded.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'.'))
        };
        if self.known.get(self.last).as_ref().is_none_or(|known| !same(known)) {
            self.last = self.find(token)?;
        }
        self.known.get(self.last)
    }

    fn find(&mut self, token: &[u8]) -> Option<usize> {
        if self.keys.claim().is_some() {
            return None;
        }
        let end = memchr::memchr(b'.', token.get(..=Self::LONGEST).unwrap_or(token))?;
        let encoded = std::str::from_utf8(token.get(..end)?).ok()?;
        if let Some(place) = self.places.get(encoded) {
            return Some(*place);
        }
        let bytes = base64url::decode(encoded).ok()?.into_boxed_slice();
        let header = JoseHeader::parse(&bytes).ok()?.into_owned();
        let gate = HeaderChecks::new(&header, self.keys.choose(Some(&header), None), self.policy);
        if self.known.len() == Self::MOST {
            self.known.clear();
            self.places.clear();
        }
        let encoded: Box<str> = encoded.into();
        self.places.insert(encoded.clone(), self.known.len());
        self.known.push(CachedHeader { encoded, bytes, header, gate });
        Some(self.known.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::secret::Secret;

    fn meet(headers: &mut HeaderCache<'_>, header: &str) -> Option<usize> {
        let token = format!("{}.e30.AA", base64url::encode(header.as_bytes()));
        headers.lookup(token.as_bytes()).map(|known| {
            assert_eq!(&*known.bytes, header.as_bytes());
            known.header.members().len()
        })
    }

    fn keys() -> KeyRing {
        KeyRing::from(Key::hmac(Secret::new(vec![7; 32]), None, "a test".into()))
    }

    #[test]
    fn a_header_is_known_by_its_very_bytes() {
        let (keys, policy) = (keys(), Policy::default());
        let mut headers = HeaderCache::new(&keys, &policy);
        assert_eq!(meet(&mut headers, r#"{"alg":"HS256"}"#), Some(1));
        assert_eq!(meet(&mut headers, r#"{"alg":"HS256","typ":"JWT"}"#), Some(2));
        assert_eq!(meet(&mut headers, r#"{"alg":"HS256" }"#), Some(1));
        assert_eq!(meet(&mut headers, r#"{"alg":"HS256"}"#), Some(1));
        assert_eq!(headers.known.len(), 3);
    }

    #[test]
    fn what_cannot_be_read_or_is_too_long_is_not_kept() {
        let (keys, policy) = (keys(), Policy::default());
        let mut headers = HeaderCache::new(&keys, &policy);
        assert_eq!(meet(&mut headers, "[]"), None);
        assert_eq!(meet(&mut headers, &format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(4000))), None);
        assert!(headers.lookup(b"no token at all").is_none());
        assert!(headers.lookup(b"=.e30.AA").is_none());
        assert!(headers.known.is_empty());
    }

    #[test]
    fn never_more_than_so_many_are_kept() {
        let (keys, policy) = (keys(), Policy::default());
        let mut headers = HeaderCache::new(&keys, &policy);
        for number in 0..3 * HeaderCache::MOST {
            assert_eq!(meet(&mut headers, &format!(r#"{{"alg":"HS256","n":{number}}}"#)), Some(2));
            assert!(headers.known.len() <= HeaderCache::MOST && headers.places.len() <= HeaderCache::MOST);
        }
    }

    #[test]
    fn where_a_claim_names_the_key_no_header_settles_it() {
        let (keys, policy) = (keys().by_claim(Some("sub".into())), Policy::default());
        assert_eq!(meet(&mut HeaderCache::new(&keys, &policy), r#"{"alg":"HS256"}"#), None);
    }
}
