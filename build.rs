//! Links the release binary as a static, position-independent executable, if the C library has the files for it. Such a
//! binary starts faster: the dynamic loader takes most of the time of a short run.
//!
//! cargo applies `crt-static` to a whole build, including procedural macros, which cannot be static. So this script
//! writes linker scripts under the names that rustc links (`-lc`, `-lgcc_s`, …), which lead to the static archives.
//! `FOB_LINK=dynamic` turns this off. Platforms on which it was not measured are linked dynamically.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "cargo passes settings to build scripts in the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    for key in ["changed=build.rs", "env-changed=FOB_LINK", "env-changed=CC"] {
        println!("cargo::rerun-if-{key}");
    }
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|text| text == value);
    let wanted = is("TARGET", "x86_64-unknown-linux-gnu")
        && is("HOST", "x86_64-unknown-linux-gnu")
        && is("PROFILE", "release");
    let already = env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.contains("crt-static"));
    if !wanted || already || is("FOB_LINK", "dynamic") {
        return Ok(());
    }
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let archive = |name: &str| archive(&compiler, name);
    let (Some(libc), Some(unwinder), Some(_)) =
        (archive("libc.a"), archive("libgcc_eh.a"), archive("rcrt1.o"))
    else {
        return Ok(());
    };
    // Before glibc 2.34, name resolution was in separate libraries, which a static program would load.
    if !defines(&compiler, b"GLIBC_2.34") {
        return Ok(());
    }
    let folder = Path::new(&env::var("OUT_DIR")?).join("link");
    fs::create_dir_all(&folder)?;
    // Without this wrapper, a static program can crash when it resolves a host name.
    let [source, names] = ["names.c", "names.o"].map(|name| folder.join(name));
    fs::write(&source, NAMES)?;
    let compiled =
        Command::new(&compiler).args(["-O2", "-fPIE", "-c"]).arg(&source).arg("-o").arg(&names).status();
    if !compiled.is_ok_and(|status| status.success()) {
        println!(
            "cargo::warning=the wrapper for name resolution does not compile, so the program is linked dynamically"
        );
        return Ok(());
    }
    let script = |name: &str, text: String| fs::write(folder.join(format!("lib{name}.so")), text);
    script("c", format!("GROUP({} {})\n", libc.display(), unwinder.display()))?;
    script("gcc_s", format!("INPUT({})\n", unwinder.display()))?;
    for name in ["m", "util", "rt", "pthread", "dl"] {
        if let Some(archive) = archive(&format!("lib{name}.a")) {
            script(name, format!("INPUT({})\n", archive.display()))?;
        }
    }
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo::rustc-link-arg-bins=-static-pie");
    println!("cargo::rustc-link-arg-bins={}", names.display());
    println!("cargo::rustc-link-arg-bins=-Wl,--wrap=getaddrinfo");
    if knows_packed_relocations(&compiler) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

/// A wrapper that resolves host names in the hosts file and by DNS alone, regardless of /etc/nsswitch.conf.
///
/// The other services of that file (mdns4_minimal, resolve, myhostname, …) are shared libraries. A static program would
/// load them together with the C library of the machine it runs on. If that is another version of glibc, the program
/// crashes. systemd-resolved also answers DNS requests (/etc/resolv.conf).
const NAMES: &str = "
#include <netdb.h>
#include <nss.h>

int __real_getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);
int __wrap_getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found) {
    if (__nss_configure_lookup(\"hosts\", \"files dns\") != 0)
        return EAI_SYSTEM;
    return __real_getaddrinfo(name, service, hints, found);
}
";

/// Reports whether the start-up code of the C library applies packed relocations, which take a fifth less time.
/// Start-up code that does not know them would apply none.
fn knows_packed_relocations(compiler: &str) -> bool {
    defines(compiler, b"GLIBC_ABI_DT_RELR") // glibc 2.36
}

/// Reports whether the C library defines a version. The shared library beside the archive lists the versions.
fn defines(compiler: &str, mark: &[u8]) -> bool {
    let library = archive(compiler, "libc.so.6").and_then(|path| fs::read(path).ok());
    library.is_some_and(|bytes| bytes.windows(mark.len()).any(|window| window == mark))
}

/// Returns the path where the C compiler finds one of its files.
fn archive(compiler: &str, name: &str) -> Option<PathBuf> {
    let output = Command::new(compiler).arg(format!("-print-file-name={name}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    (path.is_absolute() && path.exists()).then_some(path)
}
