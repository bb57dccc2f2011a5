//! Marks of refresh tokens: which tokens `fob refresh` takes for refresh tokens, and what an access token gets of a mark.

use crate::support::client::Client;
use crate::support::world::{NOW, World, fob, payload, token};
use fob::core::token::kind::mark;
use serde_json::Value;

/// Returns the payloads of the access token and of the refresh token of a pair.
#[track_caller]
fn payloads(pair: &Value) -> (Value, Value) {
    let claims = |name: &str| serde_json::from_str(&payload(pair[name].as_str().unwrap())).unwrap();
    (claims("access"), claims("refresh"))
}

/// Refreshes a token with these claims and returns the payload of the new access token.
#[track_caller]
fn access_of(claims: &str, options: &str) -> String {
    let outcome = fob(format!("refresh {options} {}", token(claims)));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{claims}");
    payload(outcome.result())
}

#[track_caller]
fn refused(claims: &str, options: &str, reasons: &[&str]) {
    let outcome = fob(format!("refresh --json {options} {}", token(claims)));
    assert_eq!(
        (outcome.status, outcome.reasons()),
        (1, reasons.iter().map(ToString::to_string).collect()),
        "{claims}"
    );
}

const END: &str = r#""exp":4102444800"#;

#[test]
fn marks_the_refresh_token_alone() {
    for profile in ["simplejwt", "oauth", "flask-jwt-extended", "plain"] {
        let minted = fob(format!("pair -q --profile {profile} --sub al --refresh-mark refresh:=true --json"));
        let (access, refresh) = payloads(&minted.json());
        assert_eq!((access.get("refresh"), refresh["refresh"] == true), (None, true), "{profile}");
        let world = World::new().stdin(minted.result());
        for options in ["", "--refresh-mark refresh:=true"] {
            let next = world.run(format!("refresh --rotate --json {options}")).json();
            let (access, refresh) = payloads(&next);
            assert_eq!(
                (access.get("refresh"), refresh["refresh"] == true),
                (None, true),
                "{profile} {options}"
            );
        }
    }
}

#[test]
fn gives_the_access_token_the_counterpart_of_a_word() {
    for (mark, name, access_word) in [
        ("type=refresh", "type", "access"),
        ("token_use=refresh", "token_use", "access"),
        ("tokenType=REFRESH_TOKEN", "tokenType", "ACCESS_TOKEN"),
        ("typ=Refresh", "typ", "Bearer"),
    ] {
        let word = mark.split_once('=').unwrap().1;
        let minted = fob(format!("pair --profile plain --sub al --refresh-mark {mark} --json"));
        let (access, refresh) = payloads(&minted.json());
        assert_eq!((&access[name], &refresh[name]), (&access_word.into(), &word.into()), "{mark}");
        let next =
            World::new().stdin(minted.result()).run(format!("refresh --rotate --json --refresh-mark {mark}"));
        let (access, refresh) = payloads(&next.json());
        assert_eq!((&access[name], &refresh[name]), (&access_word.into(), &word.into()), "{mark}");
        // The access token is never refreshed.
        let line = format!("refresh --json --pick access --refresh-mark {mark}");
        let outcome = World::new().stdin(next.result()).run(line);
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["wrong_token_type".to_owned()]), "{mark}");
    }
}

#[test]
fn never_copies_a_known_mark() {
    for mark in [
        "refresh:=true",
        "refresh=true",
        "is_refresh:=true",
        "isRefreshToken:=true",
        "refresh_token:=true",
        "refresh_exp:=4102444800",
    ] {
        let minted = fob(format!("pair -q --user-id 7 --refresh-claim {mark} --json"));
        let access = payload(World::new().stdin(minted.result()).run("refresh").result());
        let expected = r#"{"token_type":"access","exp":1769861100,"iat":1769860800,"jti":"00000000000040008000000000000000","user_id":"7"}"#;
        assert_eq!(access, expected, "{mark}");
    }
}

