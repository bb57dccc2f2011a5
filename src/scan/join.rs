//! Joins a token that is broken over lines, or has white space or invisible characters in it (`--join`). Characters that are
//! visible are never removed.

use super::extract::extract;
use super::extracted::Extracted;
use super::names::is_scheme;
use super::pick::{PickError, Preference};
use super::strip::strip;
use super::unwrap::is_token;
use crate::core::encryption::algorithm::ContentAlgorithm;
use crate::core::json::{self, Value};
use crate::core::text::space::is_space;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::base64url;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::Compact;
use memchr::memmem;

/// The longest text that is joined for a hint alone. No token in use is longer.
const LONGEST: usize = 1 << 16;

/// Returns a text without the white space inside a token. The entries of a list such as `access_token : eyJ…` stay apart.
pub(crate) fn joined(text: &[u8]) -> Vec<u8> {
    let text = strip(text);
    let Ok(text) = std::str::from_utf8(text) else {
        return text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    };
    let mut joined = String::with_capacity(text.len());
    let is_list = !text.starts_with(['{', '[']) && text.lines().filter(|line| is_labelled(line)).count() > 1;
    for (index, line) in text.lines().enumerate() {
        if is_list && index > 0 && is_labelled(line) {
            joined.push('\n');
        }
        for word in line.split(is_space) {
            joined.push_str(word);
            // `Bearer` and the token behind it are two words.
            if is_scheme(word) {
                joined.push(' ');
            }
        }
    }
    joined.into_bytes()
}

/// Reports whether a text without a token holds one that is whole as soon as it is joined, perhaps one of several.
pub(super) fn is_joinable(token: &[u8], pasted: &[u8]) -> bool {
    const MOST: usize = 10;
    [token, pasted].into_iter().any(|text| {
        let is_broken = std::str::from_utf8(text).is_ok_and(|text| text.contains(is_space));
        if !is_broken || text.len() > LONGEST {
            return false;
        }
        let joined = joined(text);
        let is_joined = |found: Extracted<'_>| {
            is_token(&found.token) && is_sound(&found.token) && memmem::find(text, &found.token).is_none()
        };
        let picked = |number: usize| extract(&joined, Some(&number.to_string()), Preference::None);
        match extract(&joined, None, Preference::None) {
            Err(PickError::Several(names)) => {
                (1..=names.len().min(MOST)).any(|number| picked(number).is_ok_and(is_joined))
            }
            found => found.is_ok_and(is_joined),
        }
    })
}

/// Reports whether a line begins with a name and a colon or an equals sign, as in the output of PowerShell and in YAML.
fn is_labelled(line: &str) -> bool {
    const LONGEST_NAME: usize = 40;
    line.split_once([':', '=']).is_some_and(|(name, value)| {
        let name = name.trim();
        (1..=LONGEST_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            // Padding at the end of a line is not an equals sign, and a URL has no blank behind its colon.
            && value.starts_with(|c: char| c.is_whitespace() || (line.contains('=') && c != '='))
    })
}

/// Reports whether a text is a token of Base64url whose signature or tag has the length of its algorithm.
fn is_sound(text: &[u8]) -> bool {
    match Compact::parse(text, text.len()) {
        Ok(Compact::Jws { header, payload, signature, .. }) => {
            let (Ok(_), Ok(signature)) = (&payload.decoded, &signature.decoded) else { return false };
            let Ok(header) = JoseHeader::parse(header.bytes()) else { return false };
            let algorithm = header.alg().ok().and_then(|name| name.parse::<Algorithm>().ok());
            algorithm.and_then(Algorithm::signature_bytes).is_none_or(|length| length == signature.len())
        }
        Ok(Compact::Jwe { text, header, .. }) => {
            let segments: Option<Vec<_>> = text.split('.').map(|part| base64url::decode(part).ok()).collect();
            let tag = segments.and_then(|mut segments| segments.pop()).unwrap_or_default();
            let Ok(Value::Object(members)) = json::parse(header.bytes()) else { return false };
            let content = json::find(&members, "enc").and_then(Value::as_str);
            let content = content.and_then(|name| name.parse::<ContentAlgorithm>().ok());
            content.is_some_and(|content| content.tag_bytes() == tag.len())
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.";
    const JWE: &str =
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXYaXYaXYaXYaXYa.Y3RjdGN0.AAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn joins_what_invisible_characters_and_line_breaks_divide() {
        for token in [JWT, JWE] {
            let (head, tail) = token.split_at(25);
            for between in
                ["\n", "\r\n    ", " ", "\u{a0}", "\u{ad}", "\u{200b}", "\u{202f}", "\u{2060}", "\u{feff}"]
            {
                for (before, after) in [
                    ("", ""),
                    ("token: ", ""),
                    ("token: Bearer ", "\n"),
                    ("Authorization: Bearer ", ""),
                    ("Authorization: Bearer ", "\nHost: a.example\nAccept: text/html"),
                    ("{\"access_token\":\"", "\"}"),
                    ("access_token : ", "\ntoken_type   : Bearer\nexpires_in   : 3600"),
                    ("token_type=Bearer\naccess_token=", "\nexpires_in=3600"),
                ] {
                    let text = format!("{before}{head}{between}{tail}{after}");
                    let text = text.as_bytes();
                    let joined = joined(text);
                    let found =
                        extract(&joined, None, Preference::None).map(|found| found.token.into_owned());
                    assert_eq!(found.as_deref(), Ok(token.as_bytes()), "{}", String::from_utf8_lossy(text));
                    assert!(is_joinable(text, text), "{}", String::from_utf8_lossy(text));
                }
            }
        }
    }

    #[test]
    fn says_that_one_of_several_tokens_can_be_joined() {
        let (head, tail) = JWT.split_at(25);
        let text = format!("{{\"access_token\":\"{head}\n{tail}\",\"refresh_token\":\"{JWE}\"}}");
        assert!(is_joinable(text.as_bytes(), text.as_bytes()));
        let text = text.replace('\n', "");
        assert!(!is_joinable(text.as_bytes(), text.as_bytes()));
    }

    #[test]
    fn joins_no_text_that_holds_no_whole_token() {
        for text in [
            "",
            "a b",
            "see the token eyJ and more",
            JWT,
            &format!("see {JWT} there"),
            &format!("token: {JWT}"),
            &JWE.replace("Jkai", " "),
            &JWE.replace('.', " "),
        ] {
            assert!(!is_joinable(text.as_bytes(), text.as_bytes()), "{text}");
        }
    }
}
