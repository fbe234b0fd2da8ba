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

// Makes what a form needs by the pages themselves; gives back the address where that leads.
async function make(helper, path, fill) {
  await open(helper, path);
  await fill(helper);
  await save(helper).click();
  await helper.waitForURL((url) => !url.pathname.endsWith("/new"));
  return new URL(helper.url()).pathname;
}
// A task of this patient, made for the round; its page.
async function task(helper, patient) {
  const title = `Task ${random(1_000_000)}`;
  await make(helper, `/p/${patient}/tasks/new`, async (page) => {
    await page.locator("#title").fill(title);
    await page.locator("#due").fill("tomorrow");
  });
  await open(helper, `/p/${patient}`);
  return helper.locator("section[aria-labelledby=tasks] a", { hasText: title }).first().getAttribute("href");
}
// A contact of this patient, made for the round; its page.
async function contact(helper, patient) {
  const note = `Said ${random(1_000_000)}`;
  await make(helper, `/p/${patient}/contacts/new`, async (page) => {
    await page.locator("#note").fill(note);
    await page.getByLabel("No answer").check();
  });
  await open(helper, `/p/${patient}/timeline`);
  return helper.locator(".tl li.e", { hasText: note }).locator("a").first().getAttribute("href");
}

// The forms: on which page each stands (made for the round where need be), which of the page's forms it
// is, which field holds the words, what else it needs, its button, and where saved words show. Some can
// be saved once only: then nobody saves it in a second tab.
const history = "section[aria-labelledby=history] li";
const FORMS = {
  call: {
    page: (_, patient) => `/p/${patient}/contacts/new`,
    form: "/contacts/new",
    field: "#note",
    more: (page) => page.getByLabel("No answer").check(),
    shown: (_, patient) => `/p/${patient}/timeline`,
    entry: ".tl li.e",
    again: true,
  },
  task: {
    page: (_, patient) => `/p/${patient}/tasks/new`,
    form: "/tasks/new",
    field: "#title",
    more: (page) => page.locator("#due").fill("tomorrow"),
    shown: (_, patient) => `/p/${patient}`,
    entry: "section[aria-labelledby=tasks] li",
    again: true,
  },
  finish: { page: task, form: "/finish", field: "#outcome", button: "[value=done]", entry: ".lede" },
  hold: {
    page: task,
    form: "/hold",
    field: "[name=reason]",
    more: (page) => page.locator("form[action$='/hold'] [name=review]").fill("+2w"),
    entry: history,
  },
  handOver: {
    page: task,
    form: "/hand-over",
    field: "[name=reason]",
    more: (page) => page.locator("form[action$='/hand-over'] select").selectOption({ index: 1 }),
    entry: history,
  },
  edit: {
    page: async (helper, patient) => `${await task(helper, patient)}/edit`,
    form: "/edit",
    field: "#note",
    shown: (path) => path.replace("/edit", ""),
    entry: "section[aria-labelledby=why] p",
  },
  cancel: { page: task, form: "/cancel", field: "[name=reason]", entry: history },
  amend: {
    page: contact,
    form: "/amend",
    field: "[name=text]",
    more: (page) => page.locator("form[action$='/amend'] [name=reason]").fill("She called again"),
    entry: "section[aria-labelledby=said] p",
    again: true,
  },
  mistake: { page: contact, form: "/mistake", field: "[name=reason]", entry: ".notice.warn:not([aria-labelledby=left])" },
};
const NAMES = Object.keys(FORMS);

// How often the words were saved, as a page tells whose forms and drafts are left out.
async function saved({ form, patient, path, words }, page) {
  await open(page, form.shown ? form.shown(path, patient) : path);
  return page.locator(form.entry, { hasText: words }).count();
}

const save = (page) => page.locator("main form[data-draft] button.pri").first();
const at = ({ form }, page) => page.locator(`form[action$='${form.form}']`);
const field = (round, page) => at(round, page).locator(round.form.field);
const button = (round, page) => at(round, page).locator(`button${round.form.button ?? ":not([formaction])"}`).first();
const holds = async (round, page) =>
  (await field(round, page).count()) > 0 && (await field(round, page).inputValue()).includes(round.words);

async function send(round, page) {
  await round.form.more?.(page).catch(() => {});
  await button(round, page).click({ timeout: 5000, noWaitAfter: true }).catch(() => {});
  await settle(page);
}
// Until the page that a form led to is there.
async function settle(page) {
  await pause(400);
  await page.waitForLoadState("load").catch(() => {});
  for (let look = 0; look < 40 && (await page.locator("[aria-disabled=true]").count().catch(() => 1)) > 0; look += 1) await pause(250);
  await pause(200);
  await page.waitForLoadState("load").catch(() => {});
}

