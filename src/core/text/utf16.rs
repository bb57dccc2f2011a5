//! UTF-16, in which some editors and shells save text.

/// Decodes UTF-16 that begins with a byte order mark or an ASCII character. Returns `None` for other bytes. An odd byte at
/// the end is dropped: it is half of a line break.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Option<String> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let unit: fn([u8; 2]) -> u16 = match pairs.first()? {
        [0xFF, 0xFE] | [1..=0x7F, 0] => u16::from_le_bytes,
        [0xFE, 0xFF] | [0, 1..=0x7F] => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units).ok().filter(|text| !text.contains('\0'))?;
    Some(text.trim_start_matches('\u{feff}').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_both_byte_orders_with_and_without_a_mark() {
        for bytes in
            [&b"\xFF\xFEa\0\xE9\0"[..], b"a\0\xE9\0", b"\xFE\xFF\0a\0\xE9", b"\0a\0\xE9", b"a\0\xE9\0\n"]
        {
            assert_eq!(decoded(bytes).as_deref(), Some("a\u{e9}"), "{bytes:?}");
        }
    }

    #[test]
    fn leaves_other_bytes_alone() {
        for bytes in [&b""[..], b"a", b"ab", b"\0\0a\0", b"a\0\0\0", b"\xFF\xFE\0\xD8", b"\xE9\0a\0"] {
            assert_eq!(decoded(bytes), None, "{bytes:?}");
        }
    }
}
