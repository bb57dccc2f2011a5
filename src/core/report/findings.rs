//! Findings: what a reader of a token should know, found without a key. Defects of the form, implausible times, parameters
//! that attackers use, and claims that do not belong in a token. A finding never decides a verdict.

use super::finding::{Finding, FindingCode};
use crate::core::json::{Member, Value};
use crate::core::redact::is_personal;
use crate::core::report::KnownSecrets;
use crate::core::report::known_secret::source_of_secret;
use crate::core::report::leaks::{Leak, leaks};
use crate::core::text::duration::{distance, lifetime};
use crate::core::text::escape::{Shown, excerpt, holds_hostile};
use crate::core::token::Token;
use crate::core::token::algorithm::AlgName;
use crate::core::token::claims::{Payload, STRING_CLAIMS, TIME_CLAIMS};
use crate::core::token::header::KEY_PARAMETERS;
use crate::core::token::jws::Compact;
use crate::core::token::kind::{Classification, TokenKind, is_endless};
use crate::core::token::numeric_date::NumericDate;

/// The readers of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Every holder of the token.
    All,
    /// The holders of the key that decrypts it.
    KeyHolders,
}

impl Readers {
    /// Says who can read the payload, after the word “readable”.
    const fn words(self) -> &'static str {
        match self {
            Self::All => "without a key",
            Self::KeyHolders => "with the decryption key",
        }
    }
}

/// Returns the findings on a token at an instant, the most severe first.
#[must_use]
pub fn findings(
    token: &Token<'_>,
    classification: Classification,
    now: NumericDate,
    known_secrets: KnownSecrets,
    readers: Readers,
) -> Vec<Finding> {
    let mut list: Vec<Finding> = token.flaws.iter().cloned().map(Finding::from_failure).collect();
    about_header(token, classification.kind, &mut list);
    if known_secrets == KnownSecrets::Tried
        && let Some(source) = source_of_secret(token)
    {
        let detail = format!("signed with an example secret of {source}: every reader can forge the token");
        list.push(Finding::new(FindingCode::KnownSecret, detail));
    }
    about_times(token, classification.kind, now, &mut list);
    about_claims(token, classification, readers, &mut list);
    list.sort_by_key(|finding| finding.severity);
    list
}

fn about_header(token: &Token<'_>, kind: TokenKind, list: &mut Vec<Finding>) {
    let Ok(header) = &token.header else { return };
    if let Compact::Jws { signature, .. } = token.compact {
        let algorithm = header.alg().map(|name| (name, AlgName::parse(name)));
        match algorithm {
            Ok((name, AlgName::None)) => list.push(Finding::new(
                FindingCode::AlgNone,
                format!("`{name}`: the token is not signed, so its content can be forged"),
            )),
            Ok((name, AlgName::Unknown)) => list.push(Finding::new(
                FindingCode::AlgUnsupported,
                format!("unknown algorithm `{}`", excerpt(name)),
            )),
            Ok((name, _)) if signature.encoded.is_empty() => list.push(Finding::new(
                FindingCode::SignatureEmpty,
                format!("the header says {name}, but the signature is empty"),
            )),
            Ok((_, AlgName::Known(known)))
                if signature.decoded.is_ok()
                    && known.signature_bytes().is_some_and(|wanted| signature.bytes().len() != wanted) =>
            {
                let wanted = known.signature_bytes().unwrap_or_default();
                let detail =
                    format!("{} bytes, but a signature of {known} has {wanted}", signature.bytes().len());
                list.push(Finding::new(FindingCode::SignatureSize, detail));
            }
            _ => {}
        }
    }
    for name in ["crit", "b64"] {
        if header.get(name).is_some() {
            let detail = format!("`{name}` requires an extension, which a verifier must not ignore");
            list.push(Finding::new(FindingCode::CritUnsupported, detail));
        }
    }
    let carries_its_key = TokenKind::from_typ(token).is_some_and(TokenKind::carries_its_key);
    for name in KEY_PARAMETERS {
        if header.get(name).is_some() && !carries_its_key && !kind.has_parameter(name) {
            let detail = format!(
                "`{name}` carries or points to a key that the sender chose; fob never uses or fetches it"
            );
            list.push(Finding::new(FindingCode::KeyInHeader, detail));
        }
    }
    if let Ok(Some(kid)) = header.kid()
        && (kid.contains("..") || kid.starts_with('/') || kid.contains(['\'', '`', '$', ';', '|', '\0']))
    {
        let detail = "`kid` looks like a path, a query or a command; a verifier must only compare it";
        list.push(Finding::new(FindingCode::KidSuspicious, detail));
    }
    if header.get("zip").is_some() && matches!(token.compact, Compact::Jws { .. }) {
        list.push(Finding::new(
            FindingCode::ZipInJws,
            "`zip` has no meaning in a signed token and is ignored",
        ));
    }
    if header.get("typ").is_some_and(|typ| typ.as_str().is_none()) {
        list.push(Finding::new(FindingCode::TypNotString, "`typ` is not a string"));
    }
}

