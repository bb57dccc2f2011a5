//! The peers, which need more than a Rust toolchain: their own check runs them, and this test names it.

use std::process::Command;

#[test]
#[ignore = "needs python3, node, npm, openssl, jose, strace and the package registries; tests/interop/run runs it by itself"]
fn fob_and_other_libraries_accept_the_tokens_of_each_other() {
    let check = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/run");
    let status = Command::new(check).env("FOB", env!("CARGO_BIN_EXE_fob")).status().unwrap();
    assert!(status.success());
}
