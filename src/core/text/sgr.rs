//! Text of a library that already has colour codes (SGR): it is broken into lines, and its codes stay where they are.

use super::wrap::{self, Room};

/// Returns a text whose lines fit a width. What does not fit goes below, behind the label `error:` or another first word with a
/// colon, or behind the blanks that the line begins with.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        wrap_line(&mut out, line, width);
    }
    out
}

fn wrap_line(out: &mut String, line: &str, width: usize) {
    let (plain, codes) = without_codes(line.trim_end_matches('\n'));
    let indent = indent_of(&plain).min(width / 4);
    let room = Room { first: width, rest: width.saturating_sub(indent) };
    let mut codes = codes.into_iter().peekable();
    for (index, range) in wrap::lines(&plain, room).into_iter().enumerate() {
        if index > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        }
        let mut at = range.start;
        while let Some((position, code)) = codes.next_if(|(position, _)| *position <= range.end) {
            out.push_str(plain.get(at..position).unwrap_or_default());
            out.push_str(code);
            at = at.max(position);
        }
        out.push_str(plain.get(at..range.end).unwrap_or_default());
    }
    codes.for_each(|(_, code)| out.push_str(code));
    if line.ends_with('\n') {
        out.push('\n');
    }
}

/// Returns the column where a line goes on below: behind its label, else below its first word.
fn indent_of(plain: &str) -> usize {
    let blanks = plain.len() - plain.trim_start_matches(' ').len();
    match plain.split_once(": ") {
        Some((label, _)) if label.bytes().all(|byte| byte.is_ascii_lowercase()) => label.len() + 2,
        _ => blanks,
    }
}

/// Separates a text from its codes. Each code has its place in the text.
fn without_codes(text: &str) -> (String, Vec<(usize, &str)>) {
    let mut plain = String::with_capacity(text.len());
    let mut codes = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('\u{1b}') {
        plain.push_str(rest.get(..start).unwrap_or_default());
        let code = rest.get(start..).unwrap_or_default();
        let end = code.find('m').map_or(code.len(), |end| end + 1);
        codes.push((plain.len(), code.get(..end).unwrap_or_default()));
        rest = code.get(end..).unwrap_or_default();
    }
    plain.push_str(rest);
    (plain, codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_where_they_are() {
        let text = "\u{1b}[31merror:\u{1b}[0m invalid value '\u{1b}[33m1 hour\u{1b}[0m' for the option\n\nUsage: fob\n";
        assert_eq!(
            wrapped(text, 24),
            "\u{1b}[31merror:\u{1b}[0m invalid value '\u{1b}[33m1\n      hour\u{1b}[0m' for the\n      option\n\nUsage: fob\n"
        );
        assert_eq!(wrapped(text, 80), text);
    }

    #[test]
    fn no_line_is_too_wide() {
        let text = "error: unexpected argument '--a-very-long-option-that-nothing-fits' found\n\n  tip: to pass it as a value, use '-- --x'\n";
        for width in 1..90 {
            let wrapped = wrapped(text, width);
            assert!(wrapped.lines().all(|line| line.len() <= width), "{width}: {wrapped}");
        }
    }
}
