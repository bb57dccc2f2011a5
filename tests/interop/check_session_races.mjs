// Checks a session file against a real provider that takes each refresh token once, and ends the whole session if it sees one
// again: many processes ask at once, and many processes are killed.
// Owns: the races and the kills. Must not: know how the provider is set up (sites/oidc_provider.mjs).

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PUBLIC, startProvider } from "./sites/oidc_provider.mjs";
import { USER, sleep } from "./sites/server.mjs";
import { Tally } from "./tally.mjs";

const PROCESSES = 64, KILLS = 500;
const tally = new Tally("session races");
const folder = join(process.env.INTEROP_KEYS, "races");
mkdirSync(folder, { recursive: true });
const provider = await startProvider();

// Logs in, and returns the path of the session. life: the seconds that its first access token is good for.
async function logIn(name, life) {
  const path = join(folder, name), usual = provider.lives.access;
  provider.lives.access = life;
  const { status, stderr } = await tally.fob([
    "pair", "--profile", "oauth", "--issuer", provider.issuer, "--client", PUBLIC.client_id, "--field", "scope=openid offline_access",
    "--user", USER.username, "--password-env", "PASSWORD", "--session", path,
  ], { env: { PASSWORD: USER.password } });
  provider.lives.access = usual;
  assert.equal(status, 0, stderr);
  return path;
}

// Asserts that the provider knows the user by this header line.
async function opens(line) {
  const response = await fetch(`${provider.url}/me`, { headers: { authorization: line.trim().replace("Authorization: ", "") } });
  assert.equal(response.status, 200, "the provider refuses the access token");
}

const exchanges = () => provider.asked.filter((request) => request === "POST /token").length;

await tally.check(`${PROCESSES} processes ask for an expired session: one refresh, and a good token for each`, async () => {
  const path = await logIn("race.json", 1), before = exchanges();
  await sleep(1_100);
  const answers = await Promise.all(Array.from({ length: PROCESSES }, () => tally.fob(["refresh", "--session", path, "--format", "header"])));
  for (const { status, stderr } of answers) assert.equal(status, 0, stderr);
  assert.equal(exchanges() - before, 1, "requests to the token endpoint");
  for (const { stdout } of answers) await opens(stdout);
});

await tally.check(`${KILLS} kills never lose the newest refresh token`, async () => {
  const path = await logIn("kills.json", 600);
  const parameters = ["refresh", "--session", path, "--format", "header", "--valid-for", "2h"];
  const begun = performance.now();
  assert.equal((await tally.fob(parameters)).status, 0);
  const usual = performance.now() - begun, before = exchanges();
  let killed = 0, finished = 0;
  while (killed < KILLS) {
    const child = spawn(process.env.FOB, parameters, { stdio: "ignore" }), ended = once(child, "exit");
    await sleep(Math.random() * usual * 1.2);
    child.kill("SIGKILL");
    const [code, signal] = await ended;
    if (signal) killed += 1;
    else assert.equal(code, 0, `exit status after ${killed} kills`);
    finished += signal ? 0 : 1;
    assert.ok(finished < 4 * KILLS, `${finished} runs ended before they were killed`);
  }
  const { status, stdout, stderr } = await tally.fob(parameters);
  assert.equal(status, 0, stderr);
  await opens(stdout);
  console.log(`     ${exchanges() - before} exchanges during ${killed} kills and ${finished} runs to the end`);
});

provider.stop();
tally.finish();
