//! Facts about issuers and their tokens, for hints after a check failed. They open no connection. The vendor of each issuer
//! documents them.

use super::near_texts::{is_only_another_host, without_auth};
use super::near_values::listed;
use super::policy::Policy;
use crate::core::json::Value;
use crate::core::key::Key;
use crate::core::reason::Reason;
use crate::core::token::Token;
use crate::core::token::jws::Compact;

/// A token, its key and its policy, from which the issuer is recognized.
#[derive(Clone, Copy)]
pub(super) struct Facts<'f> {
    pub(super) token: &'f Token<'f>,
    pub(super) key: Option<&'f Key>,
    pub(super) policy: &'f Policy,
}

impl Facts<'_> {
    /// Returns the text of a claim.
    fn claim(&self, name: &str) -> Option<&str> {
        self.token.unverified_claims()?.get(name)?.as_str()
    }

    /// Returns the text of a header parameter.
    fn parameter(&self, name: &str) -> Option<&str> {
        self.token.header.as_ref().ok()?.get(name)?.as_str()
    }

    fn has_audience(&self, audience: &str) -> bool {
        match self.token.unverified_claims().and_then(|claims| claims.get("aud")) {
            Some(Value::Array(items)) => items.iter().any(|item| item.as_str() == Some(audience)),
            Some(value) => value.as_str() == Some(audience),
            None => false,
        }
    }

    fn has_issuer(&self, prefix: &str) -> bool {
        self.claim("iss").is_some_and(|issuer| issuer.starts_with(prefix))
    }
}

/// One fact about the tokens of an issuer.
pub struct IssuerHint {
    /// The issuer or its product.
    pub issuer: &'static str,
    /// The hint.
    pub hint: &'static str,
    /// Reports whether the token is of that kind.
    applies: fn(Facts<'_>) -> bool,
    /// Reports whether the fact explains a failure.
    explains: fn(&Reason) -> bool,
}

/// The facts, one entry each.
pub const ISSUER_HINTS: [IssuerHint; 8] = [
    IssuerHint {
        issuer: "Auth0",
        hint: "Auth0 encrypts access tokens for itself if the request names no API: request the token with the `audience` of \
               your API",
        applies: is_auth0_encrypted,
        explains: |reason| *reason == Reason::Jwe,
    },
    IssuerHint {
        issuer: "Microsoft Graph",
        hint: "the token is for Microsoft Graph, and only Graph is meant to verify it: request a token for your own API",
        applies: |facts| {
            facts.claim("aud").is_some_and(|aud| {
                aud.trim_end_matches('/') == "https://graph.microsoft.com"
                    || aud == "00000003-0000-0000-c000-000000000000"
            })
        },
        explains: |reason| *reason == Reason::BadSignature,
    },
    IssuerHint {
        issuer: "Amazon Cognito",
        hint: "access tokens of Amazon Cognito have no `aud`: compare `client_id` with -c client_id=ID instead of --aud",
        applies: |facts| {
            facts.claim("token_use") == Some("access") && facts.has_issuer("https://cognito-idp.")
        },
        explains: |reason| matches!(reason, Reason::ClaimMissing(name) if name == "aud"),
    },
    IssuerHint {
        issuer: "Firebase",
        hint: "Firebase publishes its keys at \
               https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com: use that with --key",
        applies: |facts| facts.has_issuer("https://securetoken.google.com/"),
        explains: |reason| matches!(reason, Reason::KeyNotFound | Reason::BadSignature),
    },
    IssuerHint {
        issuer: "Firebase",
        hint: "Firebase publishes the keys of session cookies at \
               https://www.googleapis.com/identitytoolkit/v3/relyingparty/publicKeys: use that with --key",
        applies: |facts| facts.has_issuer("https://session.firebase.google.com/"),
        explains: |reason| matches!(reason, Reason::KeyNotFound | Reason::BadSignature),
    },
    IssuerHint {
        issuer: "Keycloak",
        hint: "without a configured hostname, Keycloak writes the host of each request as `iss`: set KC_HOSTNAME to the URL that \
               users see",
        applies: |facts| {
            facts.claim("iss").filter(|issuer| issuer.contains("/realms/")).is_some_and(|issuer| {
                let is_near =
                    |expected: &String| is_only_another_host(&without_auth(issuer), &without_auth(expected));
                facts.policy.issuers.iter().any(is_near)
            })
        },
        explains: |reason| *reason == Reason::WrongIssuer,
    },
    IssuerHint {
        issuer: "Keycloak",
        hint: "`account` is a client of Keycloak itself: to get the expected audience into the token, add an audience mapper to \
               the client that requests it",
        applies: |facts| {
            let is_keycloak = facts.claim("iss").is_some_and(|issuer| issuer.contains("/realms/"));
            // A list with commas in it names `account`, but is one audience.
            let is_listed = |expected: &String| listed(expected).is_some_and(|all| all.contains(&"account"));
            is_keycloak && facts.has_audience("account") && !facts.policy.audiences.iter().any(is_listed)
        },
        explains: |reason| *reason == Reason::WrongAudience,
    },
    IssuerHint {
        issuer: "Kubernetes",
        hint: "the certificate in `ca.crt` is for TLS, and signs no service account tokens: `kubectl get --raw \
               /openid/v1/jwks | fob verify --key - TOKEN` uses the keys of the cluster",
        applies: |facts| {
            facts.key.is_some_and(|key| key.certificate.is_some())
                && facts.claim("sub").is_some_and(|sub| sub.starts_with("system:serviceaccount:"))
        },
        explains: |reason| matches!(reason, Reason::BadSignature | Reason::AlgNotAllowed),
    },
];

/// Returns the hint on opaque tokens of this length, if an issuer is known for it.
#[must_use]
pub const fn about_opaque(length: usize) -> Option<&'static str> {
    match length {
        16 | 32 => Some(
            "if it is from Auth0, the request named no API: request the token with the `audience` of your API to get a JWT",
        ),
        _ => None,
    }
}

/// Reports whether the token is encrypted with a key of Auth0 itself, and names Auth0 in its header.
fn is_auth0_encrypted(facts: Facts<'_>) -> bool {
    let is_encrypted = matches!(facts.token.compact, Compact::Jwe { .. });
    let host = facts.parameter("iss").and_then(|issuer| issuer.strip_prefix("https://"));
    let host = host.map(|rest| rest.split('/').next().unwrap_or_default());
    is_encrypted
        && facts.parameter("alg") == Some("dir")
        && host.is_some_and(|host| host.ends_with(".auth0.com"))
}

/// Returns the hint on the issuer of a token that explains one of the failures.
pub(super) fn about_issuer(facts: Facts<'_>, reasons: &[Reason]) -> Option<&'static str> {
    let explains = |entry: &&IssuerHint| reasons.iter().any(entry.explains) && (entry.applies)(facts);
    Some(ISSUER_HINTS.iter().find(explains)?.hint)
}

/// Returns the hint on the issuer of an encrypted token.
#[must_use]
pub fn about_encrypted(token: &Token<'_>) -> Option<&'static str> {
    about_issuer(Facts { token, key: None, policy: &Policy::default() }, &[Reason::Jwe])
}
