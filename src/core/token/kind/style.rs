//! The software and the services that issue tokens of a shape: one table, with a line for each. The first line that fits
//! wins, so special shapes stand before the hosts that issue them. All of it is read from unverified claims.

use super::TokenKind::{self, Access, ApiKey, Assertion, ClientSecret, CustomToken, Id, Jwt, SessionCookie};
use crate::core::json::Value;
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::header::{JoseHeader, same_typ};

/// A library or a service, and how to recognize its tokens.
pub(super) struct Style {
    /// The name in reports.
    pub(super) name: &'static str,
    /// Reports whether a token has this shape.
    fits: fn(&Signs<'_>) -> bool,
    /// Returns the kind of a token of this shape, if the shape tells it.
    pub(super) kind: fn(&Signs<'_>) -> Option<TokenKind>,
}

const fn style_row(
    name: &'static str,
    fits: fn(&Signs<'_>) -> bool,
    kind: fn(&Signs<'_>) -> Option<TokenKind>,
) -> Style {
    Style { name, fits, kind }
}

/// The kind of a shape that fits several kinds.
const fn any_kind(_: &Signs<'_>) -> Option<TokenKind> {
    None
}

#[rustfmt::skip]
const STYLES: &[Style] = &[
    style_row("App Store Connect", |t| t.aud("appstoreconnect-v1"), |_| Some(Jwt)),
    style_row("Apple", |t| t.aud("https://appleid.apple.com") && !t.under("appleid.apple.com"), |_| Some(ClientSecret)),
    style_row("Apple", |t| t.under("appleid.apple.com"), |t| (!t.has("events")).then_some(Id)),
    style_row("Firebase App Check", |t| t.under("firebaseappcheck.googleapis.com"), |_| Some(Jwt)),
    style_row("Firebase", |t| t.aud(FIREBASE_CUSTOM), |_| Some(CustomToken)),
    style_row("Firebase", |t| t.under("session.firebase.google.com"), |_| Some(SessionCookie)),
    style_row("Firebase", |t| t.under("securetoken.google.com"), |_| Some(Id)),
    style_row("Google IAP", |t| t.iss == "https://cloud.google.com/iap", |_| Some(Jwt)),
    style_row("Google Chat", |t| t.iss == "chat@system.gserviceaccount.com", |_| Some(Jwt)),
    style_row("Google service account", |t| t.iss.ends_with(".gserviceaccount.com"), |t| {
        Some(if GOOGLE_TOKEN_URLS.iter().any(|url| t.aud(url)) { Assertion } else { Jwt })
    }),
    style_row("Google", |t| t.under("accounts.google.com"), |_| Some(Id)),
    style_row("Azure AD B2C", |t| t.under("b2clogin.com") || t.has("tfp") || t.starts("acr", "b2c_1"), |t| {
        Some(if t.has("scp") { Access } else { Id })
    }),
    style_row("Microsoft Entra ID", |t| ENTRA_HOSTS.iter().any(|host| t.under(host)), |t| {
        let access = ["scp", "appid", "appidacr", "azpacr", "idtyp"].iter().any(|name| t.has(name));
        Some(if access { Access } else { Id })
    }),
    style_row("Azure DevOps", |t| t.under("vstoken.dev.azure.com"), any_kind),
    style_row("Auth0", |t| t.under("auth0.com") || (t.text("gty") == "client-credentials" && t.has("azp")), |t| {
        if ["gty", "permissions", "scope"].iter().any(|name| t.has(name)) { Some(Access) } else { None }
    }),
    style_row("Okta", |t| t.under("okta.com") || t.under("oktapreview.com") || t.under("okta-emea.com"), okta_kind),
    style_row("Okta", |t| t.has("ver") && okta_kind(t).is_some(), okta_kind),
    style_row("Amazon Cognito", |t| t.host.starts_with("cognito-idp.") && t.under("amazonaws.com"), any_kind),
    style_row("AWS Application Load Balancer", |t| t.parameter("signer").starts_with("arn:aws"), |_| Some(Jwt)),
    style_row("GitHub Actions", |t| t.under("token.actions.githubusercontent.com"), any_kind),
    style_row("GitHub Actions", |t| t.has("job_workflow_ref") && t.has("repository"), any_kind),
    style_row("GitHub App", |t| t.starts("iss", "Iv1.") || t.starts("iss", "Iv23"), |_| Some(Jwt)),
    style_row("GitLab CI", |t| t.has("project_path") && (t.has("pipeline_id") || t.has("job_id")), any_kind),
    style_row("GitLab", |t| t.under("gitlab.com"), any_kind),
    style_row("Bitbucket Pipelines", |t| t.iss.contains("api.bitbucket.org/2.0/workspaces/"), any_kind),
    style_row("Bitbucket Pipelines", |t| t.has("pipelineUuid") && t.has("repositoryUuid"), any_kind),
    style_row("CircleCI", |t| t.under("oidc.circleci.com") || t.any_starts("oidc.circleci.com/"), any_kind),
    style_row("Terraform Cloud", |t| t.under("app.terraform.io") || t.any_starts("terraform_"), any_kind),
    style_row("Buildkite", |t| t.under("agent.buildkite.com"), any_kind),
    style_row("Vercel", |t| t.under("oidc.vercel.com"), any_kind),
    style_row("Cloudflare Access", |t| t.under("cloudflareaccess.com"), |_| Some(Jwt)),
    style_row("Kubernetes service account", is_kubernetes, |_| Some(Jwt)),
    style_row("HashiCorp Nomad", |t| t.has("nomad_job_id") && t.has("nomad_namespace"), any_kind),
    style_row("HashiCorp Vault", |t| t.iss.contains("/v1/identity/oidc"), |_| Some(Id)),
    style_row("SPIFFE", |t| t.starts("sub", "spiffe://"), |_| Some(Jwt)),
    style_row("Supabase", is_supabase, |t| {
        let key = !t.has("sub") && ["anon", "service_role"].contains(&t.text("role"));
        if key { Some(ApiKey) } else { (t.has("session_id") || t.has("aal")).then_some(Access) }
    }),
    style_row("Clerk", |t| t.under("clerk.accounts.dev") || t.starts("sid", "sess_"), any_kind),
    style_row("Salesforce", |t| t.aud("https://login.salesforce.com") || t.aud("https://test.salesforce.com"), |_| Some(Assertion)),
    style_row("Shopify", |t| t.under("myshopify.com") && t.has("dest"), |_| Some(Jwt)),
    style_row("Atlassian Connect", |t| t.has("qsh"), |_| Some(Jwt)),
    style_row("LINE", |t| t.iss == "https://access.line.me", |_| Some(Id)),
    style_row("Twitch", |t| t.iss == "https://id.twitch.tv/oauth2", |_| Some(Id)),
    style_row("Zitadel", |t| t.under("zitadel.cloud") || t.any_starts("urn:zitadel:iam:"), any_kind),
    style_row("Twilio", |t| t.parameter("cty").starts_with("twilio-fpa"), |_| Some(Access)),
    style_row("Keycloak", |t| t.iss.contains("/realms/") && ["typ", "realm_access", "azp"].iter().any(|name| t.has(name)), any_kind),
    style_row("Hasura", |t| t.has("https://hasura.io/jwt/claims"), any_kind),
    style_row("djangorestframework-simplejwt", |t| {
        ["access", "refresh", "sliding"].contains(&t.text("token_type")) && t.has("jti") && t.has("exp")
    }, any_kind),
    style_row("Flask-JWT-Extended", |t| {
        ["access", "refresh"].contains(&t.text("type")) && t.has("jti") && (t.has("fresh") || t.has("csrf"))
    }, any_kind),
    style_row("jwt-auth for Laravel", |t| t.text("prv").len() == 40 && t.has("jti"), any_kind),
    style_row("drf-jwt", |t| t.has("orig_iat") && (t.has("username") || t.has("user_id")), any_kind),
    style_row("OAuth 2 (RFC 9068)", |t| same_typ(t.parameter("typ"), "at+jwt"), any_kind),
];

/// The audience of a Firebase custom token.
const FIREBASE_CUSTOM: &str =
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";

/// The endpoints where a Google service account exchanges its assertion.
const GOOGLE_TOKEN_URLS: [&str; 3] = [
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://accounts.google.com/o/oauth2/token",
];

/// The hosts of Entra issuers: v2.0, v1.0, the national clouds, and External ID.
const ENTRA_HOSTS: [&str; 5] = [
    "login.microsoftonline.com",
    "sts.windows.net",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "ciamlogin.com",
];

/// Returns the kind by the prefix that Okta gives to token IDs.
fn okta_kind(token: &Signs<'_>) -> Option<TokenKind> {
    match token.text("jti").get(..3)? {
        "AT." => Some(Access),
        "ID." => Some(Id),
        _ => None,
    }
}

fn is_kubernetes(token: &Signs<'_>) -> bool {
    token.iss == "kubernetes/serviceaccount"
        || token.has("kubernetes.io")
        || token.any_starts("kubernetes.io/serviceaccount/")
        || token.starts("sub", "system:serviceaccount:")
}

/// Supabase in the cloud, on a computer of its own (`supabase start`) and self-hosted.
fn is_supabase(token: &Signs<'_>) -> bool {
    let local = token.iss.ends_with("/auth/v1") && token.has("role");
    token.under("supabase.co") || ["supabase", "supabase-demo"].contains(&token.iss) || local
}

/// The parts of a token that styles are recognized by.
pub(super) struct Signs<'t> {
    claims: &'t ClaimsSet<'t>,
    header: Option<&'t JoseHeader<'t>>,
    iss: &'t str,
    /// The host of the issuer, or the issuer itself if it is not a URL.
    host: &'t str,
}

impl<'t> Signs<'t> {
    /// Returns the signs of a token that has claims.
    pub(super) fn of(token: &'t Token<'_>) -> Option<Self> {
        let claims = token.unverified_claims()?;
        let iss = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
        let rest = iss.split_once("://").map_or(iss, |(_, rest)| rest);
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        Some(Self { claims, header: token.header.as_ref().ok(), iss, host })
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value<'t>> {
        self.claims.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns a claim that is a string; empty if it is not one.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn starts(&self, name: &str, prefix: &str) -> bool {
        self.text(name).to_ascii_lowercase().starts_with(&prefix.to_ascii_lowercase())
    }

    /// Reports whether the name of a claim begins with a prefix.
    fn any_starts(&self, prefix: &str) -> bool {
        self.claims.members().iter().any(|member| member.name.starts_with(prefix))
    }

    /// Returns a header parameter that is a string; empty if it is not one.
    fn parameter(&self, name: &str) -> &str {
        self.header.and_then(|header| header.get(name)).and_then(Value::as_str).unwrap_or_default()
    }

    /// Reports whether the issuer's host is a domain or below it.
    fn under(&self, domain: &str) -> bool {
        self.host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    fn aud(&self, audience: &str) -> bool {
        self.claims.audiences().ok().flatten().is_some_and(|audiences| audiences.contains(audience))
    }
}

/// Returns the line of the table that a token fits.
pub(super) fn style_of(signs: &Signs<'_>) -> Option<&'static Style> {
    STYLES.iter().find(|style| (style.fits)(signs))
}

/// Returns the library or service that issues tokens of this shape.
#[must_use]
pub fn style(token: &Token<'_>) -> Option<&'static str> {
    Some(style_of(&Signs::of(token)?)?.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;
    use crate::core::token::jws::Compact;

    fn look(header: &str, payload: &str) -> String {
        let encode = |text: &str| base64url::encode(text.as_bytes());
        let text = format!("{}.{}.AA", encode(header), encode(payload));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        format!("{} ({})", TokenKind::from_token(&token).description(), style(&token).unwrap_or("-"))
    }

    #[test]
    fn recognizes_documented_shapes() {
        for (payload, expected) in [
            (r#"{"iss":"TEAM","sub":"com.x","aud":"https://appleid.apple.com"}"#, "client secret (Apple)"),
            (r#"{"iss":"u","aud":"appstoreconnect-v1"}"#, "JWT (App Store Connect)"),
            (r#"{"iss":"accounts.google.com","sub":"1"}"#, "ID token (Google)"),
            (
                r#"{"iss":"a@p.iam.gserviceaccount.com","scope":"s","aud":"https://oauth2.googleapis.com/token"}"#,
                "JWT bearer assertion (Google service account)",
            ),
            (r#"{"iss":"https://firebaseappcheck.googleapis.com/17"}"#, "JWT (Firebase App Check)"),
            (r#"{"iss":"https://session.firebase.google.com/p"}"#, "session cookie (Firebase)"),
            (r#"{"iss":"https://cloud.google.com/iap","aud":"/projects/1"}"#, "JWT (Google IAP)"),
            (r#"{"iss":"https://x.b2clogin.com/t/v2.0/","nonce":"n"}"#, "ID token (Azure AD B2C)"),
            (
                r#"{"iss":"https://login.microsoftonline.com/t/v2.0","azpacr":"1"}"#,
                "access token (Microsoft Entra ID)",
            ),
            (
                r#"{"iss":"https://login.microsoftonline.com/t/v2.0","name":"A"}"#,
                "ID token (Microsoft Entra ID)",
            ),
            (r#"{"iss":"https://login.acme.example","ver":1,"jti":"AT.x","cid":"c"}"#, "access token (Okta)"),
            (r#"{"iss":"https://gl.example","project_path":"a/b","job_id":"1"}"#, "JWT (GitLab CI)"),
            (
                r#"{"iss":"https://api.bitbucket.org/2.0/workspaces/w/pipelines-config/identity/oidc"}"#,
                "JWT (Bitbucket Pipelines)",
            ),
            (r#"{"iss":"https://oidc.circleci.com/org/1"}"#, "JWT (CircleCI)"),
            (r#"{"iss":"https://tfe.example","terraform_run_phase":"apply"}"#, "JWT (Terraform Cloud)"),
            (r#"{"iss":"https://x.cloudflareaccess.com","type":"app"}"#, "JWT (Cloudflare Access)"),
            (r#"{"iss":"https://vault.example:8200/v1/identity/oidc"}"#, "ID token (HashiCorp Vault)"),
            (r#"{"sub":"spiffe://d/x","aud":["a"]}"#, "JWT (SPIFFE)"),
            (r#"{"iss":"supabase-demo","role":"anon"}"#, "API key (Supabase)"),
            (
                r#"{"iss":"http://127.0.0.1:54321/auth/v1","role":"authenticated","sub":"s","aal":"aal1"}"#,
                "access token (Supabase)",
            ),
            (r#"{"sub":"1","https://hasura.io/jwt/claims":{}}"#, "JWT (Hasura)"),
            (r#"{"type":"refresh","jti":"j","fresh":false}"#, "refresh token (Flask-JWT-Extended)"),
        ] {
            assert_eq!(look("{}", payload), expected, "{payload}");
        }
    }

    #[test]
    fn compares_whole_labels_of_a_host() {
        assert_eq!(look("{}", r#"{"iss":"https://evilokta.com"}"#), "JWT (-)");
        assert_eq!(look("{}", r#"{"iss":"https://okta.com.evil.example"}"#), "JWT (-)");
    }
}
