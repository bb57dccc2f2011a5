//! Access lists of Windows in their text form (SDDL): what users other than the user of this process may do. This file calls
//! nothing of the system.

/// Rights to read a file. A user who may change the list or the owner can take every other right.
pub(super) const READ: u32 = FILE_READ | GENERIC_READ | CONTROL;
/// Rights to change a file.
pub(super) const CHANGE: u32 = FILE_WRITE | FILE_APPEND | DELETE | GENERIC_WRITE | CONTROL;
/// Rights to replace a file in a folder, or to add one.
pub(super) const CHANGE_ENTRIES: u32 = FILE_WRITE | DELETE_CHILD | DELETE | GENERIC_WRITE | CONTROL;
/// Rights to replace a folder in a folder.
pub(super) const REPLACE_ENTRIES: u32 = DELETE_CHILD | CONTROL;

const FILE_READ: u32 = 0x1;
/// In a folder, this is the right to add a file.
const FILE_WRITE: u32 = 0x2;
const FILE_APPEND: u32 = 0x4;
const DELETE_CHILD: u32 = 0x40;
pub(super) const DELETE: u32 = 0x1_0000;
const GENERIC_WRITE: u32 = 0x4000_0000;
const GENERIC_READ: u32 = 0x8000_0000;
/// The rights to change the list and the owner, and all rights at once.
const CONTROL: u32 = 0x4_0000 | 0x8_0000 | 0x1000_0000;

/// Accounts that can do everything on their system, whatever a list says: the system, administrators, and the installer of
/// Windows. "Owner rights" are those of the owner, who is checked apart, and no user has the identity "creator owner".
const TRUSTED: [&str; 6] =
    ["SY", "BA", "OW", "CO", "CG", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"];

/// Two letters for rights in entries, and their bits.
const RIGHTS: [(&str, u32); 22] = [
    ("GA", 0x1000_0000),
    ("GX", 0x2000_0000),
    ("GW", GENERIC_WRITE),
    ("GR", GENERIC_READ),
    ("SD", DELETE),
    ("RC", 0x2_0000),
    ("WD", 0x4_0000),
    ("WO", 0x8_0000),
    ("CC", FILE_READ),
    ("DC", FILE_WRITE),
    ("LC", FILE_APPEND),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", DELETE_CHILD),
    ("LO", 0x80),
    ("CR", 0x100),
    ("FA", 0x1f_01ff),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00a0),
    // Rights of registry keys, which no file has.
    ("KA", 0),
];

/// The owner and the access list of a file or a folder.
#[derive(Debug)]
pub(super) struct AccessList<'t> {
    owner: &'t str,
    entries: Vec<Entry<'t>>,
    /// True if there is no list, or one that this program does not understand: it counts as all rights for all users.
    is_open: bool,
}

/// An entry that grants rights.
#[derive(Debug)]
struct Entry<'t> {
    account: &'t str,
    rights: u32,
}

impl<'t> AccessList<'t> {
    /// Parses a security descriptor, such as `O:BAD:P(A;;FA;;;SY)`. Its group is ignored.
    ///
    /// Entries that deny rights are left out, so a list can only look more open than it is.
    pub(super) fn parse(text: &'t str) -> Self {
        let (descriptor, list) = text.split_once("D:").unwrap_or((text, "NO_ACCESS_CONTROL"));
        let owner = descriptor.strip_prefix("O:").unwrap_or_default();
        let owner = owner.split_once("G:").map_or(owner, |(owner, _)| owner);
        let (flags, entries) = list.find('(').map_or((list, ""), |start| list.split_at(start));
        // An entry with a condition may hold any text.
        let is_open = flags.contains("NO_ACCESS_CONTROL") || entries.contains("(X") || entries.contains("(Z");
        let entries =
            entries.split('(').filter_map(|entry| Entry::parse(entry.trim_end_matches(')'))).collect();
        Self { owner, entries, is_open }
    }

    /// Returns the owner, if that is another user.
    pub(super) fn foreign_owner(&self, user: &str) -> Option<&'t str> {
        (!is_trusted(self.owner, user)).then_some(self.owner)
    }

    /// Reports whether another user has one of these rights.
    pub(super) fn grants(&self, rights: u32, user: &str) -> bool {
        let is_granted = |entry: &Entry<'_>| entry.rights & rights != 0 && !is_trusted(entry.account, user);
        self.is_open || self.entries.iter().any(is_granted)
    }
}

