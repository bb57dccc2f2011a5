// A headless Chromium, driven by the DevTools protocol over a pipe, without a package or a port.
// Owns: the process, and the events of a page while it is open. Must not: judge them.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PATIENCE = 60_000; // milliseconds for an answer: the machine may be busy with other things

export class Browser {
  #child;
  #home;
  #number = 0;
  #waiting = new Map();
  #pages = new Map();
  #rest = "";
  #gone;

  constructor(program, cache) {
    this.#home = mkdtempSync(join(cache, "profile-"));
    const options = [
      "--headless", "--remote-debugging-pipe", `--user-data-dir=${this.#home}`, "--disable-gpu", "--disable-dev-shm-usage",
      "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-US",
    ];
    // Chromium's sandbox refuses to run as root. The tests open only pages that they made.
    if (process.getuid?.() === 0) options.push("--no-sandbox");
    this.#child = spawn(program, [...options, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.#child.on("error", (error) => this.#end(error));
    this.#child.on("exit", (code, signal) => this.#end(new Error(`the browser ended: ${signal ?? code}`)));
    this.#child.stdio[3].on("error", (error) => this.#end(error));
    this.#child.stdio[4].setEncoding("utf8").on("data", (text) => this.#hear(text));
  }

  #end(error) {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #hear(text) {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop();
    for (const message of messages.map((message) => JSON.parse(message))) {
      const waiting = this.#waiting.get(message.id);
      if (waiting) {
        this.#waiting.delete(message.id);
        if (message.error) waiting.reject(new Error(`${waiting.method}: ${message.error.message}`));
        else waiting.resolve(message.result);
      } else if (message.method) {
        this.#pages.get(message.sessionId)?.hear(message.method, message.params);
      }
    }
  }

  send(method, params = {}, sessionId = undefined) {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = ++this.#number;
    this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${method}: no answer`)), PATIENCE);
      const settled = (settle) => (value) => { clearTimeout(late); settle(value); };
      this.#waiting.set(id, { method, resolve: settled(resolve), reject: settled(reject) });
    });
  }

  async version() {
    return (await this.send("Browser.getVersion")).product;
  }

  /// Lets pages of this origin write to the clipboard, and read it.
  async allowClipboard(origin) {
    await this.send("Browser.grantPermissions", { origin, permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"] });
  }

  /// Opens a page in a window `width` pixels wide, or on paper. `first` is a script that runs before those of the page, and
  /// `scripts` says whether those of the page run.
  async page({ width, dark = false, media = "screen", scripts = true, first = "" }) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page((method, params) => this.send(method, params, sessionId), () => this.send("Target.closeTarget", { targetId }));
    this.#pages.set(sessionId, page);
    for (const domain of ["Page", "Runtime", "Log", "Network", "Audits"]) await page.send(`${domain}.enable`);
    await page.send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
    await page.send("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    await page.send("Emulation.setFocusEmulationEnabled", { enabled: true });
    await page.send("Emulation.setScriptExecutionDisabled", { value: !scripts });
    if (first) await page.send("Page.addScriptToEvaluateOnNewDocument", { source: first });
    return page;
  }

  async close() {
    await this.send("Browser.close").catch(() => {});
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const forced = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
      await new Promise((resolve) => this.#child.once("exit", resolve));
      clearTimeout(forced);
    }
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Page {
  /// Messages of the console, exceptions, and violations of the page's policy.
  heard = [];
  /// The requests of the page, except the one for the page itself.
  requests = [];
  /// The dialogs that the page opened.
  dialogs = [];
  #loaded = () => {};
  #url;

  constructor(send, close) {
    this.send = send;
    this.close = close;
  }

  hear(method, params) {
    if (method === "Page.loadEventFired") this.#loaded();
    if (method === "Runtime.consoleAPICalled") this.heard.push(params.args.map((arg) => arg.value ?? arg.description).join(" "));
    if (method === "Runtime.exceptionThrown") this.heard.push(params.exceptionDetails.text);
    if (method === "Log.entryAdded") this.heard.push(params.entry.text);
    // Chromium reports that for a script that follows a link. Here the test follows it.
    const ours = params.issue?.details?.genericIssueDetails?.errorType === "NavigationEntryMarkedSkippable";
    if (method === "Audits.issueAdded" && !ours) this.heard.push(`${params.issue.code} ${JSON.stringify(params.issue.details)}`);
    if (method === "Network.requestWillBeSent" && params.request.url.split("#")[0] !== this.#url) this.requests.push(params.request.url);
    if (method === "Page.javascriptDialogOpening") {
      this.dialogs.push(params.message);
      this.send("Page.handleJavaScriptDialog", { accept: false }).catch(() => {});
    }
  }

  async open(url) {
    this.#url = url;
    const loaded = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${url} did not load`)), PATIENCE);
      this.#loaded = () => { clearTimeout(late); resolve(); };
    });
    const { errorText } = await this.send("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
    // Leaves time for events that a page causes at its end.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  /// Calls a self-contained function inside the page, and returns its result.
  async ask(question, ...args) {
    const expression = `(${question})(...${JSON.stringify(args)})`;
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true, userGesture: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /// Takes a picture of the whole page.
  async picture(path) {
    const { cssContentSize } = await this.send("Page.getLayoutMetrics");
    const clip = { x: 0, y: 0, width: cssContentSize.width, height: Math.min(cssContentSize.height, 16_000), scale: 1 };
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip });
    writeFileSync(path, Buffer.from(data, "base64"));
  }
}
