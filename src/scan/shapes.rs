//! Names texts that are no JWTs by their shape: cookies of web frameworks, other token formats, and API keys. The look
//! alone decides, so a sentence says what a text has the form of. Nothing here is verified.

use crate::core::token::base64url;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// A kind of text that is not a JWT.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// The kind, as a noun with its article.
    pub(crate) name: &'static str,
    /// Reports whether a word has this shape.
    test: fn(&str) -> bool,
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Shape {}

/// The shapes, one a line. The first that fits gives the name.
#[rustfmt::skip]
const SHAPES: [Shape; 38] = [
    Shape { name: "a value signed by Flask or itsdangerous", test: is_itsdangerous },
    Shape { name: "a value signed by Django", test: is_django },
    Shape { name: "a PASETO token", test: |text| is_paseto(text) },
    Shape { name: "a Fernet token", test: |text| text.starts_with("gAAAA") && decoded(text).is_some_and(|bytes| bytes.len() >= 73) },
    Shape { name: "a macaroon", test: is_macaroon },
    Shape { name: "a Biscuit token", test: |text| after(text, "biscuit:", 40) },
    Shape { name: "a SAML message in Base64", test: is_saml },
    Shape { name: "a value signed by Rails", test: is_rails_signed },
    Shape { name: "a value encrypted by Rails", test: is_rails_encrypted },
    Shape { name: "a GitHub personal access token", test: |text| after(text, "ghp_", 30) },
    Shape { name: "a GitHub personal access token (fine-grained)", test: |text| after(text, "github_pat_", 40) },
    Shape { name: "a GitHub OAuth access token", test: |text| after(text, "gho_", 30) },
    Shape { name: "a GitHub user token of an app", test: |text| after(text, "ghu_", 30) },
    Shape { name: "a GitHub installation token of an app", test: |text| after(text, "ghs_", 30) && !text.contains('.') },
    Shape { name: "a GitHub refresh token of an app", test: |text| after(text, "ghr_", 30) },
    Shape { name: "a GitLab personal access token", test: |text| after(text, "glpat-", 18) },
    Shape { name: "a GitLab CI/CD job token", test: |text| after(text, "glcbt-", 18) },
    Shape { name: "an npm access token", test: |text| after(text, "npm_", 30) },
    Shape { name: "a PyPI API token", test: |text| after(text, "pypi-AgE", 40) },
    Shape { name: "a Slack bot token", test: |text| after(text, "xoxb-", 10) },
    Shape { name: "a Slack user token", test: |text| after(text, "xoxp-", 10) },
    Shape { name: "a Slack app token", test: |text| after(text, "xapp-", 10) },
    Shape { name: "a Slack token", test: |text| ["xoxa-", "xoxr-", "xoxe-", "xoxs-", "xoxe.xoxp-", "xoxe.xoxb-"].iter().any(|start| after(text, start, 10)) },
    Shape { name: "a secret key of Stripe (live)", test: |text| after(text, "sk_live_", 16) || after(text, "rk_live_", 16) },
    Shape { name: "a secret key of Stripe (test)", test: |text| after(text, "sk_test_", 16) || after(text, "rk_test_", 16) },
    Shape { name: "a Google access token", test: |text| after(text, "ya29.", 20) },
    Shape { name: "a Google refresh token", test: |text| after(text, "1//0", 30) },
    Shape { name: "a Google API key", test: |text| after(text, "AIza", 35) },
    Shape { name: "a Vault service token", test: |text| after(text, "hvs.", 20) },
    Shape { name: "a Vault batch token", test: |text| after(text, "hvb.", 20) },
    Shape { name: "a Vault recovery token", test: |text| after(text, "hvr.", 20) },
    Shape { name: "an AWS access key ID", test: |text| is_aws_key(text, "AKIA") },
    Shape { name: "an AWS access key ID of a temporary credential", test: |text| is_aws_key(text, "ASIA") },
    Shape { name: "an AWS session token", test: |text| ["FwoG", "IQoJ"].iter().any(|start| after(text, start, 100)) && decoded(text).is_some() },
    Shape { name: "a SendGrid API key", test: |text| after(text, "SG.", 60) },
    Shape { name: "a DigitalOcean token", test: |text| after(text, "dop_v1_", 60) },
    Shape { name: "a refresh token of Microsoft Entra ID", test: |text| (after(text, "0.A", 200) || after(text, "1.A", 200)) && text.split('.').count() >= 3 },
    Shape { name: "a Branca token", test: is_branca },
];

/// Returns the name of every shape.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHAPES.into_iter().map(|shape| shape.name)
}

/// Returns the shape of a word, or `None` if it has no known shape.
pub(crate) fn shape_of(word: &[u8]) -> Option<Shape> {
    let text = std::str::from_utf8(word).ok()?;
    SHAPES.into_iter().find(|shape| (shape.test)(text))
}

/// Returns the shape of the first word in a text that has one.
pub(crate) fn shape_in(text: &[u8]) -> Option<Shape> {
    words(text).find_map(shape_of)
}

/// Reports whether the first bytes of a run are those of an API key with a fixed prefix and a dot in it. The scanner
/// finds the other keys by their look.
pub(crate) fn has_dotted_prefix(run: &[u8]) -> bool {
    [&b"ya29."[..], b"hvs.", b"hvb.", b"hvr."].iter().any(|prefix| run.starts_with(prefix))
}

/// Splits a text at characters that stand around a token.
pub(crate) fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| byte.is_ascii_whitespace() || b"\"'`<>(){}[],;".contains(byte))
        .filter(|word| !word.is_empty())
}

/// Reports whether `rest` or more characters of a token follow a prefix.
fn after(text: &str, prefix: &str, rest: usize) -> bool {
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.=+/".contains(&byte);
    text.strip_prefix(prefix).is_some_and(|tail| tail.len() >= rest && tail.bytes().all(in_token))
}