fn about_times(token: &Token<'_>, kind: TokenKind, now: NumericDate, list: &mut Vec<Finding>) {
    let Some(claims) = token.unverified_claims() else { return };
    for time in claims.times() {
        list.extend(time.mistake().map(|mistake| Finding::new(FindingCode::WrongUnit, mistake)));
    }
    for name in TIME_CLAIMS {
        if let Err(failure) = claims.numeric_date(name) {
            list.push(Finding::from_failure(failure));
        }
    }
    let (exp, nbf, iat) = (claims.date("exp"), claims.date("nbf"), claims.date("iat"));
    let since = |date: NumericDate| date.seconds_since(now);
    let endless = is_endless(token);
    for (name, date) in [("exp", exp), ("nbf", nbf), ("iat", iat)] {
        if date.is_some_and(|date| date.is_after_calendar() && date.mistaken_unit().is_none()) {
            let detail = format!("`{name}` is after the year 9999");
            list.push(Finding::about_claim(FindingCode::ImplausibleTime, name, detail));
        }
    }
    if let Some(exp) = exp.filter(|exp| now >= *exp && !endless) {
        list.push(Finding::new(FindingCode::Expired, format!("expired {}", exp.relative_to(now))));
    }
    if let Some(nbf) = nbf.filter(|nbf| now < *nbf) {
        list.push(Finding::new(
            FindingCode::NotYetValid,
            format!("not valid for another {}", distance(since(nbf))),
        ));
    }
    if let Some(iat) = iat.filter(|iat| now < *iat) {
        list.push(Finding::new(FindingCode::IssuedInFuture, format!("issued {}", iat.relative_to(now))));
    }
    match exp {
        _ if endless => {}
        None if kind.does_without_exp() => {}
        None if claims.get("exp").is_none() => {
            list.push(Finding::new(FindingCode::NoExpiry, "no `exp`: the token never expires"));
        }
        Some(exp) => {
            // Libraries write the zero time of their language if a time was never set. No lifetime begins there.
            let set = |date: &NumericDate| date.seconds() > 0;
            list.extend(about_lifetime(kind, iat.filter(set).or(nbf.filter(set)), exp));
        }
        None => {}
    }
}

/// Returns the finding on the time between the start and the end of a token.
fn about_lifetime(kind: TokenKind, start: Option<NumericDate>, exp: NumericDate) -> Option<Finding> {
    const DAY: i64 = 86_400;
    let start = start?;
    if exp <= start {
        return Some(Finding::new(FindingCode::NeverValid, "the token expires before it becomes valid"));
    }
    if exp.is_after_calendar() {
        return None;
    }
    let length = exp.seconds_since(start);
    let days = kind.usual_days().filter(|days| length > days * DAY)?;
    let words = match days {
        1 => "a day",
        31 => "a month",
        _ => "a year",
    };
    let detail = format!(
        "valid for {}: more than {words} is long for this kind of token",
        lifetime(length.unsigned_abs())
    );
    Some(Finding::new(FindingCode::LongLived, detail))
}

fn about_claims(
    token: &Token<'_>,
    classification: Classification,
    readers: Readers,
    list: &mut Vec<Finding>,
) {
    if let Ok(header) = &token.header
        && hides_text(header.members())
    {
        list.push(Finding::new(
            FindingCode::HiddenText,
            "the header contains control or invisible characters",
        ));
    }
    let claims = match &token.payload {
        Some(Payload::Claims(claims)) => claims,
        Some(Payload::Text(text, _)) if text.starts_with("eyJ") && text.matches('.').count() == 2 => {
            list.push(Finding::new(FindingCode::Nested, "the payload is itself a token"));
            return;
        }
        _ => return,
    };
    for name in STRING_CLAIMS {
        if let Err(failure) = claims.string(name) {
            list.push(Finding::from_failure(failure));
        }
    }
    if let Err(failure) = claims.audiences() {
        list.push(Finding::from_failure(failure));
    }
    if hides_text(claims.members()) {
        list.push(Finding::new(
            FindingCode::HiddenText,
            "the payload contains control or invisible characters",
        ));
    }
    list.extend(leaks(claims.members()).into_iter().map(|leak| about_leak(leak, readers)));
    let role = claims.get("role").and_then(Value::as_str);
    if role == Some("service_role") && classification.style == Some("Supabase") {
        let detail = "a Supabase `service_role` key bypasses Row Level Security: keep it on servers only";
        list.push(Finding::new(FindingCode::ServiceRole, detail));
    }
    let personal: Vec<String> = claims
        .members()
        .iter()
        .filter(|member| is_personal(member) && !is_service_account(&member.value))
        .map(|member| format!("`{}`", Shown(&member.name)))
        .collect();
    if !personal.is_empty() {
        let detail = format!("personal data, readable {}: {}", readers.words(), personal.join(", "));
        list.push(Finding::new(FindingCode::PersonalData, detail));
    }
}

