//! Names files that hold no key: web pages, keystores, lists of URLs. Their content is not read.

use super::lookalike::key_in;
use super::secret::SecretFormat;
use crate::core::json::{self, Value};
use crate::core::token::base64url;

/// The shape of a file that holds no readable key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFileShape {
    /// A web page.
    Html,
    /// XML.
    Xml,
    /// A Java keystore.
    JavaKeystore,
    /// An SSH public key in the form of RFC 4716.
    Ssh2,
    /// A PEM whose BEGIN or END line does not have five hyphens on each side.
    Hyphens,
    /// JSON that names a URL of keys.
    KeysByUrl {
        /// The member.
        member: &'static str,
        /// The URL; not yet safe to show.
        url: String,
    },
    /// A text that may hold several secrets.
    Secrets {
        /// True if it is a JSON object, and false if it has several lines.
        in_json: bool,
    },
    /// A token.
    Token,
    /// A key in hexadecimal digits.
    HexKey,
    /// One line with a name before its value, as in a `.env` file.
    Named,
    /// Bytes that are not text, or a text that cannot be an HMAC secret.
    NoSecret,
}

/// A function that recognizes a shape.
type Recognize = fn(&[u8]) -> Option<KeyFileShape>;

/// Each shape, in the order in which they are tried.
const SHAPES: [Recognize; 11] = [
    |text| is_web_page(text).then_some(KeyFileShape::Html),
    |text| begins(text, &["<"]).then_some(KeyFileShape::Xml),
    |text| {
        (text.starts_with(b"\xFE\xED\xFE\xED") || text.starts_with(b"\xCE\xCE\xCE\xCE"))
            .then_some(KeyFileShape::JavaKeystore)
    },
    keys_by_url,
    |text| begins(text, &["---- begin ssh2 public key"]).then_some(KeyFileShape::Ssh2),
    |text| has_wrong_hyphens(text).then_some(KeyFileShape::Hyphens),
    secrets,
    |text| is_token(text).then_some(KeyFileShape::Token),
    |text| is_hex_key(text).then_some(KeyFileShape::HexKey),
    |text| is_named(text).then_some(KeyFileShape::Named),
    |text| (!could_be_secret(text) || holds_key(text)).then_some(KeyFileShape::NoSecret),
];

/// Returns the shape of a file that is not a key, or `None` for a text that could be a secret.
pub(super) fn shape(bytes: &[u8]) -> Option<KeyFileShape> {
    SHAPES.iter().find_map(|recognize| recognize(bytes))
}

/// Reports whether a text begins like a web page.
pub(crate) fn is_web_page(text: &[u8]) -> bool {
    begins(text, &["<!doctype html", "<html", "<head"])
}

/// Reports whether a text begins with one of these words, in any letter case.
pub(crate) fn begins(text: &[u8], beginnings: &[&str]) -> bool {
    let is_prefix =
        |word: &&str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    beginnings.iter().any(is_prefix)
}

fn keys_by_url(text: &[u8]) -> Option<KeyFileShape> {
    let value = text.starts_with(b"{").then(|| json::parse(text).ok()).flatten()?;
    ["jwks_uri", "jwk_url", "jwks_url", "client_x509_cert_url"].into_iter().find_map(|member| {
        match value.get(member)? {
            Value::String(url) => Some(KeyFileShape::KeysByUrl { member, url: url.to_string() }),
            _ => None,
        }
    })
}

/// Reports whether a BEGIN or END line of a key lacks one of its hyphens, or has other dashes.
fn has_wrong_hyphens(text: &[u8]) -> bool {
    // The limit keeps the time for a file of many BEGIN lines proportional to its length.
    const LONGEST_LABEL: usize = 64;
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let in_label = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ';
    ["BEGIN ", "END "].iter().flat_map(|word| text.match_indices(word)).any(|(at, word)| {
        let (before, after) = text.split_at(at);
        let Some(label) = after.strip_prefix(word) else { return false };
        let length = label.bytes().take(LONGEST_LABEL).take_while(in_label).count();
        let (label, after) = label.split_at(length);
        let is_label = ["KEY", "CERTIFICATE"].iter().any(|ending| label.trim_end().ends_with(ending));
        is_label && !(before.ends_with("-----") && after.starts_with("-----"))
    })
}

/// Recognizes a JSON object with a text in it, and a text of several lines that is no PEM.
fn secrets(text: &[u8]) -> Option<KeyFileShape> {
    const LONGEST: usize = 64 << 10;
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= LONGEST)?;
    if text.starts_with('{') {
        let holds_text =
            |value: &Value<'_>| value.members().iter().any(|member| member.value.as_str().is_some());
        let value = json::parse(text.as_bytes()).ok()?;
        let found = holds_text(&value) || value.members().iter().any(|member| holds_text(&member.value));
        return found.then_some(KeyFileShape::Secrets { in_json: true });
    }
    let is_text = !text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace());
    let is_other = text.starts_with(['[', '<']) || text.contains("BEGIN ");
    (is_text && !is_other && text.contains('\n')).then_some(KeyFileShape::Secrets { in_json: false })
}

