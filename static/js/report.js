// The report form of the phone: what kind of problem, and what is already known nearby.
//
//   data-kinds            around the buttons and a hidden input (data-kind-value); data-kind="id" is one button;
//                         data-kinds-url: JSON [{id, name, icon, of}] to search; data-kind-search: the text box,
//                         data-kind-found: the list of hits; data-kind-recent: the six buttons, refilled from this phone's memory
//   data-nearby           data-nearby-url?lng=&lat=&category= answers a fragment with the papers nearby
(() => {
  const RECENT = "report-kinds", MOST_RECENT = 6, MOST_FOUND = 12;
  const { $, $$, say } = gc;

  const remembered = () => { try { return JSON.parse(localStorage.getItem(RECENT)) ?? []; } catch { return []; } };
  const remember = (kind) => {
    const rest = remembered().filter((k) => k.id !== kind.id);
    try { localStorage.setItem(RECENT, JSON.stringify([kind, ...rest].slice(0, MOST_RECENT))); } catch { /* nothing is kept */ }
  };

  const button = ({ id, name, icon, of }) => {
    const el = gc.make("button", "", gc.icon(icon || "flag"), gc.make("span", "", name));
    el.type = "button";
    el.dataset.kind = id;
    el.title = of ?? "";
    el.setAttribute("aria-pressed", "false");
    return el;
  };

  // What was found by typing takes its place among the six, so that one sees what was chosen.
  const keepInSight = (box, kind) => {
    const recent = $("[data-kind-recent]", box), typed = $("[data-kind-search]", box);
    if (recent && !$$("[data-kind]", recent).some((b) => b.dataset.kind === kind.id)) {
      recent.prepend(button(kind));
      [...recent.children].slice(MOST_RECENT).forEach((b) => b.remove());
    }
    if (!recent || !typed?.value) return;
    typed.value = "";
    $("[data-kind-found]", box).replaceChildren();
    $(`[data-kind="${CSS.escape(kind.id)}"]`, recent).focus();
  };

  const pick = (box, chosen) => {
    const kind = { id: chosen.dataset.kind, name: chosen.textContent.trim(), icon: $("use", chosen)?.getAttribute("href").slice(3) };
    const value = $("[data-kind-value]", box);
    value.value = kind.id;
    keepInSight(box, kind);
    $$("[data-kind]", box).forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.kind === kind.id)));
    remember(kind);
    value.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new CustomEvent("gc:kind", { bubbles: true, detail: value.value }));
  };

  const search = (box) => {
    let all = null;
    const into = $("[data-kind-found]", box);
    return async (text) => {
      into.replaceChildren();
      if (text.length < 1) return;
      all ??= await (await gc.send(box.dataset.kindsUrl, { headers: { Accept: "application/json" } })).json();
      const found = (all.results ?? all).filter((kind) => `${kind.name} ${kind.of ?? ""}`.includes(text)).slice(0, MOST_FOUND);
      into.append(...found.map(button));
      if (!found.length) into.textContent = say("nothing");
    };
  };

  gc.each("[data-kinds]", (box) => {
    const recent = $("[data-kind-recent]", box), kept = remembered();
    if (recent && kept.length) {
      const own = new Set(kept.map((kind) => String(kind.id)));
      const rest = $$("[data-kind]", recent).filter((b) => !own.has(b.dataset.kind));
      recent.replaceChildren(...[...kept.map(button), ...rest].slice(0, MOST_RECENT));
    }
    const press = () => {
      const value = $("[data-kind-value]", box).value;
      $(`[data-kind="${CSS.escape(value)}"]`, box)?.setAttribute("aria-pressed", "true");
    };
    press();
    box.closest("form")?.addEventListener("gc:brought", press);
    box.closest("form")?.addEventListener("reset", () => {
      $("[data-kind-value]", box).value = "";
      $$("[data-kind]", box).forEach((b) => b.setAttribute("aria-pressed", "false"));
    });
    box.addEventListener("click", (event) => { const b = event.target.closest("[data-kind]"); if (b) pick(box, b); });
    const typed = $("[data-kind-search]", box);
    if (typed) { const find = search(box); typed.addEventListener("input", () => find(typed.value.trim()).catch(() => {})); }
  });

  gc.each("[data-nearby]", (box) => {
    const form = box.closest("form") ?? document;
    let asked = 0;
    const look = () => {
      const value = (name) => $(`[name=${name}]`, form)?.value ?? "";
      if (!value("lng")) return;
      clearTimeout(asked);
      asked = setTimeout(async () => {
        const query = new URLSearchParams({ lng: value("lng"), lat: value("lat"), category: $("[data-kind-value]", form)?.value ?? "" });
        const answer = await gc.send(`${box.dataset.nearbyUrl}?${query}`, { headers: { "HX-Request": "true", Accept: "text/html" } }).catch(() => null);
        if (!answer?.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        box.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
        gc.begin(box);
      }, 300);
    };
    form.addEventListener("gc:placed", look);
    form.addEventListener("gc:kind", look);
  });
})();
