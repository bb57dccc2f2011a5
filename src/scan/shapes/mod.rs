//! Names texts that are not JWTs: cookies of web frameworks, other token formats, and API keys. Only the look decides, so
//! messages say that a text has the form of a kind. Nothing here is verified.

mod sealed;
mod signed_value;

use self::Look::{Content, Prefix, Test};
use super::anchors::has_opaque_part;
use super::lenient_base64::decode_lenient;
use crate::core::token::base64url::is_symbol;

/// The kind of a text that is not a JWT, and the content that is readable without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The kind, as a noun with its article.
    pub(crate) name: &'static str,
    /// The content that can be read.
    pub(crate) content: ShapeContent,
}

/// The content of a text that can be read without a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShapeContent {
    /// The payload.
    pub(crate) payload: Option<String>,
    /// The time of issue, in seconds since 1970.
    pub(crate) issued: Option<u64>,
}

/// The way in which a kind of text is recognized.
enum Look {
    /// By a prefix, with at least as many token characters after it.
    Prefix(&'static str, usize),
    /// By any other test.
    Test(fn(&str) -> bool),
    /// By its content, which is read.
    Content(fn(&str) -> Option<ShapeContent>),
}

/// A row of the table of shapes.
struct Row(&'static str, Look);

/// The shapes, one a line. The first that fits gives the name.
#[rustfmt::skip]
const SHAPES: [Row; 64] = [
    Row("a Discord bot token", Test(is_discord)),
    Row("a value signed by Flask or itsdangerous", Content(signed_value::itsdangerous)),
    Row("a value signed by Django", Content(signed_value::django)),
    Row("a value signed by Rails", Content(signed_value::rails)),
    Row("a value encrypted by Rails", Test(signed_value::is_rails_encrypted)),
    Row("a value encrypted by Laravel (only the application with its APP_KEY can read it)", Test(signed_value::is_laravel_encrypted)),
    Row("a value sealed by iron-session or @hapi/iron (only the application with its password can read it)", Test(sealed::is_iron)),
    Row("an API token of Laravel Sanctum", Test(is_sanctum)),
    Row("a PASETO token", Content(sealed::paseto)),
    Row("a Fernet token", Content(sealed::fernet)),
    Row("a Branca token", Content(sealed::branca)),
    Row("a macaroon", Test(sealed::is_macaroon)),
    Row("a Biscuit token", Test(sealed::is_biscuit)),
    Row("a SAML message in Base64", Test(sealed::is_saml)),
    Row("a GitHub personal access token", Prefix("ghp_", 30)),
    Row("a GitHub personal access token (fine-grained)", Prefix("github_pat_", 40)),
    Row("a GitHub OAuth access token", Prefix("gho_", 30)),
    Row("a GitHub user token of an app", Prefix("ghu_", 30)),
    Row("a GitHub installation token of an app", Test(|text| after(text, "ghs_", 30) && !text.contains('.'))),
    Row("a GitHub refresh token of an app", Prefix("ghr_", 30)),
    Row("a GitLab personal access token", Prefix("glpat-", 18)),
    Row("a GitLab CI/CD job token", Prefix("glcbt-", 18)),
    Row("a GitLab deploy token", Prefix("gldt-", 18)),
    Row("a GitLab runner token", Prefix("glrt-", 18)),
    Row("an npm access token", Prefix("npm_", 30)),
    Row("a PyPI API token", Prefix("pypi-AgE", 40)),
    Row("a Slack bot token", Prefix("xoxb-", 10)),
    Row("a Slack user token", Prefix("xoxp-", 10)),
    Row("a Slack app token", Prefix("xapp-", 10)),
    Row("a Slack token", Test(|text| ["xoxa-", "xoxr-", "xoxe-", "xoxs-", "xoxe.xoxp-", "xoxe.xoxb-"].iter().any(|start| after(text, start, 10)))),
    Row("a secret key of Stripe (live)", Test(|text| after(text, "sk_live_", 16) || after(text, "rk_live_", 16))),
    Row("a secret key of Stripe (test)", Test(|text| after(text, "sk_test_", 16) || after(text, "rk_test_", 16))),
    Row("a webhook secret of Stripe", Prefix("whsec_", 24)),
    Row("a Google access token", Prefix("ya29.", 20)),
    Row("a Google refresh token", Prefix("1//0", 30)),
    Row("a Google OAuth client secret", Prefix("GOCSPX-", 24)),
    Row("a Google API key", Test(|text| text.len() == 39 && after(text, "AIza", 35))),
    Row("a Vault service token", Prefix("hvs.", 20)),
    Row("a Vault batch token", Prefix("hvb.", 20)),
    Row("a Vault recovery token", Prefix("hvr.", 20)),
    Row("an AWS access key ID", Test(|text| is_aws_key(text, "AKIA"))),
    Row("an AWS access key ID of a temporary credential", Test(|text| is_aws_key(text, "ASIA"))),
    Row("an AWS session token", Test(|text| ["FwoG", "IQoJ"].iter().any(|start| after(text, start, 100)) && decode_lenient(text).is_some())),
    Row("a SendGrid API key", Prefix("SG.", 60)),
    Row("a DigitalOcean token", Prefix("dop_v1_", 60)),
    Row("a Shopify access token", Test(|text| text.len() == 38 && after(text, "shpat_", 32))),
    Row("a Postman API key", Prefix("PMAK-", 50)),
    Row("a Linear API key", Prefix("lin_api_", 30)),
    Row("a Hugging Face access token", Prefix("hf_", 30)),
    Row("an Anthropic API key", Prefix("sk-ant-", 40)),
    Row("an OpenAI API key", Prefix("sk-proj-", 40)),
    Row("a Databricks access token", Test(|text| text.len() >= 36 && after(text, "dapi", 32) && text.bytes().skip(4).take(32).all(|byte| byte.is_ascii_hexdigit()))),
    Row("a Doppler token", Test(|text| ["dp.pt.", "dp.st.", "dp.ct."].iter().any(|start| after(text, start, 30)))),
    Row("a Grafana service account token", Prefix("glsa_", 32)),
    Row("a Cloudflare API token of Origin CA", Prefix("v1.0-", 140)),
    Row("a Docker Hub access token", Prefix("dckr_pat_", 24)),
    Row("a Mailgun API key", Test(|text| text.len() == 36 && after(text, "key-", 32) && text.bytes().skip(4).all(|byte| byte.is_ascii_hexdigit()))),
    Row("a Telegram bot token", Test(is_telegram)),
    Row("a refresh token of Microsoft Entra ID", Test(|text| (after(text, "0.A", 200) || after(text, "1.A", 200)) && text.split('.').count() >= 3)),
    Row("a refresh token of a Microsoft account", Test(|text| text.starts_with("M.") && text.len() >= 100 && text.get(2..8).is_some_and(|region| region.contains('_')))),
    Row("an opaque access token of a Microsoft account", Test(|text| ["EwA", "EwB", "EwC", "EwD"].iter().any(|start| after(text, start, 300)) && decode_lenient(text).is_some())),
    Row("a client secret of Microsoft Entra ID", Test(is_entra_secret)),
    Row("an Azure storage SAS", Test(|text| text.contains("sig=") && text.contains("sv=20") && text.contains("se="))),
    Row("an API token of Okta", Test(is_okta)),
];

/// Returns the name of every shape.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|Row(name, _)| *name)
}

/// The limit for texts with a shape, in bytes. Only SAML messages come near it.
const LONGEST: usize = 1 << 17;

/// Returns the shape of a word, or `None` if it has no known shape.
pub(crate) fn shape_of(word: &[u8]) -> Option<Shape> {
    if word.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(word).ok()?;
    SHAPES.iter().find_map(|Row(name, look)| {
        let content = match look {
            Prefix(prefix, rest) => after(text, prefix, *rest).then(ShapeContent::default),
            Test(test) => test(text).then(ShapeContent::default),
            Content(read) => read(text),
        };
        content.map(|content| Shape { name, content })
    })
}

/// Returns the shape of the first word in a text that has one, or that has one behind `NAME=` or `NAME:`.
pub(crate) fn shape_in(text: &[u8]) -> Option<Shape> {
    let value = |word: &[u8]| {
        let at = word.iter().position(|byte| b"=:".contains(byte))?;
        shape_of(word.get(at + 1..)?)
    };
    words(text).find_map(|word| shape_of(word).or_else(|| value(word)))
}

/// Reports whether a run has the shape of an API key with a dot in its prefix, and a part at which the scanner stops. It finds
/// other keys by their look.
pub(crate) fn has_dotted_prefix(run: &[u8]) -> bool {
    let has_prefix = |Row(_, look): &Row| match look {
        Prefix(prefix, rest) if prefix.contains('.') && run.starts_with(prefix.as_bytes()) => {
            std::str::from_utf8(run).is_ok_and(|text| after(text, prefix, *rest))
        }
        _ => false,
    };
    has_opaque_part(run) && SHAPES.iter().any(has_prefix)
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

fn is_aws_key(text: &str, prefix: &str) -> bool {
    text.len() == 20
        && text.starts_with(prefix)
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Reports whether a text is 42 characters that begin with `00`, with letters of both cases.
fn is_okta(text: &str) -> bool {
    let any = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    text.len() == 42
        && after(text, "00", 40)
        && !text.contains(['.', '=', '+', '/'])
        && any(u8::is_ascii_uppercase)
        && any(u8::is_ascii_lowercase)
}

/// Reports whether a text has three characters, a digit and the mark `Q~` before the rest, as secrets of Entra have.
fn is_entra_secret(text: &str) -> bool {
    let symbol = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    (37..=42).contains(&text.len())
        && text.bytes().all(symbol)
        && text.get(4..6) == Some("Q~")
        && text.as_bytes().get(3).is_some_and(u8::is_ascii_digit)
}

/// Reports whether a text is the number of a row, `|`, and 40 random characters, perhaps with a checksum of 8 digits.
fn is_sanctum(text: &str) -> bool {
    text.split_once('|').is_some_and(|(number, rest)| {
        let random = rest.as_bytes().get(..40).unwrap_or_default();
        let any = |kind: fn(&u8) -> bool| random.iter().any(kind);
        (1..=10).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && [40, 48].contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            // A digest of lower-case digits can stand in such a column, too.
            && any(u8::is_ascii_digit)
            && any(u8::is_ascii_lowercase)
            && any(u8::is_ascii_uppercase)
    })
}

/// Reports whether a text is the Base64 of the ID of a bot in decimal digits, a time and a MAC.
fn is_discord(text: &str) -> bool {
    let mut parts = text.split('.');
    let (Some(id), Some(time), Some(mac), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_id = |id: Vec<u8>| (17..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit);
    (6..=7).contains(&time.len())
        && (27..=38).contains(&mac.len())
        && [time, mac].iter().all(|part| part.bytes().all(is_symbol))
        && decode_lenient(id).is_some_and(is_id)
}

/// Reports whether a text is the number of a bot, `:AA` and 33 characters.
fn is_telegram(text: &str) -> bool {
    text.split_once(":AA").is_some_and(|(number, rest)| {
        (8..=10).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && rest.len() == 33
            && after(rest, "", 33)
    })
}

#[cfg(test)]
mod tests;
