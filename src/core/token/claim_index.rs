//! An index of the claims of a token, made in one pass: the positions of the claims that every verification looks at, and
//! whether names are repeated. The meaning of a claim is for its readers.

use crate::core::json::{Member, NameBits, Value, is_flat};

/// The number of claims that an index lists.
pub(super) const LISTED: usize = 10;

/// The largest number of members that an index covers. A hostile token may hold a hundred thousand.
const MOST: usize = 16;

/// The index of a claims set with a few members. To look for each claim and for duplicates apart takes 500 instructions of a
/// token with seven claims, this takes 330.
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
            is_distinct &= is_flat(value);
            match listed(name.as_bytes()).and_then(|place| positions.get_mut(place)) {
                // The first claim of a name counts.
                Some(position) if *position == 0 => *position = index as u8 + 1,
                Some(_) => is_distinct = false,
                None => is_distinct &= !names.repeats(name, members, index),
            }
        }
        Some(Self { positions, is_distinct })
    }

    /// Returns the registered claims: `iss`, `sub`, `aud`, `exp`, `nbf`, `iat` and `jti`. With a map over the positions, these and
    /// `cnf` took 260 instructions in place of 100.
    #[inline]
    pub(super) fn registered<'m, 'a>(&self, members: &'m [Member<'a>]) -> [Option<&'m Value<'a>>; 7] {
        let [iss, sub, aud, exp, nbf, iat, jti, ..] = self.positions;
        [
            at(members, iss),
            at(members, sub),
            at(members, aud),
            at(members, exp),
            at(members, nbf),
            at(members, iat),
            at(members, jti),
        ]
    }

    /// Returns the claim `cnf`.
    #[inline]
    pub(super) fn confirmation<'m, 'a>(&self, members: &'m [Member<'a>]) -> Option<&'m Value<'a>> {
        let [.., cnf, _, _] = self.positions;
        at(members, cnf)
    }

    /// Reports whether a claim is one of the times of OpenID Connect.
    #[inline]
    pub(super) const fn has_other_times(&self) -> bool {
        let [.., auth_time, updated_at] = self.positions;
        auth_time != 0 || updated_at != 0
    }
}

/// Returns the place of a claim among the listed ones, if it is one: the registered claims in their order, `cnf`, and the times of
/// OpenID Connect.
#[inline(always)]
pub(super) const fn listed(name: &[u8]) -> Option<usize> {
    Some(match name {
        b"iss" => 0,
        b"sub" => 1,
        b"aud" => 2,
        b"exp" => 3,
        b"nbf" => 4,
        b"iat" => 5,
        b"jti" => 6,
        b"cnf" => 7,
        b"auth_time" => 8,
        b"updated_at" => 9,
        _ => return None,
    })
}

/// Returns the value of the member at a position, which is counted from one.
#[inline(always)]
fn at<'m, 'a>(members: &'m [Member<'a>], position: u8) -> Option<&'m Value<'a>> {
    // Zero becomes an index that no member has.
    members.get(usize::from(position).wrapping_sub(1)).map(|member| &member.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::{find, first_duplicate, parse};
    use crate::core::token::claims::REGISTERED;

    #[test]
    fn finds_the_same_claims_and_duplicates_as_a_search() {
        let names = [
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "cnf",
            "is",
            "isss",
            "ISS",
            "role",
            "",
            "é",
            "auth_time",
            "updated_at",
        ];
        let values = ["1", "\"x\"", "null", "[1,\"x\"]", "{}", "{\"a\":1,\"a\":2}", "[[]]"];
        let mut seed = 9_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let (mut distinct, mut repeated) = (0, 0);
        for _ in 0..20_000 {
            // Most values are flat. Only those let an index find that all names differ.
            let text: Vec<String> = (0..next(MOST + 2))
                .map(|_| {
                    let value = values[if next(20) == 0 { next(values.len()) } else { next(4) }];
                    format!("\"{}\":{value}", names[next(names.len())])
                })
                .collect();
            let text = format!("{{{}}}", text.join(","));
            let value = parse(text.as_bytes()).unwrap();
            let members = value.members();
            let Some(index) = ClaimIndex::new(members) else {
                assert!(members.len() > MOST);
                continue;
            };
            assert_eq!(index.registered(members), REGISTERED.map(|name| find(members, name)), "{text}");
            assert_eq!(index.confirmation(members), find(members, "cnf"), "{text}");
            let has_other_times =
                ["auth_time", "updated_at"].iter().any(|name| find(members, name).is_some());
            assert_eq!(index.has_other_times(), has_other_times, "{text}");
            let has_duplicate = first_duplicate(members).is_some();
            let is_flat = members.iter().all(|member| is_flat(&member.value));
            assert_eq!(index.is_distinct, !has_duplicate && is_flat, "{text}");
            *(if has_duplicate { &mut repeated } else { &mut distinct }) += 1;
        }
        assert!(distinct > 3_000 && repeated > 3_000, "{distinct} {repeated}");
    }
}
