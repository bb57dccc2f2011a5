//! The payload of a token as a JWT Claims Set (RFC 7519 section 4): registered claims by type, and times.
//! Nothing here is verified. Only `core::verify::judge` makes verified claims.

use super::claim_index::ClaimIndex;
use super::numeric_date::NumericDate;
use crate::core::json::{self, JsonErrorKind, Member, Value};
use crate::core::reason::{Failure, Malformed, Reason};
use std::borrow::Cow;

/// The registered claims, in the order of RFC 7519 section 4.1.
pub const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The registered claims that are strings; `aud` may be an array and is read by [`ClaimsSet::audiences`].
pub const STRING_CLAIMS: [&str; 3] = ["iss", "sub", "jti"];

/// The registered claims that are NumericDates.
pub const TIME_CLAIMS: [&str; 3] = ["exp", "nbf", "iat"];

/// The times of OpenID Connect (Core 1.0 sections 2 and 5.1).
pub(super) const OTHER_TIMES: [&str; 2] = ["auth_time", "updated_at"];

/// The content of the second segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload<'a> {
    /// A JSON object: the claims.
    Claims(ClaimsSet<'a>),
    /// JSON, but not an object.
    Json(Value<'a>),
    /// Text that is not JSON, with the position of the error.
    Text(&'a str, json::JsonError),
    /// Bytes that are not UTF-8 text.
    Bytes(&'a [u8], json::JsonError),
}

impl<'a> Payload<'a> {
    /// Parses the decoded bytes of the second segment.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Self {
        match json::parse(bytes) {
            Ok(Value::Object(members)) => Self::Claims(ClaimsSet::from_members(members)),
            Ok(value) => Self::Json(value),
            Err(fault) => match std::str::from_utf8(bytes) {
                Ok(text) => Self::Text(text, fault),
                Err(_) => Self::Bytes(bytes, fault),
            },
        }
    }

    /// Returns why the payload is not a claims set, or `None` if it is one.
    #[must_use]
    pub fn flaw(&self) -> Option<Failure> {
        let (malformed, detail) = match self {
            Self::Claims(_) => return None,
            Self::Json(value) => {
                (Malformed::PayloadNotObject, format!("the payload is {}, not an object", value.type_name()))
            }
            Self::Text(_, fault) if fault.kind == JsonErrorKind::TooDeep => {
                (Malformed::TooDeep, format!("the payload is {fault}"))
            }
            Self::Text(_, fault) => (Malformed::PayloadJson, format!("the payload is {fault}")),
            Self::Bytes(_, fault) => (Malformed::PayloadUtf8, format!("the payload is {fault}")),
        };
        Some(Failure::malformed(malformed, detail))
    }

    /// Returns the claims, if the payload is a JSON object.
    #[must_use]
    pub const fn claims(&self) -> Option<&ClaimsSet<'a>> {
        match self {
            Self::Claims(claims) => Some(claims),
            _ => None,
        }
    }
}

/// A claims set, unverified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsSet<'a> {
    members: Vec<Member<'a>>,
    /// `None` if there are many members.
    index: Option<ClaimIndex>,
}

impl<'a> ClaimsSet<'a> {
    /// Returns a claims set with these members.
    #[must_use]
    pub fn from_members(members: Vec<Member<'a>>) -> Self {
        let index = ClaimIndex::new(&members);
        Self { members, index }
    }

    /// Empties the claims set. Members that own no memory are forgotten together. The usual drop calls a function for each value:
    /// for seven claims it takes 240 instructions, this takes 90.
    #[inline]
    pub fn clear(&mut self) {
        if self.members.iter().all(Member::is_borrowed) {
            std::mem::forget(self.members.drain(..));
        }
        self.members.clear();
        self.index = None;
    }

    /// Returns the claims in order, including duplicates.
    #[must_use]
    pub fn members(&self) -> &[Member<'a>] {
        &self.members
    }

