//! Tests of encrypted tokens that `encode` and `pair` make, and of keys for encryption. The tokens are opened by the core
//! alone, with the private key.

use crate::support::world::{Outcome, SECRET, World, fob, segment};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use fob::core::encryption::algorithm::KeyAlgorithm;
use fob::core::encryption::{Decrypter, Jwe};
use fob::core::key::Key;
use fob::core::key::file::{KeyFileContent, read};
use fob::core::key::ring::KeyRing;
use fob::core::key::secret::Secret;

/// A command line whose token is the same in every run.
const CLAIMS: &str = "encode --sub alice --exp 15m";

/// All algorithms that `key new` makes keys for, with the curve of keys for agreement.
const ALGORITHMS: [&str; 24] = [
    "RSA-OAEP --bits 2048",
    "RSA-OAEP-256 --bits 2048",
    "RSA-OAEP-384 --bits 2048",
    "RSA-OAEP-512 --bits 2048",
    "ECDH-ES",
    "ECDH-ES --crv P-384",
    "ECDH-ES --crv P-521",
    "ECDH-ES --crv X25519",
    "ECDH-ES+A128KW",
    "ECDH-ES+A192KW --crv P-384",
    "ECDH-ES+A256KW --crv P-521",
    "ECDH-ES+A256KW --crv X25519",
    "A128KW",
    "A192KW",
    "A256KW",
    "A128GCMKW",
    "A192GCMKW",
    "A256GCMKW",
    "A128CBC-HS256",
    "A192CBC-HS384",
    "A256CBC-HS512",
    "A128GCM",
    "A192GCM",
    "A256GCM",
];

/// Returns a new key as a JWK.
#[track_caller]
fn new_key(options: &str) -> String {
    World::bare().run(format!("key new --alg {options}")).result().to_owned()
}

/// Returns the public half of a key, or the key itself if it is a secret.
#[track_caller]
fn public(jwk: &str) -> String {
    if jwk.contains(r#""kty":"oct""#) {
        return jwk.to_owned();
    }
    World::bare().file("key", jwk).run("key show key --public -q").result().to_owned()
}

/// Returns the keys of a file.
#[track_caller]
fn ring(jwk: &str) -> KeyRing {
    let KeyFileContent::Ring(ring) = read(jwk.as_bytes(), "a test").unwrap() else { panic!("{jwk}") };
    ring
}

/// Returns the content of an encrypted token.
#[track_caller]
fn opened_with(token: &str, ring: KeyRing) -> String {
    let jwe = Jwe::parse(token.as_bytes(), 10_000).unwrap();
    let decrypter = Decrypter::new(ring, 10_000).naming(KeyAlgorithm::ALL.to_vec());
    String::from_utf8(decrypter.decrypt(&jwe).unwrap().plaintext.expose().to_vec()).unwrap()
}

#[track_caller]
fn opened(token: &str, jwk: &str) -> String {
    opened_with(token, ring(jwk))
}

/// Returns the content of a token that was encrypted with a shared key.
#[track_caller]
fn opened_by_secret(token: &str, secret: &[u8]) -> String {
    opened_with(token, Key::hmac(Secret::new(secret.to_vec()), None, String::new()).into())
}

