//! The software and the services that issue tokens: one table, with a line for each. The first line that fits wins, so
//! special products stand before general hosts. All signs are read from unverified claims.

use super::TokenKind::{
    self, Access, ApiKey, Assertion, ClientSecret, CustomToken, Id, Jwt, ProviderToken, SecurityEvent,
    SessionCookie, SignedData,
};
use super::sign::Sign::{self, AnyClaim, Audience, Claim, Host, Issuer, IssuerPart, Other, Parameter, Text};
use super::sign::Signs;
use crate::core::json::Value;
use crate::core::token::header::same_typ;

/// A library or a service, and how to recognize its tokens.
pub struct Style {
    /// The name in reports.
    pub name: &'static str,
    /// The alternatives. A token fits if it has all signs of one of them.
    pub alternatives: &'static [&'static [Sign]],
    /// Returns the kind of a token of this shape, if the shape tells it.
    pub(super) kind: fn(&Signs<'_>) -> Option<TokenKind>,
}

/// Returns no kind, since tokens of this shape can be of several kinds.
const fn any_kind(_: &Signs<'_>) -> Option<TokenKind> {
    None
}

const fn plain(_: &Signs<'_>) -> Option<TokenKind> {
    Some(Jwt)
}

const fn id(_: &Signs<'_>) -> Option<TokenKind> {
    Some(Id)
}

const fn access(_: &Signs<'_>) -> Option<TokenKind> {
    Some(Access)
}

const fn assertion(_: &Signs<'_>) -> Option<TokenKind> {
    Some(Assertion)
}

const fn row(
    name: &'static str,
    alternatives: &'static [&'static [Sign]],
    kind: fn(&Signs<'_>) -> Option<TokenKind>,
) -> Style {
    Style { name, alternatives, kind }
}

