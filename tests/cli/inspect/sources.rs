//! Tests of where a token comes from: an argument, a file, standard input, and the text pasted around it.

use crate::support::known::JOHN_DOE;
use crate::support::world::{World, fob, token};

/// Returns the subject of the only token in a text on standard input.
fn subject(pasted: impl AsRef<[u8]>) -> String {
    World::bare().stdin(pasted).run("decode --claim sub").result().to_owned()
}

#[test]
fn reads_an_argument_a_file_or_standard_input() {
    let alice = token(r#"{"sub":"alice"}"#);
    let world = World::bare().file("dir/token.txt", format!("{alice}\n")).stdin(&alice);
    for argument in [&alice, "@dir/token.txt", "-", ""] {
        assert_eq!(world.run(format!("decode --claim sub {argument}")).result(), "alice", "{argument}");
    }
    World::bare()
        .run("decode @gone")
        .refused(2, "error: cannot read the token from gone: entity not found\n");
}

#[test]
fn reads_standard_input_to_its_end() {
    let long = token(&format!(r#"{{"sub":"alice","pad":"{}"}}"#, "x".repeat(700_000)));
    assert_eq!(subject(format!("\n\n\n{long}\n\n")), "alice");
}

#[test]
fn removes_text_pasted_around_a_token() {
    let alice = token(r#"{"sub":"alice"}"#);
    for pasted in [
        format!("{alice}\n"),
        format!("{alice}\r\n"),
        format!(" \t\r\n {alice} \n\n"),
        format!("\u{feff}{alice}"),
        format!("\u{feff} {alice}\n"),
        format!("\"{alice}\""),
        format!("'{alice}'"),
        format!("`{alice}`"),
        format!("\"{alice}\","),
        format!("Bearer {alice}"),
        format!("bearer {alice}"),
        format!("BEARER\t{alice}"),
        format!("JWT {alice}"),
        format!("Token {alice}"),
        format!("\"Bearer {alice}\""),
        format!("Authorization: Bearer {alice}"),
        format!("authorization:bearer {alice}"),
        format!("Authorization: {alice}"),
        format!("'Authorization: Bearer {alice}'"),
        format!("Authorization: Bearer {alice}\r\n"),
    ] {
        assert_eq!(subject(&pasted), "alice", "{pasted:?}");
    }
}

#[test]
fn finds_the_token_in_a_url_a_cookie_a_form_or_json() {
    let alice = token(r#"{"sub":"alice"}"#);
    for name in ["token", "access_token", "id_token", "refresh_token", "jwt"] {
        for pasted in [
            format!("https://x.example/cb?state=a%20b&{name}={alice}"),
            format!("https://x.example/cb?{name}={alice}#top"),
            format!("https://x.example/cb#{name}={alice}&expires_in=300"),
            format!("{name}={alice}"),
            format!("Cookie: theme=dark; {name}={alice}; lang=en"),
            format!("Set-Cookie: {name}={alice}; Path=/; HttpOnly"),
        ] {
            assert_eq!(subject(&pasted), "alice", "{pasted}");
        }
    }
    for name in ["access", "refresh", "access_token", "id_token", "refresh_token", "token", "jwt"] {
        assert_eq!(subject(format!("{{\"{name}\": \"{alice}\"}}\n")), "alice", "{name}");
        assert_eq!(subject(format!("{{\"data\":{{\"{name}\":\"{alice}\"}},\"n\":1}}")), "alice", "{name}");
    }
    assert_eq!(subject(format!("Cookie: sid={alice}")), "alice");
}

#[test]
fn rejects_any_change_inside_the_token() {
    let alice = token(r#"{"sub":"alice"}"#);
    let (head, tail) = alice.split_at(30);
    for middle in ["\n", " ", "\r\n", "\t", "=", "%", "+", "/", "\u{200b}", "\u{feff}", "é", "\0"] {
        let outcome = World::new().stdin(format!("{head}{middle}{tail}")).run("verify --json");
        assert_eq!(
            (outcome.status, outcome.reasons()),
            (4, vec!["malformed:charset".to_owned()]),
            "{middle:?}"
        );
    }
    let padded: String = alice.split('.').map(|segment| format!("{segment}=.")).collect();
    assert_eq!(World::new().stdin(padded.trim_end_matches('.')).run("verify -q").status, 4);
}

#[test]
fn requires_a_choice_between_several_tokens() {
    let (a, b) = (token(r#"{"sub":"a"}"#), token(r#"{"sub":"b"}"#));
    let both = format!("{{\"refresh\":\"{a}\",\"access\":\"{b}\"}}");
    let world = World::new().stdin(&both);
    for command in ["decode", "verify"] {
        world.run(command).refused(
            2,
            "error: the input holds 2 tokens: 1 (refresh), 2 (access)\n\
             hint: choose one with --pick refresh or --pick access\n",
        );
    }
    for (pick, subject) in [("refresh", "a"), ("access", "b"), ("1", "a"), ("2", "b")] {
        assert_eq!(world.run(format!("decode --claim sub --pick {pick}")).result(), subject, "{pick}");
    }
    for pick in ["0", "3", "id_token", "''", "-1"] {
        let outcome = world.run(format!("decode --pick={}", pick.trim_matches('\'')));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{pick}");
        assert!(outcome.stderr.starts_with("error: "), "{pick}");
    }
    let url = World::new().stdin(format!("https://x/#access_token={a}&id_token={b}"));
    assert_eq!(url.run("decode").status, 2);
    assert_eq!(url.run("decode --pick id_token --claim sub").result(), "b");
    let one = World::new().stdin(&a);
    assert_eq!(one.run("decode --pick 1 --claim sub").result(), "a");
    assert_eq!(one.run("decode --pick access --claim sub").status, 2);
}

#[test]
fn picks_a_token_from_the_output_of_pair() {
    for format in ["text", "json", "env", "oauth"] {
        let pair = fob(format!("pair --user-id 7 --format {format}")).text().to_owned();
        let world = World::bare().stdin(&pair);
        let picks = match format {
            "env" => ["FOB_ACCESS", "FOB_REFRESH"],
            "oauth" => ["access_token", "refresh_token"],
            _ => ["access", "refresh"],
        };
        for (pick, kind) in picks.iter().zip(["access", "refresh"]) {
            let outcome = world.run(format!("decode --claim token_type --pick {pick}"));
            assert_eq!(outcome.result(), kind, "{format}");
        }
    }
}

#[test]
fn text_without_a_token_exits_4() {
    for command in
        ["decode", "verify -q", "inspect -q", "refresh -q", "verify", "decode --json", "decode --claim sub"]
    {
        for text in [
            "",
            "\n",
            "hello",
            "hello world",
            "{}",
            "[]",
            "null",
            "https://x.example/?a=b",
            "a.b",
            "...",
            "a.b.c.d",
        ] {
            let outcome = World::new().stdin(text).run(command);
            assert_eq!(outcome.status, 4, "{command} {text:?}: {}", outcome.stderr);
        }
    }
    World::new().run("decode").refused(
        4,
        "error: there is no token in the input\nhint: give it as an argument, as @PATH, or on standard input\n",
    );
}

#[test]
fn names_an_opaque_token() {
    let hint = "hint: this is an opaque token: only its issuer can interpret it\n";
    for text in [
        "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877",
        "Authorization: Token 854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877",
    ] {
        let outcome = World::new().stdin(text).run("decode");
        outcome.refused(4, &format!("error: malformed:segments: one segment, but a JWT has three\n{hint}"));
        let outcome = World::new().stdin(text).run("verify");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (4, hint));
        let outcome = World::new().stdin(text).run("verify --json");
        assert_eq!(outcome.json()["hints"][0], hint["hint: ".len()..].trim());
    }
}

#[test]
fn takes_the_only_token_of_a_sentence_and_says_so() {
    let outcome = World::new().stdin(format!("see {JOHN_DOE} there")).run("decode --claim name");
    assert_eq!((outcome.text(), &*outcome.stderr), ("John Doe\n", "note: unwrapped: text around it\n"));
}

#[test]
fn rejects_a_token_over_the_limit_which_can_be_raised() {
    let big = token(&format!(r#"{{"sub":"alice","pad":"{}"}}"#, "x".repeat(1 << 20)));
    let world = World::new().stdin(&big);
    let outcome = world.run("verify --json");
    assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:too_large".to_owned()]));
    assert_eq!(world.run("decode --claim sub").status, 4);
    assert_eq!(world.run("verify -q --max-size 2M").status, 0);
    assert_eq!(world.run("decode --claim sub --max-size 2MiB").result(), "alice");
    let good = token("{}");
    let at = |size: usize| World::new().stdin(&good).run(format!("verify -q --max-size {size}")).status;
    assert_eq!((at(good.len()), at(good.len() - 1)), (0, 4));
    for size in ["0", "-1", "1.5M", "M", "2X"] {
        assert_eq!(fob(format!("decode --max-size={size} x")).status, 2, "{size}");
    }
}

#[test]
fn rejects_standard_input_for_both_secret_and_token() {
    let outcome = World::bare().stdin("x").run("verify -s - -");
    outcome.refused(
        2,
        "error: standard input cannot provide both the secret and the token\n\
         hint: give one of them as an argument or in a file\n",
    );
    assert_eq!(World::bare().stdin("x").run("verify -s -").status, 2);
    assert_eq!(World::bare().stdin("x").run("encode -s - -").status, 2);
    assert_eq!(World::bare().stdin("x").run("refresh -s -").status, 2);
    assert_eq!(World::bare().stdin("x").run("inspect -s -").status, 2);
}

#[test]
fn ignores_other_text_named_token() {
    let body = format!(r#"{{"access":"read","access_token":"{}"}}"#, token("{}"));
    assert_eq!(World::new().stdin(body).run("verify -q").status, 0);
}
