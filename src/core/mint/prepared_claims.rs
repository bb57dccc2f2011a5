//! The claims of a template as text, ready to be written behind those of a payload. This takes a fraction of making a claims
//! set and writing it. Payloads and templates of a rare form are left to [`ClaimsTemplate::claims`].

use super::claims::{ClaimsTemplate, IssuedAt, NewClaim};
use super::encoding::to_json;
use super::token_id::hex_digits;
use crate::core::json::{self, Member, NameSet, Value, copy_object};
use crate::core::text::escape::Escapes;
use crate::core::token::numeric_date::{Instant, NumericDate};

/// The claims of a template, most of them as text.
#[derive(Debug)]
pub struct PreparedClaims<'t> {
    template: &'t ClaimsTemplate,
    parts: Vec<Part>,
    /// True if a claim is a duration after the time of issue.
    counts_from_issue: bool,
    /// True if `iat` is added to payloads without it.
    adds_issued_at: bool,
}

/// A claim to be written.
#[derive(Debug)]
enum Part {
    /// A member that is the same in every token.
    Constant {
        name: String,
        text: String,
    },
    /// A time that depends on the clock or on the time of issue.
    Time(&'static str, Instant),
    RandomId,
}

impl<'t> PreparedClaims<'t> {
    /// Prepares the claims of a template. Returns `None` for a template of a rare form: with a claim inside another, or with a
    /// time that cannot be written.
    #[must_use]
    pub fn new(template: &'t ClaimsTemplate) -> Option<Self> {
        let (mut parts, mut counts_from_issue, mut is_issue_given) = (Vec::new(), false, false);
        for claim in &template.claims {
            parts.push(match claim {
                NewClaim::Given(given) => {
                    let member = given.member()?;
                    is_issue_given |= member.name == "iat";
                    Part::constant(member)?
                }
                NewClaim::Time(name, instant) => {
                    is_issue_given |= *name == "iat";
                    counts_from_issue |= matches!(instant, Instant::FromIssue(_));
                    match instant {
                        Instant::At(date) if !date.is_negative() => {
                            let value = Value::Number(date.to_json_number().into());
                            Part::constant(&Member::new(*name, value))?
                        }
                        Instant::FromIssue(_) if *name != "iat" => Part::Time(name, *instant),
                        Instant::FromNow(_) => Part::Time(name, *instant),
                        _ => return None,
                    }
                }
                NewClaim::RandomId => Part::RandomId,
            });
        }
        let adds_issued_at = template.issued_at == IssuedAt::Added && !is_issue_given;
        Some(Self { template, parts, counts_from_issue, adds_issued_at })
    }

    /// Appends the claims set of a token that is issued `now` with this payload: the text that [`ClaimsTemplate::claims`] and
    /// [`to_json`] give. `random` is called for a random `jti`.
    ///
    /// Returns `None` if there is no such text, or if the payload is of a rare form. A part of it may then be in `out`.
    pub fn write(
        &self,
        payload: &[u8],
        now: NumericDate,
        mut random: impl FnMut() -> Option<[u8; 16]>,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (mut names, from) = (NameSet::default(), out.len());
        let issued_at = copy_object(payload, out, &mut names, "iat")?;
        let issued = if self.counts_from_issue {
            let number = issued_at.filter(|value| matches!(value.first(), Some(b'-' | b'0'..=b'9')));
            self.template.time_of_issue(number.and_then(|value| std::str::from_utf8(value).ok()), now)
        } else {
            now
        };
        // More members follow.
        out.pop();
        let mut begin = |name: &str, out: &mut Vec<u8>| {
            names.add(name.as_bytes())?;
            if out.len() > from + 1 {
                out.push(b',');
            }
            Some(())
        };
        for part in &self.parts {
            match part {
                Part::Constant { name, text } => {
                    begin(name, out)?;
                    out.extend_from_slice(text.as_bytes());
                }
                Part::Time(name, instant) => {
                    begin(name, out)?;
                    let date = instant.resolve(now, issued);
                    write_time(name, date, out)?;
                }
                Part::RandomId => {
                    begin("jti", out)?;
                    out.extend_from_slice(b"\"jti\":\"");
                    out.extend_from_slice(&hex_digits(random()?));
                    out.push(b'"');
                }
            }
        }
        if self.adds_issued_at && issued_at.is_none() {
            begin("iat", out)?;
            write_time("iat", now, out)?;
        }
        out.push(b'}');
        Some(())
    }
}

impl Part {
    /// Returns a member as text. Returns `None` for a value that nests so deeply that a parser would refuse it.
    fn constant(member: &Member<'_>) -> Option<Self> {
        let object = to_json(std::slice::from_ref(member), Escapes::Needed);
        json::parse(object.as_bytes()).ok()?;
        let text = object.strip_prefix('{')?.strip_suffix('}')?;
        Some(Self::Constant { name: member.name.to_string(), text: text.to_owned() })
    }
}

/// Appends a time claim in whole seconds. Returns `None` for a time before 1970.
fn write_time(name: &str, date: NumericDate, out: &mut Vec<u8>) -> Option<()> {
    let mut left = u64::try_from(date.seconds()).ok().filter(|_| !date.is_negative())?;
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    let (mut digits, mut length) = ([0; 20], 0);
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        length += 1;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - length..)?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::mint::claims::ClaimError;
    use crate::core::mint::given_claim::GivenClaim;

