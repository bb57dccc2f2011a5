//! One case as an article of the page: its line, and below it what was expected, its token in colours, what that says,
//! and the checks.

use super::escape::Safe;
use super::{class, instant, life, span};
use crate::core::check::Status;
use crate::core::claims::Payload;
use crate::core::escape::shown_bytes;
use crate::core::jws::{Compact, Segment};
use crate::core::numeric_date::Zone;
use crate::core::page::{Row, count};
use crate::core::reason::Expectation;
use crate::core::render::{claim_rows, header_rows, title};
use crate::core::report::{Anatomy, detail};
use crate::core::token::Token;
use crate::suite::outcome::CaseResult;
use std::fmt::Write as _;

/// The longest token that is shown whole and taken apart: no server takes one of this length, and no reader.
const LONGEST: usize = 1 << 16;

/// The classes of a JWS's three segments, and of a JWE's five.
const SIGNED: [&str; 3] = ["h", "p", "s"];
const ENCRYPTED: [&str; 5] = ["h", "k", "i", "p", "s"];

/// Writes the article of a case. What passed is closed, what did not is open.
pub(super) fn write(out: &mut String, number: usize, case: &CaseResult) {
    let (word, open, came) = if case.passed() {
        ("passed", "", case.outcome())
    } else {
        ("failed", " open", format!("expected {}, came {}", case.expectation(), case.outcome()))
    };
    let _ = write!(
        out,
        "<article id=\"case-{number}\" class=\"{word}\"><details{open}><summary><b>{word}</b> <h3>{}</h3> \
         <span>{}</span> <code>{}:{}</code></summary>\n",
        Safe(&case.name),
        Safe(&came),
        Safe(&case.suite),
        case.place.line
    );
    facts(out, case);
    token(out, case);
    checks(out, case);
    out.push_str("</details></article>\n");
}

fn facts(out: &mut String, case: &CaseResult) {
    let mut fact = |name: &str, value: &str| {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    };
    fact("Expected", &Safe(&case.expectation()).to_string());
    fact("Came", &Safe(&case.outcome()).to_string());
    if !case.passed() && case.unmet.len() < case.expected.len() {
        let unmet: Vec<String> = case.unmet.iter().map(Expectation::to_string).collect();
        fact("Missing", &Safe(&unmet.join(", ")).to_string());
    }
    fact("Verdict", case.verdict.name());
    fact("Judged as of", &instant(case.at));
    fact("Took", &span(case.took));
}

fn token(out: &mut String, case: &CaseResult) {
    let whole = (case.token.len() <= LONGEST).then_some(case.token.as_bytes());
    let compact = whole.and_then(|bytes| Compact::parse(bytes, LONGEST).ok());
    let Some(compact) = compact else {
        out.push_str("<div class=\"token\">");
        plain(out, &case.token);
        out.push_str("</div>\n");
        return;
    };
    let token = Token::read(&compact);
    let anatomy = Anatomy::of(&token, case.at, false);
    out.push_str("<div class=\"pair\"><div class=\"token\">");
    segments(out, &anatomy);
    life::write(out, &anatomy);
    let _ = write!(out, "</div><div class=\"said\"><p>{}</p>", Safe(&title(&anatomy)));
    let signed = case.checks.iter().any(|check| check.name == "signature" && check.status == Status::Passed);
    if !signed {
        out.push_str("<p class=\"warn\">Unverified: no signature vouches for what this token says.</p>");
    }
    said(out, &anatomy);
    out.push_str("</div></div>\n");
}

/// Text that is no token.
fn plain(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push_str("<p>The text is empty.</p>");
        return;
    }
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let _ = write!(out, "<pre><code>{}</code></pre>", Safe(text.get(..end).unwrap_or_default()));
    if end < text.len() {
        let _ = write!(out, "<p>and {} more</p>", count(text.len() - end, "byte"));
    }
}

