//! Minting one token: header and payload in, compact serialization out.

use crate::core::json::{Member, Value, write_object};
use crate::core::key::{Signer, Unusable};
use crate::core::text::escape::Escapes;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::base64url;
use crate::core::token::jws::SigningInput;

/// Parameters that only the signer itself may write: a caller who sets them says something untrue.
pub const RESERVED_PARAMETERS: [&str; 3] = ["alg", "crit", "b64"];

/// A JOSE Header for a new token: `alg`, `kid` and `typ` in the order PyJWT writes them, then the others as given.
/// A `kid` or `typ` among the others takes the place of its own.
#[must_use]
pub fn header(
    algorithm: Algorithm,
    kid: Option<&str>,
    typ: Option<&str>,
    others: Vec<Member<'static>>,
) -> Vec<Member<'static>> {
    let mut members = vec![Member::new("alg", Value::string(algorithm.name()))];
    for (name, value) in [("kid", kid), ("typ", typ)] {
        if let Some(value) = value.filter(|_| others.iter().all(|other| other.name != name)) {
            members.push(Member::new(name, Value::string(value.to_owned())));
        }
    }
    members.extend(others);
    members
}

/// Signs a header and the bytes of a payload.
///
/// # Errors
/// [`Unusable`] if the key refuses.
pub fn sign(header: &[Member<'_>], payload: &[u8], signer: &Signer) -> Result<String, Unusable> {
    sign_behind(&encode_header(header), payload, signer)
}

/// The first segment of a token with this header.
#[must_use]
pub fn encode_header(header: &[Member<'_>]) -> String {
    base64url::encode(to_json(header, Escapes::Needed).as_bytes())
}

/// Signs the bytes of a payload behind a header that is encoded already, for it may stand before many.
///
/// # Errors
/// [`Unusable`] if the key refuses.
pub fn sign_behind(header: &str, payload: &[u8], signer: &Signer) -> Result<String, Unusable> {
    let mut token = [header, ".", &base64url::encode(payload)].concat();
    let signature = signer.sign(SigningInput::new(&token))?;
    let signature = base64url::encode(&signature);
    token.reserve_exact(1 + signature.len());
    token.push('.');
    token.push_str(&signature);
    Ok(token)
}

/// Members as the JSON text that is signed.
#[must_use]
pub fn to_json(members: &[Member<'_>], escapes: Escapes) -> String {
    let mut text = String::with_capacity(256);
    // A String takes every write.
    let _ = write_object(&mut text, members, escapes);
    text
}

/// A random identifier of 128 bits in lower-case hexadecimal.
#[must_use]
pub fn hex_id(random: [u8; 16]) -> String {
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::secret::Secret;

    #[test]
    fn mints_the_token_everybody_knows() {
        let key = Key::hmac(Secret::new(b"secret".to_vec()), None, String::new());
        let payload = br#"{"sub":"1234567890","name":"John Doe","admin":true}"#;
        let header = header(Algorithm::Hs256, None, Some("JWT"), vec![]);
        assert_eq!(
            sign(&header, payload, &key.signer(Algorithm::Hs256).unwrap()).unwrap(),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiYWRtaW4iOnRydWV9.TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ"
        );
    }

    #[test]
    fn a_parameter_given_by_name_takes_the_place_of_the_default() {
        let header =
            header(Algorithm::Hs256, Some("k"), Some("JWT"), vec![Member::new("typ", Value::string("x"))]);
        assert_eq!(to_json(&header, Escapes::Needed), r#"{"alg":"HS256","kid":"k","typ":"x"}"#);
    }
}
