//! Findings: what a reader of a token should know, found without a key. Defects of the form, implausible times, parameters
//! that attackers use, and claims that do not belong in a token. A finding never decides a verdict.

use crate::core::json::{Member, Value};
use crate::core::reason::{Failure, Reason};
use crate::core::redact::is_personal;
use crate::core::text::duration::{Duration, distance, relative};
use crate::core::text::escape::{Shown, is_hostile};
use crate::core::token::Token;
use crate::core::token::algorithm::AlgName;
use crate::core::token::claims::{Payload, STRING_CLAIMS, TIME_CLAIMS};
use crate::core::token::header::KEY_PARAMETERS;
use crate::core::token::jws::Compact;
use crate::core::token::kind::TokenKind;
use crate::core::token::numeric_date::NumericDate;
use std::borrow::Cow;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No verifier should accept the token.
    Error,
    /// Probably a mistake of the issuer.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A remark about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A reason code if one fits, else a code of its own.
    pub code: Cow<'static, str>,
    /// The severity.
    pub severity: Severity,
    /// The facts in words. The text is not escaped yet.
    pub message: String,
}

impl Finding {
    /// Returns a finding of its parts.
    pub fn new(code: impl Into<Cow<'static, str>>, severity: Severity, message: impl Into<String>) -> Self {
        Self { code: code.into(), severity, message: message.into() }
    }

    /// Returns a failed check as a finding.
    #[must_use]
    pub fn from_failure(failure: Failure, severity: Severity) -> Self {
        Self::new(failure.reason.to_string(), severity, failure.detail)
    }
}

/// Returns the findings on a token at an instant, the most severe first.
#[must_use]
pub fn findings(token: &Token<'_>, now: NumericDate) -> Vec<Finding> {
    let mut list: Vec<Finding> = token
        .flaws
        .iter()
        .cloned()
        .map(|flaw| {
            let severity = if flaw.reason == Reason::Jwe { Severity::Info } else { Severity::Error };
            Finding::from_failure(flaw, severity)
        })
        .collect();
    about_header(token, &mut list);
    about_times(token, now, &mut list);
    about_claims(token, &mut list);
    list.sort_by_key(|finding| finding.severity);
    list
}

fn about_header(token: &Token<'_>, list: &mut Vec<Finding>) {
    use Severity::{Error, Info, Warning};
    let Ok(header) = &token.header else { return };
    if let Compact::Jws { signature, .. } = token.compact {
        let algorithm = header.alg().map(|name| (name, AlgName::parse(name)));
        match algorithm {
            Ok((name, AlgName::None)) => list.push(Finding::new(
                "alg_none",
                Error,
                format!("`{name}`: the token is not signed, so its content can be forged"),
            )),
            Ok((name, AlgName::Unknown)) => {
                list.push(Finding::new("alg_unsupported", Warning, format!("unknown algorithm `{name}`")))
            }
            Ok((name, _)) if signature.encoded.is_empty() => list.push(Finding::new(
                "signature_empty",
                Error,
                format!("the header says {name}, but the signature is empty"),
            )),
            Ok((_, AlgName::Known(known)))
                if signature.decoded.is_ok()
                    && known.signature_bytes().is_some_and(|wanted| signature.bytes().len() != wanted) =>
            {
                let wanted = known.signature_bytes().unwrap_or_default();
                let detail =
                    format!("{} bytes, but a signature of {known} has {wanted}", signature.bytes().len());
                list.push(Finding::new("signature_size", Error, detail));
            }
            _ => {}
        }
    }
    for name in ["crit", "b64"] {
        if header.get(name).is_some() {
            let detail = format!("`{name}` requires an extension, which a verifier must not ignore");
            list.push(Finding::new("crit_unsupported", Warning, detail));
        }
    }
    for name in KEY_PARAMETERS {
        if header.get(name).is_some() {
            let detail = format!(
                "`{name}` carries or points to a key that the sender chose; fob never uses or fetches it"
            );
            list.push(Finding::new("key_in_header", Warning, detail));
        }
    }
    if let Ok(Some(kid)) = header.kid()
        && (kid.contains("..") || kid.starts_with('/') || kid.contains(['\'', '`', '$', ';', '|', '\0']))
    {
        let detail = "`kid` looks like a path, a query or a command; a verifier must only compare it";
        list.push(Finding::new("kid_suspicious", Warning, detail));
    }
    if header.get("zip").is_some() && matches!(token.compact, Compact::Jws { .. }) {
        list.push(Finding::new("zip_in_jws", Info, "`zip` has no meaning in a signed token and is ignored"));
    }
    if header.get("typ").is_some_and(|typ| typ.as_str().is_none()) {
        list.push(Finding::new("typ_not_string", Warning, "`typ` is not a string"));
    }
}

