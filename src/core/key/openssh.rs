//! Private keys of OpenSSH (PROTOCOL.key of OpenSSH), without a password: Ed25519, ECDSA and RSA.

use super::arithmetic;
use super::material::{EcKey, Material, RawKey, RsaKey, RsaPrivate};
use super::secret::Secret;
use super::{integer, provider};
use crate::core::token::algorithm::Curve;

/// An OpenSSH private key that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenSshError {
    /// The key is encrypted with a password.
    Encrypted,
    /// The file breaks its format.
    Malformed,
    /// The private half does not belong to a public half in the file.
    HalvesDiffer,
    /// Keys of this type cannot sign JWTs.
    KeyType,
}

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The curve of each ECDSA key type.
const CURVES: [(&[u8], Curve); 3] = [
    (b"ecdsa-sha2-nistp256", Curve::P256),
    (b"ecdsa-sha2-nistp384", Curve::P384),
    (b"ecdsa-sha2-nistp521", Curve::P521),
];

/// Parses the content of an `OPENSSH PRIVATE KEY` block.
pub(super) fn read(bytes: &[u8]) -> Result<Material, OpenSshError> {
    let mut file = Fields(bytes.strip_prefix(MAGIC).ok_or(OpenSshError::Malformed)?);
    let cipher = file.string()?;
    if cipher != b"none" {
        return Err(OpenSshError::Encrypted);
    }
    file.string()?;
    file.string()?;
    if file.number()? != 1 {
        return Err(OpenSshError::Malformed);
    }
    let public = Fields(file.string()?);
    let mut private = Fields(file.string()?);
    if private.number()? != private.number()? {
        return Err(OpenSshError::Malformed);
    }
    let kind = private.string()?;
    let key = match kind {
        b"ssh-ed25519" => ed25519(&mut private),
        b"ssh-rsa" => rsa(&mut private),
        _ => match CURVES.iter().find(|(name, _)| *name == kind) {
            Some((_, curve)) => ecdsa(&mut private, *curve),
            None => Err(OpenSshError::KeyType),
        },
    }?;
    if !is_public_half(public, kind, &key)? {
        return Err(OpenSshError::HalvesDiffer);
    }
    Ok(key)
}

/// Reports whether the public key at the start of the file is that of the private key behind it.
fn is_public_half(mut public: Fields<'_>, kind: &[u8], key: &Material) -> Result<bool, OpenSshError> {
    if public.string()? != kind {
        return Ok(false);
    }
    Ok(match key {
        Material::Ed25519(key) => public.string()? == key.public,
        Material::Rsa(key) => {
            let (e, n) = (public.string()?, public.string()?);
            integer::without_zeros(e) == key.e && integer::without_zeros(n) == key.n
        }
        Material::Ec(key) => {
            public.string()?;
            provider::coordinates(key.curve, public.string()?)
                .is_some_and(|(x, y)| (&x, &y) == (&key.x, &key.y))
        }
        _ => false,
    })
}

fn ed25519(fields: &mut Fields<'_>) -> Result<Material, OpenSshError> {
    let public = fields.string()?.to_vec();
    // The secret is the seed and the public key again.
    let (seed, repeated) = fields.string()?.split_at_checked(32).ok_or(OpenSshError::Malformed)?;
    let seed = Secret::new(seed.to_vec());
    if provider::ed25519_public(&seed).as_ref() != Some(&public) || repeated != public {
        return Err(OpenSshError::HalvesDiffer);
    }
    Ok(Material::Ed25519(RawKey { public, seed: Some(seed) }))
}

fn ecdsa(fields: &mut Fields<'_>, curve: Curve) -> Result<Material, OpenSshError> {
    fields.string()?;
    let stated = provider::coordinates(curve, fields.string()?).ok_or(OpenSshError::Malformed)?;
    let key: EcKey = provider::ec_key(curve, &fields.secret()?).ok_or(OpenSshError::Malformed)?;
    if (&key.x, &key.y) != (&stated.0, &stated.1) {
        return Err(OpenSshError::HalvesDiffer);
    }
    Ok(Material::Ec(key))
}

fn rsa(fields: &mut Fields<'_>) -> Result<Material, OpenSshError> {
    let [n, e] = [fields.string()?, fields.string()?].map(|number| integer::without_zeros(number).to_vec());
    let (d, qi, p, q) = (fields.secret()?, fields.secret()?, fields.secret()?, fields.secret()?);
    let remainder = |prime: &Secret| arithmetic::exponent(&d, prime).ok_or(OpenSshError::Malformed);
    let (dp, dq) = (remainder(&p)?, remainder(&q)?);
    Ok(Material::Rsa(RsaKey { n, e, private: Some(RsaPrivate { d, p, q, dp, dq, qi }), pss: None }))
}

/// The rest of a sequence of fields (RFC 4251 section 5).
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn number(&mut self) -> Result<u32, OpenSshError> {
        let (first, rest) = self.0.split_first_chunk::<4>().ok_or(OpenSshError::Malformed)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*first))
    }

    fn string(&mut self) -> Result<&'a [u8], OpenSshError> {
        let length = usize::try_from(self.number()?).map_err(|_| OpenSshError::Malformed)?;
        let (text, rest) = self.0.split_at_checked(length).ok_or(OpenSshError::Malformed)?;
        self.0 = rest;
        Ok(text)
    }

    /// Reads a secret number, without its leading zeros.
    fn secret(&mut self) -> Result<Secret, OpenSshError> {
        Ok(Secret::new(integer::without_zeros(self.string()?).to_vec()))
    }
}
