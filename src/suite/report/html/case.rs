//! One case as an article of the page: its line, and below it what was expected, its token in colours, what that says,
//! and the checks.

use super::escape::Safe;
use super::{class, instant, sentence, span, timeline};
use crate::core::reason::listed;
use crate::core::redact::Redaction;
use crate::core::report::text::{claim_rows, header_rows, title};
use crate::core::report::{Anatomy, check_text};
use crate::core::text::escape::shown_bytes;
use crate::core::text::layout::{Row, count};
use crate::core::text::zone::Zone;
use crate::core::token::Token;
use crate::core::token::claims::Payload;
use crate::core::token::jws::{Compact, Segment};
use crate::core::verify::check::Status;
use crate::suite::outcome::CaseResult;
use std::fmt::Write as _;

/// The longest token that is shown whole and taken apart: no server takes one of this length, and no reader.
const LONGEST: usize = 1 << 16;

/// The classes of a JWS's three segments, and of a JWE's five.
const SIGNED: [&str; 3] = ["h", "p", "s"];
const ENCRYPTED: [&str; 5] = ["h", "k", "i", "p", "s"];

/// Writes the article of a case. What passed is closed, what did not is open.
pub(super) fn write(out: &mut String, number: usize, case: &CaseResult) {
    let (word, open, came) =
        if case.passed() { ("passed", "", case.outcome()) } else { ("failed", " open", sentence(case)) };
    let file = case.suite.rsplit(['/', '\\']).next().unwrap_or_default();
    let _ = writeln!(
        out,
        "<article id=\"case-{number}\" class=\"{word}\"><details{open}><summary><b>{word}</b> <h3>{}</h3> \
         <span>{}</span> <code>{}:{}</code></summary>",
        Safe(&case.name),
        Safe(&came),
        Safe(file),
        case.place.line
    );
    facts(out, case);
    token(out, case);
    checks(out, case);
    out.push_str("</details></article>\n");
}

