//! Text, times and roles as HTML. Escaped text is never markup in an element or a quoted attribute, and cannot reorder or
//! hide its surroundings.

use crate::core::text::duration;
use crate::core::text::escape::Shown;
use crate::core::text::palette::TextRole;
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::NumericDate;
use std::fmt::{self, Write as _};
use std::time::Duration;

/// Text that displays with hostile characters as `\uXXXX`, and with markup as character references.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EscapedHtml<'a>(pub(crate) &'a str);

impl fmt::Display for EscapedHtml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(MarkupEscaper(f), "{}", Shown(self.0))
    }
}

/// A writer that replaces markup by character references.
struct MarkupEscaper<'f, 'o>(&'f mut fmt::Formatter<'o>);

impl fmt::Write for MarkupEscaper<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut clean = 0;
        for (at, c) in text.char_indices() {
            let reference = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ => continue,
            };
            self.0.write_str(text.get(clean..at).unwrap_or_default())?;
            self.0.write_str(reference)?;
            clean = at + 1;
        }
        self.0.write_str(text.get(clean..).unwrap_or_default())
    }
}

/// Returns an instant as text for people, in a `time` element for programs.
pub(crate) fn instant(date: NumericDate, zone: Zone) -> String {
    let text = date.to_text(zone).unwrap_or_else(|| {
        let side = if date.is_after_calendar() { "after the year 9999" } else { "before the year 0" };
        side.to_owned()
    });
    match date.to_rfc3339() {
        Some(machine) => format!("<time datetime=\"{machine}\">{text}</time>"),
        None => text,
    }
}

/// Returns how long something took.
pub(crate) fn elapsed(took: Duration) -> String {
    match took.as_micros() {
        // Some clocks count milliseconds only.
        0 => "under 1 ms".to_owned(),
        micros @ 1..1_000 => format!("{micros} µs"),
        micros @ 1_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..60_000_000 => format!("{:.1} s", took.as_secs_f64()),
        _ => duration::lifetime(took.as_secs()),
    }
}

/// Returns the class of a text in this role.
pub(crate) const fn class(role: TextRole) -> &'static str {
    match role {
        TextRole::Header => "h",
        TextRole::Payload => "p",
        TextRole::Signature => "s",
        TextRole::Good => "good",
        TextRole::Bad => "bad",
        TextRole::Warning => "warn",
        TextRole::Quiet
        | TextRole::Strong
        | TextRole::Plain
        | TextRole::MemberName
        | TextRole::Text
        | TextRole::Number
        | TextRole::Null => "quiet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::escape::is_hostile;

    #[test]
    fn escapes_markup() {
        assert_eq!(
            EscapedHtml(r#"<img src=x onerror='a("b")'>&amp;"#).to_string(),
            "&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;amp;"
        );
    }

    #[test]
    fn text_cannot_end_a_quoted_attribute() {
        assert_eq!(EscapedHtml("\" onload=\"x").to_string(), "&quot; onload=&quot;x");
        assert_eq!(EscapedHtml("' onload='x").to_string(), "&#39; onload=&#39;x");
    }

    #[test]
    fn escapes_characters_that_reorder_or_hide_text() {
        assert_eq!(EscapedHtml("a\u{202e}<b\u{200b}\0").to_string(), r"a\u202e&lt;b\u200b\u0000");
    }

    #[test]
    fn escapes_every_hostile_character() {
        for c in (0..=0x10FFFF).filter_map(char::from_u32) {
            let text = EscapedHtml(c.encode_utf8(&mut [0; 4])).to_string();
            assert!(!text.contains(is_hostile) && !text.contains(['<', '>', '"', '\'']), "{text:?}");
        }
    }

    #[test]
    fn keeps_ordinary_text() {
        for text in ["", "Ünïcödé", "日本語", "a b\\c/`=", "🦀"] {
            assert_eq!(EscapedHtml(text).to_string(), text);
        }
    }

    #[test]
    fn elapsed_time_has_a_fitting_unit() {
        for (micros, text) in [
            (0, "under 1 ms"),
            (999, "999 µs"),
            (1_999, "1 ms"),
            (1_250_000, "1.2 s"),
            (90_000_000, "1 minute 30 seconds"),
        ] {
            assert_eq!(elapsed(Duration::from_micros(micros)), text);
        }
    }
}
