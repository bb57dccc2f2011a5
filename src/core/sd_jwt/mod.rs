//! SD-JWTs (RFC 9901): the text, the disclosures, and the payload with the disclosed claims in their places. Nothing here
//! verifies a signature: see `verify::disclosure_checks` and `verify::key_binding`.

mod digest;
mod disclosure;
mod processing;
mod text;

pub use self::digest::DigestAlgorithm;
pub use self::disclosure::{DigestPlace, Disclosed, Disclosure};
pub use self::text::SdJwtText;

use self::processing::Processing;
use crate::core::json::{self, Member, Value};
use crate::core::reason::{BadDisclosure, Failure, Reason};
use crate::core::text::escape::excerpt;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::header::{JoseHeader, same_typ};

/// The largest number of disclosures that are processed.
pub const MAX_DISCLOSURES: usize = 10_000;

/// The disclosures and the key binding JWT of an SD-JWT, and what they make of the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdJwt {
    /// The value of `_sd_alg`.
    pub algorithm: String,
    /// The digest algorithm, if it is supported.
    pub digest: Option<DigestAlgorithm>,
    /// The disclosures, in order.
    pub disclosures: Vec<Disclosure>,
    /// The number of digests without a disclosure: undisclosed claims, and decoys (RFC 9901 section 4.2.5), which look the
    /// same. `None` if the disclosures were not processed.
    pub other_digests: Option<usize>,
    /// The text of the key binding JWT.
    pub key_binding: Option<String>,
    /// The rules that the disclosures break, each with its facts.
    pub faults: Vec<Failure>,
    /// The payload with the disclosed claims in their places. `None` if a rule is broken.
    pub processed: Option<ClaimsSet<'static>>,
}

impl SdJwt {
    /// Reads the disclosures of a token whose payload is `payload`.
    #[must_use]
    pub fn read<T: AsRef<str>>(payload: &[Member<'_>], disclosures: &[T], key_binding: Option<&str>) -> Self {
        // RFC 9901 section 4.1.1: without `_sd_alg` it is `sha-256`.
        let (algorithm, digest) = match json::find(payload, "_sd_alg") {
            None => ("sha-256".to_owned(), Some(DigestAlgorithm::Sha256)),
            Some(Value::String(name)) => (name.to_string(), DigestAlgorithm::from_name(name)),
            Some(other) => (other.to_string(), None),
        };
        let key_binding = key_binding.map(str::to_owned);
        let texts = disclosures.iter().map(AsRef::as_ref);
        let unprocessed = |failure: Failure| Self {
            algorithm: algorithm.clone(),
            digest,
            disclosures: texts.clone().take(MAX_DISCLOSURES).map(unplaced).collect(),
            other_digests: None,
            key_binding: key_binding.clone(),
            faults: vec![failure],
            processed: None,
        };
        let Some(known) = digest else {
            let names = DigestAlgorithm::ALL.map(DigestAlgorithm::name).join(", ");
            let detail = format!("`_sd_alg` is {}, but only {names} are known", excerpt(&algorithm));
            return unprocessed(Failure::new(Reason::SdAlgUnsupported, detail));
        };
        if disclosures.len() > MAX_DISCLOSURES {
            let detail = format!("{} disclosures, but the limit is {MAX_DISCLOSURES}", disclosures.len());
            return unprocessed(Failure::new(Reason::BadDisclosure(BadDisclosure::TooMany), detail));
        }
        let Processing { disclosures, other_digests, faults, members } =
            Processing::run(payload, texts, known);
        let processed = faults.is_empty().then(|| ClaimsSet::from_members(members));
        let other_digests = Some(other_digests);
        Self { algorithm, digest, disclosures, other_digests, key_binding, faults, processed }
    }
}

/// Reads a disclosure without looking for its digest.
fn unplaced(text: &str) -> Disclosure {
    Disclosure { content: disclosure::content(text), digest: None, place: DigestPlace::NotChecked }
}

/// Reports whether the issuer's token says that it belongs to an SD-JWT: by `typ`, or by digests.
#[must_use]
pub fn is_marked(header: &JoseHeader<'_>, payload: &[Member<'_>]) -> bool {
    let typ = header.typ().unwrap_or_default();
    let end = typ.rsplit('+').next().unwrap_or_default();
    same_typ(end, "sd-jwt") || json::find(payload, "_sd_alg").is_some() || payload.iter().any(has_digests)
}

/// Reports whether a member is `_sd`, or holds digests at any depth.
fn has_digests(member: &Member<'_>) -> bool {
    fn inside(value: &Value<'_>) -> bool {
        match value {
            Value::Object(members) => members.iter().any(has_digests),
            Value::Array(items) => items.iter().any(inside),
            _ => false,
        }
    }
    matches!(&*member.name, "_sd" | "...") || inside(&member.value)
}

#[cfg(test)]
mod tests;
