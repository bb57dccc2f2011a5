// The steps that fob takes with each server of the matrix: log in, use, refresh, rotate, reuse, expire, revoke, keep a session.
// Owns: the steps, and what counts as done. Must not: know a server (check_servers.mjs), or how one is set up (sites).

import assert from "node:assert/strict";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { USER, sleep } from "./sites/server.mjs";
import { Tally } from "./tally.mjs";

const TABLE = "servers", STEPS = [
  "log in", "use", "verify", "mint", "wrong password", "wrong client", "refresh", "rotate", "reuse", "expire", "revoke", "session",
];
const USUAL = { access: 600, refresh: 86_400 };
const NOTHING_JUDGED = 2;
export const ACCEPTED = 0, REJECTED = 1, ONLY_TIME = 3;
const OAUTH = ["--format", "oauth"], HEADER = ["--format", "header"];

export const tally = new Tally("servers");
const folder = join(process.env.INTEROP_KEYS, "servers");
mkdirSync(folder, { recursive: true });

// Writes a file that its owner alone can read, and returns its path.
export function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

// One server with the options that fob needs for it.
export class Server {
  // row: its row in the matrix. settings:
  // login, renew, end: the paths of the log-in, the refresh and the log-out. `renew` and `end` may be missing.
  // view: a path that answers 200 to a good access token. opens: does the same with a header line, if there is no such path.
  // options, fields, client, env: the options of all requests, those of the log-in, those of the client, and their secrets.
  // places, endPlaces: the options of the log-in and the refresh, and those of the log-out, that say where the tokens are.
  // verify: the options with which fob accepts the ID token, or else the access token. mint: returns a header line with a token of fob.
  // issuer: the issuer whose metadata name the endpoints. wrongClient: other options for the client.
  // reuse, expired: the exit statuses for a used and for an expired refresh token.
  // judgesPasswords, remembers: false if the server accepts every password, or every refresh token.
  // endsAccess: true if a log-out also ends the access token.
  constructor(row, site, settings) {
    Object.assign(this, {
      row, site, view: "/me", user: USER.username, options: [], fields: [], places: [], endPlaces: [], client: [], env: {},
      reuse: REJECTED, expired: REJECTED, judgesPasswords: true, remembers: true,
    }, settings);
  }

  // Runs fob with the secrets of this server.
  fob(parameters, { stdin = "", password = USER.password } = {}) {
    return tally.fob(parameters, { stdin, env: { PASSWORD: password, ...this.env } });
  }

  // Asserts that fob succeeds, and returns what it printed.
  async run(parameters, settings) {
    const { status, stdout, stderr } = await this.fob(parameters, settings);
    assert.equal(status, 0, `fob ${parameters.join(" ")}: ${stderr}`);
    return stdout.trim();
  }

  // Asserts that a command fails with a status after the server has answered, prints no token, and shows no secret.
  async refuses(status, command, settings) {
    const asked = this.site.asked?.length, answer = await this.fob(command, settings);
    assert.deepEqual([answer.status, answer.stdout], [status, ""], answer.stderr);
    assert.ok(this.site.asked === undefined || this.site.asked.length > asked, `no request: ${answer.stderr}`);
    assert.match(answer.stderr, /^error: cannot .* at http:\/\/127\.0\.0\.1:/);
    for (const secret of [USER.password, ...Object.values(this.env)]) {
      assert.ok(!answer.stderr.includes(secret), "a secret is in the message");
    }
  }

  logIn(options = [], { client = this.client, at = ["--from", this.site.url + this.login] } = {}) {
    const user = this.user ? ["--user", this.user, "--password-env", "PASSWORD"] : [];
    return ["pair", ...at, ...this.options, ...this.places, ...client, ...user, ...this.fields, ...options];
  }

  refresh(options = [], client = this.client) {
    return ["refresh", "--from", this.site.url + this.renew, ...this.options, ...this.places, ...client, ...options];
  }

  // Asserts that the server lets a request with this header line in.
  async opens(line) {
    const [name, value] = line.split(": ");
    const response = await fetch(this.site.url + this.view, { headers: { [name]: value, ...this.headers } });
    assert.equal(response.status, 200, "the view refuses the access token");
  }

  // Runs the body of a step, and marks its cell in the matrix.
  step(name, body, mark = "✓") {
    return tally.check(`${this.row}: ${name}`, body, [TABLE, this.row, name, mark]);
  }

  // Notes the steps that the server does not have.
  noteMissing() {
    const has = {
      "verify": this.verify, "mint": this.mint, "wrong password": this.user && this.judgesPasswords,
      "wrong client": this.wrongClient, "refresh": this.renew, "rotate": this.renew, "reuse": this.renew,
      "expire": this.renew && this.remembers, "revoke": this.end,
    };
    for (const name of STEPS.filter((name) => name in has && !has[name])) tally.note([TABLE, this.row, name, "–"]);
  }
}

const read = (text) => {
  const { access_token, refresh_token, id_token } = JSON.parse(text);
  return { access: access_token, refresh: refresh_token, id: id_token };
};

