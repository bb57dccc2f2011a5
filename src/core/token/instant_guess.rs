//! Instants in other forms than the accepted ones, such as `tomorrow` or `2026-01-31 12:00`. They are refused, and error
//! messages name the accepted form. This file only rearranges text, so its result may be a date that does not exist.

use crate::core::text::duration_guess;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Words for an instant, and the accepted form.
const WORDS: [(&str, &str); 10] = [
    ("now", "now"),
    ("today", "now"),
    ("tomorrow", "+1d"),
    ("yesterday", "-1d"),
    ("next week", "+7d"),
    ("last week", "-7d"),
    ("next month", "+30d"),
    ("last month", "-30d"),
    ("next year", "+365d"),
    ("last year", "-365d"),
];

/// Returns the accepted form of an instant that is written in another form, or `None` for an unknown form. The caller
/// must parse the result, because the date may not exist.
#[must_use]
pub(super) fn guess(text: &str) -> Option<String> {
    if duration_guess::is_ambiguous(text.trim()) {
        return None;
    }
    let lower = text.trim().to_ascii_lowercase();
    if let Some((_, form)) = WORDS.iter().find(|(word, _)| *word == lower) {
        return Some((*form).to_owned());
    }
    if let Some(seconds) = lower.strip_prefix('@') {
        return Some(format!("@{}", seconds.trim()));
    }
    date(&lower).or_else(|| distance(&lower))
}

/// Reports whether a text says that there is no such time.
#[must_use]
pub(super) fn is_never(text: &str) -> bool {
    const NEVER: [&str; 8] = ["never", "none", "no", "forever", "infinity", "inf", "unlimited", "null"];
    NEVER.contains(&text.trim().to_ascii_lowercase().as_str())
}

/// Returns a time of day that stands alone, with its seconds: `12:00`, `3pm` or `noon`.
#[must_use]
pub(super) fn time_without_date(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    match lower.as_str() {
        "noon" => return Some("12:00:00".to_owned()),
        "midnight" => return Some("00:00:00".to_owned()),
        _ => {}
    }
    let half = ["am", "pm"].into_iter().find(|half| lower.ends_with(half));
    let clock = half.and_then(|half| lower.strip_suffix(half)).unwrap_or(&lower).trim_end();
    if !clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
        return None;
    }
    match half {
        Some(half) if clock.contains(':') => in_24_hours(&time_of_day(clock)?, half),
        Some(half) => in_24_hours(&time_of_day(&format!("{clock}:00"))?, half),
        None => time_of_day(clock),
    }
}

/// Returns both meanings of a date such as `01/02/2026`: the day first, and the month first.
#[must_use]
pub(super) fn either_date(text: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = text.trim().split('/').collect();
    let &[first, second, year] = parts.as_slice() else { return None };
    Some((joined(year, second, first)?, joined(year, first, second)?))
}

/// Reads a distance from now, or a bare duration.
fn distance(text: &str) -> Option<String> {
    let signed = |sign: &str, text: &str| duration(text).map(|duration| format!("{sign}{duration}"));
    let text = text.strip_prefix("now").map_or(text, str::trim_start);
    if let Some(rest) = text.strip_prefix("in ").or_else(|| text.strip_prefix('+')) {
        signed("+", rest)
    } else if let Some(rest) = text.strip_suffix(" from now").or_else(|| text.strip_suffix(" later")) {
        signed("+", rest)
    } else if let Some(rest) = text.strip_suffix(" ago").or_else(|| text.strip_prefix('-')) {
        signed("-", rest)
    } else {
        signed("", text.strip_prefix("for ").unwrap_or(text))
    }
}

/// Returns a duration in the accepted form. It may be in that form already.
fn duration(text: &str) -> Option<String> {
    duration_guess::guess(text)
}

/// Reads a date, with or without a time of day and a zone, in a usual order.
fn date(text: &str) -> Option<String> {
    let separated = split_at_t(text).replace(',', " ");
    let (mut day, mut time, mut zone) = (None, None, None);
    let (mut month, mut numbers) = (None, Vec::new());
    for word in separated.split_ascii_whitespace() {
        let prefix = word.get(..3).unwrap_or_default();
        let is_name = word.trim_end_matches('.').bytes().all(|byte| byte.is_ascii_alphabetic());
        if let Some(found) = numeric_date(word) {
            day = day.is_none().then_some(Some(found))?;
        } else if word.contains(':') && time.is_none() && !word.starts_with(['+', '-']) {
            let (clock, rest) = word.split_at(
                word.find(|c: char| !(c.is_ascii_digit() || ":.".contains(c))).unwrap_or(word.len()),
            );
            time = Some(time_of_day(clock)?);
            match (rest, &time) {
                ("", _) => {}
                ("am" | "pm", Some(clock)) => time = Some(in_24_hours(clock, rest)?),
                _ => zone = Some(offset(rest)?),
            }
        } else if let ("am" | "pm", Some(clock)) = (word, &time) {
            time = Some(in_24_hours(clock, word)?);
        } else if is_name && MONTHS.contains(&prefix) && month.is_none() {
            month = MONTHS.iter().position(|name| *name == prefix).map(|index| index + 1);
        } else if is_name && WEEKDAYS.contains(&prefix) {
        } else if let Some(found) = offset(word).filter(|_| zone.is_none()) {
            zone = Some(found);
        } else {
            numbers.push(ordinal(word)?);
        }
    }
    let day = match (day, month, numbers.as_slice()) {
        (Some(day), None, []) => day,
        (None, Some(month), [day, year]) if day.len() <= 2 && year.len() == 4 => {
            joined(year, &month.to_string(), day)?
        }
        (None, Some(month), [year, day]) if day.len() <= 2 && year.len() == 4 => {
            joined(year, &month.to_string(), day)?
        }
        _ => return None,
    };
    Some(match (time, zone) {
        (None, _) => day,
        (Some(time), zone) => format!("{day}T{time}{}", zone.as_deref().unwrap_or("Z")),
    })
}

