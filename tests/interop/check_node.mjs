// Compares fob and the Node libraries jsonwebtoken and jose in all directions: the verdict of each on tokens of each, at the
// same instant.
// Owns: what is compared with Node. Must not: use anything but these two libraries and Node's own modules.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import jsonwebtoken from "jsonwebtoken";
import { Tally } from "./tally.mjs";

globalThis.crypto ??= webcrypto; // Node 18 keeps it in a module, and jose asks for it by name
const jose = await import("jose");

const NOW = 1_800_000_000;
const ALGORITHMS = ["HS256", "HS384", "HS512"];
// 64 characters: long enough for every HMAC of the three.
const SECRET = "interop-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJK";
const OTHER_SECRET = "another-secret-9876543210-zyxwvutsrqponmlkjihgfedcba-KJIHGFEDCBA";
const TIME_REASONS = ["expired", "not_yet_valid", "issued_in_future"];

const tally = new Tally("Node");

function fob(parameters, secret = SECRET) {
  return tally.fobSync([...parameters, "--secret-env", "INTEROP_SECRET"], { env: { INTEROP_SECRET: secret } });
}

// The makers of tokens: (claims, algorithm, secret, header) -> token over exactly these claims.
const makers = {
  fob(claims, algorithm, secret = SECRET, header = {}) {
    const options = ["--no-iat", "--alg", algorithm];
    if (header.kid) options.push("--kid", header.kid);
    if (header.typ) options.push("--typ", header.typ);
    const { status, stdout } = fob(["encode", JSON.stringify(claims), ...options], secret);
    assert.equal(status, 0, "exit status of fob encode");
    return stdout.replace(/\n$/, "");
  },
  jsonwebtoken(claims, algorithm, secret = SECRET, header = {}) {
    return jsonwebtoken.sign(claims, secret, { algorithm, noTimestamp: !("iat" in claims), header });
  },
  jose(claims, algorithm, secret = SECRET, header = {}) {
    const protectedHeader = { alg: algorithm, typ: "JWT", ...header };
    return new jose.SignJWT(claims).setProtectedHeader(protectedHeader).sign(new TextEncoder().encode(secret));
  },
};

// The verifiers: (token, algorithm, expected) -> { claims } or { refused }, in the library's own words.
// expected: aud, iss, sub, jti, typ (text or list), leeway and maxAge (seconds), ignoreExp.
const judges = {
  fob(token, algorithm, expected = {}, secret = SECRET) {
    const options = ["--alg", algorithm, "--at", `@${NOW}`];
    for (const name of ["aud", "iss", "sub", "jti", "typ"])
      for (const value of [expected[name] ?? []].flat()) options.push(`--${name}`, value);
    if (expected.leeway !== undefined) options.push("--leeway", `${expected.leeway}s`);
    if (expected.maxAge !== undefined) options.push("--max-age", `${expected.maxAge}s`);
    const { status, stdout } = fob(["verify", token, "--json", ...options], secret);
    const { reasons, payload } = JSON.parse(stdout);
    if (status === 0) return { claims: payload };
    const onlyTime = reasons.every((reason) => TIME_REASONS.includes(reason));
    const wanted = reasons.some((reason) => /^(malformed|jwe)/.test(reason)) ? 4 : onlyTime ? 3 : 1;
    assert.equal(status, wanted, `exit status for ${reasons}`);
    return { refused: reasons.join() };
  },
  jsonwebtoken(token, algorithm, expected = {}, secret = SECRET) {
    try {
      return { claims: jsonwebtoken.verify(token, secret, {
        algorithms: [algorithm], clockTimestamp: NOW, clockTolerance: expected.leeway ?? 0, audience: expected.aud,
        issuer: expected.iss, subject: expected.sub, jwtid: expected.jti, maxAge: expected.maxAge,
      }) };
    } catch (error) {
      return { refused: error.message };
    }
  },
  async jose(token, algorithm, expected = {}, secret = SECRET) {
    try {
      const { payload } = await jose.jwtVerify(token, new TextEncoder().encode(secret), {
        algorithms: [algorithm], currentDate: new Date(NOW * 1000), clockTolerance: expected.leeway ?? 0, audience: expected.aud,
        issuer: expected.iss, subject: expected.sub, typ: expected.typ, maxTokenAge: expected.maxAge,
      });
      return { claims: payload };
    } catch (error) {
      return { refused: [error.code, error.claim, error.reason].filter(Boolean).join(" ") };
    }
  },
};

