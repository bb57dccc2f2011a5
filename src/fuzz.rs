//! The fuzz targets of `fuzz/`. The body of each target is in the file `fuzz.rs` beside the code that it tests. Only tests and
//! fuzz builds compile these files. A test here runs each target over its corpus.

/// Defines the list of targets: the name of each and the module of its body. A body panics where it finds a fault.
macro_rules! targets {
    ($($name:ident in $($module:ident)::+;)+) => {
        $(pub use crate::$($module)::+::fuzz::$name;)+

        /// The names of the targets.
        pub const NAMES: &[&str] = &[$(stringify!($name)),+];

        #[cfg(test)]
        mod corpus {
            $(#[test]
            fn $name() {
                super::tests::assert_corpus(stringify!($name), super::$name);
            })+
        }
    };
}

targets! {
    answers in core::oauth;
    base64url in core::token;
    command_line in commands;
    escape in core::text;
    json in core::json;
    jwe in core::encryption;
    keys in core::key;
    lines in batch;
    nested in core::report;
    scan in scan;
    suite_run in commands;
    suites in suite;
    times in core::token;
    token in core::report;
    verify_lines in commands;
}

#[cfg(test)]
mod tests {
    use super::NAMES;
    use std::path::{Path, PathBuf};

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
    }

    /// Runs a target over its committed inputs. A package leaves them out.
    pub(super) fn assert_corpus(name: &str, target: fn(&[u8])) {
        let folder = folder().join("corpus").join(name);
        let Ok(entries) = std::fs::read_dir(&folder) else {
            return assert!(!self::folder().exists(), "fuzz/corpus/{name} is missing");
        };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "fuzz/corpus/{name} is empty");
        for path in paths {
            let input = std::fs::read(&path).unwrap();
            let outcome = std::panic::catch_unwind(|| target(&input));
            assert!(outcome.is_ok(), "{}", path.display());
        }
    }

    #[test]
    fn every_target_has_a_file_and_an_entry() {
        let Ok(manifest) = std::fs::read_to_string(folder().join("Cargo.toml")) else { return };
        for name in NAMES {
            let source = std::fs::read_to_string(folder().join(format!("fuzz_targets/{name}.rs"))).unwrap();
            assert!(source.contains(&format!("fob::fuzz::{name}(bytes)")), "{source}");
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        }
        assert_eq!(std::fs::read_dir(folder().join("fuzz_targets")).unwrap().count(), NAMES.len());
    }
}
