// Checks that fob opens the session cookies that next-auth and @auth/core write, and refuses another secret.
// Owns: what is compared with these two packages. Must not: use anything but them and Node's own modules.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as auth from "@auth/core/jwt";
import nextAuth from "next-auth/jwt";

const SECRET = "interop-secret-0123456789-abcdefghijklmnopqrstuvwxyz";
const CLAIMS = { name: "Zoë Ærøskøbing", email: "zoe@example.com", sub: "7", roles: ["api", "admin"] };
// The size at which both packages split a cookie into chunks: 4096 bytes less the space for its attributes.
const CHUNK = 4096 - 163;

let lastAnswer, passed = 0, failed = 0;

function decode(cookie, secret, ...options) {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FOB")));
  const done = spawnSync(process.env.FOB, ["decode", cookie, "--secret-env", "AUTH_SECRET", "--json", ...options], {
    env: { ...environment, AUTH_SECRET: secret }, input: "", encoding: "utf8", timeout: 60_000,
  });
  lastAnswer = { status: done.status, stdout: done.stdout, stderr: done.stderr };
  return lastAnswer;
}

async function check(name, body) {
  lastAnswer = undefined;
  try {
    await body();
    passed += 1;
    console.log(`ok   cookies: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL cookies: ${name}\n     ${String(error.stack).replaceAll("\n", "\n     ")}`);
    if (lastAnswer) console.log(`     last run of fob: ${JSON.stringify(lastAnswer)}`);
  }
}

// Asserts that fob shows the claims that a package has put into a cookie. The package adds iat, exp and jti.
function opens(cookie, claims, ...options) {
  const { status, stdout } = decode(cookie, SECRET, ...options);
  assert.equal(status, 0, "exit status of fob decode");
  const { iat, exp, jti, ...own } = JSON.parse(stdout).payload;
  assert.deepEqual(own, claims);
  assert.equal(exp - iat, 30 * 24 * 60 * 60, "the lifetime");
  assert.match(jti, /^[0-9a-f-]{36}$/);
}

// The makers: the claims and the name of the cookie -> its value. Version 4 uses no name.
const makers = {
  "next-auth 4": [(token) => nextAuth.encode({ token, secret: SECRET }), "next-auth.session-token", "__Secure-next-auth.session-token"],
  "@auth/core": [(token, salt) => auth.encode({ token, secret: SECRET, salt }), "authjs.session-token", "__Secure-authjs.session-token"],
};

for (const [maker, [make, ...names]] of Object.entries(makers)) {
  for (const name of names) {
    await check(`${maker}: the value of ${name}`, async () => opens(await make(CLAIMS, name), CLAIMS));
    await check(`${maker}: ${name} in a header`, async () => opens(`Cookie: theme=dark; ${name}=${await make(CLAIMS, name)}`, CLAIMS));
  }
  await check(`${maker}: a cookie in chunks`, async () => {
    const [name] = names, claims = { ...CLAIMS, picture: `data:image/png;base64,${"A".repeat(8_000)}` };
    const value = await make(claims, name);
    const chunks = Array.from({ length: Math.ceil(value.length / CHUNK) }, (_, index) =>
      `${name}.${index}=${value.slice(index * CHUNK, (index + 1) * CHUNK)}`);
    assert.ok(chunks.length > 2);
    opens(`Cookie: ${chunks.join("; ")}`, claims);
  });
  await check(`${maker}: another secret`, async () => {
    const { status, stdout } = decode(await make(CLAIMS, names[0]), "another secret");
    assert.notEqual(status, 0, "exit status of fob decode");
    assert.ok(!stdout.includes("Zoë"));
  });
}

await check("@auth/core: a cookie with a name of its own", async () => {
  const value = await auth.encode({ token: CLAIMS, secret: SECRET, salt: "my-app" });
  assert.notEqual(decode(value, SECRET).status, 0, "without its name");
  opens(value, CLAIMS, "--cookie", "my-app");
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
