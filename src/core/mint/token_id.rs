//! Random token IDs (`jti`) in the forms that issuers write. The random bytes come from the caller.

/// Returns 128 bits in lower-case hexadecimal.
#[must_use]
pub fn hex_id(random: [u8; 16]) -> String {
    hex_digits(random).into_iter().map(char::from).collect()
}

/// Returns the 32 digits of [`hex_id`], as ASCII.
#[inline]
pub(super) fn hex_digits(random: [u8; 16]) -> [u8; 32] {
    const fn digit(nibble: u8) -> u8 {
        nibble + if nibble < 10 { b'0' } else { b'a' - 10 }
    }
    let mut digits = [0; 32];
    for ([high, low], byte) in digits.as_chunks_mut().0.iter_mut().zip(random) {
        (*high, *low) = (digit(byte >> 4), digit(byte & 15));
    }
    digits
}

/// Returns a version 4 UUID without dashes (RFC 9562 section 5.4).
#[must_use]
pub fn uuid_hex(random: [u8; 16]) -> String {
    hex_id(uuid4(random))
}

/// Returns a version 4 UUID (RFC 9562 section 4).
#[must_use]
pub fn uuid(random: [u8; 16]) -> String {
    let hex = uuid_hex(random);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Sets the version and variant bits of RFC 9562 section 5.4.
const fn uuid4(mut random: [u8; 16]) -> [u8; 16] {
    random[6] = random[6] & 0x0F | 0x40;
    random[8] = random[8] & 0x3F | 0x80;
    random
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_version_and_variant_of_a_uuid() {
        assert_eq!(uuid([0xFF; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid_hex([0; 16]), "00000000000040008000000000000000");
        assert_eq!(hex_id([1; 16]), "01".repeat(16));
        assert_eq!(
            hex_id(*b"\x01\x9a\xaf\xf009AZaz\x7f\x80\xde\xad\xbe\xef"),
            "019aaff03039415a617a7f80deadbeef"
        );
    }
}
