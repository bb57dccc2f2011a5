//! Breaks text into lines that fit a screen: between words, then at the boundaries of paths and lists, and inside a word only
//! if nothing else fits. It never adds a character.

use super::cells::{cells, char_cells};
use std::ops::Range;

/// The room for a text in cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// The room on the first line.
    pub(crate) first: usize,
    /// The room on each line below.
    pub(crate) rest: usize,
}

/// Returns the lines of a text as byte ranges. Blanks at a break are in no line. The first range is empty if the first word
/// fits only below.
pub(crate) fn lines(text: &str, room: Room) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut width = room.first;
    loop {
        let rest = text.get(start..).unwrap_or_default();
        let fit = fitting(rest, width);
        if fit == rest.len() {
            lines.push(start..text.len());
            return lines;
        }
        let end = break_before(rest, fit, room.rest, width < room.rest);
        // A room of no cells still takes a character, unless the next line has more room.
        let end = if end == 0 && width >= room.rest { first_character(rest) } else { end };
        lines.push(start..start + rest.get(..end).unwrap_or_default().trim_end_matches(' ').len());
        let behind = rest.get(end..).unwrap_or_default();
        start += end + (behind.len() - behind.trim_start_matches(' ').len());
        if start >= text.len() {
            return lines;
        }
        width = room.rest;
    }
}

/// Returns the lines of a text that are filled to the last cell, as a terminal fills them.
pub(crate) fn filled(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let end = start + fitting(rest, width).max(first_character(rest));
        lines.push(start..end);
        start = end;
    }
    lines
}

/// Returns the length of the beginning that fits, in bytes. Combining marks stay with their character.
fn fitting(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += char_cells(c);
        if used > width {
            return at;
        }
    }
    text.len()
}

/// Returns where the line ends whose first `fit` bytes fit. Zero moves the whole text to the next line, which has `next` cells.
fn break_before(text: &str, fit: usize, next: usize, may_move: bool) -> usize {
    if is_gap(text, fit) {
        return fit;
    }
    let gap = text.get(..fit).unwrap_or_default().rmatch_indices(' ').find(|(at, _)| is_gap(text, *at));
    let word = gap.map_or(0, |(at, _)| at + 1);
    let whole = text.get(word..).unwrap_or_default();
    let end =
        whole.match_indices(' ').find(|(at, _)| is_gap(text, word + at)).map_or(whole.len(), |(at, _)| at);
    let whole = whole.get(..end).unwrap_or_default();
    let can_move = word > 0 || may_move;
    // A word that fits a line stays whole.
    if can_move && cells(whole) <= next {
        return word;
    }
    let boundary = last_boundary(whole, fit - word).map(|boundary| word + boundary);
    if let Some(boundary) = boundary.filter(|boundary| is_worth_it(text, *boundary, fit, next)) {
        return boundary;
    }
    // The first piece of the word may fit the next line.
    let is_short = fit - word < MIN_PIECE;
    if can_move && (last_boundary(whole, fitting(whole, next)).is_some() || (word > 0 && is_short)) {
        return word;
    }
    outside_escape(text, fit)
}

/// Reports whether a break at a boundary is better than one inside a word: the line is at least half full, or the piece behind
/// the boundary fits the next line.
fn is_worth_it(text: &str, boundary: usize, fit: usize, next: usize) -> bool {
    let behind = text.get(boundary..).unwrap_or_default();
    boundary * 2 > fit || last_boundary(behind, fitting(behind, next)).is_some()
}

/// Reports whether a line may end before this blank. A number stays with its unit, a date with its time and its zone, and an
/// option with its value.
fn is_gap(text: &str, at: usize) -> bool {
    let Some((before, behind)) = text.split_at_checked(at) else { return false };
    let Some(behind) = behind.strip_prefix(' ') else { return false };
    let before = before.rsplit(' ').next().unwrap_or_default();
    let behind = behind.split(' ').next().unwrap_or_default();
    let is_number = (1..=6).contains(&before.len()) && before.bytes().all(|byte| byte.is_ascii_digit());
    let is_time =
        matches!(behind.as_bytes(), [b'0'..=b'9', b'0'..=b'9', b':', ..]) || behind.starts_with("UTC");
    let is_option =
        before.starts_with("--") && before.bytes().last().is_some_and(|byte| byte.is_ascii_lowercase());
    !is_number && !is_time && !is_option
}

/// The shortest beginning of a word that is left on a line, in bytes.
const MIN_PIECE: usize = 8;

