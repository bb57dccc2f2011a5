//! A cache of headers with their checks. Most tokens of a long input share a few headers, byte for byte: each is
//! parsed once, its key is chosen once and prepared once. It never holds more than a bounded number of headers.

use super::Verifier;
use super::header_checks::HeaderChecks;
use super::policy::Policy;
use crate::core::text::escape::is_compact_json;
use crate::core::token::base64url;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::DecodedSegment;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A header that was seen before, with its checks.
#[derive(Debug)]
pub struct CachedHeader<'k> {
    encoded: Box<str>,
    bytes: Box<[u8]>,
    pub(super) header: JoseHeader<'static>,
    pub(super) checks: HeaderChecks<'k>,
    /// The policy, if the header is settled and the verdict depends on the signature and the listed claims alone.
    pub(super) plain_policy: Option<&'k Policy>,
    /// The text that documents about tokens with this header share. `None` inside if they share none.
    pub(super) shared_text: OnceCell<Option<SharedText>>,
    /// True if a report writes the header as it was received.
    is_compact: bool,
}

/// The text that the documents about all accepted tokens with a header share. A report makes it.
#[derive(Debug)]
pub(crate) struct SharedText {
    /// Everything before the checks of claims.
    pub(crate) before: Box<[u8]>,
    /// Everything between these checks and the payload.
    pub(crate) between: Box<[u8]>,
    /// Everything between the payload and the instant.
    pub(crate) after: Box<[u8]>,
}

impl CachedHeader<'_> {
    /// Returns the segment that the header was read from.
    pub(super) fn segment(&self) -> DecodedSegment<'_> {
        DecodedSegment { encoded: &self.encoded, bytes: &self.bytes }
    }

    /// Returns the decoded header, if it has no flaw and a report writes it as it was received.
    pub(super) fn compact_header(&self) -> Option<&[u8]> {
        self.is_compact.then_some(&*self.bytes)
    }

    /// Reports whether a token begins with this header.
    #[must_use]
    pub fn begins(&self, token: &[u8]) -> bool {
        token.strip_prefix(self.encoded.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'.'))
    }
}

/// The headers seen so far, by the bytes of their segment. Their number and length are bounded, since a hostile input
/// can hold as many headers as lines.
#[derive(Debug)]
pub struct HeaderCache<'k> {
    verifier: Verifier<'k>,
    headers: Vec<Rc<CachedHeader<'k>>>,
    indexes: HashMap<Box<str>, usize>,
    /// The index of the header found last.
    last: usize,
}

impl<'k> HeaderCache<'k> {
    /// The number of headers at which the cache is emptied.
    const CAPACITY: usize = 256;
    /// The longest segment that is kept, in bytes.
    const MAX_SEGMENT: usize = 2048;

    pub(super) fn new(verifier: Verifier<'k>) -> Self {
        Self { verifier, headers: Vec::new(), indexes: HashMap::new(), last: 0 }
    }

