// "Decide a possible duplicate" in a real browser, by keyboard alone: from the list to the two records side by
// side, a decision against the score is refused without a reason and keeps the page, with one it is taken, and
// Undo takes it back. Three times: with scripts, without them, and in Spanish.
//
// Environment: ALMONER_URL, ALMONER_NAME, ALMONER_PASSWORD, ALMONER_CHROMIUM.

import { must, tabTo, url, walks } from "./keys.mjs";

const WORDS = {
  en: { refused: /Enter why they are two people/u, decided: /Decided: not the same person/u, apart: "Not the same person", undo: "Undo", undone: /Taken back/u, error: /^Error:/u },
  es: { refused: /Escriba por qué son dos personas/u, decided: /Decidido: no es la misma persona/u, apart: "No es la misma persona", undo: "Deshacer", undone: /Deshecho/u, error: /^Error:/u },
};

// The samples come in within seconds of the start: ask again until a pair is to be decided.
async function firstPair(page) {
  for (let look = 0; look < 60; look += 1) {
    await page.goto(new URL("/intake/duplicates", url).href);
    const row = page.locator("main table.wl a.btn").first();
    if ((await row.count()) > 0) return row.getAttribute("href");
    await page.waitForTimeout(1000);
  }
  throw new Error("no possible duplicate in the samples");
}

const text = async (page) => (await page.locator("body").textContent()).replace(/\s+/gu, " ");

async function walk(page, language, withScripts) {
  const words = WORDS[language];
  const reason = `father and son, ${withScripts ? "with" : "without"} scripts, ${language}`;
  const href = await firstPair(page);
  await tabTo(page, new RegExp(`\\|${href}\\|`, "u"), "the pair");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/intake\/match\/[^/]+$/u);
  const asks = new URL(page.url()).pathname.split("/").pop();
  must((await page.locator("main table.diff").count()) > 0, "the two stand side by side");

  // Without a reason nothing is decided.
  await tabTo(page, new RegExp(`\\|${words.apart}`, "u"), "the decision");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/apart$/u);
  must(words.refused.test(await text(page)), "a decision without a reason is refused in words");
  must(words.error.test(await page.title()), `the title says so: ${await page.title()}`);

  await tabTo(page, /^reason\|reason\|/, "the reason");
  await page.keyboard.type(reason);
  await tabTo(page, new RegExp(`\\|${words.apart}`, "u"), "the decision");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/intake\/(duplicates|match\/[^/]+)$/u);

  // It stands on the patient's own page, where it can be taken back.
  await page.goto(new URL(`/p/${asks}/similar`, url).href);
  const after = await text(page);
  must(words.decided.test(after) && after.includes(reason), `not decided: ${after.slice(0, 900)}`);

  await tabTo(page, new RegExp(`\\|${words.undo}:`, "u"), "Undo");
  await page.keyboard.press("Enter");
  await page.locator("main a[href*='/intake/match/']").waitFor(); // the address stays the same
  const undone = await text(page);
  must(words.undone.test(undone) && !words.decided.test(undone), `not taken back: ${undone.slice(0, 900)}`);
  must((await page.locator("main a[href*='/intake/match/']").count()) === 1, "it can be decided again");
  return [];
}

await walks("decide a possible duplicate", walk);
