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

#[cfg(test)]
mod tests {
    use super::super::check::Detail;
    use super::*;
    use crate::core::json;
    use crate::core::sd_jwt::DigestAlgorithm;
    use crate::core::token::base64url;

    /// Returns what the checks found on a token with this payload.
    fn found(payload: &str, disclosures: &[&str]) -> Vec<String> {
        let payload = json::parse(payload.as_bytes()).unwrap();
        let sd_jwt = SdJwt::read(payload.members(), disclosures, None);
        let mut checks = Checks::new(Detail::Full);
        check_disclosures(&mut checks, &sd_jwt);
        checks.list.iter().map(|check| format!("{}: {}", check.name, check.fact.sentence())).collect()
    }

    #[test]
    fn counts_the_digests_and_the_disclosures() {
        let [one, other] =
            ["a", "b"].map(|name| base64url::encode(format!(r#"["s","{name}",1]"#).as_bytes()));
        let [digest, other_digest] = [&one, &other].map(|text| DigestAlgorithm::Sha256.digest(text));
        let payload = |digests: &[&str]| format!(r#"{{"_sd":["{}"]}}"#, digests.join(r#"",""#));
        for (payload, disclosures, digests, words) in [
            ("{}".to_owned(), &[][..], "none", "none"),
            (
                payload(&["decoy"]),
                &[],
                "1 digest, each once; 1 without a disclosure (undisclosed claims, or decoys)",
                "none",
            ),
            (
                payload(&[&digest]),
                &[&*one],
                "1 digest, each once; all with a disclosure",
                "1, and one digest leads to it",
            ),
            (
                payload(&[&digest, &other_digest]),
                &[&*one, &*other],
                "2 digests, each once; all with a disclosure",
                "2, and one digest leads to each",
            ),
        ] {
            assert_eq!(
                found(&payload, disclosures),
                [
                    "sd_alg: sha-256".to_owned(),
                    format!("digests: {digests}"),
                    format!("disclosures: {words}")
                ],
                "{payload}"
            );
        }
    }
}
