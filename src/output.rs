//! Results on standard output, in the form that was asked for.

use crate::cli::pair::PairFormat;
use crate::core::escape::SafeJson;
use crate::core::json::Member;
use crate::core::json::{Value, find};
use crate::diagnostics::{ExitStatus, Unwritten};
use crate::host::Host;
use serde::Serialize;
use std::io::Write as _;

/// Writes a result whole. `status` is that of the run: a reader who went away does not change it, unless it says
/// that a verdict was accepted which nobody could read.
pub(crate) fn write(host: &mut Host<'_>, bytes: &[u8], if_closed: ExitStatus) -> Result<(), Unwritten> {
    let stream = &mut host.stdout.writer;
    stream.write_all(bytes).and_then(|()| stream.flush()).map_err(|error| Unwritten { error, if_closed })
}

/// Writes one line.
pub(crate) fn line(host: &mut Host<'_>, text: &str, if_closed: ExitStatus) -> Result<(), Unwritten> {
    write(host, format!("{text}\n").as_bytes(), if_closed)
}

/// A document as JSON text with nothing hostile in it, and a line break.
pub(crate) fn json(document: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::new();
    // A Vec takes every write, and every report can be serialized.
    let _ = document.serialize(&mut serde_json::Serializer::with_formatter(&mut text, SafeJson::default()));
    text.push(b'\n');
    text
}

/// The tokens that a pair or a refresh gives.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    /// The access token.
    pub(crate) access: String,
    /// The refresh token, if there is a new one.
    pub(crate) refresh: Option<String>,
    /// How long the access token lives, in seconds.
    pub(crate) expires_in: u64,
    /// What RFC 6749 calls the scope.
    pub(crate) scope: Option<String>,
    /// Whether the one token serves as both, so that neither name fits.
    pub(crate) single: bool,
}

impl Tokens {
    /// The scope among claims.
    pub(crate) fn scope_of(claims: &[Member<'_>]) -> Option<String> {
        find(claims, "scope").and_then(Value::as_str).map(str::to_owned)
    }

    /// The tokens in one of the forms, each line ended.
    pub(crate) fn text(&self, format: PairFormat) -> String {
        let access_name = if self.single { "token" } else { "access" };
        let mut members = vec![(access_name, Value::string(self.access.as_str()))];
        members.extend(self.refresh.as_deref().map(|refresh| ("refresh", Value::string(refresh))));
        let object = |members: Vec<(&'static str, Value<'_>)>| {
            let members = members.into_iter().map(|(name, value)| Member::new(name, value)).collect();
            format!("{}\n", Value::Object(members))
        };
        match format {
            PairFormat::Json => object(members),
            PairFormat::Text => match &self.refresh {
                Some(refresh) => format!("access  {}\nrefresh {refresh}\n", self.access),
                None => format!("{}\n", self.access),
            },
            PairFormat::Env => {
                let refresh = self.refresh.as_ref().map(|refresh| format!("FOB_REFRESH={refresh}\n"));
                let name = if self.single { "FOB_TOKEN" } else { "FOB_ACCESS" };
                format!("{name}={}\n{}", self.access, refresh.unwrap_or_default())
            }
            PairFormat::Header => format!("Authorization: Bearer {}\n", self.access),
            PairFormat::Oauth => {
                let mut response = vec![
                    ("access_token", Value::string(self.access.as_str())),
                    ("token_type", Value::string("Bearer")),
                    ("expires_in", Value::Number(self.expires_in.to_string().into())),
                ];
                response
                    .extend(self.refresh.as_deref().map(|refresh| ("refresh_token", Value::string(refresh))));
                response.extend(self.scope.as_deref().map(|scope| ("scope", Value::string(scope))));
                object(response)
            }
        }
    }
}

/// The form asked for: by name, else JSON if `--json` asks for it.
pub(crate) fn pair_format(asked: Option<PairFormat>, json: bool) -> PairFormat {
    asked.unwrap_or(if json { PairFormat::Json } else { PairFormat::Text })
}
