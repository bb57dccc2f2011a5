//! Reports of one line a token: columns that are aligned on a terminal, and apart by tabs elsewhere. All text from a token
//! passes through `escape`, which leaves no tab in it.

use crate::core::json::Value;
use crate::core::report::finding::{Finding, Severity};
use crate::core::report::{Anatomy, FoundText, LifetimeState, TokenLocation, TokenReport};
use crate::core::text::cells::{cells, char_cells};
use crate::core::text::escape::Shown;
use crate::core::text::layout::Screen;
use crate::core::text::palette::TextRole;
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::Verification;
use crate::core::verify::judge::Verdict;
use std::fmt::Write as _;

/// One token as a line of a log.
#[derive(Clone, Debug)]
pub struct TokenLine {
    /// `LINE:COLUMN`, after the path of the file if several texts are searched.
    location: String,
    place: String,
    kind: &'static str,
    issuer: String,
    subject: String,
    expiry: Expiry,
    /// The verdict and its reasons, if a key was given.
    verdict: Option<(Verdict, String)>,
    findings: Vec<Finding>,
}

/// The end of a lifetime in words.
#[derive(Clone, Debug, Default)]
struct Expiry {
    /// The date and the time of day, with their zone.
    date: String,
    /// The distance from now, or why there is no date.
    distance: String,
    role: Option<TextRole>,
}

/// Appends the line of a found token, with dates in a zone: whole values, apart by tabs. A value that is absent is empty.
pub fn write_tab_separated(out: &mut String, report: &TokenReport<'_>, zone: Zone) {
    let anatomy = anatomy_of(report);
    let end = anatomy.map_or(LifetimeEnd::Absent, LifetimeEnd::new);
    push_location(out, &report.location);
    out.push('\t');
    Shown(&report.location.place).push_to(out);
    out.push('\t');
    out.push_str(kind(report));
    out.push('\t');
    push_issuer(out, anatomy);
    out.push('\t');
    push_subject(out, anatomy);
    out.push('\t');
    end.push_date(out, zone);
    out.push('\t');
    end.push_distance(out);
    out.push('\t');
    if let Some((verdict, reasons)) = report.verification.as_ref().map(verdict) {
        out.push_str(&joined(verdict.name(), ' ', &reasons));
    }
    out.push('\t');
    for (index, finding) in report.brief_findings().iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        Shown(&finding.code).push_to(out);
    }
    out.push('\n');
}

/// Returns the description that the columns are read from.
fn anatomy_of<'r, 't>(report: &'r TokenReport<'t>) -> Option<&'r Anatomy<'t>> {
    match &report.content {
        FoundText::Token(anatomy) => Some(anatomy),
        FoundText::Document(document) => document.first(),
        FoundText::Opaque { .. } | FoundText::Unreadable { .. } => None,
    }
}

