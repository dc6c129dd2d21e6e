// The pages of the phone: tasks by distance, and a report of what was settled on the spot.
//
//   data-tasks          around what has data-lng and data-lat; data-metres, data-kilometres: "{n} m", "{n} km"
//   data-far            in it: says how far it is. The phone's place is used here and sent nowhere.
//   data-order-of="id"  around the buttons data-by="due" and data-by="near" of the tasks with this id
//   data-fixed          turns the report into one of something settled: before and after, what was done
(() => {
  const { $, $$, say } = gc;
  const EARTH = 6371000, RAD = Math.PI / 180, PATIENCE = 15000;
  let place = null;

  const metres = (a, b) => {
    const east = (b.lng - a.lng) * RAD * Math.cos((a.lat + b.lat) / 2 * RAD), north = (b.lat - a.lat) * RAD;
    return EARTH * Math.hypot(east, north);
  };
  const words = (box, m) => (m < 1000
    ? box.dataset.metres.replace("{n}", Math.round(m / 10) * 10)
    : box.dataset.kilometres.replace("{n}", (m / 1000).toFixed(1)));

  const measure = (box) => $$("[data-lng]", box).forEach((card) => {
    const m = metres(place, { lng: Number(card.dataset.lng), lat: Number(card.dataset.lat) });
    card.dataset.metres = m;
    const far = $("[data-far]", card);
    if (far) far.textContent = words(box, m);
  });

  const ask = () => new Promise((done, fail) => {
    if (place) return done(place);
    if (!navigator.geolocation) return fail(new Error("no receiver"));
    navigator.geolocation.getCurrentPosition(({ coords }) => done(place = { lng: coords.longitude, lat: coords.latitude }), fail,
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60000 });
  });
  const mayAsk = async () => (await navigator.permissions?.query({ name: "geolocation" }))?.state === "granted";

  gc.each("[data-tasks]", async (box) => {
    try {
      if (!place && !(await mayAsk())) return;
      await ask();
      measure(box);
    } catch { /* the list stands without distances */ }
  });

  gc.each("[data-order-of]", (bar) => {
    const box = document.getElementById(bar.dataset.orderOf);
    const cards = () => $$("[data-row]", box);
    const asServed = new Map(cards().map((card, n) => [card, n]));
    const sort = (key) => box.append(...cards().sort((a, b) => key(a) - key(b)));
    const mark = (by) => $$("[data-by]", bar).forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.by === by)));
    bar.addEventListener("click", async (event) => {
      const by = event.target.closest("[data-by]")?.dataset.by;
      if (by === "due") { sort((card) => asServed.get(card) ?? 0); mark(by); }
      if (by !== "near") return;
      try {
        await ask();
        measure(box);
        sort((card) => Number(card.dataset.metres ?? Infinity));
        mark(by);
      } catch { gc.toast(say("denied"), { tone: "soon" }); }
    });
  });

  gc.each(".gc-phone .gc-chip[aria-current]", (chip) => chip.scrollIntoView({ inline: "center", block: "nearest" }));

  // What the first two photos show before and after this turn, and the word that goes along with sending.
  const TURNS = { near: "before", far: "after" };
  const turn = (form, fixed, labels) => {
    for (const [plain, settled] of Object.entries(TURNS)) {
      const [from, to] = fixed ? [plain, settled] : [settled, plain];
      const input = form.elements.namedItem(`photos_${from}`);
      if (!input) continue;
      input.name = `photos_${to}`;
      const slot = input.closest("[data-slot]");
      slot.dataset.slot = labels[to];
      $$("[data-empty]", slot).at(-1).textContent = labels[to];
    }
    const send = $(`button[form="${form.id}"]`), part = $("[data-fixed-part]", form);
    send.name = fixed ? "fixed" : "";
    part.hidden = !fixed;
    if (fixed) part.scrollIntoView({ block: "nearest" });
  };
  gc.each("a[data-fixed]", (link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    const fixed = link.getAttribute("aria-pressed") !== "true", { before, after, near, wide } = link.dataset;
    link.setAttribute("aria-pressed", String(fixed));
    turn(document.getElementById("report"), fixed, { before, after, near, far: wide });
  }));
})();
