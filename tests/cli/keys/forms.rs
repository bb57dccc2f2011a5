//! Key files in every form, recognized by content and never by file name. `vectors/forms` says how the files were made.

use crate::keys::algorithms::{forms, new_key};
use crate::support::world::{World, segment};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// The password of every encrypted key.
const PASSWORD: &str = "correct-horse";

/// The forms of one private key, and of one public key.
const PRIVATE: [(&str, &[&str]); 2] = [
    (
        "p256",
        &[
            "p256.pk8.pem",
            "p256.sec1.pem",
            "p256.compressed.pk8.pem",
            "p256.compressed.sec1.pem",
            "p256.chain.pem",
            "p256.enc-sha256.pem",
            "p256.enc-sha512.pem",
            "p256.enc-sha1.pem",
            "p256.enc-scrypt.pem",
            "p256.enc-des3.pem",
        ],
    ),
    ("rsa", &["rsa.pk8.pem", "rsa.pkcs1.pem", "rsa.enc.pem"]),
];
const PUBLIC: [(&str, &[&str]); 2] = [
    ("p256", &["p256.spki.pem", "p256.compressed.spki.pem", "p256.cert.pem", "p256.chain.pem"]),
    ("rsa", &["rsa.spki.pem", "rsa.pub.pkcs1.pem", "rsa.cert.pem"]),
];

/// The text of one of those files.
fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/vectors/forms/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The Base64 of the last block of a PEM.
fn body(pem: &str) -> String {
    let end = pem.rfind("\n-----END ").unwrap();
    let start = pem[..end].rfind("-----\n").unwrap() + "-----\n".len();
    pem[start..end].to_owned()
}

fn der(pem: &str) -> Vec<u8> {
    STANDARD.decode(body(pem).replace('\n', "")).unwrap()
}

/// Returns one key file in other spellings: text around the PEM, other line breaks, its body alone, its DER.
fn spellings(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut spellings = vec![
        ("as it is", pem.as_bytes().to_vec()),
        ("CRLF", pem.replace('\n', "\r\n").into_bytes()),
        ("a byte order mark", format!("\u{feff}{pem}").into_bytes()),
        ("text around it", format!("Bag Attributes\n  friendlyName: a\n{pem}and then some\n").into_bytes()),
        ("white space around it", format!("\n\n  {pem}\n \n").into_bytes()),
        ("no line break at its end", pem.trim_end().as_bytes().to_vec()),
    ];
    if pem.matches("-----BEGIN ").count() == 1 {
        spellings.extend([
            ("DER", der(pem)),
            ("its body", body(pem).into_bytes()),
            ("its body on one line", body(pem).replace('\n', "").into_bytes()),
        ]);
    }
    spellings
}

#[test]
fn every_form_of_a_private_key_signs() {
    for (kind, names) in PRIVATE {
        for name in names {
            for (spelling, bytes) in spellings(&text(name)) {
                // The file name is misleading.
                let world = forms().file("key.jwks.json", bytes).env("PASSWORD", PASSWORD);
                let outcome = world.run("encode --no-iat --key key.jwks.json --key-password-env PASSWORD");
                let token = outcome.result();
                let outcome = world.run(format!("verify --key {kind}.spki.pem {token}"));
                assert_eq!(outcome.status, 0, "{name}, {spelling}");
            }
        }
    }
}

#[test]
fn every_form_of_a_public_key_verifies() {
    for (kind, names) in PUBLIC {
        let token = forms().run(format!("encode --key {kind}.pk8.pem")).result().to_owned();
        for name in names {
            for (spelling, bytes) in spellings(&text(name)) {
                let world = World::bare().file("key.pem", &bytes);
                let outcome = world.run(format!("verify --json --key key.pem {token}"));
                assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{name}, {spelling}");
                let source = World::bare().stdin(&bytes).run(format!("verify --json --key - {token}")).json();
                assert_eq!(source["key"]["source"], "standard input");
                assert_eq!(source["verdict"], "accepted");
            }
        }
    }
}

#[test]
fn every_form_of_a_private_key_verifies_as_its_public_half() {
    for (kind, names) in PRIVATE {
        let token = forms().run(format!("encode --key {kind}.pk8.pem")).result().to_owned();
        for name in names {
            let world = forms().env("PASSWORD", PASSWORD);
            let outcome = world.run(format!("verify --key {name} --key-password-env PASSWORD {token}"));
            assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{name}");
        }
    }
}

