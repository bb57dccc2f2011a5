//! Tables of checks and of findings. Both have three columns: a name, a status or severity, and the facts.

use super::markup::EscapedHtml;
use crate::core::report::check_text;
use crate::core::report::finding::{Finding, Severity};
use crate::core::text::zone::Zone;
use crate::core::verify::Verification;
use crate::core::verify::check::Check;
use std::fmt::Write as _;

/// Writes the head of a table with these names of columns.
fn begin(out: &mut String, [name, status]: [&str; 2]) {
    let _ = writeln!(
        out,
        "<table><thead><tr><th scope=\"col\">{name}</th><th scope=\"col\">{status}</th>\
         <th scope=\"col\">Detail</th></tr></thead><tbody>"
    );
}

/// Writes the head of a table of checks.
pub(crate) fn begin_checks(out: &mut String) {
    begin(out, ["Check", "Status"]);
}

/// Writes the end of a table.
pub(crate) fn end(out: &mut String) {
    out.push_str("</tbody></table>\n");
}

/// Writes a row that stands above the checks below it: `inside` before those of a token inside an encrypted one.
pub(crate) fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "<tr class=\"inside\"><th colspan=\"3\" scope=\"rowgroup\">{text}</th></tr>");
}

/// Writes a check. A telling one explains a failure, and is highlighted.
pub(crate) fn check(out: &mut String, check: &Check<'_>, is_telling: bool, zone: Zone) {
    let status = check.status.name();
    let telling = if is_telling { " telling" } else { "" };
    let _ = write!(
        out,
        "<tr class=\"{status}{telling}\"><th scope=\"row\">{}</th><td>{status}</td><td>{}",
        EscapedHtml(&check.name.to_string()),
        EscapedHtml(&check_text(check, zone))
    );
    if let Some(reason) = &check.reason {
        let _ = write!(out, " <code>{}</code>", EscapedHtml(&reason.to_string()));
    }
    out.push_str("</td></tr>\n");
}

/// Writes all checks of a verification, those of the outer tokens first.
pub(super) fn of_verification(out: &mut String, verification: &Verification<'_>, zone: Zone) {
    begin_checks(out);
    for envelope in &verification.envelopes {
        envelope.checks.iter().for_each(|one| check(out, one, false, zone));
        heading(out, "inside");
    }
    verification.judgement.checks.iter().for_each(|one| check(out, one, false, zone));
    end(out);
}

/// Writes the findings on a token, if there are any.
pub(super) fn findings(out: &mut String, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    begin(out, ["Finding", "Severity"]);
    for Finding { code, severity, message } in findings {
        let class = match severity {
            Severity::Error => "failed",
            Severity::Warning => "warned",
            Severity::Info => "noted",
        };
        let _ = writeln!(
            out,
            "<tr class=\"{class}\"><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            EscapedHtml(code),
            severity.name(),
            EscapedHtml(message)
        );
    }
    end(out);
}
