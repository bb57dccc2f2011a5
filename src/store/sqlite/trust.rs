//! Checks that no other user can change a store: its file, the files that SQLite keeps beside it, and the folders and links on
//! the way to it. SQLite believes all of them, so such a user could revive revoked tokens. This file opens no database.
//!
//! The folders are checked first. Once no other user can change their entries, the names in them lead to the same files later.

use super::super::error::{FileFault, StorePart};
#[cfg(windows)]
use crate::host::windows_files::{self, FolderEntries, OtherUsers};
use std::path::{Path, PathBuf};

/// The endings of the files that SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Checks each folder and each link on the way from the root to a path. A user who can replace one of them decides which
/// store is opened.
///
/// No other user may change the folder that holds the file or a link to it. Above it, a folder such as `/tmp` is fine: there,
/// users can replace their own entries alone.
#[cfg(unix)]
pub(super) fn check_way(path: &Path) -> Result<(), FileFault> {
    use std::ffi::OsString;
    use std::io::{Error, ErrorKind::NotFound};
    /// How many links Linux follows.
    const MAX_LINKS: usize = 40;
    let parts = |path: &Path| -> Vec<OsString> {
        path.components().rev().map(|part| part.as_os_str().to_owned()).collect()
    };
    let mut ahead = parts(&std::path::absolute(path).map_err(FileFault::Inaccessible)?);
    let (mut here, mut links) = (PathBuf::new(), 0);
    while let Some(part) = ahead.pop() {
        if part == ".." {
            here.pop();
            continue;
        }
        let next = here.join(&part);
        let entry = match std::fs::symlink_metadata(&next) {
            Ok(entry) => entry,
            Err(error) if error.kind() == NotFound && ahead.is_empty() => return check_holder(&here, false),
            Err(error) => return Err(FileFault::Inaccessible(error)),
        };
        if !here.as_os_str().is_empty() {
            check_holder(&here, entry.is_dir())?;
        }
        if entry.is_symlink() {
            links += 1;
            if links > MAX_LINKS {
                return Err(FileFault::Inaccessible(Error::other("too many links")));
            }
            let target = std::fs::read_link(&next).map_err(FileFault::Inaccessible)?;
            if target.is_absolute() {
                here.clear();
            }
            ahead.extend(parts(&target));
        } else {
            here = next;
        }
    }
    Ok(())
}

/// Checks who can replace an entry of a folder. A folder such as `/tmp` protects the folders in it: their owner, who alone can
/// replace them, is checked with them.
#[cfg(unix)]
fn check_holder(folder: &Path, holds_folder: bool) -> Result<(), FileFault> {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    let metadata = std::fs::metadata(folder).map_err(FileFault::Inaccessible)?;
    let is_sticky = metadata.mode() & STICKY != 0;
    if is_sticky && holds_folder {
        return Ok(());
    }
    let is_ours = metadata.uid() == nix::unistd::geteuid().as_raw() && !is_sticky;
    checked(StorePart::Folder { path: folder.to_owned(), is_ours }, folder, &metadata)
}

/// Returns the path of a file that SQLite keeps beside a database.
fn companion(path: &Path, ending: &str) -> PathBuf {
    let mut companion = path.as_os_str().to_owned();
    companion.push(ending);
    companion.into()
}

/// Checks the file of a store, and the files beside it.
pub(super) fn check_file(path: &Path, metadata: &std::fs::Metadata) -> Result<(), FileFault> {
    use std::io::ErrorKind::NotFound;
    checked(StorePart::File(path.to_owned()), path, metadata)?;
    for ending in COMPANIONS {
        let path = companion(path, ending);
        // SQLite opens what a link leads to.
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if !metadata.is_file() => return Err(FileFault::CompanionNotAFile { path }),
            Ok(metadata) => checked(StorePart::Companion(path.clone()), &path, &metadata)?,
            Err(error) if error.kind() == NotFound => {}
            Err(error) => return Err(FileFault::Inaccessible(error)),
        }
    }
    Ok(())
}

/// Checks the owner, the mode and the access control list of one part of a store.
#[cfg(unix)]
fn checked(part: StorePart, path: &Path, metadata: &std::fs::Metadata) -> Result<(), FileFault> {
    use super::super::error::Exposure;
    use std::os::unix::fs::MetadataExt as _;
    const BY_GROUP: u32 = 0o020;
    let (owner, group, mode) = (metadata.uid(), metadata.gid(), metadata.mode());
    let exposure = exposure(owner, group, mode).or_else(|| {
        // The bits of the group are then a limit for all entries of the list.
        (mode & BY_GROUP != 0 && has_access_list(path)).then_some(Exposure::List)
    });
    exposure.map_or(Ok(()), |exposure| Err(FileFault::Exposed { part, exposure }))
}

/// Reports whether an access control list lets further users in.
#[cfg(target_os = "linux")]
fn has_access_list(path: &Path) -> bool {
    rustix::fs::getxattr(path, c"system.posix_acl_access", &mut [0_u8; 0][..]).is_ok_and(|size| size > 0)
}

/// Reports whether an access control list lets further users in. On this system nothing is asked.
#[cfg(all(unix, not(target_os = "linux")))]
fn has_access_list(_: &Path) -> bool {
    false
}

