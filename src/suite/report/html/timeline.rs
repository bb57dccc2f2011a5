//! The expiry line of a token: from its issue over now to its end, drawn with attributes of geometry alone, and the same
//! in words below it.

use super::escape::Safe;
use super::{class, instant};
use crate::core::report::Anatomy;
use crate::core::report::text::lifetime_text;
use crate::core::text::duration::Duration;
use crate::core::token::numeric_date::NumericDate;
use std::fmt::Write as _;

/// Where things stand on the line, in hundredths of it. A token's life fills it, but for the room that now needs where it
/// lies before or after that timeline, however far.
struct Line {
    /// Where the life begins, if it says so.
    begin: Option<f64>,
    /// Where it ends, if it does.
    end: Option<f64>,
    now: f64,
}

/// The room before or after the life.
const ROOM: f64 = 16.0;
/// How far from the end of that room now stands.
const EDGE: f64 = 4.0;

impl Line {
    fn of(begin: Option<NumericDate>, end: Option<NumericDate>, spent: Option<f64>, at: NumericDate) -> Self {
        let early = begin.is_some_and(|begin| at < begin);
        let over = end.is_some_and(|end| at >= end);
        let from = begin.map(|_| if early && !over { ROOM } else { 0.0 });
        let to = end.map(|_| if over { 100.0 - ROOM } else { 100.0 });
        let now = match spent {
            _ if over => 100.0 - EDGE,
            _ if early => EDGE,
            Some(spent) => spent * 100.0,
            None => 50.0,
        };
        Self { begin: from, end: to, now }
    }

    fn draw(&self, out: &mut String, role: &str) {
        let (begin, end) = (self.begin.unwrap_or(0.0), self.end.unwrap_or(self.now));
        let _ = write!(
            out,
            "<svg class=\"{role}\" aria-hidden=\"true\"><line class=\"open\" x2=\"100%\" y1=\"9\" y2=\"9\"/>"
        );
        if self.begin.is_some() && begin < end {
            let _ =
                write!(out, "<line class=\"whole\" x1=\"{begin:.1}%\" x2=\"{end:.1}%\" y1=\"9\" y2=\"9\"/>");
            let gone = self.now.clamp(begin, end);
            if gone > begin {
                let _ = write!(
                    out,
                    "<line class=\"gone\" x1=\"{begin:.1}%\" x2=\"{gone:.1}%\" y1=\"9\" y2=\"9\"/>"
                );
            }
        }
        for place in [self.begin, self.end].into_iter().flatten() {
            let _ = write!(
                out,
                "<line class=\"tick\" x1=\"{place:.1}%\" x2=\"{place:.1}%\" y1=\"3\" y2=\"15\"/>"
            );
        }
        let _ = write!(out, "<circle cx=\"{:.1}%\" cy=\"9\" r=\"5\"/></svg>", self.now);
    }
}

