//! Checks that no other user can change a store: its file, the files that SQLite keeps beside it, and its folder. SQLite
//! believes all of them, so such a user could revive revoked tokens. This file opens no database.
//!
//! The folder is checked first. Once no other user can change its entries, the names in it lead to the same files later.

use super::super::error::FileFault;
use std::path::Path;

/// The endings of the files that SQLite keeps beside a database.
#[cfg(unix)]
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Checks the folder of a store.
#[cfg(unix)]
pub(super) fn check_folder(folder: &Path) -> Result<(), FileFault> {
    use super::super::error::StorePart;
    use std::os::unix::fs::MetadataExt as _;
    const STICKY: u32 = 0o1000;
    let folder = std::fs::canonicalize(folder).map_err(FileFault::Inaccessible)?;
    let metadata = std::fs::metadata(&folder).map_err(FileFault::Inaccessible)?;
    let is_ours = metadata.uid() == nix::unistd::geteuid().as_raw() && metadata.mode() & STICKY == 0;
    checked(StorePart::Folder { path: folder, is_ours }, &metadata)
}

/// Checks the file of a store, and the files beside it.
#[cfg(unix)]
pub(super) fn check_file(path: &Path, metadata: &std::fs::Metadata) -> Result<(), FileFault> {
    use super::super::error::StorePart;
    use std::io::ErrorKind::NotFound;
    checked(StorePart::File(path.to_owned()), metadata)?;
    for ending in COMPANIONS {
        let mut companion = path.as_os_str().to_owned();
        companion.push(ending);
        let path = companion.into();
        // SQLite opens what a link leads to.
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if !metadata.is_file() => return Err(FileFault::CompanionNotAFile { path }),
            Ok(metadata) => checked(StorePart::Companion(path), &metadata)?,
            Err(error) if error.kind() == NotFound => {}
            Err(error) => return Err(FileFault::Inaccessible(error)),
        }
    }
    Ok(())
}

/// Checks the owner and the mode of one part of a store.
#[cfg(unix)]
fn checked(part: super::super::error::StorePart, metadata: &std::fs::Metadata) -> Result<(), FileFault> {
    use std::os::unix::fs::MetadataExt as _;
    let exposure = exposure(metadata.uid(), metadata.gid(), metadata.mode());
    exposure.map_or(Ok(()), |exposure| Err(FileFault::Exposed { part, exposure }))
}

/// Returns how another user than root and the user of this process can change a file or a folder.
#[cfg(unix)]
fn exposure(owner: u32, group: u32, mode: u32) -> Option<super::super::error::Exposure> {
    use super::super::error::Exposure;
    use nix::unistd::{Gid, Group, Uid, User, geteuid};
    const BY_GROUP: u32 = 0o020;
    const BY_OTHERS: u32 = 0o002;
    let user = |id: u32| User::from_uid(Uid::from_raw(id)).ok().flatten().map(|user| user.name);
    if owner != 0 && owner != geteuid().as_raw() {
        return Some(Exposure::Owner { name: user(owner).unwrap_or_else(|| owner.to_string()) });
    }
    if mode & BY_OTHERS != 0 {
        return Some(Exposure::Others);
    }
    if mode & BY_GROUP == 0 {
        return None;
    }
    let found = Group::from_gid(Gid::from_raw(group)).ok().flatten();
    // Many systems give each user a group of the same name, and make files writable by that group.
    let is_private = found.as_ref().is_some_and(|found| {
        user(owner).is_some_and(|owner| {
            found.name == owner && found.mem.iter().all(|member| *member == owner || member == "root")
        })
    });
    let name = found.map_or_else(|| group.to_string(), |found| found.name);
    (!is_private).then_some(Exposure::Group { name })
}

/// Checks nothing: this system has no owners and modes.
#[cfg(not(unix))]
pub(super) fn check_folder(_: &Path) -> Result<(), FileFault> {
    Ok(())
}

/// Checks nothing: this system has no owners and modes.
#[cfg(not(unix))]
pub(super) fn check_file(_: &Path, _: &std::fs::Metadata) -> Result<(), FileFault> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::super::error::Exposure;
    use super::*;
    use nix::unistd::{Group, User, getegid, geteuid};

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
        // Not every user has a group of the same name.
        let root = User::from_name("root").unwrap().unwrap();
        if let Some(group) = Group::from_name("root").unwrap().filter(|group| group.mem.is_empty()) {
            assert_eq!(exposure(root.uid.as_raw(), group.gid.as_raw(), 0o100_660), None);
        }
        let other = Group::from_name("daemon").unwrap();
        if let Some(group) = other {
            let shared = Exposure::Group { name: "daemon".to_owned() };
            assert_eq!(exposure(root.uid.as_raw(), group.gid.as_raw(), 0o040_775), Some(shared));
        }
    }
}
