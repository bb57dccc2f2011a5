//! Gives an encrypted token one flaw of its encryption. This file judges nothing.

use super::baseline::NotApplicable;
use super::change;
use super::table::Flaw;
use crate::core::encryption::new_key::another_key;
use crate::core::encryption::{Encrypter, EncryptionSettings};
use crate::core::json::{self, Member, Value};
use crate::core::mint::encoding::encode_header;
use crate::core::token::base64url;

/// The number of blanks in a token that grows when it is decompressed.
pub(super) const BOMB: usize = 200_000;

/// The number of PBES2 iterations that no verifier should compute.
const ITERATIONS: i64 = 2_000_000_000;

/// Builds an encrypted token with a flaw. `token` is the signed token and `payload` its claims. `long` makes a signed token
/// that compresses well.
pub(super) fn flawed(
    flaw: &Flaw,
    encrypter: &Encrypter,
    token: &str,
    payload: &[u8],
    random: &[u8; 128],
    long: impl FnOnce() -> Result<String, NotApplicable>,
) -> Result<String, NotApplicable> {
    let valid = || encrypter.encrypt_token(token);
    Ok(match flaw {
        Flaw::JweTamperedTag => with_other_tag(&valid()?),
        Flaw::JweTamperedHeader => with_header(&valid()?, |header| {
            header.push(Member::new(change::unused_name(header, "tampered"), Value::Bool(true)));
        }),
        Flaw::JweUnsigned => encrypter.encrypt(payload)?,
        Flaw::JweWrongKey => {
            let other = another_key(encrypter.key()).map_err(NotApplicable::NoOtherKey)?;
            Encrypter::new(&other, encrypter.settings().clone())?.encrypt_token(token)?
        }
        Flaw::JweZipBomb => {
            let settings = EncryptionSettings { compresses: true, ..encrypter.settings().clone() };
            Encrypter::new(encrypter.key(), settings)?.encrypt_token(&long()?)?
        }
        Flaw::JweP2cHuge => with_huge_p2c(&valid()?, encrypter.content().key_bytes() + 8, random),
        Flaw::JweInvalidCurve => with_invalid_point(&valid()?, random),
        _ => valid()?,
    })
}

/// Returns the header of an encrypted token that was made here.
pub(super) fn header(token: &str) -> Vec<Member<'static>> {
    let segment = token.split('.').next().unwrap_or_default();
    let header = base64url::decode(segment).unwrap_or_default();
    json::parse(&header).map(|header| header.into_owned().members().to_vec()).unwrap_or_default()
}

/// Changes the header, and leaves the rest as it is.
fn with_header(token: &str, change: impl FnOnce(&mut Vec<Member<'static>>)) -> String {
    let mut members = header(token);
    change(&mut members);
    let rest = token.split_once('.').map_or("", |(_, rest)| rest);
    format!("{}.{rest}", encode_header(&members))
}

/// Replaces the encrypted key.
fn with_encrypted_key(token: &str, key: &[u8]) -> String {
    let mut segments: Vec<&str> = token.split('.').collect();
    let key = base64url::encode(key);
    if let Some(segment) = segments.get_mut(1) {
        *segment = &key;
    }
    segments.join(".")
}

/// Changes a bit of the last segment.
fn with_other_tag(token: &str) -> String {
    let (input, tag) = token.rsplit_once('.').unwrap_or((token, ""));
    let mut tag = base64url::decode(tag).unwrap_or_default();
    if let Some(byte) = tag.first_mut() {
        *byte ^= 1;
    }
    format!("{input}.{}", base64url::encode(&tag))
}

/// Demands a password and many iterations (RFC 7518 section 4.8.1.2). A verifier refuses before it derives a key.
fn with_huge_p2c(token: &str, encrypted_key: usize, random: &[u8; 128]) -> String {
    let token = with_header(token, |header| {
        header.retain(|member| !["epk", "apu", "apv", "iv", "tag", "p2s"].contains(&&*member.name));
        change::set(header, "alg", Value::string("PBES2-HS256+A128KW"));
        let (salt, _) = random.split_at(16);
        header.push(Member::new("p2s", Value::string(base64url::encode(salt))));
        change::set(header, "p2c", Value::integer(ITERATIONS));
    });
    with_encrypted_key(&token, random.get(..encrypted_key).unwrap_or(random))
}

/// Moves the ephemeral key off its curve. A token without one gets a point on no curve, and ECDH-ES.
fn with_invalid_point(token: &str, random: &[u8; 128]) -> String {
    let moved = |epk: &Value<'static>| {
        let y = epk.get("y").and_then(Value::as_str).and_then(|y| base64url::decode(y).ok())?;
        let mut members = epk.members().to_vec();
        let y = y.iter().enumerate().map(|(index, byte)| if index + 1 == y.len() { byte ^ 1 } else { *byte });
        change::set(&mut members, "y", Value::string(base64url::encode(&y.collect::<Vec<u8>>())));
        Some(Value::Object(members))
    };
    if let Some(epk) = json::find(&header(token), "epk").and_then(moved) {
        return with_header(token, |header| change::set(header, "epk", epk));
    }
    let (x, rest) = random.split_at(32);
    let (y, _) = rest.split_at(32);
    let coordinate =
        |name: &'static str, bytes: &[u8]| Member::new(name, Value::string(base64url::encode(bytes)));
    let name = |name: &'static str, text: &'static str| Member::new(name, Value::string(text));
    let epk = vec![name("kty", "EC"), name("crv", "P-256"), coordinate("x", x), coordinate("y", y)];
    let token = with_header(token, |header| {
        header.retain(|member| !["iv", "tag", "p2s", "p2c", "epk"].contains(&&*member.name));
        change::set(header, "alg", Value::string("ECDH-ES"));
        header.push(Member::new("epk", Value::Object(epk)));
    });
    with_encrypted_key(&token, &[])
}
