//! The peers, which need more than a Rust toolchain: their own check runs them, and this test names it.

use std::process::Command;

#[test]
#[ignore = "needs python3, node, npm, openssl, jose, strace and the package registries; tests/interop/run runs it by itself"]
fn the_peers_take_what_is_minted_here_and_give_what_is_taken_here() {
    let check = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/run");
    let status = Command::new(check).env("FOB", env!("CARGO_BIN_EXE_fob")).status().unwrap();
    assert!(status.success());
}
