//! `fob encode --serialization`: makes documents in JSON serialization. Each signature is made like that of a token in compact
//! serialization.

use super::{EncodeSettings, payload_value};
use crate::cli::encode::TokenFormat;
use crate::core::json::{Member, Value};
use crate::core::key::ring::KeyRing;
use crate::core::mint::serialization::Serialization;
use crate::core::mint::signer::PreparedSigner;
use crate::core::token::claims::Payload;
use crate::error::CommandError;
use crate::host::Host;
use crate::keys::signing;

impl EncodeSettings {
    /// Signs a payload with every key that the user named one by one, and returns the document in the format of the run.
    pub(super) fn signed_by_each(
        &self,
        keys: &KeyRing,
        payload: &[u8],
        parsed: &Payload<'_>,
        host: &mut Host<'_>,
    ) -> Result<String, CommandError> {
        let (mut tokens, mut headers) = (Vec::new(), Vec::new());
        for key in keys.keys() {
            let signer = PreparedSigner::new(keys, key, self.mint.algorithm, &self.mint.header)?;
            signing::warn_if_weak(&signer, host);
            tokens.push(signer.sign(payload)?);
            headers.push(Value::Object(signer.header().to_vec()));
        }
        Ok(self.document(self.serialization.signed(&tokens), headers, parsed))
    }

    /// Returns a document in the format of the run.
    pub(super) fn document(
        &self,
        document: Value<'_>,
        mut headers: Vec<Value<'_>>,
        payload: &Payload<'_>,
    ) -> String {
        if self.format != TokenFormat::Json {
            return document.to_string();
        }
        let header = match self.serialization {
            Serialization::General => Member::new("headers", Value::Array(headers)),
            _ => Member::new("header", headers.pop().unwrap_or(Value::Null)),
        };
        let members =
            vec![Member::new("token", document), header, Member::new("payload", payload_value(payload))];
        Value::Object(members).to_string()
    }
}
