//! Looks at the outline of DER without knowing what it is: the elements of one SEQUENCE, and their tags.

use der::asn1::AnyRef;
use der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _};

/// Returns the elements of one SEQUENCE. Returns `None` if the bytes are anything else, or if bytes follow it.
pub(super) fn elements(bytes: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let sequence = AnyRef::from_der(bytes).ok().filter(|sequence| sequence.tag() == Tag::Sequence)?;
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(elements)
}

/// Reports whether the bytes begin like a key: with the header of a SEQUENCE, and the tag of an INTEGER or a SEQUENCE. Text
/// never does, because every key has bytes that are not printable.
pub(in crate::core::key) fn begins_like_key(bytes: &[u8]) -> bool {
    let first = match *bytes {
        [0x30, 0x82, _, _, tag, ..] | [0x30, 0x81, _, tag, ..] | [0x30, 0..=0x7F, tag, ..] => tag,
        _ => return false,
    };
    matches!(first, 0x02 | 0x30) && !bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t'..=b'\r'))
}

/// Reports whether the bytes are a SEQUENCE of at least two elements, the first an INTEGER or a SEQUENCE. PKCS #1,
/// PKCS #8, SEC 1, SPKI and X.509 all are; a random secret is not.
pub(in crate::core::key) fn is_key_like(bytes: &[u8]) -> bool {
    elements(bytes).is_some_and(|elements| {
        let first = elements.first().map(|element| element.tag());
        elements.len() >= 2 && matches!(first, Some(Tag::Integer | Tag::Sequence))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_key_begins_like_a_key_and_text_never_does() {
        let beginning = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        let key = [beginning.as_slice(), &[b'k'; 32]].concat();
        for length in 3..=key.len() {
            assert!(begins_like_key(&key[..length]), "{length}");
        }
        for text in ["0\t0wdJ", "000000", "0 0123456789abcdef0123456789abcdef", "0,0\r\n", "", "0"] {
            assert!(!begins_like_key(text.as_bytes()), "{text}");
        }
        assert!(!begins_like_key(&[0x30, 0x07, 0x99, 0x01, 0x02]));
    }

    #[test]
    fn is_like_a_key_with_an_integer_or_a_sequence_and_more() {
        for (bytes, is_like) in [
            (&b"\x30\x06\x02\x01\x01\x02\x01\x01"[..], true),
            (b"\x30\x05\x30\x00\x02\x01\x01", true),
            (b"\x30\x03\x02\x01\x01", false),
            (b"\x30\x06\x04\x01\x01\x02\x01\x01", false),
            (b"\x30\x00", false),
            (b"\x31\x06\x02\x01\x01\x02\x01\x01", false),
            (b"\x30\x06\x02\x01\x01\x02\x01", false),
            (b"\x30\x06\x02\x01\x01\x02\x01\x01\x00", false),
        ] {
            assert_eq!(is_key_like(bytes), is_like, "{bytes:?}");
        }
    }
}
