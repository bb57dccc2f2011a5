//! Error responses (RFC 6749 section 5.2) and those of Django servers: what they mean for the grant, and how to show them.
//! All text in them is hostile, and may repeat secrets that were sent.

use crate::core::json::{self, Value};
use crate::core::redact::echo::mask_secrets;
use crate::core::text::escape::beginning;

/// The verdict on the grant in an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantVerdict {
    /// The server rejected the grant.
    Rejected,
    /// The refresh token has expired.
    Expired,
    /// The server did not judge the grant.
    Undecided,
}

/// The part of a request that an OAuth error code blames, if not the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlamedPart {
    /// The client.
    Client,
    /// The request.
    Request,
}

/// The grant that was sent, as far as it matters for reading an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentGrant {
    /// A password.
    Password,
    /// A refresh token.
    Refresh {
        /// True if the `exp` of the token lies in the past.
        is_expired: bool,
    },
}

/// The messages for an expired refresh token: of simplejwt before and since 5.5, its sliding tokens, drf-jwt, its
/// predecessor, and the refresh window of both.
const EXPIRED: [&str; 6] = [
    "Token is expired",
    "Token is invalid or expired",
    "Token 'refresh_exp' claim has expired",
    "Token has expired.",
    "Signature has expired.",
    "Refresh has expired.",
];

/// The error codes that reject the grant (RFC 6749 sections 4.1.2.1 and 5.2).
const REJECTS_GRANT: [&str; 2] = ["invalid_grant", "access_denied"];

/// The error codes that say nothing about the grant, whatever the status.
const BLAMES_CLIENT: [&str; 5] =
    ["invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type", "invalid_scope"];

/// The code of simplejwt for every defect of a token.
const TOKEN_NOT_VALID: &str = "token_not_valid";

/// Returns what an error response says about the grant.
#[must_use]
pub fn grant_verdict(status: u16, body: &[u8], sent: SentGrant) -> GrantVerdict {
    let value = json::parse(body).unwrap_or(Value::Null);
    let text = |name| value.get(name).and_then(Value::as_str);
    let reasons = value.get("non_field_errors");
    let says_expired = text("detail").into_iter().chain(strings(reasons)).any(|text| EXPIRED.contains(&text));
    let error = text("error").unwrap_or_default();
    let blames_client = BLAMES_CLIENT.contains(&error);
    let is_rejected = match status {
        401 | 403 => true,
        400 if blames_client => false,
        // The `exp` of the token confirms what the server says.
        400 if sent == (SentGrant::Refresh { is_expired: true }) && says_expired => true,
        400 => reasons.is_some() || REJECTS_GRANT.contains(&error) || text("code") == Some(TOKEN_NOT_VALID),
        _ => false,
    };
    match sent {
        _ if !is_rejected => GrantVerdict::Undecided,
        SentGrant::Refresh { is_expired } if (is_expired || says_expired) && !blames_client => {
            GrantVerdict::Expired
        }
        _ => GrantVerdict::Rejected,
    }
}

/// Returns what an OAuth error code blames, if not the grant.
#[must_use]
pub fn blamed_part(body: &[u8]) -> Option<BlamedPart> {
    let value = json::parse(body).ok()?;
    match value.get("error")?.as_str()? {
        "invalid_client" | "unauthorized_client" => Some(BlamedPart::Client),
        "invalid_request" | "unsupported_grant_type" => Some(BlamedPart::Request),
        _ => None,
    }
}

fn strings<'v>(value: Option<&'v Value<'_>>) -> impl Iterator<Item = &'v str> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(Value::as_str)
}

/// Returns the text of an error response in one line: common forms in words, all others as received. Long texts are
/// cut, secrets are masked.
#[must_use]
pub fn shown_error(body: &[u8], secrets: &[&str]) -> String {
    const MAXIMUM: usize = 300;
    let text = match json::parse(body) {
        Ok(value) => in_words(&value).unwrap_or_else(|| value.to_string()),
        Err(_) => String::from_utf8_lossy(body).split_whitespace().collect::<Vec<_>>().join(" "),
    };
    beginning(&mask_secrets(&text, secrets), MAXIMUM)
}

