// How every page looks: walks each role's pages from its own links, and holds each against the
// rules of checks.mjs: accessibility, valid HTML, 320 px, layout shift, nodes, console, weights.
// The pages that matter most are seen at four widths, light and dark, with forced colours, in
// Spanish and from right to left. With ALMONER_SHOTS it also takes the README's pictures.
//
// Environment: ALMONER_URL, ALMONER_ACCOUNTS (JSON), ALMONER_CHROMIUM.

import { mkdir } from "node:fs/promises";
import { createHash } from "node:crypto";
import { connect } from "node:tls";
import { chromium } from "playwright-core";
import { accessible, narrow, said, still, valid, weights } from "./checks.mjs";
import { speak } from "./keys.mjs";

const url = process.env.ALMONER_URL;
const accounts = JSON.parse(process.env.ALMONER_ACCOUNTS);
const shots = new URL("shots/", import.meta.url).pathname;
const WIDTHS = [1440, 1024, 820, 390];
// Seen in every width and theme: by pattern, as `pattern()` makes it.
const CLOSELY = [/^\/$/, /^\/p\/\{\}$/, /^\/p\/\{\}\/contacts\/new$/, /^\/transitions/, /^\/parts/,
  /^\/p\/\{\}\/(timeline|medicines|similar|trail|documents\/\{\})$/];
const wrong = [];
const note = (where, lines) => wrong.push(...lines.map((line) => `${where}: ${line}`));

// Addresses that differ only in whose they are look alike: one of each is enough.
function pattern(href) {
  return new URL(href, url).pathname.replace(/\/[0-9a-z]{20,}(?=\/|$)|\/[0-9a-f-]{32,}(?=\/|$)|\/\d+(?=\/|$)/g, "/{}");
}

// The certificate is tested elsewhere; this browser takes this one key, so that it keeps assets as
// any browser does.
async function fingerprint() {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: "127.0.0.1", port, servername: hostname, rejectUnauthorized: false });
  await new Promise((done, fail) => socket.once("secureConnect", done).once("error", fail));
  const key = socket.getPeerX509Certificate().publicKey.export({ type: "spki", format: "der" });
  socket.destroy();
  return createHash("sha256").update(key).digest("base64");
}

async function signIn(browser, role) {
  const account = accounts.find((one) => one.role === role);
  // Colours that are still changing when axe looks would be judged half way.
  const context = await browser.newContext({ locale: "en-US", reducedMotion: "reduce" });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("#name").fill(account.name);
  await page.locator("#password").fill(account.password);
  await page.locator("main button[type=submit]").click();
  await page.waitForURL((at) => !at.pathname.startsWith("/sign-in"));
  return { context, page };
}

// The samples come in within seconds of the start.
async function samples(page) {
  for (let look = 0; look < 90; look += 1) {
    await page.goto(url);
    if ((await page.locator("main a[href*='/contacts/new']").count()) > 0) return;
    await page.waitForTimeout(1000);
  }
  throw new Error("no work on My day");
}

// Everything that a page can be held against once it stands at its size and theme.
async function hold(page, where, html) {
  if (html) note(where, valid(html));
  note(where, await accessible(page));
  note(where, await still(page));
  note(where, await said(page));
}

// Walks all pages that links lead to, each pattern once; gives pattern and address of each. Of
// what another role has `seen` already only the main navigation's pages are looked at again.
async function walk(page, role, start, seen = new Set()) {
  const known = new Map();
  const waiting = [...start];
  const console_ = [];
  page.on("pageerror", (error) => console_.push(`script error: ${error.message}`));
  page.on("console", (one) => one.type() === "error" && console_.push(`console: ${one.text()}`));
  await page.setViewportSize({ width: 1440, height: 900 });
  while (waiting.length > 0) {
    const href = waiting.shift();
    const name = pattern(href);
    if (known.has(name) || (seen.has(name) && !["/", "/me"].includes(name))) continue;
    known.set(name, href);
    console_.length = 0;
    const answer = await page.goto(new URL(href, url).href).catch(() => null);
    if (!answer) {
      known.delete(name); // a download: no page
      continue;
    }
    const where = `${role} ${name}`;
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) {
      known.delete(name);
      continue;
    }
    if (answer.status() !== 200) note(where, [`status ${answer.status()}`]);
    await hold(page, where, await answer.text());
    note(where, console_);
    const links = await page.evaluate(() =>
      [...document.querySelectorAll("a[href^='/']:not([download])")].map((link) => link.getAttribute("href")),
    );
    waiting.push(...links.filter((link) => !link.startsWith("/a/") && !known.has(pattern(link))));
    await page.setViewportSize({ width: 320, height: 640 });
    note(`${where} at 320 px`, await narrow(page));
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  return known;
}

// The pages that matter, at every width, light and dark, once with forced colours.
async function closely(page, pages) {
  for (const [name, href] of pages) {
    await page.goto(new URL(href, url).href);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, forcedColors: "none" });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const where = `${name} ${colorScheme} ${width} px`;
        note(where, await accessible(page, colorScheme === "light" ? "all" : "colours"));
        note(where, await narrow(page));
      }
    }
    await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
    note(`${name} forced colours`, await accessible(page, "shapes"));
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  }
}

