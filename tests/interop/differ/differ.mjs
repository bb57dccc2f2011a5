// Answers for jose: a line holds tokens of one kind of key, the answer a payload or a reason for each.
// Owns: the calls of jose. Must not: compare verdicts.

import { createInterface } from "node:readline";
import * as jose from "jose";

const keys = {};
let settings;

async function prepare(first) {
  settings = first;
  for (const [kind, text] of Object.entries(first.keys)) {
    if (kind === "secret" || kind === "shared") keys[kind] = Buffer.from(text, "base64url");
    else keys[kind] = { text, imported: {} };
  }
}

// A key of the web cryptography fits one algorithm, so each algorithm imports its own.
async function keyFor(kind, algorithm) {
  const key = keys[kind];
  if (Buffer.isBuffer(key)) return key;
  const read = kind === "sealed" ? jose.importPKCS8 : jose.importSPKI;
  return (key.imported[algorithm] ??= await read(key.text, algorithm));
}

async function judge(kind, demands, token) {
  const expected = demands ? { issuer: settings.issuer, audience: settings.audience } : {};
  const options = { ...expected, currentDate: new Date(settings.now * 1000) };
  const choose = (header) => keyFor(kind, header.alg);
  try {
    const sealed = kind === "shared" || kind === "sealed";
    const { payload } = sealed
      ? await jose.jwtDecrypt(token, choose, { ...options, keyManagementAlgorithms: settings.allowed[kind], contentEncryptionAlgorithms: ["A256GCM"] })
      : await jose.jwtVerify(token, choose, { ...options, algorithms: settings.allowed[kind] });
    return [JSON.stringify(payload), ""];
  } catch (error) {
    return [null, error.code ?? error.name];
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  if (question.keys) {
    await prepare(question);
    console.log("{}");
    continue;
  }
  const answers = [];
  for (const text of question.texts) answers.push(await judge(question.kind, question.demands, text));
  console.log(JSON.stringify(answers));
}
