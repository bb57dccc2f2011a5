//! Findings: what a reader of a token should know, found without a key. Defects of the form, implausible times, parameters
//! that attackers use, and claims that do not belong in a token. A finding never decides a verdict.

use super::finding::{Finding, FindingCode, Messages};
use crate::core::json::{Member, Value};
use crate::core::reason::Failure;
use crate::core::redact::is_personal;
use crate::core::report::KnownSecrets;
use crate::core::report::known_secret::source_of_secret;
use crate::core::report::leaks::{Leak, leaks};
use crate::core::text::duration::{distance, push_lifetime};
use crate::core::text::escape::{Shown, excerpt, holds_hostile};
use crate::core::token::Token;
use crate::core::token::algorithm::AlgName;
use crate::core::token::claims::{
    ClaimsSet, Payload, RegisteredClaims, TIME_CLAIMS, TimeClaim, audiences, not_a_string, not_a_time, text,
    time,
};
use crate::core::token::header::{JoseHeader, KEY_PARAMETERS};
use crate::core::token::jws::Compact;
use crate::core::token::kind::{Classification, TokenKind, is_endless_with};
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

/// The findings so far.
struct FindingList {
    list: Vec<Finding>,
    messages: Messages,
}

impl FindingList {
    /// Adds a finding. The message is made only if it is read: that of a long lifetime took 2,000 instructions.
    fn add<T: Into<String>>(&mut self, code: FindingCode, message: impl FnOnce() -> T) {
        self.list.push(Finding::new(code, self.text(message)));
    }

    /// Adds a finding about a claim.
    fn add_about_claim<T: Into<String>>(
        &mut self,
        code: FindingCode,
        claim: &str,
        message: impl FnOnce() -> T,
    ) {
        self.list.push(Finding::about_claim(code, claim, self.text(message)));
    }

    /// Adds a failed check.
    fn add_failure(&mut self, failure: Failure) {
        let finding = Finding::from_failure(failure);
        let message = self.text(|| finding.message);
        self.list.push(Finding { message, ..finding });
    }

