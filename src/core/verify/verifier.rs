//! The only way to a verdict. A [`Verifier`] parses a token, chooses its key, judges it, compares its issuer, asks a
//! store about it, and gives hints. It loads no keys and prints nothing.

use super::check::Detail;
use super::doctor::Written;
use super::header_cache::{CachedHeader, HeaderCache};
use super::header_checks::HeaderChecks;
use super::hint_scope::HintScope;
use super::hints;
use super::judge::{Judgement, SettledHeader, judge, judge_opened};
use super::opening::{self, Envelope, Opening};
use super::policy::Policy;
use super::presentation::{Presentation, SdJwts, is_sd_jwt};
use crate::core::encryption::{Decrypter, JsonJwe};
use crate::core::key::Key;
use crate::core::key::ring::{KeyChoice, KeyRing};
use crate::core::reason::{Failure, Malformed, Reason};
use crate::core::sd_jwt::{SdJwt, SdJwtText};
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::detached::DetachedPayload;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::{Compact, MAX_SIZE, Padding};
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::serialization::{JsonEntry, JsonJws};

/// A store that knows which tokens are revoked or used.
pub trait RevocationStore {
    /// The error of a store that cannot be read or written.
    type Error;

    /// Adds what the store knows to the judgement of each token, and asks about all of them at once.
    ///
    /// # Errors
    /// If the store cannot be read or written.
    fn check<'t>(
        &mut self,
        tokens: &mut [(&mut Judgement<'t>, &Token<'t>)],
        at: NumericDate,
    ) -> Result<(), Self::Error>;
}

/// A token in compact serialization, with its cached header if there is one. Of an SD-JWT, the issuer's token.
#[derive(Clone, Debug)]
pub struct ParsedToken<'t, 'v> {
    compact: Compact<'t>,
    cached: Option<&'t CachedHeader<'v>>,
    opening: Option<&'t Opening<'v>>,
    json: Option<&'t JsonEntry>,
    /// The whole text, if it is an SD-JWT.
    sd_jwt: Option<Box<SdJwtText<'t>>>,
    /// True if the signature is valid. `None` if it was not checked yet.
    is_signed: Option<bool>,
}

impl<'t, 'v> ParsedToken<'t, 'v> {
    /// Returns the segments.
    #[must_use]
    pub const fn compact(&self) -> &Compact<'t> {
        &self.compact
    }

    /// Reports whether the token was inside an encrypted one, or is encrypted itself and was decrypted.
    #[must_use]
    pub const fn is_opened(&self) -> bool {
        self.opening.is_some()
    }

    /// Reports whether the text is an SD-JWT.
    #[must_use]
    pub const fn is_sd_jwt(&self) -> bool {
        self.sd_jwt.is_some()
    }

    /// Returns a token whose segments are all Base64url, with its cached header.
    pub(super) const fn plain(
        compact: Compact<'t>,
        cached: &'t CachedHeader<'v>,
        is_signed: Option<bool>,
    ) -> Self {
        Self { compact, cached: Some(cached), opening: None, json: None, sd_jwt: None, is_signed }
    }

    /// Reads the header and the claims.
    #[must_use]
    pub fn read(&self) -> SubmittedToken<'_, 'v> {
        let header = self.cached.map(|cached| &cached.header);
        // The usual token is built in its place. The copies of it and of its verification took 35 of 640 ns.
        if let (None, None, None) = (self.json, self.opening, &self.sd_jwt) {
            let token = Token::parse_with_header(header, &self.compact);
            let Self { cached, is_signed, .. } = *self;
            return SubmittedToken { token, cached, is_signed, opening: None, presentation: None };
        }
        let innermost = self.opening.map(Opening::innermost);
        let mut token = match (self.json, innermost) {
            (Some(entry), Some(opening)) => Token::opened_json(entry, &self.compact, opening.plain()),
            (Some(entry), None) => Token::parse_json(entry, &self.compact),
            (None, Some(opening)) if opening.nested().is_none() => {
                Token::opened(&self.compact, opening.plain())
            }
            (None, _) => Token::parse_with_header(header, &self.compact),
        };
        if self.opening.is_some_and(Opening::is_too_deep) {
            let flaw = |flaw: &&mut Failure| flaw.reason == Reason::Jwe;
            token.flaws.iter_mut().filter(flaw).for_each(|flaw| flaw.detail = opening::too_deep());
        }
        let read = |text| Box::new(Presentation::read(text, &token));
        let presentation = self.sd_jwt.as_deref().map(read);
        SubmittedToken {
            token,
            cached: self.cached,
            is_signed: self.is_signed,
            opening: self.opening,
            presentation,
        }
    }

    /// Reads the header, and the claims from a payload that is given apart from the token.
    #[must_use]
    pub fn read_with<'p>(&'p self, payload: &'p DetachedPayload) -> SubmittedToken<'p, 'v> {
        let token = Token::parse_detached(self.json, &self.compact, payload);
        SubmittedToken { token, cached: None, is_signed: None, opening: None, presentation: None }
    }
}