impl<'t> Entry<'t> {
    /// Parses `type;flags;rights;object;inherited object;account`.
    fn parse(text: &'t str) -> Option<Self> {
        let mut parts = text.splitn(6, ';');
        let (kind, flags, rights, account) = (parts.next()?, parts.next()?, parts.next()?, parts.nth(2)?);
        let denies = kind.ends_with('D');
        // Such an entry is for what is created in the folder.
        let is_for_others = letters(flags).any(|flag| flag == Some("IO"));
        (!denies && !is_for_others).then(|| Entry { account, rights: parse_rights(rights) })
    }
}

fn parse_rights(text: &str) -> u32 {
    if let Some(digits) = text.strip_prefix("0x") {
        return u32::from_str_radix(digits, 16).unwrap_or(u32::MAX);
    }
    letters(text).fold(0, |rights, pair| {
        let known = RIGHTS.iter().find(|(name, _)| Some(*name) == pair);
        rights | known.map_or(u32::MAX, |(_, bits)| *bits)
    })
}

/// Returns the pairs of letters of a text; `None` for what is no pair.
fn letters(text: &str) -> impl Iterator<Item = Option<&str>> {
    (0..text.len()).step_by(2).map(move |start| text.get(start..start + 2))
}

fn is_trusted(account: &str, user: &str) -> bool {
    account == user || TRUSTED.contains(&account)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "S-1-5-21-1-2-3-1001";

    /// Returns whether others can read, change and own a file with this list.
    fn others(text: &str) -> [bool; 3] {
        let list = AccessList::parse(text);
        [list.grants(READ, USER), list.grants(CHANGE, USER), list.foreign_owner(USER).is_some()]
    }

    #[test]
    fn a_private_file_is_for_its_owner_and_administrators() {
        for list in [
            "O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;S-1-5-21-1-2-3-1001)",
            "O:S-1-5-21-1-2-3-1001G:S-1-5-21-1-2-3-513D:P(A;;FA;;;S-1-5-21-1-2-3-1001)",
            "O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;S-1-5-21-1-2-3-1001)",
            "O:SYD:(A;OICIIO;GA;;;WD)(A;;FA;;;OW)",
            "O:BAD:(D;;FA;;;WD)(OD;;FA;;;WD)",
            "O:BAD:",
            // Attributes and traversal, but neither content nor changes.
            "O:BAD:(A;;0x1200a0;;;WD)(A;;FX;;;BU)",
        ] {
            assert_eq!(others(list), [false; 3], "{list}");
        }
    }

    #[test]
    fn finds_who_else_can_read_and_change() {
        for (list, expected) in [
            ("O:BAD:(A;ID;0x1200a9;;;BU)", [true, false, false]),
            ("O:BAD:(A;;FR;;;WD)", [true, false, false]),
            ("O:BAD:(A;ID;0x1301bf;;;AU)", [true, true, false]),
            ("O:BAD:(A;;GR;;;WD)", [true, false, false]),
            ("O:BAD:(A;;DCLC;;;WD)", [false, true, false]),
            ("O:BAD:(A;;SD;;;WD)", [false, true, false]),
            ("O:BAD:(A;;RCWD;;;S-1-5-21-1-2-3-1002)", [true, true, false]),
            ("O:BAD:(A;;FA;;;SY)(A;;FA;;;S-1-5-21-1-2-3-10010)", [true, true, false]),
            ("O:BAD:(XA;;FX;;;BA;(@User.a == \"(\"))", [true, true, false]),
            ("O:S-1-5-21-1-2-3-1002D:P(A;;FA;;;S-1-5-21-1-2-3-1001)", [false, false, true]),
            ("O:BAD:NO_ACCESS_CONTROL", [true, true, false]),
            ("O:BA", [true, true, false]),
            ("D:P", [false, false, true]),
            ("O:BAD:(A;;??;;;WD)", [true, true, false]),
            ("O:BAD:(A;;FAx;;;WD)", [true, true, false]),
            ("O:BAD:(ZZ;;FA;;;WD)", [true, true, false]),
        ] {
            assert_eq!(others(list), expected, "{list}");
        }
    }

    #[test]
    fn tells_folders_that_others_can_add_to_from_those_whose_entries_they_can_replace() {
        let folder = |rights: &str| {
            let text = format!("O:BAD:(A;;{rights};;;AU)");
            let list = AccessList::parse(&text);
            [list.grants(CHANGE_ENTRIES, USER), list.grants(REPLACE_ENTRIES, USER)]
        };
        // The root of a disk lets all users add folders.
        assert_eq!(folder("LC"), [false, false]);
        assert_eq!(folder("0x1200a9"), [false, false]);
        assert_eq!(folder("DC"), [true, false]);
        assert_eq!(folder("0x1301bf"), [true, false]);
        assert_eq!(folder("DT"), [true, true]);
        assert_eq!(folder("FA"), [true, true]);
    }
}
