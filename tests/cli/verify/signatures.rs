//! Signatures that say the right thing in the wrong way: another length, another form, numbers out of range. Each is
//! a bad signature and nothing else.

use crate::keys::algorithms::forms;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::json;
use fob::core::key::jwk;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;
use num_bigint::BigUint;

/// The orders of the groups (SEC 2 section 2, RFC 8032 section 5.1).
pub(crate) const ORDERS: [(&str, usize, &str); 4] = [
    ("p256", 32, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    (
        "p384",
        48,
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ),
    (
        "p521",
        66,
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    ),
    ("secp256k1", 32, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
];
const ED25519_ORDER: &str = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";

pub(crate) fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap()
}

/// A number at its full length.
pub(crate) fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; length - bytes.len()], bytes].concat()
}

/// A token of the key of a file, as its signing input and its signature.
pub(crate) fn signed(kind: &str, options: &str) -> (String, Vec<u8>) {
    let token = forms().run(format!("encode --key {kind}.pk8.pem {options}")).result().to_owned();
    let (input, signature) = token.rsplit_once('.').unwrap();
    (input.to_owned(), URL_SAFE_NO_PAD.decode(signature).unwrap())
}

fn verify(kind: &str, input: &str, signature: &[u8]) -> crate::support::world::Outcome {
    let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
    forms().run(format!("verify --json --key {kind}.spki.pem {token}"))
}

#[track_caller]
pub(crate) fn refused(kind: &str, input: &str, signature: &[u8]) {
    let outcome = verify(kind, input, signature);
    assert_eq!(
        (outcome.status, outcome.reasons()),
        (1, vec!["bad_signature".to_owned()]),
        "{kind} {signature:?}"
    );
}

/// A DER INTEGER.
fn integer(number: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    let sign = digits.first().is_some_and(|byte| *byte >= 0x80);
    let digits = if sign { [vec![0], digits].concat() } else { digits };
    [vec![2, u8::try_from(digits.len()).unwrap()], digits].concat()
}

fn in_der(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let inner = [integer(r), integer(s)].concat();
    let length = u8::try_from(inner.len()).unwrap();
    let header = if length < 0x80 { vec![0x30, length] } else { vec![0x30, 0x81, length] };
    [header, inner].concat()
}

#[test]
fn rejects_an_ecdsa_signature_of_another_length() {
    for (kind, length, _) in ORDERS {
        let (input, good) = signed(kind, "");
        assert_eq!((good.len(), verify(kind, &input, &good).status), (length * 2, 0));
        for cut in [0, 1, length, length * 2 - 1] {
            refused(kind, &input, &good[..cut]);
            refused(kind, &input, &good[good.len() - cut..]);
        }
        refused(kind, &input, &[&good[..], &[0]].concat());
        refused(kind, &input, &[&[0], &good[..]].concat());
        refused(kind, &input, &[&good[..], &good[..]].concat());
        let (r, s) = good.split_at(length);
        refused(kind, &input, &[&[0], r, &[0], s].concat());
    }
}

#[test]
fn rejects_an_ecdsa_signature_in_der_with_a_hint() {
    for (kind, ..) in ORDERS {
        let (input, good) = signed(kind, "");
        refused(kind, &input, &in_der(&good));
        let hints = &verify(kind, &input, &in_der(&good)).json()["hints"];
        assert_eq!(
            hints[0],
            "the signature is valid but DER-encoded: a JWS needs both numbers at full length (RFC 7518 section 3.4)"
        );
        // That of another token is only a bad one.
        let (_, other) = signed(kind, "--sub other");
        let hints = verify(kind, &input, &in_der(&other)).json()["hints"].clone();
        assert!(
            matches!(hints.as_array().map(Vec::as_slice), Some([hint]) if hint.as_str().is_some_and(|hint| {
                hint.starts_with("compare the key with the signer's")
            })),
            "{hints}"
        );
    }
}

#[test]
fn rejects_an_ecdsa_signature_with_numbers_out_of_range() {
    for (kind, length, order) in ORDERS {
        let (input, good) = signed(kind, "");
        let (r, s) = good.split_at(length);
        let (n, zero, one) = (number(order), BigUint::ZERO, BigUint::from(1_u8));
        let most = BigUint::from_bytes_be(&vec![0xFF; length]);
        let fixed = |number: &BigUint| padded(number, length);
        for odd in [&zero, &n, &most, &(&n - &one), &(&n + &one), &one] {
            refused(kind, &input, &[&fixed(odd), s].concat());
            refused(kind, &input, &[r, &fixed(odd)].concat());
            for other in [&zero, &n, &one, &most] {
                refused(kind, &input, &[fixed(odd), fixed(other)].concat());
            }
        }
        refused(kind, &input, &[s, r].concat());
        // This number is equal modulo the order, but not the canonical one.
        for (r, s) in [
            (BigUint::from_bytes_be(r) + &n, BigUint::from_bytes_be(s)),
            (BigUint::from_bytes_be(r), BigUint::from_bytes_be(s) + &n),
        ] {
            if r <= most && s <= most {
                refused(kind, &input, &[fixed(&r), fixed(&s)].concat());
            }
        }
    }
}

