// Compares fob with @sd-jwt/core on SD-JWTs: fob verifies what the package issues and presents, the package verifies what fob
// signs, and fob refuses every presentation with a fault that the package refuses.
// Owns: what is compared with @sd-jwt/core. Must not: use anything but that package and Node's own modules.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SDJwtInstance } from "@sd-jwt/core";
import { Tally } from "./tally.mjs";

const NOW = Math.floor(Date.now() / 1000);
const AUD = "https://verifier.example", NONCE = "n-0S6_WzA2Mj";
const folder = mkdtempSync(join(tmpdir(), "sdjwt-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const tally = new Tally("SD-JWT");

// The algorithms: how Node makes a key, and how it signs.
const ALGORITHMS = {
  ES256: [["ec", { namedCurve: "P-256" }], "sha256", { dsaEncoding: "ieee-p1363" }],
  ES512: [["ec", { namedCurve: "P-521" }], "sha512", { dsaEncoding: "ieee-p1363" }],
  EdDSA: [["ed25519", {}], null, {}],
  RS256: [["rsa", { modulusLength: 2048 }], "sha256", {}],
};

let files = 0;

// A party with a key: it signs and verifies for @sd-jwt/core, and has files for fob.
function party(algorithm) {
  const [[type, options], hash, encoding] = ALGORITHMS[algorithm];
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  const path = join(folder, String((files += 1)));
  writeFileSync(`${path}.pem`, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  writeFileSync(`${path}.pub`, publicKey.export({ format: "pem", type: "spki" }));
  return {
    algorithm, privatePath: `${path}.pem`, publicPath: `${path}.pub`, jwk: publicKey.export({ format: "jwk" }),
    signer: (data) => sign(hash, Buffer.from(data), { key: privateKey, ...encoding }).toString("base64url"),
    verifier: (data, signature) =>
      verify(hash, Buffer.from(data), { key: publicKey, ...encoding }, Buffer.from(signature, "base64url")),
  };
}

const HASHES = { "sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512" };
const digest = (text, algorithm = "sha-256") => createHash(HASHES[algorithm]).update(text).digest();

// An issuer and a holder as @sd-jwt/core sees them.
function library(issuer, holder, hashAlg = "sha-256") {
  return new SDJwtInstance({
    signer: issuer.signer, signAlg: issuer.algorithm, verifier: issuer.verifier, hashAlg, hasher: (data, algorithm) => digest(data, algorithm),
    saltGenerator: () => randomBytes(16).toString("base64url"),
    kbSigner: holder.signer, kbSignAlg: holder.algorithm, kbVerifier: holder.verifier,
  });
}

const CLAIMS = {
  iss: "https://issuer.example", iat: NOW - 60, exp: NOW + 600, vct: "https://credentials.example/id", given_name: "Zoë", family_name: "Ærøskøbing",
  address: { street: "Schulstr. 12", city: "서울", country: "DE" }, nationalities: ["DE", "FR", "IS"], ages: { 18: true, 65: false },
};
const FRAME = {
  _sd: ["given_name", "family_name", "address"], _sd_decoy: 2,
  address: { _sd: ["street", "city"] }, nationalities: { _sd: [0, 1], _sd_decoy: 1 }, ages: { _sd: ["18", "65"] },
};
// The claims that a holder chooses to show.
const PRESENTATIONS = {
  nothing: {},
  "one claim": { given_name: true },
  "a claim inside a disclosed claim": { address: { street: true } },
  "elements of an array": { nationalities: { 0: true, 1: true } },
  everything: { given_name: true, family_name: true, address: { street: true, city: true }, nationalities: { 0: true, 1: true }, ages: { 18: true, 65: true } },
};

// The verdict of fob on a presentation, with all demands on the holder unless others are given.
function judged(text, issuer, demands = ["--holder-nonce", NONCE, "--holder-aud", AUD]) {
  const { status, stdout } = tally.fobSync(["verify", "--json", "--key", issuer.publicPath, ...demands, text]);
  const { verdict, reasons, payload, sd_jwt } = JSON.parse(stdout);
  assert.equal(status === 0, verdict === "accepted", "exit status");
  return { reasons: reasons.join(), payload, sd_jwt };
}

for (const algorithm of Object.keys(ALGORITHMS)) {
  const issuer = party(algorithm), holder = party(algorithm);
  for (const hash of Object.keys(HASHES)) {
    const sdjwt = library(issuer, holder, hash);
    const issued = await sdjwt.issue({ ...CLAIMS, cnf: { jwk: holder.jwk } }, FRAME);
    for (const [name, frame] of Object.entries(PRESENTATIONS)) {
      await tally.check(`${algorithm}, ${hash}: fob verifies a presentation of ${name}`, async () => {
        const kb = { payload: { iat: NOW, aud: AUD, nonce: NONCE } };
        const text = await sdjwt.present(issued, frame, { kb });
        const { reasons, payload, sd_jwt } = judged(text, issuer);
        assert.equal(reasons, "");
        assert.deepEqual(payload, await sdjwt.getClaims(text));
        assert.equal(sd_jwt.key_binding.verified, true);
        const unbound = await sdjwt.present(issued, frame);
        assert.deepEqual(judged(unbound, issuer, []).payload, payload);
        assert.equal(judged(unbound, issuer).reasons, "bad_key_binding:missing");
      });
    }
  }
}

const issuer = party("ES256"), holder = party("ES256"), mallory = party("ES256");
const sdjwt = library(issuer, holder);

// fob signs a payload as it is, under a header with this typ.
function signed(payload, typ, { privatePath }) {
  const options = ["--verbatim", "--key", privatePath, "--alg", "ES256", "--typ", typ];
  const { status, stdout } = tally.fobSync(["encode", ...options, JSON.stringify(payload)]);
  assert.equal(status, 0, "exit status of fob encode");
  return stdout.trimEnd();
}

await tally.check("@sd-jwt/core verifies the issuer's token and the key binding JWT that fob signs", async () => {
  const salted = ["c2FsdA", "given_name", "Zoë"];
  const disclosure = Buffer.from(JSON.stringify(salted)).toString("base64url");
  const payload = { ...CLAIMS, given_name: undefined, cnf: { jwk: holder.jwk }, _sd_alg: "sha-256", _sd: [digest(disclosure).toString("base64url")] };
  const text = `${signed(payload, "example+sd-jwt", issuer)}~${disclosure}~`;
  const bound = text + signed({ iat: NOW, aud: AUD, nonce: NONCE, sd_hash: digest(text).toString("base64url") }, "kb+jwt", holder);
  const verified = await sdjwt.verify(bound, { keyBindingNonce: NONCE });
  assert.equal(verified.payload.given_name, "Zoë");
  assert.equal(verified.kb.payload.aud, AUD);
  assert.deepEqual(judged(bound, issuer).payload, verified.payload);
});

// A fault that this version of the package lets pass.
const PASSED = false;
// Faults: a presentation with one fault, the reason that fob gives, and whether the package refuses it, too.
const bind = (text, more = {}, signer = holder) =>
  `${text}${signed({ iat: NOW, aud: AUD, nonce: NONCE, sd_hash: digest(text).toString("base64url"), ...more }, "kb+jwt", signer)}`;
const disclose = (...content) => Buffer.from(JSON.stringify(content)).toString("base64url");
const over = (disclosures, payload) =>
  `${signed({ ...payload, _sd_alg: "sha-256", cnf: { jwk: holder.jwk } }, "example+sd-jwt", issuer)}~${disclosures.map((text) => `${text}~`).join("")}`;
const hash = (text) => digest(text).toString("base64url");
const name = disclose("s", "given_name", "Zoë"), other = disclose("t", "given_name", "Mallory"), element = disclose("s", "DE");
const sound = over([name], { _sd: [hash(name)] });
const FAULTS = {
  "another issuer": [() => bind(sound.replace(/^[^~]*/, signed({ _sd: [hash(name)], cnf: { jwk: holder.jwk } }, "example+sd-jwt", mallory))), "bad_signature"],
  "another holder": [() => bind(sound, {}, mallory), "bad_key_binding:signature"],
  "another nonce": [() => bind(sound, { nonce: "other" }), "bad_key_binding:nonce"],
  "another audience": [() => bind(sound, { aud: "https://other.example" }), "bad_key_binding:aud"],
  "another sd_hash": [() => bind(sound, { sd_hash: hash("x") }), "bad_key_binding:sd_hash"],
  "a key binding JWT with another typ": [() => sound + signed({ iat: NOW, aud: AUD, nonce: NONCE, sd_hash: hash(sound) }, "JWT", holder), "bad_key_binding:typ"],
  "a disclosure that was removed after signing": [() => bind(sound).replace(`~${name}~`, "~"), "bad_key_binding:sd_hash"],
  "a disclosure that was added after signing": [() => bind(sound).replace("~", `~${other}~`), "bad_disclosure:unreferenced,bad_key_binding:sd_hash"],
  "a disclosure that no digest belongs to": [() => bind(over([name, other], { _sd: [hash(name)] })), "bad_disclosure:unreferenced", PASSED],
  "a changed disclosure": [() => bind(sound.replace(name, other)), "bad_disclosure:unreferenced", PASSED],
  "a disclosure twice": [() => bind(over([name, name], { _sd: [hash(name)] })), "bad_disclosure:repeated", PASSED],
  "a digest twice": [() => bind(over([name], { _sd: [hash(name), hash(name)] })), "bad_disclosure:repeated", PASSED],
  "a claim that would be overwritten": [() => bind(over([name], { _sd: [hash(name)], given_name: "x" })), "bad_disclosure:claim_exists", PASSED],
  "two disclosures of one name": [() => bind(over([name, other], { _sd: [hash(name), hash(other)] })), "bad_disclosure:claim_exists", PASSED],
  "a disclosed _sd": [() => { const it = disclose("s", "_sd", []); return bind(over([it], { _sd: [hash(it)] })); }, "bad_disclosure:name", PASSED],
  "an element of an array in _sd": [() => bind(over([element], { _sd: [hash(element)] })), "bad_disclosure:form", PASSED],
  "a claim in an array": [() => bind(over([name], { list: [{ "...": hash(name) }] })), "bad_disclosure:form", PASSED],
  "an unknown digest algorithm": [() => bind(`${signed({ _sd: [hash(name)], _sd_alg: "md5", cnf: { jwk: holder.jwk } }, "example+sd-jwt", issuer)}~${name}~`), "sd_alg_unsupported"],
  "an expired token": [() => bind(over([name], { _sd: [hash(name)], exp: NOW - 1 })), "expired"],
  "a disclosed exp that has passed": [() => { const it = disclose("s", "exp", NOW - 1); return bind(over([it], { _sd: [hash(it)] })); }, "expired", PASSED],
};

async function isRefused(text) {
  try {
    const { kb } = await sdjwt.verify(text, { keyBindingNonce: NONCE });
    return kb?.payload.aud !== AUD; // the package leaves the audience to its caller
  } catch {
    return true;
  }
}

await tally.check("both accept the presentation without a fault", async () => {
  assert.equal(judged(bind(sound), issuer).reasons, "");
  assert.equal(await isRefused(bind(sound)), false);
});
for (const [fault, [make, reason, isRefusedByBoth = true]] of Object.entries(FAULTS)) {
  await tally.check(`fob refuses ${fault}: ${reason}`, async () => {
    const text = make();
    assert.equal(judged(text, issuer).reasons, reason);
    assert.equal(await isRefused(text), isRefusedByBoth, "the package refuses");
  });
}

tally.finish();
