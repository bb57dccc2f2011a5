//! `fob inspect` on a text that is a token in JSON serialization as a whole.

use super::{Description, Inspection, token_report};
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::renewing::lacks_key_of_document;
use crate::core::key::digest::sha256;
use crate::core::report::document::DocumentReport;
use crate::core::report::{Anatomy, FoundText, KnownSecrets, TokenLocation, TokenReport};
use crate::core::token::jws::Padding;
use crate::core::token::serialization::{JsonContent, JsonJws};
use crate::core::verify::policy::Policy;
use crate::core::verify::{HintScope, ParsedToken, SignatureDemand, Verifier, read_signatures};
use crate::error::CommandError;
use crate::host::Host;
use crate::scan::Hit;
use crate::store::verdict::LedgerCheck;

impl Inspection<'_> {
    /// Reports on a document.
    pub(super) fn find_document(
        &mut self,
        hit: &Hit<'_>,
        content: JsonContent,
        file: Option<&str>,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        self.report.locations += 1;
        if let Some(seen) = &mut self.seen
            && let Some((digest, _)) = sha256(&hit.token).split_first_chunk()
            && !seen.insert(*digest)
        {
            return Ok(());
        }
        self.report.tokens += 1;
        if self.requirements.are_empty() && !self.report.shows_tokens() {
            return Ok(());
        }
        let location = self.location(hit, file);
        match content {
            JsonContent::Signed => self.find_signed(&hit.token, location, host),
            JsonContent::Encrypted => self.find_encrypted(hit, location, host),
        }
    }

    /// Reports on an encrypted document, and on what is inside it if the keys decrypt it.
    fn find_encrypted(
        &mut self,
        hit: &Hit<'_>,
        location: TokenLocation,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let text = EncryptedText::document(&hit.token, self.max_size);
        self.renew_keys_for(&text, host);
        let verifier = match self.given {
            Some(given) => Verifier::new(&given.keys, self.policy).with_secret(given.written.as_ref()),
            None => Verifier::without_key(self.policy),
        };
        let verifier = verifier.with_max_size(self.max_size).with_decrypter(self.decrypter);
        let opening = text.open(&verifier);
        let envelopes = text.envelopes(opening.as_ref(), self.max_size);
        let outer = text.outer(&envelopes, opening.as_ref());
        let parsed = text.parse(&verifier, opening.as_ref());
        let token = parsed.as_ref().map(ParsedToken::read);
        let token = token.as_ref().map_err(|failure| *failure);
        let description = Description {
            redaction: self.redaction,
            known_secrets: KnownSecrets::Tried,
            at: host.now(),
            outer: &outer,
            opening: opening.as_ref(),
        };
        let verifier = self.given.map(|_| &verifier);
        let mut report = token_report(hit, location, token, verifier, description);
        report.content = match report.content {
            FoundText::Token(anatomy) => {
                FoundText::Token(Box::new(anatomy.with_document(text.recipients(), hit.token.len())))
            }
            content => content,
        };
        let message = self.requirements.check(&report);
        self.report.add(&report, message, host)?;
        Ok(())
    }

    /// Reports on a signed document. The verdict demands every signature.
    fn find_signed(
        &mut self,
        text: &[u8],
        location: TokenLocation,
        host: &mut Host<'_>,
    ) -> Result<(), CommandError> {
        let at = host.now();
        let jws = JsonJws::parse(text, self.max_size, Padding::Refused);
        let is_unencoded = jws.as_ref().is_ok_and(|jws| jws.unencoded.is_some());
        let policy = Policy { detached: is_unencoded, ..self.policy.clone() };
        if let Some(given) = self.given.filter(|_| self.renewed.get().is_none()) {
            let verifier = Verifier::new(&given.keys, &policy);
            if lacks_key_of_document(given, &verifier, text, self.max_size, (host.clock)().seconds()) {
                self.given = Some(self.renewed.get_or_init(|| given.renewed(host)));
            }
        }
        let verifier = match self.given {
            Some(given) => Verifier::new(&given.keys, &policy).with_secret(given.written.as_ref()),
            None => Verifier::without_key(&policy),
        };
        let parsed = jws.as_ref().map_err(Clone::clone).and_then(|jws| verifier.parse_signatures(jws));
        let signatures = parsed.as_deref().unwrap_or_default();
        let compacts = signatures.iter().map(ParsedToken::compact);
        let payloads = jws.as_ref().ok().and_then(|jws| jws.unencoded_payloads(compacts));
        let tokens = read_signatures(signatures, payloads.as_deref());
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
        let message = self.requirements.check(&report);
        self.report.add(&report, message, host)?;
        Ok(())
    }
}
