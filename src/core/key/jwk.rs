//! Keys as JSON (RFC 7517, RFC 7518 section 6, RFC 8037, RFC 8812, ML-DSA for JOSE): read strictly, written plainly,
//! named by their thumbprint (RFC 7638).

use super::material::{EcKey, Material, RAW_BYTES, RawKey, RsaKey, RsaPrivate, UnsupportedKey};
use super::{Key, KeyRestrictions, numbers, provider};
use crate::core::json::{Member, Value};
use crate::core::key::digest::sha256;
use crate::core::key::secret::Secret;
use crate::core::reason::{KeyMismatch, Reason};
use crate::core::text::escape::excerpt;
use crate::core::token::algorithm::{Algorithm, Curve};
use crate::core::token::base64url;

/// Reads one JWK. An RSA key that is given by its exponents alone gets its primes back if it stands alone: a set may hold
/// hundreds, made by somebody who wants that to take hours. There it serves as its public half.
///
/// # Errors
/// What is wrong with it, in words that show nothing of a secret.
pub fn read(jwk: &Value<'_>, source: &str, is_alone: bool) -> Result<Key, String> {
    let Value::Object(_) = jwk else {
        return Err(format!("a JWK is an object, and this is {}", jwk.type_name()));
    };
    let fields = Fields(jwk);
    let kty = fields.text("kty")?.ok_or("it has no `kty`")?;
    let material = match kty {
        "oct" => Material::Hmac(fields.secret("k")?.ok_or("it has no `k`")?),
        "RSA" => rsa(&fields, is_alone)?,
        "EC" => ec(&fields)?,
        "OKP" => okp(&fields)?,
        "AKP" => akp(&fields)?,
        other => Material::Unsupported(UnsupportedKey {
            kty: other.to_owned(),
            name: format!("a key of the type `{other}`"),
            is_private: jwk.get("d").is_some(),
            reason: Reason::KeyMismatch(KeyMismatch::Kty),
            detail: format!("the key type `{other}` is none that is known here"),
        }),
    };
    let restrictions = KeyRestrictions {
        alg: fields.text("alg")?.map(str::to_owned),
        usage: fields.text("use")?.map(str::to_owned),
        operations: operations(jwk.get("key_ops"))?,
    };
    let kid = fields.text("kid")?.map(str::to_owned);
    Ok(Key { kid, restrictions, ..Key::new(material, source.to_owned(), "JWK") })
}

/// The members of a JWK, read by their names.
struct Fields<'a>(&'a Value<'a>);

impl Fields<'_> {
    fn text(&self, name: &str) -> Result<Option<&str>, String> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("its `{name}` is {}, not a string", other.type_name())),
        }
    }

    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        base64url::decode(text).map(Some).map_err(|fault| format!("its `{name}` is not Base64url: {fault}"))
    }

    fn needed(&self, name: &str) -> Result<Vec<u8>, String> {
        self.bytes(name)?.ok_or_else(|| format!("it has no `{name}`"))
    }

    fn secret(&self, name: &str) -> Result<Option<Secret>, String> {
        Ok(self.bytes(name)?.map(Secret::new))
    }
}

/// RFC 7517 section 4.3: an array of different strings.
fn operations(value: Option<&Value<'_>>) -> Result<Option<Vec<String>>, String> {
    let items = match value {
        None => return Ok(None),
        Some(Value::Array(items)) => items,
        Some(other) => return Err(format!("its `key_ops` is {}, not an array", other.type_name())),
    };
    const MOST: usize = 16;
    if items.len() > MOST {
        return Err(format!("its `key_ops` names {} operations, and there are not that many", items.len()));
    }
    let mut operations: Vec<String> = Vec::new();
    for item in items {
        let operation = item.as_str().ok_or("its `key_ops` holds something else than strings")?;
        if operations.iter().any(|known| known == operation) {
            return Err(format!("its `key_ops` names {} twice", excerpt(operation)));
        }
        operations.push(operation.to_owned());
    }
    Ok(Some(operations))
}