    /// Returns the first claim with a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        json::find(&self.members, name)
    }

    /// Returns the registered claims.
    #[must_use]
    pub fn registered(&self) -> RegisteredClaims<'_, 'a> {
        let [iss, sub, aud, exp, nbf, iat, jti] = match &self.index {
            Some(index) => index.registered(&self.members),
            None => REGISTERED.map(|name| self.get(name)),
        };
        RegisteredClaims { iss, sub, aud, exp, nbf, iat, jti }
    }

    /// Returns `cnf`, which names the key of the token's holder (RFC 7800 section 3.1).
    #[must_use]
    pub fn confirmation(&self) -> Option<&Value<'a>> {
        match &self.index {
            Some(index) => index.confirmation(&self.members),
            None => self.get("cnf"),
        }
    }

    /// Returns the times of OpenID Connect (Core 1.0 sections 2 and 5.1), in the order of the claims.
    pub fn other_times(&self) -> impl Iterator<Item = (&'static str, &Value<'a>)> {
        let has_none = self.index.is_some_and(|index| !index.has_other_times());
        let members = if has_none { &[] } else { self.members() };
        members.iter().filter_map(|member| {
            let name = OTHER_TIMES.into_iter().find(|name| *name == member.name)?;
            Some((name, &member.value))
        })
    }

    /// Returns the first duplicate name among the claims, or at any depth below them, as a JSON Pointer.
    #[must_use]
    pub fn first_duplicate(&self) -> Option<String> {
        match self.index {
            Some(ClaimIndex { is_distinct: true, .. }) => None,
            _ => json::first_duplicate(&self.members),
        }
    }

    /// Returns the value at a name, or at a JSON Pointer if the path starts with `/`.
    #[must_use]
    pub fn locate(&self, path: &str) -> Option<&Value<'a>> {
        locate(&self.members, path)
    }

    /// Reports whether a name or a JSON Pointer leads to a value. `null` does not count as one, as in PyJWT's `require`.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.locate(path).is_some_and(|value| *value != Value::Null)
    }

    /// Returns a registered claim that must be a NumericDate: any JSON number (RFC 7519 section 2).
    ///
    /// # Errors
    /// Returns `claim_type` if it is anything else.
    pub fn numeric_date(&self, name: &str) -> Result<Option<NumericDate>, Failure> {
        time(self.get(name)).map_err(|other| not_a_time(name, other))
    }

    /// Returns a claim as a date, or `None`. The `claim_type` check reports type errors.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<NumericDate> {
        self.numeric_date(name).ok().flatten()
    }

    /// Returns the audiences: one string, or an array of strings (RFC 7519 section 4.1.3).
    ///
    /// # Errors
    /// Returns `claim_type` if `aud` is anything else.
    pub fn audiences(&self) -> Result<Option<Audiences<'_>>, Failure> {
        audiences(self.get("aud"))
    }

    /// Returns the claims that hold a time, in order.
    pub fn times(&self) -> impl Iterator<Item = TimeClaim<'_>> {
        self.members.iter().filter_map(TimeClaim::from_member)
    }
}

/// The registered claims of a token (RFC 7519 section 4.1), not yet checked for their types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegisteredClaims<'c, 'a> {
    /// `iss`
    pub iss: Option<&'c Value<'a>>,
    /// `sub`
    pub sub: Option<&'c Value<'a>>,
    /// `aud`
    pub aud: Option<&'c Value<'a>>,
    /// `exp`
    pub exp: Option<&'c Value<'a>>,
    /// `nbf`
    pub nbf: Option<&'c Value<'a>>,
    /// `iat`
    pub iat: Option<&'c Value<'a>>,
    /// `jti`
    pub jti: Option<&'c Value<'a>>,
}

/// Reads a claim that must be a string. Returns the value as the error if it has another type.
pub(crate) const fn text<'c>(claim: Option<&'c Value<'_>>) -> Result<Option<&'c str>, &'c Value<'c>> {
    match claim {
        None => Ok(None),
        Some(Value::String(Cow::Borrowed(text))) => Ok(Some(text)),
        Some(Value::String(Cow::Owned(text))) => Ok(Some(text.as_str())),
        Some(other) => Err(other),
    }
}

/// Reads a claim that must be a NumericDate. Returns the value as the error if it is none.
pub(crate) fn time<'c>(claim: Option<&'c Value<'_>>) -> Result<Option<NumericDate>, &'c Value<'c>> {
    match claim {
        None => Ok(None),
        Some(Value::Number(digits)) => Ok(Some(NumericDate::from_json_number(digits))),
        Some(other) => Err(other),
    }
}

