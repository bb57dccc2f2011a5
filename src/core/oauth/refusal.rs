//! What a server says when it gives no tokens: what that means for whoever asked, and how it can be repeated. All of it is
//! hostile text, and may hold what was sent in confidence.

use crate::core::json::{self, Value};
use crate::core::redact::echo::mask_secrets;
use crate::core::text::escape::beginning;

/// What an answer without tokens means to whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// What was given for tokens is not good enough.
    Refused,
    /// The refresh token is too old.
    Expired,
    /// Anything else: nobody has judged what was given.
    Unjudged,
}

/// What servers say of a refresh token that is too old: simplejwt before and since 5.5, its sliding tokens, drf-jwt, its
/// predecessor, and the window of both.
const EXPIRED: [&str; 6] = [
    "Token is expired",
    "Token is invalid or expired",
    "Token 'refresh_exp' claim has expired",
    "Token has expired.",
    "Signature has expired.",
    "Refresh has expired.",
];

/// Errors of RFC 6749 sections 4.1.2.1 and 5.2 that refuse what was given for tokens.
const REFUSED: [&str; 2] = ["invalid_grant", "access_denied"];

/// Those that refuse who asks, or how: nothing is said of a token, whatever the status.
const OF_CLIENT: [&str; 5] =
    ["invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type", "invalid_scope"];

/// What simplejwt calls every fault of a token.
const FAULTY: &str = "token_not_valid";

/// What is at fault when a server of OAuth has judged nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Who asks.
    Client,
    /// How it was asked.
    Request,
}

/// Reads an answer without tokens. `refreshing` is nothing at a log-in, else whether the refresh token's own time is over.
#[must_use]
pub fn meaning(status: u16, body: &[u8], refreshing: Option<bool>) -> Meaning {
    let value = json::parse(body).unwrap_or(Value::Null);
    let text = |name| value.get(name).and_then(Value::as_str);
    let reasons = value.get("non_field_errors");
    let says_expired = text("detail").into_iter().chain(strings(reasons)).any(|text| EXPIRED.contains(&text));
    let error = text("error").unwrap_or_default();
    let of_client = OF_CLIENT.contains(&error);
    let is_refused = match status {
        401 | 403 => true,
        400 if of_client => false,
        // Of a token that is over a server is believed sooner than of others.
        400 if refreshing == Some(true) && says_expired => true,
        400 => reasons.is_some() || REFUSED.contains(&error) || text("code") == Some(FAULTY),
        _ => false,
    };
    match refreshing {
        _ if !is_refused => Meaning::Unjudged,
        Some(is_over) if (is_over || says_expired) && !of_client => Meaning::Expired,
        _ => Meaning::Refused,
    }
}