#[test]
fn a_signed_token_becomes_the_content_of_an_encrypted_one() {
    let signed = fob(CLAIMS).result().to_owned();
    for options in ALGORITHMS {
        let key = new_key(options);
        let world = World::new().file("recipient", public(&key));
        let token = world.run(format!("{CLAIMS} --encrypt-for recipient")).result().to_owned();
        assert_eq!(opened(&token, &key), signed, "{options}");
        let name = options.split(' ').next().unwrap();
        let is_content = name.contains("CBC") || name.ends_with("GCM");
        let (alg, enc) = if is_content { ("dir", name) } else { (name, "A256GCM") };
        let header = segment(&token, 0);
        let start = format!(r#"{{"alg":"{alg}","enc":"{enc}","cty":"JWT""#);
        assert!(header.starts_with(&start), "{options}: {header}");
    }
}

#[test]
fn every_content_encryption_can_be_chosen() {
    let key = new_key("ECDH-ES+A128KW");
    let world = World::new().file("recipient", public(&key));
    for enc in ["A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"] {
        let line = format!("{CLAIMS} --encrypt-for recipient --enc {}", enc.to_lowercase());
        let token = world.run(line).result().to_owned();
        assert!(segment(&token, 0).contains(&format!(r#""enc":"{enc}""#)), "{enc}");
        assert_eq!(opened(&token, &key), fob(CLAIMS).result());
    }
}

#[test]
fn a_key_without_an_alg_gets_the_default_of_its_type() {
    for (options, alg) in [
        ("RSA-OAEP --bits 2048", "RSA-OAEP-256"),
        ("ECDH-ES", "ECDH-ES+A256KW"),
        ("ECDH-ES --crv X25519", "ECDH-ES+A256KW"),
    ] {
        let pem = World::bare().run(format!("key new --alg {options} --format pem")).result().to_owned();
        let public = World::bare().file("key", &pem).run("key show key --public --format pem -q");
        let world = World::new().file("recipient", public.text()).file("private", &pem);
        for recipient in ["recipient", "private"] {
            let token = world.run(format!("{CLAIMS} --encrypt-for {recipient}"));
            let header: serde_json::Value = serde_json::from_str(&segment(token.result(), 0)).unwrap();
            assert_eq!((header["alg"].as_str(), header.get("kid")), (Some(alg), None), "{options}");
        }
    }
}

#[test]
fn claims_are_encrypted_without_a_signature_only_on_demand() {
    let key = new_key("ECDH-ES --kid r1");
    let world = World::bare().file("recipient", public(&key));
    let token = world.run(format!("{CLAIMS} --encrypt-for recipient --unsigned")).result().to_owned();
    assert_eq!(opened(&token, &key), r#"{"sub":"alice","exp":1769861700,"iat":1769860800}"#);
    let header = segment(&token, 0);
    assert!(header.starts_with(r#"{"alg":"ECDH-ES","enc":"A256GCM","kid":"r1","epk":{"#), "{header}");
    assert!(header.ends_with(r#"},"typ":"JWT"}"#), "{header}");

    let message = "error: a key to encrypt with was given, but none to sign with\n\
                   hint: name the signing key with --key, --secret-file or --secret-env\n";
    let hint = "hint: add --unsigned to encrypt the claims without a signature\n";
    // Even at a terminal the user is not asked for a secret, which could be meant for the encryption.
    for world in [world.clone(), world.env("NO_COLOR", "1").person(&[Some("a secret")])] {
        for lines in ["", " --lines"] {
            let outcome = world.run(format!("{CLAIMS} --encrypt-for recipient{lines}"));
            outcome.refused(2, &format!("{message}{hint}"));
            assert_eq!(outcome.questions, []);
        }
        world.run("pair --user-id 7 --encrypt-for recipient").refused(2, message);
    }
}

#[test]
fn an_unsigned_token_ignores_the_signing_key_of_the_environment() {
    let key = new_key("A128GCM");
    let world = World::new().file("recipient", &key).env("FOB_KEY", "both would be refused");
    let token = world.run("encode --sub alice --no-iat --encrypt-for recipient --unsigned");
    assert_eq!(opened(token.result(), &key), r#"{"sub":"alice"}"#);
}

#[test]
fn header_options_go_to_the_signed_token_or_to_the_unsigned_one() {
    let key = new_key("A128GCM");
    let world = World::new().file("recipient", &key);
    let options = "--typ at+jwt --header x=1";
    let token = world.run(format!("{CLAIMS} {options} --encrypt-for recipient")).result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"dir","enc":"A128GCM","cty":"JWT"}"#);
    assert_eq!(opened(&token, &key), fob(format!("{CLAIMS} {options}")).result());
    let header = |options: &str| {
        let line = format!("encode --no-iat {options} --encrypt-for recipient --unsigned");
        segment(world.run(line).result(), 0)
    };
    assert_eq!(header(options), r#"{"alg":"dir","enc":"A128GCM","typ":"at+jwt","x":"1"}"#);
    assert_eq!(header("--no-typ"), r#"{"alg":"dir","enc":"A128GCM"}"#);
    assert_eq!(header("--header typ=a"), r#"{"alg":"dir","enc":"A128GCM","typ":"a"}"#);
    for (options, message) in [
        ("--header enc=x", "the header parameter `enc` is set by the encryption"),
        ("--header zip=DEF", "the header parameter `zip` is set by the encryption"),
        ("--typ a --header typ=b", "the header parameter `typ` has two values"),
    ] {
        let line = format!("encode --no-iat {options} --encrypt-for recipient --unsigned");
        world.run(line).refused(2, &format!("error: {message}\n"));
    }
}

#[test]
fn a_shared_secret_encrypts_with_the_algorithm_that_fits_its_size() {
    let bytes: Vec<u8> = (0..64).collect();
    for (size, enc) in
        [(16, "A128GCM"), (24, "A192GCM"), (32, "A256GCM"), (48, "A192CBC-HS384"), (64, "A256CBC-HS512")]
    {
        let secret = &bytes[..size];
        let text = STANDARD.encode(secret);
        let world = World::new().env("SHARED", &text).file("shared", format!("{text}\n")).file("raw", secret);
        for source in [
            "--encrypt-secret-env SHARED --encrypt-secret-format base64",
            "--encrypt-secret-file shared --encrypt-secret-format base64",
            "--encrypt-secret-file raw --encrypt-secret-format raw",
        ] {
            let token = world.run(format!("{CLAIMS} {source}")).result().to_owned();
            assert_eq!(segment(&token, 0), format!(r#"{{"alg":"dir","enc":"{enc}","cty":"JWT"}}"#));
            assert_eq!(opened_by_secret(&token, secret), fob(CLAIMS).result());
        }
    }
}

#[test]
fn a_shared_secret_or_a_password_takes_the_algorithm_that_is_named() {
    let secret = b"0123456789abcdef";
    let world = World::new().env("SHARED", "0123456789abcdef").env("PASSWORD", "correct horse");
    for (variable, alg, secret) in [
        ("SHARED", "A128KW", &secret[..]),
        ("SHARED", "A128GCMKW", secret),
        ("PASSWORD", "PBES2-HS256+A128KW", b"correct horse"),
        ("PASSWORD", "PBES2-HS384+A192KW", b"correct horse"),
        ("PASSWORD", "PBES2-HS512+A256KW", b"correct horse"),
    ] {
        let line = format!("{CLAIMS} --encrypt-secret-env {variable} --encrypt-alg {alg} --encrypt-kid s1");
        let token = world.run(line).result().to_owned();
        let start = format!(r#"{{"alg":"{alg}","enc":"A256GCM","kid":"s1","cty":"JWT""#);
        assert!(segment(&token, 0).starts_with(&start), "{}", segment(&token, 0));
        assert_eq!(opened_by_secret(&token, secret), fob(CLAIMS).result());
    }
}

#[test]
fn names_what_does_not_fit() {
    let world = World::new()
        .env("SHORT", "abc")
        .env("FULL", "0123456789abcdef0123456789abcdef")
        .file("rsa", public(&new_key("RSA-OAEP --bits 2048")))
        .file("ec", public(&new_key("ECDH-ES")))
        .file("secret", new_key("A128KW"))
        .file("hmac", new_key("HS256"))
        .file("signing", new_key("ES256"))
        .file("ed", public(&new_key("EdDSA")).replace(r#","alg":"EdDSA","use":"sig""#, ""));
    for (options, message) in [
        (
            "--encrypt-for rsa --encrypt-alg ECDH-ES",
            "error: cannot encrypt with the key from rsa: ECDH-ES does not work with an RSA key\n\
             hint: use --encrypt-alg RSA-OAEP\n",
        ),
        (
            "--encrypt-for rsa --encrypt-alg RSA-OAEP-512",
            "error: cannot encrypt with the key from rsa: its `alg` is `RSA-OAEP`, not RSA-OAEP-512\n\
             hint: use --encrypt-alg RSA-OAEP\n",
        ),
        (
            "--encrypt-for ec --encrypt-alg dir",
            "error: cannot encrypt with the key from ec: dir does not work with an EC key on P-256\n\
             hint: use --encrypt-alg ECDH-ES\n",
        ),
        (
            "--encrypt-for rsa --encrypt-alg rsa1_5",
            "error: tokens with RSA1_5 are not made: it is not secure (RFC 8725 section 3.2)\n\
             hint: use --encrypt-alg RSA-OAEP\n",
        ),
        (
            "--encrypt-secret-env FULL --enc A256CBC-HS512",
            "error: cannot encrypt with the key from the variable FULL: the shared key has 32 bytes, but A256CBC-HS512 needs 64\n\
             hint: use --enc A256GCM\n",
        ),
        (
            "--encrypt-secret-env FULL --encrypt-alg A128KW",
            "error: cannot encrypt with the key from the variable FULL: the shared key has 32 bytes, but A128KW needs 16\n\
             hint: use --encrypt-alg dir\n",
        ),
        (
            "--encrypt-secret-env SHORT",
            "error: cannot encrypt with the key from the variable SHORT: a shared key of 3 bytes fits no content encryption\n\
             hint: make a secret of the right size with `fob key new --alg A256GCM`, and give it with --encrypt-for\n",
        ),
        (
            "--encrypt-secret-env SHORT --encrypt-alg dir --enc A256GCM",
            "error: cannot encrypt with the key from the variable SHORT: the shared key has 3 bytes, but A256GCM needs 32\n\
             hint: make a secret of that size with `fob key new --alg A256GCM`, and give it with --encrypt-for\n",
        ),
        (
            "--encrypt-for hmac",
            "error: cannot encrypt with the key from hmac: its `alg` is `HS256`, not dir\n\
             hint: use a key for encryption, such as one of `fob key new --alg ECDH-ES`\n",
        ),
        (
            "--encrypt-for signing",
            "error: cannot encrypt with the key from signing: its `alg` is `ES256`, not ECDH-ES+A256KW\n\
             hint: use a key for encryption, such as one of `fob key new --alg ECDH-ES`\n",
        ),
        (
            "--encrypt-for ed",
            "error: cannot encrypt with the key from ed: this build has no algorithm that encrypts with an Ed25519 key\n\
             hint: make a key for encryption with `fob key new --alg ECDH-ES`\n",
        ),
        (
            "--encrypt-for absent",
            "error: --encrypt-for names no file (its argument is not shown, since it may be a secret)\n\
             hint: --encrypt-for takes the path of a key; for a shared key as text, use --encrypt-secret-file or --encrypt-secret-env\n",
        ),
        (
            "--encrypt-secret-env ABSENT",
            "error: the environment variable ABSENT is not set\n\
             hint: set it with `export ABSENT=…`, or use --encrypt-secret-file\n",
        ),
        (
            "--encrypt-secret-env 'a secret'",
            "error: the environment variable named with --encrypt-secret-env is not set\n\
             hint: --encrypt-secret-env takes the name of a variable\n",
        ),
        (
            r#"--encrypt-for '{"kty":"oct","k":"AAAA"}'"#,
            "error: --encrypt-for takes the path of a key, not its text\nhint: write the key to a file\n",
        ),
        (
            "--encrypt-secret-env FULL --encrypt-secret-format base64url --enc A256CBC-HS512",
            "error: cannot encrypt with the key from the variable FULL: the shared key has 24 bytes, but A256CBC-HS512 needs 64\n\
             hint: use --enc A192GCM\n",
        ),
        (
            "--encrypt-secret-env SHORT --encrypt-secret-format hex",
            "error: the secret is not an even number of hexadecimal digits\n\
             hint: set the encoding of the secret with --encrypt-secret-format text, base64, base64url, hex or raw\n",
        ),
    ] {
        world.run(format!("{CLAIMS} {options}")).refused(2, message);
        world.run(format!("pair --user-id 7 {options}")).refused(2, message);
        if !message.contains("hint: use --") {
            continue;
        }
        let hint = message.split("hint: use ").nth(1).unwrap().trim();
        let (name, value) = hint.split_once(' ').unwrap();
        let words: Vec<&str> = options.split(' ').collect();
        let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let place = words.iter().position(|word| word == name).unwrap();
        words[place + 1] = value.to_owned();
        assert_eq!(world.run(format!("{CLAIMS} {}", words.join(" "))).status, 0, "{options}");
    }
}

#[test]
fn the_only_key_of_a_set_that_can_encrypt_is_used() {
    let (first, second) = (new_key("ECDH-ES --kid one"), new_key("ECDH-ES --kid two"));
    let signing = public(&new_key("ES256 --kid sig"));
    let set = |keys: &[&str]| {
        format!(r#"{{"keys":[{}]}}"#, keys.iter().map(|key| public(key)).collect::<Vec<_>>().join(","))
    };
    let world = World::new()
        .file("one", set(&[&signing, &first]))
        .file("both", set(&[&signing, &first, &second]))
        .file("none", set(&[&signing, &public(&new_key("EdDSA"))]));
    let token = world.run(format!("{CLAIMS} --encrypt-for one")).result().to_owned();
    assert_eq!(opened(&token, &first), fob(CLAIMS).result());
    assert!(segment(&token, 0).contains(r#""kid":"one""#));
    let token = world.run(format!("{CLAIMS} --encrypt-for both --encrypt-kid two")).result().to_owned();
    assert_eq!(opened(&token, &second), fob(CLAIMS).result());
    for (options, message) in [
        (
            "both",
            "error: 2 keys of the set from both can encrypt: one, two\nhint: choose one with --encrypt-kid\n",
        ),
        ("none", "error: no key of the set from none can encrypt\n"),
        ("one --encrypt-alg RSA-OAEP", "error: no key of the set from one can encrypt with RSA-OAEP\n"),
        (
            "one --encrypt-kid sig",
            "error: cannot encrypt with the key from one: its `alg` is `ES256`, not ECDH-ES+A256KW\n\
             hint: use a key for encryption, such as one of `fob key new --alg ECDH-ES`\n",
        ),
    ] {
        world.run(format!("{CLAIMS} --encrypt-for {options}")).refused(2, message);
    }
}

#[test]
fn a_set_that_mixes_secrets_and_public_keys_is_refused() {
    let set = format!(r#"{{"keys":[{},{}]}}"#, public(&new_key("ECDH-ES")), new_key("A128KW"));
    World::new()
        .file("set", set)
        .run(format!("{CLAIMS} --encrypt-for set"))
        .refused(2, "error: key_mismatch:kty: the set from set mixes secrets and public keys\n");
}

#[test]
fn the_json_format_shows_the_header_that_encrypts() {
    let world = World::new().file("recipient", new_key("A128KW --kid k"));
    for option in ["", "--unsigned"] {
        let document =
            world.run(format!("encode --sub alice --no-iat {option} --encrypt-for recipient --json")).json();
        assert_eq!(document["header"]["kid"], "k");
        assert_eq!(document["payload"], serde_json::json!({"sub": "alice"}));
        let token = document["token"].as_str().unwrap();
        assert_eq!(
            document["header"],
            serde_json::from_str::<serde_json::Value>(&segment(token, 0)).unwrap()
        );
    }
}

#[test]
fn each_line_becomes_an_encrypted_token() {
    let key = new_key("ECDH-ES --crv X25519");
    let lines: String = (0..300).map(|number| format!("{{\"n\":{number}}}\n")).collect();
    let world = World::new().file("recipient", public(&key)).stdin(&lines);
    for (option, threads) in [("", 1), ("", 4), ("--unsigned", 4)] {
        let line = format!("encode --no-iat --lines --threads {threads} {option} --encrypt-for recipient -q");
        let outcome = world.run(line);
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
        let tokens: Vec<&str> = outcome.text().lines().collect();
        assert_eq!(tokens.len(), 300);
        for (number, token) in tokens.iter().enumerate() {
            let content = opened(token, &key);
            let claims = format!("{{\"n\":{number}}}");
            if option.is_empty() {
                assert_eq!(content, fob(format!("encode --no-iat '{claims}'")).result());
            } else {
                assert_eq!(content, claims);
            }
        }
    }
}

#[test]
fn both_tokens_of_a_pair_are_encrypted_and_a_store_knows_the_signed_ones() {
    let key = new_key("A256KW");
    let world = World::with_stores().file("recipient", &key);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("sessions.db");
    let store = store.display();
    let pair =
        world.run(format!("pair --user-id 7 --encrypt-for recipient --store {store} --format json")).json();
    for name in ["access", "refresh"] {
        let token = pair[name].as_str().unwrap();
        assert!(segment(token, 0).ends_with(r#""cty":"JWT"}"#));
        let signed = opened(token, &key);
        let outcome = world.run(format!("verify {signed} --store {store} -q"));
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn no_two_tokens_are_the_same_even_with_a_seed() {
    let world = World::new().file("recipient", new_key("A128GCM"));
    let make = || world.run(format!("{CLAIMS} --seed 7 -q --encrypt-for recipient")).result().to_owned();
    assert_ne!(make(), make());
}

#[test]
fn the_options_of_encryption_need_a_key_to_encrypt_with() {
    for option in ["--encrypt-alg dir", "--enc A128GCM", "--encrypt-kid a", "--unsigned"] {
        let outcome = fob(format!("{CLAIMS} {option}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{option}");
        assert!(outcome.stderr.contains("add one of --encrypt-for PATH|URL|-, "), "{}", outcome.stderr);
    }
    for (option, other) in [
        ("--unsigned --kid a", "--kid"),
        ("--unsigned --alg HS256", "--alg"),
        ("--unsigned --secret-env A", "--secret-env"),
        ("--unsigned --flaw expired", "--flaw"),
        ("--encrypt-secret-env A", "--encrypt-secret-env"),
        ("--encrypt-secret-format hex", "--encrypt-secret-format"),
    ] {
        let outcome = fob(format!("{CLAIMS} --encrypt-for key {option}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{option}");
        assert!(outcome.stderr.contains("cannot be used with"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains(other), "{}", outcome.stderr);
    }
    let outcome = World::bare().run("pair --from https://shop.test/login --user al --encrypt-for recipient");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    assert!(outcome.stderr.contains("--encrypt-for"), "{}", outcome.stderr);
}

#[test]
fn new_keys_name_their_algorithm_and_use() {
    for options in ALGORITHMS {
        let jwk = new_key(&format!("{options} --kid thumbprint"));
        let value: serde_json::Value = serde_json::from_str(&jwk).unwrap();
        let name = options.split(' ').next().unwrap();
        assert_eq!((value["alg"].as_str(), value["use"].as_str()), (Some(name), Some("enc")), "{options}");
        let curve = options.split_once("--crv ").map_or("P-256", |(_, curve)| curve);
        let crv = name.starts_with("ECDH").then_some(curve);
        assert_eq!(value.get("crv").and_then(serde_json::Value::as_str), crv, "{options}");
        let print = World::bare().file("key", &jwk).run("key show key --thumbprint");
        assert_eq!(value["kid"].as_str().unwrap(), print.result(), "{options}");
        if let Some(k) = value["k"].as_str() {
            let expected = match name {
                "A128KW" | "A128GCMKW" | "A128GCM" => 16,
                "A192KW" | "A192GCMKW" | "A192GCM" => 24,
                "A192CBC-HS384" => 48,
                "A256CBC-HS512" => 64,
                _ => 32,
            };
            assert_eq!(URL_SAFE_NO_PAD.decode(k).unwrap().len(), expected, "{options}");
            let text = World::bare().run(format!("key new --alg {options} --format secret"));
            assert_eq!(URL_SAFE_NO_PAD.decode(text.result()).unwrap().len(), expected, "{options}");
        }
    }
    assert!(new_key("rsa-oaep").len() > new_key("rsa-oaep --bits 2048").len());
}

#[test]
fn a_seeded_key_for_encryption_is_reproducible() {
    let make = |options: &str| -> Outcome { World::bare().run(format!("key new -q --alg {options}")) };
    for options in ["ECDH-ES", "ECDH-ES --crv P-521", "ECDH-ES --crv X25519", "A192KW", "A256CBC-HS512"] {
        let key = make(&format!("{options} --seed 7")).result().to_owned();
        assert_eq!(make(&format!("{options} --seed 7")).result(), key, "{options}");
        assert_ne!(make(&format!("{options} --seed 8")).result(), key, "{options}");
    }
    World::bare().run("key new --alg RSA-OAEP --seed 7").refused(
        2,
        "error: cannot make a key for RSA-OAEP from a seed\n\
         hint: keep the RSA key in a file, or use ECDH-ES, A256KW or A256GCM\n",
    );
}

#[test]
fn refuses_new_keys_that_cannot_be_made() {
    for (options, message) in [
        (
            "dir",
            "error: a key for dir is as long as its content encryption needs\n\
             hint: name the content encryption, as in --alg A256GCM\n",
        ),
        (
            "RSA1_5",
            "error: keys for RSA1_5 are not made: it is not secure (RFC 8725 section 3.2)\n\
             hint: use --alg RSA-OAEP-256\n",
        ),
        (
            "PBES2-HS256+A128KW --seed 7",
            "error: the key for PBES2-HS256+A128KW is a password, which is not generated\n\
             hint: put a password of your own into a file, and give it with --encrypt-secret-file\n",
        ),
        ("A128KW --bits 2048", "error: --bits is for RSA keys, but A128KW has a fixed size\n"),
        ("ECDH-ES --bits 2048", "error: --bits is for RSA keys, but ECDH-ES has a fixed size\n"),
        (
            "ES256 --crv P-384",
            "error: --crv is for ECDH-ES keys, but ES256 has no curve to choose\nhint: leave out --crv\n",
        ),
        (
            "RSA-OAEP --crv P-384",
            "error: --crv is for ECDH-ES keys, but RSA-OAEP has no curve to choose\nhint: leave out --crv\n",
        ),
        (
            "A128KW --format pem",
            "error: a secret cannot be written as PEM\nhint: use --format jwk or secret\n",
        ),
        (
            "ECDH-ES --format secret",
            "error: a key for ECDH-ES is not a secret\nhint: use --format jwk or pem\n",
        ),
    ] {
        World::bare().run(format!("key new --alg {options}")).refused(2, message);
    }
}

#[test]
fn no_secret_appears_in_a_message() {
    let world = World::bare().env("SHARED", SECRET).env("FOB_SECRET", SECRET);
    for options in ["--enc A128GCM", "--encrypt-alg A128KW", "--encrypt-secret-format hex", ""] {
        // The world searches the output for the secret.
        world.run(format!("{CLAIMS} --encrypt-secret-env SHARED {options}"));
    }
}

/// The flaws of encrypted tokens, and the reason for which each must be rejected.
const FLAWS: [(&str, &str); 7] = [
    ("jwe-tampered-tag", "decrypt_failed"),
    ("jwe-tampered-header", "decrypt_failed"),
    ("jwe-unsigned", "not_signed"),
    ("jwe-wrong-key", "decrypt_failed"),
    ("jwe-zip-bomb", "malformed:too_large"),
    ("jwe-p2c-huge", "malformed:p2c"),
    ("jwe-invalid-curve", "malformed:epk"),
];

#[test]
fn every_flaw_of_an_encrypted_token_is_the_only_reason() {
    for options in [
        "RSA-OAEP --bits 2048",
        "ECDH-ES --kid k1",
        "ECDH-ES+A192KW --crv P-521",
        "ECDH-ES --crv X25519",
        "A128KW",
        "A256GCMKW",
        "A256CBC-HS512",
        "A128GCM",
    ] {
        let world = World::new().file("recipient", new_key(options));
        for (flaw, reason) in FLAWS {
            let document = world.run(format!("{CLAIMS} --flaw {flaw} --encrypt-for recipient --json")).json();
            assert_eq!(document["expect"]["reasons"], serde_json::json!([reason]), "{options} {flaw}");
            let token = document["token"].as_str().unwrap();
            let outcome = world.run(format!("verify {token} --decrypt-key recipient --json"));
            assert_eq!(outcome.reasons(), [reason], "{options} {flaw}");
        }
    }
}

#[test]
fn a_suite_of_all_flaws_encrypts_every_token_and_passes() {
    let world = World::new().file("recipient", new_key("ECDH-ES+A128KW"));
    let outcome = world.run(format!("{CLAIMS} --jti 7 --flaw all --suite - --encrypt-for recipient"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let suite = outcome.text();
    assert!(suite.contains("\ndecrypt-key = \"recipient\"\n"), "{suite}");
    let tokens: Vec<&str> = suite.lines().filter(|line| line.starts_with("token = ")).collect();
    assert!(tokens.iter().all(|token| token.matches('.').count() == 4), "{tokens:?}");
    let run = world.clone().file("flaws.toml", suite).run("verify --suite flaws.toml");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.text());
    for (flaw, _) in FLAWS {
        assert!(run.text().contains(flaw), "{flaw}");
    }
}

#[test]
fn a_suite_names_the_key_of_the_recipient_and_never_holds_it() {
    let options = "--encrypt-secret-env PASSWORD --encrypt-alg PBES2-HS256+A128KW";
    let world = World::new().env("PASSWORD", "correct horse");
    let outcome = world.run(format!("{CLAIMS} --flaw jwe-unsigned --suite - {options}"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let settings = "\ndecrypt-secret-env = \"PASSWORD\"\ndecrypt-alg = \"PBES2-HS256+A128KW\"\n";
    assert!(outcome.text().contains(settings), "{}", outcome.text());
    assert!(!outcome.text().contains("horse"), "{}", outcome.text());

    let world = World::new().file("secret", "00112233445566778899aabbccddeeff");
    let options = "--encrypt-secret-file secret --encrypt-secret-format hex";
    let outcome = world.run(format!("{CLAIMS} --flaw jwe-unsigned --suite - {options}"));
    let settings = "\ndecrypt-secret-file = \"secret\"\ndecrypt-secret-format = \"hex\"\n";
    assert!(outcome.text().contains(settings), "{}", outcome.text());
    let run = world.file("flaws.toml", outcome.text()).run("verify --suite flaws.toml");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.text());

    let world = World::new().stdin(new_key("A128GCM"));
    let outcome = world.run(format!("{CLAIMS} --flaw jwe-unsigned --suite - --encrypt-for -"));
    assert!(outcome.text().contains("\ndecrypt-key = \"RECIPIENT.jwk\"\n"), "{}", outcome.text());
    let hint = "hint: the suite names RECIPIENT.jwk: put the key of the recipient into that file, beside the suite\n";
    assert_eq!(outcome.stderr, hint);
}

#[test]
fn a_flaw_of_encryption_needs_the_private_key_of_the_recipient() {
    let world = World::new().file("public", public(&new_key("ECDH-ES")));
    for (flaw, _) in FLAWS {
        world.run(format!("{CLAIMS} --flaw {flaw}")).refused(
            2,
            &format!(
                "error: no token can be made with the flaw {flaw}: the token is not encrypted; \
                 --encrypt-for takes the private key or the secret of the recipient\n"
            ),
        );
        world.run(format!("{CLAIMS} --flaw {flaw} --encrypt-for public")).refused(
            2,
            "error: a flaw is checked before it is written, but the key from public cannot decrypt\n\
             hint: give --encrypt-for the private key of the recipient\n",
        );
    }
}

#[test]
fn verify_accepts_what_encode_encrypts() {
    for options in ALGORITHMS {
        let key = new_key(options);
        let world = World::new().file("private", &key).file("recipient", public(&key));
        let token = world.run(format!("{CLAIMS} --encrypt-for recipient")).result().to_owned();
        let accepted = world.run(format!("verify {token} --decrypt-key private --json"));
        assert_eq!((accepted.status, accepted.stderr.as_str()), (0, ""), "{options}");
        let token = world.run(format!("{CLAIMS} --unsigned --encrypt-for recipient")).result().to_owned();
        let rejected = world.run(format!("verify {token} --decrypt-key private --json"));
        assert_eq!((rejected.status, rejected.reasons()), (1, vec!["not_signed".to_owned()]), "{options}");
    }
}