fn facts(out: &mut String, case: &CaseResult) {
    out.push_str("<dl class=\"facts\">");
    let mut fact = |name: &str, value: &str| {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    };
    fact("Expected", &Safe(&case.expectation()).to_string());
    fact("Came out", &Safe(&case.outcome()).to_string());
    if !case.passed() && case.unmet.len() < case.expected.len() {
        fact("Missing", &Safe(&listed(&case.unmet)).to_string());
    }
    fact("Verdict", case.verdict.name());
    fact("Judged as of", &instant(case.at));
    fact("Took", &span(case.took));
    fact("Place", &format!("<code>{}:{}:{}</code>", Safe(&case.suite), case.place.line, case.place.column));
    out.push_str("</dl>\n");
    for hint in &case.hints {
        let _ = writeln!(out, "<p>Hint: {}</p>", Safe(hint));
    }
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
    let token = Token::parse(&compact);
    let anatomy = Anatomy::new(&token, case.at, Redaction::None);
    out.push_str("<div class=\"pair\"><div class=\"token\">");
    segments(out, &anatomy);
    timeline::write(out, &anatomy);
    let _ = write!(out, "</div><div class=\"said\"><p>{}</p>", Safe(&title(&anatomy)));
    let signed = case.checks.iter().any(|check| check.name == "signature" && check.status == Status::Passed);
    if !signed {
        out.push_str("<p class=\"warn\">Unverified: the content of this token is not authenticated.</p>");
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
    // Those that make the difference between what was expected and what came stand out; they come in the same order.
    let mut differing = case.differing().peekable();
    for check in &case.checks {
        let status = check.status.name();
        let is_telling = differing.next_if(|one| std::ptr::eq(*one, check)).is_some();
        let telling = if is_telling { " telling" } else { "" };
        let _ = write!(
            out,
            "<tr class=\"{status}{telling}\"><th scope=\"row\">{}</th><td>{status}</td><td>{}",
            Safe(&check.name),
            Safe(&check_text(check, Zone::Utc))
        );
        if let Some(reason) = &check.reason {
            let _ = write!(out, " <code>{}</code>", Safe(&reason.to_string()));
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::report::samples;

    fn article(case: &CaseResult) -> String {
        let mut out = String::new();
        write(&mut out, 7, case);
        out
    }

    /// What stands between two marks, the first time.
    fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
        page.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    #[test]
    fn a_text_that_is_no_token_is_one_piece() {
        let (cases, _) = samples::run();
        assert_eq!(
            article(&cases[2]),
            concat!(
                r#"<article id="case-7" class="passed"><details><summary><b>passed</b> "#,
                r"<h3>no token &lt;script&gt;\u202e&amp;\u001b[31m</h3> ",
                "<span>malformed:segments</span> <code>api.toml:15</code></summary>\n",
                r#"<dl class="facts"><div><dt>Expected</dt><dd>malformed:segments</dd></div>"#,
                "<div><dt>Came out</dt><dd>malformed:segments</dd></div><div><dt>Verdict</dt><dd>malformed</dd></div>",
                r#"<div><dt>Judged as of</dt><dd><time datetime="2027-01-15T08:00:00Z">2027-01-15 08:00:00 UTC"#,
                "</time></dd></div><div><dt>Took</dt><dd>250 µs</dd></div>",
                "<div><dt>Place</dt><dd><code>suites/api.toml:15:1</code></dd></div></dl>\n",
                "<div class=\"token\"><pre><code>nothing</code></pre></div>\n",
                r#"<table><thead><tr><th scope="col">Check</th><th scope="col">Status</th>"#,
                "<th scope=\"col\">What was found</th></tr></thead><tbody>\n",
                r#"<tr class="failed"><th scope="row">form</th><td>failed</td><td>one segment, but a JWT has three "#,
                "<code>malformed:segments</code></td></tr>\n</tbody></table>\n</details></article>\n",
            )
        );
    }

    #[test]
    fn what_failed_is_open_and_what_passed_is_closed() {
        let (cases, _) = samples::run();
        assert!(article(&cases[0]).starts_with("<article id=\"case-7\" class=\"passed\"><details><summary>"));
        assert!(article(&cases[1]).starts_with(concat!(
            "<article id=\"case-7\" class=\"failed\"><details open><summary><b>failed</b> <h3>an old one</h3> ",
            "<span>expected accepted; came out rejected (expired)</span> <code>api.toml:10</code></summary>"
        )));
    }

    #[test]
    fn a_token_has_three_colours_and_its_claims_beside_it() {
        let (cases, _) = samples::run();
        let article = article(&cases[0]);
        let [header, payload, signature] = cases[0].token.split('.').collect::<Vec<_>>()[..] else {
            panic!()
        };
        assert_eq!(
            between(&article, "<div class=\"token\">", "<figure"),
            format!(
                "<pre><code><span class=\"h\">{header}</span>.<span class=\"p\">{payload}</span>.\
                 <span class=\"s\">{signature}</span></code></pre>\
                 <p class=\"key\"><span class=\"h\">header</span> 27 bytes · <span class=\"p\">payload</span> 32 bytes · \
                 <span class=\"s\">signature</span> 32 bytes</p>"
            )
        );
        assert_eq!(
            between(&article, "<div class=\"said\">", "</div>"),
            concat!(
                "<p>HS256 JWT</p><h4 class=\"h\">Header</h4><dl class=\"h\">",
                "<dt>alg</dt><dd><code>&quot;HS256&quot;</code> <i class=\"quiet\">algorithm: HMAC with SHA-256</i></dd>",
                "<dt>typ</dt><dd><code>&quot;JWT&quot;</code> <i class=\"quiet\">type</i></dd></dl>",
                "<h4 class=\"p\">Payload</h4><dl class=\"p\">",
                "<dt>sub</dt><dd><code>&quot;alice&quot;</code> <i class=\"quiet\">subject</i></dd>",
                "<dt>exp</dt><dd><code>1800000600</code> ",
                "<i class=\"good\">expires 2027-01-15 08:10:00 UTC, in 10 minutes</i></dd></dl>",
            )
        );
    }

    #[test]
    fn a_jwe_has_five_colours_and_nothing_to_read_but_its_header() {
        let article = article(&samples::of_token("a JWE", "eyJhbGciOiJkaXIifQ.a-_b.Yw.ZGVmZw.aA", "jwe", 1));
        assert!(article.contains(concat!(
            r#"<span class="h">eyJhbGciOiJkaXIifQ</span>.<span class="k">a-_b</span>.<span class="i">Yw</span>."#,
            r#"<span class="p">ZGVmZw</span>.<span class="s">aA</span></code>"#
        )));
        assert!(article.contains("<span class=\"k\">encrypted key</span> 3 bytes"), "{article}");
        assert!(article.contains("<dt>alg</dt><dd><code>&quot;dir&quot;</code>"), "{article}");
        assert!(article.contains("<p>Encrypted: only its recipient can read it.</p>"), "{article}");
        assert!(
            article.contains("<p class=\"life\"><span class=\"quiet\">its claims are encrypted</span></p>")
        );
    }

    #[test]
    fn what_nobody_vouches_for_is_said_to_be_unverified() {
        let good = samples::case("a case", r#"{"sub":"alice"}"#, "accepted", 1);
        assert!(!article(&good).contains("Unverified"));
        let (_, signature) = good.token.rsplit_once('.').unwrap();
        let forged = format!("eyJhbGciOiJIUzI1NiJ9.e30.{signature}");
        let forged = samples::of_token("a case", &forged, "bad_signature", 1);
        assert!(
            article(&forged).contains(
                "<p class=\"warn\">Unverified: the content of this token is not authenticated.</p>"
            )
        );
    }

    #[test]
    fn names_what_was_expected_and_did_not_come() {
        let case = samples::case("a case", r#"{"exp":1}"#, "expired,wrong_issuer", 1);
        let article = article(&case);
        assert!(article.contains("<div><dt>Missing</dt><dd>wrong_issuer</dd></div>"), "{article}");
    }

    #[test]
    fn the_checks_that_make_the_difference_stand_out_and_hints_follow() {
        let mut case = samples::case("a case", r#"{"exp":1}"#, "wrong_issuer", 1);
        case.hints = vec!["look <there>".to_owned()];
        let article = article(&case);
        assert!(article.contains("<tr class=\"failed telling\"><th scope=\"row\">exp</th>"), "{article}");
        assert!(article.contains("<tr class=\"skipped telling\"><th scope=\"row\">iss</th>"), "{article}");
        assert!(article.contains("<tr class=\"passed\"><th scope=\"row\">alg</th>"), "{article}");
        assert!(article.contains("</dl>\n<p>Hint: look &lt;there&gt;</p>\n"), "{article}");
    }

    #[test]
    fn segments_that_cannot_be_read_are_shown_as_far_as_they_can() {
        let said = |text: &str| {
            let article = article(&samples::of_token("a case", text, "malformed", 1));
            between(&article, "<h4 class=\"h\">Header</h4>", "</div>").to_owned()
        };
        assert_eq!(
            said("PGI-.e30.AA"),
            "<pre><code>&lt;b&gt;</code></pre><h4 class=\"p\">Payload</h4><pre><code>{}</code></pre>"
        );
        assert_eq!(
            said("e30.YQ=.AA".replace('=', "B").as_str()),
            "<pre><code>{}</code></pre><h4 class=\"p\">Payload</h4><p>Not Base64url: unused bits are set in the character at offset 2.</p>"
        );
        assert_eq!(said("..AA"), "<p>Empty.</p><h4 class=\"p\">Payload</h4><p>Empty.</p>");
    }

    #[test]
    fn a_text_of_any_length_is_shown() {
        let shown = |text: &str| {
            let article = article(&samples::of_token("a case", text, "malformed", 1));
            between(&article, "<div class=\"token\">", "</div>").to_owned()
        };
        assert_eq!(shown(""), "<p>The text is empty.</p>");
        let long = "é".repeat(LONGEST);
        assert_eq!(
            shown(&long),
            format!("<pre><code>{}</code></pre><p>and {LONGEST} bytes more</p>", "é".repeat(LONGEST / 2))
        );
    }
}
