// Serves jose and jsonwebtoken to a caller in another language: one question a line in, one answer a line out, both JSON.
// Owns: the calls of both. Must not: know the checks, or judge.
// A question is {peer, op, …}, with keys as {form, bytes (Base64)}; an answer {value}, {refused} or {error}.

import crypto from "node:crypto";
import { createInterface } from "node:readline";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";

const CURVES = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

function generate(algorithm) {
  if (algorithm.startsWith("ML-DSA")) return crypto.generateKeyPairSync(algorithm.toLowerCase());
  if (algorithm.startsWith("Ed")) return crypto.generateKeyPairSync("ed25519");
  if (CURVES[algorithm]) return crypto.generateKeyPairSync("ec", { namedCurve: CURVES[algorithm] });
  return crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
}

const bytes = (content) => Buffer.from(content).toString("base64");

// Makes a key in every form that Node writes.
function newKey({ algorithm, passphrase }) {
  if (algorithm.startsWith("HS")) {
    const secret = crypto.randomBytes(64);
    const text = crypto.randomBytes(64).toString("base64url");
    const jwk = crypto.createSecretKey(secret).export({ format: "jwk" });
    return { private: { "JWK": bytes(JSON.stringify(jwk)), "secret as text": bytes(text) }, public: {} };
  }
  const { privateKey, publicKey } = generate(algorithm);
  const cipher = { cipher: "aes-256-cbc", passphrase };
  const keys = {
    private: {
      "JWK": JSON.stringify(privateKey.export({ format: "jwk" })),
      "PKCS #8 PEM": privateKey.export({ format: "pem", type: "pkcs8" }),
      "PKCS #8 DER": privateKey.export({ format: "der", type: "pkcs8" }),
      "PKCS #8 PEM, encrypted": privateKey.export({ format: "pem", type: "pkcs8", ...cipher }),
      "PKCS #8 DER, encrypted": privateKey.export({ format: "der", type: "pkcs8", ...cipher }),
    },
    public: {
      "JWK, public": JSON.stringify(publicKey.export({ format: "jwk" })),
      "SPKI PEM": publicKey.export({ format: "pem", type: "spki" }),
      "SPKI DER": publicKey.export({ format: "der", type: "spki" }),
    },
  };
  const type = { rsa: "pkcs1", ec: "sec1" }[privateKey.asymmetricKeyType];
  for (const format of type ? ["pem", "der"] : []) {
    const name = `${{ pkcs1: "PKCS #1", sec1: "SEC1" }[type]} ${format.toUpperCase()}`;
    keys.private[name] = privateKey.export({ format, type });
    if (type === "pkcs1") keys.public[`${name}, public`] = publicKey.export({ format, type });
  }
  for (const half of Object.values(keys)) for (const form of Object.keys(half)) half[form] = bytes(half[form]);
  return keys;
}

