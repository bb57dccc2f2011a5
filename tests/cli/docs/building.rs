//! A test of the build on a machine that lacks a tool.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Builds an empty program with the settings of this repository, on a machine that has only cargo, rustc and a shell.
#[test]
#[expect(clippy::disallowed_methods, reason = "cargo names itself in the environment of tests")]
fn a_build_without_a_c_compiler_says_what_to_install() {
    use std::os::unix::fs::symlink;
    let Some(cargo) = std::env::var_os("CARGO") else { return };
    let rustc = Path::new(&cargo).with_file_name("rustc");
    if !rustc.exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["bin", "src", ".cargo"] {
        fs::create_dir(path(name)).unwrap();
    }
    for name in ["config.toml", "cc"] {
        fs::copy(root.join(".cargo").join(name), path(".cargo").join(name)).unwrap();
    }
    fs::write(path("Cargo.toml"), "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n").unwrap();
    fs::write(path("src/main.rs"), "fn main() {}\n").unwrap();
    symlink(&rustc, path("bin/rustc")).unwrap();
    for tool in ["sh", "cat"] {
        symlink(Path::new("/bin").join(tool), path("bin").join(tool)).unwrap();
    }
    let output = Command::new(cargo)
        .args(["build", "--offline", "--target-dir", "target"])
        .current_dir(folder.path())
        .env("PATH", path("bin"))
        .env_remove("RUSTC")
        .env_remove("RUSTC_WRAPPER")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("error: there is no C compiler (cc), and fob needs one to be built"), "{stderr}");
    assert!(stderr.contains("`apt install build-essential`"), "{stderr}");
}
