//! Lengths of time in other forms than `1h30m`, such as `1 hour`, `1y` or `PT15M`. They are refused, and error messages name
//! the accepted form.

/// The units, by the beginnings of their names. `mo` comes before `m`.
const UNITS: [(&str, u64); 7] = [
    ("mo", 30 * 86_400),
    ("s", 1),
    ("m", 60),
    ("h", 3_600),
    ("d", 86_400),
    ("w", 604_800),
    ("y", 365 * 86_400),
];

/// The names of units that are longer than a letter.
const NAMES: [&str; 25] = [
    "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "hr", "hrs", "hour", "hours",
    "day", "days", "week", "weeks", "wk", "wks", "mo", "month", "months", "yr", "yrs", "year", "years",
];

/// The numbers that are written as words.
const WORDS: [(&str, u64); 13] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
];

/// Returns the accepted form of a length of time that is written in another form, or `None` if it has no known form.
#[must_use]
pub fn guess(text: &str) -> Option<String> {
    let text = text.trim();
    if is_ambiguous(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let seconds = iso_8601(&lower).or_else(|| clock(&lower)).or_else(|| in_words(&lower))?;
    Some(compact(seconds))
}

/// Reports whether the unit is a capital `M` alone, which can be a minute or a month.
#[must_use]
pub fn is_ambiguous(text: &str) -> bool {
    text.strip_suffix('M').is_some_and(|number| !number.contains(|c: char| c.is_ascii_alphabetic()))
}

/// Returns a length of time in the form that `Duration` parses: `1h30m`.
#[must_use]
pub fn compact(seconds: u64) -> String {
    let mut rest = seconds;
    let mut text = String::new();
    for (size, unit) in [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')] {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Reads numbers and units in any order, with blanks, commas and `and` between them.
fn in_words(text: &str) -> Option<u64> {
    let mut words = Vec::new();
    for part in text.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|part| !part.is_empty()) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let is_number = |c: char| c.is_ascii_digit() || c == '.';
            let end = rest.find(|c| is_number(c) != is_number(first)).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            words.push(word);
            rest = tail;
        }
    }
    words.retain(|word| *word != "and");
    let (pairs, rest) = words.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    let mut seen = Vec::new();
    let mut sum = 0_u64;
    for [number, name] in pairs {
        let unit = unit(name).filter(|unit| !seen.contains(unit))?;
        seen.push(unit);
        sum = sum.checked_add(product(number, unit)?)?;
    }
    Some(sum)
}

fn unit(name: &str) -> Option<u64> {
    let name = name.trim_end_matches('.');
    if name.len() > 1 && !NAMES.contains(&name) {
        return None;
    }
    UNITS.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, unit)| *unit)
}

/// Returns a number of units in seconds, or `None` if it is not whole.
fn product(number: &str, unit: u64) -> Option<u64> {
    if let Some((_, count)) = WORDS.iter().find(|(word, _)| *word == number) {
        return count.checked_mul(unit);
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.len() > 3 {
        return None;
    }
    let thousandths: u64 = format!("{whole}{fraction:0<3}").parse().ok()?;
    let product = thousandths.checked_mul(unit)?;
    (product % 1000 == 0).then_some(product / 1000)
}

/// Reads a duration of ISO 8601, such as `PT1H30M` or `P7D`.
fn iso_8601(text: &str) -> Option<u64> {
    let (days, time) = {
        let rest = text.strip_prefix('p')?;
        rest.split_once('t').unwrap_or((rest, ""))
    };
    let months = days.replace('m', "mo");
    let parts = [months.as_str(), time].map(|part| if part.is_empty() { Some(0) } else { in_words(part) });
    match (parts, days.len() + time.len()) {
        (_, 0) => None,
        ([Some(days), Some(time)], _) => days.checked_add(time),
        _ => None,
    }
}

/// Reads hours, minutes and seconds with colons: `01:30:00`.
fn clock(text: &str) -> Option<u64> {
    let mut parts = text.split(':');
    let mut next = || parts.next().filter(|part| part.len() <= 3)?.parse::<u64>().ok();
    let (hours, minutes, seconds) = (next()?, next()?, next()?);
    (parts.next().is_none() && minutes < 60 && seconds < 60).then_some(hours * 3_600 + minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_accepted_form() {
        for (text, form) in [
            ("1 hour", "1h"),
            ("2 hours", "2h"),
            ("90 minutes", "1h30m"),
            ("30min", "30m"),
            ("15 secs", "15s"),
            ("1hr", "1h"),
            ("1.5h", "1h30m"),
            ("0.5 days", "12h"),
            ("1H30M", "1h30m"),
            ("1h 30m", "1h30m"),
            ("30m1h", "1h30m"),
            ("1 day, 2 hours and 3 minutes", "1d2h3m"),
            ("1y", "365d"),
            ("1 year", "365d"),
            ("2 years", "730d"),
            ("6 months", "180d"),
            ("1mo", "30d"),
            ("an hour", "1h"),
            ("one week", "7d"),
            ("PT15M", "15m"),
            ("P1D", "1d"),
            ("P1M", "30d"),
            ("P1DT12H", "1d12h"),
            ("01:30:00", "1h30m"),
            ("0 seconds", "0s"),
        ] {
            assert_eq!(guess(text), Some(form.to_owned()), "{text}");
        }
    }

    #[test]
    fn does_not_guess_at_other_texts() {
        for text in [
            "", "m", "soon", "5 apples", "5", "1h1h", "500ms", "1.0001h", "P", "PT", "hour", "é", "1M",
            "1e5h",
        ] {
            assert_eq!(guess(text), None, "{text}");
        }
        assert_eq!(guess("99999999999999999999s"), None);
    }
}
