// Verifies or makes many tokens with jose or jsonwebtoken, and takes the time of the loop alone.
//
// usage: node.mjs LIBRARY verify ALG KEY TOKENS
//        node.mjs LIBRARY mint SECRET CLAIMS
//
// KEY is a file: a secret, a public key in PEM, or a JWK Set named *.jwks (jose only). TOKENS and CLAIMS have one item a line.
// Every signature and every exp is checked; the first token that is refused ends the program with status 1.
// New tokens go to standard output, "COUNT SECONDS" goes to standard error.

import { createPublicKey, createSecretKey } from "node:crypto";
import { readFileSync, writeSync } from "node:fs";

const lines = (path) => readFileSync(path, "utf8").trimEnd().split("\n");

// Imports a secret once: jose would otherwise do it for each token.
const hmacKey = (path, use) =>
  crypto.subtle.importKey("raw", readFileSync(path), { name: "HMAC", hash: "SHA-256" }, false, [use]);

// Each library has a function that returns a verifier, and one that returns a minter. A verifier throws an error.
const libraries = {
  async jose(task, path, alg) {
    const jose = await import("jose");
    if (task === "mint") {
      const key = await hmacKey(path, "sign");
      return (claims) => new jose.SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);
    }
    const text = readFileSync(path, "utf8");
    const key = path.endsWith(".jwks")
      ? jose.createLocalJWKSet(JSON.parse(text))
      : alg.startsWith("HS")
        ? await hmacKey(path, "verify")
        : await jose.importSPKI(text, alg);
    const options = { algorithms: [alg], requiredClaims: ["exp"] };
    return (token) => jose.jwtVerify(token, key, options);
  },
  async jsonwebtoken(task, path, alg) {
    const { default: jwt } = await import("jsonwebtoken");
    const content = readFileSync(path);
    if (task === "mint") {
      const key = createSecretKey(content);
      return (claims) => jwt.sign(claims, key, { algorithm: "HS256" });
    }
    const key = alg.startsWith("HS") ? createSecretKey(content) : createPublicKey(content);
    const options = { algorithms: [alg] };
    return (token) => jwt.verify(token, key, options);
  },
};

const fail = (message) => {
  writeSync(2, `${message}\n`);
  process.exit(1);
};

const [library, task, ...rest] = process.argv.slice(2);
const [alg, key, path] = task === "verify" ? rest : ["HS256", ...rest];
if (!libraries[library] || !["verify", "mint"].includes(task) || !path) {
  fail("usage: node.mjs jose|jsonwebtoken (verify ALG KEY TOKENS | mint SECRET CLAIMS)");
}
const work = await libraries[library](task, key, alg);
const isAsynchronous = library === "jose"; // an await costs time, so that a synchronous library does without
const items = lines(path);
const tokens = [];
const start = performance.now();
if (task === "mint") {
  for (const line of items) {
    const token = work(JSON.parse(line));
    tokens.push(isAsynchronous ? await token : token);
  }
} else {
  let number = 0;
  try {
    for (const token of items) {
      number += 1;
      const done = work(token);
      if (isAsynchronous) await done;
    }
  } catch (error) {
    fail(`refused: line ${number}: ${error.message}`);
  }
}
const seconds = (performance.now() - start) / 1000;
if (tokens.length > 0) process.stdout.write(`${tokens.join("\n")}\n`);
writeSync(2, `${items.length} ${seconds.toFixed(6)}\n`);
