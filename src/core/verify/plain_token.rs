//! The quick way to accept a token of a long run. It makes the checks of `judge` that a plain token with a settled header can fail:
//! its signature, and those of the listed claims. It accepts or says nothing; every other token is judged as usual. A test compares
//! both.

use super::check::{Check, Detail};
use super::claim_checks::checks_without_findings;
use super::header_cache::{CachedHeader, SharedText};
use super::verifier::{ParsedToken, Verifier};
use crate::core::reason::Failure;
use crate::core::text::escape::is_compact_json;
use crate::core::token::base64url::DecodeBuffer;
use crate::core::token::jws::KnownToken;
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::plain_claims::PlainClaims;
use std::cell::OnceCell;

/// A sound token with its cached header, in memory that the caller keeps.
#[derive(Clone, Copy, Debug)]
pub struct PlainToken<'t, 'v> {
    known: KnownToken<'t>,
    cached: &'t CachedHeader<'v>,
    /// True if the signature is valid. `None` if it was not checked yet.
    is_signed: Option<bool>,
}

impl<'t, 'v> PlainToken<'t, 'v> {
    /// Parses a sound token with a header of the verifier's cache, without memory of its own. Returns `None` for every other token;
    /// [`Verifier::parse`] tells the reason.
    #[inline]
    #[must_use]
    pub fn parse(
        verifier: &Verifier<'v>,
        token: &'t [u8],
        cached: &'t CachedHeader<'v>,
        buffer: &'t mut DecodeBuffer,
    ) -> Option<Self> {
        let known = KnownToken::parse(cached.segment(), token, verifier.max_size(), buffer)?;
        Some(Self { known, cached, is_signed: None })
    }

    /// Checks the signatures of two tokens with the same header, which takes less time than each alone. Does nothing if they have
    /// different ones.
    pub fn verify_two([first, second]: [&mut Self; 2]) {
        if std::ptr::eq(first.cached, second.cached)
            && let Some([is_first, is_second]) = first.cached.checks.verify_two([&first.known, &second.known])
        {
            first.is_signed = Some(is_first);
            second.is_signed = Some(is_second);
        }
    }

    /// Reports whether every check of the token passes, without words on any. False says nothing: the token must be judged. With a
    /// tree of values, lists of checks and a judgement, a token of 261 bytes takes 1,500 instructions more.
    #[must_use]
    pub fn is_accepted(&self, at: NumericDate) -> bool {
        let Some(claims) = self.claims() else { return false };
        self.checks(&claims, at, Detail::ReasonsOnly).is_some()
    }

