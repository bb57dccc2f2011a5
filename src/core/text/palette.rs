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
}

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
        let colour = match self.role {
            TextRole::Header => Color::Red,
            TextRole::Payload => Color::Magenta,
            TextRole::Signature => Color::Cyan,
            TextRole::Good => Color::Green,
            TextRole::Bad => Color::BrightRed,
            TextRole::Warning => Color::Yellow,
            TextRole::Quiet => Color::BrightBlack,
            TextRole::Strong => return write!(f, "\u{1b}[1m{}\u{1b}[0m", self.text),
        };
        write!(f, "\u{1b}[{}m{}\u{1b}[0m", colour.to_fg_str(), self.text)
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
}
