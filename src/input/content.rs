//! What goes into a new token, from the options: its claims set, with the clock and chance filled in, and its header.

use crate::cli::claims::{Assignment, Claim};
use crate::cli::encode::HeaderArgs;
use crate::core::json::{self, Member, Value};
use crate::core::mint::encoding::{hex_id, to_json};
use crate::core::mint::header::{HeaderTemplate, TypParameter};
use crate::core::text::escape::{Escapes, Shown};
use crate::core::token::numeric_date::{Instant, NumericDate};
use crate::error::CommandError;
use crate::host::{Clock, Entropy, random};
use std::borrow::Cow;

/// What options put into a payload, whatever was there before.
pub(crate) struct Content {
    pub(crate) options: Vec<Claim>,
    pub(crate) no_iat: bool,
    /// Whether the bytes of the payload are signed as they are.
    pub(crate) verbatim: bool,
}

impl Content {
    /// The payload of a token: bytes as they are, or the claims.
    pub(crate) fn payload<'p>(
        &self,
        given: &'p [u8],
        clock: Clock<'_>,
        entropy: &mut Entropy<'_>,
    ) -> Result<Cow<'p, [u8]>, CommandError> {
        if self.verbatim {
            return Ok(Cow::Borrowed(given));
        }
        let members = self.claims(given, clock, entropy)?;
        Ok(Cow::Owned(to_json(&members, Escapes::Needed).into_bytes()))
    }

    /// The claims set: the payload's members, then those of the options, then the time of issue.
    pub(crate) fn claims<'p>(
        &self,
        payload: &'p [u8],
        clock: Clock<'_>,
        entropy: &mut Entropy<'_>,
    ) -> Result<Vec<Member<'p>>, CommandError> {
        // An editor may have put a byte order mark there; in a token it has no place.
        let payload = payload.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(payload);
        let value = json::parse(payload).map_err(|fault| {
            CommandError::usage(format!("the payload is {fault}"))
                .with_hint("write an object such as '{\"sub\":\"alice\"}', @PATH, or use -c name=text")
        })?;
        if let Some(name) = value.first_duplicate() {
            return Err(CommandError::usage(format!("the payload names {name} more than once")));
        }
        let Value::Object(members) = value else {
            return Err(
                CommandError::usage("the payload is no JSON object").with_hint("--verbatim signs anything")
            );
        };
        let now = clock.time_of_issue()?;
        let issued = issued_at(&members, &self.options, now);
        let mut claims = members;
        for option in &self.options {
            claims.push(match option {
                Claim::Member(member) => member.clone(),
                Claim::Time(name, instant) => Member::new(*name, time(name, *instant, now, issued)?),
                Claim::RandomId => Member::new("jti", Value::string(hex_id(random(entropy)?))),
            });
        }
        if !self.no_iat && json::find(&claims, "iat").is_none() {
            claims.push(Member::new("iat", Value::integer(now.seconds())));
        }
        if let Some(member) = json::first_repeated(&claims) {
            let what = format!("the claim `{}` is given twice", Shown(&member.name));
            return Err(
                CommandError::usage(what).with_hint("each claim has one value; leave one of them out")
            );
        }
        Ok(claims)
    }
}

/// What durations count from: the time of issue as it is given, else now.
fn issued_at(payload: &[Member<'_>], options: &[Claim], now: NumericDate) -> NumericDate {
    let in_options = options.iter().find_map(|option| match option {
        Claim::Time("iat", instant) => Some(instant.resolve(now, now)),
        Claim::Member(Member { name, value: Value::Number(digits) }) if name == "iat" => {
            Some(NumericDate::from_json_number(digits))
        }
        _ => None,
    });
    let in_payload = || match json::find(payload, "iat") {
        Some(Value::Number(digits)) => Some(NumericDate::from_json_number(digits)),
        _ => None,
    };
    in_options.or_else(in_payload).unwrap_or(now)
}

fn time(
    name: &str,
    instant: Instant,
    now: NumericDate,
    issued: NumericDate,
) -> Result<Value<'static>, CommandError> {
    if name == "iat" && matches!(instant, Instant::FromIssue(_)) {
        return Err(CommandError::usage("--iat is the time of issue: a duration has nothing to count from")
            .with_hint("write +15m or -15m for a time from now"));
    }
    let date = instant.resolve(now, issued);
    if date.is_negative() {
        return Err(CommandError::usage(format!("--{name} lies before 1970"))
            .with_hint(format!("to write it all the same, use -c {name}:=NUMBER")));
    }
    // A fraction is kept where it was asked for; the clock's own is nobody's wish.
    Ok(match instant {
        Instant::At(date) => Value::Number(date.to_json_number().into()),
        _ => Value::integer(date.seconds()),
    })
}

/// Returns what the options put into a header.
pub(crate) fn header_template(args: &HeaderArgs) -> HeaderTemplate {
    let typ = match (&args.typ, args.no_typ) {
        (_, true) => TypParameter::Omitted,
        (Some(typ), false) => TypParameter::Named(typ.clone()),
        (None, false) => TypParameter::Default,
    };
    let others = args.header.iter().map(|Assignment(member)| member.clone()).collect();
    HeaderTemplate { kid: None, typ, others }
}