fn about_times(token: &Token<'_>, now: NumericDate, list: &mut Vec<Finding>) {
    use Severity::{Info, Warning};
    const DAY: i64 = 86_400;
    let Some(claims) = token.unverified_claims() else { return };
    for time in claims.times() {
        list.extend(time.mistake().map(|mistake| Finding::new("wrong_unit", Warning, mistake)));
    }
    for name in TIME_CLAIMS {
        if let Err(failure) = claims.numeric_date(name) {
            list.push(Finding::from_failure(failure, Severity::Error));
        }
    }
    let (exp, nbf, iat) = (claims.date("exp"), claims.date("nbf"), claims.date("iat"));
    let since = |date: NumericDate| date.seconds_since(now);
    if let Some(exp) = exp.filter(|exp| now >= *exp) {
        list.push(Finding::new("expired", Warning, format!("expired {}", relative(since(exp)))));
    }
    if let Some(nbf) = nbf.filter(|nbf| now < *nbf) {
        list.push(Finding::new(
            "not_yet_valid",
            Warning,
            format!("not valid for another {}", distance(since(nbf))),
        ));
    }
    if let Some(iat) = iat.filter(|iat| now < *iat) {
        list.push(Finding::new("issued_in_future", Warning, format!("issued {}", relative(since(iat)))));
    }
    let start = iat.or(nbf);
    match exp {
        None if claims.get("exp").is_none() => {
            list.push(Finding::new("no_expiry", Warning, "no `exp`: the token never expires"));
        }
        Some(exp) if start.is_some_and(|start| exp <= start) => {
            list.push(Finding::new("never_valid", Warning, "the token expires before it becomes valid"));
        }
        Some(exp) => {
            let (limit, words) = match TokenKind::from_token(token) {
                TokenKind::Refresh => (366 * DAY, "a year"),
                TokenKind::Access => (DAY, "a day"),
                _ => (31 * DAY, "a month"),
            };
            let lifetime = start.map(|start| exp.seconds_since(start)).unwrap_or_default();
            if lifetime > limit {
                let detail = format!(
                    "valid for {}: more than {words} is long for this kind of token",
                    Duration::seconds(lifetime.unsigned_abs())
                );
                list.push(Finding::new("long_lived", Info, detail));
            }
        }
        None => {}
    }
}

fn about_claims(token: &Token<'_>, list: &mut Vec<Finding>) {
    use Severity::{Error, Info, Warning};
    if let Ok(header) = &token.header
        && hides_text(header.members())
    {
        list.push(Finding::new(
            "hidden_text",
            Warning,
            "the header contains control or invisible characters",
        ));
    }
    let claims = match &token.payload {
        Some(Payload::Claims(claims)) => claims,
        Some(Payload::Text(text, _)) if text.starts_with("eyJ") && text.matches('.').count() == 2 => {
            list.push(Finding::new("nested", Info, "the payload is itself a token"));
            return;
        }
        _ => return,
    };
    for name in STRING_CLAIMS {
        if let Err(failure) = claims.string(name) {
            list.push(Finding::from_failure(failure, Error));
        }
    }
    if let Err(failure) = claims.audiences() {
        list.push(Finding::from_failure(failure, Error));
    }
    if hides_text(claims.members()) {
        list.push(Finding::new(
            "hidden_text",
            Warning,
            "the payload contains control or invisible characters",
        ));
    }
    for member in claims.members() {
        let name = member.name.to_ascii_lowercase();
        if ["password", "passwd", "secret", "private_key", "api_key", "apikey", "credit_card"]
            .iter()
            .any(|word| name.contains(word))
        {
            let detail = format!("`{}` is readable without a key", Shown(&member.name));
            list.push(Finding::new("secret_in_payload", Warning, detail));
        }
    }
    let personal: Vec<String> = claims
        .members()
        .iter()
        .filter(|member| is_personal(member))
        .map(|member| format!("`{}`", Shown(&member.name)))
        .collect();
    if !personal.is_empty() {
        let detail = format!("personal data, readable without a key: {}", personal.join(", "));
        list.push(Finding::new("personal_data", Info, detail));
    }
}

/// Reports whether a name or a string contains hostile characters, at any depth.
fn hides_text(members: &[Member<'_>]) -> bool {
    fn hides(value: &Value<'_>) -> bool {
        match value {
            Value::String(text) => text.chars().any(is_hostile),
            Value::Array(items) => items.iter().any(hides),
            Value::Object(members) => hides_text(members),
            _ => false,
        }
    }
    members.iter().any(|member| member.name.chars().any(is_hostile) || hides(&member.value))
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
        findings(&token, NumericDate::from_seconds(1_700_000_000))
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
    fn finds_a_mac_of_the_wrong_size() {
        assert_eq!(codes(r#"{"alg":"HS512"}"#, r#"{"exp":1700000300}"#, MAC), ["error signature_size"]);
        assert_eq!(codes(r#"{"alg":"HS512"}"#, r#"{"exp":1700000300}"#, ""), ["error signature_empty"]);
    }
}
