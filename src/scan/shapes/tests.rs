//! One text for each row of the table of shapes, all made up.

use super::*;
use crate::core::token::base64url::{encode, encode_standard};

/// Returns a text of the shape with this name. A row without a text here fails the test below.
fn example(name: &str) -> String {
    let long = "EXAMPLE0aB".repeat(40);
    let of = |start: &str, length: usize| format!("{start}{}", long.get(..length).unwrap());
    let hex = "0123456789abcdef".repeat(4);
    match name {
        "a value signed by Flask or itsdangerous" => {
            "eyJ1c2VyX2lkIjoxNywidGhlbWUiOiJkYXJrIn0.aX3tlA.O4KOoiQTCRiBliBkSVdkDT1BOCs".to_owned()
        }
        "a value signed by Django" => {
            "eyJ1c2VyIjoxN30:1vm9cK:DeKX-5HPdw2LSE5C4ed3U4oPXtqDM-CrIM8gwWBSgI8".to_owned()
        }
        "a value signed by Rails" => {
            format!("{}--{}", encode_standard(br#"{"_rails":{"message":"x"}}"#), hex.get(..40).unwrap())
        }
        "a value encrypted by Rails" => {
            [40, 12, 16].map(|length| encode_standard(&vec![7; length])).join("--")
        }
        "a value encrypted by Laravel (only the application with its APP_KEY can read it)" => {
            encode_standard(br#"{"iv":"AAAAAAAAAAAAAAAAAAAAAA==","value":"AAAA","mac":"ab","tag":""}"#)
        }
        "a value sealed by iron-session or @hapi/iron (only the application with its password can read it)" =>
        {
            let salt = hex.get(..64).unwrap();
            format!("Fe26.2*1*{salt}*{}*{}*1769860800000*{salt}*{}~2", of("", 22), of("", 64), of("", 43))
        }
        "an API token of Laravel Sanctum" => of("17|", 40),
        "a Discord bot token" => "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs".to_owned(),
        "a PASETO token" => {
            format!("v4.public.{}", encode(format!("{{\"sub\":\"a\"}}{}", "!".repeat(64)).as_bytes()))
        }
        "a Fernet token" => {
            let mut bytes = vec![0x80, 0, 0, 0, 0, 0x69, 0x7d, 0xec, 0x68];
            bytes.extend([9; 64]);
            encode(&bytes)
        }
        "a Branca token" => {
            let mut bytes = vec![0xba, 0x69, 0x7d, 0xec, 0x68];
            bytes.extend([5; 45]);
            in_base62(&bytes)
        }
        "a macaroon" => {
            let mut bytes = vec![2, 1, 4];
            bytes.extend(b"site\x02\x01a\0\0\x06\x20");
            bytes.extend([8; 32]);
            encode(&bytes)
        }
        "a Biscuit token" => {
            let field =
                |number: u8, value: &[u8]| [&[number << 3 | 2, value.len() as u8][..], value].concat();
            let authority = [field(1, &[1; 20]), field(2, &[2; 10]), field(3, &[3; 64])].concat();
            encode(&[field(2, &authority), field(4, &[4; 20])].concat())
        }
        "a SAML message in Base64" => {
            encode_standard(br#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>"#)
        }
        "a GitHub personal access token" => of("ghp_", 36),
        "a GitHub personal access token (fine-grained)" => of("github_pat_", 60),
        "a GitHub OAuth access token" => of("gho_", 36),
        "a GitHub user token of an app" => of("ghu_", 36),
        "a GitHub installation token of an app" => of("ghs_", 36),
        "a GitHub refresh token of an app" => of("ghr_", 36),
        "a GitLab personal access token" => of("glpat-", 20),
        "a GitLab CI/CD job token" => of("glcbt-", 20),
        "a GitLab deploy token" => of("gldt-", 20),
        "a GitLab runner token" => of("glrt-", 20),
        "an npm access token" => of("npm_", 36),
        "a PyPI API token" => of("pypi-AgE", 60),
        "a Slack bot token" => of("xoxb-", 30),
        "a Slack user token" => of("xoxp-", 30),
        "a Slack app token" => of("xapp-", 30),
        "a Slack token" => of("xoxe.xoxp-", 30),
        "a secret key of Stripe (live)" => of("sk_live_", 24),
        "a secret key of Stripe (test)" => of("rk_test_", 24),
        "a webhook secret of Stripe" => of("whsec_", 32),
        "a Google access token" => of("ya29.", 60),
        "a Google refresh token" => of("1//0", 60),
        "a Google OAuth client secret" => of("GOCSPX-", 28),
        "a Google API key" => of("AIza", 35),
        "a Vault service token" => of("hvs.", 30),
        "a Vault batch token" => of("hvb.", 30),
        "a Vault recovery token" => of("hvr.", 30),
        "an AWS access key ID" => "AKIAEXAMPLEEXAMPLE00".to_owned(),
        "an AWS access key ID of a temporary credential" => "ASIAEXAMPLEEXAMPLE00".to_owned(),
        "an AWS session token" => of("FwoG", 120),
        "a SendGrid API key" => of("SG.", 66),
        "a DigitalOcean token" => format!("dop_v1_{hex}"),
        "a Shopify access token" => of("shpat_", 32),
        "a Postman API key" => of("PMAK-", 59),
        "a Linear API key" => of("lin_api_", 40),
        "a Hugging Face access token" => of("hf_", 34),
        "an Anthropic API key" => of("sk-ant-", 90),
        "an OpenAI API key" => of("sk-proj-", 90),
        "a Databricks access token" => format!("dapi{}", hex.get(..32).unwrap()),
        "a Doppler token" => of("dp.pt.", 43),
        "a Grafana service account token" => of("glsa_", 41),
        "a Cloudflare API token of Origin CA" => of("v1.0-", 150),
        "a Docker Hub access token" => of("dckr_pat_", 27),
        "a Mailgun API key" => format!("key-{}", hex.get(..32).unwrap()),
        "a Telegram bot token" => format!("123456789:AA{}", long.get(..33).unwrap()),
        "a refresh token of Microsoft Entra ID" => {
            format!("{}.AgA{}", of("0.AX", 50), long.get(..200).unwrap())
        }
        "a refresh token of a Microsoft account" => of("M.C507_BAY.2.U.-", 120),
        "an opaque access token of a Microsoft account" => of("EwBo", 400),
        "a client secret of Microsoft Entra ID" => of("Ab18Q~", 34),
        "an Azure storage SAS" => "sv=2022-11-02&se=2026-02-01&sr=b&sp=r&sig=AbCd%3D".to_owned(),
        "an API token of Okta" => of("00", 40),
        other => panic!("{other} has no example"),
    }
}

/// Encodes bytes as one number in base 62.
fn in_base62(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let (mut number, mut text) = (bytes.to_vec(), Vec::new());
    while number.iter().any(|&byte| byte > 0) {
        let mut rest = 0;
        for byte in &mut number {
            let value = rest << 8 | u32::from(*byte);
            *byte = (value / 62) as u8;
            rest = value % 62;
        }
        text.insert(0, DIGITS[rest as usize]);
    }
    String::from_utf8(text).unwrap()
}

#[test]
fn each_row_names_its_example() {
    for Row(name, _) in SHAPES {
        let text = example(name);
        let shape = shape_of(text.as_bytes());
        assert_eq!(shape.map(|shape| shape.name), Some(name), "{text}");
    }
}

#[test]
fn does_not_name_jwts_or_usual_words() {
    for text in [
        "",
        "hello",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln",
        "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877",
        "87654321876543218765432187654321876543218765432187654321876543218765432187654321",
        "2b201e1b-af44-41b7-9fa5-d5e5e370e685",
        "https://user:AAAAAAAAAAAAAAAA@example.com/",
        "17|854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877",
        "Fe26.2*1*a*b",
        "eyJpdiI6MX0",
        "eyJpdiI6IkEiLCJ2YWx1ZSI6IkEifQ==",
    ] {
        assert_eq!(shape_of(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn reads_payload_and_date() {
    let read = |text: &str| {
        let content = shape_of(text.as_bytes()).unwrap().content;
        (content.payload.unwrap_or_default(), content.issued.unwrap_or_default())
    };
    for (text, payload, issued) in [
        (
            &*example("a value signed by Flask or itsdangerous"),
            r#"{"user_id":17,"theme":"dark"}"#,
            1_769_860_500,
        ),
        (
            ".eJyrViotTi2Kz0xRsjI011FKTiwqUbKKVkqkMlCKrQUA01kmag.aX3tlA.x6GEEKtwZV7TE0P35-niiCC5sOc",
            &*format!(r#"{{"user_id":17,"cart":["{}"]}}"#, "a".repeat(80)),
            1_769_860_500,
        ),
        (&*example("a value signed by Django"), r#"{"user":17}"#, 1_769_860_700),
        (
            ".eJyrViotTi1SsjI011GqULJSqqQAKNUCANWzIWA:1vm9cK:Lttn3i7HtWKHf9qu16ra6_PPgtePQ6Ojc0RntgZOjTc",
            &*format!(r#"{{"user":17,"x":"{}"}}"#, "y".repeat(60)),
            1_769_860_700,
        ),
        (&*example("a Fernet token"), "", 1_769_860_200),
        (&*example("a PASETO token"), r#"{"sub":"a"}"#, 0),
        (&*example("a value signed by Rails"), r#"{"_rails":{"message":"x"}}"#, 0),
        (&*example("a Branca token"), "", 1_769_860_200),
    ] {
        assert_eq!(read(text), (payload.to_owned(), issued), "{text}");
    }
}

#[test]
fn names_a_value_of_laravel_in_every_spelling_of_its_padding() {
    let text = example("a value encrypted by Laravel (only the application with its APP_KEY can read it)");
    assert!(text.ends_with('='), "{text}");
    for text in [text.replace('=', "%3D"), text.trim_end_matches('=').to_owned(), text] {
        assert!(signed_value::is_laravel_encrypted(&text), "{text}");
    }
}

#[test]
fn tells_a_token_of_discord_from_a_signed_number() {
    let name = |id: &[u8]| {
        let text = format!("{}.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", encode(id));
        shape_of(text.as_bytes()).map(|shape| shape.name)
    };
    assert_eq!(name(b"19862248347192524"), Some("a Discord bot token"));
    assert_eq!(name(b"123456"), Some("a value signed by Flask or itsdangerous"));
}