#[test]
fn accepts_both_values_of_s_in_an_ecdsa_signature() {
    // Nothing in RFC 7518 section 3.4 prefers one, and nothing here may depend on the text of a token.
    for (kind, length, order) in ORDERS {
        let (input, good) = signed(kind, "");
        let (r, s) = good.split_at(length);
        let other = padded(&(number(order) - BigUint::from_bytes_be(s)), length);
        assert_eq!(verify(kind, &input, &[r, &other].concat()).status, 0);
    }
}

#[test]
fn rejects_an_rsa_signature_of_another_length() {
    for algorithm in ["RS256", "PS256", "RS512", "PS512"] {
        let (input, good) = signed("rsa", &format!("--alg {algorithm}"));
        assert_eq!((good.len(), verify("rsa", &input, &good).status), (256, 0));
        refused("rsa", &input, &[]);
        refused("rsa", &input, &good[1..]);
        refused("rsa", &input, &good[..255]);
        refused("rsa", &input, &[&[0], &good[..]].concat());
        refused("rsa", &input, &[&good[..], &[0]].concat());
        refused("rsa", &input, &[&good[..], &good[..]].concat());
        refused("rsa", &input, &[0; 256]);
        refused("rsa", &input, &[0xFF; 256]);
    }
}

#[test]
fn a_short_rsa_signature_keeps_its_leading_zero() {
    // One in 256 begins with a zero; without it the length is wrong.
    let jwk = forms().run("key show --private rsa.pk8.pem").result().to_owned();
    let key = jwk::read(&json::parse(jwk.as_bytes()).unwrap(), "a test", jwk::JwkOrigin::Alone).unwrap();
    let signer = key.signer(Algorithm::Rs256).unwrap();
    let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256"}"#);
    let found = (0..20_000).find_map(|jti| {
        let input = format!("{header}.{}", URL_SAFE_NO_PAD.encode(format!(r#"{{"jti":"{jti}"}}"#)));
        let good = signer.sign(SigningInput::new(&input)).unwrap();
        (good[0] == 0).then_some((input, good))
    });
    let (input, good) = found.unwrap();
    assert_eq!(verify("rsa", &input, &good).status, 0);
    refused("rsa", &input, &good[1..]);
}

#[test]
fn rejects_an_rsa_signature_as_large_as_the_modulus() {
    let (input, good) = signed("rsa", "");
    let public: serde_json::Value = forms().run("key show rsa.spki.pem --public").json();
    let n = BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(public["n"].as_str().unwrap()).unwrap());
    refused("rsa", &input, &padded(&n, 256));
    refused("rsa", &input, &padded(&(&n - 1_u8), 256));
    refused("rsa", &input, &padded(&BigUint::from(1_u8), 256));
    let larger = BigUint::from_bytes_be(&good) + n;
    refused("rsa", &input, &larger.to_bytes_be());
}

#[test]
fn rejects_an_rsa_signature_with_the_other_padding() {
    for (algorithm, other) in [("RS256", "PS256"), ("PS256", "RS256"), ("RS256", "RS384"), ("PS384", "PS512")]
    {
        let (_, signature) = signed("rsa", &format!("--no-iat --alg {algorithm}"));
        let (input, _) = signed("rsa", &format!("--no-iat --alg {other}"));
        refused("rsa", &input, &signature);
    }
}

#[test]
fn rejects_the_second_spelling_of_an_eddsa_signature() {
    let (input, good) = signed("ed25519", "");
    assert_eq!((good.len(), verify("ed25519", &input, &good).status), (64, 0));
    let (r, s) = good.split_at(32);
    let order = number(ED25519_ORDER);
    let little = |number: &BigUint| {
        let mut bytes = number.to_bytes_le();
        bytes.resize(32, 0);
        bytes
    };
    let number = BigUint::from_bytes_le(s);
    for multiple in 1_u8..8 {
        refused("ed25519", &input, &[r, &little(&(&number + &order * multiple))].concat());
    }
    refused("ed25519", &input, &[r, &little(&order)].concat());
    refused("ed25519", &input, &[r, &[0; 32]].concat());
    refused("ed25519", &input, &[r, &[0xFF; 32]].concat());
    refused("ed25519", &input, &[&[0; 32], s].concat());
    refused("ed25519", &input, &[&[&[1], &[0; 31][..]].concat(), &[0; 32][..]].concat());
    for cut in [0, 1, 32, 63] {
        refused("ed25519", &input, &good[..cut]);
    }
    refused("ed25519", &input, &[&good[..], &[0]].concat());
}

#[test]
fn rejects_a_signature_of_another_token_or_key() {
    for kind in ["rsa", "p256", "p384", "p521", "secp256k1", "ed25519", "pss"] {
        let (input, good) = signed(kind, "--sub alice");
        let (other, another) = signed(kind, "--sub mallory");
        assert_eq!(verify(kind, &input, &good).status, 0);
        refused(kind, &input, &another);
        refused(kind, &other, &good);
    }
}