async function interrupt(kind, round, { context, page, helper, scripts }) {
  await pause(random(1800));
  switch (kind) {
    case "kill": {
      const sending = !scripts || random(2) === 0;
      if (sending) {
        await round.form.more?.(page);
        button(round, page).click({ noWaitAfter: true }).catch(() => {});
        await pause(random(120));
      }
      await kill();
      await pause(random(800));
      await start(["--empty"]);
      if (scripts) await pause(6500); // the tab asks every five seconds
      // Without scripts the browser shows its own error; reloading sends the form again.
      else if (!page.url().startsWith("https:")) await page.reload().catch(() => {});
      return;
    }
    case "session": {
      await open(helper, "/me");
      const ends = helper.locator("form[action^='/me/sessions/'] button");
      for (let left = await ends.count(); left > 0; left = await ends.count()) {
        await ends.first().click();
        await settle(helper);
      }
      if (scripts) {
        await field(round, page).press("End").catch(() => {});
        await page.keyboard.type(".").catch(() => {});
      } else {
        await round.form.more?.(page);
        await button(round, page).click({ noWaitAfter: true }).catch(() => {});
      }
      await page.waitForURL((url) => url.pathname.startsWith("/sign-in"), { timeout: 15_000 }).catch(() => {});
      if (atDoor(page)) await signIn(page);
      return;
    }
    case "tab": {
      const other = await context.newPage();
      const second = { ...round, words: `second${random(1_000_000)}` };
      await open(other, round.path);
      await field(second, other).fill(second.words);
      if (round.form.again) await send(second, other);
      await other.close();
      return;
    }
    case "offline": {
      await context.setOffline(true);
      await round.form.more?.(page);
      await button(round, page).click({ timeout: 3000, noWaitAfter: true }).catch(() => {});
      await pause(random(3000));
      await context.setOffline(false);
      if (scripts) await page.getByRole("button", { name: "Try now" }).click({ timeout: 3000 }).catch(() => {});
      else await page.reload().catch(() => {});
      await settle(page);
      return;
    }
    case "double": {
      await round.form.more?.(page);
      await button(round, page).dblclick({ delay: random(80), noWaitAfter: true }).catch(() => {});
      await settle(page);
      if (random(2) === 0) {
        await page.goBack({ timeout: 5000 }).catch(() => {});
        await pause(300);
        if (await holds(round, page).catch(() => false)) await send(round, page);
      }
      return;
    }
    default: {
      // Without scripts only what was kept by its button outlives going back.
      if (!scripts) {
        await at(round, page).getByRole("button", { name: "Save draft" }).click().catch(() => {});
        await settle(page);
      }
      await page.goBack({ timeout: 5000 }).catch(() => {});
    }
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
  const bare = await browser.newContext({ ...options, javaScriptEnabled: false });
  const plain = await bare.newPage();
  for (const one of [page, plain, helper, looker]) one.on("dialog", (dialog) => dialog.accept().catch(() => {}));
  await open(page, "/caseload");
  let patients = [];
  for (let look = 0; look < 60 && patients.length < 15; look += 1) {
    const links = await page.locator("main a[href^='/p/']").evaluateAll((all) => all.map((link) => link.pathname));
    patients = [...new Set(links.map((path) => path.split("/")[2]))];
    await pause(500);
    await page.reload();
  }
  const forms = new Set();
  for (let number = 0; number < rounds; number += 1) {
    const kind = KINDS[number % KINDS.length];
    const scripts = number % 4 !== 3;
    const tab = scripts ? page : plain;
    const name = NAMES[random(NAMES.length)];
    const form = FORMS[name];
    const patient = patients[random(patients.length)];
    const path = await form.page(helper, patient);
    const round = { form, patient, path, words: `word${number}x${random(1_000_000)}` };
    const what = `round ${number}, ${kind}, ${name}${scripts ? "" : ", scripts off"}: ${round.words}`;
    await open(tab, `/p/${patient}`);
    await open(tab, path);
    forms.add(await at(round, tab).getAttribute("action"));
    await field(round, tab).fill("");
    await field(round, tab).pressSequentially(round.words, { delay: 5 + random(30) });
    await interrupt(kind, round, { context: scripts ? context : bare, page: tab, helper, scripts });
    // Whatever happened, the person goes on: where they are, else where the form stands.
    if (await holds(round, tab).catch(() => false)) await send(round, tab);
    let count = await saved(round, looker);
    for (let tries = 0; count < 1 && tries < 3; tries += 1) {
      await open(tab, path);
      if (await holds(round, tab)) await send(round, tab);
      count = await saved(round, looker);
    }
    if (count < 1) lost.push(what);
    if (count > 1) twice.push(`${what} ${count} times`);
    if ((number + 1) % 20 === 0) console.log(`${number + 1} interruptions, ${forms.size} forms, ${lost.length} lost, ${twice.length} twice`);
  }
  console.log(`${forms.size} forms of ${NAMES.length} kinds`);
  // A link that is followed while the daemon is away: the page stays, says so, and goes on by itself.
  await open(page, "/caseload");
  await pause(10_500);
  await kill();
  await page.locator(".rail a[href='/transitions']").click();
  await page.locator(".stripe.live.off").waitFor();
  if (!page.url().endsWith("/caseload")) lost.push(`the page was left for ${page.url()}`);
  await start(["--empty"]);
  await page.waitForURL(/\/transitions$/u, { timeout: 20_000 }).catch(() => lost.push("the link was not followed"));
} finally {
  await browser.close();
  daemon.kill("SIGKILL");
}
for (const line of [...lost.map((it) => `lost: ${it}`), ...twice.map((it) => `saved twice: ${it}`)]) console.error(line);
console.log(`${rounds} interruptions: ${lost.length} lost, ${twice.length} saved twice`);
process.exit(lost.length + twice.length === 0 ? 0 : 1);
