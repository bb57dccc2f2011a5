// Tries the controls that the script of a page adds: the filter, the groups, and the buttons that copy. Then the pages
// without scripts, masked, and with a thousand tokens.
// Owns: the rules for these controls. `check_page.mjs` calls it with the pages.

// Functions that run inside a page. Each is self-contained, because it is sent as text.

/// Types a text into the filter, chooses an outcome, and returns what is shown then.
async function filtered(text, outcome) {
  const [field, select] = [document.querySelector("#filter-text"), document.querySelector("#filter-outcome")];
  field.value = text;
  const option = [...select.options].find((option) => option.textContent.startsWith(outcome)) ?? select.options[0];
  select.value = option.value;
  const began = performance.now();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
  const took = performance.now() - began;
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  return {
    took,
    articles: shown("article").map((article) => article.id),
    links: shown("nav li a").map((link) => link.hash),
    groups: shown("nav summary").length,
    sections: shown("main section").length,
    status: document.querySelector("[role=status]").textContent,
  };
}

/// Returns the groups of equal failures: the sentence, the number it names, and the number of links.
function groups() {
  return [...document.querySelectorAll("nav details")].map((group) => ({
    sentence: group.querySelector("h3").textContent,
    said: Number.parseInt(group.querySelector("summary span").textContent, 10),
    links: group.querySelectorAll("a").length,
  }));
}

/// Clicks the buttons whose names begin like this in the first article, and returns what they copied.
async function copied(names) {
  const article = document.querySelector("article");
  article.querySelector("details").open = true;
  await new Promise((resolve) => setTimeout(resolve, 400));
  const found = {};
  for (const name of names) {
    const button = [...article.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === `Copy ${name}`);
    if (!button) { found[name] = "no button"; continue; }
    button.click();
    await new Promise((resolve) => setTimeout(resolve, 100));
    found[name] = { state: button.dataset.state, text: await window.__clipboard?.() ?? await navigator.clipboard.readText() };
  }
  return { found, status: document.querySelector("[role=status]").textContent };
}

/// Returns controls without a name, and names that stand for two controls of an article.
function unnamed() {
  const found = [];
  for (const control of document.querySelectorAll("button, input, select")) {
    if (!(control.getAttribute("aria-label") || control.labels?.length)) found.push(control.outerHTML.slice(0, 80));
    if (control.tabIndex < 0) found.push(`not on the way of the keyboard: ${control.outerHTML.slice(0, 80)}`);
  }
  return found;
}

const NAMES = ["token", "header", "payload", "sub", "name", "note", "exp", "deep"];

/// Returns what is wrong with what the buttons of the page `one` copied.
function wrongCopies({ found, status }, token, state) {
  const wrong = [];
  const is = (name, wanted) => {
    const { text, state: how } = found[name] ?? {};
    if (text !== wanted) wrong.push(`${name}: ${JSON.stringify(found[name])}, not ${JSON.stringify(wanted)}`);
    if (how !== state) wrong.push(`${name} is ${how}`);
  };
  is("token", token);
  is("sub", "alice");
  is("exp", "1800000060");
  is("name", '"Al \\"<b>\\" \\\\ \\u202eB"');
  is("note", 'a "<b>"\nb \\n c');
  const parsed = (name) => { try { return JSON.stringify(JSON.parse(found[name].text)); } catch (error) { return error.message; } };
  const decoded = (index) => JSON.stringify(JSON.parse(Buffer.from(token.split(".")[index], "base64url").toString()));
  if (parsed("header") !== decoded(0)) wrong.push(`header: ${parsed("header")}`);
  if (parsed("payload") !== decoded(1)) wrong.push(`payload: ${parsed("payload")}, not ${decoded(1)}`);
  if (!/^(Copied|Selected): deep/.test(status)) wrong.push(`the status says ${status}`);
  return wrong;
}

