// The coordinator's minute in a real browser: sign in, see who must be called after the hospital,
// open the patient, log a call that nobody answered, see the next try planned. Once with scripts and
// once without; with scripts every page also goes through the accessibility checks of axe.
//
// Environment: ALMONER_URL, ALMONER_NAME, ALMONER_PASSWORD, ALMONER_CHROMIUM.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const url = process.env.ALMONER_URL;
const CALL = "Call after hospital discharge";

function must(holds, what) {
  if (!holds) throw new Error(what);
}

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

async function signIn(page) {
  await page.goto(url);
  await page.getByLabel("Name").fill(process.env.ALMONER_NAME);
  await page.getByLabel("Password").fill(process.env.ALMONER_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "My day" }).waitFor();
}

// The samples come in within seconds of the start: look again until a call is due.
async function waitForCalls(page) {
  const calls = page.locator("tr", { hasText: CALL });
  for (let look = 0; look < 60; look += 1) {
    if ((await calls.count()) > 0) return calls;
    await page.waitForTimeout(1000);
    await page.reload();
  }
  throw new Error(`no "${CALL}" on My day`);
}

async function minute(context, withScripts) {
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`script error: ${error.message}`));
  page.on("console", (said) => said.type() === "error" && wrong.push(`console: ${said.text()}`));
  const see = async (name) => {
    if (!withScripts) return;
    wrong.push(...(await check(page, name)));
  };

  await page.goto(url);
  await see("sign-in");
  await signIn(page);
  const calls = await waitForCalls(page);
  await see("my-day");

  // With scripts the first call on the list, without them the last: two different people.
  const row = withScripts ? calls.first() : calls.last();
  // A row further down is folded away until somebody asks for it.
  await row.evaluate((node) => node.closest("details")?.setAttribute("open", "")).catch(() => {});
  const patient = row.locator(".who a");
  const name = (await patient.textContent()).trim();
  const family = name.split(",")[0];
  await page.goto(new URL(await patient.getAttribute("href"), url).href);
  const banner = await page.locator("body").textContent();
  must(banner.toLowerCase().includes(family.toLowerCase()), `the page of ${family} does not say so`);
  await see("patient");

  const log = page.locator("main a[href*='/contacts/new']").first();
  await log.click();
  await page.getByLabel("No answer").check();
  await see("log-call");
  await page.locator("main form[data-draft] button.pri").click();
  await page.waitForURL((to) => !to.pathname.endsWith("/contacts/new"));
  const after = (await page.locator("main").textContent()).replace(/\s+/g, " ");
  must(/next try/i.test(after), `no next try after the call: ${after.slice(0, 600)}`);
  must(/1 (try|attempt)|no answer/i.test(after), `the try is not told: ${after.slice(0, 600)}`);
  await see("after-the-call");
  await page.close();
  return wrong;
}

const browser = await chromium.launch({
  executablePath: process.env.ALMONER_CHROMIUM,
  args: ["--no-sandbox", "--force-color-profile=srgb"],
});
const wrong = [];
try {
  for (const withScripts of [true, false]) {
    const context = await browser.newContext({
      // The certificate is tested elsewhere, with the appliance's own authority.
      ignoreHTTPSErrors: true,
      javaScriptEnabled: withScripts,
      viewport: { width: 1280, height: 800 },
      locale: "en-US",
    });
    context.setDefaultTimeout(30_000);
    wrong.push(...(await minute(context, withScripts)));
    console.log(`the coordinator's minute ${withScripts ? "with" : "without"} scripts: done`);
    await context.close();
  }
} finally {
  await browser.close();
}
for (const line of wrong) console.error(line);
console.log(`accessibility and script problems: ${wrong.length}`);
process.exit(wrong.length === 0 ? 0 : 1);
