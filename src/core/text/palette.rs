//! Colours as a value: what is painted, and whether. The only file that names the package they come from, and it
//! takes codes alone from it; whether a stream wants colour is for its owner to say.

use colored::Color;
use std::fmt;

/// What a piece of text is, which decides how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// The first segment and what comes from it.
    Header,
    /// The second.
    Payload,
    /// The third.
    Signature,
    /// All is well.
    Good,
    /// Something failed.
    Bad,
    /// Something to know.
    Warning,
    /// Beside the point, but there.
    Quiet,
    /// A heading.
    Strong,
}

/// Whether and how to paint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// Whether there is colour at all.
    pub colour: bool,
}

impl Palette {
    /// Text as it looks in its role.
    #[must_use]
    pub const fn paint<T: fmt::Display>(self, role: TextRole, text: T) -> Painted<T> {
        Painted { text, role, colour: self.colour }
    }
}

/// Text with its role; displays with colour codes around it, or without.
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
    fn paints_only_where_colour_is_wanted() {
        assert_eq!(Palette { colour: true }.paint(TextRole::Good, "ok").to_string(), "\u{1b}[32mok\u{1b}[0m");
        assert_eq!(Palette { colour: false }.paint(TextRole::Good, "ok").to_string(), "ok");
    }
}
