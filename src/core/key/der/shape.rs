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

/// Reports whether the bytes are a SEQUENCE of at least two elements, the first an INTEGER or a SEQUENCE. PKCS #1,
/// PKCS #8, SEC 1, SPKI and X.509 all are; a random secret is not.
pub(in crate::core::key) fn is_key_like(bytes: &[u8]) -> bool {
    elements(bytes).is_some_and(|elements| {
        let first = elements.first().map(|element| element.tag());
        elements.len() >= 2 && matches!(first, Some(Tag::Integer | Tag::Sequence))
    })
}