/// The text of the token, each segment in its colour, and which is which.
fn segments(out: &mut String, anatomy: &Anatomy<'_>) {
    let classes: &[&str] = match anatomy.token.compact {
        Compact::Jws { .. } => &SIGNED,
        Compact::Jwe { .. } => &ENCRYPTED,
    };
    out.push_str("<pre><code>");
    for (index, (segment, class)) in anatomy.token.compact.text().split('.').zip(classes).enumerate() {
        let dot = if index > 0 { "." } else { "" };
        let _ = write!(out, "{dot}<span class=\"{class}\">{}</span>", Safe(segment));
    }
    out.push_str("</code></pre><p class=\"key\">");
    for (index, ((name, bytes), class)) in anatomy.sizes().segments.iter().zip(classes).enumerate() {
        let gap = if index > 0 { " · " } else { "" };
        let name = name.replace('_', " ");
        let _ = write!(out, "{gap}<span class=\"{class}\">{name}</span> {}", count(*bytes, "byte"));
    }
    out.push_str("</p>");
}

/// What header and payload say.
fn said(out: &mut String, anatomy: &Anatomy<'_>) {
    out.push_str("<h4 class=\"h\">Header</h4>");
    match anatomy.parameters() {
        Some(members) => rows(out, "h", &header_rows(&members)),
        None => unreadable(out, anatomy.token.compact.header()),
    }
    let Compact::Jws { payload, .. } = anatomy.token.compact else {
        out.push_str("<h4 class=\"p\">Payload</h4><p>Encrypted: only its recipient can read it.</p>");
        return;
    };
    out.push_str("<h4 class=\"p\">Payload</h4>");
    match &anatomy.token.payload {
        Some(Payload::Claims(claims)) => {
            rows(out, "p", &claim_rows(claims.members(), anatomy.at, Zone::Utc));
        }
        Some(Payload::Json(value)) => listing(out, &value.to_string()),
        Some(Payload::Text(..) | Payload::Bytes(..)) | None => unreadable(out, payload),
    }
}

fn unreadable(out: &mut String, segment: &Segment<'_>) {
    match &segment.decoded {
        Ok(bytes) => listing(out, &shown_bytes(bytes)),
        Err(fault) => drop(write!(out, "<p>Not Base64url: {}.</p>", Safe(&fault.to_string()))),
    }
}

fn listing(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push_str("<p>Empty.</p>");
    } else {
        let _ = write!(out, "<pre><code>{}</code></pre>", Safe(text));
    }
}

fn rows(out: &mut String, class_of_names: &str, rows: &[Row]) {
    if rows.is_empty() {
        out.push_str("<pre><code>{}</code></pre>");
        return;
    }
    let _ = write!(out, "<dl class=\"{class_of_names}\">");
    for row in rows {
        let _ = write!(out, "<dt>{}</dt><dd><code>", Safe(&row.name));
        for (index, line) in row.value.iter().enumerate() {
            let _ = write!(out, "{}{}", if index > 0 { "\n" } else { "" }, Safe(line));
        }
        out.push_str("</code>");
        if let Some((role, note)) = &row.note {
            let _ = write!(out, " <i class=\"{}\">{}</i>", class(*role), Safe(note));
        }
        out.push_str("</dd>");
    }
    out.push_str("</dl>");
}

fn checks(out: &mut String, case: &CaseResult) {
    out.push_str(
        "<table><thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Status</th>\
         <th scope=\"col\">What was found</th></tr></thead><tbody>\n",
    );
    for check in &case.checks {
        let status = check.status.name();
        let _ = write!(
            out,
            "<tr class=\"{status}\"><th scope=\"row\">{}</th><td>{status}</td><td>{}",
            Safe(&check.name),
            Safe(&detail(check, Zone::Utc))
        );
        if let Some(reason) = &check.reason {
            let _ = write!(out, " <code>{}</code>", Safe(&reason.to_string()));
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table>\n");
}