/// Decodes Base64 of either alphabet, with or without padding, and with any line breaks.
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let standard: String = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    LENIENT.decode(standard).ok().filter(|bytes| !bytes.is_empty())
}

/// Reports whether the last two parts are a time stamp and a MAC, and the first is a payload that is no JOSE header.
fn is_itsdangerous(text: &str) -> bool {
    let compressed = text.strip_prefix('.');
    let parts: Vec<&str> = compressed.unwrap_or(text).split('.').collect();
    let [payload, time, mac] = parts[..] else { return false };
    let is_time = base64url::decode(time).is_ok_and(|bytes| (4..=5).contains(&bytes.len()));
    let is_mac = base64url::decode(mac).is_ok_and(|bytes| [20, 32, 48, 64].contains(&bytes.len()));
    let is_payload = match (compressed, base64url::decode(payload)) {
        (Some(_), Ok(bytes)) => bytes.first() == Some(&0x78),
        (None, Ok(bytes)) => {
            let starts = matches!(bytes.first(), Some(b'{' | b'[' | b'"' | b'0'..=b'9' | b'n' | b't' | b'f'));
            starts && !super::shape::is_header(payload.as_bytes())
        }
        (_, Err(_)) => false,
    };
    is_time && is_mac && is_payload
}

/// Reports whether a text is `payload:time:mac`, as `django.core.signing` writes it.
fn is_django(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let [payload, time, mac] = parts[..] else { return false };
    let is_time = (5..=8).contains(&time.len()) && time.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_mac = base64url::decode(mac).is_ok_and(|bytes| [20, 32].contains(&bytes.len()));
    let payload = payload.strip_prefix('.').unwrap_or(payload);
    is_time && is_mac && !payload.is_empty() && payload.bytes().all(base64url::is_symbol)
}

fn is_paseto(text: &str) -> bool {
    let mut parts = text.split('.');
    let version = matches!(parts.next(), Some("v1" | "v2" | "v3" | "v4"));
    let purpose = matches!(parts.next(), Some("public" | "local"));
    version && purpose && parts.next().is_some_and(|body| body.len() >= 20) && parts.count() <= 1
}

/// Reports whether a text is a macaroon: packets of version 1 begin with their length, and version 2 with its number.
fn is_macaroon(text: &str) -> bool {
    let Some(bytes) = decoded(text) else { return false };
    let first = bytes.get(4..13).is_some_and(|name| name == b"location " || name == b"identifie");
    let length = bytes.get(..4).is_some_and(|length| length.iter().all(u8::is_ascii_hexdigit));
    // Version 2: the field `location` (1) or `identifier` (2), and the field `signature` (6) of 32 bytes at the end.
    let signature = bytes.len().checked_sub(34).and_then(|at| bytes.get(at..at + 2)) == Some(&[6, 32]);
    (first && length) || (matches!(bytes.first_chunk(), Some([2, 1 | 2])) && signature)
}

fn is_saml(text: &str) -> bool {
    if !text.starts_with("PD")
        && !text.starts_with("PHN")
        && !text.starts_with("PEF")
        && !text.starts_with("PFJ")
    {
        return false;
    }
    let Some(bytes) = decoded(text) else { return false };
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(2000)).unwrap_or_default()).into_owned();
    start.starts_with('<') && start.contains("urn:oasis:names:tc:SAML:")
}

/// Reports whether a text is `base64--hexadecimal MAC`.
fn is_rails_signed(text: &str) -> bool {
    let text = text.replace("%3D", "=");
    text.rsplit_once("--").is_some_and(|(payload, mac)| {
        [40, 64].contains(&mac.len())
            && mac.bytes().all(|byte| byte.is_ascii_hexdigit())
            && decoded(payload).is_some()
    })
}

/// Reports whether a text is a ciphertext, a nonce of 12 bytes and a tag of 16 bytes.
fn is_rails_encrypted(text: &str) -> bool {
    let text = text.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let parts: Vec<Option<Vec<u8>>> = text.split("--").map(decoded).collect();
    matches!(&parts[..], [Some(_), Some(nonce), Some(tag)] if nonce.len() == 12 && tag.len() == 16)
}

fn is_aws_key(text: &str, prefix: &str) -> bool {
    text.len() == 20
        && text.starts_with(prefix)
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Reports whether a text is Base62 of a version byte `0xBA`, which the first characters `87` show at usual lengths.
fn is_branca(text: &str) -> bool {
    (60..=400).contains(&text.len())
        && text.starts_with("87")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_texts_by_their_shape() {
        for (text, name) in [
            ("eyJ1c2VyX2lkIjoxNywidGhlbWUiOiJkYXJrIn0.aX3tlA.O4KOoiQTCRiBliBkSVdkDT1BOCs", "Flask"),
            ("eyJ1c2VyIjoxN30:1vm9cK:DeKX-5HPdw2LSE5C4ed3U4oPXtqDM-CrIM8gwWBSgI8", "Django"),
            ("v2.public.eyJzdWIiOiJ1c2VyLTE3In0xMTExMTExMTEx", "PASETO"),
            ("ya29.EXAMPLEEXAMPLE0EXAMPLE0EXAMPLE", "Google"),
            ("glpat-EXAMPLE0EXAMPLE0EXAM", "GitLab"),
            ("hvs.EXAMPLEEXAMPLE0EXAMPLE0EXAMPLE0", "Vault"),
        ] {
            assert!(shape_of(text.as_bytes()).unwrap().name.contains(name), "{text}");
        }
        for text in [
            "",
            "hello",
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln",
            "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877",
        ] {
            assert_eq!(shape_of(text.as_bytes()), None, "{text}");
        }
    }
}
