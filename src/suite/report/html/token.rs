//! The token of a case, decoded if it is one.

use crate::core::reason::CheckName;
use crate::core::redact::Redaction;
use crate::core::report::Anatomy;
use crate::core::report::html::parts::{LONGEST, plain};
use crate::core::report::html::token::{Remarks, write as write_token};
use crate::core::text::zone::Zone;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::verify::check::Status;
use crate::suite::outcome::CaseResult;

/// Writes the token of a case. The content of an encrypted token is not shown: reports are shared, and its sender has chosen
/// who can read it.
pub(super) fn write(out: &mut String, case: &CaseResult) {
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
    let has_passed = |name: CheckName<'_>| {
        case.checks.iter().any(|check| check.name == name && check.status == Status::Passed)
    };
    let unverified = "Unverified: the content of this token is not authenticated.";
    let remarks = Remarks {
        title: "",
        warning: (!has_passed(CheckName::Signature)).then_some(unverified),
        sealed: match has_passed(CheckName::Decrypt) {
            true => "Encrypted. It was decrypted for the checks, but this report does not show it.",
            false => "Encrypted: only its recipient can read it.",
        },
    };
    write_token(out, &anatomy, remarks, None, Zone::Utc);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::report::samples;

    fn article(case: &CaseResult) -> String {
        let mut out = String::new();
        write(&mut out, case);
        out
    }

    #[test]
    fn a_token_without_a_valid_signature_is_marked() {
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
    fn the_content_of_an_encrypted_token_is_not_shown() {
        let article = article(&samples::of_token("a JWE", "eyJhbGciOiJkaXIifQ.a-_b.Yw.ZGVmZw.aA", "jwe", 1));
        assert!(article.contains("<p>Encrypted: only its recipient can read it.</p>"), "{article}");
    }

    #[test]
    fn a_text_that_is_not_a_token_is_shown_as_it_is() {
        let article = article(&samples::of_token("a case", "no <token>", "malformed", 1));
        assert_eq!(article, "<div class=\"token\"><pre><code>no &lt;token&gt;</code></pre></div>\n");
    }
}