    const NOW: NumericDate = NumericDate::from_milliseconds(1_700_000_000_500);
    const RANDOM: [u8; 16] = *b"0123456789abcdef";

    fn template(claims: Vec<NewClaim>, issued_at: IssuedAt) -> ClaimsTemplate {
        ClaimsTemplate { claims, issued_at }
    }

    fn time(name: &'static str, text: &str) -> NewClaim {
        NewClaim::Time(name, text.parse().unwrap())
    }

    fn given(text: &str) -> NewClaim {
        NewClaim::Given(text.parse::<crate::core::mint::assignment::Assignment>().unwrap().into())
    }

    fn fast(template: &ClaimsTemplate, payload: &str) -> Option<String> {
        let mut out = b"before".to_vec();
        PreparedClaims::new(template)?.write(payload.as_bytes(), NOW, || Some(RANDOM), &mut out)?;
        Some(String::from_utf8(out).unwrap().strip_prefix("before").unwrap().to_owned())
    }

    fn slow(template: &ClaimsTemplate, payload: &str) -> Result<String, ClaimError> {
        let members = template.claims(payload.as_bytes(), NOW, || Ok::<_, ClaimError>(RANDOM))?;
        Ok(to_json(&members, Escapes::Needed))
    }

    #[test]
    fn writes_the_payload_then_the_claims_then_iat() {
        let all = vec![time("exp", "15m"), NewClaim::RandomId, given("a=é\u{7f}\"\n")];
        assert_eq!(
            fast(&template(all, IssuedAt::Added), r#"{"b": 1.0}"#).unwrap(),
            "{\"b\":1.0,\"exp\":1700000900,\"jti\":\"30313233343536373839616263646566\",\
             \"a\":\"é\u{7f}\\\"\\n\",\"iat\":1700000000}"
        );
        assert_eq!(fast(&template(vec![], IssuedAt::Omitted), "{}").as_deref(), Some("{}"));
        assert_eq!(fast(&template(vec![], IssuedAt::Added), "{}").as_deref(), Some(r#"{"iat":1700000000}"#));
    }

    /// Compares each prepared template with the template itself, on payloads of all kinds.
    #[test]
    fn prepared_claims_are_those_of_the_template() {
        let nested = format!("n:={}{}", "[".repeat(128), "]".repeat(128));
        let placed = GivenClaim::Placed { pointer: "/a/b".to_owned(), value: Value::Null };
        let templates = [
            vec![],
            vec![NewClaim::RandomId],
            vec![time("exp", "15m"), NewClaim::RandomId],
            vec![time("exp", "+1h"), time("nbf", "-1h"), time("iat", "now")],
            vec![time("exp", "15m"), time("iat", "@7.5")],
            vec![time("exp", "15m"), given("iat:=5")],
            vec![time("exp", "15m"), given("iat=x")],
            vec![time("exp", "2030-01-01"), given("jti=x"), NewClaim::RandomId],
            vec![time("iat", "15m")],
            vec![NewClaim::Time("nbf", Instant::At(NumericDate::from_seconds(-5)))],
            vec![time("nbf", "-60000d"), time("exp", "15m")],
            vec![given("a=1"), given("b:={\"c\":[1]}")],
            vec![NewClaim::Given(Member::new("", Value::Null).into())],
            vec![given("sub=1")],
            vec![given(&nested)],
            vec![NewClaim::Given(placed)],
        ];
        let payloads = [
            "{}",
            " { } ",
            r#"{"sub":"alice","iss":"i","aud":["a","b"],"iat":1699999999,"exp":4102444800}"#,
            r#"{"iat":-5}"#,
            r#"{"iat":-9e30}"#,
            r#"{"iat":1e30}"#,
            r#"{"iat":"1"}"#,
            r#"{"iat":null}"#,
            r#"{"iat":true}"#,
            r#"{"i\u0061t":7}"#,
            r#"{"jti":"x"}"#,
            r#"{"exp":1}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"":1}"#,
            "[]",
            "7",
            "",
            "{",
            "\u{feff}{}",
        ];
        let (mut both, mut errors) = (0, 0);
        for claims in templates {
            for issued_at in [IssuedAt::Added, IssuedAt::Omitted] {
                let template = template(claims.clone(), issued_at);
                for payload in payloads {
                    match (fast(&template, payload), slow(&template, payload)) {
                        (Some(fast), slow) => {
                            assert_eq!(Ok(fast), slow, "{claims:?} {payload}");
                            both += 1;
                        }
                        (None, Err(_)) => errors += 1,
                        // A rare form.
                        (None, Ok(_)) => {}
                    }
                }
            }
        }
        assert!(both > 130 && errors > 300, "{both} {errors}");
    }

    #[test]
    fn leaves_claims_inside_others_and_deep_values_to_the_template() {
        let deep = format!("n:={}{}", "[".repeat(128), "]".repeat(128));
        let placed = GivenClaim::Placed { pointer: "/a/b".to_owned(), value: Value::Null };
        for claim in [given(&deep), NewClaim::Given(placed), time("iat", "15m")] {
            assert!(PreparedClaims::new(&template(vec![claim], IssuedAt::Added)).is_none());
        }
    }

    #[test]
    fn gives_up_without_randomness() {
        let template = template(vec![NewClaim::RandomId], IssuedAt::Added);
        let written = PreparedClaims::new(&template).unwrap().write(b"{}", NOW, || None, &mut Vec::new());
        assert_eq!(written, None);
    }
}