// Logs in where the refresh token soon expires.
async function logInForAMoment(server) {
  server.site.lives.refresh = 1;
  server.soon = await server.run(server.logIn(OAUTH));
  server.site.lives.refresh = USUAL.refresh;
}

async function logInAndUse(server) {
  let given;
  await server.step("log in", async () => {
    given = await server.run(server.logIn(OAUTH));
    assert.ok(read(given).access, "no access token");
  });
  await server.step("use", async () => server.opens(await server.run(server.logIn(HEADER))));
  if (server.verify) await server.step("verify", () => server.run(["verify", "-", ...server.verify], { stdin: read(given).id ?? read(given).access }));
  if (server.mint) await server.step("mint", async () => server.opens(await server.mint(server)));
  if (server.issuer) {
    await tally.check(`${server.row}: the metadata of the issuer name the endpoint`, async () => {
      assert.ok(read(await server.run(server.logIn(OAUTH, { at: ["--issuer", server.issuer] }))).access, "no access token");
    });
  }
  if (server.user && server.judgesPasswords) {
    await server.step("wrong password", () => server.refuses(REJECTED, server.logIn(), { password: "hunter2" }));
  }
  if (server.wrongClient) {
    await server.step("wrong client", async () => {
      await server.refuses(NOTHING_JUDGED, server.logIn([], { client: server.wrongClient }));
      if (server.renew) await server.refuses(NOTHING_JUDGED, server.refresh([], server.wrongClient), { stdin: given });
    });
  }
  return given;
}

async function refreshAndRotate(server, given) {
  let renewed;
  await server.step("refresh", async () => {
    renewed = await server.run(server.refresh(OAUTH), { stdin: given });
    assert.ok(read(renewed).access, "no access token");
  });
  await server.step("rotate", async () => {
    assert.ok(read(renewed).refresh, "no refresh token");
    assert.notEqual(read(renewed).refresh, read(given).refresh, "the refresh token is the same");
    await server.opens(await server.run(server.refresh(HEADER), { stdin: renewed }));
  });
  await server.step("reuse", async () => {
    if (server.reuse) await server.refuses(server.reuse, server.refresh(), { stdin: given });
    else await server.run(server.refresh(), { stdin: given });
  }, server.reuse ? "✓" : "0");
}

async function logOut(server) {
  await server.step("revoke", async () => {
    const given = await server.run(server.logIn(OAUTH));
    await server.run(["revoke", "--from", server.site.url + server.end, ...server.options, ...server.endPlaces, ...server.client], { stdin: given });
    if (server.renew && server.remembers) await server.refuses(REJECTED, server.refresh(), { stdin: given });
    const header = `Authorization: Bearer ${read(given).access}`;
    if (server.endsAccess) await assert.rejects(() => server.opens(header), "the access token is still good");
  }, server.remembers ? "✓" : "0");
}

// A session file prints a good token without a request, refreshes once if the token ends too soon, and is gone after a log-out.
async function keepSession(server) {
  await server.step("session", async () => {
    const path = join(folder, `${server.row.replaceAll(/\W+/g, "-")}.json`), session = ["refresh", "--session", path, ...HEADER];
    const { issuer } = server, urls = [];
    if (server.renew && !issuer) urls.push("--refresh-url", server.site.url + server.renew);
    if (server.end && !issuer) urls.push("--revoke-url", server.site.url + server.end);
    await server.run(server.logIn(["--session", path, ...urls], issuer && { at: ["--issuer", issuer] }));
    assert.equal(statSync(path).mode & 0o777, 0o600, "the permissions of the file");
    const before = server.site.asked?.length, first = await server.run(session);
    assert.equal(server.site.asked?.length, before, "a good token needs no request");
    await server.opens(first);
    if (server.renew || !server.user) {
      const asked = server.site.asked?.length, second = await server.run([...session, "--valid-for", "2h"]);
      if (asked !== undefined) assert.equal(server.site.asked.length, asked + 1, "one request refreshes");
      await server.opens(second);
    }
    if (!server.end) return;
    await server.run(["revoke", "--session", path]);
    assert.ok(!existsSync(path), "the file is still there");
  });
}

async function expire(server) {
  await server.step("expire", async () => {
    assert.ok(server.soon, "there was no log-in");
    await server.refuses(server.expired, server.refresh(), { stdin: server.soon });
  }, String(server.expired));
}

// Takes all steps with all servers.
export async function takeSteps(servers) {
  const expiring = servers.filter((server) => server.renew && server.remembers);
  for (const site of new Set(servers.map((server) => server.site))) Object.assign(site.lives, USUAL);
  for (const server of expiring) {
    await tally.check(`${server.row}: a log-in whose refresh token soon expires`, () => logInForAMoment(server));
  }
  const expired = sleep(2_100);
  for (const server of servers) {
    server.noteMissing();
    const given = await logInAndUse(server);
    if (server.renew) await refreshAndRotate(server, given);
    if (server.end) await logOut(server);
    await keepSession(server);
  }
  await expired;
  for (const server of expiring) await expire(server);
}