const CLAIMS = {
  iss: "https://issuer.example", sub: "user-7", aud: ["api", "admin"], exp: NOW + 60, nbf: NOW, iat: NOW, jti: "0123",
  roles: ["a", "b"], nested: { n: [1, 2.5, null, true, {}] },
};
const FOREIGN = {
  name: "Zoë Ærøskøbing", city: "서울 東京", emoji: "🦀", quote: "\"\\/\b\f\n\r\t", controls: "\x00\x1b\x7f\x85",
  separators: "\u2028\u2029\ufeff", bidi: "\u202e", "": "", ключ: { é: ["ß"] },
};

for (const algorithm of ALGORITHMS) {
  for (const [maker, make] of Object.entries(makers)) {
    for (const [judge, judgement] of Object.entries(judges)) {
      if ((maker === "fob") === (judge === "fob")) continue; // fob on one side, a library on the other
      await tally.check(`${algorithm}: ${judge} accepts what ${maker} makes`, async () => {
        const token = await make(CLAIMS, algorithm);
        assert.deepEqual(await judgement(token, algorithm, { aud: "api" }), { claims: CLAIMS });
      });
      await tally.check(`${algorithm}: ${judge} reads text outside ASCII as ${maker} wrote it`, async () => {
        assert.deepEqual(await judgement(await make(FOREIGN, algorithm), algorithm), { claims: FOREIGN });
      });
      await tally.check(`${algorithm}: ${judge} reads the kid that ${maker} wrote, and accepts`, async () => {
        const token = await make(CLAIMS, algorithm, SECRET, { kid: "key-1" });
        assert.equal(jose.decodeProtectedHeader(token).kid, "key-1");
        assert.deepEqual(await judgement(token, algorithm), { claims: CLAIMS });
      });
    }
  }
  await tally.check(`${algorithm}: the three write the same token`, async () => {
    const tokens = await Promise.all(Object.values(makers).map((make) => make(CLAIMS, algorithm)));
    assert.equal(tokens[0], tokens[1]);
    assert.equal(tokens[0], tokens[2]);
  });
}

for (const profile of ["simplejwt", "oauth"]) {
  await tally.check(`both libraries accept a pair of fob's profile ${profile}`, async () => {
    const { status, stdout } = fob(["pair", "--profile", profile, "--sub", "user-7", "--aud", "api", "--iss", "me",
      "--alg", "HS256", "--format", "json", "--at", `@${NOW}`]);
    assert.equal(status, 0, "exit status of fob pair");
    for (const token of Object.values(JSON.parse(stdout)))
      for (const judge of ["jsonwebtoken", "jose"])
        assert.equal((await judges[judge](token, "HS256", { aud: "api", iss: "me" })).refused, undefined, judge);
  });
}

await tally.check("an access token of the profile oauth is at+jwt to jose, its refresh token is not", async () => {
  const { stdout } = fob(["pair", "--profile", "oauth", "--sub", "user-7", "--aud", "api", "--iss", "me", "-c", "client_id=web",
    "--format", "oauth", "--at", `@${NOW}`]);
  const answer = JSON.parse(stdout);
  assert.equal(answer.token_type, "Bearer");
  assert.equal(answer.expires_in, 300);
  const expected = { aud: "api", iss: "me", typ: "at+jwt" };
  assert.equal((await judges.jose(answer.access_token, "HS256", expected)).refused, undefined);
  assert.equal((await judges.jose(answer.refresh_token, "HS256", expected)).refused, "ERR_JWT_CLAIM_VALIDATION_FAILED typ check_failed");
});

