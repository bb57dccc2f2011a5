//! Keys as JSON (RFC 7517, RFC 7518 section 6, RFC 8037, RFC 8812, ML-DSA for JOSE): parses and writes JWKs, and
//! computes their thumbprints (RFC 7638).

use super::arithmetic::{self, MAX_FACTORED_BITS};
use super::der::{self, Certificate, DerError, KeyDocument, ParsedKey};
use super::digest::sha256;
use super::integer;
use super::material::{EcKey, Material, RAW_BYTES, RawKey, RsaKey, RsaPrivate, UnsupportedKey};
use super::secret::{Secret, SecretFormat};
use super::{Key, KeyRestrictions};
use crate::core::json::{Member, Value};
use crate::core::reason::{KeyMismatch, Reason};
use crate::core::text::escape::excerpt;
use crate::core::text::hex::hex;
use crate::core::token::algorithm::{Algorithm, Curve};
use crate::core::token::base64url::{self, Base64urlError};

/// A JWK that cannot be read. It contains no part of a secret; names in it are not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwkError {
    /// The JSON is not an object.
    NotAnObject {
        /// The JSON type.
        found: &'static str,
    },
    /// A required member is missing.
    Missing(&'static str),
    /// A member has the wrong JSON type.
    NotAString {
        /// The member.
        member: &'static str,
        /// The JSON type.
        found: &'static str,
    },
    /// A member is not Base64url.
    NotBase64url {
        /// The member.
        member: &'static str,
        /// The cause.
        error: Base64urlError,
    },
    /// A member is in the standard Base64 alphabet, with `+` and `/`.
    StandardAlphabet {
        /// The member.
        member: &'static str,
    },
    /// `x5c` holds no certificate.
    NoCertificate,
    /// The certificate in `x5c` cannot be read.
    Certificate(DerError),
    /// The key in `x5c` has another type than `kty` says.
    CertificateType {
        /// The value of `kty`; not yet safe to show.
        expected: String,
        /// The kind of the key in the certificate; not yet safe to show.
        found: String,
    },
    /// A member describes another certificate, or a certificate of another key, than the JWK (RFC 7517 sections 4.7 to 4.9).
    OtherCertificate {
        /// `x5c`, `x5t` or `x5t#S256`.
        member: &'static str,
    },
    /// A private member has the wrong length.
    Length {
        /// The member.
        member: &'static str,
        /// The length in bytes.
        length: usize,
        /// The required length in bytes.
        expected: usize,
    },
    /// `key_ops` is not an array.
    KeyOpsNotAnArray {
        /// The JSON type.
        found: &'static str,
    },
    /// `key_ops` has an item that is not a string.
    KeyOpNotAString,
    /// `key_ops` has more items than there are operations.
    TooManyKeyOps {
        /// The number of items.
        count: usize,
        /// The largest number accepted.
        maximum: usize,
    },
    /// `key_ops` names an operation twice (RFC 7517 section 4.3).
    DuplicateKeyOp(String),
    /// The RSA key has more than two primes.
    TooManyPrimes,
    /// The private exponent does not belong to the modulus and the public exponent.
    InconsistentExponent,
    /// The RSA key has some of its private members, but not all.
    IncompleteRsa,
}

/// The origin of a JWK: a file of its own, or a JWK Set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwkOrigin {
    /// The JWK is the only key of its file.
    Alone,
    /// The JWK is a member of a JWK Set.
    InSet,
}

/// The members that make a JWK private or symmetric: `d` and `k` (RFC 7518 section 6), and `priv` of ML-DSA.
pub const PRIVATE_MEMBERS: [&str; 3] = ["d", "k", "priv"];