#[test]
fn no_profile_copies_a_mark_of_the_table_in_any_spelling() {
    let spellings: [fn(&str) -> String; 4] =
        [str::to_owned, str::to_uppercase, |text| text.replace('_', "-"), |text| text.replace('_', "")];
    let mut tried = 0;
    for profile in ["simplejwt", "oauth", "flask-jwt-extended", "plain"] {
        for (name, words, _) in mark::marks() {
            for spelling in spellings {
                let (name, word) = (spelling(name), spelling(words[tried % words.len()]));
                let flag = word.eq_ignore_ascii_case("true");
                let claim = if flag { format!("{name}:=true") } else { format!("{name}={word}") };
                // These two name their types exactly.
                if ["token_type", "token_use", "type"].contains(&name.as_str()) {
                    continue;
                }
                let minted =
                    fob(format!("pair -q --profile {profile} --sub al --refresh-claim {claim} --json"));
                let next = World::new().stdin(minted.result()).run("refresh --rotate --json");
                assert_eq!(next.status, 0, "{profile} {claim}: {}", next.stderr);
                let (access, refresh) = payloads(&next.json());
                assert!(refresh.get(&name).is_some(), "{profile} {claim}");
                let copied = access.get(&name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
                assert!(
                    !copied.contains('r') && (!flag || access.get(&name).is_none()),
                    "{profile} {claim}: {access}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 150, "{tried}");
}

#[test]
fn refreshes_a_token_of_a_service_in_its_own_form() {
    let times = r#""iat":1769860800,"exp":1769861100"#;
    let id = r#""jti":"00000000000000000000000000000000""#;
    for (old, new) in [
        (
            format!(r#"{{"user_id":7,"refresh":true,"iat":1,{END}}}"#),
            format!(r#"{{"user_id":7,{times},{id}}}"#),
        ),
        (
            format!(r#"{{"sub":"al","type":"refresh","iat":1,{END},"jti":"a","role":"x"}}"#),
            format!(r#"{{"sub":"al","type":"access",{times},{id},"role":"x"}}"#),
        ),
        (
            format!(r#"{{"sub":"al","tokenUse":"refresh_token","iat":1,{END}}}"#),
            format!(r#"{{"sub":"al","tokenUse":"access_token",{times},{id}}}"#),
        ),
        (
            format!(r#"{{"typ":"Offline","iat":1,{END},"sub":"al"}}"#),
            format!(r#"{{"typ":"Bearer",{times},"sub":"al",{id}}}"#),
        ),
    ] {
        assert_eq!(access_of(&old, ""), new);
    }
}

#[test]
fn demands_the_mark_that_the_user_names() {
    let marked = format!(r#"{{"sub":"al","scope":"renew","iat":1,{END}}}"#);
    let access = access_of(&marked, "--refresh-mark scope=renew");
    assert!(!access.contains("scope"), "{access}");
    refused(&marked, "--refresh-mark scope=other", &["wrong_token_type"]);
    refused(&marked, "--refresh-mark renew:=true", &["wrong_token_type"]);
    // A token that is marked in another way is not what the user asked for.
    refused(&format!(r#"{{"type":"refresh",{END}}}"#), "--refresh-mark refresh:=true", &["wrong_token_type"]);
    refused(&format!(r#"{{"refresh":"true",{END}}}"#), "--refresh-mark refresh:=true", &["wrong_token_type"]);
    access_of(&format!(r#"{{"token_type":"Refresh","jti":"a",{END}}}"#), "--refresh-mark token_type=Refresh");
    access_of(&format!(r#"{{"level":1.0,{END}}}"#), "--refresh-mark level:=1");
}

#[test]
fn refuses_a_token_with_the_mark_of_another_kind() {
    for marks in [
        r#""type":"access""#,
        r#""refresh":false"#,
        r#""isRefreshToken":"false""#,
        r#""tokenType":"ACCESS""#,
        r#""typ":"Bearer""#,
        r#""type":"refresh","refresh":false"#,
        r#""refresh":true,"token_use":"access""#,
        r#""refresh":true,"token_type":"id""#,
    ] {
        let claims = format!(r#"{{"sub":"al",{marks},"jti":"a",{END}}}"#);
        refused(&claims, "", &["wrong_token_type"]);
    }
    let marked = format!(r#"{{"scope":"renew","type":"access",{END}}}"#);
    refused(&marked, "--refresh-mark scope=renew", &["wrong_token_type"]);
    let outcome = fob("encode --typ at+jwt -c refresh:=true --exp 1d");
    let outcome = fob(format!("refresh --json --refresh-mark refresh:=true {}", outcome.result()));
    assert_eq!(outcome.reasons(), ["wrong_token_type"]);
}

#[test]
fn refuses_a_token_of_both_roles_with_the_mark_of_another_kind() {
    for (profile, claims) in [
        ("drf-jwt", r#""orig_iat":1769860800"#),
        ("simplejwt-sliding", r#""token_type":"sliding","refresh_exp":4102444800"#),
    ] {
        for (mark, reasons) in [
            (r#""refresh":false"#, &["wrong_token_type"][..]),
            (r#""tokenKind":"access""#, &["wrong_token_type"]),
            (r#""note":"access""#, &[]),
        ] {
            let token = token(&format!(r#"{{{claims},{mark},"iat":1769860800,"jti":"a",{END}}}"#));
            let outcome = fob(format!("refresh --json --profile {profile} {token}"));
            assert_eq!(outcome.status, u8::from(!reasons.is_empty()), "{profile} {mark}");
            if !reasons.is_empty() {
                assert_eq!(outcome.reasons(), reasons, "{profile} {mark}");
            }
        }
    }
}

#[test]
fn hints_at_an_access_token_with_the_mark_of_a_refresh_token() {
    for (profile, claim) in [("plain", "refresh:=true"), ("oauth", "type=refresh"), ("simplejwt", "use=RT")] {
        let outcome =
            fob(format!("pair --profile {profile} --sub al -c {claim} -c client_id=c --iss i --aud a"));
        let hint = format!(
            "hint: the access token is marked as a refresh token; to mark the refresh token alone, use --refresh-mark {claim}\n"
        );
        assert_eq!((outcome.status, outcome.stderr), (0, hint), "{profile}");
    }
    assert_eq!(fob("pair --sub al --refresh-mark refresh:=true").stderr, "");
}

#[test]
fn a_hint_names_a_mark_that_is_not_known() {
    for (claims, mark) in [
        (r#""scope":"refresh""#, "scope=refresh"),
        (r#""token_type":"Refresh","jti":"a""#, "token_type=Refresh"),
        (r#""can_refresh":true"#, "can_refresh:=true"),
        (r#""refresh":1"#, "refresh:=1"),
        (r#""use":"refresh it""#, "'use=refresh it'"),
    ] {
        let token = token(&format!(r#"{{{claims},"iat":1,{END}}}"#));
        let outcome = fob(format!("refresh {token}"));
        let hint = format!("hint: if this is a refresh token, name its mark: --refresh-mark {mark}\n");
        assert_eq!(outcome.status, 1);
        assert!(outcome.stderr.ends_with(&hint), "{}", outcome.stderr);
        assert_eq!(fob(format!("refresh -q --refresh-mark {mark} {token}")).status, 0, "{mark}");
    }
    for claims in [r#""sub":"refresh""#, r#""scope":"refresh","type":"access""#, r#""refresh_count":2"#] {
        let outcome = fob(format!("refresh {}", token(&format!(r#"{{{claims},{END}}}"#))));
        assert!(!outcome.stderr.contains("--refresh-mark"), "{}", outcome.stderr);
    }
}

#[test]
fn a_mark_needs_a_profile_with_two_tokens() {
    for profile in ["drf-jwt", "simplejwt-sliding", "fastapi-users"] {
        let what = format!(
            "error: --refresh-mark cannot be used: the profile {profile} has no separate refresh token\n"
        );
        fob(format!("pair --profile {profile} --sub al --refresh-mark a=b")).refused(2, &what);
        let token = token(&format!("{{{END}}}"));
        fob(format!("refresh --profile {profile} --refresh-mark a=b {token}")).refused(2, &what);
    }
    let what = "error: --refresh-mark cannot be the value at /a/b: the mark must be a claim\n";
    fob("pair --sub al --refresh-mark /a/b=c").refused(2, what);
    for (mark, name) in [("token_type=x", "token_type"), ("exp:=1", "exp")] {
        let outcome = fob(format!("pair --sub al --refresh-mark {mark}"));
        assert_eq!(outcome.status, 2);
        let what = format!("error: the claim `{name}` is given twice\n");
        assert!(outcome.stderr.starts_with(&what), "{}", outcome.stderr);
    }
    let outcome = fob("pair --sub al --refresh-mark refresh=true");
    let hint = "hint: `refresh` is text: use --refresh-mark refresh:=true for a boolean\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, hint));
}

#[test]
fn stores_and_reports_know_a_marked_token() {
    let world = World::new();
    for (claims, kind) in [
        (r#"{"refresh":true,"exp":4102444800}"#, "refresh"),
        (r#"{"tokenType":"refresh","exp":4102444800}"#, "refresh"),
        (r#"{"typ":"access","exp":4102444800}"#, "access"),
        (r#"{"refresh":false,"exp":4102444800}"#, "jwt"),
        (r#"{"refresh":true,"typ":"access","exp":4102444800}"#, "jwt"),
    ] {
        let document = world.run(format!("inspect --json {}", token(claims))).json();
        assert_eq!(document["tokens"][0]["kind"], kind, "{claims}");
    }
    let marked = token(r#"{"user_id":7,"refresh":true,"exp":4102444800,"jti":"r"}"#);
    let outcome = Client::with_new_file().run("revoke", &marked);
    assert!(outcome.text().contains("a refresh token"), "{}{}", outcome.text(), outcome.stderr);
}

#[test]
fn verify_accepts_no_mark_that_it_refused() {
    for claims in [r#"{"refresh":true}"#, r#"{"tokenType":"refresh"}"#, r#"{"typ":"refresh"}"#] {
        let outcome = fob(format!("verify --json --token-type refresh {}", token(claims)));
        assert_eq!(outcome.reasons(), ["claim_missing:token_type"], "{claims}");
    }
    assert_eq!(fob(format!("verify -q --at @{NOW} {}", token(r#"{"refresh":true}"#))).status, 0);
}
