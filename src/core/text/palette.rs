//! Colours as plain data. Only this file names the `colored` package, and only for its codes:
//! the owner of a stream decides whether the stream gets colour.

use colored::Color;
use std::fmt;

/// The role of a piece of text, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// The JOSE header of a token.
    Header,
    /// The payload of a token.
    Payload,
    /// The signature of a token.
    Signature,
    /// Success.
    Good,
    /// Failure.
    Bad,
    /// A warning.
    Warning,
    /// A remark of lesser importance.
    Quiet,
    /// A heading.
    Strong,
    /// Ordinary text, such as a date.
    Plain,
    /// The name of a member of a JSON object, quotes included.
    MemberName,
    /// A JSON string, quotes included.
    Text,
    /// A JSON number, `true` or `false`.
    Number,
    /// The JSON value `null`.
    Null,
}

impl TextRole {
    /// Returns the colour and the style of a role. All of them are readable on light, dark and Solarized screens. The bright
    /// colours (SGR 90 to 97) are not used, since Solarized has greys in their place.
    const fn look(self) -> (Option<Color>, &'static str) {
        match self {
            Self::Header => (Some(Color::Cyan), PLAIN),
            Self::Payload => (Some(Color::Magenta), PLAIN),
            Self::Signature => (Some(Color::Blue), PLAIN),
            Self::Good | Self::Text => (Some(Color::Green), PLAIN),
            Self::Bad => (Some(Color::Red), PLAIN),
            Self::Warning => (Some(Color::Yellow), PLAIN),
            Self::MemberName => (Some(Color::Blue), BOLD),
            Self::Plain | Self::Number => (None, PLAIN),
            Self::Strong => (None, BOLD),
            Self::Quiet | Self::Null => (None, DIM),
        }
    }
}

/// The codes of the styles (SGR 1 and 2).
const PLAIN: &str = "";
const BOLD: &str = "1";
const DIM: &str = "2";

/// The setting of a stream: with or without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// True if text gets colour codes.
    pub colour: bool,
}

impl Palette {
    /// Returns the text with the colour of its role.
    #[must_use]
    pub const fn paint<T: fmt::Display>(self, role: TextRole, text: T) -> Painted<T> {
        Painted { text, role, colour: self.colour }
    }
}

/// A text with its role. `Display` adds the colour codes if colour is on.
#[derive(Clone, Copy, Debug)]
pub struct Painted<T> {
    text: T,
    role: TextRole,
    colour: bool,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.colour {
            return self.text.fmt(f);
        }
        match self.role.look() {
            (None, PLAIN) => self.text.fmt(f),
            (None, style) => write!(f, "\u{1b}[{style}m{}\u{1b}[0m", self.text),
            (Some(colour), PLAIN) => write!(f, "\u{1b}[{}m{}\u{1b}[0m", colour.to_fg_str(), self.text),
            (Some(colour), style) => {
                write!(f, "\u{1b}[{style};{}m{}\u{1b}[0m", colour.to_fg_str(), self.text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_codes_only_if_colour_is_on() {
        assert_eq!(Palette { colour: true }.paint(TextRole::Good, "ok").to_string(), "\u{1b}[32mok\u{1b}[0m");
        assert_eq!(Palette { colour: false }.paint(TextRole::Good, "ok").to_string(), "ok");
    }

    #[test]
    fn roles_of_json_values_look_as_in_jq() {
        let painted = |role| Palette { colour: true }.paint(role, "1").to_string();
        assert_eq!(painted(TextRole::MemberName), "\u{1b}[1;34m1\u{1b}[0m");
        assert_eq!(painted(TextRole::Text), "\u{1b}[32m1\u{1b}[0m");
        assert_eq!(painted(TextRole::Number), "1");
        assert_eq!(painted(TextRole::Null), "\u{1b}[2m1\u{1b}[0m");
    }
}