/// Reports whether a value is the address of a service account of Google, which is not a person.
fn is_service_account(value: &Value<'_>) -> bool {
    value.as_str().is_some_and(|address| address.ends_with(".gserviceaccount.com"))
}

fn about_leak(leak: Leak, readers: Readers) -> Finding {
    let readers = readers.words();
    match leak {
        Leak::PasswordHash { path, method } => {
            let detail = format!(
                "`{}` holds a password hash ({method}), which can be read and attacked {readers}",
                Shown(&path)
            );
            Finding::new(FindingCode::PasswordHash, detail)
        }
        Leak::PrivateKey { path } => {
            let detail = format!("`{}` holds a private key, which can be read {readers}", Shown(&path));
            Finding::new(FindingCode::SecretInPayload, detail)
        }
        Leak::Secret { path } => {
            let detail = format!("`{}` is readable {readers}", Shown(&path));
            Finding::new(FindingCode::SecretInPayload, detail)
        }
    }
}

/// Reports whether a name or a string contains hostile characters, at any depth.
fn hides_text(members: &[Member<'_>]) -> bool {
    fn hides(value: &Value<'_>) -> bool {
        match value {
            Value::String(text) => holds_hostile(text),
            Value::Array(items) => items.iter().any(hides),
            Value::Object(members) => hides_text(members),
            _ => false,
        }
    }
    members.iter().any(|member| holds_hostile(&member.name) || hides(&member.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    fn codes(header: &str, payload: &str, signature: &str) -> Vec<String> {
        let encode = |text: &str| base64url::encode(text.as_bytes());
        let text = format!("{}.{}.{signature}", encode(header), encode(payload));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        findings(
            &token,
            Classification::from_token(&token),
            NumericDate::from_seconds(1_700_000_000),
            KnownSecrets::Tried,
            Readers::All,
        )
        .iter()
        .map(|finding| format!("{} {}", finding.severity.name(), finding.code))
        .collect()
    }

    const MAC: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn finds_nothing_in_a_sound_token() {
        assert_eq!(
            codes(r#"{"alg":"HS256"}"#, r#"{"iat":1700000000,"exp":1700000300,"sub":"1"}"#, MAC),
            [""; 0]
        );
    }

    #[test]
    fn finds_parameters_that_attackers_use() {
        let header = r#"{"alg":"none","jku":"https://evil.example","kid":"../../dev/null","crit":["x"]}"#;
        assert_eq!(
            codes(header, r#"{"exp":1700000001}"#, ""),
            ["error alg_none", "warning crit_unsupported", "warning key_in_header", "warning kid_suspicious"]
        );
    }

    #[test]
    fn finds_implausible_times() {
        assert_eq!(
            codes(r#"{"alg":"HS256"}"#, r#"{"exp":1700000300000,"nbf":"1"}"#, MAC),
            ["error claim_type:nbf", "warning wrong_unit"]
        );
        assert_eq!(codes(r#"{"alg":"HS256"}"#, "{}", MAC), ["warning no_expiry"]);
    }

    #[test]
    fn finds_claims_that_do_not_belong_in_a_token() {
        let payload = "{\"exp\":1700000300,\"password\":\"x\",\"email\":\"a@b.c\",\"n\":\"a\u{202e}b\"}";
        assert_eq!(
            codes(r#"{"alg":"HS256"}"#, payload, MAC),
            ["warning hidden_text", "warning secret_in_payload", "info personal_data"]
        );
    }

    #[test]
    fn distinguishes_secrets_from_names_of_secrets() {
        let header = r#"{"alg":"HS256"}"#;
        for (member, code) in [
            (r#""client_secret":"x""#, "warning secret_in_payload"),
            (r#""userPassword":"x""#, "warning secret_in_payload"),
            (r#""hash":"$2b$10$abc""#, "warning password_hash"),
            (r#""password":"pbkdf2_sha256$1$a$b""#, "warning password_hash"),
        ] {
            assert_eq!(codes(header, &format!(r#"{{"exp":1700000300,{member}}}"#), MAC), [code], "{member}");
        }
        for member in [
            r#""kubernetes.io/serviceaccount/secret.name":"x""#,
            r#""secretName":"x""#,
            r#""password_changed_at":1700000000"#,
            r#""password_reset":"x""#,
            r#""has_password":true"#,
        ] {
            assert_eq!(codes(header, &format!(r#"{{"exp":1700000300,{member}}}"#), MAC), [""; 0], "{member}");
        }
    }

    #[test]
    fn warns_of_keys_that_bypass_row_level_security() {
        let payload = r#"{"iss":"supabase","role":"service_role","iat":1700000000,"exp":1700000300}"#;
        assert_eq!(codes(r#"{"alg":"HS256"}"#, payload, MAC), ["warning service_role"]);
    }

    #[test]
    fn gives_no_false_alarm_for_kinds_without_expiry_or_with_their_key() {
        for typ in ["dpop+jwt", "openid4vci-proof+jwt"] {
            let header = format!(r#"{{"alg":"HS256","typ":"{typ}","jwk":{{}}}}"#);
            assert_eq!(codes(&header, r#"{"iat":1700000000}"#, MAC), [""; 0], "{typ}");
        }
        assert_eq!(codes(r#"{"alg":"HS256"}"#, r#"{"typ":"Offline","exp":0}"#, MAC), [""; 0]);
        assert_eq!(
            codes(r#"{"alg":"HS256"}"#, r#"{"typ":"Offline","iss":"https://k/realms/r"}"#, MAC),
            [""; 0]
        );
        // The claims suggest a DPoP proof, which has a `jwk` but no `jku`.
        let proof = r#"{"htm":"GET","htu":"u"}"#;
        assert_eq!(codes(r#"{"alg":"HS256","jwk":{}}"#, proof, MAC), [""; 0]);
        assert_eq!(codes(r#"{"alg":"HS256","jku":"u"}"#, proof, MAC), ["warning key_in_header"]);
        let transaction = r#"{"transactionId":"1","bundleId":"b"}"#;
        assert_eq!(codes(r#"{"alg":"HS256","x5c":["x"]}"#, transaction, MAC), [""; 0]);
        assert_eq!(codes(r#"{"alg":"HS256","x5u":"u"}"#, transaction, MAC), ["warning key_in_header"]);
        let header = r#"{"alg":"HS256","kid":"ABC123DEFG"}"#;
        assert_eq!(codes(header, r#"{"iss":"DEF123GHIJ","iat":1700000000}"#, MAC), [""; 0]);
        for payload in [
            r#"{"iat":-62135596800,"exp":1700000300}"#,
            r#"{"iat":0,"exp":1700000300}"#,
            r#"{"iss":"x@p.iam.gserviceaccount.com","exp":1700000300}"#,
            r#"{"kubernetes.io":{"namespace":"d","secret":{"name":"s"}},"exp":1700000300}"#,
            r#"{"secret":{"name":"s","uid":"u"},"exp":1700000300}"#,
        ] {
            assert_eq!(codes(r#"{"alg":"HS256"}"#, payload, MAC), [""; 0], "{payload}");
        }
    }

    #[test]
    fn finds_private_keys_in_a_payload() {
        let header = r#"{"alg":"HS256"}"#;
        for member in [
            r#""k":"-----BEGIN PRIVATE KEY----- MC4= -----END PRIVATE KEY-----""#,
            r#""k":["-----BEGIN RSA PRIVATE KEY-----"]"#,
            r#""cnf":{"jwk":{"kty":"EC","x":"x","d":"d"}}"#,
            r#""jwks":{"keys":[{"kty":"oct","k":"x"}]}"#,
            r#""a":"{\"kty\":\"OKP\",\"d\":\"d\"}""#,
        ] {
            let payload = format!(r#"{{"exp":1700000300,{member}}}"#);
            assert_eq!(codes(header, &payload, MAC), ["warning secret_in_payload"], "{member}");
        }
        for member in [r#""cnf":{"jwk":{"kty":"EC","x":"x"}}"#, r#""k":"-----BEGIN PUBLIC KEY-----""#] {
            assert_eq!(codes(header, &format!(r#"{{"exp":1700000300,{member}}}"#), MAC), [""; 0], "{member}");
        }
    }

    #[test]
    fn finds_a_mac_of_the_wrong_size() {
        assert_eq!(codes(r#"{"alg":"HS512"}"#, r#"{"exp":1700000300}"#, MAC), ["error signature_size"]);
        assert_eq!(codes(r#"{"alg":"HS512"}"#, r#"{"exp":1700000300}"#, ""), ["error signature_empty"]);
    }
}