const NOT_ITS_SIGNATURE = ["ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "ERR_JWE_DECRYPTION_FAILED", "invalid signature"];

const peers = {
  jose: {
    async knows({ algorithm }) {
      try {
        await (algorithm.startsWith("HS") ? jose.generateSecret(algorithm) : jose.generateKeyPair(algorithm));
        return true;
      } catch (error) {
        if (error instanceof jose.errors.JOSENotSupported) return false;
        throw error;
      }
    },
    newKey,
    load({ algorithm, form, key }) {
      const text = Buffer.from(key, "base64");
      if (form.startsWith("JWK")) return jose.importJWK(JSON.parse(text), algorithm);
      if (form.startsWith("PKCS #8")) return jose.importPKCS8(text.toString(), algorithm);
      if (form.startsWith("SPKI")) return jose.importSPKI(text.toString(), algorithm);
      return text;
    },
    async sign({ claims, header, ...key }) {
      return new jose.SignJWT(claims).setProtectedHeader({ alg: key.algorithm, ...header }).sign(await peers.jose.load(key));
    },
    async verify({ token, ...key }) {
      return (await jose.jwtVerify(token, await peers.jose.load(key), { algorithms: [key.algorithm] })).payload;
    },
    // Returns the objection to a token at an instant: a code, or null.
    async objection({ token, at, issuer, audience, require, ...key }) {
      const options = { algorithms: [key.algorithm], currentDate: new Date(at * 1000), issuer, audience, requiredClaims: require };
      try {
        await jose.jwtVerify(token, await peers.jose.load(key), options);
        return null;
      } catch (error) {
        return error.code ?? `${error.name}: ${error.message}`;
      }
    },
    async verifyWithSet({ jwks, token, algorithm }) {
      return (await jose.jwtVerify(token, jose.createLocalJWKSet(JSON.parse(jwks)), { algorithms: [algorithm] })).payload;
    },
    async encrypts({ algorithm, content }) {
      // A key of the wrong type is refused in other words than an algorithm that is not known.
      try {
        await new jose.CompactEncrypt(new Uint8Array()).setProtectedHeader({ alg: algorithm, enc: content }).encrypt(new Uint8Array(1));
        return true;
      } catch (error) {
        return !(error instanceof jose.errors.JOSENotSupported);
      }
    },
    encryptionKey({ kind }) {
      if (typeof kind === "number") return JSON.stringify({ kty: "oct", k: crypto.randomBytes(kind).toString("base64url") });
      const make = {
        RSA: () => crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }),
        X25519: () => crypto.generateKeyPairSync("x25519"),
      }[kind] ?? (() => crypto.generateKeyPairSync("ec", { namedCurve: kind }));
      return JSON.stringify(make().privateKey.export({ format: "jwk" }));
    },
    async encrypt({ algorithm, content, jwk, plaintext, compress }) {
      const key = await jose.importJWK(JSON.parse(jwk), algorithm);
      const header = { alg: algorithm, enc: content, ...(compress ? { zip: "DEF" } : {}) };
      return new jose.CompactEncrypt(Buffer.from(plaintext)).setProtectedHeader(header).encrypt(key);
    },
    async decrypt({ algorithm, content, jwk, token }) {
      const options = { keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: [content] };
      const { plaintext } = await jose.compactDecrypt(token, await jose.importJWK(JSON.parse(jwk), algorithm), options);
      return Buffer.from(plaintext).toString();
    },
    async signDocument({ form, signers, payload }) {
      const token = form === "general" ? new jose.GeneralSign(Buffer.from(payload)) : new jose.FlattenedSign(Buffer.from(payload));
      for (const [alg, text] of signers) {
        const key = await jose.importJWK(JSON.parse(text), alg);
        const { kid } = JSON.parse(text);
        if (form !== "general") return JSON.stringify(await token.setProtectedHeader({ alg }).setUnprotectedHeader({ kid }).sign(key));
        token.addSignature(key).setProtectedHeader({ alg }).setUnprotectedHeader({ kid });
      }
      return JSON.stringify(await token.sign());
    },
    async verifyDocument({ document, algorithm, jwk }) {
      const [token, key] = [JSON.parse(document), await jose.importJWK(JSON.parse(jwk), algorithm)];
      const verify = token.signatures ? jose.generalVerify : jose.flattenedVerify;
      return Buffer.from((await verify(token, key, { algorithms: [algorithm] })).payload).toString();
    },
    async encryptDocument({ form, content, recipients, plaintext, aad }) {
      const Encrypt = form === "general" ? jose.GeneralEncrypt : jose.FlattenedEncrypt;
      const token = new Encrypt(Buffer.from(plaintext)).setProtectedHeader({ enc: content });
      token.setAdditionalAuthenticatedData(Buffer.from(aad));
      for (const [alg, text] of recipients) {
        const key = await jose.importJWK(JSON.parse(text), alg);
        if (form !== "general") return JSON.stringify(await token.setUnprotectedHeader({ alg }).encrypt(key));
        token.addRecipient(key).setUnprotectedHeader({ alg });
      }
      return JSON.stringify(await token.encrypt());
    },
    async decryptDocument({ document, algorithm, content, jwk }) {
      const [token, key] = [JSON.parse(document), await jose.importJWK(JSON.parse(jwk), algorithm)];
      const decrypt = token.recipients ? jose.generalDecrypt : jose.flattenedDecrypt;
      const options = { keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: [content] };
      return Buffer.from((await decrypt(token, key, options)).plaintext).toString();
    },
    thumbprint: ({ jwk }) => jose.calculateJwkThumbprint(jwk),
  },

  jsonwebtoken: {
    knows({ algorithm }) {
      try {
        // With a private key it checks only the name of the algorithm, not whether key and algorithm fit.
        jsonwebtoken.sign({}, generate("ES256").privateKey, { algorithm });
        return true;
      } catch (error) {
        return !error.message.includes('"algorithm" must be a valid string enum value');
      }
    },
    newKey,
    load({ form, key }, make) {
      const content = Buffer.from(key, "base64");
      if (!form.startsWith("JWK")) return content;
      const jwk = JSON.parse(content);
      return jwk.kty === "oct" ? Buffer.from(jwk.k, "base64url") : make({ key: jwk, format: "jwk" });
    },
    sign({ algorithm, claims, header, ...key }) {
      const options = { algorithm, header, noTimestamp: true };
      return jsonwebtoken.sign(claims, peers.jsonwebtoken.load(key, crypto.createPrivateKey), options);
    },
    verify({ algorithm, token, ...key }) {
      return jsonwebtoken.verify(token, peers.jsonwebtoken.load(key, crypto.createPublicKey), { algorithms: [algorithm] });
    },
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { peer, op, ...question } = JSON.parse(line);
  let answer;
  try {
    answer = { value: await peers[peer][op](question) };
  } catch (error) {
    const refused = NOT_ITS_SIGNATURE.includes(error.code ?? error.message);
    answer = refused ? { refused: error.message } : { error: `${error.name}: ${error.code ?? ""} ${error.message}` };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
