//! X.509 certificates (RFC 5280), for the public key in them. Neither signatures nor dates of a certificate are checked.

use super::error::{DerError, DerStructure};
use super::spki;
use crate::core::key::material::Material;
use crate::core::token::numeric_date::NumericDate;
use der::{Decode as _, Encode as _};
use x509_cert::Certificate as X509;

/// The certificate that a public key came in. Reports show it; no check judges it.
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
}

/// Parses a certificate, and the public key in it.
pub(super) fn parse(bytes: &[u8]) -> Result<(Material, Certificate), DerError> {
    let certificate = X509::from_der(bytes).map_err(|_| DerError::Malformed(DerStructure::X509))?;
    let body = certificate.tbs_certificate();
    let info = body.subject_public_key_info().to_der();
    let material = spki::parse(&info.map_err(|_| DerError::Malformed(DerStructure::PublicKey))?)?;
    let date = |time: x509_cert::time::Time| NumericDate::since_epoch(time.to_unix_duration());
    let certificate = Certificate {
        subject: body.subject().to_string(),
        issuer: body.issuer().to_string(),
        not_before: date(body.validity().not_before),
        not_after: date(body.validity().not_after),
    };
    Ok((material, certificate))
}
