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
    if jwk.members().iter().any(|member| matches!(&*member.name, "d" | "k" | "priv")) {
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
