//! Arithmetic on the public numbers of keys: sizes, compressed points, points of Ed25519; and the primes of an RSA key
//! that is given without them. The arithmetic does not run in constant time, so no secret but that last one meets it.

use super::material::RsaPrivate;
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::Curve;
use num_bigint::BigUint;

/// How many bits a number has.
pub(super) fn bits(bytes: &[u8]) -> usize {
    let significant = without_zeros(bytes);
    let unused = significant.first().map_or(0, |byte| byte.leading_zeros() as usize);
    significant.len() * 8 - unused
}

/// A number without the zeros before it.
pub(super) fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// A number at a fixed length, zeros before it; nothing if it is longer.
pub(super) fn padded(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let significant = without_zeros(bytes);
    let zeros = length.checked_sub(significant.len())?;
    Some([vec![0; zeros], significant.to_vec()].concat())
}

/// A number as a machine word, if it fits.
pub(super) fn small(bytes: &[u8]) -> Option<u64> {
    let eight = padded(bytes, 8)?;
    Some(u64::from_be_bytes(eight.try_into().ok()?))
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap_or_default()
}

/// The prime of the field and the coefficients `a` and `b` (SEC 2, FIPS 186-5).
fn parameters(curve: Curve) -> (BigUint, BigUint, BigUint) {
    let (p, b) = match curve {
        Curve::P256 => (
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        ),
        Curve::P384 => (
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        ),
        Curve::P521 => (
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        ),
        Curve::Secp256k1 => {
            let p = number("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
            return (p, BigUint::ZERO, BigUint::from(7_u8));
        }
    };
    let p = number(p);
    let a = &p - 3_u8;
    (p, a, number(b))
}

/// The coordinates of a point in SEC 1 form (section 2.3.4), compressed or not.
pub(super) fn coordinates(curve: Curve, point: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (form, rest) = point.split_first()?;
    match (form, rest.len() / curve.bytes(), rest.len() % curve.bytes()) {
        (4, 2, 0) => {
            let (x, y) = rest.split_at(curve.bytes());
            Some((x.to_vec(), y.to_vec()))
        }
        (2 | 3, 1, 0) => {
            let (p, a, b) = parameters(curve);
            let x = BigUint::from_bytes_be(rest);
            let square = (x.modpow(&BigUint::from(3_u8), &p) + a * &x + b) % &p;
            // Every prime here is 3 modulo 4, so this power is a root where there is one.
            let root = square.modpow(&((&p + 1_u8) >> 2), &p);
            if root.modpow(&BigUint::from(2_u8), &p) != square {
                return None;
            }
            let y = if root.bit(0) == (form & 1 == 1) { root } else { p - root };
            Some((rest.to_vec(), padded(&y.to_bytes_be(), curve.bytes())?))
        }
        _ => None,
    }
}

/// What is wrong with the 32 bytes of an Ed25519 public key (RFC 8032 section 5.1.3), if anything is.
pub(super) fn fault_of_ed25519(public: &[u8]) -> Option<&'static str> {
    const OFF: &str = "its point does not lie on Ed25519";
    /// Anybody can sign for a key of small order: two of its eight points have these y, the others 0, 1 and -1.
    const SMALL: [&str; 2] = [
        "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
        "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
    ];
    let mut bytes = public.to_vec();
    *bytes.last_mut()? &= 0x7F;
    let y = BigUint::from_bytes_le(&bytes);
    let p = (BigUint::from(1_u8) << 255) - 19_u8;
    if y >= p {
        return Some(OFF);
    }
    let one = BigUint::from(1_u8);
    if y <= one || y == &p - 1_u8 || SMALL.iter().any(|small| number(small) == y) {
        return Some("its point has a small order, so anybody could sign for it");
    }
    // x^2 = (y^2 - 1) / (d y^2 + 1): the quotient is a square if the product of the two is.
    let d = number("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
    let square = &y * &y % &p;
    let product = ((&square + &p - &one) % &p) * ((d * square + &one) % &p) % &p;
    let half = (&p - 1_u8) >> 1;
    (product.modpow(&half, &p) != one).then_some(OFF)
}

/// How many bits a modulus may have to be factored: beyond that it takes too long.
pub(super) const FACTORED: usize = 4096;

/// The other private numbers of an RSA key that is given by its exponents alone (NIST SP 800-56B appendix C).
pub(super) fn factor(n: &[u8], e: &[u8], d: &Secret) -> Option<RsaPrivate> {
    if bits(n) > FACTORED || bits(e) > 64 {
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
    // Each base finds the factors with a chance of one in two at least.
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
        // Where the numbers belong together, the last square of every base is one.
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
    fn counts_bits_without_the_zeros_before_them() {
        assert_eq!(bits(&[0, 1, 0]), 9);
        assert_eq!(bits(&[0x80, 0]), 16);
        assert_eq!(bits(&[]), 0);
        assert_eq!(small(&[0, 1, 0, 1]), Some(65537));
        assert_eq!(small(&[1; 9]), None);
        assert_eq!(padded(&[0, 0, 1], 2), Some(vec![0, 1]));
        assert_eq!(padded(&[1, 1, 1], 2), None);
    }

    #[test]
    fn finds_the_other_coordinate_of_a_compressed_point() {
        // The generators (SEC 2 section 2, FIPS 186-5).
        for (curve, compressed, y) in [
            (
                Curve::P256,
                "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
                "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            ),
            (
                Curve::P384,
                "03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
                "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            ),
            (
                Curve::P521,
                "0200c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
                "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            ),
            (
                Curve::Secp256k1,
                "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
            ),
        ] {
            let point = padded(&number(compressed).to_bytes_be(), curve.bytes() + 1).unwrap();
            let wanted = padded(&number(y).to_bytes_be(), curve.bytes()).unwrap();
            assert_eq!(coordinates(curve, &point).unwrap().1, wanted, "{}", curve.name());
        }
        assert_eq!(coordinates(Curve::P256, &[0; 33]), None);
    }

    #[test]
    fn tells_points_of_ed25519_from_others() {
        let good = decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(fault_of_ed25519(&good), None);
        for byte in [0, 1] {
            let mut small = [0; 32];
            small[0] = byte;
            assert!(fault_of_ed25519(&small).unwrap().contains("small order"));
        }
        let mut two = [0; 32];
        two[0] = 2;
        assert!(fault_of_ed25519(&two).unwrap().contains("does not lie"));
        assert!(fault_of_ed25519(&[0xFF; 32]).unwrap().contains("does not lie"));
    }
}
