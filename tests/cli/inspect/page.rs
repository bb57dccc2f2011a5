//! Tests of `fob inspect --report html=…`: the bytes of the page. `tests/reports/page/run` opens it in a browser.

use crate::support::process::Process;
use crate::support::world::{Outcome, SECRET, World, signed, token};
use serde_json::json;

const OPAQUE: &str = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";

/// Runs `inspect` on a text, with the page on standard output.
fn page(text: &str, options: &str) -> Outcome {
    World::bare().stdin(text).run(format!("inspect --report html=- {options}"))
}

/// Returns a segment of a token, still encoded.
fn segment(token: &str, index: usize) -> &str {
    token.split('.').nth(index).unwrap()
}

/// Returns the text between two marks, the first time they appear.
#[track_caller]
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    page.split_once(before).and_then(|(_, rest)| rest.split_once(after)).unwrap_or_else(|| panic!("{page}")).0
}

#[test]
fn the_page_shows_a_token_whole() {
    let token = token(r#"{"sub":"alice","iat":1769860500,"exp":1769861100}"#);
    let outcome = page(&format!("Authorization: Bearer {token}\n"), "");
    let page = outcome.text();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n"), "{page}");
    assert!(page.ends_with("</script>\n</body>\n</html>\n"), "{page}");
    assert_eq!(between(page, "<h1>", "</h1>"), "1 token found");
    assert_eq!(
        between(page, "<article ", "</dl>"),
        concat!(
            "id=\"token-1\" class=\"unchecked\" data-outcome=\"active\"><details open>",
            "<summary><b>not checked</b> <h3>HS256 JWT</h3> <span>expires in 5 minutes</span> <code>line 1</code></summary>\n",
            "<dl class=\"facts\"><div><dt>Found as</dt><dd>Authorization header</dd></div>",
            "<div><dt>Location</dt><dd>line 1, column 23</dd></div><div><dt>Kind</dt><dd>JWT</dd></div>",
            "<div><dt>Size</dt><dd>147 bytes</dd></div>",
            "<div><dt>Verdict</dt><dd>none: not checked (no key given)</dd></div>"
        )
    );
    for index in 0..3 {
        assert!(page.contains(&format!(">{}</span>", segment(&token, index))), "{page}");
    }
    assert!(page.contains("50\u{a0}% of 10 minutes passed, expires in 5 minutes"), "{page}");
    assert!(
        page.contains("<dt>sub</dt><dd><code>&quot;alice&quot;</code> <i class=\"quiet\">subject</i></dd>")
    );
    assert!(
        page.contains(
            "<p class=\"warn\">Not verified: no key was given, so the signature was not checked.</p>"
        )
    );
    assert!(page.contains("<dt>Signatures</dt><dd>not checked (no key given)</dd>"), "{page}");
}

#[test]
fn with_a_key_the_page_has_checks_and_verdicts() {
    let (good, late) = (token(r#"{"exp":4102444800}"#), token(r#"{"exp":1769860799}"#));
    let forged = format!("{}.{}.{}", segment(&good, 0), segment(&late, 1), segment(&good, 2));
    let text = format!("{good}\n{late}\n{forged}\nBearer {OPAQUE}\n");
    let outcome = World::new().stdin(&text).run("inspect --report html=- --secret-env FOB_SECRET");
    let page = outcome.text();
    assert_eq!(outcome.status, 1);
    assert_eq!(between(page, "<h1>", "</h1>"), "1 of 4 tokens were accepted");
    let words: Vec<&str> =
        page.split("data-outcome=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
    assert_eq!(words, ["accepted", "rejected: expired", "rejected: bad_signature, expired", "opaque"]);
    assert!(page.contains("<div><dt>Verdict</dt><dd>rejected: expired (authentic otherwise)</dd></div>"));
    assert!(page.contains("<tr class=\"passed\"><th scope=\"row\">signature</th><td>passed</td>"), "{page}");
    assert!(page.contains("<div><dt>Accepted</dt><dd>1</dd></div><div><dt>Rejected</dt><dd>2</dd></div>"));
    assert!(page.contains("<div><dt>Not checked</dt><dd>1</dd></div>"), "{page}");
    assert_eq!(page.matches("Unverified: the content of this token is not authenticated.").count(), 1);
    assert!(!page.contains("no key given"), "{page}");
}

#[test]
fn a_masked_page_says_so_and_has_no_token() {
    let token = token(r#"{"sub":"alice","exp":4102444800}"#);
    let outcome = World::new().stdin(&token).run("inspect --report html=- --redact --secret-env FOB_SECRET");
    let page = outcome.text();
    assert_eq!(outcome.status, 0);
    assert!(page.contains("<dt>Masked</dt><dd>signatures and personal values</dd>"), "{page}");
    assert!(page.contains("<dt>sub</dt><dd><code>&quot;[masked]&quot;</code>"), "{page}");
    assert!(page.contains("<p>The checks are left out, because they quote the token.</p>"), "{page}");
    for index in 0..3 {
        assert!(!page.contains(segment(&token, index)), "{page}");
    }
    assert!(!page.contains("alice") && !page.contains("HS256 over the bytes"), "{page}");
}

#[test]
fn all_text_of_a_token_is_escaped() {
    let hostile = "</code></style><script>__pwned=1</script><img src=x onerror=__pwned=1>\" onmouseover=\"x' \
                   \u{202e}\u{200b}\u{1b}[31m";
    let claims = json!({hostile: hostile, "iss": hostile, "sub": [hostile], "exp": hostile}).to_string();
    let header = json!({"alg": "HS256", "typ": hostile, "kid": hostile, hostile: 1}).to_string();
    let token = signed(&header, &claims);
    for options in ["", "-s other", "--redact", "--redact -s other"] {
        let outcome = page(&format!("{{\"<img src=x>token\":\"{token}\"}}"), options);
        let page = outcome.text();
        // The one script is that of the page, and ends it.
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        let (page, _) = page.split_once("<script>").unwrap();
        for markup in ["<img", "onerror=__pwned=1>", "onmouseover=\"", "</code></style>"] {
            assert!(!page.contains(markup), "{options} {markup}: {page}");
        }
    }
}

#[test]
fn the_page_shows_the_token_inside_an_encrypted_one() {
    let inner = token(r#"{"sub":"alice","exp":4102444800}"#);
    let world =
        World::new().file("shared.jwk", r#"{"kty":"oct","k":"QS1zaGFyZWQta2V5LW9mLXRoZXNlLTMyLWJ5dGVzISE"}"#);
    let sealed = world.run("encode --encrypt-for shared.jwk --sub alice --exp 4102444800");
    let sealed = sealed.result();
    let outcome = world.stdin(sealed).run("inspect --report html=- --decrypt-key shared.jwk");
    let page = outcome.text();
    assert!(page.contains("dir encrypted token (JWE), decrypted"), "{page}");
    assert!(page.contains("<p class=\"inside\">Inside</p>"), "{page}");
    assert!(page.contains(&format!(">{}</span>", segment(&inner, 0))), "{page}");
    assert!(page.contains("<dt>sub</dt><dd><code>&quot;alice&quot;</code>"), "{page}");
    let closed = World::bare().stdin(sealed).run("inspect --report html=-");
    assert!(closed.text().contains("<p>Encrypted: only its recipient can read it.</p>"));
    assert!(!closed.text().contains("alice"));
}

#[test]
fn the_page_shows_disclosures_and_masks_their_values() {
    let disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    let issued = signed(
        r#"{"alg":"HS256","typ":"dc+sd-jwt"}"#,
        r#"{"exp":4102444800,"_sd_alg":"sha-256","_sd":["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"]}"#,
    );
    let text = format!("{issued}~{disclosure}~");
    let shown = page(&text, "");
    assert!(
        shown.text().contains("<dt>family_name</dt><dd><code>&quot;Möbius&quot;</code>"),
        "{}",
        shown.text()
    );
    assert!(shown.text().contains("<h4 class=\"s\">Key binding <i>none</i></h4>"), "{}", shown.text());
    let masked = page(&text, "--redact");
    assert!(masked.text().contains("<dt>family_name</dt><dd><code>[masked]</code>"), "{}", masked.text());
    assert!(!masked.text().contains("Möbius") && !masked.text().contains(disclosure));
}

#[test]
fn the_page_shows_each_signature_of_a_document() {
    let claims = r#"{"sub":"alice","exp":4102444800}"#;
    let (first, second) = (token(claims), signed(r#"{"alg":"HS256"}"#, claims));
    let entry = |token: &str| json!({"protected": segment(token, 0), "signature": segment(token, 2)});
    let mut other = entry(&second);
    other["header"] = json!({"email": "al@example.org"});
    let document = json!({"payload": segment(&first, 1), "signatures": [entry(&first), other]}).to_string();
    let outcome = World::new().stdin(&document).run("inspect --report html=- --secret-env FOB_SECRET");
    let page = outcome.text();
    assert!(page.contains("<h4 class=\"s\">Signature 2 of 2 <i>32 bytes</i></h4>"), "{page}");
    assert!(page.contains("<h4 class=\"warn\">Unprotected header <i>not signed</i></h4>"), "{page}");
    assert!(page.contains("<p>2 of 2 signatures accepted, all are required</p>"), "{page}");
    let masked = World::bare().stdin(&document).run("inspect --report html=- --redact");
    for hidden in ["alice", "al@example.org", segment(&first, 2)] {
        assert!(!masked.text().contains(hidden), "{hidden}: {}", masked.text());
    }
}

#[test]
fn the_page_in_a_file_leaves_the_output_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let token = token(r#"{"sub":"alice","exp":4102444800}"#);
    for options in ["", "--json", "--count", "--quiet"] {
        let line = format!("inspect {options} --at 2026-01-31");
        let run = |line: &str| Process::line(line).folder(folder.path()).stdin(&token).run().parts();
        assert_eq!(run(&format!("{line} --report html=page.html")), run(&line));
        let page = std::fs::read_to_string(&path).unwrap();
        assert!(page.contains("<h1>1 token found</h1>"), "{page}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::remove_file(&path).unwrap();
    }
    let failed =
        Process::line("inspect --report html=none/page.html").folder(folder.path()).stdin(&token).run();
    let (status, text, messages) = failed.parts();
    assert_eq!(status, Some(2), "{messages}");
    assert!(text.starts_with("token  line 1, column 1"), "{text}");
    assert!(messages.starts_with("error: cannot write the html report to none/page.html: "), "{messages}");
}

#[test]
fn a_page_on_many_tokens_is_closed_and_counts_the_places() {
    let tokens: String =
        (0..20).map(|index| format!("{}\n", token(&format!("{{\"sub\":\"{}\"}}", index % 15)))).collect();
    let outcome = page(&tokens, "--unique");
    let page = outcome.text();
    assert_eq!(between(page, "<h1>", "</h1>"), "15 tokens found");
    assert!(page.contains("<dt>Places</dt><dd>20</dd>"), "{page}");
    assert_eq!((page.matches("<details>").count(), page.matches("<details open>").count()), (15, 0));
}

#[test]
fn a_page_without_a_token_says_so() {
    let outcome = page("nothing here", "");
    assert_eq!(outcome.status, 4);
    assert!(outcome.text().contains("<h1>No token was found</h1>"), "{}", outcome.text());
    // A page on no token would be false if a text could not be read.
    let outcome = World::bare().run("inspect --report html=- @missing.log");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    let world = World::bare().file("a.log", token("{}")).locked_file("b.log");
    let outcome = world.run("inspect --report html=- a.log b.log");
    assert_eq!(outcome.status, 2);
    assert!(outcome.text().contains("<dt>Texts not read</dt><dd>1</dd>"), "{}", outcome.text());
}

#[test]
fn the_only_format_is_html() {
    for (value, message) in [
        ("junit=x", "unknown report format `junit`; the only format is html"),
        ("page.html", "hint: write html=page.html"),
        ("html=", "write a path after =, or - for standard output"),
    ] {
        let outcome = page("", &format!("--report {value}"));
        assert_eq!(outcome.status, 2, "{}", outcome.stderr);
        let outcome = World::bare().run(format!("inspect --report {value}"));
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    for options in ["--json", "--count"] {
        let outcome = page("", options);
        assert_eq!(outcome.status, 2);
        assert_eq!(
            outcome.stderr,
            "error: two reports cannot share standard output\nhint: give each --report its own path\n"
        );
    }
}

#[test]
fn no_secret_appears_on_the_page() {
    let outcome = World::new().stdin(token("{}")).run_words(&["inspect", "--report", "html=-", "-s", SECRET]);
    assert!(!outcome.text().contains(SECRET));
}
