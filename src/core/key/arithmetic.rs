//! Arithmetic that the crypto library does not offer: validation of Ed25519 points, and the primes of an RSA key given
//! by its exponents. The only file that names num-bigint. It does not run in constant time: the only secret it
//! receives is the exponent of such an RSA key.

use super::integer::bits;
use super::material::RsaPrivate;
use super::secret::Secret;
use num_bigint::BigUint;

/// An Ed25519 public key that no verifier should accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ed25519PointError {
    /// The bytes are not the encoding of a point on the curve (RFC 8032 section 5.1.3).
    NotOnCurve,
    /// The point has a small order: signatures for it can be forged without the private key.
    SmallOrder,
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap_or_default()
}

/// Checks the 32 bytes of an Ed25519 public key. aws-lc-rs takes any 32 bytes for one, so the check is made here.
pub(super) fn check_ed25519_point(public: &[u8; 32]) -> Result<(), Ed25519PointError> {
    // Two of the eight points of small order have these y coordinates; those of the others are 0, 1 and -1.
    const SMALL: [&str; 2] = [
        "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
        "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
    ];
    let mut bytes = *public;
    let [.., last] = &mut bytes;
    *last &= 0x7F;
    let y = BigUint::from_bytes_le(&bytes);
    let p = (BigUint::from(1_u8) << 255) - 19_u8;
    if y >= p {
        return Err(Ed25519PointError::NotOnCurve);
    }
    let one = BigUint::from(1_u8);
    if y <= one || y == &p - 1_u8 || SMALL.iter().any(|small| number(small) == y) {
        return Err(Ed25519PointError::SmallOrder);
    }
    // x^2 = (y^2 - 1) / (d y^2 + 1): the quotient is a square if the product of the two is.
    let d = number("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
    let square = &y * &y % &p;
    let product = ((&square + &p - &one) % &p) * ((d * square + &one) % &p) % &p;
    let half = (&p - 1_u8) >> 1;
    if product.modpow(&half, &p) == one { Ok(()) } else { Err(Ed25519PointError::NotOnCurve) }
}

/// The largest modulus that is factored, in bits: larger ones take too long.
pub(super) const MAX_FACTORED_BITS: usize = 4096;

/// Computes the private numbers of an RSA key given by its exponents (NIST SP 800-56B appendix C). Returns `None` if
/// the exponents do not belong to the modulus.
pub(super) fn factor(n: &[u8], e: &[u8], d: &Secret) -> Option<RsaPrivate> {
    if bits(n) > MAX_FACTORED_BITS || bits(e) > 64 {
        return None;
    }
    let [n, e, d_number] = [n, e, d.expose()].map(BigUint::from_bytes_be);
    let one = BigUint::from(1_u8);
    let multiple = &d_number * e;
    if multiple <= one || d_number >= n {
        return None;
    }
    let multiple = multiple - &one;
    let twos = multiple.trailing_zeros()?;
    let odd = &multiple >> twos;
    // Each base finds the factors with a probability of at least one half.
    let mut p = None;
    for base in 2_u32..34 {
        let mut root = BigUint::from(base).modpow(&odd, &n);
        for _ in 0..twos {
            let square = &root * &root % &n;
            if square == one && root != one && root != &n - 1_u8 {
                p = Some(gcd(root.clone() - 1_u8, n.clone()));
            }
            root = square;
        }
        // If the exponents belong to the modulus, the last square of every base is one.
        if p.is_some() || root != one {
            break;
        }
    }
    let p = p?;
    let q = &n / &p;
    let (p, q) = if p > q { (p, q) } else { (q, p) };
    let qi = q.modpow(&(&p - 2_u8), &p);
    let secret = |number: &BigUint| Secret::new(number.to_bytes_be());
    Some(RsaPrivate {
        d: d.clone(),
        dp: secret(&(&d_number % (&p - 1_u8))),
        dq: secret(&(&d_number % (&q - 1_u8))),
        qi: secret(&qi),
        p: secret(&p),
        q: secret(&q),
    })
}

/// Applies the public RSA operation (RFC 8017 section 5.2.2), at the length of the modulus. Returns `None` for a key or a
/// number out of range.
pub(super) fn rsa_public(n: &[u8], e: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    if bits(n) > 8192 || bits(e) > 64 {
        return None;
    }
    let length = bits(n).div_ceil(8);
    let [n, e, signature] = [n, e, signature].map(BigUint::from_bytes_be);
    if n == BigUint::ZERO || signature >= n {
        return None;
    }
    super::integer::padded(&signature.modpow(&e, &n).to_bytes_be(), length)
}

/// Computes the exponent for one prime, `d mod (p - 1)` (RFC 8017 section 3.2). Returns `None` if the prime is too small.
pub(super) fn exponent(d: &Secret, prime: &Secret) -> Option<Secret> {
    let [d, p] = [d, prime].map(|number| BigUint::from_bytes_be(number.expose()));
    (p > BigUint::from(1_u8)).then(|| Secret::new((d % (p - 1_u8)).to_bytes_be()))
}

fn gcd(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url::decode;

    #[test]
    fn rejects_ed25519_keys_off_the_curve_or_of_small_order() {
        let good = decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(check_ed25519_point(&good.try_into().unwrap()), Ok(()));
        for byte in [0, 1] {
            let mut small = [0; 32];
            small[0] = byte;
            assert_eq!(check_ed25519_point(&small), Err(Ed25519PointError::SmallOrder));
        }
        let mut two = [0; 32];
        two[0] = 2;
        assert_eq!(check_ed25519_point(&two), Err(Ed25519PointError::NotOnCurve));
        assert_eq!(check_ed25519_point(&[0xFF; 32]), Err(Ed25519PointError::NotOnCurve));
    }
}
