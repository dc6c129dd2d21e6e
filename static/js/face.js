// What every page has: words, small helpers, menus, toasts, and the places where other scripts hook on.
window.gc = (() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = new Map($$("#words [data-word]").map((el) => [el.dataset.word, el.textContent]));
  const say = (key, values = {}) => (words.get(key) ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const csrf = () => $("meta[name=csrf-token]")?.content ?? "";

  // Runs for what is on the page now and for whatever htmx or a dialog brings in later.
  const starters = [];
  const begin = (root) => starters.forEach(([selector, start]) => {
    const found = $$(selector, root);
    if (root.matches?.(selector)) found.unshift(root);
    for (const el of found) {
      const begun = (el.gcBegun ??= new Set());
      if (!begun.has(start)) { begun.add(start); start(el); }
    }
  });
  const each = (selector, start) => { starters.push([selector, start]); begin(document); };

  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "gc-i");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  };

  const make = (tag, css = "", ...content) => {
    const el = document.createElement(tag);
    if (css) el.className = css;
    el.append(...content);
    return el;
  };

  const toast = (text, { tone = "", action = "", act = null } = {}) => {
    const button = make("button", "", action || say("close"));
    const box = make("div", `gc-toast${tone ? ` gc-toast--${tone}` : ""}`, icon(tone ? "alert" : "check"), make("span", "", text), button);
    button.type = "button";
    box.setAttribute("role", "status");
    button.addEventListener("click", () => { act?.(); box.remove(); });
    $("#toasts")?.append(box);
    if (!tone) setTimeout(() => box.remove(), 8000);
    return box;
  };

  const send = (url, options = {}) => fetch(url, {
    credentials: "same-origin", ...options,
    headers: { "X-CSRFToken": csrf(), "X-Requested-With": "XMLHttpRequest", ...options.headers },
  });

  const closeMenus = (except) => $$("details[data-menu][open], details.gc-why[open], details.gc-cannot[open]")
    .forEach((menu) => { if (menu !== except && !menu.contains(except)) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details") ?? event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details[open]");
    closeMenus(null);
    open?.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    event.target.closest("[data-close]")?.closest("[data-toast], dialog")?.[event.target.closest("dialog") ? "close" : "remove"]();
    if (event.target.closest("[data-print]")) print();
  });

  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
  document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
  for (const failed of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failed, () => toast(say("failed"), { tone: "late" }));
  }

  each("[data-toast]", (box) => { if (!/--(late|soon)/.test(box.className)) setTimeout(() => box.remove(), 8000); });
  // A bar that carries the value of a range or of a share: the one style that only a script may set.
  each("[data-compare]", (range) => range.addEventListener("input", () => {
    range.previousElementSibling.style.setProperty("--at", `${range.value}%`);
  }));
  each("[data-fill]", (chip) => chip.addEventListener("click", () => {
    const form = chip.closest("form");
    form.elements.username.value = chip.dataset.fill;
    (form.elements.password.value ? form.querySelector("[type=submit], button:not([type])") : form.elements.password).focus();
  }));
  each("[data-submit-on-change]", (form) => form.addEventListener("change", () => form.requestSubmit()));
  each("form[data-once]", (form) => form.addEventListener("submit", () => {
    setTimeout(() => $$("button", form).forEach((b) => { b.disabled = true; }));
  }));

  return { $, $$, say, token, csrf, each, begin, icon, make, toast, send };
})();
