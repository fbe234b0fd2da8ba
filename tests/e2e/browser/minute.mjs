// "Call after discharge" in a real browser, by keyboard alone: My day says who must be called after the
// hospital; Tab to the first of them, log a call that nobody answered, see the next try planned, and the
// record tell of it. Three times: with scripts, without them, and in Spanish. With scripts every page
// on the way also goes through the accessibility checks of axe.
//
// Environment: ALMONER_URL, ALMONER_NAME, ALMONER_PASSWORD, ALMONER_CHROMIUM.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { must, tabTo, url, walks } from "./keys.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WORDS = {
  en: { call: "Call after hospital discharge", noAnswer: "No answer", saved: /The contact is saved/, next: /next try/i },
  es: { call: "Llamar después del alta del hospital", noAnswer: "No contestó", saved: /El contacto está guardado/, next: /próximo intento/i },
};

// What axe finds wrong on a page, a line each.
async function check(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  return found.violations.map((rule) => {
    const places = rule.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ");
    return `${name}: ${rule.id} (${rule.impact}): ${rule.help}: ${places}`;
  });
}

// The samples come in within seconds of the start: looks again until a call is due; gives the address
// of its form and whose it is.
async function due(page, call) {
  const row = page.locator("tr.r:visible", { hasText: call }).filter({ has: page.locator("a[href*='/contacts/new']") }).first();
  for (let look = 0; look < 60; look += 1) {
    if ((await row.count()) > 0) {
      const href = await row.locator("a[href*='/contacts/new']").first().getAttribute("href");
      return { href, family: (await row.locator(".who a").textContent()).trim().split(",")[0] };
    }
    await page.waitForTimeout(1000);
    await page.reload();
  }
  throw new Error(`no "${call}" on My day`);
}

const exactly = (text) => text.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");

async function walk(page, language, withScripts) {
  const words = WORDS[language];
  const wrong = [];
  const see = async (name) => {
    if (withScripts) wrong.push(...(await check(page, `${name}, ${language}`)));
  };
  const { href, family } = await due(page, words.call);
  await see("my-day");
  await tabTo(page, new RegExp(`\\|${exactly(href)}\\|`, "u"), "the call that is due", 400);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/contacts\/new/u);
  const banner = await page.locator("body").textContent();
  must(banner.toLowerCase().includes(family.toLowerCase()), `the form for ${family} does not say so`);
  await tabTo(page, /^[^|]*\|ending\|/, "how the call ended");
  // The choices are walked with the arrows.
  for (let press = 0; press < 12; press += 1) {
    const chosen = await page.locator("label:has(input[name=ending]:checked)").textContent().catch(() => "");
    if (chosen.trim() === words.noAnswer) break;
    await page.keyboard.press("ArrowDown");
  }
  must((await page.locator("label:has(input[name=ending]:checked)").textContent()).trim() === words.noAnswer, "no answer is chosen");
  await see("log-call");
  await page.keyboard.press("Control+Enter");
  if (!withScripts) {
    await tabTo(page, /^note\|note\|/, "the note");
    await tabTo(page, language === "es" ? /\|Guardar contacto/u : /\|Save contact/u, "the button that saves");
    await page.keyboard.press("Enter");
  }
  await page.waitForURL((to) => !to.pathname.endsWith("/contacts/new"));
  const after = (await page.locator("main").textContent()).replace(/\s+/gu, " ");
  must(words.saved.test(after), `not saved: ${after.slice(0, 600)}`);
  must(words.next.test(after), `no next try after the call: ${after.slice(0, 600)}`);
  await see("after-the-call");
  const patient = new URL(href, url).pathname.split("/").slice(0, 3).join("/");
  await page.goto(new URL(`${patient}/timeline`, url).href);
  const told = (await page.locator("main").textContent()).replace(/\s+/gu, " ");
  must(told.toLowerCase().includes(words.noAnswer.toLowerCase()), `the record does not tell of the try: ${told.slice(0, 600)}`);
  return wrong;
}

await walks("call after discharge", walk);
