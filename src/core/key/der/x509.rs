//! X.509 certificates (RFC 5280), for the public key in them. The signatures of certificates are not checked.

use super::error::{DerError, DerStructure};
use super::{distinguished_name, spki};
use crate::core::key::digest::{sha1, sha256};
use crate::core::key::material::Material;
use crate::core::reason::{Failure, KeyWeak, Reason};
use crate::core::token::numeric_date::NumericDate;
use der::{Decode as _, Encode as _};
use x509_cert::Certificate as X509;

/// The certificate that a public key came in. Only its dates are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The owner of the key (RFC 4514); not yet safe to show.
    pub subject: String,
    /// The issuer; not yet safe to show.
    pub issuer: String,
    /// The start of its validity.
    pub not_before: NumericDate,
    /// The end of its validity.
    pub not_after: NumericDate,
    /// The SHA-256 digest of its DER (`x5t#S256`, RFC 7515 section 4.1.8).
    pub digest: [u8; 32],
    /// The SHA-1 digest of its DER (`x5t`, RFC 7515 section 4.1.7).
    pub sha1: [u8; 20],
}

impl Certificate {
    /// Returns why the certificate is not valid at an instant, or `None`. Callers treat it as a warning, or as a failure if
    /// they are strict.
    #[must_use]
    pub fn weakness(&self, at: NumericDate) -> Option<Failure> {
        let date = |date: NumericDate| date.to_rfc3339().unwrap_or_else(|| "a date out of range".to_owned());
        let (weakness, detail) = if at > self.not_after {
            (
                KeyWeak::CertificateExpired,
                format!("the certificate of the key expired on {}", date(self.not_after)),
            )
        } else if at < self.not_before {
            let start = date(self.not_before);
            (
                KeyWeak::CertificateNotYetValid,
                format!("the certificate of the key is not valid before {start}"),
            )
        } else {
            return None;
        };
        Some(Failure::new(Reason::KeyWeak(weakness), detail))
    }
}

/// Parses a certificate, and the public key in it.
pub(super) fn parse(bytes: &[u8]) -> Result<(Material, Certificate), DerError> {
    let certificate = X509::from_der(bytes).map_err(|_| DerError::Malformed(DerStructure::X509))?;
    let body = certificate.tbs_certificate();
    let info = body.subject_public_key_info().to_der();
    let material = spki::parse(&info.map_err(|_| DerError::Malformed(DerStructure::PublicKey))?)?;
    let date = |time: x509_cert::time::Time| NumericDate::since_epoch(time.to_unix_duration());
    let certificate = Certificate {
        subject: distinguished_name::text(body.subject()),
        issuer: distinguished_name::text(body.issuer()),
        not_before: date(body.validity().not_before),
        not_after: date(body.validity().not_after),
        digest: sha256(bytes),
        sha1: sha1(bytes),
    };
    Ok((material, certificate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_valid_from_its_first_to_its_last_second() {
        let [first, last] = [1_000, 2_000].map(NumericDate::from_seconds);
        let certificate = Certificate {
            subject: String::new(),
            issuer: String::new(),
            not_before: first,
            not_after: last,
            digest: [0; 32],
            sha1: [0; 20],
        };
        let weakness = |seconds| {
            let failure = certificate.weakness(NumericDate::from_seconds(seconds))?;
            Some((failure.reason, failure.detail))
        };
        let early = "the certificate of the key is not valid before 1970-01-01T00:16:40Z".to_owned();
        let late = "the certificate of the key expired on 1970-01-01T00:33:20Z".to_owned();
        assert_eq!(weakness(999), Some((Reason::KeyWeak(KeyWeak::CertificateNotYetValid), early)));
        assert_eq!(weakness(1_000), None);
        assert_eq!(weakness(2_000), None);
        assert_eq!(weakness(2_001), Some((Reason::KeyWeak(KeyWeak::CertificateExpired), late)));
    }
}
