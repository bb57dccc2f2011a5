//! A small disk: a tmpfs in a mount namespace of its own, which no other process sees.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Output, Stdio};

/// A folder on a disk of its own, which exists as long as the process that mounted it.
pub(crate) struct Disk {
    pub(crate) folder: tempfile::TempDir,
    keeper: Child,
}

impl Disk {
    /// Mounts a disk of 400 KiB. Returns `None` on systems that do not allow this.
    pub(crate) fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let script = r#"mount -t tmpfs -o size=400k,mode=700 tmpfs "$0" && echo mounted && exec cat"#;
        let mut keeper = Command::new("unshare");
        keeper.args(["--map-root-user", "--mount", "sh", "-c", script]).arg(folder.path());
        let keeper =
            keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut disk = Self { folder, keeper };
        let mut line = String::new();
        BufReader::new(disk.keeper.stdout.take()?).read_line(&mut line).ok()?;
        (line == "mounted\n").then_some(disk)
    }

    /// Runs a command in the namespace of the disk.
    pub(crate) fn inside(&self, inner: &Command, stdin: &str) -> Output {
        let mut command = Command::new("nsenter");
        command.args(["--user", "--mount", "--preserve-credentials", "--target"]);
        command.arg(self.keeper.id().to_string()).arg(inner.get_program()).args(inner.get_args());
        for (name, value) in inner.get_envs() {
            command.envs(value.map(|value| (name, value)));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Runs a script, which gets the folder as `$0`.
    pub(crate) fn shell(&self, script: &str) {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(self.folder.path());
        let output = self.inside(&shell, "");
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Fills the disk except for a number of pages of 4 KiB.
    pub(crate) fn fill(&self, pages: usize) {
        self.shell(&format!(
            "cd $0; dd if=/dev/zero of=fill bs=4096 2>/dev/null; truncate -c -s -{}K fill",
            4 * pages
        ));
    }

    /// Removes the file that fills the disk.
    pub(crate) fn free(&self) {
        self.shell("rm $0/fill");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}