/// A token that is ready to be judged.
#[derive(Clone, Debug)]
pub struct SubmittedToken<'t, 'v> {
    token: Token<'t>,
    cached: Option<&'t CachedHeader<'v>>,
    /// The outcome of the signature, if it was checked before.
    is_signed: Option<bool>,
    opening: Option<&'t Opening<'v>>,
    presentation: Option<Box<Presentation<'t>>>,
}

impl<'t> SubmittedToken<'t, '_> {
    /// Returns the token. Of an SD-JWT, returns the issuer's token as it was signed.
    #[must_use]
    pub const fn token(&self) -> &Token<'t> {
        &self.token
    }

    /// Empties the claims, so that the drop of the token takes less time.
    #[inline]
    pub fn clear(&mut self) {
        if let Some(Payload::Claims(claims)) = &mut self.token.payload {
            claims.clear();
        }
    }

    /// Returns the disclosures, if the token is an SD-JWT.
    #[must_use]
    pub fn sd_jwt(&self) -> Option<&SdJwt> {
        self.presentation.as_ref().map(|presentation| &presentation.sd_jwt)
    }

    /// Returns the token whose claims are judged: with the disclosed claims in their places.
    fn judged(&self) -> &Token<'t> {
        let processed = self.presentation.as_ref().and_then(|presentation| presentation.processed.as_ref());
        processed.unwrap_or(&self.token)
    }
}

/// A judgement, with the key that was used and hints on what to do.
#[derive(Clone, Debug)]
pub struct Verification<'t> {
    /// The checks and their outcome.
    pub judgement: Judgement<'t>,
    /// Hints for the user.
    pub hints: Vec<String>,
    /// The key; `None` if no key of a set was chosen.
    pub key: Option<&'t Key>,
    /// Where the keys came from.
    pub source: &'t str,
    /// The encrypted tokens around the one that was judged, the outermost first.
    pub envelopes: Vec<Envelope<'t>>,
}

impl<'t> Verification<'t> {
    /// Adds the outer tokens, and the reasons for which they are rejected.
    fn enclosed(mut self, opening: &'t Opening<'_>, claims: Option<&ClaimsSet<'_>>) -> Self {
        let (envelopes, reasons) = opening.envelopes(claims);
        if !envelopes.is_empty() {
            self.judgement.enclose(reasons);
            self.envelopes = envelopes;
        }
        self
    }
}

/// The keys and the policy that tokens are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'v> {
    keys: Option<&'v KeyRing>,
    secret: Option<&'v Written>,
    decrypter: Option<&'v Decrypter>,
    policy: &'v Policy,
    max_size: usize,
    padding: Padding,
    sd_jwts: SdJwts,
    detail: Detail,
}

impl<'v> Verifier<'v> {
    /// Returns a verifier that reports every check.
    #[must_use]
    pub const fn new(keys: &'v KeyRing, policy: &'v Policy) -> Self {
        Self { keys: Some(keys), ..Self::without_key(policy) }
    }

    /// Returns a verifier without a key. It makes every check that needs none, and verifies no signature.
    #[must_use]
    pub const fn without_key(policy: &'v Policy) -> Self {
        Self {
            keys: None,
            secret: None,
            decrypter: None,
            policy,
            max_size: MAX_SIZE,
            padding: Padding::Refused,
            sd_jwts: SdJwts::Refused,
            detail: Detail::Full,
        }
    }

    /// Sets the secret as the user gave it, for hints about misread secrets.
    #[must_use]
    pub const fn with_secret(self, secret: Option<&'v Written>) -> Self {
        Self { secret, ..self }
    }

    /// Sets the keys that decrypt encrypted tokens.
    #[must_use]
    pub const fn with_decrypter(self, decrypter: Option<&'v Decrypter>) -> Self {
        Self { decrypter, ..self }
    }

    /// Sets the largest size of a token, in bytes.
    #[must_use]
    pub const fn with_max_size(self, max_size: usize) -> Self {
        Self { max_size, ..self }
    }

