//! Suites with encrypted tokens: `mint` tables that encrypt, and the checks of both layers in reports.

use crate::support::world::World;
use crate::verify::encrypted::SHARED;

/// The suites of the tests are in a folder, beside the key.
fn world(suite: &str) -> World {
    World::new().file("tests/shared.jwk", SHARED).file("tests/suite.toml", suite)
}

#[test]
fn mints_encrypted_tokens() {
    let suite = "
[defaults]
secret-env = 'FOB_SECRET'
decrypt-key = 'shared.jwk'

[[cases]]
name = 'signed and encrypted'
mint.sub = 'alice'
mint.encrypt-for = 'shared.jwk'
mint.enc = 'A256GCM'
expect = 'accepted'

[[cases]]
name = 'only encrypted'
mint = { sub = 'alice', encrypt-for = 'shared.jwk', unsigned = true }
expect = 'not_signed'

[[cases]]
name = 'accepted by the shared key'
mint = { sub = 'alice', encrypt-for = 'shared.jwk', unsigned = true }
accept-shared-key = true
expect = 'accepted'

[[cases]]
name = 'another key management'
mint = { sub = 'alice', encrypt-for = 'shared.jwk', encrypt-alg = 'A256KW' }
decrypt-alg = 'dir'
expect = 'alg_not_allowed'
";
    let outcome = world(suite).run("test tests/suite.toml");
    assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
    assert!(outcome.text().contains("4 passed"), "{}", outcome.text());
}

#[test]
fn refuses_an_encryption_key_from_standard_input_and_flaws_of_the_options() {
    let of = |mint: &str| {
        let case = format!("[[cases]]\nname = 'a'\nsecret-env = 'FOB_SECRET'\nexpect = 'accepted'\n{mint}\n");
        let outcome = world(&case).run("test tests/suite.toml");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{mint}");
        outcome.stderr
    };
    let error = of("mint.encrypt-for = '-'");
    assert!(error.contains("suite.toml:5:20: a suite cannot read standard input"), "{error}");
    let error = of("mint.encrypt-for = 'none.jwk'");
    assert!(error.contains("tests/none.jwk"), "{error}");
    let error = of("mint.enc = 'A256GCM'");
    assert!(error.contains("required"), "{error}");
    let error = of("mint.unsigned = true");
    assert!(error.contains("required"), "{error}");
}

#[test]
fn reports_show_the_checks_of_both_layers_but_not_the_decrypted_content() {
    let suite = "
[defaults]
secret-env = 'FOB_SECRET'
decrypt-key = 'shared.jwk'
[[cases]]
name = 'nested'
mint = { claims = { email = 'al@example.org' }, encrypt-for = 'shared.jwk' }
expect = 'accepted'
iss = 'joe'
";
    let report = |format: &str| {
        let outcome = world(suite).run(format!("test tests/suite.toml --report {format}=-"));
        assert_eq!(outcome.status, 1, "{}", outcome.stderr);
        let text = outcome.text().to_owned();
        assert!(!text.contains("al@example.org"), "{format}: {text}");
        text
    };
    let page = report("html");
    let row = "<tr class=\"inside\"><th colspan=\"3\" scope=\"rowgroup\">inside</th></tr>";
    let (outer, inner) = page.split_once(row).unwrap();
    assert!(outer.contains("<th scope=\"row\">decrypt</th><td>passed</td>"), "{outer}");
    assert!(inner.contains("<th scope=\"row\">signature</th><td>passed</td>"), "{inner}");
    assert!(
        page.contains("<p>Encrypted. It was decrypted for the checks, but this report does not show it.</p>")
    );
    for format in ["junit", "tap", "json", "sarif", "github"] {
        assert!(
            report(format).contains("wrong_issuer") || report(format).contains("claim_missing"),
            "{format}"
        );
    }
}

#[test]
fn records_encrypted_tokens_that_a_suite_mints_again() {
    let claims = r#"{"sub":"alice","email":"al@example.org","exp":4000000000}"#;
    let signed = crate::support::world::token(claims);
    let nested = crate::verify::encrypted::sealed(&signed, r#"{"cty":"JWT"}"#);
    let plain = crate::verify::encrypted::sealed(claims, "{}");
    let world = World::new().file("shared.jwk", SHARED).stdin(format!("{nested}\n{plain}\n"));
    let options = "--decrypt-key shared.jwk --secret-env FOB_SECRET";
    let outcome = world.run(format!("inspect --suite - {options}"));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let suite = outcome.text().to_owned();
    assert!(suite.contains("decrypt-key = \"shared.jwk\""), "{suite}");
    assert!(suite.contains("mint.encrypt-for = \"shared.jwk\""), "{suite}");
    assert!(suite.contains("mint.encrypt-alg = \"dir\"\nmint.enc = \"A256GCM\""), "{suite}");
    assert!(!suite.contains("al@example.org"), "{suite}");
    let outcome = world.clone().file("suite.toml", &suite).run("test suite.toml");
    assert_eq!(outcome.status, 0, "{}{suite}", outcome.text());
    // Unmasked tokens keep their text and their verdicts.
    let outcome = world.run(format!("inspect --suite - --keep-claims {options}"));
    let suite = outcome.text().to_owned();
    assert!(suite.contains(&nested) && suite.contains("expect = \"not_signed\""), "{suite}");
    let outcome = world.file("suite.toml", &suite).run("test suite.toml");
    assert_eq!(outcome.status, 0, "{}{suite}", outcome.text());
}
