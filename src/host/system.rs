//! The machine this runs on, as a [`Host`]: the one place where the real clock, environment, files and streams are
//! named.

use super::{http, terminal};
use crate::batch;
use crate::core::token::numeric_date::NumericDate;
#[cfg(unix)]
use crate::host::signals;
use crate::host::{Existing, Host, OpenFile, Output, Run, Standing};
use std::fs::{DirBuilder, File};
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::path::Path;
use std::time::Duration;

impl Host<'static> {
    /// The machine this runs on.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "here, and only here, the outside is looked at")]
    pub fn system() -> Self {
        Self {
            clock: Box::new(|| {
                let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                // Finer than tokens ever are, and short enough to read.
                let elapsed = Duration::from_millis(elapsed.unwrap_or_default().as_millis() as u64);
                NumericDate::since_epoch(elapsed)
            }),
            entropy: Box::new(|bytes| getrandom::fill(bytes).map_err(io::Error::other)),
            stdin: Some(Box::new(Watched(io::stdin()))),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdin_is_idle: Box::new(stdin_is_idle),
            stdout: Output::new(Box::new(io::stdout()), io::stdout().is_terminal()),
            stderr: Output::new(Box::new(io::stderr()), io::stderr().is_terminal()),
            env: Box::new(|name| std::env::var_os(name)),
            open: Box::new(open),
            look: Box::new(look),
            write: Box::new(write),
            create_folder: Box::new(create_folder),
            person: Box::new(terminal::Keyboard),
            web: Box::new(http::Network::new(|name| std::env::var_os(name))),
            store: Box::new(crate::store::open),
            columns: Box::new(terminal::columns),
            stdin_length: Box::new(stdin_length),
            threads: Box::new(|| std::thread::available_parallelism().map_or(1, usize::from)),
            watch: Box::new(watch),
            gauge: Box::new(|length| Some(Box::new(batch::progress::Bar::new(length)))),
            run: Run::default(),
        }
    }
}

/// An input whose reading somebody can end from outside.
struct Watched<F>(F);

#[cfg(unix)]
impl<F: Read + std::os::fd::AsFd> Read for Watched<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        signals::wait_for(self.0.as_fd())?;
        self.0.read(buffer)
    }
}

#[cfg(not(unix))]
impl<F: Read> Read for Watched<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

fn watch() {
    #[cfg(unix)]
    signals::end_reading();
}

/// What is left to read of standard input, if it is a file.
fn stdin_length() -> Option<u64> {
    #[cfg(unix)]
    {
        use std::io::Seek as _;
        use std::os::fd::AsFd as _;
        let mut file = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
        let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        metadata.len().checked_sub(file.stream_position().ok()?)
    }
    #[cfg(not(unix))]
    None
}

fn open(path: &Path) -> io::Result<OpenFile> {
    let file = File::open(path)?;
    #[cfg(unix)]
    let (length, is_shared, is_foreign) = {
        use std::os::unix::fs::MetadataExt as _;
        const READABLE_BY_GROUP_OR_OTHERS: u32 = 0o044;
        const WRITABLE_BY_GROUP_OR_OTHERS: u32 = 0o022;
        let metadata = file.metadata()?;
        let ours = metadata.uid() == nix::unistd::geteuid().as_raw();
        let allows = |bits| metadata.mode() & bits != 0;
        (
            metadata.is_file().then_some(metadata.len()),
            metadata.is_file() && allows(READABLE_BY_GROUP_OR_OTHERS),
            !metadata.is_file() || !ours || allows(WRITABLE_BY_GROUP_OR_OTHERS),
        )
    };
    #[cfg(not(unix))]
    let (length, is_shared, is_foreign) =
        (file.metadata()?.is_file().then_some(file.metadata()?.len()), false, false);
    Ok(OpenFile { stream: Box::new(Watched(file)), length, is_shared, is_foreign })
}

#[cfg(unix)]
fn stdin_is_idle() -> bool {
    use nix::poll::{PollFd, PollFlags, poll};
    use std::os::fd::AsFd as _;
    const MOMENT: u16 = 200;
    let stdin = io::stdin();
    poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], MOMENT) == Ok(0)
}

#[cfg(not(unix))]
const fn stdin_is_idle() -> bool {
    false
}

/// A path that is named may lead through links; what is found in a folder may not, so that no walk goes in circles.
fn look(path: &Path) -> io::Result<Standing> {
    if !std::fs::metadata(path)?.is_dir() {
        return Ok(Standing::File);
    }
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        // To open a pipe or a device is to wait for whoever is behind it.
        if kind.is_file() {
            files.push(entry.file_name());
        } else if kind.is_dir() {
            folders.push(entry.file_name());
        }
    }
    Ok(Standing::Folder { files, folders })
}

/// The bytes are complete, in a file of their own beside it, before the name is given to them. A temporary file is its
/// owner's alone from the start (mode 0600).
fn write(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let target = if existing == Existing::Followed {
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return File::options().write(true).open(path)?.write_all(bytes);
        }
        std::fs::canonicalize(path).ok()
    } else {
        None
    };
    let path = target.as_deref().unwrap_or(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::metadata(folder)?;
    // Its name would be in the error, and nobody knows it.
    let unnamed = |error: io::Error| io::Error::from(error.kind());
    let mut file = tempfile::Builder::new().prefix(".fob-").tempfile_in(folder).map_err(unnamed)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let named = match existing {
        Existing::Kept => file.persist_noclobber(path),
        Existing::Replaced | Existing::Followed => file.persist(path),
    };
    named.map(|_| ()).map_err(|error| error.error)
}

fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