/// Parses one JWK. An RSA key given by its exponents is factored only if it stands alone: a hostile set could hold
/// hundreds of such keys, and would take hours. In a set, such a key is read as its public half.
///
/// # Errors
/// [`JwkError`].
pub fn read(jwk: &Value<'_>, source: &str, origin: JwkOrigin) -> Result<Key, JwkError> {
    let Value::Object(_) = jwk else {
        return Err(JwkError::NotAnObject { found: jwk.type_name() });
    };
    let members = JwkMembers(jwk);
    let (material, certificate) = match members.text("kty")? {
        // A certificate says itself which type of key it holds.
        kty if is_certificate_only(jwk) && kty.is_none_or(has_certificates) => {
            let parsed = x5c(jwk)?;
            if let Some(kty) = kty.filter(|kty| parsed.material.kty_name() != *kty) {
                let found = parsed.material.description();
                return Err(JwkError::CertificateType { expected: kty.to_owned(), found });
            }
            (parsed.material, parsed.certificate)
        }
        kty => {
            let material = material(&members, kty.ok_or(JwkError::Missing("kty"))?, origin)?;
            // A certificate that cannot be read says nothing about this key. One of another key is refused.
            let parsed = x5c(jwk).ok();
            if parsed.as_ref().is_some_and(|parsed| !has_same_public_key(&parsed.material, &material)) {
                return Err(JwkError::OtherCertificate { member: "x5c" });
            }
            (material, parsed.and_then(|parsed| parsed.certificate))
        }
    };
    if let Some(certificate) = &certificate {
        check_digests(&members, certificate)?;
    }
    let restrictions = KeyRestrictions {
        alg: members.text("alg")?.map(str::to_owned),
        usage: members.text("use")?.map(str::to_owned),
        operations: operations(jwk.get("key_ops"))?,
    };
    // In a set, an empty key ID names a key like any other. A lone key needs none.
    let is_name = |kid: &&str| !kid.is_empty() || origin == JwkOrigin::InSet;
    let kid = members.text("kid")?.filter(is_name).map(str::to_owned);
    Ok(Key { kid, restrictions, certificate, ..Key::new(material, source.to_owned(), "JWK") })
}

/// Parses the key of a JWK of this type.
fn material(members: &JwkMembers<'_>, kty: &str, origin: JwkOrigin) -> Result<Material, JwkError> {
    match kty {
        "oct" => Ok(Material::Hmac(members.secret("k")?.ok_or(JwkError::Missing("k"))?)),
        "RSA" => rsa(members, origin),
        "EC" => ec(members),
        "OKP" => okp(members),
        "AKP" => akp(members),
        other => Ok(Material::Unsupported(UnsupportedKey {
            kty: other.to_owned(),
            name: format!("a key of the type `{}`", excerpt(other)),
            is_private: members.0.get("d").is_some(),
            reason: Reason::KeyMismatch(KeyMismatch::Kty),
            detail: format!("the key type `{}` is not supported", excerpt(other)),
        })),
    }
}

/// Reports whether certificates hold keys of this type.
fn has_certificates(kty: &str) -> bool {
    matches!(kty, "RSA" | "EC" | "OKP")
}

/// Reports whether two keys have the same public half.
fn has_same_public_key(one: &Material, other: &Material) -> bool {
    match (one, other) {
        (Material::Rsa(one), Material::Rsa(other)) => {
            integer::without_zeros(&one.n) == integer::without_zeros(&other.n) && one.e == other.e
        }
        (Material::Ec(one), Material::Ec(other)) => {
            one.curve == other.curve && one.x == other.x && one.y == other.y
        }
        (Material::Ed25519(one), Material::Ed25519(other)) => one.public == other.public,
        _ => false,
    }
}

/// Checks that the digests of a JWK are those of its certificate (RFC 7517 sections 4.8 and 4.9).
fn check_digests(members: &JwkMembers<'_>, certificate: &Certificate) -> Result<(), JwkError> {
    for (member, digest) in [("x5t", &certificate.sha1[..]), ("x5t#S256", &certificate.digest)] {
        let Some(stated) = members.text(member)? else { continue };
        let stated = SecretFormat::Base64.read(stated.as_bytes());
        // Some issuers encode the hexadecimal digits of the digest.
        let is_digest =
            |stated: &[u8]| stated == digest || stated.eq_ignore_ascii_case(hex(digest).as_bytes());
        if !stated.is_ok_and(|stated| is_digest(stated.expose())) {
            return Err(JwkError::OtherCertificate { member });
        }
    }
    Ok(())
}

/// Reports whether a JWK holds its public key in `x5c` alone (RFC 7517 section 4.7).
fn is_certificate_only(jwk: &Value<'_>) -> bool {
    jwk.get("x5c").is_some() && ["n", "e", "x", "y", "d"].iter().all(|name| jwk.get(name).is_none())
}