/// Draws the line of a token that has claims, and says it.
pub(super) fn write(out: &mut String, anatomy: &Anatomy<'_>) {
    let (role, words) = lifetime_text(anatomy);
    let role = class(role);
    let words = Safe(&words);
    let Some(claims) = anatomy.token.unverified_claims() else {
        let _ = write!(out, "<p class=\"life\"><span class=\"{role}\">{words}</span></p>");
        return;
    };
    let first = ["iat", "nbf"].into_iter().find_map(|name| Some((name, claims.date(name)?)));
    let (begin, end) = (first.map(|(_, date)| date), claims.date("exp"));
    let spent = anatomy.spent();
    let line = Line::of(begin, end, spent.map(|(spent, _)| spent), anatomy.at);
    let _ = write!(out, "<figure class=\"life\"><p class=\"{role}\">");
    match spent.filter(|(spent, _)| *spent > 0.0 && *spent < 1.0) {
        Some((spent, total)) => {
            let (percent, total) = ((spent * 100.0) as u32, Duration::seconds(total.unsigned_abs()));
            let _ = write!(out, "{percent}\u{a0}% of {total} gone, {words}");
        }
        None => drop(write!(out, "{words}")),
    }
    out.push_str("</p>");
    line.draw(out, role);
    out.push_str("<figcaption><span>");
    match first {
        Some(("nbf", date)) => drop(write!(out, "valid from {}", instant(date))),
        Some((_, date)) => drop(write!(out, "issued {}", instant(date))),
        None => out.push_str("no time of issue"),
    }
    out.push_str("</span> <span>");
    match end {
        Some(date) => drop(write!(out, "ends {}", instant(date))),
        None => out.push_str("no end"),
    }
    out.push_str("</span></figcaption></figure>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::redact::Redaction;
    use crate::core::token::Token;
    use crate::core::token::jws::Compact;
    use crate::suite::report::samples;

    fn drawn(claims: &str) -> String {
        let token = samples::case("a case", claims, "accepted", 1).token;
        let compact = Compact::parse(token.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        let mut out = String::new();
        write(&mut out, &Anatomy::new(&token, NumericDate::from_seconds(samples::AT), Redaction::None));
        out
    }

    fn place_of_now(claims: &str) -> String {
        let drawn = drawn(claims);
        let (_, rest) = drawn.split_once("<circle cx=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    #[test]
    fn a_quarter_of_a_life_is_a_quarter_of_the_line() {
        assert_eq!(
            drawn(r#"{"iat":1799999850,"exp":1800000450}"#),
            concat!(
                "<figure class=\"life\"><p class=\"good\">25\u{a0}% of 10 minutes gone, expires in 7 minutes 30 seconds</p>",
                r#"<svg class="good" aria-hidden="true">"#,
                r#"<line class="open" x2="100%" y1="9" y2="9"/>"#,
                r#"<line class="whole" x1="0.0%" x2="100.0%" y1="9" y2="9"/>"#,
                r#"<line class="gone" x1="0.0%" x2="25.0%" y1="9" y2="9"/>"#,
                r#"<line class="tick" x1="0.0%" x2="0.0%" y1="3" y2="15"/>"#,
                r#"<line class="tick" x1="100.0%" x2="100.0%" y1="3" y2="15"/>"#,
                r#"<circle cx="25.0%" cy="9" r="5"/></svg>"#,
                r#"<figcaption><span>issued <time datetime="2027-01-15T07:57:30Z">2027-01-15 07:57:30 UTC</time></span>"#,
                r#" <span>ends <time datetime="2027-01-15T08:07:30Z">2027-01-15 08:07:30 UTC</time></span>"#,
                "</figcaption></figure>"
            )
        );
    }

    #[test]
    fn now_keeps_to_the_line_wherever_it_lies() {
        for (claims, place) in [
            (r#"{"iat":1,"exp":2}"#, "96.0%"),
            (r#"{"iat":4000000000,"exp":4000000001}"#, "4.0%"),
            (r#"{"iat":4000000000,"exp":1}"#, "96.0%"),
            (r#"{"exp":1800000000}"#, "96.0%"),
            (r#"{"exp":1800000001}"#, "50.0%"),
            (r#"{"iat":4000000000}"#, "4.0%"),
            (r#"{"iat":1e999,"exp":2e999}"#, "4.0%"),
            (r#"{"nbf":1,"exp":1e999}"#, "0.0%"),
            ("{}", "50.0%"),
        ] {
            assert_eq!(place_of_now(claims), place, "{claims}");
        }
    }

    #[test]
    fn a_token_without_an_end_says_so() {
        let drawn = drawn(r#"{"iat":1799999850}"#);
        assert!(drawn.contains(r#"<p class="warn">never expires</p>"#), "{drawn}");
        assert!(drawn.contains("<span>no end</span>"), "{drawn}");
        assert!(!drawn.contains("100.0%"), "{drawn}");
    }
}
