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

    #[test]
    fn accepts_the_y_coordinates_of_the_curve_alone() {
        let p: BigUint = (BigUint::from(1_u8) << 255) - 19_u8;
        let check = |y: BigUint, sign: u8| {
            let mut bytes = [0; 32];
            bytes.iter_mut().zip(y.to_bytes_le()).for_each(|(to, from)| *to = from);
            bytes[31] |= sign;
            check_ed25519_point(&bytes)
        };
        let on_curve =
            [3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 19, 21, 23, 24, 25, 26, 27, 28, 29, 30, 32, 33, 35, 37, 39];
        for y in 2_u8..40 {
            let expected = if on_curve.contains(&y) { Ok(()) } else { Err(Ed25519PointError::NotOnCurve) };
            assert_eq!(check(y.into(), 0), expected, "{y}");
            assert_eq!(check(y.into(), 0x80), expected, "{y}");
            assert_eq!(check(&p - y, 0), expected, "-{y}");
        }
        let small = Err(Ed25519PointError::SmallOrder);
        assert_eq!(check(&p - 1_u8, 0), small);
        assert_eq!(check(&p - 1_u8, 0x80), small);
        assert_eq!(check(p.clone(), 0), Err(Ed25519PointError::NotOnCurve));
        assert_eq!(check(p + 1_u8, 0), Err(Ed25519PointError::NotOnCurve));
        for y in [
            "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
            "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
        ] {
            assert_eq!((check(number(y), 0), check(number(y), 0x80)), (small, small));
        }
    }

    /// Returns the modulus with these prime factors, each given as `k` for 2^k - 1, and the private exponent of `e`.
    fn rsa_key(primes: &[u32], e: &BigUint) -> (BigUint, BigUint) {
        let primes = primes.iter().map(|k| (BigUint::from(1_u8) << *k) - 1_u8);
        let order: BigUint = primes.clone().map(|prime| prime - 1_u8).product();
        (primes.product(), e.modinv(&order).unwrap())
    }

    fn factored(n: &BigUint, e: &BigUint, d: &BigUint) -> Option<RsaPrivate> {
        factor(&n.to_bytes_be(), &e.to_bytes_be(), &Secret::new(d.to_bytes_be()))
    }

    #[test]
    fn computes_the_private_numbers_from_the_exponents() {
        let e = BigUint::from(65_537_u32);
        for primes in [[61, 89], [89, 61], [107, 127], [127, 521]] {
            let (n, d) = rsa_key(&primes, &e);
            let private = factored(&n, &e, &d).unwrap();
            let [larger, smaller] = [primes.iter().max(), primes.iter().min()]
                .map(|k| (BigUint::from(1_u8) << *k.unwrap()) - 1_u8);
            let number = |secret: &Secret| BigUint::from_bytes_be(secret.expose());
            assert_eq!([number(&private.p), number(&private.q)], [larger.clone(), smaller.clone()]);
            assert_eq!(number(&private.d), d);
            assert_eq!(number(&private.dp), &d % (&larger - 1_u8));
            assert_eq!(number(&private.dq), &d % (&smaller - 1_u8));
            assert_eq!(number(&private.qi), smaller.modinv(&larger).unwrap());
        }
    }

    #[test]
    fn factors_only_what_the_exponents_belong_to() {
        let e = BigUint::from(65_537_u32);
        let (n, d) = rsa_key(&[61, 89], &e);
        let order = ((BigUint::from(1_u8) << 61) - 2_u8) * ((BigUint::from(1_u8) << 89) - 2_u8);
        assert!(factored(&n, &e, &(&d + 1_u8)).is_none());
        assert!(factored(&n, &e, &(&d + &order)).is_none(), "not smaller than the modulus");
        assert!(factored(&n, &e, &n).is_none());
        for zero in [BigUint::ZERO, BigUint::from(1_u8)] {
            assert!(factored(&n, &zero, &zero).is_none());
        }
        // The power of 6 is 1, but the power of 2 is not.
        let [n, three] = [35_u8, 3].map(BigUint::from);
        assert!(factored(&n, &three, &three).is_none());
        // No number but 1 and -1 has the square 1 modulo a prime.
        let (prime, d) = rsa_key(&[89], &e);
        assert!(factored(&prime, &e, &d).is_none());
    }

    #[test]
    fn factors_no_larger_numbers_than_allowed() {
        let e = BigUint::from(65_537_u32);
        let (n, d) = rsa_key(&[7, 607, 1279, 2203], &e);
        assert_eq!(n.bits(), MAX_FACTORED_BITS as u64);
        assert!(factored(&n, &e, &d).is_some());
        let (n, d) = rsa_key(&[13, 607, 1279, 2203], &e);
        assert!(factored(&n, &e, &d).is_none());
        // The largest prime of 64 bits, and the smallest of 65.
        let e = BigUint::from(u64::MAX - 58);
        let (n, d) = rsa_key(&[61, 89], &e);
        assert!(factored(&n, &e, &d).is_some());
        let e = BigUint::from(u64::MAX) + 14_u8;
        let (n, d) = rsa_key(&[61, 89], &e);
        assert!(factored(&n, &e, &d).is_none());
    }

    #[test]
    fn raises_to_the_public_exponent_at_the_length_of_the_modulus() {
        assert_eq!(rsa_public(&[0, 1, 1], &[3], &[2]), Some(vec![0, 8]));
        assert_eq!(rsa_public(&[1, 1], &[3], &[10]), Some(vec![0, 229]));
        assert_eq!(rsa_public(&[1, 1], &[3], &[1, 0]), Some(vec![1, 0]));
        assert_eq!(rsa_public(&[1, 1], &[3], &[1, 1]), None);
        assert_eq!(rsa_public(&[0], &[3], &[0]), None);
        let power = |bits: usize| [vec![1 << ((bits - 1) % 8)], vec![0; (bits - 1) / 8]].concat();
        assert_eq!(rsa_public(&power(8192), &[1], &[5]).map(|bytes| bytes.len()), Some(1024));
        assert_eq!(rsa_public(&power(8193), &[1], &[5]), None);
        assert_eq!(rsa_public(&[3], &power(64), &[2]), Some(vec![1]));
        assert_eq!(rsa_public(&[3], &power(65), &[2]), None);
    }

    #[test]
    fn computes_the_exponent_of_a_prime() {
        let exponent = |d: u8, prime: u8| {
            exponent(&Secret::new(vec![d]), &Secret::new(vec![prime])).map(|secret| secret.expose().to_vec())
        };
        assert_eq!(exponent(29, 11), Some(vec![9]));
        assert_eq!(exponent(29, 2), Some(vec![0]));
        assert_eq!(exponent(29, 1), None);
        assert_eq!(exponent(29, 0), None);
    }

    /// One less than each prime has many factors of two, so the square root of 1 is found late.
    #[test]
    fn squares_until_it_finds_a_factor() {
        let [p, q, e] = [65_537_u32, 257, 3].map(BigUint::from);
        let (n, d) = (&p * &q, e.modinv(&(BigUint::from(1_u8) << 24)).unwrap());
        let private = factored(&n, &e, &d).unwrap();
        let number = |secret: &Secret| BigUint::from_bytes_be(secret.expose());
        assert_eq!([number(&private.p), number(&private.q)], [p, q]);
    }
}