/// Parses the first certificate of `x5c`, which holds the key.
fn x5c(jwk: &Value<'_>) -> Result<ParsedKey, JwkError> {
    let first = match jwk.get("x5c") {
        Some(Value::Array(chain)) => chain.first().and_then(Value::as_str).filter(|text| !text.is_empty()),
        _ => None,
    };
    let first = first.ok_or(JwkError::NoCertificate)?;
    let der = SecretFormat::Base64.read(first.as_bytes());
    let der = der.map_err(|_| JwkError::Certificate(DerError::NotDer))?;
    match der::read(der.expose()) {
        Ok(KeyDocument::Key(parsed)) if parsed.certificate.is_some() => Ok(*parsed),
        Ok(_) => Err(JwkError::Certificate(DerError::NotAKey)),
        Err(error) => Err(JwkError::Certificate(error)),
    }
}

/// The members of a JWK, read by name.
struct JwkMembers<'a>(&'a Value<'a>);

impl JwkMembers<'_> {
    fn text(&self, member: &'static str) -> Result<Option<&str>, JwkError> {
        match self.0.get(member) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(JwkError::NotAString { member, found: other.type_name() }),
        }
    }

    fn required_text(&self, member: &'static str) -> Result<&str, JwkError> {
        self.text(member)?.ok_or(JwkError::Missing(member))
    }

    fn bytes(&self, member: &'static str) -> Result<Option<Vec<u8>>, JwkError> {
        let Some(text) = self.text(member)? else { return Ok(None) };
        base64url::decode(text).map(Some).map_err(|error| match text.contains(['+', '/']) {
            true => JwkError::StandardAlphabet { member },
            false => JwkError::NotBase64url { member, error },
        })
    }

    fn required_bytes(&self, member: &'static str) -> Result<Vec<u8>, JwkError> {
        self.bytes(member)?.ok_or(JwkError::Missing(member))
    }

    fn secret(&self, member: &'static str) -> Result<Option<Secret>, JwkError> {
        Ok(self.bytes(member)?.map(Secret::new))
    }

    /// Reads a secret whose length is fixed.
    fn sized_secret(&self, member: &'static str, expected: usize) -> Result<Option<Secret>, JwkError> {
        let secret = self.secret(member)?;
        match secret.as_ref().map(|secret| secret.expose().len()).filter(|length| *length != expected) {
            Some(length) => Err(JwkError::Length { member, length, expected }),
            None => Ok(secret),
        }
    }
}

/// Parses `key_ops`: an array of distinct strings (RFC 7517 section 4.3).
fn operations(value: Option<&Value<'_>>) -> Result<Option<Vec<String>>, JwkError> {
    const MAXIMUM: usize = 16;
    let items = match value {
        None => return Ok(None),
        Some(Value::Array(items)) => items,
        Some(other) => return Err(JwkError::KeyOpsNotAnArray { found: other.type_name() }),
    };
    if items.len() > MAXIMUM {
        return Err(JwkError::TooManyKeyOps { count: items.len(), maximum: MAXIMUM });
    }
    let mut operations: Vec<String> = Vec::new();
    for item in items {
        let operation = item.as_str().ok_or(JwkError::KeyOpNotAString)?;
        if operations.iter().any(|known| known == operation) {
            return Err(JwkError::DuplicateKeyOp(operation.to_owned()));
        }
        operations.push(operation.to_owned());
    }
    Ok(Some(operations))
}

