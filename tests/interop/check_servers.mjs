// Checks log-ins and sessions with the servers of Node, each on this machine and with fob as its client.
// Owns: the list of servers, the options that fob needs for each, and what each answers to the steps (server_steps.mjs).
// Must not: know how a server is set up (sites).

import assert from "node:assert/strict";
import { ACCESS_SECRET, startExpress } from "./sites/express.mjs";
import * as keycloak from "./sites/keycloak.mjs";
import { startMock } from "./sites/oauth2_mock.mjs";
import * as openid from "./sites/oidc_provider.mjs";
import { USER } from "./sites/server.mjs";
import * as supabase from "./sites/supabase.mjs";
import { ACCEPTED, ONLY_TIME, REJECTED, Server, file, takeSteps, tally } from "./server_steps.mjs";

// Makes a private key with the ID `k1`, as text.
const newKey = () => tally.fobSync(["key", "new", "--alg", "ES256", "--kid", "k1", "--quiet"]).stdout;

const key = newKey(), { d: _, ...publicKey } = JSON.parse(key);
const provider = await openid.startProvider({ publicKeys: [publicKey] });
const mock = await startMock(), realm = await keycloak.startKeycloak(), project = await supabase.startSupabase();
const shapes = ["camel", "nested", "boilerplate", "single", "cookie"];
const express = Object.fromEntries(await Promise.all(shapes.map(async (shape) => [shape, await startExpress(shape)])));

const withSecret = ({ client_id, client_secret }, ...options) => ({
  client: ["--client", client_id, "--client-secret-env", "CLIENT_SECRET", ...options], env: { CLIENT_SECRET: client_secret },
  wrongClient: ["--client", client_id, "--client-secret-file", file("wrong", "wrong"), ...options],
});
const withKey = ({ client_id }) => ({
  client: ["--client", client_id, "--client-key", file("client.jwk", key)],
  wrongClient: ["--client", client_id, "--client-key", file("other.jwk", newKey())],
});
const withoutProof = ({ client_id }) => ({ client: ["--client", client_id], wrongClient: ["--client", "unknown"] });

const OPENID = {
  login: "/token", renew: "/token", end: "/token/revocation", options: ["--profile", "oauth"],
  fields: ["--field", "scope=openid offline_access"], endsAccess: true,
};
// The refresh tokens of Express and Keycloak are JWTs, so fob knows by itself that one has expired.
const EXPRESS = {
  options: ["--profile", "express"], user: USER.email, expired: ONLY_TIME, verify: ["--secret-env", "ACCESS_SECRET"],
  env: { ACCESS_SECRET },
  mint: (server) => server.run(["encode", "-c", "userId=7", "--exp", "1m", "--secret-env", "ACCESS_SECRET"]).then((token) => `Authorization: Bearer ${token}`),
};
const REALM = "/realms/demo/protocol/openid-connect";
const KEYCLOAK = {
  login: `${REALM}/token`, renew: `${REALM}/token`, end: `${REALM}/revoke`, view: `${REALM}/userinfo`, expired: ONLY_TIME, endsAccess: true,
  options: ["--profile", "keycloak"], issuer: realm.issuer, verify: ["--issuer-keys", realm.issuer],
};

// Asserts that the provider knows the token of a client: it has no view for one.
async function introspects(line) {
  const form = { token: line.split(" ")[2], ...openid.POST };
  const response = await fetch(`${provider.url}/token/introspection`, { method: "POST", body: new URLSearchParams(form) });
  const { active, client_id } = await response.json();
  assert.deepEqual([active, client_id], [true, openid.MACHINE.client_id]);
}

// Asserts that fob, in the place of a service, accepts the token of a header line.
const accepts = (...options) => async (line) => {
  assert.equal((await tally.fob(["verify", "-", ...options], { stdin: line })).status, ACCEPTED);
};

