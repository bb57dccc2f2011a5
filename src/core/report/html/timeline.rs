//! The timeline of a token, from its issue to its end, with the time of the verdict on it, and the same in words. It is
//! drawn with attributes only, since the policy of the page forbids inline styles.

use super::markup::{EscapedHtml, class, instant};
use crate::core::report::text::lifetime_text;
use crate::core::report::{Anatomy, LifetimeState};
use crate::core::text::duration;
use crate::core::text::zone::Zone;
use crate::core::token::numeric_date::NumericDate;
use std::fmt::Write as _;

/// Positions on the timeline, in percent of its width.
///
/// The lifetime fills the width. A verdict before or after the lifetime gets a margin of fixed width.
struct Timeline {
    /// The begin of the lifetime, if the token has one.
    begin: Option<f64>,
    /// The end of the lifetime, if the token has one.
    end: Option<f64>,
    now: f64,
}

/// The width of the margin before or after the lifetime.
const MARGIN: f64 = 16.0;
/// The distance of the verdict from the outer edge of the margin.
const EDGE: f64 = 4.0;

impl Timeline {
    fn new(
        begin: Option<NumericDate>,
        end: Option<NumericDate>,
        spent: Option<f64>,
        at: NumericDate,
    ) -> Self {
        let early = begin.is_some_and(|begin| at < begin);
        let over = end.is_some_and(|end| at >= end);
        let from = begin.map(|_| if early && !over { MARGIN } else { 0.0 });
        let to = end.map(|_| if over { 100.0 - MARGIN } else { 100.0 });
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
        for position in [self.begin, self.end].into_iter().flatten() {
            let _ = write!(
                out,
                "<line class=\"tick\" x1=\"{position:.1}%\" x2=\"{position:.1}%\" y1=\"3\" y2=\"15\"/>"
            );
        }
        let _ = write!(out, "<circle cx=\"{:.1}%\" cy=\"9\" r=\"5\"/></svg>", self.now);
    }
}

/// Writes the timeline of a token that has claims, and its lifetime in words.
pub(crate) fn write(out: &mut String, anatomy: &Anatomy<'_>, zone: Zone) {
    let (role, words) = lifetime_text(anatomy);
    let role = class(role);
    let words = EscapedHtml(&words);
    let Some(claims) = anatomy.all_claims() else {
        let _ = write!(out, "<p class=\"life\"><span class=\"{role}\">{words}</span></p>");
        return;
    };
    let first = ["iat", "nbf"].into_iter().find_map(|name| Some((name, claims.date(name)?)));
    let lifetime = anatomy.lifetime();
    let end = claims.date("exp").filter(|_| lifetime != LifetimeState::NoExpiry);
    let begin = first.map(|(_, date)| date);
    let spent = anatomy.spent();
    let line = Timeline::new(begin, end, spent.map(|(spent, _)| spent), anatomy.at);
    let _ = write!(out, "<figure class=\"life\"><p class=\"{role}\">");
    match spent.filter(|(spent, _)| *spent > 0.0 && *spent < 1.0) {
        Some((spent, total)) => {
            let (percent, total) = ((spent * 100.0) as u32, duration::lifetime(total.unsigned_abs()));
            let _ = write!(out, "{percent}\u{a0}% of {total} passed, {words}");
        }
        None => drop(write!(out, "{words}")),
    }
    out.push_str("</p>");
    line.draw(out, role);
    out.push_str("<figcaption><span>");
    match first {
        Some(("nbf", date)) => drop(write!(out, "valid from {}", instant(date, zone))),
        Some((_, date)) => drop(write!(out, "issued {}", instant(date, zone))),
        None => out.push_str("no time of issue"),
    }
    out.push_str("</span> <span>");
    match end {
        Some(date) => drop(write!(out, "expires {}", instant(date, zone))),
        None if lifetime == LifetimeState::Invalid => out.push_str("expiry unreadable"),
        None => out.push_str("no expiry"),
    }
    out.push_str("</span></figcaption></figure>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::redact::Redaction;
    use crate::core::token::Token;
    use crate::core::token::base64url;
    use crate::core::token::jws::Compact;

    const AT: i64 = 1_800_000_000;

    fn drawn(claims: &str) -> String {
        let token = format!("e30.{}.AA", base64url::encode(claims.as_bytes()));
        let compact = Compact::parse(token.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        let mut out = String::new();
        write(&mut out, &Anatomy::new(&token, NumericDate::from_seconds(AT), Redaction::None), Zone::Utc);
        out
    }

    fn place_of_now(claims: &str) -> String {
        let drawn = drawn(claims);
        let (_, rest) = drawn.split_once("<circle cx=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    #[test]
    fn draws_a_quarter_of_the_lifetime_as_a_quarter() {
        assert_eq!(
            drawn(r#"{"iat":1799999850,"exp":1800000450}"#),
            concat!(
                "<figure class=\"life\"><p class=\"good\">25\u{a0}% of 10 minutes passed, expires in 7 minutes 30 seconds</p>",
                r#"<svg class="good" aria-hidden="true">"#,
                r#"<line class="open" x2="100%" y1="9" y2="9"/>"#,
                r#"<line class="whole" x1="0.0%" x2="100.0%" y1="9" y2="9"/>"#,
                r#"<line class="gone" x1="0.0%" x2="25.0%" y1="9" y2="9"/>"#,
                r#"<line class="tick" x1="0.0%" x2="0.0%" y1="3" y2="15"/>"#,
                r#"<line class="tick" x1="100.0%" x2="100.0%" y1="3" y2="15"/>"#,
                r#"<circle cx="25.0%" cy="9" r="5"/></svg>"#,
                r#"<figcaption><span>issued <time datetime="2027-01-15T07:57:30Z">2027-01-15 07:57:30 UTC</time></span>"#,
                r#" <span>expires <time datetime="2027-01-15T08:07:30Z">2027-01-15 08:07:30 UTC</time></span>"#,
                "</figcaption></figure>"
            )
        );
    }

    #[test]
    fn the_verdict_stays_on_the_timeline() {
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
    fn says_what_is_wrong_with_the_end() {
        for (claims, words, caption) in [
            (r#"{"exp":"soon"}"#, "expiry unreadable: `exp` is a string, not a number", "expiry unreadable"),
            (r#"{"exp":null}"#, "expiry unreadable: `exp` is null, not a number", "expiry unreadable"),
            (r#"{"exp":1e30}"#, "expires after the year 9999", "expires after the year 9999"),
            (r#"{"exp":-1e30}"#, "expired before the year 0", "expires before the year 0"),
            (
                r#"{"exp":-62135596800}"#,
                "expired 2026 years ago",
                r#"expires <time datetime="0001-01-01T00:00:00Z">0001-01-01 00:00:00 UTC</time>"#,
            ),
            (r#"{"exp":0,"typ":"Offline"}"#, "no end (offline token)", "no expiry"),
        ] {
            let drawn = drawn(claims);
            assert!(drawn.contains(&format!(">{words}</p>")), "{claims}: {drawn}");
            assert!(drawn.contains(&format!("<span>{caption}</span></figcaption>")), "{claims}: {drawn}");
        }
    }

    #[test]
    fn a_token_without_exp_has_no_end() {
        let drawn = drawn(r#"{"iat":1799999850}"#);
        assert!(drawn.contains(r#"<p class="warn">never expires</p>"#), "{drawn}");
        assert!(drawn.contains("<span>no expiry</span>"), "{drawn}");
        assert!(!drawn.contains("100.0%"), "{drawn}");
    }
}
