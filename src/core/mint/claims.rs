//! The claims set of a new token: the members of a payload, then the claims that the user asked for, then the time of
//! issue. The clock and randomness come from the caller.

use super::given_claim::GivenClaim;
use super::token_id::hex_id;
use crate::core::json::{self, InsertError, InsertErrorKind, JsonError, Member, Slip, Value};
use crate::core::token::numeric_date::{Instant, NumericDate};

/// A claim that the user asked for, before its time or its random value is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewClaim {
    /// A claim with its value.
    Given(GivenClaim),
    /// A time claim.
    Time(&'static str, Instant),
    /// A random `jti`.
    RandomId,
}

/// A value of `--jti` that looks like the payload, which belongs before the option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayloadAsTokenId;

impl NewClaim {
    /// Returns a claim with a text as its value.
    #[must_use]
    pub fn text(name: &'static str, text: String) -> Self {
        Self::Given(Member::new(name, Value::string(text)).into())
    }

    /// Parses the optional value of `--jti`. A payload behind the option would be taken for the value, so it is rejected.
    ///
    /// # Errors
    /// [`PayloadAsTokenId`] if the text looks like a payload.
    pub fn parse_token_id(text: &str) -> Result<Self, PayloadAsTokenId> {
        match text {
            "" => Ok(Self::RandomId),
            text if text == "-" || text.starts_with(['{', '@']) => Err(PayloadAsTokenId),
            text => Ok(Self::text("jti", text.to_owned())),
        }
    }
}

/// The choice between adding `iat` and leaving it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IssuedAt {
    /// The time of issue is added if no `iat` is given.
    #[default]
    Added,
    /// No `iat` is added.
    Omitted,
}

/// The claims that options add to the payloads of new tokens.
#[derive(Clone, Debug, Default)]
pub struct ClaimsTemplate {
    /// The claims that the user asked for, in order.
    pub claims: Vec<NewClaim>,
    /// True if the time of issue is added.
    pub issued_at: IssuedAt,
}

/// A claims set that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimError {
    /// The payload is not JSON.
    Json {
        /// The error in the payload.
        error: JsonError,
        /// The cause of the error, if it is a usual one.
        slip: Option<Slip>,
    },
    /// The payload is JSON, but not an object.
    NotAnObject,
    /// The payload holds one name twice in one object.
    RepeatedInPayload {
        /// The place of the second one, as a JSON Pointer.
        pointer: String,
    },
    /// A claim has two values.
    Repeated {
        /// The name of the claim.
        name: String,
    },
    /// A claim cannot be written at its JSON Pointer.
    Place(InsertError),
    /// The time of issue is given as a duration after itself.
    IssueAfterIssue,
    /// A time claim lies before 1970.
    BeforeEpoch {
        /// The name of the claim.
        name: &'static str,
    },
}

impl ClaimsTemplate {
    /// Returns the claims set of a token that is issued `now` with this payload. `random` is called for a random `jti`.
    ///
    /// # Errors
    /// [`ClaimError`] if the payload is not a JSON object, a claim is given twice, or a time cannot be written; any
    /// error of `random`.
    pub fn claims<'p, E: From<ClaimError>>(
        &self,
        payload: &'p [u8],
        now: NumericDate,
        mut random: impl FnMut() -> Result<[u8; 16], E>,
    ) -> Result<Vec<Member<'p>>, E> {
        let mut claims = parse_object(payload)?;
        let in_payload = match json::find(&claims, "iat") {
            Some(Value::Number(digits)) => Some(&**digits),
            _ => None,
        };
        let issued = self.time_of_issue(in_payload, now);
        for claim in &self.claims {
            match claim {
                NewClaim::Given(given) => given.add_to(&mut claims).map_err(ClaimError::from)?,
                NewClaim::Time(name, instant) => {
                    claims.push(Member::new(*name, date(name, *instant, now, issued)?));
                }
                NewClaim::RandomId => claims.push(Member::new("jti", Value::string(hex_id(random()?)))),
            }
        }
        if self.issued_at == IssuedAt::Added && json::find(&claims, "iat").is_none() {
            claims.push(Member::new("iat", Value::integer(now.seconds())));
        }
        match json::first_repeated(&claims) {
            Some(member) => Err(ClaimError::Repeated { name: member.name.to_string() }.into()),
            None => Ok(claims),
        }
    }

    /// Returns the time that durations count from: the `iat` of the new token if it is given, else now. `in_payload` is the
    /// number in the payload.
    pub(super) fn time_of_issue(&self, in_payload: Option<&str>, now: NumericDate) -> NumericDate {
        let asked_for = self.claims.iter().find_map(|claim| match claim {
            NewClaim::Time("iat", instant) => Some(instant.resolve(now, now)),
            NewClaim::Given(given) => match given.member()? {
                Member { name, value: Value::Number(digits) } if name == "iat" => {
                    Some(NumericDate::from_json_number(digits))
                }
                _ => None,
            },
            _ => None,
        });
        asked_for.or_else(|| in_payload.map(NumericDate::from_json_number)).unwrap_or(now)
    }
}

