//! The hints on traps in minting. Each hint names one way to make the token that was probably meant.

use crate::core::json::{self, Value};
use crate::core::mint::traps::{GivenText, Origin, Trap};
use crate::core::text::duration_guess::compact;
use crate::core::text::escape::{Quoted, Shown, excerpt};
use crate::core::text::layout::count;
use crate::core::text::shell::argument;
use crate::core::token::numeric_date::NumericDate;
use std::fmt;

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeType { name, type_name, text, option, origin } => {
                write!(f, "`{name}` is {type_name}, which verify refuses: ")?;
                let is_seconds =
                    |text: &&String| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
                match (origin, text.as_ref().filter(is_seconds)) {
                    (Origin::Payload, Some(digits)) => write!(f, "write \"{name}\":{digits} without quotes"),
                    _ => in_its_place(f, name, option.as_deref().unwrap_or(sample(name)), *origin),
                }
            }
            Self::Unit { name, unit, meant, origin } => {
                let (seconds, equals) = (meant.seconds(), assigned(*origin));
                write!(
                    f,
                    "`{name}` counts seconds, but seems to be in {unit}: write {}",
                    equals(name, &seconds.to_string())
                )
            }
            Self::Lifetime { digits, exp, seconds } => {
                let digits = excerpt(digits);
                match exp.to_rfc3339() {
                    Some(date) => write!(f, "`exp` {digits} is {date}, so the token has already expired: ")?,
                    None => write!(f, "`exp` {digits} lies in the past, so the token has already expired: ")?,
                }
                match seconds {
                    Some(seconds) => write!(f, "use --exp +{seconds}s in its place"),
                    None => f.write_str("use --exp +1h in its place"),
                }
            }
            Self::Delay { seconds, nbf } => {
                write!(f, "`nbf` {seconds}{} lies in the past, so it delays nothing: ", dated(*nbf))?;
                write!(f, "use --nbf +{seconds}s in its place")
            }
            Self::NeverValid { origin } => {
                f.write_str("the token is never valid, because `nbf` is not before `exp`: ")?;
                in_its_place(f, "nbf", "now", *origin)
            }
            Self::OldIssue { iat, lifetime } => {
                write!(f, "the token has already expired, because --exp counts from `iat`{}: ", dated(*iat))?;
                write!(f, "use --exp +{} to count from now", compact(lifetime.as_seconds()))
            }
            Self::Expired { exp, now, origin } => {
                write!(f, "the token has already expired, {}: ", exp.relative_to(*now))?;
                in_its_place(f, "exp", "+1h", *origin)
            }
            Self::TextType { name, type_name, text, origin } => {
                write!(f, "`{name}` is {type_name}, but must be a string: ")?;
                match (text, origin) {
                    (Some(text), Origin::Payload) => write!(f, "write \"{name}\":\"{text}\""),
                    (Some(text), _) => write!(f, "write -c {name}={text}"),
                    (None, _) => write!(f, "write -c {name}=TEXT in its place"),
                }
            }
            Self::AudienceType { type_name } => {
                write!(f, "`aud` is {type_name}, but must be a string or an array of strings: ")?;
                f.write_str("use --aud TEXT in its place")
            }
            Self::TypedTexts { meant } => typed_texts(f, meant),
            Self::AudienceList { audience, items, origin } => {
                write!(f, "`aud` is one audience, {}: ", Quoted(&excerpt(audience)))?;
                several_audiences(f, items, *origin)
            }
            Self::NoExpiry => f.write_str("the token never expires: add --exp 1h for an hour"),
        }
    }
}

/// Writes which assignments give these claims the other JSON types.
fn typed_texts(f: &mut fmt::Formatter<'_>, meant: &[GivenText]) -> fmt::Result {
    let names: Vec<String> = meant.iter().map(|given| format!("`{}`", excerpt(&given.name))).collect();
    let options: Vec<String> = meant.iter().map(typed).collect();
    let (verb, purpose) = match meant {
        [one] => ("is", json::parse(one.text.as_bytes()).map_or("JSON", |value| value.type_name())),
        _ => ("are", "other types"),
    };
    write!(f, "{} {verb} text: ", Shown(&names.join(", ")))?;
    write!(f, "use {} for {purpose}", Shown(&options.join(" ")))
}

/// Writes how each item becomes an audience.
fn several_audiences(f: &mut fmt::Formatter<'_>, items: &[String], origin: Origin) -> fmt::Result {
    if origin == Origin::Payload {
        let items = items.iter().map(|item| Value::string(item.as_str())).collect();
        return write!(f, "write \"aud\":{} for several", Shown(&Value::Array(items).to_string()));
    }
    let options = items.iter().map(|item| argument(item).map(|item| format!("--aud {item}")));
    match options.collect::<Option<Vec<String>>>() {
        Some(options) => write!(f, "use {} for {}", options.join(" "), count(items.len(), "audience")),
        None => f.write_str("repeat --aud for several"),
    }
}

/// Writes that the option of a time claim replaces the claim.
fn in_its_place(f: &mut fmt::Formatter<'_>, name: &str, time: &str, origin: Origin) -> fmt::Result {
    let option = match argument(time) {
        Some(time) if time.starts_with('-') => format!("--{name}={time}"),
        Some(time) => format!("--{name} {time}"),
        None => format!("--{name} {}", sample(name)),
    };
    match origin {
        Origin::Payload => write!(f, "use {option} in place of `{name}` in the payload"),
        Origin::Assignment => write!(f, "use {option} in place of -c {name}"),
        Origin::TimeOption => write!(f, "use {option}"),
    }
}

/// Returns a value that each option for a time takes.
fn sample(name: &str) -> &'static str {
    if name == "exp" { "+1h" } else { "now" }
}

/// Returns how a claim of this origin is written with another number.
fn assigned(origin: Origin) -> fn(&str, &str) -> String {
    match origin {
        Origin::Payload => |name, number| format!("\"{name}\":{number}"),
        Origin::Assignment | Origin::TimeOption => |name, number| format!("-c {name}:={number}"),
    }
}

/// Returns a date in brackets, if the calendar has it.
fn dated(date: NumericDate) -> String {
    date.to_rfc3339().map(|date| format!(" ({date})")).unwrap_or_default()
}

/// Returns an assignment of JSON as a user types it.
fn typed(GivenText { option, name, text }: &GivenText) -> String {
    let assignment = format!("{name}:={text}");
    match argument(&assignment) {
        Some(assignment) if assignment.len() <= 200 => format!("{option} {assignment}"),
        _ => format!("{option} NAME:=JSON"),
    }
}