/// RFC 7518 section 6.3. A zero before a number changes nothing, and some issuers write one.
fn rsa(fields: &Fields<'_>, is_alone: bool) -> Result<Material, String> {
    let number = |name| fields.needed(name).map(|bytes| numbers::without_zeros(&bytes).to_vec());
    let (n, e) = (number("n")?, number("e")?);
    if fields.0.get("oth").is_some() {
        return Err("it has more than two primes".to_owned());
    }
    let [p, q, dp, dq, qi] = ["p", "q", "dp", "dq", "qi"].map(|name| fields.secret(name));
    let private = match (fields.secret("d")?, p?, q?, dp?, dq?, qi?) {
        (None, None, None, None, None, None) => None,
        (Some(d), Some(p), Some(q), Some(dp), Some(dq), Some(qi)) => Some(RsaPrivate { d, p, q, dp, dq, qi }),
        (Some(d), None, None, None, None, None) if is_alone && numbers::bits(&n) <= numbers::FACTORED => {
            Some(numbers::factor(&n, &e, &d).ok_or("its `d` does not belong to its `n` and `e`")?)
        }
        (Some(_), None, None, None, None, None) => None,
        _ => return Err("it has some of `d`, `p`, `q`, `dp`, `dq` and `qi`, but not all".to_owned()),
    };
    Ok(Material::Rsa(RsaKey { n, e, private, pss: None }))
}

/// RFC 7518 section 6.2. Coordinates of another length are kept, and refused with their reason.
fn ec(fields: &Fields<'_>) -> Result<Material, String> {
    let crv = fields.text("crv")?.ok_or("it has no `crv`")?;
    let Ok(curve) = crv.parse::<Curve>() else { return Ok(foreign(fields, "EC", crv)) };
    let private = fields.secret("d")?;
    if let Some(length) = private.as_ref().map(|d| d.expose().len()).filter(|length| *length != curve.bytes())
    {
        return Err(format!("its `d` has {length} bytes, and {crv} wants {}", curve.bytes()));
    }
    Ok(Material::Ec(EcKey { curve, x: fields.needed("x")?, y: fields.needed("y")?, private }))
}

fn foreign(fields: &Fields<'_>, kty: &str, crv: &str) -> Material {
    Material::Unsupported(UnsupportedKey {
        is_private: fields.0.get("d").is_some(),
        ..UnsupportedKey::named(kty, crv)
    })
}

/// RFC 8037 section 2.
fn okp(fields: &Fields<'_>) -> Result<Material, String> {
    match fields.text("crv")?.ok_or("it has no `crv`")? {
        "Ed25519" => {
            let seed = seed(fields, "d")?;
            Ok(Material::Ed25519(RawKey { public: fields.needed("x")?, seed }))
        }
        other => Ok(foreign(fields, "OKP", other)),
    }
}

/// ML-DSA for JOSE: the key names its algorithm, and its private half is the seed.
fn akp(fields: &Fields<'_>) -> Result<Material, String> {
    let alg = fields.text("alg")?.ok_or("it has no `alg`, which a key of this type must have")?;
    let set = alg.parse().ok().filter(|set| Algorithm::ML_DSA.contains(set));
    let Some(set) = set else {
        return Ok(Material::Unsupported(UnsupportedKey {
            kty: "AKP".to_owned(),
            name: format!("a key for `{alg}`"),
            is_private: fields.0.get("priv").is_some(),
            reason: Reason::AlgUnsupported,
            detail: format!("unknown algorithm `{alg}`"),
        }));
    };
    Ok(Material::MlDsa(set, RawKey { public: fields.needed("pub")?, seed: seed(fields, "priv")? }))
}

fn seed(fields: &Fields<'_>, name: &str) -> Result<Option<Secret>, String> {
    let seed = fields.secret(name)?;
    match seed.as_ref().map(|seed| seed.expose().len()) {
        None | Some(RAW_BYTES) => Ok(seed),
        Some(length) => Err(format!("its `{name}` has {length} bytes instead of {RAW_BYTES}")),
    }
}