/// Returns the last place in the first `limit` bytes where a word can be broken: behind `/`, `,` and similar marks, and behind
/// wide characters, which languages without blanks use.
fn last_boundary(word: &str, limit: usize) -> Option<usize> {
    let mut behind = word.get(..limit)?.char_indices().rev();
    let mut next = word.get(limit..)?.chars().next();
    loop {
        let (at, c) = behind.next()?;
        let is_mark = matches!(c, ' ' | '/' | ',' | '&' | '?' | '-' | '.' | ';' | ':' | '=' | '_' | '|');
        let starts_piece =
            next.is_some_and(|next| !next.is_ascii_punctuation() || matches!(next, '"' | '{' | '['));
        let is_wide = char_cells(c) == 2 && next.is_some_and(|next| char_cells(next) > 0);
        if at > 0 && (is_mark && starts_piece || is_wide) {
            return Some(at + c.len_utf8());
        }
        next = Some(c);
    }
}

/// Returns a place for a break at or before `at` that is not inside a `\uXXXX`.
fn outside_escape(text: &str, at: usize) -> usize {
    let beginning = text.get(..at).unwrap_or_default();
    match beginning.rfind('\\') {
        Some(escape) if escape > 0 && at - escape < escape_length(text, escape) => escape,
        _ => at,
    }
}

/// Returns the length of the escape that begins at a backslash.
fn escape_length(text: &str, at: usize) -> usize {
    if text.get(at + 1..).is_some_and(|behind| behind.starts_with('u')) { 6 } else { 2 }
}

fn first_character(text: &str) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        if at > 0 && char_cells(c) > 0 {
            break;
        }
        length = at + c.len_utf8();
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, first: usize, rest: usize) -> Vec<&str> {
        lines(text, Room { first, rest }).into_iter().map(|range| text.get(range).unwrap()).collect()
    }

    #[test]
    fn breaks_between_words() {
        assert_eq!(wrapped("a b c", 80, 80), ["a b c"]);
        assert_eq!(wrapped("openid profile email", 12, 12), ["openid", "profile", "email"]);
        assert_eq!(wrapped("openid profile email", 14, 14), ["openid profile", "email"]);
        assert_eq!(wrapped("in a pipe", 2, 9), ["in", "a pipe"]);
        assert_eq!(wrapped("expired", 3, 9), ["", "expired"]);
        assert_eq!(wrapped("", 0, 0), [""]);
    }

    #[test]
    fn a_word_that_fits_a_line_stays_whole() {
        assert_eq!(wrapped("at https://a.example/b", 12, 19), ["at", "https://a.example/b"]);
    }

    #[test]
    fn breaks_long_words_at_the_boundaries_of_paths_and_lists() {
        assert_eq!(
            wrapped("https://login.example/realms/acme?state=1&code=2", 24, 24),
            ["https://login.example/", "realms/acme?state=1&", "code=2"]
        );
        assert_eq!(wrapped(r#"["read","write"]"#, 10, 10), [r#"["read","#, r#""write"]"#]);
        assert_eq!(wrapped("山田太郎です", 5, 5), ["山田", "太郎", "です"]);
    }

    #[test]
    fn numbers_dates_and_options_stay_together() {
        assert_eq!(wrapped("expired 40 seconds ago", 12, 12), ["expired", "40 seconds", "ago"]);
        assert_eq!(
            wrapped("issued (2026-01-31 12:00:00 UTC)", 28, 28),
            ["issued", "(2026-01-31 12:00:00 UTC)"]
        );
        assert_eq!(wrapped("1 2 3 4 5 6", 4, 4), ["1 2", "3 4", "5 6"]);
        assert_eq!(wrapped("use --exp +1h, or --exp-never", 12, 14), ["use", "--exp +1h, or", "--exp-never"]);
    }

    #[test]
    fn breaks_inside_a_word_only_if_nothing_else_fits() {
        assert_eq!(wrapped("abcdefghij", 4, 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped(r"abc\u202edef", 5, 8), [r"abc", r"\u202ede", "f"]);
        assert_eq!(wrapped("ae\u{301}e\u{301}", 2, 2), ["ae\u{301}", "e\u{301}"]);
    }

    #[test]
    fn every_line_fits_and_nothing_but_blanks_is_lost() {
        let texts = [
            "error: cannot read /var/lib/tokens/main.json: permission denied",
            "https://login.example/realms/acme/protocol/openid-connect/auth?client_id=web&scope=openid",
            r#"["山田太郎","🦀🦀🦀","e\u0301",  "x"]"#,
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbb",
            "   three blanks",
            r"\u001b[31m\u202e\u202e\u202e\u202e\u202e\u202e\n\n\n\n",
        ];
        for text in texts {
            for (first, rest) in (0..40).flat_map(|first| (2..40).map(move |rest| (first, rest))) {
                let lines = wrapped(text, first, rest);
                let fits = |(index, line): (usize, &&str)| {
                    cells(line) <= if index == 0 { first.max(2) } else { rest }
                };
                assert!(lines.iter().enumerate().all(fits), "{first} {rest} {lines:?}");
                let letters = |text: &str| text.replace(' ', "");
                assert_eq!(letters(&lines.concat()), letters(text), "{first} {rest}");
            }
        }
    }
}
