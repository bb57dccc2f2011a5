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
    assert!(page.ends_with("</section>\n</main>\n</body>\n</html>\n"), "{page}");
    assert!(page.contains("<h1>1 of 3 cases failed</h1>"), "{page}");
    assert!(page.contains(
        "<li><a href=\"#case-2\">&lt;script&gt;alert(1)&lt;/script&gt;</a> <span>expected expired; got accepted</span></li>"
    ));
    let opened: Vec<&str> =
        page.lines().filter_map(|line| line.split_once("<summary>")).map(|(to, _)| to).collect();
    assert_eq!(
        opened,
        [
            "<article id=\"case-1\" class=\"passed\"><details>",
            "<article id=\"case-2\" class=\"failed\"><details open>",
            "<article id=\"case-3\" class=\"passed\"><details>",
        ]
    );
    assert!(page.contains("<pre><code>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</code></pre></div>"));
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
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
