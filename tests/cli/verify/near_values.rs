//! Expected values that miss narrowly: one rule names the only difference, and the option of the hint accepts the token.

use crate::support::world::{World, split, token};
use fob::core::verify::NEAR_VALUE_RULES;

fn hints(options: &str, claims: &str) -> Vec<String> {
    let outcome = World::new().run(format!("verify --json {options} {}", token(claims)));
    assert_eq!(outcome.status, 1, "{options}: {}", outcome.text());
    outcome.json()["hints"].as_array().unwrap().iter().map(|hint| hint.as_str().unwrap().to_owned()).collect()
}

/// Returns the option that a hint names, up to its end.
fn named_option(hint: &str) -> String {
    let at = hint.rfind("use ").unwrap_or_else(|| panic!("no option: {hint}"));
    hint[at + 4..].to_owned()
}

#[test]
fn every_narrow_miss_is_named_and_its_option_accepts_the_token() {
    for (options, claims, words) in [
        ("--iss https://a.test", r#"{"iss":"https://a.test/"}"#, "lacks the slash at its end"),
        ("--iss https://a.test/", r#"{"iss":"https://a.test"}"#, "has a slash at its end"),
        ("--iss https://a.test/x", r#"{"iss":"http://a.test/x"}"#, "only the scheme"),
        ("--iss https://a.test/x", r#"{"iss":"https://b.test/x"}"#, "only the host differs"),
        ("--iss https://a.test/x", r#"{"iss":"https://a.test:8443/x"}"#, "only the port differs"),
        ("--iss https://a.test/x", r#"{"iss":"http://b.test:80/x"}"#, "only the scheme and the host differ"),
        ("--iss https://a.test/realms/s", r#"{"iss":"https://a.test/auth/realms/s"}"#, "has `/auth` before"),
        (
            "--iss https://a.test/realms/s/.well-known/openid-configuration",
            r#"{"iss":"https://a.test/realms/s"}"#,
            "is the address of the issuer's metadata",
        ),
        ("--iss https://a.test/X", r#"{"iss":"https://a.test/x"}"#, "only the letter case"),
        (
            "--iss https://login.microsoftonline.com/t/v2.0",
            r#"{"iss":"https://sts.windows.net/t/"}"#,
            "version 1.0",
        ),
        (
            "--iss https://sts.windows.net/t/",
            r#"{"iss":"https://login.microsoftonline.com/t/v2.0"}"#,
            "version 2.0",
        ),
        (
            "--iss https://login.microsoftonline.com/common/v2.0",
            r#"{"iss":"https://login.microsoftonline.com/t/v2.0"}"#,
            "`common`",
        ),
        (
            "--iss https://login.microsoftonline.com/t",
            r#"{"iss":"https://login.microsoftonline.com/t/v2.0"}"#,
            "lacks `/v2.0` at its end",
        ),
        (
            "--iss https://login.microsoftonline.com/t/v2.0",
            r#"{"iss":"https://login.microsoftonline.com/t"}"#,
            "has `/v2.0` at its end",
        ),
        (
            "--iss https://login.microsoftonline.com/t",
            r#"{"iss":"https://sts.windows.net/t/"}"#,
            "the address of a tenant",
        ),
        ("--iss a.test", r#"{"iss":"https://a.test/realms/s"}"#, "only the host of the URL"),
        ("--iss https://a.test/realms/s", r#"{"iss":"a.test"}"#, "the token has only the host"),
        ("--iss https://a.test", r#"{"iss":"https://a.test/realms/s"}"#, "lacks `/realms/s` at its end"),
        ("--iss https://a.test/realms/s", r#"{"iss":"https://a.test/"}"#, "has `/realms/s` at its end"),
        ("--iss https://a.test", r#"{"Iss":"https://a.test"}"#, "no `iss`, but `Iss`"),
        ("--aud shop", r#"{"Aud":["x","shop"]}"#, "no `aud`, but `Aud`"),
        ("-c scope=read", r#"{"scp":"read"}"#, "`scp` holds the expected value"),
        ("-c scope=read", r#"{"scp":"write read"}"#, "several words"),
        ("-c scope=read", r#"{"scp":["write","read"]}"#, "is a list"),
        ("-c scp=read", r#"{"scope":"write read"}"#, "several words"),
        ("-c role=admin", r#"{"Role":"admin"}"#, "`Role` holds the expected value"),
        ("-c role=admin", r#"{"ROLE":"Admin"}"#, "only the letter case"),
        ("-c user_id:=7", r#"{"userId":7}"#, "`userId` holds the expected value"),
        ("--require user_id", r#"{"userId":7}"#, "no `user_id`, but `userId`"),
        ("--aud https://api.test/", r#"{"aud":["x","https://api.test"]}"#, "has a slash at its end"),
        ("--aud 1f-2a", r#"{"aud":"api://1f-2a"}"#, "lacks the scheme `api://`"),
        ("--aud api://1f-2a", r#"{"aud":"1f-2a"}"#, "has the scheme `api://`"),
        ("--aud Shop", r#"{"aud":"shop"}"#, "only the letter case"),
        ("--aud=-X", r#"{"aud":"-x"}"#, "only the letter case"),
        ("--aud account,orders", r#"{"aud":"account"}"#, "`account,orders` is one audience"),
        ("--aud web,api", r#"{"aud":["x","api"]}"#, "`web,api` is one audience"),
        (
            "--aud account,orders",
            r#"{"iss":"https://a.test/realms/s","aud":"account"}"#,
            "`account,orders` is one audience",
        ),
        ("--iss https://a.test,https://b.test", r#"{"iss":"https://b.test"}"#, "is one issuer"),
        ("--require sub,iat", r#"{"sub":"a","iat":1}"#, "`sub,iat` is one name"),
        ("--sub Alice", r#"{"sub":"alice"}"#, "only the letter case"),
        ("--sub alice", r#"{"sub":"alice "}"#, "only white space at an end"),
        ("--jti ABC", r#"{"jti":"abc"}"#, "only the letter case"),
        ("--aud shop", r#"{"aud":"account","azp":"shop"}"#, "`azp`, not `aud`"),
        ("--aud shop", r#"{"client_id":"shop"}"#, "`client_id`, not `aud`"),
        ("--aud shop", r#"{"aud":"x","cid":"shop"}"#, "`cid`, not `aud`"),
        ("-c scope=read", r#"{"scope":["write","read"]}"#, "is a list"),
        ("-c scope=read", r#"{"scope":"write read"}"#, "several words"),
        ("-c n=7", r#"{"n":7}"#, "is not a text"),
        ("-c t=true", r#"{"t":true}"#, "is not a text"),
        ("-c n:=7", r#"{"n":"7"}"#, "is a text"),
        ("-c role=Admin", r#"{"role":"admin"}"#, "only the letter case"),
    ] {
        let hints = hints(options, claims);
        let hint =
            hints.iter().find(|hint| hint.contains(words)).unwrap_or_else(|| panic!("{words}: {hints:?}"));
        let words =
            [vec!["verify".to_owned(), "-q".to_owned()], split(&named_option(hint)), vec![token(claims)]]
                .concat();
        assert_eq!(World::new().run_words(&words).status, 0, "{hint}");
    }
    assert_eq!(NEAR_VALUE_RULES.len(), 12, "a line above for each");
}

#[test]
fn names_a_number_where_a_string_is_expected() {
    for name in ["sub", "jti", "iss"] {
        let outcome =
            World::new().run(format!("verify --json --{name} 7 {}", token(&format!(r#"{{"{name}":7}}"#))));
        assert_eq!(outcome.reasons(), [format!("claim_type:{name}")]);
        let hint = format!(
            "`{name}` is the number 7, and must be a text (RFC 7519 section 4.1): the issuer must write \"7\""
        );
        assert_eq!(outcome.json()["hints"], serde_json::json!([hint]));
    }
}

#[test]
fn unrelated_values_get_no_hint() {
    for (options, claims) in [
        ("--iss https://a.test", r#"{"iss":"https://b.test"}"#),
        ("--iss https://a.test/x", r#"{"iss":"https://b.test/y"}"#),
        ("--aud shop", r#"{"aud":"other","azp":"third"}"#),
        ("--sub alice", r#"{"sub":"bob"}"#),
        ("--aud web,api", r#"{"aud":"other"}"#),
        ("--sub alice,bob", r#"{"sub":"bob"}"#),
        ("-c role=admin", r#"{"role":"user"}"#),
        ("-c n=7", r#"{"n":8}"#),
        ("-c role=admin", r#"{"Role":"user"}"#),
        ("-c scope=read", r#"{"scp":"write"}"#),
        ("--require role", r#"{"roles":"user"}"#),
    ] {
        assert_eq!(hints(options, claims), [""; 0], "{options}");
    }
}

#[test]
fn a_list_that_names_account_gets_no_advice_on_audience_mappers() {
    let claims = r#"{"iss":"https://a.test/realms/s","aud":"account"}"#;
    let hint = "`account,orders` is one audience: to accept any of them, use --aud account --aud orders";
    assert_eq!(hints("--aud account,orders", claims), [hint]);
    assert!(hints("--aud orders", claims)[0].contains("add an audience mapper"));
}

#[test]
fn no_hint_repeats_a_text_that_a_terminal_cannot_show() {
    let hints = hints("--iss https://a.test", "{\"iss\":\"https://a.test/\\u202e\"}");
    assert_eq!(hints, [""; 0]);
    let hints = self::hints("--sub m\u{fc}ller", "{\"sub\":\"M\\u00fcller\"}");
    assert_eq!(hints, ["`sub`: only the letter case differs"]);
}