    /// Returns the header of a token, and keeps it. Returns `None` if the header cannot be parsed, is too long to
    /// keep, or does not settle alone which key is used; the token is then parsed without the cache.
    pub fn lookup(&mut self, token: &[u8]) -> Option<&Rc<CachedHeader<'k>>> {
        if self.headers.get(self.last).is_none_or(|cached| !cached.begins(token)) {
            self.last = self.find(token)?;
        }
        self.headers.get(self.last)
    }

    fn find(&mut self, token: &[u8]) -> Option<usize> {
        if self.verifier.needs_claims_to_choose() {
            return None;
        }
        let end = memchr::memchr(b'.', token.get(..=Self::MAX_SEGMENT).unwrap_or(token))?;
        let encoded = std::str::from_utf8(token.get(..end)?).ok()?;
        if let Some(index) = self.indexes.get(encoded) {
            return Some(*index);
        }
        let bytes = base64url::decode(encoded).ok()?.into_boxed_slice();
        let header = JoseHeader::parse(&bytes).ok()?.into_owned();
        let checks = self.verifier.check_header(&header, None);
        let is_settled = header.is_plain() && checks.are_settled();
        let plain_policy = self.verifier.plain_policy().filter(|_| is_settled);
        if self.headers.len() == Self::CAPACITY {
            self.headers.clear();
            self.indexes.clear();
        }
        let is_compact = header.is_plain() && is_compact_json(&bytes);
        let encoded: Box<str> = encoded.into();
        self.indexes.insert(encoded.clone(), self.headers.len());
        self.headers.push(Rc::new(CachedHeader {
            encoded,
            bytes,
            header,
            checks,
            plain_policy,
            shared_text: OnceCell::new(),
            is_compact,
        }));
        Some(self.headers.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;

    fn lookup(cache: &mut HeaderCache<'_>, header: &str) -> Option<usize> {
        let token = format!("{}.e30.AA", base64url::encode(header.as_bytes()));
        cache.lookup(token.as_bytes()).map(|cached| {
            assert_eq!(&*cached.bytes, header.as_bytes());
            cached.header.members().len()
        })
    }

    fn keys() -> KeyRing {
        KeyRing::from(Key::hmac(Secret::new(vec![7; 32]), None, "a test".into()))
    }

    #[test]
    fn finds_a_header_by_its_exact_bytes() {
        let (keys, policy) = (keys(), Policy::default());
        let mut cache = Verifier::new(&keys, &policy).header_cache();
        assert_eq!(lookup(&mut cache, r#"{"alg":"HS256"}"#), Some(1));
        assert_eq!(lookup(&mut cache, r#"{"alg":"HS256","typ":"JWT"}"#), Some(2));
        assert_eq!(lookup(&mut cache, r#"{"alg":"HS256" }"#), Some(1));
        assert_eq!(lookup(&mut cache, r#"{"alg":"HS256"}"#), Some(1));
        assert_eq!(cache.headers.len(), 3);
    }

    #[test]
    fn keeps_no_invalid_and_no_long_header() {
        let (keys, policy) = (keys(), Policy::default());
        let mut cache = Verifier::new(&keys, &policy).header_cache();
        assert_eq!(lookup(&mut cache, "[]"), None);
        assert_eq!(lookup(&mut cache, &format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(4000))), None);
        assert!(cache.lookup(b"not a token").is_none());
        assert!(cache.lookup(b"=.e30.AA").is_none());
        assert!(cache.headers.is_empty());
    }

    #[test]
    fn never_exceeds_its_capacity() {
        let (keys, policy) = (keys(), Policy::default());
        let mut cache = Verifier::new(&keys, &policy).header_cache();
        for number in 0..3 * HeaderCache::CAPACITY {
            assert_eq!(lookup(&mut cache, &format!(r#"{{"alg":"HS256","n":{number}}}"#)), Some(2));
            let most = HeaderCache::CAPACITY;
            assert!(cache.headers.len() <= most && cache.indexes.len() <= most);
        }
    }

    #[test]
    fn keeps_no_header_if_a_claim_names_the_key() {
        let (keys, policy) = (keys().by_claim(Some("sub".into())), Policy::default());
        let mut cache = Verifier::new(&keys, &policy).header_cache();
        assert_eq!(lookup(&mut cache, r#"{"alg":"HS256"}"#), None);
    }

    #[test]
    fn tells_a_header_from_a_longer_one_that_begins_with_it() {
        let (keys, policy) = (keys(), Policy::default());
        let mut cache = Verifier::new(&keys, &policy).header_cache();
        // The text of the longer segment begins with the shorter segment.
        let (short, long) = (r#"{"alg":"HS256"}"#, "{\"alg\":\"HS256\"}   ");
        assert_eq!(lookup(&mut cache, short), Some(1));
        assert_eq!(lookup(&mut cache, long), Some(1));
        let [token, other] =
            [short, long].map(|header| format!("{}.e30.AA", base64url::encode(header.as_bytes())));
        let cached = cache.lookup(token.as_bytes()).unwrap();
        assert!(cached.begins(token.as_bytes()) && !cached.begins(other.as_bytes()));
    }
}
