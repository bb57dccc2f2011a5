//! The checks of the disclosures of an SD-JWT (RFC 9901 section 7.1). The rules themselves are in `sd_jwt`.

use super::check::Checks;
use crate::core::reason::{CheckName, Failure, Reason};
use crate::core::sd_jwt::SdJwt;
use crate::core::text::layout::count;

/// Checks the digest algorithm, the digests and the disclosures.
pub(super) fn check_disclosures(checks: &mut Checks<'_>, sd_jwt: &SdJwt) {
    let found_by = |failure: &Failure| match failure.reason {
        Reason::BadDisclosure(fault) => fault.check(),
        _ => CheckName::SdAlg,
    };
    let reject = |checks: &mut Checks<'_>, name: CheckName<'static>| {
        let faults = sd_jwt.faults.iter().filter(|fault| found_by(fault) == name);
        faults.map(|fault| checks.reject(name.clone(), fault.clone())).count() > 0
    };
    if reject(checks, CheckName::SdAlg) {
        let unknown = || "not checked: the digest algorithm is not known";
        checks.skip(CheckName::Digests, unknown);
        checks.skip(CheckName::Disclosures, unknown);
        return;
    }
    checks.pass(CheckName::SdAlg, || sd_jwt.algorithm.clone());
    let disclosures = sd_jwt.disclosures.len();
    let Some(others) = sd_jwt.other_digests else {
        reject(checks, CheckName::Disclosures);
        return checks.skip(CheckName::Digests, || "not checked: there are too many disclosures");
    };
    if !reject(checks, CheckName::Digests) {
        let rest = match others {
            0 => "all with a disclosure".to_owned(),
            _ => format!("{others} without a disclosure (undisclosed claims, or decoys)"),
        };
        checks.pass(CheckName::Digests, || match disclosures + others {
            0 => "none".to_owned(),
            all => format!("{}, each once; {rest}", count(all, "digest")),
        });
    }
    if !reject(checks, CheckName::Disclosures) && sd_jwt.processed.is_some() {
        checks.pass(CheckName::Disclosures, || match disclosures {
            0 => "none".to_owned(),
            1 => "1, and one digest leads to it".to_owned(),
            _ => format!("{disclosures}, and one digest leads to each"),
        });
    }
}
