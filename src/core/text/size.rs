//! Parses sizes in bytes, as users write them: `65536`, `64K`, `2MiB`.

/// An error of parsing a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeError {
    /// The text is not a number with an optional unit.
    Syntax,
    /// The size is zero.
    Zero,
    /// The size is larger than this machine can address.
    TooLarge,
}

/// Parses a size in bytes. Units are powers of 1024.
///
/// # Errors
/// Returns an error if the text is not a size, or if the size is zero or too large.
pub fn parse_size(text: &str) -> Result<usize, SizeError> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match text.get(digits.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(SizeError::Syntax),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SizeError::Syntax);
    }
    let number: usize = digits.parse().map_err(|_| SizeError::TooLarge)?;
    match number.checked_mul(factor) {
        None => Err(SizeError::TooLarge),
        Some(0) => Err(SizeError::Zero),
        Some(size) => Ok(size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_sizes_with_and_without_units() {
        for (text, size) in [
            ("65536", Ok(65_536)),
            ("64K", Ok(65_536)),
            ("2MiB", Ok(2 << 20)),
            ("0", Err(SizeError::Zero)),
            ("", Err(SizeError::Syntax)),
            ("K", Err(SizeError::Syntax)),
            ("+2", Err(SizeError::Syntax)),
            ("2 parsecs", Err(SizeError::Syntax)),
            ("99999999999999999999", Err(SizeError::TooLarge)),
            ("18446744073709551615K", Err(SizeError::TooLarge)),
        ] {
            assert_eq!(parse_size(text), size, "{text}");
        }
    }
}
