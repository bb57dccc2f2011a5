// A real OpenID provider (oidc-provider) for clients that log in without a browser.
// Owns: its configuration, its clients, and the password grant, which the package leaves to its users. Must not: run fob.

import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { Provider } from "oidc-provider";
import { USER, serve } from "./server.mjs";

// The name and the secret need the encoding of RFC 6749 2.3.1 in a header.
export const BASIC = { client_id: "web app:1", client_secret: "a%41+b:c/d&e=f g" };
export const POST = { client_id: "posting", client_secret: "another secret of the form" };
export const KEY = { client_id: "signing" };
export const PUBLIC = { client_id: "public" };
export const MACHINE = { client_id: "machine", client_secret: "a machine's secret" };
export const RESOURCE_CLIENT = { client_id: "public resource" };
// Its tokens must be bound to a key (RFC 9449).
export const BOUND = { client_id: "bound", client_secret: "the secret of a client with a key" };
export const RESOURCE = "https://api.example.com";

const GRANTS = ["password", "refresh_token"];

// Makes the metadata of a client. `resource` in its name: its access tokens are JWTs.
function client(identity, method, grants = GRANTS, more = {}) {
  return {
    ...identity, token_endpoint_auth_method: method, grant_types: grants, redirect_uris: [], response_types: [],
    scope: "openid offline_access email api", ...more,
  };
}

// Answers a password grant (RFC 6749 4.3) with an access token, a refresh token, and an ID token if the scope has `openid`.
async function passwordGrant(provider, ctx) {
  const { client: asking, params } = ctx.oidc;
  if (params.username !== USER.username || params.password !== USER.password) {
    ctx.status = 400;
    ctx.body = { error: "invalid_grant", error_description: "invalid username or password" };
    return;
  }
  const scope = params.scope ?? "offline_access";
  const grant = new provider.Grant({ accountId: USER.id, clientId: asking.clientId });
  grant.addOIDCScope(scope);
  const wantsJwt = asking.clientId.includes("resource");
  if (wantsJwt) grant.addResourceScope(RESOURCE, scope);
  const common = { accountId: USER.id, client: asking, grantId: await grant.save(), gty: "password", scope };
  const access = new provider.AccessToken(common);
  if (wantsJwt) {
    access.resourceServer = new provider.ResourceServer(RESOURCE, resourceServer());
  }
  const refresh = new provider.RefreshToken({ ...common, ...(wantsJwt && { resource: RESOURCE }), rotations: 0 });
  ctx.oidc.entity("Grant", grant);
  ctx.oidc.entity("AccessToken", access);
  ctx.oidc.entity("Account", { accountId: USER.id, claims: () => ({ sub: USER.id }) });
  const body = {
    access_token: await access.save(), expires_in: access.expiration, token_type: access.tokenType, scope,
    refresh_token: await refresh.save(),
  };
  if (scope.split(" ").includes("openid")) {
    const token = new provider.IdToken({ sub: USER.id }, { ctx });
    token.scope = "openid";
    body.id_token = await token.issue({ use: "idtoken" });
  }
  ctx.body = body;
}

function resourceServer() {
  return { scope: "api openid offline_access email", audience: RESOURCE, accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } };
}

// Starts the provider. publicKeys: the public JWKs of the client that proves itself with a signed token.
export function startProvider({ publicKeys = [] } = {}) {
  return serve((issuer, lives) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const enabled = { enabled: true };
    const provider = new Provider(issuer, {
      clients: [
        client(BASIC, "client_secret_basic"), client(POST, "client_secret_post"), client(PUBLIC, "none"),
        client(KEY, "private_key_jwt", GRANTS, { jwks: { keys: publicKeys }, token_endpoint_auth_signing_alg: "ES256" }),
        client(MACHINE, "client_secret_basic", ["client_credentials"]),
        client(RESOURCE_CLIENT, "none"),
        client(BOUND, "client_secret_basic", ["client_credentials"], { dpop_bound_access_tokens: true }),
      ],
      jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "ES256", use: "sig" }] },
      cookies: { keys: [randomBytes(32).toString("hex")] },
      scopes: ["openid", "offline_access", "email", "api"],
      claims: { openid: ["sub"], email: ["email"] },
      clientDefaults: { id_token_signed_response_alg: "ES256" },
      enabledJWA: { clientAuthSigningAlgValues: ["ES256", "RS256", "PS256", "EdDSA"], idTokenSigningAlgValues: ["ES256"] },
      clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: USER.email }) }),
      rotateRefreshToken: true,
      ttl: {
        AccessToken: () => lives.access, ClientCredentials: () => lives.access, RefreshToken: () => lives.refresh,
        Grant: 86_400, IdToken: 600,
      },
      features: {
        devInteractions: { enabled: false }, clientCredentials: enabled, revocation: enabled, dPoP: enabled,
        introspection: { ...enabled, allowedPolicy: () => true }, userinfo: enabled,
        resourceIndicators: {
          ...enabled, getResourceServerInfo: resourceServer, useGrantedResource: () => true, defaultResource: () => undefined,
        },
      },
    });
    provider.registerGrantType("password", (ctx) => passwordGrant(provider, ctx), ["username", "password", "scope"]);
    return { handler: provider.callback(), issuer };
  });
}
