//! The text of an SD-JWT (RFC 9901 section 4): the issuer's token, disclosures and perhaps a key binding JWT, with a `~`
//! after each. This file splits the text and decodes nothing.

use crate::core::token::base64url::is_symbol;

/// The parts of an SD-JWT, as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdJwtText<'t> {
    /// The token that the issuer signed.
    pub issued: &'t str,
    /// The disclosures, in order.
    pub disclosures: Vec<&'t str>,
    /// The key binding JWT.
    pub key_binding: Option<&'t str>,
    /// The text whose digest is `sd_hash`: everything before the key binding JWT (RFC 9901 section 4.3.1).
    pub bound: &'t str,
}

impl<'t> SdJwtText<'t> {
    /// Splits a text. Each disclosure must be Base64url and not empty, and the key binding JWT must have three segments.
    /// Returns `None` for any other form. The issuer's token is not examined.
    #[must_use]
    pub fn split(text: &'t [u8]) -> Option<Self> {
        let first = memchr::memchr(b'~', text)?;
        let last = memchr::memrchr(b'~', text)?;
        let text = std::str::from_utf8(text).ok()?;
        let (issued, bound, rest) = (text.get(..first)?, text.get(..=last)?, text.get(last + 1..)?);
        let middle = text.get(first + 1..last).filter(|middle| !middle.is_empty());
        let disclosures: Vec<&str> = middle.into_iter().flat_map(|middle| middle.split('~')).collect();
        let is_base64url = |part: &str| !part.is_empty() && part.bytes().all(is_symbol);
        if first < last && !disclosures.iter().all(|disclosure| is_base64url(disclosure)) {
            return None;
        }
        // Two marks side by side have an empty disclosure between them.
        if first + 1 == last {
            return None;
        }
        let key_binding = (!rest.is_empty()).then_some(rest);
        let is_signed = |token: &str| {
            let segments: Vec<&str> = token.split('.').collect();
            segments.len() == 3 && segments.iter().all(|segment| segment.bytes().all(is_symbol))
        };
        key_binding.is_none_or(is_signed).then_some(Self { issued, disclosures, key_binding, bound })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Option<(&str, Vec<&str>, Option<&str>, &str)> {
        let SdJwtText { issued, disclosures, key_binding, bound } = SdJwtText::split(text.as_bytes())?;
        Some((issued, disclosures, key_binding, bound))
    }

    #[test]
    fn splits_the_parts() {
        assert_eq!(split("a.b.c~"), Some(("a.b.c", vec![], None, "a.b.c~")));
        assert_eq!(split("a.b.c~D~E~"), Some(("a.b.c", vec!["D", "E"], None, "a.b.c~D~E~")));
        assert_eq!(split("a.b.c~D~x.y.z"), Some(("a.b.c", vec!["D"], Some("x.y.z"), "a.b.c~D~")));
        assert_eq!(split("a.b.c~x.y.z"), Some(("a.b.c", vec![], Some("x.y.z"), "a.b.c~")));
    }

    #[test]
    fn other_texts_are_no_sd_jwts() {
        for text in
            ["", "a.b.c", "a.b.c~~", "a.b.c~~D~", "a.b.c~D~~", "a.b.c~D~~x.y.z", "a.b.c~D", "a.b.c~x.y"]
        {
            assert_eq!(split(text), None, "{text}");
        }
        for text in
            ["a.b.c~D+~", "a.b.c~D=~", "a.b.c~D ~", "a.b.c~ ", "a.b.c~D~x.y.z~", "a.b.c~v.w.x.y.z", "a~é~"]
        {
            assert_eq!(split(text), None, "{text}");
        }
        assert_eq!(SdJwtText::split(b"a.b.c~\xff~"), None);
    }
}
