// The one script of Almoner's pages. Every page works without it; it only shortens the way: it keeps
// what is typed as drafts, sends forms without leaving the page before they are saved, looks people
// up while somebody types, says when the session ends, and tells what is new. It makes elements,
// never markup, and keeps nothing in the browser.
"use strict";
(() => {
  /** @type {(selector: string, root?: ParentNode) => HTMLElement[]} */
  const all = (selector, root = document) => [...root.querySelectorAll(selector)].map((node) => /** @type {HTMLElement} */ (node));
  const says = /** @type {HTMLElement | null} */ (document.getElementById("says"));
  /** A text of the page's language. @param {string} name @param {string | number} [value] */
  const say = (name, value = "") => (says?.dataset[name] ?? "").replace("{n}", String(value));
  /** @param {string} tag @param {string} [look] @param {string} [text] */
  const make = (tag, look = "", text = "") => {
    const node = document.createElement(tag);
    if (look) node.className = look;
    if (text) node.textContent = text;
    return node;
  };
  /** When the server last answered. */
  let heard = Date.now();
  /** @param {string} path @param {BodyInit} body @param {RequestInit} [more] */
  const post = (path, body, more = {}) =>
    fetch(path, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded", "x-almoner": "script" },
      credentials: "same-origin",
      ...more,
    }).then((answer) => {
      heard = Date.now();
      return answer;
    });

  // ── A bar at the top of the page: the session's end, a server that is silent ──
  /** @type {Map<string, HTMLElement>} */
  const bars = new Map();
  /** @param {string} name @param {string} text @param {string} action @param {() => void} act @param {boolean} bad */
  const bar = (name, text, action, act, bad) => {
    let line = bars.get(name);
    if (!line) {
      line = make("div", bad ? "stripe live off" : "stripe live");
      line.setAttribute("role", bad ? "alert" : "status");
      const button = make("button", "btn sm", action);
      button.setAttribute("type", "button");
      button.addEventListener("click", act);
      line.append(make("span"), button);
      document.querySelector("main")?.before(line);
      bars.set(name, line);
    }
    const said = line.firstElementChild;
    if (said && said.textContent !== text) said.textContent = text;
  };
  /** @param {string} name */
  const unbar = (name) => {
    bars.get(name)?.remove();
    bars.delete(name);
  };

  // ── When the server does not answer: the page stays, and asks again ──
  const waiting = /** @type {Set<() => void>} */ (new Set());
  let asking = 0;
  const isDown = () => bars.has("down");
  const ask = () => {
    clearTimeout(asking);
    fetch("/healthz", { cache: "no-store" }).then(
      (answer) => {
        if (!answer.ok) return again();
        unbar("down");
        const done = [...waiting];
        waiting.clear();
        for (const next of done) next();
      },
      () => again(),
    );
  };
  const again = () => {
    clearTimeout(asking);
    if (!document.hidden) asking = window.setTimeout(ask, 5000);
  };
  /** @param {() => void} [next] */
  const down = (next) => {
    if (next) waiting.add(next);
    bar("down", say("down"), say("downNow"), ask, true);
    again();
  };

  // ── Leaving by a link: the page stays until the server is there to answer ──
  /** @param {() => void} next */
  const reach = (next) => {
    fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(3000) }).then(
      (answer) => (answer.ok ? next() : down(next)),
      () => down(next),
    );
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='/']") : null;
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!(link instanceof HTMLAnchorElement) || !plain || link.target || link.hasAttribute("download")) return;
    // Who heard of the server just now need not ask.
    if (!isDown() && Date.now() - heard < 10_000) return;
    event.preventDefault();
    reach(() => location.assign(link.href));
  });

  // ── Drafts ──
  const unsaved = /** @type {Set<HTMLFormElement>} */ (new Set());
  const timers = /** @type {WeakMap<HTMLFormElement, number>} */ (new WeakMap());
  const sending = /** @type {WeakSet<HTMLFormElement>} */ (new WeakSet());
  const typing = /** @type {WeakMap<HTMLFormElement, number>} */ (new WeakMap());
  /** @param {HTMLFormElement} form @param {string} text */
  const state = (form, text) => {
    const line = form.querySelector("[data-saved]");
    if (line && line.textContent !== text) line.textContent = text;
  };
  /** @param {HTMLFormElement} form @param {HTMLElement | null} [button] */
  const fields = (form, button) => {
    const data = new FormData(form);
    if (button instanceof HTMLButtonElement && button.name) data.append(button.name, button.value);
    const pairs = new URLSearchParams();
    for (const [name, value] of data) if (typeof value === "string") pairs.append(name, value);
    return pairs;
  };
  /** @param {HTMLFormElement} form @param {boolean} [leaving] */
  const keep = async (form, leaving = false) => {
    clearTimeout(timers.get(form));
    if (!unsaved.has(form) || sending.has(form)) return;
    const stroke = typing.get(form);
    if (!leaving) state(form, say("saving"));
    try {
      const answer = await post("/drafts", fields(form), { keepalive: leaving });
      const text = await answer.text();
      if (!answer.ok) throw new Error(String(answer.status));
      if (text.startsWith("/")) return end(text);
      if (typing.get(form) === stroke) unsaved.delete(form);
      state(form, text);
    } catch {
      state(form, say("unsaved"));
      down(() => keep(form));
    }
  };
  /** @param {Event} event */
  const typed = (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-draft]") : null;
    if (!(form instanceof HTMLFormElement)) return;
    unsaved.add(form);
    typing.set(form, (typing.get(form) ?? 0) + 1);
    clearTimeout(timers.get(form));
    timers.set(form, window.setTimeout(keep, 1500, form));
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("focusout", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-draft]") : null;
    if (form instanceof HTMLFormElement && unsaved.has(form)) timers.set(form, window.setTimeout(keep, 200, form));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const form of unsaved) keep(form, true);
    else if (isDown()) ask();
  });
  window.addEventListener("pagehide", () => {
    for (const form of unsaved) keep(form, true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size > 0 && !leaving) event.preventDefault();
  });

  // A page that the browser kept may be old, or another person's by now.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  // ── Sending a form: the page is left only when the server has it ──
  let leaving = false;
  /** @param {string} path */
  const go = (path) => {
    leaving = true;
    if (path.startsWith("/")) location.assign(path);
    else location.reload();
  };
  /** @param {HTMLFormElement} form @param {HTMLElement | null} button */
  const send = async (form, button) => {
    clearTimeout(timers.get(form));
    sending.add(form);
    const words = button?.textContent ?? "";
    if (button instanceof HTMLButtonElement) {
      button.setAttribute("aria-disabled", "true");
      button.style.minInlineSize = `${button.offsetWidth}px`;
      button.textContent = say("busy");
    }
    const rest = () => {
      sending.delete(form);
      if (!(button instanceof HTMLButtonElement)) return;
      button.removeAttribute("aria-disabled");
      button.textContent = words;
    };
    const path = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.pathname;
    try {
      const answer = await post(path, fields(form, button));
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.ok && (answer.headers.get("content-type") ?? "").startsWith("text/plain")) {
        const to = await answer.text();
        unsaved.delete(form);
        if (to.startsWith("/sign-in")) return end(to);
        return go(to);
      }
      // What must be mended is drawn by the server: sent as the browser itself would.
      leaving = true;
      rest();
      sending.add(form);
      if (button instanceof HTMLButtonElement) form.requestSubmit(button);
      else form.submit();
    } catch {
      rest();
      unsaved.add(form);
      state(form, say("unsaved"));
      down(() => send(form, button));
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || !form.elements.namedItem("_once")) return;
    if (leaving) return;
    event.preventDefault();
    if (sending.has(form)) return;
    send(form, event.submitter);
  });

  // ── What is understood of a date, said back while somebody types it ──
  let reading = 0;
  document.addEventListener("input", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !("echo" in box.dataset)) return;
    clearTimeout(reading);
    reading = window.setTimeout(async () => {
      const typed = box.value;
      const said = document.getElementById(`${box.id}-echo`);
      const answer = await post("/dates", new URLSearchParams({ date: typed })).catch(() => null);
      const text = answer?.ok ? await answer.text() : "/";
      if (said && box.value === typed && !text.startsWith("/")) said.textContent = text;
    }, 400);
  });

  // ── The session ──
  const idle = Number(says?.dataset.idle ?? 0) * 60_000;
  const until = Number(says?.dataset.until ?? 0);
  let seen = Date.now();
  const others = "BroadcastChannel" in window ? new BroadcastChannel("almoner") : undefined;
  /** Whose page this is. */
  const mine = new URLSearchParams({ _as: says?.dataset.as ?? "" });
  let ended = false;
  /**
   * The end: nothing of a patient stays on the screen, and the tab is left when what was typed is kept.
   * @param {string} [to]
   */
  const end = async (to) => {
    if (ended) return;
    ended = true;
    const left = [...unsaved].map((form) => fields(form));
    const here = `/sign-in/again?next=${encodeURIComponent(location.pathname + location.search)}`;
    const line = make("p", "stripe off", left.length > 0 ? say("ended") : "");
    line.setAttribute("role", "status");
    const page = make("main");
    page.append(line);
    document.body.replaceChildren(page);
    for (const pairs of left) {
      while (!(await kept(pairs))) {
        line.textContent = say("down");
        await new Promise((done) => window.setTimeout(done, 5000));
      }
    }
    leaving = true;
    location.replace(to ?? here);
  };
  /** @param {URLSearchParams} pairs */
  const kept = (pairs) =>
    post("/drafts", pairs, { signal: AbortSignal.timeout(10_000) }).then((answer) => answer.ok, () => false);
  const stay = async () => {
    try {
      const answer = await post("/session", mine);
      const to = await answer.text();
      if (!answer.ok) throw new Error(String(answer.status));
      if (to.startsWith("/")) return end(to.startsWith("/sign-in") ? undefined : to);
      seen = Date.now();
      unbar("idle");
    } catch {
      down(stay);
    }
  };
  others?.addEventListener("message", () => end());
  document.addEventListener("submit", (event) => {
    const to = event.target instanceof HTMLFormElement ? event.target.getAttribute("action") : "";
    if (to === "/sign-out" || to === "/lock") others?.postMessage("ended");
  });
  const watch = () => {
    if (ended) return;
    const now = Date.now();
    const left = Math.min(seen + idle, until) - now;
    if (left <= 0) return void end();
    const minutes = Math.ceil(left / 60_000);
    if (minutes <= 2) bar("idle", minutes === 1 ? say("endsOne") : say("ends", minutes), say("stay"), stay, false);
    else unbar("idle");
    window.setTimeout(watch, Math.max(1000, Math.min(15_000, left)));
  };
  if (idle > 0) {
    watch();
    // Work in the page is use of the session: the server hears of it at most every other minute.
    let told = Date.now();
    document.addEventListener("input", () => {
      if (Date.now() - told < 120_000) return;
      told = Date.now();
      stay();
    });
  }

  // ── Find, while somebody types ──
  const box = document.getElementById("q");
  if (box instanceof HTMLInputElement && box.closest(".find")) {
    const form = box.form;
    const list = make("ul", "hits");
    list.id = "hits";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say("hits"));
    list.hidden = true;
    const told = make("p", "vh");
    told.setAttribute("role", "status");
    box.after(list, told);
    for (const [name, value] of [["role", "combobox"], ["aria-controls", "hits"], ["aria-expanded", "false"], ["aria-autocomplete", "list"]]) box.setAttribute(name, value);
    let timer = 0;
    let at = -1;
    let shown = "";
    /** @type {AbortController | undefined} */
    let asked;
    const options = () => all("[role=option]", list);
    const shut = () => {
      list.hidden = true;
      at = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    /** @param {number} to */
    const mark = (to) => {
      const rows = options();
      at = (to + rows.length) % rows.length;
      rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
      box.setAttribute("aria-activedescendant", rows[at]?.id ?? "");
      rows[at]?.scrollIntoView({ block: "nearest" });
    };
    /** @param {{q: string, rows: {href: string, name: string, sub: string, tags: string[]}[], more: string | null, none: string | null}} found */
    const draw = (found) => {
      shown = found.q;
      list.replaceChildren(
        ...found.rows.map((row, n) => {
          const item = make("li");
          item.id = `hit-${n}`;
          item.setAttribute("role", "option");
          item.setAttribute("aria-selected", "false");
          item.dataset.href = row.href;
          item.append(make("b", "", row.name), make("span", "sub", row.sub), ...row.tags.map((tag) => make("span", "tag", tag)));
          return item;
        }),
      );
      if (found.more) {
        const item = make("li", "all", found.more);
        item.id = "hit-all";
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        list.append(item);
      }
      at = -1;
      told.textContent = found.none ?? (found.more || say("found", found.rows.length));
      if (found.none) list.append(make("li", "none", found.none));
      list.hidden = list.childElementCount === 0;
      box.setAttribute("aria-expanded", String(!list.hidden));
      box.removeAttribute("aria-activedescendant");
    };
    const look = async () => {
      const text = box.value.trim();
      if (text.length === 1) return shut();
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await post("/search/hints", new URLSearchParams({ q: text }), { signal: asked.signal });
        if (!answer.ok || !(answer.headers.get("content-type") ?? "").includes("json")) return;
        const found = await answer.json();
        if (box.value.trim() === found.q && document.activeElement === box) draw(found);
      } catch (cause) {
        if (!(cause instanceof DOMException && cause.name === "AbortError")) draw({ q: text, rows: [], more: null, none: say("findFailed") });
      }
    };
    /** @param {HTMLElement} row */
    const open = (row) => {
      if (row.dataset.href) go(row.dataset.href);
      else form?.requestSubmit();
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(look, 150);
    });
    box.addEventListener("focus", () => {
      if (box.value.trim() === "") look();
    });
    box.addEventListener("blur", () => window.setTimeout(shut, 150));
    box.addEventListener("keydown", (event) => {
      const rows = options();
      if (event.key === "Escape") return shut();
      if (list.hidden || rows.length === 0) return;
      if (event.key === "ArrowDown") mark(at + 1);
      else if (event.key === "ArrowUp") mark(at < 0 ? rows.length - 1 : at - 1);
      else if (event.key === "Enter" && at >= 0 && shown === box.value.trim() && rows[at]) open(rows[at]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      event.preventDefault();
      if (row instanceof HTMLElement) open(row);
    });
  }

  // ── What is new: told, never moved under the finger ──
  const live = says?.dataset.live;
  if (live && "EventSource" in window) {
    /** @type {EventSource | undefined} */
    let stream;
    const listen = () => {
      stream?.close();
      stream = undefined;
      if (document.hidden || ended) return;
      stream = new EventSource(`/events?${live}`);
      stream.addEventListener("worklist", (event) => {
        const count = Number(event.data);
        const text = count > 0 ? (count === 1 ? say("newOne") : say("new", count)) : say("changed");
        bar("news", text, say("show"), () => go(""), false);
      });
      stream.addEventListener("intake", (event) => {
        /** @type {{done: number, all: number, said: string}} */
        const now = JSON.parse(event.data);
        const shown = document.getElementById("progress");
        const meter = shown?.querySelector("progress");
        const said = shown?.querySelector("[role=status]");
        if (!shown || !meter || !said) return;
        const before = meter.value;
        meter.max = now.all;
        meter.value = now.done;
        if (said.textContent !== now.said) said.textContent = now.said;
        if (now.done < now.all) shown.hidden = false;
        if (now.done !== before) bar("news", say("changed"), say("show"), () => go(""), false);
      });
    };
    document.addEventListener("visibilitychange", listen);
    window.addEventListener("pagehide", () => stream?.close());
    listen();
  }

  // ── Keys: saving and closing always; single letters only for those who turned them on ──
  const letters = document.documentElement.dataset.shortcuts === "on";
  /** @type {Record<string, string>} */
  const places = { d: "/", c: "/caseload", t: "/transitions", i: "/intake" };
  let first = "";
  /** @param {EventTarget | null} target */
  const writes = (target) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio|button|submit)$/.test(target.type));
  const row = () => document.activeElement?.closest(".wl .r") ?? null;
  /** @param {number} step */
  const move = (step) => {
    const rows = all(".wl .r").filter((one) => one.offsetParent !== null);
    const here = rows.indexOf(/** @type {HTMLElement} */ (row()));
    const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
    /** @type {HTMLElement | null | undefined} */
    (next?.querySelector("a"))?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = target instanceof Element ? target.closest("form") : null;
      const button = form?.querySelector("button.pri, button[type=submit]");
      if (form && button instanceof HTMLButtonElement) form.requestSubmit(button);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      for (const menu of all("details.menu[open]")) {
        menu.removeAttribute("open");
        /** @type {HTMLElement | null} */ (menu.querySelector("summary"))?.focus();
      }
      return;
    }
    if (writes(target)) return;
    if (row() && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      return move(event.key === "ArrowDown" ? 1 : -1);
    }
    if (!letters) return;
    const place = first === "g" ? places[event.key] : undefined;
    first = event.key === "g" ? "g" : "";
    const tick = row()?.querySelector("input[type=checkbox]");
    if (place) go(place);
    else if (event.key === "/") box?.focus();
    else if (event.key === "?") go("/help");
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "x" && tick instanceof HTMLInputElement) tick.click();
    else if (event.key === "e") /** @type {HTMLElement | null | undefined} */ (row()?.querySelector("td:last-child a, td:last-child button"))?.click();
    else if (event.key === "z") /** @type {HTMLElement | null} */ (document.querySelector(".notice button"))?.click();
    else return;
    event.preventDefault();
  });
})();
