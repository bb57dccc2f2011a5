//! The meaning of claims that one issuer defines: one table, with a line for each claim of an issuer.

/// The style, the claim, and its meaning.
#[rustfmt::skip]
const LEGEND: &[(&str, &str, &str)] = &[
    ("Microsoft Entra ID", "acct", "status of the account: 0 member, 1 guest"),
    ("Microsoft Entra ID", "acrs", "authentication contexts"),
    ("Microsoft Entra ID", "aio", "internal, ignore it"),
    ("Microsoft Entra ID", "app_displayname", "name of the client"),
    ("Microsoft Entra ID", "appid", "client (v1.0 tokens)"),
    ("Microsoft Entra ID", "appidacr", "how the client authenticated: 0 public, 1 secret, 2 certificate"),
    ("Microsoft Entra ID", "azpacr", "how the client authenticated: 0 public, 1 secret, 2 certificate"),
    ("Microsoft Entra ID", "deviceid", "ID of the device"),
    ("Microsoft Entra ID", "groups", "group object IDs of the user"),
    ("Microsoft Entra ID", "hasgroups", "the user is in at least one group"),
    ("Microsoft Entra ID", "idp", "identity provider of the user"),
    ("Microsoft Entra ID", "idtyp", "`app` for a token without a user, `user` for one with a user"),
    ("Microsoft Entra ID", "in_corp", "the user signed in from the corporate network"),
    ("Microsoft Entra ID", "ipaddr", "IP address of the user"),
    ("Microsoft Entra ID", "login_hint", "hint for the next login"),
    ("Microsoft Entra ID", "nameid", "user ID, as in SAML"),
    ("Microsoft Entra ID", "oid", "object ID of the user or the service principal"),
    ("Microsoft Entra ID", "onprem_sid", "SID of the user in the local directory"),
    ("Microsoft Entra ID", "platf", "platform of the device"),
    ("Microsoft Entra ID", "preferred_username", "user name, which may change"),
    ("Microsoft Entra ID", "puid", "internal user ID"),
    ("Microsoft Entra ID", "rh", "internal, ignore it"),
    ("Microsoft Entra ID", "roles", "app roles"),
    ("Microsoft Entra ID", "scp", "scopes that the user granted"),
    ("Microsoft Entra ID", "tenant_ctry", "country of the tenant"),
    ("Microsoft Entra ID", "tenant_region_scope", "region of the tenant"),
    ("Microsoft Entra ID", "tid", "tenant ID"),
    ("Microsoft Entra ID", "unique_name", "user name, for display"),
    ("Microsoft Entra ID", "upn", "user principal name"),
    ("Microsoft Entra ID", "uti", "token ID"),
    ("Microsoft Entra ID", "ver", "version of the token format"),
    ("Microsoft Entra ID", "verified_primary_email", "verified email addresses"),
    ("Microsoft Entra ID", "wids", "tenant-wide roles of the user"),
    ("Microsoft Entra ID", "xms_cc", "client capabilities"),
    ("Microsoft Entra ID", "xms_pl", "preferred language of the user"),
    ("Microsoft Entra ID", "xms_tcdt", "when the tenant was created, as a NumericDate"),
    ("Microsoft Entra ID", "xms_tpl", "preferred language of the tenant"),
    ("GitHub Actions", "actor", "user who started the run"),
    ("GitHub Actions", "actor_id", "ID of the user who started the run"),
    ("GitHub Actions", "base_ref", "target branch of a pull request"),
    ("GitHub Actions", "enterprise", "enterprise of the repository"),
    ("GitHub Actions", "environment", "deployment environment"),
    ("GitHub Actions", "event_name", "event that started the run"),
    ("GitHub Actions", "head_ref", "source branch of a pull request"),
    ("GitHub Actions", "job_workflow_ref", "workflow that defines the job"),
    ("GitHub Actions", "job_workflow_sha", "commit of the workflow that defines the job"),
    ("GitHub Actions", "ref", "Git reference of the run"),
    ("GitHub Actions", "ref_protected", "the reference is protected"),
    ("GitHub Actions", "ref_type", "type of the reference: branch or tag"),
    ("GitHub Actions", "repository", "repository of the run"),
    ("GitHub Actions", "repository_id", "ID of the repository"),
    ("GitHub Actions", "repository_owner", "owner of the repository"),
    ("GitHub Actions", "repository_owner_id", "ID of the owner of the repository"),
    ("GitHub Actions", "repository_visibility", "visibility of the repository"),
    ("GitHub Actions", "run_attempt", "number of the attempt"),
    ("GitHub Actions", "run_id", "run ID"),
    ("GitHub Actions", "run_number", "number of the run"),
    ("GitHub Actions", "runner_environment", "host of the runner: GitHub or the user"),
    ("GitHub Actions", "sha", "commit of the run"),
    ("GitHub Actions", "workflow", "name of the workflow"),
    ("GitHub Actions", "workflow_ref", "workflow that was started"),
    ("GitHub Actions", "workflow_sha", "commit of the workflow"),
    ("Kubernetes service account", "kubernetes.io", "namespace, service account, and the object it is bound to"),
    ("Kubernetes service account", "kubernetes.io/serviceaccount/namespace", "namespace"),
    ("Kubernetes service account", "kubernetes.io/serviceaccount/secret.name", "name of the Secret with this token"),
    ("Kubernetes service account", "kubernetes.io/serviceaccount/service-account.name", "name of the service account"),
    ("Kubernetes service account", "kubernetes.io/serviceaccount/service-account.uid", "UID of the service account"),
    ("Keycloak", "acr", "level of authentication"),
    ("Keycloak", "allowed-origins", "origins that may use the token (CORS)"),
    ("Keycloak", "authorization", "permissions (UMA)"),
    ("Keycloak", "clientAddress", "IP address of the client"),
    ("Keycloak", "clientHost", "host of the client"),
    ("Keycloak", "clientId", "client"),
    ("Keycloak", "groups", "groups of the user"),
    ("Keycloak", "organization", "organizations of the user"),
    ("Keycloak", "preferred_username", "user name"),
    ("Keycloak", "realm_access", "roles in the realm"),
    ("Keycloak", "resource_access", "roles by client"),
    ("Keycloak", "session_state", "session ID"),
    ("Keycloak", "sid", "session ID"),
    ("Keycloak", "trusted-certs", "certificates of the user"),
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
