// Opens the pages of a suite and of `inspect` in a headless Chromium: light, dark and on a telephone. Then it opens hostile
// pages, and pages that were broken on purpose, each of which must be caught. The controls are tried by `controls.mjs`.
// Owns: the rules for a page. `run` calls it, and names fob, the browser and the folder for pictures.
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { checkControls } from "./controls.mjs";
import { SECRET, writeSuites, writeTexts } from "./suites.mjs";

const { FOB, CHROMIUM, PAGE_CACHE } = process.env;

let passed = 0;
let failed = 0;
function check(sentence, wrong) {
  const faults = [wrong].flat().filter(Boolean);
  if (faults.length === 0) passed += 1; else failed += 1;
  console.log(faults.length === 0 ? `ok   ${sentence}` : `FAIL ${sentence}: ${faults.slice(0, 5).join("; ")}`);
}

// Pages are served, so that the server sees every request of a page.
const served = new Map();
const asked = [];
const server = createServer((request, response) => {
  const page = served.get(request.url);
  if (page === undefined) asked.push(request.url);
  response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
  response.end(page ?? "");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

/// Returns the page that a run of `fob` writes. The exit status only tells whether tokens had their expected outcomes.
function pageOf(path, words) {
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 1 << 28, env: { ...process.env, TOKEN_SECRET: SECRET } };
    execFile(FOB, [...words, "--report", `html=${path}`], options, (error, _, stderr) => {
      if (error && ![1, 4].includes(error.code)) reject(new Error(`fob ended with ${error.code}: ${stderr}`));
      else resolve(readFileSync(path, "utf8"));
    });
  });
}

// Functions that run inside a page. Each is self-contained, because it is sent as text.

function openEverything() {
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
  return document.querySelectorAll("details").length;
}

function tooWide() {
  const { scrollWidth, clientWidth } = document.scrollingElement;
  return scrollWidth > clientWidth ? `${scrollWidth} pixels in a window of ${clientWidth}` : null;
}