/// Returns the failure of a claim that must be a string.
pub(crate) fn not_a_string(name: &str, value: &Value<'_>) -> Failure {
    wrong_type(name, value, "a string")
}

/// Returns the failure of a claim that must be a NumericDate.
pub(crate) fn not_a_time(name: &str, value: &Value<'_>) -> Failure {
    wrong_type(name, value, "a number of seconds since 1970")
}

/// Returns the audiences of an `aud` claim.
pub(crate) fn audiences<'c>(aud: Option<&'c Value<'_>>) -> Result<Option<Audiences<'c>>, Failure> {
    const WANTED: &str = "a string or an array of strings";
    match aud {
        None => Ok(None),
        Some(value @ Value::String(_)) => Ok(Some(Audiences(std::slice::from_ref(value)))),
        Some(Value::Array(items)) if items.iter().all(|item| item.as_str().is_some()) => {
            Ok(Some(Audiences(items)))
        }
        Some(other) => Err(wrong_type("aud", other, WANTED)),
    }
}

/// The audiences of a token. Each is a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audiences<'c>(&'c [Value<'c>]);

impl<'c> Audiences<'c> {
    /// Returns the audiences in order.
    pub fn iter(self) -> impl Iterator<Item = &'c str> {
        self.0.iter().filter_map(Value::as_str)
    }

    /// Reports whether an audience is among them.
    #[must_use]
    pub fn contains(self, audience: &str) -> bool {
        self.iter().any(|each| each == audience)
    }
}

/// Returns the failure of a claim that has the wrong type.
fn wrong_type(name: &str, value: &Value<'_>, wanted: &str) -> Failure {
    let what = match value {
        Value::Array(_) if name == "aud" => "an array with other values".to_owned(),
        other => other.type_name().to_owned(),
    };
    Failure::new(Reason::ClaimType(name.to_owned()), format!("`{name}` is {what}, not {wanted}"))
}

/// Returns the value at a name among claims, or at a JSON Pointer if the path starts with `/`.
#[must_use]
pub fn locate<'m, 'a>(members: &'m [Member<'a>], path: &str) -> Option<&'m Value<'a>> {
    let Some(rest) = path.strip_prefix('/') else { return json::find(members, path) };
    let (name, inner) = rest.split_once('/').map_or((rest, None), |(name, inner)| (name, Some(inner)));
    let value = json::find(members, &json::unescaped(name))?;
    inner.map_or(Some(value), |inner| value.pointer(&format!("/{inner}")))
}

/// Returns the name or the JSON Pointer that a path in another form means, if it leads to a value: a path with dots, as in
/// `$.realm_access.roles`, or a name in another letter case.
#[must_use]
pub fn meant(members: &[Member<'_>], path: &str) -> Option<String> {
    let inner = path.strip_prefix('$').unwrap_or(path).trim_start_matches('.');
    if !inner.contains('.') {
        let is_like = |member: &&Member<'_>| member.name.eq_ignore_ascii_case(inner);
        return members.iter().find(is_like).map(|member| member.name.to_string());
    }
    let pointer: String = inner.split('.').map(json::pointer_to).collect();
    locate(members, &pointer).map(|_| pointer)
}

/// A claim that holds a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeClaim<'a> {
    /// The name of the claim.
    pub name: &'a str,
    /// The digits of the number, as received.
    pub digits: &'a str,
    /// The instant, if the number counts seconds as a NumericDate does.
    pub date: NumericDate,
    /// The unit that the issuer probably used instead, and the instant in that unit.
    pub mistaken: Option<(&'static str, NumericDate)>,
}

impl<'a> TimeClaim<'a> {
    /// Reads a claim as a time. A known time claim needs only a number; any other claim needs a name that suggests a time,
    /// and a number that is a plausible date.
    #[must_use]
    pub fn from_member(member: &'a Member<'_>) -> Option<Self> {
        let Value::Number(digits) = &member.value else { return None };
        let name = &*member.name;
        let date = NumericDate::from_json_number(digits);
        let mistaken = date.mistaken_unit();
        let known = matches!(
            name,
            "exp"
                | "nbf"
                | "iat"
                | "auth_time"
                | "updated_at"
                | "orig_iat"
                | "refresh_exp"
                | "toe"
                | "created_at"
        );
        let is_time = known || (sounds_like_time(name) && (date.is_plausible() || mistaken.is_some()));
        is_time.then_some(Self { name, digits, date, mistaken })
    }
}

impl TimeClaim<'_> {
    /// Describes a wrong unit: a NumericDate, which counts seconds, that looks like another unit.
    #[must_use]
    pub fn mistake(&self) -> Option<String> {
        let (unit, meant) = self.mistaken.filter(|_| self.is_numeric_date())?;
        let date = meant.to_rfc3339().unwrap_or_default();
        Some(format!("`{}` looks like {unit} ({date}), but must be in seconds", self.name))
    }

    /// Reports whether the claim is a NumericDate by RFC 7519.
    #[must_use]
    pub fn is_numeric_date(&self) -> bool {
        TIME_CLAIMS.contains(&self.name)
    }
}

