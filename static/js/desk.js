// The operator's keys and the choice of several rows.
//
//   data-rows        the list that j / k walk; each row: data-row="key", a link (or a link inside)
//   data-follow      on the list: walking opens the row at once (else Enter opens it)
//   data-key="d"     pressed by that letter, wherever it stands on the page
//   data-search      what / focuses · data-keys-help: the element (id keys-help) that ? shows
//   data-pick-all, data-pick="key"   checkboxes, x ticks that of the row, Shift+X all · data-batch: the bar that shows with them, data-batch-count in it,
//                    data-batch-field: a hidden input that gets the chosen keys, separated by commas; while some
//                    are chosen, a letter presses the button in the bar before any other
//   data-picks-done="key,key"   what has been done: these are no longer chosen
(() => {
  const FOLLOW_AFTER = 140;
  const { $, $$, say } = gc;
  let follow = 0;

  const rows = () => $$("[data-rows] [data-row]:not([data-gone])");
  const current = () => $("[data-rows] [data-row][aria-current]");
  const link = (row) => (row.matches("a") ? row : $("a", row));

  const choose = (row, open) => {
    $$("[data-rows] [data-row][aria-current]").forEach((r) => r.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    clearTimeout(follow);
    if (open) follow = setTimeout(() => link(row)?.click(), open);
  };

  const walk = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    choose(next, next.closest("[data-follow]") ? FOLLOW_AFTER : 0);
  };

  const help = () => {
    const text = document.getElementById("keys-help");
    if (text) gc.dialog.show(text.innerHTML);
  };

  const acts = {
    j: () => walk(1), ArrowDown: () => walk(1),
    k: () => walk(-1), ArrowUp: () => walk(-1),
    Enter: () => { const row = current(); if (row) link(row)?.click(); },
    "/": () => $("[data-search]")?.focus(),
    "?": help,
    x: () => tick(current()),
    X: () => tickAll(!picked().length),
    Escape: () => tickAll(false),
  };

  const press = (key) => {
    const name = `[data-key="${CSS.escape(key)}"]`;
    const button = [...$$(`[data-batch] ${name}`), ...$$(name)].find((b) => b.offsetParent && b.getAttribute("aria-disabled") !== "true");
    button?.click();
    return Boolean(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
    if (event.key.startsWith("Arrow") && !event.target.closest("[data-rows]")) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const act = acts[event.key];
    if (act) { act(); event.preventDefault(); } else if (/^[a-z]$/.test(event.key) && press(event.key)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] [data-row]");
    if (row && !event.target.closest("[data-pick]")) choose(row, 0);
  });

  // Choosing several
  let lastPicked = null;
  const picked = () => $$("[data-pick]:checked");
  const tell = () => {
    const chosen = picked();
    $$("[data-batch]").forEach((bar) => { bar.hidden = !chosen.length; });
    $$("[data-batch-idle]").forEach((idle) => { idle.hidden = chosen.length > 0; });
    $$("[data-batch-count]").forEach((el) => { el.textContent = say("picked", { n: chosen.length }); });
    $$("[data-batch-field]").forEach((field) => { field.value = chosen.map((box) => box.dataset.pick).join(","); });
    $$("[data-pick]").forEach((box) => box.closest("tr")?.setAttribute("aria-selected", String(box.checked)));
    $$("[data-pick-all]").forEach((all) => {
      all.checked = chosen.length > 0 && chosen.length === $$("[data-pick]").length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    });
  };
  const tick = (row) => {
    const box = row && ($("[data-pick]", row) ?? $("[data-pick]", row.parentElement));
    if (box) { box.checked = !box.checked; tell(); }
  };
  const tickAll = (on) => { $$("[data-pick]").forEach((box) => { box.checked = on; }); tell(); };
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-pick]");
    if (!box) return;
    const all = $$("[data-pick]");
    if (event.shiftKey && lastPicked && all.includes(lastPicked)) {
      const [from, to] = [all.indexOf(lastPicked), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((b) => { b.checked = box.checked; });
    }
    lastPicked = box;
    tell();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    tickAll(event.target.checked);
  });
  document.addEventListener("htmx:afterSwap", tell);
  gc.each("[data-batch], [data-rows]", tell);
  gc.each("[data-picks-done]", (part) => {
    const done = new Set(part.dataset.picksDone.split(","));
    $$("[data-pick]:checked").forEach((box) => { box.checked = !done.has(box.dataset.pick); });
    tell();
  });
})();
