//! Clients of token servers: `--client`, `--grant` and `--issuer`.

use super::exchange::{FORM, OPAQUE, URL, expired, good, log_in, sent, world};
use crate::support::world::{NOW, SECRET, World};

#[test]
fn a_rejected_client_says_nothing_about_the_grant() {
    let rejected = "hint: the server rejected the client: ";
    let unnamed =
        format!("{rejected}name it with --client ID (and --client-secret-env VAR if it has a secret)\n");
    let optional = "hint: if the server wants a client, name it with --client ID (and --client-secret-env VAR if it has a secret)\n";
    let world = |status, body: &str| world(status, body).env("CS", SECRET).file("cs", SECRET);
    for (error, is_client) in
        [("invalid_client", true), ("invalid_request", false), ("unsupported_grant_type", false)]
    {
        let body = format!(r#"{{"error":"{error}"}}"#);
        for status in [400, 401, 403] {
            for token in [good(), expired(), OPAQUE.to_owned()] {
                let line = format!("refresh --from {URL} {token} --profile oauth");
                let outcome = world(status, &body).run(&line);
                assert_eq!((outcome.status, outcome.text()), (2, ""), "{status} {error}");
                let hint = if is_client { &unnamed } else { optional };
                assert!(outcome.stderr.ends_with(hint), "{}", outcome.stderr);
                for (options, check) in [
                    ("--field client_id=web", "check its --field options, or name it with --client ID\n"),
                    (
                        "--client web",
                        "check --client; if it has a secret, give that with --client-secret-env VAR\n",
                    ),
                    (
                        "--client web --client-secret-env CS",
                        "check --client and its secret; --client-auth form sends the secret in the form instead\n",
                    ),
                    (
                        "--client web --client-secret-file cs --client-auth form",
                        "check --client and its secret; --client-auth basic sends the secret in a header instead\n",
                    ),
                ] {
                    let named = world(status, &body).run(format!("{line} {options}"));
                    assert_eq!(named.status, 2);
                    let expected = format!("{rejected}{check}");
                    assert_eq!(named.stderr.ends_with(&expected), is_client, "{}", named.stderr);
                    assert!(!named.stderr.ends_with(optional), "{}", named.stderr);
                }
            }
            assert_eq!(log_in(status, &body, "--profile oauth").status, 2, "{status} {error}");
        }
    }
    // Such a client is known, but may not use the grant.
    let grant = log_in(400, r#"{"error":"unauthorized_client"}"#, "--profile oauth --client web");
    assert_eq!(grant.status, 2);
    let hint =
        "hint: the client may not use this grant: choose another with --grant, or allow it at the server\n";
    assert!(grant.stderr.ends_with(hint), "{}", grant.stderr);
    // Hints for servers without OAuth do not mention clients.
    let other = log_in(400, r#"{"error":"invalid_request"}"#, "");
    assert!(!other.stderr.contains("client"), "{}", other.stderr);
}

/// Returns a world with a secret and a key of a client, which signs with ES256.
fn client_world() -> World {
    let key = World::new().run("key new --alg ES256").text().to_owned();
    world(200, r#"{"access_token":"aaa","token_type":"Bearer"}"#)
        .env("CS", SECRET)
        .file("cs", format!("{SECRET}\n"))
        .file("key.jwk", key)
}

#[test]
fn a_client_proves_its_identity_in_one_way() {
    let world = client_world();
    let line = format!("pair --from {URL} --profile oauth --user a --password-env PW");
    let begin = "grant_type=password&username=a&password=zebra-crossing-at-seven-minutes%21";
    // "web 1:" and the secret, both encoded as in forms.
    let basic = "Authorization: Basic d2ViKzE6emVicmEtY3Jvc3NpbmctYXQtc2V2ZW4tbWludXRlcyUyMQ==";
    let secret = "&client_secret=zebra-crossing-at-seven-minutes%21";
    for (options, header, members) in [
        ("", None, String::new()),
        ("--client 'web 1'", None, "&client_id=web+1".to_owned()),
        ("--client 'web 1' --client-secret-env CS", Some(basic), String::new()),
        ("--client 'web 1' --client-secret-file cs --client-auth basic", Some(basic), String::new()),
        (
            "--client 'web 1' --client-secret-env CS --client-auth form",
            None,
            format!("&client_id=web+1{secret}"),
        ),
    ] {
        let outcome = world.run(format!("{line} {options}"));
        assert_eq!(outcome.result(), "aaa", "{options}");
        assert_eq!(sent(&outcome), (FORM, format!("{begin}{members}").as_str()), "{options}");
        let headers: Vec<&str> = outcome.posted[0].headers.iter().map(String::as_str).collect();
        assert_eq!(headers, header.into_iter().collect::<Vec<_>>(), "{options}");
    }
    let refresh = format!("refresh --from {URL} {OPAQUE} --client web --client-secret-env CS");
    assert_eq!(world.run(&refresh).posted[0].headers.len(), 1);
}

#[test]
fn an_assertion_is_signed_for_the_server() {
    let world = client_world();
    let public = world.run("key show key.jwk --public").text().to_owned();
    let line = format!("pair --from {URL} --profile oauth --grant client-credentials --client web");
    let outcome = world.run(format!("{line} --client-key key.jwk"));
    assert_eq!(outcome.result(), "aaa");
    let (_, body) = sent(&outcome);
    let begin = "grant_type=client_credentials&client_id=web&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";
    let assertion = body.strip_prefix(begin).unwrap();
    let verifier = World::bare().file("pub.jwk", public);
    let verified = verifier.run(format!(
        "verify {assertion} --key pub.jwk --alg ES256 --iss web --sub web --aud {URL} --require jti --require exp --json"
    ));
    assert_eq!((verified.status, verified.reasons()), (0, Vec::new()), "{}", verified.stderr);
    let claims = &verified.json()["payload"];
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(NOW), Some(NOW + 60)));
}

#[test]
fn a_client_can_get_a_token_of_its_own() {
    let world = client_world();
    let line = format!("pair --from {URL} --grant client-credentials");
    let outcome =
        world.run(format!("{line} --profile oauth --client web --client-secret-env CS --field scope=a"));
    assert_eq!(outcome.result(), "aaa");
    assert_eq!(sent(&outcome), (FORM, "grant_type=client_credentials&scope=a"));
    for (options, said) in [
        (
            "--client web",
            "error: servers of this profile have no grant for a client alone\nhint: use --profile oauth, or leave --grant out\n",
        ),
        (
            "--profile oauth --user a",
            "error: --user is for the password grant\nhint: leave --user out, or use --grant password\n",
        ),
    ] {
        let outcome = world.run(format!("{line} {options}"));
        outcome.refused(2, said);
        assert_eq!(outcome.posted, []);
    }
}

#[test]
fn a_grant_that_needs_a_browser_is_refused() {
    for grant in ["authorization_code", "device", "implicit", "token-exchange"] {
        let outcome = client_world().run(format!("pair --from {URL} --grant {grant} --client web"));
        assert_eq!((outcome.status, outcome.posted.len()), (2, 0));
        let said = "only password and client-credentials work without a browser: log in with the tool of the server, and give what it prints to `fob refresh --from URL @FILE` or `fob decode @FILE`";
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
}

#[test]
fn no_secret_of_a_client_stands_in_a_message() {
    // The world looks for the secret in every stream.
    let line = format!("refresh --from {URL} {OPAQUE} --client web");
    for options in ["--client-secret-env CS", "--client-secret-file cs --client-auth form"] {
        let answer = format!(r#"{{"error":"invalid_client","error_description":"{SECRET}"}}"#);
        let outcome =
            world(401, &answer).env("CS", SECRET).file("cs", SECRET).run(format!("{line} {options}"));
        assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    }
    let outcome = client_world().run(format!("refresh --from {URL} {OPAQUE} --field client_secret=a"));
    assert_eq!(
        outcome.stderr,
        "warning: other users of this machine can read the secret of the client in `ps`\nhint: use --client ID with --client-secret-env VAR or --client-secret-file PATH\n"
    );
    for (options, said) in [
        (
            "--client-secret-env NONE",
            "error: the environment variable NONE is not set (--client-secret-env)\n",
        ),
        ("--client-secret-env EMPTY", "error: the secret of the client is empty\n"),
        (
            "--client-secret-file gone.txt",
            "error: cannot read the secret of the client from gone.txt: entity not found\n",
        ),
        ("--client-secret-file odd", "error: the secret of the client is not UTF-8 text\n"),
        (
            "--client-key gone.pem",
            "error: cannot read the key from gone.pem: entity not found\nhint: --client-key takes ",
        ),
        (
            "--client-key gone",
            "error: --client-key names no file (its argument is not shown)\nhint: --client-key takes ",
        ),
        (
            "--client-key odd",
            "error: the key from odd cannot be used: it is not PEM, DER, a JWK or a JWK Set\nhint: --client-key takes ",
        ),
        (
            "--client-key https://a.example/k",
            "error: a URL gives public keys, which cannot sign\nhint: --client-key takes ",
        ),
    ] {
        let outcome = client_world().env("EMPTY", "").file("odd", b"\xff").run(format!("{line} {options}"));
        assert_eq!((outcome.status, outcome.posted.len()), (2, 0), "{}", outcome.stderr);
        assert!(outcome.stderr.starts_with(said), "{}", outcome.stderr);
    }
}

const ISSUER: &str = "https://id.example/r";

/// Returns a world with the metadata of an issuer, with these further members.
fn issuer_world(members: &str) -> World {
    let metadata = format!(r#"{{"issuer":"{ISSUER}"{members}}}"#);
    client_world().document(&format!("{ISSUER}/.well-known/openid-configuration"), metadata)
}

#[test]
fn an_issuer_names_the_endpoints_and_takes_a_form() {
    let endpoints =
        r#","token_endpoint":"https://id.example/t","revocation_endpoint":"https://id.example/v""#;
    let world = issuer_world(endpoints);
    for (line, url, body) in [
        (
            "pair --user a --password-env PW --client web",
            "https://id.example/t",
            "grant_type=password&username=a&password=zebra-crossing-at-seven-minutes%21&client_id=web",
        ),
        (
            "refresh 8xLOxBtZp8 --client web",
            "https://id.example/t",
            "grant_type=refresh_token&refresh_token=8xLOxBtZp8&client_id=web",
        ),
        ("revoke 8xLOxBtZp8 --client web", "https://id.example/v", "token=8xLOxBtZp8&client_id=web"),
    ] {
        let outcome = world.run(format!("{line} --issuer {ISSUER}"));
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let [posted] = outcome.posted.as_slice() else { panic!("{:?}", outcome.posted) };
        assert_eq!((posted.url.as_str(), posted.body.as_str()), (url, body));
    }
    // The audience of an assertion is the issuer, which RFC 7523 names as the safest value.
    let signed = world
        .run(format!("pair --issuer {ISSUER} --grant client-credentials --client web --client-key key.jwk"));
    let assertion = signed.posted[0].body.rsplit('=').next().unwrap().to_owned();
    assert_eq!(World::bare().run(format!("decode {assertion} --claim aud")).result(), ISSUER);
}

#[test]
fn the_metadata_of_an_issuer_decide_where_the_secret_goes() {
    let post = r#","token_endpoint":"https://id.example/t","token_endpoint_auth_methods_supported":["client_secret_post"]"#;
    let line =
        format!("pair --issuer {ISSUER} --grant client-credentials --client web --client-secret-env CS");
    let outcome = issuer_world(post).run(&line);
    assert_eq!((outcome.status, outcome.posted[0].headers.len()), (0, 0), "{}", outcome.stderr);
    assert!(outcome.posted[0].body.contains("client_secret="));
    let basic = issuer_world(post).run(format!("{line} --client-auth basic"));
    assert_eq!(basic.posted[0].headers.len(), 1);
}

#[test]
fn an_issuer_without_the_endpoint_is_refused() {
    let line = format!("pair --issuer {ISSUER} --user a --password-env PW");
    for members in ["", r#","token_endpoint":"http://id.example/t""#] {
        let outcome = issuer_world(members).run(&line);
        assert_eq!((outcome.status, outcome.posted.len()), (2, 0));
        assert!(outcome.stderr.contains("token_endpoint"), "{}", outcome.stderr);
    }
    let other = client_world().document(
        &format!("{ISSUER}/.well-known/openid-configuration"),
        r#"{"issuer":"https://other.example","token_endpoint":"https://other.example/t"}"#,
    );
    let outcome = other.run(&line);
    assert_eq!((outcome.status, outcome.posted.len()), (2, 0), "{}", outcome.stderr);
}
