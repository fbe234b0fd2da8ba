// "Decide a possible duplicate" in a real browser, by keyboard alone: from the banner to the two records side by
// side, a decision without a reason is refused and keeps the page, with one it is taken, and Undo takes
// it back. Three times: with scripts, without them, and in Spanish.
//
// Environment: ALMONER_URL, ALMONER_NAME, ALMONER_PASSWORD, ALMONER_CHROMIUM.

import { chromium } from "playwright-core";

const url = process.env.ALMONER_URL;

const WORDS = {
  en: { refused: /Enter why they are two people/u, decided: /Decided: not the same person/u, apart: "Not the same person", undo: "Undo", undone: /Taken back/u, error: /^Error:/u },
  es: { refused: /Escriba por qué son dos personas/u, decided: /Decidido: no es la misma persona/u, apart: "No es la misma persona", undo: "Deshacer", undone: /Deshecho/u, error: /^Error:/u },
};

function must(holds, what) {
  if (!holds) throw new Error(what);
}

// Presses Tab until the element in focus is the one that is wanted; fails after so many.
async function tabTo(page, wanted, what, most = 150) {
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate((given) => {
      const here = document.activeElement;
      const text = `${here?.id ?? ""}|${here?.getAttribute("name") ?? ""}|${here?.getAttribute("href") ?? ""}|${here?.textContent ?? ""}`;
      return new RegExp(given, "u").test(text.replace(/\s+/gu, " "));
    }, wanted.source);
    if (found) return;
  }
  throw new Error(`${what} is not reached by Tab`);
}

async function signIn(page, language) {
  await page.goto(url);
  await page.getByLabel("Name").focus();
  await page.keyboard.type(process.env.ALMONER_NAME);
  await tabTo(page, /^password\|/, "the password");
  await page.keyboard.type(process.env.ALMONER_PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.goto(new URL("/me", url).href);
  await page.locator("select[name=language]").selectOption(language);
  await page.locator("main form button[type=submit]").first().press("Enter");
  await page.waitForLoadState();
  must((await page.locator("html").getAttribute("lang")) === language, `the pages are not in ${language}`);
}

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

async function walk(context, language, reason) {
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`script error: ${error.message}`));
  await signIn(page, language);
  const words = WORDS[language];
  const href = await firstPair(page);
  await tabTo(page, new RegExp(`\\|${href}\\|`, "u"), "the pair");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/similar$/u);
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
  await page.waitForURL(/\/similar$/u);
  const after = await text(page);
  must(words.decided.test(after) && after.includes(reason), `not decided: ${after.slice(0, 900)}`);

  await tabTo(page, new RegExp(`\\|${words.undo}:`, "u"), "Undo");
  await page.keyboard.press("Enter");
  await page.locator("input[name=reason]").waitFor(); // the address stays the same
  const undone = await text(page);
  must(words.undone.test(undone) && !words.decided.test(undone), `not taken back: ${undone.slice(0, 900)}`);
  must((await page.locator("input[name=reason]").count()) === 1, "it can be decided again");
  await page.close();
  return wrong;
}

const browser = await chromium.launch({
  executablePath: process.env.ALMONER_CHROMIUM,
  args: ["--no-sandbox"],
});
const wrong = [];
try {
  for (const [withScripts, language] of [[true, "en"], [false, "en"], [true, "es"]]) {
    const context = await browser.newContext({
      // The certificate is tested elsewhere, with the appliance's own authority.
      ignoreHTTPSErrors: true,
      javaScriptEnabled: withScripts,
      viewport: { width: 1280, height: 800 },
      locale: "en-US",
    });
    context.setDefaultTimeout(30_000);
    wrong.push(...(await walk(context, language, `father and son, ${withScripts} ${language}`)));
    console.log(`decide a pair ${withScripts ? "with" : "without"} scripts, ${language}: done`);
    await context.close();
  }
} finally {
  await browser.close();
}
for (const line of wrong) console.error(line);
process.exit(wrong.length === 0 ? 0 : 1);