async function inSpanish(page, pages) {
  await speak(page, "es");
  for (const [name, href] of pages) {
    await page.goto(new URL(href, url).href);
    const where = `Spanish ${name}`;
    const lang = await page.locator("html").getAttribute("lang");
    if (lang !== "es") note(where, [`lang is ${lang}`]);
    note(where, [...(await accessible(page)), ...(await said(page))]);
    await page.setViewportSize({ width: 320, height: 640 });
    note(`${where} at 320 px`, await narrow(page));
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await speak(page, "en");
}

// The same pages from right to left, and as sheets of paper, Letter and A4.
async function mirroredAndPrinted(page, pages) {
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const [name, href] of pages) {
    const at = new URL(href, url);
    at.searchParams.set("dir", "rtl");
    await page.goto(at.href);
    const rail = await page.locator(".rail").boundingBox();
    if (rail.x < 700) note(`${name} from right to left`, [`the navigation begins at ${rail.x} px`]);
    await page.setViewportSize({ width: 320, height: 640 });
    note(`${name} from right to left at 320 px`, await narrow(page));
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  for (const [name, href] of pages.filter(([one]) => /^\/$|^\/p\/\{\}$|^\/transitions\/\{\}$/.test(one))) {
    await page.goto(new URL(href, url).href);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const sheet = await page.evaluate(() => {
      const shown = (wanted) => [...document.querySelectorAll(wanted)].some((node) => node.getClientRects().length > 0);
      return {
        furniture: [".rail", ".top", ".foot", ".subnav", ".acts", ".bulk"].filter(shown),
        who: document.querySelector(".print-only")?.innerText ?? "",
        ink: getComputedStyle(document.body).color,
        paper: getComputedStyle(document.body).backgroundColor,
      };
    });
    const where = `${name} printed`;
    if (sheet.furniture.length > 0) note(where, [`still there: ${sheet.furniture}`]);
    if (!/Contains patient information.*20\d\d/s.test(sheet.who)) note(where, [`says "${sheet.who}"`]);
    if (sheet.ink !== "rgb(0, 0, 0)" || sheet.paper !== "rgb(255, 255, 255)") note(where, [`${sheet.ink} on ${sheet.paper}`]);
    for (const format of ["Letter", "A4"]) {
      const pdf = await page.pdf({ format, printBackground: false });
      const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      if (sheets < 1 || sheets > 12) note(where, [`${sheets} sheets of ${format}`]);
    }
    await page.emulateMedia({ media: "screen", colorScheme: "light" });
  }
}

// The pictures of the README, of the pages as the walk found them.
async function pictures(page, pages) {
  const shoot = async (name, href, width, height, colorScheme) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.goto(new URL(href, url).href);
    await page.screenshot({ path: `${shots}${name}.jpg`, type: "jpeg", quality: 72 });
  };
  const patient = pages.get("/p/{}");
  await shoot("my-day", "/", 1440, 1000, "light");
  await shoot("my-day-phone", "/", 390, 844, "light");
  await shoot("patient", patient, 1440, 1000, "light");
  await shoot("patient-dark", patient, 1440, 1000, "dark");
  await shoot("log-call", pages.get("/p/{}/contacts/new"), 1440, 1000, "light");
}

const begun = Date.now();
const browser = await chromium.launch({
  executablePath: process.env.ALMONER_CHROMIUM,
  args: ["--no-sandbox", "--force-color-profile=srgb", `--ignore-certificate-errors-spki-list=${await fingerprint()}`],
});
try {
  const { context, page } = await signIn(browser, "coordinator");
  await samples(page);
  const parts = (await page.goto(new URL("/parts", url).href)).status() === 200 ? ["/parts"] : [];
  const pages = await walk(page, "coordinator", ["/", "/me", ...parts]);
  const chosen = [...pages].filter(([name]) => CLOSELY.some((one) => one.test(name)));
  await closely(page, chosen);
  await mirroredAndPrinted(page, chosen);
  await inSpanish(page, chosen.concat([...pages].filter(([name]) => ["/me", "/help", "/intake"].includes(name))));
  const state = await context.storageState();
  for (const [name, href] of chosen) {
    const fresh = await browser.newContext({ storageState: state, locale: "en-US" });
    const { wrong: heavy, line } = await weights(fresh, new URL(href, url).href);
    await fresh.close();
    console.log(`${name}: ${line}`);
    note(name, heavy);
  }
  if (process.env.ALMONER_SHOTS) {
    await mkdir(shots, { recursive: true });
    await pictures(page, pages);
  }
  const seen = new Set(pages.keys());
  await context.close();
  for (const role of ["lead", "clinician", "front_desk", "privacy_officer"]) {
    const other = await signIn(browser, role);
    const theirs = await walk(other.page, role, ["/"], seen);
    for (const name of theirs.keys()) seen.add(name);
    await other.context.close();
  }
  console.log(`${seen.size} pages, ${Math.round((Date.now() - begun) / 1000)} s`);
  const door = await browser.newPage();
  for (const path of ["/sign-in", "/trust", "/nowhere"]) {
    const answer = await door.goto(new URL(path, url).href);
    await hold(door, path, await answer.text());
  }
} finally {
  await browser.close();
}
for (const line of [...new Set(wrong)]) console.error(line);
console.log(`${new Set(wrong).size} problems`);
process.exit(wrong.length === 0 ? 0 : 1);