#[test]
fn reports_name_the_form_of_a_key() {
    for (name, form) in [
        ("p256.pk8.pem", "PKCS #8"),
        ("p256.enc-scrypt.pem", "encrypted PKCS #8"),
        ("p256.sec1.pem", "SEC 1"),
        ("p256.spki.pem", "SPKI"),
        ("p256.cert.pem", "X.509"),
        ("rsa.pkcs1.pem", "PKCS #1"),
        ("rsa.pub.pkcs1.pem", "PKCS #1"),
    ] {
        let json = forms()
            .env("PASSWORD", PASSWORD)
            .run(format!("key show --json --key-password-env PASSWORD {name}"))
            .json();
        assert_eq!(json["keys"][0]["form"], form, "{name}");
    }
}

#[test]
fn the_other_curves_and_kinds_sign_in_their_forms() {
    for (kind, algorithm) in [
        ("p384", "ES384"),
        ("p521", "ES512"),
        ("secp256k1", "ES256K"),
        ("ed25519", "EdDSA"),
        ("pss", "PS256"),
    ] {
        for (_, bytes) in spellings(&text(&format!("{kind}.pk8.pem"))) {
            let world = forms().file("key", bytes);
            let token = world.run("encode --key key --no-typ").result().to_owned();
            assert_eq!(segment(&token, 0), format!(r#"{{"alg":"{algorithm}"}}"#));
            let outcome = world.run(format!("verify --json --key {kind}.spki.pem {token}"));
            assert_eq!(outcome.json()["verdict"], "accepted");
        }
    }
}

#[test]
fn an_rsa_pss_key_is_restricted_to_pss_and_to_its_hash() {
    let run = |line: &str| forms().run(line);
    for algorithm in ["PS256", "PS384", "PS512"] {
        let token = run(&format!("encode --key pss.pk8.pem --alg {algorithm}")).result().to_owned();
        assert_eq!(run(&format!("verify --key pss.spki.pem {token}")).status, 0);
    }
    run("encode --key pss.pk8.pem --alg RS256").refused(
        2,
        "error: key_mismatch:alg: an RSA-PSS key works with PS256, PS384, PS512, not with RS256\n",
    );
    run("encode --key pss256.pk8.pem --alg PS384")
        .refused(2, "error: key_mismatch:alg: an RSA-PSS key works with PS256, not with PS384\n");
    let token = run("encode --key rsa.pk8.pem --alg RS256").result().to_owned();
    assert_eq!(run(&format!("verify --json --key pss.spki.pem {token}")).reasons(), ["key_mismatch:alg"]);
    // The restriction goes with the public half, in either form.
    for form in ["jwk", "pem"] {
        let outcome = run(&format!("key show -q --public --format {form} pss256.pk8.pem"));
        let world = forms().file("public", outcome.result());
        let json = world.run("key show --json public").json();
        assert_eq!(json["keys"][0]["algorithms"], serde_json::json!(["PS256"]), "{form}");
    }
}

#[test]
fn unsupported_keys_are_refused_with_their_reason() {
    let tokens = ["rsa", "p256", "ed25519"]
        .map(|kind| forms().run(format!("encode --key {kind}.pk8.pem")).result().to_owned());
    for (name, reason) in [
        ("ed448.pk8.pem", "alg_unsupported"),
        ("ed448.spki.pem", "alg_unsupported"),
        ("brainpool.pk8.pem", "alg_unsupported"),
        ("x25519.pk8.pem", "key_mismatch:crv"),
        ("x25519.spki.pem", "key_mismatch:crv"),
        ("dsa.pk8.pem", "key_mismatch:kty"),
    ] {
        for token in &tokens {
            let outcome = forms().run(format!("verify --json --key {name} {token}"));
            assert_eq!((outcome.status, outcome.reasons()), (1, vec![reason.to_owned()]), "{name}");
        }
        let outcome = forms().run(format!("encode --key {name}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        assert!(outcome.stderr.starts_with(&format!("error: {reason}: ")), "{}", outcome.stderr);
    }
}

#[test]
fn explicit_curve_parameters_are_refused_with_a_hint() {
    for name in ["p256.explicit.pk8.pem", "p256.explicit.sec1.pem", "p256.explicit.spki.pem"] {
        for (spelling, bytes) in spellings(&text(name)) {
            let outcome = forms().file("key", bytes).run("encode --key key");
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{name}, {spelling}");
            let [error, hint] = outcome.stderr.lines().collect::<Vec<_>>()[..] else {
                panic!("{name}, {spelling}: no error and hint: {}", outcome.stderr)
            };
            assert!(error.starts_with("error: the key from key cannot be used: "), "{error}");
            assert!(
                error.ends_with("it has explicit curve parameters instead of a named curve"),
                "{name}, {spelling}: {error}"
            );
            assert!(hint.starts_with("hint: `openssl ec "), "{hint}");
            assert!(hint.contains("-param_enc named_curve"), "{hint}");
        }
    }
}

#[test]
fn unsupported_forms_are_refused_with_a_hint() {
    let refused = |name: &str, stderr: &str| forms().run(format!("encode --key {name}")).refused(2, stderr);
    refused(
        "ed25519.openssh.pub.txt",
        "error: the key from ed25519.openssh.pub.txt cannot be used: it is an SSH public key\n\
         hint: `fob key show KEY --public` writes the public half of the private key KEY as a JWK\n",
    );
    // The hint is followed.
    let outcome = forms().run("key show ed25519.openssh --public");
    assert!(outcome.text().starts_with(r#"{"kty":"OKP","crv":"Ed25519""#), "{}", outcome.text());
    for (word, says) in [
        ("ssh-rsa", "SSH public key\nhint: `ssh-keygen -e -m PKCS8 -f KEY.pub` writes it as PEM\n"),
        (
            "ecdsa-sha2-nistp256",
            "SSH public key\nhint: `ssh-keygen -e -m PKCS8 -f KEY.pub` writes it as PEM\n",
        ),
        ("ssh-dss", "SSH public key of a type that verifies no JWT\n"),
        ("sk-ssh-ed25519@openssh.com", "SSH public key of a type that verifies no JWT\n"),
    ] {
        let outcome = World::bare().file("key", format!("{word} AAAA me@host\n")).run("key show key");
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.ends_with(says), "{word}: {}", outcome.stderr);
    }
    for name in ["p256.traditional.pem", "rsa.traditional.pem"] {
        refused(
            name,
            &format!(
                "error: the key from {name} cannot be used: it is encrypted in OpenSSL's traditional \
                 format, which derives the key with MD5\nhint: `openssl pkcs8 -topk8 -in OLD -out NEW` writes it in a supported format\n"
            ),
        );
    }
}

#[test]
fn a_file_that_is_not_a_key_is_refused_and_not_repeated() {
    let hint = "hint: give an HMAC secret with --secret-file, --secret-env or --secret\n";
    let neither = format!("it is not PEM, DER, a JWK or a JWK Set\n{hint}");
    let p256 = text("p256.pk8.pem");
    for (bytes, wanted) in [
        (b"".to_vec(), "it is empty\n"),
        (b" \r\n ".to_vec(), "it is empty\n"),
        (b"hunter2".to_vec(), &*neither),
        (vec![0xFF; 40], "it is not PEM, DER, a JWK or a JWK Set\n"),
        (b"{\"hunter2\":1}".to_vec(), "its JSON is neither a JWK (no `kty`) nor a JWK Set (no `keys`)\n"),
        (b"{\"kty\":\"oct\",\"k\":\"aGk\",\"k\":\"aGk\"}".to_vec(), "its JSON names /k twice\n"),
        (b"{\"keys\":{}}".to_vec(), "the `keys` of its JWK Set are an object, not an array\n"),
        (
            p256.replace("-----END", "-----DNE").into_bytes(),
            "its PEM is broken: a line or the END line is missing\n",
        ),
        (
            p256.replace("PRIVATE KEY", "CERTIFICATE REQUEST").into_bytes(),
            "its PEM holds no key, only: CERTIFICATE REQUEST\n",
        ),
    ] {
        let outcome = World::bare().file("key", &bytes).run("encode --key key");
        outcome.refused(2, &format!("error: the key from key cannot be used: {wanted}"));
        assert!(!outcome.stderr.contains("hunter2"));
    }
    for length in [1, 20, 60, 100, 137] {
        let outcome = World::bare().file("key", &der(&p256)[..length]).run("encode --key key");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{length}");
    }
    let mut longer = der(&p256);
    longer.push(0);
    assert_eq!(World::bare().file("key", longer).run("encode --key key").status, 2);
    World::bare()
        .run("encode --key gone")
        .refused(
            2,
            "error: --key names no file (its argument is not shown, since it may be a secret)\nhint: --key takes the path of a key; for an HMAC secret, use \
             --secret-file, --secret-env or --secret\n",
        );
    World::bare()
        .run("encode --key gone.pem")
        .refused(2, "error: cannot read the key from gone.pem: entity not found\n");
}

#[test]
fn a_key_whose_halves_differ_is_refused() {
    // Another number in the private half, the point of the first.
    let mut bytes = der(&text("p256.pk8.pem"));
    bytes[40] ^= 1;
    World::bare().file("key", bytes).run("encode --key key").refused(
        2,
        "error: the key from key cannot be used: its private half does not match its public half\n",
    );
    for algorithm in ["ES256", "EdDSA", "ES512", "ML-DSA-44"] {
        let [one, other] = [new_key(algorithm), new_key(algorithm)]
            .map(|jwk| serde_json::from_str::<serde_json::Value>(&jwk).unwrap());
        let name = if algorithm == "ML-DSA-44" { "priv" } else { "d" };
        let mut mixed = one.clone();
        mixed[name] = other[name].clone();
        World::bare()
            .file("key", mixed.to_string())
            .run("encode --key key")
            .refused(2, "error: the private half of the key from key does not match its public half\n");
    }
}

/// Returns the fields of an SSH file, each behind its length.
fn ssh_fields<T: AsRef<[u8]>>(fields: &[T]) -> Vec<u8> {
    let field = |field: &T| {
        let length = u32::try_from(field.as_ref().len()).unwrap();
        [&length.to_be_bytes(), field.as_ref()].concat()
    };
    fields.iter().flat_map(field).collect()
}

/// Returns an OpenSSH private key of these fields.
fn openssh(public: &[Vec<u8>], private: &[Vec<u8>]) -> String {
    let check = [1, 2, 3, 4, 1, 2, 3, 4];
    let private =
        [&check[..], &ssh_fields(&[&public[0]]), &ssh_fields(private), &ssh_fields(&["me"])].concat();
    let head = ssh_fields(&["none", "none", ""]);
    let bytes =
        [b"openssh-key-v1\0", &*head, &[0, 0, 0, 1], &ssh_fields(&[ssh_fields(public), private])].concat();
    format!(
        "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n",
        STANDARD.encode(bytes)
    )
}

/// Checks that a key file is refused by every command because its halves differ.
fn is_refused_for_its_halves(form: &str, key: impl AsRef<[u8]>) {
    for command in ["key show key --public", "key show key --private", "key show key", "encode --key key"] {
        let outcome = World::bare().file("key", key.as_ref()).run(command);
        let message = "its private half does not match its public half\n";
        assert!(outcome.status == 2 && outcome.stderr.contains(message), "{form}, {command}: {outcome:?}");
    }
}

#[test]
fn refuses_openssh_keys_of_which_any_two_halves_differ() {
    let members = |jwk: &str, names: &[&str]| -> Vec<Vec<u8>> {
        let jwk: serde_json::Value = serde_json::from_str(jwk).unwrap();
        names.iter().map(|name| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap()).collect()
    };
    let mpint = |number: &[u8]| [&[0], number].concat();
    let mut files = Vec::new();
    let ed25519 = members(&new_key("EdDSA"), &["x", "d"]);
    let (public, seed) = (&ed25519[0], &ed25519[1]);
    files.push((
        "ssh-ed25519",
        vec![b"ssh-ed25519".to_vec(), public.clone()],
        vec![public.clone(), [&**seed, &**public].concat()],
    ));
    for (algorithm, kind, curve) in [
        ("ES256", "ecdsa-sha2-nistp256", "nistp256"),
        ("ES384", "ecdsa-sha2-nistp384", "nistp384"),
        ("ES512", "ecdsa-sha2-nistp521", "nistp521"),
    ] {
        let key = members(&new_key(algorithm), &["x", "y", "d"]);
        let point = [&[4], &*key[0], &*key[1]].concat();
        let curve = curve.as_bytes().to_vec();
        files.push((
            kind,
            vec![kind.as_bytes().to_vec(), curve.clone(), point.clone()],
            vec![curve, point, mpint(&key[2])],
        ));
    }
    let jwk = forms().run("key show rsa.pk8.pem --private").result().to_owned();
    let rsa = members(&jwk, &["n", "e", "d", "qi", "p", "q"]);
    files.push((
        "ssh-rsa",
        vec![b"ssh-rsa".to_vec(), rsa[1].clone(), mpint(&rsa[0])],
        [0, 1, 2, 3, 4, 5].map(|index: usize| mpint(&rsa[index])).to_vec(),
    ));
    for (kind, public, private) in files {
        let outcome = World::bare().file("key", openssh(&public, &private)).run("key show key --public");
        assert_eq!(outcome.status, 0, "{kind}: {}", outcome.stderr);
        let mut other = public.clone();
        *other.last_mut().unwrap().last_mut().unwrap() ^= 2;
        is_refused_for_its_halves(kind, openssh(&other, &private));
        if kind == "ssh-ed25519" {
            for index in [0, 1] {
                let mut other = private.clone();
                *other[index].last_mut().unwrap() ^= 2;
                is_refused_for_its_halves(kind, openssh(&public, &other));
            }
        }
    }
}

/// Returns an element in DER.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..=0x7F => vec![tag, u8::try_from(length).unwrap()],
        0x80..=0xFF => vec![tag, 0x81, u8::try_from(length).unwrap()],
        _ => [&[tag, 0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
    };
    [head, content.to_vec()].concat()
}

/// Returns a private key in PKCS #8 with these object identifiers.
fn pkcs8(oids: &[&[u8]], private: &[u8]) -> Vec<u8> {
    let oids: Vec<u8> = oids.iter().flat_map(|oid| element(0x06, oid)).collect();
    let parts = [element(0x02, &[0]), element(0x30, &oids), element(0x04, private)];
    element(0x30, &parts.concat())
}

#[test]
fn refuses_a_key_that_names_two_curves() {
    const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
    let own = der(&text("p256.sec1.pem"));
    let shown =
        |curve: &[u8]| World::bare().file("key", pkcs8(&[EC, curve], &own)).run("key show key --public");
    assert_eq!(shown(b"\x2a\x86\x48\xce\x3d\x03\x01\x07").status, 0);
    for (other, curve) in [
        ("P-384", &b"\x2b\x81\x04\x00\x22"[..]),
        ("secp256k1", b"\x2b\x81\x04\x00\x0a"),
        ("secp160k1", b"\x2b\x81\x04\x00\x09"),
    ] {
        let outcome = shown(curve);
        assert!(outcome.stderr.contains("it names two curves that differ\n"), "{other}: {outcome:?}");
        assert_eq!(outcome.status, 2, "{other}");
    }
}

#[test]
fn refuses_an_ml_dsa_key_whose_expanded_key_is_not_that_of_its_seed() {
    use aws_lc_rs::encoding::AsRawBytes as _;
    const ML_DSA_44: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x03\x11";
    let seed = [7; 32];
    let pair = aws_lc_rs::signature::PqdsaKeyPair::from_seed(&aws_lc_rs::signature::ML_DSA_44_SIGNING, &seed);
    let expanded = pair.unwrap().private_key().as_raw_bytes().unwrap().as_ref().to_vec();
    let shown = |parts: &[&[u8]]| {
        let parts: Vec<u8> = parts.iter().flat_map(|part| element(0x04, part)).collect();
        World::bare().file("key", pkcs8(&[ML_DSA_44], &element(0x30, &parts))).run("key show key --public")
    };
    assert_eq!(shown(&[&seed, &expanded]).status, 0);
    for index in [0, 1_000, expanded.len() - 1] {
        let mut other = expanded.clone();
        other[index] ^= 1;
        let outcome = shown(&[&seed, &other]);
        assert!(outcome.stderr.contains("its expanded key is not that of its seed\n"), "{outcome:?}");
        assert_eq!(outcome.status, 2);
    }
    // A sequence has both, and nothing else.
    for parts in [&[&seed[..]][..], &[&seed, &expanded, &seed], &[&seed[1..], &expanded]] {
        let outcome = shown(parts);
        assert!(outcome.stderr.contains("its ML-DSA private key is malformed\n"), "{outcome:?}");
    }
    let alone = pkcs8(&[ML_DSA_44], &element(0x04, &expanded));
    let outcome = World::bare().file("key", alone).run("key show key --public");
    assert!(outcome.stderr.contains("it has only the expanded key, not the seed\n"), "{outcome:?}");
}

#[test]
fn refuses_pkcs8_keys_beside_the_public_key_of_another() {
    // RFC 5958 section 2: the version is 1, and a BIT STRING with the tag [1] is behind the private key.
    let with_public = |form: &str, public: &[u8]| {
        let mut bytes = der(&text(form));
        let start = if bytes[1] == 0x81 { 2 } else { 1 };
        bytes[start] += u8::try_from(public.len() + 3).unwrap();
        bytes[start + 3] = 1;
        [&*bytes, &[0x81, u8::try_from(public.len() + 1).unwrap(), 0], public].concat()
    };
    for (private, public, length) in [
        ("ed25519.pk8.pem", "ed25519.spki.pem", 32),
        ("x25519.pk8.pem", "x25519.spki.pem", 32),
        ("p256.pk8.pem", "p256.spki.pem", 65),
    ] {
        let public = der(&text(public));
        let public = &public[public.len() - length..];
        let outcome = World::bare().file("key", with_public(private, public)).run("key show key --public");
        assert_eq!(outcome.status, 0, "{private}: {}", outcome.stderr);
        let mut other = public.to_vec();
        other[length - 1] ^= 2;
        is_refused_for_its_halves(private, with_public(private, &other));
    }
}

#[test]
fn refuses_jwks_beside_the_certificate_of_another_key() {
    let jwk = forms().run("key show p256.spki.pem --public").result().to_owned();
    let jwk: serde_json::Value = serde_json::from_str(&jwk).unwrap();
    let [own, other] = ["p256.cert.pem", "rsa.cert.pem"].map(|name| STANDARD.encode(der(&text(name))));
    let mut parts = jwk.clone();
    parts["x5c"] = serde_json::json!([own]);
    let s256 = "UEPB-YyEw9N12TEcLmKPX6qQ-TE4UXIslw0SI6YnYZk";
    let sha1 = "78wm1T62AL44Yuvt5VHzX821nnY";
    let in_hex = |digest: &str| {
        URL_SAFE_NO_PAD.encode({
            let bytes = URL_SAFE_NO_PAD.decode(digest).unwrap();
            bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()
        })
    };
    let with = |member: &str, value: serde_json::Value| {
        let mut jwk = parts.clone();
        jwk[member] = value;
        jwk.to_string()
    };
    for (member, value) in
        [("x5t", sha1), ("x5t", &in_hex(sha1)), ("x5t#S256", s256), ("x5t#S256", &in_hex(s256))]
    {
        let outcome = World::bare().file("key", with(member, value.into())).run("key show key --public");
        assert_eq!(outcome.status, 0, "{member} {value}: {}", outcome.stderr);
    }
    let digest = |member| format!("its `{member}` is not the digest of the certificate in its `x5c`");
    for (member, value, detail) in [
        ("x5c", serde_json::json!([other]), "the certificate in its `x5c` holds another key".to_owned()),
        ("x5t", s256.into(), digest("x5t")),
        ("x5t", "".into(), digest("x5t")),
        ("x5t#S256", sha1.into(), digest("x5t#S256")),
        ("x5t#S256", "!".into(), digest("x5t#S256")),
    ] {
        for command in ["key show key --public", "key show key", "verify --key key a.b.c"] {
            let outcome = World::bare().file("key", with(member, value.clone())).run(command);
            assert!(outcome.status == 2 && outcome.stderr.contains(&detail), "{command}: {outcome:?}");
        }
    }
}

#[test]
fn certificates_and_a_key_in_one_file_are_one_key() {
    // A chain, then the key: it verifies by the first certificate and signs by the key.
    let token = forms().run("encode --key p256.chain.pem").result().to_owned();
    for name in ["p256.chain.pem", "p256.spki.pem"] {
        assert_eq!(forms().run(format!("verify --key {name} {token}")).status, 0);
    }
    let key_first = format!("{}{}", text("p256.pk8.pem"), text("p256.cert.pem"));
    let world = forms().file("key", key_first);
    assert_eq!(world.run("encode --key key").stderr, "");
    assert_eq!(world.run(format!("verify --key key {token}")).status, 0);
}

#[test]
fn the_first_of_several_keys_is_used_with_a_warning() {
    let world = forms().file("keys", format!("{}{}", text("p256.spki.pem"), text("rsa.spki.pem")));
    let warning = "warning: keys contains several keys; the first one is used\n";
    let token = forms().run("encode --key p256.pk8.pem").result().to_owned();
    let outcome = world.run(format!("verify --key keys {token}"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, warning));
    let token = forms().run("encode --key rsa.pk8.pem").result().to_owned();
    let outcome = world.run(format!("verify --json --key keys {token}"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["alg_not_allowed".to_owned()]));
}