/// Puts a blank in place of the `t` between a date and a time of day.
fn split_at_t(text: &str) -> String {
    let mut previous = ' ';
    let is_between = |(index, c): (usize, char)| {
        let next = text.get(index + 1..).and_then(|rest| rest.chars().next());
        let between = c == 't' && previous.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit());
        previous = c;
        if between { ' ' } else { c }
    };
    text.char_indices().map(is_between).collect()
}

/// Reads a date of numbers: `2026-1-31`, `2026/01/31`, `31.01.2026`, `20260131`, or `01/31/2026` if the order is certain.
fn numeric_date(word: &str) -> Option<String> {
    if word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return joined(word.get(..4)?, word.get(4..6)?, word.get(6..)?);
    }
    let separator = word.chars().find(|c| !c.is_ascii_digit()).filter(|c| "-/.".contains(*c))?;
    let parts: Vec<&str> = word.split(separator).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u32>().ok();
    match (first.len(), third.len()) {
        (4, 1..=2) => joined(first, second, third),
        (1..=2, 4) if separator != '/' || number(first)? > 12 => joined(third, second, first),
        (1..=2, 4) if number(second)? > 12 => joined(third, first, second),
        _ => None,
    }
}

fn joined(year: &str, month: &str, day: &str) -> Option<String> {
    let two = |part: &str| part.parse::<u32>().ok().filter(|number| (1..=31).contains(number));
    (year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())).then_some(format!(
        "{year}-{:02}-{:02}",
        two(month)?,
        two(day)?
    ))
}

/// Returns a time of day with its seconds.
fn time_of_day(clock: &str) -> Option<String> {
    let parts: Vec<&str> = clock.split(':').collect();
    let two = |part: &str| part.parse::<u32>().ok().filter(|_| matches!(part.len(), 1..=2));
    match parts.as_slice() {
        [hours, minutes] => Some(format!("{:02}:{:02}:00", two(hours)?, two(minutes)?)),
        [hours, minutes, seconds] => Some(format!("{:02}:{:02}:{seconds}", two(hours)?, two(minutes)?)),
        _ => None,
    }
}

/// Returns a time of day of twelve hours as one of 24 hours.
fn in_24_hours(clock: &str, half: &str) -> Option<String> {
    let (hours, rest) = clock.split_once(':')?;
    let hours = hours.parse::<u32>().ok().filter(|hours| (1..=12).contains(hours))? % 12;
    Some(format!("{:02}:{rest}", if half == "pm" { hours + 12 } else { hours }))
}

/// Returns a zone as RFC 3339 writes it: `Z`, or an offset with a colon.
fn offset(word: &str) -> Option<String> {
    if ["z", "utc", "gmt"].contains(&word) {
        return Some("Z".to_owned());
    }
    let sign = word.chars().next().filter(|c| "+-".contains(*c))?;
    let digits: String = word.chars().skip(1).filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        2 => Some(format!("{sign}{digits}:00")),
        4 => Some(format!("{sign}{}:{}", digits.get(..2)?, digits.get(2..)?)),
        _ => None,
    }
}