// Verdicts of the three: claims, demands, and the messages of fob, jsonwebtoken and jose (none: accepted).
const AUD = "ERR_JWT_CLAIM_VALIDATION_FAILED aud", ISS = "ERR_JWT_CLAIM_VALIDATION_FAILED iss", SUB = "ERR_JWT_CLAIM_VALIDATION_FAILED sub";
const EXPIRED = ["expired", "jwt expired", "ERR_JWT_EXPIRED exp check_failed"];
const EARLY = ["not_yet_valid", "jwt not active", "ERR_JWT_CLAIM_VALIDATION_FAILED nbf check_failed"];
const VERDICTS = {
  "no claims at all": [{}, {}],
  "exp one second ahead": [{ exp: NOW + 1 }, {}],
  "exp is now": [{ exp: NOW }, {}, ...EXPIRED],
  "exp a day ago": [{ exp: NOW - 86_400 }, {}, ...EXPIRED],
  "exp is 0": [{ exp: 0 }, {}, ...EXPIRED],
  "exp with a fraction, ahead": [{ exp: NOW + 0.5 }, {}],
  "exp inside the leeway": [{ exp: NOW - 10 }, { leeway: 11 }],
  "exp at the end of the leeway": [{ exp: NOW - 10 }, { leeway: 10 }, ...EXPIRED],
  "nbf is now": [{ nbf: NOW }, {}],
  "nbf one second ahead": [{ nbf: NOW + 1 }, {}, ...EARLY],
  "nbf inside the leeway": [{ nbf: NOW + 10 }, { leeway: 10 }],
  "nbf past the leeway": [{ nbf: NOW + 10 }, { leeway: 9 }, ...EARLY],
  "aud fits": [{ aud: "api" }, { aud: "api" }],
  "aud is a list with the one": [{ aud: ["web", "api"] }, { aud: "api" }],
  "aud is any of two": [{ aud: "web" }, { aud: ["api", "web"] }],
  "aud without an expectation": [{ aud: "web" }, {}],
  "aud is another": [{ aud: "web" }, { aud: "api" }, "wrong_audience", "jwt audience invalid. expected: api", `${AUD} check_failed`],
  "aud differs in case": [{ aud: "API" }, { aud: "api" }, "wrong_audience", "jwt audience invalid. expected: api", `${AUD} check_failed`],
  "aud is an empty list": [{ aud: [] }, { aud: "api" }, "wrong_audience", "jwt audience invalid. expected: api", `${AUD} check_failed`],
  "aud is absent": [{}, { aud: "api" }, "claim_missing:aud", "jwt audience invalid. expected: api", `${AUD} missing`],
  "iss fits": [{ iss: "me" }, { iss: "me" }],
  "iss is any of two": [{ iss: "me" }, { iss: ["you", "me"] }],
  "iss is another": [{ iss: "me/" }, { iss: "me" }, "wrong_issuer", "jwt issuer invalid. expected: me", `${ISS} check_failed`],
  "iss is absent": [{}, { iss: "me" }, "claim_missing:iss", "jwt issuer invalid. expected: me", `${ISS} missing`],
  "sub fits": [{ sub: "u" }, { sub: "u" }],
  "sub is another": [{ sub: "u" }, { sub: "v" }, "wrong_subject", "jwt subject invalid. expected: v", `${SUB} check_failed`],
  "sub is absent": [{}, { sub: "v" }, "claim_missing:sub", "jwt subject invalid. expected: v", `${SUB} missing`],
  "younger than the greatest age": [{ iat: NOW - 59 }, { maxAge: 60 }],
  "older than the greatest age": [{ iat: NOW - 61 }, { maxAge: 60 }, "too_old", "maxAge exceeded", "ERR_JWT_EXPIRED iat check_failed"],
  "expired and for another audience": [{ exp: 0, aud: "web" }, { aud: "api" }, "expired,wrong_audience", "jwt expired", `${AUD} check_failed`],
};

