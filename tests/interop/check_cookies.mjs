// Checks that fob opens the session cookies that next-auth and @auth/core write, and refuses another secret.
// Owns: what is compared with these two packages. Must not: use anything but them and Node's own modules.

import assert from "node:assert/strict";
import * as auth from "@auth/core/jwt";
import nextAuth from "next-auth/jwt";
import { Tally } from "./tally.mjs";

const SECRET = "interop-secret-0123456789-abcdefghijklmnopqrstuvwxyz";
const CLAIMS = { name: "Zoë Ærøskøbing", email: "zoe@example.com", sub: "7", roles: ["api", "admin"] };
const MONTH = 30 * 24 * 60 * 60;

const tally = new Tally("cookies");

// Imports a module that a package does not export, and returns the class that divides its cookies.
async function sessionStore(path) {
  const module = await import(new URL(`./node_modules/${path}`, import.meta.url));
  return (module.default ?? module).SessionStore;
}

function decode(cookie, secret, ...options) {
  const parameters = ["decode", "-", "--secret-env", "AUTH_SECRET", "--json", ...options];
  return tally.fob(parameters, { env: { AUTH_SECRET: secret }, stdin: cookie });
}

// Asserts that fob shows the claims that a package has put into a cookie. The package adds iat, exp and jti.
async function opens(cookie, claims, { options = [], lifetime = MONTH } = {}) {
  const { status, stdout } = await decode(cookie, SECRET, ...options);
  assert.equal(status, 0, "exit status of fob decode");
  const { iat, exp, jti, ...own } = JSON.parse(stdout).payload;
  assert.deepEqual(own, claims);
  assert.equal(exp - iat, lifetime, "the lifetime");
  assert.match(jti, /^[0-9a-f-]{36}$/);
}

// Asserts that fob refuses a cookie with this error code, and shows nothing of its content.
async function refuses(code, cookie, secret, ...options) {
  const { status, stdout, stderr } = await decode(cookie, secret, ...options);
  assert.deepEqual([JSON.parse(stdout).error.code, status], [code, 1], "error code and exit status of fob decode");
  assert.doesNotMatch(stderr + stdout, /Zoë|zoe@/);
}

// Returns the value with another character in the middle of one segment.
function changed(value, segment) {
  const segments = value.split("."), text = segments[segment], place = text.length >> 1;
  segments[segment] = text.slice(0, place) + (text[place] === "A" ? "B" : "A") + text.slice(place + 1);
  return segments.join(".");
}

// The packages: how each makes the value of a cookie from claims and a name, the beginning of the names, and the error code for
// another secret or another name. Cookies of @auth/core name their key, so that fob knows this before it decrypts.
const packages = {
  "next-auth 4": {
    make: (token, salt, secret = SECRET) => nextAuth.encode({ token, secret, salt: salt.endsWith("session-token") ? "" : salt }),
    prefix: "next-auth", wrong: "decrypt_failed", store: await sessionStore("next-auth/core/lib/cookie.js"),
  },
  "@auth/core": {
    make: (token, salt, secret = SECRET) => auth.encode({ token, secret, salt }),
    prefix: "authjs", wrong: "key_not_found", store: await sessionStore("@auth/core/lib/utils/cookie.js"),
  },
};

for (const [title, { make, prefix, wrong, store: SessionStore }] of Object.entries(packages)) {
  for (const name of [`${prefix}.session-token`, `__Secure-${prefix}.session-token`, `${prefix}.pkce.code_verifier`, `${prefix}.state`]) {
    await tally.check(`${title}: the value of ${name}`, async () => opens(await make(CLAIMS, name), CLAIMS));
    await tally.check(`${title}: ${name} in a header`, async () => opens(`Cookie: theme=dark; ${name}=${await make(CLAIMS, name)}`, CLAIMS));
    await tally.check(`${title}: ${name} by its name`, async () => opens(await make(CLAIMS, name), CLAIMS, { options: ["--cookie", name] }));
  }
  const name = `__Secure-${prefix}.session-token`;

  for (const size of [5_000, 30_000]) {
    const claims = { ...CLAIMS, picture: `data:image/png;base64,${"A".repeat(size)}` };
    await tally.check(`${title}: a cookie in chunks, as the package divides it, with ${size} bytes`, async () => {
      const quiet = { debug() {} };
      const chunks = new SessionStore({ name, options: {} }, { cookies: {} }, quiet).chunk(await make(claims, name), {});
      assert.ok(chunks.length >= size / 4_000 && chunks.length > 1, `${chunks.length} chunks`);
      const pairs = chunks.map((chunk) => `${chunk.name}=${chunk.value}`);
      await opens(`Cookie: ${pairs.join("; ")}`, claims);
      await opens(`theme=dark; ${pairs.toReversed().join("; ")}; other=1`, claims);
      await opens(pairs.map((pair) => `Set-Cookie: ${pair}; Path=/; HttpOnly; Secure; SameSite=Lax`).join("\r\n"), claims);
      const { status } = await decode(`Cookie: ${pairs.slice(1).join("; ")}`, SECRET);
      assert.equal(status, 4, "exit status of fob decode without the first chunk");
    });
  }

  await tally.check(`${title}: another secret`, async () => refuses(wrong, await make(CLAIMS, name), "another secret"));
  await tally.check(`${title}: the secret, and a line break`, async () => refuses(wrong, await make(CLAIMS, name), `${SECRET}\n`));
  await tally.check(`${title}: a changed cookie`, async () => {
    const value = await make(CLAIMS, name);
    for (const segment of [2, 3, 4]) await refuses("decrypt_failed", changed(value, segment), SECRET);
  });
  await tally.check(`${title}: a cookie with a name of its own`, async () => {
    const value = await make(CLAIMS, "my-app");
    await refuses(wrong, value, SECRET);
    await refuses(wrong, value, SECRET, "--cookie", "your-app");
    await opens(value, CLAIMS, { options: ["--cookie", "my-app"] });
    await opens(value, CLAIMS, { options: ["--cookie", "my-app.0"] });
  });
}

await tally.check("@auth/core: the session under the name of another cookie", async () => {
  const value = await auth.encode({ token: CLAIMS, secret: SECRET, salt: "authjs.session-token" });
  await refuses("key_not_found", value, SECRET, "--cookie", "__Secure-authjs.session-token");
});

await tally.check("@auth/core: a secret among several, after the secret was changed", async () => {
  const value = await auth.encode({ token: CLAIMS, secret: [SECRET, "an older secret"], salt: "authjs.session-token" });
  await opens(value, CLAIMS);
});

tally.finish();
