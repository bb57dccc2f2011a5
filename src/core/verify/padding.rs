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