/// A second value at one place is a claim that is given twice.
impl From<InsertError> for ClaimError {
    fn from(error: InsertError) -> Self {
        match error.kind {
            InsertErrorKind::Taken => Self::Repeated { name: error.pointer },
            _ => Self::Place(error),
        }
    }
}

/// Parses a payload that must be a JSON object in which no name stands twice.
fn parse_object(payload: &[u8]) -> Result<Vec<Member<'_>>, ClaimError> {
    // Editors write a byte order mark, which must not be part of a token (RFC 8259 section 8.1).
    let payload = payload.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(payload);
    let value = json::parse(payload).map_err(|error| ClaimError::Json {
        error,
        slip: Slip::assignment(payload).or_else(|| Slip::find(payload, &error)),
    })?;
    if let Some(pointer) = value.first_duplicate() {
        return Err(ClaimError::RepeatedInPayload { pointer });
    }
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(ClaimError::NotAnObject),
    }
}

/// Returns the value of a time claim.
fn date(
    name: &'static str,
    instant: Instant,
    now: NumericDate,
    issued: NumericDate,
) -> Result<Value<'static>, ClaimError> {
    if name == "iat" && matches!(instant, Instant::FromIssue(_)) {
        return Err(ClaimError::IssueAfterIssue);
    }
    let date = instant.resolve(now, issued);
    if date.is_negative() {
        return Err(ClaimError::BeforeEpoch { name });
    }
    // A fraction that the user wrote is kept; that of the clock is dropped.
    Ok(match instant {
        Instant::At(date) => Value::Number(date.to_json_number().into()),
        _ => Value::integer(date.seconds()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: NumericDate = NumericDate::from_seconds(1000);

    fn claims(payload: &str, claims: Vec<NewClaim>) -> Result<String, ClaimError> {
        let template = ClaimsTemplate { claims, issued_at: IssuedAt::Added };
        let members = template.claims(payload.as_bytes(), NOW, || Ok::<_, ClaimError>([0xAB; 16]))?;
        Ok(Value::Object(members).to_string())
    }

    fn time(name: &'static str, text: &str) -> NewClaim {
        NewClaim::Time(name, text.parse().unwrap())
    }

    #[test]
    fn writes_the_payload_then_the_claims_then_iat() {
        assert_eq!(
            claims("\u{feff}{\"a\":1.0}", vec![time("exp", "15m"), NewClaim::RandomId]),
            Ok(r#"{"a":1.0,"exp":1900,"jti":"abababababababababababababababab","iat":1000}"#.to_owned())
        );
    }

    #[test]
    fn counts_durations_from_the_given_time_of_issue() {
        assert_eq!(claims(r#"{"iat":5}"#, vec![time("exp", "15m")]), Ok(r#"{"iat":5,"exp":905}"#.to_owned()));
        assert_eq!(
            claims("{}", vec![time("exp", "15m"), time("iat", "@7.5")]),
            Ok(r#"{"exp":907,"iat":7.5}"#.to_owned())
        );
    }

    #[test]
    fn rejects_what_is_not_an_object_without_duplicates() {
        assert_eq!(claims("[]", vec![]), Err(ClaimError::NotAnObject));
        assert!(matches!(claims("{", vec![]), Err(ClaimError::Json { .. })));
        assert!(matches!(
            claims(r#"{"x":{"a":1,"a":2}}"#, vec![]),
            Err(ClaimError::RepeatedInPayload { .. })
        ));
    }

    #[test]
    fn rejects_repeated_claims_and_impossible_times() {
        let sub = NewClaim::text("sub", "b".to_owned());
        let error = ClaimError::Repeated { name: "sub".to_owned() };
        assert_eq!(claims(r#"{"sub":"a"}"#, vec![sub]), Err(error));
        let inner = NewClaim::Given(GivenClaim::Placed { pointer: "/a/b".to_owned(), value: Value::Null });
        let error = ClaimError::Repeated { name: "/a/b".to_owned() };
        assert_eq!(claims(r#"{"a":{"b":1}}"#, vec![inner.clone()]), Err(error));
        assert!(matches!(claims(r#"{"a":1}"#, vec![inner]), Err(ClaimError::Place(_))));
        assert_eq!(claims("{}", vec![time("iat", "15m")]), Err(ClaimError::IssueAfterIssue));
        assert_eq!(claims("{}", vec![time("nbf", "-1h")]), Err(ClaimError::BeforeEpoch { name: "nbf" }));
    }
}