/// Returns everything outside the elements and attributes of a page without forms and embedded content. One script ends it.
function strangers() {
  const elements = new Set(("html head meta title style body header nav main section article details summary h1 h2 h3 h4 p a b i span code pre dl "
    + "dt dd div ol ul li time table thead tbody tr th td figure figcaption svg rect line circle script button input label select "
    + "option optgroup").split(" "));
  const attributes = new Set(("lang charset http-equiv content name class id href open scope datetime aria-labelledby aria-hidden "
    + "x y x1 x2 y1 y2 cx cy r width height colspan data-noun data-outcome data-json data-what data-state type for value label "
    + "role aria-label spellcheck autocomplete hidden").split(" "));
  const found = new Set();
  for (const element of document.querySelectorAll("*")) {
    if (!elements.has(element.localName)) found.add(`<${element.localName}>`);
    for (const { name, value } of element.attributes) {
      if (!attributes.has(name)) found.add(`${element.localName} ${name}`);
      if (name === "href" && !(/^#(case|token)-\d+$/.test(value) && document.getElementById(value.slice(1)))) found.add(`href ${value}`);
    }
  }
  if (document.scripts.length !== 1) found.add(`${document.scripts.length} scripts`);
  if (document.body.lastElementChild?.localName !== "script") found.add("the script is not at the end");
  return [...found];
}

/// Returns characters that could move, hide or reorder the text beside them.
function rawCharacters() {
  const raw = document.documentElement.outerHTML.match(/[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]/gu);
  return [...new Set(raw)].map((c) => `U+${c.codePointAt(0).toString(16)}`);
}

/// Returns pairs of text and background colours with less contrast than WCAG 2 allows for text of any size.
function faint() {
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = parts(colour).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const pairs = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [colour, behind] = [getComputedStyle(element).color, ground(element)];
    pairs.set(`${colour} on ${behind}`, [colour, behind]);
  }
  const found = [];
  let least = Infinity;
  for (const [pair, [colour, behind]] of pairs) {
    const [light, dark] = [luminance(colour), luminance(behind)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    least = Math.min(least, contrast);
    if (contrast < 4.5) found.push(`${contrast.toFixed(2)}: ${pair}`);
  }
  return { found, pairs: pairs.size, least: least.toFixed(2), ground: ground(document.body) };
}

/// Clicks, hovers over and focuses every element.
function touchEverything() {
  for (const element of document.querySelectorAll("*")) {
    for (const kind of ["mouseover", "mouseenter", "focus", "pointerdown", "click", "toggle", "load", "error", "animationend"]) {
      element.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    if (element.localName === "a") element.click();
  }
}

const structure = () => [
  document.compatMode === "CSS1Compat" ? null : "quirks mode",
  document.documentElement.lang === "en" ? null : "no language",
  document.title ? null : "no title",
  ...["h1", "main", "body > header"].map((one) => (document.querySelectorAll(one).length === 1 ? null : `not one ${one}`)),
  getComputedStyle(document.body).fontFamily.includes("Palatino") ? null : "the style is not applied",
].filter(Boolean);

const browser = new Browser(CHROMIUM, PAGE_CACHE);
try {
  console.log(await browser.version());
  const suites = writeSuites(PAGE_CACHE, `${origin}/canary`);
  const texts = writeTexts(PAGE_CACHE, `${origin}/canary`);
  const suite = (path, name) => pageOf(join(PAGE_CACHE, `${name}.html`), ["verify", "--suite", path]);
  const inspect = (path, name, ...words) =>
    pageOf(join(PAGE_CACHE, `${name}.html`), ["inspect", `@${path}`, "--at", "2027-01-15T08:00:00Z", ...words]);
  const calm = await suite(suites.calm, "calm");
  const pages = {
    calm,
    hostile: await suite(suites.hostile, "hostile"),
    "inspect-calm": await inspect(texts.calm, "inspect-calm", "--secret-env", "TOKEN_SECRET"),
    "inspect-masked": await inspect(texts.calm, "inspect-masked", "--redact"),
    "inspect-hostile": await inspect(texts.hostile, "inspect-hostile"),
    "inspect-hostile-judged": await inspect(texts.hostile, "inspect-hostile-judged", "--secret-env", "TOKEN_SECRET"),
    "inspect-hostile-masked": await inspect(texts.hostile, "inspect-hostile-masked", "--redact", "--secret-env", "TOKEN_SECRET"),
    one: await inspect(texts.one, "one"),
    thousand: await inspect(texts.thousand, "thousand"),
  };
  for (const [name, page] of Object.entries(pages)) served.set(`/${name}`, page);
  served.set("/favicon.ico", "");

  const grounds = [];
  for (const [name, window] of [
    ["light", { width: 1280 }], ["dark", { width: 1280, dark: true }],
    ["phone-light", { width: 400 }], ["phone-dark", { width: 400, dark: true }], ["narrowest", { width: 320 }],
    ["paper", { width: 794, dark: true, media: "print" }],
  ]) {
    for (const which of ["calm", "inspect-calm"]) {
      const page = await browser.page(window);
      await page.open(`${origin}/${which}`);
      const called = `${which} ${name}`;
      await page.picture(join(PAGE_CACHE, `${which}-${name}.png`));
      check(`${called}: is a page in one piece`, await page.ask(structure));
      check(`${called}: nothing is wider than the window`, await page.ask(tooWide));
      check(`${called}: there are articles to open`, (await page.ask(openEverything)) >= 10 ? null : "too few");
      check(`${called}: nothing is wider than the window with every article open`, await page.ask(tooWide));
      await page.picture(join(PAGE_CACHE, `${which}-${name}-open.png`));
      const { found, pairs, least, ground } = await page.ask(faint);
      check(`${called}: every text stands out, the faintest ${least} to 1 of ${pairs} pairs of colours`, [...found, pairs < 6 && "too few pairs"]);
      if (which === "calm") grounds.push(ground);
      check(`${called}: no stranger among its elements`, await page.ask(strangers));
      check(`${called}: the console stays empty`, page.heard);
      check(`${called}: nothing is fetched`, page.requests);
      await page.close();
    }
  }
  check("dark is another page than light", grounds[0] === grounds[1] ? grounds[0] : null);
  check("paper is white, whatever the screen is", grounds.at(-1) === "rgb(255, 255, 255)" ? null : grounds.at(-1));

  /// Returns everything that a hostile page achieved, as sentences.
  async function harm(url) {
    asked.length = 0;
    const page = await browser.page({ width: 1280 });
    try {
      await page.open(url);
      await page.ask(openEverything);
      await page.ask(touchEverything);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return [
        (await page.ask(() => window.__pwned)) === undefined ? null : "a script ran",
        ...(await page.ask(strangers)),
        ...(await page.ask(rawCharacters)),
        await page.ask(tooWide),
        ...(await page.ask(structure)),
        ...(await page.ask(faint)).found,
        (await page.ask(() => location.href.split("#")[0])) === url ? null : "it went elsewhere",
        ...page.dialogs.map((dialog) => `dialog ${dialog}`),
        ...page.heard.map((message) => `console: ${message}`),
        ...page.requests.map((request) => `asked for ${request}`),
        ...asked.map((request) => `was asked for ${request}`),
      ].filter(Boolean);
    } finally {
      await page.close();
    }
  }
  for (const name of Object.keys(pages).filter((name) => name.includes("hostile"))) {
    check(`${name}: runs nothing, fetches nothing, says nothing`, await harm(`${origin}/${name}`));
  }
  check("hostile: from a file, too", await harm(new URL(`file://${join(PAGE_CACHE, "hostile.html")}`).href));
  check("hostile: says what it was told", ["<script>window.__pwned=1</script>", "javascript:window.__pwned=1//", "\\u202e\\u2066gnp"].filter(
    (text) => !pages.hostile.replace(/&lt;/g, "<").replace(/&gt;/g, ">").includes(text)));

  await checkControls({ browser, check, origin, pages, tooWide });

  // Each check must be able to fail: the same pages, broken.
  const policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/;
  const put = (markup) => (page) => page.replace(/<main [^>]*>/, (main) => `${main}${markup}`);
  const open = (page) => page.replace(policy, "");
  for (const [what, fault, spoil] of [
    ["a script without the policy", "a script ran", (page) => open(put("<script>window.__pwned=1</script>")(page))],
    ["a script under the policy", "2 scripts", put("<script>window.__pwned=1</script>")],
    ["a script under the policy, in the console", "console: ", put("<script>window.__pwned=1</script>")],
    ["a handler of an event", "a script ran", (page) => open(put("<img src=x onerror=window.__pwned=1>")(page))],
    ["a handler that waits for the mouse", "a script ran", (page) => open(put("<p onmouseover=window.__pwned=1>x</p>")(page))],
    ["a link that runs", "a script ran", (page) => open(put("<a href='javascript:void(window.__pwned=1)'>x</a>")(page))],
    ["a dialog", "dialog x", (page) => open(put("<script>alert('x')</script>")(page))],
    ["an image from elsewhere", "was asked for /canary/image", (page) => open(put(`<img src="${origin}/canary/image">`)(page))],
    ["a way elsewhere", "it went elsewhere", put(`<meta http-equiv="refresh" content="0;url=${origin}/calm">`)],
    ["a style that is not the one of the policy", "the style is not applied", (page) => page.replace("<style>", "<style>/**/")],
    ["a script that is not the one of the policy", "console: ", (page) => page.replace("<script>", "<script>0;")],
    ["a style within an element", "console: ", put("<p style='color:red'>x</p>")],
    ["a character that reorders", "U+202e", put("<p>\u202ex</p>")],
    ["a line that does not wrap", " pixels in a window of ", (page) => put(`<p>${"x".repeat(1_000)}</p>`)(open(page).replace(/overflow-wrap: anywhere;/g, ""))],
    ["text that is hardly seen", "1.00: ", (page) => open(page).replace(/--soft: #[0-9a-f]+/g, "--soft: #fbf9f5")],
    ["another element", "<blink>", put("<blink>x</blink>")],
  ]) {
    const spoilt = spoil(calm);
    served.set("/spoilt", spoilt);
    const found = await harm(`${origin}/spoilt`).catch((error) => [`error: ${error.message}`]);
    check(`spoilt: ${what} is caught`, spoilt !== calm && found.some((one) => one.includes(fault)) ? null : `only this was: ${found.join("; ") || "nothing"}`);
  }
} catch (error) {
  console.log(`FAIL ended early: ${error.message}`);
  failed += 1;
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
