//! The checks of the key binding JWT of an SD-JWT (RFC 9901 section 7.3). Its key is the one in `cnf` of the issuer's token;
//! no other key of either token is ever used.

use super::check::Checks;
use super::fact::Fact;
use super::header_checks::HeaderChecks;
use super::policy::Policy;
use super::presentation::Presentation;
use crate::core::json::Value;
use crate::core::key::Key;
use crate::core::key::jwk::{self, JwkOrigin};
use crate::core::key::ring::KeyChoice;
use crate::core::reason::{BadKeyBinding, CheckName, Reason};
use crate::core::text::escape::Quoted;
use crate::core::token::Token;
use crate::core::token::algorithm::KeyType;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::header::same_typ;
use crate::core::token::jws::{Compact, signing_input};
use crate::core::token::numeric_date::NumericDate;

/// The `typ` of a key binding JWT (RFC 9901 section 4.3).
const TYP: &str = "kb+jwt";

/// The source of the holder's key, for messages.
const CNF: &str = "`cnf` of the token";

/// Checks the key binding of a token, and returns whether its holder presents it. `claims` are those of the issuer, with the
/// disclosed claims in their places if the disclosures are sound. `is_marked` says that the issuer's token is one of an
/// SD-JWT, even if it comes without the `~` that its holder must write.
pub(super) fn check_key_binding(
    checks: &mut Checks<'_>,
    presentation: Option<&Presentation<'_>>,
    is_marked: bool,
    claims: Option<&ClaimsSet<'_>>,
    policy: &Policy,
    now: NumericDate,
) -> bool {
    let unverified = checks.unverified;
    let text = presentation.map(|presentation| presentation.text);
    let Some((presentation, jwt)) = presentation.zip(text.and_then(|text| text.key_binding)) else {
        check_absence(checks, presentation, is_marked, claims, policy);
        return false;
    };
    if unverified {
        let untrusted = || "not checked: the issuer's signature, which covers `cnf`, is not verified";
        checks.skip(CheckName::KeyBinding, untrusted);
        return false;
    }
    let before = checks.reasons.len();
    let compact = match Compact::parse(jwt.as_bytes(), jwt.len()) {
        Ok(compact) => compact,
        Err(failure) => {
            fail(checks, BadKeyBinding::Form, || format!("the key binding JWT: {}", failure.detail));
            return false;
        }
    };
    let token = Token::parse(&compact);
    for flaw in &token.flaws {
        fail(checks, BadKeyBinding::Form, || format!("the key binding JWT: {}", flaw.detail));
    }
    let (Ok(header), Some(own)) = (&token.header, token.unverified_claims()) else {
        // A header with an extension has no flaw for a payload that is not a claims set.
        if checks.reasons.len() == before {
            fail(checks, BadKeyBinding::Form, || "the key binding JWT has no claims");
        }
        return false;
    };
    match header.get("typ") {
        Some(Value::String(typ)) if same_typ(typ, TYP) => {}
        Some(other) => {
            fail(checks, BadKeyBinding::Typ, || format!("`typ` is {other}, expected {}", Quoted(TYP)))
        }
        None => {
            fail(checks, BadKeyBinding::Typ, || format!("the header has no `typ`, expected {}", Quoted(TYP)))
        }
    }
    let is_signed = match holder_key(claims) {
        Ok(key) => check_signature(checks, &token, &key),
        Err(detail) => {
            fail(checks, BadKeyBinding::Cnf, || detail);
            false
        }
    };
    if checks.reasons.len() == before {
        let algorithm = header.alg().unwrap_or_default();
        checks.pass(CheckName::KeyBinding, || format!("{algorithm} by the key in {CNF}"));
    }
    checks.unverified = !is_signed;
    check_hash(checks, presentation, own);
    check_times(checks, own, policy, now);
    check_nonce(checks, own, policy);
    check_audience(checks, own, policy);
    checks.unverified = unverified;
    checks.reasons.len() == before
}

fn fail<'a, F: Into<Fact<'a>>>(checks: &mut Checks<'a>, fault: BadKeyBinding, found: impl FnOnce() -> F) {
    checks.fail(fault.check(), Reason::BadKeyBinding(fault), found);
}

