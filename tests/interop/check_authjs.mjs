// Checks what fob can do with a running Auth.js (@auth/core) or next-auth 4: it reads and verifies the session that the server
// has set, after the log-in, after a renewal and after the log-out. These servers have no token that fob could ask for.
// Owns: the requests of a browser to these servers. Must not: know how the servers are set up (sites/authjs.mjs).

import assert from "node:assert/strict";
import { SECRET, startAuthCore, startNextAuth } from "./sites/authjs.mjs";
import { USER } from "./sites/server.mjs";
import { Tally } from "./tally.mjs";

const tally = new Tally("Auth.js");

// A browser: it keeps cookies and sends them back. `head` is what `curl --dump-header -` prints of the last answer.
class Browser {
  cookies = new Map();

  constructor(base) {
    this.base = base;
  }

  async ask(path, form) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.base + path, {
      method: form ? "POST" : "GET", body: form && new URLSearchParams(form), headers: { cookie }, redirect: "manual",
    });
    const set = response.headers.getSetCookie(), text = await response.text();
    for (const [, name, value] of set.map((line) => /^([^=]+)=([^;]*)/.exec(line))) {
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    this.head = `HTTP/1.1 ${response.status}\r\n${set.map((line) => `set-cookie: ${line}\r\n`).join("")}\r\n`;
    return { status: response.status, text, set };
  }

  async logIn(password = USER.password) {
    const { csrfToken } = JSON.parse((await this.ask("/csrf")).text);
    return this.ask("/callback/credentials", { username: USER.username, password, csrfToken });
  }

  async logOut() {
    const { csrfToken } = JSON.parse((await this.ask("/csrf")).text);
    return this.ask("/signout", { csrfToken });
  }

  // Returns whether the server knows the user.
  async isKnown() {
    return JSON.parse((await this.ask("/session")).text)?.user?.email === USER.email;
  }
}

// Asserts that fob accepts the session in a text, and returns its claims.
async function accepts(text, ...options) {
  const parameters = ["verify", "-", "--secret-env", "AUTH_SECRET", "--accept-shared-key", "--json", ...options];
  const { status, stdout } = await tally.fob(parameters, { env: { AUTH_SECRET: SECRET }, stdin: text });
  const report = JSON.parse(stdout);
  assert.deepEqual([status, report.verdict], [0, "accepted"]);
  return (report.inner ?? report).payload;
}

for (const [title, start] of [["@auth/core", startAuthCore], ["next-auth 4", startNextAuth]]) {
  const site = await start(), browser = new Browser(site.base);
  await tally.check(`${title}: fob reads the session in the answer to a log-in`, async () => {
    await browser.logIn();
    const claims = await accepts(browser.head, "--sub", USER.id);
    assert.deepEqual([claims.name, claims.email], [USER.username, USER.email]);
    assert.ok(await browser.isKnown(), "the server does not know the user");
  });
  await tally.check(`${title}: fob reads the session after the server has renewed it`, async () => {
    const before = await accepts(`Cookie: ${site.cookie}=${browser.cookies.get(site.cookie)}`);
    await browser.ask("/session");
    const after = await accepts(browser.head);
    assert.notEqual(after.jti, before.jti);
    assert.equal(after.sub, before.sub);
  });
  await tally.check(`${title}: a session stays good after the log-out, for the server and for fob`, async () => {
    const kept = browser.cookies.get(site.cookie);
    await browser.logOut();
    assert.ok(!(await browser.isKnown()), "the server still knows the user without the cookie");
    browser.cookies.set(site.cookie, kept);
    assert.ok(await browser.isKnown(), "the server has forgotten the cookie");
    await accepts(kept);
  });
  await tally.check(`${title}: a session has expired after a month`, async () => {
    await browser.logIn();
    const parameters = ["verify", "-", "--secret-env", "AUTH_SECRET", "--accept-shared-key", "--json", "--at", "+31d"];
    const { status, stdout } = await tally.fob(parameters, { env: { AUTH_SECRET: SECRET }, stdin: browser.head });
    assert.deepEqual([status, JSON.parse(stdout).reasons], [3, ["expired"]]);
  });
  await tally.check(`${title}: a wrong password sets no session`, async () => {
    const stranger = new Browser(site.base);
    await stranger.logIn("wrong");
    const { status } = await tally.fob(["decode", "-", "--secret-env", "AUTH_SECRET"], { env: { AUTH_SECRET: SECRET }, stdin: stranger.head });
    assert.equal(status, 4, "exit status of fob decode");
  });
  await tally.check(`${title}: fob cannot log in itself, and judges no password`, async () => {
    const parameters = ["pair", "--from", `${site.base}/callback/credentials`, "--user", USER.username, "--password-env", "PASSWORD"];
    const { status, stdout, stderr } = await tally.fob(parameters, { env: { PASSWORD: USER.password } });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.doesNotMatch(stderr, /password is wrong|rejected|log in again/);
    assert.ok(!stderr.includes(USER.password), "the password is in the message");
  });
  site.stop();
}

tally.finish();
