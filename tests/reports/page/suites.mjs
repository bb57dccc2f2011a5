// The suites and the texts whose pages are opened: some with every kind of token, and some whose every text tries to run a script.
// Owns: the tokens in them, signed here with a secret written in this file.
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const SECRET = "a secret of tests that is long enough";
const NOW = 1_800_000_000;

const segment = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function signed(claims, header = {}) {
  const input = `${segment({ alg: "HS256", typ: "JWT", ...header })}.${segment(claims)}`;
  return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
}

const suite = (cases) => ({ test_secrets: true, defaults: { secret: SECRET, at: "2027-01-15T08:00:00Z" }, cases });

/// A suite of ordinary cases.
function calm() {
  const claims = {
    iss: "https://id.example.com/realms/main", sub: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", aud: ["api", "web"],
    iat: NOW - 150, exp: NOW + 450, jti: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", scope: "openid profile email",
    realm_access: { roles: ["offline_access", "uma_authorization", "default-roles-main"], more: { deep: [1, 2, { x: null }] } },
  };
  const [header, , signature] = signed(claims).split(".");
  const unbroken = "x".repeat(400);
  return suite([
    { name: "a token in the middle of its life", token: signed(claims), expect: "accepted", iss: claims.iss, aud: "api" },
    { name: "a token that was to be accepted, and is over", token: signed({ ...claims, exp: NOW - 1 }), expect: "accepted" },
    { name: "a token that was to be refused for more than came", token: signed({ exp: 1 }), expect: ["expired", "wrong_issuer"] },
    { name: "not yet valid", token: signed({ nbf: NOW + 3600, iat: NOW + 3600, exp: NOW + 7200 }), expect: ["not_yet_valid"] },
    { name: "without an end", token: signed({ sub: "bob", iat: NOW - 86_400 }), expect: "accepted" },
    { name: "milliseconds where seconds belong", token: signed({ exp: NOW * 1000 }), expect: "accepted" },
    { name: "other claims under the same signature", token: `${header}.${segment({ ...claims, sub: "root" })}.${signature}`, expect: "bad_signature" },
    { name: "no signature", token: `${segment({ alg: "none" })}.${segment(claims)}.`, expect: "alg_none" },
    { name: "encrypted", token: `${segment({ alg: "dir", enc: "A128GCM" })}..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4v.XFBoMYUZodetZdvTiFvSkQ`, expect: "jwe" },
    { name: "not a token", token: "nothing", expect: "malformed:segments" },
    { name: "a payload that is no object", token: signed("[1,2,3]"), expect: "malformed:payload_not_object" },
    { name: `names and values that never break: ${unbroken}`, token: signed({ [unbroken]: unbroken, sub: unbroken, list: Array(40).fill(unbroken) }), expect: "accepted", sub: unbroken.slice(1) },
    { name: "עברית, 日本語, ελληνικά", token: signed({ sub: "שלום", name: "日本語", é: "ü" }), expect: "accepted" },
  ]);
}

/// A hostile suite. Each text tries to set `window.__pwned` or to fetch from `canary`.
function hostile(canary) {
  const run = "window.__pwned=1";
  const attacks = [
    `<script>${run}</script>`,
    `</code></pre></details></style></title></textarea></noscript><script src="${canary}/script.js"></script>`,
    `"><img src="${canary}/image.png" onerror="${run}">`,
    `' onmouseover='${run}' autofocus onfocus='${run}' x='`,
    `<svg onload=${run}><animate onbegin=${run} attributeName=x>`,
    `<iframe srcdoc="<script>parent.__pwned=1</script>" src="javascript:parent.__pwned=1"></iframe>`,
    `<a href="javascript:${run}">${"click here ".repeat(3)}</a>`,
    `javascript:${run}//`,
    `<link rel="stylesheet" href="${canary}/style.css"><style>*{background:url(${canary}/background.png)}</style>`,
    `<meta http-equiv="refresh" content="0;url=${canary}/refresh"><base href="${canary}/">`,
    `<form action="${canary}/form"><button>x</button></form><object data="${canary}/object"></object>`,
    `&lt;script&gt;${run}&lt;/script&gt;&#60;img src=x onerror=${run}&#62;`,
    `--><!--[if gte IE 4]><script>${run}</script><![endif]--><![CDATA[<script>${run}</script>]]>`,
    `<template shadowrootmode=open><script>${run}</script></template>`,
    `\u202e\u2066gnp.tpircs\u2069\u200b\ufeff\u{e0041}<b>`,
    "\u0000\u0007\u001b[31m\u001b]0;title\u0007\u009b31m\u2028\u2029<script\u0000>",
    `\ud83d\ude00${"\u0301".repeat(200)}`,
  ];
  const cases = attacks.flatMap((text, index) => {
    const claims = { [text]: text, iss: text, sub: text, aud: [text, "javascript:alert(1)"], deep: { [text]: [text] }, exp: NOW + index, jku: text };
    return [
      { name: text, token: signed(claims, { kid: text, jku: text, [text]: text, typ: text }), expect: "accepted", iss: text, sub: `${text}!`, typ: text },
      { name: `${text} as a reason`, token: signed({}), expect: `claim_missing:${text}`, require: [text] },
      { name: `${text} as a payload`, token: signed(text), expect: "accepted" },
      { name: `${text} as a token`, token: text, expect: "accepted" },
    ];
  });
  return suite(cases);
}

/// Writes the texts that `inspect` reads, and returns their paths: ordinary tokens, hostile ones, and a thousand.
export function writeTexts(folder, canary) {
  const tokens = (cases) => cases.map(({ token }) => token).filter((token) => token.split(".").length >= 3);
  const line = (token, index) => JSON.stringify({ [index % 2 ? "access_token" : "<b>token"]: token });
  const thousand = Array.from({ length: 1_000 }, (_, index) =>
    `user=${index} token=${signed({ sub: `user-${index}`, iat: NOW, exp: NOW + index - 500, scope: "openid profile email", roles: ["a", "b"] })}`);
  const texts = {
    calm: ["Authorization: Bearer 854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877", ...tokens(calm().cases).map(line)],
    hostile: tokens(hostile(canary).cases).map((token, index) => JSON.stringify({ [`<img src=x onerror=window.__pwned=1>\u202e${index}token`]: token })),
    thousand,
    one: [signed({ sub: "alice", name: 'Al "<b>" \\ \u202eB', note: 'a "<b>"\nb \\n c', exp: NOW + 60, deep: { list: [1, "x".repeat(80)] }, 'a"\\\u200bb': true })],
  };
  return Object.fromEntries(Object.entries(texts).map(([name, lines]) => {
    const path = join(folder, `${name}.log`);
    writeFileSync(path, `${lines.join("\n")}\n`);
    return [name, path];
  }));
}

/// Writes both suites, and returns their paths.
export function writeSuites(folder, canary) {
  const paths = { calm: join(folder, "calm.json"), hostile: join(folder, "hostile <img src=x onerror=window.__pwned=1>.json") };
  writeFileSync(paths.calm, JSON.stringify(calm(), null, 1));
  writeFileSync(paths.hostile, JSON.stringify(hostile(canary), null, 1));
  return paths;
}
