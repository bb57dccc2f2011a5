//! The kind of a token and the software that issues tokens of its shape. Both are guesses from unverified claims:
//! reports show them, but a verdict never rests on them.

use super::header::same_typ;
use super::jws::Compact;
use crate::core::json::Value;
use crate::core::token::Token;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An access token: authorizes requests to an API.
    Access,
    /// A refresh token: is exchanged for a new access token.
    Refresh,
    /// An ID token: says who logged in (OpenID Connect Core section 2).
    Id,
    /// A sliding token of simplejwt: one token that is refreshed while it is valid.
    Sliding,
    /// A logout token: tells a client that a session ended (OpenID Connect Back-Channel Logout).
    Logout,
    /// An encrypted token (RFC 7516).
    Jwe,
    /// A signed token that names no kind.
    Jwt,
}

/// The names of a kind.
struct KindNames {
    /// In JSON reports, and in `token_type` and `token_use`.
    name: &'static str,
    /// In words.
    description: &'static str,
    /// In the header's `typ`.
    media_type: Option<&'static str>,
    /// In Keycloak's `typ` claim.
    keycloak: &'static [&'static str],
}

impl TokenKind {
    /// The kinds that a token can declare.
    const DECLARED: [Self; 5] = [Self::Access, Self::Refresh, Self::Id, Self::Sliding, Self::Logout];

    /// Returns the names of the kind: the one table of them.
    const fn names(self) -> KindNames {
        let (name, description, media_type, keycloak): (_, _, _, &[&str]) = match self {
            Self::Access => ("access", "access token", Some("at+jwt"), &["Bearer"]),
            Self::Refresh => ("refresh", "refresh token", Some("rt+jwt"), &["Refresh", "Offline"]),
            Self::Id => ("id", "ID token", None, &["ID"]),
            Self::Sliding => ("sliding", "sliding token", None, &[]),
            Self::Logout => ("logout", "logout token", Some("logout+jwt"), &[]),
            Self::Jwe => ("jwe", "encrypted token (JWE)", None, &[]),
            Self::Jwt => ("jwt", "JWT", None, &[]),
        };
        KindNames { name, description, media_type, keycloak }
    }

    /// Returns the name used in JSON reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.names().name
    }

    /// Returns the name in words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.names().description
    }

    /// Returns the kind that a declared type names.
    fn from_name(name: &str) -> Option<Self> {
        Self::DECLARED.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the kind of a token: the one it declares, else a guess from its claims.
    #[must_use]
    pub fn from_token(token: &Token<'_>) -> Self {
        if matches!(token.compact, Compact::Jwe { .. }) {
            return Self::Jwe;
        }
        let declared = declared_types(token).unwrap_or_default();
        if let Some(kind) = declared.first().and_then(|kind| Self::from_name(kind)) {
            return kind;
        }
        let Some(claims) = token.unverified_claims() else { return Self::Jwt };
        let has = |name: &str| claims.get(name).is_some();
        if has("events") && has("sid") {
            Self::Logout
        } else if has("nonce") || has("at_hash") || has("c_hash") {
            Self::Id
        } else if has("scope") || has("scp") || has("client_id") {
            Self::Access
        } else {
            Self::Jwt
        }
    }
}

