// Compares detached payloads (RFC 7515 appendix F), encoded or not (RFC 7797), in both directions between fob and jose.
// Owns: what is compared with jose. Must not: use anything but jose and Node's own modules.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tally } from "./tally.mjs";

globalThis.crypto ??= webcrypto; // Node 18 keeps it in a module, and jose asks for it by name
const jose = await import("jose");

const ALGORITHMS = ["HS256", "HS512", "RS256", "PS256", "ES256", "ES512", "EdDSA"];
const PAYLOADS = {
  text: Buffer.from("id=7&state=paid"), JSON: Buffer.from('{"amount": "165.88"}'), "a dot": Buffer.from("$.02"),
  bytes: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), "two megabytes": Buffer.alloc(2 << 20, "0123456789abcdef"),
};
const keys = process.env.INTEROP_KEYS ?? tmpdir();
mkdirSync(keys, { recursive: true });
const folder = mkdtempSync(join(keys, "detached-"));

const tally = new Tally("detached payloads");

async function newKey(algorithm) {
  const path = join(folder, algorithm);
  const made = tally.fobSync(["key", "new", "--alg", algorithm, "--format", "jwk", "--out", path]);
  assert.equal(made.status, 0, made.stderr);
  const shown = tally.fobSync(["key", "show", path, "--private", "--format", "jwk"]);
  assert.equal(shown.status, 0, shown.stderr);
  const jwk = JSON.parse(shown.stdout);
  const { d, p, q, dp, dq, qi, key_ops, ...open } = jwk;
  const half = (members) => jose.importJWK({ ...members, key_ops: undefined }, algorithm);
  return { path, signs: await half(jwk), verifies: await half(jwk.kty === "oct" ? jwk : open) };
}

const verifies = (key, token, payload, unencoded) => {
  const [header, , signature] = token.split(".");
  const given = unencoded ? new Uint8Array(payload) : jose.base64url.encode(payload);
  return jose.flattenedVerify({ protected: header, payload: given, signature }, key);
};

for (const algorithm of ALGORITHMS) {
  const key = await newKey(algorithm);
  for (const [name, payload] of Object.entries(PAYLOADS)) {
    for (const unencoded of [false, true]) {
      const title = `${algorithm}, ${name}, ${unencoded ? "not encoded" : "encoded"}`;
      const other = Buffer.concat([payload, Buffer.from("!")]);
      await tally.check(`fob verifies jose: ${title}`, async () => {
        const header = { alg: algorithm, ...(unencoded ? { b64: false, crit: ["b64"] } : {}) };
        const jws = await new jose.FlattenedSign(new Uint8Array(payload)).setProtectedHeader(header).sign(key.signs);
        const token = `${jws.protected}..${jws.signature}`;
        for (const [given, status] of [[payload, 0], [other, 1]]) {
          const answer = tally.fobSync(["verify", token, "--key", key.path, "--payload", "-", "--max-size", algorithm === "EdDSA" ? "4M" : "1M"], { stdin: given });
          assert.equal(answer.status, status, "exit status of fob verify");
        }
      });
      await tally.check(`jose verifies fob: ${title}`, async () => {
        const options = ["encode", "--detached", "--alg", algorithm, "--key", key.path, "--payload", "-"];
        const made = tally.fobSync(unencoded ? [...options, "--no-b64"] : options, { stdin: payload });
        assert.equal(made.status, 0, "exit status of fob encode");
        const token = made.stdout.trimEnd();
        await verifies(key.verifies, token, payload, unencoded);
        await assert.rejects(verifies(key.verifies, token, other, unencoded), jose.errors.JWSSignatureVerificationFailed);
      });
    }
  }
}
tally.finish();
