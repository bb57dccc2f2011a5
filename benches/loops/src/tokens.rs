//! Makes the tokens once and keeps them. They are the same every time, except for new key pairs.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, PqdsaKeyPair, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use pem::Pem;
use sha2::Sha256;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// The secret: 32 bytes of plain text.
pub const SECRET: &[u8; 32] = b"thirty-two bytes for the benches";

/// The number of tokens signed with the secret, with each key pair, and with the slowest one.
const SHARED: u64 = 1_000_000;
const PUBLIC: u64 = 20_000;
const FEW: u64 = 5_000;

const ISSUED: u64 = 1_700_000_000; // 2023-11-14
const EXPIRES: u64 = 4_102_444_800; // 2100-01-01

/// Makes the missing files: tokens (one a line), claims (one a line), the secret, and the key pairs in PEM.
pub fn make(dir: &Path) {
    // The files are current if this code made them.
    let stamp = dir.join("made-by");
    let generator = include_str!("tokens.rs");
    if fs::read_to_string(&stamp).is_ok_and(|made_by| made_by == generator) {
        return;
    }
    fs::create_dir_all(dir).unwrap();
    fs::write(dir.join("secret"), SECRET).unwrap();

    write_claims(dir, "claims", claims);
    write_claims(dir, "claims-without-jti", |number| {
        claims(number).replace(&format!(r#","jti":"{:016x}""#, scrambled(number)), "")
    });

    let key = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    sign_all(dir, "HS256", SHARED, |input| key.clone().chain_update(input).finalize().into_bytes().to_vec());

    let random = SystemRandom::new();
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    keep(dir, "RS256", AsDer::<Pkcs8V1Der>::as_der(&pair).unwrap().as_ref(), pair.public_key());
    sign_all(dir, "RS256", PUBLIC, |input| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&signature::RSA_PKCS1_SHA256, &random, input, &mut signature).unwrap();
        signature
    });

    let ecdsa: [(&str, &'static EcdsaSigningAlgorithm, u64); 2] = [
        ("ES256", &signature::ECDSA_P256_SHA256_FIXED_SIGNING, PUBLIC),
        ("ES384", &signature::ECDSA_P384_SHA384_FIXED_SIGNING, FEW),
    ];
    for (alg, scheme, count) in ecdsa {
        let pair = EcdsaKeyPair::generate(scheme).unwrap();
        keep(dir, alg, pair.to_pkcs8v1().unwrap().as_ref(), pair.public_key());
        sign_all(dir, alg, count, |input| pair.sign(&random, input).unwrap().as_ref().to_vec());
    }

    let pair = Ed25519KeyPair::generate().unwrap();
    keep(dir, "EdDSA", pair.to_pkcs8v1().unwrap().as_ref(), pair.public_key());
    sign_all(dir, "EdDSA", PUBLIC, |input| pair.sign(input).as_ref().to_vec());

    let pair = PqdsaKeyPair::generate(&signature::ML_DSA_65_SIGNING).unwrap();
    keep(dir, "ML-DSA-65", pair.to_pkcs8v1().unwrap().as_ref(), pair.public_key());
    sign_all(dir, "ML-DSA-65", PUBLIC, |input| {
        let mut signature = vec![0; pair.algorithm().signature_len()];
        pair.sign(input, &mut signature).unwrap();
        signature
    });

    fs::write(stamp, generator).unwrap();
}

/// Returns the claims of a token: always of the same length, never the same twice.
pub fn claims(number: u64) -> String {
    let issued = ISSUED + number;
    let id = scrambled(number);
    let role = ["author", "editor", "reader", "writer"][(id % 4) as usize];
    format!(
        r#"{{"sub":"user-{number:06}","iss":"https://id.example","aud":"api","iat":{issued},"exp":{EXPIRES},"jti":"{id:016x}","role":"{role}"}}"#
    )
}

fn write_claims(dir: &Path, name: &str, claims: impl Fn(u64) -> String) {
    let mut file = BufWriter::new(File::create(dir.join(name)).unwrap());
    for number in 0..SHARED {
        writeln!(file, "{}", claims(number)).unwrap();
    }
    file.flush().unwrap();
}

/// `SplitMix64`: maps each number to a different number that looks random.
pub fn scrambled(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn sign_all(dir: &Path, alg: &str, count: u64, sign: impl Fn(&[u8]) -> Vec<u8>) {
    let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
    let mut file = BufWriter::new(File::create(dir.join(alg)).unwrap());
    for number in 0..count {
        let signing_input = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims(number)));
        let signature = URL_SAFE_NO_PAD.encode(sign(signing_input.as_bytes()));
        writeln!(file, "{signing_input}.{signature}").unwrap();
    }
    file.flush().unwrap();
}

fn keep(dir: &Path, alg: &str, private_pkcs8: &[u8], public: &impl AsDer<PublicKeyX509Der<'static>>) {
    let public = public.as_der().unwrap();
    for (kind, tag, der) in
        [("private", "PRIVATE KEY", private_pkcs8), ("public", "PUBLIC KEY", public.as_ref())]
    {
        let path = dir.join(format!("{alg}.{kind}.pem"));
        fs::write(&path, pem::encode(&Pem::new(tag, der))).unwrap();
        private_to_us(&path);
    }
}

/// Makes a file readable by its owner alone, because `fob` warns of a private key that others can read.
fn private_to_us(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