/// Returns the kinds that a token declares, by their names in [`TokenKind`]. It reads `token_type` (simplejwt), `token_use`
/// (Cognito), the header's `typ` (RFC 9068) and the payload's `typ` (Keycloak). A caller that relies on the kind must
/// refuse a token whose declarations differ (RFC 8725 section 3.12).
///
/// # Errors
/// Returns the name of a claim that is not a string.
pub fn declared_types(token: &Token<'_>) -> Result<Vec<String>, &'static str> {
    let Some(claims) = token.unverified_claims() else { return Ok(Vec::new()) };
    let mut declared = Vec::new();
    for name in ["token_type", "token_use"] {
        match claims.get(name) {
            None => {}
            Some(Value::String(kind)) => declared.push(kind.to_string()),
            Some(_) => return Err(name),
        }
    }
    let typ = token.header.as_ref().ok().and_then(|header| header.typ()).unwrap_or_default();
    let by_header = |kind: &TokenKind| kind.names().media_type.is_some_and(|name| same_typ(typ, name));
    let payload_typ = claims.get("typ").and_then(Value::as_str).unwrap_or_default();
    let by_keycloak = |kind: &TokenKind| kind.names().keycloak.contains(&payload_typ);
    let kinds = TokenKind::DECLARED.into_iter();
    let kinds = kinds.clone().filter(by_header).chain(kinds.filter(by_keycloak));
    declared.extend(kinds.map(|kind| kind.name().to_owned()));
    Ok(declared)
}

/// Returns the library or service that issues tokens of this shape.
#[must_use]
pub fn style(token: &Token<'_>) -> Option<&'static str> {
    let claims = token.unverified_claims()?;
    let has = |name: &str| claims.get(name).is_some();
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let issuer = text("iss");
    let host =
        issuer.split_once("://").map_or(issuer, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let under =
        |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    if under("accounts.google.com") {
        Some("Google")
    } else if under("securetoken.google.com") {
        Some("Firebase")
    } else if under("appleid.apple.com") {
        Some("Apple")
    } else if under("login.microsoftonline.com") || under("sts.windows.net") {
        Some("Microsoft Entra ID")
    } else if under("auth0.com") {
        Some("Auth0")
    } else if under("okta.com") || under("oktapreview.com") {
        Some("Okta")
    } else if host.starts_with("cognito-idp.") && under("amazonaws.com") {
        Some("Amazon Cognito")
    } else if under("token.actions.githubusercontent.com") {
        Some("GitHub Actions")
    } else if issuer == "kubernetes/serviceaccount" || has("kubernetes.io") {
        Some("Kubernetes service account")
    } else if under("supabase.co") || issuer == "supabase" {
        Some("Supabase")
    } else if issuer.contains("/realms/") && (has("typ") || has("realm_access") || has("azp")) {
        Some("Keycloak")
    } else if ["access", "refresh", "sliding"].contains(&text("token_type")) && has("jti") && has("exp") {
        Some("djangorestframework-simplejwt")
    } else if has("orig_iat") && (has("username") || has("user_id")) {
        Some("drf-jwt")
    } else if token
        .header
        .as_ref()
        .is_ok_and(|header| header.typ().is_some_and(|typ| same_typ(typ, "at+jwt")))
    {
        Some("OAuth 2 (RFC 9068)")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::base64url;
    use super::*;

    fn look(header: &str, payload: &str) -> (TokenKind, Option<&'static str>) {
        let text =
            format!("{}.{}.AA", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        (TokenKind::from_token(&token), style(&token))
    }

    #[test]
    fn recognizes_common_kinds_and_issuers() {
        for (header, payload, kind, style) in [
            (
                r#"{"typ":"JWT"}"#,
                r#"{"token_type":"refresh","exp":1,"jti":"a"}"#,
                TokenKind::Refresh,
                Some("djangorestframework-simplejwt"),
            ),
            (r#"{"typ":"at+jwt"}"#, r#"{"iss":"https://as"}"#, TokenKind::Access, Some("OAuth 2 (RFC 9068)")),
            ("{}", r#"{"iss":"https://accounts.google.com","nonce":"n"}"#, TokenKind::Id, Some("Google")),
            (
                "{}",
                r#"{"iss":"https://k/realms/r","typ":"Refresh","azp":"x"}"#,
                TokenKind::Refresh,
                Some("Keycloak"),
            ),
            ("{}", r#"{"iss":"https://evilauth0.com/"}"#, TokenKind::Jwt, None),
            ("{}", r#"{"username":"a","orig_iat":1}"#, TokenKind::Jwt, Some("drf-jwt")),
        ] {
            assert_eq!(look(header, payload), (kind, style), "{payload}");
        }
    }

    #[test]
    fn ignores_a_token_type_that_is_not_a_string() {
        assert_eq!(look("{}", r#"{"token_type":["access","refresh"]}"#).0, TokenKind::Jwt);
    }
}