#[rustfmt::skip]
pub(super) const STYLES: &[Style] = &[
    // Apple and Google
    row("App Store Connect", &[&[Audience("appstoreconnect-v1")]], plain),
    row("App Store", &[
        &[Claim("transactionId"), Claim("bundleId")], &[Claim("notificationType"), Claim("notificationUUID")],
        &[Claim("originalTransactionId"), Claim("autoRenewStatus")], &[Claim("receiptType"), Claim("bundleId")],
    ], |_| Some(SignedData)),
    row("Apple Push Notification service", &[&[Other("`iss` and `iat` alone, with the ID of a team and `kid` of a key", Some("iat"), is_apns)]], |_| Some(ProviderToken)),
    row("Apple", &[&[Host("appleid.apple.com"), Claim("events")]], |_| Some(SecurityEvent)),
    row("Apple", &[&[Host("appleid.apple.com")]], id),
    row("Apple", &[&[Audience("https://appleid.apple.com")]], |_| Some(ClientSecret)),
    row("Firebase App Check", &[&[Host("firebaseappcheck.googleapis.com")]], plain),
    row("Firebase App Check", &[&[Audience(APP_CHECK)]], |_| Some(CustomToken)),
    row("Firebase", &[&[Audience(FIREBASE_CUSTOM)]], |_| Some(CustomToken)),
    row("Firebase", &[&[Host("session.firebase.google.com")]], |_| Some(SessionCookie)),
    row("Firebase", &[&[Host("securetoken.google.com")]], id),
    row("Google IAP", &[&[Issuer("https://cloud.google.com/iap")]], plain),
    row("Google Chat", &[&[Issuer("chat@system.gserviceaccount.com")]], plain),
    row("Google Wallet", &[&[Audience("google"), Text("typ", "saveto")]], plain),
    row("Google service account", &[&[Other("`iss` ends with `.gserviceaccount.com`", Some("iss"), |token| token.iss.ends_with(".gserviceaccount.com"))]], |token| {
        Some(if GOOGLE_TOKEN_URLS.into_iter().any(|url| Audience(url).is_in(token)) { Assertion } else { Jwt })
    }),
    row("Google", &[&[Host("accounts.google.com")]], id),
    // Microsoft
    row("Azure AD B2C", &[&[Host("b2clogin.com")], &[Text("tfp", "b2c_1")], &[Text("acr", "b2c_1")]], |token| {
        Some(if token.has("scp") { Access } else { Id })
    }),
    row("Microsoft Entra ID", &[
        &[Host("login.microsoftonline.com")], &[Host("sts.windows.net")], &[Host("login.microsoftonline.us")],
        &[Host("login.partner.microsoftonline.cn")], &[Host("sts.chinacloudapi.cn")], &[Host("ciamlogin.com")],
    ], |token| {
        let access = ["scp", "appid", "appidacr", "azpacr", "idtyp"].iter().any(|name| token.has(name));
        Some(if access { Access } else { Id })
    }),
    row("Microsoft Bot Framework", &[&[Issuer("https://api.botframework.com")]], any_kind),
    row("Azure DevOps", &[&[Host("vstoken.dev.azure.com")]], any_kind),
    // Identity providers
    row("Auth0", &[&[Host("auth0.com")], &[Text("gty", "client-credentials"), Claim("azp")]], |token| {
        ["gty", "permissions", "scope"].iter().any(|name| token.has(name)).then_some(Access)
    }),
    row("Okta", &[
        &[Host("okta.com")], &[Host("oktapreview.com")], &[Host("okta-emea.com")], &[Host("okta-gov.com")],
        &[Claim("ver"), Text("jti", "AT.")], &[Claim("ver"), Text("jti", "ID.")],
    ], okta_kind),
    row("Amazon Cognito", &[&[IssuerPart("cognito-idp."), Host("amazonaws.com")], &[IssuerPart("cognito-idp."), Host("amazonaws.com.cn")]], any_kind),
    row("AWS Application Load Balancer", &[&[Parameter("signer", ":elasticloadbalancing:")]], plain),
    row("AWS Verified Access", &[&[Parameter("signer", ":verified-access-instance/")]], plain),
    row("AWS IAM Identity Center", &[&[Host("identitycenter.amazonaws.com")]], any_kind),
    row("OneLogin", &[&[Host("onelogin.com")]], any_kind),
    row("PingOne", &[&[Host("auth.pingone.com")], &[Host("auth.pingone.eu")], &[Host("auth.pingone.ca")], &[Host("auth.pingone.asia")]], any_kind),
    row("JumpCloud", &[&[Host("oauth.id.jumpcloud.com")]], any_kind),
    row("Clerk", &[&[Host("clerk.accounts.dev")], &[Text("sid", "sess_"), Text("sub", "user_")]], any_kind),
    row("WorkOS", &[&[Host("api.workos.com")], &[Text("sid", "session_"), Text("sub", "user_")]], any_kind),
    row("Stytch", &[&[Claim("https://stytch.com/session")], &[Host("stytch.com")]], any_kind),
    row("Descope", &[&[Host("api.descope.com")]], any_kind),
    row("Kinde", &[&[Host("kinde.com")]], any_kind),
    row("Logto", &[&[Host("logto.app")]], any_kind),
    row("Zitadel", &[&[Host("zitadel.cloud")], &[AnyClaim("urn:zitadel:iam:")]], any_kind),
    row("FusionAuth", &[&[Claim("applicationId"), Claim("authenticationType")]], |_| Some(Access)),
    row("Ory", &[&[Host("projects.oryapis.com")]], any_kind),
    row("authentik", &[&[IssuerPart("/application/o/")]], any_kind),
    row("Dex", &[&[Claim("federated_claims")]], id),
    row("Cloud Foundry UAA", &[&[Claim("zid"), Claim("rev_sig")]], any_kind),
    row("SAP Cloud Identity Services", &[&[Host("accounts.ondemand.com")], &[Host("accounts.cloud.sap")]], any_kind),
    row("Salesforce", &[&[Audience("https://login.salesforce.com")], &[Audience("https://test.salesforce.com")]], assertion),
    row("Salesforce", &[&[Host("salesforce.com")]], any_kind),
    row("Snowflake", &[&[IssuerPart(".SHA256:")]], plain),
    row("Box", &[&[Claim("box_sub_type")]], assertion),
    row("DocuSign", &[&[Audience("account.docusign.com")], &[Audience("account-d.docusign.com")]], assertion),
    row("LINE", &[&[Issuer("https://access.line.me")]], id),
    row("Twitch", &[&[Issuer("https://id.twitch.tv/oauth2")]], id),
    row("Facebook", &[&[Host("www.facebook.com")], &[Host("limited.facebook.com")]], id),
    row("LinkedIn", &[&[Host("www.linkedin.com")]], id),
    row("Yahoo", &[&[Host("api.login.yahoo.com")]], id),
    row("Kakao", &[&[Host("kauth.kakao.com")]], id),
    row("Slack", &[&[Issuer("https://slack.com")]], id),
    // Builds and workloads
    row("GitHub Actions", &[
        &[Host("token.actions.githubusercontent.com")], &[Claim("repository"), Claim("job_workflow_ref")],
        &[Claim("repository"), Claim("run_id"), Claim("workflow"), Text("sub", "repo:")],
    ], any_kind),
    row("GitHub App", &[&[Text("iss", "Iv1.")], &[Text("iss", "Iv23")]], plain),
    row("GitLab CI", &[&[Claim("project_path"), Claim("pipeline_id")], &[Claim("project_path"), Claim("job_id")], &[Text("sub", "project_path:")]], any_kind),
    row("GitLab", &[&[Host("gitlab.com")]], any_kind),
    row("Bitbucket Pipelines", &[&[IssuerPart("api.bitbucket.org/2.0/workspaces/")], &[Claim("pipelineUuid"), Claim("repositoryUuid")]], any_kind),
    row("CircleCI", &[&[Host("oidc.circleci.com")], &[AnyClaim("oidc.circleci.com/")]], any_kind),
    row("Terraform Cloud", &[
        &[Host("app.terraform.io")], &[AnyClaim("terraform_run_")], &[AnyClaim("terraform_workspace_")], &[AnyClaim("terraform_organization_")],
    ], any_kind),
    row("Buildkite", &[&[Host("agent.buildkite.com")], &[Claim("organization_slug"), Claim("pipeline_slug")]], any_kind),
    row("Vercel", &[&[Host("oidc.vercel.com")]], any_kind),
    row("Spacelift", &[&[Host("app.spacelift.io")]], any_kind),
    row("Fly.io", &[&[Host("oidc.fly.io")]], any_kind),
    row("Semaphore", &[&[Host("semaphoreci.com")]], any_kind),
    row("Codefresh", &[&[Host("oidc.codefresh.io")]], any_kind),
    row("Pulumi Cloud", &[&[Issuer("https://api.pulumi.com/oidc")]], any_kind),
    row("Sigstore", &[&[Host("oauth2.sigstore.dev")]], id),
    row("Cloudflare Access", &[&[Host("cloudflareaccess.com")]], plain),
    row("Kubernetes service account", &[
        &[Issuer("kubernetes/serviceaccount")], &[Claim("kubernetes.io")], &[AnyClaim("kubernetes.io/serviceaccount/")],
        &[Text("sub", "system:serviceaccount:")],
    ], plain),
    row("HashiCorp Nomad", &[&[Claim("nomad_job_id"), Claim("nomad_namespace")]], any_kind),
    row("HashiCorp Vault", &[&[Other("`iss` with `/v1/…/identity/oidc`", Some("iss"), |token| {
        // The search for a text takes 400 instructions.
        token.may_spell_text("/v1/") && token.iss.split_once("/v1/").is_some_and(|(_, path)| format!("/{path}/").contains("/identity/oidc/"))
    })]], id),
    row("SPIFFE", &[&[Text("sub", "spiffe://")]], plain),
    row("Docker registry", &[&[Other("`access` with `type`, `name` and `actions`", Some("access"), |token| {
        token.get("access").and_then(|access| access.pointer("/0/actions")).is_some()
    })]], access),
    row("Artifactory", &[&[Text("scp", "applied-permissions/")], &[Text("iss", "jfac@")], &[Text("iss", "jffe@")]], access),
    // Platforms
    row("Supabase", &[
        &[Host("supabase.co")], &[Issuer("supabase")], &[Issuer("supabase-demo")],
        &[Claim("role"), Other("`iss` ends with `/auth/v1`", Some("iss"), |token| token.iss.ends_with("/auth/v1"))],
    ], |token| {
        let key = !token.has("sub") && ["anon", "service_role"].contains(&token.text("role"));
        if key { Some(ApiKey) } else { (token.has("session_id") || token.has("aal")).then_some(Access) }
    }),
    row("Netlify Identity (GoTrue)", &[&[Claim("app_metadata"), Claim("user_metadata"), Claim("email")]], access),
    row("Shopify", &[&[Host("myshopify.com"), Claim("dest")]], plain),
    row("Atlassian Connect", &[&[Claim("iss"), Claim("qsh")]], plain),
    row("Adobe", &[&[Text("as", "ims-")]], any_kind),
    row("Twilio", &[&[Parameter("cty", "twilio-fpa")]], access),
    row("LiveKit", &[&[Text("iss", "API"), Claim("video")]], access),
    row("Jitsi", &[&[Audience("jitsi"), Claim("room")]], access),
    row("Mercure", &[&[Other("`mercure` is an object", Some("mercure"), |token| matches!(token.get("mercure"), Some(Value::Object(_))))]], any_kind),
    row("ThingsBoard", &[&[Issuer("thingsboard.io")]], any_kind),
    row("Directus", &[&[Issuer("directus")]], any_kind),
    row("PocketBase", &[&[Claim("collectionId"), Claim("id"), Claim("type")]], any_kind),
    row("Ghost", &[&[Audience("/admin/")], &[Audience("/v3/admin/")]], plain),
    // Servers and libraries
    row("Keycloak", &[
        &[IssuerPart("/realms/"), Claim("typ")], &[IssuerPart("/realms/"), Claim("realm_access")], &[IssuerPart("/realms/"), Claim("azp")],
        &[IssuerPart("/realms/"), Claim("session_state")],
    ], |token| (token.text("typ") == "DPoP").then_some(Access)),
    row("Hasura", &[&[Claim("https://hasura.io/jwt/claims")], &[AnyClaim("x-hasura-")], &[Issuer("hasura-auth")]], any_kind),
    row("djangorestframework-simplejwt", &[&[Other("`token_type` is `access`, `refresh` or `sliding`", Some("token_type"), |token| {
        ["access", "refresh", "sliding"].contains(&token.text("token_type"))
    }), Claim("exp"), Claim("jti")]], any_kind),
    row("Flask-JWT-Extended", &[
        &[Other(FLASK_TYPES, Some("type"), is_flask_type), Claim("jti"), Claim("fresh")], &[Other(FLASK_TYPES, Some("type"), is_flask_type), Claim("jti"), Claim("csrf")],
        &[Other(FLASK_TYPES, Some("type"), is_flask_type), Claim("jti"), Claim("identity")],
    ], any_kind),
    row("jwt-auth for Laravel", &[&[Claim("jti"), Other("`prv` of 40 characters", Some("prv"), |token| token.text("prv").len() == 40)]], any_kind),
    row("Laravel Passport", &[&[Other("`scopes` is an array", Some("scopes"), |token| {
        matches!(token.get("scopes"), Some(Value::Array(_)))
    }), Claim("aud"), Claim("jti"), Claim("nbf"), Claim("sub")]], access),
    row("Lexik JWT for Symfony", &[&[Claim("roles"), Claim("username"), Other("`roles` with `ROLE_…`", Some("roles"), |token| {
        token.get("roles").and_then(|roles| roles.pointer("/0")).and_then(Value::as_str).is_some_and(|role| role.starts_with("ROLE_"))
    })]], any_kind),
    row("JHipster", &[&[Text("auth", "ROLE_")]], any_kind),
    row("ASP.NET Core", &[
        &[AnyClaim("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/")],
        &[AnyClaim("http://schemas.microsoft.com/ws/2008/06/identity/claims/")],
    ], any_kind),
    row("FastAPI Users", &[&[Audience("fastapi-users:auth")], &[Audience("fastapi-users:reset")], &[Audience("fastapi-users:verify")]], any_kind),
    row("django-graphql-jwt", &[&[Claim("origIat"), Claim("username")]], any_kind),
    row("drf-jwt", &[&[Claim("orig_iat"), Claim("username")], &[Claim("orig_iat"), Claim("user_id")]], any_kind),
    row("JWT Authentication for WordPress", &[&[Other("`data` with `user`", Some("data"), |token| {
        token.get("data").and_then(|data| data.pointer("/user/id")).is_some()
    })]], any_kind),
    row("OAuth 2 (RFC 9068)", &[&[Other("the header parameter `typ` is `at+jwt`", None, |token| same_typ(token.typ(), "at+jwt"))]], any_kind),
];