/// Returns the digits of a number such as `31` or `31st`.
fn ordinal(word: &str) -> Option<String> {
    let digits = word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h', '.']);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_accepted_form() {
        for (text, form) in [
            ("tomorrow", "+1d"),
            ("Yesterday", "-1d"),
            ("1 hour", "1h"),
            ("in 2 hours", "+2h"),
            ("2 hours ago", "-2h"),
            ("+1 hour", "+1h"),
            ("- 1 day", "-1d"),
            ("now + 1h", "+1h"),
            ("now+1h", "+1h"),
            ("1 week from now", "+7d"),
            ("1y", "365d"),
            ("@ 1700000000", "@1700000000"),
            ("2026-01-31 12:00", "2026-01-31T12:00:00Z"),
            ("2026-01-31T12:00Z", "2026-01-31T12:00:00Z"),
            ("2026-01-31T12:00:00", "2026-01-31T12:00:00Z"),
            ("2026-01-31 12:00:00.5 UTC", "2026-01-31T12:00:00.5Z"),
            ("2026-01-31 12:00:00 +0200", "2026-01-31T12:00:00+02:00"),
            ("2026-01-31 12:00:00+02", "2026-01-31T12:00:00+02:00"),
            ("2026-01-31 12:30 AM", "2026-01-31T00:30:00Z"),
            ("2026-01-31 1:05pm", "2026-01-31T13:05:00Z"),
            ("2026/01/31", "2026-01-31"),
            ("2026-1-31", "2026-01-31"),
            ("20260131", "2026-01-31"),
            ("31.01.2026", "2026-01-31"),
            ("31/01/2026", "2026-01-31"),
            ("01/31/2026 9:05", "2026-01-31T09:05:00Z"),
            ("31 Jan 2026", "2026-01-31"),
            ("January 31st, 2026", "2026-01-31"),
            ("Sat, 31 Jan 2026 12:00:00 GMT", "2026-01-31T12:00:00Z"),
            ("Sat Jan 31 12:00:00 UTC 2026", "2026-01-31T12:00:00Z"),
        ] {
            assert_eq!(guess(text), Some(form.to_owned()), "{text}");
        }
    }

    #[test]
    fn reads_times_that_lack_their_date() {
        for (text, time) in [
            ("12:00", "12:00:00"),
            ("9:05:07", "09:05:07"),
            ("3pm", "15:00:00"),
            ("12:30 AM", "00:30:00"),
            ("noon", "12:00:00"),
            ("Midnight", "00:00:00"),
        ] {
            assert_eq!(time_without_date(text).as_deref(), Some(time), "{text}");
        }
        for text in ["12", "pm", "13pm", "12:00 UTC", "", "1:2:3:4"] {
            assert_eq!(time_without_date(text), None, "{text}");
        }
        let both = ("2026-02-01".to_owned(), "2026-01-02".to_owned());
        assert_eq!(either_date("01/02/2026"), Some(both));
        assert!(is_never("Never") && !is_never("now"));
    }

    #[test]
    fn does_not_guess_at_other_texts() {
        for text in ["", "soon", "01/02/2026", "2026-01", "Jan 2026", "31", "x 2026-01-31", "1M", "+1 M", "é"]
        {
            assert_eq!(guess(text), None, "{text}");
        }
    }

    #[test]
    fn reads_a_time_of_twelve_hours_with_seconds() {
        assert_eq!(time_without_date("9:05:07 pm").as_deref(), Some("21:05:07"));
        assert_eq!(time_without_date("12:05 pm").as_deref(), Some("12:05:00"));
        for text in ["0 am", "13:00 pm", "1:2:3:4 am"] {
            assert_eq!(time_without_date(text), None, "{text}");
        }
    }

    #[test]
    fn takes_parts_of_a_date_of_their_usual_lengths_alone() {
        for (text, form) in [
            ("2026 Jan 31", Some("2026-01-31")),
            ("2026 Jan 031", None),
            ("Jan 031 2026", None),
            ("Jan 31 026", None),
            ("31 Jan 20026", None),
        ] {
            assert_eq!(date(&text.to_ascii_lowercase()).as_deref(), form, "{text}");
        }
    }

    #[test]
    fn takes_a_date_of_numbers_only_if_its_order_is_certain() {
        for (word, form) in [
            ("20260131", Some("2026-01-31")),
            ("2026013", None),
            ("202601310", None),
            ("1-1-2026", Some("2026-01-01")),
            ("13/11/2026", Some("2026-11-13")),
            ("12/11/2026", None),
            ("11/12/2026", None),
            ("11/13/2026", Some("2026-11-13")),
            ("12.11.2026", Some("2026-11-12")),
            ("2026/1/2", Some("2026-01-02")),
            ("2026/1/032", None),
            ("2026-1-32", None),
            ("2026-0-1", None),
            ("1-2-20x6", None),
            ("1_2_2026", None),
            ("1-2", None),
            ("1-2-3-2026", None),
        ] {
            assert_eq!(numeric_date(word).as_deref(), form, "{word}");
        }
    }

    #[test]
    fn reads_the_digits_of_an_ordinal() {
        for (word, digits) in [
            ("31", Some("31")),
            ("1st", Some("1")),
            ("22nd", Some("22")),
            ("3.", Some("3")),
            ("st", None),
            ("x31", None),
        ] {
            assert_eq!(ordinal(word).as_deref(), digits, "{word}");
        }
    }

    #[test]
    fn reads_each_form_of_an_offset() {
        for (word, zone) in [
            ("z", Some("Z")),
            ("utc", Some("Z")),
            ("gmt", Some("Z")),
            ("+02", Some("+02:00")),
            ("-0230", Some("-02:30")),
            ("+02:30", Some("+02:30")),
            ("+2", None),
            ("+02x", None),
            ("02", None),
            ("", None),
        ] {
            assert_eq!(offset(word).as_deref(), zone, "{word}");
        }
    }
}