/// Reports whether a name suggests a time.
fn sounds_like_time(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if lower.contains("birth") {
        return false;
    }
    ["_at", "_on", "_exp", "_iat", "_nbf", "_ts"].iter().any(|ending| lower.ends_with(ending))
        || ["time", "date", "expir", "issued", "created", "last_login", "lastlogin", "since", "until"]
            .iter()
            .any(|part| lower.contains(part))
        || ["At", "Exp", "Iat"].iter().any(|ending| name.ends_with(ending))
}

/// Returns the name of a claim in words. It knows the claims of RFC 7519 and the usual ones of OpenID Connect and OAuth.
#[must_use]
pub fn claim_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "iss" => "issuer",
        "sub" => "subject",
        "aud" => "audience",
        "exp" => "expiration time",
        "nbf" => "not before",
        "iat" => "issued at",
        "jti" => "JWT ID",
        "auth_time" => "authenticated at",
        "updated_at" => "updated at",
        "orig_iat" => "first issued at",
        "orig_jti" => "first JWT ID",
        "refresh_exp" => "refreshable until",
        "toe" => "time of event",
        "azp" => "authorized party",
        "client_id" => "client",
        "scope" | "scp" => "scope",
        "nonce" => "nonce",
        "acr" => "authentication class",
        "amr" => "authentication methods",
        "at_hash" => "access token hash",
        "c_hash" => "code hash",
        "sid" => "session ID",
        "cnf" => "confirmation key",
        "act" => "actor",
        "may_act" => "who may act",
        "events" => "security events",
        "token_type" | "token_use" => "kind of token",
        "user_id" => "user ID",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> ClaimsSet<'_> {
        match Payload::parse(json.as_bytes()) {
            Payload::Claims(claims) => claims,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn clears_members_of_every_form() {
        for json in ["{}", r#"{"sub":"x","exp":1}"#, r#"{"sub":"\n","aud":["a"]}"#] {
            let Payload::Claims(mut claims) = Payload::parse(json.as_bytes()) else { panic!("claims") };
            claims.clear();
            assert_eq!(claims.members(), []);
            assert_eq!(claims.registered().sub, None);
        }
    }

    #[test]
    fn says_why_a_payload_is_not_a_claims_set() {
        let code = |bytes: &[u8]| Payload::parse(bytes).flaw().map(|flaw| flaw.reason.to_string());
        assert_eq!(code(b"{}"), None);
        assert_eq!(code(b"[1]").unwrap(), "malformed:payload_not_object");
        assert_eq!(code(b"hello").unwrap(), "malformed:payload_json");
        assert_eq!(code(b"").unwrap(), "malformed:payload_json");
        assert_eq!(code(b"{\"a\":\"\xff\"}").unwrap(), "malformed:payload_utf8");
        assert_eq!(code("[".repeat(200).as_bytes()).unwrap(), "malformed:too_deep");
    }

    #[test]
    fn finds_the_same_claims_and_duplicates_with_and_without_an_index() {
        let names = [
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "cnf",
            "role",
            "isz",
            "is",
            "\\u0069ss",
            "",
            "issu",
        ];
        let values = ["1", "\"a\"", "[1,[]]", "{\"a\":1,\"a\":2}", "[{\"b\":1}]", "{}", "null"];
        let mut seed = 2_u32;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % below
        };
        let (mut distinct, mut repeated) = (0, 0);
        for _ in 0..5_000 {
            let members: Vec<String> = (0..next(9))
                .map(|_| {
                    // Most values are flat.
                    let most = if next(3) == 0 { values.len() } else { 2 };
                    format!("\"{}\":{}", names[next(names.len())], values[next(most)])
                })
                .collect();
            let json = format!("{{{}}}", members.join(","));
            let indexed = claims(&json);
            let plain = ClaimsSet { index: None, ..indexed.clone() };
            assert!(indexed.index.is_some());
            assert_eq!(indexed.registered(), plain.registered(), "{json}");
            assert_eq!(indexed.confirmation(), plain.confirmation(), "{json}");
            assert_eq!(indexed.first_duplicate(), plain.first_duplicate(), "{json}");
            *(if plain.first_duplicate().is_none() { &mut distinct } else { &mut repeated }) += 1;
        }
        assert!(distinct > 1_000 && repeated > 1_000, "{distinct} {repeated}");
        let many: Vec<String> = (0..17).map(|number| format!("\"{number}\":0")).collect();
        assert_eq!(claims(&format!("{{{}}}", many.join(","))).index, None);
    }

    #[test]
    fn rejects_a_numeric_date_that_is_not_a_number() {
        for json in [r#"{"exp":"4102444800"}"#, r#"{"exp":null}"#, r#"{"exp":[1]}"#, r#"{"exp":true}"#] {
            let failure = claims(json).numeric_date("exp").unwrap_err();
            assert_eq!(failure.reason, Reason::ClaimType("exp".into()), "{json}");
        }
        // The zero times of .NET and Go are before 1970.
        for json in
            [r#"{"exp":1704067200.5}"#, r#"{"exp":-1}"#, r#"{"exp":-62135596800}"#, r#"{"exp":1e400}"#]
        {
            assert!(claims(json).numeric_date("exp").unwrap().is_some(), "{json}");
        }
    }

    #[test]
    fn accepts_an_audience_that_is_a_string_or_an_array_of_strings() {
        for (json, audiences) in
            [(r#"{"aud":"a"}"#, &["a"][..]), (r#"{"aud":["a","b"]}"#, &["a", "b"]), (r#"{"aud":[]}"#, &[])]
        {
            let claims = claims(json);
            let found: Vec<&str> = claims.audiences().unwrap().unwrap().iter().collect();
            assert_eq!(found, audiences, "{json}");
        }
        for json in
            [r#"{"aud":123}"#, r#"{"aud":["a",1]}"#, r#"{"aud":true}"#, r#"{"aud":{}}"#, r#"{"aud":null}"#]
        {
            assert!(claims(json).audiences().is_err(), "{json}");
        }
    }

    #[test]
    fn finds_times_by_name_and_recognizes_milliseconds() {
        let payload = claims(
            r#"{"exp":1700000000000,"auth_time":1700000000,"lastLoginAt":1700000000,"count_at":3,"size":1700000000}"#,
        );
        let times: Vec<_> =
            payload.times().map(|time| (time.name, time.mistaken.map(|(unit, _)| unit))).collect();
        assert_eq!(times, [("exp", Some("milliseconds")), ("auth_time", None), ("lastLoginAt", None)]);
    }

    #[test]
    fn finds_what_a_path_in_another_form_means() {
        let payload = claims(r#"{"sub":"a","realm_access":{"roles":["a"]},"a.b":1,"x":{"c/d":2}}"#);
        for (path, expected) in [
            ("realm_access.roles", Some("/realm_access/roles")),
            ("$.realm_access.roles.0", Some("/realm_access/roles/0")),
            (".sub", Some("sub")),
            ("$.sub", Some("sub")),
            ("SUB", Some("sub")),
            ("x.c/d", Some("/x/c~1d")),
            ("realm_access.groups", None),
            ("subject", None),
            ("", None),
            ("$", None),
        ] {
            assert_eq!(meant(payload.members(), path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn locates_by_name_or_pointer() {
        let payload = claims(r#"{"realm_access":{"roles":["a","b"]},"https://x/y":1}"#);
        assert_eq!(payload.locate("/realm_access/roles/1"), Some(&Value::string("b")));
        assert_eq!(payload.locate("https://x/y"), Some(&Value::integer(1)));
        assert_eq!(payload.locate("/https:~1~1x~1y"), Some(&Value::integer(1)));
        assert_eq!(payload.locate("/nothing/here"), None);
    }
}