/// Reports whether a text begins with the header of a token and a dot. A scheme or a quote may stand before it.
fn is_token(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let word = text
        .split_ascii_whitespace()
        .next_back()
        .unwrap_or_default()
        .trim_matches(['"', '\'', '`', ',', ';']);
    let Some((header, _)) = word.split_once('.').filter(|(header, _)| header.starts_with("ey")) else {
        return false;
    };
    let header = base64url::decode(header).unwrap_or_default();
    matches!(json::parse(&header), Ok(Value::Object(_)))
}

fn is_hex_key(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    SecretFormat::Hex.read(digits).is_ok_and(|bytes| key_in(bytes.expose()).is_some())
}

/// Reports whether a text is one line `NAME=value`, `export NAME=value` or `$env:NAME=value`. Base64 padding is no value.
fn is_named(text: &[u8]) -> bool {
    let Some(Ok(text)) = (!text.contains(&b'\n')).then(|| std::str::from_utf8(text)) else { return false };
    let Some((name, value)) = text.split_once('=') else { return false };
    let name = name.trim().rsplit([' ', ':']).next().unwrap_or_default();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name && !value.trim_matches('=').is_empty()
}

/// Reports whether a text holds a key in a form that `--key` does not take: percent-encoded, or a compressed point.
fn holds_key(text: &[u8]) -> bool {
    let is_escaped = text.windows(8).any(|window| matches!(window, b"BEGIN%20" | b"BEGIN+PU" | b"BEGIN+PR"));
    let is_point = SecretFormat::Base64
        .read(text)
        .is_ok_and(|point| point.expose().len() == 33 && matches!(point.expose().first(), Some(2 | 3)));
    is_escaped || is_point || key_in(text).is_some()
}

fn could_be_secret(text: &[u8]) -> bool {
    const LONGEST: usize = 1024;
    let is_text = std::str::from_utf8(text).is_ok_and(|text| !text.contains(|c: char| c.is_control()));
    is_text && text.len() <= LONGEST && !text.starts_with(b"{") && !text.starts_with(b"[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_java_keystores_of_both_kinds() {
        for magic in [b"\xFE\xED\xFE\xED", b"\xCE\xCE\xCE\xCE"] {
            let keystore = [&magic[..], b"\0\0\0\x02"].concat();
            assert_eq!(shape(&keystore), Some(KeyFileShape::JavaKeystore));
        }
    }

    #[test]
    fn tells_keys_tokens_and_named_values_from_secrets() {
        const BODY: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
        let hex = crate::core::text::hex::hex(SecretFormat::Base64.read(BODY.as_bytes()).unwrap().expose());
        for (text, expected) in [
            (&*hex, KeyFileShape::HexKey),
            (&hex.to_uppercase(), KeyFileShape::HexKey),
            (&format!("0x{hex}"), KeyFileShape::HexKey),
            (&format!("PUBLIC_KEY={BODY}"), KeyFileShape::Named),
            ("export SECRET='hunter2'", KeyFileShape::Named),
            ("$env:SECRET = \"hunter2\"", KeyFileShape::Named),
            ("-----BEGIN%20PUBLIC%20KEY-----%0AMCow", KeyFileShape::NoSecret),
            ("A2sX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW", KeyFileShape::NoSecret),
            ("eyJhbGciOiJIUzI1NiJ9.e30.AA", KeyFileShape::Token),
            ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.AA", KeyFileShape::Token),
            ("\"eyJhbGciOiJIUzI1NiJ9.e30\"", KeyFileShape::Token),
        ] {
            assert_eq!(shape(text.as_bytes()), Some(expected), "{text}");
        }
        for text in [
            "zebra-crossing-at-eleven-minutes",
            "3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKow=",
            "c2VjcmV0==",
            "a.b.c",
            "a=",
            "9b=c",
            "0123456789abcdef0123456789abcdef",
        ] {
            assert_eq!(shape(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn reads_a_file_of_many_begin_lines_in_linear_time() {
        assert_eq!(shape(b"-----BEGIN PUBLIC KEY---"), Some(KeyFileShape::Hyphens));
        assert_eq!(shape("BEGIN ".repeat(100_000).as_bytes()), Some(KeyFileShape::NoSecret));
    }

    #[test]
    fn lines_may_be_secrets_unless_they_are_json_or_a_pem() {
        for (text, expected) in [
            ("one\ntwo", KeyFileShape::Secrets { in_json: false }),
            ("one\u{1}\ntwo", KeyFileShape::NoSecret),
            ("[1,\n2]", KeyFileShape::NoSecret),
            ("-----BEGIN SECRET-----\nYWJj\n-----END SECRET-----", KeyFileShape::NoSecret),
        ] {
            assert_eq!(shape(text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_compressed_point_is_no_secret() {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;
        for (first, length, is_point) in
            [(2, 33, true), (3, 33, true), (9, 33, false), (2, 32, false), (3, 34, false)]
        {
            let text = STANDARD.encode([vec![first], vec![7; length - 1]].concat());
            let expected = is_point.then_some(KeyFileShape::NoSecret);
            assert_eq!(shape(text.as_bytes()), expected, "{first} {length}");
        }
    }
}
