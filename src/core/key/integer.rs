//! Unsigned integers as big-endian bytes: their size, and their encoding at a fixed length.

/// Returns the number of significant bits.
pub(super) fn bits(bytes: &[u8]) -> usize {
    let significant = without_zeros(bytes);
    let unused = significant.first().map_or(0, |byte| byte.leading_zeros() as usize);
    significant.len() * 8 - unused
}

/// Returns the bytes without leading zeros.
pub(super) fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// Returns the integer at a fixed length, with leading zeros. Returns `None` if it is longer.
pub(super) fn padded(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let significant = without_zeros(bytes);
    let zeros = length.checked_sub(significant.len())?;
    Some([vec![0; zeros], significant.to_vec()].concat())
}

/// Returns the integer as a `u64` if it fits.
pub(super) fn to_u64(bytes: &[u8]) -> Option<u64> {
    let eight = padded(bytes, 8)?;
    Some(u64::from_be_bytes(eight.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_leading_zeros() {
        assert_eq!(bits(&[0, 1, 0]), 9);
        assert_eq!(bits(&[0x80, 0]), 16);
        assert_eq!(bits(&[]), 0);
        assert_eq!(to_u64(&[0, 1, 0, 1]), Some(65537));
        assert_eq!(to_u64(&[1; 9]), None);
        assert_eq!(padded(&[0, 0, 1], 2), Some(vec![0, 1]));
        assert_eq!(padded(&[1, 1, 1], 2), None);
    }
}