export async function checkControls({ browser, check, origin, pages, tooWide }) {
  const open = async (name, options = {}) => {
    const page = await browser.page({ width: 1280, ...options });
    await page.open(`${origin}/${name}`);
    return page;
  };
  const quiet = async (page, sentence) => {
    check(`${sentence}: the console stays empty`, page.heard);
    check(`${sentence}: nothing is fetched`, page.requests);
    await page.close();
  };

  let page = await open("calm");
  const all = await page.ask(filtered, "", "all");
  const failed = await page.ask(filtered, "", "failed");
  const late = await page.ask(filtered, "", "expired");
  const text = await page.ask(filtered, "NOT YET valid", "all");
  const none = await page.ask(filtered, "no case has this text", "all");
  const count = (found) => found.articles.length;
  check("filter: all cases", [count(all) !== 13 && count(all), all.status !== "All 13 cases shown" && all.status, all.sections !== 1 && "no section"]);
  check("filter: by result", [
    count(failed) === 0 || count(failed) === 13 ? count(failed) : null, failed.links.length !== count(failed) && "links differ",
    failed.status !== `${count(failed)} of 13 cases shown` && failed.status]);
  check("filter: by outcome", [count(late) === 0 && "nothing", count(late) >= count(failed) && "too much"]);
  check("filter: by text, in any letter case", count(text) >= 1 && count(text) < 13 ? null : JSON.stringify(text));
  check("filter: nothing is left", [
    count(none) && "an article", none.links.length && "a link", none.groups && "a group", none.sections && "a section",
    none.status !== "0 of 13 cases shown" && none.status]);
  const found = await page.ask(groups);
  check("groups: each failure is in one", [
    found.reduce((sum, group) => sum + group.links, 0) !== count(failed) && "links are missing",
    new Set(found.map((group) => group.sentence)).size !== found.length && "a sentence comes twice",
    ...found.map((group) => group.said !== group.links && `${group.sentence}: ${group.said} is not ${group.links}`)]);
  check("controls: each has a name, and the keyboard reaches it", await page.ask(unnamed));
  await page.send("Input.dispatchKeyEvent", { type: "keyDown", key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 });
  check("controls: the keyboard comes to the filter first", (await page.ask(() => document.activeElement.id)) === "filter-text" ? null : "elsewhere");
  await page.ask(() => document.querySelector("#filter-text").select());
  await page.send("Input.insertText", { text: "encrypted" });
  await new Promise((resolve) => setTimeout(resolve, 400));
  const typed = await page.ask(() => document.querySelector("[role=status]").textContent);
  check("filter: follows what is typed", /^[1-9]\d* of 13 cases shown$/.test(typed) ? null : typed);
  await quiet(page, "filter");

  const token = /<pre><code>(.*?)<\/code><\/pre>/.exec(pages.one)[1].replace(/<[^>]*>/g, "");
  await browser.allowClipboard(origin);
  for (const [how, state, first] of [
    ["to the clipboard", "done", ""],
    ["without a clipboard", "done", `const read = navigator.clipboard.readText.bind(navigator.clipboard);
      window.__clipboard = read; Object.defineProperty(navigator, "clipboard", { value: undefined });`],
    ["by selection", "selected", `Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false; window.__clipboard = async () => getSelection().toString();`],
  ]) {
    page = await open("one", { first });
    const copies = await page.ask(copied, NAMES);
    if (state === "selected") {
      // A selection is of the page: it has the quotes of a string, and the rows of a header.
      check(`copy ${how}: selects the token`, [copies.found.token?.text !== token && JSON.stringify(copies.found.token),
        copies.found.sub?.state !== state && "sub is not selected", !copies.status.startsWith("Selected: deep") && copies.status]);
    } else check(`copy ${how}: token, header, payload and claims`, wrongCopies(copies, token, state));
    check(`copy ${how}: each control has a name`, await page.ask(unnamed));
    await quiet(page, `copy ${how}`);
  }

  for (const name of ["calm", "inspect-calm"]) {
    page = await open(name, { scripts: false, width: 400 });
    const bare = await page.ask(() => ({
      controls: document.querySelectorAll("button, input, select").length,
      articles: [...document.querySelectorAll("article")].filter((article) => article.checkVisibility()).length,
      select: getComputedStyle(document.querySelector(".token pre")).userSelect,
      main: document.querySelector("main").textContent.length,
    }));
    check(`${name} without scripts: everything is there, and no dead control`, [
      bare.controls && "a control", bare.articles < 10 && "articles are missing", bare.select !== "all" && `a click selects ${bare.select}`,
      bare.main < 5_000 && "text is missing"]);
    check(`${name} without scripts: nothing is wider than the window`, await page.ask(tooWide));
    await quiet(page, `${name} without scripts`);
  }

  page = await open("inspect-masked");
  const shown = await page.ask(() => [...document.body.children].filter((child) => child.localName !== "script").map((child) => child.outerHTML).join(""));
  check("masked: no token, no personal value", ["eyJ", "f81d4fae", "6ba7b810", "root", "bob"].filter((text) => shown.includes(text)));
  check("masked: no button copies a token", (await page.ask(() => document.querySelectorAll("[aria-label='Copy token']").length)) === 0 ? null : "one does");
  await quiet(page, "masked");

  const began = performance.now();
  page = await open("thousand");
  const took = performance.now() - began;
  const many = await page.ask(filtered, "user-77", "all");
  const expired = await page.ask(filtered, "", "expired");
  const again = await page.ask(filtered, "", "all");
  check(`a thousand tokens: opens in ${Math.round(took)} ms`, took < 8_000 ? null : took);
  check("a thousand tokens: the filter finds eleven", count(many) === 11 ? null : count(many));
  check("a thousand tokens: the filter finds the expired ones", count(expired) === 501 ? null : count(expired));
  const slowest = Math.round(Math.max(many.took, expired.took, again.took));
  check(`a thousand tokens: filters in ${slowest} ms`, slowest < 2_000 ? null : slowest);
  await quiet(page, "a thousand tokens");
}
