//! `fob key show`: what a key file holds, in other forms and by its thumbprint, and nothing private unless it is asked
//! for.

use crate::keys::algorithms::{forms, new_key, shown};
use crate::support::world::World;
use serde_json::{Value, json};

/// RFC 7638 section 3.1.
const RFC_7638: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

/// RFC 8037 appendix A.1.
const RFC_8037: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// A run with a key on standard input.
fn show(key: &str, options: &str) -> crate::support::world::Outcome {
    World::bare().stdin(key).run(format!("key show - {options}"))
}

#[test]
fn computes_the_thumbprints_of_the_rfcs() {
    assert_eq!(show(RFC_7638, "--thumbprint").result(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(show(RFC_8037, "--thumbprint").result(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    // Both halves have one, and so has every form.
    let thumbprint = |name: &str| forms().run(format!("key show --thumbprint {name}")).result().to_owned();
    for name in ["p256.spki.pem", "p256.sec1.pem", "p256.compressed.spki.pem", "p256.cert.pem"] {
        assert_eq!(thumbprint(name), thumbprint("p256.pk8.pem"), "{name}");
    }
    for name in ["rsa.spki.pem", "rsa.pkcs1.pem", "rsa.pub.pkcs1.pem", "rsa.cert.pem"] {
        assert_eq!(thumbprint(name), thumbprint("rsa.pk8.pem"), "{name}");
    }
}

#[test]
fn reports_the_type_and_uses_of_a_key() {
    assert_eq!(
        show(RFC_7638, "").result(),
        "an RSA key, 2048 bits, public
  form             JWK
  kid              2011-04-29
  alg              RS256
  works with       RS256
  thumbprint       NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
  SHA-256 of SPKI  ad32320cf6c596d884b05381ba573aba8ddd5749b4de8f4a23a79f9a89ddaeb2"
    );
    let outcome = show(RFC_8037, "");
    assert_eq!(
        outcome.text(),
        "an Ed25519 key, 256 bits, private
  form             JWK
  works with       EdDSA, Ed25519
  thumbprint       kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k
  SHA-256 of SPKI  06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9
"
    );
    assert_eq!(
        outcome.stderr,
        "warning: standard input contains a private key: share the output of --public, not the file\n"
    );
    assert_eq!(
        show(r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#, "")
            .text()
            .lines()
            .next(),
        Some("an HMAC secret, 512 bits")
    );
}

#[test]
fn reports_the_subject_and_dates_of_a_certificate() {
    assert_eq!(
        forms().run("key show p256.cert.pem").result(),
        "an EC key on P-256, 256 bits, public
  form             X.509
  works with       ES256
  thumbprint       VkcqjAVs6vk3Mm7horSY0KxgYONG49l3CHZaTN80tqM
  SHA-256 of SPKI  7ade1b2053ea9b7a0d17be313c4455c5dd3e2a2d05770d83394b3f9b5f4b3408
  subject          O=Key\\, Inc.,CN=p256.example
  issuer           CN=ca.example,O=Example Issuer,C=DE
  x5t#S256         UEPB-YyEw9N12TEcLmKPX6qQ-TE4UXIslw0SI6YnYZk
  not before       2025-01-01 00:00:00 UTC  12 months ago
  not after        2035-01-01 00:00:00 UTC  in 8 years"
    );
    let outcome = forms().run("key show --tz +02:00 --at 2035-01-01T00:00:01Z p256.cert.pem");
    assert!(
        outcome.text().ends_with("not after        2035-01-01 02:00:00 +02:00  1 second ago\n"),
        "{}",
        outcome.text()
    );
    let json = forms().run("key show --json p256.cert.pem").json();
    assert_eq!(
        json["keys"][0]["certificate"],
        json!({
            "subject": "O=Key\\, Inc.,CN=p256.example",
            "issuer": "CN=ca.example,O=Example Issuer,C=DE",
            "not_before": "2025-01-01T00:00:00Z",
            "not_after": "2035-01-01T00:00:00Z",
            "x5t#S256": "UEPB-YyEw9N12TEcLmKPX6qQ-TE4UXIslw0SI6YnYZk",
        })
    );
}

#[test]
fn lists_the_members_of_the_json_document() {
    let public: Value = serde_json::from_str(RFC_7638).unwrap();
    assert_eq!(
        show(RFC_7638, "--json").json(),
        json!({
            "source": "standard input",
            "keys": [{
                "kty": "RSA",
                "crv": null,
                "bits": 2048,
                "private": false,
                "kid": "2011-04-29",
                "alg": "RS256",
                "use": null,
                "key_ops": null,
                "algorithms": ["RS256"],
                "thumbprint": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
                "spki_sha256": "ad32320cf6c596d884b05381ba573aba8ddd5749b4de8f4a23a79f9a89ddaeb2",
                "form": "JWK",
                "reason": null,
                "detail": null,
                "jwk": public,
            }],
            "unreadable": [],
        })
    );
    let secret = show(&new_key("HS256"), "--json").json();
    assert_eq!((&secret["keys"][0]["private"], &secret["keys"][0]["jwk"]), (&json!(true), &Value::Null));
}

#[test]
fn public_prints_the_public_key_and_keeps_its_use() {
    let key = RFC_8037.replace('}', r#","kid":"k","alg":"EdDSA","use":"sig","key_ops":["sign"]}"#);
    let wanted = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"k","alg":"EdDSA","use":"sig","key_ops":["verify"]}"#;
    let warning = "warning: standard input contains the private half, too: share this output, not the file\n";
    for options in ["--public", "--format jwk", "--public --format jwk"] {
        let outcome = show(&key, options);
        assert_eq!(
            (outcome.text(), outcome.stderr.as_str()),
            (&*format!("{wanted}\n"), warning),
            "{options}"
        );
    }
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
    assert_eq!(show(&key, "--format pem").text(), pem);
    assert_eq!(
        show(pem, "--public").result(),
        wanted.replace(r#","kid":"k","alg":"EdDSA","use":"sig","key_ops":["verify"]"#, "")
    );
}

#[test]
fn private_prints_the_private_key_without_a_warning() {
    assert_eq!(
        show(RFC_8037, "--private").result(),
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#
    );
    assert_eq!(
        show(RFC_8037, "--private --format pem").result(),
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----"
    );
    show(RFC_7638, "--private").refused(2, "error: standard input contains no private half\n");
}

#[test]
fn writes_the_pem_of_openssl_byte_for_byte() {
    for name in [
        "p256.pk8.pem",
        "rsa.pk8.pem",
        "p384.pk8.pem",
        "p521.pk8.pem",
        "secp256k1.pk8.pem",
        "ed25519.pk8.pem",
    ] {
        let text =
            std::fs::read_to_string(format!("{}/tests/vectors/forms/{name}", env!("CARGO_MANIFEST_DIR")));
        assert_eq!(
            format!("{}\n", forms().run(format!("key show --private --format pem {name}")).result()),
            text.unwrap()
        );
    }
    for name in [
        "p256.spki.pem",
        "rsa.spki.pem",
        "p384.spki.pem",
        "p521.spki.pem",
        "secp256k1.spki.pem",
        "ed25519.spki.pem",
    ] {
        let text =
            std::fs::read_to_string(format!("{}/tests/vectors/forms/{name}", env!("CARGO_MANIFEST_DIR")));
        assert_eq!(
            format!("{}\n", forms().run(format!("key show --format pem {name}")).result()),
            text.unwrap()
        );
    }
}

#[test]
fn converts_a_key_through_all_forms_unchanged() {
    for algorithm in
        ["RS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]
    {
        let jwk = shown(&new_key(algorithm), "--private");
        let pem = shown(&jwk, "--private --format pem");
        let mut plain: Value = serde_json::from_str(&jwk).unwrap();
        for name in ["use", "alg"] {
            // An ML-DSA key is one of its algorithm by its very form.
            if name == "use" || !algorithm.starts_with("ML") {
                plain.as_object_mut().unwrap().remove(name);
            }
        }
        let back: Value = serde_json::from_str(&shown(&pem, "--private")).unwrap();
        assert_eq!(back, plain, "{algorithm}");
        assert_eq!(shown(&pem, "--thumbprint"), shown(&jwk, "--thumbprint"));
    }
}

#[test]
fn rejects_public_and_pem_output_for_a_secret() {
    let secret = new_key("HS256");
    let wanted = "error: standard input contains a secret, which has no public half\nhint: print the secret itself with --private\n";
    show(&secret, "--public").refused(2, wanted);
    show(&secret, "--format jwk").refused(2, wanted);
    show(&secret, "--private --format pem")
        .refused(2, "error: a secret cannot be written as PEM\nhint: use --format jwk\n");
    assert_eq!(show(&secret, "--private").result(), secret);
}

/// The first byte of DER is a `0` in ASCII.
#[test]
fn a_secret_may_begin_with_a_zero() {
    for secret in ["0wdJWXtvTokOD2DY157Ea5q6EzdtY70S7nEGm_k", "000000000000000000000000000000000000"] {
        let jwks = shown(secret, "--private --format jwks --kid al");
        assert!(jwks.contains(r#""kty":"oct""#), "{jwks}");
    }
}

#[test]
fn shows_every_key_of_a_set_and_names_invalid_ones() {
    let set = json!({"keys": [
        serde_json::from_str::<Value>(RFC_7638).unwrap(),
        {"kty": "oct", "kid": "broken"},
        7,
        {"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo", "kid": "agree"},
    ]})
    .to_string();
    assert_eq!(
        show(&set, "").result(),
        "an RSA key, 2048 bits, public
  form             JWK
  kid              2011-04-29
  alg              RS256
  works with       RS256
  thumbprint       NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
  SHA-256 of SPKI  ad32320cf6c596d884b05381ba573aba8ddd5749b4de8f4a23a79f9a89ddaeb2

an X25519 key, 256 bits, public
  form             JWK
  kid              agree
  thumbprint       u809Vppx5ixWMOohxWr2aM3m5bD0LQ67g_GPmubQus4
  SHA-256 of SPKI  291c5293e030452a599851a7c7298f3f16c3ff1bdfafcb598927f2631f9fa641
  refused: key_mismatch:crv: X25519 keys are for key agreement, not for signatures

not a usable key `broken`: it has no `k`

not a usable key: a JWK is an object, but this is a number"
    );
    let public =
        RFC_7638.replace(r#""alg":"RS256","kid":"2011-04-29""#, r#""kid":"2011-04-29","alg":"RS256""#);
    let agreement =
        r#"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo","kid":"agree"}"#;
    let outcome = show(&set, "--public");
    assert_eq!((outcome.status, outcome.text()), (0, &*format!("{{\"keys\":[{public},{agreement}]}}\n")));
    assert_eq!(
        outcome.stderr,
        "warning: left out 2 of the keys in the set; run `fob key show` without options to see all of them\n"
    );
    assert_eq!(show(&set, "--kid 2011-04-29 --public").result(), public);
    assert_eq!(
        show(&set, "--thumbprint").result(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs\nu809Vppx5ixWMOohxWr2aM3m5bD0LQ67g_GPmubQus4"
    );
    show(&set, "--kid gone").refused(2, "error: standard input contains no key with ID `gone`\n");
    assert_eq!(show(r#"{"keys":[]}"#, "").result(), "an empty JWK Set");
    let json = show(&set, "--json").json();
    assert_eq!(json["unreadable"][0], json!({"kid": "broken", "detail": "it has no `k`"}));
}

#[test]
fn shows_why_a_key_is_unusable() {
    for (name, first, last) in [
        (
            "rsa1024.pk8.pem",
            "an RSA key, 1024 bits, private",
            "  refused: key_weak:rsa_too_small: an RSA key of 1024 bits, but the minimum is 2048 (RFC 7518 section 3.3)",
        ),
        (
            "rsa-e3.spki.pem",
            "an RSA key, 2048 bits, public",
            "  refused: key_weak:rsa_exponent: its public exponent 3 is smaller than 65537",
        ),
        ("dsa.pk8.pem", "a DSA key", "  refused: key_mismatch:kty: no JWT algorithm uses a DSA key"),
    ] {
        let outcome = forms().run(format!("key show {name}"));
        let lines: Vec<_> = outcome.text().lines().collect();
        assert_eq!((outcome.status, lines.first(), lines.last()), (0, Some(&first), Some(&last)));
    }
    forms()
        .run("key show --thumbprint ed448.spki.pem")
        .refused(2, "error: no key in ed448.spki.pem has a thumbprint\n");
    forms().run("key show --public ed448.spki.pem").refused(
        2,
        "error: the key from ed448.spki.pem cannot be written: the curve Ed448 is not supported\n",
    );
    let mut mixed: Value = serde_json::from_str(&new_key("ES256")).unwrap();
    mixed["d"] = serde_json::from_str::<Value>(&new_key("ES256")).unwrap()["d"].clone();
    let outcome = show(&mixed.to_string(), "");
    assert!(outcome.text().ends_with("  refused: the private part does not match the public part\n"));
}

#[test]
fn a_key_whose_halves_differ_is_not_converted() {
    let error =
        "error: the key from key cannot be written: its private half does not match its public half\n";
    for (algorithm, name) in
        [("ES256", "d"), ("EdDSA", "d"), ("ML-DSA-44", "priv"), ("ECDH-ES --crv X25519", "d")]
    {
        let [mut mixed, other] =
            [new_key(algorithm), new_key(algorithm)].map(|key| serde_json::from_str::<Value>(&key).unwrap());
        mixed[name] = other[name].clone();
        let world = || World::bare().file("key", mixed.to_string());
        for options in [
            "--public",
            "--private",
            "--format jwk",
            "--format jwk --private",
            "--format jwks",
            "--format jwks --private",
            "--thumbprint",
        ] {
            world().run(format!("key show key {options}")).refused(2, error);
        }
        if !algorithm.starts_with("ML-DSA") {
            world().run("key show key --format pem").refused(2, error);
            world().run("key show key --format pem --private").refused(2, error);
        }
        // A set is printed without it.
        let set = json!({"keys": [mixed, other]}).to_string();
        let outcome = World::bare().file("key", set).run("key show key --public");
        let shown: Value = serde_json::from_str(outcome.text()).unwrap();
        assert_eq!(shown["keys"].as_array().map(Vec::len), Some(1), "{algorithm}");
        assert!(outcome.stderr.contains("left out 1 of the keys in the set"), "{}", outcome.stderr);
    }
}

#[test]
fn names_the_keys_that_a_converted_set_lacks() {
    let refused = json!({"kty": "OKP", "crv": "Ed448", "x": "AA"});
    let set = json!({"keys": [refused]}).to_string();
    for options in ["--public", "--private", "--format jwks", "--format pem", "--private --format pem"] {
        World::bare().file("key", &*set).run(format!("key show key -q {options}")).refused(
            2,
            "error: no key in key can be written; run `fob key show` without options to see why\n",
        );
    }
    let good: Value = serde_json::from_str(&new_key("ES256")).unwrap();
    let set = json!({"keys": [good, refused, {"kty": "EC"}]}).to_string();
    for options in ["--public", "--format jwks --private", "--format pem"] {
        let outcome = World::bare().file("key", &*set).run(format!("key show key -q {options}"));
        assert_eq!(outcome.status, 0, "{options}: {outcome:?}");
        assert!(outcome.stderr.contains("left out 2 of the keys in the set"), "{options}: {outcome:?}");
    }
}

#[test]
fn a_refused_key_is_not_converted() {
    let off_curve = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}"#;
    for (file, detail) in [
        ("rsa1024.pk8.pem", "an RSA key of 1024 bits, but the minimum is 2048 (RFC 7518 section 3.3)"),
        ("rsa-e3.spki.pem", "its public exponent 3 is smaller than 65537"),
    ] {
        forms()
            .run(format!("key show --public {file}"))
            .refused(2, &format!("error: the key from {file} cannot be written: {detail}\n"));
    }
    for options in ["--public", "--format jwk", "--format pem", "--format jwks"] {
        World::bare()
            .file("key", off_curve)
            .run(format!("key show key {options}"))
            .refused(2, "error: the key from key cannot be written: its point is not on P-256\n");
    }
}

/// The private members of a JWK, and the lines of its private PEM.
fn private_text(jwk: &str) -> Vec<String> {
    let parsed: Value = serde_json::from_str(jwk).unwrap();
    let members = ["k", "d", "p", "q", "dp", "dq", "qi", "priv"];
    let mut private: Vec<String> =
        members.iter().filter_map(|name| parsed.get(*name)?.as_str().map(str::to_owned)).collect();
    assert!(!private.is_empty());
    if parsed["kty"] != "oct" {
        let (public, whole) = (shown(jwk, "--format pem"), shown(jwk, "--private --format pem"));
        private.extend(
            whole.lines().filter(|line| line.len() > 20 && !public.contains(line)).map(str::to_owned),
        );
    }
    private
}

#[test]
fn prints_private_members_only_with_private() {
    for algorithm in ["HS256", "RS256", "ES256", "ES512", "EdDSA", "ML-DSA-44"] {
        let key = new_key(algorithm);
        let private = private_text(&key);
        let set = format!(r#"{{"keys":[{key},{{"kty":"oct"}}]}}"#);
        let broken = key.replacen("\"kty\":\"", "\"kty\":\"x", 1);
        let world = World::bare().file("key", &key).file("set", &set).file("broken", broken);
        let token = world.run("encode --key key").result().to_owned();
        for file in ["key", "set", "broken"] {
            for line in [
                format!("key show {file}"),
                format!("key show --json {file}"),
                format!("key show --public {file}"),
                format!("key show --format pem {file}"),
                format!("key show --format jwk {file}"),
                format!("key show --thumbprint {file}"),
                format!("encode --key {file}"),
                format!("encode --json --key {file}"),
                format!("encode --alg ES384 --key {file}"),
                format!("encode --kid-claim sub --key {file}"),
                format!("verify --key {file} {token}"),
                format!("verify --json --key {file} {token}"),
                format!("verify --json --key {file} {token}x"),
                format!("inspect --key {file} {token}"),
                format!("inspect --json --key {file} {token}"),
                format!("pair --user-id 7 --key {file}"),
                format!("refresh --key {file} {token}"),
                format!("encode --secret-file {file}"),
                format!("verify --secret-file {file} {token}"),
            ] {
                let outcome = world.run(&line);
                for text in &private {
                    assert!(
                        !outcome.text().contains(text) && !outcome.stderr.contains(text),
                        "{algorithm}: {line}"
                    );
                }
            }
        }
    }
}

#[test]
fn rejects_conflicting_options() {
    for options in
        ["--public --private", "--thumbprint --public", "--thumbprint --private", "--thumbprint --format pem"]
    {
        let outcome = show(RFC_8037, options);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{options}");
    }
    World::bare()
        .run("key show gone.pem")
        .refused(2, "error: cannot read the key from gone.pem: entity not found\n");
}

#[test]
fn shows_several_files_each_under_its_name() {
    let world = World::new().file("a.jwk", new_key("ES256")).file("b c.jwk", new_key("EdDSA"));
    let alone = ["a.jwk", "'b c.jwk'"].map(|path| world.run(format!("key show {path}")).text().to_owned());
    let outcome = world.run("key show a.jwk 'b c.jwk'");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(outcome.text(), format!("a.jwk:\n{}\nb c.jwk:\n{}", alone[0], alone[1]));
    let document = world.run("key show --json a.jwk 'b c.jwk'").json();
    for (index, path) in ["a.jwk", "'b c.jwk'"].into_iter().enumerate() {
        assert_eq!(document["files"][index], world.run(format!("key show --json {path}")).json());
    }
    let print = world.run("key show --thumbprint a.jwk").result().to_owned();
    let prints = world.run("key show --thumbprint a.jwk 'b c.jwk'");
    let lines: Vec<&str> = prints.text().lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, format!("{print}  a.jwk").as_str()));
    assert!(lines[1].ends_with("  b c.jwk"), "{}", lines[1]);
    let outcome = world.run("key show a.jwk gone");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
}
