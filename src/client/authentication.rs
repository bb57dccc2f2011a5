//! Makes the proof of a client's identity: reads its secret, or signs an assertion with its key (RFC 7523). It sends nothing.

use crate::core::json::{Member, Value};
use crate::core::key::KeyUse;
use crate::core::key::secret::Secret;
use crate::core::key::secret::SecretFormat;
use crate::core::mint::header::HeaderTemplate;
use crate::core::mint::signer::{PreparedSigner, SignError};
use crate::core::mint::token_id::uuid;
use crate::core::oauth::client::{
    ClientAuthentication, ClientProof, ClientSettings, ProofSource, SecretPlace,
};
use crate::core::oauth::message::SecretText;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;
use crate::host::{Host, HostError};
use crate::keys::password::{PasswordError, PasswordRequest, password};
use crate::keys::{self, KeyLoadError, KeySettings, KeySource, PasswordSource, signing};
use crate::remote::DocumentCache;
use std::path::Path;

/// The lifetime of an assertion. It is sent at once, and a server remembers its `jti` as long as it lives.
const LIFETIME: Duration = Duration::seconds(60);

/// The facts about a server that a proof depends on.
#[derive(Clone, Debug)]
pub(crate) struct ProofTarget<'a> {
    /// The audience of an assertion: the identifier of the issuer, if its metadata are known, else the URL of the request.
    pub(crate) audience: &'a str,
    /// The methods that the metadata of the issuer list.
    pub(crate) methods: Option<&'a [String]>,
}

/// A reason why a client cannot prove its identity.
#[derive(Debug)]
pub(crate) enum ClientError {
    /// The variable or the file of the secret cannot be read.
    Secret(PasswordError),
    /// The secret is empty.
    EmptySecret,
    /// The secret is not UTF-8 text.
    SecretNotUtf8,
    /// The option for the key names no file.
    NoKeyFile,
    /// The key cannot be loaded.
    Key(KeyLoadError),
    /// The key cannot sign.
    Sign(SignError),
    /// There is no time of issue, or no random ID.
    Host(HostError),
}

/// Returns the client and a new proof of its identity.
pub(crate) fn authenticate(
    settings: &ClientSettings,
    target: &ProofTarget<'_>,
    host: &mut Host<'_>,
) -> Result<ClientAuthentication, ClientError> {
    let proof = match &settings.proof {
        ProofSource::None => ClientProof::None,
        ProofSource::Variable(name) => {
            with_secret(settings, &PasswordSource::Variable(name.clone()), target, host)?
        }
        ProofSource::File(path) => with_secret(settings, &PasswordSource::File(path.clone()), target, host)?,
        ProofSource::Key(path) => {
            ClientProof::Assertion(assertion(&settings.id, path, target.audience, host)?)
        }
    };
    Ok(ClientAuthentication { id: settings.id.clone(), proof })
}

fn with_secret(
    settings: &ClientSettings,
    source: &PasswordSource,
    target: &ProofTarget<'_>,
    host: &mut Host<'_>,
) -> Result<ClientProof, ClientError> {
    let request = PasswordRequest {
        source,
        option: "--client-secret",
        what: "secret of the client",
        purpose: "the secret of the client",
        question: "",
    };
    let secret = password(request, host).map_err(ClientError::Secret)?;
    if secret.expose().is_empty() {
        return Err(ClientError::EmptySecret);
    }
    let secret = SecretText::new(secret).map_err(|_| ClientError::SecretNotUtf8)?;
    Ok(match settings.place.unwrap_or_else(|| SecretPlace::of_methods(target.methods)) {
        SecretPlace::Basic => ClientProof::Basic(secret),
        SecretPlace::Form => ClientProof::Form(secret),
    })
}

/// Returns a new assertion (RFC 7523 section 3). Each request needs one of its own, since servers accept a `jti` once.
fn assertion(id: &str, key: &Path, audience: &str, host: &mut Host<'_>) -> Result<SecretText, ClientError> {
    let settings = KeySettings {
        source: KeySource::Key(key.as_os_str().to_owned()),
        secret_format: SecretFormat::default(),
        kid: None,
        kid_claim: None,
        password: PasswordSource::Prompt,
        cache: DocumentCache::default(),
    };
    let given = keys::load(&settings, KeyUse::Sign, host).map_err(ClientError::Key)?;
    let now = host.time_of_issue().map_err(ClientError::Host)?;
    let random = host.random().map_err(ClientError::Host)?;
    let claims = [
        Member::new("iss", Value::string(id)),
        Member::new("sub", Value::string(id)),
        Member::new("aud", Value::string(audience)),
        Member::new("jti", Value::string(uuid(random))),
        Member::new("iat", Value::integer(now.seconds())),
        Member::new("exp", Value::integer(now.plus(LIFETIME).seconds())),
    ];
    let signer = PreparedSigner::for_claims(&given.keys, None, &claims, &HeaderTemplate::default())
        .map_err(ClientError::Sign)?;
    signing::warn_if_weak(&signer, host);
    let token = signer.sign_typed("JWT", &claims, Escapes::Needed).map_err(ClientError::Sign)?;
    SecretText::new(Secret::new(token.into_bytes())).map_err(|_| ClientError::SecretNotUtf8)
}