/// Which part of a key pair to write.
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
        Material::Ed25519(raw) => {
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

/// The SHA-256 thumbprint of a key, as Base64url (RFC 7638 section 3); nothing of a foreign key.
#[must_use]
pub fn thumbprint(key: &Key) -> Option<String> {
    let required: &[&str] = match key.material {
        Material::Hmac(_) => &["k", "kty"],
        Material::Rsa(_) => &["e", "kty", "n"],
        Material::Ec(_) => &["crv", "kty", "x", "y"],
        Material::Ed25519(_) => &["crv", "kty", "x"],
        Material::MlDsa(..) => &["alg", "kty", "pub"],
        Material::Unsupported(_) => return None,
    };
    let half = if matches!(key.material, Material::Hmac(_)) { Half::Private } else { Half::Public };
    let members = write(key, half)?;
    let find = |name: &&str| members.iter().find(|member| member.name == *name).cloned();
    let required: Vec<_> = required.iter().filter_map(find).collect();
    Some(base64url::encode(&sha256(Value::Object(required).to_string().as_bytes())))
}

/// Whether the halves of a key belong together; a key of one half always does.
#[must_use]
pub fn is_consistent(key: &Key) -> bool {
    match &key.material {
        Material::Rsa(rsa) => {
            rsa.private.as_ref().is_none_or(|private| provider::is_consistent(rsa, private))
        }
        _ => {
            !key.is_private()
                || key.algorithms().first().is_none_or(|algorithm| key.signer(*algorithm).is_ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn key(text: &str) -> Result<Key, String> {
        read(&parse(text.as_bytes()).unwrap(), "a test", true)
    }

    #[test]
    fn makes_the_thumbprints_of_the_standards() {
        // RFC 7638 section 3.1, RFC 8037 appendix A.3.
        let rsa = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
        assert_eq!(thumbprint(&key(rsa).unwrap()).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        let okp = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(thumbprint(&key(okp).unwrap()).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn writes_what_it_read() {
        let text = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","kid":"k","alg":"EdDSA","use":"sig","key_ops":["sign"]}"#;
        let key = key(text).unwrap();
        assert_eq!(Value::Object(write(&key, Half::Private).unwrap()).to_string(), text);
        let public = Value::Object(write(&key.public().unwrap(), Half::Public).unwrap()).to_string();
        assert!(!public.contains("\"d\"") && public.contains(r#""key_ops":["verify"]"#), "{public}");
    }

    #[test]
    fn says_what_is_wrong_and_never_what_is_secret() {
        for (text, wanted) in [
            ("[]", "a JWK is an object"),
            ("{}", "it has no `kty`"),
            (r#"{"kty":1}"#, "its `kty` is a number"),
            (r#"{"kty":"oct"}"#, "it has no `k`"),
            (r#"{"kty":"oct","k":"aHVudGVyMg=="}"#, "its `k` is not Base64url"),
            (r#"{"kty":"oct","k":"AA","kid":7}"#, "its `kid` is a number"),
            (r#"{"kty":"oct","k":"AA","key_ops":["sign","sign"]}"#, "twice"),
            (r#"{"kty":"EC","crv":"P-256","x":"AA"}"#, "it has no `y`"),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#, "its `d` has 1 bytes"),
            (r#"{"kty":"RSA","n":"AQ","e":"AQ","d":"AQ","p":"AQ"}"#, "but not all"),
            (r#"{"kty":"AKP","pub":"AA"}"#, "it has no `alg`"),
        ] {
            let error = key(text).unwrap_err();
            assert!(error.contains(wanted) && !error.contains("aHVudGVyMg"), "{text}: {error}");
        }
    }

    #[test]
    fn keys_for_something_else_are_read_and_refused_with_their_reason() {
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
}
