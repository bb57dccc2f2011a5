//! The meaning of claims that one issuer defines: one table, with a line for each claim of an issuer.

/// The styles, each with its claims: a line for a claim and its meaning. The claims are text, because each reference in a table
/// of data costs every run of the program 11 instructions, and these were 246.
#[rustfmt::skip]
const LEGEND: &[(&str, &str)] = &[
    ("Microsoft Entra ID", "\
acct = status of the account: 0 member, 1 guest
acrs = authentication contexts
aio = internal, ignore it
app_displayname = name of the client
appid = client (v1.0 tokens)
appidacr = how the client authenticated: 0 public, 1 secret, 2 certificate
azpacr = how the client authenticated: 0 public, 1 secret, 2 certificate
deviceid = ID of the device
groups = group object IDs of the user
hasgroups = the user is in at least one group
idp = identity provider of the user
idtyp = `app` for a token without a user, `user` for one with a user
in_corp = the user signed in from the corporate network
ipaddr = IP address of the user
login_hint = hint for the next login
nameid = user ID, as in SAML
oid = object ID of the user or the service principal
onprem_sid = SID of the user in the local directory
platf = platform of the device
preferred_username = user name, which may change
puid = internal user ID
rh = internal, ignore it
roles = app roles
scp = scopes that the user granted
tenant_ctry = country of the tenant
tenant_region_scope = region of the tenant
tid = tenant ID
unique_name = user name, for display
upn = user principal name
uti = token ID
ver = version of the token format
verified_primary_email = verified email addresses
wids = tenant-wide roles of the user
xms_cc = client capabilities
xms_pl = preferred language of the user
xms_tcdt = when the tenant was created, as a NumericDate
xms_tpl = preferred language of the tenant"),
    ("GitHub Actions", "\
actor = user who started the run
actor_id = ID of the user who started the run
base_ref = target branch of a pull request
enterprise = enterprise of the repository
environment = deployment environment
event_name = event that started the run
head_ref = source branch of a pull request
job_workflow_ref = workflow that defines the job
job_workflow_sha = commit of the workflow that defines the job
ref = Git reference of the run
ref_protected = the reference is protected
ref_type = type of the reference: branch or tag
repository = repository of the run
repository_id = ID of the repository
repository_owner = owner of the repository
repository_owner_id = ID of the owner of the repository
repository_visibility = visibility of the repository
run_attempt = number of the attempt
run_id = run ID
run_number = number of the run
runner_environment = host of the runner: GitHub or the user
sha = commit of the run
workflow = name of the workflow
workflow_ref = workflow that was started
workflow_sha = commit of the workflow"),
    ("Kubernetes service account", "\
kubernetes.io = namespace, service account, and the object it is bound to
kubernetes.io/serviceaccount/namespace = namespace
kubernetes.io/serviceaccount/secret.name = name of the Secret with this token
kubernetes.io/serviceaccount/service-account.name = name of the service account
kubernetes.io/serviceaccount/service-account.uid = UID of the service account"),
    ("Keycloak", "\
acr = level of authentication
allowed-origins = origins that may use the token (CORS)
authorization = permissions (UMA)
clientAddress = IP address of the client
clientHost = host of the client
clientId = client
groups = groups of the user
organization = organizations of the user
preferred_username = user name
realm_access = roles in the realm
resource_access = roles by client
session_state = session ID
sid = session ID
trusted-certs = certificates of the user
typ = kind of token"),
];

/// Returns every line of the table: the style, the claim, and its meaning.
pub fn legend() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    LEGEND.iter().flat_map(|(style, claims)| rows(claims).map(|(claim, meaning)| (*style, claim, meaning)))
}

/// Returns the claims of a style, each with its meaning.
fn rows(claims: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    claims.lines().filter_map(|row| row.split_once(" = "))
}

/// Returns the meaning of a claim in tokens of a style.
#[must_use]
pub fn meaning(style: &str, claim: &str) -> Option<&'static str> {
    let (_, claims) = LEGEND.iter().find(|(known, _)| *known == style)?;
    rows(claims).find(|(known, _)| *known == claim).map(|(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_claims_of_an_issuer_and_of_no_other() {
        assert_eq!(meaning("Microsoft Entra ID", "tid"), Some("tenant ID"));
        assert_eq!(meaning("Keycloak", "tid"), None);
        assert_eq!(meaning("Keycloak", "realm_access"), Some("roles in the realm"));
        let all: Vec<_> = legend().collect();
        for (index, row) in all.iter().enumerate() {
            assert!(!all[..index].iter().any(|other| (other.0, other.1) == (row.0, row.1)), "{row:?}");
        }
    }
}
