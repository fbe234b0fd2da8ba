// "Find, open, note" in a real browser, by keyboard alone: Tab to the search field, type a name as it
// is spoken, open the person, log a call with a note, and see it on the record. Three times: with
// scripts, without them, and in Spanish.
//
// Environment: ALMONER_URL, ALMONER_NAME, ALMONER_PASSWORD, ALMONER_CHROMIUM.

import { must, tabTo, url, walks } from "./keys.mjs";

// Misspelt, and its parts changed about: Walter Njegovan is meant.
const TYPED = "WALTER negovan";
const FAMILY = "njegovan";

const WORDS = {
  en: { find: "Find a patient", save: /^Save contact for/, saved: /The contact is saved/ },
  es: { find: "Buscar un paciente", save: /^Guardar contacto de/, saved: /El contacto está guardado/ },
};

// The samples come in within seconds of the start: ask again until somebody is found.
async function find(page, typed) {
  for (let look = 0; look < 60; look += 1) {
    await tabTo(page, /^q\|q\|/, "the search field");
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search$/u);
    if ((await page.locator("main li.who a").count()) > 0) return;
    await page.waitForTimeout(1000);
  }
  throw new Error(`nobody fits "${typed}"`);
}

async function walk(page, language, withScripts) {
  const note = `Walk ${withScripts ? "with" : "without"} scripts, ${language}`;
  const words = WORDS[language];

  // Accents, capitals and the order of names do not matter.
  await find(page, TYPED);
  must((await page.getByRole("heading", { level: 1 }).textContent()) === words.find, "the page of the search");
  must(!page.url().includes("q="), "no name stands in an address");
  const person = page.locator("main li.who a").first();
  const family = (await person.textContent()).split(",")[0];
  must(family.toLowerCase().includes(FAMILY), `${family} was found`);
  const href = await person.getAttribute("href");

  await tabTo(page, new RegExp(`\\|${href}\\|`, "u"), "the person found");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/p\//u);
  const banner = await page.locator("body").textContent();
  must(banner.toLowerCase().includes(family.toLowerCase()), `the page of ${family} does not say so`);

  await tabTo(page, /\|\/p\/[^|]*\/contacts\/new/, "the button that logs a call");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/contacts\/new/u);
  await tabTo(page, /^[^|]*\|ending\|/, "how it ended");
  await page.keyboard.press("Space");
  must(await page.locator("input[name=ending]:checked").count(), "an ending is chosen by the space bar");
  await tabTo(page, /^note\|note\|/, "the note");
  await page.keyboard.type(note);
  await tabTo(page, new RegExp(words.save.source.replace("^", "\\|"), "u"), "the button that saves");
  await page.keyboard.press("Enter");
  await page.waitForURL((to) => !to.pathname.endsWith("/contacts/new"));
  const after = (await page.locator("body").textContent()).replace(/\s+/gu, " ");
  must(words.saved.test(after), `not saved: ${after.slice(0, 800)}`);
  must(after.includes(note), `the note does not stand on the record: ${after.slice(0, 800)}`);

  // Whom one opened last comes first, before anything is typed.
  await page.goto(new URL("/search", url).href);
  const recent = await page.locator("main li.who a").first().getAttribute("href");
  must(recent === href, `${family} was opened last, and is not the first: ${recent}`);
  return [];
}

await walks("find, open, note", walk);
