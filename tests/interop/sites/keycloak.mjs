// A stub of a Keycloak realm, made from its public documentation and source. It is no product.
// Owns: the requests and answers of /realms/NAME. Must not: run fob.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import express from "express";
import jwt from "jsonwebtoken";
import { USER, now, serve } from "./server.mjs";

export const PUBLIC = { client_id: "app" };
export const CONFIDENTIAL = { client_id: "backend", client_secret: "5J8dKxQmW2hVb0nRzT4yLcE7uGfA1sPo" };
const MAC_SECRET = "the secret of the realm for its own refresh tokens";

// Starts the stub: the realm rotates its refresh tokens ("Revoke Refresh Token", no reuse).
export function startKeycloak() {
  return serve((base, lives) => {
    const issuer = `${base}/realms/demo`, endpoints = `${issuer}/protocol/openid-connect`, kid = randomUUID();
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const sessions = new Map(); // sid → the `jti` of its good refresh token
    const site = express();
    site.use(express.urlencoded({ extended: false }));
    const fail = (res, status, error, error_description) => res.status(status).json({ error, error_description });

    // Returns the client of a request, or answers 401.
    const authenticate = (req, res) => {
      let { client_id, client_secret } = req.body ?? {};
      const basic = /^Basic (.+)$/i.exec(req.headers.authorization ?? "")?.[1];
      if (basic) [client_id, client_secret] = Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent);
      const client = [PUBLIC, CONFIDENTIAL].find((known) => known.client_id === client_id);
      if (!client) fail(res, 401, "invalid_client", "Invalid client or Invalid client credentials");
      else if (client.client_secret === client_secret) return client;
      else fail(res, 401, "unauthorized_client", "Invalid client or Invalid client credentials");
    };
    const sign = (claims) => jwt.sign(claims, privateKey, { algorithm: "RS256", keyid: kid });
    const answer = (client, sid, scope) => {
      const life = lives.access, iat = now(), common = { iat, iss: issuer, sub: USER.id, azp: client.client_id, sid };
      const jti = randomUUID();
      if (sid) sessions.set(sid, jti);
      const access = { ...common, exp: iat + life, jti: randomUUID(), aud: "account", typ: "Bearer", scope, preferred_username: USER.username };
      const body = { access_token: sign(access), expires_in: life, "not-before-policy": 0, token_type: "Bearer", scope };
      if (!sid) return { ...body, refresh_expires_in: 0 };
      const refresh = { ...common, exp: iat + lives.refresh, jti, aud: issuer, typ: "Refresh", scope };
      if (scope.includes("openid")) {
        body.id_token = sign({ ...common, exp: iat + life, jti: randomUUID(), aud: client.client_id, typ: "ID" });
      }
      return {
        ...body, refresh_token: jwt.sign(refresh, MAC_SECRET, { algorithm: "HS512", keyid: "mac" }),
        refresh_expires_in: lives.refresh, session_state: sid,
      };
    };
    // Reads a refresh token, or answers 400.
    const read = (token, client, res) => {
      let claims;
      try {
        claims = jwt.verify(token, MAC_SECRET);
      } catch (error) {
        const expired = error.name === "TokenExpiredError";
        return void fail(res, 400, "invalid_grant", expired ? "Token is not active" : "Invalid refresh token");
      }
      if (claims.azp === client.client_id) return claims;
      fail(res, 400, "invalid_grant", "Invalid refresh token. Token client and authorized client don't match");
    };
    const grants = {
      password(req, res, client) {
        const { username, password, scope = "" } = req.body;
        if (username === USER.username && password === USER.password) {
          return res.json(answer(client, randomUUID(), `${scope} profile email`.trim()));
        }
        fail(res, 401, "invalid_grant", "Invalid user credentials");
      },
      client_credentials(req, res, client) {
        if (!client.client_secret) {
          return fail(res, 401, "unauthorized_client", "Public client not allowed to retrieve service account");
        }
        res.json(answer(client, undefined, "profile email"));
      },
      refresh_token(req, res, client) {
        if (!req.body.refresh_token) return fail(res, 400, "invalid_request", "No refresh token");
        const claims = read(req.body.refresh_token, client, res);
        if (!claims) return;
        if (!sessions.has(claims.sid)) return fail(res, 400, "invalid_grant", "Session not active");
        if (sessions.get(claims.sid) !== claims.jti) {
          sessions.delete(claims.sid); // a replayed token ends the session
          return fail(res, 400, "invalid_grant", "Maximum allowed refresh token reuse exceeded");
        }
        res.json(answer(client, claims.sid, claims.scope));
      },
    };
    const path = "/realms/demo/protocol/openid-connect";
    site.post(`${path}/token`, (req, res) => {
      const client = authenticate(req, res);
      if (!client) return;
      const grant = grants[req.body.grant_type];
      if (!grant) return fail(res, 400, "unsupported_grant_type", "Unsupported grant_type");
      grant(req, res, client);
    });
    site.post(`${path}/logout`, (req, res) => {
      const client = authenticate(req, res);
      if (!client) return;
      if (!req.body.refresh_token) return fail(res, 400, "invalid_request", "No refresh token");
      const claims = read(req.body.refresh_token, client, res);
      if (!claims) return;
      sessions.delete(claims.sid);
      res.sendStatus(204);
    });
    site.post(`${path}/revoke`, (req, res) => {
      const client = authenticate(req, res);
      if (!client) return;
      if (!req.body.token) return fail(res, 400, "invalid_request", "Token not provided");
      const claims = jwt.decode(req.body.token);
      if (!claims) return fail(res, 200, "invalid_token", "Invalid token");
      sessions.delete(claims.sid);
      res.status(200).end();
    });
    site.get(`${path}/userinfo`, (req, res) => {
      try {
        const claims = jwt.verify(/^Bearer (.+)$/.exec(req.headers.authorization)[1], publicKey, { algorithms: ["RS256"] });
        if (!sessions.has(claims.sid)) throw new Error("no session");
        res.json({ sub: claims.sub, preferred_username: claims.preferred_username });
      } catch {
        fail(res, 401, "invalid_token", "Token verification failed");
      }
    });
    site.get(`${path}/certs`, (req, res) => {
      res.json({ keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" }] });
    });
    site.get("/realms/demo/.well-known/openid-configuration", (req, res) => res.json({
      issuer, token_endpoint: `${endpoints}/token`, jwks_uri: `${endpoints}/certs`, userinfo_endpoint: `${endpoints}/userinfo`,
      authorization_endpoint: `${endpoints}/auth`, end_session_endpoint: `${endpoints}/logout`,
      revocation_endpoint: `${endpoints}/revoke`, introspection_endpoint: `${endpoints}/token/introspect`,
      grant_types_supported: ["authorization_code", "client_credentials", "implicit", "password", "refresh_token"],
      token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt"],
      response_types_supported: ["code"], subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"],
    }));
    return { handler: site, issuer };
  });
}
