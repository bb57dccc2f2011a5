//! `decode` and `inspect` know the same names of tokens.

use crate::support::world::World;
use fob::scan::names::TOKEN_NAMES;

const OPAQUE: &str = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";

/// Returns texts with an opaque token under a name.
fn texts(name: &str) -> [String; 3] {
    [
        format!("{{\"x\": 1, \"{name}\": \"{OPAQUE}\"}}"),
        format!("https://x.example/cb?state=1&{name}={OPAQUE}"),
        format!("Cookie: theme=dark; {name}={OPAQUE}; lang=en"),
    ]
}

/// Reports whether `decode` takes the opaque token out of a text, and whether `inspect` finds it there.
fn seen(text: &str) -> (bool, bool) {
    let decode = World::new().stdin(text).run("decode");
    let inspect = World::new().stdin(text).run("inspect --count");
    assert_eq!(decode.status, 4, "{text}: {}", decode.stderr);
    (decode.stderr.contains("this is an opaque token"), inspect.status == 0 && inspect.text() == "1\n")
}

#[test]
fn decode_and_inspect_see_tokens_under_the_same_names() {
    for name in TOKEN_NAMES {
        for name in [name.to_owned(), name.to_ascii_uppercase()] {
            for text in texts(&name) {
                assert_eq!(seen(&text), (true, true), "{text}");
            }
        }
    }
    for name in ["commit", "etag", "session"] {
        for text in texts(name) {
            assert_eq!(seen(&text), (false, false), "{text}");
        }
    }
}