/// Returns how another user than root and the user of this process can change a file or a folder.
#[cfg(unix)]
fn exposure(owner: u32, group: u32, mode: u32) -> Option<super::super::error::Exposure> {
    use super::super::error::Exposure;
    use super::accounts;
    const BY_GROUP: u32 = 0o020;
    const BY_OTHERS: u32 = 0o002;
    let name = |account: Option<accounts::Account>, number: u32| {
        account.map_or_else(|| number.to_string(), |account| account.name)
    };
    if owner != 0 && owner != nix::unistd::geteuid().as_raw() {
        return Some(Exposure::Owner { name: name(accounts::user(owner), owner) });
    }
    if mode & BY_OTHERS != 0 {
        return Some(Exposure::Others);
    }
    if mode & BY_GROUP == 0 || accounts::is_private(group, owner) {
        return None;
    }
    Some(Exposure::Group { name: name(accounts::group(group), group) })
}

/// Creates the files that SQLite keeps beside a database, since its own would get the access list of the folder.
#[cfg(windows)]
pub(super) fn keep_companions_private(path: &Path) -> Result<(), FileFault> {
    ["-wal", "-shm"]
        .into_iter()
        .try_for_each(|ending| windows_files::keep_private(&companion(path, ending)))
        .map_err(FileFault::Inaccessible)
}

/// Checks the folders of a path, and those of the file that it leads to. A user who can replace one of them decides which
/// store is opened. Links that lead to other links are followed, but the folders between are not checked.
#[cfg(windows)]
pub(super) fn check_way(path: &Path) -> Result<(), FileFault> {
    use std::io::ErrorKind::PermissionDenied;
    let given = std::path::absolute(path).map_err(FileFault::Inaccessible)?;
    let real = std::fs::canonicalize(&given).ok();
    for way in [Some(given), real].into_iter().flatten() {
        let mut entries = FolderEntries::Files;
        for folder in way.ancestors().skip(1) {
            let part = StorePart::Folder { path: folder.to_owned(), is_ours: false };
            match windows_files::other_users_of_entries(folder, entries) {
                Ok(others) => refuse_others(part, others)?,
                // A user does not need to read the access list of a folder to pass through it.
                Err(error) if error.kind() == PermissionDenied && entries == FolderEntries::Folder => {}
                Err(error) => return Err(FileFault::Inaccessible(error)),
            }
            entries = FolderEntries::Folder;
        }
    }
    Ok(())
}

/// Checks the owner and the access list of one part of a store.
#[cfg(windows)]
fn checked(part: StorePart, path: &Path, _: &std::fs::Metadata) -> Result<(), FileFault> {
    refuse_others(part, windows_files::other_users_at(path).map_err(FileFault::Inaccessible)?)
}

#[cfg(windows)]
fn refuse_others(part: StorePart, others: OtherUsers) -> Result<(), FileFault> {
    use super::super::error::Exposure;
    match others {
        OtherUsers { owner: Some(name), .. } => {
            Err(FileFault::Exposed { part, exposure: Exposure::Owner { name } })
        }
        OtherUsers { can_change: true, .. } => Err(FileFault::Exposed { part, exposure: Exposure::List }),
        _ => Ok(()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::super::error::Exposure;
    use super::*;
    use nix::unistd::{getegid, geteuid};

    #[test]
    fn trusts_the_own_user_and_root_alone() {
        let (user, group) = (geteuid().as_raw(), getegid().as_raw());
        for owner in [0, user] {
            for mode in [0o100_600, 0o100_644, 0o040_755, 0o041_755] {
                assert_eq!(exposure(owner, group, mode), None, "{owner} {mode:o}");
            }
            for mode in [0o100_602, 0o100_666, 0o040_777, 0o041_777] {
                assert_eq!(exposure(owner, group, mode), Some(Exposure::Others), "{owner} {mode:o}");
            }
        }
        let stranger = 4_000_000_001;
        let foreign = Exposure::Owner { name: stranger.to_string() };
        assert_eq!(exposure(stranger, group, 0o100_600), Some(foreign));
    }

    #[test]
    fn trusts_the_group_of_the_owner_alone() {
        let unknown = Exposure::Group { name: "4000000001".to_owned() };
        assert_eq!(exposure(geteuid().as_raw(), 4_000_000_001, 0o100_660), Some(unknown));
        // Root and its group have the number 0 and one name.
        assert_eq!(exposure(0, 0, 0o100_660), None);
        assert!(matches!(exposure(0, 1, 0o040_775), Some(Exposure::Group { .. })));
    }

    #[test]
    fn checks_every_folder_and_link_on_the_way() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::Builder::new().tempdir().unwrap();
        let root = folder.path();
        let make = |name: &str, mode: u32| {
            std::fs::create_dir_all(root.join(name)).unwrap();
            std::fs::set_permissions(root.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
        };
        make("own", 0o755);
        make("open", 0o777);
        make("open/own", 0o755);
        make("sticky", 0o1777);
        make("sticky/own", 0o755);
        for name in ["own/s.db", "open/own/s.db", "sticky/s.db", "sticky/own/s.db"] {
            std::fs::write(root.join(name), "").unwrap();
        }
        symlink("own/s.db", root.join("good.db")).unwrap();
        symlink("../own/s.db", root.join("open/link.db")).unwrap();
        symlink("open/link.db", root.join("chain.db")).unwrap();
        symlink("../own", root.join("open/folder")).unwrap();
        symlink("loop.db", root.join("loop.db")).unwrap();
        for good in ["own/s.db", "good.db", "sticky/own/s.db", "own/../own/s.db", "own/new.db"] {
            assert!(check_way(&root.join(good)).is_ok(), "{good}");
        }
        for bad in [
            "open/own/s.db",
            "sticky/s.db",
            "open/link.db",
            "chain.db",
            "open/folder/s.db",
            "loop.db",
            "open/new.db",
        ] {
            assert!(check_way(&root.join(bad)).is_err(), "{bad}");
        }
    }
}