// The access tokens are opaque, but each log-in also gets an ID token.
const forClient = ({ client_id }) => ({ verify: ["--issuer-keys", provider.issuer, "--aud", client_id], issuer: provider.issuer });
const forService = ["--issuer-keys", provider.issuer, "--typ", "at+jwt", "--aud", openid.RESOURCE];
await takeSteps([
  new Server("oidc-provider, client_secret_basic", provider, { ...OPENID, ...withSecret(openid.BASIC), ...forClient(openid.BASIC) }),
  new Server("oidc-provider, client_secret_post", provider, {
    ...OPENID, ...withSecret(openid.POST, "--client-auth", "form"), ...forClient(openid.POST),
  }),
  new Server("oidc-provider, private_key_jwt", provider, { ...OPENID, ...withKey(openid.KEY), ...forClient(openid.KEY) }),
  new Server("oidc-provider, public client", provider, { ...OPENID, ...withoutProof(openid.PUBLIC), ...forClient(openid.PUBLIC) }),
  new Server("oidc-provider, JWT access tokens", provider, {
    ...OPENID, ...withoutProof(openid.RESOURCE_CLIENT), fields: ["--field", "scope=api offline_access"], verify: forService, opens: accepts(...forService),
    endsAccess: false, // a service does not ask the provider
  }),
  new Server("oidc-provider, client credentials", provider, {
    ...OPENID, ...withSecret(openid.MACHINE), renew: undefined, user: undefined, fields: ["--grant", "client-credentials"],
    opens: introspects,
  }),
  new Server("oauth2-mock-server", mock, {
    login: "/token", renew: "/token", end: "/revoke", options: ["--profile", "oauth"], client: ["--client", "any"],
    issuer: mock.issuer, verify: ["--issuer-keys", mock.issuer], opens: accepts("--issuer-keys", mock.issuer),
    reuse: ACCEPTED, judgesPasswords: false, remembers: false,
  }),
  new Server("Express, `accessToken` and `refreshToken`", express.camel, {
    ...EXPRESS, login: "/auth/login", renew: "/auth/refresh", end: "/auth/logout",
  }),
  new Server("Express, answer in `data`", express.nested, {
    ...EXPRESS, login: "/api/v1/auth/login", renew: "/api/v1/auth/refresh-token", end: "/api/v1/auth/logout",
  }),
  new Server("Express, `tokens.access.token`", express.boilerplate, {
    ...EXPRESS, login: "/v1/auth/login", renew: "/v1/auth/refresh-tokens", end: "/v1/auth/logout",
  }),
  new Server("Express, `token` alone", express.single, {
    ...EXPRESS, login: "/login", user: USER.username, fields: ["--user-field", "username"],
  }),
  new Server("Express, refresh token in a cookie", express.cookie, {
    ...EXPRESS, login: "/auth/login", renew: "/auth/refresh", end: "/auth/logout",
    places: ["--refresh-at", "cookie:refreshToken", "--refresh-in", "cookie:refreshToken"], endPlaces: ["--token-in", "cookie:refreshToken"],
  }),
  new Server("Supabase, a stub", project, {
    login: "/auth/v1/token", renew: "/auth/v1/token", end: "/auth/v1/logout", view: "/auth/v1/user", user: USER.email, endsAccess: true,
    options: ["--profile", "supabase", "--field-env", "header:apikey=ANON_KEY"], headers: { apikey: supabase.ANON_KEY },
    env: { ANON_KEY: supabase.ANON_KEY, JWT_SECRET: supabase.SECRET }, verify: ["--secret-env", "JWT_SECRET", "--aud", "authenticated"],
    expired: ONLY_TIME, // the server says so
  }),
  new Server("Keycloak, a stub, client_secret_basic", realm, { ...KEYCLOAK, ...withSecret(keycloak.CONFIDENTIAL) }),
  new Server("Keycloak, a stub, public client", realm, { ...KEYCLOAK, ...withoutProof(keycloak.PUBLIC) }),
]);
await tally.check("oidc-provider: fob sends no DPoP proof, so a client whose tokens are bound to a key gets none", async () => {
  const { client, env } = withSecret(openid.BOUND), options = ["--profile", "oauth", "--grant", "client-credentials"];
  const { status, stdout } = await tally.fob(["pair", "--issuer", provider.issuer, ...client, ...options], { env });
  assert.deepEqual([status, stdout], [REJECTED, ""]);
});
for (const site of [provider, mock, realm, project, ...Object.values(express)]) await site.stop();
tally.finish();
