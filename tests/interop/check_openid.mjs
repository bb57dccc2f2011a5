// Checks fob against a real OpenID provider (oidc-provider): fob fetches its keys, opens and judges the encrypted tokens that
// it issues, and makes the encrypted requests that it reads.
// Owns: what is asked of the provider. Must not: know how it is set up (openid_site.mjs).

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REDIRECT, Visitor, startProvider } from "./openid_site.mjs";
import { Tally } from "./tally.mjs";

const CONTENT = { "A128CBC-HS256": 32, "A192CBC-HS384": 48, "A256CBC-HS512": 64, "A128GCM": 16, "A192GCM": 24, "A256GCM": 32 };
// The key management algorithms, and the kinds of key of each: RSA, a curve, or a secret.
const CURVES = ["P-256", "P-384", "P-521", "X25519"], SECRET = ["secret"];
const ALGORITHMS = {
  "RSA-OAEP": ["RSA"], "RSA-OAEP-256": ["RSA"], "RSA-OAEP-384": ["RSA"], "RSA-OAEP-512": ["RSA"],
  "ECDH-ES": CURVES, "ECDH-ES+A128KW": CURVES, "ECDH-ES+A192KW": CURVES, "ECDH-ES+A256KW": CURVES,
  "A128KW": SECRET, "A192KW": SECRET, "A256KW": SECRET, "A128GCMKW": SECRET, "A192GCMKW": SECRET, "A256GCMKW": SECRET,
  "dir": SECRET,
};
const SIGN = ["RS256", "PS256", "ES256", "EdDSA"];

const tally = new Tally("OpenID provider");
const folder = join(process.env.INTEROP_KEYS, "openid");
mkdirSync(folder, { recursive: true });