/// Parses an RSA key (RFC 7518 section 6.3). Leading zeros are dropped: some issuers write one.
fn rsa(members: &JwkMembers<'_>, origin: JwkOrigin) -> Result<Material, JwkError> {
    let number = |name| members.required_bytes(name).map(|bytes| integer::without_zeros(&bytes).to_vec());
    let (n, e) = (number("n")?, number("e")?);
    if members.0.get("oth").is_some() {
        return Err(JwkError::TooManyPrimes);
    }
    let [p, q, dp, dq, qi] = ["p", "q", "dp", "dq", "qi"].map(|name| members.secret(name));
    let private = match (members.secret("d")?, p?, q?, dp?, dq?, qi?) {
        (None, None, None, None, None, None) => None,
        (Some(d), Some(p), Some(q), Some(dp), Some(dq), Some(qi)) => Some(RsaPrivate { d, p, q, dp, dq, qi }),
        (Some(d), None, None, None, None, None)
            if origin == JwkOrigin::Alone && integer::bits(&n) <= MAX_FACTORED_BITS =>
        {
            Some(arithmetic::factor(&n, &e, &d).ok_or(JwkError::InconsistentExponent)?)
        }
        (Some(_), None, None, None, None, None) => None,
        _ => return Err(JwkError::IncompleteRsa),
    };
    Ok(Material::Rsa(RsaKey { n, e, private, pss: None }))
}

/// Parses an EC key (RFC 7518 section 6.2). Coordinates of a wrong length are kept, so that the key is refused with a
/// reason code.
fn ec(members: &JwkMembers<'_>) -> Result<Material, JwkError> {
    let crv = members.required_text("crv")?;
    let Ok(curve) = crv.parse::<Curve>() else { return Ok(unsupported(members, "EC", crv)) };
    let (x, y) = (members.required_bytes("x")?, members.required_bytes("y")?);
    // A key with a wrong point is refused for its point, whether its private half is there or not.
    let private = match x.len() == curve.bytes() && y.len() == curve.bytes() {
        true => members.sized_secret("d", curve.bytes())?,
        false => members.secret("d")?,
    };
    Ok(Material::Ec(EcKey { curve, x, y, private }))
}

/// Parses an octet key pair (RFC 8037 section 2).
fn okp(members: &JwkMembers<'_>) -> Result<Material, JwkError> {
    match members.required_text("crv")? {
        "Ed25519" => {
            let seed = members.sized_secret("d", RAW_BYTES)?;
            Ok(Material::Ed25519(RawKey { public: members.required_bytes("x")?, seed }))
        }
        "X25519" => {
            let seed = members.sized_secret("d", RAW_BYTES)?;
            Ok(Material::X25519(RawKey { public: members.required_bytes("x")?, seed }))
        }
        other => Ok(unsupported(members, "OKP", other)),
    }
}

fn unsupported(members: &JwkMembers<'_>, kty: &str, crv: &str) -> Material {
    let is_private = members.0.get("d").is_some();
    Material::Unsupported(UnsupportedKey { is_private, ..UnsupportedKey::new(kty, crv) })
}

/// Parses an algorithm key pair (ML-DSA for JOSE). Its private half is the seed.
fn akp(members: &JwkMembers<'_>) -> Result<Material, JwkError> {
    let alg = members.required_text("alg")?;
    let set = alg.parse().ok().filter(|set| Algorithm::ML_DSA.contains(set));
    let Some(set) = set else {
        return Ok(Material::Unsupported(UnsupportedKey {
            kty: "AKP".to_owned(),
            name: format!("a key for `{}`", excerpt(alg)),
            is_private: members.0.get("priv").is_some(),
            reason: Reason::AlgUnsupported,
            detail: format!("unknown algorithm `{}`", excerpt(alg)),
        }));
    };
    let public = members.required_bytes("pub")?;
    Ok(Material::MlDsa(set, RawKey { public, seed: members.sized_secret("priv", RAW_BYTES)? }))
}

/// The part of a key pair to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The public half alone.
    Public,
    /// The whole key, private numbers included.
    Private,
}