    /// Returns the claims, if the quick way can serve the token.
    #[inline(always)]
    pub(crate) fn claims(&self) -> Option<PlainClaims<'t>> {
        self.cached.plain_policy?;
        let claims = PlainClaims::read(self.known.payload())?;
        // A token that names its holder's key may be part of an SD-JWT.
        if claims.has_confirmation() { None } else { Some(claims) }
    }

    /// Returns the checks of the claims if every check of the token passes, without words on any other check.
    #[inline]
    pub(crate) fn accepted_checks<'c>(
        &self,
        claims: &'c PlainClaims<'t>,
        at: NumericDate,
    ) -> Option<Vec<Check<'c>>> {
        self.checks(claims, at, Detail::Full)
    }

    #[inline(always)]
    fn checks<'c>(
        &self,
        claims: &'c PlainClaims<'t>,
        at: NumericDate,
        detail: Detail,
    ) -> Option<Vec<Check<'c>>> {
        let checks = checks_without_findings(claims, self.cached.plain_policy?, at, detail);
        checks.filter(|_| self.is_signed())
    }

    /// Returns the text that is kept with the header.
    pub(crate) const fn shared_text(&self) -> &'t OnceCell<Option<SharedText>> {
        &self.cached.shared_text
    }

    /// Returns the received texts of the header and of the claims, and the claims, if a report writes both texts as they are.
    #[inline]
    pub(crate) fn compact_parts(&self) -> Option<(&'t [u8], &'t [u8], PlainClaims<'t>)> {
        let header = self.cached.compact_header()?;
        let payload = self.known.payload();
        let claims = PlainClaims::read(payload)?;
        is_compact_json(payload).then_some((header, payload, claims))
    }

    /// Returns the decoded payload.
    pub(crate) const fn payload(&self) -> &'t [u8] {
        self.known.payload()
    }

    fn is_signed(&self) -> bool {
        let verifies = || {
            let verifier = self.cached.checks.verifier();
            verifier.is_ok_and(|it| it.verifies(self.known.signing_input(), self.known.signature()))
        };
        self.is_signed.unwrap_or_else(verifies)
    }

    /// Returns the warnings of an accepted token: those of its header.
    #[must_use]
    pub fn warnings(&self) -> &'t [Failure] {
        self.cached.checks.warnings()
    }

    /// Returns the token, ready to be read and judged.
    ///
    /// # Errors
    /// As those of [`KnownToken::compact`].
    pub fn parsed(&self) -> Result<ParsedToken<'t, 'v>, Failure> {
        Ok(ParsedToken::plain(self.known.compact()?, self.cached, self.is_signed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::text::duration::Duration;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::base64url;
    use crate::core::token::jws::signing_input;
    use crate::core::verify::Verifier;
    use crate::core::verify::judge::Verdict;
    use crate::core::verify::policy::Policy;

    const NOW: NumericDate = NumericDate::from_seconds(1_750_000_000);
    const HEADERS: [&str; 9] = [
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"dc+sd-jwt"}"#,
        r#"{"alg":"HS256","typ":1}"#,
        r#"{"alg":"HS256","crit":["x"],"x":1}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"HS256","x":1,"x":1}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS512"}"#,
    ];

    fn key(secret: usize) -> Key {
        Key::hmac(Secret::new(vec![7; secret]), None, "a test".into())
    }

    fn token(header: &str, payload: &str, key: &Key) -> String {
        let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
        let input = format!("{header}.{payload}");
        let signature =
            key.signer(Algorithm::Hs256).unwrap().sign(signing_input(&format!("{input}."))).unwrap();
        format!("{input}.{}", base64url::encode(&signature))
    }

    /// Returns policies, each with true if the quick way serves it.
    fn policies() -> Vec<(Policy, bool)> {
        let demands = Policy {
            issuers: vec!["x".into()],
            audiences: vec!["x".into()],
            subject: Some("x".into()),
            id: Some("x".into()),
            strict: true,
            ..Policy::default()
        };
        let times = Policy {
            leeway: Duration::seconds(60),
            max_age: Some(Duration::seconds(3_600)),
            ..Policy::default()
        };
        let others = [
            Policy { required: vec!["role".into()], ..Policy::default() },
            Policy {
                claims: vec![("role".into(), crate::core::json::Value::string("x"))],
                ..Policy::default()
            },
            Policy { typ: Some("JWT".into()), ..Policy::default() },
            Policy { token_type: Some("access".into()), ..Policy::default() },
            Policy { holder_nonce: Some("x".into()), ..Policy::default() },
            Policy { holder_audiences: vec!["x".into()], ..Policy::default() },
            Policy { holder_max_age: Some(Duration::ZERO), ..Policy::default() },
        ];
        let served = [Policy::default(), demands, times, Policy { ignore_exp: true, ..Policy::default() }];
        served.into_iter().map(|it| (it, true)).chain(others.into_iter().map(|it| (it, false))).collect()
    }

    /// Returns a payload that most policies accept, with some claims of a rarer form.
    fn payload(next: &mut impl FnMut(usize) -> usize) -> String {
        let names =
            ["iss", "sub", "aud", "jti", "role", "scope", "cnf", "_sd", "auth_time", "updated_at", "x"];
        let times = ["exp", "nbf", "iat", "auth_time", "updated_at"];
        let values = ["\"x\"", "\"x\"", "\"x\"", "\"y\"", "true", "1", "[\"x\"]", "{}", "null", "1.5"];
        let instants = [
            "1749999990",
            "1750000010",
            "1700000000",
            "4102444799",
            "4102444800",
            "1750000000000",
            "1e-400",
            "1e400",
            "0",
            "\"x\"",
        ];
        let mut pairs: Vec<String> =
            ["iss", "aud", "sub", "jti"].map(|name| format!("\"{name}\":\"x\"")).to_vec();
        pairs.extend(["\"exp\":1760000000", "\"iat\":1749999000"].map(str::to_owned));
        for _ in 0..next(4) {
            let pair = match next(2) {
                0 => format!("\"{}\":{}", names[next(names.len())], values[next(values.len())]),
                _ => format!("\"{}\":{}", times[next(times.len())], instants[next(instants.len())]),
            };
            let at = next(pairs.len());
            if next(3) == 0 { pairs.push(pair) } else { pairs[at] = pair }
        }
        format!("{{{}}}", pairs.join(if next(12) == 0 { ", " } else { "," }))
    }

    /// Compares the quick way with the usual one. It must serve most tokens that are accepted.
    #[test]
    fn accepts_only_what_all_checks_accept() {
        let mut seed = 8_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let (mut quick, mut slow, mut rejected) = (0, 0, 0);
        for (secret, (policy, is_served)) in
            [32, 8].into_iter().flat_map(|secret| policies().into_iter().map(move |it| (secret, it)))
        {
            let key = key(secret);
            let keys = KeyRing::from(key.clone());
            let verifier = Verifier::new(&keys, &policy);
            let mut cache = verifier.with_detail(Detail::ReasonsOnly).header_cache();
            let mut buffers: [DecodeBuffer; 2] = Default::default();
            for _ in 0..250 {
                let header = HEADERS[if next(4) == 0 { next(HEADERS.len()) } else { 0 }];
                let payload = payload(&mut next);
                let mut text = token(header, &payload, &key);
                if next(8) == 0 {
                    text.truncate(text.len() - 8);
                    text.push_str("AAAAAAAA");
                }
                let alone = verifier.parse(text.as_bytes()).unwrap();
                let alone = alone.read();
                let alone = verifier.judge(&alone, NOW).judgement;
                let cached = cache.lookup(text.as_bytes()).unwrap().clone();
                let [buffer, other] = &mut buffers;
                let mut one = PlainToken::parse(&verifier, text.as_bytes(), &cached, buffer).unwrap();
                let alone_accepts = one.is_accepted(NOW);
                let mut two = PlainToken::parse(&verifier, text.as_bytes(), &cached, other).unwrap();
                PlainToken::verify_two([&mut one, &mut two]);
                assert_eq!([one, two].map(|it| it.is_accepted(NOW)), [alone_accepts; 2], "{payload}");
                let is_accepted = alone.verdict() == Verdict::Accepted;
                if alone_accepts {
                    assert!(is_accepted && is_served, "{header} {payload} {policy:?} {:?}", alone.reasons);
                    assert_eq!(one.warnings(), alone.warnings, "{payload}");
                    let claims = one.claims().unwrap();
                    let checks = one.accepted_checks(&claims, NOW).unwrap();
                    assert!(alone.checks.ends_with(&checks), "{payload}");
                    // Before them are only `form`, `alg`, `key` and `signature`.
                    assert_eq!(alone.checks.len() - checks.len(), 4, "{payload}");
                    quick += 1;
                } else if is_accepted {
                    let claims = PlainClaims::read(payload.as_bytes());
                    let is_plain = claims.is_some_and(|claims| !claims.has_confirmation());
                    let is_known = alone.warnings == one.warnings();
                    assert!(!(is_served && is_plain && is_known), "{header} {payload} {policy:?}");
                    slow += 1;
                } else {
                    rejected += 1;
                }
            }
        }
        assert!(quick > 250 && slow > 250 && rejected > 800, "{quick} {slow} {rejected}");
    }

    #[test]
    fn serves_a_token_of_the_usual_form_with_a_warning_about_its_key() {
        let (key, policy) = (key(8), Policy::default());
        let keys = KeyRing::from(key.clone());
        let verifier = Verifier::new(&keys, &policy).with_detail(Detail::ReasonsOnly);
        let text = token(HEADERS[0], r#"{"sub":"user-000000","exp":4102444800}"#, &key);
        let cached = verifier.header_cache().lookup(text.as_bytes()).unwrap().clone();
        let mut buffer = DecodeBuffer::default();
        let plain = PlainToken::parse(&verifier, text.as_bytes(), &cached, &mut buffer).unwrap();
        assert!(plain.is_accepted(NOW));
        assert_eq!(plain.warnings().len(), 1);
    }

    #[test]
    fn checks_two_signatures_together_and_keeps_each_outcome() {
        let (key, policy) = (key(32), Policy::default());
        let keys = KeyRing::from(key.clone());
        let verifier = Verifier::new(&keys, &policy);
        let mut cache = verifier.header_cache();
        let good = token(HEADERS[0], r#"{"sub":"x"}"#, &key);
        let (_, signature) = good.rsplit_once('.').unwrap();
        let other = token(HEADERS[0], r#"{"sub":"y"}"#, &key);
        let bad = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
        let of_another_header = token(HEADERS[1], r#"{"sub":"x"}"#, &key);
        for (texts, outcomes) in [
            ([&good, &bad], [Some(true), Some(false)]),
            ([&bad, &good], [Some(false), Some(true)]),
            ([&good, &of_another_header], [None, None]),
        ] {
            let headers = texts.map(|text| cache.lookup(text.as_bytes()).unwrap().clone());
            let mut buffers: [DecodeBuffer; 2] = Default::default();
            let [first, second] = &mut buffers;
            let mut one = PlainToken::parse(&verifier, texts[0].as_bytes(), &headers[0], first).unwrap();
            let mut two = PlainToken::parse(&verifier, texts[1].as_bytes(), &headers[1], second).unwrap();
            PlainToken::verify_two([&mut one, &mut two]);
            assert_eq!([one, two].map(|it| it.is_signed), outcomes, "{texts:?}");
            assert_eq!([one, two].map(|it| it.is_accepted(NOW)), texts.map(|text| *text != bad), "{texts:?}");
        }
    }
}
