//! What `verify` demands of claims: expected values, types, presence, and what `--strict` adds.

use crate::support::world::{World, fob, signed, token};

/// Verifies these claims, well signed, under these options; gives the status and the reasons.
fn judge(options: &str, payload: &str) -> (u8, Vec<String>) {
    let outcome = fob(format!("verify --json {options} {}", token(payload)));
    (outcome.status, outcome.reasons())
}

#[track_caller]
fn accepted(options: &str, payload: &str) {
    assert_eq!(judge(options, payload), (0, vec![]), "{options} {payload}");
}

#[track_caller]
fn rejected(options: &str, payload: &str, reason: &str) {
    assert_eq!(judge(options, payload), (1, vec![reason.to_owned()]), "{options} {payload}");
}

#[test]
fn accepts_any_of_the_expected_issuers() {
    accepted("--iss me", r#"{"iss":"me"}"#);
    accepted("--iss you --iss me", r#"{"iss":"me"}"#);
    rejected("--iss me", r#"{"iss":"Me"}"#, "wrong_issuer");
    rejected("--iss me", r#"{"iss":"me "}"#, "wrong_issuer");
    rejected("--iss me", r#"{"iss":""}"#, "wrong_issuer");
    rejected("--iss me", "{}", "claim_missing:iss");
    rejected("--iss me", r#"{"iss":["me"]}"#, "claim_type:iss");
}

#[test]
fn accepts_an_audience_in_a_string_or_an_array() {
    accepted("--aud api", r#"{"aud":"api"}"#);
    accepted("--aud api", r#"{"aud":["web","api"]}"#);
    accepted("--aud web --aud api", r#"{"aud":["api"]}"#);
    rejected("--aud api", r#"{"aud":[]}"#, "wrong_audience");
    rejected("--aud api", r#"{"aud":"api2"}"#, "wrong_audience");
    rejected("--aud api", r#"{"aud":["ap","i"]}"#, "wrong_audience");
    rejected("--aud api", r#"{"aud":["web api"]}"#, "wrong_audience");
    rejected("--aud api", "{}", "claim_missing:aud");
    rejected("--aud api", r#"{"aud":["api",1]}"#, "claim_type:aud");
}

#[test]
fn compares_whole_subjects_and_token_ids() {
    accepted("--sub alice --jti 1", r#"{"sub":"alice","jti":"1"}"#);
    rejected("--sub alice", r#"{"sub":"alice2"}"#, "wrong_subject");
    rejected("--sub alice", "{}", "claim_missing:sub");
    rejected("--jti 1", r#"{"jti":"2"}"#, "wrong_id");
    rejected("--jti 1", "{}", "claim_missing:jti");
    rejected("--jti 1", r#"{"jti":1}"#, "claim_type:jti");
}

#[test]
fn skips_checks_without_an_option_and_says_so() {
    let outcome = fob(format!("verify {}", token(r#"{"aud":"api","iss":"me"}"#)));
    assert_eq!(outcome.status, 0);
    assert!(
        outcome.text().contains("  – iss        \"me\" (not checked: no --iss given)\n"),
        "{}",
        outcome.text()
    );
    assert!(outcome.text().contains("  – aud        \"api\" (not checked: no --aud given)\n"));
}

#[test]
fn checks_the_types_of_registered_claims_without_an_option() {
    for name in ["iss", "sub", "jti"] {
        for value in ["1", "true", "null", "[]", "{}", "[\"a\"]"] {
            rejected("", &format!(r#"{{"{name}":{value}}}"#), &format!("claim_type:{name}"));
        }
    }
    for value in ["1", "true", "null", "{}", "[1]", "[\"a\",null]", "[[\"a\"]]"] {
        rejected("", &format!(r#"{{"aud":{value}}}"#), "claim_type:aud");
    }
    for name in ["exp", "nbf", "iat"] {
        for value in ["\"4102444800\"", "true", "null", "[4102444800]", "{}", "\"\""] {
            rejected("", &format!(r#"{{"{name}":{value}}}"#), &format!("claim_type:{name}"));
        }
    }
}

#[test]
fn a_required_claim_must_be_present_and_not_null() {
    accepted("--require exp", r#"{"exp":4102444800}"#);
    accepted("--require role --require x", r#"{"role":"","x":false}"#);
    accepted("--require /realm/roles/1", r#"{"realm":{"roles":["a","b"]}}"#);
    rejected("--require role", "{}", "claim_missing:role");
    rejected("--require role", r#"{"role":null}"#, "claim_missing:role");
    rejected("--require role", r#"{"Role":1}"#, "claim_missing:role");
    rejected("--require /realm/roles/2", r#"{"realm":{"roles":["a","b"]}}"#, "claim_missing:/realm/roles/2");
}

#[test]
fn claim_compares_the_exact_value() {
    accepted("--claim role=admin", r#"{"role":"admin"}"#);
    accepted("-c n:=7 -c f:=1.5 -c t:=true", r#"{"n":7,"f":1.5,"t":true}"#);
    accepted("-c x:=null", r#"{"x":null}"#);
    accepted("-c 'o:={\"a\":[1,2]}'", r#"{"o":{"a":[1,2]}}"#);
    accepted("-c 'o:={\"a\":1,\"b\":2}'", r#"{"o":{"b":2,"a":1}}"#);
    accepted("-c /realm/roles/0=dev", r#"{"realm":{"roles":["dev"]}}"#);
    accepted("-c /a~1b~0c=x", r#"{"a/b~c":"x"}"#);
    rejected("-c n=7", r#"{"n":7}"#, "wrong_claim:n");
    rejected("-c n:=7", r#"{"n":"7"}"#, "wrong_claim:n");
    rejected("-c t:=true", r#"{"t":1}"#, "wrong_claim:t");
    rejected("-c role=admin", "{}", "claim_missing:role");
    rejected("-c role=admin", r#"{"role":["admin"]}"#, "wrong_claim:role");
    rejected("-c 'l:=[1,2]'", r#"{"l":[2,1]}"#, "wrong_claim:l");
    rejected("-c n:=10000000000000001", r#"{"n":10000000000000000}"#, "wrong_claim:n");
}

#[test]
fn recognizes_the_token_type_in_every_format() {
    accepted("--token-type access", r#"{"token_type":"access"}"#);
    accepted("--token-type access", r#"{"token_use":"access"}"#);
    rejected("--token-type access", r#"{"token_type":"refresh"}"#, "wrong_token_type");
    rejected("--token-type refresh", r#"{"token_type":"Refresh"}"#, "wrong_token_type");
    rejected("--token-type access", r#"{"token_type":7}"#, "claim_type:token_type");
    rejected("--token-type access", "{}", "claim_missing:token_type");
    let at = signed(r#"{"alg":"HS256","typ":"at+jwt"}"#, "{}");
    assert_eq!(fob(format!("verify -q --token-type access {at}")).status, 0);
    assert_eq!(fob(format!("verify -q --token-type refresh {at}")).status, 1);
}

#[test]
fn compares_typ_as_a_media_type() {
    let judge =
        |wanted: &str, header: &str| fob(format!("verify --json --typ {wanted} {}", signed(header, "{}")));
    for (wanted, typ) in
        [("JWT", "JWT"), ("jwt", "JWT"), ("at+jwt", "application/at+jwt"), ("application/at+jwt", "AT+JWT")]
    {
        assert_eq!(judge(wanted, &format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#)).status, 0, "{wanted} {typ}");
    }
    for header in [r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"alg":"HS256"}"#] {
        let outcome = judge("at+jwt", header);
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["wrong_typ".to_owned()]), "{header}");
    }
}

#[test]
fn rejects_header_parameters_of_the_wrong_type() {
    for (name, value) in [
        ("typ", "7"),
        ("typ", "null"),
        ("cty", "{}"),
        ("jku", "[]"),
        ("jwk", "\"x\""),
        ("x5u", "1"),
        ("x5c", "\"MIIB\""),
        ("x5c", "[\"MIIB\",1]"),
        ("x5t", "false"),
        ("x5t#S256", "0"),
        ("enc", "1"),
        ("zip", "true"),
        ("epk", "\"x\""),
        ("apu", "1"),
        ("p2c", "\"1\""),
    ] {
        let header = format!(r#"{{"alg":"HS256","{name}":{value}}}"#);
        let outcome = fob(format!("verify --json {}", signed(&header, "{}")));
        assert_eq!((outcome.status, outcome.reasons()), (4, vec![format!("malformed:{name}")]), "{header}");
    }
    for header in [r#"{"alg":"HS256","crit":"x"}"#, r#"{"alg":"HS256","crit":[1]}"#] {
        let outcome = fob(format!("verify --json {}", signed(header, "{}")));
        let reasons = ["malformed:crit", "crit_unsupported"].map(str::to_owned).to_vec();
        assert_eq!((outcome.status, outcome.reasons()), (4, reasons), "{header}");
    }
}

#[test]
fn warns_of_implausible_times() {
    for (claims, reason) in [
        (r#"{"exp":1e17}"#, "implausible_time:exp"),
        (r#"{"nbf":-1e300}"#, "implausible_time:nbf"),
        (r#"{"iat":-1e-400}"#, "implausible_time:iat"),
        (r#"{"auth_time":1e300}"#, "implausible_time:auth_time"),
        (r#"{"auth_time":1e-400}"#, "implausible_time:auth_time"),
        (r#"{"updated_at":253402300800}"#, "implausible_time:updated_at"),
        (r#"{"updated_at":1769860800000}"#, "implausible_time:updated_at"),
    ] {
        let token = signed(r#"{"alg":"HS256"}"#, claims);
        let outcome = fob(format!("verify --json {token}"));
        assert_eq!((outcome.status, outcome.json()["warnings"][0].as_str()), (0, Some(reason)), "{claims}");
        let strict = fob(format!("verify --strict --json {token}"));
        assert!(strict.reasons().contains(&reason.to_owned()), "{claims}");
        let inspected = fob(format!("inspect --json {token}"));
        assert!(inspected.text().contains(reason), "{claims}: {}", inspected.text());
    }
    for claims in [
        r#"{"exp":4000000000.123456789}"#,
        r#"{"iat":1600000000.0000000000000000000001}"#,
        r#"{"auth_time":"yesterday"}"#,
        r#"{"updated_at":0}"#,
    ] {
        let outcome = fob(format!("verify --json {}", signed(r#"{"alg":"HS256"}"#, claims)));
        assert_eq!((outcome.status, outcome.json()["warnings"][0].as_str()), (0, None), "{claims}");
    }
    // A leap second at the end of the calendar would be such a time.
    let outcome = fob("encode --exp 9999-12-31T23:59:60Z");
    assert!(outcome.status == 2 && outcome.stderr.contains("after the year 9999"), "{outcome:?}");
}

#[test]
fn compares_the_kid_and_never_opens_it() {
    let judge = |options: &str, header: &str| {
        let outcome = fob(format!("verify --json {options} {}", signed(header, "{}")));
        (outcome.status, outcome.reasons().join(","))
    };
    let with = r#"{"alg":"HS256","kid":"one"}"#;
    assert_eq!(judge("--kid one", with), (0, String::new()));
    assert_eq!(judge("", with), (0, String::new()));
    assert_eq!(judge("--kid two", with), (1, "key_not_found".to_owned()));
    assert_eq!(judge("--kid one", r#"{"alg":"HS256"}"#), (0, String::new()));
    assert_eq!(judge("", r#"{"alg":"HS256","kid":"/dev/null"}"#), (0, String::new()));
    for kid in ["7", "null", "[]", "{\"a\":1}"] {
        let header = format!(r#"{{"alg":"HS256","kid":{kid}}}"#);
        assert_eq!(judge("", &header), (4, "malformed:kid".to_owned()), "{kid}");
    }
}

#[test]
fn rejects_every_critical_extension() {
    for header in [
        r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
    ] {
        let outcome = fob(format!("verify --json {}", signed(header, "{}")));
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["crit_unsupported".to_owned()]), "{header}");
    }
}

#[test]
fn strict_requires_exp_and_checks_of_issuer_and_audience() {
    accepted("--strict", r#"{"exp":4102444800}"#);
    rejected("--strict", "{}", "claim_missing:exp");
    rejected("--strict", r#"{"exp":4102444800,"aud":"api"}"#, "wrong_audience");
    rejected("--strict", r#"{"exp":4102444800,"iss":"me"}"#, "wrong_issuer");
    accepted("--strict --aud api --iss me", r#"{"exp":4102444800,"aud":"api","iss":"me"}"#);
    accepted("", r#"{"aud":"api","iss":"me"}"#);
}

#[test]
fn strict_rejects_a_short_secret_instead_of_warning() {
    let world = World::bare().env("FOB_SECRET", "too-short-by-far");
    let token = world.run("encode -q --exp 1h").result().to_owned();
    let outcome = world.run(format!("verify --json {token}"));
    assert_eq!(
        (outcome.status, outcome.json()["warnings"][0].as_str()),
        (0, Some("key_weak:hmac_too_short"))
    );
    let outcome = world.run(format!("verify --json --strict {token}"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_weak:hmac_too_short".to_owned()]));
}

#[test]
fn a_secret_as_long_as_the_hash_is_not_weak() {
    for (alg, bytes) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        let exact = World::bare().env("FOB_SECRET", "x".repeat(bytes));
        let token = exact.run(format!("encode --alg {alg} --exp 1h")).result().to_owned();
        assert_eq!(exact.run(format!("verify -q --strict {token}")).status, 0);
        let short = World::bare().env("FOB_SECRET", "x".repeat(bytes - 1));
        let outcome = short.run(format!("encode --alg {alg} --exp 1h"));
        assert!(outcome.stderr.starts_with("warning: key_weak:hmac_too_short: "), "{}", outcome.stderr);
    }
}

#[test]
fn checks_claims_even_if_the_signature_is_bad() {
    let outcome =
        World::bare().run(format!("verify --json -s wrong --aud x {}", token(r#"{"aud":"api","exp":1}"#)));
    assert_eq!(outcome.reasons(), ["bad_signature", "expired", "wrong_audience"]);
    let outcome = World::bare().run(format!("verify -v -s wrong {}", token("{}")));
    assert!(outcome.text().contains("\n\nunverified: the content of this token is not authenticated\n\n"));
}
