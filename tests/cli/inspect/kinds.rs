//! Tests of kinds of tokens in reports: the name in the headline, no false alarms, and notes on the claims of an issuer.

use crate::support::world::{fob, signed};

/// Returns the codes of the findings on a token.
fn codes(header: &str, payload: &str) -> Vec<String> {
    let document = fob(format!("decode --json {}", signed(header, payload))).json();
    let findings = document["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn kinds_without_expiry_draw_no_finding() {
    for (header, payload, headline) in [
        (
            r#"{"alg":"HS256","typ":"kb+jwt"}"#,
            r#"{"iat":1769860740,"nonce":"n","aud":"https://v.test","sd_hash":"x"}"#,
            "HS256 key-binding JWT, without `exp`, as usual for this kind",
        ),
        (
            r#"{"alg":"HS256","typ":"DPoP+JWT","jwk":{"kty":"EC"}}"#,
            r#"{"iat":1769860740,"jti":"j","htm":"GET","htu":"https://api.test","nonce":"n"}"#,
            "HS256 DPoP proof, without `exp`, as usual for this kind",
        ),
        (
            r#"{"alg":"HS256","typ":"application/secevent+jwt"}"#,
            r#"{"iat":1769860740,"jti":"j","iss":"https://as.test","events":{"urn:x":{}}}"#,
            "HS256 security event token, without `exp`, as usual for this kind",
        ),
        (
            r#"{"alg":"HS256","typ":"logout+jwt"}"#,
            r#"{"iat":1769860740,"iss":"https://as.test","sub":"u","events":{}}"#,
            "HS256 logout token, without `exp`, as usual for this kind",
        ),
        (
            r#"{"alg":"HS256","typ":"token-introspection+jwt"}"#,
            r#"{"iat":1769860740,"iss":"https://as.test","token_introspection":{"active":false}}"#,
            "HS256 introspection response, without `exp`, as usual for this kind",
        ),
        (
            r#"{"alg":"HS256","typ":"statuslist+jwt"}"#,
            r#"{"iat":1769860740,"sub":"https://s.test/1","status_list":{"bits":1,"lst":"x"}}"#,
            "HS256 status list token, without `exp`, as usual for this kind",
        ),
        (
            r#"{"alg":"HS256","typ":"openid4vci-proof+jwt","jwk":{"kty":"EC"}}"#,
            r#"{"iat":1769860740,"aud":"https://i.test","nonce":"n"}"#,
            "HS256 credential request proof, without `exp`, as usual for this kind",
        ),
    ] {
        assert_eq!(fob(format!("decode {}", signed(header, payload))).text().lines().next(), Some(headline));
        assert_eq!(codes(header, payload), [""; 0], "{headline}");
    }
}

#[test]
fn a_similar_token_still_draws_the_finding() {
    assert_eq!(codes(r#"{"alg":"HS256"}"#, r#"{"htm":"GET","sub":"u"}"#), ["no_expiry"]);
    assert_eq!(codes(r#"{"alg":"HS256","jwk":{}}"#, r#"{"exp":1769861100}"#), ["key_in_header"]);
    let user = r#"{"exp":1769861100,"user":{"id":1,"password":"$2b$10$abcdefghijklmnopqrstuv"}}"#;
    assert_eq!(codes(r#"{"alg":"HS256"}"#, user), ["password_hash"]);
    let key = r#"{"exp":1769861100,"role":"service_role","iss":"supabase"}"#;
    assert_eq!(codes(r#"{"alg":"HS256"}"#, key), ["service_role"]);
    assert_eq!(
        codes(r#"{"alg":"HS256"}"#, r#"{"exp":1769861100,"role":"service_role","iss":"shop"}"#),
        [""; 0]
    );
}

#[test]
fn explains_the_claims_of_an_issuer() {
    for (payload, note) in [
        (
            r#"{"iss":"https://sts.windows.net/t/","tid":"t","appid":"c"}"#,
            "tid    \"t\"                           tenant ID",
        ),
        (r#"{"iss":"https://token.actions.githubusercontent.com","sha":"c"}"#, "commit of the run"),
        (
            r#"{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"d"}"#,
            "  namespace\n",
        ),
        (r#"{"iss":"https://k.test/realms/r","typ":"Bearer","realm_access":{}}"#, "roles in the realm"),
    ] {
        let report = fob(format!("decode {}", signed(r#"{"alg":"HS256"}"#, payload)));
        assert!(report.text().contains(note), "{}", report.text());
    }
    let plain = fob(format!("decode {}", signed(r#"{"alg":"HS256"}"#, r#"{"tid":"t","sha":"c"}"#)));
    assert!(!plain.text().contains("tenant ID") && !plain.text().contains("commit"), "{}", plain.text());
}