    /// Sets whether segments may have padding.
    #[must_use]
    pub const fn with_padding(self, padding: Padding) -> Self {
        Self { padding, ..self }
    }

    /// Sets whether a text may be an SD-JWT.
    #[must_use]
    pub const fn with_sd_jwts(self, sd_jwts: SdJwts) -> Self {
        Self { sd_jwts, ..self }
    }

    /// Sets how much a judgement reports.
    #[must_use]
    pub const fn with_detail(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    /// Returns an empty cache of headers, for one thread.
    #[must_use]
    pub fn header_cache(&self) -> HeaderCache<'v> {
        HeaderCache::new(*self)
    }

    /// Parses a token.
    ///
    /// # Errors
    /// `too_large`, `charset` or `segments`. A segment that is not Base64url is no error here; the judgement says so.
    pub fn parse<'t>(&self, token: &'t [u8]) -> Result<ParsedToken<'t, 'v>, Failure> {
        self.parse_cached(token, None)
    }

    /// Parses a token whose header may be in the cache.
    ///
    /// # Errors
    /// As those of [`parse`](Self::parse).
    pub fn parse_cached<'t>(
        &self,
        token: &'t [u8],
        cached: Option<&'t CachedHeader<'v>>,
    ) -> Result<ParsedToken<'t, 'v>, Failure> {
        let segment = cached.map(CachedHeader::segment);
        let parsed = Compact::parse_with_header(segment, token, self.max_size, self.padding);
        let (compact, sd_jwt) = match parsed {
            Ok(compact) => (compact, None),
            Err(failure) => self.parse_sd_jwt(token, cached, failure)?,
        };
        // The checks of a header hold for a token with exactly that header.
        let cached = cached.filter(|_| compact.header().is_known());
        Ok(ParsedToken { compact, cached, opening: None, json: None, sd_jwt, is_signed: None })
    }

    /// Decrypts a token, and an encrypted token inside it. Returns `None` if there is no decryption key for it, or if
    /// the token does not have five segments.
    #[must_use]
    pub fn open(&self, token: &[u8]) -> Option<Opening<'v>> {
        let decrypter = self.decrypter.filter(|_| opening::is_encrypted(token))?;
        Opening::new(token, decrypter, self.max_size)
    }

    /// Decrypts an encrypted document in JSON serialization. Returns `None` if there is no decryption key.
    #[must_use]
    pub fn open_document(&self, document: &JsonJwe) -> Option<Opening<'v>> {
        Opening::of_document(document, self.decrypter?, self.max_size)
    }

    /// Parses an encrypted document, or the token inside it if it was decrypted to one. The entry is that of the recipient
    /// who was chosen.
    ///
    /// # Errors
    /// As those of [`parse`](Self::parse).
    pub fn parse_document<'t>(
        &self,
        entry: &'t JsonEntry,
        opening: Option<&'t Opening<'v>>,
    ) -> Result<ParsedToken<'t, 'v>, Failure> {
        match opening {
            Some(opening) if opening.nested().is_some() => self.parse_opened(&[], Some(opening)),
            _ => {
                let compact = entry.compact(Padding::Refused)?;
                Ok(ParsedToken {
                    compact,
                    cached: None,
                    opening,
                    json: Some(entry),
                    sd_jwt: None,
                    is_signed: None,
                })
            }
        }
    }

    /// Parses a token, or the token inside it if it was decrypted to one.
    ///
    /// # Errors
    /// As those of [`parse`](Self::parse).
    pub fn parse_opened<'t>(
        &self,
        token: &'t [u8],
        opening: Option<&'t Opening<'v>>,
    ) -> Result<ParsedToken<'t, 'v>, Failure> {
        let Some(opening) = opening else { return self.parse(token) };
        let inside = |failure: Failure| Failure { detail: format!("inside: {}", failure.detail), ..failure };
        let text = opening.judged_text(token);
        let compact = match opening.nested() {
            Some(_) => Compact::parse(text, self.max_size).map_err(inside)?,
            None => Compact::parse(text, self.max_size)?,
        };
        Ok(ParsedToken {
            compact,
            cached: None,
            opening: Some(opening),
            json: None,
            sd_jwt: None,
            is_signed: None,
        })
    }

    /// Parses the signatures of a document in JSON serialization.
    ///
    /// # Errors
    /// As those of [`parse`](Self::parse).
    pub fn parse_signatures<'t>(&self, document: &'t JsonJws) -> Result<Vec<ParsedToken<'t, 'v>>, Failure> {
        let parse = |signature: &'t JsonEntry| {
            let compact = signature.compact(self.padding)?;
            Ok(ParsedToken {
                compact,
                cached: None,
                opening: None,
                json: Some(signature),
                sd_jwt: None,
                is_signed: None,
            })
        };
        document.signatures.iter().map(parse).collect()
    }

    /// Parses the issuer's token of an SD-JWT. `failure` is returned for any other text.
    fn parse_sd_jwt<'t>(
        &self,
        text: &'t [u8],
        cached: Option<&'t CachedHeader<'v>>,
        failure: Failure,
    ) -> Result<(Compact<'t>, Option<Box<SdJwtText<'t>>>), Failure> {
        let may_be =
            self.sd_jwts == SdJwts::Accepted && failure.reason != Reason::Malformed(Malformed::TooLarge);
        let Some(sd_jwt) = may_be.then(|| SdJwtText::split(text)).flatten() else { return Err(failure) };
        let segment = cached.map(CachedHeader::segment);
        let issued = sd_jwt.issued.as_bytes();
        match Compact::parse_with_header(segment, issued, self.max_size, self.padding) {
            Ok(compact) if is_sd_jwt(&sd_jwt, &compact) => Ok((compact, Some(Box::new(sd_jwt)))),
            _ => Err(failure),
        }
    }

    /// Returns the largest number of bytes of a token.
    pub(super) const fn max_size(&self) -> usize {
        self.max_size
    }

    /// Returns the policy, if the checks of claims look at the listed ones alone.
    pub(super) fn plain_policy(&self) -> Option<&'v Policy> {
        Some(self.policy).filter(|policy| policy.looks_at_listed_claims_alone())
    }

    /// Judges a token, and compares its issuer with that of the keys. Asks no store and gives no hints.
    #[must_use]
    pub fn judge<'t>(&self, token: &'t SubmittedToken<'_, 'v>, at: NumericDate) -> Verification<'t> {
        let SubmittedToken { token, cached, is_signed, opening, presentation } = token;
        let presentation = presentation.as_deref();
        if let Some(CachedHeader { checks, .. }) = cached {
            // Such a token was not inside of another one.
            return Verification {
                judgement: judge(
                    token,
                    presentation,
                    Some(SettledHeader::Kept(checks)),
                    *is_signed,
                    self.policy,
                    at,
                    self.detail,
                ),
                hints: Vec::new(),
                key: checks.choice.key,
                source: checks.choice.source,
                envelopes: Vec::new(),
            };
        }
        let innermost = opening.map(Opening::innermost);
        let (judgement, key, source) = if let Some(innermost) = innermost.filter(|it| it.nested().is_none()) {
            let judgement = judge_opened(token, innermost, self.policy, at, self.detail);
            (judgement, innermost.key(), innermost.source())
        } else if let Ok(header) = &token.header {
            let selecting = token.json.map(|signature| signature.selecting(header));
            let header = selecting.as_ref().unwrap_or(header);
            let checks = self.check_header(header, token.unverified_claims());
            let checks = self.try_keys(token, header, checks);
            let made = Some(SettledHeader::Made(&checks));
            let judgement = judge(token, presentation, made, None, self.policy, at, self.detail);
            let key = checks.choice.key.filter(|_| checks.tried_in_vain == 0);
            (judgement, key, checks.choice.source)
        } else {
            let choice = self.choose_key(None, token.unverified_claims());
            (judge(token, presentation, None, None, self.policy, at, self.detail), choice.key, choice.source)
        };
        let verification = Verification { judgement, hints: Vec::new(), key, source, envelopes: Vec::new() };
        match opening {
            Some(opening) => verification.enclosed(opening, token.unverified_claims()),
            None => verification,
        }
    }

    /// Returns the verdict on text that cannot be parsed.
    #[must_use]
    pub fn unreadable(&self, failure: Failure, hint: Option<String>) -> Verification<'v> {
        Verification {
            judgement: Judgement::unreadable(failure),
            hints: hint.into_iter().collect(),
            key: self.keys.and_then(KeyRing::only),
            source: self.keys.map(KeyRing::source).unwrap_or_default(),
            envelopes: Vec::new(),
        }
    }

    /// Returns the verdict on an encrypted token whose content cannot be parsed.
    #[must_use]
    pub fn unreadable_inside<'t>(
        &self,
        failure: Failure,
        opening: Option<&'t Opening<'v>>,
    ) -> Verification<'t>
    where
        'v: 't,
    {
        let verification = Verification { ..self.unreadable(failure, None) };
        match opening {
            Some(opening) => verification.enclosed(opening, None),
            None => verification,
        }
    }

    /// Judges a token, asks the store about it, and gives the hints of `fob verify` if checks are reported.
    ///
    /// # Errors
    /// If the store cannot be asked.
    pub fn verify<'t, S: RevocationStore>(
        &self,
        token: &'t SubmittedToken<'_, 'v>,
        store: Option<&mut S>,
        at: NumericDate,
    ) -> Result<Verification<'t>, S::Error> {
        if store.is_none() && self.detail == Detail::ReasonsOnly {
            return Ok(self.judge(token, at));
        }
        let mut verification = self.judge(token, at);
        if let Some(store) = store {
            store.check(&mut [(&mut verification.judgement, &token.token)], at)?;
        }
        if self.detail == Detail::Full {
            self.add_hints(&mut verification, token, HintScope::Verify, at);
        }
        Ok(verification)
    }

    /// Verifies tokens as [`verify`](Self::verify) does, and asks the store about all of them at once.
    ///
    /// # Errors
    /// If the store cannot be asked.
    pub fn verify_all<'t, S: RevocationStore>(
        &self,
        tokens: impl Iterator<Item = &'t SubmittedToken<'t, 'v>> + Clone,
        store: &mut S,
        at: NumericDate,
    ) -> Result<Vec<Verification<'t>>, S::Error>
    where
        'v: 't,
    {
        let mut verifications: Vec<_> = tokens.clone().map(|token| self.judge(token, at)).collect();
        let mut asked: Vec<_> = verifications
            .iter_mut()
            .zip(tokens.clone())
            .map(|(verification, token)| (&mut verification.judgement, token.token()))
            .collect();
        store.check(&mut asked, at)?;
        if self.detail == Detail::Full {
            for (verification, token) in verifications.iter_mut().zip(tokens) {
                self.add_hints(verification, token, HintScope::Verify, at);
            }
        }
        Ok(verifications)
    }

    /// Adds hints on what to do about the outcome. Finding them can take longer than the judgement.
    pub fn add_hints(
        &self,
        verification: &mut Verification<'_>,
        token: &SubmittedToken<'_, 'v>,
        scope: HintScope,
        at: NumericDate,
    ) {
        let innermost = token.opening.map(Opening::innermost);
        if let Some(opening) = innermost.filter(|opening| !opening.is_decrypted()) {
            verification.hints.extend(opening.hints());
            return;
        }
        let input = hints::HintInput {
            is_shared: innermost.is_some_and(Opening::is_shared),
            is_inside: innermost.is_some_and(|opening| opening.nested().is_some()),
            token: token.judged(),
            judgement: &verification.judgement,
            keys: self.keys,
            key: verification.key,
            secret: self.secret,
            policy: self.policy,
        };
        verification.hints.extend(hints::hints(&input, scope, at));
    }

    /// Reports whether a claim names the key, so that a header alone does not settle which key is used.
    pub(super) fn needs_claims_to_choose(&self) -> bool {
        self.keys.is_some_and(|keys| keys.claim().is_some() || keys.is_collection())
    }

    /// Tries the keys that the user named one by one, if the header chose none of them. Returns the checks with the first key
    /// that verifies the signature. If none does, the checks are those of the first key, and count the keys.
    fn try_keys(
        &self,
        token: &Token<'_>,
        header: &JoseHeader<'_>,
        checks: HeaderChecks<'v>,
    ) -> HeaderChecks<'v> {
        let candidates = self.candidates(header, &checks);
        let Compact::Jws { signature, .. } = token.compact else { return checks };
        let (Ok(bytes), Some(input)) = (&signature.decoded, token.signing_input()) else { return checks };
        let count = candidates.len();
        for key in &candidates {
            let how = format!("the first of {count} keys that verifies the signature");
            let tried = self.try_key(header, key, how);
            if tried.verifier().is_ok_and(|verifier| verifier.verifies(input, bytes)) {
                return tried;
            }
        }
        let Some(first) = candidates.first() else { return checks };
        let mut tried = self.try_key(header, first, format!("the first of {count} keys that fit"));
        tried.tried_in_vain = count;
        tried.choice.source = checks.choice.source;
        tried
    }

    /// Returns the keys that the user named and that may verify the signature, if the header chose none of them.
    fn candidates(&self, header: &JoseHeader<'_>, checks: &HeaderChecks<'v>) -> Vec<&'v Key> {
        let keys = self.keys.filter(|_| checks.choice.key.is_none());
        keys.map(|keys| keys.candidates(header)).unwrap_or_default()
    }

    /// Makes the checks of a header with one key of several.
    fn try_key(&self, header: &JoseHeader<'_>, key: &'v Key, how: String) -> HeaderChecks<'v> {
        let choice =
            KeyChoice { key: Some(key), failure: None, fits_type: true, source: &key.source, how: Some(how) };
        HeaderChecks::new(header, choice, self.policy)
    }

    /// Makes the checks of a header with each key that may verify the signature, before the claims are known. There is at
    /// least one list of checks.
    pub(super) fn candidate_checks(&self, header: &JoseHeader<'_>) -> Vec<HeaderChecks<'v>> {
        let checks = self.check_header(header, None);
        let candidates = self.candidates(header, &checks);
        let count = candidates.len();
        if count == 0 {
            return vec![checks];
        }
        let how = || format!("one of {count} keys that fit");
        candidates.into_iter().map(|key| self.try_key(header, key, how())).collect()
    }

    /// Returns the policy.
    pub(super) const fn policy(&self) -> &'v Policy {
        self.policy
    }

    /// Returns how much a judgement reports.
    pub(super) const fn detail(&self) -> Detail {
        self.detail
    }

    /// Chooses the key of a token, and makes the checks of its header.
    pub(super) fn check_header(
        &self,
        header: &JoseHeader<'_>,
        claims: Option<&ClaimsSet<'_>>,
    ) -> HeaderChecks<'v> {
        HeaderChecks::new(header, self.choose_key(Some(header), claims), self.policy)
    }

    fn choose_key(&self, header: Option<&JoseHeader<'_>>, claims: Option<&ClaimsSet<'_>>) -> KeyChoice<'v> {
        match self.keys {
            Some(keys) if keys.is_empty() => {
                let failure = Failure::new(Reason::KeyNotFound, "no key was given that verifies a signature");
                KeyChoice { key: None, failure: Some(failure), fits_type: true, source: "", how: None }
            }
            Some(keys) => keys.choose(header, claims),
            None => KeyChoice { key: None, failure: None, fits_type: true, source: "", how: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::secret::Secret;

    #[test]
    fn keeps_each_setting() {
        let (ring, policy) = (KeyRing::empty(), Policy { strict: true, ..Policy::default() });
        let bytes = Secret::new(vec![7]);
        let secret = Written { taken: bytes.clone(), bytes, in_file: false };
        let new = Verifier::new(&ring, &policy);
        assert!(new.secret.is_none() && new.decrypter.is_none() && new.keys.is_some());
        assert!((new.max_size, new.padding, new.detail) == (MAX_SIZE, Padding::Refused, Detail::Full));
        assert!(std::ptr::eq(new.policy(), &policy));
        let set = new
            .with_secret(Some(&secret))
            .with_max_size(5)
            .with_padding(Padding::Allowed)
            .with_sd_jwts(SdJwts::Accepted)
            .with_detail(Detail::ReasonsOnly);
        assert!(set.secret.is_some() && set.keys.is_some() && set.policy().strict);
        assert!((set.max_size(), set.detail()) == (5, Detail::ReasonsOnly));
        assert!(set.padding == Padding::Allowed && set.sd_jwts == SdJwts::Accepted);
        assert!(Verifier::without_key(&policy).keys.is_none());
        let choice = new.choose_key(None, None);
        assert_eq!(choice.failure.unwrap().detail, "no key was given that verifies a signature");
        assert!(choice.key.is_none() && choice.fits_type);
        assert!(Verifier::without_key(&policy).choose_key(None, None).failure.is_none());
    }

    #[test]
    fn parses_as_the_settings_say() {
        let policy = Policy::default();
        let verifier = Verifier::without_key(&policy);
        assert!(verifier.with_max_size(9).parse(b"e30.e30.AA").is_err());
        assert!(verifier.with_max_size(10).parse(b"e30.e30.AA").is_ok());
        assert!(verifier.parse(b"e30=.e30.AA").is_err());
        assert!(verifier.with_padding(Padding::Allowed).parse(b"e30=.e30.AA").is_ok());
        let parsed = verifier.parse(b"e30.e30.AA").unwrap();
        assert!(!parsed.is_opened() && !parsed.is_sd_jwt());
    }
}
