//! The rows of a report: header parameters and claims in columns, with notes on their meaning and their dates. All text
//! from a token passes through `escape`.

use crate::core::encryption::algorithm::{ContentAlgorithm, KeyAlgorithm};
use crate::core::json::{Member, Value, repeated};
use crate::core::report::Anatomy;
use crate::core::text::cells::cells;
use crate::core::text::duration::relative;
use crate::core::text::escape::{Escapes, Quoted, Shown};
use crate::core::text::layout::{Row, TextLayout};
use crate::core::text::palette::TextRole;
use crate::core::text::zone::Zone;
use crate::core::token::algorithm::AlgName;
use crate::core::token::claims::{TIME_CLAIMS, TimeClaim, claim_name};
use crate::core::token::header::parameter_name;
use crate::core::token::kind::is_endless;
use crate::core::token::numeric_date::NumericDate;

/// Returns a row for each header parameter, with a note on its meaning.
pub(crate) fn header_rows(members: &[Member<'_>]) -> Vec<Row> {
    let notes = members.iter().map(|member| {
        let alg = member.value.as_str().filter(|_| member.name == "alg").map(AlgName::parse);
        match (alg, parameter_name(&member.name)) {
            (Some(AlgName::Known(algorithm)), _) => {
                Some((TextRole::Quiet, format!("algorithm: {}", algorithm.description())))
            }
            (Some(AlgName::None), _) => Some((TextRole::Bad, "algorithm: none, not signed".to_owned())),
            (_, Some(name)) => Some((TextRole::Quiet, encryption_note(member, name))),
            (_, None) => None,
        }
    });
    rows(members, notes)
}

/// Returns the name of a header parameter. An algorithm of encryption is also described in words.
fn encryption_note(member: &Member<'_>, name: &str) -> String {
    let text = member.value.as_str().unwrap_or_default();
    let description = match &*member.name {
        "alg" => text.parse::<KeyAlgorithm>().ok().map(KeyAlgorithm::description),
        "enc" => text.parse::<ContentAlgorithm>().ok().map(ContentAlgorithm::description),
        _ => None,
    };
    description.map_or_else(|| name.to_owned(), |description| format!("{name}: {description}"))
}

/// Returns a row for each claim, with a note on its meaning or its date.
pub(crate) fn claim_rows(members: &[Member<'_>], anatomy: &Anatomy<'_>, zone: Zone) -> Vec<Row> {
    let endless = is_endless(anatomy.token);
    let notes = members.iter().map(|member| {
        if endless && member.name == "exp" {
            return Some((TextRole::Quiet, "expires: never, an offline token has no end".to_owned()));
        }
        TimeClaim::from_member(member).map(|time| time_note(&time, anatomy.at, zone)).or_else(|| {
            let name = anatomy.claim_meaning(&member.name).or_else(|| claim_name(&member.name))?;
            let is_time = TIME_CLAIMS.contains(&&*member.name);
            Some(if is_time {
                (TextRole::Warning, format!("{name}: unreadable, not a number"))
            } else {
                (TextRole::Quiet, name.to_owned())
            })
        })
    });
    rows(members, notes)
}

/// Returns rows of members with their notes. The note of a repeated name says so.
fn rows(members: &[Member<'_>], notes: impl Iterator<Item = Option<(TextRole, String)>>) -> Vec<Row> {
    members
        .iter()
        .zip(notes)
        .zip(repeated(members))
        .map(|((member, note), repeated)| Row {
            name: Shown(&member.name).to_string(),
            value: lines_of(&member.value, usize::MAX),
            is_json: true,
            note: match (note, repeated) {
                (None, true) => Some((TextRole::Bad, "duplicate".to_owned())),
                (Some((_, note)), true) => Some((TextRole::Bad, format!("duplicate; {note}"))),
                (note, false) => note,
            },
        })
        .collect()
}

/// Returns the note on a time: `expires 2015-11-24 02:50:19 UTC, expired 10 years ago`.
fn time_note(time: &TimeClaim<'_>, at: NumericDate, zone: Zone) -> (TextRole, String) {
    let label = match time.name {
        "exp" => "expires",
        "nbf" => "not before",
        name => claim_name(name).unwrap_or("time"),
    };
    let dated = |date: NumericDate| date.to_text(zone).unwrap_or_else(|| "at a date out of range".to_owned());
    if let Some((unit, meant)) = time.mistaken {
        let counted = if time.is_numeric_date() { ", but must be in seconds" } else { "" };
        let (role, text) = (TextRole::Warning, format!("{label}: looks like {unit}{counted}"));
        return (role, format!("{text} ({}, {})", dated(meant), relative(meant.seconds_since(at))));
    }
    let seconds = time.date.seconds_since(at);
    let relative = time.date.relative_to(at);
    let (role, when) = match (time.name, seconds) {
        ("exp", _) if at < time.date => (TextRole::Good, relative),
        ("exp", _) => (TextRole::Bad, format!("expired {relative}")),
        ("nbf" | "iat", 1..) => (TextRole::Warning, relative),
        _ => (TextRole::Plain, relative),
    };
    match time.date.to_text(zone).filter(|_| !time.date.is_after_calendar()) {
        Some(date) => (role, format!("{label} {date}, {when}")),
        None if time.name == "exp" && at >= time.date => (role, when),
        None => (TextRole::Warning, format!("{label} {when}")),
    }
}

impl TextLayout {
    /// Adds the rows of members. A value that does not fit the screen gets more lines.
    pub(super) fn member_rows(&mut self, role: TextRole, mut rows: Vec<Row>, members: &[Member<'_>]) {
        if let Some(room) = self.value_room(&rows) {
            for (row, member) in rows.iter_mut().zip(members) {
                if row.value.iter().any(|line| cells(line) > room) {
                    row.value = lines_of(&member.value, room);
                }
            }
        }
        self.rows(role, rows);
    }
}

/// The length of the longest value that stays on one line.
const SHORT: usize = 60;

/// Returns a value as lines: one line if it fits the room and is short, else one line per member.
pub(super) fn lines_of(value: &Value<'_>, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    lay_out(value, 0, room, &mut lines);
    lines
}

/// Appends a value to the last line. A long value goes on in the lines below, indented.
fn lay_out(value: &Value<'_>, depth: usize, room: usize, lines: &mut Vec<String>) {
    let used = lines.last().map_or(0, |line| cells(line));
    let mut append = |text: &str| {
        if let Some(line) = lines.last_mut() {
            line.push_str(text);
        }
    };
    let nested: (_, _, Vec<(Option<&str>, &Value<'_>)>) = match value {
        Value::Array(items) if !items.is_empty() => {
            ("[", "]", items.iter().map(|item| (None, item)).collect())
        }
        Value::Object(members) if !members.is_empty() => {
            ("{", "}", members.iter().map(|member| (Some(&*member.name), &member.value)).collect())
        }
        scalar => return append(&scalar.to_string()),
    };
    // A comma may follow.
    if let Some(short) = short(value, SHORT.min(room.saturating_sub(used + 1))) {
        return append(&short);
    }
    let (open, close, items) = nested;
    append(open);
    let last = items.len() - 1;
    for (index, (name, item)) in items.into_iter().enumerate() {
        let name = name.map(|name| format!("{}: ", Quoted(name))).unwrap_or_default();
        lines.push(format!("{:width$}{name}", "", width = 2 * (depth + 1)));
        lay_out(item, depth + 1, room, lines);
        if let Some(line) = lines.last_mut().filter(|_| index < last) {
            line.push(',');
        }
    }
    lines.push(format!("{:width$}{close}", "", width = 2 * depth));
}

/// Returns the value in one line if it has at most `longest` columns. Writing stops as soon as the line is too long.
fn short(value: &Value<'_>, longest: usize) -> Option<String> {
    struct Line {
        text: String,
        left: usize,
    }
    impl std::fmt::Write for Line {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.left = self.left.checked_sub(cells(text)).ok_or(std::fmt::Error)?;
            self.text.push_str(text);
            Ok(())
        }
    }
    let mut line = Line { text: String::new(), left: longest };
    value.write(&mut line, Escapes::Hostile).ok().map(|()| line.text)
}
