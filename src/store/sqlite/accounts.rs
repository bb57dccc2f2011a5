//! Names of users and groups, from the files of the system. The C library would ask other services, too: a static program
//! would load their libraries and crash.

use std::fs;

/// A user or a group of `/etc/passwd` or `/etc/group`.
pub(super) struct Account {
    pub(super) name: String,
    /// The group of a user, or the members of a group.
    fields: Vec<String>,
}

/// Returns the user with a number.
pub(super) fn user(number: u32) -> Option<Account> {
    accounts("/etc/passwd").find(|(found, _)| *found == number).map(|(_, account)| account)
}

/// Returns the group with a number.
pub(super) fn group(number: u32) -> Option<Account> {
    accounts("/etc/group").find(|(found, _)| *found == number).map(|(_, account)| account)
}

/// Reports whether a group has the name of its only user. Many systems give each user such a group, and make files writable by
/// it.
pub(super) fn is_private(number: u32, owner: u32) -> bool {
    let (Some(group), Some(user)) = (group(number), user(owner)) else { return false };
    let members = group.fields.get(3).map_or("", String::as_str);
    let mut members = members.split(',').filter(|name| !name.is_empty());
    let gid = number.to_string();
    let mut users = accounts("/etc/passwd").filter(|(_, other)| other.fields.get(3) == Some(&gid));
    group.name == user.name
        && members.all(|name| name == user.name || name == "root")
        && users.all(|(other, _)| other == owner || other == 0)
}

/// Returns the accounts of a file with their numbers, which stand in the third field of each line.
fn accounts(file: &str) -> impl Iterator<Item = (u32, Account)> {
    let text = fs::read(file).unwrap_or_default();
    let lines: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
    lines.into_iter().filter_map(|line| {
        let fields: Vec<String> = line.split(':').map(str::to_owned).collect();
        let number = fields.get(2)?.parse().ok()?;
        Some((number, Account { name: fields.first()?.clone(), fields }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_accounts_of_the_system() {
        assert_eq!(user(0).map(|root| root.name).as_deref(), Some("root"));
        assert!(user(4_000_000_001).is_none() && group(4_000_000_001).is_none());
        // A group with the name of another user, and a group that does not exist.
        assert!(!is_private(0, 4_000_000_001) && !is_private(4_000_000_001, 0));
    }
}
