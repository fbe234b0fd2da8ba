// What the walks by keyboard share: Tab until something is reached, signing in, the language of the
// pages, and the three ways in which each is walked: with scripts, without them, and in Spanish.
//
// Environment: ALMONER_URL, ALMONER_NAME, ALMONER_PASSWORD, ALMONER_CHROMIUM.

import { chromium } from "playwright-core";

export const url = process.env.ALMONER_URL;

export function must(holds, what) {
  if (!holds) throw new Error(what);
}

// Presses Tab until the element in focus is the one that is wanted; fails after so many.
export async function tabTo(page, wanted, what, most = 150) {
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

export async function signIn(page) {
  await page.goto(url);
  await page.keyboard.press("Tab");
  await page.getByLabel("Name").focus();
  await page.keyboard.type(process.env.ALMONER_NAME);
  await tabTo(page, /^password\|/, "the password");
  await page.keyboard.type(process.env.ALMONER_PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1 }).waitFor();
}

// Chooses the language of the pages, where it is another.
export async function speak(page, language) {
  await page.goto(new URL("/me", url).href);
  await page.locator("select[name=language]").selectOption(language);
  await page.locator("main form button[type=submit]").first().press("Enter");
  await page.locator(`html[lang=${language}] main .notice.good`).waitFor();
}

// Walks with scripts, without them, and in Spanish; says what was done, and fails with what is wrong.
export async function walks(name, walk) {
  const browser = await chromium.launch({
    executablePath: process.env.ALMONER_CHROMIUM,
    args: ["--no-sandbox", "--force-color-profile=srgb"],
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
      const page = await context.newPage();
      page.on("pageerror", (error) => wrong.push(`script error: ${error.message}`));
      // A form that is refused on purpose is answered with 422, which the browser notes by itself.
      const meant = (text) => text.includes("status of 422");
      page.on("console", (said) => {
        if (said.type() === "error" && !meant(said.text())) wrong.push(`console: ${said.text()}`);
      });
      await signIn(page);
      await speak(page, language);
      await page.goto(url);
      wrong.push(...(await walk(page, language, withScripts)));
      console.log(`${name} ${withScripts ? "with" : "without"} scripts, ${language}: done`);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  for (const line of wrong) console.error(line);
  console.log(`problems: ${wrong.length}`);
  process.exit(wrong.length === 0 ? 0 : 1);
}
