//! Many tokens, one a line: a line has the same output as its token alone, with any text around it.

use crate::support::chance::Chance;
use crate::support::known::JOHN_DOE;
use crate::support::world::{NOW, Outcome, SECRET, World, fob, signed, token};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Returns an accepted token, one of another key, an expired one, and a text that is not a token.
fn four() -> [String; 4] {
    [token(r#"{"sub":"a"}"#), JOHN_DOE.to_owned(), token(r#"{"exp":1}"#), "nonsense".to_owned()]
}

fn lines(tokens: &[String]) -> String {
    tokens.iter().map(|token| format!("{token}\n")).collect()
}

fn on(input: impl AsRef<[u8]>, line: &str) -> Outcome {
    World::new().stdin(input).run(line)
}

/// Returns a JSON document without its layout.
fn compact(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    json.chars()
        .filter(|&c| {
            if inside {
                (inside, escaped) = (escaped || c != '"', !escaped && c == '\\');
                true
            } else {
                inside = c == '"';
                !matches!(c, ' ' | '\n')
            }
        })
        .collect()
}

/// Returns every token of the vectors, some with a byte changed, and all of them in usual surroundings.
fn hostile_lines(separator: u8) -> Vec<Vec<u8>> {
    let mut tokens: Vec<Vec<u8>> = four().into_iter().map(String::into_bytes).collect();
    for file in [include_str!("../../vectors/ecosystem.json"), include_str!("../../vectors/hostile.json")] {
        let file: serde_json::Value = serde_json::from_str(file).unwrap();
        for case in file["cases"].as_array().unwrap() {
            tokens.push(match &case["token"] {
                serde_json::Value::String(text) => text.clone().into_bytes(),
                _ => STANDARD.decode(case["token_b64"].as_str().unwrap()).unwrap(),
            });
        }
    }
    tokens.retain(|token| token.len() < 20_000);
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut lines = Vec::new();
    for token in &tokens {
        let mut changed = token.clone();
        if !changed.is_empty() {
            let at = chance.below(changed.len());
            changed[at] = b"AZaz09-_.=+/ \"%?&;\0\x7f\xff"[chance.below(21)];
        }
        let (before, after): (&[u8], &[u8]) = [
            (&b""[..], &b"\r"[..]),
            (b"  ", b"\t"),
            (b"\"", b"\","),
            (b"Bearer ", b""),
            (b"authorization: bearer ", b" \r"),
            (b"{\"access\":\"", b"\"}"),
            (b"https://x.example/?token=", b"&a=1"),
            (b"access ", b""),
            ("\u{feff}".as_bytes(), b"\xc2\xa0"),
        ][chance.below(9)];
        lines.extend([token.clone(), changed, [before, token, after].concat()]);
    }
    lines.push([four()[0].as_bytes(), b" ", four()[2].as_bytes()].concat());
    lines.push(format!("access={}&refresh={}", four()[0], four()[2]).into_bytes());
    lines.retain(|line| !line.contains(&separator) && !line.trim_ascii().is_empty());
    lines
}

/// Reports whether a text is a token in JSON serialization.
fn is_document(text: &[u8]) -> bool {
    let value = serde_json::from_slice::<serde_json::Value>(text).unwrap_or_default();
    value["signature"].is_string() || value["signatures"].is_array()
}

#[test]
fn each_line_has_the_verdict_of_its_token_alone() {
    for (separator, option) in [(b'\n', ""), (0, " --null")] {
        let input = hostile_lines(separator);
        assert!(input.len() > 500, "{}", input.len());
        let all = input.join(&separator);
        let documents = on(&all, &format!("verify --lines --json{option}"));
        let verdicts = on(&all, &format!("verify --lines --threads 3{option}"));
        assert_eq!((documents.status, verdicts.status), (1, 1));
        let (documents, verdicts): (Vec<&str>, Vec<&str>) =
            (documents.text().lines().collect(), verdicts.text().lines().collect());
        assert_eq!(documents.len(), verdicts.len());
        let (mut written, mut compared) = (documents.iter().zip(&verdicts), 0);
        for line in &input {
            let shown = String::from_utf8_lossy(line);
            let single = on(line, "verify --json");
            let nothing = single.stderr.starts_with("error: there is no token in the input\n");
            if nothing && shown.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
                continue;
            }
            let (document, verdict) = written.next().unwrap_or_else(|| panic!("{shown}: no line"));
            // Nothing can be said of no token or of several, except that.
            if nothing || single.status == 2 {
                assert!(verdict.starts_with("malformed\tmalformed:"), "{shown}: {verdict}");
                continue;
            }
            compared += 1;
            // A token alone may be a document in JSON serialization, so a hint says how to verify it.
            if is_document(line) {
                assert_eq!(*verdict, "malformed\tmalformed:charset", "{shown}");
                continue;
            }
            assert_eq!(*document, compact(single.text()), "{shown}");
            let reasons = single.reasons().join(",");
            let tab = if reasons.is_empty() { "" } else { "\t" };
            let named = single.json()["verdict"].as_str().unwrap().to_owned();
            assert_eq!(*verdict, format!("{named}{tab}{reasons}"), "{shown}");
        }
        assert!(written.next().is_none() && compared > 500, "{compared}");
    }
}

#[test]
fn two_lines_in_a_row_have_the_verdicts_of_each_alone() {
    let good = token(r#"{"sub":"a"}"#);
    let (start, _) = good.rsplit_once('.').unwrap();
    let short = token("{}");
    let tokens = [
        good.clone(),
        token(r#"{"sub":"a longer one, of more than one block of the hash: 0123456789"}"#),
        token(r#"{"exp":1}"#),
        format!("{start}.{}", short.rsplit_once('.').unwrap().1),
        format!("{start}."),
        format!("{start}.="),
        format!("{start}.{}", "A".repeat(43)),
        format!(" {good}"),
        token(r#"{"sub":1,"sub":2}"#),
        JOHN_DOE.to_owned(),
        "nonsense".to_owned(),
    ];
    let alone: Vec<String> =
        tokens.iter().map(|token| on(token, "verify --lines").text().trim_end().to_owned()).collect();
    assert!(alone.iter().filter(|verdict| *verdict == "accepted").count() == 3, "{alone:?}");
    for (first, verdict) in tokens.iter().zip(&alone) {
        for (second, other) in tokens.iter().zip(&alone) {
            let both = on(format!("{first}\n{second}\n"), "verify --lines --threads 1");
            assert_eq!(both.text(), format!("{verdict}\n{other}\n"), "{first} {second}");
        }
    }
}

#[test]
fn each_decoded_line_equals_a_run_with_its_token_alone() {
    let input = hostile_lines(b'\n');
    let documents = on(input.join(&b'\n'), "decode --lines --json --threads 4");
    let mut written = documents.text().lines();
    for line in &input {
        let shown = String::from_utf8_lossy(line);
        let single = on(line, "decode --json");
        if single.stderr.starts_with("error: there is no token in the input\n")
            && shown.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty()
        {
            continue;
        }
        let document = written.next().unwrap_or_else(|| panic!("{shown}: no line"));
        let error = &single.json()["error"];
        if is_document(line) {
            let of_line: serde_json::Value = serde_json::from_str(document).unwrap();
            assert_eq!(of_line["error"]["code"], "malformed:charset", "{shown}");
        } else if error.is_object() {
            // A line that cannot be read alone, because it holds several tokens, has another error.
            let of_line: serde_json::Value = serde_json::from_str(document).unwrap();
            let is_same = of_line["error"]["message"] == error["message"];
            assert!(of_line["error"]["code"].is_string(), "{shown}: {document}");
            assert!(is_same || error["code"] != of_line["error"]["code"], "{shown}: {document}");
        } else {
            // Example secrets are tried on single tokens, not on lines.
            let known = |finding: &serde_json::Value| finding["code"] == "known_secret";
            let mut alone = single.json();
            alone["findings"].as_array_mut().unwrap().retain(|finding| !known(finding));
            let of_line: serde_json::Value = serde_json::from_str(document).unwrap();
            assert_eq!(of_line, alone, "{shown}");
        }
    }
    assert_eq!(written.next(), None);
}

#[test]
fn the_number_of_threads_does_not_change_the_output() {
    let input = hostile_lines(b'\n').join(&b'\n').repeat(8);
    for line in
        ["verify --lines", "verify --lines --print rejected", "decode --lines --json", "decode --lines"]
    {
        let one = on(&input, &format!("{line} --threads 1"));
        assert!(one.stdout.len() > 10_000);
        for threads in [2, 5, 256] {
            let many = on(&input, &format!("{line} --threads {threads}"));
            assert!(many.stdout == one.stdout, "{line} {threads}");
            assert_eq!((many.status, many.stderr), (one.status, one.stderr.clone()));
        }
    }
}

#[test]
fn prints_verdict_and_reasons_and_a_summary() {
    let input = format!("{}\n\r\n{}", lines(&four()), four()[2]);
    let outcome = on(input, "verify --lines --aud api");
    assert_eq!(
        outcome.text(),
        "rejected\tclaim_missing:aud\nrejected\tbad_signature,claim_missing:aud\n\
         rejected\tclaim_missing:aud,expired\nmalformed\tmalformed:segments\nrejected\tclaim_missing:aud,expired\n"
    );
    assert_eq!(
        outcome.stderr,
        "5 tokens in 0.00 s: 4 rejected, 1 malformed\n  1  malformed:segments\n  1  bad_signature\n  \
         4  claim_missing:aud\n  2  expired\n  2  empty lines, skipped\n"
    );
    assert_eq!(outcome.status, 1);
}

#[test]
fn the_exit_status_covers_all_lines() {
    let [good, ..] = four();
    for (input, line, status) in [
        (good.clone(), "verify --lines", 0),
        (format!("{good}\n\n{good}"), "verify --lines", 0),
        (lines(&four()), "verify --lines", 1),
        (token(r#"{"exp":1}"#), "verify --lines", 1),
        (token(r#"{"exp":1}"#), "verify --lines --expect expired", 0),
        (lines(&four()), "verify --lines --expect expired", 1),
        (lines(&four()), "verify --lines --print accepted", 1),
        ("nonsense".to_owned(), "verify --lines --expect malformed", 0),
        (String::new(), "verify --lines", 4),
        ("\n \n".to_owned(), "verify --lines --expect accepted", 4),
        (good.clone(), "decode --lines", 0),
        (good.clone(), "decode --lines --claim exp", 1),
        (lines(&four()), "decode --lines", 1),
        ("\n".to_owned(), "decode --lines", 4),
        ("{}\n".to_owned(), "encode --lines", 0),
        ("\n".to_owned(), "encode --lines", 0),
        ("{}\n[]\n".to_owned(), "encode --lines", 1),
        (good.clone(), "verify --lines gone", 2),
        (good.clone(), "verify --lines --key gone", 2),
    ] {
        let outcome = on(&input, line);
        assert_eq!(outcome.status, status, "{line} {input}: {}", outcome.stderr);
        // Without a word the status is the same.
        let quiet = on(&input, &format!("{line} -q"));
        assert_eq!(quiet.status, status, "{line} -q");
        assert!(!quiet.stderr.contains(" in 0."), "{}", quiet.stderr);
    }
}

#[test]
fn a_filter_prints_the_input_lines_unchanged() {
    let [good, other, old, none] = four();
    let input = format!("Bearer {good}\r\n{other}\n\n{old}\n \"{good}\"\n{none}");
    let accepted = on(&input, "verify --lines --print accepted");
    assert_eq!(accepted.text(), format!("Bearer {good}\r\n \"{good}\"\n"));
    let rejected = on(input.replace('\r', ""), "verify --lines --print rejected");
    assert_eq!(rejected.text(), format!("{other}\n{old}\n{none}\n"));
    let quiet = on(input.replace('\r', ""), "verify --lines --print rejected -q");
    assert_eq!((quiet.text(), quiet.stderr.as_str()), (rejected.text(), ""));
    let nul = input.replace('\r', "").replace('\n', "\0");
    let world = World::new().terminals([false, false, true]);
    let accepted = world.clone().stdin(nul).run("verify --lines --null --print accepted");
    assert_eq!(accepted.text(), format!("Bearer {good}\0 \"{good}\"\0"));
    // Output to a terminal is escaped.
    let world = World::new().terminals([false, true, true]);
    let shown = world.stdin("a\u{1b}[31m\u{202e}b").run("verify --lines --print rejected");
    assert_eq!(shown.text(), "a\\u001b[31m\\u202eb\n");
}

#[test]
fn counts_an_oversized_line_as_one_malformed_token() {
    let [good, ..] = four();
    let huge = "x".repeat(3 << 20);
    let blank = " ".repeat(3 << 20);
    let input = format!("{good}\n{huge}\n{blank}{good}{blank}\n{blank}\n{huge}.e.e  \n{good}");
    let outcome = on(&input, "verify --lines --json");
    let documents: Vec<&str> = outcome.text().lines().collect();
    assert_eq!(documents.len(), 5);
    for (line, text) in [(1, huge.clone()), (3, format!("{huge}.e.e"))] {
        let single = on(&text, "verify --json").json();
        let document: serde_json::Value = serde_json::from_str(documents[line]).unwrap();
        assert_eq!((&document["reasons"], &document["checks"]), (&single["reasons"], &single["checks"]));
    }
    let verdicts = on(&input, "verify --lines --max-size 100 --at 2026-01-31");
    let accepted = good.len() <= 100;
    assert_eq!(
        verdicts.text().lines().filter(|line| *line == "accepted").count(),
        if accepted { 3 } else { 0 }
    );
    let decoded = on(&input, "decode --lines");
    assert_eq!(decoded.text().lines().filter(|line| *line == "malformed\tmalformed:too_large").count(), 2);
    let printed = on(&input, "verify --lines --print rejected");
    assert_eq!(
        printed.stderr.lines().next(),
        Some("error: line 2 is not printed: it has 3145728 bytes, too many to keep")
    );
}

#[test]
fn accepts_a_path_with_an_at_sign_and_rejects_lines_of_several_tokens() {
    let [good, .., none] = four();
    let world =
        World::new().file("tokens", format!("{good}\n{good} {good}\naccess {good} refresh {good}\n{none}"));
    for line in
        ["verify --lines tokens", "verify --lines @tokens", "verify --threads 2 --lines=tokens --null -q"]
    {
        let outcome = world.run(line);
        assert_eq!(outcome.status, 1, "{line}");
    }
    assert_eq!(
        world.run("verify --lines tokens").text(),
        "accepted\nmalformed\tmalformed:segments\nmalformed\tmalformed:segments\nmalformed\tmalformed:segments\n"
    );
    for line in [
        "verify x --lines -",
        "verify --lines - --pick 1",
        "verify x --threads 2",
        "verify x --print accepted",
        "verify x --null",
        "verify --lines --threads 0",
        "verify --lines --threads 257",
        "verify --lines --print accepted --json",
        "decode x --lines -",
        "encode {} --lines -",
        "encode --verbatim",
    ] {
        assert_eq!(world.run(line).status, 2, "{line}");
    }
    let taken = world.stdin("x").run("verify --lines --key -");
    assert_eq!(taken.status, 2);
}

#[test]
fn decoded_lines_have_a_status_a_header_and_a_payload() {
    let input = lines(&[
        token(r#"{"exp":1,"a":"x\ty"}"#),
        token(r#"{"exp":4102444800}"#),
        token("[1]"),
        signed(r#"{"alg":"HS256"}"#, "text\u{1b}"),
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn".to_owned(),
        "x.y".to_owned(),
        "eyJhbGciOiJub25lIn0.a.".to_owned(),
    ]);
    let outcome = on(&input, "decode --lines");
    let hs256 = crate::support::world::HS256;
    assert_eq!(
        outcome.text(),
        format!(
            "expired\t{hs256}\t{{\"exp\":1,\"a\":\"x\\ty\"}}\nactive\t{hs256}\t{{\"exp\":4102444800}}\n\
             no_expiry\t{hs256}\t[1]\nno_expiry\t{{\"alg\":\"HS256\"}}\t\"text\\u001b\"\n\
             no_expiry\t{{\"alg\":\"dir\",\"enc\":\"A128GCM\"}}\tnull\nmalformed\tmalformed:segments\n\
             malformed\tmalformed:base64\n"
        )
    );
    let claims = on(&input, "decode --lines --claim exp");
    assert_eq!(claims.text(), "1\n4102444800\n\n\n\n\n\n");
    let documents = on(&input, "decode --lines --claim a --json -q").text().to_owned();
    assert!(documents.starts_with("\"x\\ty\"\n{\"error\":{\"code\":\""), "{documents}");
    assert!(documents.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert_eq!(documents.lines().count(), 7);
    let payloads = on(&input, "decode --lines --part payload -q");
    assert_eq!(
        payloads.text(),
        "{\"exp\":1,\"a\":\"x\\ty\"}\n{\"exp\":4102444800}\n[1]\ntext\\u001b\n\n\n\n"
    );
    assert_eq!(on(&input, "decode --lines -q").text(), "");
}

/// A token with text around it takes another way than a token alone, which is decoded without a tree of its claims if it can be.
#[test]
fn decoded_columns_are_the_same_with_text_around_the_token() {
    let (mut chance, mut tokens) = (Chance(3), Vec::new());
    let headers = [
        crate::support::world::HS256,
        r#"{"alg":"HS256"}"#,
        r#"{"alg": "HS256","x":1}"#,
        r#"{"alg":"HS256","kid":"\u00e9"}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"none","typ":"JWT"}"#,
        r#"{"typ":"JWT","x":"0123456789"}"#,
    ];
    let times = ["1", "0", "0.5", "-1", "4102444800", "1750000000", "1e400", "\"x\"", "null", "true"];
    let names = ["exp", "nbf", "iat", "sub", "typ", "cnf", "x"];
    for _ in 0..600 {
        let pairs: Vec<String> = (0..chance.below(5))
            .map(|_| {
                let (name, time) = (names[chance.below(names.len())], times[chance.below(times.len())]);
                let other = ["\"Offline\"", "\"a b\"", "\"\u{e9}\"", "\"\\n\"", "\"\u{7f}\"", "[1]"];
                let is_time = chance.below(3) > 0;
                format!("\"{name}\":{}", if is_time { time } else { other[chance.below(other.len())] })
            })
            .collect();
        let payload = format!("{{{}}}", pairs.join(if chance.below(9) == 0 { ", " } else { "," }));
        tokens.push(signed(headers[chance.below(headers.len())], &payload));
    }
    let around: Vec<String> = tokens.iter().map(|token| format!("Bearer {token}")).collect();
    let alone = on(lines(&tokens), "decode --lines --threads 1");
    let shown = on(lines(&around), "decode --lines --threads 1");
    for ((token, line), other) in tokens.iter().zip(alone.text().lines()).zip(shown.text().lines()) {
        assert_eq!(line, other, "{token}");
    }
    assert_eq!((alone.status, alone.stderr), (shown.status, shown.stderr.clone()));
    for stage in ["active\t", "expired\t", "not_yet_valid\t", "no_expiry\t", "invalid\t", "malformed\t"] {
        assert!(shown.text().lines().any(|line| line.starts_with(stage)), "{stage}");
    }
}

#[test]
fn verbatim_lines_keep_a_carriage_return() {
    let payload = |line: &str| on(line, "encode --lines --null --verbatim -q").text().to_owned();
    let second = |tokens: &str| {
        tokens.lines().map(|token| token.split('.').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(second(&payload("{\"a\":1}\r\0  \0\0")), ["eyJhIjoxfQ0", "ICA"]);
}

#[test]
fn limits_the_size_of_a_line_of_claims() {
    let line = |size: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(size - 8));
    let ran = on(format!("{}\n{}\n", line(2 << 20), line((2 << 20) + 1)), "encode --lines");
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1));
    assert!(
        ran.stderr.contains("error: line 2: 2097153 bytes, but a line may have 2097152"),
        "{}",
        ran.stderr
    );
}

#[test]
fn each_minted_line_equals_a_run_with_its_claims_alone() {
    let options = [
        "",
        "--exp 15m --iss me --no-iat",
        "--nbf -1h --exp 15m -c role=admin -c /deep/er:=1",
        "--jti --typ at+jwt --header x=y",
        "--alg HS512 --kid k --format header",
        "--format json",
        "--json",
        "--verbatim --format env",
    ];
    // Those with an escape, an empty name or deep arrays are parsed; the others are copied.
    let deep = format!(r#"{{"deep":{{"a":{}0{}}}}}"#, "[".repeat(30), "]".repeat(30));
    let claims = [
        r#"{"sub":"a"}"#,
        r#"{ "n" : 1.10, "iat": 5 }"#,
        "{}",
        r#"{"x":"\u00e9\n","aud":["a","b"]}"#,
        r#"{"":null}"#,
        &deep,
    ];
    for options in options {
        let many = on(claims.join("\r\n"), &format!("encode --lines {options} -q"));
        let each: String = claims
            .iter()
            .map(|claims| fob(format!("encode '{claims}' {options} -q")).text().to_owned())
            .collect();
        assert_eq!((many.status, many.text()), (0, each.as_str()), "{options}");
    }
}

/// Two usual lines are signed at once.
#[test]
fn two_minted_lines_in_a_row_are_those_of_each_alone() {
    let long = format!(r#"{{"sub":"{}"}}"#, "0123456789".repeat(9));
    let claims = [r#"{"sub":"a"}"#, &long, r#"{"iat":7,"exp":1}"#, r#"{"a":"\n"}"#, "nonsense", "", " "];
    for options in ["--exp 15m", "--jti", "--alg HS384", "--seed s --jti", "-s short --exp 1h"] {
        let run = |input: String| on(input, &format!("encode --lines --threads 1 {options}"));
        let alone = claims.map(|line| run(format!("{line}\n")));
        // A seed gives each line a stream of its own, so the second line is compared with one behind an empty line.
        let second = claims.map(|line| run(format!("\n{line}\n")));
        for (line, one) in claims.iter().zip(&alone) {
            for (other_line, other) in claims.iter().zip(&second) {
                let both = run(format!("{line}\n{other_line}\n"));
                let count = |outcome: &Outcome| outcome.text().lines().count();
                assert_eq!(both.text(), format!("{}{}", one.text(), other.text()), "{line} {other_line}");
                let minted = count(one) + count(other);
                let summary = format!(": {minted} minted");
                assert!(both.stderr.contains(&summary) || minted == 0, "{}", both.stderr);
                let warnings = format!("  {minted}  key_weak:hmac_too_short (a warning)");
                let is_weak = [one, other].iter().any(|outcome| outcome.stderr.contains("key_weak"));
                assert_eq!(both.stderr.contains(&warnings), is_weak, "{}", both.stderr);
            }
        }
    }
}

#[test]
fn reports_an_invalid_claims_set_and_mints_the_other_lines() {
    let input = "{\"sub\":\"a\"}\nnonsense\n\n{\"exp\":1}\n[]\n{\"a\":1,\"a\":2}\n{\"sub\":\"b\"}";
    let outcome = on(input, "encode --lines --exp 1h --no-iat");
    assert_eq!((outcome.status, outcome.text().lines().count()), (1, 2));
    assert_eq!(
        outcome.stderr,
        "error: line 2: the payload is not JSON at offset 0: expected a value\n\
         error: line 4: the claim `exp` is given twice\nerror: line 5: the payload is not a JSON object\n\
         error: line 6: the payload has /a more than once\n\
         6 tokens in 0.00 s: 2 minted, 4 refused\n  1  empty lines, skipped\n"
    );
    // An error of the key ends the run, because it concerns every line.
    let outcome = World::bare().stdin("{}\n{}").run("encode --lines --secret ''");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
}

#[test]
fn finds_the_key_of_each_line() {
    let key = |kid: &str, secret: &str| {
        format!(
            r#"{{"kty":"oct","kid":"{kid}","k":"{}"}}"#,
            fob::core::token::base64url::encode(secret.as_bytes())
        )
    };
    let other = SECRET.to_uppercase();
    let set = format!(r#"{{"keys":[{},{}]}}"#, key("a", SECRET), key("b", &other));
    let world = World::bare().file("keys", set);
    let claims = "{\"user\":\"a\"}\n{\"user\":\"b\"}\n{\"user\":\"c\"}\n{\"user\":\"a\",\"n\":2}\n";
    let minted = world.clone().stdin(claims).run("encode --lines --key keys --kid-claim user --threads 2");
    assert_eq!((minted.status, minted.text().lines().count()), (1, 3), "{}", minted.stderr);
    let world = world.stdin(minted.stdout);
    assert_eq!(world.run("verify --lines --key keys --kid-claim user").text(), "accepted\n".repeat(3));
    assert_eq!(
        world.run(format!("verify --lines -s {SECRET}")).text(),
        "accepted\nrejected\tbad_signature\naccepted\n"
    );
}

#[test]
fn looks_up_every_line_in_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db").display().to_string();
    let world = World::with_stores();
    let minted: Vec<String> = (0..600)
        .map(|n| {
            token(&format!(r#"{{"sub":"u{}","jti":"t{n}","iat":{},"exp":4102444800}}"#, n % 3, NOW - 60))
        })
        .collect();
    assert_eq!(world.run(format!("revoke --store {store} --subject u1")).status, 0);
    assert_eq!(world.run(format!("revoke --store {store} {}", minted[3])).status, 0);
    let outcome =
        world.clone().stdin(lines(&minted)).run(format!("verify --lines --store {store} --threads 2"));
    for (n, line) in outcome.text().lines().enumerate() {
        let revoked = n == 3 || n % 3 == 1;
        assert_eq!(line, if revoked { "rejected\trevoked" } else { "accepted" }, "{n}");
    }
    let one = world.run(format!("verify --json --store {store} {}", minted[3]));
    let documents = world.clone().stdin(lines(&minted)).run(format!("verify --lines --json --store {store}"));
    assert_eq!(documents.text().lines().nth(3), Some(compact(one.text()).as_str()));
    // Of two that are the same the first is accepted.
    let twice = format!("{}{}", lines(&minted[..20]), lines(&minted[..20]));
    let once = world.clone().stdin(&twice).run(format!("verify --lines --once --threads 8 --store {store}"));
    let accepted: Vec<usize> =
        once.text().lines().enumerate().filter(|(_, line)| *line == "accepted").map(|(n, _)| n).collect();
    let wanted: Vec<usize> = (0..20).filter(|n| *n != 3 && n % 3 != 1).collect();
    assert_eq!(accepted, wanted);
    assert!(once.text().lines().nth(20).unwrap().contains("reused"), "{}", once.text());
}

#[test]
fn a_file_in_utf_16_has_no_line_behind_its_last_break() {
    let text = format!("{}\r\n{}\r\n", token(r#"{"sub":"a"}"#), token(r#"{"sub":"b"}"#));
    for encoded in [
        ["\u{feff}", &text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        ["\u{feff}", &text].concat().encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ] {
        for command in ["verify --lines", "decode --lines --json"] {
            let outcome = on(&encoded, command);
            assert_eq!(
                (outcome.status, outcome.text().lines().count()),
                (0, 2),
                "{command}: {}",
                outcome.text()
            );
        }
    }
}
