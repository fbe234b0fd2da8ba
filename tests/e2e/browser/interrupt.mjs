// Nothing typed is lost, nothing is saved twice: forms are filled in as a person does, and at moments
// that nobody chose the daemon is killed, the session ends, a second tab is open, the network is
// gone, the button is pressed twice, or the person goes back. After each the words must be found: in
// the tab, in the form again, or saved; and once saved they must be there once.
//
// Environment: ALMONER_PROGRAM, ALMONER_FOLDER, ALMONER_CHROMIUM, ALMONER_INTERRUPTIONS, ALMONER_SEED.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { chromium } from "playwright-core";

const folder = process.env.ALMONER_FOLDER;
const rounds = Number(process.env.ALMONER_INTERRUPTIONS ?? 12);
const KINDS = ["kill", "session", "tab", "offline", "double", "back"];
let seed = Number(process.env.ALMONER_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);

// Park and Miller's minimal standard generator: the same seed, the same rounds.
function random(below) {
  seed = (seed * 48271) % 2147483647;
  return seed % below;
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

let port = 0;
let daemon;
let ready;
async function start(more) {
  const file = `${folder}/ready.json`;
  rmSync(file, { force: true });
  const args = ["demo", "--listen", `127.0.0.1:${port}`, "--dir", `${folder}/appliance`, "--ready", file, ...more];
  daemon = spawn(process.env.ALMONER_PROGRAM, args, { stdio: "ignore" });
  for (let look = 0; !existsSync(file); look += 1) {
    if (look > 1200) throw new Error("the daemon does not start");
    await pause(100);
  }
  ready = JSON.parse(readFileSync(file, "utf8"));
  port = Number(ready.address.split(":").pop());
}
async function kill() {
  const gone = new Promise((done) => daemon.once("exit", done));
  daemon.kill("SIGKILL");
  await gone;
}

async function signIn(page) {
  const rosa = ready.accounts.find((account) => account.role === "coordinator");
  await page.locator("#name").fill(rosa.name);
  await page.locator("#password").fill(rosa.password);
  await page.locator("main button[type=submit]").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}
const atDoor = (page) => new URL(page.url()).pathname.startsWith("/sign-in");

// Opens a page of ours, signing in on the way where that is asked.
async function open(page, path) {
  for (let tries = 0; ; tries += 1) {
    try {
      await page.goto(new URL(path, ready.url).href);
      break;
    } catch (cause) {
      if (tries > 20) throw cause;
      await pause(500);
    }
  }
  if (atDoor(page)) {
    await signIn(page);
    await page.goto(new URL(path, ready.url).href);
  }
}

// The forms: where each stands, which field holds the words, what else it needs, where they show.
const FORMS = {
  call: {
    path: (patient) => `/p/${patient}/contacts/new`,
    field: "#note",
    more: (page) => page.getByLabel("No answer").check(),
    shown: (patient) => `/p/${patient}/timeline`,
    entry: ".tl li.e",
  },
  task: {
    path: (patient) => `/p/${patient}/tasks/new`,
    field: "#title",
    more: (page) => page.locator("#due").fill("tomorrow"),
    shown: (patient) => `/p/${patient}`,
    entry: "section[aria-labelledby=tasks] li",
  },
};

// How often the words were saved, as a page without drafts tells.
async function saved(page, form, patient, words) {
  await open(page, form.shown(patient));
  return page.locator(form.entry, { hasText: words }).count();
}

const save = (page) => page.locator("main form[data-draft] button.pri").first();
const holds = async (page, form, words) =>
  (await page.locator(form.field).count()) > 0 && (await page.locator(form.field).inputValue()).includes(words);

async function send(page, form) {
  await form.more(page).catch(() => {});
  await save(page).click({ timeout: 5000 }).catch(() => {});
  await page.waitForURL((url) => !url.pathname.endsWith("/new"), { timeout: 20_000 }).catch(() => {});
}

async function interrupt(kind, { context, page, form, patient, words, helper }) {
  await pause(random(1800));
  switch (kind) {
    case "kill": {
      const sending = random(2) === 0;
      if (sending) {
        await form.more(page);
        save(page).click({ noWaitAfter: true }).catch(() => {});
        await pause(random(120));
      }
      await kill();
      await pause(random(800));
      await start(["--empty"]);
      await pause(6500); // the tab asks every five seconds
      return;
    }
    case "session": {
      await open(helper, "/me");
      const ends = helper.locator("form[action^='/me/sessions/'] button");
      for (let left = await ends.count(); left > 0; left = await ends.count()) await ends.first().click();
      await page.locator(form.field).press("End").catch(() => {});
      await page.keyboard.type(".").catch(() => {});
      await page.waitForURL((url) => url.pathname.startsWith("/sign-in"), { timeout: 15_000 }).catch(() => {});
      if (atDoor(page)) await signIn(page);
      return;
    }
    case "tab": {
      const other = await context.newPage();
      await open(other, form.path(patient));
      await other.locator(form.field).fill(`${words}-second`);
      await send(other, form);
      await other.close();
      return;
    }
    case "offline": {
      await context.setOffline(true);
      await form.more(page);
      await save(page).click({ timeout: 3000 }).catch(() => {});
      await pause(random(3000));
      await context.setOffline(false);
      await page.getByRole("button", { name: "Try now" }).click({ timeout: 3000 }).catch(() => {});
      await page.waitForURL((url) => !url.pathname.endsWith("/new"), { timeout: 12_000 }).catch(() => {});
      return;
    }
    case "double": {
      await form.more(page);
      await save(page).dblclick({ delay: random(80) }).catch(() => {});
      await page.waitForURL((url) => !url.pathname.endsWith("/new"), { timeout: 20_000 }).catch(() => {});
      if (random(2) === 0) {
        await page.goBack().catch(() => {});
        await pause(300);
        if (await holds(page, form, words)) await save(page).click({ timeout: 3000 }).catch(() => {});
      }
      return;
    }
    default:
      await page.goBack({ timeout: 5000 }).catch(() => {});
  }
}

await start([]);
const browser = await chromium.launch({
  executablePath: process.env.ALMONER_CHROMIUM,
  args: ["--no-sandbox"],
});
const lost = [];
const twice = [];
try {
  const options = { ignoreHTTPSErrors: true, locale: "en-US", viewport: { width: 1280, height: 900 } };
  const context = await browser.newContext(options);
  const helper = await (await browser.newContext(options)).newPage();
  const looker = await (await browser.newContext(options)).newPage();
  const page = await context.newPage();
  for (const one of [page, helper, looker]) one.on("dialog", (dialog) => dialog.accept().catch(() => {}));
  await open(page, "/caseload");
  let patients = [];
  for (let look = 0; look < 60 && patients.length < 15; look += 1) {
    const links = await page.locator("main a[href^='/p/']").evaluateAll((all) => all.map((link) => link.pathname));
    patients = [...new Set(links.map((path) => path.split("/")[2]))];
    await pause(500);
    await page.reload();
  }
  for (let round = 0; round < rounds; round += 1) {
    const kind = KINDS[round % KINDS.length];
    const form = FORMS[random(3) === 0 ? "task" : "call"];
    const patient = patients[random(patients.length)];
    const words = `word${round}x${random(1_000_000)}`;
    await open(page, `/p/${patient}`);
    await open(page, form.path(patient));
    await page.locator(form.field).fill("");
    await page.locator(form.field).pressSequentially(words, { delay: 5 + random(30) });
    await interrupt(kind, { context, page, form, patient, words, helper });
    // Whatever happened, the person goes on: where they are, else where the form stands.
    if (await holds(page, form, words)) await send(page, form);
    let count = await saved(looker, form, patient, words);
    if (kind === "tab") count -= 1; // the second tab's words begin with the first's
    for (let tries = 0; count < 1 && tries < 3; tries += 1) {
      await open(page, form.path(patient));
      if (await holds(page, form, words)) await send(page, form);
      count = (await saved(looker, form, patient, words)) - (kind === "tab" ? 1 : 0);
    }
    if (count < 1) lost.push(`round ${round}, ${kind}: ${words}`);
    if (count > 1) twice.push(`round ${round}, ${kind}: ${words} ${count} times`);
    if ((round + 1) % 20 === 0) console.log(`${round + 1} interruptions, ${lost.length} lost, ${twice.length} twice`);
  }
} finally {
  await browser.close();
  daemon.kill("SIGKILL");
}
for (const line of [...lost.map((it) => `lost: ${it}`), ...twice.map((it) => `saved twice: ${it}`)]) console.error(line);
console.log(`${rounds} interruptions: ${lost.length} lost, ${twice.length} saved twice`);
process.exit(lost.length + twice.length === 0 ? 0 : 1);
