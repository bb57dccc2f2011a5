//! Names files that hold no key: web pages, keystores, lists of URLs. Their content is not read.

use crate::core::json::{self, Value};

/// The shape of a file that holds no readable key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFileShape {
    /// A web page.
    Html,
    /// XML.
    Xml,
    /// A Java keystore.
    JavaKeystore,
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
    /// Bytes that are not text, or a text that cannot be an HMAC secret.
    NoSecret,
}

/// A function that recognizes a shape.
type Recognize = fn(&[u8]) -> Option<KeyFileShape>;

/// Each shape, in the order in which they are tried.
const SHAPES: [Recognize; 7] = [
    |text| begins(text, &["<!doctype html", "<html", "<head"]).then_some(KeyFileShape::Html),
    |text| begins(text, &["<"]).then_some(KeyFileShape::Xml),
    |text| {
        (text.starts_with(b"\xFE\xED\xFE\xED") || text.starts_with(b"\xCE\xCE\xCE\xCE"))
            .then_some(KeyFileShape::JavaKeystore)
    },
    keys_by_url,
    |text| has_wrong_hyphens(text).then_some(KeyFileShape::Hyphens),
    secrets,
    |text| (!could_be_secret(text)).then_some(KeyFileShape::NoSecret),
];

/// Returns the shape of a file that is not a key, or `None` for a text that could be a secret.
pub(super) fn shape(bytes: &[u8]) -> Option<KeyFileShape> {
    SHAPES.iter().find_map(|recognize| recognize(bytes))
}

fn begins(text: &[u8], beginnings: &[&str]) -> bool {
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

fn could_be_secret(text: &[u8]) -> bool {
    const LONGEST: usize = 1024;
    let is_text = std::str::from_utf8(text).is_ok_and(|text| !text.contains(|c: char| c.is_control()));
    is_text && text.len() <= LONGEST && !text.starts_with(b"{") && !text.starts_with(b"[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_file_of_many_begin_lines_in_linear_time() {
        assert_eq!(shape(b"-----BEGIN PUBLIC KEY---"), Some(KeyFileShape::Hyphens));
        assert_eq!(shape("BEGIN ".repeat(100_000).as_bytes()), Some(KeyFileShape::NoSecret));
    }
}