/// Returns a common form in words, if that loses nothing.
fn in_words(value: &Value<'_>) -> Option<String> {
    let Value::Object(members) = value else { return None };
    let mut names: Vec<&str> = members.iter().map(|member| member.name.as_ref()).collect();
    names.sort_unstable();
    let text = |name| value.get(name).and_then(Value::as_str);
    Some(match names.as_slice() {
        ["detail"] => text("detail")?.to_owned(),
        ["code", "detail"] => format!("{} ({})", text("detail")?, text("code")?),
        ["error"] => text("error")?.to_owned(),
        ["error", "error_description"] => format!("{}: {}", text("error")?, text("error_description")?),
        ["non_field_errors"] => {
            let Some(Value::Array(items)) = value.get("non_field_errors") else { return None };
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.filter(|texts| !texts.is_empty())?.join(" ")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::escape::{Escapes, write_json_string};
    use url::form_urlencoded::byte_serialize;

    #[test]
    fn tells_a_rejected_grant_from_other_errors() {
        use GrantVerdict::{Expired, Rejected, Undecided};
        let verdict = |status, body: &str, sent| grant_verdict(status, body.as_bytes(), sent);
        let invalid = r#"{"detail":"Token is invalid","code":"token_not_valid"}"#;
        for (status, body, at_log_in, at_refresh) in [
            (401, r#"{"detail":"No active account found with the given credentials"}"#, Rejected, Rejected),
            (401, "<html>", Rejected, Rejected),
            (403, "", Rejected, Rejected),
            (401, invalid, Rejected, Rejected),
            (401, r#"{"detail":"Token is expired","code":"token_not_valid"}"#, Rejected, Expired),
            (401, r#"{"detail":"Token is invalid or expired"}"#, Rejected, Expired),
            (401, r#"{"detail":"Token 'refresh_exp' claim has expired"}"#, Rejected, Expired),
            (
                400,
                r#"{"non_field_errors":["Unable to log in with provided credentials."]}"#,
                Rejected,
                Rejected,
            ),
            (400, r#"{"non_field_errors":["Token has expired."]}"#, Rejected, Expired),
            (400, r#"{"non_field_errors":["Signature has expired."]}"#, Rejected, Expired),
            (400, r#"{"non_field_errors":["Refresh has expired."]}"#, Rejected, Expired),
            (400, r#"{"error":"invalid_grant"}"#, Rejected, Rejected),
            (400, r#"{"error":"invalid_client"}"#, Undecided, Undecided),
            (401, r#"{"error":"invalid_client"}"#, Rejected, Rejected),
            (403, r#"{"error":"unauthorized_client"}"#, Rejected, Rejected),
            (400, r#"{"error":"unsupported_grant_type"}"#, Undecided, Undecided),
            (400, invalid, Rejected, Rejected),
            (400, "", Undecided, Undecided),
            (400, r#"{"error":"access_denied"}"#, Rejected, Rejected),
            (400, r#"{"error":"invalid_request"}"#, Undecided, Undecided),
            (400, r#"{"error":["invalid_grant"]}"#, Undecided, Undecided),
            (400, r#"{"username":["This field is required."]}"#, Undecided, Undecided),
            (400, r#"{"detail":"Token is expired"}"#, Undecided, Undecided),
            (404, r#"{"detail":"Token is expired"}"#, Undecided, Undecided),
            (429, invalid, Undecided, Undecided),
            (500, r#"{"error":"invalid_grant"}"#, Undecided, Undecided),
        ] {
            assert_eq!(verdict(status, body, SentGrant::Password), at_log_in, "{status} {body}");
            assert_eq!(
                verdict(status, body, SentGrant::Refresh { is_expired: false }),
                at_refresh,
                "{status} {body}"
            );
            // If the server says anything about an expired token, it counts as expired.
            let told = at_refresh != Undecided || status == 400 && body.contains("Token is expired");
            let over = match at_refresh {
                Rejected if body.contains("_client") => Rejected,
                _ if told => Expired,
                _ => Undecided,
            };
            assert_eq!(
                verdict(status, body, SentGrant::Refresh { is_expired: true }),
                over,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn shows_common_forms_in_words_and_leaves_nothing_out() {
        for (body, expected) in [
            (r#"{"detail":"No."}"#, "No."),
            (
                r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#,
                "Token is blacklisted (token_not_valid)",
            ),
            (r#"{"detail":"No.","messages":[]}"#, r#"{"detail":"No.","messages":[]}"#),
            (r#"{"detail":["No."]}"#, r#"{"detail":["No."]}"#),
            (r#"{"detail":"a","detail":"b"}"#, r#"{"detail":"a","detail":"b"}"#),
            (r#"{"non_field_errors":["a.","b."]}"#, "a. b."),
            (r#"{"non_field_errors":[]}"#, r#"{"non_field_errors":[]}"#),
            (r#"{"non_field_errors":[7]}"#, r#"{"non_field_errors":[7]}"#),
            (r#"{"error":"invalid_grant"}"#, "invalid_grant"),
            (r#"{"error":"invalid_grant","error_description":"too old"}"#, "invalid_grant: too old"),
            (r#"{ "username" : ["x"] }"#, r#"{"username":["x"]}"#),
            ("  <h1>\n\tNot here </h1>\r\n", "<h1> Not here </h1>"),
            ("\"\\u001b[2J\"", r#""\u001b[2J""#),
            ("", ""),
        ] {
            assert_eq!(shown_error(body.as_bytes(), &[]), expected);
        }
        assert_eq!(shown_error(b"\xff\xfe", &[]), "\u{fffd}\u{fffd}");
        assert_eq!(shown_error("é".repeat(5000).as_bytes(), &[]).chars().count(), 301);
    }

    #[test]
    fn masks_secrets_that_the_server_repeats() {
        let secret = "p\u{e4}ss \"w\"&o'r<d>/+\n1";
        let encoded: String = byte_serialize(secret.as_bytes()).collect();
        let mut json = String::new();
        write_json_string(&mut json, secret, Escapes::Ascii).unwrap();
        for body in [
            format!("you sent {secret}!"),
            format!(r#"{{"detail":{json}}}"#),
            format!(r#"{{"password":{json},"x":1}}"#),
            format!("username=a&password={}&b", encoded),
            format!("password={}", encoded.replace('+', "%20")),
            "<b>p\u{e4}ss &quot;w&quot;&amp;o&#x27;r&lt;d&gt;/+\n1</b>".to_owned(),
            "<b>p\u{e4}ss &quot;w&quot;&amp;o&#39;r&lt;d&gt;/+\n1</b>".to_owned(),
        ] {
            let shown = shown_error(body.as_bytes(), &["", secret]);
            assert!(shown.contains('…'), "{shown}");
            assert!(["\u{e4}ss", "4ss", "r<d"].iter().all(|piece| !shown.contains(piece)), "{shown}");
        }
        assert_eq!(shown_error(b"abc bc", &["bc", "abc"]), "… …");
        // A cut in the middle of the secret must not leave half of it.
        let body = format!("{}hunter2{}", "x".repeat(297), "y".repeat(100));
        assert!(!shown_error(body.as_bytes(), &["hunter2"]).contains("hu"));
    }
}
