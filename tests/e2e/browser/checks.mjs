// What every page must hold, one function a rule; each gives what is wrong, a line each.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

// The standard's own rules, and those for accessibility. What is left out is taste, not validity.
const validator = new HtmlValidate({
  extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
  rules: {
    "long-title": "off", // titles name patient, page and house (UX §2)
    "no-redundant-role": "off",
    "require-sri": "off", // assets come from the same server, over the same connection
    "heading-level": "off", // axe judges the order; the navigation's headings stand before the page's
    "valid-autocomplete": "error",
    "no-inline-style": "error",
    "tel-non-breaking": "off",
  },
});

// The page's budget (UX §9), in bytes as transferred, requests and nodes.
const BUDGET = { html: 18_432, css: 10_240, js: 8_192, cold: 40_960, warm: 15_360 };
const MOST = { coldRequests: 6, warmRequests: 2, nodes: 1500, shift: 0.01 };

// What axe finds wrong; `colours` looks only at what depends on the theme, `shapes` at all but that
// (the system's own colours under forced colours are nobody's to judge).
export async function accessible(page, only = "all") {
  await page.evaluate(axe);
  const found = await page.evaluate(
    ([tags, colours, which]) => {
      const all = { runOnly: { type: "tag", values: tags } };
      if (which === "colours") return window.axe.run(document, { runOnly: { type: "rule", values: colours } });
      if (which === "shapes") all.rules = Object.fromEntries(colours.map((rule) => [rule, { enabled: false }]));
      return window.axe.run(document, all);
    },
    [RULES, ["color-contrast", "link-in-text-block"], only],
  );
  return found.violations.map((rule) => {
    const places = rule.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ");
    return `${rule.id} (${rule.impact}): ${rule.help}: ${places}`;
  });
}

// What the validator finds wrong with the text that the server sent.
export function valid(html) {
  const report = validator.validateStringSync(html);
  const said = report.results.flatMap((result) => result.messages);
  return said.map((one) => `html ${one.ruleId}: ${one.message} (${one.selector ?? one.line})`);
}

// Sideways scrolling of the page as a whole (400 % zoom is 320 px): nothing may hang over.
export async function narrow(page) {
  const over = await page.evaluate(() => {
    const root = document.scrollingElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll("main *, header *, footer *")].filter(
      (node) => node.getBoundingClientRect().right > root.clientWidth + 1,
    );
    const name = (node) => `${node.tagName.toLowerCase()}.${String(node.className.baseVal ?? node.className).replaceAll(" ", ".")}`;
    return [`${root.scrollWidth} px on ${root.clientWidth}: ${wide.slice(0, 4).map(name).join(", ")}`];
  });
  return over.map((text) => `scrolls sideways: ${text}`);
}

// How much moved by itself, and how many nodes there are. A busy machine may draw a page in pieces: what
// moves is looked at once more.
export async function still(page) {
  let [shift, nodes] = await moved(page);
  if (shift > MOST.shift) {
    await page.reload();
    [shift, nodes] = await moved(page);
  }
  const wrong = [];
  if (shift > MOST.shift) wrong.push(`moves by itself: layout shift ${shift.toFixed(3)}`);
  if (nodes > MOST.nodes) wrong.push(`${nodes} nodes, ${MOST.nodes} at most`);
  return wrong;
}

function moved(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        const count = document.querySelectorAll("*").length;
        requestAnimationFrame(() => setTimeout(() => done([sum, count]), 60));
      }),
  );
}

// Words that are a key, not a message: the page could not say them.
export async function said(page) {
  const text = await page.evaluate(() => document.body.innerText);
  const keys = text.match(/^[a-z]+(-[a-z0-9]+){1,4}$/gm) ?? [];
  return [...new Set(keys)].map((key) => `not said in words: ${key}`);
}

// Bytes and requests of one page, first with nothing kept by the browser, then once more.
export async function weights(context, url) {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  const look = async () => {
    const kinds = new Map();
    const kept = new Set();
    const seen = { requests: 0, bytes: 0, Document: 0, Stylesheet: 0, Script: 0 };
    const onAnswer = (event) => {
      kinds.set(event.requestId, event.type);
      if (event.response.fromDiskCache) kept.add(event.requestId);
    };
    const onKept = (event) => kept.add(event.requestId);
    const onDone = (event) => {
      if (kept.has(event.requestId)) return;
      const kind = kinds.get(event.requestId);
      if (kind === "EventSource") return;
      seen.requests += 1;
      seen.bytes += event.encodedDataLength;
      if (kind in seen) seen[kind] += event.encodedDataLength;
    };
    wire.on("Network.responseReceived", onAnswer);
    wire.on("Network.requestServedFromCache", onKept);
    wire.on("Network.loadingFinished", onDone);
    await page.goto(url, { waitUntil: "load" });
    await page.waitForTimeout(150);
    wire.off("Network.responseReceived", onAnswer);
    wire.off("Network.requestServedFromCache", onKept);
    wire.off("Network.loadingFinished", onDone);
    return seen;
  };
  const [cold, warm] = [await look(), await look()];
  await page.close();
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  const wrong = [];
  const most = (what, is, limit, say = (n) => n) =>
    is > limit && wrong.push(`${what}: ${say(is)}, ${say(limit)} at most`);
  most("page", cold.Document, BUDGET.html, kb);
  most("style sheet", cold.Stylesheet, BUDGET.css, kb);
  most("script", cold.Script, BUDGET.js, kb);
  most("first look", cold.bytes, BUDGET.cold, kb);
  most("second look", warm.bytes, BUDGET.warm, kb);
  most("requests of the first look", cold.requests, MOST.coldRequests);
  most("requests of the second look", warm.requests, MOST.warmRequests);
  const line = `html ${kb(cold.Document)}, css ${kb(cold.Stylesheet)}, script ${kb(cold.Script)}, first ${kb(cold.bytes)} in ${cold.requests}, again ${kb(warm.bytes)} in ${warm.requests}`;
  return { wrong, line };
}
