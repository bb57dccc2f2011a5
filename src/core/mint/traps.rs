//! **The table of traps** in minting: requests that are signed as asked, but were probably not meant. A trap holds facts,
//! and its hint is in `error::traps`. Nothing here changes a token.

use super::claims::{ClaimsTemplate, NewClaim};
use crate::core::json::{self, Member, Value};
use crate::core::text::duration::Duration;
use crate::core::token::claims::{STRING_CLAIMS, TIME_CLAIMS, audiences};
use crate::core::token::numeric_date::{Instant, InstantError, NumericDate};

/// The most traps that are reported for one token.
const MOST: usize = 3;

/// The largest `exp` that may be a lifetime, in seconds: ten years.
const LONGEST_LIFETIME: u64 = 10 * 365 * 86_400;

/// The place from which a claim came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The payload.
    Payload,
    /// An assignment such as `-c name:=json`, or an option for a text.
    Assignment,
    /// An option for a time, such as `--exp`.
    TimeOption,
}

/// A part of a request that was probably not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trap {
    /// A time claim that is not a number.
    TimeType {
        /// The name of the claim.
        name: &'static str,
        /// The type of its value, with its article.
        type_name: &'static str,
        /// The text, if it is one.
        text: Option<String>,
        /// A value for the option that is named like the claim, if the text has one.
        option: Option<String>,
        /// Where the claim came from.
        origin: Origin,
    },
    /// A time claim in a unit other than seconds.
    Unit {
        /// The name of the claim.
        name: &'static str,
        /// The unit that was probably used.
        unit: &'static str,
        /// The instant in that unit.
        meant: NumericDate,
        /// Where the claim came from.
        origin: Origin,
    },
    /// An `exp` near 1970, which was probably meant as a lifetime.
    Lifetime {
        /// The digits of the claim.
        digits: String,
        /// The instant that they stand for.
        exp: NumericDate,
        /// The lifetime in seconds, if it is whole, positive and not too long for one.
        seconds: Option<u64>,
    },
    /// An `nbf` near 1970, which was probably meant as a delay.
    Delay {
        /// The delay in seconds.
        seconds: u64,
        /// The instant that they stand for.
        nbf: NumericDate,
    },
    /// An `nbf` that is not before `exp`.
    NeverValid {
        /// Where `nbf` came from.
        origin: Origin,
    },
    /// A lifetime that counts from an old `iat`. The token has already expired.
    OldIssue {
        /// The time of issue.
        iat: NumericDate,
        /// The lifetime.
        lifetime: Duration,
    },
    /// An `exp` in the past.
    Expired {
        /// The expiration time.
        exp: NumericDate,
        /// The clock.
        now: NumericDate,
        /// Where the claim came from.
        origin: Origin,
    },
    /// A text claim, such as `sub`, that is not text.
    TextType {
        /// The name of the claim.
        name: &'static str,
        /// The type of its value, with its article.
        type_name: &'static str,
        /// The value as text, if it is a number.
        text: Option<String>,
        /// Where the claim came from.
        origin: Origin,
    },
    /// An `aud` that is neither text nor an array of texts.
    AudienceType {
        /// The type of the value, with its article.
        type_name: &'static str,
    },
    /// Texts that look like other JSON values.
    TypedTexts {
        /// The assignments that write the other values. There is at least one.
        meant: Vec<GivenText>,
    },
    /// One audience that looks like a list of them.
    AudienceList {
        /// The audience.
        audience: String,
        /// The items of the list.
        items: Vec<String>,
        /// Where the claim came from.
        origin: Origin,
    },
    /// No `exp`.
    NoExpiry,
}

/// A text that was given with `=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenText {
    /// The option before the assignment.
    pub option: &'static str,
    /// The name before `=`.
    pub name: String,
    /// The text after `=`.
    pub text: String,
}

