//! The text of a token above its report, each segment in its colour. It stands only on a screen, in a few lines at most.

use crate::core::report::Anatomy;
use crate::core::text::cells::cells;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{TextLayout, count};
use crate::core::text::palette::TextRole;
use crate::core::text::styled::Styled;
use crate::core::token::jws::Compact;

/// The roles of the three segments of a JWS.
const SIGNED: [TextRole; 3] = [TextRole::Header, TextRole::Payload, TextRole::Signature];
/// The roles of the five segments of a JWE: the ciphertext is its payload, and the tag protects it like a signature.
const ENCRYPTED: [TextRole; 5] =
    [TextRole::Header, TextRole::Quiet, TextRole::Quiet, TextRole::Payload, TextRole::Signature];

/// The most lines of the text.
const LINES: usize = 4;

/// A segment with its role.
type RoledSegment = (TextRole, String);

impl TextLayout {
    /// Adds the text of the token and an empty line, if there is a screen. A redacted token and a document are left out: the
    /// segments of a document do not stand beside each other.
    pub(super) fn token_text(&mut self, anatomy: &Anatomy<'_>) {
        let Some(width) = self.screen.width.filter(|width| *width > 0) else { return };
        let token = anatomy.envelopes.first().unwrap_or(anatomy.token);
        if anatomy.is_redacted() || token.json.is_some() {
            return;
        }
        let segments = segments(token.compact);
        let length = |segments: &[RoledSegment]| {
            segments.iter().map(|(_, text)| cells(text) + 1).sum::<usize>().saturating_sub(1)
        };
        let total = length(&segments);
        if total <= LINES * width {
            self.fill(width, &joined(&segments));
        } else {
            let shown = folded(segments, (LINES - 1) * width);
            self.fill(width, &joined(&shown));
            let ellipses = shown.iter().filter(|(_, text)| text.contains(ELLIPSIS)).count();
            let left_out = total + ellipses - length(&shown);
            self.line(TextRole::Quiet, &format!("({left_out} of {} left out)", count(total, "character")));
        }
        if let Some(sd_jwt) = &anatomy.sd_jwt {
            let disclosures = count(sd_jwt.disclosures.len(), "disclosure");
            let binding = if sd_jwt.key_binding.is_some() { " and a key binding JWT" } else { "" };
            self.line(TextRole::Quiet, &format!("(followed by {disclosures}{binding})"));
        }
        self.blank();
    }

    /// Adds the shortened text of the token in one line.
    pub(super) fn segments(&mut self, anatomy: &Anatomy<'_>) {
        if anatomy.is_redacted() || anatomy.token.json.is_some() {
            return;
        }
        const ENDS: usize = 8;
        let mut segments = segments(anatomy.token.compact);
        for (_, text) in &mut segments {
            *text = shortened(text, ENDS, ENDS);
        }
        self.hang(2, 0, &joined(&segments));
    }
}

/// Returns the segments of a token with their roles.
fn segments(compact: &Compact<'_>) -> Vec<RoledSegment> {
    let roles: &[TextRole] = match compact {
        Compact::Jws { .. } => &SIGNED,
        Compact::Jwe { .. } => &ENCRYPTED,
    };
    let roles = roles.iter().chain(std::iter::repeat(&TextRole::Signature));
    compact.text().split('.').zip(roles).map(|(text, role)| (*role, Shown(text).to_string())).collect()
}

/// Returns the segments as one text, with dots between them.
fn joined(segments: &[RoledSegment]) -> Styled<'static> {
    let mut text = Styled::new(TextRole::Plain, "");
    for (index, (role, segment)) in segments.iter().enumerate() {
        if index > 0 {
            text.push(TextRole::Plain, ".");
        }
        text.push(*role, segment);
    }
    text
}

/// Returns the segments, of which the longest are shortened until all of them fit `room` cells.
fn folded(segments: Vec<RoledSegment>, room: usize) -> Vec<RoledSegment> {
    let mut lengths: Vec<usize> = segments.iter().map(|(_, text)| cells(text)).collect();
    lengths.sort_unstable();
    let mut left = room.saturating_sub(segments.len().saturating_sub(1));
    let mut limit = left;
    for (index, length) in lengths.iter().enumerate() {
        limit = left / (lengths.len() - index);
        if *length > limit {
            break;
        }
        left -= length;
    }
    let ends = limit.saturating_sub(1);
    let short = |(role, text): RoledSegment| match cells(&text) <= limit {
        true => (role, text),
        false => (role, shortened(&text, ends - ends / 3, ends / 3)),
    };
    segments.into_iter().map(short).collect()
}

/// Stands for the middle of a segment.
const ELLIPSIS: char = '…';

/// Returns the first and the last characters of a long segment.
fn shortened(segment: &str, first: usize, last: usize) -> String {
    let length = segment.chars().count();
    if length <= first + last + 1 {
        return segment.to_owned();
    }
    let head: String = segment.chars().take(first).collect();
    let tail: String = segment.chars().skip(length - last).collect();
    format!("{head}{ELLIPSIS}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(segments: &[usize], room: usize) -> Vec<usize> {
        let segments = segments.iter().map(|length| (TextRole::Header, "x".repeat(*length))).collect();
        folded(segments, room).iter().map(|(_, text)| cells(text)).collect()
    }

    #[test]
    fn only_the_longest_segments_are_shortened() {
        assert_eq!(lengths(&[40, 8000, 43], 240), [40, 155, 43]);
        assert_eq!(lengths(&[4000, 4000, 43], 240), [97, 97, 43]);
        assert_eq!(lengths(&[36, 0, 16, 9000, 22], 200), [36, 0, 16, 122, 22]);
        assert_eq!(lengths(&[9, 9, 9], 0), [1, 1, 1]);
    }

    #[test]
    fn keeps_both_ends_of_a_segment() {
        assert_eq!(shortened("abcdefghij", 4, 2), "abcd…ij");
        assert_eq!(shortened("abcdefg", 4, 2), "abcdefg");
    }
}
