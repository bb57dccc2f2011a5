//! Names as developers write them: `accessToken`, `access_token` and `access-token` are one.

/// Reports whether two names differ only in letter case, `_` and `-`.
#[must_use]
pub fn is_same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// Returns the bit of a name. Names that differ only in letter case, `_` and `-` have the same bit, and most others another.
#[must_use]
pub const fn name_bit(name: &str) -> u64 {
    let (mut length, mut first, mut last, mut rest) = (0, 0, 0, name.as_bytes());
    while let [byte, others @ ..] = rest {
        rest = others;
        if !matches!(*byte, b'_' | b'-') {
            // The case of a letter is none of these bits.
            last = *byte & 31;
            first = if length == 0 { last } else { first };
            length += 1;
        }
    }
    // With these factors the usual claims have other bits than the names that are searched.
    1 << ((first as usize * 3 + last as usize * 19 + length * 15) & 63)
}

/// Returns a name in lower case, without `_` and `-`.
#[must_use]
pub fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns the bytes by which names are compared.
fn letters(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_have_the_same_bit() {
        let names = [
            "accessToken",
            "access_token",
            "ACCESS-TOKEN",
            "_accesstoken",
            "-",
            "_",
            "",
            "typ",
            "tYp",
            "é_",
            "É",
        ];
        for one in names {
            for other in names {
                assert!(!is_same_name(one, other) || name_bit(one) == name_bit(other), "{one} {other}");
            }
        }
        assert_ne!(name_bit("sub"), name_bit("type"));
    }
}
