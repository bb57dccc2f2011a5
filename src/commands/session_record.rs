//! What a session keeps of the options that began it. No secret of the user or the client is kept.

use crate::cli::server::{Field, ServerArgs, ServerFormArgs};
use crate::client::authentication::{ProofTarget, authenticate};
use crate::commands::server_settings::{NamedServer, client_settings};
use crate::core::key::secret::Secret;
use crate::core::oauth::client::{ClientAuthentication, ClientSettings, ProofSource, SecretPlace};
use crate::core::oauth::message::SecretText;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::request::Extra;
use crate::core::oauth::server::ServerDescription;
use crate::core::oauth::session::{
    FieldRecord, FieldSource, Session, SessionGrant, SessionLogin, SessionUrls, is_public_field,
};
use crate::core::oauth::session_tokens::SessionTokens;
use crate::error::CommandError;
use crate::error::usage::UsageError;
use crate::host::server_url::{ForbiddenUrl, UrlPurpose};
use crate::host::{Host, Level};
use crate::remote::metadata::Endpoint;
use crate::session::SessionError;
use std::path::{Path, PathBuf};

/// A session that begins.
pub(crate) struct NewSession<'a> {
    /// The name of the command that logs in again, and its options.
    pub(crate) command: &'a str,
    pub(crate) words: &'a [String],
    pub(crate) grant: SessionGrant,
    pub(crate) name: ReadyServer,
    pub(crate) description: &'a ServerDescription,
    pub(crate) server: &'a NamedServer,
}

/// Returns a session of a server without its tokens.
pub(crate) fn session_of(
    new: NewSession<'_>,
    args: &ServerArgs,
    form: &ServerFormArgs,
    host: &mut Host<'_>,
) -> Result<Session, CommandError> {
    let mut fields = Vec::new();
    for (place, text) in args.field.iter().filter_map(Field::parts) {
        if is_public_field(&place) {
            fields.push(FieldRecord { place, source: FieldSource::Text(text.to_owned()) });
        } else {
            let what =
                format!("--field {} is not kept in the session, since it may be a secret", place.shown());
            host.message(Level::Warning, &what);
            host.message(Level::Hint, "if each refresh needs it, use --field-env");
        }
    }
    let variables = args.field_env.iter().filter_map(Field::parts);
    fields.extend(
        variables.map(|(place, name)| FieldRecord { place, source: FieldSource::Variable(name.to_owned()) }),
    );
    let urls = urls(&new, form)?;
    let NewSession { command, words, grant, name, description, server } = new;
    let command = ["fob", command].into_iter().map(str::to_owned).chain(words.iter().cloned()).collect();
    Ok(Session {
        version: Session::VERSION,
        serial: 0,
        login: SessionLogin { grant, profile: name.name().to_owned(), command },
        server: description.clone(),
        urls,
        client: client_settings(&args.client).map(|settings| kept_client(settings, server, host)),
        fields,
        tokens: SessionTokens::default(),
        begun: None,
    })
}

/// Returns the URLs of a session. Those that the user names come first, then those of the issuer, then those of the
/// description, which are relative to the log-in.
fn urls(new: &NewSession<'_>, form: &ServerFormArgs) -> Result<SessionUrls, CommandError> {
    let NewSession { grant, description, server, .. } = new;
    let beside = |path: &str| {
        let url = server.url.redirected_to(path);
        url.map(|url| url.as_str().to_owned())
            .map_err(|error| ForbiddenUrl { purpose: UrlPurpose::Tokens, error })
    };
    // A refresh has another URL only if the user or the description says so.
    let usual = description.refresh_url.as_deref().filter(|_| *grant == SessionGrant::Password);
    let tokens = form.refresh_url.as_deref().or(usual).map(beside).transpose()?;
    let rule = description.revocation.as_ref().and_then(|rule| rule.url.as_deref());
    let revocation = match (&form.revoke_url, &server.metadata) {
        (Some(url), _) => Some(beside(url)?),
        // An issuer need not have the endpoint.
        (None, Some(metadata)) => {
            metadata.endpoint(Endpoint::Revocation).ok().map(|url| url.as_str().to_owned())
        }
        (None, None) => rule.filter(|_| *grant != SessionGrant::RefreshToken).map(beside).transpose()?,
    };
    Ok(SessionUrls {
        tokens: tokens.unwrap_or_else(|| server.url.as_str().to_owned()),
        revocation,
        issuer: server.metadata.as_ref().map(|metadata| metadata.issuer.clone()),
    })
}

/// Returns the settings of a client as another folder and another run need them.
fn kept_client(settings: ClientSettings, server: &NamedServer, host: &Host<'_>) -> ClientSettings {
    let from_root = |path: &Path| (host.absolute)(path).unwrap_or_else(|_| PathBuf::from(path));
    let proof = match settings.proof {
        ProofSource::File(path) => ProofSource::File(from_root(&path)),
        ProofSource::Key(path) => ProofSource::Key(from_root(&path)),
        proof @ (ProofSource::None | ProofSource::Variable(_)) => proof,
    };
    let ProofTarget { audience, methods } = server.proof_target();
    let place = settings.place.or_else(|| methods.map(|methods| SecretPlace::of_methods(Some(methods))));
    ClientSettings { proof, place, audience: Some(audience.to_owned()), ..settings }
}

/// Returns the client of a session, and a new proof of its identity.
pub(crate) fn client_of(
    session: &Session,
    host: &mut Host<'_>,
) -> Result<Option<ClientAuthentication>, CommandError> {
    let Some(settings) = &session.client else { return Ok(None) };
    if let ProofSource::Variable(name) = &settings.proof {
        needed(name, host)?;
    }
    let audience = settings.audience.as_deref().unwrap_or(&session.urls.tokens);
    Ok(Some(authenticate(settings, &ProofTarget { audience, methods: None }, host)?))
}

/// Returns the value of a variable that a session names. The name is shown: it was that of a variable at the login.
fn needed(name: &str, host: &Host<'_>) -> Result<Secret, SessionError> {
    host.secret_variable(name).ok_or_else(|| SessionError::VariableNotSet { name: name.to_owned() })
}

/// Returns the further values of each request of a session.
pub(crate) fn extras_of(session: &Session, host: &Host<'_>) -> Result<Vec<Extra>, CommandError> {
    let value = |field: &FieldRecord| {
        let place = field.place.shown();
        let secret = match &field.source {
            FieldSource::Text(text) => Secret::new(text.as_bytes().to_vec()),
            FieldSource::Variable(name) => needed(name, host)?,
        };
        let value = SecretText::new(secret).map_err(|_| UsageError::FieldVariableNotUtf8 { place })?;
        Ok(Extra { place: field.place.clone(), value })
    };
    session.fields.iter().map(value).collect()
}
