//! Tests of kinds and styles: a token for each line of both tables, made from the documented claims, and tokens that only
//! look similar.

use super::super::base64url;
use super::*;
use crate::core::token::jws::Compact;

/// Returns how reports name a token: `ID token (Google)`.
fn look(header: &str, payload: &str) -> String {
    let encode = |text: &str| base64url::encode(text.as_bytes());
    let text = format!("{}.{}.AA", encode(header), encode(payload));
    let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
    let token = Token::parse(&compact);
    assert!(token.unverified_claims().is_some(), "{payload}");
    let found = Classification::from_token(&token);
    format!("{} ({})", found.kind.description(), found.style.unwrap_or("-"))
}

/// The name in reports, the header if it matters, and the claims.
#[rustfmt::skip]
const SAMPLES: &[(&str, &str, &str)] = &[
    // Kinds by their claims, without a declared type
    ("logout token (-)", "{}", r#"{"iss":"https://as.test","sub":"u","aud":"c","iat":1,"jti":"j","events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#),
    ("logout token (-)", "{}", r#"{"iss":"https://as.test","sid":"s","aud":"c","iat":1,"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#),
    ("security event token (-)", "{}", r#"{"iss":"https://as.test","jti":"j","iat":1,"aud":"c","sid":"s","events":{"https://schemas.openid.net/secevent/caep/event-type/session-revoked":{}}}"#),
    ("security event token (Google)", "{}", r#"{"iss":"https://accounts.google.com/","aud":"c","iat":1,"jti":"j","events":{"https://schemas.openid.net/secevent/risc/event-type/account-disabled":{"subject":{}}}}"#),
    ("introspection response (-)", "{}", r#"{"iss":"https://as.test","aud":"api","iat":1,"token_introspection":{"active":false}}"#),
    ("status list token (-)", "{}", r#"{"sub":"https://s.test/1","iat":1,"ttl":43200,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}"#),
    ("DPoP proof (-)", "{}", r#"{"jti":"j","htm":"GET","htu":"https://api.test/me","iat":1,"ath":"x","nonce":"n"}"#),
    ("key-binding JWT (-)", "{}", r#"{"nonce":"n","aud":"https://v.test","iat":1,"sd_hash":"x"}"#),
    ("SD-JWT credential (-)", "{}", r#"{"iss":"https://i.test","_sd":["x"],"_sd_alg":"sha-256"}"#),
    ("SD-JWT credential (-)", "{}", r#"{"iss":"https://i.test","vct":"https://c.test/id","cnf":{"jwk":{}}}"#),
    ("verifiable credential (-)", "{}", r#"{"iss":"did:example:1","sub":"did:example:2","nbf":1,"vc":{"@context":[],"type":["VerifiableCredential"],"credentialSubject":{}}}"#),
    ("verifiable presentation (-)", "{}", r#"{"iss":"did:example:2","aud":"v","nonce":"n","vp":{"type":["VerifiablePresentation"],"verifiableCredential":[]}}"#),
    ("entity statement (-)", "{}", r#"{"iss":"https://o.test","sub":"https://o.test","iat":1,"exp":2,"jwks":{"keys":[]},"metadata":{},"authority_hints":["https://t.test"]}"#),
    ("authorization request object (-)", "{}", r#"{"iss":"c","aud":"https://as.test","response_type":"code","client_id":"c","nonce":"n","scope":"openid"}"#),
    ("authorization request object (-)", "{}", r#"{"iss":"c","aud":"https://as.test","client_id":"c","redirect_uri":"https://c.test/cb","scope":"openid"}"#),
    ("authorization response (-)", "{}", r#"{"iss":"https://as.test","aud":"c","exp":1,"code":"x","state":"s"}"#),
    ("authorization response (-)", "{}", r#"{"iss":"https://as.test","aud":"c","exp":1,"code":"x"}"#),
    ("authorization response (-)", "{}", r#"{"iss":"https://as.test","aud":"c","exp":1,"error":"access_denied","state":"s"}"#),
    ("authorization response (-)", "{}", r#"{"iss":"https://as.test","aud":"c","exp":1,"access_token":"x","token_type":"bearer","expires_in":"60","state":"s"}"#),
    ("client assertion (-)", "{}", r#"{"iss":"c","sub":"c","aud":"https://as.test/token","jti":"j","exp":1}"#),
    ("client assertion (-)", "{}", r#"{"iss":"c","sub":"c","aud":["https://as.test"],"exp":1,"iat":1}"#),
    ("JWT bearer assertion (-)", "{}", r#"{"iss":"c","sub":"u","aud":"https://as.test/oauth2/token","exp":1,"scope":"a"}"#),
    ("ID token (-)", "{}", r#"{"iss":"https://as.test","sub":"u","aud":"c","exp":1,"iat":1,"nonce":"n"}"#),
    ("access token (-)", "{}", r#"{"iss":"https://as.test","sub":"u","exp":1,"client_id":"c"}"#),
    ("refresh token (-)", "{}", r#"{"type":"refresh","sub":"u"}"#),
    ("sliding token (-)", "{}", r#"{"token_type":"sliding"}"#),
    ("JWT (-)", "{}", r#"{"sub":"u","exp":1}"#),
    // Apple and Google
    ("JWT (App Store Connect)", r#"{"alg":"ES256","kid":"K","typ":"JWT"}"#, r#"{"iss":"57246542-96fe-1a63-e053-0824d011072a","iat":1,"exp":2,"aud":"appstoreconnect-v1"}"#),
    ("JWT (App Store Connect)", "{}", r#"{"sub":"user","iat":1,"exp":2,"aud":"appstoreconnect-v1","scope":["GET /v1/apps"]}"#),
    ("signed data (App Store)", "{}", r#"{"transactionId":"1","bundleId":"com.example","environment":"Sandbox"}"#),
    ("signed data (App Store)", "{}", r#"{"notificationType":"TEST","notificationUUID":"u","data":{}}"#),
    ("signed data (App Store)", "{}", r#"{"originalTransactionId":"1","autoRenewProductId":"p","autoRenewStatus":1}"#),
    ("signed data (App Store)", "{}", r#"{"receiptType":"Sandbox","bundleId":"com.example","applicationVersion":"1"}"#),
    ("provider token (Apple Push Notification service)", r#"{"alg":"ES256","kid":"ABC123DEFG"}"#, r#"{"iss":"DEF123GHIJ","iat":1437179036}"#),
    ("security event token (Apple)", "{}", r#"{"iss":"https://appleid.apple.com","aud":"com.x","iat":1,"jti":"j","events":"{\"type\":\"consent-revoked\"}"}"#),
    ("ID token (Apple)", "{}", r#"{"iss":"https://appleid.apple.com","aud":"com.x","sub":"001.x","nonce_supported":true}"#),
    ("client secret (Apple)", "{}", r#"{"iss":"TEAM","iat":1,"exp":2,"aud":"https://appleid.apple.com","sub":"com.x"}"#),
    ("JWT (Firebase App Check)", "{}", r#"{"iss":"https://firebaseappcheck.googleapis.com/17","sub":"1:17:web:a","aud":["projects/17","projects/p"],"exp":2,"iat":1}"#),
    ("custom token (Firebase App Check)", "{}", r#"{"iss":"a@p.iam.gserviceaccount.com","sub":"a@p.iam.gserviceaccount.com","app_id":"1:17:web:a","aud":"https://firebaseappcheck.googleapis.com/google.firebase.appcheck.v1.TokenExchangeService","exp":2}"#),
    ("custom token (Firebase)", "{}", r#"{"iss":"a@p.iam.gserviceaccount.com","sub":"a@p.iam.gserviceaccount.com","uid":"u","aud":"https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit","exp":2,"claims":{"premium":true}}"#),
    ("session cookie (Firebase)", "{}", r#"{"iss":"https://session.firebase.google.com/p","aud":"p","sub":"u","exp":2}"#),
    ("ID token (Firebase)", "{}", r#"{"iss":"https://securetoken.google.com/p","aud":"p","sub":"u","user_id":"u","exp":2}"#),
    ("JWT (Google IAP)", "{}", r#"{"iss":"https://cloud.google.com/iap","aud":"/projects/1/apps/p","sub":"accounts.google.com:1","email":"a@b.test","exp":2}"#),
    ("JWT (Google Chat)", "{}", r#"{"iss":"chat@system.gserviceaccount.com","aud":"17","exp":2}"#),
    ("JWT (Google Wallet)", "{}", r#"{"iss":"a@p.iam.gserviceaccount.com","aud":"google","typ":"savetowallet","payload":{}}"#),
    ("JWT bearer assertion (Google service account)", "{}", r#"{"iss":"a@p.iam.gserviceaccount.com","scope":"s","aud":"https://oauth2.googleapis.com/token","exp":2,"iat":1}"#),
    ("JWT bearer assertion (Google service account)", "{}", r#"{"iss":"1-compute@developer.gserviceaccount.com","sub":"u@corp.test","scope":"s","aud":"https://www.googleapis.com/oauth2/v4/token","exp":2}"#),
    ("JWT (Google service account)", "{}", r#"{"iss":"a@p.iam.gserviceaccount.com","sub":"a@p.iam.gserviceaccount.com","aud":"https://storage.googleapis.com/","exp":2}"#),
    ("ID token (Google)", "{}", r#"{"iss":"accounts.google.com","azp":"1","aud":"1","sub":"1","exp":2}"#),
    // Microsoft
    ("ID token (Azure AD B2C)", "{}", r#"{"iss":"https://x.b2clogin.com/t/v2.0/","tfp":"B2C_1_signin","nonce":"n","aud":"c"}"#),
    ("access token (Azure AD B2C)", "{}", r#"{"iss":"https://login.shop.test/t/v2.0/","tfp":"B2C_1A_signin","scp":"read","aud":"c"}"#),
    ("ID token (Azure AD B2C)", "{}", r#"{"iss":"https://login.shop.test/t/v2.0/","acr":"b2c_1_signin","aud":"c"}"#),
    ("access token (Microsoft Entra ID)", "{}", r#"{"iss":"https://login.microsoftonline.com/t/v2.0","azp":"c","azpacr":"1","roles":["a"],"ver":"2.0"}"#),
    ("ID token (Microsoft Entra ID)", "{}", r#"{"iss":"https://login.microsoftonline.com/t/v2.0","name":"A","tid":"t","ver":"2.0"}"#),
    ("access token (Microsoft Entra ID)", "{}", r#"{"iss":"https://sts.windows.net/t/","appid":"c","tid":"t","ver":"1.0"}"#),
    ("ID token (Microsoft Entra ID)", "{}", r#"{"iss":"https://shop.ciamlogin.com/t/v2.0","nonce":"n"}"#),
    ("JWT (Microsoft Bot Framework)", "{}", r#"{"iss":"https://api.botframework.com","aud":"a","serviceurl":"https://smba.test/"}"#),
    ("JWT (Azure DevOps)", "{}", r#"{"iss":"https://vstoken.dev.azure.com/o","sub":"sc://o/p/c","aud":"api://AzureADTokenExchange"}"#),
    // Identity providers
    ("access token (Auth0)", "{}", r#"{"iss":"https://x.eu.auth0.com/","sub":"c@clients","aud":"api","gty":"client-credentials"}"#),
    ("access token (Auth0)", "{}", r#"{"iss":"https://login.shop.test/","sub":"c@clients","aud":"api","azp":"c","gty":"client-credentials"}"#),
    ("ID token (Auth0)", "{}", r#"{"iss":"https://x.auth0.com/","sub":"auth0|1","aud":"c","nonce":"n"}"#),
    ("access token (Okta)", "{}", r#"{"iss":"https://login.shop.test","ver":1,"jti":"AT.x","cid":"c"}"#),
    ("ID token (Okta)", "{}", r#"{"iss":"https://x.okta.com","ver":1,"jti":"ID.x"}"#),
    ("ID token (Amazon Cognito)", "{}", r#"{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/p","token_use":"id"}"#),
    ("access token (Amazon Cognito)", "{}", r#"{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/p","token_use":"access"}"#),
    ("JWT (AWS Application Load Balancer)", r#"{"alg":"ES256","kid":"k","signer":"arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/1","iss":"https://i.test","client":"c","exp":2}"#, r#"{"sub":"u","email":"a@b.test"}"#),
    ("JWT (AWS Application Load Balancer)", r#"{"signer":"arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:1:loadbalancer/app/x/1"}"#, r#"{"sub":"u"}"#),
    ("JWT (AWS Verified Access)", r#"{"signer":"arn:aws:ec2:eu-west-1:1:verified-access-instance/vai-1"}"#, r#"{"sub":"u"}"#),
    ("JWT (AWS IAM Identity Center)", "{}", r#"{"iss":"https://identitycenter.amazonaws.com/ssoins-1","sub":"u"}"#),
    ("JWT (OneLogin)", "{}", r#"{"iss":"https://x.onelogin.com/oidc/2","sub":"1"}"#),
    ("access token (PingOne)", "{}", r#"{"iss":"https://auth.pingone.eu/e/as","client_id":"c"}"#),
    ("JWT (JumpCloud)", "{}", r#"{"iss":"https://oauth.id.jumpcloud.com/","sub":"u"}"#),
    ("JWT (Clerk)", "{}", r#"{"iss":"https://x.clerk.accounts.dev","sub":"user_1","sid":"sess_1"}"#),
    ("JWT (Clerk)", "{}", r#"{"iss":"https://clerk.shop.test","sub":"user_1","sid":"sess_1","azp":"https://shop.test"}"#),
    ("JWT (WorkOS)", "{}", r#"{"iss":"https://api.workos.com/user_management/client_1","sub":"user_1","sid":"session_1"}"#),
    ("JWT (Stytch)", "{}", r#"{"iss":"stytch.com/project-test-1","sub":"user-test-1","https://stytch.com/session":{}}"#),
    ("JWT (Descope)", "{}", r#"{"iss":"https://api.descope.com/P1","sub":"U1","drn":"DS"}"#),
    ("JWT (Kinde)", "{}", r#"{"iss":"https://x.kinde.com","sub":"kp_1"}"#),
    ("JWT (Logto)", "{}", r#"{"iss":"https://x.logto.app/oidc","sub":"u"}"#),
    ("JWT (Zitadel)", "{}", r#"{"iss":"https://login.shop.test","sub":"1","urn:zitadel:iam:org:project:roles":{}}"#),
    ("access token (FusionAuth)", "{}", r#"{"iss":"shop.test","sub":"u","aud":"c","authenticationType":"PASSWORD","applicationId":"c","roles":[]}"#),
    ("JWT (Ory)", "{}", r#"{"iss":"https://x.projects.oryapis.com","sub":"u"}"#),
    ("JWT (authentik)", "{}", r#"{"iss":"https://auth.shop.test/application/o/grafana/","sub":"u"}"#),
    ("ID token (Dex)", "{}", r#"{"iss":"https://dex.shop.test","sub":"u","aud":"c","federated_claims":{"connector_id":"ldap"}}"#),
    ("access token (Cloud Foundry UAA)", "{}", r#"{"iss":"https://uaa.test/oauth/token","zid":"uaa","rev_sig":"a","cid":"cf","client_id":"cf","origin":"uaa"}"#),
    ("JWT (SAP Cloud Identity Services)", "{}", r#"{"iss":"https://x.accounts.ondemand.com","sub":"u"}"#),
    ("JWT bearer assertion (Salesforce)", "{}", r#"{"iss":"3MVG9","sub":"u@corp.test","aud":"https://login.salesforce.com","exp":1}"#),
    ("ID token (Salesforce)", "{}", r#"{"iss":"https://x.my.salesforce.com","sub":"https://login.salesforce.com/id/1/2","aud":"c","at_hash":"h"}"#),
    ("JWT (Snowflake)", "{}", r#"{"iss":"ORG-ACCT.USER.SHA256:abc","sub":"ORG-ACCT.USER","iat":1,"exp":2}"#),
    ("JWT bearer assertion (Box)", "{}", r#"{"iss":"c","sub":"1","box_sub_type":"enterprise","aud":"https://api.box.com/oauth2/token","jti":"j","exp":1}"#),
    ("JWT bearer assertion (DocuSign)", "{}", r#"{"iss":"c","sub":"u","aud":"account-d.docusign.com","scope":"signature impersonation"}"#),
    ("ID token (LINE)", "{}", r#"{"iss":"https://access.line.me","sub":"U1","aud":"1"}"#),
    ("ID token (Twitch)", "{}", r#"{"iss":"https://id.twitch.tv/oauth2","sub":"1","aud":"c"}"#),
    ("ID token (Facebook)", "{}", r#"{"iss":"https://www.facebook.com","aud":"1","sub":"1"}"#),
    ("ID token (LinkedIn)", "{}", r#"{"iss":"https://www.linkedin.com/oauth","aud":"1","sub":"1"}"#),
    ("ID token (Yahoo)", "{}", r#"{"iss":"https://api.login.yahoo.com","aud":"1","sub":"1"}"#),
    ("ID token (Kakao)", "{}", r#"{"iss":"https://kauth.kakao.com","aud":"1","sub":"1"}"#),
    ("ID token (Slack)", "{}", r#"{"iss":"https://slack.com","aud":"1","sub":"U1","https://slack.com/team_id":"T1"}"#),
    // Builds and workloads
    ("JWT (GitHub Actions)", "{}", r#"{"iss":"https://token.actions.githubusercontent.com","sub":"repo:a/b:ref:refs/heads/main","aud":"x"}"#),
    ("JWT (GitHub Actions)", "{}", r#"{"iss":"https://git.test/_services/token","sub":"repo:a/b:environment:prod","repository":"a/b","job_workflow_ref":"w"}"#),
    ("JWT (GitHub Actions)", "{}", r#"{"iss":"https://git.test/_services/token","sub":"repo:a/b:environment:prod","repository":"a/b","run_id":"1","workflow":"w"}"#),
    ("JWT (GitHub App)", "{}", r#"{"iss":"Iv23abc","iat":1,"exp":2}"#),
    ("JWT (GitLab CI)", "{}", r#"{"iss":"https://gl.test","sub":"project_path:a/b:ref_type:branch:ref:main","project_path":"a/b","job_id":"1"}"#),
    ("JWT (GitLab CI)", "{}", r#"{"iss":"https://gitlab.com","sub":"project_path:a/b:ref_type:branch:ref:main","aud":"x"}"#),
    ("ID token (GitLab)", "{}", r#"{"iss":"https://gitlab.com","sub":"1","aud":"c","nonce":"n","groups_direct":["a"]}"#),
    ("JWT (Bitbucket Pipelines)", "{}", r#"{"iss":"https://api.bitbucket.org/2.0/workspaces/w/pipelines-config/identity/oidc","aud":"ari:cloud:bitbucket::workspace/u","pipelineUuid":"{p}"}"#),
    ("JWT (CircleCI)", "{}", r#"{"iss":"https://oidc.circleci.com/org/1","sub":"org/1/project/2/user/3","oidc.circleci.com/project-id":"2"}"#),
    ("JWT (CircleCI)", "{}", r#"{"iss":"https://ci.test/org/1","oidc.circleci.com/project-id":"2"}"#),
    ("JWT (Terraform Cloud)", "{}", r#"{"iss":"https://app.terraform.io","sub":"organization:a:project:p:workspace:w:run_phase:apply","aud":"x"}"#),
    ("JWT (Terraform Cloud)", "{}", r#"{"iss":"https://tfe.test","terraform_run_phase":"apply"}"#),
    ("JWT (Buildkite)", "{}", r#"{"iss":"https://agent.buildkite.com","sub":"organization:a:pipeline:p:ref:refs/heads/main"}"#),
    ("JWT (Vercel)", "{}", r#"{"iss":"https://oidc.vercel.com/acme","sub":"owner:acme:project:p:environment:production"}"#),
    ("JWT (Spacelift)", "{}", r#"{"iss":"https://acme.app.spacelift.io","sub":"space:root:stack:s:run_type:TRACKED:scope:write"}"#),
    ("JWT (Fly.io)", "{}", r#"{"iss":"https://oidc.fly.io/acme","sub":"acme:app:machine"}"#),
    ("JWT (Semaphore)", "{}", r#"{"iss":"https://acme.semaphoreci.com","sub":"org:acme:project:p:repo:r"}"#),
    ("JWT (Codefresh)", "{}", r#"{"iss":"https://oidc.codefresh.io","sub":"account:1:pipeline:2"}"#),
    ("JWT (Pulumi Cloud)", "{}", r#"{"iss":"https://api.pulumi.com/oidc","sub":"pulumi:deploy:org:a:project:p"}"#),
    ("ID token (Sigstore)", "{}", r#"{"iss":"https://oauth2.sigstore.dev/auth","aud":"sigstore","sub":"u","nonce":"n"}"#),
    ("JWT (Cloudflare Access)", "{}", r#"{"iss":"https://x.cloudflareaccess.com","aud":["a"],"type":"app","identity_nonce":"n"}"#),
    ("JWT (Cloudflare Access)", "{}", r#"{"iss":"https://x.cloudflareaccess.com","aud":["a"],"common_name":"c.access"}"#),
    ("JWT (Kubernetes service account)", "{}", r#"{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:d:s","aud":["x"]}"#),
    ("JWT (Kubernetes service account)", "{}", r#"{"iss":"https://oidc.eks.eu-west-1.amazonaws.com/id/1","kubernetes.io":{"namespace":"d"}}"#),
    ("JWT (Kubernetes service account)", "{}", r#"{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"d"}"#),
    ("JWT (HashiCorp Nomad)", "{}", r#"{"nomad_namespace":"default","nomad_job_id":"j","nomad_task":"t","sub":"global:default:j:g:t:default"}"#),
    ("ID token (HashiCorp Vault)", "{}", r#"{"iss":"https://v.test:8200/v1/identity/oidc","aud":"c","namespace":"root","sub":"e"}"#),
    ("ID token (HashiCorp Vault)", "{}", r#"{"iss":"https://v.test/v1/admin/identity/oidc/provider/default","aud":"c","sub":"e"}"#),
    ("JWT (SPIFFE)", "{}", r#"{"sub":"spiffe://d.test/x","aud":["a"],"exp":2}"#),
    ("access token (Docker registry)", "{}", r#"{"iss":"auth.docker.io","sub":"","aud":"registry.docker.io","access":[{"type":"repository","name":"library/alpine","actions":["pull"]}]}"#),
    ("access token (Artifactory)", "{}", r#"{"iss":"jffe@01","sub":"jfac@01/users/a","scp":"applied-permissions/user","aud":"*@*"}"#),
    // Platforms
    ("API key (Supabase)", "{}", r#"{"iss":"supabase","ref":"r","role":"anon","iat":1,"exp":2}"#),
    ("API key (Supabase)", "{}", r#"{"iss":"supabase-demo","role":"service_role","exp":2}"#),
    ("access token (Supabase)", "{}", r#"{"iss":"https://r.supabase.co/auth/v1","sub":"u","role":"authenticated","aal":"aal1"}"#),
    ("access token (Supabase)", "{}", r#"{"iss":"https://r.supabase.co/auth/v1","sub":"u","role":"anon","session_id":"s"}"#),
    ("access token (Supabase)", "{}", r#"{"iss":"http://127.0.0.1:54321/auth/v1","sub":"u","role":"authenticated","session_id":"s"}"#),
    ("access token (Netlify Identity (GoTrue))", "{}", r#"{"exp":2,"sub":"u","email":"a@b.test","app_metadata":{},"user_metadata":{}}"#),
    ("JWT (Shopify)", "{}", r#"{"iss":"https://x.myshopify.com/admin","dest":"https://x.myshopify.com","aud":"k","sub":"1","sid":"s"}"#),
    ("JWT (Atlassian Connect)", "{}", r#"{"iss":"app","iat":1,"exp":2,"qsh":"8063ff4ca1e41df7bc90c8ab6d0f6207d491cf6dad7c66ea797b4614b71922e9"}"#),
    ("access token (Adobe)", "{}", r#"{"id":"1","type":"access_token","client_id":"c","as":"ims-na1","created_at":"1","expires_in":"1","scope":"openid"}"#),
    ("access token (Twilio)", r#"{"cty":"twilio-fpa;v=1","typ":"JWT","alg":"HS256"}"#, r#"{"jti":"SK1-1","iss":"SK1","sub":"AC1","grants":{"identity":"a"}}"#),
    ("access token (LiveKit)", "{}", r#"{"iss":"APIabc","sub":"a","nbf":1,"exp":2,"video":{"room":"r","roomJoin":true}}"#),
    ("access token (Jitsi)", "{}", r#"{"aud":"jitsi","iss":"chat","sub":"vpaas","room":"*","context":{}}"#),
    ("JWT (Mercure)", "{}", r#"{"mercure":{"publish":["*"]}}"#),
    ("JWT (ThingsBoard)", "{}", r#"{"iss":"thingsboard.io","sub":"a@b.test","scopes":["TENANT_ADMIN"],"userId":"u"}"#),
    ("JWT (Directus)", "{}", r#"{"iss":"directus","id":"u","role":"r","app_access":true,"admin_access":true}"#),
    ("JWT (PocketBase)", "{}", r#"{"collectionId":"_pb_users_auth_","exp":2,"id":"r","refreshable":true,"type":"auth"}"#),
    ("JWT (Ghost)", r#"{"alg":"HS256","kid":"64a"}"#, r#"{"iat":1,"exp":2,"aud":"/admin/"}"#),
    // Servers and libraries
    ("access token (Keycloak)", "{}", r#"{"iss":"https://k.test/realms/r","typ":"Bearer","azp":"c"}"#),
    ("access token (Keycloak)", "{}", r#"{"iss":"https://k.test/auth/realms/r","typ":"DPoP","azp":"c"}"#),
    ("refresh token (Keycloak)", "{}", r#"{"iss":"https://k.test/realms/r","typ":"Offline","exp":0}"#),
    ("ID token (Keycloak)", "{}", r#"{"iss":"https://k.test/realms/r","typ":"ID","aud":"c"}"#),
    ("JWT (Hasura)", "{}", r#"{"sub":"1","https://hasura.io/jwt/claims":{"x-hasura-default-role":"user"}}"#),
    ("JWT (Hasura)", "{}", r#"{"sub":"1","x-hasura-default-role":"user","x-hasura-allowed-roles":["user"]}"#),
    ("access token (djangorestframework-simplejwt)", "{}", r#"{"token_type":"access","exp":2,"jti":"j","user_id":1}"#),
    ("sliding token (djangorestframework-simplejwt)", "{}", r#"{"token_type":"sliding","exp":2,"refresh_exp":3,"jti":"j"}"#),
    ("access token (Flask-JWT-Extended)", "{}", r#"{"fresh":true,"iat":1,"jti":"j","type":"access","sub":"1","nbf":1,"exp":2}"#),
    ("refresh token (Flask-JWT-Extended)", "{}", r#"{"iat":1,"nbf":1,"jti":"j","exp":2,"identity":"a","type":"refresh"}"#),
    ("refresh token (Flask-JWT-Extended)", "{}", r#"{"jti":"j","type":"refresh","csrf":"c"}"#),
    ("JWT (jwt-auth for Laravel)", "{}", r#"{"iss":"http://l.test/api/login","iat":1,"exp":2,"nbf":1,"jti":"j","sub":"1","prv":"23bd5c8949f600adb39e701c400872db7a5976f7"}"#),
    ("access token (Laravel Passport)", "{}", r#"{"aud":"1","jti":"j","iat":1,"nbf":1,"exp":2,"sub":"1","scopes":[]}"#),
    ("JWT (Lexik JWT for Symfony)", "{}", r#"{"iat":1,"exp":2,"roles":["ROLE_USER"],"username":"a"}"#),
    ("JWT (JHipster)", "{}", r#"{"sub":"admin","auth":"ROLE_ADMIN,ROLE_USER","exp":2}"#),
    ("JWT (ASP.NET Core)", "{}", r#"{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name":"a","http://schemas.microsoft.com/ws/2008/06/identity/claims/role":"Admin","exp":2}"#),
    ("JWT (FastAPI Users)", "{}", r#"{"sub":"1","aud":["fastapi-users:auth"],"exp":2}"#),
    ("JWT (django-graphql-jwt)", "{}", r#"{"username":"a","exp":2,"origIat":1}"#),
    ("JWT (drf-jwt)", "{}", r#"{"username":"a","orig_iat":1}"#),
    ("JWT (JWT Authentication for WordPress)", "{}", r#"{"iss":"https://wp.test","iat":1,"nbf":1,"exp":2,"data":{"user":{"id":"1"}}}"#),
    ("access token (OAuth 2 (RFC 9068))", r#"{"typ":"at+jwt"}"#, r#"{"iss":"https://as.test"}"#),
];

/// Tokens of no kind, with a claim or a host that others have, too.
const LOOKALIKES: &[&str] = &[
    r#"{"sub":"u","code":"123456"}"#,
    r#"{"iss":"app","aud":"app","sub":"u","code":"123456","exp":1}"#,
    r#"{"sub":"u","events":{"login":3}}"#,
    r#"{"sub":"u","events":["login"]}"#,
    r#"{"sub":"u","htm":"GET"}"#,
    r#"{"sub":"u","sd_hash":"x"}"#,
    r#"{"sub":"u","vct":"x"}"#,
    r#"{"sub":"u","vc":"x","vp":"y"}"#,
    r#"{"sub":"u","token_introspection":true}"#,
    r#"{"sub":"u","status_list":["a"]}"#,
    r#"{"sub":"u","response_type":"code"}"#,
    r#"{"sub":"u","redirect_uri":"https://c.test/cb"}"#,
    r#"{"sub":"u","iss":"c","aud":"api"}"#,
    r#"{"sub":"u","iss":"u"}"#,
    r#"{"sub":"u","state":"s","error":"x"}"#,
    r#"{"sub":"u","uid":"x"}"#,
    r#"{"sub":"u","role":"service_role"}"#,
    r#"{"sub":"u","role":"anon"}"#,
    r#"{"sub":"u","type":"app"}"#,
    r#"{"sub":"u","type":"customer"}"#,
    r#"{"sub":"u","fresh":true}"#,
    r#"{"sub":"u","tfp":"x"}"#,
    r#"{"sub":"u","acr":"1"}"#,
    r#"{"sub":"u","ver":1}"#,
    r#"{"sub":"u","jti":"AT.x"}"#,
    r#"{"sub":"u","gty":"password"}"#,
    r#"{"sub":"u","oid":"o","tid":"t"}"#,
    r#"{"sub":"u","repository":"a/b"}"#,
    r#"{"sub":"u","project_path":"a/b"}"#,
    r#"{"sub":"u","pipelineUuid":"x"}"#,
    r#"{"sub":"u","terraform_version":"1"}"#,
    r#"{"sub":"u","namespace":"default"}"#,
    r#"{"sub":"u","nomad_namespace":"default"}"#,
    r#"{"sub":"system:user"}"#,
    r#"{"sub":"u","sid":"sess_1"}"#,
    r#"{"sub":"u","dest":"https://x.test"}"#,
    r#"{"sub":"u","room":"r","video":{}}"#,
    r#"{"sub":"u","mercure":true}"#,
    r#"{"sub":"u","collectionId":"x"}"#,
    r#"{"sub":"u","realm_access":{"roles":[]}}"#,
    r#"{"sub":"u","orig_iat":1}"#,
    r#"{"sub":"u","username":"a","roles":["admin"]}"#,
    r#"{"sub":"u","scopes":["a"]}"#,
    r#"{"sub":"u","access":["read"]}"#,
    r#"{"sub":"u","data":{"id":1}}"#,
    r#"{"iss":"https://evilokta.com"}"#,
    r#"{"iss":"https://okta.com.evil.test"}"#,
    r#"{"iss":"https://evil.test/okta.com"}"#,
    r#"{"iss":"https://okta.com@evil.test"}"#,
    r#"{"iss":"https://evil.test?x=.okta.com"}"#,
    r#"{"iss":"https://notgitlab.com"}"#,
    r#"{"iss":"https://as.test/realms/r"}"#,
    r#"{"iss":"https://as.test/identity/oidc"}"#,
    r#"{"iss":"https://cognito-idp.evil.test/p"}"#,
];

#[test]
fn recognizes_every_style() {
    for (expected, header, payload) in SAMPLES {
        assert_eq!(look(header, payload), *expected, "{payload}");
    }
    for style in styles() {
        let end = format!("({})", style.name);
        assert!(SAMPLES.iter().any(|(name, ..)| name.ends_with(&end)), "no sample of {}", style.name);
    }
}

#[test]
fn the_letter_case_of_a_host_does_not_matter() {
    for host in ["dev-1.okta.com", "dev-1.okta.coM", "DEV-1.Okta.com", "DEV-1.OKTA.COM"] {
        let payload = format!(r#"{{"iss":"https://{host}","ver":1}}"#);
        assert_eq!(look("{}", &payload), "JWT (Okta)", "{host}");
    }
}

#[test]
fn no_sign_is_missed_by_its_lead() {
    let mut found = 0;
    for (_, header, payload) in SAMPLES {
        let below = payload.replace("://", "://SUB.");
        let several = payload.split_once(r#""aud":""#).and_then(|(before, rest)| {
            let (audience, after) = rest.split_once('"')?;
            Some(format!(r#"{before}"aud":["x","{audience}"]{after}"#))
        });
        for payload in [Some((*payload).to_owned()), Some(below), several].into_iter().flatten() {
            let encode = |text: &str| base64url::encode(text.as_bytes());
            let text = format!("{}.{}.AA", encode(header), encode(&payload));
            let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
            let token = Token::parse(&compact);
            let signs = Signs::of(&token).unwrap();
            for sign in styles().iter().flat_map(|style| style.alternatives).flat_map(|signs| *signs) {
                let may_be_in = signs.may_have(sign.lead()) && signs.may_name(sign.names());
                assert!(!sign.is_in(&signs) || may_be_in, "{sign}: {payload}");
                found += usize::from(sign.is_in(&signs));
            }
            assert_eq!(line_of(&signs).map(Line::name), plain_style(&signs), "{payload}");
        }
    }
    assert!(found > 200, "{found}");
}

/// Returns the first style that fits, by all signs of all lines.
fn plain_style(signs: &Signs<'_>) -> Option<&'static str> {
    let has = |all: &[Sign]| all.iter().all(|sign| sign.is_in(signs));
    styles().iter().find(|style| style.alternatives.iter().any(|signs| has(signs))).map(|style| style.name)
}

#[test]
fn a_token_with_the_claims_of_several_styles_has_the_first_of_them() {
    let inside = |payload: &str| payload.trim_matches(['{', '}']).to_owned();
    let mut several = 0;
    for (_, header, one) in SAMPLES {
        for (_, _, other) in SAMPLES {
            // The claims of objects inside may lack a bracket now. Such a text is no claims set.
            let payload = format!("{{{},{}}}", inside(one), inside(other));
            let encode = |text: &str| base64url::encode(text.as_bytes());
            let text = format!("{}.{}.AA", encode(header), encode(&payload));
            let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
            let token = Token::parse(&compact);
            let Some(signs) = Signs::of(&token) else { continue };
            assert_eq!(line_of(&signs).map(Line::name), plain_style(&signs), "{payload}");
            several += 1;
        }
    }
    assert!(several > 5_000, "{several}");
}

#[test]
fn recognizes_every_kind_by_its_type() {
    for kind in TokenKind::ALL {
        for typ in kind.media_types() {
            let name = look(&format!(r#"{{"typ":"{typ}"}}"#), r#"{"sub":"u"}"#);
            assert!(name.starts_with(kind.description()), "{typ}: {name}");
        }
        let start = format!("{} (", kind.description());
        let sampled = SAMPLES.iter().any(|(name, ..)| name.starts_with(&start));
        assert!(sampled || !kind.media_types().is_empty() || *kind == TokenKind::Jwe, "no sample: {kind:?}");
    }
    assert_eq!(look(r#"{"typ":"example+sd-jwt"}"#, r#"{"sub":"u"}"#), "SD-JWT credential (-)");
}

#[test]
fn does_not_name_a_token_after_one_similar_claim() {
    for payload in LOOKALIKES {
        assert_eq!(look("{}", payload), "JWT (-)", "{payload}");
    }
}