/// What a server of OAuth found fault with, if that is not what was given for tokens.
#[must_use]
pub fn misfit(body: &[u8]) -> Option<Misfit> {
    let value = json::parse(body).ok()?;
    match value.get("error")?.as_str()? {
        "invalid_client" | "unauthorized_client" => Some(Misfit::Client),
        "invalid_request" | "unsupported_grant_type" => Some(Misfit::Request),
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

/// What an answer without tokens says, in one line: a usual form of error in words, anything else as it came, its
/// beginning. What was sent in confidence is not in it, whoever repeats it.
#[must_use]
pub fn said(body: &[u8], secrets: &[&str]) -> String {
    const LONGEST: usize = 300;
    let text = match json::parse(body) {
        Ok(value) => in_words(&value).unwrap_or_else(|| value.to_string()),
        Err(_) => String::from_utf8_lossy(body).split_whitespace().collect::<Vec<_>>().join(" "),
    };
    beginning(&mask_secrets(&text, secrets), LONGEST)
}

/// The usual forms, if nothing is lost by it.
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
    use crate::core::oauth::request::form_encoded;
    use crate::core::text::escape::{Escapes, write_json_string};

    #[test]
    fn a_refusal_is_told_from_a_failure() {
        use Meaning::{Expired, Refused, Unjudged};
        let invalid = r#"{"detail":"Token is invalid","code":"token_not_valid"}"#;
        for (status, body, at_log_in, at_refresh) in [
            (401, r#"{"detail":"No active account found with the given credentials"}"#, Refused, Refused),
            (401, "<html>", Refused, Refused),
            (403, "", Refused, Refused),
            (401, invalid, Refused, Refused),
            (401, r#"{"detail":"Token is expired","code":"token_not_valid"}"#, Refused, Expired),
            (401, r#"{"detail":"Token is invalid or expired"}"#, Refused, Expired),
            (401, r#"{"detail":"Token 'refresh_exp' claim has expired"}"#, Refused, Expired),
            (
                400,
                r#"{"non_field_errors":["Unable to log in with provided credentials."]}"#,
                Refused,
                Refused,
            ),
            (400, r#"{"non_field_errors":["Token has expired."]}"#, Refused, Expired),
            (400, r#"{"non_field_errors":["Signature has expired."]}"#, Refused, Expired),
            (400, r#"{"non_field_errors":["Refresh has expired."]}"#, Refused, Expired),
            (400, r#"{"error":"invalid_grant"}"#, Refused, Refused),
            (400, r#"{"error":"invalid_client"}"#, Unjudged, Unjudged),
            (401, r#"{"error":"invalid_client"}"#, Refused, Refused),
            (403, r#"{"error":"unauthorized_client"}"#, Refused, Refused),
            (400, r#"{"error":"unsupported_grant_type"}"#, Unjudged, Unjudged),
            (400, invalid, Refused, Refused),
            (400, "", Unjudged, Unjudged),
            (400, r#"{"error":"access_denied"}"#, Refused, Refused),
            (400, r#"{"error":"invalid_request"}"#, Unjudged, Unjudged),
            (400, r#"{"error":["invalid_grant"]}"#, Unjudged, Unjudged),
            (400, r#"{"username":["This field is required."]}"#, Unjudged, Unjudged),
            (400, r#"{"detail":"Token is expired"}"#, Unjudged, Unjudged),
            (404, r#"{"detail":"Token is expired"}"#, Unjudged, Unjudged),
            (429, invalid, Unjudged, Unjudged),
            (500, r#"{"error":"invalid_grant"}"#, Unjudged, Unjudged),
        ] {
            assert_eq!(meaning(status, body.as_bytes(), None), at_log_in, "{status} {body}");
            assert_eq!(meaning(status, body.as_bytes(), Some(false)), at_refresh, "{status} {body}");
            // A token that is over has expired, if the server speaks of it at all.
            let told = at_refresh != Unjudged || status == 400 && body.contains("Token is expired");
            let over = match at_refresh {
                Refused if body.contains("_client") => Refused,
                _ if told => Expired,
                _ => Unjudged,
            };
            assert_eq!(meaning(status, body.as_bytes(), Some(true)), over, "{status} {body}");
        }
    }

    #[test]
    fn the_usual_forms_are_said_in_words_and_nothing_is_left_out() {
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
            assert_eq!(said(body.as_bytes(), &[]), expected);
        }
        assert_eq!(said(b"\xff\xfe", &[]), "\u{fffd}\u{fffd}");
        assert_eq!(said("é".repeat(5000).as_bytes(), &[]).chars().count(), 301);
    }

    #[test]
    fn what_was_sent_in_confidence_is_not_given_back() {
        let secret = "p\u{e4}ss \"w\"&o'r<d>/+\n1";
        let mut json = String::new();
        write_json_string(&mut json, secret, Escapes::Ascii).unwrap();
        for body in [
            format!("you sent {secret}!"),
            format!(r#"{{"detail":{json}}}"#),
            format!(r#"{{"password":{json},"x":1}}"#),
            format!("username=a&password={}&b", form_encoded(secret)),
            format!("password={}", form_encoded(secret).replace('+', "%20")),
            "<b>p\u{e4}ss &quot;w&quot;&amp;o&#x27;r&lt;d&gt;/+\n1</b>".to_owned(),
            "<b>p\u{e4}ss &quot;w&quot;&amp;o&#39;r&lt;d&gt;/+\n1</b>".to_owned(),
        ] {
            let said = said(body.as_bytes(), &["", secret]);
            assert!(said.contains('…'), "{said}");
            assert!(["\u{e4}ss", "4ss", "r<d"].iter().all(|piece| !said.contains(piece)), "{said}");
        }
        assert_eq!(said(b"abc bc", &["bc", "abc"]), "… …");
        // Cut in two by the end of what is shown, half of it would be left.
        let body = format!("{}hunter2{}", "x".repeat(297), "y".repeat(100));
        assert!(!said(body.as_bytes(), &["hunter2"]).contains("hu"));
    }
}
