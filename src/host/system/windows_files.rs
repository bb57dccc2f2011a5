//! Files of Windows that only their owner can access, and who else can access a file. The only file that names the crate
//! `windows-permissions`. `access_list.rs` reads the lists.

use super::access_list::{self, AccessList};
use std::fs::{self, File};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;
use windows_permissions::constants::{SeObjectType, SecurityInformation};
use windows_permissions::utilities::current_process_sid;
use windows_permissions::wrappers::{
    ConvertSecurityDescriptorToStringSecurityDescriptor, ConvertSidToStringSid, GetSecurityInfo,
    SetSecurityInfo,
};
use windows_permissions::{LocalBox, SecurityDescriptor};

const READ_CONTROL: u32 = 0x2_0000;
const WRITE_DAC: u32 = 0x4_0000;
const GENERIC_WRITE: u32 = 0x4000_0000;
/// Lets a folder be opened.
const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x200_0000;

/// Creates an empty file that only the user of this process can access. It inherits nothing from its folder.
///
/// No other process can open the file until this one closes it: not even one that was quicker than the access list reads what is
/// written.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .access_mode(GENERIC_WRITE | READ_CONTROL | WRITE_DAC)
        .share_mode(0)
        .open(path)?;
    if let Err(error) = make_private(&mut file) {
        drop(file);
        let _ = fs::remove_file(path);
        return Err(error);
    }
    Ok(file)
}

/// Opens a file. If it is missing, an empty one is created, which only the user of this process can access.
pub(super) fn open_or_create_private(path: &Path, options: &fs::OpenOptions) -> io::Result<File> {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    const RETRY: Duration = Duration::from_millis(10);
    const ATTEMPTS: usize = 100;
    ensure_private(path)?;
    for _ in 1..ATTEMPTS {
        match options.open(path) {
            // Another process has just created the file, and will close it.
            Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => sleep(RETRY),
            outcome => return outcome,
        }
    }
    options.open(path)
}

/// Creates an empty file that only the user of this process can access, unless there is a file.
fn ensure_private(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // A device may deny that, too.
        _ => return Ok(()),
    }
    match create_private(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn make_private(file: &mut File) -> io::Result<()> {
    let descriptor: LocalBox<SecurityDescriptor> = format!("D:P(A;;FA;;;{})", user()?).parse()?;
    let parts = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
    SetSecurityInfo(file, SeObjectType::SE_FILE_OBJECT, parts, None, None, descriptor.dacl(), None)
}

/// Returns the security identifier of the user, such as `S-1-5-21-…-1001`.
fn user() -> io::Result<String> {
    Ok(ConvertSidToStringSid(&*current_process_sid()?)?.to_string_lossy().into_owned())
}

/// Returns the user as descriptors write it: some accounts have two letters in place of their identifier.
fn written_user() -> io::Result<String> {
    let descriptor: LocalBox<SecurityDescriptor> = format!("O:{}", user()?).parse()?;
    Ok(text(&descriptor)?.trim_start_matches("O:").to_owned())
}

fn text(descriptor: &SecurityDescriptor) -> io::Result<String> {
    let parts = SecurityInformation::Owner | SecurityInformation::Dacl;
    let text = ConvertSecurityDescriptorToStringSecurityDescriptor(descriptor, parts)?;
    Ok(text.to_string_lossy().into_owned())
}

/// The power of other users over a file. Administrators are not counted: they can do everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OtherUsers {
    /// True if they can read it.
    pub(crate) can_read: bool,
    /// True if they can change it.
    pub(crate) can_change: bool,
    /// The security identifier of another user who owns it.
    pub(crate) owner: Option<String>,
}

/// Returns what other users can do with an open file.
pub(super) fn other_users(file: &File) -> io::Result<OtherUsers> {
    with_list(file, |list, user| OtherUsers {
        can_read: list.grants(access_list::READ, user),
        can_change: list.grants(access_list::CHANGE, user),
        owner: list.foreign_owner(user).map(str::to_owned),
    })
}