/// Reports whether a token has the form of a provider token for Apple's push notifications: `iss` and `iat` alone. The
/// IDs of teams and of keys have ten characters.
fn is_apns(signs: &Signs<'_>) -> bool {
    let is_id = |text: &str| {
        text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    signs.has("iat")
        && signs.names().all(|name| name == "iss" || name == "iat")
        && is_id(signs.iss)
        && is_id(signs.parameter("kid"))
}

/// The audience of a Firebase custom token.
const FIREBASE_CUSTOM: &str =
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";

/// The audience of a custom token that is exchanged for an App Check token.
const APP_CHECK: &str =
    "https://firebaseappcheck.googleapis.com/google.firebase.appcheck.v1.TokenExchangeService";

/// The endpoints where a Google service account exchanges its assertion.
const GOOGLE_TOKEN_URLS: [&str; 4] = [
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/oauth2/v3/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://accounts.google.com/o/oauth2/token",
];

const FLASK_TYPES: &str = "`type` is `access` or `refresh`";

fn is_flask_type(token: &Signs<'_>) -> bool {
    ["access", "refresh"].contains(&token.text("type"))
}

/// Returns the kind by the prefix that Okta gives to token IDs.
fn okta_kind(token: &Signs<'_>) -> Option<TokenKind> {
    match token.text("jti").get(..3)? {
        "AT." => Some(Access),
        "ID." => Some(Id),
        _ => None,
    }
}

/// Returns every line of the table.
#[must_use]
pub const fn styles() -> &'static [Style] {
    STYLES
}
