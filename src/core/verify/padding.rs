//! Padded tokens that were refused: whether the key verifies them with their padding, or without it. It only gives a hint,
//! and never changes a verdict.

use super::check::Status;
use super::verifier::Verifier;
use crate::core::reason::CheckName;
use crate::core::token::jws::Padding;
use crate::core::token::numeric_date::NumericDate;

/// Returns the hint on a token with padding, after both forms were tried. Returns `None` if the text is no such token.
#[must_use]
pub fn padding_hint(verifier: &Verifier<'_>, token: &[u8], at: NumericDate) -> Option<&'static str> {
    let lenient = verifier.with_padding(Padding::Allowed);
    let segments = token.split(|byte| *byte == b'.').map(without_padding);
    let plain: Vec<u8> = segments.collect::<Vec<_>>().join(&b'.');
    if plain.len() == token.len() || fits(&plain, verifier, at).is_none() {
        return None;
    }
    Some(if fits(token, &lenient, at) == Some(true) {
        "the segments have `=` padding, which was signed too: --allow-padding accepts it"
    } else if fits(&plain, verifier, at) == Some(true) {
        "the segments have `=` padding, but were signed without it: remove every `=` from the token"
    } else {
        "the segments have `=` padding, and the signature fits neither with it nor without it: remove every `=` from the \
         token, and verify it again to see what else was tried"
    })
}

/// Reports whether the signature of a token fits. Returns `None` if the text cannot be split into segments.
fn fits(token: &[u8], verifier: &Verifier<'_>, at: NumericDate) -> Option<bool> {
    let parsed = verifier.parse(token).ok()?;
    let submitted = parsed.read();
    let judged = verifier.judge(&submitted, at).judgement;
    Some(
        judged
            .checks
            .iter()
            .any(|check| check.name == CheckName::Signature && check.status == Status::Passed),
    )
}

fn without_padding(segment: &[u8]) -> &[u8] {
    let digits = segment.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    segment.get(..digits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::jws::SigningInput;
    use crate::core::verify::policy::Policy;

    #[test]
    fn says_whether_the_padding_was_signed() {
        let key = Key::hmac(Secret::new(vec![1; 32]), None, "a test".to_owned());
        let signer = key.signer(Algorithm::Hs256).unwrap();
        let sign = |input: &str| {
            crate::core::token::base64url::encode(&signer.sign(SigningInput::new(input)).unwrap())
        };
        let (plain, padded) = ("eyJhbGciOiJIUzI1NiJ9.e30", "eyJhbGciOiJIUzI1NiJ9.e30=");
        let (ring, policy) = (KeyRing::from(key.clone()), Policy::default());
        let verifier = Verifier::new(&ring, &policy);
        for (token, words) in [
            (format!("{padded}.{}=", sign(padded)), Some("which was signed too: --allow-padding accepts it")),
            (format!("{padded}.{}", sign(padded)), Some("which was signed too: --allow-padding accepts it")),
            (
                format!("{padded}.{}=", sign(plain)),
                Some("signed without it: remove every `=` from the token"),
            ),
            (format!("{padded}.{}=", sign("x")), Some("fits neither with it nor without it")),
            (format!("{plain}.{}", sign(plain)), None),
            (format!("{padded}=x.{}", sign(plain)), None),
            ("x=".to_owned(), None),
        ] {
            let hint = padding_hint(&verifier, token.as_bytes(), NumericDate::from_seconds(0));
            match words {
                Some(words) => assert!(hint.is_some_and(|hint| hint.contains(words)), "{token} {hint:?}"),
                None => assert_eq!(hint, None, "{token}"),
            }
        }
    }

    #[test]
    fn removes_padding_at_the_end_alone() {
        for (segment, rest) in [("ab==", "ab"), ("a=b=", "a=b"), ("ab", "ab"), ("==", ""), ("", "")] {
            assert_eq!(without_padding(segment.as_bytes()), rest.as_bytes(), "{segment}");
        }
    }
}