/// Returns a key as the members of a JWK. Returns `None` for a key that has no such half or that has no JWK.
#[must_use]
pub fn write(key: &Key, half: Half) -> Option<Vec<Member<'static>>> {
    let private = half == Half::Private;
    let bytes = |name, bytes: &[u8]| Member::new(name, Value::string(base64url::encode(bytes)));
    let text = |name, text: &str| Member::new(name, Value::string(text.to_owned()));
    let mut members = vec![text("kty", key.material.kty_name())];
    members.extend(key.material.crv().map(|crv| text("crv", crv)));
    match &key.material {
        Material::Hmac(secret) if private => members.push(bytes("k", secret.expose())),
        Material::Hmac(_) | Material::Unsupported(_) | Material::Rsa(RsaKey { pss: Some([]), .. }) => {
            return None;
        }
        Material::Rsa(rsa) => {
            members.extend([bytes("n", &rsa.n), bytes("e", &rsa.e)]);
            if let Some(RsaPrivate { d, p, q, dp, dq, qi }) = rsa.private.as_ref().filter(|_| private) {
                let named = [("d", d), ("p", p), ("q", q), ("dp", dp), ("dq", dq), ("qi", qi)];
                members.extend(named.map(|(name, number)| bytes(name, number.expose())));
            }
        }
        Material::Ec(ec) => {
            members.extend([bytes("x", &ec.x), bytes("y", &ec.y)]);
            members.extend(ec.private.iter().filter(|_| private).map(|d| bytes("d", d.expose())));
        }
        Material::Ed25519(raw) | Material::X25519(raw) => {
            members.push(bytes("x", &raw.public));
            members.extend(raw.seed.iter().filter(|_| private).map(|d| bytes("d", d.expose())));
        }
        Material::MlDsa(_, raw) => {
            members.push(bytes("pub", &raw.public));
            members.extend(raw.seed.iter().filter(|_| private).map(|seed| bytes("priv", seed.expose())));
        }
    }
    members.extend(key.kid.as_deref().map(|kid| text("kid", kid)));
    let alg = match &key.material {
        Material::MlDsa(set, _) => Some(set.name()),
        Material::Rsa(RsaKey { pss: Some([only]), .. }) => Some(only.name()),
        _ => key.restrictions.alg.as_deref(),
    };
    members.extend(alg.map(|alg| text("alg", alg)));
    members.extend(key.restrictions.usage.as_deref().map(|usage| text("use", usage)));
    if let Some(operations) = &key.restrictions.operations {
        let operations = operations.iter().cloned().map(Value::string).collect();
        members.push(Member::new("key_ops", Value::Array(operations)));
    }
    Some(members)
}

/// Computes the SHA-256 digest of the public key in DER, as hexadecimal. Returns `None` for a key without a public half.
#[must_use]
pub fn spki_digest(key: &Key) -> Option<String> {
    let digest = sha256(&der::encode::spki(&key.material)?);
    Some(hex(&digest))
}