/// Decides whether a token may be presented without key binding.
fn check_absence(
    checks: &mut Checks<'_>,
    presentation: Option<&Presentation<'_>>,
    is_marked: bool,
    claims: Option<&ClaimsSet<'_>>,
    policy: &Policy,
) {
    let is_demanded = policy.holder_nonce.is_some()
        || !policy.holder_audiences.is_empty()
        || policy.holder_max_age.is_some();
    if !is_demanded && presentation.is_none() && !is_marked {
        return;
    }
    let is_bound = claims.is_some_and(|claims| claims.confirmation().is_some());
    let options: Vec<&str> = [
        ("--holder-nonce", policy.holder_nonce.is_some()),
        ("--holder-aud", !policy.holder_audiences.is_empty()),
        ("--holder-max-age", policy.holder_max_age.is_some()),
    ]
    .into_iter()
    .filter_map(|(option, is_given)| is_given.then_some(option))
    .collect();
    // A thief could take every `~` away, so the issuer's token alone is bound to its holder, too.
    if options.is_empty() && presentation.is_none() && !(is_marked && is_bound) {
        return;
    }
    if options.is_empty() && policy.strict && is_bound {
        return fail(
            checks,
            BadKeyBinding::Missing,
            || "absent, but the token names its holder's key in `cnf`, and --strict requires it",
        );
    }
    if options.is_empty() {
        return checks.skip(CheckName::KeyBinding, || match is_bound {
            true => {
                "absent, though the token names its holder's key in `cnf` (not required: no --holder-nonce or \
                 --holder-aud given)"
            }
            false => "absent, not required (no --holder-nonce or --holder-aud given)",
        });
    }
    let what = if presentation.is_some() { "absent" } else { "not an SD-JWT, so absent" };
    let verb = if options.len() == 1 { "requires" } else { "require" };
    fail(checks, BadKeyBinding::Missing, || format!("{what}, but {} {verb} it", options.join(" and ")));
}

/// Returns the key that the issuer's token names as its holder's (RFC 7800 section 3.2), or why there is none.
fn holder_key(claims: Option<&ClaimsSet<'_>>) -> Result<Key, String> {
    let Some(cnf) = claims.and_then(|claims| claims.confirmation()) else {
        return Err("the token names no key of its holder: it has no `cnf`".to_owned());
    };
    let Some(jwk) = cnf.get("jwk") else {
        return Err(format!("{CNF} has no `jwk`: {cnf}"));
    };
    // A key that everyone can read proves nothing.
    if jwk.members().iter().any(|member| jwk::PRIVATE_MEMBERS.contains(&&*member.name)) {
        return Err(format!("the key in {CNF} is not a public key"));
    }
    let is_alone = jwk.get("x5c").is_none() || ["n", "x", "pub"].iter().any(|name| jwk.get(name).is_some());
    let key =
        jwk::read(jwk, CNF, JwkOrigin::InSet).ok().filter(|key| is_alone && !key.has_type(KeyType::Oct));
    let key = key.ok_or_else(|| format!("{CNF} has no usable key in `jwk`"))?;
    match key.unusable_reason() {
        Some(failure) => Err(format!("the key in {CNF} is refused: {}", failure.detail)),
        None => Ok(key),
    }
}

/// Checks the algorithm of a key binding JWT and its signature.
fn check_signature(checks: &mut Checks<'_>, token: &Token<'_>, key: &Key) -> bool {
    let (Ok(header), Compact::Jws { text, signature, .. }) = (&token.header, token.compact) else {
        return false;
    };
    let choice = KeyChoice { key: Some(key), failure: None, fits_type: true, source: &key.source, how: None };
    let header_checks = HeaderChecks::new(header, choice, &Policy::default());
    let mut obstacles = header_checks.failures().peekable();
    if obstacles.peek().is_some() {
        for (name, text) in obstacles {
            let fault = if name == CheckName::Crit { BadKeyBinding::Form } else { BadKeyBinding::Alg };
            fail(checks, fault, || text);
        }
        return false;
    }
    let (Ok(verifier), Ok(bytes)) = (header_checks.verifier(), &signature.decoded) else {
        fail(checks, BadKeyBinding::Signature, || "the signature cannot be checked");
        return false;
    };
    let is_valid = verifier.verifies(signing_input(text), bytes);
    if !is_valid {
        fail(checks, BadKeyBinding::Signature, || {
            format!("not the {} signature of the key binding JWT by the key in {CNF}", verifier.algorithm)
        });
    }
    is_valid
}

