//! Links the release binary so that it starts fast: as a static, position-independent executable where the C library
//! has the files for it. Most of what a short run costs is the dynamic loader's work, and there is none of it then.
//!
//! cargo can give `crt-static` to a whole build only, procedural macros included, which cannot be static. So the
//! libraries that rustc names (`-lc`, `-lgcc_s`, …) are met by linker scripts that lead to their archives.
//! `FOB_LINK=dynamic` leaves everything as it is, and so does every platform this was not measured on.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
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
    // Before glibc 2.34 the look-up of names was in libraries of its own, which a static program would load.
    if !defines(&compiler, b"GLIBC_2.34") {
        return Ok(());
    }
    let folder = Path::new(&env::var("OUT_DIR")?).join("link");
    fs::create_dir_all(&folder)?;
    // Without it a static program may crash over a name, so there is none then.
    let [source, names] = ["names.c", "names.o"].map(|name| folder.join(name));
    fs::write(&source, NAMES)?;
    let compiled =
        Command::new(&compiler).args(["-O2", "-fPIE", "-c"]).arg(&source).arg("-o").arg(&names).status();
    if !compiled.is_ok_and(|status| status.success()) {
        println!(
            "cargo::warning=the look-up of names does not compile, so the program is linked dynamically"
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

/// Looks names up in the hosts file and by DNS alone, whatever /etc/nsswitch.conf says.
///
/// What that file names beyond these two (mdns4_minimal, resolve, myhostname, …) is a shared library. A static program
/// would load it together with the C library and the loader of the machine it runs on, which work on the structures of
/// the one it was linked with: with another version of glibc, that ends in a crash. Where systemd-resolved does the
/// looking up, it answers DNS too (/etc/resolv.conf).
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

/// Whether the C library's start-up applies packed relocations. They take a fifth less time, and every command pays for
/// every pointer in the program; but a start-up that does not know them would apply none.
fn knows_packed_relocations(compiler: &str) -> bool {
    defines(compiler, b"GLIBC_ABI_DT_RELR") // glibc 2.36
}

/// Whether the C library is new enough to define a version; the shared one beside the archive says so.
fn defines(compiler: &str, mark: &[u8]) -> bool {
    let library = archive(compiler, "libc.so.6").and_then(|path| fs::read(path).ok());
    library.is_some_and(|bytes| bytes.windows(mark.len()).any(|window| window == mark))
}

/// Where the C compiler finds one of its files.
fn archive(compiler: &str, name: &str) -> Option<PathBuf> {
    let output = Command::new(compiler).arg(format!("-print-file-name={name}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    (path.is_absolute() && path.exists()).then_some(path)
}