/// Computes the SHA-256 thumbprint of a key, as Base64url (RFC 7638 section 3). Returns `None` for an unsupported key.
#[must_use]
pub fn thumbprint(key: &Key) -> Option<String> {
    let required: &[&str] = match key.material {
        Material::Hmac(_) => &["k", "kty"],
        Material::Rsa(_) => &["e", "kty", "n"],
        Material::Ec(_) => &["crv", "kty", "x", "y"],
        Material::Ed25519(_) | Material::X25519(_) => &["crv", "kty", "x"],
        Material::MlDsa(..) => &["alg", "kty", "pub"],
        Material::Unsupported(_) => return None,
    };
    let half = if matches!(key.material, Material::Hmac(_)) { Half::Private } else { Half::Public };
    let members = write(key, half)?;
    let find = |name: &&str| members.iter().find(|member| member.name == *name).cloned();
    let required: Vec<_> = required.iter().filter_map(find).collect();
    Some(base64url::encode(&sha256(Value::Object(required).to_string().as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn key(text: &str) -> Result<Key, JwkError> {
        read(&parse(text.as_bytes()).unwrap(), "a test", JwkOrigin::Alone)
    }

    #[test]
    fn computes_the_thumbprints_of_the_standards() {
        // RFC 7638 section 3.1, RFC 8037 appendix A.3.
        let rsa = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
        assert_eq!(thumbprint(&key(rsa).unwrap()).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        let okp = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(thumbprint(&key(okp).unwrap()).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn writes_the_members_it_parsed() {
        let text = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","kid":"k","alg":"EdDSA","use":"sig","key_ops":["sign"]}"#;
        let key = key(text).unwrap();
        assert_eq!(Value::Object(write(&key, Half::Private).unwrap()).to_string(), text);
        let public = Value::Object(write(&key.public().unwrap(), Half::Public).unwrap()).to_string();
        assert!(!public.contains("\"d\"") && public.contains(r#""key_ops":["verify"]"#), "{public}");
    }

    #[test]
    fn errors_name_the_member_and_hide_the_secret() {
        for (text, wanted) in [
            ("[]", "a JWK is an object"),
            ("{}", "it has no `kty`"),
            (r#"{"kty":1}"#, "its `kty` is a number"),
            (r#"{"kty":"oct"}"#, "it has no `k`"),
            (r#"{"kty":"oct","k":"aHVudGVyMg=="}"#, "its `k` is not Base64url"),
            (r#"{"kty":"oct","k":"AA","kid":7}"#, "its `kid` is a number"),
            (r#"{"kty":"oct","k":"AA","key_ops":["sign","sign"]}"#, "twice"),
            (r#"{"kty":"EC","crv":"P-256","x":"AA"}"#, "it has no `y`"),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#, "its `d` has 1 bytes, but needs 32"),
            (r#"{"kty":"RSA","n":"AQ","e":"AQ","d":"AQ","p":"AQ"}"#, "but not all"),
            (r#"{"kty":"AKP","pub":"AA"}"#, "it has no `alg`"),
        ] {
            let error = key(text).unwrap_err().to_string();
            assert!(error.contains(wanted) && !error.contains("aHVudGVyMg"), "{text}: {error}");
        }
    }

    #[test]
    fn unsupported_and_unsound_keys_have_their_reason_code() {
        for (text, reason) in [
            (r#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#, "alg_unsupported"),
            (r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#, "key_mismatch:crv"),
            (r#"{"kty":"EC","crv":"P-192","x":"AA","y":"AA"}"#, "alg_unsupported"),
            (r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, "key_mismatch:crv"),
            (r#"{"kty":"LMS"}"#, "key_mismatch:kty"),
            (r#"{"kty":"oct","k":""}"#, "key_empty"),
            (r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "key_weak:rsa_too_small"),
        ] {
            assert_eq!(key(text).unwrap().unusable_reason().unwrap().reason.to_string(), reason, "{text}");
        }
    }

    #[test]
    fn compares_public_halves_by_every_number() {
        let rsa = |n: &[u8], e: &[u8]| {
            Material::Rsa(RsaKey { n: n.to_vec(), e: e.to_vec(), private: None, pss: None })
        };
        let ec = |curve, x: u8, y: u8| Material::Ec(EcKey { curve, x: vec![x], y: vec![y], private: None });
        let ed = |public: u8| Material::Ed25519(RawKey { public: vec![public], seed: None });
        for (one, other, is_same) in [
            (rsa(&[5], &[3]), rsa(&[5], &[3]), true),
            (rsa(&[0, 5], &[3]), rsa(&[5], &[3]), true),
            (rsa(&[5], &[3]), rsa(&[7], &[3]), false),
            (rsa(&[5], &[3]), rsa(&[5], &[7]), false),
            (ec(Curve::P256, 1, 2), ec(Curve::P256, 1, 2), true),
            (ec(Curve::P256, 1, 2), ec(Curve::P384, 1, 2), false),
            (ec(Curve::P256, 1, 2), ec(Curve::P256, 3, 2), false),
            (ec(Curve::P256, 1, 2), ec(Curve::P256, 1, 3), false),
            (ed(1), ed(1), true),
            (ed(1), ed(2), false),
            (ed(1), rsa(&[1], &[1]), false),
        ] {
            assert_eq!(has_same_public_key(&one, &other), is_same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn takes_at_most_sixteen_operations() {
        let list = |count: usize| {
            let items = (0..count).map(|number| Value::string(number.to_string())).collect();
            operations(Some(&Value::Array(items))).map(|found| found.map(|found| found.len()))
        };
        assert_eq!(list(0), Ok(Some(0)));
        assert_eq!(list(16), Ok(Some(16)));
        for count in [17, 18, 40] {
            assert_eq!(list(count), Err(JwkError::TooManyKeyOps { count, maximum: 16 }));
        }
        assert_eq!(operations(None), Ok(None));
    }

    #[test]
    fn holds_its_key_in_a_certificate_alone_without_numbers() {
        let alone = |text: &str| is_certificate_only(&parse(text.as_bytes()).unwrap());
        assert!(alone(r#"{"kty":"RSA","x5c":["AA"]}"#));
        assert!(!alone(r#"{"kty":"RSA"}"#));
        for name in ["n", "e", "x", "y", "d"] {
            assert!(!alone(&format!(r#"{{"x5c":["AA"],"{name}":1}}"#)), "{name}");
        }
    }

    /// Returns a certificate of a key on P-256, as a member of `x5c`.
    fn certificate() -> String {
        let pem = include_str!("../../../tests/vectors/forms/p256.cert.pem");
        pem.lines().filter(|line| !line.starts_with('-')).collect()
    }

    #[test]
    fn takes_the_key_of_a_certificate_only_if_it_has_the_stated_type() {
        let x5c = certificate();
        let named = |kty: &str| key(&format!(r#"{{"kty":"{kty}","x5c":["{x5c}"]}}"#));
        for key in [named("EC"), key(&format!(r#"{{"x5c":["{x5c}"]}}"#))] {
            let key = key.unwrap();
            assert_eq!((key.material.crv(), key.certificate.is_some()), (Some("P-256"), true));
        }
        for kty in ["RSA", "OKP"] {
            let found = "an EC key on P-256".to_owned();
            let error = JwkError::CertificateType { expected: kty.to_owned(), found };
            assert_eq!(named(kty).unwrap_err(), error);
        }
        // No certificate holds a secret.
        assert_eq!(named("oct").unwrap_err(), JwkError::Missing("k"));
    }

    #[test]
    fn a_key_without_a_certificate_around_it_is_no_certificate() {
        let spki = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
        let error = key(&format!(r#"{{"kty":"OKP","x5c":["{spki}"]}}"#)).unwrap_err();
        assert_eq!(error, JwkError::Certificate(DerError::NotAKey));
    }

    #[test]
    fn factors_an_rsa_key_only_if_it_stands_alone_and_is_small_enough() {
        // The primes are 2^61 - 1 and 2^89 - 1.
        let n = "P_________3____gAAAAAAAAAQ";
        let is_private = |n: &str, d: &str, origin| {
            let jwk = format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB","d":"{d}"}}"#);
            read(&parse(jwk.as_bytes()).unwrap(), "a test", origin).map(|key| key.is_private())
        };
        for (d, alone) in
            [("CH_3gAh_93-AgH93AIj_dwCJ", Ok(true)), ("AQAB", Err(JwkError::InconsistentExponent))]
        {
            assert_eq!(is_private(n, d, JwkOrigin::Alone), alone);
            assert_eq!(is_private(n, d, JwkOrigin::InSet), Ok(false));
        }
        for (bytes, expected) in [(512, Err(JwkError::InconsistentExponent)), (513, Ok(false))] {
            let n = base64url::encode(&vec![0xB7; bytes]);
            assert_eq!(is_private(&n, "AQAB", JwkOrigin::Alone), expected, "{bytes}");
        }
    }

    #[test]
    fn a_wrong_private_length_counts_only_for_a_point_of_the_right_length() {
        let read = |x: usize, y: usize, d: usize| {
            let [x, y, d] = [x, y, d].map(|length| base64url::encode(&vec![1; length]));
            key(&format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","d":"{d}"}}"#)).map(drop)
        };
        assert_eq!(read(32, 32, 31), Err(JwkError::Length { member: "d", length: 31, expected: 32 }));
        for (x, y) in [(31, 32), (32, 31), (31, 31)] {
            assert_eq!(read(x, y, 31), Ok(()), "{x} {y}");
        }
    }

    #[test]
    fn a_key_of_an_unknown_kind_keeps_its_type_and_its_privacy() {
        for (text, kty, is_private) in [
            (r#"{"kty":"LMS"}"#, "LMS", false),
            (r#"{"kty":"LMS","d":"AA"}"#, "LMS", true),
            (r#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#, "OKP", false),
            (r#"{"kty":"OKP","crv":"Ed448","x":"AA","d":"AA"}"#, "OKP", true),
            (r#"{"kty":"EC","crv":"P-192","x":"AA","y":"AA","d":"AA"}"#, "EC", true),
        ] {
            let key = key(text).unwrap();
            assert_eq!((key.material.kty_name(), key.is_private()), (kty, is_private), "{text}");
        }
    }
}
