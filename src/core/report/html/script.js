"use strict";
// Adds what needs a script: the filter, and the buttons that copy. The page is complete without it. It makes elements, never
// markup from text, and asks nothing of the network. The policy of the page holds its digest.
(() => {
  const root = document.documentElement;
  const main = document.querySelector("main");
  const noun = main.dataset.noun;
  const articles = [...main.querySelectorAll("article")];
  root.classList.add("scripted");

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");

  // Copies.

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  // Copies a text through the selection, for browsers and pages without a clipboard.
  function copyBySelection(text) {
    const box = make("textarea", { value: text, className: "away", readOnly: true });
    const focused = document.activeElement;
    document.body.append(box);
    box.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { done = false; }
    box.remove();
    focused?.focus();
    return done;
  }

  async function copy(button, text, shown) {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      done = copyBySelection(text);
    }
    if (!done) select(shown);
    button.dataset.state = done ? "done" : "selected";
    status.textContent = done ? `Copied: ${button.dataset.what}` : `Selected: ${button.dataset.what}. Copy it with the keyboard.`;
    setTimeout(() => { delete button.dataset.state; }, 1500);
  }

  function button(what, text, shown) {
    const made = make("button", { type: "button", className: "copy" });
    made.setAttribute("aria-label", `Copy ${what}`);
    made.dataset.what = what;
    made.addEventListener("click", () => copy(made, text(), shown));
    return made;
  }

  const nameOf = (dt) => dt.dataset.json ?? `"${dt.textContent}"`;
  const valueOf = (dt) => dt.nextElementSibling.querySelector("code");
  // A string is copied as its text. One with hidden characters is copied as JSON: their escapes stay, and so do its quotes.
  const bare = (json) => (/^"(?:[^"\\\x00-\x1f]|\\["\\/nt])*"$/.test(json) ? JSON.parse(json) : json);
  const indented = (json) => json.replace(/\n/g, "\n  ");

  function object(list) {
    const members = [...list.querySelectorAll("dt")].map((dt) => `  ${nameOf(dt)}: ${indented(valueOf(dt).textContent)}`);
    return `{\n${members.join(",\n")}\n}`;
  }

  function equip(part) {
    for (const pre of part.querySelectorAll(":scope > pre:not(.cut)")) {
      if (part.matches(".token")) pre.before(button("token", () => pre.textContent, pre));
    }
    for (const heading of part.querySelectorAll("h4")) {
      const [next, what] = [heading.nextElementSibling, heading.firstChild.textContent.trim().toLowerCase()];
      if (next?.matches("dl.h, dl.p")) heading.append(button(what, () => object(next), next));
      else if (next?.matches("pre:not(.cut)")) heading.append(button(what, () => next.textContent, next));
    }
    for (const dt of part.querySelectorAll("dt")) {
      const code = valueOf(dt);
      code.before(button(dt.textContent, () => bare(code.textContent), code));
    }
  }

  // Buttons are made for what the user sees: a page can have thousands of claims.
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      equip(target);
    }
  }, { rootMargin: "50%" });
  main.querySelectorAll(".token, .said").forEach((part) => watcher.observe(part));

  // The filter.

  const links = [...document.querySelectorAll("nav li")].map((item) => [item, item.querySelector("a").hash.slice(1)]);
  const groups = [...document.querySelectorAll("nav details")];
  const sections = [...main.querySelectorAll("section")];
  let index = null;

  function count(words) {
    const counts = new Map();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return counts;
  }

  const wordOf = (article) => article.querySelector("summary b").textContent;
  const outcomeOf = (article) => article.dataset.outcome;
  const plural = (number) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  function filter() {
    const wanted = text.value.trim().toLowerCase();
    const [kind, value] = JSON.parse(outcome.value);
    // The text of each article is read once, when it is needed first.
    index ??= articles.map((article) => article.textContent.toLowerCase());
    let shown = 0;
    const hidden = new Set();
    articles.forEach((article, at) => {
      const fits = (kind === "all" || (kind === "word" ? wordOf(article) : outcomeOf(article)) === value)
        && (wanted === "" || index[at].includes(wanted));
      article.hidden = !fits;
      if (fits) shown += 1; else hidden.add(article.id);
    });
    for (const section of sections) section.hidden = section.querySelector("article:not([hidden])") === null;
    for (const [item, id] of links) item.hidden = hidden.has(id);
    for (const group of groups) group.hidden = group.querySelector("li:not([hidden])") === null;
    status.textContent = shown === articles.length ? `All ${plural(shown)} shown` : `${shown} of ${plural(articles.length)} shown`;
  }

  function options(kind, label, words) {
    const counts = [...count(words)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    if (counts.length < 2) return [];
    const made = counts.map(([word, number]) => make("option", { value: JSON.stringify([kind, word]) }, `${word} (${number})`));
    return [make("optgroup", { label }, ...made)];
  }

  const text = make("input", { type: "search", id: "filter-text", autocomplete: "off", spellcheck: false });
  const outcome = make("select", { id: "filter-outcome" },
    make("option", { value: JSON.stringify(["all", ""]) }, `all (${articles.length})`),
    ...options("word", "Result", articles.map(wordOf)), ...options("outcome", "Outcome", articles.map(outcomeOf)));
  if (articles.length > 1) {
    const label = (field, name) => make("label", { htmlFor: field.id }, make("span", {}, name), field);
    const bar = make("div", { className: "filter" }, label(text, "Text"));
    if (outcome.length > 2) bar.append(label(outcome, "Outcome"));
    bar.setAttribute("role", "search");
    bar.setAttribute("aria-label", `Filter the ${noun}s`);
    bar.append(status);
    (document.querySelector("nav") ?? main).before(bar);
    let waiting = 0;
    text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
    outcome.addEventListener("change", filter);
    // The browser can restore the fields after a reload.
    if (text.value || outcome.selectedIndex > 0) filter();
  } else {
    main.before(status);
  }

  // A link to an article opens it.
  function follow() {
    const target = location.hash.startsWith("#") ? document.getElementById(location.hash.slice(1)) : null;
    if (target?.matches("article")) target.querySelector("details").open = true;
  }
  addEventListener("hashchange", follow);
  follow();
})();