/// Compares `sd_hash` with the digest of the issuer's token and the disclosures (RFC 9901 section 4.3.1).
fn check_hash(checks: &mut Checks<'_>, presentation: &Presentation<'_>, claims: &ClaimsSet<'_>) {
    let Some(algorithm) = presentation.sd_jwt.digest else {
        return checks.skip(CheckName::SdHash, || "not checked: the digest algorithm is not known");
    };
    let expected = algorithm.digest(presentation.text.bound);
    match claims.get("sd_hash") {
        Some(Value::String(hash)) if *hash == *expected => {
            checks.pass(CheckName::SdHash, || {
                format!("{} of the issuer's token and the disclosures", algorithm.name())
            });
        }
        Some(other) => fail(checks, BadKeyBinding::SdHash, || {
            format!(
                "{other}, but the {} digest of what is presented is {}",
                algorithm.name(),
                Quoted(&expected)
            )
        }),
        None => fail(checks, BadKeyBinding::SdHash, || "the key binding JWT has no `sd_hash`"),
    }
}

/// Checks `iat`, which must be there, and `nbf` and `exp`.
fn check_times(checks: &mut Checks<'_>, claims: &ClaimsSet<'_>, policy: &Policy, now: NumericDate) {
    let before = checks.reasons.len();
    let leeway = policy.leeway;
    let iat = claims.numeric_date("iat");
    match &iat {
        Err(failure) => fail(checks, BadKeyBinding::Time, || failure.detail.clone()),
        Ok(None) => fail(checks, BadKeyBinding::Time, || "the key binding JWT has no `iat`"),
        Ok(Some(iat)) if now < iat.minus(leeway) => {
            fail(checks, BadKeyBinding::Time, || {
                dated(format!("signed {}, which is in the future", iat.relative_to(now)), *iat)
            });
        }
        Ok(Some(iat)) => {
            if let Some(max_age) = policy.holder_max_age.filter(|age| iat.plus(*age).plus(leeway) <= now) {
                fail(checks, BadKeyBinding::Time, || {
                    let sentence =
                        format!("signed {}, but --holder-max-age is {max_age}", iat.relative_to(now));
                    dated(sentence, *iat)
                });
            }
        }
    }
    match claims.numeric_date("nbf") {
        Err(failure) => fail(checks, BadKeyBinding::Time, || failure.detail),
        Ok(Some(nbf)) if now < nbf.minus(leeway) => {
            fail(checks, BadKeyBinding::Time, || dated("its `nbf` is in the future".to_owned(), nbf));
        }
        Ok(_) => {}
    }
    match claims.numeric_date("exp") {
        Err(failure) => fail(checks, BadKeyBinding::Time, || failure.detail),
        Ok(Some(exp)) if now >= exp.plus(leeway) => {
            fail(checks, BadKeyBinding::Time, || dated("its `exp` has passed".to_owned(), exp));
        }
        Ok(_) => {}
    }
    if let (Ok(Some(iat)), true) = (iat, checks.reasons.len() == before) {
        checks.pass(CheckName::HolderIat, || {
            let limit = match policy.holder_max_age {
                Some(max_age) => format!("within {max_age}"),
                None => "age not checked: no --holder-max-age given".to_owned(),
            };
            dated(format!("signed {}, {limit}", iat.relative_to(now)), iat)
        });
    }
}

fn dated(sentence: String, date: NumericDate) -> Fact<'static> {
    Fact::Dated(sentence.into(), date)
}

fn check_nonce(checks: &mut Checks<'_>, claims: &ClaimsSet<'_>, policy: &Policy) {
    match (claims.get("nonce"), &policy.holder_nonce) {
        (None, _) => fail(checks, BadKeyBinding::Nonce, || "the key binding JWT has no `nonce`"),
        (Some(Value::String(nonce)), Some(expected)) if is_same(nonce, expected) => {
            checks.pass(CheckName::HolderNonce, || Quoted(nonce).to_string());
        }
        (Some(other), Some(expected)) => {
            fail(checks, BadKeyBinding::Nonce, || format!("{other}, expected {}", Quoted(expected)));
        }
        (Some(Value::String(nonce)), None) if policy.strict => fail(checks, BadKeyBinding::Nonce, || {
            format!("{}, but --strict requires --holder-nonce", Quoted(nonce))
        }),
        (Some(Value::String(nonce)), None) => checks.skip(CheckName::HolderNonce, || {
            format!("{} (not checked: no --holder-nonce given)", Quoted(nonce))
        }),
        (Some(other), None) => {
            fail(checks, BadKeyBinding::Nonce, || format!("`nonce` is {}, not a string", other.type_name()));
        }
    }
}

