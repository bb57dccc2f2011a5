//! Bytes as hexadecimal digits: written in lower case, and read in both cases.

/// Returns two hexadecimal digits for each byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the byte of two hexadecimal digits.
#[must_use]
pub fn from_hex(high: u8, low: u8) -> Option<u8> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(nibble(high)? << 4 | nibble(low)?).ok()
}