// Writes a file that its owner alone can read, and returns its path.
function file(name, content) {
  const path = join(folder, name.replaceAll(/[^\w.-]/g, "_"));
  writeFileSync(path, content, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

async function run(parameters, settings) {
  const answer = await tally.fob(parameters, settings);
  assert.equal(answer.status, 0, `fob ${parameters.join(" ")}: ${answer.stderr}`);
  return answer.stdout.trim();
}

// Makes a private JWK with fob. Its key ID is its thumbprint.
async function newKey(alg, kind) {
  const options = kind === "RSA" ? ["--bits", "2048"] : kind ? ["--crv", kind] : [];
  return JSON.parse(await run(["key", "new", "--alg", alg, "--kid", "thumbprint", ...options, "--quiet"]));
}

async function publicHalf(jwk) {
  return JSON.parse(await run(["key", "show", "-", "--public"], { stdin: JSON.stringify(jwk) }));
}

// Derives the secret that a client shares with its provider (OpenID Connect Core 10.2).
function sharedKey(secret, size) {
  const digest = size <= 32 ? "sha256" : size <= 48 ? "sha384" : "sha512";
  return createHash(digest).update(secret).digest().subarray(0, size).toString("base64url");
}

const clients = [];
for (const [alg, kinds] of Object.entries(ALGORITHMS)) {
  for (const [index, kind] of kinds.entries()) {
    const pair = kind === "secret" ? undefined : await newKey(alg, kind);
    for (const [enc, size] of Object.entries(CONTENT)) {
      // The first curve is tried with every content encryption, the others with one.
      if (index > 0 && enc !== "A256GCM") continue;
      const name = `${alg} ${enc}${kinds.length > 1 ? ` ${kind}` : ""}`;
      const secret = `client secret 0123456789 of ${name}`, encrypted = {};
      for (const use of ["id_token", "userinfo", "introspection", "authorization"]) {
        encrypted[`${use}_encrypted_response_alg`] = alg;
        encrypted[`${use}_encrypted_response_enc`] = enc;
        encrypted[`${use}_signed_response_alg`] = SIGN[clients.length % SIGN.length];
      }
      let key, keys = [];
      if (kind === "secret") {
        const bytes = alg === "dir" ? size : Number(alg.slice(1, 4)) / 8;
        key = { kty: "oct", k: sharedKey(secret, bytes), alg: alg === "dir" ? enc : alg, use: "enc" };
      } else {
        key = pair;
        keys = [await publicHalf(pair)];
      }
      clients.push({
        name, secret, key: file(`${name}.jwk`, JSON.stringify(key)),
        metadata: {
          client_id: name, client_secret: secret, redirect_uris: [REDIRECT], token_endpoint_auth_method: "client_secret_post",
          grant_types: ["authorization_code"], response_types: ["code"], jwks: { keys }, ...encrypted,
        },
      });
    }
  }
}

// This client signs its requests and encrypts them for the provider, and proves itself with a signed token.
const clientKey = await newKey("ES256");
const signer = {
  name: "signer", key: file("signer.jwk", JSON.stringify(clientKey)),
  metadata: {
    client_id: "signer", redirect_uris: [REDIRECT], token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256", request_object_signing_alg: "ES256", grant_types: ["authorization_code"],
    response_types: ["code"], jwks: { keys: [await publicHalf(clientKey)] },
  },
};

const signingKeys = await Promise.all([
  newKey("RS256", "RSA"), newKey("PS256", "RSA"), newKey("ES256"), newKey("EdDSA"),
]);
const readingKeys = await Promise.all([
  newKey("RSA-OAEP-256", "RSA"), newKey("ECDH-ES", "P-256"), newKey("ECDH-ES+A256KW", "X25519"),
]);
const issuer = await startProvider({
  keys: [...signingKeys, ...readingKeys], clients: [...clients, signer].map((client) => client.metadata),
  algorithms: { sign: [...SIGN, "HS256"], encrypt: Object.keys(ALGORITHMS), content: Object.keys(CONTENT) },
});
const visitor = new Visitor(issuer);

// Returns the report of `fob verify` on a token of the provider.
async function judge(token, client, ...options) {
  const answer = await tally.fob(["verify", token, "--json", "--issuer-keys", issuer, "--decrypt-key", client.key, ...options]);
  return { status: answer.status, ...JSON.parse(answer.stdout) };
}

// Asserts that fob opens and accepts a token of the provider for a client, and returns its claims.
async function accepts(token, client, ...options) {
  const { status, verdict, inner } = await judge(token, client, "--iss", issuer, "--aud", client.name, ...options);
  assert.deepEqual({ status, verdict }, { status: 0, verdict: "accepted" });
  return inner.payload;
}

async function rejects(reasons, status, token, client, ...options) {
  const report = await judge(token, client, ...options);
  assert.deepEqual({ reasons: report.reasons, status: report.status }, { reasons, status });
}

// Returns the token with another character in the middle of one segment.
function changed(token, segment) {
  const segments = token.split("."), text = segments[segment], place = text.length >> 1;
  segments[segment] = text.slice(0, place) + (text[place] === "A" ? "B" : "A") + text.slice(place + 1);
  return segments.join(".");
}

let sample;
for (const client of clients) {
  const proof = { client_id: client.name, client_secret: client.secret };
  await tally.check(`${client.name}: the answer, the ID token, the user info and the introspection`, async () => {
    const { parameters, verifier } = visitor.request(client.metadata);
    const { response } = await visitor.authorize({ ...parameters, response_mode: "jwt" });
    const answer = await accepts(response, client);
    assert.equal(answer.state, parameters.state);
    const tokens = await visitor.exchange(answer.code, verifier, proof);
    const claims = await accepts(tokens.id_token, client, "--sub", "zoe", "--claim", `nonce=${parameters.nonce}`);
    assert.equal(claims.email, "zoe@example.com");
    const userinfo = await accepts(await visitor.userinfo(tokens.access_token), client, "--sub", "zoe");
    assert.equal(userinfo.email, "zoe@example.com");
    const told = await visitor.introspect(tokens.access_token, proof);
    const introspection = await accepts(told, client, "--typ", "token-introspection+jwt");
    assert.equal(introspection.token_introspection.active, true);
    for (const segment of [3, 4]) await rejects(["decrypt_failed"], 1, changed(tokens.id_token, segment), client);
    if (client.name.startsWith("RSA-OAEP-256 ")) sample ??= { client, token: tokens.id_token };
  });
}

const { client, token } = sample;
await tally.check("another audience", () => rejects(["wrong_audience"], 1, token, client, "--aud", "another"));
await tally.check("another issuer", () => rejects(["wrong_issuer"], 1, token, client, "--iss", "https://another.example"));
await tally.check("another nonce", () => rejects(["wrong_claim:nonce"], 1, token, client, "--claim", "nonce=another"));
await tally.check("another subject", () => rejects(["wrong_subject"], 1, token, client, "--sub", "another"));
await tally.check("a day later", () => rejects(["expired"], 3, token, client, "--at", "+1d"));
await tally.check("a key with another ID", async () => {
  const another = await newKey("RSA-OAEP-256", "RSA");
  await rejects(["key_not_found"], 1, token, { key: file("another.jwk", JSON.stringify(another)) });
});
await tally.check("another key with the same ID", async () => {
  const another = { ...(await newKey("RSA-OAEP-256", "RSA")), kid: JSON.parse(readFileSync(client.key)).kid };
  await rejects(["decrypt_failed"], 1, token, { key: file("same-id.jwk", JSON.stringify(another)) });
});
await tally.check("no key to decrypt with", async () => {
  const { status, stdout } = await tally.fob(["verify", token, "--json", "--issuer-keys", issuer]);
  assert.deepEqual([status, JSON.parse(stdout).reasons], [4, ["jwe"]]);
});
for (const key of readingKeys) {
  for (const enc of ["A128GCM", "A256CBC-HS512"]) {
    await tally.check(`it reads what fob signed and encrypted with ${key.alg}, ${enc}, and nothing changed`, async () => {
      const { parameters, verifier } = visitor.request(signer.metadata);
      const claims = JSON.stringify({ ...parameters, iss: signer.name, aud: issuer });
      const encryption = ["--encrypt-for", `${issuer}/jwks`, "--encrypt-kid", key.kid, "--enc", enc];
      const request = await run(["encode", claims, "--exp", "5m", "--jti", "--key", signer.key, ...encryption]);
      const outer = { client_id: signer.name, scope: "openid", response_type: "code" };
      const { code, state } = await visitor.authorize({ ...outer, request });
      assert.equal(state, parameters.state);
      const assertion = await run([
        "encode", JSON.stringify({ iss: signer.name, sub: signer.name, aud: issuer }), "--exp", "1m", "--jti", "--key", signer.key,
      ]);
      const tokens = await visitor.exchange(code, verifier, {
        client_id: signer.name, client_assertion: assertion,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      });
      await run(["verify", tokens.id_token, "--issuer-keys", issuer, "--aud", signer.name]);
      for (const segment of [1, 3, 4].filter((segment) => request.split(".")[segment])) {
        const refused = await visitor.authorize({ ...outer, request: changed(request, segment) });
        assert.deepEqual([refused.error, refused.code], ["invalid_request_object", undefined]);
      }
    });
  }
}

tally.finish();