fn kind(report: &TokenReport<'_>) -> &'static str {
    match &report.content {
        FoundText::Opaque { .. } => "opaque",
        _ => anatomy_of(report).map_or("unreadable", |anatomy| anatomy.kind().name()),
    }
}

fn push_location(out: &mut String, location: &TokenLocation) {
    if let Some(file) = &location.file {
        Shown(file).push_to(out);
        out.push(':');
    }
    let mut digits = itoa::Buffer::new();
    out.push_str(digits.format(location.line));
    out.push(':');
    out.push_str(digits.format(location.column));
}

fn push_value(out: &mut String, value: &Value<'_>) {
    match value {
        Value::String(text) => Shown(text).push_to(out),
        // A String takes every write.
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

fn push_issuer(out: &mut String, anatomy: Option<&Anatomy<'_>>) {
    if let Some(issuer) = anatomy.and_then(|anatomy| anatomy.claim("iss")) {
        push_value(out, &issuer);
    }
}

fn push_subject(out: &mut String, anatomy: Option<&Anatomy<'_>>) {
    let Some(anatomy) = anatomy else { return };
    if let Some(subject) = anatomy.claim("sub") {
        push_value(out, &subject);
    } else if let Some(user) = anatomy.claim("user_id") {
        out.push_str("user_id=");
        push_value(out, &user);
    }
}

impl TokenLine {
    /// Returns the line of a found token, with dates in a zone.
    #[must_use]
    pub fn new(report: &TokenReport<'_>, zone: Zone) -> Self {
        let anatomy = anatomy_of(report);
        let end = anatomy.map_or(LifetimeEnd::Absent, LifetimeEnd::new);
        Self {
            location: text(|out| push_location(out, &report.location)),
            place: text(|out| Shown(&report.location.place).push_to(out)),
            kind: kind(report),
            issuer: text(|out| push_issuer(out, anatomy)),
            subject: text(|out| push_subject(out, anatomy)),
            expiry: Expiry {
                date: text(|out| end.push_date(out, zone)),
                distance: text(|out| end.push_distance(out)),
                role: end.role(),
            },
            verdict: report.verification.as_ref().map(verdict),
            findings: report.brief_findings(),
        }
    }

    /// Returns about how much memory the line takes, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let texts = [&self.location, &self.place, &self.issuer, &self.subject].map(String::len);
        texts.iter().sum::<usize>() + size_of::<Self>() + self.findings.len() * size_of::<Finding>()
    }

    /// Returns the cells for a screen.
    fn cells(&self, screen: Screen) -> [Cell; COLUMNS] {
        let known = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
        // A token in the middle of a text has no place that tells more than its line.
        let place = if self.place == "text" { String::new() } else { self.place.clone() };
        let verdict = match &self.verdict {
            Some((Verdict::Accepted, _)) => Cell::new(TextRole::Good, Verdict::Accepted.name().to_owned()),
            Some((verdict, reasons)) => Cell::new(TextRole::Bad, joined(verdict.name(), ' ', reasons)),
            None => Cell::plain(String::new()),
        };
        let codes = self.findings.iter().map(|finding| {
            let role = match finding.severity {
                Severity::Error => TextRole::Bad,
                Severity::Warning => TextRole::Warning,
                Severity::Info => TextRole::Quiet,
            };
            (Some(role), Shown(&finding.code).to_string())
        });
        let expiry = self.expiry.text(screen.width);
        [
            Cell { cut: Cut::Start, ..Cell::new(TextRole::Quiet, self.location.clone()) },
            Cell::new(TextRole::Quiet, place),
            Cell::new(TextRole::Strong, self.kind.to_owned()),
            // Nearly all issuers are such URLs, so the scheme tells nothing.
            Cell::plain(known(self.issuer.strip_prefix("https://").unwrap_or(&self.issuer))),
            Cell::plain(known(&self.subject)),
            Cell { pieces: vec![(self.expiry.role, known(&expiry))], cut: Cut::End },
            verdict,
            Cell { pieces: codes.collect(), cut: Cut::End },
        ]
    }
}

fn verdict(verification: &Verification<'_>) -> (Verdict, String) {
    let judgement = &verification.judgement;
    let reasons: Vec<String> = judgement.reasons.iter().map(ToString::to_string).collect();
    (judgement.verdict(), Shown(&reasons.join(",")).to_string())
}

/// Returns two texts with a character between them, or one of them if the other is empty.
fn joined(one: &str, between: char, other: &str) -> String {
    match (one, other) {
        (one, "") => one.to_owned(),
        ("", other) => other.to_owned(),
        (one, other) => format!("{one}{between}{other}"),
    }
}

/// Returns what a function writes.
fn text(write: impl FnOnce(&mut String)) -> String {
    let mut text = String::new();
    write(&mut text);
    text
}

/// The end of a lifetime.
enum LifetimeEnd {
    /// There are no claims.
    Absent,
    /// There is no date, for the reason in these words.
    Dateless(&'static str),
    /// The instant, the stage of the lifetime, and the instant of the report.
    At(NumericDate, LifetimeState, NumericDate),
}

impl LifetimeEnd {
    fn new(anatomy: &Anatomy<'_>) -> Self {
        if anatomy.all_claims().is_none() {
            return Self::Absent;
        }
        match anatomy.lifetime_and_end() {
            (LifetimeState::Invalid, _) => Self::Dateless("unreadable"),
            (LifetimeState::NoExpiry, _) | (_, None) => Self::Dateless("no expiry"),
            (state, Some(exp)) => Self::At(exp, state, anatomy.at),
        }
    }

    fn push_date(&self, out: &mut String, zone: Zone) {
        let Self::At(exp, ..) = self else { return };
        if exp.is_after_calendar() {
            return;
        }
        match exp.utc_text() {
            Some(date) if zone == Zone::Utc => out.push_str(date.as_str()),
            _ => out.push_str(&exp.to_text(zone).unwrap_or_default()),
        }
    }

    fn push_distance(&self, out: &mut String) {
        match self {
            Self::Absent => {}
            Self::Dateless(words) => out.push_str(words),
            // A String takes every write.
            Self::At(exp, _, at) => {
                let _ = exp.distance_from(*at).write(out);
            }
        }
    }

    const fn role(&self) -> Option<TextRole> {
        Some(match self {
            Self::Absent => return None,
            Self::Dateless(_) | Self::At(_, LifetimeState::NotYetValid, _) => TextRole::Warning,
            Self::At(_, LifetimeState::Active, _) => TextRole::Good,
            Self::At(..) => TextRole::Bad,
        })
    }
}

impl Expiry {
    /// Returns the expiry in words that suit the width of a screen.
    fn text(&self, width: Option<usize>) -> String {
        const WIDE: usize = 150;
        const MEDIUM: usize = 90;
        let day = self.date.split(' ').next().unwrap_or_default();
        let distance = largest_unit(&self.distance);
        match width.unwrap_or(WIDE) {
            _ if self.date.is_empty() => self.distance.clone(),
            WIDE.. => format!("{}, {distance}", self.date),
            MEDIUM.. => format!("{day}, {distance}"),
            _ => distance,
        }
    }
}

/// Returns a distance without its smaller units: `in 4 minutes` for `in 4 minutes 59 seconds`.
fn largest_unit(distance: &str) -> String {
    match *distance.split(' ').collect::<Vec<_>>() {
        ["in", number, unit, ..] => format!("in {number} {unit}"),
        [number, unit, .., "ago"] => format!("{number} {unit} ago"),
        _ => distance.to_owned(),
    }
}

/// The number of columns on a terminal.
const COLUMNS: usize = 8;

/// The widest that each column becomes on a terminal, in cells. A longer value is cut.
const WIDEST: [usize; COLUMNS] = [48, 32, 24, 48, 40, 48, 48, usize::MAX];

/// The columns that keep their width on a narrow terminal: the kind and the expiry.
const FIRM: [usize; 2] = [2, 5];

/// The columns that a terminal narrower than this leaves out: the place, the issuer, the subject.
const LEFT_OUT: [(usize, usize); 3] = [(1, 100), (3, 72), (4, 56)];

/// The space between two columns.
const GAP: usize = 2;

/// The end at which a value that is too long is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Start,
    End,
}

/// A value on a terminal: one text, or several codes.
struct Cell {
    pieces: Vec<(Option<TextRole>, String)>,
    cut: Cut,
}

impl Cell {
    fn new(role: TextRole, text: String) -> Self {
        Self { pieces: vec![(Some(role), text)], cut: Cut::End }
    }

    fn plain(text: String) -> Self {
        Self { pieces: vec![(None, text)], cut: Cut::End }
    }

    fn width(&self) -> usize {
        let between = self.pieces.len().saturating_sub(1);
        self.pieces.iter().map(|(_, text)| cells(text)).sum::<usize>() + between
    }

    /// Appends the value, cut to a width.
    fn write(&self, out: &mut String, width: usize, screen: Screen) {
        let mut room = width;
        for (index, (role, text)) in self.pieces.iter().enumerate() {
            if index > 0 {
                if room < 2 {
                    return;
                }
                out.push(' ');
                room -= 1;
            }
            // The next code needs room for the sign that it was cut.
            let is_last = index + 1 == self.pieces.len();
            let longest = if is_last { room } else { room.saturating_sub(2) };
            let fits = cells(text) <= longest;
            let text = if fits { text.clone() } else { shortened(text, room, self.cut) };
            let _ = match role {
                Some(role) => write!(out, "{}", screen.palette.paint(*role, &text)),
                None => write!(out, "{text}"),
            };
            if !fits {
                return;
            }
            room -= cells(&text);
        }
    }
}

/// Returns the part of a text that fits a width, with `…` in place of the rest.
fn shortened(text: &str, width: usize, cut: Cut) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let (mut used, mut kept) = (0, String::new());
    let mut take = |c: char| {
        used += char_cells(c);
        let fits = used <= room;
        if fits {
            kept.push(c);
        }
        fits
    };
    match cut {
        Cut::End => {
            let _ = text.chars().all(&mut take);
            kept + "…"
        }
        Cut::Start => {
            let _ = text.chars().rev().all(&mut take);
            std::iter::once('…').chain(kept.chars().rev()).collect()
        }
    }
}

/// Lines of tokens on a terminal. Columns become as wide as the values seen so far, so a search can go on for as long as it
/// wants.
#[derive(Debug, Default)]
pub struct LineTable {
    seen: [usize; COLUMNS],
}

impl LineTable {
    /// Returns lines, aligned with each other and with those before them. No line is wider than the screen.
    #[must_use]
    pub fn aligned(&mut self, lines: &[TokenLine], screen: Screen) -> String {
        let rows: Vec<_> = lines.iter().map(|line| line.cells(screen)).collect();
        for row in &rows {
            for ((seen, cell), widest) in self.seen.iter_mut().zip(row).zip(WIDEST) {
                *seen = cell.width().min(widest).max(*seen);
            }
        }
        let widths = fitted(&self.seen, screen.width);
        let mut text = String::new();
        for row in &rows {
            let start = text.len();
            // A space after the last value of a line would only be in the way.
            let mut pending = 0;
            for (cell, width) in row.iter().zip(widths).filter(|(_, width)| *width > 0) {
                let taken = cell.width().min(width);
                if taken > 0 {
                    text.extend(std::iter::repeat_n(' ', pending));
                    cell.write(&mut text, width, screen);
                    pending = 0;
                }
                pending += width - taken + GAP;
            }
            debug_assert!(text.len() > start, "each line has a location");
            text.push('\n');
        }
        text
    }
}

/// Returns the widths of columns so that a line fits a screen. Wide columns give way before narrow ones.
fn fitted(seen: &[usize; COLUMNS], screen: Option<usize>) -> [usize; COLUMNS] {
    const NARROWEST: usize = 6;
    let Some(screen) = screen else { return *seen };
    let mut seen = *seen;
    for (column, needed) in LEFT_OUT {
        if let Some(width) = seen.get_mut(column).filter(|_| screen < needed) {
            *width = 0;
        }
    }
    let shown = seen.iter().filter(|width| **width > 0).count();
    let room = screen.saturating_sub(GAP * shown.saturating_sub(1));
    let firm: usize = FIRM.iter().filter_map(|column| seen.get(*column)).sum();
    let others = shown.saturating_sub(FIRM.len());
    let is_firm = |column: usize| FIRM.contains(&column) && firm + others * NARROWEST <= room;
    let mut widths = seen;
    let mut left = room;
    let mut flexible = Vec::new();
    for (column, width) in seen.iter().enumerate().filter(|(_, width)| **width > 0) {
        if is_firm(column) {
            left = left.saturating_sub(*width);
        } else {
            flexible.push((*width, column));
        }
    }
    // Findings matter most, so their column counts twice. The narrowest come first: what they do not need is for the others.
    let weight = |column: usize| if column + 1 == COLUMNS { 2 } else { 1 };
    flexible.sort_unstable_by_key(|(wanted, column)| wanted / weight(*column));
    let mut weights: usize = flexible.iter().map(|(_, column)| weight(*column)).sum();
    for (wanted, column) in flexible {
        let share = (left * weight(column) / weights).max(1);
        let width = wanted.min(share);
        if let Some(place) = widths.get_mut(column) {
            *place = width;
        }
        left = left.saturating_sub(width);
        weights -= weight(column);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_text_at_one_of_its_ends() {
        assert_eq!(shortened("app/logs/a.log:12:3", 10, Cut::Start), "….log:12:3");
        assert_eq!(shortened("login.example", 6, Cut::End), "login…");
        assert_eq!(shortened("login", 5, Cut::End), "login");
        assert_eq!(shortened("login", 0, Cut::End), "…");
    }

    #[test]
    fn keeps_the_largest_unit_of_a_distance() {
        for (distance, largest) in [
            ("in 4 minutes 59 seconds", "in 4 minutes"),
            ("1 hour 30 minutes ago", "1 hour ago"),
            ("in 3 days", "in 3 days"),
            ("10 years ago", "10 years ago"),
            ("now", "now"),
            ("after the year 9999", "after the year 9999"),
        ] {
            assert_eq!(largest_unit(distance), largest);
        }
    }

    #[test]
    fn columns_fit_every_screen() {
        for seen in
            [[5, 22, 10, 48, 40, 40, 48, 90], [48, 32, 24, 48, 40, 48, 0, 9], [3, 0, 3, 1, 1, 1, 0, 0]]
        {
            for screen in 24..300 {
                let widths = fitted(&seen, Some(screen));
                let shown = widths.iter().filter(|width| **width > 0);
                let total = shown.clone().sum::<usize>() + GAP * (shown.count() - 1);
                assert!(total <= screen, "{seen:?} on {screen}: {widths:?}");
                assert!(widths.iter().zip(seen).all(|(width, seen)| *width <= seen), "{widths:?}");
            }
        }
    }

    #[test]
    fn wide_columns_give_way_and_narrow_ones_stay() {
        assert_eq!(fitted(&[5, 0, 3, 40, 5, 12, 0, 8], Some(80)), [5, 0, 3, 37, 5, 12, 0, 8]);
        assert_eq!(fitted(&[5, 0, 3, 40, 5, 12, 0, 8], None), [5, 0, 3, 40, 5, 12, 0, 8]);
    }
}
