//! The meaning of claims that one issuer defines: one table, with a line for each claim of an issuer.

/// The style, the claim, and its meaning.
const LEGEND: &[(&str, &str, &str)] = &[
    ("Microsoft Entra ID", "acrs", "authentication contexts"),
    ("Microsoft Entra ID", "aio", "internal, ignore it"),
    ("Microsoft Entra ID", "appid", "client (v1.0 tokens)"),
    ("Microsoft Entra ID", "appidacr", "how the client authenticated: 0 public, 1 secret, 2 certificate"),
    ("Microsoft Entra ID", "azpacr", "how the client authenticated: 0 public, 1 secret, 2 certificate"),
    ("Microsoft Entra ID", "groups", "group object IDs of the user"),
    ("Microsoft Entra ID", "idp", "identity provider of the user"),
    ("Microsoft Entra ID", "idtyp", "`app` for a token without a user"),
    ("Microsoft Entra ID", "oid", "object ID of the user or the service principal"),
    ("Microsoft Entra ID", "preferred_username", "user name, which may change"),
    ("Microsoft Entra ID", "rh", "internal, ignore it"),
    ("Microsoft Entra ID", "roles", "app roles"),
    ("Microsoft Entra ID", "tid", "tenant ID"),
    ("Microsoft Entra ID", "unique_name", "user name, for display"),
    ("Microsoft Entra ID", "upn", "user principal name"),
    ("Microsoft Entra ID", "uti", "token ID"),
    ("Microsoft Entra ID", "ver", "version of the token format"),
    ("Microsoft Entra ID", "wids", "tenant-wide roles of the user"),
    ("Microsoft Entra ID", "xms_cc", "client capabilities"),
    ("GitHub Actions", "actor", "user who started the run"),
    ("GitHub Actions", "environment", "deployment environment"),
    ("GitHub Actions", "event_name", "event that started the run"),
    ("GitHub Actions", "job_workflow_ref", "workflow that defines the job"),
    ("GitHub Actions", "ref", "Git reference of the run"),
    ("GitHub Actions", "repository", "repository of the run"),
    ("GitHub Actions", "repository_owner", "owner of the repository"),
    ("GitHub Actions", "repository_visibility", "visibility of the repository"),
    ("GitHub Actions", "run_attempt", "number of the attempt"),
    ("GitHub Actions", "run_id", "run ID"),
    ("GitHub Actions", "runner_environment", "who hosts the runner"),
    ("GitHub Actions", "sha", "commit of the run"),
    ("GitHub Actions", "workflow", "name of the workflow"),
    (
        "Kubernetes service account",
        "kubernetes.io",
        "namespace, service account, and the object it is bound to",
    ),
    ("Kubernetes service account", "kubernetes.io/serviceaccount/namespace", "namespace"),
    (
        "Kubernetes service account",
        "kubernetes.io/serviceaccount/secret.name",
        "name of the Secret with this token",
    ),
    (
        "Kubernetes service account",
        "kubernetes.io/serviceaccount/service-account.name",
        "name of the service account",
    ),
    (
        "Kubernetes service account",
        "kubernetes.io/serviceaccount/service-account.uid",
        "UID of the service account",
    ),
    ("Keycloak", "acr", "level of authentication"),
    ("Keycloak", "allowed-origins", "origins that may use the token (CORS)"),
    ("Keycloak", "preferred_username", "user name"),
    ("Keycloak", "realm_access", "roles in the realm"),
    ("Keycloak", "resource_access", "roles by client"),
    ("Keycloak", "session_state", "session ID"),
    ("Keycloak", "sid", "session ID"),
    ("Keycloak", "typ", "kind of token"),
];

/// Returns every line of the table: the style, the claim, and its meaning.
#[must_use]
pub const fn legend() -> &'static [(&'static str, &'static str, &'static str)] {
    LEGEND
}

/// Returns the meaning of a claim in tokens of a style.
#[must_use]
pub fn meaning(style: &str, claim: &str) -> Option<&'static str> {
    LEGEND.iter().find(|row| row.0 == style && row.1 == claim).map(|row| row.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_claims_of_an_issuer_and_of_no_other() {
        assert_eq!(meaning("Microsoft Entra ID", "tid"), Some("tenant ID"));
        assert_eq!(meaning("Keycloak", "tid"), None);
        assert_eq!(meaning("Keycloak", "realm_access"), Some("roles in the realm"));
        for (index, row) in LEGEND.iter().enumerate() {
            assert!(!LEGEND[..index].iter().any(|other| (other.0, other.1) == (row.0, row.1)), "{row:?}");
        }
    }
}
