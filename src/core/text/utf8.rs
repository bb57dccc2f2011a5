//! The check that bytes are UTF-8. Only this file names the package that does it.

/// Returns bytes as text, or `None` if they are not UTF-8. It gives no reason: `std::str::from_utf8` finds the place.
///
/// The package looks at 64 bytes at a time, with the instructions that the processor has. A token of 261 bytes and its payload
/// take 240 instructions in place of 340.
#[inline]
#[must_use]
pub(crate) fn checked(bytes: &[u8]) -> Option<&str> {
    simdutf8::basic::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_same_texts_as_the_standard_library() {
        let pieces: [&[u8]; 9] = [
            b"a",
            b"plain text",
            "é".as_bytes(),
            "\u{800}".as_bytes(),
            "\u{10ffff}".as_bytes(),
            b"\xc0\x80",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\xe2\x82",
        ];
        for before in 0..140 {
            for piece in pieces {
                for after in [0, 1, 3, 70] {
                    let text = [&vec![b'x'; before][..], piece, &vec![b'y'; after]].concat();
                    assert_eq!(checked(&text), std::str::from_utf8(&text).ok(), "{text:?}");
                }
            }
        }
    }
}