for (const [name, [claims, expected, ...words]] of Object.entries(VERDICTS)) {
  await tally.check(`verdict: ${name}: ${words[0] ?? "accepted"}`, async () => {
    for (const [maker, make] of Object.entries(makers)) {
      const token = await make(claims, "HS256");
      for (const [index, [judge, judgement]] of Object.entries(judges).entries())
        assert.equal((await judgement(token, "HS256", expected)).refused, words[index], `${judge} on the token of ${maker}`);
    }
  });
}

await tally.check("verdict: a header typ that was asked for, and another: fob and jose", async () => {
  const token = makers.fob({}, "HS256", SECRET, { typ: "at+jwt" });
  for (const judge of ["fob", "jose"]) assert.equal((await judges[judge](token, "HS256", { typ: "at+jwt" })).refused, undefined, judge);
  assert.equal(judges.fob(token, "HS256", { typ: "JWT" }).refused, "wrong_typ");
  assert.equal((await judges.jose(token, "HS256", { typ: "JWT" })).refused, "ERR_JWT_CLAIM_VALIDATION_FAILED typ check_failed");
});

// Tokens that are invalid in themselves: how to break a good one, and the messages of fob, jsonwebtoken and jose.
const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const SIGNATURE_FAILED = ["bad_signature", "invalid signature", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"];
const SPOILED = {
  "the payload was changed": [(h, p, s) => `${h}.${part({ sub: "y" })}.${s}`, ...SIGNATURE_FAILED],
  "the signature is cut": [(h, p, s) => `${h}.${p}.${s.slice(0, 40)}`, ...SIGNATURE_FAILED],
  "alg is none": [(h, p) => `${part({ alg: "none" })}.${p}.`, "alg_none", "jwt signature is required", "ERR_JOSE_ALG_NOT_ALLOWED"],
  "alg is none, signature kept": [(h, p, s) => `${part({ alg: "none" })}.${p}.${s}`, "alg_none", "invalid algorithm", "ERR_JOSE_ALG_NOT_ALLOWED"],
  "two segments": [(h, p) => `${h}.${p}`, "malformed:segments", "jwt malformed", "ERR_JWS_INVALID"],
  "five segments": [(h, p, s) => `${part({ alg: "dir", enc: "A128GCM" })}..${s}.${s}.${s}`, "jwe", "jwt malformed", "ERR_JWS_INVALID"],
  "a header that is not JSON": [(h, p, s) => `${part("nonsense")}.${p}.${s}`, "malformed:header_json", "invalid token", "ERR_JWS_INVALID"],
};
for (const [name, [spoil, ...words]] of Object.entries(SPOILED)) {
  await tally.check(`verdict: ${name}: ${words[0]}`, async () => {
    const token = spoil(...makers.jsonwebtoken({ sub: "x" }, "HS256").split("."));
    for (const [index, [judge, judgement]] of Object.entries(judges).entries())
      assert.equal((await judgement(token, "HS256")).refused, words[index], judge);
  });
}

for (const [name, algorithm, secret, words] of [
  ["another secret", "HS256", OTHER_SECRET, SIGNATURE_FAILED],
  ["another algorithm than the one allowed", "HS512", SECRET, ["alg_not_allowed", "invalid algorithm", "ERR_JOSE_ALG_NOT_ALLOWED"]],
]) {
  await tally.check(`verdict: ${name}: ${words[0]}`, async () => {
    for (const [maker, make] of Object.entries(makers)) {
      const token = await make({ sub: "x" }, algorithm, secret);
      for (const [index, [judge, judgement]] of Object.entries(judges).entries())
        assert.equal((await judgement(token, "HS256")).refused, words[index], `${judge} on the token of ${maker}`);
    }
  });
}

tally.finish();