    fn text<T: Into<String>>(&self, message: impl FnOnce() -> T) -> String {
        match self.messages {
            Messages::Written => message().into(),
            Messages::LeftOut => String::new(),
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
    messages: Messages,
) -> Vec<Finding> {
    let mut found = FindingList { list: Vec::new(), messages };
    token.flaws.iter().cloned().for_each(|flaw| found.add_failure(flaw));
    about_header(token, classification.kind, &mut found);
    if known_secrets == KnownSecrets::Tried
        && let Some(source) = source_of_secret(token)
    {
        found.add(FindingCode::KnownSecret, || {
            format!("signed with an example secret of {source}: every reader can forge the token")
        });
    }
    // The registered claims are looked up once.
    let registered = token.unverified_claims().map(ClaimsSet::registered).unwrap_or_default();
    about_times(token, registered, classification.kind, now, &mut found);
    about_claims(token, registered, classification, readers, &mut found);
    found.list.sort_by_key(|finding| finding.severity);
    found.list
}

fn about_header(token: &Token<'_>, kind: TokenKind, found: &mut FindingList) {
    let Ok(header) = &token.header else { return };
    if let Compact::Jws { signature, .. } = token.compact {
        let algorithm = header.alg().map(|name| (name, AlgName::parse(name)));
        match algorithm {
            Ok((name, AlgName::None)) => found.add(FindingCode::AlgNone, || {
                format!("`{name}`: the token is not signed, so its content can be forged")
            }),
            Ok((name, AlgName::Unknown)) => {
                found.add(FindingCode::AlgUnsupported, || format!("unknown algorithm `{}`", excerpt(name)))
            }
            Ok((name, _)) if signature.encoded.is_empty() => found.add(FindingCode::SignatureEmpty, || {
                format!("the header says {name}, but the signature is empty")
            }),
            Ok((_, AlgName::Known(known))) if signature.decoded.is_ok() => {
                let size = signature.bytes().len();
                if let Some(wanted) = known.signature_bytes().filter(|wanted| size != *wanted) {
                    found.add(FindingCode::SignatureSize, || {
                        format!("{size} bytes, but a signature of {known} has {wanted}")
                    });
                }
            }
            _ => {}
        }
    }
    // Most headers have none of these parameters. One look at each name saves 600 instructions a token.
    if header.members().iter().any(|member| is_questionable(&member.name)) {
        about_parameters(token, header, kind, found);
    }
    if header.get("typ").is_some_and(|typ| typ.as_str().is_none()) {
        found.add(FindingCode::TypNotString, || "`typ` is not a string");
    }
}

/// Reports whether a finding may be about a header parameter with this name, apart from `alg` and `typ`.
fn is_questionable(name: &str) -> bool {
    matches!(name, "crit" | "b64" | "kid" | "zip") || KEY_PARAMETERS.contains(&name)
}

/// Adds the findings on parameters that are [questionable](is_questionable).
fn about_parameters(token: &Token<'_>, header: &JoseHeader<'_>, kind: TokenKind, found: &mut FindingList) {
    for name in ["crit", "b64"] {
        if header.get(name).is_some() {
            found.add(FindingCode::CritUnsupported, || {
                format!("`{name}` requires an extension, which a verifier must not ignore")
            });
        }
    }
    for name in KEY_PARAMETERS {
        if header.get(name).is_some()
            && !TokenKind::from_typ(token).is_some_and(TokenKind::carries_its_key)
            && !kind.has_parameter(name)
        {
            found.add(FindingCode::KeyInHeader, || {
                format!(
                    "`{name}` carries or points to a key that the sender chose; fob never uses or fetches it"
                )
            });
        }
    }
    if let Ok(Some(kid)) = header.kid()
        && (kid.contains("..") || kid.starts_with('/') || kid.contains(['\'', '`', '$', ';', '|', '\0']))
    {
        found.add(
            FindingCode::KidSuspicious,
            || "`kid` looks like a path, a query or a command; a verifier must only compare it",
        );
    }
    if header.get("zip").is_some() && matches!(token.compact, Compact::Jws { .. }) {
        found.add(FindingCode::ZipInJws, || "`zip` has no meaning in a signed token and is ignored");
    }
}

fn about_times(
    token: &Token<'_>,
    registered: RegisteredClaims<'_, '_>,
    kind: TokenKind,
    now: NumericDate,
    found: &mut FindingList,
) {
    let Some(claims) = token.unverified_claims() else { return };
    // Hardly any time is odd. Nothing else is asked about the others, which saves 1,000 instructions.
    let has_odd_time = claims.members().iter().any(is_odd_time);
    if has_odd_time {
        let members = claims.members().iter().filter(|member| TIME_CLAIMS.contains(&&*member.name));
        for time in members.filter_map(TimeClaim::from_member).filter(|time| time.mistaken.is_some()) {
            if let Some(mistake) = time.mistake() {
                found.add(FindingCode::WrongUnit, || mistake);
            }
        }
    }
    // Each claim is looked up and read once, which saves 1,200 instructions.
    let RegisteredClaims { exp: exp_claim, nbf, iat, .. } = registered;
    let [exp, nbf, iat] = [("exp", exp_claim), ("nbf", nbf), ("iat", iat)].map(|(name, claim)| {
        time(claim).unwrap_or_else(|value| {
            found.add_failure(not_a_time(name, value));
            None
        })
    });
    let since = |date: NumericDate| date.seconds_since(now);
    let endless = is_endless_with(claims, exp_claim.is_some(), exp);
    if has_odd_time {
        about_implausible_times(claims, found);
    }
    if let Some(exp) = exp.filter(|exp| now >= *exp && !endless) {
        found.add(FindingCode::Expired, || format!("expired {}", exp.relative_to(now)));
    }
    if let Some(nbf) = nbf.filter(|nbf| now < *nbf) {
        found.add(FindingCode::NotYetValid, || format!("not valid for another {}", distance(since(nbf))));
    }
    if let Some(iat) = iat.filter(|iat| now < *iat) {
        found.add(FindingCode::IssuedInFuture, || format!("issued {}", iat.relative_to(now)));
    }
    match exp {
        _ if endless => {}
        None if kind.does_without_exp() => {}
        None if exp_claim.is_none() => {
            found.add(FindingCode::NoExpiry, || "no `exp`: the token never expires");
        }
        Some(exp) => {
            // Libraries write the zero time of their language if a time was never set. No lifetime begins there.
            let set = |date: &NumericDate| *date >= NumericDate::from_seconds(1);
            about_lifetime(kind, iat.filter(set).or(nbf.filter(set)), exp, found);
        }
        None => {}
    }
}

/// The claims whose times are checked for being plausible.
const CHECKED_TIMES: [&str; 5] = ["exp", "nbf", "iat", "auth_time", "updated_at"];

/// Reports whether a member is a checked time that may have a wrong unit or be implausible. A time between the first second of
/// 1970 and the year 9999 is neither.
fn is_odd_time(member: &Member<'_>) -> bool {
    let Value::Number(digits) = &member.value else { return false };
    CHECKED_TIMES.contains(&&*member.name) && {
        let date = NumericDate::from_json_number(digits);
        date < NumericDate::from_seconds(1) || date.is_after_calendar()
    }
}

fn about_implausible_times(claims: &ClaimsSet<'_>, found: &mut FindingList) {
    for name in CHECKED_TIMES {
        let Some(Value::Number(digits)) = claims.get(name) else { continue };
        let date = NumericDate::from_json_number(digits);
        // `wrong_unit` says more about a registered claim.
        let has_wrong_unit = TIME_CLAIMS.contains(&name) && date.mistaken_unit().is_some();
        if let Some(words) = date.implausibility(digits).filter(|_| !has_wrong_unit) {
            found.add_about_claim(FindingCode::ImplausibleTime, name, || format!("`{name}` {words}"));
        }
    }
}

/// Adds the finding on the time between the start and the end of a token.
fn about_lifetime(kind: TokenKind, start: Option<NumericDate>, exp: NumericDate, found: &mut FindingList) {
    const DAY: i64 = 86_400;
    let Some(start) = start else { return };
    if exp <= start {
        return found.add(FindingCode::NeverValid, || "the token expires before it becomes valid");
    }
    if exp.is_after_calendar() {
        return;
    }
    let length = exp.seconds_since(start);
    let Some(days) = kind.usual_days().filter(|days| length > days * DAY) else { return };
    found.add(FindingCode::LongLived, || {
        let words = match days {
            1 => "a day",
            31 => "a month",
            _ => "a year",
        };
        let mut text = String::with_capacity(96);
        text.push_str("valid for ");
        push_lifetime(&mut text, length.unsigned_abs());
        [": more than ", words, " is long for this kind of token"]
            .iter()
            .for_each(|part| text.push_str(part));
        text
    });
}

fn about_claims(
    token: &Token<'_>,
    registered: RegisteredClaims<'_, '_>,
    classification: Classification,
    readers: Readers,
    found: &mut FindingList,
) {
    // A text in the form of reports is printable ASCII without escapes. One look at all of it saves 400 instructions.
    if let Ok(header) = &token.header
        && token.compact_header().is_none()
        && hides_text(header.members())
    {
        found.add(FindingCode::HiddenText, || "the header contains control or invisible characters");
    }
    let claims = match &token.payload {
        Some(Payload::Claims(claims)) => claims,
        Some(Payload::Text(text, _)) if text.starts_with("eyJ") && text.matches('.').count() == 2 => {
            return found.add(FindingCode::Nested, || "the payload is itself a token");
        }
        _ => return,
    };
    let RegisteredClaims { iss, sub, aud, jti, .. } = registered;
    for (name, claim) in [("iss", iss), ("sub", sub), ("jti", jti)] {
        if let Err(value) = text(claim) {
            found.add_failure(not_a_string(name, value));
        }
    }
    if let Err(failure) = audiences(aud) {
        found.add_failure(failure);
    }
    if token.compact_claims().is_none() && hides_text(claims.members()) {
        found.add(FindingCode::HiddenText, || "the payload contains control or invisible characters");
    }
    leaks(claims.members()).into_iter().for_each(|leak| about_leak(leak, readers, found));
    if classification.style == Some("Supabase")
        && claims.get("role").and_then(Value::as_str) == Some("service_role")
    {
        found.add(
            FindingCode::ServiceRole,
            || "a Supabase `service_role` key bypasses Row Level Security: keep it on servers only",
        );
    }
    let is_told = |member: &&Member<'_>| is_personal(member) && !is_service_account(&member.value);
    let mut personal = claims.members().iter().filter(is_told).peekable();
    if personal.peek().is_some() {
        found.add(FindingCode::PersonalData, || {
            let names: Vec<String> = personal.map(|member| format!("`{}`", Shown(&member.name))).collect();
            format!("personal data, readable {}: {}", readers.words(), names.join(", "))
        });
    }
}

/// Reports whether a value is the address of a service account of Google, which is not a person.
fn is_service_account(value: &Value<'_>) -> bool {
    value.as_str().is_some_and(|address| address.ends_with(".gserviceaccount.com"))
}

fn about_leak(leak: Leak, readers: Readers, found: &mut FindingList) {
    let readers = readers.words();
    match leak {
        Leak::PasswordHash { path, method } => found.add(FindingCode::PasswordHash, || {
            format!(
                "`{}` holds a password hash ({method}), which can be read and attacked {readers}",
                Shown(&path)
            )
        }),
        Leak::PrivateKey { path } => found.add(FindingCode::SecretInPayload, || {
            format!("`{}` holds a private key, which can be read {readers}", Shown(&path))
        }),
        Leak::Secret { path } => {
            found.add(FindingCode::SecretInPayload, || format!("`{}` is readable {readers}", Shown(&path)))
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
        let list = |messages| {
            let kind = Classification::from_token(&token);
            let now = NumericDate::from_seconds(1_700_000_000);
            findings(&token, kind, now, KnownSecrets::Tried, Readers::All, messages)
        };
        let (written, left_out) = (list(Messages::Written), list(Messages::LeftOut));
        assert!(written.iter().all(|finding| !finding.message.is_empty()));
        assert!(left_out.iter().all(|finding| finding.message.is_empty()));
        let codes = |findings: &[Finding]| -> Vec<String> {
            findings.iter().map(|finding| format!("{} {}", finding.severity.name(), finding.code)).collect()
        };
        assert_eq!(codes(&written), codes(&left_out), "{header} {payload}");
        codes(&written)
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
    fn a_time_that_is_not_odd_is_plausible_and_has_no_other_unit() {
        let numbers = [
            "0",
            "-0",
            "1",
            "0.5",
            "0.999999999999",
            "1e-400",
            "-1",
            "-1e-400",
            "1700000000",
            "4102444800",
            "4102444800.5",
            "253402300799",
            "253402300799.9",
            "253402300800",
            "946684800000",
            "1700000000000",
            "1700000000000000",
            "1700000000000000000",
            "1e11",
            "1e12",
            "1e400",
            "-62135596800",
            "-62167219201",
        ];
        let (mut odd, mut usual) = (0, 0);
        for (digits, name) in numbers.iter().flat_map(|digits| CHECKED_TIMES.map(|name| (*digits, name))) {
            if is_odd_time(&Member::new(name, Value::Number(digits.into()))) {
                odd += 1;
                continue;
            }
            let date = NumericDate::from_json_number(digits);
            assert_eq!((date.mistaken_unit(), date.implausibility(digits)), (None, None), "{digits}");
            usual += 1;
        }
        assert!(odd > 50 && usual > 25, "{odd} {usual}");
        assert!(!is_odd_time(&Member::new("size", Value::integer(-1))));
    }

    #[test]
    fn finds_hidden_text_in_every_name_and_value() {
        for hidden in ["\u{202e}", "\\u202e", "\\u0000", "\u{7f}", "\u{feff}", "\\n"] {
            for (name, value) in [(hidden, ""), ("", hidden)] {
                let payload = format!(r#"{{"exp":1700000300,"n{name}":["v{value}"]}}"#);
                assert_eq!(codes(r#"{"alg":"HS256"}"#, &payload, MAC), ["warning hidden_text"], "{payload}");
                let header = format!(r#"{{"alg":"HS256","n{name}":"v{value}"}}"#);
                assert_eq!(codes(&header, r#"{"exp":1700000300}"#, MAC), ["warning hidden_text"], "{header}");
            }
        }
        for (header, payload) in [
            (r#"{"alg": "HS256"}"#, r#"{"exp":1700000300, "a":"b c"}"#),
            (r#"{"alg":"HS256","n":"\"é"}"#, r#"{"exp":1700000300,"é":"\/"}"#),
        ] {
            assert_eq!(codes(header, payload, MAC), [""; 0], "{header} {payload}");
        }
    }

    #[test]
    fn finds_every_questionable_parameter() {
        for (parameter, code) in [
            (r#""crit":["x"]"#, "warning crit_unsupported"),
            (r#""b64":true"#, "warning crit_unsupported"),
            (r#""jku":"u""#, "warning key_in_header"),
            (r#""jwk":{}"#, "warning key_in_header"),
            (r#""x5c":[]"#, "warning key_in_header"),
            (r#""x5u":"u""#, "warning key_in_header"),
            (r#""kid":"../x""#, "warning kid_suspicious"),
            (r#""zip":"DEF""#, "info zip_in_jws"),
            (r#""typ":1"#, "warning typ_not_string"),
        ] {
            let found = codes(&format!(r#"{{"alg":"HS256",{parameter}}}"#), r#"{"exp":1700000300}"#, MAC);
            assert_eq!(found.last().map(String::as_str), Some(code), "{parameter} {found:?}");
        }
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
