// Counts checks, prints one line for each, and runs fob for them, as tally.py and fob.py do in Python.
// Owns: the wording of the lines, the closing `N passed, N failed`, the exit status, the notes for matrix.py (in the file that
// INTEROP_NOTES names). Must not: know what is checked.

import { execFile, spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";

// Returns the options of a run of fob. No variable of this process that begins with FOB reaches it.
function options(env) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FOB")));
  return { env: { ...inherited, ...env }, encoding: "utf8", timeout: 60_000 };
}

export class Tally {
  #subject;
  #passed = 0;
  #failed = 0;
  #lastAnswer;

  constructor(subject) {
    this.#subject = subject;
  }

  // Runs fob while this process goes on, so that it can be the server that fob asks.
  fob(parameters, { env = {}, stdin = "" } = {}) {
    return new Promise((resolve) => {
      const child = execFile(process.env.FOB, parameters, options(env), (error, stdout, stderr) => {
        resolve(this.#answer(parameters, error ? error.code : 0, stdout, stderr));
      });
      child.stdin.on("error", () => {}); // fob may end before it has read everything
      child.stdin.end(stdin);
    });
  }

  // Runs fob and waits for it.
  fobSync(parameters, { env = {}, stdin = "" } = {}) {
    const { status, stdout, stderr } = spawnSync(process.env.FOB, parameters, { ...options(env), input: stdin });
    return this.#answer(parameters, status, stdout, stderr);
  }

  #answer(parameters, status, stdout, stderr) {
    this.#lastAnswer = { command: ["fob", ...parameters], status, stdout, stderr };
    return this.#lastAnswer;
  }

  // Runs a body as a check. A failure is printed in full, and the next check runs.
  // Each of the cells [table, row, column, mark] gets its mark if the body passes.
  async check(name, body, ...cells) {
    this.#lastAnswer = undefined;
    try {
      await body();
      this.#passed += 1;
      cells.forEach((cell) => this.note(cell));
      console.log(`ok   ${this.#subject}: ${name}`);
    } catch (error) {
      this.#failed += 1;
      cells.forEach((cell) => this.note([...cell.slice(0, 3), "✗"]));
      console.log(`FAIL ${this.#subject}: ${name}\n     ${String(error.stack).replaceAll("\n", "\n     ")}`);
      if (this.#lastAnswer) console.log(`     last run of fob: ${JSON.stringify(this.#lastAnswer)}`);
    }
  }

  // Writes one mark for one cell of the matrix.
  note(cell) {
    if (process.env.INTEROP_NOTES) appendFileSync(process.env.INTEROP_NOTES, `${JSON.stringify(cell)}\n`);
  }

  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exit(this.#failed === 0 && this.#passed > 0 ? 0 : 1);
  }
}