/// The requests of a user that traps are searched in.
#[derive(Clone, Copy, Debug)]
pub struct Requests<'r> {
    /// The claims that options ask for.
    pub template: &'r ClaimsTemplate,
    /// The texts among them that were given with `=`.
    pub texts: &'r [GivenText],
}

impl Requests<'_> {
    /// Returns the traps in the claims set of one token, at a time of issue.
    #[must_use]
    pub fn in_token(self, claims: &[Member<'_>], now: NumericDate) -> Vec<Trap> {
        let mut traps: Vec<Trap> = TIME_CLAIMS
            .into_iter()
            .filter_map(|name| time(name, json::find(claims, name)?, self.origin(name), now))
            .collect();
        if traps.is_empty() {
            traps.extend(self.expiry(claims, now).or_else(|| self.start(claims)));
        }
        traps.extend(STRING_CLAIMS.into_iter().filter_map(|name| text(name, claims, self.origin(name))));
        traps.extend(audience(json::find(claims, "aud"), self.origin("aud")));
        traps.extend(typed_texts(self.texts, &TIME_CLAIMS));
        if json::find(claims, "exp").is_none() {
            traps.push(Trap::NoExpiry);
        }
        traps.truncate(MOST);
        traps
    }

    /// Returns the traps in the options alone, for tokens whose payloads are not known yet.
    #[must_use]
    pub fn in_options(self, now: NumericDate) -> Vec<Trap> {
        let given = self.template.claims.iter().filter_map(|claim| match claim {
            NewClaim::Given(given) => given.member().cloned(),
            _ => None,
        });
        let claims: Vec<Member<'static>> = given.collect();
        let find = |name| json::find(&claims, name);
        let times =
            TIME_CLAIMS.into_iter().filter_map(|name| time(name, find(name)?, Origin::Assignment, now));
        let mut traps: Vec<Trap> = times.collect();
        traps.extend(STRING_CLAIMS.into_iter().filter_map(|name| text(name, &claims, Origin::Assignment)));
        traps.extend(audience(find("aud"), Origin::Assignment));
        traps.extend(typed_texts(self.texts, &TIME_CLAIMS));
        traps.truncate(MOST);
        traps
    }

    fn origin(self, name: &str) -> Origin {
        let of_option = |claim: &NewClaim| match claim {
            NewClaim::Given(given) => {
                given.member().is_some_and(|member| member.name == name).then_some(Origin::Assignment)
            }
            NewClaim::Time(time, _) => (*time == name).then_some(Origin::TimeOption),
            NewClaim::RandomId => (name == "jti").then_some(Origin::Assignment),
        };
        self.template.claims.iter().find_map(of_option).unwrap_or(Origin::Payload)
    }

    /// Returns the trap of an `nbf` that is not before `exp`.
    fn start(self, claims: &[Member<'_>]) -> Option<Trap> {
        let (nbf, exp) = (date(claims, "nbf")?, date(claims, "exp")?);
        (nbf >= exp).then(|| Trap::NeverValid { origin: self.origin("nbf") })
    }

    /// Returns the trap of an `exp` that has passed. A negative distance such as `--exp -1h` is intended, so it is no trap.
    fn expiry(self, claims: &[Member<'_>], now: NumericDate) -> Option<Trap> {
        let exp = date(claims, "exp").filter(|exp| *exp <= now)?;
        let asked = self.template.claims.iter().find_map(|claim| match claim {
            NewClaim::Time("exp", instant) => Some(*instant),
            _ => None,
        });
        match asked {
            Some(Instant::FromNow(_)) => None,
            Some(Instant::FromIssue(lifetime)) => {
                date(claims, "iat").filter(|iat| *iat < now).map(|iat| Trap::OldIssue { iat, lifetime })
            }
            _ => Some(Trap::Expired { exp, now, origin: self.origin("exp") }),
        }
    }
}

/// Returns the name of the claim that an assignment writes, if it writes a whole claim.
fn whole_claim(name: &str) -> &str {
    name.strip_prefix('/').filter(|name| !name.contains('/')).unwrap_or(name)
}

/// Returns the traps in the options of a pair.
#[must_use]
pub fn in_pair(audiences: &[String], given: &[Member<'_>], texts: &[GivenText]) -> Vec<Trap> {
    let one = match audiences {
        [one] => Some(Value::string(one.as_str())),
        _ => None,
    };
    let mut traps: Vec<Trap> = STRING_CLAIMS
        .into_iter()
        .filter_map(|name| text(name, given, Origin::Assignment))
        .chain(audience(one.as_ref().or_else(|| json::find(given, "aud")), Origin::Assignment))
        // There are no options for other times than those that a profile writes.
        .chain(typed_texts(texts, &[]))
        .collect();
    traps.truncate(MOST);
    traps
}

fn date(claims: &[Member<'_>], name: &str) -> Option<NumericDate> {
    match json::find(claims, name)? {
        Value::Number(digits) => Some(NumericDate::from_json_number(digits)),
        _ => None,
    }
}

/// Returns the trap of a time claim with a wrong type or unit, or of an `exp` that was probably meant as a lifetime.
fn time(name: &'static str, value: &Value<'_>, origin: Origin, now: NumericDate) -> Option<Trap> {
    let Value::Number(digits) = value else {
        let text = value.as_str().map(str::to_owned);
        let option = text.as_deref().and_then(|text| time_option(name, text));
        return Some(Trap::TimeType { name, type_name: value.type_name(), text, option, origin });
    };
    let date = NumericDate::from_json_number(digits);
    if let Some((unit, meant)) = date.mistaken_unit() {
        // An option takes no milliseconds: `exp` counts from an `iat` in milliseconds, which has a trap of its own.
        return (origin != Origin::TimeOption).then_some(Trap::Unit { name, unit, meant, origin });
    }
    let length = || digits.parse().ok().filter(|seconds| (1..=LONGEST_LIFETIME).contains(seconds));
    if name == "nbf" && origin != Origin::TimeOption && date <= now {
        return length().map(|seconds| Trap::Delay { seconds, nbf: date });
    }
    // Numbers of up to nine digits end in 2001. Options refuse such numbers.
    let is_near_1970 = date.seconds() < 1_000_000_000 && date <= now;
    (name == "exp" && is_near_1970 && origin != Origin::TimeOption).then(|| Trap::Lifetime {
        digits: digits.to_string(),
        exp: date,
        seconds: length(),
    })
}

/// Returns a text as the value of the option for a time claim. A token is never issued after now, so `iat` has no delay.
fn time_option(name: &str, text: &str) -> Option<String> {
    match text.parse::<Instant>() {
        Ok(Instant::FromIssue(_)) | Err(InstantError::Ambiguous { .. }) if name == "iat" => None,
        Ok(Instant::FromNow(seconds)) if name == "iat" && seconds > 0 => None,
        Ok(_) => Some(text.to_owned()),
        Err(InstantError::Ambiguous { number }) => Some(format!("+{number}s")),
        Err(
            InstantError::OtherForm { guess }
            | InstantError::NoZone { utc: guess }
            | InstantError::Incomplete { utc: guess, .. },
        ) => Some(guess),
        Err(_) => None,
    }
}

/// Returns the trap of a claim that must be text.
fn text(name: &'static str, claims: &[Member<'_>], origin: Origin) -> Option<Trap> {
    let text = match json::find(claims, name)? {
        Value::String(_) => return None,
        Value::Number(digits) => Some(digits.to_string()),
        _ => None,
    };
    let type_name = json::find(claims, name).map_or("", Value::type_name);
    Some(Trap::TextType { name, type_name, text, origin })
}

/// Returns the trap of an `aud`.
fn audience(aud: Option<&Value<'_>>, origin: Origin) -> Option<Trap> {
    let aud = aud?;
    if let Err(_failure) = audiences(Some(aud)) {
        return Some(Trap::AudienceType { type_name: aud.type_name() });
    }
    let audience = aud.as_str()?;
    let items = listed(audience);
    (items.len() > 1).then(|| Trap::AudienceList { audience: audience.to_owned(), items, origin })
}

/// Returns the items of a text that looks like a list: with commas or semicolons, or as a JSON array.
fn listed(text: &str) -> Vec<String> {
    if let Ok(Value::Array(items)) = json::parse(text.as_bytes()) {
        return items.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let items: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|item| !item.is_empty()).collect();
    // A comma inside a single URL does not separate audiences.
    let urls = items.iter().filter(|item| item.contains("://")).count();
    if urls == 1 { Vec::new() } else { items.into_iter().map(str::to_owned).collect() }
}

/// Returns the trap of texts that look like other JSON values. It skips claims that must be text, and the names in `others`.
fn typed_texts(texts: &[GivenText], others: &[&str]) -> Option<Trap> {
    let is_free = |given: &&GivenText| {
        let name = whole_claim(&given.name);
        !STRING_CLAIMS.contains(&name) && !others.contains(&name) && name != "aud"
    };
    let meant: Vec<GivenText> = texts
        .iter()
        .filter(is_free)
        .filter_map(|given| Some(GivenText { text: typed(&given.name, &given.text)?, ..given.clone() }))
        .collect();
    (!meant.is_empty()).then_some(Trap::TypedTexts { meant })
}

/// Returns the JSON that the text of a claim looks like, if it is not a string. Digits are usually meant as text, except in
/// a time claim.
fn typed(name: &str, text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if ["true", "false", "null"].contains(&lower.as_str()) {
        return Some(lower);
    }
    match json::parse(text.as_bytes()) {
        Ok(Value::String(_)) | Err(_) => None,
        Ok(Value::Number(_)) if !TIME_CLAIMS.contains(&name) => None,
        Ok(value) => value.first_duplicate().is_none().then(|| text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::mint::assignment::{Assignment, ValueForm};

    const NOW: NumericDate = NumericDate::from_seconds(1_769_860_800);

    fn names(traps: &[Trap]) -> Vec<String> {
        let name = |trap: &Trap| format!("{trap:?}").split([' ', '{']).next().unwrap().to_owned();
        traps.iter().map(name).collect()
    }

    /// Returns the traps of a payload and assignments.
    fn traps(payload: &str, assignments: &[&str], times: &[(&'static str, &str)]) -> Vec<Trap> {
        let mut template = ClaimsTemplate::default();
        let mut texts = Vec::new();
        for text in assignments {
            let assignment: Assignment = text.parse().unwrap();
            if let (ValueForm::Text, Some(text)) = (assignment.form, assignment.member.value.as_str()) {
                let name = assignment.member.name.to_string();
                texts.push(GivenText { option: "-c", name, text: text.to_owned() });
            }
            template.claims.push(NewClaim::Given(assignment.into()));
        }
        let time = |(name, text): &(&'static str, &str)| NewClaim::Time(name, text.parse().unwrap());
        template.claims.extend(times.iter().map(time));
        let random = || Ok::<_, crate::core::mint::claims::ClaimError>([0; 16]);
        let claims = template.claims(payload.as_bytes(), NOW, random).unwrap();
        Requests { template: &template, texts: &texts }.in_token(&claims, NOW)
    }

    #[test]
    fn a_sound_token_has_no_trap() {
        for payload in [
            r#"{"sub":"a","exp":1769947200}"#,
            r#"{"sub":"a","iat":1700000000,"exp":1769947200,"aud":["a,b","c"]}"#,
            r#"{"exp":1769947200.5,"aud":"https://a.test/?x=1,2","nbf":0}"#,
        ] {
            assert_eq!(
                traps(
                    payload,
                    &["role=admin", "n:=7", "user=7", "rate=-1.5", "jti=7", "zip=01234", "x:=\"true\""],
                    &[]
                ),
                []
            );
        }
        assert_eq!(traps("{}", &[], &[("exp", "15m")]), []);
        assert_eq!(traps("{}", &[], &[("exp", "-1h")]), []);
    }

    #[test]
    fn finds_times_that_were_probably_not_meant() {
        for (payload, name) in [
            (r#"{"exp":60}"#, "Lifetime"),
            (r#"{"exp":0}"#, "Lifetime"),
            (r#"{"exp":-1}"#, "Lifetime"),
            (r#"{"exp":1795890000000}"#, "Unit"),
            (r#"{"exp":1795890000,"iat":1795890000000}"#, "Unit"),
            (r#"{"exp":"1800000000"}"#, "TimeType"),
            (r#"{"exp":null}"#, "TimeType"),
            (r#"{"exp":1700000000}"#, "Expired"),
            (r#"{"exp":1800000000,"nbf":60}"#, "Delay"),
            (r#"{"exp":1800000000,"nbf":1800000000}"#, "NeverValid"),
            (r#"{}"#, "NoExpiry"),
        ] {
            assert_eq!(names(&traps(payload, &[], &[])), [name], "{payload}");
        }
        assert_eq!(names(&traps(r#"{"iat":1700000000}"#, &[], &[("exp", "2h")])), ["OldIssue"]);
        assert_eq!(names(&traps("{}", &[], &[("exp", "15m"), ("iat", "@1700000000")])), ["OldIssue"]);
        assert_eq!(names(&traps("{}", &[], &[("exp", "2020-01-01")])), ["Expired"]);
        assert_eq!(names(&traps("{}", &["exp=1800000000"], &[])), ["TimeType"]);
        assert_eq!(names(&traps("{}", &["/exp=5"], &[])), ["TimeType"]);
        assert_eq!(names(&traps("{}", &[], &[("exp", "15m"), ("nbf", "20m")])), ["NeverValid"]);
    }

    #[test]
    fn finds_values_of_another_type_than_meant() {
        let in_time = &[("exp", "15m")][..];
        for (assignment, name) in [
            ("admin=true", "TypedTexts"),
            ("admin=False", "TypedTexts"),
            ("manager=null", "TypedTexts"),
            ("roles=[\"a\"]", "TypedTexts"),
            ("/a/b=true", "TypedTexts"),
            ("sub:=7", "TextType"),
            ("iss:=null", "TextType"),
            ("aud:=7", "AudienceType"),
            ("aud=web,mobile", "AudienceList"),
            ("aud=web; mobile", "AudienceList"),
            ("aud=[\"web\",\"mobile\"]", "AudienceList"),
        ] {
            assert_eq!(names(&traps("{}", &[assignment], in_time)), [name], "{assignment}");
        }
        for payload in [r#"{"sub":7}"#, r#"{"jti":7}"#] {
            assert_eq!(names(&traps(payload, &[], in_time)), ["TextType"], "{payload}");
        }
    }

    #[test]
    fn reports_three_traps_at_most() {
        let all = traps(r#"{"exp":60,"sub":7}"#, &["aud=a,b", "x=true", "iss:=1"], &[]);
        assert_eq!(names(&all), ["Lifetime", "TextType", "TextType"]);
    }

    #[test]
    fn finds_traps_in_options_without_a_payload() {
        let claim = |text: &str| NewClaim::Given(text.parse::<Assignment>().unwrap().into());
        let template =
            ClaimsTemplate { claims: vec![claim("exp:=60"), claim("aud=a,b")], ..ClaimsTemplate::default() };
        let requests = Requests { template: &template, texts: &[] };
        assert_eq!(names(&requests.in_options(NOW)), ["Lifetime", "AudienceList"]);
    }
}
