//! Text of anybody as text of a page: inside an element or a quoted attribute it is never markup, and nothing in it
//! reorders or hides what stands beside it.

use crate::core::text::escape::Shown;
use std::fmt::{self, Write as _};

/// Text that displays with everything hostile as `\uXXXX`, and the characters of markup as character references.
#[derive(Clone, Copy, Debug)]
pub(super) struct Safe<'a>(pub(super) &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(References(f), "{}", Shown(self.0))
    }
}

/// What a text that is written piece by piece goes through.
struct References<'f, 'o>(&'f mut fmt::Formatter<'o>);

impl fmt::Write for References<'_, '_> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::escape::is_hostile;

    #[test]
    fn markup_is_text() {
        assert_eq!(
            Safe(r#"<img src=x onerror='a("b")'>&amp;"#).to_string(),
            "&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;amp;"
        );
    }

    #[test]
    fn a_quoted_attribute_is_not_left() {
        assert_eq!(Safe("\" onload=\"x").to_string(), "&quot; onload=&quot;x");
        assert_eq!(Safe("' onload='x").to_string(), "&#39; onload=&#39;x");
    }

    #[test]
    fn a_line_cannot_be_reordered_or_hidden_in() {
        assert_eq!(Safe("a\u{202e}<b\u{200b}\0").to_string(), r"a\u202e&lt;b\u200b\u0000");
    }

    #[test]
    fn no_character_comes_through_that_is_markup_or_hostile() {
        for c in (0..=0x10FFFF).filter_map(char::from_u32) {
            let text = Safe(c.encode_utf8(&mut [0; 4])).to_string();
            assert!(!text.contains(is_hostile) && !text.contains(['<', '>', '"', '\'']), "{text:?}");
        }
    }

    #[test]
    fn what_people_write_passes_untouched() {
        for text in ["", "Ünïcödé", "日本語", "a b\\c/`=", "🦀"] {
            assert_eq!(Safe(text).to_string(), text);
        }
    }
}