fn with_list<T>(file: &File, read: impl FnOnce(&AccessList<'_>, &str) -> T) -> io::Result<T> {
    let parts = SecurityInformation::Owner | SecurityInformation::Dacl;
    let descriptor = text(&*GetSecurityInfo(file, SeObjectType::SE_FILE_OBJECT, parts)?)?;
    Ok(read(&AccessList::parse(&descriptor), &written_user()?))
}

/// Opens a file or a folder to ask for its access list.
fn open_list(path: &Path, rights: u32) -> io::Result<File> {
    File::options().access_mode(rights).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(path)
}

/// Returns what other users can do with the file at a path.
pub(crate) fn other_users_at(path: &Path) -> io::Result<OtherUsers> {
    other_users(&open_list(path, READ_CONTROL)?)
}

/// The entries of a folder that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FolderEntries {
    /// Files. A new one may matter, too.
    Files,
    /// A folder that is there.
    Folder,
}

/// Returns what other users can do with the entries of a folder. `can_read` is always `false`.
pub(crate) fn other_users_of_entries(folder: &Path, entries: FolderEntries) -> io::Result<OtherUsers> {
    let rights = match entries {
        FolderEntries::Files => access_list::CHANGE_ENTRIES,
        // The root of a disk cannot be moved away.
        FolderEntries::Folder if folder.parent().is_none() => access_list::REPLACE_ENTRIES,
        FolderEntries::Folder => access_list::REPLACE_ENTRIES | access_list::DELETE,
    };
    with_list(&open_list(folder, READ_CONTROL)?, |list, user| OtherUsers {
        can_read: false,
        can_change: list.grants(rights, user),
        owner: list.foreign_owner(user).map(str::to_owned),
    })
}

/// Creates an empty file, or takes an existing one, and lets only the user of this process access it.
pub(crate) fn keep_private(path: &Path) -> io::Result<()> {
    ensure_private(path)?;
    if other_users_at(path)?.can_read {
        make_private(&mut open_list(path, READ_CONTROL | WRITE_DAC)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// Lets all users access a file or a folder, and what is created in it.
    fn open_to_all(path: &Path) {
        let descriptor: LocalBox<SecurityDescriptor> = "D:P(A;OICI;FA;;;WD)".parse().unwrap();
        let parts = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
        let mut file = open_list(path, READ_CONTROL | WRITE_DAC).unwrap();
        SetSecurityInfo(&mut file, SeObjectType::SE_FILE_OBJECT, parts, None, None, descriptor.dacl(), None)
            .unwrap();
    }

    fn is_private(path: &Path) -> bool {
        other_users_at(path).unwrap() == OtherUsers { can_read: false, can_change: false, owner: None }
    }

    #[test]
    fn a_private_file_inherits_nothing_from_an_open_folder() {
        let folder = tempfile::tempdir().unwrap();
        open_to_all(folder.path());
        let path = folder.path().join("a");
        fs::write(&path, "a").unwrap();
        let open = other_users_at(&path).unwrap();
        assert!(open.can_read, "{open:?}");
        let new = folder.path().join("new");
        drop(create_private(&new).unwrap());
        assert!(is_private(&new));
        keep_private(&path).unwrap();
        assert!(is_private(&path));
        let appended = folder.path().join("appended");
        open_or_create_private(&appended, File::options().append(true)).unwrap();
        assert!(is_private(&appended));
    }

    #[test]
    fn a_new_file_cannot_be_opened_until_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let mut file = create_private(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert!(File::open(&path).is_err() && fs::remove_file(&path).is_err());
        // The owner needs no permission to read the list.
        assert!(other_users_at(&path).is_ok());
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(create_private(&path).is_err(), "it is there");
        // A list that is set anew leaves the content.
        keep_private(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn appends_to_a_file_and_creates_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("appended");
        for _ in 0..2 {
            let mut options = File::options();
            let mut file = open_or_create_private(&path, options.append(true)).unwrap();
            file.write_all(b"a").unwrap();
        }
        // Another process that has just created the file closes it soon.
        let file = File::options().append(true).share_mode(0).open(&path).unwrap();
        let waiting = std::thread::spawn({
            let path = path.clone();
            move || open_or_create_private(&path, File::options().append(true)).unwrap().write_all(b"b")
        });
        sleep(Duration::from_millis(50));
        drop(file);
        waiting.join().unwrap().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"aab");
    }

    #[test]
    fn a_folder_for_all_users_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let can_change = |entries| other_users_of_entries(folder.path(), entries).unwrap().can_change;
        assert!(!can_change(FolderEntries::Files) && !can_change(FolderEntries::Folder));
        open_to_all(folder.path());
        assert!(can_change(FolderEntries::Files) && can_change(FolderEntries::Folder));
    }
}
