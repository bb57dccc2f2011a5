//! An index of the claims of a token, made in one pass: the positions of the claims that every verification looks at, and
//! whether names are repeated. The meaning of a claim is for its readers.

use crate::core::json::{Member, NameBits, is_flat};

/// The number of claims that an index lists.
const LISTED: usize = 8;

/// The largest number of members that an index covers. A hostile token may hold a hundred thousand.
const MOST: usize = 16;

/// The index of a claims set with a few members. To look for each claim and for duplicates apart takes 500 instructions of a
/// token with seven claims, this takes 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClaimIndex {
    /// The positions of the listed claims, counted from one. Zero stands for an absent claim.
    positions: [u8; LISTED],
    /// True if no object repeats a name, at any depth.
    pub(super) is_distinct: bool,
}

impl ClaimIndex {
    /// Returns the index of some members, or `None` if there are too many.
    pub(super) fn new(members: &[Member<'_>]) -> Option<Self> {
        if members.len() > MOST {
            return None;
        }
        let mut positions = [0; LISTED];
        let mut is_distinct = true;
        let mut names = NameBits::default();
        for (index, Member { name, value }) in members.iter().enumerate() {
            is_distinct &= !names.repeats(name, members, index) && is_flat(value);
            // All listed names have three letters.
            let &[first, second, third] = name.as_bytes() else { continue };
            let [iss, sub, aud, exp, nbf, iat, jti, cnf] = &mut positions;
            let position = match &[first, second, third] {
                b"iss" => iss,
                b"sub" => sub,
                b"aud" => aud,
                b"exp" => exp,
                b"nbf" => nbf,
                b"iat" => iat,
                b"jti" => jti,
                b"cnf" => cnf,
                _ => continue,
            };
            // The first claim of a name counts.
            if *position == 0 {
                *position = index as u8 + 1;
            }
        }
        Some(Self { positions, is_distinct })
    }

    /// Returns the listed claims: `iss`, `sub`, `aud`, `exp`, `nbf`, `iat`, `jti` and `cnf`.
    pub(super) fn listed<'m, 'a>(&self, members: &'m [Member<'a>]) -> [Option<&'m Member<'a>>; LISTED] {
        self.positions.map(|position| members.get(usize::from(position).checked_sub(1)?))
    }
}
