//! `fob inspect` on a text that is a signed token in JSON serialization as a whole.

use super::{Inspection, unmet_at};
use crate::core::key::digest::sha256;
use crate::core::report::document::DocumentReport;
use crate::core::report::{Anatomy, FoundText, KnownSecrets, TokenLocation, TokenReport};
use crate::core::token::jws::Padding;
use crate::core::token::serialization::JsonJws;
use crate::core::verify::{HintScope, ParsedToken, SignatureDemand, Verifier};
use crate::error::CommandError;
use crate::host::Host;
use crate::store::verdict::LedgerCheck;

impl Inspection<'_> {
    /// Reports on a document. The verdict demands every signature.
    pub(super) fn find_document(
        &mut self,
        text: &str,
        location: TokenLocation,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        self.report.locations += 1;
        if let Some(seen) = &mut self.seen
            && let Some((digest, _)) = sha256(text.as_bytes()).split_first_chunk()
            && !seen.insert(*digest)
        {
            return Ok(());
        }
        self.report.tokens += 1;
        if self.requirements.are_empty() && !self.report.shows_tokens() {
            return Ok(());
        }
        let at = host.now();
        let verifier = match self.given {
            Some(given) => Verifier::new(&given.keys, &self.policy).with_secret(given.written.as_ref()),
            None => Verifier::without_key(&self.policy),
        };
        let jws = JsonJws::parse(text.as_bytes(), self.max_size, Padding::Refused);
        let parsed = jws.as_ref().map_err(Clone::clone).and_then(|jws| {
            jws.signatures
                .iter()
                .map(|signature| verifier.parse_json(signature))
                .collect::<Result<Vec<_>, _>>()
        });
        let tokens: Vec<_> = parsed.iter().flatten().map(ParsedToken::read).collect();
        let verification = match self.given {
            Some(_) => {
                let demand = SignatureDemand::All;
                let store: Option<&mut LedgerCheck<'_>> = None;
                verifier.verify_document(&tokens, demand, store, HintScope::Inspect, at)?
            }
            None => None,
        };
        let whole = verification.as_ref().map(|verification| verification.whole.clone());
        let described =
            |token| Anatomy::new(token, at, self.redaction).with_known_secrets(KnownSecrets::Tried);
        let (content, verification) = match (&jws, &parsed) {
            (Ok(jws), Ok(_)) => {
                let report = DocumentReport {
                    form: jws.form,
                    size: text.len(),
                    signatures: tokens.iter().map(|token| described(token.token())).collect(),
                    verification,
                };
                (FoundText::Document(Box::new(report)), whole)
            }
            (Err(failure), _) | (_, Err(failure)) => {
                let verification = self.given.map(|_| verifier.unreadable(failure.clone(), None));
                (FoundText::Unreadable { length: text.len(), failure: failure.clone() }, verification)
            }
        };
        let report = TokenReport { location, content, verification };
        let message = self.requirements.check(&report).map(|unmet| unmet_at(&report.location, &unmet));
        self.report.add(&report, message, host)?;
        Ok(())
    }
}