/// Compares two texts in constant time.
fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn check_audience(checks: &mut Checks<'_>, claims: &ClaimsSet<'_>, policy: &Policy) {
    let expected = &policy.holder_audiences;
    let received = || claims.get("aud").map(ToString::to_string).unwrap_or_default();
    match claims.audiences() {
        Err(failure) => fail(checks, BadKeyBinding::Aud, || failure.detail),
        Ok(None) => fail(checks, BadKeyBinding::Aud, || "the key binding JWT has no `aud`"),
        Ok(Some(audiences)) if expected.iter().any(|expected| audiences.contains(expected)) => {
            checks.pass(CheckName::HolderAud, received);
        }
        Ok(Some(_)) if !expected.is_empty() => {
            let expected: Vec<String> = expected.iter().map(|text| Quoted(text).to_string()).collect();
            fail(checks, BadKeyBinding::Aud, || {
                format!("{}, expected {}", received(), expected.join(" or "))
            });
        }
        Ok(Some(_)) if policy.strict => {
            fail(checks, BadKeyBinding::Aud, || format!("{}, but --strict requires --holder-aud", received()))
        }
        Ok(Some(_)) => checks
            .skip(CheckName::HolderAud, || format!("{} (not checked: no --holder-aud given)", received())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verifier;
    use super::super::presentation::SdJwts;
    use super::*;
    use crate::core::json::parse;
    use crate::core::key::jwk::{Half, write};
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::key::seed::Seed;
    use crate::core::sd_jwt::DigestAlgorithm;
    use crate::core::text::duration::Duration;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::base64url;
    use crate::core::token::jws::SigningInput;

    const NOW: NumericDate = NumericDate::from_seconds(1_750_000_000);
    /// The header of an issuer's token that says that it is part of an SD-JWT.
    const MARKED: &str = r#"{"alg":"HS256","typ":"dc+sd-jwt"}"#;
    const UNMARKED: &str = r#"{"alg":"HS256"}"#;
    /// The header of a key binding JWT, and its claims beside `sd_hash`.
    const HEADER: &str = r#"{"alg":"ES256","typ":"kb+jwt"}"#;
    const CLAIMS: &str = r#""iat":1749999990,"nonce":"ab","aud":"v""#;

    fn issuer() -> Key {
        Key::hmac(Secret::new(vec![1; 32]), None, "the issuer".to_owned())
    }

    fn holder() -> Key {
        Key::derive(Algorithm::Es256, &mut Seed::from(1).stream("a holder", 0)).unwrap()
    }

    fn holder_jwk() -> String {
        Value::Object(write(&holder(), Half::Public).unwrap()).to_string()
    }

    fn bound() -> String {
        format!(r#"{{"cnf":{{"jwk":{}}}}}"#, holder_jwk())
    }

    fn signed(key: &Key, algorithm: Algorithm, header: &str, payload: &str) -> String {
        let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
        let input = format!("{header}.{payload}");
        let signature = key.signer(algorithm).unwrap().sign(SigningInput::new(&input)).unwrap();
        format!("{input}.{}", base64url::encode(&signature))
    }

    fn issued(header: &str, payload: &str) -> String {
        signed(&issuer(), Algorithm::Hs256, header, payload)
    }

    /// Judges a text. Returns what the checks of the key binding found, and true if the holder presents the token.
    fn judged(text: &str, policy: &Policy) -> (Vec<String>, bool) {
        let ring = KeyRing::from(issuer());
        let verifier = Verifier::new(&ring, policy).with_sd_jwts(SdJwts::Accepted);
        let parsed = verifier.parse(text.as_bytes()).unwrap();
        let read = parsed.read();
        let judgement = verifier.judge(&read, NOW).judgement;
        let is_own = |name: &CheckName<'_>| BadKeyBinding::ALL.iter().any(|fault| fault.check() == *name);
        let own = judgement.checks.iter().filter(|check| is_own(&check.name));
        let lines = own
            .map(|check| format!("{} {}: {}", check.name, check.status.name(), check.fact.sentence()))
            .collect();
        (lines, judgement.is_bound())
    }

    /// Judges an SD-JWT with the key binding JWT of its holder. `HASH` in the payload becomes the digest of the rest.
    fn presented(header: &str, payload: &str, policy: &Policy) -> (Vec<String>, bool) {
        let issued = format!("{}~", issued(MARKED, &bound()));
        let payload = payload.replace("HASH", &DigestAlgorithm::Sha256.digest(&issued));
        judged(&format!("{issued}{}", signed(&holder(), Algorithm::Es256, header, &payload)), policy)
    }

    /// Returns the checks that fail for a key binding JWT with this header and these claims. Its holder presents the token only
    /// if there are none.
    fn failed(header: &str, claims: &str, policy: &Policy) -> Vec<String> {
        let (lines, is_bound) = presented(header, &format!(r#"{{"sd_hash":"HASH",{claims}}}"#), policy);
        let failed: Vec<_> = lines.into_iter().filter(|line| line.contains(" failed: ")).collect();
        assert_eq!(is_bound, failed.is_empty(), "{claims}");
        failed
    }

    #[test]
    fn reports_each_check_of_a_key_binding_jwt() {
        let (lines, is_bound) =
            presented(HEADER, &format!(r#"{{"sd_hash":"HASH",{CLAIMS}}}"#), &Policy::default());
        assert_eq!(
            lines,
            [
                "key_binding passed: ES256 by the key in `cnf` of the token",
                "sd_hash passed: sha-256 of the issuer's token and the disclosures",
                "holder_iat passed: signed 10 seconds ago, age not checked: no --holder-max-age given",
                "holder_nonce skipped: \"ab\" (not checked: no --holder-nonce given)",
                "holder_aud skipped: \"v\" (not checked: no --holder-aud given)",
            ]
        );
        assert!(is_bound);
    }

    #[test]
    fn rejects_a_key_binding_jwt_of_another_type() {
        let wrong = r#"{"alg":"ES256","typ":"JWT"}"#;
        let (lines, is_bound) =
            presented(wrong, &format!(r#"{{"sd_hash":"HASH",{CLAIMS}}}"#), &Policy::default());
        let of_jwt: Vec<_> = lines.iter().filter(|line| line.starts_with("key_binding ")).collect();
        assert_eq!(of_jwt, [r#"key_binding failed: `typ` is "JWT", expected "kb+jwt""#]);
        assert!(!is_bound);
    }

    #[test]
    fn rejects_a_key_binding_jwt_with_an_extension_and_no_claims() {
        let extended = r#"{"alg":"ES256","typ":"kb+jwt","crit":["x"],"x":1}"#;
        let lines = ["key_binding failed: the key binding JWT has no claims".to_owned()];
        assert_eq!(presented(extended, "[]", &Policy::default()), (lines.to_vec(), false));
    }

    #[test]
    fn compares_the_times_of_a_key_binding_jwt_with_the_clock() {
        let minute = Policy { leeway: Duration::seconds(60), ..Policy::default() };
        for (times, policy, line) in [
            (r#""nbf":1749999999,"exp":1750000001"#, &Policy::default(), None),
            (r#""nbf":1750000000"#, &Policy::default(), None),
            (
                r#""nbf":1750000001"#,
                &Policy::default(),
                Some("holder_iat failed: its `nbf` is in the future"),
            ),
            (r#""nbf":1750000060"#, &minute, None),
            (r#""nbf":1750000061"#, &minute, Some("holder_iat failed: its `nbf` is in the future")),
            (r#""exp":1750000000"#, &Policy::default(), Some("holder_iat failed: its `exp` has passed")),
            (r#""exp":1749999941"#, &minute, None),
            (r#""exp":1749999940"#, &minute, Some("holder_iat failed: its `exp` has passed")),
        ] {
            assert_eq!(failed(HEADER, &format!("{CLAIMS},{times}"), policy), Vec::from_iter(line), "{times}");
        }
    }

    #[test]
    fn compares_every_byte_of_the_nonce() {
        for (expected, is_same) in [("ab", true), ("ba", false), ("aa", false), ("abc", false), ("", false)] {
            let policy = Policy { holder_nonce: Some(expected.to_owned()), ..Policy::default() };
            let line = format!(r#"holder_nonce failed: "ab", expected "{expected}""#);
            assert_eq!(
                failed(HEADER, CLAIMS, &policy),
                Vec::from_iter((!is_same).then_some(line)),
                "{expected}"
            );
        }
    }

    #[test]
    fn demands_key_binding_if_any_option_of_the_holder_is_given() {
        let nonce = Policy { holder_nonce: Some("ab".to_owned()), ..Policy::default() };
        let audience = Policy { holder_audiences: vec!["v".to_owned()], ..Policy::default() };
        let age = Policy { holder_max_age: Some(Duration::seconds(60)), ..Policy::default() };
        for (policy, option) in
            [(nonce, "--holder-nonce"), (audience, "--holder-aud"), (age, "--holder-max-age")]
        {
            for (text, what) in [
                (issued(UNMARKED, "{}"), "not an SD-JWT, so absent"),
                (format!("{}~", issued(MARKED, "{}")), "absent"),
            ] {
                let line = format!("key_binding failed: {what}, but {option} requires it");
                assert_eq!(judged(&text, &policy), (vec![line], false));
            }
        }
    }

    #[test]
    fn reports_absent_key_binding_only_of_sd_jwts_and_their_bound_tokens() {
        let bound = bound();
        let though = "key_binding skipped: absent, though the token names its holder's key in `cnf` (not required: no \
                      --holder-nonce or --holder-aud given)";
        let absent = "key_binding skipped: absent, not required (no --holder-nonce or --holder-aud given)";
        for (text, line) in [
            (issued(UNMARKED, "{}"), None),
            (issued(UNMARKED, &bound), None),
            (issued(MARKED, "{}"), None),
            (issued(MARKED, &bound), Some(though)),
            // Nothing is said about claims behind an extension.
            (issued(r#"{"alg":"HS256","typ":"dc+sd-jwt","crit":["x"]}"#, &bound), None),
            (format!("{}~", issued(MARKED, "{}")), Some(absent)),
            (format!("{}~", issued(MARKED, &bound)), Some(though)),
        ] {
            assert_eq!(judged(&text, &Policy::default()).0, Vec::from_iter(line), "{text}");
        }
    }

    /// A certificate with a key for Ed25519.
    const CERTIFICATE: &str = "MIHUMIGHAhRmvCiNOc8p0I44mfYXBNMgHBCGPTAFBgMrZXAwDDEKMAgGA1UEAwwBaDAgFw0yNjExMzAwNzQ0MDRaGA8yMTI2MTEwNjA3NDQw\
        NFowDDEKMAgGA1UEAwwBaDAqMAUGAytlcAMhAHeJdEdKSdEQWnNOE0rT+N2lJhFkE/kWHE0gOqFa0yshMAUGAytlcANBADrvMv5ZwXxaYXAbvAHC\
        12uzwabTE4TO4oJgZatEtXSQbupLt8iV0EyhhIlzi91nDDLWkVtqiVky41vUNCSddAQ=";

    #[test]
    fn takes_a_key_beside_certificates_but_none_out_of_them() {
        let key = |jwk: &str| {
            let claims = parse(format!(r#"{{"cnf":{{"jwk":{jwk}}}}}"#).as_bytes()).unwrap().into_owned();
            holder_key(Some(&ClaimsSet::from_members(claims.members().to_vec()))).map(|key| key.kind())
        };
        let own = holder_jwk();
        assert!(key(&own).is_ok());
        assert_eq!(key(&own.replacen('{', r#"{"x5c":["AA"],"#, 1)), key(&own));
        let alone = format!(r#"{{"kty":"OKP","x5c":["{CERTIFICATE}"]}}"#);
        assert!(jwk::read(&parse(alone.as_bytes()).unwrap(), "a test", JwkOrigin::InSet).is_ok());
        assert_eq!(key(&alone), Err("`cnf` of the token has no usable key in `jwk`".to_owned()));
    }
}
