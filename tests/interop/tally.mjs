// Counts checks, prints one line for each, and runs fob for them, as tally.py and fob.py do in Python.
// Owns: the wording of the lines, the closing `N passed, N failed`, the exit status. Must not: know what is checked.

import { execFile } from "node:child_process";

export class Tally {
  #subject;
  #passed = 0;
  #failed = 0;
  #lastAnswer;

  constructor(subject) {
    this.#subject = subject;
  }

  // Runs fob while this process goes on, so that it can be the server that fob asks.
  // settings: env (variables besides those of this process), stdin.
  fob(parameters, { env = {}, stdin = "" } = {}) {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FOB")));
    return new Promise((resolve) => {
      const options = { env: { ...inherited, ...env }, encoding: "utf8", timeout: 60_000 };
      const child = execFile(process.env.FOB, parameters, options, (error, stdout, stderr) => {
        this.#lastAnswer = { command: ["fob", ...parameters], status: error ? error.code : 0, stdout, stderr };
        resolve(this.#lastAnswer);
      });
      child.stdin.on("error", () => {}); // fob may end before it has read everything
      child.stdin.end(stdin);
    });
  }

  // Runs a body as a check. A failure is printed in full, and the next check runs.
  async check(name, body) {
    this.#lastAnswer = undefined;
    try {
      await body();
      this.#passed += 1;
      console.log(`ok   ${this.#subject}: ${name}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`FAIL ${this.#subject}: ${name}\n     ${String(error.stack).replaceAll("\n", "\n     ")}`);
      if (this.#lastAnswer) console.log(`     last run of fob: ${JSON.stringify(this.#lastAnswer)}`);
    }
  }

  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exit(this.#failed === 0 && this.#passed > 0 ? 0 : 1);
  }
}
