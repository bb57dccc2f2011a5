//! `fob verify --suite … --report html=…`: the bytes of the page. `tests/reports/page/run` opens it in a browser.

use crate::support::world::{Outcome, SECRET, World};

const SUITE: &str = "\
test_secrets = true

[defaults]
secret = 'hunter2hunter2hunter2hunter2hunter2'

[[cases]]
name = 'a good one'
mint = { sub = 'alice', exp = '10m' }
expect = 'accepted'

[[cases]]
name = '<script>alert(1)</script>'
mint = { iss = 'javascript:alert(1)', exp = '10m' }
expect = 'expired'

[[cases]]
name = 'no token'
token = '\"><img src=x onerror=alert(1)>'
expect = 'malformed'
";

/// Runs [`SUITE`] with `--report html=-`, which prints the page.
fn page() -> Outcome {
    World::new().file("suite.toml", SUITE).run("verify --suite suite.toml --report html=-")
}

#[test]
fn the_page_lists_every_case() {
    let outcome = page();
    let page = outcome.text();
    assert_eq!(outcome.status, 1);
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n"), "{page}");
    assert!(page.contains("</section>\n</main>\n<script>"), "{page}");
    assert!(page.ends_with("</script>\n</body>\n</html>\n"), "{page}");
    assert!(page.contains("<h1>1 of 3 cases failed</h1>"), "{page}");
    assert!(page.contains(concat!(
        "<details open><summary><h3>expected expired; got accepted</h3> <span>1 case</span></summary><ol>\n",
        "<li><a href=\"#case-2\">&lt;script&gt;alert(1)&lt;/script&gt;</a></li>\n</ol></details>\n</nav>"
    )));
    let opened: Vec<&str> =
        page.lines().filter_map(|line| line.split_once("<summary><b>")).map(|(to, _)| to).collect();
    assert_eq!(
        opened,
        [
            "<article id=\"case-1\" class=\"passed\" data-outcome=\"accepted\"><details>",
            "<article id=\"case-2\" class=\"failed\" data-outcome=\"accepted\"><details open>",
            "<article id=\"case-3\" class=\"passed\" data-outcome=\"malformed:charset\"><details>",
        ]
    );
    assert!(page.contains("<pre><code>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</code></pre></div>"));
    // The one script is that of the page, and ends it.
    let (before, script) = page.split_once("<script").unwrap();
    assert!(!before.contains("<img") && !script.contains("<script") && !script.contains("<img"), "{page}");
    assert!(page.contains("<li>exp passed: expires in 10 minutes (2026-01-31 12:10:00 UTC)</li>"), "{page}");
}

#[test]
fn no_secret_appears_on_the_page() {
    let outcome = page();
    assert!(!outcome.text().contains("hunter2") && !outcome.text().contains(SECRET));
}

#[test]
fn the_same_run_gives_the_same_page() {
    assert_eq!(page().text(), page().text());
}

#[test]
fn the_page_shows_the_version_and_the_command() {
    let page = page();
    assert!(page.text().contains(concat!("<dt>fob</dt><dd>", env!("CARGO_PKG_VERSION"), "</dd>")));
    assert!(
        page.text().contains(
            "<pre class=\"command\"><code>fob verify --suite suite.toml --report html=-</code></pre>"
        )
    );
    let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.AA";
    let world = World::new().file("suite.toml", SUITE.replace("a good one", token));
    let outcome = world.run(format!("test suite.toml --filter {token} --report html=-"));
    let command = "<code>fob test suite.toml --filter &#39;[masked]&#39; --report html=-</code>";
    assert!(outcome.text().contains(command), "{}", outcome.text());
}
