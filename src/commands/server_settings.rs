//! Turns the options that name a token server into settings: its URL, its description, the client, and further values.

use crate::cli::server::{ClientArgs, ServerArgs, ServerFormArgs};
use crate::client::authentication::{ProofTarget, authenticate};
use crate::core::key::secret::Secret;
use crate::core::oauth::client::{ClientAuthentication, ClientSettings, ProofSource};
use crate::core::oauth::framework::Framework;
use crate::core::oauth::message::SecretText;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::request::Extra;
use crate::core::oauth::server::{ServerDescription, TokenPlace};
use crate::error::CommandError;
use crate::error::usage::UsageError;
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{Host, Level};
use crate::remote::DocumentCache;
use crate::remote::error::MetadataError;
use crate::remote::metadata::{Endpoint, IssuerMetadata, issuer_metadata};

/// The server that the options name.
pub(crate) struct NamedServer {
    pub(crate) url: ServerUrl,
    /// The metadata of the issuer, if the user named one.
    pub(crate) metadata: Option<IssuerMetadata>,
}

impl NamedServer {
    /// Returns the server of `--from`, or an endpoint of `--issuer`.
    pub(crate) fn find(
        args: &ServerArgs,
        endpoint: Endpoint,
        host: &mut Host<'_>,
    ) -> Result<Self, CommandError> {
        let Some(issuer) = &args.issuer else {
            let url = ServerUrl::parse(args.from.as_deref().unwrap_or_default(), UrlPurpose::Tokens)?;
            return Ok(Self { url, metadata: None });
        };
        let metadata = issuer_metadata(issuer, UrlPurpose::Tokens, &DocumentCache::default(), host)?;
        let url = metadata.endpoint(endpoint).map_err(MetadataError::Fetch)?.clone();
        Ok(Self { url, metadata: Some(metadata) })
    }

    /// Returns the client that the options name, and a proof of its identity.
    pub(crate) fn client(
        &self,
        args: &ClientArgs,
        host: &mut Host<'_>,
    ) -> Result<Option<ClientAuthentication>, CommandError> {
        let Some(settings) = client_settings(args) else { return Ok(None) };
        Ok(Some(authenticate(&settings, &self.proof_target(), host)?))
    }

    /// Returns what a proof of the client's identity is made for.
    pub(crate) fn proof_target(&self) -> ProofTarget<'_> {
        let metadata = self.metadata.as_ref();
        ProofTarget {
            audience: metadata.map_or(self.url.as_str(), |metadata| &metadata.issuer),
            methods: metadata.and_then(|metadata| metadata.token_endpoint_auth_methods.as_deref()),
        }
    }
}

/// Reports whether the options name a server.
pub(crate) const fn is_server_named(args: &ServerArgs) -> bool {
    args.from.is_some() || args.issuer.is_some()
}

/// Returns the settings of the client, if an option names one.
pub(crate) fn client_settings(args: &ClientArgs) -> Option<ClientSettings> {
    let proof = match (&args.client_secret_env, &args.client_secret_file, &args.client_key) {
        (Some(name), _, _) => ProofSource::Variable(name.clone()),
        (None, Some(path), _) => ProofSource::File(path.clone()),
        (None, None, Some(path)) => ProofSource::Key(path.clone()),
        (None, None, None) => ProofSource::None,
    };
    Some(ClientSettings { id: args.client.clone()?, proof, place: args.client_auth, audience: None })
}

/// Returns the server of a framework. An issuer with metadata is a server of OAuth, unless the user says otherwise.
pub(crate) fn asked(
    framework: Option<Framework>,
    args: &ServerArgs,
) -> Result<Option<ReadyServer>, UsageError> {
    match framework {
        None => Ok(args.issuer.is_some().then_some(ReadyServer::Oauth)),
        Some(framework) => {
            let name = framework.name();
            framework.server.map(Some).ok_or(UsageError::NoServerOfProfile { name })
        }
    }
}

/// Returns the description of a server, with the changes of the user.
pub(crate) fn description(
    name: ReadyServer,
    form: &ServerFormArgs,
    scheme: Option<&str>,
) -> ServerDescription {
    let mut server = name.describe();
    if let Some(body) = form.body {
        (server.body, server.refresh_body) = (body, None);
    }
    if let Some(place) = &form.access_at {
        server.access_at = vec![place.clone()];
    }
    if let Some(place) = &form.refresh_at {
        server.refresh_at = vec![place.clone()];
        // A cookie goes back as a cookie.
        if matches!(place, TokenPlace::Cookie(_)) {
            server.refresh_in = Some(place.clone());
        }
    }
    if let Some(place) = &form.refresh_in {
        (server.refresh_in, server.shared_in) = (Some(place.clone()), None);
    }
    server.csrf = form.csrf.clone().or(server.csrf);
    server.refresh_url = form.refresh_url.clone().or(server.refresh_url);
    server.scheme = scheme.map(str::to_owned).or(server.scheme);
    server
}

/// Returns the further values of a request: those of the user's options, and those of variables.
pub(crate) fn extras(args: &ServerArgs, host: &mut Host<'_>) -> Result<Vec<Extra>, CommandError> {
    let mut extras = Vec::new();
    for field in &args.field {
        let (place, value) = field.parts().ok_or(UsageError::FieldWithoutName)?;
        if place == TokenPlace::member("client_secret") {
            let what = "other users of this machine can read the secret of the client in `ps`";
            host.message(Level::Warning, what);
            host.message(
                Level::Hint,
                "use --client ID with --client-secret-env VAR or --client-secret-file PATH",
            );
        }
        let value = SecretText::new(Secret::new(value.as_bytes().to_vec()));
        extras.push(Extra { place, value: value.map_err(|_| UsageError::FieldWithoutName)? });
    }
    for field in &args.field_env {
        let (place, name) = field.parts().ok_or(UsageError::FieldWithoutName)?;
        let value = host.secret_variable(name);
        let value = value.ok_or_else(|| UsageError::FieldVariableNotSet { place: place.shown() })?;
        let value =
            SecretText::new(value).map_err(|_| UsageError::FieldVariableNotUtf8 { place: place.shown() })?;
        extras.push(Extra { place, value });
    }
    Ok(extras)
}
