// Taking a report in: places for the typed address, and a refused form that keeps everything, photos too.
//
//   form[data-intake]          sent in the background; of a refusal only the [data-errors] and the papers nearby are taken over
//   [data-intake-found]        the list under the address; each hit sets the pin
(() => {
  const EVERY = 250, FEWEST = 2;
  const { $, $$, make, say } = gc;

  const hit = (place, input, list) => {
    const button = make("button", "gc-menu__it", make("span", "gc-one", place.name), make("span", "gc-mute gc-small gc-push", place.of ?? ""));
    button.type = "button";
    button.addEventListener("click", () => {
      input.value = place.name;
      list.hidden = true;
      gc.place.set(input.closest("[data-place]"), place.lng, place.lat, 0);
    });
    return button;
  };

  const places = (form) => {
    const input = $("[name=address]", form), list = $("[data-intake-found]", form);
    let timer = 0, asked = 0;
    const look = async () => {
      const mine = ++asked, words = input.value.trim();
      if (words.length < FEWEST) { list.hidden = true; return; }
      const answer = await gc.send(`${form.dataset.placesUrl}?${new URLSearchParams({ q: words })}`, { headers: { Accept: "application/json" } });
      const { results } = await answer.json();
      if (mine !== asked) return;
      list.replaceChildren(...results.map((place) => hit(place, input, list)));
      list.hidden = !results.length;
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => look().catch(() => {}), EVERY); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") list.hidden = true;
      if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); $("button", list)?.focus(); }
    });
    list.addEventListener("keydown", (event) => {
      const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (event.key === "Escape") { list.hidden = true; input.focus(); }
      if (next) { event.preventDefault(); (document.activeElement[next] ?? input).focus(); }
    });
    document.addEventListener("click", (event) => { if (!list.contains(event.target)) list.hidden = true; });
    form.addEventListener("gc:placed", () => { asked++; });
  };

  const takeOver = (form, page) => {
    for (const box of $$("[data-errors], [data-nearby]", form)) {
      const fresh = page.getElementById(box.id);
      if (fresh) box.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
    }
    $(".gc-intake__lost", form)?.remove();
    const first = $("[data-errors] .gc-form__err", form);
    first?.scrollIntoView({ block: "center" });
    (first?.closest(".gc-form__f")?.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
  };

  const send = async (form) => {
    const buttons = $$("button", form);
    try {
      const answer = await gc.send(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html", "HX-Request": "true" } });
      if (answer.redirected) return location.assign(answer.url);
      takeOver(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      gc.toast(say("failed"), { tone: "late" });
    }
    setTimeout(() => buttons.forEach((b) => { b.disabled = false; }), 50);
  };

  gc.each("form[data-intake]", (form) => {
    places(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
  });
})();
