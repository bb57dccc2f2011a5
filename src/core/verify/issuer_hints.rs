//! What is known of issuers and of their tokens, for hints. It is asked after a check failed, and opens no connection.

use crate::core::reason::Reason;
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;

/// One fact about the tokens of an issuer.
struct IssuerHint {
    /// Reports whether the token is of that kind.
    applies: fn(&ClaimsSet<'_>) -> bool,
    /// The failure that the fact explains.
    explains: fn(&Reason) -> bool,
    /// The advice to the user.
    hint: &'static str,
}

/// The facts, one entry each.
const TABLE: [IssuerHint; 3] = [
    IssuerHint {
        applies: is_for_graph,
        explains: |reason| *reason == Reason::BadSignature,
        hint: "the token is for Microsoft Graph, and only Graph is meant to verify it: request a token for your own API",
    },
    IssuerHint {
        applies: |claims| {
            is_text(claims, "token_use", |text| text == "access") && issuer(claims, "https://cognito-idp.")
        },
        explains: |reason| matches!(reason, Reason::ClaimMissing(name) if name == "aud"),
        hint: "access tokens of Amazon Cognito have no `aud`: compare `client_id` with -c client_id=ID instead of --aud",
    },
    IssuerHint {
        applies: |claims| issuer(claims, "https://securetoken.google.com/"),
        explains: |reason| *reason == Reason::KeyNotFound,
        hint: "Firebase publishes its keys at \
               https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com: use that with --key",
    },
];

/// Returns every hint of the table.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|entry| entry.hint)
}

fn is_text(claims: &ClaimsSet<'_>, name: &str, fits: impl Fn(&str) -> bool) -> bool {
    claims.get(name).and_then(|value| value.as_str()).is_some_and(fits)
}

fn issuer(claims: &ClaimsSet<'_>, prefix: &str) -> bool {
    is_text(claims, "iss", |text| text.starts_with(prefix))
}

/// Reports whether the audience is Microsoft Graph, by its address or its application ID.
fn is_for_graph(claims: &ClaimsSet<'_>) -> bool {
    is_text(claims, "aud", |text| {
        text.trim_end_matches('/') == "https://graph.microsoft.com"
            || text == "00000003-0000-0000-c000-000000000000"
    })
}

/// Returns what is known of the issuer of a token that explains a failure.
pub(super) fn about_issuer(token: &Token<'_>, reasons: &[Reason]) -> Option<&'static str> {
    let claims = token.unverified_claims()?;
    let entry = TABLE.iter().find(|entry| reasons.iter().any(entry.explains) && (entry.applies)(claims))?;
    Some(entry.hint)
}
